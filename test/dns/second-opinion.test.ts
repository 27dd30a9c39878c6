import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DnsRecord, RecordType } from '../../src/dns/index.js';
import { DnsError, RECORD_TYPES, Resolver } from '../../src/dns/index.js';
import { DnsServer, parseZone } from '../../src/testing/index.js';
import { Nsd, whyNoNsd } from '../support/nsd.js';
import { tempDir } from '../support/temp-dir.js';

// The same zones, served by the testing server and by NSD: both must look the same through the resolver.

const ZONES = fileURLToPath(new URL('../../fixtures/zones/', import.meta.url));
/** Paths by the names of the zones. */
const PATHS = Object.fromEntries(
  readdirSync(ZONES)
    .filter((file) => file.endsWith('.zone'))
    .map((file) => [file.replace(/\.zone$/, ''), `${ZONES}${file}`]),
);
const TEXTS = Object.values(PATHS).map((path) => readFileSync(path, 'utf8'));

const NAMES = [
  ...new Set(TEXTS.flatMap((text) => parseZone(text)).map(({ name }) => name)),
  'missing.opinion.test',
  'below.www.opinion.test',
  // It has no records, and names below it have.
  'deep.down.name.opinion.test',
  'name.opinion.test',
  'wild.opinion.test',
  'some.wild.opinion.test',
  'two.labels.wild.opinion.test',
  'other.there.wild.opinion.test',
  'WWW.Opinion.TEST',
  'upper.opinion.test.',
  'bücher.opinion.test',
  '3.2.0.192.in-addr.arpa',
].filter((name) => !name.startsWith('*'));

const reason = whyNoNsd();
if (reason !== null) process.stdout.write(`the second opinion is skipped: ${reason}\n`);

describe.skipIf(reason !== null)('what NSD answers', () => {
  const dir = tempDir();
  let nsd: Nsd;
  let server: DnsServer;
  let ours: Resolver;
  let theirs: Resolver;

  beforeAll(async () => {
    [nsd, server] = await Promise.all([
      Nsd.start(dir, PATHS),
      DnsServer.listen({ records: TEXTS.flatMap((text) => parseZone(text)) }),
    ]);
    [ours, theirs] = [server, nsd].map(
      ({ address }) => new Resolver({ servers: [address], hosts: false, cache: false }),
    ) as [Resolver, Resolver];
  });
  afterAll(async () => {
    ours?.close();
    theirs?.close();
    await Promise.all([nsd?.stop(), server?.close()]);
  });

  test.each(RECORD_TYPES)('%s: the same for every name', async (type) => {
    const seen = new Set<string>();
    for (const name of NAMES) {
      const [our, their] = await Promise.all([outcome(ours, name, type), outcome(theirs, name, type)]);
      expect(our, name).toEqual(their);
      seen.add(Array.isArray(our) ? 'ANSWER' : our);
    }
    // Node 20 cannot ask for TLSA.
    if (!seen.has('NOTIMP')) expect([...seen]).toEqual(expect.arrayContaining(['ANSWER', 'NODATA', 'NXDOMAIN']));
  });

  test('both families, and what leads back to an address', async () => {
    for (const name of NAMES) expect(await outcome(ours, name)).toEqual(await outcome(theirs, name));
    for (const address of ['192.0.2.1', '192.0.2.25', '192.0.2.26', '192.0.2.3']) {
      const [our, their] = await Promise.all(
        [ours, theirs].map((resolver) => resolver.verifyReverse(address).catch((error: DnsError) => error.code)),
      );
      expect(our).toEqual(their);
    }
    expect(await ours.verifyReverse('192.0.2.25')).toMatchObject([{ confirmed: true }, { confirmed: false }]);
  });
});

/** Records in an order of their own, or the code of the error. */
async function outcome(resolver: Resolver, name: string, type?: RecordType): Promise<DnsRecord[] | string> {
  try {
    const { records } = await (type === undefined ? resolver.resolve(name) : resolver.resolve(name, type));
    return records.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  } catch (error) {
    if (error instanceof DnsError) return error.code;
    throw error;
  }
}
