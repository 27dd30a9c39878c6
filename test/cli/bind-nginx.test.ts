import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_NAMESPACES } from '../support/namespace.js';
import { runCli, runShell } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
// Debian keeps both where only root looks.
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;

const hasNginx = spawnSync('nginx', ['-v'], { env: { PATH } }).status === 0;
const skipped = hasNginx ? NO_NAMESPACES : 'there is no nginx';

const CONFIG = `
error_log ${dir}/error.log; pid ${dir}/pid; events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${dir}/${what};`).join(' ')}
  server { listen 8080; server_name a; }
  server { listen *:8080; listen 127.0.0.1:8080; server_name b; }
  server { listen [::]:8081; listen [::1]:8081; }
  server { listen [::]:8082 ipv6only=off; }
  server { listen "127.0.0.1:8083"; listen 127.0.0.2:8083 bind; }
  server { listen 127.0.0.1; listen 8084 backlog=64; listen unix:${dir}/sock; }
  server { server_name none; }
}
`;

describe.skipIf(skipped !== null)(`nginx itself${skipped === null ? '' : `: skipped, ${skipped}`}`, () => {
  it('opens the sockets that are said, and no others', async () => {
    const path = join(dir, 'nginx.conf');
    writeFileSync(path, CONFIG);
    const checked = await runCli(['bind', 'check', '--json', '--file', path]);
    const said = jsonLines(checked.stdout).flatMap(({ type, occupies }) => {
      if (type !== 'bind') return [];
      const { kind, port, ipv4, ipv6, path: file } = occupies as Readonly<Record<string, string | number | null>>;
      if (kind === 'unix') return [String(file)];
      // A socket of both families is one of `::` to the kernel.
      return [`${ipv6 === null ? (ipv4 === '*' ? '0.0.0.0' : ipv4) : ipv6 === '*' ? '::' : ipv6} ${port}`];
    });
    // nginx goes into the background when all its sockets are open.
    const script = `unshare ${process.geteuid?.() === 0 ? '-n' : '-rn'} sh -c 'ip link set lo up && nginx -c "$CONFIG" &&
      "$NODE" "$CLI" sockets --listening --tcp --unix --json --no-process; nginx -c "$CONFIG" -s stop 2>/dev/null'`;
    const { stdout, stderr } = await runShell(script, { env: { PATH, CONFIG: path } });
    const open = jsonLines(stdout).map(({ protocol, local, path: file }) => {
      const { address, port } = (local ?? {}) as Readonly<Record<string, unknown>>;
      return protocol === 'unix' ? String(file) : `${address} ${port}`;
    });
    expect(stderr).toBe('');
    expect(open.sort()).toEqual(said.sort());
    // 127.0.0.1:80 is in the one of the last server.
    expect(said).toHaveLength(8);
  });
});

function jsonLines(text: string): Readonly<Record<string, unknown>>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
