import { Stop } from './stop.js';
/** Something under way that several callers may wait for, and how far it is. */
export interface Flying<T, P> {
  readonly result: Promise<T>;
  readonly progress: P;
}

/** What a caller gets: the result, or what had come of it when the caller's signal ended the wait. */
export type Joined<T, P> = { readonly left: false; readonly result: T } | { readonly left: true; readonly progress: P };

/** Single flight: one piece of work at a time for each key, however many wait for it. */
export class Flights<T, P> {
  readonly #flights = new Map<string, Flight<T, P>>();

  /**
   * Starts the work, or joins it. One caller's abort hurts nobody else; when all have gone, the work is aborted, with the reason of
   * the last. Rejects as the work does.
   */
  join(key: string, signal: Stop, start: (signal: Stop) => Flying<T, P>): Promise<Joined<T, P>> {
    const known = this.#flights.get(key);
    if (known !== undefined && !known.abandoned) return known.join(signal);
    const flight: Flight<T, P> = new Flight(start, () => {
      // Only who put the entry takes it away.
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    });
    this.#flights.set(key, flight);
    return flight.join(signal);
  }

  /** From now on nobody joins what is under way; who waits for it goes on waiting. */
  detach(): void {
    this.#flights.clear();
  }
}

interface Waiter<T, P> {
  readonly resolve: (joined: Joined<T, P>) => void;
  readonly reject: (error: unknown) => void;
  readonly signal: Stop;
  readonly leave: () => void;
}

class Flight<T, P> {
  readonly #progress: P;
  readonly #stop = new Stop();
  readonly #waiters = new Set<Waiter<T, P>>();

  /** @param onEnd called when the work has ended, before those who wait for it are told */
  constructor(start: (signal: Stop) => Flying<T, P>, onEnd: () => void) {
    const { result, progress } = start(this.#stop);
    this.#progress = progress;
    const end = (tell: (waiter: Waiter<T, P>) => void) => {
      onEnd();
      for (const waiter of this.#waiters) {
        waiter.signal.unlisten(waiter.leave);
        tell(waiter);
      }
      this.#waiters.clear();
    };
    result.then(
      (value) => end(({ resolve }) => resolve({ left: false, result: value })),
      (error: unknown) => end(({ reject }) => reject(error)),
    );
  }

  get abandoned(): boolean {
    return this.#stop.aborted;
  }

  join(signal: Stop): Promise<Joined<T, P>> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiters.delete(waiter);
        resolve({ left: true, progress: this.#progress });
        if (this.#waiters.size === 0) this.#stop.abort(signal.reason);
      };
      const waiter = { resolve, reject, signal, leave };
      this.#waiters.add(waiter);
      if (signal.aborted) leave();
      else signal.listen(leave);
    });
  }
}
