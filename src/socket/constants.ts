/** The names of the socket API, as text: AF_*, SOCK_* name families and types, INADDR_*, IN6ADDR_* are addresses. */

/** IPv4. */
export const AF_INET = 'AF_INET';
/** IPv6. */
export const AF_INET6 = 'AF_INET6';
/** Unix domain sockets: a path of the file system, or an abstract name. */
export const AF_UNIX = 'AF_UNIX';

/** What a socket address is of. */
export type AddressFamily = typeof AF_INET | typeof AF_INET6 | typeof AF_UNIX;

/** TCP, and streams of unix sockets. */
export const SOCK_STREAM = 'SOCK_STREAM';
/** UDP. Node has no datagrams of unix sockets. */
export const SOCK_DGRAM = 'SOCK_DGRAM';

/** What kind of socket an address is for. */
export type SocketType = typeof SOCK_STREAM | typeof SOCK_DGRAM;

/** All IPv4 addresses of this host: a bind to it is reachable through every interface. */
export const INADDR_ANY = '0.0.0.0';
/** @see RFC 1122 section 3.2.1.3 */
export const INADDR_LOOPBACK = '127.0.0.1';
/** @see RFC 919 section 7 */
export const INADDR_BROADCAST = '255.255.255.255';
/**
 * What `inet_addr` returns for text that is no address: an error value, which has the bits of `INADDR_BROADCAST`. A number,
 * where all addresses here are text, so that it can't be used as one unnoticed: what takes an address throws for it, and
 * binds refuse its name as well.
 *
 * @see inet(3)
 */
export const INADDR_NONE = 0xffff_ffff;
/** The first of the multicast groups of the link. */
export const INADDR_UNSPEC_GROUP = '224.0.0.0';
/**
 * All hosts of the link.
 *
 * @see RFC 1112 section 4
 */
export const INADDR_ALLHOSTS_GROUP = '224.0.0.1';
/** All routers of the link. */
export const INADDR_ALLRTRS_GROUP = '224.0.0.2';
/**
 * All snoopers of multicast on the link.
 *
 * @see RFC 4286
 */
export const INADDR_ALLSNOOPERS_GROUP = '224.0.0.106';
/** The last of the multicast groups of the link. */
export const INADDR_MAX_LOCAL_GROUP = '224.0.0.255';

/** All IPv6 addresses of this host, and all IPv4 addresses, too, unless the socket is `ipv6Only`. */
export const IN6ADDR_ANY = '::';
/** @see RFC 4291 section 2.5.3 */
export const IN6ADDR_LOOPBACK = '::1';
/** @see RFC 4291 section 2.7.1 */
export const IN6ADDR_INTERFACELOCAL_ALLNODES = 'ff01::1';
/**
 * All nodes of the link.
 *
 * @see RFC 4291 section 2.7.1
 */
export const IN6ADDR_LINKLOCAL_ALLNODES = 'ff02::1';
/**
 * All routers of the link.
 *
 * @see RFC 4291 section 2.7.1
 */
export const IN6ADDR_LINKLOCAL_ALLROUTERS = 'ff02::2';
