import { expect, it } from 'vitest';
import { recordAddresses } from '../../src/checks/record-addresses.js';

function parse(text: string): string {
  if (!/^[.:\d]+$/.test(text)) throw new RangeError('write an address');
  return `<${text}>`;
}

const of = (answer: unknown) => recordAddresses(answer as Parameters<typeof recordAddresses>[0], parse);

it('are those of the records, in order', () => {
  expect(of({ records: [] })).toEqual([]);
  expect(of({ records: [{ address: '::1' }, { type: 'A', address: '127.0.0.1', ttl: 5 }] })).toEqual([
    '<::1>',
    '<127.0.0.1>',
  ]);
});

it.each([
  [[{ address: 'x\u001b' }], '"x\\x1b"'],
  [[{ address: '::1' }, {}], 'undefined'],
  [[null], 'undefined'],
  [new Array(1), 'undefined'],
])('are addresses, or it is told who gave them: %j', (records, told) => {
  const error = new TypeError(`the resolver has given ${told}, which is no address`, {
    cause: new RangeError('write an address'),
  });
  expect(() => of({ records })).toThrow(error);
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
