import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/dns/policy.js';
import { compilePolicy } from '../../src/dns/policy.js';
import { PrefixParseError, PrefixSet, parsePrefix } from '../../src/ip/index.js';
import { forbidden } from '../support/not-text.js';

/** One IPv4 address in each way in which IPv6 can carry it. */
const carrying = {
  '127.0.0.1': [
    '::ffff:127.0.0.1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    'fd00::5efe:127.0.0.1',
  ],
  '10.1.2.3': [
    '::ffff:10.1.2.3',
    '::10.1.2.3',
    '::ffff:0:10.1.2.3',
    '64:ff9b::10.1.2.3',
    '2002:a01:203::',
    '2001:0:4136:e378:8000:63bf:f5fe:fdfc',
    'fd00::5efe:10.1.2.3',
  ],
  '8.8.8.8': [
    '::ffff:8.8.8.8',
    '::8.8.8.8',
    '::ffff:0:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::',
    '2001:0:4136:e378:8000:63bf:f7f7:f7f7',
    '2a00::5efe:8.8.8.8',
  ],
} as const;

const passes = (policy: Policy, address: string) => compilePolicy(policy)(address) === null;

test("'any' lets everything through", () => {
  for (const address of ['0.0.0.0', '::', '127.0.0.1', '8.8.8.8', 'fe80::1%eth0', ...carrying['127.0.0.1']]) {
    expect(passes('any', address), address).toBe(true);
  }
});

describe("'global'", () => {
  test.each(['8.8.8.8', '192.0.0.9', '2606:4700::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2a00::5efe:8.8.8.8'])(
    '%s passes',
    (address) => {
      expect(passes('global', address)).toBe(true);
    },
  );

  test.each([
    ...[
      '0.0.0.0',
      '::',
      '::ffff:0.0.0.0',
      '127.0.0.1',
      '::1',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
    ],
    ...[
      '192.0.2.1',
      '224.0.0.1',
      '255.255.255.255',
      'fc00::1',
      'fe80::1',
      'fe80::1%eth0',
      'ff0e::1',
      '2001:db8::1',
      '64:ff9b:1::1',
    ],
    ...carrying['127.0.0.1'],
    ...carrying['10.1.2.3'],
    // not reachable whatever they carry
    ...['::8.8.8.8', '::ffff:0:8.8.8.8', '2002:808:808::', '2001:0:4136:e378:8000:63bf:f7f7:f7f7'],
  ])('%s does not', (address) => {
    expect(passes('global', address)).toBe(false);
  });
});

describe('deny', () => {
  test.each(['127.0.0.1', '10.1.2.3', '8.8.8.8'] as const)('%s is found in every layer', (address) => {
    const policy = { deny: [`${address}/32`] };
    expect(passes(policy, address)).toBe(false);
    for (const carrier of carrying[address]) expect(passes(policy, carrier), carrier).toBe(false);
    expect(passes(policy, '9.9.9.9')).toBe(true);
  });

  test('the carrier counts too', () => {
    expect(passes({ deny: ['64:ff9b::/96'] }, '64:ff9b::8.8.8.8')).toBe(false);
    expect(passes({ deny: ['2002::/16'] }, '2002:808:808::')).toBe(false);
  });

  test('a zone is no way around', () => {
    expect(passes({ deny: ['fe80::/10'] }, 'fe80::1%lo')).toBe(false);
  });

  test('comes before allow', () => {
    const policy = { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] };
    expect(passes(policy, '10.0.0.1')).toBe(true);
    expect(passes(policy, '10.1.0.1')).toBe(false);
    expect(passes(policy, '::ffff:10.1.0.1')).toBe(false);
  });
});

describe('allow', () => {
  const policy = { allow: ['8.8.8.0/24'] };

  test.each(['8.8.8.8', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])('%s reaches what is allowed', (address) => {
    expect(passes(policy, address)).toBe(true);
  });

  test.each([
    '::8.8.8.8',
    '::ffff:0:8.8.8.8',
    '2002:808:808::',
    '2001:0:4136:e378:8000:63bf:f7f7:f7f7',
    '2a00::5efe:8.8.8.8',
    '9.9.9.9',
    '::1',
  ])('%s does not', (address) => {
    expect(passes(policy, address)).toBe(false);
  });

  test('nothing else passes, and of an empty list nothing', () => {
    expect(passes({ allow: [] }, '8.8.8.8')).toBe(false);
    expect(passes({ allow: ['::/0'] }, '::ffff:8.8.8.8')).toBe(false);
  });
});

test('the unspecified address reaches the loopback: only any lets it through', () => {
  for (const address of ['0.0.0.0', '::', '::ffff:0.0.0.0']) {
    expect(passes('any', address)).toBe(true);
    expect(passes({ allow: ['0.0.0.0/0', '::/0'] }, address)).toBe(false);
    expect(passes({ deny: ['10.0.0.0/8'] }, address)).toBe(false);
    expect(passes(() => true, address)).toBe(false);
  }
});

test('a function that gives a promise lets nothing through, and its failure ends nothing', async () => {
  const later = (promise: Promise<boolean>) => compilePolicy(forbidden(() => promise));
  const reason = 'the policy has given a promise, and must answer at once';
  expect(later(Promise.resolve(true))('8.8.8.8')).toBe(reason);
  // An unhandled rejection fails the run.
  expect(later(Promise.reject(new Error('late')))('8.8.8.8')).toBe(reason);
  await setImmediate();
});

test('a function is asked about the classification, and only true lets through', () => {
  const seen: string[] = [];
  const check = compilePolicy(({ address, kind, embedded }) => {
    seen.push(`${address} ${kind} ${embedded?.address ?? null}`);
    return kind === 'global';
  });
  expect(check('8.8.8.8')).toBeNull();
  expect(check('::ffff:127.0.0.1')).toBe('the policy says no');
  expect(seen).toEqual(['8.8.8.8 global null', '::ffff:127.0.0.1 mapped 127.0.0.1']);
  expect(
    passes(
      forbidden(() => 1),
      '8.8.8.8',
    ),
  ).toBe(false);
  expect(
    passes(
      forbidden(() => undefined),
      '8.8.8.8',
    ),
  ).toBe(false);
  expect(
    passes(
      forbidden(async () => true),
      '8.8.8.8',
    ),
  ).toBe(false);
});

test.each<[string, Policy]>([
  ['text', { deny: ['10.0.0.0/8'] }],
  ['values', { deny: [parsePrefix('10.0.0.0/8')] }],
  ['a set', { deny: PrefixSet.from(['10.0.0.0/8']) }],
  ['an iterable', { deny: new Set(['10.0.0.0/8']) }],
])('prefixes as %s', (_, policy) => {
  expect(passes(policy, '10.0.0.1')).toBe(false);
  expect(passes(policy, '11.0.0.1')).toBe(true);
});

test.each<[string, unknown]>([
  ['null', null],
  ['a word', 'public'],
  ['a list', ['10.0.0.0/8']],
  ['an empty list', []],
  ['an unknown field', { block: ['10.0.0.0/8'] }],
  ['no field', {}],
  ['fields of nothing', { allow: undefined, deny: undefined }],
  ['text for a list', { deny: '10.0.0.0/8' }],
  ['true', true],
])('%s is no policy', (_, policy) => {
  expect(() => compilePolicy(forbidden(policy))).toThrow(TypeError);
});

test('a prefix that is none', () => {
  expect(() => compilePolicy({ deny: ['10.0.0.1/8'] })).toThrow(PrefixParseError);
});

const NONE = "the policy is none: pass 'any', 'global', {allow, deny} or a function";

test.each<[policy: unknown, message: string]>([
  [null, NONE],
  [undefined, NONE],
  [42, NONE],
  [true, NONE],
  ['globl', NONE],
  [{}, NONE],
  [{ allow: '10.0.0.0/8' }, 'allow and deny are lists of prefixes: write [prefix]'],
  [{ deny: '10.0.0.0/8' }, 'allow and deny are lists of prefixes: write [prefix]'],
  [{ allow: 7 }, 'allow and deny are lists of prefixes: write [prefix]'],
  [{ allow: {} }, 'allow and deny are lists of prefixes: write [prefix]'],
])('%j is no policy', (policy, message) => {
  expect(() => compilePolicy(policy as never)).toThrow(new TypeError(message));
});

test.each<[policy: unknown, address: string, answer: string | null]>([
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
