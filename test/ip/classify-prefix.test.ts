import { describe, expect, it, vi } from 'vitest';
import {
  classify,
  classifyPrefix,
  type PrefixClassification,
  PrefixParseError,
  parseAddress,
  parsePrefix,
} from '../../src/ip/index.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { LAST, prefixOf, printSlowly, type SlowPrefix } from '../support/slow-address.js';
import { classifySlowly, SLOW_ROWS } from '../support/slow-classify.js';
import { MAPPED, printPrefix, slowPrefix, WIDTH } from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

/** The rows of the decision table; the scopes of multicast make no difference here. */
const ROWS = SLOW_ROWS.map(([text, , , , registered]) => ({ text, registered, ...prefixOf(text) })).filter(
  ({ text }) => !/^ff[0-9a-f]{2}::\/16$/.test(text),
);

/** Where an answer may change: nothing but rows decides, and what a mapped or NAT64 address carries. */
const EDGES: Readonly<Record<4 | 6, readonly bigint[]>> = {
  4: edgesOf(4),
  6: [...edgesOf(6), ...edgesOf(4).flatMap((edge) => [MAPPED | edge, (0x64_ff9bn << 96n) | edge])],
};

function edgesOf(family: 4 | 6): bigint[] {
  const own = ROWS.filter((row) => row.family === family);
  return [...new Set(own.flatMap(({ first, last }) => [first, last + 1n]))].filter((edge) => edge <= LAST[family]);
}

function sorted(integers: Iterable<bigint>): bigint[] {
  return [...new Set(integers)].sort((a, b) => (a < b ? -1 : Number(a > b)));
}

function summary(found: PrefixClassification): unknown {
  return { ...found, blocks: found.blocks.map(({ prefix }) => prefix) };
}

/** The answer by the addresses given, which are in order, and by the rows that overlap. */
function expectedOf(prefix: SlowPrefix, addresses: Iterable<{ kind: string; globallyReachable: boolean }>): unknown {
  const kinds = new Set<string>();
  const reachable = new Set<boolean>();
  for (const { kind, globallyReachable } of addresses) {
    kinds.add(kind);
    reachable.add(globallyReachable);
  }
  const touched = ROWS.filter(({ family, first, last, registered }) => {
    return registered && family === prefix.family && first <= prefix.last && prefix.first <= last;
  });
  return {
    prefix: printPrefix(prefix),
    family: prefix.family,
    kinds: [...kinds],
    blocks: touched.sort((a, b) => a.length - b.length || (a.first < b.first ? -1 : 1)).map(({ text }) => text),
    globallyReachable: reachable.size > 1 ? 'some' : reachable.has(true) ? 'all' : 'none',
  };
}

/** Prefixes around and at edges, of the lengths given. */
function prefixesAtEdges(family: 4 | 6, edges: readonly bigint[], lengths: readonly number[]): SlowPrefix[] {
  const found = new Map<string, SlowPrefix>();
  for (const edge of edges) {
    for (const integer of [edge - 1n, edge]) {
      if (integer < 0n) continue;
      for (const length of lengths) {
        const prefix = slowPrefix(family, integer, length);
        found.set(printPrefix(prefix), prefix);
      }
    }
  }
  return [...found.values()];
}

describe.each([4, 6] as const)('IPv%d', (family) => {
  const width = WIDTH[family];

  it('is what its addresses are, one by one', () => {
    // Prefixes of up to 4096 addresses; of IPv6, where every edge of IPv4 is one twice, the longest at the edges of rows.
    const last = (count: number) => Array.from({ length: count }, (_, i) => width - i);
    const prefixes =
      family === 4
        ? prefixesAtEdges(family, EDGES[4], last(13))
        : [
            ...prefixesAtEdges(family, EDGES[6], last(7)),
            ...prefixesAtEdges(family, edgesOf(6), [width - 9, width - 12]),
          ];
    expect(prefixes.length).toBeGreaterThan(500);
    const known = new Map<bigint, { kind: string; globallyReachable: boolean }>();
    const answerOf = (integer: bigint) => {
      const answer = known.get(integer) ?? classify(printSlowly({ family, integer }));
      known.set(integer, answer);
      return answer;
    };
    for (const prefix of prefixes) {
      const size = Number(prefix.last - prefix.first) + 1;
      const addresses = Array.from({ length: size }, (_, i) => answerOf(prefix.first + BigInt(i)));
      expect(summary(classifyPrefix(printPrefix(prefix)))).toStrictEqual(expectedOf(prefix, addresses));
    }
  });

  it('is what the addresses at its edges are, of any length', () => {
    const lengths = Array.from({ length: width + 1 }, (_, length) => length).filter(
      (length) => family === 4 || length % 4 === 0 || length === 7 || length === 23,
    );
    for (const prefix of prefixesAtEdges(family, EDGES[family], lengths)) {
      const edges = EDGES[family].filter((edge) => edge > prefix.first && edge <= prefix.last);
      const addresses = sorted([prefix.first, ...edges]).map((integer) => classifySlowly({ family, integer }));
      expect(summary(classifyPrefix(parsePrefix(printPrefix(prefix))))).toStrictEqual(expectedOf(prefix, addresses));
    }
  });
});

describe('classifyPrefix', () => {
  it.each([
    ['8.8.8.0/24', ['global'], [], 'all'],
    ['10.0.0.0/8', ['private'], ['10.0.0.0/8'], 'none'],
    ['10.0.0.0/7', ['private', 'global'], ['10.0.0.0/8'], 'some'],
    ['192.0.0.8/29', ['protocol'], ['192.0.0.0/24', '192.0.0.8/32', '192.0.0.9/32', '192.0.0.10/32'], 'some'],
    ['192.0.0.9/32', ['protocol'], ['192.0.0.0/24', '192.0.0.9/32'], 'all'],
    ['192.0.0.8/31', ['protocol'], ['192.0.0.0/24', '192.0.0.8/32', '192.0.0.9/32'], 'some'],
    ['224.0.0.0/4', ['multicast'], [], 'none'],
    ['255.255.255.254/31', ['reserved', 'broadcast'], ['240.0.0.0/4', '255.255.255.255/32'], 'none'],
    ['::/127', ['unspecified', 'loopback'], ['::/128', '::1/128'], 'none'],
    ['::ffff:8.8.8.0/120', ['mapped'], ['::ffff:0:0/96'], 'all'],
    ['::ffff:10.0.0.0/103', ['mapped'], ['::ffff:0:0/96'], 'some'],
    ['64:ff9b::0.0.0.0/96', ['translation'], ['64:ff9b::/96'], 'some'],
    ['64:ff9b::8.8.8.8/128', ['translation'], ['64:ff9b::/96'], 'all'],
    ['64:ff9b::10.0.0.0/104', ['translation'], ['64:ff9b::/96'], 'none'],
    ['2002:808:808::/48', ['6to4'], ['2002::/16'], 'none'],
    ['2606:4700::/32', ['global'], [], 'all'],
    ['2001:20::/27', ['orchid', 'protocol'], ['2001::/23', '2001:20::/28', '2001:30::/28'], 'all'],
    ['4000::/3', ['unallocated', 'segment-routing'], ['5f00::/16'], 'none'],
  ])('%s', (text, kinds, blocks, globallyReachable) => {
    const family = text.includes(':') ? 6 : 4;
    expect(summary(classifyPrefix(text))).toStrictEqual({ prefix: text, family, kinds, blocks, globallyReachable });
  });

  it.each(['0.0.0.0/0', '::/0'])('has the blocks of %s in order: the widest first, then by address', (text) => {
    const blocks = classifyPrefix(text).blocks.map(({ prefix }) => parsePrefix(prefix));
    expect(blocks.length).toBeGreaterThan(15);
    const sorted = [...blocks].sort((one, other) => one.length - other.length || one.compare(other));
    expect(blocks.map(String)).toEqual(sorted.map(String));
  });

  it('names multicast', () => {
    expect(classifyPrefix('ff02::/16').kinds).toEqual(['multicast']);
    expect(classifyPrefix('fe00::/7').kinds.at(-1)).toBe('multicast');
  });

  it('is plain data', () => {
    const found = classifyPrefix('10.0.0.0/7');
    expect(JSON.parse(JSON.stringify(found))).toStrictEqual(found);
    expect(found.blocks[0]).toStrictEqual(classify('10.0.0.1').block);
  });

  it('gives nothing away that a caller could change', () => {
    const [first, second] = [classifyPrefix('10.0.0.0/8'), classifyPrefix('10.0.0.0/8')];
    forbidden<unknown[]>(first.blocks).length = 0;
    forbidden<unknown[]>(first.kinds).length = 0;
    expect(classifyPrefix('10.0.0.0/8')).toStrictEqual(second);
  });

  it('throws for what is no prefix', () => {
    expect(() => classifyPrefix('10.0.0.1')).toThrow(PrefixParseError);
    expect(() => classifyPrefix('10.0.0.1/8')).toThrow(PrefixParseError);
    expect(() => classifyPrefix(forbidden<string>(parseAddress('10.0.0.1')))).toThrow(PrefixParseError);
    for (const [, value] of NOT_TEXT) expect(() => classifyPrefix(forbidden<string>(value))).toThrow(PrefixParseError);
  });
});
