// Claim: `inaddr classify --summary` is bound by the bytes that it reads, and its memory does not grow with them.

import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { client, random } from './support/inputs.mjs';
import { peakMemory, wallTime } from './support/processes.mjs';
import { ratioOf, report, under, within } from './support/report.mjs';

const ROUNDS = 9;
const LINES = 5_000_000;

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const sum = fileURLToPath(new URL('support/sum-bytes.mjs', import.meta.url));
const work = `classify --summary, ${LINES.toLocaleString('en')} lines`;
const ours = 'inaddr classify --summary';
const peer = 'a Node loop: read, sum the bytes';

/**
 * @param {string} path
 * @param {number} lines
 */
function writeLines(path, lines) {
  const next = random();
  const file = openSync(path, 'w');
  for (let written = 0; written < lines; ) {
    const some = Math.min(10_000, lines - written);
    writeSync(file, Array.from({ length: some }, () => `${client(next)}\n`).join(''));
    written += some;
  }
  closeSync(file);
}

/** @param {string} folder */
function measure(folder) {
  const file = join(folder, 'addresses.txt');
  const tenth = join(folder, 'tenth.txt');
  writeLines(file, LINES);
  writeLines(tenth, LINES / 10);
  const run = (/** @type {string} */ path) => [cli, 'classify', '--summary', '--file', path];
  /** @type {number[]} */
  const own = [];
  /** @type {number[]} */
  const floor = [];
  for (let round = 0; round < ROUNDS; round++) {
    const turns = [() => own.push(wallTime(run(file))), () => floor.push(wallTime([sum, file]))];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  }
  const few = peakMemory(run(tenth));
  const all = peakMemory(run(file));
  return [
    { work, ours, peer, unit: 'ms', target: within(3), ...ratioOf(own, floor, within(3)) },
    {
      work: 'peak memory of it',
      ours: 'all lines',
      ourCost: all,
      peer: 'a tenth of the lines',
      peerCost: few,
      unit: 'MB',
      target: under(150),
    },
  ];
}

/** @returns {import('./support/report.mjs').Row[]} */
function rows() {
  const missing = { work, ours, ourCost: null, peer, peerCost: null, unit: 'ms', target: within(3) };
  if (!existsSync(cli)) return [{ ...missing, note: 'not measured: dist/cli/main.js is not built' }];
  const folder = mkdtempSync(join(tmpdir(), 'inaddr-bench-'));
  try {
    return measure(folder);
  } catch (error) {
    return [{ ...missing, note: `not measured: ${error instanceof Error ? error.message : error}` }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

report('Summary of a file', rows());
