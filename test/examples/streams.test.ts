import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startExample, talk } from '../support/example-process.js';
import { peerTo, readAll } from '../support/peers.js';
import { runCli } from '../support/run-cli.js';

describe('inaddr example streams', () => {
  it('shows both ends', async () => {
    const { stdout, stderr, code } = await runCli(['example', 'streams']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.replace(/:\d+/g, ':PORT')).toBe(
      [
        'listening on 127.0.0.1:PORT (loopback)',
        '> hello',
        '< 5 HELLO',
        '> grüße',
        '< 5 GRÜSSE',
        '> quit',
        '< bye',
        '',
      ].join('\n'),
    );
  });

  it('serves lines, however they are cut, and stops', async () => {
    const server = await startExample(['streams', '127.0.0.1:0']);
    expect(await talk(server.port, 'hello\r\n\nwithout an end')).toBe('5 HELLO\n0 \n14 WITHOUT AN END\nbye\n');
    expect(await talk(server.port, 'quit\nnot read')).toBe('bye\n');
    const lines = Array.from({ length: 20_000 }, (_, line) => `line ${line}`);
    const answers = lines.map((line) => `${line.length} ${line.toUpperCase()}\n`).join('');
    expect(await talk(server.port, lines.join('\n'))).toBe(`${answers}bye\n`);

    const peer = await peerTo({ host: '127.0.0.1', port: server.port });
    for (const byte of Buffer.from('ü\n')) peer.write(Uint8Array.of(byte));
    expect(String((await once(peer, 'data'))[0])).toBe('1 Ü\n');
    peer.destroy();
    await server.seen(/served\n.*served/);
    const { code, stderr } = await server.stop('SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('ends a connection whose line does not end, and goes on', async () => {
    const server = await startExample(['streams', '127.0.0.1:0']);
    const peer = await peerTo({ host: '127.0.0.1', port: server.port });
    peer.write('x'.repeat(200_000));
    expect(await readAll(peer)).toBe('');
    expect(await talk(server.port, 'next')).toBe('4 NEXT\nbye\n');
    const { stdout, stderr } = await server.stop();
    expect(stderr).toBe('');
    expect(stdout).toContain('failed: Error: a line is longer than 65536 characters');
  });
});
