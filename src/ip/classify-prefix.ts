import type { Prefix } from './prefix.js';
import { parsePrefix, toPrefix } from './prefix.js';
import { PrefixSet } from './prefix-set.js';
import type { SpecialPurposeBlock } from './registry.js';
import type { AddressKind } from './verdict.js';
import { verdictRules } from './verdict.js';

/** What the addresses of a prefix are: plain data, made for JSON. */
export interface PrefixClassification {
  /** Canonical text. */
  readonly prefix: string;
  readonly family: 4 | 6;
  /** The kinds that its addresses have, in the order of the addresses that have them first. */
  readonly kinds: readonly AddressKind[];
  /** Every IANA row that has an address in common with it, the shortest prefix first. */
  readonly blocks: readonly SpecialPurposeBlock[];
  /** Whether all, some or none of its addresses are globally reachable. */
  readonly globallyReachable: 'all' | 'some' | 'none';
}

/** A prefix of a table is matched as it is written. */
const KEEP = { mapped: 'keep' } as const;

/** The globally reachable addresses of each family, made when first asked for. */
const reachableSets = /* @__PURE__ */ new Map<4 | 6, PrefixSet>();

/**
 * What the addresses of a prefix are: the IANA rows that it touches, their kinds, and whether all, some or none of it is
 * globally reachable. Addresses under ::ffff:0:0/96 and 64:ff9b::/96 count as the IPv4 address that they carry; interface
 * identifiers that look like ISATAP, which every IPv6 subnet has room for, are not looked at.
 *
 * @throws {PrefixParseError} when given text that is no prefix
 */
export function classifyPrefix(prefix: Prefix | string): PrefixClassification {
  const asked = toPrefix(prefix);
  const rules = verdictRules(asked.family)
    .map(({ prefix: text, verdict }) => ({ rule: parsePrefix(text), verdict }))
    .filter(({ rule }) => rule.overlaps(asked, KEEP))
    .sort((a, b) => a.rule.length - b.rule.length || a.rule.compare(b.rule));
  const kinds: { kind: AddressKind; first: Prefix }[] = [];
  let rest = PrefixSet.from([asked], KEEP);
  // The longest rule of each address decides: what it takes is gone for the others.
  for (const { rule, verdict } of rules.toReversed()) {
    const taken = rest.intersect(PrefixSet.from([rule], KEEP));
    const [first] = taken.prefixes();
    if (first !== undefined) kinds.push({ kind: verdict.kind, first });
    rest = rest.subtract(taken);
  }
  kinds.sort((a, b) => a.first.compare(b.first));
  const reachable = reachableSets.get(asked.family) ?? reachableSet(asked.family);
  reachableSets.set(asked.family, reachable);
  const some = reachable.overlaps(asked) ? 'some' : 'none';
  return {
    prefix: asked.toString(),
    family: asked.family,
    kinds: [...new Set(kinds.map(({ kind }) => kind))],
    blocks: rules.flatMap(({ verdict: { block } }) => (block === null ? [] : [block])),
    globallyReachable: reachable.contains(asked) ? 'all' : some,
  };
}

/** The globally reachable addresses of a family: a longer rule decides over a shorter one. */
function reachableSet(family: 4 | 6): PrefixSet {
  const rules = verdictRules(family)
    .map(({ prefix, verdict }) => ({ rule: parsePrefix(prefix), reachable: verdict.globallyReachable }))
    .sort((a, b) => a.rule.length - b.rule.length);
  let set = PrefixSet.from([], KEEP);
  for (const { rule, reachable } of rules) {
    const own = PrefixSet.from([rule], KEEP);
    set = reachable ? set.union(own) : set.subtract(own);
  }
  if (family === 4) return set;
  const ipv4 = reachableSet(4).prefixes();
  for (const carrier of ['::ffff:0:0', '64:ff9b::']) {
    const carried = ipv4.map(
      ({ first, length }) => `${carrier === '64:ff9b::' ? carrier : '::ffff:'}${first}/${length + 96}`,
    );
    set = set.subtract(PrefixSet.from([`${carrier}/96`], KEEP)).union(PrefixSet.from(carried, KEEP));
  }
  return set;
}
