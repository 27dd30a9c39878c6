import type { BindEnvironment } from './bind-environment.js';
import { quote } from './quote.js';

/** Each field, what it must be, and how that is called. */
const FIELDS: Readonly<Record<keyof BindEnvironment, readonly [check: (value: unknown) => boolean, wanted: string]>> = {
  platform: [isText, "text such as 'linux'"],
  nodeVersion: [isText, "text such as '22.12.0'"],
  interfaces: [isInterfaces, 'lists of addresses by interface, as from os.networkInterfaces()'],
  names: [isMap, 'a Map of names and their addresses'],
  canBindPrivileged: [isBoolean, 'true or false'],
  unprivilegedPortStart: [isPort, 'a whole number from 0 to 65536'],
  nonlocalBind: [isNonlocalBind, 'true, false, or {ipv4, ipv6} of them'],
  ipv6Enabled: [isBoolean, 'true or false'],
  udpIPv6Only: [(value) => value === undefined || isBoolean(value), 'true, false or absent'],
  ipv4Routes: [(value) => value === undefined || isRoutes(value), '{local, broadcast}, lists of prefixes, or absent'],
  paths: [(value) => value === undefined || isMap(value), 'a Map of paths and what is there, or absent'],
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

function isMap(value: unknown): boolean {
  return value instanceof Map;
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
