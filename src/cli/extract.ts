import { isAddress } from '../ip/index.js';

/** Called for each address found, with its place: lines and columns count from 1, columns in characters. */
export type OnFound = (address: string, line: number, column: number) => void;

const LF = 0x0a;
const COLON = 0x3a;
const ESC = 0x1b;

/** Longer runs are no address, nor an address with a port: they are passed over without being kept. */
const LONGEST_TOKEN = 256;

const OTHER = 0;
/** Letters beyond F and `_`: next to an address they make it part of a word. */
const WORD = 1;
/** What an address is written with: hexadecimal digits, dots and colons. */
const RUN = 2;
/** Begins a zone, or an escape of two hexadecimal digits: `%2F10.0.0.1` */
const PERCENT = 3;
/** Begins an escape of one letter: `\n10.0.0.1` in a JSON text */
const BACKSLASH = 4;

const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[0-9a-fA-F:.]/.test(character)) return RUN;
  if (character === '%') return PERCENT;
  if (character === '\\') return BACKSLASH;
  return /\w/.test(character) ? WORD : OTHER;
});

/** What stands between the ESC and the letter of a colour: `\x1b[31m` */
const IN_COLOUR = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[[\d;]/.test(String.fromCharCode(byte))));

const IN_ZONE = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[\w.~-]/.test(String.fromCharCode(byte))));

/**
 * Finds every address in free text, in chunks of bytes, with constant memory whatever the length of a line. An address
 * is a run of hexadecimal digits, dots and colons that is no part of a word, punctuation at its ends left out; a port
 * and a prefix length behind an address are passed over, a zone is taken along.
 */
export class Extractor {
  readonly #onFound: OnFound;
  #line = 1;
  /** Characters of the line so far: bytes that do not continue a UTF-8 sequence. */
  #column = 0;
  #token = '';
  #tokenColumn = 0;
  #tooLong = false;
  /** The class of what stands before the token. */
  #before = OTHER;
  /** A `%` and a zone follow the run in the token. */
  #inZone = false;
  #inColour = false;

  constructor(onFound: OnFound) {
    this.#onFound = onFound;
  }

  push(chunk: Buffer): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      const kind = this.#inColour ? OTHER : (CLASSES[byte] as number);
      this.#inColour = byte === ESC || (this.#inColour && IN_COLOUR[byte] === 1);
      if (this.#inZone ? IN_ZONE[byte] === 1 : kind === RUN) this.#extend(byte);
      else if (kind === PERCENT && this.#takesZone()) {
        this.#inZone = true;
        this.#extend(byte);
      } else {
        if (this.#token !== '') this.#endToken(kind);
        // A colon is here only after a zone.
        this.#before = byte === COLON || (kind === WORD && this.#before === BACKSLASH) ? OTHER : kind;
      }
      if (byte === LF) {
        this.#line++;
        this.#column = 0;
      } else if ((byte & 0xc0) !== 0x80) this.#column++;
    }
  }

  end(): void {
    if (this.#token !== '') this.#endToken(OTHER);
  }

  #extend(byte: number): void {
    if (this.#token === '') this.#tokenColumn = this.#column + 1;
    if (this.#token.length >= LONGEST_TOKEN) this.#tooLong = true;
    else this.#token += String.fromCharCode(byte);
    if (this.#before === PERCENT && this.#token.length === 2 && !/[:.]/.test(this.#token)) {
      this.#token = '';
      this.#before = OTHER;
    }
  }

  /** Whether the token is, or ends in, an address that may have a zone: elsewhere `%` begins an escape. */
  #takesZone(): boolean {
    if (this.#inZone || this.#tooLong) return false;
    const found = addressesIn(this.#token, this.#before === WORD, false).at(-1);
    return found !== undefined && this.#token.endsWith(found.text) && isAddress(`${found.text}%0`);
  }

  #endToken(next: number): void {
    const token = this.#token;
    const runEnd = this.#inZone ? token.indexOf('%') : token.length;
    const wordAfter = next === WORD && !this.#inZone;
    const tooLong = this.#tooLong;
    this.#token = '';
    this.#tooLong = false;
    this.#inZone = false;
    // Most are a digit or two, of a date or a word.
    if (tooLong || runEnd < 2) return;
    for (const { text, offset } of addressesIn(token.slice(0, runEnd), this.#before === WORD, wordAfter)) {
      const zoned = text + withoutPunctuation(token.slice(runEnd));
      this.#onFound(
        offset + text.length === runEnd && isAddress(zoned) ? zoned : text,
        this.#line,
        this.#tokenColumn + offset,
      );
    }
  }
}

interface Found {
  readonly text: string;
  readonly offset: number;
}

/**
 * The addresses in a run of `[0-9a-fA-F:.]`. No regular expression here repeats a repetition: a line of dots must not
 * take for ever.
 */
export function addressesIn(run: string, wordBefore: boolean, wordAfter: boolean): Found[] {
  if (!/[.:]/.test(run)) return [];
  const from = wordBefore ? endOfWord(run) : 0;
  const to = wordAfter ? startOfWord(run) : run.length;
  if (from < 0 || to < from) return [];
  // Punctuation: `(...10.0.0.1.)`; one colon is, two begin or end an address.
  const offset = from + (/^(?:\.|:(?!:))*/.exec(run.slice(from, to))?.[0].length ?? 0);
  const body = withoutPunctuation(run.slice(offset, to));
  if (isFound(body)) return [{ text: body, offset }];
  // `[::ffff:10.0.0.1]:80` without its brackets, `:::80` of netstat
  const withoutPort = body.replace(/:\d{1,5}$/, '');
  if (withoutPort.includes(':') && isFound(withoutPort)) return [{ text: withoutPort, offset }];
  if (body.includes('::')) return [];
  // `10.0.0.1:80`, `add:10.0.0.1`
  const found: Found[] = [];
  let at = offset;
  for (const part of body.split(':')) {
    if (isAddress(part, 4)) found.push({ text: part, offset: at });
    at += part.length + 1;
  }
  return found;
}

/** Eight pairs are text of an address, but nobody writes one so: it is an EUI-64 or the name of a Fibre Channel port. */
const PAIRS = /^(?:[0-9a-fA-F]{2}:){7}[0-9a-fA-F]{2}$/;

function isFound(text: string): boolean {
  return isAddress(text) && !PAIRS.test(text);
}

/** Where a word that began before the run ends: `remote:10.0.0.1`, `done...10.0.0.1`; -1 for `x10.0.0.1`, `so.1.2.3.4`, `std::a`. */
function endOfWord(run: string): number {
  return /^(?:[0-9a-fA-F]*\.\.|[0-9a-fA-F.]*:(?!:))/.exec(run)?.[0].length ?? -1;
}

/** Where a word that goes on behind the run begins: `10.0.0.1:backup`, `10.0.0.1...done`; -1 for `10.0.0.1x`, `1.2.3.4.example`, `a::x`. */
function startOfWord(run: string): number {
  const last = run.lastIndexOf(':') + 1;
  const dots = run.indexOf('..', last);
  if (dots >= 0) return dots;
  return last > 1 && run[last - 2] !== ':' ? last - 1 : -1;
}

/** The text up to the dots, dashes, tildes and the single colon at its end. */
function withoutPunctuation(text: string): string {
  let end = text.length;
  while (/[.~-]/.test(text.charAt(end - 1)) || (text[end - 1] === ':' && text[end - 2] !== ':')) end--;
  return text.slice(0, end);
}
