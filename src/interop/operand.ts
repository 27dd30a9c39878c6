import type { Address } from '../ip/index.js';
import { IPv4Address, IPv6Address, parseAddress } from '../ip/index.js';

/**
 * An operand as a value.
 *
 * @throws {AddressParseError} when it is text that is no address, `NOT_TEXT` when it is neither text nor a value
 */
export function toAddress(address: Address | string): Address {
  return address instanceof IPv4Address || address instanceof IPv6Address ? address : parseAddress(address);
}
