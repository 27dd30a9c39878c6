import { ADDRCONFIG, ALL, type LookupAddress, V4MAPPED } from 'node:dns';
import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { Agent, fetch, request } from 'undici';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Backend, CanResolve, Lookup, ResolverOptions } from '../../src/dns/index.js';
import { createLookup, DnsError, Resolver } from '../../src/dns/index.js';
import { DnsServer, type Fault } from '../../src/testing/index.js';
import { selfSigned } from '../support/certificate.js';
import { close, listen } from '../support/listener.js';
import { runModule } from '../support/run-node.js';
import { tempDir } from '../support/temp-dir.js';

const ZONE = `
$ORIGIN test.
$TTL 60
both   A     192.0.2.1
       A     192.0.2.2
       AAAA  2001:db8::1
v4     A     192.0.2.4
v6     AAAA  2001:db8::6
none   TXT   "no address"
home   A     127.0.0.2
dual   A     127.0.0.2
       AAAA  ::1
`;

const V4 = { address: '192.0.2.1', family: 4 };
const OTHER_V4 = { address: '192.0.2.2', family: 4 };
const V6 = { address: '2001:db8::1', family: 6 };
const MAPPED = [V4, OTHER_V4].map(({ address }) => ({ address: `::ffff:${address}`, family: 6 }));

let server: DnsServer;
let resolver: Resolver;

beforeAll(async () => {
  server = await DnsServer.listen({
    zone: ZONE,
    rules: [
      [{ name: 'servfail.test' }, { rcode: 'SERVFAIL' }],
      [{ name: 'refused.test' }, { rcode: 'REFUSED' }],
      [{ name: 'formerr.test' }, { rcode: 'FORMERR' }],
      [{ name: 'notimp.test' }, { rcode: 'NOTIMP' }],
      [{ name: 'silent.test' }, 'drop'],
      [{ name: 'half.test', type: 'A' }, 'drop'],
      [{ name: 'half.test', type: 'AAAA' }, { answer: [{ type: 'AAAA', address: '2001:db8::1' }] }],
    ],
  });
  resolver = new Resolver({ servers: [server.address], hosts: false });
});
afterAll(async () => {
  resolver.close();
  await server.close();
});

/** What a lookup calls back with, without its callback. */
function call(lookup: Lookup, hostname: unknown, ...rest: unknown[]): Promise<unknown[]> {
  const loose = lookup as (...args: unknown[]) => void;
  return new Promise((resolve) => loose(hostname, ...rest, (...args: unknown[]) => resolve(args)));
}

describe('arguments', () => {
  const ONE = [null, '192.0.2.1', 4];
  const SIX = [null, '2001:db8::1', 6];
  const rows: readonly [title: string, rest: unknown[], expected: unknown[]][] = [
    ['a callback only', [], ONE],
    ['undefined', [undefined], ONE],
    ['null', [null], ONE],
    ['family 0', [0], ONE],
    ['family 4', [4], ONE],
    ['family 6', [6], SIX],
    ["'IPv4' in the place of options", ['IPv4'], ONE],
    ["'IPv6' in the place of options", ['IPv6'], SIX],
    ['no option', [{}], ONE],
    ['{family: 4}', [{ family: 4 }], ONE],
    ['{family: 6}', [{ family: 6 }], SIX],
    ["{family: 'IPv4'}", [{ family: 'IPv4' }], ONE],
    ["{family: 'IPv6'}", [{ family: 'IPv6' }], SIX],
    ['undefined options', [{ family: undefined, all: undefined, hints: undefined, order: undefined }], ONE],
    ['null options', [{ family: null, all: null, hints: null, order: null, verbatim: null }], ONE],
    ['{all: false}', [{ all: false }], ONE],
    ['{all: true}', [{ all: true }], [null, [V4, OTHER_V4, V6]]],
    ['all and family 4', [{ all: true, family: 4 }], [null, [V4, OTHER_V4]]],
    ["all and family 'IPv6'", [{ all: true, family: 'IPv6' }], [null, [V6]]],
    ['no prototype', [Object.assign(Object.create(null), { family: 6 })], SIX],
    ['options of others beside', [{ port: 80, host: 'both.test', signal: null, family: 6 }], SIX],
    ['verbatim', [{ all: true, verbatim: true }], [null, [V4, OTHER_V4, V6]]],
    ["order 'verbatim'", [{ all: true, order: 'verbatim' }], [null, [V4, OTHER_V4, V6]]],
    ["order 'ipv4first'", [{ all: true, order: 'ipv4first' }], [null, [V4, OTHER_V4, V6]]],
    ["order 'ipv6first'", [{ all: true, order: 'ipv6first' }], [null, [V6, V4, OTHER_V4]]],
    ["order 'ipv6first' and one address", [{ order: 'ipv6first' }], SIX],
    ['order before verbatim', [{ all: true, order: 'ipv6first', verbatim: false }], [null, [V6, V4, OTHER_V4]]],
    ['hints 0', [{ hints: 0 }], ONE],
    ['ADDRCONFIG changes nothing', [{ all: true, hints: ADDRCONFIG }], [null, [V4, OTHER_V4, V6]]],
    ['V4MAPPED where there is IPv6', [{ all: true, family: 6, hints: V4MAPPED }], [null, [V6]]],
    ['V4MAPPED and ALL', [{ all: true, family: 6, hints: V4MAPPED | ALL }], [null, [V6, ...MAPPED]]],
    ['ALL alone', [{ all: true, family: 6, hints: ALL }], [null, [V6]]],
    ['V4MAPPED is for IPv6 only', [{ all: true, hints: V4MAPPED | ALL }], [null, [V4, OTHER_V4, V6]]],
    ['V4MAPPED is for IPv6 only', [{ all: true, family: 4, hints: V4MAPPED | ALL }], [null, [V4, OTHER_V4]]],
  ];
  test.each(rows)('%s', async (_, rest, expected) => {
    expect(await call(resolver.lookup, 'both.test', ...rest)).toEqual(expected);
  });

  test('verbatim: false puts IPv4 first, as Node did', async () => {
    const sixFirst = new Resolver({ servers: [server.address], hosts: false, family: 'v6first' });
    expect(await call(sixFirst.lookup, 'both.test', { all: true })).toEqual([null, [V6, V4, OTHER_V4]]);
    expect(await call(sixFirst.lookup, 'both.test', { all: true, verbatim: false })).toEqual([
      null,
      [V4, OTHER_V4, V6],
    ]);
    sixFirst.close();
  });

  test('V4MAPPED maps where there is no IPv6, and has nothing to map for a name with none', async () => {
    const hints = V4MAPPED;
    expect(await call(resolver.lookup, 'v4.test', { family: 6, hints })).toEqual([null, '::ffff:192.0.2.4', 6]);
    expect(await call(resolver.lookup, 'v4.test', { family: 6, hints: hints | ALL })).toEqual([
      null,
      '::ffff:192.0.2.4',
      6,
    ]);
    expect(await call(resolver.lookup, 'v6.test', { family: 6, hints: hints | ALL, all: true })).toEqual([
      null,
      [{ address: '2001:db8::6', family: 6 }],
    ]);
    for (const name of ['none.test', 'missing.test']) {
      const [error] = await call(resolver.lookup, name, { family: 6, hints });
      expect(error).toMatchObject({ code: 'ENOTFOUND' });
    }
  });

  test('V4MAPPED does not wait for IPv4 where there is IPv6', async () => {
    const patient = new Resolver({
      servers: [server.address],
      hosts: false,
      timeoutMs: 60_000,
      attemptTimeoutMs: 60_000,
    });
    expect(await call(patient.lookup, 'half.test', { family: 6, hints: V4MAPPED })).toEqual([null, '2001:db8::1', 6]);
    patient.close();
  });

  test('a zone that would fill a log is cut', async () => {
    const lookup = createLookup({ resolver, policy: 'global' });
    const [error] = (await call(lookup, `fe80::1%${'a'.repeat(100_000)}`)) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EACCES');
    expect(error.message.length).toBeLessThan(1500);
  });

  test('V4MAPPED and ALL give an address once that the hosts file has mapped', async () => {
    const asks = new Resolver({ servers: [server.address], hosts: { text: '::ffff:10.0.0.7 m\n10.0.0.8 m\n' } });
    expect(await call(asks.lookup, 'm', { family: 6, hints: V4MAPPED | ALL, all: true })).toEqual([
      null,
      ['::ffff:10.0.0.7', '::ffff:10.0.0.8'].map((address) => ({ address, family: 6 })),
    ]);
    asks.close();
  });

  test('V4MAPPED and ALL give the addresses of one family where the other fails', async () => {
    const options = { family: 6, hints: V4MAPPED | ALL, all: true };
    const deny = { policy: { deny: ['192.0.2.0/24'] } } as const;
    const of = async (a: Fault, aaaa: Fault, more: ResolverOptions = {}) => {
      const own = await DnsServer.listen({
        rules: [
          [{ type: 'A' }, a],
          [{ type: 'AAAA' }, aaaa],
        ],
      });
      const asks = new Resolver({ servers: [own.address], hosts: false, ...more });
      const [error, found] = await call(asks.lookup, 'a.test', options);
      asks.close();
      await own.close();
      return error === null ? found : (error as NodeJS.ErrnoException).code;
    };
    const a: Fault = { answer: [{ type: 'A', address: '192.0.2.1' }] };
    const aaaa: Fault = { answer: [{ type: 'AAAA', address: '2001:db8::1' }] };
    const [mapped] = MAPPED;
    expect(await of({ rcode: 'SERVFAIL' }, aaaa)).toEqual([V6]);
    expect(await of(a, { rcode: 'SERVFAIL' })).toEqual([mapped]);
    expect(await of({ rcode: 'NXDOMAIN' }, { rcode: 'REFUSED' })).toBe('EAI_AGAIN');
    expect(await of({ rcode: 'REFUSED' }, { rcode: 'NXDOMAIN' })).toBe('EAI_AGAIN');
    expect(await of({ rcode: 'NXDOMAIN' }, { rcode: 'NXDOMAIN' })).toBe('ENOTFOUND');
    expect(await of(a, aaaa, deny)).toBe('EACCES');
    expect(await of(a, { rcode: 'SERVFAIL' }, deny)).toBe('EACCES');
  });

  test('a literal is answered, also one that is not of the family', async () => {
    expect(await call(resolver.lookup, '192.0.2.9')).toEqual([null, '192.0.2.9', 4]);
    expect(await call(resolver.lookup, '2001:db8::9', { all: true })).toEqual([
      null,
      [{ address: '2001:db8::9', family: 6 }],
    ]);
    const [error] = await call(resolver.lookup, '192.0.2.9', 6);
    expect(error).toMatchObject({ code: 'ENOTFOUND', cause: { code: 'NODATA' } });
  });

  const bad: readonly [title: string, args: unknown[], message: RegExp][] = [
    ['no callback', ['both.test'], /callback/],
    ['a callback that is none', ['both.test', 4, 'callback'], /callback/],
    ['family 5', ['both.test', 5, () => {}], /family of a lookup is 5: pass 0, 4, 6/],
    ['family as other text', ['both.test', { family: 'ipv4' }, () => {}], /family of a lookup is 'ipv4'/],
    ['unknown hints', ['both.test', { hints: 1 << 20 }, () => {}], /hints of a lookup is 1048576/],
    ['hints as text', ['both.test', { hints: 'ADDRCONFIG' }, () => {}], /hints of a lookup is 'ADDRCONFIG'/],
    ['all as a number', ['both.test', { all: 1 }, () => {}], /all of a lookup is 1: pass true or false/],
    ['all as text', ['both.test', { all: 'false' }, () => {}], /all of a lookup is 'false'/],
    ['verbatim as text', ['both.test', { verbatim: 'x' }, () => {}], /verbatim of a lookup is 'x'/],
    ['verbatim beside an order', ['both.test', { verbatim: 0, order: 'verbatim' }, () => {}], /verbatim/],
    ['a number for a name', [7, () => {}], /hostname of a lookup is 7: pass a name/],
    ['true for a name', [true, () => {}], /hostname of a lookup is true/],
    ['an object for a name', [{}, () => {}], /hostname of a lookup is \{\}/],
    ['an unknown order', ['both.test', { order: 'ipv5first' }, () => {}], /order of a lookup is 'ipv5first'/],
  ];
  test.each(bad)('%s throws at once, as in dns.lookup', (_, args, message) => {
    const loose = resolver.lookup as unknown as (...args: unknown[]) => void;
    expect(() => loose(...args)).toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(message) }),
    );
  });
});

describe('errors', () => {
  const quick = () =>
    new Resolver({
      servers: [server.address],
      hosts: false,
      timeoutMs: 100,
      attempts: 1,
      policy: { deny: ['192.0.2.4/32'] },
    });
  const rows: readonly [name: unknown, code: string, reason: string, shown?: string][] = [
    ['missing.test', 'ENOTFOUND', 'NXDOMAIN'],
    ['none.test', 'ENOTFOUND', 'NODATA'],
    ['a\0b.test', 'ENOTFOUND', 'BAD_NAME', '"a\\x00b.test"'],
    ['\x1b[31m\r\n\u202e', 'ENOTFOUND', 'BAD_NAME', '"\\x1b[31m\\x0d\\x0a\\u202e"'],
    ['', 'ENOTFOUND', 'BAD_NAME', '""'],
    ...[undefined, null, 0, false].map((name): [unknown, string, string] => [name, 'ENOTFOUND', 'BAD_NAME']),
    ['0x7f.1', 'ENOTFOUND', 'BAD_NAME'],
    ['servfail.test', 'EAI_AGAIN', 'SERVFAIL'],
    ['refused.test', 'EAI_AGAIN', 'REFUSED'],
    ['formerr.test', 'EAI_FAIL', 'FORMERR'],
    ['notimp.test', 'EAI_FAIL', 'NOTIMP'],
    ['silent.test', 'ETIMEOUT', 'TIMEOUT'],
    ['v4.test', 'EACCES', 'BLOCKED'],
  ];
  test.each(rows)('%j: %s, for %s', async (name, code, reason, shown = String(name)) => {
    const own = quick();
    const [error, ...others] = await call(own.lookup, name, { all: true });
    own.close();
    expect(others).toEqual([]);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ code, syscall: 'getaddrinfo', hostname: name, cause: { code: reason } });
    expect((error as Error).cause).toBeInstanceOf(DnsError);
    expect((error as Error).message).toContain(`getaddrinfo ${code} ${shown}: ${reason}`);
  });

  test('a name of a megabyte makes no message of a megabyte, and one of the longest is told whole', async () => {
    const longest = `${`${'x'.repeat(63)}.`.repeat(3)}${'x'.repeat(61)}`;
    const [error] = await call(resolver.lookup, longest);
    expect((error as Error).message).toContain(`getaddrinfo ENOTFOUND ${longest}: NXDOMAIN "${longest}"`);
    const hostname = '\u202e'.repeat(1_000_000);
    const [other] = await call(resolver.lookup, hostname);
    expect(other).toMatchObject({ code: 'ENOTFOUND', hostname });
    expect((other as Error).message).toMatch(/^[ -~…]{1,4000}$/);
  });

  test('ECANCELLED for a resolver that is closed', async () => {
    const own = quick();
    const waiting = call(own.lookup, 'silent.test');
    await server.asked(1, { name: 'silent.test' });
    own.close();
    expect(await waiting).toMatchObject([{ code: 'ECANCELLED', cause: { code: 'ABORTED' } }]);
    expect(await call(own.lookup, 'both.test')).toMatchObject([{ code: 'ECANCELLED', cause: { code: 'ABORTED' } }]);
  });

  test('a policy of the lookup, beside that of the resolver', async () => {
    const own = createLookup({ resolver, policy: { deny: ['192.0.2.2/32'] } });
    expect(await call(own, 'both.test')).toMatchObject([{ code: 'EACCES', cause: { code: 'BLOCKED' } }]);
    expect(await call(own, 'both.test', 6)).toEqual([null, '2001:db8::1', 6]);
    // Mapped, it is judged by what it reaches.
    const hints = V4MAPPED | ALL;
    expect(await call(own, 'both.test', { family: 6, hints })).toMatchObject([{ code: 'EACCES' }]);
    expect(() => createLookup({ resolver, policy: 'globl' as 'global' })).toThrow(TypeError);
  });

  test('a resolver of somebody else that throws, gives nothing, or no addresses', async () => {
    const of = (resolve: () => unknown) => createLookup({ resolver: { resolve } as unknown as CanResolve });
    const thrown = new Error('out of order');
    expect(
      await call(
        of(() => {
          throw thrown;
        }),
        'a.test',
      ),
    ).toMatchObject([{ code: 'EAI_FAIL', cause: thrown }]);
    expect(
      await call(
        of(() => Promise.reject('text')),
        'a.test',
      ),
    ).toMatchObject([{ code: 'EAI_FAIL', cause: 'text' }]);
    for (const all of [true, false]) {
      // Node connects to the loopback for an address of ''.
      expect(
        await call(
          of(() => ({ records: [] })),
          'a.test',
          { all },
        ),
      ).toMatchObject([{ code: 'ENOTFOUND' }]);
      const six = of(() => ({ records: [{ type: 'AAAA', address: '2001:db8::1', ttl: null }] }));
      expect(await call(six, 'a.test', { all })).toEqual(all ? [null, [V6]] : [null, V6.address, 6]);
      for (const options of [{ family: 4 }, { family: 6, hints: V4MAPPED | ALL }]) {
        const [error] = await call(six, 'a.test', { all, ...options });
        expect(error).toMatchObject({ code: 'EAI_FAIL' });
        expect((error as Error).message).toMatch(/: the resolver has given "2001:db8::1" for A$/);
      }
      const evil = of(() => ({ records: [{ type: 'A', address: '0x7f.1', ttl: null }] }));
      const [error] = await call(evil, 'a.test', { all });
      expect(error).toMatchObject({ code: 'EAI_FAIL' });
      expect((error as Error).message).toMatch(/: the resolver has given "0x7f\.1", which is no address$/);
    }
  });
});

describe('always asynchronous', () => {
  const backend = (answer: unknown) =>
    ({ resolve4: () => answer, resolve6: () => answer, cancel: () => {} }) as unknown as Backend;
  const rows: readonly [title: string, lookup: () => Lookup, name: string][] = [
    ['a backend that answers at once', () => of(backend([{ address: '192.0.2.1', ttl: 1 }])), 'a.test'],
    ['a backend that throws', () => of({ cancel: () => {} } as unknown as Backend), 'a.test'],
    ['a literal', () => resolver.lookup, '192.0.2.1'],
    ['localhost', () => resolver.lookup, 'localhost'],
    ['a bad name', () => resolver.lookup, ''],
    [
      'a resolver that answers at once',
      () => createLookup({ resolver: { resolve: () => ({ records: [] }) } as never }),
      'a',
    ],
  ];
  const of = (own: Backend) => new Resolver({ servers: ['192.0.2.53'], createBackend: () => own }).lookup;

  test.each(rows)('%s', async (_, make, name) => {
    const lookup = make();
    const events: string[] = [];
    const done = new Promise<void>((resolve) => {
      lookup(name, () => {
        events.push('called back');
        resolve();
      });
    });
    events.push('returned');
    queueMicrotask(() => events.push('microtask'));
    await done;
    expect(events).toEqual(['returned', 'microtask', 'called back']);
  });

  test('an answer of the cache', async () => {
    await call(resolver.lookup, 'both.test');
    const before = server.count('both.test');
    const callback = vi.fn();
    const done = new Promise<void>((resolve) => {
      resolver.lookup('both.test', (...args) => {
        callback(...args);
        resolve();
      });
    });
    expect(callback).not.toHaveBeenCalled();
    await done;
    expect(callback).toHaveBeenCalledExactlyOnceWith(null, '192.0.2.1', 4);
    expect(server.count('both.test')).toBe(before);
  });
});

test.each([
  ['an answer', 'localhost'],
  ['an error', ''],
])('what the callback throws after %s is an uncaught exception and no unhandled rejection', async (_, name) => {
  const { stdout, code } = await runModule(`
    import { Resolver } from 'inaddr/dns';
    process.on('unhandledRejection', () => console.log('rejection'));
    process.on('uncaughtException', (error, origin) => console.log(origin, error.message));
    new Resolver({ servers: ['127.0.0.1:1'] }).lookup('${name}', () => { throw new Error('mine'); });
  `);
  expect({ stdout, code }).toEqual({ stdout: 'uncaughtException mine\n', code: 0 });
});

// --- as the lookup of others

const certificate = selfSigned(tempDir(), ['home.test', 'dual.test']);

/** A lookup that notes the options that it is called with. */
function noted(lookup: Lookup): { lookup: net.LookupFunction; seen: object[] } {
  const seen: object[] = [];
  return {
    seen,
    lookup: (hostname, options, callback) => {
      seen.push(options);
      lookup(hostname, options, callback);
    },
  };
}

describe.each([true, false])('as the lookup of others, autoSelectFamily %s', (autoSelectFamily) => {
  const HOST = '127.0.0.2';
  let tcp: net.Server;
  let plain: http.Server;
  let secure: https.Server | null;
  const ports = { tcp: 0, plain: 0, secure: 0 };

  beforeAll(async () => {
    tcp = net.createServer((socket) => socket.end('hello'));
    plain = http.createServer((_, response) => response.end('hello'));
    secure = certificate && https.createServer(certificate, (_, response) => response.end('hello'));
    ports.tcp = await listen(tcp, HOST);
    ports.plain = await listen(plain, HOST);
    if (secure !== null) ports.secure = await listen(secure, HOST);
  });
  afterAll(() => Promise.all([tcp, plain, secure].map((each) => each && close(each))));

  /** Nobody listens on the IPv6 address of dual.test: who may choose the family takes the other. */
  const name = autoSelectFamily ? 'dual.test' : 'home.test';
  const expectSeen = (seen: readonly object[]) => {
    expect(seen).toHaveLength(1);
    expect('all' in (seen[0] ?? {}) && (seen[0] as { all?: boolean }).all === true).toBe(autoSelectFamily);
  };
  const sixFirst = () => new Resolver({ servers: [server.address], hosts: false, family: 'v6first' });
  const own = () => noted(sixFirst().lookup);

  test('net.connect', async () => {
    const { lookup, seen } = own();
    const socket = net.connect({ host: name, port: ports.tcp, lookup, autoSelectFamily });
    socket.setEncoding('utf8');
    const [text] = await once(socket, 'data');
    expect([text, socket.remoteAddress]).toEqual(['hello', HOST]);
    expectSeen(seen);
  });

  test('net.connect, for which there is no such name', async () => {
    const socket = net.connect({ host: 'missing.test', port: ports.tcp, lookup: resolver.lookup, autoSelectFamily });
    const [error] = await once(socket, 'error').catch((thrown) => [thrown]);
    expect(error).toMatchObject({ code: 'ENOTFOUND', hostname: 'missing.test', cause: { code: 'NXDOMAIN' } });
  });

  test('http.get', async () => {
    const { lookup, seen } = own();
    const agent = new http.Agent({ lookup, autoSelectFamily });
    expect(await textOf(http.get({ host: name, port: ports.plain, agent }))).toBe('hello');
    const options = { lookup, autoSelectFamily, agent: false } as const;
    expect(await textOf(http.get(`http://${name}:${ports.plain}/`, options))).toBe('hello');
    agent.destroy();
    expect(seen).toHaveLength(2);
  });

  test.skipIf(certificate === null)('https.get', async () => {
    const { lookup, seen } = own();
    const options = { lookup, autoSelectFamily, ca: certificate?.cert, agent: false } as const;
    expect(await textOf(https.get(`https://${name}:${ports.secure}/`, options))).toBe('hello');
    expectSeen(seen);
  });

  test('undici', async () => {
    const { lookup, seen } = own();
    const connect = { lookup, ca: certificate?.cert };
    const agent = new Agent({ connect, autoSelectFamily });
    onTestFinished(() => agent.close());
    const { body } = await request(`http://${name}:${ports.plain}/`, { dispatcher: agent });
    expect(await body.text()).toBe('hello');
    expectSeen(seen);
    if (certificate !== null) {
      const response = await fetch(`https://${name}:${ports.secure}/`, { dispatcher: agent });
      expect(await response.text()).toBe('hello');
    }
  });

  test('undici, for which there is no such name', async () => {
    const agent = new Agent({ connect: { lookup: resolver.lookup }, autoSelectFamily });
    onTestFinished(() => agent.close());
    await expect(request('http://missing.test/', { dispatcher: agent })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});

test('as the lookup of axios, which calls functions that are not async like Node does', async () => {
  // The type of its option, and what lib/adapters/http.js does with it.
  type Entry = { address: string; family?: 4 | 6 };
  type AxiosLookup = (
    hostname: string,
    options: object,
    callback: (error: Error | null, address: Entry | Entry[], family?: 4 | 6) => void,
  ) => void;
  const lookup: AxiosLookup = resolver.lookup;
  expect(Object.prototype.toString.call(lookup)).toBe('[object Function]');
  for (const all of [true, false]) {
    const found = await new Promise((resolve, reject) => {
      lookup('both.test', { all, family: undefined, hints: ADDRCONFIG }, (error, first, family) => {
        if (error) reject(error);
        else resolve((Array.isArray(first) ? first : [{ address: first, family }]) as LookupAddress[]);
      });
    });
    expect(found).toEqual(all ? [V4, OTHER_V4, V6] : [V4]);
  }
});

async function textOf(sent: http.ClientRequest): Promise<string> {
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}
