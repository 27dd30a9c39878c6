import type { Address } from './address.js';
import { isAddressValue } from './address.js';
import { AddressParseError } from './address-parse-error.js';
import type { MatchOptions } from './match.js';
import { checkMapped, checkMatchOptions, loadMatch } from './match.js';
import { checkFamily, checkList, checkOptions } from './options.js';
import { load } from './parse.js';
import { createPrefix, loadStored, Prefix, storedLength } from './prefix.js';
import { PrefixColumns } from './prefix-columns.js';
import { PrefixParseError } from './prefix-parse-error.js';
import { AddressRange, matchedEnds, parseRange, prefixesBetween, rangeOf } from './range.js';
import { combine, IPv4Toggles, IPv6Toggles } from './toggles.js';
import { isMapped, maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/** What a set is made of: prefixes, ranges and addresses, as values or as text ('10.0.0.0/8', '10.0.0.1-10.0.0.9', '::1'). */
export type PrefixSetItem = Prefix | AddressRange | Address | string;

/** Options of a set that hold for all that it stores and matches. */
export interface PrefixSetOptions {
  /** See `MatchOptions.mapped`. */
  readonly mapped?: 'unwrap' | 'keep' | undefined;
}

/** An item that is none. */
export interface BadItem {
  /** Which item it is, from 0. */
  readonly index: number;
  /** What was given, as it was given. */
  readonly input: unknown;
  /** Why it is none. */
  readonly error: AddressParseError | PrefixParseError;
}

/** Thrown when items of a set are no prefixes, ranges or addresses: it has all of them. */
export class PrefixListError extends Error {
  override readonly name = 'PrefixListError';
  readonly code = 'BAD_ITEMS';
  /** Every item that can't be read, in order. */
  readonly items: readonly BadItem[];
  /** What to do. */
  readonly hint = 'mend or leave out the items listed in `items`';

  constructor(items: readonly BadItem[]) {
    const shown = items.slice(0, 5).map(({ index, error }) => `item ${index}: ${error.message}`);
    const more = items.length > shown.length ? `; and ${items.length - shown.length} more` : '';
    super(`${items.length} of the items can't be read: ${shown.join('; ')}${more}`);
    this.items = items;
  }
}

const KEY = /* @__PURE__ */ Symbol('inaddr');

/** ::ffff:0:0/96: the first point inside it and the first behind it. */
const MAPPED = [0xffff_0000_0000n, 0x1_0000_0000_0000n] as const;
/** A prefix counts as it is written. */
const KEEP = { mapped: 'keep' } as const;

/**
 * A set of addresses, of both families: an immutable value with set algebra. Small and fast: four to six bytes a prefix in
 * a large set, and a look-up without allocating.
 *
 * Families never mix, but for IPv4-mapped addresses, and prefixes and ranges inside ::ffff:0:0/96, which count as IPv4 unless
 * the set is made with `{mapped: 'keep'}`: `::/0` does not have them, though its `size` counts them. An address with a zone is
 * in no set unless asked with `{zone: 'ignore'}`.
 */
export class PrefixSet {
  readonly #mapped: 'unwrap' | 'keep';
  readonly #options: MatchOptions;
  readonly #ipv4: IPv4Toggles;
  readonly #ipv6: IPv6Toggles;

  /** @private */
  constructor(key: typeof KEY, mapped: 'unwrap' | 'keep', ipv4: ArrayLike<number>, ipv6: readonly bigint[]) {
    if (key !== KEY) throw new TypeError("PrefixSet is not constructed with new; write PrefixSet.from(['10.0.0.0/8'])");
    this.#mapped = mapped;
    this.#options = { mapped };
    this.#ipv4 = new IPv4Toggles(ipv4);
    this.#ipv6 = new IPv6Toggles(ipv6);
  }

  /**
   * The set of all addresses of prefixes, ranges and addresses.
   *
   * @throws {PrefixListError} with every item that is none
   * @throws {TypeError} when `items` is no list, as one text is none
   */
  static from(items: Iterable<PrefixSetItem>, options: PrefixSetOptions = {}): PrefixSet {
    checkList(items, "PrefixSet.from(['10.0.0.0/8'])");
    const builder = new PrefixSetBuilder(options);
    for (const item of items) builder.add(item);
    return builder.build();
  }

  /** A builder, for many items and their mistakes. */
  static builder(options: PrefixSetOptions = {}): PrefixSetBuilder {
    return new PrefixSetBuilder(options);
  }

  /** How many addresses there are. */
  get size(): bigint {
    let size = 0n;
    for (const [, first, last] of this.#ranges()) size += last - first + 1n;
    return size;
  }

  /** Whether no address is in the set. */
  get isEmpty(): boolean {
    return this.#ipv4.length === 0 && this.#ranges().next().done === true;
  }

  /** How many bytes the set takes. */
  get byteLength(): number {
    return this.#ipv4.byteLength + this.#ipv6.byteLength;
  }

  /**
   * Whether an address is in the set.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  has(address: Address | string, options?: Pick<MatchOptions, 'zone'>): boolean {
    if (options !== undefined) checkMatchOptions(options, ['zone']);
    const family = loadMatch(address, options === undefined ? this.#options : { ...this.#options, zone: options.zone });
    if (family === 4) return this.#ipv4.has(w3);
    return family === 6 && this.#ipv6.has(w0, w1, w2, w3);
  }

  /**
   * Whether all addresses of a prefix are in the set, or all of another set.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  contains(other: Prefix | PrefixSet | string): boolean {
    if (other instanceof PrefixSet) return other.subtract(this).isEmpty;
    const counts = this.#countsAt(other);
    // No point changes it on the way from the first address, which is in the set, to the last.
    if (counts !== null) return (counts[0] & 1) === 1 && counts[0] === counts[1];
    return this.#setOf(other).subtract(this).isEmpty;
  }

  /**
   * Whether an address of a prefix, or of another set, is in the set.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  overlaps(other: Prefix | PrefixSet | string): boolean {
    if (other instanceof PrefixSet) return !this.intersect(other).isEmpty;
    const counts = this.#countsAt(other);
    if (counts !== null) return (counts[0] & 1) === 1 || counts[0] !== counts[1];
    return !this.intersect(this.#setOf(other)).isEmpty;
  }

  /**
   * What is in one of two sets, or in both.
   *
   * @throws {TypeError} for what is no set, and for one that treats mapped addresses in another way
   */
  union(other: PrefixSet): PrefixSet {
    return this.#combine(other, (inA, inB) => inA || inB);
  }

  /**
   * What is in both of two sets.
   *
   * @throws {TypeError} for what is no set, and for one that treats mapped addresses in another way
   */
  intersect(other: PrefixSet): PrefixSet {
    return this.#combine(other, (inA, inB) => inA && inB);
  }

  /**
   * What is in this set and not in another.
   *
   * @throws {TypeError} for what is no set, and for one that treats mapped addresses in another way
   */
  subtract(other: PrefixSet): PrefixSet {
    return this.#combine(other, (inA, inB) => inA && !inB);
  }

  /**
   * What is not in this set, of both families or of the one given.
   *
   * @throws {TypeError} for a family that is neither 4 nor 6
   */
  complement(family?: 4 | 6): PrefixSet {
    checkFamily(family);
    const all = new PrefixSet(KEY, this.#mapped, family === 6 ? [] : [0], family === 4 ? [] : [0n]);
    return all.subtract(this);
  }

  /**
   * Whether two sets have the same addresses.
   *
   * @throws {TypeError} for what is no set, and for one that treats mapped addresses in another way
   */
  equals(other: PrefixSet): boolean {
    return this.#combine(other, (inA, inB) => inA !== inB).isEmpty;
  }

  /** The fewest prefixes that make up the set: merged, in order, IPv4 before IPv6. */
  prefixes(): Prefix[] {
    const ipv6 = ipv6Prefixes(this.#ipv6.points());
    // What counts as IPv4 has no IPv6 prefix: the neighbours of ::ffff:0:0/96 may be in the set, it is in none.
    return ipv4Prefixes(this.#ipv4.points()).concat(ipv6.filter((prefix) => loadStored(prefix, this.#options) === 6));
  }

  /** The fewest ranges that make up the set, in order, IPv4 before IPv6. */
  ranges(): AddressRange[] {
    return Array.from(this.#ranges(), ([family, first, last]) => rangeOf(family, first, last));
  }

  /** The prefixes, as `prefixes` gives them. */
  *[Symbol.iterator](): Generator<Prefix, void, undefined> {
    yield* this.prefixes();
  }

  /** The texts of the prefixes, so that `JSON.stringify` gives what `PrefixSet.from` takes. */
  toJSON(): string[] {
    return this.prefixes().map(String);
  }

  /** The texts of the prefixes, with blanks between them. */
  toString(): string {
    return this.toJSON().join(' ');
  }

  get [Symbol.toStringTag](): string {
    // Names the set, for the same reason as an address's tag: assertion libraries can't see private fields.
    return this.toString();
  }

  *#ranges(): Generator<readonly [family: 4 | 6, first: bigint, last: bigint], void, undefined> {
    const ipv4 = this.#ipv4.points();
    for (let i = 0; i < ipv4.length; i += 2) {
      yield [4, BigInt(ipv4[i] as number), BigInt(ipv4[i + 1] ?? 2 ** 32) - 1n];
    }
    for (let i = 0; i < this.#ipv6.length; i += 2) {
      const first = this.#ipv6.point(i);
      const end = i + 1 < this.#ipv6.length ? this.#ipv6.point(i + 1) : 1n << 128n;
      if (this.#mapped === 'keep' || first < MAPPED[0] || end > MAPPED[1]) yield [6, first, end - 1n];
    }
  }

  /** How many points are not after the first and not after the last address of a prefix; null for one around ::ffff:0:0/96. */
  #countsAt(prefix: Prefix | string): readonly [first: number, last: number] | null {
    const family = loadStored(prefix, this.#options);
    const mask = (word: number) => maskWord(storedLength, word);
    if (family === 4) return [this.#ipv4.count(w3), this.#ipv4.count(w3 | ~mask(0))];
    // Its points inside mean nothing, unless mapped addresses are kept.
    if (this.#mapped !== 'keep' && storedLength < 96 && isMapped(w0, w1, w2 | (0xffff & ~mask(2)))) return null;
    const ends = [w0 | ~mask(0), w1 | ~mask(1), w2 | ~mask(2), w3 | ~mask(3)] as const;
    return [this.#ipv6.count(w0, w1, w2, w3), this.#ipv6.count(...ends)];
  }

  #setOf(prefix: Prefix | string): PrefixSet {
    return PrefixSet.builder({ mapped: this.#mapped }).add(prefix).build();
  }

  #combine(other: PrefixSet, keep: (inA: boolean, inB: boolean) => boolean): PrefixSet {
    if (!(other instanceof PrefixSet)) throw new TypeError('pass a PrefixSet, e.g. PrefixSet.from([prefix])');
    if (this.#mapped !== other.#mapped) {
      throw new TypeError(
        `one set was made with mapped '${this.#mapped}', the other with '${other.#mapped}': make both alike`,
      );
    }
    const ipv4 = combine(this.#ipv4.points(), other.#ipv4.points(), keep);
    return new PrefixSet(KEY, this.#mapped, ipv4, combine(this.#ipv6.points(), other.#ipv6.points(), keep));
  }
}

/** Collects prefixes, ranges and addresses for a set, and all mistakes at once. */
export class PrefixSetBuilder {
  readonly #mapped: 'unwrap' | 'keep';
  readonly #ipv4 = new PrefixColumns(4);
  readonly #ipv6 = new PrefixColumns(6);
  readonly #bad: BadItem[] = [];
  #count = 0;

  /** @throws {TypeError} for an option that there is not */
  constructor(options: PrefixSetOptions = {}) {
    checkOptions(options, ['mapped']);
    this.#mapped = checkMapped(options.mapped);
  }

  /** Adds an item; one that can't be read is noted in `bad`. */
  add(item: PrefixSetItem): this {
    const index = this.#count++;
    try {
      this.#add(item);
    } catch (error) {
      if (!(error instanceof AddressParseError || error instanceof PrefixParseError)) throw error;
      this.#bad.push({ index, input: item, error });
    }
    return this;
  }

  /** The items that can't be read, so far. */
  get bad(): readonly BadItem[] {
    return [...this.#bad];
  }

  /**
   * The set of all items.
   *
   * @throws {PrefixListError} with every item that can't be read
   */
  build(): PrefixSet {
    if (this.#bad.length > 0) throw new PrefixListError([...this.#bad]);
    return this.buildRest();
  }

  /**
   * The prefixes of the set, without the set.
   *
   * @internal
   */
  prefixes(): Prefix[] {
    if (this.#bad.length > 0) throw new PrefixListError([...this.#bad]);
    return [...ipv4Prefixes(ipv4Points(this.#ipv4)), ...ipv6Prefixes(ipv6Points(this.#ipv6))];
  }

  /** The set of the items that can be read, whatever stands in `bad`: for who has looked at it. */
  buildRest(): PrefixSet {
    return new PrefixSet(KEY, this.#mapped, ipv4Points(this.#ipv4), ipv6Points(this.#ipv6));
  }

  #add(item: PrefixSetItem): void {
    if (item instanceof Prefix || (typeof item === 'string' && item.includes('/'))) {
      this.#addPrefix(item, { mapped: this.#mapped });
    } else if (
      item instanceof AddressRange ||
      (typeof item === 'string' && item.includes('-') && !item.includes('%'))
    ) {
      const range = typeof item === 'string' ? parseRange(item) : item;
      const [first, last] = matchedEnds(range, { mapped: this.#mapped });
      // A range that is only partly inside ::ffff:0:0/96 is IPv6 as a whole, however it falls into prefixes.
      for (const prefix of AddressRange.from(first, last).toPrefixes()) this.#addPrefix(prefix, KEEP);
    } else if (isAddressValue(item) || typeof item === 'string') {
      const family = load(item);
      const zoned = typeof item === 'string' ? item.includes('%') : item.family === 6 && item.zone !== null;
      if (zoned) {
        const hint = 'a set holds addresses without zones';
        const offset = String(item).indexOf('%');
        throw new PrefixParseError(String(item), { code: 'ZONE', offset, problem: 'zone', hint });
      }
      this.#addPrefix(createPrefix(family, family === 4 ? 32 : 128), { mapped: this.#mapped });
    } else {
      const hint = 'pass a prefix, a range or an address';
      throw new PrefixParseError(item, { code: 'NOT_TEXT', offset: 0, problem: typeof item, hint });
    }
  }

  #addPrefix(prefix: Prefix | string, options: MatchOptions): void {
    const family = loadStored(prefix, options);
    (family === 4 ? this.#ipv4 : this.#ipv6).add(storedLength, 0);
  }
}

/**
 * The fewest prefixes with the same addresses: sorted, without those inside others, neighbours put together. In time
 * n log n at most.
 *
 * @throws {PrefixListError} with every item that is no prefix, range or address
 */
export function mergePrefixes(items: Iterable<PrefixSetItem>, options: PrefixSetOptions = {}): Prefix[] {
  checkList(items, "mergePrefixes(['10.0.0.0/8'])");
  const builder = new PrefixSetBuilder(options);
  for (const item of items) builder.add(item);
  return builder.prefixes();
}

/** The points of prefixes in any order. */
function ipv4Points(columns: PrefixColumns): Float64Array {
  const [key0 = new Uint32Array(0)] = columns.keys;
  const points = new Float64Array(columns.count * 2);
  let count = 0;
  const sorted = columns.sorted();
  for (let i = 0; i < sorted.length; i++) {
    const row = sorted[i] as number;
    const first = key0[row] as number;
    const end = first + 2 ** (32 - (columns.lengths[row] as number));
    // Sorted by first address: a prefix begins inside what there is, touches it, or is behind it.
    if (count > 0 && first <= (points[count - 1] as number)) {
      if (end > (points[count - 1] as number)) points[count - 1] = end;
    } else {
      points[count++] = first;
      points[count++] = end;
    }
  }
  return points.subarray(0, points[count - 1] === 2 ** 32 ? count - 1 : count);
}

function ipv6Points(columns: PrefixColumns): bigint[] {
  const points: bigint[] = [];
  for (const row of columns.sorted()) {
    const first = columns.keys.reduce((integer, column) => (integer << 32n) | BigInt(column[row] as number), 0n);
    const end = first + (1n << BigInt(128 - (columns.lengths[row] as number)));
    const before = points.at(-1);
    if (before !== undefined && first <= before) {
      if (end > before) points[points.length - 1] = end;
    } else points.push(first, end);
  }
  if (points.at(-1) === 1n << 128n) points.pop();
  return points;
}

/** As `prefixesBetween` does it, with numbers: a million prefixes are common. */
function ipv4Prefixes(points: Float64Array): Prefix[] {
  const prefixes: Prefix[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const end = points[i + 1] ?? 2 ** 32;
    for (let at = points[i] as number; at < end; ) {
      const aligned = at === 0 ? 32 : 31 - Math.clz32(at & -at);
      const room = 31 - Math.clz32(end - at);
      const bits = end - at === 2 ** 32 ? 32 : Math.min(aligned, room);
      setWords(0, 0, 0, at | 0);
      prefixes.push(createPrefix(4, 32 - bits));
      at += 2 ** bits;
    }
  }
  return prefixes;
}

function ipv6Prefixes(points: readonly bigint[]): Prefix[] {
  const prefixes: Prefix[] = [];
  for (let i = 0; i < points.length; i += 2) {
    prefixes.push(...prefixesBetween(6, points[i] as bigint, (points[i + 1] ?? 1n << 128n) - 1n));
  }
  return prefixes;
}
