// Connects a thousand times, so that a quarter each connects, is refused, is aborted and runs out of time, and prints the counts and
// what then keeps the process alive. Arguments: the DNS server, the port of a dead 127.0.0.2 and a living 127.0.0.3.

import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { connect, Resolver } from '../../dist/index.js';

const [dns, port] = process.argv.slice(2);
const resolver = new Resolver({ servers: [dns], hosts: false });
const controller = new AbortController();
const options = { resolver, signal: controller.signal, attemptDelayMs: 10, minAttemptDelayMs: 10 };
const counts = {};

const codeOf = (call) =>
  call.then(
    () => 'connected',
    ({ code }) => code,
  );

async function connectAndClose() {
  const { socket } = await connect(`many.test:${port}`, options);
  const closed = once(socket, 'close');
  socket.resume().end();
  await closed;
  return 'connected';
}

function abort() {
  const own = new AbortController();
  const call = codeOf(connect(`many.test:${port}`, { ...options, signal: own.signal }));
  own.abort();
  return call;
}

const ways = [
  connectAndClose,
  abort,
  () => codeOf(connect(`refused.test:${port}`, options)),
  () => codeOf(connect(`127.0.0.2:${port}`, { ...options, timeoutMs: 5 })),
];

let begun = 0;
async function worker() {
  while (begun < 1000) {
    const outcome = await ways[begun++ % ways.length]();
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
}
await Promise.all(Array.from({ length: 50 }, worker));
resolver.close();
// What was closed is gone after a turn of the loop.
await setImmediate();
await setImmediate();
const left = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
process.stdout.write(JSON.stringify({ counts, left }));
