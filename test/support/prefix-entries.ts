import { Random } from './random.js';
import { printSlowly } from './slow-address.js';
import { printPrefix, slowPrefix, WIDTH } from './slow-prefix.js';

/** With so many prefixes of a family a table gets a directory. */
export const LARGE = 2048;

/** Different prefixes of a family, no longer than `longest`, each with a value below 20. */
export function entriesOf(family: 4 | 6, count: number, seed: number, longest: number): (readonly [string, number])[] {
  const random = new Random(seed);
  const prefixes = new Set<string>();
  while (prefixes.size < count) {
    const length = Math.min(3 + random.below(WIDTH[family] - 2), longest);
    const base = family === 4 ? 0n : random.pick([0x2001n << 112n, 0x2a00n << 112n, 0xfd00n << 112n, 0n]);
    prefixes.add(
      printPrefix(slowPrefix(family, base | (random.bigint(WIDTH[family]) >> (family === 4 ? 0n : 12n)), length)),
    );
  }
  return Array.from(prefixes, (text) => [text, random.below(20)]);
}

/** Addresses of which many are in a prefix of the map, and some in none. */
export function addressesFor(entries: readonly (readonly [string, number])[], random: Random): string[] {
  return Array.from({ length: 500 }, () => {
    if (random.once(4)) return printSlowly({ family: 4, integer: random.bigint(32) });
    const [address = ''] = (random.pick(entries)[0] ?? '').split('/');
    return address;
  });
}
