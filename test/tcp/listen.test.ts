import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import { PrefixSet, RuleSet } from '../../src/ip/index.js';
import { SOCK_DGRAM } from '../../src/socket/index.js';
import type { Connection, ListenerOptions, RefusedPeer } from '../../src/tcp/index.js';
import { ListenError, Listener, listen } from '../../src/tcp/index.js';
import { close, listen as listenBare } from '../support/listener.js';
import { addressOf, anyPort, endOf, fateOf, peerTo, readAll } from '../support/peers.js';
import { tempDir } from '../support/temp-dir.js';
import { Untold } from '../support/untold.js';

const dir = tempDir();
const opened: Listener[] = [];

/** A listener that is closed after the test, whatever becomes of it. */
async function open(...args: Parameters<typeof listen>): Promise<Listener> {
  const listener = await listen(...args);
  opened.push(listener);
  return listener;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((listener) => listener.close({ graceMs: 0 })));
});

/** Echoes what comes, and ends when the peer does. */
async function echo({ socket }: Connection): Promise<void> {
  await pipeline(socket, socket);
}

/** The warnings of listeners from now on, until the test is over. */
function warningsHeard(): readonly Error[] {
  const warnings: Error[] = [];
  const hear = (warning: Error) => {
    if (warning.name === 'ListenerWarning') warnings.push(warning);
  };
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  return warnings;
}

/** Resolves names from a hosts file of the test. */
function hosts(text: string): Resolver {
  return new Resolver({ servers: ['127.0.0.1'], hosts: { text } });
}

async function failure(promise: Promise<unknown>): Promise<ListenError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ListenError)) throw error ?? new Error('it was opened');
  return error;
}

describe('addresses', () => {
  it('listens on an address, and gives the port of the kernel', async () => {
    const listener = await open(anyPort(), echo);
    const [address] = listener.addresses;
    expect(address).toMatchObject({ family: 'AF_INET', type: 'SOCK_STREAM', address: '127.0.0.1' });
    expect(addressOf(listener).port).toBeGreaterThan(0);
    const peer = await peerTo(listener);
    peer.end('hello');
    expect(await readAll(peer)).toBe('hello');
  });

  it('listens on several binds as one', async () => {
    const listener = await open([anyPort(), anyPort('::1'), anyPort('127.0.0.2')], ({ socket, local }) => {
      socket.end(`${'address' in local ? local.address : ''}`);
    });
    expect(listener.addresses.map((one) => ('address' in one ? one.address : ''))).toEqual([
      '127.0.0.1',
      '::1',
      '127.0.0.2',
    ]);
    for (const index of [0, 1, 2]) {
      const address = addressOf(listener, index);
      expect(await readAll(await peerTo(address))).toBe(address.host);
    }
  });

  it('listens on all addresses of a name, on one port', async () => {
    const listener = await open(anyPort('localhost'), echo);
    expect(listener.addresses.map((one) => ('address' in one ? one.address : ''))).toEqual(['127.0.0.1', '::1']);
    expect(addressOf(listener, 1).port).toBe(addressOf(listener, 0).port);
  });

  it('knows a mapped bind as its IPv4 address', async () => {
    const listener = await open(anyPort('::ffff:127.0.0.1'), echo);
    expect(addressOf(listener).host).toBe('127.0.0.1');
  });

  it('listens on a path, and removes it at the end', async () => {
    const path = join(dir, 'socket');
    const listener = await open({ path }, ({ socket, peer, local }) => {
      socket.end(JSON.stringify({ peer, local }));
    });
    expect(listener.addresses).toEqual([{ family: 'AF_UNIX', type: 'SOCK_STREAM', protocol: 0, path }]);
    expect(JSON.parse(await readAll(await peerTo({ path })))).toEqual({
      peer: null,
      local: { family: 'AF_UNIX', type: 'SOCK_STREAM', protocol: 0, path },
    });
    await listener.close();
    expect(existsSync(path)).toBe(false);
  });
});

/** A bare server on a port of the kernel's. */
async function takePort(host: string) {
  const server = createServer();
  await listenBare(server, host);
  return server;
}

describe('all or nothing', () => {
  it('cuts a zone that would fill a log', async () => {
    const host = `fe80::1%${'a'.repeat(100_000)}`;
    const { code, message } = await failure(listen({ host, port: 8080 }));
    expect(code).toBe('EINVAL');
    expect(message.length).toBeLessThan(1500);
  });

  it('closes what was open when one fails, and says which', async () => {
    const taken = await takePort('127.0.0.1');
    const { port } = taken.address() as AddressInfo;
    const free = await takePort('127.0.0.2');
    const other = (free.address() as AddressInfo).port;
    await close(free);
    try {
      const error = await failure(
        listen(
          [
            { host: '127.0.0.2', port: other },
            { host: '127.0.0.1', port },
          ],
          echo,
        ),
      );
      expect(error).toMatchObject({ name: 'ListenError', code: 'EADDRINUSE', target: `127.0.0.1:${port}` });
      expect(error.bind).toMatchObject({ host: '127.0.0.1', port });
      // On other systems nobody tells.
      const holders = process.platform === 'linux' ? [{ pid: process.pid, command: expect.any(String) }] : [];
      expect(error.holders).toEqual(holders);
      expect(error.message).toMatch(
        /^EADDRINUSE 127\.0\.0\.1:\d+: (held by ".*" \(pid \d+\); )?end what holds the port, or choose another$/,
      );
      // It can be bound again.
      await close(await listenAgain('127.0.0.2', other));
    } finally {
      await close(taken);
    }
  });

  it('says what is in the way: another bind of its own, or what the system says', async () => {
    const taken = await takePort('127.0.0.1');
    const { port } = taken.address() as AddressInfo;
    await close(taken);
    const twice = await failure(
      listen([anyPort(), { host: '127.0.0.1', port }, { host: '::ffff:127.0.0.1', port }], echo),
    );
    expect(twice).toMatchObject({ code: 'EADDRINUSE', bind: { host: '::ffff:127.0.0.1' } });
    expect(twice.explanation).toContain('127.0.0.1');
    expect(twice.hint).not.toBe('');
    const absent = await failure(listen(anyPort('192.0.2.99'), echo));
    expect(absent).toMatchObject({
      code: 'EADDRNOTAVAIL',
      explanation: expect.stringMatching(/^no interface has 192\.0\.2\.99/),
    });
    const path = join(dir, 'no', 'such', 'folder');
    expect(await failure(listen({ path }, echo))).toMatchObject({
      code: 'EACCES',
      target: path,
      explanation: expect.stringContaining('no'),
    });
  });

  it('says to remove what a process has left behind, and never what is no socket', async () => {
    const left = join(dir, 'left');
    // Whoever is killed leaves its file there.
    const child = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`,
    ]);
    await once(child, 'exit');
    const file = join(dir, 'file');
    writeFileSync(file, 'what somebody wants to keep');
    const link = join(dir, 'link');
    symlinkSync(left, link);
    for (const [path, hint] of [
      [left, /^end what listens there; .* remove it$/],
      [file, /^write another path$/],
      [dir, /^write another path$/],
      [link, /^write another path$/],
    ] as const) {
      const error = await failure(listen({ path }, echo));
      expect(error).toMatchObject({ code: 'EADDRINUSE', target: path, hint: expect.stringMatching(hint) });
    }
    rmSync(left);
    await open({ path: left }, echo);
  });

  it.skipIf(process.platform === 'win32')('opens no other path than the one that was given', async () => {
    const path = join(dir, 'x'.repeat(108));
    const error = await failure(listen([anyPort(), { path }], echo));
    expect(error).toMatchObject({ code: 'EINVAL', bind: { path }, hint: 'choose a shorter path' });
    expect(error.explanation).toBe(`the path has ${path.length} bytes, the kernel takes 108`);
    expect(readdirSync(dir).filter((name) => name.startsWith('xxx'))).toEqual([]);
    const name = `\0${'x'.repeat(120)}`;
    expect(await failure(listen({ path: name }, echo))).toMatchObject({
      code: 'EINVAL',
      hint: expect.stringMatching(/^choose a shorter name/),
    });
    const longest = join(dir, 'y'.repeat(107 - dir.length));
    const listener = await open({ path: longest }, echo);
    expect(readdirSync(dir)).toContain('y'.repeat(107 - dir.length));
    (await peerTo({ path: longest })).destroy();
    await listener.close();
  });

  it('blames no bind that was left out', async () => {
    const blocker = await takePort('127.0.0.1');
    const { port } = blocker.address() as AddressInfo;
    try {
      const absent = { host: '192.0.2.99', port, optional: true };
      const error = await failure(listen([absent, { host: '0.0.0.0', port }], echo));
      expect(error).toMatchObject({ code: 'EADDRINUSE', target: `0.0.0.0:${port}`, explanation: null });
      expect(error.hint).toBe('end what holds the port, or choose another');
      expect(error.holders).toMatchObject(process.platform === 'linux' ? [{ pid: process.pid }] : []);
    } finally {
      await close(blocker);
    }
    // One that was opened is in the way.
    const own = await failure(
      listen(
        [
          { host: '127.0.0.1', port, optional: true },
          { host: '0.0.0.0', port },
        ],
        echo,
      ),
    );
    expect(own.explanation).toContain('both take 127.0.0.1');
  });

  it('says that a bind can be optional only where that helps', async () => {
    const [absent, other] = [anyPort('192.0.2.99'), anyPort('192.0.2.98')];
    const hint = 'choose an address of this machine';
    expect(await failure(listen(absent, echo))).toMatchObject({ code: 'EADDRNOTAVAIL', hint });
    expect(await failure(listen([absent, anyPort()], echo))).toMatchObject({
      hint: `${hint}, or make the bind optional`,
    });
    const optional = [absent, other].map((bind) => ({ ...bind, optional: true }));
    expect(await failure(listen(optional, echo))).toMatchObject({ code: 'EADDRNOTAVAIL', hint });
    const listener = await open([{ ...absent, optional: true }, anyPort()], echo);
    expect(listener.addresses).toHaveLength(1);
    const resolver = hosts('0.0.0.0 blocked');
    expect(await failure(listen([anyPort('blocked'), anyPort()], echo, { resolver }))).toMatchObject({
      explanation: 'blocked leads to 0.0.0.0, which is every interface',
      hint: 'write 0.0.0.0 if that is meant, or mend the name',
    });
  });

  it('says of a name that a policy denies what the resolver says', async () => {
    const resolver = new Resolver({ servers: ['127.0.0.1'], hosts: { text: '127.0.0.1 x.test' }, policy: 'global' });
    const error = await failure(listen({ host: 'x.test', port: 8080 }, echo, { resolver }));
    expect(error.message).toBe(
      'EACCES x.test:8080: BLOCKED: 127.0.0.1: not globally reachable; the policy of this resolver does not allow the address',
    );
    expect(error.cause).toMatchObject({ name: 'DnsError', code: 'BLOCKED', hint: error.hint });
  });

  it('holds a bind to the reach that it allows', async () => {
    const resolver = hosts('127.0.0.1 here\n192.0.2.2 here');
    const bind = { ...anyPort('here'), expose: 'loopback' } as const;
    const error = await failure(listen(bind, echo, { resolver }));
    expect(error).toMatchObject({ code: 'EXPOSE_EXCEEDED', target: '192.0.2.2:0' });
    const listener = await open({ ...anyPort('localhost'), expose: 'loopback' }, echo);
    expect(listener.addresses).toHaveLength(2);
  });

  it('holds one of several binds to it, also where the others allow all', async () => {
    const narrow = { ...anyPort('0.0.0.0'), expose: 'loopback' } as const;
    for (const binds of [
      [anyPort(), narrow],
      [narrow, anyPort()],
    ]) {
      expect(await failure(listen(binds, echo))).toMatchObject({ code: 'EXPOSE_EXCEEDED', bind: { host: '0.0.0.0' } });
    }
  });

  it('fails for a name without addresses, and for one that leads to every interface', async () => {
    const resolver = hosts('0.0.0.0 blocked');
    const error = await failure(listen([anyPort(), { ...anyPort('nobody.invalid') }], echo, { resolver }));
    expect(error).toMatchObject({ code: 'ENOTFOUND', target: 'nobody.invalid:0', holders: [] });
    expect(error.cause).toMatchObject({ name: 'DnsError', code: 'NXDOMAIN' });
    const wild = await failure(listen(anyPort('blocked'), echo, { resolver }));
    expect(wild).toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(wild.message).toContain('0.0.0.0, which is every interface');
  });

  it('fails for a name of which an address is not on this machine, which has others of its family', async () => {
    const resolver = hosts('127.0.0.1 elsewhere\n198.51.100.201 elsewhere');
    const error = await failure(listen(anyPort('elsewhere'), echo, { resolver }));
    expect(error).toMatchObject({ code: 'EADDRNOTAVAIL' });
    expect(error.target).toMatch(/^198\.51\.100\.201:/);
  });

  it('fails for a name of which one family is not known', async () => {
    const backend = new Resolver({ servers: ['127.0.0.1'], hosts: { text: '127.0.0.1 half' } });
    const resolver: Pick<Resolver, 'resolve'> = {
      resolve: (async (name: string) => ({ ...(await backend.resolve(name)), partial: true })) as Resolver['resolve'],
    };
    expect(await failure(listen(anyPort('half'), echo, { resolver }))).toMatchObject({ code: 'EAI_AGAIN' });
  });

  it.runIf(process.platform === 'linux')('says of an abstract name, which has no file, who holds it', async () => {
    const path = `\0inaddr-test-taken-${process.pid}`;
    await open({ path }, echo);
    expect(await failure(listen({ path }, echo))).toMatchObject({
      code: 'EADDRINUSE',
      holders: [{ pid: process.pid }],
      hint: 'end what holds the name, or choose another',
    });
  });

  it('leaves out an optional bind whose address is not here, but not all of them', async () => {
    const absent = { ...anyPort('192.0.2.99'), optional: true };
    const listener = await open([absent, anyPort()], echo);
    expect(listener.addresses).toHaveLength(1);
    expect(await failure(listen([absent, absent], echo))).toMatchObject({
      code: 'EADDRNOTAVAIL',
      target: '192.0.2.99:0',
    });
    expect(await failure(listen([anyPort(), { ...absent, optional: false }], echo))).toMatchObject({
      code: 'EADDRNOTAVAIL',
    });
  });

  it('is ended by its signal whatever its resolver does', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const resolver: Pick<Resolver, 'resolve'> = {
      resolve: () => {
        setImmediate().then(() => controller.abort(reason));
        return new Promise<never>(() => {});
      },
    };
    const error = await failure(listen(anyPort('never'), echo, { resolver, signal: controller.signal }));
    expect(error).toMatchObject({ code: 'ABORTED', target: 'never:0', cause: reason });
  });

  it('opens nothing when it was aborted before, and closes when it is aborted later', async () => {
    const reason = new Error('enough');
    const listens = vi.spyOn(Server.prototype, 'listen');
    for (const host of ['localhost', '127.0.0.1']) {
      const error = await failure(listen(anyPort(host), echo, { signal: AbortSignal.abort(reason) }));
      expect(error.code).toBe('ABORTED');
      expect(error.cause).toBe(reason);
    }
    expect(listens).not.toHaveBeenCalled();
    listens.mockRestore();
    const controller = new AbortController();
    const listener = await open(anyPort(), echo, { signal: controller.signal });
    const peer = await peerTo(listener);
    await until(() => listener.stats().open === 1);
    const [connection] = listener.connections;
    const end = endOf(peer);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    controller.abort();
    // At once, and without being asked to close.
    expect(listener.closing.aborted).toBe(true);
    expect(connection?.socket.destroyed).toBe(true);
    await end;
    await until(() => listener.stats().open === 0);
    await expect(peerTo(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses what is none of its arguments', async () => {
    const wrong: readonly [options: object, message: RegExp][] = [
      [{ maxConnection: 1 }, /there is no option "maxConnection": there is signal, allow, maxConnections/],
      [{ maxConnections: 0 }, /maxConnections is 0: pass an integer from 1/],
      [{ maxConnections: null }, /maxConnections is null/],
      [{ maxUntaken: 1.5 }, /maxUntaken is 1\.5/],
      [{ maxUntaken: Number.NaN }, /maxUntaken is NaN/],
      [{ allow: ['127.0.0.0/8'] }, /allow is no PrefixSet and no RuleSet/],
      [{ allow: null }, /allow is no PrefixSet/],
      [{ signal: {} }, /signal is \{\}/],
      [{ onError: 1 }, /onError is 1: pass a function/],
      [{ onRefused: 'x' }, /onRefused is 'x'/],
    ];
    for (const [options, message] of wrong) {
      await expect(listen(anyPort(), echo, options as ListenerOptions)).rejects.toThrow(message);
    }
    await expect(listen(anyPort(), {} as never)).rejects.toThrow(/the handler is \{\}: pass a function/);
    await expect(listen(anyPort(), null, null as never)).rejects.toThrow(/the options are null/);
    await expect(listen([], echo)).rejects.toThrow(/there is no bind/);
    // biome-ignore lint/suspicious/noSparseArray: what a caller may give
    await expect(listen([anyPort(), , anyPort()] as never, echo)).rejects.toThrow(/^undefined is no bind/);
    await expect(listen({ ...anyPort(), type: SOCK_DGRAM }, echo)).rejects.toThrow(/write bindUdp/);
    expect(() => Reflect.construct(Listener, [])).toThrow(/not constructed with new/);
  });
});

describe('who may connect', () => {
  async function connectTo(allow: PrefixSet | RuleSet, bind: { host: string; port: 0 } = anyPort()) {
    const refused: RefusedPeer[] = [];
    const listener = await open({ ...anyPort(), ...bind }, ({ socket }) => socket.end('in'), {
      allow,
      onRefused: (one) => refused.push(one),
    });
    return { listener, refused };
  }

  it.each([
    ['a set', PrefixSet.from(['127.0.0.2/32'])],
    ['rules', RuleSet.from([{ action: 'allow', prefix: '127.0.0.2/32' }], { match: 'first', otherwise: 'deny' })],
    [
      'rules that deny',
      RuleSet.from([{ action: 'deny', prefix: '127.0.0.1/32', name: 'me' }], { match: 'first', otherwise: 'allow' }),
    ],
  ])('asks %s', async (_, allow) => {
    const { listener, refused } = await connectTo(allow);
    const { port } = addressOf(listener);
    const from = (localAddress: string) => ({ host: '127.0.0.1', port, localAddress });
    expect(await readAll(await peerTo(from('127.0.0.2')))).toBe('in');
    expect(await fateOf(from('127.0.0.1'))).toBe('ECONNRESET');
    expect(refused).toMatchObject([{ peer: { address: '127.0.0.1' }, cause: 'denied' }]);
    await until(() => listener.stats().open === 0);
    expect(listener.stats()).toMatchObject({ accepted: 2, served: 1, denied: 1 });
  });

  it('asks about a mapped peer as its IPv4 address', async () => {
    const deny = RuleSet.from([{ action: 'deny', prefix: '127.0.0.0/8' }], { match: 'first', otherwise: 'allow' });
    for (const allow of [deny, PrefixSet.from(['::/0'])]) {
      const { listener, refused } = await connectTo(allow, anyPort('::ffff:127.0.0.1'));
      expect(await fateOf(listener)).toBe('ECONNRESET');
      expect(refused).toMatchObject([{ peer: { family: 'AF_INET', address: '127.0.0.1' } }]);
    }
    const { listener } = await connectTo(PrefixSet.from(['127.0.0.0/8']), anyPort('::ffff:127.0.0.1'));
    expect(await readAll(await peerTo(listener))).toBe('in');
  });

  it('does not ask about unix sockets', async () => {
    const path = join(dir, 'asked');
    await open({ path }, ({ socket }) => socket.end('in'), { allow: PrefixSet.from([]) });
    expect(await readAll(await peerTo({ path }))).toBe('in');
  });

  it('is nobody by a filter that throws, which is told to onError, or warned about once', async () => {
    const warnings = warningsHeard();
    const error = new Error('odd');
    const throwing = () => {
      const set = PrefixSet.from(['10.0.0.0/8']);
      set.has = () => {
        throw error;
      };
      return set;
    };
    const refused: string[] = [];
    const onRefused: ListenerOptions['onRefused'] = ({ reason }) => refused.push(reason);
    const heard: unknown[] = [];
    const onError: ListenerOptions['onError'] = (...told) => heard.push(told);
    for (const options of [{ onError }, {}]) {
      const listener = await open(anyPort(), echo, { allow: throwing(), onRefused, ...options });
      for (let turn = 0; turn < 2; turn++) expect(await fateOf(listener)).toBe('ECONNRESET');
      await until(() => listener.stats().denied === 2);
      expect(listener.stats()).toMatchObject({ accepted: 2, served: 0, open: 0 });
    }
    expect(refused).toEqual(Array(4).fill('allow has thrown: odd'));
    expect(heard).toEqual([
      [error, null],
      [error, null],
    ]);
    await until(() => warnings.length > 0);
    expect(warnings.map(({ message }) => message)).toEqual(['allow of a listener has thrown: odd']);
  });

  it('is nobody to warn of when nobody asks who was refused', async () => {
    const warnings = warningsHeard();
    const listener = await open(anyPort(), echo, { allow: PrefixSet.from(['10.0.0.0/8']) });
    expect(await fateOf(listener)).toBe('ECONNRESET');
    await until(() => listener.stats().denied === 1);
    await setImmediate();
    expect(warnings).toEqual([]);
  });

  it('goes on when onRefused throws, and warns', async () => {
    const listener = await open(anyPort(), echo, {
      allow: PrefixSet.from([]),
      onRefused() {
        throw new Error('from onRefused');
      },
    });
    const warned = once(process, 'warning');
    expect(await fateOf(listener)).toBe('ECONNRESET');
    expect((await warned)[0]).toMatchObject({ name: 'ListenerWarning', message: /from onRefused/ });
  });
});

describe('what the kernel does not give', () => {
  /** The sockets below a listener that is opened next. */
  function serversBelow(): Server[] {
    const servers: Server[] = [];
    const listenOf = Server.prototype.listen;
    const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args) {
      servers.push(this);
      return listenOf.apply(this, args as Parameters<typeof listenOf>);
    });
    onTestFinished(() => spy.mockRestore());
    return servers;
  }

  const failed = (code: string) => Object.assign(new Error(`accept ${code}`), { code });

  it('is told to onError each time, and ends nothing', async () => {
    const servers = serversBelow();
    const heard: unknown[] = [];
    const onError: ListenerOptions['onError'] = (error, connection) => heard.push([error, connection]);
    const listener = await open(anyPort(), echo, { onError });
    const errors = [failed('EMFILE'), failed('EMFILE'), failed('ENFILE')];
    for (const error of errors) servers[0]?.emit('error', error);
    expect(heard).toEqual(errors.map((error) => [error, null]));
    const peer = await peerTo(listener);
    peer.end('hello');
    expect(await readAll(peer)).toBe('hello');
  });

  it('is warned about once for each code where nobody hears', async () => {
    const servers = serversBelow();
    await open(anyPort(), echo);
    const warnings = warningsHeard();
    for (const code of ['EMFILE', 'EMFILE', 'ENFILE', 'EMFILE']) servers[0]?.emit('error', failed(code));
    await until(() => warnings.length > 1);
    expect(warnings.map(({ message }) => message)).toEqual([
      'a listener can not accept: accept EMFILE',
      'a listener can not accept: accept ENFILE',
    ]);
  });
});

describe('a handler', () => {
  it('may throw or reject: its own connection ends, and it is reported', async () => {
    const errors: [unknown, Connection | null][] = [];
    const listener = await open(
      anyPort(),
      ({ socket }) => {
        const { promise, resolve } = withResolvers<string>();
        socket.once('data', (data) => resolve(String(data)));
        return promise.then((asked) => {
          if (asked === 'fail') throw new Error('asked to');
          socket.end(asked);
        });
      },
      { onError: (error, connection) => errors.push([error, connection]) },
    );
    const good = await peerTo(listener);
    const bad = await peerTo(listener);
    const end = endOf(bad);
    bad.write('fail');
    expect(['end', 'ECONNRESET']).toContain(await end);
    expect(errors).toMatchObject([[{ message: 'asked to' }, { peer: { address: '127.0.0.1' } }]]);
    good.write('fine');
    expect(await readAll(good)).toBe('fine');
    expect(listener.stats()).toMatchObject({ accepted: 2, served: 2, failed: 1 });
  });

  it.each([
    ['throws', () => raise(new Error('thrown'))],
    ['throws null', () => raise(null)],
    ['throws what has no text', () => raise(Object.create(null))],
    ['rejects', () => Promise.reject(new Error('thrown'))],
    // biome-ignore lint/suspicious/noThenProperty: what a handler may give
    ['gives a thenable that throws', () => ({ then: () => raise(new Error('thrown')) })],
    [
      'gives something whose then can not be read',
      () => Object.defineProperty({}, 'then', { get: () => raise(new Error('thrown')) }),
    ],
  ])('that %s is told of by a process warning, when nobody else listens', async (_, handler) => {
    const listener = await open(anyPort(), handler);
    const warned = once(process, 'warning');
    await fateOf(listener);
    expect((await warned)[0]).toMatchObject({
      name: 'ListenerWarning',
      message: /^the handler of a connection has failed: (thrown|null|\[Object)/,
    });
  });

  it('is not told of when the peer has reset the connection, but to onError', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const errors: unknown[] = [];
    try {
      for (const options of [{}, { onError: (error: unknown) => errors.push(error) }]) {
        const listener = await open(anyPort(), echo, options);
        const peer = await peerTo(listener);
        peer.write('hello');
        await once(peer, 'data');
        peer.resetAndDestroy();
        await until(() => listener.stats().failed === 1);
        await setImmediate();
      }
    } finally {
      process.off('warning', onWarning);
    }
    expect(warnings).toEqual([]);
    expect(errors).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it.each([
    ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'],
    'ABORT_ERR',
  ])('that ends with %s after its connection has is not warned of', async (code) => {
    const warnings = warningsHeard();
    const listener = await open(anyPort(), ({ socket }) => {
      socket.destroy();
      throw Object.assign(new Error('over'), { code });
    });
    const other = await open(anyPort(), ({ socket }) => {
      socket.destroy();
      throw Object.assign(new Error('of its own'), { code: 'ENOENT' });
    });
    await endOf(await peerTo(listener));
    await endOf(await peerTo(other));
    await until(() => warnings.length > 0);
    expect(listener.stats().failed).toBe(1);
    expect(warnings.map(({ message }) => message)).toEqual(['the handler of a connection has failed: of its own']);
    expect(warnings).toMatchObject([
      { name: 'ListenerWarning', detail: expect.stringContaining('Error: of its own\n') },
    ]);
  });

  it('that throws no error is warned of as it is', async () => {
    const warnings = warningsHeard();
    for (const thrown of ['text', 7, { a: 1 }, undefined, new Untold()]) {
      const listener = await open(anyPort(), () => {
        throw thrown;
      });
      await endOf(await peerTo(listener));
    }
    await until(() => warnings.length === 5);
    const failed = 'the handler of a connection has failed';
    expect(warnings.map(({ message }) => message)).toEqual([
      `${failed}: text`,
      `${failed}: 7`,
      `${failed}: { a: 1 }`,
      `${failed}: undefined`,
      `${failed}: what can not be told`,
    ]);
  });

  it('that does not look at its connection survives a reset', async () => {
    const listener = await open(anyPort(), () => {});
    const peer = await peerTo(listener);
    await until(() => listener.stats().open === 1);
    peer.resetAndDestroy();
    await until(() => listener.stats().open === 0);
    expect(listener.stats()).toMatchObject({ served: 1, failed: 0 });
  });

  it('may return and go on: the connection stays, and ends with its peer', async () => {
    for (const handler of [
      ({ socket }: Connection) => void socket.on('data', (data) => socket.write(data)),
      async ({ socket }: Connection) => void socket.on('data', (data) => socket.write(data)),
    ]) {
      const listener = await open(anyPort(), handler);
      const peer = await peerTo(listener);
      for (const word of ['one', 'two']) {
        peer.write(word);
        expect(String((await once(peer, 'data'))[0])).toBe(word);
      }
      peer.end();
      await endOf(peer);
      await until(() => listener.stats().open === 0);
    }
  });

  it('that is asynchronous may write after its peer has ended, and ends when it is done', async () => {
    const listener = await open(anyPort(), async ({ socket }) => {
      let size = 0;
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) size += chunk.length;
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      socket.write(`${size} bytes`);
    });
    const peer = await peerTo(listener);
    peer.end('12345');
    expect(await readAll(peer)).toBe('5 bytes');
    await until(() => listener.stats().open === 0);
  });

  it('is not called before there is a listener', async () => {
    let seen: unknown = null;
    const listener: Listener = await open(anyPort(), ({ socket }) => {
      seen = listener;
      socket.end();
    });
    await readAll(await peerTo(listener));
    expect(seen).toBe(listener);
  });

  it('is called for who came before there was a listener, once there is', async () => {
    const elsewhere = createServer();
    onTestFinished(() => close(elsewhere));
    const port = await listenBare(elsewhere, '127.0.0.1');
    const accepted = once(elsewhere, 'connection');
    const peer = await peerTo({ host: '127.0.0.1', port });
    const [early] = (await accepted) as [Socket];
    // Comes on the first socket while the second is opened.
    const servers: Server[] = [];
    const listenOf = Server.prototype.listen;
    const spy = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args) {
      servers.push(this);
      if (servers.length === 2) servers[0]?.emit('connection', early);
      return listenOf.apply(this, args as Parameters<typeof listenOf>);
    });
    onTestFinished(() => spy.mockRestore());
    let isThere = false;
    const seen: boolean[] = [];
    const listener = await open([anyPort(), anyPort('127.0.0.2')], ({ socket }) => {
      seen.push(isThere);
      socket.end('early');
    });
    isThere = true;
    expect(await readAll(peer)).toBe('early');
    expect(seen).toEqual([true]);
    expect(listener.stats()).toMatchObject({ accepted: 1, served: 1 });
  });

  it('has its connections counted, those beyond the most are reset', async () => {
    const refused: RefusedPeer[] = [];
    const listener = await open([anyPort(), anyPort('::1')], ({ socket }) => void socket.write('in'), {
      maxConnections: 2,
      onRefused: (one) => refused.push(one),
    });
    const first = await peerTo(addressOf(listener, 0));
    const second = await peerTo(addressOf(listener, 1));
    await Promise.all([once(first, 'data'), once(second, 'data')]);
    expect(await fateOf(addressOf(listener, 1))).toBe('ECONNRESET');
    expect(refused).toMatchObject([{ cause: 'full', reason: '2 connections are open', peer: { address: '::1' } }]);
    first.destroy();
    await until(() => listener.stats().open === 1);
    expect(String((await once(await peerTo(listener), 'data'))[0])).toBe('in');
    expect(listener.connections).toHaveLength(2);
    expect(listener.stats()).toEqual({
      accepted: 4,
      served: 3,
      untaken: 0,
      denied: 0,
      dropped: 1,
      gone: 0,
      open: 2,
      failed: 0,
    });
  });

  it.each([
    ['throws', () => raise(new Error('from onError'))],
    ['rejects', () => Promise.reject(new Error('from onError'))],
  ])('goes on when onError %s', async (_, onError) => {
    const listener = await open(anyPort(), () => raise(new Error('first')), { onError });
    const warned = once(process, 'warning');
    await fateOf(listener);
    expect((await warned)[0]).toMatchObject({ message: 'onError of a listener has thrown: from onError' });
  });

  it.each([
    ['throws', () => raise(new Error('from onRefused'))],
    ['rejects', () => Promise.reject(new Error('from onRefused'))],
  ])('goes on when onRefused %s', async (_, onRefused) => {
    const listener = await open(anyPort(), echo, { allow: PrefixSet.from([]), onRefused });
    const warned = once(process, 'warning');
    await fateOf(listener);
    expect((await warned)[0]).toMatchObject({ message: 'onRefused of a listener has thrown: from onRefused' });
  });
});

describe('for await', () => {
  it('gives the connections, and ends with the listener', async () => {
    const listener = await open(anyPort());
    const peers = await Promise.all([peerTo(listener), peerTo(listener), peerTo(listener)]);
    const answers = peers.map(readAll);
    let served = 0;
    for await (const { socket } of listener) {
      socket.end(`number ${++served}`);
      if (served === 3) listener.close();
    }
    expect((await Promise.all(answers)).sort()).toEqual(['number 1', 'number 2', 'number 3']);
    for await (const _ of listener) raise(new Error('it is closed'));
  });

  it('gives each connection to one of several loops', async () => {
    const listener = await open(anyPort());
    const seen: string[] = [];
    const loop = async (name: string) => {
      for await (const { socket } of listener) {
        seen.push(name);
        socket.end(name);
      }
    };
    const loops = [loop('a'), loop('b')];
    const answers = await Promise.all(Array.from({ length: 10 }, async () => readAll(await peerTo(listener))));
    expect(answers.sort()).toEqual([...seen].sort());
    expect(new Set(answers).size).toBe(2);
    await listener.close();
    await Promise.all(loops);
  });

  it('can be left, and begun again', async () => {
    const listener = await open(anyPort());
    for (const word of ['one', 'two']) {
      const peer = await peerTo(listener);
      for await (const { socket } of listener) {
        socket.end(word);
        break;
      }
      expect(await readAll(peer)).toBe(word);
    }
    const iterator = listener[Symbol.asyncIterator]();
    const waiting = [iterator.next(), iterator.next()];
    await iterator.return?.();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    // What comes is not lost to the one that has gone.
    const peer = await peerTo(listener);
    await until(() => listener.stats().untaken === 1);
    peer.destroy();
  });

  it('leaves no more waiting than the most, and forgets who has gone', async () => {
    const refused: RefusedPeer[] = [];
    const listener = await open(anyPort(), null, { maxUntaken: 2, onRefused: (one) => refused.push(one) });
    const first = await peerTo(listener);
    const second = await peerTo(listener);
    await until(() => listener.stats().untaken === 2);
    expect(await fateOf(listener)).toBe('ECONNRESET');
    expect(refused).toMatchObject([{ cause: 'untaken', reason: '2 connections wait to be taken' }]);
    first.resetAndDestroy();
    await until(() => listener.stats().untaken === 1);
    const third = await peerTo(listener);
    await until(() => listener.stats().untaken === 2);
    const iterator = listener[Symbol.asyncIterator]();
    const { value } = await iterator.next();
    expect(value?.peer).toMatchObject({ port: second.localPort });
    const ends = [endOf(second), endOf(third)];
    const closed = listener.close();
    expect(await ends[1]).toBe('ECONNRESET');
    second.end();
    value?.socket.end();
    await closed;
    expect(listener.stats()).toEqual({
      accepted: 4,
      served: 1,
      untaken: 0,
      denied: 0,
      dropped: 1,
      gone: 2,
      open: 0,
      failed: 0,
    });
  });

  it('sees what a handler serves', async () => {
    const listener = await open(anyPort(), echo);
    const seen: Connection[] = [];
    const loop = (async () => {
      for await (const connection of listener) seen.push(connection);
    })();
    const peer = await peerTo(listener);
    const port = peer.localPort;
    peer.end('both');
    expect(await readAll(peer)).toBe('both');
    await listener.close();
    await loop;
    expect(seen).toMatchObject([{ peer: { port } }]);
    expect(listener.stats()).toMatchObject({ accepted: 1, served: 1 });
  });

  it('beside a handler, but slow, misses the oldest, which are served', async () => {
    const listener = await open(anyPort(), echo, { maxUntaken: 2 });
    const iterator = listener[Symbol.asyncIterator]();
    const first = iterator.next();
    const peers = [];
    for (let turn = 0; turn < 5; turn++) {
      const peer = await peerTo(listener);
      peer.write('x');
      await once(peer, 'data');
      peers.push(peer.localPort);
    }
    expect((await first).value?.peer).toMatchObject({ port: peers[0] });
    expect((await iterator.next()).value?.peer).toMatchObject({ port: peers[3] });
    expect((await iterator.next()).value?.peer).toMatchObject({ port: peers[4] });
    expect(listener.stats()).toMatchObject({ accepted: 5, served: 5, untaken: 0 });
  });

  it('beside a handler, does not see what came before it, or when none was going on', async () => {
    const listener = await open(anyPort(), echo);
    /** A connection that has been served. */
    const served = async () => {
      const peer = await peerTo(listener);
      peer.write('x');
      await once(peer, 'data');
      return peer.localPort;
    };
    await served();
    const first = listener[Symbol.asyncIterator]();
    const seen = first.next();
    const port = await served();
    expect((await seen).value?.peer).toMatchObject({ port });
    // Waits to be taken, and is forgotten with the loop.
    await served();
    await first.return?.();
    await served();
    const second = listener[Symbol.asyncIterator]();
    const next = second.next();
    const last = await served();
    expect((await next).value?.peer).toMatchObject({ port: last });
  });

  it('beside a handler, keeps for another loop what one has not taken', async () => {
    const listener = await open(anyPort(), echo);
    const [first, second] = [listener[Symbol.asyncIterator](), listener[Symbol.asyncIterator]()];
    const both = [first.next(), second.next()];
    const ports: (number | undefined)[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const peer = await peerTo(listener);
      peer.write('x');
      await once(peer, 'data');
      ports.push(peer.localPort);
    }
    await Promise.all(both);
    // One of them waits for a loop, and for nobody else.
    expect(listener.stats()).toMatchObject({ served: 3, untaken: 0 });
    await first.return?.();
    expect((await second.next()).value?.peer).toMatchObject({ port: ports[2] });
  });

  it('that was never begun, or is left twice, takes nothing from another', async () => {
    const listener = await open(anyPort(), echo);
    const [unused, left, going] = [0, 1, 2].map(() => listener[Symbol.asyncIterator]());
    const waiting = [left?.next(), going?.next()];
    for (let turn = 0; turn < 2; turn++) {
      await unused?.return?.();
      await left?.return?.();
    }
    expect(await waiting[0]).toEqual({ done: true, value: undefined });
    for (let turn = 0; turn < 2; turn++) {
      const peer = await peerTo(listener);
      peer.write('x');
      await once(peer, 'data');
      const taken = turn === 0 ? await waiting[1] : await going?.next();
      expect(taken?.value?.peer).toMatchObject({ port: peer.localPort });
    }
  });

  it('beside a handler, counts nobody as gone whom the handler has served', async () => {
    const listener = await open(anyPort(), echo);
    const iterator = listener[Symbol.asyncIterator]();
    const first = iterator.next();
    for (let turn = 0; turn < 2; turn++) {
      const peer = await peerTo(listener);
      peer.end('x');
      await readAll(peer);
    }
    await first;
    await until(() => listener.stats().open === 0);
    expect(listener.stats()).toMatchObject({ accepted: 2, served: 2, gone: 0, untaken: 0 });
  });

  it('without a handler, serves who comes while it waits', async () => {
    const listener = await open(anyPort());
    const next = listener[Symbol.asyncIterator]().next();
    const peer = await peerTo(listener);
    expect((await next).value?.peer).toMatchObject({ port: peer.localPort });
    expect(listener.stats()).toMatchObject({ accepted: 1, served: 1, untaken: 0, open: 1 });
  });

  it('without a handler, leaves to the next loop what it has not taken', async () => {
    const listener = await open(anyPort());
    const peers = [await peerTo(listener), await peerTo(listener)];
    await until(() => listener.stats().untaken === 2);
    const first = listener[Symbol.asyncIterator]();
    expect((await first.next()).value?.peer).toMatchObject({ port: peers[0]?.localPort });
    await first.return?.();
    expect(listener.stats()).toMatchObject({ served: 1, untaken: 1 });
    const second = listener[Symbol.asyncIterator]();
    expect((await second.next()).value?.peer).toMatchObject({ port: peers[1]?.localPort });
  });
});

describe('close', () => {
  it('lets connections end, and takes no more', async () => {
    const listener = await open(anyPort(), echo);
    const peer = await peerTo(listener);
    peer.write('one');
    await once(peer, 'data');
    let closed = false;
    const closing = listener.close({ graceMs: 60_000 }).then(() => (closed = true));
    await expect(peerTo(listener)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    peer.write('two');
    expect(String((await once(peer, 'data'))[0])).toBe('two');
    expect(closed).toBe(false);
    peer.end();
    await closing;
    expect(listener.stats().open).toBe(0);
  });

  it('destroys what has not ended in time, and may be asked again with less', async () => {
    const listener = await open(anyPort(), () => {});
    const peer = await peerTo(listener);
    const end = endOf(peer);
    const first = listener.close({ graceMs: 60_000 });
    expect(listener.close({ graceMs: 1 })).toBe(first);
    await first;
    expect(await end).toBe('end');
    // Again, and with nothing to do.
    await listener.close();
  });

  it('waits for the last connection, and cuts none that a handler serves', async () => {
    const listener = await open(anyPort(), echo);
    const loop = listener[Symbol.asyncIterator]();
    const first = loop.next();
    const peers = [await peerTo(listener), await peerTo(listener)];
    for (const peer of peers) {
      peer.write('x');
      await once(peer, 'data');
    }
    await first;
    let settled = false;
    const closed = listener.close({ graceMs: 600_000 }).then(() => {
      settled = true;
    });
    expect(listener.closing.reason).toEqual(new Error('the listener closes'));
    for (const [index, peer] of peers.entries()) {
      peer.write('y');
      expect(String((await once(peer, 'data'))[0])).toBe('y');
      peer.end();
      await until(() => listener.stats().open === peers.length - 1 - index);
      await setImmediate();
      if (index === 0) expect(settled).toBe(false);
    }
    await closed;
    expect(listener.stats()).toMatchObject({ served: 2, gone: 0 });
  });

  it('gives no more time to who asks again', async () => {
    const listener = await open(anyPort(), () => {});
    const peer = await peerTo(listener);
    await until(() => listener.stats().open === 1);
    const ends = endOf(peer);
    await Promise.all([listener.close({ graceMs: 20 }), listener.close({ graceMs: 600_000 })]);
    await ends;
    expect(listener.stats().open).toBe(0);
  });

  it('counts as gone who comes without an address, or when it closes', async () => {
    const spy = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => spy.mockRestore());
    const listener = await open(anyPort(), echo);
    const server = spy.mock.contexts[0] as Server;
    // A peer that has reset its connection before it was accepted.
    server.emit('connection', new Socket());
    expect(listener.stats()).toMatchObject({ accepted: 1, gone: 1, open: 0, served: 0 });
    const elsewhere = createServer();
    onTestFinished(() => close(elsewhere));
    const port = await listenBare(elsewhere, '127.0.0.1');
    const accepted = once(elsewhere, 'connection');
    const peer = await peerTo({ host: '127.0.0.1', port });
    const [late] = (await accepted) as [Socket];
    const closed = listener.close();
    server.emit('connection', late);
    expect(late.destroyed).toBe(true);
    expect(listener.stats()).toMatchObject({ accepted: 2, gone: 2, open: 0, served: 0 });
    await closed;
    peer.destroy();
  });

  it('tells connections, so that they end by themselves', async () => {
    const listener = await open(anyPort(), ({ socket, closing }) => {
      closing.addEventListener('abort', () => socket.end('bye'));
    });
    const peer = await peerTo(listener);
    await until(() => listener.stats().open === 1);
    const all = readAll(peer);
    const closed = listener.close({ graceMs: 60_000 });
    expect(await all).toBe('bye');
    peer.end();
    await closed;
    expect(listener.closing.aborted).toBe(true);
  });

  it('is what `await using` does', async () => {
    let address: ReturnType<typeof addressOf>;
    {
      await using listener = await listen(anyPort(), echo);
      address = addressOf(listener);
      (await peerTo(listener)).end();
    }
    await expect(peerTo(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses options that are none', async () => {
    const listener = await open(anyPort(), echo);
    expect(() => listener.close({ grace: 1 } as never)).toThrow(/there is no option "grace"/);
    for (const graceMs of [-1, Number.NaN, 2 ** 31, '5']) {
      expect(() => listener.close({ graceMs } as never)).toThrow(RangeError);
      expect(() => listener.close({ graceMs } as never)).toThrow(
        /^graceMs is .*: pass an integer from 0 to 2147483647$/,
      );
    }
    expect(listener.closing.aborted).toBe(false);
  });

  it('leaves a signal that has more to do alone', async () => {
    const { signal } = new AbortController();
    for (let turn = 0; turn < 20; turn++) await (await listen(anyPort(), echo, { signal })).close();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

function raise(error: unknown): never {
  throw error;
}

function withResolvers<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** Turns the event loop until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}

async function listenAgain(host: string, port: number) {
  const server = createServer();
  await listenBare(server, host, port);
  return server;
}
