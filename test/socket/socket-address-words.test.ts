import { it } from 'vitest';
import { PrefixSet } from '../../src/ip/index.js';
import type { RequestHeaders } from '../../src/socket/index.js';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  clientAddress,
  createSocketAddress,
  fromAddressInfo,
  fromSockaddr,
  fromSocketTuple,
  localSocketAddress,
  remoteSocketAddress,
  SOCK_DGRAM,
  SOCK_STREAM,
  scopesOf,
  toAddressInfo,
  toSockaddr,
  toSocketTuple,
} from '../../src/socket/index.js';
import { line, matches, words } from '../support/socket-words.js';
import { json, outcomeOf, told } from '../support/words.js';

// What each reader makes of a text or a value, and what it says of what it refuses, word for word. A change of fixtures/socket-words is
// read like a change of code.

const SCOPES = new Map([['eth0', 2]]);

it('socket addresses', async () => {
  const inet = { address: '127.0.0.1', port: 80 };
  const values: readonly unknown[] = [
    undefined,
    null,
    7,
    -1,
    -0,
    1.5,
    65536,
    1048576,
    4294967296,
    '',
    'x',
    '80',
    [],
    {},
    Number.NaN,
  ];
  const keys = ['family', 'type', 'protocol', 'address', 'port', 'flowInfo', 'scopeId', 'path'];
  const inputs: readonly unknown[] = [
    ...values,
    ...keys.flatMap((key) =>
      values.flatMap((value) => [
        { ...inet, [key]: value },
        { address: '::1', port: 80, [key]: value },
        { path: '/x', [key]: value },
      ]),
    ),
    ...words(`
        127.1 INADDR_ANY IN6ADDR_LOOPBACK localhost ::1%x fe80::1%eth0 [::1] ::ffff:127.0.0.1
      `).map((address) => ({ address, port: 1 })),
    ...[AF_INET, AF_INET6, AF_UNIX].flatMap((family) =>
      [inet, { address: '::1', port: 1 }, { path: '/x' }].map((fields) => ({ ...fields, family })),
    ),
    ...[SOCK_STREAM, SOCK_DGRAM].flatMap((type) => [inet, { path: '/x' }].map((fields) => ({ ...fields, type }))),
    { address: 'fe80::1%eth0', port: 1, scopeId: 2 },
    { address: 'fe80::1', port: 1, scopeId: 2, flowInfo: 1048575 },
    { family: AF_UNIX },
    { ...inet, adress: 1 },
    { ...inet, zzzz: 1 },
    { ...inet, path: '/x' },
    { path: '80' },
    { path: '\0a' },
  ];
  await matches(
    'socket-addresses',
    inputs.map((input) => line(json(input), () => createSocketAddress(input as never))),
  );
});

it('socket addresses of others', async () => {
  const made = [
    ...['127.0.0.1', '::1', 'fe80::1%eth0', 'fe80::1%eth9', 'ff02::1%eth0', '::ffff:1.2.3.4'].map((address) =>
      createSocketAddress({ address, port: 8080 }),
    ),
    ...['fe80::1', '::1', 'ff02::1'].flatMap((address) =>
      [2, 3].map((scopeId) => createSocketAddress({ address, port: 1, scopeId, flowInfo: 7 })),
    ),
    ...[
      '/run/x',
      '\0a',
      `/${'p'.repeat(102)}`,
      `/${'p'.repeat(103)}`,
      `/${'p'.repeat(106)}`,
      `/${'p'.repeat(107)}`,
      `/${'p'.repeat(108)}`,
      '/ü',
    ].map((path) => createSocketAddress({ path })),
  ];
  const layouts = (['linux', 'darwin', 'freebsd', 'win32'] as const).flatMap((platform) =>
    (['LE', 'BE'] as const).map((endianness) => ({ platform, endianness })),
  );
  const lines = [
    ...made.flatMap((address) => [
      line(json(address).slice(0, 160), () => toAddressInfo(address, { scopes: SCOPES })),
      line('  without scopes', () => toAddressInfo(address)),
      line('  tuple', () => toSocketTuple(address, { scopes: SCOPES })),
      line('  tuple without scopes', () => toSocketTuple(address)),
      ...layouts.map((layout) => {
        const bytes = outcomeOf(() => toSockaddr(address, { ...layout, scopes: SCOPES }));
        const again = bytes instanceof Uint8Array ? outcomeOf(() => fromSockaddr(bytes, layout)) : null;
        return `${line(`  ${layout.platform} ${layout.endianness}`, () => toSockaddr(address, { ...layout, scopes: SCOPES }))}${again instanceof Error ? `\n    ${told(again)}` : ''}`;
      }),
    ]),
    ...[
      null,
      undefined,
      7,
      {},
      [],
      '',
      '/run/x',
      { address: '::1', family: 'IPv6', port: 1 },
      { address: '::1', family: 'IPv4', port: 1 },
      { address: '127.0.0.1', family: 4, port: 1 },
      { address: 'x', family: 'IPv4', port: 1 },
      { address: '127.0.0.1', family: 'IPv4', port: -1 },
    ].map((info) => line(`info ${json(info)}`, () => fromAddressInfo(info as never))),
    ...[
      null,
      7,
      {},
      {
        remoteAddress: '127.0.0.1',
        remoteFamily: 'IPv4',
        remotePort: 1,
        localAddress: '::1',
        localFamily: 'IPv6',
        localPort: 2,
      },
      { remoteAddress: '::1', remoteFamily: 'IPv4', remotePort: 1, localAddress: '0.0.0.0' },
    ].flatMap((socket) => [
      line(`socket ${json(socket)}`, () => remoteSocketAddress(socket as never)),
      line('  local', () => localSocketAddress(socket as never)),
    ]),
    ...[
      null,
      7,
      {},
      [],
      ['127.0.0.1'],
      ['127.0.0.1', 80],
      ['127.0.0.1', 80, 0],
      ['127.0.0.1', 80, 0, 0],
      ['127.0.0.1', 80, 1],
      ['::1', 80],
      ['::1', 80, 7],
      ['::1', 80, 7, 2],
      ['::1', 80, 7, 2, 1],
      ['', 80],
      ['<broadcast>', 80],
      ['', 80, 1, 2, 3],
      ['localhost', 80],
      ['::1', '80'],
      '/x',
      '',
      '80',
      new TextEncoder().encode('\0a'),
      new Uint8Array([0xff]),
      new Uint8Array(),
    ].map((tuple) => line(`tuple ${json(tuple)}`, () => fromSocketTuple(tuple as never))),
    line('tuple of datagrams', () => fromSocketTuple(['127.0.0.1', 1], { type: SOCK_DGRAM })),
    ...[null, 7, { x: 1 }, { type: 'x' }, { scopes: SCOPES }].flatMap((options) => [
      line(`options ${json(options)}`, () => fromSocketTuple(['127.0.0.1', 1], options as never)),
      line('  info', () => fromAddressInfo('/x', options as never)),
      line('  to info', () => toAddressInfo(made[0] as never, options as never)),
      line('  to tuple', () => toSocketTuple(made[0] as never, options as never)),
    ]),
    line('scopes', () => [
      ...scopesOf({
        lo: [{ address: '::1', netmask: 'x', family: 'IPv6', internal: true, scopeid: 0 }],
        eth0: [
          { address: 'x', netmask: 'x', family: 'IPv6', internal: false },
          { address: 'x', netmask: 'x', family: 'IPv6', internal: false, scopeid: 2 },
        ],
        none: undefined,
      }),
    ]),
  ];
  await matches('socket-address-forms', lines);
});

it('numbers of interfaces that are none', async () => {
  const zoned = createSocketAddress({ address: 'fe80::1%eth0', port: 1 });
  const numbered = createSocketAddress({ address: 'fe80::1', port: 1, scopeId: 2 });
  const numbers: readonly unknown[] = [0, -1, 1.5, Number.NaN, 2 ** 32, 2 ** 32 - 1, '2', null, 10n];
  const all: readonly unknown[] = [
    ...[null, 7, [], {}, { eth0: 2 }, new Map()],
    ...numbers.map((number) => new Map([['eth0', number]])),
    ...['', 'a b', 'a\n', '%', 7].map((name) => new Map([[name, 2]])),
  ];
  const lines = [
    ...all.flatMap((scopes) => [
      line(`scopes ${json(scopes)}`, () => toAddressInfo(numbered, { scopes: scopes as never })),
      line('  tuple', () => toSocketTuple(zoned, { scopes: scopes as never })),
      line('  sockaddr', () => toSockaddr(zoned, { platform: 'linux', endianness: 'LE', scopes: scopes as never })),
    ]),
    ...[null, 7, [], { a: 7 }, { a: [null] }, { a: {} }, { a: undefined }, { a: [{ scopeid: '2' }] }].map(
      (interfaces) => line(`interfaces ${json(interfaces)}`, () => scopesOf(interfaces as never)),
    ),
  ];
  await matches('scopes', lines);
});

it('bytes of sockaddr', async () => {
  const inputs: readonly (readonly [Uint8Array | unknown, object])[] = [
    ...[null, 7, 'x', [2, 0]].map((bytes) => [bytes, { platform: 'linux' }] as const),
    ...[0, 1, 2, 3, 15, 16, 17, 27, 28, 29, 110, 111].flatMap((length) =>
      [1, 2, 10, 30].flatMap((family) => [
        [
          Uint8Array.from({ length }, (_, i) => (i === 0 ? family : i === 1 ? 0 : 65)),
          { platform: 'linux', endianness: 'LE' },
        ] as const,
        [
          Uint8Array.from({ length }, (_, i) => (i === 0 ? length : i === 1 ? family : 65)),
          { platform: 'darwin' },
        ] as const,
      ]),
    ),
    [Uint8Array.of(0, 2, ...new Array(14).fill(1)), { platform: 'linux', endianness: 'BE' }],
    [Uint8Array.of(2, 0, ...new Array(14).fill(1)), { platform: 'linux', endianness: 'BE' }],
    [Uint8Array.of(17, 2, ...new Array(14).fill(1)), { platform: 'darwin' }],
    [
      Uint8Array.of(10, 0, 0, 80, 0, 0, 0, 9, ...new Array(15).fill(0), 1, 3, 0, 0, 0),
      { platform: 'linux', endianness: 'LE' },
    ],
    [Uint8Array.of(10, 0, 0, 80, 0xff, 0, 0, 9, ...new Array(20).fill(0)), { platform: 'linux', endianness: 'LE' }],
    ...[[0], [0, 65], [0, 0], [0, 0, 65], [65, 0, 66], [65], [0xff], [0xef, 0xbb, 0xbf, 65], [65, 0xff], []].flatMap(
      (name) => [
        [Uint8Array.of(1, 0, ...name), { platform: 'linux', endianness: 'LE' }] as const,
        [Uint8Array.of(2 + name.length, 1, ...name), { platform: 'darwin' }] as const,
        [Uint8Array.of(1, 0, ...name), { platform: 'win32', endianness: 'LE' }] as const,
      ],
    ),
    ...[
      null,
      7,
      { x: 1 },
      { platform: 'x' },
      { platform: null },
      { platform: 'toString' },
      { platform: 'linux', endianness: 'x' },
      { platform: 'linux', endianness: 'LE', type: SOCK_DGRAM },
    ].map((options) => [Uint8Array.of(2, 0, ...new Array(14).fill(1)), options as object] as const),
  ];
  await matches(
    'sockaddr',
    inputs.map(([bytes, options]) =>
      line(`${json(bytes)} ${json(options)}`, () => fromSockaddr(bytes as never, options)),
    ),
  );
});

it('clients behind proxies', async () => {
  const trusted = PrefixSet.from(['10.0.0.0/8', 'fd00::/8']);
  const nodes = [
    ...[
      ...words(`
        192.0.2.1 192.0.2.1:80 192.0.2.1:65535 192.0.2.1:65536 192.0.2.1:123456 192.0.2.1: 192.0.2.1:x
      `),
      '192.0.2.1 ',
      ' 192.0.2.1',
      '[192.0.2.1]',
      '192.0.2.1%x',
      '192.0.2',
      '192.0.2.1:_x',
      '192.0.2.1:_',
    ],
    ...words(`
        2001:db8::1 [2001:db8::1] [2001:db8::1]:80 [2001:db8::1]:65536 [2001:db8::1]:_x [2001:db8::1 2001:db8::1]
        [fe80::1%eth0] fe80::1%eth0 [[::1]] [::1]x x[::1] ::ffff:192.0.2.1 [::ffff:10.0.0.9]
      `),
    ...[
      ...words(`
        unknown UNKNOWN unknown:80 _hidden _hidden:80 _
      `),
      '_x y',
      'x',
      '',
      ' ',
      '"',
      '10.0.0.2',
      '[fd00::2]',
      'fd00::2',
    ],
  ];
  const texts = [
    ...nodes.flatMap((node) => [`for=${node}`, `for="${node}"`]),
    ...[
      ...words(`
        for=192.0.2.1;by=10.0.0.1 by=10.0.0.1;for=192.0.2.1 by=10.0.0.1 FOR=192.0.2.1 for=192.0.2.1;for=192.0.2.2
        for=192.0.2.1;FOR=192.0.2.2 for=192.0.2.1,for=10.0.0.2
      `),
      'for=192.0.2.1, for=10.0.0.2',
      'for=192.0.2.1 , for=10.0.0.2',
      'for=192.0.2.1\t,\tfor=10.0.0.2',
    ],
    ...[
      ...words(`
        for=192.0.2.1, ,for=192.0.2.1 for=192.0.2.1,,for=10.0.0.2 for=192.0.2.1; ;for=192.0.2.1
        for=192.0.2.1;;by=x
      `),
      'for = 192.0.2.1',
      'for= 192.0.2.1',
      'for=192.0.2.1 x',
      'for',
      'for=',
      '=x',
      'for="192.0.2.1',
      'for="192.0.2.1"x',
      'for="1\\92.0.2.1"',
      'for="192.0.2.1\\"',
      'for="[2001:db8::1]:80";proto=https',
      'for=192.0.2.1;proto="a,b;c"',
      'for=192.0.2.1;proto="a\\"b"',
      'for=10.0.0.3;by=x, for=10.0.0.2;by=x, for=10.0.0.4',
    ],
  ];
  const lists = [
    ...nodes,
    ...nodes.map((node) => `${node}, 10.0.0.2`),
    ...nodes.map((node) => `203.0.113.9, ${node}`),
    '10.0.0.3,10.0.0.2',
    ',',
    ',,',
    '192.0.2.1,',
    'unknown, 10.0.0.2',
  ];
  const of =
    (headers: RequestHeaders, peer = '10.0.0.1') =>
    () =>
      clientAddress(headers, peer, trusted);
  const lines = [
    ...texts.map((forwarded) => line(`forwarded ${json(forwarded)}`, of({ forwarded }))),
    ...lists.map((text) => line(`x-forwarded-for ${json(text)}`, of({ 'x-forwarded-for': text }))),
    ...['10.0.0.1', '::ffff:10.0.0.1', 'fd00::1', '192.0.2.9', 'fe80::1%eth0', 'x', ''].map((peer) =>
      line(`peer ${json(peer)}`, of({ forwarded: 'for=192.0.2.1' }, peer)),
    ),
    ...[
      {},
      { Forwarded: 'for=192.0.2.1' },
      { 'X-Forwarded-For': ['192.0.2.1', '10.0.0.2'] },
      { 'x-forwarded-for': undefined },
      { forwarded: 7 },
      { forwarded: ['for=192.0.2.1', 7] },
      { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.1' },
      { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.2' },
      { forwarded: 'for=unknown', 'x-forwarded-for': 'x' },
      { get: (name: string) => (name === 'forwarded' ? 'for=192.0.2.1' : null) },
      { get: () => 7 },
    ].map((headers) => line(`headers ${json(headers)}`, of(headers as never))),
    ...[null, 7, [], new String('x')].map((headers) => line(`headers ${json(headers)}`, of(headers as never))),
    ...[
      null,
      7,
      { x: 1 },
      { header: 'x' },
      { header: ['forwarded'] },
      { header: 'toString' },
      { header: 'forwarded' },
      { header: undefined },
    ].map((options) =>
      line(`options ${json(options)}`, () =>
        clientAddress({ forwarded: 'for=192.0.2.1' }, '10.0.0.1', trusted, options as never),
      ),
    ),
    line('trusted', () => clientAddress({}, '10.0.0.1', ['10.0.0.0/8'] as never)),
  ];
  await matches('client-addresses', lines);
});
