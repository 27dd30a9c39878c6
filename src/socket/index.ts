/**
 * Socket addresses, endpoint text and bind configs, and a planner that says what a set of binds occupies, exposes and
 * conflicts with.
 *
 * @module
 */
export type { AddressInfo, LocalAddress, RemoteAddress, ScopeOptions, SocketTypeOptions } from './address-info.js';
export { fromAddressInfo, localSocketAddress, remoteSocketAddress, toAddressInfo } from './address-info.js';
export type {
  Bind,
  BindFields,
  InetBind,
  InetBindFields,
  Reach,
  UnixBind,
  UnixBindFields,
  ValidateBind,
} from './bind.js';
export { createBind, validateBind } from './bind.js';
export type { BindEnvironment, InterfaceAddress, LocalRoutes, PathState } from './bind-environment.js';
export type { BindIssue, BindIssueCode } from './bind-issue.js';
export { BindError } from './bind-issue.js';
export type { DgramOptions, InetListenOptions, ListenOptions, UnixListenOptions } from './bind-options.js';
export { toBindOptions, toListenOptions } from './bind-options.js';
export type { ClientAddress, ClientAddressOptions, ForwardingHeader, RequestHeaders } from './client-address.js';
export { clientAddress } from './client-address.js';
export * from './constants.js';
export type { AddressEndpoint, Endpoint, NameEndpoint, UnixEndpoint, WildcardEndpoint } from './endpoint.js';
export type { ConvertOptions } from './endpoint-convert.js';
export { convert } from './endpoint-convert.js';
export type { EndpointFormatErrorCode, EndpointParseErrorCode } from './endpoint-error.js';
export { EndpointFormatError, EndpointParseError } from './endpoint-error.js';
export type { EndpointDialect, EndpointOptions, SafeParseEndpoint, SafeParseEndpoints } from './endpoint-text.js';
export {
  expandPorts,
  formatEndpoint,
  formatEndpoints,
  parseEndpoint,
  parseEndpoints,
  safeParseEndpoint,
  safeParseEndpoints,
} from './endpoint-text.js';
export type { ReadEnvironmentOptions } from './environment.js';
export { readEnvironment } from './environment.js';
export type { EnvironmentEndpointOptions } from './environment-endpoint.js';
export { parseEnvironmentEndpoint } from './environment-endpoint.js';
export { EnvironmentError } from './environment-error.js';
export { isWider, reachOf } from './exposure.js';
export { planBinds } from './plan.js';
export type {
  BindPlan,
  BindWarning,
  BindWarningCode,
  Exposure,
  Occupancy,
  PairFinding,
  PlannedBind,
  Prediction,
  PredictionCode,
  TakenInterface,
} from './plan-result.js';
export type { Scopes } from './scopes.js';
export { scopesOf } from './scopes.js';
export type { SockaddrLayout, SockaddrPlatform } from './sockaddr.js';
export { fromSockaddr, toSockaddr } from './sockaddr.js';
export type {
  Inet6SocketAddress,
  InetSocketAddress,
  InetSocketAddressFields,
  SocketAddress,
  SocketAddressFields,
  UnixSocketAddress,
  UnixSocketAddressFields,
} from './socket-address.js';
export { createSocketAddress } from './socket-address.js';
export type { SocketAddressErrorCode } from './socket-address-error.js';
export { SocketAddressError } from './socket-address-error.js';
export type { SocketTuple } from './socket-tuple.js';
export { fromSocketTuple, toSocketTuple } from './socket-tuple.js';
