import type { Address } from './address.js';
import { createIPv4, createIPv6, IPv4Address, IPv6Address, isAddressValue } from './address.js';
import { AddressParseError, notText, quote } from './address-parse-error.js';
import { diagnose, examine } from './diagnose.js';
import { formatReverseName } from './format.js';
import type { MatchOptions } from './match.js';
import { checkMatchOptions, loadMatch } from './match.js';
import { checkFamily, checkOptions, checkWord } from './options.js';
import { load, toAddress } from './parse.js';
import { PrefixParseError } from './prefix-parse-error.js';
import { printIPv4, printIPv6 } from './print.js';
import type { HostBits } from './read-prefix.js';
import {
  hasHostBits,
  hostBitsError,
  instead,
  maskLength,
  maskWords,
  prefixError,
  prefixLength,
  readPrefix,
} from './read-prefix.js';
import { readText } from './read-text.js';
import { isMapped, maskWord, setWords, w0, w1, w2, w3 } from './words.js';

/** Options of what makes a prefix. */
export interface PrefixOptions {
  /** Bits set after the prefix: 'reject', the default, throws; 'mask' clears them. */
  readonly hostBits?: HostBits | undefined;
}

/** What `safeParsePrefix` returns: discriminated on `success`. */
export type SafeParsePrefix =
  | { readonly success: true; readonly data: Prefix }
  | { readonly success: false; readonly error: PrefixParseError };

/** Options of `Prefix.reverseZones`. */
export interface ReverseZoneOptions {
  /**
   * How the zone of an IPv4 prefix of /25 to /31 is named, the choice of whoever delegates it: 'slash', the default,
   * `0/25.2.0.192.in-addr.arpa`; 'range' `0-127.2.0.192.in-addr.arpa` (RFC 2317 section 4).
   */
  readonly classless?: 'slash' | 'range' | undefined;
}

const KEY = /* @__PURE__ */ Symbol('inaddr');

// Functions beside the class, not a `static` block in it: a bundler can't leave out a class that has one.

/** Puts the words of a prefix into `words.ts`: private to `ip/`. */
export function loadPrefix(prefix: Prefix): void {
  prefix.loadWords();
}

/** The prefix of the words, whose bits after the length are clear: private to `ip/`. */
export function createPrefix(family: 4 | 6, length: number): Prefix {
  return new Prefix(KEY, family, length, w0, w1, w2, w3);
}

/**
 * The prefix that a text writes, `10.0.0.0/8` or `2001:db8::/32`: an address as `parseAddress` takes it, without a zone, and
 * a decimal length without leading zeros.
 *
 * @throws {PrefixParseError} when the text is no prefix, and for bits set after the prefix unless `hostBits` is 'mask'
 * @see RFC 4632 section 3.1, RFC 4291 section 2.3
 */
export function parsePrefix(text: string, options: PrefixOptions = {}): Prefix {
  const family = typeof text === 'string' ? readPrefix(text, hostBitsOf(options)) : 0;
  if (family === 0) throw prefixError(text, true);
  return createPrefix(family, prefixLength);
}

/**
 * Like `parsePrefix`, without a throw for text: `{success: true, data}` or `{success: false, error}`, the error made when read.
 *
 * @throws {TypeError} for an option that there is not
 */
export function safeParsePrefix(text: string, options: PrefixOptions = {}): SafeParsePrefix {
  const family = typeof text === 'string' ? readPrefix(text, hostBitsOf(options)) : 0;
  return family === 0 ? new Failure(text) : { success: true, data: createPrefix(family, prefixLength) };
}

/**
 * Whether a value is text that `parsePrefix` takes, of either family or of the one given; false for what is no text.
 *
 * @throws {TypeError} for a family that is neither 4 nor 6
 */
export function isPrefix(text: string, family?: 4 | 6): boolean;
export function isPrefix(text: unknown, family?: 4 | 6): text is string;
export function isPrefix(text: unknown, family?: 4 | 6): boolean {
  checkFamily(family);
  const found = typeof text === 'string' ? readPrefix(text, 'reject') : 0;
  return found !== 0 && (family === undefined || found === family);
}

/**
 * Orders prefixes for `sort`: IPv4 before IPv6, then by first address, then the shorter, which contains the longer, first.
 *
 * @throws {PrefixParseError} `NOT_PREFIX` when one of them is no prefix value
 */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  checkPrefix(a);
  return a.compare(b);
}

/**
 * An address prefix: an immutable value.
 *
 * Two prefixes are the same when `equals` says so, or when their texts are the same: use `toString()` as a key of a Map. `<`
 * and `>` throw, because they would compare text; sort with `comparePrefixes`.
 */
export class Prefix {
  readonly #family: 4 | 6;
  readonly #length: number;
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;
  readonly #d: number;

  /** @private */
  constructor(key: typeof KEY, family: 4 | 6, length: number, a: number, b: number, c: number, d: number) {
    if (key !== KEY) throw new TypeError("Prefix is not constructed with new; write parsePrefix('192.0.2.0/24')");
    this.#family = family;
    this.#length = length;
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }

  /** @internal */
  loadWords(): void {
    setWords(this.#a, this.#b, this.#c, this.#d);
  }

  /**
   * The prefix of an address and a length.
   *
   * @throws {AddressParseError} when `address` is no address
   * @throws {PrefixParseError} `LENGTH_RANGE` unless the length is an integer from 0 to 32 or 128, `ZONE` for a zoned
   *   address, `HOST_BITS` for bits set after the prefix unless `hostBits` is 'mask'
   */
  static from(address: Address | string, length: number, options: PrefixOptions = {}): Prefix {
    const value = toAddress(address);
    const input = `${value}/${quote(length)}`;
    const longest = value.family === 4 ? 32 : 128;
    if (!Number.isInteger(length) || length < 0 || length > longest) {
      const hint = `write an integer from 0 to ${longest} for IPv${value.family}`;
      throw new PrefixParseError(input, {
        code: 'LENGTH_RANGE',
        offset: input.indexOf('/') + 1,
        problem: `prefix length ${quote(length)}`,
        hint,
      });
    }
    if (value.family === 6 && value.zone !== null) throw prefixError(input, true);
    const family = load(value);
    const hostBits = hostBitsOf(options);
    if (hostBits !== 'mask' && hasHostBits(family, length)) throw hostBitsError(input, family, length, true);
    maskWords(family, length);
    // -0 becomes 0.
    return createPrefix(family, length + 0);
  }

  /**
   * The prefix of an IPv4 address and a netmask, 10.0.0.0 and 255.255.255.0.
   *
   * @throws {AddressParseError} when one of them is no address
   * @throws {PrefixParseError} `BAD_MASK` when the ones of the mask are not all in front, it is not IPv4, or a length; and as `from`
   */
  static fromNetmask(address: Address | string, netmask: Address | string, options: PrefixOptions = {}): Prefix {
    return Prefix.from(address, lengthOfMask(address, netmask, false), options);
  }

  /**
   * The prefix of an IPv4 address and a wildcard mask, 10.0.0.0 and 0.0.0.255, as routers' access lists write it.
   *
   * @throws {AddressParseError} when one of them is no address
   * @throws {PrefixParseError} `BAD_MASK` when the ones of the mask are not all behind, it is not IPv4, or a length; and as `from`
   */
  static fromWildcardMask(address: Address | string, wildcard: Address | string, options: PrefixOptions = {}): Prefix {
    return Prefix.from(address, lengthOfMask(address, wildcard, true), options);
  }

  get family(): 4 | 6 {
    return this.#family;
  }

  /** How many leading bits all addresses of the prefix share: 0 to 32 or 128. */
  get length(): number {
    return this.#length;
  }

  /** The first address: all bits after the prefix clear. */
  get first(): Address {
    return this.#family === 4 ? createIPv4(this.#d) : createIPv6(this.#a, this.#b, this.#c, this.#d, null);
  }

  /** The last address: all bits after the prefix set; of an IPv4 subnet its broadcast address. */
  get last(): Address {
    const bits = this.#bits;
    if (this.#family === 4) return createIPv4(this.#d | ~maskWord(bits, 3));
    return createIPv6(
      this.#a | ~maskWord(bits, 0),
      this.#b | ~maskWord(bits, 1),
      this.#c | ~maskWord(bits, 2),
      this.#d | ~maskWord(bits, 3),
      null,
    );
  }

  /** How many addresses there are, 2n ** 128n for `::/0`. */
  get size(): bigint {
    return 1n << BigInt(this.#width - this.#length);
  }

  /** The mask with the bits of the prefix set, 255.255.255.0. */
  get netmask(): Address {
    const bits = this.#bits;
    if (this.#family === 4) return createIPv4(maskWord(bits, 3));
    return createIPv6(maskWord(bits, 0), maskWord(bits, 1), maskWord(bits, 2), maskWord(bits, 3), null);
  }

  /** The mask with the bits after the prefix set, 0.0.0.255: the wildcard mask. */
  get hostmask(): Address {
    const bits = this.#bits;
    if (this.#family === 4) return createIPv4(~maskWord(bits, 3));
    return createIPv6(~maskWord(bits, 0), ~maskWord(bits, 1), ~maskWord(bits, 2), ~maskWord(bits, 3), null);
  }

  /** The text, `192.0.2.0/24`, the address as RFC 5952 wants it. */
  toString(): string {
    const address = this.#family === 4 ? printIPv4(this.#d) : printIPv6(this.#a, this.#b, this.#c, this.#d);
    return `${address}/${this.#length}`;
  }

  /** The text, so that `JSON.stringify` gives what `parsePrefix` takes. */
  toJSON(): string {
    return this.toString();
  }

  /**
   * Whether an address, or every address of a prefix, is in this prefix. Families never mix, but for IPv4-mapped addresses
   * and prefixes, which count as IPv4 unless `mapped` is 'keep'; an address with a zone is in no prefix unless `zone` is
   * 'ignore'. Text with a slash is a prefix.
   *
   * @throws {AddressParseError} when given text that is no address
   * @throws {PrefixParseError} when given text with a slash that is no prefix
   */
  contains(other: Address | Prefix | string, options: MatchOptions = {}): boolean {
    checkMatchOptions(options);
    const unwrap = options.mapped !== 'keep';
    const family = this.#matchFamily(unwrap);
    const length = this.#matchLength(unwrap);
    if (other instanceof Prefix || (typeof other === 'string' && other.includes('/'))) {
      const prefix = toPrefix(other);
      loadPrefix(prefix);
      return (
        prefix.#matchFamily(unwrap) === family && prefix.#matchLength(unwrap) >= length && this.#agrees(family, length)
      );
    }
    return loadMatch(other, options) === family && this.#agrees(family, length);
  }

  /**
   * Whether this prefix and another have an address in common, which is when one contains the other.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  overlaps(other: Prefix | string, options: MatchOptions = {}): boolean {
    checkMatchOptions(options);
    const unwrap = options.mapped !== 'keep';
    const prefix = toPrefix(other);
    const family = this.#matchFamily(unwrap);
    loadPrefix(prefix);
    const length = Math.min(prefix.#matchLength(unwrap), this.#matchLength(unwrap));
    return prefix.#matchFamily(unwrap) === family && this.#agrees(family, length);
  }

  /**
   * Negative, 0 or positive: IPv4 before IPv6, then by first address, then the shorter prefix first.
   *
   * @throws {PrefixParseError} `NOT_PREFIX` when `other` is no prefix value
   */
  compare(other: Prefix): number {
    checkPrefix(other);
    return (
      this.#family - other.#family ||
      (this.#a >>> 0) - (other.#a >>> 0) ||
      (this.#b >>> 0) - (other.#b >>> 0) ||
      (this.#c >>> 0) - (other.#c >>> 0) ||
      (this.#d >>> 0) - (other.#d >>> 0) ||
      this.#length - other.#length
    );
  }

  /**
   * Whether `other` has the same family, bits and length; the IPv4-mapped form of a prefix is another prefix.
   *
   * @throws {PrefixParseError} `NOT_PREFIX` when `other` is no prefix value
   */
  equals(other: Prefix): boolean {
    return this.compare(other) === 0;
  }

  /** Every address in order, made as they are asked for: `::/0` has more than anybody can wait for. */
  *addresses(): Generator<Address, void, undefined> {
    yield* between(this.first, this.last);
  }

  /**
   * The addresses that hosts may have, in order, made as they are asked for. IPv4: without the network and the broadcast
   * address, but both of a /31 (RFC 3021) and the one of a /32. IPv6: without the subnet-router anycast address (RFC 4291
   * section 2.6.1), but both of a /127 (RFC 6164) and the one of a /128.
   */
  *hosts(): Generator<Address, void, undefined> {
    const [first, last] = this.hostRange();
    yield* between(first, last);
  }

  /** The first and the last address of `hosts()`. */
  hostRange(): readonly [first: Address, last: Address] {
    const spare = this.#width - this.#length;
    if (spare < 2) return [this.first, this.last];
    const last = BigInt(this.#family === 4 ? -2 : -1);
    return [this.at(1), this.at(last)];
  }

  /**
   * The address at an index from 0; a negative one counts from the end, -1 is the last address.
   *
   * @throws {RangeError} when there is no such address, or the index is no integer
   */
  at(index: number | bigint): Address {
    if (typeof index === 'number' ? !Number.isSafeInteger(index) : typeof index !== 'bigint') {
      throw new RangeError(`index ${quote(index)} of ${this}: pass a safe integer or a bigint`);
    }
    const offset = BigInt(index);
    const size = this.size;
    if (offset >= size || offset < -size) throw new RangeError(`index ${index} of ${this}: it has ${size} addresses`);
    return addressOf(this.#family, this.first.toBigInt() + (offset < 0n ? size + offset : offset));
  }

  /**
   * The prefixes of a greater length that make this one up, in order, made as they are asked for.
   *
   * @throws {RangeError} unless `length` is an integer from this prefix's length to 32 or 128
   */
  subnets(length: number): Generator<Prefix, void, undefined> {
    this.#checkLength(length, this.#length, this.#width);
    return this.#subnets(length);
  }

  *#subnets(length: number): Generator<Prefix, void, undefined> {
    const step = 1n << BigInt(this.#width - length);
    const first = this.first.toBigInt();
    for (let offset = 0n; offset < this.size; offset += step) {
      yield Prefix.from(addressOf(this.#family, first + offset), length);
    }
  }

  /**
   * The prefix of a smaller length that contains this one, by default of one bit less.
   *
   * @throws {RangeError} unless `length` is an integer from 0 to this prefix's length; so has a prefix of length 0 no default
   */
  supernet(length: number = this.#length - 1): Prefix {
    this.#checkLength(length, 0, this.#length);
    return Prefix.from(this.first, length, { hostBits: 'mask' });
  }

  /**
   * What is left of this prefix without another, as the fewest prefixes, in order: this one when they have nothing in common,
   * none when `other` contains it. Both count as they are written: an IPv4-mapped prefix is no IPv4 prefix here.
   *
   * @throws {PrefixParseError} when given text that is no prefix
   */
  subtract(other: Prefix | string): Prefix[] {
    const taken = toPrefix(other);
    const exact = { mapped: 'keep' } as const;
    if (taken.contains(this, exact)) return [];
    if (!this.contains(taken, exact)) return [this];
    const left: Prefix[] = [];
    // Each length between them has one half that `taken` is not in.
    for (let length = this.#length + 1; length <= taken.#length; length++) {
      const [low, high] = taken.supernet(length - 1).#halves();
      left.push(low.contains(taken, exact) ? high : low);
    }
    return left.sort(comparePrefixes);
  }

  /** The prefix of the same length after this one; null after the last. */
  next(): Prefix | null {
    const after = this.last.next();
    return after === null ? null : Prefix.from(after, this.#length);
  }

  /** The prefix of the same length before this one; null before the first. */
  previous(): Prefix | null {
    const before = this.first.previous();
    return before === null ? null : Prefix.from(before, this.#length, { hostBits: 'mask' });
  }

  /**
   * The DNS zones for the reverse names of the prefix, without a trailing dot. Zones end at octets (IPv4) and digits (IPv6),
   * so a length between gives all the zones it takes. IPv4 longer than /24: one name by RFC 2317, whose form is the choice of
   * whoever delegates; /32 and /128 the plain name of the PTR record.
   *
   * @throws {TypeError} for an option that there is not
   * @see RFC 1035 section 3.5, RFC 3596 section 2.5, RFC 2317 section 4
   */
  reverseZones(options: ReverseZoneOptions = {}): string[] {
    checkOptions(options, ['classless']);
    if (options.classless !== undefined) checkWord(options.classless, ['slash', 'range'], 'classless');
    const step = this.#family === 4 ? 8 : 4;
    if (this.#family === 4 && this.#length > 24 && this.#length < 32) {
      const [, , , low = 0] = this.first.toBytes();
      const [, , , high = 0] = this.last.toBytes();
      const label = options.classless === 'range' ? `${low}-${high}` : `${low}/${this.#length}`;
      return [`${label}.${this.supernet(24).reverseZones()[0]}`];
    }
    const length = Math.ceil(this.#length / step) * step;
    const labels = (this.#width - length) / step;
    return Array.from(this.subnets(length), ({ first }) => formatReverseName(first).split('.').slice(labels).join('.'));
  }

  /**
   * The text; there is no number.
   *
   * @throws {TypeError} where a number is wanted, as `<` does: compare with `compare`
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== 'number') return this.toString();
    throw new TypeError(`${this} is not a number: compare with comparePrefixes(a, b) or a.equals(b)`);
  }

  get [Symbol.toStringTag](): string {
    // Names the prefix, for the same reason as an address's tag: assertion libraries can't see private fields.
    return this.toString();
  }

  get #width(): 32 | 128 {
    return this.#family === 4 ? 32 : 128;
  }

  /** The length in 128 bits: an IPv4 prefix stands in the last 32. */
  get #bits(): number {
    return this.#family === 4 ? this.#length + 96 : this.#length;
  }

  #isInsideMapped(): boolean {
    return this.#family === 6 && this.#length >= 96 && isMapped(this.#a, this.#b, this.#c);
  }

  /** The family that the prefix counts as when it is matched. */
  #matchFamily(unwrap: boolean): 4 | 6 {
    return unwrap && this.#isInsideMapped() ? 4 : this.#family;
  }

  /** The length in that family. */
  #matchLength(unwrap: boolean): number {
    return unwrap && this.#isInsideMapped() ? this.#length - 96 : this.#length;
  }

  /** Whether the words agree with this prefix in their first `length` bits. */
  #agrees(family: 4 | 6, length: number): boolean {
    if (family === 4) return ((w3 ^ this.#d) & maskWord(length, 0)) === 0;
    return (
      ((w0 ^ this.#a) & maskWord(length, 0)) === 0 &&
      ((w1 ^ this.#b) & maskWord(length, 1)) === 0 &&
      ((w2 ^ this.#c) & maskWord(length, 2)) === 0 &&
      ((w3 ^ this.#d) & maskWord(length, 3)) === 0
    );
  }

  #halves(): readonly [Prefix, Prefix] {
    const low = Prefix.from(this.first, this.#length + 1);
    const high = Prefix.from(this.last, this.#length + 1, { hostBits: 'mask' });
    return [low, high];
  }

  #checkLength(length: number, least: number, most: number): void {
    if (Number.isInteger(length) && length >= least && length <= most) return;
    throw new RangeError(`length ${quote(length)} for ${this}: pass an integer from ${least} to ${most}`);
  }
}

/** Throws for what is no value: `a.equals('10.0.0.0/8')` must not be false without a word. */
function checkPrefix(value: unknown): void {
  if (value instanceof Prefix) return;
  const problem = `${typeof value}, not a prefix value`;
  throw new PrefixParseError(value, { code: 'NOT_PREFIX', offset: 0, problem, hint: 'pass what parsePrefix returns' });
}

/** An operand as a value: private to `ip/`. */
export function toPrefix(prefix: Prefix | string): Prefix {
  if (prefix instanceof Prefix) return prefix;
  const family = typeof prefix === 'string' ? readPrefix(prefix, 'reject') : 0;
  if (family === 0) throw prefixError(prefix, false);
  return createPrefix(family, prefixLength);
}

/**
 * Reads a prefix to be stored into the words: 4 or 6, the family that it counts as, its length in `storedLength`. An IPv4
 * prefix stands in `w3`. Private to `ip/`.
 *
 * @throws {PrefixParseError} when it is text that is no prefix
 */
export function loadStored(prefix: Prefix | string, options: MatchOptions): 4 | 6 {
  let family: 4 | 6;
  if (prefix instanceof Prefix) {
    loadPrefix(prefix);
    family = prefix.family;
    storedLength = prefix.length;
  } else {
    const found = typeof prefix === 'string' ? readPrefix(prefix, 'reject') : 0;
    if (found === 0) throw prefixError(prefix, false);
    family = found;
    storedLength = prefixLength;
  }
  if (family === 6 && storedLength >= 96 && options.mapped !== 'keep' && isMapped(w0, w1, w2)) {
    storedLength -= 96;
    return 4;
  }
  return family;
}

/** The length that `loadStored` found. */
export let storedLength = 0;

/** The choice among the options; a misspelt word is refused, not taken for one of them. */
function hostBitsOf(options: PrefixOptions): HostBits {
  checkOptions(options, ['hostBits']);
  if (options.hostBits !== undefined) checkWord(options.hostBits, ['reject', 'mask'], 'hostBits');
  return options.hostBits ?? 'reject';
}

/** An address of a family and an integer. */
export function addressOf(family: 4 | 6, integer: bigint): Address {
  return family === 4 ? IPv4Address.fromBigInt(integer) : IPv6Address.fromBigInt(integer);
}

function* between(first: Address, last: Address): Generator<Address, void, undefined> {
  for (let address: Address | null = first; address !== null && address.compare(last) <= 0; address = address.next()) {
    yield address;
  }
}

/** The prefix length that an IPv4 netmask or wildcard mask stands for. */
function lengthOfMask(address: Address | string, mask: Address | string, wildcard: boolean): number {
  const value = toAddress(address);
  if (typeof mask !== 'string' && !isAddressValue(mask)) throw new AddressParseError(mask, notText(mask, 'mask'));
  const family = typeof mask === 'string' ? readText(mask) : load(mask);
  const netmask = wildcard ? ~w3 : w3;
  const length = Math.clz32(~netmask);
  if (family === 4 && value.family === 4 && netmask === maskWord(length, 0)) return length;
  throw maskError(value, mask, wildcard);
}

/** Why a mask is refused: slow, as nobody waits for an error. */
function maskError(address: Address, mask: Address | string, wildcard: boolean): PrefixParseError | AddressParseError {
  const bad = (problem: string, hint: string) => {
    const offset = `${address} `.length;
    return new PrefixParseError(`${address} ${mask}`, { code: 'BAD_MASK', offset, problem, hint });
  };
  const plain = address.family === 6 ? address.withZone(null) : address;
  const written = (length: number | string) => {
    const prefix = instead([`${plain}/${length}`]);
    return prefix === null ? null : `read it with parsePrefix, ${prefix}`;
  };
  const example = `write a mask, e.g. ${wildcard ? '0.0.0.255' : '255.255.255.0'}`;
  const byLength = 'read it with parsePrefix, write the prefix length, e.g. 2001:db8::/32';
  const other = address.family === 4 ? example : byLength;
  if (isLength(mask)) return bad('prefix length in place of a mask', written(mask.replace('/', '')) ?? other);
  if (typeof mask === 'string' && readText(mask) === 0) {
    const masks = address.family === 4 ? masksMeantBy(mask, wildcard) : [];
    const hint = masks.length === 0 ? other : `write ${masks.join(' or ')}`;
    return new AddressParseError(mask, { ...diagnose(mask), hint });
  }
  const family = load(mask);
  if (family !== address.family) {
    return bad(`IPv${family} mask of an IPv${address.family} address`, family === 4 ? byLength : example);
  }
  if (family === 6) return bad('mask with IPv6', written(maskLength(6, wildcard)) ?? byLength);
  if (maskLength(4, !wildcard) < 0) return bad('mask with a gap', 'write a mask whose ones are all on one side');
  return wildcard
    ? bad('netmask, no wildcard mask', 'read it with Prefix.fromNetmask')
    : bad('wildcard mask, no netmask', 'read it with Prefix.fromWildcardMask');
}

/** The masks of that kind that a text which is no address may mean: not the 255.0.0.255 of `255.255`. */
function masksMeantBy(text: string, wildcard: boolean): string[] {
  const octets = text.trim().replace(/\.$/, '').split('.').length;
  if (octets === 2 || octets === 3) return [];
  return examine(text, 'address').choices.filter((mask) => readText(mask) === 4 && maskLength(4, wildcard) >= 0);
}

function isLength(mask: Address | string): mask is string {
  return typeof mask === 'string' && /^\/?\d{1,3}$/.test(mask);
}

/** The error is made when it is asked for: making one takes longer than refusing a hundred texts. */
class Failure {
  readonly success = false;
  readonly #input: unknown;
  #error: PrefixParseError | undefined;

  constructor(input: unknown) {
    this.#input = input;
  }

  get error(): PrefixParseError {
    this.#error ??= prefixError(this.#input, true);
    return this.#error;
  }
}
