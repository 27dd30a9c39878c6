import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ADDRESS_SPACE_DATES,
  describeAllocation,
  IPV4_ADDRESS_SPACE,
  IPV6_ADDRESS_SPACE,
  IPV6_UNICAST_ASSIGNMENTS,
  parseAddress,
} from '../../src/ip/index.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';
import { LAST, prefixOf, type SlowPrefix } from '../support/slow-address.js';

describe('the tables', () => {
  it('divide the whole space of each family, without gap and overlap', () => {
    for (const [family, blocks] of [
      [4, IPV4_ADDRESS_SPACE],
      [6, IPV6_ADDRESS_SPACE],
    ] as const) {
      let next = 0n;
      for (const { prefix } of blocks) {
        const { first, last } = prefixOf(prefix);
        expect(first).toBe(next);
        next = last + 1n;
      }
      expect(next).toBe(LAST[family] + 1n);
    }
  });

  it('have IPv6 assignments inside 2000::/3, in order', () => {
    const space = prefixOf('2000::/3');
    let before = 0n;
    for (const { prefix } of IPV6_UNICAST_ASSIGNMENTS) {
      const { first, last } = prefixOf(prefix);
      expect(first).toBeGreaterThan(before);
      expect(first).toBeGreaterThanOrEqual(space.first);
      expect(last).toBeLessThanOrEqual(space.last);
      before = first;
    }
  });

  it('are dated and frozen', () => {
    expect(Object.values(ADDRESS_SPACE_DATES).every((date) => /^\d{4}(-\d{2})?$/.test(date))).toBe(true);
    for (const table of [IPV4_ADDRESS_SPACE, IPV6_ADDRESS_SPACE, IPV6_UNICAST_ASSIGNMENTS, [ADDRESS_SPACE_DATES]]) {
      expect(table.every((row) => Object.isFrozen(row))).toBe(true);
    }
    expect(Object.isFrozen(IPV4_ADDRESS_SPACE) && Object.isFrozen(IPV6_ADDRESS_SPACE)).toBe(true);
  });
});

describe('describeAllocation', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0/8', 'IANA - Local Identification', '1981-09', 'RESERVED'],
    ['1.1.1.1', '1.0.0.0/8', 'APNIC', '2010-01', 'ALLOCATED'],
    ['8.8.8.8', '8.0.0.0/8', 'Administered by ARIN', '1992-12', 'LEGACY'],
    ['17.255.255.255', '17.0.0.0/8', 'Apple Computer Inc.', '1992-07', 'LEGACY'],
    ['193.0.0.1', '193.0.0.0/8', 'RIPE NCC', '1993-05', 'ALLOCATED'],
    ['255.255.255.255', '255.0.0.0/8', 'Future use', '1981-09', 'RESERVED'],
    ['2001:67c:2e8::1', '2001:600::/23', 'RIPE NCC', null, 'ALLOCATED'],
    ['2001:1ff:ffff::', '2001::/23', 'IANA', null, 'ALLOCATED'],
    ['2001:200::', '2001:200::/23', 'APNIC', null, 'ALLOCATED'],
    ['2606:4700::1111', '2600::/12', 'ARIN', null, 'ALLOCATED'],
    ['2a00::', '2a00::/12', 'RIPE NCC', null, 'ALLOCATED'],
    ['2a1f:ffff::', '2a10::/12', 'RIPE NCC', null, 'ALLOCATED'],
    ['3fff::1', '3fff::/20', 'Documentation', null, 'RESERVED'],
  ])('%s is of %s', (text, prefix, designation, date, status) => {
    expect(describeAllocation(text)).toStrictEqual({ prefix, designation, date, status });
    expect(describeAllocation(parseAddress(text))).toBe(describeAllocation(text));
  });

  it.each([
    '::1',
    '1fff:ffff::1',
    '4000::1',
    'fe80::1%eth0',
    'ff02::1',
    '2a20::',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ])('%s is of none', (text) => {
    expect(describeAllocation(text)).toBeNull();
  });

  it('agrees with a search through the table', () => {
    const assignments = IPV6_UNICAST_ASSIGNMENTS.map((block) => ({ block, ...prefixOf(block.prefix) }));
    const covers = ({ first, last }: SlowPrefix, integer: bigint) => integer >= first && integer <= last;
    fc.assert(
      fc.property(ipv4, ipv6, (one, other) => {
        const octet = Number(one.toBigInt() >> 24n);
        expect(describeAllocation(one)).toBe(IPV4_ADDRESS_SPACE[octet]);
        const covering = assignments.filter((assignment) => covers(assignment, other.toBigInt()));
        const longest = covering.sort((a, b) => b.length - a.length)[0];
        expect(describeAllocation(other)).toBe(longest?.block ?? null);
      }),
      { numRuns: 2000 },
    );
  });
});
