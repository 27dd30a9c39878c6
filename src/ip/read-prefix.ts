import { quote } from './address-parse-error.js';
import { EXAMPLE, examine, faultOfNotation } from './diagnose.js';
import { type PrefixFinding, PrefixParseError } from './prefix-parse-error.js';
import { printIPv4, printIPv6 } from './print.js';
import { readText } from './read-text.js';
import { isMapped, maskWord, setWords, w0, w1, w2, w3 } from './words.js';

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

/**
 * Why `readPrefix` refuses a text: slow, as nobody waits for an error.
 *
 * @param canMask whether who called has the option `hostBits`, for the hint
 */
export function prefixError(input: unknown, canMask: boolean): PrefixParseError {
  const fault = (code: PrefixParseError['code'], offset: number, problem: string, hint: string) =>
    new PrefixParseError(input, { code, offset, problem, hint });
  if (typeof input !== 'string')
    return fault('NOT_TEXT', 0, `${typeof input}, not text`, 'pass the prefix as a string');
  const other = faultOfNotation(input, 'prefix');
  if (other !== null) return fault('BAD_ADDRESS', other.offset, other.problem, other.advice);
  const slash = input.indexOf('/');
  const address = slash < 0 ? input : input.slice(0, slash);
  const length = slash < 0 ? null : input.slice(slash + 1);
  const percent = address.indexOf('%');
  // Whatever the zone is: a prefix has none.
  const plain = percent < 0 ? address : address.slice(0, percent);
  const family = readText(plain);
  if (family === 0) {
    const { offset, problem, hint } = addressFault(input, address, length);
    return fault('BAD_ADDRESS', offset, problem, hint);
  }
  const longest = family === 4 ? 32 : 128;
  if (percent >= 0) {
    // A colon in a zone: more than a zone stands there.
    const bare = address.includes(':', percent) ? [] : masked(`${plain}/${length ?? longest}`);
    return fault(
      'ZONE',
      percent,
      'zone',
      `a prefix has none${bare.length === 0 ? '' : `, write ${bare.join(' or ')}`}`,
    );
  }
  if (length === null)
    return fault('NO_LENGTH', input.length, 'no prefix length', `write ${input}/${longest} for the address alone`);
  if (!/^(?:0|[1-9]\d*)$/.test(length)) {
    const blank = length.search(/\s/);
    const [offset, problem] = blank < 0 ? [0, `prefix length ${quote(length)}`] : [blank, 'blank'];
    return fault('BAD_LENGTH', slash + 1 + offset, problem, lengthHint(address, length));
  }
  if (length.length > 3 || Number(length) > longest) {
    return fault('LENGTH_RANGE', slash + 1, `prefix length ${quote(length)}`, `write 0 to ${longest} for IPv${family}`);
  }
  readText(address);
  return hostBitsError(input, family, Number(length), canMask);
}

/** What is wrong in front of the length, and what to write for the whole. */
function addressFault(input: string, address: string, length: string | null): Omit<PrefixFinding, 'code'> {
  const { code, offset, problem, advice, choices } = examine(address, 'prefix');
  // `10.0.0.0:8` may be a slip for the slash as well as a port.
  const slip = length === null && code === 'PORT' ? `${input.slice(0, offset)}/${input.slice(offset + 1)}` : '';
  const hint =
    maskHint(input) ??
    abbreviationHint(address, length ?? '') ??
    instead([
      ...(readPrefix(slip, 'reject') === 0 ? [] : [slip]),
      ...choices.map((choice) => `${choice}/${length?.trim() ?? (choice.includes(':') ? 128 : 32)}`),
    ]) ??
    (choices.length === 0 ? advice : null) ??
    `write ${address.includes(':') ? EXAMPLE.prefix[6] : EXAMPLE.prefix[4]}`;
  return { offset, problem, hint };
}

/** What to write for `10.0.0.0 24`, and for an address and a mask. */
function maskHint(input: string): string | null {
  const [, address = '', mask = ''] = /^(\S+) (\S+)$/.exec(input) ?? [];
  if (!isText(address)) return null;
  return instead([`${address}/${mask}`]) ?? functionOfMask(address, mask);
}

/** The functions that read an IPv4 address and a mask, as a hint: 0.0.0.0 is of both kinds; null where there is none. */
function functionOfMask(address: string, mask: string): string | null {
  if (readText(address) !== 4 || readText(mask) !== 4) return null;
  const kinds = [
    ...(maskLength(4, false) < 0 ? [] : ['a netmask with Prefix.fromNetmask']),
    ...(maskLength(4, true) < 0 ? [] : ['a wildcard mask with Prefix.fromWildcardMask']),
  ];
  return kinds.length === 0 ? null : `read an address and ${kinds.join(', or ')}`;
}

/** `10/8`, as routers and registries write it, where the octets are as many as the length takes. */
function abbreviationHint(address: string, length: string): string | null {
  const octets = address.split('.').length;
  if (!/^\d+(?:\.\d+){0,2}$/.test(address) || Number(length) > octets * 8) return null;
  return instead([`${address}${'.0'.repeat(4 - octets)}/${length}`]);
}

/** What to write for a length that is no decimal number. */
function lengthHint(address: string, length: string): string {
  const decimal = /^\s*(\d+)\s*$/.exec(length)?.[1];
  const isMask = readText(address) === 6 && readText(length) === 6;
  const bits = isMask ? maskLength(6, false) : Number(decimal);
  return (
    instead([`${address}/${bits}`]) ?? functionOfMask(address, length) ?? 'write one decimal number after the slash'
  );
}

/** What to write of texts that may be prefixes; null when none is. Bits after the prefix don't go without a word. */
export function instead(texts: readonly string[]): string | null {
  const exact = texts.filter((text) => readPrefix(text, 'reject') !== 0);
  const inexact = texts.filter((text) => !exact.includes(text) && masked(text).length > 0);
  const prefixes = texts.flatMap((text) => (exact.includes(text) ? [text] : masked(text)));
  if (prefixes.length === 0) return null;
  const written = `write ${[...new Set(prefixes)].join(' or ')}`;
  if (inexact.length === 0) return written;
  return `${written}, as ${inexact.join(' and ')} ${inexact.length > 1 ? 'have' : 'has'} bits set after the prefix`;
}

/** The length that a netmask in the words stands for, or a wildcard mask; -1 where its ones are not all on that side. */
export function maskLength(family: 4 | 6, wildcard: boolean): number {
  const words = (family === 4 ? [w3] : [w0, w1, w2, w3]).map((word) => (wildcard ? ~word : word));
  const lengths = Array.from({ length: words.length * 32 + 1 }, (_, length) => length);
  return lengths.findIndex((length) => words.every((word, i) => word === maskWord(length, i)));
}

/** The refusal of the address in the words, which has bits after the prefix. */
export function hostBitsError(input: unknown, family: 4 | 6, length: number, canMask: boolean): PrefixParseError {
  const prefixes = maskedWords(family, length);
  const mask = canMask && prefixes.length === 1 ? ", or mask with hostBits: 'mask'" : '';
  const hint = `write ${prefixes.join(' or ')}${mask}`;
  return new PrefixParseError(input, { code: 'HOST_BITS', offset: 0, problem: 'bits set after the prefix', hint });
}

/** The prefixes that a text with bits after its length may mean, for a hint; none when it is no prefix either way. */
function masked(text: string): string[] {
  const family = readPrefix(text, 'mask');
  if (family === 0) return [];
  readText(text.slice(0, text.indexOf('/')));
  return maskedWords(family, prefixLength);
}

/** The prefixes that the words and a length may mean: `::ffff:10.0.0.0/8` is meant for 10.0.0.0/8, and ::/8 is none of it. */
function maskedWords(family: 4 | 6, length: number): string[] {
  // Before the word of IPv4 stand zeros: no such is IPv4-mapped.
  const mapped = isMapped(w0, w1, w2) && length > 0 && length <= 32;
  maskWords(family, mapped ? length + 96 : length);
  if (!mapped) return [`${printWords(family)}/${length}`];
  return [`${printWords(6)}/${length + 96}`, `${printWords(4)}/${length}`];
}

function printWords(family: 4 | 6): string {
  return family === 4 ? printIPv4(w3) : printIPv6(w0, w1, w2, w3);
}

function isText(text: string): boolean {
  return readText(text) !== 0;
}
