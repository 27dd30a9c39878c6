import { describe, expect, it } from 'vitest';
import type { SocketTuple } from '../../src/socket/index.js';
import { createSocketAddress, fromSocketTuple, SocketAddressError, toSocketTuple } from '../../src/socket/index.js';
import { forbidden } from '../support/not-text.js';

function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SocketAddressError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('fromSocketTuple and toSocketTuple', () => {
  it.each<[SocketTuple, Parameters<typeof createSocketAddress>[0]]>([
    [['127.0.0.1', 80], { address: '127.0.0.1', port: 80 }],
    [['::1', 80, 0, 0], { address: '::1', port: 80 }],
    [['fe80::1', 80, 7, 2], { address: 'fe80::1', port: 80, flowInfo: 7, scopeId: 2 }],
    ['/run/a', { path: '/run/a' }],
    ['\0a', { path: '\0a' }],
  ])('are inverse: %j', (tuple, fields) => {
    const address = createSocketAddress(fields);
    expect(fromSocketTuple(tuple)).toEqual(address);
    expect(toSocketTuple(address)).toEqual(tuple);
  });

  it('take short IPv6 tuples, zones and bytes as Python does', () => {
    expect(fromSocketTuple(['::1', 80])).toEqual(createSocketAddress({ address: '::1', port: 80 }));
    expect(fromSocketTuple(['::1', 80, 5])).toMatchObject({ flowInfo: 5, scopeId: 0 });
    expect(fromSocketTuple(['fe80::1%eth0', 80, 0, 0])).toMatchObject({ address: 'fe80::1%eth0', scopeId: 0 });
    expect(fromSocketTuple(new TextEncoder().encode('\0ü'))).toMatchObject({ path: '\0ü' });
    expect(fromSocketTuple(['::1', 53], { type: 'SOCK_DGRAM' })).toMatchObject({ type: 'SOCK_DGRAM' });
  });

  it('make a number of a zone, where it is known', () => {
    const zoned = createSocketAddress({ address: 'fe80::1%eth0', port: 80 });
    expect(toSocketTuple(zoned, { scopes: new Map([['eth0', 2]]) })).toEqual(['fe80::1', 80, 0, 2]);
    expect(codeOf(() => toSocketTuple(zoned))).toBe('SCOPE_UNKNOWN');
  });

  it.each<[unknown, string]>([
    [null, 'NOT_SOCKET_ADDRESS'],
    [80, 'NOT_SOCKET_ADDRESS'],
    [{ 0: '127.0.0.1', 1: 80, length: 2 }, 'NOT_SOCKET_ADDRESS'],
    [[], 'LENGTH'],
    [['127.0.0.1'], 'LENGTH'],
    [['127.0.0.1', 80, 0], 'LENGTH'],
    [['127.0.0.1', 80, 0, 0], 'LENGTH'],
    [['::1', 80, 0, 0, 0], 'LENGTH'],
    [['', 80], 'ADDRESS'],
    [['<broadcast>', 80], 'ADDRESS'],
    [['localhost', 80], 'ADDRESS'],
    [['127.0.0.1', '80'], 'PORT'],
    [['::1', 80, 2 ** 20], 'FLOW_INFO'],
    [['::1', 80, 0, -1], 'SCOPE_ID'],
    [['fe80::1%eth0', 80, 0, 2], 'ZONE_AND_SCOPE_ID'],
    ['', 'NO_ADDRESS'],
    [new Uint8Array(0), 'NO_ADDRESS'],
    [new Uint8Array([0x2f, 0xff]), 'PATH'],
  ])('refuse %j: %s', (tuple, code) => {
    expect(codeOf(() => fromSocketTuple(forbidden(tuple)))).toBe(code);
  });

  it('refuse options that there are not', () => {
    expect(() => fromSocketTuple(['::1', 80], forbidden({ typ: 1 }))).toThrow(TypeError);
    expect(() => toSocketTuple(createSocketAddress({ path: '/a' }), forbidden({ scope: 1 }))).toThrow(TypeError);
  });
});
