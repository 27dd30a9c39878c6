// Claim: a real table, the countries of all IPv4 and IPv6 ranges, is matched right: each of a million answers of PrefixMap,
// and of `inaddr match --table`, is compared with that of a binary search over the ranges of the file. A difference fails.
//
// The table is npm's @ip-location-db/asn-country (CC0). The search reads its files of numbers, PrefixMap those of addresses,
// and addresses are printed here: nothing of the package has a part in what it is compared with.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AddressRange, PrefixMap } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { flat, random } from './support/inputs.mjs';
import { ipv4Address, QUERIES } from './support/prefixes.mjs';
import { runOnFiles } from './support/processes.mjs';
import { report, within } from './support/report.mjs';

const IPV4_ADDRESSES = 700_000;
const IPV6_ADDRESSES = 300_000;

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const data = new URL('.', import.meta.resolve('@ip-location-db/asn-country/package.json'));
const read = (/** @type {string} */ name) => readFileSync(new URL(name, data), 'utf8');
/** @param {string} text */
const rowsOf = (text) =>
  text
    .trim()
    .split('\n')
    .map((line) => /** @type {[string, string, string]} */ (line.split(',')));

/**
 * The ranges of a file of numbers, in order.
 *
 * @param {string} name
 */
function rangesOf(name) {
  const ranges = rowsOf(read(name)).map(([first, last, country]) => ({
    first: BigInt(first),
    last: BigInt(last),
    country,
  }));
  ranges.forEach(({ first, last }, i) => {
    const before = ranges[i - 1]?.last ?? -1n;
    if (first > last || first <= before) throw new Error(`${name}:${i + 1}: ranges are not in order`);
  });
  return ranges;
}

const ipv4Ranges = rangesOf('asn-country-ipv4-num.csv');
const ipv6Ranges = rangesOf('asn-country-ipv6-num.csv');

/**
 * The country of an address by binary search; '-' where there is none.
 *
 * @param {ReturnType<typeof rangesOf>} ranges
 * @param {bigint} address
 */
function search(ranges, address) {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.first ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low - 1];
  return range !== undefined && address <= range.last ? range.country : '-';
}

/**
 * Addresses and their countries: a third anywhere, a third inside ranges, a third at the ends of ranges and beside them.
 *
 * @param {number} count
 * @param {ReturnType<typeof rangesOf>} ranges
 * @param {(next: import('./support/inputs.mjs').Random) => bigint} anywhere
 * @param {(address: bigint) => string} print
 */
function questions(count, ranges, anywhere, print) {
  const next = random();
  return Array.from({ length: count }, (_, i) => {
    const { first, last } = ranges[next(ranges.length)] ?? { first: 1n, last: 1n };
    const inside = () => first + ((last - first) * BigInt(next(2 ** 32))) / 2n ** 32n;
    const edge = () => [first - 1n, first, last, last + 1n][next(4)] ?? first;
    const address = [() => anywhere(next), inside, edge][i % 3]?.() ?? first;
    return { text: flat(print(address)), country: search(ranges, address) };
  });
}

const ipv4 = questions(
  IPV4_ADDRESSES,
  ipv4Ranges,
  (next) => BigInt(next(2 ** 32)),
  (address) => ipv4Address(Number(address)),
);
const ipv6 = questions(
  IPV6_ADDRESSES,
  ipv6Ranges,
  // 2000::/3
  (next) => (1n << 125n) | (BigInt(next(2 ** 29)) << 96n) | (BigInt(next(2 ** 32)) << 64n) | BigInt(next(2 ** 32)),
  (address) =>
    Array.from({ length: 8 }, (_, group) => ((address >> BigInt(112 - group * 16)) & 0xffffn).toString(16)).join(':'),
);
const all = [...ipv4, ...ipv6];

const csv = read('asn-country-ipv4.csv') + read('asn-country-ipv6.csv');

function load() {
  /** @type {(readonly [import('../dist/ip/index.js').Prefix, string])[]} */
  const entries = [];
  for (const [first, last, country] of rowsOf(csv)) {
    for (const prefix of AddressRange.from(first, last).toPrefixes()) entries.push([prefix, country]);
  }
  return PrefixMap.from(entries);
}

/** @param {(index: number) => string} answer @param {string} who */
function verify(answer, who) {
  let wrong = 0;
  let found = 0;
  all.forEach(({ text, country }, index) => {
    const given = answer(index);
    if (country !== '-') found++;
    if (given === country) return;
    wrong++;
    if (wrong <= 5) console.error(`${who}: ${text} is in ${country}, not in ${given}`);
  });
  if (wrong > 0) throw new Error(`${who} is wrong about ${wrong} of ${all.length} addresses`);
  return `all ${all.length.toLocaleString('en')} answers of ${who} are right, ${found.toLocaleString('en')} of them a country`;
}

const row = { peer: '', peerCost: null, target: null };

function library() {
  const start = performance.now();
  const map = load();
  const loaded = performance.now() - start;
  const note = verify((index) => map.match(all[index]?.text ?? '')?.value ?? '-', 'PrefixMap.match');
  const ranges = ipv4Ranges.length + ipv6Ranges.length;
  const numbers = ipv4.slice(0, QUERIES).map(({ text }) => text.split('.').reduce((sum, part) => sum * 256 + +part, 0));
  const firsts = Float64Array.from(ipv4Ranges, ({ first }) => Number(first));
  const lasts = Float64Array.from(ipv4Ranges, ({ last }) => Number(last));
  const plain = (/** @type {number} */ address) => {
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (/** @type {number} */ (firsts[middle]) <= address) low = middle + 1;
      else high = middle;
    }
    return low > 0 && address <= /** @type {number} */ (lasts[low - 1]) ? low - 1 : -1;
  };
  const match = (/** @type {string} */ text) => map.match(text);
  return [
    {
      ...row,
      work: `load ${ranges.toLocaleString('en')} ranges`,
      ours: 'CSV to PrefixMap',
      ourCost: loaded,
      unit: 'ms',
      note,
    },
    {
      ...row,
      work: `memory, ${map.size.toLocaleString('en')} prefixes`,
      ours: 'PrefixMap.byteLength',
      ourCost: map.byteLength / map.size,
      unit: 'bytes a prefix',
      note: `${(map.byteLength / 1e6).toFixed(1)} MB, ${(map.byteLength / ranges).toFixed(1)} bytes a range`,
    },
    ...compare({
      work: 'match IPv4',
      inputs: ipv4.slice(0, QUERIES).map(({ text }) => text),
      ours: { name: 'PrefixMap.match (text)', run: match },
      peers: [
        { name: 'binary search for a number, for scale', inputs: numbers, run: plain, target: null },
        {
          name: 'PrefixMap.match (IPv6 text)',
          inputs: ipv6.slice(0, QUERIES).map(({ text }) => text),
          run: (/** @type {string} */ text) => map.match(text),
          target: null,
        },
      ],
    }),
  ];
}

/** @param {string} folder */
function commandLine(folder) {
  const table = join(folder, 'countries.csv');
  const input = join(folder, 'addresses.txt');
  const few = join(folder, 'tenth.txt');
  const output = join(folder, 'answers.txt');
  writeFileSync(table, csv);
  writeFileSync(input, all.map(({ text }) => `${text}\n`).join(''));
  writeFileSync(
    few,
    all
      .filter((_, i) => i % 10 === 0)
      .map(({ text }) => `${text}\n`)
      .join(''),
  );
  const args = [cli, 'match', '--table', table];
  const tenth = runOnFiles(args, few, output);
  const { milliseconds, megabytes } = runOnFiles(args, input, output);
  const lines = readFileSync(output, 'utf8').trimEnd().split('\n');
  if (lines.length !== all.length) throw new Error(`match gives ${lines.length} lines for ${all.length}`);
  const note = verify((index) => {
    const cells = lines[index]?.split(/\s+/) ?? [];
    return cells[0] === all[index]?.text ? (cells.at(-1) ?? '') : `another line: ${lines[index]}`;
  }, 'inaddr match');
  const work = 'inaddr match --table, 1,000,000 lines';
  return [
    {
      ...row,
      work,
      ours: 'wall time',
      ourCost: milliseconds,
      peer: 'a tenth of the lines',
      peerCost: tenth.milliseconds,
      unit: 'ms',
      note,
    },
    {
      work,
      ours: 'peak memory',
      ourCost: megabytes,
      peer: 'a tenth of the lines',
      peerCost: tenth.megabytes,
      unit: 'MB',
      ratio: megabytes / tenth.megabytes,
      target: within(1.25),
    },
  ];
}

function built() {
  if (!existsSync(cli)) throw new Error('dist/cli/main.js is not built: npm run build:js');
  const folder = mkdtempSync(join(tmpdir(), 'inaddr-bench-'));
  try {
    return commandLine(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

report('Countries of real ranges', [...library(), ...built()]);
