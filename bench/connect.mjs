// Claim: a host whose first address is dead is connected to one attempt delay later, and one whose first two are dead two delays later,
// no more than a round trip after that; and a slow first address is not given up for a dead one.
//
// All of it on loopback: a dead address is a listener with a full backlog, to which the kernel drops every SYN. Names come from the
// cache of one resolver, for us and for Node's autoSelectFamily. The floor is a timer of the delays and a bare connect after it.

import { once } from 'node:events';
import { connect as connectBare, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, Resolver } from '../dist/index.js';
import { DnsServer } from '../dist/testing/index.js';
import { DeadListener } from '../test/support/dead-listener.mjs';
import { ratioOf, report, within } from './support/report.mjs';

const ROUNDS = 11;
const ATTEMPT_DELAY = 250;
const PATIENCE = 4000;

const dns = await DnsServer.listen({
  zone: `
$ORIGIN bench.test.
$TTL 3600
alive     A    127.0.0.3
refused   AAAA ::1
refused   A    127.0.0.3
one-dead  AAAA ::1
one-dead  A    127.0.0.3
two-dead  AAAA ::1
two-dead  A    127.0.0.2
two-dead  A    127.0.0.3
slow      A    127.0.0.4
slow      A    127.0.0.2
`,
});
const resolver = new Resolver({ servers: [dns.address], hosts: false, family: 'v6first' });

/** A living listener and dead ones on one port. @param {readonly string[]} dead */
async function listenBeside(dead) {
  for (let tries = 1; ; tries++) {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    server.listen(0, '127.0.0.3');
    await once(server, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    /** @type {DeadListener[]} */
    const listeners = [];
    const end = async () => {
      server.close();
      for (const one of listeners) await one[Symbol.asyncDispose]();
    };
    try {
      for (const host of dead) listeners.push(await DeadListener.listen(host, port));
      return { port, dead: listeners, end };
    } catch (error) {
      await end();
      if (tries === 20) throw error;
    }
  }
}

/** @param {string} host @param {number} port */
async function ours(host, port) {
  const { socket } = await connect({ host, port }, { resolver, timeoutMs: PATIENCE });
  socket.destroy();
}

/** @param {string} host @param {number} port */
async function nodes(host, port) {
  const { lookup } = resolver;
  const socket = connectBare({
    host,
    port,
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_DELAY,
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(PATIENCE) });
  } finally {
    socket.destroy();
  }
}

/** @param {string} _ @param {number} port @param {number} delays */
async function floor(_, port, delays) {
  if (delays > 0) await delay(delays * ATTEMPT_DELAY);
  const socket = connectBare({ host: '127.0.0.3', port });
  await once(socket, 'connect');
  socket.destroy();
}

/** @param {() => Promise<void>} work */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * @param {string} work
 * @param {string} name
 * @param {readonly string[]} dead
 * @param {number} delays
 */
async function race(work, name, dead, delays) {
  const { port, end } = await listenBeside(dead);
  const host = `${name}.bench.test`;
  const cases = [ours, nodes, floor];
  const costs = cases.map(() => /** @type {number[]} */ ([]));
  for (const one of cases) await one(host, port, delays);
  for (let round = 0; round < ROUNDS; round++) {
    for (let turn = 0; turn < cases.length; turn++) {
      const index = (round + turn) % cases.length;
      costs[index]?.push(await timed(() => cases[index]?.(host, port, delays) ?? Promise.resolve()));
    }
  }
  await end();
  const [own = [], node = [], least = []] = costs;
  const target = delays === 0 ? null : within(1.04);
  const latest = Math.max(...own) - delays * ATTEMPT_DELAY;
  const row = { work, ours: 'connect', unit: 'ms' };
  return [
    {
      ...row,
      peer: delays === 0 ? 'bare connect to an address' : `${delays * ATTEMPT_DELAY} ms and a bare connect`,
      target,
      ...ratioOf(own, least, target),
      ...(delays === 0 ? {} : { note: `the slowest of ${ROUNDS} came ${latest.toFixed(1)} ms after the delays` }),
    },
    { ...row, peer: 'net.connect, autoSelectFamily', target: null, ...ratioOf(own, node, null) },
  ];
}

/** The first address answers after a second; the second never does. */
async function slow() {
  const outcome = async (/** @type {(host: string, port: number) => Promise<void>} */ one) => {
    const { port, dead, end } = await listenBeside(['127.0.0.4', '127.0.0.2']);
    const release = setTimeout(() => dead[0]?.release(), 2 * ATTEMPT_DELAY);
    try {
      return await timed(() => one('slow.bench.test', port));
    } catch {
      return null;
    } finally {
      clearTimeout(release);
      await end();
    }
  };
  const ourCost = await outcome(ours);
  const peerCost = await outcome(nodes);
  const describe = (/** @type {number | null} */ cost) =>
    cost === null ? `no connection in ${PATIENCE} ms` : 'connected';
  return {
    work: 'slow first, dead second',
    ours: 'connect',
    ourCost,
    peer: 'net.connect, autoSelectFamily',
    peerCost,
    unit: 'ms',
    target: null,
    note: `we: ${describe(ourCost)}; Node: ${describe(peerCost)}`,
  };
}

report('connect to a name with dead addresses', [
  ...(await race('alive', 'alive', [], 0)),
  ...(await race('first refused', 'refused', [], 0)),
  ...(await race('first dead', 'one-dead', ['::1'], 1)),
  ...(await race('first two dead', 'two-dead', ['::1', '127.0.0.2'], 2)),
  await slow(),
]);
resolver.close();
await dns.close();
