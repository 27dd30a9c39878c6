import { quote } from './quote.js';

/** Throws for options that are none, and for one that there is not: a misspelt option must not be silent. */
export function checkOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`the options are ${quote(options)}: pass an object with ${known.join(', ')}`);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new TypeError(`there is no option ${quote(unknown)}: there is ${known.join(', ')}`);
}
