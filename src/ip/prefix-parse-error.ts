import { quote } from './address-parse-error.js';

/** Why a text or a pair of values is no prefix or range. Stable: a program may compare it. */
export type PrefixParseErrorCode =
  | 'NOT_TEXT'
  | 'NOT_PREFIX'
  | 'NOT_RANGE'
  | 'NO_LENGTH'
  | 'BAD_LENGTH'
  | 'LENGTH_RANGE'
  | 'BAD_ADDRESS'
  | 'ZONE'
  | 'HOST_BITS'
  | 'BAD_MASK'
  | 'FAMILY'
  | 'NO_RANGE'
  | 'ORDER';

/** What is wrong with an input, where, and what to write instead. */
export interface PrefixFinding {
  readonly code: PrefixParseErrorCode;
  /** Where in the input, in UTF-16 code units. */
  readonly offset: number;
  /** What is wrong, in a few words. */
  readonly problem: string;
  /** What to write instead. */
  readonly hint: string;
}

/** Thrown for an input that is no prefix, or no range of addresses. */
export class PrefixParseError extends Error {
  override readonly name = 'PrefixParseError';
  readonly code: PrefixParseErrorCode;
  /** What was given, as it was given. */
  readonly input: unknown;
  /** Where in the input, in UTF-16 code units. */
  readonly offset: number;
  /** What to write instead. */
  readonly hint: string;

  constructor(input: unknown, { code, offset, problem, hint }: PrefixFinding) {
    super(`${quote(input)}: ${problem} at offset ${offset}; ${hint}`);
    this.code = code;
    this.input = input;
    this.offset = offset;
    this.hint = hint;
  }
}
