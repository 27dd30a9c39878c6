import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Bind } from '../socket/index.js';
import { AF_INET, AF_UNIX, toListenOptions } from '../socket/index.js';
import type { OpenFailure } from './open-failure.js';
import { failureOf } from './open-failure.js';

/** What is to be opened for a bind. */
export interface Wanted {
  /** As it was given. */
  readonly bind: Bind;
  /** By address or path: the bind itself, or one for each address of its name. */
  readonly sockets: readonly Bind[];
}

/** A socket that listens. */
export interface OpenServer {
  readonly server: Server;
  /** As it was given. */
  readonly bind: Bind;
  /** Who has connected before everything was open. */
  readonly early: Socket[];
}

/** What openings need of the world. */
export interface Opening {
  /** Whether this machine has an address of a family. */
  readonly hasFamily: (family: 4 | 6) => boolean;
  readonly signal: AbortSignal | undefined;
  /** What is not on this machine, and left out, is put there. */
  readonly absent: Set<Bind>;
}

/** How often the kernel may choose a port that is taken on another address of the name. */
const PORT_TRIES = 8;

/** The address is not on this machine, or its whole family is not. */
export const ABSENT: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Opens everything, in order, or nothing.
 *
 * @throws {OpenFailure} for the first that fails, when what was open is closed again; 'ABORTED' when the signal says so
 */
export async function openServers(wanted: readonly Wanted[], opening: Opening): Promise<OpenServer[]> {
  const opened: OpenServer[] = [];
  let absent: OpenFailure | null = null;
  try {
    for (const one of wanted) {
      const result = await openBind(one, opening);
      opened.push(...result.opened);
      absent ??= result.absent;
    }
    // All of them optional, and none of them here: a listener to nothing would be silent about it.
    if (opened.length === 0 && absent !== null) throw absent;
    return opened;
  } catch (error) {
    await closeServers(opened);
    throw error;
  }
}

/** Closes servers that are not to be, and whoever has connected to them. */
async function closeServers(opened: readonly OpenServer[]): Promise<void> {
  const closed = opened.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve())));
  for (const { server, early } of opened) {
    for (const socket of early) socket.destroy();
    // What the kernel has given, and Node has not told yet.
    server.on('connection', (socket: Socket) => socket.destroy());
  }
  await Promise.all(closed);
}

interface OpenedBind {
  readonly opened: readonly OpenServer[];
  /** The first address that is not here, which is no error. */
  readonly absent: OpenFailure | null;
}

/** All sockets of a bind, on one port. */
async function openBind(wanted: Wanted, opening: Opening): Promise<OpenedBind> {
  // Held until the end, so that the kernel does not choose a port again that has failed.
  const held: OpenServer[] = [];
  try {
    for (let left = PORT_TRIES; ; left--) {
      const result = await tryBind(wanted, opening);
      if (result.failure === null) return result;
      held.push(...result.opened);
      if (left <= 1 || !result.otherPort) throw result.failure;
    }
  } finally {
    await closeServers(held);
  }
}

interface TriedBind extends OpenedBind {
  readonly failure: OpenFailure | null;
  /** Whether the kernel may choose a better port. */
  readonly otherPort: boolean;
}

async function tryBind({ bind, sockets }: Wanted, opening: Opening): Promise<TriedBind> {
  const opened: OpenServer[] = [];
  let absent: OpenFailure | null = null;
  // What the kernel has chosen for the first address is asked for on the others.
  let port: number | null = null;
  for (const socket of sockets) {
    const early: Socket[] = [];
    // Half open, so that a handler may still write when its peer has ended: see ConnectionHandler.
    const server = createServer({ allowHalfOpen: true }, (peer) => {
      peer.on('error', () => {});
      early.push(peer);
    });
    try {
      opening.signal?.throwIfAborted();
      server.listen({ ...toListenOptions(socket), ...(port === null ? {} : { port }) });
      await once(server, 'listening');
    } catch (error) {
      const failure = failureOf(error, bind, socket, opening.signal);
      if (!mayBeAbsent(failure, sockets.length, opening)) {
        const otherPort = failure.code === 'EADDRINUSE' && port !== null && isEphemeral(bind);
        return { opened, absent, failure, otherPort };
      }
      absent ??= failure;
      opening.absent.add(socket);
      continue;
    }
    opened.push({ server, bind, early });
    // Until the listener hears them.
    server.on('error', () => {});
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  }
  const failure = opened.length === 0 && !bind.optional ? absent : null;
  return { opened, absent, failure, otherPort: false };
}

/** An optional bind may be absent; so may an address of a name, when this machine has none of its family: ::1 of localhost. */
function mayBeAbsent({ code, bind, socket }: OpenFailure, sockets: number, { hasFamily }: Opening): boolean {
  if (!ABSENT.has(code)) return false;
  if (bind.optional) return true;
  return sockets > 1 && socket !== null && socket.family !== AF_UNIX && !hasFamily(socket.family === AF_INET ? 4 : 6);
}

function isEphemeral(bind: Bind): boolean {
  return bind.family !== AF_UNIX && bind.port === 0;
}
