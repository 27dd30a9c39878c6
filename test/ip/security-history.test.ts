import { describe, expect, it } from 'vitest';
import {
  AddressParseError,
  type AddressParseErrorCode,
  classify,
  formatReverseName,
  formatUriHost,
  isAddress,
  isGloballyReachable,
  isLoopback,
  isMulticast,
  isPrivate,
  lenientReadings,
  parseAddress,
  safeParseAddress,
} from '../../src/ip/index.js';

/** Inputs that broke other libraries, one test an advisory. */

function expectRejected(text: string, code: AddressParseErrorCode): void {
  expect(isAddress(text)).toBe(false);
  expect(safeParseAddress(text)).toMatchObject({ success: false, error: { code, input: text } });
  for (const answer of [parseAddress, classify, isGloballyReachable, isLoopback, isPrivate]) {
    expect(() => answer(text)).toThrow(AddressParseError);
  }
}

function expectReaches(text: string, inner: string): void {
  expect(classify(text).embedded).toMatchObject({ address: inner, kind: classify(inner).kind });
  expect(isGloballyReachable(text)).toBe(false);
}

describe('security history', () => {
  it('CVE-2021-28918 netmask: octal 012.0.0.1 is not 12.0.0.1', () => {
    expectRejected('012.0.0.1', 'LEADING_ZERO');
    expect(lenientReadings('012.0.0.1').inetAton).toBe('10.0.0.1');
  });

  it.each(['1.2.3.4x', '1.2.3x.4', '1.2.3.4 x', '1.2.3.0x4'])(
    'CVE-2021-29418 netmask: trailing characters in %s',
    (text) => {
      expectRejected(text, text.includes(' ') ? 'BLANK' : 'BAD_CHARACTER');
    },
  );

  it('CVE-2023-42282 ip: hexadecimal 0x7f.1', () => {
    expectRejected('0x7f.1', 'BAD_CHARACTER');
    expect(lenientReadings('0x7f.1').inetAton).toBe('127.0.0.1');
  });

  it.each([
    ['127.1', 'OCTET_COUNT', '127.0.0.1'],
    ['012.1.2.3', 'LEADING_ZERO', '10.1.2.3'],
    ['01200034567', 'LEADING_ZERO', '10.0.57.119'],
  ] as const)('CVE-2024-29415 ip: %s', (text, code, reading) => {
    expectRejected(text, code);
    expect(lenientReadings(text).inetAton).toBe(reading);
    expect(safeParseAddress(text)).toMatchObject({ error: { hint: expect.stringContaining(reading) } });
  });

  it('CVE-2024-29415 ip: 000:0:0000::01 is ::1', () => {
    expect(String(parseAddress('000:0:0000::01'))).toBe('::1');
    expect(isLoopback('000:0:0000::01')).toBe(true);
    expect(isGloballyReachable('000:0:0000::01')).toBe(false);
  });

  it('CVE-2024-29415 ip: ::fFFf:127.0.0.1 reaches loopback', () => {
    expectReaches('::fFFf:127.0.0.1', '127.0.0.1');
    expect(isLoopback('::fFFf:127.0.0.1')).toBe(true);
  });

  it('CVE-2025-59436 ip: octal 017700000001', () => {
    expectRejected('017700000001', 'LEADING_ZERO');
    expect(lenientReadings('017700000001').inetAton).toBe('127.0.0.1');
  });

  it('CVE-2025-59437 ip: 0', () => {
    expectRejected('0', 'OCTET_COUNT');
    expect(lenientReadings('0')).toStrictEqual({ inetAton: '0.0.0.0', url: '0.0.0.0' });
  });

  it.each([
    '0.1.2.3',
    '100.64.0.1',
    '192.0.0.1',
    '198.18.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '100::1',
    '2001:2::1',
    '5f00::1',
  ])('CVE-2020-28360 private-ip: reserved %s is not globally reachable', (text) => {
    expect(classify(text).globallyReachable).toBe(false);
    expect(isGloballyReachable(text)).toBe(false);
  });

  it('CVE-2025-8020 private-ip: multicast 224.0.0.1', () => {
    expect(isMulticast('224.0.0.1')).toBe(true);
    expect(isGloballyReachable('224.0.0.1')).toBe(false);
  });

  it.each(['<img src=x>', '::1<script>', 'fe80::1%<b>', '1.2.3.4"onload=', '[::1]<br>'])(
    'CVE-2026-42338 ip-address: %j never becomes an address',
    (text) => {
      expect(isAddress(text)).toBe(false);
      expect(() => formatUriHost(text)).toThrow(AddressParseError);
    },
  );

  it.each(['::ffff:127.0.0.1', '64:ff9b::7f00:1'])('GHSA-22jq-vg5j-6vgg ip-address: %s reaches loopback', (text) => {
    expectReaches(text, '127.0.0.1');
  });

  it.each(['127.0.0.1/0', '127.0.0.1/32', '10.0.0.1/0'])('GHSA-4xrf-jv44-h6hh ip-address: %s is a prefix', (text) => {
    expectRejected(text, 'PREFIX_LENGTH');
  });

  it('CVE-2026-69192 ip-address: 012.0.0.1', () => {
    expectRejected('012.0.0.1', 'LEADING_ZERO');
  });

  it('CVE-2026-30827 express-rate-limit: mapped addresses are unmapped before they are grouped', () => {
    const groups = ['::ffff:192.0.2.1', '::ffff:198.51.100.1'].map((text) => {
      const value = parseAddress(text);
      return String(value.family === 6 ? value.unmap() : value);
    });
    expect(groups).toStrictEqual(['192.0.2.1', '198.51.100.1']);
  });

  it('CVE-2026-39409 hono: ::ffff:127.0.0.1 is loopback to a rule', () => {
    expect(isLoopback('::ffff:127.0.0.1')).toBe(true);
  });

  it('CVE-2026-43929 ssrfcheck: ::ffff:7f00:1, which a URL makes of [::ffff:127.0.0.1]', () => {
    const { hostname } = new URL('http://[::ffff:127.0.0.1]/');
    expect(hostname).toBe('[::ffff:7f00:1]');
    expectRejected(hostname, 'BRACKETS');
    expectReaches(hostname.slice(1, -1), '127.0.0.1');
    expect(isLoopback(hostname.slice(1, -1))).toBe(true);
  });

  it('CVE-2021-29921 Python ipaddress: 010.8.8.8', () => {
    expectRejected('010.8.8.8', 'LEADING_ZERO');
    expect(lenientReadings('010.8.8.8').inetAton).toBe('8.8.8.8');
  });

  it.each([
    ['192.0.0.8', false],
    ['64:ff9b:1::1', false],
    ['2001:20::1', true],
  ])('CVE-2024-4032 Python ipaddress: %s is globally reachable: %s', (text, reachable) => {
    expect(isGloballyReachable(text)).toBe(reachable);
    expect(classify(text).globallyReachable).toBe(reachable);
  });

  it('CVE-2024-24790 Go netip: ::ffff:127.0.0.1', () => {
    expect(isLoopback('::ffff:127.0.0.1')).toBe(true);
    expectReaches('::ffff:127.0.0.1', '127.0.0.1');
  });

  it('CVE-2021-29922, CVE-2021-29923 Rust and Go: 0127.0.0.1', () => {
    expectRejected('0127.0.0.1', 'LEADING_ZERO');
    expect(lenientReadings('0127.0.0.1').inetAton).toBe('87.0.0.1');
  });

  it.each(['::ffff:7f00:1', '0:0:0:0:0:0:0:1'])('private-ip 3.0.2: %s is loopback', (text) => {
    expect(isLoopback(text)).toBe(true);
    expect(isGloballyReachable(text)).toBe(false);
  });

  it('is-in-subnet 4.0.1: ::ffff:a00:1 reaches 10.0.0.1', () => {
    expectReaches('::ffff:a00:1', '10.0.0.1');
    expect(isPrivate('::ffff:a00:1')).toBe(true);
  });

  it.each([
    ['127.1', 'OCTET_COUNT'],
    ['256.1.1.1', 'OCTET_RANGE'],
    ['::1/129', 'PREFIX_LENGTH'],
  ] as const)('cidr-tools 11: %s', (text, code) => {
    expectRejected(text, code);
  });

  it.each([
    ['fe80::1%', 'ZONE_EMPTY'],
    ['fe80::1%<script>', 'ZONE_CHARACTER'],
    ['1.2.3.4/08', 'PREFIX_LENGTH'],
  ] as const)('ip-address 10.7.6: %s', (text, code) => {
    expectRejected(text, code);
  });

  it('ip-address 10.7.6: a reverse name is of one address', () => {
    expect(formatReverseName('10.1.2.0')).toBe('0.2.1.10.in-addr.arpa');
    expect(() => formatReverseName('10.1.2.0/23')).toThrow(AddressParseError);
    expect(() => formatReverseName('10.1.2.0/25')).toThrow(AddressParseError);
  });

  it.each([
    ['4000::1', 'unallocated', null],
    ['::7f00:1', 'compatible', '127.0.0.1'],
    ['100:0:0:1::1', 'protocol', null],
  ])('ipaddr.js 2.5.0: %s is %s, not unicast', (text, kind, inner) => {
    const answer = classify(text);
    expect(answer).toMatchObject({ kind, globallyReachable: false });
    expect(answer.embedded?.address ?? null).toBe(inner);
    expect(isGloballyReachable(text)).toBe(false);
  });

  it('node net.BlockList: ::1 is judged by its own family', () => {
    expect(isLoopback('::1')).toBe(true);
    expect(classify('::1').family).toBe(6);
  });

  it.each([
    ['joi', '010.0.0.1'],
    ['zod before 4.5', '::1]/path'],
    ['zod before 4.5', 'x@[::1'],
    ['zod before 4.5', '::1\n'],
    ['zod hostname', '999.1.1.1'],
    ['zod hostname', '0x7f.1'],
    ['zod hostname', '2130706433'],
  ])('validators, %s: %j', (_, text) => {
    expect(isAddress(text)).toBe(false);
  });
});

describe('an embedded address decides, by every mechanism', () => {
  it.each([
    ['mapped', '::ffff:169.254.169.254'],
    ['compatible', '::169.254.169.254'],
    ['translated', '::ffff:0:169.254.169.254'],
    ['nat64', '64:ff9b::169.254.169.254'],
    ['6to4', '2002:a9fe:a9fe::1'],
    ['teredo', '2001:0:4136:e378:8000:63bf:5601:5601'],
    ['isatap', '2400:cb00::5efe:169.254.169.254'],
    ['isatap', '2400:cb00::200:5efe:a9fe:a9fe'],
  ])('%s: %s', (mechanism, text) => {
    expect(classify(text)).toMatchObject({
      globallyReachable: false,
      embedded: { mechanism, address: '169.254.169.254', kind: 'link-local', globallyReachable: false },
    });
    expect(isGloballyReachable(text)).toBe(false);
  });
});
