import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBinary,
  formatExpanded,
  formatHex,
  formatMixed,
  formatReverseName,
  formatUriHost,
  parseAddress,
  parseReverseName,
} from '../../src/ip/index.js';
import { address, ipv4, ipv6 } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

const FORMATS = { formatBinary, formatExpanded, formatHex, formatMixed, formatReverseName, formatUriHost };

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  it('gives the same for text and value', () => {
    for (const text of ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1']) {
      expect(format(parseAddress(text))).toBe(format(text));
    }
  });

  it.each(NOT_TEXT)('refuses %s', (_name, value) => {
    expect(() => format(forbidden(value))).toThrow(
      expect.objectContaining({ name: 'AddressParseError', code: 'NOT_TEXT' }),
    );
  });

  it.each(['', '127.1', '192.0.2.1/32', '[::1]', '::1%lo'])('refuses %j', (text) => {
    expect(() => format(text)).toThrow(expect.objectContaining({ name: 'AddressParseError', input: text }));
  });
});

describe('formatExpanded', () => {
  it.each([
    ['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001'],
    ['::', '0000:0000:0000:0000:0000:0000:0000:0000'],
    ['::ffff:192.0.2.1', '0000:0000:0000:0000:0000:ffff:c000:0201'],
    ['fe80::1%eth0', 'fe80:0000:0000:0000:0000:0000:0000:0001%eth0'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is %s', (text, expanded) => {
    expect(formatExpanded(text)).toBe(expanded);
  });

  it('is the same address again', () => {
    fc.assert(fc.property(address, (value) => parseAddress(formatExpanded(value)).toString() === value.toString()));
  });
});

describe('formatMixed', () => {
  it.each([
    ['2001:db8::c000:201', '2001:db8::192.0.2.1'],
    ['::c000:201', '::192.0.2.1'],
    ['::', '::0.0.0.0'],
    ['1:2:3:4:5:6:102:304', '1:2:3:4:5:6:1.2.3.4'],
    // `::` is chosen among the first six groups
    ['1:0:0:4:5::', '1::4:5:0:0.0.0.0'],
    ['1:2:3:4:5::', '1:2:3:4:5:0:0.0.0.0'],
    ['2001:db8:0:1:0:5efe:c000:201', '2001:db8:0:1:0:5efe:192.0.2.1'],
    ['fe80::5efe:c000:201%eth0', 'fe80::5efe:192.0.2.1%eth0'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%s is %s', (text, mixed) => {
    expect(formatMixed(text)).toBe(mixed);
  });

  it('is the same address again, with a dotted quad', () => {
    fc.assert(
      fc.property(address, (value) => {
        expect(formatMixed(value)).toMatch(/\d+\.\d+\.\d+\.\d+(%.*)?$/);
        expect(String(parseAddress(formatMixed(value)))).toBe(String(value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('formatUriHost', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '[2001:db8::1]'],
    ['::ffff:192.0.2.1', '[::ffff:192.0.2.1]'],
  ])('%s is %s', (text, host) => {
    expect(formatUriHost(text)).toBe(host);
  });

  it('is a host that a URL reads as the same address', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (value) => {
        const { hostname } = new URL(`http://${formatUriHost(value)}/`);
        expect(parseAddress(hostname.replace(/^\[|\]$/g, '')).equals(value)).toBe(true);
      }),
    );
  });

  it('refuses a zone, for which URIs have no syntax', () => {
    expect(() => formatUriHost('fe80::1%eth0')).toThrow(
      expect.objectContaining({ code: 'ZONE_NOT_ALLOWED', offset: 7, hint: expect.stringContaining('[fe80::1]') }),
    );
    expect(URL.canParse('http://[fe80::1%eth0]/')).toBe(false);
  });
});

describe('reverse names', () => {
  const NIBBLES = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2';

  it.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['255.0.0.10', '10.0.0.255.in-addr.arpa'],
    ['2001:db8::1', `${NIBBLES}.ip6.arpa`],
  ])('%s is %s', (text, name) => {
    expect(formatReverseName(text)).toBe(name);
    expect(String(parseReverseName(name))).toBe(text);
    expect(String(parseReverseName(`${name}.`))).toBe(text);
    expect(String(parseReverseName(name.toUpperCase()))).toBe(text);
  });

  it('are inverse of each other', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (value) => parseReverseName(formatReverseName(value)).equals(forbidden(value))),
    );
  });

  it('refuse a zone, which no name can carry', () => {
    expect(() => formatReverseName('fe80::1%eth0')).toThrow(
      expect.objectContaining({ code: 'ZONE_NOT_ALLOWED', offset: 7, hint: expect.stringContaining('fe80::1') }),
    );
  });

  it.each([
    ...['', '.', 'in-addr.arpa', 'ip6.arpa', '192.in-addr.arpa', '2.0.192.in-addr.arpa', '5.1.2.0.192.in-addr.arpa'],
    ...['01.2.0.192.in-addr.arpa', '256.2.0.192.in-addr.arpa', '0x1.2.0.192.in-addr.arpa', '1.2.0.192.in-addr.arpa..'],
    ...['1.2.0.192', '192.0.2.1', '1.2.0.192.in-addr.arpa.example', '1.2.0.192.ip6.arpa', '1.2.0.192.in-addr-arpa'],
    // RFC 2317: a zone by delegation, not an address
    '1.0/25.2.0.192.in-addr.arpa',
    ...[`${NIBBLES.slice(2)}.ip6.arpa`, `0.${NIBBLES}.ip6.arpa`, `${NIBBLES}.in-addr.arpa`, `${NIBBLES}.ip6.int`],
    ...[
      `g${NIBBLES.slice(1)}.ip6.arpa`,
      `10${NIBBLES.slice(1)}.ip6.arpa`,
      ` ${NIBBLES}.ip6.arpa`,
      `${NIBBLES}.ip6.arpa\n`,
    ],
  ])('%j is none', (name) => {
    expect(() => parseReverseName(name)).toThrow(expect.objectContaining({ code: 'REVERSE_NAME', input: name }));
  });

  it.each(NOT_TEXT)('%s is none', (_, value) => {
    expect(() => parseReverseName(forbidden(value))).toThrow(
      expect.objectContaining({ code: 'NOT_TEXT', hint: 'pass the name as a string' }),
    );
  });

  it.each([
    ['1.2.3.256.in-addr.arpa', 6, '"256" is no octet', 'write a number from 0 to 255 without zeros in front'],
    ['01.1.1.1.in-addr.arpa', 0, '"01" is no octet', 'write a number from 0 to 255 without zeros in front'],
    ['1..2.3.in-addr.arpa', 2, '"" is no octet', 'write a number from 0 to 255 without zeros in front'],
    ['2.0.192.IN-ADDR.ARPA.', 8, '3 octets of 4', 'write four octets before in-addr.arpa, e.g. 1.2.0.192.in-addr.arpa'],
    [
      '5.4.3.2.1.in-addr.arpa',
      0,
      '5 octets of 4',
      'write four octets before in-addr.arpa, e.g. 1.2.0.192.in-addr.arpa',
    ],
    ['0.g.ip6.arpa', 2, '"g" is no hexadecimal digit', 'write one of 0 to 9 and a to f'],
    ['0.00.ip6.arpa', 2, '"00" is no hexadecimal digit', 'write one of 0 to 9 and a to f'],
    ['ip6.arpa', 0, '0 hexadecimal digits of 32', 'write 32 hexadecimal digits before ip6.arpa'],
    ['x-ip6.arpa', 0, 'no reverse name of an address', 'or 32 hexadecimal digits before ip6.arpa'],
  ])('%j is none from %i on: %s', (name, offset, problem, hint) => {
    const message = expect.stringContaining(`: ${problem} at offset ${offset}; `);
    expect(() => parseReverseName(name)).toThrow(
      expect.objectContaining({ code: 'REVERSE_NAME', offset, message, hint: expect.stringContaining(hint) }),
    );
  });
});

describe('formatHex and formatBinary', () => {
  it.each([
    ['192.0.2.1', '0xc0000201', '11000000.00000000.00000010.00000001'],
    ['0.0.0.0', '0x00000000', '00000000.00000000.00000000.00000000'],
    [
      'fe80::1%eth0',
      '0xfe800000000000000000000000000001',
      `1111111010000000:${'0000000000000000:'.repeat(6)}0000000000000001`,
    ],
  ])('%s', (text, hex, binary) => {
    expect(formatHex(text)).toBe(hex);
    expect(formatBinary(text)).toBe(binary);
  });

  it('are the integer, all digits of the family', () => {
    fc.assert(
      fc.property(address, (value) => {
        const bits = value.family === 4 ? 32 : 128;
        expect(BigInt(formatHex(value))).toBe(value.toBigInt());
        expect(formatHex(value)).toHaveLength(2 + bits / 4);
        const binary = formatBinary(value).replace(/[.:]/g, '');
        expect(BigInt(`0b${binary}`)).toBe(value.toBigInt());
        expect(binary).toHaveLength(bits);
      }),
    );
  });
});
