import type { Server } from 'node:net';
import { describe, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { bindConfigSchema, endpointSchema, socketAddressSchema } from '../../src/schema/index.js';
import type {
  Bind,
  BindFields,
  BindIssue,
  DgramOptions,
  Endpoint,
  Inet6SocketAddress,
  InetBind,
  InetListenOptions,
  InetSocketAddress,
  SocketAddress,
  UnixBind,
  UnixListenOptions,
  UnixSocketAddress,
} from '../../src/socket/index.js';
import {
  createBind,
  createSocketAddress,
  fromSocketTuple,
  toBindOptions,
  toListenOptions,
  toSockaddr,
  validateBind,
} from '../../src/socket/index.js';

describe('types of binds', () => {
  it('follow the fields', () => {
    expectTypeOf(createBind({ host: '::', port: 80 })).toEqualTypeOf<InetBind>();
    expectTypeOf(createBind({ path: '/run/a' })).toEqualTypeOf<UnixBind>();
    expectTypeOf(createBind('127.0.0.1:80')).toEqualTypeOf<Bind>();
    expectTypeOf<typeof createBind>().toBeCallableWith({ host: '::1', port: 53, type: 'SOCK_DGRAM', reuseAddr: true });
  });

  it('refuse what makes no sense', () => {
    expectTypeOf<{ port: number }>().not.toExtend<BindFields>();
    expectTypeOf<{ host: string; port: string }>().not.toExtend<BindFields>();
    expectTypeOf<{ host: string; port: number; path: string }>().not.toExtend<BindFields>();
    expectTypeOf<{ path: string; type: 'SOCK_DGRAM' }>().not.toExtend<BindFields>();
    expectTypeOf<{ host: string; port: number; expose: 'none' }>().not.toExtend<BindFields>();
    // @ts-expect-error a misspelt key
    expectTypeOf(() => createBind({ host: '::', port: 80, ipv6only: true })).toBeFunction();
  });

  it('of results are discriminated', () => {
    const result = validateBind(null);
    if (result.success) expectTypeOf(result.data).toEqualTypeOf<Bind>();
    else expectTypeOf(result.issues[0]).toEqualTypeOf<BindIssue>();
    const bind = createBind('127.0.0.1:80');
    if (bind.family === 'AF_UNIX') expectTypeOf(bind).toEqualTypeOf<UnixBind>();
    else expectTypeOf(bind).toEqualTypeOf<InetBind>();
  });

  it("of options are Node's", () => {
    expectTypeOf(toListenOptions(createBind({ host: '::', port: 80 }))).toEqualTypeOf<InetListenOptions>();
    expectTypeOf(toListenOptions(createBind({ path: '/a' }))).toEqualTypeOf<UnixListenOptions>();
    expectTypeOf<InetListenOptions>().toExtend<Parameters<Server['listen']>[0]>();
    expectTypeOf(toBindOptions).returns.toEqualTypeOf<DgramOptions>();
  });
});

describe('types of socket addresses', () => {
  it('follow the fields and the family', () => {
    expectTypeOf(createSocketAddress({ path: '/a' })).toEqualTypeOf<UnixSocketAddress>();
    expectTypeOf(createSocketAddress({ address: '::1', port: 80 })).toEqualTypeOf<
      InetSocketAddress | Inet6SocketAddress
    >();
    const address = fromSocketTuple(['::1', 80]);
    expectTypeOf(address).toEqualTypeOf<SocketAddress>();
    if (address.family === 'AF_INET6') expectTypeOf(address.scopeId).toEqualTypeOf<number>();
    expectTypeOf(toSockaddr).returns.toEqualTypeOf<Uint8Array>();
    // @ts-expect-error IPv4 has no scope id
    expectTypeOf<InetSocketAddress['scopeId']>();
  });
});

describe('types of schemas', () => {
  it('give what the functions give', () => {
    expectTypeOf<z.output<typeof bindConfigSchema>>().toEqualTypeOf<Bind>();
    expectTypeOf<z.input<typeof bindConfigSchema>>().toEqualTypeOf<string | BindFields>();
    expectTypeOf<z.output<typeof endpointSchema>>().toEqualTypeOf<Endpoint>();
    expectTypeOf<z.input<typeof endpointSchema>>().toEqualTypeOf<string>();
    expectTypeOf<z.output<typeof socketAddressSchema>>().toExtend<SocketAddress>();
    expectTypeOf<SocketAddress>().toExtend<z.input<typeof socketAddressSchema>>();
  });
});
