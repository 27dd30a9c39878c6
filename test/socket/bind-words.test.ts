import { it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  createBind,
  planBinds,
  SOCK_DGRAM,
  SOCK_STREAM,
  toBindOptions,
  toListenOptions,
} from '../../src/socket/index.js';
import { environmentOf } from '../support/bind-environment.js';
import { ADDRESS, ENDPOINTS, endpointTexts, line, matches, NAME, words } from '../support/socket-words.js';
import { json, outcomeOf } from '../support/words.js';

// What each reader makes of a text or a value, and what it says of what it refuses, word for word. A change of fixtures/socket-words is
// read like a change of code.

it('binds', async () => {
  const inet = { host: '127.0.0.1', port: 80 };
  const named = { host: 'localhost', port: 80 };
  const unix = { path: '/run/x' };
  const values: readonly unknown[] = [
    undefined,
    null,
    7,
    '',
    'x',
    true,
    [],
    {},
    Symbol('s'),
    10n,
    Number.NaN,
    -0,
    1.5,
    65535,
    65536,
    0,
    'true',
    '80',
    '0',
    ' ',
  ];
  const keys = words(`
      host port path family type ipv6Only backlog reusePort reuseAddr exclusive allowEphemeral optional name
      expose
    `);
  const inputs: readonly unknown[] = [
    ...values,
    new Date(0),
    new Map(),
    Object.create(null),
    ...keys.flatMap((key) => values.map((value) => ({ ...inet, [key]: value }))),
    ...keys.map((key) =>
      Object.defineProperty({ ...inet }, key, {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
    ),
    ...[
      ...endpointTexts('hosts'),
      ...endpointTexts('endpoints').slice(0, 120),
      ' a ',
      ...words(`
        -1 -::2 ::1/64 10.0.0.0/8 a/b http://[::1]:80/x http://a@b:80 ftp:// unix:/x ./x ../x .../x [::1]:80
        [::1]:x
      `),
      '[a b]:80',
      ...words(`
        127.0.0.1:080 a:80 a: :a *:80 IN6ADDR_AN in6addr_any ０x7f.1 127。0。0。1
      `),
      'x'.repeat(300),
      `${'ü'.repeat(120)}`,
    ].map((host) => ({ host, port: 80 })),
    ...[4, 6, '4', 'ipv4', 'IPv6', 'inet', 'INET6', 'unix', 'AF_LOCAL', 'AF_INET4', AF_INET, AF_INET6, AF_UNIX].flatMap(
      (family) =>
        [inet, named, unix, { host: '::1', port: 80 }, { ...named, type: SOCK_DGRAM }].map((bind) => ({
          ...bind,
          family,
        })),
    ),
    ...['tcp', 'TCP', 'udp', 'udp6', 'stream', 'dgram', 'SOCK_DGRM', SOCK_STREAM, SOCK_DGRAM].flatMap((type) =>
      [inet, named, unix].map((bind) => ({ ...bind, type })),
    ),
    ...['none', 'local', 'Localhost', 'lan', 'any', '*', 'publik', 'loopback', 'link', 'private', 'public', 'all'].map(
      (expose) => ({ ...inet, expose }),
    ),
    ...['', '\0', '\0a', '\0a\0', 'a\0', '\ud800', '80', ' 80 ', '-80', '0x50', ' ', 'x', './80', 7, null, {}].map(
      (path) => ({ path }),
    ),
    ...[
      { ...unix, host: 'a' },
      { ...unix, host: 'a', port: 80 },
      { ...unix, port: 80 },
      { ...unix, port: 0 },
      { ...unix, ipv6Only: true, reusePort: true, reuseAddr: true, allowEphemeral: true },
      { ...unix, type: SOCK_DGRAM, family: AF_INET, port: 0 },
    ],
    ...[
      { family: AF_UNIX },
      { host: 'a' },
      { port: 80 },
      { port: 0 },
      { ...inet, port: 0 },
      { ...inet, port: 0, allowEphemeral: true },
      { ...inet, port: 0, allowEphemeral: false },
      { ...inet, port: 0, allowEphemeral: 'x' },
    ],
    ...[
      { ...inet, type: SOCK_DGRAM, backlog: 5 },
      { ...inet, reuseAddr: true },
      { ...inet, type: SOCK_DGRAM, reuseAddr: true },
      { ...inet, backlog: 2 ** 31 },
      { ...inet, backlog: 2 ** 31 - 1 },
      { ...inet, backlog: 1 },
      { ...inet, name: 'a\n' },
      { ...inet, name: 'a' },
    ],
    ...words(`
        address addr hostname hostName bind ip interface socket socketPath unix ports protocol transport reach
        ephemeral hots prot zzz __proto__ constructor toString
      `).map((key) => Object.defineProperty({ ...inet }, key, { value: 'x', enumerable: true })),
    Object.fromEntries(['a1', 'b1', 'c1', 'd1', 'e1', 'f1', 'g1', 'h1'].map((key) => [key, 1])),
    ...[
      ...words(`
        127.0.0.1:80 127.0.0.1:80/udp [::]:80 localhost:80 localhost:80/udp INADDR_ANY:80 unix:/run/x unix:@a
        127.0.0.1:0
      `),
      '',
      '*:80',
      '127.0.0.1',
    ],
    ...ENDPOINTS,
    ...(['address', 'name', 'wildcard', 'unix', 'x', 7, null] as const).map((kind) => ({ kind })),
    { ...ADDRESS, x: 1, host: 'a' },
    { ...NAME, name: '' },
    { ...NAME, name: '*' },
    { ...ADDRESS, port: 'x', optional: 7, ipv6Only: 'x', protocol: 'x', lastPort: 'x', address: 'x' },
    { kind: 'wildcard', families: 'both', port: 80 },
  ];
  await matches(
    'binds',
    inputs.map((input) => line(given(input), () => createBind(input as never))),
  );
});

/** A value whose getters may throw. */
function given(value: unknown): string {
  return String(outcomeOf(() => json(value)));
}

it('options of binds', async () => {
  const binds = ['127.0.0.1:80', '[::1]:80', 'localhost:80', '127.0.0.1:80/udp', '[::1]:80/udp', 'unix:/run/x'].map(
    (text) => createBind(text),
  );
  const all: readonly unknown[] = [
    ...binds,
    createBind({ host: '::', port: 80, ipv6Only: true, backlog: 5, reusePort: true, exclusive: true }),
    createBind({ path: '/x', backlog: 7, exclusive: true }),
    createBind({ host: '::1', port: 5353, type: SOCK_DGRAM, reuseAddr: true, ipv6Only: true }),
    null,
    7,
    {},
    { host: 'a' },
    { ...binds[0], port: '80' },
  ];
  const lines = all.flatMap((bind) => [
    line(json(bind), () => toListenOptions(bind as never)),
    line('  dgram', () => toBindOptions(bind as never)),
  ]);
  await matches('bind-options', lines);
});

it('environments that are none', async () => {
  const lo = { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', internal: true };
  const text = parseAddress('127.0.0.1');
  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ['platform', [7, null, '']],
    ['nodeVersion', [7, null, '', 'x', '20']],
    [
      'interfaces',
      [
        7,
        null,
        [],
        { lo: 7 },
        { lo: [7] },
        { lo: undefined },
        { lo: [{ ...lo, internal: 0 }] },
        { lo: [{ ...lo, address: 7 }] },
        { lo: [{ ...lo, netmask: 7 }] },
        { lo: [{ ...lo, netmask: 'x' }] },
        { lo: [{ ...lo, address: 'x' }] },
      ],
    ],
    [
      'names',
      [
        7,
        null,
        {},
        new Map([[7, []]]),
        new Map([['a', 7]]),
        new Map([['a', ['127.0.0.1']]]),
        new Map([['a', [text, 7]]]),
        new Map([['a', [text]]]),
      ],
    ],
    ['canBindPrivileged', [7, undefined, null, true]],
    ['unprivilegedPortStart', [-1, 65537, 65536, 0, 1.5, '80', undefined]],
    [
      'nonlocalBind',
      [
        7,
        null,
        true,
        {},
        { ipv4: true },
        { ipv4: true, ipv6: 1 },
        { ipv4: 1, ipv6: true },
        { ipv4: true, ipv6: false },
        [],
      ],
    ],
    ['ipv6Enabled', [7, null, undefined]],
    ['udpIPv6Only', [7, null, undefined, true]],
    [
      'ipv4Routes',
      [
        7,
        null,
        {},
        { local: [] },
        { broadcast: [] },
        { local: [], broadcast: [] },
        { local: [7], broadcast: [] },
        { local: [], broadcast: [7] },
        { local: ['x'], broadcast: [] },
        { local: [], broadcast: ['::/0'] },
        { local: ['127.0.0.0/8'], broadcast: [] },
      ],
    ],
    [
      'paths',
      [
        7,
        null,
        {},
        new Map([[7, 'free']]),
        new Map([['/a', 'x']]),
        new Map([['/a', 'free']]),
        new Map([['/a', undefined]]),
        new Map([['/a', 'toString']]),
      ],
    ],
    ['other', [7]],
  ];
  const lines = [
    ...[undefined, null, 7, [], 'x'].map((environment) =>
      line(json(environment), () => planBinds([], environment as never)),
    ),
    ...wrong.flatMap(([field, values]) =>
      values.map((value) =>
        line(`${field} ${json(value)}`, () => planBinds([], { ...environmentOf(), [field]: value }).binds.length),
      ),
    ),
  ];
  await matches('environments', lines);
});
