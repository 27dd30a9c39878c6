import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startExample, talk } from '../support/example-process.js';
import { fateOf, peerTo } from '../support/peers.js';
import { runCli } from '../support/run-cli.js';

describe('inaddr example', () => {
  it('lists the examples, and says which there are', async () => {
    const listed = await runCli(['example']);
    expect(listed).toMatchObject({ stderr: '', code: 0 });
    expect(listed.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'echo-server',
      'echo-client',
      'telnet',
      'streams',
      'http-server',
      'http-client',
      '',
    ]);
    const stderr =
      'inaddr: there is no example "nope": write echo-server, echo-client, telnet, streams, http-server, http-client\n';
    expect(await runCli(['example', 'nope'])).toEqual({ stdout: '', stderr, code: 2 });
  });
});

describe('inaddr example echo-server', () => {
  it('welcomes, echoes, says who came and went, and stops', async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0']);
    expect(await talk(server.port, 'hello\n')).toBe('Welcome to my server!\nhello\n');
    const megabyte = 'x'.repeat(1_000_000);
    expect(await talk(server.port, megabyte)).toBe(`Welcome to my server!\n${megabyte}`);
    await server.seen('1000000 bytes echoed');
    const { stdout, stderr, code } = await server.stop('SIGTERM');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.replace(/:\d+/g, ':PORT')).toBe(
      [
        'listening on 127.0.0.1:PORT (loopback)',
        '127.0.0.1:PORT (loopback) connected',
        '127.0.0.1:PORT left, 6 bytes echoed',
        '127.0.0.1:PORT (loopback) connected',
        '127.0.0.1:PORT left, 1000000 bytes echoed',
        'stopped, 2 served',
        '',
      ].join('\n'),
    );
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'tells who is connected that it stops on %s, and waits a little',
    async (signal) => {
      const server = await startExample(['echo-server', '127.0.0.1:0', '--grace', '60000']);
      const peer = await peerTo({ host: '127.0.0.1', port: server.port });
      await once(peer, 'data');
      peer.resume();
      const ended = once(peer, 'end');
      const stopped = server.stop(signal);
      await ended;
      peer.end();
      const { stdout, code } = await stopped;
      expect(code).toBe(0);
      expect(stdout).toContain('was told to leave, 0 bytes echoed');
    },
  );

  it.each(['0', '1'])('cuts who does not leave in %s ms', async (grace) => {
    const server = await startExample(['echo-server', '127.0.0.1:0', '--grace', grace]);
    const peer = await peerTo({ host: '127.0.0.1', port: server.port });
    const { code } = await server.stop();
    expect(code).toBe(0);
    peer.destroy();
  });

  it('closes who is idle, and goes on when a peer resets', async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0', '--idle-timeout', '300']);
    const idle = await peerTo({ host: '127.0.0.1', port: server.port });
    idle.resume();
    await once(idle, 'end');
    idle.end();
    await server.seen('was idle, 0 bytes echoed');
    const rude = await peerTo({ host: '127.0.0.1', port: server.port });
    rude.write('x'.repeat(100));
    await once(rude, 'data');
    rude.resetAndDestroy();
    await server.seen('is gone (ECONNRESET)');
    expect(await talk(server.port, 'still there')).toContain('still there');
    expect((await server.stop()).code).toBe(0);
  });

  it('lets in whom it is told to', async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0', '--allow', '127.0.0.2', '--allow', '10.0.0.0/8']);
    expect(await fateOf({ host: '127.0.0.1', port: server.port })).toBe('ECONNRESET');
    const peer = await peerTo({ host: '127.0.0.1', port: server.port, localAddress: '127.0.0.2' });
    await once(peer, 'data');
    peer.destroy();
    const { stdout } = await server.stop();
    expect(stdout).toContain('(loopback) refused: not in the set of those who may connect');
  });

  it('listens on both addresses of localhost', async () => {
    const server = await startExample(['echo-server', 'localhost:0']);
    await server.seen('listening on [::1]');
    const peer = connect({ host: '::1', port: server.port });
    await once(peer, 'data');
    peer.end();
    await server.seen(/\[::1\]:\d+ left/);
    expect((await server.stop()).code).toBe(0);
  });

  it('says in one line why it can not listen', async () => {
    const server = await startExample(['echo-server', '127.0.0.1:0']);
    const inUse = await runCli(['example', 'echo-server', `127.0.0.1:${server.port}`]);
    expect(inUse).toMatchObject({ stdout: '', code: 1 });
    expect(inUse.stderr).toMatch(
      /^inaddr: echo-server: EADDRINUSE 127\.0\.0\.1:\d+: .*end what holds the port, or choose another\n$/,
    );
    if (process.platform === 'linux') expect(inUse.stderr).toContain(`(pid ${server.child.pid})`);
    await server.stop();

    const wrong: readonly [args: string[], code: number, message: RegExp][] = [
      [['192.0.2.99:8888'], 1, /EADDRNOTAVAIL 192\.0\.2\.99:8888: no interface has 192\.0\.2\.99/],
      [['nobody.invalid:8888'], 1, /ENOTFOUND nobody\.invalid:8888/],
      [['1.2.3:8888'], 2, /1\.2\.0\.3/],
      [['8888'], 2, /echo-server: /],
      [['127.0.0.1:65536'], 2, /65536/],
      [['127.0.0.1:8888/udp'], 2, /"127\.0\.0\.1:8888\/udp": the examples speak TCP: write 127\.0\.0\.1:8888/],
      [['[::1]:0/udp'], 2, /write \[::1\]:0/],
      [['127.0.0.1:0', '--allow', '10.0.0.0/33'], 2, /10\.0\.0\.0\/33/],
      [['127.0.0.1:0', '--idle-timeout', '1e3'], 2, /"1e3": write ms/],
      [['127.0.0.1:0', '--idle-timeout', '0'], 2, /"0": write ms, a decimal integer from 1/],
      [['127.0.0.1:0', '--grace', '-1'], 2, /"-1": write ms/],
      [['127.0.0.1:0', '--max-connections', '0'], 2, /"0": write a decimal integer from 1/],
    ];
    for (const [args, code, message] of wrong) {
      const run = await runCli(['example', 'echo-server', ...args]);
      expect(run, args.join(' ')).toMatchObject({ stdout: '', code });
      expect(run.stderr, args.join(' ')).toMatch(message);
      expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
  });
});
