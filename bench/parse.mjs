// Claim: to parse an address costs little more than to read its characters once.

import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { parseAddress } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report, within } from './support/report.mjs';

/**
 * The floor: the least that somebody who looks at each character does. It is a function of one text, as a parser is, and
 * compiled for its texts alone.
 *
 * @returns {(text: string) => number}
 */
function floor() {
  return new Function(
    'text',
    'let sum = 0; for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i); return sum',
  );
}

report('Parse text to a value', [
  ...compare({
    work: 'parse IPv4',
    inputs: ipv4Texts(),
    ours: { name: 'parseAddress', run: (text) => parseAddress(text) },
    peers: [
      { name: 'the floor: sum of charCodeAt', run: floor(), target: within(1.3) },
      { name: 'ip-address new Address4', run: (text) => new Address4(text), target: faster(15) },
      { name: 'ipaddr.js IPv4.parse', run: (text) => ipaddr.IPv4.parse(text), target: faster(10) },
    ],
  }),
  ...compare({
    work: 'parse IPv6',
    inputs: ipv6Texts(),
    ours: { name: 'parseAddress', run: (text) => parseAddress(text) },
    peers: [
      { name: 'the floor: sum of charCodeAt', run: floor(), target: within(2) },
      { name: 'ip-address new Address6', run: (text) => new Address6(text), target: faster(18) },
      { name: 'ipaddr.js IPv6.parse', run: (text) => ipaddr.IPv6.parse(text), target: faster(12) },
    ],
  }),
]);
