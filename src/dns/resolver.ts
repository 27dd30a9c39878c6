import { channel } from 'node:diagnostics_channel';
import { getServers } from 'node:dns';
import type { Address } from '../ip/index.js';
import { formatReverseName, parseAddress } from '../ip/index.js';
import type { Answer, AnswerSource, FamilyAnswer, ResolveOptions } from './answer.js';
import type { CacheOptions, Known } from './cache.js';
import { Cache, cacheKey } from './cache.js';
import type { Attempt, DnsErrorCode, Question } from './error.js';
import { DnsError } from './error.js';
import type { CreateBackend } from './exchange.js';
import { createBackend, readServer } from './exchange.js';
import type { HostsTable } from './hosts.js';
import { answerLocally, hostsPath, parseHosts, systemHosts } from './hosts.js';
import type { Lookup } from './lookup.js';
import { createLookup } from './lookup.js';
import { candidates, readName } from './name.js';
import type { Policy, PolicyCheck } from './policy.js';
import { compilePolicy } from './policy.js';
import type { AddressRecord, DnsRecord, RecordOf, RecordType } from './records.js';
import { RECORD_TYPES } from './records.js';
import type { SharedStore } from './store.js';
import { GuardedStore } from './store.js';
import type { Upstreamed } from './upstream.js';
import { Upstream } from './upstream.js';

/** Which addresses are asked for, and in which order they are given. */
export type AddressFamilies = 'any' | 4 | 6 | 'v4first' | 'v6first';

export interface ResolverOptions {
  /** Addresses with an optional port, '192.0.2.1:53', '[2001:db8::1]'. Default: the system's. */
  readonly servers?: readonly string[] | undefined;
  /** The whole call, ms. Default: 5000. */
  readonly timeoutMs?: number | undefined;
  /** One question to one server, ms. Default: 2000. */
  readonly attemptTimeoutMs?: number | undefined;
  /** How often each server is asked at the most. Default: 2. */
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
  /** Suffixes for names without a trailing dot. Default: none. */
  readonly search?: readonly string[] | undefined;
  /** With so many dots a name is tried as it is before the search list. Default: 1. */
  readonly ndots?: number | undefined;
  /** Ask servers for `.local`, which is multicast DNS's. Default: false. */
  readonly forwardLocal?: boolean | undefined;
  /** Monotonic, ms. Default: `performance.now`. */
  readonly clock?: (() => number) | undefined;
  readonly createBackend?: CreateBackend | undefined;
}

/** What a resolver has done so far. */
export interface ResolverStats {
  readonly hits: number;
  readonly misses: number;
  readonly stale: number;
  readonly blocked: number;
  readonly questions: number;
  readonly inFlight: number;
  readonly queued: number;
  readonly entries: number;
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

const queryChannel = channel('inaddr:dns:query');
const attemptChannel = channel('inaddr:dns:attempt');
const cacheChannel = channel('inaddr:dns:cache');

/** What is known of one name and type, and from where. */
interface Found {
  readonly known: Known;
  readonly source: AnswerSource;
  readonly stale: boolean;
  readonly trace: readonly Attempt[];
  readonly hint: string | null;
  readonly cause: unknown;
}

/**
 * A resolver: bounded in time and number, cached, typed, and with a policy about addresses. See the options for its bounds.
 * Create one and keep it: its cache and its sockets are what makes it fast.
 */
export class Resolver {
  readonly #options: ResolverOptions;
  readonly #timeoutMs: number;
  readonly #clock: () => number;
  readonly #cache: Cache | null;
  readonly #store: GuardedStore | null;
  readonly #upstream: Upstream;
  readonly #check: PolicyCheck;
  readonly #hosts: () => HostsTable | null;
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
   * @throws {TypeError} for a server that is none, or a policy that is none
   * @throws {RangeError} for a number that is not in its range
   */
  constructor(options: ResolverOptions = {}) {
    this.#options = options;
    this.#timeoutMs = positive('timeoutMs', options.timeoutMs ?? 5000);
    this.#clock = options.clock ?? (() => performance.now());
    this.#cache = options.cache === false ? null : new Cache(options.cache);
    const store = options.cache === false ? undefined : options.cache?.store;
    this.#store =
      store === undefined || options.cache === false
        ? null
        : new GuardedStore(store, positive('cache.storeTimeoutMs', options.cache?.storeTimeoutMs ?? 50), Date.now);
    this.#check = compilePolicy(options.policy ?? 'any');
    this.#hosts = hostsOf(options.hosts ?? 'system', this.#clock);
    this.#upstream = new Upstream({
      servers: options.servers ?? systemServers(),
      attemptTimeoutMs: positive('attemptTimeoutMs', options.attemptTimeoutMs ?? 2000),
      attempts: positive('attempts', options.attempts ?? 2),
      maxInFlight: positive('maxInFlight', options.maxInFlight ?? 128),
      createBackend: options.createBackend ?? createBackend,
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

  /**
   * Other servers from now on, also while questions are in flight, which end with the servers that they were put to.
   *
   * @throws {TypeError} for a server that is none; nothing changes then
   */
  setServers(servers: readonly string[]): void {
    this.#upstream.setServers(servers);
  }

  /** The addresses of a name. */
  resolve(name: string, type?: undefined, options?: ResolveOptions): Promise<Answer<AddressRecord>>;
  /** The records of a name and type. */
  resolve<T extends RecordType>(name: string, type: T, options?: ResolveOptions): Promise<Answer<RecordOf<T>>>;
  /**
   * @throws {DnsError} by its `code`: BAD_NAME for what may not go on the wire, NXDOMAIN and NODATA, what the servers failed with,
   *   TIMEOUT and ABORTED, BLOCKED for an address that the policy denies
   */
  async resolve(name: string, type?: RecordType, options: ResolveOptions = {}): Promise<Answer> {
    const question: Question = { name: String(name), type: type ?? null };
    if (type !== undefined && !RECORD_TYPES.includes(type)) {
      throw new DnsError('BAD_NAME', question, 'no record type', { hint: `ask for ${RECORD_TYPES.join(', ')}` });
    }
    const read = readName(name);
    if (read.kind === 'bad') throw new DnsError('BAD_NAME', question, read.problem, { hint: read.hint });
    const start = this.#clock();
    const limit = this.#limit(positive('timeoutMs', options.timeoutMs ?? this.#timeoutMs), options.signal);
    try {
      const answer =
        read.kind === 'address'
          ? this.#literal(read.address, question)
          : await this.#search(read.name, read.absolute, question, limit);
      this.#publish(question, 'ANSWER', start);
      return answer;
    } catch (error) {
      if (error instanceof DnsError) this.#publish(question, error.code, start);
      throw error;
    } finally {
      limit.end();
    }
  }

  /**
   * The names of an address, by a PTR question; the hosts file is not looked at.
   *
   * @throws {AddressParseError} when given text that is no address, or a zoned one
   * @throws {DnsError} as `resolve`
   */
  reverse(address: Address | string, options?: ResolveOptions): Promise<Answer<RecordOf<'PTR'>>> {
    // Async, so that a bad address rejects.
    return Promise.resolve().then(() => this.resolve(formatReverseName(address), 'PTR', options)) as Promise<
      Answer<RecordOf<'PTR'>>
    >;
  }

  /**
   * The names of an address, each with whether its addresses have this one among them: who writes a PTR record can write any name
   * into it. Ten names at the most are looked at. The policy has no say: nothing is connected to.
   *
   * @throws {AddressParseError} when given text that is no address, or a zoned one
   * @throws {DnsError} as `resolve`, for the PTR question; failures of its names stand in the result
   */
  async verifyReverse(address: Address | string, options?: ResolveOptions): Promise<VerifiedName[]> {
    const value = typeof address === 'string' ? parseAddress(address) : address;
    const text = value.toString();
    const { records } = await this.reverse(value, options);
    const limit = this.#limit(positive('timeoutMs', options?.timeoutMs ?? this.#timeoutMs), options?.signal);
    try {
      return await Promise.all(
        records.slice(0, MOST_NAMES).map(async ({ target }): Promise<VerifiedName> => {
          const read = readName(target);
          if (read.kind !== 'name') return { name: target, confirmed: false, error: 'BAD_NAME' };
          const { known } = await this.#find(read.name, value.family === 4 ? 'A' : 'AAAA', limit);
          if (known.kind !== 'records') return { name: target, confirmed: false, error: known.code };
          const confirmed = known.records.some(
            (record) => 'address' in record && parseAddress(record.address).toString() === text,
          );
          return { name: target, confirmed, error: null };
        }),
      );
    } finally {
      limit.end();
    }
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

  /** Ends every question with ABORTED, and lets the process exit; later ones end at once. */
  close(): void {
    this.#closed = true;
    for (const limit of this.#limits) limit.abort();
    this.#upstream.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #literal(address: Address, question: Question): Answer {
    const type = address.family === 4 ? 'A' : 'AAAA';
    if (question.type !== null && question.type !== type) {
      throw new DnsError('NODATA', question, `an IPv${address.family} address has no ${question.type}`, {
        hint: `ask for ${type}`,
      });
    }
    const record: AddressRecord = { type, address: address.toString(), ttl: null };
    const records = this.#admit([record], question, []);
    const none: FamilyAnswer = { records: 0, ttl: null, source: 'literal', stale: false, error: 'NODATA' };
    const own: FamilyAnswer = { records: 1, ttl: null, source: 'literal', stale: false, error: null };
    const families = type === 'A' ? { A: own, AAAA: none } : { A: none, AAAA: own };
    return {
      name: record.address,
      type: question.type,
      records,
      ttl: null,
      source: 'literal',
      stale: false,
      partial: false,
      families: question.type === null ? families : null,
    };
  }

  /** Tries the names of the search list in turn; without one, the name. */
  async #search(name: string, absolute: boolean, question: Question, limit: Limit): Promise<Answer> {
    const names = candidates(name, absolute, this.#options.search ?? [], this.#options.ndots ?? 1);
    let first: unknown;
    for (const candidate of names) {
      try {
        return question.type === null
          ? await this.#addresses(candidate, question, limit)
          : this.#answer(candidate, question, await this.#find(candidate, question.type, limit));
      } catch (error) {
        if (!(error instanceof DnsError) || (error.code !== 'NXDOMAIN' && error.code !== 'NODATA')) throw error;
        first ??= error;
      }
    }
    throw first;
  }

  /** Both families at once: one may fail and the other answer. */
  async #addresses(name: string, question: Question, limit: Limit): Promise<Answer> {
    const family = this.#options.family ?? 'any';
    const asked = family === 4 ? (['A'] as const) : family === 6 ? (['AAAA'] as const) : (['AAAA', 'A'] as const);
    const found = new Map(
      await Promise.all(asked.map(async (type) => [type, await this.#find(name, type, limit)] as const)),
    );
    const order = family === 'v6first' ? (['AAAA', 'A'] as const) : (['A', 'AAAA'] as const);
    const answered = order.flatMap((type) => {
      const one = found.get(type);
      return one?.known.kind === 'records' ? [{ ...one, known: one.known }] : [];
    });
    const [first] = answered;
    const all = [...found.values()];
    if (first === undefined)
      throw this.#error(
        question,
        mostTellingOf(all),
        all.flatMap(({ trace }) => trace),
      );
    const records = this.#admit(
      answered.flatMap(({ known, stale }) => withStaleTtl(known.records, stale)),
      question,
      all.flatMap(({ trace }) => trace),
    );
    return {
      name,
      type: null,
      records,
      ttl: leastTtl(records),
      source: first.source,
      stale: answered.some(({ stale }) => stale),
      partial: all.some(({ known }) => known.kind === 'failure'),
      families: { A: familyAnswer(found.get('A')), AAAA: familyAnswer(found.get('AAAA')) },
    };
  }

  #answer(name: string, question: Question, found: Found): Answer {
    const { known, source, stale, trace } = found;
    if (known.kind !== 'records') throw this.#error(question, found, trace);
    const records = this.#admit(withStaleTtl(known.records, stale), question, trace);
    const ttl = known.ttl !== null && stale ? STALE_TTL : known.ttl;
    return { name, type: question.type, records, ttl, source, stale, partial: false, families: null };
  }

  /** The records that the policy lets through. */
  #admit(records: readonly DnsRecord[], question: Question, trace: readonly Attempt[]): DnsRecord[] {
    const admitted: DnsRecord[] = [];
    let denied: string | null = null;
    for (const record of records) {
      const reason = 'address' in record ? this.#check(record.address) : null;
      if (reason === null) admitted.push(record);
      else denied ??= `${'address' in record ? record.address : ''}: ${reason}`;
    }
    if (denied !== null && (this.#options.onDenied !== 'drop' || admitted.length === 0)) {
      this.#blocked++;
      throw new DnsError('BLOCKED', question, denied, {
        hint: 'the policy of this resolver does not allow the address',
        trace,
      });
    }
    return admitted;
  }

  #error(question: Question, { known, hint, cause }: Found, trace: readonly Attempt[]): DnsError {
    const code = known.kind === 'records' ? 'BAD_RESPONSE' : known.code;
    return new DnsError(code, question, PROBLEMS[code], { hint: hint ?? HINTS[code], trace, cause });
  }

  /** What is known of a name and a type: here, from the cache, the shared store, or the servers. */
  async #find(name: string, type: RecordType, limit: Limit): Promise<Found> {
    const local = answerLocally(name, type, this.#hosts(), this.#options.forwardLocal ?? false);
    if (local !== null) {
      const known: Known =
        'records' in local
          ? { kind: 'records', records: local.records, ttl: null }
          : { kind: 'none', code: local.none };
      return {
        known,
        source: local.source,
        stale: false,
        trace: [],
        hint: 'hint' in local ? local.hint : null,
        cause: undefined,
      };
    }
    const key = cacheKey(name, type);
    const hit = this.#cache?.get(key, this.#clock()) ?? null;
    const usable = hit !== null && (!hit.stale || (hit.resting && hit.known.kind === 'records'));
    if (cacheChannel.hasSubscribers) cacheChannel.publish({ name, type, hit: usable, stale: hit?.stale ?? false });
    if (hit !== null && usable) {
      this.#hits++;
      return this.#fromCache(hit.known, hit.stale);
    }
    this.#misses++;
    const shared = await this.#fromStore(key, type);
    if (shared !== null) return shared;
    const remembered = hit?.stale && hit.known.kind === 'records' ? hit.known : null;
    if (remembered !== null) return this.#refreshOrStale(name, type, remembered, limit);
    const upstreamed = await this.#ask(name, type, limit.signal);
    return this.#found(upstreamed, limit);
  }

  #fromCache(known: Known, stale: boolean): Found {
    if (stale) this.#stale++;
    return { known, source: 'cache', stale, trace: [], hint: null, cause: undefined };
  }

  async #fromStore(key: string, type: RecordType): Promise<Found | null> {
    // ipv4only.arpa belongs to one network: it never goes into a cache that several share (RFC 8880 section 7).
    if (this.#store === null || this.#cache === null || key.endsWith(' ipv4only.arpa')) return null;
    const found = await this.#store.get(key, type, this.#cache.limits);
    if (found === null) return null;
    this.#cache.set(key, found.known, this.#clock() - found.ageSeconds * 1000);
    const counted = this.#cache.get(key, this.#clock());
    return counted === null || counted.stale ? null : this.#fromCache(counted.known, false);
  }

  /** A stale answer, unless the servers give another in time; they go on being asked when they do not. */
  async #refreshOrStale(name: string, type: RecordType, remembered: Known, limit: Limit): Promise<Found> {
    const own = this.#limit(this.#timeoutMs, undefined);
    const asked = this.#ask(name, type, own.signal).finally(() => own.end());
    const upstreamed = await limit.within(asked, STALE_WAIT_MS);
    if (upstreamed === 'aborted')
      return this.#found(
        { outcome: { kind: 'failure', code: 'ABORTED', cause: limit.signal.reason }, trace: [] },
        limit,
      );
    if (upstreamed === 'late' || upstreamed.outcome.kind === 'failure') return this.#fromCache(remembered, true);
    return this.#found(upstreamed, limit);
  }

  #ask(name: string, type: RecordType, signal: AbortSignal): Promise<Upstreamed> {
    return this.#upstream.ask(name, type, signal, ({ outcome }) => this.#remember(name, type, outcome));
  }

  /** Keeps what the servers said: once for each question, however many wait for it. */
  #remember(name: string, type: RecordType, outcome: Upstreamed['outcome']): void {
    const key = cacheKey(name, type);
    if (outcome.kind === 'failure') {
      // Only what servers failed with, not what we ended ourselves.
      if (outcome.code !== 'ABORTED' && outcome.code !== 'BAD_NAME')
        this.#cache?.fail(key, outcome.code, this.#clock());
      return;
    }
    const known = knownOf(outcome);
    this.#cache?.set(key, known, this.#clock());
    if (this.#cache !== null && name !== 'ipv4only.arpa') this.#store?.set(key, known, this.#cache.limits);
  }

  #found({ outcome, trace }: Upstreamed, limit: Limit): Found {
    if (outcome.kind !== 'failure')
      return { known: knownOf(outcome), source: 'network', stale: false, trace, hint: null, cause: undefined };
    const code = outcome.code === 'ABORTED' && limit.timedOut ? 'TIMEOUT' : outcome.code;
    return {
      known: { kind: 'failure', code },
      source: 'network',
      stale: false,
      trace,
      hint: null,
      cause: outcome.cause,
    };
  }

  #limit(timeoutMs: number, signal: AbortSignal | undefined): Limit {
    const limit = new Limit(timeoutMs, signal, () => this.#limits.delete(limit));
    this.#limits.add(limit);
    if (this.#closed) limit.abort();
    return limit;
  }

  #publish(question: Question, outcome: 'ANSWER' | DnsErrorCode, start: number): void {
    if (queryChannel.hasSubscribers) queryChannel.publish({ question, outcome, ms: this.#clock() - start });
  }
}

/** The end of a call: its time, its caller's signal, and the resolver's close. */
class Limit {
  timedOut = false;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal | undefined;
  readonly #onEnd: () => void;
  readonly #onAbort = () => this.#controller.abort(this.#caller?.reason);

  constructor(timeoutMs: number, caller: AbortSignal | undefined, onEnd: () => void) {
    this.#caller = caller;
    this.#onEnd = onEnd;
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#controller.abort();
    }, timeoutMs);
    if (caller?.aborted) this.#onAbort();
    else caller?.addEventListener('abort', this.#onAbort, { once: true });
  }

  abort(): void {
    this.#controller.abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The result, 'late' when it takes longer than `ms`, 'aborted' when the call ends. */
  within<T>(result: Promise<T>, ms: number): Promise<T | 'late' | 'aborted'> {
    return new Promise((resolve) => {
      const settle = (value: T | 'late' | 'aborted') => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', onAbort);
        resolve(value);
      };
      // A stale answer is better than a timeout; only a caller who has gone wants neither.
      const onAbort = () => settle(this.timedOut ? 'late' : 'aborted');
      const timer = setTimeout(() => settle('late'), ms);
      this.signal.addEventListener('abort', onAbort, { once: true });
      void result.then(settle);
    });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onAbort);
    this.#onEnd();
  }
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
  TIMEOUT: 'try again later, or with a longer timeoutMs',
  ABORTED: 'ask again',
  BLOCKED: 'do not connect to it',
  UNREACHABLE: 'check the servers and the network',
};

function knownOf(outcome: Exclude<Upstreamed['outcome'], { kind: 'failure' }>): Known {
  return outcome.kind === 'none'
    ? outcome
    : { kind: 'records', records: outcome.records, ttl: leastTtl(outcome.records) };
}

function leastTtl(records: readonly DnsRecord[]): number | null {
  return records.reduce<number | null>((least, { ttl }) => (ttl === null ? least : Math.min(ttl, least ?? ttl)), null);
}

function withStaleTtl(records: readonly DnsRecord[], stale: boolean): readonly DnsRecord[] {
  if (!stale) return records;
  return records.map((record) => ('address' in record && record.ttl !== null ? { ...record, ttl: STALE_TTL } : record));
}

function familyAnswer(found: Found | undefined): FamilyAnswer {
  if (found === undefined) return { records: 0, ttl: null, source: null, stale: false, error: null };
  const { known, source, stale } = found;
  if (known.kind !== 'records') return { records: 0, ttl: null, source, stale, error: known.code };
  return { records: known.records.length, ttl: stale ? STALE_TTL : known.ttl, source, stale, error: null };
}

/** Of two families without addresses: a failure before NXDOMAIN before NODATA. */
function mostTellingOf(all: readonly Found[]): Found {
  const rank = ({ known }: Found) =>
    known.kind === 'failure' ? 2 : known.kind === 'none' && known.code === 'NXDOMAIN' ? 1 : 0;
  return all.reduce((best, one) => (rank(one) > rank(best) ? one : best));
}

/** The system's servers, without those that Node could not ask. */
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

function positive(name: string, value: number): number {
  // Beyond 2^31-1 a timer fires at once.
  if (!(Number.isInteger(value) && value >= 1 && value <= 0x7fff_ffff)) {
    throw new RangeError(`${name} is ${String(value)}: pass an integer from 1 to 2147483647`);
  }
  return value;
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
