import { domainToASCII, domainToUnicode } from 'node:url';
import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { lenientReadings, safeParseAddress } from '../ip/index.js';

/** A name as it may go on the wire, or an address in its place. */
export type NameOrAddress =
  | { readonly kind: 'address'; readonly address: Address }
  | {
      readonly kind: 'name';
      /** ASCII, lower case, without a trailing dot; '' is the root. */
      readonly name: string;
      /** Whether it was written with a trailing dot, and so is never completed by a search list. */
      readonly absolute: boolean;
    };

/** Why a text is no name. */
export interface BadName {
  readonly kind: 'bad';
  readonly problem: string;
  readonly hint: string;
}

/** RFC 1035 section 2.3.4. */
const LONGEST_LABEL = 63;
/** 255 octets on the wire: a length before each label, and the root's. */
export const LONGEST_NAME = 253;
/** Characters. IDNA shortens some names, but not so much, and its time grows with the square of a label's length. */
const LONGEST_TEXT = 1024;

/**
 * What to ask for a text: a name that means the same to every resolver, or an address that needs no question. Names whose last
 * label is a number are refused, as lenient readers take them for addresses; so are NUL and other control characters,
 * blanks, backslashes (which some resolvers take for escapes), other signs, which c-ares refuses, and what IDNA refuses.
 * Underscores, slashes and asterisks are legal (RFC 2181 section 11), slashes in labels of ASCII only.
 *
 * @see RFC 1035 section 2.3.4 (lengths), RFC 5891 (IDNA)
 */
export function readName(text: unknown): NameOrAddress | BadName {
  if (typeof text !== 'string') return bad(`${quote(text)}, not text`, 'pass the name as a string');
  if (isPlain(text)) return { kind: 'name', name: text, absolute: false };
  const parsed = safeParseAddress(text);
  if (parsed.success) return { kind: 'address', address: parsed.data };
  if (text === '') return bad('empty name', "write a name, or '.' for the root");
  if (text === '.') return { kind: 'name', name: '', absolute: true };
  if (text.length > LONGEST_TEXT)
    return bad(`name of ${text.length} characters`, `write ${LONGEST_NAME} octets at the most`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(text))
    return bad('control character, blank or backslash', 'write the name without it');
  const strange = NOT_IN_NAMES.exec(text);
  if (strange !== null) {
    const isAddress = LIKE_IPV6.test(text);
    const problem = `${quote(strange[0])} is in no name${isAddress ? ', and this is no IPv6 address' : ''}`;
    return bad(problem, isAddress ? parsed.error.hint : hintFor(text));
  }
  const absolute = /[.\u3002\uff0e\uff61]$/.test(text);
  const labels: string[] = [];
  for (const label of (absolute ? text.slice(0, -1) : text).split(/[.\u3002\uff0e\uff61]/)) {
    if (label === '') return bad('empty label', 'write one dot between labels');
    const ascii = asciiLabel(label);
    if (ascii === null && label.includes('/'))
      return bad(`"/" stands in ${quote(label)}, which is internationalised`, 'write "/" in labels of ASCII alone');
    if (ascii === null) return bad(`label ${quote(label)} is refused by IDNA`, 'write a valid internationalised label');
    // What compatibility characters stand for: `\ufe60` is `&`.
    const mapped = NOT_IN_NAMES.exec(ascii);
    if (mapped !== null)
      return bad(`${quote(mapped[0])}, which stands in ${quote(label)}, is in no name`, 'write the name without it');
    if (ascii.length > LONGEST_LABEL)
      return bad(`label of ${ascii.length} octets`, `write ${LONGEST_LABEL} at the most`);
    labels.push(ascii);
  }
  const name = labels.join('.');
  if (name.length > LONGEST_NAME) return bad(`name of ${name.length} octets`, `write ${LONGEST_NAME} at the most`);
  const last = labels.at(-1) ?? '';
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(last)) {
    const { inetAton, url } = lenientReadings(name);
    const reading = inetAton ?? url;
    const meant =
      reading === null ? 'write an address of four decimal octets, or a name' : `write ${reading} if that is meant`;
    return bad('last label is a number', `some readers take this for an address, ${meant}`);
  }
  return { kind: 'name', name, absolute };
}

/**
 * The names to ask for a name, in order, with a search list: as it is first when it has at least `ndots` dots, else last. An absolute
 * name is asked as it is; what would be too long is left out.
 */
export function candidates(name: string, absolute: boolean, search: readonly string[], ndots: number): string[] {
  if (absolute) return [name];
  const completed = search.map((suffix) => `${name}.${suffix}`).filter((one) => one.length <= LONGEST_NAME);
  const dots = name.split('.').length - 1;
  return dots >= ndots ? [name, ...completed] : [...completed, name];
}

/**
 * Whether a text is a name as it stands: labels of letters in lower case, digits, `-` and `_`, none that may be an A-label, the last
 * one with a letter before anything else. Most names are, and the rest of the reading takes ten times as long.
 */
function isPlain(text: string): boolean {
  return text.length <= LONGEST_NAME && PLAIN.test(text);
}

const PLAIN = /^(?:(?!xn--)[a-z0-9_-]{1,63}\.)*(?!xn--)[a-z][a-z0-9_-]{0,62}$/;

/** What is printed and stands in no name that c-ares would ask for: all but letters, digits, `-`, `_`, `/`, `*` and dots. */
const NOT_IN_NAMES = /[!-)+,:-@[\]^`{-~]/;

/** What was meant for an IPv6 address, with a zone or a prefix length maybe. */
const LIKE_IPV6 = /^[\da-f.]*:[\da-f.]*:[\da-f:.]*(?:[%/].*)?$/i;

function hintFor(text: string): string {
  if (text.includes('://')) return 'write the host of the URL alone';
  const [, bracketed] = /^\[([^\]]*)/.exec(text) ?? [];
  if (bracketed?.includes(':')) return 'write an IPv6 address without brackets and port';
  if (bracketed !== undefined) return 'write the name without brackets';
  if (/^[^:]+:\d+$/.test(text)) return 'write the name without the port';
  return "write letters, digits, '-', '_', '/', '*', and dots between labels";
}

/** A label in ASCII and lower case; null when IDNA refuses it. ASCII labels are left as they are but for their case. */
function asciiLabel(label: string): string | null {
  const lower = label.toLowerCase();
  const isAscii = !/[^\u0021-\u007e]/.test(label);
  if (isAscii && !lower.startsWith('xn--')) return lower;
  // What domainToASCII would take for something else than a part of the label.
  if (/[%/?#@:[\]\\|^<>]/.test(label)) return null;
  // With a label behind it that is no number, or it would read `0x7f` as an address.
  const ascii = domainToASCII(`${label}.a`);
  // From Node 24 on it leaves a label that it cannot read as it is.
  if (domainToUnicode(ascii).startsWith('xn--')) return null;
  return ascii.endsWith('.a') && ascii.length > 2 && !ascii.slice(0, -2).includes('.') ? ascii.slice(0, -2) : null;
}

function bad(problem: string, hint: string): BadName {
  return { kind: 'bad', problem, hint };
}
