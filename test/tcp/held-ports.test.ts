import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Bind, BindEnvironment, BindFields } from '../../src/socket/index.js';
import { createBind, planBinds, readEnvironment, toListenOptions } from '../../src/socket/index.js';
import type { OpenSocket } from '../../src/tcp/index.js';
import { heldPorts, openSockets, parseProcNet } from '../../src/tcp/index.js';
import { whyNoPython } from '../support/python.js';
import { tempDir } from '../support/temp-dir.js';

const LINUX = process.platform === 'linux';
if (!LINUX) process.stderr.write(`skipped: there is no /proc/net on ${process.platform}\n`);

const ENVIRONMENT: BindEnvironment = {
  platform: 'linux',
  nodeVersion: '24.11.0',
  interfaces: {
    lo: [
      { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', internal: true },
      {
        address: '::1',
        netmask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
        family: 'IPv6',
        internal: true,
        scopeid: 0,
      },
    ],
  },
  names: new Map(),
  canBindPrivileged: true,
  unprivilegedPortStart: 1024,
  nonlocalBind: false,
  ipv6Enabled: true,
};

/** Rows as /proc/net/tcp has them on a big-endian machine, where addresses are read as they are written. */
function row(local: string, st: string, remote = '', inode = 5): string {
  const rest = remote === '' ? `${local.replace(/[^:]/g, '0').replace(/:.*/, '')}:0000` : remote;
  return `0: ${local} ${rest} ${st} 00000000:00000000 00:00000000 00000000 0 0 ${inode} 1 0 0`;
}

const V4 = (address: string) =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('');
const PORT = '1F90';

function tcp(...rows: string[]): OpenSocket[] {
  return rows.flatMap((one) => parseProcNet(one, { kind: one.length > 130 ? 'tcp6' : 'tcp', byteOrder: 'BE' }));
}

function held(fields: BindFields, sockets: readonly OpenSocket[]): string[] {
  const plan = planBinds([createBind(fields)], ENVIRONMENT);
  return heldPorts(plan, sockets).map(({ verdict, reason }) => `${verdict}: ${reason}`);
}

const ANY6 = '0'.repeat(32);
const LOOPBACK6 = `${'0'.repeat(31)}1`;
const UNSEEN = "by a process that can't be seen from here";

describe('heldPorts', () => {
  it.each<[string, string, boolean | undefined, string | null]>([
    ['127.0.0.1', V4('127.0.0.1'), undefined, 'conflict'],
    ['0.0.0.0', V4('127.0.0.1'), undefined, 'conflict'],
    ['127.0.0.1', V4('0.0.0.0'), undefined, 'conflict'],
    ['127.0.0.2', V4('127.0.0.1'), undefined, null],
    ['::', V4('127.0.0.1'), undefined, 'conflict'],
    ['::', V4('127.0.0.1'), true, null],
    ['::1', V4('127.0.0.1'), undefined, null],
    ['::1', LOOPBACK6, undefined, 'conflict'],
    ['::1', ANY6, undefined, 'conflict'],
    ['::', ANY6, true, 'conflict'],
    // Whether it takes IPv4 is not known.
    ['127.0.0.1', ANY6, undefined, 'unknown'],
    ['::ffff:127.0.0.1', V4('127.0.0.1'), undefined, 'conflict'],
    ['127.0.0.1', `${'0'.repeat(20)}ffff7f000001`, undefined, 'conflict'],
    ['fe80::1%lo', ANY6, undefined, 'conflict'],
    ['fe80::1%lo', `fe80${'0'.repeat(27)}1`, undefined, 'unknown'],
  ])('%s where %s listens (ipv6Only %s): %s', (host, address, ipv6Only, verdict) => {
    const sockets = tcp(row(`${address}:${PORT}`, '0A'));
    const found = held({ host, port: 8080, ...(ipv6Only !== undefined && { ipv6Only }) }, sockets);
    expect(found.map((text) => text.split(':', 1)[0])).toEqual(verdict === null ? [] : [verdict]);
    expect(held({ host, port: 8081 }, sockets)).toEqual([]);
  });

  it('says who holds it, and what', () => {
    const [socket] = tcp(row(`${V4('127.0.0.1')}:${PORT}`, '0A'));
    expect(socket).toBeDefined();
    if (socket === undefined) return;
    const bind: BindFields = { host: '127.0.0.1', port: 8080 };
    expect(held(bind, [socket])).toEqual([`conflict: 127.0.0.1:8080 is held ${UNSEEN}`]);
    const nginx = { ...socket, processes: [{ pid: 12, command: 'nginx\n' }] };
    expect(held(bind, [nginx])).toEqual([String.raw`conflict: 127.0.0.1:8080 is held by "nginx\n" (pid 12)`]);
    expect(held(bind, [{ ...socket, processes: [] }])).toEqual([
      'conflict: 127.0.0.1:8080 is held by no process any more',
    ]);
  });

  it('leaves TCP and UDP apart, and knows who can share', () => {
    const [socket] = parseProcNet(`${row(`${V4('0.0.0.0')}:${PORT}`, '07')}`, { kind: 'udp', byteOrder: 'BE' });
    const udp = socket === undefined ? [] : [socket];
    const bind: BindFields = { host: '127.0.0.1', port: 8080, type: 'SOCK_DGRAM' };
    expect(held({ host: '127.0.0.1', port: 8080 }, udp)).toEqual([]);
    expect(held(bind, udp)).toEqual([`conflict: 0.0.0.0:8080/udp is held ${UNSEEN}`]);
    const shared = (option: string) =>
      `unknown: 0.0.0.0:8080/udp is held ${UNSEEN}; both work if that one was opened with ${option}, too`;
    expect(held({ ...bind, reuseAddr: true }, udp)).toEqual([shared('reuseAddr')]);
    expect(held({ ...bind, reusePort: true }, udp)).toEqual([shared('reusePort')]);
  });

  it('does not believe in reusePort where Node ignores it', () => {
    const bind = createBind({ host: '127.0.0.1', port: 8080, reusePort: true });
    const sockets = tcp(row(`${V4('127.0.0.1')}:${PORT}`, '0A'));
    const verdicts = (nodeVersion: string) =>
      heldPorts(planBinds([bind], { ...ENVIRONMENT, nodeVersion }), sockets).map(({ verdict }) => verdict);
    expect(verdicts('24.11.0')).toEqual(['unknown']);
    expect(verdicts('20.19.0')).toEqual(['conflict']);
  });

  it('takes connections that a listener accepts for harmless, and any other for a client', () => {
    const peer = `${V4('127.0.0.9')}:0050`;
    const connection = row(`${V4('127.0.0.1')}:${PORT}`, '01', peer, 6);
    const bind: BindFields = { host: '127.0.0.1', port: 8080 };
    expect(held(bind, tcp(connection))).toEqual([
      `unknown: a connection in ESTABLISHED has the port, ${UNSEEN}: a client that did not choose its port keeps others from it, one that did and what a listener has accepted do not`,
    ]);
    // One is enough, in whatever state.
    const gone = row(`${V4('127.0.0.1')}:${PORT}`, '06', peer, 0);
    expect(held(bind, tcp(gone, connection))).toHaveLength(1);
    expect(held(bind, tcp(gone))[0]).toMatch(
      /^unknown: a connection in TIME-WAIT has the port, by no process any more/,
    );
    expect(held({ ...bind, host: '127.0.0.2' }, tcp(connection))).toEqual([]);
    const listener = row(`${V4('127.0.0.1')}:${PORT}`, '0A');
    expect(held(bind, tcp(connection, listener))).toEqual([`conflict: 127.0.0.1:8080 is held ${UNSEEN}`]);
  });

  it('says unknown of names whose addresses are not known', () => {
    const found = held({ host: 'db.example', port: 8080 }, tcp(row(`${V4('127.0.0.1')}:${PORT}`, '0A')));
    expect(found).toEqual([`unknown: 127.0.0.1:8080 is held ${UNSEEN}; the addresses of the name are not known`]);
  });

  it('has nothing to say of port 0, which is whatever is free', () => {
    expect(
      held({ host: '127.0.0.1', port: 0, allowEphemeral: true }, tcp(row(`${V4('127.0.0.1')}:0000`, '0A'))),
    ).toEqual([]);
  });

  it('names the bind by its index, and finds all holders', () => {
    const hosts = ['127.0.0.2', '127.0.0.1', '0.0.0.0'];
    const plan = planBinds(
      hosts.map((host) => createBind({ host, port: 8080 })),
      ENVIRONMENT,
    );
    const sockets = tcp(row(`${V4('127.0.0.1')}:${PORT}`, '0A'), row(`${V4('127.0.0.3')}:${PORT}`, '0A'));
    expect(heldPorts(plan, sockets).map(({ bind, socket }) => [bind, sockets.indexOf(socket)])).toEqual([
      [1, 0],
      [2, 0],
      [2, 1],
    ]);
  });

  it('knows unix sockets by their paths', () => {
    const unix = (path: string, flags = '00010000') =>
      parseProcNet(`c9b790e0: 00000002 00000000 ${flags} 0001 01 5 ${path}`, { kind: 'unix' });
    const gone = `unknown: "/run/a.sock" is held ${UNSEEN}; where its file has been removed it is in nobody's way`;
    expect(held({ path: '/run/a.sock' }, unix('/run/a.sock'))).toEqual([gone]);
    const there = { ...ENVIRONMENT, paths: new Map([['/run/a.sock', 'socket' as const]]) };
    const plan = planBinds([createBind({ path: '/run/a.sock' })], there);
    expect(heldPorts(plan, unix('/run/a.sock'))).toMatchObject([{ verdict: 'conflict' }]);
    expect(held({ path: '/run/b.sock' }, unix('/run/a.sock'))).toEqual([]);
    expect(held({ path: '/run/a.sock' }, unix('/run/a.sock', '00000000'))).toEqual([]);
  });

  describe('with an abstract name', () => {
    const unix = (path: string) =>
      parseProcNet(`c9b790e0: 00000002 00000000 00010000 0001 01 5 ${path}`, { kind: 'unix' });
    const padded = unix(`@name${'@'.repeat(103)}`);
    const verdicts = (fields: BindFields, sockets: readonly OpenSocket[], nodeVersion = ENVIRONMENT.nodeVersion) =>
      heldPorts(planBinds([createBind(fields)], { ...ENVIRONMENT, nodeVersion }), sockets).map(
        ({ verdict }) => verdict,
      );

    it('are known by it, which may be that of a file', () => {
      const unsure = `unknown: "@name" is held ${UNSEEN}; /proc/net/unix does not tell an abstract name from a file "@name"`;
      expect(held({ path: '\0name' }, unix('@name'))).toEqual([unsure]);
      expect(held({ path: '@name' }, unix('@name'))).toEqual([unsure]);
      expect(held({ path: './@name' }, unix('@name'))).toEqual([unsure]);
      expect(held({ path: 'name' }, unix('@name'))).toEqual([]);
      expect(held({ path: '\0name' }, unix('name'))).toEqual([]);
      expect(held({ path: 'null' }, unix(''))).toEqual([]);
    });

    it('are others where Node fills it up, and they are not filled up', () => {
      expect(verdicts({ path: '\0name' }, padded, '20.20.2')).toEqual(['conflict']);
      expect(verdicts({ path: '\0name' }, padded, '22.23.0')).toEqual([]);
      expect(verdicts({ path: '\0name' }, unix('@name'), '20.20.2')).toEqual([]);
      expect(verdicts({ path: '\0name' }, unix('@name'), '22.23.0')).toEqual(['unknown']);
      // Filled up, it is as long without.
      const full = `name${'x'.repeat(103)}`;
      for (const version of ['20.20.2', '22.23.0'])
        expect(verdicts({ path: `\0${full}` }, unix(`@${full}`), version)).toEqual(['unknown']);
    });
  });
});

describe.skipIf(!LINUX)('what is held is what the kernel refuses', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function open(options: ListenOptions): Promise<Server> {
    const server = createServer({ allowHalfOpen: true });
    ends.push(() => server.close());
    server.listen(options);
    await once(server, 'listening');
    return server;
  }

  /** What listening comes to: 'ok', or the errno. */
  async function attempt(options: ListenOptions): Promise<string> {
    const server = createServer();
    try {
      server.listen(options);
      await once(server, 'listening');
      return 'ok';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    } finally {
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Asks before it tries: a verdict must hold, and silence means that it works. */
  async function compare(
    bind: Bind,
    fits: (verdict: string | null, outcome: string, ofConnection: boolean) => void,
  ): Promise<void> {
    const plan = planBinds([bind], await readEnvironment({ names: [], paths: 'path' in bind ? [bind.path] : [] }));
    const found = heldPorts(plan, await openSockets());
    const outcome = await attempt(toListenOptions(bind));
    const verdicts = found.map(({ verdict }) => verdict);
    fits(verdicts.includes('conflict') ? 'conflict' : (verdicts[0] ?? null), outcome, isConnection(found[0]?.socket));
  }

  function isConnection(socket: OpenSocket | undefined): boolean {
    return socket?.protocol === 'tcp' && socket.state !== 'LISTEN';
  }

  const HOSTS: [string, boolean][] = [
    ['127.0.0.1', false],
    ['127.0.0.2', false],
    ['0.0.0.0', false],
    ['::1', false],
    ['::', false],
    ['::', true],
    ['::ffff:127.0.0.1', false],
    ['::ffff:0.0.0.0', false],
  ];

  it.each(HOSTS)('by a listener on %s (ipv6Only %s)', async (host, ipv6Only) => {
    const server = await open({ host, port: 0, ipv6Only });
    const { port } = server.address() as AddressInfo;
    for (const [other, only] of HOSTS) {
      await compare(createBind({ host: other, port, ipv6Only: only }), (verdict, outcome, ofConnection) => {
        // Somebody else's connection may have the port, on an address that the listener has not.
        if (ofConnection) return;
        const pair = `${other} ${only} beside ${host} ${ipv6Only}: ${verdict}`;
        if (verdict === 'conflict') expect(outcome, pair).toBe('EADDRINUSE');
        else if (verdict === null) expect(outcome, pair).toBe('ok');
        // What is not known is whether `::` takes IPv4, and nothing else.
        else expect(host, pair).toBe('::');
      });
    }
  });

  it('by a client, as long as it is there', async () => {
    const server = await open({ host: '127.0.0.1', port: 0 });
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    ends.push(() => client.destroy());
    await once(client, 'connect');
    const [peer] = await accepted;
    ends.push(() => peer.destroy());
    const port = client.localPort ?? 0;
    await compare(createBind({ host: '127.0.0.1', port }), (verdict, outcome) => {
      expect({ verdict, outcome }).toEqual({ verdict: 'unknown', outcome: 'EADDRINUSE' });
    });
    await compare(createBind({ host: '127.0.0.2', port }), (verdict, outcome) => {
      expect({ verdict, outcome }).toEqual({ verdict: null, outcome: 'ok' });
    });
  });

  it('by a unix listener, with its process', async () => {
    const path = join(tempDirectory, 'held.sock');
    await open({ path });
    const bind = createBind({ path });
    await compare(bind, (verdict, outcome) => {
      expect({ verdict, outcome }).toEqual({ verdict: 'conflict', outcome: 'EADDRINUSE' });
    });
    const plan = planBinds([bind], await readEnvironment({ names: [], paths: [path] }));
    const [found] = heldPorts(plan, await openSockets({ protocols: ['unix'] }));
    expect(found?.reason).toContain(`(pid ${process.pid})`);
  });

  /** Asks and tries: a conflict must fail, and what is not held must work. */
  async function checkName(path: string): Promise<string | null> {
    let found: string | null = null;
    await compare(createBind({ path }), (verdict, outcome) => {
      found = verdict;
      if (verdict !== 'unknown')
        expect({ path, outcome }).toEqual({ path, outcome: verdict === null ? 'ok' : 'EADDRINUSE' });
    });
    return found;
  }

  /** What a program holds until the test is over. */
  async function holdBy(command: string, args: readonly string[], cwd = tempDirectory): Promise<void> {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = once(child, 'exit');
    ends.push(() => {
      child.kill();
      return gone;
    });
    await once(child.stdout, 'data');
  }

  const isPadding = process.versions.node.startsWith('20.');

  it('by an abstract name of a server of Node', async () => {
    const path = `\0inaddr-test-held-${process.pid}`;
    await open({ path });
    expect(await checkName(path)).toBe(isPadding ? 'conflict' : 'unknown');
    expect(await checkName(`${path}x`)).toBe(null);
  });

  it.skipIf(whyNoPython() !== null)('by an abstract name of another program, which fills none up', async () => {
    const path = `\0inaddr-test-exact-${process.pid}`;
    const program = `import socket,sys,time; s=socket.socket(socket.AF_UNIX); s.bind('\\0'+sys.argv[1]); s.listen(); print(1,flush=True); time.sleep(600)`;
    await holdBy('python3', ['-c', program, path.slice(1)]);
    expect(await checkName(path)).toBe(isPadding ? null : 'unknown');
  });

  it('by a file whose name begins with @, and looks like an abstract name', async () => {
    const name = `inaddr-test-file-${process.pid}`;
    const program = `require('net').createServer().listen('@${name}', () => console.log(1))`;
    await holdBy(process.execPath, ['-e', program]);
    expect(await checkName(`\0${name}`)).toBe(isPadding ? null : 'unknown');
    const plan = planBinds([createBind({ path: `@${name}` })], await readEnvironment({ names: [] }));
    expect(heldPorts(plan, await openSockets())).toMatchObject([{ verdict: 'unknown' }]);
  });

  it('by a datagram socket, connected or not', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    ends.push(() => socket.close());
    await once(socket, 'listening');
    const { port } = socket.address();
    const bind = createBind({ host: '127.0.0.1', port, type: 'SOCK_DGRAM' });
    const verdicts = async () =>
      heldPorts(planBinds([bind], await readEnvironment({ names: [] })), await openSockets()).map(
        ({ verdict }) => verdict,
      );
    expect(await verdicts()).toEqual(['conflict']);
    socket.connect(9, '127.0.0.1');
    await once(socket, 'connect');
    expect(await verdicts()).toEqual(['conflict']);
    const other = createSocket('udp4');
    ends.push(() => other.close());
    other.bind(port, '127.0.0.1');
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
  });
});

const tempDirectory = tempDir();
