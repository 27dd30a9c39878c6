import * as http from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { checkOptions } from '../checks/options.js';
import type { Policy } from '../dns/index.js';
import { connectTo } from './connect.js';
import type { ConnectSettings, DialOptions } from './connect-options.js';
import { DIAL_OPTIONS, readDialOptions, readLocalAddress, readStatedPolicy } from './connect-options.js';
import { limitHandshake } from './handshake-limit.js';
import type { Target } from './target.js';
import { readTarget } from './target.js';

/** What agents allow, and how they connect. */
export interface CreateAgentOptions extends Omit<DialOptions, 'noDelay' | 'keepAlive'> {
  /** Which addresses may be connected to: see `ConnectOptions.policy`. It has no default: a guard that is none must be asked for. */
  readonly policy: Policy;
  /** For both agents, as `new https.Agent` takes them: `keepAlive`, `maxSockets`, `ca`. Default: `{ keepAlive: true }`. */
  readonly agentOptions?: https.AgentOptions | undefined;
}

/** An agent for each protocol. got takes them as they are: `{ agent: agents }`. */
export class Agents implements Disposable {
  readonly http: http.Agent;
  readonly https: https.Agent;

  constructor(plain: http.Agent, secure: https.Agent) {
    this.http = plain;
    this.https = secure;
  }

  /** Ends every connection, and those that are being made. */
  destroy(): void {
    this.http.destroy();
    this.https.destroy();
  }

  /** As `destroy`. */
  [Symbol.dispose](): void {
    this.destroy();
  }
}

/**
 * Agents for `http.request` and `https.request` that connect as `connect` does. Names and IP literals, which Node never hands to a
 * `lookup`, are checked by the policy before a packet is sent; so is every redirect, as each is a request of its own.
 *
 *     const agents = createAgent({ policy: 'global' });
 *     http.get(url, { agent: agents.http });
 *
 * A request that cannot connect fails with a `ConnectError`; `timeoutMs` bounds the TLS handshake, too. What is pooled is what Node's agents pool. Certificates are checked as
 * Node does, and the proxies of the environment are not used.
 *
 * @throws {TypeError} {RangeError} {PrefixParseError} for options that are none
 */
export function createAgent(options: CreateAgentOptions): Agents {
  checkOptions(options, AGENT_OPTIONS);
  const { agentOptions = {} } = options;
  checkAgentOptions(agentOptions);
  const settings: DialSettings = { ...readDialOptions(options), check: readStatedPolicy(options.policy) };
  const pool = { keepAlive: true, ...agentOptions };
  return new Agents(new CheckedAgent(pool, settings), new CheckedTlsAgent(pool, settings));
}

const AGENT_OPTIONS = [
  ...DIAL_OPTIONS.filter((name) => name !== 'noDelay' && name !== 'keepAlive'),
  'policy',
  'agentOptions',
];

/** What would go past `connect`, or seem to. */
const REFUSED = ['lookup', 'socket', 'socketPath', 'createConnection', 'proxyEnv', 'autoSelectFamily'];

function checkAgentOptions(options: https.AgentOptions): void {
  if (typeof options !== 'object' || options === null) throw new TypeError('agentOptions is no object');
  const refused = REFUSED.find((name) => Object.hasOwn(options, name));
  if (refused === undefined) return;
  throw new TypeError(`agentOptions.${refused} has no use here: connections are made by connect, see its options`);
}

type DialSettings = Omit<ConnectSettings, 'signal' | 'localPort'>;

// --- agents of Node

/** What Node's agents have beside what is documented; it is the same from Node 20 to 26. */
interface Internals {
  /** Of all origins. */
  totalSocketCount?: number;
  createSocket?(request: http.ClientRequest, options: PoolOptions, callback: (error: Error | null) => void): void;
  /** Also makes a socket for a request that waits. */
  removeSocket?(socket: Socket, options: PoolOptions): void;
}

/** The options of a request, as Node's agents pass them on. */
type PoolOptions = https.RequestOptions & {
  readonly [REQUEST]?: http.ClientRequest | undefined;
  readonly keepAlive?: boolean | undefined;
  readonly keepAliveInitialDelay?: number | undefined;
  readonly noDelay?: boolean | undefined;
};

/** The request that a connection is made for. */
const REQUEST = Symbol('request');

type Callback = (error: Error | null, stream: Duplex) => void;

const HttpAgent = http.Agent as new (options: http.AgentOptions) => http.Agent & Internals;
const HttpsAgent = https.Agent as new (options: https.AgentOptions) => https.Agent & Internals;

class CheckedAgent extends HttpAgent {
  readonly #settings: DialSettings;

  constructor(options: http.AgentOptions, settings: DialSettings) {
    super(options);
    this.#settings = settings;
  }

  override createSocket(
    request: http.ClientRequest,
    options: PoolOptions,
    callback: (error: Error | null) => void,
  ): void {
    super.createSocket?.(request, { ...options, [REQUEST]: request }, callback);
  }

  override createConnection(options: PoolOptions, callback: Callback = () => {}): undefined {
    dial(this, this.#settings, options, (socket) => socket, callback);
  }
}

class CheckedTlsAgent extends HttpsAgent {
  readonly #settings: DialSettings;

  constructor(options: https.AgentOptions, settings: DialSettings) {
    super(options);
    this.#settings = settings;
  }

  override createSocket(
    request: http.ClientRequest,
    options: PoolOptions,
    callback: (error: Error | null) => void,
  ): void {
    super.createSocket?.(request, { ...options, [REQUEST]: request }, callback);
  }

  override createConnection(options: PoolOptions, callback: Callback = () => {}): undefined {
    const startMs = performance.now();
    const { timeoutMs } = this.#settings;
    // Node's own, which resumes TLS sessions, on a connection that is there.
    const secure = (socket: Socket) => {
      const stream = super.createConnection({ ...options, socket } as https.RequestOptions) as TLSSocket;
      limitHandshake(stream, targetOf(options).text, timeoutMs, startMs);
      return stream;
    };
    dial(this, this.#settings, options, secure, callback);
  }
}

// --- a connection for the pool

/** Connects for an agent, which counts the connection from its beginning on: a limit on sockets holds for those that are being made. */
function dial(
  agent: http.Agent & Internals,
  settings: DialSettings,
  options: PoolOptions,
  secure: (socket: Socket) => Socket,
  callback: Callback,
): void {
  const request = options[REQUEST];
  const ending = new AbortController();
  const place = new Place(agent, options);
  // `agent.destroy()` destroys what it counts.
  place.socket.once('close', () => ending.abort());
  const unwatch = request === undefined ? () => {} : watch(request, options.timeout, () => ending.abort());

  const succeed = (stream: Socket) => {
    unwatch();
    place.leave();
    callback(null, stream);
  };
  const fail = (error: Error) => {
    unwatch();
    place.leave();
    if (request !== undefined) unqueue(agent, options, request);
    // A request that was destroyed says why itself.
    if (request?.destroyed === true) request.onSocket(place.socket);
    else callback(error, place.socket);
    agent.removeSocket?.(place.socket, options);
  };

  connectAsAsked(settings, options, ending.signal)
    .then((socket) => {
      socket.setNoDelay(options.noDelay === true);
      if (options.keepAlive === true) socket.setKeepAlive(true, options.keepAliveInitialDelay);
      try {
        const stream = secure(socket);
        if (options.timeout) stream.setTimeout(options.timeout);
        return stream;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    })
    .then(
      // Not inside the promise: what a callback throws is its caller's, and no unhandled rejection.
      (stream) => process.nextTick(succeed, stream),
      (error: Error) => process.nextTick(fail, error),
    );
}

async function connectAsAsked(settings: DialSettings, options: PoolOptions, signal: AbortSignal): Promise<Socket> {
  const { localAddress, localPort, family } = options;
  const { socket } = await connectTo(targetOf(options), {
    ...settings,
    signal,
    local: localAddress === undefined ? settings.local : readLocalAddress(localAddress),
    localPort: localPort ?? null,
    family: family === 4 || family === 6 ? family : settings.family,
  });
  return socket;
}

function targetOf({ socketPath, host, port }: PoolOptions): Target {
  if (socketPath !== undefined && socketPath !== null) return readTarget({ path: socketPath });
  return readTarget({ host: host ?? 'localhost', port: Number(port) });
}

/** What stands among the sockets of an agent for a connection that is being made. */
class Place {
  readonly socket = new Socket();
  readonly #agent: http.Agent & Internals;
  readonly #name: string;

  constructor(agent: http.Agent & Internals, options: PoolOptions) {
    this.#agent = agent;
    this.#name = agent.getName(options);
    const sockets = agent.sockets[this.#name];
    if (sockets === undefined) Object.assign(agent.sockets, { [this.#name]: [this.socket] });
    else sockets.push(this.socket);
    agent.totalSocketCount = (agent.totalSocketCount ?? 0) + 1;
  }

  leave(): void {
    const sockets = this.#agent.sockets[this.#name] ?? [];
    const index = sockets.indexOf(this.socket);
    if (index === -1) return;
    sockets.splice(index, 1);
    if (sockets.length === 0) Reflect.deleteProperty(this.#agent.sockets, this.#name);
    this.#agent.totalSocketCount = (this.#agent.totalSocketCount ?? 1) - 1;
  }
}

/** A request that waits for a connection, and gets none, would be the first to get the next. */
function unqueue(agent: http.Agent, options: PoolOptions, request: http.ClientRequest): void {
  const name = agent.getName(options);
  const requests = agent.requests[name] ?? [];
  const index = requests.indexOf(request);
  if (index === -1) return;
  requests.splice(index, 1);
  if (requests.length === 0) Reflect.deleteProperty(agent.requests, name);
}

/**
 * Does for a request without a socket what its socket would do: it ends the connecting when the request is destroyed, which has no
 * event before there is a socket, and it emits 'timeout'. Gives what ends that.
 */
function watch(request: http.ClientRequest, timeout: number | undefined, end: () => void): () => void {
  const destroy = request.destroy;
  const watched = (error?: Error) => {
    destroy.call(request, error);
    end();
    return request;
  };
  request.destroy = watched;
  const timer = timeout ? setTimeout(() => request.emit('timeout'), timeout) : undefined;
  return () => {
    clearTimeout(timer);
    if (request.destroy === watched) request.destroy = destroy;
  };
}
