import { classify } from '../ip/index.js';
import type { SocketAddress } from '../socket/index.js';

/** Where an example writes its lines, and what ends it. */
export interface ExampleIo {
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A socket address as text: `127.0.0.1:8888`, `[::1]:8888`, a path; a peer by a unix socket has none. */
export function addressText(address: SocketAddress | null): string {
  if (address === null) return 'a local process';
  if (address.family === 'AF_UNIX') return address.path.replace(/^\0/, '@');
  return address.family === 'AF_INET6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

/** What an address is, for a log: `loopback`, `global`; null for what has no IP address. */
export function kindOf(address: SocketAddress | null): string | null {
  return address === null || address.family === 'AF_UNIX' ? null : classify(address.address).kind;
}

/** Both: `127.0.0.1:8888 (loopback)`. */
export function describeAddress(address: SocketAddress | null): string {
  const kind = kindOf(address);
  return kind === null ? addressText(address) : `${addressText(address)} (${kind})`;
}
