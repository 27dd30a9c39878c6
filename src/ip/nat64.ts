import type { IPv4Address } from './address.js';
import { createIPv6, IPv6Address } from './address.js';
import { AddressParseError } from './address-parse-error.js';
import { load, safeParseAddress } from './parse.js';
import { maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/** A NAT64 prefix as text, `64:ff9b:1::/48`: an IPv6 prefix of 32, 40, 48, 56, 64 or 96 bits (RFC 6052 section 2.2). */
export type Nat64PrefixText = string;

/** A NAT64 prefix, read. */
export interface Nat64Prefix {
  readonly text: string;
  readonly length: number;
  readonly words: readonly [number, number, number, number];
}

/** The prefix that every NAT64 may use (RFC 6052 section 2.1). */
export const WELL_KNOWN_NAT64: Nat64Prefix = { text: '64:ff9b::/96', length: 96, words: [0x64ff9b, 0, 0, 0] };

/** The four bytes that a NAT64 prefix leads to, and whether the address is written as RFC 6052 asks for. */
export interface Nat64Match {
  readonly prefix: Nat64Prefix;
  readonly bits: number;
  /** False when octet 8, which must be zero, is not. */
  readonly canonical: boolean;
}

const LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96];

/**
 * The IPv6 address by which hosts behind a NAT64 with this prefix reach an IPv4 address.
 *
 * @param prefix of 32, 40, 48, 56, 64 or 96 bits, e.g. '64:ff9b::/96'
 * @throws {AddressParseError} when `address` is no IPv4 address, `NAT64_PREFIX` when `prefix` can't be one
 * @see RFC 6052 section 2.2
 */
export function embedNat64(address: IPv4Address | string, prefix: Nat64PrefixText): IPv6Address {
  const { words, length } = parseNat64Prefix(prefix);
  if (load(address) !== 4) {
    const hint = 'only an IPv4 address can be embedded, e.g. 192.0.2.1';
    throw new AddressParseError(String(address), { code: 'NOT_IPV4', offset: 0, problem: 'no IPv4 address', hint });
  }
  const bits = w3;
  const [a, b, c, d] = words;
  switch (length) {
    case 32:
      return createIPv6(a, bits, c, d, null);
    case 40:
      return createIPv6(a, b | (bits >>> 8), (bits & 0xff) << 16, 0, null);
    case 48:
      return createIPv6(a, b | (bits >>> 16), (bits & 0xffff) << 8, 0, null);
    case 56:
      return createIPv6(a, b | (bits >>> 24), bits & 0xffffff, 0, null);
    case 64:
      return createIPv6(a, b, bits >>> 8, bits << 24, null);
    default:
      return createIPv6(a, b, c, bits, null);
  }
}

/** The IPv4 bits of the address in the words under the longest of the prefixes that covers it; null when none does. */
export function matchNat64(prefixes: readonly Nat64Prefix[]): Nat64Match | null {
  let best: Nat64Prefix | null = null;
  for (const prefix of prefixes) {
    if ((best === null || prefix.length > best.length) && covers(prefix)) best = prefix;
  }
  if (best === null) return null;
  return { prefix: best, bits: bitsUnder(best.length), canonical: best.length === 96 || w2 >>> 24 === 0 };
}

/**
 * Reads the prefixes that a caller declares.
 *
 * @throws {AddressParseError} `NAT64_PREFIX` for one that is none, or that lies where addresses mean something else:
 *   declaring those would let a guard be talked out of its answer
 */
export function parseNat64Prefixes(prefixes: readonly Nat64PrefixText[]): readonly Nat64Prefix[] {
  if (!Array.isArray(prefixes)) throw badPrefix(prefixes, 0, 'no list of prefixes', "write nat64: ['64:ff9b:1::/48']");
  return prefixes.map(parseNat64Prefix);
}

function parseNat64Prefix(text: Nat64PrefixText): Nat64Prefix {
  if (typeof text !== 'string') throw badPrefix(text, 0, `${typeof text}, not text`, 'write e.g. 64:ff9b:1::/48');
  const slash = text.indexOf('/');
  const lengthText = text.slice(slash + 1);
  const length = LENGTHS.find((allowed) => String(allowed) === lengthText);
  if (slash < 0 || length === undefined) {
    throw badPrefix(text, Math.max(slash, 0), 'no NAT64 prefix length', `write /${LENGTHS.join(', /')}`);
  }
  const parsed = safeParseAddress(text.slice(0, slash));
  const address = parsed.success ? parsed.data : null;
  if (!(address instanceof IPv6Address) || address.zone !== null) {
    throw badPrefix(text, 0, 'no IPv6 prefix', 'write e.g. 64:ff9b:1::/48');
  }
  load(address);
  const words = [w0, w1, w2, w3] as const;
  const prefix = { text, length, words };
  setWords(w0 & maskWord(length, 0), w1 & maskWord(length, 1), w2 & maskWord(length, 2), w3 & maskWord(length, 3));
  if (w0 !== words[0] || w1 !== words[1] || w2 !== words[2] || w3 !== words[3]) {
    throw badPrefix(text, 0, 'bits set after the prefix', `write ${createIPv6(w0, w1, w2, w3, null)}/${length}`);
  }
  if (w2 >>> 24 !== 0) throw badPrefix(text, 0, 'bits 64 to 71 set', 'they must be zero, RFC 6052 section 2.2');
  if (isTaken(w0)) {
    const hint = 'use a global, a unique-local or the 64:ff9b:1::/48 prefix of the network';
    throw badPrefix(text, 0, 'prefix of another purpose', hint);
  }
  return prefix;
}

/** ::/8 but for 64:ff9b::/32, Teredo, 6to4, link-local, site-local and multicast, and prefixes that reach into them. */
function isTaken(first: number): boolean {
  const byte = first >>> 24;
  if (byte === 0) return first !== 0x64ff9b;
  const ten = (first >>> 16) & 0xffc0;
  return first === 0x20010000 || first >>> 16 === 0x2002 || ten === 0xfe80 || ten === 0xfec0 || byte === 0xff;
}

function covers({ length, words }: Nat64Prefix): boolean {
  return (
    ((w0 ^ words[0]) & maskWord(length, 0)) === 0 &&
    ((w1 ^ words[1]) & maskWord(length, 1)) === 0 &&
    ((w2 ^ words[2]) & maskWord(length, 2)) === 0
  );
}

/** The embedded bits of the address in the words: octet 8 is skipped, the suffix is ignored (RFC 6052 section 2.2). */
function bitsUnder(length: number): number {
  switch (length) {
    case 32:
      return w1;
    case 40:
      return (w1 << 8) | ((w2 >>> 16) & 0xff);
    case 48:
      return (w1 << 16) | ((w2 >>> 8) & 0xffff);
    case 56:
      return (w1 << 24) | (w2 & 0xffffff);
    case 64:
      return (w2 << 8) | (w3 >>> 24);
    default:
      return w3;
  }
}

function badPrefix(input: unknown, offset: number, problem: string, hint: string): AddressParseError {
  return new AddressParseError(input, { code: 'NAT64_PREFIX', offset, problem, hint });
}
