/**
 * Tells who listens that work is to end: what an `AbortSignal` and its controller do, at a tenth of their cost. Each question has
 * several, and with those it would take twice as long.
 */
export class Stop {
  #aborted = false;
  #reason: unknown;
  /** Few: whoever waits for one question. */
  readonly #listeners: (() => void)[] = [];

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Why; undefined before. */
  get reason(): unknown {
    return this.#reason;
  }

  /** Once: the first reason counts. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    // A listener may take another away.
    while (this.#listeners.length > 0) this.#listeners.shift()?.();
  }

  /** Calls `listener` when the work is to end, which may have been before: then never. */
  listen(listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  unlisten(listener: () => void): void {
    const place = this.#listeners.indexOf(listener);
    if (place !== -1) this.#listeners.splice(place, 1);
  }
}
