import { describe, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { Answer, DnsRecord, RecordOf, RecordType } from '../../src/dns/index.js';
import type { answerSchema, dnsRecordSchema, dnsRecordSchemas } from '../../src/schema/index.js';

type Schemas = typeof dnsRecordSchemas;

/** Of each type whether records and what its schema gives can stand for each other; some share an interface. */
type Agreement = {
  [T in RecordType]: [RecordOf<T>, z.output<Schemas[T]>] extends [z.output<Schemas[RecordOf<T>['type']]>, RecordOf<T>]
    ? true
    : false;
};

describe('types of the record schemas', () => {
  it('are those of the records, both ways', () => {
    expectTypeOf<z.output<typeof dnsRecordSchema>>().toExtend<DnsRecord>();
    expectTypeOf<DnsRecord>().toExtend<z.output<typeof dnsRecordSchema>>();
    expectTypeOf<z.input<typeof dnsRecordSchema>>().toExtend<DnsRecord>();
    expectTypeOf<DnsRecord>().toExtend<z.input<typeof dnsRecordSchema>>();
  });

  it('agree for each type', () => {
    expectTypeOf<keyof Schemas>().toEqualTypeOf<RecordType>();
    expectTypeOf<Agreement>().toEqualTypeOf<Record<RecordType, true>>();
  });

  it('have bytes as Uint8Array', () => {
    expectTypeOf<z.output<Schemas['TLSA']>['data']>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<z.output<Schemas['TXT']>['chunks']>().toEqualTypeOf<readonly Uint8Array[]>();
  });
});

describe('types of the answer schema', () => {
  it('are those of an answer, both ways', () => {
    expectTypeOf<z.output<typeof answerSchema>>().toExtend<Answer>();
    expectTypeOf<Answer>().toExtend<z.output<typeof answerSchema>>();
    expectTypeOf<Answer>().toExtend<z.input<typeof answerSchema>>();
  });
});
