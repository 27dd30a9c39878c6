import fc from 'fast-check';
import { type Address, IPv4Address, IPv6Address } from '../../src/ip/index.js';
import { edgesOf, groupsOf, LAST, prefixOf, printSlowly, type SlowAddress } from './slow-address.js';
import { SLOW_ROWS } from './slow-classify.js';

/** What the properties of this suite draw from: addresses near every boundary, text of them, and text that is almost one. */

const EDGES = SLOW_ROWS.flatMap(([prefix]) => edgesOf(prefix));

/** An address near an edge of a row of the decision table, inside one, or anywhere. */
function integerArbitrary(family: 4 | 6): fc.Arbitrary<bigint> {
  const edges = EDGES.filter((edge) => edge.family === family).map((edge) => edge.integer);
  const prefixes = SLOW_ROWS.map(([prefix]) => prefixOf(prefix)).filter((prefix) => prefix.family === family);
  return fc.oneof(
    fc.constantFrom(...edges),
    fc.constantFrom(...prefixes).chain(({ first, last }) => fc.bigInt({ min: first, max: last })),
    fc.bigInt({ min: 0n, max: LAST[family] }),
  );
}

/** IPv6 addresses with many zero groups, where RFC 5952 has something to choose. */
const sparse = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constant(0n) }, fc.constantFrom(1n, 0xffffn, 0x5efen), fc.bigInt(0n, 0xffffn)),
    {
      minLength: 8,
      maxLength: 8,
    },
  )
  .map((groups) => groups.reduce((integer, group) => (integer << 16n) | group, 0n));

export const ipv4Integer: fc.Arbitrary<bigint> = integerArbitrary(4);

/** With an ISATAP identifier now and then. */
export const ipv6Integer: fc.Arbitrary<bigint> = fc.oneof(
  { weight: 3, arbitrary: integerArbitrary(6) },
  { weight: 2, arbitrary: sparse },
  fc
    .tuple(integerArbitrary(6), ipv4Integer, fc.constantFrom(0x5efen, 0x0200_5efen))
    .map(([prefix, bits, identifier]) => {
      return ((prefix >> 64n) << 64n) | (identifier << 32n) | bits;
    }),
);

export const slowAddress: fc.Arbitrary<SlowAddress> = fc.oneof(
  ipv4Integer.map((integer) => ({ family: 4 as const, integer })),
  ipv6Integer.map((integer) => ({ family: 6 as const, integer })),
);

export const zone: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...'0123456789abcxyzABZ-._~'), { minLength: 1, maxLength: 15 })
  .map((characters) => characters.join(''))
  .filter((text) => !/^25./.test(text));

/** Where a zone may stand. */
const zonedInteger: fc.Arbitrary<bigint> = fc
  .tuple(
    fc.constantFrom('fe80::/10', 'fec0::/10', 'ff01::/16', 'ff02::/16', 'ff35::/16', 'ff0d::/16').map(prefixOf),
    ipv6Integer,
  )
  .map(([{ first, last }, integer]) => first | (integer & (last - first)));

export const ipv4: fc.Arbitrary<IPv4Address> = ipv4Integer.map((integer) => IPv4Address.fromBigInt(integer));
export const ipv6: fc.Arbitrary<IPv6Address> = ipv6Integer.map((integer) => IPv6Address.fromBigInt(integer));
export const zoned: fc.Arbitrary<IPv6Address> = fc
  .tuple(zonedInteger, zone)
  .map(([integer, name]) => IPv6Address.fromBigInt(integer).withZone(name));
export const address: fc.Arbitrary<Address> = fc.oneof(ipv4, ipv6, zoned);

export interface Writing {
  readonly text: string;
  readonly written: SlowAddress;
}

/** One of the many ways to write an address: case, leading zeros, any run compressed or none, a dotted quad at the end. */
export const writing: fc.Arbitrary<Writing> = fc.oneof(
  ipv4Integer.map((integer) => ({
    text: printSlowly({ family: 4, integer }),
    written: { family: 4 as const, integer },
  })),
  fc
    .record({
      integer: ipv6Integer,
      widths: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
      upper: fc.boolean(),
      quad: fc.boolean(),
      from: fc.nat(7),
      length: fc.integer({ min: 0, max: 8 }),
    })
    .map(({ integer, widths, upper, quad, from, length }) => {
      const groups = groupsOf(integer).map((group, i) => group.padStart(widths[i] ?? 1, '0'));
      const parts = quad ? [...groups.slice(0, 6), printSlowly({ family: 4, integer: integer & LAST[4] })] : groups;
      const end = Math.min(from + length, quad ? 6 : 8);
      const zeros = end > from && groups.slice(from, end).every((group) => /^0+$/.test(group));
      const text = zeros ? `${parts.slice(0, from).join(':')}::${parts.slice(end).join(':')}` : parts.join(':');
      return { text: upper ? text.toUpperCase() : text, written: { family: 6 as const, integer } };
    }),
);

const CHARACTERS = [...'0123456789abcdefABCDEFgxX:.%/[]@ -_~', '\n', '\0', '\ufeff', 'é', '１', '::', '.0', '25'];

/** An address with one to three characters put in, taken out or replaced. */
const mutated: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      writing.map(({ text }) => text),
      address.map(String),
    ),
    fc.array(fc.record({ at: fc.nat(45), remove: fc.nat(1), insert: fc.constantFrom('', ...CHARACTERS) }), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, { at, remove, insert }) => {
      const position = at % (edited.length + 1);
      return edited.slice(0, position) + insert + edited.slice(position + remove);
    }, text),
  );

/** Numbers and dots as `inet_aton` and URL parsers like them. */
const numeric: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.nat(300).map(String),
      fc.nat(300).map((octet) => `0${octet.toString(8)}`),
      fc.nat(300).map((octet) => `0x${octet.toString(16)}`),
      fc.bigInt(0n, 2n ** 33n).map(String),
      fc.bigInt(0n, 2n ** 33n).map((value) => `0X${value.toString(16)}`),
      fc.bigInt(0n, 2n ** 33n).map((value) => `000${value.toString(8)}`),
      fc.constantFrom('', '0', '00', '0x', '08', '09', '256', '65536', '16777216', '4294967296', '1e3', '-1', '+1'),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join('.'));

const noise: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 20 }).map((characters) => characters.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

export { numeric };

/** Text of every sort: addresses, almost addresses, and what nobody means as one. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 2, arbitrary: writing.map(({ text }) => text) },
  { weight: 1, arbitrary: zoned.map(String) },
  { weight: 4, arbitrary: mutated },
  { weight: 1, arbitrary: numeric },
  { weight: 2, arbitrary: noise },
);
