import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { CanResolve, ResolverOptions } from '../../src/dns/index.js';
import { DnsError, Resolver } from '../../src/dns/index.js';
import { parseAddress, parsePrefix } from '../../src/ip/index.js';
import { createSocketAddress, parseEndpoint } from '../../src/socket/index.js';
import { readConnectOptions } from '../../src/tcp/connect-options.js';
import type { Connected, ConnectOptions, ConnectTarget } from '../../src/tcp/index.js';
import { ConnectError, connect } from '../../src/tcp/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { synSent } from '../support/dead-listener.mjs';
import { FORGED } from '../support/forged.js';
import { close, listen } from '../support/listener.js';
import { deferred } from '../support/resolving.js';
import { runNode } from '../support/run-node.js';
import { onSamePort } from '../support/same-port.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();

/** A server that says where a connection came from, and counts them. */
class Greeter {
  readonly server: Server = createServer((socket) => {
    this.connections++;
    socket.on('error', () => {});
    socket.end(`${socket.remoteAddress} ${socket.remotePort}`);
  });
  connections = 0;
}

let dns: DnsServer;
let resolver: Resolver;
beforeEach(async () => {
  dns = await DnsServer.listen({
    zone: `
$ORIGIN test.
both   60 AAAA ::1
both   60 A    127.0.0.1
v4     60 A    127.0.0.1
v6     60 AAAA ::1
many   60 A    127.0.0.2
many   60 A    127.0.0.3
many   60 A    127.0.0.4
`,
  });
  resolver = resolverWith({});
});
afterEach(() => dns.close());

function resolverWith(options: ResolverOptions): Resolver {
  const made = new Resolver({ servers: [dns.address], hosts: false, ...options });
  onTestFinished(() => made.close());
  return made;
}

async function greeterOn(host: string): Promise<Greeter & { readonly port: number }> {
  const greeter = new Greeter();
  const port = await listen(greeter.server, host);
  onTestFinished(() => close(greeter.server));
  return Object.assign(greeter, { port });
}

async function greetingOf({ socket }: Connected): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return text;
}

async function errorOf(target: ConnectTarget, options: ConnectOptions = {}): Promise<ConnectError> {
  const outcome = await connect(target, options).then(
    ({ socket }) => socket.destroy(),
    (error: unknown) => error,
  );
  if (outcome instanceof ConnectError) return outcome;
  throw new Error('expected a ConnectError', { cause: outcome });
}

describe('targets', () => {
  test('texts, endpoints, socket addresses and parts lead to the same place', async () => {
    const greeter = await greeterOn('127.0.0.1');
    const { port } = greeter;
    const targets: ConnectTarget[] = [
      `127.0.0.1:${port}`,
      `v4.test:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      parseEndpoint(`127.0.0.1:${port}`),
      parseEndpoint(`v4.test:${port}`),
      createSocketAddress({ address: '127.0.0.1', port }),
      { host: '127.0.0.1', port },
      { host: parseAddress('127.0.0.1'), port },
      { host: 'V4.TEST.', port },
      { host: 'localhost', port },
    ];
    for (const target of targets)
      expect(await greetingOf(await connect(target, { resolver }))).toMatch(/^127\.0\.0\.1 /);
    expect(greeter.connections).toBe(targets.length);
  });

  test('IPv6', async () => {
    const { port } = await greeterOn('::1');
    for (const target of [`[::1]:${port}`, { host: '::1', port }, `v6.test:${port}`]) {
      const connected = await connect(target, { resolver });
      expect(connected.trace).toMatchObject([{ address: '::1', port, outcome: 'connected', errno: null }]);
      expect(await greetingOf(connected)).toMatch(/^::1 /);
    }
  });

  test('unix sockets, by path and by abstract name', async () => {
    for (const path of [
      join(dir, 'socket'),
      ...(process.platform === 'linux' ? [`\0inaddr-test-${process.pid}`] : []),
    ]) {
      const server = createServer((socket) => socket.end('here'));
      server.listen(path);
      await once(server, 'listening');
      const targets: ConnectTarget[] = [{ path }, createSocketAddress({ path })];
      if (!path.startsWith('\0')) targets.push(`unix:${path}`, parseEndpoint(`unix:${path}`));
      for (const target of targets) {
        const connected = await connect(target);
        expect(connected.trace).toMatchObject([{ address: path, port: null, outcome: 'connected' }]);
        expect(await greetingOf(connected)).toBe('here');
      }
      await close(server);
    }
  });

  test.each<[string, ConnectTarget, string]>([
    ['no port', 'example.test', 'port'],
    ['port 0', '127.0.0.1:0', '1 to 65535'],
    ['port 0, in parts', { host: '127.0.0.1', port: 0 }, '1 to 65535'],
    ['a port beyond', { host: '127.0.0.1', port: 65536 }, '1 to 65535'],
    ['a port as text', { host: '127.0.0.1', port: '80' } as never, '1 to 65535'],
    ['no number', { host: '127.0.0.1', port: Number.NaN }, '1 to 65535'],
    ['a wildcard', { kind: 'wildcard', families: 'both', port: 80 } as never, 'localhost'],
    ['a wildcard, as text', '*:80', ''],
    ['an empty host', { host: '', port: 80 }, 'localhost'],
    [
      'a range',
      parseEndpoint('127.0.0.1:80', {}) && ({ ...parseEndpoint('127.0.0.1:80'), lastPort: 90 } as never),
      'one of them',
    ],
    ['UDP', { ...parseEndpoint('127.0.0.1:80'), protocol: 'udp' } as never, 'TCP'],
    ['UDP, as a socket address', createSocketAddress({ type: 'SOCK_DGRAM', address: '127.0.0.1', port: 80 }), 'TCP'],
    ['a socket address with a name', { family: 'AF_INET', address: 'localhost', port: 80 } as never, ''],
    ['brackets', { host: '[::1]', port: 80 }, 'brackets'],
    ['host and port in one', { host: 'localhost:80', port: 80 }, 'port apart'],
    ['a URL', { host: 'http://localhost', port: 80 }, 'a name'],
    ['a URL, as text', 'http://localhost:80/', ''],
    ['an ambiguous text', '2001:db8::1:80', '['],
    ['no path', { path: '' }, 'path'],
    ['a path that is too long', { path: `/${'x'.repeat(108)}` }, '108'],
    ['NUL in a path', { path: '/tmp/a\0b' }, 'without it'],
    ['a host of another kind', { host: Object.create(null), port: 80 }, 'a name or an address'],
    ['a port of another kind', { host: 'localhost', port: Symbol('80') } as never, '1 to 65535'],
    ['a scope that is none', createSocketAddress({ address: 'fe80::1', port: 80, scopeId: 4_000_000 }), 'the zone'],
    ['no text', 7 as never, "'example.com:80'"],
    ['nothing', null as never, "'example.com:80'"],
    ['an empty object', {} as never, "'example.com:80'"],
  ])('refused with a hint: %s', async (_, target, hint) => {
    const error = await errorOf(target);
    expect(error).toMatchObject({ name: 'ConnectError', code: 'BAD_TARGET', trace: [] });
    expect(error.hint).toContain(hint);
    expect(error.message).toContain(error.hint);
  });

  test('a part that is undefined is not there, and options stand apart', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const target = { host: '127.0.0.1', port, path: undefined, family: undefined, kind: undefined };
    const { socket } = await connect(target as ConnectTarget);
    socket.destroy();
    const given = connect({ host: '127.0.0.1', port, family: 4 } as ConnectTarget);
    await expect(given).rejects.toThrow('has no "family": pass options as the second argument');
    const both = connect({ path: '/run/x', port } as ConnectTarget);
    await expect(both).rejects.toThrow('a target of path has no "port": leave it out');
  });

  test.skipIf(process.platform !== 'linux')('a path at which nothing listens, or where no socket is', async () => {
    const path = join(dir, 'file');
    writeFileSync(path, '');
    const hint = 'nothing listens there: check the path, or start the server';
    expect(await errorOf({ path })).toMatchObject({ code: 'ECONNREFUSED', hint });
    expect(await errorOf({ path: join(dir, 'nothing') })).toMatchObject({ code: 'ENOENT' });
  });

  test('what is not printable does not leave its line', async () => {
    const error = await errorOf({ host: 'a\n\u001b[31mb', port: 80 });
    expect(error.message).not.toMatch(/[^ -~]/);
    expect(error.target).toBe('"a\\x0a\\x1b[31mb":80');
  });

  test('a zone that would fill a log is cut', async () => {
    const host = `fe80::1%${'a'.repeat(100_000)}`;
    const errors = [
      await errorOf({ host, port: 80 }, { policy: 'global' }),
      await errorOf('127.0.0.1:9', { localAddress: host }),
    ];
    expect(errors.map(({ code }) => code)).toEqual(['BLOCKED', 'NO_ADDRESS']);
    for (const { message } of errors) expect(message.length).toBeLessThan(1000);
  });

  test('options among the parts are an error, not ignored', async () => {
    const target = { host: '127.0.0.1', port: 80, timeoutMs: 5 };
    await expect(connect(target)).rejects.toThrow('pass options as the second argument');
  });

  test.each(['127.1', '0x7f.1', '2130706433', '0177.0.0.1', '010.0.0.1'])(
    '%s is no host, whatever reads it',
    async (host) => {
      expect(await errorOf({ host, port: 80 }, { resolver, policy: 'global' })).toMatchObject({ code: 'BAD_NAME' });
      expect(dns.questions).toEqual([]);
    },
  );
});

describe('options', () => {
  test.each<[string, unknown, string]>([
    ['one that there is not', { timeout: 5 }, 'there is no option "timeout"'],
    ['no object', 5, 'the options are 5'],
    ['a timeout of 0', { timeoutMs: 0 }, 'timeoutMs is 0'],
    ['a timeout beyond a timer', { timeoutMs: 2 ** 31 }, 'timeoutMs is 2147483648'],
    ['a timeout as text', { timeoutMs: '5' }, "timeoutMs is '5'"],
    ['a delay under the minimum', { attemptDelayMs: 99 }, 'an integer from 100'],
    ['a minimum under that of the RFC', { minAttemptDelayMs: 9 }, 'an integer from 10'],
    ['a negative resolution delay', { resolutionDelayMs: -1 }, 'resolutionDelayMs is -1'],
    ['a family', { family: '4' }, "family is '4'"],
    ['a local port', { localPort: 0 }, 'localPort is 0'],
    ['a signal', { signal: {} }, 'signal is {}'],
    ['a resolver', { resolver: {} }, 'resolver is {}'],
    ['no resolver', { resolver: null }, 'resolver is null'],
    ['a toggle', { noDelay: 1 }, 'noDelay is 1'],
    ['a policy', { policy: 'globl' }, 'the policy is none'],
    ['a policy without rules', { policy: {} }, 'the policy is none'],
    ['a prefix of the policy', { policy: { deny: ['10.0.0.0/33'] } }, '10.0.0.0/33'],
    ['a local address', { localAddress: 'localhost' }, 'localAddress: "localhost"'],
    ['a local address that is no text', { localAddress: 5 }, 'localAddress: 5: number, not text'],
    ['a delay that is too short', { attemptDelayMs: 250, minAttemptDelayMs: 300 }, 'attemptDelayMs is 250'],
    ['null', { timeoutMs: null }, 'timeoutMs is null'],
  ])('refused: %s', async (_, options, message) => {
    await expect(connect('127.0.0.1:1', options as ConnectOptions)).rejects.toThrow(message);
  });

  test('a local address that is none is a TypeError, with the reason', async () => {
    const error = await connect('127.0.0.1:1', { localAddress: '127.1' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toMatchObject({ name: 'AddressParseError' });
  });

  test('a delay that is not given is as long as it must be', () => {
    const delayOf = (options: ConnectOptions) => readConnectOptions(options).attemptDelayMs;
    expect(delayOf({})).toBe(250);
    expect(delayOf({ minAttemptDelayMs: 249 })).toBe(250);
    expect(delayOf({ minAttemptDelayMs: 300 })).toBe(300);
    expect(delayOf({ minAttemptDelayMs: 300, attemptDelayMs: 301 })).toBe(301);
  });

  test('undefined is as if it were not there', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const { socket } = await connect(`127.0.0.1:${port}`, {
      timeoutMs: undefined,
      policy: undefined,
      localAddress: undefined,
    });
    socket.destroy();
  });
});

describe('names', () => {
  test('AAAA and A are asked apart, AAAA first', async () => {
    const { port } = await greeterOn('::1');
    const { socket, trace } = await connect(`both.test:${port}`, { resolver });
    socket.destroy();
    expect(trace[0]).toMatchObject({ address: '::1', outcome: 'connected' });
    expect(dns.questions.map(({ type }) => type)).toEqual(['AAAA', 'A']);
  });

  test('the answer about IPv4 is not waited for', async () => {
    const { port } = await greeterOn('::1');
    const never = deferred<void>();
    dns.rule({ type: 'A' }, { until: never.promise });
    const connected = await connect(`both.test:${port}`, { resolver });
    connected.socket.destroy();
    expect(resolver.stats()).toMatchObject({ inFlight: 0 });
  });

  test('that about IPv6 is waited for a little, and then not', async () => {
    const { port } = await greeterOn('127.0.0.1');
    dns.rule({ type: 'AAAA' }, 'drop');
    const connected = await connect(`both.test:${port}`, { resolver });
    connected.socket.destroy();
    expect(connected.trace).toMatchObject([{ address: '127.0.0.1', outcome: 'connected' }]);
  });

  test('a family that fails does not hinder the other', async () => {
    const { port } = await greeterOn('127.0.0.1');
    dns.rule({ type: 'AAAA' }, { rcode: 'SERVFAIL' });
    const { socket } = await connect(`both.test:${port}`, { resolver });
    socket.destroy();
  });

  test('a refused first address: the next is tried at once', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const connected = await connect(`both.test:${port}`, { resolver, attemptDelayMs: 60_000, timeoutMs: 30_000 });
    connected.socket.destroy();
    expect(connected.trace).toMatchObject([
      { address: '::1', outcome: 'failed', errno: 'ECONNREFUSED' },
      { address: '127.0.0.1', outcome: 'connected', errno: null },
    ]);
  });

  test('only one family is asked for where only one is wanted', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const options: ConnectOptions[] = [
      { family: 4 },
      { localAddress: '127.0.0.1' },
      { localAddress: '::ffff:127.0.0.1' },
      { resolver: resolverWith({ family: 4 }) },
    ];
    for (const one of options) {
      dns.reset();
      const { socket } = await connect(`both.test:${port}`, { resolver, ...one });
      socket.destroy();
      expect(dns.count(undefined, 'AAAA')).toBe(0);
      resolver.clear();
    }
  });

  test('a name that is completed is asked for both types at once: they are of one name', async () => {
    // Apart, AAAA would be found under the second suffix, and A under the first.
    const { port } = await greeterOn('127.0.0.1');
    const v6 = await greeterOn('::1');
    dns.records.add({ name: 'host.one.test', type: 'A', address: '127.0.0.1', ttl: 60 });
    dns.records.add({ name: 'host.two.test', type: 'AAAA', address: '::1', ttl: 60 });
    const searching = resolverWith({ search: ['one.test', 'two.test'] });
    const { socket, trace } = await connect(`host:${port}`, { resolver: searching });
    socket.destroy();
    expect(trace).toMatchObject([{ address: '127.0.0.1', outcome: 'connected' }]);
    expect(v6.connections).toBe(0);
  });

  test.each([
    ['NXDOMAIN', 'nobody.test', {}],
    ['BAD_NAME', 'a..b', {}],
    ['NODATA', 'mail.test', {}],
    ['SERVFAIL', 'both.test', { rcode: 'SERVFAIL' }],
    ['REFUSED', 'both.test', { rcode: 'REFUSED' }],
    ['BAD_RESPONSE', 'both.test', { what: 'garbage' }],
  ] as const)('%s', async (code, host, fault) => {
    dns.records.add({ name: 'mail.test', type: 'TXT', chunks: ['no address'], ttl: 60 });
    dns.rule({}, fault);
    const error = await errorOf({ host, port: 80 }, { resolver });
    expect(error).toMatchObject({ code, target: `${host}:80`, trace: [], cause: { name: 'DnsError', code } });
    expect(error.message).toContain(error.hint);
  });

  test('the resolver gives no answer in time', async () => {
    dns.rule({}, 'drop');
    const impatient = resolverWith({ timeoutMs: 300 });
    expect(await errorOf('both.test:80', { resolver: impatient })).toMatchObject({
      code: 'TIMEOUT',
      cause: { code: 'TIMEOUT' },
    });
    const error = await errorOf('both.test:80', { resolver: resolverWith({}), timeoutMs: 200 });
    expect(error.code).toBe('TIMEOUT');
    expect(error.message).toContain('the name is not resolved');
    expect(error.cause).toBeUndefined();
  });

  describe('a resolver of somebody else', () => {
    const answering = (answer: () => unknown): CanResolve => ({
      resolve: (async () => answer()) as unknown as CanResolve['resolve'],
    });
    test.each<[string, () => unknown, string]>([
      [
        'throws',
        () => {
          throw new Error('mine');
        },
        'BAD_RESPONSE',
      ],
      ['gives nothing', () => undefined, 'BAD_RESPONSE'],
      ['gives no address', () => ({ records: [{ address: '127.1' }] }), 'BAD_RESPONSE'],
      ['gives no records', () => ({ records: [] }), 'NODATA'],
      [
        'has its own error',
        () => {
          throw new DnsError('REFUSED', { name: 'a', type: 'A' }, 'no', { hint: 'ask others' });
        },
        'REFUSED',
      ],
    ])('%s', async (_, answer, code) => {
      const error = await errorOf('both.test:80', { resolver: answering(answer) });
      expect(error).toMatchObject({ code, cause: { name: 'DnsError' } });
    });

    test.each(FORGED)('throws %s', async (_, thrown, said) => {
      const throws = () => {
        throw thrown;
      };
      const error = await errorOf('both.test:80', { resolver: answering(throws) });
      expect(error).toMatchObject({ code: 'BAD_RESPONSE', hint: 'mend the resolver' });
      expect(error.message).toContain(`the name is not resolved: ${said}`);
      expect(error.cause).toBeInstanceOf(DnsError);
      expect((error.cause as DnsError).cause).toBe(thrown);
      // Also where it is an answer whose records throw it, and where another type has addresses.
      const broken = answering(() => Object.defineProperty({}, 'records', { get: throws }));
      expect((await errorOf('both.test:80', { resolver: broken })).code).toBe('BAD_RESPONSE');
      const greeter = await greeterOn('127.0.0.1');
      const here = { records: [{ address: '127.0.0.1' }] };
      const half = { resolve: async (_name: string, type: string) => (type === 'A' ? here : throws()) };
      const { socket } = await connect(`half.test:${greeter.port}`, { resolver: half as unknown as CanResolve });
      socket.destroy();
    });
  });
});

describe('dead addresses', () => {
  test('the first is dead: the second connects, and nothing is left of the first', async () => {
    const greeter = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.3': greeter.server }, dead: ['127.0.0.2'] });
    const { port } = listening;
    const { socket, trace } = await connect(`many.test:${port}`, { resolver });
    expect(trace).toMatchObject([
      { address: '127.0.0.2', outcome: 'lost', errno: null },
      { address: '127.0.0.3', outcome: 'connected' },
    ]);
    expect(synSent('127.0.0.2', port)).toBe(0);
    expect(socket.remoteAddress).toBe('127.0.0.3');
    socket.destroy();
  });

  test('two are dead, and of the other family', async () => {
    const greeter = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.3': greeter.server }, dead: ['::1', '127.0.0.2'] });
    dns.records.add({ name: 'many.test', type: 'AAAA', address: '::1', ttl: 60 });
    const { socket, trace } = await connect(`many.test:${listening.port}`, { resolver, attemptDelayMs: 100 });
    expect(trace).toMatchObject([
      { address: '::1', outcome: 'lost' },
      { address: '127.0.0.2', outcome: 'lost' },
      { address: '127.0.0.3', outcome: 'connected' },
    ]);
    socket.destroy();
  });

  test('a slow but living first address is not given up when the next begins', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2', '127.0.0.3'] });
    const { port, dead } = listening;
    const call = connect(`many.test:${port}`, { resolver, attemptDelayMs: 10, minAttemptDelayMs: 10 });
    // 127.0.0.4 refuses: it is no end either.
    await vi.waitFor(() => expect(synSent('127.0.0.3', port)).toBe(1), { timeout: 5000, interval: 5 });
    dead[0]?.release();
    const { socket, trace } = await call;
    expect(trace).toMatchObject([
      { address: '127.0.0.2', outcome: 'connected' },
      { address: '127.0.0.3', outcome: 'lost' },
      { address: '127.0.0.4', outcome: 'failed', errno: 'ECONNREFUSED' },
    ]);
    socket.destroy();
  });

  test('all are dead: the time is over, and every attempt is in the trace', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2', '127.0.0.3'] });
    const { port } = listening;
    const options = { resolver, attemptDelayMs: 10, minAttemptDelayMs: 10, timeoutMs: 1000 };
    const error = await errorOf(`many.test:${port}`, options);
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      trace: [
        { address: '127.0.0.2', outcome: 'ended', errno: null },
        { address: '127.0.0.3', outcome: 'ended', errno: null },
        { address: '127.0.0.4', outcome: 'failed', errno: 'ECONNREFUSED' },
      ],
    });
    expect(error.message).toContain(`127.0.0.2:${port} has not answered`);
    expect(synSent('127.0.0.2', port)).toBe(0);
  });

  test('a signal ends the attempts', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const { port } = listening;
    const controller = new AbortController();
    const call = errorOf(`127.0.0.2:${port}`, { signal: controller.signal });
    await vi.waitFor(() => expect(synSent('127.0.0.2', port)).toBe(1), { timeout: 5000, interval: 5 });
    controller.abort();
    expect(await call).toMatchObject({ code: 'ABORTED', trace: [{ outcome: 'ended' }] });
    expect(synSent('127.0.0.2', port)).toBe(0);
  });

  test('a signal has no say once there is a connection', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const controller = new AbortController();
    const connected = await connect(`127.0.0.1:${port}`, { signal: controller.signal });
    controller.abort();
    expect(await greetingOf(connected)).toMatch(/^127\.0\.0\.1 /);
  });

  test('all refuse', async () => {
    const { port } = await greeterOn('127.0.0.9');
    const error = await errorOf(`many.test:${port}`, { resolver });
    expect(error).toMatchObject({ code: 'ECONNREFUSED', cause: { code: 'ECONNREFUSED', syscall: 'connect' } });
    expect(error.trace.map(({ address }) => address)).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.4']);
    expect(error.message).toBe(
      `ECONNREFUSED many.test:${port}: 127.0.0.2:${port} ECONNREFUSED, 127.0.0.3:${port} ECONNREFUSED, ` +
        `127.0.0.4:${port} ECONNREFUSED; nothing listens there: check the port, or start the server`,
    );
  });

  test('no such unix socket', async () => {
    const path = join(dir, 'nobody');
    expect(await errorOf({ path })).toMatchObject({
      code: 'ENOENT',
      trace: [{ address: path, port: null, errno: 'ENOENT' }],
    });
  });
});

describe('where it comes from', () => {
  test('an address and a port of this machine', async () => {
    const { port } = await greeterOn('127.0.0.1');
    const free = await greeterOn('127.0.0.5');
    await close(free.server);
    const options = { localAddress: '127.0.0.5', localPort: free.port };
    expect(await greetingOf(await connect(`127.0.0.1:${port}`, options))).toBe(`127.0.0.5 ${free.port}`);
  });

  test('addresses of the other family are left out', async () => {
    const v6 = await greeterOn('::1');
    expect(await errorOf(`both.test:${v6.port}`, { resolver, localAddress: '127.0.0.1' })).toMatchObject({
      code: 'ECONNREFUSED',
      trace: [{ address: '127.0.0.1' }],
    });
    expect(v6.connections).toBe(0);
  });

  test.each<[string, string, ConnectOptions]>([
    ['a literal', '127.0.0.1:1', { localAddress: '::1' }],
    ['a name', 'v6.test:1', { localAddress: '127.0.0.1' }],
    ['a literal, by family', '[::1]:1', { family: 4 }],
    ['a name, by family', 'v4.test:1', { family: 6 }],
    ['a contradiction', 'both.test:1', { family: 6, localAddress: '127.0.0.1' }],
  ])('none is left: %s', async (_, target, options) => {
    const error = await errorOf(target, { resolver, ...options });
    expect(error).toMatchObject({ code: 'NO_ADDRESS', trace: [] });
    expect(error.hint).toMatch(/^leave (localAddress|family) out/);
  });

  test('an address that is none of this machine', async () => {
    expect(await errorOf('127.0.0.1:1', { localAddress: '240.0.0.1' })).toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});

describe('policy', () => {
  const ONLY_2 = { allow: ['127.0.0.2/32'] };

  test('names and literals alike', async () => {
    const allowed = new Greeter();
    const denied = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.2': allowed.server, '127.0.0.3': denied.server } });
    const { port } = listening;
    dns.records.add({ name: 'bad.test', type: 'A', address: '127.0.0.3', ttl: 60 });
    const options = { resolver, policy: ONLY_2 };

    for (const target of [`127.0.0.2:${port}`, `many.test:${port}`, `[::ffff:127.0.0.2]:${port}`]) {
      const { socket } = await connect(target, options);
      expect(socket.remoteAddress).toBe('127.0.0.2');
      socket.destroy();
    }
    for (const target of [`127.0.0.3:${port}`, `bad.test:${port}`, `[::ffff:127.0.0.3]:${port}`, `[::1]:${port}`]) {
      const error = await errorOf(target, options);
      expect(error).toMatchObject({ code: 'BLOCKED', trace: [{ outcome: 'blocked', errno: null }] });
    }
    expect(denied.connections).toBe(0);
  });

  test('a denied address is left out, and stands in the trace', async () => {
    const denied = new Greeter();
    const allowed = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.2': denied.server, '127.0.0.3': allowed.server } });
    const policy = { deny: [parsePrefix('127.0.0.2/32')] };
    const { socket, trace } = await connect(`many.test:${listening.port}`, { resolver, policy });
    socket.destroy();
    expect(trace).toMatchObject([
      { address: '127.0.0.2', outcome: 'blocked' },
      { address: '127.0.0.3', outcome: 'connected' },
    ]);
    expect(denied.connections).toBe(0);
  });

  test('the policy of the resolver holds, too', async () => {
    const { port, ...greeter } = await greeterOn('127.0.0.1');
    const guarded = resolverWith({ policy: { deny: ['127.0.0.0/8'] } });
    const error = await errorOf(`v4.test:${port}`, { resolver: guarded });
    expect(error).toMatchObject({ code: 'BLOCKED', trace: [], cause: { name: 'DnsError', code: 'BLOCKED' } });
    expect(error.message).toContain('127.0.0.1: ');
    expect(greeter.connections).toBe(0);
  });

  test("'global' refuses before a packet is sent", async () => {
    const greeters = { '127.0.0.1': new Greeter(), '::1': new Greeter() };
    const live = { '127.0.0.1': greeters['127.0.0.1'].server, '::1': greeters['::1'].server };
    await using listening = await onSamePort({ live });
    const { port } = listening;
    const hosts = [
      '127.0.0.1',
      '0.0.0.0',
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:0.0.0.0',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '169.254.169.254',
      '10.0.0.1',
      'fd00::1',
      'fe80::1%lo',
      '192.0.2.1',
      '255.255.255.255',
      '224.0.0.1',
      'ff02::1%lo',
      'localhost',
      'both.test',
    ];
    for (const host of hosts) {
      const error = await errorOf({ host, port }, { resolver, policy: 'global' });
      expect(error).toMatchObject({ code: 'BLOCKED' });
      for (const { outcome } of error.trace) expect(outcome).toBe('blocked');
    }
    expect([greeters['127.0.0.1'].connections, greeters['::1'].connections]).toEqual([0, 0]);
  });

  test("the unspecified address reaches the loopback, and is refused unless the policy is 'any'", async () => {
    const { port } = await greeterOn('127.0.0.1');
    for (const host of ['0.0.0.0', '::ffff:0.0.0.0', '::']) {
      for (const policy of [{ deny: ['10.0.0.0/8'] }, { allow: ['0.0.0.0/0', '::/0'] }, () => true]) {
        expect(await errorOf({ host, port }, { policy })).toMatchObject({ code: 'BLOCKED' });
      }
    }
    expect(await greetingOf(await connect(`0.0.0.0:${port}`, { policy: 'any' }))).toMatch(/^127\.0\.0\.1 /);
  });

  test('a zone does not get an address past a rule', async () => {
    const asked: string[] = [];
    const policy = ({ address }: { readonly address: string }) => {
      asked.push(address);
      return false;
    };
    expect(await errorOf({ host: 'fe80::1%lo', port: 80 }, { policy: { deny: ['fe80::/10'] } })).toMatchObject({
      code: 'BLOCKED',
      trace: [{ address: 'fe80::1%lo' }],
    });
    await errorOf({ host: 'fe80::1%lo', port: 80 }, { policy });
    expect(asked).toEqual(['fe80::1']);
  });

  test('a policy that throws denies', async () => {
    const cause = new Error('mine');
    const policy = () => {
      throw cause;
    };
    for (const target of ['127.0.0.1:1', 'v4.test:1']) {
      expect(await errorOf(target, { resolver, policy })).toMatchObject({ code: 'BLOCKED', cause });
    }
  });

  test('only `true` passes', async () => {
    const policy = (() => 1) as unknown as () => boolean;
    expect(await errorOf('127.0.0.1:1', { policy })).toMatchObject({ code: 'BLOCKED' });
  });

  test('a unix socket has no address: it is for any policy but one refused', async () => {
    const path = join(dir, 'guarded');
    const server = createServer();
    let connections = 0;
    server.on('connection', () => connections++);
    server.listen(path);
    await once(server, 'listening');
    for (const target of [{ path }, `unix:${path}`]) {
      expect(await errorOf(target, { policy: 'global' })).toMatchObject({ code: 'BLOCKED', trace: [] });
    }
    await close(server);
    expect(connections).toBe(0);
  });

  test('a name that changes between two calls gains nothing', async () => {
    const allowed = new Greeter();
    const denied = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.2': allowed.server, '127.0.0.1': denied.server } });
    dns.rule(
      { name: 'rebind.test', type: 'A' },
      {
        answer: (_, nth) => [{ type: 'A', address: nth === 1 ? '127.0.0.2' : '127.0.0.1', ttl: 0 }],
      },
    );
    const target = { host: 'rebind.test', port: listening.port };
    const { socket } = await connect(target, { resolver, policy: ONLY_2 });
    socket.destroy();
    expect(await errorOf(target, { resolver, policy: ONLY_2 })).toMatchObject({ code: 'BLOCKED' });
    expect(denied.connections).toBe(0);
  });
});

describe('what is left', () => {
  test('a connected socket has no listener of ours, and can be written to and read from', async () => {
    const server = createServer((socket) => socket.pipe(socket));
    const port = await listen(server, '127.0.0.1');
    const { socket } = await connect(`127.0.0.1:${port}`, { noDelay: true, keepAlive: true });
    const bare = new Socket();
    expect(socket.eventNames()).toEqual(bare.eventNames());
    socket.end('there and back');
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    expect(text).toBe('there and back');
    await close(server);
  });

  test('1,000 connects, of which some lose, fail, or are aborted: nothing keeps the process alive', async () => {
    const greeter = new Greeter();
    await using listening = await onSamePort({ live: { '127.0.0.3': greeter.server }, dead: ['127.0.0.2'] });
    dns.records.add({ name: 'refused.test', type: 'A', address: '127.0.0.9', ttl: 60 });
    const { stdout, stderr, code } = await runNode('./connect-many.mjs', [dns.address, String(listening.port)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const counts = { connected: 250, ABORTED: 250, ECONNREFUSED: 250, TIMEOUT: 250 };
    expect(JSON.parse(stdout)).toEqual({ counts, left: [] });
    expect(synSent('127.0.0.2', listening.port)).toBe(0);
  }, 60_000);
});
