import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerQuestion } from '../../src/testing/answer.js';
import { foldName, parentName } from '../../src/testing/name.js';
import type { RecordTypeName } from '../../src/testing/record-type.js';
import { typeName, typeNumber } from '../../src/testing/record-type.js';
import { RecordTree } from '../../src/testing/records.js';
import { parseZone } from '../../src/testing/zone.js';

function ask(zone: string, name: string, type: RecordTypeName) {
  const { rcode, answers, authorities } = answerQuestion(new RecordTree().add(...parseZone(zone)), { name, type });
  const show = (each: (typeof answers)[number]) => `${each.name} ${each.type} ${each.ttl}`;
  return { rcode, answers: answers.map(show), authorities: authorities.map(show) };
}

describe('answerQuestion', () => {
  // RFC 4592 section 2.2.1, its own example.
  const zone = `
$ORIGIN example.
$TTL 3600
@                       SOA  ns host 1 2 3 4 900
@                       NS   ns.example.com.
*.example.              TXT  "this is a wildcard"
*.example.              MX   10 host1.example.
sub.*.example.          TXT  "this is not a wildcard"
host1.example.          A    192.0.2.1
_ssh._tcp.host1.example. SRV 0 0 22 host1.example.
_ssh._tcp.host2.example. SRV 0 0 22 host2.example.
subdel.example.         NS   ns.example.com.
`;
  const soa = 'example SOA 900';

  it.each<[string, RecordTypeName, object]>([
    ['host3.example', 'MX', { rcode: 0, answers: ['host3.example MX 3600'] }],
    ['host3.example', 'A', { rcode: 0, answers: [], authorities: [soa] }],
    ['foo.bar.example', 'TXT', { rcode: 0, answers: ['foo.bar.example TXT 3600'] }],
    ['host1.example', 'MX', { rcode: 0, answers: [], authorities: [soa] }],
    ['sub.*.example', 'MX', { rcode: 0, answers: [], authorities: [soa] }],
    ['_telnet._tcp.host1.example', 'SRV', { rcode: 3, answers: [], authorities: [soa] }],
    ['host.subdel.example', 'A', { rcode: 3, answers: [] }],
    ['ghost.*.example', 'MX', { rcode: 3, answers: [] }],
    ['_tcp.host1.example', 'SRV', { rcode: 0, answers: [], authorities: [soa] }],
    ['*.example', 'MX', { rcode: 0, answers: ['*.example MX 3600'] }],
    ['HOST1.Example', 'A', { rcode: 0, answers: ['HOST1.Example A 3600'], authorities: [] }],
    ['other', 'A', { rcode: 3, answers: [], authorities: [] }],
    ['.', 'A', { rcode: 0, answers: [], authorities: [] }],
    ['host1.example', 'ANY', { rcode: 0, answers: ['host1.example A 3600'] }],
  ])('%s %s', (name, type, expected) => {
    expect(ask(zone, name, type)).toMatchObject(expected);
  });

  it('knows nothing: NXDOMAIN, also of the root', () => {
    expect(ask('', 'a.test', 'A')).toEqual({ rcode: 3, answers: [], authorities: [] });
    expect(ask('', '.', 'NS')).toEqual({ rcode: 3, answers: [], authorities: [] });
  });

  it('has wildcards of the root', () => {
    expect(ask('*. 5 A 192.0.2.1', 'a.b.test', 'A')).toMatchObject({ answers: ['a.b.test A 5'] });
  });

  it('the TTL of a negative answer is the lesser of the two of its SOA', () => {
    const negative = (ttl: number, minimum: number) =>
      ask(`a. ${ttl} SOA n. h. 1 2 3 4 ${minimum}`, 'x.a', 'A').authorities;
    expect(negative(60, 5)).toEqual(['a SOA 5']);
    expect(negative(5, 60)).toEqual(['a SOA 5']);
  });

  it('what was asked for wins over a CNAME beside it', () => {
    const both = 'a. 1 CNAME b.\na. 2 A 192.0.2.1\nb. 3 A 192.0.2.2\nb. 4 AAAA ::1';
    expect(ask(both, 'a', 'A').answers).toEqual(['a A 2']);
    expect(ask(both, 'a', 'CNAME').answers).toEqual(['a CNAME 1']);
    expect(ask(both, 'a', 'AAAA').answers).toEqual(['a CNAME 1', 'b AAAA 4']);
    expect(ask(both, 'a', 'MX')).toMatchObject({ rcode: 0, answers: ['a CNAME 1'] });
  });

  it('follows CNAMEs of wildcards, and gives up on circles and on octets that are no name', () => {
    expect(ask('*.a. 1 CNAME b.\nb. 2 A 192.0.2.1', 'x.a', 'A').answers).toEqual(['x.a CNAME 1', 'b A 2']);
    expect(ask('a. 1 CNAME A.', 'a', 'A')).toEqual({ rcode: 0, answers: ['a CNAME 1'], authorities: [] });
    expect(ask(String.raw`a. 1 CNAME \# 1 ff`, 'a', 'A')).toEqual({
      rcode: 0,
      answers: ['a CNAME 1'],
      authorities: [],
    });
  });
});

describe('RecordTree', () => {
  it('knows which names exist, whatever was added and removed, and in which order', () => {
    const name = fc.array(fc.constantFrom('a', 'b', '*'), { minLength: 1, maxLength: 4 }).map((each) => each.join('.'));
    const step = fc.record({ name, add: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), name, (steps, asked) => {
        const tree = new RecordTree();
        const golden: string[] = [];
        for (const { name: each, add } of steps) {
          if (add) {
            tree.add({ name: each, type: 'A', address: '192.0.2.1' });
            golden.push(each);
          } else {
            const left = golden.filter((one) => one !== each);
            expect(tree.remove(each)).toBe(golden.length - left.length);
            golden.splice(0, golden.length, ...left);
          }
        }
        expect(tree.size).toBe(golden.length);
        expect([...tree].map((record) => record.name).sort()).toEqual([...golden].sort());
        expect(tree.exists(asked)).toBe(golden.some((each) => each === asked || each.endsWith(`.${asked}`)));
      }),
    );
  });

  it('is changed wholly or not at all', () => {
    const tree = new RecordTree().add({ name: 'a', type: 'A', address: '192.0.2.1' });
    const good = { name: 'a', type: 'A', address: '192.0.2.2' } as const;
    const bad = { name: 'b', type: 'A', address: '::1' } as const;
    expect(() => tree.add(good, bad)).toThrow('bad address');
    expect(() => tree.replace(good, bad)).toThrow('bad address');
    expect([...tree]).toEqual([{ name: 'a', type: 'A', address: '192.0.2.1' }]);
    expect(() => tree.remove('a', 'TYPE65536')).toThrow(RangeError);
    tree.clear();
    expect([tree.size, tree.exists('a')]).toEqual([0, false]);
  });

  it('takes any name for a key', () => {
    const tree = new RecordTree();
    for (const name of ['__proto__', 'constructor', 'valueof']) {
      expect(tree.at(name)).toBeNull();
      tree.add({ name, type: 'A', address: '192.0.2.1' });
      expect(tree.at(name)?.get('A')).toHaveLength(1);
    }
  });
});

describe('names and types', () => {
  it.each([
    ['a.b.c', 'b.c'],
    ['c', '.'],
    ['.', null],
    ['a\\.b.c', 'c'],
    ['a\\\\.b', 'b'],
    ['\\046\\.x.b', 'b'],
  ])('above %s is %s', (name, parent) => {
    expect(parentName(name)).toBe(parent);
  });

  it.each([
    ['WWW.Example.', 'www.example'],
    ['.', '.'],
    ['a\\.', 'a\\.'],
    ['ÄB', 'Äb'],
  ])('%s folds to %s', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it('types have numbers, and numbers names', () => {
    fc.assert(fc.property(fc.nat(0xffff), (number) => typeNumber(typeName(number)) === number));
    expect(['A', 'aaaa', 'TLSA', 'CAA', 'NAPTR', 'type65', 'HTTPS'].map(typeNumber)).toEqual([
      1, 28, 52, 257, 35, 65, 65,
    ]);
    expect(['', 'TYPE', 'TYPE65536', 'TYPE-1', 'toString', 'A '].map(typeNumber)).toEqual(Array(6).fill(null));
    expect([typeName(65), typeName(1234)]).toEqual(['HTTPS', 'TYPE1234']);
  });
});
