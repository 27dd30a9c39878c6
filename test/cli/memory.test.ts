import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { CLI } from '../support/run-cli.js';

const PEAK = new URL('../support/peak-memory.mjs', import.meta.url).href;
const MOST = 150e6;

interface Measured {
  readonly peak: number;
  readonly lines: number;
  readonly last: string;
  readonly code: number | null;
}

/** Runs the command on pieces of input, and measures it; its output is counted, not kept. */
async function measure(args: readonly string[], pieces: Iterable<Buffer>): Promise<Measured> {
  const child = spawn(process.execPath, [`--import=${PEAK}`, CLI, ...args], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
  });
  const [stdin, stdout, peak] = [child.stdin as Writable, child.stdout as Readable, child.stdio[3] as Readable];
  let lines = 0;
  let tail = '';
  stdout.on('data', (chunk: Buffer) => {
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++;
    tail = (tail + chunk.toString()).slice(-1000);
  });
  let bytes = '';
  peak.on('data', (chunk: Buffer) => {
    bytes += chunk.toString();
  });
  await pipeline(pieces, stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { peak: Number(bytes), lines, last: tail.trimEnd().split('\n').at(-1) ?? '', code };
}

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
  it('prints a million lines of JSON', { timeout: 60_000 }, async () => {
    const { peak, lines, last, code } = await measure(['classify', '--json'], million());
    expect({ lines, code }).toEqual({ lines: LINES, code: 0 });
    expect(JSON.parse(last)).toMatchObject({ address: '2001:db8:999::999', line: LINES });
    expect(peak).toBeGreaterThan(1e6);
    expect(peak).toBeLessThan(MOST);
  });

  it('counts a million lines', { timeout: 60_000 }, async () => {
    const { peak, last, code } = await measure(['classify', '--summary', '--json'], million());
    expect(JSON.parse(last)).toMatchObject({
      addresses: LINES,
      kinds: { private: LINES / 2, documentation: LINES / 2 },
    });
    expect(code).toBe(0);
    expect(peak).toBeLessThan(MOST);
  });

  it('finds the addresses in a line of 10 MB', { timeout: 60_000 }, async () => {
    const piece = 'from 10.0.0.1 to 2001:db8::1, x '.repeat(2000);
    const { peak, lines, last, code } = await measure(['classify', '--extract', '--json'], repeat(piece, 160));
    expect({ lines, code }).toEqual({ lines: 2000 * 160 * 2, code: 0 });
    expect(JSON.parse(last)).toMatchObject({ address: '2001:db8::1', line: 1, column: piece.length * 160 - 14 });
    expect(peak).toBeLessThan(MOST);
  });

  it('passes over a line of 50 MB', { timeout: 60_000 }, async () => {
    const { peak, lines, code } = await measure(
      ['classify', '--only', 'global'],
      repeat('8.8.8.8 '.repeat(10_000), 625),
    );
    expect({ lines, code }).toEqual({ lines: 0, code: 1 });
    expect(peak).toBeLessThan(MOST);
  });
});
