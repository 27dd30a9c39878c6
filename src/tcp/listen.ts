import { networkInterfaces } from 'node:os';
import { checkOptions } from '../checks/options.js';
import type { CanResolve } from '../dns/index.js';
import { resolve } from '../dns/index.js';
import type { Bind, BindFields, Endpoint } from '../socket/index.js';
import { createBind, SOCK_STREAM } from '../socket/index.js';
import type { AllowedPeers } from './accept-filter.js';
import { compileAllow } from './accept-filter.js';
import { addressesOf } from './bind-addresses.js';
import type { Connection } from './connection.js';
import { checkExposure, explain } from './explain-listen.js';
import { checkFunction, checkSignal, count } from './listen-options.js';
import type { ConnectionHandler, Listener, RefusedPeer, Serving } from './listener.js';
import { createListener } from './listener.js';
import type { OpenServer, Wanted } from './open-servers.js';
import { openServers } from './open-servers.js';
import { checkResolver } from './options.js';

/** What a bind can be made of: fields, an endpoint, endpoint text (`127.0.0.1:8888`, `/run/app.sock`), or a bind. */
export type BindInput = Bind | BindFields | Endpoint | string;

/** Bounds of a listener, and whom it takes. */
export interface ListenerOptions {
  /** Ends the opening, and later the listener: at once, without grace. */
  readonly signal?: AbortSignal | undefined;
  /** Who may connect: nobody else reaches the handler. A peer on a unix socket has no address, and is not asked about. Default: everybody. */
  readonly allow?: AllowedPeers | undefined;
  /** Connections open at once, over all binds; those beyond are reset. Node can't leave them with the kernel. Default: no limit. */
  readonly maxConnections?: number | undefined;
  /** Without a handler: how many may wait for a loop to take them; those beyond are reset. Default: 128. */
  readonly maxUntaken?: number | undefined;
  /** Asks for the addresses of names. Default: one with the defaults that all callers share. */
  readonly resolver?: CanResolve | undefined;
  /**
   * Hears what a handler throws or rejects with, the ends of connections (ECONNRESET, EPIPE) among it, and, with no connection, what the kernel
   * could not accept (EMFILE) and what `allow` has thrown. Default: a process warning, ends of connections apart; a code of the kernel's, and
   * `allow`, is warned about once.
   */
  readonly onError?: ((error: unknown, connection: Connection | null) => void) | undefined;
  /** Hears of peers that were turned away. */
  readonly onRefused?: ((refused: RefusedPeer) => void) | undefined;
}

const OPTIONS = ['signal', 'allow', 'maxConnections', 'maxUntaken', 'resolver', 'onError', 'onRefused'];

/**
 * Listens on one bind or several, as one listener, on all of them or on none. A name stands for all its addresses, on the same port: `localhost`
 * is 127.0.0.1 and ::1. With port 0, which `allowEphemeral` allows, the kernel chooses one for the first address, and the others get the
 * same; when one of them has it taken, another is chosen, eight times at the most. An optional bind whose address is not on this
 * machine is left out, and so is an address of a name when the machine has no address of its family.
 *
 * A bind that says how widely it may be reached (`expose`) is not opened where the planner sees more. No connection is served before
 * all is open.
 *
 * @param handler serves each connection; without one, take them by `for await (const connection of listener)`
 * @throws {BindError} for a bind that is none
 * @throws {ListenError} when one can't be opened, or its name has no addresses: what was open before is closed
 * @throws {TypeError} for an option, or a handler, that is none
 * @throws {RangeError} for a number that is not in its range
 */
export async function listen(
  binds: BindInput | readonly BindInput[],
  handler?: ConnectionHandler | null | undefined,
  options: ListenerOptions = {},
): Promise<Listener> {
  checkFunction('the handler', handler ?? undefined);
  checkOptions(options, OPTIONS);
  const { signal, onError, onRefused, resolver = { resolve }, maxConnections = Infinity, maxUntaken = 128 } = options;
  checkSignal(signal);
  checkResolver(resolver);
  checkFunction('onError', onError);
  checkFunction('onRefused', onRefused);
  const serving: Serving = {
    handler: handler ?? null,
    check: compileAllow(options.allow),
    maxConnections: count('maxConnections', maxConnections),
    maxUntaken: count('maxUntaken', maxUntaken),
    onError: onError ?? null,
    onRefused: onRefused ?? null,
  };
  const list = readBinds(binds);
  const wanted: Wanted[] = [];
  const absent = new Set<Bind>();
  let servers: OpenServer[];
  try {
    for (const bind of list) wanted.push({ bind, sockets: await addressesOf(bind, resolver, signal) });
    await checkExposure(wanted);
    servers = await openServers(wanted, { hasFamily, signal, absent });
  } catch (error) {
    throw await explain(error, wanted, absent);
  }
  const listener = createListener(servers, serving);
  if (signal !== undefined) closeOnAbort(listener, signal);
  return listener;
}

function closeOnAbort(listener: Listener, signal: AbortSignal): void {
  const abort = () => {
    listener.close({ graceMs: 0 });
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  listener.closing.addEventListener('abort', () => signal.removeEventListener('abort', abort), { once: true });
}

/** @throws {TypeError} for none, and for one of datagrams */
function readBinds(binds: BindInput | readonly BindInput[]): Bind[] {
  // Not `map`, which skips the holes of a list.
  const list = Array.from(Array.isArray(binds) ? binds : [binds], (bind: BindInput) => createBind(bind));
  if (list.length === 0) throw new TypeError("there is no bind: write '127.0.0.1:8888'");
  if (list.some(({ type }) => type !== SOCK_STREAM))
    throw new TypeError('listen is for SOCK_STREAM: write bindUdp for UDP');
  return list;
}

function hasFamily(family: 4 | 6): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((one) => one.family === `IPv${family}`));
}
