// Claim: a cached answer costs half of cacheable-lookup's, a question on the wire no more than Node's own, a crowd of questions is
// asked in an order that loses none, and equal questions are one.
//
// All of it on loopback, with the server of inaddr/testing in another process. tangerine speaks DNS over HTTPS only: it is
// compared where nothing is on the wire, its one answer given by a function.

import { Resolver as NodeResolver } from 'node:dns/promises';
import CacheableLookup from 'cacheable-lookup';
import dnsPacket from 'dns-packet';
import Tangerine from 'tangerine';
import { Resolver } from '../dist/dns/index.js';
import { startDnsServer } from './support/dns-server.mjs';
import { faster, median, ratioOf, report, under } from './support/report.mjs';

const server = await startDnsServer();
const servers = [server.address];
let serial = 0;

/** Names that nobody has asked for. @param {number} count */
const freshNames = (count) => Array.from({ length: count }, () => `n${serial++}.bench.test`);

function bare() {
  const resolver = new NodeResolver();
  resolver.setServers(servers);
  return resolver;
}

function cacheable() {
  return new CacheableLookup({ resolver: bare(), lookup: false });
}

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {() => Promise<void>} round
 * @property {import('./support/report.mjs').Target | null} [target]
 */

/**
 * Takes turns, as support/compare.mjs does, with work that awaits.
 *
 * @param {string} work
 * @param {number} rounds
 * @param {number} operations of a round
 * @param {Contestant} ours
 * @param {readonly Contestant[]} peers
 * @param {'ns' | 'µs' | 'ms'} unit of an operation; of a round for 'ms'
 */
async function compareAwaited(work, rounds, operations, ours, peers, unit) {
  const cases = [ours, ...peers];
  const costs = cases.map(() => /** @type {number[]} */ ([]));
  const scale = { ns: 1e6 / operations, µs: 1e3 / operations, ms: 1 }[unit];
  for (const { round } of cases) await round();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < cases.length; turn++) {
      const index = (round + turn) % cases.length;
      globalThis.gc?.();
      const start = performance.now();
      await cases[index]?.round();
      costs[index]?.push((performance.now() - start) * scale);
    }
  }
  const [own = [], ...others] = costs;
  return peers.map(({ name, target = null }, index) => ({
    work,
    ours: ours.name,
    peer: name,
    unit,
    target,
    ...ratioOf(own, others[index] ?? [], target),
  }));
}

// --- from the cache

async function cached() {
  const names = freshNames(100);
  const calls = 200 * names.length;
  const resolver = new Resolver({ servers, hosts: false });
  const withPolicy = new Resolver({ servers, hosts: false, policy: { deny: ['10.0.0.0/8'] } });
  const peer = cacheable();
  const tangerine = new Tangerine({ cache: new Map(), setCacheArgs: () => [] }, async (/** @type {string} */ url) => {
    const { id, questions } = dnsPacket.decode(Buffer.from(new URL(url).searchParams.get('dns') ?? '', 'base64url'));
    const name = questions?.[0]?.name ?? '';
    const answers = [{ name, type: /** @type {const} */ ('A'), ttl: 3600, data: '192.0.2.1' }];
    return { statusCode: 200, headers: {}, body: dnsPacket.encode({ type: 'response', id, questions, answers }) };
  });
  const loop = (/** @type {(name: string) => Promise<unknown>} */ ask) => async () => {
    for (let pass = 0; pass < calls / names.length; pass++) for (const name of names) await ask(name);
  };
  const ours = { name: 'resolve(name)', round: loop((name) => resolver.resolve(name)) };
  const rows = [
    ...(await compareAwaited(
      'cached, both families',
      15,
      calls,
      ours,
      [
        { name: 'cacheable-lookup lookupAsync', round: loop((name) => peer.lookupAsync(name)), target: faster(2) },
        { name: 'resolve(name), with a policy', round: loop((name) => withPolicy.resolve(name)) },
      ],
      'ns',
    )),
    ...(await compareAwaited(
      'cached, A',
      15,
      calls,
      { name: "resolve(name, 'A')", round: loop((name) => resolver.resolve(name, 'A')) },
      [
        { name: 'cacheable-lookup lookupAsync', round: loop((name) => peer.lookupAsync(name, { family: 4 })) },
        { name: 'tangerine resolve4', round: loop((name) => tangerine.resolve4(name)) },
      ],
      'ns',
    )),
  ];
  const asked = await server.counts();
  // 100 names of us, of us with a policy, and of the peer.
  if (asked.A !== 300 || asked.AAAA !== 300) throw new Error(`not from the cache: ${JSON.stringify(asked)} questions`);
  resolver.close();
  withPolicy.close();
  return rows;
}

// --- over the network

const WAVE = 100;
const QUESTIONS = 4000;

/** Asks for new names, so many at once until all are answered. @param {(name: string) => Promise<unknown>} ask */
async function inWaves(ask) {
  const names = freshNames(QUESTIONS);
  const worker = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) await ask(name);
  };
  await Promise.all(Array.from({ length: WAVE }, worker));
}

async function overNetwork() {
  const resolver = new Resolver({ servers, hosts: false });
  const uncached = new Resolver({ servers, hosts: false, cache: false });
  const node = bare();
  const ours = { name: "resolve(name, 'A')", round: () => inWaves((name) => resolver.resolve(name, 'A')) };
  const rows = await compareAwaited(
    `${WAVE} at once`,
    15,
    QUESTIONS,
    ours,
    [
      {
        name: 'bare Resolver.resolve4',
        round: () => inWaves((name) => node.resolve4(name, { ttl: true })),
        target: faster(0.9),
      },
      { name: 'resolve without a cache', round: () => inWaves((name) => uncached.resolve(name, 'A')) },
    ],
    'µs',
  );
  await server.counts();
  resolver.close();
  uncached.close();
  return rows;
}

// --- a crowd

const CROWD = 10_000;

async function crowd() {
  const lost = { ours: /** @type {number[]} */ ([]), bare: /** @type {number[]} */ ([]) };
  const all = async (/** @type {number[]} */ losses, /** @type {(name: string) => Promise<unknown>} */ ask) => {
    const settled = await Promise.allSettled(freshNames(CROWD).map(ask));
    losses.push(settled.filter(({ status }) => status === 'rejected').length);
  };
  const ours = {
    name: "resolve(name, 'A')",
    round: async () => {
      const resolver = new Resolver({ servers, hosts: false, timeoutMs: 60_000 });
      await all(lost.ours, (name) => resolver.resolve(name, 'A'));
      resolver.close();
    },
  };
  const peer = {
    name: 'bare Resolver.resolve4',
    round: () => {
      const resolver = bare();
      return all(lost.bare, (name) => resolver.resolve4(name, { ttl: true }));
    },
    target: faster(2),
  };
  const work = `${CROWD.toLocaleString('en')} names at once`;
  const rows = await compareAwaited(work, 9, CROWD, ours, [peer], 'ms');
  await server.counts();
  return [
    ...rows,
    {
      work: `${work}, unanswered`,
      ours: 'the worst round',
      ourCost: Math.max(...lost.ours),
      peer: peer.name,
      peerCost: Math.max(...lost.bare),
      unit: 'names',
      target: under(0),
    },
  ];
}

// --- equal questions

async function equal() {
  const count = async (/** @type {(name: string) => Promise<unknown>} */ ask) => {
    const most = [];
    for (let round = 0; round < 15; round++) {
      const [name = ''] = freshNames(1);
      await Promise.all(Array.from({ length: 100 }, () => ask(name)));
      const { A, AAAA } = await server.counts();
      if (A < 1) throw new Error('no question came');
      most.push(Math.max(A, AAAA));
    }
    return { most: Math.max(...most), usual: median(most) };
  };
  const resolver = new Resolver({ servers, hosts: false });
  const peer = cacheable();
  const node = bare();
  const ours = await count((name) => resolver.resolve(name));
  const others = [
    { peer: 'cacheable-lookup lookupAsync', peerCost: (await count((name) => peer.lookupAsync(name))).usual },
    { peer: 'bare Resolver.resolve4', peerCost: (await count((name) => node.resolve4(name))).usual },
  ];
  resolver.close();
  return others.map((other, index) => ({
    ...other,
    work: '100 equal questions at once',
    ours: 'resolve(name), the worst round',
    ourCost: ours.most,
    unit: 'questions a family',
    target: index === 0 ? under(1) : null,
  }));
}

try {
  report('Resolve', [...(await cached()), ...(await overNetwork()), ...(await crowd()), ...(await equal())]);
} finally {
  await server.stop();
}
