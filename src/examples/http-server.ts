// An HTTP server on a checked bind: `listen` takes the connections, Node's HTTP server speaks with them.

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import type { PrefixSet } from '../ip/index.js';
import { classify } from '../ip/index.js';
import type { SocketAddress } from '../socket/index.js';
import type { BindInput, Connection } from '../tcp/index.js';
import { listen } from '../tcp/index.js';
import type { ExampleIo } from './words.js';
import { addressText, describeAddress } from './words.js';

export interface HttpServerOptions {
  /** How long requests may go on when the server stops, ms. */
  readonly graceMs: number;
  /** Who may connect; undefined: everybody who can. */
  readonly allow: PrefixSet | undefined;
}

/** Tells everybody what their address is. Runs until the signal ends it. */
export async function httpServer(
  bind: BindInput,
  { graceMs, allow }: HttpServerOptions,
  { print, signal }: ExampleIo,
): Promise<void> {
  // As the listener has them. Null: of a unix socket.
  const peers = new WeakMap<Socket, SocketAddress | null>();
  const server = createServer((request, response) => {
    answer(request, response, peers.get(request.socket) ?? null, print);
  });
  const serve = ({ socket, peer }: Connection) => {
    peers.set(socket, peer);
    server.emit('connection', socket);
  };
  const listener = await listen(bind, serve, {
    allow,
    onRefused: ({ peer, reason }) => print(`${describeAddress(peer)} refused: ${reason}`),
  });
  for (const address of listener.addresses) print(`listening on ${describeAddress(address)}`);
  if (!signal.aborted) await once(signal, 'abort');
  const closed = listener.close({ graceMs });
  // Connections that wait for another request have nothing to finish.
  server.closeIdleConnections();
  await closed;
  print(`stopped, ${listener.stats().served} connections served`);
}

function answer(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  peer: SocketAddress | null,
  print: (line: string) => void,
): void {
  const isKnown = url === '/' && (method === 'GET' || method === 'HEAD');
  response.statusCode = isKnown ? 200 : 404;
  response.setHeader('content-type', 'application/json');
  const address = peer !== null && peer.family !== 'AF_UNIX' ? classify(peer.address) : null;
  const you =
    address === null
      ? null
      : { address: address.address, kind: address.kind, globallyReachable: address.globallyReachable };
  response.end(`${JSON.stringify(isKnown ? { you } : { error: 'there is / alone' })}\n`);
  print(`${addressText(peer)} ${method} ${JSON.stringify(url)} ${response.statusCode}`);
}
