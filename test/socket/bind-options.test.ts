import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bind } from '../../src/socket/index.js';
import { BindError, createBind, toBindOptions, toListenOptions } from '../../src/socket/index.js';
import { forbidden } from '../support/not-text.js';
import { tempDir } from '../support/temp-dir.js';

const directory = tempDir();
const TCP = { host: '127.0.0.1', port: 0, allowEphemeral: true } as const;
const UDP = { ...TCP, type: 'SOCK_DGRAM' } as const;

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** What a real server of a bind has for an address, or the code of its error. */
async function listen(bind: Bind): Promise<unknown> {
  const server = createServer();
  const failed = once(server, 'error').then(([error]: unknown[]) => Object(error).code);
  const listening = new Promise((resolve) => {
    server.listen({ ...toListenOptions(bind) }, () => {
      open.push(server);
      resolve(server.address());
    });
  });
  return Promise.race([listening, failed]);
}

/** The same of a UDP socket. */
async function bindDatagrams(bind: Bind): Promise<unknown> {
  const options = toBindOptions(bind);
  const socket = createSocket({ ...options.socket });
  open.push(socket);
  const failed = once(socket, 'error').then(([error]: unknown[]) => Object(error).code);
  const bound = new Promise((resolve) => {
    socket.bind({ ...options.bind }, () => resolve(socket.address()));
  });
  return Promise.race([bound, failed]);
}

/** The codes of the BindError that is thrown. */
function codesOf(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof BindError) return error.issues.map(({ path, code }) => [...path, code].join(' '));
    throw error;
  }
  return [];
}

describe('toListenOptions', () => {
  it('always says the host and whether it is of IPv6 alone', () => {
    expect(toListenOptions(createBind({ host: '::', port: 80 }))).toEqual({
      host: '::',
      port: 80,
      ipv6Only: false,
      reusePort: false,
      exclusive: false,
    });
    expect(
      toListenOptions(createBind({ host: 'localhost', port: 80, ipv6Only: true, backlog: 5, exclusive: true })),
    ).toEqual({
      host: 'localhost',
      port: 80,
      ipv6Only: true,
      reusePort: false,
      exclusive: true,
      backlog: 5,
    });
    expect(toListenOptions(createBind({ path: '/run/a' }))).toEqual({ path: '/run/a', exclusive: false });
  });

  it.each<[string, Parameters<typeof createBind>[0], object | string]>([
    ['IPv4', TCP, { address: '127.0.0.1', family: 'IPv4' }],
    ['IPv6', { ...TCP, host: '::1' }, { address: '::1', family: 'IPv6' }],
    ['mapped', { ...TCP, host: '::ffff:127.0.0.1' }, { address: '::ffff:127.0.0.1', family: 'IPv6' }],
    ['text that only inet_aton reads', { ...TCP, host: '127.1' }, { address: '127.0.0.1', family: 'IPv4' }],
    ['full-width digits', { ...TCP, host: '１２７.1' }, { address: '127.0.0.1', family: 'IPv4' }],
    ['mapped, of IPv6 alone', { ...TCP, host: '::ffff:127.0.0.1', ipv6Only: true }, 'EINVAL'],
    ['an address that the kernel refuses', { ...TCP, host: '240.0.0.1' }, 'EADDRNOTAVAIL'],
  ])('listens: %s', async (_, input, expected) => {
    const got = await listen(createBind(input));
    if (typeof expected === 'string') expect(got).toBe(expected);
    else expect(got).toMatchObject(expected);
  });

  it('listens on unix sockets, also with a name that is a number', async () => {
    const path = join(directory, '8080');
    expect(await listen(createBind({ path }))).toBe(path);
    const client = connect({ path });
    await once(client, 'connect');
    client.destroy();
  });

  it('refuses what is not of TCP', () => {
    expect(codesOf(() => toListenOptions(createBind(UDP)))).toEqual(['type NOT_FOR_LISTEN']);
  });
});

describe('toBindOptions', () => {
  it('is what createSocket and bind take', () => {
    expect(toBindOptions(createBind({ ...UDP, host: '::1', port: 53, reuseAddr: true, ipv6Only: true }))).toEqual({
      socket: { type: 'udp6', ipv6Only: true, reuseAddr: true, reusePort: false },
      bind: { address: '::1', port: 53, exclusive: false },
    });
    expect(toBindOptions(createBind({ ...UDP, host: 'localhost', family: 'AF_INET' }))).toMatchObject({
      socket: { type: 'udp4' },
      bind: { address: 'localhost' },
    });
  });

  it.each([
    ['127.0.0.1', { address: '127.0.0.1', family: 'IPv4' }],
    ['::1', { address: '::1', family: 'IPv6' }],
    ['0x7f.1', { address: '127.0.0.1', family: 'IPv4' }],
  ])('binds %s', async (host, expected) => {
    expect(await bindDatagrams(createBind({ ...UDP, host }))).toMatchObject(expected);
  });

  it('refuses what is not of UDP', () => {
    expect(codesOf(() => toBindOptions(createBind(TCP)))).toEqual(['type NOT_FOR_DGRAM']);
    expect(codesOf(() => toBindOptions(forbidden(createBind({ path: '/a' }))))).toEqual(['type NOT_FOR_DGRAM']);
  });
});

describe('binds that createBind did not make', () => {
  it('are checked: a copy with a change is fine as long as it is right', () => {
    const bind = createBind({ ...UDP, port: 53 });
    expect(toBindOptions({ ...bind, port: 54 }).bind.port).toBe(54);
    expect(toListenOptions({ ...createBind({ path: '/a' }), path: '/b' })).toEqual({ path: '/b', exclusive: false });
  });

  it.each<[object, string[]]>([
    // what dgram.bind would make 80, 65535, 1 and any free port of
    [{ port: 65616 }, ['port PORT_RANGE']],
    [{ port: -1 }, ['port PORT_RANGE']],
    [{ port: true }, ['port PORT_TYPE']],
    [{ port: '' }, ['port PORT_TEXT']],
    [{ port: 0, allowEphemeral: false }, ['port PORT_EPHEMERAL']],
    [{ host: '' }, ['host HOST_BLANK']],
    [{ host: '::1' }, ['family FAMILY_MISMATCH']],
    [{ host: null, port: null }, ['host HOST_BLANK', 'port PORT_MISSING']],
    [{ recvStart: () => 0 }, ['recvStart UNKNOWN_KEY']],
    [{ fd: 0 }, ['fd UNKNOWN_KEY']],
  ])('%o: %j', (change, codes) => {
    expect(codesOf(() => toBindOptions(forbidden({ ...createBind(UDP), ...change })))).toEqual(codes);
    const { type, ...tcp } = { ...createBind(TCP), ...change };
    expect(codesOf(() => toListenOptions(forbidden(tcp)))).toEqual(codes);
  });

  it.each([null, undefined, 80, '127.0.0.1:80', [], createBind])('%o is refused', (wrong) => {
    expect(codesOf(() => toListenOptions(forbidden(wrong)))).toEqual(['NOT_BIND']);
    expect(codesOf(() => toBindOptions(forbidden(wrong)))).toEqual(['NOT_BIND']);
  });

  it('are copies: the one that was made is frozen', () => {
    const bind = createBind({ ...TCP, port: 80 });
    expect(() => Object.assign(bind, { port: '0x50' })).toThrow(TypeError);
    expect(toListenOptions(bind)).toMatchObject({ port: 80 });
  });
});

describe('whatever is accepted', () => {
  const fields = fc.record(
    {
      host: fc.constantFrom('127.0.0.1', '::1', '::ffff:127.0.0.1', '127.1', '0x7f.1', '127.0.0.9', 'INADDR_LOOPBACK'),
      port: fc.constant(0),
      allowEphemeral: fc.constant(true),
      type: fc.constantFrom('SOCK_STREAM', 'SOCK_DGRAM'),
      family: fc.constantFrom('AF_INET', 'AF_INET6'),
      ipv6Only: fc.boolean(),
      backlog: fc.constantFrom(1, 511, 2 ** 31 - 1),
      reusePort: fc.boolean(),
      reuseAddr: fc.boolean(),
      exclusive: fc.boolean(),
      optional: fc.boolean(),
      name: fc.string(),
      expose: fc.constantFrom('loopback', 'all'),
    },
    { requiredKeys: ['host', 'port', 'allowEphemeral'] },
  );

  it('is bound, or refused by the kernel, and never throws', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(fields, async (input) => {
        let bind: Bind;
        try {
          bind = createBind(forbidden(input));
        } catch (error) {
          expect(error).toBeInstanceOf(BindError);
          return;
        }
        accepted += 1;
        const got = await (bind.type === 'SOCK_DGRAM' ? bindDatagrams(bind) : listen(bind));
        for (const one of open.splice(0)) one.close();
        if (typeof got === 'string') expect(got).toBe('EINVAL');
        else expect(got).toMatchObject({ address: expect.stringMatching(/^(?:::ffff:)?127\.0\.0\.[19]$|^::1$/) });
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(30);
  }, 60_000);
});
