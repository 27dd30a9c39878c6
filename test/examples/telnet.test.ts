import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startExample } from '../support/example-process.js';
import { close, listen } from '../support/listener.js';
import { CLI, runCli, startCli } from '../support/run-cli.js';

const servers: Server[] = [];

async function serve(handle: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    handle(socket);
  });
  servers.push(server);
  return String(await listen(server, '127.0.0.1'));
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map(close));
});

describe('inaddr example telnet', () => {
  it('refuses what the server wants to negotiate, and shows nothing of it', async () => {
    const heard: Buffer[] = [];
    const port = await serve((socket) => {
      // WILL ECHO, DO TERMINAL-TYPE, a subnegotiation, the byte 255.
      socket.write(Buffer.from([255, 251, 1, 255, 253, 24, 255, 250, 24, 1, 255, 240]));
      socket.write(Buffer.concat([Buffer.from('login: '), Buffer.from([255, 255]), Buffer.from('\r\n')]));
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      socket.once('end', () => socket.end('bye\r\n'));
    });
    const { stdout, stderr, code } = await runCli(['example', 'telnet', '127.0.0.1', port], { input: 'me\nä\n' });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    // The byte 255 is no UTF-8.
    expect(stdout).toBe('login: �\nbye\n');
    const all = Buffer.concat(heard);
    const answers = Buffer.from([255, 254, 1, 255, 252, 24]);
    expect(all.includes(answers)).toBe(true);
    const text = Buffer.concat([all.subarray(0, all.indexOf(answers)), all.subarray(all.indexOf(answers) + 6)]);
    expect(text.toString()).toBe('me\r\nä\r\n');
  });

  it('talks to the echo server, by name and port, and by an endpoint', async () => {
    const server = await startExample(['echo-server', 'localhost:0']);
    for (const args of [['localhost', String(server.port)], [`localhost:${server.port}`], [`[::1]:${server.port}`]]) {
      const run = await runCli(['example', 'telnet', ...args], { input: 'one\ntwo\n' });
      expect(run, args.join(' ')).toEqual({ stdout: 'Welcome to my server!\none\ntwo\n', stderr: '', code: 0 });
    }
    await server.stop();
  });

  it('is interactive: a line is answered before the next one is typed, and SIGINT ends it', async () => {
    const port = await serve((socket) => {
      socket.on('data', (line: Buffer) => socket.write(`you said ${line}`));
      socket.once('end', () => socket.end());
    });
    const child = startCli(['example', 'telnet', '127.0.0.1', port]);
    for (const word of ['first', 'second']) {
      child.stdin.write(`${word}\n`);
      expect(String((await once(child.stdout, 'data'))[0])).toBe(`you said ${word}\n`);
    }
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  const hasScript = spawnSync('script', ['--version']).status === 0;
  it.skipIf(!hasScript)(`works on a terminal${hasScript ? '' : ': skipped, there is no script(1)'}`, async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0']);
    const command = `${process.execPath} ${CLI} example telnet 127.0.0.1 ${server.port}`;
    // ^D ends the input of a terminal.
    const { status, stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      input: 'typed\n\x04',
      timeout: 30_000,
    });
    expect(status).toBe(0);
    expect(stdout.toString()).toContain('Welcome to my server!\r\n');
    expect(stdout.toString()).toContain('typed\r\n');
    await server.stop();
  });

  it('says in one line what is wrong', async () => {
    for (const [args, code, message] of [
      [['127.0.0.1', '0'], 2, /"0": write a decimal integer/],
      [['127.0.0.1', '070'], 2, /"070"/],
      [['127.0.0.1', '65536'], 2, /65536/],
      [['::1:23'], 2, /::1/],
      [['127.0.0.1', '1', '--timeout', '-1'], 2, /"-1": write ms/],
      [['127.0.0.1', '1', '--timeout', '0'], 2, /"0": write ms, a decimal integer from 1/],
      [['127.0.0.1', '1', '--timeout', '999999999'], 1, /ECONNREFUSED/],
      [['127.0.0.1', '1'], 1, /ECONNREFUSED/],
      [['nobody.invalid'], 1, /NXDOMAIN/],
    ] as const) {
      const run = await runCli(['example', 'telnet', ...args]);
      expect(run, args.join(' ')).toMatchObject({ stdout: '', code });
      expect(run.stderr, args.join(' ')).toMatch(message);
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
