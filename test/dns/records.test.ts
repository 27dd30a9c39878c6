import { describe, expect, test } from 'vitest';
import type { RecordType } from '../../src/dns/records.js';
import { BadRecordError, LONGEST_TTL, leastTtl, normalise, ownRecords, RECORD_TYPES } from '../../src/dns/records.js';

const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const utf8 = (text: string) => Uint8Array.from(Buffer.from(text, 'utf8'));

describe('one shape on every version of Node', () => {
  test.each<[string, RecordType, unknown, unknown]>([
    ['A with TTL', 'A', [{ address: '192.0.2.1', ttl: 30 }], [{ type: 'A', address: '192.0.2.1', ttl: 30 }]],
    [
      'A with a type',
      'A',
      [{ address: '192.0.2.1', ttl: 30, type: 'A' }],
      [{ type: 'A', address: '192.0.2.1', ttl: 30 }],
    ],
    ['A as text', 'A', ['192.0.2.1'], [{ type: 'A', address: '192.0.2.1', ttl: null }]],
    [
      'AAAA, canonical whatever the system writes',
      'AAAA',
      [
        { address: '2001:DB8:0::1', ttl: 0 },
        { address: '::1.2.3.4', ttl: 1 },
        { address: '::ffff:7f00:1', ttl: 1 },
      ],
      [
        { type: 'AAAA', address: '2001:db8::1', ttl: 0 },
        { type: 'AAAA', address: '::102:304', ttl: 1 },
        { type: 'AAAA', address: '::ffff:127.0.0.1', ttl: 1 },
      ],
    ],
    [
      'MX of Node 20 and 24',
      'MX',
      [
        { exchange: 'mx.test', priority: 10 },
        { exchange: 'mx2.test', priority: 20, type: 'MX' },
      ],
      [
        { type: 'MX', exchange: 'mx.test', priority: 10, ttl: null },
        { type: 'MX', exchange: 'mx2.test', priority: 20, ttl: null },
      ],
    ],
    ['null MX', 'MX', [{ exchange: '', priority: 0 }], [{ type: 'MX', exchange: null, priority: 0, ttl: null }]],
    [
      'null MX, a dot',
      'MX',
      [{ exchange: '.', priority: 0 }],
      [{ type: 'MX', exchange: null, priority: 0, ttl: null }],
    ],
    [
      'CAA of Node 20 and 24',
      'CAA',
      [
        { critical: 0, issue: 'ca.test' },
        { critical: 128, iodef: 'mailto:a@test', type: 'CAA' },
        { critical: 0, issuewild: ';', type: 'CAA' },
      ],
      [
        { type: 'CAA', critical: 0, tag: 'issue', value: 'ca.test', ttl: null },
        { type: 'CAA', critical: 128, tag: 'iodef', value: 'mailto:a@test', ttl: null },
        { type: 'CAA', critical: 0, tag: 'issuewild', value: ';', ttl: null },
      ],
    ],
    [
      "CAA whose tag is a key of ours or Node's, with the type and without",
      'CAA',
      [
        ...['tag', 'value', 'ttl', 'type'].flatMap((tag) => [
          { critical: 0, [tag]: 'x' },
          { critical: 0, type: 'CAA', [tag]: 'x' },
        ]),
        { critical: 'x' },
        { critical: 'x', type: 'CAA' },
        { critical: 1, issue: 'a', ttl: 60 },
      ],
      [
        ...['tag', 'value', 'ttl', 'type'].flatMap((tag) => {
          const record = { type: 'CAA', critical: 0, tag, value: 'x', ttl: null };
          return [record, record];
        }),
        { type: 'CAA', critical: 128, tag: 'critical', value: 'x', ttl: null },
        { type: 'CAA', critical: 128, tag: 'critical', value: 'x', ttl: null },
        { type: 'CAA', critical: 1, tag: 'issue', value: 'a', ttl: null },
      ],
    ],
    ['CNAME', 'CNAME', ['b.test'], [{ type: 'CNAME', target: 'b.test', ttl: null }]],
    ['NS', 'NS', ['ns.test'], [{ type: 'NS', target: 'ns.test', ttl: null }]],
    ['PTR', 'PTR', ['host.test'], [{ type: 'PTR', target: 'host.test', ttl: null }]],
    [
      'NAPTR',
      'NAPTR',
      [{ flags: 's', service: 'SIP+D2U', regexp: '', replacement: '_sip._udp.test', order: 1, preference: 2 }],
      [
        {
          type: 'NAPTR',
          flags: 's',
          service: 'SIP+D2U',
          regexp: '',
          replacement: '_sip._udp.test',
          order: 1,
          preference: 2,
          ttl: null,
        },
      ],
    ],
    [
      'SOA, which is no list',
      'SOA',
      { nsname: 'ns.test', hostmaster: 'a.test', serial: 4294967295, refresh: 1, retry: 2, expire: 3, minttl: 4 },
      [
        {
          type: 'SOA',
          nsname: 'ns.test',
          hostmaster: 'a.test',
          serial: 4294967295,
          refresh: 1,
          retry: 2,
          expire: 3,
          minttl: 4,
          ttl: null,
        },
      ],
    ],
    [
      'SRV',
      'SRV',
      [{ name: 'a.test', port: 443, priority: 1, weight: 2 }],
      [{ type: 'SRV', target: 'a.test', port: 443, priority: 1, weight: 2, ttl: null }],
    ],
    [
      'null SRV',
      'SRV',
      [{ name: '', port: 0, priority: 0, weight: 0 }],
      [{ type: 'SRV', target: null, port: 0, priority: 0, weight: 0, ttl: null }],
    ],
    [
      'TLSA',
      'TLSA',
      [{ certUsage: 3, selector: 1, match: 1, data: Uint8Array.of(1, 2).buffer }],
      [{ type: 'TLSA', usage: 3, selector: 1, match: 1, data: Uint8Array.of(1, 2), ttl: null }],
    ],
    [
      'TXT, which Node reads as latin1',
      'TXT',
      [[latin1('héllo '), latin1('wörld')], ['']],
      [
        { type: 'TXT', chunks: [utf8('héllo '), utf8('wörld')], text: 'héllo wörld', ttl: null },
        { type: 'TXT', chunks: [utf8('')], text: '', ttl: null },
      ],
    ],
    [
      'TXT that is no UTF-8, and one cut within a character',
      'TXT',
      [['\xff'], ['h\xc3', '\xa9']],
      [
        { type: 'TXT', chunks: [Uint8Array.of(0xff)], text: '\ufffd', ttl: null },
        { type: 'TXT', chunks: [Uint8Array.of(0x68, 0xc3), Uint8Array.of(0xa9)], text: 'hé', ttl: null },
      ],
    ],
  ])('%s', (_, type, raw, expected) => {
    expect(normalise(type, raw)).toStrictEqual(expected);
  });

  test('a sparse TLSA list, as behind a CNAME on Node 22 and later, is compacted', () => {
    const sparse: unknown[] = [];
    sparse[2] = { certUsage: 3, selector: 1, match: 0, data: Uint8Array.of(7).buffer };
    const records = normalise('TLSA', sparse);
    expect(records).toStrictEqual([
      { type: 'TLSA', usage: 3, selector: 1, match: 0, data: Uint8Array.of(7), ttl: null },
    ]);
    expect(Object.keys(records)).toEqual(['0']);
  });

  test.each<[number, number]>([
    [0, 0],
    [1, 1],
    [604_800, LONGEST_TTL],
    [604_801, LONGEST_TTL],
    [2 ** 31 - 1, LONGEST_TTL],
    [2 ** 31, LONGEST_TTL],
    [2 ** 32 - 1, LONGEST_TTL],
  ])('TTL %d counts as %d', (ttl, expected) => {
    expect(normalise('A', [{ address: '192.0.2.1', ttl }])).toMatchObject([{ ttl: expected }]);
  });

  test.each(RECORD_TYPES.filter((type) => type !== 'SOA'))('no %s records are an empty list', (type) => {
    expect(normalise(type, [])).toEqual([]);
  });

  test('what was normalised once is the same again: a shared store gives it back', () => {
    const all: [RecordType, unknown][] = [
      ['A', [{ address: '192.0.2.1', ttl: 30 }]],
      ['CAA', [{ critical: 0, issue: 'ca.test' }, { critical: 0, value: 'x' }, { critical: 'x' }]],
      ['CNAME', ['b.test']],
      ['MX', [{ exchange: '', priority: 0 }]],
      ['SRV', [{ name: '', port: 0, priority: 0, weight: 0 }]],
      ['TLSA', [{ certUsage: 3, selector: 1, match: 1, data: Uint8Array.of(1, 2).buffer }]],
      ['TXT', [[latin1('hé'), '']]],
    ];
    for (const [type, raw] of all) {
      const once = normalise(type, raw);
      expect(normalise(type, once)).toStrictEqual(once);
    }
  });
});

describe('nothing unchecked goes further', () => {
  test.each<[string, RecordType, unknown]>([
    ['no list', 'A', 'A'],
    ['null', 'A', null],
    ['another family', 'A', ['::1']],
    ['another family', 'AAAA', ['127.0.0.1']],
    ['a lenient address', 'A', ['127.1']],
    ['a zone', 'AAAA', ['fe80::1%eth0']],
    ['a negative TTL', 'A', [{ address: '192.0.2.1', ttl: -1 }]],
    ['a TTL of text', 'A', [{ address: '192.0.2.1', ttl: '30' }]],
    ['a broken TTL', 'A', [{ address: '192.0.2.1', ttl: 1.5 }]],
    ['a TTL beyond 32 bits', 'A', [{ address: '192.0.2.1', ttl: 2 ** 32 }]],
    ['a number', 'MX', [7]],
    ['a priority out of its range', 'MX', [{ exchange: 'a', priority: 65536 }]],
    ['no exchange', 'MX', [{ priority: 1 }]],
    ['a CAA of nothing', 'CAA', [{ critical: 0 }]],
    ['a CAA of nothing, with a TTL', 'CAA', [{ critical: 0, ttl: null }]],
    ['a CAA of two properties', 'CAA', [{ critical: 0, issue: 'a', iodef: 'b' }]],
    ['a CAA of ours without its value', 'CAA', [{ type: 'CAA', critical: 0, tag: 'issue', value: 7, ttl: null }]],
    ['a CAA of ours whose flags are text', 'CAA', [{ type: 'CAA', critical: 'x', tag: 'a', value: 'b', ttl: null }]],
    ['null', 'SOA', null],
    ['undefined', 'SOA', undefined],
    ['no target', 'CNAME', [{}]],
    ['no bytes', 'TLSA', [{ certUsage: 3, selector: 1, match: 1, data: 7 }]],
    ['no octets', 'TXT', [{ chunks: [[256]] }]],
    ['no strings', 'TXT', [{}]],
    ['no serial', 'SOA', {}],
    ['no port', 'SRV', [{ name: 'a', priority: 1, weight: 1 }]],
    ['no order', 'NAPTR', [{ flags: '', service: '', regexp: '', replacement: '' }]],
  ])('%s: %s', (_, type, raw) => {
    expect(() => normalise(type, raw)).toThrow(BadRecordError);
  });
});

test.each<[RecordType, unknown, string]>([
  ['A', [{ address: '192.0.2.1', ttl: -1 }], 'ttl of A is -1, no integer from 0 to 4294967295'],
  ['AAAA', ['\x1b[31m'], 'address of AAAA is "\\x1b[31m", no IPv6 address'],
  ['CAA', [{ critical: 256, issue: '' }], 'critical of CAA is 256, no integer from 0 to 255'],
  ['MX', [{ priority: 1 }], 'exchange of MX is undefined, no text'],
  ['NS', [7], 'target of NS is 7, no text'],
  ['SOA', null, 'null is no SOA record'],
  ['SRV', 7, '7 is no list of SRV records'],
  ['TXT', [{ chunks: [[256]] }], 'an octet of a string of TXT is 256, no integer from 0 to 255'],
])('a bad %s says which field it is: %j', (type, raw, message) => {
  expect(() => normalise(type, raw)).toThrow(new BadRecordError(message));
});

test('records are frozen, and bytes are copied for each caller', () => {
  const [address] = normalise('A', ['192.0.2.1']);
  expect(Object.isFrozen(address)).toBe(true);
  const [txt] = normalise('TXT', [['a']]);
  if (txt?.type !== 'TXT') throw new Error('no TXT');
  const [copy] = ownRecords([txt]);
  if (copy?.type !== 'TXT') throw new Error('no TXT');
  copy.chunks[0]?.fill(0);
  expect(txt.chunks[0]).toEqual(utf8('a'));
  const [tlsa] = normalise('TLSA', [{ certUsage: 3, selector: 1, match: 1, data: Uint8Array.of(1, 2) }]);
  if (tlsa?.type !== 'TLSA') throw new Error('no TLSA');
  const [other] = ownRecords([tlsa]);
  if (other?.type !== 'TLSA') throw new Error('no TLSA');
  other.data.fill(0);
  expect(tlsa.data).toEqual(Uint8Array.of(1, 2));
});

test('the least TTL is by number, and of those that are there', () => {
  const a = (ttl: number | null) => ({ type: 'A', address: '192.0.2.1', ttl }) as const;
  expect(leastTtl([a(100), a(30), a(9)])).toBe(9);
  expect(leastTtl([a(null), a(30)])).toBe(30);
  expect(leastTtl([a(null)])).toBeNull();
  expect(leastTtl([])).toBeNull();
});
