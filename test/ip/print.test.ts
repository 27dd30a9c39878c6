import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IPv6Address, parseAddress } from '../../src/ip/index.js';
import { ipv6Integer, slowAddress, zoned } from '../support/arbitraries.js';
import { LAST, printSlowly } from '../support/slow-address.js';

describe('RFC 5952', () => {
  it.each([
    ['lower case, no leading zeros', '2001:0DB8:0000:0000:0000:0000:00AB:0CDE', '2001:db8::ab:cde'],
    ['the longest run', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['the longest run, when it is the first', '2001:0:0:0:1:0:0:1', '2001::1:0:0:1'],
    ['of equal runs the first', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['of three equal runs the first', '0:0:1:0:0:1:0:0', '::1:0:0:1:0:0'],
    ['never one group', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['never one group, at the start', '0:1:1:1:1:1:1:1', '0:1:1:1:1:1:1:1'],
    ['never one group, at the end', '1:1:1:1:1:1:1:0', '1:1:1:1:1:1:1:0'],
    ['never one of several', '0:1:0:1:0:1:0:1', '0:1:0:1:0:1:0:1'],
    ['as much as it can', '2001:db8:0:0:0:0:0:0', '2001:db8::'],
    ['at the start', '0:0:1:1:1:1:1:1', '::1:1:1:1:1:1'],
    ['all zeros', '0:0:0:0:0:0:0:0', '::'],
    ['loopback', '0:0:0:0:0:0:0:1', '::1'],
  ])('%s', (_, text, canonical) => {
    expect(String(parseAddress(text))).toBe(canonical);
  });

  it('agrees with the slow printer', () => {
    fc.assert(
      fc.property(ipv6Integer, (integer) => {
        expect(String(IPv6Address.fromBigInt(integer))).toBe(printSlowly({ family: 6, integer }));
      }),
      { numRuns: 5000 },
    );
  });

  it('agrees with the slow printer on every set of zero groups', () => {
    for (let zeros = 0; zeros < 256; zeros++) {
      const groups = Array.from({ length: 8 }, (_, i) => ((zeros >> i) & 1 ? '0000' : 'a0b1'));
      const integer = BigInt(`0x${groups.join('')}`);
      expect(String(IPv6Address.fromBigInt(integer))).toBe(printSlowly({ family: 6, integer }));
    }
  });

  it('holds for every address: at most one `::`, for two groups or more, lower case, no leading zeros', () => {
    fc.assert(
      fc.property(slowAddress, ({ family, integer }) => {
        fc.pre(family === 6);
        const text = String(IPv6Address.fromBigInt(integer));
        expect(text).toMatch(/^[0-9a-f:.]+$/);
        expect(text).not.toMatch(/(^|:)0[0-9a-f]/);
        const [before = '', after, more] = text.split('::');
        expect(more).toBeUndefined();
        const groups = [before, after ?? ''].flatMap((side) => side.split(':')).filter((group) => group !== '');
        const written = groups.length + groups.filter((group) => group.includes('.')).length;
        if (after === undefined) expect(written).toBe(8);
        else expect(written).toBeLessThanOrEqual(6);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('mixed notation', () => {
  it.each([
    ['::ffff:0:0', '::ffff:0.0.0.0'],
    ['::ffff:ffff:ffff', '::ffff:255.255.255.255'],
    ['::ffff:0:0:0', '::ffff:0:0.0.0.0'],
    ['::ffff:0:7f00:1', '::ffff:0:127.0.0.1'],
    ['::ffff:0:ffff:ffff', '::ffff:0:255.255.255.255'],
    ['64:ff9b::', '64:ff9b::0.0.0.0'],
    ['64:ff9b::c000:201', '64:ff9b::192.0.2.1'],
    ['64:ff9b::ffff:ffff', '64:ff9b::255.255.255.255'],
  ])('is used for %s', (text, canonical) => {
    expect(String(parseAddress(text))).toBe(canonical);
  });

  it.each([
    // beside the three prefixes
    ...[
      '::fffe:ffff:ffff',
      '::1:0:0:0',
      '::fffe:ffff:ffff:ffff',
      '::ffff:1:0:0',
      '64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff',
    ],
    ...['64:ff9b::1:0:0', '64:ff9b:1::c000:201', '1::ffff:c000:201', '1::ffff:0:c000:201', '64:ff9b:0:1::c000:201'],
    // IPv4-compatible: `::2` must not become `::0.0.0.2`
    ...['::2', '::7f00:1', '::ffff:ffff', '::102:304'],
    // 6to4, Teredo, ISATAP
    ...['2002:c000:201::1', '2001::c000:201', 'fe80::5efe:c000:201', 'fe80::200:5efe:c000:201'],
  ])('is not used for %s', (text) => {
    expect(String(parseAddress(text))).toBe(text);
  });
});

describe('zones', () => {
  it('stand behind the text of the address, as they are', () => {
    fc.assert(
      fc.property(zoned, (value) => {
        expect(String(value)).toBe(`${printSlowly({ family: 6, integer: value.toBigInt() })}%${value.zone}`);
      }),
    );
  });
});

describe('IPv4', () => {
  it('agrees with the slow printer', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, LAST[4]), (integer) => {
        const text = printSlowly({ family: 4, integer });
        expect(String(parseAddress(text))).toBe(text);
        expect(parseAddress(text).toBigInt()).toBe(integer);
      }),
      { numRuns: 2000 },
    );
  });
});
