import { domainToASCII } from 'node:url';
import { nearest } from '../../checks/nearest.js';
import { quote, shown } from '../../checks/quote.js';
import type { Address } from '../../ip/index.js';
import { type AddressParseError, lenientReadings, parseAddress, safeParseAddress } from '../../ip/index.js';
import { ADDRESS_WORDS, isLikeAddressWord, readAddressWord } from '../address-words.js';
import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';

/** What stands where a host belongs. */
export type Host =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'name'; readonly name: string }
  | Refusal;

/** RFC 1035 section 2.3.4. */
const LONGEST_LABEL = 63;
/** Without the dot at the end: 255 octets on the wire, a length before each label, and the root's. */
const LONGEST_NAME = 253;

/**
 * The host that a text without colons and brackets writes: a dotted quad, or a name that nobody takes for an address.
 * `offset` is where the text stands in the whole.
 */
export function readHost(text: string, offset: number): Host {
  const address = safeParseAddress(text);
  if (address.success) return { kind: 'address', address: address.data };
  return isHostName(text) && !isLikeAddressWord(text) ? { kind: 'name', name: text } : refuseHost(text, offset);
}

/** Like `readHost`, with the words of the socket API: `INADDR_ANY`. */
export function readHostOrWord(text: string, offset: number): Host {
  const word = readAddressWord(text);
  return word === null ? readHost(text, offset) : { kind: 'address', address: parseAddress(word) };
}

/** The IPv6 address that stands between brackets. `offset` is where the text begins in the whole, after the bracket. */
export function readBracketed(text: string, offset: number): Host {
  const read = safeParseAddress(text);
  if (read.success && read.data.family === 6) return { kind: 'address', address: read.data };
  if (read.success) {
    return refuse('BRACKETS', offset - 1, () => ({
      problem: 'IPv4 address in brackets',
      hint: `brackets are for IPv6, write ${text}`,
    }));
  }
  if (isHostName(text)) {
    return refuse('BRACKETS', offset - 1, () => ({
      problem: 'name in brackets',
      hint: `brackets are for IPv6, write ${text}`,
    }));
  }
  return refuseAddress(read.error, offset, 'in the brackets, ');
}

/**
 * The host that a text writes where no port follows, so that IPv6 has no brackets: Redis's `bind`, PostgreSQL's
 * `listen_addresses`, HOST of an environment.
 */
export function readBareHost(text: string, offset: number): Host {
  const address = safeParseAddress(text);
  if (address.success) return { kind: 'address', address: address.data };
  if (text.startsWith('[')) {
    return refuse('BRACKETS', offset, () => {
      const [, inside = ''] = /^\[([^\]]*)/.exec(text) ?? [];
      const hint = 'there is no port here, and so no brackets';
      return { problem: 'bracket', hint: safeParseAddress(inside).success ? `${hint}, write ${shown(inside)}` : hint };
    });
  }
  if (!text.includes(':')) return readHost(text, offset);
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon);
  if (!host.includes(':') && (host === '' || host === '*' || isHostName(host) || safeParseAddress(host).success)) {
    return refuse('PORT_NOT_HERE', offset + colon, () => ({
      problem: 'port',
      hint: `write ${host === '' ? 'a host' : shown(host)}, the port stands elsewhere`,
    }));
  }
  return refuseAddress(address.error, offset, '');
}

/**
 * Whether a text is a host name: labels of letters, digits, hyphens and underscores, none of them empty, over 63 octets or
 * with a hyphen at either end, 253 octets without the dot that may end it, and a last label that has a letter and is no number, as lenient
 * readers take such names for addresses, and nobody calls a host `3000-3005`.
 *
 * @see RFC 1123 section 2.1, RFC 1035 section 2.3.4
 */
export function isHostName(text: string): boolean {
  if (text.length > LONGEST_NAME + 1) return false;
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length > LONGEST_NAME || !/^[\w.-]+$/.test(name)) return false;
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return labels.every(isLabel) && /[a-z]/i.test(last) && !isNumber(last);
}

function isLabel(label: string): boolean {
  return label !== '' && label.length <= LONGEST_LABEL && !label.startsWith('-') && !label.endsWith('-');
}

/** What the URL standard's host parser takes for a number, and so the whole for an address. */
function isNumber(label: string): boolean {
  return /^(?:\d+|0x[\da-f]*)$/i.test(label);
}

function refuseAddress(error: AddressParseError, offset: number, where: string): Refusal {
  const zone = error.code.startsWith('ZONE');
  return refuse(zone ? 'ZONE' : 'BAD_ADDRESS', offset + error.offset, () => ({
    problem: zone ? 'zone' : 'no IPv6 address',
    hint: `${where}${error.hint}`,
  }));
}

function refuseHost(text: string, offset: number): Refusal {
  if (isLikeAddressWord(text)) {
    return refuse('ADDRESS_WORD', offset, () => {
      const word = readAddressWord(text);
      if (word !== null) return { problem: `${quote(text)}, a name here`, hint: `write ${word}` };
      const meant = text.toUpperCase() === 'INADDR_NONE' ? null : nearest(text, ADDRESS_WORDS);
      const hint = meant === null ? 'write the address' : `write ${meant} (${readAddressWord(meant)})`;
      return { problem: `${quote(text)} is no name of an address`, hint };
    });
  }
  const { inetAton, url } = lenientReadings(text);
  if (inetAton !== null || url !== null) {
    const read = safeParseAddress(text);
    return refuse('LENIENT_ADDRESS', offset, () => ({
      problem: `host ${quote(text)}`,
      hint: read.success ? 'write the address' : `for the host, ${read.error.hint}`,
    }));
  }
  const at = text.indexOf('@');
  if (at >= 0) {
    return refuse('URL', offset + at, () => ({
      problem: "'@'",
      hint: 'an endpoint has no user, write the host alone',
    }));
  }
  return refuseName(text, offset);
}

function refuseName(text: string, offset: number): Refusal {
  const bad = text.search(/[^\w.-]/);
  if (bad >= 0) {
    return refuse(text[bad] === '%' ? 'ZONE' : 'BAD_NAME', offset + bad, () => {
      if (text[bad] === '%') return { problem: 'zone', hint: 'only an IPv6 address in brackets has one' };
      const ascii = asciiName(text);
      const hint = ascii === null ? "a name is letters, digits, '-', '_' and dots" : `write ${ascii}`;
      return { problem: `unexpected ${quote(text.charAt(bad))} in the name`, hint };
    });
  }
  let at = 0;
  const labels = text.split('.');
  for (const [index, label] of labels.entries()) {
    const last = index === labels.length - 1;
    if (!isLabel(label) && !(last && label === '' && index > 0)) {
      return refuse('BAD_NAME', offset + at, () => ({ problem: problemOfLabel(label), hint: hintOfLabel(label) }));
    }
    at += label.length + 1;
  }
  const number = labels.at(-1) === '' ? labels.at(-2) : labels.at(-1);
  if (isNumber(number ?? '')) {
    return refuse('LENIENT_ADDRESS', offset, () => ({
      problem: 'last label is a number',
      hint: 'readers take this for an address, write four decimal octets, e.g. 192.0.2.1, or a name',
    }));
  }
  if (number !== undefined && !/[a-z]/i.test(number)) {
    return refuse('BAD_NAME', offset, () => ({
      problem: 'last label without a letter',
      hint: 'write a name that has one, or an address',
    }));
  }
  return refuse('BAD_NAME', offset, () => ({
    problem: `name of ${text.length} octets`,
    hint: `write ${LONGEST_NAME} at the most`,
  }));
}

function problemOfLabel(label: string): string {
  if (label === '') return 'empty label';
  return label.length > LONGEST_LABEL ? `label of ${label.length} octets` : 'hyphen at the end of a label';
}

function hintOfLabel(label: string): string {
  if (label === '') return 'write one dot between labels';
  return label.length > LONGEST_LABEL ? `write ${LONGEST_LABEL} at the most` : 'write letters and digits there';
}

/** An internationalised name in ASCII, null when there is none. */
function asciiName(text: string): string | null {
  // Time grows with the square of the length.
  if (text.length > LONGEST_NAME || !/[^\0-\x7f]/.test(text)) return null;
  const ascii = domainToASCII(text);
  return ascii !== '' && isHostName(ascii) ? ascii : null;
}
