// node --expose-gc support/held.mjs TABLE COUNT
//
// Builds a table in this process, and prints how many bytes of the heap and outside it the table holds: what is in use after
// a full collection with it, less what was in use before it was built. Prefixes, values and the peer's code count for
// nothing, as they are there before. A fresh process for each table, as V8 gives back what it likes to.

import IPSet from 'ip-set';
import LongestPrefixMatch from 'longest-prefix-match';
import { Reader } from 'mmdb-lib';
import { writeMmdb } from './mmdb.mjs';
import { ipv4Prefixes, ipv4Text, ipv6Prefixes, ipv6Text, neighbours } from './prefixes.mjs';

const [, , table = '', count = ''] = process.argv;
const prefixes = table.endsWith('IPv6') ? ipv6Prefixes(Number(count)) : ipv4Prefixes(Number(count));
const texts = prefixes.map(table.endsWith('IPv6') ? ipv6Text : ipv4Text);
const values = neighbours(texts.length);

/** @param {readonly string[]} list */
function longestPrefixMatch(list) {
  const made = new LongestPrefixMatch();
  for (const [i, text] of list.entries()) made.addPrefix(text, values[i]);
  return made;
}

/** @type {Record<string, (list: readonly string[]) => unknown>} */
const builders = {
  'ip-set': (list) => new IPSet([...list]),
  'mmdb-lib': (list) => new Reader(writeMmdb(prefixes.slice(0, list.length), values)),
  'longest-prefix-match': longestPrefixMatch,
  'longest-prefix-match IPv6': longestPrefixMatch,
};

function used() {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const build = builders[table];
if (build === undefined) throw new Error(`no table is named ${table}`);
/** Once with a few prefixes, so that code and tables that are made once are there before. */
const kept = [build(texts.slice(0, 100))];
const before = used();
kept.push(build(texts));
console.log(used() - before);
// Still in use.
if (kept.length !== 2) console.log(kept);
