import { told } from '../checks/told.js';
import type { CanResolve } from '../dns/index.js';

/** Beyond it a timer of Node fires at once. */
export const LONGEST_MS = 0x7fff_ffff;

/** @throws {RangeError} for what is no integer of the range */
export function integer(name: string, value: unknown, least: number, most = LONGEST_MS): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is ${told(value)}: pass an integer from ${least} to ${most}`);
}

/** @throws {TypeError} */
export function toggle(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`${name} is ${told(value)}: pass true or false`);
}

/** @throws {TypeError} for what has no `resolve` to ask */
export function checkResolver(value: CanResolve): void {
  if (typeof value?.resolve === 'function') return;
  throw new TypeError(`resolver is ${told(value)}: pass a Resolver, or an object with a function resolve`);
}
