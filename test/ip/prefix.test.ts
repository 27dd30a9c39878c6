import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  AddressParseError,
  comparePrefixes,
  formatReverseName,
  IPv4Address,
  IPv6Address,
  isAddress,
  isPrefix,
  mergePrefixes,
  Prefix,
  PrefixParseError,
  type PrefixParseErrorCode,
  parseAddress,
  parsePrefix,
  safeParsePrefix,
} from '../../src/ip/index.js';
import { anyText, slowAddress } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { LAST, printSlowly, readSlowly, type SlowPrefix } from '../support/slow-address.js';
import {
  comparePrefixesSlowly,
  holds,
  isInside,
  prefix,
  prefixPair,
  printPrefix,
  shareAnAddress,
  slowPrefix,
  unwrapAddress,
  unwrapPrefix,
  WIDTH,
} from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

/** The first so many of what may have no end that anybody lives to see. */
function take<T>(items: Iterable<T>, count: number): string[] {
  const taken: string[] = [];
  for (const item of items) {
    if (taken.push(String(item)) === count) break;
  }
  return taken;
}

function addressText(family: 4 | 6, integer: bigint): string {
  return printSlowly({ family, integer });
}

function errorOf(run: () => unknown): PrefixParseError {
  try {
    run();
  } catch (error) {
    if (error instanceof PrefixParseError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Every prefix that a hint tells to write. */
function prefixesIn(hint: string): string[] {
  const [, written = ''] = /\bwrite ((?:[0-9a-f.:]+\/\d+(?: or )?)+)/.exec(hint) ?? [];
  return written.split(' or ').filter((text) => text !== '');
}

describe('parsePrefix', () => {
  it.each([
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.128/25', '192.0.2.128/25'],
    ['255.255.255.254/31', '255.255.255.254/31'],
    ['255.255.255.255/32', '255.255.255.255/32'],
    ['::/0', '::/0'],
    ['8000::/1', '8000::/1'],
    ['2001:DB8:0::/32', '2001:db8::/32'],
    ['2001:db8:0:0:8000::/65', '2001:db8:0:0:8000::/65'],
    ['::1/128', '::1/128'],
    ['::ffff:10.0.0.0/104', '::ffff:10.0.0.0/104'],
    ['64:ff9b::c000:200/120', '64:ff9b::192.0.2.0/120'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127'],
  ])('takes %s', (text, canonical) => {
    const value = parsePrefix(text);
    expect(String(value)).toBe(canonical);
    expect(value.family).toBe(text.includes(':') ? 6 : 4);
    expect(value.length).toBe(Number(text.split('/')[1]));
    expect(isPrefix(text)).toBe(true);
    expect(isPrefix(text, value.family)).toBe(true);
    expect(isPrefix(text, value.family === 4 ? 6 : 4)).toBe(false);
    expect(safeParsePrefix(text)).toMatchObject({ success: true, data: value });
  });

  const refused: readonly (readonly [text: string, code: PrefixParseErrorCode, offset: number, hint: string])[] = [
    ['', 'BAD_ADDRESS', 0, 'write a prefix, e.g. 192.0.2.0/24'],
    ['/', 'BAD_ADDRESS', 0, 'write a prefix, e.g. 192.0.2.0/24'],
    ['/8', 'BAD_ADDRESS', 0, 'write a prefix, e.g. 192.0.2.0/24'],
    ['example.com/8', 'BAD_ADDRESS', 0, 'a name is no prefix'],
    ['10/8', 'BAD_ADDRESS', 2, 'write 10.0.0.0/8'],
    ['172.16/12', 'BAD_ADDRESS', 6, 'write 172.16.0.0/12'],
    ['10.1/8', 'BAD_ADDRESS', 4, 'write 10.0.0.0/8, as 10.1.0.0/8 has bits set after the prefix'],
    ['10', 'BAD_ADDRESS', 2, 'e.g. 192.0.2.0/24'],
    ['10./8', 'BAD_ADDRESS', 3, 'e.g. 192.0.2.0/24'],
    ['010/8', 'BAD_ADDRESS', 0, 'e.g. 192.0.2.0/24'],
    ['300/8', 'BAD_ADDRESS', 0, 'e.g. 192.0.2.0/24'],
    ['10.1/8x', 'BAD_ADDRESS', 4, 'e.g. 192.0.2.0/24'],
    ['10.1/33', 'BAD_ADDRESS', 4, 'e.g. 192.0.2.0/24'],
    ['127.1/16', 'BAD_ADDRESS', 5, 'write 127.1.0.0/16'],
    ['127.1/17', 'BAD_ADDRESS', 5, 'e.g. 192.0.2.0/24'],
    ['127.1:80/8', 'BAD_ADDRESS', 5, 'e.g. 192.0.2.0/24'],
    ['4.3.2.1.in-addr.arpa', 'BAD_ADDRESS', 8, 'parseReverseName'],
    ['my-host.example', 'BAD_ADDRESS', 0, 'a name is no prefix'],
    ['10.0.0.0-9', 'BAD_ADDRESS', 8, 'parseRange'],
    ['10.0.0.0 -10.0.0.9', 'BAD_ADDRESS', 8, 'parseRange'],
    ['10.0.0.0-x', 'BAD_ADDRESS', 8, 'a name is no prefix'],
    // Neither has parseRange zones.
    ['fe80::1%a-fe80::2%b', 'ZONE', 7, 'a prefix has none'],
    [
      '10.0.0.0-9/24',
      'BAD_ADDRESS',
      8,
      'a range has no prefix length, write four decimal octets and a length, e.g. 192.0.2.0/24',
    ],
    ['::1-::9/64', 'BAD_ADDRESS', 3, 'a range has no prefix length, write e.g. 2001:db8::/32'],
    ['10.0.0.0:8', 'BAD_ADDRESS', 8, 'write 10.0.0.0/8 or 10.0.0.0/32'],
    ['10.0.0.1:8', 'BAD_ADDRESS', 8, 'write 10.0.0.1/32'],
    ['10.0.0.0:80', 'BAD_ADDRESS', 8, 'write 10.0.0.0/32'],
    ['10.0.0.0.', 'BAD_ADDRESS', 8, 'write 10.0.0.0/32'],
    [
      '0.0.0.0 255.255.255.255',
      'BAD_ADDRESS',
      7,
      'read an address and a netmask with Prefix.fromNetmask, or a wildcard mask with Prefix.fromWildcardMask',
    ],
    [
      '10.0.0.5/0.0.0.0',
      'BAD_LENGTH',
      9,
      'a netmask with Prefix.fromNetmask, or a wildcard mask with Prefix.fromWildcardMask',
    ],
    [
      '010.0.0.1/8',
      'BAD_ADDRESS',
      0,
      'write 10.0.0.0/8 or 8.0.0.0/8, as 10.0.0.1/8 and 8.0.0.1/8 have bits set after the prefix',
    ],
    [
      '10.0.0.0200/26',
      'BAD_ADDRESS',
      7,
      'write 10.0.0.192/26 or 10.0.0.128/26, as 10.0.0.200/26 has bits set after the prefix',
    ],
    [' 010.0.0.0/8', 'BAD_ADDRESS', 0, 'write 10.0.0.0/8 or 8.0.0.0/8'],
    [
      '::ffff:10.0.0.0/08',
      'BAD_LENGTH',
      16,
      'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as ::ffff:10.0.0.0/8 has bits set after the prefix',
    ],
    ['::ffff:10.0.0.1/32', 'HOST_BITS', 0, 'write ::ffff:10.0.0.1/128 or 10.0.0.1/32'],
    ['::/x', 'BAD_LENGTH', 3, 'write one decimal number after the slash'],
    ['10.0.0.0;8', 'BAD_ADDRESS', 8, 'write four decimal octets and a length, e.g. 192.0.2.0/24'],
    ['010.0.0.1/99', 'BAD_ADDRESS', 0, 'write four decimal octets and a length, e.g. 192.0.2.0/24'],
    ['[::1]/999', 'BAD_ADDRESS', 0, 'write e.g. 2001:db8::/32'],
    ['010.0.0.0/ 8', 'BAD_ADDRESS', 0, 'write 10.0.0.0/8 or 8.0.0.0/8'],
    ['x 10.0.0.0 8', 'BAD_ADDRESS', 1, 'write four decimal octets and a length, e.g. 192.0.2.0/24'],
    ['::ffff:10.0.0.1/33', 'HOST_BITS', 0, "write ::/33, or mask with hostBits: 'mask'"],
    ['x.in-addr.arpa.example/8', 'BAD_ADDRESS', 0, 'a name is no prefix, resolve it first'],
    ['10.0.0.0/1000', 'LENGTH_RANGE', 9, 'write 0 to 32 for IPv4'],
    ['::ffff:10.0.0.0/ 8', 'BAD_LENGTH', 16, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    [' ::ffff:10.0.0.0/8', 'BAD_ADDRESS', 0, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    ['::ffff:10.0.0.0 8', 'BAD_ADDRESS', 15, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    ['[::ffff:10.0.0.0]/8', 'BAD_ADDRESS', 0, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    ['::ffff:10.0.0.0/ff00::', 'BAD_LENGTH', 16, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    [
      '::ffff:010.0.0.0/8',
      'BAD_ADDRESS',
      7,
      'write ::ffff:10.0.0.0/104 or 10.0.0.0/8 or ::ffff:8.0.0.0/104 or 8.0.0.0/8, as',
    ],
    ['::ffff:10.0.0.0%eth0/8', 'ZONE', 15, 'a prefix has none, write ::ffff:10.0.0.0/104 or 10.0.0.0/8'],
    ['::ffff:10.0.0.0/033', 'BAD_LENGTH', 16, 'write ::/33, as ::ffff:10.0.0.0/33 has bits set after the prefix'],
    ['http://10.0.0.0/8', 'BAD_ADDRESS', 4, 'a URL is no prefix, take its host'],
    ['10.0.0.0 8', 'BAD_ADDRESS', 8, 'write 10.0.0.0/8'],
    ['2001:db8:: 32', 'BAD_ADDRESS', 10, 'write 2001:db8::/32'],
    ['10.0.0.0 33', 'BAD_ADDRESS', 8, 'e.g. 192.0.2.0/24'],
    ['10.0.0. 8', 'BAD_ADDRESS', 7, 'e.g. 192.0.2.0/24'],
    ['x 8', 'BAD_ADDRESS', 1, 'e.g. 192.0.2.0/24'],
    ['10.0.0.0 0.0.0.255', 'BAD_ADDRESS', 8, 'Prefix.fromWildcardMask'],
    ['10.0.0.0 255.0.255.0', 'BAD_ADDRESS', 8, 'e.g. 192.0.2.0/24'],
    [' 10.0.0.1', 'BAD_ADDRESS', 0, 'write 10.0.0.1/32'],
    ['[::1]', 'BAD_ADDRESS', 0, 'write ::1/128'],
    ['::1.2.3', 'BAD_ADDRESS', 7, 'e.g. ::ffff:192.0.2.0/120'],
    ['10.0.0.0-10.0.0.9', 'BAD_ADDRESS', 8, 'parseRange'],
    ['10.0.0.0 255.0.0.0', 'BAD_ADDRESS', 8, 'Prefix.fromNetmask'],
    ['10.0.0/8', 'BAD_ADDRESS', 6, '10.0.0.0'],
    ['256.0.0.0/8', 'BAD_ADDRESS', 0, 'write four decimal octets'],
    ['010.0.0.0/8', 'BAD_ADDRESS', 0, 'write 10.0.0.0/8 or 8.0.0.0/8'],
    ['10.0.0.0 /8', 'BAD_ADDRESS', 8, 'write 10.0.0.0/8'],
    [' 10.0.0.0/8', 'BAD_ADDRESS', 0, 'write 10.0.0.0/8'],
    ['10.0.0.0:80/8', 'BAD_ADDRESS', 8, 'write 10.0.0.0/8'],
    ['[::]/0', 'BAD_ADDRESS', 0, 'write ::/0'],
    ['2001:db8/32', 'BAD_ADDRESS', 8, 'write'],
    ['10.0.0.0', 'NO_LENGTH', 8, 'write 10.0.0.0/32 for the address alone'],
    ['::', 'NO_LENGTH', 2, 'write ::/128 for the address alone'],
    ['10.0.0.0/', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/08', 'BAD_LENGTH', 9, 'write 10.0.0.0/8'],
    ['10.0.0.1/08', 'BAD_LENGTH', 9, 'write 10.0.0.0/8, as 10.0.0.1/8 has bits set after the prefix'],
    ['10.0.0.1/00', 'BAD_LENGTH', 9, 'write 0.0.0.0/0, as 10.0.0.1/0 has bits set after the prefix'],
    ['10.0.0.0/00', 'BAD_LENGTH', 9, 'write 0.0.0.0/0'],
    ['10.0.0.0/033', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['2001:db8::1/0064', 'BAD_LENGTH', 12, 'write 2001:db8::/64'],
    ['10.0.0.0/ 8', 'BAD_LENGTH', 9, 'write 10.0.0.0/8'],
    ['10.0.0.0/8 ', 'BAD_LENGTH', 10, 'write 10.0.0.0/8'],
    ['10.0.0.0/8\n', 'BAD_LENGTH', 10, 'write 10.0.0.0/8'],
    ['10.0.0.0/8 x', 'BAD_LENGTH', 10, 'write one decimal number after the slash'],
    ['10.0.0.0/+8', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/-8', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/8.0', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/1e1', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/0x8', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/\uff18', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0//8', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/8/8', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['10.0.0.0/255.0.0.0', 'BAD_LENGTH', 9, 'Prefix.fromNetmask'],
    ['10.0.0.0/255.0.255.0', 'BAD_LENGTH', 9, 'write one decimal number after the slash'],
    ['::/ffff::', 'BAD_LENGTH', 3, 'write ::/16'],
    ['::/ffff:0:ffff::', 'BAD_LENGTH', 3, 'write one decimal number after the slash'],
    ['10.0.0.0/0.255.255.255', 'BAD_LENGTH', 9, 'Prefix.fromWildcardMask'],
    ['10.0.0.0/33', 'LENGTH_RANGE', 9, 'write 0 to 32 for IPv4'],
    ['10.0.0.0/129', 'LENGTH_RANGE', 9, 'write 0 to 32 for IPv4'],
    ['10.0.0.0/4294967304', 'LENGTH_RANGE', 9, 'write 0 to 32 for IPv4'],
    [`10.0.0.0/${'9'.repeat(400)}`, 'LENGTH_RANGE', 9, 'write 0 to 32 for IPv4'],
    ['::/129', 'LENGTH_RANGE', 3, 'write 0 to 128 for IPv6'],
    ['::1/129', 'LENGTH_RANGE', 4, 'write 0 to 128 for IPv6'],
    ['fe80::%eth0/64', 'ZONE', 6, 'a prefix has none, write fe80::/64'],
    ['fe80::1%eth0/64', 'ZONE', 7, 'a prefix has none, write fe80::/64'],
    ['fe80::1%eth0', 'ZONE', 7, 'a prefix has none, write fe80::1/128'],
    ['fe80::1%eth0/999', 'ZONE', 7, 'a prefix has none'],
    ['fe80::1%eth0/\x1b[31m', 'ZONE', 7, 'a prefix has none'],
    ['fe80::1%25eth0/64', 'ZONE', 7, 'a prefix has none, write fe80::/64'],
    ['::1%eth0/64', 'ZONE', 3, 'a prefix has none, write ::/64'],
    ['::1%', 'ZONE', 3, 'a prefix has none, write ::1/128'],
    ['10.0.0.0%eth0/8', 'ZONE', 8, 'a prefix has none, write 10.0.0.0/8'],
    ['::ffff:10.0.0.0/8', 'HOST_BITS', 0, 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8'],
    ['::ffff:10.0.0.0/33', 'HOST_BITS', 0, "write ::/33, or mask with hostBits: 'mask'"],
    ['::ffff:10.0.0.0/0', 'HOST_BITS', 0, 'write ::/0,'],
    ['10.0.0.1/8', 'HOST_BITS', 0, "write 10.0.0.0/8, or mask with hostBits: 'mask'"],
    ['128.0.0.0/0', 'HOST_BITS', 0, 'write 0.0.0.0/0,'],
    ['255.255.255.255/31', 'HOST_BITS', 0, 'write 255.255.255.254/31,'],
    ['2001:db8::1/64', 'HOST_BITS', 0, 'write 2001:db8::/64,'],
    ['::1/0', 'HOST_BITS', 0, 'write ::/0,'],
    ['2001:db8::1:0:0/79', 'HOST_BITS', 0, 'write 2001:db8::/79,'],
    ['::ffff:10.0.0.1/104', 'HOST_BITS', 0, 'write ::ffff:10.0.0.0/104,'],
  ];

  it('offers to mask where that is meant, whatever was read before', () => {
    const hintOf = (text: string) => {
      const result = safeParsePrefix(text);
      return result.success ? null : result.error.hint;
    };
    expect(hintOf('::ffff:10.0.0.1/32')).toBe('write ::ffff:10.0.0.1/128 or 10.0.0.1/32');
    expect(hintOf('10.0.0.1/8')).toBe("write 10.0.0.0/8, or mask with hostBits: 'mask'");
  });

  it.each(refused)('refuses %j: %s at %d', (text, code, offset, hint) => {
    expect(isPrefix(text)).toBe(false);
    const error = errorOf(() => parsePrefix(text));
    expect(error).toMatchObject({ name: 'PrefixParseError', code, input: text, offset });
    expect(error.hint).toContain(hint);
    expect(prefixesIn(error.hint).every((found) => isPrefix(found))).toBe(true);
    expect(error.message).toMatch(/^[ -~…]*$/);
    const result = safeParsePrefix(text);
    expect(result).toMatchObject({ success: false, error: { code, offset, message: error.message } });
    if (code === 'HOST_BITS') return;
    expect(errorOf(() => parsePrefix(text, { hostBits: 'mask' }))).toMatchObject({ code, offset });
    expect(safeParsePrefix(text, { hostBits: 'mask' }).success).toBe(false);
  });

  it.each([
    [
      '10.0.0.1/8',
      `"10.0.0.1/8": bits set after the prefix at offset 0; write 10.0.0.0/8, or mask with hostBits: 'mask'`,
    ],
    ['10.0.0.0/08', '"10.0.0.0/08": prefix length "08" at offset 9; write 10.0.0.0/8'],
    ['::/129', '"::/129": prefix length "129" at offset 3; write 0 to 128 for IPv6'],
    ['::1', '"::1": no prefix length at offset 3; write ::1/128 for the address alone'],
    ['fe80::1%eth0/64', '"fe80::1%eth0/64": zone at offset 7; a prefix has none, write fe80::/64'],
    ['10.0.0/8', '"10.0.0/8": 3 octets of four at offset 6; write 10.0.0.0/8'],
  ])('says of %s what to write', (text, message) => {
    expect(errorOf(() => parsePrefix(text)).message).toBe(message);
  });

  it('masks when asked to, and only then', () => {
    expect(String(parsePrefix('10.1.2.3/8', { hostBits: 'mask' }))).toBe('10.0.0.0/8');
    expect(String(parsePrefix('2001:db8::ffff/33', { hostBits: 'mask' }))).toBe('2001:db8::/33');
    expect(String(parsePrefix('ffff::ffff/0', { hostBits: 'mask' }))).toBe('::/0');
    expect(safeParsePrefix('10.1.2.3/8', { hostBits: 'mask' })).toMatchObject({ success: true });
    for (const hostBits of ['reject', undefined] as const) {
      expect(errorOf(() => parsePrefix('10.1.2.3/8', { hostBits })).code).toBe('HOST_BITS');
      expect(errorOf(() => Prefix.from('10.1.2.3', 8, { hostBits })).code).toBe('HOST_BITS');
    }
    for (const hostBits of [forbidden<'mask'>('MASK'), forbidden<'mask'>(true)]) {
      expect(() => parsePrefix('10.0.0.0/8', { hostBits })).toThrow("write 'reject' or 'mask'");
      expect(() => Prefix.from('10.0.0.0', 8, { hostBits })).toThrow("write 'reject' or 'mask'");
    }
  });

  it.each(NOT_TEXT)('refuses %s', (_, value) => {
    const text = forbidden<string>(value);
    expect(isPrefix(value)).toBe(false);
    const expected = { code: 'NOT_TEXT', input: value, offset: 0, hint: 'pass the prefix as a string' };
    expect(errorOf(() => parsePrefix(text))).toMatchObject(expected);
    expect(safeParsePrefix(text)).toMatchObject({ success: false, error: expected });
  });

  it('takes what the grammar says, and nothing else', () => {
    const length = fc.oneof(
      fc.integer({ min: 0, max: 140 }).map(String),
      fc.constantFrom('', '08', ' 8', '8 ', '-1', '1.'),
    );
    const text = fc.oneof(
      fc.tuple(anyText, length).map(([address, bits]) => `${address}/${bits}`),
      prefix.map(printPrefix),
      anyText,
    );
    fc.assert(
      fc.property(text, (input) => {
        const result = safeParsePrefix(input);
        const slash = input.indexOf('/');
        const [address, bits] = slash < 0 ? [input, ''] : [input.slice(0, slash), input.slice(slash + 1)];
        const isOne = isAddress(address) && !address.includes('%') && /^(?:0|[1-9]\d{0,2})$/.test(bits);
        const { family, integer } = isOne ? readSlowly(address) : { family: 4 as const, integer: 0n };
        const expected = isOne && Number(bits) <= WIDTH[family] ? slowPrefix(family, integer, Number(bits)) : null;
        expect(isPrefix(input)).toBe(result.success);
        if (result.success) {
          expect(expected?.first).toBe(integer);
          expect(String(result.data)).toBe(expected && printPrefix(expected));
          return;
        }
        const { error } = result;
        expect(error.code === 'HOST_BITS').toBe(expected !== null);
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(input.length);
        expect(prefixesIn(error.hint).filter((found) => !isPrefix(found))).toStrictEqual([]);
        expect(error.message).toMatch(/^[ -~…]*$/);
        const masked = safeParsePrefix(input, { hostBits: 'mask' });
        expect(masked.success ? String(masked.data) : null).toBe(expected && printPrefix(expected));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('what a hint tells to write', () => {
  const quad = fc.tuple(fc.nat(255), fc.nat(255), fc.constantFrom(0, 0, 128, 200), fc.constantFrom(0, 0, 1, 64));
  const zeros = fc.array(fc.constantFrom('', '', '', '0', '00'), { minLength: 4, maxLength: 4 });
  const slips: readonly ((address: string, length: string) => string)[] = [
    (address, length) => `${address}/${length}`,
    (address, length) => `${address}/0${length}`,
    (address, length) => `${address}/ ${length}`,
    (address, length) => ` ${address}/${length}\n`,
    (address, length) => `${address} ${length}`,
    (address, length) => `${address} /${length}`,
    (address, length) => `${address}./${length}`,
    (address, length) => `[${address}]/${length}`,
    (address, length) => `${address}%eth0/${length}`,
    (address, length) => `${address}:${length}`,
    (address, length) => `${address}:80/${length}`,
  ];

  it('is taken, and is one of the readings', () => {
    let written = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('', '::ffff:', '::', '64:ff9b::'),
        quad,
        zeros,
        fc.integer({ min: 1, max: 32 }),
        fc.constantFrom(...slips),
        (head, octets, padding, length, slip) => {
          const digits = octets.map((octet, i) => `${padding[i]}${octet}`);
          const input = slip(`${head}${digits.join('.')}`, String(length));
          const result = safeParsePrefix(input);
          if (result.success) return;
          // Each reader's octets: decimal, and octal where a zero stands in front.
          const octal = digits.map((text) => (/^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text)));
          const readings = [octets, octal].map((read) => read.join('.'));
          const mask = { hostBits: 'mask' } as const;
          const meant = readings
            .filter((read) => isAddress(read))
            .flatMap((read) => {
              if (head === '') return [`${read}/${length}`, `${read}/32`];
              if (head === '::ffff:')
                return [`${read}/${length}`, `${head}${read}/${length + 96}`, `${head}${read}/128`];
              return [`${head}${read}/${length}`, `${head}${read}/128`];
            })
            .map((read) => String(parsePrefix(read, mask)));
          for (const text of prefixesIn(result.error.hint)) {
            expect(meant, input).toContain(String(parsePrefix(text)));
            written++;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(written).toBeGreaterThan(1000);
  });
});

describe('Prefix.from', () => {
  it.each([
    ['10.0.0.0', 8, '10.0.0.0/8'],
    ['0.0.0.0', 0, '0.0.0.0/0'],
    ['0.0.0.0', -0, '0.0.0.0/0'],
    ['255.255.255.255', 32, '255.255.255.255/32'],
    ['2001:DB8::', 32, '2001:db8::/32'],
    ['::', 128, '::/128'],
  ])('%s, %d', (address, length, text) => {
    expect(String(Prefix.from(address, length))).toBe(text);
    expect(Prefix.from(parseAddress(address), length).equals(parsePrefix(text))).toBe(true);
    expect(Object.is(Prefix.from(address, length).length, length + 0)).toBe(true);
  });

  it.each([
    [33, 'prefix length 33'],
    [-1, 'prefix length -1'],
    [8.5, 'prefix length 8.5'],
    [Number.NaN, 'prefix length NaN'],
    [Number.POSITIVE_INFINITY, 'prefix length Infinity'],
    ['8', 'prefix length "8"'],
    [8n, 'prefix length 8n'],
    [undefined, 'prefix length undefined'],
    [null, 'prefix length null'],
    [Object.create(null), 'prefix length object'],
    [Symbol('8'), 'prefix length symbol'],
  ])('refuses the length %o', (length, problem) => {
    const error = errorOf(() => Prefix.from('10.0.0.0', forbidden<number>(length)));
    expect(error).toMatchObject({ code: 'LENGTH_RANGE', offset: 9, hint: 'write an integer from 0 to 32 for IPv4' });
    expect(error.message).toContain(problem);
    expect(errorOf(() => Prefix.from('::', forbidden<number>(length === 33 ? 129 : length))).hint).toContain('to 128');
  });

  it('refuses a zone, host bits, and what is no address', () => {
    expect(errorOf(() => Prefix.from('fe80::%eth0', 64))).toMatchObject({ code: 'ZONE', offset: 6 });
    expect(errorOf(() => Prefix.from('10.0.0.1', 8))).toMatchObject({ code: 'HOST_BITS', input: '10.0.0.1/8' });
    expect(String(Prefix.from('10.0.0.1', 8, { hostBits: 'mask' }))).toBe('10.0.0.0/8');
    expect(() => Prefix.from('10.0.0.0/8', 8)).toThrow(AddressParseError);
    for (const [, value] of NOT_TEXT) expect(() => Prefix.from(forbidden<string>(value), 8)).toThrow(AddressParseError);
  });
});

describe('masks', () => {
  it.each(Array.from({ length: 33 }, (_, length) => length))('of /%d are read back', (length) => {
    const bits = slowPrefix(4, LAST[4], length).first;
    const netmask = addressText(4, bits);
    const wildcard = addressText(4, bits ^ LAST[4]);
    const first = slowPrefix(4, 0xc0a8_fedcn, length).first;
    const expected = `${addressText(4, first)}/${length}`;
    expect(String(Prefix.fromNetmask(addressText(4, first), netmask))).toBe(expected);
    expect(String(Prefix.fromWildcardMask(addressText(4, first), parseAddress(wildcard)))).toBe(expected);
    expect(String(Prefix.fromNetmask('192.168.254.220', netmask, { hostBits: 'mask' }))).toBe(expected);
    expect([String(parsePrefix(expected).netmask), String(parsePrefix(expected).hostmask)]).toStrictEqual([
      netmask,
      wildcard,
    ]);
  });

  it.each(['255.0.255.0', '0.255.255.255', '255.255.255.1', '254.255.0.0', '0.0.0.1', '127.255.255.255'])(
    '%s is no netmask',
    (mask) => {
      const error = errorOf(() => Prefix.fromNetmask('10.0.0.0', mask));
      expect(error).toMatchObject({ code: 'BAD_MASK', input: `10.0.0.0 ${mask}`, offset: 9 });
    },
  );

  it.each([
    ['10.0.0.0', '255.0.255.0', false, 'mask with a gap', 'write a mask whose ones are all on one side'],
    ['10.0.0.0', '0.255.0.255', true, 'mask with a gap', 'write a mask whose ones are all on one side'],
    ['10.0.0.0', '0.0.0.255', false, 'wildcard mask, no netmask', 'read it with Prefix.fromWildcardMask'],
    ['10.0.0.0', '255.0.0.0', true, 'netmask, no wildcard mask', 'read it with Prefix.fromNetmask'],
    ['10.0.0.0', '24', false, 'prefix length in place of a mask', 'read it with parsePrefix, write 10.0.0.0/24'],
    ['10.0.0.1', '/24', true, 'prefix length in place of a mask', 'write 10.0.0.0/24, as 10.0.0.1/24 has bits set'],
    ['10.0.0.0', '33', false, 'prefix length in place of a mask', 'write a mask, e.g. 255.255.255.0'],
    ['::ffff:10.0.0.0', '8', false, 'prefix length in place of a mask', 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    ['::ffff:10.0.0.0', 'ff00::', false, 'mask with IPv6', 'write ::ffff:10.0.0.0/104 or 10.0.0.0/8, as'],
    ['::', '999', false, 'prefix length in place of a mask', 'e.g. 2001:db8::/32'],
    ['fe80::%e', '64', false, 'prefix length in place of a mask', 'write fe80::/64'],
    ['2001:db8::', 'ffff:ffff::', false, 'mask with IPv6', 'write 2001:db8::/32'],
    ['2001:db8::', '::ffff:ffff:ffff', true, 'mask with IPv6', 'write 2001:db8::/80'],
    ['2001:db8::', 'ffff:0:ffff::', false, 'mask with IPv6', 'write the prefix length, e.g. 2001:db8::/32'],
    ['2001:db8::', '255.0.0.0', false, 'IPv4 mask of an IPv6 address', 'write the prefix length, e.g. 2001:db8::/32'],
    ['10.0.0.0', 'ff00::', true, 'IPv6 mask of an IPv4 address', 'write a mask, e.g. 0.0.0.255'],
  ])('%s %s, wildcard %s: %s', (address, mask, wildcard, problem, hint) => {
    const error = errorOf(() => (wildcard ? Prefix.fromWildcardMask : Prefix.fromNetmask)(address, mask));
    expect(error).toMatchObject({ code: 'BAD_MASK', input: `${address} ${mask}`, offset: `${address} `.length });
    expect(error.message).toContain(problem);
    expect(error.hint).toContain(hint);
    expect(prefixesIn(error.hint).every((found) => isPrefix(found))).toBe(true);
  });

  it.each([
    ['10.0.0.0', '', false, 'EMPTY', 'write a mask, e.g. 255.255.255.0'],
    ['10.0.0.0', '', true, 'EMPTY', 'write a mask, e.g. 0.0.0.255'],
    ['10.0.0.0', 'x', false, 'BAD_CHARACTER', 'write a mask, e.g. 255.255.255.0'],
    ['10.0.0.0', '255.255.255', false, 'OCTET_COUNT', 'write a mask, e.g. 255.255.255.0'],
    ['10.0.0.0', '255.255.0', false, 'OCTET_COUNT', 'write a mask, e.g. 255.255.255.0'],
    ['10.0.0.0', '10.0.0.0/8', false, 'PREFIX_LENGTH', 'write a mask, e.g. 255.255.255.0'],
    ['10.0.0.0', ' 255.255.255.0', false, 'BLANK', 'write 255.255.255.0'],
    ['10.0.0.0', ' 255.255.255.0', true, 'BLANK', 'write a mask, e.g. 0.0.0.255'],
    ['10.0.0.0', '255.255.255.000', false, 'LEADING_ZERO', 'write 255.255.255.0'],
    ['10.0.0.0', '255.255.255.0.', false, 'OCTET_EMPTY', 'write 255.255.255.0'],
    ['10.0.0.0', '0.0.0.0377', true, 'LEADING_ZERO', 'write 0.0.0.255'],
    ['10.0.0.0', '0xffffff00', false, 'BAD_CHARACTER', 'write 255.255.255.0'],
    [
      '2001:db8::',
      '255.255.255.000',
      false,
      'LEADING_ZERO',
      'read it with parsePrefix, write the prefix length, e.g. 2001:db8::/32',
    ],
  ])('%s %j, wildcard %s: %s', (address, mask, wildcard, code, hint) => {
    const make = (text: string) => (wildcard ? Prefix.fromWildcardMask : Prefix.fromNetmask)(address, text);
    expect(() => make(mask)).toThrow(expect.objectContaining({ name: 'AddressParseError', code, input: mask, hint }));
    const [, written] = /^write ([\d.]+)$/.exec(hint) ?? [];
    if (written !== undefined) expect(make(written).length).toBe(24);
  });

  it.each(['0.255.0.255', '255.255.255.0', '0.0.0.254', '128.0.0.0'])('%s is no wildcard mask', (mask) => {
    expect(errorOf(() => Prefix.fromWildcardMask('10.0.0.0', mask))).toMatchObject({ code: 'BAD_MASK', offset: 9 });
  });

  it('are read when their ones are together, and else refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.bigInt(0n, LAST[4]),
          fc.nat(32).map((bits) => slowPrefix(4, LAST[4], bits).first),
        ),
        (bits) => {
          const digits = bits.toString(2).padStart(32, '0');
          const read = (make: typeof Prefix.fromNetmask) => {
            try {
              return make('0.0.0.0', addressText(4, bits)).length;
            } catch (error) {
              return error instanceof PrefixParseError ? error.code : error;
            }
          };
          const ones = digits.replaceAll('0', '').length;
          expect(read(Prefix.fromNetmask)).toBe(/^1*0*$/.test(digits) ? ones : 'BAD_MASK');
          expect(read(Prefix.fromWildcardMask)).toBe(/^0*1*$/.test(digits) ? 32 - ones : 'BAD_MASK');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('belong to IPv4', () => {
    const pairs = [
      ['::', '255.0.0.0'],
      ['10.0.0.0', 'ff00::'],
      ['::', 'ffff::'],
    ] as const;
    for (const [address, mask] of pairs) {
      const error = errorOf(() => Prefix.fromNetmask(address, mask));
      expect(error).toMatchObject({ code: 'BAD_MASK' });
      expect(error.offset).toBe(`${address} `.length);
    }
    expect(errorOf(() => Prefix.fromNetmask('10.0.0.1', '255.0.0.0')).code).toBe('HOST_BITS');
    expect(() => Prefix.fromNetmask('10.0.0.0', '255.0.0')).toThrow(AddressParseError);
    for (const [, value] of NOT_TEXT) {
      expect(() => Prefix.fromNetmask(forbidden<string>(value), '255.0.0.0')).toThrow(AddressParseError);
      expect(() => Prefix.fromNetmask('10.0.0.0', forbidden<string>(value))).toThrow('pass the mask as a string');
    }
  });
});

describe('values', () => {
  it('answer as two integers would', () => {
    fc.assert(
      fc.property(prefix, fc.bigInt(-(2n ** 129n), 2n ** 129n), (slow, index) => {
        const { family, first, last, length } = slow;
        const value = parsePrefix(printPrefix(slow));
        const size = last - first + 1n;
        expect(value.size).toBe(size);
        expect([value.family, value.length]).toStrictEqual([family, length]);
        expect([String(value.first), String(value.last)]).toStrictEqual([
          addressText(family, first),
          addressText(family, last),
        ]);
        expect(value.hostmask.toBigInt()).toBe(size - 1n);
        expect(value.netmask.toBigInt()).toBe(LAST[family] - (size - 1n));
        expect(value.netmask.family).toBe(family);
        const at = ((index % size) + size) % size;
        expect(value.at(at).toBigInt()).toBe(first + at);
        expect(value.at(at - size).toBigInt()).toBe(first + at);
        expect(value.at(-1).equals(value.last)).toBe(true);
        expect(value.at(0).equals(value.first)).toBe(true);
        for (const beyond of [size, -size - 1n]) expect(() => value.at(beyond)).toThrow(RangeError);
        const next = last === LAST[family] ? null : printPrefix(slowPrefix(family, last + 1n, length));
        const previous = first === 0n ? null : printPrefix(slowPrefix(family, first - 1n, length));
        expect([value.next()?.toString() ?? null, value.previous()?.toString() ?? null]).toStrictEqual([
          next,
          previous,
        ]);
        if (next !== null) expect(value.next()?.previous()?.equals(value)).toBe(true);
        if (previous !== null) expect(value.previous()?.next()?.equals(value)).toBe(true);
        expect(JSON.stringify([value])).toBe(`["${printPrefix(slow)}"]`);
        expect(parsePrefix(String(value)).equals(value)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', 2n ** 32n, '0.0.0.0', '255.255.255.255'],
    ['10.0.0.0/22', '10.0.0.0', '10.0.3.255', 1024n, '255.255.252.0', '0.0.3.255'],
    ['255.255.255.255/32', '255.255.255.255', '255.255.255.255', 1n, '255.255.255.255', '0.0.0.0'],
    [
      '::/0',
      '::',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      2n ** 128n,
      '::',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ],
    [
      '2001:db8::/33',
      '2001:db8::',
      '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff',
      2n ** 95n,
      'ffff:ffff:8000::',
      '::7fff:ffff:ffff:ffff:ffff:ffff',
    ],
    [
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      1n,
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      '::',
    ],
  ])('%s', (text, first, last, size, netmask, hostmask) => {
    const value = parsePrefix(text);
    expect([value.first, value.last, value.netmask, value.hostmask].map(String)).toStrictEqual([
      first,
      last,
      netmask,
      hostmask,
    ]);
    expect(value.size).toBe(size);
  });

  it.each([
    1.5,
    Number.NaN,
    2 ** 53,
    Number.NEGATIVE_INFINITY,
    '1',
    null,
    undefined,
    [0],
    Symbol('1'),
    Object.create(null),
  ])('have no address at %o', (index) => {
    const error = /^index .* of ::\/0: pass a safe integer or a bigint$/;
    expect(() => parsePrefix('::/0').at(forbidden<number>(index))).toThrow(RangeError);
    expect(() => parsePrefix('::/0').at(forbidden<number>(index))).toThrow(error);
  });

  it('say how many addresses there are when there is none at an index', () => {
    expect(() => parsePrefix('10.0.0.0/30').at(4)).toThrow('index 4 of 10.0.0.0/30: it has 4 addresses');
    expect(String(parsePrefix('10.0.0.0/30').at(-4))).toBe('10.0.0.0');
    expect(String(parsePrefix('10.0.0.0/30').at(Number(-0)))).toBe('10.0.0.0');
    expect(() => parsePrefix('10.0.0.0/30').at(-5n)).toThrow('index -5 of 10.0.0.0/30: it has 4 addresses');
  });

  it('have no public constructor, and cannot be changed', () => {
    const construct: new (...args: unknown[]) => unknown = forbidden(Prefix);
    expect(() => new construct()).toThrow('Prefix is not constructed with new');
    expect(() => new construct(Symbol('inaddr'), 4, 8, 0, 0, 0, 0)).toThrow(TypeError);
    const value = parsePrefix('10.0.0.0/8');
    for (const name of ['family', 'length', 'first', 'last', 'size']) expect(Reflect.set(value, name, 1)).toBe(false);
    expect(Reflect.ownKeys(value)).toStrictEqual([]);
  });

  it('are told apart by assertion libraries', () => {
    expect({ a: parsePrefix('10.0.0.0/8') }).toEqual({ a: parsePrefix('10.0.0.0/8') });
    for (const [one, other] of [
      ['10.0.0.0/8', '10.0.0.0/9'],
      ['10.0.0.0/8', '11.0.0.0/8'],
      ['::/64', '::/65'],
    ] as const) {
      expect({ a: parsePrefix(one) }).not.toEqual({ a: parsePrefix(other) });
    }
  });

  it('are no numbers, and do not compare as text', () => {
    const [one, other] = [parsePrefix('9.0.0.0/8'), parsePrefix('10.0.0.0/8')];
    expect(() => one < other).toThrow('comparePrefixes(a, b)');
    expect(() => Number(one)).toThrow(TypeError);
    expect(`${one} ${String(other)}`).toBe('9.0.0.0/8 10.0.0.0/8');
    expect([one, other].join()).toBe('9.0.0.0/8,10.0.0.0/8');
  });
});

describe('order', () => {
  it('is by family, first address, and length', () => {
    fc.assert(
      fc.property(fc.array(prefixPair, { maxLength: 20 }), (pairs) => {
        const slow = pairs.flat();
        const values = slow.map((one) => parsePrefix(printPrefix(one)));
        expect(values.sort(comparePrefixes).map(String)).toStrictEqual(
          slow.sort(comparePrefixesSlowly).map(printPrefix),
        );
        for (const [one, other] of pairs) {
          const [a, b] = [parsePrefix(printPrefix(one)), parsePrefix(printPrefix(other))];
          const expected = Math.sign(comparePrefixesSlowly(one, other));
          expect([a.compare(b), b.compare(a)].map(Math.sign)).toStrictEqual([expected, expected === 0 ? 0 : -expected]);
          expect(a.equals(b)).toBe(expected === 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it.each([...NOT_TEXT, ['text', '10.0.0.0/8'] as const, ['an address', parseAddress('10.0.0.0')] as const])(
    'has no place for %s',
    (_, value) => {
      const other = forbidden<Prefix>(value);
      const own = parsePrefix('10.0.0.0/8');
      for (const ask of [
        () => own.compare(other),
        () => own.equals(other),
        () => comparePrefixes(own, other),
        () => comparePrefixes(other, own),
      ]) {
        expect(errorOf(ask)).toMatchObject({ code: 'NOT_PREFIX', input: value, hint: 'pass what parsePrefix returns' });
      }
    },
  );
});

describe('addresses and hosts', () => {
  const hostTable: readonly (readonly [text: string, first: string, last: string, count: bigint])[] = [
    ['192.0.2.0/24', '192.0.2.1', '192.0.2.254', 254n],
    ['192.0.2.0/30', '192.0.2.1', '192.0.2.2', 2n],
    ['192.0.2.0/31', '192.0.2.0', '192.0.2.1', 2n],
    ['192.0.2.1/32', '192.0.2.1', '192.0.2.1', 1n],
    ['255.255.255.252/30', '255.255.255.253', '255.255.255.254', 2n],
    ['255.255.255.254/31', '255.255.255.254', '255.255.255.255', 2n],
    ['0.0.0.0/31', '0.0.0.0', '0.0.0.1', 2n],
    ['0.0.0.0/0', '0.0.0.1', '255.255.255.254', 2n ** 32n - 2n],
    ['2001:db8::/64', '2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff', 2n ** 64n - 1n],
    ['2001:db8::/126', '2001:db8::1', '2001:db8::3', 3n],
    ['2001:db8::/127', '2001:db8::', '2001:db8::1', 2n],
    ['2001:db8::1/128', '2001:db8::1', '2001:db8::1', 1n],
    ['::/0', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 2n ** 128n - 1n],
  ];

  it.each(hostTable)('%s has hosts %s to %s', (text, first, last, count) => {
    const value = parsePrefix(text);
    const [from, to] = value.hostRange();
    expect([String(from), String(to)]).toStrictEqual([first, last]);
    expect(to.toBigInt() - from.toBigInt() + 1n).toBe(count);
    expect(take(value.hosts(), 1)).toStrictEqual([first]);
    if (count > 1000n) return;
    const hosts = [...value.hosts()].map(String);
    expect(hosts).toHaveLength(Number(count));
    expect(hosts.at(-1)).toBe(last);
  });

  it.each([4, 6] as const)('are all there, IPv%d, one by one', (family) => {
    const width = WIDTH[family];
    for (const near of [0n, LAST[family], 0x0a00_00ffn, 0xffff_ffffn]) {
      for (let length = width - 8; length <= width; length++) {
        const slow = slowPrefix(family, near, length);
        const all = Array.from({ length: Number(slow.last - slow.first) + 1 }, (_, i) =>
          addressText(family, slow.first + BigInt(i)),
        );
        const value = parsePrefix(printPrefix(slow));
        expect([...value.addresses()].map(String)).toStrictEqual(all);
        const hosts = length >= width - 1 ? all : all.slice(1, family === 4 ? -1 : undefined);
        expect([...value.hosts()].map(String)).toStrictEqual(hosts);
      }
    }
  });

  it('are made as they are asked for', () => {
    const all = parsePrefix('::/0');
    expect(take(all.addresses(), 3)).toStrictEqual(['::', '::1', '::2']);
    expect(take(all.hosts(), 3)).toStrictEqual(['::1', '::2', '::3']);
    expect(take(all.subnets(128), 3)).toStrictEqual(['::/128', '::1/128', '::2/128']);
    expect(take(all.subnets(64), 3)).toStrictEqual(['::/64', '0:0:0:1::/64', '0:0:0:2::/64']);
    expect(take(parsePrefix('0.0.0.0/0').subnets(32), 3)).toStrictEqual(['0.0.0.0/32', '0.0.0.1/32', '0.0.0.2/32']);
    expect(take(parsePrefix('ffff::/16').addresses(), 2)).toStrictEqual(['ffff::', 'ffff::1']);
  });
});

describe('subnets, supernet and subtract', () => {
  it('split into subnets that make up the whole', () => {
    fc.assert(
      fc.property(prefix, fc.nat(7), (slow, more) => {
        const value = parsePrefix(printPrefix(slow));
        const length = Math.min(slow.length + more, WIDTH[slow.family]);
        const subnets = [...value.subnets(length)];
        expect(subnets).toHaveLength(2 ** (length - slow.length));
        let at = slow.first;
        for (const subnet of subnets) {
          expect([subnet.length, subnet.first.toBigInt()]).toStrictEqual([length, at]);
          expect(subnet.supernet(slow.length).equals(value)).toBe(true);
          at += subnet.size;
        }
        expect(at).toBe(slow.last + 1n);
        expect(mergePrefixes(subnets, { mapped: 'keep' }).map(String)).toStrictEqual([String(value)]);
      }),
      { numRuns: 300 },
    );
  });

  it('widen to what contains them', () => {
    fc.assert(
      fc.property(prefix, fc.nat(128), (slow, any) => {
        const value = parsePrefix(printPrefix(slow));
        const length = any % (slow.length + 1);
        const expected = slowPrefix(slow.family, slow.first, length);
        expect(String(value.supernet(length))).toBe(printPrefix(expected));
        if (slow.length > 0) expect(value.supernet().length).toBe(slow.length - 1);
        else expect(() => value.supernet()).toThrow(RangeError);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['10.0.0.0/8', 7, 'subnets', 'length 7 for 10.0.0.0/8: pass an integer from 8 to 32'],
    ['10.0.0.0/8', 33, 'subnets', 'length 33 for 10.0.0.0/8: pass an integer from 8 to 32'],
    ['10.0.0.0/8', 8.5, 'subnets', 'length 8.5'],
    ['10.0.0.0/8', '9', 'subnets', 'length "9"'],
    ['10.0.0.0/8', Object.create(null), 'subnets', 'length object'],
    ['2001:db8::/32', 129, 'subnets', 'pass an integer from 32 to 128'],
    ['2001:db8::/32', 33, 'supernet', 'pass an integer from 0 to 32'],
    ['10.0.0.0/8', -1, 'supernet', 'pass an integer from 0 to 8'],
    ['10.0.0.0/8', Number.NaN, 'supernet', 'length NaN'],
    ['0.0.0.0/0', undefined, 'supernet', 'length -1 for 0.0.0.0/0'],
  ] as const)('%s has no length %s to %s', (text, length, method, message) => {
    // At once, not when the first subnet is asked for.
    expect(() => parsePrefix(text)[method](forbidden<number>(length))).toThrow(RangeError);
    expect(() => parsePrefix(text)[method](forbidden<number>(length))).toThrow(message);
  });

  it('take away exactly what another has', () => {
    fc.assert(
      fc.property(prefixPair, ([slow, other]) => {
        const [value, taken] = [parsePrefix(printPrefix(slow)), parsePrefix(printPrefix(other))];
        const left = value.subtract(taken);
        expect(value.subtract(String(taken)).map(String)).toStrictEqual(left.map(String));
        if (isInside(slow, other)) expect(left).toStrictEqual([]);
        else if (!isInside(other, slow)) expect(left.map(String)).toStrictEqual([String(value)]);
        else {
          expect(left).toHaveLength(other.length - slow.length);
          expect([...left].sort(comparePrefixes)).toStrictEqual(left);
          expect(left.reduce((sum, { size }) => sum + size, taken.size)).toBe(value.size);
          const keep = { mapped: 'keep' } as const;
          for (const piece of left)
            expect([piece.overlaps(taken, keep), value.contains(piece, keep)]).toStrictEqual([false, true]);
          expect(mergePrefixes([...left, taken], keep).map(String)).toStrictEqual([String(value)]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0/8', []],
    ['10.0.0.0/8', '0.0.0.0/0', []],
    ['10.0.0.0/8', '::/0', ['10.0.0.0/8']],
    ['10.0.0.0/8', '::ffff:10.0.0.0/104', ['10.0.0.0/8']],
    ['::ffff:0:0/96', '0.0.0.0/0', ['::ffff:0.0.0.0/96']],
    ['192.0.2.0/30', '192.0.2.1/32', ['192.0.2.0/32', '192.0.2.2/31']],
    ['255.255.255.252/30', '255.255.255.255/32', ['255.255.255.252/31', '255.255.255.254/32']],
    ['::/0', '8000::/2', ['::/1', 'c000::/2']],
  ])('%s without %s', (text, other, left) => {
    expect(parsePrefix(text).subtract(other).map(String)).toStrictEqual(left);
  });

  it('need prefixes', () => {
    const value = parsePrefix('10.0.0.0/8');
    expect(errorOf(() => value.subtract('10.0.0.0')).code).toBe('NO_LENGTH');
    for (const [, other] of NOT_TEXT)
      expect(errorOf(() => value.subtract(forbidden<string>(other))).code).toBe('NOT_TEXT');
  });
});

describe('contains and overlaps', () => {
  it('compare as integers do, mapped ones as IPv4 unless they are kept', () => {
    fc.assert(
      fc.property(prefixPair, slowAddress, ([slow, other], far) => {
        const value = parsePrefix(printPrefix(slow));
        for (const mapped of ['unwrap', 'keep', undefined] as const) {
          const asked = (one: SlowPrefix) => (mapped === 'keep' ? one : unwrapPrefix(one));
          const [own, its] = [asked(slow), asked(other)];
          expect(value.contains(printPrefix(other), { mapped })).toBe(isInside(its, own));
          expect(value.contains(parsePrefix(printPrefix(other)), { mapped })).toBe(isInside(its, own));
          expect(value.overlaps(printPrefix(other), { mapped })).toBe(shareAnAddress(its, own));
          expect(parsePrefix(printPrefix(other)).overlaps(value, { mapped })).toBe(shareAnAddress(its, own));
          const edges = [slow.first, slow.last, slow.first - 1n, slow.last + 1n, other.first, other.last]
            .filter((integer) => integer >= 0n && integer <= LAST[slow.family])
            .map((integer) => ({ family: slow.family, integer }));
          for (const address of [...edges, { family: other.family, integer: other.first }, far]) {
            const expected = holds(own, mapped === 'keep' ? address : unwrapAddress(address));
            expect(value.contains(printSlowly(address), { mapped })).toBe(expected);
            expect(value.contains(parseAddress(printSlowly(address)), { mapped })).toBe(expected);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['10.0.0.0/8', '10.0.0.0', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '9.255.255.255', false],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['255.255.255.255/32', '255.255.255.255', true],
    ['255.255.255.255/32', '255.255.255.254', false],
    ['::/0', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', true],
    ['::1/128', '::1', true],
    ['::1/128', '::', false],
    ['::/0', '10.0.0.1', false],
    ['0.0.0.0/0', '::1', false],
  ])('%s contains %s: %s', (text, address, expected) => {
    expect(parsePrefix(text).contains(address)).toBe(expected);
    expect(parsePrefix(text).contains(parseAddress(address))).toBe(expected);
  });

  const rules: readonly (readonly [rule: string, text: string, other: string, plain: boolean, kept: boolean])[] = [
    ['rule 7: an IPv4 prefix has the mapped address', '10.0.0.0/8', '::ffff:10.0.0.1', true, false],
    ['rule 7: in hexadecimal, too', '10.0.0.0/8', '::ffff:a00:1', true, false],
    ['rule 7: a mapped prefix is its IPv4 prefix', '::ffff:10.0.0.0/104', '10.0.0.1', true, false],
    ['rule 7: and has the mapped address', '::ffff:10.0.0.0/104', '::ffff:10.0.0.1', true, true],
    ['rule 7: all of them', '::ffff:0:0/96', '192.0.2.1', true, false],
    ['rule 7: ::/0 does not match mapped addresses', '::/0', '::ffff:10.0.0.1', false, true],
    ['rule 7: nor does ::/80', '::/80', '::ffff:10.0.0.1', false, true],
    ['rule 7: ::/0 does not match mapped prefixes', '::/0', '::ffff:10.0.0.0/104', false, true],
    ['rule 7: 0.0.0.0/0 has all mapped prefixes', '0.0.0.0/0', '::ffff:0:0/96', true, false],
    ['a shorter prefix around them is IPv6', '0.0.0.0/0', '::fffe:0:0/95', false, false],
    ['other embeddings do not count: compatible', '10.0.0.0/8', '::10.0.0.1', false, false],
    ['translated', '10.0.0.0/8', '::ffff:0:10.0.0.1', false, false],
    ['NAT64', '10.0.0.0/8', '64:ff9b::10.0.0.1', false, false],
    ['6to4', '10.0.0.0/8', '2002:a00:1::', false, false],
  ];

  it.each(rules)('%s', (_, text, other, plain, kept) => {
    const value = parsePrefix(text);
    expect(value.contains(other)).toBe(plain);
    expect(value.contains(other, { mapped: 'unwrap' })).toBe(plain);
    expect(value.contains(other, { mapped: 'keep' })).toBe(kept);
  });

  it('rule 6: an address with a zone matches only when asked', () => {
    const value = parsePrefix('fe80::/10');
    for (const address of ['fe80::5%lo', parseAddress('fe80::5%lo')]) {
      expect(value.contains(address)).toBe(false);
      expect(value.contains(address, { zone: 'distinct' })).toBe(false);
      expect(value.contains(address, { zone: 'ignore' })).toBe(true);
      expect(value.contains(address, { zone: 'ignore', mapped: 'keep' })).toBe(true);
      expect(parsePrefix('::/0').contains(address)).toBe(false);
      expect(parsePrefix('fec0::/10').contains(address, { zone: 'ignore' })).toBe(false);
    }
    expect(value.contains('fe80::5')).toBe(true);
    expect(parsePrefix('ff02::/16').contains('ff02::1%eth0', { zone: 'ignore' })).toBe(true);
  });

  it('throw for what is neither', () => {
    const value = parsePrefix('10.0.0.0/8');
    for (const [, other] of NOT_TEXT) {
      expect(() => value.contains(forbidden<string>(other))).toThrow(AddressParseError);
      expect(errorOf(() => value.overlaps(forbidden<string>(other))).code).toBe('NOT_TEXT');
    }
    expect(() => value.contains('10.0.0')).toThrow(AddressParseError);
    expect(errorOf(() => value.contains('10.0.0.1/8')).code).toBe('HOST_BITS');
    expect(errorOf(() => value.contains('fe80::%eth0/64')).code).toBe('ZONE');
    expect(errorOf(() => value.overlaps('10.0.0.1')).code).toBe('NO_LENGTH');
  });
});

describe('reverseZones', () => {
  /** Every zone by writing out the digits: octets of IPv4, hexadecimal digits of IPv6. */
  function zonesSlowly(family: 4 | 6, first: bigint, length: number, classless: 'slash' | 'range'): string[] {
    const [step, name] = family === 4 ? [8, 'in-addr.arpa'] : [4, 'ip6.arpa'];
    const labelsOf = (integer: bigint) =>
      family === 4 ? addressText(4, integer).split('.') : integer.toString(16).padStart(32, '0').split('');
    if (family === 4 && length > 24 && length < 32) {
      const [a, b, c, d] = labelsOf(first);
      const last = Number(d) + 2 ** (32 - length) - 1;
      return [`${classless === 'slash' ? `${d}/${length}` : `${d}-${last}`}.${c}.${b}.${a}.${name}`];
    }
    const labels = Math.ceil(length / step);
    const width = BigInt(WIDTH[family] - labels * step);
    return Array.from({ length: 2 ** (labels * step - length) }, (_, i) => {
      return [
        ...labelsOf(first + (BigInt(i) << width))
          .slice(0, labels)
          .reverse(),
        name,
      ].join('.');
    });
  }

  const lengths = ([4, 6] as const).flatMap((family) =>
    Array.from({ length: WIDTH[family] + 1 }, (_, length) => [family, length] as const),
  );

  it.each(lengths)('of IPv%d /%d are the zones that its names are in', (family, length) => {
    const samples =
      family === 4 ? [0n, LAST[4], 0xc000_02a7n] : [0n, LAST[6], 0x2001_0db8_0123_4567_89ab_cdef_fedc_ba98n];
    for (const sample of samples) {
      const slow = slowPrefix(family, sample, length);
      const value = parsePrefix(printPrefix(slow));
      for (const classless of ['slash', 'range'] as const) {
        expect(value.reverseZones({ classless })).toStrictEqual(zonesSlowly(family, slow.first, length, classless));
      }
      const zones = value.reverseZones();
      expect(new Set(zones).size).toBe(zones.length);
      if (family === 4 && length > 24) continue;
      for (const [address, inside] of [
        [slow.first, true],
        [slow.last, true],
        [slow.first - 1n, false],
        [slow.last + 1n, false],
      ] as const) {
        if (address < 0n || address > LAST[family]) continue;
        const reverse = `.${formatReverseName(addressText(family, address))}`;
        expect(zones.filter((zone) => reverse.endsWith(`.${zone}`))).toHaveLength(inside ? 1 : 0);
      }
    }
  });

  it.each([
    ['0.0.0.0/0', ['in-addr.arpa']],
    ['::/0', ['ip6.arpa']],
    ['10.0.0.0/8', ['10.in-addr.arpa']],
    ['10.1.2.0/23', ['2.1.10.in-addr.arpa', '3.1.10.in-addr.arpa']],
    ['10.1.2.0/24', ['2.1.10.in-addr.arpa']],
    ['192.0.2.0/25', ['0/25.2.0.192.in-addr.arpa']],
    ['192.0.2.128/25', ['128/25.2.0.192.in-addr.arpa']],
    ['192.0.2.254/31', ['254/31.2.0.192.in-addr.arpa']],
    ['192.0.2.7/32', ['7.2.0.192.in-addr.arpa']],
    ['2001:db8::/32', ['8.b.d.0.1.0.0.2.ip6.arpa']],
    ['2001:db8::/31', ['8.b.d.0.1.0.0.2.ip6.arpa', '9.b.d.0.1.0.0.2.ip6.arpa']],
    ['::1/128', [`1.${'0.'.repeat(31)}ip6.arpa`]],
  ])('%s', (text, zones) => {
    expect(parsePrefix(text).reverseZones()).toStrictEqual(zones);
  });

  it('names classless zones as asked for', () => {
    expect(parsePrefix('192.0.2.0/25').reverseZones({ classless: 'range' })).toStrictEqual([
      '0-127.2.0.192.in-addr.arpa',
    ]);
    expect(parsePrefix('192.0.2.0/25').reverseZones({ classless: undefined })).toStrictEqual([
      '0/25.2.0.192.in-addr.arpa',
    ]);
  });
});

it('names values of the classes that parseAddress gives', () => {
  expect(parsePrefix('10.0.0.0/8').first).toBeInstanceOf(IPv4Address);
  expect(parsePrefix('::/8').last).toBeInstanceOf(IPv6Address);
});
