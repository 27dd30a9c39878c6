import { quote, shownAddress } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { isMulticast } from '../ip/index.js';
import type { Bind, InetBind } from './bind.js';
import type { BindHost } from './bind-host.js';
import { AF_INET, AF_UNIX, SOCK_DGRAM } from './constants.js';
import type { Machine } from './machine.js';
import type { PlannedBind, PredictionCode } from './plan-result.js';

/** What a bind lays claim to, as pairs are looked for: `Occupancy` of binds that can work. */
export type Claim = InetClaim | UnixClaim;

export interface InetClaim {
  readonly kind: 'inet' | 'unknown';
  readonly index: number;
  readonly bind: InetBind;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Of a name whose addresses are not known '*', unless it can have none of the family. */
  readonly ipv4: string | null;
  readonly ipv6: string | null;
  /** Of the socket: to an IPv4-mapped address one of IPv6 is bound. */
  readonly family: 4 | 6;
  /** Whether it shares the address of a group, or a broadcast: every socket that takes it gets what is sent there. */
  readonly isForMany: boolean;
  /** With whom it shares: those that have a flag of it, too. */
  readonly sharing: number;
}

export interface UnixClaim {
  readonly kind: 'unix';
  readonly index: number;
  readonly bind: Bind;
  /** Equal for paths that are the same to the kernel. */
  readonly key: string;
}

/** `reusePort` on both, on a Node that honours it. */
export const SHARES_PORT = 1;
/** `reuseAddr` on both, UDP. */
export const SHARES_ADDRESS = 2;

/** What fails with these fails on every machine, or has no address to take. Any other bind may work tomorrow, or for another user. */
const NEVER_CLAIM: readonly PredictionCode[] = ['EINVAL', 'ENOTFOUND'];

/**
 * Null for a bind that can't work on any machine, and for one whose port the kernel chooses: they are in nobody's way.
 *
 * @param host null for a unix socket
 */
export function claimOf(
  index: number,
  { bind, occupies, predicted }: PlannedBind,
  host: BindHost | null,
  machine: Machine,
): Claim | null {
  if (NEVER_CLAIM.includes(predicted.code)) return null;
  if (occupies.kind === 'unix' || bind.family === AF_UNIX) {
    return occupies.kind === 'unix' ? { kind: 'unix', index, bind, key: occupies.path } : null;
  }
  const { kind, protocol, port } = occupies;
  if (port === 0) return null;
  const sharing =
    (bind.reusePort && machine.node.reusePort !== 'ignored' ? SHARES_PORT : 0) | (bind.reuseAddr ? SHARES_ADDRESS : 0);
  if (occupies.kind === 'unknown' || host?.kind !== 'address') {
    // An IPv6 address of a name may be an IPv4-mapped one.
    const ipv6 = bind.family === AF_INET ? null : '*';
    return { kind, index, bind, protocol, port, ipv4: '*', ipv6, family: 6, isForMany: false, sharing };
  }
  const { ipv4, ipv6 } = occupies;
  const { address } = host;
  const isForMany = sharing !== 0 && isForManyAt(address, machine);
  return { kind, index, bind, protocol, port, ipv4, ipv6, family: address.family, isForMany, sharing };
}

function isForManyAt(address: Address, machine: Machine): boolean {
  const inner = address.family === 6 ? address.unmap() : address;
  return isMulticast(inner) || machine.isBroadcast(inner);
}

/** Whether two binds take an address in common, or may where the addresses of one are not known. */
export function meets(one: InetClaim, other: InetClaim): boolean {
  return meetsIn(one.ipv4, other.ipv4) || meetsIn(one.ipv6, other.ipv6);
}

function meetsIn(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && (one === '*' || other === '*' || one === other);
}

/** How a bind is called in texts about it. */
export function labelOf(bind: Bind): string {
  const name = bind.name === null ? '' : ` (${quote(bind.name)})`;
  if (bind.family === AF_UNIX) return `${quote(bind.path)}${name}`;
  const shown = shownAddress(bind.host);
  const host = bind.host.includes(':') ? `[${shown}]` : shown;
  const only = bind.ipv6Only && bind.host === '::' ? ' with ipv6Only' : '';
  return `${host}:${bind.port}${bind.type === SOCK_DGRAM ? '/udp' : ''}${only}${name}`;
}
