import { IPv4Address, IPv6Address } from '../ip/index.js';
import type { BindEnvironment, PathState } from './bind-environment.js';
import { quote } from './quote.js';

/** What may be at a path; the type holds the table complete. */
const STATES: Readonly<Record<PathState, true>> = {
  free: true,
  socket: true,
  file: true,
  'no-directory': true,
  'not-a-directory': true,
  'no-permission': true,
};
const PATH_STATES = /* @__PURE__ */ Object.keys(STATES);

/** Each field, what it must be, and how that is called. */
const FIELDS: Readonly<Record<keyof BindEnvironment, readonly [check: (value: unknown) => boolean, wanted: string]>> = {
  platform: [isText, "text such as 'linux'"],
  nodeVersion: [isText, "text such as '22.12.0'"],
  interfaces: [isInterfaces, 'lists of addresses by interface, as from os.networkInterfaces()'],
  names: [isNames, 'a Map of names and lists of their addresses, as values'],
  canBindPrivileged: [(value) => value === null || isBoolean(value), 'true, false, or null for not known'],
  unprivilegedPortStart: [isPort, 'a whole number from 0 to 65536'],
  nonlocalBind: [isNonlocalBind, 'true, false, or {ipv4, ipv6} of them'],
  ipv6Enabled: [isBoolean, 'true or false'],
  udpIPv6Only: [(value) => value === undefined || isBoolean(value), 'true, false or absent'],
  ipv4Routes: [(value) => value === undefined || isRoutes(value), '{local, broadcast}, lists of prefixes, or absent'],
  paths: [
    (value) => value === undefined || isPaths(value),
    `a Map of paths and one of ${PATH_STATES.join(', ')}, or absent`,
  ],
};

/**
 * Throws for an environment that is none: what the planner would overlook, it would take for harmless.
 *
 * @throws {TypeError}
 */
export function checkEnvironment(environment: unknown): void {
  if (!isObject(environment)) {
    throw new TypeError(`the environment is ${quote(environment)}: pass what readEnvironment() gives`);
  }
  for (const [field, [check, wanted]] of Object.entries(FIELDS)) {
    const value = environment[field];
    if (!check(value)) throw new TypeError(`environment.${field} is ${quote(value)}: it must be ${wanted}`);
  }
  const unknown = Object.keys(environment).find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined) {
    throw new TypeError(`the environment has no ${quote(unknown)}: it has ${Object.keys(FIELDS).join(', ')}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isNames(value: unknown): boolean {
  const isAddress = (each: unknown) => each instanceof IPv4Address || each instanceof IPv6Address;
  return value instanceof Map && [...value.values()].every((list) => Array.isArray(list) && list.every(isAddress));
}

function isPaths(value: unknown): boolean {
  return value instanceof Map && [...value.values()].every((state) => PATH_STATES.includes(state));
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65536;
}

function isInterfaces(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((list) => list === undefined || Array.isArray(list));
}

function isNonlocalBind(value: unknown): boolean {
  return isBoolean(value) || (isObject(value) && isBoolean(value.ipv4) && isBoolean(value.ipv6));
}

function isRoutes(value: unknown): boolean {
  return isObject(value) && [value.local, value.broadcast].every((list) => Array.isArray(list) && list.every(isText));
}
