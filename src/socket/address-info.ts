import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { isAddress } from '../ip/index.js';
import type { SocketType } from './constants.js';
import { AF_INET, AF_UNIX } from './constants.js';
import type { Scopes } from './scopes.js';
import { checkScopes, zoneOfScope } from './scopes.js';
import type { SocketAddress } from './socket-address.js';
import { readSocketAddress } from './socket-address.js';
import { SocketAddressError } from './socket-address-error.js';

/** What `server.address()`, `socket.address()` and a datagram's `rinfo` are. */
export interface AddressInfo {
  readonly address: string;
  /** 'IPv4' or 'IPv6'. */
  readonly family: string;
  readonly port: number;
}

/** Options of what reads a socket address from what does not say its type. */
export interface SocketTypeOptions {
  /** Default SOCK_STREAM. */
  readonly type?: SocketType | undefined;
}

/** Options of what writes zones, which are names, for a `scopeId`, which is a number, and the other way round. */
export interface ScopeOptions {
  /** The numbers of interfaces by name, see `scopesOf`. */
  readonly scopes?: Scopes | undefined;
}

/** What of a `net.Socket` is read for the address of its peer. */
export interface RemoteAddress {
  readonly remoteAddress?: string | undefined;
  readonly remoteFamily?: string | undefined;
  readonly remotePort?: number | undefined;
}

/** What of a `net.Socket` is read for its own address. */
export interface LocalAddress {
  readonly localAddress?: string | undefined;
  readonly localFamily?: string | undefined;
  readonly localPort?: number | undefined;
}

/**
 * The socket address of what `server.address()` gives: of a server on a unix socket that is its path. A zone stays in the
 * address as it is, `fe80::1%eth0`; Node gives neither flow label nor scope id.
 *
 * @throws {SocketAddressError} `NO_ADDRESS` for null: the server does not listen; `NOT_SOCKET_ADDRESS` for what is no address info
 */
export function fromAddressInfo(info: AddressInfo | string | null, options: SocketTypeOptions = {}): SocketAddress {
  checkOptions(options, ['type']);
  const { type } = options;
  if (typeof info === 'string') return readSocketAddress({ path: info, type });
  if (info === null || info === undefined) {
    throw noAddress(info, 'there is no address', "read it after 'listening', and before the server is closed");
  }
  const given: unknown = info;
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new SocketAddressError(info, {
      code: 'NOT_SOCKET_ADDRESS',
      key: null,
      problem: `${quote(info)} is no address info`,
      hint: 'pass what server.address() gives',
    });
  }
  return inetOf(info.address, info.family, info.port, type);
}

/**
 * What `server.address()` would give.
 *
 * @throws {SocketAddressError} `SCOPE_UNKNOWN` for a `scopeId` without a name in `scopes`, as Node writes names
 * @throws {TypeError} for `scopes` that are no Map of names and numbers from 1 to 4294967295
 */
export function toAddressInfo(socketAddress: SocketAddress, options: ScopeOptions = {}): AddressInfo | string {
  checkOptions(options, ['scopes']);
  checkScopes(options.scopes);
  const checked = readSocketAddress(socketAddress);
  if (checked.family === AF_UNIX) return checked.path;
  const { address, port } = checked;
  if (checked.family === AF_INET) return { address, family: 'IPv4', port };
  const { scopeId } = checked;
  return { address: scopeId === 0 ? address : withZone(address, scopeId, options.scopes), family: 'IPv6', port };
}

/**
 * The address of the peer of a `net.Socket`.
 *
 * @throws {SocketAddressError} `NO_ADDRESS` for a socket that is not connected, or of a unix socket: its peer has no name
 */
export function remoteSocketAddress(socket: RemoteAddress): SocketAddress {
  checkSocket(socket);
  const { remoteAddress, remoteFamily, remotePort } = socket;
  if (remoteAddress === undefined) throw noAddress(socket, 'the socket has no peer with an address', CONNECTED);
  return inetOf(remoteAddress, remoteFamily, remotePort, undefined);
}

/**
 * The address of a `net.Socket` itself.
 *
 * @throws {SocketAddressError} `NO_ADDRESS` for a socket that is not connected, or of a unix socket
 */
export function localSocketAddress(socket: LocalAddress): SocketAddress {
  checkSocket(socket);
  const { localAddress, localFamily, localPort } = socket;
  // Node gives 0.0.0.0, without a family, for a socket that is not connected.
  if (localAddress === undefined || localFamily === undefined) {
    throw noAddress(socket, 'the socket has no address', CONNECTED);
  }
  return inetOf(localAddress, localFamily, localPort, undefined);
}

/** With the interface's name where a zone may stand; elsewhere the kernel does not look at a scope id. */
function withZone(address: string, scopeId: number, scopes: Scopes | undefined): string {
  if (!isAddress(`${address}%zone`)) return address;
  return `${address}%${zoneOfScope(scopeId, scopes)}`;
}

/** For what JavaScript passes. */
function checkSocket(socket: unknown): void {
  if (typeof socket === 'object' && socket !== null) return;
  throw new SocketAddressError(socket, {
    code: 'NOT_SOCKET_ADDRESS',
    key: null,
    problem: `${quote(socket)} is no socket`,
    hint: 'pass a net.Socket',
  });
}

const CONNECTED = "read it after 'connect', and before 'close'";

function inetOf(address: unknown, family: unknown, port: unknown, type: SocketType | undefined): SocketAddress {
  const made = readSocketAddress({ address, port, type });
  const own = made.family === AF_INET ? 'IPv4' : 'IPv6';
  if (family === own) return made;
  throw new SocketAddressError(family, {
    code: 'FAMILY',
    key: 'family',
    problem: `${quote(address)} is not of family ${quote(family)}`,
    hint: `pass '${own}'`,
  });
}

function noAddress(input: unknown, problem: string, hint: string): SocketAddressError {
  return new SocketAddressError(input, { code: 'NO_ADDRESS', key: null, problem, hint });
}
