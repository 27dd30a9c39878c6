import type { Address } from './address.js';
import { compareAddresses } from './address.js';
import { examine } from './diagnose.js';
import type { MatchOptions } from './match.js';
import { checkMatchOptions, loadMatch } from './match.js';
import { isAddress, safeParseAddress, toAddress } from './parse.js';
import { addressOf, Prefix } from './prefix.js';
import { PrefixParseError } from './prefix-parse-error.js';

/** What `safeParseRange` returns: discriminated on `success`. */
export type SafeParseRange =
  | { readonly success: true; readonly data: AddressRange }
  | { readonly success: false; readonly error: PrefixParseError };

const KEY = /* @__PURE__ */ Symbol('inaddr');

/**
 * The range that a text writes, `192.0.2.10-192.0.2.20`: two addresses as `parseAddress` takes them, without zones, and a
 * hyphen between them, with or without one blank on each side.
 *
 * @throws {PrefixParseError} when the text is no range
 */
export function parseRange(text: string): AddressRange {
  if (typeof text !== 'string') {
    const hint = 'pass the range as a string';
    throw new PrefixParseError(text, { code: 'NOT_TEXT', offset: 0, problem: `${typeof text}, not text`, hint });
  }
  const [, first, separator, last] = PARTS.exec(text) ?? [];
  if (first === undefined || separator === undefined || last === undefined) throw noRange(text);
  const lastAt = first.length + separator.length;
  const end = (part: string, at: number) => {
    const parsed = safeParseAddress(part);
    if (!parsed.success) throw endError(text, first, last, at);
    return parsed.data;
  };
  return createRange(end(first, 0), end(last, lastAt), text, lastAt);
}

/** The ends of a range, and what stands between them. */
const PARTS = /^([^\s-]*)( - |-)([^\s-]*)$/;

const EXAMPLE = 'write two addresses with a hyphen between them, 192.0.2.10-192.0.2.20';

/** The refusal of a text that does not fall into two ends. */
function noRange(text: string): PrefixParseError {
  // A blank on each side of the hyphen is none too many.
  const blank = text.replace(' - ', '---').search(/\s/);
  const without = text
    .split('-')
    .map((end) => end.trim())
    .join('-');
  if (blank < 0 || !PARTS.test(without)) {
    return new PrefixParseError(text, { code: 'NO_RANGE', offset: 0, problem: 'no range', hint: EXAMPLE });
  }
  const hint = safeParseRange(without).success ? `write ${without}` : EXAMPLE;
  return new PrefixParseError(text, { code: 'NO_RANGE', offset: blank, problem: 'blank', hint });
}

/** The refusal of an end that is no address, the first one, or the last one at `at`: slow, as nobody waits for an error. */
function endError(text: string, first: string, last: string, at: number): PrefixParseError {
  const part = at === 0 ? first : last;
  const percent = part.indexOf('%');
  if (percent >= 0 && isAddress(part.slice(0, percent))) return zoneError(text, at + percent);
  const { offset, advice, choices } = examine(part, 'address');
  // `10.0.0.1-9`, `2001:db8::1-ff`: what stands behind takes the front of the other.
  const isShort = at > 0 && (first.includes(':') ? /^[\da-f]{1,4}$/i : /^\d{1,3}$/).test(last);
  const front = first.slice(0, Math.max(first.lastIndexOf('.'), first.lastIndexOf(':')) + 1);
  const tos = meantBy(isShort ? `${front}${last}` : last);
  const ranges = meantBy(first).flatMap((from, reader) => {
    const to = tos[reader];
    return from === undefined || to === undefined || !safeParseRange(`${from}-${to}`).success ? [] : [`${from}-${to}`];
  });
  const choice = [...new Set(ranges)].join(' or ');
  // What is said of the end alone is true of a short one no more.
  const said = isShort || (choice === '' && choices.length > 0) ? null : advice;
  const which = at === 0 ? 'first' : 'last';
  const hint = [said?.replace('take this', `take the ${which}`), choice === '' ? null : `write ${choice}`]
    .filter((words) => words != null)
    .join(', ');
  const problem = `${which} is no address`;
  return new PrefixParseError(text, {
    code: 'BAD_ADDRESS',
    offset: at + offset,
    problem,
    hint: hint === '' ? EXAMPLE : hint,
  });
}

/**
 * What an end is to a reader that takes octets with a leading zero for decimal, and to one that takes them for octal, who reads
 * no 08; never the 0.0.0.5 of who reads fewer octets.
 */
function meantBy(end: string): readonly [decimal?: string | undefined, octal?: string | undefined] {
  if (isAddress(end)) return [end, end];
  if (!end.includes(':') && end.split('.').length !== 4) return [];
  const [first, second] = examine(end, 'address').choices;
  return [first, second ?? (/(?:^|[.:])0\d*[89]/.test(end) ? undefined : first)];
}

function zoneError(input: string, offset: number): PrefixParseError {
  return new PrefixParseError(input, { code: 'ZONE', offset, problem: 'zone', hint: 'a range has none' });
}

/** Like `parseRange`, without a throw. */
export function safeParseRange(text: string): SafeParseRange {
  try {
    return { success: true, data: parseRange(text) };
  } catch (error) {
    if (error instanceof PrefixParseError) return { success: false, error };
    throw error;
  }
}

/** All addresses from a first to a last one: an immutable value. */
export class AddressRange {
  readonly #first: Address;
  readonly #last: Address;

  /** @private */
  constructor(key: typeof KEY, first: Address, last: Address) {
    if (key !== KEY)
      throw new TypeError("AddressRange is not constructed with new; write AddressRange.from('10.0.0.1', '10.0.0.9')");
    this.#first = first;
    this.#last = last;
  }

  /**
   * The range from a first to a last address, both included.
   *
   * @throws {AddressParseError} when one of them is no address
   * @throws {PrefixParseError} `FAMILY` when they are of two families, `ORDER` when the last comes before the first, `ZONE`
   *   when one has a zone
   */
  static from(first: Address | string, last: Address | string): AddressRange {
    const [from, to] = [toAddress(first), toAddress(last)];
    return createRange(from, to, `${from}-${to}`, `${from}-`.length);
  }

  get family(): 4 | 6 {
    return this.#first.family;
  }

  /** The first address. */
  get first(): Address {
    return this.#first;
  }

  /** The last address, which is in the range. */
  get last(): Address {
    return this.#last;
  }

  /** How many addresses there are. */
  get size(): bigint {
    return this.#last.toBigInt() - this.#first.toBigInt() + 1n;
  }

  /**
   * Whether an address is in the range, matched as `Prefix.contains` does: an IPv4-mapped address, and a range inside
   * ::ffff:0:0/96, count as IPv4 unless `mapped` is 'keep'; an address with a zone is in no range unless `zone` is 'ignore'.
   *
   * @throws {AddressParseError} when given text that is no address
   */
  contains(address: Address | string, options: MatchOptions = {}): boolean {
    checkMatchOptions(options);
    const value = toAddress(address);
    const family = loadMatch(value, options);
    const [first, last] = matchedEnds(this, options);
    if (family !== first.family) return false;
    const plain = value.family === 6 ? (family === 4 ? value.unmap() : value.withZone(null)) : value;
    return plain.compare(first) >= 0 && plain.compare(last) <= 0;
  }

  /** The fewest prefixes that make up the range, in order. */
  toPrefixes(): Prefix[] {
    return prefixesBetween(this.family, this.#first.toBigInt(), this.#last.toBigInt());
  }

  /** Every address in order, made as they are asked for. */
  *addresses(): Generator<Address, void, undefined> {
    for (let at: Address | null = this.#first; at !== null && at.compare(this.#last) <= 0; at = at.next()) yield at;
  }

  /**
   * Whether `other` has the same ends.
   *
   * @throws {PrefixParseError} `NOT_RANGE` when `other` is no range value
   */
  equals(other: AddressRange): boolean {
    if (!(other instanceof AddressRange)) {
      const [problem, hint] = [`${typeof other}, not a range value`, 'pass what AddressRange.from returns'];
      throw new PrefixParseError(other, { code: 'NOT_RANGE', offset: 0, problem, hint });
    }
    return this.#first.equals(other.#first) && this.#last.equals(other.#last);
  }

  /** The text, `192.0.2.10-192.0.2.20`. */
  toString(): string {
    return `${this.#first}-${this.#last}`;
  }

  /** The text, so that `JSON.stringify` gives what `parseRange` takes. */
  toJSON(): string {
    return this.toString();
  }

  get [Symbol.toStringTag](): string {
    // Names the range, for the same reason as an address's tag: assertion libraries can't see private fields.
    return this.toString();
  }
}

/**
 * The range of two addresses; an error is about `input`, in which the last stands at `lastAt`.
 *
 * @throws {PrefixParseError} when they make no range
 */
function createRange(first: Address, last: Address, input: string, lastAt: number): AddressRange {
  const fault = (code: PrefixParseError['code'], offset: number, problem: string, hint: string) =>
    new PrefixParseError(input, { code, offset, problem, hint });
  if (first.family !== last.family) throw fault('FAMILY', lastAt, 'two families', 'write both addresses in one');
  if (hasZone(first) || hasZone(last)) {
    throw zoneError(input, input.indexOf('%', hasZone(first) ? 0 : lastAt));
  }
  if (compareAddresses(first, last) > 0) throw fault('ORDER', lastAt, 'last before first', `write ${last}-${first}`);
  return new AddressRange(KEY, first, last);
}

function hasZone(address: Address): boolean {
  return address.family === 6 && address.zone !== null;
}

/** The ends of a range as they are matched and stored: those of a range inside ::ffff:0:0/96 as IPv4, unless kept. */
export function matchedEnds({ first, last }: AddressRange, options: MatchOptions): readonly [Address, Address] {
  if (options.mapped === 'keep' || first.family === 4 || last.family === 4) return [first, last];
  const [from, to] = [first.unmap(), last.unmap()];
  return from.family === to.family ? [from, to] : [first, last];
}

/** The range from one integer to another, both included. */
export function rangeOf(family: 4 | 6, first: bigint, last: bigint): AddressRange {
  return AddressRange.from(addressOf(family, first), addressOf(family, last));
}

/** The fewest prefixes from one integer to another, both included, in order. */
export function prefixesBetween(family: 4 | 6, first: bigint, last: bigint): Prefix[] {
  const width = family === 4 ? 32 : 128;
  const prefixes: Prefix[] = [];
  for (let at = first; at <= last; ) {
    // The largest aligned block that does not reach beyond the end.
    const bits = Math.min(trailingZeros(at, width), floorLog2(last - at + 1n));
    prefixes.push(Prefix.from(addressOf(family, at), width - bits));
    at += 1n << BigInt(bits);
  }
  return prefixes;
}

function trailingZeros(integer: bigint, width: number): number {
  for (let bits = 0; bits < width; bits += 32) {
    const word = Number(BigInt.asUintN(32, integer >> BigInt(bits)));
    if (word !== 0) return bits + 31 - Math.clz32(word & -word);
  }
  return width;
}

function floorLog2(integer: bigint): number {
  const digits = integer.toString(16);
  return digits.length * 4 - 1 - (Math.clz32(Number.parseInt(digits.charAt(0), 16)) - 28);
}
