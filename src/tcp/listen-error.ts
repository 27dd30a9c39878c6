import type { Bind } from '../socket/index.js';
import type { SocketProcess } from './open-socket.js';

/** What a `ListenError` is about. */
export interface ListenErrorDetails {
  /** An errno ('EADDRINUSE'), a code of getaddrinfo ('EAI_AGAIN'), 'EXPOSE_EXCEEDED' or 'ABORTED'. */
  readonly code: string;
  readonly bind: Bind;
  /** What was to be opened, as text: an address and its port, a path; of a name that has no addresses the name. */
  readonly target: string;
  /** What the planner says; null when it has nothing to say. */
  readonly explanation: string | null;
  readonly holders: readonly SocketProcess[];
  readonly hint: string;
  readonly cause?: unknown;
}

/** Thrown when a listener can't be opened. Nothing is open then. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  /**
   * An errno ('EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'), a code of getaddrinfo ('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'), 'EXPOSE_EXCEEDED' or
   * 'ABORTED'.
   */
  readonly code: string;
  /** The first that could not be opened. */
  readonly bind: Bind;
  /** What was to be opened of it, as text: `127.0.0.1:80`, `[::1]:80`, a path; of a name that has no addresses the name. */
  readonly target: string;
  /** Why, as the planner sees this machine and the other binds; null when it has nothing to say. */
  readonly explanation: string | null;
  /** Who holds the port, as far as this process may see; empty when it may not, and for every code but EADDRINUSE. */
  readonly holders: readonly SocketProcess[];
  /** What to do. */
  readonly hint: string;

  constructor({ code, bind, target, explanation, holders, hint, cause }: ListenErrorDetails) {
    const held = holders.map(({ pid, command }) => `${JSON.stringify(command)} (pid ${pid})`).join(', ');
    const parts = [explanation, held === '' ? null : `held by ${held}`, hint].filter((part) => part !== null);
    super(`${code} ${target}: ${parts.join('; ')}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.bind = bind;
    this.target = target;
    this.explanation = explanation;
    this.holders = holders;
    this.hint = hint;
  }
}
