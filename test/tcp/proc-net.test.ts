import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenSocket, OpenTcpSocket, OpenUdpSocket, ProcNetKind } from '../../src/tcp/index.js';
import { isListening, ProcNetError, parseProcNet, TCP_STATES } from '../../src/tcp/index.js';
import { parseSs, SS_STATES, ssEndpoint } from '../support/ss.js';

const KINDS: readonly ProcNetKind[] = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'];

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/proc/${name}`, import.meta.url), 'utf8');
}

const little = (kind: ProcNetKind) => fixture(`little-endian/net/${kind}`);
const big = (kind: ProcNetKind) => fixture(`big-endian/net/${kind}`);

function endpoint({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What ss says of a socket, made of what we say. */
function asSs(socket: OpenTcpSocket | OpenUdpSocket): string {
  const any = socket.family === 'AF_INET' ? '0.0.0.0:*' : '[::]:*';
  // Of a listener, ss has the length of the queue that /proc/net does not tell.
  const sendQueue = socket.state === 'LISTEN' ? 'any' : socket.sendQueue;
  const remote = socket.remote === null ? any : endpoint(socket.remote);
  return [SS_STATES[socket.state], socket.receiveQueue, sendQueue, endpoint(socket.local), remote].join(' ');
}

function ssLines(text: string): string[] {
  return parseSs(text).map(({ state, receiveQueue, sendQueue, local, remote }) =>
    [state, receiveQueue, state === 'LISTEN' ? 'any' : sendQueue, ssEndpoint(local), ssEndpoint(remote)].join(' '),
  );
}

/** The error that a text gets. */
function errorOf(text: string, kind?: ProcNetKind): ProcNetError {
  try {
    parseProcNet(text, { kind });
  } catch (error) {
    if (error instanceof ProcNetError) return error;
    throw error;
  }
  throw new Error(`no error for ${JSON.stringify(text)}`);
}

const ROW =
  '   0: 0100007F:1F90 0200007F:C350 01 00000005:00000007 01:00000014 00000002  1000        0 4711 1 0000000000000000 20 4 30 10 -1';

describe('captured tables', () => {
  it('say of TCP what ss said in the same second', () => {
    const sockets = [
      ...parseProcNet(little('tcp'), { kind: 'tcp', byteOrder: 'LE' }),
      ...parseProcNet(little('tcp6'), { kind: 'tcp6', byteOrder: 'LE' }),
    ];
    expect(sockets).toHaveLength(37);
    expect(sockets.map(asSs).sort()).toEqual(ssLines(fixture('little-endian/ss-tcp')).sort());
  });

  it('say of UDP what ss said in the same second', () => {
    const sockets = [
      ...parseProcNet(little('udp'), { kind: 'udp', byteOrder: 'LE' }),
      ...parseProcNet(little('udp6'), { kind: 'udp6', byteOrder: 'LE' }),
    ];
    expect(sockets).toHaveLength(8);
    expect(sockets.map(asSs).sort()).toEqual(ssLines(fixture('little-endian/ss-udp')).sort());
  });

  it.each(KINDS)('of %s are the same in both byte orders', (kind) => {
    const read = parseProcNet(little(kind), { byteOrder: 'LE' });
    expect(read.length).toBeGreaterThan(2);
    expect(parseProcNet(big(kind), { byteOrder: 'BE' })).toEqual(read);
    // The byte order of this machine is the default.
    expect(parseProcNet(endianness() === 'LE' ? little(kind) : big(kind))).toEqual(read);
  });

  it.each(KINDS.filter((kind) => kind !== 'unix'))('of %s are other addresses in the wrong byte order', (kind) => {
    const right = parseProcNet(little(kind), { byteOrder: 'LE' });
    const wrong = parseProcNet(little(kind), { byteOrder: 'BE' });
    expect(wrong).not.toEqual(right);
    // But for addresses nothing changes.
    const rest = (sockets: readonly OpenSocket[]) =>
      sockets.map((socket) => (socket.protocol === 'unix' ? null : [socket.local.port, socket.state, socket.inode]));
    expect(rest(wrong)).toEqual(rest(right));
  });

  it('have these sockets', () => {
    const [first] = parseProcNet(little('tcp'), { kind: 'tcp', byteOrder: 'LE' });
    expect(first).toEqual({
      protocol: 'tcp',
      family: 'AF_INET',
      type: 'SOCK_STREAM',
      local: { address: '0.0.0.0', port: 22 },
      remote: null,
      state: 'LISTEN',
      sendQueue: 0,
      receiveQueue: 0,
      timer: null,
      retransmits: 0,
      uid: 0,
      inode: 235_218,
      processes: null,
    });
    const tcp6 = parseProcNet(little('tcp6'), { kind: 'tcp6', byteOrder: 'LE' });
    expect(tcp6.map(({ local }) => local.address)).toContain('::ffff:127.0.0.1');
    expect(tcp6.find(({ state }) => state === 'SYN-SENT')).toMatchObject({
      family: 'AF_INET6',
      local: { address: '2001:db8::1', port: 40_021 },
      remote: { address: '2001:db8::9', port: 80 },
      timer: { kind: 'retransmit', ms: 670 },
    });
    const udp = parseProcNet(little('udp'), { kind: 'udp', byteOrder: 'LE' });
    expect(udp.map(({ drops }) => drops)).toEqual([0, 0, 19, 0, 0]);
    expect(udp.find(({ state }) => state === 'CONNECTED')?.remote).toEqual({ address: '127.0.0.1', port: 5353 });
    expect(udp.find(({ local }) => local.port === 5355)).toMatchObject({
      uid: 1000,
      local: { address: '224.0.0.251' },
    });
  });

  it('have connections that wait in the queue of their listener, and belong to nobody yet', () => {
    const tcp = parseProcNet(little('tcp'), { kind: 'tcp', byteOrder: 'LE' });
    const waiting = tcp.filter(({ local, state }) => local.port === 8082 && state === 'ESTABLISHED');
    const listener = tcp.find(({ local, state }) => local.port === 8082 && state === 'LISTEN');
    expect(waiting).toHaveLength(3);
    expect(listener?.receiveQueue).toBe(3);
    for (const socket of waiting) expect(socket).toMatchObject({ inode: null, uid: null, processes: [] });
  });

  it('have the timers of each state', () => {
    const tcp = parseProcNet(little('tcp'), { kind: 'tcp', byteOrder: 'LE' });
    const timer = (port: number) => tcp.find(({ local }) => local.port === port)?.timer;
    expect(timer(40_001)).toBeNull();
    expect(timer(40_003)).toEqual({ kind: 'keepalive', ms: 0xafc57 * 10 });
    expect(timer(40_004)).toEqual({ kind: 'time-wait', ms: 59_690 });
    expect(timer(40_006)).toEqual({ kind: 'zero-window-probe', ms: 160 });
    // FIN-WAIT-2 without a program is TIME-WAIT to the kernel; its user is not root.
    expect(tcp.find(({ local }) => local.port === 40_005)).toMatchObject({
      state: 'FIN-WAIT-2',
      uid: null,
      inode: null,
    });
    expect(tcp.find(({ local }) => local.port === 40_002)).toMatchObject({ state: 'FIN-WAIT-2', uid: 0, timer: null });
  });

  it('of unix sockets have paths, with blanks and line ends, and abstract names', () => {
    const unix = parseProcNet(little('unix'), { kind: 'unix' });
    const listeners = unix.filter(isListening).map(({ path, type, state }) => [path, type, state]);
    expect(listeners).toEqual([
      ['/tmp/fx6/run/app.sock', 'SOCK_STREAM', 'LISTEN'],
      ['/tmp/fx6/run/two words.sock', 'SOCK_STREAM', 'LISTEN'],
      ['/tmp/fx6/run/line\nend.sock', 'SOCK_STREAM', 'LISTEN'],
      ['/tmp/fx6/run/größe.sock', 'SOCK_STREAM', 'LISTEN'],
      ['/tmp/fx6/run/seq.sock', 'SOCK_SEQPACKET', 'LISTEN'],
      ['/tmp/fx6/run/log.sock', 'SOCK_DGRAM', 'UNCONNECTED'],
      ['relative.sock', 'SOCK_DGRAM', 'UNCONNECTED'],
      // 108 bytes in the table, as Node 20 binds it.
      ['\0node20', 'SOCK_STREAM', 'LISTEN'],
      ['\0abstract', 'SOCK_STREAM', 'LISTEN'],
    ]);
    expect(unix.filter(({ padded }) => padded).map(({ path }) => path)).toContain('\0node20');
    expect(unix.find(({ path }) => path === '\0abstract')).not.toHaveProperty('padded');
    expect(unix).toHaveLength(16);
    expect(unix.filter(({ state }) => state === 'CONNECTING')).toMatchObject([
      { path: '/tmp/fx6/run/app.sock', inode: null, processes: [] },
    ]);
    expect(unix.filter(({ state, type }) => state === 'CONNECTED' && type === 'SOCK_DGRAM')).toHaveLength(2);
  });
});

describe('parseProcNet', () => {
  it('reads every state by its number', () => {
    for (const { name, linuxCode } of TCP_STATES) {
      const code = linuxCode.toString(16).toUpperCase().padStart(2, '0');
      expect(parseProcNet(ROW.replace(' 01 ', ` ${code} `), { kind: 'tcp' })[0]?.state).toBe(name);
    }
    // The request of a connection, which is no socket yet.
    expect(parseProcNet(ROW.replace(' 01 ', ' 0C '), { kind: 'tcp' })[0]?.state).toBe('SYN-RECEIVED');
  });

  it('does not take state 07 of UDP for CLOSED', () => {
    const [socket] = parseProcNet(`${ROW.replace(' 01 ', ' 07 ').replace(' 20 4 30 10 -1', '')} 0`, { kind: 'udp' });
    expect(socket?.state).toBe('UNCONNECTED');
    expect(parseProcNet(ROW.replace(' 01 ', ' 07 '), { kind: 'tcp' })[0]?.state).toBe('CLOSED');
  });

  it('reads one row, with its numbers', () => {
    expect(parseProcNet(ROW, { kind: 'tcp', byteOrder: 'LE' })).toEqual([
      {
        protocol: 'tcp',
        family: 'AF_INET',
        type: 'SOCK_STREAM',
        local: { address: '127.0.0.1', port: 8080 },
        remote: { address: '127.0.0.2', port: 50_000 },
        state: 'ESTABLISHED',
        sendQueue: 5,
        receiveQueue: 7,
        timer: { kind: 'retransmit', ms: 200 },
        retransmits: 2,
        uid: 1000,
        inode: 4711,
        processes: null,
      },
    ]);
  });

  it('takes ports as numbers in either byte order, and a remote port without an address', () => {
    const [socket] = parseProcNet(ROW.replace('0200007F:C350', '00000000:0001'), { kind: 'tcp', byteOrder: 'BE' });
    expect(socket?.local).toEqual({ address: '1.0.0.127', port: 8080 });
    expect(socket?.remote).toEqual({ address: '0.0.0.0', port: 1 });
  });

  it('takes a timer that it does not know', () => {
    expect(parseProcNet(ROW.replace(' 01:00000014', ' 05:00000014'), { kind: 'tcp' })[0]?.timer?.kind).toBe('other');
  });

  it('reads empty tables, and no rows at all', () => {
    for (const kind of KINDS) {
      expect(parseProcNet(`${little(kind).split('\n')[0]}\n`)).toEqual([]);
      expect(parseProcNet(little(kind).split('\n')[0] ?? '', { kind })).toEqual([]);
      expect(parseProcNet('', { kind })).toEqual([]);
      expect(parseProcNet('\n\n', { kind })).toEqual([]);
    }
  });

  it('reads rows without their header, and without the last line end, when it knows the kind', () => {
    for (const kind of KINDS) {
      const rows = little(kind).split('\n').slice(1).join('\n');
      expect(parseProcNet(rows, { kind, byteOrder: 'LE' })).toEqual(parseProcNet(little(kind), { byteOrder: 'LE' }));
      expect(parseProcNet(rows.trimEnd(), { kind, byteOrder: 'LE' })).toEqual(
        parseProcNet(rows, { kind, byteOrder: 'LE' }),
      );
    }
  });

  it('gives what JSON gives back', () => {
    for (const kind of KINDS) {
      const sockets = parseProcNet(little(kind));
      expect(JSON.parse(JSON.stringify(sockets))).toEqual(sockets);
    }
  });

  it('gives back what was written, for any row', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const port = fc.integer({ min: 0, max: 65_535 });
    const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
    fc.assert(
      fc.property(
        fc.array(byte, { minLength: 4, maxLength: 4 }),
        port,
        fc.constantFrom(...TCP_STATES),
        fc.constantFrom<'LE' | 'BE'>('LE', 'BE'),
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        (bytes, number, { name, linuxCode }, byteOrder, inode) => {
          const word = (byteOrder === 'BE' ? bytes : bytes.toReversed()).map((one) => hex(one, 2)).join('');
          const row = `7: ${word}:${hex(number, 4)} 00000000:0000 ${hex(linuxCode, 2)} 00000000:00000000 00:00000000 00000000 4294967295 0 ${inode} 1`;
          const [socket] = parseProcNet(row, { kind: 'tcp', byteOrder });
          expect(socket).toMatchObject({
            local: { address: bytes.join('.'), port: number },
            state: name,
            inode,
            uid: 4_294_967_295,
          });
        },
      ),
    );
  });
});

describe('what is no table', () => {
  it.each<[string, string, ProcNetKind | undefined, string, number, string]>([
    ['no header', ROW, undefined, 'BAD_HEADER', 1, 'header'],
    ['nothing', '', undefined, 'BAD_HEADER', 1, 'header'],
    ['something else', '{"a": 1}', undefined, 'BAD_HEADER', 1, 'header'],
    ['the wrong table', little('tcp'), 'udp', 'BAD_HEADER', 1, 'header'],
    ['the wrong family', little('tcp'), 'tcp6', 'BAD_HEADER', 1, 'header'],
    ['a word', 'hello', 'tcp', 'BAD_ROW', 1, 'sl'],
    ['rows of the other family', ROW, 'tcp6', 'BAD_ROW', 1, 'local_address'],
    ['an address of the other family', ROW.replace('0200007F', '0'.repeat(32)), 'tcp', 'BAD_ROW', 1, 'rem_address'],
    ['an address that is cut', ROW.replace('0100007F', '100007F'), 'tcp', 'BAD_ROW', 1, 'local_address'],
    ['a port that is too long', ROW.replace(':C350', ':0C350'), 'tcp', 'BAD_ROW', 1, 'rem_address'],
    ['digits that are none', ROW.replace('0200007F', '020000ZZ'), 'tcp', 'BAD_ROW', 1, 'rem_address'],
    ['state 00', ROW.replace(' 01 ', ' 00 '), 'tcp', 'BAD_ROW', 1, 'st'],
    ['state 0D', ROW.replace(' 01 ', ' 0D '), 'tcp', 'BAD_ROW', 1, 'st'],
    [
      'a state of TCP for UDP',
      `${ROW.replace(' 01 ', ' 0A ').replace(' 20 4 30 10 -1', '')} 0`,
      'udp',
      'BAD_ROW',
      1,
      'st',
    ],
    ['no drops', ROW.replace(' 20 4 30 10 -1', ''), 'udp', 'BAD_ROW', 1, 'drops'],
    ['one queue', ROW.replace('00000005:', ''), 'tcp', 'BAD_ROW', 1, 'tx_queue rx_queue'],
    ['no timer', ROW.replace('01:00000014', '01'), 'tcp', 'BAD_ROW', 1, 'tr tm->when'],
    ['a negative uid', ROW.replace(' 1000 ', ' -1 '), 'tcp', 'BAD_ROW', 1, 'uid'],
    ['an inode beyond all integers', ROW.replace('4711', '9'.repeat(16)), 'tcp', 'BAD_ROW', 1, 'inode'],
    ['a row that is cut off', `${ROW}\n${ROW.slice(0, 90)}`, 'tcp', 'BAD_ROW', 2, 'inode'],
    ['tabs', ROW.replaceAll(' ', '\t'), 'tcp', 'BAD_ROW', 1, 'sl'],
    ['an unknown type', 'c9b790e0: 00000002 00000000 00010000 0003 01 5', 'unix', 'BAD_ROW', 1, 'Type'],
    ['an unknown state', 'c9b790e0: 00000002 00000000 00010000 0001 00 5', 'unix', 'BAD_ROW', 1, 'St'],
    ['a unix row that is cut off', 'c9b790e0: 00000002 00000000', 'unix', 'BAD_ROW', 1, 'Num to Inode'],
  ])('%s', (_, text, kind, code, line, column) => {
    const error = errorOf(text, kind);
    expect(error).toMatchObject({ name: 'ProcNetError', code, line, column });
    expect(error.message).toContain(`line ${line}: `);
    expect(error.message).toContain(`; ${error.hint}`);
  });

  it('says which line it is, with the header counted, as an editor does', () => {
    const lines = little('tcp').split('\n');
    const row = lines[5] ?? '';
    lines[5] = row.replace(' 0A ', ' FF ');
    const error = errorOf(lines.join('\n'));
    expect(error).toMatchObject({ line: 6, column: 'st', input: lines[5] });
    expect(error.message).toBe(
      'line 6: "4: 0100007F:1F92 00000000:0000 FF 00000000:00000003 00:00000…" is no row of /proc/net/tcp: look at st; pass the table as the kernel writes it, whole rows, and the right kind',
    );
  });

  it.each([[undefined], [null], [1], [{}], [Buffer.from('x')], [['x']]])('refuses %j, which is no text', (bad) => {
    expect(() => parseProcNet(bad as string)).toThrow(ProcNetError);
    expect(() => parseProcNet(bad as string)).toThrow(/no text/);
  });

  it('refuses options that there are not, and words that are none', () => {
    const call = (options: unknown) => () => parseProcNet('', options as { kind: 'tcp' });
    expect(call({ kind: 'tcp', endian: 'LE' })).toThrow('there is no option "endian": there is kind, byteOrder');
    expect(call({ kind: 'tcp4' })).toThrow("kind is \"tcp4\": write 'tcp' or 'tcp6' or 'udp' or 'udp6' or 'unix'");
    expect(call({ kind: 'tcp', byteOrder: 'little' })).toThrow("byteOrder is \"little\": write 'LE' or 'BE'");
    for (const bad of [null, 'tcp', [], 1]) expect(call(bad)).toThrow(TypeError);
    expect(parseProcNet('', { kind: 'tcp', byteOrder: undefined })).toEqual([]);
  });
});

describe('names of unix sockets', () => {
  const row = (path: string) => `c9b790e0: 00000002 00000000 00010000 0001 01 5 ${path}`;
  const paths = (text: string) => parseProcNet(text, { kind: 'unix' }).map(({ path }) => path);

  it('cannot make the table unreadable, whatever lines they are made of', () => {
    expect(paths(`${row('/a\nb\n\nc: d')}\n${row('/e')}\n`)).toEqual(['/a\nb\n\nc: d', '/e']);
    expect(paths(`${row('/a\nNum       RefCount Protocol')}\n`)).toEqual(['/a\nNum       RefCount Protocol']);
    expect(paths(`${row('\na')}\n${row('\n')}\n${row('/b\n\n')}\n`)).toEqual(['\na', '\n', '/b\n\n']);
    const longest = `/${'x'.repeat(50)}\n${'y'.repeat(56)}`;
    expect(longest).toHaveLength(108);
    expect(paths(row(longest))).toEqual([longest]);
    expect(errorOf(row(`${longest}y`), 'unix')).toMatchObject({ line: 2 });
  });

  it('can look like a row, which nobody can tell: the documentation says so', () => {
    expect(paths(row(`/a\n${row('/fake')}`))).toEqual(['/a', '/fake']);
  });

  it('do not go on where there is no name', () => {
    expect(errorOf(`${row('').trimEnd()}\nmore`, 'unix')).toMatchObject({ code: 'BAD_ROW', line: 2 });
  });

  it('are abstract where the kernel prints @ for NUL', () => {
    expect(paths([row('@a'), row('@a@b'), row('@'), row('@a@')].join('\n'))).toEqual(['\0a', '\0a@b', '\0', '\0a@']);
    expect(paths(row(`@é${'@'.repeat(105)}`))).toEqual(['\0é']);
    expect(paths(row(`@${'@'.repeat(107)}`))).toEqual(['\0']);
    const padded = (path: string) => parseProcNet(row(path), { kind: 'unix' }).map((socket) => socket.padded);
    expect(padded(`@a${'@'.repeat(106)}`)).toEqual([true]);
    expect(padded(`@é${'@'.repeat(105)}`)).toEqual([true]);
    for (const path of [`@a${'@'.repeat(105)}`, `@${'a'.repeat(107)}`, `a${'@'.repeat(107)}`, '@a@']) {
      expect(padded(path)).toEqual([undefined]);
    }
  });
});

describe('any text', () => {
  /** Whether a text is read, or refused by our own error. */
  function survives(text: string, kind?: ProcNetKind): void {
    try {
      const sockets = parseProcNet(text, { kind });
      for (const socket of sockets) expect(Object.values(socket)).not.toContain(undefined);
    } catch (error) {
      if (!(error instanceof ProcNetError)) throw error;
      expect(error.message.length).toBeLessThan(400);
    }
  }

  const anyKind = fc.constantFrom(...KINDS, undefined);

  it('is read or refused, never more', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), anyKind, survives));
  }, 60_000);

  it('made of captured tables with bytes changed, cut, doubled and swapped, too', () => {
    const tables = KINDS.map((kind) => little(kind));
    const edit = fc.record({
      at: fc.nat({ max: 5000 }),
      drop: fc.nat({ max: 40 }),
      put: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 8 }),
        fc.constantFrom(' ', '\n', ':', '0', 'F', '@', '\0', '\r\n'),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...tables),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        anyKind,
        (table, edits, kind) => {
          let text = table;
          for (const { at, drop, put } of edits) {
            const from = at % text.length;
            text = text.slice(0, from) + put + text.slice(from + drop);
          }
          survives(text, kind);
        },
      ),
      { numRuns: 500 },
    );
  }, 60_000);

  // Each would take minutes, were anything quadratic.
  it.each<[string, string, ProcNetKind | undefined]>([
    ['blanks', ' '.repeat(5_000_000), 'tcp'],
    ['blanks before a header', `${' '.repeat(5_000_000)}sl`, undefined],
    ['blanks in a header', `sl${' '.repeat(5_000_000)}local_address`, undefined],
    ['words', 'a '.repeat(1_000_000), 'tcp'],
    ['one word', '0'.repeat(5_000_000), 'tcp'],
    ['lines', '\n'.repeat(1_000_000), 'unix'],
    ['cells', `${ROW} ${'1 '.repeat(1_000_000)}`, 'udp'],
    ['a name', `c9b790e0: 00000002 00000000 00010000 0001 01 5 ${'@'.repeat(2_000_000)}`, 'unix'],
    ['blanks in a row of unix', `c9b790e0: 00000002 00000000 00010000 0001 01${' '.repeat(5_000_000)}x`, 'unix'],
  ])('of any length: %s', (_, text, kind) => survives(text, kind), 60_000);

  it('with a hundred thousand rows', () => {
    const rows = Array.from({ length: 100_000 }, () => ROW).join('\n');
    expect(parseProcNet(rows, { kind: 'tcp' })).toHaveLength(100_000);
  }, 60_000);
});
