// A TCP client: what is given goes to the server, what comes back is printed.

import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectTarget } from '../tcp/index.js';
import { connect } from '../tcp/index.js';
import { exchange } from './exchange.js';

export interface EchoClientOptions {
  /** For connecting, ms. */
  readonly timeoutMs: number;
  readonly input: Readable;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Sends the input, ends its side with it, and settles when the server has ended its own. */
export async function echoClient(
  target: ConnectTarget,
  { timeoutMs, input, output, signal }: EchoClientOptions,
): Promise<void> {
  const { socket } = await connect(target, { timeoutMs, signal });
  const sending = pipeline(input, socket, { signal });
  const receiving = pipeline(socket, output, { signal, end: false });
  await exchange(input, sending, receiving);
}
