import { nearest } from '../checks/nearest.js';
import { quote } from '../checks/quote.js';
import type { Reach } from './bind-types.js';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import type { Fault, Reading } from './host.js';

/** The values of a bind's fields, each by itself: nothing is coerced. */

export const PORT_MISSING: Fault = {
  code: 'PORT_MISSING',
  problem: 'no port, for which Node takes any free one',
  hint: 'write a whole number from 1 to 65535',
};

export function readPort(given: unknown): Reading<number> {
  const hint = 'write a whole number from 1 to 65535';
  if (given === null)
    return { fault: { ...PORT_MISSING, problem: 'the port is null, for which Node takes any free one' } };
  const problem = `the port is ${quote(given)}`;
  if (typeof given === 'string') {
    const isClean = /^[1-9]\d{0,4}$/.test(given) && Number(given) <= MAX_PORT;
    return {
      fault: {
        code: 'PORT_TEXT',
        problem: `${problem}, text`,
        hint: isClean ? `write ${given}, without quotes` : hint,
      },
    };
  }
  if (typeof given !== 'number') return { fault: { code: 'PORT_TYPE', problem, hint } };
  if (!Number.isInteger(given)) return { fault: { code: 'PORT_NOT_WHOLE', problem, hint } };
  if (given < 0 || given > MAX_PORT || Object.is(given, -0)) return { fault: { code: 'PORT_RANGE', problem, hint } };
  return { value: given };
}

export function readFlag(key: string, given: unknown): Reading<boolean> {
  if (typeof given === 'boolean') return { value: given };
  const meant = given === 'true' || given === 'false' ? `write ${given}, without quotes` : 'write true or false';
  return { fault: { code: 'NOT_BOOLEAN', problem: `${key} is ${quote(given)}`, hint: meant } };
}

export function readFamily(given: unknown): Reading<typeof AF_INET | typeof AF_INET6 | typeof AF_UNIX> {
  if (given === AF_INET || given === AF_INET6 || given === AF_UNIX) return { value: given };
  const hint = hintOfWord(given, FAMILY_WORDS, [AF_INET, AF_INET6, AF_UNIX]);
  return { fault: { code: 'FAMILY', problem: `the family is ${quote(given)}`, hint } };
}

export function readType(given: unknown): Reading<typeof SOCK_STREAM | typeof SOCK_DGRAM> {
  if (given === SOCK_STREAM || given === SOCK_DGRAM) return { value: given };
  const hint = hintOfWord(given, TYPE_WORDS, [SOCK_STREAM, SOCK_DGRAM]);
  return { fault: { code: 'TYPE', problem: `the type is ${quote(given)}`, hint } };
}

export function readBacklog(given: unknown): Reading<number> {
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= MAX_BACKLOG)
    return { value: given };
  const hint = `write a whole number from 1 to ${MAX_BACKLOG}`;
  return { fault: { code: 'BACKLOG', problem: `the backlog is ${quote(given)}`, hint } };
}

export function readName(given: unknown): Reading<string> {
  if (typeof given === 'string' && given.trim() !== '' && !/\p{Cc}/u.test(given)) return { value: given };
  const hint = 'write what reports shall call the bind, without control characters';
  return { fault: { code: 'NAME', problem: `the name is ${quote(given)}`, hint } };
}

export function readExpose(given: unknown): Reading<Exclude<Reach, 'none'>> {
  const known = REACHES.find((reach) => reach === given);
  if (known !== undefined) return { value: known };
  const problem = `expose is ${quote(given)}`;
  const hint =
    given === 'none'
      ? "write 'loopback', the least that a bind can reach, or leave the bind out"
      : hintOfWord(given, REACH_WORDS, REACHES);
  return { fault: { code: 'EXPOSE', problem, hint } };
}

const MAX_PORT = 0xffff;
/** Node takes an Int32, and reads 0 as no backlog. */
const MAX_BACKLOG = 0x7fff_ffff;
const REACHES = ['loopback', 'link', 'private', 'public', 'all'] as const;

/** What others write for our words. */
const FAMILY_WORDS: Readonly<Record<string, string>> = {
  '4': AF_INET,
  '6': AF_INET6,
  ipv4: AF_INET,
  ipv6: AF_INET6,
  unix: AF_UNIX,
  AF_LOCAL: AF_UNIX,
  inet: AF_INET,
  inet6: AF_INET6,
};
const TYPE_WORDS: Readonly<Record<string, string>> = {
  tcp: SOCK_STREAM,
  stream: SOCK_STREAM,
  tcp4: SOCK_STREAM,
  tcp6: SOCK_STREAM,
  udp: SOCK_DGRAM,
  dgram: SOCK_DGRAM,
  datagram: SOCK_DGRAM,
  udp4: SOCK_DGRAM,
  udp6: SOCK_DGRAM,
};
const REACH_WORDS: Readonly<Record<string, string>> = {
  localhost: 'loopback',
  local: 'loopback',
  internal: 'private',
  lan: 'private',
  internet: 'public',
  any: 'all',
  '*': 'all',
};

function hintOfWord(given: unknown, others: Readonly<Record<string, string>>, known: readonly string[]): string {
  const list = known.map((word) => `'${word}'`).join(', ');
  const word = typeof given === 'string' || typeof given === 'number' ? `${given}` : null;
  if (word === null) return `write one of ${list}`;
  const key = [word, word.toLowerCase()].find((one) => Object.hasOwn(others, one));
  const meant = key === undefined ? nearest(word, known) : others[key];
  return meant === null || meant === undefined ? `write one of ${list}` : `write '${meant}'`;
}
