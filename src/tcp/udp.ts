import type { Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { checkOptions } from '../checks/options.js';
import type { CanResolve } from '../dns/index.js';
import { resolve } from '../dns/index.js';
import type { Bind, InetBind } from '../socket/index.js';
import { AF_UNIX, BindError, createBind, parseEndpoint, SOCK_DGRAM, toBindOptions } from '../socket/index.js';
import { addressesOf } from './bind-addresses.js';
import { checkExposure, explain } from './explain-listen.js';
import type { BindInput } from './listen.js';
import { checkSignal } from './listen-options.js';
import { failureOf, OpenFailure } from './open-failure.js';
import type { Wanted } from './open-servers.js';
import { checkResolver } from './options.js';

/** What ends a UDP socket. */
export interface BindUdpOptions {
  /** Ends the opening, and closes the socket later. */
  readonly signal?: AbortSignal | undefined;
  /** Asks for the addresses of a name. Default: one with the defaults that all callers share. */
  readonly resolver?: CanResolve | undefined;
}

/**
 * A socket of `node:dgram`, bound: to what `createBind` has checked, as `socket.bind` takes 65616 for port 80 and no address for
 * every interface. Fields without a `type`, and endpoint text, are taken for SOCK_DGRAM here. Of a name, whose `family` must be
 * given, the first address is bound.
 *
 * Its 'error' events are the caller's, as are those of every socket of `node:dgram`.
 *
 * @throws {BindError} for a bind that is none, or not for UDP
 * @throws {ListenError} when it can't be bound, or its name has no address of its family
 * @throws {TypeError} for an option that is none
 */
export async function bindUdp(input: BindInput, options: BindUdpOptions = {}): Promise<Socket> {
  checkOptions(options, ['signal', 'resolver']);
  const { signal, resolver = { resolve } } = options;
  checkSignal(signal);
  checkResolver(resolver);
  const bind = udpBind(input);
  const wanted: Wanted[] = [];
  try {
    const addresses = await addressesOf(bind, resolver, signal);
    const socket = addresses.find(({ family }) => family === bind.family);
    // Not the name itself: Node would ask the system for it.
    if (socket === undefined)
      throw new OpenFailure(bind, null, 'ENOTFOUND', `${bind.host} has no ${bind.family} address`);
    wanted.push({ bind, sockets: [socket] });
    await checkExposure(wanted);
    return await open(bind, socket, signal);
  } catch (error) {
    throw await explain(error, wanted);
  }
}

async function open(given: Bind, bind: Bind, signal: AbortSignal | undefined): Promise<Socket> {
  const options = toBindOptions(bind);
  const socket = createSocket(options.socket);
  try {
    signal?.throwIfAborted();
    socket.bind(options.bind);
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw failureOf(error, given, bind, signal);
  }
  if (signal !== undefined) closeOnAbort(socket, signal);
  return socket;
}

function closeOnAbort(socket: Socket, signal: AbortSignal): void {
  const abort = () => {
    try {
      socket.close();
    } catch {
      // It is closed, and 'close' has not come yet.
    }
  };
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  if (signal.aborted) abort();
}

/** The bind, of UDP where nothing else is said. */
function udpBind(input: BindInput): InetBind {
  const bind = createBind(withType(input));
  if (typeof input === 'string') {
    const endpoint = parseEndpoint(input);
    if (endpoint.kind !== 'unix' && endpoint.protocol === null) return udpBind({ ...endpoint, protocol: 'udp' });
  }
  if (bind.family === AF_UNIX) throw notUdp(input, 'a unix socket is not of UDP', 'use listen');
  const word = typeof input === 'string' ? '/udp' : SOCK_DGRAM;
  if (bind.type !== SOCK_DGRAM) throw notUdp(input, 'the bind is not of UDP', `use listen, or write ${word}`);
  return bind;
}

function notUdp(input: BindInput, problem: string, hint: string): BindError {
  return new BindError(input, [{ path: ['type'], code: 'NOT_FOR_DGRAM', message: `${problem}; ${hint}`, hint }]);
}

function withType(input: BindInput): BindInput {
  if (typeof input !== 'object' || input === null || 'type' in input || 'kind' in input) return input;
  return input.host === undefined ? input : { ...input, type: SOCK_DGRAM };
}
