// A worker thread that matches addresses in a snapshot that it shares with the thread that started it.
import { parentPort, workerData } from 'node:worker_threads';
import { PrefixMap } from '../../dist/ip/index.js';

const { snapshot, addresses } = workerData;
const map = PrefixMap.fromBytes(snapshot);
parentPort?.postMessage({
  shared: snapshot.buffer instanceof SharedArrayBuffer,
  byteLength: map.byteLength,
  found: addresses.map((address) => {
    const match = map.match(address);
    return match === null ? null : [String(match.prefix), match.value];
  }),
});
