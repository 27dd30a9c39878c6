import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, describeEmbedded, embedNat64, isGloballyReachable, parseAddress } from '../../src/ip/index.js';
import { ipv4, ipv6Integer } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { printSlowly } from '../support/slow-address.js';

/** The examples of RFC 6052 section 2.4. */
const EXAMPLES = [
  ['2001:db8::/32', '2001:db8:c000:221::'],
  ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
  ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
  ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
  ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100:0'],
  ['2001:db8:122:344::/96', '2001:db8:122:344::c000:221'],
  ['64:ff9b::/96', '64:ff9b::192.0.2.33'],
] as const;

const LENGTHS = [32, 40, 48, 56, 64, 96];

describe('embedNat64', () => {
  it.each(EXAMPLES)('%s: %s', (prefix, text) => {
    expect(String(embedNat64('192.0.2.33', prefix))).toBe(text);
    expect(embedNat64(parseAddress('192.0.2.33') as Parameters<typeof embedNat64>[0], prefix).toString()).toBe(text);
    expect(describeEmbedded(text, { nat64: [prefix] })).toStrictEqual({
      mechanism: 'nat64',
      address: '192.0.2.33',
      mac: null,
      prefix,
      canonical: true,
    });
  });

  it.each(LENGTHS)('is the inverse of describeEmbedded under a prefix of %i bits', (length) => {
    fc.assert(
      fc.property(ipv4, fc.bigInt(0n, 2n ** 56n - 1n), (inner, network) => {
        // Somewhere in 2400::/8, which no other mechanism has
        const bits = (0x24n << 120n) | (network << 64n);
        const masked = (bits >> BigInt(128 - Math.min(length, 64))) << BigInt(128 - Math.min(length, 64));
        const prefix = `${printSlowly({ family: 6, integer: masked })}/${length}`;
        const found = describeEmbedded(embedNat64(inner, prefix), { nat64: [prefix] });
        expect(found).toMatchObject({ mechanism: 'nat64', address: String(inner), prefix, canonical: true });
      }),
      { numRuns: 300 },
    );
  });

  it.each(['::1', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1'])('refuses %s, which is no IPv4 address', (text) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'NOT_IPV4', input: text });
    expect(() => embedNat64(text, '64:ff9b::/96')).toThrow(error);
    expect(() => embedNat64(forbidden(parseAddress(text)), '64:ff9b::/96')).toThrow(error);
  });
});

describe('a declared prefix', () => {
  it.each([
    ...[
      '64:ff9b:1::/48',
      '64:ff9b::/32',
      '64:ff9b:1:ffff::/96',
      '2001:db8::/32',
      '2400:cb00::/40',
      'fd00:1:2:300::/56',
    ],
    ...['2001:db8:0:1::/64', '100::/64', '2001:1::/32', '2003::/32', 'fe00::/32', 'fe7f:ffff::/32'],
  ])('%s may be one', (prefix) => {
    const inside = embedNat64('192.0.2.1', prefix);
    expect(describeEmbedded(inside, { nat64: [prefix] })).toMatchObject({ mechanism: 'nat64', address: '192.0.2.1' });
  });

  it.each([
    // no prefix at all, or of a length that RFC 6052 does not have
    ...[
      '',
      '/',
      '/96',
      '64:ff9b::',
      '64:ff9b:1::/',
      '64:ff9b:1::/33',
      '64:ff9b:1::/095',
      '64:ff9b:1::/128',
      '64:ff9b:1::/ 48',
    ],
    ...[
      '64:ff9b:1::/48 ',
      '64:ff9b:1::/48/48',
      '64:ff9b:1::/+48',
      '64:ff9b:1::/4.8e1',
      'nonsense/96',
      'g::/96',
      '1.2.3.4/32',
    ],
    ...['fe80::%eth0/64', '[64:ff9b:1::]/48'],
    // bits after the prefix
    ...['64:ff9b:1::1/48', '2001:db8:1::/32', '2001:db8::1/96'],
    // octet 8
    ...['2001:db8::100:0:0:0/96', '2001:db8:0:0:ff00::/96'],
    // prefixes of another purpose
    ...[
      '::/32',
      '::/96',
      '::ffff:0:0/96',
      '::ffff:0:0:0/96',
      '0:1::/32',
      'ff::/32',
      '2001::/32',
      '2001:0:1::/48',
      '2002::/32',
    ],
    ...[
      '2002:c000:200::/40',
      'fe80::/64',
      'febf::/32',
      'fec0::/48',
      'feff::/96',
      'ff00::/32',
      'ff02::/96',
      'ffff::/32',
    ],
  ])('%j may be none', (prefix) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'NAT64_PREFIX', input: prefix });
    expect(() => embedNat64('192.0.2.1', prefix)).toThrow(error);
    expect(() => classify('2001:db8::1', { nat64: [prefix] })).toThrow(error);
    expect(() => describeEmbedded('2001:db8::1', { nat64: ['64:ff9b:1::/48', prefix] })).toThrow(error);
    expect(() => isGloballyReachable('2001:db8::1', { nat64: [prefix] })).toThrow(error);
    // It is a mistake of the caller's, whatever the address
    expect(() => isGloballyReachable('192.0.2.1', { nat64: [prefix] })).toThrow(error);
  });

  it.each(NOT_TEXT)('%s is none', (_, value) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'NAT64_PREFIX' });
    expect(() => embedNat64('192.0.2.1', forbidden(value))).toThrow(error);
    expect(() => classify('::1', { nat64: [forbidden(value)] })).toThrow(error);
    expect(() => describeEmbedded('::1', { nat64: [forbidden(value)] })).toThrow(error);
  });

  it.each(NOT_TEXT.filter(([, value]) => value != null && !Array.isArray(value)))('%s is no list', (_, value) => {
    const error = expect.objectContaining({ name: 'AddressParseError', code: 'NAT64_PREFIX', input: value });
    expect(() => classify('::1', { nat64: forbidden(value) })).toThrow(error);
    expect(() => isGloballyReachable('::1', { nat64: forbidden(value) })).toThrow(error);
    expect(() => describeEmbedded('::1', { nat64: forbidden(value) })).toThrow(error);
  });

  it('says what to write', () => {
    const call = (prefix: string) => () => embedNat64('192.0.2.1', prefix);
    expect(call('64:ff9b:1::/47')).toThrow(
      '"64:ff9b:1::/47": no NAT64 prefix length at offset 11; write /32, /40, /48, /56, /64, /96',
    );
    expect(call('2001:db8::1/64')).toThrow(
      '"2001:db8::1/64": bits set after the prefix at offset 0; write 2001:db8::/64',
    );
    expect(call('2002::/32')).toThrow('prefix of another purpose');
  });

  it('wins over a shorter one, in any order', () => {
    const nat64 = ['2001:db8::/32', '2001:db8:0:1::/96'];
    for (const prefixes of [nat64, nat64.toReversed()]) {
      expect(describeEmbedded('2001:db8:0:1::192.0.2.1', { nat64: prefixes })).toMatchObject({
        prefix: '2001:db8:0:1::/96',
        address: '192.0.2.1',
      });
      expect(describeEmbedded('2001:db8:808:808::', { nat64: prefixes })).toMatchObject({
        prefix: '2001:db8::/32',
        address: '8.8.8.8',
      });
    }
  });

  it('does not shorten 64:ff9b::/96', () => {
    expect(describeEmbedded('64:ff9b::8.8.8.8', { nat64: ['64:ff9b::/32'] })).toMatchObject({
      prefix: '64:ff9b::/96',
      address: '8.8.8.8',
    });
  });
});

describe('octet 8', () => {
  it.each([
    ['2001:db8::/32', '2001:db8:808:808:100::'],
    ['2001:db8:100::/40', '2001:db8:108:808:ff08::'],
    ['2001:db8:122::/48', '2001:db8:122:808:108:800::'],
    ['2001:db8:122:300::/56', '2001:db8:122:308:8008:808::'],
    ['2001:db8:122:344::/64', '2001:db8:122:344:108:808:800:0'],
  ])('of %s in %s is skipped, and not canonical unless zero', (prefix, text) => {
    const options = { nat64: [prefix] };
    expect(describeEmbedded(text, options)).toMatchObject({ address: '8.8.8.8', canonical: false });
    expect(classify(text, options)).toMatchObject({
      kind: 'translation',
      globallyReachable: false,
      embedded: { mechanism: 'nat64', address: '8.8.8.8', globallyReachable: true, canonical: false },
    });
    expect(isGloballyReachable(text, options)).toBe(false);
  });

  it.each(LENGTHS.filter((length) => length < 96))('and the suffix is ignored under /%i', (length) => {
    const prefix = `2400:cb00::/${length}`;
    const exact = embedNat64('8.8.8.8', prefix).toBigInt();
    // The last 24 bits come after the IPv4 address for every length under 96.
    const text = printSlowly({ family: 6, integer: exact | 0xffffffn });
    expect(classify(text, { nat64: [prefix] })).toMatchObject({
      globallyReachable: true,
      embedded: { address: '8.8.8.8', canonical: true },
    });
  });

  it('does not exist for /96', () => {
    expect(classify('2400:cb00:0:0:0:1:808:808', { nat64: ['2400:cb00::1:0:0/96'] })).toMatchObject({
      globallyReachable: true,
      embedded: { address: '8.8.8.8', canonical: true },
    });
  });
});

describe('64:ff9b:1::/48', () => {
  it('embeds nothing as long as nobody declares a prefix in it', () => {
    fc.assert(
      fc.property(ipv6Integer, (integer) => {
        const text = printSlowly({ family: 6, integer: (0x64ff9b0001n << 80n) | (integer & (2n ** 80n - 1n)) });
        expect(classify(text)).toMatchObject({ kind: 'translation', globallyReachable: false, embedded: null });
        expect(isGloballyReachable(text)).toBe(false);
      }),
    );
  });

  it('is judged by the embedded address when it is declared', () => {
    const options = { nat64: ['64:ff9b:1::/48'] };
    expect(isGloballyReachable(embedNat64('8.8.8.8', '64:ff9b:1::/48'), options)).toBe(true);
    expect(isGloballyReachable(embedNat64('10.0.0.1', '64:ff9b:1::/48'), options)).toBe(false);
    expect(classify(embedNat64('8.8.8.8', '64:ff9b:1::/48'), options)).toMatchObject({
      block: { prefix: '64:ff9b:1::/48', globallyReachable: false },
      globallyReachable: true,
    });
  });
});
