// Claim: a plan of ten times as many binds takes at most twelve times as long, however they are spread, unless there is more to say.

import { createBind, planBinds } from '../dist/socket/index.js';
import { compare } from './support/compare.mjs';
import { report, within } from './support/report.mjs';

/** @type {import('../dist/socket/index.js').BindEnvironment} */
const ENVIRONMENT = {
  platform: 'linux',
  nodeVersion: '22.23.3',
  interfaces: {
    lo: [
      { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', internal: true },
      { address: '::1', netmask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', family: 'IPv6', internal: true },
    ],
    eth0: [
      { address: '192.0.2.2', netmask: '255.255.255.0', family: 'IPv4', internal: false },
      { address: '2001:db8::2', netmask: 'ffff:ffff:ffff:ffff::', family: 'IPv6', internal: false },
    ],
  },
  names: new Map(),
  canBindPrivileged: true,
  unprivilegedPortStart: 1024,
  nonlocalBind: false,
  ipv6Enabled: true,
};

/** @type {Readonly<Record<string, (index: number) => import('../dist/socket/index.js').BindFields>>} */
const SPREADS = {
  'an address each, one port': (i) => ({ host: `127.0.${i >> 8}.${i & 255}`, port: 5000 }),
  'a port each, wildcards': (i) => ({ host: '::', port: 5000 + i }),
  'a name each, unknown': (i) => ({ host: `db${i}`, port: 5000 + i }),
  'one address and port, reusePort': () => ({ host: '0.0.0.0', port: 5000, reusePort: true }),
  'a unix path each': (i) => ({ path: `/run/app/${i}.sock` }),
};

/** @param {string} spread @param {number} count */
function binds(spread, count) {
  return Array.from({ length: count }, (_, i) => createBind(/** @type {any} */ (SPREADS[spread]?.(i))));
}

const rows = Object.keys(SPREADS).flatMap((spread) => {
  const [many, few] = [binds(spread, 1000), binds(spread, 100)];
  return compare({
    work: spread,
    inputs: [many],
    ours: { name: '1,000 binds', run: (set) => planBinds(set, ENVIRONMENT) },
    peers: [{ name: '100 binds', inputs: [few], run: (set) => planBinds(set, ENVIRONMENT), target: within(12) }],
    check: ({ conflicts, shadows }) => conflicts.length === 0 && shadows.length === 0,
  });
});

// What is quadratic is the answer itself: 499,500 pairs.
const clashing = Array.from({ length: 1000 }, () => createBind('0.0.0.0:5000'));
const start = performance.now();
const pairs = planBinds(clashing, ENVIRONMENT).conflicts.length;
const costPerPair = ((performance.now() - start) * 1e6) / pairs;
rows.push({
  work: 'the same wildcard, 1,000 times',
  ours: `${pairs.toLocaleString('en')} conflicts, each`,
  ourCost: costPerPair,
  peer: '',
  peerCost: null,
  unit: 'ns',
  target: null,
});

report('Plans of binds: cost against their number', rows);
