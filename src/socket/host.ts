import { domainToASCII } from 'node:url';
import { nearest } from '../checks/nearest.js';
import { quote } from '../checks/quote.js';
import type { Address, AddressParseError } from '../ip/index.js';
import { IPv4Address, IPv6Address, lenientReadings, safeParseAddress } from '../ip/index.js';
import { ADDRESS_WORDS, readAddressWord } from './address-words.js';
import type { BindIssueCode } from './bind-issue.js';
import { AF_INET, AF_INET6, INADDR_NONE } from './constants.js';

/** A host that may stand in a bind. */
export interface Host {
  /** Canonical for an address; else as it was written. */
  readonly text: string;
  /** Null for a name. */
  readonly family: typeof AF_INET | typeof AF_INET6 | null;
}

/** Why a value can't stand where it does. */
export interface Fault {
  readonly code: BindIssueCode;
  readonly problem: string;
  readonly hint: string;
}

/** A value that was read, or why not. */
export type Reading<T> = { readonly value: T } | { readonly fault: Fault };

/**
 * The host of a bind: an address, one of the names of the socket API for one (`INADDR_ANY`), text that only `inet_aton` reads
 * as an address (the kernel would take it), or a name that can be one. What could only fail, or would mean something else
 * than it says, is refused.
 */
export function readHost(given: unknown): Reading<Host> {
  const value = toAddressValue(given);
  if (value !== null) return { value: hostOf(value) };
  if (given === INADDR_NONE) return { fault: NONE };
  if (given === null) return { fault: { code: 'HOST_BLANK', problem: `the host is null, ${EVERY}`, hint: SAY_IT } };
  if (typeof given !== 'string') {
    return { fault: { code: 'HOST_TYPE', problem: `the host is ${quote(given)}`, hint: 'write it as text' } };
  }
  if (given.trim() === '') {
    return { fault: { code: 'HOST_BLANK', problem: `the host ${quote(given)} is blank, ${EVERY}`, hint: SAY_IT } };
  }
  const parsed = safeParseAddress(readAddressWord(given) ?? given);
  if (parsed.success) return { value: hostOf(parsed.data) };
  const fault = faultOf(given, parsed);
  if (fault !== null) return { fault };
  return { value: { text: given, family: lenientAddress(given) === null ? null : AF_INET } };
}

/**
 * The IPv4 address that the system's resolver reads in a text that `parseAddress` refuses: `127.1`, `010.0.0.1`, `0x7f.1`,
 * full-width digits; null when it would look the text up as a name.
 */
export function lenientAddress(text: string): string | null {
  if (text.length > LONGEST_NAME || /[\s\p{Cc}%]/u.test(text)) return null;
  return lenientReadings(asciiOf(text)).inetAton;
}

/** A value of the address classes; null for what is none, or only looks like one. */
export function toAddressValue(value: unknown): Address | null {
  try {
    if (!(value instanceof IPv4Address || value instanceof IPv6Address)) return null;
    // Throws for what was not made by the class.
    value.toString();
    return value;
  } catch {
    return null;
  }
}

/** RFC 1035 section 2.3.4, without the length before each label and the root's. */
const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

const EVERY = 'which would mean every interface';
const SAY_IT = "write '0.0.0.0' (IPv4) or '::' (IPv6 and IPv4) if that is meant, else an address such as '127.0.0.1'";

/** For a bind that names no host. */
export const HOST_MISSING: Fault = { code: 'HOST_MISSING', problem: `no host, ${EVERY}`, hint: SAY_IT };

const NONE: Fault = {
  code: 'HOST_NONE',
  problem: 'INADDR_NONE is no address: it is what inet_addr returns for text that is none',
  hint: 'write an address; the broadcast address is INADDR_BROADCAST',
};

function hostOf(address: Address): Host {
  return { text: address.toString(), family: address.family === 4 ? AF_INET : AF_INET6 };
}

/** What is wrong with text that is no address; null when it may be a name, or when the system's resolver reads an address in it. */
function faultOf(text: string, parsed: { readonly error: AddressParseError }): Fault | null {
  const shown = `the host ${quote(text)}`;
  if (text === '*') return { code: 'HOST_WILDCARD', problem: `${shown} is no address`, hint: SAY_IT };
  if (/^INADDR_NONE$/i.test(text)) return NONE;
  if (/^IN6?ADDR_/i.test(text)) {
    const known = nearest(text, ADDRESS_WORDS);
    const hint = known === null ? 'write the address' : `write ${known} (${readAddressWord(known)})`;
    return { code: 'HOST_NAME', problem: `${shown} is no name of an address`, hint };
  }
  if (/[\s\p{Cc}]/u.test(text)) {
    const trimmed = text.trim();
    const hint = trimmed !== text && 'value' in readHost(trimmed) ? `write ${quote(trimmed)}` : 'write one host alone';
    return { code: 'HOST_CHARACTER', problem: `${shown} has a blank or a control character`, hint };
  }
  if (text.startsWith('@')) {
    const hint = `write an abstract unix socket as path: "\\0${quote(text.slice(1)).slice(1)}`;
    return { code: 'HOST_PATH', problem: `${shown} is no host`, hint };
  }
  return faultAround(text, shown) ?? faultOfName(text, shown, parsed);
}

/** Faults of text that has a host inside it. */
function faultAround(text: string, shown: string): Fault | null {
  const unix = /^(?:unix:)?(\.{0,2}\/.*)$/.exec(text)?.[1] ?? /^unix:(@.+)$/.exec(text)?.[1];
  if (unix !== undefined) {
    // A URL has slashes for a host before the path.
    const path = unix.startsWith('@') ? `"\\0${quote(unix.slice(1)).slice(1)}` : quote(unix.replace(/^\/+/, '/'));
    return { code: 'HOST_PATH', problem: `${shown} is a path`, hint: `write a unix socket as path: ${path}` };
  }
  const url = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(text);
  if (url !== null) {
    return { code: 'HOST_URL', problem: `${shown} is a URL`, hint: aloneHint(url[1] ?? '', null) };
  }
  const [, inside = '', , port] = /^\[([^\]]*)\](:(.*))?$/.exec(text) ?? [];
  if (text.startsWith('[')) {
    return { code: 'HOST_BRACKETS', problem: `${shown} has brackets`, hint: aloneHint(inside, port ?? null) };
  }
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const problem = `${shown} is a prefix, or a path`;
    return { code: 'HOST_PREFIX', problem, hint: aloneHint(text.slice(0, slash), null) };
  }
  const [, host, portText = null] = /^([^:]*):([^:]*)$/.exec(text) ?? [];
  if (host !== undefined) {
    const hint = host === '' || host === '*' ? SAY_IT : aloneHint(host, portText);
    return { code: 'HOST_PORT', problem: `${shown} has a port`, hint };
  }
  return null;
}

function faultOfName(text: string, shown: string, { error }: { readonly error: AddressParseError }): Fault | null {
  if (text.startsWith('-') && safeParseAddress(text.slice(1)).success) {
    const hint = `write ${quote(text.slice(1))}, and optional: true`;
    return { code: 'HOST_ADDRESS', problem: `${shown} is no address`, hint };
  }
  if (/[:%]/.test(text)) return { code: 'HOST_ADDRESS', problem: `${shown} is no address`, hint: error.hint };
  if (lenientAddress(text) !== null) return null;
  const ascii = asciiOf(text);
  const labels = ascii.replace(/\.$/, '').split('.');
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '')) {
    const hint = /[g-wyz_-]/i.test(text) ? 'write an address, or a name whose last label is no number' : error.hint;
    return { code: 'HOST_ADDRESS', problem: `${shown} is no address, and no name`, hint };
  }
  const isName =
    ascii.length <= LONGEST_NAME && labels.every((label) => label.length <= LONGEST_LABEL && /^[\w-]+$/.test(label));
  if (isName) return null;
  return {
    code: 'HOST_NAME',
    problem: `${shown} is no name that can be looked up`,
    hint: 'write an address or a name',
  };
}

/** To write the host alone, and its port where it has one. */
function aloneHint(host: string, port: string | null): string {
  const bare = host.replace(/^\[|\]$/g, '');
  const alone =
    safeParseAddress(bare).success || /^[\w.-]+$/.test(bare) ? `write host: ${quote(bare)}` : 'write the host alone';
  return port !== null && /^(?:0|[1-9]\d{0,4})$/.test(port) ? `${alone}, port: ${port}` : alone;
}

/** The ASCII form of a name, as Node hands it to the system's resolver; empty for what has none. Of ASCII text it changes the case only. */
function asciiOf(text: string): string {
  if (!/[^ -~]/.test(text)) return text;
  if (text.length > LONGEST_NAME) return '';
  // With a letter in its last label, as the text is read as an IPv4 address without: `127.0.0.1。` loses its dot, `０x.1` gains a 0.
  return domainToASCII(`${text}.a`).slice(0, -2);
}
