import { LRUCache } from 'lru-cache';
import { quote } from '../checks/quote.js';
import type { DnsErrorCode } from './error.js';
import type { DnsRecord, RecordType } from './records.js';
import { LONGEST_TTL } from './records.js';

/** How long answers are kept. All TTLs in seconds. */
export interface CacheOptions {
  /** How many questions are remembered at the most. Default: 10,000. */
  readonly maxEntries?: number | undefined;
  /** Shorter TTLs count as this; 0 is never cached, whatever this says. Default: 0; at most `maxTtl`. */
  readonly minTtl?: number | undefined;
  /** Longer TTLs count as this. Default and at most: 604,800. */
  readonly maxTtl?: number | undefined;
  /** For records without a TTL. 0: not cached. Default: 60. */
  readonly defaultTtl?: number | undefined;
  /** For NODATA and NXDOMAIN, whose TTL Node hides. 0: not cached. Default: 5. */
  readonly negativeTtl?: number | undefined;
  /**
   * How long an answer is kept beyond its TTL for servers that fail, or say nothing for 1.8 s, which go on being asked up to
   * `timeoutMs`. 0: not at all. Default: 0; at most 259,200 (RFC 8767 section 5).
   */
  readonly staleTtl?: number | undefined;
}

/** What is known of a question. */
export type Known =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[]; readonly ttl: number | null }
  | { readonly kind: 'none'; readonly code: 'NODATA' | 'NXDOMAIN' }
  | { readonly kind: 'failure'; readonly code: DnsErrorCode };

/** What a look into the cache gives. */
export interface Hit {
  readonly known: Known;
  /** Its time is over: to be used only when the servers fail. */
  readonly stale: boolean;
  /** The servers failed so lately that a stale answer is given without asking them. */
  readonly resting: boolean;
  /** When it ends or its TTLs count down again, ms: a second from now at the most. */
  readonly until: number;
}

interface Entry {
  readonly known: Known;
  /** By the monotonic clock, ms. */
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly staleUntil: number;
  /** How often in a row the servers failed, and when they may be asked again. */
  readonly failures: number;
  readonly restUntil: number;
}

const LONGEST_STALE = 259_200;
/** Failures are remembered for a second, and twice as long each time, up to five minutes (RFC 9520 section 3.2). */
const FIRST_FAILURE_MS = 1000;
const LONGEST_FAILURE_MS = 300_000;
/** Those that say something about the name, or load its servers; others are remembered for the first second only. */
const GROWING: readonly DnsErrorCode[] = ['SERVFAIL', 'TIMEOUT', 'REFUSED'];
/** Servers that failed while there is a stale answer are not asked again before this (RFC 8767 section 5). */
const STALE_RECHECK_MS = 30_000;

/** The cache's own bounds, after its options and their defaults. */
export type CacheLimits = Readonly<Record<keyof CacheOptions, number>>;

/** @throws {RangeError} for an option that is no number in its range, and for a least TTL above the greatest */
export function cacheLimits(options: CacheOptions = {}): CacheLimits {
  const read = (name: keyof CacheOptions, fallback: number, most: number, least = 0) => {
    const value = options[name] ?? fallback;
    if (!(Number.isInteger(value) && value >= least && value <= most)) {
      throw new RangeError(`cache.${name} is ${quote(value)}: pass an integer from ${least} to ${most}`);
    }
    return value;
  };
  const minTtl = read('minTtl', 0, LONGEST_TTL);
  const maxTtl = read('maxTtl', LONGEST_TTL, LONGEST_TTL);
  if (minTtl > maxTtl) throw new RangeError(`cache.minTtl is ${minTtl}: pass cache.maxTtl, ${maxTtl}, at the most`);
  return {
    maxEntries: read('maxEntries', 10_000, 2 ** 24, 1),
    minTtl,
    maxTtl,
    defaultTtl: read('defaultTtl', 60, LONGEST_TTL),
    negativeTtl: read('negativeTtl', 5, LONGEST_TTL),
    staleTtl: read('staleTtl', 0, LONGEST_STALE),
  };
}

/** How long something is kept, in seconds; 0: not at all. */
export function lifetime(known: Known, limits: CacheLimits): number {
  if (known.kind === 'none') return limits.negativeTtl;
  if (known.kind === 'failure') return 0;
  if (known.ttl === null) return limits.defaultTtl;
  // TTL 0 is never cached, whatever the minimum.
  return known.ttl === 0 ? 0 : Math.min(Math.max(known.ttl, limits.minTtl), limits.maxTtl);
}

/** Answers by question, for as long as their TTLs say. `now` is an argument: the cache has no clock of its own. */
export class Cache {
  readonly limits: CacheLimits;
  // A Map inside: any text is a safe key, `__proto__` and `constructor` too. Its own TTLs are not used: they are read from a
  // clock of its own, and with timers.
  readonly #entries: LRUCache<string, Entry>;

  constructor(options: CacheOptions = {}) {
    this.limits = cacheLimits(options);
    this.#entries = new LRUCache({ max: this.limits.maxEntries });
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What is known of a question, TTLs counted down; null when nothing is. */
  get(key: string, now: number): Hit | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (now >= entry.staleUntil) {
      this.#entries.delete(key);
      return null;
    }
    const age = Math.floor((now - entry.storedAt) / 1000);
    return {
      known: agedBy(entry.known, age),
      stale: now >= entry.freshUntil,
      resting: now < entry.restUntil,
      until: Math.min(entry.storedAt + (age + 1) * 1000, entry.freshUntil),
    };
  }

  /** Keeps what the servers said. */
  set(key: string, known: Known, now: number): void {
    const seconds = lifetime(known, this.limits);
    if (seconds === 0) {
      // A new answer replaces an old one, even when it is not to be kept.
      this.#entries.delete(key);
      return;
    }
    const freshUntil = now + seconds * 1000;
    const staleUntil = known.kind === 'records' ? freshUntil + this.limits.staleTtl * 1000 : freshUntil;
    this.#entries.set(key, { known, storedAt: now, freshUntil, staleUntil, failures: 0, restUntil: 0 });
  }

  /** Keeps a failure, for a time that grows while it lasts; an answer that may still be used stale stays instead. */
  fail(key: string, code: DnsErrorCode, now: number): void {
    const before = this.#entries.get(key);
    if (before?.known.kind === 'records' && now < before.staleUntil) {
      this.#entries.set(key, { ...before, restUntil: now + STALE_RECHECK_MS });
      return;
    }
    const known = { kind: 'failure', code } as const;
    if (!GROWING.includes(code)) {
      const freshUntil = now + FIRST_FAILURE_MS;
      this.#entries.set(key, { known, storedAt: now, freshUntil, staleUntil: freshUntil, failures: 0, restUntil: 0 });
      return;
    }
    const failures = before?.known.kind === 'failure' && now < before.staleUntil ? before.failures + 1 : 0;
    const freshUntil = now + Math.min(FIRST_FAILURE_MS * 2 ** failures, LONGEST_FAILURE_MS);
    // Remembered beyond its time, so that the next failure in a row is kept longer.
    const staleUntil = freshUntil + LONGEST_FAILURE_MS;
    this.#entries.set(key, { known, storedAt: now, freshUntil, staleUntil, failures, restUntil: 0 });
  }

  /** Other servers may not fail: failures are forgotten, and stale answers no longer spare them questions. */
  forgetFailures(): void {
    for (const [key, entry] of [...this.#entries.entries()]) {
      if (entry.known.kind === 'failure') this.#entries.delete(key);
      else if (entry.restUntil > 0) this.#entries.set(key, { ...entry, restUntil: 0 });
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** TTLs count down as they are read. */
function agedBy(known: Known, seconds: number): Known {
  if (known.kind !== 'records' || seconds <= 0) return known;
  const left = (ttl: number | null) => (ttl === null ? null : Math.max(ttl - seconds, 0));
  const records = known.records.map((record) =>
    'address' in record ? Object.freeze({ ...record, ttl: left(record.ttl) }) : record,
  );
  return { kind: 'records', records, ttl: left(known.ttl) };
}

/** The key of a question: any text is safe in it. */
export function cacheKey(name: string, type: RecordType): string {
  return `${type} ${name}`;
}
