// Prefixes and addresses to look up: the same ones in every run, as the routing table of the Internet has them.
//
// Lengths are distributed as in that table, see `IPV4_LENGTHS` and `IPV6_LENGTHS`. IPv4 prefixes stand anywhere from 1.0.0.0
// to 223.255.255.255, so that some nest by chance, as those of the table do. IPv6 prefixes stand where the registries give
// addresses out, a few narrow blocks (`IPV6_BLOCKS`), and those longer than /32 inside the allocation of a network: spread
// over all of 2000::/3 they would be much easier to tell apart. What is filtered at most borders is left out: IPv4 longer
// than /24 and IPv6 longer than /48.

import { flat, random, SEED } from './inputs.mjs';

/**
 * Of 100,000 prefixes in the IPv4 routing table about so many have each length.
 *
 * @type {readonly (readonly [length: number, weight: number])[]}
 */
const IPV4_LENGTHS = [
  [8, 2],
  [9, 1],
  [10, 4],
  [11, 10],
  [12, 30],
  [13, 60],
  [14, 120],
  [15, 210],
  [16, 1350],
  [17, 850],
  [18, 1450],
  [19, 2600],
  [20, 4600],
  [21, 5300],
  [22, 11_500],
  [23, 10_600],
  [24, 61_313],
];

/**
 * Likewise of 1,000 in the IPv6 routing table.
 *
 * @type {readonly (readonly [length: number, weight: number])[]}
 */
const IPV6_LENGTHS = [
  [20, 1],
  [28, 2],
  [29, 40],
  [30, 5],
  [31, 2],
  [32, 115],
  [33, 18],
  [34, 12],
  [35, 8],
  [36, 40],
  [37, 5],
  [38, 8],
  [39, 4],
  [40, 80],
  [41, 4],
  [42, 16],
  [43, 5],
  [44, 95],
  [45, 17],
  [46, 30],
  [47, 25],
  [48, 468],
];

/**
 * The first 16 bits of IPv6 addresses that the registries give out, from and to, and their share of the table.
 *
 * @type {readonly (readonly [from: number, to: number, weight: number])[]}
 */
const IPV6_BLOCKS = [
  [0x2001, 0x2001, 15],
  [0x2400, 0x240f, 28],
  [0x2600, 0x2610, 15],
  [0x2620, 0x2620, 3],
  [0x2800, 0x2806, 10],
  [0x2a00, 0x2a14, 27],
  [0x2c0e, 0x2c0f, 2],
];

/** How many addresses are looked up: enough that their way through a large table is not in the cache. */
export const QUERIES = 32_768;
/** How many different addresses a hot set has. */
const HOT = 64;

/**
 * A prefix: its first address as numbers of 32 bits, the others being 0, and its length.
 *
 * @typedef {readonly [word0: number, word1: number, length: number]} Parts
 */

/**
 * So many different IPv4 prefixes in no order.
 *
 * @param {number} count
 */
export function ipv4Prefixes(count, seed = SEED) {
  const next = random(seed);
  return distinct(count, () => {
    const length = weighted(next, IPV4_LENGTHS, ([, weight]) => weight)[0];
    const first = 0x0100_0000 + next(0xdf00_0000);
    return [mask(first, length), 0, length];
  });
}

/**
 * So many different IPv6 prefixes in no order.
 *
 * @param {number} count
 */
export function ipv6Prefixes(count, seed = SEED) {
  const next = random(seed);
  const networks = Array.from({ length: Math.ceil(count / 5) }, () => {
    const [from, to] = weighted(next, IPV6_BLOCKS, ([, , weight]) => weight);
    return (from + next(to - from + 1)) * 0x1_0000 + next(0x1_0000);
  });
  return distinct(count, () => {
    const length = weighted(next, IPV6_LENGTHS, ([, weight]) => weight)[0];
    const network = networks[next(networks.length)] ?? 0;
    // The first sites of a network are the most likely ones.
    const site = next(2) === 0 ? next(0x1_0000) : next(0x100);
    return [mask(network, length), mask(site * 0x1_0000, length - 32), length];
  });
}

/** @param {Parts} prefix */
export function ipv4Text([first, , length]) {
  return flat(`${ipv4Address(first)}/${length}`);
}

/** @param {Parts} prefix */
export function ipv6Text([word0, word1, length]) {
  const groups = [word0 >>> 16, word0 & 0xffff, word1 >>> 16];
  while (groups.at(-1) === 0) groups.pop();
  return flat(`${groups.map((group) => group.toString(16)).join(':')}::/${length}`);
}

/**
 * The values of prefixes: the names of 300 neighbours, as a routing table has next hops.
 *
 * @param {number} count
 */
export function neighbours(count, seed = SEED) {
  const next = random(seed + 1);
  const names = Array.from({ length: 300 }, (_, i) => flat(`AS${64_496 + i}`));
  return Array.from({ length: count }, () => /** @type {string} */ (names[next(names.length)]));
}

/**
 * IPv4 addresses to look up: `random` ones from the whole space, `hits` each inside a prefix, and a `hot` set of a few hits
 * again and again.
 *
 * @param {readonly Parts[]} prefixes
 */
export function ipv4Queries(prefixes, count = QUERIES, seed = SEED) {
  const next = random(seed + 2);
  return queries(next, prefixes, count, {
    anywhere: () => ipv4Address(next(2 ** 32)),
    inside: ([first, , length]) => ipv4Address(first + next(2 ** (32 - length))),
  });
}

/**
 * IPv6 addresses to look up, as `ipv4Queries`; the random ones are from 2000::/3.
 *
 * @param {readonly Parts[]} prefixes
 */
export function ipv6Queries(prefixes, count = QUERIES, seed = SEED) {
  const next = random(seed + 2);
  const group = () => next(0x1_0000).toString(16);
  /** @param {number} word0 @param {number} word1 */
  const address = (word0, word1) =>
    [word0 >>> 16, word0 & 0xffff, word1 >>> 16, word1 & 0xffff]
      .map((word) => word.toString(16))
      .concat(group(), group(), group(), group())
      .join(':');
  return queries(next, prefixes, count, {
    anywhere: () => address(0x2000_0000 + next(0x2000_0000), next(2 ** 32)),
    inside: ([word0, word1, length]) =>
      address(word0 + next(2 ** Math.max(0, 32 - length)), word1 + next(2 ** Math.min(32, 64 - length))),
  });
}

/**
 * @param {import('./inputs.mjs').Random} next
 * @param {readonly Parts[]} prefixes
 * @param {number} count
 * @param {{ anywhere: () => string, inside: (prefix: Parts) => string }} make
 */
function queries(next, prefixes, count, { anywhere, inside }) {
  const hit = () => flat(inside(/** @type {Parts} */ (prefixes[next(prefixes.length)])));
  const hot = Array.from({ length: HOT }, hit);
  const texts = (/** @type {() => string} */ text) => Array.from({ length: count }, text);
  return {
    random: texts(() => flat(anywhere())),
    hits: texts(hit),
    hot: texts(() => /** @type {string} */ (hot[next(HOT)])),
  };
}

/** @param {number} address */
export function ipv4Address(address) {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/**
 * A 32-bit word with only its first bits.
 *
 * @param {number} word
 * @param {number} bits may be below 0 or above 32
 */
function mask(word, bits) {
  if (bits <= 0) return 0;
  return bits >= 32 ? word >>> 0 : (word & (-1 << (32 - bits))) >>> 0;
}

/**
 * @param {number} count
 * @param {() => Parts} make
 */
function distinct(count, make) {
  /** @type {Set<number>} */
  const seen = new Set();
  /** @type {Parts[]} */
  const prefixes = [];
  while (prefixes.length < count) {
    const prefix = make();
    const [word0, word1, length] = prefix;
    // The bits that are in use make an exact key: 30 of the first word behind 2000::/3, 16 of the second, 5 of the length.
    const key = (word1 === 0 && length <= 32 ? word0 : (word0 % 2 ** 30) * 2 ** 16 + word1 / 2 ** 16) * 64 + length;
    if (seen.has(key)) continue;
    seen.add(key);
    prefixes.push(prefix);
  }
  return prefixes;
}

/**
 * @template T
 * @param {import('./inputs.mjs').Random} next
 * @param {readonly T[]} choices
 * @param {(choice: T) => number} weight
 */
function weighted(next, choices, weight) {
  let left = next(choices.reduce((sum, choice) => sum + weight(choice), 0));
  for (const choice of choices) {
    left -= weight(choice);
    if (left < 0) return choice;
  }
  throw new RangeError('no choices');
}
