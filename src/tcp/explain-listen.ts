import type { Bind, BindPlan } from '../socket/index.js';
import { AF_INET6, AF_UNIX, planBinds, readEnvironment, SOCK_DGRAM } from '../socket/index.js';
import { heldPorts } from './held-ports.js';
import { ListenError } from './listen-error.js';
import { OpenFailure } from './open-failure.js';
import type { Wanted } from './open-servers.js';
import type { SocketProcess } from './open-socket.js';
import { openSockets } from './sockets.js';

/** The error for what has ended an opening, with reasons and a hint. What is no failure stays as it is. */
export async function explain(error: unknown, wanted: readonly Wanted[]): Promise<unknown> {
  if (!(error instanceof OpenFailure)) return error;
  const { code, bind, socket, message, cause, hint } = error;
  const known = socket === null || code === EXPOSED;
  const reason = known ? { ...NONE, explanation: message } : await reasonOf(code, socket, wanted);
  return new ListenError({
    code,
    bind,
    target: targetOf(socket ?? bind),
    explanation: reason.explanation,
    holders: reason.holders,
    hint: reason.hint ?? hint ?? hintOf(code, bind),
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
  const { binds } = await plan(wanted);
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
}

const NONE: Reason = { explanation: null, hint: null, holders: [] };

/** What the planner says about it: a bind that is in its way, a process that is, or what the system says to it alone. */
async function reasonOf(code: string, socket: Bind, wanted: readonly Wanted[]): Promise<Reason> {
  if (code === 'ABORTED') return NONE;
  try {
    const planned = await plan(wanted);
    const index = wanted.flatMap(({ sockets }) => sockets).indexOf(socket);
    const predicted = planned.binds[index]?.predicted;
    const explanation = predicted?.code === code ? predicted.reason : null;
    if (code !== 'EADDRINUSE') return { ...NONE, explanation };
    const conflict = planned.conflicts.find(({ second }) => second === index);
    if (conflict !== undefined) return { ...NONE, explanation: conflict.reason, hint: conflict.fix };
    return { ...NONE, explanation, holders: await holdersOf(planned, index, socket) };
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

async function plan(wanted: readonly Wanted[]): Promise<BindPlan> {
  const sockets = wanted.flatMap((one) => one.sockets);
  const paths = sockets.flatMap((one) => (one.family === AF_UNIX ? one.path : []));
  // Names are resolved already, by who is asked for them.
  return planBinds(sockets, await readEnvironment({ names: [], paths }));
}

/** A bind by address, name or path, as people write it. */
export function targetOf(bind: Bind): string {
  if (bind.family === AF_UNIX) return bind.path.replace(/^\0/, '@');
  return bind.family === AF_INET6 ? `[${bind.host}]:${bind.port}` : `${bind.host}:${bind.port}`;
}

function hintOf(code: string, bind: Bind): string {
  // An abstract name has no file, and goes with its process.
  if (bind.family === AF_UNIX && bind.path.startsWith('\0'))
    return HINTS[code]?.replace('port', 'name') ?? `the system says ${code}`;
  if (bind.family === AF_UNIX) return UNIX_HINTS[code] ?? `the system says ${code}`;
  return HINTS[code] ?? `the system says ${code}`;
}

const HINTS: Readonly<Record<string, string | undefined>> = {
  EADDRINUSE: 'end what holds the port, or choose another',
  EADDRNOTAVAIL: 'choose an address of this machine, or make the bind optional',
  EAFNOSUPPORT: 'this machine has no addresses of that family: choose another, or make the bind optional',
  EACCES: 'choose a port from 1024 on, or be allowed to bind lower ones',
  EINVAL: 'choose an address that can be listened on, a link-local one with its zone',
  EMFILE: 'close files, or raise the limit of open ones (ulimit -n)',
  ENOTFOUND: 'check the name, or write an address',
  EAI_AGAIN: 'try again later, or write addresses',
  EAI_FAIL: 'ask other servers, or write an address',
  ABORTED: 'listen again',
  EXPOSE_EXCEEDED: 'choose a narrower address, or allow a wider reach',
};

const UNIX_HINTS: Readonly<Record<string, string | undefined>> = {
  ...HINTS,
  EADDRINUSE: 'end what listens there; when nothing does, the file is of a process that has died: remove it',
  EACCES: 'choose a folder that there is, and in which files may be made',
  EINVAL: 'choose a shorter path',
};
