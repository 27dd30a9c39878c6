import * as z from 'zod';
import type { InetSocketAddressFields, UnixSocketAddressFields } from '../socket/index.js';
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  createSocketAddress,
  SOCK_DGRAM,
  SOCK_STREAM,
  SocketAddressError,
} from '../socket/index.js';
import { custom } from './codec.js';

/**
 * A socket address as plain data, told apart by `family`; keys that there are not are refused, nothing is coerced. Left out, `type` is
 * SOCK_STREAM, `protocol`, `flowInfo` and `scopeId` are 0. The output is what `createSocketAddress` gives, its address
 * canonical; the names of addresses, `INADDR_ANY`, are taken.
 *
 * What is wrong about an address or a path is an issue with code `custom` and `params` `{code, hint}`, as a
 * `SocketAddressError` has them.
 */
export const socketAddressSchema = /* @__PURE__ */ schemaOfSocketAddress();

function schemaOfSocketAddress() {
  const inet = {
    type: z.enum([SOCK_STREAM, SOCK_DGRAM]).default(SOCK_STREAM).describe('SOCK_STREAM is TCP, SOCK_DGRAM is UDP'),
    protocol: z.literal(0).default(0),
    port: wholeNumber(65_535),
  };
  return z.discriminatedUnion('family', [
    z.strictObject({ family: z.literal(AF_INET), address: addressText(AF_INET), ...inet }),
    z
      .strictObject({
        family: z.literal(AF_INET6),
        address: addressText(AF_INET6),
        ...inet,
        flowInfo: wholeNumber(0xfffff).default(0),
        scopeId: wholeNumber(0xffff_ffff).default(0),
      })
      .check(({ value, issues }) => {
        // What is wrong about a part alone is said there.
        const fault = faultOf(value);
        if (fault?.code === 'ZONE_AND_SCOPE_ID') issues.push({ ...issueOf(value.scopeId, fault), path: ['scopeId'] });
      }),
    z.strictObject({
      family: z.literal(AF_UNIX),
      type: z.literal(SOCK_STREAM, { error: ({ input }) => unixType(input) }).default(SOCK_STREAM),
      protocol: z.literal(0).default(0),
      path: z
        .string()
        .check(({ value, issues }) => {
          const fault = faultOf({ path: value });
          if (fault !== null) issues.push(issueOf(value, fault));
        })
        .describe('A path, or an abstract name after a NUL'),
    }),
  ]);
}

/** A text of an address of a family; the output is the canonical text. */
function addressText(family: typeof AF_INET | typeof AF_INET6) {
  return z
    .string()
    .check(({ value, issues }) => {
      const fault = faultOf({ family, address: value, port: 0 });
      if (fault !== null) issues.push(issueOf(value, fault));
    })
    .overwrite((text) => {
      const made = createSocketAddress({ family, address: text, port: 0 });
      return made.address;
    })
    .describe(family === AF_INET ? 'An IPv4 address' : 'An IPv6 address; a zone is the name of an interface');
}

/** -0 is none: to Node it is no Int32. */
function wholeNumber(max: number) {
  return z
    .int()
    .min(0)
    .max(max)
    .refine((value) => !Object.is(value, -0), { error: '-0; write 0' });
}

function unixType(input: unknown): string | undefined {
  return input === SOCK_DGRAM ? `Node has no datagrams of unix sockets; write ${SOCK_STREAM}` : undefined;
}

/** What `createSocketAddress` says is wrong. */
function faultOf(fields: InetSocketAddressFields | UnixSocketAddressFields): SocketAddressError | null {
  try {
    createSocketAddress(fields);
    return null;
  } catch (error) {
    if (error instanceof SocketAddressError) return error;
    throw error;
  }
}

function issueOf(input: unknown, { message, code, hint }: SocketAddressError): z.core.$ZodRawIssue {
  return custom(input, { message, params: { code, hint, offset: null } });
}
