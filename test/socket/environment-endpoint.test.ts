import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EndpointParseError,
  type EndpointParseErrorCode,
  formatEndpoint,
  parseEnvironmentEndpoint,
} from '../../src/socket/index.js';
import { endpointText } from '../support/endpoints.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

describe('HOST and PORT', () => {
  it.each([
    ['127.0.0.1', '8080', '127.0.0.1:8080'],
    ['0.0.0.0', '0', '0.0.0.0:0'],
    ['::', '80', '[::]:80'],
    ['::1', '65535', '[::1]:65535'],
    ['fe80::1%eth0', '80', '[fe80::1%eth0]:80'],
    ['localhost', '80', 'localhost:80'],
    ['INADDR_ANY', '80', '0.0.0.0:80'],
    ['IN6ADDR_LOOPBACK', '80', '[::1]:80'],
  ])('%s and %s', (HOST, PORT, text) => {
    expect(formatEndpoint(parseEnvironmentEndpoint({ HOST, PORT }))).toBe(text);
  });

  it.each([
    ['', '80', 'NO_HOST', '', 'every interface'],
    [' ', '80', 'NO_HOST', ' ', '127.0.0.1'],
    ['*', '80', 'WILDCARD', '*', 'every interface'],
    [undefined, '80', 'NOT_SET', undefined, 'every interface'],
    ['127.0.0.1', undefined, 'NOT_SET', undefined, '8080'],
    ['[::1]', '80', 'BRACKETS', '[::1]', 'write ::1'],
    ['127.0.0.1:80', '80', 'PORT_NOT_HERE', '127.0.0.1:80', 'leave out :80'],
    ['127.1', '80', 'LENIENT_ADDRESS', '127.1', 'write 127.0.0.1'],
    ['010.0.0.1', '80', 'LENIENT_ADDRESS', '010.0.0.1', 'write 10.0.0.1 or 8.0.0.1'],
    ['127.0.0.1 ', '80', 'BLANK', '127.0.0.1 ', 'write 127.0.0.1'],
    ['a b', '80', 'BLANK', 'a b', 'write one host'],
    ['fe80::1%25eth0', '80', 'ZONE', 'fe80::1%25eth0', 'write fe80::1%eth0'],
    ['INADDR_NONE', '80', 'ADDRESS_WORD', 'INADDR_NONE', 'write the address'],
    ['127.0.0.1', '', 'NO_PORT', '', 'write a port'],
    ['127.0.0.1', '080', 'PORT_LEADING_ZERO', '080', 'write 80'],
    ['127.0.0.1', '0x50', 'BAD_PORT', '0x50', 'write 80'],
    ['127.0.0.1', ' 80', 'BAD_PORT', ' 80', 'write 80'],
    ['127.0.0.1', '80\n', 'BAD_PORT', '80\n', 'write 80'],
    ['127.0.0.1', '8e1', 'BAD_PORT', '8e1', 'write 80'],
    ['127.0.0.1', '65536', 'PORT_RANGE', '65536', '0 to 65535'],
    ['127.0.0.1', '-1', 'BAD_PORT', '-1', 'decimal'],
    ['127.0.0.1', '\\\\.\\pipe\\x', 'BAD_PORT', '\\\\.\\pipe\\x', 'decimal'],
  ] as const satisfies readonly (readonly [unknown, unknown, EndpointParseErrorCode, unknown, string])[])(
    '%j and %j: %s',
    (HOST, PORT, code, input, hint) => {
      const call = () => parseEnvironmentEndpoint({ HOST, PORT });
      expect(call).toThrow(EndpointParseError);
      expect(call).toThrow(expect.objectContaining({ code, input, hint: expect.stringContaining(hint) }));
      expect(call).toThrow(input === PORT ? 'PORT: ' : 'HOST: ');
    },
  );

  it.each(NOT_TEXT.filter(([, value]) => value !== undefined))('%s is coerced to nothing', (_, value) => {
    const expected = expect.objectContaining({ name: 'EndpointParseError', code: 'NOT_TEXT', input: value });
    expect(() => parseEnvironmentEndpoint({ HOST: forbidden(value), PORT: '80' })).toThrow(expected);
    expect(() => parseEnvironmentEndpoint({ HOST: '127.0.0.1', PORT: forbidden(value) })).toThrow(expected);
  });

  it('is an endpoint or an EndpointParseError for any two texts', () => {
    fc.assert(
      fc.property(endpointText, endpointText, (HOST, PORT) => {
        try {
          expect(parseEnvironmentEndpoint({ HOST, PORT })).toMatchObject({ port: Number(PORT) });
        } catch (error) {
          expect(error).toBeInstanceOf(EndpointParseError);
        }
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});

describe('the variables', () => {
  it('may have other names', () => {
    const environment = { REDIS_HOST: '::1', REDIS_PORT: '6379', HOST: '0.0.0.0', PORT: '80' };
    const options = { hostVariable: 'REDIS_HOST', portVariable: 'REDIS_PORT' };
    expect(formatEndpoint(parseEnvironmentEndpoint(environment, options))).toBe('[::1]:6379');
    expect(() => parseEnvironmentEndpoint({ ...environment, REDIS_PORT: 'x' }, options)).toThrow('REDIS_PORT: ');
  });

  it('have defaults only where they are not set, and only when they are given', () => {
    const options = { defaultHost: '127.0.0.1', defaultPort: 8080 };
    expect(formatEndpoint(parseEnvironmentEndpoint({}, options))).toBe('127.0.0.1:8080');
    expect(formatEndpoint(parseEnvironmentEndpoint({ HOST: '::1' }, options))).toBe('[::1]:8080');
    expect(() => parseEnvironmentEndpoint({ HOST: '' }, options)).toThrow(expect.objectContaining({ code: 'NO_HOST' }));
    expect(() => parseEnvironmentEndpoint({ PORT: '' }, options)).toThrow(expect.objectContaining({ code: 'NO_PORT' }));
    expect(() => parseEnvironmentEndpoint({}, { ...options, defaultPort: 65536 })).toThrow(TypeError);
    expect(() => parseEnvironmentEndpoint({}, { ...options, defaultHost: forbidden(1) })).toThrow(TypeError);
  });

  it('are own properties', () => {
    const inherited = Object.create({ HOST: '127.0.0.1', PORT: '80' });
    expect(() => parseEnvironmentEndpoint(inherited)).toThrow(expect.objectContaining({ code: 'NOT_SET' }));
    const options = { hostVariable: '__proto__', portVariable: 'constructor' };
    expect(() => parseEnvironmentEndpoint({}, options)).toThrow(expect.objectContaining({ code: 'NOT_SET' }));
    expect(() => parseEnvironmentEndpoint(process.env, { hostVariable: 'INADDR_TEST_UNSET' })).toThrow(
      'INADDR_TEST_UNSET: not set',
    );
  });

  it('and the options are checked', () => {
    expect(() => parseEnvironmentEndpoint(forbidden(null))).toThrow(TypeError);
    expect(() => parseEnvironmentEndpoint(forbidden('HOST=::1'))).toThrow(TypeError);
    expect(() => parseEnvironmentEndpoint({}, forbidden({ host: 'HOST' }))).toThrow('there is no option "host"');
    expect(() => parseEnvironmentEndpoint({}, { hostVariable: forbidden(1) })).toThrow(TypeError);
  });
});
