/**
 * TCP on top of the rest: connections, listeners, the states that sockets go through, and what this machine has open.
 *
 * @module
 */
export { TCP_STATE_DIAGRAM } from './state-diagram.js';
export type {
  LinuxTcpState,
  TcpEvent,
  TcpEventInfo,
  TcpSegment,
  TcpState,
  TcpStateInfo,
  TcpTransition,
} from './states.js';
export { nextTcpState, TCP_EVENTS, TCP_STATES, TCP_TRANSITIONS, tcpState } from './states.js';
export type { TcpPeer, TcpStep, TcpWalk } from './walks.js';
export {
  ACTIVE_CLOSE,
  REFUSED_OPEN,
  SIMULTANEOUS_CLOSE,
  SIMULTANEOUS_OPEN,
  TCP_WALKS,
  THREE_SEGMENT_CLOSE,
  THREE_WAY_HANDSHAKE,
} from './walks.js';
