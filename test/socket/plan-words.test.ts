import { expect, it } from 'vitest';
import type { BindEnvironment, BindPlan } from '../../src/socket/index.js';
import { createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf, namesOf } from '../support/bind-environment.js';

// What the planner says, word for word: users act on its reasons and hints, and a wrong one is a wrong answer. A change of
// fixtures/plan-words.txt is read like a change of code.

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
  ] as readonly Fields[],
];

const names = namesOf({ localhost: ['127.0.0.1', '::1'], 'two.test': ['10.9.9.1', '2001:db8::1'], 'none.test': [] });
const paths = new Map([
  ['/run/a.sock', 'free'],
  ['/run/taken.sock', 'socket'],
  ['/run/file', 'file'],
  ['/nowhere/a.sock', 'no-directory'],
  ['/run/directory', 'file'],
] as const) as BindEnvironment['paths'];

const USUAL = environmentOf({ names, paths });
const ENVIRONMENTS: Readonly<Record<string, BindEnvironment>> = {
  'Linux, Node 22': USUAL,
  'Linux, Node 20, root': environmentOf({ names, paths, nodeVersion: '20.20.2', canBindPrivileged: true }),
  'Linux, Node 24, no IPv6': environmentOf({ names, paths, nodeVersion: '24.1.0', ipv6Enabled: false }),
  'Linux, any address': environmentOf({ names, paths, nonlocalBind: true }),
  macOS: environmentOf({ names, paths, platform: 'darwin' }),
  Windows: environmentOf({ names, paths, platform: 'win32' }),
};

it.each(Object.entries(ENVIRONMENTS))('on %s', async (name, environment) => {
  const file = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const lines = linesOf(environment);
  // Of the others only what is not as usual.
  const usual = new Set(environment === USUAL ? [] : linesOf(USUAL));
  const told = lines.filter((line) => !usual.has(line));
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot(`../../fixtures/plan-words/${file}.txt`);
});

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
