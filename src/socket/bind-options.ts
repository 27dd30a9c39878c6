import { checkBind } from './bind.js';
import type { BindIssueCode } from './bind-issue.js';
import { BindError, bindIssue } from './bind-issue.js';
import type { Bind, InetBind, UnixBind } from './bind-types.js';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM } from './constants.js';

/** What `net.Server.listen` takes, of a bind. */
export type ListenOptions = InetListenOptions | UnixListenOptions;

/** Of a TCP bind. */
export interface InetListenOptions {
  readonly host: string;
  readonly port: number;
  readonly ipv6Only: boolean;
  /** Node has it from 22.12 on, and before that listens as if it were not there. */
  readonly reusePort: boolean;
  readonly exclusive: boolean;
  readonly backlog?: number;
}

/** Of a bind to a unix socket. */
export interface UnixListenOptions {
  readonly path: string;
  readonly exclusive: boolean;
  readonly backlog?: number;
}

/** What `dgram.createSocket` and then `socket.bind` take, of a bind. */
export interface DgramOptions {
  readonly socket: {
    readonly type: 'udp4' | 'udp6';
    readonly ipv6Only: boolean;
    readonly reuseAddr: boolean;
    /** Node has it from 22.12 on, and before that binds as if it were not there. */
    readonly reusePort: boolean;
  };
  readonly bind: { readonly address: string; readonly port: number; readonly exclusive: boolean };
}

/**
 * The options of `net.Server.listen` for a TCP or unix bind: always with a host (or a path) and `ipv6Only`, as their absence
 * means every interface. What was not made by `createBind` is checked first.
 *
 * @throws {BindError} for what is no bind, and `NOT_FOR_LISTEN` for a UDP bind
 */
export function toListenOptions(bind: InetBind): InetListenOptions;
export function toListenOptions(bind: UnixBind): UnixListenOptions;
export function toListenOptions(bind: Bind): ListenOptions;
export function toListenOptions(bind: Bind): ListenOptions {
  const checked = checkBind(bind);
  const { exclusive } = checked;
  const backlog = checked.backlog === null ? {} : { backlog: checked.backlog };
  if (checked.family === AF_UNIX) return { path: checked.path, exclusive, ...backlog };
  if (checked.type === SOCK_DGRAM) {
    throw refused(bind, 'type', 'NOT_FOR_LISTEN', 'a UDP bind has nothing that listens', 'use toBindOptions');
  }
  const { host, port, ipv6Only, reusePort } = checked;
  return { host, port, ipv6Only, reusePort, exclusive, ...backlog };
}

/**
 * The options of `dgram.createSocket` and of `socket.bind` for a UDP bind, always with an address. What was not made by
 * `createBind` is checked first: `socket.bind` checks no port, for it 65616 is 80.
 *
 *     const { socket, bind } = toBindOptions(createBind({ host: '::1', port: 5353, type: SOCK_DGRAM }));
 *     createSocket(socket).bind(bind);
 *
 * @throws {BindError} for what is no bind, and `NOT_FOR_DGRAM` for a TCP or unix bind
 */
export function toBindOptions(bind: InetBind): DgramOptions;
export function toBindOptions(bind: Bind): DgramOptions;
export function toBindOptions(bind: Bind): DgramOptions {
  const checked = checkBind(bind);
  if (checked.type !== SOCK_DGRAM || checked.family === null) {
    throw refused(bind, 'type', 'NOT_FOR_DGRAM', 'the bind is not of UDP', 'use toListenOptions, or write SOCK_DGRAM');
  }
  const { host, port, ipv6Only, reuseAddr, reusePort, exclusive } = checked;
  return {
    socket: { type: TYPES[checked.family], ipv6Only, reuseAddr, reusePort },
    bind: { address: host, port, exclusive },
  };
}

const TYPES = { [AF_INET]: 'udp4', [AF_INET6]: 'udp6' } as const;

function refused(bind: unknown, key: string, code: BindIssueCode, problem: string, hint: string): BindError {
  return new BindError(bind, [bindIssue([key], code, problem, hint)]);
}
