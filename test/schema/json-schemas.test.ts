import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  addressSchema,
  answerSchema,
  bindConfigSchema,
  cliOutputSchemas,
  dnsRecordSchema,
  endpointSchema,
  ipv4Schema,
  ipv6Schema,
  prefixSchema,
  rangeSchema,
  socketAddressSchema,
} from '../../src/schema/index.js';

// What programs in other languages, editors and models see of the schemas. A change of fixtures/json-schemas is read like a change of code:
// what the command line prints is a promise.

const SCHEMAS = {
  address: addressSchema,
  ipv4: ipv4Schema,
  ipv6: ipv6Schema,
  prefix: prefixSchema,
  range: rangeSchema,
  endpoint: endpointSchema,
  'socket-address': socketAddressSchema,
  'bind-config': bindConfigSchema,
  'dns-record': dnsRecordSchema,
  answer: answerSchema,
};

it.each(Object.entries(SCHEMAS))('of %s', async (name, schema) => {
  await expect(json(schema)).toMatchFileSnapshot(fixture(name));
});

it('of what the command line prints', async () => {
  const lines = Object.entries(cliOutputSchemas).map(([command, schema]) => `${command}: ${json(schema)}`);
  await expect(lines.join('')).toMatchFileSnapshot(fixture('command-line'));
});

function json(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), null, 1)}\n`;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/json-schemas/${name}.txt`, import.meta.url));
}
