/**
 * TCP on top of the rest: connections, listeners, the states that sockets go through, and what this machine has open.
 *
 * @module
 */

export type { AllowedPeers } from './accept-filter.js';
export type { CreateAgentOptions } from './agent.js';
export { Agents, createAgent } from './agent.js';
export type { Connected } from './connect.js';
export { connect } from './connect.js';
export type { ConnectAttempt, ConnectErrorCode } from './connect-error.js';
export { ConnectError } from './connect-error.js';
export type { ConnectOptions, DialOptions } from './connect-options.js';
export type { Connection } from './connection.js';
export type { Connector, ConnectorCallback, ConnectorRequest, CreateConnectorOptions } from './connector.js';
export { createConnector } from './connector.js';
export type { HeldPort } from './held-ports.js';
export { heldPorts } from './held-ports.js';
export type { BindInput, ListenerOptions } from './listen.js';
export { listen } from './listen.js';
export { ListenError } from './listen-error.js';
export type { CloseOptions, ConnectionHandler, ListenerStats, RefusedPeer } from './listener.js';
export { Listener } from './listener.js';
export type {
  OpenSocket,
  OpenTcpSocket,
  OpenUdpSocket,
  OpenUnixSocket,
  SocketPort,
  SocketProcess,
  SocketTimer,
} from './open-socket.js';
export { isListening } from './open-socket.js';
export type { ByteOrder, ProcNetKind, ProcNetOptions } from './proc-net.js';
export { parseProcNet } from './proc-net.js';
export type { ProcNetErrorCode } from './proc-net-error.js';
export { ProcNetError } from './proc-net-error.js';
export type { SocketExposure } from './socket-exposure.js';
export { socketExposure } from './socket-exposure.js';
export type { OpenSocketsOptions } from './sockets.js';
export { openSockets } from './sockets.js';
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
export type { ConnectTarget, HostTarget, PathTarget } from './target.js';
export type { BindUdpOptions } from './udp.js';
export { bindUdp } from './udp.js';
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
