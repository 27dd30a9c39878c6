import type { Socket } from 'node:net';
import { isIP } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import { checkOptions } from '../checks/options.js';
import type { Policy } from '../dns/index.js';
import { connectTo } from './connect.js';
import { ConnectError } from './connect-error.js';
import type { ConnectSettings, DialOptions } from './connect-options.js';
import { DIAL_OPTIONS, readDialOptions, readLocalAddress, readStatedPolicy } from './connect-options.js';
import { limitHandshake } from './handshake-limit.js';
import { readTarget, textOf } from './target.js';

export interface CreateConnectorOptions extends DialOptions {
  /** Which addresses may be connected to: see `ConnectOptions.policy`. It has no default: a guard that is none must be asked for. */
  readonly policy: Policy;
  /** Default: true. */
  readonly noDelay?: boolean | undefined;
  /** Default: true. */
  readonly keepAlive?: boolean | undefined;
  /** For https, as `tls.connect` takes them: `ca`, `cert`, `key`, `ALPNProtocols`. */
  readonly tls?: ConnectionOptions | undefined;
}

/** What undici says of a connection. */
export interface ConnectorRequest {
  /** A name, or an address without brackets. */
  readonly hostname: string;
  readonly host?: string | undefined;
  /** 'http:' or 'https:'. */
  readonly protocol: string;
  /** '' for the protocol's own. */
  readonly port: string;
  readonly servername?: string | undefined;
  readonly localAddress?: string | null | undefined;
  readonly socketPath?: string | null | undefined;
  /** A connection to a proxy, over which to speak TLS. */
  readonly httpSocket?: Socket | undefined;
}

/** How undici is told of a socket, or of why there is none. */
export type ConnectorCallback = (
  ...outcome: [error: null, socket: Socket | TLSSocket] | [error: Error, socket: null]
) => void;

/** What undici takes as the option `connect` of its agents, clients and pools. */
export type Connector = (request: ConnectorRequest, callback: ConnectorCallback) => void;

/**
 * For undici: connects as `connect` does, and speaks TLS for https. Names and IP literals are checked by the policy before a packet is
 * sent, those of redirects, too.
 *
 *     const dispatcher = new Agent({ connect: createConnector({ policy: 'global' }) });
 *     await fetch(url, { dispatcher });
 *
 * `fetch` fails with a TypeError, whose `cause` is the `ConnectError`. `timeoutMs` bounds the TLS handshake, too.
 *
 * @throws {TypeError} {RangeError} {PrefixParseError} for options that are none
 */
export function createConnector(options: CreateConnectorOptions): Connector {
  checkOptions(options, [...DIAL_OPTIONS, 'policy', 'tls']);
  const { noDelay = true, keepAlive = true, tls = {} } = options;
  if (typeof tls !== 'object' || tls === null) throw new TypeError('tls is no object: pass options of tls.connect');
  const settings: ConnectorSettings = {
    ...readDialOptions(options),
    // Those it has read, but for their defaults.
    noDelay,
    keepAlive,
    check: readStatedPolicy(options.policy),
    tls,
    sessions: new Sessions(),
  };
  return (request, callback) => {
    if (typeof callback !== 'function') throw new TypeError('a connector is called with a callback');
    openConnection(settings, request).then(
      // Not inside the promise: what the callback throws is its caller's, and no unhandled rejection.
      (socket) => process.nextTick(callback, null, socket),
      (error: Error) => process.nextTick(callback, error, null),
    );
  };
}

interface ConnectorSettings extends Omit<ConnectSettings, 'signal' | 'localPort'> {
  readonly tls: ConnectionOptions;
  readonly sessions: Sessions;
}

async function openConnection(settings: ConnectorSettings, request: ConnectorRequest): Promise<Socket> {
  const { hostname, protocol, localAddress, socketPath, httpSocket } = request;
  const startMs = performance.now();
  const isSecure = protocol === 'https:';
  const port = request.port === '' ? (isSecure ? 443 : 80) : Number(request.port);
  if (httpSocket !== undefined && httpSocket !== null) {
    if (settings.check !== null) throw proxied(textOf(hostname, port));
    return secure(settings, request, httpSocket, port, startMs);
  }
  const target = readTarget(socketPath ? { path: socketPath } : { host: hostname, port });
  const local = localAddress ? readLocalAddress(localAddress) : settings.local;
  const { socket } = await connectTo(target, { ...settings, local, signal: null, localPort: null });
  return isSecure ? secure(settings, request, socket, port, startMs) : socket;
}

/** TLS on a connection, within what is left of the time. Its errors are Node's. */
function secure(
  { tls, sessions, timeoutMs }: ConnectorSettings,
  { hostname, servername }: ConnectorRequest,
  socket: Socket,
  port: number,
  startMs: number,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = servername || tls.servername || (isIP(hostname) === 0 ? hostname : '');
    const key = textOf(name || hostname, port);
    const session = tls.session ?? sessions.get(key);
    const stream = startTls(socket, {
      ALPNProtocols: ['http/1.1'],
      ...tls,
      ...(session === undefined ? {} : { session }),
      servername: name,
      host: hostname,
    });
    limitHandshake(stream, textOf(hostname, port), timeoutMs, startMs);
    const onError = (error: Error) => {
      sessions.delete(key);
      end();
      reject(error);
    };
    const onSecure = () => {
      end();
      resolve(stream);
    };
    const end = () => {
      stream.off('error', onError);
      stream.off('secureConnect', onSecure);
    };
    stream.on('error', onError);
    stream.on('secureConnect', onSecure);
    stream.on('session', (ticket) => sessions.set(key, ticket));
  });
}

/** Options that Node refuses, it refuses at once: then the connection is nobody's. */
function startTls(socket: Socket, options: ConnectionOptions): TLSSocket {
  try {
    return connectTls({ ...options, socket });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** TLS sessions to resume, the newest of each server. */
class Sessions {
  readonly #sessions = new Map<string, Buffer>();

  get(key: string): Buffer | undefined {
    return this.#sessions.get(key);
  }

  set(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
  }

  delete(key: string): void {
    this.#sessions.delete(key);
  }
}

const MOST_SESSIONS = 100;

function proxied(target: string): ConnectError {
  const problem = 'behind a proxy it is the proxy that resolves the name and connects';
  return new ConnectError(target, { code: 'BLOCKED', problem, hint: "use a proxy with the policy 'any'" });
}
