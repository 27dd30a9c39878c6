import { domainToASCII } from 'node:url';
import { nearest } from '../../checks/nearest.js';
import { quote, shown } from '../../checks/quote.js';
import type { Address } from '../../ip/index.js';
import { type AddressParseError, lenientReadings, parseAddress, safeParseAddress } from '../../ip/index.js';
import { ADDRESS_WORDS, isLikeAddressWord, readAddressWord } from '../address-words.js';
import type { Refusal } from './refusal.js';
import { refuse, refuseAt } from './refusal.js';
import { refuseUrl } from './url.js';

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
export function readHost(text: string, offset: number, place: Place = 'before a port'): Host {
  const address = safeParseAddress(text);
  if (address.success) return { kind: 'address', address: address.data };
  return isHostName(text) && !isLikeAddressWord(text) ? { kind: 'name', name: text } : refuseHost(text, offset, place);
}

/** Where a host stands, and so what a hint may say: IPv6 has brackets before a port, and not every reader has the words of the socket API. */
type Place = 'before a port' | 'alone' | 'where words are';

/** Like `readHost`, with the words of the socket API: `INADDR_ANY`. */
export function readHostOrWord(text: string, offset: number): Host {
  const word = readAddressWord(text);
  return word === null ? readHost(text, offset, 'where words are') : { kind: 'address', address: parseAddress(word) };
}

/** The IPv6 address that stands between brackets. `offset` is where the text begins in the whole, after the bracket. */
export function readBracketed(text: string, offset: number): Host {
  const read = safeParseAddress(text);
  if (read.success && read.data.family === 6) return { kind: 'address', address: read.data };
  if (read.success) {
    return refuse('BRACKETS', offset - 1, () => ({
      problem: 'IPv4 address in brackets',
      hint: 'brackets are for IPv6, leave them out',
    }));
  }
  if (isHostName(text)) {
    return refuse('BRACKETS', offset - 1, () => ({
      problem: 'name in brackets',
      hint: 'brackets are for IPv6, leave them out',
    }));
  }
  if (text === '')
    return refuse('BAD_ADDRESS', offset, () => ({ problem: 'nothing in the brackets', hint: 'write e.g. [::1]' }));
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
  if (!text.includes(':')) return readHost(text, offset, 'alone');
  const url = refuseUrl(text);
  if (url !== null) return refuseAt(url, offset);
  const colon = text.indexOf(':');
  if (text.indexOf(':', colon + 1) >= 0) return refuseAddress(address.error, offset, '');
  const host = text.slice(0, colon);
  const read = host === '' || host === '*' ? null : readHost(host, offset, 'alone');
  if (read?.kind === 'refused') return read;
  return refuse('PORT_NOT_HERE', offset + colon, () => ({
    problem: 'port',
    hint:
      host === ''
        ? 'write a host, the port stands elsewhere'
        : `leave out ${shown(text.slice(colon))}, the port stands elsewhere`,
  }));
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

function isShort(label: string): boolean {
  return label.length <= LONGEST_LABEL;
}

function isLabel(label: string): boolean {
  return label !== '' && isShort(label) && !label.startsWith('-') && !label.endsWith('-');
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

function refuseHost(text: string, offset: number, place: Place): Refusal {
  if (isLikeAddressWord(text)) {
    return refuse('ADDRESS_WORD', offset, () => {
      const word = readAddressWord(text);
      const written = (address: string) =>
        place === 'before a port' && address.includes(':') ? `[${address}]` : address;
      if (word !== null) return { problem: `${quote(text)}, a name here`, hint: `write ${written(word)}` };
      const meant = text.toUpperCase() === 'INADDR_NONE' ? null : nearest(text, ADDRESS_WORDS);
      const address = meant === null ? null : readAddressWord(meant);
      const hint =
        address === null
          ? 'write the address'
          : `write ${place === 'where words are' ? `${meant} (${address})` : written(address)}`;
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
      if (text[bad] === '%') return { problem: 'zone', hint: 'only an IPv6 address has one' };
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
      const hyphen = isShort(label) && !label.startsWith('-') && label !== '' ? label.length - 1 : 0;
      return refuse('BAD_NAME', offset + at + hyphen, () => ({
        problem: problemOfLabel(label),
        hint: hintOfLabel(label),
      }));
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
    return refuse('BAD_NAME', offset + text.lastIndexOf(number), () => ({
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
  if (!isShort(label)) return `label of ${label.length} octets`;
  return `hyphen at the ${label.startsWith('-') ? 'beginning' : 'end'} of a label`;
}

function hintOfLabel(label: string): string {
  if (label === '') return 'write one dot between labels';
  return isShort(label) ? 'write letters and digits there' : `write ${LONGEST_LABEL} at the most`;
}

/** An internationalised name in ASCII, null when there is none. */
function asciiName(text: string): string | null {
  // Time grows with the square of the length.
  if (text.length > LONGEST_NAME || !/[^\0-\x7f]/.test(text)) return null;
  const ascii = domainToASCII(text);
  return ascii !== '' && isHostName(ascii) ? ascii : null;
}
