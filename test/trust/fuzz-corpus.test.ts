import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureOf } from './fuzz/fuzzer.js';
import { TARGETS } from './fuzz/targets.js';
import { count } from './instrument.mjs';

interface Case {
  readonly target: string;
  readonly input: string;
}

const cases = readFileSync('fixtures/fuzz/corpus.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

describe('texts that fuzzing found a defect with', () => {
  it.each(cases)('$target: $input', ({ target, input }) => {
    const found = TARGETS.find(({ name }) => name === target);
    if (found === undefined) throw new Error(`no target ${target}`);
    expect(failureOf(found, input)).toBeNull();
  });
});

describe('targets', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))('%s takes its seeds', (_, target) => {
    for (const seed of ['', ...target.seeds]) expect(failureOf(target, seed), seed).toBeNull();
  });

  it('are no two of one name', () => {
    expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length);
  });
});

describe('counters of branches', () => {
  it('stand in each arm, and change nothing else', () => {
    const code = `
      function f(a, b) {
        if (a) return a ? 1 : b && (b || 2);
        else for (const x of [1, 2]) b ??= (() => ({ x }))().x;
        switch (b) { case 1: return 'one'; default: return [b].map((c) => c + 1)[0]; }
      }
      return [f(1, 0), f(0, 0), f(0, undefined), f(0, 5)];`;
    const whole = (text: string) => `async function main() {${text}}`;
    let counters = 0;
    const counted = count(whole(code), () => counters++);
    const hits = new Uint8Array(counters);
    const run = (text: string, array: Uint8Array): Promise<unknown> =>
      new Function('__hits', `${text}; return main();`)(array) as Promise<unknown>;
    return Promise.all([run(whole(code), hits), run(counted, hits)]).then(([plain, same]) => {
      expect(same).toEqual(plain);
      expect(counters).toBe(13);
      expect([...hits].filter((times) => times > 0).length).toBeGreaterThan(7);
    });
  });
});
