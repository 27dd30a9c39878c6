// Runs the tests on each Node that the package is for, and prints a table. The binaries come as npm packages, installed
// without scripts into a temporary directory. Run as `npm run test:nodes`, `npm run test:nodes -- 22 24` for some
// versions, and with `-- --` before arguments for vitest: `npm run test:nodes -- 20 -- test/dns`.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSIONS = ['20', '22', '24', '26'];

const root = fileURLToPath(new URL('..', import.meta.url));
const [wanted, vitestArgs] = splitArguments(process.argv.slice(2));
const platform = process.platform === 'win32' ? 'win' : process.platform;

const tmp = mkdtempSync(join(tmpdir(), 'inaddr-nodes-'));
// Some tests start Node as another user.
chmodSync(tmp, 0o755);
process.on('exit', () => rmSync(tmp, { recursive: true, force: true }));

install(wanted);
const rows = wanted.map((version) => ({ version, ...testOn(version) }));

console.table(
  Object.fromEntries(
    rows.map(({ exact, passed, failed, skipped, seconds, problem }) => [
      exact,
      { passed, failed, skipped, seconds, ...(problem === null ? {} : { problem }) },
    ]),
  ),
);
for (const { exact, failures } of rows) for (const name of failures) console.log(`${exact}  ${name}`);
process.exitCode = rows.every(({ problem }) => problem === null) ? 0 : 1;

// --- helpers

function splitArguments(args) {
  const at = args.indexOf('--');
  const versions = at === -1 ? args : args.slice(0, at);
  const unknown = versions.filter((version) => !/^\d+(?:\.\d+){0,2}$/.test(version));
  if (unknown.length > 0) throw new Error(`${unknown} is no version of Node, such as ${VERSIONS.join(', ')}`);
  return [versions.length > 0 ? versions : VERSIONS, at === -1 ? [] : args.slice(at + 1)];
}

function install(versions) {
  writeFileSync(join(tmp, 'package.json'), JSON.stringify({ name: 'nodes', private: true }));
  const packages = versions.map((version) => `node-${version}@npm:node-${platform}-${process.arch}@${version}`);
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', ...packages];
  const { status, error } = spawnSync('npm', args, { cwd: tmp, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} has failed`, { cause: error });
}

function testOn(version) {
  const bin = join(tmp, 'node_modules', `node-${version}`, 'bin');
  const node = join(bin, 'node');
  const report = join(tmp, `report-${version}.json`);
  const exact = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim() || version;
  console.log(`\n== Node ${exact}`);
  const { status, error } = spawnSync(node, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...vitestArgs], {
    cwd: root,
    // The build before the tests, and what they start, is run by the same Node.
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TEST_REPORT: report },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const problem = error?.message ?? (status === 0 ? null : `exit code ${status}`);
  return { exact, problem, ...read(report) };
}

/** The counts of a report, zeros when there is none. */
function read(path) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, startTime, testResults } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const end = Math.max(startTime, ...testResults.map(({ endTime }) => endTime));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    return {
      passed: numPassedTests,
      failed: numFailedTests,
      skipped: numPendingTests,
      seconds: Math.round((end - startTime) / 1000),
      failures: tests.filter((test) => test.status === 'failed').map(({ fullName }) => fullName),
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0, seconds: 0, failures: [] };
  }
}
