import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  AddressParseError,
  AddressRange,
  PrefixParseError,
  type PrefixParseErrorCode,
  parseAddress,
  parseRange,
  safeParseRange,
} from '../../src/ip/index.js';
import { anyText, ipv4Integer, ipv6Integer } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { LAST, printSlowly } from '../support/slow-address.js';
import { coverSlowly, MAPPED, printPrefix } from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

interface SlowRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

function textOf({ family, first, last }: SlowRange): string {
  return `${printSlowly({ family, integer: first })}-${printSlowly({ family, integer: last })}`;
}

/** Two addresses in order: far apart, near each other, or around ::ffff:0:0/96. */
function ordered(family: 4 | 6, integer: fc.Arbitrary<bigint>): fc.Arbitrary<SlowRange> {
  const near = fc.tuple(integer, fc.nat(5000)).map(([first, more]) => [first, first + BigInt(more)] as const);
  return fc
    .oneof(fc.tuple(integer, integer), near)
    .map(([one, other]) => [one, other > LAST[family] ? LAST[family] : other] as const)
    .map(([one, other]) => ({ family, first: one < other ? one : other, last: one < other ? other : one }));
}

const mappedInteger = fc.oneof(
  ipv4Integer.map((bits) => MAPPED | bits),
  fc.constantFrom(MAPPED, MAPPED - 1n, MAPPED | LAST[4], (MAPPED | LAST[4]) + 1n),
);
const range: fc.Arbitrary<SlowRange> = fc.oneof(
  { weight: 3, arbitrary: ordered(4, ipv4Integer) },
  { weight: 3, arbitrary: ordered(6, ipv6Integer) },
  { weight: 1, arbitrary: ordered(6, mappedInteger) },
);

function errorOf(run: () => unknown): PrefixParseError {
  try {
    run();
  } catch (error) {
    if (error instanceof PrefixParseError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseRange', () => {
  it.each([
    ['192.0.2.10-192.0.2.20', '192.0.2.10-192.0.2.20'],
    ['192.0.2.10 - 192.0.2.20', '192.0.2.10-192.0.2.20'],
    ['10.0.0.1-10.0.0.1', '10.0.0.1-10.0.0.1'],
    ['0.0.0.0-255.255.255.255', '0.0.0.0-255.255.255.255'],
    ['2001:DB8::-2001:db8:0::FFFF', '2001:db8::-2001:db8::ffff'],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['::ffff:10.0.0.1-::ffff:10.0.0.9', '::ffff:10.0.0.1-::ffff:10.0.0.9'],
  ])('takes %s', (text, canonical) => {
    const value = parseRange(text);
    expect(String(value)).toBe(canonical);
    expect(JSON.stringify([value])).toBe(`["${canonical}"]`);
    expect(value.family).toBe(text.includes(':') ? 6 : 4);
    expect(safeParseRange(text)).toMatchObject({ success: true, data: value });
  });

  const refused: readonly (readonly [text: string, code: PrefixParseErrorCode, offset: number, hint: string])[] = [
    ['', 'NO_RANGE', 0, 'write two addresses with a hyphen between them'],
    ['10.0.0.1', 'NO_RANGE', 0, 'write two addresses'],
    ['10.0.0.0/8', 'NO_RANGE', 0, 'write two addresses'],
    ['10.0.0.1–10.0.0.2', 'NO_RANGE', 0, 'write two addresses'],
    ['10.0.0.01-10.0.0.010', 'BAD_ADDRESS', 7, 'write 10.0.0.1-10.0.0.10 or 10.0.0.1-10.0.0.8'],
    ['10.0.0.1-ff', 'BAD_ADDRESS', 9, 'a name is no address, resolve it first'],
    ['2001:db8::1-fffff', 'BAD_ADDRESS', 12, 'a name is no address, resolve it first'],
    ['2001:db8::1-xff', 'BAD_ADDRESS', 12, 'a name is no address, resolve it first'],
    ['10.0.0.1 -10.0.0.2', 'NO_RANGE', 8, 'write 10.0.0.1-10.0.0.2'],
    ['10.0.0.1-  10.0.0.2', 'NO_RANGE', 9, 'write 10.0.0.1-10.0.0.2'],
    ['10.0.0.1\t-\t10.0.0.2', 'NO_RANGE', 8, 'write 10.0.0.1-10.0.0.2'],
    ['10.0.0.1-10.0.0.2\n', 'NO_RANGE', 17, 'write 10.0.0.1-10.0.0.2'],
    [' 10.0.0.1-10.0.0.2', 'NO_RANGE', 0, 'write 10.0.0.1-10.0.0.2'],
    ['10.0.0.1 - 10.0.0.2 ', 'NO_RANGE', 19, 'write 10.0.0.1-10.0.0.2'],
    ['10.0.0.1 -x', 'NO_RANGE', 8, 'write two addresses'],
    ['10.0.0.1-10.0.0.2 3', 'NO_RANGE', 0, 'write two addresses'],
    ['10.0.0.1-10.0.0.2-10.0.0.3', 'NO_RANGE', 0, 'write two addresses'],
    ['10.0.0.1--10.0.0.2', 'NO_RANGE', 0, 'write two addresses'],
    ['-', 'BAD_ADDRESS', 0, 'write an address'],
    ['-10.0.0.1', 'BAD_ADDRESS', 0, 'write an address'],
    ['10.0.0.1-', 'BAD_ADDRESS', 9, 'write an address'],
    ['10.0.0.1-5', 'BAD_ADDRESS', 10, 'write 10.0.0.1-10.0.0.5'],
    ['10.0.0.5-1', 'BAD_ADDRESS', 10, 'write two addresses'],
    ['10.0.0.1-256', 'BAD_ADDRESS', 9, 'write two addresses'],
    ['10.0.0.1-10.0.5', 'BAD_ADDRESS', 15, 'write two addresses'],
    ['10.0.0.1-x', 'BAD_ADDRESS', 9, 'a name is no address'],
    ['127.1-127.2', 'BAD_ADDRESS', 5, 'write two addresses'],
    ['::1-5', 'BAD_ADDRESS', 5, 'write ::1-::5'],
    ['2001:db8::1-ff', 'BAD_ADDRESS', 12, 'write 2001:db8::1-2001:db8::ff'],
    ['2001:db8::5-1', 'BAD_ADDRESS', 13, 'write two addresses'],
    ['::ffff:10.0.0.1-9', 'BAD_ADDRESS', 17, 'write ::ffff:10.0.0.1-::ffff:10.0.0.9'],
    ['10.0.0.1 - 10.0.0.256', 'BAD_ADDRESS', 18, 'write four decimal octets'],
    ['010.0.0.1-10.0.0.2', 'BAD_ADDRESS', 0, 'write 10.0.0.1-10.0.0.2 or 8.0.0.1-10.0.0.2'],
    ['010.0.0.1-010.0.0.9', 'BAD_ADDRESS', 0, 'take the first as 8.0.0.1, write 10.0.0.1-10.0.0.9 or 8.0.0.1-8.0.0.9'],
    ['10.0.0.010-10.0.0.020', 'BAD_ADDRESS', 7, 'write 10.0.0.10-10.0.0.20 or 10.0.0.8-10.0.0.16'],
    ['10.0.0.9-10.0.0.010', 'BAD_ADDRESS', 16, 'some readers take the last as 10.0.0.8, write 10.0.0.9-10.0.0.10'],
    ['10.0.0.010-10.0.0.019', 'BAD_ADDRESS', 7, 'some readers take the first as 10.0.0.8, write 10.0.0.10-10.0.0.19'],
    ['10.0.0.1-010', 'BAD_ADDRESS', 9, 'write 10.0.0.1-10.0.0.10 or 10.0.0.1-10.0.0.8'],
    [
      '::ffff:010.0.0.1-::ffff:010.0.0.9',
      'BAD_ADDRESS',
      7,
      'write ::ffff:10.0.0.1-::ffff:10.0.0.9 or ::ffff:8.0.0.1-::ffff:8.0.0.9',
    ],
    ['10.0.0.0/24-10.0.1.0/24', 'BAD_ADDRESS', 8, 'write 10.0.0.0'],
    ['::1-::g', 'BAD_ADDRESS', 6, 'write e.g. 2001:db8::1'],
    ['10.0.0.1-::1', 'FAMILY', 9, 'write both addresses in one'],
    ['::1 - 10.0.0.1', 'FAMILY', 6, 'write both addresses in one'],
    ['10.0.0.9-10.0.0.1', 'ORDER', 9, 'write 10.0.0.1-10.0.0.9'],
    ['::2-::1', 'ORDER', 4, 'write ::1-::2'],
    ['fe80::1%25eth0-fe80::2', 'ZONE', 7, 'a range has none'],
    ['fe80::1-::2%eth0', 'ZONE', 11, 'a range has none'],
    ['fe80::1%eth0-fe80::2', 'ZONE', 7, 'a range has none'],
    ['fe80::1-fe80::2%eth0', 'ZONE', 15, 'a range has none'],
    ['fe80::1%eth0 - fe80::2%eth0', 'ZONE', 7, 'a range has none'],
  ];

  it.each(refused)('refuses %j: %s at %d', (text, code, offset, hint) => {
    const error = errorOf(() => parseRange(text));
    expect(error).toMatchObject({ name: 'PrefixParseError', code, offset, input: text });
    expect(error.hint).toContain(hint);
    const [, choices = ''] = /\bwrite ([\da-f.:]+-.*)$/.exec(error.hint) ?? [];
    for (const choice of choices.split(' or ').filter((found) => found !== '')) parseRange(choice);
    expect(error.message).toMatch(/^[ -~…]*$/);
    expect(safeParseRange(text)).toMatchObject({ success: false, error: { code, offset } });
  });

  it.each([
    ['10.0.0.9-10.0.0.1', '"10.0.0.9-10.0.0.1": last before first at offset 9; write 10.0.0.1-10.0.0.9'],
    ['10.0.0.1-::1', '"10.0.0.1-::1": two families at offset 9; write both addresses in one'],
    [
      '10.0.0.1-10.0.0.256',
      '"10.0.0.1-10.0.0.256": last is no address at offset 16; write four decimal octets, e.g. 192.0.2.1',
    ],
  ])('says of %s what to write', (text, message) => {
    expect(errorOf(() => parseRange(text)).message).toBe(message);
  });

  it.each(NOT_TEXT)('refuses %s', (_, value) => {
    const expected = { code: 'NOT_TEXT', input: value, offset: 0, hint: 'pass the range as a string' };
    expect(errorOf(() => parseRange(forbidden<string>(value)))).toMatchObject(expected);
    expect(safeParseRange(forbidden<string>(value))).toMatchObject({ success: false, error: expected });
    expect(() => AddressRange.from(forbidden<string>(value), '10.0.0.1')).toThrow(AddressParseError);
    expect(() => AddressRange.from('10.0.0.1', forbidden<string>(value))).toThrow(AddressParseError);
  });

  it('tells to write what one reader takes both ends for', () => {
    const octet = fc.tuple(fc.constantFrom('', '', '0'), fc.nat(30)).map(([zero, value]) => `${zero}${value}`);
    const quad = fc.tuple(octet, octet, octet, octet);
    let written = 0;
    fc.assert(
      fc.property(fc.constantFrom('', '::ffff:'), quad, quad, (head, first, last) => {
        const input = `${head}${first.join('.')}-${head}${last.join('.')}`;
        const result = safeParseRange(input);
        if (result.success || result.error.code !== 'BAD_ADDRESS') return;
        const read = (octets: readonly string[], radix: 8 | 10) =>
          head + octets.map((text) => Number.parseInt(text, /^0\d/.test(text) ? radix : 10)).join('.');
        const meant = [`${read(first, 10)}-${read(last, 10)}`];
        if (![...first, ...last].some((text) => /^0\d*[89]/.test(text)))
          meant.push(`${read(first, 8)}-${read(last, 8)}`);
        const [, choices = ''] = /\bwrite ([\da-f.:]+-.*)$/.exec(result.error.hint) ?? [];
        for (const choice of choices.split(' or ').filter((found) => found !== '')) {
          expect(meant, input).toContain(choice);
          parseRange(choice);
          written++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(500);
  });

  it('never fails but with an offset in the text and a message that is safe to print', () => {
    const text = fc.oneof(
      anyText,
      fc.tuple(anyText, anyText).map((parts) => parts.join('-')),
      range.map(textOf),
    );
    fc.assert(
      fc.property(text, (input) => {
        const result = safeParseRange(input);
        if (result.success) {
          expect(parseRange(String(result.data)).equals(result.data)).toBe(true);
        } else {
          expect(result.error.offset).toBeGreaterThanOrEqual(0);
          expect(result.error.offset).toBeLessThanOrEqual(input.length);
          expect(result.error.input).toBe(input);
          expect(result.error.message).toMatch(/^[ -~…]*$/);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('AddressRange', () => {
  it('answers as two integers would, and falls into the fewest prefixes', () => {
    fc.assert(
      fc.property(range, (slow) => {
        const { family, first, last } = slow;
        const value = parseRange(textOf(slow));
        expect([value.family, value.first.toBigInt(), value.last.toBigInt()]).toStrictEqual([family, first, last]);
        expect(value.size).toBe(last - first + 1n);
        expect(value.toPrefixes().map(String)).toStrictEqual(coverSlowly(family, first, last).map(printPrefix));
        expect(AddressRange.from(value.first, String(value.last)).equals(value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['0.0.0.0-255.255.255.255', 1],
    ['0.0.0.1-255.255.255.254', 62],
    ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1],
    ['::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', 254],
    ['255.255.255.255-255.255.255.255', 1],
    ['10.0.0.255-10.0.1.0', 2],
  ])('%s is %d prefixes', (text, count) => {
    expect(parseRange(text).toPrefixes()).toHaveLength(count);
  });

  it('contains what is between its ends, a mapped one as IPv4 unless kept', () => {
    fc.assert(
      fc.property(range, fc.oneof(ipv4Integer, mappedInteger, ipv6Integer), ({ family, first, last }, any) => {
        const value = parseRange(textOf({ family, first, last }));
        const isMappedInteger = (integer: bigint) => integer >> 32n === 0xffffn;
        const inMapped = family === 6 && isMappedInteger(first) && isMappedInteger(last);
        const asked = [first, last, first - 1n, last + 1n, (first + last) / 2n, any].filter(
          (x) => x >= 0n && x <= LAST[family],
        );
        for (const integer of asked) {
          const between = integer >= first && integer <= last;
          const address = printSlowly({ family, integer });
          expect(value.contains(address, { mapped: 'keep' })).toBe(between);
          // A mapped address is in a range that is mapped, and in no other of IPv6.
          expect(value.contains(address)).toBe(between && (family === 4 || !isMappedInteger(integer) || inMapped));
          if (family === 4) {
            const mapped = printSlowly({ family: 6, integer: MAPPED | integer });
            expect(value.contains(parseAddress(mapped))).toBe(between);
            expect(value.contains(mapped, { mapped: 'keep' })).toBe(false);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['::ffff:10.0.0.1-::ffff:10.0.0.9', '10.0.0.5', true, false],
    ['::ffff:10.0.0.1-::ffff:10.0.0.9', '::ffff:10.0.0.5', true, true],
    ['::ffff:10.0.0.1-::ffff:10.0.0.9', '10.0.0.10', false, false],
    ['10.0.0.1-10.0.0.9', '::ffff:10.0.0.5', true, false],
    ['::-ffff::', '::ffff:10.0.0.5', false, true],
    ['::-ffff::', '10.0.0.5', false, false],
  ])('rule 7: %s contains %s: %s, kept %s', (text, address, plain, kept) => {
    expect(parseRange(text).contains(address)).toBe(plain);
    expect(parseRange(text).contains(address, { mapped: 'keep' })).toBe(kept);
  });

  it('rule 6: contains an address with a zone only when asked', () => {
    const value = parseRange('fe80::1-fe80::9');
    expect(value.contains('fe80::5%lo')).toBe(false);
    expect(value.contains('fe80::5%lo', { zone: 'ignore' })).toBe(true);
    expect(value.contains(parseAddress('fe80::10%lo'), { zone: 'ignore' })).toBe(false);
    expect(() => value.contains('fe80::1/128')).toThrow(AddressParseError);
  });

  it('says that a blank is in the way', () => {
    expect(() => parseRange('10.0.0.1 -10.0.0.3')).toThrow(': blank at offset 8; write 10.0.0.1-10.0.0.3');
  });

  it('gives its addresses as they are asked for', () => {
    expect([...parseRange('255.255.255.254-255.255.255.255').addresses()].map(String)).toStrictEqual([
      '255.255.255.254',
      '255.255.255.255',
    ]);
    expect([...parseRange('10.0.0.1-10.0.0.3').addresses()]).toHaveLength(3);
    const all = parseRange('::-ffff::').addresses();
    expect([all.next(), all.next()].map(({ value }) => String(value))).toStrictEqual(['::', '::1']);
  });

  it('equals a range of the same ends', () => {
    const value = parseRange('10.0.0.1-10.0.0.9');
    expect(value.equals(AddressRange.from('10.0.0.1', '10.0.0.9'))).toBe(true);
    expect(value.equals(AddressRange.from('10.0.0.1', '10.0.0.8'))).toBe(false);
    expect(value.equals(AddressRange.from('10.0.0.2', '10.0.0.9'))).toBe(false);
    expect(parseRange('::1-::2').equals(parseRange('0.0.0.1-0.0.0.2'))).toBe(false);
    for (const [, other] of [...NOT_TEXT, ['text', '10.0.0.1-10.0.0.9'] as const]) {
      expect(errorOf(() => value.equals(forbidden<AddressRange>(other)))).toMatchObject({
        code: 'NOT_RANGE',
        input: other,
      });
    }
  });

  it('refuses ends that make no range', () => {
    expect(errorOf(() => AddressRange.from('10.0.0.2', '10.0.0.1'))).toMatchObject({
      code: 'ORDER',
      input: '10.0.0.2-10.0.0.1',
      offset: 9,
      hint: 'write 10.0.0.1-10.0.0.2',
    });
    expect(errorOf(() => AddressRange.from('10.0.0.2', '::1')).code).toBe('FAMILY');
    expect(errorOf(() => AddressRange.from('fe80::1%a', 'fe80::2%a'))).toMatchObject({ code: 'ZONE', offset: 7 });
    const construct: new (...args: unknown[]) => unknown = forbidden(AddressRange);
    expect(() => new construct(Symbol('inaddr'))).toThrow('AddressRange is not constructed with new');
  });

  it('is told apart by assertion libraries', () => {
    expect({ a: parseRange('::1-::2') }).toEqual({ a: parseRange('::1 - ::2') });
    expect({ a: parseRange('::1-::2') }).not.toEqual({ a: parseRange('::1-::3') });
  });
});
