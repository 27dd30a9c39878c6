// Packs the package and uses it as its users do: publint and attw on the tarball, an install into an empty project, every
// entry point of package.json imported and required, the command, and TypeScript consumers. Prints a line a check, with
// the output of what failed. Needs the npm registry, and `npm ci` to have run.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const consumer = fileURLToPath(new URL('consumer', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { name } = manifest;
/** `inaddr`, `inaddr/ip`, … */
const entries = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => path.replace(/^\./, name));

const FILES = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json'];
const COMPILER_OPTIONS = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  target: 'ES2022',
  lib: ['ES2023'],
};
const RESOLUTIONS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
};

const tmp = mkdtempSync(join(tmpdir(), `${name}-package-`));
process.on('exit', () => rmSync(tmp, { recursive: true, force: true }));
let failures = 0;

// --- the tarball

const tarball = check('npm pack', () => {
  run('npm', ['pack', '--pack-destination', tmp]);
  const [file, ...others] = readdirSync(tmp).filter((each) => each.endsWith('.tgz'));
  if (file === undefined || others.length > 0) throw new Error(`npm pack left ${[file, ...others]} in ${tmp}`);
  return join(tmp, file);
});
if (tarball === undefined) process.exit(1);

check('publint --strict', () => run(bin('publint'), ['run', tarball, '--strict']));
check('attw --profile esm-only', () => run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-definitely-typed']));

// --- an empty project with the package and its peers, the oldest that it says it takes

const app = project('app');
const peers = Object.entries(manifest.peerDependencies ?? {}).map(([peer, range]) => `${peer}@${oldest(range)}`);
const nodeTypes = `@types/node@${manifest.devDependencies['@types/node']}`;
const installed = check(`npm install of the tarball with ${peers.join(', ')}`, () => {
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', tarball, ...peers, nodeTypes], app);
  return join(app, 'node_modules', name);
});
if (installed === undefined) process.exit(1);

check('the tarball has its files and no others', () => {
  const top = readdirSync(installed);
  const missing = [...FILES, 'dist', 'docs'].filter((each) => !top.includes(each));
  const extra = top.filter((each) => ![...FILES, 'dist', 'docs', 'node_modules'].includes(each));
  const odd = readdirSync(join(installed, 'dist'), { recursive: true }).filter((each) => /\.(test|spec)\b/.test(each));
  const wrong = [...missing.map((each) => `missing: ${each}`), ...[...extra, ...odd].map((each) => `extra: ${each}`)];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
});

for (const entry of entries) {
  check(`import ${entry}`, () => importEntry(app, entry));
  check(`require ${entry}`, () => requireEntry(app, entry));
}
check('one class from every entry point', () => {
  cpSync(join(consumer, 'identity.mjs'), join(app, 'identity.mjs'));
  run('node', ['identity.mjs', ...entries], app);
});
for (const command of Object.keys(manifest.bin)) {
  check(`npx ${command} --help`, () => run('npx', ['--no-install', command, '--help'], app));
}

// --- the same package where nothing else is installed

const bare = project('bare');
cpSync(installed, join(bare, 'node_modules', name), { recursive: true });
check(`import ${name}/ip with no other package`, () => importEntry(bare, `${name}/ip`));

// --- TypeScript consumers

check('the TypeScript consumer uses every entry point', () => {
  const text = readFileSync(join(consumer, 'all.ts'), 'utf8');
  const unused = entries.filter((entry) => !text.includes(`from '${entry}'`));
  if (unused.length > 0) throw new Error(`.ci/consumer/all.ts does not import ${unused.join(', ')}`);
});
for (const [resolution, options] of Object.entries(RESOLUTIONS)) {
  check(`tsc, ${resolution}, every entry point`, () => compile(app, 'all.ts', { ...options, types: ['node'] }));
  check(`tsc, ${resolution}, ${name}/ip without any types`, () => compile(bare, 'ip.ts', { ...options, types: [] }));
}
// TypeScript follows Node: what Node can require, a CommonJS file may import.
check('tsc, nodenext, every entry point from CommonJS', () => {
  compile(app, 'all.cts', { ...RESOLUTIONS.nodenext, types: ['node'] });
});

process.exitCode = failures === 0 ? 0 : 1;

// --- helpers

/** Prints the outcome of `work`, and returns what it returned or, when it threw, `undefined`. */
function check(title, work) {
  try {
    const value = work();
    console.log(`ok    ${title}`);
    return value;
  } catch (error) {
    failures += 1;
    console.log(`FAIL  ${title}\n${String(error.message).replace(/^/gm, '      ')}`);
    return undefined;
  }
}

/** @throws with the command and what it printed, when it does not exit with 0 */
function run(command, args, cwd = root) {
  // npm sets these for the scripts that it runs; a nested npm must find its project by itself.
  const { npm_config_local_prefix, NODE_PATH, FORCE_COLOR, ...env } = process.env;
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env: { ...env, NO_COLOR: '1' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
    maxBuffer: 64 * 2 ** 20,
  });
  if (status === 0) return;
  const outcome = error?.message ?? (signal === null ? `exit code ${status}` : `killed by ${signal}`);
  throw new Error([`$ ${command} ${args.join(' ')}`, `${stdout}${stderr}`.trim(), outcome].join('\n'));
}

function bin(command) {
  return join(root, 'node_modules', '.bin', command);
}

function project(directory) {
  const path = join(tmp, directory);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: directory, private: true, type: 'module' }));
  return path;
}

/** The lowest version of a range such as `^4.5.0`. */
function oldest(range) {
  const version = range.replace(/^(?:\^|~|>=)\s*/, '');
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`cannot tell the oldest version of ${range}`);
  return version;
}

function importEntry(cwd, entry) {
  evaluate(cwd, 'module', `import * as entry from '${entry}';`, entry);
}

function requireEntry(cwd, entry) {
  evaluate(cwd, 'commonjs', `const entry = require('${entry}');`, entry);
}

function evaluate(cwd, type, load, entry) {
  const code = `${load} if (Object.keys(entry).length === 0) throw new Error('${entry} exports nothing');`;
  run('node', [`--input-type=${type}`, '--eval', code], cwd);
}

/** Compiles the consumer with the name of `file`, whatever its extension. */
function compile(cwd, file, options) {
  cpSync(join(consumer, file.replace(/\.cts$/, '.ts')), join(cwd, file));
  const config = { compilerOptions: { ...COMPILER_OPTIONS, ...options }, files: [file] };
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify(config));
  run(bin('tsc'), ['-p', '.'], cwd);
}
