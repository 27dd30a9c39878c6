import { quote } from '../checks/quote.js';
import { isPrefix } from '../ip/index.js';
import type { BindEnvironment, PathState } from './bind-environment.js';
import { toAddressValue } from './host.js';

/** Each field, what it must be, and how that is called. */
const FIELDS: Readonly<Record<keyof BindEnvironment, readonly [check: (value: unknown) => boolean, wanted: string]>> = {
  platform: [isText, "text such as 'linux'"],
  nodeVersion: [isText, "text such as '22.12.0'"],
  interfaces: [isInterfaces, 'lists of addresses by interface, as from os.networkInterfaces()'],
  names: [isMap, 'a Map of names and lists of their addresses, as values'],
  canBindPrivileged: [(value) => value === null || isBoolean(value), 'true, false, or null for not known'],
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
export function checkEnvironment(environment: BindEnvironment): void {
  const given: unknown = environment;
  if (!isObject(given)) {
    throw new TypeError(`the environment is ${quote(given)}: pass what readEnvironment() gives`);
  }
  for (const [field, [check, wanted]] of Object.entries(FIELDS)) {
    const value = given[field];
    if (!check(value)) throw new TypeError(`environment.${field} is ${quote(value)}: it must be ${wanted}`);
  }
  const unknown = Object.keys(given).find((field) => !Object.hasOwn(FIELDS, field));
  if (unknown !== undefined) {
    throw new TypeError(`the environment has no ${quote(unknown)}: it has ${Object.keys(FIELDS).join(', ')}`);
  }
  checkEntries(environment);
}

/** What is in the lists and maps of an environment. */
function checkEntries({ interfaces, names, ipv4Routes, paths }: BindEnvironment): void {
  for (const [name, list = []] of Object.entries(interfaces)) {
    for (const entry of list) {
      if (isInterfaceAddress(entry)) continue;
      const wanted = 'an object with address, netmask and internal, as from os.networkInterfaces()';
      throw new TypeError(`environment.interfaces has ${quote(entry)} for ${quote(name)}: write ${wanted}`);
    }
  }
  for (const [name, addresses] of names) {
    if (!isText(name)) throw new TypeError(`environment.names has ${quote(name)}: its keys must be text`);
    const list: unknown = addresses;
    if (!Array.isArray(list)) {
      throw new TypeError(`environment.names has ${quote(list)} for ${quote(name)}: write a list of addresses`);
    }
    const wrong = list.findIndex((each) => toAddressValue(each) === null);
    if (wrong < 0) continue;
    const wanted = 'write address values, as parseAddress gives them';
    throw new TypeError(`environment.names has ${quote(list[wrong])} for ${quote(name)}: ${wanted}`);
  }
  for (const text of [...(ipv4Routes?.local ?? []), ...(ipv4Routes?.broadcast ?? [])]) {
    if (isPrefix(text, 4)) continue;
    throw new TypeError(`environment.ipv4Routes has ${quote(text)}: write IPv4 prefixes, such as '127.0.0.0/8'`);
  }
  for (const [path, state] of paths ?? []) {
    if (!isText(path)) throw new TypeError(`environment.paths has ${quote(path)}: its keys must be text`);
    if (Object.hasOwn(PATH_STATES, state)) continue;
    const wanted = Object.keys(PATH_STATES).join(', ');
    throw new TypeError(`environment.paths has ${quote(state)} for ${quote(path)}: write one of ${wanted}`);
  }
}

/** What may be at a path; the type holds the table complete. */
const PATH_STATES: Readonly<Record<PathState, true>> = {
  free: true,
  socket: true,
  file: true,
  'no-directory': true,
  'not-a-directory': true,
  'no-permission': true,
};

/** Whether its texts are addresses, `createMachine` says. */
function isInterfaceAddress(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { address, netmask, internal } = value;
  return typeof internal === 'boolean' && isText(address) && isText(netmask);
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
