import { describe, expect, it } from 'vitest';
import {
  EndpointParseError,
  type EndpointParseErrorCode,
  formatEndpoint,
  parseEndpoint,
  parseEndpoints,
  safeParseEndpoint,
} from '../../../src/socket/index.js';

describe('text that is an endpoint', () => {
  it.each([
    ['127.0.0.1:80', { kind: 'address', port: 80, protocol: null, ipv6Only: null }, '127.0.0.1:80'],
    ['0.0.0.0:0', { kind: 'address', port: 0 }, '0.0.0.0:0'],
    ['127.0.0.1:65535', { kind: 'address', port: 65535 }, '127.0.0.1:65535'],
    ['127.0.0.1:53/udp', { kind: 'address', port: 53, protocol: 'udp' }, '127.0.0.1:53/udp'],
    ['127.0.0.1:53/tcp', { kind: 'address', port: 53, protocol: 'tcp' }, '127.0.0.1:53/tcp'],
    ['[::1]:80', { kind: 'address', port: 80 }, '[::1]:80'],
    ['[::]:80', { kind: 'address', port: 80, ipv6Only: null }, '[::]:80'],
    ['[0:0:0:0:0:0:0:1]:80/udp', { kind: 'address', port: 80, protocol: 'udp' }, '[::1]:80/udp'],
    ['[::FFFF:7f00:1]:80', { kind: 'address', port: 80 }, '[::ffff:127.0.0.1]:80'],
    ['[fe80::1%eth0]:80', { kind: 'address', port: 80 }, '[fe80::1%eth0]:80'],
    ['[fe80::1%25]:80', { kind: 'address', port: 80 }, '[fe80::1%25]:80'],
    ['localhost:80', { kind: 'name', name: 'localhost', port: 80 }, 'localhost:80'],
    ['example.com.:443', { kind: 'name', name: 'example.com.', port: 443 }, 'example.com.:443'],
    ['My_Service-1.example:80/tcp', { kind: 'name', name: 'My_Service-1.example' }, 'My_Service-1.example:80/tcp'],
    ['1a.2b:80', { kind: 'name', name: '1a.2b' }, '1a.2b:80'],
    ['INADDR_ANY:80', { kind: 'address', port: 80 }, '0.0.0.0:80'],
    ['INADDR_LOOPBACK:80', { kind: 'address', port: 80 }, '127.0.0.1:80'],
    ['IN6ADDR_ANY:80', { kind: 'address', port: 80 }, '[::]:80'],
    ['INADDR_BROADCAST:9/udp', { kind: 'address', port: 9 }, '255.255.255.255:9/udp'],
    ['IN6ADDR_LOOPBACK:80/udp', { kind: 'address', port: 80, protocol: 'udp' }, '[::1]:80/udp'],
    ['unix:/run/x.sock', { kind: 'unix', path: '/run/x.sock' }, 'unix:/run/x.sock'],
    ['unix:/run/a b:80/tcp', { kind: 'unix', path: '/run/a b:80/tcp' }, 'unix:/run/a b:80/tcp'],
    ['unix:./x.sock', { kind: 'unix', path: './x.sock' }, 'unix:./x.sock'],
    ['unix:../@x', { kind: 'unix', path: '../@x' }, 'unix:../@x'],
    ['unix:@name', { kind: 'unix', path: '\0name' }, 'unix:@name'],
    ['unix:@@', { kind: 'unix', path: '\0@' }, 'unix:@@'],
  ])('%s', (text, fields, canonical) => {
    const endpoint = parseEndpoint(text);
    expect(endpoint).toMatchObject({ ...fields, optional: false });
    expect(formatEndpoint(endpoint)).toBe(canonical);
    expect(parseEndpoint(canonical)).toStrictEqual(endpoint);
    expect(parseEndpoints(text)).toStrictEqual([endpoint]);
  });
});

const SHOW_CHOICES =
  'write 0.0.0.0:8080 for every IPv4 interface, [::]:8080 for every interface, or 127.0.0.1:8080 for this machine alone';

/** What is wrong with a text, where, and what the hint says. */
const FAULTS: readonly (readonly [text: string, code: EndpointParseErrorCode, offset: number, hint: string])[] = [
  ['', 'EMPTY', 0, 'every interface to Node and none to PostgreSQL'],
  ['8080', 'NO_HOST', 0, `every interface to systemd and Node, every IPv4 interface to nginx`],
  ['8080', 'NO_HOST', 0, SHOW_CHOICES],
  [':8080', 'NO_HOST', 0, 'every interface to Go'],
  [':8080', 'NO_HOST', 0, SHOW_CHOICES],
  ['*:8080', 'WILDCARD', 0, 'every IPv4 interface to nginx'],
  ['*:8080', 'WILDCARD', 0, SHOW_CHOICES],
  ['*', 'WILDCARD', 0, SHOW_CHOICES],
  [':', 'NO_HOST', 0, SHOW_CHOICES],
  ['127.0.0.1', 'NO_PORT', 9, 'write 127.0.0.1:8080'],
  ['localhost', 'NO_PORT', 9, 'write localhost:8080'],
  ['[::1]', 'NO_PORT', 5, 'write [::1]:8080'],
  ['127.0.0.1:', 'NO_PORT', 10, 'write a port'],
  ['[::1]:', 'NO_PORT', 6, 'write a port'],
  ['::1', 'BRACKETS', 0, 'write [::1]:8080'],
  ['fe80::1%eth0', 'BRACKETS', 0, 'write [fe80::1%eth0]:8080'],
  ['1:2:3:4:5:6:7:8:80', 'BRACKETS', 0, 'write [1:2:3:4:5:6:7:8]:80'],
  ['fe80::1%eth0:80', 'BRACKETS', 0, 'write [fe80::1%eth0]:80'],
  ['::ffff:127.0.0.1:80', 'BRACKETS', 0, 'write [::ffff:127.0.0.1]:80'],
  ['[127.0.0.1]:80', 'BRACKETS', 0, 'leave them out'],
  ['[localhost]:80', 'BRACKETS', 0, 'leave them out'],
  ['[::1:80', 'BRACKETS', 0, 'write e.g. [::1]:8080'],
  ['[::1]80', 'BRACKETS', 5, 'write [::1]:80'],
  ['127.0.0.1:8001:80', 'BRACKETS', 14, 'there is one port'],
  ['3000-3005', 'RANGE', 4, 'write one endpoint for each port'],
  ['1-2:80', 'BAD_NAME', 0, 'write a name that has one'],
  ['_:80', 'BAD_NAME', 0, 'write a name that has one'],
  ['2001:db8::1:80', 'AMBIGUOUS', 11, 'write [2001:db8::1:80]:8080 or [2001:db8::1]:80'],
  ['::1:80', 'AMBIGUOUS', 3, 'write [::1:80]:8080 or [::1]:80'],
  ['127.0.0.1:080', 'PORT_LEADING_ZERO', 10, 'write 80'],
  ['127.0.0.1:00', 'PORT_LEADING_ZERO', 10, 'write 0'],
  ['127.0.0.1:65536', 'PORT_RANGE', 10, 'write 0 to 65535'],
  ['127.0.0.1:99999999999999999999', 'PORT_RANGE', 10, 'write 0 to 65535'],
  ['127.0.0.1:+80', 'BAD_PORT', 10, 'some readers take this for port 80, write 80'],
  ['127.0.0.1:-1', 'BAD_PORT', 10, 'write a decimal number'],
  ['127.0.0.1:0x50', 'BAD_PORT', 11, 'some readers take this for port 80, write 80'],
  ['127.0.0.1:8e1', 'BAD_PORT', 11, 'some readers take this for port 80, write 80'],
  ['127.0.0.1:80.0', 'BAD_PORT', 12, 'some readers take this for port 80, write 80'],
  ['127.0.0.1:８０', 'BAD_PORT', 10, 'some readers take this for port 80, write 80'],
  ['127.0.0.1:http', 'BAD_PORT', 10, 'write the number of the service'],
  ['127.0.0.1:3000-3005', 'RANGE', 14, 'write one endpoint for each port'],
  [' 127.0.0.1:80', 'BLANK', 0, 'write 127.0.0.1:80'],
  ['127.0.0.1: 80', 'BLANK', 10, 'write 127.0.0.1:80'],
  ['127.0.0.1:80\n', 'BLANK', 12, 'write 127.0.0.1:80'],
  ['127.0.0.1:80\0', 'BLANK', 12, 'write 127.0.0.1:80'],
  ['a:80 b:80', 'BLANK', 4, 'write one endpoint'],
  ['a:80,b:80', 'LIST', 4, 'write one endpoint'],
  ['[::1]:80,[::2]:80', 'LIST', 8, 'write one endpoint'],
  ['127.0.0.1,127.0.0.2', 'LIST', 9, 'write one endpoint'],
  ['127.1:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 127.0.0.1, write 127.0.0.1'],
  ['010.0.0.1:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1'],
  ['2130706433:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 127.0.0.1'],
  ['0x7f.1:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 127.0.0.1'],
  ['0:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 0.0.0.0'],
  ['１２７.0.0.1:80', 'LENIENT_ADDRESS', 0, 'some readers take this as 127.0.0.1'],
  ['1.2.3.256:80', 'LENIENT_ADDRESS', 0, 'write four decimal octets'],
  ['a.b.1:80', 'LENIENT_ADDRESS', 0, 'write four decimal octets'],
  ['a.0x:80', 'LENIENT_ADDRESS', 0, 'write four decimal octets'],
  ['[2001:db8::g]:80', 'BAD_ADDRESS', 11, 'in the brackets, write e.g. 2001:db8::1'],
  ['[::1/128]:80', 'PROTOCOL', 4, "after a slash stands 'tcp' or 'udp'"],
  ['[]:80', 'BAD_ADDRESS', 1, 'write e.g. [::1]'],
  ['[fe80::1%25eth0]:80', 'ZONE', 8, 'zone "eth0" to some readers and zone "25eth0" to others, write fe80::1%eth0'],
  ['[fe80::1%]:80', 'ZONE', 8, 'write fe80::1'],
  ['[::1%lo]:80', 'ZONE', 4, 'write ::1'],
  ['127.0.0.1%lo:80', 'ZONE', 9, 'only an IPv6 address has one'],
  ['INADDR_NONE:80', 'ADDRESS_WORD', 0, 'write the address'],
  ['INADDR_LOOP_BACK:80', 'ADDRESS_WORD', 0, 'write INADDR_LOOPBACK (127.0.0.1)'],
  ['inaddr_any:80', 'ADDRESS_WORD', 0, 'write INADDR_ANY (0.0.0.0)'],
  ['in6addr_Loopback:80', 'ADDRESS_WORD', 0, 'write IN6ADDR_LOOPBACK'],
  ['bücher.de:80', 'BAD_NAME', 1, 'write xn--bcher-kva.de'],
  ['a..b:80', 'BAD_NAME', 2, 'write one dot between labels'],
  ['.a:80', 'BAD_NAME', 0, 'write one dot between labels'],
  ['.:80', 'BAD_NAME', 0, 'write one dot between labels'],
  ['-a.b:80', 'BAD_NAME', 0, 'write letters and digits there'],
  ['10.0.0.1 0:80', 'BLANK', 8, 'write one endpoint without blanks'],
  ['[::1]/udp', 'NO_PORT', 5, 'write [::1]:8080/udp'],
  [':53/udp', 'NO_HOST', 0, '127.0.0.1:53/udp'],
  ['b.a-:80', 'BAD_NAME', 3, 'write letters and digits there'],
  ['a$b:80', 'BAD_NAME', 1, 'a name is letters, digits'],
  ['$' + '{HOST}:80', 'BAD_NAME', 0, 'a name is letters, digits'],
  [`${'a'.repeat(64)}:80`, 'BAD_NAME', 0, 'write 63 at the most'],
  [`${'a.'.repeat(126)}ab:80`, 'BAD_NAME', 0, 'write 253 at the most'],
  ['user@example.com:80', 'URL', 4, 'an endpoint has no user'],
  ['http://example.com:80/path?q', 'URL', 0, 'write example.com:80'],
  ['http://user:secret@example.com:80', 'URL', 0, 'write example.com:80'],
  ['http://example.com/', 'URL', 0, 'no scheme, user or path'],
  ['tcp://127.0.0.1:80', 'URL', 0, 'write 127.0.0.1:80/tcp'],
  ['udp://[::1]:53', 'URL', 0, 'write [::1]:53/udp'],
  ['unix:///run/x.sock', 'BAD_PATH', 5, 'write unix:/run/x.sock'],
  ['UNIX:///run/x.sock', 'URL', 0, 'write unix:/run/x.sock'],
  ['127.0.0.1:80/path', 'PROTOCOL', 12, 'write 127.0.0.1:80'],
  ['127.0.0.1:80/TCP', 'PROTOCOL', 12, 'write 127.0.0.1:80/tcp'],
  ['127.0.0.1:80/', 'PROTOCOL', 12, 'write 127.0.0.1:80'],
  ['127.0.0.1:80/tcp/udp', 'PROTOCOL', 12, "after a slash stands 'tcp' or 'udp'"],
  ['10.0.0.0/8:80', 'PROTOCOL', 8, "after a slash stands 'tcp' or 'udp'"],
  ['/ip4/127.0.0.1/tcp/80', 'MULTIADDR', 0, 'write 127.0.0.1:80/tcp'],
  ['/ip6/::1/udp/80', 'MULTIADDR', 0, 'write [::1]:80/udp'],
  ['/ip6zone/eth0/ip6/fe80::1/tcp/80', 'MULTIADDR', 0, 'write [fe80::1%eth0]:80/tcp'],
  ['/dns4/example.com/tcp/443', 'MULTIADDR', 0, 'write example.com:443/tcp'],
  ['/unix/run/x.sock', 'MULTIADDR', 0, 'write unix:/run/x.sock'],
  ['/ip4/127.0.0.1/udp/80/quic-v1', 'MULTIADDR', 0, 'write a host and a port'],
  ['/run/x.sock', 'BAD_PATH', 0, 'write unix:/run/x.sock'],
  ['unix:', 'BAD_PATH', 5, 'unix:/run/app.sock'],
  ['unix:@', 'BAD_PATH', 5, 'unix:@app'],
  ['unix:x.sock', 'BAD_PATH', 5, './x.sock'],
  ['unix:/x\n', 'BAD_PATH', 7, 'without control characters'],
  ['unix:/x ', 'BAD_PATH', 7, 'without blanks at its ends'],
  ['unix: /x', 'BAD_PATH', 5, 'without blanks at its ends'],
  ['unix:/a\0b', 'BAD_PATH', 7, 'without control characters'],
  ['unix:/\ud800', 'BAD_PATH', 6, 'without control characters'],
];

describe('text that is none', () => {
  it.each(FAULTS)('%j: %s at %i', (text, code, offset, hint) => {
    const result = safeParseEndpoint(text);
    expect(result.success).toBe(false);
    const error = result.success ? expect.fail('is an endpoint') : result.error;
    expect(error).toBeInstanceOf(EndpointParseError);
    expect(error).toMatchObject({ name: 'EndpointParseError', code, offset, input: text });
    expect(error.hint).toContain(hint);
    expect(error.message).toContain(error.hint);
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code, offset, message: error.message }));
  });
});

describe('defaultPort', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:6379'],
    ['[::1]', '[::1]:6379'],
    ['[fe80::1%eth0]/udp', '[fe80::1%eth0]:6379/udp'],
    ['localhost', 'localhost:6379'],
    ['INADDR_ANY', '0.0.0.0:6379'],
    ['127.0.0.1:80', '127.0.0.1:80'],
    ['unix:/x', 'unix:/x'],
  ])('%s', (text, canonical) => {
    expect(formatEndpoint(parseEndpoint(text, { defaultPort: 6379 }))).toBe(canonical);
  });

  it.each(['', '8080', '*', ':80', '::1', '127.1', '127.0.0.1:'])('gives %j no meaning', (text) => {
    expect(safeParseEndpoint(text, { defaultPort: 6379 }).success).toBe(false);
  });
});
