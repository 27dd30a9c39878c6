import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Listener } from '../../src/tcp/index.js';

/** A port that the kernel chooses, on an address of loopback. */
export function anyPort(host = '127.0.0.1'): {
  readonly host: string;
  readonly port: 0;
  readonly allowEphemeral: true;
} {
  return { host, port: 0, allowEphemeral: true };
}

/** The first address of a listener, as `net.connect` takes it. */
export function addressOf(listener: Listener, index = 0): { readonly host: string; readonly port: number } {
  const address = listener.addresses[index];
  if (address === undefined || 'path' in address) throw new Error('there is no such address');
  return { host: address.address, port: address.port };
}

/** Where a peer goes, and from where. */
type PeerOptions =
  | { readonly host: string; readonly port: number; readonly localAddress?: string }
  | { readonly path: string };

/** A peer that is not ours: a bare socket of Node, connected. Half open, and deaf to its own errors. */
export async function peerTo(to: Listener | PeerOptions): Promise<Socket> {
  const socket = connect({ ...('addresses' in to ? addressOf(to) : to), allowHalfOpen: true });
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** How a connection ends that the other end closes at once: it may have begun or not. */
export function fateOf(to: Parameters<typeof peerTo>[0]): Promise<string> {
  return peerTo(to).then(endOf, (error: NodeJS.ErrnoException) => error.code ?? 'error');
}

/** All that a peer gets until its other end is closed, or it is reset: then what came before that. Ends its own side. */
export async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) => {
    if (socket.readableEnded || socket.destroyed) resolve();
    socket.once('end', resolve);
    socket.once('close', () => resolve());
  });
  socket.end();
  return Buffer.concat(chunks).toString();
}

/** How a connection ends for its peer: 'end', or the errno. */
export function endOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.once('end', () => resolve('end'));
    socket.once('close', () => resolve('close'));
    socket.resume();
  });
}
