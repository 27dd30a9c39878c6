import { quote } from '../checks/quote.js';
import type { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from '../socket/index.js';
import type { TcpState } from './states.js';

/** A socket that a machine has open, told apart by `protocol`. All of it is plain data, as JSON has it. */
export type OpenSocket = OpenTcpSocket | OpenUdpSocket | OpenUnixSocket;

/** An address and a port. */
export interface SocketPort {
  /** Canonical text. Without a zone, which /proc/net does not tell. */
  readonly address: string;
  readonly port: number;
}

/** A process that has a socket open. */
export interface SocketProcess {
  readonly pid: number;
  /** The name of the program as the kernel has it, 15 bytes at the most. It may hold anything. */
  readonly command: string;
}

/** A timer that runs for a socket. */
export interface SocketTimer {
  readonly kind: 'retransmit' | 'keepalive' | 'time-wait' | 'zero-window-probe' | 'other';
  /** What is left of its time, in steps of 10 ms. */
  readonly ms: number;
}

interface OpenInetSocket {
  readonly family: typeof AF_INET | typeof AF_INET6;
  readonly local: SocketPort;
  /** Null for a socket that is not connected. */
  readonly remote: SocketPort | null;
  /** Bytes that are sent and not yet acknowledged. */
  readonly sendQueue: number;
  /** Bytes that have arrived and are not yet read; of a TCP listener: connections that wait to be accepted. */
  readonly receiveQueue: number;
  /** The user who opened it; null where the kernel has forgotten. */
  readonly uid: number | null;
  /** What names the socket in /proc/PID/fd; null for one that no program has any more, or has yet. */
  readonly inode: number | null;
  /** Who has it open: nobody, once no program has. Null: not known, as it was not asked for, or not permitted. */
  readonly processes: readonly SocketProcess[] | null;
}

/** A TCP socket: a listener, or one end of a connection. */
export interface OpenTcpSocket extends OpenInetSocket {
  readonly protocol: 'tcp';
  readonly type: typeof SOCK_STREAM;
  readonly state: TcpState;
  readonly timer: SocketTimer | null;
  /** How often what is not acknowledged was sent again. */
  readonly retransmits: number;
}

/** A UDP socket that is bound. */
export interface OpenUdpSocket extends OpenInetSocket {
  readonly protocol: 'udp';
  readonly type: typeof SOCK_DGRAM;
  /** Connected is a socket that has chosen its peer. UDP has no other states: Linux borrows numbers of TCP's for them. */
  readonly state: 'UNCONNECTED' | 'CONNECTED';
  /** Datagrams that were lost as the receive queue was full. */
  readonly drops: number;
}

/** A unix socket: a listener, one end of a connection, or one without a name. */
export interface OpenUnixSocket {
  readonly protocol: 'unix';
  readonly family: typeof AF_UNIX;
  readonly type: typeof SOCK_STREAM | typeof SOCK_DGRAM | 'SOCK_SEQPACKET';
  readonly state: 'LISTEN' | 'UNCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'DISCONNECTING';
  /**
   * A path, or an abstract name, which begins with NUL; null for a socket without a name. The kernel prints NUL as `@`, so that a
   * relative path that begins with `@` looks abstract, and further NULs of a name stay `@`.
   */
  readonly path: string | null;
  /** There for an abstract name that is filled up with NUL to 108 bytes, as Node 20 does it: to the kernel another name than without. */
  readonly padded?: true | undefined;
  readonly inode: number | null;
  readonly processes: readonly SocketProcess[] | null;
}

/**
 * Whether others can reach a socket that did not choose them: a listener, or an unconnected datagram socket that is bound, as that of a
 * client that waits for an answer is, too.
 *
 * @throws {TypeError} for a socket made by hand of a protocol that there is not
 */
export function isListening(socket: OpenSocket): boolean {
  switch (socket.protocol) {
    case 'tcp':
      return socket.state === 'LISTEN';
    case 'udp':
      return socket.state === 'UNCONNECTED';
    case 'unix':
      return (
        socket.state === 'LISTEN' ||
        (socket.type === 'SOCK_DGRAM' && socket.state === 'UNCONNECTED' && socket.path !== null)
      );
  }
  // Made by hand, in JavaScript: that nobody can reach it must not be said of what is not understood.
  const { protocol } = socket as { readonly protocol?: unknown };
  throw new TypeError(`protocol is ${quote(protocol)}: write 'tcp', 'udp' or 'unix'`);
}
