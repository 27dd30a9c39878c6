import { expect, it, onTestFinished } from 'vitest';
import { cacheLimits, lifetime } from '../../src/dns/cache.js';
import { createBackend, outcomeOfError, readServer } from '../../src/dns/exchange.js';
import { answerLocally, hostsPath, parseHosts } from '../../src/dns/hosts.js';
import type { CreateLookupOptions, Lookup, RecordType, ResolverOptions } from '../../src/dns/index.js';
import { createLookup, DnsError, RECORD_TYPES, Resolver } from '../../src/dns/index.js';
import { candidates, readName } from '../../src/dns/name.js';
import { compilePolicy } from '../../src/dns/policy.js';
import { normalise } from '../../src/dns/records.js';
import { caresError, ManualClock, plainBackend } from '../support/resolving.js';
import { json, outcomeOf, paragraphs, told, wordsFile } from '../support/words.js';

// What is said, word for word, and what is made of what comes from elsewhere. A change of fixtures/dns-words is read like a change of code.

// --- names

const NAMES: readonly unknown[] = [
  ...[undefined, null, 7, {}, [], true],
  ...['', '.', '..', 'a', 'A', 'a.', 'a..', '.a', 'a..b', 'a.b.c', 'example.com', 'EXAMPLE.com.', 'a_b.c', '_a._b.c'],
  ...[
    'a/b',
    '*.a',
    'a*b',
    '-a',
    'a-',
    'a--b',
    '1.2.3.4',
    '::1',
    '1.2.3.4.',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f',
    'a.0x7f',
    'a.0x',
  ],
  ...[
    'a.0xg',
    '0',
    '7',
    'a.7',
    'a.7a',
    'a7.',
    '7a',
    '7.a',
    'a.07',
    '0177.1',
    '256.1',
    '1.2.3.256',
    '4294967296',
    '[::1]',
    '[::1]:80',
  ],
  ...[
    '[a',
    'a:80',
    'a:b',
    'a:b:80',
    ':80',
    'http://a/',
    'a://b',
    'a b',
    'a\tb',
    'a\nb',
    'a\0b',
    'a\u007fb',
    'a\\b',
    'a\\.b',
    '\\',
  ],
  ...[
    'a!b',
    'a"b',
    'a#b',
    'a$b',
    'a%b',
    'a&b',
    "a'b",
    'a(b',
    'a)b',
    'a+b',
    'a,b',
    'a;b',
    'a<b',
    'a=b',
    'a>b',
    'a?b',
    'a@b',
  ],
  ...[
    'a^b',
    'a`b',
    'a{b',
    'a|b',
    'a}b',
    'a~b',
    'é',
    'é.a',
    'xn--9ca',
    'XN--9CA.a',
    'xn--',
    'xn--a',
    'xn--é',
    'a。b',
    'a．b',
    'a｡b',
    'a。',
  ],
  ...[
    'ß',
    'ﬁ.a',
    '１.２.３.４',
    'ａ',
    'a\u00adb',
    '\u00ad',
    'a\u200db',
    'א',
    '\ufe60',
    'a\ufe60b',
    '\u2488',
    'é/b',
    'é%b',
    'é*',
  ],
  ...['[example.com]', '[a:b]', '1::2::3', 'fe80::1%', '::ffff:1.2.3', '::1/128', 'xn--9ca/b'],
  ...['0é', 'é.7', '7.é', '\ud800', 'a\ud800b', '☃', '\u202ea'],
  'x'.repeat(63),
  'x'.repeat(64),
  'é'.repeat(30),
  'é'.repeat(60),
  `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(61)}`,
  `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(61)}.`,
  `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(62)}`,
  `${`${'X'.repeat(63)}.`.repeat(3)}${'x'.repeat(62)}`,
  'a.'.repeat(511).concat('a'),
  'a.'.repeat(512),
  'a.'.repeat(512).concat('a'),
];

it('names', async () => {
  const cases = NAMES.map((name): [string, string] => [json(name), json(readName(name))]);
  const search = ['x.test', 'y.test', `${'z'.repeat(60)}.test`];
  for (const [name, absolute] of [
    ...[['a', false] as const, ['a.b', false] as const, ['a.b.c', false] as const, ['a', true] as const],
    ...[184, 185, 186, 187, 188].map(
      (length) => [`${'x.'.repeat(80)}`.concat('y'.repeat(length - 160)), false] as const,
    ),
  ]) {
    for (const ndots of [0, 1, 2]) {
      cases.push([`${name} ${absolute} ${ndots}`, json(candidates(name, absolute, search, ndots))]);
    }
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/names.txt'));
});

// --- hosts

const HOSTS = `
127.0.0.1 one two
::1 one
  10.0.0.1	three  four # five
#10.0.0.2 six
10.0.0.3#seven
10.0.0.4 eight#nine
010.0.0.5 ten
10.0.0.6 TEN.Eleven. 1.2.3 a..b
::ffff:10.0.0.7 twelve
fe80::1%eth0 thirteen
10.0.0.1 three
10.0.0.8 three localhost x.localhost printer.local
10.0.0.9\u00a0fourteen\r
`;

it('hosts files, and names that are answered without a question', async () => {
  const hosts = parseHosts(HOSTS);
  const cases: [string, string][] = [['the table', json(hosts)]];
  const names = [
    ...['one', 'two', 'three', 'four', 'five', 'twelve', 'thirteen', 'fourteen', 'ten.eleven', 'nobody', ''],
    ...[
      'localhost',
      'x.localhost',
      'localhost.x',
      'xlocalhost',
      'invalid',
      'x.invalid',
      'x.onion',
      'x.alt',
      'x.local',
      'local',
    ],
    ...[
      'printer.local',
      'local.x',
      'x.test',
      '1.254.169.in-addr.arpa',
      '254.169.in-addr.arpa',
      '1254.169.in-addr.arpa',
    ],
    ...[
      '8.e.f.ip6.arpa',
      '9.e.f.ip6.arpa',
      'a.e.f.ip6.arpa',
      'b.e.f.ip6.arpa',
      'c.e.f.ip6.arpa',
      '1.b.e.f.ip6.arpa',
      'e.f.ip6.arpa',
    ],
    ...['254.169.in-addr.arpa.x', '254.169.in-addr.arpa.x.arpa', 'x8.e.f.ip6.arpa', '1.0.0.10.in-addr.arpa'],
  ];
  for (const name of names) {
    for (const type of ['A', 'AAAA', 'PTR', 'TXT'] as const) {
      const answers = [hosts, null].flatMap((table) =>
        [false, true].map((forward) => answerLocally(name, type, table, forward)),
      );
      cases.push([`${name} ${type}`, answers.map(json).join('\n  ')]);
    }
  }
  cases.push([
    'paths',
    json([hostsPath('linux', {}), hostsPath('win32', {}), hostsPath('win32', { SystemRoot: 'D:\\W' })]),
  ]);
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/hosts.txt'));
});

// --- records

const GOOD: Readonly<Record<RecordType, readonly unknown[]>> = {
  A: ['192.0.2.1', { address: '192.0.2.1', ttl: 60 }, { address: '192.0.2.1' }, { address: '192.0.2.1', ttl: null }],
  AAAA: ['2001:DB8::1', { address: '2001:db8:0::1', ttl: 604_800 }, { address: '::1', ttl: 604_801 }],
  CAA: [
    { critical: 0, issue: 'ca.example' },
    { critical: 128, tag: 'iodef', value: 'x', type: 'CAA', ttl: null },
  ],
  CNAME: ['a.example', { target: 'a.example' }],
  MX: [
    { exchange: 'a.example', priority: 10 },
    { exchange: '', priority: 0 },
    { exchange: '.', priority: 0 },
  ],
  NAPTR: [{ flags: 's', service: 'x', regexp: '', replacement: 'a.example', order: 1, preference: 2 }],
  NS: ['a.example', { target: 'a.example' }],
  PTR: ['a.example', { target: 'a.example' }],
  SOA: [{ nsname: 'a', hostmaster: 'b', serial: 4_294_967_295, refresh: 1, retry: 2, expire: 3, minttl: 4 }],
  SRV: [
    { name: 'a.example', port: 80, priority: 1, weight: 2 },
    { name: '.', port: 0, priority: 0, weight: 0 },
    { target: null, name: 'x', port: 65_535, priority: 1, weight: 2 },
  ],
  TLSA: [
    { certUsage: 3, selector: 1, match: 1, data: new Uint8Array([1, 2]).buffer },
    { usage: 255, selector: 255, match: 255, data: [0, 255] },
  ],
  TXT: [['a', 'b'], ['\xe9\xff'], [], { chunks: [[97], new Uint8Array([98])] }],
};

const RUBBISH: readonly unknown[] = [
  undefined,
  null,
  '',
  'x',
  0,
  -1,
  1.5,
  256,
  65_536,
  4_294_967_296,
  '1',
  true,
  [],
  {},
  [256],
  [-1],
  ['x'],
];

it('records', async () => {
  const cases: [string, string][] = [];
  const add = (type: RecordType, raw: unknown) => {
    const outcome = outcomeOf(() => normalise(type, raw));
    cases.push([`${type} ${json(raw)}`, told(outcome)]);
  };
  for (const type of RECORD_TYPES) {
    for (const one of GOOD[type]) {
      const listed = (raw: unknown) => (type === 'SOA' ? raw : [raw]);
      add(type, listed(one));
      if (typeof one !== 'object' || one === null) continue;
      for (const key of Object.keys(one)) for (const value of RUBBISH) add(type, listed({ ...one, [key]: value }));
    }
    for (const raw of RUBBISH) {
      add(type, raw);
      add(type, [raw]);
    }
    const [first] = GOOD[type];
    const withHole = [first, undefined, first];
    delete withHole[1];
    add(type, withHole);
  }
  for (const address of ['::1', '1.2.3', 'fe80::1%eth0', 'x', '']) add('A', [address]);
  for (const address of ['192.0.2.1', '::ffff:192.0.2.1', 'fe80::1%eth0', '1::2::3', '']) add('AAAA', [address]);
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/records.txt'));
});

// --- answers

const CODES = [
  ...['ENOTFOUND', 'ENODATA', 'EFORMERR', 'ESERVFAIL', 'ENOTIMP', 'EREFUSED', 'EBADRESP', 'EBADQUERY', 'EBADNAME'],
  ...['EBADFAMILY', 'EBADSTR', 'ECONNREFUSED', 'ETIMEOUT', 'EOF', 'ECANCELLED', 'EOTHER'],
];

function resolverOf(answer: (method: string, name: string) => unknown, options: ResolverOptions = {}): Resolver {
  const backend = plainBackend(answer);
  const clock = new ManualClock();
  const servers = ['192.0.2.53', '[2001:db8::53]:5300'];
  const resolver = new Resolver({ servers, hosts: false, clock: clock.read, createBackend: () => backend, ...options });
  onTestFinished(() => resolver.close());
  return resolver;
}

const ADDRESS = (method: string) => {
  if (method === 'resolve4') return [{ address: '192.0.2.1', ttl: 60 }];
  if (method === 'resolve6') return [{ address: '2001:db8::1', ttl: 30 }];
  throw caresError('ENODATA');
};

it('answers and failures', async () => {
  const cases: [string, string][] = [];
  const add = async (given: string, answer: Promise<unknown>) => {
    cases.push([given, told(await answer.catch((error: unknown) => error))]);
  };
  for (const code of CODES) {
    cases.push([code, json(outcomeOfError(caresError(code)))]);
    const failing = () => {
      throw caresError(code);
    };
    await add(`A ${code}`, resolverOf(failing).resolve('name.test', 'A'));
    await add(`addresses ${code}`, resolverOf(failing).resolve('name.test'));
    const half = (method: string) => (method === 'resolve6' ? failing() : ADDRESS(method));
    await add(`AAAA ${code}`, resolverOf(half).resolve('name.test'));
    const other = (method: string) => (method === 'resolve4' ? failing() : ADDRESS(method));
    await add(`A ${code}, IPv6 first`, resolverOf(other, { family: 'v6first' }).resolve('name.test'));
    const unlike = (method: string) => {
      throw caresError(method === 'resolve4' ? code : 'ENOTFOUND');
    };
    await add(`A ${code}, AAAA ENOTFOUND`, resolverOf(unlike).resolve('name.test'));
  }
  for (const error of [undefined, null, 'text', {}, new Error('no code'), { code: 7 }]) {
    cases.push([`an error ${json(error)}`, json(outcomeOfError(error))]);
  }
  const POLICIES: readonly ResolverOptions[] = [
    { policy: 'global' },
    { policy: { deny: ['192.0.2.0/24'] } },
    { policy: { deny: ['192.0.2.0/24'] }, onDenied: 'drop' },
    { policy: { deny: ['192.0.2.0/24', '2001:db8::/32'] }, onDenied: 'drop' },
    { policy: { allow: ['2001:db8::/32'] }, onDenied: 'drop', family: 4 },
  ];
  for (const options of [{}, { family: 4 }, { family: 6 }, { family: 'v6first' }, { family: 'v4first' }, ...POLICIES]) {
    const given = json(options);
    const resolver = resolverOf(ADDRESS, options as ResolverOptions);
    await add(`${given} addresses`, resolver.resolve('Name.Test.'));
    await add(`${given} again`, resolver.resolve('Name.Test.'));
    await add(`${given} A`, resolver.resolve('name.test', 'A'));
    await add(`${given} TXT`, resolver.resolve('name.test', 'TXT'));
    for (const literal of ['192.0.2.1', '2001:DB8::1', '1.2.3', 'localhost', 'x.invalid', 'a b']) {
      await add(`${given} ${literal}`, resolver.resolve(literal));
      await add(`${given} ${literal} AAAA`, resolver.resolve(literal, 'AAAA'));
    }
    await add(`${given} MX of an address`, resolver.resolve('192.0.2.1', 'MX'));
    await add(`${given} stats`, Promise.resolve(resolver.stats()));
  }
  const ipv6Denied = { policy: { deny: ['2001:db8::/32'] }, onDenied: 'drop' } as const;
  const onlyIpv6 = (method: string) => (method === 'resolve4' ? [] : ADDRESS(method));
  await add('no IPv4, and IPv6 denied', resolverOf(onlyIpv6, ipv6Denied).resolve('name.test'));
  await add(
    'no IPv4, and IPv6 denied first',
    resolverOf(onlyIpv6, { ...ipv6Denied, family: 'v6first' }).resolve('name.test'),
  );
  const searching = resolverOf(
    (method, name) => {
      if (name === 'host.two.test') return ADDRESS(method);
      throw caresError(name === 'host.one.test' ? 'ENODATA' : 'ENOTFOUND');
    },
    { search: ['one.test', 'two.test'] },
  );
  await add('a search that goes on after NODATA', searching.resolve('host'));
  await add('a search that finds nothing', searching.resolve('nobody'));
  const resolver = resolverOf(ADDRESS);
  for (const type of ['a', 'ANY', '', 7, {}]) {
    await add(`type ${json(type)}`, resolver.resolve('name.test', type as RecordType));
  }
  for (const name of [undefined, null, 7, {}, Symbol('x')]) {
    await add(`name ${json(name)}`, resolver.resolve(name as string, 'A'));
  }
  for (const options of [
    ...[0, -1, 1.5, '5', null, 2 ** 31].map((timeoutMs) => ({ timeoutMs })),
    ...[null, 7, {}, 'x'].map((signal) => ({ signal })),
    ...[null, 7, 'x', [], { timeout: 5 }, new AbortController().signal],
    { signal: AbortSignal.abort(new Error('enough')) },
  ]) {
    await add(`options ${json(options)}`, resolver.resolve('name.test', 'A', options as never));
  }
  for (const address of ['192.0.2.1', '2001:db8::1', 'fe80::1%eth0', 'x', '192.0.2.1/24']) {
    await add(`reverse ${address}`, resolver.reverse(address));
    await add(`verifyReverse ${address}`, resolver.verifyReverse(address));
  }
  const names = ['name.test', 'other.test', 'a b', ...Array.from({ length: 12 }, (_, index) => `n${index}.test`)];
  const named = resolverOf((method, name) => {
    if (method === 'resolvePtr') return names;
    if (name === 'other.test') throw caresError('ESERVFAIL');
    return ADDRESS(method);
  });
  await add('verifyReverse 192.0.2.1, named', named.verifyReverse('192.0.2.1'));
  await add('verifyReverse 192.0.2.2, named', named.verifyReverse('192.0.2.2'));
  await add('verifyReverse 2001:db8::1, named', named.verifyReverse('2001:db8::1'));
  const two = (method: string) =>
    method === 'resolvePtr' ? ['name.test'] : ['192.0.2.1', '192.0.2.2'].map((address) => ({ address, ttl: 60 }));
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
    await add(`verifyReverse ${address}, of a name with two addresses`, resolverOf(two).verifyReverse(address));
  }
  resolver[Symbol.dispose]();
  await add('closed', resolver.resolve('elsewhere.test', 'A'));
  await add('closed, known', resolver.resolve('name.test', 'A'));
  await add('closed, a literal', resolver.resolve('192.0.2.1'));
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/answers.txt'));
});

// --- options

const OPTIONS: readonly unknown[] = [
  ...[null, 7, 'x', []],
  ...[[], ['x'], ['192.0.2.1:0'], ['192.0.2.1:65536'], ['fe80::1%eth0'], ['::1:53'], '192.0.2.1', [7], null].map(
    (servers) => ({
      servers,
    }),
  ),
  ...[0, -1, 1.5, '5', null, 2 ** 31].flatMap((value) => [
    { timeoutMs: value },
    { attemptTimeoutMs: value },
    { attempts: value },
    { maxInFlight: value },
    { ndots: value },
  ]),
  ...[101, 16].flatMap((value) => [{ attempts: value }, { ndots: value }]),
  ...[null, 7, true, 'x', []].flatMap((value) => [
    { cache: value },
    { policy: value },
    { onDenied: value },
    { hosts: value },
    { family: value },
    { search: value },
    { forwardLocal: value },
    { clock: value },
    { createBackend: value },
  ]),
  ...['maxEntries', 'minTtl', 'maxTtl', 'defaultTtl', 'negativeTtl', 'staleTtl', 'storeTimeoutMs'].flatMap((name) =>
    [-1, 0, 1.5, '5', null, 259_201, 604_801, 2 ** 31].map((value) => ({ cache: { [name]: value } })),
  ),
  ...[null, 7, {}, { get: 1 }, { get() {} }, { set() {} }].map((store) => ({ cache: { store } })),
  ...[
    { cache: { size: 5 } },
    { hosts: { file: 'x' } },
    { hosts: { text: 7 } },
    { hosts: { text: '' } },
    { hosts: { text: '', file: 'x' } },
    { cache: { minTtl: 100, maxTtl: 10 } },
    { cache: { minTtl: 100, maxTtl: 100 } },
    { family: '\u202e' },
    { server: [] },
  ],
  ...[['a b'], ['1.2.3.4'], [''], ['.'], ['a.'], [7], ['x'.repeat(64)]].map((search) => ({ search })),
  ...[{ allow: 7 }, { allow: ['x'] }, { deny: ['10.0.0.0/33'] }, {}, { alow: [] }].map((policy) => ({ policy })),
];

it('options', async () => {
  const cases: [string, string][] = [];
  for (const options of OPTIONS) {
    // Its own servers where it has none: those of the system are another on each machine.
    const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
    const given = isObject ? { servers: ['192.0.2.53'], ...options } : options;
    const outcome = outcomeOf(() => new Resolver(given as ResolverOptions));
    if (outcome instanceof Resolver) outcome.close();
    cases.push([json(options), outcome instanceof Resolver ? 'is taken' : told(outcome)]);
  }
  for (const options of [
    null,
    7,
    {},
    { resolver: null },
    { resolver: {} },
    { resolver: { resolve() {} }, policy: 'x' },
  ]) {
    cases.push([
      `createLookup ${json(options)}`,
      told(outcomeOf(() => createLookup(options as unknown as CreateLookupOptions))),
    ]);
  }
  for (const policy of [null, 7, {}, 'x', { allow: [], deny: [], only: [] }, { allow: null }]) {
    cases.push([`policy ${json(policy)}`, told(outcomeOf(() => compilePolicy(policy as never)))]);
  }
  for (const server of [
    '192.0.2.1',
    '192.0.2.1:53',
    '192.0.2.1:5300',
    '::1',
    '[::1]',
    '[::1]:53',
    '[2001:DB8::1]:5300',
    '192.0.2.1:',
  ]) {
    cases.push([`server ${server}`, told(outcomeOf(() => readServer(server)))]);
  }
  for (const server of [
    '',
    'x',
    'localhost',
    '192.0.2.1:0',
    '192.0.2.1:65535',
    '192.0.2.1:65536',
    '192.0.2.1:x',
    '[::1',
    '::1]',
    '[::1]x',
  ]) {
    cases.push([`server ${server}`, told(outcomeOf(() => readServer(server)))]);
  }
  for (const server of [
    '[fe80::1%eth0]',
    'fe80::1%eth0',
    '[192.0.2.1]',
    '192.0.2.1:053',
    '0.0.0.0',
    '[::]:53',
    ' 192.0.2.1',
    7,
    null,
  ]) {
    cases.push([`server ${json(server)}`, told(outcomeOf(() => readServer(server as string)))]);
  }
  cases.push(['createBackend x', told(outcomeOf(() => createBackend('x')))]);
  const limits = cacheLimits({ minTtl: 10, maxTtl: 100, defaultTtl: 20, negativeTtl: 7 });
  cases.push(['limits', json([cacheLimits(), limits])]);
  for (const ttl of [null, 0, 1, 9, 10, 11, 99, 100, 101, 604_800]) {
    cases.push([`a lifetime of ${ttl}`, String(lifetime({ kind: 'records', records: [], ttl }, limits))]);
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/options.txt'));
});

// --- lookup

function called(lookup: Lookup, ...given: unknown[]): Promise<string> {
  return new Promise((resolve) => {
    const callback = (error: Error | null, ...found: unknown[]) => resolve(error === null ? json(found) : told(error));
    try {
      (lookup as (...all: unknown[]) => void)(...given, callback);
    } catch (error) {
      resolve(`at once ${told(error)}`);
    }
  });
}

it('lookups', async () => {
  const cases: [string, string][] = [];
  const add = async (given: string, answer: Promise<string>) => cases.push([given, await answer]);
  for (const code of [...CODES, 'ENOTFOUND']) {
    const failing = resolverOf(() => {
      throw caresError(code);
    });
    await add(code, called(failing.lookup, 'name.test', {}));
  }
  const resolver = resolverOf(ADDRESS);
  const FORMS: readonly unknown[] = [
    ...[undefined, null, 0, 4, 6, 'IPv4', 'IPv6', 5, '4', true, {}, [], { all: true }, { all: 1 }, { all: false }],
    ...[0, 4, 6, 'IPv4', 'IPv6', 5, '4', null].map((family) => ({ family, all: true })),
    ...['verbatim', 'ipv4first', 'ipv6first', 'x', null].map((order) => ({ order, all: true })),
    ...[true, false, 'x'].map((verbatim) => ({ verbatim, all: true })),
    { verbatim: false, order: 'ipv6first', all: true },
    ...[0, 8, 16, 24, 32, 1024, 1056, 2048, '8', -1, 7, 1].map((hints) => ({ hints, all: true, family: 6 })),
    { hints: 2048, family: 4, all: true },
    { hints: 2048, all: true },
  ];
  for (const options of FORMS) await add(`with ${json(options)}`, called(resolver.lookup, 'name.test', options));
  await add('with a callback alone', called(resolver.lookup, 'name.test'));
  cases.push(['without a callback', told(outcomeOf(() => (resolver.lookup as (name: string) => void)('name.test')))]);
  cases.push(['without anything', told(outcomeOf(() => (resolver.lookup as () => void)()))]);
  const onlyIpv4 = resolverOf((method) => {
    if (method === 'resolve4') return [{ address: '192.0.2.1', ttl: 60 }];
    throw caresError('ENODATA');
  });
  for (const hints of [0, 8, 16, 24, 2048, 2056, 2064]) {
    await add(`IPv4 alone, hints ${hints}`, called(onlyIpv4.lookup, 'name.test', { hints, all: true, family: 6 }));
  }
  const noIpv6Name = resolverOf((method) => {
    if (method === 'resolve4') return [{ address: '192.0.2.1', ttl: 60 }];
    throw caresError('ENOTFOUND');
  });
  await add(
    'no such name over IPv6, hints 8',
    called(noIpv6Name.lookup, 'name.test', { hints: 8, all: true, family: 6 }),
  );
  const halfBroken = resolverOf((method) => {
    if (method === 'resolve4') throw caresError('ESERVFAIL');
    return ADDRESS(method);
  });
  for (const hints of [0, 8, 16, 24]) {
    await add(`broken IPv4, hints ${hints}`, called(halfBroken.lookup, 'name.test', { hints, all: true, family: 6 }));
  }
  for (const name of [
    '192.0.2.1',
    '::1',
    'a b',
    '',
    'localhost',
    'x.invalid',
    7,
    null,
    Symbol('x'),
    Object.create(null),
  ]) {
    await add(`of ${json(name)}`, called(resolver.lookup, name, { all: true }));
  }
  for (const policy of ['global', { deny: ['2001:db8::/32'] }, { allow: ['192.0.2.0/24'] }, () => false] as const) {
    const guarded = createLookup({ resolver, policy });
    for (const family of [0, 4, 6]) {
      await add(`policy ${json(policy)} family ${family}`, called(guarded, 'name.test', { family, all: true }));
    }
  }
  const odd: readonly (readonly [string, unknown])[] = [
    ['no records', { records: [] }],
    ['rubbish', { records: [{ address: 'x' }] }],
    ['nothing', undefined],
    ['null', null],
    ['text for records', { records: '192.0.2.1' }],
    ['null for a record', { records: [null] }],
  ];
  for (const [name, answer] of odd) {
    const lookup = createLookup({ resolver: { resolve: async () => answer as never } });
    await add(name, called(lookup, 'name.test', { all: true }));
    await add(`${name}, one`, called(lookup, 'name.test'));
  }
  for (const thrown of [
    'text',
    new TypeError('odd'),
    new DnsError('BLOCKED', { name: 'x', type: 'A' }, 'why', { hint: 'what' }),
    // What has no text.
    Object.create(null),
    Symbol('odd'),
    undefined,
  ]) {
    const lookup = createLookup({
      resolver: {
        resolve: async () => {
          throw thrown;
        },
      },
    });
    await add(`throws ${thrown instanceof Error ? thrown : json(thrown)}`, called(lookup, 'name.test'));
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('dns-words/lookup.txt'));
});
