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
    super(
      `${code} ${JSON.stringify(shortened(question.name))}${question.type === null ? '' : ` ${question.type}`}: ${problem}; ${hint}`,
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

/** No name is longer than 253 octets; what a stranger has sent in its place may be, and would fill the log. */
function shortened(name: string): string {
  return name.length > 300 ? `${name.slice(0, 100)}… (${name.length} characters)` : name;
}
