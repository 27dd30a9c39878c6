import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ResolverStats } from '../../src/dns/index.js';
import { Resolver } from '../../src/dns/index.js';
import type { Fault, Rule, RuleMatch, ZoneRecord } from '../../src/testing/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { addressOf, typeOf } from '../support/many-names.mjs';
import type { Run } from '../support/run-cli.js';
import { runModule, runNode } from '../support/run-node.js';

const QUESTIONS = 10_000;
const SHARE = 0.05;

const FAULTS: readonly Fault[] = [
  'drop',
  { delayMs: 100 },
  // Longer than the resolver waits: its answer comes when another attempt is on its way.
  { delayMs: 500 },
  { rcode: 'SERVFAIL' },
  { rcode: 'REFUSED' },
  'truncate',
  'wrong-id',
  'wrong-question',
  'wrong-port',
  { owner: 'another-name.test' },
  'garbage',
  'half-tcp',
  'tcp-reset',
  'cname-loop',
  { drip: { bytes: 20, everyMs: 10 } },
];

/** Rules that each fire for a twentieth of all questions: for each the first that fires decides. */
const RULES = FAULTS.map((fault, place): [RuleMatch, Fault] => [{ probability: SHARE / (1 - place * SHARE) }, fault]);

const RECORDS = Array.from({ length: QUESTIONS }, (_, number): ZoneRecord => {
  const [type, text] = [typeOf(number), addressOf(number)];
  const name = `host-${number}.chaos.test`;
  return type === 'TXT' ? { name, type, chunks: [text] } : { name, type, address: text };
});

interface Report {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly wrong: readonly unknown[];
  readonly latest: number;
  readonly latestByClock: number;
  readonly settled: number;
  readonly rejections: number;
  readonly attempts: Readonly<Record<string, number>>;
  readonly stats: ResolverStats;
  readonly left: readonly string[];
  readonly exitMs: number;
}

describe('10,000 questions at once, with 5 % of each fault', () => {
  let servers: DnsServer[];
  let rules: Rule[][];
  let run: Run;
  let report: Report;

  beforeAll(async () => {
    servers = await Promise.all([1, 2].map((seed) => DnsServer.listen({ records: RECORDS, seed })));
    rules = servers.map((server) => RULES.map(([match, fault]) => server.rule(match, fault)));
    const addresses = servers.map(({ address }) => address);
    run = await runNode('ask-many.mjs', [JSON.stringify({ servers: addresses, questions: QUESTIONS })]);
    report = run.code === 0 ? JSON.parse(run.stdout) : run;
  }, 60_000);
  afterAll(() => Promise.all(servers.map((server) => server.close())));

  test('the process of the resolver ends by itself, and has said nothing else', () => {
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  test('each fault has happened in about 5 % of what the servers were asked', () => {
    const asked = servers.reduce((sum, { questions }) => sum + questions.length, 0);
    expect(asked).toBeGreaterThan(QUESTIONS / 2);
    for (const [place, fault] of FAULTS.entries()) {
      const fired = rules.reduce((sum, each) => sum + (each[place]?.fired ?? 0), 0);
      expect(fired / asked, JSON.stringify(fault)).toBeGreaterThan(SHARE * 0.8);
      expect(fired / asked, JSON.stringify(fault)).toBeLessThan(SHARE * 1.2);
    }
  });

  test('every question is settled once, by its own answer or by a DnsError about it', () => {
    expect(report.wrong).toEqual([]);
    expect(report.settled).toBe(QUESTIONS);
    const { ANSWER = 0, ...errors } = report.outcomes;
    // Many are answered in spite of it all: on a machine with nothing else to do, most; on one with ten times the work it can do, some.
    expect(ANSWER).toBeGreaterThan(QUESTIONS / 50);
    const known = ['TIMEOUT', 'SERVFAIL', 'REFUSED', 'BAD_RESPONSE', 'NODATA', 'NXDOMAIN', 'UNREACHABLE'];
    expect(Object.keys(errors).filter((code) => !known.includes(code))).toEqual([]);
    // And the faults are seen, if not by those who ask.
    expect(Object.keys(report.attempts)).toEqual(
      expect.arrayContaining(['ANSWER', 'TIMEOUT', 'SERVFAIL', 'REFUSED', 'BAD_RESPONSE']),
    );
  });

  test('no promise outlives its time limit by more than 100 ms', () => {
    expect(report.latest).toBeLessThan(100);
    // Whatever the machine does: ten thousand calls begin before the first timer can fire.
    expect(report.latestByClock).toBeLessThan(5000);
  });

  test('there is no unhandled rejection', () => {
    expect(report.rejections).toBe(0);
  });

  test('stats() tell what has happened', () => {
    const { stats } = report;
    const attempts = Object.values(report.attempts).reduce((sum, count) => sum + count, 0);
    expect(stats).toMatchObject({ hits: 0, misses: QUESTIONS, stale: 0, blocked: 0, inFlight: 0, queued: 0 });
    expect(stats.questions).toBe(attempts);
    expect(stats.entries).toBeLessThanOrEqual(QUESTIONS);
    // Over UDP all that was asked came in, and over TCP what was truncated came again.
    const udp = servers.flatMap(({ questions }) => questions.filter(({ transport }) => transport === 'udp'));
    expect(udp.length).toBeGreaterThan(attempts * 0.9);
  });

  test('after close() nothing is open, and the process ends at once', () => {
    expect(report.left).toEqual([]);
    expect(report.exitMs).toBeLessThan(500);
  });
});

test('garbage for one question is no matter of the others, which c-ares ends with it', async () => {
  await using server = await DnsServer.listen({
    zone: '*.good.test. 60 A 192.0.2.1',
    rules: [[{ name: /^bad/ }, 'garbage']],
  });
  using resolver = new Resolver({ servers: [server.address], hosts: false, attempts: 1, attemptTimeoutMs: 5000 });
  const names = Array.from({ length: 300 }, (_, place) => `${place % 10 === 0 ? 'bad' : 'host'}${place}.good.test`);
  const results = await Promise.allSettled(names.map((name) => resolver.resolve(name, 'A')));
  const failed = names.filter((_, place) => results[place]?.status === 'rejected');
  expect(failed).toEqual(names.filter((name) => name.startsWith('bad')));
});

describe('a process whose question has no answer ends by itself', () => {
  const rows: readonly [title: string, options: string, call: string, code: string][] = [
    ['timed out', '', "resolve('a.test', 'A', { timeoutMs: 200 })", 'TIMEOUT'],
    ['timed out, of the resolver', 'timeoutMs: 200', "resolve('a.test')", 'TIMEOUT'],
    ['aborted', '', "resolve('a.test', 'A', { signal: AbortSignal.timeout(200) })", 'ABORTED'],
    ['aborted before', '', "resolve('a.test', 'A', { signal: AbortSignal.abort() })", 'ABORTED'],
    ['asked in vain, with others answered since', 'attemptTimeoutMs: 200, attempts: 1', "resolve('a.test')", 'TIMEOUT'],
  ];
  test.each(rows)('%s', async (_, options, call, code) => {
    await using server = await DnsServer.listen({
      zone: 'b.test. 60 A 192.0.2.1\nc.test. 60 A 192.0.2.1',
      rules: [
        [{ name: 'a.test' }, 'drop'],
        [{ name: 'b.test' }, { delayMs: 500 }],
      ],
    });
    const { stdout, stderr } = await runModule(`
      import { Resolver } from 'inaddr/dns';
      const resolver = new Resolver({ servers: ['${server.address}'], hosts: false, ${options} });
      const others = Promise.allSettled(['b.test', 'c.test'].map((name) => resolver.resolve(name, 'A')));
      const error = await resolver.${call}.catch((thrown) => thrown);
      console.log(error.code);
      await others;
      const settled = performance.now();
      process.on('exit', () => console.log(performance.now() - settled));
    `);
    const [shown, exitMs] = stdout.split('\n');
    expect({ shown, stderr }).toEqual({ shown: code, stderr: '' });
    expect(Number(exitMs)).toBeLessThan(500);
  });
});
