import { setWords, takesZone, w0, w3 } from './words.js';

/**
 * The hot path: text to words (see words.ts), without an object, a regular expression or a copy of the text. It
 * answers only yes or no; `diagnose.ts` says why, slowly, when somebody asks.
 *
 * The same grammar stands again in read-bytes.ts, over bytes: one function over both would make V8 look up the kind
 * of its argument at each character.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const SECOND_COLON = -2;
const SMALL_F = 0x66;

/** The value of each hexadecimal digit; 255 for any other ASCII character. */
export const HEX: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : 255;
});

/** The groups read so far. */
export const GROUPS: Int32Array = /* @__PURE__ */ new Int32Array(8);

/** The longest dotted quad, `255.255.255.255`. */
export const LONGEST_IPV4 = 15;
/** The longest IPv6 text without a zone: six groups of four digits before the longest dotted quad. */
export const LONGEST_IPV6 = 45;

/**
 * Reads an address into the words: 4 or 6, its family, or 0 when the text is none.
 *
 * @see RFC 4291 section 2.2 (IPv6 text), RFC 4007 section 11 (zones), RFC 6943 section 3.1.1 (why one strict form)
 */
export function readText(text: string): 0 | 4 | 6 {
  const length = text.length;
  if (length <= LONGEST_IPV4 && readIPv4(text, 0, length)) return 4;
  if (readIPv6(text, 0, length)) return 6;
  // Whatever takes a zone begins with an f, and most texts that are refused don't.
  if (length < 2 || (text.charCodeAt(0) | 0x20) !== SMALL_F) return 0;
  const percent = text.indexOf('%');
  if (percent < 0 || !readIPv6(text, 0, percent)) return 0;
  return takesZone(w0) && isZone(text, percent + 1) ? 6 : 0;
}

/** The zone of the IPv6 text that has just been read into the words; null when it has none. */
export function zoneOf(text: string): string | null {
  if (!takesZone(w0)) return null;
  const percent = text.indexOf('%');
  return percent < 0 ? null : text.slice(percent + 1);
}

/**
 * Whether the text from `start` is a zone: letters, digits and `-._~`, at least one, and not `25` followed by more,
 * which is a percent-encoded `%` more often than a name.
 */
export function isZone(text: string, start: number): boolean {
  return /^(?!25.)[\w.~-]+$/.test(text.slice(start));
}

/** A dotted quad from `start` to `end`: four decimal octets without leading zeros. */
function readIPv4(text: string, start: number, end: number): boolean {
  // The digits of an octet are written out, not looped over, and not in a function of their own, which V8 inlines at
  // some calls and not at others: two thirds of the time of either.
  let i = start;
  let bits = 0;
  for (let octet = 0; octet < 3; octet++) {
    if (i + 2 >= end) return false;
    let value = text.charCodeAt(i) - 0x30;
    if (value >>> 0 > 9) return false;
    let next = text.charCodeAt(i + 1);
    i += 2;
    if (next !== DOT) {
      // `010.0.0.1` (octal to inet_aton, decimal to others), `1x`
      if (value === 0 || (next - 0x30) >>> 0 > 9) return false;
      value = value * 10 + next - 0x30;
      next = text.charCodeAt(i++);
      if (next !== DOT) {
        if ((next - 0x30) >>> 0 > 9 || i >= end) return false;
        value = value * 10 + next - 0x30;
        // `256.0.0.1`, `1921.0.0.1`
        if (value > 255 || text.charCodeAt(i++) !== DOT) return false;
      }
    }
    bits = (bits << 8) | value;
  }
  const digits = end - i;
  if (digits < 1 || digits > 3) return false;
  let value = text.charCodeAt(i) - 0x30;
  if (value >>> 0 > 9) return false;
  if (digits > 1) {
    let digit = text.charCodeAt(i + 1) - 0x30;
    if (digit >>> 0 > 9 || value === 0) return false;
    value = value * 10 + digit;
    if (digits > 2) {
      digit = text.charCodeAt(i + 2) - 0x30;
      if (digit >>> 0 > 9) return false;
      value = value * 10 + digit;
      if (value > 255) return false;
    }
  }
  setWords(0, 0, 0, (bits << 8) | value);
  return true;
}

/** IPv6 text without a zone, from `start` to `end`. */
function readIPv6(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > LONGEST_IPV6) return false;
  let i = start;
  let groups = 0;
  // How many groups stand before `::`; -1 as long as there is none.
  let gap = -1;
  if (text.charCodeAt(i) === COLON) {
    // `:1::2`
    if (text.charCodeAt(i + 1) !== COLON) return false;
    gap = 0;
    i += 2;
  }
  while (i < end) {
    const group = groupAt(text, i, end);
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
    if (groups > 6 || (gap < 0 && groups < 6) || !readIPv4(text, i, end)) return false;
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
function groupAt(text: string, i: number, end: number): number {
  // Written out for the same reasons as an octet. The table costs less than telling digits from letters by comparing,
  // since which of the two comes next can't be predicted.
  const first = text.charCodeAt(i);
  if (first > 0x7f) return -1;
  const one = HEX[first] as number;
  if (one > 15) return first === COLON ? SECOND_COLON : -1;
  if (i + 1 >= end) return 0x20000 | one;
  const second = text.charCodeAt(i + 1);
  if (second === COLON) return 0x20000 | one;
  if (second > 0x7f) return -1;
  let digit = HEX[second] as number;
  if (digit > 15) return -1;
  const two = (one << 4) | digit;
  if (i + 2 >= end) return 0x30000 | two;
  const third = text.charCodeAt(i + 2);
  if (third === COLON) return 0x30000 | two;
  if (third > 0x7f) return -1;
  digit = HEX[third] as number;
  if (digit > 15) return -1;
  const three = (two << 4) | digit;
  if (i + 3 >= end) return 0x40000 | three;
  const fourth = text.charCodeAt(i + 3);
  if (fourth === COLON) return 0x40000 | three;
  if (fourth > 0x7f) return -1;
  digit = HEX[fourth] as number;
  if (digit > 15) return -1;
  const four = (three << 4) | digit;
  // `12345::`
  return i + 4 >= end || text.charCodeAt(i + 4) === COLON ? 0x50000 | four : -1;
}

/** Puts the groups into the words, `gap` of them before `::` when that is not -1; false when they are too few or too many. */
export function setGroups(groups: number, gap: number): boolean {
  if (gap < 0) {
    if (groups !== 8) return false;
  } else {
    // `::` stands for one group at least: `1:2:3:4::5:6:7:8`
    if (groups > 7) return false;
    let to = 7;
    for (let from = groups - 1; from >= gap; from--) GROUPS[to--] = GROUPS[from] as number;
    while (to >= gap) GROUPS[to--] = 0;
  }
  setWords(
    ((GROUPS[0] as number) << 16) | (GROUPS[1] as number),
    ((GROUPS[2] as number) << 16) | (GROUPS[3] as number),
    ((GROUPS[4] as number) << 16) | (GROUPS[5] as number),
    ((GROUPS[6] as number) << 16) | (GROUPS[7] as number),
  );
  return true;
}
