/**
 * Addresses of this package from and to the objects of `ip-address` and of Node's `net`. For Node: it loads both.
 *
 * @module
 */
export type { BlockListErrorCode } from './block-list.js';
export { BlockListError, fromBlockList, toBlockList } from './block-list.js';
export type { IpAddressObject } from './ip-address.js';
export { fromIpAddress, toIpAddress } from './ip-address.js';
export type { NetSocketAddressFields, NetSocketAddressInput } from './net.js';
export { fromNetSocketAddress, toNetSocketAddress } from './net.js';
export type { NetAddressErrorCode } from './net-address-error.js';
export { NetAddressError } from './net-address-error.js';
