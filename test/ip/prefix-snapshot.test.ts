import { describe, expect, it, vi } from 'vitest';
import { PrefixMap, SnapshotError } from '../../src/ip/index.js';
import { crc32 } from '../../src/ip/prefix-snapshot.js';
import { bytesOf, sameBytes } from '../support/bytes.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { addressesFor, entriesOf, LARGE } from '../support/prefix-entries.js';
import { Random } from '../support/random.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

function listed<V>(map: PrefixMap<V>): (readonly [string, V])[] {
  return Array.from(map, ({ prefix, value }) => [String(prefix), value]);
}

function errorOf(run: () => unknown): SnapshotError {
  try {
    run();
  } catch (error) {
    if (error instanceof SnapshotError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const MAPS: readonly (readonly [name: string, make: () => PrefixMap<number>])[] = [
  ['empty', () => new PrefixMap()],
  ['one prefix', () => new PrefixMap<number>().set('10.0.0.0/8', 1)],
  ['small', () => PrefixMap.from([...entriesOf(4, 100, 1, 32), ...entriesOf(6, 100, 2, 128)])],
  ['small, up to /64', () => PrefixMap.from(entriesOf(6, 100, 3, 64))],
  ['large IPv4', () => PrefixMap.from(entriesOf(4, LARGE + 500, 4, 32))],
  ['large IPv6, up to /64', () => PrefixMap.from(entriesOf(6, LARGE + 500, 5, 64))],
  ['large, both', () => PrefixMap.from([...entriesOf(4, LARGE * 2, 6, 32), ...entriesOf(6, LARGE * 2, 7, 128)])],
  ['kept', () => PrefixMap.from([...entriesOf(6, 50, 8, 128), ['::ffff:10.0.0.0/104', 1]], { mapped: 'keep' })],
];

describe('round trip', () => {
  it.each(MAPS)('%s', (_, make) => {
    const map = make();
    const bytes = map.toBytes();
    const loaded = PrefixMap.fromBytes<number>(bytes);
    expect(loaded.size).toBe(map.size);
    expect(listed(loaded)).toStrictEqual(listed(map));
    expect(loaded.byteLength).toBe(map.compact().byteLength);
    const entries = listed(map);
    const asked = entries.length === 0 ? ['10.0.0.1', '::1'] : addressesFor(entries, new Random(1));
    for (const address of asked) {
      expect(loaded.value(address)).toBe(map.value(address));
      expect(loaded.matches(address)).toStrictEqual(map.matches(address));
    }
    for (const [text, value] of entries.slice(0, 50)) {
      expect([loaded.has(text), loaded.get(text), loaded.overlaps(text)]).toStrictEqual([true, value, true]);
      expect([...loaded.within(text)]).toStrictEqual([...map.within(text)]);
    }
    expect(sameBytes(loaded.toBytes(), bytes)).toBe(true);
    expect(sameBytes(PrefixMap.fromBytes<number>(loaded.toBytes()).toBytes(), bytes)).toBe(true);
  });

  it.each(MAPS)('%s, after updates, is that of the compacted map', (_, make) => {
    const map = make();
    const random = new Random(12);
    const gone = [...map].filter(() => random.once(5));
    for (const { prefix } of gone) map.delete(prefix);
    for (const [text, value] of [...entriesOf(4, 200, 20, 32), ...entriesOf(6, 200, 21, 128)]) map.set(text, value);
    const loose = map.byteLength;
    const bytes = map.toBytes();
    // Writing a snapshot moves nothing.
    expect(map.byteLength).toBe(loose);
    map.compact();
    expect(map.byteLength).toBeLessThan(loose);
    expect(sameBytes(map.toBytes(), bytes)).toBe(true);
    expect(listed(PrefixMap.fromBytes(bytes))).toStrictEqual(listed(map));
  });

  it('keeps what becomes of mapped addresses', () => {
    const [plain, kept] = (['unwrap', 'keep'] as const).map((mapped) =>
      PrefixMap.fromBytes<number>(new PrefixMap<number>({ mapped }).set('10.0.0.0/8', 4).set('::/0', 6).toBytes()),
    ) as [PrefixMap<number>, PrefixMap<number>];
    expect([plain.value('::ffff:10.0.0.1'), kept.value('::ffff:10.0.0.1')]).toStrictEqual([4, 6]);
  });

  it('of values as JSON, each once', () => {
    const values = [null, true, 0, -1.5, '', 'é\u{1f600}"', [1, [2]], { a: { b: 'c' } }];
    const map = PrefixMap.from<unknown>(
      values.flatMap((value, i) => [
        [`10.${i}.0.0/16`, value],
        [`11.${i}.0.0/16`, value],
      ]),
    );
    const loaded = PrefixMap.fromBytes(map.toBytes());
    expect(listed(loaded)).toStrictEqual(listed(map));
    expect(loaded.value('10.7.0.1')).toBe(loaded.value('11.7.0.1'));
  });

  it('of values as the caller writes them', () => {
    const map = PrefixMap.from<bigint>([
      ['10.0.0.0/8', 2n ** 70n],
      ['::/0', 0n],
      ['11.0.0.0/8', 2n ** 70n],
    ]);
    const given: unknown[][] = [];
    const bytes = map.toBytes((...args) => {
      given.push(args);
      return bytesOf(args[0] === 0n ? '' : args[0].toString(16));
    });
    // Once for each value, and nothing but the value.
    expect(given).toStrictEqual([[2n ** 70n], [0n]]);
    const loaded = PrefixMap.fromBytes(bytes, (text) => BigInt(`0x${new TextDecoder().decode(text) || '0'}`));
    expect(listed(loaded)).toStrictEqual(listed(map));
  });

  it('needs values that have a text, and bytes of them', () => {
    expect(() => new PrefixMap<unknown>().set('::/0', undefined).toBytes()).toThrow('a value has no JSON text');
    expect(() => new PrefixMap<unknown>().set('::/0', 1n).toBytes()).toThrow(TypeError);
    const map = new PrefixMap<string>().set('::/0', 'text');
    for (const encoded of ['text', null, undefined, [1, 2], new ArrayBuffer(2)]) {
      expect(() => map.toBytes(() => forbidden(encoded))).toThrow('give the bytes of the value as a Uint8Array');
    }
    for (const no of [5, null, 'json']) {
      const message = /code is .*: pass a function$/;
      expect(() => map.toBytes(forbidden(no))).toThrow(message);
      expect(() => PrefixMap.fromBytes(map.toBytes(), forbidden<() => unknown>(no))).toThrow(message);
    }
    const bytes = map.toBytes(bytesOf);
    expect(() => PrefixMap.fromBytes(bytes)).toThrow('a value is no JSON text: pass fromBytes the inverse');
    expect(() =>
      PrefixMap.fromBytes(bytes, () => {
        throw new RangeError('mine');
      }),
    ).toThrow(new RangeError('mine'));
  });

  it('is read-only', () => {
    const bytes = new PrefixMap<number>().set('10.0.0.0/8', 1).toBytes();
    const before = Uint8Array.from(bytes);
    const loaded = PrefixMap.fromBytes<number>(bytes);
    for (const change of [
      () => loaded.set('10.0.0.0/8', 2),
      () => loaded.set('11.0.0.0/8', 2),
      () => loaded.delete('10.0.0.0/8'),
      () => loaded.delete('12.0.0.0/8'),
      () => loaded.compact(),
    ]) {
      expect(change).toThrow(TypeError);
      expect(change).toThrow('read-only: make another with PrefixMap.from(map)');
    }
    expect(listed(loaded)).toStrictEqual([['10.0.0.0/8', 1]]);
    expect(sameBytes(bytes, before)).toBe(true);
    // As the error says.
    const other = PrefixMap.from(loaded).set('11.0.0.0/8', 2);
    expect(listed(other)).toStrictEqual([
      ['10.0.0.0/8', 1],
      ['11.0.0.0/8', 2],
    ]);
  });
});

describe('damage', () => {
  const small = PrefixMap.from<number>([...entriesOf(4, 12, 30, 32), ...entriesOf(6, 8, 31, 128)]);
  const bytes = small.toBytes();

  it('of any byte is noticed', () => {
    expect(bytes.length).toBeGreaterThan(500);
    for (let offset = 0; offset < bytes.length; offset++) {
      for (const mask of [0x01, 0x02, 0x10, 0x80, 0x55, 0xff]) {
        const damaged = Uint8Array.from(bytes);
        damaged[offset] = (damaged[offset] ?? 0) ^ mask;
        const { code } = errorOf(() => PrefixMap.fromBytes(damaged));
        const codes =
          offset < 8 ? ['NOT_SNAPSHOT'] : offset < 12 ? ['NEWER_VERSION', 'CORRUPTED'] : ['CORRUPTED', 'TRUNCATED'];
        expect(codes).toContain(code);
      }
    }
  });

  it('with a checksum that fits is refused, or gives a table that answers: nothing is followed for ever', () => {
    const good = PrefixMap.from([
      ['10.0.0.0/8', 1],
      ['10.1.0.0/16', 2],
      ['10.1.2.0/24', 3],
      ['0.0.0.0/0', 4],
      ['2001:db8::/32', 5],
      ['2001:db8:1::/48', 6],
      ['::/0', 7],
      ['2001:db8::1/128', 8],
    ]).toBytes();
    let refused = 0;
    for (let offset = 16; offset < good.length; offset++) {
      for (const byte of [0, 1, 0x7f, 0xff]) {
        const bytes = good.slice();
        bytes[offset] = byte;
        new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(16)), true);
        try {
          const map = PrefixMap.fromBytes(bytes, String);
          for (const address of ['10.1.2.3', '11.0.0.1', '2001:db8::1', 'ffff::']) map.matches(address);
          expect(listed(map).length).toBeLessThanOrEqual(8);
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError);
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('at the end is noticed, wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      const error = errorOf(() => PrefixMap.fromBytes(bytes.slice(0, length)));
      expect(error).toMatchObject({ code: 'TRUNCATED', offset: length });
      expect(errorOf(() => PrefixMap.fromBytes(bytes.subarray(0, length))).code).toBe('TRUNCATED');
    }
  });

  it('of large tables is noticed', () => {
    const large = PrefixMap.from([...entriesOf(4, LARGE, 32, 32), ...entriesOf(6, LARGE, 33, 128)]).toBytes();
    const random = new Random(34);
    for (let round = 0; round < 30; round++) {
      const damaged = Uint8Array.from(large);
      const offset = random.below(large.length);
      damaged[offset] = (damaged[offset] ?? 0) ^ (1 + random.below(255));
      expect(() => PrefixMap.fromBytes(damaged)).toThrow(SnapshotError);
    }
  });

  it.each([
    ['a byte more', Uint8Array.from([...bytes, 0]), 'CORRUPTED'],
    ['twice', Uint8Array.from([...bytes, ...bytes]), 'CORRUPTED'],
    ['nothing', new Uint8Array(0), 'TRUNCATED'],
    ['the head alone', bytes.slice(0, 32), 'TRUNCATED'],
    ['a newer version', withWord(bytes, 8, 2), 'NEWER_VERSION'],
    ['a version of no release', withWord(bytes, 8, 0xffff_ffff), 'NEWER_VERSION'],
    ['a version before the first', withWord(bytes, 8, 0), 'CORRUPTED'],
    ['the magic alone', bytes.slice(0, 8), 'TRUNCATED'],
    ['a few other bytes', new Uint8Array(3), 'NOT_SNAPSHOT'],
    ['another length', withWord(bytes, 16, bytes.length - 4), 'CORRUPTED'],
    ['other bytes', bytesOf('text'.repeat(250)), 'NOT_SNAPSHOT'],
  ] as const)('%s', (_, damaged, code) => {
    const error = errorOf(() => PrefixMap.fromBytes(damaged));
    expect(error).toMatchObject({ name: 'SnapshotError', code });
    expect(error.message).toContain(error.hint);
    expect(error.message).toContain(`at offset ${error.offset}`);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'snapshot: the end is missing at offset 0; copy or write the snapshot again'],
    [
      'a newer version',
      withWord(bytes, 8, 7),
      'snapshot: version 7 at offset 8; this release reads version 1: write the snapshot again',
    ],
    ['text', bytesOf('x'.repeat(40)), 'snapshot: no snapshot at offset 0; pass the bytes of toBytes()'],
    [
      'a changed byte',
      withWord(bytes, 40, 99),
      'snapshot: checksum does not fit at offset 12; copy or write the snapshot again',
    ],
  ])('says of %s what to do', (_, damaged, message) => {
    expect(errorOf(() => PrefixMap.fromBytes(damaged)).message).toBe(message);
  });

  it.each([
    ...NOT_TEXT,
    ['text', 'inaddrPM'] as const,
    ['a buffer', new ArrayBuffer(64)] as const,
    ['words', new Uint32Array(16)] as const,
  ])('%s is no snapshot', (_, value) => {
    expect(errorOf(() => PrefixMap.fromBytes(forbidden<Uint8Array>(value)))).toMatchObject({
      code: 'NOT_SNAPSHOT',
      hint: 'pass the bytes of toBytes()',
    });
  });

  function withWord(snapshot: Uint8Array, offset: number, word: number): Uint8Array {
    const changed = Uint8Array.from(snapshot);
    new DataView(changed.buffer).setUint32(offset, word, true);
    return changed;
  }
});

describe('memory', () => {
  const entries = [...entriesOf(4, LARGE + 100, 40, 32), ...entriesOf(6, 300, 41, 128)];
  const map = PrefixMap.from(entries);
  const bytes = map.toBytes();

  it.each([0, 1, 2, 3, 4, 5, 7, 8])('takes bytes at offset %d of others', (offset) => {
    const around = new Uint8Array(bytes.length + 16);
    around.set(bytes, offset);
    const loaded = PrefixMap.fromBytes<number>(around.subarray(offset, offset + bytes.length));
    expect(listed(loaded)).toStrictEqual(listed(map));
    expect(sameBytes(loaded.toBytes(), bytes)).toBe(true);
  });

  it('may be shared', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const loaded = PrefixMap.fromBytes<number>(shared);
    expect(listed(loaded)).toStrictEqual(listed(map));
    expect(sameBytes(loaded.toBytes(), bytes)).toBe(true);
  });

  it('is that of the snapshot itself when it begins at a multiple of four', () => {
    const view = Uint8Array.from(bytes);
    const loaded = PrefixMap.fromBytes<number>(view);
    const [text = '', value] = entries[0] ?? [];
    expect(loaded.get(text)).toBe(value);
    // Nobody should, but it shows where the map looks.
    view.fill(0, 32);
    expect(loaded.get(text)).toBeUndefined();
  });
});

describe('crc32', () => {
  it('is that of RFC 1952', () => {
    expect(crc32(bytesOf('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });
});
