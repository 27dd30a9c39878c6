import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { bindConfigSchema } from '../../src/schema/index.js';
import { createBind, validateBind } from '../../src/socket/index.js';

function issuesOf(input: unknown, schema: z.ZodType = bindConfigSchema) {
  return schema.safeParse(input).error?.issues ?? [];
}

describe('bindConfigSchema', () => {
  it('takes fields and endpoint text, and gives binds', () => {
    expect(bindConfigSchema.parse({ host: '127.0.0.1', port: 8080 })).toEqual(
      createBind({ host: '127.0.0.1', port: 8080 }),
    );
    expect(bindConfigSchema.parse('[::1]:8080')).toEqual(createBind({ host: '::1', port: 8080 }));
    expect(bindConfigSchema.parse('127.0.0.1:53/udp')).toEqual(
      createBind({ host: '127.0.0.1', port: 53, type: 'SOCK_DGRAM' }),
    );
    expect(bindConfigSchema.parse('unix:/run/app.sock')).toEqual(createBind({ path: '/run/app.sock' }));
  });

  it('has an issue for each thing that is wrong, with path, code and hint', () => {
    expect(issuesOf({ host: '', port: '8080', prot: 1 })).toEqual([
      {
        code: 'custom',
        path: ['host'],
        message: expect.stringContaining('would mean every interface'),
        params: { code: 'HOST_BLANK', hint: expect.stringContaining("'0.0.0.0'") },
      },
      {
        code: 'custom',
        path: ['port'],
        message: expect.stringContaining('write 8080'),
        params: { code: 'PORT_TEXT', hint: 'write 8080, without quotes' },
      },
      {
        code: 'custom',
        path: ['prot'],
        message: 'there is no "prot"; write port',
        params: { code: 'UNKNOWN_KEY', hint: 'write port' },
      },
    ]);
  });

  it('keeps the path in other schemas, and tells text from objects', () => {
    const config = z.object({ binds: z.array(bindConfigSchema) });
    const { error } = config.safeParse({
      binds: [
        '127.0.0.1:8080',
        { host: '127.0.0.1', port: '080' },
        '2001:db8::1:80',
        { path: '/a', type: 'SOCK_DGRAM' },
        80,
      ],
    });
    expect(error?.issues.map(({ path }) => path)).toEqual([
      ['binds', 1, 'port'],
      ['binds', 2],
      ['binds', 3, 'type'],
      ['binds', 4],
    ]);
    expect(error?.issues[1]?.message).toContain('2001:db8::1:80');
    expect(error === undefined ? '' : z.prettifyError(error)).toContain('→ at binds[1].port');
  });

  it('says the same as validateBind', () => {
    fc.assert(
      fc.property(fc.oneof(jsonBind(), fc.jsonValue()), (input) => {
        const result = validateBind(input);
        const parsed = bindConfigSchema.safeParse(input);
        expect(parsed.success).toBe(result.success);
        if (result.success) expect(parsed.data).toEqual(result.data);
        else
          expect(parsed.error?.issues.map(({ message }) => message)).toEqual(
            result.issues.map(({ message }) => message),
          );
      }),
    );
  });

  it('works as Standard Schema and asynchronously', async () => {
    expect(await bindConfigSchema['~standard'].validate('127.0.0.1:80')).toEqual({
      value: createBind({ host: '127.0.0.1', port: 80 }),
    });
    await expect(bindConfigSchema.parseAsync('127.0.0.1:80')).resolves.toMatchObject({ port: 80 });
  });
});

/** Binds as JSON may have them, right and almost right. */
function jsonBind(): fc.Arbitrary<unknown> {
  const flag = fc.constantFrom<unknown>(true, false, 'true');
  return fc.oneof(
    fc.constantFrom('127.0.0.1:80', '[::1]:443', 'localhost:80', 'unix:/run/a', ':80', '80', ''),
    fc.record(
      {
        host: fc.constantFrom<unknown>('127.0.0.1', '::', 'localhost', '127.1', 'INADDR_ANY', '', '*', ' ', null, 1),
        path: fc.constantFrom<unknown>('/run/a', '', '8080'),
        port: fc.constantFrom<unknown>(80, 0, 65535, 65536, '80', 1.5, null),
        family: fc.constantFrom<unknown>('AF_INET', 'AF_INET6', 'AF_UNIX', 'IPv4'),
        type: fc.constantFrom<unknown>('SOCK_STREAM', 'SOCK_DGRAM', 'tcp'),
        ipv6Only: flag,
        backlog: fc.constantFrom<unknown>(1, 0, 511, '511'),
        reusePort: flag,
        reuseAddr: flag,
        exclusive: flag,
        allowEphemeral: flag,
        optional: flag,
        name: fc.constantFrom<unknown>('api', '', 1),
        expose: fc.constantFrom<unknown>('loopback', 'all', 'none'),
        prot: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        host: fc.constantFrom('127.0.0.1', '::1'),
        port: fc.constantFrom(0, 80),
        allowEphemeral: flag,
        reuseAddr: flag,
      },
      { requiredKeys: ['host', 'port'] },
    ),
    fc.record(
      { path: fc.constantFrom('/run/a', './b'), ipv6Only: flag, name: fc.constant('x') },
      { requiredKeys: ['path'] },
    ),
  );
}

describe('the JSON Schema', () => {
  const published: object = JSON.parse(
    readFileSync(new URL('../../dist/bind-config.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv({ strict: true, allErrors: true }).compile(published);

  it('is what the package has', () => {
    expect(published).toEqual(z.toJSONSchema(bindConfigSchema, { io: 'input', target: 'draft-07' }));
    expect(import.meta.resolve('inaddr/bind-config.schema.json')).toMatch(/\/dist\/bind-config\.schema\.json$/);
  });

  it.each([
    '127.0.0.1:8080',
    { host: '127.0.0.1', port: 8080 },
    { host: '::', port: 0, allowEphemeral: true, ipv6Only: true, name: 'api', expose: 'all' },
    { host: 'localhost', port: 53, type: 'SOCK_DGRAM', family: 'AF_INET', reuseAddr: true },
    { host: '127.0.0.1', port: 80, reuseAddr: false, backlog: 5 },
    { path: '/run/app.sock' },
    { path: '/run/app.sock', family: 'AF_UNIX', type: 'SOCK_STREAM', backlog: 5, optional: true },
  ])('takes %j, as we do', (good) => {
    expect([validate(good), validate.errors]).toEqual([true, null]);
    expect(issuesOf(good)).toEqual([]);
  });

  it.each([
    '',
    8080,
    null,
    [],
    {},
    { host: '127.0.0.1' },
    { port: 80 },
    { host: '', port: 80 },
    { host: ' ', port: 80 },
    { host: null, port: 80 },
    { host: '127.0.0.1', port: '80' },
    { host: '127.0.0.1', port: 0 },
    { host: '127.0.0.1', port: 0, allowEphemeral: false },
    { host: '127.0.0.1', port: 65536 },
    { host: '127.0.0.1', port: 1.5 },
    { host: '127.0.0.1', port: true },
    { host: '127.0.0.1', port: 80, prot: 'tcp' },
    { host: '127.0.0.1', port: 80, path: '/a' },
    { host: '127.0.0.1', port: 80, type: 'tcp' },
    { host: '127.0.0.1', port: 80, family: 4 },
    { host: '127.0.0.1', port: 80, expose: 'none' },
    { host: '127.0.0.1', port: 80, backlog: 0 },
    { host: '127.0.0.1', port: 80, ipv6Only: 'false' },
    { host: '127.0.0.1', port: 80, reuseAddr: true },
    { host: '127.0.0.1', port: 80, type: 'SOCK_STREAM', reuseAddr: true },
    { host: '127.0.0.1', port: 80, type: 'SOCK_DGRAM', backlog: 5 },
    { path: '' },
    { path: '/a', port: 80 },
    { path: '/a', type: 'SOCK_DGRAM' },
    { path: '/a', reusePort: true },
  ])('refuses %j, as we do', (bad) => {
    expect(validate(bad)).toBe(false);
    expect(issuesOf(bad)).not.toEqual([]);
  });

  it('refuses nothing that we take', () => {
    let taken = 0;
    fc.assert(
      fc.property(jsonBind(), (input) => {
        if (!validateBind(input).success) return;
        taken += 1;
        expect([validate(input), validate.errors]).toEqual([true, null]);
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('says to editors what each key is, and which there are', () => {
    const objects = z
      .object({ anyOf: z.array(z.looseObject({ type: z.string() })) })
      .parse(published)
      .anyOf.filter(({ type }) => type === 'object');
    expect(objects).toHaveLength(2);
    for (const one of objects) {
      const { properties } = z
        .object({
          additionalProperties: z.literal(false),
          properties: z.record(z.string(), z.looseObject({ description: z.string().min(1) })),
        })
        .parse(one);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['expose', 'name', 'optional', 'type']));
    }
  });

  it('is also of other drafts, and inside other schemas', () => {
    expect(z.toJSONSchema(bindConfigSchema, { io: 'input' }).$schema).toContain('2020-12');
    const inside = z.toJSONSchema(z.object({ binds: z.array(bindConfigSchema) }), { io: 'input' });
    expect(inside).toMatchObject({ properties: { binds: { items: { title: 'Bind' } } } });
    expect(JSON.stringify(inside).match(/\$schema/g)).toHaveLength(1);
  });
});
