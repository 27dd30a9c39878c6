import { AddressParseError, notText } from './address-parse-error.js';
import { printIPv4, printIPv6 } from './print.js';
import { readText } from './read-text.js';
import { w0, w1, w2, w3 } from './words.js';

/** What readers that are less strict than this package make of a text; null where they refuse it. */
export interface LenientReadings {
  /** As the C library's `inet_aton`, and so `ping` and many databases, reads it; `getaddrinfo` of glibc does, but refuses text after white space. */
  readonly inetAton: string | null;
  /** As the URL standard's host parser, and so `new URL`, `fetch` and every browser, reads it. */
  readonly url: string | null;
}

/**
 * The addresses that lenient readers take a text for, in canonical text. A text that `parseAddress` refuses
 * and that reads as an address here is one that a filter and a socket may disagree about.
 *
 * `inetAton` follows glibc: one to four parts, each decimal, octal (0) or hexadecimal (0x), the last filling the
 * bytes that remain, a value too large refused, text after white space ignored. `url` follows the host parser of
 * the URL standard: percent-decoding, compatibility characters such as full-width digits, then its IPv4 parser,
 * or IPv6 text in brackets. Of a text over 1024 characters nothing is said: both are null.
 *
 * @throws {AddressParseError} `NOT_TEXT` when given no text
 * @see https://url.spec.whatwg.org/#concept-ipv4-parser
 * @see RFC 6943 section 3.1.1
 */
export function lenientReadings(text: string): LenientReadings {
  if (typeof text !== 'string') throw new AddressParseError(text, notText(text, 'address'));
  return { inetAton: readInetAton(text), url: readUrlHost(text) };
}

/** No reader takes a longer text for an address; zeros without end are the exception that nobody writes. */
const LONGEST = 1024;

function readInetAton(text: string): string | null {
  if (text.length > LONGEST) return null;
  // Text after white space is ignored by inet_aton (not by getaddrinfo): `127.0.0.1 x`
  const end = text.search(/[\t-\r ]/);
  const parts = (end < 0 ? text : text.slice(0, end)).split('.');
  if (parts.length > 4) return null;
  return addressOfParts(parts.map(valueOfInetAtonPart), 0xff);
}

/** As `strtoul` with base 0 reads it: `0x` without a digit after it, `08` and a sign are refused. */
function valueOfInetAtonPart(part: string): number {
  if (/^0[xX][0-9a-fA-F]+$/.test(part)) return Number.parseInt(part, 16);
  if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8);
  return /^[1-9][0-9]*$/.test(part) ? Number.parseInt(part, 10) : Number.NaN;
}

// UTS 46 mapping, as far as it can lead to digits, dots and hexadecimal letters: NFKC and two exceptions.

/** Left out: soft hyphen, zero width, variation selectors, shorthand and musical controls, fillers; some of them only by newer readers. */
const IGNORED =
  /\u00ad|\u034f|[\u115f\u1160]|[\u17b4\u17b5]|[\u180b-\u180f]|\u200b|[\u2060-\u2064]|[\u206a-\u206f]|\u3164|[\ufe00-\ufe0f]|\ufeff|\uffa0|[\u{1bca0}-\u{1bca3}]|[\u{1d173}-\u{1d17a}]|[\u{e0100}-\u{e01ef}]/gu;

/** Not allowed, where NFKC would make a full stop of them: a leader, `⒈`, small and vertical forms. */
const DISALLOWED = /[\u2024\u2488-\u249b\ufe12\ufe52\u{1f100}]/u;

function readUrlHost(text: string): string | null {
  if (text.length > LONGEST) return null;
  // The URL parser drops these before it looks for a host.
  const host = text.replace(/[\t\n\r]/g, '').replace(/(?<![\0- ])[\0- ]+$/, '');
  if (host.startsWith('[') && host.endsWith(']')) {
    const inside = host.slice(1, -1);
    return readText(inside) === 6 && !inside.includes('%') ? printIPv6(w0, w1, w2, w3) : null;
  }
  const decoded = percentDecode(host);
  if (decoded === null || DISALLOWED.test(decoded)) return null;
  const name = decoded
    .replace(IGNORED, '')
    .normalize('NFKC')
    .replace(/\u3002/g, '.')
    .toLowerCase();
  const parts = name.split('.');
  if (parts.length > 1 && parts.at(-1) === '') parts.pop();
  if (parts.length > 4) return null;
  return addressOfParts(parts.map(valueOfUrlPart), 0xff);
}

/** The URL standard's "IPv4 number parser": `0x` alone is 0. */
function valueOfUrlPart(part: string): number {
  if (/^0x[0-9a-f]*$/.test(part)) return part.length === 2 ? 0 : Number.parseInt(part, 16);
  if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8);
  return /^[1-9][0-9]*$/.test(part) ? Number.parseInt(part, 10) : Number.NaN;
}

/** All parts but the last are octets; the last fills what remains. */
function addressOfParts(values: readonly number[], octet: number): string | null {
  const last = values.at(-1) ?? Number.NaN;
  const head = values.slice(0, -1);
  // NaN fails both comparisons
  if (!head.every((value) => value <= octet) || !(last < 256 ** (5 - values.length))) return null;
  return printIPv4(head.reduce((bits, value, i) => bits + value * 256 ** (3 - i), last) | 0);
}

function percentDecode(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // `%zz`, `%ff`: no URL has such a host
    return null;
  }
}
