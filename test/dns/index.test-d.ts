import { Resolver as NodeResolver } from 'node:dns/promises';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type AddressRecord,
  type Answer,
  type AttemptEvent,
  type Backend,
  type CaaRecord,
  type CreateBackend,
  createBackend,
  type createLookup,
  type DnsError,
  type DnsErrorCode,
  type DnsRecord,
  type Lookup,
  type MxRecord,
  type NaptrRecord,
  type Policy,
  type RecordOf,
  type RecordType,
  Resolver,
  resolve,
  type SoaRecord,
  type SrvRecord,
  type TargetRecord,
  type TlsaRecord,
  type TxtRecord,
  type VerifiedName,
} from '../../src/dns/index.js';

describe('resolve', () => {
  it('has records by the type that is asked for', () => {
    expectTypeOf(resolve('a')).resolves.toEqualTypeOf<Answer<AddressRecord>>();
    expectTypeOf(resolve('a', undefined, { timeoutMs: 1 })).resolves.toEqualTypeOf<Answer<AddressRecord>>();
    expectTypeOf(resolve('a', 'A')).resolves.toEqualTypeOf<Answer<AddressRecord>>();
    expectTypeOf(resolve('a', 'AAAA')).resolves.toEqualTypeOf<Answer<AddressRecord>>();
    expectTypeOf(resolve('a', 'CAA')).resolves.toEqualTypeOf<Answer<CaaRecord>>();
    expectTypeOf(resolve('a', 'CNAME')).resolves.toEqualTypeOf<Answer<TargetRecord>>();
    expectTypeOf(resolve('a', 'MX')).resolves.toEqualTypeOf<Answer<MxRecord>>();
    expectTypeOf(resolve('a', 'NAPTR')).resolves.toEqualTypeOf<Answer<NaptrRecord>>();
    expectTypeOf(resolve('a', 'NS')).resolves.toEqualTypeOf<Answer<TargetRecord>>();
    expectTypeOf(resolve('a', 'PTR')).resolves.toEqualTypeOf<Answer<TargetRecord>>();
    expectTypeOf(resolve('a', 'SOA')).resolves.toEqualTypeOf<Answer<SoaRecord>>();
    expectTypeOf(resolve('a', 'SRV')).resolves.toEqualTypeOf<Answer<SrvRecord>>();
    expectTypeOf(resolve('a', 'TLSA')).resolves.toEqualTypeOf<Answer<TlsaRecord>>();
    expectTypeOf(resolve('a', 'TXT')).resolves.toEqualTypeOf<Answer<TxtRecord>>();
    expectTypeOf(resolve('a', 'MX' as RecordType)).resolves.toEqualTypeOf<Answer<DnsRecord>>();
    // @ts-expect-error there is no ANY
    void resolve('a', 'ANY');
    // @ts-expect-error types are upper case
    void resolve('a', 'mx');
  });

  it('is the same on a resolver', () => {
    const resolver = new Resolver();
    expectTypeOf(resolver.resolve('a')).resolves.toEqualTypeOf<Answer<AddressRecord>>();
    expectTypeOf(resolver.resolve('a', 'SRV')).resolves.toEqualTypeOf<Answer<SrvRecord>>();
    expectTypeOf(resolver.reverse('::1')).resolves.toEqualTypeOf<Answer<TargetRecord>>();
    expectTypeOf(resolver.verifyReverse('::1')).resolves.toEqualTypeOf<VerifiedName[]>();
    expectTypeOf(resolver.lookup).toEqualTypeOf<Lookup>();
  });
});

describe('records', () => {
  it('are told apart by their type', () => {
    expectTypeOf<RecordOf<'MX' | 'TXT'>>().toEqualTypeOf<MxRecord | TxtRecord>();
    const record = {} as DnsRecord;
    if (record.type === 'SRV') expectTypeOf(record).toEqualTypeOf<SrvRecord>();
    if (record.type === 'A') expectTypeOf(record.address).toEqualTypeOf<string>();
    expectTypeOf<MxRecord['exchange']>().toEqualTypeOf<string | null>();
    expectTypeOf<AddressRecord['ttl']>().toEqualTypeOf<number | null>();
    expectTypeOf<TxtRecord['ttl']>().toEqualTypeOf<null>();
  });

  it('cannot be changed', () => {
    const answer = {} as Answer<AddressRecord>;
    // @ts-expect-error read-only
    answer.records = [];
    // @ts-expect-error read-only
    answer.records.push({ type: 'A', address: '192.0.2.1', ttl: null });
  });
});

describe('seams', () => {
  it("takes Node's resolver as a backend, and ours", () => {
    expectTypeOf<NodeResolver>().toExtend<Backend>();
    expectTypeOf(createBackend).toExtend<CreateBackend>();
    void new Resolver({ createBackend: () => new NodeResolver() });
  });

  it('takes options that are undefined', () => {
    void new Resolver({ servers: undefined, cache: { staleTtl: undefined }, policy: undefined, clock: undefined });
    expectTypeOf<Policy>().toExtend<Parameters<typeof createLookup>[0]['policy']>();
    // @ts-expect-error a policy is asked now, not later
    void new Resolver({ policy: async () => true });
    // @ts-expect-error no such word
    void new Resolver({ policy: 'public' });
  });

  it('errors and events have codes', () => {
    expectTypeOf<DnsError['code']>().toEqualTypeOf<DnsErrorCode>();
    expectTypeOf<DnsError['name']>().toEqualTypeOf<'DnsError'>();
    expectTypeOf<AttemptEvent['outcome']>().toEqualTypeOf<'ANSWER' | DnsErrorCode>();
  });
});
