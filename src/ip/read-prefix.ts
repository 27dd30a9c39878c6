import { quote } from './address-parse-error.js';
import { diagnose } from './diagnose.js';
import { PrefixParseError } from './prefix-parse-error.js';
import { printIPv4, printIPv6 } from './print.js';
import { readText } from './read-text.js';
import { maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/** What to do with bits after the prefix: refuse the text, or clear them. */
export type HostBits = 'reject' | 'mask';

/** The prefix length that `readPrefix` found. */
export let prefixLength = 0;

/**
 * Reads `address/length` into the words and `prefixLength`, without allocating more than the text of the address: 4 or 6,
 * its family, or 0 when the text is no prefix. `hostBits` 'mask' clears the bits after the prefix; a text that has them is
 * refused otherwise.
 */
export function readPrefix(text: string, hostBits: HostBits): 0 | 4 | 6 {
  const slash = text.indexOf('/');
  const digits = text.length - slash - 1;
  if (slash < 0 || digits < 1 || digits > 3) return 0;
  let length = 0;
  for (let i = slash + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    // `/08` is refused, as `/8` is one text for one length
    if (digit >>> 0 > 9 || (length === 0 && i > slash + 1)) return 0;
    length = length * 10 + digit;
  }
  const family = readText(text.slice(0, slash));
  // `fe80::%eth0/64`: a prefix has no zone
  if (family === 0 || length > (family === 4 ? 32 : 128) || (family === 6 && text.includes('%'))) return 0;
  if (hasHostBits(family, length)) {
    // Whatever is no 'mask', a slip of the pen too, refuses.
    if (hostBits !== 'mask') return 0;
    maskWords(family, length);
  }
  prefixLength = length;
  return family;
}

/** Whether the words have bits set after the prefix. */
export function hasHostBits(family: 4 | 6, length: number): boolean {
  const bits = family === 4 ? length + 96 : length;
  return (
    (w3 & ~maskWord(bits, 3)) !== 0 ||
    (family === 6 &&
      ((w2 & ~maskWord(bits, 2)) !== 0 || (w1 & ~maskWord(bits, 1)) !== 0 || (w0 & ~maskWord(bits, 0)) !== 0))
  );
}

/** Clears the bits of the words after the prefix. */
export function maskWords(family: 4 | 6, length: number): void {
  const bits = family === 4 ? length + 96 : length;
  setWords(w0 & maskWord(bits, 0), w1 & maskWord(bits, 1), w2 & maskWord(bits, 2), w3 & maskWord(bits, 3));
}

/** Why `readPrefix` refuses a text: slow, as nobody waits for an error. */
export function prefixError(input: unknown): PrefixParseError {
  const fault = (code: PrefixParseError['code'], offset: number, problem: string, hint: string) =>
    new PrefixParseError(input, { code, offset, problem, hint });
  if (typeof input !== 'string')
    return fault('NOT_TEXT', 0, `${typeof input}, not text`, 'pass the prefix as a string');
  const slash = input.indexOf('/');
  const address = slash < 0 ? input : input.slice(0, slash);
  const length = slash < 0 ? '' : input.slice(slash + 1);
  const family = readText(address);
  if (family === 0) {
    const { offset, problem, hint } = diagnose(address);
    const other = otherNotation(input, address, length);
    if (other !== null) return fault('BAD_ADDRESS', offset, problem, other);
    return fault('BAD_ADDRESS', offset, problem, slash < 0 ? hint : `before the slash, ${hint}`);
  }
  const longest = family === 4 ? 32 : 128;
  const percent = address.indexOf('%');
  if (percent >= 0) {
    const plain = masked(`${address.slice(0, percent)}/${slash < 0 ? longest : length}`);
    return fault('ZONE', percent, 'zone', plain === null ? 'a prefix has none' : `a prefix has none, write ${plain}`);
  }
  if (slash < 0)
    return fault('NO_LENGTH', input.length, 'no prefix length', `write ${input}/${longest} for the address alone`);
  if (!/^(?:0|[1-9]\d*)$/.test(length)) {
    const decimal = /^0\d+$/.test(length) ? masked(`${address}/${Number(length)}`) : null;
    const hint =
      family === 4 && readText(length) === 4
        ? 'read masks with Prefix.fromNetmask or Prefix.fromWildcardMask'
        : `write ${decimal ?? 'one decimal number after the slash'}`;
    return fault('BAD_LENGTH', slash + 1, `prefix length ${quote(length)}`, hint);
  }
  if (length.length > 3 || Number(length) > longest) {
    return fault('LENGTH_RANGE', slash + 1, `prefix length ${quote(length)}`, `write 0 to ${longest} for IPv${family}`);
  }
  readPrefix(input, 'mask');
  return hostBitsError(input, family, Number(length));
}

/** What to write for the notations that people use for prefixes elsewhere; null when it is none of them. */
function otherNotation(input: string, address: string, length: string): string | null {
  // `10/8`, which routers and registries write: not the 0.0.0.10 that inet_aton reads
  const filled = `${address}${'.0'.repeat(Math.max(4 - address.split('.').length, 0))}`;
  if (
    /^\d+(?:\.\d+){0,2}$/.test(address) &&
    readText(filled) === 4 &&
    readPrefix(`${filled}/${length}`, 'mask') === 4
  ) {
    return `write ${printIPv4(w3)}/${prefixLength}`;
  }
  if (/^[^\s/-]+ ?- ?[^\s/]+$/.test(input) && !input.includes('%'))
    return 'a range is no prefix, read it with parseRange';
  if (/^\S+ [\d.]+$/.test(input)) return 'read an address and a mask with Prefix.fromNetmask(address, mask)';
  return null;
}

/** The refusal of an address with bits after the prefix; the words hold the masked address. */
export function hostBitsError(input: unknown, family: 4 | 6, length: number): PrefixParseError {
  return new PrefixParseError(input, {
    code: 'HOST_BITS',
    offset: 0,
    problem: 'bits set after the prefix',
    hint: `write ${printWords(family)}/${length}, or mask with hostBits: 'mask'`,
  });
}

/** The prefix of a text with bits after it, for a hint; null when the text is no prefix either way. */
function masked(text: string): string | null {
  const family = readPrefix(text, 'mask');
  return family === 0 ? null : `${printWords(family)}/${prefixLength}`;
}

function printWords(family: 4 | 6): string {
  return family === 4 ? printIPv4(w3) : printIPv6(w0, w1, w2, w3);
}
