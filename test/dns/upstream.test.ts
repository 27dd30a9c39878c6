import { describe, expect, onTestFinished, test } from 'vitest';

import type { Attempt, DnsErrorCode } from '../../src/dns/error.js';
import type { Backend, Outcome } from '../../src/dns/exchange.js';
import { TimeIsOver } from '../../src/dns/limit.js';
import { Resolver } from '../../src/dns/resolver.js';
import { Stop } from '../../src/dns/stop.js';
import type { Asked } from '../../src/dns/upstream.js';
import { mostTelling, nextServer, Progress, Upstream } from '../../src/dns/upstream.js';
import { caresError, deferred, ManualClock, plainBackend } from '../support/resolving.js';
import { Untold } from '../support/untold.js';

const failure = (code: DnsErrorCode): Outcome => ({ kind: 'failure', code, cause: undefined });
const NXDOMAIN: Outcome = { kind: 'none', code: 'NXDOMAIN' };
const ANSWER: Outcome = { kind: 'records', records: [{ type: 'A', address: '192.0.2.1', ttl: 30 }] };

describe('nextServer', () => {
  /** The servers that are asked, in their order, when each says the same each time. */
  function plan(outcomes: readonly Outcome[], attempts: number): number[] {
    const asked: Asked[] = [];
    for (;;) {
      const place = nextServer(asked, outcomes.length, attempts);
      if (place === null) return asked.map((one) => one.place);
      asked.push({ place, outcome: outcomes[place] ?? ANSWER });
    }
  }

  test.each<[string, Outcome[], number, number[]]>([
    ['an answer is the end', [ANSWER, ANSWER], 2, [0]],
    ['so is NXDOMAIN', [NXDOMAIN, ANSWER], 2, [0]],
    ['so is NODATA', [{ kind: 'none', code: 'NODATA' }, ANSWER], 2, [0]],
    ['SERVFAIL: the next', [failure('SERVFAIL'), ANSWER], 2, [0, 1]],
    ['REFUSED: the next', [failure('REFUSED'), ANSWER], 2, [0, 1]],
    ['TIMEOUT: the next', [failure('TIMEOUT'), ANSWER], 2, [0, 1]],
    ['BAD_RESPONSE: the next', [failure('BAD_RESPONSE'), ANSWER], 2, [0, 1]],
    ['UNREACHABLE: the next', [failure('UNREACHABLE'), ANSWER], 2, [0, 1]],
    [
      'all once before one again',
      [failure('SERVFAIL'), failure('TIMEOUT'), failure('BAD_RESPONSE')],
      2,
      [0, 1, 2, 0, 1, 2],
    ],
    ['who refuses is not asked again', [failure('REFUSED'), failure('TIMEOUT'), failure('NOTIMP')], 3, [0, 1, 2, 1, 1]],
    ['one server', [failure('TIMEOUT')], 3, [0, 0, 0]],
    ['one attempt', [failure('TIMEOUT'), failure('TIMEOUT')], 1, [0, 1]],
    ['what is aborted stays so', [failure('ABORTED'), ANSWER], 2, [0]],
    ['no server knows a bad name', [failure('BAD_NAME'), ANSWER], 2, [0]],
  ])('%s', (_, outcomes, attempts, expected) => {
    expect(plan(outcomes, attempts)).toEqual(expected);
  });
});

describe('mostTelling', () => {
  test.each<[DnsErrorCode[], DnsErrorCode]>([
    [['TIMEOUT', 'SERVFAIL'], 'SERVFAIL'],
    [['SERVFAIL', 'TIMEOUT'], 'SERVFAIL'],
    [['TIMEOUT', 'UNREACHABLE'], 'UNREACHABLE'],
    [['BAD_RESPONSE', 'UNREACHABLE'], 'BAD_RESPONSE'],
    [['BAD_RESPONSE', 'REFUSED'], 'REFUSED'],
    [['REFUSED', 'SERVFAIL'], 'REFUSED'],
    [['TIMEOUT'], 'TIMEOUT'],
  ])('of %j it is %s', ([first, ...others], expected) => {
    expect(mostTelling([failure(first ?? 'TIMEOUT'), ...others.map(failure)])).toEqual(failure(expected));
  });

  test('an answer says more than any failure', () => {
    expect(mostTelling([failure('REFUSED'), NXDOMAIN])).toBe(NXDOMAIN);
    expect(mostTelling([failure('REFUSED'), ANSWER])).toBe(ANSWER);
  });
});

test('Progress tells the attempt that goes on, and those that have ended', () => {
  const progress = new Progress();
  expect(progress.soFar('TIMEOUT', 0)).toEqual([]);
  progress.begin('a', 10);
  expect(progress.soFar('TIMEOUT', 15)).toEqual([{ server: 'a', outcome: 'TIMEOUT', ms: 5 }]);
  expect(progress.end(failure('SERVFAIL'), 20)).toEqual({ server: 'a', outcome: 'SERVFAIL', ms: 10 });
  progress.begin('b', 20);
  expect(progress.soFar('ABORTED', 21)).toEqual([
    { server: 'a', outcome: 'SERVFAIL', ms: 10 },
    { server: 'b', outcome: 'ABORTED', ms: 1 },
  ]);
  expect(progress.end(ANSWER, 22)).toEqual({ server: 'b', outcome: 'ANSWER', ms: 2 });
});

test('Progress tells whom the time of all callers ended from whom they left', () => {
  const progress = new Progress();
  progress.begin('a', 0);
  expect(progress.end({ kind: 'failure', code: 'ABORTED', cause: new TimeIsOver(5) }, 5)).toMatchObject({
    outcome: 'TIMEOUT',
  });
  progress.begin('b', 5);
  expect(progress.end({ kind: 'failure', code: 'ABORTED', cause: 'enough' }, 6)).toMatchObject({ outcome: 'ABORTED' });
});

describe('Upstream', () => {
  const never = () => new Stop();

  function upstreamOf(
    backends: Readonly<Record<string, Backend>>,
    options: { attempts?: number; maxInFlight?: number; attemptTimeoutMs?: number } = {},
  ) {
    const attempts: Attempt[] = [];
    const created: string[] = [];
    const upstream = new Upstream({
      servers: Object.keys(backends),
      attemptTimeoutMs: 60_000,
      attempts: 2,
      maxInFlight: 128,
      clock: new ManualClock().read,
      onAttempt: (attempt) => attempts.push(attempt),
      ...options,
      createBackend: (server) => {
        created.push(server);
        const backend = backends[server];
        if (backend === undefined) throw new Error(`no backend for ${server}`);
        return backend;
      },
    });
    const ask = (name = 'a.test', signal = never()) => upstream.ask(name, 'A', signal, new Progress());
    return { upstream, ask, attempts, created };
  }

  const good = () => plainBackend(() => [{ address: '192.0.2.1', ttl: 30 }]);
  const bad = (code: string) => plainBackend(() => Promise.reject(caresError(code)));

  test('asks one server after another, and makes its backend once', async () => {
    const { ask, attempts, created, upstream } = upstreamOf({
      '192.0.2.1:53': bad('ESERVFAIL'),
      '192.0.2.2:53': good(),
    });
    expect(await ask()).toMatchObject({ kind: 'records' });
    expect(await ask()).toMatchObject({ kind: 'records' });
    expect(attempts.map(({ server, outcome }) => `${server} ${outcome}`)).toEqual([
      '192.0.2.1:53 SERVFAIL',
      '192.0.2.2:53 ANSWER',
      '192.0.2.1:53 SERVFAIL',
      '192.0.2.2:53 ANSWER',
    ]);
    expect(created).toEqual(['192.0.2.1:53', '192.0.2.2:53']);
    expect(upstream.stats).toEqual({ questions: 4, inFlight: 0, queued: 0 });
  });

  test('a backend that cannot be made is a server that cannot be reached', async () => {
    const upstream = new Upstream({
      servers: ['192.0.2.1'],
      attemptTimeoutMs: 1000,
      attempts: 2,
      maxInFlight: 1,
      clock: () => 0,
      createBackend: () => {
        throw new Error('broken');
      },
    });
    expect(await upstream.ask('a.test', 'A', never(), new Progress())).toMatchObject({ code: 'UNREACHABLE' });
    expect(upstream.stats.inFlight).toBe(0);
  });

  test('questions over the cap wait, in their order', async () => {
    const asked: string[] = [];
    const answers = new Map<string, (value: unknown) => void>();
    const backend = plainBackend((_, name) => {
      asked.push(name);
      const { promise, resolve } = deferred<unknown>();
      answers.set(name, resolve);
      return promise;
    });
    const { ask, upstream } = upstreamOf({ '192.0.2.1:53': backend }, { maxInFlight: 2 });
    const gone = new Stop();
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => ask(name, name === 'c' ? gone : never()));
    await expect.poll(() => asked).toEqual(['a', 'b']);
    expect(upstream.stats).toEqual({ questions: 2, inFlight: 2, queued: 3 });
    gone.abort('enough');
    expect(await all[2]).toEqual({ kind: 'failure', code: 'ABORTED', cause: 'enough' });
    for (const name of ['b', 'a', 'd', 'e']) {
      await expect.poll(() => asked).toContain(name);
      answers.get(name)?.([]);
    }
    await Promise.all(all);
    expect(asked).toEqual(['a', 'b', 'd', 'e']);
    expect(upstream.stats).toEqual({ questions: 4, inFlight: 0, queued: 0 });
  });

  test('cancel comes once nobody waits for any open question, and once', async () => {
    const questions = new Map<string, ReturnType<typeof deferred<unknown>>>();
    const backend = plainBackend((_, name) => {
      const question = deferred<unknown>();
      questions.set(name, question);
      return question.promise;
    });
    const { ask } = upstreamOf({ '192.0.2.1:53': backend });
    const [a, b] = [new Stop(), new Stop()];
    const [first, second, third] = [ask('a', a), ask('b', b), ask('c')];
    await expect.poll(() => questions.size).toBe(3);
    a.abort('enough');
    b.abort('enough');
    await Promise.all([first, second]);
    // The third would be rejected with them.
    expect(backend.cancelled).toBe(0);
    questions.get('c')?.resolve([]);
    await third;
    expect(backend.cancelled).toBe(1);
    for (const name of ['a', 'b']) questions.get(name)?.reject(caresError('ECANCELLED'));
    // What comes after is not touched.
    const fourth = ask('d');
    await expect.poll(() => questions.size).toBe(4);
    questions.get('d')?.resolve([]);
    expect(await fourth).toEqual({ kind: 'none', code: 'NODATA' });
    expect(backend.cancelled).toBe(1);
  });

  test('cancel comes when the only question runs out of time, each time', async () => {
    const backend = plainBackend(() => new Promise(() => {}));
    const { ask, attempts } = upstreamOf({ '192.0.2.1:53': backend }, { attemptTimeoutMs: 5 });
    expect(await ask()).toMatchObject({ code: 'TIMEOUT' });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['TIMEOUT', 'TIMEOUT']);
    expect(backend.cancelled).toBe(2);
  });

  test('other servers while a question is under way', async () => {
    const { promise, resolve } = deferred<unknown>();
    const { upstream, ask, created } = upstreamOf({
      '192.0.2.1:53': plainBackend(() => promise),
      '192.0.2.2:53': good(),
    });
    upstream.setServers(['192.0.2.1']);
    const first = ask();
    await expect.poll(() => created).toEqual(['192.0.2.1:53']);
    upstream.setServers(['192.0.2.2']);
    expect(upstream.servers).toEqual(['192.0.2.2:53']);
    expect(await ask('b')).toMatchObject({ kind: 'records' });
    expect(created).toEqual(['192.0.2.1:53', '192.0.2.2:53']);
    resolve([]);
    expect(await first).toEqual({ kind: 'none', code: 'NODATA' });
  });

  test.each([[[]], [['localhost']], [['192.0.2.1', '192.0.2.1:0']]])(
    'servers %j are refused, and nothing changes',
    (servers) => {
      const { upstream } = upstreamOf({ '192.0.2.1:53': good() });
      expect(() => upstream.setServers(servers)).toThrow(TypeError);
      expect(upstream.servers).toEqual(['192.0.2.1:53']);
    },
  );

  test('a server that stays keeps its backend', async () => {
    const { upstream, ask, created } = upstreamOf({ '192.0.2.1:53': good() });
    await ask();
    upstream.setServers(['192.0.2.1:53', '192.0.2.1']);
    await ask();
    expect(created).toEqual(['192.0.2.1:53']);
  });
});

describe('a backend', () => {
  const ask = (createBackend: () => unknown) => {
    const servers = ['127.0.0.1'];
    const options = { servers, hosts: false, attempts: 1, attemptTimeoutMs: 20, maxInFlight: 1 } as const;
    const resolver = new Resolver({ ...options, createBackend: createBackend as never });
    onTestFinished(() => resolver.close());
    return resolver;
  };
  const silent = () => new Promise(() => {});

  test.each([
    ['without cancel', () => ({ resolve4: silent }), 'UNREACHABLE'],
    ['that is promised, and fails', () => Promise.reject(new Error('odd')), 'UNREACHABLE'],
    [
      'whose cancel throws',
      () => ({
        resolve4: silent,
        cancel: () => {
          throw new Error('odd');
        },
      }),
      'TIMEOUT',
    ],
    ['whose cancel rejects', () => ({ resolve4: silent, cancel: () => Promise.reject(new Error('odd')) }), 'TIMEOUT'],
    [
      'that rejects with what can not be told',
      () => ({ resolve4: () => Promise.reject(new Untold()), cancel: () => {} }),
      'UNREACHABLE',
    ],
  ])('%s ends its question, and frees its turn', async (_, createBackend, code) => {
    const resolver = ask(createBackend);
    for (const name of ['a.test', 'b.test']) {
      await expect(resolver.resolve(name, 'A')).rejects.toMatchObject({ name: 'DnsError', code });
    }
    expect(resolver.stats()).toMatchObject({ inFlight: 0, queued: 0 });
  });

  test.each<[string, () => unknown, string, string]>([
    ['a number', () => 7, 'createBackend has given 7', 'give what has resolve4, cancel and the like at once'],
    ['without cancel', () => ({ resolve4: silent }), 'createBackend has given what has no cancel', 'give what has'],
    ['promised', async () => ({}), 'createBackend has given an object', 'at once'],
    ['without the method', () => ({ cancel() {} }), 'createBackend has given what has no resolve4', 'give what has it'],
    [
      'with what is no method',
      () => ({ resolve4: 5, cancel() {} }),
      'createBackend has given what has no resolve4',
      'give what has it',
    ],
    [
      'that is not made',
      () => {
        throw new Error('odd');
      },
      'createBackend has thrown',
      'see its cause',
    ],
  ])('%s: the error names createBackend', async (_, createBackend, problem, hint) => {
    const resolver = ask(createBackend);
    // The second time, too: it is not remembered as a failure of the servers.
    for (const _time of [1, 2]) {
      await expect(resolver.resolve('a.test', 'A')).rejects.toMatchObject({
        code: 'UNREACHABLE',
        problem,
        hint: expect.stringContaining(hint),
        cause: { name: 'TypeError', message: expect.stringContaining('createBackend') },
      });
    }
  });

  test('resolveTlsa, which older versions of Node have not, is a function where it is there', async () => {
    const tlsa = (resolveTlsa: unknown) =>
      ask(() => ({ resolve4: silent, cancel() {}, resolveTlsa })).resolve('a.test', 'TLSA');
    await expect(tlsa(5)).rejects.toMatchObject({ problem: 'createBackend has given what has no resolveTlsa' });
    await expect(tlsa(undefined)).rejects.toMatchObject({ code: 'NOTIMP' });
  });
});
