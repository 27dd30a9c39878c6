// What docs/recipes.md says of a log of 10 million lines: how long processors are busy with it, and how much memory that takes. For
// information; each command runs once.
//
//   node bench/log.mjs [LINES]

import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { client, random } from './support/inputs.mjs';
import { runOnFiles } from './support/processes.mjs';
import { report } from './support/report.mjs';

const LINES = Number(process.argv[2] ?? 10_000_000);

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const table = fileURLToPath(new URL('../fixtures/logs/networks.csv', import.meta.url));

/**
 * Writes a log, and its addresses alone: what `cut -d' ' -f1` gives.
 *
 * @param {string} log
 * @param {string} addresses
 */
function writeFiles(log, addresses) {
  const next = random();
  const files = [openSync(log, 'w'), openSync(addresses, 'w')];
  for (let written = 0; written < LINES; ) {
    const some = Array.from({ length: Math.min(10_000, LINES - written) }, () => client(next));
    const request = '- - [12/Nov/2026:06:25:24 +0000] "GET /style.css HTTP/1.1" 200 911 "-" "Mozilla/5.0"';
    writeSync(files[0], some.map((address) => `${address} ${request}\n`).join(''));
    writeSync(files[1], some.map((address) => `${address}\n`).join(''));
    written += some.length;
  }
  for (const file of files) closeSync(file);
}

/** @param {string} folder */
function measure(folder) {
  const [log, addresses, output] = ['access.log', 'addresses.txt', 'output'].map((name) => join(folder, name));
  writeFiles(log, addresses);
  const rowOf = (/** @type {string} */ ours, /** @type {string[]} */ args, /** @type {string} */ input) => {
    const own = runOnFiles([cli, ...args], input, output);
    return {
      work: `${LINES.toLocaleString('en')} lines, ${Math.round(statSync(input).size / 1e6)} MB`,
      ours,
      ourCost: own.busySeconds,
      peer: '',
      peerCost: null,
      unit: 's',
      target: null,
      note: `${ours}: ${own.megabytes.toFixed(0)} MB at the most, ${(own.milliseconds / 1000).toFixed(1)} s from start to end`,
    };
  };
  return [
    rowOf('classify --summary', ['classify', '--summary'], addresses),
    rowOf('match --table', ['match', '--table', table], addresses),
    rowOf('classify --extract --summary', ['classify', '--extract', '--summary'], log),
  ];
}

if (!existsSync(cli)) throw new Error('dist/cli/main.js is not built: npm run build');
const folder = mkdtempSync(join(tmpdir(), 'inaddr-bench-'));
try {
  report('A long log', measure(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
