import { createSocket, Socket } from 'node:dgram';
import { getEventListeners, once } from 'node:events';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import { createBind } from '../../src/socket/index.js';
import type { BindInput, BindUdpOptions } from '../../src/tcp/index.js';
import { bindUdp, ListenError } from '../../src/tcp/index.js';
import { anyPort } from '../support/peers.js';

const open = new Set<Socket>();

async function bind(input: BindInput, options?: BindUdpOptions): Promise<Socket> {
  const socket = await bindUdp(input, options);
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  return socket;
}

afterEach(async () => {
  for (const socket of open) {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }
});

/** What a bare socket gets back for a datagram. */
async function ask(text: string, port: number, host: string): Promise<string> {
  const peer = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  peer.send(text, port, host);
  const [answer] = (await once(peer, 'message')) as [Buffer];
  peer.close();
  return answer.toString();
}

describe('bindUdp', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('binds %s, and is a socket of node:dgram', async (host) => {
    const socket = await bind(anyPort(host));
    socket.on('message', (message, { address, port }) => socket.send(`${message}!`, port, address));
    const { address, port } = socket.address();
    expect(address).toBe(host);
    expect(await ask('hello', port, host === '::ffff:127.0.0.1' ? '127.0.0.1' : host)).toBe('hello!');
  });

  it('takes binds of UDP, fields without a type, and text', async () => {
    const free = await bind(anyPort());
    const { port } = free.address();
    free.close();
    await once(free, 'close');
    for (const input of [
      createBind({ host: '127.0.0.1', port, type: 'SOCK_DGRAM' }),
      { host: '127.0.0.1', port },
      `127.0.0.1:${port}`,
      `127.0.0.1:${port}/udp`,
    ]) {
      const socket = await bind(input);
      expect(socket.address()).toMatchObject({ address: '127.0.0.1', port });
      socket.close();
      await once(socket, 'close');
    }
  });

  it('binds the first address of a name in the family that is given', async () => {
    const resolver = new Resolver({ servers: ['127.0.0.1'], hosts: { text: '127.0.0.2 here\n::1 here\n0.0.0.0 all' } });
    const named = { ...anyPort('here'), type: 'SOCK_DGRAM' } as const;
    expect((await bind({ ...named, family: 'AF_INET' }, { resolver })).address().address).toBe('127.0.0.2');
    expect((await bind({ ...named, family: 'AF_INET6' }, { resolver })).address().address).toBe('::1');
    await expect(bind({ ...named, host: 'all', family: 'AF_INET' }, { resolver })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    });
    await expect(bind({ ...named, host: 'all', family: 'AF_INET6' }, { resolver })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    });
    await expect(bind({ ...named, host: 'nobody.invalid', family: 'AF_INET' }, { resolver })).rejects.toMatchObject({
      code: 'ENOTFOUND',
      target: 'nobody.invalid:0',
    });
  });

  it('does not have the system look up a name that has no address of the family', async () => {
    // The system knows it: Node would bind 127.0.0.1.
    const name = 'localhost';
    for (const addresses of [['::1'], []]) {
      const records = addresses.map((address) => ({ address }));
      const resolver = { resolve: async () => ({ records, partial: false }) as never };
      const error = await bind({ ...anyPort(name), family: 'AF_INET' }, { resolver }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ListenError);
      expect(error).toMatchObject({
        code: 'ENOTFOUND',
        target: 'localhost:0',
        hint: 'check the name, or write an address',
      });
    }
  });

  it('checks ports, which Node does not', async () => {
    for (const port of [65616, 70_000, -1, 1.5, Number.NaN]) {
      await expect(bind({ host: '127.0.0.1', port })).rejects.toMatchObject({ name: 'BindError', path: ['port'] });
    }
    for (const port of ['80', true, null]) {
      await expect(bind({ host: '127.0.0.1', port } as never)).rejects.toMatchObject({ name: 'BindError' });
    }
    await expect(bind({ host: '127.0.0.1', port: 0 })).rejects.toMatchObject({ code: 'PORT_EPHEMERAL' });
    await expect(bind({ host: '', port: 5353 })).rejects.toMatchObject({ name: 'BindError' });
  });

  it('binds a name of which one family is known, where that one is asked for', async () => {
    const records = [{ address: '127.0.0.1' }];
    const resolver = { resolve: async () => ({ records, partial: true }) as never };
    const socket = await bind({ ...anyPort('half'), family: 'AF_INET' }, { resolver });
    expect(socket.address().address).toBe('127.0.0.1');
    const other = bind({ ...anyPort('half'), family: 'AF_INET6' }, { resolver });
    await expect(other).rejects.toMatchObject({ code: 'EAI_AGAIN', target: 'half:0' });
  });

  it('is for UDP alone', async () => {
    await expect(bind({ ...anyPort(), type: 'SOCK_STREAM' })).rejects.toMatchObject({ code: 'NOT_FOR_DGRAM' });
    await expect(bind({ path: '/run/x.sock' })).rejects.toMatchObject({ code: 'NOT_FOR_DGRAM' });
    await expect(bind('unix:/run/x.sock')).rejects.toMatchObject({ code: 'NOT_FOR_DGRAM' });
    await expect(bind('127.0.0.1:53/tcp')).rejects.toMatchObject({ code: 'NOT_FOR_DGRAM' });
    for (const [input, hint] of [
      [{ ...anyPort(), type: 'SOCK_STREAM' }, 'use listen, or write SOCK_DGRAM'],
      ['127.0.0.1:53/tcp', 'use listen, or write /udp'],
      [{ path: '/run/x.sock' }, 'use listen'],
      ['unix:/run/x.sock', 'use listen'],
    ] as const) {
      await expect(bind(input)).rejects.toMatchObject({ name: 'BindError', hint, path: ['type'] });
    }
    await expect(bind(null as never)).rejects.toMatchObject({ name: 'BindError' });
    await expect(bind(anyPort(), { signals: 1 } as never)).rejects.toThrow(/there is no option "signals"/);
    await expect(bind(anyPort(), { signal: 1 } as never)).rejects.toThrow(/signal is 1/);
  });

  it('says what was taken, and leaves nothing open', async () => {
    const holder = await bind(anyPort());
    const { port } = holder.address();
    const closes = vi.spyOn(Socket.prototype, 'close');
    onTestFinished(() => closes.mockRestore());
    const error = await bind({ host: '127.0.0.1', port }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ListenError);
    const holders = process.platform === 'linux' ? [{ pid: process.pid }] : [];
    expect(error).toMatchObject({ code: 'EADDRINUSE', target: `127.0.0.1:${port}`, holders });
    await expect(bind(anyPort('192.0.2.99'))).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    const shared = { host: '127.0.0.1', port, reuseAddr: true };
    await expect(bind(shared)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(closes).toHaveBeenCalledTimes(3);
  });

  it('closes when it is told to, and leaves the signal alone', async () => {
    const reason = new Error('enough');
    const aborted = await bind(anyPort(), { signal: AbortSignal.abort(reason) }).catch((thrown: unknown) => thrown);
    expect(aborted).toMatchObject({ code: 'ABORTED' });
    expect((aborted as ListenError).cause).toBe(reason);
    const controller = new AbortController();
    const { signal } = controller;
    const first = await bind(anyPort(), { signal });
    first.close();
    await once(first, 'close');
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    const second = await bind(anyPort(), { signal });
    const closed = once(second, 'close');
    controller.abort();
    await closed;
    const late = new AbortController();
    const third = await bind(anyPort(), { signal: late.signal });
    third.close();
    late.abort();
    await once(third, 'close');
  });
});
