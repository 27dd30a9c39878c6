import type { BindIssue } from './bind-issue.js';
import { BindError } from './bind-issue.js';
import type { Bind, BindFields, InetBind, InetBindFields, UnixBind, UnixBindFields } from './bind-types.js';
import type { AddressEndpoint, Endpoint, NameEndpoint, UnixEndpoint, WildcardEndpoint } from './endpoint.js';
import { readBind, readText } from './read-bind.js';

export type { Bind, BindFields, InetBind, InetBindFields, Reach, UnixBind, UnixBindFields } from './bind-types.js';

/** What `validateBind` returns: discriminated on `success`. */
export type ValidateBind =
  | { readonly success: true; readonly data: Bind }
  | { readonly success: false; readonly issues: readonly [BindIssue, ...BindIssue[]] };

/**
 * The bind of some fields, of an endpoint, or of endpoint text, checked and frozen. Nothing is coerced: a port is a number, a
 * flag true or false; ports as text stand in endpoint text only. A bind that was made here is returned as it is.
 *
 * @throws {BindError} with everything that is wrong
 */
export function createBind(
  input: InetBind | InetBindFields | AddressEndpoint | NameEndpoint | WildcardEndpoint,
): InetBind;
export function createBind(input: UnixBind | UnixBindFields | UnixEndpoint): UnixBind;
export function createBind(input: Bind | BindFields | Endpoint | string): Bind;
export function createBind(input: Bind | BindFields | Endpoint | string): Bind {
  return dataOf(input, validateBind(input));
}

/** Like `createBind` for a value of any kind, without a throw: `{success: true, data}` or `{success: false, issues}`. */
export function validateBind(input: unknown): ValidateBind {
  if (isMade(input)) return { success: true, data: input };
  return remember(typeof input === 'string' ? readText(input) : readBind(input, { nulls: 'refuse' }));
}

/**
 * A bind that may not be of our making, or that was copied and changed.
 *
 * @throws {BindError} with everything that is wrong
 */
export function checkBind(bind: unknown): Bind {
  if (isMade(bind)) return bind;
  return dataOf(bind, remember(readBind(bind, { nulls: 'leave-out' })));
}

/** The binds that were made here: frozen, so that they are still what they were. */
const MADE = /* @__PURE__ */ new WeakSet<object>();

function isMade(value: unknown): value is Bind {
  return typeof value === 'object' && value !== null && MADE.has(value);
}

function remember(result: ValidateBind): ValidateBind {
  if (result.success) MADE.add(result.data);
  return result;
}

function dataOf(input: unknown, result: ValidateBind): Bind {
  if (result.success) return result.data;
  throw new BindError(input, result.issues);
}
