// What `npm run trust` runs: each part of docs/trust.md, one after the other, with its figures, and a table at the end.
//
//   npm run trust                                   every part, as long as CI gives each
//   npm run trust -- fuzz soak --seconds 600        some parts, for longer (seconds for each target of a part)
//   npm run trust -- fuzz --seed 7                  from another seed
//
// A part is a file of tests that `npm test` runs, too, or a program: TypeScript, bundled by esbuild into a temporary directory
// and run with --expose-gc, which takes --seconds and --seed, prints its figures, and exits with 1 when it found something.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

/** Seconds are for each target of a program. */
const PARTS = {};

const root = fileURLToPath(new URL('../..', import.meta.url));
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) fail(`no part ${unknown.join(', ')}: write some of ${Object.keys(PARTS).join(', ')}`);
for (const option of ['seconds', 'seed']) {
  const value = values[option];
  if (value !== undefined && !/^\d{1,9}$/.test(value)) fail(`--${option} ${value}: write a whole number`);
}

const tmp = mkdtempSync(join(tmpdir(), 'inaddr-trust-'));
process.on('exit', () => rmSync(tmp, { recursive: true, force: true }));

const rows = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  console.log(`\n== ${name}`);
  const start = process.hrtime.bigint();
  const ok = await runPart(name, PARTS[name]);
  rows.push({ part: name, ok, seconds: Number((process.hrtime.bigint() - start) / 1_000_000_000n) });
}
console.log();
console.table(rows);
process.exitCode = rows.every(({ ok }) => ok) ? 0 : 1;

// --- helpers

async function runPart(name, { tests, seconds, command }) {
  if (tests !== undefined) return run('node_modules/.bin/vitest', ['run', '--typecheck.enabled=false', tests]);
  const settings = ['--seconds', values.seconds ?? String(seconds), '--seed', values.seed];
  if (command !== undefined) return run(process.execPath, [command, ...settings]);
  const outfile = join(tmp, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'test/trust', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return run(process.execPath, ['--expose-gc', '--enable-source-maps', outfile, ...settings]);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

function fail(message) {
  console.error(`trust: ${message}`);
  process.exit(2);
}
