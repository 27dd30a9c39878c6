import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createSocketAddress,
  fromAddressInfo,
  localSocketAddress,
  remoteSocketAddress,
  SocketAddressError,
  toAddressInfo,
} from '../../src/socket/index.js';
import { forbidden } from '../support/not-text.js';
import { tempDir } from '../support/temp-dir.js';

const directory = tempDir();
const open: { close(): unknown }[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const one of open.splice(0)) one.close();
});

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SocketAddressError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

async function listening(options: object) {
  const server = createServer();
  open.push(server);
  server.listen(options);
  await once(server, 'listening');
  return server;
}

describe('of real servers', () => {
  it.each([
    ['127.0.0.1', 'AF_INET'],
    ['::1', 'AF_INET6'],
    ['::ffff:127.0.0.1', 'AF_INET6'],
  ])('%s', async (host, family) => {
    const info = (await listening({ host, port: 0 })).address();
    const address = fromAddressInfo(info);
    expect(address).toMatchObject({ family, type: 'SOCK_STREAM', address: host });
    expect(toAddressInfo(address)).toEqual(info);
  });

  it.each(['a.sock', ...(process.platform === 'linux' ? ['\0'] : [])])('a unix socket: %j', async (name) => {
    const path = name === '\0' ? `\0inaddr-test-${process.pid}` : join(directory, name);
    const info = (await listening({ path })).address();
    expect(info).toBe(path);
    const address = fromAddressInfo(info);
    expect(address).toEqual(createSocketAddress({ path }));
    expect(toAddressInfo(address)).toBe(path);
  });

  it('of UDP', async () => {
    const socket = createSocket('udp6');
    open.push(socket);
    socket.bind({ address: '::1', port: 0 });
    await once(socket, 'listening');
    expect(fromAddressInfo(socket.address(), { type: 'SOCK_DGRAM' })).toMatchObject({
      family: 'AF_INET6',
      type: 'SOCK_DGRAM',
      address: '::1',
      port: socket.address().port,
    });
  });

  it('is none before they listen', () => {
    expect(codeOf(() => fromAddressInfo(createServer().address()))).toBe('NO_ADDRESS');
  });
});

describe('of real connections', () => {
  it.each(['127.0.0.1', '::1'])('%s: own and peer are each other of the two ends', async (host) => {
    const server = await listening({ host, port: 0 });
    const listens = fromAddressInfo(server.address());
    if (listens.family === 'AF_UNIX') throw new Error('no port');
    const client = connect({ host, port: listens.port });
    sockets.push(client);
    const [accepted] = (await once(server, 'connection')) as [Socket];
    sockets.push(accepted);
    if (client.connecting) await once(client, 'connect');
    expect(remoteSocketAddress(client)).toEqual(listens);
    expect(localSocketAddress(accepted)).toEqual(listens);
    expect(remoteSocketAddress(accepted)).toEqual(localSocketAddress(client));
  });

  it('there is none for a socket that is not connected, nor of a unix socket', async () => {
    const path = join(directory, 'b.sock');
    const server = await listening({ path });
    const client = connect({ path });
    sockets.push(client);
    const [accepted] = (await once(server, 'connection')) as [Socket];
    sockets.push(accepted);
    expect(codeOf(() => remoteSocketAddress(accepted))).toBe('NO_ADDRESS');
    expect(codeOf(() => localSocketAddress(accepted))).toBe('NO_ADDRESS');
    accepted.destroy();
    expect(codeOf(() => remoteSocketAddress(accepted))).toBe('NO_ADDRESS');
    expect(codeOf(() => localSocketAddress(accepted))).toBe('NO_ADDRESS');
  });
});

describe('zones', () => {
  const zoned = { address: 'fe80::1%eth0', family: 'IPv6', port: 80 };

  it('stay as Node writes them', () => {
    const address = fromAddressInfo(zoned);
    expect(address).toMatchObject({ address: 'fe80::1%eth0', scopeId: 0 });
    expect(toAddressInfo(address)).toEqual(zoned);
    expect(remoteSocketAddress({ remoteAddress: 'fe80::5%lo', remoteFamily: 'IPv6', remotePort: 5 })).toMatchObject({
      address: 'fe80::5%lo',
      port: 5,
    });
  });

  it('are written for a scope id whose name is known', () => {
    const scoped = createSocketAddress({ address: 'fe80::1', port: 80, scopeId: 2 });
    expect(
      toAddressInfo(scoped, {
        scopes: new Map([
          ['lo', 1],
          ['eth0', 2],
        ]),
      }),
    ).toEqual(zoned);
    expect(codeOf(() => toAddressInfo(scoped))).toBe('SCOPE_UNKNOWN');
    expect(codeOf(() => toAddressInfo(scoped, { scopes: new Map([['lo', 1]]) }))).toBe('SCOPE_UNKNOWN');
  });

  it('have no place in addresses of which the kernel does not look at the scope id', () => {
    const scoped = createSocketAddress({ address: '::1', port: 80, scopeId: 2 });
    expect(toAddressInfo(scoped)).toEqual({ address: '::1', family: 'IPv6', port: 80 });
  });
});

describe('what is none', () => {
  it.each<[unknown, string]>([
    [null, 'NO_ADDRESS'],
    [undefined, 'NO_ADDRESS'],
    ['', 'PATH'],
    [{}, 'ADDRESS'],
    [{ address: '127.0.0.1', family: 'IPv6', port: 80 }, 'FAMILY'],
    [{ address: '127.0.0.1', family: 4, port: 80 }, 'FAMILY'],
    [{ address: '127.0.0.1', family: 'IPv4', port: '80' }, 'PORT'],
    [{ address: 'localhost', family: 'IPv4', port: 80 }, 'ADDRESS'],
  ])('%j: %s', (info, code) => {
    expect(codeOf(() => fromAddressInfo(forbidden(info)))).toBe(code);
  });

  it.each([undefined, null, '127.0.0.1:80', 1])('%j is no socket', (socket) => {
    expect(codeOf(() => remoteSocketAddress(forbidden(socket)))).toBe('NOT_SOCKET_ADDRESS');
    expect(codeOf(() => localSocketAddress(forbidden(socket)))).toBe('NOT_SOCKET_ADDRESS');
  });

  it('options that there are not', () => {
    expect(() => fromAddressInfo('/a', forbidden({ family: 4 }))).toThrow(TypeError);
    expect(() => toAddressInfo(createSocketAddress({ path: '/a' }), forbidden(null))).toThrow(TypeError);
  });
});
