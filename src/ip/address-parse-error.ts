/** Why a text, bytes or an integer are no address. Stable: a program may compare it. */
export type AddressParseErrorCode =
  | 'NOT_TEXT'
  | 'NOT_BYTES'
  | 'NOT_ADDRESS'
  | 'BYTE_LENGTH'
  | 'INTEGER_RANGE'
  | 'EMPTY'
  | 'BLANK'
  | 'BAD_CHARACTER'
  | 'LEADING_ZERO'
  | 'OCTET_EMPTY'
  | 'OCTET_RANGE'
  | 'OCTET_COUNT'
  | 'GROUP_LENGTH'
  | 'GROUP_COUNT'
  | 'LONE_COLON'
  | 'DOUBLE_COMPRESSION'
  | 'BRACKETS'
  | 'PORT'
  | 'PREFIX_LENGTH'
  | 'ZONE_EMPTY'
  | 'ZONE_CHARACTER'
  | 'ZONE_PERCENT_ENCODED'
  | 'ZONE_NOT_ALLOWED'
  | 'NOT_IPV4'
  | 'NAT64_PREFIX'
  | 'REVERSE_NAME';

/** What is wrong with an input, where, and what to write instead. */
export interface AddressFinding {
  readonly code: AddressParseErrorCode;
  /** Where in the input, in UTF-16 code units of a text and bytes of bytes. */
  readonly offset: number;
  readonly problem: string;
  readonly hint: string;
}

/** Thrown for an input that is no address. */
export class AddressParseError extends Error {
  override readonly name = 'AddressParseError';
  readonly code: AddressParseErrorCode;
  /** What was given, as it was given. */
  readonly input: unknown;
  /** Where in the input, in UTF-16 code units of a text and bytes of bytes. */
  readonly offset: number;
  /** What to write instead. */
  readonly hint: string;

  constructor(input: unknown, { code, offset, problem, hint }: AddressFinding) {
    super(`${quote(input)}: ${problem} at offset ${offset}; ${hint}`);
    this.code = code;
    this.input = input;
    this.offset = offset;
    this.hint = hint;
  }
}

/** The finding on an input that should have been text: that of an address, a mask, a zone. */
export function notText(input: unknown, what: string): AddressFinding {
  return { code: 'NOT_TEXT', offset: 0, problem: `${typeof input}, not text`, hint: `pass the ${what} as a string` };
}

/** The error for an input that should have been bytes. */
export function notBytes(input: unknown): AddressParseError {
  const hint = 'pass a Uint8Array or a Buffer';
  return new AddressParseError(input, { code: 'NOT_BYTES', offset: 0, problem: 'no Uint8Array', hint });
}

const LONGEST_QUOTE = 60;

/**
 * An input for a message: a text quoted and cut to 60 characters, all but printable ASCII escaped, so that a
 * message can't move a cursor, change a colour, or show one character for another.
 */
export function quote(input: unknown): string {
  if (typeof input === 'bigint') return `${input}n`;
  if (typeof input === 'number' || typeof input === 'boolean' || input == null) return String(input);
  if (typeof input !== 'string') return typeof input;
  const cut = input.length > LONGEST_QUOTE ? `${input.slice(0, LONGEST_QUOTE)}…` : input;
  return `"${cut.replace(/["\\]|[^ -~…]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
