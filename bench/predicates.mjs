// Claim: a yes-or-no question to a text is answered without an allocation.

import isBogon from 'bogon';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { isGloballyReachable, isPrivate } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report } from './support/report.mjs';

const bogon = { name: 'bogon isBogon', run: (/** @type {string} */ text) => isBogon(text), target: faster(2.8) };
const range = {
  name: 'ipaddr.js parse().range()',
  run: (/** @type {string} */ text) => ipaddr.parse(text).range(),
  target: faster(17),
};
const ours = [
  { name: 'isGloballyReachable', run: (/** @type {string} */ text) => isGloballyReachable(text) },
  { name: 'isPrivate', run: (/** @type {string} */ text) => isPrivate(text) },
];

report('One predicate from text', [
  ...ours.flatMap((predicate) =>
    compare({
      work: 'predicate on IPv4',
      inputs: ipv4Texts(),
      ours: predicate,
      peers: [
        { name: 'ip-address isGlobal', run: (text) => new Address4(text).isGlobal(), target: faster(40) },
        range,
        bogon,
      ],
    }),
  ),
  ...ours.flatMap((predicate) =>
    compare({
      work: 'predicate on IPv6',
      inputs: ipv6Texts(),
      ours: predicate,
      peers: [
        { name: 'ip-address isGlobal', run: (text) => new Address6(text).isGlobal(), target: faster(40) },
        range,
        bogon,
      ],
    }),
  ),
]);
