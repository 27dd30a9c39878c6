import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Address,
  AddressParseError,
  compareAddresses,
  IPv4Address,
  IPv6Address,
  parseAddress,
} from '../../src/ip/index.js';
import { address, ipv4, ipv4Integer, ipv6, ipv6Integer, zone, zoned } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

function v4(text: string): IPv4Address {
  return parseAddress(text) as IPv4Address;
}

function v6(text: string): IPv6Address {
  return parseAddress(text) as IPv6Address;
}

describe('values', () => {
  it.each(['192.0.2.1', '2001:db8::1', 'fe80::1%eth0'])('%s cannot be changed', (text) => {
    const value = parseAddress(text);
    const integer = value.toBigInt();
    for (const name of ['family', Symbol.toStringTag, ...('zone' in value ? ['zone'] : [])]) {
      expect(Reflect.set(value, name, 'changed')).toBe(false);
    }
    value.toBytes().fill(0xff);
    expect(Reflect.ownKeys(value)).toStrictEqual([]);
    expect(value.toString()).toBe(text);
    expect(value.toBigInt()).toBe(integer);
    expect(value.equals(parseAddress(text))).toBe(true);
  });

  it('throws on assignment', () => {
    const value: { family: unknown } = v4('192.0.2.1');
    expect(() => {
      value.family = 6;
    }).toThrow(TypeError);
    const withZone: { zone: unknown } = v6('fe80::1%eth0');
    expect(() => {
      withZone.zone = 'eth1';
    }).toThrow(TypeError);
    expect(value.family).toBe(4);
    expect(withZone.zone).toBe('eth0');
  });

  it.each([
    ['IPv4Address', IPv4Address],
    ['IPv6Address', IPv6Address],
  ])('%s has no public constructor', (name, valueClass) => {
    const construct: new (...args: unknown[]) => unknown = forbidden(valueClass);
    const message = `${name} is not constructed with new`;
    expect(() => new construct()).toThrow(message);
    expect(() => new construct('192.0.2.1')).toThrow(message);
    expect(() => new construct(Symbol('inaddr'), 0, 0, 0, 1, null)).toThrow(message);
  });

  it('are their text in JSON, in a template and as a key', () => {
    const values = ['192.0.2.1', '2001:db8::1', 'fe80::1%eth0'].map(parseAddress);
    expect(JSON.stringify({ values })).toBe('{"values":["192.0.2.1","2001:db8::1","fe80::1%eth0"]}');
    expect(`${values[0]} ${values[2]}`).toBe('192.0.2.1 fe80::1%eth0');
    expect(values.join()).toBe('192.0.2.1,2001:db8::1,fe80::1%eth0');
    const counts = new Map([[String(parseAddress('2001:DB8:0::1')), 1]]);
    expect(counts.get(String(values[1]))).toBe(1);
  });

  it.each([
    ['192.0.2.1', 'IPv4Address 192.0.2.1'],
    ['2001:db8::1', 'IPv6Address 2001:db8::1'],
    ['fe80::1%eth0', 'IPv6Address fe80::1%eth0'],
  ])('%s is readable in a debugger', (text, shown) => {
    const value = parseAddress(text);
    expect(Object.prototype.toString.call(value)).toBe(`[object ${shown}]`);
    const described: () => string = Reflect.get(value, Symbol.for('debug.description'));
    expect(described.call(value)).toBe(shown);
  });

  it('are told apart by assertion libraries, which cannot see private fields', () => {
    const pairs = [
      ['192.0.2.1', '192.0.2.2'],
      ['2001:db8::1', '2001:db8::2'],
      ['fe80::1%a', 'fe80::1%b'],
      ['192.0.2.1', '::ffff:192.0.2.1'],
    ] as const;
    for (const [one, other] of pairs) {
      expect({ a: parseAddress(one) }).toEqual({ a: parseAddress(one) });
      expect({ a: parseAddress(one) }).not.toEqual({ a: parseAddress(other) });
    }
  });

  it.each(['192.0.2.1', '2001:db8::1'])('%s is no number', (text) => {
    const value = parseAddress(text);
    const hint = 'compareAddresses(a, b)';
    expect(() => value < parseAddress(text)).toThrow(TypeError);
    expect(() => value < parseAddress(text)).toThrow(hint);
    expect(() => value >= parseAddress(text)).toThrow(hint);
    expect(() => Number(value)).toThrow(hint);
  });
});

describe('bytes and integers', () => {
  it.each([
    ['192.0.2.1', [192, 0, 2, 1], 0xc0000201n],
    ['0.0.0.0', [0, 0, 0, 0], 0n],
    ['255.255.255.255', [255, 255, 255, 255], 0xffffffffn],
  ])('%s', (text, bytes, integer) => {
    expect([...v4(text).toBytes()]).toStrictEqual(bytes);
    expect(v4(text).toBigInt()).toBe(integer);
    expect(String(IPv4Address.fromBytes(Uint8Array.from(bytes)))).toBe(text);
    expect(String(IPv4Address.fromBigInt(integer))).toBe(text);
  });

  it('are network order for IPv6', () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i * 17);
    expect(String(IPv6Address.fromBytes(bytes))).toBe('11:2233:4455:6677:8899:aabb:ccdd:eeff');
    expect(IPv6Address.fromBytes(bytes).toBigInt()).toBe(0x00112233445566778899aabbccddeeffn);
  });

  it('take a view into a larger buffer', () => {
    expect(String(IPv4Address.fromBytes(Uint8Array.of(9, 9, 192, 0, 2, 1, 9).subarray(2, 6)))).toBe('192.0.2.1');
  });

  it('are inverse of each other', () => {
    fc.assert(
      fc.property(ipv4, ipv6, (one, other) => {
        expect(IPv4Address.fromBytes(one.toBytes()).equals(one)).toBe(true);
        expect(IPv4Address.fromBigInt(one.toBigInt()).equals(one)).toBe(true);
        expect(IPv6Address.fromBytes(other.toBytes()).equals(other)).toBe(true);
        expect(IPv6Address.fromBigInt(other.toBigInt()).equals(other)).toBe(true);
      }),
    );
    fc.assert(fc.property(ipv4Integer, (integer) => IPv4Address.fromBigInt(integer).toBigInt() === integer));
    fc.assert(fc.property(ipv6Integer, (integer) => IPv6Address.fromBigInt(integer).toBigInt() === integer));
  });

  it('do not hold the zone', () => {
    fc.assert(
      fc.property(zoned, (value) => {
        expect(IPv6Address.fromBytes(value.toBytes()).equals(value.withZone(null))).toBe(true);
      }),
    );
  });

  it.each([0, 3, 5, 16])('%i bytes are no IPv4 address', (length) => {
    expect(() => IPv4Address.fromBytes(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'BYTE_LENGTH' }),
    );
  });

  it.each([0, 4, 15, 17])('%i bytes are no IPv6 address', (length) => {
    expect(() => IPv6Address.fromBytes(new Uint8Array(length))).toThrow(
      expect.objectContaining({ code: 'BYTE_LENGTH' }),
    );
  });

  it.each([...NOT_TEXT, ['text', '192.0.2.1'] as const, ['an ArrayBuffer', new ArrayBuffer(4)] as const])(
    '%s is no bytes',
    (_, value) => {
      const error = expect.objectContaining({ name: 'AddressParseError', code: 'NOT_BYTES' });
      expect(() => IPv4Address.fromBytes(forbidden(value))).toThrow(error);
      expect(() => IPv6Address.fromBytes(forbidden(value))).toThrow(error);
    },
  );

  it.each([-1n, 2n ** 32n])('%s is out of the range of IPv4', (integer) => {
    expect(() => IPv4Address.fromBigInt(integer)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
  });

  it.each([-1n, 2n ** 128n])('%s is out of the range of IPv6', (integer) => {
    expect(() => IPv6Address.fromBigInt(integer)).toThrow(expect.objectContaining({ code: 'INTEGER_RANGE' }));
  });

  it.each(NOT_TEXT.filter(([, value]) => typeof value !== 'bigint'))('%s is no bigint', (_, value) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'INTEGER_RANGE' });
    expect(() => IPv4Address.fromBigInt(forbidden(value))).toThrow(error);
    expect(() => IPv6Address.fromBigInt(forbidden(value))).toThrow(error);
  });
});

describe('next and previous', () => {
  it.each([
    ['0.0.0.0', '0.0.0.1'],
    ['127.255.255.255', '128.0.0.0'],
    ['255.255.255.254', '255.255.255.255'],
    ['::', '::1'],
    ['::ffff:ffff', '::1:0:0'],
    ['::ffff:ffff:ffff:ffff', '0:0:0:1::'],
    ['0:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '1::'],
    ['7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '8000::'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fe80::1%eth0', 'fe80::2%eth0'],
    // From link-local to site-local: both may have a zone
    ['febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff%eth0', 'fec0::%eth0'],
  ])('%s is before %s', (one, other) => {
    expect(String(parseAddress(one).next())).toBe(other);
    expect(String(parseAddress(other).previous())).toBe(one);
  });

  it('end at the ends', () => {
    expect(v4('255.255.255.255').next()).toBeNull();
    expect(v4('0.0.0.0').previous()).toBeNull();
    expect(v6('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff').next()).toBeNull();
    expect(v6('::').previous()).toBeNull();
  });

  it.each([
    ['fe80::%eth0', 'previous', 'fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%eth0', 'next', 'ff00::'],
    ['ff01::%eth0', 'previous', 'ff00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['ff0d:ffff:ffff:ffff:ffff:ffff:ffff:ffff%eth0', 'next', 'ff0e::'],
  ] as const)('%s has no %s, since a zone may not stand after it', (text, step, without) => {
    expect(v6(text)[step]()).toBeNull();
    expect(String(v6(text).withZone(null)[step]())).toBe(without);
  });

  it('are inverse of each other, and one apart', () => {
    fc.assert(
      fc.property(address, (value: Address) => {
        const next = value.next();
        if (next !== null) {
          expect(next.toBigInt()).toBe(value.toBigInt() + 1n);
          expect(next.previous()?.equals(forbidden(value))).toBe(true);
        }
        const previous = value.previous();
        if (previous !== null) {
          expect(previous.toBigInt()).toBe(value.toBigInt() - 1n);
          expect(previous.next()?.equals(forbidden(value))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('order and equality', () => {
  it('sorts IPv4 before IPv6, then by number, then by zone', () => {
    const sorted = [
      ...['0.0.0.0', '1.2.3.4', '127.255.255.255', '128.0.0.0', '255.255.255.255'],
      ...[
        '::',
        '::1',
        '::ffff:0.0.0.0',
        '7fff::',
        '8000::',
        'fe80::1',
        'fe80::1%1',
        'fe80::1%a',
        'fe80::1%b',
        'fe80::2',
      ],
    ];
    const shuffled = [...sorted].sort((one, other) => ((one.length * 7) % 5) - ((other.length * 7) % 5));
    expect(shuffled).not.toStrictEqual(sorted);
    expect(shuffled.map(parseAddress).sort(compareAddresses).map(String)).toStrictEqual(sorted);
  });

  it('of one word and of the zone alone', () => {
    const base = '4:4:4:4:4:4:4:4';
    const bigger = ['5:4:4:4:4:4:4:4', '4:4:5:4:4:4:4:4', '4:4:4:4:5:4:4:4', '4:4:4:4:4:4:5:4'];
    for (const text of bigger) {
      const [one, other] = [parseAddress(base), parseAddress(text)];
      expect([one.equals(other), other.equals(one)]).toEqual([false, false]);
      expect([Math.sign(one.compare(other)), Math.sign(other.compare(one))]).toEqual([-1, 1]);
    }
    for (const [text, after] of [
      ['fe80::1', 'fe80::1%a'],
      ['fe80::1%a', 'fe80::1%b'],
    ] as const) {
      const [one, other] = [parseAddress(text), parseAddress(after)];
      expect([one.equals(other), other.equals(one)]).toEqual([false, false]);
      expect([one.compare(other), other.compare(one)]).toEqual([-1, 1]);
      expect([one.compare(parseAddress(text)), one.equals(parseAddress(text))]).toEqual([0, true]);
    }
  });

  it('is the order of family, integer and zone', () => {
    const zoneOf = (value: Address) => (value.family === 6 ? (value.zone ?? '') : '');
    const near = fc.oneof(
      fc.tuple(address, address),
      address.map((value) => [value, value] as const),
      fc.tuple(zoned, zone).map(([value, other]) => [value, value.withZone(other)] as const),
    );
    fc.assert(
      fc.property(near, ([one, other]) => {
        const expected =
          one.family - other.family ||
          sign(one.toBigInt() - other.toBigInt()) ||
          (zoneOf(one) < zoneOf(other) ? -1 : Number(zoneOf(one) > zoneOf(other)));
        expect(Math.sign(one.compare(other))).toBe(Math.sign(expected));
        expect(Math.sign(other.compare(one))).toBe(0 - Math.sign(expected));
        expect(Math.sign(compareAddresses(one, other))).toBe(Math.sign(expected));
        expect(one.equals(other)).toBe(expected === 0);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([...NOT_TEXT, ['text', '192.0.2.1'] as const])('refuses %s', (_, value) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'NOT_ADDRESS', input: value });
    for (const ours of [v4('192.0.2.1'), v6('::1')]) {
      expect(() => ours.equals(forbidden(value))).toThrow(error);
      expect(() => ours.compare(forbidden(value))).toThrow(error);
      expect(() => compareAddresses(ours, forbidden(value))).toThrow(error);
      expect(() => compareAddresses(forbidden(value), ours)).toThrow(error);
    }
  });
});

function sign(integer: bigint): number {
  return integer === 0n ? 0 : integer < 0n ? -1 : 1;
}

describe('mapped addresses', () => {
  it.each([
    ['127.0.0.1', '::ffff:127.0.0.1'],
    ['0.0.0.0', '::ffff:0.0.0.0'],
    ['255.255.255.255', '::ffff:255.255.255.255'],
  ])('%s is mapped to %s', (inner, mapped) => {
    expect(String(v4(inner).toMapped())).toBe(mapped);
    expect(String(v6(mapped).unmap())).toBe(inner);
    expect(v4(inner).equals(v6(mapped))).toBe(false);
  });

  it.each(['::127.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '::1:ffff:127.0.0.1', 'fe80::1%eth0', '::1'])(
    '%s is its own',
    (text) => {
      const value = v6(text);
      expect(value.unmap()).toBe(value);
    },
  );

  it('unmap is the inverse of toMapped', () => {
    fc.assert(fc.property(ipv4, (value) => value.toMapped().unmap().equals(value)));
  });
});

describe('zones', () => {
  it('are put on, changed and taken off', () => {
    const value = v6('fe80::1');
    expect(value.zone).toBeNull();
    expect(value.withZone('eth0').zone).toBe('eth0');
    expect(String(value.withZone('eth0').withZone('eth1'))).toBe('fe80::1%eth1');
    expect(value.withZone('eth0').withZone(null).equals(value)).toBe(true);
    expect(v6('2001:db8::1').withZone(null).zone).toBeNull();
  });

  it.each([
    ['fe80::1', '', 'ZONE_EMPTY'],
    ['fe80::1', 'a%b', 'ZONE_CHARACTER'],
    ['fe80::1', 'é', 'ZONE_CHARACTER'],
    ['fe80::1', '25eth0', 'ZONE_PERCENT_ENCODED'],
    ['fe80::1', 'a b', 'BLANK'],
    ['fe80::1', 'a\n', 'BLANK'],
    ['fe80::1', 'a/64', 'PREFIX_LENGTH'],
    ['::1', 'lo', 'ZONE_NOT_ALLOWED'],
    ['2001:db8::1', 'eth0', 'ZONE_NOT_ALLOWED'],
    ['::1', '', 'ZONE_NOT_ALLOWED'],
  ])('%s refuses the zone %j: %s', (text, name, code) => {
    expect(() => v6(text).withZone(name)).toThrow(expect.objectContaining({ code, input: `${text}%${name}` }));
    expect(() => parseAddress(`${text}%${name}`)).toThrow(expect.objectContaining({ code }));
  });

  it.each(NOT_TEXT.filter(([, value]) => value !== null))('%s is no zone', (_, value) => {
    expect(() => v6('fe80::1').withZone(forbidden(value))).toThrow(AddressParseError);
    expect(() => v6('fe80::1').withZone(forbidden(value))).toThrow(
      expect.objectContaining({ code: 'NOT_TEXT', hint: 'pass the zone as a string' }),
    );
  });
});
