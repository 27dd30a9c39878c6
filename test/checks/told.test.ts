import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { told } from '../../src/checks/told.js';

it('is the value on one line', () => {
  expect(told('a')).toBe("'a'");
  expect(told({ a: [1, 2] })).toBe('{ a: [ 1, 2 ] }');
});

it.each([
  ['text that turns text around', '\u202e'],
  ['what says of itself what moves a cursor', { [inspect.custom]: () => '\u001b[31m\n' }],
  [
    'what throws',
    {
      [inspect.custom]: () => {
        throw new Error('odd');
      },
    },
  ],
  ['a megabyte', { [inspect.custom]: () => 'x'.repeat(1_000_000) }],
])('is printable and bounded: %s', (_, value) => {
  expect(told(value)).toMatch(/^[ -~…]{1,2000}$/);
});
