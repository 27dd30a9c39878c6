import { existsSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const PEERS = new URL('bench/', ROOT);

/** A row of docs/migration.md: two expressions, what each gives as the page shows it, and why that differs. */
export interface MigrationRow {
  readonly theirs: string;
  readonly theirsGives: string;
  readonly ours: string;
  readonly oursGives: string;
  readonly why: string;
}

interface Import {
  readonly specifier: string;
  readonly bindings: readonly { readonly local: string; readonly exported: string }[];
}

/** A section of the page: the peer, what its rows need, and the rows. */
export interface MigrationSection {
  readonly peer: string;
  readonly version: string | null;
  readonly imports: readonly Import[];
  /** Names that its rows use, in the order in which they are made. */
  readonly setups: readonly { readonly name: string; readonly code: string }[];
  readonly rows: readonly MigrationRow[];
}

/** The sections of the page that have tables; a line of a table that is none of the known throws. */
export function readMigrationPage(): MigrationSection[] {
  return readFileSync(new URL('docs/migration.md', ROOT), 'utf8')
    .split(/^## /m)
    .filter((section) => /^\|/m.test(section))
    .map(readSection);
}

/** What evaluate-rows.mjs takes. Without the peer: no calls of theirs, and nothing that is made with it. */
export function evaluationOf({ peer, imports, setups, rows }: MigrationSection, withPeer: boolean): string {
  const needed = imports.filter(({ specifier }) => withPeer || specifier !== peer);
  const absent = imports.flatMap((one) => (needed.includes(one) ? [] : one.bindings.map(({ local }) => local)));
  const usesAbsent = (code: string) => absent.some((name) => new RegExp(`\\b${name}\\b`).test(code));
  return JSON.stringify({
    imports: needed,
    setups: setups.filter(({ code }) => !usesAbsent(code)),
    rows: rows.map(({ theirs, ours }) => [withPeer ? theirs : null, ours]),
  });
}

/** Whether `npm ci --prefix bench` has been run. */
export function isInstalled(peer: string): boolean {
  return existsSync(new URL(`node_modules/${peer}/package.json`, PEERS));
}

/** The version that `npm ci --prefix bench` installs. */
export function lockedVersion(peer: string): string | undefined {
  const lock: { readonly packages: Readonly<Record<string, { readonly version?: string } | undefined>> } = JSON.parse(
    readFileSync(new URL('package-lock.json', PEERS), 'utf8'),
  );
  return lock.packages[`node_modules/${peer}`]?.version;
}

function readSection(section: string): MigrationSection {
  const [peer = ''] = section.split('\n');
  const tables = [...section.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.trimEnd().split('\n').map(readCells));
  const setups = tables.filter(isHeadedBy(['in the rows', 'is'])).flatMap(bodyOf);
  const rows = tables.filter(isHeadedBy([peer, 'gives', 'inaddr', 'gives', 'why'])).flatMap(bodyOf);
  if (tables.flatMap(bodyOf).length !== setups.length + rows.length)
    throw new Error(`${peer}: a table is of no known kind`);
  return {
    peer,
    version: /, version ([\d.]+\d)/.exec(section)?.[1] ?? null,
    imports: [...section.matchAll(/`import (\w+|\{[^}]+\}) from '([^']+)'`/g)].map(
      ([, clause = '', specifier = '']) => ({
        specifier,
        bindings: readClause(clause),
      }),
    ),
    setups: setups.map(([name, code]) => ({ name: codeOf(name), code: codeOf(code) })),
    rows: rows.map(([theirs, theirsGives, ours, oursGives, why = '']) => ({
      theirs: codeOf(theirs),
      theirsGives: codeOf(theirsGives),
      ours: codeOf(ours),
      oursGives: codeOf(oursGives),
      why,
    })),
  };
}

function readClause(clause: string): Import['bindings'] {
  if (!clause.startsWith('{')) return [{ local: clause, exported: 'default' }];
  return (clause.match(/\w+/g) ?? []).map((name) => ({ local: name, exported: name }));
}

type Row = readonly string[];

function readCells(line: string): Row {
  return line
    .replace(/^\|(.*)\|$/, '$1')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

function isHeadedBy(header: Row): (table: readonly Row[]) => boolean {
  return ([first]) => JSON.stringify(first) === JSON.stringify(header);
}

/** The rows below the header and its rule; one of another length than the header throws. */
function bodyOf([header = [], , ...body]: readonly Row[]): readonly Row[] {
  for (const row of body) {
    if (row.length !== header.length) throw new Error(`not ${header.length} cells: ${row.join(' | ')}`);
  }
  return body;
}

function codeOf(cell = ''): string {
  const [, code] = /^`([^`]+)`$/.exec(cell) ?? [];
  if (code === undefined) throw new Error(`not one piece of code: ${cell}`);
  return code;
}
