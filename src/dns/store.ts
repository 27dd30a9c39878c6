import type { CacheLimits, Known } from './cache.js';
import { lifetime } from './cache.js';
import type { RecordType } from './records.js';
import { BadRecordError, leastTtl, normalise } from './records.js';
import type { Stop } from './stop.js';

/** A cache that several processes share: what Keyv has, and any other that looks the same. Times in ms. */
export interface SharedStore {
  /** What was set, as it was set; anything else counts as nothing. */
  get(key: string): Promise<unknown> | unknown;
  /** Keeps a value that JSON can hold, for so long. */
  set(key: string, value: unknown, ttlMs: number): Promise<unknown> | unknown;
}

/** What stands in a store: JSON, with the time by the wall clock, as other machines have no other in common. */
interface Stored {
  readonly version: 1;
  readonly storedAt: number;
  readonly known: unknown;
}

/** More records than a message of 65,535 octets has are no answer. */
const MOST_RECORDS = 6000;

/**
 * A shared store behind a guard: it slows nothing down beyond a bound, never fails a query, and what it gives is checked like an
 * answer of the network. Counts what went wrong.
 */
export class GuardedStore {
  readonly #store: SharedStore;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  failures = 0;
  lies = 0;
  hits = 0;

  /** @param now ms by the wall clock */
  constructor(store: SharedStore, timeoutMs: number, now: () => number) {
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /**
   * What the store knows and how many seconds ago it was stored; null when it knows nothing, fails, hangs or lies, and as soon as
   * the signal is aborted.
   */
  async get(
    key: string,
    type: RecordType,
    limits: CacheLimits,
    signal: Stop,
  ): Promise<{ known: Known; ageSeconds: number } | null> {
    const value = await this.#bounded(() => this.#store.get(key), signal);
    if (value === undefined || value === null) return null;
    try {
      const { version, storedAt, known } = value as Stored;
      const ageSeconds = (this.#now() - storedAt) / 1000;
      const checked = checkKnown(type, known);
      // A record from the future, or older than it may be, is as good as none.
      if (version !== 1 || !(ageSeconds >= 0 && ageSeconds < lifetime(checked, limits))) return null;
      this.hits++;
      return { known: checked, ageSeconds };
    } catch {
      // Whatever is wrong with it, it is not what we stored.
      this.lies++;
      return null;
    }
  }

  /** Stores what the servers said; nobody waits for it. */
  set(key: string, known: Known, limits: CacheLimits): void {
    const seconds = lifetime(known, limits);
    // A failure has none.
    if (seconds === 0) return;
    const value: Stored = { version: 1, storedAt: this.#now(), known: plain(known) };
    void this.#bounded(() => this.#store.set(key, value, seconds * 1000));
  }

  /** The result of a call to the store; undefined when it throws, rejects, takes too long, or nobody waits for it any more. */
  #bounded(call: () => unknown, signal?: Stop): Promise<unknown> {
    return new Promise((resolve) => {
      let settled = false;
      const settle = (value: unknown, failed: boolean) => {
        // A store that answers after its time has failed once, not twice.
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal?.unlisten(onAbort);
        if (failed) this.failures++;
        resolve(value);
      };
      const onAbort = () => settle(undefined, false);
      const timer = setTimeout(() => settle(undefined, true), this.#timeoutMs);
      signal?.listen(onAbort);
      // Inside a promise, so that a store that throws is one that rejects.
      Promise.resolve()
        .then(call)
        .then(
          (value) => settle(value, false),
          () => settle(undefined, true),
        );
    });
  }
}

/** @throws for what is no answer. Its TTL is that of its records, whatever the store says. */
function checkKnown(type: RecordType, known: unknown): Known {
  const { kind, code, records } = known as Record<string, unknown>;
  if (kind === 'none' && (code === 'NODATA' || code === 'NXDOMAIN')) return { kind, code };
  if (kind !== 'records' || !Array.isArray(records) || records.length === 0 || records.length > MOST_RECORDS)
    throw new BadRecordError('no answer in the store');
  const checked = normalise(type, type === 'SOA' ? records[0] : records);
  if (checked.length === 0) throw new BadRecordError('no records in the store');
  return { kind, records: checked, ttl: leastTtl(checked) };
}

/** Bytes as arrays of numbers: a store may keep JSON. */
function plain(known: Known): unknown {
  return JSON.parse(JSON.stringify(known, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)));
}
