import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Endpoint,
  type EndpointDialect,
  expandPorts,
  formatEndpoints,
  parseEndpoints,
  safeParseEndpoints,
} from '../../../src/socket/index.js';
import {
  goListen,
  hasCommand,
  Namespace,
  NGINX_ARGUMENTS,
  nginx,
  type Program,
  postgres,
  postgresDirectory,
  redisServer,
  socketActivate,
  writeNginxConfig,
} from '../../support/listening-programs.js';
import { tempDir } from '../../support/temp-dir.js';

/** Above what a user without rights may bind, and in a namespace of its own. */
const PORT = 8080;

/** The real programs, in a network namespace: what they bind for a text, and for what we write for it. */
const namespace = Namespace.open();
afterAll(() => namespace?.close());

const dir = tempDir();

function tell(reason: string): void {
  process.stderr.write(`not tested against the real program: ${reason}\n`);
}

/** What ss shows for endpoints, sorted; a dual-stack wildcard is two. Names are in the hosts file as 127.0.0.1 alone, or both. */
function expected(endpoints: readonly Endpoint[]): string[] {
  return endpoints
    .flatMap((endpoint) => [...expandPorts(endpoint)])
    .flatMap((endpoint) => {
      if (endpoint.kind === 'unix') return [];
      return hosts(endpoint).map((host) => `${host}:${endpoint.port}`);
    })
    .sort();
}

function hosts(endpoint: Exclude<Endpoint, { kind: 'unix' }>): readonly string[] {
  const ipv4 = '0.0.0.0';
  const ipv6 = '[::]';
  if (endpoint.kind === 'wildcard') return { ipv4: [ipv4], ipv6: [ipv6], both: [ipv4, ipv6] }[endpoint.families];
  if (endpoint.kind === 'name') expect.fail('a name is bound to whatever it resolves to');
  const [address = '', zone] = String(endpoint.address).split('%');
  if (address === '::') return endpoint.ipv6Only === true ? [ipv6] : [ipv4, ipv6];
  if (endpoint.address.family === 4) return [address];
  return [zone === undefined ? `[${address}]` : `[${address}]%${zone}`];
}

async function boundBy(program: Program, text: string): Promise<string[]> {
  const listener = await program.start(text);
  try {
    return listener.addresses();
  } finally {
    await listener.stop(program.stopSignal);
  }
}

/** A program, why it can't be tested here (null: it can), what it takes and what it refuses as we do. */
interface Case {
  readonly dialect: EndpointDialect;
  readonly absent: string | null;
  readonly program: (namespace: Namespace) => Program;
  readonly taken: readonly string[];
  readonly refused: readonly string[];
}

const bin = postgresDirectory();

const CASES: readonly Case[] = [
  {
    dialect: 'nginx',
    absent: hasCommand('nginx') ? null : 'there is no nginx',
    program: (inside) => nginx(inside, dir),
    taken: [
      '8080',
      '*:8080',
      '*',
      '0.0.0.0:8080',
      '127.0.0.1',
      '127.0.0.2:8080',
      '[::]:8080',
      '[::]',
      '[::]:8080 ipv6only=on',
      '[::]:8080 ipv6only=off',
      '[::1]:8080 backlog=5 default_server',
      '[::1]:8080 ipv6only=off',
      '[::ffff:127.0.0.1]:8080 ipv6only=off',
      '127.0.0.1:8080 ipv6only=off',
      '127.0.0.1:8001-8003',
      '[::1]:8001-8002',
      '8001-8002',
    ],
    refused: [
      ':8080',
      '0',
      '65536',
      '127.0.0.1:0',
      '127.0.0.1:',
      '127.0.0.1:+80',
      '127.0.0.1:8005-8003',
      '[fe80::1%lo]:80',
      '[127.0.0.1]:80',
      '::1:80',
      '[::1]:80 ipv6only=of',
      '80 foo',
      'unix:',
    ],
  },
  {
    dialect: 'systemd',
    absent: hasCommand('systemd-socket-activate') ? null : 'there is no systemd-socket-activate',
    program: socketActivate,
    taken: [
      '8080',
      '0x50',
      '010',
      '0o17',
      '0b11',
      '+80',
      '0.0.0.0:8080',
      '127.0.0.1:8080',
      '127.0.0.1:0x1F90',
      '[::]:8080',
      '[::1]:8080',
      '[::ffff:127.0.0.1]:8080',
      '[fe80::1]:80%%lo',
    ],
    refused: [
      '080',
      '0',
      '65536',
      ':8080',
      '*:8080',
      '127.0.0.1',
      '[::1]',
      'localhost:80',
      '127.1:80',
      '::1:8080',
      '[127.0.0.1]:80',
      '127.0.0.1:80-81',
      '[fe80::1%%lo]:80',
      'x.sock',
      '@',
    ],
  },
  {
    dialect: 'redis',
    absent: hasCommand('redis-server') ? null : 'there is no redis-server',
    program: (inside) => redisServer(inside, dir, PORT),
    taken: ['*', '* -::*', '::*', '::', '-::1', '0.0.0.0', '127.0.0.1 -::1', '127.0.0.1 127.0.0.2 ::1', 'fe80::1%lo'],
    refused: ['[::1]', '--::1', '127.0.0.1:6379', '127.0.0.1,::1', '127.0.0.1 ""'],
  },
  {
    dialect: 'postgres',
    absent: bin === null ? 'there is no postgres' : hasCommand('setpriv') ? null : 'there is no setpriv',
    program: (inside) => postgres(inside, bin ?? '', dir, PORT),
    taken: ['*', '0.0.0.0', '::', '0.0.0.0,::', '127.0.0.1, ::1', 'fe80::1%lo'],
    refused: ['[::1]', '127.0.0.1,', '127.0.0.1 ::1', '127.0.0.1:5432'],
  },
  {
    dialect: 'go',
    absent: spawnSync('go', ['version']).status === 0 ? null : 'there is no go',
    program: (inside) => goListen(inside, dir),
    taken: [
      ':8080',
      '0.0.0.0:8080',
      '[::]:8080',
      '[::ffff:0.0.0.0]:8080',
      '127.0.0.1:8080',
      '[::1]:8080',
      '[::ffff:127.0.0.1]:8080',
      '[fe80::1%lo]:8080',
    ],
    refused: ['8080', '::1:8080', '127.0.0.1:65536', '127.0.0.1:0x50', '127.0.0.1:80-81', '/tmp/x'],
  },
];

for (const { dialect, absent, program: programOf, taken, refused } of CASES) {
  const reason = namespace === null ? 'no network namespace could be made, which takes root, ip and ss' : absent;
  if (reason !== null) tell(`${dialect}: ${reason}`);
  describe.skipIf(reason !== null)(`${dialect}, as it is installed here`, { timeout: 120_000 }, () => {
    let made: Program | null = null;
    const program = () => {
      if (namespace === null) expect.fail('there is no namespace');
      made ??= programOf(namespace);
      return made;
    };

    it.each(taken)('binds what we read in %j, and in what we write for it', async (text) => {
      const options = { dialect, defaultPort: dialect === 'nginx' ? undefined : PORT };
      const endpoints = parseEndpoints(text, options);
      const sockets = expected(endpoints);
      expect(sockets.length).toBeGreaterThan(0);
      for (const written of new Set([text, formatEndpoints(endpoints, options)])) {
        expect({ written, sockets: await boundBy(program(), written) }).toStrictEqual({ written, sockets });
      }
    });

    it.each(refused)('refuses %j, as we do', async (text) => {
      expect(safeParseEndpoints(text, { dialect }).success).toBe(false);
      await expect(boundBy(program(), text)).rejects.toThrow('before it was ready');
    });
  });
}

describe.skipIf(namespace === null || !hasCommand('nginx'))('nginx -t', () => {
  it.each([`/${'a'.repeat(20)}.sock`, '/x.sock'])('takes a path of ours, %j', (path) => {
    const written = formatEndpoints(parseEndpoints(`unix:${dir}${path}`, { dialect: 'nginx' }), { dialect: 'nginx' });
    writeNginxConfig(dir, written);
    expect(namespace?.accepts('nginx', '-t', ...NGINX_ARGUMENTS(dir))).toBe(true);
  });

  it('refuses a path that is longer than we write', () => {
    const path = `${dir}/`.padEnd(108, 'a');
    expect(safeParseEndpoints(`unix:${path}`, { dialect: 'nginx' }).success).toBe(false);
    writeNginxConfig(dir, `unix:${path}`);
    expect(namespace?.accepts('nginx', '-t', ...NGINX_ARGUMENTS(dir))).toBe(false);
    writeNginxConfig(dir, `unix:${path.slice(0, -1)}`);
    expect(namespace?.accepts('nginx', '-t', ...NGINX_ARGUMENTS(dir))).toBe(true);
    expect(safeParseEndpoints(`unix:${path.slice(0, -1)}`, { dialect: 'nginx' }).success).toBe(true);
  });
});

const noAnalyze = hasCommand('systemd-analyze') ? null : 'there is no systemd-analyze';
if (noAnalyze !== null) tell(`systemd units: ${noAnalyze}`);

describe.skipIf(noAnalyze !== null || namespace === null)('systemd-analyze verify', () => {
  const accepts = (text: string): boolean => {
    writeFileSync(join(dir, 'app.service'), '[Service]\nExecStart=/bin/true\n');
    writeFileSync(join(dir, 'app.socket'), `[Socket]\nListenStream=${text}\n`);
    return namespace?.accepts('systemd-analyze', 'verify', join(dir, 'app.socket')) ?? false;
  };

  it.each([
    '8080',
    '0x50',
    '127.0.0.1:8080',
    '[::1]:8080',
    '[fe80::1]:80%%lo',
    '/run/x.sock',
    '/run/a b%%c',
    '@name',
    `/${'a'.repeat(106)}`,
  ])('takes %j and what we write for it', (text) => {
    expect(accepts(text)).toBe(true);
    expect(accepts(formatEndpoints(parseEndpoints(text, { dialect: 'systemd' }), { dialect: 'systemd' }))).toBe(true);
  });

  it.each([
    '080',
    ':8080',
    '*:8080',
    'localhost:80',
    '127.0.0.1',
    '[fe80::1]:80%lo',
    '[fe80::1%%lo]:80',
    '@',
    `/${'a'.repeat(107)}`,
    `@${'a'.repeat(107)}`,
  ])('refuses %j, as we do', (text) => {
    expect(accepts(text)).toBe(false);
    expect(safeParseEndpoints(text, { dialect: 'systemd' }).success).toBe(false);
  });
});
