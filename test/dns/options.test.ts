import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { CreateLookupOptions, ResolveOptions, ResolverOptions } from '../../src/dns/index.js';
import { createLookup, Resolver, resolve } from '../../src/dns/index.js';
import { checkOptions, integer } from '../../src/dns/options.js';
import { forbidden } from '../support/not-text.js';

const servers = ['127.0.0.1'];

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, forbidden<number>('5'), forbidden<number>(null)])(
  '%s ms is no time limit',
  (value) => {
    expect(() => integer('timeoutMs', value)).toThrow(RangeError);
  },
);

test('what there is not is named, with what there is', () => {
  expect(() => checkOptions('a thing', { size: 1, colour: 2 }, ['size', 'color'])).toThrow(
    new TypeError('a thing has no option "colour": it has size, color'),
  );
  expect(() => checkOptions('a thing', 'big', ['size'])).toThrow(
    new TypeError("the options of a thing are 'big': pass an object with size"),
  );
  expect(() => checkOptions('a thing', Object.create({ colour: 2 }), ['size'])).not.toThrow();
});

test('a value in a message is printable and bounded, whatever it says of itself', () => {
  const says = (text: string) => ({ [inspect.custom]: () => text });
  const throwing = {
    [inspect.custom]: () => {
      throw new Error('odd');
    },
  };
  for (const value of ['\u202e', says('\u001b[31m\n'), says('x'.repeat(1_000_000)), throwing]) {
    expect(() => integer('timeoutMs', value as unknown as number)).toThrow(
      /^timeoutMs is [ -~…]{1,700}: pass an integer/,
    );
  }
  expect(() => integer('timeoutMs', throwing as unknown as number)).toThrow('timeoutMs is an object: pass');
});

test('what has no default is not told to be left out for it', () => {
  expect(() => createLookup(forbidden<CreateLookupOptions>({ resolver: null }))).toThrow(
    new TypeError('resolver is null: pass a Resolver'),
  );
});

describe('a Resolver takes no options that there are not, and none of the wrong kind', () => {
  test.each<[string, unknown]>([
    ['a misspelt option', { polcy: 'global' }],
    ['an option of others', { timeout: 5 }],
    ['a misspelt option of the cache', { cache: { maxTTL: 60 } }],
    ['null', null],
    ['a list', []],
    ['a text', '127.0.0.1'],
    ['cache: true', { cache: true }],
    ['cache: null', { cache: null }],
    ['one server for a list', { servers: '127.0.0.1' }],
    ['a set of servers', { servers: new Set(servers) }],
    ['a server that is no text', { servers: [null] }],
    ['one suffix for a list', { search: 'corp.test' }],
    ['a suffix that is no text', { search: [7] }],
    ['a path of a hosts file', { hosts: '/etc/hosts' }],
    ['hosts: true', { hosts: true }],
    ['hosts: null', { hosts: null }],
    ['hosts without a text', { hosts: {} }],
    ['hosts with more than a text', { hosts: { text: '', file: 'x' } }],
    ['a policy that denies null', { policy: { deny: null } }],
    ['forwardLocal as text', { forwardLocal: 'no' }],
    ['a clock that is a time', { clock: 1 }],
    ['a backend in place of what makes it', { createBackend: {} }],
    ['an empty policy', { policy: {} }],
    ['a misspelt policy', { policy: { alow: ['10.0.0.0/8'] } }],
    ['a policy with a misspelt part', { policy: { deny: ['10.0.0.0/8'], alow: [] } }],
    ['a policy of one prefix', { policy: { deny: '10.0.0.0/8' } }],
    ['policy: null', { policy: null }],
    ['a list as a policy', { policy: ['10.0.0.0/8'] }],
    ['a time of null', { timeoutMs: null }],
    ['a policy that is no list', { policy: { deny: 10 } }],
  ])('%s', (_, options) => {
    const given = typeof options === 'object' && options !== null && !Array.isArray(options);
    expect(() => new Resolver(forbidden<ResolverOptions>(given ? { servers, ...options } : options))).toThrow(
      TypeError,
    );
  });

  test('and says what there is in its place', () => {
    const message = (options: object) => {
      try {
        new Resolver(forbidden<ResolverOptions>({ servers, ...options })).close();
      } catch (error) {
        return error instanceof Error ? error.message : error;
      }
    };
    expect(message({ policy: { alow: [] } })).toBe('a policy has no option "alow": it has allow, deny');
    expect(message({ servers: '127.0.0.1' })).toBe("servers is '127.0.0.1': pass a list, ['192.0.2.1:53']");
    expect(message({ hosts: '/etc/hosts' })).toContain('the text of a hosts file as {text}');
    expect(message({ hosts: { text: '', file: 'x' } })).toBe('a Resolver\'s hosts has no option "file": it has text');
    expect(message({ timeoutMs: null })).toBe('timeoutMs of a Resolver is null: leave it out for its default');
    expect(message({ policy: { allow: null } })).toBe('allow and deny are lists of prefixes: write [prefix]');
    expect(message({ cache: { store: {} } })).toContain('as Keyv does');
    expect(message({ signal: 1 })).toContain('has no option "signal"');
  });

  test('undefined is as good as nothing', () => {
    const options: { [Name in keyof Required<ResolverOptions>]: undefined } = {
      servers: undefined,
      timeoutMs: undefined,
      attemptTimeoutMs: undefined,
      attempts: undefined,
      maxInFlight: undefined,
      cache: undefined,
      policy: undefined,
      onDenied: undefined,
      hosts: undefined,
      family: undefined,
      search: undefined,
      ndots: undefined,
      forwardLocal: undefined,
      clock: undefined,
      createBackend: undefined,
    };
    new Resolver(options).close();
  });
});

describe('nor does a question', () => {
  const all = {
    resolve: (options: ResolveOptions) => resolve('localhost', undefined, options),
    method: (options: ResolveOptions) => new Resolver({ servers }).resolve('localhost', 'A', options),
  };
  for (const [title, ask] of Object.entries(all)) {
    test.each<[string, unknown]>([
      ['a misspelt option', { timeout: 5 }],
      ['null', null],
      ['a number', 5],
      ['a signal alone', AbortSignal.timeout(1000)],
      ['a controller for a signal', { signal: new AbortController() }],
      ['a text for a signal', { signal: 'now' }],
      ['signal: null', { signal: null }],
    ])(`${title}: %s`, async (_, options) => {
      await expect(ask(forbidden(options))).rejects.toThrow(TypeError);
    });
  }

  test('of an address', async () => {
    using resolver = new Resolver({ servers });
    const options = forbidden<ResolveOptions>({ timeout: 5 });
    await expect(resolver.reverse('127.0.0.1', options)).rejects.toThrow(TypeError);
    await expect(resolver.verifyReverse('127.0.0.1', options)).rejects.toThrow(TypeError);
  });
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'the options of createLookup are undefined: pass an object with resolver, policy'],
  ['no resolver', {}, 'resolver is undefined: pass a Resolver'],
  ['a resolver alone', new Resolver({ servers }), 'createLookup has no option "lookup": it has resolver, policy'],
  ['a function', { resolver: () => {} }, 'resolver is [Function: resolver]: pass a Resolver'],
  [
    'a misspelt option',
    { resolver: new Resolver({ servers }), polcy: 'global' },
    'createLookup has no option "polcy": it has resolver, policy',
  ],
  [
    'an empty policy',
    { resolver: new Resolver({ servers }), policy: {} },
    "the policy is none: pass 'any', 'global', {allow, deny} or a function",
  ],
])('createLookup takes no %s', (_, options, message) => {
  expect(() => createLookup(forbidden<CreateLookupOptions>(options))).toThrow(new TypeError(message));
});

test('holes in a list are heard of', () => {
  const holes = new Array<string>(1);
  expect(() => new Resolver({ servers: holes })).toThrow(/^server undefined: no text/);
  expect(() => new Resolver({ servers, search: holes })).toThrow(/^search: undefined is no suffix/);
});
