import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, safeParseAddress } from '../../src/ip/index.js';
import type { Bind, BindIssue } from '../../src/socket/index.js';
import { createBind, validateBind } from '../../src/socket/index.js';
import { anyText } from '../support/arbitraries.js';

const KEYS = [
  'host',
  'path',
  'port',
  'family',
  'type',
  'ipv6Only',
  'backlog',
  'reusePort',
  'reuseAddr',
  'exclusive',
  'allowEphemeral',
  'optional',
  'name',
  'expose',
];

/** Values that are right somewhere, and those that almost are. */
const likely = fc.oneof(
  anyText,
  fc.constantFrom<unknown>(
    ...['127.0.0.1', '::', '::1', 'localhost', 'INADDR_ANY', 'INADDR_NONE', '127.1', '*', '[::1]', '/run/a', '\0a', ''],
    ...[
      'AF_INET',
      'AF_INET6',
      'AF_UNIX',
      'SOCK_STREAM',
      'SOCK_DGRAM',
      'loopback',
      'all',
      'none',
      '080',
      '8080',
      'true',
    ],
    ...[0, -0, 1, 80, 65535, 65536, -1, 1.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY, 80n],
    ...[true, false, null, undefined],
  ),
  fc.integer({ min: -1, max: 70_000 }),
);

/** What is no JSON at all. */
const odd = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: true,
  }),
  fc.constantFrom<unknown>(
    parseAddress('::1'),
    Object.create(Object.getPrototypeOf(parseAddress('::1'))),
    Symbol('host'),
    () => '127.0.0.1',
    new String('127.0.0.1'),
    new Number(80),
    { toString: () => '127.0.0.1', valueOf: () => 80, toJSON: () => '127.0.0.1' },
    new Proxy(
      {},
      {
        get: () => {
          throw new Error('get');
        },
        getPrototypeOf: () => {
          throw new Error('getPrototypeOf');
        },
      },
    ),
  ),
);

const objects = fc.dictionary(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KEYS) }, fc.constantFrom('kind', 'address', '__proto__', 'prot')),
  fc.oneof({ weight: 4, arbitrary: likely }, odd),
);

/** A bind with a few things changed. */
const changed = fc
  .tuple(
    fc.constantFrom<object>(
      { host: '127.0.0.1', port: 80 },
      { host: '::1', port: 53, type: 'SOCK_DGRAM' },
      { host: 'localhost', port: 0, allowEphemeral: true },
      { path: '/run/a' },
    ),
    fc.dictionary(fc.constantFrom(...KEYS), fc.oneof({ weight: 4, arbitrary: likely }, odd), { maxKeys: 2 }),
  )
  .map(([base, changes]) => ({ ...base, ...changes }));

const endpoints = fc.record(
  {
    kind: fc.constantFrom<unknown>('address', 'name', 'wildcard', 'unix', 'tcp', null),
    address: fc.oneof(fc.constantFrom<unknown>(parseAddress('::'), parseAddress('127.0.0.1'), '::1', null), odd),
    name: likely,
    families: fc.constantFrom<unknown>('both', 'ipv4', 'ipv6', 'none', 4),
    path: likely,
    port: likely,
    lastPort: fc.constantFrom<unknown>(null, undefined, 81, '81'),
    protocol: fc.constantFrom<unknown>(null, 'tcp', 'udp', 'sctp', 6),
    optional: fc.constantFrom<unknown>(true, false, undefined, 'no'),
    ipv6Only: fc.constantFrom<unknown>(true, false, null, 'yes'),
  },
  { requiredKeys: ['kind'] },
);

const anyInput = fc.oneof(objects, changed, endpoints, fc.jsonValue(), odd, anyText);

function checkIssue({ path, code, message, hint }: BindIssue): void {
  expect(path.every((key) => typeof key === 'string')).toBe(true);
  expect(code).toMatch(/^[A-Z_]+$/);
  expect(hint).not.toBe('');
  expect(message).toContain(hint);
}

/** What the accepted bind of fields must be, of what was given: the same values, never others. */
function checkBind(given: Readonly<Record<string, unknown>>, bind: Bind): void {
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || key === 'host') continue;
    expect([key, Object.is(Reflect.get(bind, key), value) || bind.family === 'AF_UNIX']).toEqual([key, true]);
  }
  if (bind.family === 'AF_UNIX') {
    expect(bind.path).toBe(given.path);
    expect(given.host).toBe(undefined);
    return;
  }
  const host = typeof given.host === 'string' ? given.host : String(given.host);
  const parsed = safeParseAddress(host);
  if (parsed.success) expect(bind.host).toBe(parsed.data.toString());
  else if (!/^IN6?ADDR_/.test(host)) expect(bind.host).toBe(host);
  expect(Number.isInteger(bind.port) && bind.port >= 0 && bind.port <= 65535).toBe(true);
  if (bind.port === 0) expect(given.allowEphemeral).toBe(true);
  expect(bind.host.trim()).not.toBe('');
}

describe('validateBind', () => {
  it('gives a bind or issues for whatever it is given, and changes nothing', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        const result = validateBind(input);
        if (!result.success) {
          expect(result.issues.length).toBeGreaterThan(0);
          for (const issue of result.issues) checkIssue(issue);
          return;
        }
        accepted += 1;
        expect(Object.isFrozen(result.data)).toBe(true);
        expect(createBind(result.data)).toBe(result.data);
        if (typeof input === 'object' && input !== null && !('kind' in input)) checkBind({ ...input }, result.data);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(30);
  }, 60_000);

  it('takes likely fields, and then has what they say', () => {
    const record = fc.record(
      {
        host: fc.oneof(anyText, fc.constantFrom('127.0.0.1', '::1', 'localhost', '0')),
        port: fc.integer({ min: 1, max: 65_535 }),
        type: fc.constantFrom('SOCK_STREAM', 'SOCK_DGRAM'),
        ipv6Only: fc.boolean(),
        reusePort: fc.boolean(),
        exclusive: fc.boolean(),
        optional: fc.boolean(),
        name: fc.string(),
        expose: fc.constantFrom('loopback', 'link', 'private', 'public', 'all'),
      },
      { requiredKeys: ['host', 'port'] },
    );
    let accepted = 0;
    fc.assert(
      fc.property(record, (input) => {
        const result = validateBind(input);
        if (!result.success) return;
        accepted += 1;
        checkBind(input, result.data);
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  }, 60_000);
});
