import type { Address } from '../ip/index.js';

/** An endpoint as text has it: nothing is resolved, nothing is decided about its use. */
export type Endpoint = AddressEndpoint | NameEndpoint | WildcardEndpoint | UnixEndpoint;

/** What all but unix endpoints have. */
interface PortEndpoint {
  /** 0 to 65535; null where the text names none. */
  readonly port: number | null;
  /** The last port of a range; null for a single port. */
  readonly lastPort: number | null;
  /** The port inside a container, to which compose forwards; null in every other dialect. */
  readonly containerPort: number | null;
  /** The last of a range of them; null for a single one. */
  readonly lastContainerPort: number | null;
  /** Null where the text names none: TCP, unless what stands around the text says otherwise. */
  readonly protocol: 'tcp' | 'udp' | null;
  /** Whether it is no error when the address is absent: Redis's `-::1`. */
  readonly optional: boolean;
}

/** An address literal, `0.0.0.0` and `::` among them. */
export interface AddressEndpoint extends PortEndpoint {
  readonly kind: 'address';
  readonly address: Address;
  /**
   * What the dialect says of an IPv6 address: nginx's `[::]:80` is IPv6 only. Null where it says nothing, and then `::` is
   * both families, as Node binds it.
   */
  readonly ipv6Only: boolean | null;
}

/** A name, not resolved. */
export interface NameEndpoint extends PortEndpoint {
  readonly kind: 'name';
  /** As it was written. */
  readonly name: string;
}

/** Every interface, written without an address: `*:80`, `:8080`, `8080`. */
export interface WildcardEndpoint extends PortEndpoint {
  readonly kind: 'wildcard';
  readonly families: 'ipv4' | 'ipv6' | 'both';
}

/** A unix socket. */
export interface UnixEndpoint {
  readonly kind: 'unix';
  /** A path, or an abstract name, which begins with NUL. */
  readonly path: string;
  readonly optional: boolean;
}
