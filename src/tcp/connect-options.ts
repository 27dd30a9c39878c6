import { checkOptions } from '../checks/options.js';
import { told } from '../checks/told.js';
import type { CanResolve, Policy, PolicyCheck } from '../dns/index.js';
import { compilePolicy, resolve } from '../dns/index.js';
import type { Address } from '../ip/index.js';
import { IPv4Address, IPv6Address, safeParseAddress } from '../ip/index.js';
import { checkSignal } from './listen-options.js';
import { checkResolver, integer, toggle } from './options.js';

/** How to connect, for all connections alike. */
export interface DialOptions {
  /** The whole call, with resolving and all attempts, ms. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Asks for the addresses of names. Default: the one of `resolve`, with its defaults, which all callers share. */
  readonly resolver?: CanResolve | undefined;
  /** Where to come from: an address of this machine. Addresses of the other family are left out then. */
  readonly localAddress?: Address | string | undefined;
  /** Connect to addresses of this family only. Default: to both, unless the resolver is for one. */
  readonly family?: 4 | 6 | undefined;
  /** From the start of an attempt to that of the next, while neither fails, ms. Default: 250, or `minAttemptDelayMs` where that is more. */
  readonly attemptDelayMs?: number | undefined;
  /** What `attemptDelayMs` may not be less than, ms; 10 or more. Default: 100 (RFC 8305 section 8). */
  readonly minAttemptDelayMs?: number | undefined;
  /** How long IPv4 addresses wait for the answer about IPv6 ones, ms. Default: 50. */
  readonly resolutionDelayMs?: number | undefined;
  /** Send small writes at once. Default: false, as Node. */
  readonly noDelay?: boolean | undefined;
  /** Have the system ask an idle peer whether it is there. Default: false, as Node. */
  readonly keepAlive?: boolean | undefined;
}

export interface ConnectOptions extends DialOptions {
  /**
   * Which addresses may be connected to, names and literals alike; beside the resolver's own policy. A denied address is left out.
   * But for 'any', the unspecified address and unix sockets are denied. Default: 'any'.
   */
  readonly policy?: Policy | undefined;
  /** Ends the call; once there is a connection it has no say. */
  readonly signal?: AbortSignal | undefined;
  /** The port to come from, 1 to 65535. Default: the kernel chooses. */
  readonly localPort?: number | undefined;
}

/** Options that were read. */
export interface ConnectSettings {
  readonly timeoutMs: number;
  readonly resolver: CanResolve;
  /** Null: 'any'. */
  readonly check: PolicyCheck | null;
  readonly signal: AbortSignal | null;
  readonly local: Address | null;
  readonly localPort: number | null;
  readonly family: 4 | 6 | null;
  readonly attemptDelayMs: number;
  readonly resolutionDelayMs: number;
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
}

/** The names of `DialOptions`. */
export const DIAL_OPTIONS = [
  'timeoutMs',
  'resolver',
  'localAddress',
  'family',
  'attemptDelayMs',
  'minAttemptDelayMs',
  'resolutionDelayMs',
  'noDelay',
  'keepAlive',
] as const satisfies readonly (keyof DialOptions)[];

/** The names of `ConnectOptions`. */
export const CONNECT_OPTIONS = [...DIAL_OPTIONS, 'policy', 'signal', 'localPort'] as const;

const SHARED: CanResolve = { resolve };

/**
 * @throws {TypeError} {RangeError} for an option that is none, or out of its range
 * @throws {PrefixParseError} for a prefix of the policy that is none
 */
export function readConnectOptions(options: ConnectOptions): ConnectSettings {
  checkOptions(options, CONNECT_OPTIONS);
  const { policy = 'any', signal, localPort } = options;
  checkSignal(signal);
  return {
    ...readDialOptions(options),
    check: readPolicy(policy),
    signal: signal ?? null,
    localPort: localPort === undefined ? null : integer('localPort', localPort, 1, 0xffff),
  };
}

/** What of the options is for all connections alike. */
export function readDialOptions(options: DialOptions): Omit<ConnectSettings, 'check' | 'signal' | 'localPort'> {
  const { resolver = SHARED, localAddress, family, resolutionDelayMs = 50 } = options;
  const { timeoutMs = 10_000, minAttemptDelayMs = 100, noDelay = false, keepAlive = false } = options;
  checkResolver(resolver);
  if (family !== undefined && family !== 4 && family !== 6) {
    throw new TypeError(`family is ${told(family)}: pass 4 or 6, or leave it out for both`);
  }
  const least = integer('minAttemptDelayMs', minAttemptDelayMs, 10);
  const { attemptDelayMs = Math.max(250, least) } = options;
  return {
    timeoutMs: integer('timeoutMs', timeoutMs, 1),
    resolver,
    local: localAddress === undefined ? null : readLocalAddress(localAddress),
    family: family ?? null,
    attemptDelayMs: integer('attemptDelayMs', attemptDelayMs, least),
    resolutionDelayMs: integer('resolutionDelayMs', resolutionDelayMs, 0),
    noDelay: toggle('noDelay', noDelay),
    keepAlive: toggle('keepAlive', keepAlive),
  };
}

/** Null for 'any', which nothing needs to be asked of. */
export function readPolicy(policy: Policy): PolicyCheck | null {
  return policy === 'any' ? null : compilePolicy(policy);
}

/**
 * As `readPolicy`, where there is no default.
 *
 * @throws {TypeError} for none
 */
export function readStatedPolicy(policy: Policy | undefined): PolicyCheck | null {
  if (policy !== undefined) return readPolicy(policy);
  throw new TypeError(
    "policy is missing, and has no default here: pass 'global', {allow, deny}, a function, or 'any' for no guard",
  );
}

/**
 * A mapped address is an IPv4 address to the kernel.
 *
 * @throws {TypeError} for what is no address, with the reason as its cause
 */
export function readLocalAddress(given: Address | string): Address {
  const address = given instanceof IPv4Address || given instanceof IPv6Address ? given : parseLocal(given);
  return address.family === 6 ? address.unmap() : address;
}

function parseLocal(text: string): Address {
  const parsed = safeParseAddress(text);
  if (parsed.success) return parsed.data;
  throw new TypeError(`localAddress: ${parsed.error.message}`, { cause: parsed.error });
}
