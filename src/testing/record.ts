import type { TlsaAnswer } from 'dns-packet';
import * as dnsPacket from 'dns-packet';
import { AddressParseError, parseAddress } from '../ip/index.js';
import { nameProblem } from './name.js';
import { type RecordTypeName, typeName, typeNumber } from './record-type.js';

/** What every record has. */
interface Common {
  /** Whose record it is: without escapes; a dot at the end changes nothing. `*.example.com` is a wildcard (RFC 4592). */
  readonly name: string;
  /** Seconds, 0 to 4294967295, also those that no resolver should believe. Default 300. */
  readonly ttl?: number | undefined;
}

/** An address (RFC 1035 section 3.4.1, RFC 3596). */
export interface AddressRecord extends Common {
  readonly type: 'A' | 'AAAA';
  readonly address: string;
}

/** A name that another name stands for (RFC 1035 sections 3.3.1, 3.3.11, 3.3.12). */
export interface TargetRecord extends Common {
  readonly type: 'CNAME' | 'NS' | 'PTR';
  readonly target: string;
}

/** RFC 8659 section 4. */
export interface CaaRecord extends Common {
  readonly type: 'CAA';
  /** The flags octet: 128 is critical. */
  readonly critical: number;
  readonly tag: string;
  readonly value: string;
}

/** RFC 1035 section 3.3.9. */
export interface MxRecord extends Common {
  readonly type: 'MX';
  readonly priority: number;
  /** `null` or `.` for a null MX: the domain takes no mail (RFC 7505). */
  readonly exchange: string | null;
}

/** RFC 3403 section 4. */
export interface NaptrRecord extends Common {
  readonly type: 'NAPTR';
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly regexp: string;
  readonly replacement: string;
}

/** RFC 1035 section 3.3.13. Times in seconds. */
export interface SoaRecord extends Common {
  readonly type: 'SOA';
  readonly nsname: string;
  /** A mailbox, its `@` written as a dot; a dot before that written as `\.`. */
  readonly hostmaster: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** The TTL of a negative answer, when it is less than that of this record (RFC 2308 section 4). */
  readonly minttl: number;
}

/** RFC 2782. */
export interface SrvRecord extends Common {
  readonly type: 'SRV';
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** `null` or `.` when the service is decidedly not there. */
  readonly target: string | null;
}

/** RFC 6698 section 2. */
export interface TlsaRecord extends Common {
  readonly type: 'TLSA';
  readonly usage: number;
  readonly selector: number;
  readonly match: number;
  readonly data: Uint8Array;
}

/** RFC 1035 section 3.3.14. */
export interface TxtRecord extends Common {
  readonly type: 'TXT';
  /** The strings of the record, one or more, each of at most 255 octets; text is sent as UTF-8. */
  readonly chunks: readonly (string | Uint8Array)[];
}

/**
 * A record of any type by its octets, also one that is wrong. The name of the question stands at octet 12 of every reply,
 * so that `c0 0c` is a compressed pointer to it.
 */
export interface RawRecord extends Common {
  readonly type: RecordTypeName;
  readonly rdata: Uint8Array;
}

/** A record as a zone has it, told apart by `type`. */
export type ZoneRecord =
  | AddressRecord
  | TargetRecord
  | CaaRecord
  | MxRecord
  | NaptrRecord
  | SoaRecord
  | SrvRecord
  | TlsaRecord
  | TxtRecord
  | RawRecord;

/** Thrown for a record that cannot be put on the wire. */
export class ZoneRecordError extends Error {
  override readonly name = 'ZoneRecordError';
  /** The record, as it was given. */
  readonly input: unknown;
  /** The field that is wrong. */
  readonly field: string;
  /** What to write instead. */
  readonly hint: string;

  constructor(input: unknown, field: string, hint: string, cause?: unknown) {
    super(`bad ${field}: ${hint}`, cause === undefined ? undefined : { cause });
    this.input = input;
    this.field = field;
    this.hint = hint;
  }
}

/** A record ready for the wire. */
export interface Resource {
  /** The owner, without a dot at the end. */
  readonly name: string;
  readonly type: RecordTypeName;
  /** Seconds. */
  readonly ttl: number;
  readonly rdata: Uint8Array;
  /** Where a CNAME leads to, `null` for every other record. */
  readonly alias: string | null;
  /** The last field of an SOA, `null` for every other record. */
  readonly minttl: number | null;
  /** As it was given, so that it can be listed and removed. */
  readonly record: ZoneRecord;
}

/** Seconds. */
export const DEFAULT_TTL = 300;

/** In a message that dns-packet makes of one record of the root: header, name, type, class, TTL, length. */
const BEFORE_RDATA = 12 + 1 + 2 + 2 + 4 + 2;

/**
 * A record with its octets, everything checked: dns-packet writes what it is given, also a number that does not fit, and
 * reads addresses leniently.
 *
 * @throws {ZoneRecordError}
 */
export function toResource(record: ZoneRecord): Resource {
  const check: Check = new Check(record);
  const number = typeof record.type === 'string' ? typeNumber(record.type) : null;
  if (number === null) check.fail('type', "pass the name of a record type, or 'TYPE' and its number");
  const type = typeName(number);
  const raw = 'rdata' in record;
  const rdata = raw ? check.octets('rdata', record.rdata) : encode(check, record);
  if (rdata.length > MOST_RDATA) check.tooLong();
  return {
    name: check.name('name', record.name),
    type,
    ttl: record.ttl === undefined ? DEFAULT_TTL : check.integer('ttl', record.ttl, 32),
    rdata,
    alias: !raw && record.type === 'CNAME' ? check.name('target', record.target) : null,
    minttl: !raw && record.type === 'SOA' ? record.minttl : null,
    record,
  };
}

function encode(check: Check, record: Exclude<ZoneRecord, RawRecord>): Uint8Array {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return check.address(record.address, record.type === 'A' ? 4 : 6);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return rdataOf(check, { name: '.', type: record.type, data: check.name('target', record.target) });
    case 'CAA': {
      const tag = check.string('tag', record.tag) as 'issue'; // Its types know three tags; there are more.
      const flags = check.integer('critical', record.critical, 8);
      // It makes room for a value by its octets, whatever their number.
      if (typeof record.value !== 'string') check.fail('value', 'pass text');
      return rdataOf(check, { name: '.', type: 'CAA', data: { flags, tag, value: record.value } });
    }
    case 'MX': {
      const preference = check.integer('priority', record.priority, 16);
      const exchange = check.name('exchange', record.exchange ?? '.');
      return rdataOf(check, { name: '.', type: 'MX', data: { preference, exchange } });
    }
    case 'NAPTR': {
      const data = {
        order: check.integer('order', record.order, 16),
        preference: check.integer('preference', record.preference, 16),
        flags: check.string('flags', record.flags),
        services: check.string('service', record.service),
        regexp: check.string('regexp', record.regexp),
        replacement: check.name('replacement', record.replacement),
      };
      return rdataOf(check, { name: '.', type: 'NAPTR', data });
    }
    case 'SOA': {
      const data = {
        mname: check.name('nsname', record.nsname),
        rname: check.name('hostmaster', record.hostmaster, { escapedDots: true }),
        serial: check.integer('serial', record.serial, 32),
        refresh: check.integer('refresh', record.refresh, 32),
        retry: check.integer('retry', record.retry, 32),
        expire: check.integer('expire', record.expire, 32),
        minimum: check.integer('minttl', record.minttl, 32),
      };
      return rdataOf(check, { name: '.', type: 'SOA', data });
    }
    case 'SRV': {
      const data = {
        priority: check.integer('priority', record.priority, 16),
        weight: check.integer('weight', record.weight, 16),
        port: check.integer('port', record.port, 16),
        target: check.name('target', record.target ?? '.'),
      };
      return rdataOf(check, { name: '.', type: 'SRV', data });
    }
    case 'TLSA': {
      const data = {
        usage: check.integer('usage', record.usage, 8),
        selector: check.integer('selector', record.selector, 8),
        matchingType: check.integer('match', record.match, 8),
        certificate: Buffer.from(check.octets('data', record.data)),
      } satisfies TlsaAnswer['data'];
      return rdataOf(check, { name: '.', type: 'TLSA', data });
    }
    case 'TXT': {
      const { chunks } = record;
      if (!Array.isArray(chunks) || chunks.length === 0) check.fail('chunks', "pass one string or more, or ['']");
      const data = chunks.map((chunk) => check.chunk(chunk));
      return rdataOf(check, { name: '.', type: 'TXT', data });
    }
    default:
      return check.fail('type', `give a ${check.type} record as rdata`);
  }
}

/** RFC 1035 section 3.2.1: RDLENGTH has 16 bits. */
const MOST_RDATA = 0xffff;

/** Where so much can stand. */
const LONG_FIELDS: Readonly<Record<string, string | undefined>> = { TXT: 'chunks', CAA: 'value', TLSA: 'data' };

function rdataOf(check: Check, answer: dnsPacket.Answer): Uint8Array {
  // It would throw a bare RangeError.
  if (dnsPacket.encodingLength({ answers: [answer] }) - BEFORE_RDATA > MOST_RDATA) check.tooLong();
  return dnsPacket.encode({ answers: [answer] }).subarray(BEFORE_RDATA);
}

/** The checks of the fields of one record. */
class Check {
  readonly #record: ZoneRecord;

  constructor(record: ZoneRecord) {
    if (typeof record !== 'object' || record === null) throw new ZoneRecordError(record, 'record', 'pass an object');
    this.#record = record;
  }

  get type(): string {
    return this.#record.type;
  }

  tooLong(): never {
    this.fail(LONG_FIELDS[this.type] ?? 'rdata', `a record has ${MOST_RDATA} octets of data at the most`);
  }

  fail(field: string, hint: string, cause?: unknown): never {
    throw new ZoneRecordError(this.#record, field, hint, cause);
  }

  name(field: string, name: string, options?: { escapedDots: boolean }): string {
    if (typeof name !== 'string') this.fail(field, 'pass a name as text');
    const problem = nameProblem(name, options);
    if (problem !== null) this.fail(field, problem);
    return name === '.' ? name : name.replace(/\.$/, '');
  }

  integer(field: string, value: number, bits: 8 | 16 | 32): number {
    if (Number.isInteger(value) && value >= 0 && value < 2 ** bits) return value;
    return this.fail(field, `pass a whole number from 0 to ${2 ** bits - 1}`);
  }

  address(text: string, family: 4 | 6): Uint8Array {
    try {
      const address = parseAddress(text);
      if (address.family === family && (address.family === 4 || address.zone === null)) return address.toBytes();
    } catch (error) {
      if (error instanceof AddressParseError) this.fail('address', error.message, error);
      throw error;
    }
    return this.fail('address', `pass an IPv${family} address without a zone`);
  }

  octets(field: string, value: Uint8Array): Uint8Array {
    if (value instanceof Uint8Array && value.length <= 0xffff) return Uint8Array.from(value);
    return this.fail(field, 'pass a Uint8Array of at most 65535 octets');
  }

  /** A string that a length octet stands before. */
  string(field: string, text: string): string {
    if (typeof text !== 'string') this.fail(field, 'pass text');
    if (Buffer.byteLength(text) > 255) this.fail(field, 'at most 255 octets fit');
    return text;
  }

  chunk(chunk: string | Uint8Array): Buffer {
    const octets = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(this.octets('chunks', chunk));
    if (octets.length > 255) this.fail('chunks', 'a string has at most 255 octets, split it');
    return octets;
  }
}
