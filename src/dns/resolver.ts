import { getServers } from 'node:dns';
import type { Address } from '../ip/index.js';
import { formatReverseName, parseAddress } from '../ip/index.js';
import type { AddressFamilies, Answer, AnswerSource, FamilyAnswer, ResolveOptions } from './answer.js';
import type { CacheOptions, Known } from './cache.js';
import { Cache, cacheKey } from './cache.js';
import type { Attempt, DnsErrorCode, Question } from './error.js';
import { DnsError } from './error.js';
import type { CacheEvent, QueryEvent } from './events.js';
import { attemptChannel, cacheChannel, queryChannel } from './events.js';
import type { CreateBackend, Outcome } from './exchange.js';
import { createBackend, readServer } from './exchange.js';
import { Flights } from './flights.js';
import type { HostsTable, LocalAnswer } from './hosts.js';
import { answerLocally, hostsPath, parseHosts, systemHosts } from './hosts.js';
import { integer, Limit, TimeIsOver } from './limit.js';
import type { Lookup } from './lookup.js';
import { createLookup } from './lookup.js';
import { candidates, readName } from './name.js';
import type { Policy, PolicyCheck } from './policy.js';
import { compilePolicy } from './policy.js';
import type { AddressRecord, DnsRecord, RecordOf, RecordType } from './records.js';
import { leastTtl, ownCopy, RECORD_TYPES } from './records.js';
import type { Stop } from './stop.js';
import type { SharedStore } from './store.js';
import { GuardedStore } from './store.js';
import { Progress, Upstream } from './upstream.js';

export interface ResolverOptions {
  /** Addresses with an optional port, '192.0.2.1:53', '[2001:db8::1]'; one or more. Default: the system's. */
  readonly servers?: readonly string[] | undefined;
  /** The whole call, ms. Default: 5000. */
  readonly timeoutMs?: number | undefined;
  /** One question to one server, ms. Default: 2000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** How often each server is asked at the most, all of them once before one is asked again. Default: 2. */
  readonly attempts?: number | undefined;
  /** Questions on the wire at once; others wait for their turn. Default: 128. */
  readonly maxInFlight?: number | undefined;
  /** False: no cache. */
  readonly cache?:
    | (CacheOptions & { readonly store?: SharedStore | undefined; readonly storeTimeoutMs?: number | undefined })
    | false
    | undefined;
  /** Which addresses an answer may contain. Default: 'any'. */
  readonly policy?: Policy | undefined;
  /** One denied address fails the whole answer ('fail', the default), or is left out ('drop'). */
  readonly onDenied?: 'fail' | 'drop' | undefined;
  /** 'system', the default; false; or the text of a hosts file. */
  readonly hosts?: 'system' | false | { readonly text: string } | undefined;
  /** Default: 'any', A before AAAA. */
  readonly family?: AddressFamilies | undefined;
  /**
   * Suffixes for names without a trailing dot. Default: none. A name of the hosts file, and one that is special, is never completed; a
   * failure of the servers ends the search.
   */
  readonly search?: readonly string[] | undefined;
  /** With so many dots a name is tried as it is before the search list, with fewer after it; 0 to 15. Default: 1. */
  readonly ndots?: number | undefined;
  /** Ask servers for `.local`, which is multicast DNS's. Default: false. */
  readonly forwardLocal?: boolean | undefined;
  /** Monotonic, ms. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  /** Makes what asks a server, in the place of `dns.promises`; called once for each server. */
  readonly createBackend?: CreateBackend | undefined;
}

/** What a resolver has done so far. */
export interface ResolverStats {
  /** Answers of the cache, and names that it had none for; each address family counts. */
  readonly hits: number;
  readonly misses: number;
  /** Answers whose time was over. */
  readonly stale: number;
  /** Calls that ended with BLOCKED. */
  readonly blocked: number;
  /** Questions put to servers so far, and those whose answer is awaited now. */
  readonly questions: number;
  readonly inFlight: number;
  /** Questions that wait for their turn. */
  readonly queued: number;
  /** Questions that the cache remembers. */
  readonly entries: number;
  /** Answers of the shared store, calls to it that failed or took too long, and values that were none; null without one. */
  readonly store: { readonly hits: number; readonly failures: number; readonly lies: number } | null;
}

/** A name of an address, and whether it leads back to it. */
export interface VerifiedName {
  readonly name: string;
  readonly confirmed: boolean;
  /** Why its addresses are not known; null when they are. */
  readonly error: DnsErrorCode | null;
}

/** A stale answer is given after so long, when the servers have not answered by then (RFC 8767 section 5), ms. */
const STALE_WAIT_MS = 1800;
/** TTL of a stale answer (RFC 8767 section 4). */
const STALE_TTL = 30;
/** How many names of an address are verified: whoever writes its PTR records decides how many there are. */
const MOST_NAMES = 10;

/** What is known of one name and type, and from where. */
interface Found {
  readonly known: Known;
  readonly source: AnswerSource;
  readonly stale: boolean;
  readonly trace: readonly Attempt[];
  /** What to do about it, when that is not what its code says. */
  readonly hint: string | null;
  readonly cause: unknown;
}

/** One call: its question, its end, and every server that was asked for it, which its errors share. */
interface Call {
  readonly question: Question;
  readonly limit: Limit;
  readonly trace: Attempt[];
}

/** What the policy has left of what was found. */
interface Screened {
  readonly found: Found;
  readonly records: readonly DnsRecord[];
  /** The first denied address, and why; null when none was. */
  readonly denied: string | null;
}

/**
 * A resolver: bounded in time and number, cached, typed, and with a policy about addresses. See the options for its bounds.
 * Create one and keep it: its cache and its sockets are what makes it fast.
 */
export class Resolver {
  readonly #timeoutMs: number;
  readonly #clock: () => number;
  readonly #cache: Cache | null;
  readonly #store: GuardedStore | null;
  readonly #upstream: Upstream;
  readonly #flights = new Flights<Found, Progress>();
  readonly #check: PolicyCheck;
  readonly #onDenied: 'fail' | 'drop';
  readonly #hosts: () => HostsTable | null;
  readonly #forwardLocal: boolean;
  readonly #family: AddressFamilies;
  readonly #suffixes: readonly string[];
  readonly #ndots: number;
  /** The calls that are going on: `close` ends them. */
  readonly #limits = new Set<Limit>();
  #closed = false;
  #hits = 0;
  #misses = 0;
  #stale = 0;
  #blocked = 0;
  /** A `lookup` for net, http, https, undici: bound to this resolver and its policy. See `createLookup`. */
  readonly lookup: Lookup;

  /**
   * @throws {TypeError} for a server, a policy, a suffix or a word that is none
   * @throws {RangeError} for a number that is not in its range
   * @throws {PrefixParseError} for a prefix of the policy that is none
   */
  constructor(options: ResolverOptions = {}) {
    const cache = options.cache === false ? null : (options.cache ?? {});
    this.#timeoutMs = integer('timeoutMs', options.timeoutMs ?? 5000);
    this.#clock = options.clock ?? (() => performance.now());
    this.#cache = cache === null ? null : new Cache(cache);
    this.#store =
      cache?.store === undefined
        ? null
        : new GuardedStore(cache.store, integer('cache.storeTimeoutMs', cache.storeTimeoutMs ?? 50), Date.now);
    this.#check = compilePolicy(options.policy ?? 'any');
    this.#onDenied = oneOf('onDenied', options.onDenied ?? 'fail', ['fail', 'drop']);
    this.#hosts = hostsOf(options.hosts ?? 'system', this.#clock);
    this.#forwardLocal = options.forwardLocal ?? false;
    this.#family = oneOf('family', options.family ?? 'any', ['any', 4, 6, 'v4first', 'v6first']);
    this.#suffixes = (options.search ?? []).map(readSuffix);
    this.#ndots = integer('ndots', options.ndots ?? 1, 0, 15);
    const attemptTimeoutMs = integer('attemptTimeoutMs', options.attemptTimeoutMs ?? 2000);
    this.#upstream = new Upstream({
      servers: options.servers ?? systemServers(),
      attemptTimeoutMs,
      attempts: integer('attempts', options.attempts ?? 2),
      maxInFlight: integer('maxInFlight', options.maxInFlight ?? 128),
      createBackend: options.createBackend ?? ((server) => createBackend(server, attemptTimeoutMs)),
      clock: this.#clock,
      onAttempt: (attempt) => {
        if (attemptChannel.hasSubscribers) attemptChannel.publish(attempt);
      },
    });
    this.lookup = createLookup({ resolver: this });
  }

  /** The servers, as they are asked. */
  get servers(): string[] {
    return this.#upstream.servers;
  }

  /** Which addresses are asked for when no type is given. */
  get family(): AddressFamilies {
    return this.#family;
  }

  /** Whether names are completed by a search list. */
  get searches(): boolean {
    return this.#suffixes.length > 0;
  }

  /**
   * Other servers from now on, also while questions are in flight, which end with the servers that they were begun with. Failures that
   * are remembered are forgotten; answers are not.
   *
   * @throws {TypeError} for a server that is none, and when there are none; nothing changes then
   */
  setServers(servers: readonly string[]): void {
    this.#upstream.setServers(servers);
    this.#flights.detach();
    this.#cache?.forgetFailures();
  }

  /** The addresses of a name. */
  resolve(name: string, type?: undefined, options?: ResolveOptions): Promise<Answer<AddressRecord>>;
  /** The records of a name and type. */
  resolve<T extends RecordType>(name: string, type: T, options?: ResolveOptions): Promise<Answer<RecordOf<T>>>;
  /**
   * @throws {DnsError} by its `code`: BAD_NAME for what may not go on the wire, NXDOMAIN and NODATA, what the servers failed with,
   *   TIMEOUT and ABORTED, BLOCKED for an address that the policy denies
   * @throws {RangeError} for a time that is not in its range
   */
  resolve(name: string, type?: RecordType, options: ResolveOptions = {}): Promise<Answer> {
    return this.#within(options, (limit) => this.#resolve(name, type ?? null, limit));
  }

  /**
   * The names of an address, by a PTR question; the hosts file is not looked at.
   *
   * @throws {AddressParseError} when given text that is no address, or a zoned one
   * @throws {DnsError} as `resolve`
   */
  async reverse(address: Address | string, options: ResolveOptions = {}): Promise<Answer<RecordOf<'PTR'>>> {
    return this.resolve(formatReverseName(address), 'PTR', options);
  }

  /**
   * The names of an address, each with whether its addresses have this one among them: who writes a PTR record can write any name
   * into it. Both ways the DNS is asked and the hosts file is not looked at. Ten names at the most are looked at. The policy has no
   * say: nothing is connected to.
   *
   * @throws {AddressParseError} when given text that is no address, or a zoned one
   * @throws {DnsError} as `resolve`, for the PTR question, and when the call is aborted; failures of its names stand in the result
   */
  async verifyReverse(address: Address | string, options: ResolveOptions = {}): Promise<VerifiedName[]> {
    const value = typeof address === 'string' ? parseAddress(address) : address;
    const text = value.toString();
    const type = value.family === 4 ? 'A' : 'AAAA';
    return this.#within(options, async (limit) => {
      const { records } = await this.#resolve(formatReverseName(value), 'PTR', limit);
      const names = records.flatMap((record) => ('target' in record && record.target !== null ? [record.target] : []));
      const verify = async (name: string): Promise<VerifiedName> => {
        const read = readName(name);
        if (read.kind !== 'name') return { name, confirmed: false, error: 'BAD_NAME' };
        const call: Call = { question: { name, type }, limit, trace: [] };
        const { known } = await this.#find(read.name, type, call, null);
        checkAborted(call);
        if (known.kind !== 'records') return { name, confirmed: false, error: known.code };
        const confirmed = known.records.some((record) => 'address' in record && record.address === text);
        return { name, confirmed, error: null };
      };
      return Promise.all(names.slice(0, MOST_NAMES).map(verify));
    });
  }

  /** What has been done so far. */
  stats(): ResolverStats {
    const store = this.#store;
    return {
      hits: this.#hits,
      misses: this.#misses,
      stale: this.#stale,
      blocked: this.#blocked,
      ...this.#upstream.stats,
      entries: this.#cache?.size ?? 0,
      store: store === null ? null : { hits: store.hits, failures: store.failures, lies: store.lies },
    };
  }

  /** Forgets all answers; the shared store is left alone. */
  clear(): void {
    this.#cache?.clear();
  }

  /** Ends every call with ABORTED, and lets the process exit; later calls end so at once. */
  close(): void {
    this.#closed = true;
    for (const limit of this.#limits) limit.abort(CLOSED);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // --- a call

  async #within<T>({ timeoutMs, signal }: ResolveOptions, work: (limit: Limit) => Promise<T>): Promise<T> {
    const limit = new Limit(integer('timeoutMs', timeoutMs ?? this.#timeoutMs), signal, this.#limits);
    if (this.#closed) limit.abort(CLOSED);
    try {
      return await work(limit);
    } finally {
      limit.end();
    }
  }

  async #resolve(name: string, type: RecordType | null, limit: Limit): Promise<Answer> {
    // JavaScript callers pass anything.
    const question: Question = { name: typeof name === 'string' ? name : `(${typeof name})`, type };
    const start = this.#clock();
    const publish = (outcome: QueryEvent['outcome'], answer: Answer | null) => {
      if (!queryChannel.hasSubscribers) return;
      const { source = null, stale = false, partial = false } = answer ?? {};
      const event: QueryEvent = { question, outcome, source, stale, partial, ms: this.#clock() - start };
      queryChannel.publish(event);
    };
    try {
      const answered = this.#answerOf(name, { question, limit, trace: [] });
      const answer = answered instanceof Promise ? await answered : answered;
      publish('ANSWER', answer);
      return answer;
    } catch (error) {
      if (error instanceof DnsError) {
        if (error.code === 'BLOCKED') this.#blocked++;
        publish(error.code, null);
      }
      throw error;
    }
  }

  // From here on what is known is answered without a promise: it is the common case, and each promise would take its time.

  #answerOf(name: string, call: Call): Answer | Promise<Answer> {
    const { question } = call;
    const { type } = question;
    if (type !== null && !RECORD_TYPES.includes(type)) {
      throw new DnsError('BAD_NAME', question, 'no record type', { hint: `ask for ${RECORD_TYPES.join(', ')}` });
    }
    const read = readName(name);
    if (read.kind === 'bad') throw new DnsError('BAD_NAME', question, read.problem, { hint: read.hint });
    checkAborted(call);
    if (read.kind === 'address') return this.#literal(read.address, call);

    const candidates = this.#candidates(read.name, read.absolute);
    const [only] = candidates;
    return candidates.length === 1 && only !== undefined ? this.#answerTo(only, call) : this.#search(candidates, call);
  }

  /** Asks for one name after another, until one is there. */
  async #search(names: readonly string[], call: Call): Promise<Answer> {
    let first: unknown;
    for (const name of names) {
      try {
        return await this.#answerTo(name, call);
      } catch (error) {
        if (!(error instanceof DnsError) || (error.code !== 'NXDOMAIN' && error.code !== 'NODATA')) throw error;
        first ??= error;
      }
    }
    throw first;
  }

  #answerTo(name: string, call: Call): Answer | Promise<Answer> {
    const { type } = call.question;
    if (type === null) return this.#addresses(name, call);
    const found = this.#find(name, type, call);
    return found instanceof Promise
      ? found.then((one) => this.#recordsOf(name, type, one, call))
      : this.#recordsOf(name, type, found, call);
  }

  #literal(address: Address, call: Call): Answer {
    const { question } = call;
    const type = address.family === 4 ? 'A' : 'AAAA';
    const asked = question.type === null ? FAMILIES[this.#family] : [question.type];
    if (!(asked as readonly RecordType[]).includes(type)) {
      throw new DnsError('NODATA', question, `an IPv${address.family} address has no ${asked.join()}`, {
        hint: `ask for ${type}`,
      });
    }
    const record: AddressRecord = { type, address: address.toString(), ttl: null };
    const found: Found = { ...LITERAL, known: { kind: 'records', records: [record], ttl: null } };
    const screened = this.#screen(found, call);
    if (screened.records.length === 0) throw blocked(screened.denied, call);
    const other: Screened | undefined = asked.length > 1 ? { found: LITERAL, records: [], denied: null } : undefined;
    const families = {
      A: familyAnswer(type === 'A' ? screened : other),
      AAAA: familyAnswer(type === 'AAAA' ? screened : other),
    };
    return {
      name: record.address,
      type: question.type,
      records: screened.records,
      ttl: null,
      source: 'literal',
      stale: false,
      partial: false,
      families: question.type === null ? families : null,
    };
  }

  /** The names to ask for a name: what is answered here is never completed, or `localhost` would be asked of others. */
  #candidates(name: string, absolute: boolean): string[] {
    if (this.#suffixes.length === 0) return [name];
    const isLocal = answerLocally(name, 'A', this.#hosts(), this.#forwardLocal) !== null;
    return candidates(name, absolute || isLocal, this.#suffixes, this.#ndots);
  }

  /** Both families at once: one may fail and the other answer. */
  #addresses(name: string, call: Call): Answer | Promise<Answer> {
    // AAAA is asked first: who connects by Happy Eyeballs wants it first (RFC 8305 section 3).
    const AAAA = this.#family === 4 ? undefined : this.#find(name, 'AAAA', call);
    const A = this.#family === 6 ? undefined : this.#find(name, 'A', call);
    if (!(A instanceof Promise) && !(AAAA instanceof Promise)) return this.#addressesOf(name, A, AAAA, call);
    return Promise.all([A, AAAA]).then(([a, aaaa]) => this.#addressesOf(name, a, aaaa, call));
  }

  #addressesOf(name: string, a: Found | undefined, aaaa: Found | undefined, call: Call): Answer {
    checkAborted(call);
    const A = a === undefined ? undefined : this.#screen(a, call);
    const AAAA = aaaa === undefined ? undefined : this.#screen(aaaa, call);
    const inOrder = (this.#family === 'v6first' ? [AAAA, A] : [A, AAAA]).filter((one) => one !== undefined);
    const answered = inOrder.filter(({ records }) => records.length > 0);
    const [first] = answered;
    if (first === undefined) {
      const denied = inOrder.find((one) => one.denied !== null)?.denied ?? null;
      throw denied === null ? failure(mostTellingOf(inOrder.map(({ found }) => found)), call) : blocked(denied, call);
    }
    const records = answered.flatMap((one) => one.records);
    return {
      name,
      type: null,
      records,
      ttl: leastTtl(records),
      source: first.found.source,
      stale: answered.some(({ found }) => found.stale),
      partial: inOrder.some(({ found }) => found.known.kind === 'failure'),
      families: { A: familyAnswer(A), AAAA: familyAnswer(AAAA) },
    };
  }

  #recordsOf(name: string, type: RecordType, found: Found, call: Call): Answer {
    checkAborted(call);
    if (found.known.kind !== 'records') throw failure(found, call);
    const { records, denied } = this.#screen(found, call);
    if (records.length === 0) throw blocked(denied, call);
    const { source, stale } = found;
    return { name, type, records, ttl: leastTtl(records), source, stale, partial: false, families: null };
  }

  /** What the policy lets through. It is asked about every answer, wherever it comes from. */
  #screen(found: Found, call: Call): Screened {
    const { known, stale } = found;
    const records: DnsRecord[] = [];
    let denied: string | null = null;
    for (const record of known.kind === 'records' ? known.records : []) {
      const reason = 'address' in record ? this.#check(record.address) : null;
      if (reason === null) records.push(ownCopy(stale ? withStaleTtl(record) : record));
      else denied ??= `${'address' in record ? record.address : ''}: ${reason}`;
    }
    if (denied !== null && this.#onDenied === 'fail') throw blocked(denied, call);
    return { found, records, denied };
  }

  // --- a name and a type

  /** What is known of a name and a type: here, from the cache, the shared store, or the servers. */
  #find(name: string, type: RecordType, call: Call, hosts = this.#hosts()): Found | Promise<Found> {
    const local = answerLocally(name, type, hosts, this.#forwardLocal);
    if (local !== null) return localFound(local);

    const hit = this.#cache?.get(cacheKey(name, type), this.#clock()) ?? null;
    if (hit !== null && !hit.stale) {
      this.#hits++;
      this.#publish('hit', name, type);
      return { ...CACHED, known: hit.known };
    }
    const remembered = hit?.known.kind === 'records' ? hit.known : null;
    if (remembered !== null && hit?.resting) return this.#staleFound(name, type, remembered, []);

    this.#misses++;
    this.#publish('miss', name, type);
    const fetched =
      remembered === null
        ? this.#fetch(name, type, call.limit)
        : this.#fetchOrStale(name, type, remembered, call.limit);
    return fetched.then((found) => {
      call.trace.push(...found.trace);
      return found;
    });
  }

  #staleFound(name: string, type: RecordType, known: Known, trace: readonly Attempt[]): Found {
    this.#stale++;
    this.#publish('stale', name, type);
    return { ...CACHED, known, stale: true, trace };
  }

  /** A stale answer, unless the servers give another in time; they go on being asked when they do not. */
  async #fetchOrStale(name: string, type: RecordType, remembered: Known, limit: Limit): Promise<Found> {
    const own = new Limit(this.#timeoutMs, undefined, this.#limits);
    const fetched = this.#fetch(name, type, own).finally(() => own.end());
    const found = await limit.within(fetched, STALE_WAIT_MS);
    if (found === 'aborted') {
      own.abort(limit.signal.reason);
      return leftBy(limit, []);
    }
    if (found === 'late') return this.#staleFound(name, type, remembered, []);
    return found.known.kind === 'failure' ? this.#staleFound(name, type, remembered, found.trace) : found;
  }

  /** Asks the shared store, then the servers, or joins the call that does. Never rejects. */
  async #fetch(name: string, type: RecordType, limit: Limit): Promise<Found> {
    if (limit.signal.aborted) return leftBy(limit, []);
    const joined = await this.#flights.join(cacheKey(name, type), limit.signal, (signal) => {
      const progress = new Progress();
      return { progress, result: this.#ask(name, type, signal, progress) };
    });
    if (!joined.left) return joined.result;
    return leftBy(limit, joined.progress.soFar(limit.timedOut ? 'TIMEOUT' : 'ABORTED', this.#clock()));
  }

  async #ask(name: string, type: RecordType, signal: Stop, progress: Progress): Promise<Found> {
    const shared = await this.#fromStore(name, type, signal);
    if (shared !== null) return { ...CACHED, known: shared };

    const outcome = await this.#upstream.ask(name, type, signal, progress);
    this.#remember(name, type, outcome, signal, progress);
    if (outcome.kind === 'failure') return failed(outcome.code, progress.done, outcome.cause);
    return { ...CACHED, known: knownOf(outcome), source: 'network', trace: progress.done };
  }

  async #fromStore(name: string, type: RecordType, signal: Stop): Promise<Known | null> {
    if (this.#store === null || this.#cache === null || !mayBeShared(name)) return null;
    const key = cacheKey(name, type);
    const found = await this.#store.get(key, type, this.#cache.limits, signal);
    if (found === null) return null;
    // Through the cache, where TTLs count down.
    const now = this.#clock();
    this.#cache.set(key, found.known, now - found.ageSeconds * 1000);
    const hit = this.#cache.get(key, now);
    if (hit === null || hit.stale) return null;
    this.#publish('shared', name, type);
    return hit.known;
  }

  /** Keeps what the servers said, once for each question, however many wait for it. */
  #remember(name: string, type: RecordType, outcome: Outcome, signal: Stop, progress: Progress): void {
    const key = cacheKey(name, type);
    if (outcome.kind !== 'failure') {
      const known = knownOf(outcome);
      this.#publish('set', name, type);
      this.#cache?.set(key, known, this.#clock());
      if (this.#cache !== null && mayBeShared(name)) this.#store?.set(key, known, this.#cache.limits);
      return;
    }
    // When callers go that had as much time as they could have, or saw another attempt fail, the servers have failed.
    const { reason } = signal;
    const tried = progress.done.length;
    const timedOut = reason instanceof TimeIsOver && (tried > 1 || (tried > 0 && reason.ms >= this.#timeoutMs));
    const code = outcome.code === 'ABORTED' && timedOut ? 'TIMEOUT' : outcome.code;
    // What we have ended ourselves says nothing.
    if (code === 'ABORTED' || code === 'BAD_NAME') return;
    this.#publish('fail', name, type);
    this.#cache?.fail(key, code, this.#clock());
  }

  #publish(event: CacheEvent['event'], name: string, type: RecordType): void {
    if (this.#cache === null || !cacheChannel.hasSubscribers) return;
    const message: CacheEvent = { event, name, type };
    cacheChannel.publish(message);
  }
}

/** The types of addresses that are asked for. */
const FAMILIES = {
  4: ['A'],
  6: ['AAAA'],
  any: ['A', 'AAAA'],
  v4first: ['A', 'AAAA'],
  v6first: ['A', 'AAAA'],
} as const satisfies Readonly<Record<AddressFamilies, readonly RecordType[]>>;

const CLOSED = new Error('the resolver is closed');

const CACHED: Found = {
  known: { kind: 'none', code: 'NODATA' },
  source: 'cache',
  stale: false,
  trace: [],
  hint: null,
  cause: undefined,
};
const LITERAL: Found = { ...CACHED, source: 'literal' };

function localFound(local: LocalAnswer): Found {
  const { source } = local;
  if ('records' in local) return { ...CACHED, source, known: { kind: 'records', records: local.records, ttl: null } };
  return { ...CACHED, source, known: { kind: 'none', code: local.none }, hint: local.hint };
}

function failed(code: DnsErrorCode, trace: readonly Attempt[], cause: unknown): Found {
  return { ...CACHED, source: 'network', known: { kind: 'failure', code }, trace, cause };
}

/** What a call has that ended before there was an answer. */
function leftBy({ timedOut, signal }: Limit, trace: readonly Attempt[]): Found {
  return timedOut ? failed('TIMEOUT', trace, undefined) : failed('ABORTED', trace, signal.reason);
}

/** The error for what was found, which has no records. */
function failure({ known, hint, cause }: Found, { question, trace }: Call): DnsError {
  const code = known.kind === 'records' ? 'BAD_RESPONSE' : known.code;
  return new DnsError(code, question, PROBLEMS[code], { hint: hint ?? HINTS[code], trace, cause });
}

function blocked(denied: string | null, { question, trace }: Call): DnsError {
  return new DnsError('BLOCKED', question, denied ?? PROBLEMS.BLOCKED, { hint: HINTS.BLOCKED, trace });
}

/** Who has aborted gets no answer, not even one that is there. @throws {DnsError} ABORTED */
function checkAborted(call: Call): void {
  const { limit } = call;
  if (limit.aborted && !limit.timedOut) throw failure(failed('ABORTED', [], limit.signal.reason), call);
}

/** ipv4only.arpa belongs to one network: it never goes into a cache that several share (RFC 8880 section 7). */
function mayBeShared(name: string): boolean {
  return name !== 'ipv4only.arpa';
}

const PROBLEMS: Readonly<Record<DnsErrorCode, string>> = {
  BAD_NAME: 'no name for the wire',
  NXDOMAIN: 'there is no such name',
  NODATA: 'the name has no such records',
  SERVFAIL: 'the server failed',
  REFUSED: 'the server refuses to answer',
  FORMERR: 'the server did not understand the question',
  NOTIMP: 'the server, or this version of Node, does not know the question',
  BAD_RESPONSE: 'the answer makes no sense',
  TIMEOUT: 'no answer in time',
  ABORTED: 'the call was aborted',
  BLOCKED: 'the policy denies an address',
  UNREACHABLE: 'no server can be reached',
};

const HINTS: Readonly<Record<DnsErrorCode, string>> = {
  BAD_NAME: 'write another name',
  NXDOMAIN: 'check the name',
  NODATA: 'ask for another type',
  SERVFAIL: 'try again later, or other servers',
  REFUSED: 'ask servers that answer for everybody, or for this name',
  FORMERR: 'ask other servers',
  NOTIMP: 'ask other servers, for TLSA with Node 22.15 or later',
  BAD_RESPONSE: 'ask other servers',
  TIMEOUT: 'try again later, or with a longer timeoutMs',
  ABORTED: 'ask again',
  BLOCKED: 'the policy of this resolver does not allow the address',
  UNREACHABLE: 'check the servers and the network',
};

function knownOf(outcome: Exclude<Outcome, { kind: 'failure' }>): Known {
  if (outcome.kind === 'none') return outcome;
  return { kind: 'records', records: outcome.records, ttl: leastTtl(outcome.records) };
}

function withStaleTtl(record: DnsRecord): DnsRecord {
  return 'address' in record && record.ttl !== null ? { ...record, ttl: STALE_TTL } : record;
}

function familyAnswer(screened: Screened | undefined): FamilyAnswer {
  if (screened === undefined) return { records: 0, ttl: null, source: null, stale: false, error: null };
  const { found, records, denied } = screened;
  const { known, source, stale } = found;
  const error = known.kind !== 'records' ? known.code : records.length === 0 && denied !== null ? 'BLOCKED' : null;
  return { records: records.length, ttl: leastTtl(records), source, stale, error };
}

/** Of two families without addresses: a failure before NXDOMAIN before NODATA. */
function mostTellingOf(all: readonly Found[]): Found {
  const rank = ({ known }: Found) =>
    known.kind === 'failure' ? 2 : known.kind === 'none' && known.code === 'NXDOMAIN' ? 1 : 0;
  return all.reduce((best, one) => (rank(one) > rank(best) ? one : best));
}

/** The system's servers at this time, without those that Node could not ask. */
function systemServers(): string[] {
  const servers = getServers().filter((server) => {
    try {
      return readServer(server) !== '';
    } catch {
      // A link-local server with a zone: Node would drop the zone, and ask nobody.
      return false;
    }
  });
  return servers.length > 0 ? servers : ['127.0.0.1'];
}

function hostsOf(hosts: 'system' | false | { readonly text: string }, clock: () => number): () => HostsTable | null {
  if (hosts === false) return () => null;
  if (hosts === 'system') return systemHosts(hostsPath(process.platform, process.env), clock);
  const table = parseHosts(hosts.text);
  return () => table;
}

/** @throws {TypeError} */
function readSuffix(suffix: string): string {
  const read = readName(suffix);
  if (read.kind === 'name' && read.name !== '') return read.name;
  throw new TypeError(`search: ${JSON.stringify(suffix)} is no suffix: write names such as 'example.com'`);
}

/** @throws {TypeError} */
function oneOf<T>(name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  throw new TypeError(
    `${name} is ${JSON.stringify(value)}: pass ${words.map((word) => JSON.stringify(word)).join(', ')}`,
  );
}

let shared: Resolver | null = null;

/**
 * The addresses of a name, or its records of a type, by a resolver with the defaults that all callers share.
 *
 * @throws {DnsError} as `Resolver.resolve`
 */
export function resolve(name: string, type?: undefined, options?: ResolveOptions): Promise<Answer<AddressRecord>>;
export function resolve<T extends RecordType>(
  name: string,
  type: T,
  options?: ResolveOptions,
): Promise<Answer<RecordOf<T>>>;
export function resolve(name: string, type?: RecordType, options?: ResolveOptions): Promise<Answer> {
  shared ??= new Resolver();
  return type === undefined ? shared.resolve(name, undefined, options) : shared.resolve(name, type, options);
}
