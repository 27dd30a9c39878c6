import type { Address } from './address.js';
import { bitsOf, createIPv4, createIPv6, IPv6Address, isAddressValue, loadIPv6 } from './address.js';
import { AddressParseError, notBytes, quote } from './address-parse-error.js';
import { diagnose } from './diagnose.js';
import { checkFamily } from './options.js';
import { decode, isRangeOf, readBytes, zoneOfBytes } from './read-bytes.js';
import { readText, zoneOf } from './read-text.js';
import { setWords, w0, w1, w2, w3 } from './words.js';

/** What `safeParseAddress` returns: discriminated on `success`. */
export type SafeParseAddress =
  | { readonly success: true; readonly data: Address }
  | { readonly success: false; readonly error: AddressParseError };

/**
 * The address that a text writes: a dotted quad without leading zeros, or IPv6 text with an optional zone. One
 * address, one strict reading: no octal, hexadecimal or missing octets, no prefix length, port, brackets or
 * blanks. Case and compression of IPv6 text are free.
 *
 * A zone may stand after fe80::/10, fec0::/10 and multicast of scope 1 to D, is never empty, has letters, digits
 * and `-._~` only, and is never percent-decoded.
 *
 * @throws {AddressParseError} when the text is no address; its `code` says why, `offset` where, `hint` what to write
 * @see RFC 4291 section 2.2, RFC 4007 section 11, RFC 6943 section 3.1.1
 */
export function parseAddress(text: string): Address {
  return read(text) ?? fail(text);
}

/** Like `parseAddress`, without a throw: `{success: true, data}` or `{success: false, error}`, the error made when read. */
export function safeParseAddress(text: string): SafeParseAddress {
  const data = read(text);
  return data === null ? new Failure(text) : { success: true, data };
}

/**
 * Whether a value is text that `parseAddress` takes, of either family or of the one given; false for what is no text.
 *
 * @throws {TypeError} for a family that is neither 4 nor 6, such as the index that `filter` passes
 */
export function isAddress(text: string, family?: 4 | 6): boolean;
export function isAddress(text: unknown, family?: 4 | 6): text is string;
export function isAddress(text: unknown, family?: 4 | 6): boolean {
  if (family !== undefined) checkFamily(family);
  if (typeof text !== 'string') return false;
  const found = readText(text);
  return found !== 0 && (family === undefined || found === family);
}

/**
 * Like `parseAddress` for ASCII bytes, from `start` to before `end`: what a stream of lines gives, without a string made
 * of each.
 *
 * @throws {AddressParseError} when the bytes are no address; `offset` counts from `start`, `input` is the text; `NOT_BYTES`
 *   when it is no Uint8Array
 * @throws {RangeError} when `start` and `end` are no whole numbers, or no range of the bytes
 */
export function parseAddressBytes(bytes: Uint8Array, start = 0, end: number = bytes?.length): Address {
  if (!(bytes instanceof Uint8Array)) throw notBytes(bytes);
  if (!isRangeOf(bytes, start, end)) {
    const range = `bytes ${quote(start)} to ${quote(end)} of ${bytes.length}`;
    throw new RangeError(`${range}: pass whole numbers, 0 <= start <= end <= bytes.length`);
  }
  const family = readBytes(bytes, start, end);
  if (family === 4) return createIPv4(w3);
  if (family === 6) return createIPv6(w0, w1, w2, w3, zoneOfBytes(bytes, start, end));
  return fail(decode(bytes, start, end));
}

/**
 * Reads an operand of a predicate into the words, without allocating: 4 or 6, its family.
 *
 * @throws {AddressParseError} when it is text that is no address
 */
export function load(address: Address | string): 4 | 6 {
  if (typeof address === 'string') {
    const family = readText(address);
    return family === 0 ? fail(address) : family;
  }
  if (!isAddressValue(address)) return fail(address);
  if (address instanceof IPv6Address) {
    loadIPv6(address);
    return 6;
  }
  setWords(0, 0, 0, bitsOf(address));
  return 4;
}

/** An operand as a value. */
export function toAddress(address: Address | string): Address {
  if (typeof address === 'string') return parseAddress(address);
  return isAddressValue(address) ? address : fail(address);
}

function read(text: string): Address | null {
  if (typeof text !== 'string') return null;
  const family = readText(text);
  if (family === 4) return createIPv4(w3);
  return family === 6 ? createIPv6(w0, w1, w2, w3, zoneOf(text)) : null;
}

function fail(input: unknown): never {
  throw new AddressParseError(input, diagnose(input));
}

/** An Error takes fifty times as long to make as a text takes to be refused, so it is made when it is asked for. */
class Failure {
  readonly success = false;
  readonly #input: unknown;
  #error: AddressParseError | undefined;

  constructor(input: unknown) {
    this.#input = input;
  }

  get error(): AddressParseError {
    this.#error ??= new AddressParseError(this.#input, diagnose(this.#input));
    return this.#error;
  }
}
