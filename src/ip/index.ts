/**
 * IP addresses: strict text, canonical printing, what each address is and what it reaches. Pure: no dependency, no
 * built-in of Node, the same in a browser.
 *
 * @module
 */
export type { Address } from './address.js';
export { compareAddresses, IPv4Address, IPv6Address } from './address.js';
export type { AddressParseErrorCode } from './address-parse-error.js';
export { AddressParseError } from './address-parse-error.js';
export type { AddressSpaceBlock, IPv6SpaceBlock } from './address-space.js';
export {
  ADDRESS_SPACE_DATES,
  describeAllocation,
  IPV4_ADDRESS_SPACE,
  IPV6_ADDRESS_SPACE,
  IPV6_UNICAST_ASSIGNMENTS,
} from './address-space.js';
export type { AddressClass, Classification, EmbeddedAddress } from './classify.js';
export { classify, isGloballyReachable } from './classify.js';
export type { PrefixClassification } from './classify-prefix.js';
export { classifyPrefix } from './classify-prefix.js';
export {
  formatBinary,
  formatExpanded,
  formatHex,
  formatMixed,
  formatReverseName,
  formatUriHost,
  parseReverseName,
} from './format.js';
export type { LenientReadings } from './lenient.js';
export { lenientReadings } from './lenient.js';
export type { MatchOptions } from './match.js';
export type { MulticastDescription, MulticastGroup } from './multicast.js';
export { describeMulticast } from './multicast.js';
export { MULTICAST_DATE } from './multicast-groups.js';
export type { Nat64PrefixText } from './nat64.js';
export { embedNat64 } from './nat64.js';
export type { SafeParseAddress } from './parse.js';
export { isAddress, parseAddress, parseAddressBytes, safeParseAddress } from './parse.js';
export { isDocumentation, isLinkLocal, isLoopback, isMulticast, isPrivate, isUnspecified } from './predicates.js';
export type { PrefixOptions, ReverseZoneOptions, SafeParsePrefix } from './prefix.js';
export { comparePrefixes, isPrefix, Prefix, parsePrefix, safeParsePrefix } from './prefix.js';
export type { DecodeValue, EncodeValue, PrefixMapOptions, PrefixMatch, ZoneOptions } from './prefix-map.js';
export { PrefixMap } from './prefix-map.js';
export type { PrefixParseErrorCode } from './prefix-parse-error.js';
export { PrefixParseError } from './prefix-parse-error.js';
export type { BadItem, PrefixSetItem, PrefixSetOptions } from './prefix-set.js';
export { mergePrefixes, PrefixListError, PrefixSet, PrefixSetBuilder } from './prefix-set.js';
export type { SnapshotErrorCode } from './prefix-snapshot.js';
export { SnapshotError } from './prefix-snapshot.js';
export type { SafeParseRange } from './range.js';
export { AddressRange, parseRange, safeParseRange } from './range.js';
export type { HostBits } from './read-prefix.js';
export type { SpecialPurposeBlock } from './registry.js';
export { IPV4_SPECIAL_PURPOSE, IPV6_SPECIAL_PURPOSE, REGISTRY_DATE } from './registry.js';
export type { Decision, Rule, RuleAction, RuleSetOptions } from './rule-set.js';
export { RuleSet } from './rule-set.js';
export type { EmbeddedDescription, EmbeddingMechanism, EmbeddingOptions } from './transition.js';
export { describeEmbedded } from './transition.js';
export type { AddressKind, AddressScope } from './verdict.js';
