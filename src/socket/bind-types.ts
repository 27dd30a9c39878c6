import type { Address } from '../ip/index.js';
import type { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, SocketType } from './constants.js';

/** From whom connections may come, from nobody to everybody. */
export type Reach = 'none' | 'loopback' | 'link' | 'private' | 'public' | 'all';

/** What a server listens on, checked: made by `createBind`. */
export type Bind = InetBind | UnixBind;

/** A bind to an address, or to a name. */
export interface InetBind {
  /** Null for a name with TCP: the first of its addresses decides. UDP sockets are of one family, so there it is never null. */
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
  readonly expose: Exclude<Reach, 'none'> | null;
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
  readonly expose: Exclude<Reach, 'none'> | null;
}

/** What a bind is made of. */
export type BindFields = InetBindFields | UnixBindFields;

/** What a bind to an address or a name is made of. */
export interface InetBindFields {
  /**
   * An address, as text or value; a name of one, `INADDR_ANY`; or a name to look up. Never left out, nor blank: for Node that
   * is every interface.
   */
  readonly host: Address | string;
  /** A whole number from 1 to 65535, and 0 with `allowEphemeral`. */
  readonly port: number;
  readonly path?: undefined;
  /** To be held against the host, and for a name with UDP. Default: the host's. */
  readonly family?: typeof AF_INET | typeof AF_INET6 | undefined;
  /** Default SOCK_STREAM. */
  readonly type?: SocketType | undefined;
  /** Default false: `::` takes IPv4 peers, too. */
  readonly ipv6Only?: boolean | undefined;
  /** TCP only: 1 to 2147483647; the kernel cuts it to net.core.somaxconn. Default: Node's, 511. */
  readonly backlog?: number | undefined;
  /** Default false. */
  readonly reusePort?: boolean | undefined;
  /** UDP only. Default false. */
  readonly reuseAddr?: boolean | undefined;
  /** In a cluster: this worker alone. Default false. */
  readonly exclusive?: boolean | undefined;
  /** Whether port 0, any free port, is meant. Default false. */
  readonly allowEphemeral?: boolean | undefined;
  /** Whether it is no error when the address is absent. Default false. */
  readonly optional?: boolean | undefined;
  /** What reports call it. */
  readonly name?: string | undefined;
  /** The widest reach that is allowed: what goes beyond it is an error in the plan. */
  readonly expose?: Exclude<Reach, 'none'> | undefined;
}

/** What a bind to a unix socket is made of. */
export interface UnixBindFields {
  /** A path; or an abstract name, which begins with NUL. */
  readonly path: string;
  readonly host?: undefined;
  readonly port?: undefined;
  readonly family?: typeof AF_UNIX | undefined;
  readonly type?: typeof SOCK_STREAM | undefined;
  readonly ipv6Only?: false | undefined;
  readonly backlog?: number | undefined;
  readonly reusePort?: false | undefined;
  readonly reuseAddr?: false | undefined;
  readonly exclusive?: boolean | undefined;
  readonly allowEphemeral?: false | undefined;
  readonly optional?: boolean | undefined;
  readonly name?: string | undefined;
  readonly expose?: Exclude<Reach, 'none'> | undefined;
}
