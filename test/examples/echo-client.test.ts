import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startExample } from '../support/example-process.js';
import { close, listen } from '../support/listener.js';
import { runCli, startCli } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
const servers: Server[] = [];

/** A bare server; gives its port. */
async function serve(handle: (socket: Socket) => void): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    handle(socket);
  });
  servers.push(server);
  return listen(server, '127.0.0.1');
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

describe('inaddr example echo-client', () => {
  it('prints the welcome, sends its input, and prints what comes back', async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0']);
    const run = await runCli(['example', 'echo-client', `127.0.0.1:${server.port}`], { input: 'one\ntwo\n' });
    expect(run).toEqual({ stdout: 'Welcome to my server!\none\ntwo\n', stderr: '', code: 0 });
    const big = 'y'.repeat(2_000_000);
    const { stdout } = await runCli(['example', 'echo-client', `127.0.0.1:${server.port}`], { input: big });
    expect(stdout).toBe(`Welcome to my server!\n${big}`);
    await server.stop();
  });

  it('ends with the server, though nobody has ended its input', async () => {
    const port = await serve((socket) => socket.end('bye\n'));
    const child = startCli(['example', 'echo-client', `127.0.0.1:${port}`]);
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
  });

  it('sends to a unix socket', async () => {
    const path = join(dir, 'echo');
    const server = createServer((socket) => socket.pipe(socket));
    server.listen(path);
    await once(server, 'listening');
    servers.push(server);
    const { stdout } = await runCli(['example', 'echo-client', `unix:${path}`], { input: 'by a path' });
    expect(stdout).toBe('by a path');
  });

  it('says in one line why there is no connection, or no more', async () => {
    const port = await serve((socket) => {
      socket.write('x');
      socket.once('data', () => socket.resetAndDestroy());
    });
    const reset = await runCli(['example', 'echo-client', `127.0.0.1:${port}`], { input: 'y' });
    expect(reset).toMatchObject({ stdout: 'x', code: 1 });
    expect(reset.stderr).toMatch(/^inaddr: echo-client: .*ECONNRESET.*\n$/);
    const [server] = servers;
    if (server !== undefined) await close(server);
    const refused = await runCli(['example', 'echo-client', `127.0.0.1:${port}`]);
    expect(refused).toMatchObject({ stdout: '', code: 1 });
    expect(refused.stderr).toMatch(/^inaddr: echo-client: ECONNREFUSED 127\.0\.0\.1:\d+: .*nothing listens there.*\n$/);
    for (const args of [['127.0.0.1'], ['127.0.0.1:0'], ['::1:80'], ['http://127.0.0.1/'], ['--timeout', '0']]) {
      const bad = await runCli(['example', 'echo-client', ...args]);
      expect(bad, args.join(' ')).toMatchObject({ stdout: '', code: 2 });
      expect(bad.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });

  it('stops when it is told to', async () => {
    const port = await serve((socket) => {
      socket.write('hello');
      socket.resume().once('end', () => socket.end());
    });
    const child = startCli(['example', 'echo-client', `127.0.0.1:${port}`]);
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
