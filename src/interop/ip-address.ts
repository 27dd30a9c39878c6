import { Address4, Address6 } from 'ip-address';
import type { Address, IPv4Address, IPv6Address } from '../ip/index.js';
import { AddressParseError, parseAddress } from '../ip/index.js';
import { toAddress } from './operand.js';

/** What is read of an `Address4` or `Address6`: versions 7 to 10 have it, whichever copy of the package made it. */
export interface IpAddressObject {
  /** 4 for an `Address4`, 8 for an `Address6`. (`v4` would not do: it is true for an `Address6` of `::ffff:1.2.3.4`.) */
  readonly groups: number;
  readonly subnetMask: number;
  /** `%eth0`, or empty; an `Address4` has none. */
  readonly zone?: string | undefined;
  /** The address by RFC 5952, without prefix length and zone. */
  correctForm(): string;
}

/**
 * The address of an `Address4` or `Address6` of the `ip-address` package, of any copy and version of it. The value is what
 * the object stands for, printed by its `correctForm()` and read strictly here: the text that it was made of is not
 * read again. So an object that an old version made of `012.0.0.1` is 12.0.0.1, as its own answers say.
 *
 * @throws {AddressParseError} `PREFIX_LENGTH` for an object of a subnet, `10.0.0.1/8`: an address is no prefix;
 *   `ZONE_EMPTY`, `ZONE_CHARACTER`, `ZONE_NOT_ALLOWED` or `ZONE_PERCENT_ENCODED` for a zone that `parseAddress` would refuse,
 *   which `ip-address` takes; `NOT_ADDRESS` for what is no `Address4` or `Address6`
 */
export function fromIpAddress(value: Address4): IPv4Address;
export function fromIpAddress(value: Address6): IPv6Address;
export function fromIpAddress(value: IpAddressObject): Address;
export function fromIpAddress(value: IpAddressObject): Address {
  if (!isIpAddressObject(value)) throw noIpAddress(value);
  const { groups, subnetMask, zone = '' } = value;
  const text = value.correctForm();
  // Joined to the zone below: without its '%' that would be digits of the address.
  if (typeof text !== 'string' || (zone !== '' && !zone.startsWith('%'))) throw noIpAddress(value);
  const address = parseAddress(text + zone);
  if (address.family !== (groups === 4 ? 4 : 6)) throw noIpAddress(value);
  if (subnetMask !== (groups === 4 ? 32 : 128)) {
    throw new AddressParseError(`${address}/${subnetMask}`, {
      code: 'PREFIX_LENGTH',
      offset: address.toString().length,
      problem: 'prefix length',
      hint: `an address is no prefix, make the Address${address.family} of ${address} alone`,
    });
  }
  return address;
}

/**
 * The `Address4` or `Address6` of an address, with its zone and without a subnet.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function toIpAddress(address: IPv4Address): Address4;
export function toIpAddress(address: IPv6Address): Address6;
export function toIpAddress(address: Address | string): Address4 | Address6;
export function toIpAddress(address: Address | string): Address4 | Address6 {
  const own = toAddress(address);
  return own.family === 4 ? new Address4(own.toString()) : new Address6(own.toString());
}

function isIpAddressObject(value: unknown): value is IpAddressObject {
  if (typeof value !== 'object' || value === null) return false;
  const { groups, subnetMask, zone, correctForm }: { [Name in keyof IpAddressObject]?: unknown } = value;
  return (
    // An Address6 may be made of fewer groups than eight: `1::2` of four is not `1::2` here.
    (groups === 4 || groups === 8) &&
    typeof subnetMask === 'number' &&
    (zone === undefined || typeof zone === 'string') &&
    typeof correctForm === 'function'
  );
}

function noIpAddress(value: unknown): AddressParseError {
  return new AddressParseError(value, {
    code: 'NOT_ADDRESS',
    offset: 0,
    problem: 'no Address4 or Address6',
    hint: "pass an object of ip-address, e.g. new Address4('192.0.2.1')",
  });
}
