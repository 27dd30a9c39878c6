import type { Address } from './address.js';
import { FIXED_SCOPE_GROUPS, IPV4_GROUPS, IPV4_MULTICAST_BLOCKS, VARIABLE_SCOPE_GROUPS } from './multicast-groups.js';
import { load } from './parse.js';
import { printIPv4, printIPv6 } from './print.js';
import type { AddressScope } from './verdict.js';
import { verdictOfIPv4, verdictOfIPv6 } from './verdict.js';
import { maskWord, w0, w1, w2, w3 } from './words.js';

/** A group that IANA has given a name. */
export interface MulticastGroup {
  readonly name: string;
  /** 'RFC 6762'; null where IANA names none. */
  readonly rfc: string | null;
}

interface Described {
  /** The scope of the group, as `classify` gives it. */
  readonly scope: AddressScope | null;
  /** The well-known group; null for any other. */
  readonly group: MulticastGroup | null;
  /** Whether receivers name the source, too (RFC 4607). */
  readonly sourceSpecific: boolean;
  /** The prefix whose holder owns the group, '192.0.2.0/24' or '2001:db8::/32'; null when it is not made of one. */
  readonly unicastPrefix: string | null;
  /** The Ethernet address that frames to the group carry (RFC 1112 section 6.4, RFC 2464 section 7). */
  readonly mac: string;
}

/** What `describeMulticast` finds: discriminated on `family`; plain data, made for JSON. */
export type MulticastDescription =
  | (Described & {
      readonly family: 4;
      /** The block of IANA's IPv4 multicast space. */
      readonly block: {
        readonly first: string;
        readonly last: string;
        readonly name: string;
        readonly rfc: string;
      } | null;
      /** The autonomous system that owns a group of the GLOP block (RFC 3180); null outside it. */
      readonly glopAs: number | null;
    })
  | (Described & {
      readonly family: 6;
      readonly flags: {
        /** T: not assigned by IANA (RFC 4291 section 2.7). */
        readonly transient: boolean;
        /** P: made of a unicast prefix (RFC 3306). */
        readonly prefixBased: boolean;
        /** R: the rendezvous point is in the address (RFC 3956). */
        readonly embeddedRendezvousPoint: boolean;
      };
      /** The rendezvous point in the address; null when there is none. */
      readonly rendezvousPoint: string | null;
    });

/**
 * What a multicast address says about itself; null for an address that is not multicast, an IPv4-mapped one too.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 5771, RFC 3180, RFC 6034 (IPv4); RFC 4291 section 2.7, RFC 7346, RFC 3306, RFC 3956 (IPv6)
 */
export function describeMulticast(address: Address | string): MulticastDescription | null {
  if (load(address) === 4) return w3 >>> 28 === 0xe ? describeIPv4(w3) : null;
  return w0 >>> 24 === 0xff ? describeIPv6(w0, w1, w2, w3) : null;
}

function describeIPv4(bits: number): MulticastDescription {
  const first = bits >>> 24;
  const text = printIPv4(bits);
  const group = IPV4_GROUPS[text];
  return {
    family: 4,
    scope: verdictOfIPv4(bits).scope,
    block: blockOf(bits),
    group: group === undefined ? null : { name: group[0], rfc: group[1] ?? null },
    sourceSpecific: first === 232,
    // 233.252.0.0/14 is what GLOP gave back (RFC 5771 section 9.2)
    glopAs: first === 233 && bits >>> 18 !== 0x3a7f ? (bits >>> 8) & 0xffff : null,
    unicastPrefix: first === 234 ? `${printIPv4(bits << 8)}/24` : null,
    mac: macOf([0x01, 0x00, 0x5e, (bits >>> 16) & 0x7f, bits >>> 8, bits]),
  };
}

function blockOf(bits: number): { first: string; last: string; name: string; rfc: string } | null {
  for (const [first, last, name, rfc] of IPV4_MULTICAST_BLOCKS) {
    load(last);
    if (bits >>> 0 <= w3 >>> 0) return { first, last, name, rfc };
  }
  return null;
}

function describeIPv6(a: number, b: number, c: number, d: number): MulticastDescription {
  const flags = {
    transient: (a & 0x100000) !== 0,
    prefixBased: (a & 0x200000) !== 0,
    embeddedRendezvousPoint: (a & 0x400000) !== 0,
  };
  const length = a & 0xff;
  const networkA = b & maskWord(length, 0);
  const networkB = c & maskWord(length, 1);
  const hasPrefix = flags.prefixBased && flags.transient && length >= 1 && length <= 64;
  const interfaceId = (a >>> 8) & 0xf;
  const hasPoint = flags.embeddedRendezvousPoint && hasPrefix && interfaceId !== 0;
  return {
    family: 6,
    scope: verdictOfIPv6(a, b, c, d).scope,
    flags,
    group: a >>> 20 === 0xff0 ? groupOf(a, b, c, d) : null,
    sourceSpecific: (a & ~0x000f0000) >>> 0 === 0xff300000 && b === 0 && c === 0,
    unicastPrefix: hasPrefix ? `${printIPv6(networkA, networkB, 0, 0)}/${length}` : null,
    rendezvousPoint: hasPoint ? printIPv6(networkA, networkB, 0, interfaceId) : null,
    mac: macOf([0x33, 0x33, d >>> 24, d >>> 16, d >>> 8, d]),
  };
}

/** The name of a group whose flags are all zero. */
function groupOf(a: number, b: number, c: number, d: number): MulticastGroup | null {
  // Every identifier in the registry fits 48 bits, which a number holds exactly.
  if ((a & 0xffff) !== 0 || b !== 0 || c >>> 16 !== 0) return null;
  const identifier = (c & 0xffff) * 2 ** 32 + (d >>> 0);
  const scope = (a >>> 16) & 0xf;
  for (const [only, identifiers, name, rfc] of FIXED_SCOPE_GROUPS) {
    if (only === scope && includes(identifiers, identifier)) return { name, rfc: rfc ?? null };
  }
  for (const [identifiers, name, rfc] of VARIABLE_SCOPE_GROUPS) {
    if (includes(identifiers, identifier)) return { name, rfc: rfc ?? null };
  }
  return null;
}

/** Whether hexadecimal text, `fb` or `140-14f`, has an identifier in it. */
function includes(identifiers: string, identifier: number): boolean {
  const [first = '', last = first] = identifiers.split('-');
  return identifier >= Number.parseInt(first, 16) && identifier <= Number.parseInt(last, 16);
}

function macOf(bytes: readonly number[]): string {
  return bytes.map((byte) => (byte & 0xff).toString(16).padStart(2, '0')).join(':');
}
