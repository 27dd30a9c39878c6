/** A line on standard error that says how far a long run is: on a terminal, and after a second. */
export class Progress {
  readonly #shown = process.stderr.isTTY === true && process.stdout.isTTY !== true;
  #next = performance.now() + 1000;
  #dirty = false;

  show(text: string): void {
    if (!this.#shown || performance.now() < this.#next) return;
    this.#next = performance.now() + 200;
    this.#dirty = true;
    process.stderr.write(`\r\u001b[Kinaddr: ${text}`);
  }

  clear(): void {
    if (this.#dirty) process.stderr.write('\r\u001b[K');
    this.#dirty = false;
  }
}
