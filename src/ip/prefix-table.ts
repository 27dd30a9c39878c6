import { maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/**
 * The prefixes of one family with a number for each, found by longest match: private to `ip/`.
 *
 * All prefixes of a block (one directory entry, see below) stand together, sorted by first address, the shorter of two with
 * the same first address in front:
 *
 *     10.0.0.0/8   10.1.0.0/16   10.1.2.0/24   10.2.0.0/16
 *          ^─────────────┘ ^───────────┘            │
 *          └────────────────────────────────────────┘   up: how many places back the next shorter one stands
 *
 * The longest match of an address is found from the last prefix that begins at or before it: it is that prefix or, as
 * prefixes nest and never cross, one of those that contain it, which `up` leads to. So there is one copy of each prefix,
 * nothing is expanded, and an exact look-up, all matches, and iteration in order come from the same arrays: 11 bytes a
 * prefix for IPv4, 15 for IPv6, 23 with prefixes longer than /64.
 *
 * The directory leads an address to its block without a search. IPv4: its first 16 bits. IPv6: the 17 bits after 2000::/3,
 * where all but few prefixes are; one block more for the rest of the space. Prefixes that reach over more than one block
 * are few and stand in a table of their own, without a directory, as those of a small table do.
 */

export const IPV4_BLOCKS = 1 << 16;
export const IPV6_BLOCKS = (1 << 17) + 1;
/** The block of IPv6 addresses outside 2000::/3. */
const REST = IPV6_BLOCKS - 1;

/** With so many prefixes a directory is worth its memory (IPv4 768 kB, IPv6 1.5 MB). */
const LARGE = 2048;

/** The four mask words of each prefix length of 128 bits. */
const MASKS: Int32Array = /* @__PURE__ */ Int32Array.from({ length: 129 * 4 }, (_, i) => maskWord(i >> 2, i & 3));

/** `up` where there is none. */
const NONE = 0;
/** A longer way is gone in several steps: everything between a prefix and the one containing it is inside that, too. */
const FARTHEST_UP = 0xffff;

/** The arrays of a table, a place for each prefix, as a snapshot stores them. */
export interface TableArrays {
  /** The first place of each block, and the end of the last one. */
  readonly starts: Uint32Array;
  readonly key0: Uint32Array;
  readonly key1: Uint32Array;
  readonly key2: Uint32Array;
  readonly key3: Uint32Array;
  readonly lengths: Uint8Array;
  readonly ups: Uint16Array;
  readonly numbers: Uint32Array;
}

/** Up to so many prefixes are searched without hints. */
const FEW = 8;

const NO_WORDS = /* @__PURE__ */ new Uint32Array(0);

export class PrefixTable {
  readonly family: 4 | 6;
  /** How many prefixes there are, those of `short` included. */
  size = 0;
  /** Prefixes that reach over more than one block; null as long as there is no directory. */
  short: PrefixTable | null = null;
  /** The first place of each block. */
  starts: Uint32Array = new Uint32Array(2);
  /** The end of the places of each block; the same memory, one further, while no block has a place to spare. */
  ends: Uint32Array = this.starts.subarray(1);
  /** How many places are kept for each block; null while no block has a place to spare. */
  capacities: Uint32Array | null = null;
  key0: Uint32Array = NO_WORDS;
  /** IPv6 only. */
  key1: Uint32Array = NO_WORDS;
  /** IPv6 with a prefix longer than /64 only. */
  key2: Uint32Array = NO_WORDS;
  key3: Uint32Array = NO_WORDS;
  lengths: Uint8Array = new Uint8Array(0);
  ups: Uint16Array = new Uint16Array(0);
  numbers: Uint32Array = NO_WORDS;
  /** IPv4 without a directory: how many prefixes begin below each first octet; null after a change. */
  #hints: Uint32Array | null = null;
  /** The end of the places in use or given up. */
  #used = 0;
  /** Places given up by blocks that moved. */
  #lost = 0;
  /** Whether there has been a prefix longer than /64, so that `key2` and `key3` are kept. */
  #long = false;

  constructor(family: 4 | 6) {
    this.family = family;
  }

  /** The place of the longest prefix that contains the address in the words; -1 when there is none here (see `short`). */
  find(): number {
    if (this.family === 4) return this.#find4(w3 >>> 0);
    return this.#find6(w0 >>> 0, w1 >>> 0, w2 >>> 0, w3 >>> 0);
  }

  /** The number of the longest prefix that contains the address in the words; -1 when there is none. */
  numberOf(): number {
    const place = this.find();
    if (place >= 0) return this.numbers[place] as number;
    if (this.short === null) return -1;
    const wide = this.short.find();
    return wide < 0 ? -1 : (this.short.numbers[wide] as number);
  }

  /** The place of the next shorter prefix that contains the one at a place; -1 when there is none here. */
  wider(place: number): number {
    const key = this.#keyAt(place);
    const length = this.lengths[place] as number;
    for (let up = this.ups[place] as number; up !== NONE; up = this.ups[place] as number) {
      place -= up;
      if ((this.lengths[place] as number) <= length && this.#covers(place, key)) return place;
    }
    return -1;
  }

  /** The place of exactly the prefix in the words; -1 when it is not here (see `tableOf`). */
  findExact(length: number): number {
    const block = this.#blockOf(w0, w3);
    const place = this.#lowerBound(block, length);
    return this.#isAt(place, block, length) ? place : -1;
  }

  /** The table that a prefix of the words belongs into: this one or `short`. */
  tableOf(length: number): PrefixTable {
    return this.short !== null && this.#isWide(w0, length) ? this.short : this;
  }

  /** Puts the prefix in the words in; the number it had before, -1 when it is new. */
  set(length: number, number: number): number {
    if (this.short === null && this.size >= LARGE) this.#grow();
    const table = this.tableOf(length);
    const before = table.#insert(length, number);
    if (before < 0 && table !== this) this.size++;
    return before;
  }

  /** Takes the prefix in the words out; its number, -1 when it was not there. */
  delete(length: number): number {
    const table = this.tableOf(length);
    const number = table.#remove(length);
    if (number >= 0 && table !== this) this.size--;
    return number;
  }

  /** Puts the words of the prefix at a place into `words.ts`. */
  load(place: number): void {
    const [a, b, c, d] = this.#keyAt(place);
    if (this.family === 4) setWords(0, 0, 0, a | 0);
    else setWords(a | 0, b | 0, c | 0, d | 0);
  }

  /** Fills an empty table with prefixes that are sorted, no two the same. */
  fill(sorted: Uint32Array, keys: readonly Uint32Array[], lengths: Uint8Array, numbers: Uint32Array): void {
    const [key0 = NO_WORDS, key1 = NO_WORDS, key2 = NO_WORDS, key3 = NO_WORDS] = keys;
    const large = sorted.length >= LARGE;
    const wide = large
      ? sorted.filter((i) => this.#isWide(key0[i] as number, lengths[i] as number))
      : sorted.subarray(0, 0);
    const blocks = large ? (this.family === 4 ? IPV4_BLOCKS : IPV6_BLOCKS) : 1;
    this.starts = new Uint32Array(blocks + 1);
    this.ends = this.starts.subarray(1);
    this.capacities = null;
    this.short = large ? new PrefixTable(this.family) : null;
    this.size = sorted.length;
    this.short?.fillSmall(wide, keys, lengths, numbers);
    this.#lost = 0;
    this.#hints = null;
    const count = sorted.length - wide.length;
    const long = this.family === 6 && lengths.some((length) => length > 64);
    this.#long = long;
    this.#allocate(count);
    this.#used = count;
    for (const i of sorted) {
      if (large && this.#isWide(key0[i] as number, lengths[i] as number)) continue;
      const block = this.#blockOf(key0[i] as number, key0[i] as number);
      this.ends[block] = (this.ends[block] as number) + 1;
    }
    for (let block = 0; block < blocks; block++) {
      this.ends[block] = (this.ends[block] as number) + (this.starts[block] as number);
    }
    // The block outside 2000::/3 is before and behind the others in order: each is filled on its own.
    const next = this.starts.slice();
    for (const i of sorted) {
      if (large && this.#isWide(key0[i] as number, lengths[i] as number)) continue;
      const block = this.#blockOf(key0[i] as number, key0[i] as number);
      const place = next[block] as number;
      next[block] = place + 1;
      this.key0[place] = key0[i] as number;
      if (this.family === 6) this.key1[place] = key1[i] as number;
      if (long) {
        this.key2[place] = key2[i] as number;
        this.key3[place] = key3[i] as number;
      }
      this.lengths[place] = lengths[i] as number;
      this.numbers[place] = numbers[i] as number;
    }
    for (let block = 0; block < blocks; block++) this.#relink(block, this.starts[block] as number);
  }

  /** `fill` without a directory, whatever the number of prefixes. */
  fillSmall(sorted: Uint32Array, keys: readonly Uint32Array[], lengths: Uint8Array, numbers: Uint32Array): void {
    this.#long = this.family === 6;
    this.#hints = null;
    this.#allocate(sorted.length);
    sorted.forEach((i, place) => {
      this.key0[place] = keys[0]?.[i] ?? 0;
      if (this.family === 6) {
        this.key1[place] = keys[1]?.[i] ?? 0;
        this.key2[place] = keys[2]?.[i] ?? 0;
        this.key3[place] = keys[3]?.[i] ?? 0;
      }
      this.lengths[place] = lengths[i] as number;
      this.numbers[place] = numbers[i] as number;
    });
    this.ends[0] = sorted.length;
    this.size = sorted.length;
    this.#used = sorted.length;
    this.#relink(0, 0);
  }

  /** The places in the order of their prefixes, of this table alone, from the block of one first word to that of another. */
  *places(firstKey = 0, lastKey = 0xffff_ffff): Generator<number, void, undefined> {
    if (this.family === 6 && this.short !== null) {
      // The block outside 2000::/3 has prefixes from before and from behind the others.
      yield* this.#blockPlaces(REST, (key) => key < 0x2000_0000 && key <= lastKey);
      const from = firstKey < 0x2000_0000 ? 0 : this.#blockOf(firstKey, 0);
      const to = lastKey > 0x3fff_ffff ? REST - 1 : this.#blockOf(lastKey, 0);
      if (lastKey >= 0x2000_0000 && firstKey <= 0x3fff_ffff) {
        for (let block = from; block <= to; block++) yield* this.#blockPlaces(block);
      }
      yield* this.#blockPlaces(REST, (key) => key > 0x3fff_ffff);
      return;
    }
    const to = this.#blockOf(lastKey, lastKey);
    for (let block = this.#blockOf(firstKey, firstKey); block <= to; block++) yield* this.#blockPlaces(block);
  }

  /** Bytes of all arrays. */
  get byteLength(): number {
    const spare = this.capacities === null ? 0 : this.ends.byteLength + this.capacities.byteLength;
    const own = Object.values(this.arrays()).reduce((sum, array: Uint8Array) => sum + array.byteLength, spare);
    return own + (this.short?.byteLength ?? 0);
  }

  /** Moves all prefixes together, without a place to spare. */
  compact(): void {
    this.short?.compact();
    if (this.size - (this.short?.size ?? 0) !== this.key0.length || this.capacities !== null) this.#move(0);
  }

  /** The arrays without a place to spare; the table's own when it has none. */
  compacted(): TableArrays {
    if (this.capacities === null && this.key0.length === this.size - (this.short?.size ?? 0)) return this.arrays();
    const copy = new PrefixTable(this.family);
    copy.adopt(this.arrays(), this.size, this.short);
    copy.ends = this.ends;
    copy.#move(0);
    return copy.arrays();
  }

  arrays(): TableArrays {
    const { starts, key0, key1, key2, key3, lengths, ups, numbers } = this;
    return { starts, key0, key1, key2, key3, lengths, ups, numbers };
  }

  /** Takes the arrays of a snapshot as they are. */
  adopt(arrays: TableArrays, size: number, short: PrefixTable | null): void {
    Object.assign(this, arrays);
    this.ends = this.starts.subarray(1);
    this.capacities = null;
    this.#hints = null;
    this.short = short;
    this.size = size;
    this.#used = arrays.key0.length;
    this.#long = arrays.key2.length > 0;
  }

  #find4(x: number): number {
    const block = this.short === null ? 0 : x >>> 16;
    const start = this.starts[block] as number;
    let place = start - 1;
    let count = (this.ends[block] as number) - start;
    const { key0, lengths } = this;
    if (this.short === null && count > FEW) {
      const hints = this.#hints ?? this.#hint();
      place += hints[x >>> 24] as number;
      count = (hints[(x >>> 24) + 1] as number) - (hints[x >>> 24] as number);
    }
    while (count > 0) {
      const half = (count + 1) >>> 1;
      if ((key0[place + half] as number) <= x) place += half;
      count -= half;
    }
    while (place >= start) {
      const mask = MASKS[((lengths[place] as number) + 96) * 4 + 3] as number;
      if ((((key0[place] as number) ^ x) & mask) === 0) return place;
      const up = this.ups[place] as number;
      if (up === NONE) return -1;
      place -= up;
    }
    return -1;
  }

  /** The hints, made by the first look-up behind a change; nothing has been lost when there is no second one. */
  #hint(): Uint32Array {
    const hints = new Uint32Array(257);
    const end = this.ends[0] as number;
    for (let place = this.starts[0] as number; place < end; place++) {
      const octet = ((this.key0[place] as number) >>> 24) + 1;
      hints[octet] = (hints[octet] as number) + 1;
    }
    for (let octet = 1; octet <= 256; octet++) hints[octet] = (hints[octet] as number) + (hints[octet - 1] as number);
    this.#hints = hints;
    return hints;
  }

  #find6(x0: number, x1: number, x2: number, x3: number): number {
    const block = this.#blockOf(x0, 0);
    const start = this.starts[block] as number;
    let place = start - 1;
    const { key0, key1, key2, key3, lengths } = this;
    const long = key2.length > 0;
    for (let count = (this.ends[block] as number) - start; count > 0; ) {
      const half = (count + 1) >>> 1;
      const probe = place + half;
      const k0 = key0[probe] as number;
      let before = k0 < x0;
      if (k0 === x0) {
        const k1 = key1[probe] as number;
        before = k1 < x1;
        if (k1 === x1) {
          before = true;
          if (long) {
            const k2 = key2[probe] as number;
            before = k2 < x2 || (k2 === x2 && (key3[probe] as number) <= x3);
          }
        }
      }
      if (before) place = probe;
      count -= half;
    }
    while (place >= start) {
      const mask = (lengths[place] as number) * 4;
      if (
        (((key0[place] as number) ^ x0) & (MASKS[mask] as number)) === 0 &&
        (((key1[place] as number) ^ x1) & (MASKS[mask + 1] as number)) === 0 &&
        (!long ||
          ((((key2[place] as number) ^ x2) & (MASKS[mask + 2] as number)) === 0 &&
            (((key3[place] as number) ^ x3) & (MASKS[mask + 3] as number)) === 0))
      ) {
        return place;
      }
      const up = this.ups[place] as number;
      if (up === NONE) return -1;
      place -= up;
    }
    return -1;
  }

  /** The block of an address whose first word, or for IPv4 only word, is given. */
  #blockOf(word6: number, word4: number): number {
    if (this.short === null) return 0;
    if (this.family === 4) return word4 >>> 16;
    return word6 >>> 29 === 1 ? (word6 >>> 12) & 0x1ffff : REST;
  }

  /** Whether a prefix reaches over more than one block. */
  #isWide(firstWord: number, length: number): boolean {
    if (this.family === 4) return length < 16;
    return length < 3 || (length < 20 && firstWord >>> 29 === 1);
  }

  /** The first place of a block whose prefix is not before the one in the words. */
  #lowerBound(block: number, length: number): number {
    const [x0, x1, x2, x3] = this.#words();
    let low = this.starts[block] as number;
    let high = this.ends[block] as number;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [k0, k1, k2, k3] = this.#keyAt(middle);
      const order = k0 - x0 || k1 - x1 || k2 - x2 || k3 - x3 || (this.lengths[middle] as number) - length;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAt(place: number, block: number, length: number): boolean {
    if (place >= (this.ends[block] as number)) return false;
    const [x0, x1, x2, x3] = this.#words();
    const [k0, k1, k2, k3] = this.#keyAt(place);
    return k0 === x0 && k1 === x1 && k2 === x2 && k3 === x3 && this.lengths[place] === length;
  }

  #insert(length: number, number: number): number {
    const block = this.#blockOf(w0, w3);
    let place = this.#lowerBound(block, length);
    if (this.#isAt(place, block, length)) {
      const before = this.numbers[place] as number;
      this.numbers[place] = number;
      return before;
    }
    if (length > 64 && !this.#long) {
      this.#long = true;
      this.key2 = new Uint32Array(this.key0.length);
      this.key3 = new Uint32Array(this.key0.length);
    }
    const offset = place - (this.starts[block] as number);
    this.#makeRoom(block);
    const start = this.starts[block] as number;
    const end = this.ends[block] as number;
    place = start + offset;
    for (const array of this.#columns()) array.copyWithin(place + 1, place, end);
    const [x0, x1, x2, x3] = this.#words();
    this.key0[place] = x0;
    if (this.key1.length > 0) this.key1[place] = x1;
    if (this.key2.length > 0) {
      this.key2[place] = x2;
      this.key3[place] = x3;
    }
    this.lengths[place] = length;
    this.numbers[place] = number;
    this.ends[block] = end + 1;
    this.size++;
    this.#relink(block, place);
    return -1;
  }

  #remove(length: number): number {
    const block = this.#blockOf(w0, w3);
    const place = this.#lowerBound(block, length);
    if (!this.#isAt(place, block, length)) return -1;
    const number = this.numbers[place] as number;
    const end = this.ends[block] as number;
    this.#ownCapacities();
    for (const array of this.#columns()) array.copyWithin(place, place + 1, end);
    this.ends[block] = end - 1;
    this.size--;
    this.#relink(block, place);
    return number;
  }

  /** Sets `up` of the prefixes of a block from a place on. */
  #relink(block: number, from: number): void {
    const start = this.starts[block] as number;
    const end = this.ends[block] as number;
    for (let place = Math.max(from, start); place < end; place++) {
      const key = this.#keyAt(place);
      let above = place - 1;
      while (above >= start && !this.#covers(above, key)) {
        const up = this.ups[above] as number;
        above = up === NONE ? start - 1 : above - up;
      }
      this.ups[place] = above < start ? NONE : Math.min(place - above, FARTHEST_UP);
    }
  }

  /** Whether the prefix at a place contains an address. */
  #covers(place: number, [x0, x1, x2, x3]: readonly [number, number, number, number]): boolean {
    const [k0, k1, k2, k3] = this.#keyAt(place);
    const length = this.lengths[place] as number;
    if (this.family === 4) return ((k0 ^ x0) & maskWord(length, 0)) === 0;
    return (
      ((k0 ^ x0) & maskWord(length, 0)) === 0 &&
      ((k1 ^ x1) & maskWord(length, 1)) === 0 &&
      ((k2 ^ x2) & maskWord(length, 2)) === 0 &&
      ((k3 ^ x3) & maskWord(length, 3)) === 0
    );
  }

  #keyAt(place: number): readonly [number, number, number, number] {
    return [this.key0[place] ?? 0, this.key1[place] ?? 0, this.key2[place] ?? 0, this.key3[place] ?? 0];
  }

  /** The words as keys. */
  #words(): readonly [number, number, number, number] {
    return this.family === 4 ? [w3 >>> 0, 0, 0, 0] : [w0 >>> 0, w1 >>> 0, w2 >>> 0, w3 >>> 0];
  }

  *#blockPlaces(block: number, filter?: (key: number) => boolean): Generator<number, void, undefined> {
    const start = this.starts[block] as number;
    for (let place = start; place < (this.ends[block] as number); place++) {
      if (filter === undefined || filter(this.key0[place] as number)) yield place;
    }
  }

  #columns(): (Uint32Array | Uint16Array | Uint8Array)[] {
    const { key0, key1, key2, key3, lengths, ups, numbers } = this;
    return [key0, key1, key2, key3, lengths, ups, numbers].filter((array) => array.length > 0);
  }

  #allocate(places: number): void {
    this.key0 = new Uint32Array(places);
    this.key1 = this.family === 6 ? new Uint32Array(places) : NO_WORDS;
    this.key2 = this.#long ? new Uint32Array(places) : NO_WORDS;
    this.key3 = this.#long ? new Uint32Array(places) : NO_WORDS;
    this.lengths = new Uint8Array(places);
    this.ups = new Uint16Array(places);
    this.numbers = new Uint32Array(places);
  }

  /** Ends and capacities of their own, once a block has places to spare. */
  #ownCapacities(): Uint32Array {
    this.#hints = null;
    if (this.capacities !== null) return this.capacities;
    this.ends = this.ends.slice();
    this.capacities = this.ends.map((end, block) => end - (this.starts[block] as number));
    return this.capacities;
  }

  /** A place more for a block: at its end, or at the end of the arrays, where the block moves to. */
  #makeRoom(block: number): void {
    let capacities = this.#ownCapacities();
    const count = (this.ends[block] as number) - (this.starts[block] as number);
    if (count < (capacities[block] as number)) return;
    const wanted = count + Math.max(2, count >> 3);
    if (this.#used + wanted > this.key0.length) {
      // Once more than an eighth is lost, moving together gives enough; otherwise the arrays grow by an eighth.
      const spare = this.#lost > this.key0.length >> 3 ? 0 : this.key0.length >> 3;
      this.#move(Math.max(wanted + 16, spare));
      capacities = this.#ownCapacities();
    }
    const from = this.starts[block] as number;
    for (const array of this.#columns()) array.copyWithin(this.#used, from, from + count);
    this.#lost += capacities[block] as number;
    this.starts[block] = this.#used;
    this.ends[block] = this.#used + count;
    capacities[block] = wanted;
    this.#used += wanted;
  }

  /** Moves the blocks together into new arrays with `spare` places at the end. */
  #move(spare: number): void {
    const old = { ...this.arrays(), ends: this.ends };
    const count = this.size - (this.short?.size ?? 0);
    this.#allocate(count + spare);
    let to = 0;
    this.starts = new Uint32Array(old.ends.length + 1);
    this.ends = this.starts.subarray(1);
    for (let block = 0; block < old.ends.length; block++) {
      const from = old.starts[block] as number;
      const end = old.ends[block] as number;
      this.key0.set(old.key0.subarray(from, end), to);
      if (this.key1.length > 0) this.key1.set(old.key1.subarray(from, end), to);
      if (this.key2.length > 0) {
        this.key2.set(old.key2.subarray(from, end), to);
        this.key3.set(old.key3.subarray(from, end), to);
      }
      this.lengths.set(old.lengths.subarray(from, end), to);
      this.ups.set(old.ups.subarray(from, end), to);
      this.numbers.set(old.numbers.subarray(from, end), to);
      to += end - from;
      this.ends[block] = to;
    }
    this.capacities = null;
    this.#used = to;
    this.#lost = 0;
  }

  /** Gives the table a directory. */
  #grow(): void {
    const { key0, key1, key2, key3, lengths, numbers } = this;
    const keys = [key0, key1, key2.length > 0 ? key2 : key0.map(() => 0), key3.length > 0 ? key3 : key0.map(() => 0)];
    const [a, b, c, d] = [w0, w1, w2, w3];
    this.fill(Uint32Array.from(this.places()), keys, lengths, numbers);
    setWords(a, b, c, d);
  }
}
