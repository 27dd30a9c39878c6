import { expect, it } from 'vitest';
import { messageOf } from '../../src/checks/message-of.js';

it.each([
  [new TypeError('odd'), 'odd'],
  ['text', 'text'],
  ['', ''],
  [7, '7'],
  [undefined, 'undefined'],
  [null, 'null'],
  [{ message: 'odd' }, 'an object'],
  // Those that `String` throws for.
  [Object.create(null), 'an object'],
  [Symbol('odd'), 'a symbol'],
])('of what is thrown, case %#', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
