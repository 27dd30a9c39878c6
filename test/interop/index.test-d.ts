import type { BlockList, SocketAddress } from 'node:net';
import type { Address4, Address6 } from 'ip-address';
import { describe, expectTypeOf, it } from 'vitest';
import type { NetSocketAddressInput } from '../../src/interop/index.js';
import {
  fromBlockList,
  fromIpAddress,
  fromNetSocketAddress,
  toBlockList,
  toIpAddress,
  toNetSocketAddress,
} from '../../src/interop/index.js';
import type { Address, IPv4Address, IPv6Address, PrefixSet } from '../../src/ip/index.js';

describe('types of the conversions', () => {
  it('follow the family of ip-address objects', () => {
    expectTypeOf((value: Address4) => fromIpAddress(value)).returns.toEqualTypeOf<IPv4Address>();
    expectTypeOf((value: Address6) => fromIpAddress(value)).returns.toEqualTypeOf<IPv6Address>();
    expectTypeOf((value: Address4 | Address6) => fromIpAddress(value)).returns.toEqualTypeOf<Address>();
    expectTypeOf((value: IPv4Address) => toIpAddress(value)).returns.toEqualTypeOf<Address4>();
    expectTypeOf((value: IPv6Address) => toIpAddress(value)).returns.toEqualTypeOf<Address6>();
    expectTypeOf((value: string) => toIpAddress(value)).returns.toEqualTypeOf<Address4 | Address6>();
    expectTypeOf((value: Address) => toIpAddress(value)).returns.toEqualTypeOf<Address4 | Address6>();
  });

  it('give the parts of a socket address, and take them back', () => {
    expectTypeOf(fromNetSocketAddress).returns.toExtend<NetSocketAddressInput>();
    expectTypeOf(toNetSocketAddress).returns.toEqualTypeOf<SocketAddress>();
    expectTypeOf<{ address: string; port: string }>().not.toExtend<NetSocketAddressInput>();
  });

  it('go between sets and block lists', () => {
    expectTypeOf((list: BlockList) => fromBlockList(list)).returns.toEqualTypeOf<PrefixSet>();
    expectTypeOf((set: PrefixSet) => toBlockList(set)).returns.toEqualTypeOf<BlockList>();
    expectTypeOf(toBlockList).toBeCallableWith(['10.0.0.0/8']);
    // @ts-expect-error one prefix is no list of them
    expectTypeOf(toBlockList).toBeCallableWith(8);
  });
});
