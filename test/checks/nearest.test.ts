import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/checks/nearest.js';

/** The optimal string alignment distance as its definition has it: slow. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const replaced = distance(restA, restB) + (a[0] === b[0] ? 0 : 1);
  const swapped =
    a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0] ? distance(a.slice(2), b.slice(2)) + 1 : 99;
  return Math.min(distance(restA, b) + 1, distance(a, restB) + 1, replaced, swapped);
}

describe('nearest', () => {
  it.each([
    ['prot', 'port'],
    ['ports', 'port'],
    ['HOST', 'host'],
    ['hst', 'host'],
    ['backlg', 'backlog'],
    ['xyz', null],
    ['', null],
    ['p', null],
    ['x'.repeat(1e6), null],
  ])('%.20s: %s', (word, expected) => {
    expect(nearest(word, ['host', 'port', 'backlog'])).toBe(expected);
  });

  it('is a word at the least distance, and at most a third of the letters away', () => {
    const words = fc.stringMatching(/^[abc]{1,6}$/);
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 4 }), (word, known) => {
        const distances = known.map((one) => distance(word, one));
        const least = Math.min(...distances);
        const allowed = Math.max(1, Math.floor(word.length / 3));
        expect(nearest(word, known)).toBe(least <= allowed ? known[distances.indexOf(least)] : null);
      }),
    );
  });
});
