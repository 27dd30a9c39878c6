import type { Address, IPv6Address } from '../ip/index.js';
import { isUnspecified } from '../ip/index.js';
import type { InetBind, UnixBind } from './bind.js';
import type { BindEnvironment } from './bind-environment.js';
import type { BindHost } from './bind-host.js';
import { SOCK_DGRAM } from './constants.js';
import type { Machine } from './machine.js';
import { withoutZone } from './machine.js';
import type { Occupancy } from './plan-result.js';

/** The bytes of a unix path that Linux takes: `sun_path` of `sockaddr_un`. */
export const UNIX_PATH_BYTES = 108;

/** Whether an IPv6 socket takes no IPv4: libuv turns that on or off for TCP, and for UDP only on. */
export function isIPv6Only(bind: InetBind, environment: BindEnvironment): boolean {
  return bind.ipv6Only || (bind.type === SOCK_DGRAM && environment.udpIPv6Only === true);
}

/**
 * What a bind takes of each family. An IPv4-mapped address is of IPv4; `::` is of both, unless the socket is IPv6 only. Where the
 * address goes with it, `ipv6Only` says nothing.
 */
export function occupancyOf(bind: InetBind, host: BindHost, environment: BindEnvironment): Occupancy {
  const protocol = bind.type === SOCK_DGRAM ? 'udp' : 'tcp';
  const { port } = bind;
  if (host.kind !== 'address') return { kind: 'unknown', protocol, port };
  const { ipv4, ipv6 } = families(host.address, isIPv6Only(bind, environment));
  return { kind: 'inet', protocol, port, ipv4, ipv6 };
}

function families(address: Address, ipv6Only: boolean): { readonly ipv4: string | null; readonly ipv6: string | null } {
  const inner = address.family === 6 ? address.unmap() : address;
  if (inner.family === 4) return { ipv4: isUnspecified(inner) ? '*' : inner.toString(), ipv6: null };
  if (isUnspecified(inner)) return { ipv4: ipv6Only ? null : '*', ipv6: '*' };
  return { ipv4: null, ipv6: isOfInterface(inner) ? inner.toString() : withoutZone(inner) };
}

/** Whether the kernel binds the address to an interface, which its zone names: `__ipv6_addr_needs_scope_id`. */
export function isOfInterface(address: IPv6Address): boolean {
  return /^(?:fe[89ab][0-9a-f]|ff[0-9a-f][12]):/.test(address.toString());
}

/** What a unix bind takes: the path as the kernel gets it, in one of the spellings that are the same file. */
export function unixOccupancy(bind: UnixBind, { node, measured }: Machine): Occupancy {
  const isCut = measured && node.longPath === 'cut' && unixPathBytes(bind.path) > UNIX_PATH_BYTES;
  const path = isCut ? cutPath(bind.path) : bind.path;
  return {
    kind: 'unix',
    path: path.startsWith('\0') ? path : path.replace(/\/(?:\.?\/)+/g, '/').replace(/^\.\/(?=.)/, ''),
  };
}

/** How long a path is for the kernel. */
export function unixPathBytes(path: string): number {
  return new TextEncoder().encode(path).length;
}

/** The first 108 bytes of a path: what Node 20 and 22 bind. A character that is cut in two shows as U+FFFD. */
export function cutPath(path: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    new TextEncoder().encode(path).subarray(0, UNIX_PATH_BYTES),
  );
}
