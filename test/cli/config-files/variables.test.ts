import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandVariables } from '../../../src/cli/config-files/variables.js';

/** Texts here have `#{A}` for what would look like a template. */
function dollars(text: string): string {
  return text.replaceAll('#', '$');
}

describe('expandVariables', () => {
  it.each([
    ['', '', []],
    ['a}b{c', 'a}b{c', []],
    ['##A', '$A', []],
    ['#{A:-1}', '1', ['A']],
    ['#{A-1}:#{B:-}', '1:', ['A', 'B']],
    ['#{A:-#{B:-77}}:80', '77:80', ['A', 'B']],
    ['#{A:-x#{B:-y#{C-z}y}x}', 'xyzyx', ['A', 'B', 'C']],
    ['#{A:-##B}', '#B', ['A']],
    // What is no variable stays as it is.
    ['#', '#', []],
    ['#1', '#1', []],
    ['#{}', '#{}', []],
    ['#{A', '#{A', []],
    ['#{A.b}', '#{A.b}', []],
    ['#{A:-1', '#{A:-1', []],
    ['#{A:-#{B:-1}', '#{A:-1', ['B']],
  ])('%s', (text, expanded, defaulted) => {
    expect(expandVariables(dollars(text))).toEqual({ text: dollars(expanded), defaulted, missing: null });
  });

  it.each([
    ['#A', 'A'],
    ['#{A}', 'A'],
    ['#{A:?no}#B', 'A'],
    ['#{A:-#{B}}', 'B'],
    ['#{A:-#B}', 'B'],
    // What stands in it decides nothing.
    ['#{A:+#{B}}', 'A'],
    ['#B#{A?#{C:-1}}', 'B'],
  ])('%s wants %s', (text, missing) => {
    expect(expandVariables(dollars(text)).missing).toBe(missing);
  });

  it('gives no more than there is, whatever the text', () => {
    const unit = fc.constantFrom(...['#{A:-', '#{B+', '#{C?x', '##', '#D', '#{E}', '}', '{', '#', 'x'].map(dollars));
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 50 }), (text) => {
        expect(expandVariables(text).text.length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('takes time by its length', { timeout: 20_000 }, () => {
    for (const begin of ['#{A:-', '#{A:+', '#{A-x#{B?'].map(dollars)) {
      const text = begin.repeat(100_000);
      expect(expandVariables(text)).toEqual({ text, defaulted: [], missing: null });
      expandVariables(`${text}${'}'.repeat(200_000)}`);
    }
  });
});
