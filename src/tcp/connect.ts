import type { NetConnectOpts, Socket } from 'node:net';
import { shownAddress } from '../checks/quote.js';
import { recordAddresses } from '../checks/record-addresses.js';
import { DnsError } from '../dns/index.js';
import type { Address } from '../ip/index.js';
import { parseAddress } from '../ip/index.js';
import type { ConnectAttempt, ConnectFailure } from './connect-error.js';
import { ConnectError, hintOf, mostTellingCode } from './connect-error.js';
import type { ConnectIo } from './connect-io.js';
import { SYSTEM } from './connect-io.js';
import type { ConnectOptions, ConnectSettings } from './connect-options.js';
import { readConnectOptions } from './connect-options.js';
import type { RaceQuestion } from './happy-eyeballs.js';
import { Race } from './happy-eyeballs.js';
import { onAbort } from './on-abort.js';
import type { Destination } from './sort-addresses.js';
import type { ConnectTarget, Target } from './target.js';
import { readTarget, textOf } from './target.js';
import type { Unanswered } from './unanswered.js';
import { badResponse, readDnsError } from './unanswered.js';

/** A connection, and how it came about. */
export interface Connected {
  /** Connected, and the caller's: nothing here listens to it any more. */
  readonly socket: Socket;
  /** Every address that was tried or denied, in order. */
  readonly trace: readonly ConnectAttempt[];
}

/**
 * A connection to a target, to the first of its addresses that answers: Happy Eyeballs v2 (RFC 8305). IPv6 and IPv4 addresses are asked
 * for apart, sorted by RFC 6724 and tried in turns; the next one begins 250 ms after the last, or at once when one fails, and none is
 * given up before another has connected. When this has settled no other socket, timer or listener is left.
 *
 *     const { socket } = await connect('example.com:80', { timeoutMs: 5000 });
 *
 * With a policy, every address is checked before a packet is sent to it: those of names, and literals.
 *
 * @throws {ConnectError} when there is no connection, with every attempt in its `trace`
 * @throws {TypeError} {RangeError} {PrefixParseError} for options that are none
 */
export async function connect(target: ConnectTarget, options: ConnectOptions = {}): Promise<Connected> {
  return connectTo(readTarget(target), readConnectOptions(options));
}

/** `connect` of what was read already. */
export function connectTo(target: Target, settings: ConnectSettings, io: ConnectIo = SYSTEM): Promise<Connected> {
  return new Promise((resolve, reject) => {
    new Call(target, settings, io, resolve, reject).begin();
  });
}

/** How many addresses of an answer are tried at the most: whoever writes a zone decides how many there are. */
const MOST_ADDRESSES = 32;

/** An attempt that goes on, or has ended. */
interface Entry {
  readonly address: string;
  readonly port: number | null;
  readonly startMs: number;
  outcome: ConnectAttempt['outcome'] | null;
  errno: string | null;
  ms: number;
  /** Ends the attempt. */
  readonly end: () => void;
}

interface UnansweredQuestion extends Unanswered {
  /** Null for both address types. */
  readonly type: 'AAAA' | 'A' | null;
}

class Call {
  readonly #target: Target;
  readonly #settings: ConnectSettings;
  readonly #io: ConnectIo;
  readonly #resolve: (connected: Connected) => void;
  readonly #reject: (error: ConnectError) => void;
  readonly #startMs: number;
  readonly #entries: Entry[] = [];
  readonly #questions = new AbortController();
  #race = new Race<Destination>([], { attemptDelayMs: 0, resolutionDelayMs: 0 });
  #settled = false;
  #endWait = () => {};
  #endLimit = () => {};
  #unlisten = () => {};
  /** The addresses of the name so far. */
  readonly #found = new Set<string>();
  /** What the system said, by errno, the first of each. */
  readonly #errors = new Map<string, Error>();
  /** Why questions have no answer. */
  readonly #unanswered: UnansweredQuestion[] = [];
  /** The first denied address, and why. */
  #denied: { readonly reason: string; readonly cause: unknown } | null = null;

  constructor(
    target: Target,
    settings: ConnectSettings,
    io: ConnectIo,
    resolve: (connected: Connected) => void,
    reject: (error: ConnectError) => void,
  ) {
    this.#target = target;
    this.#settings = settings;
    this.#io = io;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#startMs = io.now();
  }

  begin(): void {
    const { signal, timeoutMs } = this.#settings;
    if (signal?.aborted) {
      this.#abort(signal);
      return;
    }
    if (signal !== null) this.#unlisten = onAbort(signal, () => this.#abort(signal));
    this.#endLimit = this.#io.after(timeoutMs, () => this.#timeOut());

    const target = this.#target;
    try {
      if (target.kind === 'unix') this.#beginUnix(target.path);
      else if (target.kind === 'address') this.#beginAddress(target.address, target.port);
      else this.#beginName(target.name, target.port);
    } catch (error) {
      // Of a resolver, which may be anybody's.
      this.#end('ended');
      throw error;
    }
  }

  // --- what is connected to

  #beginUnix(path: string): void {
    if (this.#settings.check !== null) {
      const problem = 'the policy is about addresses, and a unix socket has none';
      this.#fail({ code: 'BLOCKED', problem, hint: "connect to it with the policy 'any'" });
      return;
    }
    this.#attempt(path, null, { path });
  }

  #beginAddress(address: Address, port: number): void {
    const now = this.#io.now();
    this.#race.arrived(
      'both',
      this.#admit([address], port).map((one) => ({ address: one, source: null })),
      now,
    );
    this.#advance(port);
  }

  #beginName(name: string, port: number): void {
    const { attemptDelayMs, resolutionDelayMs } = this.#settings;
    const questions = this.#questionsOf();
    this.#race = new Race(questions, { attemptDelayMs, resolutionDelayMs });
    for (const question of questions) {
      this.#ask(question, name, port).catch((error: unknown) => {
        this.#unanswered.push(unansweredBy(error, name, question));
        this.#race.arrived(question, [], this.#io.now());
        this.#advance(port);
      });
    }
    if (questions.length === 0) this.#advance(port);
  }

  /** Each type apart where that can be done, AAAA first: its answer need not wait for the other's. */
  #questionsOf(): readonly RaceQuestion[] {
    const { resolver, family, local } = this.#settings;
    const only = [family, local?.family, resolver.family];
    if (only.includes(4) && only.includes(6)) return [];
    if (only.includes(4)) return ['A'];
    if (only.includes(6)) return ['AAAA'];
    // Of a name that is completed, each type could be found under another name.
    return resolver.searches === true ? ['both'] : ['AAAA', 'A'];
  }

  async #ask(question: RaceQuestion, name: string, port: number): Promise<void> {
    const { resolver } = this.#settings;
    const { signal } = this.#questions;
    const type = question === 'both' ? undefined : question;
    const answer = await (type === undefined
      ? resolver.resolve(name, undefined, { signal })
      : resolver.resolve(name, type, { signal }));
    if (this.#settled) return;
    const all = recordAddresses(answer, parseAddress);
    if (all.length === 0) throw noneOf(name, question);
    const addresses = this.#admit(this.#unlike(all).slice(0, MOST_ADDRESSES), port);
    this.#race.answered(question);
    const sources = await this.#sourcesOf(addresses, port);
    if (this.#settled) return;
    const destinations = addresses.map((address, index) => ({ address, source: sources[index] ?? null }));
    this.#race.arrived(question, destinations, this.#io.now());
    this.#advance(port);
  }

  /** Those that no answer has had before: to the kernel a mapped address is its IPv4 address. */
  #unlike(addresses: readonly Address[]): Address[] {
    return addresses.filter((address) => {
      const plain = (address.family === 6 ? address.unmap() : address).toString();
      const isNew = !this.#found.has(plain);
      this.#found.add(plain);
      return isNew;
    });
  }

  async #sourcesOf(addresses: readonly Address[], port: number) {
    const { local } = this.#settings;
    // Where it is given no other is used.
    if (local !== null) return addresses.map(() => ({ address: local, prefixLength: 0 }));
    // The system may have no more sockets: then the order is that of the answer.
    return this.#io.sources(addresses, port).catch(() => addresses.map(() => null));
  }

  /** What may be connected to. A mapped address is an IPv4 address to the kernel, and so to RFC 6724. */
  #admit(addresses: readonly Address[], port: number): Address[] {
    const { family, local } = this.#settings;
    return addresses.flatMap((address) => {
      const plain = address.family === 6 ? address.unmap() : address;
      if (this.#denies(address)) {
        const startMs = this.#elapsed();
        const end = () => {};
        this.#entries.push({ address: address.toString(), port, startMs, outcome: 'blocked', errno: null, ms: 0, end });
        return [];
      }
      const isWanted = plain.family === (family ?? plain.family) && plain.family === (local?.family ?? plain.family);
      return isWanted ? [plain] : [];
    });
  }

  /** The policy is asked about the address without its zone. */
  #denies(address: Address): boolean {
    const { check } = this.#settings;
    if (check === null) return false;
    const text = (address.family === 6 ? address.withZone(null) : address).toString();
    try {
      const reason = check(text);
      if (reason === null) return false;
      this.#denied ??= { reason: `${shownAddress(address)}: ${reason}`, cause: undefined };
    } catch (cause) {
      this.#denied ??= { reason: `${shownAddress(address)}: the policy has thrown`, cause };
    }
    return true;
  }

  // --- attempts

  #advance(port: number): void {
    this.#endWait();
    while (!this.#settled) {
      const now = this.#io.now();
      const step = this.#race.next(now);
      if (step.kind === 'exhausted') {
        this.#fail(this.#failure());
      } else if (step.kind === 'attempt') {
        this.#attemptAddress(step.destination.address, port);
      } else {
        const { untilMs } = step;
        // Rounded up: a timer that comes too early would only be set again.
        if (untilMs !== null) this.#endWait = this.#io.after(Math.ceil(untilMs - now), () => this.#advance(port));
        return;
      }
    }
  }

  #attemptAddress(address: Address, port: number): void {
    const { local, localPort, noDelay, keepAlive } = this.#settings;
    this.#attempt(address.toString(), port, {
      host: address.toString(),
      port,
      family: address.family,
      autoSelectFamily: false,
      noDelay,
      keepAlive,
      ...(local === null ? {} : { localAddress: local.toString() }),
      ...(localPort === null ? {} : { localPort }),
    });
  }

  #attempt(address: string, port: number | null, options: NetConnectOpts): void {
    const startMs = this.#elapsed();
    const end = this.#io.open(options, {
      connected: (socket) => {
        this.#close(entry, 'connected');
        this.#end('lost');
        this.#resolve({ socket, trace: this.#trace() });
      },
      failed: (error) => {
        this.#close(entry, 'failed');
        entry.errno = errnoOf(error);
        if (!this.#errors.has(entry.errno)) this.#errors.set(entry.errno, error);
        if (port === null) {
          this.#fail(this.#failure());
          return;
        }
        this.#race.failed(this.#io.now());
        this.#advance(port);
      },
    });
    const entry: Entry = { address, port, startMs, outcome: null, errno: null, ms: 0, end };
    this.#entries.push(entry);
  }

  #close(entry: Entry, outcome: ConnectAttempt['outcome']): void {
    entry.outcome = outcome;
    entry.ms = this.#elapsed() - entry.startMs;
  }

  // --- the end

  /** Nothing is left after it: no socket, question, timer or listener. */
  #end(outcome: 'lost' | 'ended'): void {
    this.#settled = true;
    this.#endWait();
    this.#endLimit();
    this.#unlisten();
    for (const entry of this.#entries) {
      if (entry.outcome !== null) continue;
      entry.end();
      this.#close(entry, outcome);
    }
    // With a reason: without one an error is made for it, which nobody sees.
    this.#questions.abort('the call is over');
  }

  #fail(failure: Omit<ConnectFailure, 'trace'>): void {
    this.#end('ended');
    this.#reject(new ConnectError(this.#target.text, { ...failure, trace: this.#trace() }));
  }

  #abort(signal: AbortSignal): void {
    this.#fail({ code: 'ABORTED', problem: 'the call was aborted', hint: 'connect again', cause: signal.reason });
  }

  #timeOut(): void {
    const problem = `no connection in ${this.#settings.timeoutMs} ms, ${this.#story()}`;
    // Nobody has asked the host as long as it has no address.
    const isAsked = this.#target.kind !== 'name' || this.#entries.length > 0;
    const who = isAsked ? 'the host answers' : 'the servers of the resolver answer';
    const hint = `check that ${who}, or pass a longer timeoutMs`;
    this.#fail({ code: 'TIMEOUT', problem, hint });
  }

  /** Why no attempt has connected, and none is left. */
  #failure(): Omit<ConnectFailure, 'trace'> {
    const blocked = this.#unanswered.find(({ code }) => code === 'BLOCKED');
    const isBlocked = this.#denied !== null || blocked !== undefined;
    const code = mostTellingCode([...this.#errors.keys(), ...(isBlocked ? ['BLOCKED'] : [])]);
    if (code === 'BLOCKED') {
      const { reason, cause } = this.#denied ?? { reason: blocked?.problem ?? '', cause: blocked?.cause };
      const story = this.#errors.size > 0 ? `, ${this.#story()}` : '';
      return { code, problem: `${reason}${story}`, hint: 'the policy does not allow the address', cause };
    }
    const error = code === null ? undefined : this.#errors.get(code);
    if (error !== undefined) {
      const tried = this.#entries.find(({ errno }) => errno === code);
      const address = tried === undefined || tried.port === null ? null : parseAddress(tried.address);
      const hint = hintOf(errnoOf(error), { address, isFromLocal: this.#settings.local !== null });
      return { code: errnoOf(error), problem: this.#story(), hint, cause: error };
    }
    const dns = mostTelling(this.#unanswered);
    if (dns !== null && dns.code !== 'NODATA') {
      return { code: dns.code, problem: `the name is not resolved: ${dns.problem}`, hint: dns.hint, cause: dns.cause };
    }
    const { family, local } = this.#settings;
    if (family === null && local === null) {
      const hint = 'check the name, and the family of the resolver';
      return { code: 'NODATA', problem: 'the name has no addresses', hint, cause: dns?.cause };
    }
    const wanted = local === null ? `IPv${family}` : `the family of ${shownAddress(local)}`;
    const hint = `leave ${local === null ? 'family' : 'localAddress'} out, or connect to another target`;
    return { code: 'NO_ADDRESS', problem: `no address of ${wanted}`, hint, cause: dns?.cause };
  }

  /** The attempts in words. */
  #story(): string {
    const parts = this.#entries.map(({ address, port, outcome, errno }) => {
      const where = port === null ? this.#target.text : textOf(address, port);
      return `${where} ${errno ?? (outcome === 'blocked' ? 'is denied' : 'has not answered')}`;
    });
    // That a name has no addresses of one family is nothing to tell of.
    const failed = this.#unanswered.filter(({ code }) => code !== 'NODATA');
    const unanswered = failed.map(({ code, type }) => `${type ?? 'its addresses'} ${code}`);
    const all = [...parts, ...unanswered];
    if (all.length === 0) return 'the name is not resolved';
    return all.length > 6 ? `${all.slice(0, 6).join(', ')} and ${all.length - 6} more` : all.join(', ');
  }

  #trace(): ConnectAttempt[] {
    return this.#entries.map(({ address, port, startMs, outcome, errno, ms }) => {
      return { address, port, startMs, outcome: outcome ?? 'ended', errno, ms };
    });
  }

  #elapsed(): number {
    return this.#io.now() - this.#startMs;
  }
}

function noneOf(name: string, question: RaceQuestion): DnsError {
  const type = question === 'both' ? null : question;
  const hint = 'the resolver should say so with an error';
  return new DnsError('NODATA', { name, type }, 'an answer without addresses', { hint });
}

function unansweredBy(error: unknown, name: string, question: RaceQuestion): UnansweredQuestion {
  const type = question === 'both' ? null : question;
  const known = readDnsError(error);
  if (known !== null) return { ...known, type };
  const { code, problem, hint } = badResponse(error);
  return { code, problem, hint, type, cause: new DnsError(code, { name, type }, problem, { hint, cause: error }) };
}

/** Of two questions without an answer: a failure before NODATA, which says that there is the name, before NXDOMAIN. */
function mostTelling(errors: readonly UnansweredQuestion[]): UnansweredQuestion | null {
  const rank = ({ code }: UnansweredQuestion) => (code === 'NXDOMAIN' ? 0 : code === 'NODATA' ? 1 : 2);
  return errors.reduce<UnansweredQuestion | null>(
    (best, one) => (best === null || rank(one) > rank(best) ? one : best),
    null,
  );
}

function errnoOf(error: Error): `E${string}` {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code.startsWith('E') ? `E${code.slice(1)}` : 'EUNKNOWN';
}
