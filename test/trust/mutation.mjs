// Mutation testing: small changes to the source, one at a time, each of which some test has to notice.
//
//   node test/trust/mutation.mjs [area...] [--seconds N] [--seed N] [--files TEXT,TEXT…] [--survivors FILE] [--again FILE] [--workers N] [--slowest MS]
//
// StrykerJS makes the mutants (its instrumenter, all of them in one build, switched by a global). Its runner starts vitest for each,
// which would take days here: the tests run in processes that stay warm instead (mutation/vitest.mjs), each mutant against the tests that
// reach it, the quickest first, until one fails. What is made when a module is loaded is loaded again for each of its mutants.
//
// Killed: a test failed, hung, or looped a hundred times as often as without the mutant. Not reached: no test gets there, which counts as
// survived. Tests that take longer than --slowest milliseconds (100) are left out: what only they would notice counts as survived.
// --survivors writes those that no test noticed, one to a line; --again tries only those that such a file names, as after a test was
// written, or with slower tests. Survivors that no test can notice are explained in mutation/explained.txt, and told apart.
// With --seconds, each area tries mutants in an order shuffled by the seed until the time is over, and says how many it tried.

import { fork } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { build } from 'esbuild';
import { BUNDLE } from './bundle.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const PLAN =
  /^src\/socket\/(claim|claim-index|exposure|machine|node-behaviour|occupancy|pairs|path-pairs|plan|predict|warnings)\.ts$/;

const PLAN_TESTS =
  /^test\/socket\/(check-environment|node-behaviour|pairs|path-pairs|plan|plan-words|random-binds|services|truth-table)\.test\.ts$/;

/** The share of mutants that have to be killed, in percent. */
const AREAS = {
  ip: { src: /^src\/ip\//, tests: /^test\/ip\//, least: 90 },
  plan: { src: PLAN, tests: PLAN_TESTS, least: 90 },
  socket: { src: /^src\/(socket|checks)\//, tests: /^test\/(socket|checks)\//, least: 80 },
  schema: { src: /^src\/(schema|interop)\//, tests: /^test\/(schema|interop)\//, least: 80 },
  dns: { src: /^src\/dns\//, tests: /^test\/dns\//, least: 80 },
  tcp: { src: /^src\/tcp\//, tests: /^test\/tcp\//, least: 80 },
};
/** Tables are data, which tests compare with IANA's files; an index only names what others have. */
const DATA = /src\/(ip\/(registry|address-space|multicast-groups)|socket\/services|.*index)\.ts$/;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    files: { type: 'string', default: '' },
    survivors: { type: 'string' },
    again: { type: 'string' },
    slowest: { type: 'string', default: '100' },
    workers: { type: 'string', default: '2' },
  },
});

for (const option of ['seconds', 'seed', 'slowest', 'workers']) {
  const value = values[option];
  if (value !== undefined && !/^\d{1,9}$/.test(value)) fail(`--${option} ${value}: write a whole number`);
}
if (Number(values.workers) < 1) fail('--workers 0: write 1 or more');
const unknown = positionals.filter((name) => !Object.hasOwn(AREAS, name));
if (unknown.length > 0) fail(`no area ${unknown.join(', ')}: write some of ${Object.keys(AREAS).join(', ')}`);

/** Processes that run, some of them in a loop that only a signal ends. */
const children = new Set();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

/** The lines of files, read once. */
const read = new Map();
/** Survivors that change nothing that a test could see: the reason of each by its change. */
const explained = readExplained(join(root, 'test/trust/mutation/explained.txt'));
const again = values.again === undefined ? null : readSurvivors(values.again);
if (values.survivors !== undefined) writeFileSync(values.survivors, '');
const rows = [];
for (const area of positionals.length > 0 ? positionals : Object.keys(AREAS)) {
  rows.push(await tryArea(area, AREAS[area]));
}
console.table(rows);
process.exitCode = rows.every(({ met }) => met === 'yes') ? 0 : 1;

function fail(message) {
  console.error(`mutation: ${message}`);
  process.exit(2);
}

async function tryArea(area, { src, tests, least }) {
  const files = filesIn('src').filter(
    (path) =>
      src.test(path) &&
      !DATA.test(path) &&
      values.files.split(',').some((part) => path.includes(part)) &&
      (area !== 'socket' || !PLAN.test(path)),
  );
  const tested = filesIn('test').filter((path) => tests.test(path) && path.endsWith('.test.ts'));
  // Without mutants first: code that counts how often it is reached takes ten times as long.
  const timed = await timeTests(area, tested);
  const { mutants, counting, switched } = await instrument(area, files, tested);
  const counter = await startWorker(counting);
  const quick = timed.flatMap((milliseconds, test) => (milliseconds <= Number(values.slowest) ? [test] : []));
  const dry = await dryRun(counter, quick, 900);
  counter.stop();
  // What a test takes without counting is what a mutant has to wait for.
  for (const test of quick) dry.milliseconds[test] = timed[test];
  if (dry.failed.length > 0) {
    for (const { name, error } of dry.failed.slice(0, 10))
      console.error(`${area}: fails without a mutant: ${name}\n  ${error}`);
    throw new Error(`${area}: ${dry.failed.length} tests fail without a mutant`);
  }
  const pool = await Promise.all(Array.from({ length: Number(values.workers) }, () => startWorker(switched)));
  const seconds = dry.milliseconds.reduce((sum, each) => sum + each, 0) / 1000;
  const left = `${timed.length - quick.length} slower ones are left out`;
  console.log(`${area}: ${mutants.length} mutants in ${files.length} files`);
  console.log(`${area}: ${quick.length} tests take ${seconds.toFixed(1)} s, ${left}`);

  const asked = again === null ? mutants : mutants.filter((mutant) => again.has(changeOf(mutant)));
  const jobs = shuffle(
    asked.map((mutant) => jobOf(mutant, dry)),
    Number(values.seed),
  );
  const end = values.seconds === undefined ? Infinity : performance.now() + Number(values.seconds) * 1000;
  const results = [];
  const killers = new Map();
  // The tests that reach anything of a file, the quickest first.
  const ofFile = new Map();
  for (const [file, of] of groupBy(jobs, ({ file }) => file))
    ofFile.set(
      file,
      [...new Set(of.flatMap(({ tests }) => tests))].sort((a, b) => dry.milliseconds[a] - dry.milliseconds[b]),
    );
  let next = 0;
  await Promise.all(
    pool.map(async (worker) => {
      while (next < jobs.length && performance.now() < end) {
        const job = jobs[next++];
        const result = await tryJob(worker, job, killers, ofFile);
        results.push({ ...job, ...result });
        if (values.survivors !== undefined && !isDead(result))
          appendFileSync(values.survivors, `${area}\t${result.status}\t${at(job)}\t${changeOf(job)}\n`);
        if (results.length % 250 === 0)
          console.log(`${area}: ${scoreOf(results)}, ${results.length} of ${jobs.length} tried`);
      }
      worker.stop();
    }),
  );
  printFiles(results);
  for (const result of results.filter((each) => isDead(each) && explained.has(changeOf(each))))
    console.log(`${area}: explained, and killed: ${at(result)} ${changeOf(result)}`);
  const score = percent(results);
  const counts = groupBy(results, ({ status }) => status);
  const count = (status) => counts.get(status)?.length ?? 0;
  return {
    area,
    mutants: jobs.length,
    tried: results.length,
    killed: count('killed'),
    timeout: count('timeout'),
    survived: count('survived'),
    'not reached': count('not reached'),
    explained: results.filter((result) => !isDead(result) && explained.has(changeOf(result))).length,
    score: score.toFixed(1),
    least,
    met: score >= least ? 'yes' : 'NO',
  };
}

/** The files of a folder, in order, as paths from the root. */
function filesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.d\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const each of list) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}

/** These tests, or all, without a mutant. */
async function dryRun(worker, tests, seconds) {
  const answer = await worker.ask({ kind: 'dry', tests }, 1000 * seconds);
  if (answer === null) fail(`the tests without a mutant took over ${seconds} s, or ended their process`);
  return answer;
}

/** What each test takes, in milliseconds. */
async function timeTests(area, tests) {
  const { counting: bare } = await instrument(`${area}-bare`, [], tests);
  const worker = await startWorker(bare);
  const { milliseconds, failed } = await dryRun(worker, null, 900);
  worker.stop();
  for (const { name, error } of failed) console.error(`fails outside vitest, and is left out: ${name}\n  ${error}`);
  return milliseconds.map((each, test) =>
    failed.some(({ index }) => index === test) ? Number.POSITIVE_INFINITY : each,
  );
}

/** All mutants of the files in a bundle with their tests: one that counts which are reached, and one that does not. */
async function instrument(area, files, tests) {
  const silent = { isDebugEnabled: () => false, debug() {}, info() {}, warn: console.warn, error: console.error };
  const { files: made, mutants } = await new Instrumenter(silent).instrument(
    files.map((path) => ({ name: join(root, path), mutate: true, content: readFileSync(join(root, path), 'utf8') })),
    { plugins: [], excludedMutations: [], ignorers: [] },
  );
  const contents = new Map(made.map(({ name, content }) => [name, content]));
  return {
    mutants: mutants
      .filter(({ ignoreReason, statusReason }) => (ignoreReason ?? statusReason) === undefined)
      .map((mutant) => ({ ...mutant, file: relative(root, mutant.fileName) })),
    counting: await bundled(`${area}-counting`, tests, (path) => contents.get(path)),
    switched: files.length === 0 ? null : await bundled(area, tests, (path) => withoutCounting(contents.get(path))),
  };
}

/** Counting takes ten times as long as the code, and comparing texts twice as long. */
function withoutCounting(content) {
  return content
    ?.replaceAll(/stryCov_9fa48\(\s*"\d+"(?:,\s*"\d+")*\s*\)/g, '0')
    .replaceAll(/stryMutAct_9fa48\("(\d+)"\)/g, '(__stryker__.active === $1 && __stryker__.hit())');
}

async function bundled(name, tests, contentOf) {
  // Packages are found from where the bundle lies.
  const outfile = join(root, 'node_modules', `.inaddr-mutation-${process.pid}-${name}.mjs`);
  process.on('exit', () => rmSync(outfile, { force: true }));
  await build({
    ...BUNDLE,
    stdin: {
      contents: `${tests.map((path, i) => `import 'enter-file:${i}';\nimport './${path}';`).join('\n')}\nexport { suiteOfTests } from 'vitest';`,
      resolveDir: root,
    },
    outfile,
    absWorkingDir: root,
    ignoreAnnotations: true,
    plugins: [
      {
        name: 'mutants',
        setup(at) {
          at.onResolve({ filter: /^enter-file:/ }, ({ path }) => ({ path, namespace: 'enter-file' }));
          at.onLoad({ filter: /./, namespace: 'enter-file' }, () => ({
            contents: "import { enterFile } from 'vitest';\nenterFile();",
            resolveDir: root,
          }));
          at.onResolve({ filter: /^vitest$/ }, () => ({ path: join(root, 'test/trust/mutation/vitest.mjs') }));
          at.onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => ({
            contents: located(contentOf(path) ?? readFileSync(path, 'utf8'), path),
            loader: 'ts',
          }));
        },
      },
    ],
  });
  return pathToFileURL(outfile).href;
}

/** A bundle lies elsewhere than its files. */
function located(text, path) {
  return text
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    .replaceAll('import.meta.dirname', JSON.stringify(join(path, '..')));
}

/** Which tests a mutant has to face, and how often it may be reached. */
function jobOf({ id, file, location, replacement, mutatorName }, { milliseconds, perTest, atLoad }) {
  const reached = Object.keys(perTest).filter((test) => perTest[test][id] !== undefined);
  const fresh = atLoad[id] !== undefined;
  // What is made at loading may be seen by any test.
  const all = milliseconds.flatMap((each, test) => (each > 0 ? [test] : []));
  const tests = (fresh ? all : reached.map(Number)).sort((a, b) => milliseconds[a] - milliseconds[b]);
  const hits = reached.reduce((sum, test) => sum + perTest[test][id], atLoad[id] ?? 0);
  const budget = tests.reduce((sum, test) => sum + milliseconds[test], 0);
  return { id, file, location, replacement, mutatorName, tests, fresh, hitLimit: 100 * hits + 1000, budget };
}

async function tryJob(worker, { id, file, tests, fresh, hitLimit, budget }, killers, ofFile) {
  if (tests.length === 0) return { status: 'not reached' };
  // What killed the last mutants of the file kills the next, as a rule.
  const known = (killers.get(file) ?? []).filter((test) => tests.includes(test));
  const ordered = [...known, ...tests.filter((test) => !known.includes(test))];
  const result = await worker.ask({ mutant: id, tests: ordered, fresh, hitLimit }, 10_000 + 5 * budget);
  if (result === null) return { status: 'timeout' };
  // The process has something of an earlier mutant in it: another, and a copy of the modules for this one.
  if (result.status === 'spoilt') {
    await worker.restart();
    return tryJob(worker, { id, file, tests, fresh: true, hitLimit, budget }, killers, ofFile);
  }
  if (result.by !== undefined && result.by !== null) {
    const others = (killers.get(file) ?? []).filter((test) => test !== result.by);
    killers.set(file, [result.by, ...others].slice(0, 8));
  }
  // Modules that were loaded again stay in memory.
  if (result.tries > (fresh ? 100 : 2000)) await worker.restart();
  // What is made once, when it is first asked for, was made before the mutant: only a module that is loaded again makes it anew,
  // and then any test of the file may see it.
  if (result.status === 'survived' && !fresh && tests.length <= 4)
    return tryJob(
      worker,
      { id, file, tests: ofFile.get(file) ?? tests, fresh: true, hitLimit, budget: 60_000 },
      killers,
      ofFile,
    );
  return result.error?.includes('Hit count limit') ? { status: 'timeout' } : result;
}

async function startWorker(bundle) {
  let child = await start();
  async function start() {
    const started = fork(join(root, 'test/trust/mutation/worker.mjs'), [bundle], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--max-old-space-size=1500'],
    });
    children.add(started);
    started.once('exit', () => children.delete(started));
    // What it prints later, such as that its memory is full, is the mutant's.
    let printed = '';
    started.stderr.setEncoding('utf8').on('data', (text) => {
      printed = (printed + text).slice(-10_000);
    });
    await new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`a worker ended with ${code} before it began\n${printed}`));
      started.once('exit', ended);
      started.once('message', () => {
        started.removeListener('exit', ended);
        resolve();
      });
    });
    return started;
  }
  const worker = {
    /** The answer; null when there is none in time, or the process is gone: it is started anew. */
    async ask(message, milliseconds) {
      const answer = await new Promise((resolve) => {
        const timer = setTimeout(() => done(null), milliseconds);
        const done = (found) => {
          clearTimeout(timer);
          child.removeListener('exit', gone);
          child.removeListener('message', done);
          resolve(found);
        };
        const gone = () => done(null);
        child.once('message', done);
        child.once('exit', gone);
        child.send(message, () => {});
      });
      if (answer === null) await worker.restart();
      return answer;
    },
    async restart() {
      child.kill('SIGKILL');
      child = await start();
    },
    stop() {
      child.kill('SIGKILL');
    },
  };
  return worker;
}

function isDead({ status }) {
  return status === 'killed' || status === 'timeout';
}

function at({ file, location: { start } }) {
  return `${file}:${start.line + 1}:${start.column + 1}`;
}

/** What a mutant changes, in one line: the same wherever in the file that is. */
function changeOf({ file, location: { start, end }, replacement, mutatorName }) {
  const line = linesOf(file)[start.line] ?? '';
  const before = start.line === end.line ? line.slice(start.column, end.column) : `${line.slice(start.column)} …`;
  return [file, mutatorName, oneLine(before), '=>', oneLine(replacement), line.trim()].join('\t');
}

/** The changes that a file of survivors names, behind area, status and place. */
function readSurvivors(path) {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    return new Set(lines.map((line) => line.split('\t').slice(3).join('\t')));
  } catch (error) {
    return fail(`--again ${path}: ${error.message}; write the file that --survivors made`);
  }
}

/** Lines that begin with '#' are the reason of the changes that follow. */
function readExplained(path) {
  const reasons = new Map();
  let reason = '';
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('# ')) reason = line.slice(2);
    else if (line !== '') reasons.set(line, reason);
  }
  return reasons;
}

function linesOf(path) {
  if (!read.has(path)) read.set(path, readFileSync(join(root, path), 'utf8').split('\n'));
  return read.get(path);
}

function oneLine(text = '') {
  return text.replace(/\s+/g, ' ').slice(0, 160);
}

function printFiles(results) {
  for (const [file, of] of [...groupBy(results, ({ file }) => file)].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${file.padEnd(44)} ${scoreOf(of)}`);
}

function scoreOf(results) {
  const dead = results.filter(isDead).length;
  return `${percent(results).toFixed(1).padStart(5)} %, ${dead} of ${results.length}`;
}

function percent(results) {
  const dead = results.filter(isDead).length;
  return results.length === 0 ? 0 : (100 * dead) / results.length;
}

/** Fisher and Yates, by a generator of 32 bits (mulberry32). */
function shuffle(list, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
