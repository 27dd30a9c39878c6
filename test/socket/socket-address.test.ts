import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import { createSocketAddress, INADDR_NONE, SocketAddressError, scopesOf } from '../../src/socket/index.js';
import { address as addresses } from '../support/arbitraries.js';
import { forbidden } from '../support/not-text.js';

/** Code and key of the SocketAddressError that is thrown, `PORT port`. */
function faultOf(fields: unknown): string {
  try {
    createSocketAddress(forbidden(fields));
  } catch (error) {
    if (error instanceof SocketAddressError) return [error.code, ...(error.key === null ? [] : [error.key])].join(' ');
    throw error;
  }
  return 'nothing thrown';
}

describe('createSocketAddress', () => {
  it('completes and freezes', () => {
    const made = createSocketAddress({ address: '127.0.0.1', port: 80 });
    expect(made).toEqual({ family: 'AF_INET', type: 'SOCK_STREAM', protocol: 0, address: '127.0.0.1', port: 80 });
    expect(Object.isFrozen(made)).toBe(true);
    expect(createSocketAddress({ address: '::1', port: 0, type: 'SOCK_DGRAM' })).toEqual({
      family: 'AF_INET6',
      type: 'SOCK_DGRAM',
      protocol: 0,
      address: '::1',
      port: 0,
      flowInfo: 0,
      scopeId: 0,
    });
    expect(createSocketAddress({ path: '/run/a' })).toEqual({
      family: 'AF_UNIX',
      type: 'SOCK_STREAM',
      protocol: 0,
      path: '/run/a',
    });
  });

  it('takes what it gives', () => {
    for (const fields of [
      { address: '::ffff:1.2.3.4', port: 65535, flowInfo: 0xfffff, scopeId: 2 ** 32 - 1 },
      { address: '255.255.255.255', port: 1 },
      { path: '\0a' },
    ]) {
      const made = createSocketAddress(fields);
      expect(createSocketAddress(made)).toEqual(made);
    }
  });

  it('has canonical text of any address, value or text, and of the names of addresses', () => {
    expect(createSocketAddress({ address: '2001:DB8:0::1', port: 1 }).address).toBe('2001:db8::1');
    expect(createSocketAddress({ address: 'INADDR_ANY', port: 1 }).address).toBe('0.0.0.0');
    fc.assert(
      fc.property(addresses, (address) => {
        const made = createSocketAddress({ address, port: 80 });
        expect(made.address).toBe(address.toString());
        expect(made.family).toBe(address.family === 4 ? 'AF_INET' : 'AF_INET6');
      }),
    );
  });

  const IP4 = { address: '127.0.0.1', port: 80 };
  const IP6 = { address: 'fe80::1', port: 80 };

  it.each<[unknown, string]>([
    [null, 'NOT_SOCKET_ADDRESS'],
    ['127.0.0.1:80', 'NOT_SOCKET_ADDRESS'],
    [['127.0.0.1', 80], 'NOT_SOCKET_ADDRESS'],
    [{}, 'ADDRESS address'],
    [{ ...IP4, prot: 1 }, 'UNKNOWN_KEY prot'],
    [{ ...IP4, flowlabel: 1 }, 'UNKNOWN_KEY flowlabel'],
    [{ ...IP4, address: '' }, 'ADDRESS address'],
    [{ ...IP4, address: null }, 'ADDRESS address'],
    [{ ...IP4, address: 'localhost' }, 'ADDRESS address'],
    [{ ...IP4, address: '127.1' }, 'ADDRESS address'],
    [{ ...IP4, address: '::1%lo' }, 'ADDRESS address'],
    [{ ...IP4, address: 2130706433 }, 'ADDRESS address'],
    [{ ...IP4, address: INADDR_NONE }, 'ADDRESS address'],
    [{ ...IP4, address: 'INADDR_NONE' }, 'ADDRESS address'],
    [{ address: '127.0.0.1' }, 'PORT port'],
    [{ ...IP4, port: '80' }, 'PORT port'],
    [{ ...IP4, port: null }, 'PORT port'],
    [{ ...IP4, port: 65536 }, 'PORT port'],
    [{ ...IP4, port: -0 }, 'PORT port'],
    [{ ...IP4, port: 1.5 }, 'PORT port'],
    [{ ...IP4, family: 'AF_INET6' }, 'FAMILY family'],
    [{ ...IP4, family: 'IPv4' }, 'FAMILY family'],
    [{ ...IP6, family: 'AF_INET' }, 'FAMILY family'],
    [{ ...IP4, type: 'tcp' }, 'TYPE type'],
    [{ ...IP4, type: null }, 'TYPE type'],
    [{ ...IP4, protocol: 6 }, 'PROTOCOL protocol'],
    [{ ...IP4, flowInfo: 1 }, 'FLOW_INFO flowInfo'],
    [{ ...IP4, scopeId: 1 }, 'SCOPE_ID scopeId'],
    [{ ...IP6, flowInfo: 2 ** 20 }, 'FLOW_INFO flowInfo'],
    [{ ...IP6, flowInfo: null }, 'FLOW_INFO flowInfo'],
    [{ ...IP6, scopeId: 2 ** 32 }, 'SCOPE_ID scopeId'],
    [{ ...IP6, scopeId: 'eth0' }, 'SCOPE_ID scopeId'],
    [{ ...IP6, address: 'fe80::1%eth0', scopeId: 2 }, 'ZONE_AND_SCOPE_ID scopeId'],
    [{ ...IP4, path: '/a' }, 'PATH path'],
    [{ path: '' }, 'PATH path'],
    [{ path: '/a\0' }, 'PATH path'],
    [{ path: '/a', port: 80 }, 'PATH port'],
    [{ path: '/a', family: 'AF_INET' }, 'FAMILY family'],
    [{ family: 'AF_UNIX' }, 'PATH path'],
    [{ path: '/a', type: 'SOCK_DGRAM' }, 'UNIX_DATAGRAM type'],
  ])('refuses %j: %s', (fields, fault) => {
    expect(faultOf(fields)).toBe(fault);
  });

  it('says what to pass instead', () => {
    const error = (() => {
      try {
        return createSocketAddress({ address: '010.0.0.1', port: 80 });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({
      name: 'SocketAddressError',
      code: 'ADDRESS',
      key: 'address',
      input: '010.0.0.1',
      hint: 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
      message: 'the address is "010.0.0.1"; some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
    });
  });

  it('reads own properties only', () => {
    expect(faultOf(Object.create(IP4))).toBe('ADDRESS address');
    expect(faultOf(JSON.parse('{"address":"::1","port":80,"__proto__":{"type":"SOCK_DGRAM"}}'))).toBe(
      'UNKNOWN_KEY __proto__',
    );
    expect(createSocketAddress(Object.assign(Object.create({ port: 1 }), IP4))).toMatchObject({ port: 80 });
  });
});

describe('scopesOf', () => {
  const of = (address: string, scopeid?: number) =>
    ({ address, netmask: '', family: scopeid === undefined ? 'IPv4' : 'IPv6', internal: false, scopeid }) as const;

  it('has the numbers of interfaces with a link-local address', () => {
    const scopes = scopesOf({
      lo: [of('127.0.0.1'), of('::1', 0)],
      eth0: [of('192.0.2.1'), of('2001:db8::1', 0), of('fe80::1', 2)],
      gone: undefined,
    });
    expect([...scopes]).toEqual([['eth0', 2]]);
  });
});

describe('an address in a value and its text', () => {
  it('are one', () => {
    const value = parseAddress('fe80::1%eth0');
    expect(createSocketAddress({ address: value, port: 80 })).toEqual(
      createSocketAddress({ address: 'FE80:0::1%eth0', port: 80 }),
    );
  });
});
