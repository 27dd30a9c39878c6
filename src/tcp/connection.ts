import type { Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isAddress, parseAddress } from '../ip/index.js';
import type { Bind, SocketAddress } from '../socket/index.js';
import { AF_UNIX, createSocketAddress } from '../socket/index.js';

/** A connection that somebody has made to a listener. */
export interface Connection {
  /** As Node has it. Its errors never end the process: whoever reads or writes hears of them, and 'close' comes last. */
  readonly socket: Socket;
  /**
   * Who it is: an IPv4-mapped address as its IPv4 address, a link-local one with its zone, or with `scopeId` where the interface has a name that
   * can't be written as a zone. Null for a peer by a unix socket, who has no name.
   */
  readonly peer: SocketAddress | null;
  /** Where it came in. */
  readonly local: SocketAddress;
  /** The bind that took it. */
  readonly bind: Bind;
  /** Aborted when the listener begins to close: who ends its connections then is not cut. */
  readonly closing: AbortSignal;
}

/** The other end: null for a peer by a unix socket, who has no name, and undefined when nobody is there any more. */
export function peerOf(socket: Socket, bind: Bind): SocketAddress | null | undefined {
  if (bind.family === AF_UNIX) return null;
  return inetOf(socket.remoteAddress, socket.remotePort);
}

/** This end; undefined when the connection is gone. */
export function localOf(socket: Socket, bind: Bind): SocketAddress | undefined {
  if (bind.family === AF_UNIX) return createSocketAddress({ path: bind.path });
  return inetOf(socket.localAddress, socket.localPort);
}

/** What a server listens on; undefined when it does not. */
export function listeningOn(server: Server, bind: Bind): SocketAddress | undefined {
  if (bind.family === AF_UNIX) return createSocketAddress({ path: bind.path });
  const info = server.address();
  return typeof info === 'object' && info !== null ? inetOf(info.address, info.port) : undefined;
}

function inetOf(text: string | undefined, port: number | undefined): SocketAddress | undefined {
  if (text === undefined || port === undefined) return undefined;
  if (!isAddress(text)) return scopedOf(text, port);
  const address = parseAddress(text);
  return createSocketAddress({ address: address.family === 6 ? address.unmap() : address, port });
}

/** Linux takes names for interfaces that no zone may have: `br+lan`. A neighbour there must not end the process; the number says the same. */
function scopedOf(text: string, port: number): SocketAddress {
  const [address = ''] = text.split('%', 1);
  const all = networkInterfaces()[text.slice(address.length + 1)] ?? [];
  const scopeId = all.reduce((found, one) => Math.max(found, one.family === 'IPv6' ? one.scopeid : 0), 0);
  return createSocketAddress({ address, port, scopeId });
}
