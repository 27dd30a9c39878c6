import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  AddressParseError,
  type IPv6Address,
  isAddress,
  parseAddress,
  parseAddressBytes,
  safeParseAddress,
} from '../../src/ip/index.js';
import { address, anyText, writing, zoned } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

const runs = (numRuns: number) => ({ numRuns });

describe('text that is an address', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['1.22.199.0', '1.22.199.0'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['2001:DB8::ABCD', '2001:db8::abcd'],
    // `::` for one group is read, never written
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3::5:6:7:8', '1:2:3:0:5:6:7:8'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['1:2:3:4:5::1.2.3.4', '1:2:3:4:5:0:102:304'],
    ['::1.2.3.4', '::102:304'],
    ['::ffff:7f00:1', '::ffff:127.0.0.1'],
    ['000:0:0000::01', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['fe80::1%25', 'fe80::1%25'],
    ['fe80::1%2', 'fe80::1%2'],
    ['FE80::1%Wi-Fi_2.5~', 'fe80::1%Wi-Fi_2.5~'],
    ['fec0::1.2.3.4%1', 'fec0::102:304%1'],
  ])('%s is %s', (text, canonical) => {
    expect(String(parseAddress(text))).toBe(canonical);
    expect(isAddress(text)).toBe(true);
  });
});

describe('text that is no address', () => {
  it.each([
    ...[
      '',
      ' ',
      '1',
      '1.2',
      '1.2.3',
      '1.2.3.',
      '.1.2.3.4',
      '1.2.3.4.',
      '1.2.3.4.5',
      '1..2.3',
      '256.1.1.1',
      '1.1.1.256',
    ],
    ...[
      '1921.0.0.1',
      '01.2.3.4',
      '1.2.3.04',
      '00.0.0.0',
      '1.2.3.4x',
      '0x7f.0.0.1',
      '0x7f000001',
      '2130706433',
      '127.1',
    ],
    ...[
      '1.2.3.4 ',
      ' 1.2.3.4',
      '1.2.3.4\n',
      '1.2.3.4\0',
      '１.2.3.4',
      '١.2.3.4',
      '1。2。3。4',
      '+1.2.3.4',
      '-1.2.3.4',
      '1e1.2.3.4',
    ],
    ...['1.2.3.4/32', '1.2.3.4:80', '1.2.3.4%eth0', '[1.2.3.4]', 'localhost', 'a.b.c.d'],
    ...[
      ':',
      ':::',
      '1',
      '1:',
      ':1',
      '1::2:',
      ':1::2',
      '1::2::3',
      '1:::2',
      '::1::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
    ],
    ...[
      '1:2:3:4:5:6:7:8::',
      '::1:2:3:4:5:6:7:8',
      '1:2:3:4::5:6:7:8',
      '12345::',
      '::00001',
      'g::',
      '::-1',
      '::+1',
      '::0x1',
    ],
    ...[
      '1:2:3:4:5:6:7:1.2.3.4',
      '::1:2:3:4:5:6:1.2.3.4',
      '1.2.3.4::',
      '::1.2.3',
      '::1.2.3.256',
      '::01.2.3.4',
      '::1.2.3.4.5',
    ],
    ...['::1.2.3.4:5', '[::1]', '::1]', '::1/128', '::1\n', ' ::1', '::１', '::\u00e9'],
    ...[
      'fe80::1%',
      'fe80::1%%',
      'fe80::1%a%b',
      'fe80::1%a/b',
      'fe80::1%a b',
      'fe80::1%a:b',
      'fe80::1%é',
      'fe80::1%a\n',
    ],
    ...['fe80::1%25eth0', 'fe80::1%2525', 'fe80::1%25%', '%eth0', 'fe80%eth0'],
  ])('%j', (text) => {
    expect(isAddress(text)).toBe(false);
    expect(() => parseAddress(text)).toThrow(AddressParseError);
    expect(safeParseAddress(text).success).toBe(false);
  });

  it.each(NOT_TEXT)('%s', (_, value) => {
    expect(isAddress(value)).toBe(false);
    const result = safeParseAddress(forbidden(value));
    expect(result.success).toBe(false);
    expect(result).toMatchObject({ error: { name: 'AddressParseError', code: 'NOT_TEXT', input: value } });
    expect(() => parseAddress(forbidden(value))).toThrow(expect.objectContaining({ code: 'NOT_TEXT', input: value }));
  });
});

describe('zones stand only where the scope is not global', () => {
  it.each([
    ...['fe80::1', 'febf::1', 'fec0::1', 'feff::1'],
    ...['ff01::1', 'ff02::1', 'ff05::2', 'ff08::1', 'ff0d::1', 'ff12::1', 'ff3d::1', 'fff1::1'],
  ])('%s may have one', (text) => {
    expect(parseAddress(`${text}%eth0`)).toMatchObject({ zone: 'eth0' });
  });

  it.each([
    ...['::', '::1', '::ffff:127.0.0.1', '64:ff9b::1', '2001:db8::1', '2002::1', 'fc00::1', 'fd00::1', 'fdff::1'],
    ...['fe7f::1', 'fe00::1', 'ff00::1', 'ff0e::1', 'ff0f::1', 'ff10::1', 'ff3e::1', 'ffff::1'],
  ])('%s may have none', (text) => {
    expect(isAddress(text)).toBe(true);
    expect(safeParseAddress(`${text}%eth0`)).toMatchObject({ error: { code: 'ZONE_NOT_ALLOWED' } });
  });

  it.each(['eth0', '1', 'en-0', 'a.b', 'a_b', 'a~b', 'A', '25', '2', '52'])('%s is a zone', (zone) => {
    expect(parseAddress(`fe80::1%${zone}`)).toMatchObject({ zone });
  });
});

describe('isAddress with a family', () => {
  it.each([
    ['192.0.2.1', true, false],
    ['2001:db8::1', false, true],
    ['::ffff:192.0.2.1', false, true],
    ['fe80::1%eth0', false, true],
    ['192.0.2', false, false],
  ])('%s', (text, ipv4, ipv6) => {
    expect(isAddress(text, 4)).toBe(ipv4);
    expect(isAddress(text, 6)).toBe(ipv6);
    expect(isAddress(text)).toBe(ipv4 || ipv6);
  });
});

describe('safeParseAddress', () => {
  it('gives the value of what parseAddress takes', () => {
    expect(safeParseAddress('192.0.2.1')).toStrictEqual({ success: true, data: parseAddress('192.0.2.1') });
  });

  it('makes the error once', () => {
    const result = safeParseAddress('192.0.2');
    expect(result.success).toBe(false);
    if (result.success) return;
    expect(result.error).toBeInstanceOf(AddressParseError);
    expect(result.error).toBe(result.error);
  });
});

describe('parse and print', () => {
  it('parse of print is the identity, zones too', () => {
    fc.assert(
      fc.property(address, (value) => {
        expect(parseAddress(value.toString()).equals(value)).toBe(true);
      }),
      runs(3000),
    );
  });

  it('print of parse is a fixed point', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          writing.map(({ text }) => text),
          zoned.map(String),
        ),
        (text) => {
          const printed = String(parseAddress(text));
          expect(String(parseAddress(printed))).toBe(printed);
        },
      ),
      runs(3000),
    );
  });

  it('every writing of an address is read as that address', () => {
    fc.assert(
      fc.property(writing, ({ text, written }) => {
        const value = parseAddress(text);
        expect({ family: value.family, integer: value.toBigInt() }).toStrictEqual(written);
      }),
      runs(5000),
    );
  });
});

describe('parseAddressBytes', () => {
  const encoder = new TextEncoder();

  it('agrees with parseAddress, wherever the text stands among the bytes', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.constantFrom('', '1', '1.', 'f', ':', '::', '\n', '%', '\0'),
        fc.constantFrom('', '1', '.1', 'f', ':', '::1', '\n', '%a', '\0'),
        (text, before, after) => {
          const [head, body] = [encoder.encode(before), encoder.encode(text)];
          const bytes = Uint8Array.from([...head, ...body, ...encoder.encode(after)]);
          const [start, end] = [head.length, head.length + body.length];
          if (isAddress(text)) {
            expect(parseAddressBytes(bytes, start, end).equals(parseAddress(text))).toBe(true);
          } else {
            expect(() => parseAddressBytes(bytes, start, end)).toThrow(AddressParseError);
          }
        },
      ),
      runs(10000),
    );
  });

  it('says of bytes what parseAddress says of their text', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !isAddress(text) && !/\p{Surrogate}/u.test(text)),
        (text) => {
          const result = safeParseAddress(text);
          const { code, offset, hint, message } = result.success ? expect.fail('is an address') : result.error;
          expect(() => parseAddressBytes(encoder.encode(text))).toThrow(
            expect.objectContaining({ code, offset, hint, message, input: text }),
          );
        },
      ),
      runs(1000),
    );
  });

  it('takes any bytes without an error of another kind', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const text = String.fromCharCode(...bytes);
        if (isAddress(text)) expect(String(parseAddressBytes(bytes))).toBe(String(parseAddress(text)));
        else expect(() => parseAddressBytes(bytes)).toThrow(AddressParseError);
      }),
      runs(2000),
    );
  });

  it.each([
    ['a high byte', [0x31, 0x2e, 0x32, 0x2e, 0x33, 0x2e, 0xb4]],
    ['full-width digits in UTF-8', [...encoder.encode('１.2.3.4')]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, ...encoder.encode('1.2.3.4')]],
    ['a byte order mark in front of a zone', [...encoder.encode('fe80::1%\ufeffeth0')]],
    ['a zone in Latin-1', [...encoder.encode('fe80::1%'), 0xe9]],
    ['an IPv6 group with a high byte', [0x3a, 0x3a, 0xb1]],
    ['a zero byte at the end', [...encoder.encode('::1'), 0]],
  ])('refuses %s', (_, bytes) => {
    expect(() => parseAddressBytes(Uint8Array.from(bytes))).toThrow(AddressParseError);
  });

  it.each([
    ['\ufeff1.2.3.4', 0],
    ['\ufeff::1', 0],
    ['\ufeff', 0],
    ['fe80::1%\ufeffeth0', 8],
    ['fe80::1%\ufeff', 8],
  ])('%j: BLANK at %i, as in text', (text, offset) => {
    const expected = { code: 'BLANK', offset, input: text };
    expect(() => parseAddress(text)).toThrow(expect.objectContaining(expected));
    expect(() => parseAddressBytes(encoder.encode(text))).toThrow(expect.objectContaining(expected));
  });

  it('keeps no reference to the bytes', () => {
    const bytes = encoder.encode('fe80::1%eth0');
    const value = parseAddressBytes(bytes) as IPv6Address;
    bytes.fill(0x30);
    expect(String(value)).toBe('fe80::1%eth0');
  });

  it('takes all of the bytes by default', () => {
    expect(String(parseAddressBytes(encoder.encode('x192.0.2.1'), 1))).toBe('192.0.2.1');
    expect(String(parseAddressBytes(encoder.encode('192.0.2.1')))).toBe('192.0.2.1');
  });

  it('takes bytes of shared memory', () => {
    const share = (text: string) => {
      const bytes = new Uint8Array(new SharedArrayBuffer(text.length));
      bytes.set(encoder.encode(text));
      return bytes;
    };
    for (const text of ['192.0.2.1', '2001:db8::1', 'fe80::1%eth0']) {
      expect(String(parseAddressBytes(share(text)))).toBe(text);
    }
    expect(() => parseAddressBytes(share('192.0.2'))).toThrow(
      expect.objectContaining({ name: 'AddressParseError', input: '192.0.2' }),
    );
  });

  it.each([
    [-1, 3],
    [2, 1],
    [0, 10],
    [10, 10],
    [Number.NaN, 3],
    [0, Number.NaN],
    [0.5, 3],
    [0, 2.5],
    [null as never, 3],
    [0, true as never],
    [Symbol('start') as never, 3],
    [Object.create(null) as never, 3],
    [0, Object.create(null) as never],
  ])('refuses %s to %s of nine bytes', (start, end) => {
    expect(() => parseAddressBytes(encoder.encode('192.0.2.1'), start, end)).toThrow(RangeError);
  });

  it('refuses an empty range as empty text', () => {
    expect(() => parseAddressBytes(encoder.encode('192.0.2.1'), 4, 4)).toThrow(
      expect.objectContaining({ code: 'EMPTY' }),
    );
  });

  it.each([...NOT_TEXT, ['text', '192.0.2.1'] as const])('refuses %s', (_, value) => {
    expect(() => parseAddressBytes(forbidden(value))).toThrow(expect.objectContaining({ code: 'NOT_BYTES' }));
  });
});

/** Reads text with a peer: the integer, or null where it refuses. */
const PEERS = {
  'ip-address': (text: string) => (text.includes(':') ? new Address6(text) : new Address4(text)).bigInt(),
  'ipaddr.js': (text: string) =>
    ipaddr
      .parse(text)
      .toByteArray()
      .reduce((integer, byte) => (integer << 8n) | BigInt(byte), 0n),
};

function readWith(peer: keyof typeof PEERS, text: string): bigint | null {
  try {
    return PEERS[peer](text);
  } catch {
    return null;
  }
}

/**
 * Where a peer is known to differ: the texts, an example, what the peer makes of it, and why it is not what we answer.
 */
const DISAGREEMENTS: readonly {
  readonly peer: keyof typeof PEERS;
  readonly texts: RegExp;
  readonly example: string;
  readonly theirs: string | null;
  readonly ours: string | null;
  readonly because: string;
}[] = [
  {
    peer: 'ip-address',
    texts: /\//,
    example: '192.0.2.1/24',
    theirs: '192.0.2.1',
    ours: null,
    because: 'a prefix is no address (GHSA-4xrf-jv44-h6hh)',
  },
  {
    peer: 'ip-address',
    texts: /:.*%/s,
    example: 'fe80::1%<script>',
    theirs: 'fe80::1',
    ours: null,
    because: 'it takes any zone, an empty one too, after any address',
  },
  {
    peer: 'ipaddr.js',
    texts: /:.*%/s,
    example: '2001:db8::1%eth0',
    theirs: '2001:db8::1',
    ours: null,
    because: 'it takes a zone after any address',
  },
  {
    peer: 'ipaddr.js',
    texts: /:.*%/s,
    example: 'fe80::1%en-0',
    theirs: null,
    ours: 'fe80::1',
    because: 'it takes letters and digits alone in a zone',
  },
  {
    peer: 'ipaddr.js',
    texts: /^[\da-fx]+(\.[\da-fx]+){0,3}$/i,
    example: '010.0.0.1',
    theirs: '8.0.0.1',
    ours: null,
    because: 'it follows inet_aton: octal, hexadecimal, missing octets',
  },
  {
    peer: 'ipaddr.js',
    texts: /:(?=[^:]*\.)[\da-fx.]*\b0[\dx][\da-fx.]*$/i,
    example: '::ffff:1.2.3.04',
    theirs: '::ffff:1.2.3.4',
    ours: null,
    because: 'it takes octal and hexadecimal parts in the dotted quad of an IPv6 address',
  },
  {
    peer: 'ipaddr.js',
    texts: /:(?=[^:]*\.)[\da-fx.]*\b0[\dx][\da-fx.]*$/i,
    example: '::5efe:116.9.02.0x1f',
    theirs: '::5efe:116.9.2.31',
    ours: null,
    because: 'it takes octal and hexadecimal parts in the dotted quad of an IPv6 address',
  },
  {
    peer: 'ipaddr.js',
    texts: /^::\d+(\.\d+){3}$/,
    example: '::1.2.3.4',
    theirs: '::ffff:1.2.3.4',
    ours: '::1.2.3.4',
    because: 'it reads the IPv4-compatible address as the IPv4-mapped one: other bits',
  },
];

describe.each(Object.keys(PEERS) as (keyof typeof PEERS)[])('agreement with %s', (peer) => {
  const known = DISAGREEMENTS.filter((disagreement) => disagreement.peer === peer);
  const integer = (text: string | null) => (text === null ? null : parseAddress(text).toBigInt());

  it.each(known)('differs on $example: $because', ({ texts, example, theirs, ours }) => {
    expect(example).toMatch(texts);
    expect(readWith(peer, example)).toBe(integer(theirs));
    const result = safeParseAddress(example);
    expect(result.success ? result.data.toBigInt() : null).toBe(integer(ours));
  });

  it('on all other text', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !known.some(({ texts }) => texts.test(text))),
        (text) => {
          const result = safeParseAddress(text);
          expect(readWith(peer, text)).toBe(result.success ? result.data.toBigInt() : null);
        },
      ),
      runs(5000),
    );
  });
});
