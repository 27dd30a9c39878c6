// What `npm run trust` runs: each part of docs/trust.md, one after the other, with its figures, and a table at the end.
//
//   npm run trust                                   every part, as long as CI gives each
//   npm run trust -- fuzz soak --seconds 600        some parts, for longer (seconds for each target of a part)
//   npm run trust -- fuzz --seed 7                  from another seed
//   npm run trust -- mutation --target ip --seconds 600   an area of the source, which is the planner otherwise
//   npm run trust -- fuzz --target zone --out DIR   targets whose names have it; what is found, as files
//   npm run trust -- properties --target test/ip --seconds 60   the properties of some files of tests
//
// A part is a file of tests that `npm test` runs, too, or a program: TypeScript, bundled by esbuild into a directory that is removed again,
// and run with --expose-gc, which takes --seconds and --seed, prints its figures, and exits with 1 when it found something.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE } from './bundle.mjs';
import { instrument } from './instrument.mjs';

/** Seconds are for each target of a program. */
const PARTS = {
  faults: { tests: 'test/trust/faults.test.ts' },
  differential: { seconds: 6 },
  fuzz: { seconds: 1 },
  mutation: { seconds: 20 },
  properties: { seconds: 1 },
  regexp: { tests: 'test/trust/regexp.test.ts' },
  soak: { seconds: 8 },
  ssrf: { tests: 'test/trust/ssrf.test.ts' },
  surface: { tests: 'test/trust/surface.test.ts' },
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const { positionals, values } = settingsOf({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string' },
    out: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) fail(`no part ${unknown.join(', ')}: write some of ${Object.keys(PARTS).join(', ')}`);
for (const option of ['seconds', 'seed']) {
  const value = values[option];
  if (value !== undefined && !/^\d{1,9}$/.test(value)) fail(`--${option} ${value}: write a whole number`);
}

// Here, as packages are found from where the bundle stands.
const tmp = mkdtempSync(join(root, 'node_modules/.trust-'));
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

async function runPart(name, { tests, seconds }) {
  if (tests !== undefined) return run('node_modules/.bin/vitest', ['run', '--typecheck.enabled=false', tests]);
  const settings = ['--seconds', values.seconds ?? String(seconds), '--seed', values.seed];
  if (name === 'mutation') {
    return run(process.execPath, ['test/trust/mutation.mjs', values.target ?? 'plan', ...settings, '--slowest', '300']);
  }
  if (name === 'properties') return runProperties(values.seconds ?? String(seconds));
  if (values.target !== undefined && name !== 'differential') settings.push('--target', values.target);
  if (values.out !== undefined && name === 'fuzz') settings.push('--out', values.out);
  const counting = instrument({ src: join(root, 'src'), hits: join(root, 'test/trust/fuzz/hits.ts') });
  const outfile = join(tmp, `${name}.mjs`);
  await build({
    ...BUNDLE,
    plugins: name === 'fuzz' ? [counting.plugin] : [],
    entryPoints: [join(root, 'test/trust', `${name}.ts`)],
    outfile,
  });
  if (name === 'fuzz') settings.push('--counters', String(counting.counters()));
  return run(process.execPath, ['--expose-gc', outfile, ...settings]);
}

/** Each property of the tests for its seconds. */
function runProperties(seconds) {
  const files = readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => join('test', path))
    .filter((path) => path.endsWith('.test.ts') && path.includes(values.target ?? ''))
    .filter((path) => readFileSync(join(root, path), 'utf8').includes("'fast-check'"));
  if (files.length === 0) fail(`no properties in files with ${values.target} in their names`);
  const counts = join(tmp, 'counts');
  writeFileSync(counts, '');
  const env = { ...process.env, PROPERTY_SECONDS: seconds, PROPERTY_SEED: values.seed, PROPERTY_COUNTS: counts };
  const config = ['--config', 'test/trust/properties/vitest.config.ts'];
  const ok = run('node_modules/.bin/vitest', ['run', ...config, ...files], env);
  const held = readFileSync(counts, 'utf8').split('\n').filter(Boolean).map(Number);
  console.log(`${held.length} properties held for ${held.reduce((sum, each) => sum + each, 0)} examples`);
  return ok;
}

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

/** One line for options that there are not. */
function settingsOf(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    return fail(error.message.split('\n', 1)[0]);
  }
}

function fail(message) {
  console.error(`trust: ${message}`);
  process.exit(2);
}
