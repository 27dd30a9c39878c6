import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { connect as connectPlain, createServer, Socket } from 'node:net';
import { join } from 'node:path';
import { Agent, type Dispatcher, fetch, interceptors, request } from 'undici';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import type { ConnectorCallback, ConnectorRequest, CreateConnectorOptions } from '../../src/tcp/index.js';
import { ConnectError, createConnector } from '../../src/tcp/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { selfSigned } from '../support/certificate.js';
import { close, listen } from '../support/listener.js';
import { onSamePort } from '../support/same-port.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
const certificate = selfSigned(dir, ['secure.test']);

let dns: DnsServer;
let resolver: Resolver;
beforeEach(async () => {
  dns = await DnsServer.listen({
    zone: `
$ORIGIN test.
v4      60 A 127.0.0.1
other   60 A 127.0.0.1
secure  60 A 127.0.0.1
inside  60 A 127.0.0.9
many    60 A 127.0.0.2
many    60 A 127.0.0.3
`,
  });
  resolver = new Resolver({ servers: [dns.address], hosts: false });
});
afterEach(async () => {
  resolver.close();
  await dns.close();
});

const ONLY_1_TO_3 = { allow: ['127.0.0.1/32', '127.0.0.2/32', '127.0.0.3/32'] };

function dispatcherWith(options: Partial<CreateConnectorOptions> = {}, agentOptions: Agent.Options = {}): Agent {
  const agent = new Agent({ ...agentOptions, connect: createConnector({ policy: 'any', resolver, ...options }) });
  onTestFinished(() => agent.destroy());
  return agent;
}

async function served(server: http.Server | https.Server, host = '127.0.0.1') {
  const counted = { port: await listen(server, host), connections: 0 };
  server.on('connection', () => counted.connections++);
  onTestFinished(() => close(server));
  return counted;
}

const reply: http.RequestListener = (message, response) => response.end(message.socket.localAddress);

async function textOf(url: string, dispatcher: Dispatcher): Promise<string> {
  return (await request(url, { dispatcher })).body.text();
}

/** What a call with a connector ends with. */
function opened(options: CreateConnectorOptions, asked: Partial<ConnectorRequest>): Promise<unknown> {
  return new Promise((resolve) => {
    createConnector(options)({ hostname: '127.0.0.1', protocol: 'http:', port: '', ...asked }, (error, socket) => {
      socket?.destroy();
      resolve(error ?? socket);
    });
  });
}

describe('http', () => {
  test('names and literals, over kept connections', async () => {
    const server = await served(http.createServer(reply));
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3 }, { connections: 1 });
    for (const host of ['v4.test', '127.0.0.1', '[::ffff:127.0.0.1]']) {
      for (let times = 0; times < 2; times++) {
        expect(await textOf(`http://${host}:${server.port}/`, dispatcher)).toBe('127.0.0.1');
      }
    }
    expect(server.connections).toBe(3);
  });

  test('what the policy denies gets no packet; fetch has the ConnectError as its cause', async () => {
    const denied = await served(http.createServer(reply), '127.0.0.9');
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3 });
    for (const host of ['inside.test', '127.0.0.9', '[::ffff:127.0.0.9]', '2130706441', '0x7f.9', '0.0.0.0', '[::]']) {
      const url = `http://${host}:${denied.port}/`;
      await expect(request(url, { dispatcher })).rejects.toBeInstanceOf(ConnectError);
      await expect(fetch(url, { dispatcher })).rejects.toMatchObject({
        name: 'TypeError',
        cause: { name: 'ConnectError', code: 'BLOCKED', trace: [{ outcome: 'blocked' }] },
      });
    }
    expect(denied.connections).toBe(0);
  });

  test.each(['/', '/name', '/literal'])('redirects to what is denied are not followed: %s', async (path) => {
    const denied = await served(http.createServer(reply), '127.0.0.9');
    const targets: Readonly<Record<string, string>> = {
      '/': `http://v4.test:${denied.port}/`,
      '/name': `http://inside.test:${denied.port}/`,
      '/literal': `http://127.0.0.9:${denied.port}/`,
    };
    const server = await served(
      http.createServer(({ url = '/' }, response) => {
        // '/' leads to itself by another name first.
        const location = url === '/' ? '/literal' : (targets[url] ?? '');
        response.writeHead(302, { location }).end();
      }),
    );
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3 });
    const url = `http://v4.test:${server.port}${path}`;
    await expect(fetch(url, { dispatcher })).rejects.toMatchObject({ cause: { code: 'BLOCKED' } });
    const following = dispatcher.compose(interceptors.redirect({ maxRedirections: 3 }));
    await expect(request(url, { dispatcher: following })).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(denied.connections).toBe(0);
  });

  test('a port that is not said is that of the protocol', async () => {
    for (const [protocol, port] of [
      ['http:', 80],
      ['https:', 443],
    ]) {
      const error = await opened({ policy: 'global' }, { protocol: String(protocol), port: '' });
      expect(error).toMatchObject({ code: 'BLOCKED', target: `127.0.0.1:${port}` });
    }
  });

  test('no proxy is none, also where it is null, and small writes go at once', async () => {
    const server = await served(http.createServer(reply));
    const connects = vi.spyOn(Socket.prototype, 'connect');
    onTestFinished(() => connects.mockRestore());
    const port = String(server.port);
    const nothing = { httpSocket: null, socketPath: null, localAddress: null } as unknown as Partial<ConnectorRequest>;
    expect(await opened({ policy: ONLY_1_TO_3 }, { port, ...nothing })).toBeInstanceOf(Socket);
    expect(await opened({ policy: 'any', noDelay: false, keepAlive: false }, { port })).toBeInstanceOf(Socket);
    // What `net.connect` makes of its arguments.
    const options = connects.mock.calls.map(([given]) => (Array.isArray(given) ? given[0] : given));
    expect(options).toMatchObject([
      { noDelay: true, keepAlive: true },
      { noDelay: false, keepAlive: false },
    ]);
  });

  test('redirects to what is allowed are', async () => {
    const there = await served(http.createServer(reply), '127.0.0.2');
    const server = await served(
      http.createServer((_, response) => {
        response.writeHead(302, { location: `http://127.0.0.2:${there.port}/` }).end();
      }),
    );
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3 });
    const response = await fetch(`http://v4.test:${server.port}/`, { dispatcher });
    expect(await response.text()).toBe('127.0.0.2');
  });

  test('rebinding', async () => {
    const allowed = http.createServer((message, response) => {
      response.setHeader('connection', 'close');
      reply(message, response as never);
    });
    const denied = http.createServer(reply);
    let deniedConnections = 0;
    denied.on('connection', () => deniedConnections++);
    await using listening = await onSamePort({ live: { '127.0.0.2': allowed, '127.0.0.9': denied } });
    dns.rule(
      { name: 'rebind.test', type: 'A' },
      { answer: (_, nth) => [{ type: 'A', address: nth === 1 ? '127.0.0.2' : '127.0.0.9', ttl: 0 }] },
    );
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3 });
    const url = `http://rebind.test:${listening.port}/`;
    expect(await textOf(url, dispatcher)).toBe('127.0.0.2');
    await expect(request(url, { dispatcher })).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(deniedConnections).toBe(0);
  });

  test('a dead first address', async () => {
    const server = http.createServer(reply);
    await using listening = await onSamePort({ live: { '127.0.0.3': server }, dead: ['127.0.0.2'] });
    const dispatcher = dispatcherWith({ attemptDelayMs: 100 });
    expect(await textOf(`http://many.test:${listening.port}/`, dispatcher)).toBe('127.0.0.3');
  });

  test('pools keep their limit', async () => {
    const server = await served(http.createServer(reply));
    const dispatcher = dispatcherWith({}, { connections: 2 });
    const url = `http://v4.test:${server.port}/`;
    await Promise.all(Array.from({ length: 20 }, () => textOf(url, dispatcher)));
    expect(server.connections).toBe(2);
  });

  test('where it comes from', async () => {
    const server = http.createServer((message, response) => response.end(message.socket.remoteAddress));
    const { port } = await served(server);
    expect(await textOf(`http://v4.test:${port}/`, dispatcherWith({ localAddress: '127.0.0.5' }))).toBe('127.0.0.5');
  });

  test('the end of the time, and of the agent', async () => {
    await using listening = await onSamePort({ dead: ['127.0.0.2'] });
    const url = `http://127.0.0.2:${listening.port}/`;
    const error = await textOf(url, dispatcherWith({ timeoutMs: 100 })).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'ConnectError', code: 'TIMEOUT' });
    const dispatcher = dispatcherWith({ timeoutMs: 100 });
    const call = request(url, { dispatcher });
    const rejected = expect(call).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    await dispatcher.destroy();
    await rejected;
  });
});

describe.skipIf(certificate === null)('https', () => {
  const { key, cert } = certificate ?? {};

  test('the certificate is checked for the name, which the server is told; sessions are resumed', async () => {
    const seen: (string | boolean)[] = [];
    const server = https.createServer({ key, cert }, (_, response) => {
      response.setHeader('connection', 'close').end('secret');
    });
    server.on('secureConnection', (socket) => seen.push(socket.servername ?? '', socket.isSessionReused()));
    const { port } = await served(server);
    const dispatcher = dispatcherWith({ tls: { ca: cert } });
    for (let times = 0; times < 2; times++) {
      expect(await textOf(`https://secure.test:${port}/`, dispatcher)).toBe('secret');
    }
    expect(seen).toEqual(['secure.test', false, 'secure.test', true]);
    for (const host of ['other.test', '127.0.0.1']) {
      await expect(request(`https://${host}:${port}/`, { dispatcher })).rejects.toMatchObject({
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
    }
    await expect(request(`https://secure.test:${port}/`, { dispatcher: dispatcherWith() })).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });

  test('what the policy denies gets no packet', async () => {
    const server = await served(https.createServer({ key, cert }, reply), '127.0.0.9');
    const dispatcher = dispatcherWith({ policy: ONLY_1_TO_3, tls: { ca: cert } });
    for (const host of ['inside.test', '127.0.0.9']) {
      await expect(request(`https://${host}:${server.port}/`, { dispatcher })).rejects.toMatchObject({
        code: 'BLOCKED',
      });
    }
    expect(server.connections).toBe(0);
  });

  test('a server that never answers the handshake: the time is over', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume());
    const port = await listen(silent, '127.0.0.1');
    const closed = new Promise((resolve) => silent.once('connection', (socket) => socket.once('close', resolve)));
    const error = await opened({ policy: 'any', timeoutMs: 200 }, { protocol: 'https:', port: String(port) });
    expect(error).toMatchObject({ name: 'ConnectError', code: 'TIMEOUT', target: `127.0.0.1:${port}` });
    await closed;
    await close(silent);
  });

  test('a server by its address is not told a name', async () => {
    const names: (string | false | null)[] = [];
    const server = https.createServer({ key, cert }, reply);
    server.on('secureConnection', (socket) => names.push(socket.servername));
    const { port } = await served(server);
    const textAt = (host: string, options: Partial<CreateConnectorOptions>) =>
      textOf(`https://${host}:${port}/`, dispatcherWith(options));
    const tls = { rejectUnauthorized: false };
    expect(await textAt('127.0.0.1', { tls })).toBe('127.0.0.1');
    expect(await textAt('127.0.0.1', { tls: { ...tls, servername: 'of.options' } })).toBe('127.0.0.1');
    expect(await textAt('v4.test', { tls })).toBe('127.0.0.1');
    expect(names).toEqual([false, 'of.options', 'v4.test']);
  });

  test("through a proxy only with the policy 'any'", async () => {
    const server = await served(https.createServer({ key, cert }, reply));
    const proxy = http.createServer();
    proxy.on('connect', (_, client) => {
      const upstream = connectPlain(server.port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      client.on('error', () => upstream.destroy());
      upstream.on('error', () => client.destroy());
    });
    const { port } = await served(proxy);
    for (const policy of ['any', ONLY_1_TO_3] as const) {
      const connect = createConnector({ policy, resolver, tls: { ca: cert } });
      const tunnel = connectPlain(port, '127.0.0.1');
      tunnel.write('CONNECT secure.test:443 HTTP/1.1\r\nhost: secure.test\r\n\r\n');
      await once(tunnel, 'data');
      const outcome = await new Promise((resolve) => {
        const asked = { hostname: 'secure.test', protocol: 'https:', port: '', httpSocket: tunnel };
        connect(asked, (error, secured) => resolve(error ?? secured));
      });
      if (policy === 'any') expect(outcome).toMatchObject({ authorized: true, encrypted: true });
      else expect(outcome).toMatchObject({ name: 'ConnectError', code: 'BLOCKED' });
      tunnel.destroy();
    }
  });
});

describe('the connector itself', () => {
  test("a unix socket only with the policy 'any'", async () => {
    const socketPath = join(dir, 'connector');
    const server = createServer((socket) => socket.end()).listen(socketPath);
    await once(server, 'listening');
    expect(await opened({ policy: 'global' }, { socketPath })).toMatchObject({ code: 'BLOCKED' });
    expect(await opened({ policy: 'any' }, { socketPath })).toMatchObject({ destroyed: true });
    await close(server);
  });

  test('a host that is none', async () => {
    expect(await opened({ policy: 'any' }, { hostname: '' })).toMatchObject({ code: 'BAD_TARGET' });
  });

  test('the policy has no default, and options that there are not are refused', () => {
    expect(() => createConnector({} as CreateConnectorOptions)).toThrow('policy is missing, and has no default here');
    expect(() => createConnector({ policy: 'any', lookup: 1 } as never)).toThrow('there is no option "lookup"');
    expect(() => createConnector({ policy: 'any', timeoutMs: -1 })).toThrow('timeoutMs is -1');
  });
});

describe('what is refused', () => {
  test('leaves no connection behind where tls.connect throws', async () => {
    const server = createServer();
    onTestFinished(() => close(server));
    const port = String(await listen(server, '127.0.0.1'));
    const accepted = once(server, 'connection');
    const connector = createConnector({ policy: 'any', tls: { minVersion: 'bogus' as 'TLSv1.2' } });
    const error = await new Promise((resolve) => {
      const callback: ConnectorCallback = (...outcome) => resolve(outcome[0]);
      connector({ hostname: '127.0.0.1', protocol: 'https:', port }, callback);
    });
    expect(error).toBeInstanceOf(TypeError);
    const [socket] = await accepted;
    socket.on('error', () => {}).resume();
    if (!socket.destroyed) await once(socket, 'close');
  });

  test('refuses what is none of its arguments at once', () => {
    for (const tls of [null, 5]) {
      expect(() => createConnector({ policy: 'any', tls: tls as never })).toThrow(/^tls is no object/);
    }
    const inherited: unknown = Object.create({ policy: 'any', timeoutMs: -5 });
    expect(() => createConnector(inherited as { policy: 'any' })).toThrow(RangeError);
    const connector = createConnector({ policy: 'any' }) as (request: unknown) => void;
    const request = { hostname: '127.0.0.1', protocol: 'http:', port: '1' };
    expect(() => connector(request)).toThrow('a connector is called with a callback');
  });
});
