// Measures our code and its peers on the same inputs, in one process, in turn.

import { ratioOf } from './report.mjs';

/** How many times each case is measured; the medians are reported. */
const ROUNDS = 15;
/** How long one measurement takes at least: long enough for a clock, short enough for cases to share the same weather. */
const ROUND_MS = 30;
/** How long each case runs before it is measured, for V8 to compile it. */
const WARM_UP_MS = 250;

/**
 * Something to measure: `run` is called for each of the inputs. Its results are consumed by their type: objects are kept
 * for a while, texts are flattened by reading their last character, numbers and booleans are summed.
 *
 * @template Input
 * @typedef {object} Case
 * @property {string} name
 * @property {(input: Input) => unknown} run
 * @property {readonly Input[]} [inputs] the same inputs in another form, where this case takes another one
 * @property {number} [each] how many operations one call of `run` counts for; 1 unless given
 */

/**
 * A peer, and what we promise in comparison with it; null to print its row for information.
 *
 * @template Input
 * @typedef {Case<Input> & { readonly target: import('./report.mjs').Target | null }} Peer
 */

/**
 * Measures `ours` and its peers in alternating rounds, and gives a row for each peer.
 *
 * @template Input
 * @param {object} claim
 * @param {string} claim.work
 * @param {readonly Input[]} claim.inputs
 * @param {Case<any>} claim.ours
 * @param {readonly Peer<any>[]} claim.peers
 * @param {(result: any) => boolean} [claim.check] what must hold for each result of each case, so that no case is fast because
 *   it does not do the work
 * @returns {import('./report.mjs').Row[]}
 */
export function compare({ work, inputs, ours, peers, check }) {
  const cases = [ours, ...peers].map((one) => {
    const own = one.inputs ?? inputs;
    if (check !== undefined) checkAll(work, one, own, check);
    const loop = compile(one, typeof one.run(own[0]));
    const operations = own.length * (one.each ?? 1);
    return { loop, own, operations, passes: 1, nanoseconds: /** @type {number[]} */ ([]) };
  });
  // Twice, because code that the cases share may be compiled again when the second case comes.
  for (const one of [...cases, ...cases]) one.passes = warmUp(one.loop, one.own);
  for (let round = 0; round < ROUNDS; round++) {
    // Each round begins with another case, so that none always runs after the same one.
    for (let turn = 0; turn < cases.length; turn++) {
      const one = cases[(round + turn) % cases.length];
      if (one !== undefined)
        one.nanoseconds.push((time(one.loop, one.own, one.passes) * 1e6) / one.passes / one.operations);
    }
  }
  const [own, ...others] = cases;
  return peers.map((peer, index) => ({
    work,
    ours: ours.name,
    peer: peer.name,
    unit: 'ns',
    target: peer.target,
    ...ratioOf(own?.nanoseconds ?? [], others[index]?.nanoseconds ?? [], peer.target),
  }));
}

/**
 * Work that takes so long that one run of it is a measurement.
 *
 * @typedef {object} Task
 * @property {string} name
 * @property {() => unknown} run
 */

/**
 * Measures a long task and its peers in alternating rounds, and gives a row for each peer. A peer that takes very long runs
 * in its first `rounds` rounds only, and is compared with ours in the same ones.
 *
 * @param {object} claim
 * @param {string} claim.work
 * @param {number} claim.rounds
 * @param {Task} claim.ours
 * @param {readonly (Task & { readonly target: import('./report.mjs').Target | null, readonly rounds?: number })[]} claim.peers
 * @returns {import('./report.mjs').Row[]}
 */
export function compareTasks({ work, rounds, ours, peers }) {
  const cases = [{ ...ours, rounds }, ...peers.map((peer) => ({ ...peer, rounds: peer.rounds ?? rounds }))];
  const times = cases.map(() => /** @type {number[]} */ ([]));
  // Once for V8 to compile; who runs only once or twice is slow anyway.
  for (const { run, rounds: own } of cases) if (own > 2) timeTask(run);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < cases.length; turn++) {
      const index = (round + turn) % cases.length;
      if (round < (cases[index]?.rounds ?? 0)) times[index]?.push(timeTask(cases[index]?.run ?? (() => null)));
    }
  }
  const [own = [], ...others] = times;
  return peers.map(({ name, target }, index) => {
    const theirs = others[index] ?? [];
    const compared = ratioOf(own.slice(0, theirs.length), theirs, target);
    const note = theirs.length < own.length ? { note: `${name} in ${theirs.length} of ${own.length} rounds` } : {};
    return { work, ours: ours.name, peer: name, unit: 'ms', target, ...compared, ...note };
  });
}

/** @param {() => unknown} run */
function timeTask(run) {
  // Nobody pays for the garbage of the task before.
  globalThis.gc?.();
  const start = performance.now();
  const result = run();
  const elapsed = performance.now() - start;
  consumed = (consumed + Number(result !== undefined)) | 0;
  return elapsed;
}

/** @typedef {(inputs: readonly any[], passes: number) => unknown} Loop */

let compiled = 0;

/**
 * A loop over the inputs for this case alone: V8 keeps what it learns about types with the source of a function, so a loop
 * that cases share is fast for the first and slow for the others. The number in the source keeps V8 from finding an earlier
 * loop in its cache.
 *
 * @param {Case<any>} one
 * @param {string} type of the results
 * @returns {Loop}
 */
function compile(one, type) {
  const consume = {
    boolean: 'if (result) sum++;',
    number: 'sum = (sum + result) | 0;',
    string: 'sum = (sum + result.charCodeAt(result.length - 1)) | 0;',
  };
  const source = `return function measured${compiled++}(inputs, passes) {
    let sum = 0;
    for (let pass = 0; pass < passes; pass++) {
      for (let i = 0; i < inputs.length; i++) {
        const result = run(inputs[i]);
        ${consume[/** @type {keyof typeof consume} */ (type)] ?? 'kept[i & 1023] = result;'}
      }
    }
    return sum;
  }`;
  return new Function('run', 'kept', source)(one.run, new Array(1024).fill(null));
}

/**
 * How many passes over the inputs make a round, after V8 has had time to compile.
 *
 * @param {Loop} loop
 * @param {readonly unknown[]} inputs
 */
function warmUp(loop, inputs) {
  const end = performance.now() + WARM_UP_MS;
  let fastest = Number.POSITIVE_INFINITY;
  do fastest = Math.min(fastest, time(loop, inputs, 1));
  while (performance.now() < end);
  return Math.max(1, Math.ceil(ROUND_MS / fastest));
}

/** Where the sums of the loops go, so that none of them can be left out. */
export let consumed = 0;

/**
 * @param {Loop} loop
 * @param {readonly unknown[]} inputs
 * @param {number} passes
 * @returns {number} milliseconds
 */
function time(loop, inputs, passes) {
  // Nobody pays for the garbage of the case before.
  globalThis.gc?.({ type: 'minor' });
  const start = performance.now();
  const sum = loop(inputs, passes);
  const elapsed = performance.now() - start;
  consumed = (consumed + Number(sum)) | 0;
  return elapsed;
}

/**
 * @param {string} work
 * @param {Case<any>} one
 * @param {readonly unknown[]} inputs
 * @param {(result: any) => boolean} check
 */
function checkAll(work, { name, run }, inputs, check) {
  for (const input of inputs) {
    const result = run(input);
    if (!check(result)) throw new Error(`${work}: ${name} gives ${String(result)} for ${JSON.stringify(input)}`);
  }
}
