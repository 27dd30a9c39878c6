import { describe, expect, it } from 'vitest';
import {
  classify,
  describeMulticast,
  IPV4_ADDRESS_SPACE,
  IPV4_SPECIAL_PURPOSE,
  IPV6_ADDRESS_SPACE,
  IPV6_SPECIAL_PURPOSE,
  IPV6_UNICAST_ASSIGNMENTS,
  type MulticastGroup,
} from '../../../src/ip/index.js';
import { IPV4_MULTICAST_BLOCKS } from '../../../src/ip/multicast-groups.js';
import { hasIana, readIana } from '../../support/iana.js';
import { prefixOf, printSlowly } from '../../support/slow-address.js';

// The tables compared with IANA’s files as published.

describe.skipIf(!hasIana)(
  `IANA’s files of the address space${hasIana ? '' : ': skipped, ../shared/iana is not there'}`,
  () => {
    it.each([
      ['ipv4-address-space.csv', IPV4_ADDRESS_SPACE],
      ['ipv6-unicast-assignments.csv', IPV6_UNICAST_ASSIGNMENTS],
    ])('%s has the same rows, column by column', (file, blocks) => {
      const rows = readIana(file).map(({ Prefix, Designation, Date: date, Status }) => {
        return { prefix: Prefix, designation: Designation, date: date === '' ? null : date, status: Status };
      });
      expect(blocks).toStrictEqual(rows);
    });

    it('ipv6-address-space.csv has the same rows, but for the notes', () => {
      const rows = readIana('ipv6-address-space.csv').map(({ Prefix, Allocation, Reference }) => {
        return { prefix: Prefix, allocation: Allocation, reference: Reference };
      });
      expect(IPV6_ADDRESS_SPACE).toStrictEqual(rows);
    });
  },
);

describe.skipIf(!hasIana)(`IANA’s files of multicast${hasIana ? '' : ': skipped, ../shared/iana is not there'}`, () => {
  it('ipv6-multicast-scopes.csv has the scope of each value', () => {
    const rows = readIana('ipv6-multicast-scopes.csv');
    expect(rows).toHaveLength(11);
    for (const { Value = '', Scope = '' } of rows) {
      const [first = '', last = first] = Value.split('-');
      for (let value = Number.parseInt(first, 16); value <= Number.parseInt(last, 16); value++) {
        const scope = Scope.toLowerCase().replace(/ scope$/, '');
        expect(classify(`ff0${value.toString(16)}::1`).scope).toBe(scope);
      }
    }
  });

  it('ipv4-multicast-blocks.csv has the same blocks', () => {
    const published = readIana('ipv4-multicast-blocks.csv').map(({ Block = '', Reference }) => {
      const range = /(\d+(?:\.\d+){3}) ?- ?(\d+(?:\.\d+){3})/.exec(Block);
      return { name: Block.replace(/ \(.*| \d.*/, ''), range: range?.slice(1, 3) ?? null, rfc: Reference };
    });
    // The last row is of addresses relative to a scoped range, no block.
    expect(published.pop()?.name).toBe('Relative Addresses used with Scoped Multicast Addresses');
    // That copy leaves out what is reserved between 234/8 and 239/8.
    const blocks = IPV4_MULTICAST_BLOCKS.filter(([first]) => first !== '235.0.0.0');
    expect(blocks.map(([, , name, rfc]) => ({ name, rfc }))).toStrictEqual(
      published.map(({ name, rfc }) => ({ name, rfc })),
    );
    for (const [i, { range }] of published.entries()) {
      if (range !== null) expect(blocks[i]?.slice(0, 2)).toStrictEqual(range);
    }
  });

  it('ipv6-multicast-addresses.csv has the name of each group, first and last', () => {
    let compared = 0;
    for (const { Scope, Address = '', Description = '', Reference = '' } of readIana('ipv6-multicast-addresses.csv')) {
      // Those rows stand in the table of variable scopes, too.
      if (Description === 'variable scope allocation') continue;
      const expected: MulticastGroup = { name: Description, rfc: Reference === '' ? null : Reference };
      // Of variable scopes any that has no group of its own with that identifier will do.
      for (const text of edgesOfRow(Address.replace(/FF0X/g, 'FF0E'))) {
        expect({ text, group: describeMulticast(text)?.group }).toStrictEqual({ text, group: expected });
        compared++;
      }
      expect(['node-local', 'link-local', 'site-local', 'variable']).toContain(Scope);
    }
    expect(compared).toBeGreaterThan(190);
  });
});

/** First and last address of `FF0E:0:0:0:0:0:0:1`, `…-…`, or `…/96` (which IANA writes with `::` beside all groups). */
function edgesOfRow(cell: string): string[] {
  if (!cell.includes('/')) return cell.toLowerCase().split('-');
  const [head = '', length = ''] = cell.toLowerCase().split('/');
  const groups = head.split(':').filter((group) => group !== '');
  const { first, last } = prefixOf(`${[...groups, ...Array<string>(8 - groups.length).fill('0')].join(':')}/${length}`);
  // `…:1:1000/118` has a host bit set as published: the block begins there.
  return [first, last].map((integer) => printSlowly({ family: 6, integer }));
}

const FLAG: Readonly<Record<string, boolean | null>> = { True: true, False: false, 'N/A': null, '': null };

describe.skipIf(!hasIana)(
  `IANA’s files of special purposes${hasIana ? '' : ': skipped, ../shared/iana is not there'}`,
  () => {
    const flag = (cell: string | undefined) =>
      FLAG[cell ?? ''] ?? (FLAG[cell ?? ''] === null ? null : expect.fail(cell));

    it.each([
      ['ipv4-special.csv', IPV4_SPECIAL_PURPOSE],
      ['ipv6-special.csv', IPV6_SPECIAL_PURPOSE],
    ])('%s has the same rows, column by column', (file, blocks) => {
      const rows = readIana(file).flatMap((row) =>
        (row['Address Block'] ?? '').split(', ').map((prefix) => ({
          prefix,
          name: row.Name,
          rfc: row.RFC,
          allocated: row['Allocation Date'],
          terminated: row['Termination Date'] === 'N/A' ? null : row['Termination Date'],
          source: flag(row.Source),
          destination: flag(row.Destination),
          forwardable: flag(row.Forwardable),
          globallyReachable: flag(row['Globally Reachable']),
          reservedByProtocol: flag(row['Reserved-by-Protocol']),
        })),
      );
      expect(blocks).toStrictEqual(rows);
    });
  },
);
