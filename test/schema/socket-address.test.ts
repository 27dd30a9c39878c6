import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { socketAddressSchema } from '../../src/schema/index.js';
import { createSocketAddress, INADDR_ANY } from '../../src/socket/index.js';
import { ipv4, ipv6, zoned } from '../support/arbitraries.js';

/** Paths and codes of the issues: ours where they are ours. */
function codesOf(input: unknown): string[] {
  return (socketAddressSchema.safeParse(input).error?.issues ?? []).map((issue) =>
    [...issue.path, issue.code === 'custom' ? (issue.params?.code ?? issue.message) : issue.code].join(' '),
  );
}

const IP4 = { family: 'AF_INET', address: '127.0.0.1', port: 80 };
const IP6 = { family: 'AF_INET6', address: 'fe80::1', port: 80 };
const UNIX = { family: 'AF_UNIX', path: '/run/a' };

describe('socketAddressSchema', () => {
  it('takes what createSocketAddress gives, as it is', () => {
    const socketAddress = fc.oneof(
      fc.tuple(ipv4, fc.nat(0xffff)).map(([address, port]) => createSocketAddress({ address, port })),
      fc
        .tuple(ipv6, fc.nat(0xffff), fc.nat(0xfffff), fc.nat(0xffff_ffff))
        .map(([address, port, flowInfo, scopeId]) =>
          createSocketAddress({ address, port, flowInfo, scopeId, type: 'SOCK_DGRAM' }),
        ),
      fc.tuple(zoned, fc.nat(0xffff)).map(([address, port]) => createSocketAddress({ address, port })),
      fc.constantFrom('/run/a', '\0a', 'ü').map((path) => createSocketAddress({ path })),
    );
    fc.assert(
      fc.property(socketAddress, (value) => {
        expect(socketAddressSchema.parse(value)).toEqual(value);
        expect(socketAddressSchema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
      }),
    );
  });

  it('completes what is left out', () => {
    expect(socketAddressSchema.parse(IP4)).toEqual(createSocketAddress({ address: '127.0.0.1', port: 80 }));
    expect(socketAddressSchema.parse(IP6)).toEqual(createSocketAddress({ address: 'fe80::1', port: 80 }));
    expect(socketAddressSchema.parse(UNIX)).toEqual(createSocketAddress({ path: '/run/a' }));
  });

  it('has canonical addresses, and takes the names of addresses', () => {
    expect(socketAddressSchema.parse({ ...IP6, address: 'FE80:0::1%eth0' })).toMatchObject({ address: 'fe80::1%eth0' });
    expect(socketAddressSchema.parse({ ...IP4, address: INADDR_ANY })).toMatchObject({ address: '0.0.0.0' });
    expect(socketAddressSchema.parse({ ...IP4, address: 'INADDR_ANY' })).toMatchObject({ address: '0.0.0.0' });
  });

  it.each<[unknown, string[]]>([
    [null, ['invalid_type']],
    ['127.0.0.1:80', ['invalid_type']],
    [{}, ['family invalid_union']],
    [{ ...IP4, family: 'IPv4' }, ['family invalid_union']],
    [{ ...IP4, prot: 1 }, ['unrecognized_keys']],
    [{ ...IP4, flowInfo: 0 }, ['unrecognized_keys']],
    [{ ...IP4, port: '80' }, ['port invalid_type']],
    [{ ...IP4, port: null }, ['port invalid_type']],
    [{ ...IP4, port: true }, ['port invalid_type']],
    [{ ...IP4, port: 80n }, ['port invalid_type']],
    [{ ...IP4, port: 65536 }, ['port too_big']],
    [{ ...IP4, port: -1 }, ['port too_small']],
    [{ ...IP4, port: 1.5 }, ['port invalid_type']],
    [{ ...IP4, port: -0 }, ['port -0; write 0']],
    [{ ...IP4, type: 'tcp' }, ['type invalid_value']],
    [{ ...IP4, protocol: 6 }, ['protocol invalid_value']],
    [{ ...IP4, address: 'localhost' }, ['address ADDRESS']],
    [{ ...IP4, address: '' }, ['address ADDRESS']],
    [{ ...IP4, address: 'INADDR_NONE' }, ['address ADDRESS']],
    [{ ...IP4, address: '::1' }, ['address FAMILY']],
    [{ ...IP6, address: '127.0.0.1' }, ['address FAMILY']],
    [{ ...IP6, address: '::1%lo', port: 'x' }, ['address ADDRESS', 'port invalid_type']],
    [{ ...IP6, flowInfo: 2 ** 20 }, ['flowInfo too_big']],
    [{ ...IP6, scopeId: 2 ** 32 }, ['scopeId too_big']],
    [{ ...IP6, address: 'fe80::1%eth0', scopeId: 2 }, ['scopeId ZONE_AND_SCOPE_ID']],
    [{ ...UNIX, path: '' }, ['path PATH']],
    [{ ...UNIX, path: 'a\0' }, ['path PATH']],
    [{ ...UNIX, port: 80 }, ['unrecognized_keys']],
    [{ ...UNIX, type: 'SOCK_DGRAM' }, ['type invalid_value']],
    [{ ...UNIX, type: 'tcp' }, ['type invalid_value']],
  ])('refuses %o: %j', (input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it('says that Node has no datagrams of unix sockets', () => {
    const [issue] = socketAddressSchema.safeParse({ ...UNIX, type: 'SOCK_DGRAM' }).error?.issues ?? [];
    expect(issue).toMatchObject({
      path: ['type'],
      message: 'Node has no datagrams of unix sockets; write SOCK_STREAM',
    });
  });

  it('gives a socket address or issues for any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (input) => {
        const parsed = socketAddressSchema.safeParse(input);
        if (parsed.success) expect(createSocketAddress(parsed.data)).toEqual(parsed.data);
      }),
    );
  });

  it('has a JSON Schema of either side', () => {
    for (const io of ['input', 'output'] as const) {
      const { oneOf = [] } = z.toJSONSchema(socketAddressSchema, { io });
      expect(oneOf).toHaveLength(3);
      for (const one of oneOf) expect(one).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });
});
