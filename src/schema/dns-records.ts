import * as z from 'zod';
import type { Answer, RecordType } from '../dns/index.js';
import { isAddress } from '../ip/index.js';

/** TTLs beyond a week are none that `resolve` gives (RFC 8767 section 4). */
const LONGEST_TTL = 604_800;

/**
 * A schema for the records of each type, by its name: `dnsRecordSchemas.MX`. They take what `resolve` gives, as plain data:
 * bytes are a `Uint8Array`, text is not trimmed, nothing is coerced, and keys that a record does not have are left out.
 *
 * `z.toJSONSchema` throws for TXT and TLSA, and for what has them inside: JSON has no bytes. `{unrepresentable: 'any'}` leaves
 * them open.
 */
export const dnsRecordSchemas = /* @__PURE__ */ Object.freeze(recordSchemas());

/** A record of any type, told apart by `type`. */
export const dnsRecordSchema = /* @__PURE__ */ recordSchema();

/** What `resolve` gives, for any type. */
export const answerSchema = /* @__PURE__ */ schemaOfAnswer();

function recordSchemas() {
  const target = { target: z.string(), ttl: z.null() };
  return {
    A: z.object({ type: z.literal('A'), address: addressText(4), ttl: ttlSchema() }),
    AAAA: z.object({ type: z.literal('AAAA'), address: addressText(6), ttl: ttlSchema() }),
    CAA: z.object({
      type: z.literal('CAA'),
      critical: integer(8),
      tag: z.string(),
      value: z.string(),
      ttl: z.null(),
    }),
    CNAME: z.object({ type: z.literal('CNAME'), ...target }),
    MX: z.object({ type: z.literal('MX'), exchange: nameOrNull(), priority: integer(16), ttl: z.null() }),
    NAPTR: z.object({
      type: z.literal('NAPTR'),
      flags: z.string(),
      service: z.string(),
      regexp: z.string(),
      replacement: z.string(),
      order: integer(16),
      preference: integer(16),
      ttl: z.null(),
    }),
    NS: z.object({ type: z.literal('NS'), ...target }),
    PTR: z.object({ type: z.literal('PTR'), ...target }),
    SOA: z.object({
      type: z.literal('SOA'),
      nsname: z.string(),
      hostmaster: z.string(),
      serial: integer(32),
      refresh: integer(32),
      retry: integer(32),
      expire: integer(32),
      minttl: integer(32),
      ttl: z.null(),
    }),
    SRV: z.object({
      type: z.literal('SRV'),
      target: nameOrNull(),
      port: integer(16),
      priority: integer(16),
      weight: integer(16),
      ttl: z.null(),
    }),
    TLSA: z.object({
      type: z.literal('TLSA'),
      usage: integer(8),
      selector: integer(8),
      match: integer(8),
      data: bytes(),
      ttl: z.null(),
    }),
    TXT: z.object({ type: z.literal('TXT'), chunks: z.array(bytes()).readonly(), text: z.string(), ttl: z.null() }),
  } satisfies Record<RecordType, z.ZodType>;
}

function recordSchema() {
  const { A, AAAA, CAA, CNAME, MX, NAPTR, NS, PTR, SOA, SRV, TLSA, TXT } = dnsRecordSchemas;
  return z.discriminatedUnion('type', [A, AAAA, CAA, CNAME, MX, NAPTR, NS, PTR, SOA, SRV, TLSA, TXT]);
}

function schemaOfAnswer() {
  const source = z.enum(['network', 'cache', 'hosts', 'literal', 'special-use']);
  const family = z.object({
    records: z.int().min(0),
    ttl: ttlSchema(),
    source: source.nullable(),
    stale: z.boolean(),
    error: z
      .enum([
        'BAD_NAME',
        'NXDOMAIN',
        'NODATA',
        'SERVFAIL',
        'REFUSED',
        'FORMERR',
        'NOTIMP',
        'BAD_RESPONSE',
        'TIMEOUT',
        'ABORTED',
        'BLOCKED',
        'UNREACHABLE',
      ])
      .nullable(),
  });
  return z.object({
    name: z.string(),
    type: z.enum(['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SRV', 'TLSA', 'TXT']).nullable(),
    records: z.array(dnsRecordSchema).readonly(),
    ttl: ttlSchema(),
    source,
    stale: z.boolean(),
    partial: z.boolean(),
    families: z.object({ A: family, AAAA: family }).nullable(),
  }) satisfies z.ZodType<Answer>;
}

function ttlSchema() {
  return z.int().min(0).max(LONGEST_TTL).nullable();
}

function integer(bits: 8 | 16 | 32) {
  return z
    .int()
    .min(0)
    .max(2 ** bits - 1);
}

/** The text of an address, as strict as `parseAddress`; text it stays. */
function addressText(family: 4 | 6) {
  return z
    .string()
    .refine((text) => isAddress(text, family), { error: `no IPv${family} address` })
    .meta({ format: `ipv${family}` });
}

/** Null where a record says that there is no such name; never empty. */
function nameOrNull() {
  return z.string().min(1).nullable();
}

function bytes() {
  return z.custom<Uint8Array>((value) => value instanceof Uint8Array, { error: 'no Uint8Array' });
}
