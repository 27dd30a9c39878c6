import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import type { CanResolve, ResolverOptions } from '../../src/dns/index.js';
import { Resolver } from '../../src/dns/index.js';
import { parseAddress } from '../../src/ip/index.js';
import type { BindFields } from '../../src/socket/index.js';
import { createBind, createSocketAddress, parseEndpoint, planBinds } from '../../src/socket/index.js';
import { connectTo } from '../../src/tcp/connect.js';
import { ConnectError, hintOf, mostTellingCode } from '../../src/tcp/connect-error.js';
import type { ConnectOptions } from '../../src/tcp/connect-options.js';
import { readConnectOptions } from '../../src/tcp/connect-options.js';
import { explain } from '../../src/tcp/explain-listen.js';
import type { ConnectTarget, CreateAgentOptions, CreateConnectorOptions, OpenSocket } from '../../src/tcp/index.js';
import {
  bindUdp,
  connect,
  createAgent,
  createConnector,
  heldPorts,
  Listener,
  listen,
  openSockets,
  parseProcNet,
  TCP_EVENTS,
  TCP_STATE_DIAGRAM,
  TCP_STATES,
  TCP_TRANSITIONS,
  TCP_WALKS,
} from '../../src/tcp/index.js';
import { ListenError } from '../../src/tcp/listen-error.js';
import { count } from '../../src/tcp/listen-options.js';
import { OpenFailure } from '../../src/tcp/open-failure.js';
import { ABSENT } from '../../src/tcp/open-servers.js';
import { integer } from '../../src/tcp/options.js';
import { procOf } from '../../src/tcp/sockets.js';
import { readTarget } from '../../src/tcp/target.js';
import { environmentOf } from '../support/bind-environment.js';
import { FakeNetwork } from '../support/fake-network.js';
import { caresError, plainBackend } from '../support/resolving.js';
import { Untold } from '../support/untold.js';
import { outcomeOf, paragraphs, wordsFile } from '../support/words.js';

// What is said, word for word. A change of fixtures/tcp-words is read like a change of code.

/** All that an error says. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return `no error, but ${JSON.stringify(error)}`;
  const fields = Object.entries(error).flatMap(([key, value]) =>
    ['code', 'target', 'input', 'hint', 'line', 'column'].includes(key) ? `${key} ${JSON.stringify(value)}` : [],
  );
  const cause = error.cause instanceof Error ? [`cause ${error.cause}`] : [];
  return [`${error.name}: ${error.message}`, ...fields, ...cause].join('\n  ');
}

it('the states, events, transitions and walks', async () => {
  const rows = [
    ...TCP_STATES.map((state) => JSON.stringify(state)),
    ...TCP_EVENTS.map((event) => JSON.stringify(event)),
    ...TCP_TRANSITIONS.map((transition) => JSON.stringify(transition)),
    ...TCP_WALKS.flatMap(({ title, rfc, steps }) => [`${title}, ${rfc}`, ...steps.map((step) => JSON.stringify(step))]),
    TCP_STATE_DIAGRAM,
  ];
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(wordsFile('tcp-words/states.txt'));
});

// --- connect

const LOOPBACK = parseAddress('127.0.0.1');
const LINK_LOCAL = parseAddress('fe80::1');

const TARGETS: readonly unknown[] = [
  ...['', ' ', '127.0.0.1', 'localhost', ':80', '*:80', '127.0.0.1:80-90', '127.0.0.1:80/udp', '[::1]:80/udp'],
  ...['[::1]', '[::1]:0', 'localhost:0', 'localhost:65536', '::1:80', 'unix:', 'a b:80', 'http://localhost:80'],
  ...[undefined, null, 7, true, [], {}, ['127.0.0.1:80'], 5n, { port: 80 }],
  ...[
    parseEndpoint(':80', { dialect: 'go' }),
    parseEndpoint('::1', { dialect: 'redis' }),
    { kind: 'name', name: 'localhost', port: null, lastPort: null, protocol: null },
    { kind: 'address', address: LOOPBACK, port: 80, lastPort: 81, protocol: null },
    { kind: 'address', address: LINK_LOCAL, port: 53, lastPort: null, protocol: 'udp' },
    { kind: 'unix', path: '/run/x' },
  ],
  createSocketAddress({ family: 'AF_INET', type: 'SOCK_DGRAM', address: '127.0.0.1', port: 53 }),
  createSocketAddress({ family: 'AF_INET6', address: 'fe80::1', port: 80, scopeId: 4_294_967_295 }),
  createSocketAddress({ family: 'AF_INET6', address: 'fe80::1', port: 80, scopeId: 0 }),
  createSocketAddress({ family: 'AF_INET6', address: '2001:db8::1', port: 80, scopeId: 7 }),
  createSocketAddress({ family: 'AF_INET', address: '127.0.0.1', port: 0 }),
  createSocketAddress({ family: 'AF_INET', address: '169.254.0.1', port: 80 }),
  ...[{ family: 'AF_INET', address: '127.0.0.1' }, { family: 'AF_INET7' }, { family: null }],
  ...[0, -1, 1.5, 65_536, '80', null, undefined, Number.NaN].map((port) => ({ host: '127.0.0.1', port })),
  ...[0, 80, 65_535, 'x'].map((port) => ({ host: '::1', port })),
  ...['', '*', '[::1]', '127.0.0.1:80', 'a/b', 'user@host', 'a b', 'x\u202ey', 'x'.repeat(300), 'é'].map((host) => ({
    host,
    port: 80,
  })),
  ...[7, null, undefined, {}, LOOPBACK, LINK_LOCAL, 'localhost', '1.2.3.4'].map((host) => ({ host, port: 80 })),
  ...[LOOPBACK, LINK_LOCAL].map((host) => ({ host, port: 0 })),
  ...[
    '',
    null,
    7,
    'a\0b',
    '\0a\0b',
    'x'.repeat(108),
    'x'.repeat(109),
    'é'.repeat(60),
    '/a b',
    '\0name',
    '/run/x',
    'é',
  ].map((path) => ({
    path,
  })),
  { host: 'localhost', port: 80, family: 4 },
  { host: 'localhost', port: 80, timeoutMs: 5 },
  { host: 'localhost', port: 80, path: '/run/x' },
  { host: 'localhost', port: 80, timeout: 5 },
  ...['kind', 'family', 'path', 'timeoutMs'].map((key) => ({ host: 'localhost', port: 80, [key]: undefined })),
  ...['kind', 'family', 'host', 'port'].map((key) => ({ path: '/run/x', [key]: undefined })),
  { family: 'AF_UNIX', path: '/run/x', host: undefined },
  { kind: undefined, host: undefined, family: undefined, path: undefined },
  { path: '/run/x', port: 80 },
  { host: 'localhost', port: 'x'.repeat(500) },
  { host: 'localhost', port: { deep: { deeper: { deepest: 1 } }, list: [1, 2, 3, 4, 5, 6, 7, 8] } },
  { host: 'localhost', port: '\u202e\n' },
  // 299, 300 and 301 characters when they are told.
  ...[57, 58, 59].map((last) => ({ host: 'localhost', port: [...Array(4).fill('x'.repeat(55)), 'x'.repeat(last)] })),
];

it('targets', async () => {
  const cases = TARGETS.map((target): [string, string] => {
    const given = typeof target === 'bigint' ? `${target}n` : (JSON.stringify(target) ?? String(target));
    const outcome = outcomeOf(() => readTarget(target as ConnectTarget));
    return [given, outcome instanceof Error ? told(outcome) : JSON.stringify(outcome)];
  });
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/targets.txt'));
});

const ERRNOS = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EACCES', 'EPERM', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'],
  ...['ENETDOWN', 'ENETUNREACH', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EINVAL', 'ENOENT', 'ENOTSOCK', 'EMFILE', 'EOTHER'],
];

const ATTEMPTED = {
  IPv4: { address: LOOPBACK, isFromLocal: false },
  'IPv4 from localAddress': { address: LOOPBACK, isFromLocal: true },
  IPv6: { address: parseAddress('2001:db8::1'), isFromLocal: false },
  'link-local': { address: LINK_LOCAL, isFromLocal: true },
  'link-local with a zone': { address: parseAddress('fe80::1%eth0'), isFromLocal: true },
  'link-local of IPv4': { address: parseAddress('169.254.0.1'), isFromLocal: false },
  'a path': { address: null, isFromLocal: true },
};

it('codes of several failures, and what to do', async () => {
  const pairs = [...ERRNOS, 'BLOCKED'].flatMap((one, index, all) =>
    all.slice(index + 1).flatMap((other) => [
      [one, other],
      [other, one],
    ]),
  );
  const rows = [
    ...Object.entries(ATTEMPTED).flatMap(([what, attempted]) =>
      ERRNOS.map((errno) => `${what}, ${errno}: ${hintOf(errno, attempted)}`),
    ),
    ...pairs.map((pair) => `${pair.join(', ')}: ${mostTellingCode(pair)}`),
    `none: ${mostTellingCode([])}`,
  ];
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(wordsFile('tcp-words/errnos.txt'));
});

/** What servers answer: addresses, or a code of c-ares. */
interface Zone {
  readonly AAAA?: readonly string[] | string;
  readonly A?: readonly string[] | string;
}

function resolverOf({ AAAA = [], A = [] }: Zone, options: ResolverOptions = {}): Resolver {
  const backend = plainBackend((method) => {
    const answer = method === 'resolve6' ? AAAA : A;
    if (typeof answer === 'string') throw caresError(answer);
    if (answer.length === 0) throw caresError('ENODATA');
    return answer.map((address) => ({ address, ttl: 60 }));
  });
  const resolver = new Resolver({ servers: ['127.0.0.1'], hosts: false, createBackend: () => backend, ...options });
  onTestFinished(() => resolver.close());
  return resolver;
}

interface Call extends ConnectOptions {
  readonly target?: ConnectTarget;
  readonly zone?: Zone;
  /** With which errno each attempt fails, in order. One more than are given has no answer. */
  readonly errnos?: readonly string[];
  /** What an attempt fails with instead. */
  readonly failure?: Error;
  readonly sources?: FakeNetwork['sources'];
}

/** What `connect` says, and every attempt that it made. */
async function callOutcome(call: Call): Promise<string> {
  const { target = 'name.test:80', zone = {}, errnos = [], failure, sources, ...options } = call;
  const network = new FakeNetwork();
  if (sources !== undefined) network.sources = sources;
  const settings = readConnectOptions({ resolver: resolverOf(zone), ...options });
  let ended = false;
  const outcome = connectTo(readTarget(target), settings, network)
    .then(
      ({ trace }) => ({ said: 'connected', trace }),
      (error: unknown) => ({ said: told(error), trace: error instanceof ConnectError ? error.trace : [] }),
    )
    .finally(() => {
      ended = true;
    });
  let next = 0;
  while (!ended) {
    const errno = errnos[next];
    const attempt = network.attempts[next];
    const isDone = failure === undefined && errno === undefined;
    if (attempt !== undefined && !isDone) {
      next++;
      const { options: given, outcome: heard } = attempt;
      const where = 'host' in given ? given.host : '';
      heard.failed(failure ?? Object.assign(new Error(`connect ${errno} ${where}`), { code: errno }));
      await setImmediate();
    } else if (attempt !== undefined || network.timers.size > 0) await network.pass(50);
    else await setImmediate();
  }
  const { said, trace } = await outcome;
  const attempts = network.attempts.map(({ options: given }) => JSON.stringify(given));
  return [said, ...trace.map((one) => JSON.stringify(one)), ...attempts].join('\n  ');
}

const ADDRESSES = (count: number) => Array.from({ length: count }, (_, index) => `192.0.2.${index + 1}`);

const DEAF: CanResolve = { resolve: async () => ({ records: [] }) as never };
const RUBBISH: CanResolve = {
  resolve: (async () => ({ records: [{ address: 'rubbish' }] })) as unknown as CanResolve['resolve'],
};
/** A resolver that answers everything so, or throws what is no error. */
const answering = (answer: unknown): CanResolve => ({ resolve: async () => answer as never });
const throwing = (thrown: unknown): CanResolve => ({
  resolve: async () => {
    throw thrown;
  },
});

const CALLS: Readonly<Record<string, Call>> = {
  'one address, refused': { zone: { A: ['192.0.2.1'] }, errnos: ['ECONNREFUSED'] },
  'both families, different failures': {
    zone: { AAAA: ['2001:db8::1'], A: ['192.0.2.1'] },
    errnos: ['ENETUNREACH', 'ECONNREFUSED'],
  },
  'six addresses': { zone: { A: ADDRESSES(6) }, errnos: Array(6).fill('EHOSTUNREACH') },
  'seven addresses': { zone: { A: ADDRESSES(7) }, errnos: Array(7).fill('EHOSTUNREACH') },
  'forty addresses': { zone: { A: ADDRESSES(40) }, errnos: Array(40).fill('ECONNRESET') },
  'an address twice': { zone: { A: ['192.0.2.1', '192.0.2.1'] }, errnos: ['ECONNREFUSED', 'ECONNREFUSED'] },
  'no answer in time': { zone: { A: ['192.0.2.1'] }, timeoutMs: 300 },
  'no answer of two, and one refused': { zone: { A: ADDRESSES(3) }, errnos: ['ECONNREFUSED'], timeoutMs: 600 },
  'no answer, and one blocked': {
    zone: { A: ['192.0.2.1', '127.0.0.1'] },
    policy: ({ address }) => address !== '127.0.0.1',
    timeoutMs: 300,
  },
  'no answer of the resolver in time': {
    resolver: { resolve: () => new Promise(() => {}) } as CanResolve,
    timeoutMs: 300,
  },
  'an error without a code': { zone: { A: ['192.0.2.1'] }, failure: new Error('odd') },
  'an error with an odd code': {
    zone: { A: ['192.0.2.1'] },
    failure: Object.assign(new Error('odd'), { code: 'ODD' }),
  },
  'an error whose code is a number': {
    zone: { A: ['192.0.2.1'] },
    failure: Object.assign(new Error('odd'), { code: 7 }),
  },
  'an address': { target: '192.0.2.1:80', errnos: ['ETIMEDOUT'] },
  'a mapped address': { target: '[::ffff:192.0.2.1]:80', errnos: ['ETIMEDOUT'] },
  'an address with options': {
    target: '[2001:db8::1]:80',
    errnos: ['EADDRNOTAVAIL'],
    localAddress: '2001:db8::2',
    localPort: 4000,
    noDelay: true,
    keepAlive: true,
  },
  'a unix socket': { target: 'unix:/run/x', errnos: ['ENOENT'] },
  'a unix socket, and a policy': { target: 'unix:/run/x', policy: 'global' },
  'a unix socket that does not answer': { target: 'unix:/run/x', timeoutMs: 200 },
  'the policy denies an address': { target: '127.0.0.1:80', policy: 'global' },
  'the policy denies an address with a zone': { target: '[fe80::1%eth0]:80', policy: 'global' },
  'the policy denies all addresses of a name': { zone: { AAAA: ['::1'], A: ['127.0.0.1'] }, policy: 'global' },
  'the policy denies one, and the other is refused': {
    zone: { A: ['127.0.0.1', '8.8.8.8'] },
    policy: 'global',
    errnos: ['ECONNREFUSED'],
  },
  'the policy denies one, and there is no way to the other': {
    zone: { A: ['127.0.0.1', '8.8.8.8'] },
    policy: 'global',
    errnos: ['ENETUNREACH'],
  },
  'the policy throws': {
    target: '127.0.0.1:80',
    policy: () => {
      throw new Error('odd');
    },
  },
  'the policy of the resolver denies': {
    resolver: () => resolverOf({ A: ['127.0.0.1'] }, { policy: 'global' }),
  } as unknown as Call,
  'no such name': { zone: { AAAA: 'ENOTFOUND', A: 'ENOTFOUND' } },
  'no addresses': { zone: {} },
  'no addresses of a family': { zone: { A: ['192.0.2.1'] }, family: 6 },
  'addresses of a family': { zone: { AAAA: ['2001:db8::1'], A: ['192.0.2.1'] }, family: 6, errnos: ['ECONNREFUSED'] },
  'addresses of the family of localAddress': {
    zone: { AAAA: ['2001:db8::1'], A: ['192.0.2.1'] },
    localAddress: '127.0.0.1',
    errnos: ['ECONNREFUSED'],
  },
  'a localAddress that is a value': { zone: { A: ['192.0.2.1'] }, localAddress: LOOPBACK, errnos: ['ECONNREFUSED'] },
  'a localAddress that is a value, of another family': { zone: { A: ['192.0.2.1'] }, localAddress: LINK_LOCAL },
  'no addresses of the family of localAddress': { target: '192.0.2.1:80', localAddress: '::1' },
  'family and localAddress that do not meet': { zone: { A: ['192.0.2.1'] }, family: 6, localAddress: '127.0.0.1' },
  'an address of another family': { target: '192.0.2.1:80', family: 6 },
  'servers that fail': { zone: { AAAA: 'ESERVFAIL', A: 'ESERVFAIL' } },
  'servers that refuse one, and fail the other': { zone: { AAAA: 'EREFUSED', A: 'ESERVFAIL' } },
  'servers that know one not, and fail the other': { zone: { AAAA: 'ENOTFOUND', A: 'ESERVFAIL' } },
  'servers that fail one, and know the other not': { zone: { AAAA: 'ESERVFAIL', A: 'ENOTFOUND' } },
  'servers that have no address of one, and know the other not': { zone: { A: 'ENOTFOUND' } },
  'servers that fail one, and the other is refused': {
    zone: { AAAA: 'ESERVFAIL', A: ['192.0.2.1'] },
    errnos: ['ECONNREFUSED'],
  },
  'a name that is none': { target: { host: 'a..b', port: 80 } },
  'a resolver without an answer': { resolver: DEAF },
  'a resolver for one family without an answer': { resolver: { ...DEAF, family: 4 } as CanResolve },
  'a resolver that searches, without an answer': { resolver: { ...DEAF, searches: true } as CanResolve },
  'a resolver that gives rubbish': { resolver: RUBBISH },
  'a resolver that searches, and gives rubbish': { resolver: { ...RUBBISH, searches: true } as CanResolve },
  'a resolver that throws text': { resolver: throwing('no error') },
  'a resolver that throws what has no text': { resolver: throwing(Object.create(null)) },
  'a resolver that throws what can not be told': { resolver: throwing(new Untold()) },
  'a resolver that gives nothing': { resolver: answering(undefined) },
  'a resolver that gives no records': { resolver: answering({}) },
  'a resolver that gives null for a record': { resolver: answering({ records: [null] }) },
  'a resolver that gives an address three times': {
    resolver: answering({
      records: ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'].map((address) => ({ address })),
    }),
    errnos: ['ECONNREFUSED', 'ECONNREFUSED'],
  },
  'an aborted signal': { target: '192.0.2.1:80', signal: AbortSignal.abort(new Error('enough')) },
  'sources that cannot be told': {
    zone: { A: ['192.0.2.1', '192.0.2.2'] },
    errnos: ['ECONNREFUSED', 'ECONNRESET'],
    sources: async () => {
      throw new Error('EMFILE');
    },
  },
};

it('connections that do not come about', async () => {
  const cases: [string, string][] = [];
  for (const [name, { resolver, ...call }] of Object.entries(CALLS)) {
    // Made when it is needed: it is closed with the test.
    const made = typeof resolver === 'function' ? (resolver as () => CanResolve)() : resolver;
    cases.push([name, await callOutcome(made === undefined ? call : { ...call, resolver: made })]);
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/connect.txt'));
});

const CONNECT_OPTIONS: readonly object[] = [
  ...[0, -1, 1.5, '5', null, 2 ** 31, Number.POSITIVE_INFINITY].map((timeoutMs) => ({ timeoutMs })),
  ...[null, 7, {}, { resolve: 1 }].map((resolver) => ({ resolver })),
  ...[0, 5, '4', null].map((family) => ({ family })),
  ...[9, 99, 2 ** 31, 'x'].map((attemptDelayMs) => ({ attemptDelayMs })),
  ...[9, null].map((minAttemptDelayMs) => ({ minAttemptDelayMs })),
  { minAttemptDelayMs: 300, attemptDelayMs: 299 },
  ...[-1, null].map((resolutionDelayMs) => ({ resolutionDelayMs })),
  ...[1, null].flatMap((value) => [{ noDelay: value }, { keepAlive: value }]),
  ...['', 'x', '127.0.0.1/8', '127.0.0.1:80', null, 7].map((localAddress) => ({ localAddress })),
  ...['globl', null, 7, {}, { allow: 7 }, { allow: ['x'] }].map((policy) => ({ policy })),
  ...[null, 7, {}].map((signal) => ({ signal })),
  ...[0, 65_536, '80', null].map((localPort) => ({ localPort })),
  ...[{ timeout: 5 }, { agentOptions: {} }, { tls: {} }, { constructor: 1 }],
];

const AGENT_OPTIONS: readonly object[] = [
  ...[null, 7, 'x'].map((agentOptions) => ({ agentOptions })),
  ...['lookup', 'socket', 'socketPath', 'createConnection', 'proxyEnv', 'autoSelectFamily'].map((name) => ({
    agentOptions: { [name]: undefined },
  })),
];

it('options', async () => {
  const cases: [string, string][] = [];
  const add = (call: string, options: object, outcome: unknown) =>
    cases.push([`${call} ${JSON.stringify(options)}`, told(outcome)]);
  for (const options of CONNECT_OPTIONS) {
    add('connect', options, await connect('127.0.0.1:1', options).catch((error: unknown) => error));
    // Both have a policy, so that it is not the one that is missing; one of its own takes its place.
    const withPolicy = { policy: 'any', ...options };
    const agent = outcomeOf(() => createAgent(withPolicy as CreateAgentOptions));
    if (agent instanceof Error) add('createAgent', options, agent);
    const connector = outcomeOf(() => createConnector(withPolicy as CreateConnectorOptions));
    if (connector instanceof Error) add('createConnector', options, connector);
  }
  for (const options of AGENT_OPTIONS) {
    add(
      'createAgent',
      options,
      outcomeOf(() => createAgent({ policy: 'any', ...options })),
    );
  }
  add(
    'createAgent',
    {},
    outcomeOf(() => createAgent({} as CreateAgentOptions)),
  );
  add(
    'createConnector',
    {},
    outcomeOf(() => createConnector({} as CreateConnectorOptions)),
  );
  for (const options of [
    ...[null, 7, {}].map((signal) => ({ signal })),
    ...[null, 7, {}, ['10.0.0.0/8']].map((allow) => ({ allow })),
    ...[0, -1, 1.5, '5', null, Number.NaN].flatMap((value) => [{ maxConnections: value }, { maxUntaken: value }]),
    ...[null, 7, {}].flatMap((value) => [{ onError: value }, { onRefused: value }]),
    ...[null, 7, {}, { resolve: 1 }].map((resolver) => ({ resolver })),
    { backlog: 5 },
  ]) {
    const opened = listen('unix:/nowhere/at/all.sock', null, options as never).catch((error: unknown) => error);
    add('listen', options, await opened);
  }
  for (const binds of [
    [],
    ['127.0.0.1:80/udp'],
    ['127.0.0.1:80', '127.0.0.1:80/udp'],
    'localhost',
    '',
    null,
    7,
    [undefined],
    '[::1]:65536',
    ':80-90',
  ]) {
    const opened = listen(binds as never).catch((error: unknown) => error);
    cases.push([`listen to ${JSON.stringify(binds)}`, told(await opened)]);
  }
  for (const handler of [7, {}]) {
    const opened = listen('unix:/nowhere/at/all.sock', handler as never, {}).catch((error: unknown) => error);
    cases.push([`listen with a handler ${JSON.stringify(handler)}`, told(await opened)]);
  }
  for (const [bind, options] of [
    ['127.0.0.1:80/tcp', {}],
    ['unix:/run/x', {}],
    ['', {}],
    [null, {}],
    [{ host: '127.0.0.1', port: 80, type: 'SOCK_STREAM' }, {}],
    ['127.0.0.1:1', { signal: 7 }],
    ['127.0.0.1:1', { resolver: 7 }],
    ['127.0.0.1:1', { reuse: true }],
  ] as const) {
    const opened = bindUdp(bind as never, options as never).catch((error: unknown) => error);
    cases.push([`bindUdp ${JSON.stringify([bind, options])}`, told(await opened)]);
  }
  for (const options of [
    ...[['x'], 'tcp', null, [7], {}].map((protocols) => ({ protocols })),
    ...[1, null].map((processes) => ({ processes })),
    ...[-1, 1.5, null].map((maxDescriptors) => ({ maxDescriptors })),
    ...['', 'a\0b', 7, null, '/nowhere', '/dev/null'].map((proc) => ({ proc })),
    { proc: '/nowhere', protocols: ['unix'] },
    { signal: AbortSignal.abort(new Error('enough')) },
    { pid: 5 },
  ]) {
    const opened = openSockets(options as never).catch((error: unknown) => error);
    add('openSockets', options, await opened);
  }
  for (const platform of ['linux', 'android', 'darwin', 'win32', 'freebsd', 'openbsd', 'sunos']) {
    cases.push([`procOf ${platform}`, told(outcomeOf(() => procOf(platform)))]);
  }
  const behindProxy = new Promise((resolve) => {
    const request = { hostname: 'name.test', protocol: 'https:', port: '', httpSocket: new Socket() };
    createConnector({ policy: 'global' })(request, (...outcome) => resolve(outcome[0]));
  });
  cases.push(['createConnector behind a proxy', told(await behindProxy)]);
  for (const [least, most, value] of [
    [1, 5, 1],
    [1, 5, 5],
    [1, 5, 0],
    [1, 5, 6],
    [0, 5, -1],
  ] as const) {
    cases.push([`integer ${value} of ${least} to ${most}`, told(outcomeOf(() => integer('it', value, least, most)))]);
  }
  for (const value of [0, 1, 2, Number.POSITIVE_INFINITY, Number.NaN, 1.5]) {
    cases.push([`count ${value}`, told(outcomeOf(() => count('it', value)))]);
  }
  const made = outcomeOf(() => new (Listener as unknown as new () => unknown)());
  cases.push(['new Listener', told(made)]);
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/options.txt'));
});

// --- listen

const BINDS: readonly BindFields[] = [
  { host: '127.0.0.1', port: 80 },
  { host: '::1', port: 80 },
  { host: 'name.test', port: 80 },
  { host: '127.0.0.1', port: 80, optional: true },
  { host: '127.0.0.1', port: 8080 },
  { host: '127.0.0.1', port: 80, type: 'SOCK_DGRAM' },
  { host: 'name.test', port: 80, type: 'SOCK_DGRAM', family: 'AF_INET6' },
  { path: '/run/x.sock' },
  { path: `/run/${'x'.repeat(200)}` },
  { path: '/run/\u202ex\n' },
  { path: '\0x' },
];

const LISTEN_CODES = [
  ...[
    'EADDRINUSE',
    'EADDRNOTAVAIL',
    'EAFNOSUPPORT',
    'EACCES',
    'EINVAL',
    'EMFILE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EAI_FAIL',
  ],
  ...['ABORTED', 'EXPOSE_EXCEEDED', 'EOTHER'],
];

it('listeners that do not open', async () => {
  const cases: [string, string][] = [];
  for (const code of LISTEN_CODES) {
    for (const fields of BINDS) {
      const bind = createBind(fields);
      const wanted = [bind, bind].map((one) => ({ bind: one, sockets: [one] }));
      const said = told(await explain(new OpenFailure(bind, null, code, 'the reason'), wanted));
      cases.push([`${code} ${JSON.stringify(fields)}`, said]);
      if (!ABSENT.has(code)) continue;
      const alone = told(await explain(new OpenFailure(bind, null, code, 'the reason'), wanted.slice(1)));
      cases.push([`${code} ${JSON.stringify(fields)} alone`, alone]);
    }
  }
  const bind = createBind({ host: '127.0.0.1', port: 80 });
  const details = { code: 'EADDRINUSE', bind, target: '127.0.0.1:80', hint: 'what to do' };
  expect(new ListenError({ ...details, explanation: null, holders: [] })).not.toHaveProperty('cause');
  const holders = [
    { pid: 7, command: 'one' },
    { pid: 8, command: 'a "b"\n' },
  ];
  for (const one of [[], holders.slice(0, 1), holders]) {
    for (const explanation of [null, 'the reason']) {
      cases.push([`${explanation}, ${one.length}`, told(new ListenError({ ...details, explanation, holders: one }))]);
    }
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/listen.txt'));
});

// --- what is open

const ROW = '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1218 1 0 100';
const UDP_ROW = '   0: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 1218 2 0 7';
const UNIX_ROW = '0000000000000000: 00000002 00000000 00010000 0001 01 1218 /run/x';
const TCP_HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const UNIX_HEADER = 'Num       RefCount Protocol Flags    Type St Inode Path';

/** Every cell of a row, each out of its range, and the row cut before it. */
function spoiled(row: string): string[] {
  const cells = row.trim().split(/ +/);
  return cells.flatMap((_, index) => [
    cells.map((cell, at) => (at === index ? 'x' : cell)).join(' '),
    cells.map((cell, at) => (at === index ? `x${cell}` : cell)).join(' '),
    cells.map((cell, at) => (at === index ? `${cell}x` : cell)).join(' '),
    cells.map((cell, at) => (at === index ? `${cell}0` : cell)).join(' '),
    cells.map((cell, at) => (at === index ? `0${cell}` : cell)).join(' '),
    cells.map((cell, at) => (at === index ? cell.slice(1) : cell)).join(' '),
    cells.map((cell, at) => (at === index ? cell.slice(0, -1) : cell)).join(' '),
    cells.slice(0, index).join(' '),
  ]);
}

it('tables of /proc/net that are none', async () => {
  const cases: [string, string][] = [];
  const add = (text: string, options: object) => {
    const outcome = outcomeOf(() => parseProcNet(text, { byteOrder: 'LE', ...options }));
    const said = outcome instanceof Error ? told(outcome) : JSON.stringify(outcome);
    cases.push([`${JSON.stringify(options)} ${JSON.stringify(text)}`, said]);
  };
  for (const row of [ROW, ...spoiled(ROW)]) add(row, { kind: 'tcp' });
  for (const row of [UDP_ROW, ...spoiled(UDP_ROW)]) add(row, { kind: 'udp' });
  for (const row of [UNIX_ROW, ...spoiled(UNIX_ROW)]) add(row, { kind: 'unix' });
  for (const kind of ['tcp', 'tcp6', 'udp', 'udp6', 'unix']) {
    for (const header of [
      TCP_HEADER,
      UNIX_HEADER,
      '',
      'x',
      TCP_HEADER.replace('rem_', 'remote_'),
      `${TCP_HEADER} drops`,
    ]) {
      add(`${header}\n`, { kind });
    }
  }
  for (const text of ['', 'x', TCP_HEADER, UNIX_HEADER, ROW, 7, null, undefined]) add(text as string, {});
  for (const header of [UNIX_HEADER.replaceAll(' ', '  '), UNIX_HEADER.replace(/ +/g, ' '), ` ${UNIX_HEADER}`]) {
    add(`${header}\n${UNIX_ROW}\n`, {});
  }
  for (const header of [TCP_HEADER.replaceAll(' ', '  '), TCP_HEADER.trim().replace(/ +/g, ' '), `x${TCP_HEADER}`]) {
    add(`${header}\n${ROW}\n   \n\n${ROW}`, {});
  }
  // Lines that may be more of a path, as far as one goes.
  const open = UNIX_ROW.replace('/run/x', 'x'.repeat(50));
  for (const lengths of [[56], [57], [58], [20, 35], [20, 36], [20, 37], [20, 10, 25], [20, 10, 26]]) {
    add([open, ...lengths.map((length) => 'y'.repeat(length)), UNIX_ROW].join('\n'), { kind: 'unix' });
  }
  for (const [at, code] of [...'0123456789ABCDEF'].entries()) {
    add(ROW.replace(' 0A ', ` 0${code} `), { kind: 'tcp' });
    add(UDP_ROW.replace(' 07 ', ` 0${code} `), { kind: 'udp' });
    add(ROW.replace(' 00:', ` 0${code}:0000000`), { kind: 'tcp' });
    add(UNIX_ROW.replace(' 01 ', ` 0${code} `).replace('00010000', '00000000'), { kind: 'unix' });
    add(UNIX_ROW.replace(' 0001 ', ` 000${code} `), { kind: 'unix' });
    add(ROW.replace('0 1218', `${at} 0`), { kind: 'tcp' });
  }
  for (const options of [{ kind: 'sctp' }, { kind: null }, { byteOrder: 'ME' }, { byteOrder: null }, { order: 'LE' }]) {
    add(ROW, { kind: 'tcp', ...options });
  }
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/proc-net.txt'));
});

const HELD_BINDS: readonly BindFields[] = [
  ...['127.0.0.1', '127.0.0.2', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1', 'fe80::1%eth0', 'name.test'].map(
    (host) => ({
      host,
      port: 8080,
    }),
  ),
  { host: '::', port: 8080, ipv6Only: true },
  { host: '127.0.0.1', port: 8080, reusePort: true },
  { host: '127.0.0.1', port: 8080, type: 'SOCK_DGRAM' },
  { host: '127.0.0.1', port: 8080, type: 'SOCK_DGRAM', reuseAddr: true },
  { host: '127.0.0.1', port: 8080, type: 'SOCK_DGRAM', reusePort: true },
  { host: '127.0.0.1', port: 0, allowEphemeral: true },
  { path: '/run/x' },
  { path: '@x' },
  { path: '\0x' },
  { path: '\0xy' },
];

const NOBODY: OpenSocket['processes'] = null;

function inet(protocol: 'tcp' | 'udp', address: string, state: string, processes = NOBODY): OpenSocket {
  const family = address.includes(':') ? 'AF_INET6' : 'AF_INET';
  const type = protocol === 'tcp' ? 'SOCK_STREAM' : 'SOCK_DGRAM';
  const remote = ['LISTEN', 'UNCONNECTED'].includes(state) ? null : { address: '127.0.0.9', port: 9 };
  const local = { address, port: 8080 };
  return { protocol, family, type, state, local, remote, processes, inode: 5, uid: 0 } as unknown as OpenSocket;
}

function unix(path: string | null, state: string, type = 'SOCK_STREAM'): OpenSocket {
  return { protocol: 'unix', family: 'AF_UNIX', type, state, path, inode: 5, processes: NOBODY } as OpenSocket;
}

const OPEN: readonly OpenSocket[] = [
  ...['127.0.0.1', '0.0.0.0', '::', '::1', '::ffff:127.0.0.1', 'fe80::1'].map((one) => inet('tcp', one, 'LISTEN')),
  inet('tcp', '127.0.0.1', 'ESTABLISHED'),
  inet('tcp', '::1', 'TIME-WAIT', []),
  inet('udp', '127.0.0.1', 'UNCONNECTED', [{ pid: 7, command: 'one' }]),
  inet('udp', '127.0.0.1', 'CONNECTED', [
    { pid: 7, command: 'a "b"' },
    { pid: 8, command: '' },
  ]),
  inet('udp', '::', 'UNCONNECTED', []),
  unix('/run/x', 'LISTEN'),
  unix('/run/x', 'CONNECTED'),
  unix('/run/x', 'UNCONNECTED', 'SOCK_DGRAM'),
  unix('@x', 'LISTEN'),
  unix('\0x', 'LISTEN'),
  unix('\0x\0\0', 'LISTEN'),
  unix('\0x\0y', 'LISTEN'),
  unix('\0x\0y\0', 'LISTEN'),
  unix('x\0', 'LISTEN'),
  unix(null, 'UNCONNECTED', 'SOCK_DGRAM'),
  { ...unix('\0x', 'LISTEN'), padded: true } as OpenSocket,
];

it('ports that are held', async () => {
  const cases = HELD_BINDS.map((fields): [string, string] => {
    const plan = planBinds([createBind(fields)], environmentOf());
    const alone = OPEN.flatMap((socket, index) =>
      heldPorts(plan, [socket]).map(({ bind, verdict, reason }) => `${bind} ${index} ${verdict}: ${reason}`),
    );
    const together = heldPorts(plan, OPEN).map(({ verdict, socket }) => `${verdict} ${OPEN.indexOf(socket)}`);
    return [JSON.stringify(fields), [...alone, `of all: ${together.join(', ')}`].join('\n  ')];
  });
  await expect(paragraphs(cases)).toMatchFileSnapshot(wordsFile('tcp-words/held-ports.txt'));
});
