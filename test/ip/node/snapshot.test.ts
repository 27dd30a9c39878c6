import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { gzipSync, crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { PrefixMap, SnapshotError } from '../../../src/ip/index.js';
import { crc32 } from '../../../src/ip/prefix-snapshot.js';
import { sameBytes } from '../../support/bytes.js';
import { addressesFor, entriesOf, LARGE } from '../../support/prefix-entries.js';
import { Random } from '../../support/random.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

describe('a snapshot', () => {
  const entries = [...entriesOf(4, LARGE + 100, 40, 32), ...entriesOf(6, 300, 41, 128)];
  const map = PrefixMap.from(entries);
  const bytes = map.toBytes();

  it('is shared with worker threads', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const loaded = PrefixMap.fromBytes<number>(shared);
    const addresses = addressesFor(entries, new Random(42));
    const expected = addresses.map((address) => {
      const match = map.match(address);
      return match === null ? null : [String(match.prefix), match.value];
    });
    expect(addresses.map((address) => loaded.value(address))).toStrictEqual(expected.map((one) => one?.[1]));
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const worker = new Worker(new URL('../../support/match-in-worker.mjs', import.meta.url), {
          workerData: { snapshot: shared, addresses },
        });
        const [answer] = await once(worker, 'message');
        await worker.terminate();
        return answer as unknown;
      }),
    );
    expect(answers).toStrictEqual(Array(2).fill({ shared: true, byteLength: loaded.byteLength, found: expected }));
    expect(sameBytes(shared, bytes)).toBe(true);
  });

  it('is no snapshot when it is compressed', () => {
    const compressed = gzipSync(bytes);
    expect(() => PrefixMap.fromBytes(compressed)).toThrow(SnapshotError);
    expect(() => PrefixMap.fromBytes(compressed)).toThrow(expect.objectContaining({ code: 'NOT_SNAPSHOT' }));
  });
});

describe('crc32', () => {
  it('is that of zlib, for all lengths and alignments', () => {
    const random = new Random(50);
    const noise = Uint8Array.from({ length: 300 }, () => random.below(256));
    for (let start = 0; start < 5; start++) {
      for (let end = start; end < noise.length; end++) {
        const part = noise.subarray(start, end);
        expect(crc32(part)).toBe(zlibCrc32(part));
      }
    }
  });
});
