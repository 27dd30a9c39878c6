export type FormatName = 'inaddr' | 'compose' | 'nginx' | 'systemd' | 'env' | 'redis' | 'postgres';

/** A format of files with binds, and the program that makes them. */
export interface Format {
  readonly name: FormatName;
  /** Whether Node makes the binds; others honour options that some versions of Node ignore. */
  readonly node: boolean;
  /** Whether whoever binds is root as a rule. */
  readonly asRoot: boolean;
  /** Which addresses of a name are bound: the first, as Node does it, the first of IPv4, or every one. */
  readonly names: 'first' | 'first-ipv4' | 'every';
  /** Whether equal binds are one socket, and one for every address takes the place of others with its port. */
  readonly shares: boolean;
}

const NODE = { node: true, asRoot: false, names: 'first', shares: false } as const;
const OTHER = { ...NODE, node: false } as const;

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  inaddr: { name: 'inaddr', ...NODE },
  compose: { name: 'compose', ...OTHER, asRoot: true },
  nginx: { name: 'nginx', ...OTHER, asRoot: true, names: 'every', shares: true },
  systemd: { name: 'systemd', ...OTHER, asRoot: true },
  env: { name: 'env', ...NODE },
  redis: { name: 'redis', ...OTHER, names: 'first-ipv4' },
  postgres: { name: 'postgres', ...OTHER, names: 'every' },
};

/** Where the programs listen when nothing else is said. */
export const REDIS_PORT = 6379;
export const POSTGRES_PORT = 5432;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** Names of files, from the last slash on or with folders before, and what is in them; the first that fits counts. */
const BY_NAME: readonly (readonly [RegExp, FormatName | 'yaml'])[] = [
  [/(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.(?:ya?ml|json)$/, 'compose'],
  [/\.(?:ya?ml|json)$/, 'yaml'],
  [/\.socket$|\.socket\.d\/[^/]+\.conf$/, 'systemd'],
  [/(?:^|\/)\.env(?:\.[^/]*)?$|\.env$/, 'env'],
  [/(?:^|\/)postgresql[^/]*\.conf$/, 'postgres'],
  [/(?:^|\/)(?:redis|valkey)[^/]*\.conf$|(?:^|\/)(?:redis|valkey)\/[^/]+\.conf$/, 'redis'],
  [/\.nginx$|(?:^|\/)nginx[^/]*\.conf$|\.nginx\.conf$|(?:^|\/)(?:nginx\/|sites-(?:enabled|available)\/)/, 'nginx'],
];

/** The format that the name of a file says: 'yaml' is to be decided by what is in it, null is none. */
export function formatOfName(path: string): FormatName | 'yaml' | null {
  const name = path.replaceAll('\\', '/').toLowerCase();
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}
