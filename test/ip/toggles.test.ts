import { describe, expect, it } from 'vitest';
import { combine, IPv4Toggles, IPv6Toggles } from '../../src/ip/toggles.js';
import { Random } from '../support/random.js';
import { LAST } from '../support/slow-address.js';

/** With so many points IPv4 gets a directory. */
const LARGE = 16_384;

function countSlowly<T extends number | bigint>(points: readonly T[], x: T): number {
  return points.filter((point) => point <= x).length;
}

/** Sorted, no two the same, the first and the last integer of the space among them when asked for. */
function randomPoints(random: Random, count: number, ends: boolean): number[] {
  const points = new Set<number>(ends ? [0, 0xffff_ffff, 0xffff, 0x1_0000, 0xfffe_ffff, 0xffff_0000] : []);
  while (points.size < count) points.add(random.once(2) ? random.bits() : (0xc0a8_0000 + random.below(0x8000)) >>> 0);
  return [...points].sort((a, b) => a - b);
}

function words(integer: bigint): [number, number, number, number] {
  const word = (shift: bigint) => Number(BigInt.asIntN(32, integer >> shift));
  return [word(96n), word(64n), word(32n), word(0n)];
}

describe('combine', () => {
  const UNIVERSE = 24;
  const operations = {
    or: (a: boolean, b: boolean) => a || b,
    and: (a: boolean, b: boolean) => a && b,
    less: (a: boolean, b: boolean) => a && !b,
    either: (a: boolean, b: boolean) => a !== b,
  };

  function pointsOf(bits: readonly boolean[]): number[] {
    return bits.flatMap((bit, i) => (bit === (bits[i - 1] ?? false) ? [] : [i]));
  }

  it.each(Object.entries(operations))('%s, number by number', (_, keep) => {
    const random = new Random(7);
    for (let round = 0; round < 500; round++) {
      const bits = () => Array.from({ length: UNIVERSE }, () => random.once(2));
      const [a, b] = [bits(), bits()];
      const expected = pointsOf(a.map((bit, i) => keep(bit, b[i] ?? false)));
      // The last run of each may reach the end of the space, where no point ends it.
      expect(combine(pointsOf(a), pointsOf(b), keep)).toStrictEqual(expected);
      expect(combine(pointsOf(a).map(BigInt), pointsOf(b).map(BigInt), keep)).toStrictEqual(expected.map(BigInt));
    }
  });
});

describe('IPv4Toggles', () => {
  it.each([0, 1, 2, 3, 100, LARGE - 1, LARGE, LARGE + 1])('%d points', (count) => {
    const random = new Random(count + 1);
    const points = randomPoints(random, count, count >= 100);
    const toggles = new IPv4Toggles(points);
    expect(toggles).toHaveLength(count);
    expect([...toggles.points()]).toStrictEqual(points);
    const asked = [0, 1, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
    for (let i = 0; i < 100; i++) {
      const point = points.length > 0 && random.once(2) ? random.pick(points) : random.bits();
      asked.push(point, Math.max(point - 1, 0), Math.min(point + 1, 0xffff_ffff));
    }
    for (const x of asked) {
      const counted = countSlowly(points, x);
      // Signed, as the words of an address are.
      expect([x, toggles.count(x | 0), toggles.has(x | 0)]).toStrictEqual([x, counted, counted % 2 === 1]);
    }
  });

  it('takes four bytes a point beside a small directory, two beside 256 kB, one of aligned points beside 128 kB', () => {
    const random = new Random(3);
    const bytesOf = (count: number) => new IPv4Toggles(randomPoints(random, count, false)).byteLength;
    expect(bytesOf(10)).toBe(10 * 4 + (2 ** 8 + 1) * 2);
    expect(bytesOf(LARGE - 1)).toBe((LARGE - 1) * 4 + (2 ** 14 + 1) * 2);
    expect(bytesOf(LARGE)).toBe(LARGE * 2 + 65_537 * 4);
    const aligned = Array.from({ length: LARGE }, (_, i) => i * 0x300);
    expect(new IPv4Toggles(aligned).byteLength).toBe(LARGE + 65_537 * 2 + 257 * 4);
  });

  it.each([1, 2, 0x80, 0xff, 0x100, 0x101])('finds points at multiples of %d, and what is between them', (step) => {
    const count = Math.min(LARGE * 2, Math.floor(2 ** 32 / step) - 1);
    const toggles = new IPv4Toggles(Array.from({ length: count }, (_, i) => i * step));
    const random = new Random(step);
    for (let round = 0; round < 2000; round++) {
      const point = random.below(count + 10) * step + random.below(3) - 1;
      const expected = point < 0 ? 0 : Math.min(Math.floor(point / step) + 1, count);
      if (point >= 0) expect(toggles.count(point)).toBe(expected);
    }
    expect(toggles.count(-1)).toBe(count);
    expect([...toggles.points()].every((point, i) => point === i * step)).toBe(true);
  });

  it('takes a set of everything in one point', () => {
    const toggles = new IPv4Toggles([0]);
    expect([toggles.has(0), toggles.has(-1), toggles.has(0x7fff_ffff)]).toStrictEqual([true, true, true]);
  });
});

describe('IPv6Toggles', () => {
  const random = new Random(11);
  const shapes: readonly (readonly [name: string, points: readonly bigint[]])[] = [
    ['none', []],
    ['all', [0n]],
    ['the last address', [LAST[6]]],
    ['multiples of 2^64', Array.from({ length: 200 }, () => random.bigint(64) << 64n)],
    ['any', Array.from({ length: 300 }, () => random.bigint(128))],
    ['close together', Array.from({ length: 200 }, () => (0x2001n << 112n) + BigInt(random.below(1000)))],
    ['across words', [2n ** 32n, 2n ** 32n - 1n, 2n ** 64n, 2n ** 64n - 1n, 2n ** 96n, 2n ** 96n - 1n, 2n ** 127n]],
  ];

  it.each(shapes)('%s', (_, unsorted) => {
    const points = [...new Set(unsorted)].sort((a, b) => (a < b ? -1 : 1));
    const toggles = new IPv6Toggles(points);
    expect(toggles).toHaveLength(points.length);
    expect(toggles.points()).toStrictEqual(points);
    expect(points.map((_point, i) => toggles.point(i))).toStrictEqual(points);
    const asked = [
      0n,
      1n,
      2n ** 64n,
      LAST[6] - 1n,
      LAST[6],
      ...points.flatMap((point) => [point - 1n, point, point + 1n]),
    ];
    for (const x of asked.filter((integer) => integer >= 0n && integer <= LAST[6])) {
      const counted = countSlowly(points, x);
      expect([x, toggles.count(...words(x)), toggles.has(...words(x))]).toStrictEqual([x, counted, counted % 2 === 1]);
    }
  });

  it('takes eight bytes a point, and sixteen when one is inside a /64', () => {
    expect(new IPv6Toggles([0n, 1n << 64n]).byteLength).toBe(16);
    expect(new IPv6Toggles([0n, 1n]).byteLength).toBe(32);
  });
});
