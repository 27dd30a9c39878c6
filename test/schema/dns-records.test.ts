import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Answer, RecordType } from '../../src/dns/index.js';
import { DnsError, RECORD_TYPES, Resolver } from '../../src/dns/index.js';
import { LONGEST_TTL, normalise } from '../../src/dns/records.js';
import { answerSchema, dnsRecordSchema, dnsRecordSchemas } from '../../src/schema/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';

const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const bytes = fc.uint8Array({ maxLength: 40 });

/** What `node:dns` gives for a type, as it does on any version. */
const RAW: Readonly<Record<RecordType, fc.Arbitrary<unknown>>> = {
  A: fc.array(fc.record({ address: ipv4.map(String), ttl: uint(32) })),
  AAAA: fc.array(fc.record({ address: ipv6.map(String), ttl: uint(32) })),
  CAA: fc.array(
    fc.oneof(
      fc.record({ critical: uint(8), issue: fc.string() }),
      fc.record({ critical: uint(8), issuewild: fc.string(), type: fc.constant('CAA') }),
    ),
  ),
  CNAME: fc.array(fc.string()),
  MX: fc.array(fc.record({ exchange: fc.string(), priority: uint(16) })),
  NAPTR: fc.array(
    fc.record({
      flags: fc.string(),
      service: fc.string(),
      regexp: fc.string(),
      replacement: fc.string(),
      order: uint(16),
      preference: uint(16),
    }),
  ),
  NS: fc.array(fc.string()),
  PTR: fc.array(fc.string()),
  SOA: fc.record({
    nsname: fc.string(),
    hostmaster: fc.string(),
    serial: uint(32),
    refresh: uint(32),
    retry: uint(32),
    expire: uint(32),
    minttl: uint(32),
  }),
  SRV: fc.array(fc.record({ name: fc.string(), port: uint(16), priority: uint(16), weight: uint(16) })),
  TLSA: fc.array(
    fc.record({ certUsage: uint(8), selector: uint(8), match: uint(8), data: bytes.map((b) => b.buffer) }),
  ),
  TXT: fc.array(fc.array(bytes.map((b) => Buffer.from(b).toString('latin1')))),
};

const records = fc
  .constantFrom(...RECORD_TYPES)
  .chain((type) => RAW[type].map((raw) => ({ type, records: normalise(type, raw) })));

describe('the schemas of records', () => {
  it('are one for each type', () => {
    expect(Object.keys(dnsRecordSchemas)).toEqual([...RECORD_TYPES]);
    for (const type of RECORD_TYPES) expect(dnsRecordSchemas[type].shape.type.value).toBe(type);
  });

  it('take every record that the resolver gives, and give it back as it is', () => {
    fc.assert(
      fc.property(records, (given) => {
        for (const record of given.records) {
          expect(dnsRecordSchema.parse(record)).toEqual(record);
          expect(dnsRecordSchemas[given.type].parse(record)).toEqual(record);
        }
      }),
    );
  });

  it('refuse a record of another type, and one that lacks a field or has nonsense in it', () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...RECORD_TYPES), fc.nat(), (given, other, which) => {
        for (const record of given.records) {
          expect(dnsRecordSchemas[other].safeParse(record).success).toBe(other === given.type);
          const keys = Object.keys(record);
          const key = keys[which % keys.length] ?? 'type';
          const { [key]: _, ...less } = record as unknown as Record<string, unknown>;
          expect(dnsRecordSchema.safeParse(less).success).toBe(false);
          for (const nonsense of [undefined, -1, 1.5, Number.NaN, 2 ** 53, [1], {}, true])
            expect(dnsRecordSchema.safeParse({ ...record, [key]: nonsense }).success).toBe(false);
        }
      }),
    );
  });

  it.each([
    ['an IPv6 address in A', { type: 'A', address: '::1', ttl: 1 }, ['address']],
    ['an IPv4 address in AAAA', { type: 'AAAA', address: '127.0.0.1', ttl: 1 }, ['address']],
    ['an address that only a lenient reader takes', { type: 'A', address: '127.1', ttl: 1 }, ['address']],
    ['a TTL beyond a week', { type: 'A', address: '192.0.2.1', ttl: LONGEST_TTL + 1 }, ['ttl']],
    ['a TTL where Node gives none', { type: 'NS', target: 'ns.test', ttl: 5 }, ['ttl']],
    ['a null MX that is empty', { type: 'MX', exchange: '', priority: 0, ttl: null }, ['exchange']],
    ['a priority of 17 bits', { type: 'MX', exchange: 'mx.test', priority: 65_536, ttl: null }, ['priority']],
    ['text for bytes', { type: 'TXT', chunks: ['abc'], text: 'abc', ttl: null }, ['chunks', 0]],
    ['an unknown type', { type: 'HINFO', ttl: null }, ['type']],
  ])('refuse %s, and say where', (_, record, path) => {
    const { success, error } = dnsRecordSchema.safeParse(record);
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it('take the longest TTL, a null MX, a null SRV and no TTL', () => {
    for (const record of [
      { type: 'A', address: '192.0.2.1', ttl: LONGEST_TTL },
      { type: 'AAAA', address: 'fe80::1%eth0', ttl: null },
      { type: 'MX', exchange: null, priority: 0, ttl: null },
      { type: 'SRV', target: null, port: 0, priority: 0, weight: 0, ttl: null },
    ]) {
      expect(dnsRecordSchema.parse(record)).toEqual(record);
    }
  });
});

describe('the schema of an answer', () => {
  it('takes what resolve() gives, for each type and for addresses', async () => {
    const server = await DnsServer.listen({
      zone: `
$ORIGIN schema.test.
@ 60 A 192.0.2.1
@ 60 AAAA 2001:db8::1
@ 60 CAA 0 issue "ca.test"
alias CNAME @
@ MX 0 .
@ NAPTR 1 2 "S" "SIP+D2U" "" _sip._udp
@ NS ns
ptr PTR @
@ SOA ns hostmaster 1 2 3 4 5
@ SRV 1 2 3 @
@ TLSA 3 1 1 00ff
@ TXT "a" "b"
`,
    });
    const resolver = new Resolver({ servers: [server.address], hosts: false });
    try {
      const answers: Answer[] = [
        await resolver.resolve('schema.test'),
        await resolver.resolve('schema.test'),
        await resolver.resolve('localhost'),
        await resolver.resolve('fe80::1%eth0'),
        await resolver.resolve('alias.schema.test', 'CNAME'),
        await resolver.resolve('ptr.schema.test', 'PTR'),
      ];
      for (const type of ['CAA', 'MX', 'NAPTR', 'NS', 'SOA', 'SRV', 'TXT'] as const)
        answers.push(await resolver.resolve('schema.test', type));
      // Not on every version of Node.
      const tlsa = await resolver.resolve('schema.test', 'TLSA').catch((error: DnsError) => error);
      if (!(tlsa instanceof DnsError)) answers.push(tlsa);
      else expect(tlsa.code).toBe('NOTIMP');
      for (const answer of answers) expect(answerSchema.parse(answer)).toEqual(answer);
    } finally {
      resolver.close();
      await server.close();
    }
  });

  it('refuses a source and an error that there are not', () => {
    const family = { records: 0, ttl: null, source: null, stale: false, error: null };
    const answer = {
      name: 'a.test',
      type: null,
      records: [],
      ttl: null,
      source: 'cache',
      stale: false,
      partial: false,
      families: { A: family, AAAA: family },
    };
    expect(answerSchema.safeParse(answer).success).toBe(true);
    expect(answerSchema.safeParse({ ...answer, source: 'oracle' }).success).toBe(false);
    expect(answerSchema.safeParse({ ...answer, families: { A: family } }).success).toBe(false);
    const bad = { ...answer, families: { A: family, AAAA: { ...family, error: 'EAI_AGAIN' } } };
    expect(answerSchema.safeParse(bad).error?.issues[0]?.path).toEqual(['families', 'AAAA', 'error']);
  });
});

describe('JSON Schema', () => {
  const WITH_BYTES: readonly RecordType[] = ['TLSA', 'TXT'];

  it.each(RECORD_TYPES.filter((type) => !WITH_BYTES.includes(type)))('is there for %s', (type) => {
    const { properties, required } = z.toJSONSchema(dnsRecordSchemas[type]);
    expect(properties?.type).toEqual({ type: 'string', const: type });
    expect(required).toEqual(Object.keys(dnsRecordSchemas[type].shape));
  });

  it('names the format of an address', () => {
    expect(z.toJSONSchema(dnsRecordSchemas.A).properties?.address).toEqual({ type: 'string', format: 'ipv4' });
    expect(z.toJSONSchema(dnsRecordSchemas.AAAA).properties?.address).toEqual({ type: 'string', format: 'ipv6' });
  });

  it.each([
    ['TLSA', dnsRecordSchemas.TLSA],
    ['TXT', dnsRecordSchemas.TXT],
    ['any record', dnsRecordSchema],
    ['an answer', answerSchema],
  ])('has no bytes, so that it throws for %s unless they are left open', (_, schema) => {
    expect(() => z.toJSONSchema(schema)).toThrow(/cannot be represented/);
    expect(() => z.toJSONSchema(schema, { unrepresentable: 'any' })).not.toThrow();
  });
});
