import { quote } from '../checks/quote.js';
import { told } from '../checks/told.js';

/** Checks of arguments: what TypeScript refuses, JavaScript must hear about. */

/**
 * Throws for options that are none, for one that there is not, as a misspelt bound or guard must not be silent, and for null.
 *
 * @param what they are the options of
 * @param withoutDefault those that the caller refuses himself when they are null
 */
export function checkOptions(
  what: string,
  options: unknown,
  known: readonly string[],
  withoutDefault: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`the options of ${what} are ${told(options)}: pass an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`${what} has no option ${quote(unknown)}: it has ${known.join(', ')}`);
  }
  const empty = Object.entries(options).find(([key, value]) => value === null && !withoutDefault.includes(key));
  if (empty !== undefined) throw new TypeError(`${empty[0]} of ${what} is null: leave it out for its default`);
}

/** @throws {RangeError} for what is no integer in its range: beyond 2147483647 ms a timer fires at once */
export function integer(name: string, value: number, least = 1, most = 0x7fff_ffff): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${told(value)}: pass an integer from ${least} to ${most}`);
}

/** @throws {TypeError} for what is none of the words */
export function oneOf<T>(name: string, value: T, words: readonly T[]): T {
  if (words.includes(value)) return value;
  throw refusal(name, value, words.map((word) => JSON.stringify(word)).join(', '));
}

/** @throws {TypeError} for what is no list */
export function listOf<T>(name: string, value: readonly T[], example: string): readonly T[] {
  if (Array.isArray(value)) return value;
  throw refusal(name, value, `a list, ${example}`);
}

/** @throws {TypeError} for what cannot be called */
export function callable<T extends (...args: never[]) => unknown>(name: string, value: T): T {
  if (typeof value === 'function') return value;
  throw refusal(name, value, 'a function');
}

/** What to throw for a value that is none of what it should be. */
export function refusal(name: string, value: unknown, instead: string): TypeError {
  return new TypeError(`${name} is ${told(value)}: pass ${instead}`);
}
