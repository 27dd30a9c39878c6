// An echo server: socket(), bind(), listen() and accept() of a tutorial, on a bind that was checked before.

import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { PrefixSet } from '../ip/index.js';
import type { BindInput, Connection } from '../tcp/index.js';
import { listen } from '../tcp/index.js';
import type { ExampleIo } from './words.js';
import { addressText, describeAddress } from './words.js';

export interface EchoServerOptions {
  /** A connection on which nothing moves for so long is closed, ms. */
  readonly idleTimeoutMs: number;
  /** How long connections may go on when the server stops, ms. */
  readonly graceMs: number;
  readonly maxConnections: number;
  /** Who may connect; undefined: everybody who can. */
  readonly allow: PrefixSet | undefined;
}

/** Runs until the signal ends it. */
export async function echoServer(
  bind: BindInput,
  options: EchoServerOptions,
  { print, signal }: ExampleIo,
): Promise<void> {
  const { idleTimeoutMs, graceMs, maxConnections, allow } = options;
  const listener = await listen(bind, (connection) => serve(connection, idleTimeoutMs, print), {
    maxConnections,
    allow,
    onRefused: ({ peer, reason }) => print(`${describeAddress(peer)} refused: ${reason}`),
    onError: (error, connection) => print(`${connection === null ? 'accept' : addressText(connection.peer)}: ${error}`),
  });
  for (const address of listener.addresses) print(`listening on ${describeAddress(address)}`);
  if (!signal.aborted) await once(signal, 'abort');
  await listener.close({ graceMs });
  print(`stopped, ${listener.stats().served} served`);
}

async function serve(
  { socket, peer, closing }: Connection,
  idleTimeoutMs: number,
  print: (line: string) => void,
): Promise<void> {
  const who = addressText(peer);
  print(`${describeAddress(peer)} connected`);
  let end = 'left';
  const cut = (why: string) => {
    end = why;
    socket.destroy();
  };
  socket.setTimeout(idleTimeoutMs, () => cut('was idle'));
  // Who is connected when the server stops is told so by the end of the stream, and has the time of grace to leave.
  closing.addEventListener('abort', () => {
    end = 'was told to leave';
    socket.end();
  });
  socket.write('Welcome to my server!\n');
  try {
    // Reads no faster than the peer takes, and ends our side when the peer has ended its own.
    await pipeline(socket, socket);
  } catch (error) {
    if (end === 'left') end = `is gone (${(error as NodeJS.ErrnoException).code})`;
  }
  print(`${who} ${end}, ${socket.bytesRead} bytes echoed`);
}
