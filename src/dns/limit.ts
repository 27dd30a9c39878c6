import { Stop } from './stop.js';

/** The reason of a signal that was aborted because its time is over. */
export class TimeIsOver {
  /** How long it was, ms. */
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/**
 * The end of a call: its time, its caller's signal, and whoever else has an `abort` to call. Costs nothing until somebody asks for
 * `signal`: an answer of the cache needs no timer.
 */
export class Limit {
  readonly #ms: number;
  readonly #caller: AbortSignal | undefined;
  readonly #going: Set<Limit>;
  #armed: { readonly stop: Stop; readonly timer: NodeJS.Timeout } | null = null;

  /** @param going where it stands from the first use of `signal` up to `end` */
  constructor(ms: number, caller: AbortSignal | undefined, going: Set<Limit>) {
    this.#ms = ms;
    this.#caller = caller;
    this.#going = going;
  }

  /** Aborted when the call is to end, `TimeIsOver` or the caller's reason its reason. The time begins with the first use. */
  get signal(): Stop {
    if (this.#armed !== null) return this.#armed.stop;
    const stop = new Stop();
    this.#armed = { stop, timer: setTimeout(() => stop.abort(new TimeIsOver(this.#ms)), this.#ms) };
    this.#going.add(this);
    if (this.#caller?.aborted) stop.abort(this.#caller.reason);
    else if (this.#caller !== undefined) listen(this.#caller, this);
    return stop;
  }

  get aborted(): boolean {
    return this.#armed === null ? this.#caller?.aborted === true : this.#armed.stop.aborted;
  }

  get timedOut(): boolean {
    return this.#armed !== null && this.#armed.stop.reason instanceof TimeIsOver;
  }

  abort(reason: unknown): void {
    this.signal.abort(reason);
  }

  /** The result, 'late' when it takes longer than `ms` or than the call's time, 'aborted' when the call is aborted. */
  within<T>(result: Promise<T>, ms: number): Promise<T | 'late' | 'aborted'> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.signal.unlisten(onAbort);
      };
      const settle = (value: T | 'late' | 'aborted') => {
        end();
        resolve(value);
      };
      const onAbort = () => settle(this.timedOut ? 'late' : 'aborted');
      const timer = setTimeout(() => settle('late'), ms);
      this.signal.listen(onAbort);
      if (this.signal.aborted) onAbort();
      result.then(settle, (error: unknown) => {
        end();
        reject(error);
      });
    });
  }

  /** The call has ended: no timer is left, no listener at the caller's signal. */
  end(): void {
    if (this.#armed === null) return;
    clearTimeout(this.#armed.timer);
    this.#going.delete(this);
    if (this.#caller !== undefined) unlisten(this.#caller, this);
  }
}

/** The calls that each caller's signal ends: a thousand calls with one signal are one listener, or Node would warn of a leak. */
const LISTENING = new WeakMap<AbortSignal, { readonly limits: Set<Limit>; readonly onAbort: () => void }>();

function listen(signal: AbortSignal, limit: Limit): void {
  const known = LISTENING.get(signal);
  if (known !== undefined) {
    known.limits.add(limit);
    return;
  }
  const limits = new Set([limit]);
  const onAbort = () => {
    for (const one of limits) one.abort(signal.reason);
  };
  LISTENING.set(signal, { limits, onAbort });
  signal.addEventListener('abort', onAbort, { once: true });
}

function unlisten(signal: AbortSignal, limit: Limit): void {
  const known = LISTENING.get(signal);
  if (known === undefined || !known.limits.delete(limit) || known.limits.size > 0) return;
  LISTENING.delete(signal);
  signal.removeEventListener('abort', known.onAbort);
}
