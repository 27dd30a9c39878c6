import { describe, expect, it, vi } from 'vitest';
import {
  AddressParseError,
  AddressRange,
  mergePrefixes,
  Prefix,
  PrefixListError,
  PrefixParseError,
  PrefixSet,
  PrefixSetBuilder,
  type PrefixSetItem,
  parseAddress,
  parsePrefix,
  parseRange,
} from '../../src/ip/index.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { Random } from '../support/random.js';
import { LAST, printSlowly, type SlowPrefix } from '../support/slow-address.js';
import {
  comparePrefixesSlowly,
  coverSlowly,
  isInside,
  printPrefix,
  slowPrefix,
  WIDTH,
} from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

/** With so many points an IPv4 set gets a directory. */
const LARGE = 16_384;

const KEEP = { mapped: 'keep' } as const;

function texts(set: PrefixSet | readonly Prefix[]): string[] {
  return [...set].map(String);
}

/** Both ends included. */
type Interval = readonly [first: bigint, last: bigint];

/** Sorted, without a gap of nothing between two. */
function joined(intervals: readonly Interval[]): Interval[] {
  const sorted = [...intervals].sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  const result: [bigint, bigint][] = [];
  for (const [first, last] of sorted) {
    const before = result.at(-1);
    if (before === undefined || first > before[1] + 1n) result.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  return result;
}

function inverted(intervals: readonly Interval[], last: bigint): Interval[] {
  const gaps: Interval[] = [];
  let at = 0n;
  for (const [from, to] of intervals) {
    if (from > at) gaps.push([at, from - 1n]);
    at = to + 1n;
  }
  return at <= last ? [...gaps, [at, last]] : gaps;
}

function common(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const both = a.flatMap(([first, last]) =>
    b.map(([from, to]): Interval => [first > from ? first : from, last < to ? last : to]),
  );
  return joined(both.filter(([first, last]) => first <= last));
}

/** Repeats what a reader would do by hand until nothing changes: drop what is inside another, join two halves. */
function collapseSlowly(prefixes: readonly SlowPrefix[]): SlowPrefix[] {
  for (let list = [...prefixes]; ; ) {
    const dropped = list.filter((one, i) => {
      return !list.some((other, j) => i !== j && isInside(one, other) && (other.length < one.length || j < i));
    });
    const halves = dropped.flatMap((one) => {
      const other = dropped.find(({ family, length, first }) => {
        return family === one.family && length === one.length && first === one.last + 1n;
      });
      const whole = one.length === 0 ? null : slowPrefix(one.family, one.first, one.length - 1);
      return other !== undefined && whole !== null && whole.last === other.last ? [{ one, other, whole }] : [];
    });
    const [half] = halves;
    if (half === undefined) return dropped.sort(comparePrefixesSlowly);
    list = [...dropped.filter((one) => one !== half.one && one !== half.other), half.whole];
  }
}

describe.each([
  ['192.0.2.0/24', 4, 0xc000_0200n],
  ['0.0.0.0/24', 4, 0n],
  ['255.255.255.0/24', 4, LAST[4] - 255n],
  ['2001:db8::/120', 6, 0x2001_0db8n << 96n],
  ['ffff:…:ff00/120', 6, LAST[6] - 255n],
] as const)('bit by bit, in %s', (_, family, base) => {
  const width = WIDTH[family];
  const random = new Random(Number(base & 0xffffn) + family);
  const universe = parsePrefix(printPrefix(slowPrefix(family, base, width - 8)));
  const all = PrefixSet.from([universe]);

  function randomItems(): SlowPrefix[] {
    return Array.from({ length: random.below(12) }, () => {
      const length = width - 8 + (random.once(12) ? 0 : 1 + random.below(8));
      return slowPrefix(family, base + BigInt(random.below(256)), length);
    });
  }

  function bitsOf(items: readonly SlowPrefix[]): boolean[] {
    return Array.from({ length: 256 }, (_bit, i) => {
      const x = base + BigInt(i);
      return items.some(({ first, last }) => first <= x && x <= last);
    });
  }

  function expectBits(set: PrefixSet, bits: readonly boolean[]): void {
    const runs: Interval[] = [];
    bits.forEach((bit, i) => {
      const address = printSlowly({ family, integer: base + BigInt(i) });
      if (set.has(address) !== bit || set.has(parseAddress(address)) !== bit) {
        throw new Error(`${set} has ${address} when it should not, or the other way round`);
      }
      if (bit) runs.push([base + BigInt(i), base + BigInt(i)]);
    });
    const ranges = joined(runs);
    expect(texts(set)).toStrictEqual(
      ranges.flatMap(([first, last]) => coverSlowly(family, first, last)).map(printPrefix),
    );
    expect(set.ranges().map(({ first, last }) => [first.toBigInt(), last.toBigInt()])).toStrictEqual(ranges);
    expect(set.size).toBe(BigInt(bits.filter(Boolean).length));
    expect(set.isEmpty).toBe(!bits.includes(true));
  }

  it('all operations', () => {
    for (let round = 0; round < 60; round++) {
      const items = [randomItems(), randomItems()] as const;
      const [a, b] = items.map((list) => PrefixSet.from(list.map(printPrefix))) as [PrefixSet, PrefixSet];
      const [inA, inB] = items.map(bitsOf) as [boolean[], boolean[]];
      expectBits(a, inA);
      expectBits(
        a.union(b),
        inA.map((bit, i) => bit || inB[i] === true),
      );
      expectBits(
        a.intersect(b),
        inA.map((bit, i) => bit && inB[i] === true),
      );
      expectBits(
        a.subtract(b),
        inA.map((bit, i) => bit && inB[i] === false),
      );
      expectBits(
        a.complement().intersect(all),
        inA.map((bit) => !bit),
      );
      expect(
        a
          .complement(family)
          .union(a)
          .equals(PrefixSet.from([family === 4 ? '0.0.0.0/0' : '::/0'])),
      ).toBe(true);
      expect(a.complement().complement().equals(a)).toBe(true);
      expect(a.equals(b)).toBe(inA.every((bit, i) => bit === inB[i]));
      expect(a.contains(b)).toBe(inB.every((bit, i) => !bit || inA[i] === true));
      expect(a.overlaps(b)).toBe(inB.some((bit, i) => bit && inA[i] === true));
      expect(PrefixSet.from(JSON.parse(JSON.stringify(a)) as string[]).equals(a)).toBe(true);
      for (let asked = 0; asked < 20; asked++) {
        const prefix = slowPrefix(family, base + BigInt(random.below(256)), width - random.below(9));
        const inside = inA.filter((_bit, i) => prefix.first <= base + BigInt(i) && base + BigInt(i) <= prefix.last);
        const text = printPrefix(prefix);
        expect([text, a.contains(text), a.overlaps(text)]).toStrictEqual([
          text,
          inside.every(Boolean),
          inside.some(Boolean),
        ]);
        expect([a.contains(parsePrefix(text)), a.overlaps(parsePrefix(text))]).toStrictEqual([
          inside.every(Boolean),
          inside.some(Boolean),
        ]);
      }
    }
  });

  it('merges as by hand, in any order, and once is enough', () => {
    for (let round = 0; round < 60; round++) {
      const items = randomItems();
      const merged = mergePrefixes(items.map(printPrefix));
      expect(merged.map(String)).toStrictEqual(collapseSlowly(items).map(printPrefix));
      expect(mergePrefixes(random.shuffled(items).map(printPrefix)).map(String)).toStrictEqual(merged.map(String));
      expect(mergePrefixes(merged).map(String)).toStrictEqual(merged.map(String));
    }
  });
});

describe.each([4, 6] as const)('intervals of IPv%d', (family) => {
  const random = new Random(family);

  function randomPrefixes(): SlowPrefix[] {
    const count = random.below(30);
    const bases = [0n, LAST[family], random.bigint(WIDTH[family]), random.bigint(WIDTH[family])];
    return Array.from({ length: count }, () => {
      const near = random.pick(bases) ^ (random.bigint(WIDTH[family]) >> BigInt(random.below(WIDTH[family])));
      const length = random.once(10) ? random.below(4) : 1 + random.below(WIDTH[family]);
      return slowPrefix(family, near, Math.min(length, WIDTH[family]));
    });
  }

  it('all operations, of any size', () => {
    for (let round = 0; round < 150; round++) {
      const items = [randomPrefixes(), randomPrefixes()] as const;
      const [a, b] = items.map((list) => PrefixSet.from(list.map(printPrefix), KEEP)) as [PrefixSet, PrefixSet];
      const [inA, inB] = items.map((list) => joined(list.map(({ first, last }) => [first, last]))) as [
        Interval[],
        Interval[],
      ];
      const notB = inverted(inB, LAST[family]);
      const cases: readonly (readonly [set: PrefixSet, expected: readonly Interval[]])[] = [
        [a, inA],
        [a.union(b), joined([...inA, ...inB])],
        [a.intersect(b), common(inA, inB)],
        [a.subtract(b), common(inA, notB)],
        [b.complement(family), notB],
      ];
      for (const [set, expected] of cases) {
        expect(set.ranges().map(({ first, last }) => [first.toBigInt(), last.toBigInt()])).toStrictEqual(expected);
        expect(set.size).toBe(expected.reduce((sum, [first, last]) => sum + last - first + 1n, 0n));
        for (const [first, last] of expected) {
          for (const [x, inside] of [
            [first, true],
            [last, true],
            [first - 1n, false],
            [last + 1n, false],
          ] as const) {
            if (x >= 0n && x <= LAST[family]) expect(set.has(printSlowly({ family, integer: x }))).toBe(inside);
          }
        }
        expect(texts(set)).toStrictEqual(
          expected.flatMap(([first, last]) => coverSlowly(family, first, last)).map(printPrefix),
        );
      }
      for (const prefix of [...items[0], ...items[1]].slice(0, 10)) {
        const own: Interval[] = [[prefix.first, prefix.last]];
        expect(a.contains(printPrefix(prefix))).toBe(common(inverted(inA, LAST[family]), own).length === 0);
        expect(a.overlaps(printPrefix(prefix))).toBe(common(inA, own).length > 0);
      }
    }
  });

  it('merges as by hand', () => {
    for (let round = 0; round < 100; round++) {
      const items = randomPrefixes();
      const expected = collapseSlowly(items).map(printPrefix);
      expect(mergePrefixes(items.map(printPrefix), KEEP).map(String)).toStrictEqual(expected);
      expect(mergePrefixes(random.shuffled(items).map(printPrefix), KEEP).map(String)).toStrictEqual(expected);
    }
  });
});

describe('large sets', () => {
  /** So many /32 with a gap behind each: two points each, the last address of the space one only. */
  function scattered(count: number, seed: number): number[] {
    const random = new Random(seed);
    const firsts = new Set([0, 0xffff, 0x1_0000 + 2, 0x7fff_ffff, 0x8000_0001, 0xfffe_fffe, 0xffff_ffff]);
    while (firsts.size < count) {
      const x = random.once(2) ? random.bits() : (0x0a00_0000 + random.below(0x10_0000)) >>> 0;
      if (!firsts.has(x + 1) && !firsts.has(x - 1)) firsts.add(x);
    }
    return [...firsts].sort((a, b) => a - b);
  }

  const addressOf = (bits: number) => printSlowly({ family: 4, integer: BigInt(bits) });

  it.each([LARGE / 2 - 1, LARGE / 2, LARGE / 2 + 1, 20_000])('of %d addresses', (count) => {
    const firsts = scattered(count, count);
    const items = firsts.map((first) => `${addressOf(first)}/32`);
    const set = PrefixSet.from(new Random(1).shuffled(items));
    const points = count * 2 - 1;
    // The directory of a set of so many points has 2^14 blocks; of a large one 2^16.
    expect(set.byteLength).toBe(points < LARGE ? points * 4 + (2 ** 14 + 1) * 2 : points * 2 + 65_537 * 4);
    expect(set.size).toBe(BigInt(count));
    expect(texts(set)).toStrictEqual(items);
    const members = new Set(firsts);
    const asked = [0, 0xffff_ffff, ...firsts.filter((_, i) => i % 7 === 0 || i > count - 5)];
    for (const first of asked.flatMap((x) => [x - 1, x, x + 1])) {
      if (first < 0 || first > 0xffff_ffff) continue;
      const address = addressOf(first);
      const expected = members.has(first);
      expect([address, set.has(address), set.contains(`${address}/32`), set.overlaps(`${address}/32`)]).toStrictEqual([
        address,
        expected,
        expected,
        expected,
      ]);
    }
    expect(set.overlaps('0.0.0.0/0')).toBe(true);
    expect(set.contains('10.0.0.0/12')).toBe(false);
    const rest = set.complement(4);
    expect(rest.size).toBe(2n ** 32n - BigInt(count));
    expect([rest.has('0.0.0.0'), rest.has('255.255.255.255'), rest.has('255.255.255.254')]).toStrictEqual([
      false,
      false,
      true,
    ]);
    expect(rest.complement(4).equals(set)).toBe(true);
    expect(rest.overlaps(set)).toBe(false);
    expect(rest.union(set).prefixes().map(String)).toStrictEqual(['0.0.0.0/0']);
    const few = PrefixSet.from(items.slice(0, 100));
    expect(texts(set.intersect(few))).toStrictEqual(items.slice(0, 100));
    expect(texts(set.subtract(few))).toStrictEqual(items.slice(100));
    expect(set.contains(few)).toBe(true);
    expect(few.contains(set)).toBe(false);
  });

  it('takes sets that grow and shrink over the threshold', () => {
    const firsts = scattered(12_000, 5);
    const [even, odd] = [0, 1].map((part) =>
      PrefixSet.from(firsts.filter((_, i) => i % 2 === part).map((first) => addressOf(first))),
    ) as [PrefixSet, PrefixSet];
    const both = even.union(odd);
    expect([even, odd, both].map(({ byteLength }) => byteLength >= 65_537 * 4)).toStrictEqual([false, false, true]);
    expect(both.equals(PrefixSet.from(firsts.map((first) => `${addressOf(first)}/32`)))).toBe(true);
    expect(both.subtract(odd).equals(even)).toBe(true);
    expect(both.subtract(odd).byteLength).toBe(even.byteLength);
    expect(even.intersect(odd).isEmpty).toBe(true);
  });

  it('counts the whole space of both families', () => {
    const all = PrefixSet.from(['0.0.0.0/0', '::/0']);
    expect(all.size).toBe(2n ** 32n + 2n ** 128n);
    expect(texts(all)).toStrictEqual(['0.0.0.0/0', '::/0']);
    expect(all.complement().isEmpty).toBe(true);
    expect(PrefixSet.from([]).complement().equals(all)).toBe(true);
    expect(texts(PrefixSet.from([]).complement(4))).toStrictEqual(['0.0.0.0/0']);
    expect(texts(PrefixSet.from([]).complement(6))).toStrictEqual(['::/0']);
    expect([all.has('255.255.255.255'), all.has('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')]).toStrictEqual([
      true,
      true,
    ]);
    expect(PrefixSet.from([]).size).toBe(0n);
    expect(PrefixSet.from([]).has('0.0.0.0')).toBe(false);
    expect(PrefixSet.from([]).has('::')).toBe(false);
  });
});

describe('items', () => {
  it.each<[string, readonly PrefixSetItem[], readonly string[]]>([
    ['prefixes', ['10.0.0.0/8', parsePrefix('::/8')], ['10.0.0.0/8', '::/8']],
    ['addresses', ['10.0.0.1', parseAddress('::1'), parseAddress('10.0.0.0')], ['10.0.0.0/31', '::1/128']],
    ['ranges', ['10.0.0.0-10.0.0.2', parseRange('::1-::2')], ['10.0.0.0/31', '10.0.0.2/32', '::1/128', '::2/128']],
    ['ranges with blanks', ['10.0.0.0 - 10.0.0.1'], ['10.0.0.0/31']],
    ['mapped prefixes and addresses', ['::ffff:10.0.0.0/104', '::ffff:11.0.0.1'], ['10.0.0.0/8', '11.0.0.1/32']],
    ['mapped ranges', ['::ffff:10.0.0.0-::ffff:10.0.0.1'], ['10.0.0.0/31']],
    ['all mapped addresses', ['::ffff:0:0/96'], ['0.0.0.0/0']],
    ['a shorter prefix around them', ['::/80'], ['::/80']],
    ['another set', [...PrefixSet.from(['10.0.0.0/9', '10.128.0.0/9'])], ['10.0.0.0/8']],
    ['nothing', [], []],
  ])('%s', (_, items, expected) => {
    expect(texts(PrefixSet.from(items))).toStrictEqual(expected);
    expect(mergePrefixes(items).map(String)).toStrictEqual(expected);
  });

  it.each([
    ['a range that begins before', '::fffe:ffff:ffff-::ffff:10.0.0.0', ['::fffe:ffff:ffff/128']],
    ['a range that ends behind', '::ffff:10.0.0.0-::1:0:0:0', ['::1:0:0:0/128']],
    ['a range around', '::fffe:ffff:ffff-::1:0:0:0', ['::fffe:ffff:ffff/128', '::1:0:0:0/128']],
  ])('rule 7: %s ::ffff:0:0/96 has no IPv4 address', (_, range, expected) => {
    const set = PrefixSet.from([range]);
    expect(set.has('10.0.0.0')).toBe(false);
    expect(set.has('::ffff:10.0.0.0')).toBe(false);
    expect(texts(set)).toStrictEqual(expected);
    expect(PrefixSet.from(set.prefixes()).equals(set)).toBe(true);
    expect(PrefixSet.from(set.ranges()).equals(set)).toBe(true);
    expect(PrefixSet.from([parseRange(range)]).equals(set)).toBe(true);
    expect(texts(PrefixSet.from([range], KEEP))).toStrictEqual(parseRange(range).toPrefixes().map(String));
    expect(PrefixSet.from([range], KEEP).has('::ffff:10.0.0.0')).toBe(true);
  });

  it('rule 7: what is left of IPv6 never comes back as IPv4', () => {
    const left = PrefixSet.from(['::/0']).subtract(PrefixSet.from(['::fffe:0:0/96', '::1:0:0:0/80']));
    const back = PrefixSet.from(JSON.parse(JSON.stringify(left)) as string[]);
    expect([back.has('10.0.0.1'), back.has('::ffff:10.0.0.1'), back.has('::1')]).toStrictEqual([false, false, true]);
    expect(back.equals(left)).toBe(true);
    expect(texts(left).some((text) => text.startsWith('::ffff:'))).toBe(false);
    const only = PrefixSet.from(['::fffe:0:0/95']).subtract(PrefixSet.from(['::fffe:0:0/96']));
    expect([only.isEmpty, only.size, texts(only)]).toStrictEqual([true, 0n, []]);
    expect(only.equals(PrefixSet.from([]))).toBe(true);
    // Whether they have ::ffff:0:0/96, in which no IPv6 address is, makes no difference to sets.
    const without = PrefixSet.from(['::fffe:0:0/96']);
    expect([without.contains('::fffe:0:0/95'), without.equals(PrefixSet.from(['::fffe:0:0/95']))]).toStrictEqual([
      true,
      true,
    ]);
    expect([without.overlaps('::fffe:0:0/95'), without.overlaps('::1:0:0:0/80')]).toStrictEqual([true, false]);
    expect(without.contains('::/80')).toBe(false);
    expect(PrefixSet.from(['::fffe:0:0/96'], KEEP).contains('::fffe:0:0/95')).toBe(false);
  });

  it.each([
    ['10.0.0.0/8', '::ffff:10.0.0.1', true, false],
    ['10.0.0.0/8', '::ffff:a00:1', true, false],
    ['::ffff:10.0.0.0/104', '10.0.0.1', true, false],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.1', true, true],
    ['::/0', '::ffff:10.0.0.1', false, true],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1', false, false],
    ['10.0.0.0/8', '2002:a00:1::', false, false],
  ])('rule 7: %s has %s: %s, kept %s', (item, address, plain, kept) => {
    expect(PrefixSet.from([item]).has(address)).toBe(plain);
    expect(PrefixSet.from([item], { mapped: 'unwrap' }).has(parseAddress(address))).toBe(plain);
    expect(PrefixSet.from([item], KEEP).has(address)).toBe(kept);
    expect(PrefixSet.from([item]).contains(Prefix.from(address, address.includes(':') ? 128 : 32))).toBe(plain);
    expect(PrefixSet.from([item], KEEP).overlaps(Prefix.from(address, address.includes(':') ? 128 : 32))).toBe(kept);
  });

  it('rule 6: has an address with a zone only when asked', () => {
    const set = PrefixSet.from(['fe80::/10', '::/1']);
    for (const address of ['fe80::5%lo', parseAddress('fe80::5%lo')]) {
      expect(set.has(address)).toBe(false);
      expect(set.has(address, { zone: 'distinct' })).toBe(false);
      expect(set.has(address, { zone: 'ignore' })).toBe(true);
    }
    expect(set.has('fec0::5%lo', { zone: 'ignore' })).toBe(false);
    expect(PrefixSet.from(['::ffff:10.0.0.0/104'], KEEP).has('::ffff:10.0.0.1', { zone: 'ignore' })).toBe(true);
  });

  it('mixes no sets of two kinds', () => {
    const [plain, kept] = [PrefixSet.from(['10.0.0.0/8']), PrefixSet.from(['10.0.0.0/8'], KEEP)];
    for (const mix of [() => plain.union(kept), () => kept.equals(plain), () => plain.contains(kept)]) {
      expect(mix).toThrow(TypeError);
      expect(mix).toThrow('make both alike');
    }
    for (const [, other] of [...NOT_TEXT, ['text', '10.0.0.0/8'] as const]) {
      expect(() => plain.union(forbidden<PrefixSet>(other))).toThrow('pass a PrefixSet');
    }
  });

  it.each(['Keep', '', null, true, 'kept'])('knows no mapped %o', (mapped) => {
    const options = { mapped: forbidden<'keep'>(mapped) };
    const message = "write 'unwrap' or 'keep'";
    expect(() => PrefixSet.from([], options)).toThrow(message);
    expect(() => PrefixSet.builder(options)).toThrow(TypeError);
    expect(() => new PrefixSetBuilder(options)).toThrow(message);
    expect(() => mergePrefixes([], options)).toThrow(message);
  });
});

describe('mistakes', () => {
  it.each(['10.0.0.0/8', '', 42, null, undefined, {}, { [Symbol.iterator]: 5 }, Symbol('items')])(
    '%o is no list of items',
    (items) => {
      expect(() => PrefixSet.from(forbidden<string[]>(items))).toThrow(TypeError);
      expect(() => PrefixSet.from(forbidden<string[]>(items))).toThrow("write PrefixSet.from(['10.0.0.0/8'])");
      expect(() => mergePrefixes(forbidden<string[]>(items))).toThrow(
        "is no list: write mergePrefixes(['10.0.0.0/8'])",
      );
    },
  );

  const bad: readonly (readonly [item: unknown, code: string])[] = [
    ['10.0.0.1/8', 'HOST_BITS'],
    ['10.0.0.0/33', 'LENGTH_RANGE'],
    ['10.0.0', 'OCTET_COUNT'],
    ['', 'EMPTY'],
    ['10.0.0.9-10.0.0.1', 'ORDER'],
    ['10.0.0.1-::1', 'FAMILY'],
    ['foo-bar', 'BAD_ADDRESS'],
    ['fe80::1%eth0', 'ZONE'],
    ['fe80::%eth0/64', 'ZONE'],
    ['fe80::1%eth-0', 'ZONE'],
    [parseAddress('fe80::1%eth0'), 'ZONE'],
    ...NOT_TEXT.map(([, value]) => [value, 'NOT_TEXT'] as const),
  ];

  it('come all at once, each with its place', () => {
    const items = bad.flatMap(([item]) => [item, '192.0.2.0/24']);
    const builder = PrefixSet.builder();
    for (const item of items) expect(builder.add(forbidden<string>(item))).toBe(builder);
    const expected = bad.map(([input, code], i) => ({ index: i * 2, input, error: { code } }));
    expect(builder.bad).toMatchObject(expected);
    for (const run of [() => builder.build(), () => PrefixSet.from(forbidden<string[]>(items))]) {
      let error: unknown;
      try {
        run();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(PrefixListError);
      expect(error).toMatchObject({ name: 'PrefixListError', code: 'BAD_ITEMS', items: expected });
    }
    expect(texts(builder.buildRest())).toStrictEqual(['192.0.2.0/24']);
    const { error } = builder.bad.find(({ input }) => input === 'fe80::1%eth0') ?? {};
    expect(error).toMatchObject({ code: 'ZONE', offset: 7, hint: 'a set holds addresses without zones' });
    for (const { error: each } of builder.bad) {
      expect(each instanceof PrefixParseError || each instanceof AddressParseError).toBe(true);
    }
  });

  it('are shown, five of them', () => {
    const list = (count: number) => () => PrefixSet.from(['10.0.0.0/8', ...Array<string>(count).fill('x/8')]);
    const shown = (index: number) =>
      `item ${index}: "x/8": unexpected "x" at offset 0; a name is no prefix, resolve it first`;
    const message = (count: number, items: string) => `${count} of the items can't be read: ${items}`;
    const thrown = (text: string) => expect.objectContaining({ message: text });
    expect(list(1)).toThrow(thrown(message(1, shown(1))));
    expect(list(7)).toThrow(thrown(message(7, `${[1, 2, 3, 4, 5].map(shown).join('; ')}; and 2 more`)));
  });

  it('are those of the time when the set was asked for', () => {
    const builder = new PrefixSetBuilder().add('x');
    let items: readonly unknown[] = [];
    try {
      builder.build();
    } catch (error) {
      if (error instanceof PrefixListError) items = error.items;
    }
    builder.add('y');
    expect([items.length, builder.bad.length]).toStrictEqual([1, 2]);
  });

  it('in a question are errors about the text', () => {
    const set = PrefixSet.from(['10.0.0.0/8']);
    const codes: readonly (readonly [text: string, code: string])[] = [
      ['10.0.0.1', 'NO_LENGTH'],
      ['10.0.0.1/8', 'HOST_BITS'],
      ['10.0.0.0-10.0.0.1', 'BAD_ADDRESS'],
      ['x/8', 'BAD_ADDRESS'],
    ];
    for (const [text, code] of codes) {
      for (const ask of [() => set.contains(text), () => set.overlaps(text)]) {
        expect(ask).toThrow(PrefixParseError);
        expect(ask).toThrow(expect.objectContaining({ code, input: text }));
      }
    }
    for (const [, value] of NOT_TEXT) {
      expect(() => set.has(forbidden<string>(value))).toThrow(AddressParseError);
      expect(() => set.contains(forbidden<string>(value))).toThrow(PrefixParseError);
      expect(() => set.overlaps(forbidden<string>(value))).toThrow(PrefixParseError);
    }
    expect(() => set.has('10.0.0.0/8')).toThrow(AddressParseError);
  });
});

describe('values', () => {
  it('have no public constructor', () => {
    const construct: new (...args: unknown[]) => unknown = forbidden(PrefixSet);
    expect(() => new construct()).toThrow('PrefixSet is not constructed with new');
    expect(() => new construct(Symbol('inaddr'), 'keep', [], [])).toThrow(TypeError);
  });

  it('do not change with their builder', () => {
    const builder = PrefixSet.builder().add('10.0.0.0/8');
    const set = builder.build();
    builder.add('11.0.0.0/8');
    expect([set.has('11.0.0.1'), builder.build().has('11.0.0.1')]).toStrictEqual([false, true]);
  });

  it('are readable, and told apart', () => {
    const set = PrefixSet.from(['10.0.0.0/8', '::1']);
    expect(String(set)).toBe('10.0.0.0/8 ::1/128');
    expect(JSON.stringify({ set })).toBe('{"set":["10.0.0.0/8","::1/128"]}');
    expect({ set }).toEqual({ set: PrefixSet.from(['::1', '10.0.0.0/8']) });
    expect({ set }).not.toEqual({ set: PrefixSet.from(['10.0.0.0/8']) });
  });

  it('give ranges, both families', () => {
    const set = PrefixSet.from(['10.0.0.0/8', '11.0.0.0/8', 'ffff::/16']);
    expect(set.ranges().map(String)).toStrictEqual([
      '10.0.0.0-11.255.255.255',
      'ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ]);
    expect(set.ranges()[0]).toBeInstanceOf(AddressRange);
  });
});
