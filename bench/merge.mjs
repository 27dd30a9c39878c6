// Claim: a million prefixes are merged by a sort and a sweep, in time n log n.

import { mergeCidr } from 'cidr-tools';
import { merge } from 'fast-cidr-tools';
import { mergePrefixes } from '../dist/ip/index.js';
import { compareTasks } from './support/compare.mjs';
import { ipv4Prefixes, ipv4Text, ipv6Prefixes, ipv6Text } from './support/prefixes.mjs';
import { faster, report, within } from './support/report.mjs';

const ROUNDS = 9;
const MILLION = 1_000_000;

const texts = ipv4Prefixes(MILLION).map(ipv4Text);
const ipv6 = ipv6Prefixes(100_000).map(ipv6Text);
const tenth = texts.slice(0, MILLION / 10);
const hundredth = texts.slice(0, MILLION / 100);

/**
 * The merged prefixes of us and of a peer are the same, in the same order.
 *
 * @param {readonly string[]} list
 * @param {(list: string[]) => string[]} peer
 */
function check(list, peer) {
  const ours = mergePrefixes(list).map(String);
  const theirs = peer([...list]);
  const differs = ours.findIndex((text, i) => text !== theirs[i]);
  if (ours.length !== theirs.length || differs >= 0) {
    throw new Error(`${ours.length} and ${theirs.length} prefixes, ${ours[differs]} against ${theirs[differs]}`);
  }
}
check(texts, mergeCidr);
check(ipv6, mergeCidr);
check(tenth, (list) => merge(list, true));

const ten = (/** @type {() => unknown} */ run) => () => {
  for (let i = 0; i < 10; i++) run();
};

report('Merge prefixes', [
  ...compareTasks({
    work: 'merge 1,000,000 IPv4 prefixes',
    rounds: ROUNDS,
    ours: { name: 'mergePrefixes', run: () => mergePrefixes(texts) },
    peers: [
      { name: 'mergePrefixes, and its texts', run: () => mergePrefixes(texts).map(String), target: null },
      { name: 'cidr-tools mergeCidr (texts)', run: () => mergeCidr(texts), target: faster(6) },
      { name: 'fast-cidr-tools merge (texts)', run: () => merge(texts), target: faster(25), rounds: 2 },
    ],
  }),
  ...compareTasks({
    work: 'merge 100,000 IPv6 prefixes',
    rounds: ROUNDS,
    ours: { name: 'mergePrefixes', run: () => mergePrefixes(ipv6) },
    // fast-cidr-tools takes 6 s for 20,000, with the square of their number: it is left out.
    peers: [{ name: 'cidr-tools mergeCidr (texts)', run: () => mergeCidr(ipv6), target: null }],
  }),
  // With n log n, ten times the prefixes cost 12 times as much; the rest is what a cache holds of 100,000 and not of a
  // million.
  ...compareTasks({
    work: 'growth',
    rounds: ROUNDS,
    ours: { name: '1,000,000 prefixes', run: () => mergePrefixes(texts) },
    peers: [
      { name: '100,000, ten times', run: ten(() => mergePrefixes(tenth)), target: within(2) },
      { name: '10,000, a hundred times', run: ten(ten(() => mergePrefixes(hundredth))), target: within(4) },
    ],
  }),
]);
