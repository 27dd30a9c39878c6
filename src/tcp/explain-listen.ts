import { shownAddress } from '../checks/quote.js';
import type { Bind, BindEnvironment, BindPlan, InetBind, UnixBind } from '../socket/index.js';
import { AF_UNIX, planBinds, readEnvironment, SOCK_DGRAM, SOCK_STREAM } from '../socket/index.js';
import { heldPorts } from './held-ports.js';
import { ListenError } from './listen-error.js';
import { OpenFailure } from './open-failure.js';
import type { Wanted } from './open-servers.js';
import { ABSENT } from './open-servers.js';
import type { SocketProcess } from './open-socket.js';
import { openSockets } from './sockets.js';
import { pathText } from './unix-path.js';

/**
 * The error for what has ended an opening, with reasons and a hint. What is no failure stays as it is.
 *
 * @param absent sockets that were left out, and are in nobody's way
 */
export async function explain(
  error: unknown,
  wanted: readonly Wanted[],
  absent: ReadonlySet<Bind> = new Set(),
): Promise<unknown> {
  if (!(error instanceof OpenFailure)) return error;
  const { code, bind, socket, message, cause, hint } = error;
  const known = socket === null || code === EXPOSED;
  const tried = wanted.flatMap(({ sockets }) => sockets).filter((one) => one === socket || !absent.has(one));
  const reason = known ? { ...NONE, explanation: message } : await reasonOf(code, socket, tried);
  return new ListenError({
    code,
    bind,
    target: targetOf(socket ?? bind),
    explanation: reason.explanation,
    holders: reason.holders,
    hint: reason.hint ?? hint ?? hintOf(code, socket ?? bind, reason.environment, tried.length > 1),
    cause,
  });
}

const EXPOSED = 'EXPOSE_EXCEEDED';

/**
 * Holds binds to what they say of their reach, now that the addresses of names are known. Costs nothing when none says so.
 *
 * @throws {OpenFailure} EXPOSE_EXCEEDED
 */
export async function checkExposure(wanted: readonly Wanted[]): Promise<void> {
  if (wanted.every(({ bind }) => bind.expose === null)) return;
  const sockets = wanted.flatMap((one) => one.sockets);
  const { binds } = planBinds(sockets, await environmentOf(sockets));
  const given = wanted.flatMap(({ bind, sockets }) => sockets.map((socket) => ({ bind, socket })));
  for (const [index, { warnings }] of binds.entries()) {
    const warning = warnings.find(({ code }) => code === EXPOSED);
    const one = given[index];
    if (warning !== undefined && one !== undefined) {
      throw new OpenFailure(one.bind, one.socket, EXPOSED, warning.message);
    }
  }
}

interface Reason {
  readonly explanation: string | null;
  readonly hint: string | null;
  readonly holders: readonly SocketProcess[];
  /** Null: not known, or not asked. */
  readonly environment: BindEnvironment | null;
}

const NONE: Reason = { explanation: null, hint: null, holders: [], environment: null };

/** What the planner says about it: a bind that is in its way, a process that is, or what the system says to it alone. */
async function reasonOf(code: string, socket: Bind, sockets: readonly Bind[]): Promise<Reason> {
  if (code === 'ABORTED') return NONE;
  try {
    const environment = await environmentOf(sockets);
    const planned = planBinds(sockets, environment);
    const index = sockets.indexOf(socket);
    const predicted = planned.binds[index]?.predicted;
    const explanation = predicted?.code === code ? predicted.reason : null;
    if (code !== 'EADDRINUSE') return { ...NONE, explanation, environment };
    const conflict = planned.conflicts.find(({ second }) => second === index);
    if (conflict !== undefined) return { ...NONE, explanation: conflict.reason, hint: conflict.fix };
    return { ...NONE, explanation, holders: await holdersOf(planned, index, socket), environment };
  } catch {
    // A machine that can't be read gives no reasons. The error itself is told anyway.
    return NONE;
  }
}

/** Descriptors of processes that are looked at: a machine with more of them is not searched for long on account of an error. */
const MOST_DESCRIPTORS = 200_000;

/** Who has it, as far as this process may see: empty elsewhere than on Linux. */
async function holdersOf(planned: BindPlan, index: number, socket: Bind): Promise<readonly SocketProcess[]> {
  const protocol = socket.family === AF_UNIX ? 'unix' : socket.type === SOCK_DGRAM ? 'udp' : 'tcp';
  try {
    const sockets = await openSockets({ protocols: [protocol], maxDescriptors: MOST_DESCRIPTORS });
    const held = heldPorts(planned, sockets).filter(({ bind }) => bind === index);
    const all = held.flatMap((one) => one.socket.processes ?? []);
    return [...new Map(all.map((one) => [one.pid, one])).values()];
  } catch {
    return [];
  }
}

function environmentOf(sockets: readonly Bind[]): Promise<BindEnvironment> {
  const paths = sockets.flatMap((one) => (one.family === AF_UNIX ? one.path : []));
  // Names are resolved already, by who is asked for them.
  return readEnvironment({ names: [], paths });
}

/** A bind by address, name or path, as people write it. */
export function targetOf(bind: Bind): string {
  if (bind.family === AF_UNIX) return pathText(bind.path);
  const host = shownAddress(bind.host);
  return bind.host.includes(':') ? `[${host}]:${bind.port}` : `${host}:${bind.port}`;
}

function hintOf(code: string, bind: Bind, environment: BindEnvironment | null, hasOthers: boolean): string {
  const otherwise = `the system says ${code}`;
  if (bind.family === AF_UNIX) {
    // An abstract name has no file, and goes with its process.
    if (bind.path.startsWith('\0')) return ABSTRACT_HINTS[code] ?? otherwise;
    return code === 'EADDRINUSE' ? takenPathHint(bind, environment) : (UNIX_HINTS[code] ?? otherwise);
  }
  if (code === 'EACCES') return forbiddenPortHint(bind, environment);
  const hint = INET_HINTS[code] ?? otherwise;
  // To leave it out helps where something is left, and listens.
  const mayBeLeftOut = ABSENT.has(code) && hasOthers && !bind.optional && bind.type === SOCK_STREAM;
  return mayBeLeftOut ? `${hint}, or make the bind optional` : hint;
}

/** A file that is no socket is somebody's. */
function takenPathHint({ path }: UnixBind, environment: BindEnvironment | null): string {
  const state = environment?.paths?.get(path);
  if (state === 'socket')
    return 'end what listens there; when nothing does, the file is of a process that has died: remove it';
  return state === 'file' ? 'write another path' : 'end what listens there, or write another path';
}

function forbiddenPortHint({ port }: InetBind, environment: BindEnvironment | null): string {
  const { canBindPrivileged = null, unprivilegedPortStart: start = 1024 } = environment ?? {};
  if (port === 0 || port >= start || canBindPrivileged === true) return `${GUARDED}; on Windows, reserved ports`;
  const allowed = 'be allowed to bind lower ones';
  return start > 0xffff ? allowed : `choose a port from ${start} on, or ${allowed}`;
}

const GUARDED = 'see what keeps it from this process: a sandbox, or a security module such as AppArmor and SELinux';

const HINTS: Readonly<Record<string, string | undefined>> = {
  EMFILE: 'close files, or raise the limit of open ones (ulimit -n)',
  ABORTED: 'listen again',
};

const INET_HINTS: Readonly<Record<string, string | undefined>> = {
  ...HINTS,
  EADDRINUSE: 'end what holds the port, or choose another',
  EADDRNOTAVAIL: 'choose an address of this machine',
  EAFNOSUPPORT: 'this machine has no addresses of that family: choose another',
  EINVAL: 'choose an address that can be listened on, a link-local one with its zone',
  ENOTFOUND: 'check the name, or write an address',
  EAI_AGAIN: 'try again later, or write addresses',
  EAI_FAIL: 'ask other servers, or write an address',
  EXPOSE_EXCEEDED: 'choose a narrower address, or allow a wider reach',
};

const UNIX_HINTS: Readonly<Record<string, string | undefined>> = {
  ...HINTS,
  EACCES: 'choose a folder that there is, and in which files may be made',
  ENOTDIR: 'choose a folder that there is, and in which files may be made',
  EINVAL: 'choose a shorter path',
};

const ABSTRACT_HINTS: Readonly<Record<string, string | undefined>> = {
  ...HINTS,
  EADDRINUSE: 'end what holds the name, or choose another',
  EACCES: GUARDED,
  EINVAL: 'choose a shorter name; on other systems than Linux, a path',
};
