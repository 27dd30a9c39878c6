import type { Address } from './address.js';
import type { MatchOptions } from './match.js';
import { checkMapped, checkMatchOptions, loadMatch } from './match.js';
import { checkFunction, checkList, checkOptions } from './options.js';
import { parseAddressBytes } from './parse.js';
import type { Prefix } from './prefix.js';
import { createPrefix, loadStored, storedLength } from './prefix.js';
import { PrefixColumns } from './prefix-columns.js';
import { PrefixParseError } from './prefix-parse-error.js';
import { readSnapshot, writeSnapshot } from './prefix-snapshot.js';
import { PrefixTable } from './prefix-table.js';
import { isRangeOf, readBytes } from './read-bytes.js';
import { isMapped, setWords, w0, w1, w2, w3 } from './words.js';

/** A prefix and what it leads to. */
export interface PrefixMatch<V> {
  readonly prefix: Prefix;
  readonly value: V;
}

/** Options of a map that hold for all that it stores and matches. */
export interface PrefixMapOptions {
  /** See `MatchOptions.mapped`. */
  readonly mapped?: 'unwrap' | 'keep' | undefined;
}

/** How a match treats an address with a zone. */
export interface ZoneOptions {
  /** See `MatchOptions.zone`. */
  readonly zone?: 'distinct' | 'ignore' | undefined;
}

/** Turns a value into bytes for a snapshot. */
export type EncodeValue<V> = (value: V) => Uint8Array;
/**
 * Turns the bytes of a snapshot into a value. They are a view of the snapshot: when that is in a SharedArrayBuffer, so are
 * they, and `TextDecoder` takes only a copy, `Uint8Array.from(bytes)`.
 */
export type DecodeValue<V> = (bytes: Uint8Array) => V;

/**
 * Values by prefix, found by longest match: a routing table, a table of countries, a list of policies. Typed arrays, 12
 * bytes an IPv4 prefix; equal values (by `===`) are stored once.
 *
 * Families never mix, but for IPv4-mapped addresses and prefixes, which count as IPv4 unless the map is made with
 * `{mapped: 'keep'}`: `::/0` does not match them. An address with a zone matches nothing unless asked with
 * `{zone: 'ignore'}`.
 *
 * `set` and `delete` cost the time of the prefixes in one block, those that share their first 16 bits (IPv4) or 20 bits
 * (IPv6, inside 2000::/3): a few, unless very many stand in one block. For many at once there is `from`. A map that is
 * changed while it is walked through throws: walk through a copy, `[...map]`.
 */
export class PrefixMap<V> {
  readonly #options: MatchOptions;
  #values = new ValueStore<V>([]);
  #ipv4 = new PrefixTable(4);
  #ipv6 = new PrefixTable(6);
  #readOnly = false;
  /** Another number after each change of the prefixes. */
  #version = 0;

  /**
   * An empty map.
   *
   * @throws {TypeError} for an option that there is not
   */
  constructor(options: PrefixMapOptions = {}) {
    checkOptions(options, ['mapped']);
    this.#options = { mapped: checkMapped(options.mapped) };
  }

  /**
   * A map of entries in any order, much faster than `set` for each. Of entries with the same prefix the last counts. What
   * `within` and the iteration of a map give are entries, too.
   *
   * @throws {PrefixParseError} at the first text that is no prefix
   * @throws {TypeError} when `entries` is no list of entries
   */
  static from<V>(
    entries: Iterable<readonly [prefix: Prefix | string, value: V] | PrefixMatch<V>>,
    options: PrefixMapOptions = {},
  ): PrefixMap<V> {
    checkList(entries, "PrefixMap.from([['10.0.0.0/8', value]])");
    const map = new PrefixMap<V>(options);
    const columns = { 4: new PrefixColumns(4), 6: new PrefixColumns(6) };
    let index = 0;
    for (const entry of entries) {
      const [prefix, value] = isPair(entry) ? entry : partsOf(entry, index);
      index++;
      const family = loadStored(prefix, map.#options);
      columns[family].add(storedLength, map.#values.number(value));
    }
    for (const [table, column] of [
      [map.#ipv4, columns[4]],
      [map.#ipv6, columns[6]],
    ] as const) {
      const sorted = column.sorted();
      // Equal prefixes stand in the order in which they came: the last of them is kept.
      const last = sorted.filter((row, i) => {
        const keep = i + 1 === sorted.length || !column.same(row, sorted[i + 1] as number);
        if (!keep) map.#values.release(column.numbers[row] as number);
        return keep;
      });
      table.fill(last, column.keys, column.lengths, column.numbers);
    }
    return map;
  }

  /** How many prefixes there are. */
  get size(): number {
    return this.#ipv4.size + this.#ipv6.size;
  }

  /** How many bytes the table takes, the values apart. */
  get byteLength(): number {
    return this.#ipv4.byteLength + this.#ipv6.byteLength;
  }

  /**
   * Puts a prefix in, or gives it another value. A value equal to one that is there is that one, as in the keys of a Map.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   * @throws {TypeError} when the map was loaded from a snapshot, which is read-only
   */
  set(prefix: Prefix | string, value: V): this {
    this.#checkWritable();
    const family = loadStored(prefix, this.#options);
    const before = this.#table(family).set(storedLength, this.#values.number(value));
    if (before >= 0) this.#values.release(before);
    else this.#version++;
    return this;
  }

  /**
   * Takes exactly this prefix out; whether it was there.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   * @throws {TypeError} when the map was loaded from a snapshot, which is read-only
   */
  delete(prefix: Prefix | string): boolean {
    this.#checkWritable();
    const family = loadStored(prefix, this.#options);
    const number = this.#table(family).delete(storedLength);
    if (number < 0) return false;
    this.#values.release(number);
    this.#version++;
    return true;
  }

  /**
   * The value of exactly this prefix; undefined when it is not there.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  get(prefix: Prefix | string): V | undefined {
    const table = this.#table(loadStored(prefix, this.#options)).tableOf(storedLength);
    const place = table.findExact(storedLength);
    return place < 0 ? undefined : this.#values.at(table.numbers[place] as number);
  }

  /**
   * Whether exactly this prefix is there.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  has(prefix: Prefix | string): boolean {
    return this.#table(loadStored(prefix, this.#options)).tableOf(storedLength).findExact(storedLength) >= 0;
  }

  /**
   * The longest prefix that contains an address, and its value; null when none does.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  match(address: Address | string, options?: ZoneOptions): PrefixMatch<V> | null {
    return this.#longest(this.#load(address, options));
  }

  /**
   * The value of the longest prefix that contains an address, without allocating; undefined when none does.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  value(address: Address | string, options?: ZoneOptions): V | undefined {
    return this.#valueOf(this.#load(address, options));
  }

  /**
   * Like `match`, for an address written in ASCII bytes, from `start` to before `end`.
   *
   * @throws {AddressParseError} when the bytes are no address
   * @throws {RangeError} when `start` and `end` are no whole numbers, or no range of the bytes
   */
  matchBytes(bytes: Uint8Array, start = 0, end: number = bytes?.length, options?: ZoneOptions): PrefixMatch<V> | null {
    return this.#longest(this.#loadBytes(bytes, start, end, options));
  }

  /**
   * Like `value`, for an address written in ASCII bytes, from `start` to before `end`.
   *
   * @throws {AddressParseError} when the bytes are no address
   * @throws {RangeError} when `start` and `end` are no whole numbers, or no range of the bytes
   */
  valueBytes(bytes: Uint8Array, start = 0, end: number = bytes?.length, options?: ZoneOptions): V | undefined {
    return this.#valueOf(this.#loadBytes(bytes, start, end, options));
  }

  /**
   * All prefixes that contain an address, the longest first.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  matches(address: Address | string, options?: ZoneOptions): PrefixMatch<V>[] {
    const family = this.#load(address, options);
    if (family === 0) return [];
    const main = this.#table(family);
    const [a, b, c, d] = [w0, w1, w2, w3];
    const found: PrefixMatch<V>[] = [];
    for (const table of [main, main.short]) {
      if (table === null) continue;
      setWords(a, b, c, d);
      for (let place = table.find(); place >= 0; place = table.wider(place)) found.push(this.#entry(table, place));
    }
    return found;
  }

  /**
   * All prefixes inside a prefix, itself included, in order, made as they are asked for.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  within(prefix: Prefix | string): Generator<PrefixMatch<V>, void, undefined> {
    const family = loadStored(prefix, this.#options);
    return this.#walk(this.#within(this.#table(family), createPrefix(family, storedLength)));
  }

  /**
   * Whether a prefix has an address in common with one of the map: one of them contains the other.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  overlaps(prefix: Prefix | string): boolean {
    const family = loadStored(prefix, this.#options);
    const asked = createPrefix(family, storedLength);
    if (this.matches(asked.first).some((match) => match.prefix.length <= asked.length)) return true;
    return this.#within(this.#table(family), asked).next().done === false;
  }

  /** All prefixes in order, IPv4 before IPv6, the shorter of two with the same first address in front. */
  *[Symbol.iterator](): Generator<PrefixMatch<V>, void, undefined> {
    yield* this.#walk(this.#inOrder(this.#ipv4));
    yield* this.#walk(this.#inOrder(this.#ipv6));
  }

  /** How many prefixes there are, for `console.log` and assertion libraries, which can't see private fields. */
  get [Symbol.toStringTag](): string {
    return `${this.size} prefixes`;
  }

  /**
   * Moves all prefixes together, so that no place is kept for more: what `from` makes, and what updates loosen.
   *
   * @throws {TypeError} when the map was loaded from a snapshot, which is read-only
   */
  compact(): this {
    this.#checkWritable();
    this.#version++;
    this.#ipv4.compact();
    this.#ipv6.compact();
    return this;
  }

  /**
   * The map as a snapshot: one array of bytes with a version and a checksum, that `fromBytes` loads without reading prefixes
   * again.
   *
   * @param encode bytes of a value, called once for each different value; default: its JSON text
   * @throws {TypeError} when `encode` is no function, what it gives no Uint8Array, or a value has no JSON text
   */
  toBytes(encode: EncodeValue<V> = encodeJson): Uint8Array {
    checkFunction(encode, 'encode');
    const { numbers, values } = this.#values.dense();
    return writeSnapshot({
      ipv4: this.#ipv4,
      ipv6: this.#ipv6,
      numbers,
      values: values.map((value) => checkEncoded(encode(value))),
      mapped: this.#options.mapped,
    });
  }

  /**
   * Loads a snapshot, of which the checksum finds accidents and no forgery: load only what you trust. The map is read-only and looks up in the bytes themselves, which must not be changed: put them in a
   * SharedArrayBuffer, and worker threads share one table. (They are copied when they do not begin at a multiple of four.)
   *
   * @param decode the value of its bytes, the inverse of what `toBytes` was given; default: from JSON text
   * @throws {SnapshotError} when the bytes are cut, changed, of a newer version, or no snapshot: nothing is loaded then
   * @throws {TypeError} when `decode` is no function, or left out and a value is no JSON text
   */
  static fromBytes<V>(bytes: Uint8Array, decode: DecodeValue<V> = decodeJson): PrefixMap<V> {
    checkFunction(decode, 'decode');
    const { ipv4, ipv6, values, mapped } = readSnapshot(bytes, decode);
    const map = new PrefixMap<V>({ mapped });
    map.#ipv4 = ipv4;
    map.#ipv6 = ipv6;
    map.#values = new ValueStore(values);
    map.#readOnly = true;
    return map;
  }

  #table(family: 4 | 6): PrefixTable {
    return family === 4 ? this.#ipv4 : this.#ipv6;
  }

  #load(address: Address | string, options: ZoneOptions | undefined): 0 | 4 | 6 {
    if (options !== undefined) checkMatchOptions(options, ['zone']);
    // One object for most calls: options are the exception.
    return loadMatch(address, options === undefined ? this.#options : { ...this.#options, zone: options.zone });
  }

  #loadBytes(bytes: Uint8Array, start: number, end: number, options: ZoneOptions | undefined): 0 | 4 | 6 {
    if (bytes instanceof Uint8Array && isRangeOf(bytes, start, end)) {
      const family = readBytes(bytes, start, end);
      if (family === 4) return 4;
      if (family === 6 && !bytes.subarray(start, end).includes(0x25)) {
        return this.#options.mapped !== 'keep' && isMapped(w0, w1, w2) ? 4 : 6;
      }
    }
    return this.#load(parseAddressBytes(bytes, start, end), options);
  }

  #longest(family: 0 | 4 | 6): PrefixMatch<V> | null {
    if (family === 0) return null;
    const main = this.#table(family);
    const place = main.find();
    if (place >= 0) return this.#entry(main, place);
    const wide = main.short?.find() ?? -1;
    return wide < 0 ? null : this.#entry(main.short as PrefixTable, wide);
  }

  #valueOf(family: 0 | 4 | 6): V | undefined {
    if (family === 0) return undefined;
    const number = this.#table(family).numberOf();
    return number < 0 ? undefined : this.#values.at(number);
  }

  #entry(table: PrefixTable, place: number): PrefixMatch<V> {
    table.load(place);
    const prefix = createPrefix(table.family, table.lengths[place] as number);
    return { prefix, value: this.#values.at(table.numbers[place] as number) };
  }

  /** Entries as long as no prefix comes or goes: places move, and entries would be left out or given twice. */
  *#walk(entries: Iterable<PrefixMatch<V>>): Generator<PrefixMatch<V>, void, undefined> {
    const version = this.#version;
    for (const entry of entries) {
      yield entry;
      if (this.#version !== version)
        throw new TypeError('this PrefixMap was changed while it was walked through: walk through [...map]');
    }
  }

  *#within(table: PrefixTable, prefix: Prefix): Generator<PrefixMatch<V>, void, undefined> {
    const firstKey = firstWord(prefix.first);
    const lastKey = firstWord(prefix.last);
    const exact = { mapped: 'keep' } as const;
    for (const found of this.#inOrder(table, firstKey, lastKey)) {
      if (prefix.contains(found.prefix, exact)) yield found;
    }
  }

  /** The prefixes of a table and its `short` one, merged. */
  *#inOrder(table: PrefixTable, firstKey?: number, lastKey?: number): Generator<PrefixMatch<V>, void, undefined> {
    if (table.short === null) {
      for (const place of table.places()) yield this.#entry(table, place);
      return;
    }
    const wide = Array.from(table.short.places(), (place) => this.#entry(table.short as PrefixTable, place));
    let next = 0;
    for (const place of table.places(firstKey, lastKey)) {
      const entry = this.#entry(table, place);
      for (
        let before = wide[next];
        before !== undefined && before.prefix.compare(entry.prefix) < 0;
        before = wide[++next]
      ) {
        yield before;
      }
      yield entry;
    }
    yield* wide.slice(next);
  }

  #checkWritable(): void {
    if (this.#readOnly)
      throw new TypeError(
        'this PrefixMap was loaded from a snapshot and is read-only: make another with PrefixMap.from(map)',
      );
  }
}

/** Each different value once, with a number and a count of the prefixes that have it. */
class ValueStore<V> {
  readonly #numbers = new Map<V, number>();
  readonly #values: (V | undefined)[];
  readonly #counts: number[] = [];
  readonly #free: number[] = [];

  constructor(values: V[]) {
    this.#values = values;
  }

  /** The number of a value, which is in use once more. */
  number(value: V): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) {
      this.#counts[known] = (this.#counts[known] ?? 0) + 1;
      return known;
    }
    const number = this.#free.pop() ?? this.#values.length;
    this.#numbers.set(value, number);
    this.#values[number] = value;
    this.#counts[number] = 1;
    return number;
  }

  /** A value is in use once less. */
  release(number: number): void {
    const count = (this.#counts[number] ?? 0) - 1;
    this.#counts[number] = count;
    if (count > 0) return;
    this.#numbers.delete(this.at(number));
    this.#values[number] = undefined;
    this.#free.push(number);
  }

  at(number: number): V {
    // Numbers come from `number` only, so there is a value; it may be undefined, when that was put in.
    return this.#values[number] as V;
  }

  /** The values in use, and for each number the place of its value among them. */
  dense(): { numbers: Uint32Array; values: V[] } {
    const free = new Set(this.#free);
    const numbers = new Uint32Array(this.#values.length);
    const values: V[] = [];
    for (let number = 0; number < this.#values.length; number++) {
      if (free.has(number)) continue;
      numbers[number] = values.length;
      values.push(this.at(number));
    }
    return { numbers, values };
  }
}

/**
 * The pair of an entry that is none.
 *
 * @throws {PrefixParseError} when there is no prefix: a text in place of a pair, as often as not
 */
function partsOf<V>(entry: PrefixMatch<V>, index: number): readonly [prefix: Prefix | string, value: V] {
  const given = entry as PrefixMatch<V> | null | undefined;
  if (given?.prefix !== undefined) return [given.prefix, given.value];
  const [problem, hint] = [`entry ${index} has no prefix`, "write ['10.0.0.0/8', value]"];
  throw new PrefixParseError(entry, { code: 'NOT_TEXT', offset: 0, problem, hint });
}

function isPair<V>(entry: readonly [Prefix | string, V] | PrefixMatch<V>): entry is readonly [Prefix | string, V] {
  return Array.isArray(entry);
}

function firstWord(address: Address): number {
  const [a = 0, b = 0, c = 0, d = 0] = address.toBytes();
  return a * 0x1_00_00_00 + b * 0x1_00_00 + c * 0x1_00 + d;
}

function encodeJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError('a value has no JSON text: pass toBytes a function that encodes it');
  return new TextEncoder().encode(text);
}

function checkEncoded(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`encode gave ${typeof bytes}: give the bytes of the value as a Uint8Array`);
}

function decodeJson<V>(bytes: Uint8Array): V {
  // A copy, as TextDecoder refuses views of shared memory.
  const text = new TextDecoder().decode(Uint8Array.from(bytes));
  try {
    return JSON.parse(text) as V;
  } catch {
    throw new TypeError('a value is no JSON text: pass fromBytes the inverse of the encode that toBytes was given');
  }
}

// Every platform has them; the types of this folder compile without those of Node and of the DOM.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };
