import * as dnsPacket from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ZoneRecord, ZoneRecordError } from '../../src/testing/index.js';
import { toResource } from '../../src/testing/record.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';
import { forbidden } from '../support/not-text.js';

const name = 'x.test';
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));

describe('toResource', () => {
  it.each<[ZoneRecord, string]>([
    [{ name, type: 'A', address: '192.0.2.1' }, 'c0000201'],
    [{ name, type: 'AAAA', address: '::ffff:192.0.2.1' }, '0000 0000 0000 0000 0000 ffff c000 0201'],
    [{ name, type: 'NS', target: 'a.b.' }, '01 61 01 62 00'],
    [{ name, type: 'CNAME', target: '.' }, '00'],
    [{ name, type: 'MX', priority: 258, exchange: 'm' }, '0102 01 6d 00'],
    [{ name, type: 'MX', priority: 0, exchange: null }, '0000 00'],
    [{ name, type: 'SRV', priority: 1, weight: 2, port: 3, target: null }, '0001 0002 0003 00'],
    [{ name, type: 'TXT', chunks: ['', 'é', hex('00ff')] }, '00 02 c3a9 02 00ff'],
    // RFC 8659 section 4.1: flags, the length of the tag, the tag, and the value to the end.
    [{ name, type: 'CAA', critical: 128, tag: 'issue', value: 'x' }, '80 05 6973737565 78'],
    [{ name, type: 'CAA', critical: 1, tag: 'contactemail', value: '' }, '01 0c 636f6e74616374656d61696c'],
    // RFC 6698 section 2.1.
    [{ name, type: 'TLSA', usage: 3, selector: 1, match: 2, data: hex('abcd') }, '03 01 02 abcd'],
    [{ name, type: 'TLSA', usage: 255, selector: 0, match: 0, data: hex('') }, 'ff 00 00'],
    // RFC 3403 section 4.1.
    [
      {
        name,
        type: 'NAPTR',
        order: 256,
        preference: 1,
        flags: 'S',
        service: '',
        regexp: 'é',
        replacement: '_sip._tcp.x',
      },
      '0100 0001 01 53 00 02 c3a9 04 5f736970 04 5f746370 01 78 00',
    ],
    [
      {
        name,
        type: 'SOA',
        nsname: 'n',
        hostmaster: 'a\\.b.c',
        serial: 4294967295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minttl: 4,
      },
      '01 6e 00 03 612e62 01 63 00 ffffffff 00000001 00000002 00000003 00000004',
    ],
    [{ name, type: 'HINFO', rdata: hex('07524643383438320 0') }, '07 52464338343832 00'],
    [{ name, type: 'A', rdata: hex('') }, ''],
  ])('%j', (record, octets) => {
    expect(Buffer.from(toResource(record).rdata).toString('hex')).toBe(octets.replaceAll(' ', ''));
  });

  it('does not keep the octets that it was given', () => {
    const rdata = hex('0102');
    const resource = toResource({ name, type: 'HTTPS', rdata });
    rdata.fill(0);
    expect(resource.rdata).toEqual(hex('0102'));
  });

  it('reads types in any case, and by number', () => {
    expect(toResource({ name, type: 'TYPE28', rdata: hex('') }).type).toBe('AAAA');
    expect(toResource({ name, type: forbidden<'TXT'>('https'), rdata: hex('') }).type).toBe('HTTPS');
    expect(toResource({ name, type: 'TYPE65535', rdata: hex('') }).type).toBe('TYPE65535');
  });

  it('gives 300 s to a record without a TTL', () => {
    expect(toResource({ name, type: 'A', address: '192.0.2.1' }).ttl).toBe(300);
  });

  it.each<[field: string, record: unknown]>([
    ['record', null],
    ['record', 'x.test A 192.0.2.1'],
    ['type', { name }],
    ['type', { name, type: 'AAAAA' }],
    ['type', { name, type: 'TYPE65536', rdata: hex('') }],
    ['type', { name, type: '__proto__', rdata: hex('') }],
    ['type', { name, type: 'HTTPS', target: 'x' }],
    ['name', { name: '', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 1, type: 'A', address: '192.0.2.1' }],
    ['name', { name: '.x', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 'a..b', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 'a b', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 'a\0b', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 'ä.test', type: 'A', address: '192.0.2.1' }],
    ['name', { name: 'a\\.b', type: 'A', address: '192.0.2.1' }],
    ['name', { name: `${'a'.repeat(64)}.test`, type: 'A', address: '192.0.2.1' }],
    ['name', { name: Array(5).fill('a'.repeat(63)).join('.'), type: 'A', address: '192.0.2.1' }],
    ['ttl', { name, type: 'A', address: '192.0.2.1', ttl: -1 }],
    ['ttl', { name, type: 'A', address: '192.0.2.1', ttl: 2 ** 32 }],
    ['ttl', { name, type: 'A', address: '192.0.2.1', ttl: 1.5 }],
    ['address', { name, type: 'A', address: '::1' }],
    ['address', { name, type: 'A', address: '127.1' }],
    ['address', { name, type: 'A' }],
    ['address', { name, type: 'AAAA', address: '192.0.2.1' }],
    ['address', { name, type: 'AAAA', address: 'fe80::1%eth0' }],
    ['target', { name, type: 'CNAME', target: 'a..b' }],
    ['priority', { name, type: 'MX', priority: 65536, exchange: 'm' }],
    ['port', { name, type: 'SRV', priority: 0, weight: 0, port: -1, target: 'm' }],
    ['critical', { name, type: 'CAA', critical: 256, tag: 'issue', value: '' }],
    ['tag', { name, type: 'CAA', critical: 0, tag: 'a'.repeat(256), value: '' }],
    ['value', { name, type: 'CAA', critical: 0, tag: 'issue' }],
    ['regexp', { ...forNaptr(), regexp: 'é'.repeat(128) }],
    ['flags', { ...forNaptr(), flags: undefined }],
    ['match', { name, type: 'TLSA', usage: 0, selector: 0, match: 256, data: hex('') }],
    ['data', { name, type: 'TLSA', usage: 0, selector: 0, match: 0, data: 'abcd' }],
    ['chunks', { name, type: 'TXT', chunks: [] }],
    ['chunks', { name, type: 'TXT', chunks: 'text' }],
    ['chunks', { name, type: 'TXT', chunks: ['é'.repeat(128)] }],
    ['chunks', { name, type: 'TXT', chunks: [1] }],
    ['rdata', { name, type: 'A', rdata: new Uint8Array(65536) }],
    ['rdata', { name, type: 'A', rdata: [1, 2, 3, 4] }],
  ])('refuses a bad %s: %j', (field, record) => {
    expect(() => toResource(forbidden<ZoneRecord>(record))).toThrow(ZoneRecordError);
    expect(() => toResource(forbidden<ZoneRecord>(record))).toThrow(
      expect.objectContaining({ name: 'ZoneRecordError', field, input: record, hint: expect.stringMatching(/./) }),
    );
  });

  it('writes what dns-packet reads back', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
    const host = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
    const u8 = fc.nat(0xff);
    const u16 = fc.nat(0xffff);
    const u32 = fc.nat(0xffff_ffff);
    const octets = fc.uint8Array({ maxLength: 255 });
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const pair = (record: ZoneRecord, data: unknown) => ({ record, data });
    const cases = fc.oneof(
      ipv4.map(String).map((address) => pair({ name, type: 'A', address }, address)),
      ipv6.map(String).map((address) => pair({ name, type: 'AAAA', address }, address)),
      host.map((target) => pair({ name, type: 'PTR', target }, target)),
      fc
        .tuple(u16, host)
        .map(([preference, exchange]) =>
          pair({ name, type: 'MX', priority: preference, exchange }, { preference, exchange }),
        ),
      fc
        .record({ priority: u16, weight: u16, port: u16, target: host })
        .map((data) => pair({ name, type: 'SRV', ...data }, data)),
      fc
        .record({ critical: u8, tag: fc.stringMatching(/^[a-z0-9]{1,15}$/), value: text })
        .map(({ critical, ...rest }) =>
          pair({ name, type: 'CAA', critical, ...rest }, { flags: critical, issuerCritical: critical >= 128, ...rest }),
        ),
      fc
        .record({ order: u16, preference: u16, flags: text, service: text, regexp: text, replacement: host })
        .filter(({ flags, service, regexp }) => [flags, service, regexp].every((one) => Buffer.byteLength(one) < 256))
        .map(({ service, ...rest }) => pair({ name, type: 'NAPTR', service, ...rest }, { services: service, ...rest })),
      fc
        .record({ usage: u8, selector: u8, match: u8, data: octets })
        .map(({ match, data, ...rest }) =>
          pair(
            { name, type: 'TLSA', match, data, ...rest },
            { matchingType: match, certificate: Buffer.from(data), ...rest },
          ),
        ),
      fc.array(octets, { minLength: 1, maxLength: 5 }).map((chunks) =>
        pair(
          { name, type: 'TXT', chunks },
          chunks.map((chunk) => Buffer.from(chunk)),
        ),
      ),
      fc
        .record({ nsname: host, hostmaster: host, serial: u32, refresh: u32, retry: u32, expire: u32, minttl: u32 })
        .map(({ nsname, hostmaster, minttl, ...rest }) =>
          pair(
            { name, type: 'SOA', nsname, hostmaster, minttl, ...rest },
            { mname: nsname, rname: hostmaster, minimum: minttl, ...rest },
          ),
        ),
    );
    fc.assert(
      fc.property(cases, ({ record, data }) => {
        const { rdata } = toResource(record);
        const type = record.type as 'NULL';
        const empty = dnsPacket.encode({ answers: [{ name: '.', type: 'NULL', data: Buffer.from(rdata) }] });
        // The number of the type, which stands after the header and the root.
        dnsPacket.encode({ questions: [{ name: '.', type }] }).copy(empty, 13, 13, 15);
        const [answer] = dnsPacket.decode(empty).answers ?? [];
        expect(answer).toMatchObject({ type });
        const read: unknown = answer && Reflect.get(answer, 'data');
        // Its texts of IPv6 addresses are not those of RFC 5952.
        if (record.type === 'AAAA') expect(rdata).toEqual(toResource({ ...record, address: String(read) }).rdata);
        else expect(read).toEqual(data);
      }),
    );
  });
});

function forNaptr() {
  return { name, type: 'NAPTR', order: 1, preference: 1, flags: '', service: '', regexp: '', replacement: '.' };
}
