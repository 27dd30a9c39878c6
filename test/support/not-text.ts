/** What JavaScript callers pass where text belongs. */
export const NOT_TEXT: readonly (readonly [name: string, value: unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a number', 42],
  ['an object', {}],
  ['an array', []],
  ['an array with an address', ['192.0.2.1']],
  ['an object that looks like an address', { family: 4, toString: () => '192.0.2.1' }],
  ['a symbol', Symbol('192.0.2.1')],
  ['a bigint', 10n],
  ['a function', () => '192.0.2.1'],
];

/** Passes a value where the types forbid it, as JavaScript callers do. */
export function forbidden<T>(value: unknown): T {
  return value as T;
}
