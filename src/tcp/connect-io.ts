import type { NetConnectOpts, Socket } from 'node:net';
import { connect } from 'node:net';
import { messageOf } from '../checks/message-of.js';
import type { Address } from '../ip/index.js';
import type { SourceAddress } from './sort-addresses.js';
import { sourceAddresses } from './source-address.js';

/** The clock and the network, as `connect` uses them. */
export interface ConnectIo {
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Calls back once, after so many ms; gives what ends that. */
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Begins an attempt, of which one of the two is told, later and once. Gives what ends it without a word. */
  readonly open: (options: NetConnectOpts, outcome: AttemptOutcome) => () => void;
  /** See `sourceAddresses`. */
  readonly sources: (destinations: readonly Address[], port: number) => Promise<(SourceAddress | null)[]>;
}

export interface AttemptOutcome {
  readonly connected: (socket: Socket) => void;
  readonly failed: (error: Error) => void;
}

export const SYSTEM: ConnectIo = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  open: (options, outcome) => {
    let socket: Socket;
    try {
      socket = connect(options);
    } catch (error) {
      // What Node refuses at once, some versions only: a path that is too long.
      const told = setImmediate(() => outcome.failed(error instanceof Error ? error : new Error(messageOf(error))));
      return () => clearImmediate(told);
    }
    const forget = () => {
      socket.off('connect', onConnect);
      socket.off('error', onError);
    };
    const onConnect = () => {
      forget();
      outcome.connected(socket);
    };
    const onError = (error: Error) => {
      forget();
      outcome.failed(error);
    };
    socket.on('connect', onConnect);
    socket.on('error', onError);
    return () => {
      forget();
      socket.destroy();
    };
  },
  sources: sourceAddresses,
};
