import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CanResolve, ResolverOptions } from '../../src/dns/index.js';
import { Resolver } from '../../src/dns/index.js';
import { parseAddress } from '../../src/ip/index.js';
import type { Connected } from '../../src/tcp/connect.js';
import { connectTo } from '../../src/tcp/connect.js';
import { ConnectError } from '../../src/tcp/connect-error.js';
import type { ConnectOptions } from '../../src/tcp/connect-options.js';
import { readConnectOptions } from '../../src/tcp/connect-options.js';
import { readTarget } from '../../src/tcp/target.js';
import { FakeNetwork } from '../support/fake-network.js';
import { caresError, deferred, plainBackend } from '../support/resolving.js';

// Who is tried when, in a time that goes when it is told to.

let network: FakeNetwork;
beforeEach(() => {
  network = new FakeNetwork();
});
afterEach(() => {
  // Whatever has happened, nothing is left.
  expect(network.timers.size).toBe(0);
  expect(network.trying).toEqual([]);
});

type Answers = Readonly<Record<'AAAA' | 'A', readonly string[] | Promise<readonly string[]>>>;

/** A resolver whose answers come when they are told to. */
function resolverOf(answers: Partial<Answers>, options: ResolverOptions = {}): Resolver {
  const backend = plainBackend(async (method) => {
    const addresses = (await (method === 'resolve6' ? answers.AAAA : answers.A)) ?? [];
    if (addresses.length === 0) throw caresError('ENODATA');
    return addresses.map((address) => ({ address, ttl: 60 }));
  });
  const resolver = new Resolver({ servers: ['127.0.0.1'], hosts: false, createBackend: () => backend, ...options });
  onTestFinished(() => resolver.close());
  return resolver;
}

function begin(answers: Partial<Answers>, options: ConnectOptions = {}): Promise<Connected | ConnectError> {
  const resolver = options.resolver ?? resolverOf(answers);
  const settings = readConnectOptions({ ...options, resolver });
  const connected = connectTo(readTarget('name.test:80'), settings, network);
  return connected.catch((error: unknown) => {
    if (error instanceof ConnectError) return error;
    throw error;
  });
}

function outcomes({ trace }: Connected | ConnectError) {
  return trace.map(({ address, startMs, outcome, errno, ms }) => [address, startMs, outcome, errno, ms]);
}

describe('questions', () => {
  const FAMILIES: readonly (readonly [ConnectOptions, object, (string | undefined)[]])[] = [
    [{}, {}, ['AAAA', 'A']],
    [{ family: 4 }, {}, ['A']],
    [{ family: 6 }, {}, ['AAAA']],
    [{ localAddress: '127.0.0.1' }, {}, ['A']],
    [{ localAddress: '::1' }, {}, ['AAAA']],
    [{ localAddress: '::1', family: 4 }, {}, []],
    [{}, { family: 4 }, ['A']],
    [{}, { family: 6 }, ['AAAA']],
    [{ family: 6 }, { family: 4 }, []],
    [{}, { family: 'any' }, ['AAAA', 'A']],
    [{}, { family: 'v6first', searches: false }, ['AAAA', 'A']],
    [{}, { searches: true }, [undefined]],
    [{ family: 4 }, { searches: true }, ['A']],
  ];

  it.each(FAMILIES)('with %j of a resolver with %j are %j, and end with the call', async (options, has, asked) => {
    const questions: unknown[][] = [];
    const resolve = (...question: unknown[]) => {
      questions.push(question);
      return new Promise<never>(() => {});
    };
    const call = begin({}, { ...options, resolver: { resolve, ...has } as CanResolve });
    await network.pass(5000);
    const signals = questions.map((question) => (question[2] as { readonly signal: AbortSignal }).signal);
    expect(questions.map(([name, type]) => [name, type])).toEqual(asked.map((type) => ['name.test', type]));
    expect(signals.map(({ aborted }) => aborted)).toEqual(asked.map(() => false));
    await network.pass(5000);
    expect(await call).toMatchObject({ code: asked.length === 0 ? 'NO_ADDRESS' : 'TIMEOUT' });
    expect(signals.map(({ reason }) => reason)).toEqual(asked.map(() => 'the call is over'));
  });
});

it('a resolver whose family throws ends the call, and leaves no timer', async () => {
  const resolver = {
    resolve: async () => ({ records: [] }) as never,
    get family(): 4 {
      throw new Error('odd');
    },
  };
  await expect(begin({}, { resolver })).rejects.toThrow('odd');
  expect(network.timers.size).toBe(0);
});

describe('the order of addresses', () => {
  it('is that from localAddress, which nobody is asked about', async () => {
    let asked = 0;
    network.sources = async (destinations) => {
      asked++;
      return destinations.map(() => null);
    };
    const AAAA = ['2001:db8::5', '2002:c000:202::5'];
    // From a 6to4 address the other 6to4 address comes first (RFC 6724 rule 5), else the one of higher precedence (rule 6).
    for (const [options, first] of [
      [{ localAddress: '2002:c000:201::1' }, '2002:c000:202::5'],
      [{ localAddress: '2001:db8::1' }, '2001:db8::5'],
    ] as const) {
      const call = begin({ AAAA }, options);
      await network.pass(1);
      expect(network.tried.at(-1)).toBe(first);
      network.connect(first);
      await call;
    }
    expect(asked).toBe(0);
    const call = begin({ AAAA });
    await network.pass(1);
    expect(asked).toBe(1);
    network.connect('2001:db8::5');
    await call;
  });
});

describe('a race', () => {
  it('a dead first address costs one attempt delay, two cost two', async () => {
    const call = begin({ AAAA: ['2001:db8::1', '2001:db8::2'], A: ['192.0.2.1'] });
    await network.pass(249);
    expect(network.trying).toEqual(['2001:db8::1']);
    await network.pass(1);
    expect(network.trying).toEqual(['2001:db8::1', '192.0.2.1']);
    await network.pass(250);
    expect(network.trying).toEqual(['2001:db8::1', '192.0.2.1', '2001:db8::2']);
    await network.pass(20);
    const socket = network.connect('2001:db8::2');
    const connected = await call;
    expect(connected).toMatchObject({ socket });
    expect(outcomes(connected)).toEqual([
      ['2001:db8::1', 0, 'lost', null, 520],
      ['192.0.2.1', 250, 'lost', null, 270],
      ['2001:db8::2', 500, 'connected', null, 20],
    ]);
  });

  it('a slow but living first address is not given up when the next begins, and may win', async () => {
    const call = begin({ AAAA: ['2001:db8::1'], A: ['192.0.2.1'] });
    await network.pass(2000);
    expect(network.trying).toEqual(['2001:db8::1', '192.0.2.1']);
    network.connect('2001:db8::1');
    expect(outcomes(await call)).toEqual([
      ['2001:db8::1', 0, 'connected', null, 2000],
      ['192.0.2.1', 250, 'lost', null, 1750],
    ]);
  });

  it('the next attempt begins at once when one fails', async () => {
    const call = begin({ AAAA: ['2001:db8::1'], A: ['192.0.2.1', '192.0.2.2'] });
    await network.pass(10);
    network.fail('2001:db8::1');
    expect(network.trying).toEqual(['192.0.2.1']);
    await network.pass(5);
    network.fail('192.0.2.1', 'EHOSTUNREACH');
    expect(network.trying).toEqual(['192.0.2.2']);
    network.connect('192.0.2.2');
    expect(outcomes(await call)).toEqual([
      ['2001:db8::1', 0, 'failed', 'ECONNREFUSED', 10],
      ['192.0.2.1', 10, 'failed', 'EHOSTUNREACH', 5],
      ['192.0.2.2', 15, 'connected', null, 0],
    ]);
  });

  it('IPv4 waits 50 ms for the answer about IPv6, and for no attempt of it', async () => {
    const late = deferred<string[]>();
    const call = begin({ AAAA: late.promise, A: ['192.0.2.1'] });
    await network.pass(49);
    expect(network.tried).toEqual([]);
    await network.pass(1);
    expect(network.trying).toEqual(['192.0.2.1']);
    await network.pass(100);
    late.resolve(['2001:db8::1']);
    await network.pass(149);
    expect(network.trying).toEqual(['192.0.2.1']);
    await network.pass(1);
    expect(network.trying).toEqual(['192.0.2.1', '2001:db8::1']);
    network.connect('2001:db8::1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('IPv6 waits for nothing', async () => {
    const never = deferred<string[]>();
    const call = begin({ AAAA: ['2001:db8::1'], A: never.promise });
    await network.pass(0);
    expect(network.trying).toEqual(['2001:db8::1']);
    network.connect('2001:db8::1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('the delays are as the options say', async () => {
    const late = deferred<string[]>();
    const options = { attemptDelayMs: 10, minAttemptDelayMs: 10, resolutionDelayMs: 5 };
    const call = begin({ AAAA: late.promise, A: ['192.0.2.1', '192.0.2.2'] }, options);
    await network.pass(4);
    expect(network.trying).toEqual([]);
    await network.pass(1);
    expect(network.trying).toEqual(['192.0.2.1']);
    await network.pass(10);
    expect(network.trying).toEqual(['192.0.2.1', '192.0.2.2']);
    network.connect('192.0.2.1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('addresses are tried in the order of RFC 6724 when both answers come together', async () => {
    // Of a unique-local address the precedence is less than that of IPv4.
    const call = begin({ AAAA: ['fd00::1'], A: ['192.0.2.1'] });
    await network.pass(250);
    expect(network.trying).toEqual(['192.0.2.1', 'fd00::1']);
    network.connect('fd00::1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('the order is that of the answers when the sources cannot be found out', async () => {
    network.sources = () => Promise.reject(new Error('no sockets left'));
    const call = begin({ A: ['192.0.2.7', '192.0.2.1'] });
    await network.pass(250);
    expect(network.trying).toEqual(['192.0.2.7', '192.0.2.1']);
    network.connect('192.0.2.1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('of many addresses 32 of each answer are tried, each once', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `127.1.${index >> 8}.${index & 255}`);
    const call = begin({ A: ['127.1.0.0', ...many] });
    await network.pass(0);
    while (network.trying.length > 0) network.fail(network.trying[0] ?? '');
    expect(await call).toMatchObject({ code: 'ECONNREFUSED' });
    expect(network.tried).toEqual(many.slice(0, 32));
  });

  it('a mapped address of an answer is its IPv4 address', async () => {
    const call = begin({ AAAA: ['::ffff:192.0.2.1'] });
    await network.pass(0);
    expect(network.trying).toEqual(['192.0.2.1']);
    network.connect('192.0.2.1');
    expect(await call).not.toBeInstanceOf(ConnectError);
  });

  it('all fail: the code that says most, each attempt in the trace, and why a family was not resolved', async () => {
    const call = begin({
      AAAA: ['2001:db8::1', '2001:db8::2'],
      A: Promise.reject(caresError('ESERVFAIL')),
    });
    await network.pass(0);
    network.fail('2001:db8::1', 'ENETUNREACH');
    network.fail('2001:db8::2', 'ETIMEDOUT');
    await network.pass(0);
    const error = await call;
    expect(error).toMatchObject({ code: 'ETIMEDOUT', target: 'name.test:80', cause: { code: 'ETIMEDOUT' } });
    expect(outcomes(error)).toEqual([
      ['2001:db8::1', 0, 'failed', 'ENETUNREACH', 0],
      ['2001:db8::2', 0, 'failed', 'ETIMEDOUT', 0],
    ]);
    expect(error).toHaveProperty(
      'message',
      'ETIMEDOUT name.test:80: [2001:db8::1]:80 ENETUNREACH, [2001:db8::2]:80 ETIMEDOUT, A SERVFAIL; ' +
        'nothing answers: check the address, and firewalls between',
    );
  });
});

describe('time and signal', () => {
  it.each(['resolving', 'sorting', 'waiting', 'connecting'])('timeoutMs bounds it while %s', async (stage) => {
    const never = deferred<string[]>();
    if (stage === 'sorting') network.sources = () => new Promise(() => {});
    const AAAA = stage === 'resolving' || stage === 'waiting' ? never.promise : [];
    const A = stage === 'resolving' ? never.promise : ['192.0.2.1'];
    const call = begin({ AAAA, A }, { timeoutMs: 40 });
    await network.pass(39);
    expect(network.trying).toEqual(stage === 'connecting' ? ['192.0.2.1'] : []);
    await network.pass(1);
    const error = await call;
    expect(error).toMatchObject({ code: 'TIMEOUT', target: 'name.test:80' });
    expect(outcomes(error)).toEqual(stage === 'connecting' ? [['192.0.2.1', 0, 'ended', null, 40]] : []);
  });

  it.each(['resolving', 'sorting', 'waiting', 'connecting'])('a signal ends it while %s', async (stage) => {
    const never = deferred<string[]>();
    if (stage === 'sorting') network.sources = () => new Promise(() => {});
    const AAAA = stage === 'resolving' || stage === 'waiting' ? never.promise : [];
    const A = stage === 'resolving' ? never.promise : ['192.0.2.1'];
    const controller = new AbortController();
    const { signal } = controller;
    const resolver = resolverOf({ AAAA, A });
    const call = begin({}, { resolver, signal });
    await network.pass(39);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(network.trying).toEqual([]);
    const error = await call;
    expect(error).toMatchObject({ code: 'ABORTED' });
    expect((error as ConnectError).cause).toBe(reason);
    expect(outcomes(error)).toEqual(stage === 'connecting' ? [['192.0.2.1', 0, 'ended', null, 39]] : []);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await setImmediate();
    expect(resolver.stats()).toMatchObject({ queued: 0 });
  });

  it('a signal that was aborted before: nothing is asked', async () => {
    const resolver = resolverOf({ A: ['192.0.2.1'] });
    const error = await begin({}, { resolver, signal: AbortSignal.abort('before') });
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'before', trace: [] });
    expect(resolver.stats()).toMatchObject({ questions: 0 });
  });

  it('a hundred calls with one signal are one listener, and all end', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const resolver = resolverOf({ A: ['192.0.2.1'] });
    const calls = Array.from({ length: 100 }, () => begin({}, { resolver, signal }));
    await network.pass(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    network.connect('192.0.2.1');
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controller.abort();
    const ended = await Promise.all(calls);
    expect(ended.filter((one) => one instanceof ConnectError && one.code === 'ABORTED')).toHaveLength(99);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('what the resolver says after the end is not heard', async () => {
    const late = deferred<string[]>();
    const call = begin({ AAAA: ['2001:db8::1'], A: late.promise });
    await network.pass(0);
    network.connect('2001:db8::1');
    await call;
    late.resolve(['192.0.2.1']);
    await network.pass(1000);
    expect(network.tried).toEqual(['2001:db8::1']);
  });
});

describe('literals', () => {
  it('one attempt, at once, without a question or a search for its source', async () => {
    const sources: unknown[] = [];
    network.sources = async (destinations) => {
      sources.push(destinations);
      return [];
    };
    const target = readTarget({ host: parseAddress('fe80::1%eth0'), port: 80 });
    const resolver = resolverOf({});
    const call = connectTo(target, readConnectOptions({ resolver, noDelay: true, keepAlive: true }), network);
    expect(network.attempts.map(({ options }) => options)).toEqual([
      { host: 'fe80::1%eth0', port: 80, family: 6, autoSelectFamily: false, noDelay: true, keepAlive: true },
    ]);
    network.connect('fe80::1%eth0');
    await call;
    expect(sources).toEqual([]);
    expect(resolver.stats()).toMatchObject({ questions: 0 });
  });
});
