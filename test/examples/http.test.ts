import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { DnsServer } from '../../src/testing/index.js';
import { startExample, talk } from '../support/example-process.js';
import { close, listen } from '../support/listener.js';
import { fateOf, peerTo } from '../support/peers.js';
import { runCli } from '../support/run-cli.js';

const servers: Server[] = [];

async function serve(answer: RequestListener): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer(answer);
  servers.push(server);
  return { server, port: await listen(server, '127.0.0.1') };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

describe('inaddr example http-server', () => {
  it('tells everybody their address, and stops', async () => {
    const server = await startExample(['http-server', '127.0.0.1:0']);
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      you: { address: '127.0.0.1', kind: 'loopback', globallyReachable: false },
    });
    expect((await fetch(`http://127.0.0.1:${server.port}/other`)).status).toBe(404);
    expect(await talk(server.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 200 OK\r\n.*"kind":"loopback".*$/s,
    );
    expect(await talk(server.port, 'no HTTP at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request/);
    // Node's fetch keeps its connection: nothing is finished there.
    const { stdout, stderr, code } = await server.stop();
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain('GET "/other" 404');
    expect(stdout).toMatch(/stopped, \d+ connections served\n$/);
  });

  it('lets in whom it is told to, over IPv6, too', async () => {
    const server = await startExample(['http-server', 'localhost:0', '--allow', '::1']);
    await server.seen('[::1]');
    const response = await fetch(`http://[::1]:${server.port}/`, { headers: { connection: 'close' } });
    expect(await response.json()).toMatchObject({ you: { address: '::1' } });
    expect(await fateOf({ host: '127.0.0.1', port: server.port })).toBe('ECONNRESET');
    expect((await server.stop('SIGINT')).code).toBe(0);
  });

  it('survives peers that reset, and says why it can not listen', async () => {
    const server = await startExample(['http-server', '127.0.0.1:0']);
    const peer = await peerTo({ host: '127.0.0.1', port: server.port });
    peer.write('GET / HTTP/1.1\r\n');
    peer.resetAndDestroy();
    expect((await fetch(`http://127.0.0.1:${server.port}/`, { headers: { connection: 'close' } })).status).toBe(200);
    const inUse = await runCli(['example', 'http-server', `127.0.0.1:${server.port}`]);
    expect(inUse).toMatchObject({
      stdout: '',
      code: 1,
      stderr: expect.stringMatching(/^inaddr: http-server: EADDRINUSE .*\n$/),
    });
    await server.stop();
  });
});

describe('inaddr example http-client', () => {
  it('gets what the policy allows', async () => {
    const { port } = await serve((_, response) => response.end('hello\n'));
    const run = await runCli(['example', 'http-client', `http://127.0.0.1:${port}/`, '--policy', 'any']);
    expect(run).toEqual({ stdout: 'hello\n', stderr: '', code: 0 });
  });

  it('refuses an address, and a name that leads to one, before a packet is sent', async () => {
    const { server, port } = await serve((_, response) => response.end('secret'));
    let connections = 0;
    server.on('connection', () => connections++);
    await using names = await DnsServer.listen({ zone: '$ORIGIN test.\nintranet 60 A 127.0.0.1\n' });
    for (const host of [
      '127.0.0.1',
      '[::ffff:127.0.0.1]',
      'localhost',
      'intranet.test',
      '0x7f.1',
      '2130706433',
      '0.0.0.0',
    ]) {
      const run = await runCli(['example', 'http-client', `http://${host}:${port}/`, '--server', names.address]);
      expect(run, host).toMatchObject({ stdout: '', code: 1 });
      expect(run.stderr, host).toMatch(/^inaddr: http-client: BLOCKED .*\n$/);
    }
    expect(connections).toBe(0);
    const args = ['--policy', 'any', '--server', names.address];
    const allowed = await runCli(['example', 'http-client', `http://intranet.test:${port}/`, ...args]);
    expect(allowed).toEqual({ stdout: 'secret', stderr: '', code: 0 });
    expect(connections).toBe(1);
  });

  it('follows no redirect, and fails for a status that is no success', async () => {
    const { port } = await serve((request, response) => {
      response.writeHead(request.url === '/moved' ? 302 : 404, { location: 'http://10.0.0.1/' });
      response.end('body\n');
    });
    const get = (path: string) =>
      runCli(['example', 'http-client', `http://127.0.0.1:${port}${path}`, '--policy', 'any']);
    expect(await get('/moved')).toEqual({
      stdout: 'body\n',
      stderr: 'inaddr: http-client: status 302: it leads to http://10.0.0.1/\n',
      code: 1,
    });
    expect(await get('/no')).toMatchObject({ stdout: 'body\n', code: 1 });
  });

  it('says in one line what is wrong', async () => {
    const silent = await serve(() => {});
    const broken = await serve((request) => request.socket.end('no HTTP'));
    const cut = await serve((request, response) => {
      response.write('half');
      setImmediate(() => request.socket.resetAndDestroy());
    });
    const stalled = await serve((_, response) => response.write('half'));
    const short = await serve((_, response) => {
      response.setHeader('content-length', 100);
      response.write('half', () => response.socket?.end());
    });
    for (const [args, code, message] of [
      [['example.com'], 2, /"example\.com": write a URL/],
      [['ftp://example.com/'], 2, /write a URL with http: or https:/],
      [['http://127.0.0.1/', '--policy', 'private'], 2, /--policy "private": write global, any/],
      [['http://127.0.0.1:1/', '--policy', 'any', '--timeout', '0'], 2, /"0": write ms, a decimal integer from 1/],
      [['http://127.0.0.1:0/', '--policy', 'any'], 2, /write a port from 1 to 65535, or none/],
      [['http://127.0.0.1/', '--server', '1.1.1.1:0'], 2, /--server/],
      [['http://127.0.0.1:1/', '--policy', 'any'], 1, /ECONNREFUSED/],
      [['http://nobody.invalid/'], 1, /NXDOMAIN/],
      [[`http://127.0.0.1:${silent.port}/`, '--policy', 'any', '--timeout', '300'], 1, /has said nothing for 300 ms/],
      [[`http://127.0.0.1:${broken.port}/`, '--policy', 'any'], 1, /./],
      [[`http://127.0.0.1:${cut.port}/`, '--policy', 'any'], 1, /./],
      [[`http://127.0.0.1:${stalled.port}/`, '--policy', 'any', '--timeout', '300'], 1, /has said nothing for 300 ms/],
      [[`http://127.0.0.1:${short.port}/`, '--policy', 'any'], 1, /has ended in the middle of its answer/],
    ] as const) {
      const run = await runCli(['example', 'http-client', ...args]);
      expect(run.code, args.join(' ')).toBe(code);
      expect(run.stderr, args.join(' ')).toMatch(message);
      expect(run.stderr.trimEnd().split('\n'), args.join(' ')).toHaveLength(1);
    }
  });
});
