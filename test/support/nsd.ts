import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, takesConnections } from './redis-server.js';

/** Why there is no NSD here, or null when there is one. */
export function whyNoNsd(): string | null {
  const { error } = spawnSync(NSD, ['-v'], { env: ENV });
  return error === undefined ? null : `nsd does not run here: ${error.message}`;
}

const NSD = 'nsd';
// Debian keeps it where only root looks.
const ENV = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/** NSD on a free port of loopback, with no rights but those of the tests, serving zone files by their names. */
export class Nsd {
  readonly address: string;
  readonly #child: ChildProcess;

  private constructor(port: number, child: ChildProcess) {
    this.address = `127.0.0.1:${port}`;
    this.#child = child;
  }

  /** @param zones the paths of zone files, by the names of the zones */
  static async start(dir: string, zones: Readonly<Record<string, string>>): Promise<Nsd> {
    const port = await freePort();
    const config = join(dir, 'nsd.conf');
    const text = `
server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${dir}"
  database: ""
  pidfile: "${dir}/nsd.pid"
  xfrdfile: "${dir}/xfrd.state"
  xfrdir: "${dir}"
  zonelistfile: "${dir}/zone.list"
  logfile: "${dir}/nsd.log"
remote-control:
  control-enable: no
${Object.entries(zones)
  .map(([name, path]) => `zone:\n  name: "${name}"\n  zonefile: "${path}"\n`)
  .join('')}`;
    writeFileSync(config, text);
    const child = spawn(NSD, ['-d', '-c', config], { stdio: 'ignore', env: ENV });
    await takesConnections(port, () => child.exitCode === null && child.signalCode === null);
    return new Nsd(port, child);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
