import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseAddress } from '../../src/ip/index.js';
import { endpoint, endpointSchema } from '../../src/schema/index.js';
import { parseEndpoint } from '../../src/socket/index.js';
import { forbidden } from '../support/not-text.js';

describe('endpointSchema', () => {
  it.each(['127.0.0.1:80', '[::1]:443/udp', '[fe80::1%eth0]:80', 'localhost:80', 'unix:/run/a', 'unix:@a'])(
    'reads and writes %s',
    (text) => {
      const value = endpointSchema.parse(text);
      expect(value).toEqual(parseEndpoint(text));
      expect(z.encode(endpointSchema, value)).toBe(text);
    },
  );

  it.each([
    ['2001:db8::1:80', 'AMBIGUOUS'],
    [':80', expect.any(String)],
    ['', 'EMPTY'],
    ['127.0.0.1:080', 'PORT_LEADING_ZERO'],
  ])('refuses %j: %s', (text, code) => {
    const issues = endpointSchema.safeParse(text).error?.issues;
    expect(issues).toEqual([
      expect.objectContaining({
        code: 'custom',
        path: [],
        params: { code, hint: expect.any(String), offset: expect.any(Number) },
      }),
    ]);
  });

  it.each([null, 80, {}, ['127.0.0.1:80']])('does not coerce %o', (input) => {
    expect(endpointSchema.safeParse(input).error?.issues).toMatchObject([{ code: 'invalid_type' }]);
  });

  it.each<[string, unknown, string]>([
    ['text', '127.0.0.1:80', 'NOT_ENDPOINT'],
    ['null', null, 'NOT_ENDPOINT'],
    ['an address', parseAddress('::1'), 'NOT_ENDPOINT'],
    ['a kind that there is not', { kind: 'tcp', port: 80 }, 'NOT_ENDPOINT'],
    ['what the dialect has no words for', { ...parseEndpoint('127.0.0.1:80'), optional: true }, 'OPTIONAL'],
  ])('does not encode %s', (_, value, code) => {
    expect(z.safeEncode(endpointSchema, forbidden(value)).error?.issues).toMatchObject([
      { code: 'custom', params: { code, hint: expect.any(String) } },
    ]);
  });

  it('has a JSON Schema', () => {
    expect(z.toJSONSchema(endpointSchema, { io: 'input' })).toMatchObject({
      type: 'string',
      description: 'endpoint, e.g. 127.0.0.1:8080 or [::1]:8080',
    });
  });
});

describe('endpoint', () => {
  it('takes a default port', () => {
    const schema = endpoint({ defaultPort: 80 });
    expect(schema.parse('[::1]')).toMatchObject({ kind: 'address', port: 80 });
    expect(endpointSchema.safeParse('[::1]').success).toBe(false);
  });

  it.each([{ dialcet: 'nginx' }, { dialect: 'apache' }, { defaultPort: '80' }, { defaultPort: 65536 }, null])(
    'refuses the options %j at once',
    (options) => {
      expect(() => endpoint(forbidden(options))).toThrow(TypeError);
    },
  );
});
