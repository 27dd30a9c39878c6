import { endianness } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SockaddrPlatform, SocketAddress } from '../../src/socket/index.js';
import {
  createSocketAddress,
  fromSockaddr,
  fromSocketTuple,
  SocketAddressError,
  toSockaddr,
  toSocketTuple,
} from '../../src/socket/index.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';
import { askPython, whyNoPython } from '../support/python.js';
import { tempDir } from '../support/temp-dir.js';

const LINUX = { platform: 'linux', endianness: 'LE' } as const;

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function hex(data: Uint8Array): string {
  return Buffer.from(data).toString('hex');
}

/** The code of the SocketAddressError that is thrown. */
function codeOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SocketAddressError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

const paths = fc
  .tuple(fc.constantFrom('', './', '\0'), fc.stringMatching(/^[a-zü€😀][a-z0-9ü€😀/.-]{0,20}$/u))
  .map(([start, rest]) => start + rest);
const socketAddresses: fc.Arbitrary<SocketAddress> = fc.oneof(
  fc.tuple(ipv4, fc.nat(0xffff)).map(([address, port]) => createSocketAddress({ address, port })),
  fc
    .tuple(ipv6, fc.nat(0xffff), fc.nat(0xfffff), fc.nat(0xffff_ffff))
    .map(([address, port, flowInfo, scopeId]) =>
      createSocketAddress({ address, port, flowInfo, scopeId, type: 'SOCK_DGRAM' }),
    ),
  paths.map((path) => createSocketAddress({ path })),
);

describe('toSockaddr', () => {
  it.each<[string, Parameters<typeof createSocketAddress>[0], object, string]>([
    ['IPv4', { address: '192.0.2.1', port: 80 }, LINUX, '0200 0050 c0000201 0000000000000000'],
    [
      'IPv4 of a big-endian machine',
      { address: '192.0.2.1', port: 80 },
      { ...LINUX, endianness: 'BE' },
      '0002 0050 c0000201 0000000000000000',
    ],
    [
      'IPv4 of macOS',
      { address: '192.0.2.1', port: 80 },
      { platform: 'darwin' },
      '1002 0050 c0000201 0000000000000000',
    ],
    [
      'IPv6',
      { address: 'fe80::1', port: 0x1234, flowInfo: 0xabcde, scopeId: 0x01020304 },
      LINUX,
      '0a00 1234 000abcde fe800000000000000000000000000001 04030201',
    ],
    [
      'IPv6 of a big-endian machine',
      { address: 'fe80::1', port: 0x1234, flowInfo: 0xabcde, scopeId: 0x01020304 },
      { ...LINUX, endianness: 'BE' },
      '000a 1234 000abcde fe800000000000000000000000000001 01020304',
    ],
    [
      'IPv6 with a zone of known number',
      { address: 'fe80::1%eth0', port: 80 },
      { ...LINUX, scopes: new Map([['eth0', 2]]) },
      '0a00 0050 00000000 fe800000000000000000000000000001 02000000',
    ],
    [
      'IPv6 of FreeBSD',
      { address: '::1', port: 80 },
      { platform: 'freebsd', endianness: 'LE' },
      '1c1c 0050 00000000 00000000000000000000000000000001 00000000',
    ],
    [
      'IPv6 of Windows',
      { address: '::1', port: 80 },
      { platform: 'win32', endianness: 'LE' },
      '1700 0050 00000000 00000000000000000000000000000001 00000000',
    ],
    ['a path', { path: '/a' }, LINUX, '0100 2f61 00'],
    ['a path of macOS', { path: '/a' }, { platform: 'darwin' }, '0501 2f61 00'],
    ['an abstract name', { path: '\0a' }, LINUX, '0100 0061'],
  ])('writes %s', (_, fields, layout, expected) => {
    expect(hex(toSockaddr(createSocketAddress(fields), layout))).toBe(expected.replaceAll(' ', ''));
  });

  it('is of this machine by default', () => {
    const [first, second] = toSockaddr(createSocketAddress({ address: '127.0.0.1', port: 80 }), { platform: 'linux' });
    expect([first, second]).toEqual(endianness() === 'LE' ? [2, 0] : [0, 2]);
  });

  it('has paths as long as the system takes', () => {
    const of = (length: number) => createSocketAddress({ path: `/${'x'.repeat(length - 1)}` });
    expect(toSockaddr(of(107), LINUX)).toHaveLength(110);
    expect(toSockaddr(of(108), LINUX)).toHaveLength(110);
    expect(codeOf(() => toSockaddr(of(109), LINUX))).toBe('PATH_LENGTH');
    expect(toSockaddr(of(104), { platform: 'darwin' })).toHaveLength(106);
    expect(codeOf(() => toSockaddr(of(105), { platform: 'darwin' }))).toBe('PATH_LENGTH');
    // in bytes, not in characters
    expect(codeOf(() => toSockaddr(createSocketAddress({ path: 'ü'.repeat(55) }), LINUX))).toBe('PATH_LENGTH');
    expect(toSockaddr(createSocketAddress({ path: `\0${'x'.repeat(107)}` }), LINUX)).toHaveLength(110);
    expect(codeOf(() => toSockaddr(createSocketAddress({ path: `\0${'x'.repeat(108)}` }), LINUX))).toBe('PATH_LENGTH');
  });

  it('writes no zone whose number nobody says', () => {
    const zoned = createSocketAddress({ address: 'fe80::1%eth0', port: 80 });
    expect(codeOf(() => toSockaddr(zoned, LINUX))).toBe('SCOPE_UNKNOWN');
    expect(codeOf(() => toSockaddr(zoned, { ...LINUX, scopes: new Map([['eth1', 1]]) }))).toBe('SCOPE_UNKNOWN');
  });

  it('refuses abstract names where there are none, and what is no socket address', () => {
    expect(codeOf(() => toSockaddr(createSocketAddress({ path: '\0a' }), { platform: 'darwin' }))).toBe('PATH');
    for (const wrong of [null, 'a', [], {}, { family: 'AF_INET', address: '127.0.0.1', port: 65536 }]) {
      expect(() => Reflect.apply(toSockaddr, undefined, [wrong, LINUX])).toThrow(SocketAddressError);
    }
  });
});

describe('fromSockaddr', () => {
  it.each(['linux', 'darwin', 'freebsd', 'win32'] satisfies SockaddrPlatform[])(
    'is the inverse of toSockaddr: %s',
    (platform) => {
      fc.assert(
        fc.property(socketAddresses, fc.constantFrom('LE', 'BE'), (address, order) => {
          fc.pre(platform === 'linux' || !(address.family === 'AF_UNIX' && address.path.startsWith('\0')));
          const data = toSockaddr(address, { platform, endianness: order });
          expect(fromSockaddr(data, { platform, endianness: order, type: address.type })).toEqual(address);
          // as part of a larger buffer
          const around = new Uint8Array(data.length + 8).fill(0xff);
          around.set(data, 3);
          const part = around.subarray(3, 3 + data.length);
          expect(fromSockaddr(part, { platform, endianness: order, type: address.type })).toEqual(address);
        }),
      );
    },
  );

  it('reads a path up to its zero byte, as the kernel does', () => {
    expect(fromSockaddr(bytes('0100 2f61'), LINUX)).toMatchObject({ path: '/a' });
    expect(fromSockaddr(bytes('0100 2f61 00 ff'), LINUX)).toMatchObject({ path: '/a' });
    expect(fromSockaddr(bytes(`0100 ${'61'.repeat(108)}`), LINUX)).toMatchObject({ path: 'a'.repeat(108) });
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'LENGTH'],
    ['one byte', '02', 'LENGTH'],
    ['a short sockaddr_in', '0200 0050 c0000201 00000000000000', 'LENGTH'],
    ['a long sockaddr_in', '0200 0050 c0000201 0000000000000000 00', 'LENGTH'],
    ['a sockaddr_in6 as RFC 2133 had it', '0a00 0050 00000000 00000000000000000000000000000001', 'LENGTH'],
    ['a long sockaddr_un', `0100 ${'61'.repeat(109)}`, 'LENGTH'],
    ['AF_UNSPEC', '0000 0000', 'FAMILY'],
    ['the other byte order', '0002 0050 c0000201 0000000000000000', 'FAMILY'],
    ['a traffic class', '0a00 0050 0ff00000 00000000000000000000000000000001 00000000', 'FLOW_INFO'],
    ['a socket without a name', '0100', 'NO_ADDRESS'],
    ['an empty path', '0100 00', 'NO_ADDRESS'],
    ['a path that is not UTF-8', '0100 2fff 00', 'PATH'],
    ['an abstract name that Node 20 filled up', '0100 0061 0000', 'PATH'],
  ])('refuses %s', (_, data, code) => {
    expect(codeOf(() => fromSockaddr(bytes(data), LINUX))).toBe(code);
  });

  it('holds the length that BSD writes against the length that is given', () => {
    const data = toSockaddr(createSocketAddress({ address: '::1', port: 80 }), { platform: 'darwin' });
    expect(codeOf(() => fromSockaddr(data.fill(27, 0, 1), { platform: 'darwin' }))).toBe('LENGTH');
  });

  it.each([null, undefined, '0200', [2, 0], new DataView(new ArrayBuffer(16)), new ArrayBuffer(16)])(
    'refuses %o, which is no Uint8Array',
    (data) => {
      expect(codeOf(() => Reflect.apply(fromSockaddr, undefined, [data, LINUX]))).toBe('NOT_SOCKET_ADDRESS');
    },
  );

  it('gives a socket address or a SocketAddressError for any bytes', () => {
    const anyBytes = fc
      .tuple(
        fc.constantFrom('', '0100', '0200', '0a00', '1002', '1c1e', '1c1c'),
        fc.uint8Array({ maxLength: 120 }),
        fc.boolean(),
      )
      .map(([start, rest, fits]) => bytes(start + hex(fits ? rest.slice(0, start === '0200' ? 14 : 26) : rest)));
    fc.assert(
      fc.property(anyBytes, fc.constantFrom('linux', 'darwin', 'freebsd', 'win32'), (data, platform) => {
        try {
          const read = fromSockaddr(data, { platform, endianness: 'LE' });
          expect(createSocketAddress(read)).toEqual(read);
        } catch (error) {
          expect(error).toBeInstanceOf(SocketAddressError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('options', () => {
  const address = createSocketAddress({ address: '::1', port: 80 });

  it.each<[object, string]>([
    [{ platfrom: 'linux' }, 'TypeError'],
    [{ endianness: 'little' }, 'TypeError'],
    [{ platform: 'sunos' }, 'SocketAddressError'],
    [{ platform: 'toString' }, 'SocketAddressError'],
    [{ platform: null }, 'SocketAddressError'],
  ])('refuse %j', (options, name) => {
    const error = expect.objectContaining({ name });
    expect(() => Reflect.apply(toSockaddr, undefined, [address, options])).toThrow(error);
    expect(() => Reflect.apply(fromSockaddr, undefined, [new Uint8Array(16), options])).toThrow(error);
  });
});

interface Bound {
  sockaddr: string;
  name: string | { bytes: string } | [string, number] | [string, number, number, number];
}
interface PythonAnswer {
  bound: Bound[];
  unnamed: string;
  read: string[];
}

const reason = whyNoPython() ?? (process.platform === 'linux' ? null : 'the layout was measured on Linux');
if (reason !== null) process.stdout.write(`sockaddr of the C library: skipped: ${reason}\n`);

describe.skipIf(reason !== null)('what the C library and Python say', () => {
  const texts = fc.sample(fc.tuple(fc.oneof(ipv4, ipv6), fc.nat(0xffff)), 200);
  const directory = tempDir();
  const ask = () =>
    askPython('sockaddr.py', {
      directory,
      texts: texts.map(([address, port]) => [`${address}`, port]),
    }) as PythonAnswer;

  it('is what we read and write', () => {
    const { bound, unnamed, read } = ask();
    expect(bound).toHaveLength(7);
    for (const { sockaddr, name } of bound) {
      const address = fromSockaddr(bytes(sockaddr));
      const tuple = typeof name === 'object' && 'bytes' in name ? bytes(name.bytes) : name;
      expect(fromSocketTuple(tuple)).toEqual(address);
      expect(toSocketTuple(address)).toEqual(tuple instanceof Uint8Array ? new TextDecoder().decode(tuple) : tuple);
      expect(hex(toSockaddr(address))).toBe(sockaddr);
    }
    expect(codeOf(() => fromSockaddr(bytes(unnamed)))).toBe('NO_ADDRESS');
    expect(read).toHaveLength(texts.length);
    for (const [index, [address, port]] of texts.entries()) {
      expect(hex(toSockaddr(createSocketAddress({ address, port })))).toBe(read[index]);
      expect(fromSockaddr(bytes(read[index] ?? ''))).toMatchObject({ address: `${address}`, port });
    }
  });
});
