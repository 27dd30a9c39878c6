/** What of a socket address is wrong. Stable: a program may compare it. */
export type SocketAddressErrorCode =
  | 'NOT_SOCKET_ADDRESS'
  | 'UNKNOWN_KEY'
  | 'FAMILY'
  | 'TYPE'
  | 'PROTOCOL'
  | 'ADDRESS'
  | 'PORT'
  | 'FLOW_INFO'
  | 'SCOPE_ID'
  | 'ZONE_AND_SCOPE_ID'
  | 'SCOPE_UNKNOWN'
  | 'PATH'
  | 'PATH_LENGTH'
  | 'UNIX_DATAGRAM'
  | 'NO_ADDRESS'
  | 'LENGTH'
  | 'PLATFORM';

/** Thrown for what is no socket address, or can't be written as what is asked for. */
export class SocketAddressError extends Error {
  override readonly name = 'SocketAddressError';
  readonly code: SocketAddressErrorCode;
  /** The part that is wrong, as it was given. */
  readonly input: unknown;
  /** The key of that part; null for the whole. */
  readonly key: string | null;
  /** What to pass instead. */
  readonly hint: string;

  constructor(
    input: unknown,
    { code, key, problem, hint }: Pick<SocketAddressError, 'code' | 'key' | 'hint'> & { readonly problem: string },
  ) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.input = input;
    this.key = key;
    this.hint = hint;
  }
}
