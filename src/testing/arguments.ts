import { quote } from '../checks/quote.js';

/** Checks of arguments that are no records: what TypeScript refuses, JavaScript must hear about. */

/** @throws {RangeError} for what is no whole number of the range */
export function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} ${quote(value)}: pass a whole number from ${min} to ${max}`);
}

/** @throws {TypeError} for what is no text */
export function checkText(name: string, value: string, instead: string): void {
  if (typeof value !== 'string') throw new TypeError(`${name} is ${quote(value)}: pass ${instead}`);
}

/** @throws {TypeError} for what can't be gone through item by item, and for a text, which can: by its characters */
export function checkList(name: string, value: Iterable<unknown>, items: string): void {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) return;
  throw new TypeError(`${name} is ${quote(value)}: pass a list of ${items}`);
}
