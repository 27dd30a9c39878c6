// Claim: a set of prefixes is asked in the time of a few reads of memory, however large it is, and is small.

import { BlockList } from 'node:net';
import IPSet from 'ip-set';
import { PrefixSet } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { ipv4Prefixes, ipv4Queries, ipv4Text, ipv6Prefixes, ipv6Text } from './support/prefixes.mjs';
import { heldBytes } from './support/processes.mjs';
import { faster, report, under } from './support/report.mjs';

/** A linear search through 100,000 prefixes takes milliseconds: it gets the first few of the same addresses. */
const FEW = 32;

/** @param {readonly string[]} texts */
function blockList(texts) {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', length] = text.split('/');
    list.addSubnet(address, Number(length));
  }
  return list;
}

/**
 * How many of the addresses get another answer from a peer; a peer that is wrong is still measured.
 *
 * @param {readonly string[]} texts
 * @param {(text: string) => boolean} ours
 * @param {(text: string) => boolean} theirs
 */
function differences(texts, ours, theirs) {
  return texts.filter((text) => ours(text) !== theirs(text)).length;
}

/**
 * @param {number} count
 * @param {number} target
 */
function look(count, target) {
  const prefixes = ipv4Prefixes(count);
  const texts = prefixes.map(ipv4Text);
  const set = PrefixSet.from(texts);
  const list = blockList(texts);
  const ipSet = new IPSet(texts);
  const large = count === 100_000;
  return Object.entries(ipv4Queries(prefixes)).flatMap(([kind, addresses]) => {
    const few = addresses.slice(0, large ? FEW : 2048);
    const has = (/** @type {string} */ text) => set.has(text);
    const check = (/** @type {string} */ text) => list.check(text, 'ipv4');
    const contains = (/** @type {string} */ text) => ipSet.contains(text);
    if (differences(few, has, check) > 0) throw new Error(`net.BlockList differs from PrefixSet at ${count} prefixes`);
    const wrong = differences(addresses, has, contains);
    const rows = compare({
      work: `${count.toLocaleString('en')} prefixes, ${kind}`,
      inputs: addresses,
      ours: { name: 'PrefixSet.has', run: has },
      peers: [
        { name: 'net.BlockList check', inputs: few, run: check, target: faster(target) },
        { name: 'ip-set contains', run: contains, target: large ? faster(15) : null },
      ],
    });
    return rows.map((row, i) => (i === 1 && wrong > 0 ? { ...row, note: `ip-set is wrong about ${wrong}` } : row));
  });
}

/** @param {number} count */
function memory(count) {
  const set = PrefixSet.from(ipv4Prefixes(count).map(ipv4Text));
  return {
    work: `memory, ${count.toLocaleString('en')} prefixes`,
    ours: 'PrefixSet.byteLength',
    ourCost: set.byteLength / count,
    // The rules of net.BlockList are outside of what V8 counts.
    peer: 'ip-set',
    peerCost: heldBytes('ip-set', count) / count,
    unit: 'bytes a prefix',
    target: under(4),
  };
}

const ipv6 = PrefixSet.from(ipv6Prefixes(100_000).map(ipv6Text));

report('Membership in a set of prefixes', [
  ...look(10, 40),
  ...look(1000, 80),
  ...look(100_000, 10_000),
  memory(100_000),
  memory(1_000_000),
  {
    work: 'memory, 100,000 IPv6 prefixes',
    ours: 'PrefixSet.byteLength',
    ourCost: ipv6.byteLength / 100_000,
    peer: '',
    peerCost: null,
    unit: 'bytes a prefix',
    target: null,
  },
]);
