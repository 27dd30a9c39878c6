import { isUtf8 } from 'node:buffer';
import type { Options } from 'csv-parse/sync';
import { CsvError, parse } from 'csv-parse/sync';

/** Called for each row, with the number of the line where it begins. */
export type OnRow = (cells: readonly string[], line: number) => void;

/** Called for each row that is none, with the number of its line. */
export type OnBad = (line: number, message: string) => void;

/** Longer rows are none of a table: most likely a quote was never closed. */
export const LONGEST_ROW = 1 << 16;

const LF = 0x0a;
const HASH = 0x23;
/** What the library trims: blank, tabs, form feed, and the ends of lines; and some characters beyond ASCII. */
const BLANKS: readonly number[] = [0x20, 0x09, 0x0b, 0x0c, 0x0d, LF];
const WIDE_BLANK = /^[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]/;

/**
 * Reads chunks of a CSV or TSV file as rows: cells without blanks around them; blank lines, and lines that begin with `#`,
 * are left out. A row that is none is reported and passed over alone: reading goes on with the next line, whatever a stray
 * quote seems to begin. Memory stays constant.
 */
export class RowReader {
  readonly #options: Options;
  readonly #onRow: OnRow;
  readonly #onBad: OnBad;
  readonly #longest: number;
  readonly #delimiter: number;
  /** What is not read yet: the beginning of a row. */
  #pending: Buffer = Buffer.alloc(0);
  /** How many lines have ended before it. */
  #lines = 0;
  /** In a line that is too long. */
  #tooLong = false;

  constructor(delimiter: ',' | '\t', onRow: OnRow, onBad: OnBad, longest: number = LONGEST_ROW) {
    this.#onRow = onRow;
    this.#onBad = onBad;
    this.#longest = longest;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#options = {
      comment: '#',
      comment_no_infix: true,
      delimiter,
      // Tab-separated files as network people write them have no quotes.
      quote: delimiter === '\t' ? null : '"',
      // Both, as a file that was edited on two systems has both.
      record_delimiter: ['\n', '\r\n'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    };
  }

  push(chunk: Buffer): void {
    let bytes = chunk;
    if (this.#tooLong) {
      const end = chunk.indexOf(LF);
      if (end < 0) return;
      this.#tooLong = false;
      this.#lines++;
      bytes = chunk.subarray(end + 1);
    }
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, bytes]) : bytes;
    this.#read(this.#pending.lastIndexOf(LF) + 1, false);
    if (this.#pending.length <= this.#longest) return;
    // A line that has not ended; a comment may be of any length.
    if (rowStart(this.#pending, 0, this.#delimiter) < this.#pending.length) this.#complain('long');
    this.#tooLong = true;
    this.#pending = Buffer.alloc(0);
  }

  end(): void {
    this.#read(this.#pending.length, true);
  }

  /** Reads the bytes before `end`, where a line ends; when they are the `last` nothing is kept for later. */
  #read(end: number, last: boolean): void {
    const tail = this.#pending.length - end;
    let rest = this.#pending.subarray(0, end);
    while (rest.length > 0) {
      const { read, fault } = this.#parse(rest);
      rest = rest.subarray(read);
      if (fault === null) break;
      const all = this.#pending.subarray(this.#pending.length - tail - rest.length);
      const open = fault === 'open' && all.length <= this.#longest;
      if (open && !last) {
        // The end of a quoted cell may be still to come.
        this.#pending = all;
        return;
      }
      this.#complain(open || fault === 'quote' ? 'quote' : 'long');
      this.#lines++;
      rest = rest.subarray(rest.indexOf(LF) < 0 ? rest.length : rest.indexOf(LF) + 1);
    }
    this.#pending = this.#pending.subarray(end);
  }

  /** Reads rows up to the first that is none: how many bytes they are, and what is wrong with the next. */
  #parse(bytes: Buffer): { read: number; fault: 'open' | 'quote' | 'long' | null } {
    let read = 0;
    const advance = (to: number) => {
      this.#lines += countLines(bytes, read, to);
      read = to;
    };
    try {
      parse(bytes, {
        ...this.#options,
        on_record: (cells: string[], { bytes: to }) => {
          advance(rowStart(bytes, read, this.#delimiter));
          if (to - read > this.#longest) throw TOO_LONG;
          const line = this.#lines + 1;
          const start = read;
          advance(to);
          if (isGarbled(cells, bytes, start, to)) this.#onBad(line, NO_UTF8);
          else this.#onRow(cells, line);
          return null;
        },
      });
      advance(bytes.length);
      return { read, fault: null };
    } catch (error) {
      if (error === TOO_LONG) return { read, fault: 'long' };
      if (!(error instanceof CsvError)) throw error;
      advance(rowStart(bytes, read, this.#delimiter));
      if (error.code === NOT_CLOSED) return { read, fault: 'open' };
      return { read, fault: this.#isWithin(bytes.subarray(read)) ? 'quote' : 'long' };
    }
  }

  /** Whether the fault of a row stands where a row may still be: smaller chunks would not have shown what comes later. */
  #isWithin(bytes: Buffer): boolean {
    if (bytes.length <= this.#longest) return true;
    try {
      parse(bytes.subarray(0, bytes.lastIndexOf(LF, this.#longest - 1) + 1), this.#options);
      return false;
    } catch (error) {
      return error instanceof CsvError && error.code !== NOT_CLOSED;
    }
  }

  /** About the row that begins with the next line. */
  #complain(fault: 'quote' | 'long'): void {
    const message = fault === 'quote' ? MISPLACED_QUOTE : `longer than ${this.#longest} bytes; write one row a line`;
    this.#onBad(this.#lines + 1, message);
  }
}

/** Said of a row, or of a line, with bytes that are no UTF-8. */
export const NO_UTF8 = 'no UTF-8; save the table as UTF-8 text';

/** Whether texts have what stands for bytes that are no UTF-8, and their bytes from `start` to before `end` are none: it may be written. */
export function isGarbled(texts: readonly string[], bytes: Uint8Array, start: number, end: number): boolean {
  return texts.some((text) => text.includes('\ufffd')) && !isUtf8(bytes.subarray(start, end));
}

/** Of the library's errors. */
const NOT_CLOSED = 'CSV_QUOTE_NOT_CLOSED';

const MISPLACED_QUOTE = 'no CSV, a quote is out of place; put the whole cell in quotes and double those in it';

/** Thrown to the library from one of its rows. */
const TOO_LONG = new Error('row too long');

/** Where the row after a row begins: behind comments and blank lines; the end when there is none. A delimiter is no blank. */
function rowStart(bytes: Buffer, from: number, delimiter: number): number {
  let start = from;
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte === HASH) i = endOfLine(bytes, i);
    else if (byte === delimiter || !BLANKS.includes(byte)) {
      const length = byte < 0x80 ? 0 : wideBlank(bytes, i);
      if (length === 0) return start;
      i += length - 1;
    }
    if (bytes[i] === LF) start = i + 1;
  }
  return bytes.length;
}

/** The length of the character at a place when it is white space beyond ASCII, which the library trims as well; else 0. */
function wideBlank(bytes: Buffer, at: number): number {
  const character = WIDE_BLANK.exec(bytes.toString('utf8', at, at + 3))?.[0];
  return character === undefined ? 0 : Buffer.byteLength(character);
}

function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end;
}

function countLines(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (bytes[i] === LF) count++;
  return count;
}
