import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { candidates, readName } from '../../src/dns/name.js';
import { NOT_TEXT } from '../support/not-text.js';

describe('readName', () => {
  test.each([
    ['example.com', 'example.com', false],
    ['EXAMPLE.Com', 'example.com', false],
    ['example.com.', 'example.com', true],
    ['.', '', true],
    ['localhost', 'localhost', false],
    // RFC 2181 section 11: any octet may stand in a label
    ['_dmarc.example.com', '_dmarc.example.com', false],
    ['*.example.com', '*.example.com', false],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa', false],
    ['-a-.test', '-a-.test', false],
    ['ab--c.test', 'ab--c.test', false],
    ['__proto__', '__proto__', false],
    ['constructor', 'constructor', false],
    // numbers anywhere but at the end
    ['0x7f.1.test', '0x7f.1.test', false],
    ['1.0.0.127.in-addr.arpa', '1.0.0.127.in-addr.arpa', false],
    ['4x', '4x', false],
    // IDNA
    ['bücher.test', 'xn--bcher-kva.test', false],
    ['BÜCHER.test', 'xn--bcher-kva.test', false],
    ['bu\u0308cher.test', 'xn--bcher-kva.test', false],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test', false],
    ['XN--BCHER-KVA.TEST', 'xn--bcher-kva.test', false],
    ['日本語。テスト', 'xn--wgv71a119e.xn--zckzah', false],
    ['ｅｘａｍｐｌｅ．test｡', 'example.test', true],
    ['faß.test', 'xn--fa-hia.test', false],
    ['\u212aelvin.test', 'kelvin.test', false],
    ['ü_x.test', 'xn--_x-wka.test', false],
    ['😀.test', 'xn--e28h.test', false],
  ])('%j goes on the wire as %j', (text, name, absolute) => {
    expect(readName(text)).toEqual({ kind: 'name', name, absolute });
  });

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ])('%j is an address', (text, canonical) => {
    const read = readName(text);
    expect(read.kind === 'address' && read.address.toString()).toBe(canonical);
  });

  test.each([
    // NUL and other controls, blanks
    ['a\0b.test', 'control'],
    ['localhost\0.allowed.test', 'control'],
    ['a b.test', 'blank'],
    [' a.test', 'blank'],
    ['a.test\n', 'control'],
    ['a\u007f.test', 'control'],
    ['a\u00a0b.test', 'IDNA'],
    // escapes, which c-ares reads
    ['a\\.b.test', 'backslash'],
    ['a\\046b.test', 'backslash'],
    // labels
    ['', 'empty name'],
    ['..', 'empty label'],
    ['.test', 'empty label'],
    ['a..test', 'empty label'],
    ['a.test..', 'empty label'],
    [`${'a'.repeat(64)}.test`, '64 octets'],
    // IDNA
    ['xn--zzzz.test', 'IDNA'],
    ['xn--.test', 'IDNA'],
    ['xn--a.test', 'IDNA'],
    ['a\u200d.test', 'IDNA'],
    ['\u00ad.test', 'IDNA'],
    ['\ud800.test', 'IDNA'],
    ['℀.test', 'IDNA'],
    ['ü/.test', '"/" stands in "\\xfc/", which is internationalised'],
    ['xn--bcher-kva/b', 'internationalised'],
    [`${'ü'.repeat(60)}.test`, 'octets'],
    // signs that stand in no name
    ...[...'!"#$%&\'()+,:;<=>?@[]^`{|}~'].map((sign): [string, string] => [`a${sign}b.test`, 'is in no name']),
    ['ü%2e.test', '"%"'],
    ['xn--a%.test', '"%"'],
    ['a%2eb', '"%"'],
    ['http://a.test/', '":"'],
    // what lenient readers take for an address
    ['127.1', 'number'],
    ['0x7f.1', 'number'],
    ['0X7F000001', 'number'],
    ['2130706433', 'number'],
    ['0177.0.0.1', 'number'],
    ['127.0.0.1.', 'number'],
    ['256.256.256.256', 'number'],
    ['1.2.3.4.5', 'number'],
    ['example.0x', 'number'],
    ['example.08', 'number'],
    ['１２７.１', 'number'],
    ['a.\uff10x7f', 'number'],
  ])('%j is refused: %s', (text, problem) => {
    expect(readName(text)).toEqual({
      kind: 'bad',
      problem: expect.stringContaining(problem),
      hint: expect.stringMatching(/./),
    });
  });

  test.each([
    ['http://a.test/', 'the host of the URL'],
    ['[::1]:53', 'without brackets'],
    ['[::1]', 'without brackets'],
    ['[fe80::1%eth0]:53', 'IPv6 address without brackets'],
    ['[a', 'write the name without brackets'],
    ['[a.test]', 'write the name without brackets'],
    ['1::2::3', "write '::' once"],
    ['fe80::1%', 'write fe80::1'],
    ['::ffff:1.2.3', '::ffff:192.0.2.1'],
    ['::1/128', 'write ::1'],
    ['ü/b', 'in labels of ASCII alone'],
    ['a.test:80:90', 'letters, digits'],
    ['a.test:80', 'without the port'],
    ['127.0.0.1:80', 'without the port'],
    ['root@a.test', 'letters, digits'],
    ['127.1', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
  ])('the hint for %j names %s', (text, address) => {
    expect(readName(text)).toMatchObject({ kind: 'bad', hint: expect.stringContaining(address) });
  });

  test('what is plainly meant for an IPv6 address is called one', () => {
    const problem = '":" is in no name, and this is no IPv6 address';
    for (const text of ['1::2::3', '::1/128', '2001:db8::1:']) expect(readName(text)).toMatchObject({ problem });
    for (const text of ['a:b', 'x::1']) expect(readName(text)).toMatchObject({ problem: '":" is in no name' });
  });

  test('what is no text is told', () => {
    expect(readName(null)).toMatchObject({ problem: 'null, not text' });
    expect(readName([])).toMatchObject({ problem: 'a list, not text' });
  });

  test('labels have 63 octets at the most, names 253', () => {
    const label = 'a'.repeat(63);
    expect(readName(`${label}.test`).kind).toBe('name');
    const longest = `${label}.${label}.${label}.${'a'.repeat(61)}`;
    expect(longest).toHaveLength(253);
    expect(readName(longest).kind).toBe('name');
    expect(readName(`${longest}.`).kind).toBe('name');
    expect(readName(`${longest}a`)).toMatchObject({ kind: 'bad', problem: 'name of 254 octets' });
  });

  test('a long text costs nothing: IDNA would take seconds for it', () => {
    const label = String.fromCodePoint(...Array.from({ length: 50_000 }, (_, i) => 0x4e00 + ((i * 7919) % 20_000)));
    expect(readName(`${label}.test`)).toMatchObject({ kind: 'bad', problem: 'name of 50005 characters' });
  });

  test.each(NOT_TEXT)('%s is refused', (_, value) => {
    expect(readName(value).kind).toBe('bad');
  });
});

test('a text that is a name as it stands is read like any other: capitals go the long way', () => {
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9_-]{1,5}$/),
    fc.constantFrom('xn--zzzz', 'xn--mnchen-3ya', '0x7f', '1', 'x'.repeat(63), 'x'.repeat(64), ''),
  );
  const text = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
  fc.assert(
    fc.property(text, (plain) => {
      const read = readName(plain);
      const capital = readName(plain.toUpperCase());
      expect(read.kind).toBe(capital.kind);
      if (read.kind === 'name') expect(read).toEqual(capital);
    }),
    { numRuns: 2000 },
  );
});

describe('candidates', () => {
  const search = ['corp.test', 'example.test'];

  test.each([
    ['without a list the name alone', 'db', false, [], 1, ['db']],
    [
      'a single label: the list first, then as it is',
      'db',
      false,
      search,
      1,
      ['db.corp.test', 'db.example.test', 'db'],
    ],
    ['with enough dots as it is first', 'a.b', false, search, 1, ['a.b', 'a.b.corp.test', 'a.b.example.test']],
    ['ndots 2', 'a.b', false, search, 2, ['a.b.corp.test', 'a.b.example.test', 'a.b']],
    ['ndots 0', 'db', false, search, 0, ['db', 'db.corp.test', 'db.example.test']],
    ['an absolute name never', 'db', true, search, 1, ['db']],
    ['the root never', '', true, search, 1, ['']],
  ])('%s', (_, name, absolute, suffixes, ndots, expected) => {
    expect(candidates(name, absolute, suffixes, ndots)).toEqual(expected);
  });

  test('what would be too long is left out', () => {
    const name = `${'a'.repeat(60)}.`.repeat(4).slice(0, -1);
    expect(candidates(name, false, ['b.test', 'a-longer-suffix.test'], 1)).toEqual([name, `${name}.b.test`]);
  });
});
