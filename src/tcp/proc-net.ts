import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { IPv4Address, IPv6Address } from '../ip/index.js';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from '../socket/index.js';
import type {
  OpenSocket,
  OpenTcpSocket,
  OpenUdpSocket,
  OpenUnixSocket,
  SocketPort,
  SocketTimer,
} from './open-socket.js';
import { ProcNetError } from './proc-net-error.js';
import { TCP_STATES, type TcpState } from './states.js';
import { LONGEST_PATH, pathBytes } from './unix-path.js';

/** The tables of /proc/net that are read, by the names of their files. */
export type ProcNetKind = 'tcp' | 'tcp6' | 'udp' | 'udp6' | 'unix';

/** How a machine keeps numbers in memory, as `os.endianness()` says it. */
export type ByteOrder = 'LE' | 'BE';

/** What a table does not say of itself. */
export interface ProcNetOptions {
  /** Which table it is. Default: what its header says; without a header it must be given. */
  readonly kind?: ProcNetKind | undefined;
  /** Of the machine that wrote it: addresses stand there as its memory has them. Default: that of this machine. */
  readonly byteOrder?: ByteOrder | undefined;
}

/**
 * The sockets in the text of /proc/net/tcp, tcp6, udp, udp6 or unix, in its order. The tables do not say whose they are: `processes` is
 * null, but for a socket that is no program's. Nothing is read but the text.
 *
 * @param text with or without the header; a row that is cut off is an error
 * @throws {ProcNetError} with the line and the column for what is no such table
 * @throws {TypeError} for an option that there is not
 */
export function parseProcNet(
  text: string,
  options: ProcNetOptions & { readonly kind: 'tcp' | 'tcp6' },
): OpenTcpSocket[];
export function parseProcNet(
  text: string,
  options: ProcNetOptions & { readonly kind: 'udp' | 'udp6' },
): OpenUdpSocket[];
export function parseProcNet(text: string, options: ProcNetOptions & { readonly kind: 'unix' }): OpenUnixSocket[];
export function parseProcNet(text: string, options?: ProcNetOptions): OpenSocket[];
export function parseProcNet(text: string, options: ProcNetOptions = {}): OpenSocket[] {
  checkOptions(options, ['kind', 'byteOrder']);
  const { kind: asked, byteOrder = THIS_BYTE_ORDER } = options;
  if (asked !== undefined && !KINDS.includes(asked)) throw noWord('kind', asked, KINDS);
  if (!BYTE_ORDERS.includes(byteOrder)) throw noWord('byteOrder', byteOrder, BYTE_ORDERS);
  if (typeof text !== 'string') {
    throw new ProcNetError('NOT_TEXT', text, `${quote(text)} is no text`, 'pass what stands in /proc/net/tcp');
  }

  const lines = text.split('\n');
  // What follows the last line end is no line.
  if (lines.at(-1) === '') lines.pop();
  const header = headerOf(lines[0] ?? '');
  const kind = asked ?? header;
  if (kind === null) {
    const problem = `line 1: ${quote(lines[0] ?? '')} is no header of a table of /proc/net`;
    const hint = "pass the whole table, or say which one it is: {kind: 'tcp'}";
    throw new ProcNetError('BAD_HEADER', lines[0] ?? '', problem, hint, { place: { line: 1, column: 'header' } });
  }
  if (header !== null && header !== kind) {
    const problem = `line 1: the header is that of ${header}, not of ${kind}`;
    const hint = `write {kind: '${header}'}, or pass /proc/net/${kind}`;
    throw new ProcNetError('BAD_HEADER', lines[0], problem, hint, { place: { line: 1, column: 'header' } });
  }
  const first = header === null ? 0 : 1;
  return kind === 'unix' ? readUnix(lines, first) : readInet(lines, first, kind, byteOrder);
}

const KINDS: readonly ProcNetKind[] = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'];
const BYTE_ORDERS: readonly ByteOrder[] = ['LE', 'BE'];
const THIS_BYTE_ORDER: ByteOrder = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 'LE' : 'BE';

function noWord(name: string, value: unknown, words: readonly string[]): TypeError {
  return new TypeError(`${name} is ${quote(value)}: write ${words.map((word) => `'${word}'`).join(' or ')}`);
}

/** Which table a line is the header of; null: it is none. */
function headerOf(line: string): ProcNetKind | null {
  if (/^Num +RefCount +Protocol /.test(line)) return 'unix';
  const match = /^ *sl +local_address +(rem_address|remote_address) +st /.exec(line);
  if (match === null) return null;
  // Only datagrams are dropped, and only the longer addresses have room for the longer word.
  const protocol = line.trimEnd().endsWith(' drops') ? 'udp' : 'tcp';
  return match[1] === 'remote_address' ? `${protocol}6` : protocol;
}

// --- tcp, tcp6, udp, udp6

/**
 * The columns that are read, as they stand between blanks. Numbers are hexadecimal but for those of users, times and inodes.
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *     0:  0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1218 1 0000…
 */
const INET_COLUMNS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['sl', /^\d{1,10}:$/],
  ['local_address', /^[\dA-F]{8}(?:[\dA-F]{24})?:[\dA-F]{4}$/i],
  ['rem_address', /^[\dA-F]{8}(?:[\dA-F]{24})?:[\dA-F]{4}$/i],
  ['st', /^[\dA-F]{2}$/i],
  ['tx_queue rx_queue', /^[\dA-F]{8}:[\dA-F]{8}$/i],
  ['tr tm->when', /^[\dA-F]{2}:[\dA-F]{1,16}$/i],
  ['retrnsmt', /^[\dA-F]{8}$/i],
  ['uid', /^\d{1,10}$/],
  ['timeout', /^-?\d{1,10}$/],
  ['inode', /^\d{1,15}$/],
];

/** Where a UDP row has its drops, after a count of references and an address in the kernel. */
const DROPS = 12;

const TIMERS: readonly SocketTimer['kind'][] = ['other', 'retransmit', 'keepalive', 'time-wait', 'zero-window-probe'];

/** The number of a timer in TIME-WAIT, also of a socket in FIN-WAIT-2 that no program has any more. */
const TIME_WAIT_TIMER = 3;

/** Steps of the times, in ms: USER_HZ is 100. */
const TICK_MS = 10;

function readInet(
  lines: readonly string[],
  first: number,
  kind: Exclude<ProcNetKind, 'unix'>,
  byteOrder: ByteOrder,
): (OpenTcpSocket | OpenUdpSocket)[] {
  const udp = kind.startsWith('udp');
  const [family, digits]: [OpenTcpSocket['family'], number] = kind.endsWith('6') ? [AF_INET6, 32] : [AF_INET, 8];
  const found: (OpenTcpSocket | OpenUdpSocket)[] = [];
  for (let i = first; i < lines.length; i++) {
    const row = lines[i] ?? '';
    if (row.trim() === '') continue;
    const bad = (column: string) => badRow(kind, row, i + 1, column);
    const cells = row.trim().split(/ +/);
    for (const [x, [name, pattern]] of INET_COLUMNS.entries()) if (!pattern.test(cells[x] ?? '')) throw bad(name);
    // The patterns have seen to it that they are all there.
    const [, local = '', remote = '', st = '', queues = '', timer = '', retransmits = '', uid = '', , inode = ''] =
      cells;
    if (local.length !== digits + 5) throw bad('local_address');
    if (remote.length !== digits + 5) throw bad('rem_address');

    const timerCode = hex(timer.slice(0, 2));
    const gone = timerCode === TIME_WAIT_TIMER;
    const shared = {
      family,
      local: socketPort(local, byteOrder),
      remote: /^0+:0+$/.test(remote) ? null : socketPort(remote, byteOrder),
      sendQueue: hex(queues.slice(0, 8)),
      receiveQueue: hex(queues.slice(9)),
      // A socket that is no program's has no user, either, mostly: then it is printed as 0, which is root.
      uid: gone || (Number(inode) === 0 && Number(uid) === 0) ? null : Number(uid),
      inode: Number(inode) === 0 ? null : Number(inode),
      processes: Number(inode) === 0 ? [] : null,
    };
    if (udp) {
      const state = UDP_STATES.get(hex(st));
      if (state === undefined) throw bad('st');
      const drops = cells[DROPS] ?? '';
      if (!/^\d{1,15}$/.test(drops)) throw bad('drops');
      found.push({ protocol: 'udp', type: SOCK_DGRAM, ...shared, state, drops: Number(drops) });
    } else {
      const state = LINUX_STATES.get(hex(st));
      if (state === undefined) throw bad('st');
      found.push({
        protocol: 'tcp',
        type: SOCK_STREAM,
        ...shared,
        state,
        timer: timerCode === 0 ? null : { kind: TIMERS[timerCode] ?? 'other', ms: hex(timer.slice(3)) * TICK_MS },
        retransmits: hex(retransmits),
      });
    }
  }
  return found;
}

const LINUX_STATES: ReadonlyMap<number, TcpState> = new Map([
  ...TCP_STATES.map(({ linuxCode, name }): [number, TcpState] => [linuxCode, name]),
  // TCP_NEW_SYN_RECV: the request of a connection, kept apart from sockets.
  [0x0c, 'SYN-RECEIVED'],
]);

const UDP_STATES: ReadonlyMap<number, OpenUdpSocket['state']> = new Map([
  [0x01, 'CONNECTED'],
  [0x07, 'UNCONNECTED'],
]);

/**
 * An address is one 32-bit number or four of them, each printed as the machine that wrote it has it in memory: 127.0.0.1, the bytes 7F
 * 00 00 01, is 0100007F where the least byte comes first and 7F000001 where the greatest does. The port is a number everywhere.
 */
function socketPort(text: string, byteOrder: ByteOrder): SocketPort {
  const colon = text.length - 5;
  const bytes = new Uint8Array(colon / 2);
  for (let i = 0; i < bytes.length; i++) {
    const from = byteOrder === 'BE' ? i : i ^ 3;
    bytes[i] = hex(text.slice(2 * from, 2 * from + 2));
  }
  const address = bytes.length === 4 ? IPv4Address.fromBytes(bytes) : IPv6Address.fromBytes(bytes);
  return { address: address.toString(), port: hex(text.slice(colon + 1)) };
}

function hex(digits: string): number {
  return Number.parseInt(digits, 16);
}

// --- unix

/** A row up to its path: address, references, protocol, flags, type, state, inode. */
const UNIX_ROW =
  /^[\da-f]{8,16}: [\da-f]{8} [\da-f]{8} ([\da-f]{8}) ([\da-f]{4}) ([\da-f]{2}) +(\d{1,15})(?: (.*))?$/is;

/** __SO_ACCEPTCON: it listens. */
const ACCEPTS = 0x10000;

const UNIX_TYPES: ReadonlyMap<number, OpenUnixSocket['type']> = new Map<number, OpenUnixSocket['type']>([
  [1, SOCK_STREAM],
  [2, SOCK_DGRAM],
  [5, 'SOCK_SEQPACKET'],
]);

const UNIX_STATES: ReadonlyMap<number, OpenUnixSocket['state']> = new Map<number, OpenUnixSocket['state']>([
  [1, 'UNCONNECTED'],
  [2, 'CONNECTING'],
  [3, 'CONNECTED'],
  [4, 'DISCONNECTING'],
]);

function readUnix(lines: readonly string[], first: number): OpenUnixSocket[] {
  const found: OpenUnixSocket[] = [];
  for (const { line, row } of unixRows(lines, first)) {
    const match = UNIX_ROW.exec(row);
    if (match === null) throw badRow('unix', row, line, 'Num to Inode');
    const [, flags = '', typeText = '', stateText = '', inode = '', path = ''] = match;
    const type = UNIX_TYPES.get(hex(typeText));
    if (type === undefined) throw badRow('unix', row, line, 'Type');
    const state = UNIX_STATES.get(hex(stateText));
    if (state === undefined) throw badRow('unix', row, line, 'St');
    found.push({
      protocol: 'unix',
      family: AF_UNIX,
      type,
      state: (hex(flags) & ACCEPTS) === 0 ? state : 'LISTEN',
      ...unixName(path),
      inode: Number(inode) === 0 ? null : Number(inode),
      processes: Number(inode) === 0 ? [] : null,
    });
  }
  return found;
}

/**
 * Rows with their paths. The kernel does not escape line ends in a path, and any user may bind one: what follows a path and is no row
 * is more of it, as far as a path goes, so that nobody makes the table unreadable. That a path looks like a row can't be told.
 */
function* unixRows(lines: readonly string[], first: number): Generator<{ line: number; row: string }, void, undefined> {
  let open: { line: number; row: string; room: number } | null = null;
  for (let i = first; i < lines.length; i++) {
    const text = lines[i] ?? '';
    if (text === '' && (open === null || open.room === 0)) continue;
    const match = UNIX_ROW.exec(text);
    if (match === null && open !== null && text.length < open.room) {
      open = { line: open.line, row: `${open.row}\n${text}`, room: open.room - text.length - 1 };
      continue;
    }
    if (open !== null) yield open;
    // A blank after the inode is there for a path alone, also for one that begins with a line end.
    const path = match?.[5];
    open = { line: i + 1, row: text, room: path === undefined ? 0 : LONGEST_PATH - path.length };
  }
  if (open !== null) yield open;
}

/** The kernel prints each NUL as `@`, and a path that begins with `@` as it is: that is taken for abstract. */
function unixName(printed: string): Pick<OpenUnixSocket, 'path' | 'padded'> {
  if (printed === '') return { path: null };
  if (!printed.startsWith('@')) return { path: printed };
  const name = printed.slice(1);
  // Node 20 fills an abstract name up to the whole of sun_path.
  if (pathBytes(printed) !== LONGEST_PATH || !name.endsWith('@')) return { path: `\0${name}` };
  return { path: `\0${name.replace(/(?<!@)@+$/, '')}`, padded: true };
}

function badRow(kind: ProcNetKind, row: string, line: number, column: string): ProcNetError {
  const problem = `line ${line}: ${quote(row.trim())} is no row of /proc/net/${kind}: look at ${column}`;
  const hint = 'pass the table as the kernel writes it, whole rows, and the right kind';
  return new ProcNetError('BAD_ROW', row, problem, hint, { place: { line, column } });
}
