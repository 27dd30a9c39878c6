import { SocketAddress } from 'node:net';
import type { Address } from '../ip/index.js';
import { parseAddress } from '../ip/index.js';
import { NetAddressError } from './net-address-error.js';
import { toAddress } from './operand.js';

/** What a `net.SocketAddress` says. */
export interface NetSocketAddressFields {
  readonly address: Address;
  /** 0 to 65535. */
  readonly port: number;
  /** The 20 bits of the flow label, 0 to 1048575; 0 for IPv4. */
  readonly flowInfo: number;
}

/** What a `net.SocketAddress` is made of. */
export interface NetSocketAddressInput {
  readonly address: Address | string;
  /** 0 to 65535. Default 0. */
  readonly port?: number | undefined;
  /** The 20 bits of the flow label, 0 to 1048575, which Node calls `flowlabel`; 0 for IPv4. Default 0. */
  readonly flowInfo?: number | undefined;
  /** As a `SocketAddress` has it. Node keeps none: 0 or left out. */
  readonly scopeId?: number | undefined;
}

/**
 * The parts of a `net.SocketAddress`. Never with a zone: Node drops it when the object is made, so a link-local address
 * comes back without its interface. `createSocketAddress` takes them.
 *
 * @throws {NetAddressError} `NOT_SOCKET_ADDRESS` for what is no `net.SocketAddress`
 */
export function fromNetSocketAddress(socketAddress: SocketAddress): NetSocketAddressFields {
  if (!(socketAddress instanceof SocketAddress)) {
    const hint = "pass new net.SocketAddress({ address: '192.0.2.1', port: 80 })";
    throw new NetAddressError(socketAddress, 'NOT_SOCKET_ADDRESS', 'no net.SocketAddress', hint);
  }
  const { address, port, flowlabel } = socketAddress;
  return { address: parseAddress(address), port, flowInfo: flowlabel };
}

/**
 * A `net.SocketAddress`, its family taken from the address; of a `SocketAddress`, too. Refuses what Node would end the process for (a port as text on
 * Node 20, a flow label over 20 bits, -0 as either) and what it would lose or misread without a word: a zone, a scope id, all
 * after a NUL in the address, a flow label for IPv4.
 *
 * @throws {AddressParseError} when `address` is no address
 * @throws {NetAddressError} `NOT_SOCKET_ADDRESS`, `ZONE`, `PORT` or `FLOW_INFO`
 * @see https://nodejs.org/api/net.html#class-netsocketaddress
 */
export function toNetSocketAddress(fields: NetSocketAddressInput): SocketAddress {
  if (typeof fields !== 'object' || fields === null) {
    const hint = "pass { address: '192.0.2.1', port: 80 }, or an address that createSocketAddress made";
    throw new NetAddressError(fields, 'NOT_SOCKET_ADDRESS', 'no object', hint);
  }
  if ('flowlabel' in fields) {
    // Node's own objects have it: `toNetSocketAddress(socketAddress)` would lose it.
    throw new NetAddressError(fields.flowlabel, 'FLOW_INFO', 'flowlabel', 'pass it as flowInfo');
  }
  const { port = 0, flowInfo = 0, scopeId = 0 } = fields;
  if (scopeId !== 0) {
    const hint = 'Node would drop it, leave it out and keep it elsewhere';
    throw new NetAddressError(scopeId, 'ZONE', `scopeId ${JSON.stringify(scopeId)}`, hint);
  }
  const address = toAddress(fields.address);
  if (address.family === 6 && address.zone !== null) {
    const hint = `Node would drop it, pass ${address.withZone(null)} and keep the zone elsewhere`;
    throw new NetAddressError(address.zone, 'ZONE', `"${address}": zone`, hint);
  }
  checkInteger(port, MAX_PORT, 'PORT', 'port');
  checkInteger(flowInfo, MAX_FLOW_LABEL, 'FLOW_INFO', 'flowInfo');
  if (address.family === 4 && flowInfo !== 0) {
    throw new NetAddressError(
      flowInfo,
      'FLOW_INFO',
      `flowInfo ${flowInfo} for IPv4`,
      'leave it out: only IPv6 has one',
    );
  }
  return new SocketAddress({ address: address.toString(), family: `ipv${address.family}`, port, flowlabel: flowInfo });
}

const MAX_PORT = 0xffff;
const MAX_FLOW_LABEL = 0xfffff;

function checkInteger(value: unknown, max: number, code: 'PORT' | 'FLOW_INFO', name: string): void {
  // -0 is an integer in range, but to V8 no Int32: Node asserts that it is one.
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max && !Object.is(value, -0))
    return;
  const given = typeof value === 'number' ? (Object.is(value, -0) ? '-0' : String(value)) : `of type ${typeof value}`;
  throw new NetAddressError(value, code, `${name} ${given}`, `pass a whole number from 0 to ${max}`);
}
