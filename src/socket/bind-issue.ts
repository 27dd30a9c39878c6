/** What is wrong with a bind. Stable: a program may compare it. */
export type BindIssueCode =
  | 'NOT_BIND'
  | 'UNREADABLE'
  | 'UNKNOWN_KEY'
  | 'ENDPOINT'
  | 'HOST_MISSING'
  | 'HOST_BLANK'
  | 'HOST_TYPE'
  | 'HOST_WILDCARD'
  | 'HOST_CHARACTER'
  | 'HOST_BRACKETS'
  | 'HOST_PORT'
  | 'HOST_PREFIX'
  | 'HOST_URL'
  | 'HOST_PATH'
  | 'HOST_ADDRESS'
  | 'HOST_NAME'
  | 'HOST_NONE'
  | 'HOST_AND_PATH'
  | 'PORT_MISSING'
  | 'PORT_TEXT'
  | 'PORT_TYPE'
  | 'PORT_NOT_WHOLE'
  | 'PORT_RANGE'
  | 'PORT_EPHEMERAL'
  | 'PORT_LIST'
  | 'PORT_AND_PATH'
  | 'PATH_MISSING'
  | 'PATH_TYPE'
  | 'PATH_EMPTY'
  | 'PATH_CHARACTER'
  | 'PATH_NUMBER'
  | 'FAMILY'
  | 'FAMILY_MISSING'
  | 'FAMILY_MISMATCH'
  | 'FAMILY_OF_NAME'
  | 'TYPE'
  | 'UNIX_DATAGRAM'
  | 'NOT_BOOLEAN'
  | 'BACKLOG'
  | 'NAME'
  | 'EXPOSE'
  | 'NOT_FOR_TCP'
  | 'NOT_FOR_UDP'
  | 'NOT_FOR_UNIX'
  | 'NOT_FOR_LISTEN'
  | 'NOT_FOR_DGRAM';

/** One thing that is wrong with a bind. */
export interface BindIssue {
  /** Where in the input: the key; empty for the whole, and for endpoint text. */
  readonly path: readonly string[];
  readonly code: BindIssueCode;
  /** What is wrong, and what to write instead. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
}

/** Thrown for what is no bind, with all that is wrong with it. */
export class BindError extends Error {
  override readonly name = 'BindError';
  /** Everything that is wrong; never empty. */
  readonly issues: readonly [BindIssue, ...BindIssue[]];
  /** What was given, as it was given. */
  readonly input: unknown;
  /** Of the first issue, as are `path` and `hint`. */
  readonly code: BindIssueCode;
  readonly path: readonly string[];
  /** What to write instead. */
  readonly hint: string;

  constructor(input: unknown, issues: readonly [BindIssue, ...BindIssue[]]) {
    super(messageOf(issues));
    this.issues = issues;
    this.input = input;
    ({ code: this.code, path: this.path, hint: this.hint } = issues[0]);
  }
}

/** An issue of a problem and a hint. */
export function bindIssue(path: readonly string[], code: BindIssueCode, problem: string, hint: string): BindIssue {
  return { path, code, message: `${problem}; ${hint}`, hint };
}

const MOST_SHOWN = 8;

function messageOf(issues: readonly BindIssue[]): string {
  const shown = issues.slice(0, MOST_SHOWN).map(({ message }) => message);
  const more = issues.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}
