import type { Address } from './address.js';
import { load } from './parse.js';
import { isMapped, w0, w1, w2, w3 } from './words.js';

/**
 * Predicates for deciding whom to trust, by constants and without the registries. They unwrap IPv4-mapped addresses, which
 * are the same peer to the kernel, and nothing else: a remote host can write any IPv4 address into its ISATAP, 6to4,
 * Teredo or NAT64 bits. None of them is a guard against requests to internal addresses; `isGloballyReachable` is.
 */

/**
 * Whether the address is of 10/8, 172.16/12, 192.168/16 (RFC 1918) or fc00::/7 (unique-local, RFC 4193). False for shared
 * (100.64/10), link-local and loopback addresses: not the opposite of "public".
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function isPrivate(address: Address | string): boolean {
  if (isIPv4(load(address))) {
    return w3 >>> 24 === 10 || w3 >>> 20 === 0xac1 || w3 >>> 16 === 0xc0a8;
  }
  return w0 >>> 25 === 0x7e;
}

/**
 * Whether the address is of 127/8 or is `::1`.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3
 */
export function isLoopback(address: Address | string): boolean {
  if (isIPv4(load(address))) return w3 >>> 24 === 127;
  return w3 === 1 && w2 === 0 && w1 === 0 && w0 === 0;
}

/**
 * Whether the address is of 169.254/16 or fe80::/10.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 3927, RFC 4291 section 2.5.6
 */
export function isLinkLocal(address: Address | string): boolean {
  if (isIPv4(load(address))) return w3 >>> 16 === 0xa9fe;
  return w0 >>> 22 === 0x3fa;
}

/**
 * Whether the address is of 224/4 or ff00::/8.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 5771, RFC 4291 section 2.7
 */
export function isMulticast(address: Address | string): boolean {
  if (isIPv4(load(address))) return w3 >>> 28 === 0xe;
  return w0 >>> 24 === 0xff;
}

/**
 * Whether the address is 0.0.0.0 or `::`: to a bind every interface, to a connect on Linux the loopback.
 *
 * @throws {AddressParseError} when `address` is no address
 * @see RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.2
 */
export function isUnspecified(address: Address | string): boolean {
  if (isIPv4(load(address))) return w3 === 0;
  return w3 === 0 && w2 === 0 && w1 === 0 && w0 === 0;
}

/**
 * Whether the address is of 192.0.2/24, 198.51.100/24, 203.0.113/24 (RFC 5737), 2001:db8::/32 (RFC 3849) or 3fff::/20
 * (RFC 9637). Multicast addresses for documentation (RFC 6676) are multicast.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function isDocumentation(address: Address | string): boolean {
  if (isIPv4(load(address))) {
    const network = w3 >>> 8;
    return network === 0xc00002 || network === 0xc63364 || network === 0xcb0071;
  }
  return w0 === 0x20010db8 || w0 >>> 12 === 0x3fff0;
}

/** Whether the operand in the words is an IPv4 address, in `w3`, or an IPv4-mapped one, which has it there, too. */
function isIPv4(family: 4 | 6): boolean {
  return family === 4 || isMapped(w0, w1, w2);
}
