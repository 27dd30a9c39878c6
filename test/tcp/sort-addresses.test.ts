import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import type { SourceAddress } from '../../src/tcp/sort-addresses.js';
import { sortAddresses } from '../../src/tcp/sort-addresses.js';

/** `source` is `address/length`, null for none. */
interface Written {
  readonly address: string;
  readonly source: string | null;
  readonly deprecated?: boolean;
  readonly home?: boolean;
}

function destinationOf({ address, source, ...flags }: Written) {
  const [text = '', length = '64'] = (source ?? '').split('/');
  const read: SourceAddress | null =
    source === null ? null : { address: parseAddress(text), prefixLength: Number(length), ...flags };
  return { address: parseAddress(address), source: read };
}

function sorted(destinations: readonly Written[]): string[] {
  return sortAddresses(destinations.map(destinationOf)).map(({ address }) => address.toString());
}

describe('the examples of RFC 6724 section 10.2', () => {
  const EXAMPLES: readonly (readonly [rule: string, first: Written, then: Written])[] = [
    [
      'prefer matching scope',
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
      { address: '198.51.100.121', source: '169.254.13.78/16' },
    ],
    [
      'prefer matching scope, of IPv4',
      { address: '198.51.100.121', source: '198.51.100.117/24' },
      { address: '2001:db8:1::1', source: 'fe80::1' },
    ],
    [
      'prefer higher precedence',
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
      { address: '10.1.2.3', source: '10.1.2.4/24' },
    ],
    [
      'prefer smaller scope',
      { address: 'fe80::1', source: 'fe80::2' },
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
    ],
    [
      'prefer home address',
      { address: '2001:db8:1::1', source: '2001:db8:3::1', home: true },
      { address: 'fe80::1', source: 'fe80::2' },
    ],
    [
      'avoid deprecated addresses',
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
      { address: 'fe80::1', source: 'fe80::2', deprecated: true },
    ],
    [
      'longest matching prefix',
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
      { address: '2001:db8:3ffe::1', source: '2001:db8:3f44::2' },
    ],
    [
      'prefer matching label',
      { address: '2002:c633:6401::1', source: '2002:c633:6401::2' },
      { address: '2001:db8:1::1', source: '2002:c633:6401::2' },
    ],
    [
      'prefer higher precedence, of 6to4',
      { address: '2001:db8:1::1', source: '2001:db8:1::2' },
      { address: '2002:c633:6401::1', source: '2002:c633:6401::2' },
    ],
  ];

  it.each(EXAMPLES)('%s', (_, first, then) => {
    const expected = [first.address, then.address];
    expect(sorted([first, then])).toEqual(expected);
    expect(sorted([then, first])).toEqual(expected);
  });
});

describe('rules by rule', () => {
  it('1: what cannot be reached comes last, whatever else speaks for it', () => {
    expect(
      sorted([
        { address: '::1', source: null },
        { address: '3ffe::1', source: '2001:db8::2' },
      ]),
    ).toEqual(['3ffe::1', '::1']);
  });

  it('6: the policy table, row by row', () => {
    const own = (address: string) => ({ address, source: address });
    expect(sorted(['::7', '3ffe::1', 'fd00::1', '2001::1', '2002::1', '192.0.2.1', '2001:db8::1'].map(own))).toEqual([
      '2001:db8::1',
      '192.0.2.1',
      '2002::1',
      '2001::1',
      'fd00::1',
      '::7',
      '3ffe::1',
    ]);
  });

  it('6: the loopback of IPv6 before that of IPv4', () => {
    const both = [
      { address: '127.0.0.1', source: '127.0.0.1/8' },
      { address: '::1', source: '::1/128' },
    ];
    expect(sorted(both)).toEqual(['::1', '127.0.0.1']);
  });

  it('9: no more bits than the prefix of the source, so that addresses of the Internet keep their order', () => {
    const far = [
      { address: '198.51.100.9', source: '192.0.2.2/24' },
      { address: '192.0.3.9', source: '192.0.2.2/24' },
    ];
    expect(sorted(far)).toEqual(['192.0.3.9', '198.51.100.9']);
    const near = [
      { address: '192.0.2.200', source: '192.0.2.2/24' },
      { address: '192.0.2.3', source: '192.0.2.2/24' },
    ];
    expect(sorted(near)).toEqual(['192.0.2.200', '192.0.2.3']);
  });

  it('9: not between families, nor against an unknown length', () => {
    const unknown = [
      { address: '192.0.2.200', source: '192.0.2.2/0' },
      { address: '192.0.2.3', source: '192.0.2.2/0' },
    ];
    expect(sorted(unknown)).toEqual(['192.0.2.200', '192.0.2.3']);
    // Alike by every other rule, as one is mapped; its bits, 96 of them for that alone, are not compared.
    const families = [
      { address: '192.0.2.3', source: '192.0.2.2/32' },
      { address: '::ffff:192.0.2.9', source: '::ffff:192.0.2.2/128' },
    ];
    expect(sorted(families)).toEqual(['192.0.2.3', '::ffff:192.0.2.9']);
  });

  it('zones are of no account', () => {
    const both = [
      { address: '2001:db8::1', source: '2001:db8::2' },
      { address: 'fe80::1%eth0', source: 'fe80::2' },
    ];
    expect(sorted(both)).toEqual(['fe80::1%eth0', '2001:db8::1']);
  });
});

describe('as a sort', () => {
  const addresses = fc.constantFrom(
    ...['127.0.0.1', '127.0.0.2', '10.0.0.1', '192.0.2.1', '::1', 'fe80::1', 'fd00::1', '2001:db8::1', '2002::1'],
  );
  const destinations = fc.array(
    fc.record({ address: addresses, source: fc.option(addresses, { nil: null }), deprecated: fc.boolean() }),
    { maxLength: 12 },
  );

  it('gives what it got, does not depend on the order but among equals, and is its own fixed point', () => {
    fc.assert(
      fc.property(destinations, (written) => {
        const given = written.map(destinationOf);
        const once = sortAddresses(given);
        expect(new Set(once)).toEqual(new Set(given));
        expect(sortAddresses(once)).toEqual(once);
        const twice = sortAddresses([...given].reverse());
        // Equals may have changed places: what differs must be equal in all that is compared, and so sort either way.
        for (const [index, one] of once.entries()) {
          const other = twice[index] ?? one;
          expect(sortAddresses([one, other])).toEqual([one, other]);
          expect(sortAddresses([other, one])).toEqual([other, one]);
        }
      }),
    );
  });

  it('keeps the order of equals', () => {
    const equal = ['127.0.0.9', '127.0.0.1', '127.0.0.5'];
    expect(sorted(equal.map((address) => ({ address, source: '127.0.0.1/8' })))).toEqual(equal);
  });
});

it('prefers the longest common prefix by bits, not by bytes', () => {
  const source = '192.0.2.128/32';
  const near = { address: '192.0.2.129', source };
  const far = { address: '192.0.2.192', source };
  expect(sorted([far, near])).toEqual(['192.0.2.129', '192.0.2.192']);
  expect(sorted([near, far])).toEqual(['192.0.2.129', '192.0.2.192']);
});

it('prefers what can be reached to all else, and of what cannot the higher precedence', () => {
  // Neither scope nor label match, and its precedence is the least.
  const reached = { address: 'fec0::1', source: 'fe80::9' };
  const unreached = { address: '2001:db8::1', source: null };
  expect(sorted([unreached, reached])).toEqual(['fec0::1', '2001:db8::1']);
  for (const address of ['fec0::1', '3ffe::1', '2001::1', '2002::1', 'fc00::1', '::5']) {
    expect(sorted([{ address, source: null }, unreached])).toEqual(['2001:db8::1', address]);
  }
  expect(sorted([unreached, { address: '::1', source: null }])).toEqual(['::1', '2001:db8::1']);
});
