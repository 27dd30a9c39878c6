import type { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from './constants.js';

/** From whom connections may come, from nobody to everybody. */
export type Reach = 'none' | 'loopback' | 'link' | 'private' | 'public' | 'all';

/** What a server listens on, checked: made by `createBind`. */
export type Bind = InetBind | UnixBind;

/** A bind to an address, or to a name. */
export interface InetBind {
  /** Null for a name: its addresses decide. */
  readonly family: typeof AF_INET | typeof AF_INET6 | null;
  readonly type: typeof SOCK_STREAM | typeof SOCK_DGRAM;
  /** The canonical text of an address, zone included; else what was written: a name, or a text that only inet_aton reads (`127.1`). */
  readonly host: string;
  /** 0 to 65535; 0, which the kernel replaces, only with `allowEphemeral`. */
  readonly port: number;
  /** An IPv6 socket that takes no IPv4 peers. */
  readonly ipv6Only: boolean;
  /** Connections that may wait to be accepted; null: Node's default, 511. */
  readonly backlog: number | null;
  readonly reusePort: boolean;
  /** UDP only. */
  readonly reuseAddr: boolean;
  /** In a cluster: this worker alone. */
  readonly exclusive: boolean;
  readonly allowEphemeral: boolean;
  /** No error when the address is absent. */
  readonly optional: boolean;
  /** What reports call it. */
  readonly name: string | null;
  /** The widest reach that its author allows; null: none said. */
  readonly expose: Reach | null;
}

/** A bind to a unix socket. */
export interface UnixBind {
  readonly family: typeof AF_UNIX;
  readonly type: typeof SOCK_STREAM;
  /** A path, or an abstract name, which begins with NUL. */
  readonly path: string;
  readonly backlog: number | null;
  readonly exclusive: boolean;
  readonly optional: boolean;
  readonly name: string | null;
  readonly expose: Reach | null;
}
