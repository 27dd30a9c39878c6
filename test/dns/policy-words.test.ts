import { expect, it } from 'vitest';
import { compilePolicy } from '../../src/dns/policy.js';

const NONE = "the policy is none: pass 'any', 'global', {allow, deny} or a function";

it.each<[policy: unknown, message: string]>([
  [null, NONE],
  [undefined, NONE],
  [42, NONE],
  [true, NONE],
  ['globl', NONE],
  [{}, NONE],
  [{ allow: '10.0.0.0/8' }, 'allow and deny are lists of prefixes: write [prefix]'],
  [{ deny: '10.0.0.0/8' }, 'allow and deny are lists of prefixes: write [prefix]'],
])('%j is no policy', (policy, message) => {
  expect(() => compilePolicy(policy as never)).toThrow(new TypeError(message));
});

it.each<[policy: unknown, address: string, answer: string | null]>([
  ['any', '0.0.0.0', null],
  ['global', '0.0.0.0', 'the unspecified address reaches the loopback'],
  ['global', '10.0.0.1', 'not globally reachable'],
  ['global', '192.0.2.1', 'not globally reachable'],
  ['global', '8.8.8.8', null],
  [() => true, '10.0.0.1', null],
  [() => true, '::', 'the unspecified address reaches the loopback'],
  [() => 1, '10.0.0.1', 'the policy says no'],
  [() => undefined, '10.0.0.1', 'the policy says no'],
  [async () => true, '10.0.0.1', 'the policy has given a promise, and must answer at once'],
  [{ allow: ['10.0.0.0/8'] }, '10.0.0.1', null],
  [{ allow: ['10.0.0.0/8'] }, '11.0.0.1', 'no rule matches 11.0.0.1, otherwise deny'],
  [{ deny: ['10.0.0.0/8'] }, '10.0.0.1', 'rule 0: deny 10.0.0.0/8, matches 10.0.0.1'],
  [{ deny: ['10.0.0.0/8'] }, '11.0.0.1', null],
])('%j says of %s: %s', (policy, address, answer) => {
  expect(compilePolicy(policy as never)(address)).toBe(answer);
});
