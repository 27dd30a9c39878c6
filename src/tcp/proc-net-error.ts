/** Why what a machine has open can't be told. Stable: a program may compare it. */
export type ProcNetErrorCode = 'UNSUPPORTED' | 'UNREADABLE' | 'NOT_TEXT' | 'BAD_HEADER' | 'BAD_ROW';

/** Where a text is wrong. */
export interface ProcNetPlace {
  /** The line, from 1. */
  readonly line: number;
  /** The column as the header of the table has it: 'local_address'. */
  readonly column: string;
}

/** Thrown for a text that is no table of /proc/net, and where there are none. */
export class ProcNetError extends Error {
  override readonly name = 'ProcNetError';
  readonly code: ProcNetErrorCode;
  /** The row as it stands there, or the file or system that it is about. */
  readonly input: unknown;
  /** The line, from 1; null where the error is not about a line. */
  readonly line: number | null;
  /** The column as the header of the table has it; null where the error is not about one. */
  readonly column: string | null;
  /** What to do instead. */
  readonly hint: string;

  constructor(
    code: ProcNetErrorCode,
    input: unknown,
    problem: string,
    hint: string,
    { place, cause }: { readonly place?: ProcNetPlace; readonly cause?: unknown } = {},
  ) {
    super(`${problem}; ${hint}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.input = input;
    this.line = place?.line ?? null;
    this.column = place?.column ?? null;
    this.hint = hint;
  }
}
