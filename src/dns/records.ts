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
  readonly critical: number;
  /** 'issue', 'issuewild', 'iodef', 'contactemail', 'contactphone'. */
  readonly tag: string;
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
  const list = type === 'SOA' ? [raw] : raw;
  if (!Array.isArray(list)) throw new BadRecordError(`no list of ${type} records`);
  // `filter` passes over holes: Node 22 and later give TLSA behind a CNAME as a sparse array.
  return list.filter((one) => one !== undefined && one !== null).map((one) => Object.freeze(READERS[type](one)));
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
    const { critical, type: _, tag, value, ttl: __, ...rest } = object('CAA', raw);
    // Node names the tag by the key: {critical: 0, issue: 'ca.example'}
    const [[key, content] = [tag, value]] = tag === undefined ? Object.entries(rest) : [];
    return { type: 'CAA', critical: integer(critical, 0xff), tag: text(key), value: text(content), ttl: null };
  },
  CNAME: (raw) => ({ type: 'CNAME', target: target(raw), ttl: null }),
  NS: (raw) => ({ type: 'NS', target: target(raw), ttl: null }),
  PTR: (raw) => ({ type: 'PTR', target: target(raw), ttl: null }),
  MX: (raw) => {
    const { exchange, priority } = object('MX', raw);
    return { type: 'MX', exchange: emptyToNull(exchange), priority: integer(priority, 0xffff), ttl: null };
  },
  NAPTR: (raw) => {
    const { flags, service, regexp, replacement, order, preference } = object('NAPTR', raw);
    return {
      type: 'NAPTR',
      flags: text(flags),
      service: text(service),
      regexp: text(regexp),
      replacement: text(replacement),
      order: integer(order, 0xffff),
      preference: integer(preference, 0xffff),
      ttl: null,
    };
  },
  SOA: (raw) => {
    const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = object('SOA', raw);
    const word = (value: unknown) => integer(value, 0xffff_ffff);
    return {
      type: 'SOA',
      nsname: text(nsname),
      hostmaster: text(hostmaster),
      serial: word(serial),
      refresh: word(refresh),
      retry: word(retry),
      expire: word(expire),
      minttl: word(minttl),
      ttl: null,
    };
  },
  SRV: (raw) => {
    const { name, target: named, port, priority, weight } = object('SRV', raw);
    return {
      type: 'SRV',
      target: emptyToNull(named === undefined ? name : named),
      port: integer(port, 0xffff),
      priority: integer(priority, 0xffff),
      weight: integer(weight, 0xffff),
      ttl: null,
    };
  },
  TLSA: (raw) => {
    const { certUsage, usage = certUsage, selector, match, data } = object('TLSA', raw);
    return {
      type: 'TLSA',
      usage: integer(usage, 0xff),
      selector: integer(selector, 0xff),
      match: integer(match, 0xff),
      data: bytes(data),
      ttl: null,
    };
  },
  TXT: (raw) => {
    const strings = Array.isArray(raw) ? raw : object('TXT', raw).chunks;
    if (!Array.isArray(strings)) throw new BadRecordError('no list of strings in TXT');
    // `map` passes over holes.
    const chunks = Array.from(strings, bytes);
    return { type: 'TXT', chunks, text: Buffer.concat(chunks).toString('utf8'), ttl: null };
  },
};

function addressRecord(type: 'A' | 'AAAA', family: 4 | 6, raw: unknown): AddressRecord {
  const { address, ttl = null } = typeof raw === 'string' ? { address: raw } : object(type, raw);
  const parsed = typeof address === 'string' ? safeParseAddress(address) : null;
  const value = parsed?.success ? parsed.data : null;
  // A zone names an interface of one machine: there is none in the DNS.
  if (value?.family !== family || (value.family === 6 && value.zone !== null)) {
    throw new BadRecordError(`no IPv${family} address in ${type}`);
  }
  const text = value.toString();
  if (ttl === null) return { type, address: text, ttl: null };
  return { type, address: text, ttl: Math.min(integer(ttl, 0xffff_ffff), LONGEST_TTL) };
}

function object(type: RecordType, raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null) throw new BadRecordError(`no ${type} record`);
  return raw as Record<string, unknown>;
}

function target(raw: unknown): string {
  return text(typeof raw === 'object' && raw !== null && 'target' in raw ? raw.target : raw);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new BadRecordError('no text in a record');
  return value;
}

function emptyToNull(value: unknown): string | null {
  if (value === null) return null;
  const name = text(value);
  return name === '' || name === '.' ? null : name;
}

function integer(value: unknown, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most) {
    throw new BadRecordError('no number in its range in a record');
  }
  return value;
}

/** Bytes of text that Node has read as latin1, of an array of a store, or of bytes. */
function bytes(value: unknown): Uint8Array {
  if (typeof value === 'string') return Uint8Array.from(Buffer.from(value, 'latin1'));
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return Uint8Array.from(value, (byte) => integer(byte, 0xff));
  throw new BadRecordError('no bytes in a record');
}
