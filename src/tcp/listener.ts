import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { codeOf } from '../checks/code-of.js';
import { isThenable } from '../checks/is-thenable.js';
import { messageOf } from '../checks/message-of.js';
import { checkOptions } from '../checks/options.js';
import { told } from '../checks/told.js';
import { parseAddress } from '../ip/index.js';
import type { Bind, SocketAddress } from '../socket/index.js';
import { AF_UNIX } from '../socket/index.js';
import type { AcceptCheck } from './accept-filter.js';
import type { Connection } from './connection.js';
import { listeningOn, localOf, peerOf } from './connection.js';
import type { OpenServer } from './open-servers.js';
import { integer } from './options.js';

/**
 * Serves a connection.
 *
 * It may return before the connection is over, and nothing ends with that. Of a handler that returns a promise the connection may
 * be half open until that is settled: the peer has ended its side, and ours goes on. After that, and with every other handler from
 * its return on, the end of the peer's side ends ours, when all is sent that was written.
 *
 * A handler that throws or rejects ends its own connection at once, and nobody else's.
 */
export type ConnectionHandler = (connection: Connection) => unknown;

/** A peer that was turned away, and why. */
export interface RefusedPeer {
  /** As of a connection. */
  readonly peer: SocketAddress | null;
  /** 'denied': by `allow`. 'full': `maxConnections` are open. 'untaken': `maxUntaken` wait for a loop to take them. */
  readonly cause: 'denied' | 'full' | 'untaken';
  /** In words, for a log. */
  readonly reason: string;
}

/** What became of the connections of a listener. `accepted` is the sum of all others but `open` and `failed`. */
export interface ListenerStats {
  /** All that the kernel has given. */
  readonly accepted: number;
  /** Given to the handler, or taken by a loop. */
  readonly served: number;
  /** Those that wait to be taken. */
  readonly untaken: number;
  /** Turned away by `allow`. */
  readonly denied: number;
  /** Turned away, as there were too many. */
  readonly dropped: number;
  /** Gone before they were served: reset by the peer, or closed by the end of the listener. */
  readonly gone: number;
  /** Open now, `untaken` among them. */
  readonly open: number;
  /** How many handlers have thrown or rejected. */
  readonly failed: number;
}

/** How a listener ends. */
export interface CloseOptions {
  /** How long connections may go on, ms; 0 destroys them at once. Default: 5000. */
  readonly graceMs?: number | undefined;
}

/** A listener's way to do what it does. */
export interface Serving {
  readonly handler: ConnectionHandler | null;
  readonly check: AcceptCheck;
  readonly maxConnections: number;
  readonly maxUntaken: number;
  readonly onError: ((error: unknown, connection: Connection | null) => void) | null;
  readonly onRefused: ((refused: RefusedPeer) => void) | null;
}

/** Who waits for a connection in a loop. */
type Taker = (taken: IteratorResult<Connection, undefined>) => void;

const KEY = /* @__PURE__ */ Symbol('inaddr');

/** Several sockets that listen, as one. Made by `listen`. */
export class Listener implements AsyncIterable<Connection>, AsyncDisposable {
  readonly #serving: Serving;
  readonly #servers: readonly OpenServer[];
  readonly #addresses: readonly SocketAddress[];
  readonly #open = new Set<Connection>();
  /** Without a handler, what no loop has taken yet; with one, what a loop is to see. */
  readonly #queue = new Set<Connection>();
  readonly #waiting: Taker[] = [];
  /** Loops that are going on. */
  #loops = 0;
  readonly #closing = new AbortController();
  #closed: Promise<void> | null = null;
  /** Called whenever nothing is open any more. */
  #drained: () => void = ignore;
  /** When what is open is destroyed. */
  #deadline = Infinity;
  #timer: NodeJS.Timeout | undefined;
  readonly #count = { accepted: 0, served: 0, denied: 0, dropped: 0, gone: 0, failed: 0 };
  /** Codes of accept errors that have been warned about, and the filter once it has been. */
  readonly #warned = new Set<unknown>();

  /** @internal */
  constructor(key: typeof KEY, servers: readonly OpenServer[], serving: Serving) {
    if (key !== KEY)
      throw new TypeError("Listener is not constructed with new; write await listen('127.0.0.1:8888', handler)");
    this.#serving = serving;
    this.#servers = servers;
    this.#addresses = servers.flatMap(({ server, bind }) => listeningOn(server, bind) ?? []);
    // One listener for each connection that wants to know.
    setMaxListeners(0, this.#closing.signal);
    for (const { server, bind, early } of servers) {
      server.removeAllListeners('connection').on('connection', (socket: Socket) => this.#accept(socket, bind));
      server.removeAllListeners('error').on('error', (error) => this.#acceptFailed(error));
      // Not before who has asked for the listener has it.
      setImmediate(() => {
        for (const socket of early) this.#accept(socket, bind);
      });
    }
  }

  /** What is listened on, in the order of the binds, the kernel's ports in the place of 0. Those that were absent are not there. */
  get addresses(): SocketAddress[] {
    return [...this.#addresses];
  }

  /** Connections that are open: a copy. */
  get connections(): Connection[] {
    return [...this.#open];
  }

  /** Aborted when the listener begins to close. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** What it has done so far. */
  stats(): ListenerStats {
    const untaken = this.#serving.handler === null ? this.#queue.size : 0;
    return { ...this.#count, untaken, open: this.#open.size };
  }

  /**
   * Takes no more connections, lets those that are open end, and destroys them after `graceMs`. What nobody has taken yet is
   * closed at once, and loops end. Settles when every connection is closed. May be called again, with less time, too; never
   * rejects for what happens on the way.
   *
   * @throws {TypeError} for an option that there is not
   * @throws {RangeError} for a time that is none
   */
  close(options: CloseOptions = {}): Promise<void> {
    checkOptions(options, ['graceMs']);
    const { graceMs = 5000 } = options;
    integer('graceMs', graceMs, 0);
    this.#closed ??= this.#end();
    this.#destroyAfter(graceMs);
    return this.#closed;
  }

  /** Closes with the default grace. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The connections, as they come. Of several loops each connection goes to one. With a handler the loop sees what the handler has,
   * from the first `next` on. Whoever takes a connection ends it, also after the peer has ended its side. Leaving the loop does not
   * close the listener, whose end ends the loop.
   */
  [Symbol.asyncIterator](): AsyncIterator<Connection, undefined> {
    let state: 'new' | 'going' | 'done' = 'new';
    const own = new Set<Taker>();
    const stop = () => {
      if (state === 'going') this.#loops--;
      state = 'done';
      for (const settle of own) {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        settle({ done: true, value: undefined });
      }
      if (this.#loops === 0 && this.#serving.handler !== null) this.#queue.clear();
    };
    return {
      next: () => {
        if (state === 'new') {
          state = 'going';
          this.#loops++;
        }
        if (state === 'done' || this.#closing.signal.aborted) return Promise.resolve({ done: true, value: undefined });
        const [connection] = this.#queue;
        if (connection !== undefined) {
          this.#queue.delete(connection);
          if (this.#serving.handler === null) this.#count.served++;
          return Promise.resolve({ done: false, value: connection });
        }
        return new Promise((resolve) => {
          const settle: Taker = (taken) => {
            own.delete(settle);
            resolve(taken);
          };
          own.add(settle);
          this.#waiting.push(settle);
        });
      },
      return: () => {
        stop();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  // --- what the kernel gives

  #accept(socket: Socket, bind: Bind): void {
    this.#count.accepted++;
    // A reset is no error of the process. Who reads or writes hears of it.
    socket.on('error', ignore);
    const peer = peerOf(socket, bind);
    const local = localOf(socket, bind);
    if (socket.destroyed || peer === undefined || local === undefined || this.#closing.signal.aborted) {
      this.#count.gone++;
      cut(socket);
      return;
    }
    const refused = this.#refusal(peer);
    if (refused !== null) {
      if (refused.cause === 'denied') this.#count.denied++;
      else this.#count.dropped++;
      this.#refuse(socket, refused);
      return;
    }
    const connection: Connection = { socket, peer, local, bind, closing: this.#closing.signal };
    this.#open.add(connection);
    socket.once('close', () => this.#ended(connection));
    const { handler } = this.#serving;
    if (handler === null) this.#offer(connection);
    else this.#serve(handler, connection);
  }

  /** What it did not give: EMFILE, ENOBUFS. The next one may come. */
  #acceptFailed(error: NodeJS.ErrnoException): void {
    if (this.#serving.onError === null && this.#warned.has(error.code)) return;
    this.#warned.add(error.code);
    this.#report(error, null, 'a listener can not accept');
  }

  /** Why a peer is turned away; null when it is not. */
  #refusal(peer: SocketAddress | null): RefusedPeer | null {
    const { check, maxConnections, maxUntaken, handler } = this.#serving;
    const denied = peer === null || peer.family === AF_UNIX ? null : this.#whyDenied(check, peer.address);
    if (denied !== null) return { peer, cause: 'denied', reason: denied };
    if (this.#open.size >= maxConnections) {
      return { peer, cause: 'full', reason: `${maxConnections} connections are open` };
    }
    if (handler !== null || this.#queue.size < maxUntaken) return null;
    return { peer, cause: 'untaken', reason: `${maxUntaken} connections wait to be taken` };
  }

  /** A filter may be anybody's: one that throws lets nobody in, and ends nothing else. It is told of as what is not accepted is. */
  #whyDenied(check: AcceptCheck, address: string): string | null {
    try {
      return check(parseAddress(address));
    } catch (error) {
      if (this.#serving.onError !== null || !this.#warned.has(check))
        this.#report(error, null, 'allow of a listener has thrown');
      this.#warned.add(check);
      return `allow has thrown: ${messageOf(error)}`;
    }
  }

  // --- a connection

  /** To a loop, or to who comes to take it. */
  #offer(connection: Connection): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#queue.add(connection);
    else {
      this.#count.served++;
      waiting({ done: false, value: connection });
    }
  }

  /** To a loop beside the handler, which may be late: then it misses the oldest. */
  #show(connection: Connection): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) {
      this.#queue.add(connection);
      const [oldest] = this.#queue;
      if (oldest !== undefined && this.#queue.size > this.#serving.maxUntaken) this.#queue.delete(oldest);
    } else waiting({ done: false, value: connection });
  }

  #serve(handler: ConnectionHandler, connection: Connection): void {
    this.#count.served++;
    if (this.#loops > 0) this.#show(connection);
    try {
      const result = handler(connection);
      if (isThenable(result)) {
        Promise.resolve(result).then(
          () => endWithPeer(connection.socket),
          (error: unknown) => this.#failed(error, connection),
        );
      } else endWithPeer(connection.socket);
    } catch (error) {
      this.#failed(error, connection);
    }
  }

  #failed(error: unknown, connection: Connection): void {
    this.#count.failed++;
    const { socket } = connection;
    // What is the end of the connection, and no fault of the handler, is told only to who asks for it.
    const isEnd = socket.destroyed && ENDINGS.has(codeOf(error));
    socket.destroy();
    if (this.#serving.onError !== null || !isEnd)
      this.#report(error, connection, 'the handler of a connection has failed');
  }

  #ended(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size === 0) this.#drained();
    if (this.#queue.delete(connection) && this.#serving.handler === null) this.#count.gone++;
  }

  #refuse(socket: Socket, refused: RefusedPeer): void {
    cut(socket);
    hear('onRefused', () => this.#serving.onRefused?.(refused));
  }

  #report(error: unknown, connection: Connection | null, what: string): void {
    const { onError } = this.#serving;
    if (onError !== null) hear('onError', () => onError(error, connection));
    else warn(what, error);
  }

  // --- the end

  async #end(): Promise<void> {
    this.#closing.abort(new Error('the listener closes'));
    const closed = this.#servers.map(({ server }) => new Promise<void>((resolve) => server.close(() => resolve())));
    if (this.#serving.handler === null) for (const connection of this.#queue) cut(connection.socket);
    for (const settle of this.#waiting.splice(0)) settle({ done: true, value: undefined });
    await Promise.all(closed);
    if (this.#open.size > 0)
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    clearTimeout(this.#timer);
    this.#deadline = 0;
  }

  #destroyAfter(graceMs: number): void {
    const deadline = performance.now() + graceMs;
    if (this.#deadline <= deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#timer);
    const destroy = () => {
      for (const { socket } of this.#open) socket.destroy();
    };
    if (graceMs === 0) destroy();
    else this.#timer = setTimeout(destroy, graceMs);
  }
}

/** What reading and writing fail with when the peer has reset, or the listener has cut, the connection. */
const ENDINGS: ReadonlySet<unknown> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ABORT_ERR',
]);

function ignore(): void {}

/** From now on as `net` has it by default. */
function endWithPeer(socket: Socket): void {
  socket.allowHalfOpen = false;
  if (socket.readableEnded && socket.writable) socket.end();
}

/** Closes without ceremony: no TIME-WAIT stays behind of a flood. */
function cut(socket: Socket): void {
  // A reset is for TCP alone.
  if (socket.remoteAddress === undefined) socket.destroy();
  else socket.resetAndDestroy();
}

/** What a callback throws or rejects with is told, and ends nothing. */
function hear(name: string, callback: () => unknown): void {
  const failed = (error: unknown) => warn(`${name} of a listener has thrown`, error);
  try {
    const result = callback();
    if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
  } catch (error) {
    failed(error);
  }
}

function warn(what: string, error: unknown): void {
  process.emitWarning(`${what}: ${wordsOf(error)}`, { type: 'ListenerWarning', ...stackOf(error) });
}

function wordsOf(error: unknown): string {
  try {
    return error instanceof Error || typeof error === 'string' ? messageOf(error) : told(error);
  } catch {
    return messageOf(error);
  }
}

function stackOf(error: unknown): { readonly detail?: string } {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? { detail: error.stack } : {};
  } catch {
    return {};
  }
}

/** A listener over servers that are open. */
export function createListener(servers: readonly OpenServer[], serving: Serving): Listener {
  return new Listener(KEY, servers, serving);
}
