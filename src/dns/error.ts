import { quote, shown } from '../checks/quote.js';
import { LONGEST_NAME } from './name.js';
import type { RecordType } from './records.js';

/** Why a question has no answer. Stable: a program may compare it. */
export type DnsErrorCode =
  | 'BAD_NAME'
  | 'NXDOMAIN'
  | 'NODATA'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'FORMERR'
  | 'NOTIMP'
  | 'BAD_RESPONSE'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'BLOCKED'
  | 'UNREACHABLE';

/** What was asked: a name and a type, null when both address types were. */
export interface Question {
  readonly name: string;
  readonly type: RecordType | null;
}

/** One question to one server. */
export interface Attempt {
  /** As it stands in `servers`. */
  readonly server: string;
  /** 'ANSWER', or why there was none. */
  readonly outcome: 'ANSWER' | DnsErrorCode;
  readonly ms: number;
}

const RETRYABLE: readonly DnsErrorCode[] = ['SERVFAIL', 'REFUSED', 'BAD_RESPONSE', 'TIMEOUT', 'UNREACHABLE'];

/** Thrown for a question that has no answer. */
export class DnsError extends Error {
  override readonly name = 'DnsError';
  readonly code: DnsErrorCode;
  readonly question: Question;
  /** Whether asking again later may help. */
  readonly retryable: boolean;
  /** Every server that was asked, in order. */
  readonly trace: readonly Attempt[];
  /** What is wrong, in words. */
  readonly problem: string;
  /** What to do instead. */
  readonly hint: string;

  constructor(
    code: DnsErrorCode,
    question: Question,
    problem: string,
    {
      hint,
      trace = [],
      cause,
    }: { readonly hint: string; readonly trace?: readonly Attempt[]; readonly cause?: unknown },
  ) {
    // What a stranger has sent in the place of a name or a type would fill the log, or move its cursor.
    const type = question.type === null ? '' : ` ${shown(question.type)}`;
    super(
      `${code} ${quote(question.name, LONGEST_NAME)}${type}: ${problem}; ${hint}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.question = question;
    this.retryable = RETRYABLE.includes(code);
    this.trace = trace;
    this.problem = problem;
    this.hint = hint;
  }
}
