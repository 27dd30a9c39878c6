import { quote } from '../checks/quote.js';
import type { Bind } from './bind.js';
import { AF_UNIX, SOCK_DGRAM } from './constants.js';
import type { NodeBehaviour } from './node-behaviour.js';
import type { Occupancy, Prediction } from './plan-result.js';

/** What a bind lays claim to, as pairs are looked for: `Occupancy` of binds that can work. */
export type Claim = InetClaim | UnixClaim;

export interface InetClaim {
  readonly kind: 'inet' | 'unknown';
  readonly index: number;
  readonly bind: Bind;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly ipv4: string | null;
  readonly ipv6: string | null;
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

/** Null for a bind that can't work on any machine, and for one whose port the kernel chooses: they are in nobody's way. */
export function claimOf(
  index: number,
  bind: Bind,
  occupies: Occupancy,
  predicted: Prediction,
  node: NodeBehaviour,
): Claim | null {
  if (predicted.code === 'EINVAL' || predicted.code === 'ENOTFOUND') return null;
  if (occupies.kind === 'unix' || bind.family === AF_UNIX) {
    return occupies.kind === 'unix' ? { kind: 'unix', index, bind, key: occupies.path } : null;
  }
  const { kind, protocol, port } = occupies;
  if (port === 0) return null;
  const sharing =
    (bind.reusePort && node.reusePort !== 'ignored' ? SHARES_PORT : 0) | (bind.reuseAddr ? SHARES_ADDRESS : 0);
  const [ipv4, ipv6] = occupies.kind === 'inet' ? [occupies.ipv4, occupies.ipv6] : [null, null];
  return { kind, index, bind, protocol, port, ipv4, ipv6, sharing };
}

/** Whether two binds take an address in common. */
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
  const host = bind.host.includes(':') ? `[${bind.host}]` : bind.host;
  const only = bind.ipv6Only && bind.host === '::' ? ' with ipv6Only' : '';
  return `${host}:${bind.port}${bind.type === SOCK_DGRAM ? '/udp' : ''}${only}${name}`;
}
