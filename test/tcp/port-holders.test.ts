import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBind } from '../../src/socket/index.js';
import { holdersOf } from '../../src/tcp/port-holders.js';
import { close, listen } from '../support/listener.js';
import { tempDir } from '../support/temp-dir.js';

const onLinux = process.platform === 'linux';
const skipped = onLinux ? '' : ': skipped, only Linux tells';
const dir = tempDir();
const me = { pid: process.pid, command: expect.any(String) };

describe.skipIf(!onLinux)(`who holds a port${skipped}`, () => {
  it('sees a listener on the address, and on what takes it along', async () => {
    const server = createServer();
    const port = await listen(server, '127.0.0.1');
    try {
      for (const host of ['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', '::']) {
        expect(await holdersOf(createBind({ host, port })), host).toEqual([me]);
      }
      for (const host of ['127.0.0.2', '::1']) expect(await holdersOf(createBind({ host, port })), host).toEqual([]);
      expect(await holdersOf(createBind({ host: '127.0.0.1', port, type: 'SOCK_DGRAM' }))).toEqual([]);
    } finally {
      await close(server);
    }
  });

  it('sees a client that has the port', async () => {
    const server = createServer();
    const port = await listen(server, '127.0.0.1');
    const client = connect({ port, host: '127.0.0.1' });
    await once(client, 'connect');
    expect(await holdersOf(createBind({ host: '127.0.0.1', port: client.localPort ?? 0 }))).toEqual([me]);
    client.destroy();
    await close(server);
  });

  it('sees who listens on a path', async () => {
    const path = join(dir, 'held');
    const server = createServer();
    server.listen(path);
    await once(server, 'listening');
    expect(await holdersOf(createBind({ path }))).toEqual([me]);
    expect(await holdersOf(createBind({ path: `${path}2` }))).toEqual([]);
    await close(server);
  });
});
