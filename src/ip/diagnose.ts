import type { AddressFinding, AddressParseErrorCode } from './address-parse-error.js';
import { notText, quote } from './address-parse-error.js';
import { lenientReadings } from './lenient.js';
import { printIPv6 } from './print.js';
import { isZone, readText } from './read-text.js';
import { takesZone, w0, w1, w2, w3 } from './words.js';

/** What a text should have been: its hints name one, and give an example of it. */
type Wanted = 'address' | 'prefix';

interface Meaning {
  /** What to say or to write; null where `choices` say it all. */
  readonly advice: string | null;
  /** The addresses that may be meant. */
  readonly choices: readonly string[];
}

/** What is wrong with a text; without a meaning, that is what `meaningOf` says. */
interface Fault extends Partial<Meaning> {
  readonly code: AddressParseErrorCode;
  readonly offset: number;
  readonly problem: string;
}

type Diagnosis = Fault & Meaning;

/** What to write where nothing else is known. */
export const EXAMPLE = {
  address: { 4: 'four decimal octets, e.g. 192.0.2.1', 6: 'e.g. 2001:db8::1', mixed: 'e.g. ::ffff:192.0.2.1' },
  prefix: {
    4: 'four decimal octets and a length, e.g. 192.0.2.0/24',
    6: 'e.g. 2001:db8::/32',
    mixed: 'e.g. ::ffff:192.0.2.0/120',
  },
} as const;

/** A zone may have any length. */
const LONGEST_CHOICE = 100;

/**
 * Why a text that `readText` refuses is no address: the first thing that is wrong, from left to right. Slow and
 * readable, as nobody waits for an error; for a text that is an address the answer makes no sense.
 */
export function diagnose(text: unknown): AddressFinding {
  if (typeof text !== 'string') return notText(text, 'address');
  const { code, offset, problem, advice, choices } = examine(text, 'address');
  const hint = [advice, choices.length === 0 ? null : `write ${choices.join(' or ')}`];
  return { code, offset, problem, hint: hint.filter((part) => part !== null).join(', ') };
}

/** Like `diagnose`, the addresses that may be meant apart from the rest of the hint. */
export function examine(text: string, wanted: Wanted): Diagnosis {
  const fault =
    (wanted === 'prefix' ? faultOfPart(text) : faultOfNotation(text, wanted)) ??
    faultAround(text, wanted) ??
    faultWithPort(text, wanted) ??
    (text.includes(':') ? faultIPv6(text, wanted) : faultIPv4(text, 0));
  const { advice = null } = fault;
  const choices = fault.choices?.filter(isShort) ?? [];
  return { ...fault, ...(advice === null && choices.length === 0 ? meaningOf(text, wanted) : { advice, choices }) };
}

/** A text that is something else: a URL, a range. */
export function faultOfNotation(text: string, wanted: Wanted): (Diagnosis & { readonly advice: string }) | null {
  const scheme = /^[a-z][a-z\d+.-]*(?=:\/\/)/i.exec(text)?.[0];
  if (scheme !== undefined) {
    return {
      ...{ code: 'BAD_CHARACTER', offset: scheme.length, problem: 'unexpected "://"' },
      ...{ advice: `a URL is no ${wanted}, take its host`, choices: [] },
    };
  }
  // An address without a zone has no hyphen.
  const hyphen = text.indexOf('-');
  if (hyphen < 0 || !isRange(text.slice(0, hyphen).trimEnd(), text.slice(hyphen + 1).trimStart())) return null;
  const offset = text.search(/[\s-]/);
  return {
    ...(offset === hyphen ? { code: 'BAD_CHARACTER', problem: 'unexpected "-"' } : { code: 'BLANK', problem: 'blank' }),
    ...{ offset, advice: `a range is no ${wanted}, read it with parseRange`, choices: [] },
  };
}

/** A range in front of a length, which no function reads. */
function faultOfPart(text: string): Fault | null {
  const range = faultOfNotation(text, 'prefix');
  const example = EXAMPLE.prefix[text.includes(':') ? 6 : 4];
  return range === null ? null : { ...range, advice: `a range has no prefix length, write ${example}` };
}

/** Whether two texts are meant for the ends of a range: an address, and another or the end of one. A range has no zones. */
function isRange(first: string, last: string): boolean {
  if (!isText(first) || first.includes('%') || last.includes('%')) return false;
  return isText(last) || (first.includes(':') ? /^[\da-f:.]+$/i : /^\d[\d.]*$/).test(last);
}

/** Faults of a text that has an address inside it. */
function faultAround(text: string, wanted: Wanted): Fault | null {
  if (text === '') {
    const [article, { 4: example }] = [wanted === 'address' ? 'an' : 'a', EXAMPLE[wanted]];
    const advice = `write ${article} ${wanted}, ${example.slice(example.indexOf('e.g.'))}`;
    return { code: 'EMPTY', offset: 0, problem: 'empty text', advice };
  }
  const blank = text.search(/\s/);
  if (blank >= 0) return { code: 'BLANK', offset: blank, problem: 'blank', ...choiceOf(text.trim()) };
  if (text.startsWith('[')) {
    const inside = text.slice(1, text.endsWith(']') ? -1 : undefined);
    return {
      ...{ code: 'BRACKETS', offset: 0, problem: 'bracket' },
      ...(isText(inside)
        ? { advice: 'brackets belong to a URI or an endpoint', choices: [inside] }
        : { advice: 'write the address alone' }),
    };
  }
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const [address, behind] = [text.slice(0, slash), text.slice(slash + 1)];
    if (!/^(?:[+-]?\d|$)/.test(behind) && !isText(behind)) {
      return { code: 'BAD_CHARACTER', offset: slash, problem: 'unexpected "/"', ...choiceOf(address) };
    }
    const alone = isText(address)
      ? { advice: 'an address is no prefix', choices: [address] }
      : { advice: 'an address is no prefix, write it alone' };
    return { code: 'PREFIX_LENGTH', offset: slash, problem: 'prefix length', ...alone };
  }
  const percent = text.indexOf('%');
  // Not `1.2.3.4%2e`, which URL parsers read.
  if (percent >= 0 && readText(text.slice(0, percent)) === 4 && lenientReadings(text).url === null) {
    const [problem, advice] = ['zone', 'an IPv4 address has none'];
    return { code: 'ZONE_NOT_ALLOWED', offset: percent, problem, advice, choices: [text.slice(0, percent)] };
  }
  return null;
}

/** The address alone as what may be meant, where it is one. */
function choiceOf(address: string): Pick<Fault, 'choices'> {
  return isText(address) ? { choices: [address] } : {};
}

/** Faults of a text with a port: of what stands before it, if not the port itself. */
function faultWithPort(text: string, wanted: Wanted): Fault | null {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(colon, 0));
  if (host.includes('.') && isText(host)) {
    return { code: 'PORT', offset: colon, problem: 'port', advice: 'an address has no port', choices: [host] };
  }
  // `10:80` and `cafe:80` may be IPv6 text as well.
  if (host.includes(':') || !/[^\da-f]/i.test(host) || !/^:\d*$/.test(text.slice(colon))) return null;
  return { ...meaningOf(host, wanted), ...faultIPv4(host, 0) };
}

/** Faults of a dotted quad that begins at `offset` of the whole text. */
function faultIPv4(quad: string, offset: number): Fault {
  const parts = quad.split('.');
  let at = offset;
  for (const [index, part] of parts.entries()) {
    if (index === 4) {
      return part === '' && parts.length === 5
        ? { code: 'OCTET_EMPTY', offset: at - 1, problem: 'dot behind the last octet' }
        : { code: 'OCTET_COUNT', offset: at, problem: 'more than four octets' };
    }
    if (part === '') return { code: 'OCTET_EMPTY', offset: at, problem: 'empty octet' };
    const bad = part.search(/[^0-9]/);
    if (bad >= 0) return unexpected(part.charAt(bad), at + bad);
    if (part.length > 1 && part.startsWith('0')) return { code: 'LEADING_ZERO', offset: at, problem: 'leading zero' };
    if (part.length > 3 || Number(part) > 255) return { code: 'OCTET_RANGE', offset: at, problem: 'octet over 255' };
    at += part.length + 1;
  }
  return {
    code: 'OCTET_COUNT',
    offset: at - 1,
    problem: parts.length === 1 ? 'one number' : `${parts.length} octets of four`,
  };
}

function unexpected(character: string, offset: number): Fault {
  return { code: 'BAD_CHARACTER', offset, problem: `unexpected ${quote(character)}` };
}

function faultIPv6(text: string, wanted: Wanted): Fault {
  const percent = text.indexOf('%');
  const end = percent < 0 ? text.length : percent;
  const meaning = (head: string, quad: string) => meaningOfQuad(head, quad, text.slice(end), wanted);
  return faultOfGroups(text.slice(0, end), meaning) ?? faultOfZone(text, percent);
}

function faultOfGroups(text: string, meaning: (head: string, quad: string) => Meaning): Fault | null {
  if (/^:(?!:)/.test(text)) return { code: 'LONE_COLON', offset: 0, problem: 'colon in front' };
  let groups = 0;
  let compressed = false;
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('::', at)) {
      if (compressed)
        return { code: 'DOUBLE_COMPRESSION', offset: at, problem: "second '::'", advice: "write '::' once" };
      compressed = true;
      at += 2;
      if (text[at] === ':') return { code: 'LONE_COLON', offset: at, problem: 'three colons', advice: "write '::'" };
      continue;
    }
    if (text[at] === ':') {
      at += 1;
      if (at === text.length) return { code: 'LONE_COLON', offset: at - 1, problem: 'colon at the end' };
    }
    const group = /^[^:]*/.exec(text.slice(at))?.[0] ?? '';
    const end = at + group.length;
    if (group.includes('.') && (end === text.length || (at > 0 && isText(group)))) {
      if (!isText(group)) return { ...faultIPv4(group, at), ...meaning(text.slice(0, at), group) };
      if (end < text.length) return unexpected(':', end);
      groups += 2;
    } else {
      const bad = group.search(/[^0-9a-fA-F]/);
      if (bad >= 0) return unexpected(group.charAt(bad), at + bad);
      if (group.length > 4) {
        return {
          code: 'GROUP_LENGTH',
          offset: at,
          problem: 'group of more than four digits',
          advice: 'write four at the most',
        };
      }
      groups += 1;
    }
    if (groups > (compressed ? 7 : 8)) return countFault(at, groups, compressed);
    at = end;
  }
  if (groups > 7 && compressed) return countFault(text.indexOf('::'), groups, compressed);
  return groups < 8 && !compressed ? countFault(text.length, groups, compressed) : null;
}

function countFault(offset: number, groups: number, compressed: boolean): Fault {
  if (groups < 8) return { code: 'GROUP_COUNT', offset, problem: `${groups} groups of eight` };
  const advice = compressed
    ? "'::' stands for one group at least, write eight groups without it"
    : 'write eight groups';
  return { code: 'GROUP_COUNT', offset, problem: 'too many groups', advice };
}

function faultOfZone(text: string, percent: number): Fault {
  const address = text.slice(0, percent);
  const zone = text.slice(percent + 1);
  if (readText(address) === 6 && !takesZone(w0)) {
    const advice = 'only link-local, site-local and non-global multicast addresses have a zone';
    const choices = [printIPv6(w0, w1, w2, w3)];
    return { code: 'ZONE_NOT_ALLOWED', offset: percent, problem: 'zone', advice, choices };
  }
  if (zone === '') return { code: 'ZONE_EMPTY', offset: percent, problem: 'empty zone', choices: [address] };
  const bad = zone.search(/[^\w.~-]/);
  if (bad >= 0) {
    const problem = `unexpected ${quote(zone.charAt(bad))} in the zone`;
    const advice = "a zone is letters, digits and '-._~'";
    return { code: 'ZONE_CHARACTER', offset: percent + 1 + bad, problem, advice };
  }
  const decoded = zone.slice(2);
  const words =
    decoded.length > LONGEST_CHOICE ? "take the '25' away for the first" : `write ${address}%${decoded} for the first`;
  // `%2525eth0` is encoded twice: no text that we take names the first of its readings.
  const instead = isZone(decoded, 0) ? words : "choose a zone that does not begin with '25'";
  return {
    code: 'ZONE_PERCENT_ENCODED',
    offset: percent,
    problem: 'percent-encoded zone',
    advice: `this is zone ${quote(decoded)} to some readers and zone ${quote(zone)} to others, ${instead}`,
  };
}

/** What lenient readers take a text for and what to write for each reading, or what else it is. */
function meaningOf(text: string, wanted: Wanted): Meaning {
  const { inetAton, url } = lenientReadings(text);
  // inet_aton ignores what stands behind a blank, where a prefix may have its length.
  const isFront = wanted === 'address' && inetAton !== null;
  const quad = (isFront ? text.replace(/\s.*/s, '') : text.trim()).replace(/\.$/, '');
  const isQuad = !/\s/.test(quad) && quad.split('.').length === 4;
  // `127.1/16` is 127.1.0.0/16 to who writes prefixes, and never the 127.0.0.1 that inet_aton reads; nor is `10.0.0.0 33`.
  const taken = wanted === 'prefix' && !isQuad ? [] : [inetAton, url].filter((reading) => reading !== null);
  const octal = isQuad ? lenientReadings(quad).inetAton : null;
  const choices = addressesOf([decimalOf(quad), ...taken, ...(octal === null ? [] : [octal])]);
  if (choices.length > 0) {
    const readings = [...new Set(taken)].join(' or ');
    return { advice: readings === '' ? null : `some readers take this as ${readings}`, choices };
  }
  if (text.includes(':')) return { advice: `write ${EXAMPLE[wanted][6]}`, choices };
  if (!isName(text)) return { advice: `write ${EXAMPLE[wanted][4]}`, choices };
  const reverse = /\.(?:in-addr|ip6)\.arpa\.?$/i.test(text);
  const advice = reverse
    ? `a reverse name is no ${wanted}, read it with parseReverseName`
    : `a name is no ${wanted}, resolve it first`;
  return { advice, choices };
}

/** The same for a dotted quad behind IPv6 groups, which only its zeros in front can make two readings of. */
function meaningOfQuad(head: string, quad: string, zone: string, wanted: Wanted): Meaning {
  const octal = quad.split('.').length === 4 ? lenientReadings(quad).inetAton : null;
  const quads = [decimalOf(quad), ...(octal === null ? [] : [octal])];
  const choices = addressesOf(quads.map((one) => `${head}${one}${zone}`));
  const advice = `write four decimal octets at the end, ${EXAMPLE[wanted].mixed}`;
  return { advice: choices.length > 0 ? null : advice, choices };
}

/** `010.0.0.1` is 10.0.0.1 to readers that take octets for decimal. */
function decimalOf(quad: string): string {
  return quad.replace(/(^|\.)0+(?=\d)/g, '$1');
}

function addressesOf(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => isText(text) && isShort(text)))];
}

function isShort({ length }: string): boolean {
  return length <= LONGEST_CHOICE;
}

/**
 * Whether a text can be a name of the DNS. One whose last label is a number is none: URL parsers take it for an address.
 *
 * @see https://url.spec.whatwg.org/#ends-in-a-number-checker
 */
function isName(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  return labels.every((label) => /^\w(?:[\w-]*\w)?$/.test(label)) && !/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? '');
}

function isText(text: string): boolean {
  return readText(text) !== 0;
}
