import { type DnszDnsRecord, stringifyZone } from 'dnsz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseZone, ZoneParseError, type ZoneRecord } from '../../src/testing/index.js';

const text = (record: ZoneRecord | undefined) =>
  record !== undefined && 'chunks' in record
    ? record.chunks.map((chunk) => Buffer.from(chunk).toString('latin1'))
    : null;

describe('parseZone', () => {
  it('reads every type of node:dns', () => {
    const zone = String.raw`
$ORIGIN example.com.
$TTL 1h ; for all that follow
@       IN SOA  ns1 host\.master (
                1          ; serial
                2h 30m     ; refresh, retry
                2w1d       ; expire
                300 )      ; minimum
        NS      ns1
        NS      ns2.example.net.
        MX      10 mail
        MX      0 .
        CAA     128 issue "ca.example; policy=ev"
        CAA     0 issue ca.example
        TXT     "a;b" "c  d" plain "" \065\;\" "\195\169 \"q\" \\"
www     300 IN A 192.0.2.1
        IN 301 AAAA 2001:DB8::1
        302 A   192.0.2.2
alias   CNAME   WWW
_sip._tcp SRV   1 2 5060 sip
_443._tcp.www TLSA 3 1 1 ( abcd
                EF01 )
n       NAPTR   100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
h       TYPE65  \# 3 0001 00
raw     A       \# 4 c0 00 02 01
empty   TYPE10  \# 0
*.wild  A       192.0.2.3
$ORIGIN sub
x       A       192.0.2.4
$ORIGIN 2.0.192.in-addr.arpa.
10      PTR     www.example.com.
11  60  PTR     alias.example.com.
. NS a.root.test.
`;
    const ttl = 3600;
    const name = 'example.com';
    const octets = (...bytes: number[]) => Uint8Array.from(bytes);
    const records = parseZone(zone);
    expect(records.map((record) => ('chunks' in record ? { ...record, chunks: text(record) } : record))).toEqual([
      {
        name,
        ttl,
        type: 'SOA',
        nsname: 'ns1.example.com',
        hostmaster: 'host\\.master.example.com',
        serial: 1,
        refresh: 7200,
        retry: 1800,
        expire: 15 * 86_400,
        minttl: 300,
      },
      { name, ttl, type: 'NS', target: 'ns1.example.com' },
      { name, ttl, type: 'NS', target: 'ns2.example.net' },
      { name, ttl, type: 'MX', priority: 10, exchange: 'mail.example.com' },
      { name, ttl, type: 'MX', priority: 0, exchange: '.' },
      { name, ttl, type: 'CAA', critical: 128, tag: 'issue', value: 'ca.example; policy=ev' },
      { name, ttl, type: 'CAA', critical: 0, tag: 'issue', value: 'ca.example' },
      { name, ttl, type: 'TXT', chunks: ['a;b', 'c  d', 'plain', '', 'A;"', '\u00c3\u00a9 "q" \\'] },
      { name: 'www.example.com', ttl: 300, type: 'A', address: '192.0.2.1' },
      { name: 'www.example.com', ttl: 301, type: 'AAAA', address: '2001:DB8::1' },
      { name: 'www.example.com', ttl: 302, type: 'A', address: '192.0.2.2' },
      { name: 'alias.example.com', ttl, type: 'CNAME', target: 'WWW.example.com' },
      {
        name: '_sip._tcp.example.com',
        ttl,
        type: 'SRV',
        priority: 1,
        weight: 2,
        port: 5060,
        target: 'sip.example.com',
      },
      {
        name: '_443._tcp.www.example.com',
        ttl,
        type: 'TLSA',
        usage: 3,
        selector: 1,
        match: 1,
        data: octets(0xab, 0xcd, 0xef, 1),
      },
      {
        name: 'n.example.com',
        ttl,
        type: 'NAPTR',
        order: 100,
        preference: 10,
        flags: 'u',
        service: 'E2U+sip',
        regexp: '!^.*$!sip:info@example.com!',
        replacement: '.',
      },
      { name: 'h.example.com', ttl, type: 'HTTPS', rdata: octets(0, 1, 0) },
      { name: 'raw.example.com', ttl, type: 'A', rdata: octets(192, 0, 2, 1) },
      { name: 'empty.example.com', ttl, type: 'TYPE10', rdata: octets() },
      { name: '*.wild.example.com', ttl, type: 'A', address: '192.0.2.3' },
      { name: 'x.sub.example.com', ttl, type: 'A', address: '192.0.2.4' },
      { name: '10.2.0.192.in-addr.arpa', ttl, type: 'PTR', target: 'www.example.com' },
      { name: '11.2.0.192.in-addr.arpa', ttl: 60, type: 'PTR', target: 'alias.example.com' },
      { name: '.', ttl, type: 'NS', target: 'a.root.test' },
    ]);
  });

  it.each(['0', '2147483647', '2147483648', '4294967295'])('keeps TTL %s', (ttl) => {
    expect(parseZone(`a. ${ttl} A 192.0.2.1`)).toMatchObject([{ ttl: Number(ttl) }]);
    expect(parseZone(`$TTL ${ttl}\na. A 192.0.2.1`)).toMatchObject([{ ttl: Number(ttl) }]);
  });

  it('takes a TTL from the record, $TTL, the record before, or the option, in this order', () => {
    const ttls = (zone: string) => parseZone(zone, { ttl: 7 }).map(({ ttl }) => ttl);
    expect(ttls('a. A 192.0.2.1\na. 5 A 192.0.2.2\na. A 192.0.2.3')).toEqual([7, 5, 5]);
    expect(ttls('$TTL 9\na. A 192.0.2.1\na. 5 A 192.0.2.2\na. A 192.0.2.3')).toEqual([9, 5, 9]);
    expect(parseZone('a. A 192.0.2.1')).toMatchObject([{ ttl: 300 }]);
  });

  it('takes an origin with and without its dot, and the root', () => {
    for (const origin of ['example.com', 'example.com.']) {
      expect(parseZone('@ NS a', { origin })).toMatchObject([{ name: 'example.com', target: 'a.example.com' }]);
    }
    expect(parseZone('@ NS a', { origin: '.' })).toMatchObject([{ name: '.', target: 'a' }]);
  });

  it('refuses more data than a record can have', () => {
    const txt = (strings: number) => `a. TXT ${'"" '.repeat(strings)}`;
    expect(parseZone(txt(65_535))).toHaveLength(1);
    expect(() => parseZone(txt(65_536))).toThrow(ZoneParseError);
    expect(() => parseZone(txt(65_536))).toThrow(/65535 octets of data at the most/);
  });

  it.each([
    ['CAA', (octets: number) => `a. CAA 0 issue "${'x'.repeat(octets - 7)}"`, 'value'],
    ['TLSA', (octets: number) => `a. TLSA 1 1 1 ${'00'.repeat(octets - 3)}`, 'data'],
  ])('refuses it of %s, too', (_type, line, field) => {
    expect(parseZone(line(65_535))).toHaveLength(1);
    expect(() => parseZone(line(65_536))).toThrow(ZoneParseError);
    expect(() => parseZone(line(65_536))).toThrow(new RegExp(`bad ${field}.*65535 octets`));
  });

  it('reads Windows line ends, tabs, a byte order mark, comments and empty lines', () => {
    expect(parseZone('\ufeff; comment\r\n\r\n \t; more\r\na.\tA\t192.0.2.1;x\r\n\tA\t192.0.2.2\r\n')).toMatchObject([
      { name: 'a', address: '192.0.2.1' },
      { name: 'a', address: '192.0.2.2' },
    ]);
    expect(parseZone('')).toEqual([]);
    expect(parseZone('a. TXT ( "(" ")" ; )\n x )')).toHaveLength(1);
  });

  it.each<[string, number, string]>([
    ['a A 192.0.2.1', 1, 'without an origin'],
    ['\n@ A 192.0.2.1', 2, 'without an origin'],
    [' A 192.0.2.1', 1, 'no owner'],
    ['a.', 1, 'no type'],
    ['a. IN', 1, 'no type'],
    ['a. 5 IN 6 A 192.0.2.1', 1, 'type 6'],
    ['a. CH A 192.0.2.1', 1, 'class CH'],
    ['a. AAAAA x', 1, 'type AAAAA'],
    ['a. HTTPS 1 .', 1, 'HTTPS in words'],
    ['a. A', 1, 'no address'],
    ['a. A 192.0.2.1 x', 1, 'x after the last field'],
    ['a. A "192.0.2.1"', 1, 'address in quotes'],
    ['b. A 192.0.2.1\na. A 192.0.2.256', 2, 'bad address of a A record'],
    ['a. AAAA 192.0.2.1', 1, 'bad address'],
    ['a. MX mail. 10', 1, 'preference mail.'],
    ['a. MX 65536 m.', 1, 'bad priority'],
    ['a. 4294967296 A 192.0.2.1', 1, 'at most 4294967295'],
    ['a. TLSA 3 1 1 abc', 1, 'pairs of hexadecimal digits'],
    ['a. TLSA 3 1 1', 1, 'no data'],
    [String.raw`a. A \# 3 c0000201`, 1, '4 octets'],
    [String.raw`a. CAA 0 issue "\255"`, 1, 'no UTF-8'],
    [`a. TXT ${'x'.repeat(256)}`, 1, 'bad chunks'],
    ['a. TXT', 1, 'no text'],
    ['\na. TXT "x', 2, 'without its end'],
    ['a. TXT "x\ny"', 1, 'without its end'],
    ['a. TXT x\\', 1, 'without its end'],
    ['\na. TXT ( x', 2, '( without )'],
    ['a. TXT ( ( x ) )', 1, 'misplaced ('],
    ['a. TXT x )', 1, 'misplaced )'],
    ['$INCLUDE other', 1, '$INCLUDE is not read'],
    ['$GENERATE 1-2 a A 192.0.2.1', 1, '$GENERATE is not read'],
    ['$TTL', 1, 'no TTL'],
    ['$TTL x', 1, 'TTL x'],
    ['$ORIGIN a. b.', 1, 'b. after the last field'],
    [String.raw`a\.b. A 192.0.2.1`, 1, 'bad name'],
    [String.raw`a. TXT \256`, 1, String.raw`escape \256 in text; write an octet by its number as \000 to \255`],
    [String.raw`a. TXT \300`, 1, String.raw`escape \300`],
    ['b. A 192.0.2.1\na. TXT x "\\25"', 2, String.raw`escape \25 in text`],
    [String.raw`a. TXT \2x5`, 1, String.raw`escape \2 in text`],
    [String.raw`a. TXT \\\999`, 1, String.raw`escape \999`],
    [String.raw`a. CAA 0 issue "\9"`, 1, String.raw`escape \9 in value`],
    [String.raw`a\256. A 192.0.2.1`, 1, String.raw`escape \256 in owner`],
    [String.raw`$ORIGIN a\2.`, 1, String.raw`escape \2 in origin`],
    [String.raw`a. MX 1 m\25x.`, 1, String.raw`escape \25 in exchange`],
    [String.raw`a. SOA n. h\300. 1 2 3 4 5`, 1, String.raw`escape \300 in mailbox`],
    [String.raw`a\065. A 192.0.2.1`, 1, 'escapes are not read: write the name without'],
    ['a..b. A 192.0.2.1', 1, 'bad name'],
  ])('refuses %j on line %d: %s', (zone, line, problem) => {
    expect(() => parseZone(zone)).toThrow(ZoneParseError);
    expect(() => parseZone(zone)).toThrow(expect.objectContaining({ name: 'ZoneParseError', line }));
    expect(() => parseZone(zone)).toThrow(problem);
  });

  it('reads escapes', () => {
    const zone = String.raw`a. TXT \000\255 \0651 \\256 "\"\a" \; ä\ä`;
    expect(parseZone(zone).map(text)).toEqual([
      ['\0\xff', 'A1', '\\256', '"a', ';', Buffer.from('ää').toString('latin1')],
    ]);
  });

  it.each<[readonly unknown[], typeof TypeError | typeof RangeError, string]>([
    [[], TypeError, 'zone is undefined: pass the text of a zone file'],
    [[Buffer.from('a. A 192.0.2.1')], TypeError, 'zone is an object'],
    [[null], TypeError, 'zone is null'],
    [['', { foo: 5 }], TypeError, 'there is no option "foo": there is origin, ttl'],
    [['', 'example.com'], TypeError, 'the options are "example.com"'],
    [['', null], TypeError, 'the options are null'],
    [['', { origin: 5 }], TypeError, 'origin is 5: pass a name'],
    [['', { origin: null }], TypeError, 'origin is null'],
    [['@ A 192.0.2.1', { origin: 'a..b' }], RangeError, "origin: write labels with a dot between, or '.' for the root"],
    [['', { origin: '' }], RangeError, 'origin: write labels'],
    [['a. A 192.0.2.1', { ttl: '5' }], RangeError, 'ttl "5": pass a whole number from 0 to 4294967295'],
    [['a. A 192.0.2.1', { ttl: 1.5 }], RangeError, 'ttl 1.5'],
    [['', { ttl: 2 ** 32 }], RangeError, 'ttl 4294967296'],
    [['', { ttl: -1 }], RangeError, 'ttl -1'],
  ])('refuses the arguments %j: %s', (args, kind, message) => {
    expect(() => Reflect.apply(parseZone, undefined, args)).toThrow(kind);
    expect(() => Reflect.apply(parseZone, undefined, args)).toThrow(message);
  });

  it('reads zones of another writer', () => {
    const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}$/);
    const names = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.example.com`);
    const content = fc.oneof(
      fc.tuple(fc.constant('A'), fc.ipV4()),
      fc.tuple(fc.constant('AAAA'), fc.constantFrom('::', '::1', '2001:db8::1')),
      fc.tuple(
        fc.constantFrom('CNAME', 'NS', 'PTR'),
        names.map((target) => `${target}.`),
      ),
      fc.tuple(
        fc.constant('MX'),
        fc.tuple(fc.nat(65_535), names).map(([priority, host]) => `${priority} ${host}.`),
      ),
      fc.tuple(
        fc.constant('TXT'),
        fc.stringMatching(/^[a-z0-9;=() ]{0,30}$/).map((one) => `"${one}"`),
      ),
    );
    const record: fc.Arbitrary<DnszDnsRecord> = fc
      .record({ name: names, ttl: fc.nat(2 ** 31 - 1), rest: content, comment: fc.constantFrom(null, 'a "comment') })
      .map(({ rest: [type, value], ...head }) => ({ ...head, class: 'IN', type, content: value }));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 10 }), fc.boolean(), fc.boolean(), (records, sections, crlf) => {
        const zone = stringifyZone({ origin: 'example.com', ttl: 60, records }, { sections, crlf });
        const read = parseZone(zone).map((each) => `${each.name} ${each.ttl} ${each.type} ${valueText(each)}`);
        const written = records.map((each) => `${each.name} ${each.ttl} ${each.type} ${each.content}`);
        expect(read.sort()).toEqual(written.sort());
      }),
    );
  });
});

/** As the other writer has it. */
function valueText(record: ZoneRecord): string {
  if ('address' in record) return record.address;
  if ('exchange' in record) return `${record.priority} ${record.exchange}.`;
  if ('chunks' in record) return `"${text(record)?.join()}"`;
  return 'target' in record ? `${record.target}.` : '';
}
