import KeyvRedis from '@keyv/redis';
import Keyv from 'keyv';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ResolverOptions, SharedStore } from '../../src/dns/index.js';
import { Resolver } from '../../src/dns/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { freePort, RedisServer, whyNoRedis } from '../support/redis-server.js';
import { tempDir } from '../support/temp-dir.js';

const BOUND_MS = 100;
/** How much longer than the store's bound a call may take, on a machine that has other things to do. */
const SLACK_MS = 400;
const ZONE = String.raw`
www.test.  60 A     192.0.2.1
www.test.  60 AAAA  2001:db8::1
www.test.  60 TXT   "bytes \200\255" "and more"
www.test.  60 MX    10 mail.test.
other.test. 60 A    192.0.2.2
inner.test. 60 A    127.0.0.1
`;

let server: DnsServer;
beforeAll(async () => {
  server = await DnsServer.listen({ zone: ZONE });
});
beforeEach(() => server.reset());
afterAll(() => server.close());

function resolverOf(store: SharedStore, options: ResolverOptions = {}): Resolver {
  const cache = { store, storeTimeoutMs: BOUND_MS };
  const resolver = new Resolver({ servers: [server.address], hosts: false, cache, ...options });
  onTestFinished(() => resolver.close());
  return resolver;
}

/** A store that remembers what was written into it, and when that was done. */
class Noted implements SharedStore {
  readonly #store: SharedStore;
  readonly writes: { readonly key: string; readonly value: unknown; readonly done: Promise<unknown> }[] = [];

  constructor(store: SharedStore) {
    this.#store = store;
  }

  get(key: string): unknown {
    return this.#store.get(key);
  }

  set(key: string, value: unknown, ttlMs: number): Promise<unknown> {
    const done = Promise.resolve(this.#store.set(key, value, ttlMs));
    this.writes.push({ key, value, done });
    return done;
  }

  async written(): Promise<{ readonly key: string; readonly value: unknown }> {
    await Promise.all(this.writes.map(({ done }) => done));
    const last = this.writes.at(-1);
    if (last === undefined) throw new Error('nothing was written');
    return last;
  }
}

class InMemory implements SharedStore {
  readonly entries = new Map<string, unknown>();

  get(key: string): unknown {
    return this.entries.get(key);
  }

  set(key: string, value: unknown, _ttlMs: number): void {
    // As a store on a wire would have it.
    this.entries.set(key, JSON.parse(JSON.stringify(value)));
  }
}

/** What is not what a resolver has stored, made from what one has. */
function garbageFrom(value: unknown): unknown[] {
  const stored = value as object;
  const withRecords = (records: unknown, ttl: unknown = 60) => ({
    ...stored,
    known: { kind: 'records', records, ttl },
  });
  return [
    '',
    'text',
    0,
    42,
    true,
    [],
    {},
    [stored],
    JSON.stringify(stored),
    { ...stored, version: 2 },
    { ...stored, storedAt: Date.now() + 3_600_000 },
    { ...stored, storedAt: Date.now() - 3_600_000 },
    { ...stored, storedAt: 'now' },
    { ...stored, storedAt: null },
    { ...stored, known: null },
    { ...stored, known: { kind: 'failure', code: 'SERVFAIL' } },
    { ...stored, known: { kind: 'none', code: 'SERVFAIL' } },
    withRecords([]),
    withRecords(null),
    withRecords({ length: 1 }),
    withRecords([null]),
    withRecords(['0x7f.1']),
    withRecords([{ type: 'A', address: '127.1', ttl: 60 }]),
    withRecords([{ type: 'A', address: '2001:db8::1', ttl: 60 }]),
    withRecords([{ type: 'A', address: ['192.0.2.9'], ttl: 60 }]),
    withRecords([{ type: 'A', address: '192.0.2.9', ttl: -1 }]),
    withRecords([{ type: 'A', address: '192.0.2.9', ttl: '60' }]),
  ];
}

/** What every store must do, whatever it is. */
function describeSharing(make: () => SharedStore): void {
  test('answers are shared between two resolvers', async () => {
    const store = new Noted(make());
    for (const type of ['A', 'AAAA', 'TXT', 'MX'] as const) {
      const [one, two] = [resolverOf(store), resolverOf(store)];
      const first = await one.resolve('www.test', type);
      await store.written();
      const second = await two.resolve('www.test', type);
      expect([first.source, second.source]).toEqual(['network', 'cache']);
      const bare = (records: readonly object[]) => records.map((record) => ({ ...record, ttl: null }));
      expect(bare(second.records)).toEqual(bare(first.records));
      expect(server.count('www.test', type)).toBe(1);
      expect(two.stats()).toMatchObject({ questions: 0, store: { hits: 1, failures: 0, lies: 0 } });
    }
  });

  test('that there is nothing is shared, too', async () => {
    const store = new Noted(make());
    await expect(resolverOf(store).resolve('missing.test', 'A')).rejects.toMatchObject({ code: 'NXDOMAIN' });
    await store.written();
    await expect(resolverOf(store).resolve('missing.test', 'A')).rejects.toMatchObject({ code: 'NXDOMAIN' });
    expect(server.count('missing.test', 'A')).toBe(1);
  });

  test('a denied address from the store is BLOCKED, for resolve and for lookup', async () => {
    const store = new Noted(make());
    await resolverOf(store).resolve('inner.test', 'A');
    await store.written();
    const guarded = resolverOf(store, { policy: 'global' });
    await expect(guarded.resolve('inner.test', 'A')).rejects.toMatchObject({ code: 'BLOCKED' });
    const error = await new Promise((resolve) => guarded.lookup('inner.test', 4, resolve));
    expect(error).toMatchObject({ code: 'EACCES', cause: { code: 'BLOCKED' } });
    expect(server.count('inner.test')).toBe(1);
  });

  test('garbage in the store is ignored', async () => {
    const store = new Noted(make());
    await resolverOf(store).resolve('www.test', 'A');
    const { key, value } = await store.written();
    const garbage = garbageFrom(value);
    for (const each of garbage) {
      await store.set(key, each, 60_000);
      const { records, source } = await resolverOf(store).resolve('www.test', 'A');
      await store.written();
      expect([source, records], JSON.stringify(each)).toEqual([
        'network',
        [{ type: 'A', address: '192.0.2.1', ttl: 60 }],
      ]);
    }
    expect(server.count('www.test', 'A')).toBe(1 + garbage.length);
  });
}

/** A question is answered by the network, and in time, whatever the store does. */
async function expectUnhurt(store: SharedStore): Promise<Resolver> {
  const resolver = resolverOf(store);
  for (const name of ['www.test', 'other.test']) {
    const start = performance.now();
    const { records, source } = await resolver.resolve(name, 'A');
    expect(performance.now() - start).toBeLessThan(BOUND_MS + SLACK_MS);
    expect([source, records.length]).toEqual(['network', 1]);
    // The resolver's own cache is no slower for it.
    expect(await resolver.resolve(name, 'A')).toMatchObject({ source: 'cache' });
  }
  return resolver;
}

describe('stores of this process', () => {
  describe('in memory', () => {
    describeSharing(() => new InMemory());
  });
  describe('Keyv in memory', () => {
    describeSharing(() => new Keyv());
  });

  const fail = () => {
    throw new Error('out of order');
  };
  const never = () => new Promise(() => {});
  const thenable = (then: unknown) => ({ then });
  const rows: readonly [title: string, store: SharedStore, failures: number][] = [
    ['throws', { get: fail, set: fail }, 4],
    ['rejects', { get: () => Promise.reject(new Error('down')), set: () => Promise.reject('down') }, 4],
    ['hangs', { get: never, set: never }, 4],
    ['gives thenables that throw', { get: () => thenable(fail), set: () => thenable(fail) }, 4],
    ['has nothing', { get: () => undefined, set: () => false }, 0],
    ['gives null', { get: () => Promise.resolve(null), set: () => Promise.resolve(null) }, 0],
  ];

  test.each([[{}], [null], ['redis://127.0.0.1'], [{ get: () => undefined }]])('%j is none, and refused', (store) => {
    expect(() => resolverOf(store as unknown as SharedStore)).toThrow(TypeError);
  });

  test.each(rows)(
    'one that %s fails no query, and slows it down by its bound at the most',
    async (_, store, failures) => {
      const resolver = await expectUnhurt(store);
      await vi.waitFor(() => expect(resolver.stats().store).toEqual({ hits: 0, failures, lies: 0 }));
    },
  );

  test('one that lies', async () => {
    const fail = () => {
      throw new Error('trap');
    };
    const traps = new Proxy({}, { get: (_, key) => (key === 'then' ? undefined : fail()), has: fail, ownKeys: fail });
    const endless = {
      version: 1,
      storedAt: Date.now(),
      known: { kind: 'records', records: new Array(2 ** 31), ttl: 60 },
    };
    for (const lie of [traps, endless, Symbol('lie'), () => 'lie', new Date(Number.NaN), Number.NaN, 1n]) {
      const resolver = await expectUnhurt({ get: () => lie, set: () => undefined });
      expect(resolver.stats().store).toEqual({ hits: 0, failures: 0, lies: 2 });
    }
  });

  test('one that answers too late', async () => {
    const filled = new InMemory();
    await resolverOf(filled).resolve('www.test', 'A');
    let answer: (value: unknown) => void = () => {};
    const late: SharedStore = { get: () => new Promise((resolve) => (answer = resolve)), set: () => undefined };
    const resolver = resolverOf(late);
    expect(await resolver.resolve('www.test', 'A')).toMatchObject({ source: 'network' });
    answer([...filled.entries.values()][0]);
    await new Promise(setImmediate);
    expect(resolver.stats().store).toEqual({ hits: 0, failures: 1, lies: 0 });
  });

  test('a hanging store keeps no call beyond its time limit', async () => {
    const resolver = resolverOf(
      { get: never, set: never },
      { cache: { store: { get: never, set: never }, storeTimeoutMs: 60_000 } },
    );
    const start = performance.now();
    await expect(resolver.resolve('www.test', 'A', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(performance.now() - start).toBeLessThan(100 + SLACK_MS);
  });
});

const reason = whyNoRedis();
if (reason !== null) process.stdout.write(`tests with Keyv on Redis are skipped: ${reason}\n`);

describe.skipIf(reason !== null)('Keyv on a real redis-server', () => {
  const dir = tempDir();
  let redis: RedisServer;
  let adapter: KeyvRedis<unknown>;
  let keyv: Keyv;

  beforeAll(async () => {
    redis = new RedisServer(await freePort(), dir);
    await redis.start();
    adapter = new KeyvRedis(redis.url, { throwOnConnectError: false, throwOnErrors: false });
    keyv = new Keyv({ store: adapter });
    keyv.on('error', () => {});
  });
  beforeEach(() => keyv.clear());
  afterAll(async () => {
    redis.resume();
    await adapter.disconnect(true).catch(() => {});
    await redis.kill();
  });

  describeSharing(() => keyv);

  const answers = () => vi.waitFor(async () => expect(await keyv.get('is it there?')).toBe(undefined), 10_000);

  test('killed and started again in mid-run: no query fails, and then answers are shared again', async () => {
    const before = resolverOf(keyv);
    await before.resolve('www.test', 'A');
    await redis.kill();
    await expectUnhurt(keyv);
    await expectUnhurt(keyv);
    await redis.start();
    await answers();

    const store = new Noted(keyv);
    await resolverOf(store).resolve('www.test', 'AAAA');
    await store.written();
    expect(await resolverOf(store).resolve('www.test', 'AAAA')).toMatchObject({ source: 'cache' });
  }, 20_000);

  test('while it hangs', async () => {
    redis.pause();
    try {
      const resolver = await expectUnhurt(keyv);
      await vi.waitFor(() => expect(resolver.stats().store?.failures).toBe(4));
    } finally {
      redis.resume();
    }
    await answers();
  }, 20_000);
});
