import { describe, expectTypeOf, it } from 'vitest';
import type * as z from 'zod';
import type { Address, AddressRange, IPv4Address, IPv6Address, Prefix } from '../../src/ip/index.js';
import type { AddressRestrictions, PrefixRestrictions } from '../../src/schema/index.js';
import {
  address,
  type addressSchema,
  type ipv4Schema,
  type ipv6Schema,
  prefix,
  type prefixSchema,
  type rangeSchema,
} from '../../src/schema/index.js';

describe('types of the address schemas', () => {
  it('take text', () => {
    expectTypeOf<z.input<typeof addressSchema>>().toEqualTypeOf<string>();
    expectTypeOf<z.input<typeof ipv4Schema>>().toEqualTypeOf<string>();
    expectTypeOf<z.input<typeof ipv6Schema>>().toEqualTypeOf<string>();
  });

  it('give values', () => {
    expectTypeOf<z.output<typeof addressSchema>>().toEqualTypeOf<Address>();
    expectTypeOf<z.output<typeof ipv4Schema>>().toEqualTypeOf<IPv4Address>();
    expectTypeOf<z.output<typeof ipv6Schema>>().toEqualTypeOf<IPv6Address>();
  });

  it('follow the family that is asked for', () => {
    const four = address({ family: 4, kind: ['private'] });
    const six = address({ family: 6, globallyReachable: true });
    const either = address({ globallyReachable: true, kind: ['global'], scope: ['global'], zone: false, nat64: [] });
    const family: 4 | 6 = Math.random() < 0.5 ? 4 : 6;
    const unknown = address({ family });
    expectTypeOf<z.output<typeof four>>().toEqualTypeOf<IPv4Address>();
    expectTypeOf<z.output<typeof six>>().toEqualTypeOf<IPv6Address>();
    expectTypeOf<z.output<typeof either>>().toEqualTypeOf<Address>();
    expectTypeOf<z.output<typeof unknown>>().toEqualTypeOf<Address>();
  });

  it('know the kinds, the scopes and the options', () => {
    expectTypeOf<{ kind: ['intranet'] }>().not.toExtend<AddressRestrictions>();
    expectTypeOf<{ scope: ['planet'] }>().not.toExtend<AddressRestrictions>();
    expectTypeOf<{ family: 5 }>().not.toExtend<AddressRestrictions>();
    // @ts-expect-error a misspelt restriction
    expectTypeOf(address).toBeCallableWith({ globalyReachable: true });
  });

  it('encode what they give', () => {
    expectTypeOf<Parameters<typeof z.encode<typeof ipv4Schema>>[1]>().toEqualTypeOf<IPv4Address>();
    expectTypeOf<ReturnType<typeof z.encode<typeof ipv4Schema>>>().toEqualTypeOf<string>();
  });
});

describe('types of the prefix schemas', () => {
  it('take text and give values', () => {
    expectTypeOf<z.input<typeof prefixSchema>>().toEqualTypeOf<string>();
    expectTypeOf<z.output<typeof prefixSchema>>().toEqualTypeOf<Prefix>();
    expectTypeOf<z.input<typeof rangeSchema>>().toEqualTypeOf<string>();
    expectTypeOf<z.output<typeof rangeSchema>>().toEqualTypeOf<AddressRange>();
    expectTypeOf(prefix({ family: 4, hostBits: 'mask' })).toEqualTypeOf<typeof prefixSchema>();
  });

  it('know the options', () => {
    expectTypeOf<{ hostBits: 'clear' }>().not.toExtend<PrefixRestrictions>();
    // @ts-expect-error a misspelt restriction
    expectTypeOf(prefix).toBeCallableWith({ famly: 4 });
  });

  it('encode what they give', () => {
    expectTypeOf<Parameters<typeof z.encode<typeof rangeSchema>>[1]>().toEqualTypeOf<AddressRange>();
    expectTypeOf<ReturnType<typeof z.encode<typeof rangeSchema>>>().toEqualTypeOf<string>();
  });
});
