// A reader and a writer, as asyncio's streams are: lines by `for await`, writes that wait until they are taken.

import { once } from 'node:events';
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { BindInput } from '../tcp/index.js';
import { connect, listen } from '../tcp/index.js';
import type { ExampleIo } from './words.js';
import { describeAddress } from './words.js';

/** A line that is longer ends the connection: a peer that sends no line end must not fill the memory. */
const LONGEST_LINE = 64 * 1024;

/** The lines of a stream, without their ends; the last one also when it has none. */
export async function* readLines(socket: Socket): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  // A loop over the socket itself would destroy it at the end, and with it what is still to be written.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.map((line) => line.replace(/\r$/, ''));
    if (rest.length > LONGEST_LINE) throw new Error(`a line is longer than ${LONGEST_LINE} characters`);
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

/** Writes, and waits until the system has taken it: `writer.write()` and `await writer.drain()` in one. */
export function writeLine(socket: Socket, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** Answers each line with its length and itself in capitals, until the peer ends, or says `quit`. */
async function serve(socket: Socket): Promise<void> {
  for await (const line of readLines(socket)) {
    if (line === 'quit') break;
    await writeLine(socket, `${line.length} ${line.toUpperCase()}`);
  }
  await writeLine(socket, 'bye');
  socket.end();
}

/** Serves until the signal ends it. */
export async function streamsServer(bind: BindInput, { print, signal }: ExampleIo): Promise<void> {
  const listener = await listen(
    bind,
    async ({ socket, peer }) => {
      await serve(socket);
      print(`${describeAddress(peer)} served`);
    },
    { onError: (error, connection) => print(`${describeAddress(connection?.peer ?? null)} failed: ${error}`) },
  );
  for (const address of listener.addresses) print(`listening on ${describeAddress(address)}`);
  if (!signal.aborted) await once(signal, 'abort');
  await listener.close({ graceMs: 0 });
}

/** Both ends in one process: a server on loopback, and a client that says something and hears the answer, line by line. */
export async function streamsBoth({ print, signal }: ExampleIo): Promise<void> {
  const bind = { host: '127.0.0.1', port: 0, allowEphemeral: true } as const;
  const listener = await listen(bind, ({ socket }) => serve(socket), { signal });
  try {
    const [address] = listener.addresses;
    if (address === undefined) throw new Error('nothing is listened on');
    print(`listening on ${describeAddress(address)}`);
    const { socket } = await connect(address, { signal });
    const answers = readLines(socket);
    for (const line of ['hello', 'grüße', 'quit']) {
      print(`> ${line}`);
      await writeLine(socket, line);
      const { value } = await answers.next();
      print(`< ${value}`);
    }
    socket.end();
  } finally {
    await listener.close();
  }
}
