import { GROUPS, HEX, isZone, LONGEST_IPV4, LONGEST_IPV6, setGroups } from './read-text.js';
import { setWords, takesZone, w0, w3 } from './words.js';

/**
 * The grammar of read-text.ts over bytes, line by line the same: twice as fast as making a string of each address
 * first. `as number` stands where the index has been checked.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const SECOND_COLON = -2;
const PERCENT = 0x25;
const SMALL_F = 0x66;

/** Reads the bytes from `start` to before `end`, which are inside the array, into the words: 4, 6, or 0 when they are none. */
export function readBytes(bytes: Uint8Array, start: number, end: number): 0 | 4 | 6 {
  if (end - start <= LONGEST_IPV4 && readIPv4(bytes, start, end)) return 4;
  if (readIPv6(bytes, start, end)) return 6;
  // Whatever takes a zone begins with an f, and most texts that are refused don't.
  if (end - start < 2 || ((bytes[start] as number) | 0x20) !== SMALL_F) return 0;
  const percent = percentIn(bytes, start, end);
  if (percent < 0 || !readIPv6(bytes, start, percent)) return 0;
  return takesZone(w0) && isZone(decode(bytes, percent + 1, end), 0) ? 6 : 0;
}

/** Whether `start` to before `end` is a range of the bytes: anything may have been passed. */
export function isRangeOf(bytes: Uint8Array, start: number, end: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= bytes.length;
}

/** The zone of the IPv6 bytes that have just been read into the words; null when they have none. */
export function zoneOfBytes(bytes: Uint8Array, start: number, end: number): string | null {
  if (!takesZone(w0)) return null;
  const percent = percentIn(bytes, start, end);
  return percent < 0 ? null : decode(bytes, percent + 1, end);
}

/** The text of bytes: UTF-8, what is invalid replaced by U+FFFD, which no address has, and a byte order mark kept. */
export function decode(bytes: Uint8Array, start: number, end: number): string {
  // A copy, as a browser's TextDecoder refuses views of shared memory.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes.subarray(start, end)));
}

// Every platform has it; the types of this folder compile without those of Node and of the DOM.
declare const TextDecoder: new (
  label: string,
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

function percentIn(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== PERCENT) i++;
  return i < end ? i : -1;
}

/** A dotted quad from `start` to `end`: four decimal octets without leading zeros. */
function readIPv4(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  let bits = 0;
  for (let octet = 0; octet < 3; octet++) {
    if (i + 2 >= end) return false;
    let value = (bytes[i] as number) - 0x30;
    if (value >>> 0 > 9) return false;
    let next = bytes[i + 1] as number;
    i += 2;
    if (next !== DOT) {
      // `010.0.0.1` (octal to inet_aton, decimal to others), `1x`
      if (value === 0 || (next - 0x30) >>> 0 > 9) return false;
      value = value * 10 + next - 0x30;
      next = bytes[i++] as number;
      if (next !== DOT) {
        if ((next - 0x30) >>> 0 > 9 || i >= end) return false;
        value = value * 10 + next - 0x30;
        // `256.0.0.1`, `1921.0.0.1`
        if (value > 255 || bytes[i++] !== DOT) return false;
      }
    }
    bits = (bits << 8) | value;
  }
  const digits = end - i;
  if (digits < 1 || digits > 3) return false;
  let value = (bytes[i] as number) - 0x30;
  if (value >>> 0 > 9) return false;
  if (digits > 1) {
    let digit = (bytes[i + 1] as number) - 0x30;
    if (digit >>> 0 > 9 || value === 0) return false;
    value = value * 10 + digit;
    if (digits > 2) {
      digit = (bytes[i + 2] as number) - 0x30;
      if (digit >>> 0 > 9) return false;
      value = value * 10 + digit;
      if (value > 255) return false;
    }
  }
  setWords(0, 0, 0, (bits << 8) | value);
  return true;
}

/** IPv6 text without a zone, from `start` to `end`. */
function readIPv6(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 2 || end - start > LONGEST_IPV6) return false;
  let i = start;
  let groups = 0;
  // How many groups stand before `::`; -1 as long as there is none.
  let gap = -1;
  if (bytes[i] === COLON) {
    // `:1::2`
    if (bytes[i + 1] !== COLON) return false;
    gap = 0;
    i += 2;
  }
  while (i < end) {
    const group = groupAt(bytes, i, end);
    if (group >= 0) {
      // `1:2:3:4:5:6:7:8:9`
      if (groups === 8) return false;
      GROUPS[groups++] = group & 0xffff;
      i += group >> 16;
      continue;
    }
    if (group === SECOND_COLON) {
      // `1::2::3`, `:::`
      if (gap >= 0) return false;
      gap = groups;
      i++;
      continue;
    }
    // A dotted quad in place of the last two groups, or no address: `1:2:3:4:5:6:7:1.2.3.4`
    if (groups > 6 || (gap < 0 && groups < 6) || !readIPv4(bytes, i, end)) return false;
    GROUPS[groups++] = w3 >>> 16;
    GROUPS[groups++] = w3 & 0xffff;
    i = end + 1;
  }
  // A group at the end counts a colon that is not there, so `i` stops at the end only after a colon: `1:2:`
  if (i === end && gap !== groups) return false;
  return setGroups(groups, gap);
}

/**
 * The group at `i` in the low 16 bits, and above them how many characters it and the colon after it take (at the end
 * of the text a colon is counted that is not there); `SECOND_COLON` where a colon stands; -1 for anything else.
 */
function groupAt(bytes: Uint8Array, i: number, end: number): number {
  const first = bytes[i] as number;
  if (first > 0x7f) return -1;
  const one = HEX[first] as number;
  if (one > 15) return first === COLON ? SECOND_COLON : -1;
  if (i + 1 >= end) return 0x20000 | one;
  const second = bytes[i + 1] as number;
  if (second === COLON) return 0x20000 | one;
  if (second > 0x7f) return -1;
  let digit = HEX[second] as number;
  if (digit > 15) return -1;
  const two = (one << 4) | digit;
  if (i + 2 >= end) return 0x30000 | two;
  const third = bytes[i + 2] as number;
  if (third === COLON) return 0x30000 | two;
  if (third > 0x7f) return -1;
  digit = HEX[third] as number;
  if (digit > 15) return -1;
  const three = (two << 4) | digit;
  if (i + 3 >= end) return 0x40000 | three;
  const fourth = bytes[i + 3] as number;
  if (fourth === COLON) return 0x40000 | three;
  if (fourth > 0x7f) return -1;
  digit = HEX[fourth] as number;
  if (digit > 15) return -1;
  const four = (three << 4) | digit;
  // `12345::`
  return i + 4 >= end || bytes[i + 4] === COLON ? 0x50000 | four : -1;
}
