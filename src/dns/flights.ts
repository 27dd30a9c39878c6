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
    const flight = new Flight(start);
    this.#flights.set(key, flight);
    const land = () => {
      // Only who put the entry takes it away.
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    void flight.result.then(land, land);
    return flight.join(signal);
  }

  /** From now on nobody joins what is under way; who waits for it goes on waiting. */
  detach(): void {
    this.#flights.clear();
  }
}

class Flight<T, P> {
  readonly result: Promise<T>;
  readonly #progress: P;
  readonly #stop = new Stop();
  #waiting = 0;

  constructor(start: (signal: Stop) => Flying<T, P>) {
    const { result, progress } = start(this.#stop);
    this.result = result;
    this.#progress = progress;
  }

  get abandoned(): boolean {
    return this.#stop.aborted;
  }

  join(signal: Stop): Promise<Joined<T, P>> {
    this.#waiting++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        resolve({ left: true, progress: this.#progress });
        if (--this.#waiting === 0) this.#stop.abort(signal.reason);
      };
      if (signal.aborted) {
        leave();
        return;
      }
      signal.listen(leave);
      this.result.then(
        (result) => {
          signal.unlisten(leave);
          resolve({ left: false, result });
        },
        (error: unknown) => {
          signal.unlisten(leave);
          reject(error);
        },
      );
    });
  }
}
