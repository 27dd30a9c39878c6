import { quote } from '../checks/quote.js';
import { safeParseAddress } from '../ip/index.js';

/** The record types that can be asked for. */
export const RECORD_TYPES = /* @__PURE__ */ Object.freeze([
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TLSA',
  'TXT',
] as const);

/** The types that may be asked for. */
export type RecordType = (typeof RECORD_TYPES)[number];

/** An address record (RFC 1035 section 3.4.1, RFC 3596). */
export interface AddressRecord {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
  /** Seconds. */
  readonly ttl: number | null;
}

/** Fields of every record but an address: Node gives no TTL for these. */
interface WithoutTtl {
  /** Always null: Node gives a TTL for A and AAAA only. */
  readonly ttl: null;
}

/** RFC 8659. */
export interface CaaRecord extends WithoutTtl {
  readonly type: 'CAA';
  /** The flags, 128 for critical. Node hides those of a tag 'critical': they are taken for 128, as nobody may ignore such a record. */
  readonly critical: number;
  /** 'issue', 'issuewild', 'iodef', 'contactemail', 'contactphone', or any other. */
  readonly tag: string;
  /** Node 24 and later hide that of a tag 'type': it is 'CAA' then. */
  readonly value: string;
}

/** A name that another name stands for (RFC 1035 sections 3.3.1, 3.3.11, 3.3.12). */
export interface TargetRecord extends WithoutTtl {
  readonly type: 'CNAME' | 'NS' | 'PTR';
  readonly target: string;
}

/** RFC 1035 section 3.3.9. */
export interface MxRecord extends WithoutTtl {
  readonly type: 'MX';
  /** Null for a null MX: the domain takes no mail (RFC 7505). */
  readonly exchange: string | null;
  readonly priority: number;
}

/** RFC 3403 section 4. */
export interface NaptrRecord extends WithoutTtl {
  readonly type: 'NAPTR';
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
  readonly order: number;
  readonly preference: number;
}

/** RFC 1035 section 3.3.13. Times in seconds. */
export interface SoaRecord extends WithoutTtl {
  readonly type: 'SOA';
  readonly nsname: string;
  readonly hostmaster: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minttl: number;
}

/** RFC 2782. */
export interface SrvRecord extends WithoutTtl {
  readonly type: 'SRV';
  /** Null for a target of '.': the service is decidedly not there. */
  readonly target: string | null;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** RFC 6698 section 2. */
export interface TlsaRecord extends WithoutTtl {
  readonly type: 'TLSA';
  readonly usage: number;
  readonly selector: number;
  readonly match: number;
  readonly data: Uint8Array;
}

/** RFC 1035 section 3.3.14. */
export interface TxtRecord extends WithoutTtl {
  readonly type: 'TXT';
  /** The strings of the record, as bytes. */
  readonly chunks: readonly Uint8Array[];
  /** All strings together, read as UTF-8; what is none is U+FFFD. */
  readonly text: string;
}

/** A record of any of the types, told apart by `type`. */
export type DnsRecord =
  | AddressRecord
  | CaaRecord
  | TargetRecord
  | MxRecord
  | NaptrRecord
  | SoaRecord
  | SrvRecord
  | TlsaRecord
  | TxtRecord;

/** The records of a type. */
export type RecordOf<T extends RecordType> = RecordWith<DnsRecord, T>;

/** Of a union the members whose `type` may be T: a record of addresses has two types. */
type RecordWith<R, T> = R extends { readonly type: infer U } ? (T extends U ? R : never) : never;

/** TTLs are capped at a week; one of 2^31 and above is a mistake or an attack and capped, too (RFC 8767 section 4). */
export const LONGEST_TTL = 604_800;

/** Thrown by `normalise` for what is no answer; becomes BAD_RESPONSE. */
export class BadRecordError extends Error {
  override readonly name = 'BadRecordError';
}

/**
 * What `dns.promises` returned, or a shared store did, in one shape on every version of Node: `type` always there, holes of a
 * sparse array left out, TTLs clamped, null MX and SRV named, addresses in canonical text. Records are frozen: callers share them.
 *
 * @throws {BadRecordError} when it is not what the type asks for: nothing unchecked goes further
 */
export function normalise(type: RecordType, raw: unknown): DnsRecord[] {
  if (type === 'SOA') return [Object.freeze(READERS.SOA(raw))];
  if (!Array.isArray(raw)) throw new BadRecordError(`${quote(raw)} is no list of ${type} records`);
  // `filter` passes over holes: Node 22 and later give TLSA behind a CNAME as a sparse array.
  return raw.filter((one) => one !== undefined && one !== null).map((one) => Object.freeze(READERS[type](one)));
}

/** The least TTL of records, in seconds; null when none has one. */
export function leastTtl(records: readonly DnsRecord[]): number | null {
  let least: number | null = null;
  for (const { ttl } of records) if (ttl !== null && (least === null || ttl < least)) least = ttl;
  return least;
}

/** Records for one caller: the list is his own, and so are bytes, which cannot be frozen; what is frozen he shares. */
export function ownRecords(records: readonly DnsRecord[]): DnsRecord[] {
  const [first] = records;
  // They are all of one type, or addresses.
  if (first?.type !== 'TXT' && first?.type !== 'TLSA') return records.slice();
  return records.map((record) => {
    if ('chunks' in record) return { ...record, chunks: record.chunks.map((chunk) => chunk.slice()) };
    return 'data' in record ? { ...record, data: record.data.slice() } : record;
  });
}

type Reader = (raw: unknown) => DnsRecord;

const READERS: Readonly<Record<RecordType, Reader>> = {
  A: (raw) => addressRecord('A', 4, raw),
  AAAA: (raw) => addressRecord('AAAA', 6, raw),
  CAA: (raw) => {
    const { critical, ...rest } = object('CAA', raw);
    const [tag, content] = caaProperty(critical, rest);
    const flags = tag === 'critical' && typeof critical === 'string' ? 128 : critical;
    return {
      type: 'CAA',
      critical: integer('critical of CAA', flags, 0xff),
      tag,
      value: text('value of CAA', content),
      ttl: null,
    };
  },
  CNAME: (raw) => ({ type: 'CNAME', target: target('target of CNAME', raw), ttl: null }),
  NS: (raw) => ({ type: 'NS', target: target('target of NS', raw), ttl: null }),
  PTR: (raw) => ({ type: 'PTR', target: target('target of PTR', raw), ttl: null }),
  MX: (raw) => {
    const { exchange, priority } = object('MX', raw);
    return {
      type: 'MX',
      exchange: emptyToNull('exchange of MX', exchange),
      priority: integer('priority of MX', priority, 0xffff),
      ttl: null,
    };
  },
  NAPTR: (raw) => {
    const { flags, service, regexp, replacement, order, preference } = object('NAPTR', raw);
    return {
      type: 'NAPTR',
      flags: text('flags of NAPTR', flags),
      service: text('service of NAPTR', service),
      regexp: text('regexp of NAPTR', regexp),
      replacement: text('replacement of NAPTR', replacement),
      order: integer('order of NAPTR', order, 0xffff),
      preference: integer('preference of NAPTR', preference, 0xffff),
      ttl: null,
    };
  },
  SOA: (raw) => {
    const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = object('SOA', raw);
    return {
      type: 'SOA',
      nsname: text('nsname of SOA', nsname),
      hostmaster: text('hostmaster of SOA', hostmaster),
      serial: integer('serial of SOA', serial, 0xffff_ffff),
      refresh: integer('refresh of SOA', refresh, 0xffff_ffff),
      retry: integer('retry of SOA', retry, 0xffff_ffff),
      expire: integer('expire of SOA', expire, 0xffff_ffff),
      minttl: integer('minttl of SOA', minttl, 0xffff_ffff),
      ttl: null,
    };
  },
  SRV: (raw) => {
    const { name, target: named, port, priority, weight } = object('SRV', raw);
    return {
      type: 'SRV',
      target: emptyToNull('target of SRV', named === undefined ? name : named),
      port: integer('port of SRV', port, 0xffff),
      priority: integer('priority of SRV', priority, 0xffff),
      weight: integer('weight of SRV', weight, 0xffff),
      ttl: null,
    };
  },
  TLSA: (raw) => {
    const { certUsage, usage = certUsage, selector, match, data } = object('TLSA', raw);
    return {
      type: 'TLSA',
      usage: integer('usage of TLSA', usage, 0xff),
      selector: integer('selector of TLSA', selector, 0xff),
      match: integer('match of TLSA', match, 0xff),
      data: bytes('data of TLSA', data),
      ttl: null,
    };
  },
  TXT: (raw) => {
    const strings = Array.isArray(raw) ? raw : object('TXT', raw).chunks;
    if (!Array.isArray(strings)) throw new BadRecordError(`chunks of TXT is ${quote(strings)}, no list of strings`);
    // `map` passes over holes.
    const chunks = Array.from(strings, (chunk) => bytes('a string of TXT', chunk));
    return { type: 'TXT', chunks, text: Buffer.concat(chunks).toString('utf8'), ttl: null };
  },
};

/**
 * The tag of a CAA record and its value. Ours has `tag` and `value`, for a shared store gives it back. Node names the tag by the key,
 * {critical: 0, issue: 'ca.example'}, whatever the tag is: `value`, `ttl`, and `critical`, which takes the place of the flags.
 */
function caaProperty(critical: unknown, rest: Readonly<Record<string, unknown>>): [tag: string, content: unknown] {
  if (typeof rest.tag === 'string' && typeof rest.value === 'string') return [rest.tag, rest.value];
  // From Node 24 on the type is there, too.
  const all = Object.entries(rest).filter(([key, content]) => key !== 'ttl' || typeof content === 'string');
  const others = all.filter(([key, content]) => key !== 'type' || content !== 'CAA');
  if (others.length === 0 && typeof critical === 'string') return ['critical', critical];
  const [property] = others.length === 0 ? all : others;
  if (property === undefined || others.length > 1) {
    throw new BadRecordError(`a CAA record with ${others.length} properties, not one`);
  }
  return property;
}

function addressRecord(type: 'A' | 'AAAA', family: 4 | 6, raw: unknown): AddressRecord {
  const { address, ttl = null } = typeof raw === 'string' ? { address: raw } : object(type, raw);
  const parsed = typeof address === 'string' ? safeParseAddress(address) : null;
  const value = parsed?.success ? parsed.data : null;
  // A zone names an interface of one machine: there is none in the DNS.
  if (value?.family !== family || (value.family === 6 && value.zone !== null)) {
    throw new BadRecordError(`address of ${type} is ${quote(address)}, no IPv${family} address`);
  }
  const text = value.toString();
  if (ttl === null) return { type, address: text, ttl: null };
  const seconds = integer(type === 'A' ? 'ttl of A' : 'ttl of AAAA', ttl, 0xffff_ffff);
  return { type, address: text, ttl: Math.min(seconds, LONGEST_TTL) };
}

function object(type: RecordType, raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null) throw new BadRecordError(`${quote(raw)} is no ${type} record`);
  return raw as Record<string, unknown>;
}

function target(field: string, raw: unknown): string {
  return text(field, typeof raw === 'object' && raw !== null && 'target' in raw ? raw.target : raw);
}

function text(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new BadRecordError(`${field} is ${quote(value)}, no text`);
  return value;
}

function emptyToNull(field: string, value: unknown): string | null {
  if (value === null) return null;
  const name = text(field, value);
  return name === '' || name === '.' ? null : name;
}

function integer(field: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw new BadRecordError(`${field} is ${quote(value)}, no integer from 0 to ${most}`);
  }
  return value;
}

/** Bytes of text that Node has read as latin1, of an array of a store, or of bytes. */
function bytes(field: string, value: unknown): Uint8Array {
  if (typeof value === 'string') return Uint8Array.from(Buffer.from(value, 'latin1'));
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return Uint8Array.from(value, (byte) => integer(`an octet of ${field}`, byte, 0xff));
  throw new BadRecordError(`${field} is ${quote(value)}, no bytes`);
}
