import { expect, it } from 'vitest';
import { recordAddresses } from '../../src/checks/record-addresses.js';

const of = (answer: unknown) => recordAddresses(answer as Parameters<typeof recordAddresses>[0]);

it('are those of the records, in order', () => {
  expect(of({ records: [] })).toEqual([]);
  expect(of({ records: [{ address: '::1' }, { type: 'A', address: '127.0.0.1', ttl: 5 }] })).toEqual([
    '::1',
    '127.0.0.1',
  ]);
});

it('are whatever stands there, for who parses it', () => {
  const records = [{ address: 7 }, {}, null, undefined];
  expect(of({ records })).toEqual([7, undefined, undefined, undefined]);
  expect(of({ records: new Array(1) })).toEqual([undefined]);
});

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['text', '"text"'],
  [{}, 'an object'],
  [{ records: null }, 'an object'],
  [{ records: '::1' }, 'an object'],
  [{ records: { length: 1 } }, 'an object'],
])('there are none in %j', (answer, told) => {
  expect(() => of(answer)).toThrow(new TypeError(`the resolver has given ${told}, and no list of records`));
});
