import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BindEnvironment, BindFields, InetBindFields } from '../../src/socket/index.js';
import { createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf } from '../support/bind-environment.js';
import { BindMachine, requestOf, whyNoNamespace } from '../support/bind-machine.js';
import { askPython, whyNoPython } from '../support/python.js';
import { slowConflicts } from '../support/slow-binds.js';

const planOf = (inputs: readonly (BindFields | string)[], changes: Partial<BindEnvironment> = {}) =>
  planBinds(
    inputs.map((input) => createBind(input)),
    environmentOf(changes),
  );
const tcp = (host: string, more: object = {}): BindFields => ({ host, port: 5000, ...more }) as BindFields;
const udp = (host: string, more: object = {}): BindFields =>
  ({ host, port: 5000, type: 'SOCK_DGRAM', ...more }) as BindFields;

describe('conflicts say why, and what mends them', () => {
  it.each<[string, (BindFields | string)[], string, string]>([
    [
      'the same address',
      ['127.0.0.1:5000', '127.0.0.1:5000'],
      'both take 127.0.0.1 at TCP port 5000',
      'write another port for 127.0.0.1:5000, such as 5001',
    ],
    [
      'a wildcard and an address',
      ['0.0.0.0:5000', '127.0.0.1:5000'],
      'both take 127.0.0.1 at TCP port 5000',
      'leave out 127.0.0.1:5000, which 0.0.0.0:5000 takes already; or write another port for 127.0.0.1:5000, such as 5001',
    ],
    [
      'dual stack and IPv4',
      ['[::]:5000', '0.0.0.0:5000'],
      'both take all of IPv4 at TCP port 5000',
      'write ipv6Only: true for [::]:5000, which leaves IPv4 to 0.0.0.0:5000',
    ],
    [
      'an IPv4 address and dual stack',
      ['127.0.0.1:5000', '[::]:5000'],
      'both take 127.0.0.1 at TCP port 5000',
      'write ipv6Only: true for [::]:5000, which leaves IPv4 to 127.0.0.1:5000',
    ],
    [
      'dual stack and an IPv6 address',
      ['[::]:5000', '[::1]:5000'],
      'both take ::1 at TCP port 5000',
      'leave out [::1]:5000, which [::]:5000 takes already; or write another port for [::1]:5000, such as 5001',
    ],
    [
      'dual stack twice',
      ['[::]:5000', '[::]:5000'],
      'both take all of IPv4 and all of IPv6 at TCP port 5000',
      'write another port for [::]:5000, such as 5001',
    ],
    [
      'multicast of UDP',
      [udp('224.0.0.251'), udp('224.0.0.251', { reuseAddr: true })],
      'both take 224.0.0.251 at UDP port 5000',
      'write reuseAddr: true for both, as is usual for multicast; or write another port for 224.0.0.251:5000/udp, such as 5001',
    ],
    [
      'one with reusePort',
      [tcp('::1', { reusePort: true, name: 'a' }), tcp('::1', { name: 'b' })],
      'both take ::1 at TCP port 5000, and only one of them has reusePort',
      'write reusePort: true for both, or for neither: write another port for [::1]:5000 ("b"), such as 5001',
    ],
    [
      'a path twice',
      [{ path: '/run/x' }, { path: '/run//x' }],
      '"/run/x" and "/run//x" are the same path to the kernel',
      'write another path for one of them',
    ],
  ])('%s', (_name, inputs, reason, fix) => {
    expect(planOf(inputs).conflicts).toEqual([{ first: 0, second: 1, verdict: 'conflict', reason, fix }]);
  });

  it('offers a port that no bind of the set has, while there is one', () => {
    const ports = [5000, 5000, 5001, 5002].map((port) => ({ host: '127.0.0.1', port }));
    expect(planOf(ports).conflicts[0]?.fix).toBe('write another port for 127.0.0.1:5000, such as 5003');
    // One that fails by itself has a port, too.
    const failing = [...ports, { host: '192.0.2.9', port: 5003 }, '127.0.0.1:5004/udp'];
    expect(planOf(failing).conflicts[0]?.fix).toBe('write another port for 127.0.0.1:5000, such as 5004');
    const last = [65535, 65535].map((port) => ({ host: '127.0.0.1', port }));
    expect(planOf(last).conflicts[0]?.fix).toBe('write another port for 127.0.0.1:65535');
  });

  it('says that this Node ignores reusePort', () => {
    const both = [tcp('::1', { reusePort: true }), tcp('::1', { reusePort: true })];
    const { conflicts } = planOf(both, { nodeVersion: '20.20.2' });
    expect(conflicts[0]?.reason).toMatch(/this version of Node ignores reusePort$/);
    expect(conflicts[0]?.verdict).toBe('conflict');
    expect(planOf(both).conflicts).toEqual([]);
  });

  it('finds none where ports, protocols or addresses differ, where the kernel chooses, and for what never works', () => {
    const ephemeral = { host: '::', port: 0, allowEphemeral: true };
    const cases: (BindFields | string)[][] = [
      ['[::]:5000', '[::]:5001'],
      ['[::]:5000', '[::]:5000/udp'],
      ['127.0.0.1:5000', '127.0.0.2:5000'],
      [tcp('::', { ipv6Only: true }), '0.0.0.0:5000'],
      [ephemeral, ephemeral],
      [{ path: '/run/x' }, { path: '/run/y' }],
      ['[fe80::1]:5000', '[fe80::1]:5000'],
      [tcp('nosuch'), tcp('nosuch')],
      ['[fe80::1%eth0]:5000', '[fe80::1%lo]:5000'],
    ];
    const names = new Map([['nosuch', []]]);
    for (const inputs of cases) expect(planOf(inputs, { names }).conflicts).toEqual([]);
  });

  it('finds those of binds that do not work here, for want of a privilege, an address, or a directory: they may tomorrow', () => {
    const paths = new Map([
      ['/nowhere/a', 'no-directory'],
      ['/file/a', 'not-a-directory'],
      ['/run/a', 'socket'],
    ] as const);
    const [code, pairs] = [
      (input: BindFields | string) => planOf([input], { paths }).binds[0]?.predicted.code,
      [
        ['EACCES', '127.0.0.1:80'],
        ['EADDRNOTAVAIL', tcp('192.0.2.1', { optional: true })],
        ['EADDRNOTAVAIL', '[2001:db8::ff]:5000'],
        ['EACCES', { path: '/nowhere/a' }],
        ['ENOTDIR', { path: '/file/a' }],
        ['EADDRINUSE', { path: '/run/a' }],
      ] as const,
    ];
    for (const [predicted, input] of pairs) {
      expect(code(input as BindFields | string)).toBe(predicted);
      const both = [input, input] as (BindFields | string)[];
      expect(planOf(both, { paths }).conflicts).toMatchObject([{ first: 0, second: 1, verdict: 'conflict' }]);
    }
  });
});

describe('what is not known', () => {
  it('a name that a socket of IPv4 looks up, which takes no IPv6', () => {
    const name = udp('db', { family: 'AF_INET' });
    for (const other of [udp('::1'), udp('::', { ipv6Only: true })]) {
      expect(planOf([name, other]).conflicts).toEqual([]);
      expect(planOf([other, name]).conflicts).toEqual([]);
    }
    expect(planOf([name, udp('::'), udp('127.0.0.1')]).conflicts).toMatchObject([
      { first: 0, second: 1, verdict: 'unknown' },
      { first: 0, second: 2, reason: 'both are of UDP port 5000, and the IPv4 addresses of "db" are not known' },
      { first: 1, second: 2, verdict: 'conflict' },
    ]);
    // An address of it may be IPv4-mapped.
    expect(planOf([udp('db', { family: 'AF_INET6' }), udp('127.0.0.1')]).conflicts).toHaveLength(1);
    expect(planOf([name, udp('::1', { name: 'other' })]).shadows).toEqual([]);
  });
  it('a name whose addresses are not known', () => {
    const { conflicts } = planOf(['db:5000', '127.0.0.1:5000', '127.0.0.1:5001']);
    expect(conflicts).toEqual([
      {
        first: 0,
        second: 1,
        verdict: 'unknown',
        reason: 'both are of TCP port 5000, and the addresses of "db" are not known',
        fix: 'write an address for "db"',
      },
    ]);
  });
  it('a platform that was not measured', () => {
    const { conflicts } = planOf(['[::]:5000', '127.0.0.1:5000', { path: '/x' }, { path: '/x' }], {
      platform: 'darwin',
    });
    expect(conflicts.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown']);
    expect(conflicts[0]?.reason).toMatch(/on darwin that was not measured$/);
    const shared = [tcp('::1', { reusePort: true }), tcp('::1', { reusePort: true })];
    expect(planOf(shared, { platform: 'darwin' }).conflicts.map(({ verdict }) => verdict)).toEqual(['unknown']);
    const sharedUdp = [udp('::1', { reuseAddr: true }), udp('::1', { reuseAddr: true })];
    expect(planOf(sharedUdp, { platform: 'win32' }).conflicts.map(({ verdict }) => verdict)).toEqual(['unknown']);
  });
  it('a Node that was not measured, where all share the port', () => {
    const both = [tcp('::1', { reusePort: true }), tcp('::1', { reusePort: true })];
    expect(planOf(both, { nodeVersion: '30.0.0' }).conflicts).toMatchObject([{ verdict: 'unknown' }]);
    const mixed = [tcp('::1', { reusePort: true }), tcp('::1')];
    expect(planOf(mixed, { nodeVersion: '30.0.0' }).conflicts).toMatchObject([{ verdict: 'conflict' }]);
    const settled = [
      udp('::1', { reusePort: true, reuseAddr: true }),
      udp('::1', { reusePort: true, reuseAddr: true }),
    ];
    expect(planOf(settled, { nodeVersion: '30.0.0' }).conflicts).toEqual([]);
  });
  it('reusePort on some of three', () => {
    // Measured: the third binds, though the first has ::1 for itself.
    const binds = [tcp('::1'), tcp('0.0.0.0', { reusePort: true }), tcp('::', { reusePort: true })];
    expect(planOf(binds).conflicts).toMatchObject([{ first: 0, second: 2, verdict: 'unknown' }]);
    // In another order the kernel notices.
    const [one, two, three] = binds as [BindFields, BindFields, BindFields];
    expect(planOf([two, three, one]).conflicts).toMatchObject([{ first: 1, second: 2, verdict: 'conflict' }]);
  });
});

describe('shadows', () => {
  it('split localhost', () => {
    expect(planOf(['127.0.0.1:5000', '[::1]:5000']).shadows).toEqual([
      {
        first: 0,
        second: 1,
        verdict: 'shadow',
        reason: 'they split localhost: over IPv4 it is 127.0.0.1:5000, over IPv6 [::1]:5000',
        fix: 'write another port for one of them; if they are one service, give both the same name',
      },
    ]);
  });
  it.each<[string, BindFields[], number]>([
    ['a wildcard of IPv4, and ::1', [tcp('0.0.0.0'), tcp('::1')], 1],
    ['wildcards of a family each', [tcp('::', { ipv6Only: true }), tcp('0.0.0.0')], 1],
    ['one service, by its name', [tcp('127.0.0.1', { name: 'web' }), tcp('::1', { name: 'web' })], 0],
    ['two services', [tcp('127.0.0.1', { name: 'web' }), tcp('::1', { name: 'api' })], 1],
    ['UDP', [udp('127.0.0.1'), udp('::1')], 1],
    ['TCP and UDP', [tcp('127.0.0.1'), udp('::1')], 0],
    ['no localhost', [tcp('127.0.0.2'), tcp('::1')], 0],
    ['other ports', [tcp('127.0.0.1'), tcp('::1', { port: 5001 })], 0],
    ['a conflict is no shadow', [tcp('127.0.0.1'), tcp('::')], 0],
    ['reusePort, a wildcard and an address', [tcp('::', { reusePort: true }), tcp('::1', { reusePort: true })], 1],
    ['reusePort, the same address: workers', [tcp('::1', { reusePort: true }), tcp('::1', { reusePort: true })], 0],
    ['reuseAddr, the same address', [udp('::1', { reuseAddr: true }), udp('::1', { reuseAddr: true })], 1],
    [
      'reuseAddr, a wildcard and an address',
      [udp('::', { reuseAddr: true }), udp('127.0.0.1', { reuseAddr: true })],
      1,
    ],
  ])('%s: %#', (_name, binds, count) => {
    expect(planOf(binds).shadows).toHaveLength(count);
  });
  it('says who takes what away', () => {
    const [finding] = planOf([tcp('::', { reusePort: true }), tcp('0.0.0.0', { reusePort: true })]).shadows;
    expect(finding?.reason).toBe(
      'both share the port, and 0.0.0.0:5000 takes all of IPv4 away from [::]:5000, whose socket is of IPv6',
    );
    const wildcards = [udp('::', { reusePort: true }), udp('::', { reusePort: true, ipv6Only: true })];
    expect(planOf(wildcards).shadows).toMatchObject([
      {
        reason:
          'both share the port, and [::]:5000/udp takes all of IPv6 away from [::]:5000/udp with ipv6Only, which is bound after it',
        fix: 'write ipv6Only: true for both, or for neither, or another port for one of them',
      },
    ]);
  });
  it('of wildcards of IPv6 of which one takes IPv4 alone: ipv6Only would not help', () => {
    const binds = [udp('::', { reusePort: true }), udp('::ffff:0.0.0.0', { reusePort: true })];
    for (const order of [binds, binds.toReversed()]) {
      expect(planOf(order).shadows).toMatchObject([
        { fix: 'write the same address for both, or another port for one of them' },
      ]);
    }
  });

  it('of a Node that was not measured only what reusePort has no part in', () => {
    const both = { reusePort: true, reuseAddr: true };
    const cases: [BindFields[], string[]][] = [
      [[udp('0.0.0.0', both), udp('127.0.0.1', both)], ['127.0.0.1:5000/udp takes 127.0.0.1']],
      [[udp('0.0.0.0', both), udp('127.0.0.1', { reusePort: true })], []],
      [[udp('127.0.0.1', both), udp('127.0.0.1', both)], []],
      [[udp('::', both), udp('::', { ...both, ipv6Only: true })], ['one of them alone gets']],
    ];
    for (const [binds, reasons] of cases) {
      const { shadows } = planOf(binds, { nodeVersion: '30.0.0' });
      expect(shadows).toMatchObject(reasons.map((reason) => ({ reason: expect.stringContaining(reason) })));
    }
  });
});

const noNamespace = whyNoNamespace();
if (noNamespace !== null) process.stdout.write(`who gets what is not tried on real sockets: ${noNamespace}\n`);

describe.skipIf(noNamespace !== null)('who gets what, on real sockets', () => {
  let machine: BindMachine;
  let environment: BindEnvironment;
  beforeAll(async () => {
    machine = BindMachine.inNamespace();
    environment = await machine.environment();
  }, 60_000);
  afterAll(() => machine.close());

  /** The index of the bind that gets what is sent. */
  async function receiver(scenario: string, binds: readonly BindFields[], to: string): Promise<unknown> {
    const requests = binds.map((bind) => requestOf(createBind(bind)));
    const argument = {
      to,
      sockets: requests.flatMap((request) => ('dgram' in request ? [request.dgram] : [])),
      listen: requests.flatMap((request) => ('listen' in request ? [request.listen] : [])),
    };
    return machine.scenario(scenario, argument);
  }

  it.each([
    ['the address before the wildcard', ['::', '127.0.0.1'], '127.0.0.1', 1],
    ['whatever the order', ['127.0.0.1', '::'], '127.0.0.1', 0],
    ['IPv4 before dual stack', ['::', '0.0.0.0'], '127.0.0.1', 1],
    ['the rest to the wildcard', ['::', '127.0.0.1'], '127.0.0.2', 0],
  ])('UDP with reuseAddr: %s', async (_name, hosts, to, index) => {
    const binds = hosts.map((host) => udp(host, { reuseAddr: true }));
    expect(await receiver('datagrams', binds, to)).toEqual({ receiver: index });
    expect(
      planBinds(
        binds.map((bind) => createBind(bind)),
        environment,
      ).shadows,
    ).toHaveLength(1);
  });
  it('UDP with reuseAddr, the same address: one alone, always the same', async () => {
    const binds = [udp('127.0.0.1', { reuseAddr: true }), udp('127.0.0.1', { reuseAddr: true })];
    const got = [];
    for (let i = 0; i < 5; i++) got.push(await receiver('datagrams', binds, '127.0.0.1'));
    expect(new Set(got.map((each) => JSON.stringify(each))).size).toBe(1);
  });
  it.each([
    ['the address before the wildcard', ['::', '127.0.0.1'], '127.0.0.1', 1],
    ['IPv4 before dual stack', ['::', '0.0.0.0'], '127.0.0.1', 1],
    ['the rest to the wildcard', ['::', '127.0.0.1'], '::1', 0],
  ])('TCP with reusePort: %s', async (_name, hosts, to, index) => {
    const binds = hosts.map((host) => tcp(host, { reusePort: true }));
    const plan = planBinds(
      binds.map((bind) => createBind(bind)),
      environment,
    );
    if (plan.conflicts.length > 0) {
      // Node before 22.12
      expect(plan.binds[0]?.warnings.map(({ code }) => code)).toContain('REUSE_PORT_IGNORED');
      return;
    }
    expect(plan.shadows).toHaveLength(1);
    expect(await receiver('connections', binds, to)).toEqual({ receiver: index });
  });
  it.each([
    ['IPv4', '127.0.0.1', 0],
    ['IPv6', '::1', 1],
  ])('localhost is split: %s', async (_name, to, index) => {
    expect(await receiver('connections', [tcp('127.0.0.1'), tcp('::1')], to)).toEqual({ receiver: index });
  });
});

const noPython = whyNoPython();
if (noPython !== null) process.stdout.write(`sockets that share a port are not tried: ${noPython}\n`);

// With the names of their places, which the reasons have.
const [PLACES, NODE_WITH_REUSE_PORT] = [['first', 'second', 'third'], '22.23.3'] as const;

describe.skipIf(process.platform !== 'linux' || noPython !== null)(
  'who gets what, of sockets that share a port',
  () => {
    const BROADCAST = '127.255.255.255';
    const SAID: readonly [host: string, more?: object][] = [
      ...(['0.0.0.0', '127.0.0.1', '::ffff:0.0.0.0', '::ffff:127.0.0.1', '::', '::1', BROADCAST].map((each) => [
        each,
      ]) as [string][]),
      ['::', { ipv6Only: true }],
      ['::1', { ipv6Only: true }],
      [`::ffff:${BROADCAST}`],
    ];
    const [ADDRESS, PORT] = [{ reuseAddr: true }, { reusePort: true }];
    const BOTH = { ...ADDRESS, ...PORT };
    type Case = { readonly binds: readonly BindFields[]; readonly to: string };

    /** Where both are sent to, if they meet. */
    function common(binds: readonly BindFields[]): string | null {
      const [one, two] = planOf(binds, { nodeVersion: NODE_WITH_REUSE_PORT }).binds.map(({ occupies }) => occupies);
      if (one?.kind !== 'inet' || two?.kind !== 'inet') return null;
      const [ipv4, ipv6] = [meeting(one.ipv4, two.ipv4), meeting(one.ipv6, two.ipv6)];
      if (ipv4 !== null) return ipv4 === '*' ? '127.0.0.1' : ipv4;
      return ipv6 === null ? null : '::1';
    }
    function meeting(one: string | null, two: string | null): string | null {
      if (one === null || two === null || (one !== '*' && two !== '*' && one !== two)) return null;
      return one === '*' ? two : one;
    }

    /** All sent to one place: who of them gets it. */
    function outcomes(cases: readonly Case[]): string[] {
      const question = cases.map(({ binds, to }) => ({
        protocol: binds[0] !== undefined && 'type' in binds[0] ? 'udp' : 'tcp',
        to,
        total: to === BROADCAST ? binds.length : 1,
        sockets: binds.map((fields) => {
          const {
            host: given,
            ipv6Only = false,
            reuseAddr = false,
            reusePort = false,
          } = { ...fields } as InetBindFields;
          return { host: given, ipv6Only, reuseAddr, reusePort };
        }),
      }));
      return (askPython('share-port.py', question) as number[][]).map((shares) => {
        if (shares.every((share) => share === 1)) return 'each gets all';
        const getters = PLACES.filter((_place, at) => (shares[at] ?? 0) > 0);
        return getters.length === shares.length ? 'balanced' : `only ${getters.join(' and ')}`;
      });
    }
    function predicted({ binds, to }: Case): string {
      const [shadow] = planOf(binds, { nodeVersion: NODE_WITH_REUSE_PORT }).shadows;
      if (shadow === undefined) return to === BROADCAST ? 'each gets all' : 'balanced';
      return `only ${/"(\w+)"\) takes/.exec(shadow.reason)?.[1] ?? 'one'}`;
    }

    it.each<[string, typeof tcp, object, object]>([
      ['TCP, both reusePort', tcp, PORT, PORT],
      ['UDP, both reusePort', udp, PORT, PORT],
      ['UDP, both reuseAddr', udp, ADDRESS, ADDRESS],
      ['UDP, both both', udp, BOTH, BOTH],
      ['UDP, both reuseAddr, the first reusePort', udp, BOTH, ADDRESS],
      ['UDP, both reuseAddr, the second reusePort', udp, ADDRESS, BOTH],
      ['UDP, both reusePort, the first reuseAddr', udp, BOTH, PORT],
    ])('%s', (_name, make, first, second) => {
      const cases = SAID.flatMap(([one, oneMore]) =>
        SAID.flatMap(([two, twoMore]): Case[] => {
          const binds = [
            make(one, { ...oneMore, ...first, name: 'first' }),
            make(two, { ...twoMore, ...second, name: 'second' }),
          ];
          const to = common(binds);
          // TCP has no broadcast.
          return to === null || (make === tcp && to === BROADCAST) ? [] : [{ binds, to }];
        }),
      );
      expect(cases.length).toBeGreaterThan(30);
      const found = outcomes(cases);
      const shown = (outcome: (each: Case, at: number) => string) =>
        cases.map((each, at) => `${each.binds.map(said).join(', ')}: ${outcome(each, at)}`);
      // Of binds that are alike nothing is said but that one of them alone gets it.
      const expected = shown((each, at) =>
        predicted(each).replace('only one', found[at]?.startsWith('only') ? `${found[at]}` : 'only one'),
      );
      expect(shown((_each, at) => found[at] ?? '')).toEqual(expected);
    });

    it('those that are alike are balanced, and are there since the first of them is', () => {
      const sets = [
        [false, true, false],
        [true, false, true],
        [false, true, true],
        [true, false, false],
      ];
      const wanted = ['only first and third', 'only first and third', 'only first', 'only first'];
      for (const make of [tcp, udp]) {
        const cases = sets.map((flags) => ({
          binds: flags.map((ipv6Only, at) => make('::', { ...PORT, ipv6Only, name: PLACES[at] })),
          to: '::1',
        }));
        expect(outcomes(cases)).toEqual(wanted);
        const told = cases.map(({ binds }) =>
          planOf(binds, { nodeVersion: NODE_WITH_REUSE_PORT }).shadows.map(
            ({ first, second, reason }) => `${first} ${second} ${/"(\w+)"\) takes/.exec(reason)?.[1]}`,
          ),
        );
        expect(told).toEqual([
          ['0 1 first', '1 2 third'],
          ['0 1 first', '1 2 third'],
          ['0 1 first', '0 2 first'],
          ['0 1 first', '0 2 first'],
        ]);
      }
    });

    function said(fields: BindFields): string {
      const { host: given, ipv6Only = false } = fields as InetBindFields;
      return `${given}${ipv6Only ? ' with ipv6Only' : ''}`;
    }
  },
);

const host = fc.constantFrom(
  ...['0.0.0.0', '::', '::', '127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1', '::ffff:0.0.0.0', '10.9.9.1'],
  ...['2001:db8::1', 'localhost', '127.1', 'db', 'fe80::1%eth0', 'fe80::1', 'fe80::1%lo', '224.0.0.1'],
);
const bind = fc
  .record({
    host,
    port: fc.constantFrom(5000, 5000, 5001, 0),
    ipv6Only: fc.boolean(),
    reusePort: fc.boolean(),
    allowEphemeral: fc.constant(true),
    isUdp: fc.boolean(),
    reuseAddr: fc.boolean(),
    nameFamily: fc.constantFrom('AF_INET', 'AF_INET6'),
  })
  .map(({ isUdp, reuseAddr, nameFamily, ...fields }) => {
    if (!isUdp) return createBind(fields);
    const family = /^(?:localhost|db)$/.test(fields.host) ? { family: nameFamily } : {};
    return createBind({ ...fields, type: 'SOCK_DGRAM', reuseAddr, ...family });
  });

describe('against a slow oracle', () => {
  it.each([
    ['20.20.2', false],
    ['22.23.3', true],
  ])('finds the same conflicts on Node %s', (nodeVersion, honours) => {
    fc.assert(
      fc.property(fc.array(bind, { maxLength: 12 }), (binds) => {
        const plan = planBinds(binds, environmentOf({ nodeVersion }));
        const found = plan.conflicts.map(({ first, second, verdict }) => ({ first, second, verdict }));
        expect(found).toEqual(slowConflicts(plan, honours));
      }),
      { numRuns: 400 },
    );
  });
  it('answers for each bind, and names pairs once, the lesser index first', () => {
    fc.assert(
      fc.property(fc.array(bind, { maxLength: 12 }), (binds) => {
        const plan = planBinds(binds, environmentOf());
        expect(plan.binds.map((planned) => planned.bind)).toEqual(binds);
        const pairs = [...plan.conflicts, ...plan.shadows].map(({ first, second }) => `${first} ${second}`);
        expect(new Set(pairs).size).toBe(pairs.length);
        for (const { first, second, reason, fix } of [...plan.conflicts, ...plan.shadows]) {
          expect(first).toBeLessThan(second);
          expect(reason).not.toBe('');
          expect(fix).not.toBe('');
        }
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      { numRuns: 200 },
    );
  });
});
