import fc from 'fast-check';
import { ipv4Integer, ipv6Integer } from './arbitraries.js';
import { LAST, printSlowly, type SlowAddress, type SlowPrefix } from './slow-address.js';

/** Prefixes as two bigints, in the most obvious way: nothing shared with `src/ip`. */

export const WIDTH = { 4: 32, 6: 128 } as const;

/** ::ffff:0:0. */
export const MAPPED = 0xffff_0000_0000n;

/** The prefix of a length that an address is in. */
export function slowPrefix(family: 4 | 6, integer: bigint, length: number): SlowPrefix {
  const size = 2n ** BigInt(WIDTH[family] - length);
  const first = (integer / size) * size;
  return { family, first, last: first + size - 1n, length };
}

export function printPrefix({ family, first, length }: SlowPrefix): string {
  return `${printSlowly({ family, integer: first })}/${length}`;
}

/** Rule 7: a prefix inside ::ffff:0:0/96 counts as its IPv4 prefix. */
export function unwrapPrefix(prefix: SlowPrefix): SlowPrefix {
  if (prefix.family === 4 || prefix.length < 96 || prefix.first >> 32n !== 0xffffn) return prefix;
  return slowPrefix(4, prefix.first & LAST[4], prefix.length - 96);
}

export function unwrapAddress(address: SlowAddress): SlowAddress {
  if (address.family === 4 || address.integer >> 32n !== 0xffffn) return address;
  return { family: 4, integer: address.integer & LAST[4] };
}

export function isInside(inner: SlowPrefix, outer: SlowPrefix): boolean {
  return inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;
}

export function holds(prefix: SlowPrefix, { family, integer }: SlowAddress): boolean {
  return family === prefix.family && integer >= prefix.first && integer <= prefix.last;
}

export function shareAnAddress(a: SlowPrefix, b: SlowPrefix): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** IPv4 before IPv6, then by first address, then the shorter. */
export function comparePrefixesSlowly(a: SlowPrefix, b: SlowPrefix): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.length - b.length;
}

/** The fewest prefixes for first to last: a prefix is taken whole, left out, or halved. */
export function coverSlowly(family: 4 | 6, first: bigint, last: bigint): SlowPrefix[] {
  const within = (prefix: SlowPrefix): SlowPrefix[] => {
    if (prefix.last < first || prefix.first > last) return [];
    if (prefix.first >= first && prefix.last <= last) return [prefix];
    const low = slowPrefix(family, prefix.first, prefix.length + 1);
    const high = slowPrefix(family, prefix.last, prefix.length + 1);
    return [...within(low), ...within(high)];
  };
  return within(slowPrefix(family, 0n, 0));
}

function prefixArbitrary(family: 4 | 6): fc.Arbitrary<SlowPrefix> {
  const width = WIDTH[family];
  const length = fc.oneof(
    fc.integer({ min: 0, max: width }),
    fc.constantFrom(0, 1, 2, width - 2, width - 1, width),
    // Where one word ends and the next one begins.
    fc.constantFrom(...(family === 4 ? [8, 16, 24] : [31, 32, 33, 63, 64, 65, 95, 96, 97])),
  );
  return fc
    .tuple(family === 4 ? ipv4Integer : ipv6Integer, length)
    .map(([integer, bits]) => slowPrefix(family, integer, bits));
}

export const prefix4: fc.Arbitrary<SlowPrefix> = prefixArbitrary(4);
export const prefix6: fc.Arbitrary<SlowPrefix> = fc.oneof(
  { weight: 4, arbitrary: prefixArbitrary(6) },
  // Inside and around ::ffff:0:0/96.
  {
    weight: 1,
    arbitrary: fc
      .tuple(ipv4Integer, fc.integer({ min: 80, max: 128 }))
      .map(([integer, bits]) => slowPrefix(6, MAPPED | integer, bits)),
  },
);
export const prefix: fc.Arbitrary<SlowPrefix> = fc.oneof(prefix4, prefix6);

/** A prefix, and one that is likely to be near it, in it or around it. */
export const prefixPair: fc.Arbitrary<readonly [SlowPrefix, SlowPrefix]> = prefix.chain((one) => {
  const { family, first, last } = one;
  const near = [first, last, first - 1n, last + 1n, (first + last) / 2n].filter(
    (integer) => integer >= 0n && integer <= LAST[family],
  );
  const length = fc.integer({ min: 0, max: WIDTH[family] });
  const neighbour = fc
    .tuple(fc.constantFrom(...near), length)
    .map(([integer, bits]) => slowPrefix(family, integer, bits));
  const mapped = neighbour.map((other) => {
    if (other.family === 4) return slowPrefix(6, MAPPED | other.first, other.length + 96);
    return other.first >> 32n === 0xffffn ? unwrapPrefix(other) : other;
  });
  return fc.tuple(
    fc.constant(one),
    fc.oneof({ weight: 3, arbitrary: neighbour }, { weight: 1, arbitrary: mapped }, prefix),
  );
});
