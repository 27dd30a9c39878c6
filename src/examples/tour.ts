import { describeCells, describeLines } from '../cli/describe.js';
import type { Paint } from '../cli/output.js';
import { table } from '../cli/output.js';
import { REACH_WORDS, reachStyle } from '../cli/reach.js';
import { DnsError, Resolver } from '../dns/index.js';
import { quote } from '../ip/address-parse-error.js';
import { classify, isGloballyReachable, lenientReadings, safeParseAddress } from '../ip/index.js';
import type { BindEnvironment } from '../socket/index.js';
import { createBind, planBinds } from '../socket/index.js';
import { DnsServer } from '../testing/index.js';

/** Addresses that a newcomer meets: name servers, clouds, containers, and IPv6 in all its dresses. */
const ADDRESSES: readonly (readonly [address: string, where: string])[] = [
  ['8.8.8.8', 'a public name server'],
  ['2606:4700:4700::1111', 'another, over IPv6'],
  ['198.41.0.4', 'a.root-servers.net'],
  ['10.0.0.1', 'an office router'],
  ['172.17.0.2', 'a container'],
  ['192.168.1.20', 'a laptop at home'],
  ['100.64.12.9', "behind a carrier's NAT, or in an overlay network"],
  ['169.254.169.254', 'the metadata service of a cloud'],
  ['127.0.0.53', 'a local stub resolver'],
  ['::1', 'localhost over IPv6'],
  ['0.0.0.0', 'every interface to a bind, loopback to a connect on Linux'],
  ['fe80::1%eth0', 'a neighbour on this link'],
  ['fd12:3456:789a::1', 'a unique-local network'],
  ['::ffff:127.0.0.1', 'how a dual-stack socket reports localhost'],
  ['::ffff:7f00:1', 'the same, as a URL writes it'],
  ['64:ff9b::10.0.0.1', 'a private host through NAT64'],
  ['2002:7f00:1::', 'localhost in 6to4'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'a Teredo client'],
  ['fe80::5efe:c0a8:9', 'ISATAP'],
  ['2001:db8::1', 'from the documentation'],
  ['198.18.0.1', 'from a benchmark'],
  ['224.0.0.251', 'multicast DNS'],
  ['ff02::fb', 'multicast DNS over IPv6'],
  ['240.0.0.1', 'class E'],
  ['4000::1', 'space that nobody was given'],
];

/** Texts that some readers take for an address, and this package refuses. */
const TRICKS: readonly string[] = [
  '0x7f.1',
  '127.1',
  '2130706433',
  '010.0.0.1',
  '127.0.0.1/8',
  '１２７.0.0.1',
  'fe80::1%25eth0',
];

/** What the services of a machine listen on. */
const BINDS: readonly string[] = [
  '127.0.0.1:5432',
  '0.0.0.0:6379',
  '10.0.0.5:8080',
  '[::]:443',
  '203.0.113.7:443',
  '192.0.2.1:25',
  '[fe80::1]:53/udp',
  'unix:/run/app.sock',
];

/** A machine of which all is known, so that the tour says the same everywhere. */
const MACHINE: BindEnvironment = {
  platform: 'linux',
  nodeVersion: '20.20.2',
  interfaces: {
    lo: [
      { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', internal: true },
      {
        address: '::1',
        netmask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
        family: 'IPv6',
        internal: true,
        scopeid: 0,
      },
    ],
    eth0: [
      { address: '203.0.113.7', netmask: '255.255.255.0', family: 'IPv4', internal: false },
      { address: '10.0.0.5', netmask: '255.0.0.0', family: 'IPv4', internal: false },
    ],
  },
  names: new Map(),
  paths: new Map([['/run/app.sock', 'free']]),
  canBindPrivileged: true,
  unprivilegedPortStart: 1024,
  nonlocalBind: false,
  ipv6Enabled: true,
};

/** What a name server in this process answers with. */
const ZONE = `
$ORIGIN example.com.
@         300  A     104.18.26.120
@         300  AAAA  2606:4700::6812:1a78
intranet   60  A     10.0.0.7
metadata   60  A     169.254.169.254
`;

/** One has addresses, two lead where the name of a stranger must not lead, one is not there, two never become a question. */
const NAMES: readonly string[] = [
  'example.com',
  'intranet.example.com',
  'metadata.example.com',
  'nobody.example.com',
  '0x7f.1',
  'example.com\0.evil.test',
];

/** What `npm start` prints: offline, no packet leaves the machine, nothing is read but the tables in the package. */
export async function printTour(paint: Paint): Promise<string[]> {
  const rows = ADDRESSES.map(([address, where]) => {
    const [, kind = '', , , detail = ''] = describeCells(classify(address));
    return [address, kind, isGloballyReachable(address) ? 'reachable' : 'internal', where, detail];
  });
  const refused = TRICKS.flatMap((text) => {
    const parsed = safeParseAddress(text);
    if (parsed.success) return [];
    const { inetAton, url } = lenientReadings(text);
    return [[quote(text), inetAton ?? '-', url ?? '-', parsed.error.code]];
  });
  return [
    paint('strong', `What ${ADDRESSES.length} addresses are (inaddr classify ADDRESS...)`),
    '',
    ...table(
      [['ADDRESS', 'KIND', 'FROM OUTSIDE', 'MET AS', 'REGISTRY ROW, OR WHAT IT EMBEDS'], ...rows],
      (cell, column, row) => {
        if (row === 0) return paint('dim', cell);
        return column === 2 ? paint(cell.trim() === 'reachable' ? 'good' : 'bad', cell) : cell;
      },
    ),
    '',
    paint('strong', 'One of them in full (inaddr classify ::ffff:127.0.0.1)'),
    '',
    ...describeLines(classify('::ffff:127.0.0.1'), [], paint),
    '',
    paint('strong', 'Texts that readers disagree about: refused, and why'),
    '',
    ...table([['TEXT', 'inet_aton', 'new URL', 'PARSE ERROR'], ...refused], (cell, _column, row) =>
      row === 0 ? paint('dim', cell) : cell,
    ),
    '',
    paint(
      'strong',
      'Names, resolved by a server in this process, with the policy that a guard wants (inaddr resolve NAME)',
    ),
    '',
    ...(await resolveNames(paint)),
    '',
    paint(
      'strong',
      'What services would listen on, whom each lets in, and what the kernel would say (inaddr bind check ENDPOINT...)',
    ),
    '',
    ...planServices(paint),
    '',
    'Next: inaddr --help, or import { classify } from "inaddr".',
  ];
}

function planServices(paint: Paint): string[] {
  const { binds, conflicts } = planBinds(
    BINDS.map((text) => createBind(text)),
    MACHINE,
  );
  const rows = binds.map(({ exposure, predicted, warnings }, index) => {
    const reach = 'unix' in exposure ? ['this machine', ''] : [REACH_WORDS[exposure.ipv4], REACH_WORDS[exposure.ipv6]];
    return [BINDS[index] ?? '', ...reach, predicted.code, warnings.map(({ code }) => code).join(' ')];
  });
  return [
    ...table([['BIND', 'IPv4', 'IPv6', 'PREDICTED', 'WARNINGS'], ...rows], (cell, column, row) => {
      if (row === 0) return paint('dim', cell);
      const exposure = binds[row - 1]?.exposure;
      if (exposure === undefined || 'unix' in exposure || (column !== 1 && column !== 2)) return cell;
      return paint(reachStyle(column === 1 ? exposure.ipv4 : exposure.ipv6), cell);
    }),
    '',
    ...conflicts.map(({ first, second, fix }) => `${BINDS[second]} collides with ${BINDS[first]}: ${fix}`),
    'Sockets only: firewalls and published container ports are not looked at.',
  ];
}

async function resolveNames(paint: Paint): Promise<string[]> {
  const server = await DnsServer.listen({ zone: ZONE });
  const resolver = new Resolver({ servers: [server.address], policy: 'global', hosts: false });
  const rows: string[][] = [];
  try {
    for (const name of NAMES) rows.push(...(await resolveName(resolver, name)));
    return [
      ...table([['NAME', 'ANSWER', 'KIND, OR WHY THERE IS NONE'], ...rows], (cell, column, row) => {
        if (row === 0) return paint('dim', cell);
        return column === 1 ? paint(isAnswer(cell) ? 'good' : 'bad', cell) : cell;
      }),
      '',
      `The server got ${server.count()} questions, two for each name that may go on the wire, none for "0x7f.1".`,
    ];
  } finally {
    resolver.close();
    await server.close();
  }
}

async function resolveName(resolver: Resolver, name: string): Promise<string[][]> {
  try {
    const { records } = await resolver.resolve(name);
    return records.map(({ address, ttl }) => {
      const { kind, globallyReachable } = classify(address);
      return [name, address, `${kind}, ${globallyReachable ? 'reachable' : 'internal'}, for ${ttl} s`];
    });
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return [[quote(name), error.code, error.message.replace(/^.*?: /, '')]];
  }
}

function isAnswer(cell: string): boolean {
  return safeParseAddress(cell.trim()).success;
}
