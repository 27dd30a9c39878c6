import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Address,
  classify,
  IPv4Address,
  IPv6Address,
  isGloballyReachable,
  parseAddress,
} from '../../src/ip/index.js';
import { address, slowAddress, zoned } from '../support/arbitraries.js';
import { edgesOf, prefixOf, printSlowly, readSlowly, type SlowAddress } from '../support/slow-address.js';
import { classifySlowly, SLOW_ROWS } from '../support/slow-classify.js';

/** The decision table: kind, scope, whether globally reachable, and addresses on both sides of each boundary that are so. */
const DECISIONS: readonly (readonly [kind: string, scope: string | null, reachable: boolean, addresses: string])[] = [
  ['unspecified', null, false, '0.0.0.0 ::'],
  ['reserved', 'global', false, '0.0.0.1 0.255.255.255'],
  ['global', 'global', true, '1.0.0.0 9.255.255.255 11.0.0.0 8.8.8.8'],
  ['private', 'global', false, '10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255'],
  ['global', 'global', true, '172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0'],
  ['shared', 'global', false, '100.64.0.0 100.127.255.255'],
  ['global', 'global', true, '100.63.255.255 100.128.0.0'],
  ['loopback', 'link-local', false, '127.0.0.0 127.0.0.1 127.255.255.255 ::1'],
  ['global', 'global', true, '126.255.255.255 128.0.0.0'],
  ['link-local', 'link-local', false, '169.254.0.0 169.254.169.254 169.254.255.255'],
  ['global', 'global', true, '169.253.255.255 169.255.0.0'],
  ['link-local', 'link-local', false, 'fe80:: febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80::1%eth0'],
  ['protocol', 'global', false, '192.0.0.0 192.0.0.7 192.0.0.8 192.0.0.11 192.0.0.170 192.0.0.171 192.0.0.255'],
  ['protocol', 'global', true, '192.0.0.9 192.0.0.10'],
  ['global', 'global', true, '191.255.255.255 192.0.1.0'],
  ['protocol', 'global', true, '192.31.196.0 192.31.196.255 192.52.193.0 192.52.193.255 192.175.48.0 192.175.48.255'],
  [
    'protocol',
    'global',
    true,
    '2001:3:: 2001:3:ffff::1 2001:4:112:: 2001:4:112:ffff::1 2620:4f:8000:: 2620:4f:8000:ffff::',
  ],
  ['protocol', 'global', true, '2001:1::1 2001:1::2 2001:1::3 2001:30:: 2001:3f:ffff:ffff:ffff:ffff:ffff:ffff'],
  [
    'protocol',
    'global',
    false,
    '2001:1:: 2001:1::4 2001:2:1:: 2001:4:111:ffff:: 2001:4:113:: 2001:40:: 2001:1ff:ffff::',
  ],
  ['global', 'global', true, '2620:4f:7fff:ffff:: 2620:4f:8001:: 2001:200::'],
  ['reserved', 'global', false, '192.88.99.0 192.88.99.1 192.88.99.2 192.88.99.255'],
  ['global', 'global', true, '192.88.98.255 192.88.100.0'],
  ['documentation', 'global', false, '192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255'],
  [
    'documentation',
    'global',
    false,
    '2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: 3fff:fff:ffff:ffff:ffff::',
  ],
  ['global', 'global', true, '192.0.1.255 192.0.3.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0'],
  ['global', 'global', true, '2001:db7:ffff:: 2001:db9:: 3ffe:ffff:ffff:: 3fff:1000::'],
  ['benchmarking', 'global', false, '198.18.0.0 198.19.255.255 2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['global', 'global', true, '198.17.255.255 198.20.0.0'],
  ['global', 'global', true, '223.255.255.255'],
  ['multicast', 'link-local', false, '224.0.0.0 224.0.0.255'],
  ['multicast', 'global', false, '224.0.1.0 232.0.0.1 238.255.255.255'],
  ['multicast', 'unassigned', false, '239.0.0.0 239.191.255.255 239.196.0.0 239.254.255.255'],
  ['multicast', 'organization-local', false, '239.192.0.0 239.195.255.255'],
  ['multicast', 'site-local', false, '239.255.0.0 239.255.255.255'],
  ['reserved', 'global', false, '240.0.0.0 255.255.255.254'],
  ['broadcast', 'link-local', false, '255.255.255.255'],
  ['compatible', 'global', false, '::2 ::8.8.8.8 ::7f00:1 ::ffff:ffff'],
  ['unallocated', 'global', false, '::1:0:0 ::fffe:ffff:ffff ::1:0:0:0 ::fffe:ffff:ffff:ffff ::ffff:1:0:0'],
  ['mapped', 'global', true, '::ffff:8.8.8.8 ::ffff:c000:9'],
  ['mapped', 'global', false, '::ffff:10.0.0.1 ::ffff:192.0.2.1 ::ffff:224.0.1.1'],
  ['mapped', 'link-local', false, '::ffff:127.0.0.1 ::ffff:169.254.0.1 ::ffff:224.0.0.1 ::ffff:255.255.255.255'],
  ['mapped', null, false, '::ffff:0.0.0.0'],
  ['mapped', 'organization-local', false, '::ffff:239.192.0.1'],
  ['translation', 'global', false, '::ffff:0:0.0.0.0 ::ffff:0:8.8.8.8 ::ffff:0:255.255.255.255'],
  ['translation', 'global', true, '64:ff9b::8.8.8.8'],
  ['translation', 'global', false, '64:ff9b::10.0.0.1 64:ff9b::127.0.0.1 64:ff9b::0.0.0.0 64:ff9b::255.255.255.255'],
  ['unallocated', 'global', false, '64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff 64:ff9b::1:0:0 64:ff9b:0:ffff:: 64:ff9b:2::'],
  ['translation', 'global', false, '64:ff9b:1:: 64:ff9b:1::8.8.8.8 64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard', 'global', false, '100:: 100::ffff:ffff:ffff:ffff'],
  ['protocol', 'global', false, '100:0:0:1:: 100:0:0:1:ffff:ffff:ffff:ffff'],
  ['unallocated', 'global', false, 'ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 100:0:0:2::'],
  ['teredo', 'global', false, '2001:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:0:ffff:ffff:ffff:ffff:f7f7:f7f7'],
  ['orchid', 'global', false, '2001:10:: 2001:1f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['orchid', 'global', true, '2001:20:: 2001:2f:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4', 'global', false, '2002:: 2002:808:808::1 2002:a00:1::1 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['global', 'global', true, '2000:: 2001:fff:: 2003:: 3000::1 3ffe::1 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unallocated', 'global', false, '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 4000:: 4000::1'],
  ['segment-routing', 'global', false, '5f00:: 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unallocated', 'global', false, '5eff:ffff:: 5f01:: 200:: 3ff:ffff:: 1::1 8000::1 fbff:ffff::'],
  ['unique-local', 'global', false, 'fc00:: fd00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unallocated', 'global', false, 'fe00:: fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local', 'site-local', false, 'fec0:: fec0::1%1 feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'reserved', false, 'ff00:: ff0f::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'interface-local', false, 'ff01::1 ff11::1'],
  ['multicast', 'link-local', false, 'ff02::1 ff32::1%eth0'],
  ['multicast', 'realm-local', false, 'ff03::1'],
  ['multicast', 'admin-local', false, 'ff04::1'],
  ['multicast', 'site-local', false, 'ff05::1'],
  ['multicast', 'organization-local', false, 'ff08::1'],
  ['multicast', 'unassigned', false, 'ff06::1 ff07::1 ff09::1 ff0a::1 ff0b::1 ff0c::1 ff0d::1'],
  ['multicast', 'global', false, 'ff0e::1 ff3e::1'],
  // ISATAP: the prefix's kind and scope
  ['link-local', 'link-local', false, 'fe80::5efe:8.8.8.8 fe80::200:5efe:8.8.8.8%eth0'],
  ['global', 'global', true, '2400:cb00::5efe:8.8.8.8 2400:cb00::200:5efe:808:808'],
  ['global', 'global', false, '2400:cb00::5efe:10.0.0.1 2400:cb00::200:5efe:127.0.0.1'],
  ['unique-local', 'global', false, 'fd00::5efe:8.8.8.8'],
];

const CASES = DECISIONS.flatMap(([kind, scope, reachable, addresses]) =>
  addresses.split(' ').map((text) => [text, kind, scope, reachable] as const),
);

describe('the decision table', () => {
  it.each(CASES)('%s is %s, scope %s, globally reachable: %s', (text, kind, scope, globallyReachable) => {
    expect(classify(text)).toMatchObject({ kind, scope, globallyReachable });
    expect(classify(parseAddress(text))).toStrictEqual(classify(text));
    expect(isGloballyReachable(text)).toBe(globallyReachable);
    expect(isGloballyReachable(parseAddress(text))).toBe(globallyReachable);
  });

  it('has examples of every kind and scope', () => {
    const named = (column: 1 | 2) => [...new Set(CASES.map((row) => row[column]))].sort();
    expect(named(1)).toStrictEqual([...new Set(SLOW_ROWS.map((row) => row[1]))].sort());
    expect(named(2)).toStrictEqual([...new Set(SLOW_ROWS.map((row) => row[2]))].sort());
  });
});

describe('the answer', () => {
  it('of an IPv4 address is plain data', () => {
    expect(classify('10.1.2.3')).toStrictEqual({
      address: '10.1.2.3',
      family: 4,
      addressClass: 'A',
      kind: 'private',
      scope: 'global',
      block: {
        prefix: '10.0.0.0/8',
        name: 'Private-Use',
        rfc: '[RFC1918]',
        allocated: '1996-02',
        terminated: null,
        source: true,
        destination: true,
        forwardable: true,
        globallyReachable: false,
        reservedByProtocol: false,
      },
      globallyReachable: false,
      embedded: null,
    });
  });

  it('of an IPv6 address is plain data', () => {
    expect(classify('0:0:0:0:0:FFFF:7F00:1')).toStrictEqual({
      address: '::ffff:127.0.0.1',
      family: 6,
      addressClass: null,
      kind: 'mapped',
      scope: 'link-local',
      block: expect.objectContaining({ prefix: '::ffff:0:0/96', globallyReachable: false }),
      globallyReachable: false,
      embedded: {
        mechanism: 'mapped',
        address: '127.0.0.1',
        kind: 'loopback',
        globallyReachable: false,
        canonical: true,
      },
    });
  });

  it('is clean JSON', () => {
    fc.assert(
      fc.property(address, (value) => {
        const answer = classify(value);
        expect(JSON.parse(JSON.stringify(answer))).toStrictEqual(answer);
        expect(answer.address).toBe(String(value));
        expect(answer.family).toBe(value.family);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the zone in the text, and judges without it', () => {
    fc.assert(
      fc.property(zoned, (value) => {
        expect(classify(value).address).toBe(String(value));
        expect({ ...classify(value), address: '' }).toStrictEqual({ ...classify(value.withZone(null)), address: '' });
        expect(classify(String(value))).toStrictEqual(classify(value));
        expect(isGloballyReachable(value)).toBe(isGloballyReachable(value.withZone(null)));
      }),
    );
  });
});

describe('the class', () => {
  it.each([
    ['0.0.0.0', 'A'],
    ['127.255.255.255', 'A'],
    ['128.0.0.0', 'B'],
    ['191.255.255.255', 'B'],
    ['192.0.0.0', 'C'],
    ['223.255.255.255', 'C'],
    ['224.0.0.0', 'D'],
    ['239.255.255.255', 'D'],
    ['240.0.0.0', 'E'],
    ['255.255.255.255', 'E'],
    ['::1', null],
    ['::ffff:10.0.0.1', null],
  ])('of %s is %s', (text, addressClass) => {
    expect(classify(text).addressClass).toBe(addressClass);
  });
});

describe('rule 1: the block is the most specific row', () => {
  it.each([
    ['192.0.0.9', '192.0.0.9/32', true],
    ['192.0.0.7', '192.0.0.0/29', false],
    ['192.0.0.11', '192.0.0.0/24', false],
    ['192.0.0.170', '192.0.0.170/32', false],
    ['192.0.0.171', '192.0.0.171/32', false],
    ['192.0.0.172', '192.0.0.0/24', false],
    ['0.0.0.0', '0.0.0.0/32', false],
    ['0.0.0.1', '0.0.0.0/8', false],
    ['255.255.255.255', '255.255.255.255/32', false],
    ['255.255.255.254', '240.0.0.0/4', false],
    ['192.88.99.1', '192.88.99.0/24', null],
    ['192.88.99.2', '192.88.99.2/32', false],
    ['2001::1', '2001::/32', null],
    ['2001:1::1', '2001:1::1/128', true],
    ['2001:1::4', '2001::/23', false],
    ['2002::1', '2002::/16', null],
    ['2001:10::1', '2001:10::/28', null],
    ['64:ff9b::8.8.8.8', '64:ff9b::/96', true],
  ])('of %s: %s', (text, prefix, globallyReachable) => {
    expect(classify(text).block).toMatchObject({ prefix, globallyReachable });
  });

  it.each(['8.8.8.8', '224.0.0.1', '2400:cb00::1', 'fec0::1', 'ff02::1', '4000::1', '::8.8.8.8', '::ffff:0:8.8.8.8'])(
    '%s has no row',
    (text) => {
      expect(classify(text).block).toBeNull();
    },
  );
});

describe('rules 2, 3 and 5: what is embedded', () => {
  it.each([
    ['::ffff:8.8.8.8', 'mapped', '8.8.8.8', 'global', true, true],
    ['::ffff:10.0.0.1', 'mapped', '10.0.0.1', 'private', false, false],
    ['64:ff9b::8.8.8.8', 'nat64', '8.8.8.8', 'global', true, true],
    ['64:ff9b::192.168.0.1', 'nat64', '192.168.0.1', 'private', false, false],
    // Both answers count, and the outer one is no
    ['::8.8.8.8', 'compatible', '8.8.8.8', 'global', true, false],
    ['::ffff:0:8.8.8.8', 'translated', '8.8.8.8', 'global', true, false],
    ['2002:808:808::1', '6to4', '8.8.8.8', 'global', true, false],
    ['2001:0:4136:e378:8000:63bf:f7f7:f7f7', 'teredo', '8.8.8.8', 'global', true, false],
    ['fe80::5efe:8.8.8.8', 'isatap', '8.8.8.8', 'global', true, false],
    // Both answers count, and the outer one is yes
    ['2400:cb00::5efe:8.8.8.8', 'isatap', '8.8.8.8', 'global', true, true],
    ['2400:cb00::200:5efe:192.0.2.1', 'isatap', '192.0.2.1', 'documentation', false, false],
    // A mechanism by prefix takes precedence over an identifier that looks like ISATAP
    ['2002:808:808::5efe:10.0.0.1', '6to4', '8.8.8.8', 'global', true, false],
    ['2001:0:4136:e378:0:5efe:f7f7:f7f7', 'teredo', '8.8.8.8', 'global', true, false],
  ])('%s: %s %s, %s, reachable %s, so %s', (text, mechanism, inner, kind, innerReachable, reachable) => {
    expect(classify(text)).toMatchObject({
      globallyReachable: reachable,
      embedded: { mechanism, address: inner, kind, globallyReachable: innerReachable, canonical: true },
    });
  });

  it.each([
    '::',
    '::1',
    '8.8.8.8',
    '64:ff9b:1::8.8.8.8',
    '64:ff9b:1::5efe:8.8.8.8',
    'ff0e::5efe:8.8.8.8',
    '2400:cb00::1',
  ])('%s: nothing', (text) => {
    expect(classify(text).embedded).toBeNull();
  });

  it('a declared NAT64 prefix counts for the embedded address alone', () => {
    const options = { nat64: ['2001:db8:64::/96'] };
    expect(classify('2001:db8:64::8.8.8.8', options)).toMatchObject({
      kind: 'translation',
      scope: 'global',
      block: { prefix: '2001:db8::/32' },
      globallyReachable: true,
      embedded: { mechanism: 'nat64', address: '8.8.8.8', canonical: true },
    });
    expect(isGloballyReachable('2001:db8:64::8.8.8.8', options)).toBe(true);
    expect(isGloballyReachable('2001:db8:64::10.0.0.1', options)).toBe(false);
    expect(isGloballyReachable('2001:db8:64::8.8.8.8')).toBe(false);
    expect(isGloballyReachable('2001:db8:65::8.8.8.8', options)).toBe(false);
    expect(isGloballyReachable('2001:db8:64::8.8.8.8', { nat64: [] })).toBe(false);
    expect(isGloballyReachable('2001:db8:64::8.8.8.8', { nat64: undefined })).toBe(false);
  });
});

describe('the fast classifier agrees with the slow one', () => {
  const NAT64: readonly (readonly string[])[] = [
    [],
    ['64:ff9b:1::/48'],
    ['64:ff9b::/32', '64:ff9b:1:ff00::/56'],
    ['2001:db8::/32', '2001:db8:100::/40', '2001:db8:0:1::/64'],
    ['2400:cb00::/40', '2400:cb00::/96', 'fd00::/48'],
  ];

  function expectSame(slow: SlowAddress, nat64: readonly string[]): void {
    const expected = classifySlowly(slow, nat64);
    const text = printSlowly(slow);
    const { kind, scope, globallyReachable, block, embedded } = classify(text, { nat64 });
    const answer = { kind, scope, globallyReachable, block: block?.prefix ?? null, embedded };
    expect({ text, ...answer }).toStrictEqual({ text, ...expected });
    expect(isGloballyReachable(text, { nat64 })).toBe(expected.globallyReachable);
    expect(isGloballyReachable(valueOf6(slow), { nat64 })).toBe(expected.globallyReachable);
  }

  function valueOf6({ family, integer }: SlowAddress): Address {
    return family === 4 ? IPv4Address.fromBigInt(integer) : IPv6Address.fromBigInt(integer);
  }

  it('at the edges of every row', () => {
    const edges = SLOW_ROWS.flatMap(([prefix]) => edgesOf(prefix));
    expect(edges.length).toBeGreaterThan(1000);
    for (const edge of edges) expectSame(edge, []);
  });

  it('at the edges of every row, inside every mechanism', () => {
    for (const { family, integer } of SLOW_ROWS.flatMap(([prefix]) => edgesOf(prefix))) {
      if (family === 6) continue;
      const ipv6 = (head: string, bits = integer) => ({ family: 6 as const, integer: readSlowly(head).integer | bits });
      for (const head of [
        '::',
        '::ffff:0:0',
        '::ffff:0:0:0',
        '64:ff9b::',
        'fe80::5efe:0:0',
        '2400:cb00::200:5efe:0:0',
      ]) {
        expectSame(ipv6(head), []);
      }
      expectSame(ipv6('2001::', integer ^ 0xffff_ffffn), []);
      expectSame(ipv6('2002::', integer << 80n), []);
      expectSame(ipv6('2001:db8::', integer << 64n), ['2001:db8::/32']);
    }
  });

  it('anywhere', () => {
    fc.assert(
      fc.property(slowAddress, fc.constantFrom(...NAT64), (slow, nat64) => expectSame(slow, nat64)),
      { numRuns: 10000 },
    );
  });

  it('under declared prefixes of every length, octet 8 zero or not', () => {
    const declared = fc.constantFrom(...NAT64.filter((prefixes) => prefixes.length > 0));
    fc.assert(
      fc.property(declared, fc.nat(2), slowAddress, fc.boolean(), (nat64, index, { integer }, zero) => {
        const { first, last } = prefixOf(nat64[index % nat64.length] ?? '');
        const inside = first | (integer & (last - first));
        expectSame({ family: 6, integer: zero ? inside & ~(0xffn << 56n) : inside }, nat64);
      }),
      { numRuns: 5000 },
    );
  });
});
