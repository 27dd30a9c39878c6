import { describe, expect, it } from 'vitest';
import { compareRegistry } from '../../.ci/check-registry.mjs';
import * as ip from '../../src/ip/index.js';

const COLUMNS =
  'Address Block,Name,RFC,Allocation Date,Termination Date,Source,Destination,Forwardable,Globally Reachable,Reserved-by-Protocol';

/** A registry as IANA would publish the rows. */
function published(blocks: readonly ip.SpecialPurposeBlock[]): string {
  const flag = (value: boolean | null) => (value === null ? 'N/A' : value ? 'True' : 'False');
  const rows = blocks.map((block) =>
    [
      block.prefix,
      block.name,
      block.rfc,
      block.allocated,
      block.terminated ?? 'N/A',
      flag(block.source),
      flag(block.destination),
      flag(block.forwardable),
      flag(block.globallyReachable),
      flag(block.reservedByProtocol),
    ].map((cell) => `"${cell.replaceAll('"', '""')}"`),
  );
  return `${COLUMNS}\r\n${rows.join('\r\n')}\r\n`;
}

const FIRST = ip.IPV4_SPECIAL_PURPOSE.slice(0, 3);

describe('compareRegistry', () => {
  it('finds nothing in what the tables have, footnotes and line breaks apart', () => {
    const text = published(ip.IPV6_SPECIAL_PURPOSE)
      .replace('"64:ff9b::/96"', '"64:ff9b::/96 [3]"')
      .replace('], S', ']\n, S');
    expect(compareRegistry(text, ip)).toEqual({ registry: 'IPv6 special-purpose', rows: 25, changes: [] });
  });

  it('names what was added, removed and changed', () => {
    const added = { ...FIRST[0], prefix: '44.0.0.0/9', name: 'New' } as ip.SpecialPurposeBlock;
    const changed = { ...FIRST[2], globallyReachable: true } as ip.SpecialPurposeBlock;
    const { rows, changes } = compareRegistry(published([added, ...FIRST.slice(1, 2), changed]), {
      IPV4_SPECIAL_PURPOSE: FIRST,
    });
    expect(rows).toBe(3);
    expect(changes).toEqual([
      expect.stringMatching(/^add \{"prefix":"44\.0\.0\.0\/9","name":"New"/),
      '10.0.0.0/8: globallyReachable is true, not false',
      '0.0.0.0/8: remove',
    ]);
  });

  it('reads 000/8, and compares no dates that the table leaves out', () => {
    const columns = 'Prefix,Designation,Date,WHOIS,RDAP,Status [1],Note';
    const IPV4_ADDRESS_SPACE = [ip.describeAllocation('10.0.0.0') as ip.AddressSpaceBlock];
    const text = `${columns}\n010/8,IANA - Private Use,1995-06,,,RESERVED,[5]\n`;
    expect(compareRegistry(text, { IPV4_ADDRESS_SPACE })).toMatchObject({ rows: 1, changes: [] });
    const IPV6_UNICAST_ASSIGNMENTS = [ip.describeAllocation('2a00::') as ip.AddressSpaceBlock];
    const assigned = `${columns}\n2a00::/12,RIPE NCC,2006-10-03,,,ALLOCATED,\n`;
    expect(compareRegistry(assigned, { IPV6_UNICAST_ASSIGNMENTS })).toMatchObject({ rows: 1, changes: [] });
  });

  it.each(['', 'a,b\n1,2\n', 'a"b\n"', COLUMNS])('refuses %j in words', (text) => {
    expect(() => compareRegistry(text, ip)).toThrow(/^is (?:no CSV|none of the registries)/);
  });
});
