import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Known } from '../../src/dns/cache.js';
import { Cache, cacheKey, cacheLimits, lifetime } from '../../src/dns/cache.js';
import { normalise } from '../../src/dns/records.js';

const DAY = 86_400;
/** Where a monotonic clock stands is nobody's business. */
const START = 5_000_000;
const at = (seconds: number) => START + seconds * 1000;

function records(ttl: number | null): Known {
  return { kind: 'records', records: [{ type: 'A', address: '192.0.2.1', ttl }], ttl };
}

const NXDOMAIN: Known = { kind: 'none', code: 'NXDOMAIN' };

describe('how long', () => {
  test.each<[string, Known, Parameters<typeof cacheLimits>[0], number]>([
    ['as long as the TTL says', records(300), {}, 300],
    ['TTL 0: not at all', records(0), {}, 0],
    ['TTL 0: not at all, whatever the minimum', records(0), { minTtl: 60 }, 0],
    ['at least the minimum', records(1), { minTtl: 60 }, 60],
    ['at most the maximum', records(300), { maxTtl: 60 }, 60],
    ['at most a week', records(604_800), {}, 604_800],
    ['without a TTL the default', records(null), {}, 60],
    ['without a TTL as asked for', records(null), { defaultTtl: 7 }, 7],
    ['without a TTL not at all', records(null), { defaultTtl: 0, minTtl: 60 }, 0],
    ['a negative answer 5 s', NXDOMAIN, {}, 5],
    ['a negative answer not at all', NXDOMAIN, { negativeTtl: 0 }, 0],
    ['NODATA likewise', { kind: 'none', code: 'NODATA' }, { negativeTtl: 9 }, 9],
    ['a failure: by another rule', { kind: 'failure', code: 'SERVFAIL' }, {}, 0],
  ])('%s', (_, known, options, seconds) => {
    expect(lifetime(known, cacheLimits(options))).toBe(seconds);
  });

  test.each([
    ['maxEntries', 0],
    ['maxEntries', Number.POSITIVE_INFINITY],
    ['minTtl', -1],
    ['maxTtl', 604_801],
    ['maxTtl', 2 ** 31],
    ['defaultTtl', Number.NaN],
    ['negativeTtl', 1.5],
    ['staleTtl', 3 * DAY + 1],
  ])('%s %d is refused', (name, value) => {
    expect(() => cacheLimits({ [name]: value })).toThrow(RangeError);
  });
});

test('the least TTL is not above the greatest', () => {
  expect(() => cacheLimits({ minTtl: 100, maxTtl: 99 })).toThrow(
    new RangeError('cache.minTtl is 100: pass cache.maxTtl, 99, at the most'),
  );
  expect(cacheLimits({ minTtl: 100, maxTtl: 100 })).toMatchObject({ minTtl: 100, maxTtl: 100 });
});

describe('answers', () => {
  test('expire when they are read, without a timer', () => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    const cache = new Cache();
    cache.set('A a.test', records(30), at(0));
    expect(timers).not.toHaveBeenCalled();
    expect(cache.get('A a.test', at(29.999))).toMatchObject({ stale: false });
    expect(cache.size).toBe(1);
    expect(cache.get('A a.test', at(30))).toBeNull();
    expect(cache.size).toBe(0);
  });

  test('TTLs count down, of the answer and of each record', () => {
    const cache = new Cache();
    cache.set(
      'A a.test',
      {
        kind: 'records',
        records: normalise('A', [
          { address: '192.0.2.1', ttl: 90 },
          { address: '192.0.2.2', ttl: 30 },
        ]),
        ttl: 30,
      },
      at(0),
    );
    const hit = (seconds: number) => cache.get('A a.test', at(seconds))?.known;
    expect(hit(0.9)).toMatchObject({ ttl: 30, records: [{ ttl: 90 }, { ttl: 30 }] });
    expect(hit(1)).toMatchObject({ ttl: 29, records: [{ ttl: 89 }, { ttl: 29 }] });
    expect(hit(29)).toMatchObject({ ttl: 1, records: [{ ttl: 61 }, { ttl: 1 }] });
  });

  test('a hit says how long it is given as it is: until its TTLs count down, or it ends', () => {
    const cache = new Cache();
    cache.set('A a', records(2), at(0.25));
    cache.set('A b', NXDOMAIN, at(0.25));
    const until = (key: string, seconds: number) => cache.get(key, at(seconds))?.until;
    expect(until('A a', 0.25)).toBe(at(1.25));
    expect(until('A a', 1.2)).toBe(at(1.25));
    expect(until('A a', 1.25)).toBe(at(2.25));
    expect(until('A b', 5)).toBe(at(5.25));
  });

  test('kept beyond their TTL by a minimum they have TTL 0, not less', () => {
    const cache = new Cache({ minTtl: 60 });
    cache.set('A a.test', records(5), at(0));
    expect(cache.get('A a.test', at(59))?.known).toMatchObject({ ttl: 0, records: [{ ttl: 0 }] });
  });

  test('without a TTL they have none later', () => {
    const cache = new Cache();
    cache.set(
      'MX a.test',
      { kind: 'records', records: normalise('MX', [{ exchange: 'a', priority: 1 }]), ttl: null },
      at(0),
    );
    expect(cache.get('MX a.test', at(30))?.known).toMatchObject({ ttl: null, records: [{ ttl: null }] });
  });

  test('a TTL of a week does, and needs no timer that could overflow', () => {
    const cache = new Cache();
    cache.set('A a.test', records(604_800), at(0));
    expect(cache.get('A a.test', at(604_799))?.known).toMatchObject({ ttl: 1 });
    expect(cache.get('A a.test', at(604_800))).toBeNull();
  });

  test('TTL 0 is not kept, and takes away what was', () => {
    const cache = new Cache({ minTtl: 60 });
    cache.set('A a.test', records(30), at(0));
    cache.set('A a.test', records(0), at(1));
    expect(cache.get('A a.test', at(1))).toBeNull();
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])('%j is a name like others', (name) => {
    const cache = new Cache();
    const key = cacheKey(name, 'A');
    expect(cache.get(key, at(0))).toBeNull();
    cache.set(key, records(30), at(0));
    cache.set(name, records(40), at(0));
    expect(cache.get(key, at(0))?.known).toEqual(records(30));
    expect(cache.get(name, at(0))?.known).toEqual(records(40));
    expect(cache.get(cacheKey(name, 'AAAA'), at(0))).toBeNull();
  });

  test('are bounded in number: the one that was not used for longest goes', () => {
    const cache = new Cache({ maxEntries: 2 });
    cache.set('A a', records(30), at(0));
    cache.set('A b', records(30), at(0));
    cache.get('A a', at(1));
    cache.set('A c', records(30), at(1));
    expect(cache.size).toBe(2);
    expect(cache.get('A b', at(1))).toBeNull();
    expect(cache.get('A a', at(1))).not.toBeNull();
  });

  test('clear', () => {
    const cache = new Cache();
    cache.set('A a', records(30), at(0));
    cache.clear();
    expect(cache.size).toBe(0);
  });
});

describe('failures', () => {
  /** When a failure that follows others at once is forgotten, in seconds after it. */
  function remembered(cache: Cache, from: number): number {
    let seconds = 0;
    while (cache.get('A a', at(from + seconds + 0.999))?.stale === false) seconds++;
    return seconds;
  }

  test.each(['SERVFAIL', 'TIMEOUT', 'REFUSED'] as const)(
    '%s is remembered for 1 s, then longer and longer, up to 5 min',
    (code) => {
      const cache = new Cache();
      const grown: number[] = [];
      let now = 0;
      for (let i = 0; i < 12; i++) {
        cache.fail('A a', code, at(now));
        expect(cache.get('A a', at(now))).toMatchObject({ known: { kind: 'failure', code }, stale: false });
        // Up to the end of the last second: `get` asks just before it.
        grown.push(remembered(cache, now));
        now += (grown.at(-1) ?? 0) + 1;
      }
      expect(grown).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    },
  );

  test('an answer ends the row', () => {
    const cache = new Cache();
    cache.fail('A a', 'SERVFAIL', at(0));
    cache.fail('A a', 'SERVFAIL', at(1));
    cache.set('A a', records(1), at(3));
    cache.fail('A a', 'SERVFAIL', at(5));
    expect(cache.get('A a', at(5.9))?.stale).toBe(false);
    expect(cache.get('A a', at(6))?.stale).toBe(true);
  });

  test('five minutes without one end the row', () => {
    const cache = new Cache();
    cache.fail('A a', 'SERVFAIL', at(0));
    cache.fail('A a', 'SERVFAIL', at(1));
    cache.fail('A a', 'SERVFAIL', at(400));
    expect(cache.get('A a', at(401))?.stale).toBe(true);
  });

  test.each(['UNREACHABLE', 'BAD_RESPONSE', 'NOTIMP', 'FORMERR'] as const)(
    '%s is remembered for 1 s and no longer',
    (code) => {
      const cache = new Cache();
      for (const now of [0, 1, 2, 3]) {
        cache.fail('A a', code, at(now));
        expect(cache.get('A a', at(now + 0.9))?.known).toEqual({ kind: 'failure', code });
        expect(cache.get('A a', at(now + 1))).toBeNull();
      }
    },
  );

  test('other servers have not failed', () => {
    const cache = new Cache({ staleTtl: DAY });
    cache.fail('A a', 'SERVFAIL', at(0));
    cache.set('A b', records(1), at(0));
    cache.fail('A b', 'SERVFAIL', at(2));
    cache.forgetFailures();
    expect(cache.get('A a', at(0))).toBeNull();
    expect(cache.get('A b', at(2))).toMatchObject({ stale: true, resting: false });
  });
});

describe('stale answers', () => {
  test('are there up to staleTtl, and not by default', () => {
    const cache = new Cache({ staleTtl: DAY });
    cache.set('A a', records(30), at(0));
    expect(cache.get('A a', at(30))).toMatchObject({ stale: true, resting: false });
    expect(cache.get('A a', at(30 + DAY - 1))).toMatchObject({ stale: true, known: { ttl: 0 } });
    expect(cache.get('A a', at(30 + DAY))).toBeNull();

    const without = new Cache();
    without.set('A a', records(30), at(0));
    expect(without.get('A a', at(30))).toBeNull();
  });

  test('rest for 30 s after a failure, and do not live longer for it', () => {
    const cache = new Cache({ staleTtl: 100 });
    cache.set('A a', records(30), at(0));
    cache.fail('A a', 'SERVFAIL', at(40));
    expect(cache.get('A a', at(69))).toMatchObject({ stale: true, resting: true, known: { kind: 'records' } });
    expect(cache.get('A a', at(70))).toMatchObject({ stale: true, resting: false });
    cache.fail('A a', 'TIMEOUT', at(120));
    expect(cache.get('A a', at(129))).toMatchObject({ resting: true });
    expect(cache.get('A a', at(130))).toBeNull();
  });

  test.each<[string, Known]>([
    ['NOERROR', records(50)],
    ['NXDOMAIN', NXDOMAIN],
    ['NODATA', { kind: 'none', code: 'NODATA' }],
  ])('%s replaces them', (_, known) => {
    const cache = new Cache({ staleTtl: DAY });
    cache.set('A a', records(30), at(0));
    cache.set('A a', known, at(40));
    expect(cache.get('A a', at(40))).toEqual({ known, stale: false, resting: false, until: at(41) });
  });

  test('a negative answer is never stale', () => {
    const cache = new Cache({ staleTtl: DAY });
    cache.set('A a', NXDOMAIN, at(0));
    expect(cache.get('A a', at(5))).toBeNull();
  });
});
