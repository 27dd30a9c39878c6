import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createBind, planBinds, readEnvironment } from '../../src/socket/index.js';
import { BindMachine, requestOf, whyNoNamespace, whyNoNobody, whyNoUsers } from '../support/bind-machine.js';
import { tempDir } from '../support/temp-dir.js';

const noNamespace = whyNoNamespace();
const noNobody = whyNoNobody();
const noUsers = whyNoUsers();

describe('readEnvironment, of this machine', () => {
  it('says what Node says, and more', async () => {
    const environment = await readEnvironment();
    expect(environment.platform).toBe(process.platform);
    expect(environment.nodeVersion).toBe(process.versions.node);
    expect(Object.keys(environment.interfaces)).toEqual(expect.arrayContaining(Object.keys(networkInterfaces())));
    expect([...environment.names.keys()]).toEqual(['localhost']);
    expect(environment.names.get('localhost')?.map(String)).toContain('127.0.0.1');
    expect(environment.paths).toEqual(new Map());
  });
  it('is what planBinds takes', async () => {
    const { binds } = planBinds([createBind('127.0.0.1:5000')], await readEnvironment({ names: [] }));
    expect(binds[0]?.predicted.code).toBe(process.platform === 'linux' ? 'ok' : 'unknown');
    expect(binds[0]?.interfaces).toHaveLength(1);
  });
  it('looks at paths, those that Node cuts, too', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, 'file'), '');
    const long = join(dir, 'x'.repeat(120));
    const paths = [
      join(dir, 'file'),
      join(dir, 'free'),
      join(dir, 'no', 'x'),
      join(dir, 'file', 'x'),
      long,
      '\0abstract',
      join(dir, 'file/'),
      join(dir, 'free/'),
      `${dir}//`,
      ...(process.platform === 'linux' ? ['/proc/x'] : []),
    ];
    const environment = await readEnvironment({ names: [], paths });
    expect(paths.map((path) => environment.paths?.get(path))).toEqual([
      'file',
      'free',
      'no-directory',
      'not-a-directory',
      'free',
      undefined,
      'file',
      'no-directory',
      'file',
      ...(process.platform === 'linux' ? [process.geteuid?.() === 0 ? undefined : 'no-permission'] : []),
    ]);
    expect(environment.paths?.get(long.slice(0, 108))).toBe('free');
  });
  it.each<[unknown, RegExp]>([
    [null, /the options are null/],
    [{ name: ['x'] }, /there is no option "name": there is names, paths/],
    [{ names: 'localhost' }, /names is "localhost": write a list/],
    [{ names: [1] }, /names has 1: write texts/],
    [{ paths: [''] }, /paths has ""/],
  ])('refuses %j', async (options, message) => {
    await expect(readEnvironment(options as never)).rejects.toThrow(TypeError);
    await expect(readEnvironment(options as never)).rejects.toThrow(message);
  });
});

describe.skipIf(noNamespace !== null)(
  `readEnvironment, in a namespace${noNamespace === null ? '' : `: ${noNamespace}`}`,
  () => {
    it('reads settings, interfaces that are down, and the hosts file', async () => {
      const sysctls = {
        'ipv4/ip_nonlocal_bind': '1',
        'ipv4/ip_unprivileged_port_start': '80',
        'ipv6/bindv6only': '1',
      };
      const machine = BindMachine.inNamespace({ sysctls });
      const environment = await machine.environment({ names: ['localhost', 'both', 'v4', 'nosuch'] });
      await machine.close();
      expect(environment).toMatchObject({
        canBindPrivileged: true,
        unprivilegedPortStart: 80,
        nonlocalBind: { ipv4: true, ipv6: false },
        ipv6Enabled: true,
        udpIPv6Only: true,
      });
      expect(Object.keys(environment.interfaces).sort()).toEqual(['bare0', 'down0', 'eth0', 'lo']);
      expect(environment.interfaces.bare0).toEqual([]);
      expect(environment.ipv4Routes?.local).toEqual(
        expect.arrayContaining(['127.0.0.0/8', '10.9.9.1/32', '10.8.8.1/32']),
      );
      expect(environment.ipv4Routes?.broadcast).toContain('10.9.9.255/32');
      const addresses = (name: string) => environment.names.get(name)?.map(String);
      expect(addresses('localhost')).toEqual(['::1', '127.0.0.1']);
      expect(addresses('both')?.sort()).toEqual(['10.9.9.1', '2001:db8::1']);
      expect(addresses('v4')).toEqual(['127.0.0.1']);
      expect(addresses('nosuch')).toEqual([]);
    });
    it('sees that IPv6 is turned off', async () => {
      const machine = BindMachine.inNamespace({ sysctls: { 'ipv6/conf/all/disable_ipv6': '1' } });
      const { ipv6Enabled, interfaces } = await machine.environment();
      await machine.close();
      expect(ipv6Enabled).toBe(false);
      expect(
        Object.values(interfaces)
          .flatMap((list) => list ?? [])
          .filter(({ family }) => family === 'IPv6'),
      ).toEqual([]);
    });
  },
);

it.skipIf(noNobody !== null)(
  `readEnvironment, without privileges${noNobody === null ? '' : `: ${noNobody}`}`,
  async () => {
    const machine = BindMachine.inNamespace({ asNobody: true });
    const environment = await machine.environment({ names: [], paths: ['/root/x/y', '/x', '/no/x'] });
    await machine.close();
    expect(environment.canBindPrivileged).toBe(false);
    expect([...(environment.paths ?? [])]).toEqual(
      expect.arrayContaining([
        ['/x', 'no-permission'],
        ['/no/x', 'no-directory'],
      ]),
    );
  },
);

describe.skipIf(noUsers !== null)(`root of a namespace of users${noUsers === null ? '' : `: ${noUsers}`}`, () => {
  it.each([
    // Rootless containers with the network of the host: all capabilities, and none that the network heeds.
    [true, ['unshare', '-U', '-r'], false, 'EACCES', 'EACCES'],
    [true, ['unshare', '-U', '-r', '-n'], true, 'ok', 'ok'],
    // Root outside, too: nothing in /proc tells whose the network is.
    [false, ['unshare', '-U', '-r'], null, 'unknown', 'EACCES'],
    [false, ['unshare', '-U', '-r', '-n'], null, 'unknown', 'ok'],
  ] as const)(
    'started by nobody: %s, within %j: may bind privileged ports: %s',
    async (asNobody, within, may, predicted, real) => {
      const machine = BindMachine.inNamespace({ asNobody, within });
      const environment = await machine.environment({ names: [] });
      const bind = createBind('0.0.0.0:80');
      const outcomes = await machine.bind([requestOf(bind)]);
      await machine.close();
      expect(environment.canBindPrivileged).toBe(may);
      expect(planBinds([bind], environment).binds[0]?.predicted.code).toBe(predicted);
      expect(outcomes).toMatchObject([{ code: real }]);
    },
  );
});
