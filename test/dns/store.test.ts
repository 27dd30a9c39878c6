import { describe, expect, test } from 'vitest';
import type { Known } from '../../src/dns/cache.js';
import { cacheLimits } from '../../src/dns/cache.js';
import { normalise } from '../../src/dns/records.js';
import { Stop } from '../../src/dns/stop.js';
import type { SharedStore } from '../../src/dns/store.js';
import { GuardedStore } from '../../src/dns/store.js';
import { deferred, ManualClock } from '../support/resolving.js';

const LIMITS = cacheLimits();
const never = new Stop();

const known: Known = { kind: 'records', records: normalise('A', [{ address: '192.0.2.1', ttl: 30 }]), ttl: 30 };

/** A store that keeps JSON, as those over a network do. */
class JsonStore implements SharedStore {
  readonly kept = new Map<string, { text: string; ttlMs: number }>();

  get(key: string): unknown {
    const entry = this.kept.get(key);
    return entry === undefined ? undefined : JSON.parse(entry.text);
  }

  set(key: string, value: unknown, ttlMs: number): void {
    this.kept.set(key, { text: JSON.stringify(value), ttlMs });
  }
}

const flush = () => new Promise((resolve) => setImmediate(resolve));

describe('GuardedStore', () => {
  test('gives back what it was given, and how old it is', async () => {
    const clock = new ManualClock();
    const store = new JsonStore();
    const guarded = new GuardedStore(store, 1000, clock.read);
    guarded.set('A a', known, LIMITS);
    await flush();
    expect(store.kept.get('A a')?.ttlMs).toBe(30_000);
    clock.pass(12);
    expect(await guarded.get('A a', 'A', LIMITS, never)).toEqual({ known, ageSeconds: 12 });
    expect(await guarded.get('A b', 'A', LIMITS, never)).toBeNull();
    expect(guarded).toMatchObject({ hits: 1, failures: 0, lies: 0 });
    // A store that keeps things longer than it was told.
    clock.pass(18);
    expect(await guarded.get('A a', 'A', LIMITS, never)).toBeNull();
  });

  test('bytes survive JSON', async () => {
    const guarded = new GuardedStore(new JsonStore(), 1000, Date.now);
    const tlsa = normalise('TLSA', [{ certUsage: 3, selector: 1, match: 1, data: Uint8Array.of(0, 255).buffer }]);
    const txt = normalise('TXT', [['\xff\x00', 'a']]);
    guarded.set('TLSA a', { kind: 'records', records: tlsa, ttl: null }, LIMITS);
    guarded.set('TXT a', { kind: 'records', records: txt, ttl: null }, LIMITS);
    await flush();
    expect((await guarded.get('TLSA a', 'TLSA', LIMITS, never))?.known).toStrictEqual({
      kind: 'records',
      records: tlsa,
      ttl: null,
    });
    expect((await guarded.get('TXT a', 'TXT', LIMITS, never))?.known).toStrictEqual({
      kind: 'records',
      records: txt,
      ttl: null,
    });
  });

  test('keeps negative answers, no failures, nothing of TTL 0', async () => {
    const store = new JsonStore();
    const guarded = new GuardedStore(store, 1000, Date.now);
    guarded.set('A none', { kind: 'none', code: 'NXDOMAIN' }, LIMITS);
    guarded.set('A failed', { kind: 'failure', code: 'SERVFAIL' }, LIMITS);
    guarded.set('A zero', { kind: 'records', records: [], ttl: 0 }, LIMITS);
    await flush();
    expect([...store.kept.keys()]).toEqual(['A none']);
    expect((await guarded.get('A none', 'A', LIMITS, never))?.known).toEqual({ kind: 'none', code: 'NXDOMAIN' });
  });

  test.each<[string, SharedStore['get'], 'failures' | 'lies' | null]>([
    [
      'throws',
      () => {
        throw new Error('down');
      },
      'failures',
    ],
    ['rejects', () => Promise.reject(new Error('down')), 'failures'],
    ['hangs', () => new Promise(() => {}), 'failures'],
    ['has text', () => 'text', 'lies'],
    ['has a number', () => 7, 'lies'],
    [
      'has another family',
      () => ({ version: 1, storedAt: Date.now(), known: { kind: 'records', records: [{ address: '::1', ttl: 30 }] } }),
      'lies',
    ],
    ['has no records', () => ({ version: 1, storedAt: Date.now(), known: { kind: 'records', records: [] } }), 'lies'],
    [
      'has null records',
      () => ({ version: 1, storedAt: Date.now(), known: { kind: 'records', records: [null] } }),
      'lies',
    ],
    [
      'has too many records',
      () => ({
        version: 1,
        storedAt: Date.now(),
        known: { kind: 'records', records: new Array(6001).fill('192.0.2.1') },
      }),
      'lies',
    ],
    [
      'has a failure',
      () => ({ version: 1, storedAt: Date.now(), known: { kind: 'failure', code: 'SERVFAIL' } }),
      'lies',
    ],
    [
      'has an unknown code',
      () => ({ version: 1, storedAt: Date.now(), known: { kind: 'none', code: 'BLOCKED' } }),
      'lies',
    ],
    [
      'has a code, and is of no kind',
      () => ({ version: 1, storedAt: Date.now(), known: { kind: 'other', code: 'NODATA' } }),
      'lies',
    ],
    [
      'has records, and is of no kind',
      () => ({
        version: 1,
        storedAt: Date.now(),
        known: { kind: 'other', records: [{ address: '192.0.2.1', ttl: 30 }] },
      }),
      'lies',
    ],
    [
      'has another version',
      () => ({ version: 2, storedAt: Date.now(), known: { kind: 'none', code: 'NODATA' } }),
      null,
    ],
    [
      'has an answer of tomorrow',
      () => ({ version: 1, storedAt: Date.now() + 86_400_000, known: { kind: 'none', code: 'NODATA' } }),
      null,
    ],
    ['has an answer of no time', () => ({ version: 1, storedAt: null, known: { kind: 'none', code: 'NODATA' } }), null],
    [
      'has an old answer with a long TTL of its own',
      () => ({
        version: 1,
        storedAt: Date.now() - 60_000,
        known: { kind: 'records', records: [{ address: '192.0.2.1', ttl: 30 }], ttl: 604_800 },
      }),
      null,
    ],
  ])('a store that %s knows nothing', async (_, get, counted) => {
    const guarded = new GuardedStore({ get, set: () => {} }, 20, Date.now);
    expect(await guarded.get('A a', 'A', LIMITS, never)).toBeNull();
    expect(guarded.failures).toBe(counted === 'failures' ? 1 : 0);
    expect(guarded.lies).toBe(counted === 'lies' ? 1 : 0);
    expect(guarded.hits).toBe(0);
  });

  test('a store that fails to set fails nobody', async () => {
    const guarded = new GuardedStore({ get: () => null, set: () => Promise.reject(new Error('down')) }, 20, Date.now);
    guarded.set('A a', known, LIMITS);
    await expect.poll(() => guarded.failures).toBe(1);
  });

  test('a store that fails after its time has failed once', async () => {
    const answer = deferred<never>();
    const guarded = new GuardedStore({ get: () => answer.promise, set: () => {} }, 1, Date.now);
    expect(await guarded.get('A a', 'A', LIMITS, never)).toBeNull();
    answer.reject(new Error('down'));
    await flush();
    expect(guarded.failures).toBe(1);
  });

  test('who does not wait any more is let go at once, and that is no failure of the store', async () => {
    const guarded = new GuardedStore({ get: () => new Promise(() => {}), set: () => {} }, 60_000, Date.now);
    const caller = new Stop();
    const waiting = guarded.get('A a', 'A', LIMITS, caller);
    caller.abort('enough');
    expect(await waiting).toBeNull();
    expect(guarded.failures).toBe(0);
  });
});
