import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockListError, fromBlockList, toBlockList } from '../../src/interop/index.js';
import {
  type Address,
  AddressParseError,
  AddressRange,
  IPv4Address,
  IPv6Address,
  Prefix,
  PrefixListError,
  PrefixSet,
  parseAddress,
} from '../../src/ip/index.js';

function failure(make: () => unknown): BlockListError {
  try {
    make();
  } catch (error) {
    if (error instanceof BlockListError) return error;
    throw error;
  }
  throw new Error('it did not throw');
}

function listOf(fill: (list: BlockList) => void): BlockList {
  const list = new BlockList();
  fill(list);
  return list;
}

function checks(list: BlockList, address: Address | string): boolean {
  const value = parseAddress(String(address));
  return list.check(value.toString(), value.family === 4 ? 'ipv4' : 'ipv6');
}

/** Few addresses, near each other and near the ends of what Node treats apart, so that random rules meet them. */
const ipv4 = fc
  .tuple(fc.constantFrom(0n, 0x0a00_0000n, 0x7fff_fff8n, 0x8000_0000n, 0xffff_fff0n), fc.bigInt({ min: 0n, max: 15n }))
  .map(([base, offset]) => IPv4Address.fromBigInt(base + offset));
const ipv6 = fc
  .tuple(
    fc.constantFrom(0n, 0xfffe_ffff_fff8n, 0xffff_ffff_fff0n, 0x1_0000_0000_0000n, 0x2001_0db8n << 96n, 1n << 127n),
    fc.bigInt({ min: 0n, max: 15n }),
  )
  .map(([base, offset]) => IPv6Address.fromBigInt(base + offset));
const mapped = ipv4.map((address) => address.toMapped());
const anyAddress: fc.Arbitrary<Address> = fc.oneof(ipv4, ipv6, mapped);

const lengths = (longest: number) => fc.oneof(fc.nat({ max: longest }), fc.integer({ min: longest - 5, max: longest }));
const prefixes = anyAddress.chain((address) =>
  lengths(address.family === 4 ? 32 : 128).map((length) => Prefix.from(address, length, { hostBits: 'mask' })),
);
const rangeIn = (addresses: fc.Arbitrary<Address>) =>
  fc
    .tuple(addresses, addresses)
    .map(([a, b]) => (a.compare(b) <= 0 ? AddressRange.from(a, b) : AddressRange.from(b, a)));
const ranges = fc.oneof(rangeIn(ipv4), rangeIn(ipv6), rangeIn(mapped), rangeIn(fc.oneof(ipv6, mapped)));

describe('rules of Node', () => {
  it('are texts of three kinds, as this release reads them, in an order that depends on the version of Node', () => {
    const list = listOf((each) => {
      each.addAddress('10.0.0.1');
      each.addAddress('fe80::1%lo', 'ipv6');
      each.addRange('2001:DB8::1', '2001:db8::ff', 'ipv6');
      each.addSubnet('10.1.2.3', 8);
      each.addSubnet('::ffff:10.0.0.0', 104, 'ipv6');
    });
    expect(list.rules.toSorted()).toEqual([
      'Address: IPv4 10.0.0.1',
      'Address: IPv6 fe80::1',
      'Range: IPv6 2001:db8::1-2001:db8::ff',
      'Subnet: IPv4 10.1.2.3/8',
      'Subnet: IPv6 ::ffff:10.0.0.0/104',
    ]);
    expect(String(fromBlockList(list))).toBe(
      '10.0.0.0/8 ' +
        '2001:db8::1/128 2001:db8::2/127 2001:db8::4/126 2001:db8::8/125 2001:db8::10/124 2001:db8::20/123 ' +
        '2001:db8::40/122 2001:db8::80/121 fe80::1/128',
    );
  });
});

describe('fromBlockList', () => {
  it('gives an empty set of an empty list', () => {
    expect(fromBlockList(new BlockList()).isEmpty).toBe(true);
  });

  it('has what a subnet of IPv6 blocks of IPv4', () => {
    const list = listOf((each) => each.addSubnet('::', 0, 'ipv6'));
    expect([checks(list, '10.0.0.1'), checks(list, '::ffff:10.0.0.1')]).toEqual([true, true]);
    expect(String(fromBlockList(list))).toBe('0.0.0.0/0 ::/0');
  });

  it('checks what the set has', () => {
    fc.assert(
      fc.property(fc.array(prefixes), fc.array(rangeIn(ipv4)), fc.array(anyAddress), (subnets, between, asked) => {
        const list = listOf((each) => {
          for (const { first, length, family } of subnets) each.addSubnet(`${first}`, length, `ipv${family}`);
          for (const { first, last } of between) each.addRange(`${first}`, `${last}`, 'ipv4');
        });
        const set = fromBlockList(list);
        for (const address of asked) expect(set.has(address), `${address}`).toBe(checks(list, address));
      }),
      { numRuns: 300 },
    );
  });

  it('of ranges, too, but of those that reach beyond the mapped addresses it has the IPv4 inside as well', () => {
    fc.assert(
      fc.property(ranges, fc.array(anyAddress), (range, asked) => {
        const list = listOf((each) => each.addRange(`${range.first}`, `${range.last}`, `ipv${range.family}`));
        const set = fromBlockList(list);
        for (const address of asked) {
          // A set can't tell the two forms apart: what Node blocks in one form is in it.
          const mappedForm = address.family === 4 ? address.toMapped() : address;
          expect(set.has(address), `${address}`).toBe(checks(list, address) || checks(list, mappedForm));
        }
      }),
      { numRuns: 300 },
    );
    const list = listOf((each) => each.addRange('::', '::ffff:10.0.0.1', 'ipv6'));
    expect([checks(list, '10.0.0.1'), checks(list, '::ffff:10.0.0.1')]).toEqual([false, true]);
    expect(fromBlockList(list).has('10.0.0.1')).toBe(true);
    expect(fromBlockList(list).has('10.0.0.2')).toBe(false);
  });

  it('answers otherwise for zones, which Node drops, and for what is no address', () => {
    const list = listOf((each) => each.addSubnet('fe80::', 10, 'ipv6'));
    const set = fromBlockList(list);
    expect(list.check('fe80::1%lo', 'ipv6')).toBe(true);
    expect([set.has('fe80::1%lo'), set.has('fe80::1%lo', { zone: 'ignore' })]).toEqual([false, true]);
    expect(list.check('fe80::1', 'ipv4')).toBe(false);
    expect(() => set.has('fe80:::1')).toThrow(AddressParseError);
  });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['rules', { rules: ['Address: IPv4 10.0.0.1'] }],
    ['a list of text', ['10.0.0.1']],
    ['a class', BlockList],
  ])('refuses %s', (_, value) => {
    const error = failure(() => Reflect.apply(fromBlockList, undefined, [value]));
    expect(error).toMatchObject({ name: 'BlockListError', code: 'NOT_BLOCK_LIST', input: value });
    expect(error.message).toBe('no net.BlockList; pass new net.BlockList()');
  });

  it.each([
    'Country: XX',
    'Address: IPv4 10.0.0.1 since yesterday',
    ' Address: IPv4 10.0.0.1',
    'Address: IPv4 10.0.0.1\n',
    'address: IPv4 10.0.0.1',
    'Address: IPv6 10.0.0.1',
    'Address: IPv4 ::1',
    'Address: IPv5 10.0.0.1',
    'Address: IPv4 010.0.0.1',
    'Address: IPv6 fe80::1%eth0',
    'Address: IPv4 ',
    'Range: IPv4 10.0.0.9-10.0.0.1',
    'Range: IPv4 10.0.0.1',
    'Range: IPv6 10.0.0.1-::1',
    'Subnet: IPv4 10.0.0.0/33',
    'Subnet: IPv4 10.0.0.0/255.0.0.0',
    'Subnet: IPv4 10.0.0.0',
    '',
  ])('refuses a list with the rule %j, of which nothing is known, as a whole', (rule) => {
    const list = new BlockList();
    Object.defineProperty(list, 'rules', { value: ['Address: IPv4 10.0.0.1', rule] });
    const error = failure(() => fromBlockList(list));
    expect(error).toMatchObject({ code: 'UNKNOWN_RULE', input: rule });
    expect(error.message).toBe(`rule ${JSON.stringify(rule)}; this release reads Address, Range and Subnet`);
  });
});

describe('toBlockList', () => {
  it('makes few rules, each of the plainest kind', () => {
    const list = toBlockList(['10.0.0.0/9', '10.128.0.0/9', '192.0.2.1', '192.0.2.10-192.0.2.20', '2001:db8::/32']);
    expect(list.rules.toSorted()).toEqual([
      'Address: IPv4 192.0.2.1',
      'Range: IPv4 192.0.2.10-192.0.2.20',
      'Subnet: IPv4 10.0.0.0/8',
      'Subnet: IPv6 2001:db8::/32',
    ]);
  });

  it('makes an empty list of nothing', () => {
    expect(toBlockList([]).rules).toEqual([]);
    expect(toBlockList(PrefixSet.from([])).rules).toEqual([]);
  });

  it('takes the mapped addresses out of an IPv6 prefix around them, where Node would block IPv4', () => {
    const list = toBlockList(['::/0']);
    expect(list.rules.toSorted()).toEqual([
      'Range: IPv6 ::-::fffe:ffff:ffff',
      'Range: IPv6 ::1:0:0:0-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ]);
    expect(['10.0.0.1', '::ffff:10.0.0.1', '::1', 'ffff::'].map((text) => checks(list, text))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    expect(toBlockList(['0.0.0.0/0', '::/0']).rules).toContain('Subnet: IPv4 0.0.0.0/0');
  });

  it('checks what the set has', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(prefixes, ranges, anyAddress)), fc.array(anyAddress), (items, asked) => {
        const set = PrefixSet.from(items);
        const list = toBlockList(set);
        for (const address of asked) expect(checks(list, address), `${address}`).toBe(set.has(address));
        expect(toBlockList(items).rules).toEqual(list.rules);
      }),
      { numRuns: 300 },
    );
  });

  it('is the inverse of fromBlockList', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(prefixes, ranges)), (items) => {
        const list = toBlockList(items);
        const set = fromBlockList(list);
        expect(toBlockList(set).rules).toEqual(list.rules);
        for (const { first, last } of set.ranges()) {
          expect([checks(list, first), checks(list, last)]).toEqual([true, true]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('drops no zone: a set has none, and Node ignores those of what it checks', () => {
    const list = toBlockList(['fe80::/10']);
    expect(list.check('fe80::1%lo', 'ipv6')).toBe(true);
  });

  it('refuses a set that keeps mapped addresses apart, as Node does not', () => {
    for (const items of [[], ['::ffff:10.0.0.0/104']]) {
      const error = failure(() => toBlockList(PrefixSet.from(items, { mapped: 'keep' })));
      expect(error).toMatchObject({ code: 'MAPPED_KEPT', input: expect.any(PrefixSet) });
      expect(error.message).toContain("make the set without mapped: 'keep'");
    }
  });

  it('reports every item that is none', () => {
    expect(() => toBlockList(['10.0.0.1/8', '::1', 'localhost'])).toThrow(PrefixListError);
    expect(() => toBlockList(['10.0.0.1/8', '::1', 'localhost'])).toThrow(/item 0: .*item 2: /);
  });

  it('gives a list of its own each time', () => {
    const set = PrefixSet.from(['10.0.0.0/8']);
    const list = toBlockList(set);
    list.addAddress('::1', 'ipv6');
    expect(toBlockList(set).rules).toEqual(['Subnet: IPv4 10.0.0.0/8']);
    expect(String(set)).toBe('10.0.0.0/8');
  });
});
