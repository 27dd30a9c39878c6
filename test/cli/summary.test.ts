import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Counts } from '../../src/cli/summary.js';
import { printCounts, Summary } from '../../src/cli/summary.js';
import { classify, IPV4_SPECIAL_PURPOSE, IPV6_SPECIAL_PURPOSE, IPv4Address, IPv6Address } from '../../src/ip/index.js';
import { readBytes } from '../../src/ip/read-bytes.js';

/** By words, as the bytes of a stream are counted. */
function countWords(texts: readonly string[]): Counts {
  const summary = new Summary();
  for (const text of texts) {
    const bytes = Buffer.from(text);
    const family = readBytes(bytes, 0, bytes.length);
    if (family === 0) throw new Error(`${text} is no address`);
    summary.addWords(family);
  }
  return summary.counts();
}

/** By classification, as filters leave them over. */
function countClassified(texts: readonly string[]): Counts {
  const summary = new Summary();
  for (const text of texts) summary.add(classify(text));
  return summary.counts();
}

/** The same, slow and obvious. */
function countSlowly(texts: readonly string[]): Counts {
  const found = texts.map((text) => classify(text));
  const group = (names: readonly string[]) =>
    Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]));
  return {
    addresses: found.length,
    ipv4: found.filter(({ family }) => family === 4).length,
    ipv6: found.filter(({ family }) => family === 6).length,
    globallyReachable: found.filter(({ globallyReachable }) => globallyReachable).length,
    kinds: group(found.map(({ kind }) => kind)),
    scopes: group(found.map(({ scope }) => scope ?? 'none')),
    classes: group(found.map(({ addressClass }) => addressClass ?? 'none (IPv6)')),
  };
}

const blocks = [...IPV4_SPECIAL_PURPOSE, ...IPV6_SPECIAL_PURPOSE].map(({ prefix }) => prefix.split('/')[0] ?? prefix);
const FIXED = [
  ...blocks,
  ...['::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:224.0.0.1', '::10.0.0.1', '::8.8.8.8', '::ffff:0:10.0.0.1'],
  ...[
    '64:ff9b::8.8.8.8',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::',
    '2002:808:808::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  ],
  ...[
    'fe80::5efe:c0a8:9',
    '2606:4700::5efe:10.0.0.1',
    '2606:4700::5efe:8.8.8.8',
    '2606:4700::1',
    'fe80::1%eth0',
    'ff02::1%1',
  ],
  ...['0.0.0.1', '127.0.0.1', '128.0.0.1', '192.0.2.1', '224.0.0.251', '239.255.0.1', '240.0.0.1', '255.255.255.255'],
];
const bits = (length: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(length)) - 1n });
const ipv4 = bits(32).map((value) => IPv4Address.fromBigInt(value).toString());
const ipv6 = bits(128).map((value) => IPv6Address.fromBigInt(value).toString());
const low = fc
  .tuple(fc.constantFrom('::', '::ffff:', '64:ff9b::', '2606:4700::5efe:', 'fe80::', 'ff02::'), ipv4)
  .map(([prefix, text]) => prefix + text);

describe('Summary', () => {
  it('counts words, classifications and a slow count alike', () => {
    const texts = fc.array(fc.oneof(ipv4, ipv6, low, fc.constantFrom(...FIXED)), { maxLength: 60 });
    fc.assert(
      fc.property(texts, (list) => {
        const expected = countSlowly(list);
        expect(countWords(list)).toEqual(expected);
        expect(countClassified(list)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it.each(FIXED)('counts %s alike', (text) => {
    expect(countWords([text])).toEqual(countSlowly([text]));
    expect(countClassified([text])).toEqual(countSlowly([text]));
  });

  it('counts a mixture of both', () => {
    const summary = new Summary();
    summary.add(classify('::1'));
    summary.add(classify('10.0.0.1'));
    const bytes = Buffer.from('10.0.0.2');
    readBytes(bytes, 0, bytes.length);
    summary.addWords(4);
    expect(summary.counts()).toEqual(countSlowly(['::1', '10.0.0.1', '10.0.0.2']));
  });

  it('sorts by count, then by name', () => {
    const { kinds } = countWords(['8.8.8.8', '::1', '10.0.0.1', '10.0.0.2']);
    expect(Object.entries(kinds)).toEqual([
      ['private', 2],
      ['global', 1],
      ['loopback', 1],
    ]);
  });

  it('starts with nothing', () => {
    expect(new Summary().counts()).toEqual(countSlowly([]));
  });
});

describe('printCounts', () => {
  it('draws a bar for each count', () => {
    const counts = countWords(['8.8.8.8', '10.0.0.1', '10.0.0.2', '::1']);
    expect(printCounts(counts, (_, text) => text)).toEqual([
      '4 addresses, 3 IPv4 and 1 IPv6; 1 globally reachable',
      '',
      'kind',
      `  private   2   50.0 %  ${'█'.repeat(15)}`,
      `  global    1   25.0 %  ${'█'.repeat(8)}`,
      `  loopback  1   25.0 %  ${'█'.repeat(8)}`,
      '',
      'scope',
      `  global      3   75.0 %  ${'█'.repeat(23)}`,
      `  link-local  1   25.0 %  ${'█'.repeat(8)}`,
      '',
      'class',
      `  A            3   75.0 %  ${'█'.repeat(23)}`,
      `  none (IPv6)  1   25.0 %  ${'█'.repeat(8)}`,
    ]);
  });

  it('draws a bar for the least count, too', () => {
    const texts = [...Array.from({ length: 999 }, () => '8.8.8.8'), '10.0.0.1'];
    const lines = printCounts(countWords(texts), (_, text) => text);
    expect(lines).toContain(`  global   999   99.9 %  ${'█'.repeat(30)}`);
    expect(lines).toContain('  private    1    0.1 %  █');
  });

  it('says that there is nothing', () => {
    const lines = printCounts(countWords([]), (_, text) => text);
    expect(lines).toEqual(['0 addresses, 0 IPv4 and 0 IPv6; 0 globally reachable']);
  });
});
