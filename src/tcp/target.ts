import { networkInterfaces } from 'node:os';
import { quote } from '../checks/quote.js';
import { told } from '../checks/told.js';
import type { Address } from '../ip/index.js';
import { IPv4Address, IPv6Address, isLinkLocal, parseAddress, safeParseAddress } from '../ip/index.js';
import type {
  Endpoint,
  EndpointParseErrorCode,
  Inet6SocketAddress,
  InetSocketAddress,
  SocketAddress,
} from '../socket/index.js';
import { createSocketAddress, SocketAddressError, safeParseEndpoint } from '../socket/index.js';
import { ConnectError } from './connect-error.js';
import { CONNECT_OPTIONS } from './connect-options.js';
import { LONGEST_PATH, pathBytes, pathText } from './unix-path.js';

/** What can be connected to: `example.com:80`, `[::1]:80` and `unix:/run/x` as text, an endpoint, a socket address, or its parts. */
export type ConnectTarget = string | Endpoint | SocketAddress | HostTarget | PathTarget;

/** A host and a port. */
export interface HostTarget {
  /** A name, or an address without brackets. */
  readonly host: Address | string;
  /** 1 to 65535. */
  readonly port: number;
}

/** A unix socket. */
export interface PathTarget {
  /** A path, or an abstract name, which begins with NUL. */
  readonly path: string;
}

/** A target that was read: `text` is what errors call it. */
export type Target = { readonly text: string } & (
  | { readonly kind: 'address'; readonly address: Address; readonly port: number }
  | { readonly kind: 'name'; readonly name: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }
);

/**
 * @throws {ConnectError} BAD_TARGET for what is nothing to connect to
 * @throws {TypeError} for an object with other parts: options stand beside the target
 */
export function readTarget(target: ConnectTarget): Target {
  if (typeof target === 'string') {
    const parsed = safeParseEndpoint(target);
    if (parsed.success) return readEndpoint(parsed.data);
    const { code, hint } = parsed.error;
    throw bad(quote(target), 'no endpoint', TEXT_HINTS.get(code) ?? hint, parsed.error);
  }
  if (typeof target === 'object' && target !== null) {
    // What is undefined is not there.
    const { kind, host, port, family, path } = target as { readonly [Part in TargetPart]?: unknown };
    if (kind !== undefined) return readEndpoint(target as Endpoint);
    // Before `family`, which is also an option.
    if (host !== undefined) return readParts(target, ['host', 'port'], () => inet(host, port));
    if (family !== undefined) return readSocketAddress(target as SocketAddress);
    if (path !== undefined) return readParts(target, ['path'], () => unix(path));
    if (port !== undefined) return inet(host, port);
  }
  throw bad(told(target), 'no target', "write text such as 'example.com:80', or {host, port}");
}

type TargetPart = 'kind' | 'host' | 'port' | 'family' | 'path';

/** Where what is said of text is meant for binds. */
const TEXT_HINTS: ReadonlyMap<EndpointParseErrorCode, string> = new Map([
  ['EMPTY', 'write the host and the port to connect to, such as localhost:80'],
  ['NO_HOST', 'write the host to connect to, such as localhost'],
  ['WILDCARD', 'write the host to connect to, such as localhost'],
  ['PORT_RANGE', 'write a port from 1 to 65535'],
]);

function readParts(target: object, known: readonly string[], read: () => Target): Target {
  const unknown = Object.entries(target).find(([key, value]) => value !== undefined && !known.includes(key))?.[0];
  if (unknown === undefined) return read();
  const isOption = CONNECT_OPTIONS.some((option) => option === unknown);
  const hint = isOption ? 'pass options as the second argument' : 'leave it out';
  throw new TypeError(`a target of ${known.join(' and ')} has no ${quote(unknown)}: ${hint}`);
}

function readEndpoint(endpoint: Endpoint): Target {
  if (endpoint.kind === 'unix') return unix(endpoint.path);
  const { kind, port, lastPort, protocol } = endpoint;
  if (kind === 'wildcard') throw bad(`port ${port}`, 'no host', 'write the host to connect to, such as localhost');
  if (kind !== 'address' && kind !== 'name') throw bad(told(endpoint), 'no endpoint', 'pass one of parseEndpoint');
  const host = kind === 'address' ? endpoint.address : endpoint.name;
  if (port === null) throw bad(String(host), 'no port', `write it after the host: ${textOf(host, 80)}`);
  const text = textOf(host, port);
  // By hand, in JavaScript, it may be left out.
  if (lastPort !== null && lastPort !== undefined)
    throw bad(`${text}-${told(lastPort)}`, 'a range of ports', `write one of them: ${text}`);
  if (protocol === 'udp') throw bad(`${text}/udp`, 'UDP has no connections', `write ${text} for TCP`);
  return inet(host, port);
}

function readSocketAddress(given: SocketAddress): Target {
  const address = checkedSocketAddress(given);
  if (address.family === 'AF_UNIX') return unix(address.path);
  const target = inet(withScope(address), address.port);
  if (address.type === 'SOCK_STREAM') return target;
  throw bad(`${target.text}/udp`, 'UDP has no connections', `write ${target.text} for TCP`);
}

function checkedSocketAddress(given: SocketAddress): SocketAddress {
  try {
    return createSocketAddress(given);
  } catch (error) {
    if (error instanceof SocketAddressError) throw bad(told(given), 'no socket address', error.hint, error);
    throw error;
  }
}

/** Its address with the name of its interface, as Node wants it: the number of one is of use to the kernel only. */
function withScope(address: InetSocketAddress | Inet6SocketAddress): Address {
  const value = parseAddress(address.address);
  if (value.family === 4 || address.family === 'AF_INET' || address.scopeId === 0 || !isLinkLocal(value)) return value;
  const { scopeId } = address;
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (addresses?.some((one) => one.family === 'IPv6' && one.scopeid === scopeId)) return value.withZone(name);
  }
  throw bad(
    textOf(value, address.port),
    `no interface that Node tells of has the number ${scopeId}`,
    `pass the zone of one in the address: ${value}%eth0`,
  );
}

function inet(host: unknown, port: unknown): Target {
  const text = textOf(host, port);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 0xffff) {
    const problem = port === 0 ? 'port 0 is none to connect to' : `${told(port)} is no port`;
    throw bad(text, problem, 'pass a number from 1 to 65535');
  }
  if (isAddressValue(host)) return { kind: 'address', address: host, port, text };
  if (typeof host !== 'string') throw bad(text, 'no host', 'pass a name or an address');
  const parsed = safeParseAddress(host);
  if (parsed.success) return { kind: 'address', address: parsed.data, port, text: textOf(parsed.data, port) };
  if (host === '' || host === '*') throw bad(text, 'no host', 'write the host to connect to, such as localhost');
  // Whatever this was meant to be, it must not be asked for as a name.
  if (/[:/[\]@]/.test(host)) {
    throw bad(text, `${quote(host)} is no host`, 'pass a name, or an address without brackets, and the port apart');
  }
  return { kind: 'name', name: host, port, text };
}

function unix(path: unknown): Target {
  if (typeof path !== 'string' || path === '')
    throw bad(`unix:${told(path)}`, 'no path', 'pass the path of the socket');
  const text = `unix:${pathText(path)}`;
  if (path.includes('\0', 1)) throw bad(text, 'NUL inside a path', 'write the path without it');
  const bytes = pathBytes(path);
  if (bytes > LONGEST_PATH) throw bad(text, `a path of ${bytes} bytes`, `write ${LONGEST_PATH} at the most`);
  return { kind: 'unix', path, text };
}

/** A host and a port, as text for people. */
export function textOf(host: unknown, port: unknown): string {
  const text = isAddressValue(host) ? host.toString() : host;
  // A name may be anybody's: what is not printable would not stay in its line of a log.
  const isPlain = typeof text === 'string' && /^[!-~]{1,255}$/.test(text);
  const shown = !isPlain ? quote(text) : text.includes(':') ? `[${text}]` : text;
  return `${shown}:${typeof port === 'number' ? port : told(port)}`;
}

function isAddressValue(value: unknown): value is Address {
  return value instanceof IPv4Address || value instanceof IPv6Address;
}

function bad(text: string, problem: string, hint: string, cause?: unknown): ConnectError {
  return new ConnectError(text, { code: 'BAD_TARGET', problem, hint, cause });
}
