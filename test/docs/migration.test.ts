import { beforeAll, describe, expect, test } from 'vitest';
import { evaluationOf, isInstalled, lockedVersion, readMigrationPage } from '../support/migration-page.js';
import { runNode } from '../support/run-node.js';

const PEERS = [
  'ip',
  'ipaddr.js',
  'ip-address',
  'netmask',
  'cidr-tools',
  'is-in-subnet',
  'cacheable-lookup',
  'request-filtering-agent',
];

/** What Node 26 changed: it refuses a name with a NUL. The page says so. */
const GIVES_ON_NODE_26: ReadonlyMap<string, string> = new Map([
  [
    String.raw`(await cacheable.lookupAsync('app.test\0.allowed.test')).address`,
    'throws TypeError ERR_INVALID_ARG_VALUE',
  ],
]);
const [major = 0] = process.versions.node.split('.').map(Number);

const sections = readMigrationPage();
const absent = PEERS.filter((peer) => !isInstalled(peer));
if (absent.length > 0) {
  const reason = 'not in bench/node_modules; npm ci --prefix bench installs them';
  process.stdout.write(`what ${absent.join(', ')} give in docs/migration.md is skipped: ${reason}\n`);
}

test('the page has a section for each peer', () => {
  expect(sections.map(({ peer }) => peer)).toEqual(PEERS);
});

describe.each(sections)('from $peer', (section) => {
  const { peer, version, imports, rows } = section;
  const present = isInstalled(peer);
  let results: readonly (readonly [theirs: string | null, ours: string])[] = [];

  beforeAll(async () => {
    const { stdout, stderr, code } = await runNode('evaluate-rows.mjs', [], evaluationOf(section, present));
    if (code !== 0) throw new Error(stderr);
    results = JSON.parse(stdout);
  }, 30_000);

  test('imports the peer, of the version that bench/ installs', () => {
    expect(imports.map(({ specifier }) => specifier)).toContain(peer);
    expect(version).toBe(lockedVersion(peer));
  });

  test('says why where the answers differ, and only there', () => {
    expect(rows.length).toBeGreaterThan(10);
    const explained = rows.map(({ why, ...row }) => ({ ...row, explained: why !== '' }));
    expect(explained).toEqual(
      rows.map(({ why, ...row }) => ({ ...row, explained: row.theirsGives !== row.oursGives })),
    );
  });

  test.each(rows.map(({ ours, oursGives }, index) => ({ ours, oursGives, index })))('$ours', ({ oursGives, index }) => {
    expect(results[index]?.[1]).toBe(oursGives);
  });

  test.skipIf(!present).each(rows.map(({ theirs, theirsGives }, index) => ({ theirs, theirsGives, index })))(
    '$theirs',
    ({ theirs, theirsGives, index }) => {
      const gives = (major >= 26 ? GIVES_ON_NODE_26.get(theirs) : undefined) ?? theirsGives;
      expect(results[index]?.[0]).toBe(gives);
    },
  );
});
