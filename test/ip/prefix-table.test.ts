import { describe, expect, it, vi } from 'vitest';
import { PrefixMap } from '../../src/ip/index.js';
import { Random } from '../support/random.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

/** How many bytes prefixes take: the same in each run, as the arrays are counted, not what the process holds. */

/** Lengths as the routing table has them, per thousand. */
const LENGTHS = {
  4: { 24: 600, 23: 100, 22: 110, 21: 50, 20: 45, 19: 30, 18: 15, 17: 10, 16: 30, 15: 4, 14: 3, 13: 2, 12: 1 },
  6: {
    48: 470,
    47: 20,
    46: 30,
    45: 10,
    44: 100,
    42: 20,
    40: 80,
    36: 60,
    33: 20,
    32: 130,
    29: 50,
    28: 6,
    24: 2,
    20: 1,
    64: 1,
  },
} as const;

function lengthsOf(family: 4 | 6): Uint8Array {
  return Uint8Array.from(
    Object.entries(LENGTHS[family]).flatMap(([length, count]) => Array<number>(count).fill(Number(length))),
  );
}

/** A prefix of IPv4 unicast. */
function prefix4(random: Random, lengths: Uint8Array): string {
  const length = lengths[random.below(lengths.length)] as number;
  const bits = (0x0100_0000 + random.below(0xdf00_0000)) & (-1 << (32 - length));
  return `${bits >>> 24}.${(bits >>> 16) & 0xff}.${(bits >>> 8) & 0xff}.${bits & 0xff}/${length}`;
}

/** A prefix of what the registries give out. */
function prefix6(random: Random, lengths: Uint8Array): string {
  const length = lengths[random.below(lengths.length)] as number;
  const registry = [0x2001, 0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00][random.below(6)] as number;
  const high = ((registry + random.below(16)) << 16) | (random.bits() & 0xffff);
  const low = random.bits() & 0xffff_0000;
  const a = length < 32 ? high & (-1 << (32 - length)) : high;
  const b = length <= 32 ? 0 : low & (-1 << (64 - length));
  const group = (word: number, shift: number) => ((word >>> shift) & 0xffff).toString(16);
  return `${group(a, 16)}:${group(a, 0)}:${group(b, 16)}:${group(b, 0)}::/${length}`;
}

function* entriesOf(make: () => string, count: number): Generator<readonly [string, number], void, undefined> {
  for (let i = 0; i < count; i++) yield [make(), i & 0xff];
}

describe('bytes a prefix', () => {
  it('1,000,000 of IPv4: 14 at most once built, 26 at most while it takes updates', () => {
    const random = new Random(1);
    const lengths = lengthsOf(4);
    const make = () => prefix4(random, lengths);
    const map = PrefixMap.from(entriesOf(make, 1_200_000));
    expect(map.size).toBeGreaterThan(1_000_000);
    const built = map.byteLength / map.size;
    expect(built).toBeLessThanOrEqual(14);
    // Less is not possible with what the arrays hold: 11 bytes each.
    expect(built).toBeGreaterThan(11);
    const recent: string[] = [];
    for (let update = 1; update <= 50_000; update++) {
      if (update % 3 === 0) map.delete(recent[random.below(recent.length)] ?? make());
      else {
        const text = make();
        recent.push(text);
        map.set(text, update & 0xff);
      }
      if (update % 1000 === 0 || update < 20) expect(map.byteLength / map.size).toBeLessThanOrEqual(26);
    }
    expect(map.byteLength / map.size).toBeGreaterThan(built);
    map.compact();
    expect(map.byteLength / map.size).toBeLessThanOrEqual(14);
  });

  it('220,000 of IPv6: 26 at most', () => {
    const random = new Random(2);
    const lengths = lengthsOf(6);
    const map = PrefixMap.from(entriesOf(() => prefix6(random, lengths), 225_000));
    expect(map.size).toBeGreaterThan(215_000);
    expect(map.byteLength / map.size).toBeLessThanOrEqual(26);
    expect(map.byteLength / map.size).toBeGreaterThan(15);
  });

  it('few of both: no directory', () => {
    const random = new Random(3);
    const lengths = lengthsOf(4);
    const bytesOf = (count: number) => PrefixMap.from(entriesOf(() => prefix4(random, lengths), count)).byteLength;
    expect(bytesOf(100)).toBeLessThan(2000);
    expect(bytesOf(10_000)).toBeGreaterThan(65_536 * 4);
    expect(new PrefixMap().byteLength).toBeLessThan(100);
  });
});

describe('updates', () => {
  it('give a table a directory once it is large', () => {
    for (const make of [prefix4, prefix6]) {
      const random = new Random(5);
      const lengths = lengthsOf(make === prefix4 ? 4 : 6);
      const entries = [...new Map(entriesOf(() => make(random, lengths), 3000))];
      const grown = new PrefixMap<number>();
      for (const [text, value] of entries) grown.set(text, value);
      const built = PrefixMap.from(entries);
      expect(built.byteLength).toBeGreaterThan(65_536 * 4);
      expect(grown.compact().byteLength).toBe(built.byteLength);
    }
  });

  it('of one block again and again take no more room', () => {
    const random = new Random(4);
    const lengths = lengthsOf(4);
    const map = PrefixMap.from(entriesOf(() => prefix4(random, lengths), 20_000));
    const { size } = map;
    let most = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 64; i++) map.set(`10.1.${i * 4}.0/28`, i);
      most = Math.max(most, map.byteLength);
      for (let i = 0; i < 64; i++) map.delete(`10.1.${i * 4}.0/28`);
    }
    expect(map.size).toBe(size);
    expect(most).toBeLessThan(size * 11 * 1.5 + 3 * 65_536 * 4);
  });
});
