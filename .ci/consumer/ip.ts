// Compiled against the packed types where there is no other package, no Node types and no DOM.
import type { Address, Classification } from 'inaddr/ip';
import { AddressParseError, classify, compareAddresses, IPv4Address, parseAddress, safeParseAddress } from 'inaddr/ip';

const address: Address = parseAddress('192.0.2.1');
const answer: Classification = classify(address);
const bytes: Uint8Array = address.toBytes();
const number: bigint = address.toBigInt();
const version: 4 | 6 = address.family;
const sorted: Address[] = [address, IPv4Address.fromBigInt(number)].sort(compareAddresses);

const result = safeParseAddress('010.0.0.1');
export const hint: string | null = result.success ? null : result.error.hint;
export const facts: [string, boolean] = [answer.kind, answer.globallyReachable];
export const isParseError = (error: unknown): error is AddressParseError => error instanceof AddressParseError;
export { bytes, sorted, version };

// @ts-expect-error: a prefix is no address
classify(24);
