import { describe, expect, it } from 'vitest';
import { measure } from '../support/measure-cli.js';

const MOST = 150e6;

const LINES = 1_000_000;

/** A million lines of both families, 1000 a piece. */
function* million(): Generator<Buffer> {
  for (let i = 0; i < LINES / 1000; i++) {
    const line = (_: unknown, k: number) => (k % 2 === 0 ? `10.${i & 255}.${k & 255}.1\n` : `2001:db8:${i}::${k}\n`);
    yield Buffer.from(Array.from({ length: 1000 }, line).join(''));
  }
}

function* repeat(piece: string, times: number): Generator<Buffer> {
  const bytes = Buffer.from(piece);
  for (let i = 0; i < times; i++) yield bytes;
}

describe('constant memory', () => {
  it('prints a million lines of JSON', async () => {
    const { peak, lines, last, code } = await measure(['classify', '--json'], million());
    expect({ lines, code }).toEqual({ lines: LINES, code: 0 });
    expect(JSON.parse(last)).toMatchObject({ address: '2001:db8:999::999', line: LINES });
    expect(peak).toBeGreaterThan(1e6);
    expect(peak).toBeLessThan(MOST);
  });

  it('counts a million lines', async () => {
    const { peak, last, code } = await measure(['classify', '--summary', '--json'], million());
    expect(JSON.parse(last)).toMatchObject({
      addresses: LINES,
      kinds: { private: LINES / 2, documentation: LINES / 2 },
    });
    expect(code).toBe(0);
    expect(peak).toBeLessThan(MOST);
  });

  it('finds the addresses in a line of 10 MB', async () => {
    const piece = 'from 10.0.0.1 to 2001:db8::1, x '.repeat(2000);
    const { peak, lines, last, code } = await measure(['classify', '--extract', '--json'], repeat(piece, 160));
    expect({ lines, code }).toEqual({ lines: 2000 * 160 * 2, code: 0 });
    expect(JSON.parse(last)).toMatchObject({ address: '2001:db8::1', line: 1, column: piece.length * 160 - 14 });
    expect(peak).toBeLessThan(MOST);
  });

  it('passes over a line of 50 MB', async () => {
    const { peak, lines, code } = await measure(
      ['classify', '--only', 'global'],
      repeat('8.8.8.8 '.repeat(10_000), 625),
    );
    expect({ lines, code }).toEqual({ lines: 0, code: 1 });
    expect(peak).toBeLessThan(MOST);
  });
});
