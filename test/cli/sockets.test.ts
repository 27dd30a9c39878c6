import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { endianness } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { TCP_STATE_DIAGRAM, TCP_STATES } from '../../src/tcp/index.js';
import type { Run } from '../support/run-cli.js';
import { runCli } from '../support/run-cli.js';

const LINUX = process.platform === 'linux';
if (!LINUX) process.stderr.write(`skipped: there is no /proc/net on ${process.platform}\n`);

const PROC = fileURLToPath(
  new URL(`../../fixtures/proc/${endianness() === 'LE' ? 'little' : 'big'}-endian`, import.meta.url),
);
const LEVEL = 'socket level only: firewalls and published container ports are not looked at';
const NOTE =
  '(1) unless the socket is IPv6 only, which /proc/net does not tell: `ss -ltun` has [::] for that, * for both';

/** What is open on the captured machine. */
function run(...args: string[]): Promise<Run> {
  return runCli(['sockets', '--proc', PROC, ...args]);
}

async function lines(...args: string[]): Promise<string[]> {
  const { stdout, stderr } = await run(...args);
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
}

async function json(...args: string[]): Promise<Record<string, unknown>[]> {
  return (await lines('--json', ...args)).map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('inaddr sockets', () => {
  it('lists listeners with their reach in words, by port', async () => {
    expect(await lines('--listening', '--tcp', '--no-process')).toEqual([
      'proto  state   recv  send  local                    remote  reachable by',
      'tcp    LISTEN  0     0     0.0.0.0:22               *       anybody, on every interface, IPv4',
      'tcp    LISTEN  0     0     [::]:22                  *       anybody, on every interface, IPv6 and IPv4 (1)',
      'tcp    LISTEN  0     0     192.0.2.1:443            *       anybody who reaches the address, IPv4',
      'tcp    LISTEN  0     0     [2001:db8::1]:443        *       anybody who reaches the address, IPv6',
      'tcp    LISTEN  0     0     [fe80::1]:546            *       neighbours on the link, IPv6',
      'tcp    LISTEN  0     0     10.1.2.3:5432            *       the private network, IPv4',
      'tcp    LISTEN  0     0     [::1]:6379               *       this machine alone, IPv6',
      'tcp    LISTEN  0     0     [::]:8000                *       anybody, on every interface, IPv6 and IPv4 (1)',
      'tcp    LISTEN  0     0     127.0.0.1:8080           *       this machine alone, IPv4',
      'tcp    LISTEN  0     0     127.0.0.1:8081           *       this machine alone, IPv4',
      'tcp    LISTEN  3     0     127.0.0.1:8082           *       this machine alone, IPv4',
      'tcp    LISTEN  0     0     [::ffff:127.0.0.1]:9000  *       this machine alone, IPv4',
      NOTE,
      LEVEL,
    ]);
  });

  it('lists TCP and UDP, listeners first, when it is not told more', async () => {
    const [head, ...rows] = await lines();
    expect(head).toMatch(/^proto {2}state .* {2}process {2}reachable by$/);
    expect(rows.slice(-2)).toEqual([NOTE, LEVEL]);
    const states = rows.slice(0, -2).map((row) => row.split(/ +/, 2).join(' '));
    expect(states).toHaveLength(45);
    expect(states.lastIndexOf('tcp LISTEN')).toBe(11);
    expect(states.indexOf('udp UNCONNECTED')).toBe(37);
    expect(states.slice(-2)).toEqual(['udp CONNECTED', 'udp CONNECTED']);
  });

  it('lists unix sockets, with their names escaped', async () => {
    expect((await lines('--unix', '--no-process', '--listening')).map((line) => line.trim())).toEqual([
      'proto  state        recv  send  local                           remote  reachable by',
      'unix   LISTEN                   /tmp/fx6/run/app.sock                   who may write to the file',
      'unix   LISTEN                   /tmp/fx6/run/two words.sock             who may write to the file',
      'unix   LISTEN                   /tmp/fx6/run/line\\u{a}end.sock          who may write to the file',
      'unix   LISTEN                   /tmp/fx6/run/größe.sock                 who may write to the file',
      'unix   LISTEN                   /tmp/fx6/run/seq.sock                   who may write to the file',
      'unix   UNCONNECTED              /tmp/fx6/run/log.sock                   who may write to the file',
      'unix   UNCONNECTED              relative.sock                           who may write to the file',
      'unix   LISTEN                   @node20                                 every process of this network namespace',
      'unix   LISTEN                   @abstract                               every process of this network namespace',
    ]);
  });

  it.each([
    ['CLOSE-WAIT', 2],
    ['close_wait', 2],
    ['time-wait', 1],
    ['FIN_WAIT2', 2],
    ['unconnected', 6],
    ['CLOSING', 0],
  ])('lists those in state %s only', async (state, count) => {
    expect(await json('--state', state)).toHaveLength(count);
  });

  it('prints JSON lines with the exposure', async () => {
    const [first, ...rest] = await json('--tcp');
    expect(rest).toHaveLength(36);
    expect(first).toEqual({
      protocol: 'tcp',
      type: 'SOCK_STREAM',
      family: 'AF_INET',
      local: { address: '0.0.0.0', port: 22 },
      remote: null,
      sendQueue: 0,
      receiveQueue: 0,
      uid: 0,
      inode: 235_218,
      processes: null,
      state: 'LISTEN',
      timer: null,
      retransmits: 0,
      exposure: { ipv4: 'all', ipv6: 'none', ipv4Assumed: false, widest: 'all' },
    });
    expect(rest.find(({ state }) => state === 'ESTABLISHED')).toMatchObject({ exposure: null });
  });

  it('is in colours on a terminal only', async () => {
    const { stdout } = await runCli(['sockets', '--proc', PROC, '--tcp'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\x1b[31manybody, on every interface, IPv4\x1b[39m');
    expect(stdout).toContain('\x1b[32mthis machine alone, IPv4\x1b[39m');
    expect(stdout).toContain('\x1b[33mCLOSE-WAIT');
    expect((await run('--tcp')).stdout).not.toContain('\x1b');
  });
});

describe('--exposed', () => {
  const locals = async (...args: string[]) =>
    (await json('--exposed', ...args)).map(({ protocol, local }) => {
      const { address, port } = local as AddressInfo;
      return `${protocol} ${address} ${port}`;
    });
  const WILD = ['tcp 0.0.0.0 22', 'tcp :: 22', 'tcp :: 8000'];
  const PUBLIC = ['tcp 192.0.2.1 443', 'tcp 2001:db8::1 443'];
  const LINK = ['tcp fe80::1 546'];
  const PRIVATE = ['tcp 10.1.2.3 5432'];

  it.each<[string[], string[]]>([
    [[], [...WILD, ...PUBLIC, ...LINK, ...PRIVATE]],
    [['loopback'], [...WILD, ...PUBLIC, ...LINK, ...PRIVATE]],
    [['link'], [...WILD, ...PUBLIC, ...PRIVATE]],
    [['private'], [...WILD, ...PUBLIC]],
    [['public'], WILD],
    [['all'], []],
    // For a port what is said for it, else what is said for all; of several the widest.
    [['all:22'], [...PUBLIC, ...LINK, ...PRIVATE, 'tcp :: 8000']],
    [['private', 'all:22/tcp', 'public:443'], ['tcp :: 8000']],
    [['all:22/udp'], [...WILD, ...PUBLIC, ...LINK, ...PRIVATE]],
    [['all', 'loopback:443'], PUBLIC],
    [
      ['loopback', 'private', 'link'],
      [...WILD, ...PUBLIC],
    ],
  ])('with --allow %j has %j', async (allow, found) => {
    const args = ['--tcp', ...allow.flatMap((one) => ['--allow', one])];
    expect((await locals(...args)).sort()).toEqual(found.toSorted());
    const { code } = await run('--exposed', ...args);
    expect(code).toBe(found.length === 0 ? 0 : 1);
  });

  it('has UDP sockets, those that wait for anybody', async () => {
    expect(await locals('--udp')).toEqual(['udp 0.0.0.0 53', 'udp :: 53', 'udp 224.0.0.251 5355']);
  });

  it('takes the states in which something listens', async () => {
    expect(await locals('--tcp', '--state', 'listen')).toHaveLength(7);
    expect(await locals('--state', 'unconnected')).toHaveLength(3);
    expect(await json('--listening', '--unix', '--state', 'unconnected')).toHaveLength(2);
  });

  it('says so when there is nothing, and that it speaks of sockets', async () => {
    expect(
      await run(
        '--exposed',
        '--allow',
        'private',
        '--allow',
        'all:22',
        '--allow',
        'public:443',
        '--allow',
        'all:8000',
        '--tcp',
      ),
    ).toEqual({
      stdout: `nothing that listens is reachable from beyond what is allowed: private, all:22, public:443, all:8000\n${LEVEL}\n`,
      stderr: '',
      code: 0,
    });
    const { stdout, code } = await run('--exposed', '--tcp');
    expect(stdout).toContain(`\n${LEVEL}\n`);
    expect(code).toBe(1);
  });
});

describe('--states', () => {
  it('prints the picture and what each state means', async () => {
    const { stdout, stderr, code } = await runCli(['sockets', '--states']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.startsWith(`${TCP_STATE_DIAGRAM}\n\n`)).toBe(true);
    for (const { name, meaning, manyMean } of TCP_STATES) {
      expect(stdout).toContain(`\n${name.padEnd(12)}  ${meaning}\n`);
      if (manyMean !== null) expect(stdout).toContain(`\n${' '.repeat(12)}  many: ${manyMean}\n`);
    }
  });

  it('prints JSON lines', async () => {
    const { stdout } = await runCli(['sockets', '--states', '--json']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(TCP_STATES);
  });
});

describe.skipIf(!LINUX)('on this machine', () => {
  it('finds a listener, its process and its reach', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const { stdout, stderr, code } = await runCli(['sockets', '--listening', '--tcp']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const line = stdout.split('\n').find((each) => each.includes(`127.0.0.1:${port} `));
    expect(line).toMatch(
      new RegExp(
        String.raw`^tcp +LISTEN +0 +0 +127\.0\.0\.1:${port} +\* +\S.*\(${process.pid}\) +this machine alone, IPv4$`,
      ),
    );
    const exposed = await runCli(['sockets', '--exposed', '--tcp']);
    expect(exposed.stdout).not.toContain(`:${port} `);
    const none = await runCli(['sockets', '--exposed', '--allow', 'none', '--tcp']);
    expect(none.stdout).toContain(`:${port} `);
    expect(none.code).toBe(1);
  });
});

describe('wrong usage', () => {
  it.each<[string[], string]>([
    [['--allow', 'public'], '--allow: goes with --exposed'],
    [
      ['--exposed', '--allow', 'world'],
      `--allow "world": write none, loopback, link, private, public, all, and for one port 'all:443' or 'all:53/udp'`,
    ],
    [
      ['--exposed', '--allow', 'all:0'],
      `--allow "all:0": write none, loopback, link, private, public, all, and for one port 'all:443' or 'all:53/udp'`,
    ],
    [
      ['--exposed', '--allow', 'all:65536'],
      `--allow "all:65536": write none, loopback, link, private, public, all, and for one port 'all:443' or 'all:53/udp'`,
    ],
    [['--exposed', '--unix'], '--unix: unix sockets have no network: leave out --exposed'],
    [
      ['--state', 'OPEN'],
      '--state "OPEN": write CLOSED, LISTEN, SYN-SENT, SYN-RECEIVED, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK, TIME-WAIT, UNCONNECTED, CONNECTED, CONNECTING, DISCONNECTING',
    ],
    // Nothing found would be no comfort.
    [
      ['--exposed', '--state', 'established', '--allow', 'none'],
      '--state ESTABLISHED: what listens is LISTEN or UNCONNECTED: leave out --exposed, or --state',
    ],
    [
      ['--exposed', '--state', 'UNCONNECTED', '--tcp'],
      '--state UNCONNECTED: what listens is LISTEN: leave out --exposed, or --state',
    ],
    [
      ['--listening', '--state', 'LISTEN', '--udp'],
      '--state LISTEN: what listens is UNCONNECTED: leave out --listening, or --state',
    ],
    [
      ['--listening', '--state', 'CONNECTED', '--unix'],
      '--state CONNECTED: what listens is LISTEN or UNCONNECTED: leave out --listening, or --state',
    ],
    [['--states', '--tcp'], '--states: goes alone, or with --json'],
    [['--proc', ''], "--proc: write a directory, '/proc'"],
    [['--listning'], "unknown option '--listning': did you mean --listening?"],
    [['x'], "too many arguments for 'sockets'. Expected 0 arguments but got 1: see `inaddr sockets --help`"],
  ])('%j', async (args, message) => {
    expect(await runCli(['sockets', ...args])).toEqual({ stdout: '', stderr: `inaddr: ${message}\n`, code: 2 });
  });

  it('names what can not be read', async () => {
    const { stdout, stderr, code } = await runCli(['sockets', '--proc', '/nowhere']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toBe(
      "inaddr: sockets: /nowhere/net/tcp can't be read (ENOENT); mount proc, or say where it is: --proc /proc\n",
    );
  });
});
