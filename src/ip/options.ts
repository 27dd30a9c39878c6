import { quote } from './address-parse-error.js';

/** Checks of arguments that are no addresses: what TypeScript refuses, JavaScript must hear about. */

/** Throws for options that are none, and for one that there is not: a misspelt option of a guard must not be silent. */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`the options are ${quote(options)}: pass an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new TypeError(`there is no option ${quote(unknown)}: there is ${known.join(', ')}`);
}

/** Throws for a family that is none: an index of `filter` or `map`, as often as not. */
export function checkFamily(family: unknown): void {
  if (family !== undefined && family !== 4 && family !== 6)
    throw new TypeError(`family is ${quote(family)}: pass 4 or 6`);
}

/** Throws for what is none of the words. */
export function checkWord(word: unknown, words: readonly string[], what: string): void {
  if (typeof word === 'string' && words.includes(word)) return;
  throw new TypeError(`${what} is ${quote(word)}: write ${words.map((one) => `'${one}'`).join(' or ')}`);
}

/** Throws for what is no function. */
export function checkFunction(given: unknown, what: string): void {
  if (typeof given !== 'function') throw new TypeError(`${what} is ${quote(given)}: pass a function`);
}

/**
 * Throws for what can't be gone through item by item, and for a text, which can: by its characters, which nobody means.
 *
 * @param example what to write instead
 */
export function checkList(items: unknown, example: string): void {
  const iterator = (items as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
  if (typeof items === 'object' && typeof iterator === 'function') return;
  throw new TypeError(`${quote(items)} is no list: write ${example}`);
}
