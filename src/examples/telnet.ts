// A client like telnet: lines of a terminal, or of a pipe, to a server, and what it says back, without what servers negotiate.

import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectTarget } from '../tcp/index.js';
import { connect } from '../tcp/index.js';
import { exchange } from './exchange.js';
import { endTelnet, endTyped, readTelnet, TELNET_START, TYPED_START, writeTelnet } from './telnet-protocol.js';

export interface TelnetOptions {
  /** For connecting, ms. */
  readonly timeoutMs: number;
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Settles when the server has ended its side. */
export async function telnet(
  target: ConnectTarget,
  { timeoutMs, input, output, signal }: TelnetOptions,
): Promise<void> {
  const { socket } = await connect(target, { timeoutMs, signal });
  const sending = pipeline(input, typed, socket, { signal });
  const show = (bytes: AsyncIterable<Uint8Array>) => shown(bytes, socket);
  const receiving = pipeline(socket, show, output, { signal, end: false });
  await exchange(input, sending, receiving);
}

/** What a terminal shows of what has come. Refusals of what the server wants to negotiate go back to it. */
async function* shown(bytes: AsyncIterable<Uint8Array>, socket: Socket): AsyncGenerator<Uint8Array> {
  let state = TELNET_START;
  for await (const chunk of bytes) {
    const { data, answer, ...next } = readTelnet(state, chunk);
    state = next.state;
    if (answer.length > 0 && socket.writable) await write(socket, answer);
    if (data.length > 0) yield data;
  }
  yield endTelnet(state);
}

/** What is typed, as the network has it. */
async function* typed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let state = TYPED_START;
  for await (const chunk of bytes) {
    const { data, ...next } = writeTelnet(state, chunk);
    state = next.state;
    yield data;
  }
  yield endTyped(state);
}

/** Waits until it is written: a server that negotiates faster than it reads is read no faster. */
function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // When it fails, reading fails, too, and says so.
    socket.write(bytes, () => resolve());
  });
}
