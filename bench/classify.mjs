// Claim: the whole description of an address costs less than one of a peer's predicates.

import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { classify } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report } from './support/report.mjs';

const ours = { name: 'classify', run: (/** @type {string} */ text) => classify(text) };
const range = {
  name: 'ipaddr.js parse().range()',
  run: (/** @type {string} */ text) => ipaddr.parse(text).range(),
  target: faster(4),
};

report('classify(text), the whole object', [
  ...compare({
    work: 'classify IPv4',
    inputs: ipv4Texts(),
    ours,
    peers: [{ name: 'ip-address isGlobal', run: (text) => new Address4(text).isGlobal(), target: faster(8) }, range],
  }),
  ...compare({
    work: 'classify IPv6',
    inputs: ipv6Texts(),
    ours,
    peers: [{ name: 'ip-address isGlobal', run: (text) => new Address6(text).isGlobal(), target: faster(8) }, range],
  }),
]);
