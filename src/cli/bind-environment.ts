import { shown } from '../checks/quote.js';
import { isAddress, parseAddress } from '../ip/index.js';
import type { BindEnvironment } from '../socket/index.js';
import { planBinds } from '../socket/index.js';
import { CliError } from './exit.js';

const HINT = 'write what `inaddr bind environment` prints';

/** The environment of a JSON text, as `environmentJson` writes it. */
export function readEnvironmentJson(text: string, name: string): BindEnvironment {
  const value = jsonOf(text, name);
  if (!isObject(value)) throw new CliError(name, `is no JSON object, ${HINT}`);
  const environment = { ...value, names: namesOf(value.names, name), ...pathsOf(value.paths) } as BindEnvironment;
  checkInterfaces(value.interfaces, name);
  try {
    // It looks at all fields, and does nothing else here.
    planBinds([], environment);
  } catch (error) {
    if (error instanceof TypeError) throw new CliError(name, error.message);
    throw error;
  }
  return environment;
}

/** The JSON text of an environment, indented by so many blanks; 0: on one line. */
export function environmentJson({ names, paths, ...environment }: BindEnvironment, indent: number): string {
  const texts = [...names].map(([name, addresses]) => [name, addresses.map(String)] as const);
  const json = { ...environment, names: Object.fromEntries(texts), paths: Object.fromEntries(paths ?? []) };
  return JSON.stringify(json, null, indent);
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(name, `is no JSON, ${HINT}`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function namesOf(names: unknown, file: string): BindEnvironment['names'] {
  if (!isObject(names)) throw new CliError(file, `names is no object, ${HINT}`);
  return new Map(
    Object.entries(names).map(([name, addresses]) => {
      if (!Array.isArray(addresses) || !addresses.every((each) => isAddress(each)))
        throw new CliError(file, `names.${shown(name)} is no list of addresses, ${HINT}`);
      return [name, addresses.map((each: string) => parseAddress(each))] as const;
    }),
  );
}

/** What the states may be, the planner knows. */
function pathsOf(paths: unknown): object {
  return isObject(paths) ? { paths: new Map(Object.entries(paths)) } : { paths };
}

function checkInterfaces(interfaces: unknown, file: string): void {
  if (!isObject(interfaces)) throw new CliError(file, `interfaces is no object, ${HINT}`);
  for (const [name, list] of Object.entries(interfaces)) {
    if (Array.isArray(list) && list.every(isInterfaceAddress)) continue;
    throw new CliError(file, `interfaces.${shown(name)} is no list of {address, netmask, family, internal}, ${HINT}`);
  }
}

function isInterfaceAddress(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { address, netmask, family, internal } = value;
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : null;
  return (
    wanted !== null &&
    [address, netmask].every((text) => typeof text === 'string' && isAddress(text, wanted)) &&
    typeof internal === 'boolean'
  );
}
