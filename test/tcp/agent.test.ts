import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import type { Agents, CreateAgentOptions } from '../../src/tcp/index.js';
import { ConnectError, createAgent } from '../../src/tcp/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { selfSigned } from '../support/certificate.js';
import { synSent } from '../support/dead-listener.mjs';
import { close, listen } from '../support/listener.js';
import { onSamePort } from '../support/same-port.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
const certificate = selfSigned(dir, ['secure.test', 'v4.test']);

let dns: DnsServer;
let resolver: Resolver;
beforeEach(async () => {
  dns = await DnsServer.listen({
    zone: `
$ORIGIN test.
v4      60 A 127.0.0.1
other   60 A 127.0.0.1
secure  60 A 127.0.0.1
many    60 A 127.0.0.2
many    60 A 127.0.0.3
inside  60 A 127.0.0.9
`,
  });
  resolver = new Resolver({ servers: [dns.address], hosts: false });
});
afterEach(async () => {
  resolver.close();
  await dns.close();
});

const ONLY_1_TO_3 = { allow: ['127.0.0.1/32', '127.0.0.2/32', '127.0.0.3/32'] };

function agentsWith(options: Partial<CreateAgentOptions> = {}): Agents {
  const agents = createAgent({ policy: 'any', resolver, ...options });
  onTestFinished(() => agents.destroy());
  return agents;
}

/** A server that answers with the address that was connected to, and counts its connections. */
async function served(
  server: http.Server | https.Server,
  host = '127.0.0.1',
): Promise<{ readonly port: number; connections: number }> {
  const counted = { port: await listen(server, host), connections: 0 };
  server.on('connection', () => counted.connections++);
  onTestFinished(() => close(server));
  return counted;
}

const reply: http.RequestListener = (request, response) => response.end(request.socket.localAddress);

interface Reply {
  readonly status: number | undefined;
  readonly text: string;
  readonly reused: boolean;
}

async function get(url: string, options: https.RequestOptions): Promise<Reply> {
  const request = url.startsWith('https:') ? https.get(url, options) : http.get(url, options);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode, text, reused: request.reusedSocket };
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error('expected an error', { cause: value });
    },
    (error: unknown) => error,
  );
}

describe('http', () => {
  test('names and literals, on one kept connection each', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith().http;
    for (const host of ['v4.test', '127.0.0.1', '[::ffff:127.0.0.1]']) {
      const url = `http://${host}:${server.port}/`;
      expect(await get(url, { agent })).toEqual({ status: 200, text: '127.0.0.1', reused: false });
      expect(await get(url, { agent })).toEqual({ status: 200, text: '127.0.0.1', reused: true });
    }
    expect(server.connections).toBe(3);
  });

  test('what the policy denies gets no packet: names, literals, mapped, decimal', async () => {
    const denied = await served(http.createServer(reply), '127.0.0.9');
    const v6 = await served(http.createServer(reply), '::1');
    const agent = agentsWith({ policy: ONLY_1_TO_3 }).http;
    const hosts = [
      'inside.test',
      '127.0.0.9',
      '[::ffff:127.0.0.9]',
      '2130706441',
      '0x7f.9',
      '[::1]',
      '0.0.0.0',
      '[::]',
    ];
    for (const host of hosts) {
      for (const { port } of [denied, v6]) {
        const error = await errorOf(get(`http://${host}:${port}/`, { agent }));
        expect(error).toBeInstanceOf(ConnectError);
        expect(error).toMatchObject({ code: 'BLOCKED', trace: [{ outcome: 'blocked' }] });
      }
    }
    expect([denied.connections, v6.connections]).toEqual([0, 0]);
  });

  test("'global' refuses the loopback by every name", async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith({ policy: 'global' }).http;
    for (const host of ['127.0.0.1', 'localhost', 'v4.test', '[::1]', '127.1', '0']) {
      expect(await errorOf(get(`http://${host}:${server.port}/`, { agent }))).toMatchObject({ code: 'BLOCKED' });
    }
    expect(server.connections).toBe(0);
  });

  test('a host that is no URL, as options have it, is not read leniently', async () => {
    const agent = agentsWith().http;
    const request = http.get({ host: '0x7f.1', port: 80, agent });
    expect((await once(request, 'error').catch((error: unknown) => [error]))[0]).toMatchObject({ code: 'BAD_NAME' });
  });

  test('rebinding: the second answer is denied, and the kept connection is not', async () => {
    const allowed = http.createServer(reply);
    const denied = http.createServer(reply);
    let deniedConnections = 0;
    denied.on('connection', () => deniedConnections++);
    await using listening = await onSamePort({ live: { '127.0.0.2': allowed, '127.0.0.9': denied } });
    dns.rule(
      { name: 'rebind.test', type: 'A' },
      { answer: (_, nth) => [{ type: 'A', address: nth === 1 ? '127.0.0.2' : '127.0.0.9', ttl: 0 }] },
    );
    const agent = agentsWith({ policy: ONLY_1_TO_3 }).http;
    const url = `http://rebind.test:${listening.port}/`;
    expect(await get(url, { agent })).toMatchObject({ text: '127.0.0.2', reused: false });
    expect(await get(url, { agent })).toMatchObject({ text: '127.0.0.2', reused: true });
    expect(
      await errorOf(get(url, { agent, headers: { connection: 'close' }, localAddress: '127.0.0.1' })),
    ).toMatchObject({
      code: 'BLOCKED',
    });
    expect(deniedConnections).toBe(0);
  });

  test('a dead first address', async () => {
    const server = http.createServer(reply);
    await using listening = await onSamePort({ live: { '127.0.0.3': server }, dead: ['127.0.0.2'] });
    const agent = agentsWith({ attemptDelayMs: 100 }).http;
    expect(await get(`http://many.test:${listening.port}/`, { agent })).toMatchObject({ text: '127.0.0.3' });
  });

  test.each([
    ['NXDOMAIN', 'http://nobody.test/'],
    ['ECONNREFUSED', 'http://127.0.0.4:1/'],
  ])('%s is a ConnectError', async (code, url) => {
    expect(await errorOf(get(url, { agent: agentsWith().http }))).toMatchObject({ name: 'ConnectError', code });
  });

  test('where a request comes from, and the family', async () => {
    const server = http.createServer((request, response) => response.end(request.socket.remoteAddress));
    const { port } = await served(server);
    const agent = agentsWith().http;
    const url = `http://v4.test:${port}/`;
    expect(await get(url, { agent, localAddress: '127.0.0.5' })).toMatchObject({ text: '127.0.0.5' });
    expect(await errorOf(get(url, { agent, localAddress: '::1' }))).toMatchObject({ code: 'NO_ADDRESS' });
    expect(await errorOf(get(url, { agent, family: 6 }))).toMatchObject({ code: 'NO_ADDRESS' });
    expect(await get(url, { agent: agentsWith({ localAddress: '127.0.0.6' }).http })).toMatchObject({
      text: '127.0.0.6',
    });
  });

  test('family 0, as Node has it, is both', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith().http;
    expect(await get(`http://v4.test:${server.port}/`, { agent, family: 0 })).toMatchObject({ text: '127.0.0.1' });
    const onlyIpv6 = agentsWith({ family: 6 }).http;
    expect(await get(`http://v4.test:${server.port}/`, { agent: onlyIpv6, family: 4 })).toMatchObject({ status: 200 });
    const error = await errorOf(get(`http://v4.test:${server.port}/`, { agent: onlyIpv6, family: 0 }));
    expect(error).toMatchObject({ code: 'NO_ADDRESS' });
  });

  test('small writes and idle peers, as the agent and the request have it', async () => {
    const server = await served(http.createServer(reply));
    const url = `http://127.0.0.1:${server.port}/`;
    const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay');
    const keepAlive = vi.spyOn(Socket.prototype, 'setKeepAlive');
    onTestFinished(() => {
      noDelay.mockRestore();
      keepAlive.mockRestore();
    });
    /** The first calls for a connection: later ones are Node's. */
    const callsFor = async (agentOptions: http.AgentOptions, request: http.RequestOptions = {}) => {
      noDelay.mockClear();
      keepAlive.mockClear();
      const agents = agentsWith({ agentOptions });
      await get(url, { agent: agents.http, ...request });
      agents.destroy();
      return [noDelay.mock.calls[0], keepAlive.mock.calls[0]];
    };
    expect(await callsFor({ keepAlive: true, keepAliveMsecs: 5000 })).toEqual([[true], [true, 5000]]);
    expect(await callsFor({ keepAlive: false })).toEqual([[true], undefined]);
    expect(await callsFor({ keepAlive: false, noDelay: false })).toEqual([[false], undefined]);
    expect(await callsFor({ keepAlive: false, noDelay: false }, { noDelay: true } as object)).toEqual([
      [false],
      undefined,
    ]);
  });

  test('a request is as Node made it once it has a connection, and as others have changed it', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith().http;
    const request = http.get(`http://v4.test:${server.port}/`, { agent });
    await once(request, 'socket');
    expect(request.destroy).toBe(http.ClientRequest.prototype.destroy);
    await once(request, 'response');
    request.destroy();

    const wrapped = http.get(`http://other.test:${server.port}/`, { agent });
    const inner = wrapped.destroy;
    const outer = (error?: Error) => inner.call(wrapped, error);
    wrapped.destroy = outer;
    await once(wrapped, 'response');
    expect(wrapped.destroy).toBe(outer);
    wrapped.destroy();
  });

  test('a request may choose the port that it comes from', async () => {
    const server = http.createServer((request, response) => response.end(String(request.socket.remotePort)));
    const { port } = await served(server);
    const free = createServer();
    const localPort = await listen(free, '127.0.0.7');
    await close(free);
    const from = { agent: agentsWith().http, localAddress: '127.0.0.7', localPort };
    expect(await get(`http://127.0.0.1:${port}/`, from)).toMatchObject({ text: String(localPort) });
  });

  test("a unix socket only with the policy 'any'", async () => {
    const socketPath = join(dir, 'http');
    let connections = 0;
    const server = http.createServer((_, response) => response.end('unix')).on('connection', () => connections++);
    server.listen(socketPath);
    await once(server, 'listening');
    onTestFinished(() => close(server));
    const guarded = agentsWith({ policy: 'global' }).http;
    expect(await errorOf(get('http://v4.test/', { agent: guarded, socketPath }))).toMatchObject({
      code: 'BLOCKED',
      target: `unix:${socketPath}`,
    });
    expect(connections).toBe(0);
    expect(await get('http://v4.test/', { agent: agentsWith().http, socketPath })).toMatchObject({ text: 'unix' });
  });
});

describe('the pool', () => {
  /** A server that answers nobody until it is told to. */
  async function holding(host = '127.0.0.1') {
    const waiting: http.ServerResponse[] = [];
    const server = http.createServer((_, response) => waiting.push(response));
    const { port } = await served(server, host);
    return { server, port, waiting };
  }

  test('maxSockets holds for connections that are being made, too', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith({ agentOptions: { keepAlive: true, maxSockets: 2 } }).http;
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => get(`http://v4.test:${server.port}/`, { agent })),
    );
    expect(replies.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => '127.0.0.1'));
    expect(server.connections).toBe(2);
  });

  test('maxTotalSockets, over two origins, without keeping connections', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith({ agentOptions: { keepAlive: false, maxTotalSockets: 2 } }).http;
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        get(`http://${index % 2 ? 'v4' : 'other'}.test:${server.port}/`, { agent }),
      ),
    );
    expect(replies).toHaveLength(12);
    expect(server.connections).toBe(12);
    await vi.waitFor(() => expect(agent.sockets).toEqual({}));
    expect(agent).toMatchObject({ totalSocketCount: 0 });
  });

  test('connections to one origin that are made at once are counted, each of them', async () => {
    const { server, port, waiting } = await holding();
    const agent = agentsWith({ agentOptions: { keepAlive: false } }).http;
    const replies = [0, 1, 2].map(() => get(`http://v4.test:${port}/`, { agent }));
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    expect(agent).toMatchObject({ totalSocketCount: 3 });
    expect(Object.values(agent.sockets).map((sockets) => sockets?.length)).toEqual([3]);
    for (const response of waiting) response.end();
    await Promise.all(replies);
    await vi.waitFor(() => expect(agent.sockets).toEqual({}));
    expect(agent).toMatchObject({ totalSocketCount: 0 });
    await close(server);
  });

  test('a connection that is kept is closed by dispose, as by destroy', async () => {
    const server = await served(http.createServer(reply));
    const agents = agentsWith();
    await get(`http://v4.test:${server.port}/`, { agent: agents.http });
    expect(Object.keys(agents.http.freeSockets)).toHaveLength(1);
    agents[Symbol.dispose]();
    await vi.waitFor(() => expect(agents.http.freeSockets).toEqual({}));
  });

  test('what is being made for https ends with the agents, too', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    for (const end of ['destroy', Symbol.dispose] as const) {
      const agents = agentsWith();
      const call = errorOf(get(`https://127.0.0.2:${listening.port}/`, { agent: agents.https }));
      await vi.waitFor(() => expect(synSent('127.0.0.2', listening.port)).toBe(1), { timeout: 5000, interval: 5 });
      agents[end]();
      expect(await call).toMatchObject({ code: 'ABORTED' });
      expect(synSent('127.0.0.2', listening.port)).toBe(0);
    }
  });

  test('a connection that fails makes way for who waits', async () => {
    const agent = agentsWith({ agentOptions: { maxSockets: 1 } }).http;
    const errors = await Promise.all(Array.from({ length: 5 }, () => errorOf(get('http://127.0.0.4:1/', { agent }))));
    expect(errors.map((error) => (error as ConnectError).code)).toEqual(
      Array.from({ length: 5 }, () => 'ECONNREFUSED'),
    );
    expect([agent.sockets, agent.requests]).toEqual([{}, {}]);
    expect(agent).toMatchObject({ totalSocketCount: 0 });
  });

  test('a denied request among allowed ones does not hold them up', async () => {
    const closing = http.createServer((request, response) => reply(request, response.setHeader('connection', 'close')));
    const server = await served(closing);
    dns.rule(
      { name: 'turns.test', type: 'A' },
      { answer: (_, nth) => [{ type: 'A', address: nth % 2 === 0 ? '127.0.0.9' : '127.0.0.1', ttl: 0 }] },
    );
    const agent = agentsWith({ policy: ONLY_1_TO_3, agentOptions: { maxSockets: 1 } }).http;
    const settled = await Promise.allSettled(
      Array.from({ length: 6 }, () => get(`http://turns.test:${server.port}/`, { agent })),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(server.connections).toBe(3);
  });

  test('createConnection alone makes a connection, as Node documents it', async () => {
    const server = await served(http.createServer(reply));
    const agent = agentsWith({ policy: ONLY_1_TO_3 }).http;
    const made = (host: string) =>
      new Promise((resolve) => {
        agent.createConnection({ host, port: server.port }, (error, stream) => resolve(error ?? stream));
      });
    const stream = (await made('v4.test')) as Socket;
    expect(stream.remoteAddress).toBe('127.0.0.1');
    stream.destroy();
    expect(await made('127.0.0.9')).toMatchObject({ code: 'BLOCKED' });
    expect(agent.sockets).toEqual({});
  });

  test('destroy() ends connections that are being made', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const agents = agentsWith();
    const call = errorOf(get(`http://127.0.0.2:${listening.port}/`, { agent: agents.http }));
    await vi.waitFor(() => expect(synSent('127.0.0.2', listening.port)).toBe(1), { timeout: 5000, interval: 5 });
    agents.destroy();
    expect(await call).toMatchObject({ code: 'ABORTED' });
    expect(synSent('127.0.0.2', listening.port)).toBe(0);
    expect(agents.http.sockets).toEqual({});
  });

  test('a request that is destroyed while it connects ends at once, as Node ends it, and the attempt with it', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const agent = agentsWith({ agentOptions: { maxSockets: 1 } }).http;
    const url = `http://127.0.0.2:${listening.port}/`;
    const waiting = async () => {
      await vi.waitFor(() => expect(synSent('127.0.0.2', listening.port)).toBe(1), { timeout: 5000, interval: 5 });
    };
    const reason = new Error('mine');
    const withReason = http.get(url, { agent });
    await waiting();
    withReason.destroy(reason);
    expect(await once(withReason, 'error')).toEqual([reason]);
    expect(synSent('127.0.0.2', listening.port)).toBe(0);

    const without = http.get(url, { agent });
    await waiting();
    without.destroy();
    expect(await once(without, 'error')).toMatchObject([{ code: 'ECONNRESET', message: 'socket hang up' }]);

    const controller = new AbortController();
    const signalled = http.get(url, { agent, signal: controller.signal });
    await waiting();
    controller.abort();
    expect(await once(signalled, 'error')).toMatchObject([{ name: 'AbortError' }]);
    expect(synSent('127.0.0.2', listening.port)).toBe(0);
    expect([agent.sockets, agent.requests]).toEqual([{}, {}]);
  });

  test('a destroyed request makes way for who waits', async () => {
    const { port, waiting } = await holding();
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const agent = agentsWith({ agentOptions: { maxTotalSockets: 1 } }).http;
    const first = http.get(`http://127.0.0.2:${listening.port}/`, { agent });
    first.on('error', () => {});
    const second = get(`http://v4.test:${port}/`, { agent });
    await vi.waitFor(() => expect(synSent('127.0.0.2', listening.port)).toBe(1), { timeout: 5000, interval: 5 });
    expect(waiting).toHaveLength(0);
    first.destroy();
    await vi.waitFor(() => expect(waiting).toHaveLength(1), { timeout: 5000, interval: 5 });
    waiting[0]?.end('second');
    expect(await second).toMatchObject({ text: 'second' });
  });

  test("the option timeout emits 'timeout' while it connects, and afterwards", async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const { port } = await holding();
    for (const url of [`http://127.0.0.2:${listening.port}/`, `http://127.0.0.1:${port}/`]) {
      for (const [agentOptions, options] of [
        [{}, { timeout: 50 }],
        [{ timeout: 50 }, {}],
      ]) {
        let timeouts = 0;
        const request = http.get(url, { agent: agentsWith({ agentOptions }).http, ...options });
        request.on('timeout', () => timeouts++);
        await once(request, 'timeout');
        request.destroy(new Error('late'));
        expect(await once(request, 'error')).toMatchObject([{ message: 'late' }]);
        expect(timeouts).toBe(1);
      }
    }
  });

  test('timeoutMs bounds the connecting', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const agent = agentsWith({ timeoutMs: 100 }).http;
    expect(await errorOf(get(`http://127.0.0.2:${listening.port}/`, { agent }))).toMatchObject({ code: 'TIMEOUT' });
  });

  test('an upgrade takes its connection out of the pool', async () => {
    const server = http.createServer(reply).on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
      socket.on('error', () => {}).on('end', () => socket.end());
    });
    const { port } = await served(server);
    const agent = agentsWith({ agentOptions: { maxSockets: 1 } }).http;
    const request = http.get(`http://v4.test:${port}/`, { agent, headers: { connection: 'upgrade', upgrade: 'x' } });
    const [, socket] = (await once(request, 'upgrade')) as [unknown, Socket];
    expect(await get(`http://v4.test:${port}/`, { agent })).toMatchObject({ status: 200 });
    socket.destroy();
  });
});

describe.skipIf(certificate === null)('https', () => {
  const { key, cert } = certificate ?? {};

  async function secureServer(options: https.ServerOptions = {}) {
    const names: (string | false)[] = [];
    const server = https.createServer({ key, cert, ...options }, reply);
    server.on('secureConnection', (socket) => names.push(socket.servername ?? false));
    return { server, names, ...(await served(server)) };
  }

  test('the certificate is checked for the name, which the server is told', async () => {
    const { port, names } = await secureServer();
    const agent = agentsWith().https;
    expect(await get(`https://secure.test:${port}/`, { agent, ca: cert })).toMatchObject({ text: '127.0.0.1' });
    expect(names).toEqual(['secure.test']);
    expect(await errorOf(get(`https://other.test:${port}/`, { agent, ca: cert }))).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(await errorOf(get(`https://127.0.0.1:${port}/`, { agent, ca: cert }))).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(await errorOf(get(`https://secure.test:${port}/`, { agent }))).toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(await get(`https://127.0.0.1:${port}/`, { agent, ca: cert, servername: 'secure.test' })).toMatchObject({
      status: 200,
    });
  });

  test('connections are kept, and limits hold', async () => {
    const { port, server } = await secureServer();
    let connections = 0;
    server.on('connection', () => connections++);
    const agent = agentsWith({ agentOptions: { keepAlive: true, maxSockets: 2, ca: cert } }).https;
    const url = `https://secure.test:${port}/`;
    const replies = await Promise.all(Array.from({ length: 12 }, () => get(url, { agent })));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(connections).toBe(2);
    expect(await get(url, { agent })).toMatchObject({ reused: true });
  });

  test('sessions are resumed', async () => {
    const resumed: boolean[] = [];
    const { port, server } = await secureServer();
    server.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
    const agent = agentsWith({ agentOptions: { keepAlive: false, ca: cert } }).https;
    for (let times = 0; times < 2; times++) await get(`https://secure.test:${port}/`, { agent });
    expect(resumed).toEqual([false, true]);
  });

  test('what the policy denies gets no packet', async () => {
    const server = await served(https.createServer({ key, cert }, reply), '127.0.0.9');
    const agent = agentsWith({ policy: ONLY_1_TO_3 }).https;
    for (const host of ['inside.test', '127.0.0.9', '[::ffff:127.0.0.9]']) {
      const url = `https://${host}:${server.port}/`;
      expect(await errorOf(get(url, { agent, ca: cert }))).toMatchObject({ code: 'BLOCKED' });
    }
    expect(server.connections).toBe(0);
  });

  test('TLS options that make no sense fail the request, and leave no connection', async () => {
    const { port, server } = await secureServer();
    const agent = agentsWith().https;
    const error = await errorOf(get(`https://secure.test:${port}/`, { agent, minVersion: 'TLSv9' as never }));
    expect(error).toMatchObject({ code: 'ERR_TLS_INVALID_PROTOCOL_VERSION' });
    await vi.waitFor(async () => {
      expect(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
    });
    expect(agent.sockets).toEqual({});
  });

  test('a server that never answers the handshake: the time is over', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    const port = await listen(silent, '127.0.0.1');
    const closed = new Promise((resolve) => silent.once('connection', (socket) => socket.once('close', resolve)));
    const agent = agentsWith({ timeoutMs: 200 }).https;
    expect(await errorOf(get(`https://secure.test:${port}/`, { agent }))).toMatchObject({
      name: 'ConnectError',
      code: 'TIMEOUT',
      target: `secure.test:${port}`,
      message: expect.stringContaining('no TLS handshake in 200 ms'),
    });
    await closed;
    await vi.waitFor(() => expect(Object.keys(agent.sockets)).toEqual([]));
    await close(silent);
  });

  test('after the handshake nothing waits for it', async () => {
    const { port } = await secureServer();
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    onTestFinished(() => {
      timers.mockRestore();
      cleared.mockRestore();
    });
    const timeoutMs = 12_345_678;
    const agent = agentsWith({ timeoutMs }).https;
    await get(`https://secure.test:${port}/`, { agent, ca: cert });
    const limits = timers.mock.calls.flatMap(([, ms = 0], index) =>
      ms > timeoutMs / 2 && ms <= timeoutMs ? [timers.mock.results[index]?.value] : [],
    );
    // That of the connecting, and that of the handshake.
    expect(limits).toHaveLength(2);
    for (const limit of limits) expect(cleared).toHaveBeenCalledWith(limit);
    await vi.waitFor(() => expect(Object.values(agent.freeSockets).flat()).toHaveLength(1));
    const [socket] = Object.values(agent.freeSockets).flat();
    // Where the timer is cleared.
    expect(socket?.listenerCount('secureConnect')).toBe(0);
  });

  test('a port that speaks no TLS', async () => {
    const plain: Server = createServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('HTTP/1.1 200 OK\r\n\r\n'),
    );
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    onTestFinished(() => close(plain));
    const { port } = plain.address() as AddressInfo;
    expect(await errorOf(get(`https://secure.test:${port}/`, { agent: agentsWith().https }))).toHaveProperty('code');
  });
});

describe('options', () => {
  test('the policy has no default', () => {
    for (const options of [{}, { policy: undefined }, { resolver: new Resolver() }]) {
      expect(() => createAgent(options as CreateAgentOptions)).toThrow('policy is missing, and has no default here');
    }
    expect(() => createAgent({ policy: 'globl' as 'global' })).toThrow('the policy is none');
  });

  test.each([
    ['one that there is not', { polcy: 'global' }, 'there is no option "polcy"'],
    ['one of connect that is the pool`s', { keepAlive: true }, 'there is no option "keepAlive"'],
    ['a lookup', { agentOptions: { lookup: () => {} } }, 'agentOptions.lookup has no use here'],
    ['a socket', { agentOptions: { socketPath: '/x' } }, 'agentOptions.socketPath'],
    ['a proxy', { agentOptions: { proxyEnv: process.env } }, 'agentOptions.proxyEnv'],
    ['a time', { timeoutMs: 0 }, 'timeoutMs is 0'],
  ])('refused: %s', (_, options, message) => {
    expect(() => createAgent({ policy: 'any', ...options } as CreateAgentOptions)).toThrow(message);
  });

  test('they are what got takes, and have nothing else to be gone through', () => {
    const agents = agentsWith();
    const keys: string[] = [];
    for (const key in agents) keys.push(key);
    expect(keys).toEqual(['http', 'https']);
    expect(agents.http).toBeInstanceOf(http.Agent);
    expect(agents.https).toBeInstanceOf(https.Agent);
  });
});
