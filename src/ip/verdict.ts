import { readText } from './read-text.js';
import type { SpecialPurposeBlock } from './registry.js';
import { IPV4_SPECIAL_PURPOSE, IPV6_SPECIAL_PURPOSE } from './registry.js';
import { maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/**
 * What the bits of an address alone decide, as a table with a fast look-up: private to `ip/`. What an IPv6 address
 * embeds is looked at in transition.ts.
 */

/** What an address is, by the most specific block that it is in. */
export type AddressKind =
  | 'unspecified'
  | 'loopback'
  | 'link-local'
  | 'site-local'
  | 'private'
  | 'unique-local'
  | 'shared'
  | 'protocol'
  | 'documentation'
  | 'benchmarking'
  | 'discard'
  | 'reserved'
  | 'broadcast'
  | 'multicast'
  | 'mapped'
  | 'compatible'
  | 'translation'
  | 'teredo'
  | '6to4'
  | 'orchid'
  | 'segment-routing'
  | 'unallocated'
  | 'global';

/** How far an address has a meaning (RFC 4007, RFC 6724 section 3.2, RFC 7346, RFC 2365). */
export type AddressScope =
  | 'interface-local'
  | 'link-local'
  | 'realm-local'
  | 'admin-local'
  | 'site-local'
  | 'organization-local'
  | 'global'
  | 'reserved'
  | 'unassigned';

/** What every address of one rule has in common. */
export interface Verdict {
  readonly kind: AddressKind;
  readonly scope: AddressScope | null;
  readonly block: SpecialPurposeBlock | null;
  /** The answer of the outer address: what it embeds is not looked at. */
  readonly globallyReachable: boolean;
  /** Its place among `allVerdicts()`, for counting without a Map. */
  readonly index: number;
}

type Rule = readonly [prefix: string, kind: AddressKind, scope?: AddressScope | null];

// Rules with a row of the registry take flags from it; the others are not globally reachable but for the two 'global'.

const IPV4_RULES: readonly Rule[] = [
  ['0.0.0.0/0', 'global'],
  ['0.0.0.0/8', 'reserved'],
  ['0.0.0.0/32', 'unspecified', null],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback', 'link-local'],
  ['169.254.0.0/16', 'link-local', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol'],
  ['192.0.0.0/29', 'protocol'],
  ['192.0.0.8/32', 'protocol'],
  ['192.0.0.9/32', 'protocol'],
  ['192.0.0.10/32', 'protocol'],
  ['192.0.0.170/32', 'protocol'],
  ['192.0.0.171/32', 'protocol'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'protocol'],
  ['192.52.193.0/24', 'protocol'],
  ['192.88.99.0/24', 'reserved'],
  ['192.88.99.2/32', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'protocol'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  // RFC 2365 calls 239.255.0.0/16 local scope; its IPv6 counterpart is site-local.
  ['224.0.0.0/4', 'multicast'],
  ['224.0.0.0/24', 'multicast', 'link-local'],
  ['239.0.0.0/8', 'multicast', 'unassigned'],
  ['239.192.0.0/14', 'multicast', 'organization-local'],
  ['239.255.0.0/16', 'multicast', 'site-local'],
  ['240.0.0.0/4', 'reserved'],
  // The scope is our choice: a limited broadcast is never forwarded.
  ['255.255.255.255/32', 'broadcast', 'link-local'],
];

const IPV6_RULES: readonly Rule[] = [
  ['::/0', 'unallocated'],
  ['2000::/3', 'global'],
  ['::/96', 'compatible'],
  ['::/128', 'unspecified', null],
  ['::1/128', 'loopback', 'link-local'],
  ['::ffff:0:0/96', 'mapped'],
  ['::ffff:0:0:0/96', 'translation'],
  ['64:ff9b::/96', 'translation'],
  ['64:ff9b:1::/48', 'translation'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'protocol'],
  ['2001::/23', 'protocol'],
  ['2001::/32', 'teredo'],
  ['2001:1::1/128', 'protocol'],
  ['2001:1::2/128', 'protocol'],
  ['2001:1::3/128', 'protocol'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', 'protocol'],
  ['2001:4:112::/48', 'protocol'],
  ['2001:10::/28', 'orchid'],
  ['2001:20::/28', 'orchid'],
  ['2001:30::/28', 'protocol'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'protocol'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'segment-routing'],
  ['fc00::/7', 'unique-local'],
  ['fe80::/10', 'link-local', 'link-local'],
  ['fec0::/10', 'site-local', 'site-local'],
  // Its scopes are a field, not prefixes: see MULTICAST_SCOPES.
  ['ff00::/8', 'multicast', 'unassigned'],
];

/** The scope of each value of a multicast address's scope field (RFC 7346 section 2). */
const MULTICAST_SCOPES: readonly AddressScope[] = [
  'reserved',
  'interface-local',
  'link-local',
  'realm-local',
  'admin-local',
  'site-local',
  'unassigned',
  'unassigned',
  'organization-local',
  'unassigned',
  'unassigned',
  'unassigned',
  'unassigned',
  'unassigned',
  'global',
  'reserved',
];

/** A prefix and its verdict, which holds but for longer prefixes in it. */
export interface VerdictRule {
  readonly prefix: string;
  readonly verdict: Verdict;
}

/** A rule ready to be matched, linked to the next one that an address of the same first byte may match. */
interface Entry {
  readonly mask0: number;
  readonly mask1: number;
  readonly mask2: number;
  readonly mask3: number;
  readonly value0: number;
  readonly value1: number;
  readonly value2: number;
  readonly value3: number;
  readonly length: number;
  readonly verdict: Verdict;
  readonly next: Entry | null;
}

/** The tables, made when they are first asked for: making them takes longer than loading the code. */
interface Tables {
  readonly rules: Readonly<Record<4 | 6, readonly VerdictRule[]>>;
  /** For each first byte the rules that its addresses may match, the longest first; the last matches always. */
  readonly ipv4: readonly Entry[];
  readonly ipv6: readonly Entry[];
  /** By the scope field. */
  readonly multicast: readonly Verdict[];
  readonly verdicts: readonly Verdict[];
}

let tables: Tables | null = null;

/** Every verdict there is. */
export function allVerdicts(): readonly Verdict[] {
  return (tables ?? makeTables()).verdicts;
}

/** Every rule of a family, in no order that matters. */
export function verdictRules(family: 4 | 6): readonly VerdictRule[] {
  return (tables ?? makeTables()).rules[family];
}

/** The verdict on an IPv4 address. */
export function verdictOfIPv4(bits: number): Verdict {
  let entry = (tables ?? makeTables()).ipv4[bits >>> 24] as Entry;
  while ((bits & entry.mask0) !== entry.value0) entry = entry.next as Entry;
  return entry.verdict;
}

/** The verdict on an IPv6 address, what it embeds apart. */
export function verdictOfIPv6(a: number, b: number, c: number, d: number): Verdict {
  const first = a >>> 24;
  const { ipv6, multicast } = tables ?? makeTables();
  if (first === 0xff) return multicast[(a >>> 16) & 0xf] as Verdict;
  let entry = ipv6[first] as Entry;
  while (
    (a & entry.mask0) !== entry.value0 ||
    (b & entry.mask1) !== entry.value1 ||
    (c & entry.mask2) !== entry.value2 ||
    (d & entry.mask3) !== entry.value3
  ) {
    entry = entry.next as Entry;
  }
  return entry.verdict;
}

function makeTables(): Tables {
  const verdicts: Verdict[] = [];
  const verdict = (kind: AddressKind, scope: AddressScope | null, block: SpecialPurposeBlock | null): Verdict => {
    const globallyReachable = block === null ? kind === 'global' : block.globallyReachable === true;
    const made = Object.freeze({ kind, scope, block, globallyReachable, index: verdicts.length });
    verdicts.push(made);
    return made;
  };
  const withVerdicts = (rules: readonly Rule[], blocks: readonly SpecialPurposeBlock[]) =>
    rules.map(([prefix, kind, scope = 'global']) => {
      return { prefix, verdict: verdict(kind, scope, blocks.find((block) => block.prefix === prefix) ?? null) };
    });
  const rules = {
    4: withVerdicts(IPV4_RULES, IPV4_SPECIAL_PURPOSE),
    6: withVerdicts(IPV6_RULES, IPV6_SPECIAL_PURPOSE),
  };
  const multicast = MULTICAST_SCOPES.map((scope) => verdict('multicast', scope, null));
  // The words hold the address whose verdict is asked for, and prefixes are read into the same.
  const [a, b, c, d] = [w0, w1, w2, w3];
  tables = { rules, ipv4: entriesByFirstByte(rules[4]), ipv6: entriesByFirstByte(rules[6]), multicast, verdicts };
  setWords(a, b, c, d);
  return tables;
}

function entriesByFirstByte(rules: readonly VerdictRule[]): readonly Entry[] {
  const entries = rules.map(entryOf).sort((one, other) => other.length - one.length);
  return Array.from({ length: 256 }, (_, byte) => {
    const first = byte << 24;
    const mayMatch = entries.filter(({ mask0, value0 }) => ((first ^ value0) & mask0 & 0xff000000) === 0);
    return mayMatch.reduceRight<Entry | null>((next, entry) => ({ ...entry, next }), null) as Entry;
  });
}

function entryOf({ prefix, verdict }: VerdictRule): Entry {
  const slash = prefix.indexOf('/');
  const ipv4 = readText(prefix.slice(0, slash)) === 4;
  const length = Number(prefix.slice(slash + 1));
  return {
    mask0: maskWord(length, 0),
    mask1: maskWord(length, 1),
    mask2: maskWord(length, 2),
    mask3: maskWord(length, 3),
    value0: ipv4 ? w3 : w0,
    value1: w1,
    value2: w2,
    value3: w3,
    length,
    verdict,
    next: null,
  };
}
