import type { AddressFinding, AddressParseErrorCode } from './address-parse-error.js';
import { notText, quote } from './address-parse-error.js';
import { lenientReadings } from './lenient.js';
import { printIPv6 } from './print.js';
import { isZone, readText } from './read-text.js';
import { takesZone, w0, w1, w2, w3 } from './words.js';

/** A finding without its hint. */
interface Fault {
  readonly code: AddressParseErrorCode;
  readonly offset: number;
  readonly problem: string;
  /** What to write instead, where there is more to say than what lenient readers make of the text. */
  readonly hint?: string;
}

/**
 * Why a text that `readText` refuses is no address: the first thing that is wrong, from left to right. Slow and
 * readable, as nobody waits for an error; for a text that is an address the answer makes no sense.
 */
export function diagnose(text: unknown): AddressFinding {
  if (typeof text !== 'string') return notText(text);
  const { code, offset, problem, hint } =
    faultAround(text) ?? (text.includes(':') ? faultIPv6(text) : faultIPv4(text, 0));
  return { code, offset, problem, hint: hint ?? hintFor(text) };
}

/** Faults of a text that has an address inside it. */
function faultAround(text: string): Fault | null {
  if (text === '') return { code: 'EMPTY', offset: 0, problem: 'empty text', hint: 'write an address, e.g. 192.0.2.1' };
  const blank = text.search(/\s/);
  if (blank >= 0) {
    const trimmed = text.trim();
    return {
      code: 'BLANK',
      offset: blank,
      problem: 'blank',
      ...(isText(trimmed) && { hint: `write ${trimmed}` }),
    };
  }
  if (text.startsWith('[')) {
    const inside = text.slice(1, text.endsWith(']') ? -1 : undefined);
    const hint = isText(inside)
      ? `brackets belong to a URI or an endpoint, write ${inside}`
      : 'write the address alone';
    return { code: 'BRACKETS', offset: 0, problem: 'bracket', hint };
  }
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const address = text.slice(0, slash);
    const hint = isText(address)
      ? `an address is no prefix, write ${address}`
      : 'an address is no prefix, write it alone';
    return { code: 'PREFIX_LENGTH', offset: slash, problem: 'prefix length', hint };
  }
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(colon, 0));
  if (host.includes('.') && !host.includes(':') && isText(host)) {
    return { code: 'PORT', offset: colon, problem: 'port', hint: `an address has no port, write ${host}` };
  }
  return null;
}

/** Faults of a dotted quad that begins at `offset` of the whole text. */
function faultIPv4(quad: string, offset: number): Fault {
  const parts = quad.split('.');
  let at = offset;
  for (const [index, part] of parts.entries()) {
    if (index === 4) return { code: 'OCTET_COUNT', offset: at, problem: 'more than four octets' };
    if (part === '') return { code: 'OCTET_EMPTY', offset: at, problem: 'empty octet' };
    const bad = part.search(/[^0-9]/);
    if (bad >= 0) return faultOfCharacter(part.charAt(bad), at + bad, quad);
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

function faultOfCharacter(character: string, offset: number, text: string): Fault {
  const fault: Fault = { code: 'BAD_CHARACTER', offset, problem: `unexpected ${quote(character)}` };
  const { inetAton, url } = lenientReadings(text);
  if (inetAton !== null || url !== null || !/^[\w.-]+$/.test(text)) return fault;
  return { ...fault, hint: 'a name is no address, resolve it first' };
}

function faultIPv6(text: string): Fault {
  const percent = text.indexOf('%');
  const address = percent < 0 ? text : text.slice(0, percent);
  return faultOfGroups(address) ?? faultOfZone(text, percent);
}

function faultOfGroups(text: string): Fault | null {
  if (/^:(?!:)/.test(text)) return { code: 'LONE_COLON', offset: 0, problem: 'colon in front' };
  let groups = 0;
  let compressed = false;
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('::', at)) {
      if (compressed)
        return { code: 'DOUBLE_COMPRESSION', offset: at, problem: "second '::'", hint: "write '::' once" };
      compressed = true;
      at += 2;
      if (text[at] === ':') return { code: 'LONE_COLON', offset: at, problem: 'three colons', hint: "write '::'" };
      continue;
    }
    if (text[at] === ':') {
      at += 1;
      if (at === text.length) return { code: 'LONE_COLON', offset: at - 1, problem: 'colon at the end' };
    }
    const group = /^[^:]*/.exec(text.slice(at))?.[0] ?? '';
    if (group.includes('.') && at + group.length === text.length) {
      const fault = isText(group) ? null : faultIPv4(group, at);
      if (fault !== null) return fault;
      groups += 2;
    } else {
      const bad = group.search(/[^0-9a-fA-F]/);
      if (bad >= 0)
        return { code: 'BAD_CHARACTER', offset: at + bad, problem: `unexpected ${quote(group.charAt(bad))}` };
      if (group.length > 4) {
        return {
          code: 'GROUP_LENGTH',
          offset: at,
          problem: 'group of more than four digits',
          hint: 'write four at the most',
        };
      }
      groups += 1;
    }
    if (groups > (compressed ? 7 : 8)) return countFault(at, groups, compressed);
    at += group.length;
  }
  if (groups > 7 && compressed) return countFault(text.indexOf('::'), groups, compressed);
  return groups < 8 && !compressed ? countFault(text.length, groups, compressed) : null;
}

function countFault(offset: number, groups: number, compressed: boolean): Fault {
  if (groups < 8) return { code: 'GROUP_COUNT', offset, problem: `${groups} groups of eight` };
  const hint = compressed ? "'::' stands for one group at least, write eight groups without it" : 'write eight groups';
  return { code: 'GROUP_COUNT', offset, problem: 'too many groups', hint };
}

function faultOfZone(text: string, percent: number): Fault {
  const address = text.slice(0, percent);
  const zone = text.slice(percent + 1);
  if (readText(address) === 6 && !takesZone(w0)) {
    const plain = printIPv6(w0, w1, w2, w3);
    const hint = `only link-local, site-local and non-global multicast addresses have a zone, write ${plain}`;
    return { code: 'ZONE_NOT_ALLOWED', offset: percent, problem: 'zone', hint };
  }
  if (zone === '') return { code: 'ZONE_EMPTY', offset: percent, problem: 'empty zone', hint: `write ${address}` };
  const bad = zone.search(/[^\w.~-]/);
  if (bad >= 0) {
    const problem = `unexpected ${quote(zone.charAt(bad))} in the zone`;
    const hint = "a zone is letters, digits and '-._~'";
    return { code: 'ZONE_CHARACTER', offset: percent + 1 + bad, problem, hint };
  }
  const decoded = zone.slice(2);
  // `%2525eth0` is encoded twice: no text that we take names the first of its readings.
  const instead = isZone(decoded, 0)
    ? `write ${address}%${decoded} for the first`
    : "choose a zone that does not begin with '25'";
  return {
    code: 'ZONE_PERCENT_ENCODED',
    offset: percent,
    problem: 'percent-encoded zone',
    hint: `this is zone ${quote(decoded)} to some readers and zone ${quote(zone)} to others, ${instead}`,
  };
}

/** What lenient readers take the text for, and what to write for each reading. */
function hintFor(text: string): string {
  const { inetAton, url } = lenientReadings(text);
  const taken = [...new Set([inetAton, url])].filter((reading) => reading !== null);
  // 010.0.0.1 is 10.0.0.1 to readers that take octets for decimal
  const decimal = text.replace(/(^|\.)0+(?=\d)/g, '$1');
  const choices = [...new Set([isText(decimal) ? decimal : null, ...taken])].filter((choice) => choice !== null);
  if (choices.length === 0)
    return text.includes(':') ? 'write e.g. 2001:db8::1' : 'write four decimal octets, e.g. 192.0.2.1';
  const warning = taken.length > 0 ? `some readers take this as ${taken.join(' or ')}, ` : '';
  return `${warning}write ${choices.join(' or ')}`;
}

function isText(text: string): boolean {
  return readText(text) !== 0;
}
