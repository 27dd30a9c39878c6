import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  AddressParseError,
  classify,
  IPv4Address,
  IPv6Address,
  isAddress,
  isGloballyReachable,
  parseAddress,
} from '../../src/ip/index.js';
import type { AddressRestrictions } from '../../src/schema/index.js';
import { address, addressSchema, ipv4Schema, ipv6Schema } from '../../src/schema/index.js';

/** The code in `params` of each issue; zod's own code where the issue is not ours. */
function codes(schema: z.ZodType, input: unknown): unknown[] {
  return (schema.safeParse(input).error?.issues ?? []).map((issue) =>
    issue.code === 'custom' ? issue.params?.code : issue.code,
  );
}

/** What a caller of JavaScript may pass. */
function unchecked(restrictions: unknown): () => unknown {
  return () => Reflect.apply(address, undefined, [restrictions]);
}

const ipv4Values = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((bits) => IPv4Address.fromBigInt(bits));
const ipv6Values = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((bits) => IPv6Address.fromBigInt(bits));
const zonedValues = fc
  .tuple(fc.bigInt({ min: 0n, max: 2n ** 118n - 1n }), fc.stringMatching(/^[a-z][0-9A-Za-z._~-]{0,12}$/))
  .map(([bits, zone]) => IPv6Address.fromBigInt((0x3fan << 118n) | bits).withZone(zone));
const values = fc.oneof(ipv4Values, ipv6Values, zonedValues);

/** Texts near addresses: valid ones, and valid ones with a character put in, taken out or replaced. */
const texts = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4Extended(),
  fc
    .tuple(
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.nat(40),
      fc.constantFrom('', '0', ':', '.', '%', '/', ' ', 'g', 'F', '\n'),
    )
    .chain(([text, at, put]) =>
      fc.constantFrom(text.slice(0, at) + put + text.slice(at), text.slice(0, at) + put + text.slice(at + 1)),
    ),
);

describe('addressSchema, ipv4Schema, ipv6Schema', () => {
  it('decode text to values', () => {
    expect(addressSchema.parse('192.0.2.1')).toBeInstanceOf(IPv4Address);
    expect(addressSchema.parse('2001:DB8:0::1')).toEqual(parseAddress('2001:db8::1'));
    expect(ipv4Schema.parse('192.0.2.1').toMapped().toString()).toBe('::ffff:192.0.2.1');
    expect(ipv6Schema.parse('fe80::1%eth0').zone).toBe('eth0');
  });

  it('encode values to canonical text', () => {
    expect(z.encode(addressSchema, parseAddress('2001:DB8::0:1'))).toBe('2001:db8::1');
    expect(z.encode(ipv6Schema, IPv6Address.fromBigInt(1n))).toBe('::1');
  });

  it('are inverse: decode of encode is the value, encode of decode the canonical text', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = z.encode(addressSchema, value);
        expect(text).toBe(value.toString());
        expect(z.decode(addressSchema, text).equals(value)).toBe(true);
        const narrow = value.family === 4 ? ipv4Schema : ipv6Schema;
        expect(narrow.parse(text).toString()).toBe(text);
      }),
    );
  });

  it('take what parseAddress takes, and nothing else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(addressSchema.safeParse(text).success).toBe(isAddress(text));
        expect(ipv4Schema.safeParse(text).success).toBe(isAddress(text, 4));
        expect(ipv6Schema.safeParse(text).success).toBe(isAddress(text, 6));
      }),
      { numRuns: 2000 },
    );
  });

  it('tell what is wrong in the words of AddressParseError, with its code, hint and offset', () => {
    const [issue, ...others] = addressSchema.safeParse('010.0.0.1').error?.issues ?? [];
    expect(others).toEqual([]);
    expect(issue).toEqual({
      code: 'custom',
      path: [],
      message: '"010.0.0.1": leading zero at offset 0; some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
      params: {
        code: 'LEADING_ZERO',
        hint: 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
        offset: 0,
      },
    });
  });

  it.each([
    ['', 'EMPTY'],
    [' 192.0.2.1', 'BLANK'],
    ['192.0.2.1\n', 'BLANK'],
    ['127.1', 'OCTET_COUNT'],
    ['0x7f.0.0.1', 'BAD_CHARACTER'],
    ['10.0.0.0/8', 'PREFIX_LENGTH'],
    ['[::1]', 'BRACKETS'],
    ['127.0.0.1:80', 'PORT'],
    ['::1%lo', 'ZONE_NOT_ALLOWED'],
    ['fe80::1%', 'ZONE_EMPTY'],
    ['fe80::1%<script>', 'ZONE_CHARACTER'],
    ['127.0.0.1\0', 'BAD_CHARACTER'],
    ['localhost', 'BAD_CHARACTER'],
  ])('refuse %j: %s', (text, code) => {
    expect(codes(addressSchema, text)).toEqual([code]);
  });

  it.each([
    ['a number', 2130706433],
    ['a bigint', 1n],
    ['null', null],
    ['undefined', undefined],
    ['a String object', new String('127.0.0.1')],
    ['what prints as an address', { toString: () => '127.0.0.1' }],
    ['a value', parseAddress('127.0.0.1')],
    ['bytes', new Uint8Array(4)],
  ])('do not coerce %s', (_, input) => {
    expect(codes(addressSchema, input)).toEqual(['invalid_type']);
    expect(codes(ipv4Schema, input)).toEqual(['invalid_type']);
  });

  it.each([
    ['IPv6 text to ipv4Schema', ipv4Schema, '::1', 'write an IPv4 address, e.g. 192.0.2.1'],
    ['mapped text to ipv4Schema', ipv4Schema, '::ffff:192.0.2.1', 'write 192.0.2.1'],
    ['IPv4 text to ipv6Schema', ipv6Schema, '192.0.2.1', 'write an IPv6 address, e.g. 2001:db8::1'],
  ])('name the family: %s', (_, schema, text, hint) => {
    const issues = schema.safeParse(text).error?.issues;
    expect(issues).toEqual([
      expect.objectContaining({ code: 'custom', params: { code: 'WRONG_FAMILY', hint, offset: null } }),
    ]);
    expect(issues?.[0]?.message).toContain(`"${text}"`);
  });

  it.each([
    ['text', '192.0.2.1'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 1],
    ['an object of the same shape', { family: 4, toString: () => '192.0.2.1' }],
    ['a forged value', Object.create(null)],
  ])('do not encode %s', (_, wrong) => {
    for (const schema of [addressSchema, ipv4Schema, addressSchema.refine(() => true)]) {
      const result: z.ZodSafeParseResult<unknown> = Reflect.apply(z.safeEncode, undefined, [schema, wrong]);
      expect(result.error?.issues).toEqual([
        {
          code: 'custom',
          path: [],
          message: 'no address value; pass what parseAddress returns',
          params: { code: 'NOT_ADDRESS', hint: 'pass what parseAddress returns', offset: null },
        },
      ]);
    }
  });

  it('do not encode a value of the other family', () => {
    const result: z.ZodSafeParseResult<unknown> = Reflect.apply(z.safeEncode, undefined, [
      ipv4Schema,
      parseAddress('::1'),
    ]);
    expect(result.error?.issues).toMatchObject([{ code: 'custom', params: { code: 'WRONG_FAMILY' } }]);
  });
});

describe('beside z.ipv4() and z.ipv6()', () => {
  it('take the same IPv4 texts', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(ipv4Schema.safeParse(text).success).toBe(z.ipv4().safeParse(text).success);
      }),
      { numRuns: 2000 },
    );
  });

  it('take the same IPv6 texts, and those with a zone', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const plain = z.ipv6().safeParse(text).success;
        expect(address({ family: 6, zone: false }).safeParse(text).success).toBe(plain);
        // zod knows no zones: with one, what stands before it decides.
        const [head = '', zone] = text.split('%');
        if (zone === undefined) expect(ipv6Schema.safeParse(text).success).toBe(plain);
        else if (!z.ipv6().safeParse(head).success) expect(ipv6Schema.safeParse(text).success).toBe(false);
      }),
      { numRuns: 2000, examples: [['ff01::000:0:0:0:0%.0.0.0']] },
    );
    fc.assert(
      fc.property(zonedValues, (value) => {
        expect(ipv6Schema.safeParse(value.toString()).success).toBe(true);
        expect(z.ipv6().safeParse(value.toString()).success).toBe(false);
        expect(address({ zone: false }).safeParse(value.toString()).success).toBe(false);
      }),
    );
  });
});

describe('in other schemas', () => {
  const config = z.object({ listen: z.object({ hosts: z.array(addressSchema), gateway: ipv4Schema.optional() }) });

  it('put the path before the issue', () => {
    const { error } = config.safeParse({ listen: { hosts: ['::1', '127.1'], gateway: '::1' } });
    expect(error?.issues).toMatchObject([
      { path: ['listen', 'hosts', 1], params: { code: 'OCTET_COUNT', offset: 5 } },
      { path: ['listen', 'gateway'], params: { code: 'WRONG_FAMILY' } },
    ]);
    expect(error === undefined ? '' : z.prettifyError(error)).toContain('→ at listen.hosts[1]');
  });

  it('go both ways', () => {
    const plain = { listen: { hosts: ['2001:db8::1', '192.0.2.1'], gateway: '192.0.2.254' } };
    expect(z.encode(config, z.decode(config, plain))).toEqual(plain);
  });

  it('can be refined, piped and defaulted', () => {
    const refined = addressSchema.refine((value) => value.toBytes().at(-1) === 1);
    expect(refined.safeParse('192.0.2.1').success).toBe(true);
    expect(refined.safeParse('192.0.2.2').success).toBe(false);
    expect(z.encode(refined, parseAddress('192.0.2.1'))).toBe('192.0.2.1');
    expect(addressSchema.default(parseAddress('::1')).parse(undefined).toString()).toBe('::1');
    expect(addressSchema.prefault('::1').parse(undefined).toString()).toBe('::1');
    expect(z.string().trim().pipe(addressSchema).parse(' ::1 ').toString()).toBe('::1');
    expect(z.union([ipv4Schema, ipv6Schema]).parse('::1').family).toBe(6);
  });

  it('parse asynchronously as well', async () => {
    await expect(addressSchema.parseAsync('::1')).resolves.toEqual(parseAddress('::1'));
    await expect(z.encodeAsync(addressSchema, parseAddress('::1'))).resolves.toBe('::1');
  });
});

describe('as Standard Schema', () => {
  it('validate to a value or issues', async () => {
    const { vendor, version, validate } = addressSchema['~standard'];
    expect([vendor, version]).toEqual(['zod', 1]);
    expect(await validate('::1')).toEqual({ value: parseAddress('::1') });
    expect(await validate('127.1')).toMatchObject({
      issues: [{ message: expect.stringContaining('"127.1"'), path: [] }],
    });
  });

  it('give a JSON Schema of either side', () => {
    const { input, output } = address({ family: 4 })['~standard'].jsonSchema;
    expect(input({ target: 'draft-2020-12' })).toMatchObject({ type: 'string', format: 'ipv4' });
    expect(output({ target: 'draft-2020-12' })).toMatchObject({ type: 'string', format: 'ipv4' });
  });
});

describe('in z.toJSONSchema', () => {
  const zoned = { pattern: '^[0-9A-Fa-f:.]+%[0-9A-Za-z._~-]+$' };

  it.each(['input', 'output'] as const)('are strings on the %s side', (io) => {
    const schema = z.object({
      any: addressSchema,
      four: ipv4Schema.optional(),
      six: z.array(ipv6Schema),
      named: addressSchema.describe('where to listen'),
      refined: ipv4Schema.refine(() => true),
      late: ipv4Schema.default(IPv4Address.fromBigInt(1n)),
    });
    expect(z.toJSONSchema(schema, { io }).properties).toEqual({
      any: {
        type: 'string',
        description: 'IPv4 or IPv6 address',
        anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }, zoned],
      },
      four: { type: 'string', description: 'IPv4 address', format: 'ipv4' },
      six: {
        type: 'array',
        items: { type: 'string', description: 'IPv6 address', anyOf: [{ format: 'ipv6' }, zoned] },
      },
      named: {
        type: 'string',
        description: 'where to listen',
        anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }, zoned],
      },
      refined: { type: 'string', description: 'IPv4 address', format: 'ipv4' },
      late: {
        type: 'string',
        description: 'IPv4 address',
        format: 'ipv4',
        ...(io === 'output' && { default: '0.0.0.1' }),
      },
    });
  });

  it.each(['draft-2020-12', 'draft-07', 'draft-04', 'openapi-3.0'] as const)('are strings for %s', (target) => {
    expect(z.toJSONSchema(addressSchema, { target, io: 'output' })).toMatchObject({ type: 'string' });
  });

  it.each<[AddressRestrictions, object]>([
    [
      { family: 6, zone: false },
      { description: 'IPv6 address, without a zone', format: 'ipv6' },
    ],
    [{ zone: false }, { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }],
    [{ zone: true }, { description: 'IPv4 or IPv6 address, with a zone', ...zoned }],
    [
      { family: 4, globallyReachable: true, kind: ['global', 'protocol'], scope: ['global'] },
      { description: 'IPv4 address, globally reachable, of kind global or protocol, of scope global', format: 'ipv4' },
    ],
    [{ family: 4, globallyReachable: false }, { description: 'IPv4 address, not globally reachable' }],
  ])('say what is restricted: %o', (restrictions, expected) => {
    expect(z.toJSONSchema(address(restrictions), { io: 'input' })).toMatchObject(expected);
  });

  it('has a pattern for zones that takes every zoned text and no other', () => {
    const pattern = new RegExp(zoned.pattern);
    fc.assert(fc.property(zonedValues, (value) => pattern.test(value.toString())));
    expect(['fe80::1%', 'fe80::1%a b', 'fe80::1', '%eth0'].filter((text) => pattern.test(text))).toEqual([]);
  });
});

describe('address: restrictions', () => {
  it.each<[AddressRestrictions, string, string[]]>([
    [{ family: 4 }, '::1', ['WRONG_FAMILY']],
    [{ family: 6 }, '::ffff:192.0.2.1', []],
    [{ globallyReachable: true }, '8.8.8.8', []],
    [{ globallyReachable: true }, '10.0.0.1', ['NOT_GLOBALLY_REACHABLE']],
    [{ globallyReachable: false }, '10.0.0.1', []],
    [{ globallyReachable: false }, '8.8.8.8', ['GLOBALLY_REACHABLE']],
    [{ kind: ['private', 'loopback'] }, '127.0.0.1', []],
    [{ kind: ['private'] }, '127.0.0.1', ['WRONG_KIND']],
    [{ scope: ['link-local'] }, 'fe80::1%eth0', []],
    [{ scope: ['global'] }, 'fe80::1', ['WRONG_SCOPE']],
    // the unspecified address has no scope, so it is in no list
    [{ scope: ['global', 'link-local'] }, '::', ['WRONG_SCOPE']],
    [{ zone: true }, 'fe80::1%eth0', []],
    [{ zone: true }, 'fe80::1', ['ZONE_MISSING']],
    [{ zone: true }, '192.0.2.1', ['ZONE_MISSING']],
    [{ zone: false }, 'fe80::1%eth0', ['ZONE_PRESENT']],
    [{ zone: false }, '192.0.2.1', []],
    // all at once, but for another family than asked for, of which the rest would say nothing
    [
      { globallyReachable: true, kind: ['global'], scope: ['global'], zone: false },
      'fe80::1%eth0',
      ['ZONE_PRESENT', 'NOT_GLOBALLY_REACHABLE', 'WRONG_KIND', 'WRONG_SCOPE'],
    ],
    [{ family: 4, globallyReachable: true, zone: false }, 'fe80::1%eth0', ['WRONG_FAMILY']],
    // text that is no address is that, whatever is restricted
    [{ family: 4, globallyReachable: true }, '010.0.0.1', ['LEADING_ZERO']],
  ])('%o on %s: %o', (restrictions, text, expected) => {
    expect(codes(address(restrictions), text)).toEqual(expected);
  });

  it.each([
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:808:808::',
    '2001:0:808:808::f7f7:f7f7',
    '::127.0.0.1',
    '::ffff:0:7f00:1',
    '2606:4700::5efe:7f00:1',
    '2606:4700::200:5efe:a00:1',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    'ff0e::1',
    '169.254.169.254',
    '100.64.0.1',
    '4000::1',
    'fe80::1%eth0',
  ])('globallyReachable: true keeps out %s', (text) => {
    expect(codes(address({ globallyReachable: true }), text)).toEqual(['NOT_GLOBALLY_REACHABLE']);
  });

  it('judges the outer kind: mapped is mapped, and only globallyReachable looks inside', () => {
    expect(codes(address({ kind: ['private'] }), '::ffff:10.0.0.1')).toEqual(['WRONG_KIND']);
    expect(codes(address({ kind: ['global'] }), '::ffff:8.8.8.8')).toEqual(['WRONG_KIND']);
    expect(codes(address({ kind: ['mapped'] }), '::ffff:127.0.0.1')).toEqual([]);
    expect(codes(address({ kind: ['global'] }), '2606:4700::5efe:7f00:1')).toEqual([]);
    expect(codes(address({ kind: ['global'], globallyReachable: true }), '2606:4700::5efe:7f00:1')).toEqual([
      'NOT_GLOBALLY_REACHABLE',
    ]);
    expect(codes(address({ kind: ['mapped'], globallyReachable: true }), '::ffff:8.8.8.8')).toEqual([]);
  });

  it('looks through the NAT64 prefixes that are declared', () => {
    const plain = address({ globallyReachable: true });
    const declared = address({ globallyReachable: true, nat64: ['2606:4700:64::/96'] });
    expect(codes(plain, '2606:4700:64::a00:1')).toEqual([]);
    expect(codes(declared, '2606:4700:64::a00:1')).toEqual(['NOT_GLOBALLY_REACHABLE']);
    expect(codes(declared, '2606:4700:64::808:808')).toEqual([]);
    expect(codes(address({ kind: ['translation'], nat64: ['2606:4700:64::/96'] }), '2606:4700:64::808:808')).toEqual(
      [],
    );
  });

  it.each([
    [{ globallyReachable: true }, '::ffff:10.0.0.1', 'not globally reachable, mapped with 10.0.0.1 (private) inside'],
    [
      { globallyReachable: true },
      '4000::1',
      'not globally reachable, unallocated; write an address that can be reached',
    ],
    [{ kind: ['private'] }, '::ffff:10.0.0.1', 'kind mapped; write 10.0.0.1'],
    [{ kind: ['private', 'unique-local'] }, '::1', 'kind loopback; write an address of kind private or unique-local'],
    [{ scope: ['global'] }, '0.0.0.0', 'no scope; write an address of scope global'],
    [{ zone: false }, 'fe80::1%eth0', 'zone; write fe80::1'],
    [{ zone: true }, 'fe80::1', 'no zone; write the interface after the address, e.g. fe80::1%eth0'],
    [{ globallyReachable: false }, '8.8.8.8', 'globally reachable; write an address of a network of your own'],
  ] as const)('%o tells about %s: %s', (restrictions, text, message) => {
    const [issue] = address(restrictions).safeParse(text).error?.issues ?? [];
    expect(issue?.message).toContain(`"${text}": ${message}`);
    expect(issue?.code === 'custom' && issue.message.endsWith(`; ${issue.params?.hint}`)).toBe(true);
  });

  it('holds for encode, too', () => {
    const guard = address({ globallyReachable: true });
    expect(z.encode(guard, parseAddress('8.8.8.8'))).toBe('8.8.8.8');
    expect(z.safeEncode(guard, parseAddress('10.0.0.1')).error?.issues).toMatchObject([
      { code: 'custom', params: { code: 'NOT_GLOBALLY_REACHABLE' } },
    ]);
  });

  it('answers as isGloballyReachable and classify do', () => {
    const guard = address({ globallyReachable: true });
    const local = address({ kind: ['private', 'unique-local', 'mapped', 'multicast', 'global'] });
    fc.assert(
      fc.property(values, (value) => {
        const text = value.toString();
        expect(guard.safeParse(text).success).toBe(isGloballyReachable(value));
        expect(local.safeParse(text).success).toBe(
          ['private', 'unique-local', 'mapped', 'multicast', 'global'].includes(classify(value).kind),
        );
      }),
    );
  });

  it('reads its lists once: changing them later changes nothing', () => {
    const kind: ('private' | 'loopback')[] = ['private'];
    const nat64 = ['2606:4700:64::/96'];
    const schema = address({ kind, nat64 });
    kind.push('loopback');
    nat64.push('nonsense');
    expect(codes(schema, '127.0.0.1')).toEqual(['WRONG_KIND']);
  });

  it.each([
    ['an option that there is not', { globalyReachable: true }, /no option "globalyReachable", only family/],
    ['an option of every object', { toString: true }, /no option "toString"/],
    ['a kind that there is not', { kind: ['public'] }, /kind has no "public", only: unspecified, loopback/],
    ['a kind of every object', { kind: ['constructor'] }, /kind has no "constructor"/],
    ['a hole in the list', { kind: [undefined] }, /kind has no undefined/],
    ['a scope that there is not', { scope: ['host'] }, /scope has no "host", only: interface-local/],
    ['a kind without a list', { kind: 'global' }, /kind must be a list/],
    ['an empty list', { kind: [] }, /kind must be a list of one or more/],
    ['an empty list of scopes', { scope: [] }, /scope must be a list of one or more/],
    ['a family that there is not', { family: 5 }, /family must be 4 or 6/],
    ['a family as text', { family: '4' }, /family must be 4 or 6/],
    ['a truthy guard', { globallyReachable: 'yes' }, /globallyReachable must be true or false/],
    ['null for a guard', { globallyReachable: null }, /globallyReachable must be true or false/],
    ['a zone by name', { zone: 'eth0' }, /zone must be true or false/],
    ['a NAT64 prefix without a list', { nat64: '64:ff9b:1::/48' }, /nat64 must be a list/],
    ['IPv4 with a zone', { family: 4, zone: true }, /no IPv4 address has a zone/],
    ['null', null, /takes an object/],
    ['a list', [], /takes an object/],
    ['text', 'global', /takes an object/],
  ])('throws a TypeError for %s', (_, restrictions, message) => {
    expect(unchecked(restrictions)).toThrow(TypeError);
    expect(unchecked(restrictions)).toThrow(message);
  });

  it('throws an AddressParseError for a NAT64 prefix that can not be one', () => {
    expect(() => address({ nat64: ['10.0.0.0/8'] })).toThrow(AddressParseError);
    expect(() => address({ nat64: ['2001:db8::/33'] })).toThrow(expect.objectContaining({ code: 'NAT64_PREFIX' }));
  });

  it('takes undefined for an option that is left out', () => {
    const schema = address({
      family: undefined,
      globallyReachable: undefined,
      kind: undefined,
      scope: undefined,
      zone: undefined,
      nat64: undefined,
    });
    expect(schema.parse('::1')).toEqual(parseAddress('::1'));
  });
});
