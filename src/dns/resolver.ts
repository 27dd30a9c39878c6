import { getServers } from 'node:dns';
import { quote, shownAddress } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { formatReverseName, parseAddress } from '../ip/index.js';
import type { AddressFamilies, Answer, AnswerSource, FamilyAnswer, ResolveOptions } from './answer.js';
import type { CacheOptions, Known } from './cache.js';
import { Cache, cacheKey } from './cache.js';
import type { Attempt, DnsErrorCode, Question } from './error.js';
import { DnsError } from './error.js';
import type { AttemptEvent, CacheEvent, QueryEvent } from './events.js';
import { attemptChannel, cacheChannel, queryChannel } from './events.js';
import type { CreateBackend, Outcome } from './exchange.js';
import { BackendError, createBackend, readServer } from './exchange.js';
import { Flights } from './flights.js';
import type { HostsTable, LocalAnswer } from './hosts.js';
import { answerLocally, hostsPath, parseHosts, systemHosts } from './hosts.js';
import { Limit, TimeIsOver } from './limit.js';
import type { Lookup } from './lookup.js';
import { createLookup } from './lookup.js';
import { candidates, readName } from './name.js';
import { callable, checkOptions, integer, listOf, oneOf, refusal } from './options.js';
import type { Policy, PolicyCheck } from './policy.js';
import { compilePolicy } from './policy.js';
import { ReadyAnswers } from './ready.js';
import type { AddressRecord, DnsRecord, RecordOf, RecordType } from './records.js';
import { leastTtl, ownRecords, RECORD_TYPES } from './records.js';
import type { Stop } from './stop.js';
import type { SharedStore } from './store.js';
import { GuardedStore } from './store.js';
import { Progress, Upstream } from './upstream.js';

/** The servers, bounds and rules of a resolver. */
export interface ResolverOptions {
  /** Addresses with an optional port, '192.0.2.1:53', '[2001:db8::1]'; one or more. Default: the system's. */
  readonly servers?: readonly string[] | undefined;
  /** The whole call, ms. Default: 5000. */
  readonly timeoutMs?: number | undefined;
  /** One question to one server, ms. Default: 2000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** How often each server is asked at the most, all of them once before one is asked again; 100 at the most. Default: 2. */
  readonly attempts?: number | undefined;
  /** Questions on the wire at once; others wait for their turn. Default: 128. */
  readonly maxInFlight?: number | undefined;
  /**
   * False: no cache. With a `store` the answers of other processes are used, too; it is not waited for longer than `storeTimeoutMs`, ms,
   * default 50.
   */
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
  /** How long it is given as it is, by the clock, ms; 0: once. */
  readonly until: number;
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
  /** Null: a policy that is a function may say something else each time, and a name of a search list may change its place. */
  readonly #ready: ReadyAnswers | null;
  /** Null: any address passes. */
  readonly #check: PolicyCheck | null;
  readonly #onDenied: 'fail' | 'drop';
  readonly #hosts: (now: number) => HostsTable | null;
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
    checkOptions('a Resolver', options, RESOLVER_OPTIONS);
    const cache = options.cache === false ? null : (options.cache ?? {});
    if (cache !== null) checkOptions("a Resolver's cache", cache, CACHE_OPTIONS);
    this.#timeoutMs = integer('timeoutMs', options.timeoutMs ?? 5000);
    this.#clock = callable('clock', options.clock ?? (() => performance.now()));
    this.#cache = cache === null ? null : new Cache(cache);
    const storeTimeoutMs = integer('cache.storeTimeoutMs', cache?.storeTimeoutMs ?? 50);
    this.#store = cache?.store === undefined ? null : new GuardedStore(storeOf(cache.store), storeTimeoutMs, Date.now);
    const { policy = 'any' } = options;
    this.#check = policy === 'any' ? null : compilePolicy(policy);
    this.#onDenied = oneOf('onDenied', options.onDenied ?? 'fail', ['fail', 'drop']);
    this.#hosts = hostsOf(options.hosts ?? 'system');
    this.#forwardLocal = oneOf('forwardLocal', options.forwardLocal ?? false, [true, false]);
    this.#family = oneOf('family', options.family ?? 'any', ['any', 4, 6, 'v4first', 'v6first']);
    // Not `map`, which skips the holes of a list.
    this.#suffixes = Array.from(listOf('search', options.search ?? [], "['example.com']"), readSuffix);
    this.#ndots = integer('ndots', options.ndots ?? 1, 0, 15);
    this.#ready = typeof policy === 'function' || this.#suffixes.length > 0 ? null : new ReadyAnswers();
    const attemptTimeoutMs = integer('attemptTimeoutMs', options.attemptTimeoutMs ?? 2000);
    this.#upstream = new Upstream({
      servers: options.servers ?? systemServers(),
      attemptTimeoutMs,
      attempts: integer('attempts', options.attempts ?? 2, 1, 100),
      maxInFlight: integer('maxInFlight', options.maxInFlight ?? 128),
      createBackend: callable(
        'createBackend',
        options.createBackend ?? ((server) => createBackend(server, attemptTimeoutMs)),
      ),
      clock: this.#clock,
      onAttempt: (attempt, name, type) => {
        if (!attemptChannel.hasSubscribers) return;
        const event: AttemptEvent = { ...attempt, name, type };
        attemptChannel.publish(event);
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
  resolve(name: string, type?: RecordType, options?: ResolveOptions): Promise<Answer> {
    const ready = options === undefined ? this.#readyAnswer(name, type ?? null) : null;
    if (ready !== null) return Promise.resolve(ready);
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
    const reverseName = formatReverseName(address);
    const value = typeof address === 'string' ? parseAddress(address) : address;
    const text = value.toString();
    const type = value.family === 4 ? 'A' : 'AAAA';
    return this.#within(options, async (limit) => {
      const { records } = await this.#resolve(reverseName, 'PTR', limit);
      const names = records.flatMap((record) => ('target' in record && record.target !== null ? [record.target] : []));
      const verify = async (name: string): Promise<VerifiedName> => {
        const read = readName(name);
        if (read.kind !== 'name') return { name, confirmed: false, error: 'BAD_NAME' };
        const call: Call = { question: { name, type }, limit, trace: [] };
        const { known } = await this.#find(read.name, type, call, this.#clock(), null);
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
    this.#ready?.clear();
  }

  /** Ends every call with ABORTED, and lets the process exit; later calls end so at once. */
  close(): void {
    this.#closed = true;
    for (const limit of this.#limits) limit.abort(CLOSED);
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  // --- a call

  /** What was given for the same text within this second, when it is still so. */
  #readyAnswer(text: string, type: RecordType | null): Answer | null {
    // Who listens hears of each answer of the cache.
    if (this.#ready === null || this.#closed || queryChannel.hasSubscribers || cacheChannel.hasSubscribers) return null;
    const now = this.#clock();
    const ready = this.#ready.get(text, type, this.#hosts(now), now);
    if (ready === null) return null;
    this.#hits += ready.hits;
    return ownAnswer(ready.answer);
  }

  async #within<T>(options: ResolveOptions = {}, work: (limit: Limit) => T | Promise<T>): Promise<T> {
    checkOptions('a question', options, RESOLVE_OPTIONS, ['signal']);
    // It has no keys of its own, and would be passed over.
    if ('aborted' in options) throw refusal('the option of a question', options, 'the signal as {signal}');
    const { timeoutMs = this.#timeoutMs, signal } = options;
    const limit = new Limit(integer('timeoutMs', timeoutMs), signalOf(signal), this.#limits);
    if (this.#closed) limit.abort(CLOSED);
    try {
      return await work(limit);
    } finally {
      limit.end();
    }
  }

  // From here on what is known is answered without a promise: it is the common case, and each promise would take its time.

  #resolve(name: string, type: RecordType | null, limit: Limit): Answer | Promise<Answer> {
    // JavaScript callers pass anything.
    const question: Question = {
      name: typeof name === 'string' ? name : `(${quote(name)})`,
      type: typeof type === 'string' ? type : null,
    };
    const call: Call = { question, limit, trace: [] };
    return queryChannel.hasSubscribers ? this.#publishedAnswerOf(name, type, call) : this.#answerOf(name, type, call);
  }

  async #publishedAnswerOf(name: string, type: RecordType | null, call: Call): Promise<Answer> {
    const { question } = call;
    const start = this.#clock();
    const publish = (outcome: QueryEvent['outcome'], answer: Answer | null) => {
      const { source = null, stale = false, partial = false } = answer ?? {};
      const event: QueryEvent = { question, outcome, source, stale, partial, ms: this.#clock() - start };
      queryChannel.publish(event);
    };
    try {
      const answer = await this.#answerOf(name, type, call);
      publish('ANSWER', answer);
      return answer;
    } catch (error) {
      if (error instanceof DnsError) publish(error.code, null);
      throw error;
    }
  }

  #answerOf(name: string, type: RecordType | null, call: Call): Answer | Promise<Answer> {
    const { question } = call;
    if (type !== null && !RECORD_TYPES.includes(type)) {
      throw new DnsError('BAD_NAME', question, 'no record type', { hint: `ask for ${RECORD_TYPES.join(', ')}` });
    }
    const read = readName(name);
    if (read.kind === 'bad') throw new DnsError('BAD_NAME', question, read.problem, { hint: read.hint });
    checkAborted(call);
    if (read.kind === 'address') return this.#literal(read.address, call);

    const candidates = this.#candidates(read.name, read.absolute);
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return this.#answerTo(only, call);
    return this.#search(candidates, only === read.name, call);
  }

  /**
   * Asks for one name after another, until one is there. None is: then it is told, as glibc does, what came of the name as it is where
   * that was asked for first; else that there is a name, though without such records, where there is one.
   */
  async #search(names: readonly string[], asItIsFirst: boolean, call: Call): Promise<Answer> {
    let telling: DnsError | null = null;
    for (const name of names) {
      try {
        return await this.#answerTo(name, call);
      } catch (error) {
        if (!(error instanceof DnsError) || (error.code !== 'NXDOMAIN' && error.code !== 'NODATA')) throw error;
        if (telling === null || (error.code === 'NODATA' && !asItIsFirst)) telling = error;
      }
    }
    throw telling;
  }

  #answerTo(name: string, call: Call): Answer | Promise<Answer> {
    const { type } = call.question;
    if (type === null) return this.#addresses(name, call);
    const now = this.#clock();
    const found = this.#find(name, type, call, now);
    if (found instanceof Promise) return found.then((one) => this.#recordsOf(name, type, one, call));
    return this.#given(this.#recordsOf(name, type, found, call), call, now, found);
  }

  /** The answer, which is ready for the next one who asks, when all of it is of the cache. */
  #given(answer: Answer, { question }: Call, now: number, first: Found, second: Found = first): Answer {
    const until = Math.min(first.until, second.until);
    if (this.#ready === null || now >= until) return answer;
    const hits = first === second ? 1 : 2;
    this.#ready.set(question.name, question.type, { answer, hits, until, hosts: this.#hosts(now) });
    return ownAnswer(answer);
  }

  #literal(address: Address, call: Call): Answer {
    const { question } = call;
    const type = address.family === 4 ? 'A' : 'AAAA';
    const asked = question.type === null ? FAMILIES[this.#family] : [question.type];
    if (!(asked as readonly RecordType[]).includes(type)) {
      const hint =
        question.type === 'PTR'
          ? `for its names call reverse('${address.family === 6 ? address.withZone(null) : address}')`
          : `ask for ${type}`;
      throw new DnsError('NODATA', question, `an IPv${address.family} address has no ${asked.join()}`, { hint });
    }
    const record: AddressRecord = Object.freeze({ type, address: address.toString(), ttl: null });
    const found: Found = { ...LITERAL, known: { kind: 'records', records: [record], ttl: null } };
    const screened = this.#screen(found, call);
    if (screened.records.length === 0) throw this.#blockedBy(screened.denied, call);
    const other: Screened | undefined = asked.length > 1 ? { found: LITERAL, records: [], denied: null } : undefined;
    const families = Object.freeze({
      A: familyAnswer(type === 'A' ? screened : other),
      AAAA: familyAnswer(type === 'AAAA' ? screened : other),
    });
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
    const isLocal = answerLocally(name, 'A', this.#hosts(this.#clock()), this.#forwardLocal) !== null;
    return candidates(name, absolute || isLocal, this.#suffixes, this.#ndots);
  }

  /** Both families at once: one may fail and the other answer. */
  #addresses(name: string, call: Call): Answer | Promise<Answer> {
    // AAAA is asked first: who connects by Happy Eyeballs wants it first (RFC 8305 section 3).
    const now = this.#clock();
    const AAAA = this.#family === 4 ? undefined : this.#find(name, 'AAAA', call, now);
    const A = this.#family === 6 ? undefined : this.#find(name, 'A', call, now);
    if (!(A instanceof Promise) && !(AAAA instanceof Promise)) {
      const answer = this.#addressesOf(name, A, AAAA, call);
      const first = A ?? AAAA;
      return first === undefined ? answer : this.#given(answer, call, now, first, AAAA);
    }
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
      throw denied === null
        ? failure(mostTellingOf(inOrder.map(({ found }) => found)), call)
        : this.#blockedBy(denied, call);
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
      families: Object.freeze({ A: familyAnswer(A), AAAA: familyAnswer(AAAA) }),
    };
  }

  #recordsOf(name: string, type: RecordType, found: Found, call: Call): Answer {
    checkAborted(call);
    if (found.known.kind !== 'records') throw failure(found, call);
    const { records: passed, denied } = this.#screen(found, call);
    if (passed.length === 0) throw this.#blockedBy(denied, call);
    const { source, stale } = found;
    const records = ownRecords(passed);
    return { name, type, records, ttl: leastTtl(records), source, stale, partial: false, families: null };
  }

  /** What the policy lets through. It is asked about every answer, wherever it comes from. */
  #screen(found: Found, call: Call): Screened {
    if (found.known.kind !== 'records') return { found, records: [], denied: null };
    const known = found.stale ? found.known.records.map(withStaleTtl) : found.known.records;
    if (this.#check === null) return { found, records: known, denied: null };
    const records: DnsRecord[] = [];
    let denied: string | null = null;
    for (const record of known) {
      const reason = 'address' in record ? this.#check(record.address) : null;
      if (reason === null) records.push(record);
      else denied ??= `${'address' in record ? shownAddress(record.address) : ''}: ${reason}`;
    }
    if (denied !== null && this.#onDenied === 'fail') throw this.#blockedBy(denied, call);
    return { found, records, denied };
  }

  #blockedBy(denied: string | null, { question, trace }: Call): DnsError {
    this.#blocked++;
    return new DnsError('BLOCKED', question, denied ?? PROBLEMS.BLOCKED, { hint: HINTS.BLOCKED, trace });
  }

  // --- a name and a type

  /** What is known of a name and a type: here, from the cache, the shared store, or the servers. */
  #find(name: string, type: RecordType, call: Call, now: number, hosts = this.#hosts(now)): Found | Promise<Found> {
    const local = answerLocally(name, type, hosts, this.#forwardLocal);
    if (local !== null) return localFound(local);

    const hit = this.#cache?.get(cacheKey(name, type), now) ?? null;
    if (hit !== null && !hit.stale) {
      this.#hits++;
      this.#publish('hit', name, type);
      return { ...CACHED, known: hit.known, until: hit.until };
    }
    const remembered = hit?.known.kind === 'records' ? hit.known : null;
    if (remembered !== null && hit?.resting) return this.#staleFound(name, type, remembered);

    this.#misses++;
    this.#publish('miss', name, type);
    return remembered === null ? this.#fetch(name, type, call) : this.#fetchOrStale(name, type, remembered, call);
  }

  #staleFound(name: string, type: RecordType, known: Known): Found {
    this.#stale++;
    this.#publish('stale', name, type);
    return { ...CACHED, known, stale: true };
  }

  /** A stale answer, unless the servers give another in time; they go on being asked when they do not. */
  async #fetchOrStale(name: string, type: RecordType, remembered: Known, call: Call): Promise<Found> {
    const own: Call = { ...call, trace: [], limit: new Limit(this.#timeoutMs, undefined, this.#limits) };
    const fetched = this.#fetch(name, type, own).finally(() => own.limit.end());
    const found = await call.limit.within(fetched, STALE_WAIT_MS);
    call.trace.push(...own.trace);
    if (found === 'aborted') {
      own.limit.abort(call.limit.signal.reason);
      return leftBy(call.limit, []);
    }
    if (found === 'late' || found.known.kind === 'failure') return this.#staleFound(name, type, remembered);
    return found;
  }

  /** Asks the shared store, then the servers, or joins the call that does. Never rejects. */
  async #fetch(name: string, type: RecordType, { limit, trace }: Call): Promise<Found> {
    if (limit.signal.aborted) return leftBy(limit, []);
    const joined = await this.#flights.join(cacheKey(name, type), limit.signal, (signal) => {
      const progress = new Progress();
      return { progress, result: this.#ask(name, type, signal, progress) };
    });
    const found = joined.left
      ? leftBy(limit, joined.progress.soFar(limit.timedOut ? 'TIMEOUT' : 'ABORTED', this.#clock()))
      : joined.result;
    trace.push(...found.trace);
    return found;
  }

  async #ask(name: string, type: RecordType, signal: Stop, progress: Progress): Promise<Found> {
    const shared = this.#store === null ? null : await this.#fromStore(this.#store, name, type, signal);
    if (shared !== null) return { ...CACHED, known: shared };

    const outcome = await this.#upstream.ask(name, type, signal, progress);
    this.#remember(name, type, outcome, signal, progress);
    if (outcome.kind === 'failure') return failed(outcome.code, progress.done, outcome.cause);
    return { ...CACHED, known: knownOf(outcome), source: 'network', trace: progress.done };
  }

  async #fromStore(store: GuardedStore, name: string, type: RecordType, signal: Stop): Promise<Known | null> {
    if (this.#cache === null || !mayBeShared(name)) return null;
    const key = cacheKey(name, type);
    const found = await store.get(key, type, this.#cache.limits, signal);
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
    // What we have ended ourselves says nothing about the servers, nor does what keeps us from asking them.
    if (code === 'ABORTED' || code === 'BAD_NAME' || outcome.cause instanceof BackendError) return;
    this.#publish('fail', name, type);
    this.#cache?.fail(key, code, this.#clock());
  }

  #publish(event: CacheEvent['event'], name: string, type: RecordType): void {
    if (this.#cache === null || !cacheChannel.hasSubscribers) return;
    const message: CacheEvent = { event, name, type };
    cacheChannel.publish(message);
  }
}

const RESOLVER_OPTIONS = [
  'servers',
  'timeoutMs',
  'attemptTimeoutMs',
  'attempts',
  'maxInFlight',
  'cache',
  'policy',
  'onDenied',
  'hosts',
  'family',
  'search',
  'ndots',
  'forwardLocal',
  'clock',
  'createBackend',
] as const satisfies readonly (keyof ResolverOptions)[];

const CACHE_OPTIONS = [
  'maxEntries',
  'minTtl',
  'maxTtl',
  'defaultTtl',
  'negativeTtl',
  'staleTtl',
  'store',
  'storeTimeoutMs',
] as const satisfies readonly (keyof Exclude<ResolverOptions['cache'], false | undefined>)[];

const RESOLVE_OPTIONS = ['signal', 'timeoutMs'] as const satisfies readonly (keyof ResolveOptions)[];

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
  until: 0,
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
  if (timedOut) return { ...failed('TIMEOUT', trace, undefined), hint: 'try again later, or with a longer timeoutMs' };
  const { reason } = signal;
  return {
    ...failed('ABORTED', trace, reason),
    hint: reason === CLOSED ? 'the resolver is closed, make another' : null,
  };
}

/** The error for what was found, which has no records. */
function failure({ known, source, hint, cause }: Found, { question, trace }: Call): DnsError {
  const code = known.kind === 'records' ? 'BAD_RESPONSE' : known.code;
  if (cause instanceof BackendError) {
    return new DnsError(code, question, cause.problem, { hint: cause.hint, trace, cause });
  }
  return new DnsError(code, question, problemOf(code, question), {
    hint: hint ?? hintFor(code, question, source),
    trace,
    cause,
  });
}

/** Who has aborted gets no answer, not even one that is there. @throws {DnsError} ABORTED */
function checkAborted(call: Call): void {
  const { limit } = call;
  if (limit.aborted && !limit.timedOut) throw failure(leftBy(limit, []), call);
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
  NOTIMP: 'the server does not know the question',
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
  NOTIMP: 'ask other servers',
  BAD_RESPONSE: 'ask other servers',
  // All attempts were made before the time of the call was over.
  TIMEOUT: 'try again later, or by a Resolver with a longer attemptTimeoutMs or more attempts',
  ABORTED: 'ask again',
  BLOCKED: 'the policy of this resolver does not allow the address',
  UNREACHABLE: 'check the servers and the network',
};

function problemOf(code: DnsErrorCode, { type }: Question): string {
  const isOfNode = code === 'NOTIMP' && type === 'TLSA';
  return isOfNode ? 'the server, or this version of Node, does not know the question' : PROBLEMS[code];
}

/** What to do instead, as far as the question tells. */
function hintFor(code: DnsErrorCode, { name, type }: Question, source: AnswerSource): string {
  if (code === 'NODATA' && type === null) return 'check the name, and the family of the resolver';
  const isEmpty = code === 'NODATA' || code === 'NXDOMAIN';
  if (isEmpty && type === 'PTR' && /\.(?:in-addr|ip6)\.arpa\.?$/i.test(name)) return 'use the address: it has no name';
  if (code === 'NOTIMP' && type === 'TLSA') return 'ask other servers, with Node 22.15 or later';
  // It is remembered: nobody was asked.
  if (code === 'TIMEOUT' && source === 'cache') return 'the servers were silent just now, try again later';
  return HINTS[code];
}

function knownOf(outcome: Exclude<Outcome, { kind: 'failure' }>): Known {
  if (outcome.kind === 'none') return outcome;
  return { kind: 'records', records: outcome.records, ttl: leastTtl(outcome.records) };
}

function withStaleTtl(record: DnsRecord): DnsRecord {
  return 'address' in record && record.ttl !== null ? Object.freeze({ ...record, ttl: STALE_TTL }) : record;
}

function familyAnswer(screened: Screened | undefined): FamilyAnswer {
  if (screened === undefined) return NOT_ASKED;
  const { found, records, denied } = screened;
  const { known, source, stale } = found;
  const error = known.kind !== 'records' ? known.code : records.length === 0 && denied !== null ? 'BLOCKED' : null;
  return Object.freeze({ records: records.length, ttl: leastTtl(records), source, stale, error });
}

const NOT_ASKED: FamilyAnswer = Object.freeze({ records: 0, ttl: null, source: null, stale: false, error: null });

/** The answer for another caller. */
function ownAnswer(answer: Answer): Answer {
  return { ...answer, records: ownRecords(answer.records) };
}

/** Of two families without addresses: a failure before NODATA, by which the name is there (RFC 4074 section 4.2), before NXDOMAIN. */
function mostTellingOf(all: readonly Found[]): Found {
  const rank = ({ known }: Found) =>
    known.kind === 'failure' ? 2 : known.kind === 'none' && known.code === 'NODATA' ? 1 : 0;
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

/** @throws {TypeError} */
function hostsOf(hosts: 'system' | false | { readonly text: string }): (now: number) => HostsTable | null {
  if (hosts === false) return () => null;
  if (hosts === 'system') return systemHosts(hostsPath(process.platform, process.env));
  const text = typeof hosts === 'object' && hosts !== null ? hosts.text : null;
  if (typeof text !== 'string') throw refusal('hosts', hosts, "'system', false, or the text of a hosts file as {text}");
  checkOptions("a Resolver's hosts", hosts, ['text']);
  const table = parseHosts(text);
  return () => table;
}

/** @throws {TypeError} */
function storeOf(store: SharedStore): SharedStore {
  if (typeof store?.get === 'function' && typeof store.set === 'function') return store;
  throw refusal('cache.store', store, 'what has get and set, as Keyv does');
}

/** @throws {TypeError} for what is no AbortSignal, of whatever realm */
function signalOf(signal: AbortSignal | undefined): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const has = (name: 'addEventListener' | 'removeEventListener') => typeof signal[name] === 'function';
  if (typeof signal?.aborted === 'boolean' && has('addEventListener') && has('removeEventListener')) return signal;
  throw refusal('signal', signal, 'an AbortSignal');
}

/** @throws {TypeError} */
function readSuffix(suffix: string): string {
  const read = readName(suffix);
  if (read.kind === 'name' && read.name !== '') return read.name;
  throw new TypeError(`search: ${quote(suffix)} is no suffix: write names such as 'example.com'`);
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
