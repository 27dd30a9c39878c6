/**
 * Tells who listens that work is to end: what an `AbortSignal` and its controller do, at a tenth of their cost. Each question has
 * several, and with those it would take twice as long.
 */
export class Stop {
  #aborted = false;
  #reason: unknown;
  readonly #listeners = new Set<() => void>();

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
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  /** Calls `listener` when the work is to end, which may have been before: then never. */
  listen(listener: () => void): void {
    if (!this.#aborted) this.#listeners.add(listener);
  }

  unlisten(listener: () => void): void {
    this.#listeners.delete(listener);
  }
}
