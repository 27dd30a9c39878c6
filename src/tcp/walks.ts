import { frozen } from '../checks/frozen.js';
import type { TcpEvent, TcpSegment, TcpState } from './states.js';

/** One of the two ends of a connection. */
export type TcpPeer = 'A' | 'B';

/** What happens at one end. */
export interface TcpStep {
  readonly peer: TcpPeer;
  readonly event: TcpEvent;
  readonly from: TcpState;
  readonly to: TcpState;
  /** What it sends to the other end; null: nothing. */
  readonly sends: TcpSegment | null;
}

/** What two ends go through together, step by step. */
export interface TcpWalk {
  readonly title: string;
  /** Where RFC 9293 shows it: 'section 3.5, figure 6'. */
  readonly rfc: string;
  /** In the order of time. Where both ends do the same at once, A comes first. */
  readonly steps: readonly TcpStep[];
}

/** A, the client, connects to B, the server: SYN, SYN,ACK, ACK. */
export const THREE_WAY_HANDSHAKE: TcpWalk = /* @__PURE__ */ frozen({
  title: 'three-way handshake',
  rfc: 'section 3.5, figure 6',
  steps: [
    step('B', 'passive-open', 'CLOSED', 'LISTEN', null),
    step('A', 'active-open', 'CLOSED', 'SYN-SENT', 'SYN'),
    step('B', 'syn', 'LISTEN', 'SYN-RECEIVED', 'SYN,ACK'),
    step('A', 'syn-ack', 'SYN-SENT', 'ESTABLISHED', 'ACK'),
    step('B', 'ack-of-syn', 'SYN-RECEIVED', 'ESTABLISHED', null),
  ],
});

/** Both connect to each other at the same time, and get one connection. */
export const SIMULTANEOUS_OPEN: TcpWalk = /* @__PURE__ */ frozen({
  title: 'simultaneous open',
  rfc: 'section 3.5, figure 7',
  steps: [
    step('A', 'active-open', 'CLOSED', 'SYN-SENT', 'SYN'),
    step('B', 'active-open', 'CLOSED', 'SYN-SENT', 'SYN'),
    step('A', 'syn', 'SYN-SENT', 'SYN-RECEIVED', 'SYN,ACK'),
    step('B', 'syn', 'SYN-SENT', 'SYN-RECEIVED', 'SYN,ACK'),
    step('A', 'ack-of-syn', 'SYN-RECEIVED', 'ESTABLISHED', null),
    step('B', 'ack-of-syn', 'SYN-RECEIVED', 'ESTABLISHED', null),
  ],
});

/** Nobody listens at B: the SYN is answered with a RST, what connect() calls ECONNREFUSED. */
export const REFUSED_OPEN: TcpWalk = /* @__PURE__ */ frozen({
  title: 'refused open',
  rfc: 'section 3.5.2, group 1',
  steps: [step('A', 'active-open', 'CLOSED', 'SYN-SENT', 'SYN'), step('A', 'rst-active', 'SYN-SENT', 'CLOSED', null)],
});

/** A closes first, and ends in TIME-WAIT; B closes later, from CLOSE-WAIT. */
export const ACTIVE_CLOSE: TcpWalk = /* @__PURE__ */ frozen({
  title: 'active close, and the passive one at the other end',
  rfc: 'section 3.6, figure 12',
  steps: [
    step('A', 'close', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN'),
    step('B', 'fin', 'ESTABLISHED', 'CLOSE-WAIT', 'ACK'),
    step('A', 'ack-of-fin', 'FIN-WAIT-1', 'FIN-WAIT-2', null),
    step('B', 'close', 'CLOSE-WAIT', 'LAST-ACK', 'FIN'),
    step('A', 'fin', 'FIN-WAIT-2', 'TIME-WAIT', 'ACK'),
    step('B', 'ack-of-fin', 'LAST-ACK', 'CLOSED', null),
    step('A', 'timeout-2msl', 'TIME-WAIT', 'CLOSED', null),
  ],
});

/** As ACTIVE_CLOSE, but B closes before it has acknowledged A's FIN, and says both in one segment: three instead of four. */
export const THREE_SEGMENT_CLOSE: TcpWalk = /* @__PURE__ */ frozen({
  title: 'active close in three segments',
  rfc: 'section 3.3.2, note 2 of figure 5',
  steps: [
    step('A', 'close', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN'),
    step('B', 'fin', 'ESTABLISHED', 'CLOSE-WAIT', null),
    step('B', 'close', 'CLOSE-WAIT', 'LAST-ACK', 'FIN'),
    step('A', 'fin-ack-of-fin', 'FIN-WAIT-1', 'TIME-WAIT', 'ACK'),
    step('B', 'ack-of-fin', 'LAST-ACK', 'CLOSED', null),
    step('A', 'timeout-2msl', 'TIME-WAIT', 'CLOSED', null),
  ],
});

/** Both close at the same time: both go through CLOSING, and both end in TIME-WAIT. */
export const SIMULTANEOUS_CLOSE: TcpWalk = /* @__PURE__ */ frozen({
  title: 'simultaneous close',
  rfc: 'section 3.6, figure 13',
  steps: [
    step('A', 'close', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN'),
    step('B', 'close', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN'),
    step('A', 'fin', 'FIN-WAIT-1', 'CLOSING', 'ACK'),
    step('B', 'fin', 'FIN-WAIT-1', 'CLOSING', 'ACK'),
    step('A', 'ack-of-fin', 'CLOSING', 'TIME-WAIT', null),
    step('B', 'ack-of-fin', 'CLOSING', 'TIME-WAIT', null),
    step('A', 'timeout-2msl', 'TIME-WAIT', 'CLOSED', null),
    step('B', 'timeout-2msl', 'TIME-WAIT', 'CLOSED', null),
  ],
});

/** All walks, openings first. */
export const TCP_WALKS: readonly TcpWalk[] = /* @__PURE__ */ frozen([
  THREE_WAY_HANDSHAKE,
  SIMULTANEOUS_OPEN,
  REFUSED_OPEN,
  ACTIVE_CLOSE,
  THREE_SEGMENT_CLOSE,
  SIMULTANEOUS_CLOSE,
]);

function step(peer: TcpPeer, event: TcpEvent, from: TcpState, to: TcpState, sends: TcpSegment | null): TcpStep {
  return { peer, event, from, to, sends };
}
