import type { Address } from '../ip/index.js';
import { IPv4Address, IPv6Address, safeParseAddress } from '../ip/index.js';
import type { TextCodec } from './codec.js';
import { issueOf, textCodec } from './codec.js';
import type { AddressIssue, AddressRestrictions } from './restrictions.js';
import { compileRestrictions, NOT_ADDRESS, restrictionsAsJsonSchema, wrongFamily } from './restrictions.js';

/** A codec between the text of an address and its value: input `string`, output `T`. */
export type AddressCodec<T extends Address = Address> = TextCodec<T>;

/**
 * Text to `IPv4Address` or `IPv6Address`, as strict as `parseAddress`: strings only, not trimmed, not coerced. `z.encode`
 * gives the canonical text (RFC 5952).
 *
 * Text that is no address is an issue with code `custom`, the message of the `AddressParseError` and in `params` its
 * `code`, `hint` and `offset`; what is no text at all is zod's `invalid_type`.
 *
 * @see RFC 4291 section 2.2, RFC 4007 section 11, RFC 6943 section 3.1.1
 */
export const addressSchema: AddressCodec = /* @__PURE__ */ address();

/** `addressSchema` for IPv4 alone: IPv6 text is an issue with `params.code` `WRONG_FAMILY`, IPv4-mapped text, too. */
export const ipv4Schema: AddressCodec<IPv4Address> = /* @__PURE__ */ address({ family: 4 });

/** `addressSchema` for IPv6 alone: IPv4 text is an issue with `params.code` `WRONG_FAMILY`. Zones are taken. */
export const ipv6Schema: AddressCodec<IPv6Address> = /* @__PURE__ */ address({ family: 6 });

/**
 * `addressSchema` that takes some addresses only. Each restriction that an address fails is an issue with code `custom` and
 * `params` `{code, hint, offset: null}`; `code` names the restriction. They hold for `z.encode`, too.
 *
 * Of the restrictions `globallyReachable: true` is the guard against requests to internal addresses: it looks through
 * every mechanism that embeds an IPv4 address. `kind` and `scope` judge the address as it is written: `::ffff:10.0.0.1`
 * is 'mapped', not 'private', and an ISATAP address that carries 127.0.0.1 is 'global'. A list with 'mapped' in it takes
 * `::ffff:127.0.0.1`.
 *
 *     const upstream = address({ globallyReachable: true, kind: ['global'] });
 *
 * @throws {TypeError} for an option, a kind or a scope that there is not, an empty list, `zone: true` for IPv4
 * @throws {AddressParseError} `NAT64_PREFIX` for a declared prefix that can't be one, as `classify` does
 */
export function address(restrictions: AddressRestrictions & { readonly family: 4 }): AddressCodec<IPv4Address>;
export function address(restrictions: AddressRestrictions & { readonly family: 6 }): AddressCodec<IPv6Address>;
export function address(restrictions?: AddressRestrictions): AddressCodec;
export function address(
  restrictions: AddressRestrictions = {},
): AddressCodec | AddressCodec<IPv4Address> | AddressCodec<IPv6Address> {
  const judge = compileRestrictions(restrictions);
  const about = restrictionsAsJsonSchema(restrictions);
  switch (restrictions.family) {
    case 4:
      return codec(4, isIPv4, judge, about);
    case 6:
      return codec(6, isIPv6, judge, about);
    default:
      return codec(undefined, isAddressValue, judge, about);
  }
}

function codec<T extends Address>(
  family: 4 | 6 | undefined,
  isOne: (value: unknown) => value is T,
  judge: (address: Address) => readonly AddressIssue[],
  about: Readonly<Record<string, unknown>>,
): AddressCodec<T> {
  return textCodec<Address, T>({
    read: (text) => {
      const parsed = safeParseAddress(text);
      if (!parsed.success) return { issue: issueOf(parsed.error) };
      return isOne(parsed.data) ? { value: parsed.data } : { issue: wrongFamily(parsed.data, family) };
    },
    isValue: isAddressValue,
    notValue: NOT_ADDRESS,
    judge,
    about,
  });
}

function isIPv4(value: unknown): value is IPv4Address {
  return value instanceof IPv4Address;
}

function isIPv6(value: unknown): value is IPv6Address {
  return value instanceof IPv6Address;
}

function isAddressValue(value: unknown): value is Address {
  return isIPv4(value) || isIPv6(value);
}
