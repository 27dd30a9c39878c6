// Claim: what comes in by `listen` goes as fast as by a bare server of `net`, and connections are taken nearly as fast.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ratioOf, report, within } from './support/report.mjs';

const ROUNDS = 41;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

const server = fork(fileURLToPath(new URL('support/echo-servers.mjs', import.meta.url)));
/** @type {[{ ours: number, bare: number }]} */
const [ports] = /** @type {any} */ (await once(server, 'message'));

/**
 * One connection: sends so many chunks, and gets them back.
 *
 * @param {number} port
 * @param {number} chunks
 */
async function echo(port, chunks) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let got = 0;
  socket.on('data', (chunk) => {
    got += chunk.length;
  });
  const ended = once(socket, 'end');
  for (let sent = 0; sent < chunks; sent++) if (!socket.write(CHUNK)) await once(socket, 'drain');
  socket.end();
  await ended;
  if (got !== chunks * CHUNK.length) throw new Error(`${got} bytes came back of ${chunks * CHUNK.length}`);
}

/**
 * Connects, gets one chunk back, and closes, one after the other.
 *
 * @param {number} port
 * @param {number} count
 */
async function connectOften(port, count) {
  for (let turn = 0; turn < count; turn++) {
    const socket = connect(port, '127.0.0.1');
    socket.write('x');
    await once(socket, 'data');
    // No port stays in TIME-WAIT.
    socket.resetAndDestroy();
    await once(socket, 'close');
  }
}

/**
 * @param {string} work
 * @param {(port: number) => Promise<unknown>} run
 * @param {import('./support/report.mjs').Target | null} target
 */
async function compareServers(work, run, target) {
  /** @type {{ ours: number[], bare: number[] }} */
  const times = { ours: [], bare: [] };
  const names = /** @type {const} */ (['ours', 'bare']);
  for (const name of names) await run(ports[name]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = performance.now();
      await run(ports[name]);
      times[name].push(performance.now() - start);
    }
  }
  const compared = ratioOf(times.ours, times.bare, target);
  return { work, ours: 'listen', peer: 'net.createServer', unit: 'ms', target, ...compared };
}

try {
  report('Echo', [
    await compareServers(
      '32 MB echoed, 8 connections at once',
      (port) => Promise.all(Array.from({ length: 8 }, () => echo(port, 64))),
      // That is 0.95 of the throughput.
      within(1.05),
    ),
    await compareServers('32 MB echoed, one connection', (port) => echo(port, 512), within(1.05)),
    await compareServers('200 connections, one after the other', (port) => connectOften(port, 200), null),
  ]);
} finally {
  server.kill();
}
