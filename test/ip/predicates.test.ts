import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classify,
  embedNat64,
  isDocumentation,
  isGloballyReachable,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPrivate,
  isUnspecified,
  parseAddress,
} from '../../src/ip/index.js';
import { address } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

const PREDICATES = {
  isDocumentation,
  isGloballyReachable,
  isLinkLocal,
  isLoopback,
  isMulticast,
  isPrivate,
  isUnspecified,
};

/** First, last, one before, one after: yes inside, no outside. */
const BOUNDARIES: readonly (readonly [predicate: keyof typeof PREDICATES, yes: string, no: string])[] = [
  ['isPrivate', '10.0.0.0 10.255.255.255', '9.255.255.255 11.0.0.0'],
  ['isPrivate', '172.16.0.0 172.31.255.255', '172.15.255.255 172.32.0.0'],
  ['isPrivate', '192.168.0.0 192.168.255.255', '192.167.255.255 192.169.0.0'],
  ['isPrivate', 'fc00:: fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::'],
  ['isPrivate', '::ffff:10.0.0.1 ::ffff:172.16.0.1 ::ffff:c0a8:101', '::ffff:8.8.8.8 ::10.0.0.1 ::ffff:0:10.0.0.1'],
  // Not the opposite of public
  ['isPrivate', '10.0.0.1', '100.64.0.1 169.254.0.1 127.0.0.1 0.0.0.0 ::1 fe80::1 fec0::1 198.18.0.1 192.0.2.1'],
  ['isLoopback', '127.0.0.0 127.0.0.1 127.255.255.255', '126.255.255.255 128.0.0.0'],
  ['isLoopback', '::1', ':: ::2 ::1:0:0:1 1::1'],
  ['isLoopback', '::ffff:127.0.0.1 ::ffff:7fff:ffff', '::ffff:128.0.0.0 ::127.0.0.1 ::ffff:0:127.0.0.1 ::ffff:0.0.0.1'],
  ['isLoopback', '127.0.0.1', '0.0.0.0 10.0.0.1 fe80::1'],
  ['isLinkLocal', '169.254.0.0 169.254.255.255', '169.253.255.255 169.255.0.0'],
  [
    'isLinkLocal',
    'fe80:: fe80::1%eth0 febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff fec0::',
  ],
  ['isLinkLocal', '::ffff:169.254.169.254', '::169.254.169.254 ff02::1 224.0.0.1 127.0.0.1'],
  ['isMulticast', '224.0.0.0 239.255.255.255', '223.255.255.255 240.0.0.0'],
  [
    'isMulticast',
    'ff00:: ff02::1%eth0 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ],
  ['isMulticast', '::ffff:224.0.0.1', '::224.0.0.1 255.255.255.255'],
  [
    'isUnspecified',
    '0.0.0.0 :: ::ffff:0.0.0.0',
    '0.0.0.1 ::1 ::ffff:0.0.0.1 ::ffff:0:0.0.0.0 64:ff9b::0.0.0.0 1:: 0:0:1::',
  ],
  ['isDocumentation', '192.0.2.0 192.0.2.255', '192.0.1.255 192.0.3.0'],
  ['isDocumentation', '198.51.100.0 198.51.100.255', '198.51.99.255 198.51.101.0'],
  ['isDocumentation', '203.0.113.0 203.0.113.255', '203.0.112.255 203.0.114.0'],
  [
    'isDocumentation',
    '2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff 2001:db9::',
  ],
  [
    'isDocumentation',
    '3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff',
    '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff 3fff:1000::',
  ],
  ['isDocumentation', '::ffff:192.0.2.1', '::192.0.2.1 233.252.0.1 ff0e::db8:0:1'],
  ['isGloballyReachable', '198.17.255.255 198.20.0.0', '198.18.0.0 198.19.255.255'],
  [
    'isGloballyReachable',
    '::ffff:8.8.8.8 64:ff9b::8.8.8.8 2001:20::1',
    '::8.8.8.8 ::ffff:0:8.8.8.8 2002:808:808::1 ff0e::1',
  ],
];

describe.each(BOUNDARIES)('%s: yes %s, no %s', (name, yes, no) => {
  const predicate = PREDICATES[name];

  it.each(yes.split(' '))('%s is', (text) => {
    expect(predicate(text)).toBe(true);
    expect(predicate(parseAddress(text))).toBe(true);
  });

  it.each(no.split(' '))('%s is not', (text) => {
    expect(predicate(text)).toBe(false);
    expect(predicate(parseAddress(text))).toBe(false);
  });
});

describe('addresses that embed one of this machine or network', () => {
  const forms = (inner: string, hex: string, ones: string) => [
    ['NAT64', `64:ff9b::${inner}`],
    ['6to4', `2002:${hex}::1`],
    ['Teredo', `2001:0:4136:e378:8000:63bf:${ones}`],
    ['ISATAP', `2400:cb00::5efe:${inner}`],
    ['ISATAP, claimed unique', `2400:cb00::200:5efe:${inner}`],
    ['IPv4-compatible', `::${inner}`],
    ['IPv4-translated', `::ffff:0:${inner}`],
  ];

  describe.each([
    ['127.0.0.1', forms('127.0.0.1', '7f00:1', '80ff:fffe')],
    ['10.0.0.1', forms('10.0.0.1', 'a00:1', 'f5ff:fffe')],
  ] as const)('%s', (inner, texts) => {
    it.each(texts)('by %s: %s is neither trusted nor reachable', (_, text) => {
      expect(classify(text ?? '').embedded).toMatchObject({ address: inner });
      expect(isLoopback(text ?? '')).toBe(false);
      expect(isPrivate(text ?? '')).toBe(false);
      expect(isGloballyReachable(text ?? '')).toBe(false);
    });

    it.each([32, 40, 48, 56, 64, 96])('by a declared NAT64 prefix of %i bits', (length) => {
      const prefix = `2400:cb00::/${length}`;
      const text = embedNat64(inner, prefix).toString();
      expect(isLoopback(text)).toBe(false);
      expect(isPrivate(text)).toBe(false);
      expect(isGloballyReachable(text, { nat64: [prefix] })).toBe(false);
    });

    it('mapped is the same peer', () => {
      expect([isLoopback(`::ffff:${inner}`), isPrivate(`::ffff:${inner}`)]).toStrictEqual([
        isLoopback(inner),
        isPrivate(inner),
      ]);
      expect(isGloballyReachable(`::ffff:${inner}`)).toBe(false);
    });
  });
});

describe('agreement with classify', () => {
  const MAPPED = (value: Parameters<typeof classify>[0]) => {
    const answer = classify(value);
    return answer.kind === 'mapped' && answer.embedded !== null ? answer.embedded.kind : answer.kind;
  };

  it.each([
    [isPrivate, ['private', 'unique-local']],
    [isLoopback, ['loopback']],
    [isLinkLocal, ['link-local']],
    [isMulticast, ['multicast']],
    [isUnspecified, ['unspecified']],
    [isDocumentation, ['documentation']],
  ] as const)('%o', (predicate, kinds: readonly string[]) => {
    fc.assert(
      fc.property(address, (value) => {
        expect(predicate(value)).toBe(kinds.includes(MAPPED(value)));
        expect(predicate(value.toString())).toBe(predicate(value));
      }),
      { numRuns: 2000 },
    );
  });
});

describe.each(Object.entries(PREDICATES))('%s throws on what is no address', (_, predicate) => {
  it.each([
    ...['', ' ', 'localhost', '127.0.0.1/8', '::1/128', '10.0.0.1/0', '127.1', '0x7f.1', '017700000001', '127.0.0.1 '],
    ...['[::1]', '::1%lo', '127.0.0.1:80', 'fe80::1%', '::ffff:127.0.0.1/96'],
  ])('%j', (text) => {
    expect(() => predicate(text)).toThrow(expect.objectContaining({ name: 'AddressParseError', input: text }));
  });

  it.each(NOT_TEXT)('%s', (_name, value) => {
    expect(() => predicate(forbidden(value))).toThrow(
      expect.objectContaining({ name: 'AddressParseError', code: 'NOT_TEXT', input: value }),
    );
  });
});
