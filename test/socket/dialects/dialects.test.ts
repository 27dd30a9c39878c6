import { describe, expect, it } from 'vitest';
import {
  type Endpoint,
  type EndpointDialect,
  type EndpointParseErrorCode,
  formatEndpoint,
  formatEndpoints,
  parseEndpoint,
  parseEndpoints,
  safeParseEndpoint,
  safeParseEndpoints,
} from '../../../src/socket/index.js';

/** What an endpoint says, in a line: `ipv4 * 80`. */
function say(endpoint: Endpoint): string {
  if (endpoint.kind === 'unix') return `unix ${endpoint.path.replace('\0', '@')}`;
  const { port, lastPort, containerPort, lastContainerPort, protocol, optional } = endpoint;
  const host =
    endpoint.kind === 'wildcard'
      ? `* ${endpoint.families}`
      : endpoint.kind === 'name'
        ? `name ${endpoint.name}`
        : `${endpoint.address}${endpoint.ipv6Only === null ? '' : endpoint.ipv6Only ? ' only' : ' dual'}`;
  const ports = `${port ?? 'none'}${lastPort === null ? '' : `-${lastPort}`}`;
  const inside =
    containerPort === null ? '' : ` to ${containerPort}${lastContainerPort === null ? '' : `-${lastContainerPort}`}`;
  return `${host} ${ports}${inside}${protocol === null ? '' : ` ${protocol}`}${optional ? ' optional' : ''}`;
}

type Row = readonly [text: string, meaning: string, written: string];

const READ: Readonly<Record<EndpointDialect, readonly Row[]>> = {
  inaddr: [['[::]:80', ':: 80', '[::]:80']],
  go: [
    [':8080', '* both 8080', ':8080'],
    ['0.0.0.0:8080', '* both 8080', ':8080'],
    ['[::]:8080', '* both 8080', ':8080'],
    ['[::ffff:0.0.0.0]:8080', '* both 8080', ':8080'],
    ['127.0.0.1:8080', '127.0.0.1 8080', '127.0.0.1:8080'],
    ['127.0.0.1:0', '127.0.0.1 0', '127.0.0.1:0'],
    ['[::1]:8080', '::1 8080', '[::1]:8080'],
    ['[::ffff:127.0.0.1]:8080', '127.0.0.1 8080', '127.0.0.1:8080'],
    ['[fe80::1%eth0]:8080', 'fe80::1%eth0 8080', '[fe80::1%eth0]:8080'],
    ['localhost:8080', 'name localhost 8080', 'localhost:8080'],
  ],
  nginx: [
    ['8080', '* ipv4 8080', '*:8080'],
    ['*:8080', '* ipv4 8080', '*:8080'],
    ['*', '* ipv4 80', '*:80'],
    ['0.0.0.0:8080', '0.0.0.0 8080', '0.0.0.0:8080'],
    ['[::]:8080', ':: only 8080', '[::]:8080'],
    ['[::]', ':: only 80', '[::]:80'],
    ['[::]:8080 ipv6only=on', ':: only 8080', '[::]:8080'],
    ['[::]:8080 ipv6only=off', ':: dual 8080', '[::]:8080 ipv6only=off'],
    ['[::1]:8080 ipv6only=off', '::1 dual 8080', '[::1]:8080 ipv6only=off'],
    ['[::ffff:127.0.0.1]:80 ipv6only=off', '::ffff:127.0.0.1 dual 80', '[::ffff:127.0.0.1]:80 ipv6only=off'],
    ['127.0.0.1', '127.0.0.1 80', '127.0.0.1:80'],
    ['127.0.0.1:80 ipv6only=off', '127.0.0.1 80', '127.0.0.1:80'],
    ['localhost', 'name localhost 80', 'localhost:80'],
    ['3000-3005', '* ipv4 3000-3005', '*:3000-3005'],
    ['[::1]:3000-3005', '::1 only 3000-3005', '[::1]:3000-3005'],
    ['127.0.0.1:53 udp', '127.0.0.1 53 udp', '127.0.0.1:53 udp'],
    ['443 quic reuseport', '* ipv4 443 udp', '*:443 udp'],
    ['80 default_server ssl backlog=511 so_keepalive=30m::10 reuseport', '* ipv4 80', '*:80'],
    ['unix:/run/x.sock ssl', 'unix /run/x.sock', 'unix:/run/x.sock'],
  ],
  systemd: [
    ['8080', '* both 8080', '8080'],
    ['0x50', '* both 80', '80'],
    ['0X1f90', '* both 8080', '8080'],
    ['010', '* both 8', '8'],
    ['0o17', '* both 15', '15'],
    ['0b11', '* both 3', '3'],
    ['+80', '* both 80', '80'],
    ['0.0.0.0:8080', '0.0.0.0 8080', '0.0.0.0:8080'],
    ['127.0.0.1:0x1F90', '127.0.0.1 8080', '127.0.0.1:8080'],
    ['[::]:8080', ':: 8080', '[::]:8080'],
    ['[::1]:8080', '::1 8080', '[::1]:8080'],
    ['[::ffff:127.0.0.1]:8080', '::ffff:127.0.0.1 8080', '[::ffff:127.0.0.1]:8080'],
    ['[fe80::1]:80%%eth0', 'fe80::1%eth0 80', '[fe80::1]:80%%eth0'],
    ['/run/x.sock', 'unix /run/x.sock', '/run/x.sock'],
    ['/run/a b%%c', 'unix /run/a b%c', '/run/a b%%c'],
    ['@name', 'unix @name', '@name'],
    ['@a%%', 'unix @a%', '@a%%'],
  ],
  redis: [
    ['*', '* ipv4 none', '*'],
    ['::*', '* ipv6 none', '::*'],
    ['-::*', '* ipv6 none optional', '-::*'],
    ['-::1', '::1 only none optional', '-::1'],
    ['0.0.0.0', '0.0.0.0 none', '0.0.0.0'],
    ['::', ':: only none', '::'],
    ['127.0.0.1', '127.0.0.1 none', '127.0.0.1'],
    ['fe80::1%eth0', 'fe80::1%eth0 only none', 'fe80::1%eth0'],
    ['localhost', 'name localhost none', 'localhost'],
    ['-host.example', 'name host.example none optional', '-host.example'],
  ],
  postgres: [
    ['*', '* both none', '*'],
    ['0.0.0.0', '0.0.0.0 none', '0.0.0.0'],
    ['::', ':: only none', '::'],
    ['::1', '::1 only none', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0 only none', 'fe80::1%eth0'],
    ['localhost', 'name localhost none', 'localhost'],
  ],
  compose: [
    ['8080', '* both none to 8080', '8080'],
    ['3000-3005', '* both none to 3000-3005', '3000-3005'],
    ['8080:80', '* both 8080 to 80', '8080:80'],
    ['0:80', '* both 0 to 80', '0:80'],
    ['8080:80/tcp', '* both 8080 to 80 tcp', '8080:80/tcp'],
    ['9090-9091:8080-8081', '* both 9090-9091 to 8080-8081', '9090-9091:8080-8081'],
    ['8000-9000:80', '* both 8000-9000 to 80', '8000-9000:80'],
    ['127.0.0.1:8001:80/udp', '127.0.0.1 8001 to 80 udp', '127.0.0.1:8001:80/udp'],
    ['127.0.0.1::80', '127.0.0.1 none to 80', '127.0.0.1::80'],
    ['127.0.0.1:5000-5010:5000-5010', '127.0.0.1 5000-5010 to 5000-5010', '127.0.0.1:5000-5010:5000-5010'],
    ['0.0.0.0:80:80', '0.0.0.0 80 to 80', '0.0.0.0:80:80'],
    ['[::]:80:80', ':: only 80 to 80', '[::]:80:80'],
    ['[::1]:6001:6001', '::1 only 6001 to 6001', '[::1]:6001:6001'],
    ['[::1]::80', '::1 only none to 80', '[::1]::80'],
  ],
};

type Fault = readonly [text: string, code: EndpointParseErrorCode, offset: number, hint: string];

const REFUSED: Readonly<Record<EndpointDialect, readonly Fault[]>> = {
  inaddr: [['80', 'NO_HOST', 0, 'write 0.0.0.0:80']],
  go: [
    ['', 'EMPTY', 0, 'any free port of every interface'],
    ['8080', 'NO_PORT', 4, 'a host, a colon and a port'],
    ['[::1]', 'NO_PORT', 5, 'a host, a colon and a port'],
    ['*:8080', 'WILDCARD', 0, 'write :8080'],
    [':', 'NO_PORT', 1, 'write a port'],
    ['127.0.0.1:', 'NO_PORT', 10, 'write a port'],
    ['127.0.0.1:http', 'BAD_PORT', 10, 'the number of the service'],
    ['127.0.0.1:+8080', 'BAD_PORT', 10, 'write 8080'],
    ['127.0.0.1:08080', 'PORT_LEADING_ZERO', 10, 'write 8080'],
    ['127.0.0.1:65536', 'PORT_RANGE', 10, '0 to 65535'],
    ['127.1:80', 'LENIENT_ADDRESS', 0, 'write 127.0.0.1'],
    ['::1:8080', 'AMBIGUOUS', 3, '[::1]:8080'],
    ['2001:db8::1', 'BRACKETS', 0, 'write [2001:db8::1]:8080'],
    ['[127.0.0.1]:80', 'BRACKETS', 0, 'leave them out'],
    ['[localhost]:80', 'BRACKETS', 0, 'leave them out'],
    ['[]:80', 'BAD_ADDRESS', 1, 'write e.g. [::1]'],
    ['[::1]80', 'BRACKETS', 4, 'write e.g. [::1]:8080'],
    ['[fe80::1%25eth0]:80', 'ZONE', 8, 'write fe80::1%eth0'],
    ['INADDR_ANY:80', 'ADDRESS_WORD', 0, 'write 0.0.0.0'],
    ['/run/x', 'NOT_SUPPORTED', 0, 'net.Listen("unix", PATH)'],
    ['a:80,b:80', 'LIST', 4, 'write one endpoint'],
  ],
  nginx: [
    ['', 'EMPTY', 0, 'the arguments of listen'],
    [' 80', 'BLANK', 0, 'the arguments of listen'],
    [':8080', 'NO_HOST', 0, 'nginx takes 8080 for every IPv4 interface'],
    [':', 'NO_HOST', 0, 'nginx takes 8080'],
    ['0', 'PORT_RANGE', 0, '1 to 65535'],
    ['127.0.0.1:0', 'PORT_RANGE', 10, '1 to 65535'],
    ['65536', 'PORT_RANGE', 0, 'nginx takes 1 to 65535'],
    ['127.0.0.1 udp', 'NO_PORT', 9, 'any free one, write 127.0.0.1:8080'],
    ['unix:/x udp', 'NOT_SUPPORTED', 8, 'leave out udp'],
    ['80 backlog=', 'PARAMETER', 3, 'backlog'],
    ['80 backlog=0', 'PARAMETER', 3, 'backlog'],
    ['80 ', 'BLANK', 2, 'leave it out'],
    ['/run/x', 'BAD_PATH', 0, 'write unix:/run/x'],
    ['[::1]:80:90', 'BRACKETS', 8, 'there is one port'],
    ['http://a:80', 'URL', 0, 'no scheme'],
    ['080', 'PORT_LEADING_ZERO', 0, 'write 80'],
    ['127.0.0.1:', 'NO_PORT', 10, 'write a port'],
    ['127.0.0.1:8005-8003', 'RANGE', 10, 'write 8003-8005'],
    ['127.0.0.1:8003-8003', 'RANGE', 10, 'write 8003'],
    ['127.0.0.1:0-3', 'RANGE', 10, 'begin with 1'],
    ['[fe80::1%eth0]:80', 'ZONE', 8, 'nginx refuses zones'],
    ['::1', 'BRACKETS', 0, 'write [::1]:8080'],
    ['[::1', 'BRACKETS', 0, 'write e.g. [::1]:8080'],
    ['010.0.0.1:80', 'LENIENT_ADDRESS', 0, 'write 10.0.0.1 or 8.0.0.1'],
    ['127.0.0.1:80/tcp', 'BAD_PORT', 12, 'write a decimal number'],
    ['80 foo', 'PARAMETER', 3, 'nginx has default_server'],
    ['80 defualt_server', 'PARAMETER', 3, 'write default_server'],
    ['[::]:80 ipv6only=of', 'PARAMETER', 8, 'write ipv6only=o'],
    ['80  ssl', 'PARAMETER', 3, 'one blank between'],
    ['80;', 'BLANK', 2, 'without quotes and variables'],
    ['$' + 'port', 'BLANK', 0, 'without quotes and variables'],
    ['unix:@x', 'BAD_PATH', 5, 'nginx has no abstract names'],
    ['unix:x', 'BAD_PATH', 5, './x'],
    ['unix:', 'BAD_PATH', 5, 'unix:/run/app.sock'],
    [`unix:/${'a'.repeat(107)}`, 'BAD_PATH', 5, '107 bytes at the most'],
  ],
  systemd: [
    ['', 'EMPTY', 0, 'to forget what was listed before'],
    ['080', 'PORT_LEADING_ZERO', 0, 'octal'],
    ['0', 'PORT_RANGE', 0, '1 to 65535'],
    ['00', 'PORT_RANGE', 0, '1 to 65535'],
    ['65536', 'PORT_RANGE', 0, '1 to 65535'],
    ['127.0.0.1:0', 'PORT_RANGE', 10, '1 to 65535'],
    ['127.0.0.1:080', 'PORT_LEADING_ZERO', 10, 'octal'],
    ['127.0.0.1:80x', 'BAD_PORT', 10, 'a decimal number'],
    ['127.0.0.1:', 'NO_PORT', 10, 'write a port'],
    ['127.0.0.1:80-81', 'RANGE', 10, 'a line for each port'],
    ['3000-3005', 'RANGE', 0, 'a line for each port'],
    [':8080', 'NO_HOST', 0, 'systemd takes 8080 for every interface'],
    ['*:8080', 'WILDCARD', 0, 'systemd takes 8080 for every interface'],
    ['localhost:80', 'BAD_NAME', 0, 'systemd resolves nothing'],
    ['127.1:80', 'BAD_ADDRESS', 5, 'write 127.0.0.1'],
    ['127.0.0.1', 'NO_PORT', 9, 'an address and a port'],
    ['[::1]', 'NO_PORT', 5, 'write e.g. [::1]:8080'],
    ['::1:8080', 'AMBIGUOUS', 3, '[::1]:8080'],
    ['[127.0.0.1]:80', 'BRACKETS', 0, 'leave them out'],
    ['[fe80::1%%eth0]:80', 'ZONE', 8, 'after the port'],
    ['[fe80::1]:80%eth0', 'NOT_SUPPORTED', 12, "'%%' for a percent sign"],
    ['[::1]:80%%lo', 'ZONE', 8, 'write ::1'],
    ['127.0.0.1:80%%lo', 'ZONE', 12, 'IPv4 has none, write 127.0.0.1:80'],
    ['%t/x.sock', 'NOT_SUPPORTED', 0, 'what systemd puts in its place'],
    ['/run/%%%p', 'NOT_SUPPORTED', 7, 'what systemd puts in its place'],
    ['vsock::80', 'NOT_SUPPORTED', 0, 'no IP address'],
    ['vsock:2:80', 'NOT_SUPPORTED', 0, 'no IP address'],
    ['vsock-stream:2:80', 'NOT_SUPPORTED', 0, 'no IP address'],
    ['vsockx:80', 'BAD_NAME', 0, 'systemd resolves nothing'],
    ['8080 9090', 'BLANK', 4, 'a line for each endpoint'],
    ['/', 'BAD_PATH', 0, 'the path of a socket'],
    ['fe80::1%%eth0:80', 'ZONE', 7, 'after the port'],
    ['unix:/run/x', 'BAD_PATH', 0, 'the path alone'],
    ['x.sock', 'NO_PORT', 6, 'or a path'],
    ['/run/x\\', 'BAD_PATH', 6, 'joins the next line'],
    ['@', 'BAD_PATH', 0, 'write e.g. /run/app.sock or @app'],
    [`/${'é'.repeat(54)}`, 'BAD_PATH', 0, '107 bytes at the most'],
  ],
  redis: [
    ['', 'EMPTY', 0, 'no TCP'],
    ['""', 'EMPTY', 0, 'no TCP'],
    ['* ::*', 'BLANK', 1, 'parseEndpoints'],
    ['a,b', 'LIST', 1, 'parseEndpoints'],
    ['127.0.0.1:6379', 'PORT_NOT_HERE', 9, 'leave out :'],
    [':6379', 'PORT_NOT_HERE', 0, 'write a host'],
    ['[::1]', 'BRACKETS', 0, 'write ::1'],
    ['-[::1]:6379', 'BRACKETS', 1, 'write ::1'],
    ['--::1', 'BAD_ADDRESS', 1, '2001:db8::1'],
    ['"127.0.0.1"', 'BAD_NAME', 0, 'without quotes'],
    ['127.1', 'LENIENT_ADDRESS', 0, 'write 127.0.0.1'],
    ['8080', 'LENIENT_ADDRESS', 0, '0.0.31.144'],
    ['127.1:80', 'LENIENT_ADDRESS', 0, '127.0.0.1'],
    ['http://a', 'URL', 0, 'no scheme'],
    ['-', 'EMPTY', 1, 'write one'],
    ['unix:/run/redis.sock', 'NOT_SUPPORTED', 0, 'unixsocket'],
    ['INADDR_ANY', 'ADDRESS_WORD', 0, 'write 0.0.0.0'],
  ],
  postgres: [
    ['', 'EMPTY', 0, 'no TCP'],
    ['a,b', 'LIST', 1, 'parseEndpoints'],
    ['a b', 'BLANK', 1, 'commas between them'],
    ['"a"', 'BLANK', 0, 'without quotes'],
    ['127.0.0.1:5432', 'PORT_NOT_HERE', 9, 'leave out :'],
    ['[::1]:5432', 'BRACKETS', 0, 'write ::1'],
    ['-::1', 'BAD_ADDRESS', 0, '2001:db8::1'],
    ['::*', 'BAD_ADDRESS', 2, '2001:db8::1'],
    ['fe80::1%25eth0', 'ZONE', 7, 'write fe80::1%eth0'],
    ['/run', 'NOT_SUPPORTED', 0, 'unix_socket_directories'],
  ],
  compose: [
    ['', 'EMPTY', 0, '127.0.0.1:8080:80'],
    [':8080', 'NO_PORT', 0, 'write 8080 for any free one'],
    ['*:8080', 'BAD_PORT', 0, 'a decimal number'],
    ['*:8080:80', 'WILDCARD', 0, 'write an address'],
    [':8080:80', 'NO_HOST', 0, 'write 0.0.0.0'],
    ['127.0.0.1:8080', 'NO_PORT', 14, 'write 127.0.0.1:8080:80'],
    ['localhost:8080', 'BAD_ADDRESS', 0, 'compose resolves nothing'],
    ['::1', 'BRACKETS', 0, 'write [::1]:8080:80'],
    ['::1:80', 'BRACKETS', 0, 'write [::1]:80:80'],
    ['::ffff:127.0.0.1:80', 'BRACKETS', 0, 'write [::ffff:127.0.0.1]:80:80'],
    ['127.0.0.1:53/udp', 'NO_PORT', 12, 'write 127.0.0.1:53:80/udp'],
    [':0', 'NO_PORT', 0, 'write 8080 for any free one'],
    ['[::]:8080', 'NO_PORT', 9, 'write [::]:8080:80'],
    ['[::1]', 'BRACKETS', 4, '[::1]:8080:80'],
    ['localhost:8080:80', 'BAD_ADDRESS', 0, 'compose resolves nothing'],
    ['127.1:8080:80', 'BAD_ADDRESS', 5, 'write 127.0.0.1'],
    ['::1:8001:80', 'BRACKETS', 0, 'write [::1]:8001:80'],
    ['1:2:3:4', 'BRACKETS', 0, 'an IPv6 address stands in brackets, write ADDRESS:PORT:CONTAINER-PORT'],
    ['[127.0.0.1]:80:80', 'BRACKETS', 0, 'leave them out'],
    ['[fe80::1%eth0]:80:80', 'ZONE', 8, 'no zones'],
    ['080:80', 'PORT_LEADING_ZERO', 0, 'write 80'],
    ['80:', 'NO_PORT', 3, 'write a port'],
    ['80:0', 'PORT_RANGE', 3, '1 to 65535'],
    ['80:80-81', 'RANGE', 3, 'of the same length'],
    ['8000-8002:80-81', 'RANGE', 10, 'of the same length'],
    ['6060:6060/sctp', 'NOT_SUPPORTED', 9, '/tcp or /udp'],
    ['6060:6060/UDP', 'PROTOCOL', 9, '/tcp or /udp'],
    ['$' + '{PORT}:80', 'BAD_PORT', 0, 'a decimal number'],
    ['80: 80', 'BLANK', 3, '127.0.0.1:8080:80'],
  ],
};

const DIALECTS = Object.keys(READ) as EndpointDialect[];

describe.each(DIALECTS)('%s', (dialect) => {
  it.each(READ[dialect])('reads %j as %s', (text, meaning, written) => {
    const endpoint = parseEndpoint(text, { dialect });
    expect(say(endpoint)).toBe(meaning);
    expect(formatEndpoint(endpoint, { dialect })).toBe(written);
    expect(say(parseEndpoint(written, { dialect }))).toBe(meaning);
    expect(parseEndpoints(text, { dialect })).toStrictEqual([endpoint]);
  });

  it.each(REFUSED[dialect])('refuses %j: %s at %i', (text, code, offset, hint) => {
    const result = safeParseEndpoint(text, { dialect });
    const error = result.success ? expect.fail(say(result.data)) : result.error;
    expect(error).toMatchObject({ code, offset, input: text });
    expect(error.hint).toContain(hint);
  });
});

describe('lists', () => {
  it.each([
    ['redis', '* -::*', ['* ipv4 none', '* ipv6 none optional'], '* -::*'],
    ['redis', ' 127.0.0.1  -::1 ', ['127.0.0.1 none', '::1 only none optional'], '127.0.0.1 -::1'],
    ['redis', '""', [], '""'],
    ['redis', '', [], '""'],
    ['postgres', 'localhost, ::1', ['name localhost none', '::1 only none'], 'localhost,::1'],
    ['postgres', '*', ['* both none'], '*'],
    ['postgres', '', [], ''],
    ['postgres', '  ', [], ''],
  ] as const)('%s reads %j', (dialect, text, meanings, written) => {
    const endpoints = parseEndpoints(text, { dialect });
    expect(endpoints.map(say)).toStrictEqual(meanings);
    expect(formatEndpoints(endpoints, { dialect })).toBe(written);
  });

  it.each([
    ['redis', '* 127.1 ::1', 'LENIENT_ADDRESS', 2],
    ['redis', '127.0.0.1 ""', 'EMPTY', 10],
    ['redis', '127.0.0.1 127.0.0.2:80', 'PORT_NOT_HERE', 19],
    ['redis', Array.from({ length: 17 }, (_, n) => `127.0.0.${n + 10}`).join(' '), 'LIST', 176],
    ['postgres', '127.0.0.1,', 'EMPTY', 10],
    ['postgres', ',127.0.0.1', 'EMPTY', 0],
    ['postgres', '127.0.0.1, ,::1', 'EMPTY', 11],
    ['postgres', '127.0.0.1, 127.1', 'LENIENT_ADDRESS', 11],
    ['postgres', Array.from({ length: 65 }, () => '::1').join(','), 'LIST', 256],
  ] as const)('%s refuses %j: %s at %i', (dialect, text, code, offset) => {
    expect(safeParseEndpoints(text, { dialect })).toMatchObject({
      success: false,
      error: { code, offset, input: text },
    });
  });
});
