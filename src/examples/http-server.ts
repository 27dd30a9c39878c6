// An HTTP server on a checked bind: `listen` takes the connections, Node's HTTP server speaks with them.

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { PrefixSet } from '../ip/index.js';
import { classify } from '../ip/index.js';
import { remoteSocketAddress } from '../socket/index.js';
import type { BindInput } from '../tcp/index.js';
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
  const server = createServer((request, response) => answer(request, response, print));
  const listener = await listen(bind, ({ socket }) => void server.emit('connection', socket), {
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

function answer(request: IncomingMessage, response: ServerResponse, print: (line: string) => void): void {
  const { method, url, socket } = request;
  const isKnown = url === '/' && (method === 'GET' || method === 'HEAD');
  response.statusCode = isKnown ? 200 : 404;
  response.setHeader('content-type', 'application/json');
  // Of a unix socket there is none.
  const peer = socket.remoteAddress === undefined ? null : remoteSocketAddress(socket);
  const address = peer !== null && peer.family !== 'AF_UNIX' ? classify(peer.address) : null;
  const you =
    address === null
      ? null
      : { address: address.address, kind: address.kind, globallyReachable: address.globallyReachable };
  response.end(`${JSON.stringify(isKnown ? { you } : { error: 'there is / alone' })}\n`);
  print(`${addressText(peer)} ${method} ${JSON.stringify(url)} ${response.statusCode}`);
}
