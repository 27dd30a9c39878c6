import { describe, expectTypeOf, it } from 'vitest';
import type { Address } from '../../src/ip/index.js';
import type {
  AddressEndpoint,
  Endpoint,
  EndpointDialect,
  EndpointFormatError,
  EndpointFormatErrorCode,
  EndpointParseError,
  EndpointParseErrorCode,
  NameEndpoint,
  SafeParseEndpoint,
} from '../../src/socket/index.js';
import {
  convert,
  expandPorts,
  formatEndpoint,
  formatEndpoints,
  parseEndpoint,
  parseEndpoints,
  parseEnvironmentEndpoint,
  safeParseEndpoint,
  safeParseEndpoints,
} from '../../src/socket/index.js';

describe('endpoint text', () => {
  it('is text, with a dialect and a port', () => {
    expectTypeOf(parseEndpoint).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(parseEndpoint).returns.toEqualTypeOf<Endpoint>();
    expectTypeOf(parseEndpoints).returns.toEqualTypeOf<readonly Endpoint[]>();
    parseEndpoint('80', { dialect: 'nginx', defaultPort: undefined });
    // @ts-expect-error a number is no text
    parseEndpoint(80);
    // @ts-expect-error there is no such dialect
    parseEndpoint('80', { dialect: 'apache' });
    // @ts-expect-error a port is a number
    parseEndpoint('80', { defaultPort: '80' });
    // @ts-expect-error there is no such option
    parseEndpoint('80', { port: 80 });
    expectTypeOf<EndpointDialect>().toEqualTypeOf<
      'inaddr' | 'go' | 'nginx' | 'systemd' | 'redis' | 'postgres' | 'compose'
    >();
  });

  it('safely gives data or an error', () => {
    const result: SafeParseEndpoint = safeParseEndpoint('127.0.0.1:80');
    if (result.success) {
      expectTypeOf(result.data).toEqualTypeOf<Endpoint>();
      expectTypeOf(result).not.toHaveProperty('error');
    } else {
      expectTypeOf(result.error).toEqualTypeOf<EndpointParseError>();
      expectTypeOf(result.error.code).toEqualTypeOf<EndpointParseErrorCode>();
      expectTypeOf(result).not.toHaveProperty('data');
    }
    const list = safeParseEndpoints('* ::*', { dialect: 'redis' });
    if (list.success) expectTypeOf(list.data).toEqualTypeOf<readonly Endpoint[]>();
  });

  it('is told apart by kind', () => {
    const endpoint = parseEndpoint('127.0.0.1:80');
    // @ts-expect-error a unix socket has no port
    endpoint.port;
    if (endpoint.kind === 'unix') expectTypeOf(endpoint.path).toEqualTypeOf<string>();
    else expectTypeOf(endpoint.port).toEqualTypeOf<number | null>();
    if (endpoint.kind === 'address') expectTypeOf(endpoint.address).toEqualTypeOf<Address>();
    if (endpoint.kind === 'name') expectTypeOf(endpoint.name).toEqualTypeOf<string>();
    if (endpoint.kind === 'wildcard') expectTypeOf(endpoint.families).toEqualTypeOf<'ipv4' | 'ipv6' | 'both'>();
    // @ts-expect-error what was read is not changed
    endpoint.optional = true;
  });

  it('is written', () => {
    expectTypeOf(formatEndpoint).returns.toEqualTypeOf<string>();
    expectTypeOf(formatEndpoints).parameter(0).toEqualTypeOf<readonly Endpoint[]>();
    expectTypeOf(expandPorts).returns.toEqualTypeOf<IterableIterator<Endpoint>>();
    // @ts-expect-error text is no endpoint
    formatEndpoint('127.0.0.1:80');
    expectTypeOf<EndpointFormatError['code']>().toEqualTypeOf<EndpointFormatErrorCode>();
    expectTypeOf<EndpointFormatError['endpoint']>().toEqualTypeOf<Endpoint | readonly Endpoint[]>();
  });

  it('is converted from one dialect to another, both said', () => {
    expectTypeOf(convert).returns.toEqualTypeOf<string>();
    // @ts-expect-error to which?
    convert('80', { from: 'nginx' });
  });
});

describe('an environment', () => {
  it('gives an address or a name', () => {
    expectTypeOf(parseEnvironmentEndpoint).returns.toEqualTypeOf<AddressEndpoint | NameEndpoint>();
    parseEnvironmentEndpoint(process.env, { hostVariable: 'REDIS_HOST', defaultPort: 6379 });
    // @ts-expect-error a variable is text
    parseEnvironmentEndpoint({ HOST: '::1', PORT: 80 });
  });
});
