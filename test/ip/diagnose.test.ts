import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AddressParseError,
  type AddressParseErrorCode,
  classify,
  describeAllocation,
  describeEmbedded,
  describeMulticast,
  embedNat64,
  formatUriHost,
  IPv4Address,
  IPv6Address,
  isAddress,
  parseAddress,
  parseAddressBytes,
  parseReverseName,
  safeParseAddress,
} from '../../src/ip/index.js';
import { anyText } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

function errorOf(text: string): AddressParseError {
  const result = safeParseAddress(text);
  return result.success ? expect.fail(`${text} is an address`) : result.error;
}

/** What is wrong with a text, where, and what the hint says: every code of text. */
const FAULTS: readonly (readonly [text: string, code: AddressParseErrorCode, offset: number, hint: string])[] = [
  ['', 'EMPTY', 0, 'write an address, e.g. 192.0.2.1'],
  [' 192.0.2.1', 'BLANK', 0, 'write 192.0.2.1'],
  ['192.0.2.1\n', 'BLANK', 9, 'write 192.0.2.1'],
  ['192.0.2. 1', 'BLANK', 8, 'write four decimal octets, e.g. 192.0.2.1'],
  ['127.0.0.1 x', 'BLANK', 9, 'some readers take this as 127.0.0.1, write 127.0.0.1'],
  ['\u00a0::1', 'BLANK', 0, 'write ::1'],
  ['1.2.3.4x', 'BAD_CHARACTER', 7, 'a name is no address, resolve it first'],
  ['localhost', 'BAD_CHARACTER', 0, 'a name is no address, resolve it first'],
  ['example.com', 'BAD_CHARACTER', 0, 'a name is no address, resolve it first'],
  ['0x7f.1', 'BAD_CHARACTER', 1, 'some readers take this as 127.0.0.1, write 127.0.0.1'],
  ['１.2.3.4', 'BAD_CHARACTER', 0, 'some readers take this as 1.2.3.4, write 1.2.3.4'],
  ['1.2.3.4%2e', 'BAD_CHARACTER', 7, 'some readers take this as 1.2.3.4, write 1.2.3.4'],
  ['1.2.3.4-', 'BAD_CHARACTER', 7, 'write four decimal octets, e.g. 192.0.2.1'],
  ['-1.2.3.4', 'BAD_CHARACTER', 0, 'write four decimal octets, e.g. 192.0.2.1'],
  ['1.2.3.4-x', 'BAD_CHARACTER', 7, 'a name is no address, resolve it first'],
  ['1.2.3.0x1ff', 'BAD_CHARACTER', 7, 'write four decimal octets, e.g. 192.0.2.1'],
  ['0x100000000', 'BAD_CHARACTER', 1, 'write four decimal octets, e.g. 192.0.2.1'],
  ['1.0x1ff.example', 'BAD_CHARACTER', 3, 'a name is no address, resolve it first'],
  ['localhost:80', 'BAD_CHARACTER', 0, 'a name is no address, resolve it first'],
  ['a.b:', 'BAD_CHARACTER', 0, 'a name is no address, resolve it first'],
  ['a.b:80x', 'BAD_CHARACTER', 1, 'write e.g. 2001:db8::1'],
  ['10.0.0.0-10.0.0.255', 'BAD_CHARACTER', 8, 'a range is no address, read it with parseRange'],
  ['1.2.3.4-5', 'BAD_CHARACTER', 7, 'a range is no address, read it with parseRange'],
  ['1.2.3.4-::1', 'BAD_CHARACTER', 7, 'a range is no address, read it with parseRange'],
  ['2001:db8::1-ff', 'BAD_CHARACTER', 11, 'a range is no address, read it with parseRange'],
  // A range has no zones.
  ['fe80::1%eth0-fe80::2%eth0', 'ZONE_CHARACTER', 17, "a zone is letters, digits and '-._~'"],
  ['fe80::1-fe80::2%eth0', 'BAD_CHARACTER', 7, 'write e.g. 2001:db8::1'],
  ['::1-x', 'BAD_CHARACTER', 3, 'write e.g. 2001:db8::1'],
  ['1.2.3.4 - 1.2.3.5', 'BLANK', 7, 'a range is no address, read it with parseRange'],
  ['http://1.2.3.4/', 'BAD_CHARACTER', 4, 'a URL is no address, take its host'],
  ['1.2.3.4/path', 'BAD_CHARACTER', 7, 'write 1.2.3.4'],
  ['x/path', 'BAD_CHARACTER', 1, 'write four decimal octets, e.g. 192.0.2.1'],
  ['4.3.2.1.in-addr.arpa', 'OCTET_COUNT', 8, 'a reverse name is no address, read it with parseReverseName'],
  ['1.2.3.4.example.com', 'OCTET_COUNT', 8, 'a name is no address, resolve it first'],
  ['256.example.com.', 'OCTET_RANGE', 0, 'a name is no address, resolve it first'],
  ['01.example.com', 'LEADING_ZERO', 0, 'a name is no address, resolve it first'],
  ['1.2.3.256:80', 'OCTET_RANGE', 6, 'write four decimal octets, e.g. 192.0.2.1'],
  ['010.0.0.1:80', 'LEADING_ZERO', 0, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  ['127.1:80', 'OCTET_COUNT', 5, 'some readers take this as 127.0.0.1, write 127.0.0.1'],
  ['cafe:80', 'GROUP_COUNT', 7, 'write e.g. 2001:db8::1'],
  ['::1.2.3.4:80', 'PORT', 9, 'an address has no port, write ::1.2.3.4'],
  ['::1.2.3.4:80:1', 'BAD_CHARACTER', 9, 'write e.g. 2001:db8::1'],
  ['1.2.3.4%', 'ZONE_NOT_ALLOWED', 7, 'an IPv4 address has none, write 1.2.3.4'],
  ['1.2.3.4%eth0', 'ZONE_NOT_ALLOWED', 7, 'an IPv4 address has none, write 1.2.3.4'],
  ['1.2.3.4%en:1', 'ZONE_NOT_ALLOWED', 7, 'an IPv4 address has none, write 1.2.3.4'],
  ['::1.2.3.x', 'BAD_CHARACTER', 8, 'write four decimal octets at the end, e.g. ::ffff:192.0.2.1'],
  ['::ffff:010.0.0.1', 'LEADING_ZERO', 7, 'write ::ffff:10.0.0.1 or ::ffff:8.0.0.1'],
  ['fe80::01.2.3.4%eth0', 'LEADING_ZERO', 6, 'write fe80::1.2.3.4%eth0'],
  ['::ffff:127.1', 'OCTET_COUNT', 12, 'write four decimal octets at the end, e.g. ::ffff:192.0.2.1'],
  ['2001:db8::g', 'BAD_CHARACTER', 10, 'write e.g. 2001:db8::1'],
  ['1.2.3.4::', 'BAD_CHARACTER', 1, 'write e.g. 2001:db8::1'],
  ['010.0.0.1', 'LEADING_ZERO', 0, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  ['010.0.0.1\n', 'BLANK', 9, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  ['010.0.0.1 x', 'BLANK', 9, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  [' 010.0.0.1', 'BLANK', 0, 'write 10.0.0.1 or 8.0.0.1'],
  ['010.0.0.1.', 'LEADING_ZERO', 0, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  ['fe80::1%a b', 'BLANK', 9, 'write e.g. 2001:db8::1'],
  ['1.2.3.04', 'LEADING_ZERO', 6, 'some readers take this as 1.2.3.4, write 1.2.3.4'],
  ['1.2.3.09', 'LEADING_ZERO', 6, 'write 1.2.3.9'],
  ['::01.2.3.4', 'LEADING_ZERO', 2, 'write ::1.2.3.4'],
  ['1..2.3', 'OCTET_EMPTY', 2, 'write four decimal octets, e.g. 192.0.2.1'],
  ['1.2.3.', 'OCTET_EMPTY', 6, 'some readers take this as 1.2.0.3, write 1.2.0.3'],
  ['1.2.3.4.', 'OCTET_EMPTY', 7, 'some readers take this as 1.2.3.4, write 1.2.3.4'],
  ['256.1.1.1', 'OCTET_RANGE', 0, 'write four decimal octets, e.g. 192.0.2.1'],
  ['1.1.1.1000', 'OCTET_RANGE', 6, 'write four decimal octets, e.g. 192.0.2.1'],
  ['::1.2.3.256', 'OCTET_RANGE', 8, 'write four decimal octets at the end, e.g. ::ffff:192.0.2.1'],
  ['127.1', 'OCTET_COUNT', 5, 'some readers take this as 127.0.0.1, write 127.0.0.1'],
  ['0', 'OCTET_COUNT', 1, 'some readers take this as 0.0.0.0, write 0.0.0.0'],
  ['1.2.3.4.5', 'OCTET_COUNT', 8, 'write four decimal octets, e.g. 192.0.2.1'],
  ['::1.2.3', 'OCTET_COUNT', 7, 'write four decimal octets at the end, e.g. ::ffff:192.0.2.1'],
  ['2001:db8::12345', 'GROUP_LENGTH', 10, 'write four at the most'],
  ['1:2:3:4:5:6:7', 'GROUP_COUNT', 13, 'write e.g. 2001:db8::1'],
  ['1:2:3:4:5:6:7:8:9', 'GROUP_COUNT', 16, 'write eight groups'],
  ['1:2:3:4:5:6:7:1.2.3.4', 'GROUP_COUNT', 14, 'write eight groups'],
  ['1:2:3:4::5:6:7:8', 'GROUP_COUNT', 15, "'::' stands for one group at least, write eight groups without it"],
  ['1:2:3:4:5:6:7:8::', 'GROUP_COUNT', 15, "'::' stands for one group at least, write eight groups without it"],
  [':', 'LONE_COLON', 0, 'write e.g. 2001:db8::1'],
  [':1::2', 'LONE_COLON', 0, 'write e.g. 2001:db8::1'],
  ['1::2:', 'LONE_COLON', 4, 'write e.g. 2001:db8::1'],
  ['1:::2', 'LONE_COLON', 3, "write '::'"],
  ['1::2::3', 'DOUBLE_COMPRESSION', 4, "write '::' once"],
  ['[::1]', 'BRACKETS', 0, 'brackets belong to a URI or an endpoint, write ::1'],
  ['[::1', 'BRACKETS', 0, 'brackets belong to a URI or an endpoint, write ::1'],
  ['[::1]:80', 'BRACKETS', 0, 'write the address alone'],
  ['192.0.2.1:80', 'PORT', 9, 'an address has no port, write 192.0.2.1'],
  ['192.0.2.1/24', 'PREFIX_LENGTH', 9, 'an address is no prefix, write 192.0.2.1'],
  ['2001:db8::/32', 'PREFIX_LENGTH', 10, 'an address is no prefix, write 2001:db8::'],
  ['10/8', 'PREFIX_LENGTH', 2, 'an address is no prefix, write it alone'],
  ['fe80::1%', 'ZONE_EMPTY', 7, 'write fe80::1'],
  ['fe80::1%a:b', 'ZONE_CHARACTER', 9, "a zone is letters, digits and '-._~'"],
  ['fe80::1%é', 'ZONE_CHARACTER', 8, "a zone is letters, digits and '-._~'"],
  [
    'fe80::1%25eth0',
    'ZONE_PERCENT_ENCODED',
    7,
    'this is zone "eth0" to some readers and zone "25eth0" to others, write fe80::1%eth0 for the first',
  ],
  [
    'fe80::1%2525eth0',
    'ZONE_PERCENT_ENCODED',
    7,
    'this is zone "25eth0" to some readers and zone "2525eth0" to others, choose a zone that does not begin with \'25\'',
  ],
  [
    '::1%lo',
    'ZONE_NOT_ALLOWED',
    3,
    'only link-local, site-local and non-global multicast addresses have a zone, write ::1',
  ],
  [
    '2001:DB8::1%eth0',
    'ZONE_NOT_ALLOWED',
    11,
    'only link-local, site-local and non-global multicast addresses have a zone, write 2001:db8::1',
  ],
];

/** The codes of inputs that are not read as text. */
const OTHER_FAULTS: readonly (readonly [code: AddressParseErrorCode, offset: number, fail: () => unknown])[] = [
  ['NOT_TEXT', 0, () => parseAddress(forbidden(42))],
  ['NOT_BYTES', 0, () => parseAddressBytes(forbidden('192.0.2.1'))],
  ['NOT_ADDRESS', 0, () => parseAddress('::1').equals(forbidden('::1'))],
  ['BYTE_LENGTH', 3, () => IPv4Address.fromBytes(new Uint8Array(3))],
  ['BYTE_LENGTH', 16, () => IPv6Address.fromBytes(new Uint8Array(20))],
  ['INTEGER_RANGE', 0, () => IPv4Address.fromBigInt(-1n)],
  ['NOT_IPV4', 0, () => embedNat64(forbidden('::1'), '64:ff9b::/96')],
  ['NAT64_PREFIX', 10, () => embedNat64('192.0.2.1', '64:ff9b::1/95')],
  ['REVERSE_NAME', 4, () => parseReverseName('192.in-addr.arpa')],
  ['ZONE_NOT_ALLOWED', 7, () => formatUriHost('fe80::1%eth0')],
];

describe('every code', () => {
  it.each(FAULTS)('%j: %s at %i', (text, code, offset, hint) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ name: 'AddressParseError', code, offset, hint, input: text });
    expect(error.message).toContain(` at offset ${offset}; ${hint}`);
  });

  it.each(OTHER_FAULTS)('%s at %i', (code, offset, fail) => {
    expect(fail).toThrow(expect.objectContaining({ name: 'AddressParseError', code, offset }));
  });

  it('is in the tables above', () => {
    const codes: Record<AddressParseErrorCode, true> = {
      NOT_TEXT: true,
      NOT_BYTES: true,
      NOT_ADDRESS: true,
      BYTE_LENGTH: true,
      INTEGER_RANGE: true,
      EMPTY: true,
      BLANK: true,
      BAD_CHARACTER: true,
      LEADING_ZERO: true,
      OCTET_EMPTY: true,
      OCTET_RANGE: true,
      OCTET_COUNT: true,
      GROUP_LENGTH: true,
      GROUP_COUNT: true,
      LONE_COLON: true,
      DOUBLE_COMPRESSION: true,
      BRACKETS: true,
      PORT: true,
      PREFIX_LENGTH: true,
      ZONE_EMPTY: true,
      ZONE_CHARACTER: true,
      ZONE_PERCENT_ENCODED: true,
      ZONE_NOT_ALLOWED: true,
      NOT_IPV4: true,
      NAT64_PREFIX: true,
      REVERSE_NAME: true,
    };
    const tested = new Set<string>([...FAULTS.map(([, code]) => code), ...OTHER_FAULTS.map(([code]) => code)]);
    expect([...tested].sort()).toStrictEqual(Object.keys(codes).sort());
  });
});

describe('messages', () => {
  it.each([
    [
      '010.0.0.1',
      '"010.0.0.1": leading zero at offset 0; some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
    ],
    ['127.0.0.1/8', '"127.0.0.1/8": prefix length at offset 9; an address is no prefix, write 127.0.0.1'],
    ['1.2.3', '"1.2.3": 3 octets of four at offset 5; some readers take this as 1.2.0.3, write 1.2.0.3'],
    ['::g', '"::g": unexpected "g" at offset 2; write e.g. 2001:db8::1'],
    ['fe80::1%', '"fe80::1%": empty zone at offset 7; write fe80::1'],
    ['a"b\\c', '"a\\"b\\\\c": unexpected "a" at offset 0; write four decimal octets, e.g. 192.0.2.1'],
    ['\u001b[31m', '"\\x1b[31m": unexpected "\\x1b" at offset 0; write four decimal octets, e.g. 192.0.2.1'],
    // The second looks like `a.com`
    ['\u202emoc.a', '"\\u202emoc.a": unexpected "\\u202e" at offset 0; write four decimal octets, e.g. 192.0.2.1'],
    ['х', '"\\u0445": unexpected "\\u0445" at offset 0; write four decimal octets, e.g. 192.0.2.1'],
  ])('%j', (text, message) => {
    expect(errorOf(text).message).toBe(message);
    expect(String(errorOf(text))).toBe(`AddressParseError: ${message}`);
  });

  it.each([
    [null, 'null: object, not text at offset 0; pass the address as a string'],
    [undefined, 'undefined: undefined, not text at offset 0; pass the address as a string'],
    [42, '42: number, not text at offset 0; pass the address as a string'],
    [10n, '10n: bigint, not text at offset 0; pass the address as a string'],
    [Symbol('s'), 'symbol: symbol, not text at offset 0; pass the address as a string'],
    [{}, 'object: object, not text at offset 0; pass the address as a string'],
  ])('%s', (value, message) => {
    expect(() => parseAddress(forbidden(value))).toThrow(new RegExp(`^${message}$`));
  });

  it('cut a long input, and keep it whole in `input`', () => {
    const text = '1'.repeat(100_000);
    const error = errorOf(text);
    expect(error.input).toBe(text);
    expect(error.message).toMatch(/^"1{60}…": octet over 255 at offset 0; /);
  });

  it('have no address in them that a zone makes long', () => {
    const long = `fe80::1%${'z'.repeat(100_000)}`;
    for (const text of [` ${long}`, `[${long}]`, `${long}:80`, `${long}/64`, long.replace('%', '%25')]) {
      expect(errorOf(text).message.length).toBeLessThan(400);
      expect(errorOf(text).hint).not.toBe('');
    }
    expect(errorOf(`[${long}]`).hint).toBe('brackets belong to a URI or an endpoint');
    expect(errorOf(long.replace('%', '%25')).hint).toContain("others, take the '25' away for the first");
    for (const [length, isWritten] of [
      [100, true],
      [101, false],
    ] as const) {
      const text = `fe80::1%${'z'.repeat(length - 8)}`;
      expect(errorOf(`[${text}]`).hint.includes(text)).toBe(isWritten);
      const encoded = `fe80::1%25${'z'.repeat(length)}`;
      expect(errorOf(encoded).hint.includes(`write fe80::1%${'z'.repeat(length)} for`)).toBe(isWritten);
    }
    expect(errorOf('http://1.2.3.4/').message).toContain('unexpected "://" at offset 4; a URL is no address');
    expect(errorOf('1.2.3.4-a').hint).toBe('a name is no address, resolve it first');
    expect(errorOf('::1.2.3.4:5:6').message).toContain('unexpected ":" at offset 9');
    expect(() => parseReverseName('4.3.2.1.in-addr.arpa.x')).toThrow('no reverse name of an address at offset 0');
    expect(errorOf('a b://c')).toMatchObject({ code: 'BLANK', offset: 1 });
    expect(errorOf('[fe80::1%zzz]').hint).toBe('brackets belong to a URI or an endpoint, write fe80::1%zzz');
  });

  it('are those of an Error', () => {
    const error = errorOf('1.2.3');
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(AddressParseError);
    expect(error.stack).toContain('AddressParseError: "1.2.3"');
  });
});

describe('every text that is no address', () => {
  it('has a code, an offset in the text, a hint, and a message of printable ASCII', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !isAddress(text)),
        (text) => {
          const { code, offset, hint, input, message } = errorOf(text);
          expect(code).toMatch(/^[A-Z_0-9]+$/);
          expect(input).toBe(text);
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(hint).toMatch(/\S/);
          expect(message).toMatch(/^[ -~…]+$/);
        },
      ),
      { numRuns: 10000 },
    );
  });

  it('has a hint whose addresses can be written', () => {
    let addresses = 0;
    fc.assert(
      fc.property(
        anyText.filter((text) => !isAddress(text)),
        (text) => {
          const [, choices = ''] = /\bwrite (.*)$/.exec(errorOf(text).hint) ?? [];
          // Only addresses have a digit or a colon among letters, digits and `.:%`: the rest of a hint is words.
          for (const word of choices.split(/,? /).filter((part) => /^[\w.:%~-]*[\d:][\w.:%~-]*$/.test(part))) {
            expect(isAddress(word), word).toBe(true);
            addresses++;
          }
        },
      ),
      { numRuns: 10000 },
    );
    expect(addresses).toBeGreaterThan(1000);
  });
});

describe('what is no text', () => {
  const FUNCTIONS: Readonly<Record<string, (value: never) => unknown>> = {
    classify,
    describeAllocation,
    describeEmbedded,
    describeMulticast,
    'embedNat64, the address': (value) => embedNat64(value, '64:ff9b::/96'),
  };

  describe.each(Object.entries(FUNCTIONS))('%s', (_, call) => {
    it.each(NOT_TEXT)('refuses %s', (_name, value) => {
      expect(() => call(forbidden(value))).toThrow(
        expect.objectContaining({ name: 'AddressParseError', code: 'NOT_TEXT', input: value }),
      );
    });

    it.each(['', '127.1', '192.0.2.1/24', '::1%lo'])('refuses %j', (text) => {
      expect(() => call(forbidden(text))).toThrow(expect.objectContaining({ name: 'AddressParseError', input: text }));
    });
  });
});
