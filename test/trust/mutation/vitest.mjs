// What stands for 'vitest' in the bundle of mutation.mjs: the tests of this project, in one process that stays warm, so that a
// mutant costs the tests that reach it and nothing else. Only what those tests use; matchers and spies are vitest's own.

import { readFile } from 'node:fs/promises';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  ChaiStyleAssertions,
  chai,
  customMatchers,
  getState,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import { fn, restoreAllMocks, spyOn } from '@vitest/spy';
import fc from 'fast-check';

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(plugin);
// From one seed, and without looking for the smallest example: that a property fails is enough.
fc.configureGlobal({ seed: 1, endOnFailure: true });

export const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect);
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
expect.getState = () => getState(expect);
expect.setState = (state) => setState(state, expect);
expect.extend = (matchers) => chai.expect.extend(expect, matchers);
expect.extend(customMatchers);
// By a whole path: the bundle lies elsewhere than its tests.
expect.extend({
  async toMatchFileSnapshot(received, path) {
    const pass = (await readFile(path, 'utf8')) === received;
    return { pass, message: () => `not what ${path} holds` };
  },
});
expect.poll = (read, options) => polled(read, options, []);

/** `expect.poll(f).not.toBe(1)`: the whole of it again and again until it holds. */
function polled(read, options, path) {
  return new Proxy(() => {}, {
    get: (_, key) => polled(read, options, [...path, key]),
    apply: (_, __, args) =>
      waitFor(async () => {
        const found = path.slice(0, -1).reduce((assertion, key) => assertion[key], expect(await read()));
        return found[path.at(-1)](...args);
      }, options),
  });
}

async function waitFor(attempt, options = {}) {
  const { timeout = 1000, interval = 50 } = typeof options === 'number' ? { timeout: options } : options;
  const end = performance.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }
}

const environment = { ...process.env };

export const vi = {
  fn,
  spyOn,
  restoreAllMocks,
  waitFor,
  setConfig() {},
  stubEnv(name, value) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  },
  unstubAllEnvs() {
    for (const name of Object.keys(process.env)) if (!Object.hasOwn(environment, name)) delete process.env[name];
    Object.assign(process.env, environment);
  },
};

export function expectTypeOf() {
  return new Proxy(() => {}, { get: () => expectTypeOf(), apply: () => expectTypeOf() });
}
export const assertType = () => {};

// --- suites and tests

const ROOT = makeSuite(null);
let suite = ROOT;
const tests = [];
let finishers = [];

function makeSuite(parent) {
  return { parent, beforeAll: [], beforeEach: [], afterEach: [] };
}

/** Hooks outside of any suite are those of their file: each begins with a suite of its own. */
export function enterFile() {
  suite = makeSuite(ROOT);
}

function addSuite(name, ...rest) {
  const define = rest.find((each) => typeof each === 'function');
  const outer = suite;
  suite = makeSuite(outer);
  suite.name = outer.name === undefined ? name : `${outer.name} > ${name}`;
  define();
  suite = outer;
}

function addTest(name, ...rest) {
  const run = rest.find((each) => typeof each === 'function');
  tests.push({ name: suite.name === undefined ? name : `${suite.name} > ${name}`, suite, run });
}

/** With `each`, `skipIf`, `runIf`, as vitest has them. What is skipped is not there. */
function withVariants(add) {
  const skip = () => {};
  skip.each = () => skip;
  const each =
    (cases, ...values) =>
    (name, ...rest) => {
      if (values.length > 0) throw new Error('tables of template text are not known here');
      const run = rest.find((one) => typeof one === 'function');
      const spread = cases.every(Array.isArray);
      for (const [index, one] of cases.entries()) add(`${name} #${index}`, () => (spread ? run(...one) : run(one)));
    };
  return Object.assign((...args) => add(...args), {
    each,
    skipIf: (condition) => (condition ? skip : withVariants(add)),
    runIf: (condition) => (condition ? withVariants(add) : skip),
  });
}

export const describe = withVariants(addSuite);
export const it = withVariants(addTest);
export const test = withVariants(addTest);
export const beforeAll = (hook) => suite.beforeAll.push(hook);
export const afterAll = () => {};
export const beforeEach = (hook) => suite.beforeEach.push(hook);
export const afterEach = (hook) => suite.afterEach.push(hook);
export const onTestFinished = (hook) => finishers.push(hook);

function ancestors(of) {
  return of === null ? [] : [...ancestors(of.parent), of];
}

/** Suites whose `beforeAll` has run. They stay open until the process ends: to close and open one for each mutant would take too long. */
const opened = new Set();

/** Runs tests by their indexes until one fails; what failed, or null. `told` is called around each. */
async function runTests(indexes, told = () => {}) {
  let failure = null;
  for (const index of indexes) {
    const one = tests[index];
    if (one === undefined) return { index, error: new Error('the test is not there any more') };
    const suites = ancestors(one.suite);
    told(index);
    try {
      for (const each of suites) {
        if (opened.has(each)) continue;
        opened.add(each);
        for (const hook of each.beforeAll) await hook();
      }
      finishers = [];
      try {
        for (const each of suites) for (const hook of each.beforeEach) await hook();
        await one.run({ onTestFinished });
      } finally {
        for (const each of [...suites].reverse()) for (const hook of [...each.afterEach].reverse()) await hook();
        for (const hook of finishers.reverse()) await hook();
      }
    } catch (error) {
      failure = { index, error };
    }
    told(null);
    if (failure !== null) break;
  }
  return failure;
}

/** For worker.mjs, which imports the bundle. */
export const suiteOfTests = { tests, runTests };
