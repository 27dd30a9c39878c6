import { describe, expect, it, vi } from 'vitest';
import {
  AddressParseError,
  PrefixMap,
  type PrefixMatch,
  PrefixParseError,
  parseAddress,
  parsePrefix,
} from '../../src/ip/index.js';
import { bytesOf } from '../support/bytes.js';
import { GoldenTable, printEntry } from '../support/golden-table.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { Random } from '../support/random.js';
import { LAST, printSlowly, type SlowAddress, type SlowPrefix } from '../support/slow-address.js';
import { MAPPED, printPrefix, slowPrefix, WIDTH } from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

/** With so many prefixes of a family a table gets a directory. */
const LARGE = 2048;

function shown<V>(found: PrefixMatch<V> | null | undefined): readonly [string, V] | null {
  return found == null ? null : [String(found.prefix), found.value];
}

function listed<V>(entries: Iterable<PrefixMatch<V>>): (readonly [string, V])[] {
  return Array.from(entries, ({ prefix, value }) => [String(prefix), value]);
}

/** Prefixes of all lengths that nest, touch and repeat: most are near one of few places. */
function prefixMaker(family: 4 | 6, random: Random, longest: number): () => SlowPrefix {
  const width = WIDTH[family];
  const places =
    family === 4
      ? [0n, LAST[4], 0x0a00_0000n, 0x0aff_ffffn, 0xc0a8_0000n, random.bigint(32), random.bigint(32)]
      : [
          0n,
          LAST[6],
          MAPPED,
          MAPPED | 0x0a00_0000n,
          // The edges of 2000::/3, and places inside.
          0x2000n << 112n,
          (0x2000n << 112n) - 1n,
          0x3fff_ffffn << 96n,
          0x4000n << 112n,
          0x2001_0db8n << 96n,
          (0x2001_0db8n << 96n) | (0xabcdn << 64n),
          0xfe80n << 112n,
          random.bigint(128),
        ];
  return () => {
    const spread = random.bigint(width) >> BigInt(random.below(width + 1));
    const length = random.once(3) ? random.below(width + 1) : width / 8 + random.below((width * 7) / 8 + 1);
    return slowPrefix(family, random.pick(places) ^ spread, Math.min(length, longest));
  };
}

interface Run {
  readonly family: 4 | 6;
  readonly mapped: 'unwrap' | 'keep';
  readonly seed: number;
  readonly start: number;
  readonly rounds: number;
  /** No prefix that the map begins with is longer. */
  readonly longest: number;
}

const RUNS: readonly Run[] = ([4, 6] as const).flatMap((family) =>
  [
    { start: 0, rounds: 2000, longest: 128 },
    { start: 60, rounds: 2000, longest: 128 },
    { start: 300, rounds: 1000, longest: 64 },
    // Over the threshold by `set`.
    { start: LARGE - 40, rounds: 400, longest: 64 },
    // At it and beyond it by `from`, and below it by `delete`.
    { start: LARGE, rounds: 300, longest: 128 },
    { start: LARGE + 900, rounds: 400, longest: 64 },
  ].flatMap((run, i) =>
    [1, 2].map((seed): Run => {
      return { family, seed: seed * 100 + i, mapped: (i + seed) % 2 === 0 ? 'keep' : 'unwrap', ...run };
    }),
  ),
);

describe('against a list that is looked through', () => {
  it.each(RUNS)('IPv$family, $start prefixes, $rounds rounds, mapped $mapped, seed $seed', (run) => {
    const { family, mapped, start, rounds } = run;
    const random = new Random(run.seed);
    const golden = new GoldenTable<number>(mapped);
    const beginning = prefixMaker(family, random, run.longest);
    const make = prefixMaker(family, random, 128);
    const entries: (readonly [string, number])[] = [];
    while (golden.size < start) {
      const prefix = beginning();
      const value = random.below(50);
      golden.set(prefix, value);
      entries.push([printPrefix(prefix), value]);
    }
    const map = PrefixMap.from(entries, { mapped });
    const known = () => golden.entryAt(random.below(golden.size))?.prefix ?? make();

    const askAddress = (address: SlowAddress, everything: boolean) => {
      const text = printSlowly(address);
      const expected = golden.matches(address).map(printEntry);
      const value = map.value(text);
      if (value !== expected[0]?.[1]) throw new Error(`${text} has value ${value}, not that of ${expected[0]}`);
      if (!everything) return;
      expect(shown(map.match(text))).toStrictEqual(expected[0] ?? null);
      expect(listed(map.matches(text))).toStrictEqual(expected);
      expect(listed(map.matches(parseAddress(text)))).toStrictEqual(expected);
      const bytes = bytesOf(`<${text}>`);
      expect(map.valueBytes(bytes, 1, bytes.length - 1)).toBe(value);
      expect(shown(map.matchBytes(bytes, 1, bytes.length - 1))).toStrictEqual(expected[0] ?? null);
      expect(map.valueBytes(bytesOf(text))).toBe(value);
    };
    const askPrefix = (prefix: SlowPrefix) => {
      const text = printPrefix(prefix);
      const entry = golden.get(prefix);
      expect([map.has(text), map.get(text)]).toStrictEqual([entry !== null, entry?.value]);
      expect(map.get(parsePrefix(text))).toBe(entry?.value);
      expect(map.overlaps(text)).toBe(golden.overlaps(prefix));
      expect(listed(map.within(text))).toStrictEqual(golden.within(prefix).map(printEntry));
    };
    const askAll = () => {
      expect(map.size).toBe(golden.size);
      expect(listed(map)).toStrictEqual(golden.entries().map(printEntry));
    };

    askAll();
    for (let round = 0; round < rounds; round++) {
      // Grows at first, shrinks in the second half.
      const grows = round < rounds / 2 ? 6 : 3;
      const prefix = random.once(3) ? known() : make();
      const text = printPrefix(prefix);
      if (random.below(10) < grows) {
        const value = random.below(50);
        golden.set(prefix, value);
        expect(map.set(random.once(2) ? text : parsePrefix(text), value)).toBe(map);
      } else {
        const gone = known();
        expect(map.delete(printPrefix(gone))).toBe(golden.delete(gone));
        expect(map.delete(text)).toBe(golden.delete(prefix));
      }
      if (random.once(100)) expect(map.compact()).toBe(map);
      expect(map.size).toBe(golden.size);
      const edge = known();
      const edges = [prefix.first - 1n, prefix.first, prefix.last, prefix.last + 1n, edge.first, edge.last + 1n];
      const owner = [prefix, prefix, prefix, prefix, edge, edge];
      edges.forEach((integer, i) => {
        const { family: own } = owner[i] as SlowPrefix;
        if (integer >= 0n && integer <= LAST[own]) askAddress({ family: own, integer }, (round + i) % 9 === 0);
      });
      if (round % 5 === 0) {
        askPrefix(known());
        askPrefix(make());
      }
      if (round % 200 === 199) askAll();
    }
    askAll();
    for (const { prefix } of golden.entries()) {
      if (golden.size > 5) {
        expect(map.delete(printPrefix(prefix))).toBe(true);
        golden.delete(prefix);
      }
    }
    askAll();
  });
});

describe('blocks', () => {
  /** A map over the threshold, which has a directory, and the same as a list for what is asked. */
  function filler(family: 4 | 6): (readonly [string, number])[] {
    return Array.from({ length: LARGE }, (_, i) => [
      printPrefix(
        slowPrefix(
          family,
          family === 4 ? (0xdc00n << 16n) + BigInt(i * 256) : (0x2a00n << 112n) + (BigInt(i) << 80n),
          family === 4 ? 24 : 48,
        ),
      ),
      -1,
    ]);
  }

  it.each([4, 6] as const)('every length of IPv%d along one address', (family) => {
    const width = WIDTH[family];
    for (const integer of [
      family === 4 ? 0x0a01_0203n : 0x2001_0db8_0001_0002_0003_0004_0005_0006n,
      0n,
      LAST[family],
    ]) {
      const lengths = new Random(9).shuffled(Array.from({ length: width + 1 }, (_, length) => length));
      const map = PrefixMap.from(filler(family));
      const address = printSlowly({ family, integer });
      for (const length of lengths) map.set(printPrefix(slowPrefix(family, integer, length)), length);
      const all = Array.from({ length: width + 1 }, (_, i) => width - i);
      expect(map.matches(address).map(({ value }) => value)).toStrictEqual(all);
      for (const longest of all) {
        expect(map.value(address)).toBe(longest);
        const outside = longest === 0 ? null : integer ^ (1n << BigInt(width - longest));
        if (outside !== null) {
          // The address that differs in the last bit of the prefix has the next shorter one, or what filled the map.
          const found = map.value(printSlowly({ family, integer: outside }));
          expect(found === longest - 1 || found === -1).toBe(true);
        }
        expect(map.delete(printPrefix(slowPrefix(family, integer, longest)))).toBe(true);
      }
      expect(map.match(address)).toBe(null);
      expect(map.size).toBe(LARGE);
    }
  });

  it('short prefixes reach over blocks', () => {
    const map = PrefixMap.from<number>([...filler(4), ...filler(6)]);
    for (const [i, text] of [
      '0.0.0.0/0',
      '8.0.0.0/6',
      '10.0.0.0/15',
      '::/0',
      '2000::/3',
      '2000::/4',
      '3000::/19',
      'e000::/3',
    ].entries()) {
      map.set(text, i);
    }
    const asked = {
      '255.255.255.255': 0,
      '11.255.255.255': 1,
      '10.1.255.255': 2,
      '10.2.0.0': 1,
      '1fff::': 3,
      '3fff:ffff::': 4,
      '2fff:ffff::': 5,
      '3000:1fff::': 6,
      '3000:2000::': 4,
      'ffff::': 7,
      'dfff::': 3,
    };
    expect(Object.keys(asked).map((address) => map.value(address))).toStrictEqual(Object.values(asked));
    expect(listed(map.within('2000::/3')).filter(([, value]) => value >= 0)).toStrictEqual([
      ['2000::/3', 4],
      ['2000::/4', 5],
      ['3000::/19', 6],
    ]);
    expect(map.delete('2000::/4')).toBe(true);
    expect(map.value('2fff:ffff::')).toBe(4);
  });

  it('takes a prefix longer than /64 when all before were shorter', () => {
    for (const start of [10, LARGE, LARGE * 2]) {
      const entries = Array.from({ length: start }, (_, i) => {
        return [printPrefix(slowPrefix(6, (0x2001_0db8n << 96n) | (BigInt(i) << 64n), 64)), i] as const;
      });
      const map = PrefixMap.from(entries);
      const before = map.byteLength;
      map.set('2001:db8::5/128', -1).set('2001:db8::/96', -2).set('2001:db8:0:1::ffff:0:0/97', -3);
      expect(map.byteLength).toBeGreaterThanOrEqual(before + start * 8);
      const asked = [
        '2001:db8::5',
        '2001:db8::6',
        '2001:db8::1:0:0',
        '2001:db8:0:1::ffff:0:1',
        '2001:db8:0:1::',
        '2001:db8:0:2::5',
      ];
      expect(asked.map((address) => map.value(address))).toStrictEqual([-1, -2, 0, -3, 1, 2]);
      expect([map.has('2001:db8::5/128'), map.has('2001:db8::/128'), map.has('2001:db8:0:2::5/128')]).toStrictEqual([
        true,
        false,
        false,
      ]);
    }
  });

  it('leads over more than 65535 places to the prefix around them, IPv4', () => {
    const entries: [string, string][] = [['10.0.0.0/16', 'cover']];
    // Of each four addresses three, two of them together, and of half of the fours all.
    for (let x = 0; x < 0x1_0000; x += 4) {
      const at = (offset: number) => printSlowly({ family: 4, integer: BigInt(0x0a00_0000 + x + offset) });
      for (const offset of [0, 1, 2]) entries.push([`${at(offset)}/32`, 'one']);
      entries.push([`${at(0)}/31`, 'two']);
      if (x % 8 === 0) entries.push([`${at(0)}/30`, 'four']);
    }
    const map = PrefixMap.from(new Random(4).shuffled(entries.slice(0, 100)).concat(entries.slice(100)));
    expect(map.size).toBe(1 + 3 * 16_384 + 16_384 + 8192);
    const expectAll = () => {
      for (const x of [0, 4, 8, 0x7ff8, 0x7ffc, 0xeff8, 0xeffc, 0xfff8, 0xfffc]) {
        const at = (offset: number) => printSlowly({ family: 4, integer: BigInt(0x0a00_0000 + x + offset) });
        const four = x % 8 === 0 ? ['four'] : [];
        expect(map.matches(at(3)).map(({ value }) => value)).toStrictEqual([...four, 'cover']);
        expect(map.matches(at(1)).map(({ value }) => value)).toStrictEqual(['one', 'two', ...four, 'cover']);
        expect(map.value(at(3))).toBe(x % 8 === 0 ? 'four' : 'cover');
      }
    };
    expectAll();
    expect(map.value('10.1.0.0')).toBeUndefined();
    // Places move when a prefix comes or goes in front.
    map.set('10.0.0.0/17', 'half').delete('10.0.0.0/32');
    expect(map.value('10.0.127.255')).toBe('half');
    map.delete('10.0.0.0/17');
    map.set('10.0.0.0/32', 'one');
    expectAll();
    map.delete('10.0.0.0/16');
    expect(map.value('10.0.255.255')).toBeUndefined();
    expect(map.value('10.0.255.254')).toBe('one');
  });

  it('leads over more than 65535 places to the prefix around them, IPv6', () => {
    const count = 70_000;
    const addressOf = (i: number) => printSlowly({ family: 6, integer: (0x2001_0db8n << 96n) + BigInt(i) });
    const entries = Array.from({ length: count }, (_, i) => [`${addressOf(i * 2)}/128`, i] as const);
    const map = PrefixMap.from<number>([...entries, ['2001:db8::/32', -1], ['2001:db8::/64', -2]]);
    for (const i of [0, 1, 32_767, 32_768, 65_534, 65_535, 65_536, count - 1]) {
      expect(map.matches(addressOf(i * 2)).map(({ value }) => value)).toStrictEqual([i, -2, -1]);
      expect(map.matches(addressOf(i * 2 + 1)).map(({ value }) => value)).toStrictEqual([-2, -1]);
      expect(map.value(addressOf(i * 2 + 1))).toBe(-2);
    }
    map.delete('2001:db8::/64');
    expect(map.value(addressOf(count * 2 - 1))).toBe(-1);
    expect(shown(map.match('2001:db8:ffff::'))).toStrictEqual(['2001:db8::/32', -1]);
    map.delete('2001:db8::/32');
    expect(map.match(addressOf(count * 2 - 1))).toBe(null);
  });
});

describe('rules', () => {
  const table: readonly (readonly [prefix: string, address: string, plain: boolean, kept: boolean])[] = [
    ['10.0.0.0/8', '::ffff:10.0.0.1', true, false],
    ['10.0.0.0/8', '::ffff:a00:1', true, false],
    ['::ffff:10.0.0.0/104', '10.0.0.1', true, false],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.1', true, true],
    ['::ffff:0:0/96', '192.0.2.1', true, false],
    ['::/0', '::ffff:10.0.0.1', false, true],
    ['::/80', '::ffff:10.0.0.1', false, true],
    ['0.0.0.0/0', '::1', false, false],
    ['::/0', '10.0.0.1', false, false],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1', false, false],
    ['10.0.0.0/8', '::10.0.0.1', false, false],
  ];

  it.each(table)('rule 7: %s matches %s: %s, kept %s', (prefix, address, plain, kept) => {
    for (const [mapped, expected] of [
      ['unwrap', plain],
      [undefined, plain],
      ['keep', kept],
    ] as const) {
      const map = PrefixMap.from([[prefix, 'it']], { mapped });
      const bytes = bytesOf(address);
      const answers = [
        map.value(address),
        map.match(address)?.value,
        map.valueBytes(bytes),
        map.matchBytes(bytes)?.value,
      ];
      expect(answers).toStrictEqual(Array(4).fill(expected ? 'it' : undefined));
      expect(map.matches(parseAddress(address))).toHaveLength(expected ? 1 : 0);
    }
  });

  it('rule 7: a mapped prefix and its IPv4 prefix are one', () => {
    const map = PrefixMap.from<number>([
      ['10.0.0.0/8', 1],
      ['::ffff:10.0.0.0/104', 2],
    ]);
    expect(listed(map)).toStrictEqual([['10.0.0.0/8', 2]]);
    expect([map.get('10.0.0.0/8'), map.get('::ffff:10.0.0.0/104'), map.has('::ffff:a00:0/104')]).toStrictEqual([
      2,
      2,
      true,
    ]);
    expect(listed(map.within('::ffff:0:0/96'))).toStrictEqual([['10.0.0.0/8', 2]]);
    expect([map.overlaps('::ffff:10.1.0.0/112'), map.overlaps('::/0'), map.overlaps('0.0.0.0/0')]).toStrictEqual([
      true,
      false,
      true,
    ]);
    expect(map.delete('::ffff:10.0.0.0/104')).toBe(true);
    expect(map.size).toBe(0);
    const kept = new PrefixMap<number>({ mapped: 'keep' }).set('10.0.0.0/8', 1).set('::ffff:10.0.0.0/104', 2);
    expect(listed(kept)).toStrictEqual([
      ['10.0.0.0/8', 1],
      ['::ffff:10.0.0.0/104', 2],
    ]);
    expect([kept.overlaps('::/0'), kept.overlaps('::ffff:11.0.0.0/104')]).toStrictEqual([true, false]);
  });

  it('rule 6: an address with a zone matches only when asked', () => {
    const map = new PrefixMap<string>().set('fe80::/10', 'link').set('::/0', 'all').set('ff02::/16', 'multicast');
    for (const text of ['fe80::5%lo', 'fe80::5%eth0.100']) {
      const bytes = bytesOf(` ${text} `);
      const range = [1, bytes.length - 1] as const;
      for (const options of [undefined, {}, { zone: 'distinct' }, { zone: undefined }] as const) {
        expect(map.match(text, options)).toBe(null);
        expect(map.value(parseAddress(text), options)).toBeUndefined();
        expect(map.matches(text, options)).toStrictEqual([]);
        expect(map.valueBytes(bytes, ...range, options)).toBeUndefined();
        expect(map.matchBytes(bytes, ...range, options)).toBe(null);
      }
      const options = { zone: 'ignore' } as const;
      expect(map.value(text, options)).toBe('link');
      expect(listed(map.matches(parseAddress(text), options))).toStrictEqual([
        ['fe80::/10', 'link'],
        ['::/0', 'all'],
      ]);
      expect(map.valueBytes(bytes, ...range, options)).toBe('link');
      expect(shown(map.matchBytes(bytes, ...range, options))).toStrictEqual(['fe80::/10', 'link']);
    }
    expect(map.value('ff02::1%eth0', { zone: 'ignore' })).toBe('multicast');
    const kept = PrefixMap.from([['::ffff:0:0/96', 1]], { mapped: 'keep' });
    expect(kept.value('::ffff:10.0.0.1', { zone: 'ignore' })).toBe(1);
  });
});

describe('values', () => {
  it('are kept once each, and let go with the last prefix', () => {
    const map = new PrefixMap<unknown>();
    const [object, other] = [{ a: 1 }, { a: 1 }];
    const encoded = () => {
      const given: unknown[] = [];
      map.toBytes((value) => {
        given.push(value);
        return new Uint8Array(0);
      });
      return given;
    };
    map.set('10.0.0.0/8', object).set('11.0.0.0/8', other).set('12.0.0.0/8', object).set('::/0', object);
    map
      .set('13.0.0.0/8', Number.NaN)
      .set('14.0.0.0/8', Number.NaN)
      .set('15.0.0.0/8', undefined)
      .set('16.0.0.0/8', null);
    expect(encoded()).toStrictEqual([object, other, Number.NaN, undefined, null]);
    expect(map.get('12.0.0.0/8')).toBe(object);
    expect(map.get('11.0.0.0/8')).toBe(other);
    expect([map.value('13.0.0.1'), map.value('14.0.0.1'), map.value('16.0.0.1')]).toStrictEqual([
      Number.NaN,
      Number.NaN,
      null,
    ]);
    expect([map.has('15.0.0.0/8'), map.get('15.0.0.0/8'), map.match('15.0.0.1')?.value]).toStrictEqual([
      true,
      undefined,
      undefined,
    ]);
    expect(shown(map.match('15.0.0.1'))).toStrictEqual(['15.0.0.0/8', undefined]);
    map.set('10.0.0.0/8', other).set('12.0.0.0/8', other);
    expect(encoded()).toContain(object);
    map.delete('::/0');
    expect(encoded()).not.toContain(object);
    map.delete('15.0.0.0/8');
    map.set('16.0.0.0/8', 'text').set('13.0.0.0/8', 1);
    expect(new Set(encoded())).toStrictEqual(new Set([other, Number.NaN, 'text', 1]));
    expect(map.get('14.0.0.0/8')).toBeNaN();
  });

  it('take the numbers of others that are gone', () => {
    const map = new PrefixMap<number>();
    const texts = Array.from({ length: 300 }, (_, i) => `10.${i >> 4}.${(i & 15) * 16}.0/28`);
    for (let round = 0; round < 5; round++) {
      for (const [i, text] of texts.entries()) map.set(text, round * 1000 + i);
      expect(texts.map((text) => map.get(text))).toStrictEqual(texts.map((_, i) => round * 1000 + i));
      expect(texts.map((text) => map.delete(text))).toStrictEqual(texts.map(() => true));
      expect([map.size, [...map].length, map.value('10.0.0.1')]).toStrictEqual([0, 0, undefined]);
      let values = 0;
      map.toBytes(() => {
        values++;
        return new Uint8Array(0);
      });
      expect(values).toBe(0);
    }
  });

  it('of the same prefix: the last counts', () => {
    const map = PrefixMap.from<string>([
      ['10.0.0.0/8', 'first'],
      ['11.0.0.0/8', 'other'],
      ['10.0.0.0/8', 'second'],
      [parsePrefix('10.0.0.0/8'), 'third'],
    ]);
    expect(listed(map)).toStrictEqual([
      ['10.0.0.0/8', 'third'],
      ['11.0.0.0/8', 'other'],
    ]);
    const values: string[] = [];
    map.toBytes((value) => {
      values.push(value);
      return new Uint8Array(0);
    });
    expect(values.sort()).toStrictEqual(['other', 'third']);
  });
});

describe('maps', () => {
  it('copy maps, and parts of maps', () => {
    const map = PrefixMap.from<number>([
      ['10.0.0.0/8', 1],
      ['10.1.0.0/16', 2],
      ['11.0.0.0/8', 3],
      ['::/0', 4],
    ]);
    const copy = PrefixMap.from(map);
    copy.delete('::/0');
    expect([map.size, listed(copy)]).toStrictEqual([4, listed(map).slice(0, 3)]);
    expect(listed(PrefixMap.from(map.within('10.0.0.0/8')))).toStrictEqual(listed(map).slice(0, 2));
    expect(listed(PrefixMap.from(map.matches('10.1.0.1')))).toStrictEqual(listed(map).slice(0, 2));
  });

  it.each([
    ['set', (map: PrefixMap<number>) => map.set('10.9.0.0/16', 9)],
    ['delete', (map: PrefixMap<number>) => map.delete('10.1.0.0/16')],
    ['compact', (map: PrefixMap<number>) => map.compact()],
  ])('are not walked through while they are changed: %s', (_, change) => {
    const make = () =>
      PrefixMap.from<number>([
        ['10.0.0.0/8', 1],
        ['10.1.0.0/16', 2],
        ['10.2.0.0/16', 3],
      ]);
    for (const walk of [
      (map: PrefixMap<number>) => map[Symbol.iterator](),
      (map: PrefixMap<number>) => map.within('10.0.0.0/8'),
    ]) {
      const map = make();
      const entries = walk(map);
      expect(shown(entries.next().value ?? null)).toStrictEqual(['10.0.0.0/8', 1]);
      change(map);
      expect(() => entries.next()).toThrow(TypeError);
      const again = walk(make());
      const changed = make();
      for (const { prefix, value } of again) changed.set(prefix, value + 1);
      expect(listed(changed).map(([, value]) => value)).toStrictEqual([2, 3, 4]);
    }
  });

  it('may give prefixes that are there other values while they are walked through', () => {
    const map = PrefixMap.from<number>([
      ['10.0.0.0/8', 1],
      ['11.0.0.0/8', 2],
    ]);
    for (const { prefix, value } of map) map.set(prefix, value * 10);
    expect(listed(map).map(([, value]) => value)).toStrictEqual([10, 20]);
    expect(map.delete('12.0.0.0/8')).toBe(false);
    for (const { prefix } of [...map]) map.delete(prefix);
    expect(map.size).toBe(0);
  });

  it('give what is within as it is asked for', () => {
    const map = PrefixMap.from(Array.from({ length: 5000 }, (_, i) => [`${i >> 8}.${i & 255}.0.0/16`, i] as const));
    const entries = map.within('1.0.0.0/8');
    expect([entries.next(), entries.next()].map(({ value }) => shown(value ?? null))).toStrictEqual([
      ['1.0.0.0/16', 256],
      ['1.1.0.0/16', 257],
    ]);
    expect([...map.within('19.200.0.0/16')]).toStrictEqual([]);
  });

  it('keep the last of the space apart from the first', () => {
    const map = new PrefixMap<string>().set('255.255.255.255/32', 'last').set('0.0.0.0/32', 'first');
    map.set('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128', 'last6').set('::/128', 'first6');
    const asked = [
      '255.255.255.255',
      '255.255.255.254',
      '0.0.0.0',
      '0.0.0.1',
      '::',
      '::1',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ];
    expect(asked.map((address) => map.value(address))).toStrictEqual([
      'last',
      undefined,
      'first',
      undefined,
      'first6',
      undefined,
      'last6',
    ]);
  });
});

describe('mistakes', () => {
  const map = new PrefixMap<number>().set('10.0.0.0/8', 1);

  const noPrefixes: readonly (readonly [value: unknown, code: string])[] = [
    ['10.0.0.1', 'NO_LENGTH'],
    ['10.0.0.1/8', 'HOST_BITS'],
    ['10.0.0.0/33', 'LENGTH_RANGE'],
    ['fe80::%lo/64', 'ZONE'],
    ...NOT_TEXT.map(([, value]) => [value, 'NOT_TEXT'] as const),
  ];

  it.each(noPrefixes)('%o is no prefix: %s', (value, code) => {
    const prefix = forbidden<string>(value);
    const asks = [
      () => map.set(prefix, 1),
      () => map.delete(prefix),
      () => map.get(prefix),
      () => map.has(prefix),
      () => map.within(prefix),
      () => map.overlaps(prefix),
      () => PrefixMap.from([[prefix, 1]]),
    ];
    for (const ask of asks) {
      expect(ask).toThrow(PrefixParseError);
      expect(ask).toThrow(expect.objectContaining({ code, input: value }));
    }
    expect(listed(map)).toStrictEqual([['10.0.0.0/8', 1]]);
  });

  it.each(['10.0.0', '10.0.0.0/8', ...NOT_TEXT.map(([, value]) => value)])('%o is no address', (value) => {
    const address = forbidden<string>(value);
    for (const ask of [() => map.match(address), () => map.value(address), () => map.matches(address)]) {
      expect(ask).toThrow(AddressParseError);
    }
  });

  it.each([null, undefined, '10.0.0.1', [49], {}, new Uint16Array(1), new ArrayBuffer(4)])(
    '%o is no bytes',
    (value) => {
      for (const ask of [() => map.matchBytes(forbidden(value)), () => map.valueBytes(forbidden(value))]) {
        expect(ask).toThrow(expect.objectContaining({ name: 'AddressParseError', code: 'NOT_BYTES' }));
      }
    },
  );

  it('bytes that are no address, and no range of bytes', () => {
    const bytes = bytesOf('10.0.0.1');
    expect(() => map.valueBytes(bytesOf('10.0.0'))).toThrow(AddressParseError);
    expect(() => map.matchBytes(bytes, 0, 7)).toThrow(AddressParseError);
    for (const [start, end] of [
      [-1, 8],
      [0, 9],
      [5, 4],
      [Number.NaN, 8],
      [0.5, 8],
      [0, 7.5],
      [null, 8],
      [0, null],
      [0, true],
      [Symbol('start'), 8],
      [0, Symbol('end')],
      [0, 8n],
    ] as const) {
      expect(() => map.valueBytes(bytes, forbidden(start), forbidden(end))).toThrow(RangeError);
      expect(() => map.matchBytes(bytes, forbidden(start), forbidden(end))).toThrow(RangeError);
    }
    // Half a byte more than `::`, which is an address.
    expect(() => map.valueBytes(bytesOf('::1'), 0, 2.5)).toThrow(RangeError);
  });

  it.each(['10.0.0.0/8', 42, null, undefined, {}])('%o is no list of entries', (entries) => {
    expect(() => PrefixMap.from(forbidden<[]>(entries))).toThrow(TypeError);
    expect(() => PrefixMap.from(forbidden<[]>(entries))).toThrow("write PrefixMap.from([['10.0.0.0/8', value]])");
  });

  it.each([null, undefined, 42, '10.0.0.0/8', {}])('%o is no entry', (entry) => {
    const expected = { code: 'NOT_TEXT', input: entry, hint: "write ['10.0.0.0/8', value]" };
    const message = expect.stringContaining('entry 1 has no prefix');
    const make = () => PrefixMap.from(forbidden<[]>([['10.0.0.0/8', 1], entry]));
    expect(make).toThrow(PrefixParseError);
    expect(make).toThrow(expect.objectContaining({ ...expected, message }));
  });

  it.each(['Keep', '', null, true])('mapped is never %o', (mapped) => {
    expect(() => new PrefixMap({ mapped: forbidden<'keep'>(mapped) })).toThrow("write 'unwrap' or 'keep'");
    expect(() => PrefixMap.from([], { mapped: forbidden<'keep'>(mapped) })).toThrow(TypeError);
  });
});
