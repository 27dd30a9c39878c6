import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ListenerStats } from '../../src/tcp/index.js';
import { NO_NAMESPACES, runInNamespace } from '../support/namespace.js';
import { whyNoPython } from '../support/python.js';
import { runNode } from '../support/run-node.js';

const skipped = NO_NAMESPACES === null ? '' : `: skipped, ${NO_NAMESPACES}`;

describe.skipIf(NO_NAMESPACES !== null)(`in a network namespace${skipped}`, () => {
  it('tries ports until one is free on all addresses of a name, but not for ever', async () => {
    const setup = 'echo 40000 40007 > /proc/sys/net/ipv4/ip_local_port_range';
    const { stdout, stderr, code } = await runInNamespace('listen-in-namespace.mjs', setup);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const told = JSON.parse(stdout);
    expect(told).toEqual({
      free: 40_003,
      found: { ports: ['127.0.0.1:40003', '127.0.0.2:40003'], greeting: 'hello' },
      full: { code: 'EADDRINUSE', target: expect.stringMatching(/^127\.0\.0\.2:/) },
      addresses: ['127.0.0.1'],
      ipv6: { code: 'EADDRNOTAVAIL', explanation: expect.stringContaining('IPv6 is turned off') },
      // Of a dual-stack socket Node says ::ffff:127.0.0.1.
      peers: ['127.0.0.1 to 127.0.0.1', '127.0.0.1 to 127.0.0.9', '::1 to ::1'],
      conflict: { code: 'EADDRINUSE', target: '[::]:39001' },
    });
  });
});

const unprivileged = NO_NAMESPACES ?? (spawnSync('setpriv', ['--version']).status === 0 ? null : 'there is no setpriv');

describe.skipIf(unprivileged !== null)(`hints${unprivileged === null ? '' : `: skipped, ${unprivileged}`}`, () => {
  it('are of this machine: its first port for everybody, and from where nothing can be sent', async () => {
    const setup =
      'ip link add d0 type veth peer name d1; ip addr add 192.0.2.1/24 dev d0; ip link set d0 up; ip link set d1 up; echo 9000 > /proc/sys/net/ipv4/ip_unprivileged_port_start; exec setpriv --bounding-set=-net_bind_service "$0" "$@"';
    const { stdout, stderr, code } = await runInNamespace('refused-in-namespace.mjs', setup);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      low: {
        code: 'EACCES',
        explanation: 'ports below 9000 need root or CAP_NET_BIND_SERVICE',
        hint: 'choose a port from 9000 on, or be allowed to bind lower ones',
      },
      high: 'open',
      loopback: {
        code: 'EINVAL',
        hint: 'nothing can be sent there from the local address: leave localAddress out, or pass another',
      },
    });
  });
});

const lame = NO_NAMESPACES ?? whyNoPython();

describe.skipIf(lame !== null)(`a neighbour${lame === null ? '' : `: skipped, ${lame}`}`, () => {
  it('on an interface whose name is no zone is served, with the number of the interface', async () => {
    const setup =
      "ip link set lo down; ip link set lo name 'br+lan'; ip link set 'br+lan' up; ip addr add fe80::1/64 dev 'br+lan' nodad";
    const { stdout, stderr, code } = await runInNamespace('listen-on-odd-interface.mjs', setup);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(JSON.parse(stdout)).toEqual(['fe80::1 1', 'fe80::1 1', 'fe80::1 1']);
  });
});

interface Told {
  readonly port: number;
  readonly stats: ListenerStats;
}

describe('in a cluster', () => {
  it('shares ports that the kernel has chosen, as net does', async () => {
    const { stdout, stderr, code } = await runNode('listen-in-cluster.mjs');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { listening, served } = JSON.parse(stdout);
    expect(listening[0]).toMatchObject([{ address: '127.0.0.1' }, { address: '::1', port: listening[0][0].port }]);
    expect(listening[1]).toEqual(listening[0]);
    expect(served.reduce((sum: number, one: number) => sum + one)).toBe(10);
  });
});

describe('without descriptors', () => {
  it('survives, and serves on when there are some again', async () => {
    const script = fileURLToPath(new URL('../support/echo-listener.mjs', import.meta.url));
    const server = spawn('/bin/sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const told = async (): Promise<Told> => ((await once(server, 'message')) as [Told])[0];
    const { port } = await told();

    try {
      // More than it has descriptors for, who stay until one is turned away: then they make room for others.
      const held: Socket[] = [];
      let isFull = false;
      const fates = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const socket = connect({ port, host: '127.0.0.1' });
          const closed = new Promise<'closed'>((resolve) => {
            socket.once('error', () => resolve('closed'));
            socket.once('close', () => resolve('closed'));
          });
          socket.write('x');
          const fate = await Promise.race([
            once(socket, 'data').then(
              () => 'echoed',
              () => closed,
            ),
            closed,
          ]);
          held.push(socket);
          isFull ||= fate === 'closed';
          if (isFull) for (const one of held.splice(0)) one.destroy();
          return fate;
        }),
      );
      const echoed = fates.filter((fate) => fate === 'echoed').length;
      expect(echoed).toBeGreaterThan(0);
      expect(echoed).toBeLessThan(200);
      server.send('stats');
      const { stats } = await told();
      expect(stats.served).toBeGreaterThanOrEqual(echoed);
      expect(stats.served + stats.gone).toBe(stats.accepted);

      const last = connect({ port, host: '127.0.0.1' });
      last.write('again');
      expect(String((await once(last, 'data'))[0])).toBe('again');
      last.destroy();
    } finally {
      server.kill();
      await once(server, 'exit');
    }
  });
});
