import { describe, expectTypeOf, it } from 'vitest';
import {
  type Address,
  type AddressClass,
  type AddressKind,
  AddressParseError,
  type AddressParseErrorCode,
  type AddressScope,
  type Classification,
  classify,
  compareAddresses,
  describeEmbedded,
  describeMulticast,
  type EmbeddedAddress,
  embedNat64,
  formatReverseName,
  IPV4_SPECIAL_PURPOSE,
  IPv4Address,
  IPv6Address,
  isAddress,
  isGloballyReachable,
  isPrivate,
  lenientReadings,
  parseAddress,
  parseAddressBytes,
  parseReverseName,
  type SpecialPurposeBlock,
  safeParseAddress,
} from '../../src/ip/index.js';

describe('parse', () => {
  it('gives a union that the family tells apart', () => {
    expectTypeOf(parseAddress).toEqualTypeOf<(text: string) => Address>();
    expectTypeOf<Address>().toEqualTypeOf<IPv4Address | IPv6Address>();
    const value = parseAddress('::1');
    if (value.family === 4) {
      expectTypeOf(value).toEqualTypeOf<IPv4Address>();
      expectTypeOf(value.toMapped()).toEqualTypeOf<IPv6Address>();
    } else {
      expectTypeOf(value).toEqualTypeOf<IPv6Address>();
      expectTypeOf(value.zone).toEqualTypeOf<string | null>();
      expectTypeOf(value.unmap()).toEqualTypeOf<Address>();
    }
  });

  it('safely gives data or an error', () => {
    const result = safeParseAddress('::1');
    if (result.success) {
      expectTypeOf(result.data).toEqualTypeOf<Address>();
      expectTypeOf(result).not.toHaveProperty('error');
    } else {
      expectTypeOf(result.error).toEqualTypeOf<AddressParseError>();
      expectTypeOf(result).not.toHaveProperty('data');
    }
  });

  it('takes text, and bytes where it says so', () => {
    expectTypeOf(parseAddress).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(parseAddressBytes).parameter(0).toEqualTypeOf<Uint8Array>();
    expectTypeOf(parseAddressBytes).returns.toEqualTypeOf<Address>();
    expectTypeOf(parseReverseName).returns.toEqualTypeOf<Address>();
    expectTypeOf(lenientReadings('0').inetAton).toEqualTypeOf<string | null>();
  });

  it('narrows what is no text yet, and leaves text text', () => {
    const unknown: unknown = '::1';
    if (isAddress(unknown)) expectTypeOf(unknown).toEqualTypeOf<string>();
    const text: string = '::1';
    if (!isAddress(text)) expectTypeOf(text).toEqualTypeOf<string>();
    expectTypeOf(isAddress).parameter(1).toEqualTypeOf<4 | 6 | undefined>();
  });

  it('has errors with a code to compare', () => {
    const error = {} as AddressParseError;
    expectTypeOf(error.code).toEqualTypeOf<AddressParseErrorCode>();
    expectTypeOf(error.input).toEqualTypeOf<unknown>();
    expectTypeOf(error.offset).toEqualTypeOf<number>();
    expectTypeOf(error.hint).toEqualTypeOf<string>();
    expectTypeOf(AddressParseError).instance.toExtend<Error>();
  });
});

describe('values', () => {
  it('have no public constructor', () => {
    // @ts-expect-error: text goes through parseAddress
    expectTypeOf(() => new IPv4Address()).toBeFunction();
    // @ts-expect-error: text goes through parseAddress
    expectTypeOf(() => new IPv6Address('::1')).toBeFunction();
  });

  it('are read-only', () => {
    const change = (ipv4: IPv4Address, ipv6: IPv6Address) => {
      // @ts-expect-error: a getter
      ipv4.family = 4;
      // @ts-expect-error: a getter
      ipv6.zone = 'eth0';
    };
    expectTypeOf(change).toBeFunction();
  });

  it('are not each other, and not text', () => {
    expectTypeOf<IPv4Address>().not.toExtend<IPv6Address>();
    expectTypeOf<IPv6Address>().not.toExtend<IPv4Address>();
    expectTypeOf<{ family: 4; toString(): string }>().not.toExtend<IPv4Address>();
    expectTypeOf(compareAddresses).parameters.toEqualTypeOf<[Address, Address]>();
    expectTypeOf<IPv4Address['next']>().returns.toEqualTypeOf<IPv4Address | null>();
    expectTypeOf<IPv6Address['previous']>().returns.toEqualTypeOf<IPv6Address | null>();
    expectTypeOf<IPv4Address['toBigInt']>().returns.toEqualTypeOf<bigint>();
  });

  it('or text is what functions of addresses take', () => {
    for (const answer of [isPrivate, formatReverseName, describeMulticast]) {
      expectTypeOf(answer).parameter(0).toEqualTypeOf<Address | string>();
    }
    expectTypeOf(isGloballyReachable).parameter(0).toEqualTypeOf<Address | string>();
    expectTypeOf(embedNat64).parameter(0).toEqualTypeOf<IPv4Address | string>();
    expectTypeOf(embedNat64).returns.toEqualTypeOf<IPv6Address>();
  });
});

describe('classify', () => {
  it('tells what each family has', () => {
    const answer = classify('::1');
    expectTypeOf(answer).toEqualTypeOf<Classification>();
    expectTypeOf(answer.kind).toEqualTypeOf<AddressKind>();
    expectTypeOf(answer.scope).toEqualTypeOf<AddressScope | null>();
    expectTypeOf(answer.block).toEqualTypeOf<SpecialPurposeBlock | null>();
    expectTypeOf(answer.globallyReachable).toEqualTypeOf<boolean>();
    if (answer.family === 4) {
      expectTypeOf(answer.addressClass).toEqualTypeOf<AddressClass>();
      expectTypeOf(answer.embedded).toEqualTypeOf<null>();
    } else {
      expectTypeOf(answer.addressClass).toEqualTypeOf<null>();
      expectTypeOf(answer.embedded).toEqualTypeOf<EmbeddedAddress | null>();
    }
  });

  it('is read-only, and so are the registries', () => {
    expectTypeOf(IPV4_SPECIAL_PURPOSE).toEqualTypeOf<readonly SpecialPurposeBlock[]>();
    expectTypeOf<SpecialPurposeBlock>().toEqualTypeOf<Readonly<SpecialPurposeBlock>>();
    const change = (answer: Classification) => {
      // @ts-expect-error: read-only
      answer.kind = 'global';
      // @ts-expect-error: read-only
      answer.embedded = null;
    };
    expectTypeOf(change).toBeFunction();
    expectTypeOf<SpecialPurposeBlock['globallyReachable']>().toEqualTypeOf<boolean | null>();
  });
});

describe('descriptions', () => {
  it('tell the mechanisms apart', () => {
    const found = describeEmbedded('::1', { nat64: ['64:ff9b:1::/48'] });
    if (found?.mechanism === 'teredo') expectTypeOf(found.port).toEqualTypeOf<number>();
    if (found?.mechanism === '6to4') expectTypeOf(found.subnet).toEqualTypeOf<number>();
    if (found?.mechanism === 'nat64') expectTypeOf(found.prefix).toEqualTypeOf<string>();
    if (found?.mechanism === 'eui-64') {
      expectTypeOf(found.mac).toEqualTypeOf<string>();
      expectTypeOf(found.address).toEqualTypeOf<null>();
    }
  });

  it('tell the families of multicast apart', () => {
    const found = describeMulticast('ff02::1');
    if (found?.family === 4) expectTypeOf(found.glopAs).toEqualTypeOf<number | null>();
    if (found?.family === 6) expectTypeOf(found.rendezvousPoint).toEqualTypeOf<string | null>();
  });
});
