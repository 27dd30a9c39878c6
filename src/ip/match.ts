import type { Address } from './address.js';
import { checkOptions, checkWord } from './options.js';
import { load } from './parse.js';
import { isMapped, takesZone, w0, w1, w2 } from './words.js';

/** How an address or a prefix is matched. */
export interface MatchOptions {
  /**
   * What becomes of an IPv4-mapped IPv6 address and of a prefix inside ::ffff:0:0/96. 'unwrap', the default: both count as
   * the IPv4 that they carry, so `10.0.0.0/8` contains `::ffff:10.0.0.1` and `::/0` does not. 'keep': both count as the
   * IPv6 that they are written in.
   */
  readonly mapped?: 'unwrap' | 'keep' | undefined;
  /** What becomes of an address with a zone. 'distinct', the default: no prefix contains it. 'ignore': its zone is ignored. */
  readonly zone?: 'distinct' | 'ignore' | undefined;
}

/**
 * Reads an address to be matched into the words: 4 or 6, the family that it counts as (an IPv4 address is in `w3`), or 0
 * when it has a zone and so is in no prefix.
 *
 * @throws {AddressParseError} when it is text that is no address
 */
export function loadMatch(address: Address | string, options: MatchOptions | undefined): 0 | 4 | 6 {
  if (load(address) === 4) return 4;
  // Only few addresses can have a zone: the others are not searched for one.
  if (takesZone(w0) && options?.zone !== 'ignore' && hasZone(address)) return 0;
  return options?.mapped !== 'keep' && isMapped(w0, w1, w2) ? 4 : 6;
}

/**
 * The option of a set or map, read once when it is made.
 *
 * @throws {TypeError} when it is none of its words
 */
export function checkMapped(mapped: MatchOptions['mapped'] = 'unwrap'): 'unwrap' | 'keep' {
  checkWord(mapped, ['unwrap', 'keep'], 'mapped');
  return mapped;
}

/** Throws for options of a match that are none. */
export function checkMatchOptions(options: MatchOptions, known: readonly string[] = ['mapped', 'zone']): void {
  checkOptions(options, known);
  if (options.mapped !== undefined) checkWord(options.mapped, ['unwrap', 'keep'], 'mapped');
  if (options.zone !== undefined) checkWord(options.zone, ['distinct', 'ignore'], 'zone');
}

function hasZone(address: Address | string): boolean {
  return typeof address === 'string' ? address.includes('%') : address.family === 6 && address.zone !== null;
}
