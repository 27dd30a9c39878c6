// A process of mutation.mjs: imports the bundle of instrumented code and its tests, and tries mutants one after the other.

import { performance } from 'node:perf_hooks';

const [bundle] = process.argv.slice(2);
const HIT_LIMIT = 'Hit count limit reached';
let hits = 0;
let hitLimit = 0;
const stryker = {
  mutantCoverage: { static: {}, perTest: {} },
  /** The number of the mutant that is tried, if one is. */
  active: -1,
  /** Called where it is reached. */
  hit() {
    if (++hits > hitLimit) throw new Error(HIT_LIMIT);
    return true;
  },
};
globalThis.__stryker__ = stryker;

const { suiteOfTests: suite } = await import(bundle);

// What is thrown where nobody waits for it; while loading it ends the process.
let stray = null;
process.on('unhandledRejection', (error) => {
  stray ??= error;
});
process.on('uncaughtException', (error) => {
  stray ??= error;
});

let tries = 0;

process.on('message', async (asked) => {
  const answer = asked.kind === 'dry' ? await dryRun(asked.tests) : await tryMutant(asked);
  process.send({ ...answer, tries: ++tries });
});
process.send({ ready: true });

/** These tests, or all, without a mutant: how long each takes, 0 for one that was not run, and which mutants it reaches how often. */
async function dryRun(only) {
  const milliseconds = suite.tests.map(() => 0);
  const failed = [];
  for (const index of only ?? suite.tests.keys()) {
    const { name } = suite.tests[index];
    const start = performance.now();
    const failure = await suite.runTests([index], (at) => {
      stryker.currentTestId = at === null ? undefined : String(at);
    });
    milliseconds[index] = performance.now() - start;
    if (failure !== null) failed.push({ index, name, error: String(failure.error?.stack ?? failure.error) });
  }
  const { static: atLoad, perTest } = stryker.mutantCoverage;
  return { milliseconds, failed, atLoad, perTest };
}

/** @param {{ mutant: string, tests: number[], fresh: boolean, hitLimit: number }} asked */
async function tryMutant({ mutant, tests, fresh, hitLimit: limit }) {
  stryker.active = Number(mutant);
  hits = 0;
  hitLimit = limit;
  stray = null;
  try {
    // What is made when a module is loaded has to be made again.
    const tried = fresh ? (await import(`${bundle}?mutant=${mutant}`)).suiteOfTests : suite;
    const failure = await tried.runTests(tests);
    if (failure !== null) {
      stryker.active = -1;
      // What an earlier mutant left behind fails without this one, too.
      const spoilt = !fresh && (await tried.runTests([failure.index])) !== null;
      return { status: spoilt ? 'spoilt' : 'killed', by: failure.index, error: String(failure.error) };
    }
    await new Promise((resolve) => setImmediate(resolve));
    return stray === null ? { status: 'survived' } : { status: 'killed', by: null, error: String(stray) };
  } catch (error) {
    return { status: 'killed', by: null, error: String(error) };
  } finally {
    stryker.active = -1;
  }
}
