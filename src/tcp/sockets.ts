import { readFile } from 'node:fs/promises';
import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { checkSignal } from './listen-options.js';
import type { OpenSocket } from './open-socket.js';
import { integer, toggle } from './options.js';
import { type ByteOrder, type ProcNetKind, parseProcNet } from './proc-net.js';
import { ProcNetError } from './proc-net-error.js';
import { findProcesses } from './socket-processes.js';

/** What is looked for, and where. */
export interface OpenSocketsOptions {
  /** Which ones. Default: all three. */
  readonly protocols?: readonly ('tcp' | 'udp' | 'unix')[] | undefined;
  /** Whether to look for the processes that have them open, which takes longer. Default: true. */
  readonly processes?: boolean | undefined;
  /** How many descriptors of processes are looked at, at the most. Default: 1,000,000. */
  readonly maxDescriptors?: number | undefined;
  /** Where proc is mounted, also that of another system; then any platform will do. Default: '/proc', on Linux only. */
  readonly proc?: string | undefined;
  /** Of the machine that proc is of. Default: that of this machine. */
  readonly byteOrder?: ByteOrder | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What this machine has open: the sockets of the network namespace of this process, TCP, then UDP, then unix, IPv4 before IPv6, each in
 * the order of the kernel. It is no snapshot: a socket that opens, closes or moves meanwhile may be left out or come twice.
 *
 * @throws {ProcNetError} UNSUPPORTED where there is no /proc/net, UNREADABLE where it can't be read, BAD_ROW for what is not understood
 * @throws {TypeError | RangeError} for an option that there is not, or a value that makes no sense
 */
export async function openSockets(options: OpenSocketsOptions = {}): Promise<OpenSocket[]> {
  checkOptions(options, ['protocols', 'processes', 'maxDescriptors', 'proc', 'byteOrder', 'signal']);
  const { protocols = PROTOCOLS, proc = procOf(process.platform), byteOrder, signal } = options;
  const processes = toggle('processes', options.processes === undefined ? true : options.processes);
  const maxDescriptors = integer(
    'maxDescriptors',
    options.maxDescriptors === undefined ? 1_000_000 : options.maxDescriptors,
    0,
  );
  // A copy, which has its holes as undefined.
  const bad = Array.isArray(protocols) ? Array.from(protocols).filter((one) => !PROTOCOLS.includes(one)) : [protocols];
  if (bad.length > 0) throw new TypeError(`protocols has ${quote(bad[0])}: write a list of 'tcp', 'udp' and 'unix'`);
  checkSignal(signal);
  if (typeof proc !== 'string' || proc === '' || proc.includes('\0'))
    throw new TypeError(`proc is ${quote(proc)}: pass a path, '/proc'`);
  signal?.throwIfAborted();

  const sockets: OpenSocket[] = [];
  for (const kind of KINDS.filter((one) => protocols.some((protocol) => one.startsWith(protocol)))) {
    const text = await readTable(proc, kind, signal);
    if (text !== null) for (const socket of parseProcNet(text, { kind, byteOrder })) sockets.push(socket);
  }
  if (!processes) return sockets;
  const inodes = new Set(sockets.flatMap(({ inode }) => inode ?? []));
  const found = await findProcesses(proc, inodes, maxDescriptors, signal);
  return sockets.map((socket) =>
    socket.inode === null ? socket : { ...socket, processes: found.get(socket.inode) ?? null },
  );
}

const PROTOCOLS: readonly ('tcp' | 'udp' | 'unix')[] = ['tcp', 'udp', 'unix'];
const KINDS: readonly ProcNetKind[] = ['tcp', 'tcp6', 'udp', 'udp6', 'unix'];

/** What tells the same elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  darwin: 'lsof -nP -i',
  win32: 'netstat -ano',
  freebsd: 'sockstat',
  openbsd: 'netstat -an',
};

/**
 * Where a platform has its proc.
 *
 * @throws {ProcNetError} UNSUPPORTED
 */
export function procOf(platform: string): string {
  if (platform === 'linux' || platform === 'android') return '/proc';
  const problem = `${platform} has no /proc/net, which is where Linux tells what is open`;
  const hint = `run \`${ELSEWHERE[platform] ?? 'netstat -an'}\`, or pass the proc of a Linux system: {proc: '/mnt/proc'}`;
  throw new ProcNetError('UNSUPPORTED', platform, problem, hint);
}

/** The text of a table; null where the kernel has no such sockets: without IPv6 there are no tables of it. */
async function readTable(proc: string, kind: ProcNetKind, signal: AbortSignal | undefined): Promise<string | null> {
  const path = `${proc}/net/${kind}`;
  try {
    return await readFile(path, { encoding: 'utf8', signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : error.message;
    if (code === 'ENOENT' && kind.endsWith('6')) return null;
    const isNone = code === 'ENOENT' || code === 'ENOTDIR';
    const hint = isNone ? `mount proc, or say where it is: {proc: '/proc'}` : `run it as who may read ${path}`;
    throw new ProcNetError('UNREADABLE', path, `${path} can't be read (${code})`, hint, { cause: error });
  }
}
