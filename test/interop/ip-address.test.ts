import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromIpAddress, toIpAddress } from '../../src/interop/index.js';
import { AddressParseError, IPv4Address, IPv6Address, parseAddress } from '../../src/ip/index.js';

const require = createRequire(import.meta.url);

const ipv4Bits = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.bigInt({ min: 0n, max: 1000n }));
// Groups that are often zero, so that texts are compressed in every place.
const ipv6Bits = fc
  .array(fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 0xffffn })), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.reduce((bits, group) => (bits << 16n) | group, 0n));

/** What a caller of JavaScript may pass. */
function unchecked(value: unknown): () => unknown {
  return () => Reflect.apply(fromIpAddress, undefined, [value]);
}

function failure(read: () => unknown): AddressParseError {
  try {
    read();
  } catch (error) {
    if (error instanceof AddressParseError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

/** As version 9 and older make it, for which leading zeros were decimal and which has no `bigInt()`. */
class OldAddress4 {
  readonly groups = 4;
  readonly subnetMask = 32;
  readonly parsedAddress: string[];

  constructor(address: string) {
    this.parsedAddress = address.split('.');
  }

  correctForm(): string {
    return this.parsedAddress.map((part) => Number.parseInt(part, 10)).join('.');
  }
}

describe('fromIpAddress', () => {
  it('gives the value of an object', () => {
    expect(fromIpAddress(new Address4('192.0.2.1'))).toBeInstanceOf(IPv4Address);
    expect(fromIpAddress(new Address4('192.0.2.1')).toString()).toBe('192.0.2.1');
    expect(fromIpAddress(new Address6('2001:DB8:0::1'))).toBeInstanceOf(IPv6Address);
    expect(fromIpAddress(new Address6('2001:DB8:0::1')).toString()).toBe('2001:db8::1');
  });

  it('gives the bits that the object has', () => {
    fc.assert(
      fc.property(ipv4Bits, (bits) => {
        const object = Address4.fromBigInt(bits);
        expect(fromIpAddress(object).toBigInt()).toBe(object.bigInt());
      }),
    );
    fc.assert(
      fc.property(ipv6Bits, (bits) => {
        const object = Address6.fromBigInt(bits);
        expect(fromIpAddress(object).toBigInt()).toBe(object.bigInt());
      }),
    );
  });

  it('keeps a mapped address IPv6, though its object calls itself v4', () => {
    const object = new Address6('::ffff:192.0.2.1');
    expect(object.v4).toBe(true);
    expect(fromIpAddress(object).toString()).toBe('::ffff:192.0.2.1');
    expect(fromIpAddress(object).family).toBe(6);
  });

  it('keeps the zone', () => {
    expect(fromIpAddress(new Address6('fe80::1%eth0')).zone).toBe('eth0');
    expect(fromIpAddress(new Address6('2001:db8::1')).zone).toBe(null);
  });

  it.each([
    ['fe80::1%', 'ZONE_EMPTY'],
    ['fe80::1%<script>', 'ZONE_CHARACTER'],
    ['fe80::1%a%b', 'ZONE_CHARACTER'],
    ['fe80::1%25eth0', 'ZONE_PERCENT_ENCODED'],
    ['::1%lo', 'ZONE_NOT_ALLOWED'],
    ['2001:db8::1%eth0', 'ZONE_NOT_ALLOWED'],
  ])('refuses %s, which ip-address takes: %s', (text, code) => {
    const object = new Address6(text);
    expect(failure(() => fromIpAddress(object))).toMatchObject({ code, input: text });
  });

  it.each([
    [new Address4('10.0.0.1/8'), '10.0.0.1/8', 8],
    [new Address4('10.0.0.0/0'), '10.0.0.0/0', 8],
    [new Address4('127.0.0.1/31'), '127.0.0.1/31', 9],
    // ip-address reads the zero away
    [new Address4('1.2.3.4/08'), '1.2.3.4/8', 7],
    [new Address6('2001:db8::1/64'), '2001:db8::1/64', 11],
    [new Address6('fe80::1%eth0/64'), 'fe80::1%eth0/64', 12],
    [new Address6('fe80::1/64%eth0'), 'fe80::1%eth0/64', 12],
    [Address6.fromAddress4('10.0.0.1/8'), '::ffff:10.0.0.1/104', 15],
  ])('refuses a subnet: %#', (object, input, offset) => {
    const error = failure(() => fromIpAddress(object));
    expect(error).toMatchObject({ code: 'PREFIX_LENGTH', input, offset });
    expect(error.hint).toBe(
      `an address is no prefix, make the Address${input.includes(':') ? 6 : 4} of ${input.slice(0, offset)} alone`,
    );
  });

  it('takes a subnet of the full length, which is an address', () => {
    expect(fromIpAddress(new Address4('10.0.0.1/32')).toString()).toBe('10.0.0.1');
    expect(fromIpAddress(new Address6('fe80::1/128%eth0')).toString()).toBe('fe80::1%eth0');
  });

  it('reads what the object stands for, not its text: 012.0.0.1 is 12.0.0.1 to versions that take it', () => {
    expect(() => new Address4('012.0.0.1')).toThrow("can't have leading zeroes");
    expect(fromIpAddress(new OldAddress4('012.0.0.1')).toString()).toBe('12.0.0.1');
  });

  it('refuses an Address6 of fewer groups, whose text means another address here', () => {
    const object = new Address6('1::2', 4);
    expect(object.bigInt()).toBe(0x0001_0000_0000_0002n);
    expect(failure(() => fromIpAddress(object)).code).toBe('NOT_ADDRESS');
    expect(failure(() => fromIpAddress(new Address6('1::2/32', 4))).code).toBe('NOT_ADDRESS');
    expect(failure(() => fromIpAddress(new Address6('1:2:3:4:5:6', 6))).code).toBe('NOT_ADDRESS');
  });

  const shape = { groups: 4, subnetMask: 32, correctForm: () => '192.0.2.1' };

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['text', '192.0.2.1'],
    ['a value', parseAddress('192.0.2.1')],
    ['a class', Address4],
    ['an object without text', { ...shape, correctForm: undefined }],
    ['an object whose text is none', { ...shape, correctForm: () => 3221225985 }],
    ['an object without a subnet mask', { ...shape, subnetMask: undefined }],
    ['an object with a mask as text', { ...shape, subnetMask: '32' }],
    ['an object of the other family', { ...shape, correctForm: () => '2001:db8::1', groups: 4 }],
    ['an object of a family that there is not', { ...shape, groups: 6 }],
    ['a zone that is no text', { ...shape, zone: 1 }],
    ['a zone that would be digits', { ...shape, zone: '23' }],
  ])('refuses %s', (_, value) => {
    const error = failure(unchecked(value));
    expect(error).toMatchObject({ name: 'AddressParseError', code: 'NOT_ADDRESS', input: value });
    expect(error.message).toContain("pass an object of ip-address, e.g. new Address4('192.0.2.1')");
  });

  it.each([
    ['octal text', '010.0.0.1', 'LEADING_ZERO'],
    ['a port', '192.0.2.1:80', 'PORT'],
    ['a name', 'localhost', 'BAD_CHARACTER'],
  ])('refuses an object that prints %s', (_, text, code) => {
    expect(failure(unchecked({ ...shape, correctForm: () => text }))).toMatchObject({ code, input: text });
  });
});

describe('toIpAddress', () => {
  it('gives an object of the family', () => {
    expect(toIpAddress('192.0.2.1')).toBeInstanceOf(Address4);
    expect(toIpAddress('::ffff:192.0.2.1')).toBeInstanceOf(Address6);
    expect(toIpAddress(parseAddress('2001:DB8::1')).correctForm()).toBe('2001:db8::1');
  });

  it.each(['012.0.0.1', '10.0.0.1/8', '127.1', '::1%lo', 'fe80::1%', '', '1.2.3.4/08'])('refuses %j', (text) => {
    expect(() => toIpAddress(text)).toThrow(AddressParseError);
  });

  it('refuses what is neither text nor a value', () => {
    expect(failure(() => Reflect.apply(toIpAddress, undefined, [2130706433])).code).toBe('NOT_TEXT');
  });

  it('is the inverse of fromIpAddress', () => {
    const zones = fc.stringMatching(/^[a-z][0-9A-Za-z._~-]{0,12}$/);
    fc.assert(
      fc.property(ipv4Bits, ipv6Bits, zones, (four, six, zone) => {
        const zoned = (six & (2n ** 118n - 1n)) | (0x3fan << 118n);
        const values = [
          IPv4Address.fromBigInt(four),
          IPv6Address.fromBigInt(six),
          IPv4Address.fromBigInt(four).toMapped(),
          IPv6Address.fromBigInt(zoned).withZone(zone),
        ];
        for (const value of values) {
          const object = toIpAddress(value);
          expect(object.bigInt()).toBe(value.toBigInt());
          expect(object.subnetMask).toBe(value.family === 4 ? 32 : 128);
          expect(fromIpAddress(object).equals(value)).toBe(true);
        }
      }),
    );
  });
});

describe('objects of another copy of ip-address', () => {
  let folder: string;
  let copy: typeof import('ip-address');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inaddr-'));
    const target = join(folder, 'node_modules', 'ip-address');
    cpSync(join(dirname(require.resolve('ip-address')), '..'), target, { recursive: true });
    copy = require(target);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read as those of our own', () => {
    expect(new copy.Address4('192.0.2.1')).not.toBeInstanceOf(Address4);
    expect(fromIpAddress(new copy.Address4('192.0.2.1')).toString()).toBe('192.0.2.1');
    expect(fromIpAddress(new copy.Address6('fe80::1%eth0')).toString()).toBe('fe80::1%eth0');
    expect(failure(() => fromIpAddress(new copy.Address4('10.0.0.1/8'))).code).toBe('PREFIX_LENGTH');
  });
});
