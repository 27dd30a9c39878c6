import { describe, expect, it } from 'vitest';
import { frozen } from '../../src/checks/frozen.js';

describe('frozen', () => {
  it('gives the same value, which nobody can change any more, at any depth', () => {
    const value = { list: [{ a: 1 }], text: 'x', none: null };
    expect(frozen(value)).toBe(value);
    expect(() => Object.assign(value, { text: 'y' })).toThrow(TypeError);
    expect(() => value.list.push({ a: 2 })).toThrow(TypeError);
    expect(() => Object.assign(value.list[0] ?? {}, { a: 2 })).toThrow(TypeError);
    expect(value).toEqual({ list: [{ a: 1 }], text: 'x', none: null });
  });

  it.each([1, 'x', null, undefined, true])('gives %s as it is', (value) => {
    expect(frozen(value)).toBe(value);
  });
});
