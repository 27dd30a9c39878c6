import type { LookupAddress, LookupAllOptions, LookupOneOptions, LookupOptions } from 'node:dns';
import { ADDRCONFIG, ALL, V4MAPPED } from 'node:dns';
import { messageOf } from '../checks/message-of.js';
import { quote, shown, shownAddress } from '../checks/quote.js';
import { recordAddresses } from '../checks/record-addresses.js';
import { parseAddress } from '../ip/index.js';
import type { CanResolve } from './answer.js';
import type { DnsErrorCode } from './error.js';
import { DnsError } from './error.js';
import { LONGEST_NAME } from './name.js';
import { checkOptions, refusal } from './options.js';
import type { Policy } from './policy.js';
import { compilePolicy } from './policy.js';

/** As Node calls it: one address and its family, or with `all` a list. After an error there is neither. */
export type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

type OneCallback = (error: NodeJS.ErrnoException | null, address: string, family: number) => void;
type AllCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** A drop-in for `dns.lookup` with a callback, and for the `lookup` option of `net`, `http`, `https`, undici and axios. */
export interface Lookup {
  (hostname: string, callback: OneCallback): void;
  (hostname: string, family: number | 'IPv4' | 'IPv6', callback: OneCallback): void;
  (hostname: string, options: LookupOneOptions, callback: OneCallback): void;
  (hostname: string, options: LookupAllOptions, callback: AllCallback): void;
  (hostname: string, options: LookupOptions, callback: LookupCallback): void;
  /** As axios writes its type: it takes what Node takes. */
  (hostname: string, options: object, callback: (error: Error | null, ...rest: never[]) => void): void;
}

/** Whom a `lookup` asks, and what it lets through. */
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
 * an address that a policy denies), and the `DnsError` as its cause. What the callback throws is an uncaught exception.
 *
 * Addresses come in the resolver's order, unless `order` says another. The hint ADDRCONFIG, which Node sets by itself, changes
 * nothing: which families the machine has is for who connects to find out.
 *
 * **Node never calls a `lookup` for an IP literal**, nor for texts that it takes for one, such as `0x7f.1`: a lookup guards names
 * only.
 *
 * @throws {TypeError} for a policy that is none; the lookup throws one for arguments that `dns.lookup` would not take
 */
export function createLookup(options: CreateLookupOptions): Lookup {
  const known = ['resolver', 'policy'] satisfies (keyof CreateLookupOptions)[];
  checkOptions('createLookup', options, known, ['resolver']);
  const { resolver, policy = 'any' } = options;
  if (typeof resolver?.resolve !== 'function') throw refusal('resolver', resolver, 'a Resolver');
  const check = compilePolicy(policy);
  return (hostname: string, ...rest: readonly unknown[]) => {
    const callback = rest.at(-1);
    if (typeof callback !== 'function') throw new TypeError('lookup is called with a callback as its last argument');
    checkHostname(hostname);
    const done = callback as (error: NodeJS.ErrnoException | null, ...found: unknown[]) => void;
    const asked = readOptions(rest.length > 1 ? rest[0] : undefined);
    lookUp(resolver, hostname, asked, check).then(
      // Not inside the promise: what a callback throws is its caller's, and no unhandled rejection.
      ([first, ...others]) =>
        process.nextTick(() => {
          if (asked.all) done(null, [first, ...others]);
          else done(null, first.address, first.family);
        }),
      (error: unknown) => process.nextTick(() => done(errnoOf(error, hostname))),
    );
  };
}

interface ReadOptions {
  readonly family: 0 | 4 | 6;
  readonly all: boolean;
  readonly order: Order;
  readonly v4mapped: boolean;
  readonly mappedToo: boolean;
}

type Order = 'verbatim' | 'ipv4first' | 'ipv6first';

/** All forms that callers of `dns.lookup` use. */
function readOptions(raw: unknown): ReadOptions {
  const given = (typeof raw === 'object' && raw !== null ? raw : { family: raw }) as Record<string, unknown>;
  const family = FAMILIES.get(given.family ?? 0);
  if (family === undefined) throw refusal('family of a lookup', given.family, "0, 4, 6, 'IPv4' or 'IPv6'");
  const hints = given.hints ?? 0;
  if (typeof hints !== 'number' || (hints & ~(ADDRCONFIG | ALL | V4MAPPED)) !== 0)
    throw refusal('hints of a lookup', hints, 'flags of node:dns');
  const all = flag('all', given.all, false);
  const verbatim = flag('verbatim', given.verbatim, true);
  const order = given.order ?? (verbatim ? 'verbatim' : 'ipv4first');
  if (!isOrder(order)) throw refusal('order of a lookup', order, "'verbatim', 'ipv4first' or 'ipv6first'");
  return { family, all, order, v4mapped: (hints & V4MAPPED) !== 0, mappedToo: (hints & ALL) !== 0 };
}

function flag(name: string, value: unknown, fallback: boolean): boolean {
  const given = value ?? fallback;
  if (typeof given !== 'boolean') throw refusal(`${name} of a lookup`, given, 'true or false');
  return given;
}

/** `dns.lookup` throws for none of `undefined`, '' and the like, for which there is no name then. */
function checkHostname(hostname: unknown): void {
  if (typeof hostname !== 'string' && hostname) throw refusal('hostname of a lookup', hostname, 'a name');
}

const FAMILIES: ReadonlyMap<unknown, 0 | 4 | 6> = new Map<unknown, 0 | 4 | 6>([
  [0, 0],
  [4, 4],
  [6, 6],
  ['IPv4', 4],
  ['IPv6', 6],
]);

function isOrder(value: unknown): value is Order {
  return value === 'verbatim' || value === 'ipv4first' || value === 'ipv6first';
}

async function lookUp(
  resolver: CanResolve,
  hostname: string,
  options: ReadOptions,
  check: (address: string) => string | null,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const addresses = await addressesOf(resolver, hostname, options);
  for (const { address } of addresses) {
    const reason = check(address);
    if (reason !== null) {
      const hint = 'the policy of this lookup does not allow the address';
      throw new DnsError('BLOCKED', { name: nameOf(hostname), type: null }, `${shownAddress(address)}: ${reason}`, {
        hint,
      });
    }
  }
  const [first, ...others] = inOrder(addresses, options.order);
  if (first === undefined) {
    const hint = 'the resolver of this lookup should say so with an error';
    throw new DnsError('NODATA', { name: nameOf(hostname), type: null }, 'an answer without addresses', { hint });
  }
  return [first, ...others];
}

function inOrder(addresses: readonly LookupAddress[], order: Order): readonly LookupAddress[] {
  if (order === 'verbatim') return addresses;
  const first = order === 'ipv4first' ? 4 : 6;
  return [...addresses.filter(({ family }) => family === first), ...addresses.filter(({ family }) => family !== first)];
}

async function addressesOf(resolver: CanResolve, hostname: string, options: ReadOptions): Promise<LookupAddress[]> {
  const ask = async (type?: 'A' | 'AAAA') => {
    const answer = await (type === undefined ? resolver.resolve(hostname) : resolver.resolve(hostname, type));
    return recordAddresses(answer, parseAddress).map((value) => {
      const address = value.toString();
      if (type !== undefined && value.family !== (type === 'A' ? 4 : 6))
        throw new TypeError(`the resolver has given ${quote(address)} for ${type}`);
      return { address, family: value.family };
    });
  };
  if (options.family === 0) return ask();
  if (options.family === 4) return ask('A');
  if (!options.v4mapped) return ask('AAAA');
  // AI_V4MAPPED: IPv4 addresses as IPv6 when there are no others, or with AI_ALL beside them (RFC 3493 section 6.1). Both types are
  // asked for at once, so that the time limit of the call is that of one question.
  const own = ask('AAAA');
  const mapped = ask('A').then((found) => found.map(({ address }) => ({ address: `::ffff:${address}`, family: 6 })));
  // It fails unheard where there are IPv6 addresses.
  mapped.catch(() => {});
  if (options.mappedToo) {
    // Both are wanted: one that fails leaves the other's addresses as they are.
    const both = [...(await own.catch(noneUnlessFinal)), ...(await mapped.catch(noneUnlessFinal))];
    // A hosts file may have an address mapped, which is one of either family.
    const distinct = new Map(both.map((one) => [one.address, one]));
    if (distinct.size > 0) return [...distinct.values()];
  }
  const found = await own.catch(noneOf);
  return found.length === 0 ? mapped : found;
}

function noneOf(error: unknown): LookupAddress[] {
  if (error instanceof DnsError && (error.code === 'NODATA' || error.code === 'NXDOMAIN')) return [];
  throw error;
}

/** What a policy denies, whoever has aborted, and a broken resolver end the whole lookup. */
function noneUnlessFinal(error: unknown): LookupAddress[] {
  if (error instanceof DnsError && error.code !== 'BLOCKED' && error.code !== 'ABORTED') return [];
  throw error;
}

function errnoOf(error: unknown, hostname: string): NodeJS.ErrnoException {
  const code = error instanceof DnsError ? ERRNOS[error.code] : 'EAI_FAIL';
  const message = `getaddrinfo ${code} ${shown(nameOf(hostname), LONGEST_NAME)}: ${messageOf(error)}`;
  return Object.assign(new Error(message, { cause: error }), { code, syscall: 'getaddrinfo', hostname });
}

/** JavaScript callers pass anything. */
function nameOf(hostname: unknown): string {
  return typeof hostname === 'string' ? hostname : quote(hostname);
}
