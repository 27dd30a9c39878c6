import { quote } from '../checks/quote.js';

/** The numbers of the types that have a name here: those that `node:dns` asks for, and those that tests meet. */
const NUMBERS = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  DNSKEY: 48,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  ANY: 255,
  CAA: 257,
} as const;

/** The name of a type; `TYPE1234` (RFC 3597 section 5) for one that has none here. */
export type RecordTypeName = keyof typeof NUMBERS | `TYPE${number}`;

const NAMES: ReadonlyMap<number, RecordTypeName> = new Map(
  Object.entries(NUMBERS).map(([name, number]) => [number, name as keyof typeof NUMBERS]),
);

/** The number of a type by its name, whatever its case, or `null` for text that is no name of one. */
export function typeNumber(name: string): number | null {
  const upper = name.toUpperCase();
  if (Object.hasOwn(NUMBERS, upper)) return NUMBERS[upper as keyof typeof NUMBERS];
  const digits = /^TYPE(\d{1,5})$/.exec(upper)?.[1];
  const number = Number(digits);
  return digits !== undefined && number <= 0xffff ? number : null;
}

/** The name of a type as it is written here. @throws {RangeError} for what is none */
export function canonicalType(name: string): RecordTypeName {
  const number = typeof name === 'string' ? typeNumber(name) : null;
  if (number === null)
    throw new RangeError(`${quote(name)} is no record type: pass its name, or 'TYPE' and its number`);
  return typeName(number);
}

/** The name of a type by its number, 0 to 65535. */
export function typeName(number: number): RecordTypeName {
  return NAMES.get(number) ?? `TYPE${number}`;
}
