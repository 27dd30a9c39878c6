import type { LookupAddress } from 'node:dns';
import { ADDRCONFIG, ALL, V4MAPPED } from 'node:dns';
import { parseAddress } from '../ip/index.js';
import type { CanResolve } from './answer.js';
import type { DnsErrorCode } from './error.js';
import { DnsError } from './error.js';
import type { Policy } from './policy.js';
import { compilePolicy } from './policy.js';

/** As Node calls it: one address and its family, or with `all` a list. */
export type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address?: string | LookupAddress[],
  family?: number,
) => void;

/** A drop-in for the `lookup` option of `net`, `http`, `https`, undici and axios. */
export type Lookup = (hostname: string, ...rest: readonly unknown[]) => void;

export interface CreateLookupOptions {
  readonly resolver: CanResolve;
  /** Beside the resolver's own: both must let an address through. Default: 'any'. */
  readonly policy?: Policy | undefined;
}

/** The codes that callers of getaddrinfo know. */
const ERRNOS: Readonly<Record<DnsErrorCode, string>> = {
  BAD_NAME: 'ENOTFOUND',
  NXDOMAIN: 'ENOTFOUND',
  NODATA: 'ENOTFOUND',
  SERVFAIL: 'EAI_AGAIN',
  REFUSED: 'EAI_AGAIN',
  FORMERR: 'EAI_FAIL',
  NOTIMP: 'EAI_FAIL',
  BAD_RESPONSE: 'EAI_FAIL',
  TIMEOUT: 'ETIMEOUT',
  ABORTED: 'ECANCELLED',
  BLOCKED: 'EACCES',
  UNREACHABLE: 'EAI_AGAIN',
};

/**
 * A `lookup` by a resolver: the address that was checked is the one that is connected to, so that a name that changes between
 * check and use gains nothing. Always calls back asynchronously; an error has a code that callers of getaddrinfo know (EACCES for
 * an address that a policy denies), and the `DnsError` as its cause.
 *
 * **Node never calls a `lookup` for an IP literal**, nor for texts that it takes for one, such as `0x7f.1`: a lookup guards names
 * only.
 *
 * @throws {TypeError} for a policy that is none
 */
export function createLookup({ resolver, policy = 'any' }: CreateLookupOptions): Lookup {
  const check = compilePolicy(policy);
  return (hostname, ...rest) => {
    const callback = rest.at(-1);
    if (typeof callback !== 'function') throw new TypeError('lookup is called with a callback as its last argument');
    const done = callback as LookupCallback;
    const options = readOptions(rest.length > 1 ? rest[0] : undefined);
    lookUp(resolver, hostname, options, check).then(
      // Not inside the promise: what a callback throws is its caller's, and no unhandled rejection.
      (addresses) =>
        process.nextTick(() => {
          const [first] = addresses;
          if (options.all) done(null, addresses);
          else done(null, first?.address ?? '', first?.family ?? 0);
        }),
      (error: unknown) => process.nextTick(() => done(errnoOf(error, hostname))),
    );
  };
}

interface ReadOptions {
  readonly family: 0 | 4 | 6;
  readonly all: boolean;
  readonly order: 'verbatim' | 'ipv4first' | 'ipv6first';
  readonly v4mapped: boolean;
  readonly mappedToo: boolean;
}

/** All forms that callers of `dns.lookup` use. */
function readOptions(raw: unknown): ReadOptions {
  const given = (typeof raw === 'object' && raw !== null ? raw : { family: raw }) as Record<string, unknown>;
  const hints = typeof given.hints === 'number' ? given.hints : 0;
  const family = FAMILIES.get(given.family ?? 0);
  if (family === undefined)
    throw new TypeError(`lookup with family ${String(given.family)}: pass 0, 4, 6, 'IPv4' or 'IPv6'`);
  if ((hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0)
    throw new TypeError(`lookup with hints ${hints}: pass flags of node:dns`);
  const verbatim = given.verbatim === false ? 'ipv4first' : 'verbatim';
  const order =
    given.order === 'ipv4first' || given.order === 'ipv6first' || given.order === 'verbatim' ? given.order : verbatim;
  return { family, all: given.all === true, order, v4mapped: (hints & V4MAPPED) !== 0, mappedToo: (hints & ALL) !== 0 };
}

const FAMILIES: ReadonlyMap<unknown, 0 | 4 | 6> = new Map<unknown, 0 | 4 | 6>([
  [0, 0],
  [4, 4],
  [6, 6],
  ['IPv4', 4],
  ['IPv6', 6],
]);

async function lookUp(
  resolver: CanResolve,
  hostname: string,
  options: ReadOptions,
  check: (address: string) => string | null,
): Promise<LookupAddress[]> {
  const addresses = await addressesOf(resolver, hostname, options);
  for (const { address } of addresses) {
    const reason = check(address);
    if (reason !== null) {
      const hint = 'the policy of this lookup does not allow the address';
      throw new DnsError('BLOCKED', { name: hostname, type: null }, `${address}: ${reason}`, { hint });
    }
  }
  if (options.order === 'verbatim') return addresses;
  const first = options.order === 'ipv4first' ? 4 : 6;
  return [...addresses.filter(({ family }) => family === first), ...addresses.filter(({ family }) => family !== first)];
}

async function addressesOf(resolver: CanResolve, hostname: string, options: ReadOptions): Promise<LookupAddress[]> {
  const ask = async (type?: 'A' | 'AAAA') => {
    const { records } = await (type === undefined ? resolver.resolve(hostname) : resolver.resolve(hostname, type));
    return records.map(({ address }) => ({ address, family: parseAddress(address).family }));
  };
  if (options.family === 0) return ask();
  if (options.family === 4) return ask('A');
  if (!options.v4mapped) return ask('AAAA');
  // AI_V4MAPPED: IPv4 addresses as IPv6 when there are no others, or with AI_ALL beside them (RFC 3493 section 6.1).
  const mapped = async () => (await ask('A')).map(({ address }) => ({ address: `::ffff:${address}`, family: 6 }));
  const own = await ask('AAAA').catch(noneOf);
  if (own.length > 0 && !options.mappedToo) return own;
  return [...own, ...(await (own.length > 0 ? mapped().catch(noneOf) : mapped()))];
}

function noneOf(error: unknown): LookupAddress[] {
  if (error instanceof DnsError && (error.code === 'NODATA' || error.code === 'NXDOMAIN')) return [];
  throw error;
}

function errnoOf(error: unknown, hostname: string): NodeJS.ErrnoException {
  const code = error instanceof DnsError ? ERRNOS[error.code] : 'EAI_FAIL';
  const message = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(`getaddrinfo ${code} ${hostname}: ${message}`, { cause: error }), {
    code,
    syscall: 'getaddrinfo',
    hostname,
  });
}
