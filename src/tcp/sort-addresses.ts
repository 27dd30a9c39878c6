import type { Address, AddressScope } from '../ip/index.js';
import { classify, PrefixMap } from '../ip/index.js';

/** The address that packets to a destination would come from. */
export interface SourceAddress {
  readonly address: Address;
  /** Of the interface's network: no more bits than these are compared with a destination (RFC 6724 section 2.2). */
  readonly prefixLength: number;
  /** Of an address that is on its way out (RFC 4862): rule 3. Node does not say; default: false. */
  readonly deprecated?: boolean | undefined;
  /** A mobile node's own address (RFC 6275), not one that it has where it is: rule 4. Node does not say; default: false. */
  readonly home?: boolean | undefined;
}

/** An address to connect to, and from where that would be. */
export interface Destination {
  readonly address: Address;
  /** Null where there is no way to it. */
  readonly source: SourceAddress | null;
}

/**
 * Destinations in the order in which to try them, by RFC 6724 section 6; those of equal rank keep their order. Rule 7, which prefers
 * a native route to a tunnel, has nothing to go by: only the kernel knows.
 */
export function sortAddresses<D extends Destination>(destinations: readonly D[]): D[] {
  const ranked = destinations.map((destination) => ({ destination, rank: rankOf(destination) }));
  return ranked.sort((one, other) => compareRanks(one.rank, other.rank)).map(({ destination }) => destination);
}

/** What of a destination is compared, in the order of the rules; of each the smaller comes first. */
interface Rank {
  /** Rules 1 to 6 and 8. */
  readonly columns: readonly number[];
  readonly family: 4 | 6;
  /** Rule 9, which is about addresses of one family. */
  readonly commonBits: number;
}

function compareRanks(one: Rank, other: Rank): number {
  for (const [index, column] of one.columns.entries()) {
    const difference = column - (other.columns[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.family === other.family ? other.commonBits - one.commonBits : 0;
}

function rankOf({ address, source }: Destination): Rank {
  const row = policyRow(address);
  const scope = scopeOf(address);
  const matches = (yes: boolean) => (yes ? 0 : 1);
  const columns = [
    // Rule 1: avoid unusable destinations.
    matches(source !== null),
    // Rule 2: prefer matching scope.
    matches(source !== null && scopeOf(source.address) === scope),
    // Rule 3: avoid deprecated addresses.
    matches(source?.deprecated !== true),
    // Rule 4: prefer home addresses.
    matches(source?.home === true),
    // Rule 5: prefer matching label.
    matches(source !== null && policyRow(source.address).label === row.label),
    // Rule 6: prefer higher precedence.
    -row.precedence,
    // Rule 8: prefer smaller scope.
    scope,
  ];
  const commonBits = source === null ? 0 : Math.min(commonPrefixLength(source.address, address), source.prefixLength);
  return { columns, family: address.family, commonBits };
}

/** The default policy table, RFC 6724 section 2.1. ::ffff:0:0/96 stands for IPv4, as a map unwraps mapped addresses. */
const POLICY_TABLE: readonly (readonly [prefix: string, row: PolicyRow])[] = [
  ['::1/128', { precedence: 50, label: 0 }],
  ['::/0', { precedence: 40, label: 1 }],
  ['::ffff:0:0/96', { precedence: 35, label: 4 }],
  ['2002::/16', { precedence: 30, label: 2 }],
  ['2001::/32', { precedence: 5, label: 5 }],
  ['fc00::/7', { precedence: 3, label: 13 }],
  ['::/96', { precedence: 1, label: 3 }],
  ['fec0::/10', { precedence: 1, label: 11 }],
  ['3ffe::/16', { precedence: 1, label: 12 }],
];

interface PolicyRow {
  readonly precedence: number;
  readonly label: number;
}

let policyTable: PrefixMap<PolicyRow> | null = null;

function policyRow(address: Address): PolicyRow {
  policyTable ??= PrefixMap.from(POLICY_TABLE);
  const row = policyTable.value(address, { zone: 'ignore' });
  if (row === undefined) throw new Error(`no row of the policy table is for ${address}`);
  return row;
}

/** As in a multicast address (RFC 4291 section 2.7); RFC 6724 section 3.1 gives unicast scopes the same numbers. */
const SCOPES: Readonly<Record<AddressScope, number>> = {
  'interface-local': 1,
  'link-local': 2,
  'realm-local': 3,
  'admin-local': 4,
  'site-local': 5,
  'organization-local': 8,
  unassigned: 13,
  global: 14,
  reserved: 15,
};

function scopeOf(address: Address): number {
  const { scope } = classify(address);
  return scope === null ? 0 : SCOPES[scope];
}

function commonPrefixLength(one: Address, other: Address): number {
  if (one.family !== other.family) return 0;
  const [first, second] = [one.toBytes(), other.toBytes()];
  const at = first.findIndex((byte, index) => byte !== second[index]);
  return at === -1 ? first.length * 8 : at * 8 + Math.clz32((first[at] ?? 0) ^ (second[at] ?? 0)) - 24;
}
