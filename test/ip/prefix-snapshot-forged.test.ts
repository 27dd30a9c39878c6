import { describe, expect, it } from 'vitest';
import { PrefixMap, SnapshotError } from '../../src/ip/index.js';
import { crc32 } from '../../src/ip/prefix-snapshot.js';
import { entriesOf, LARGE } from '../support/prefix-entries.js';

// Snapshots whose checksum fits and whose arrays do not: each check of them, by the one thing that it looks at.

const COLUMNS = ['starts', 'key0', 'key1', 'key2', 'key3', 'lengths', 'ups', 'numbers'] as const;
const SIZES: Readonly<Record<string, number>> = { lengths: 1, ups: 2 };
const HEADER = 32;

type Table = Record<(typeof COLUMNS)[number], number[]>;

/** A snapshot taken apart. */
interface Parts {
  ipv4: Table;
  ipv4Wide: Table;
  ipv6: Table;
  ipv6Wide: Table;
  ends: number[];
  blob: number[];
  valueCount: number;
  arrayCount: number;
  /** What the list of counts says of an array, where that is not its length. */
  counts: Map<number, number>;
}

const arraysOf = ({ ipv4, ipv4Wide, ipv6, ipv6Wide, ends, blob }: Parts) => [
  ...[ipv4, ipv4Wide, ipv6, ipv6Wide].flatMap((table) =>
    COLUMNS.map((name) => ({ values: table[name], size: SIZES[name] ?? 4 })),
  ),
  { values: ends, size: 4 },
  { values: blob, size: 1 },
];

function read(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const arrayCount = view.getUint32(28, true);
  let offset = HEADER + 4 * arrayCount;
  let next = 0;
  const take = (size: number) => {
    const count = view.getUint32(HEADER + 4 * next++, true);
    const values = Array.from({ length: count }, (_, i) => valueAt(view, offset + i * size, size));
    offset += Math.ceil((count * size) / 4) * 4;
    return values;
  };
  const table = () => Object.fromEntries(COLUMNS.map((name) => [name, take(SIZES[name] ?? 4)])) as Table;
  const [ipv4, ipv4Wide, ipv6, ipv6Wide] = [table(), table(), table(), table()];
  const [ends, blob] = [take(4), take(1)];
  return {
    ipv4,
    ipv4Wide,
    ipv6,
    ipv6Wide,
    ends,
    blob,
    valueCount: view.getUint32(24, true),
    arrayCount,
    counts: new Map(),
  };
}

function valueAt(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  return size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
}

function write(parts: Parts): Uint8Array {
  const arrays = arraysOf(parts);
  const padded = ({ values, size }: { values: number[]; size: number }) => Math.ceil((values.length * size) / 4) * 4;
  const length = HEADER + 4 * arrays.length + arrays.reduce((sum, array) => sum + padded(array), 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('inaddrPM'));
  for (const [i, word] of [1, 0, length, 0, parts.valueCount, parts.arrayCount].entries())
    view.setUint32(8 + 4 * i, word, true);
  let offset = HEADER + 4 * arrays.length;
  for (const [i, array] of arrays.entries()) {
    view.setUint32(HEADER + 4 * i, parts.counts.get(i) ?? array.values.length, true);
    for (const [at, value] of array.values.entries()) {
      const place = offset + at * array.size;
      if (array.size === 1) view.setUint8(place, value);
      else if (array.size === 2) view.setUint16(place, value, true);
      else view.setUint32(place, value, true);
    }
    offset += padded(array);
  }
  view.setUint32(12, crc32(bytes.subarray(16)), true);
  return bytes;
}

const small = () =>
  PrefixMap.from<number | string>([
    ['0.0.0.0/0', 1],
    ['10.0.0.0/8', 2],
    ['10.1.0.0/16', 3],
    ['::/0', 'four'],
    ['2001:db8::/32', 5],
    ['2001:db8::1/128', 6],
  ]).toBytes();

/** With a directory of blocks, and wide prefixes beside it. */
const large = () =>
  PrefixMap.from([
    ['0.0.0.0/0', 1],
    ['10.0.0.0/7', 2],
    ...entriesOf(4, LARGE + 10, 4, 32),
    ['::/0', 3],
    ...entriesOf(6, LARGE + 10, 5, 64),
  ]).toBytes();

function outcome(bytes: Uint8Array): string {
  try {
    return `taken, ${PrefixMap.fromBytes(bytes).size}`;
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return `${error.code} ${error.offset}: ${error.message}`;
  }
}

function refusal(problem: string): string {
  return `CORRUPTED 16: snapshot: ${problem} at offset 16; write the snapshot again`;
}

const CHECKSUM = 'CORRUPTED 12: snapshot: checksum does not fit at offset 12; copy or write the snapshot again';

it('are made as others are', () => {
  for (const bytes of [small(), large()]) expect(write(read(bytes))).toEqual(bytes);
});

describe('of a small table', () => {
  it.each<[name: string, change: (parts: Parts) => void, outcome: string]>([
    ['nothing', () => {}, 'taken, 6'],
    ['a length less', ({ ipv6 }) => ipv6.lengths.pop(), refusal('columns differ')],
    ['a length more', ({ ipv6 }) => ipv6.lengths.push(1), refusal('columns differ')],
    ['a link less', ({ ipv6 }) => ipv6.ups.pop(), refusal('columns differ')],
    ['a number more', ({ ipv4 }) => ipv4.numbers.push(0), refusal('columns differ')],
    ['a second word less', ({ ipv6 }) => ipv6.key1.pop(), refusal('columns differ')],
    ['no second words', ({ ipv6 }) => ipv6.key1.splice(0), refusal('columns differ')],
    ['second words of IPv4', ({ ipv4 }) => ipv4.key1.push(...ipv4.key0), refusal('columns differ')],
    ['a third word less', ({ ipv6 }) => ipv6.key2.pop(), refusal('columns differ')],
    ['a fourth word less', ({ ipv6 }) => ipv6.key3.pop(), refusal('columns differ')],
    ['a third and fourth word less', ({ ipv6 }) => [ipv6.key2.pop(), ipv6.key3.pop()], refusal('columns differ')],
    ['a third and fourth word more', ({ ipv6 }) => [ipv6.key2.push(0), ipv6.key3.push(0)], refusal('columns differ')],
    [
      'third and fourth words of IPv4',
      ({ ipv4 }) => [ipv4.key2.push(0, 0, 0), ipv4.key3.push(0, 0, 0)],
      refusal('columns differ'),
    ],
    [
      'no third and fourth words',
      ({ ipv6 }) => [ipv6.key2.splice(0), ipv6.key3.splice(0)],
      refusal('a prefix is too long'),
    ],
    ['no starts', ({ ipv4 }) => ipv4.starts.splice(0), refusal('no such directory')],
    ['a start more', ({ ipv4 }) => ipv4.starts.splice(1, 0, 0), refusal('no such directory')],
    ['one start', ({ ipv6 }) => ipv6.starts.pop(), refusal('no such directory')],
    [
      'no starts and no places',
      ({ ipv4 }) => COLUMNS.map((name) => ipv4[name].splice(0)),
      refusal('no such directory'),
    ],
    [
      'a wide prefix without starts',
      ({ ipv4, ipv4Wide }) => COLUMNS.map((name) => name !== 'starts' && ipv4Wide[name].push(...ipv4[name])),
      refusal('no such directory'),
    ],
    ['a first start of 1', ({ ipv4 }) => ipv4.starts.fill(1, 0, 1), refusal('blocks do not fill the table')],
    ['an end before the end', ({ ipv4 }) => ipv4.starts.fill(2, 1, 2), refusal('blocks do not fill the table')],
    ['an end after the end', ({ ipv4 }) => ipv4.starts.fill(4, 1, 2), refusal('blocks do not fill the table')],
    ['a link to before the first', ({ ipv4 }) => ipv4.ups.fill(1, 0, 1), refusal('a link leads out of its block')],
    [
      'a link of the last to before the first',
      ({ ipv4 }) => ipv4.ups.fill(3, 2),
      refusal('a link leads out of its block'),
    ],
    ['a link of the last to the first', ({ ipv4 }) => ipv4.ups.fill(2, 2), 'taken, 6'],
    ['an IPv4 length of 33', ({ ipv4 }) => ipv4.lengths.fill(33, 2), refusal('a prefix is too long')],
    ['an IPv4 length of 32', ({ ipv4 }) => ipv4.lengths.fill(32, 2), 'taken, 6'],
    ['an IPv6 length of 129', ({ ipv6 }) => ipv6.lengths.fill(129, 2), refusal('a prefix is too long')],
    ['a number of no value', ({ ipv4 }) => ipv4.numbers.fill(6, 2), refusal('a value is missing')],
    ['the number of another value', ({ ipv4 }) => ipv4.numbers.fill(5, 2), 'taken, 6'],
    ['a value more than ends', (parts) => parts.valueCount++, refusal('values do not fill it')],
    ['an end more than values', ({ ends }) => ends.push(ends.at(-1) ?? 0), refusal('values do not fill it')],
    ['an end before the one before', ({ ends }) => ends.fill(0, 2, 3), refusal('values do not fill it')],
    ['a last end before the end', ({ ends }) => ends.fill(8, 5), refusal('values do not fill it')],
    ['a last end after the end', ({ ends }) => ends.fill(12, 5), refusal('values do not fill it')],
    ['four bytes more of values', ({ blob }) => blob.push(0, 0, 0, 0), refusal('values do not fill it')],
    ['a count of one more', ({ counts }) => counts.set(0, 3), refusal('arrays do not fill it')],
    ['a count of one less', ({ counts }) => counts.set(1, 2), refusal('arrays do not fill it')],
    ['a count beyond 32 bits of bytes', ({ counts }) => counts.set(1, 0xffff_ffff), refusal('arrays do not fill it')],
    ['an array more', (parts) => parts.arrayCount++, CHECKSUM],
    ['an array less', (parts) => parts.arrayCount--, CHECKSUM],
  ])('%s', (_, change, expected) => {
    const parts = read(small());
    change(parts);
    expect(outcome(write(parts))).toBe(expected);
  });
});

describe('of a table with a directory', () => {
  it.each<[name: string, change: (parts: Parts) => void, outcome: RegExp]>([
    ['nothing', () => {}, /^taken, \d+$/],
    ['a start beyond the end', ({ ipv4 }) => ipv4.starts.fill(ipv4.key0.length + 1, 9, 10), /blocks overlap/],
    ['a start before the one before', ({ ipv4 }) => ipv4.starts.fill(0, -2, -1), /blocks overlap/],
    ['a start beyond the end, of IPv6', ({ ipv6 }) => ipv6.starts.fill(ipv6.key0.length + 1, 9, 10), /blocks overlap/],
    ['a start less', ({ ipv4 }) => ipv4.starts.splice(5, 1), /no such directory/],
    ['a start more', ({ ipv6 }) => ipv6.starts.splice(5, 0, 0), /no such directory/],
    [
      'a directory of the other family',
      ({ ipv4, ipv6 }) => ([ipv4.starts, ipv6.starts] = [ipv6.starts, ipv4.starts]),
      /no such directory/,
    ],
    [
      'a link of the last place out of its block',
      ({ ipv4 }) => ipv4.ups.fill(0xffff, -1),
      /a link leads out of its block/,
    ],
    ['a length of the last place', ({ ipv6 }) => ipv6.lengths.fill(65, -1), /a prefix is too long/],
    ['a number of the last place', ({ ipv6 }) => ipv6.numbers.fill(0xffff_ffff, -1), /a value is missing/],
    ['a number of a wide prefix', ({ ipv4Wide }) => ipv4Wide.numbers.fill(0xffff_ffff, -1), /a value is missing/],
    ['a length of a wide prefix', ({ ipv4Wide }) => ipv4Wide.lengths.fill(33, -1), /a prefix is too long/],
    ['three starts of wide prefixes', ({ ipv4Wide }) => ipv4Wide.starts.splice(1, 0, 0), /no such directory/],
    [
      'a directory of wide prefixes',
      ({ ipv4, ipv4Wide }) => (ipv4Wide.starts = ipv4.starts.map(() => 0)),
      /no such directory/,
    ],
  ])('%s', (_, change, expected) => {
    const parts = read(large());
    change(parts);
    expect(outcome(write(parts))).toMatch(expected);
  });
});
