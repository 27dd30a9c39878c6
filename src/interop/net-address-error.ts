/** What of a socket address Node would not take, or not keep. Stable: a program may compare it. */
export type NetAddressErrorCode = 'NOT_SOCKET_ADDRESS' | 'PORT' | 'FLOW_INFO' | 'ZONE';

/** Thrown for parts of a socket address, other than text that is no address. */
export class NetAddressError extends Error {
  override readonly name = 'NetAddressError';
  readonly code: NetAddressErrorCode;
  /** The part, as it was given. */
  readonly input: unknown;
  /** What to pass instead. */
  readonly hint: string;

  constructor(input: unknown, code: NetAddressErrorCode, problem: string, hint: string) {
    super(`${problem}; ${hint}`);
    this.code = code;
    this.input = input;
    this.hint = hint;
  }
}
