import { LAST, prefixOf, printSlowly, type SlowAddress, type SlowPrefix } from './slow-address.js';

/**
 * The classifier that everybody can check by reading: one table a family, looked through from top to bottom, the longest
 * prefix wins. It shares nothing with `src/ip`, not even the registry.
 */

export interface SlowAnswer {
  readonly kind: string;
  readonly scope: string | null;
  readonly globallyReachable: boolean;
  /** The prefix of the registry row. */
  readonly block: string | null;
}

export interface SlowEmbedded {
  readonly mechanism: string;
  readonly address: string;
  readonly kind: string;
  readonly globallyReachable: boolean;
  readonly canonical: boolean;
}

/** The prefix, its kind, its scope, whether it is reachable, and whether IANA has a row for it. */
type Row = readonly [prefix: string, kind: string, scope: string | null, reachable: boolean, registered: boolean];

const YES = true;
const no = false;
const ROW = true;
const none = false;

export const SLOW_ROWS: readonly Row[] = [
  ['0.0.0.0/0', 'global', 'global', YES, none],
  ['0.0.0.0/8', 'reserved', 'global', no, ROW],
  ['0.0.0.0/32', 'unspecified', null, no, ROW],
  ['10.0.0.0/8', 'private', 'global', no, ROW],
  ['100.64.0.0/10', 'shared', 'global', no, ROW],
  ['127.0.0.0/8', 'loopback', 'link-local', no, ROW],
  ['169.254.0.0/16', 'link-local', 'link-local', no, ROW],
  ['172.16.0.0/12', 'private', 'global', no, ROW],
  ['192.0.0.0/24', 'protocol', 'global', no, ROW],
  ['192.0.0.0/29', 'protocol', 'global', no, ROW],
  ['192.0.0.8/32', 'protocol', 'global', no, ROW],
  ['192.0.0.9/32', 'protocol', 'global', YES, ROW],
  ['192.0.0.10/32', 'protocol', 'global', YES, ROW],
  ['192.0.0.170/32', 'protocol', 'global', no, ROW],
  ['192.0.0.171/32', 'protocol', 'global', no, ROW],
  ['192.0.2.0/24', 'documentation', 'global', no, ROW],
  ['192.31.196.0/24', 'protocol', 'global', YES, ROW],
  ['192.52.193.0/24', 'protocol', 'global', YES, ROW],
  ['192.88.99.0/24', 'reserved', 'global', no, ROW],
  ['192.88.99.2/32', 'reserved', 'global', no, ROW],
  ['192.168.0.0/16', 'private', 'global', no, ROW],
  ['192.175.48.0/24', 'protocol', 'global', YES, ROW],
  ['198.18.0.0/15', 'benchmarking', 'global', no, ROW],
  ['198.51.100.0/24', 'documentation', 'global', no, ROW],
  ['203.0.113.0/24', 'documentation', 'global', no, ROW],
  ['224.0.0.0/4', 'multicast', 'global', no, none],
  ['224.0.0.0/24', 'multicast', 'link-local', no, none],
  ['239.0.0.0/8', 'multicast', 'unassigned', no, none],
  ['239.192.0.0/14', 'multicast', 'organization-local', no, none],
  ['239.255.0.0/16', 'multicast', 'site-local', no, none],
  ['240.0.0.0/4', 'reserved', 'global', no, ROW],
  ['255.255.255.255/32', 'broadcast', 'link-local', no, ROW],

  ['::/0', 'unallocated', 'global', no, none],
  ['::/96', 'compatible', 'global', no, none],
  ['::/128', 'unspecified', null, no, ROW],
  ['::1/128', 'loopback', 'link-local', no, ROW],
  ['::ffff:0:0/96', 'mapped', 'global', no, ROW],
  ['::ffff:0:0:0/96', 'translation', 'global', no, none],
  ['64:ff9b::/96', 'translation', 'global', YES, ROW],
  ['64:ff9b:1::/48', 'translation', 'global', no, ROW],
  ['100::/64', 'discard', 'global', no, ROW],
  ['100:0:0:1::/64', 'protocol', 'global', no, ROW],
  ['2000::/3', 'global', 'global', YES, none],
  ['2001::/23', 'protocol', 'global', no, ROW],
  ['2001::/32', 'teredo', 'global', no, ROW],
  ['2001:1::1/128', 'protocol', 'global', YES, ROW],
  ['2001:1::2/128', 'protocol', 'global', YES, ROW],
  ['2001:1::3/128', 'protocol', 'global', YES, ROW],
  ['2001:2::/48', 'benchmarking', 'global', no, ROW],
  ['2001:3::/32', 'protocol', 'global', YES, ROW],
  ['2001:4:112::/48', 'protocol', 'global', YES, ROW],
  ['2001:10::/28', 'orchid', 'global', no, ROW],
  ['2001:20::/28', 'orchid', 'global', YES, ROW],
  ['2001:30::/28', 'protocol', 'global', YES, ROW],
  ['2001:db8::/32', 'documentation', 'global', no, ROW],
  ['2002::/16', '6to4', 'global', no, ROW],
  ['2620:4f:8000::/48', 'protocol', 'global', YES, ROW],
  ['3fff::/20', 'documentation', 'global', no, ROW],
  ['5f00::/16', 'segment-routing', 'global', no, ROW],
  ['fc00::/7', 'unique-local', 'global', no, ROW],
  ['fe80::/10', 'link-local', 'link-local', no, ROW],
  ['fec0::/10', 'site-local', 'site-local', no, none],
  ['ff00::/8', 'multicast', 'reserved', no, none],
  ...[
    'reserved interface-local link-local realm-local admin-local site-local unassigned unassigned',
    'organization-local unassigned unassigned unassigned unassigned unassigned global reserved',
  ]
    .join(' ')
    .split(' ')
    // Flags are the high nibble of the second byte, the scope is the low one: 16 prefixes a scope.
    .flatMap((scope, value) =>
      Array.from({ length: 16 }, (_, flags): Row => {
        return [`ff${flags.toString(16)}${value.toString(16)}::/16`, 'multicast', scope, no, none];
      }),
    ),
];

const TABLE = SLOW_ROWS.map((row) => ({ ...prefixOf(row[0]), row }));

/** The verdict on the outer address alone. */
export function outerSlowly({ family, integer }: SlowAddress): SlowAnswer {
  let best: (typeof TABLE)[number] | undefined;
  for (const candidate of TABLE) {
    if (candidate.family !== family || integer < candidate.first || integer > candidate.last) continue;
    if (best === undefined || candidate.length > best.length) best = candidate;
  }
  if (best === undefined) throw new Error(`the table has no default for family ${family}`);
  const [prefix, kind, scope, globallyReachable, registered] = best.row;
  return { kind, scope, globallyReachable, block: registered ? prefix : null };
}

/** The whole answer, what the address embeds included. */
export function classifySlowly(
  address: SlowAddress,
  nat64: readonly string[] = [],
): SlowAnswer & { readonly embedded: SlowEmbedded | null } {
  const outer = outerSlowly(address);
  const embedded = address.family === 4 ? null : embeddedSlowly(address.integer, outer.kind, nat64);
  if (embedded === null) return { ...outer, embedded };
  switch (embedded.mechanism) {
    case 'mapped': {
      const { scope, globallyReachable } = outerSlowly(ipv4(address.integer & LAST[4]));
      return { ...outer, scope, globallyReachable, embedded };
    }
    case 'nat64': {
      const globallyReachable = embedded.globallyReachable && embedded.canonical;
      return { ...outer, kind: 'translation', scope: 'global', globallyReachable, embedded };
    }
    default:
      return { ...outer, globallyReachable: outer.globallyReachable && embedded.globallyReachable, embedded };
  }
}

function embeddedSlowly(integer: bigint, kind: string, nat64: readonly string[]): SlowEmbedded | null {
  const low = integer & LAST[4];
  const high = integer >> 32n;
  if (kind === 'unspecified' || kind === 'loopback' || kind === 'multicast') return null;
  if (high === 0n) return inside('compatible', low);
  if (high === 0xffffn) return inside('mapped', low);
  if (high === 0xffff_0000n) return inside('translated', low);
  if (integer >> 112n === 0x2002n) return inside('6to4', (integer >> 80n) & LAST[4]);
  if (integer >> 96n === 0x2001_0000n) return inside('teredo', low ^ LAST[4]);
  const prefix = ['64:ff9b::/96', ...nat64]
    .map(prefixOf)
    .filter(({ first, last }) => integer >= first && integer <= last)
    .reduce<SlowPrefix | null>((best, one) => (best === null || one.length > best.length ? one : best), null);
  if (prefix !== null) {
    const bytes = bytesOf(integer);
    const octet8 = bytes[8] ?? 0;
    if (prefix.length === 96) return inside('nat64', low);
    const without8 = [...bytes.slice(0, 8), ...bytes.slice(9)].slice(prefix.length / 8, prefix.length / 8 + 4);
    const bits = without8.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return { ...inside('nat64', bits), canonical: octet8 === 0 };
  }
  if (kind === 'translation') return null;
  const identifier = (integer >> 32n) & LAST[4];
  return identifier === 0x5efen || identifier === 0x0200_5efen ? inside('isatap', low) : null;
}

function inside(mechanism: string, bits: bigint): SlowEmbedded {
  const { kind, globallyReachable } = outerSlowly(ipv4(bits));
  return { mechanism, address: printSlowly(ipv4(bits)), kind, globallyReachable, canonical: true };
}

function ipv4(integer: bigint): SlowAddress {
  return { family: 4, integer };
}

function bytesOf(integer: bigint): number[] {
  return Array.from({ length: 16 }, (_, i) => Number((integer >> BigInt(120 - i * 8)) & 0xffn));
}
