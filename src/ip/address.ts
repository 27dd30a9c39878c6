import { AddressParseError, notBytes, notText } from './address-parse-error.js';
import { diagnose } from './diagnose.js';
import { printIPv4, printIPv6 } from './print.js';
import { isZone } from './read-text.js';
import { isMapped, setWords, takesZone } from './words.js';

/** An IPv4 or IPv6 address. */
export type Address = IPv4Address | IPv6Address;

/** Who holds it may construct: text, bytes and integers go through functions that check them. */
const KEY = /* @__PURE__ */ Symbol('inaddr');

const MAX_IPV4 = 0xffff_ffffn;
const MAX_IPV6 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn;

/**
 * Makes an IPv4 address of 32 bits, signed or not: private to `ip/`, as are the other functions here that a
 * class assigns from inside, where its private fields can be read.
 */
export let createIPv4: (bits: number) => IPv4Address;
/** The 32 bits of an IPv4 address, signed. */
export let bitsOf: (address: IPv4Address) => number;
/** Makes an IPv6 address of four words; the caller has checked that the zone may stand there. */
export let createIPv6: (a: number, b: number, c: number, d: number, zone: string | null) => IPv6Address;
/** Puts the words of an IPv6 address into `words.ts`. */
export let loadIPv6: (address: IPv6Address) => void;

/**
 * An IPv4 address: an immutable value.
 *
 * Two addresses are the same when `equals` says so, or when their texts are the same: use `toString()` as a
 * key of a Map. `<` and `>` throw, because they would compare text; sort with `compareAddresses`.
 */
export class IPv4Address {
  readonly #bits: number;

  private constructor(key: typeof KEY, bits: number) {
    if (key !== KEY) throw new TypeError("IPv4Address is not constructed with new; write parseAddress('192.0.2.1')");
    this.#bits = bits;
  }

  static {
    createIPv4 = (bits) => new IPv4Address(KEY, bits);
    bitsOf = (address) => address.#bits;
  }

  /**
   * The address of four bytes in network order.
   *
   * @throws {AddressParseError} `BYTE_LENGTH` unless there are exactly four, `NOT_BYTES` when it is no Uint8Array
   */
  static fromBytes(bytes: Uint8Array): IPv4Address {
    checkBytes(bytes, 4);
    return new IPv4Address(KEY, wordAt(bytes, 0));
  }

  /**
   * The address of an integer, 0n for 0.0.0.0.
   *
   * @throws {AddressParseError} `INTEGER_RANGE` outside 0n to 2n ** 32n - 1n, and for what is no bigint
   */
  static fromBigInt(integer: bigint): IPv4Address {
    checkBigInt(integer, MAX_IPV4, 4);
    return new IPv4Address(KEY, Number(BigInt.asIntN(32, integer)));
  }

  get family(): 4 {
    return 4;
  }

  /** The dotted quad. */
  toString(): string {
    return printIPv4(this.#bits);
  }

  /** The text, so that `JSON.stringify` gives what `parseAddress` takes. */
  toJSON(): string {
    return printIPv4(this.#bits);
  }

  /** Four bytes in network order, a new array each time. */
  toBytes(): Uint8Array {
    return bytesOfWords([this.#bits]);
  }

  /** The address as an integer, 0n to 2n ** 32n - 1n. */
  toBigInt(): bigint {
    return BigInt(this.#bits >>> 0);
  }

  /**
   * Negative, 0 or positive: IPv4 before IPv6, then by number.
   *
   * @throws {AddressParseError} `NOT_ADDRESS` when `other` is no address value
   */
  compare(other: Address): number {
    if (other instanceof IPv4Address) return (this.#bits >>> 0) - (other.#bits >>> 0);
    checkAddress(other);
    return -1;
  }

  /**
   * Whether `other` is this IPv4 address; its IPv4-mapped form (`toMapped()`) is another address.
   *
   * @throws {AddressParseError} `NOT_ADDRESS` when `other` is no address value
   */
  equals(other: Address): boolean {
    if (other instanceof IPv4Address) return other.#bits === this.#bits;
    checkAddress(other);
    return false;
  }

  /** The address after this one; null after 255.255.255.255. */
  next(): IPv4Address | null {
    return this.#bits === -1 ? null : new IPv4Address(KEY, (this.#bits + 1) | 0);
  }

  /** The address before this one; null before 0.0.0.0. */
  previous(): IPv4Address | null {
    return this.#bits === 0 ? null : new IPv4Address(KEY, (this.#bits - 1) | 0);
  }

  /** The IPv4-mapped IPv6 address, `::ffff:192.0.2.1` (RFC 4291 section 2.5.5.2). */
  toMapped(): IPv6Address {
    return createIPv6(0, 0, 0xffff, this.#bits, null);
  }

  /**
   * The text; there is no number.
   *
   * @throws {TypeError} where a number is wanted, as `<` does: compare with `compare`
   */
  [Symbol.toPrimitive](hint: string): string {
    return primitiveOf(this, hint);
  }

  /**
   * Names the address, too: assertion libraries compare this tag and cannot see private fields, so without
   * it `deepEqual` would take any two addresses for equal.
   */
  get [Symbol.toStringTag](): string {
    return describe(this);
  }

  /** What `console.log` shows on Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return describe(this);
  }

  /** What a debugger shows for the value, collapsed. */
  [Symbol.for('debug.description')](): string {
    return describe(this);
  }
}

/**
 * An IPv6 address, with or without a zone: an immutable value.
 *
 * Two addresses are the same when `equals` says so, or when their texts are the same: use `toString()` as a
 * key of a Map. `<` and `>` throw, because they would compare text; sort with `compareAddresses`.
 */
export class IPv6Address {
  readonly #a: number;
  readonly #b: number;
  readonly #c: number;
  readonly #d: number;
  readonly #zone: string | null;

  private constructor(key: typeof KEY, a: number, b: number, c: number, d: number, zone: string | null) {
    if (key !== KEY) throw new TypeError("IPv6Address is not constructed with new; write parseAddress('2001:db8::1')");
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
    this.#zone = zone;
  }

  static {
    createIPv6 = (a, b, c, d, zone) => new IPv6Address(KEY, a, b, c, d, zone);
    loadIPv6 = (address) => setWords(address.#a, address.#b, address.#c, address.#d);
  }

  /**
   * The address of sixteen bytes in network order.
   *
   * @throws {AddressParseError} `BYTE_LENGTH` unless there are exactly sixteen, `NOT_BYTES` when it is no Uint8Array
   */
  static fromBytes(bytes: Uint8Array): IPv6Address {
    checkBytes(bytes, 16);
    return new IPv6Address(KEY, wordAt(bytes, 0), wordAt(bytes, 4), wordAt(bytes, 8), wordAt(bytes, 12), null);
  }

  /**
   * The address of an integer, 0n for `::`.
   *
   * @throws {AddressParseError} `INTEGER_RANGE` outside 0n to 2n ** 128n - 1n, and for what is no bigint
   */
  static fromBigInt(integer: bigint): IPv6Address {
    checkBigInt(integer, MAX_IPV6, 6);
    const word = (shift: bigint) => Number(BigInt.asIntN(32, integer >> shift));
    return new IPv6Address(KEY, word(96n), word(64n), word(32n), word(0n), null);
  }

  get family(): 6 {
    return 6;
  }

  /** The zone, 'eth0' in `fe80::1%eth0`; null when there is none (RFC 4007 section 11). */
  get zone(): string | null {
    return this.#zone;
  }

  /** The text of RFC 5952, followed by `%` and the zone when there is one. */
  toString(): string {
    const text = printIPv6(this.#a, this.#b, this.#c, this.#d);
    return this.#zone === null ? text : `${text}%${this.#zone}`;
  }

  /** The text, so that `JSON.stringify` gives what `parseAddress` takes. */
  toJSON(): string {
    return this.toString();
  }

  /** Sixteen bytes in network order, a new array each time. The zone is not among them. */
  toBytes(): Uint8Array {
    return bytesOfWords([this.#a, this.#b, this.#c, this.#d]);
  }

  /** The address as an integer, 0n to 2n ** 128n - 1n. The zone is not in it. */
  toBigInt(): bigint {
    const word = (value: number) => BigInt(value >>> 0);
    return (word(this.#a) << 96n) | (word(this.#b) << 64n) | (word(this.#c) << 32n) | word(this.#d);
  }

  /**
   * Negative, 0 or positive: IPv4 before IPv6, then by number, then by zone (none first, then by code unit).
   *
   * @throws {AddressParseError} `NOT_ADDRESS` when `other` is no address value
   */
  compare(other: Address): number {
    if (!(other instanceof IPv6Address)) {
      checkAddress(other);
      return 1;
    }
    const words =
      (this.#a >>> 0) - (other.#a >>> 0) ||
      (this.#b >>> 0) - (other.#b >>> 0) ||
      (this.#c >>> 0) - (other.#c >>> 0) ||
      (this.#d >>> 0) - (other.#d >>> 0);
    if (words !== 0 || this.#zone === other.#zone) return words;
    if (this.#zone === null) return -1;
    if (other.#zone === null) return 1;
    return this.#zone < other.#zone ? -1 : 1;
  }

  /**
   * Whether `other` has the same bits and the same zone.
   *
   * @throws {AddressParseError} `NOT_ADDRESS` when `other` is no address value
   */
  equals(other: Address): boolean {
    if (!(other instanceof IPv6Address)) {
      checkAddress(other);
      return false;
    }
    return (
      other.#d === this.#d &&
      other.#c === this.#c &&
      other.#b === this.#b &&
      other.#a === this.#a &&
      other.#zone === this.#zone
    );
  }

  /** The address after this one, in the same zone; null after the last, and where a zone may not follow. */
  next(): IPv6Address | null {
    const d = (this.#d + 1) | 0;
    const c = d === 0 ? (this.#c + 1) | 0 : this.#c;
    const b = d === 0 && c === 0 ? (this.#b + 1) | 0 : this.#b;
    const carry = d === 0 && c === 0 && b === 0;
    return this.#neighbour(carry ? (this.#a + 1) | 0 : this.#a, b, c, d, carry && this.#a === -1);
  }

  /** The address before this one, in the same zone; null before the first, and where a zone may not follow. */
  previous(): IPv6Address | null {
    const d = (this.#d - 1) | 0;
    const c = d === -1 ? (this.#c - 1) | 0 : this.#c;
    const b = d === -1 && c === -1 ? (this.#b - 1) | 0 : this.#b;
    const borrow = d === -1 && c === -1 && b === -1;
    return this.#neighbour(borrow ? (this.#a - 1) | 0 : this.#a, b, c, d, borrow && this.#a === 0);
  }

  #neighbour(a: number, b: number, c: number, d: number, beyond: boolean): IPv6Address | null {
    // c and b wrap only together with d, so `beyond` is the caller's: whether the whole 128 bits wrapped.
    if (beyond || (this.#zone !== null && !takesZone(a))) return null;
    return new IPv6Address(KEY, a, b, c, d, this.#zone);
  }

  /**
   * The same address in another zone, or in none (null).
   *
   * @throws {AddressParseError} where `parseAddress` would refuse the text with that zone, with the same code: `ZONE_EMPTY`,
   *   `ZONE_NOT_ALLOWED`, `BLANK` and so on; `NOT_TEXT` when the zone is no text
   */
  withZone(zone: string | null): IPv6Address {
    if (zone === null) return new IPv6Address(KEY, this.#a, this.#b, this.#c, this.#d, null);
    if (typeof zone !== 'string') throw new AddressParseError(zone, notText(zone, 'zone'));
    if (!takesZone(this.#a) || !isZone(zone, 0)) {
      const text = `${printIPv6(this.#a, this.#b, this.#c, this.#d)}%${zone}`;
      throw new AddressParseError(text, diagnose(text));
    }
    return new IPv6Address(KEY, this.#a, this.#b, this.#c, this.#d, zone);
  }

  /** The IPv4 address inside an IPv4-mapped address (RFC 4291 section 2.5.5.2); any other address is returned as it is. */
  unmap(): Address {
    return isMapped(this.#a, this.#b, this.#c) ? createIPv4(this.#d) : this;
  }

  /**
   * The text; there is no number.
   *
   * @throws {TypeError} where a number is wanted, as `<` does: compare with `compare`
   */
  [Symbol.toPrimitive](hint: string): string {
    return primitiveOf(this, hint);
  }

  /**
   * Names the address, too: assertion libraries compare this tag and cannot see private fields, so without
   * it `deepEqual` would take any two addresses for equal.
   */
  get [Symbol.toStringTag](): string {
    return describe(this);
  }

  /** What `console.log` shows on Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return describe(this);
  }

  /** What a debugger shows for the value, collapsed. */
  [Symbol.for('debug.description')](): string {
    return describe(this);
  }
}

/**
 * Orders addresses for `sort`: IPv4 before IPv6, then by number, then by zone.
 *
 * @throws {AddressParseError} `NOT_ADDRESS` when one of them is no address value
 */
export function compareAddresses(a: Address, b: Address): number {
  checkAddress(a);
  return a.compare(b);
}

/** Whether `value` is an address of this package. */
export function isAddressValue(value: unknown): value is Address {
  return value instanceof IPv4Address || value instanceof IPv6Address;
}

function describe(address: Address): string {
  return `IPv${address.family}Address ${address.toString()}`;
}

function primitiveOf(address: Address, hint: string): string {
  if (hint === 'number') {
    throw new TypeError(
      `${describe(address)} is not a number: compare with compareAddresses(a, b) or a.equals(b), count with toBigInt()`,
    );
  }
  return address.toString();
}

/** Throws for what is no value: `a.equals('192.0.2.1')` must not be false without a word. */
function checkAddress(value: unknown): void {
  if (isAddressValue(value)) return;
  const problem = `${typeof value}, not an address value`;
  throw new AddressParseError(value, {
    code: 'NOT_ADDRESS',
    offset: 0,
    problem,
    hint: 'pass what parseAddress returns',
  });
}

function checkBytes(bytes: Uint8Array, length: 4 | 16): void {
  if (!(bytes instanceof Uint8Array)) throw notBytes(bytes);
  if (bytes.length !== length) {
    throw new AddressParseError(bytes, {
      code: 'BYTE_LENGTH',
      offset: Math.min(bytes.length, length),
      problem: `${bytes.length} bytes`,
      hint: `an IPv${length === 4 ? 4 : 6} address has ${length}`,
    });
  }
}

function checkBigInt(integer: bigint, max: bigint, family: 4 | 6): void {
  if (typeof integer !== 'bigint' || integer < 0n || integer > max) {
    const hint = `an IPv${family} address is a bigint from 0n to ${max}n`;
    throw new AddressParseError(integer, { code: 'INTEGER_RANGE', offset: 0, problem: 'out of range', hint });
  }
}

function wordAt(bytes: Uint8Array, offset: number): number {
  // `?? 0` is for the type: the length has been checked.
  let word = 0;
  for (let i = offset; i < offset + 4; i++) word = (word << 8) | (bytes[i] ?? 0);
  return word;
}

function bytesOfWords(words: readonly number[]): Uint8Array {
  return Uint8Array.from(
    words.flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]),
  );
}
