/** No text of an address is longer: 39 characters, a zone of 15, and blanks around them fit many times. */
export const LONGEST_LINE = 1024;

/** Called for each line that is not blank, with its bytes from `start` to before `end`, blanks around it left out. */
export type OnLine = (bytes: Buffer, start: number, end: number, line: number) => void;

const LF = 0x0a;
const BLANK = 0x20;

/**
 * Cuts chunks into lines without making a string of each. A line that two chunks share is put together; one longer than
 * `longest` bytes is reported once and passed over, so that memory stays constant.
 */
export class LineCutter {
  readonly #onLine: OnLine;
  readonly #onTooLong: (line: number) => void;
  readonly #longest: number;
  readonly #carry: Buffer;
  #carried = 0;
  #tooLong = false;
  #line = 0;

  constructor(onLine: OnLine, onTooLong: (line: number) => void, longest: number = LONGEST_LINE) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
    this.#longest = longest;
    this.#carry = Buffer.alloc(longest);
  }

  /** Takes the next chunk; nothing of it is kept but a part of a line. */
  push(chunk: Buffer): void {
    let start = 0;
    if (this.#carried > 0 || this.#tooLong) {
      const end = chunk.indexOf(LF);
      this.#keep(chunk, 0, end < 0 ? chunk.length : end);
      if (end < 0) return;
      this.#endCarried();
      start = end + 1;
    }
    const length = chunk.length;
    // A loop of our own: a native search for each of many short lines costs more than its bytes.
    for (let i = start; i < length; i++) {
      if (chunk[i] !== LF) continue;
      this.#line++;
      if (i - start > this.#longest) this.#onTooLong(this.#line);
      // Most lines have no blanks around them.
      else if ((chunk[start] as number) > BLANK && (chunk[i - 1] as number) > BLANK)
        this.#onLine(chunk, start, i, this.#line);
      else this.#emit(chunk, start, i);
      start = i + 1;
    }
    this.#keep(chunk, start, length);
  }

  /** Ends the last line, when no line feed did. */
  end(): void {
    if (this.#carried > 0 || this.#tooLong) this.#endCarried();
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    if (this.#carried + end - start > this.#longest) {
      this.#tooLong = true;
      this.#carried = 0;
    }
    if (this.#tooLong) return;
    this.#carry.set(chunk.subarray(start, end), this.#carried);
    this.#carried += end - start;
  }

  #endCarried(): void {
    const length = this.#carried;
    const tooLong = this.#tooLong;
    this.#carried = 0;
    this.#tooLong = false;
    this.#line++;
    if (tooLong) this.#onTooLong(this.#line);
    else this.#emit(this.#carry, 0, length);
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    let from = start;
    let to = end;
    while (from < to && isBlank(bytes[from] as number)) from++;
    while (to > from && isBlank(bytes[to - 1] as number)) to--;
    if (from < to) this.#onLine(bytes, from, to, this.#line);
  }
}

/** Blank, tab, carriage return. */
function isBlank(byte: number): boolean {
  return byte === BLANK || byte === 0x09 || byte === 0x0d;
}
