// Claim: `isAddress` says yes and no faster than Node's own validators, and an error costs nothing before it is read.

import { isIPv4, isIPv6 } from 'node:net';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { isAddress, safeParseAddress } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { COUNT, flat, invalidIPv4Texts, invalidIPv6Texts, ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report, within } from './support/report.mjs';

const ipv4Schema = z.ipv4();
const ipv6Schema = z.ipv6();
const isYes = (/** @type {boolean} */ answer) => answer;
const isNo = (/** @type {boolean} */ answer) => !answer;

/** ip-address has a validator for each family; to call the right one takes a look at the text. */
const isValid = (/** @type {string} */ text) => (text.includes(':') ? Address6.isValid(text) : Address4.isValid(text));

/**
 * Texts that are invalid to everybody measured here: some peers take a port for a zone, or three octets for four.
 *
 * @param {readonly string[]} candidates
 */
function refusedByAll(candidates) {
  return candidates.filter((text) => !isAddress(text) && !isIPv6(text) && !isValid(text) && !ipaddr.isValid(text));
}

const invalidIPv4 = refusedByAll(invalidIPv4Texts()).slice(0, COUNT / 2);
const invalidIPv6 = refusedByAll(invalidIPv6Texts()).slice(0, COUNT / 2);
const invalid = invalidIPv4.flatMap((text, index) => [text, invalidIPv6[index] ?? text]).map(flat);

report('Validate text', [
  ...compare({
    work: 'accept IPv4',
    inputs: ipv4Texts(),
    check: isYes,
    ours: { name: 'isAddress(text, 4)', run: (text) => isAddress(text, 4) },
    peers: [
      { name: 'net.isIPv4', run: (text) => isIPv4(text), target: within(1.05) },
      { name: 'zod z.ipv4().safeParse', run: (text) => ipv4Schema.safeParse(text).success, target: faster(1.5) },
    ],
  }),
  ...compare({
    work: 'accept IPv6',
    inputs: ipv6Texts(),
    check: isYes,
    ours: { name: 'isAddress(text, 6)', run: (text) => isAddress(text, 6) },
    peers: [
      { name: 'net.isIPv6', run: (text) => isIPv6(text), target: faster(1.35) },
      { name: 'zod z.ipv6().safeParse', run: (text) => ipv6Schema.safeParse(text).success, target: faster(4.5) },
    ],
  }),
  ...compare({
    work: 'reject either',
    inputs: invalid,
    check: isNo,
    ours: { name: 'isAddress', run: (text) => isAddress(text) },
    peers: [
      { name: 'net.isIPv6', run: (text) => isIPv6(text), target: faster(7) },
      { name: 'ip-address isValid', run: isValid, target: faster(100) },
      { name: 'ipaddr.js isValid', run: (text) => ipaddr.isValid(text), target: faster(100) },
    ],
  }),
  ...compare({
    work: 'reject either, error on demand',
    inputs: invalid,
    ours: { name: 'safeParseAddress', run: (text) => safeParseAddress(text) },
    peers: [{ name: 'isAddress', run: (text) => isAddress(text), target: within(10) }],
  }),
]);
