/**
 * A DNS server for tests, in the process of the test and on loopback only: answers from records or a zone file, counts
 * the questions, and fails by rule in the ways in which servers and networks fail. For Node.
 *
 * @module
 */
export type { DnsServerOptions } from './dns-server.js';
export { DnsServer } from './dns-server.js';
export type {
  AnswerFunction,
  AnswerRecord,
  DnsQuestion,
  Fault,
  FaultParts,
  FaultWord,
  Rcode,
  RuleMatch,
} from './faults.js';
export type {
  AddressRecord,
  CaaRecord,
  MxRecord,
  NaptrRecord,
  RawRecord,
  SoaRecord,
  SrvRecord,
  TargetRecord,
  TlsaRecord,
  TxtRecord,
  ZoneRecord,
} from './record.js';
export { ZoneRecordError } from './record.js';
export type { RecordTypeName } from './record-type.js';
export type { ZoneRecords } from './records.js';
export type { Rule } from './rules.js';
export type { ZoneOptions } from './zone.js';
export { parseZone, ZoneParseError } from './zone.js';
