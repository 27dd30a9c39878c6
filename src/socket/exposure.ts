import { quote } from '../checks/quote.js';
import type { Address, AddressKind } from '../ip/index.js';
import { classify } from '../ip/index.js';
import type { InetBind, Reach, UnixBind } from './bind.js';
import type { BindHost } from './bind-host.js';
import { addressesOf } from './bind-host.js';
import { AF_INET } from './constants.js';
import type { Machine } from './machine.js';
import type { Occupancy, TakenInterface } from './plan-result.js';

/** Said wherever reach is reported. */
export const SOCKETS_ONLY = 'this speaks of sockets only, not of firewalls or published container ports';

/** From nobody to everybody. */
const ORDER: readonly Reach[] = ['none', 'loopback', 'link', 'private', 'public', 'all'];

/**
 * Whether one reach goes beyond another.
 *
 * @throws {TypeError} for a word that is none: to say no would let it pass
 */
export function isWider(reach: Reach, than: Reach): boolean {
  return placeOf(reach) > placeOf(than);
}

function placeOf(reach: Reach): number {
  const place = ORDER.indexOf(reach);
  if (place === -1) throw new TypeError(`${quote(reach)} is no reach: write ${ORDER.join(', ')}`);
  return place;
}

/** Kinds of address that not everybody reaches. All others count as public: 6to4, Teredo and 240/4 among them. */
const REACHES: Partial<Readonly<Record<AddressKind, Reach>>> = {
  unspecified: 'all',
  loopback: 'loopback',
  'link-local': 'link',
  private: 'private',
  shared: 'private',
  'unique-local': 'private',
  'site-local': 'private',
};

/**
 * Whom a socket that is bound to the address lets in, by its class alone: 'all' for the unspecified addresses, 'public' for what is none of
 * the others. Of an IPv4-mapped address that of its IPv4 address.
 *
 * @throws {AddressParseError} when given text that is no address
 */
export function reachOf(address: Address | string): Reach {
  const { kind, embedded } = classify(address);
  const own = kind === 'mapped' && embedded !== null ? embedded.kind : kind;
  return REACHES[own] ?? 'public';
}

/** Whom a bind to an address or a name lets in. */
export interface InetExposure {
  readonly ipv4: Reach;
  readonly ipv6: Reach;
}

/** Whom a bind lets in, for each family. A name whose addresses are not known may be a public one, and so may one that has none now. */
export function exposureOf(bind: InetBind, host: BindHost, occupies: Occupancy): InetExposure {
  // An IPv6 address of a name may be an IPv4-mapped one.
  const unknown = { ipv4: 'public', ipv6: bind.family === AF_INET ? 'none' : 'public' } as const;
  if (host.kind !== 'address' || occupies.kind !== 'inet') return unknown;
  const reach = reachOf(host.address);
  return { ipv4: occupies.ipv4 === null ? 'none' : reach, ipv6: occupies.ipv6 === null ? 'none' : reach };
}

/** The wider one of both families. */
export function widest({ ipv4, ipv6 }: InetExposure): Reach {
  return isWider(ipv6, ipv4) ? ipv6 : ipv4;
}

const WHO: Readonly<Record<Reach, string>> = {
  none: 'nobody',
  loopback: 'this machine alone',
  link: 'neighbours on the link',
  private: 'the private network',
  public: 'anybody who reaches the address',
  all: 'anybody who reaches any address of this machine',
};

/** Whom a unix socket lets in, in words. */
export function unixReachInWords({ path }: UnixBind, { measured, environment }: Machine): string {
  if (!path.startsWith('\0')) return `processes of this machine that may write to the file; ${SOCKETS_ONLY}`;
  const who = measured
    ? 'every process of this network namespace: an abstract name has no permissions'
    : `nobody knows whom: abstract names are of Linux, not of ${quote(environment.platform)}`;
  return `${who}; ${SOCKETS_ONLY}`;
}

/** An exposure in words. */
export function reachInWords(
  bind: InetBind,
  host: BindHost,
  { ipv4, ipv6 }: InetExposure,
  interfaces: readonly TakenInterface[],
): string {
  if (host.kind === 'absent')
    return `${quote(bind.host)} has no address now, and may have one later: it counts as public; ${SOCKETS_ONLY}`;
  if (host.kind === 'unknown') return `${addressesOf(bind)} are not known, it counts as public; ${SOCKETS_ONLY}`;
  const parts = ipv4 === ipv6 ? [`IPv4 and IPv6: ${WHO[ipv4]}`] : [];
  if (parts.length === 0 && ipv4 !== 'none') parts.push(`IPv4: ${WHO[ipv4]}`);
  if (ipv4 !== ipv6 && ipv6 !== 'none') parts.push(`IPv6: ${WHO[ipv6]}`);
  const where = interfaces.map(({ name, addresses }) => `${name ?? 'no known interface'} (${addresses.join(', ')})`);
  if (where.length > 0) parts.push(`on ${where.join(', ')}`);
  return [...parts, SOCKETS_ONLY].join('; ');
}
