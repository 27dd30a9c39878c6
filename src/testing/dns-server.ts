import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { type EventEmitter, once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { type Address, IPv4Address, IPv6Address, parseAddress } from '../ip/index.js';
import { answerQuestion } from './answer.js';
import { checkInteger, checkList } from './arguments.js';
import { type Delivery, type DnsQuestion, type Fault, type Plan, planReply, type RuleMatch } from './faults.js';
import type { ZoneRecord } from './record.js';
import type { RecordTypeName } from './record-type.js';
import { RecordTree, type ZoneRecords } from './records.js';
import { checkMatch, matches, type Rule, RuleBook, WHICH } from './rules.js';
import { frame, type Query, readQuery, replyLimit, unframe, writeReply } from './wire.js';
import { parseZone } from './zone.js';

/** What a server answers, and where it listens. */
export interface DnsServerOptions {
  /** What it answers with, besides the zone. Default: nothing, so that every name is NXDOMAIN. */
  readonly records?: Iterable<ZoneRecord> | undefined;
  /** The text of a zone file. */
  readonly zone?: string | undefined;
  /** What names in the zone file without a dot at the end are under. */
  readonly origin?: string | undefined;
  /** Of 127.0.0.0/8, or `::1`: nothing here may leave the machine. Default '127.0.0.1'. */
  readonly host?: Address | string | undefined;
  /** 0 to 65535. Default 0: one that is free for UDP and TCP. */
  readonly port?: number | undefined;
  /** Rules to begin with, as `rule()` takes them. */
  readonly rules?: Iterable<readonly [match: RuleMatch, fault: Fault]> | undefined;
  /** What rules with a `probability` draw from: the same seed and questions, the same faults. Default 1. */
  readonly seed?: number | undefined;
}

/**
 * A DNS server for tests, on UDP and TCP. It answers like a resolver for which its records are the whole world: any other
 * name is NXDOMAIN. Keeps the process alive until it is closed.
 *
 *     await using server = await DnsServer.listen({ zone: 'www.example.com. 60 A 192.0.2.1' });
 *     resolver.setServers([server.address]);
 */
export class DnsServer implements AsyncDisposable {
  /** What it answers with; change it at any time. */
  readonly records: ZoneRecords;
  /** The port, of UDP and TCP. */
  readonly port: number;
  /** `127.0.0.1:53123` or `[::1]:53123`, as `setServers` of `node:dns` takes it. */
  readonly address: string;

  readonly #tree: RecordTree;
  readonly #rules: RuleBook;
  readonly #host: Address;
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  /** The sockets that replies from a wrong port go out of. */
  readonly #otherPorts = new Set<UdpSocket>();
  readonly #connections = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting = new Set<Waiting>();
  readonly #errors: unknown[] = [];
  #questions: DnsQuestion[] = [];
  #closed: Promise<void> | null = null;

  /**
   * Starts a server.
   *
   * @throws {TypeError} for an option, or a part of a rule, that there is not; for a zone or origin that is no text, records
   * or rules that are no list
   * @throws {RangeError} for a host that is not on loopback, and for a port, seed, origin or rule out of its range
   * @throws {AddressParseError} for a host that is no address
   * @throws {ZoneRecordError} {ZoneParseError} for what it should answer with
   * @throws the system's error when the port is taken, or the host is none of this machine
   */
  static async listen(options: DnsServerOptions = {}): Promise<DnsServer> {
    checkOptions(options, OPTIONS);
    const { records = [], zone = '', origin, port = 0, rules = [], seed = 1 } = options;
    const host = loopback(options.host ?? '127.0.0.1');
    checkInteger('port', port, 0, 0xffff);
    checkInteger('seed', seed, 0, 0xffff_ffff);
    checkList('records', records, 'records');
    checkList('rules', rules, 'rules, [match, fault] each');
    const book = new RuleBook(seed);
    for (const rule of rules) {
      if (!Array.isArray(rule)) throw new TypeError(`a rule is ${quote(rule)}: pass [match, fault]`);
      book.add(rule[0], rule[1]);
    }
    const tree = new RecordTree().add(...records, ...parseZone(zone, { origin }));
    return new DnsServer(host, await bindBoth(host, port), tree, book);
  }

  private constructor(host: Address, { udp, tcp, port }: Bound, tree: RecordTree, rules: RuleBook) {
    this.#host = host;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#rules = rules;
    this.#tree = tree;
    this.records = tree;
    this.port = port;
    this.address = host.family === 6 ? `[${host}]:${port}` : `${host}:${port}`;
    udp.on('message', (message, client) => this.#onDatagram(message, client));
    udp.on('error', (error) => this.#errors.push(error));
    tcp.on('connection', (socket) => this.#onConnection(socket));
    tcp.on('error', (error) => this.#errors.push(error));
  }

  /** The questions that came in, in their order, also those that a rule dropped. A copy. */
  get questions(): readonly DnsQuestion[] {
    return [...this.#questions];
  }

  /**
   * How many questions came in about a name in any case (or one that an expression finds), of a type; of any, unless given.
   *
   * @throws {TypeError} for a name that is none; {RangeError} for what is no record type
   */
  count(name?: string | RegExp, type?: RecordTypeName): number {
    checkMatch({ name, type }, WHICH);
    return this.#questions.filter((question) => matches({ name, type }, question)).length;
  }

  /**
   * Until so many of such questions have come in since the start or the last `reset()`: what a test waits for instead of
   * sleeping.
   *
   * @throws {Error} when the server is closed first
   * @throws {TypeError} for a part of the match that there is not; {RangeError} for one, or a number, out of its range
   */
  async asked(times: number, match: Pick<RuleMatch, 'name' | 'type' | 'transport'> = {}): Promise<void> {
    checkInteger('times', times, 0, Number.MAX_SAFE_INTEGER);
    checkMatch(match, WHICH);
    const missing = times - this.#questions.filter((question) => matches(match, question)).length;
    if (missing <= 0) return;
    if (this.#closed !== null) throw closedBefore(missing);
    await new Promise<void>((resolve, reject) => {
      this.#waiting.add({ match, missing, resolve, reject });
    });
  }

  /**
   * Adds a rule after those that are there: for each question the first that fires decides.
   *
   * @throws {TypeError} for a part of the match or the fault that there is not; for a name, a promise or a list that is none
   * @throws {RangeError} for a count, a time or a word that is none
   * @throws {ZoneRecordError} for a record of its answer
   */
  rule(match: RuleMatch, fault: Fault): Rule {
    return this.#rules.add(match, fault);
  }

  /** Forgets the questions, and starts the counts and chances of all rules again. Records and rules stay. */
  reset(): void {
    this.#questions = [];
    this.#rules.restart();
  }

  /**
   * Ends everything at once: replies that wait are never sent, connections are reset. When it has settled no socket or timer
   * is left, and the port is free. Again is as once.
   *
   * @throws {AggregateError} of what functions of rules have thrown, and of replies that fit no message
   */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  /** `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  // --- in

  #onDatagram(message: Buffer, client: RemoteInfo): void {
    const query = readQuery(message);
    if ('rejected' in query) {
      if (query.rejected !== null) this.#udp.send(query.rejected, client.port, client.address, ignore);
      return;
    }
    const plan = this.#decide(query, 'udp', client.port);
    this.#later(plan, () => this.#sendDatagram(plan.delivery, client));
  }

  #onConnection(socket: Socket): void {
    const connection = { pending: 0, ended: false, dripping: false };
    /** What must not come between the octets of a message that drips. */
    const held: Delivery[] = [];
    const endWhenDone = () => {
      if (connection.ended && connection.pending === 0) socket.end();
    };
    const send = (delivery: Delivery) => {
      if (connection.dripping) {
        held.push(delivery);
        return;
      }
      connection.dripping = delivery.how === 'drip';
      this.#sendOn(socket, delivery, () => {
        connection.dripping = false;
        connection.pending -= 1;
        endWhenDone();
        for (const each of held.splice(0)) send(each);
      });
    };
    let unread: Buffer = Buffer.alloc(0);
    this.#connections.add(socket);
    socket.setNoDelay(true);
    // A client that goes away is no error of the server.
    socket.on('error', ignore);
    socket.on('close', () => this.#connections.delete(socket));
    socket.on('end', () => {
      connection.ended = true;
      endWhenDone();
    });
    socket.on('data', (bytes) => {
      const { messages, rest } = unframe(Buffer.concat([unread, bytes]));
      unread = rest;
      for (const message of messages) {
        const query = readQuery(message);
        if ('rejected' in query) {
          if (query.rejected !== null) socket.write(frame(query.rejected));
          continue;
        }
        const plan = this.#decide(query, 'tcp', socket.remotePort ?? 0);
        if (plan.delivery.how === 'nothing') continue;
        connection.pending += 1;
        this.#later(plan, () => send(plan.delivery));
      }
    });
  }

  /** Logs the question and plans its reply. */
  #decide(query: Query, transport: 'udp' | 'tcp', port: number): Plan {
    const { name, type, ednsSize } = query;
    const question: DnsQuestion = { name, type, transport, port, ednsSize };
    this.#questions.push(question);
    for (const waiting of this.#waiting) {
      if (!matches(waiting.match, question)) continue;
      waiting.missing -= 1;
      if (waiting.missing > 0) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
    const { fault, nth } = this.#rules.take(question);
    try {
      return planReply(query, question, answerQuestion(this.#tree, question), fault, nth);
    } catch (error) {
      this.#errors.push(error);
      const answer = { rcode: SERVFAIL, answers: [], authorities: [] };
      const message = writeReply(query, answer, { limit: replyLimit(query, transport) });
      return { delayMs: 0, until: null, delivery: { how: 'send', message, otherPort: false } };
    }
  }

  // --- out

  #later({ until, delayMs }: Plan, work: () => void): void {
    const afterDelay = () => {
      if (this.#closed !== null) return;
      if (delayMs === 0) work();
      else this.#timer(delayMs, work);
    };
    if (until === null) afterDelay();
    else until.then(afterDelay, afterDelay);
  }

  #timer(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  #sendDatagram(delivery: Delivery, client: RemoteInfo): void {
    if (delivery.how !== 'send') return;
    if (!delivery.otherPort) {
      this.#udp.send(delivery.message, client.port, client.address, ignore);
      return;
    }
    const other = createSocket(this.#host.family === 6 ? 'udp6' : 'udp4');
    this.#otherPorts.add(other);
    other.on('close', () => this.#otherPorts.delete(other));
    other.on('error', ignore);
    other.bind(0, this.#host.toString(), () => {
      other.send(delivery.message, client.port, client.address, () => {
        if (this.#otherPorts.has(other)) other.close();
      });
    });
  }

  #sendOn(socket: Socket, delivery: Delivery, done: () => void): void {
    switch (delivery.how) {
      case 'nothing':
        return;
      case 'reset':
        reset(socket);
        return;
      case 'half':
        socket.end(frame(delivery.message).subarray(0, 2 + (delivery.message.length >> 1)));
        return;
      case 'send':
        if (socket.writable) socket.write(frame(delivery.message));
        done();
        return;
      case 'drip':
        this.#drip(socket, frame(delivery.message), delivery, done);
    }
  }

  #drip(socket: Socket, left: Buffer, pace: { bytes: number; everyMs: number }, done: () => void): void {
    if (!socket.writable) return;
    socket.write(left.subarray(0, pace.bytes));
    const rest = left.subarray(pace.bytes);
    if (rest.length === 0) done();
    else this.#timer(pace.everyMs, () => this.#drip(socket, rest, pace, done));
  }

  async #end(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const { missing, reject } of this.#waiting) reject(closedBefore(missing));
    this.#waiting.clear();

    const gone = [this.#udp, this.#tcp, ...this.#otherPorts, ...this.#connections].map(closing);
    this.#udp.close();
    for (const other of this.#otherPorts) other.close();
    this.#otherPorts.clear();
    // No connection may linger in TIME_WAIT: the port must be free again.
    for (const socket of this.#connections) reset(socket);
    this.#tcp.close();
    await Promise.all(gone);
    if (this.#errors.length > 0) throw new AggregateError(this.#errors, reasonsOf(this.#errors));
  }
}

const OPTIONS: readonly (keyof DnsServerOptions)[] = ['records', 'zone', 'origin', 'host', 'port', 'rules', 'seed'];

interface Waiting {
  readonly match: RuleMatch;
  missing: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Bound {
  readonly udp: UdpSocket;
  readonly tcp: Server;
  readonly port: number;
}

const SERVFAIL = 2;
/** Others may hold for UDP the port that the kernel gives for TCP. */
const TRIES = 20;
/** A burst of ten thousand questions; the kernel gives what it has. */
const RECEIVE_BUFFER = 2 ** 22;

function ignore(): void {}

/** A socket that is being ended cannot be reset: libuv refuses, and Node then never closes it. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Unlike `once` of node:events it does not mind an error on the way. */
function closing(each: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    each.once('close', () => resolve());
  });
}

function closedBefore(missing: number): Error {
  return new Error(`the DNS server was closed, and ${missing} more questions were waited for`);
}

function reasonsOf(errors: readonly unknown[]): string {
  return errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ');
}

function loopback(host: Address | string): Address {
  const address = host instanceof IPv4Address || host instanceof IPv6Address ? host : parseAddress(host);
  const allowed = address instanceof IPv6Address ? address.equals(parseAddress('::1')) : address.toBytes()[0] === 127;
  if (!allowed) throw new RangeError(`host ${address}: pass an address of 127.0.0.0/8, or ::1`);
  return address;
}

/** Both sockets on one port. */
async function bindBoth(host: Address, port: number): Promise<Bound> {
  for (let tries = 1; ; tries += 1) {
    const tcp = createServer({ allowHalfOpen: true });
    tcp.listen({ port, host: host.toString(), backlog: 1024 });
    await once(tcp, 'listening');
    const bound = tcp.address();
    const chosen = typeof bound === 'object' && bound !== null ? bound.port : port;

    const type = host.family === 6 ? 'udp6' : 'udp4';
    const udp = createSocket({ type, recvBufferSize: RECEIVE_BUFFER });
    udp.bind(chosen, host.toString());
    try {
      await once(udp, 'listening');
      return { udp, tcp, port: chosen };
    } catch (error) {
      const gone = [closing(tcp), closing(udp)];
      tcp.close();
      udp.close();
      await Promise.all(gone);
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!taken || port !== 0 || tries === TRIES) throw error;
    }
  }
}
