import type { Bind } from '../socket/index.js';

/** The first that could not be opened, before anybody has looked for reasons. */
export class OpenFailure extends Error {
  override readonly name = 'OpenFailure';
  readonly code: string;
  /** As it was given. */
  readonly bind: Bind;
  /** By address or path; null when its name has none that can be used. */
  readonly socket: Bind | null;
  /** What to do, where that is not what the code says. */
  readonly hint: string | null;

  constructor(
    bind: Bind,
    socket: Bind | null,
    code: string,
    message: string,
    cause?: unknown,
    hint: string | null = null,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.bind = bind;
    this.socket = socket;
    this.hint = hint;
  }
}

/** Why a socket could not be opened. */
export function failureOf(error: unknown, bind: Bind, socket: Bind, signal: AbortSignal | undefined): OpenFailure {
  if (signal?.aborted) return new OpenFailure(bind, socket, 'ABORTED', 'the call was aborted', signal.reason);
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  return new OpenFailure(bind, socket, code, message, error);
}
