import type { Address } from './address.js';
import { createIPv4, createIPv6 } from './address.js';
import { type AddressFinding, AddressParseError, notText, quote } from './address-parse-error.js';
import { load, toAddress } from './parse.js';
import { printMixed } from './print.js';
import { w0, w1, w2, w3 } from './words.js';

/**
 * IPv6 text with all eight groups of four digits, `2001:0db8:0000:0000:0000:0000:0000:0001`, the zone behind it; of an
 * IPv4 address the dotted quad, which has no other form.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function formatExpanded(address: Address | string): string {
  const value = toAddress(address);
  if (value.family === 4) return value.toString();
  return groupsOf(value.toBytes(), 2, (group) => group.toString(16).padStart(4, '0')).join(':') + zoneSuffix(value);
}

/**
 * IPv6 text whose last 32 bits are a dotted quad, `2001:db8::192.0.2.1`, the zone behind it, whatever the prefix;
 * `toString()` writes it so only where RFC 5952 section 5 recommends it. Of an IPv4 address the dotted quad.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 4291 section 2.2
 */
export function formatMixed(address: Address | string): string {
  const value = toAddress(address);
  if (load(value) === 4) return value.toString();
  return printMixed(w0, w1, w2, w3) + zoneSuffix(value);
}

/**
 * The address as the host of a URI: `[2001:db8::1]`, `192.0.2.1`.
 *
 * @throws {AddressParseError} when `address` is no address; `ZONE_NOT_ALLOWED` when it has a zone, for which URIs have no
 *   syntax any more (RFC 9844 obsoletes RFC 6874) and which `new URL` refuses
 * @see RFC 3986 section 3.2.2, RFC 5952 section 6
 */
export function formatUriHost(address: Address | string): string {
  const value = toAddress(address);
  if (value.family === 4) return value.toString();
  if (value.zone !== null) {
    const text = value.toString();
    const hint = `a URI has no syntax for a zone, write [${value.withZone(null)}] and choose the interface elsewhere`;
    throw new AddressParseError(text, { code: 'ZONE_NOT_ALLOWED', offset: text.indexOf('%'), problem: 'zone', hint });
  }
  return `[${value}]`;
}

/**
 * The name whose PTR record names the address: `1.2.0.192.in-addr.arpa`, or 32 digits before `ip6.arpa`, without a trailing
 * dot.
 *
 * @throws {AddressParseError} when `address` is no address; `ZONE_NOT_ALLOWED` when it has a zone, which no name can carry
 * @see RFC 1035 section 3.5, RFC 3596 section 2.5
 */
export function formatReverseName(address: Address | string): string {
  const value = toAddress(address);
  if (value.family === 4) return `${[...value.toBytes()].reverse().join('.')}.in-addr.arpa`;
  if (value.zone !== null) {
    const text = value.toString();
    const hint = `the DNS knows no zones, write ${value.withZone(null)}`;
    throw new AddressParseError(text, { code: 'ZONE_NOT_ALLOWED', offset: text.indexOf('%'), problem: 'zone', hint });
  }
  return `${hexDigits(value.toBytes()).split('').reverse().join('.')}.ip6.arpa`;
}

/**
 * The address that a reverse name is for: the inverse of `formatReverseName`. Case and one trailing dot are free; the name
 * of a zone (fewer labels) is no address.
 *
 * @throws {AddressParseError} `REVERSE_NAME` when the name is not that of one address, `NOT_TEXT` when it is no text
 * @see RFC 1035 section 3.5, RFC 3596 section 2.5
 */
export function parseReverseName(name: string): Address {
  if (typeof name !== 'string') throw new AddressParseError(name, notText(name, 'name'));
  const lower = name.toLowerCase();
  const quad = /^((?:(?:0|[1-9]\d{0,2})\.){4})in-addr\.arpa\.?$/.exec(lower)?.[1];
  const octets = quad?.split('.').slice(0, 4).map(Number);
  if (octets?.every((octet) => octet <= 255)) {
    return createIPv4(octets.reduceRight((bits, octet) => (bits << 8) | octet, 0));
  }
  const nibbles = /^((?:[0-9a-f]\.){32})ip6\.arpa\.?$/.exec(lower)?.[1];
  if (nibbles !== undefined) {
    const digits = nibbles.split('.').reverse().join('');
    const word = (i: number) => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16) | 0;
    return createIPv6(word(0), word(1), word(2), word(3), null);
  }
  throw new AddressParseError(name, { code: 'REVERSE_NAME', ...diagnoseReverseName(name) });
}

/** Why a name is no reverse name of an address: the first label that is wrong, or how many there are. */
function diagnoseReverseName(name: string): Omit<AddressFinding, 'code'> {
  const tree = /(?<![^.])(in-addr|ip6)\.arpa\.?$/i.exec(name);
  if (tree === null) {
    const hint = `write ${LABELS[4].hint}, or ${LABELS[6].hint}`;
    return { offset: 0, problem: 'no reverse name of an address', hint };
  }
  const { count, what, valid, range, hint } = LABELS[tree[1]?.toLowerCase() === 'ip6' ? 6 : 4];
  const labels = name.slice(0, tree.index).split('.').slice(0, -1);
  let offset = 0;
  for (const label of labels) {
    if (!valid(label)) return { offset, problem: `${quote(label)} is no ${what}`, hint: `write ${range}` };
    offset += label.length + 1;
  }
  return {
    offset: labels.length > count ? 0 : offset,
    problem: `${labels.length} ${what}s of ${count}`,
    hint: `write ${hint}`,
  };
}

/** The labels in front of each tree of reverse names. */
const LABELS = {
  4: {
    count: 4,
    what: 'octet',
    valid: (label: string) => /^(?:0|[1-9]\d{0,2})$/.test(label) && Number(label) <= 255,
    range: 'a number from 0 to 255 without zeros in front',
    hint: 'four octets before in-addr.arpa, e.g. 1.2.0.192.in-addr.arpa',
  },
  6: {
    count: 32,
    what: 'hexadecimal digit',
    valid: (label: string) => /^[\da-f]$/i.test(label),
    range: 'one of 0 to 9 and a to f',
    hint: '32 hexadecimal digits before ip6.arpa',
  },
} as const;

/**
 * The bits as hexadecimal text for people, `0xc0000201`, all digits of the family. The zone is not in it.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function formatHex(address: Address | string): string {
  return `0x${hexDigits(toAddress(address).toBytes())}`;
}

/**
 * The bits as binary text for people: an octet a group for IPv4, `11000000.00000000.00000010.00000001`, sixteen bits a
 * group for IPv6, separated by colons. The zone is not in it.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function formatBinary(address: Address | string): string {
  const value = toAddress(address);
  const size = value.family === 4 ? 1 : 2;
  const groups = groupsOf(value.toBytes(), size, (group) => group.toString(2).padStart(size * 8, '0'));
  return groups.join(value.family === 4 ? '.' : ':');
}

function zoneSuffix(address: Address): string {
  return address.family === 6 && address.zone !== null ? `%${address.zone}` : '';
}

function hexDigits(bytes: Uint8Array): string {
  return groupsOf(bytes, 1, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function groupsOf(bytes: Uint8Array, size: 1 | 2, print: (group: number) => string): string[] {
  const groups: string[] = [];
  for (let i = 0; i < bytes.length; i += size) {
    groups.push(print(bytes.subarray(i, i + size).reduce((group, byte) => group * 256 + byte, 0)));
  }
  return groups;
}
