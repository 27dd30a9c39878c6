import * as z from 'zod';
import type { Bind, BindFields } from '../socket/index.js';
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM, validateBind } from '../socket/index.js';

/** What a config file says of a bind: endpoint text, or fields. */
export type BindConfig = string | BindFields;

/** Takes what a config file says of a bind, and gives the bind. */
export type BindConfigSchema = z.ZodPipe<z.ZodCustom<BindConfig, BindConfig>, z.ZodTransform<Bind, BindConfig>>;

/**
 * What a config file says of a bind, as strict as `createBind`, which owns the rules: endpoint text, or an object of fields.
 * Nothing is coerced. Everything that is wrong is an issue with code `custom`, the path of the field, and `params` `{code, hint}`.
 *
 * `z.toJSONSchema(bindConfigSchema, {io: 'input'})` describes it for editors; the package has that as
 * `inaddr/bind-config.schema.json`. It takes all text and fields that this schema takes, and of what this refuses it
 * finds keys, types and words, not what an address is.
 */
export const bindConfigSchema: BindConfigSchema = /* @__PURE__ */ schemaOfConfig();

function schemaOfConfig(): BindConfigSchema {
  const config = z.custom<BindConfig>();
  config._zod.toJSONSchema = () => {
    const { $schema, ...described } = z.toJSONSchema(describedConfig(), { io: 'input' });
    return described;
  };
  return config.transform((input, { issues }): Bind => {
    const result = validateBind(input);
    if (result.success) return result.data;
    for (const { path, code, message, hint } of result.issues) {
      issues.push({ code: 'custom', input, path: [...path], message, params: { code, hint } });
    }
    return z.NEVER;
  });
}

/** What a JSON Schema can say: looser than `validateBind`, never stricter. */
function describedConfig(): z.ZodType {
  const common = {
    backlog: z
      .int()
      .min(1)
      .max(2 ** 31 - 1)
      .describe(
        'Connections that may wait to be accepted: Node has 511 unless told, the kernel net.core.somaxconn at most',
      ),
    exclusive: flag('In a cluster: this worker alone'),
    optional: flag('Whether it is no error when the address is absent'),
    name: z.string().min(1).describe('What reports call the bind'),
    expose: z
      .enum(['loopback', 'link', 'private', 'public', 'all'])
      .describe('The widest reach that is allowed; `inaddr bind check` fails for a bind that goes beyond it'),
  };
  const text = z
    .string()
    .min(1)
    .meta({ description: 'An endpoint: an address and a port, or a unix socket', examples: EXAMPLES });
  const inet = z.strictObject({
    host: z
      .string()
      .regex(/^\S+$/)
      .meta({
        description:
          "An address, or a name, of which the first address is taken. Never left out: for every interface write '0.0.0.0' (IPv4) or '::' (IPv6 and IPv4)",
        examples: ['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost'],
      }),
    port: z.int().min(0).max(65_535).describe('1 to 65535, a number; 0 is any free port, with allowEphemeral'),
    ...optional({
      family: z.enum([AF_INET, AF_INET6]).describe("The host's; to be said for a name with UDP"),
      type: z.enum([SOCK_STREAM, SOCK_DGRAM]).default(SOCK_STREAM).describe('SOCK_STREAM is TCP, SOCK_DGRAM is UDP'),
      ipv6Only: flag('An IPv6 socket that takes no IPv4 peers'),
      reusePort: flag('Several sockets share the port, when all of them say so; Node has it from 22.12 on'),
      reuseAddr: flag('UDP only: several sockets share the port'),
      allowEphemeral: flag('Whether port 0, any free port, is meant'),
      ...common,
    }),
  });
  const unix = z.strictObject({
    path: z
      .string()
      .min(1)
      .meta({
        description: 'The path of a unix socket, or an abstract name after a NUL',
        examples: ['/run/app.sock'],
      }),
    ...optional({
      family: z.literal(AF_UNIX).describe('Said by the path'),
      type: z.literal(SOCK_STREAM).describe('Node has no datagrams of unix sockets'),
      ipv6Only: no(),
      reusePort: no(),
      reuseAddr: no(),
      allowEphemeral: no(),
      ...common,
    }),
  });
  return z
    .union([
      text,
      inet.meta({ title: 'Bind to an address', allOf: [EPHEMERAL, FOR_UDP, FOR_TCP] }),
      unix.meta({ title: 'Bind to a unix socket' }),
    ])
    .meta({ title: 'Bind', description: 'What a server listens on' });
}

const EXAMPLES = ['127.0.0.1:8080', '[::1]:8080', '[::]:53/udp', 'unix:/run/app.sock'];

/** Port 0 is for those who say that they mean it. */
const EPHEMERAL = {
  anyOf: [
    { type: 'object', properties: { port: { type: 'integer', minimum: 1 } } },
    { type: 'object', required: ['allowEphemeral'], properties: { allowEphemeral: { const: true } } },
  ],
};

const FOR_UDP = {
  anyOf: [
    { type: 'object', properties: { reuseAddr: { const: false } } },
    { type: 'object', required: ['type'], properties: { type: { const: SOCK_DGRAM } } },
  ],
};

const FOR_TCP = {
  anyOf: [
    { type: 'object', properties: { type: { const: SOCK_STREAM } } },
    { type: 'object', properties: { backlog: false } },
  ],
};

function flag(description: string) {
  return z.boolean().default(false).describe(description);
}

function no() {
  return z.literal(false).describe('Not of unix sockets');
}

function optional(shape: Readonly<Record<string, z.ZodType>>): Readonly<Record<string, z.ZodOptional>> {
  return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.optional()]));
}
