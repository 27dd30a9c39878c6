import { expect, it } from 'vitest';
import { codeOf } from '../../src/checks/code-of.js';
import { Untold } from '../support/untold.js';

it.each([
  [Object.assign(new Error('odd'), { code: 'ENOENT' }), 'ENOENT'],
  [{ code: 7 }, 7],
  [new Error('odd'), undefined],
  ['text', undefined],
  [null, undefined],
  [undefined, undefined],
  [new Untold(), undefined],
])('of what is thrown, case %#', (thrown, code) => {
  expect(codeOf(thrown)).toBe(code);
});
