import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IPv4Address, parseAddress } from '../../src/ip/index.js';
import {
  type Endpoint,
  EndpointFormatError,
  type EndpointFormatErrorCode,
  EndpointParseError,
  expandPorts,
  formatEndpoint,
  formatEndpoints,
  IN6ADDR_ANY,
  parseEndpoint,
  parseEndpoints,
  safeParseEndpoint,
  safeParseEndpoints,
} from '../../src/socket/index.js';
import { DIALECT_NAMES, endpoint, endpointText } from '../support/endpoints.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';

const runs = (numRuns: number) => ({ numRuns });

const BESIDE = {
  port: 80,
  lastPort: null,
  containerPort: null,
  lastContainerPort: null,
  protocol: null,
  optional: false,
} as const;
const address = (text: string, fields: Partial<Endpoint> = {}) =>
  forbidden<Endpoint>({ kind: 'address', address: parseAddress(text), ipv6Only: null, ...BESIDE, ...fields });
const name = (text: string, fields: Partial<Endpoint> = {}) =>
  forbidden<Endpoint>({ kind: 'name', name: text, ...BESIDE, ...fields });
const unix = (path: string) => forbidden<Endpoint>({ kind: 'unix', path, optional: false });
const wildcard = (families: string, fields: Partial<Endpoint> = {}) =>
  forbidden<Endpoint>({ kind: 'wildcard', families, ...BESIDE, ...fields });

describe.each(DIALECT_NAMES)('in dialect %s', (dialect) => {
  it('any text is an endpoint or an EndpointParseError, the same with and without a throw', () => {
    fc.assert(
      fc.property(endpointText, (text) => {
        const result = safeParseEndpoint(text, { dialect });
        if (result.success) {
          expect(parseEndpoint(text, { dialect })).toStrictEqual(result.data);
          return;
        }
        const { error } = result;
        expect(error).toBeInstanceOf(EndpointParseError);
        expect(error.input).toBe(text);
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(text.length);
        expect(error.hint).not.toBe('');
        expect(error.message).toMatch(/^[ -~…]+$/);
        expect(() => parseEndpoint(text, { dialect })).toThrow(
          expect.objectContaining({ name: 'EndpointParseError', message: error.message, code: error.code }),
        );
      }),
      runs(800),
    );
  });

  it('what is read is written, and read again the same', () => {
    let read = 0;
    fc.assert(
      fc.property(endpointText, (text) => {
        const result = safeParseEndpoint(text, { dialect });
        if (!result.success) return;
        read++;
        const written = formatEndpoint(result.data, { dialect });
        expect(parseEndpoint(written, { dialect })).toStrictEqual(result.data);
        expect(formatEndpoint(parseEndpoint(written, { dialect }), { dialect })).toBe(written);
      }),
      runs(1500),
    );
    expect(read).toBeGreaterThan(20);
  });

  it('lists that are read are written, and read again the same', () => {
    fc.assert(
      fc.property(fc.array(endpointText, { maxLength: 4 }), fc.constantFrom(' ', ',', ', '), (texts, between) => {
        const result = safeParseEndpoints(texts.join(between), { dialect });
        if (!result.success) {
          expect(result.error).toBeInstanceOf(EndpointParseError);
          return;
        }
        const written = formatEndpoints(result.data, { dialect });
        expect(parseEndpoints(written, { dialect })).toStrictEqual(result.data);
      }),
      runs(1000),
    );
  });

  it('an endpoint is written so that it is read with the same host and port, or not at all', () => {
    let written = 0;
    fc.assert(
      fc.property(endpoint, (value) => {
        let text: string;
        try {
          text = formatEndpoint(value, { dialect });
        } catch (error) {
          expect(error).toBeInstanceOf(EndpointFormatError);
          expect(error).toMatchObject({ dialect, endpoint: value });
          return;
        }
        written++;
        const again = parseEndpoint(text, { dialect });
        expect(again.optional).toBe(value.optional);
        if (value.kind === 'unix') {
          expect(again).toStrictEqual(value);
          return;
        }
        if (again.kind === 'unix') expect.fail(text);
        const { port, lastPort, containerPort, lastContainerPort } = value;
        expect(again).toMatchObject({ port, lastPort, containerPort, lastContainerPort });
        expect(again.protocol ?? 'tcp').toBe(value.protocol ?? 'tcp');
        expect(bits(again)).toStrictEqual(bits(value));
      }),
      // Four times as many: PostgreSQL and Redis take hosts without ports only, so that few of 1500 would be written.
      runs(6000),
    );
    expect(written).toBeGreaterThan(20);
  });

  it.each(NOT_TEXT)('%s is no endpoint', (_, value) => {
    const expected = { name: 'EndpointParseError', code: 'NOT_TEXT', offset: 0, input: value };
    expect(() => parseEndpoint(forbidden(value), { dialect })).toThrow(expect.objectContaining(expected));
    expect(() => parseEndpoints(forbidden(value), { dialect })).toThrow(expect.objectContaining(expected));
    expect(safeParseEndpoint(forbidden(value), { dialect })).toMatchObject({ success: false, error: expected });
    expect(safeParseEndpoints(forbidden(value), { dialect })).toMatchObject({ success: false, error: expected });
  });

  // Time in the square of the length would take minutes.
  it.each([
    ['digits', '1'.repeat(1e6)],
    ['colons', ':'.repeat(1e6)],
    ['dots', '.'.repeat(1e6)],
    ['hyphens', '-'.repeat(1e6)],
    ['blanks', ' '.repeat(1e6)],
    ['blanks before a letter', `${' '.repeat(1e6)}x`],
    ['commas', ','.repeat(1e6)],
    ['slashes', '/'.repeat(1e6)],
    ['percent signs', '%'.repeat(1e6 + 1)],
    ['percent signs in a path', `/${'%'.repeat(1e6 + 1)}`],
    ['brackets', '['.repeat(1e6)],
    ['letters', 'a'.repeat(1e6)],
    ['labels', 'a.'.repeat(5e5)],
    ['hosts', 'a,'.repeat(5e5)],
    ['words', 'a '.repeat(5e5)],
    ['a zone', `[fe80::1%${'a'.repeat(1e6)}]:80`],
    ['a zone after the port', `[fe80::1]:80%%${'a'.repeat(1e6)}`],
    ['a path', `unix:/${'a'.repeat(1e6)}`],
    ['a URL', `http://${'a@'.repeat(5e5)}`],
    ['a multiaddr', `/ip4/${'1/'.repeat(5e5)}`],
    ['a long port', `127.0.0.1:${'0'.repeat(1e6)}`],
    ['parameters', `80 ${'ssl '.repeat(2.5e5)}`],
    ['what is not ASCII', 'é'.repeat(1e6)],
  ])('takes a megabyte of %s', (_, text) => {
    const result = safeParseEndpoint(text, { dialect });
    if (!result.success) expect(result.error.message.length).toBeLessThan(1000);
    const list = safeParseEndpoints(text, { dialect });
    if (!list.success) expect(list.error.message.length).toBeLessThan(1000);
    expect(result.success && !list.success).toBe(false);
  });
});

/** Which families' every interface an endpoint is, or its one host. */
function bits(value: Exclude<Endpoint, { kind: 'unix' }>): string[] {
  if (value.kind === 'name') return [value.name];
  if (value.kind === 'wildcard') return value.families === 'both' ? ['ipv4', 'ipv6'] : [value.families];
  const text = String(value.address.family === 6 && value.ipv6Only !== true ? value.address.unmap() : value.address);
  if (text === '0.0.0.0') return ['ipv4'];
  if (text === IN6ADDR_ANY) return value.ipv6Only === true ? ['ipv6'] : ['ipv4', 'ipv6'];
  return [text];
}

describe('safeParseEndpoint', () => {
  it('makes the error once, when it is read', () => {
    const result = safeParseEndpoint('8080');
    if (result.success) expect.fail('is an endpoint');
    expect(Object.keys(result)).toStrictEqual(['success']);
    expect(result.error).toBe(result.error);
  });
});

describe('options', () => {
  it.each([
    [{ dialekt: 'go' }, 'there is no option "dialekt": there is dialect, defaultPort'],
    [{ dialect: 'Go' }, 'dialect is "Go": write'],
    [{ dialect: '__proto__' }, 'dialect is "__proto__": write'],
    [{ dialect: 'toString' }, 'dialect is "toString": write'],
    [{ dialect: null }, 'dialect is null: write'],
    [{ defaultPort: '80' }, 'defaultPort is "80": pass a whole number'],
    [{ defaultPort: 65536 }, 'defaultPort is 65536'],
    [{ defaultPort: 1.5 }, 'defaultPort is 1.5'],
    [{ defaultPort: -1 }, 'defaultPort is -1'],
    [null, 'the options are null'],
    ['go', 'the options are "go"'],
    [[], 'the options are'],
  ])('%j is a TypeError', (options, message) => {
    const given = forbidden<{ dialect: 'go' }>(options);
    for (const call of [
      () => parseEndpoint('127.0.0.1:80', given),
      () => safeParseEndpoint('127.0.0.1:80', given),
      () => parseEndpoints('127.0.0.1:80', given),
      () => safeParseEndpoints('127.0.0.1:80', given),
      () => formatEndpoint(name('localhost'), given),
      () => formatEndpoints([name('localhost')], given),
    ]) {
      expect(call).toThrow(TypeError);
      expect(call).toThrow(message);
    }
  });

  it('may be undefined', () => {
    expect(parseEndpoint('127.0.0.1:80', { dialect: undefined, defaultPort: undefined })).toMatchObject({ port: 80 });
  });

  it.each([
    ['redis', '127.0.0.1 -::1', 6379],
    ['postgres', '*', 5432],
    ['inaddr', '127.0.0.1', 80],
    ['nginx', '127.0.0.1', 8000],
  ] as const)('defaultPort is the port of %s texts without one: %s', (dialect, text, defaultPort) => {
    const endpoints = parseEndpoints(text, { dialect, defaultPort });
    expect(endpoints.map((one) => one.kind !== 'unix' && one.port)).toStrictEqual(endpoints.map(() => defaultPort));
    const written = formatEndpoints(endpoints, { dialect, defaultPort });
    expect(parseEndpoints(written, { dialect, defaultPort })).toStrictEqual(endpoints);
  });

  it('gives a port to what has none, and takes no other from a dialect without ports', () => {
    expect(formatEndpoint(parseEndpoint('::1', { dialect: 'redis' }), { defaultPort: 6379 })).toBe('[::1]:6379');
    expect(() => formatEndpoint(name('a', { port: 1 }), { dialect: 'redis', defaultPort: 6379 })).toThrow(
      expect.objectContaining({ code: 'PORT' }),
    );
  });
});

describe('what a dialect has no words for', () => {
  it.each([
    ['inaddr', wildcard('ipv6'), 'FAMILIES', 'ipv6Only'],
    ['inaddr', address('::', { ipv6Only: true }), 'FAMILIES', 'ipv6Only'],
    ['inaddr', address('::ffff:127.0.0.1', { ipv6Only: true }), 'MEANING', 'otherwise'],
    ['inaddr', name('a', { port: null }), 'NO_PORT', 'defaultPort'],
    ['inaddr', name('a', { lastPort: 81 }), 'RANGE', 'expandPorts'],
    ['inaddr', name('a', { containerPort: 81 }), 'CONTAINER_PORT', 'null'],
    ['inaddr', name('a', { optional: true }), 'OPTIONAL', 'false'],
    ['inaddr', name('127.1'), 'NAME', 'write 127.0.0.1'],
    ['inaddr', name('a b'), 'MEANING', 'split it'],
    ['inaddr', name('INADDR_ANY'), 'MEANING', 'otherwise'],
    ['inaddr', name('a..b'), 'NAME', 'one dot'],
    ['inaddr', unix('x'), 'PATH', './x'],
    ['inaddr', unix('//x'), 'PATH', 'write unix:/x'],
    ['inaddr', unix('@x'), 'MEANING', 'otherwise'],
    ['inaddr', unix('/a\nb'), 'PATH', 'control'],
    ['inaddr', unix('\0'), 'PATH', 'unix:@app'],
    ['inaddr', unix('\0a\0'), 'PATH', 'control'],
    ['go', wildcard('ipv4'), 'FAMILIES', 'net.Listen("tcp4", ":80")'],
    ['go', address('0.0.0.0'), 'FAMILIES', 'net.Listen("tcp4", ":80")'],
    ['go', wildcard('ipv6'), 'FAMILIES', 'net.Listen("tcp6", ":80")'],
    ['go', unix('/x'), 'UNIX', 'net.Listen("unix"'],
    ['go', name('a', { protocol: 'udp' }), 'PROTOCOL', 'net.ListenPacket'],
    ['nginx', address('fe80::1%eth0'), 'ZONE', 'refuses zones'],
    ['nginx', unix('\0x'), 'UNIX', 'write a path'],
    ['nginx', unix('/a b'), 'MEANING', 'nginx has'],
    ['nginx', unix(`/${'a'.repeat(107)}`), 'PATH', '107'],
    ['nginx', name('a', { port: 0 }), 'PORT', '1 to 65535'],
    ['systemd', wildcard('ipv6'), 'FAMILIES', 'BindIPv6Only=ipv6-only'],
    ['systemd', name('a'), 'NAME', 'resolves nothing'],
    ['systemd', address('127.0.0.1', { protocol: 'udp' }), 'PROTOCOL', 'ListenDatagram='],
    ['systemd', address('127.0.0.1', { port: 0 }), 'PORT', '1 to 65535'],
    ['systemd', unix('./x'), 'MEANING', 'a path'],
    ['redis', wildcard('both', { port: null }), 'FAMILIES', 'formatEndpoints'],
    ['redis', address('::', { port: null }), 'FAMILIES', 'formatEndpoints'],
    ['redis', name('a'), 'PORT', 'after port'],
    ['postgres', name('a', { port: null, optional: true }), 'OPTIONAL', 'any of its addresses'],
    ['postgres', unix('/run'), 'UNIX', 'unix_socket_directories'],
    ['compose', wildcard('both'), 'CONTAINER_PORT', 'set containerPort'],
    ['compose', name('a', { containerPort: 1 }), 'NAME', 'resolves nothing'],
    ['compose', address('fe80::1%eth0', { containerPort: 1 }), 'ZONE', 'no zones'],
  ] as const satisfies readonly (readonly [string, Endpoint, EndpointFormatErrorCode, string])[])(
    '%s, case %#',
    (dialect, value, code, hint) => {
      const error = thrown(() => formatEndpoint(value, { dialect }));
      expect(error).toBeInstanceOf(EndpointFormatError);
      expect(error).toMatchObject({ name: 'EndpointFormatError', code, dialect, endpoint: value });
      expect(error.hint).toContain(hint);
      expect(error.message).toContain(error.hint);
    },
  );

  it('lists, where there are none or too many', () => {
    const two = [name('a'), name('b')];
    expect(() => formatEndpoints(two)).toThrow(expect.objectContaining({ code: 'LIST', endpoint: two }));
    expect(() => formatEndpoints([], { dialect: 'nginx' })).toThrow(expect.objectContaining({ code: 'LIST' }));
    const many = Array.from({ length: 17 }, () => name('a', { port: null }));
    expect(() => formatEndpoints(many, { dialect: 'redis' })).toThrow(expect.objectContaining({ code: 'LIST' }));
    const nine = Array.from({ length: 9 }, () => wildcard('both', { port: null }));
    expect(() => formatEndpoints(nine, { dialect: 'redis' })).toThrow(expect.objectContaining({ code: 'LIST' }));
    expect(() => formatEndpoints(forbidden('a'))).toThrow(TypeError);
  });

  it.each([
    ['null', null],
    ['text', '127.0.0.1:80'],
    ['no kind', { ...BESIDE }],
    ['another kind', { ...BESIDE, kind: '__proto__' }],
    ['an address as text', { ...BESIDE, kind: 'address', address: '127.0.0.1', ipv6Only: null }],
    ['a forged address', { ...BESIDE, kind: 'address', address: Object.create(IPv4Address.prototype), ipv6Only: null }],
    ['a port as text', { ...BESIDE, kind: 'name', name: 'a', port: '80' }],
    ['a port over 65535', { ...BESIDE, kind: 'name', name: 'a', port: 65536 }],
    ['half a port', { ...BESIDE, kind: 'name', name: 'a', port: 1.5 }],
    ['no port at all', { kind: 'name', name: 'a', optional: false }],
    ['a range backwards', { ...BESIDE, kind: 'name', name: 'a', lastPort: 80 }],
    ['a range of nothing', { ...BESIDE, kind: 'name', name: 'a', port: null, lastPort: 80 }],
    ['another protocol', { ...BESIDE, kind: 'name', name: 'a', protocol: 'sctp' }],
    ['other families', { ...BESIDE, kind: 'wildcard', families: 'ipv5' }],
    ['an empty name', { ...BESIDE, kind: 'name', name: '' }],
    ['an empty path', { kind: 'unix', path: '', optional: false }],
    ['a path that is no text', { kind: 'unix', path: ['/x'], optional: false }],
    ['optional as text', { kind: 'unix', path: '/x', optional: 'yes' }],
    ['ipv6Only as text', { ...BESIDE, kind: 'address', address: parseAddress('::'), ipv6Only: 'on' }],
  ])('%s is no endpoint', (_, value) => {
    for (const dialect of DIALECT_NAMES) {
      expect(() => formatEndpoint(forbidden(value), { dialect })).toThrow(
        expect.objectContaining({ name: 'EndpointFormatError', code: 'NOT_ENDPOINT' }),
      );
      expect(() => formatEndpoints([forbidden<Endpoint>(value)], { dialect })).toThrow(EndpointFormatError);
    }
    expect(() => [...expandPorts(forbidden(value))]).toThrow(TypeError);
  });
});

function thrown(call: () => unknown): EndpointFormatError {
  try {
    call();
  } catch (error) {
    if (error instanceof EndpointFormatError) return error;
  }
  return expect.fail('nothing was thrown');
}

describe('expandPorts', () => {
  it.each([
    ['127.0.0.1:8001-8003', 'nginx', ['127.0.0.1:8001', '127.0.0.1:8002', '127.0.0.1:8003']],
    ['127.0.0.1:8001', 'nginx', ['127.0.0.1:8001']],
    ['unix:/x', 'nginx', ['unix:/x']],
    ['9090-9091:8080-8081/udp', 'compose', ['9090:8080/udp', '9091:8081/udp']],
    ['9090-9091:80', 'compose', ['9090:80', '9091:80']],
    ['3000-3001', 'compose', ['3000-3001']],
  ] as const)('%s', (text, dialect, expanded) => {
    const endpoints = [...expandPorts(parseEndpoint(text, { dialect }))];
    expect(endpoints.map((one) => formatEndpoint(one, { dialect }))).toStrictEqual(expanded);
  });

  it('makes ports as they are asked for', () => {
    const first = expandPorts(parseEndpoint('1-65535', { dialect: 'nginx' })).next();
    expect(first.value).toMatchObject({ port: 1, lastPort: null });
    expect([...expandPorts(parseEndpoint('1-65535', { dialect: 'nginx' }))]).toHaveLength(65535);
  });
});
