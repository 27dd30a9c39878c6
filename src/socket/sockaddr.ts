import { endianness as nativeEndianness } from 'node:os';
import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { IPv4Address, IPv6Address, parseAddress } from '../ip/index.js';
import type { ScopeOptions, SocketTypeOptions } from './address-info.js';
import { AF_INET, AF_INET6, AF_UNIX } from './constants.js';
import { checkScopes, scopeOfZone } from './scopes.js';
import type { Inet6SocketAddress, SocketAddress } from './socket-address.js';
import { readSocketAddress } from './socket-address.js';
import type { SocketAddressErrorCode } from './socket-address-error.js';
import { SocketAddressError } from './socket-address-error.js';

/** The systems whose layout is known. Linux's was measured; the others are of their headers. */
export type SockaddrPlatform = 'linux' | 'darwin' | 'freebsd' | 'win32';

/** Whose memory the bytes are. */
export interface SockaddrLayout {
  /** Default: this system. */
  readonly platform?: SockaddrPlatform | undefined;
  /** In which order the machine has the family and the scope id; ports and flow labels are in network order. Default: this machine's. */
  readonly endianness?: 'LE' | 'BE' | undefined;
}

/**
 * The bytes of a socket address, as a C program passes them to `bind`: `sockaddr_in` (16), `sockaddr_in6` (28) or `sockaddr_un`
 * (2 and the path, with a zero byte after it where there is room; of an abstract name no byte more than it has).
 *
 *     sockaddr_in   family port ┆ address     ┆ 8 zero bytes
 *     sockaddr_in6  family port ┆ flow label  ┆ address, 16 bytes ┆ scope id
 *     sockaddr_un   family path…
 *
 * On BSD and macOS the family is one byte, after a byte with the length.
 *
 * @throws {SocketAddressError} `SCOPE_UNKNOWN` for a zone without a number in `scopes`, `PATH_LENGTH` for a path that does not
 *   fit, `PLATFORM` for a system that is not known
 * @throws {TypeError} for `scopes` that are no Map of names and numbers from 1 to 4294967295
 * @see RFC 3493 section 3, unix(7)
 */
export function toSockaddr(socketAddress: SocketAddress, options: SockaddrLayout & ScopeOptions = {}): Uint8Array {
  checkOptions(options, ['platform', 'endianness', 'scopes']);
  checkScopes(options.scopes);
  const layout = layoutOf(options);
  const checked = readSocketAddress(socketAddress);
  switch (checked.family) {
    case AF_INET: {
      const bytes = begin(16, layout, layout.inet);
      viewOf(bytes).setUint16(2, checked.port);
      bytes.set(parseAddress(checked.address).toBytes(), 4);
      return bytes;
    }
    case AF_INET6: {
      const bytes = begin(28, layout, layout.inet6);
      const view = viewOf(bytes);
      view.setUint16(2, checked.port);
      view.setUint32(4, checked.flowInfo);
      bytes.set(parseAddress(checked.address).toBytes(), 8);
      view.setUint32(24, scopeIdOf(checked, options), layout.littleEndian);
      return bytes;
    }
    case AF_UNIX:
      return unixBytes(checked.path, layout);
  }
}

/**
 * The socket address of bytes, as `getsockname` gives them: their length is the address's. Of a path, what stands behind a zero byte
 * is not read; the kernel does not read it either.
 *
 * @throws {SocketAddressError} `LENGTH` for another length than the family's, `FAMILY`, `FLOW_INFO` for more than a flow label,
 *   `NO_ADDRESS` for a unix socket without a name, `PATH` for a path that is not UTF-8, `PLATFORM`
 */
export function fromSockaddr(bytes: Uint8Array, options: SockaddrLayout & SocketTypeOptions = {}): SocketAddress {
  checkOptions(options, ['platform', 'endianness', 'type']);
  const layout = layoutOf(options);
  if (!(bytes instanceof Uint8Array)) {
    throw fault(bytes, 'NOT_SOCKET_ADDRESS', `${quote(bytes)} is no sockaddr`, 'pass a Uint8Array or a Buffer');
  }
  if (bytes.length < 2) throw wrongLength(bytes, 'a sockaddr', 'at least 2');
  const view = viewOf(bytes);
  if (layout.lengthByte && view.getUint8(0) !== bytes.length) {
    throw wrongLength(bytes, 'by its first byte this sockaddr', `${view.getUint8(0)}`);
  }
  const family = layout.lengthByte ? view.getUint8(1) : view.getUint16(0, layout.littleEndian);
  const { type } = options;
  switch (family) {
    case layout.inet:
      if (bytes.length !== 16) throw wrongLength(bytes, 'sockaddr_in', '16');
      return readSocketAddress({
        address: IPv4Address.fromBytes(bytes.subarray(4, 8)),
        port: view.getUint16(2),
        type,
      });
    case layout.inet6:
      if (bytes.length !== 28) throw wrongLength(bytes, 'sockaddr_in6', '28');
      return readSocketAddress({
        address: IPv6Address.fromBytes(bytes.subarray(8, 24)),
        port: view.getUint16(2),
        flowInfo: view.getUint32(4),
        scopeId: view.getUint32(24, layout.littleEndian),
        type,
      });
    case UNIX:
      return readSocketAddress({ path: pathOf(bytes, layout), type });
    default: {
      const hint = `pass bytes of family ${layout.inet} (IPv4), ${layout.inet6} (IPv6) or ${UNIX} (unix), or another platform or endianness`;
      throw fault(bytes, 'FAMILY', `the family of the sockaddr is ${family}`, hint);
    }
  }
}

const UNIX = 1;

interface Layout {
  readonly lengthByte: boolean;
  readonly inet: number;
  readonly inet6: number;
  /** What `sun_path` holds. */
  readonly path: number;
  /** Whether a name may begin with NUL, and is not of the file system. */
  readonly abstract: boolean;
  readonly littleEndian: boolean;
}

const LAYOUTS: Readonly<Record<SockaddrPlatform, Omit<Layout, 'littleEndian'>>> = {
  linux: { lengthByte: false, inet: 2, inet6: 10, path: 108, abstract: true },
  darwin: { lengthByte: true, inet: 2, inet6: 30, path: 104, abstract: false },
  freebsd: { lengthByte: true, inet: 2, inet6: 28, path: 104, abstract: false },
  win32: { lengthByte: false, inet: 2, inet6: 23, path: 108, abstract: false },
};

function layoutOf({ platform, endianness = nativeEndianness() }: SockaddrLayout): Layout {
  const name: string = platform === undefined ? process.platform : platform;
  if (!isPlatform(name)) {
    const known = Object.keys(LAYOUTS).join(', ');
    throw fault(name, 'PLATFORM', `the layout of ${quote(name)} is not known`, `pass one of ${known} as platform`);
  }
  if (endianness !== 'LE' && endianness !== 'BE') {
    throw new TypeError(`endianness is ${quote(endianness)}: pass 'LE' or 'BE'`);
  }
  return { ...LAYOUTS[name], littleEndian: endianness === 'LE' };
}

function isPlatform(name: unknown): name is SockaddrPlatform {
  return typeof name === 'string' && Object.hasOwn(LAYOUTS, name);
}

/** Zero bytes, and the family in front. */
function begin(length: number, layout: Layout, family: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (layout.lengthByte) bytes.set([length, family]);
  else viewOf(bytes).setUint16(0, family, layout.littleEndian);
  return bytes;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function scopeIdOf({ address, scopeId }: Inet6SocketAddress, { scopes }: ScopeOptions): number {
  const value = parseAddress(address);
  return value.family === 6 && value.zone !== null ? scopeOfZone(value.zone, scopes) : scopeId;
}

function unixBytes(path: string, layout: Layout): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (path.startsWith('\0') && !layout.abstract) {
    throw fault(path, 'PATH', 'abstract names are of Linux', 'pass a path of the file system');
  }
  if (name.length > layout.path) {
    const problem = `the path has ${name.length} bytes in UTF-8`;
    throw fault(path, 'PATH_LENGTH', problem, `pass one of ${layout.path} at the most`);
  }
  const isFull = path.startsWith('\0') || name.length === layout.path;
  const bytes = begin(2 + name.length + (isFull ? 0 : 1), layout, UNIX);
  bytes.set(name, 2);
  return bytes;
}

function pathOf(bytes: Uint8Array, layout: Layout): string {
  if (bytes.length > 2 + layout.path) throw wrongLength(bytes, 'sockaddr_un', `at most ${2 + layout.path}`);
  const name = bytes.subarray(2);
  const isAbstract = layout.abstract && name[0] === 0 && name.length > 1;
  const end = isAbstract ? name.length : name.indexOf(0);
  const path = end < 0 ? name : name.subarray(0, end);
  if (path.length === 0) {
    const hint = 'give it a name with bind; that of a peer is its own matter';
    throw fault(bytes, 'NO_ADDRESS', 'a unix socket without a name', hint);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(path);
  } catch {
    throw fault(bytes, 'PATH', 'the path is not UTF-8', 'no text stands for it: keep the bytes');
  }
}

function wrongLength(bytes: Uint8Array, what: string, length: string): SocketAddressError {
  const hint = `${what} has ${length} bytes, pass as many as the system gave`;
  return fault(bytes, 'LENGTH', bytes.length === 1 ? 'one byte' : `${bytes.length} bytes`, hint);
}

function fault(input: unknown, code: SocketAddressErrorCode, problem: string, hint: string): SocketAddressError {
  return new SocketAddressError(input, { code, key: null, problem, hint });
}
