import type { Stop } from './stop.js';
/** A cap on what runs at once: others wait for their turn, first come, first served. */
export class Turns {
  readonly #most: number;
  #running = 0;
  #waiting = 0;
  /** From `#head` on those who wait, some of whom have left: taking the next one, and leaving, takes constant time. */
  #queue: (Waiter | undefined)[] = [];
  #head = 0;

  /** @param most 1 or more */
  constructor(most: number) {
    this.#most = most;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a turn, which `leave` ends, when one is free: then nobody waits. */
  enterAtOnce(): boolean {
    if (this.#running >= this.#most) return false;
    this.#running++;
    return true;
  }

  /** Waits for a turn, which `leave` ends; false, and no turn, when the signal is or becomes aborted first. */
  enter(signal: Stop): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.enterAtOnce()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = { enter: null };
      const onAbort = () => {
        waiter.enter = null;
        this.#waiting--;
        resolve(false);
      };
      waiter.enter = () => {
        signal.unlisten(onAbort);
        this.#waiting--;
        resolve(true);
      };
      signal.listen(onAbort);
      this.#waiting++;
      this.#queue.push(waiter);
    });
  }

  /** Ends a turn: whoever waits longest has it now. */
  leave(): void {
    while (this.#head < this.#queue.length) {
      const enter = this.#queue[this.#head]?.enter;
      this.#queue[this.#head++] = undefined;
      if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      // The turn goes over: nobody who comes later can take it.
      if (enter) {
        enter();
        return;
      }
    }
    this.#queue = [];
    this.#head = 0;
    this.#running--;
  }
}

interface Waiter {
  /** Null when the waiter has left. */
  enter: (() => void) | null;
}
