import type { Address } from './address.js';
import { load } from './parse.js';
import { printIPv4, printIPv6 } from './print.js';
import { zoneOf } from './read-text.js';
import type { SpecialPurposeBlock } from './registry.js';
import type { EmbeddingMechanism, EmbeddingOptions } from './transition.js';
import { declaredPrefixes, embeddedBits, isIsatap } from './transition.js';
import type { AddressKind, AddressScope, Verdict } from './verdict.js';
import { verdictOfIPv4, verdictOfIPv6 } from './verdict.js';
import { w0, w1, w2, w3 } from './words.js';

/** The class of an IPv4 address before there were prefixes (RFC 791 section 2.3, RFC 1112 section 4). */
export type AddressClass = 'A' | 'B' | 'C' | 'D' | 'E';

/** The IPv4 address inside an IPv6 address. */
export interface EmbeddedAddress {
  readonly mechanism: EmbeddingMechanism;
  /** Canonical text. */
  readonly address: string;
  readonly kind: AddressKind;
  /** The answer of the IPv4 address alone. */
  readonly globallyReachable: boolean;
  /** False for a NAT64 address whose octet 8 is not zero (RFC 6052 section 2.2): translators differ about it. */
  readonly canonical: boolean;
}

interface Classified {
  /** Canonical text, the zone included. */
  readonly address: string;
  /** What the address is by its own bits: that of an IPv4 address inside stands in `embedded`. */
  readonly kind: AddressKind;
  /** Null for the unspecified address. */
  readonly scope: AddressScope | null;
  /** The most specific row of the IANA special-purpose registry; null when there is none. */
  readonly block: SpecialPurposeBlock | null;
  /** Whether a packet to it may leave this administrative domain: see `isGloballyReachable`. */
  readonly globallyReachable: boolean;
}

/** What an address is: plain data, made for JSON; discriminated on `family`. */
export type Classification =
  | (Classified & { readonly family: 4; readonly addressClass: AddressClass; readonly embedded: null })
  | (Classified & { readonly family: 6; readonly addressClass: null; readonly embedded: EmbeddedAddress | null });

/**
 * What an address is: family, historical class, kind, scope, IANA registry row, whether it is globally reachable, and which
 * IPv4 address it embeds.
 *
 * @throws {AddressParseError} when `address` is no address; `NAT64_PREFIX` for a declared prefix that can't be one
 * @see RFC 6890 and RFC 8190 (registries), RFC 4291 (IPv6), RFC 6724 section 3.2 and RFC 7346 (scopes)
 */
export function classify(address: Address | string, options?: EmbeddingOptions): Classification {
  const declared = declaredPrefixes(options);
  if (load(address) === 4) {
    const { kind, scope, block, globallyReachable } = verdictOfIPv4(w3);
    // Strict text of a dotted quad is canonical.
    const text = typeof address === 'string' ? address : printIPv4(w3);
    return {
      address: text,
      family: 4,
      addressClass: addressClass(w3),
      kind,
      scope,
      block,
      globallyReachable,
      embedded: null,
    };
  }
  const zone = typeof address === 'string' ? zoneOf(address) : 'zone' in address ? address.zone : null;
  const text = printIPv6(w0, w1, w2, w3);
  const outer = verdictOfIPv6(w0, w1, w2, w3);
  const found = embeddedBits(declared);
  let { kind, scope, globallyReachable } = outer;
  let embedded: EmbeddedAddress | null = null;
  if (found !== null) {
    const inner = verdictOfIPv4(found.bits);
    embedded = {
      mechanism: found.mechanism,
      address: printIPv4(found.bits),
      kind: inner.kind,
      globallyReachable: inner.globallyReachable,
      canonical: found.canonical,
    };
    if (found.mechanism === 'mapped') {
      scope = inner.scope;
      globallyReachable = inner.globallyReachable;
    } else if (found.mechanism === 'nat64') {
      kind = 'translation';
      scope = 'global';
      globallyReachable = inner.globallyReachable && found.canonical;
    } else {
      globallyReachable &&= inner.globallyReachable;
    }
  }
  return {
    address: zone === null ? text : `${text}%${zone}`,
    family: 6,
    addressClass: null,
    kind,
    scope,
    block: outer.block,
    globallyReachable,
    embedded,
  };
}

/**
 * Whether a packet to `address` may leave this administrative domain, by the IANA special-purpose registries. An address
 * that embeds an IPv4 address needs both answers, by every mechanism; of an IPv4-mapped address and of an address under
 * 64:ff9b::/96 or a declared NAT64 prefix only the embedded one counts. Where the registry says "N/A", the answer is
 * `false`; so it is for multicast, for space that is not allocated, and for 6to4 and Teredo whatever is inside.
 *
 * The one predicate of this package that is meant as a guard against requests to internal addresses.
 *
 * @throws {AddressParseError} when `address` is no address; `NAT64_PREFIX` for a declared prefix that can't be one
 * @see RFC 6890 section 2.2.1, RFC 8190
 */
export function isGloballyReachable(address: Address | string, options?: EmbeddingOptions): boolean {
  // Declared prefixes first: they are read into the same words.
  const declared = options === undefined ? null : declaredPrefixes(options);
  if (load(address) === 4) return verdictOfIPv4(w3).globallyReachable;
  if (declared !== null && declared.length > 0) {
    const found = embeddedBits(declared);
    if (found?.mechanism === 'nat64') return found.canonical && verdictOfIPv4(found.bits).globallyReachable;
  }
  return reachesGlobally(verdictOfIPv6(w0, w1, w2, w3));
}

/** The class of 32 bits: the leading ones decide. */
export function addressClass(bits: number): AddressClass {
  const first = bits >>> 24;
  if (first < 0x80) return 'A';
  if (first < 0xc0) return 'B';
  if (first < 0xe0) return 'C';
  return first < 0xf0 ? 'D' : 'E';
}

/** The answer for the IPv6 address in the words, without a declared prefix and without allocating. */
export function reachesGlobally({ kind, globallyReachable }: Verdict): boolean {
  if (kind === 'mapped') return verdictOfIPv4(w3).globallyReachable;
  if (!globallyReachable) return false;
  // Of the translation prefixes the registry has only 64:ff9b::/96 as reachable.
  if (kind === 'translation' || isIsatap(w2)) return verdictOfIPv4(w3).globallyReachable;
  return true;
}
