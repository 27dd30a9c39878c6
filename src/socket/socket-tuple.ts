import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { parseAddress } from '../ip/index.js';
import type { ScopeOptions, SocketTypeOptions } from './address-info.js';
import { AF_INET, AF_UNIX } from './constants.js';
import { checkScopes, scopeOfZone } from './scopes.js';
import type { SocketAddress } from './socket-address.js';
import { readSocketAddress } from './socket-address.js';
import { SocketAddressError } from './socket-address-error.js';

/**
 * A socket address as Python's `socket` has it: `('127.0.0.1', 80)`, `('::1', 80, flowinfo, scope_id)`, and the path of a unix
 * socket.
 */
export type SocketTuple =
  | readonly [address: string, port: number]
  | readonly [address: string, port: number, flowInfo: number, scopeId: number]
  | string;

/**
 * The socket address of a tuple of Python. As in Python, the last two of an IPv6 tuple may be left out; other than there, a
 * name is not looked up, and `''` and `'<broadcast>'` are no addresses. A path may be bytes: Python gives abstract names so.
 *
 * @throws {SocketAddressError} `LENGTH` for a tuple that is too long or too short, `NO_ADDRESS` for the empty text of a
 *   unix socket without a name, or what `createSocketAddress` throws
 * @see https://docs.python.org/3/library/socket.html#socket-families
 */
export function fromSocketTuple(
  tuple: SocketTuple | Uint8Array | readonly [address: string, port: number, flowInfo: number],
  options: SocketTypeOptions = {},
): SocketAddress {
  checkOptions(options, ['type']);
  const { type } = options;
  if ((typeof tuple === 'string' || tuple instanceof Uint8Array) && tuple.length === 0) {
    const hint = 'give it a name with bind; that of a peer is its own matter';
    throw wrong(tuple, 'NO_ADDRESS', 'a unix socket without a name', hint);
  }
  if (typeof tuple === 'string') return readSocketAddress({ path: tuple, type });
  if (tuple instanceof Uint8Array) return readSocketAddress({ path: pathOfBytes(tuple), type });
  if (!Array.isArray(tuple)) {
    throw wrong(tuple, 'NOT_SOCKET_ADDRESS', `${quote(tuple)} is no tuple`, "pass e.g. ['127.0.0.1', 80]");
  }
  const [address, port, flowInfo, scopeId]: readonly unknown[] = tuple;
  if (tuple.length < 2 || tuple.length > 4) {
    throw wrong(tuple, 'LENGTH', `a tuple of ${tuple.length}`, 'pass 2 for IPv4, 2 to 4 for IPv6');
  }
  if (address === '' || address === '<broadcast>') {
    const meant = address === '<broadcast>' ? '255.255.255.255' : tuple.length === 2 ? '0.0.0.0' : '::';
    throw wrong(address, 'ADDRESS', `the address is ${quote(address)}`, `Python takes it for ${meant}, write that`);
  }
  const made = readSocketAddress({ address, port, flowInfo, scopeId, type });
  if (made.family === AF_INET && tuple.length > 2) {
    throw wrong(tuple, 'LENGTH', `a tuple of ${tuple.length}`, 'pass 2 for IPv4');
  }
  return made;
}

/**
 * The tuple that Python takes. A zone becomes a number there, as Python does not look at it in a tuple.
 *
 * @throws {SocketAddressError} `SCOPE_UNKNOWN` for a zone without a number in `scopes`
 * @throws {TypeError} for `scopes` that are no Map of names and numbers from 1 to 4294967295
 */
export function toSocketTuple(socketAddress: SocketAddress, options: ScopeOptions = {}): SocketTuple {
  checkOptions(options, ['scopes']);
  checkScopes(options.scopes);
  const checked = readSocketAddress(socketAddress);
  if (checked.family === AF_UNIX) return checked.path;
  const { address, port } = checked;
  if (checked.family === AF_INET) return [address, port];
  const value = parseAddress(address);
  if (value.family === 4 || value.zone === null) return [address, port, checked.flowInfo, checked.scopeId];
  return [value.withZone(null).toString(), port, checked.flowInfo, scopeOfZone(value.zone, options.scopes)];
}

function pathOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw wrong(bytes, 'PATH', 'the path is not UTF-8', 'no text stands for it: keep the bytes');
  }
}

function wrong(input: unknown, code: SocketAddressError['code'], problem: string, hint: string): SocketAddressError {
  return new SocketAddressError(input, { code, key: null, problem, hint });
}
