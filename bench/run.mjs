// npm run bench                      builds, installs the peers, and measures every claim
// npm run bench -- parse classify    only those
//
// A file here is a claim of speed or size about this package, in comparison with named peers; each runs in a process of
// its own, and alone, too: `node --expose-gc bench/parse.mjs`.
//
// How it is measured (support/compare.mjs): a claim's cases take turns in one process, each with a loop that V8 compiled
// for it alone, over the same texts, made from a fixed seed (support/inputs.mjs); results are consumed, texts flattened.
// A ratio is the median of the ratios of 15 rounds, and beside it stands where the middle half of them lies; a cost is
// the median of the rounds. Only ratios mean something: a cost depends on the machine and on what else it does.
//
// A missed target is printed like one that is met. It does not fail the run: a noisy machine is no bug.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLAIMS = [
  'parse',
  'validate',
  'print',
  'predicates',
  'classify',
  'bytes',
  'size',
  'load',
  'startup',
  'summary',
  'log',
  'prefix-set',
  'prefix-map',
  'prefix-table',
  'merge',
  'countries',
  'resolve',
  'plan',
  'echo',
  'connect',
];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !CLAIMS.includes(name));
if (unknown.length > 0) {
  console.error(`no claim is named ${unknown.join(', ')}; there are ${CLAIMS.join(', ')}`);
  process.exit(2);
}

console.log(`Node ${process.version} on ${process.platform} ${process.arch}`);
let promised = 0;
/** @type {string[]} */
const missed = [];
for (const name of chosen.length > 0 ? chosen : CLAIMS) {
  const claim = fork(fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), { execArgv: ['--expose-gc'] });
  claim.on('message', (/** @type {{ promised: number, missed: string[] }} */ told) => {
    promised += told.promised;
    missed.push(...told.missed);
  });
  const code = await new Promise((resolve) => claim.on('exit', resolve));
  if (code !== 0) {
    console.error(`${name}.mjs ended with ${code}`);
    process.exitCode = 1;
  }
}

console.log(`\n${promised - missed.length} of ${promised} targets met${missed.length > 0 ? '; missed:' : ''}`);
for (const line of missed) console.log(`  ${line}`);
