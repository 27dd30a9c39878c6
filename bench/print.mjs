// Claim: parse and print, which is how text becomes canonical.

import { normalizeCidr } from 'cidr-tools';
import { Address4, Address6 } from 'ip-address';
import { parseAddress } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { flat, ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report } from './support/report.mjs';

const ipv6 = ipv6Texts();

report('Parse and print (RFC 5952)', [
  ...compare({
    work: 'parse and print IPv4',
    inputs: ipv4Texts(),
    ours: { name: 'parseAddress(…).toString()', run: (text) => parseAddress(text).toString() },
    peers: [
      { name: 'ip-address correctForm', run: (text) => new Address4(text).correctForm(), target: faster(11) },
      { name: 'cidr-tools normalizeCidr', run: (text) => normalizeCidr(text), target: faster(1.3) },
    ],
  }),
  ...compare({
    work: 'parse and print IPv6',
    inputs: ipv6,
    ours: { name: 'parseAddress(…).toString()', run: (text) => parseAddress(text).toString() },
    peers: [
      { name: 'ip-address correctForm', run: (text) => new Address6(text).correctForm(), target: faster(11) },
      {
        name: 'new URL(…).hostname',
        // The URLs are there before the clock runs.
        inputs: ipv6.map((text) => flat(`http://[${text}]/`)),
        run: (url) => new URL(url).hostname,
        target: faster(1.8),
      },
    ],
  }),
]);
