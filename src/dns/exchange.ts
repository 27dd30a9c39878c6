import { Resolver as NodeResolver } from 'node:dns/promises';
import { formatUriHost, safeParseAddress } from '../ip/index.js';
import type { DnsErrorCode } from './error.js';
import type { DnsRecord, RecordType } from './records.js';
import { BadRecordError, normalise } from './records.js';

/** The methods of `dns.promises.Resolver` that are used. */
export type Backend = Pick<
  NodeResolver,
  | 'resolve4'
  | 'resolve6'
  | 'resolveCaa'
  | 'resolveCname'
  | 'resolveMx'
  | 'resolveNaptr'
  | 'resolveNs'
  | 'resolvePtr'
  | 'resolveSoa'
  | 'resolveSrv'
  | 'resolveTxt'
  | 'cancel'
> & {
  /** Not in every version of Node's types, and since Node 22.15 and 23.9 only in Node. */
  readonly resolveTlsa?: (name: string) => Promise<unknown>;
};

/** Makes the backend that asks one server. */
export type CreateBackend = (server: string) => Backend;

/** What came of one question to one server. */
export type Outcome =
  | { readonly kind: 'records'; readonly records: DnsRecord[] }
  | { readonly kind: 'none'; readonly code: 'NODATA' | 'NXDOMAIN' }
  | { readonly kind: 'failure'; readonly code: DnsErrorCode; readonly cause: unknown };

/** Longer than any attempt: c-ares has its own ideas of time, ours end the call. */
const CARES_TIMEOUT_MS = 5000;

/** A backend of Node's own for a server, which `readServer` has checked. */
export function createBackend(server: string): Backend {
  // One try: which server is asked again, and when, is decided in upstream.ts.
  const resolver = new NodeResolver({ timeout: CARES_TIMEOUT_MS, tries: 1 });
  resolver.setServers([server]);
  return resolver as Backend;
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
      `server ${JSON.stringify(text)}: ${problem}; write an address with an optional port, 192.0.2.1:53 or [2001:db8::1]:53`,
    );
  if (typeof text !== 'string') throw refuse('no text');
  const [, inBrackets, plain, portText] =
    /^(?:\[([^\]]*)\]|([^:]*|[^[\]]*:[^[\]]*:[^[\]]*?))(?::(\d+))?$/.exec(text) ?? [];
  const bare = safeParseAddress(text);
  const host = bare.success ? text : (inBrackets ?? plain ?? '');
  const parsed = safeParseAddress(host);
  if (!parsed.success) throw refuse(`no address, ${parsed.error.hint}`);
  const address = parsed.data;
  if (address.family === 6 && address.zone !== null) throw refuse('Node drops the zone');
  if (address.family === 6 && !bare.success && inBrackets === undefined)
    throw refuse('IPv6 with a port needs brackets');
  const port = bare.success || portText === undefined ? 53 : Number(portText);
  if (port < 1 || port > 65_535 || (portText !== undefined && !bare.success && portText !== String(port))) {
    throw refuse('no port from 1 to 65535');
  }
  return `${formatUriHost(address)}:${port}`;
}

export interface ExchangeOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called when the backend is done with the question, which may be long after the exchange has settled. */
  readonly onEnd?: () => void;
}

/**
 * Asks one question, and settles when there is an answer, when the time is over, or when it is aborted, whichever is first.
 * Never rejects. What the backend does after that is ignored: `cancel` is the caller's.
 */
export function exchange(
  backend: Backend,
  question: { readonly name: string; readonly type: RecordType },
  { timeoutMs, signal, onEnd }: ExchangeOptions,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    const onAbort = () => settle({ kind: 'failure', code: 'ABORTED', cause: signal.reason });
    const timer = setTimeout(() => settle({ kind: 'failure', code: 'TIMEOUT', cause: undefined }), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) {
      onAbort();
      onEnd?.();
      return;
    }
    ask(backend, question)
      .then(
        (raw) => settle(outcomeOf(question.type, raw)),
        (error: unknown) => settle(outcomeOfError(error)),
      )
      .finally(onEnd);
  });
}

/** What an answer of `dns.promises` comes to: an empty list, as for a CNAME without the type, is no data. */
export function outcomeOf(type: RecordType, raw: unknown): Outcome {
  try {
    const records = normalise(type, raw);
    return records.length === 0 ? { kind: 'none', code: 'NODATA' } : { kind: 'records', records };
  } catch (error) {
    if (!(error instanceof BadRecordError)) throw error;
    return { kind: 'failure', code: 'BAD_RESPONSE', cause: error };
  }
}

/** c-ares's codes; 6 and 9 of the wire's rcodes come as ENODATA, 15 as ESERVFAIL, and nobody can tell. */
const CODES: Readonly<Record<string, DnsErrorCode>> = {
  ENOTFOUND: 'NXDOMAIN',
  ENODATA: 'NODATA',
  EFORMERR: 'FORMERR',
  ESERVFAIL: 'SERVFAIL',
  ENOTIMP: 'NOTIMP',
  EREFUSED: 'REFUSED',
  EBADRESP: 'BAD_RESPONSE',
  EBADQUERY: 'BAD_RESPONSE',
  EBADNAME: 'BAD_NAME',
  EBADFAMILY: 'BAD_RESPONSE',
  EBADSTR: 'BAD_NAME',
  ECONNREFUSED: 'UNREACHABLE',
  ETIMEOUT: 'TIMEOUT',
  EOF: 'BAD_RESPONSE',
  ECANCELLED: 'ABORTED',
};

/** What an error of `dns.promises` comes to. */
export function outcomeOfError(error: unknown): Outcome {
  const code = CODES[(error as { readonly code?: string } | null)?.code ?? ''] ?? 'UNREACHABLE';
  return code === 'NODATA' || code === 'NXDOMAIN' ? { kind: 'none', code } : { kind: 'failure', code, cause: error };
}

async function ask(
  backend: Backend,
  { name, type }: { readonly name: string; readonly type: RecordType },
): Promise<unknown> {
  // The root is asked for with a dot; '' would be refused. No other name gets one: c-ares uses no search list here.
  const wire = name === '' ? '.' : name;
  switch (type) {
    case 'A':
      return backend.resolve4(wire, { ttl: true });
    case 'AAAA':
      return backend.resolve6(wire, { ttl: true });
    case 'CAA':
      return backend.resolveCaa(wire);
    case 'CNAME':
      return backend.resolveCname(wire);
    case 'MX':
      return backend.resolveMx(wire);
    case 'NAPTR':
      return backend.resolveNaptr(wire);
    case 'NS':
      return backend.resolveNs(wire);
    case 'PTR':
      return backend.resolvePtr(wire);
    case 'SOA':
      return backend.resolveSoa(wire);
    case 'SRV':
      return backend.resolveSrv(wire);
    case 'TLSA':
      if (backend.resolveTlsa === undefined)
        throw Object.assign(new Error('this version of Node can not ask for TLSA'), { code: 'ENOTIMP' });
      return backend.resolveTlsa(wire);
    case 'TXT':
      return backend.resolveTxt(wire);
  }
}
