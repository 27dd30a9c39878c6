import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { isThenable } from '../../src/checks/is-thenable.js';

const withThen = (then: unknown) => Object.fromEntries([['then', then]]);

it.each([[Promise.resolve()], [runInNewContext('Promise.resolve()')], [withThen(() => {})]])('is, case %#', (value) => {
  expect(isThenable(value)).toBe(true);
});

it.each([[undefined], [null], [5], ['then'], [{}], [withThen(5)], [() => {}]])('is not, case %#', (value) => {
  expect(isThenable(value)).toBe(false);
});
