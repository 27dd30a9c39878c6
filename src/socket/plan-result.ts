import type { Bind, Reach } from './bind.js';

/** What a set of binds comes to. It speaks of sockets: not of firewalls, nor of published container ports. */
export interface BindPlan {
  /** One for each bind, in their order. */
  readonly binds: readonly PlannedBind[];
  /** Pairs of which the second fails where the first is there: also of binds that this machine does not let bind, or not this user. */
  readonly conflicts: readonly PairFinding[];
  /** Pairs that both work, and of which one takes what the other seems to. */
  readonly shadows: readonly PairFinding[];
}

/** What one bind comes to. */
export interface PlannedBind {
  readonly bind: Bind;
  readonly occupies: Occupancy;
  /** Whom the socket lets in, for each family; 'public' where that is not known or may change: of a name that has no address now. */
  readonly exposure: Exposure;
  /** The exposure in words. */
  readonly reach: string;
  /** Where peers find it: the interfaces and addresses that a wildcard takes, or the one of an address. */
  readonly interfaces: readonly TakenInterface[];
  /** About the bind alone. */
  readonly predicted: Prediction;
  readonly warnings: readonly BindWarning[];
}

/** From whom connections may come, for each family; of a unix socket, its path. */
export type Exposure = { readonly ipv4: Reach; readonly ipv6: Reach } | { readonly unix: string };

/** What a bind takes of each family: '*' for all addresses, null for none. */
export type Occupancy =
  | {
      readonly kind: 'inet';
      readonly protocol: 'tcp' | 'udp';
      readonly port: number;
      readonly ipv4: string | null;
      /** With its zone, where the kernel looks at it: link-local addresses, and multicast of interface or link. */
      readonly ipv6: string | null;
    }
  /** A path as the kernel gets it. */
  | { readonly kind: 'unix'; readonly path: string }
  /** The addresses of the name are not known, or there are none. */
  | { readonly kind: 'unknown'; readonly protocol: 'tcp' | 'udp'; readonly port: number };

/** An interface, and those of its addresses that a bind takes. */
export interface TakenInterface {
  /** Null for addresses of which the interface is not known. */
  readonly name: string | null;
  readonly addresses: readonly string[];
}

/** What the kernel, or Node, is predicted to say. */
export type PredictionCode =
  | 'ok'
  | 'unknown'
  | 'EACCES'
  | 'EADDRINUSE'
  | 'EADDRNOTAVAIL'
  | 'EINVAL'
  | 'ENOTDIR'
  | 'ENOTFOUND';

/** How a bind will end, and why. */
export interface Prediction {
  readonly code: PredictionCode;
  readonly reason: string;
}

/** Stable: a program may compare it. */
export type BindWarningCode =
  | 'ABSTRACT_PADDED'
  | 'BROADCAST'
  | 'EPHEMERAL_PORT'
  | 'EXPOSE_EXCEEDED'
  | 'IPV6_ONLY_IGNORED'
  | 'LENIENT_HOST'
  | 'MULTICAST'
  | 'ONE_ADDRESS_OF_NAME'
  | 'PATH_AT_SIGN'
  | 'PATH_DIRECTORY'
  | 'PATH_TAKEN'
  | 'PATH_TOO_LONG'
  | 'PRIVILEGED_PORT'
  | 'REUSE_PORT_IGNORED'
  | 'SERVICE_EXPOSED'
  | 'WILDCARD';

/** What a bind does that its author may not have meant. */
export interface BindWarning {
  readonly code: BindWarningCode;
  /** An 'error' goes against what the author said or surely meant. */
  readonly severity: 'warning' | 'error';
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** About two binds, by their indexes; `first` is the lesser. */
export interface PairFinding {
  readonly first: number;
  readonly second: number;
  readonly verdict: 'conflict' | 'unknown' | 'shadow';
  readonly reason: string;
  /** The least change that mends it. */
  readonly fix: string;
}
