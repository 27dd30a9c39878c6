import { messageOf } from '../checks/message-of.js';

/** Thrown when the system does not say what `readEnvironment` asks for and nothing may be guessed. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly code = 'UNREADABLE';
  /** What was to be read. */
  readonly input = 'interfaces';
  /** What to do. */
  readonly hint: string;

  constructor(cause: unknown) {
    const reason = messageOf(cause);
    const hint = 'close files, or raise the limit of open ones (ulimit -n), and look again';
    super(`the interfaces of this machine can't be read: ${reason}; ${hint}`, { cause });
    this.hint = hint;
  }
}
