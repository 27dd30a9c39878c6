import { readBindList } from './bind-list.js';
import { readCompose } from './compose.js';
import { readEnv } from './env.js';
import type { Reader, Reading } from './found.js';
import { Findings, Places } from './found.js';
import { readNginx } from './nginx.js';
import { readPostgres } from './postgres.js';
import { readRedis } from './redis.js';
import { readSystemd } from './systemd.js';
import { readYaml } from './yaml-tree.js';

export type FormatName = 'inaddr' | 'compose' | 'nginx' | 'systemd' | 'env' | 'redis' | 'postgres';

/** A format of files with binds, and the program that makes them. */
export interface Format {
  readonly name: FormatName;
  readonly read: Reader;
  /** Whether Node makes the binds; others honour options that some versions of Node ignore. */
  readonly node: boolean;
  /** Whether whoever binds is root as a rule. */
  readonly asRoot: boolean;
  /** Whether a name is bound with all its addresses; Node binds the first. */
  readonly everyAddress: boolean;
  /** Whether equal binds are one socket, and one for every address takes the place of others with its port. */
  readonly shares: boolean;
}

const NODE = { node: true, asRoot: false, everyAddress: false, shares: false } as const;
const OTHER = { ...NODE, node: false } as const;

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  inaddr: { name: 'inaddr', read: readBindList, ...NODE },
  compose: { name: 'compose', read: readCompose, ...OTHER, asRoot: true },
  nginx: { name: 'nginx', read: readNginx, ...OTHER, asRoot: true, everyAddress: true, shares: true },
  systemd: { name: 'systemd', read: readSystemd, ...OTHER, asRoot: true },
  env: { name: 'env', read: readEnv, ...NODE },
  redis: { name: 'redis', read: readRedis, ...OTHER },
  postgres: { name: 'postgres', read: readPostgres, ...OTHER, everyAddress: true },
};

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** Names of files, from the last slash on or with folders before, and what is in them; the first that fits counts. */
const BY_NAME: readonly (readonly [RegExp, FormatName | 'yaml'])[] = [
  [/(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.(?:ya?ml|json)$/, 'compose'],
  [/\.(?:ya?ml|json)$/, 'yaml'],
  [/\.socket$|\.socket\.d\/[^/]+\.conf$/, 'systemd'],
  [/(?:^|\/)\.env(?:\.[^/]*)?$|\.env$/, 'env'],
  [/(?:^|\/)postgresql[^/]*\.conf$/, 'postgres'],
  [/(?:^|\/)(?:redis|valkey)[^/]*\.conf$|(?:^|\/)(?:redis|valkey)\/[^/]+\.conf$/, 'redis'],
  [/\.nginx$|(?:^|\/)nginx[^/]*\.conf$|\.nginx\.conf$|(?:^|\/)(?:nginx\/|sites-(?:enabled|available)\/).*$/, 'nginx'],
];

/** The format that the name of a file says: 'yaml' is to be decided by what is in it, null is none. */
export function formatOfName(path: string): FormatName | 'yaml' | null {
  const name = path.replaceAll('\\', '/').toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** What a file says, and in which format it is. */
export interface FileReading {
  readonly format: Format;
  readonly reading: Reading;
}

/** Reads the text of a file. `json` holds it to JSON where YAML would do. */
export function readConfig(text: string, format: FormatName | 'yaml', json: boolean): FileReading {
  const { format: found, reading } =
    format === 'yaml' ? readYamlOrCompose(text) : { format: FORMATS[format], reading: FORMATS[format].read(text) };
  const bad = json && reading.complaints.length === 0 ? notJson(text) : null;
  return { format: found, reading: bad ?? reading };
}

/** `services:` makes a compose file, unless there are `binds:`, too. */
function readYamlOrCompose(text: string): FileReading {
  const { roots } = readYaml(text);
  const isCompose = roots.some(
    (root) => root.kind === 'map' && root.entries.has('services') && !root.entries.has('binds'),
  );
  const format = isCompose ? FORMATS.compose : FORMATS.inaddr;
  return { format, reading: format.read(text) };
}

function notJson(text: string): Reading | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const findings = new Findings();
    // The message of V8 differs from version to version, but for this.
    const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    findings.complain(
      new Places(text).at(Number(offset ?? 0)),
      'no JSON',
      'mend it, or name the file .yaml where YAML is meant',
    );
    return findings;
  }
}
