// Claim: the whole routing table takes a few bytes a prefix, updates included, and is there soon.

import LongestPrefixMatch from 'longest-prefix-match';
import { Reader } from 'mmdb-lib';
import { PrefixMap } from '../dist/ip/index.js';
import { compare, compareTasks } from './support/compare.mjs';
import { random } from './support/inputs.mjs';
import { writeMmdb } from './support/mmdb.mjs';
import { ipv4Prefixes, ipv4Queries, ipv4Text, ipv6Prefixes, ipv6Text, neighbours } from './support/prefixes.mjs';
import { heldBytes } from './support/processes.mjs';
import { report, under, within } from './support/report.mjs';

const MILLION = 1_000_000;
const IPV6_COUNT = 220_000;

const prefixes = ipv4Prefixes(MILLION);
const texts = prefixes.map(ipv4Text);
const values = neighbours(MILLION);

/**
 * @param {readonly string[]} list
 * @param {number} [count]
 * @returns {(readonly [string, string])[]}
 */
function entries(list, count = list.length) {
  return list.slice(0, count).map((text, i) => [text, /** @type {string} */ (values[i])]);
}

/** @param {readonly (readonly [string, string])[]} list */
function longestPrefixMatch(list) {
  const made = new LongestPrefixMatch();
  for (const [text, value] of list) made.addPrefix(text, value);
  return made;
}

/**
 * @param {string} work
 * @param {number} cost
 * @param {string} peer
 * @param {number} count
 * @param {import('./support/report.mjs').Target | null} target
 */
function memory(work, cost, peer, count, target) {
  return {
    work: `memory, ${work}`,
    ours: 'PrefixMap.byteLength',
    ourCost: cost,
    peer,
    peerCost: heldBytes(peer, count) / count,
    unit: 'bytes a prefix',
    target,
  };
}

/** Sets and deletes prefixes, with look-ups in between. */
function updates() {
  const changes = ipv4Prefixes(MILLION + 4096)
    .slice(MILLION)
    .map(ipv4Text);
  const tables = [MILLION, 100_000, 1000].map((count) => PrefixMap.from(entries(texts, count)));
  const [first = '10.0.0.1'] = ipv4Queries(prefixes).hits;
  const [large, ...smaller] = tables.map((map) => (/** @type {string} */ text) => {
    map.set(text, 'AS64496');
    const found = map.value(first) ?? '-';
    map.delete(text);
    return found;
  });
  const rows = compare({
    work: 'half of: set, value, delete',
    inputs: changes,
    ours: { name: 'at 1,000,000 prefixes', run: large ?? String, each: 2 },
    peers: [
      { name: 'at 100,000', run: smaller[0] ?? String, each: 2, target: null },
      { name: 'at 1,000', run: smaller[1] ?? String, each: 2, target: null },
    ],
  });
  const [{ ourCost = Number.NaN } = {}] = rows;
  return rows.map((row, i) =>
    i === 0 ? { ...row, note: `${Math.round(1e9 / Number(ourCost)).toLocaleString('en')} a second at 1,000,000` } : row,
  );
}

/** The most bytes a prefix while a table of a million takes a million updates, and when it is made of updates alone. */
function updatedMemory() {
  const map = PrefixMap.from(entries(texts));
  const next = random();
  const more = ipv4Prefixes(MILLION * 1.2)
    .slice(MILLION)
    .map(ipv4Text);
  let most = map.byteLength / map.size;
  for (let update = 0; update < MILLION; update++) {
    if (update % 2 === 0) map.set(more[next(more.length)] ?? '', 'AS64496');
    else map.delete(texts[next(texts.length)] ?? '');
    if (update % 1000 === 0) most = Math.max(most, map.byteLength / map.size);
  }
  const alone = new PrefixMap();
  let grown = 0;
  const start = performance.now();
  for (const [i, [text, value]] of entries(texts).entries()) {
    alone.set(text, value);
    // Below 100,000 prefixes the directory is most of it.
    if (i % 1000 === 0 && i >= 100_000) grown = Math.max(grown, alone.byteLength / alone.size);
  }
  const each = ((performance.now() - start) / MILLION) * 1e6;
  const row = { peer: '', peerCost: null, unit: 'bytes a prefix' };
  return [
    { ...row, work: 'memory at most, a million updates', ours: 'of 1,000,000', ourCost: most, target: under(26) },
    { ...row, work: 'memory at most, by set alone', ours: '100,000 to 1,000,000', ourCost: grown, target: under(26) },
    { ...row, work: 'a table by set alone, each', ours: 'to 1,000,000', ourCost: each, unit: 'ns', target: null },
  ];
}

/** What it takes until a table of a million answers: from texts, and from bytes that were made before. */
function building() {
  const list = entries(texts);
  const bytes = PrefixMap.from(list).toBytes();
  const database = writeMmdb(prefixes, values);
  const map = PrefixMap.from(list);
  return [
    ...compareTasks({
      work: 'build 1,000,000 IPv4 prefixes',
      rounds: 9,
      ours: { name: 'PrefixMap.from (texts)', run: () => PrefixMap.from(list) },
      peers: [
        {
          // mmdb-lib can't build: this is our writer, which is given prefixes that are read.
          name: 'mmdb of support/mmdb.mjs, and its reader',
          run: () => new Reader(writeMmdb(prefixes, values)),
          target: within(1),
        },
        { name: 'longest-prefix-match addPrefix', run: () => longestPrefixMatch(list), target: null, rounds: 1 },
      ],
    }),
    ...compareTasks({
      work: 'load 1,000,000 IPv4 prefixes',
      rounds: 9,
      ours: { name: 'PrefixMap.fromBytes, checked', run: () => PrefixMap.fromBytes(bytes) },
      peers: [
        { name: 'PrefixMap.from (texts)', run: () => PrefixMap.from(list), target: null, rounds: 3 },
        { name: 'mmdb-lib new Reader, unchecked', run: () => new Reader(database), target: null },
        { name: 'PrefixMap.toBytes: the writing', run: () => map.toBytes(), target: null },
      ],
    }),
    {
      work: 'snapshot of 1,000,000 IPv4 prefixes',
      ours: 'PrefixMap.toBytes',
      ourCost: bytes.length / MILLION,
      peer: 'the mmdb file',
      peerCost: database.length / MILLION,
      unit: 'bytes a prefix',
      target: null,
    },
  ];
}

report('Memory, building and updates of a prefix map', [
  memory('100,000', PrefixMap.from(entries(texts, 100_000)).byteLength / 100_000, 'mmdb-lib', 100_000, under(14)),
  memory('1,000,000', PrefixMap.from(entries(texts)).byteLength / MILLION, 'mmdb-lib', MILLION, under(14)),
  memory('1,000,000', PrefixMap.from(entries(texts)).byteLength / MILLION, 'longest-prefix-match', MILLION, null),
  memory(
    '220,000 IPv6',
    PrefixMap.from(entries(ipv6Prefixes(IPV6_COUNT).map(ipv6Text))).byteLength / IPV6_COUNT,
    'longest-prefix-match IPv6',
    IPV6_COUNT,
    under(26),
  ),
  ...updatedMemory(),
  ...updates(),
  ...building(),
]);
