import { describe, expect, it } from 'vitest';
import { IPv4Address, PrefixMap, parseAddressBytes } from '../../../src/ip/index.js';
import { sameBytes } from '../../support/bytes.js';
import { entriesOf } from '../../support/prefix-entries.js';

// A Buffer is a Uint8Array with surprises: most are views into a shared pool, and `slice` does not copy.

describe('a Buffer', () => {
  it('is read as an address', () => {
    expect(String(parseAddressBytes(Buffer.from('x192.0.2.1'), 1))).toBe('192.0.2.1');
    expect(String(parseAddressBytes(Buffer.from('192.0.2.1')))).toBe('192.0.2.1');
    expect(String(parseAddressBytes(Buffer.from('fe80::1%eth0')))).toBe('fe80::1%eth0');
    expect(String(IPv4Address.fromBytes(Buffer.from([9, 9, 192, 0, 2, 1, 9]).subarray(2, 6)))).toBe('192.0.2.1');
  });

  it('is matched', () => {
    const map = new PrefixMap<number>().set('10.0.0.0/8', 1);
    expect(map.valueBytes(Buffer.from('10.1.2.3'))).toBe(1);
    expect(map.matchBytes(Buffer.from('<10.1.2.3>'), 1, 9)?.value).toBe(1);
    expect(map.valueBytes(Buffer.from('11.1.2.3'))).toBeUndefined();
  });

  it.each([0, 1, 2, 3, 4, 5, 7, 8])('holds a snapshot at offset %d of others', (offset) => {
    const map = PrefixMap.from(entriesOf(6, 300, 41, 128));
    const bytes = map.toBytes();
    const around = new Uint8Array(bytes.length + 16);
    around.set(bytes, offset);
    const loaded = PrefixMap.fromBytes<number>(Buffer.from(around.buffer, offset, bytes.length));
    expect([...loaded].map(String)).toStrictEqual([...map].map(String));
    expect(sameBytes(loaded.toBytes(), bytes)).toBe(true);
  });

  it('holds the values of a snapshot', () => {
    const map = PrefixMap.from<bigint>([
      ['10.0.0.0/8', 2n ** 70n],
      ['::/0', 0n],
    ]);
    const bytes = map.toBytes((value) => Buffer.from(value.toString(16)));
    const loaded = PrefixMap.fromBytes(bytes, (text) => BigInt(`0x${Buffer.from(text)}`));
    expect([loaded.value('10.0.0.1'), loaded.value('::1')]).toStrictEqual([2n ** 70n, 0n]);
  });
});
