import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAddress } from '../../src/ip/index.js';
import type { Bind, BindEnvironment, BindFields, PathState } from '../../src/socket/index.js';
import { createBind, planBinds, SOCK_DGRAM, validateBind } from '../../src/socket/index.js';
import type { MachineOptions, Outcome } from '../support/bind-machine.js';
import { BindMachine, expectedCodes, requestOf, whyNoNamespace, whyNoNobody } from '../support/bind-machine.js';
import { tempDir } from '../support/temp-dir.js';

/**
 * What Linux and Node make of binds, row by row: what the table says, what the planner predicts, and what a real socket does, on the
 * Node that runs this. In network namespaces, so that wildcards, addresses and settings are nobody else's.
 */

const noNamespace = whyNoNamespace();
const noNobody = whyNoNobody();
if (noNamespace !== null) process.stdout.write(`binds are tried on the loopback only: ${noNamespace}\n`);
else if (noNobody !== null) process.stdout.write(`binds without privileges are skipped: ${noNobody}\n`);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const honoursReusePort = major > 22 || (major === 22 && minor >= 12);
const cutsLongPaths = major < 24;

/** For machines that have other things to do: a namespace, a process and its modules take their time. */
const PATIENCE = 60_000;

/** Nobody else has it in a namespace; it is not one of those that the kernel gives away. */
const PORT = 2000;

const udp = (host: string, more: object = {}): BindFields =>
  ({ host, port: PORT, type: SOCK_DGRAM, ...more }) as BindFields;
const tcp = (host: string, more: object = {}): BindFields => ({ host, port: PORT, ...more }) as BindFields;

let shared: BindMachine | null = null;
/** A namespace without settings of its own, for all who need no other. */
function ordinary(): BindMachine {
  shared ??= BindMachine.inNamespace();
  return shared;
}
afterAll(() => shared?.close());

/** Binds of a set in their order, and what comes of each: a code, or the address that an 'ok' binds. */
type Row = readonly [name: string, binds: readonly BindFields[], outcomes: readonly string[]];

/** The same, in one test: rows that differ in nothing but what they are made of. */
function replayAll(title: string, rows: readonly Row[]): void {
  it(`${title}: ${rows.length} sets`, { timeout: PATIENCE }, async () => {
    const machine = ordinary();
    const environment = await machine.environment({ names: [] });
    const sets = rows.map(([, fields]) => fields.map((each) => createBind(each)));
    const outcomes = await machine.bindSets(sets.map((binds) => binds.map(requestOf)));
    const shown = rows.map(([name], i) => `${name}: ${outcomes[i]?.map(({ code }) => code)}`);
    expect(shown).toEqual(rows.map(([name, , wanted]) => `${name}: ${wanted}`));
    const predicted = rows.map(
      ([name], i) => `${name}: ${expectedCodes(planBinds(sets[i] ?? [], environment), outcomes[i] ?? [])}`,
    );
    expect(predicted).toEqual(shown);
  });
}

/** Makes the binds of all rows on one machine, set by set, then looks at each row. */
function replay(rows: readonly Row[], options?: MachineOptions | 'here'): void {
  const sets = rows.map(([, fields]) => fields.map((each) => createBind(each)));
  let environment: BindEnvironment;
  let outcomes: readonly (readonly Outcome[])[];
  beforeAll(async () => {
    const own = options === 'here' ? BindMachine.here() : options && BindMachine.inNamespace(options);
    const machine = own ?? ordinary();
    environment = await machine.environment({ names: ['localhost', 'LOCALHOST', 'v4', 'v6', 'both', 'nosuch'] });
    outcomes = await machine.bindSets(sets.map((binds) => binds.map(requestOf)));
    await own?.close();
  }, PATIENCE);

  it.each(rows.map((row, index) => [row[0], index, row[2]] as const))('%s', (_name, index, wanted) => {
    const found = outcomes[index] ?? [];
    expect(found.map(({ code, address }, i) => (isAddress(wanted[i] ?? '') ? address : code))).toEqual(wanted);
    expect(expectedCodes(planBinds(sets[index] ?? [], environment), found)).toEqual(found.map(({ code }) => code));
  });
}

describe.skipIf(noNamespace !== null)('single binds', () => {
  replay([
    ['0.0.0.0', [tcp('0.0.0.0')], ['0.0.0.0']],
    ['::', [tcp('::')], ['::']],
    ['an address of an interface', [tcp('10.9.9.1')], ['10.9.9.1']],
    ['an IPv6 address of an interface', [tcp('2001:db8::1')], ['2001:db8::1']],
    ['an address of an interface that is down', [tcp('10.8.8.1')], ['10.8.8.1']],
    ['any of 127/8', [tcp('127.9.9.9')], ['127.9.9.9']],
    ['the first of 127/8', [tcp('127.0.0.0')], ['127.0.0.0']],
    ['multicast, TCP', [tcp('224.0.0.1')], ['224.0.0.1']],
    ['broadcast, TCP', [tcp('255.255.255.255')], ['255.255.255.255']],
    ['the broadcast of a subnet, TCP', [tcp('10.9.9.255')], ['10.9.9.255']],
    ['the first address of a subnet', [tcp('10.9.9.0')], ['EADDRNOTAVAIL']],
    ['multicast, UDP', [udp('224.0.0.1')], ['224.0.0.1']],
    ['broadcast, UDP', [udp('255.255.255.255')], ['255.255.255.255']],
    ['ff02::1, TCP', [tcp('ff02::1')], ['EINVAL']],
    ['ff02::1 with a zone, TCP', [tcp('ff02::1%eth0')], ['EINVAL']],
    ['ff05::1, TCP', [tcp('ff05::1')], ['EINVAL']],
    ['ff02::1, UDP', [udp('ff02::1')], ['EINVAL']],
    ['ff02::1 with a zone, UDP', [udp('ff02::1%eth0')], ['ff02::1']],
    ['ff02::1 with a zone that is no interface, UDP', [udp('ff02::1%eth9')], ['EINVAL']],
    ['ff01::1, UDP', [udp('ff01::1')], ['EINVAL']],
    ['ff05::1, UDP', [udp('ff05::1')], ['ff05::1']],
    ['240.0.0.1', [tcp('240.0.0.1')], ['EADDRNOTAVAIL']],
    ['0.0.0.1', [tcp('0.0.0.1')], ['EADDRNOTAVAIL']],
    ['an address that no interface has', [tcp('10.9.9.2')], ['EADDRNOTAVAIL']],
    ['an IPv6 address that no interface has', [tcp('2001:db8::2')], ['EADDRNOTAVAIL']],
    ['::127.0.0.1', [tcp('::127.0.0.1')], ['EADDRNOTAVAIL']],
    ['a link-local address without zone', [tcp('fe80::1')], ['EINVAL']],
    ['a link-local address with a zone', [tcp('fe80::1%eth0')], ['fe80::1%eth0']],
    ['a link-local address with a number as zone', [tcp('fe80::1%2')], ['EINVAL']],
    ['a link-local address with a zone that is no interface', [tcp('fe80::1%eth9')], ['EINVAL']],
    ['a link-local address of another interface', [tcp('fe80::1%lo')], ['EADDRNOTAVAIL']],
    ['a link-local address of an interface without addresses', [tcp('fe80::1%bare0')], ['EADDRNOTAVAIL']],
    ['an IPv4-mapped address', [tcp('::ffff:127.0.0.1')], ['::ffff:127.0.0.1']],
    ['an IPv4-mapped address that no interface has', [tcp('::ffff:10.9.9.2')], ['EADDRNOTAVAIL']],
    ['an IPv4-mapped multicast address, TCP', [tcp('::ffff:224.0.0.1')], ['::ffff:224.0.0.1']],
    ['an IPv4-mapped address with ipv6Only', [tcp('::ffff:127.0.0.1', { ipv6Only: true })], ['EINVAL']],
    ['::ffff:0.0.0.0 with ipv6Only', [tcp('::ffff:0.0.0.0', { ipv6Only: true })], ['EINVAL']],
    ['an IPv4-mapped address with ipv6Only, UDP', [udp('::ffff:127.0.0.1', { ipv6Only: true })], ['EINVAL']],
    ['ipv6Only with an IPv4 host', [tcp('127.0.0.1', { ipv6Only: true })], ['127.0.0.1']],
    ['ipv6Only with a name that has IPv4', [tcp('v4', { ipv6Only: true })], ['127.0.0.1']],
    ['ipv6Only with localhost', [tcp('localhost', { ipv6Only: true })], ['::1']],
    ['ipv6Only with an IPv4 host, UDP', [udp('127.0.0.1', { ipv6Only: true })], ['EINVAL']],
    ['localhost', [tcp('localhost')], ['::1']],
    ['LOCALHOST', [tcp('LOCALHOST')], ['::1']],
    ['a name with both families, its first', [tcp('both')], ['ok']],
    ['localhost, UDP of IPv4', [udp('localhost', { family: 'AF_INET' })], ['127.0.0.1']],
    ['localhost, UDP of IPv6', [udp('localhost', { family: 'AF_INET6' })], ['::1']],
    ['a name without IPv6, UDP of IPv6', [udp('v4', { family: 'AF_INET6' })], ['ENOTFOUND']],
    ['a name that there is not', [tcp('nosuch')], ['ENOTFOUND']],
    ['127.1', [tcp('127.1')], ['127.0.0.1']],
    ['0', [tcp('0')], ['0.0.0.0']],
    ['2130706433', [tcp('2130706433')], ['127.0.0.1']],
    ['0x7f.1', [tcp('0x7f.1')], ['127.0.0.1']],
    ['full-width digits', [tcp('１２７.0.0.1')], ['127.0.0.1']],
    ['ideographic dots', [tcp('127。0。0。1')], ['127.0.0.1']],
    ['010.0.0.1', [tcp('010.0.0.1')], ['EADDRNOTAVAIL']],
    ['127.1, UDP', [udp('127.1')], ['127.0.0.1']],
    ['a port below 1024, as root', [tcp('127.0.0.1', { port: 80 })], ['127.0.0.1']],
    ['port 0', [tcp('127.0.0.1', { port: 0, allowEphemeral: true })], ['127.0.0.1']],
  ]);

  describe('010.0.0.1 where an interface has 8.0.0.1', () => {
    replay([['010.0.0.1', [tcp('010.0.0.1')], ['8.0.0.1']]], { script: 'ip addr add 8.0.0.1/32 dev eth0' });
  });

  describe('a loopback with more than 127/8, a route of type local, a subnet of two', () => {
    const script = `
ip addr add 10.7.7.1/24 dev lo
ip -6 addr add 2001:db8:7::1/64 dev lo nodad
ip route add local 10.6.6.0/24 dev lo
ip addr add 10.5.5.2/31 dev eth0
`;
    replay(
      [
        ['any of the subnet of a loopback', [tcp('10.7.7.7')], ['10.7.7.7']],
        ['its IPv6 addresses, each alone', [tcp('2001:db8:7::1')], ['2001:db8:7::1']],
        ['another of its IPv6 subnet', [tcp('2001:db8:7::2')], ['EADDRNOTAVAIL']],
        ['any of the route', [tcp('10.6.6.6')], ['10.6.6.6']],
        ['the other of a subnet of two', [tcp('10.5.5.3')], ['EADDRNOTAVAIL']],
      ],
      { script },
    );
  });

  describe('an address that is still looked for on the link', () => {
    const script = 'ip -6 addr add 2001:db8:8::1/64 dev down0; ip link set down0 up';
    replay([['a tentative address', [tcp('2001:db8:8::1')], ['EADDRNOTAVAIL']]], { script });
  });
});

/** What `*_nonlocal_bind` is about. */
const NONLOCAL_IPV4 = ['240.0.0.1', '0.0.0.1', '10.9.9.2', '::ffff:10.9.9.2'];
const NONLOCAL_IPV6 = ['2001:db8::2', '::127.0.0.1', 'fe80::2%eth0'];

describe.skipIf(noNamespace !== null)('settings of the kernel', () => {
  const nonlocal = (ipv4: boolean, ipv6: boolean): Row[] => [
    ...NONLOCAL_IPV4.map((host) => [host, [tcp(host)], [ipv4 ? host : 'EADDRNOTAVAIL']] as const),
    ...NONLOCAL_IPV6.map((host) => [host, [tcp(host)], [ipv6 ? host : 'EADDRNOTAVAIL']] as const),
    ['a link-local address without zone', [tcp('fe80::2')], ['EINVAL']],
    ['multicast, TCP', [tcp('ff05::1')], ['EINVAL']],
  ];
  describe('ipv4/ip_nonlocal_bind', () => {
    replay(nonlocal(true, false), { sysctls: { 'ipv4/ip_nonlocal_bind': '1' } });
  });
  describe('ipv6/ip_nonlocal_bind', () => {
    replay(nonlocal(false, true), { sysctls: { 'ipv6/ip_nonlocal_bind': '1' } });
  });
  describe('both', () => {
    replay(nonlocal(true, true), { sysctls: { 'ipv4/ip_nonlocal_bind': '1', 'ipv6/ip_nonlocal_bind': '1' } });
  });
  describe('ipv6/conf/all/disable_ipv6', () => {
    replay(
      [
        ['::', [tcp('::')], ['::']],
        [':: is dual still', [tcp('::'), tcp('0.0.0.0')], ['::', 'EADDRINUSE']],
        [':: with ipv6Only', [tcp('::', { ipv6Only: true })], ['::']],
        ['::1', [tcp('::1')], ['EADDRNOTAVAIL']],
        ['::1, UDP', [udp('::1')], ['EADDRNOTAVAIL']],
        ['an address that was there', [tcp('2001:db8::1')], ['EADDRNOTAVAIL']],
        ['IPv4', [tcp('127.0.0.1')], ['127.0.0.1']],
        ['an IPv4-mapped address', [tcp('::ffff:127.0.0.1')], ['::ffff:127.0.0.1']],
        ['multicast of a site, UDP', [udp('ff05::1')], ['ff05::1']],
      ],
      { sysctls: { 'ipv6/conf/all/disable_ipv6': '1' } },
    );
  });
  describe('IPv6 turned off, but not for one interface', () => {
    const sysctls = { 'ipv6/conf/all/disable_ipv6': '1', 'ipv6/conf/lo/disable_ipv6': '0' };
    replay(
      [
        ['::1', [tcp('::1')], ['::1']],
        ['an address of another', [tcp('2001:db8::1')], ['EADDRNOTAVAIL']],
      ],
      { sysctls },
    );
  });
  describe('ipv6/bindv6only, of which Node makes nothing for TCP, and everything for UDP', () => {
    replay(
      [
        [':: is dual', [tcp('::'), tcp('0.0.0.0')], ['::', 'EADDRINUSE']],
        [':: with ipv6Only is not', [tcp('::', { ipv6Only: true }), tcp('0.0.0.0')], ['::', '0.0.0.0']],
        ['an IPv4-mapped address', [tcp('::ffff:127.0.0.1')], ['::ffff:127.0.0.1']],
        [':: is not dual, UDP', [udp('::'), udp('0.0.0.0')], ['::', '0.0.0.0']],
        ['an IPv4-mapped address, UDP', [udp('::ffff:127.0.0.1')], ['EINVAL']],
      ],
      { sysctls: { 'ipv6/bindv6only': '1' } },
    );
  });
});

describe.skipIf(noNobody !== null)('without privileges', () => {
  const low = { port: 80 };
  replay(
    [
      ['a port below 1024', [tcp('127.0.0.1', low)], ['EACCES']],
      ['the last of them', [tcp('127.0.0.1', { port: 1023 })], ['EACCES']],
      ['the first that is free for all', [tcp('127.0.0.1', { port: 1024 })], ['127.0.0.1']],
      ['a port below 1024, UDP', [udp('127.0.0.1', low)], ['EACCES']],
      ['wildcards', [tcp('0.0.0.0', low), tcp('::', low)], ['EACCES', 'EACCES']],
      ['port 0', [tcp('127.0.0.1', { port: 0, allowEphemeral: true })], ['127.0.0.1']],
      ['IPv4: the address comes first', [tcp('10.9.9.2', low)], ['EADDRNOTAVAIL']],
      ['IPv4, UDP: the address comes first', [udp('10.9.9.2', low)], ['EADDRNOTAVAIL']],
      ['IPv6: the port comes first', [tcp('2001:db8::2', low)], ['EACCES']],
      ['IPv6, UDP: the port comes first', [udp('2001:db8::2', low)], ['EACCES']],
      ['IPv4-mapped: the port comes first', [tcp('::ffff:10.9.9.2', low)], ['EACCES']],
      ['IPv4-mapped with ipv6Only', [tcp('::ffff:127.0.0.1', { ...low, ipv6Only: true })], ['EACCES']],
      ['link-local without zone', [tcp('fe80::1', low)], ['EACCES']],
      ['IPv6 multicast, TCP', [tcp('ff02::1', low)], ['EINVAL']],
    ],
    { asNobody: true },
  );
  describe('ipv4/ip_unprivileged_port_start = 80, which is of IPv6, too', () => {
    replay(
      [
        ['80', [tcp('127.0.0.1', low)], ['127.0.0.1']],
        ['80 of IPv6', [tcp('::1', low)], ['::1']],
        ['79', [tcp('127.0.0.1', { port: 79 })], ['EACCES']],
        ['79 of IPv6', [tcp('::1', { port: 79 })], ['EACCES']],
      ],
      { asNobody: true, sysctls: { 'ipv4/ip_unprivileged_port_start': '80' } },
    );
  });
});

/** A host of each kind that a set can have, as TCP and as UDP. */
const HOSTS: readonly (readonly [host: string, more: object])[] = [
  ['0.0.0.0', {}],
  ['127.0.0.1', {}],
  ['127.0.0.2', {}],
  ['::ffff:0.0.0.0', {}],
  ['::ffff:127.0.0.1', {}],
  ['::', {}],
  ['::', { ipv6Only: true }],
  ['::1', {}],
  ['2001:db8::1', {}],
  ['fe80::1%eth0', {}],
];

/** What each takes: IPv4, IPv6. */
const TAKES: readonly (readonly [ipv4: string | null, ipv6: string | null])[] = [
  ['*', null],
  ['127.0.0.1', null],
  ['127.0.0.2', null],
  ['*', null],
  ['127.0.0.1', null],
  ['*', '*'],
  [null, '*'],
  [null, '::1'],
  [null, '2001:db8::1'],
  [null, 'fe80::1'],
];

const intersect = (one: string | null = null, other: string | null = null) =>
  one !== null && other !== null && (one === '*' || other === '*' || one === other);

describe.skipIf(noNamespace !== null)('pairs', () => {
  const every = HOSTS.flatMap(([host, more], i) =>
    HOSTS.map(([other, otherMore], j) => {
      const clash = intersect(TAKES[i]?.[0], TAKES[j]?.[0]) || intersect(TAKES[i]?.[1], TAKES[j]?.[1]);
      const said = (text: string, options: object) => `${text}${'ipv6Only' in options ? ' ipv6Only' : ''}`;
      const name = `${said(host, more)}, then ${said(other, otherMore)}`;
      return { name, clash, first: [host, more] as const, second: [other, otherMore] as const };
    }),
  );
  const matrix = (make: (host: string, more: object) => BindFields): Row[] =>
    every.map(({ name, clash, first, second }) => [
      name,
      [make(...first), make(...second)],
      ['ok', clash ? 'EADDRINUSE' : 'ok'],
    ]);
  replayAll('TCP', matrix(tcp));
  replayAll('UDP', matrix(udp));
  replayAll(
    'UDP, both with reuseAddr',
    every.map(({ name, first: [host, more], second: [other, otherMore] }) => [
      name,
      [udp(host, { ...more, reuseAddr: true }), udp(other, { ...otherMore, reuseAddr: true })],
      ['ok', 'ok'],
    ]),
  );
  for (const [protocol, make] of [
    ['TCP', tcp],
    ['UDP', udp],
  ] as const) {
    const withReusePort = (first: boolean, second: boolean): Row[] =>
      every.map(({ name, clash, first: [host, more], second: [other, otherMore] }) => [
        name,
        [make(host, { ...more, reusePort: first }), make(other, { ...otherMore, reusePort: second })],
        ['ok', clash && !(first && second && honoursReusePort) ? 'EADDRINUSE' : 'ok'],
      ]);
    replayAll(`${protocol}, both with reusePort`, withReusePort(true, true));
    replayAll(`${protocol}, the first with reusePort`, withReusePort(true, false));
    replayAll(`${protocol}, the second with reusePort`, withReusePort(false, true));
  }
  describe('others', () => {
    replay([
      ['TCP and UDP', [tcp('::'), udp('::')], ['::', '::']],
      ['another port', [tcp('::'), tcp('::', { port: PORT + 1 })], ['::', '::']],
      ['a name and its address', [tcp('localhost'), tcp('::1')], ['::1', 'EADDRINUSE']],
      ['a name and its other address', [tcp('localhost'), tcp('127.0.0.1')], ['::1', '127.0.0.1']],
      ['lenient text and its address', [tcp('127.1'), tcp('127.0.0.1')], ['127.0.0.1', 'EADDRINUSE']],
      ['reuseAddr on one alone, UDP', [udp('::1', { reuseAddr: true }), udp('::1')], ['::1', 'EADDRINUSE']],
      ['exclusive, outside a cluster', [tcp('::1', { exclusive: true }), tcp('127.0.0.1')], ['::1', '127.0.0.1']],
      ['multicast of the link by interface', [udp('ff02::1%eth0'), udp('ff02::1%lo')], ['ff02::1', 'ff02::1']],
      ['multicast of a site by interface', [udp('ff05::1%eth0'), udp('ff05::1%lo')], ['ff05::1', 'EADDRINUSE']],
    ]);
  });
});

describe('on the loopback, without a namespace', () => {
  // Addresses of 127/8 that nobody uses, and a port of the kernel's choice for ::1.
  const rows: Row[] = [
    ['the same address', [tcp('127.81.7.1'), tcp('127.81.7.1')], ['127.81.7.1', 'EADDRINUSE']],
    ['another address', [tcp('127.81.7.1'), tcp('127.81.7.2')], ['127.81.7.1', '127.81.7.2']],
    ['an IPv4-mapped address', [tcp('::ffff:127.81.7.1'), tcp('127.81.7.1')], ['::ffff:127.81.7.1', 'EADDRINUSE']],
    ['TCP and UDP', [tcp('127.81.7.1'), udp('127.81.7.1')], ['127.81.7.1', '127.81.7.1']],
    ['IPv4-mapped with ipv6Only', [tcp('::ffff:127.81.7.1', { ipv6Only: true })], ['EINVAL']],
    ['lenient text', [tcp('127.0x51.7.1')], ['127.81.7.1']],
  ];
  replay(process.platform === 'linux' ? rows : [], 'here');
});

describe('ports that somebody else had, or has: no bind of a plan, so that the plan says nothing', () => {
  let machine: BindMachine;
  beforeAll(() => {
    machine = noNamespace === null ? ordinary() : BindMachine.here();
  });
  afterAll(() => (noNamespace === null ? undefined : machine.close()));

  it('is free again though connections are in TIME_WAIT', async () => {
    expect(await machine.scenario('timeWait', '127.0.0.1')).toEqual({ inTimeWait: 1, codes: ['ok'] });
  });
  it('is free again though a connection of the closed listener lives on', async () => {
    expect(await machine.scenario('liveConnection', '127.0.0.1')).toEqual({ codes: ['ok'] });
  });
  it('is taken by a client of the same address, and free for another', async () => {
    expect(await machine.scenario('clientPort', '127.0.0.1')).toEqual({ codes: ['EADDRINUSE', 'ok'] });
  });
});

describe.skipIf(process.platform !== 'linux')('unix sockets', () => {
  const dir = tempDir();
  /** A path in the directory, of so many bytes. */
  const pathOf = (bytes: number, letter = 'x') => `${dir}/${letter.repeat(bytes - dir.length - 1)}`;
  let machine: BindMachine;
  beforeAll(() => {
    machine = BindMachine.here();
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'file'), '');
  });
  afterAll(() => machine.close());

  type UnixRow = readonly [name: string, paths: string[], codes: string[], states?: (PathState | undefined)[]];
  const rows: UnixRow[] = [
    ['a path', [join(dir, 'a')], ['ok'], ['free']],
    ['107 bytes', [pathOf(107)], ['ok']],
    ['108 bytes', [pathOf(108)], ['ok']],
    ['the same path', [join(dir, 'a'), join(dir, 'a')], ['ok', 'EADDRINUSE']],
    [
      'the same path, written otherwise',
      [join(dir, 'a'), `${dir}//a`, `${dir}/./a`],
      ['ok', 'EADDRINUSE', 'EADDRINUSE'],
    ],
    ['a missing directory', [join(dir, 'no', 'a')], ['EACCES'], ['no-directory']],
    ['a slash at the end', [join(dir, 'a', '/')], ['EACCES'], ['no-directory']],
    ['a file with a slash at the end', [join(dir, 'file', '/')], ['EADDRINUSE'], ['file']],
    ['a directory with a slash at the end', [join(dir, 'sub', '/')], ['EADDRINUSE'], ['file']],
    ['a file', [join(dir, 'file')], ['EADDRINUSE'], ['file']],
    ['below a file', [join(dir, 'file', 'a')], ['ENOTDIR'], ['not-a-directory']],
    ['a directory', [join(dir, 'sub')], ['EADDRINUSE'], ['file']],
    ['an abstract name', [`\0${dir}`], ['ok'], [undefined]],
    ['the same abstract name', [`\0${dir}`, `\0${dir}`], ['ok', 'EADDRINUSE']],
    ['@name, a file', [join(dir, '@name'), `\0name${dir}`], ['ok', 'ok']],
    ['109 bytes', [pathOf(109, 'y')], [cutsLongPaths ? 'ok' : 'EINVAL']],
    [
      'the same first 108 bytes',
      [pathOf(110, 'z'), pathOf(120, 'z')],
      cutsLongPaths ? ['ok', 'EADDRINUSE'] : ['EINVAL', 'EINVAL'],
    ],
    [
      'the same path when it is cut, written otherwise',
      [`${dir}//${'v'.repeat(120)}`, `${dir}/${'v'.repeat(106 - dir.length)}`],
      cutsLongPaths ? ['ok', 'EADDRINUSE'] : ['EINVAL', 'ok'],
    ],
    [
      '109 bytes that are cut to a path of the set',
      [pathOf(108, 'w'), pathOf(109, 'w')],
      ['ok', cutsLongPaths ? 'EADDRINUSE' : 'EINVAL'],
    ],
    ['an abstract name of 109 bytes', [`\0${dir}`.padEnd(109, 'a')], [cutsLongPaths ? 'ok' : 'EINVAL']],
  ];
  it.each(rows.map(([name, ...row]) => ({ name, row })))('$name', async ({ row: [paths, codes, states] }) => {
    const binds: Bind[] = paths.map((path) => createBind({ path }));
    const environment = await machine.environment({ names: [], paths });
    if (states !== undefined) expect(paths.map((path) => environment.paths?.get(path))).toEqual(states);
    const outcomes = await machine.bind(binds.map(requestOf));
    expect(outcomes.map(({ code }) => code)).toEqual(codes);
    expect(expectedCodes(planBinds(binds, environment), outcomes)).toEqual(codes);
  });

  it('a socket that was left behind', async () => {
    const path = join(dir, 'stale');
    const other = BindMachine.here();
    // Node removes the file of a server that it closes: only who is killed leaves one.
    await other.leave(path);
    const environment = await machine.environment({ names: [], paths: [path] });
    expect(environment.paths?.get(path)).toBe('socket');
    const binds = [createBind({ path })];
    expect(planBinds(binds, environment).binds[0]?.predicted.code).toBe('EADDRINUSE');
    expect(await machine.bind(binds.map(requestOf))).toEqual([{ code: 'EADDRINUSE', address: null }]);
  });
});

describe.skipIf(noNamespace !== null)('hosts that only a resolver could make sense of', () => {
  it.each(['[::1]', '*', '127.0.0.1:80', '10.0.0.0/8', ' 127.0.0.1', '127.0.0.1 x', 'localhost.', '127.0.0.1.'])(
    '%j is no bind, or not found',
    async (host) => {
      expect(await ordinary().bind([{ listen: { host, port: PORT } }])).toEqual([{ code: 'ENOTFOUND', address: null }]);
      const result = validateBind({ host, port: PORT });
      if (!result.success) return;
      const environment = await ordinary().environment({ names: [host] });
      expect(planBinds([result.data], environment).binds[0]?.predicted.code).toBe('ENOTFOUND');
    },
  );
  it.each([
    ['udp4', '::1'],
    ['udp6', '127.0.0.1'],
  ])('%s with %s is EINVAL, and no bind', async (type, address) => {
    expect(await ordinary().bind([{ dgram: { socket: { type }, bind: { address, port: PORT } } }])).toEqual([
      { code: 'EINVAL', address: null },
    ]);
    const family = type === 'udp4' ? 'AF_INET' : 'AF_INET6';
    expect(validateBind({ host: address, port: PORT, type: SOCK_DGRAM, family }).success).toBe(false);
  });
});
