import { told } from '../checks/told.js';

/** @throws {RangeError} for what is no count; `Infinity` is one */
export function count(name: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1 && (Number.isInteger(value) || value === Infinity)) return value;
  throw new RangeError(`${name} is ${told(value)}: pass an integer from 1, or Infinity`);
}

/** @throws {TypeError} for what is given and no function */
export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${name} is ${told(value)}: pass a function`);
  }
}

/** @throws {TypeError} for what is given and no signal */
export function checkSignal(value: unknown): void {
  if (value !== undefined && !(value instanceof AbortSignal)) {
    throw new TypeError(`signal is ${told(value)}: pass an AbortSignal`);
  }
}
