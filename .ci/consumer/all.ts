// Compiled against the packed types as a user of every entry point would: check-package.mjs refuses to pass while an
// entry point of package.json is missing here.
import { classify, isGloballyReachable, parseAddress } from 'inaddr';
import { type AddressRecord, type Answer, DnsError, Resolver } from 'inaddr/dns';
import { fromBlockList, fromIpAddress, toBlockList } from 'inaddr/interop';
import type { Address, AddressRange, Prefix, PrefixSet } from 'inaddr/ip';
import { IPv4Address } from 'inaddr/ip';
import {
  addressSchema,
  address as addressWith,
  ipv4Schema,
  ipv6Schema,
  prefixSchema,
  prefix as prefixWith,
  rangeSchema,
} from 'inaddr/schema';
import { type Bind, INADDR_ANY } from 'inaddr/socket';
import { nextTcpState, type TcpState } from 'inaddr/tcp';
import { DnsServer, parseZone, type Rule } from 'inaddr/testing';
import { Address4 } from 'ip-address';
import { z } from 'zod';

const address: Address = parseAddress('192.0.2.1');
export const reachable: boolean = isGloballyReachable(address);
export const kind: string = classify('192.0.2.1').kind;

// The type, too, is one from every entry point.
const fromInterop: Address = fromIpAddress(new Address4('192.0.2.1'));
const isIPv4: boolean = fromInterop instanceof IPv4Address;

const config = z.object({
  listen: addressSchema,
  v4: ipv4Schema,
  v6: ipv6Schema,
  peer: addressWith({ globallyReachable: true }),
  net: prefixSchema,
  subnet: prefixWith({ family: 4, hostBits: 'mask' }),
  pool: rangeSchema,
});
const parsed = config.parse({
  listen: '::1',
  v4: '192.0.2.1',
  v6: '2001:db8::1',
  peer: '2001:4860:4860::8888',
  net: '2001:db8::/32',
  subnet: '192.0.2.1/24',
  pool: '192.0.2.10-192.0.2.20',
});
const listen: Address = parsed.listen;
const peer: Address = parsed.peer;
const v4: IPv4Address = parsed.v4;
const text: string = z.encode(addressSchema, listen);
const net: Prefix = parsed.net;
const pool: AddressRange = parsed.pool;
const blocked: PrefixSet = fromBlockList(toBlockList([net, pool, '192.0.2.1']));

export { blocked, isIPv4, peer, text, v4 };

export async function resolveWith(server: string): Promise<string> {
  const resolver = new Resolver({ servers: [server], hosts: false, policy: 'global' });
  try {
    const answer: Answer<AddressRecord> = await resolver.resolve('www.example.com');
    const { records } = await resolver.resolve('example.com', 'MX');
    return `${answer.records[0]?.address} ${records[0]?.exchange}`;
  } catch (error) {
    if (error instanceof DnsError) return error.code;
    throw error;
  } finally {
    resolver.close();
  }
}

export async function askServer(): Promise<number> {
  const server = await DnsServer.listen({
    records: parseZone('www 60 A 192.0.2.1', { origin: 'example.com' }),
    rules: [[{ type: 'A', times: 1 }, 'drop']],
  });
  const rule: Rule = server.rule({ name: /^www/ }, { answer: (_, nth) => [{ type: 'A', address: `192.0.2.${nth}` }] });
  await server.asked(1, { transport: 'udp' });
  await server[Symbol.asyncDispose]();
  return rule.fired + server.count('www.example.com', 'A');
}

export const any: string = INADDR_ANY;
export const hostOf = (bind: Bind): string => (bind.family === 'AF_UNIX' ? bind.path : bind.host);
export const refused: TcpState | null = nextTcpState('SYN_RECV', 'rst-passive');
