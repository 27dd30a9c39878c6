import { nearest } from '../checks/nearest.js';
import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { safeParseAddress } from '../ip/index.js';
import { readAddressWord } from './address-words.js';
import type { SocketType } from './constants.js';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import { toAddressValue } from './host.js';
import type { SocketAddressErrorCode } from './socket-address-error.js';
import { SocketAddressError } from './socket-address-error.js';
import { readPath } from './unix-path.js';

/** The address of a socket: plain data, told apart by `family`. */
export type SocketAddress = InetSocketAddress | Inet6SocketAddress | UnixSocketAddress;

/** An IPv4 address and a port: `sockaddr_in`. */
export interface InetSocketAddress {
  readonly family: typeof AF_INET;
  readonly type: SocketType;
  readonly protocol: 0;
  /** An IPv4 address, canonical. */
  readonly address: string;
  /** 0 to 65535. */
  readonly port: number;
}

/** An IPv6 address and a port: `sockaddr_in6`. */
export interface Inet6SocketAddress {
  readonly family: typeof AF_INET6;
  readonly type: SocketType;
  readonly protocol: 0;
  /** An IPv6 address, canonical. A zone in it is the name of an interface, as Node writes it, and then `scopeId` is 0. */
  readonly address: string;
  /** 0 to 65535. */
  readonly port: number;
  /** The 20 bits of the flow label, 0 to 1048575. */
  readonly flowInfo: number;
  /** The number of the interface, as the kernel and Python write it; 0: none said, or said by the zone. */
  readonly scopeId: number;
}

/** A path or an abstract name: `sockaddr_un`. */
export interface UnixSocketAddress {
  readonly family: typeof AF_UNIX;
  /** Node has no datagrams of unix sockets. */
  readonly type: typeof SOCK_STREAM;
  readonly protocol: 0;
  /** A path, or an abstract name, which begins with NUL. Never empty: a socket without a name has no address. */
  readonly path: string;
}

/** What a socket address is made of. */
export type SocketAddressFields = InetSocketAddressFields | UnixSocketAddressFields;

/** The fields of an IPv4 or IPv6 socket address. */
export interface InetSocketAddressFields {
  /** As strict text or as a value. A name such as `INADDR_ANY` is taken, too. */
  readonly address: Address | string;
  /** 0 to 65535. */
  readonly port: number;
  readonly path?: undefined;
  /** To be held against the address, which decides. */
  readonly family?: typeof AF_INET | typeof AF_INET6 | undefined;
  /** Default SOCK_STREAM. */
  readonly type?: SocketType | undefined;
  readonly protocol?: 0 | undefined;
  /** IPv6 only: the 20 bits of the flow label. Default 0. */
  readonly flowInfo?: number | undefined;
  /** IPv6 only: the number of the interface, in place of a zone. Default 0. */
  readonly scopeId?: number | undefined;
}

/** The fields of a unix socket address. */
export interface UnixSocketAddressFields {
  readonly path: string;
  readonly address?: undefined;
  readonly port?: undefined;
  readonly family?: typeof AF_UNIX | undefined;
  readonly type?: typeof SOCK_STREAM | undefined;
  readonly protocol?: 0 | undefined;
  readonly flowInfo?: undefined;
  readonly scopeId?: undefined;
}

/**
 * A socket address of its parts, checked, completed and frozen. Nothing is coerced. A zone and a `scopeId` say the same in
 * two ways, of which no function without the interfaces of the machine knows whether they agree: there is one of them at
 * the most.
 *
 * @throws {SocketAddressError} with what is wrong first
 */
export function createSocketAddress(fields: UnixSocketAddressFields): UnixSocketAddress;
export function createSocketAddress(fields: InetSocketAddressFields): InetSocketAddress | Inet6SocketAddress;
export function createSocketAddress(fields: SocketAddressFields): SocketAddress;
export function createSocketAddress(fields: SocketAddressFields): SocketAddress {
  return readSocketAddress(fields);
}

/** `createSocketAddress` for values of any kind. */
export function readSocketAddress(input: unknown): SocketAddress {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const hint = "pass an object, e.g. {address: '127.0.0.1', port: 80}";
    throw wrong(input, 'NOT_SOCKET_ADDRESS', null, `${quote(input)} is no socket address`, hint);
  }
  // Own properties only, each read once.
  const fields: Fields = new Map(Object.entries(input));
  for (const key of fields.keys()) {
    if (KEYS.includes(key)) continue;
    const near = nearest(key, KEYS);
    const hint = near === null ? `there is ${KEYS.join(', ')}` : `write ${near}`;
    throw wrong(key, 'UNKNOWN_KEY', key, `there is no ${quote(key)}`, hint);
  }
  const type = given(fields, 'type', SOCK_STREAM);
  const protocol = given(fields, 'protocol', 0);
  if (type !== SOCK_STREAM && type !== SOCK_DGRAM) {
    throw wrong(type, 'TYPE', 'type', `the type is ${quote(type)}`, `pass ${SOCK_STREAM} or ${SOCK_DGRAM}`);
  }
  if (protocol !== 0) throw wrong(protocol, 'PROTOCOL', 'protocol', `the protocol is ${quote(protocol)}`, 'pass 0');
  const family = fields.get('family');
  const path = fields.get('path');
  const address = fields.get('address');
  if (path !== undefined && address !== undefined) {
    throw wrong(path, 'PATH', 'path', 'a path beside an address', 'leave one of them out');
  }
  if (path !== undefined || (family === AF_UNIX && address === undefined))
    return Object.freeze(unixAddress(fields, type));
  return Object.freeze(inetAddress(fields, type));
}

type Fields = ReadonlyMap<string, unknown>;

const KEYS: readonly string[] = ['family', 'type', 'protocol', 'address', 'port', 'flowInfo', 'scopeId', 'path'];

/** What is undefined is not given. What is null is. */
function given(fields: Fields, key: string, otherwise: unknown): unknown {
  const value = fields.get(key);
  return value === undefined ? otherwise : value;
}

function unixAddress(fields: Fields, type: SocketType): UnixSocketAddress {
  const family = fields.get('family');
  const path = fields.get('path');
  if (family !== undefined && family !== AF_UNIX) {
    throw wrong(family, 'FAMILY', 'family', `a path is not of family ${quote(family)}`, `pass ${AF_UNIX}`);
  }
  for (const key of ['port', 'flowInfo', 'scopeId']) {
    if (fields.get(key) === undefined) continue;
    throw wrong(fields.get(key), 'PATH', key, `a unix socket has no ${key}`, 'leave it out');
  }
  if (type !== SOCK_STREAM) {
    throw wrong(type, 'UNIX_DATAGRAM', 'type', 'Node has no datagrams of unix sockets', `pass ${SOCK_STREAM}`);
  }
  const reading = readPath(path);
  if ('fault' in reading) throw wrong(path, 'PATH', 'path', reading.fault.problem, reading.fault.hint);
  return { family: AF_UNIX, type, protocol: 0, path: reading.value };
}

function inetAddress(fields: Fields, type: SocketType): InetSocketAddress | Inet6SocketAddress {
  const address = addressOf(fields.get('address'));
  const own = address.family === 4 ? AF_INET : AF_INET6;
  const family = fields.get('family');
  if (family !== undefined && family !== own) {
    throw wrong(family, 'FAMILY', 'family', `${address} is not of family ${quote(family)}`, `pass ${own}`);
  }
  const port = integer(fields.get('port'), MAX_PORT, 'PORT', 'port');
  const flowInfo = integer(given(fields, 'flowInfo', 0), MAX_FLOW_LABEL, 'FLOW_INFO', 'flowInfo');
  const scopeId = integer(given(fields, 'scopeId', 0), MAX_SCOPE_ID, 'SCOPE_ID', 'scopeId');
  if (address.family === 4) {
    if (flowInfo !== 0) throw wrong(flowInfo, 'FLOW_INFO', 'flowInfo', 'IPv4 has no flow label', 'leave it out');
    if (scopeId !== 0) throw wrong(scopeId, 'SCOPE_ID', 'scopeId', 'IPv4 has no scope id', 'leave it out');
    return { family: AF_INET, type, protocol: 0, address: address.toString(), port };
  }
  if (address.zone !== null && scopeId !== 0) {
    const problem = `zone ${quote(address.zone)} beside scopeId ${scopeId}`;
    throw wrong(scopeId, 'ZONE_AND_SCOPE_ID', 'scopeId', problem, 'leave one of them out');
  }
  return { family: AF_INET6, type, protocol: 0, address: address.toString(), port, flowInfo, scopeId };
}

function addressOf(given: unknown): Address {
  const value = toAddressValue(given);
  if (value !== null) return value;
  const problem = `the address is ${quote(given)}`;
  if (typeof given !== 'string') {
    throw wrong(given, 'ADDRESS', 'address', problem, "pass an address as text, e.g. '127.0.0.1'");
  }
  const parsed = safeParseAddress(readAddressWord(given) ?? given);
  if (parsed.success) return parsed.data;
  throw wrong(given, 'ADDRESS', 'address', problem, parsed.error.hint);
}

const MAX_PORT = 0xffff;
const MAX_FLOW_LABEL = 0xfffff;
const MAX_SCOPE_ID = 0xffff_ffff;

function integer(value: unknown, max: number, code: SocketAddressErrorCode, key: string): number {
  const isOne = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
  if (isOne && !Object.is(value, -0)) return value;
  throw wrong(value, code, key, `the ${key} is ${quote(value)}`, `pass a whole number from 0 to ${max}`);
}

function wrong(
  input: unknown,
  code: SocketAddressErrorCode,
  key: string | null,
  problem: string,
  hint: string,
): SocketAddressError {
  return new SocketAddressError(input, { code, key, problem, hint });
}
