import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { BindEnvironment, BindPlan } from '../../src/socket/index.js';
import { createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf, ipv4, ipv6, namesOf } from '../support/bind-environment.js';

// What the planner says, word for word: users act on its reasons and hints, and a wrong one is a wrong answer. A change of
// fixtures/plan-words is read like a change of code.

type Fields = Parameters<typeof createBind>[0] & object;

/** Each on its own, and each with each other of the same group. */
const GROUPS: readonly (readonly Fields[])[] = [
  [
    { host: 'INADDR_ANY', port: 8080 },
    { host: '::', port: 8080 },
    { host: '::', port: 8080, ipv6Only: true },
    { host: '127.0.0.1', port: 8080 },
    { host: '127.0.0.2', port: 8080 },
    { host: '::1', port: 8080 },
    { host: '::ffff:127.0.0.1', port: 8080 },
    { host: '10.9.9.1', port: 8080, expose: 'loopback' },
    { host: '0.0.0.0', port: 8080, expose: 'private' },
    { host: '::', port: 8080, expose: 'all' },
    { host: 'localhost', port: 8080 },
    { host: 'two.test', port: 8080 },
    { host: 'none.test', port: 8080 },
    { host: 'unasked.test', port: 8080 },
    { host: '127.0.0.1', port: 8080, reusePort: true },
    { host: '0.0.0.0', port: 8080, reusePort: true },
  ],
  [
    { host: '10.9.9.1', port: 80 },
    { host: '2001:db8::1', port: 8081 },
    { host: '2001:db8::2', port: 8081 },
    { host: '192.0.2.1', port: 8081 },
    { host: 'fe80::1', port: 8081 },
    { host: 'fe80::1%eth0', port: 8081 },
    { host: 'fe80::1%eth7', port: 8081 },
    { host: 'fe80::1%2', port: 8081 },
    { host: '10.9.9.255', port: 8081 },
    { host: '224.0.0.251', port: 8081 },
    { host: '255.255.255.255', port: 8081 },
    { host: '10.9.9.1', port: 65_535 },
    { host: '127.0.0.1', port: 0, allowEphemeral: true },
  ],
  [
    { host: '0.0.0.0', port: 5353, type: 'SOCK_DGRAM' },
    { host: '::', port: 5353, type: 'SOCK_DGRAM' },
    { host: '::', port: 5353, type: 'SOCK_DGRAM', ipv6Only: true },
    { host: '224.0.0.251', port: 5353, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '224.0.0.251', port: 5353, type: 'SOCK_DGRAM' },
    { host: 'ff02::fb', port: 5353, type: 'SOCK_DGRAM' },
    { host: 'ff02::fb%eth0', port: 5353, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '10.9.9.1', port: 5353, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '10.9.9.1', port: 5353, type: 'SOCK_DGRAM', reusePort: true },
    { host: '10.9.9.255', port: 5353, type: 'SOCK_DGRAM' },
  ],
  [
    { host: '0.0.0.0', port: 6379 },
    { host: '127.0.0.1', port: 6379 },
    { host: '0.0.0.0', port: 2375, expose: 'all' },
    { host: '::', port: 11_211, type: 'SOCK_DGRAM' },
  ],
  [
    { path: '/run/a.sock' },
    { path: '/run//./a.sock' },
    { path: './a.sock' },
    { path: '././a.sock' },
    { path: '/run/taken.sock' },
    { path: '/run/file' },
    { path: '/nowhere/a.sock' },
    { path: '/run/file/a.sock' },
    { path: '/run/directory' },
    { path: '@a' },
    { path: '\0a' },
    { path: `/run/${'x'.repeat(101)}` },
    { path: `/run/${'x'.repeat(103)}` },
    { path: `/run/${'x'.repeat(120)}` },
    { path: `\0${'x'.repeat(108)}` },
    { path: '/run/below/file' },
    { path: '/run/closed/a.sock' },
    { path: '/run/../a.sock' },
    { path: '/run/..' },
    { path: '\0run/a.sock' },
    { path: '\0a//b' },
    { path: `/run//${'x'.repeat(102)}` },
    { path: '../z.sock' },
    { path: 'z.sock' },
    { path: '/z.sock' },
    { path: '..' },
    { path: '..file' },
  ] as readonly Fields[],
  // Flags that say nothing, names, and what `expose` allows.
  [
    { host: '127.0.0.1', port: 8090, ipv6Only: true },
    { host: '127.0.0.1', port: 8090, ipv6Only: true, type: 'SOCK_DGRAM' },
    { host: '::1', port: 8090, ipv6Only: true },
    { host: '::1', port: 8090, ipv6Only: true, type: 'SOCK_DGRAM' },
    { host: '::ffff:127.0.0.1', port: 8090, ipv6Only: true },
    { host: 'LOCALHOST', port: 8090, family: 'AF_INET', type: 'SOCK_DGRAM', name: 'local' },
    { host: 'one.test', port: 8090 },
    { host: 'three.test', port: 8092 },
    { host: 'fe80::1%eth0', port: 8092, expose: 'loopback' },
    { host: 'fe80::2%eth0', port: 8092 },
    { host: '127.0.0.1', port: 8093, expose: 'link' },
    { host: '2001:db8::fe80:1', port: 8092 },
    { host: '::ffff:10.9.9.255', port: 8092 },
    { host: '224.0.0.251', port: 8094 },
    { host: '224.0.0.251', port: 8094 },
    { host: 'my-localhost', port: 8090 },
    { host: 'localhost.test', port: 8090 },
    { host: '0x7f.1', port: 8090 },
    { host: '0.0.0.0', port: 8090, expose: 'link' },
    { host: '0.0.0.0', port: 8090, expose: 'public' },
    { host: 'unasked.test', port: 8090, expose: 'private' },
    { host: 'unasked.test', port: 8090, family: 'AF_INET6', type: 'SOCK_DGRAM' },
    { host: '::ffff:0.0.0.0', port: 8090 },
    { host: '::7f00:1', port: 8090 },
    { host: 'ff02::fb', port: 8090 },
    { host: '::ffff:224.0.0.251', port: 8090 },
  ],
  // Services, and the ends of the ports.
  [
    { host: 'unasked.test', port: 6379 },
    { host: '2001:db8::1', port: 6379, expose: 'private' },
    { host: '2001:db8::1', port: 6379, expose: 'public' },
    { host: '10.9.9.1', port: 6379 },
    { host: '10.9.9.1', port: 1023 },
    { host: '10.9.9.1', port: 1024 },
    { host: '10.9.9.1', port: 65_534 },
    { host: '10.9.9.1', port: 65_534 },
    { host: '10.9.9.1', port: 65_535, type: 'SOCK_DGRAM' },
    { host: '10.9.9.1', port: 0, allowEphemeral: true, type: 'SOCK_DGRAM' },
  ],
  // Halves of localhost, of one service and of two.
  [
    { host: '127.0.0.1', port: 8091, name: 'one' },
    { host: '::1', port: 8091, name: 'one' },
    { host: '::', port: 8091, ipv6Only: true, name: 'two' },
    { host: '127.0.0.1', port: 8091, reusePort: true, type: 'SOCK_DGRAM' },
    { host: '127.0.0.1', port: 8091, reusePort: true, reuseAddr: true, type: 'SOCK_DGRAM' },
    { host: '0.0.0.0', port: 8091, reusePort: true, type: 'SOCK_DGRAM' },
    { host: '::', port: 8091, reusePort: true, type: 'SOCK_DGRAM' },
    { host: '::', port: 8091, ipv6Only: true, reusePort: true, type: 'SOCK_DGRAM' },
    { host: '239.1.2.3', port: 8091, type: 'SOCK_DGRAM' },
    { host: '239.1.2.3', port: 8091, type: 'SOCK_DGRAM' },
    { host: '2001:db8::ff', port: 8091, type: 'SOCK_DGRAM' },
    { host: '2001:db8::ff', port: 8091, type: 'SOCK_DGRAM' },
    { host: '239.1.2.4', port: 8091, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '239.1.2.4', port: 8091, type: 'SOCK_DGRAM', reuseAddr: true },
  ],
  // Shared ports, with somebody who does not share.
  [
    { host: '127.0.0.1', port: 8095 },
    { host: '10.9.9.1', port: 8095, reusePort: true },
    { host: '0.0.0.0', port: 8095, reusePort: true },
    { host: '127.0.0.1', port: 8095, reusePort: true },
    { host: '127.0.0.1', port: 8096, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '127.0.0.1', port: 8096, type: 'SOCK_DGRAM', reuseAddr: true, reusePort: true },
    { host: '127.0.0.1', port: 8096, type: 'SOCK_DGRAM', reusePort: true },
    { host: '0.0.0.0', port: 8097 },
    { host: '::1', port: 8097, reusePort: true },
    { host: '::', port: 8097, reusePort: true },
    { host: '127.0.0.1', port: 8099 },
    { host: '0.0.0.0', port: 8099, reusePort: true },
    { host: '127.0.0.1', port: 8099, reusePort: true },
    { host: 'unasked.test', port: 8099, ipv6Only: true },
    { host: '::', port: 8098, reusePort: true },
    { host: 'unasked.test', port: 8098, reusePort: true },
  ],
  // Shared ports: who gets what.
  [
    { host: '127.0.0.1', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: '::ffff:127.0.0.1', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: '127.255.255.255', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: '0.0.0.0', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: '::ffff:0.0.0.0', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: '::', port: 8100, type: 'SOCK_DGRAM', reusePort: true },
    { host: 'unasked.test', port: 8100, type: 'SOCK_DGRAM', family: 'AF_INET' },
    { host: '::', port: 8101, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '::', port: 8101, type: 'SOCK_DGRAM', reuseAddr: true, ipv6Only: true },
    { host: '::1', port: 8101, type: 'SOCK_DGRAM', reuseAddr: true },
    { host: '::1', port: 8101, type: 'SOCK_DGRAM', reuseAddr: true },
  ],
];

const names = namesOf({
  localhost: ['127.0.0.1', '::1'],
  LOCALHOST: ['127.0.0.1'],
  'two.test': ['10.9.9.1', '2001:db8::1'],
  'none.test': [],
  'one.test': ['10.9.9.1'],
  'three.test': ['10.9.9.1', '2001:db8::1', '192.0.2.1'],
  'my-localhost': ['127.0.0.1'],
  'localhost.test': ['127.0.0.1'],
});
const paths = new Map([
  ['/run/a.sock', 'free'],
  ['/run/taken.sock', 'socket'],
  ['/run/file', 'file'],
  ['/nowhere/a.sock', 'no-directory'],
  ['/run/directory', 'file'],
  [`/run/${'x'.repeat(103)}`, 'free'],
  ['/run/below/file', 'not-a-directory'],
  ['/run/closed/a.sock', 'no-permission'],
] as const) as BindEnvironment['paths'];

const USUAL = environmentOf({ names, paths });
const ENVIRONMENTS: Readonly<Record<string, BindEnvironment>> = {
  'Linux, Node 22': USUAL,
  'Linux, Node 20, root': environmentOf({ names, paths, nodeVersion: '20.20.2', canBindPrivileged: true }),
  'Linux, Node 24, no IPv6': environmentOf({ names, paths, nodeVersion: '24.1.0', ipv6Enabled: false }),
  'Linux, any address': environmentOf({ names, paths, nonlocalBind: true }),
  'Linux, Node 22.11, privileges unknown': environmentOf({
    names,
    paths,
    nodeVersion: '22.11.0',
    canBindPrivileged: null,
  }),
  'Linux, Node 25': environmentOf({ names, paths, nodeVersion: '25.1.0' }),
  'Linux, UDP over IPv6 only': environmentOf({ names, paths, udpIPv6Only: true }),
  'Linux, more interfaces': environmentOf({
    names,
    paths,
    interfaces: {
      lo: [ipv4('127.0.0.1', '255.0.0.0', true), ipv6('::1', true)],
      eth0: [ipv4('10.9.9.1', '255.255.255.0'), ipv4('192.0.2.1', '255.255.255.255'), ipv6('fe80::1')],
      eth7: [
        ipv4('10.9.9.1', '255.255.255.254'),
        ipv6('fe80::1'),
        ipv6('2001:db8::fe80:1'),
        ipv6('febf::1'),
        ipv6('fec0::1'),
      ],
      empty: [],
      absent: undefined,
    },
  }),
  'Linux, with routes': environmentOf({
    names,
    paths,
    ipv4Routes: { local: ['127.0.0.0/8', '10.9.9.1/32', '192.0.2.1/32'], broadcast: ['10.9.9.254/32'] },
  }),
  macOS: environmentOf({ names, paths, platform: 'darwin' }),
  Windows: environmentOf({ names, paths, platform: 'win32' }),
};

it.each(Object.entries(ENVIRONMENTS))('on %s', async (name, environment) => {
  const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const lines = linesOf(environment);
  // Of the others only what is not as usual, and of which pairs nothing is said.
  const usual = environment === USUAL ? [] : linesOf(USUAL);
  const told = [
    ...lines.filter((line) => !usual.includes(line)),
    ...usual.filter((line) => / and \d+: /.test(line) && !lines.includes(line)).map((line) => `not ${shortly(line)}`),
  ];
  const path = fileURLToPath(new URL(`../../fixtures/plan-words/${file}.txt`, import.meta.url));
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(path);
});

/** The pair, and the verdict. */
function shortly(line: string): string {
  return line.split(': ', 2).join(': ');
}

function linesOf(environment: BindEnvironment): string[] {
  return GROUPS.flatMap((group, g) => {
    const plan = planBinds(
      group.map((fields) => createBind(fields)),
      environment,
    );
    return linesOfPlan(plan).map((line) => `${g}.${line}`);
  });
}

/** Each begins with the number of its bind, or of its two. */
function linesOfPlan({ binds, conflicts, shadows }: BindPlan): string[] {
  const single = binds.flatMap(({ bind, occupies, exposure, reach, interfaces, predicted, warnings }, i) =>
    [
      JSON.stringify(bind),
      `${JSON.stringify(occupies)} ${JSON.stringify(exposure)}`,
      reach,
      ...interfaces.map((one) => `on ${one.name}: ${one.addresses.join(' ')}`),
      `${predicted.code}: ${predicted.reason}`,
      ...warnings.map((one) => `${one.severity} ${one.code}: ${one.message}; ${one.hint}`),
    ].map((line) => `${i} ${line}`),
  );
  const pairs = [...conflicts, ...shadows].map(
    ({ first, second, verdict, reason, fix }) => `${first} and ${second}: ${verdict}: ${reason}; ${fix}`,
  );
  return [...single, ...pairs];
}
