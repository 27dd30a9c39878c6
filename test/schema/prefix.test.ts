import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AddressRange,
  IPv4Address,
  IPv6Address,
  isPrefix,
  Prefix,
  parseAddress,
  parsePrefix,
  parseRange,
  safeParseRange,
} from '../../src/ip/index.js';
import { addressSchema, prefix, prefixSchema, rangeSchema } from '../../src/schema/index.js';

/** The code in `params` of each issue; zod's own code where the issue is not ours. */
function codes(schema: z.ZodType, input: unknown): unknown[] {
  return (schema.safeParse(input).error?.issues ?? []).map((issue) =>
    issue.code === 'custom' ? issue.params?.code : issue.code,
  );
}

const addresses = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => IPv4Address.fromBigInt(bits)),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits) => IPv6Address.fromBigInt(bits)),
);
const prefixes = addresses.chain((address) =>
  fc
    .integer({ min: 0, max: address.family === 4 ? 32 : 128 })
    .map((length) => Prefix.from(address, length, { hostBits: 'mask' })),
);
const ranges = fc
  .tuple(addresses, addresses)
  .filter(([a, b]) => a.family === b.family)
  .map(([a, b]) => (a.compare(b) <= 0 ? AddressRange.from(a, b) : AddressRange.from(b, a)));

/** Texts with a character put in, taken out or replaced. */
function near(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.tuple(texts, fc.nat(45), fc.constantFrom('', '0', '1', '-', '/', ':', '.', '%', ' ', 'g', '\n'));
  const edited = edit.chain(([text, at, put]) =>
    fc.constantFrom(text.slice(0, at) + put + text.slice(at), text.slice(0, at) + put + text.slice(at + 1)),
  );
  return fc.oneof(texts, edited);
}

describe('prefixSchema and rangeSchema', () => {
  it('decode text to values, and encode values to canonical text', () => {
    expect(prefixSchema.parse('192.0.2.0/24')).toBeInstanceOf(Prefix);
    expect(rangeSchema.parse('192.0.2.1-192.0.2.9')).toBeInstanceOf(AddressRange);
    expect(z.encode(prefixSchema, parsePrefix('2001:DB8:0::/32'))).toBe('2001:db8::/32');
    expect(z.encode(rangeSchema, parseRange('::1 - ::0:2'))).toBe('::1-::2');
  });

  it('are inverse', () => {
    fc.assert(
      fc.property(prefixes, ranges, (one, other) => {
        expect(prefixSchema.parse(z.encode(prefixSchema, one)).equals(one)).toBe(true);
        expect(rangeSchema.parse(z.encode(rangeSchema, other)).equals(other)).toBe(true);
      }),
    );
  });

  it('take what parsePrefix and parseRange take, and nothing else', () => {
    const texts = fc.oneof(near(prefixes.map(String)), near(ranges.map(String)));
    fc.assert(
      fc.property(texts, (text) => {
        expect(prefixSchema.safeParse(text).success).toBe(isPrefix(text));
        expect(prefix({ family: 4 }).safeParse(text).success).toBe(isPrefix(text, 4));
        expect(rangeSchema.safeParse(text).success).toBe(safeParseRange(text).success);
      }),
      { numRuns: 1000 },
    );
  });

  it('tell what is wrong in the words of PrefixParseError, with its code, hint and offset', () => {
    expect(prefixSchema.safeParse('10.1.2.3/8').error?.issues).toEqual([
      {
        code: 'custom',
        path: [],
        message: expect.stringMatching(/^"10\.1\.2\.3\/8": .* at offset \d+; write 10\.0\.0\.0\/8/),
        params: { code: 'HOST_BITS', hint: expect.stringContaining('write 10.0.0.0/8'), offset: expect.any(Number) },
      },
    ]);
    expect(rangeSchema.safeParse('10.0.0.1-10.0.0.x').error?.issues).toMatchObject([
      { code: 'custom', params: { code: 'BAD_ADDRESS', offset: 16 } },
    ]);
  });

  it.each([
    ['', 'BAD_ADDRESS'],
    ['10.0.0.0', 'NO_LENGTH'],
    ['10.0.0.0/', 'BAD_LENGTH'],
    ['10.0.0.0/08', 'BAD_LENGTH'],
    ['10.0.0.0/ 8', 'BAD_LENGTH'],
    ['10.0.0.0/8/8', 'BAD_LENGTH'],
    ['10.0.0.0/33', 'LENGTH_RANGE'],
    ['fe80::%eth0/64', 'ZONE'],
    ['10.0.0.1/8', 'HOST_BITS'],
    ['010.0.0.0/8', 'BAD_ADDRESS'],
  ])('refuse the prefix %j: %s', (text, code) => {
    expect(codes(prefixSchema, text)).toEqual([code]);
  });

  it.each([
    ['', 'NO_RANGE'],
    ['10.0.0.1', 'NO_RANGE'],
    ['10.0.0.0/8', 'NO_RANGE'],
    ['10.0.0.9-10.0.0.1', 'ORDER'],
    ['10.0.0.1-::1', 'FAMILY'],
    ['fe80::1%a-fe80::2%a', 'ZONE'],
    ['10.0.0.1-', 'BAD_ADDRESS'],
  ])('refuse the range %j: %s', (text, code) => {
    expect(codes(rangeSchema, text)).toEqual([code]);
  });

  it.each([
    ['a number', 8],
    ['null', null],
    ['undefined', undefined],
    ['a String object', new String('10.0.0.0/8')],
    ['what prints as a prefix', { toString: () => '10.0.0.0/8' }],
    ['a prefix', parsePrefix('10.0.0.0/8')],
    ['a range', parseRange('10.0.0.1-10.0.0.2')],
  ])('do not coerce %s', (_, input) => {
    expect(codes(prefixSchema, input)).toEqual(['invalid_type']);
    expect(codes(rangeSchema, input)).toEqual(['invalid_type']);
  });

  it.each([
    ['text', '10.0.0.0/8'],
    ['null', null],
    ['an address', parseAddress('10.0.0.0')],
    ['an object of the same shape', { family: 4, length: 8, toString: () => '10.0.0.0/8' }],
    ['a forged value', Object.create(Object.prototype)],
  ])('do not encode %s', (_, wrong) => {
    for (const [schema, code, hint] of [
      [prefixSchema, 'NOT_PREFIX', 'pass what parsePrefix returns'],
      [prefix({ family: 4 }), 'NOT_PREFIX', 'pass what parsePrefix returns'],
      [rangeSchema, 'NOT_RANGE', 'pass what parseRange returns'],
    ] as const) {
      const result: z.ZodSafeParseResult<unknown> = Reflect.apply(z.safeEncode, undefined, [schema, wrong]);
      expect(result.error?.issues).toMatchObject([{ code: 'custom', path: [], params: { code, hint, offset: null } }]);
    }
  });

  it('do not encode one for the other', () => {
    const encode = (schema: z.ZodType, value: unknown) =>
      Reflect.apply(z.safeEncode, undefined, [schema, value]).success;
    expect(encode(prefixSchema, parseRange('::1-::2'))).toBe(false);
    expect(encode(rangeSchema, parsePrefix('::/64'))).toBe(false);
  });
});

describe('prefix: restrictions', () => {
  it.each([
    [{ family: 4 }, '2001:db8::/32', 'write an IPv4 prefix, e.g. 192.0.2.0/24'],
    [{ family: 4 }, '::ffff:10.0.0.0/104', 'write 10.0.0.0/8'],
    [{ family: 6 }, '10.0.0.0/8', 'write an IPv6 prefix, e.g. 2001:db8::/32'],
  ] as const)('%o refuses %s', (restrictions, text, hint) => {
    const issues = prefix(restrictions).safeParse(text).error?.issues;
    expect(issues).toMatchObject([{ code: 'custom', params: { code: 'WRONG_FAMILY', hint, offset: null } }]);
    expect(issues?.[0]?.message).toContain(`"${text}"`);
    expect(z.safeEncode(prefix(restrictions), parsePrefix(text)).success).toBe(false);
  });

  it('hostBits: mask clears bits after the prefix, as parsePrefix does', () => {
    expect(prefix({ hostBits: 'mask' }).parse('10.1.2.3/8').toString()).toBe('10.0.0.0/8');
    expect(codes(prefix({ hostBits: 'reject' }), '10.1.2.3/8')).toEqual(['HOST_BITS']);
    expect(codes(prefix({ family: 6, hostBits: 'mask' }), '10.1.2.3/8')).toEqual(['WRONG_FAMILY']);
  });

  it.each([
    [{ famly: 4 }, 'prefix() has no option "famly", only family, hostBits'],
    [{ family: '4' }, 'prefix(): family must be 4 or 6'],
    [{ hostBits: 'clear' }, "prefix(): hostBits must be 'reject' or 'mask'"],
    [{ __proto__: null, constructor: 4 }, 'prefix() has no option "constructor", only family, hostBits'],
    [4, 'prefix() takes an object of restrictions, e.g. prefix({ family: 4 })'],
    [null, 'prefix() takes an object of restrictions, e.g. prefix({ family: 4 })'],
    [[], 'prefix() takes an object of restrictions, e.g. prefix({ family: 4 })'],
  ])('%o throws', (restrictions, message) => {
    expect(() => Reflect.apply(prefix, undefined, [restrictions])).toThrow(new TypeError(message));
  });

  it('takes options that are undefined', () => {
    expect(prefix({ family: undefined, hostBits: undefined }).parse('::/0').family).toBe(6);
  });
});

describe('in other schemas', () => {
  const config = z.object({
    trusted: z.array(prefixSchema),
    pool: rangeSchema.optional(),
    gateway: z.union([addressSchema, prefixSchema]),
  });

  it('put the path before the issue', () => {
    const { error } = config.safeParse({ trusted: ['10.0.0.0/8', '10.0.0.1/8'], pool: '::1', gateway: '::1' });
    expect(error?.issues).toMatchObject([
      { path: ['trusted', 1], params: { code: 'HOST_BITS' } },
      { path: ['pool'], params: { code: 'NO_RANGE' } },
    ]);
  });

  it('go both ways', async () => {
    const plain = { trusted: ['10.0.0.0/8', '2001:db8::/32'], pool: '10.0.0.10-10.0.0.20', gateway: '192.0.2.0/24' };
    expect(z.encode(config, z.decode(config, plain))).toEqual(plain);
    expect(await z.encodeAsync(config, await z.decodeAsync(config, plain))).toEqual(plain);
  });

  it('can be refined and defaulted', () => {
    const large = prefixSchema.refine(({ length }) => length <= 16);
    expect([large.safeParse('10.0.0.0/8').success, large.safeParse('10.0.0.0/24').success]).toEqual([true, false]);
    expect(prefixSchema.prefault('::/0').parse(undefined).length).toBe(0);
  });
});

describe('as Standard Schema', () => {
  it('validate to a value or issues', async () => {
    expect(await prefixSchema['~standard'].validate('::/0')).toEqual({ value: parsePrefix('::/0') });
    expect(await rangeSchema['~standard'].validate('::1-::2')).toEqual({ value: parseRange('::1-::2') });
    expect(await prefixSchema['~standard'].validate('::')).toMatchObject({
      issues: [{ message: expect.stringContaining('"::"'), path: [] }],
    });
  });
});

describe('in z.toJSONSchema', () => {
  it.each(['input', 'output'] as const)('are strings on the %s side', (io) => {
    const schema = z.object({ net: prefixSchema, four: prefix({ family: 4 }), pool: rangeSchema.describe('the pool') });
    expect(z.toJSONSchema(schema, { io }).properties).toEqual({
      net: { type: 'string', description: 'IPv4 or IPv6 prefix', pattern: expect.any(String) },
      four: { type: 'string', description: 'IPv4 prefix', pattern: expect.any(String) },
      pool: { type: 'string', description: 'the pool', pattern: expect.any(String) },
    });
  });

  it('have patterns that take every text, and of IPv4 prefixes nothing but host bits more', () => {
    const pattern = (schema: z.ZodType) => new RegExp(String(z.toJSONSchema(schema, { io: 'input' }).pattern));
    const [either, four, six] = [prefixSchema, prefix({ family: 4 }), prefix({ family: 6 })].map(pattern);
    const between = pattern(rangeSchema);
    fc.assert(
      fc.property(near(prefixes.map(String)), ranges, (text, range) => {
        if (isPrefix(text)) expect(either?.test(text)).toBe(true);
        if (isPrefix(text, 6)) expect(six?.test(text)).toBe(true);
        expect(four?.test(text)).toBe(prefix({ family: 4, hostBits: 'mask' }).safeParse(text).success);
        expect([between.test(`${range}`), between.test(`${range.first} - ${range.last}`)]).toEqual([true, true]);
      }),
      { numRuns: 2000 },
    );
  });
});
