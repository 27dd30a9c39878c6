import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote, shown, shownAddress } from '../../src/checks/quote.js';
import { parseAddress } from '../../src/ip/index.js';

describe('quote', () => {
  it.each([
    ['a"b\\', '"a\\"b\\\\"'],
    ['\u001b[31m\u202e\0ü', '"\\x1b[31m\\u202e\\x00\\xfc"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    [-0, '-0'],
    [1.5, '1.5'],
    [80n, '80n'],
    [10n ** 100n, 'a bigint'],
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [[1], 'a list'],
    [{}, 'an object'],
    [Symbol('x'), 'a symbol'],
    [() => 1, 'a function'],
  ])('of %o is %s', (value, expected) => {
    expect(quote(value)).toBe(expected);
  });

  it('is short, printable and never a throw', () => {
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(quote(proxy)).toBe('an object');
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string({ unit: 'binary' })), (value) => {
        expect(quote(value)).toMatch(/^[ -~…]{1,400}$/);
      }),
    );
  }, 30_000);
});

it('is as long as it may be', () => {
  expect(quote('x'.repeat(5), 5)).toBe('"xxxxx"');
  expect(quote('x'.repeat(6), 5)).toBe('"xxxxx…"');
  expect(shown('x'.repeat(100), 100)).toBe('x'.repeat(100));
  expect(shown('x'.repeat(101), 100)).toBe(`"${'x'.repeat(100)}…"`);
});

describe('shownAddress', () => {
  it('is the address, cut where its zone is long', () => {
    expect(shownAddress('fe80::1%eth0')).toBe('fe80::1%eth0');
    expect(shownAddress(`${'a.'.repeat(126)}b`)).toBe(`${'a.'.repeat(126)}b`);
    expect(shownAddress(parseAddress(`fe80::1%${'a'.repeat(1000)}`))).toHaveLength(303);
  });
});

describe('shown', () => {
  it('is the text where it is short and printable', () => {
    expect([shown('[::1]:80'), shown('a b'), shown('')]).toEqual(['[::1]:80', '"a b"', '""']);
  });
});
