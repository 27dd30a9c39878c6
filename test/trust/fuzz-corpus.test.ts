import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Defect, failureOf, fuzz } from './fuzz/fuzzer.js';
import { TARGETS } from './fuzz/targets.js';
import { count } from './instrument.mjs';

/** A text, or what a long one is made of. */
type Case = { readonly target: string } & ({ readonly input: string } | { readonly long: Long });

interface Long {
  readonly head: string;
  readonly part: string;
  readonly times: number;
  readonly tail: string;
}

const cases = readFileSync('fixtures/fuzz/corpus.jsonl', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

describe('texts that fuzzing found a defect with', () => {
  it.each(cases)('%j', (one) => {
    const found = TARGETS.find(({ name }) => name === one.target);
    if (found === undefined) throw new Error(`no target ${one.target}`);
    const text = 'input' in one ? one.input : one.long.head + one.long.part.repeat(one.long.times) + one.long.tail;
    expect(failureOf(found, text)).toBeNull();
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

describe('the fuzzer', () => {
  it('reports what a text throws that it makes long, once, with what the text is made of', () => {
    const hits = new Uint8Array(8);
    const target = {
      name: 'long',
      seeds: ['abc'],
      run(text: string) {
        hits[0] = 1;
        if (text.length > 100_000) throw new Defect(`${text.length} characters are too many`);
      },
    };
    const { findings } = fuzz(target, { seconds: 0.2, seed: 1, hits, before() {} });
    expect(findings).toEqual([expect.objectContaining({ kind: 'throw' })]);
    const { head, part, times, tail } = JSON.parse(findings[0]?.input ?? '') as Long;
    expect(head.length + part.length * times + tail.length).toBeGreaterThan(100_000);
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
