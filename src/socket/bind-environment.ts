import type { Address } from '../ip/index.js';

/** An address of an interface, as `os.networkInterfaces()` has it. */
export interface InterfaceAddress {
  readonly address: string;
  readonly netmask: string;
  readonly family: 'IPv4' | 'IPv6';
  /** Whether the interface is a loopback: on Linux every IPv4 address of the subnet is then one of this machine. */
  readonly internal: boolean;
  readonly scopeid?: number | undefined;
}

/** Linux: what the routing table says of IPv4 addresses, as prefixes: `['127.0.0.0/8', '192.0.2.2/32']`. */
export interface LocalRoutes {
  /** Of this machine. More than interfaces that are up have: those that are down or without a carrier, routes of type `local`. */
  readonly local: readonly string[];
  readonly broadcast: readonly string[];
}

/**
 * What is where a unix socket shall be: 'free' when nothing is and a file can be made, 'socket' and 'file' when something is (a
 * socket that nobody listens on is in the way like any other file), and what is wrong with the directory.
 */
export type PathState = 'free' | 'socket' | 'file' | 'no-directory' | 'not-a-directory' | 'no-permission';

/** The machine that binds are planned for. `readEnvironment` reads this one's. */
export interface BindEnvironment {
  /** As `process.platform`. Only 'linux' was measured: for others, what the kernel says is 'unknown'. */
  readonly platform: string;
  /** As `process.versions.node`. 20, 22, 24 and 26 were measured: for others, what differs between them is 'unknown'. */
  readonly nodeVersion: string;
  /** As from `os.networkInterfaces()`; one without an address has an empty list. */
  readonly interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;
  /** The addresses of names, in the order of the system's resolver; an empty list: there is no such name. A name that is not here is not known. */
  readonly names: ReadonlyMap<string, readonly Address[]>;
  /** Whether ports below `unprivilegedPortStart` may be bound; null: not known. */
  readonly canBindPrivileged: boolean | null;
  /** Linux: net.ipv4.ip_unprivileged_port_start. */
  readonly unprivilegedPortStart: number;
  /** Linux: net.ipv4.ip_nonlocal_bind and net.ipv6.ip_nonlocal_bind; a boolean speaks of both. */
  readonly nonlocalBind: boolean | { readonly ipv4: boolean; readonly ipv6: boolean };
  /** False when IPv6 is turned off (net.ipv6.conf.all.disable_ipv6): no interface has an IPv6 address, and `::` still binds. */
  readonly ipv6Enabled: boolean;
  /** Linux: net.ipv6.bindv6only. For Node it makes UDP sockets IPv6 only, not TCP. Absent: false. */
  readonly udpIPv6Only?: boolean | undefined;
  /** Where it is absent, `interfaces` decides alone. */
  readonly ipv4Routes?: LocalRoutes | undefined;
  /** By the path of the bind; a path that is not here is not known. */
  readonly paths?: ReadonlyMap<string, PathState> | undefined;
}
