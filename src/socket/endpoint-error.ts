import { quote } from '../checks/quote.js';
import type { Endpoint } from './endpoint.js';

/** Why a text is no endpoint. Stable: a program may compare it. */
export type EndpointParseErrorCode =
  | 'NOT_TEXT'
  | 'NOT_SET'
  | 'EMPTY'
  | 'BLANK'
  | 'NO_PORT'
  | 'BAD_PORT'
  | 'PORT_LEADING_ZERO'
  | 'PORT_RANGE'
  | 'PORT_NOT_HERE'
  | 'NO_HOST'
  | 'WILDCARD'
  | 'AMBIGUOUS'
  | 'BRACKETS'
  | 'BAD_ADDRESS'
  | 'LENIENT_ADDRESS'
  | 'ZONE'
  | 'ADDRESS_WORD'
  | 'BAD_NAME'
  | 'URL'
  | 'MULTIADDR'
  | 'PROTOCOL'
  | 'RANGE'
  | 'LIST'
  | 'BAD_PATH'
  | 'PARAMETER'
  | 'NOT_SUPPORTED';

/** What is wrong with a text, where, and what to write instead. */
export interface EndpointFinding {
  readonly code: EndpointParseErrorCode;
  /** Where in the input, in UTF-16 code units. */
  readonly offset: number;
  readonly problem: string;
  readonly hint: string;
}

/** Thrown for a text that is no endpoint of its dialect. */
export class EndpointParseError extends Error {
  override readonly name = 'EndpointParseError';
  readonly code: EndpointParseErrorCode;
  /** What was given, as it was given. */
  readonly input: unknown;
  /** Where in the input, in UTF-16 code units. */
  readonly offset: number;
  /** What to write instead. */
  readonly hint: string;

  constructor(input: unknown, { code, offset, problem, hint }: EndpointFinding) {
    super(`${quote(input)}: ${problem} at offset ${offset}; ${hint}`);
    this.code = code;
    this.input = input;
    this.offset = offset;
    this.hint = hint;
  }
}

/** Why an endpoint can't be written in a dialect. Stable: a program may compare it. */
export type EndpointFormatErrorCode =
  | 'NOT_ENDPOINT'
  | 'NO_PORT'
  | 'PORT'
  | 'RANGE'
  | 'CONTAINER_PORT'
  | 'PROTOCOL'
  | 'OPTIONAL'
  | 'FAMILIES'
  | 'NAME'
  | 'UNIX'
  | 'PATH'
  | 'ZONE'
  | 'MEANING'
  | 'LIST';

/** What of an endpoint a dialect has no words for, and where it is said instead. */
export interface EndpointLoss {
  readonly code: EndpointFormatErrorCode;
  readonly problem: string;
  readonly hint: string;
}

/** Thrown for an endpoint whose meaning a dialect can't write, and which is therefore not written. */
export class EndpointFormatError extends Error {
  override readonly name = 'EndpointFormatError';
  readonly code: EndpointFormatErrorCode;
  /** What was to be written. */
  readonly endpoint: Endpoint | readonly Endpoint[];
  readonly dialect: string;
  /** What to do instead. */
  readonly hint: string;

  constructor(endpoint: Endpoint | readonly Endpoint[], dialect: string, { code, problem, hint }: EndpointLoss) {
    super(`${problem}, in dialect ${quote(dialect)}; ${hint}`);
    this.code = code;
    this.endpoint = endpoint;
    this.dialect = dialect;
    this.hint = hint;
  }
}
