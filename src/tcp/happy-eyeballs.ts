import type { Destination } from './sort-addresses.js';
import { sortAddresses } from './sort-addresses.js';

/** What a name is asked for: each address type apart, or both in one question. */
export type RaceQuestion = 'AAAA' | 'A' | 'both';

/** What to do next. Times are those of the clock whose readings are passed in. */
export type RaceStep<D extends Destination> =
  | { readonly kind: 'attempt'; readonly destination: D }
  /** Until something happens, or until `untilMs` at the latest; null: there is nothing to do before something happens. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  /** Nothing is left to try or to wait for. */
  | { readonly kind: 'exhausted' };

export interface RaceTimes {
  /** From the start of an attempt to that of the next, while neither fails. */
  readonly attemptDelayMs: number;
  /** How long IPv4 addresses wait for IPv6 ones. */
  readonly resolutionDelayMs: number;
}

/**
 * Which address is tried when: Happy Eyeballs v2, RFC 8305 sections 3 to 5, without any network or clock. Told what happened
 * (`answered`, `arrived`, `failed`), it says with `next` what to do, until that is to wait; whoever drives it ends it when an attempt
 * connects.
 */
export class Race<D extends Destination> {
  readonly #times: RaceTimes;
  /** The questions without an answer, and those whose addresses are being sorted. */
  readonly #open: Set<RaceQuestion>;
  readonly #sorting = new Set<RaceQuestion>();
  #untried: readonly D[] = [];
  #running = 0;
  #lastFamily: 4 | 6 | null = null;
  /** When the next attempt may begin. */
  #nextMs = Number.NEGATIVE_INFINITY;
  /** When IPv4 addresses need wait no longer; null before there are any. */
  #graceMs: number | null = null;

  constructor(questions: readonly RaceQuestion[], times: RaceTimes) {
    this.#open = new Set(questions);
    this.#times = times;
  }

  /** A question has an answer, of which `arrived` will tell. */
  answered(question: RaceQuestion): void {
    this.#sorting.add(question);
  }

  /** The addresses of a question, none when it has failed. */
  arrived(question: RaceQuestion, destinations: readonly D[], nowMs: number): void {
    this.#open.delete(question);
    this.#sorting.delete(question);
    if (destinations.length === 0) return;
    this.#untried = sortAddresses([...this.#untried, ...destinations]);
    this.#graceMs ??= nowMs + this.#times.resolutionDelayMs;
  }

  /** An attempt has failed: the next one need not wait. */
  failed(nowMs: number): void {
    this.#running--;
    this.#nextMs = Math.min(this.#nextMs, nowMs);
  }

  next(nowMs: number): RaceStep<D> {
    const destination = this.#first();
    if (destination === null) {
      const isOver = this.#open.size === 0 && this.#running === 0;
      return isOver ? { kind: 'exhausted' } : { kind: 'wait', untilMs: null };
    }
    const opensMs = this.#opensMs();
    if (opensMs === null) return { kind: 'wait', untilMs: null };
    const untilMs = Math.max(opensMs, this.#nextMs);
    if (untilMs > nowMs) return { kind: 'wait', untilMs };

    this.#untried = this.#untried.filter((one) => one !== destination);
    this.#lastFamily = destination.address.family;
    this.#nextMs = nowMs + this.#times.attemptDelayMs;
    this.#running++;
    return { kind: 'attempt', destination };
  }

  /** Families take turns, beginning with that of the address that sorts first: a first address family count of 1. */
  #first(): D | null {
    const other = this.#untried.find(({ address }) => address.family !== this.#lastFamily);
    return other ?? this.#untried[0] ?? null;
  }

  /** When the first attempt may begin: IPv4 addresses wait a little for IPv6 ones. Null: when they are sorted. */
  #opensMs(): number | null {
    if (this.#lastFamily !== null) return Number.NEGATIVE_INFINITY;
    if (this.#sorting.size > 0) return null;
    return this.#open.has('AAAA') ? this.#graceMs : Number.NEGATIVE_INFINITY;
  }
}
