/**
 * A resolver over `node:dns/promises` that is bounded, cached, typed and safe.
 *
 * @module
 */
export type { AddressFamilies, Answer, AnswerSource, CanResolve, FamilyAnswer, ResolveOptions } from './answer.js';
export type { CacheOptions } from './cache.js';
export type { Attempt, DnsErrorCode, Question } from './error.js';
export { DnsError } from './error.js';
export type { AttemptEvent, CacheEvent, QueryEvent } from './events.js';
export type { Backend, CreateBackend } from './exchange.js';
export { createBackend } from './exchange.js';
export type { CreateLookupOptions, Lookup, LookupCallback } from './lookup.js';
export { createLookup } from './lookup.js';
export type { Policy, PolicyCheck, PolicyPrefixes } from './policy.js';
export { compilePolicy } from './policy.js';
export type {
  AddressRecord,
  CaaRecord,
  DnsRecord,
  MxRecord,
  NaptrRecord,
  RecordOf,
  RecordType,
  SoaRecord,
  SrvRecord,
  TargetRecord,
  TlsaRecord,
  TxtRecord,
} from './records.js';
export { RECORD_TYPES } from './records.js';
export type { ResolverOptions, ResolverStats, VerifiedName } from './resolver.js';
export { Resolver, resolve } from './resolver.js';
export type { SharedStore } from './store.js';
