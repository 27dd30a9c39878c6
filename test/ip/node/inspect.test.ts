import assert from 'node:assert';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PrefixMap, PrefixSet, parseAddress, parsePrefix, parseRange } from '../../../src/ip/index.js';

describe('console.log shows', () => {
  it.each([
    ['192.0.2.1', 'IPv4Address 192.0.2.1'],
    ['2001:db8::1', 'IPv6Address 2001:db8::1'],
    ['fe80::1%eth0', 'IPv6Address fe80::1%eth0'],
  ])('%s readable', (text, shown) => {
    expect(inspect(parseAddress(text))).toBe(shown);
    expect(inspect([parseAddress(text)])).toBe(`[ ${shown} ]`);
  });

  it('prefixes, ranges, sets and maps readable', () => {
    expect(inspect(parsePrefix('10.0.0.0/8'))).toContain('10.0.0.0/8');
    expect(inspect(parseRange('10.0.0.1-10.0.0.9'))).toContain('10.0.0.1-10.0.0.9');
    expect(inspect(PrefixSet.from(['10.0.0.0/8', '::1']))).toContain('10.0.0.0/8');
    expect(inspect(PrefixMap.from([['10.0.0.0/8', 1]]))).toBe('PrefixMap [1 prefixes] {}');
  });
});

describe('node:assert, which cannot see private fields, tells apart', () => {
  it.each([
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8::1', '2001:db8::2'],
    ['fe80::1%a', 'fe80::1%b'],
    ['192.0.2.1', '::ffff:192.0.2.1'],
  ])('addresses: %s and %s', (one, other) => {
    assert.deepStrictEqual(parseAddress(one), parseAddress(one));
    assert.notDeepStrictEqual(parseAddress(one), parseAddress(other));
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/9'],
    ['10.0.0.0/8', '11.0.0.0/8'],
    ['::/64', '::/65'],
  ])('prefixes: %s and %s', (one, other) => {
    assert.deepStrictEqual(parsePrefix(one), parsePrefix(one));
    assert.notDeepStrictEqual(parsePrefix(one), parsePrefix(other));
  });

  it('ranges', () => {
    assert.deepStrictEqual(parseRange('::1-::2'), parseRange('::1 - ::2'));
    assert.notDeepStrictEqual(parseRange('::1-::2'), parseRange('::1-::3'));
  });

  it('sets', () => {
    const set = PrefixSet.from(['10.0.0.0/8', '::1']);
    assert.deepStrictEqual(set, PrefixSet.from(['::1', '10.0.0.0/8']));
    assert.notDeepStrictEqual(set, PrefixSet.from(['10.0.0.0/8']));
  });
});
