import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type ListenOptions, type Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenSocket, OpenSocketsOptions, OpenTcpSocket, OpenUdpSocket, TcpState } from '../../src/tcp/index.js';
import { ACTIVE_CLOSE, isListening, openSockets, ProcNetError } from '../../src/tcp/index.js';
import { procOf } from '../../src/tcp/sockets.js';
import { NO_SS, parseSs, SS_STATES, ss, ssEndpoint } from '../support/ss.js';
import { tempDir } from '../support/temp-dir.js';

const LINUX = process.platform === 'linux';
if (!LINUX) process.stderr.write(`skipped: there is no /proc/net on ${process.platform}\n`);
if (NO_SS !== null) process.stderr.write(`skipped: ${NO_SS}\n`);

const TEMP = tempDir();
let directories = 0;

/** A directory of its own for a test. */
function newDirectory(): string {
  const path = join(TEMP, `${directories++}`);
  mkdirSync(path);
  return path;
}

/** Beyond any machine's time for what is awaited here: who gets there has failed. */
const PATIENCE_MS = 20_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listen(options: ListenOptions & { readonly allowHalfOpen?: boolean }): Promise<Server> {
  const server = createServer({ allowHalfOpen: options.allowHalfOpen ?? false });
  server.listen(options);
  ends.push(() => server.close());
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function connect(options: { port: number; host: string } | { path: string }): Promise<Socket> {
  const socket = new Socket({ allowHalfOpen: true });
  socket.connect(options);
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function acceptOne(server: Server, host = '127.0.0.1'): Promise<{ client: Socket; peer: Socket }> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = await connect({ port: portOf(server), host });
  const [peer] = await accepted;
  ends.push(() => peer.destroy());
  return { client, peer };
}

/** An address that nobody else connects to: ports alone are not ours, others may have connections with the same on other addresses. */
const OURS = '127.77.0.1';

/** Whether one end of a socket is at a port of ours. */
function isAt(socket: OpenSocket, port: number): socket is OpenTcpSocket {
  if (socket.protocol !== 'tcp') return false;
  return [socket.local, socket.remote].some((end) => end?.address === OURS && end.port === port);
}

/** The TCP sockets with this port of ours at either end, without the processes. */
async function tcpOf(port: number): Promise<OpenTcpSocket[]> {
  const all = await openSockets({ protocols: ['tcp'], processes: false });
  return all.filter((socket) => isAt(socket, port));
}

/** Asks again until a state is what is awaited. */
async function until<T>(ask: () => Promise<T>, right: (found: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (right(found)) return found;
    if (performance.now() > deadline) throw new Error(`never came, but: ${JSON.stringify(found)}`);
  }
}

/** Asks until one end of a connection is in a state. */
async function untilState(port: number, end: 'server' | 'client', state: TcpState): Promise<OpenTcpSocket> {
  const isIt = (socket: OpenTcpSocket) => socket.state === state && (end === 'server') === (socket.local.port === port);
  const found = (
    await until(
      () => tcpOf(port),
      (sockets) => sockets.some(isIt),
    )
  ).find(isIt);
  if (found === undefined) throw new Error('found and lost');
  return found;
}

/** A process that listens, and never accepts. */
async function deafServer(backlog: number): Promise<{ port: number; child: ChildProcess }> {
  const script = `
    const server = require('node:net').createServer();
    server.listen({ host: '${OURS}', port: 0, backlog: ${backlog} }, () => {
      require('node:fs').writeSync(1, server.address().port + '\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  ends.push(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { port: Number(line), child };
}

describe.skipIf(!LINUX)('the states that a connection goes through', () => {
  it('are those of the active close, as the walk has them', async () => {
    const server = await listen({ host: OURS, port: 0, allowHalfOpen: true });
    const port = portOf(server);
    expect((await untilState(port, 'server', 'LISTEN')).remote).toBeNull();

    const { client, peer } = await acceptOne(server, OURS);
    const seen: Record<'A' | 'B', TcpState[]> = { A: [], B: [] };
    const see = async (a: TcpState, b: TcpState | null) => {
      seen.A.push((await untilState(port, 'client', a)).state);
      if (b !== null) seen.B.push((await untilState(port, 'server', b)).state);
    };
    await see('ESTABLISHED', 'ESTABLISHED');
    client.resume().end();
    peer.resume();
    await see('FIN-WAIT-2', 'CLOSE-WAIT');
    peer.end();
    await see('TIME-WAIT', null);
    const isOver = ({ local, state }: OpenTcpSocket) => local.port !== port || state === 'LISTEN';
    const left = await until(
      () => tcpOf(port),
      (sockets) => sockets.every(isOver),
    );
    expect(left.map(({ state }) => state).sort()).toEqual(['LISTEN', 'TIME-WAIT']);

    // What lasts only as long as a segment takes is not seen.
    for (const [end, states] of Object.entries(seen)) {
      const walked = ACTIVE_CLOSE.steps.filter(({ peer: one }) => one === end).flatMap(({ from, to }) => [from, to]);
      expect(states.filter((state) => !walked.includes(state))).toEqual([]);
      expect(states).toEqual([...new Set(walked)].filter((state) => states.includes(state)));
    }
  });

  it('are of both ends, told apart by their ports', async () => {
    const server = await listen({ host: OURS, port: 0 });
    const { client } = await acceptOne(server, OURS);
    const port = portOf(server);
    const mine = { address: '127.0.0.1', port: client.localPort };
    const listening = { address: OURS, port };
    expect(await untilState(port, 'client', 'ESTABLISHED')).toMatchObject({ local: mine, remote: listening });
    expect(await untilState(port, 'server', 'ESTABLISHED')).toMatchObject({ local: listening, remote: mine });
  });

  it('are LISTEN with a queue, SYN-SENT behind a full one, and FIN-WAIT-1 before a peer that does not read', async () => {
    const { port } = await deafServer(1);
    const writer = await connect({ host: OURS, port });
    // The queue takes one more than its backlog; what it does not take is asked for again and again.
    for (let i = 0; i < 6; i++) {
      const socket = new Socket();
      socket.on('error', () => {});
      socket.connect(port, OURS);
      ends.push(() => socket.destroy());
    }
    const waiting = await untilState(port, 'client', 'SYN-SENT');
    expect(waiting).toMatchObject({ remote: { address: OURS, port }, timer: { kind: 'retransmit' } });
    const listener = await until(
      () => untilState(port, 'server', 'LISTEN'),
      ({ receiveQueue }) => receiveQueue === 2,
    );
    expect(listener.remote).toBeNull();
    const queued = (await tcpOf(port)).filter(({ local, state }) => local.port === port && state === 'ESTABLISHED');
    expect(queued).toHaveLength(2);
    for (const socket of queued) expect(socket).toMatchObject({ inode: null, processes: [] });

    writer.write(Buffer.alloc(32 * 2 ** 20));
    const mine = writer.localPort;
    const isMine = ({ local, sendQueue }: OpenTcpSocket) => local.port === mine && sendQueue > 0;
    await until(
      () => tcpOf(port),
      (sockets) => sockets.some(isMine),
    );
    writer.destroy();
    const fin = await untilState(port, 'client', 'FIN-WAIT-1');
    expect(fin).toMatchObject({ local: { port: mine }, inode: null, processes: [] });
    expect(fin.sendQueue).toBeGreaterThan(0);
  });
});

describe.skipIf(!LINUX)('openSockets', () => {
  /** The one socket that a test has made. */
  async function one<T extends OpenSocket>(
    is: (socket: OpenSocket) => socket is T,
    options?: OpenSocketsOptions,
  ): Promise<T> {
    const found = (await openSockets(options)).filter(is);
    expect(found).toHaveLength(1);
    const [first] = found;
    if (first === undefined) throw new Error('none');
    return first;
  }
  const listener =
    (port: number) =>
    (socket: OpenSocket): socket is OpenTcpSocket =>
      socket.protocol === 'tcp' && socket.state === 'LISTEN' && socket.local.port === port;

  it.each([
    ['127.0.0.1', '127.0.0.1', 'AF_INET'],
    ['0.0.0.0', '0.0.0.0', 'AF_INET'],
    ['::1', '::1', 'AF_INET6'],
    ['::', '::', 'AF_INET6'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1', 'AF_INET6'],
  ])('has a listener on %s, with its process', async (host, address, family) => {
    const port = portOf(await listen({ host, port: 0 }));
    expect(await one(listener(port))).toMatchObject({
      family,
      local: { address, port },
      remote: null,
      state: 'LISTEN',
      uid: process.getuid?.(),
      inode: expect.any(Number),
      processes: [{ pid: process.pid, command: expect.stringMatching(/./) }],
    });
  });

  it('has mapped addresses of connections to a dual-stack listener', async () => {
    const server = await listen({ host: '::', port: 0 });
    const { peer } = await acceptOne(server);
    const accepted = await one(
      (socket): socket is OpenTcpSocket =>
        socket.protocol === 'tcp' && socket.local.port === portOf(server) && socket.state === 'ESTABLISHED',
    );
    expect(accepted).toMatchObject({
      family: 'AF_INET6',
      local: { address: '::ffff:127.0.0.1' },
      remote: { address: '::ffff:127.0.0.1', port: peer.remotePort },
    });
  });

  it('has UDP sockets, unconnected and connected', async () => {
    const [bound, connected] = [createSocket('udp4'), createSocket('udp6')];
    for (const socket of [bound, connected]) ends.push(() => socket.close());
    bound.bind(0, '127.0.0.1');
    await once(bound, 'listening');
    connected.bind(0, '::1');
    await once(connected, 'listening');
    connected.connect(9, '::1');
    await once(connected, 'connect');
    const udp =
      (port: number) =>
      (socket: OpenSocket): socket is OpenUdpSocket =>
        socket.protocol === 'udp' && socket.local.port === port;
    const first = await one(udp(bound.address().port));
    expect(first).toMatchObject({ family: 'AF_INET', state: 'UNCONNECTED', remote: null, drops: 0 });
    expect(first.processes?.map(({ pid }) => pid)).toEqual([process.pid]);
    expect(isListening(first)).toBe(true);
    const second = await one(udp(connected.address().port));
    expect(second).toMatchObject({ family: 'AF_INET6', state: 'CONNECTED', remote: { address: '::1', port: 9 } });
    expect(isListening(second)).toBe(false);
  });

  it.each([
    ['a path', () => join(newDirectory(), 'a b.sock')],
    ['a path with a line end', () => join(newDirectory(), 'a\nb.sock')],
    ['an abstract name with a line end', () => `\0\ninaddr-test-${process.pid}`],
    ['an abstract name', () => `\0inaddr-test-${process.pid}`],
  ])('has unix sockets with %s', async (_, name) => {
    const path = name();
    const server = await listen({ path });
    const client = await connect({ path });
    const found = (await openSockets({ protocols: ['unix'] })).filter(
      (socket) => socket.protocol === 'unix' && socket.path === path,
    );
    expect(found.filter(isListening)).toMatchObject([
      { type: 'SOCK_STREAM', state: 'LISTEN', processes: [{ pid: process.pid }] },
    ]);
    expect(found.length).toBeGreaterThan(1);
    client.destroy();
    server.close();
  });

  it('has a unix socket whose path begins with a line end', async () => {
    const script = `process.chdir(${JSON.stringify(newDirectory())});
      const server = require('node:net').createServer().listen({ path: '\\nx.sock' }, () => process.stdout.write('ready'));
      process.stdin.resume().on('end', () => server.close());`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const sockets = await openSockets({ protocols: ['unix'] });
    expect(sockets.filter((socket) => socket.protocol === 'unix' && socket.path === '\nx.sock')).toMatchObject([
      { state: 'LISTEN', processes: [{ pid: child.pid }] },
    ]);
    child.stdin.end();
    await once(child, 'close');
  });

  it('looks for no processes unless it is asked to, and at no more descriptors than it may', async () => {
    const port = portOf(await listen({ host: '127.0.0.1', port: 0 }));
    for (const options of [{ processes: false }, { maxDescriptors: 0 }])
      expect((await one(listener(port), options)).processes).toBeNull();
  });

  it('has what is asked for, TCP before UDP before unix', async () => {
    const path = join(newDirectory(), 'order.sock');
    await listen({ host: '127.0.0.1', port: 0 });
    await listen({ path });
    const kinds = (sockets: readonly OpenSocket[]) => [...new Set(sockets.map(({ protocol }) => protocol))];
    expect(kinds(await openSockets({ protocols: ['tcp'], processes: false }))).toEqual(['tcp']);
    expect(kinds(await openSockets({ protocols: ['unix', 'tcp'], processes: false }))).toEqual(['tcp', 'unix']);
    expect(await openSockets({ protocols: [] })).toEqual([]);
  });

  it('names every process that has a socket open', async () => {
    const server = await listen({ host: '127.0.0.1', port: 0 });
    const script = join(newDirectory(), 'holder.cjs');
    writeFileSync(script, "process.on('message', (message, handle) => { globalThis.held = handle; });");
    const child = fork(script);
    const gone = once(child, 'exit');
    child.send('hold', server);
    const pids = [process.pid, child.pid ?? 0].sort((a, b) => a - b);
    const found = await until(
      () => one(listener(portOf(server))),
      ({ processes }) => processes?.length === 2,
    );
    expect(found.processes?.map(({ pid }) => pid)).toEqual(pids);
    child.kill();
    await gone;
  });

  it('tolerates processes that come and go while it looks', async () => {
    const port = portOf(await listen({ host: '127.0.0.1', port: 0 }));
    const script = 'i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done';
    const churn = spawn('/bin/sh', ['-c', script], { stdio: 'ignore' });
    const gone = once(churn, 'exit');
    let looked = 0;
    while (churn.exitCode === null && looked < 200) {
      expect((await one(listener(port))).processes).toMatchObject([{ pid: process.pid }]);
      looked++;
    }
    await gone;
    expect(looked).toBeGreaterThan(0);
  });

  it('stops when it is told to', async () => {
    const reason = new Error('enough');
    await expect(openSockets({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const looking = openSockets({ signal: controller.signal });
    controller.abort(reason);
    await expect(looking).rejects.toBe(reason);
  });
});

describe.skipIf(!LINUX || NO_SS !== null)('ss says the same', () => {
  it('of TCP: both ends, every state, queues, processes', async () => {
    const server = await listen({ host: OURS, port: 0, allowHalfOpen: true });
    const port = portOf(server);
    const { client, peer } = await acceptOne(server, OURS);
    const other = await acceptOne(server, OURS);
    client.resume().end();
    peer.pause();
    other.client.write('12345');
    other.peer.pause();
    await untilState(port, 'client', 'FIN-WAIT-2');
    await until(
      () => tcpOf(port),
      (sockets) => sockets.some(({ receiveQueue, state }) => state === 'CLOSE-WAIT' && receiveQueue <= 1),
    );

    const ours = async () =>
      (await openSockets({ protocols: ['tcp'] }))
        .flatMap((socket) =>
          isAt(socket, port)
            ? [
                [
                  SS_STATES[socket.state],
                  socket.receiveQueue,
                  socket.state === 'LISTEN' ? 'any' : socket.sendQueue,
                  `${socket.local.address}:${socket.local.port}`,
                  socket.remote === null ? '0.0.0.0:*' : `${socket.remote.address}:${socket.remote.port}`,
                  socket.processes?.map(({ pid }) => pid).join(),
                ].join(' '),
              ]
            : [],
        )
        .sort();
    const theirs = () =>
      parseSs(ss('-tanHOp', `( src ${OURS}:${port} or dst ${OURS}:${port} )`))
        .map(({ state, receiveQueue, sendQueue, local, remote, pids }) =>
          [
            state,
            receiveQueue,
            state === 'LISTEN' ? 'any' : sendQueue,
            ssEndpoint(local),
            ssEndpoint(remote),
            pids.join(),
          ].join(' '),
        )
        .sort();
    const lines = await ours();
    expect(lines).toHaveLength(5);
    expect(lines).toEqual(theirs());
  });

  it('of UDP', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    ends.push(() => socket.close());
    await once(socket, 'listening');
    const { port } = socket.address();
    const ours = (await openSockets({ protocols: ['udp'] })).filter(
      (one) => one.protocol === 'udp' && one.local.port === port,
    );
    expect(parseSs(ss('-uanHOp', `sport = :${port}`))).toEqual([
      {
        state: 'UNCONN',
        receiveQueue: 0,
        sendQueue: 0,
        local: `127.0.0.1:${port}`,
        remote: '0.0.0.0:*',
        pids: [process.pid],
      },
    ]);
    expect(ours).toMatchObject([
      { state: 'UNCONNECTED', receiveQueue: 0, sendQueue: 0, remote: null, processes: [{ pid: process.pid }] },
    ]);
  });

  it('of unix sockets, by their inodes', async () => {
    const path = join(newDirectory(), 'ss.sock');
    await listen({ path });
    const [ours] = (await openSockets({ protocols: ['unix'] })).filter(
      (socket) => socket.protocol === 'unix' && socket.path === path && isListening(socket),
    );
    const line =
      ss('-xlnHO')
        .split('\n')
        .find((text) => text.includes(path)) ?? '';
    expect(line).toMatch(/LISTEN/);
    expect(line.split(/ +/)).toContain(String(ours?.inode));
  });
});

describe('the proc of another system', () => {
  const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const ROW = '   0: 7F000001:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1\n';

  function makeProc(tables: Readonly<Record<string, string>>): string {
    const proc = newDirectory();
    mkdirSync(join(proc, 'net'));
    for (const [name, text] of Object.entries(tables)) writeFileSync(join(proc, 'net', name), text);
    return proc;
  }

  it('is read where it is, in its byte order, with its processes', async () => {
    const proc = makeProc({ tcp: HEADER + ROW });
    mkdirSync(join(proc, '12/fd'), { recursive: true });
    writeFileSync(join(proc, '12/comm'), 'nginx: \x1b[31m\n');
    symlinkSync('socket:[77]', join(proc, '12/fd/3'));
    symlinkSync('socket:[77]', join(proc, '12/fd/33'));
    symlinkSync('socket:[7]', join(proc, '12/fd/4'));
    symlinkSync('/dev/null', join(proc, '12/fd/5'));
    // No process, a thread's leftovers, one without a name, and one that is gone.
    mkdirSync(join(proc, 'self/fd'), { recursive: true });
    symlinkSync('socket:[77]', join(proc, 'self/fd/3'));
    mkdirSync(join(proc, '13/fd'), { recursive: true });
    symlinkSync('socket:[77]', join(proc, '13/fd/3'));
    mkdirSync(join(proc, '14'));
    expect(await openSockets({ protocols: ['tcp'], proc, byteOrder: 'BE' })).toMatchObject([
      {
        local: { address: '127.0.0.1', port: 80 },
        inode: 77,
        processes: [
          { pid: 12, command: 'nginx: \x1b[31m' },
          { pid: 13, command: '' },
        ],
      },
    ]);
    expect(await openSockets({ protocols: ['tcp'], proc, byteOrder: 'LE', processes: false })).toMatchObject([
      { local: { address: '1.0.0.127', port: 80 }, processes: null },
    ]);
  });

  it('knows that no program has a socket without an inode, and of others what it finds', async () => {
    const proc = makeProc({ tcp: `${HEADER}${ROW}${ROW.replace(' 77 1', ' 0 1')}` });
    const sockets = await openSockets({ protocols: ['tcp'], proc, byteOrder: 'LE' });
    expect(sockets.map(({ inode, processes }) => [inode === null, processes])).toEqual([
      [false, null],
      [true, []],
    ]);
  });

  it('is not read for what is no list, or no signal', async () => {
    const holes = new Array<'tcp'>(1);
    await expect(openSockets({ protocols: holes })).rejects.toThrow(/^protocols has undefined/);
    await expect(openSockets({ signal: { aborted: true } as AbortSignal })).rejects.toThrow(/^signal is /);
  });

  it('may have no IPv6, but must have the rest', async () => {
    const proc = makeProc({ tcp: HEADER });
    expect(await openSockets({ protocols: ['tcp'], proc })).toEqual([]);
    await expect(openSockets({ protocols: ['udp'], proc })).rejects.toMatchObject({
      name: 'ProcNetError',
      code: 'UNREADABLE',
      input: `${proc}/net/udp`,
      hint: expect.stringContaining('mount proc'),
      cause: { code: 'ENOENT' },
    });
    // What is there, and no file, is not what is missing.
    mkdirSync(join(proc, 'net', 'tcp6'));
    await expect(openSockets({ protocols: ['tcp'], proc })).rejects.toMatchObject({
      code: 'UNREADABLE',
      input: `${proc}/net/tcp6`,
      cause: { code: 'EISDIR' },
    });
  });

  it('is refused with the line when it is not understood', async () => {
    const proc = makeProc({ tcp: `${HEADER}${ROW}${ROW.replace(' 0A ', ' 7F ')}` });
    await expect(openSockets({ protocols: ['tcp'], proc })).rejects.toMatchObject({
      code: 'BAD_ROW',
      line: 3,
      column: 'st',
    });
    const other = makeProc({ tcp: 'hello\n' });
    await expect(openSockets({ protocols: ['tcp'], proc: other })).rejects.toMatchObject({ code: 'BAD_ROW', line: 1 });
  });

  it('that is no directory is an error with the path', async () => {
    const proc = join(newDirectory(), 'file');
    writeFileSync(proc, '');
    await expect(openSockets({ proc })).rejects.toMatchObject({ code: 'UNREADABLE', cause: { code: 'ENOTDIR' } });
  });
});

describe('on other systems', () => {
  it.each([
    ['darwin', 'lsof -nP -i'],
    ['win32', 'netstat -ano'],
    ['freebsd', 'sockstat'],
    ['sunos', 'netstat -an'],
  ])('%s is told what is missing, and what to run', (platform, command) => {
    expect(() => procOf(platform)).toThrow(ProcNetError);
    expect(() => procOf(platform)).toThrow(`${platform} has no /proc/net`);
    expect(() => procOf(platform)).toThrow(`run \`${command}\``);
  });

  it('Linux has it', () => {
    expect(procOf('linux')).toBe('/proc');
    expect(existsSync('/proc/net/tcp')).toBe(LINUX);
  });
});

describe('options', () => {
  it.each<[unknown, string]>([
    [{ protocol: 'tcp' }, 'there is no option "protocol"'],
    [{ protocols: ['tcp6'] }, "protocols has \"tcp6\": write a list of 'tcp', 'udp' and 'unix'"],
    [{ protocols: 'tcp' }, "protocols has \"tcp\": write a list of 'tcp', 'udp' and 'unix'"],
    [{ protocols: null }, 'protocols has null'],
    [{ processes: 'yes' }, 'processes is'],
    [{ maxDescriptors: -1 }, 'maxDescriptors is -1'],
    [{ maxDescriptors: 1.5 }, 'maxDescriptors is 1.5'],
    [{ proc: '' }, 'proc is ""'],
    [{ proc: '/proc\0' }, 'proc is "/proc\\x00"'],
    [{ proc: 1 }, 'proc is 1'],
    [{ byteOrder: 'big' }, 'byteOrder is "big"'],
    [null, 'the options are null'],
    ['tcp', 'the options are "tcp"'],
  ])('%j are refused', async (options, message) => {
    const call = openSockets(options as OpenSocketsOptions);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toSatisfy((error) => error instanceof TypeError || error instanceof RangeError);
  });
});
