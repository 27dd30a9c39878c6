import type { Address } from './address.js';
import type { Nat64Prefix, Nat64PrefixText } from './nat64.js';
import { matchNat64, parseNat64Prefixes, WELL_KNOWN_NAT64 } from './nat64.js';
import { checkOptions } from './options.js';
import { load } from './parse.js';
import { printIPv4 } from './print.js';
import { verdictOfIPv6 } from './verdict.js';
import { w0, w1, w2, w3 } from './words.js';

/** How an IPv6 address carries an IPv4 address. */
export type EmbeddingMechanism = 'mapped' | 'compatible' | 'translated' | 'nat64' | '6to4' | 'teredo' | 'isatap';

/** The IPv4 bits inside an IPv6 address. */
export interface EmbeddedBits {
  readonly mechanism: EmbeddingMechanism;
  readonly bits: number;
  /** False for a NAT64 address whose octet 8 is not zero (RFC 6052 section 2.2). */
  readonly canonical: boolean;
  /** The NAT64 prefix; null for the other mechanisms. */
  readonly nat64: Nat64Prefix | null;
}

/** Options of the functions that look inside IPv6 addresses. */
export interface EmbeddingOptions {
  /**
   * The NAT64 prefixes of the own network beside 64:ff9b::/96, of 32, 40, 48, 56, 64 or 96 bits, e.g. ['64:ff9b:1::/48'].
   * Default: none; then an address under such a prefix is judged by the prefix alone.
   */
  readonly nat64?: readonly Nat64PrefixText[] | undefined;
}

interface Described {
  /** The IPv4 address inside, canonical text; for Teredo the client's. */
  readonly address: string;
  /** The MAC address of which the interface identifier is made, '00:00:5e:00:53:01'; null when it is of none. */
  readonly mac: string | null;
}

/** What `describeEmbedded` finds: discriminated on `mechanism`; plain data, made for JSON. */
export type EmbeddedDescription =
  | (Described & { readonly mechanism: 'mapped' | 'compatible' | 'translated' })
  | (Described & {
      readonly mechanism: 'nat64';
      /** The prefix that applies, '64:ff9b::/96' or a declared one. */
      readonly prefix: string;
      /** Whether octet 8 is zero, as RFC 6052 section 2.2 asks for. */
      readonly canonical: boolean;
    })
  | (Described & {
      readonly mechanism: '6to4';
      /** The 16 bits after the IPv4 address, which number the site's subnets (RFC 3056 section 2). */
      readonly subnet: number;
    })
  | (Described & {
      readonly mechanism: 'teredo';
      readonly server: string;
      readonly client: string;
      /** The client's UDP port outside its NAT. */
      readonly port: number;
      /** All sixteen flag bits (RFC 4380 section 4, RFC 5991). */
      readonly flags: number;
      /** Whether the first flag says that the client is behind a cone NAT. */
      readonly cone: boolean;
    })
  | (Described & {
      readonly mechanism: 'isatap';
      /** Whether the identifier claims that the IPv4 address is globally unique (200:5efe, RFC 5214 section 6.1). */
      readonly unique: boolean;
    })
  | {
      readonly mechanism: 'eui-64';
      readonly address: null;
      readonly mac: string;
    };

/**
 * What an IPv6 address carries: an IPv4 address and by which mechanism, the parts of a Teredo, 6to4, NAT64 or ISATAP
 * address, the MAC address in a modified EUI-64 identifier. Null for an IPv4 address and for an IPv6 address that
 * carries neither. ISATAP and EUI-64 are hints: an identifier may look like one by chance.
 *
 * @throws {AddressParseError} when `address` is no address; `NAT64_PREFIX` for a declared prefix that can't be one
 * @see RFC 4291 section 2.5.5 (mapped, compatible) and appendix A (EUI-64), RFC 2765 section 2.1 (translated), RFC 6052
 *   section 2.2 (NAT64), RFC 3056 section 2 (6to4), RFC 4380 section 4 (Teredo), RFC 5214 section 6.1 (ISATAP)
 */
export function describeEmbedded(
  address: Address | string,
  options: EmbeddingOptions = {},
): EmbeddedDescription | null {
  const declared = declaredPrefixes(options);
  if (load(address) === 4) return null;
  const found = embeddedBits(declared);
  const mac = macInIdentifier();
  if (found === null) return mac === null ? null : { mechanism: 'eui-64', address: null, mac };
  const described = { address: printIPv4(found.bits), mac };
  switch (found.mechanism) {
    case 'nat64':
      return {
        mechanism: 'nat64',
        ...described,
        prefix: (found.nat64 ?? WELL_KNOWN_NAT64).text,
        canonical: found.canonical,
      };
    case '6to4':
      return { mechanism: '6to4', ...described, subnet: w1 & 0xffff };
    case 'teredo':
      return {
        mechanism: 'teredo',
        // RFC 5991 fills the identifier with flags, port and client: there is no room for a MAC address.
        ...described,
        mac: null,
        server: printIPv4(w1),
        client: described.address,
        port: ~w2 & 0xffff,
        flags: w2 >>> 16,
        cone: w2 < 0,
      };
    case 'isatap':
      return { mechanism: 'isatap', ...described, unique: (w2 & 0x02000000) !== 0 };
    default:
      return { mechanism: found.mechanism, ...described };
  }
}

/**
 * The NAT64 prefixes of the options.
 *
 * @throws {TypeError} for options that are none
 * @throws {AddressParseError} `NAT64_PREFIX` for a prefix that can't be one
 */
export function declaredPrefixes(options: EmbeddingOptions | undefined): readonly Nat64Prefix[] {
  if (options === undefined) return [];
  checkOptions(options, ['nat64']);
  return options.nat64 === undefined ? [] : parseNat64Prefixes(options.nat64);
}

/** The IPv4 bits inside the IPv6 address in the words; null when there are none. */
export function embeddedBits(declared: readonly Nat64Prefix[]): EmbeddedBits | null {
  const { kind } = verdictOfIPv6(w0, w1, w2, w3);
  const found = (mechanism: EmbeddingMechanism, bits: number) => ({ mechanism, bits, canonical: true, nat64: null });
  switch (kind) {
    case 'mapped':
      return found('mapped', w3);
    case 'compatible':
      return found('compatible', w3);
    case 'teredo':
      return found('teredo', ~w3);
    case '6to4':
      return found('6to4', (w0 << 16) | (w1 >>> 16));
    case 'unspecified':
    case 'loopback':
    case 'multicast':
      return null;
  }
  const match = matchNat64([WELL_KNOWN_NAT64, ...declared]);
  if (match !== null) return { mechanism: 'nat64', bits: match.bits, canonical: match.canonical, nat64: match.prefix };
  if (kind === 'translation') return w0 === 0 ? found('translated', w3) : null;
  return isIsatap(w2) ? found('isatap', w3) : null;
}

/** Whether the third word begins an ISATAP identifier, 0:5efe or 200:5efe (RFC 5214 section 6.1). */
export function isIsatap(c: number): boolean {
  return (c & ~0x02000000) === 0x5efe;
}

/**
 * The MAC address in the identifier of the words: bytes 3 and 4 are ff:fe, and the universal bit is inverted. Unicast only,
 * and not under binary 000, where identifiers may be anything (RFC 4291 section 2.5.1).
 */
function macInIdentifier(): string | null {
  if (w0 >>> 29 === 0 || w0 >>> 24 === 0xff) return null;
  if ((w2 & 0xff) !== 0xff || w3 >>> 24 !== 0xfe) return null;
  const bytes = [(w2 >>> 24) ^ 0x02, w2 >>> 16, w2 >>> 8, w3 >>> 16, w3 >>> 8, w3];
  return bytes.map((byte) => (byte & 0xff).toString(16).padStart(2, '0')).join(':');
}
