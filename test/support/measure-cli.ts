import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CLI } from './run-cli.js';

const PEAK = new URL('../support/peak-memory.mjs', import.meta.url).href;

export interface Measured {
  readonly peak: number;
  readonly lines: number;
  readonly last: string;
  readonly code: number | null;
}

/** Runs the command on pieces of input, and measures it; its output is counted, not kept. */
export async function measure(args: readonly string[], pieces: Iterable<Buffer>): Promise<Measured> {
  // How much garbage may lie about is a setting of V8, which newer versions of Node have raised: what is measured is what is kept.
  const node = ['--max-semi-space-size=8', `--import=${PEAK}`];
  const child = spawn(process.execPath, [...node, CLI, ...args], {
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
