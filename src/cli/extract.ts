import { isAddress } from '../ip/index.js';

/** Called for each address found, with its place: lines and columns count from 1, columns in characters. */
export type OnFound = (address: string, line: number, column: number) => void;

const LF = 0x0a;
const PERCENT = 0x25;

/** Longer runs are no address, nor an address with a port: they are passed over without being kept. */
const LONGEST_TOKEN = 256;

const OTHER = 0;
/** Letters beyond F and `_`: next to an address they make it part of a word. */
const WORD = 1;
/** What an address is written with: hexadecimal digits, dots and colons. */
const RUN = 2;

const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  if (/[0-9a-fA-F:.]/.test(character)) return RUN;
  return /\w/.test(character) ? WORD : OTHER;
});

/**
 * Finds every address in free text, in chunks of bytes, with constant memory whatever the length of a line. An address
 * is a run of hexadecimal digits, dots and colons that is no part of a word, punctuation at its ends left out; a port
 * behind an IPv4 address and a prefix length are passed over, a zone is taken along.
 */
export class Extractor {
  readonly #onFound: OnFound;
  #line = 1;
  /** Characters of the line so far: bytes that do not continue a UTF-8 sequence. */
  #column = 0;
  #token = '';
  #tokenColumn = 0;
  #tooLong = false;
  /** Whether a word character stands before the token. */
  #inWord = false;
  /** A `%` follows the run in the token, and maybe a zone. */
  #inZone = false;

  constructor(onFound: OnFound) {
    this.#onFound = onFound;
  }

  push(chunk: Buffer): void {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      const kind = CLASSES[byte] as number;
      if (this.#inZone ? kind !== OTHER || byte === 0x2d || byte === 0x7e : kind === RUN) this.#extend(byte);
      else if (byte === PERCENT && this.#token !== '' && !this.#inZone) {
        this.#inZone = true;
        this.#extend(byte);
      } else {
        if (this.#token !== '') this.#endToken(kind);
        this.#inWord = kind === WORD;
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
  }

  #endToken(next: number): void {
    const token = this.#token;
    const tooLong = this.#tooLong;
    const wordBefore = this.#inWord;
    this.#token = '';
    this.#tooLong = false;
    this.#inZone = false;
    if (tooLong) return;
    for (const { text, offset } of addressesIn(token, wordBefore, next === WORD)) {
      this.#onFound(text, this.#line, this.#tokenColumn + offset);
    }
  }
}

interface Found {
  readonly text: string;
  readonly offset: number;
}

/** The addresses in a run of `[0-9a-fA-F:.]` with an optional zone. */
export function addressesIn(token: string, wordBefore: boolean, wordAfter: boolean): Found[] {
  const percent = token.indexOf('%');
  const run = percent < 0 ? token : token.slice(0, percent);
  const zone = percent < 0 ? '' : token.slice(percent).replace(/[.~-]+$/, '');
  // Punctuation in front: `addr:10.0.0.1`, `...10.0.0.1`; one colon is, two begin an address.
  const offset = run.length - run.replace(/^(?:\.+|:(?!:))+/, '').length;
  const body = run.slice(offset);
  if (offset === 0 && wordBefore) return [];
  if (zone !== '' && isAddress(body + zone)) return [{ text: body + zone, offset }];
  // A word that goes on behind: `1.2.3.4.example`, `10.0.0.1x`; with punctuation between them it is no part of it: `10.0.0.1:x`
  const trimmed = body.replace(/(?:\.+|(?<!:):)+$/, '');
  if (wordAfter && percent < 0 && !/:$/.test(body)) return [];
  if (isAddress(trimmed)) return [{ text: trimmed, offset }];
  const withoutPort = trimmed.replace(/:\d{1,5}$/, '');
  if (trimmed.includes('::') || trimmed.split(':').length > 3) {
    // `::ffff:10.0.0.1:80`
    return withoutPort.includes('.') && isAddress(withoutPort) ? [{ text: withoutPort, offset }] : [];
  }
  // `10.0.0.1:80`, `add:10.0.0.1`
  const found: Found[] = [];
  let at = offset;
  for (const part of trimmed.split(':')) {
    if (isAddress(part, 4)) found.push({ text: part, offset: at });
    at += part.length + 1;
  }
  return found;
}
