import type { Address } from '../ip/index.js';
import type { Bind, Reach } from './bind.js';

/** An address of an interface, as `os.networkInterfaces()` has it. */
export interface InterfaceAddress {
  readonly address: string;
  readonly netmask: string;
  readonly family: 'IPv4' | 'IPv6';
  readonly internal: boolean;
  readonly scopeid?: number | undefined;
}

/** The machine that binds are planned for. `readEnvironment` reads this one's. */
export interface BindEnvironment {
  /** As `process.platform`. Only 'linux' was measured: for others, what differs is 'unknown'. */
  readonly platform: string;
  /** As `process.versions.node`. */
  readonly nodeVersion: string;
  /** As from `os.networkInterfaces()`. */
  readonly interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;
  /** The addresses of names, in the order of the system's resolver; an empty list: there is no such name. A name that is not here is not known. */
  readonly names: ReadonlyMap<string, readonly Address[]>;
  /** Whether ports below `unprivilegedPortStart` may be bound. */
  readonly canBindPrivileged: boolean;
  /** Linux: net.ipv4.ip_unprivileged_port_start. */
  readonly unprivilegedPortStart: number;
  /** Linux: net.ipv4.ip_nonlocal_bind and net.ipv6.ip_nonlocal_bind. */
  readonly nonlocalBind: boolean;
  readonly ipv6Enabled: boolean;
}

/** What a set of binds comes to. It speaks of sockets: not of firewalls, nor of published container ports. */
export interface BindPlan {
  /** One for each bind, in their order. */
  readonly binds: readonly PlannedBind[];
  /** Pairs of which the second fails. */
  readonly conflicts: readonly PairFinding[];
  /** Pairs that both work, and of which one takes what the other seems to. */
  readonly shadows: readonly PairFinding[];
}

export interface PlannedBind {
  readonly bind: Bind;
  readonly occupies: Occupancy;
  readonly exposure: { readonly ipv4: Reach; readonly ipv6: Reach } | { readonly unix: string };
  /** About the bind alone. */
  readonly predicted: Prediction;
  readonly warnings: readonly BindWarning[];
}

/** What a bind takes of each family: '*' for all addresses, null for none. */
export type Occupancy =
  | {
      readonly kind: 'inet';
      readonly protocol: 'tcp' | 'udp';
      readonly port: number;
      readonly ipv4: string | null;
      readonly ipv6: string | null;
    }
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'unknown' };

export interface Prediction {
  /** 'ok', 'unknown', or the error's: 'EADDRNOTAVAIL'. */
  readonly code: string;
  readonly reason: string;
}

export interface BindWarning {
  /** Stable: a program may compare it. */
  readonly code: string;
  /** An 'error' goes against what the author said or surely meant. */
  readonly severity: 'warning' | 'error';
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** About two binds, by their indexes. */
export interface PairFinding {
  readonly first: number;
  readonly second: number;
  readonly verdict: 'conflict' | 'unknown';
  readonly reason: string;
  /** The least change that mends it. */
  readonly fix: string;
}
