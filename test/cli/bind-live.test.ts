import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type ListenOptions } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDrafts } from '../../src/cli/bind-check.js';
import { draftBinds } from '../../src/cli/bind-drafts.js';
import { withHolders } from '../../src/cli/bind-live.js';
import { readConfig } from '../../src/cli/config-files/read-config.js';
import { parseProcNet } from '../../src/tcp/index.js';
import { ENVIRONMENT } from '../support/fixture-environment.js';
import { runCli } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const LINUX = process.platform === 'linux';
if (!LINUX) process.stderr.write(`skipped: there is no /proc/net on ${process.platform}\n`);

const TEMP = tempDir();

async function open(options: ListenOptions): Promise<number> {
  const server = createServer().listen(options);
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('withHolders', () => {
  const check = (text: string) =>
    checkDrafts(draftBinds([{ name: 'a.yaml', ...readConfig(text, 'inaddr', false) }], 'all'), ENVIRONMENT);
  const listener = (port: string, inode: number) =>
    `0: 7F000001:${port} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 ${inode} 1`;
  const sockets = (...rows: string[]) => parseProcNet(rows.join('\n'), { kind: 'tcp', byteOrder: 'BE' });

  it('adds what is in the way, the worst first, once', () => {
    const before = check('binds:\n  a: 127.0.0.1:8080\n  b: 0.0.0.0:8081\n  c: 127.0.0.1:8082\n');
    const { binds, findings, troubles } = withHolders(
      before,
      sockets(listener('1F90', 1), listener('1F90', 2), listener('1F91', 3)),
    );
    expect({ binds, troubles }).toEqual({ binds: before.binds, troubles: before.troubles });
    expect(findings.filter(({ code }) => code === 'PORT_HELD')).toEqual([
      {
        kind: 'conflict',
        code: 'PORT_HELD',
        where: { input: 'a.yaml', line: 2, column: 6 },
        bind: 0,
        other: null,
        message: "127.0.0.1:8080 is held by a process that can't be seen from here",
        hint: 'end what holds it, or write another port; if it is the server itself, all is well',
      },
      expect.objectContaining({ bind: 1, message: expect.stringContaining('127.0.0.1:8081 is held') }),
    ]);
    expect(findings.length).toBe(before.findings.length + 2);
    expect(findings.slice(0, 2).map(({ kind }) => kind)).toEqual(['conflict', 'conflict']);
  });

  it('changes nothing where nothing is in the way', () => {
    const before = check('binds:\n  a: 127.0.0.1:8080\n');
    expect(withHolders(before, [])).toEqual(before);
    expect(withHolders(before, sockets(listener('1F92', 1)))).toEqual(before);
  });
});

describe.skipIf(!LINUX)('inaddr bind check --live', () => {
  const check = (...args: string[]) => runCli(['bind', 'check', ...args]);

  it('names the process that holds a port, and exits with 1', async () => {
    const port = await open({ host: '127.0.0.1', port: 0 });
    const endpoint = `127.0.0.1:${port}`;
    expect(await check(endpoint)).toMatchObject({ stderr: '', code: 0 });
    const { stdout, stderr, code } = await check(endpoint, '--live');
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    expect(stdout).toMatch(
      new RegExp(
        String.raw`^argument 1: conflict: ${endpoint}: ${endpoint} is held by ".+" \(pid ${process.pid}\); end what holds it, or write another port; `,
        'm',
      ),
    );
    expect(stdout).toContain('1 bind in 1 input: 1 conflict\n');
  });

  it('knows paths, and names the line of the file', async () => {
    const path = join(TEMP, 'app.sock');
    await open({ path });
    const config = join(TEMP, 'services.yaml');
    writeFileSync(config, `binds:\n  app: unix:${path}\n`);
    const { stdout, code } = await check('--file', config, '--live', '--json');
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((one) => one.code === 'PATH_HELD');
    expect(found).toMatchObject([
      {
        type: 'finding',
        kind: 'conflict',
        input: config,
        line: 2,
        column: 8,
        bind: 0,
        message: expect.stringContaining(`(pid ${process.pid})`),
      },
    ]);
    expect(code).toBe(1);
  });

  it('finds nothing where nothing is held', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { stdout, stderr, code } = await check(`127.0.0.1:${port}`, '--live');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain('1 bind in 1 input: nothing found\n');
  });

  it('is about this machine', async () => {
    expect(await check('127.0.0.1:8080', '--live', '--environment', 'other.json')).toEqual({
      stdout: '',
      stderr: 'inaddr: --live: is about this machine: leave out --environment\n',
      code: 2,
    });
  });
});
