import { describe, expect, it } from 'vitest';
import { sortRows } from '../../src/ip/sort.js';
import { Random } from '../support/random.js';

/** The order by comparing, which `Array.prototype.sort` keeps stable. */
function sortedSlowly(words: readonly Uint32Array[], bytes: Uint8Array, count: number): number[] {
  const columns = [...words, bytes];
  return Array.from({ length: count }, (_, row) => row).sort((a, b) => {
    const column = columns.find((values) => values[a] !== values[b]);
    return column === undefined ? 0 : Number(column[a]) - Number(column[b]);
  });
}

describe('sortRows', () => {
  it.each([0, 1, 2, 3, 255, 256, 257, 3000])('orders %d rows as comparing them does', (count) => {
    const random = new Random(count);
    const makers: readonly (readonly [string, () => number])[] = [
      ['any bits', () => random.bits()],
      ['few values, many equal', () => random.below(4)],
      ['only high bits', () => (random.below(4) << 30) >>> 0],
      ['one half of a word the same', () => ((random.below(8) << 16) | 0x1234) >>> 0],
      ['all the same', () => 0xffff_ffff],
    ];
    for (const columns of [1, 4]) {
      for (const [name, make] of makers) {
        const words = Array.from({ length: columns }, () => Uint32Array.from({ length: count }, make));
        const bytes = Uint8Array.from({ length: count }, () => random.below(129));
        expect([...sortRows(words, bytes, count)], name).toStrictEqual(sortedSlowly(words, bytes, count));
      }
    }
  });

  it('leaves rows behind the count alone', () => {
    const words = [Uint32Array.of(3, 1, 2, 0, 0)];
    expect([...sortRows(words, new Uint8Array(5), 3)]).toStrictEqual([1, 2, 0]);
  });

  it.each([
    ['sorted', [1, 2, 2, 3], [8, 8, 9, 0], [0, 1, 2, 3]],
    ['sorted but for the last byte', [1, 2, 2], [8, 9, 8], [0, 2, 1]],
    ['the other way round', [3, 2, 1], [0, 0, 0], [2, 1, 0]],
    ['unsigned, not signed', [0x8000_0000, 0x7fff_ffff], [0, 0], [1, 0]],
    ['equal rows stay in order', [5, 1, 5, 1, 5], [7, 7, 7, 7, 7], [1, 3, 0, 2, 4]],
  ])('%s', (_, words, bytes, order) => {
    expect([...sortRows([Uint32Array.from(words)], Uint8Array.from(bytes), words.length)]).toStrictEqual(order);
  });
});
