import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { isInstalled, lockedVersion } from '../support/migration-page.js';
import { runNode } from '../support/run-node.js';

/** What a row of the table asks, as an expression that is true or false for each library; null where it has nothing of the kind. */
interface Question {
  readonly inaddr: string;
  readonly peers: Readonly<Record<Peer, string | null>>;
}

const PEERS = ['ipaddr.js', 'ip-address', 'ip', 'netmask'] as const;
type Peer = (typeof PEERS)[number];

const BINDINGS: Readonly<Record<Peer, readonly { readonly local: string; readonly exported: string }[]>> = {
  'ipaddr.js': [{ local: 'ipaddr', exported: 'default' }],
  'ip-address': ['Address4', 'Address6'].map((name) => ({ local: name, exported: name })),
  ip: [{ local: 'ip', exported: 'default' }],
  netmask: [{ local: 'Netmask', exported: 'Netmask' }],
};

const refuses = (code: string) => `(() => { try { ${code}; return false; } catch { return true; } })()`;
/** Public as each library says it; of ipaddr.js after it has unwrapped. */
const isPublic = (text: string): Question['peers'] => ({
  'ipaddr.js': `ipaddr.process('${text}').range() === 'unicast'`,
  'ip-address': `new Address${text.includes(':') ? 6 : 4}('${text}').isGlobal()`,
  ip: `ip.isPublic('${text}')`,
  netmask: null,
});
const both = (yes: string, no: string): Question => ({
  inaddr: `isGloballyReachable('${yes}') && !isGloballyReachable('${no}')`,
  peers: perPeer((peer) => {
    const [first, second] = [isPublic(yes)[peer], isPublic(no)[peer]];
    return first === null || second === null ? null : `(${first}) && !(${second})`;
  }),
});

const QUESTIONS: Readonly<Record<string, Question>> = {
  'refuses `010.0.0.1`, which is 8.0.0.1 to some and 10.0.0.1 to others': {
    inaddr: "!isAddress('010.0.0.1')",
    peers: {
      'ipaddr.js': "!ipaddr.isValid('010.0.0.1')",
      'ip-address': "!Address4.isValid('010.0.0.1')",
      ip: "!ip.isV4Format('010.0.0.1')",
      netmask: refuses("new Netmask('010.0.0.1')"),
    },
  },
  'refuses `10.0.0.1/8` where an address is meant': {
    inaddr: "!isAddress('10.0.0.1/8')",
    peers: {
      'ipaddr.js': "!ipaddr.isValid('10.0.0.1/8')",
      'ip-address': "!Address4.isValid('10.0.0.1/8')",
      ip: "!ip.isV4Format('10.0.0.1/8')",
      netmask: null,
    },
  },
  'refuses `10.0.0.1/8` as a prefix, unless asked to mask': {
    inaddr: refuses("parsePrefix('10.0.0.1/8')"),
    peers: {
      'ipaddr.js': refuses("ipaddr.parseCIDR('10.0.0.1/8')"),
      'ip-address': refuses("new Address4('10.0.0.1/8')"),
      ip: refuses("ip.cidrSubnet('10.0.0.1/8')"),
      netmask: refuses("new Netmask('10.0.0.1/8')"),
    },
  },
  'prints `::ffff:192.0.2.1` as RFC 5952 section 5 has it': {
    inaddr: "parseAddress('::ffff:c000:201').toString() === '::ffff:192.0.2.1'",
    peers: {
      'ipaddr.js': "ipaddr.parse('::ffff:c000:201').toString() === '::ffff:192.0.2.1'",
      'ip-address': "new Address6('::ffff:c000:201').correctForm() === '::ffff:192.0.2.1'",
      ip: "ip.toString(ip.toBuffer('::ffff:c000:201')) === '::ffff:192.0.2.1'",
      netmask: null,
    },
  },
  'mapped: `::ffff:8.8.8.8` is public, `::ffff:a00:1` (10.0.0.1) is not': both('::ffff:8.8.8.8', '::ffff:a00:1'),
  'NAT64: `64:ff9b::8.8.8.8` is public, `64:ff9b::10.0.0.1` is not': both('64:ff9b::8.8.8.8', '64:ff9b::10.0.0.1'),
  'by the rows of IANA `192.0.0.9` is public, `192.88.99.1` is not': both('192.0.0.9', '192.88.99.1'),
  '`8.8.8.8` is public, `4000::1`, which nobody was given, is not': both('8.8.8.8', '4000::1'),
  '`10.0.0.0/8` contains `::ffff:10.0.0.1`, the same peer': {
    inaddr: "parsePrefix('10.0.0.0/8').contains('::ffff:10.0.0.1')",
    peers: {
      'ipaddr.js': "ipaddr.parse('::ffff:10.0.0.1').match(ipaddr.parseCIDR('10.0.0.0/8'))",
      'ip-address': "new Address6('::ffff:10.0.0.1').isInSubnet(new Address4('10.0.0.0/8'))",
      ip: "ip.cidrSubnet('10.0.0.0/8').contains('::ffff:10.0.0.1')",
      netmask: "new Netmask('10.0.0.0/8').contains('::ffff:10.0.0.1')",
    },
  },
  '`2001:db8::/32` does not contain `fe80::1`': {
    inaddr: "!parsePrefix('2001:db8::/32').contains('fe80::1')",
    peers: {
      'ipaddr.js': "!ipaddr.parse('fe80::1').match(ipaddr.parseCIDR('2001:db8::/32'))",
      'ip-address': "!new Address6('fe80::1').isInSubnet(new Address6('2001:db8::/32'))",
      ip: "!ip.cidrSubnet('2001:db8::/32').contains('fe80::1')",
      netmask: "!new Netmask('2001:db8::/32').contains('fe80::1')",
    },
  },
};

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, section = ''] = /^## Beside other libraries\n(.*?)^## /ms.exec(README) ?? [];
const [head = [], , ...rows] = [...section.matchAll(/^\|(.*)\|$/gm)].map(([, cells = '']) =>
  cells.split('|').map((cell) => cell.trim()),
);
const answered = rows.filter((cells) => cells.slice(1).every((cell) => ['yes', 'no', '-'].includes(cell)));

const absent = PEERS.filter((peer) => !isInstalled(peer));
if (absent.length > 0) {
  const reason = 'not in bench/node_modules; npm ci --prefix bench installs them';
  process.stdout.write(`what README.md says of ${absent.join(', ')} is skipped: ${reason}\n`);
}

function perPeer(make: (peer: Peer) => string | null): Question['peers'] {
  return { 'ipaddr.js': make('ipaddr.js'), 'ip-address': make('ip-address'), ip: make('ip'), netmask: make('netmask') };
}

/** As the table has it: an error where an answer is wanted is no answer. */
function cellOf(shown: string | null | undefined): string {
  return shown === 'true' ? 'yes' : 'no';
}

describe('the table of README.md', () => {
  it('has the libraries in the versions that bench/ installs, and every question', () => {
    const versions = PEERS.map((peer) => `\`${peer}\` ${lockedVersion(peer)}`);
    expect(head).toEqual(['', '`inaddr`', ...versions]);
    expect(answered.map(([question]) => question)).toEqual(Object.keys(QUESTIONS));
    expect(answered.map(([, ours]) => ours)).toEqual(answered.map(() => 'yes'));
  });

  describe.each(PEERS.map((peer, index) => ({ peer, column: index + 2 })))('$peer', ({ peer, column }) => {
    const questions = Object.entries(QUESTIONS);
    let shown: readonly (readonly [theirs: string | null, ours: string])[] = [];

    beforeAll(async () => {
      const input = {
        imports: isInstalled(peer) ? [{ specifier: peer, bindings: BINDINGS[peer] }] : [],
        setups: [],
        rows: questions.map(([, { inaddr, peers }]) => [isInstalled(peer) ? peers[peer] : null, inaddr]),
      };
      const { stdout, stderr, code } = await runNode('evaluate-rows.mjs', [], JSON.stringify(input));
      if (code !== 0) throw new Error(stderr);
      shown = JSON.parse(stdout);
    }, 30_000);

    it('is beside answers of ours that are right', () => {
      expect(shown.map(([, ours]) => ours)).toEqual(questions.map(() => 'true'));
    });

    it.skipIf(!isInstalled(peer))('answers as the table says', () => {
      const cells = questions.map(([question, { peers }], index) => [
        question,
        peers[peer] === null ? '-' : cellOf(shown[index]?.[0]),
      ]);
      expect(answered.map((row) => [row[0], row[column]])).toEqual(cells);
    });
  });
});
