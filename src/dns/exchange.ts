import { Resolver as NodeResolver } from 'node:dns/promises';
import { codeOf } from '../checks/code-of.js';
import { quote } from '../checks/quote.js';
import { formatUriHost, safeParseAddress } from '../ip/index.js';
import type { DnsErrorCode } from './error.js';
import { integer } from './options.js';
import type { DnsRecord, RecordType } from './records.js';
import { normalise } from './records.js';
import type { Stop } from './stop.js';

/** The method of `dns.promises.Resolver` for each type. */
const METHODS = {
  A: 'resolve4',
  AAAA: 'resolve6',
  CAA: 'resolveCaa',
  CNAME: 'resolveCname',
  MX: 'resolveMx',
  NAPTR: 'resolveNaptr',
  NS: 'resolveNs',
  PTR: 'resolvePtr',
  SOA: 'resolveSoa',
  SRV: 'resolveSrv',
  TLSA: 'resolveTlsa',
  TXT: 'resolveTxt',
} as const satisfies Readonly<Record<RecordType, string>>;

type Method = (typeof METHODS)[RecordType];

type Ask = (name: string, options?: { readonly ttl: true }) => Promise<unknown>;

/** The methods of `dns.promises.Resolver` that are used. */
export type Backend = { readonly [M in Exclude<Method, 'resolveTlsa'>]: Ask } & {
  /** Since Node 22.15. */
  readonly resolveTlsa?: Ask | undefined;
  /** Called when nobody waits any more for any question that is open; it may reject them all, and must stay usable. */
  readonly cancel: () => void;
};

/** Makes the backend that asks one server: called once for each server, when it is first asked. */
export type CreateBackend = (server: string) => Backend;

/** Thrown for what `createBackend` has done in place of giving a backend. */
export class BackendError extends TypeError {
  readonly problem: string;
  readonly hint: string;

  constructor(problem: string, hint: string, cause?: unknown) {
    super(`${problem}: ${hint}`, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.hint = hint;
  }
}

/** What came of one question to one server. */
export type Outcome =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[] }
  | { readonly kind: 'none'; readonly code: 'NODATA' | 'NXDOMAIN' }
  | { readonly kind: 'failure'; readonly code: DnsErrorCode; readonly cause: unknown };

/**
 * After three answers c-ares believes that it knows how fast a server is, and gives up a question after five times the mean: after
 * fast answers a slow one is ETIMEOUT within 0.3 to 1 s, whatever `timeout` says. So a channel answers two questions, and those
 * that were put to it meanwhile, and is then made to forget.
 */
const ANSWERS_OF_A_CHANNEL = 2;

/** What c-ares ends all questions of a channel with when one answer is garbage, or a connection breaks: they share its sockets. */
const OF_THE_SOCKET: readonly string[] = ['EBADRESP', 'ECONNREFUSED'];

/** So many are kept for later: a crowd of questions, or of garbage, has needed more. */
const IDLE_CHANNELS = 8;

/** A resolver of Node's for one server, and what was put to it. */
interface Channel {
  readonly resolver: NodeResolver;
  /** Questions so far, those of them that are open, and answers since it last forgot. */
  questions: number;
  open: number;
  answers: number;
}

/**
 * A backend of Node's own for a server, '192.0.2.1:53'.
 *
 * @param timeoutMs the time for a question, which c-ares is not to end before; 1 to 2147483647
 * @throws {TypeError} for a server that is none
 * @throws {RangeError} for a time that is not in its range
 */
export function createBackend(server: string, timeoutMs = 5000): Backend {
  const address = readServer(server);
  integer('timeoutMs', timeoutMs);
  const elsewhere = address.startsWith('127.') ? '[::1]:53' : '127.0.0.1:53';
  const busy = new Set<Channel>();
  const idle: Channel[] = [];
  let newest: Channel | null = null;

  const create = (): Channel => {
    // One try: which server is asked again, and when, is decided in upstream.ts.
    const resolver = new NodeResolver({ timeout: timeoutMs, tries: 1 });
    resolver.setServers([address]);
    return { resolver, questions: 0, open: 0, answers: 0 };
  };
  const end = (channel: Channel) => {
    channel.answers++;
    if (--channel.open > 0) return;
    busy.delete(channel);
    if (channel.answers >= ANSWERS_OF_A_CHANNEL) {
      // c-ares forgets a server that is not its own any more. A new resolver would know nothing either, at five times the cost.
      channel.resolver.setServers([elsewhere]);
      channel.resolver.setServers([address]);
      channel.answers = 0;
    }
    if (channel !== newest && idle.length < IDLE_CHANNELS) idle.push(channel);
  };
  const put = (channel: Channel, method: Method, name: string, options?: { readonly ttl: true }) => {
    if (channel.open++ === 0) busy.add(channel);
    channel.questions++;
    try {
      return (channel.resolver as unknown as Readonly<Record<Method, Ask>>)[method](name, options);
    } catch (error) {
      // What is no name, no text: Node throws at once.
      return Promise.reject(error);
    }
  };
  const ask = (method: Method, name: string, options?: { readonly ttl: true }): Promise<unknown> => {
    if (newest === null || newest.answers >= ANSWERS_OF_A_CHANNEL) newest = idle.pop() ?? create();
    const channel = newest;
    const alone = channel.open === 0;
    const asked = put(channel, method, name, options);
    const { questions } = channel;
    const whenAnswered = (raw: unknown) => {
      end(channel);
      return raw;
    };
    return asked.then(whenAnswered, async (error: unknown) => {
      end(channel);
      const shared = !alone || channel.questions !== questions;
      if (!shared || !OF_THE_SOCKET.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      // It may be another question's garbage. Asked alone, it is its own.
      const own = create();
      try {
        return await put(own, method, name, options);
      } finally {
        end(own);
      }
    });
  };
  const methods = Object.values(METHODS).filter((method) => method in NodeResolver.prototype);
  return {
    ...Object.fromEntries(
      methods.map((method) => [method, (name: string, options?: { ttl: true }) => ask(method, name, options)]),
    ),
    cancel: () => {
      for (const { resolver } of busy) resolver.cancel();
    },
  } as Backend;
}

/**
 * A server as text, checked: Node aborts the process on a port of 0, takes 99999 for 34463, and drops a zone.
 *
 * @returns `192.0.2.1:53` or `[2001:db8::1]:53`
 * @throws {TypeError} for what is no address with an optional port
 */
export function readServer(text: string): string {
  const refuse = (problem: string) =>
    new TypeError(
      `server ${quote(text)}: ${problem}; write an address with an optional port, 192.0.2.1:53 or [2001:db8::1]:53`,
    );
  if (typeof text !== 'string') throw refuse('no text');
  // `2001:db8::1:53` is an address: with a port it would have brackets.
  const [, ipv6, , ipv6Port] = /^\[([^\]]*)\](:(.*))?$/s.exec(text) ?? [];
  const [, ipv4, ipv4Port] = /^([^:[\]]*):([^:]*)$/s.exec(text) ?? [];
  const parsed = safeParseAddress(ipv6 ?? ipv4 ?? text);
  if (!parsed.success) throw refuse(/^\[[^\]]*\][^:]/s.test(text) ? 'no port after the bracket' : 'no address');
  const address = parsed.data;
  if (address.family === 4 && ipv6 !== undefined) throw refuse('IPv4 in brackets');
  if (address.family === 6 && address.zone !== null) throw refuse('a zone, which Node drops');
  const port = ipv6Port ?? ipv4Port ?? '53';
  if (/^0\d/.test(port)) throw refuse('a port with a zero in front');
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) throw refuse('no port from 1 to 65535');
  return `${formatUriHost(address)}:${port}`;
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly signal: Stop;
  /** Called when the backend is done with the question: before the exchange settles, or long after when time or signal ended it. */
  readonly onEnd?: (() => void) | undefined;
  /** Called once, when the exchange settles. */
  readonly onSettled?: (() => void) | undefined;
}

/**
 * Asks one question, and settles when there is an answer, when the time is over, or when it is aborted, whichever is first.
 * Never rejects. What the backend does after that is ignored: `cancel` is the caller's.
 */
export function exchange(
  backend: Backend,
  question: { readonly name: string; readonly type: RecordType },
  { timeoutMs, signal, onEnd, onSettled }: ExchangeOptions,
): Promise<Outcome> {
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.unlisten(onAbort);
      onSettled?.();
      resolve(outcome);
    };
    const onAbort = () => settle({ kind: 'failure', code: 'ABORTED', cause: signal.reason });
    const end = (outcome: Outcome) => {
      onEnd?.();
      settle(outcome);
    };
    const timer = setTimeout(() => settle({ kind: 'failure', code: 'TIMEOUT', cause: undefined }), timeoutMs);
    signal.listen(onAbort);
    if (signal.aborted) {
      end({ kind: 'failure', code: 'ABORTED', cause: signal.reason });
      return;
    }
    ask(backend, question).then(
      (raw) => end(outcomeOf(question.type, raw)),
      (error: unknown) => end(outcomeOfError(error)),
    );
  });
}

/** What an answer of `dns.promises` comes to: an empty list, as for a CNAME without the type, is no data. */
export function outcomeOf(type: RecordType, raw: unknown): Outcome {
  try {
    const records = normalise(type, raw);
    return records.length === 0 ? { kind: 'none', code: 'NODATA' } : { kind: 'records', records };
  } catch (cause) {
    // A BadRecordError, or what a backend of somebody else's threw at us out of a getter.
    return { kind: 'failure', code: 'BAD_RESPONSE', cause };
  }
}

/** c-ares's codes; 6 and 9 of the wire's rcodes come as ENODATA, 15 as ESERVFAIL, and nobody can tell. */
const CODES: ReadonlyMap<unknown, DnsErrorCode> = new Map<unknown, DnsErrorCode>([
  ['ENOTFOUND', 'NXDOMAIN'],
  ['ENODATA', 'NODATA'],
  ['EFORMERR', 'FORMERR'],
  ['ESERVFAIL', 'SERVFAIL'],
  ['ENOTIMP', 'NOTIMP'],
  ['EREFUSED', 'REFUSED'],
  ['EBADRESP', 'BAD_RESPONSE'],
  ['EBADQUERY', 'BAD_RESPONSE'],
  ['EBADNAME', 'BAD_NAME'],
  ['EBADFAMILY', 'BAD_RESPONSE'],
  ['EBADSTR', 'BAD_NAME'],
  ['ECONNREFUSED', 'UNREACHABLE'],
  ['ETIMEOUT', 'TIMEOUT'],
  ['EOF', 'BAD_RESPONSE'],
  // Somebody else has cancelled: what we cancel, nobody waits for.
  ['ECANCELLED', 'UNREACHABLE'],
]);

/** What an error of `dns.promises` comes to. */
export function outcomeOfError(error: unknown): Outcome {
  const code = CODES.get(codeOf(error)) ?? 'UNREACHABLE';
  return code === 'NODATA' || code === 'NXDOMAIN' ? { kind: 'none', code } : { kind: 'failure', code, cause: error };
}

/** What the backend answers, also when it answers at once, or throws. */
function ask(backend: Backend, question: { readonly name: string; readonly type: RecordType }): Promise<unknown> {
  try {
    return Promise.resolve(put(backend, question));
  } catch (error) {
    return Promise.reject(error);
  }
}

function put(backend: Backend, { name, type }: { readonly name: string; readonly type: RecordType }): Promise<unknown> {
  // The root is asked for with a dot; '' would be refused. No other name gets one: c-ares uses no search list here.
  const wire = name === '' ? '.' : name;
  const method = METHODS[type];
  // Older versions of Node have no `resolveTlsa`.
  if (typeof backend[method] !== 'function' && (method !== 'resolveTlsa' || backend[method] !== undefined)) {
    throw new BackendError(`createBackend has given what has no ${method}`, 'give what has it');
  }
  // As methods: a backend may be a resolver of Node's.
  if (method === 'resolve4' || method === 'resolve6') return backend[method](wire, { ttl: true });
  if (method !== 'resolveTlsa') return backend[method](wire);
  if (backend.resolveTlsa === undefined) {
    throw Object.assign(new Error('this version of Node can not ask for TLSA, Node 22.15 can'), { code: 'ENOTIMP' });
  }
  return backend.resolveTlsa(wire);
}
