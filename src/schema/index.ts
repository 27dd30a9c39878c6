/**
 * zod schemas for what this package reads: codecs, text in, value out, and back with `z.encode`. The only part of the
 * package that loads zod.
 *
 * @module
 */
export type { AddressCodec } from './address.js';
export { address, addressSchema, ipv4Schema, ipv6Schema } from './address.js';
export type { BindConfig, BindConfigSchema } from './bind-config.js';
export { bindConfigSchema } from './bind-config.js';
export type { CliOutput } from './cli-output.js';
export { cliOutputSchemas } from './cli-output.js';
export { answerSchema, dnsRecordSchema, dnsRecordSchemas } from './dns-records.js';
export type { EndpointCodec, EndpointIssueCode, EndpointIssueParams } from './endpoint.js';
export { endpoint, endpointSchema } from './endpoint.js';
export type {
  PrefixCodec,
  PrefixIssueCode,
  PrefixIssueParams,
  PrefixRestrictions,
  RangeCodec,
} from './prefix.js';
export { prefix, prefixSchema, rangeSchema } from './prefix.js';
export type { AddressIssueCode, AddressIssueParams, AddressRestrictions } from './restrictions.js';
export { socketAddressSchema } from './socket-address.js';
