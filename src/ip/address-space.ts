import type { Address } from './address.js';
import { load } from './parse.js';
import { maskWord, w0, w1, w3 } from './words.js';

/**
 * The IANA address-space registries. Who holds a block is information and goes stale: no verdict of this package is
 * taken from here.
 */

/** A block of the address space and whom it was given to. */
export interface AddressSpaceBlock {
  readonly prefix: string;
  /** A registry, 'RIPE NCC', an organisation that got the block before there were registries, or a purpose. */
  readonly designation: string;
  /** Year and month, '2010-01'; null where IANA gives none. */
  readonly date: string | null;
  readonly status: 'ALLOCATED' | 'LEGACY' | 'RESERVED';
}

/** A block of the IPv6 address space and its purpose. */
export interface IPv6SpaceBlock {
  readonly prefix: string;
  readonly allocation: string;
  readonly reference: string;
}

/** When each registry was last compared with IANA's: a year, with a month where it is known. */
export const ADDRESS_SPACE_DATES = /* @__PURE__ */ Object.freeze({
  ipv4AddressSpace: '2023-12',
  ipv6AddressSpace: '2024-09',
  ipv6UnicastAssignments: '2024',
});

/** Neighbouring /8 blocks that have the same row: how many, designation, date, status. */
type Run = readonly [count: number, designation: string, date: string, status: AddressSpaceBlock['status']];

/**
 * The IANA IPv4 Address Space Registry: the 256 blocks of eight bits.
 *
 * @see https://www.iana.org/assignments/ipv4-address-space
 */
export const IPV4_ADDRESS_SPACE: readonly AddressSpaceBlock[] = /* @__PURE__ */ ipv4Blocks([
  [1, 'IANA - Local Identification', '1981-09', 'RESERVED'],
  [1, 'APNIC', '2010-01', 'ALLOCATED'],
  [1, 'RIPE NCC', '2009-09', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1994-05', 'LEGACY'],
  [1, 'Administered by ARIN', '1992-12', 'LEGACY'],
  [1, 'RIPE NCC', '2010-11', 'ALLOCATED'],
  [1, 'Army Information Systems Center', '1994-02', 'LEGACY'],
  [1, 'Administered by ARIN', '1995-04', 'LEGACY'],
  [1, 'Administered by ARIN', '1992-12', 'LEGACY'],
  [1, 'Administered by ARIN', '1992-08', 'LEGACY'],
  [1, 'IANA - Private Use', '1995-06', 'RESERVED'],
  [1, 'DoD Intel Information Systems', '1993-05', 'LEGACY'],
  [1, 'AT&T Bell Laboratories', '1995-06', 'LEGACY'],
  [1, 'Administered by ARIN', '1991-09', 'LEGACY'],
  [1, 'APNIC', '2010-04', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1994-07', 'LEGACY'],
  [1, 'Administered by ARIN', '1994-11', 'LEGACY'],
  [1, 'Apple Computer Inc.', '1992-07', 'LEGACY'],
  [1, 'Administered by ARIN', '1994-01', 'LEGACY'],
  [1, 'Ford Motor Company', '1995-05', 'LEGACY'],
  [1, 'Administered by ARIN', '1994-10', 'LEGACY'],
  [1, 'DDN-RVN', '1991-07', 'LEGACY'],
  [1, 'Defense Information Systems Agency', '1993-05', 'LEGACY'],
  [1, 'ARIN', '2010-11', 'ALLOCATED'],
  [1, 'ARIN', '2001-05', 'ALLOCATED'],
  [1, 'Administered by RIPE NCC', '1995-01', 'LEGACY'],
  [1, 'Defense Information Systems Agency', '1995-05', 'LEGACY'],
  [1, 'APNIC', '2010-01', 'ALLOCATED'],
  [1, 'DSI-North', '1992-07', 'LEGACY'],
  [2, 'Defense Information Systems Agency', '1991-07', 'LEGACY'],
  [1, 'RIPE NCC', '2010-05', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1994-06', 'LEGACY'],
  [1, 'DLA Systems Automation Center', '1991-01', 'LEGACY'],
  [1, 'Administered by ARIN', '1993-03', 'LEGACY'],
  [1, 'Administered by ARIN', '1994-04', 'LEGACY'],
  [1, 'APNIC', '2010-10', 'ALLOCATED'],
  [1, 'RIPE NCC', '2010-11', 'ALLOCATED'],
  [1, 'PSINet, Inc.', '1994-09', 'LEGACY'],
  [1, 'APNIC', '2011-01', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1994-06', 'LEGACY'],
  [1, 'AFRINIC', '2005-04', 'ALLOCATED'],
  [1, 'APNIC', '2010-10', 'ALLOCATED'],
  [1, 'Administered by APNIC', '1991-01', 'LEGACY'],
  [1, 'Administered by ARIN', '1992-07', 'LEGACY'],
  [1, 'Administered by ARIN', '1995-01', 'LEGACY'],
  [1, 'RIPE NCC', '2009-09', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1991-01', 'LEGACY'],
  [1, 'Administered by ARIN', '1995-05', 'LEGACY'],
  [1, 'APNIC', '2010-08', 'ALLOCATED'],
  [1, 'ARIN', '2010-02', 'ALLOCATED'],
  [1, 'Administered by RIPE NCC', '1994-08', 'LEGACY'],
  [1, 'Administered by ARIN', '1991-12', 'LEGACY'],
  [1, 'Daimler AG', '1993-10', 'LEGACY'],
  [1, 'Administered by ARIN', '1992-03', 'LEGACY'],
  [1, 'DoD Network Information Center', '1995-04', 'LEGACY'],
  [1, 'Administered by ARIN', '1994-06', 'LEGACY'],
  [1, 'Administered by RIPE NCC', '1995-05', 'LEGACY'],
  [2, 'APNIC', '2004-04', 'ALLOCATED'],
  [1, 'APNIC', '2003-04', 'ALLOCATED'],
  [1, 'APNIC', '1997-04', 'ALLOCATED'],
  [1, 'RIPE NCC', '1997-04', 'ALLOCATED'],
  [1, 'ARIN', '1997-04', 'ALLOCATED'],
  [1, 'ARIN', '1999-07', 'ALLOCATED'],
  [2, 'ARIN', '2000-07', 'ALLOCATED'],
  [1, 'ARIN', '2001-05', 'ALLOCATED'],
  [1, 'ARIN', '2001-06', 'ALLOCATED'],
  [1, 'ARIN', '2002-08', 'ALLOCATED'],
  [1, 'ARIN', '2004-01', 'ALLOCATED'],
  [2, 'ARIN', '2004-08', 'ALLOCATED'],
  [1, 'ARIN', '2005-03', 'ALLOCATED'],
  [3, 'ARIN', '2005-06', 'ALLOCATED'],
  [3, 'RIPE NCC', '2006-08', 'ALLOCATED'],
  [2, 'RIPE NCC', '2001-04', 'ALLOCATED'],
  [1, 'RIPE NCC', '2002-11', 'ALLOCATED'],
  [2, 'RIPE NCC', '2003-11', 'ALLOCATED'],
  [4, 'RIPE NCC', '2004-04', 'ALLOCATED'],
  [3, 'RIPE NCC', '2005-06', 'ALLOCATED'],
  [2, 'RIPE NCC', '2007-03', 'ALLOCATED'],
  [2, 'RIPE NCC', '2007-07', 'ALLOCATED'],
  [4, 'ARIN', '2006-10', 'ALLOCATED'],
  [1, 'ARIN', '2010-11', 'ALLOCATED'],
  [1, 'APNIC', '2010-08', 'ALLOCATED'],
  [1, 'AFRINIC', '2011-02', 'ALLOCATED'],
  [1, 'APNIC', '2011-02', 'ALLOCATED'],
  [1, 'ARIN', '2011-02', 'ALLOCATED'],
  [1, 'AFRINIC', '2010-11', 'ALLOCATED'],
  [1, 'APNIC', '2011-01', 'ALLOCATED'],
  [1, 'ARIN', '2010-02', 'ALLOCATED'],
  [1, 'ARIN', '2008-12', 'ALLOCATED'],
  [1, 'RIPE NCC', '2009-01', 'ALLOCATED'],
  [2, 'APNIC', '2008-11', 'ALLOCATED'],
  [2, 'APNIC', '2008-05', 'ALLOCATED'],
  [2, 'APNIC', '2007-10', 'ALLOCATED'],
  [5, 'APNIC', '2007-01', 'ALLOCATED'],
  [3, 'APNIC', '2006-01', 'ALLOCATED'],
  [3, 'APNIC', '2005-01', 'ALLOCATED'],
  [1, 'IANA - Loopback', '1981-09', 'RESERVED'],
  [5, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by APNIC', '1997-03', 'LEGACY'],
  [7, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by RIPE NCC', '1993-05', 'LEGACY'],
  [3, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by RIPE NCC', '1993-05', 'LEGACY'],
  [4, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by APNIC', '1993-05', 'LEGACY'],
  [1, 'Administered by RIPE NCC', '1993-05', 'LEGACY'],
  [1, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by APNIC', '1993-05', 'LEGACY'],
  [1, 'Administered by AFRINIC', '1993-05', 'LEGACY'],
  [8, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by APNIC', '1993-05', 'LEGACY'],
  [7, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'Administered by APNIC', '1993-05', 'LEGACY'],
  [1, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [2, 'ARIN', '2008-02', 'ALLOCATED'],
  [1, 'APNIC', '2009-08', 'ALLOCATED'],
  [1, 'RIPE NCC', '2010-05', 'ALLOCATED'],
  [1, 'LACNIC', '2010-06', 'ALLOCATED'],
  [1, 'RIPE NCC', '2009-01', 'ALLOCATED'],
  [1, 'LACNIC', '2011-02', 'ALLOCATED'],
  [1, 'APNIC', '2009-04', 'ALLOCATED'],
  [1, 'LACNIC', '2010-06', 'ALLOCATED'],
  [1, 'APNIC', '2009-08', 'ALLOCATED'],
  [1, 'APNIC', '2009-04', 'ALLOCATED'],
  [1, 'ARIN', '2008-12', 'ALLOCATED'],
  [1, 'RIPE NCC', '2011-02', 'ALLOCATED'],
  [2, 'LACNIC', '2007-09', 'ALLOCATED'],
  [1, 'Administered by RIPE NCC', '1993-05', 'LEGACY'],
  [2, 'LACNIC', '1995-06', 'ALLOCATED'],
  [1, 'Administered by LACNIC', '1993-05', 'LEGACY'],
  [1, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [3, 'RIPE NCC', '1993-05', 'ALLOCATED'],
  [1, 'Administered by AFRINIC', '1993-05', 'LEGACY'],
  [1, 'AFRINIC', '2008-10', 'ALLOCATED'],
  [1, 'Administered by ARIN', '1993-05', 'LEGACY'],
  [1, 'ARIN', '1993-05', 'ALLOCATED'],
  [1, 'LACNIC', '2002-11', 'ALLOCATED'],
  [1, 'LACNIC', '2003-04', 'ALLOCATED'],
  [2, 'APNIC', '1993-05', 'ALLOCATED'],
  [2, 'ARIN', '1994-03', 'ALLOCATED'],
  [1, 'ARIN', '1995-04', 'ALLOCATED'],
  [1, 'ARIN', '1995-11', 'ALLOCATED'],
  [1, 'ARIN', '1996-04', 'ALLOCATED'],
  [1, 'ARIN', '1996-06', 'ALLOCATED'],
  [2, 'APNIC', '1996-06', 'ALLOCATED'],
  [1, 'RIPE NCC', '1997-10', 'ALLOCATED'],
  [1, 'RIPE NCC', '1993-10', 'ALLOCATED'],
  [2, 'US-DOD', '1998-03', 'LEGACY'],
  [1, 'ARIN', '1998-04', 'ALLOCATED'],
  [1, 'RIPE NCC', '2000-06', 'ALLOCATED'],
  [1, 'APNIC', '2000-12', 'ALLOCATED'],
  [1, 'APNIC', '2001-09', 'ALLOCATED'],
  [1, 'APNIC', '2001-12', 'ALLOCATED'],
  [1, 'APNIC', '2002-07', 'ALLOCATED'],
  [1, 'APNIC', '2003-02', 'ALLOCATED'],
  [1, 'APNIC', '2010-04', 'ALLOCATED'],
  [16, 'Multicast', '1981-09', 'RESERVED'],
  [16, 'Future use', '1981-09', 'RESERVED'],
]);

/**
 * The IANA registry of IPv6 global unicast assignments, inside 2000::/3.
 *
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments
 */
export const IPV6_UNICAST_ASSIGNMENTS: readonly AddressSpaceBlock[] = /* @__PURE__ */ unicastBlocks([
  ['2001::/23', 'IANA', 'ALLOCATED'],
  ['2001:200::/23', 'APNIC', 'ALLOCATED'],
  ['2001:400::/23', 'ARIN', 'ALLOCATED'],
  ['2001:600::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:800::/22', 'RIPE NCC', 'ALLOCATED'],
  ['2001:c00::/23', 'APNIC', 'ALLOCATED'],
  ['2001:e00::/23', 'APNIC', 'ALLOCATED'],
  ['2001:1200::/23', 'LACNIC', 'ALLOCATED'],
  ['2001:1400::/22', 'RIPE NCC', 'ALLOCATED'],
  ['2001:1800::/23', 'ARIN', 'ALLOCATED'],
  ['2001:1a00::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:1c00::/22', 'RIPE NCC', 'ALLOCATED'],
  ['2001:2000::/19', 'RIPE NCC', 'ALLOCATED'],
  ['2001:4000::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:4200::/23', 'AFRINIC', 'ALLOCATED'],
  ['2001:4400::/23', 'APNIC', 'ALLOCATED'],
  ['2001:4600::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:4800::/23', 'ARIN', 'ALLOCATED'],
  ['2001:4a00::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:4c00::/23', 'RIPE NCC', 'ALLOCATED'],
  ['2001:5000::/20', 'RIPE NCC', 'ALLOCATED'],
  ['2001:8000::/19', 'APNIC', 'ALLOCATED'],
  ['2001:a000::/20', 'APNIC', 'ALLOCATED'],
  ['2001:b000::/20', 'APNIC', 'ALLOCATED'],
  ['2002::/16', '6to4', 'ALLOCATED'],
  ['2003::/18', 'RIPE NCC', 'ALLOCATED'],
  ['2400::/12', 'APNIC', 'ALLOCATED'],
  ['2410::/12', 'APNIC', 'ALLOCATED'],
  ['2600::/12', 'ARIN', 'ALLOCATED'],
  ['2610::/23', 'ARIN', 'ALLOCATED'],
  ['2620::/23', 'ARIN', 'ALLOCATED'],
  ['2630::/12', 'ARIN', 'ALLOCATED'],
  ['2800::/12', 'LACNIC', 'ALLOCATED'],
  ['2a00::/12', 'RIPE NCC', 'ALLOCATED'],
  ['2a10::/12', 'RIPE NCC', 'ALLOCATED'],
  ['2c00::/12', 'AFRINIC', 'ALLOCATED'],
  ['2d00::/8', 'IANA', 'RESERVED'],
  ['2e00::/7', 'IANA', 'RESERVED'],
  ['3000::/5', 'IANA', 'RESERVED'],
  ['3800::/6', 'IANA', 'RESERVED'],
  ['3c00::/7', 'IANA', 'RESERVED'],
  ['3e00::/8', 'IANA', 'RESERVED'],
  ['3f00::/9', 'IANA', 'RESERVED'],
  ['3f80::/10', 'IANA', 'RESERVED'],
  ['3fc0::/11', 'IANA', 'RESERVED'],
  ['3fe0::/12', 'IANA', 'RESERVED'],
  ['3ff0::/13', 'IANA', 'RESERVED'],
  ['3ff8::/14', 'IANA', 'RESERVED'],
  ['3ffc::/15', 'IANA', 'RESERVED'],
  ['3ffe::/16', 'IANA', 'RESERVED'],
  ['3fff::/20', 'Documentation', 'RESERVED'],
]);

/**
 * The IANA registry of the whole IPv6 address space.
 *
 * @see https://www.iana.org/assignments/ipv6-address-space
 */
export const IPV6_ADDRESS_SPACE: readonly IPv6SpaceBlock[] = /* @__PURE__ */ spaceBlocks([
  ['::/8', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['100::/8', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['200::/7', 'Reserved by IETF', 'RFC 4048'],
  ['400::/6', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['800::/5', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['1000::/4', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['2000::/3', 'Global Unicast', 'RFC 3513 RFC 4291'],
  ['4000::/3', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['6000::/3', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['8000::/3', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['a000::/3', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['c000::/3', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['e000::/4', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['f000::/5', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['f800::/6', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['fc00::/7', 'Unique Local Unicast', 'RFC 4193'],
  ['fe00::/9', 'Reserved by IETF', 'RFC 3513 RFC 4291'],
  ['fe80::/10', 'Link-Scoped Unicast', 'RFC 3513 RFC 4291'],
  ['fec0::/10', 'Reserved by IETF', 'RFC 3879'],
  ['ff00::/8', 'Multicast', 'RFC 3513 RFC 4291'],
]);

/**
 * The block of the IPv4 address space, or the IPv6 unicast assignment, that an address is in; null for an IPv6 address that
 * is in none. Of an address that embeds another, its own.
 *
 * @throws {AddressParseError} when `address` is no address
 */
export function describeAllocation(address: Address | string): AddressSpaceBlock | null {
  if (load(address) === 4) return IPV4_ADDRESS_SPACE[w3 >>> 24] ?? null;
  const [a, b] = [w0, w1];
  let best: AddressSpaceBlock | null = null;
  let longest = -1;
  for (const block of IPV6_UNICAST_ASSIGNMENTS) {
    const slash = block.prefix.indexOf('/');
    const length = Number(block.prefix.slice(slash + 1));
    load(block.prefix.slice(0, slash));
    // No assignment is longer than 64 bits.
    const covers = ((a ^ w0) & maskWord(length, 0)) === 0 && ((b ^ w1) & maskWord(length, 1)) === 0;
    if (covers && length > longest) {
      best = block;
      longest = length;
    }
  }
  return best;
}

function ipv4Blocks(runs: readonly Run[]): readonly AddressSpaceBlock[] {
  const rows = runs.flatMap(([count, designation, date, status]) => Array(count).fill({ designation, date, status }));
  return Object.freeze(rows.map((row, octet) => Object.freeze({ prefix: `${octet}.0.0.0/8`, ...row })));
}

function unicastBlocks(
  rows: readonly (readonly [prefix: string, designation: string, status: AddressSpaceBlock['status']])[],
): readonly AddressSpaceBlock[] {
  return Object.freeze(
    rows.map(([prefix, designation, status]) => Object.freeze({ prefix, designation, date: null, status })),
  );
}

function spaceBlocks(
  rows: readonly (readonly [prefix: string, allocation: string, reference: string])[],
): readonly IPv6SpaceBlock[] {
  return Object.freeze(rows.map(([prefix, allocation, reference]) => Object.freeze({ prefix, allocation, reference })));
}
