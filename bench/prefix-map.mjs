// Claim: the longest match among the prefixes of the whole routing table is found in the time of a few cache misses. What
// the table takes and its updates cost is measured by prefix-table.mjs.

import LongestPrefixMatch from 'longest-prefix-match';
import { Reader } from 'mmdb-lib';
import { PrefixMap } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { flat } from './support/inputs.mjs';
import { writeMmdb } from './support/mmdb.mjs';
import {
  ipv4Prefixes,
  ipv4Queries,
  ipv4Text,
  ipv6Prefixes,
  ipv6Queries,
  ipv6Text,
  neighbours,
} from './support/prefixes.mjs';
import { faster, report, within } from './support/report.mjs';

const MILLION = 1_000_000;
const IPV6_COUNT = 220_000;
/** A peer that takes microseconds gets the first of the same addresses, which fit a cache better. */
const FEW = 4096;

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
 * Addresses as longest-prefix-match takes them.
 *
 * @param {readonly string[]} addresses
 * @param {number} length
 */
function asPrefixes(addresses, length) {
  return addresses.map((address) => flat(`${address}/${length}`));
}

/**
 * Every address leads to the same value in both tables.
 *
 * @param {string} peer
 * @param {PrefixMap<string>} map
 * @param {readonly string[]} addresses
 * @param {(address: string) => string | null | undefined} theirs
 */
function check(peer, map, addresses, theirs) {
  for (const address of addresses) {
    if ((map.value(address) ?? null) !== (theirs(address) ?? null)) {
      throw new Error(`${peer} gives ${theirs(address)} for ${address}, PrefixMap ${map.value(address)}`);
    }
  }
}

/**
 * @param {number} count
 * @param {number} target
 */
function lookUpIPv4(count, target) {
  const some = prefixes.slice(0, count);
  const map = PrefixMap.from(entries(texts, count));
  const reader = new Reader(writeMmdb(some, values));
  // Users of mmdb-lib give it a cache of decoded values, as package maxmind does.
  const cached = new Reader(writeMmdb(some, values), { cache: new Map() });
  const trie = longestPrefixMatch(entries(texts, count));
  return Object.entries(ipv4Queries(some)).flatMap(([kind, addresses]) => {
    check('mmdb-lib', map, addresses, (address) => reader.get(address));
    check('longest-prefix-match', map, addresses.slice(0, FEW), (address) => trie.getMatch(`${address}/32`)[0]);
    return compare({
      work: `${count.toLocaleString('en')} IPv4 prefixes, ${kind}`,
      inputs: addresses,
      ours: { name: 'PrefixMap.match', run: (text) => map.match(text) },
      peers: [
        { name: 'PrefixMap.value', run: (text) => map.value(text) ?? '-', target: null },
        { name: 'mmdb-lib get', run: (text) => reader.get(text) ?? '-', target: faster(target) },
        ...(kind === 'hits'
          ? [
              {
                name: 'mmdb-lib get, with a cache',
                run: (/** @type {string} */ text) => cached.get(text) ?? '-',
                target: null,
              },
            ]
          : []),
        {
          name: 'longest-prefix-match getMatch',
          inputs: asPrefixes(addresses.slice(0, FEW), 32),
          run: (text) => trie.getMatch(text),
          target: faster(10),
        },
      ],
    });
  });
}

function lookUpIPv6() {
  const some = ipv6Prefixes(IPV6_COUNT);
  const list = entries(some.map(ipv6Text));
  const map = PrefixMap.from(list);
  const trie = longestPrefixMatch(list);
  return Object.entries(ipv6Queries(some)).flatMap(([kind, addresses]) => {
    const few = addresses.slice(0, FEW / 2);
    check('longest-prefix-match', map, few, (address) => trie.getMatch(`${address}/128`)[0]);
    return compare({
      work: `220,000 IPv6 prefixes, ${kind}`,
      inputs: addresses,
      ours: { name: 'PrefixMap.match', run: (text) => map.match(text) },
      peers: [
        { name: 'PrefixMap.value', run: (text) => map.value(text) ?? '-', target: null },
        {
          name: 'longest-prefix-match getMatch',
          inputs: asPrefixes(few, 128),
          run: (text) => trie.getMatch(text),
          target: faster(30),
        },
      ],
    });
  });
}

/** How the cost of a match grows with the table. */
function growth() {
  const sizes = [10, 100, 1000, 10_000, 100_000];
  const large = PrefixMap.from(entries(texts));
  const queries = ipv4Queries(prefixes);
  return /** @type {const} */ (['random', 'hits']).flatMap((kind) =>
    compare({
      work: `growth of match, ${kind}`,
      inputs: queries[kind],
      ours: { name: '1,000,000 prefixes', run: (text) => large.match(text) },
      peers: sizes.map((count) => {
        const small = PrefixMap.from(entries(texts, count));
        return {
          name: `${count.toLocaleString('en')} prefixes`,
          inputs: ipv4Queries(prefixes.slice(0, count))[kind],
          run: (/** @type {string} */ text) => small.match(text),
          // How many of the random addresses are in the table differs, too.
          target: count === 1000 ? within(6) : null,
        };
      }),
    }),
  );
}

report('Longest match', [...lookUpIPv4(100_000, 8), ...lookUpIPv4(MILLION, 5), ...lookUpIPv6(), ...growth()]);
