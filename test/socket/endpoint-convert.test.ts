import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familiesOf } from '../../src/socket/dialects/families.js';
import {
  type ConvertOptions,
  convert,
  EndpointFormatError,
  EndpointParseError,
  parseEndpoints,
} from '../../src/socket/index.js';
import { DIALECT_NAMES, endpointText } from '../support/endpoints.js';
import { forbidden } from '../support/not-text.js';

describe('convert', () => {
  it('takes the port that stands elsewhere for no text that says its own by having none', () => {
    const convertWith = (text: string, from: 'nginx' | 'compose', to: 'redis' | 'compose') =>
      convert(text, { from, to, defaultPort: 6379 });
    // Of nginx it is port 80.
    expect(() => convertWith('127.0.0.1', 'nginx', 'redis')).toThrow(/a port/);
    expect(convertWith('127.0.0.1:6379', 'nginx', 'redis')).toBe('127.0.0.1');
    // Of compose it is any free one.
    expect(convertWith('8080', 'compose', 'compose')).toBe('8080');
    expect(convertWith('127.0.0.1::80', 'compose', 'compose')).toBe('127.0.0.1::80');
  });

  it.each([
    ['*:80', 'nginx', 'systemd', '0.0.0.0:80'],
    ['8080', 'nginx', 'inaddr', '0.0.0.0:8080'],
    ['8080', 'systemd', 'go', ':8080'],
    ['8080', 'systemd', 'inaddr', '[::]:8080'],
    ['[::]:80', 'systemd', 'nginx', '[::]:80 ipv6only=off'],
    ['[::]:80', 'inaddr', 'nginx', '[::]:80 ipv6only=off'],
    [':80', 'go', 'systemd', '80'],
    ['[::1]:80', 'inaddr', 'nginx', '[::1]:80'],
    ['0x50', 'systemd', 'nginx', '[::]:80 ipv6only=off'],
    ['[::ffff:127.0.0.1]:80', 'inaddr', 'go', '127.0.0.1:80'],
    ['[::ffff:127.0.0.1]:80', 'inaddr', 'nginx', '[::ffff:127.0.0.1]:80 ipv6only=off'],
    ['[fe80::1%eth0]:80', 'go', 'systemd', '[fe80::1]:80%%eth0'],
    ['[fe80::1]:80%%eth0', 'systemd', 'inaddr', '[fe80::1%eth0]:80'],
    ['127.0.0.1:80/tcp', 'inaddr', 'go', '127.0.0.1:80'],
    ['127.0.0.1:53/udp', 'inaddr', 'nginx', '127.0.0.1:53 udp'],
    ['unix:@a', 'inaddr', 'systemd', '@a'],
    ['unix:/run/x', 'nginx', 'systemd', '/run/x'],
    ['* ::*', 'redis', 'postgres', '0.0.0.0,::'],
    ['*', 'postgres', 'redis', '* ::*'],
    ['*,127.0.0.1', 'postgres', 'redis', '* ::* 127.0.0.1'],
    ['""', 'redis', 'postgres', ''],
    ['', 'postgres', 'redis', '""'],
    ['localhost:80', 'nginx', 'nginx', 'localhost:80'],
  ] as const)('%j of %s is to %s %j', (text, from, to, converted) => {
    expect(convert(text, { from, to })).toBe(converted);
  });

  it.each([
    ['127.0.0.1', 'redis', 'nginx', 6379, '127.0.0.1:6379'],
    ['::1', 'postgres', 'inaddr', 5432, '[::1]:5432'],
    ['127.0.0.1:6379', 'inaddr', 'redis', 6379, '127.0.0.1'],
    [':5432', 'go', 'postgres', 5432, '*'],
    ['0.0.0.0:5432', 'go', 'redis', 5432, '* ::*'],
  ] as const)('%j of %s is to %s, with port %d elsewhere, %j', (text, from, to, defaultPort, converted) => {
    expect(convert(text, { from, to, defaultPort })).toBe(converted);
  });

  it.each([
    ['8080', 'nginx', 'go', 'FAMILIES', 'net.Listen("tcp4", ":8080")'],
    ['[::]:80', 'nginx', 'go', 'FAMILIES', 'net.Listen("tcp6", ":80")'],
    ['[::]:80', 'nginx', 'systemd', 'FAMILIES', 'BindIPv6Only=ipv6-only'],
    ['[::]:80', 'nginx', 'inaddr', 'FAMILIES', 'ipv6Only'],
    ['* -::*', 'redis', 'postgres', 'OPTIONAL', 'optional'],
    ['127.0.0.1', 'redis', 'inaddr', 'NO_PORT', 'defaultPort'],
    ['127.0.0.1:80', 'inaddr', 'redis', 'PORT', 'defaultPort'],
    ['* ::*', 'redis', 'systemd', 'LIST', 'formatEndpoint'],
    ['127.0.0.1:80-90', 'nginx', 'inaddr', 'RANGE', 'expandPorts'],
    ['53 udp', 'nginx', 'systemd', 'PROTOCOL', 'ListenDatagram='],
    ['127.0.0.1:8001:80', 'compose', 'inaddr', 'CONTAINER_PORT', 'containerPort'],
    ['127.0.0.1:8001', 'inaddr', 'compose', 'CONTAINER_PORT', 'containerPort'],
    ['unix:@a', 'inaddr', 'nginx', 'UNIX', 'write a path'],
    ['[fe80::1%eth0]:80', 'go', 'nginx', 'ZONE', 'zones'],
    ['127.0.0.1:0', 'inaddr', 'nginx', 'PORT', '1 to 65535'],
    ['localhost:80', 'nginx', 'go', 'NAME', 'the addresses that are meant'],
    ['localhost:80', 'inaddr', 'go', 'NAME', 'the addresses that are meant'],
    ['localhost', 'postgres', 'redis', 'NAME', 'the addresses that are meant'],
    ['localhost:80', 'nginx', 'systemd', 'NAME', 'resolves nothing'],
  ] as const)('%j of %s has no words in %s: %s', (text, from, to, code, hint) => {
    expect(() => convert(text, { from, to })).toThrow(EndpointFormatError);
    expect(() => convert(text, { from, to })).toThrow(
      expect.objectContaining({ code, dialect: to, hint: expect.stringContaining(hint) }),
    );
  });

  it('gives text of the other dialect, or one of the two errors, for any text and any two dialects', () => {
    fc.assert(
      fc.property(
        endpointText,
        fc.constantFrom(...DIALECT_NAMES),
        fc.constantFrom(...DIALECT_NAMES),
        (text, from, to) => {
          let converted: string;
          try {
            converted = convert(text, { from, to });
          } catch (error) {
            expect(error instanceof EndpointParseError || error instanceof EndpointFormatError).toBe(true);
            return;
          }
          // There and back again: the same interfaces, if not in the same words (Postgres has no `::*`), and then the same words.
          let again: string;
          try {
            again = convert(convert(converted, { from: to, to: from }), { from, to });
          } catch (error) {
            // What could be said here can be said there, if not a dual-stack wildcard in one text.
            expect(error).toBeInstanceOf(EndpointFormatError);
            return;
          }
          const interfaces = (list: string) => parseEndpoints(list, { dialect: to }).map(familiesOf);
          expect(interfaces(again)).toEqual(interfaces(converted));
          expect(convert(convert(again, { from: to, to: from }), { from, to })).toBe(again);
        },
      ),
      { numRuns: 3000 },
    );
  }, 60_000);

  it.each([
    [{ from: 'nginx' }, 'to is undefined: write'],
    [{ to: 'nginx' }, 'from is undefined: write'],
    [{ from: 'nginx', to: 'apache' }, 'to is "apache": write'],
    [{ from: '__proto__', to: 'go' }, 'from is "__proto__": write'],
    [{ from: 'nginx', to: 'go', port: 80 }, 'there is no option "port"'],
    [undefined, 'the options are undefined'],
  ])('refuses the options %j', (options, message) => {
    const call = () => convert('80', forbidden<ConvertOptions>(options));
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });
});
