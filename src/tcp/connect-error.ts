import type { DnsErrorCode } from '../dns/index.js';
import type { Address } from '../ip/index.js';
import { isLinkLocal } from '../ip/index.js';

/**
 * Why there is no connection. Stable: a program may compare it. Of several addresses that failed, the code is that which says most:
 * an errno of the system.
 *
 * - BAD_TARGET: what was given is nothing to connect to.
 * - NO_ADDRESS: no address is of the family that `family` or `localAddress` asks for.
 * - BLOCKED: the policy denies every address, or what has none.
 * - TIMEOUT: `timeoutMs` is over, or the servers of the resolver gave no answer in time.
 * - ABORTED: by the signal.
 * - another code of `DnsError`: the name has no addresses.
 */
export type ConnectErrorCode = 'BAD_TARGET' | 'NO_ADDRESS' | DnsErrorCode | `E${string}`;

/** One address, and what came of it. */
export interface ConnectAttempt {
  /** An address, with its zone; the path of a unix socket. */
  readonly address: string;
  /** Null for a unix socket. */
  readonly port: number | null;
  /** When it began, ms since the call. */
  readonly startMs: number;
  /**
   * 'lost': another address connected first. 'ended': the call ended before it, by its time or its signal. 'blocked': not begun, as
   * the policy denies the address.
   */
  readonly outcome: 'connected' | 'failed' | 'lost' | 'ended' | 'blocked';
  /** Of one that failed, such as 'ECONNREFUSED'; else null. */
  readonly errno: string | null;
  /** How long it took. */
  readonly ms: number;
}

/** What a `ConnectError` is made of. */
export interface ConnectFailure {
  readonly code: ConnectErrorCode;
  readonly problem: string;
  readonly hint: string;
  readonly trace?: readonly ConnectAttempt[] | undefined;
  readonly cause?: unknown;
}

/** Thrown when there is no connection. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly code: ConnectErrorCode;
  /** What was to be connected to, as text. */
  readonly target: string;
  /** Every address that was tried or denied, in order. */
  readonly trace: readonly ConnectAttempt[];
  /** What to do instead. */
  readonly hint: string;

  constructor(target: string, { code, problem, hint, trace = [], cause }: ConnectFailure) {
    super(`${code} ${target}: ${problem}; ${hint}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.target = target;
    this.trace = trace;
    this.hint = hint;
  }
}

/** From what says most to what says least: that a host has answered, that it can be reached, that this one cannot send. */
const TELLING: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EACCES',
  'EPERM',
  'ETIMEDOUT',
  'BLOCKED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENETUNREACH',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EINVAL',
];

/** The code that says most; null when there is none. */
export function mostTellingCode(codes: readonly string[]): string | null {
  const rank = (code: string) => (TELLING.includes(code) ? TELLING.indexOf(code) : TELLING.length);
  return codes.reduce<string | null>((best, one) => (best === null || rank(one) < rank(best) ? one : best), null);
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there: check the port, or start the server'],
  ['ECONNRESET', 'the other side, or something between, has ended it: see its log'],
  ['EACCES', 'check the permissions, and the firewall of this machine'],
  ['EPERM', 'check the firewall of this machine'],
  ['ETIMEDOUT', 'nothing answers: check the address, and firewalls between'],
  ['EHOSTUNREACH', 'nothing on that network has the address: check it'],
  ['ENETUNREACH', 'this machine has no route there: check the address, and whether this machine has its family'],
  ['EADDRINUSE', 'the local port is taken: leave localPort out'],
  ['EADDRNOTAVAIL', 'no interface has the local address, or all local ports are taken: check localAddress'],
  ['EMFILE', 'this process has too many files open: close some, or raise its limit'],
]);

const UNIX_HINTS: ReadonlyMap<string, string> = new Map([
  // Also of a file that is no socket.
  ['ECONNREFUSED', 'nothing listens there: check the path, or start the server'],
  ['EACCES', 'check the permissions of the socket and of its folders'],
  ['EPERM', 'check the permissions of the socket and of its folders'],
  ['ENOENT', 'there is no such socket: check the path, or start the server'],
  ['ENOTSOCK', 'the path is no socket: check it'],
]);

/** What was tried. */
export interface Attempted {
  /** Null for a unix socket. */
  readonly address: Address | null;
  /** Whether it was from a `localAddress`. */
  readonly isFromLocal: boolean;
}

/** What to do about an errno. */
export function hintOf(errno: string, { address, isFromLocal }: Attempted): string {
  const hint = (address === null ? UNIX_HINTS.get(errno) : undefined) ?? HINTS.get(errno);
  if (hint !== undefined) return hint;
  if (errno === 'EINVAL' && address !== null) {
    if (address.family === 6 && address.zone === null && isLinkLocal(address))
      return 'a link-local address needs its zone, the name of an interface of this machine: fe80::1%eth0';
    if (isFromLocal) return 'nothing can be sent there from the local address: leave localAddress out, or pass another';
  }
  return 'see what the system says in the cause';
}
