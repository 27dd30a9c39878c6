import { parseAddress } from '../ip/index.js';
import { type Reach, reachOf } from '../socket/index.js';
import type { OpenSocket } from './open-socket.js';
import { isListening } from './open-socket.js';

/** Whom an open socket lets in. */
export interface SocketExposure {
  readonly ipv4: Reach;
  readonly ipv6: Reach;
  /**
   * Whether `ipv4` is only assumed: a socket on `::` takes IPv4, too, unless it is IPv6 only, and /proc/net does not tell which.
   * Not to know it does not make it harmless.
   */
  readonly ipv4Assumed: boolean;
  /** The wider one of both. */
  readonly widest: Reach;
}

/**
 * Whom a listener lets in, and a bound datagram socket, by the address that it is bound to. It speaks of sockets, not of firewalls or
 * published container ports. Null for a socket that takes nothing from strangers, and for a unix socket, which has no network: who
 * may connect to it is up to the permissions of its path, and nothing is where its name is abstract.
 *
 * @throws {AddressParseError} for a socket made by hand whose address is none
 * @throws {TypeError} for one of a protocol that there is not
 */
export function socketExposure(socket: OpenSocket): SocketExposure | null {
  if (socket.protocol === 'unix' || !isListening(socket)) return null;
  const address = parseAddress(socket.local.address);
  const reach = reachOf(address);
  if (address.family === 4 || address.unmap().family === 4)
    return { ipv4: reach, ipv6: 'none', ipv4Assumed: false, widest: reach };
  const both = reach === 'all';
  return { ipv4: both ? 'all' : 'none', ipv6: reach, ipv4Assumed: both, widest: reach };
}
