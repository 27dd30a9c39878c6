import { messageOf } from '../checks/message-of.js';
import type { DnsErrorCode } from '../dns/index.js';
import { DnsError } from '../dns/index.js';

/** Why a question has no answer. */
export interface Unanswered {
  readonly code: DnsErrorCode;
  readonly problem: string;
  readonly hint: string;
  /** What was thrown. */
  readonly cause: unknown;
}

/** What a `DnsError` says, read once: it may be anybody's. Null for anything else that a resolver throws, also for what only looks like one. */
export function readDnsError(error: unknown): Unanswered | null {
  try {
    if (!(error instanceof DnsError)) return null;
    const { code, problem, hint }: { [Key in 'code' | 'problem' | 'hint']: unknown } = error;
    if (!isCode(code) || typeof problem !== 'string' || typeof hint !== 'string') return null;
    return { code, problem, hint, cause: error };
  } catch {
    // A getter, or a proxy, that throws.
    return null;
  }
}

/** Of anything else that a resolver throws. */
export function badResponse(error: unknown): Unanswered {
  const message = messageOf(error);
  const problem = message === '' ? 'an error without a message' : message;
  return { code: 'BAD_RESPONSE', problem, hint: 'mend the resolver', cause: error };
}

function isCode(code: unknown): code is DnsErrorCode {
  return typeof code === 'string' && Object.hasOwn(DNS_ERRNOS, code);
}

/** As getaddrinfo has them. */
export const DNS_ERRNOS: Readonly<Record<DnsErrorCode, string>> = {
  BAD_NAME: 'ENOTFOUND',
  NXDOMAIN: 'ENOTFOUND',
  NODATA: 'ENOTFOUND',
  SERVFAIL: 'EAI_AGAIN',
  REFUSED: 'EAI_AGAIN',
  FORMERR: 'EAI_FAIL',
  NOTIMP: 'EAI_FAIL',
  BAD_RESPONSE: 'EAI_FAIL',
  TIMEOUT: 'EAI_AGAIN',
  ABORTED: 'ABORTED',
  BLOCKED: 'EACCES',
  UNREACHABLE: 'EAI_AGAIN',
};
