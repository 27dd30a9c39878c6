import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSs } from './ss.js';

// Debian keeps servers where only root looks, and PostgreSQL where nobody does.
const ENV = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };

/** A network namespace with a loopback interface that is up and has ::1 and fe80::1, and no other: a wildcard in it reaches nobody. */
export class Namespace {
  readonly #name: string;

  private constructor(name: string) {
    this.#name = name;
  }

  /** Null where there are none: without root, ip or ss. */
  static open(): Namespace | null {
    const name = `inaddr-test-${process.pid}`;
    if (spawnSync('ss', ['-V'], { env: ENV }).status !== 0) return null;
    if (spawnSync('ip', ['netns', 'add', name], { env: ENV }).status !== 0) return null;
    const namespace = new Namespace(name);
    try {
      namespace.run('ip', 'link', 'set', 'lo', 'up');
      namespace.run('ip', '-6', 'address', 'add', 'fe80::1/64', 'dev', 'lo');
      return namespace;
    } catch {
      namespace.close();
      return null;
    }
  }

  run(command: string, ...args: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.#name, command, ...args], { encoding: 'utf8', env: ENV });
  }

  /** The same, for a command that may fail: whether it did not. */
  accepts(command: string, ...args: string[]): boolean {
    return spawnSync('ip', ['netns', 'exec', this.#name, command, ...args], { env: ENV }).status === 0;
  }

  /** Starts a program, fulfilled once its output says that it is ready. */
  start(command: string, args: readonly string[], ready: RegExp): Promise<Listener> {
    // ip becomes the program: its process id is the program's.
    const child = spawn('ip', ['netns', 'exec', this.#name, command, ...args], { env: ENV });
    return Listener.of(child, ready, (...options) => this.run('ss', ...options));
  }

  close(): void {
    spawnSync('ip', ['netns', 'delete', this.#name], { env: ENV });
  }
}

/** A program that listens. */
export class Listener {
  readonly #child: ChildProcess;
  readonly #ss: (...options: string[]) => string;

  private constructor(child: ChildProcess, ss: (...options: string[]) => string) {
    this.#child = child;
    this.#ss = ss;
  }

  static async of(child: ChildProcess, ready: RegExp, ss: (...options: string[]) => string): Promise<Listener> {
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (ready.test(output)) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${output}`)));
    });
    return new Listener(child, ss);
  }

  /** Where this very process listens over TCP, sorted: `0.0.0.0:80`, `[::1]:80`; a dual-stack wildcard is two. */
  addresses(): string[] {
    const own = parseSs(this.#ss('-H', '-lntp')).filter(({ pids }) => pids.includes(this.#child.pid ?? 0));
    return own
      .flatMap(({ local }) =>
        local.startsWith('*:') ? [`0.0.0.0${local.slice(1)}`, `[::]${local.slice(1)}`] : [local],
      )
      .sort();
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}

/** A program that reads endpoint text. */
export interface Program {
  /** Starts it with a text, fulfilled once it listens, rejected when it does not. */
  readonly start: (text: string) => Promise<Listener>;
  readonly stopSignal: NodeJS.Signals;
}

/** Whether there is a command. */
export function hasCommand(name: string): boolean {
  return spawnSync(name, ['--version'], { env: ENV }).error === undefined;
}

export const NGINX_ARGUMENTS = (dir: string) => ['-c', join(dir, 'nginx.conf'), '-p', dir];

/** Writes a configuration of nginx with one server. */
export function writeNginxConfig(dir: string, listen: string): void {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`);
  const server = `http { access_log off; ${temp.join(' ')} server { listen ${listen}; } }`;
  const text = `daemon off; master_process off; pid ${dir}/nginx.pid; error_log stderr notice; events {}\n${server}\n`;
  writeFileSync(join(dir, 'nginx.conf'), text);
}

export function nginx(namespace: Namespace, dir: string): Program {
  return {
    stopSignal: 'SIGTERM',
    start: (text) => {
      writeNginxConfig(dir, text);
      return namespace.start('nginx', NGINX_ARGUMENTS(dir), /using the "\w+" event method/);
    },
  };
}

/** systemd's own reader and listener, outside a unit, where a percent sign is not doubled. */
export function socketActivate(namespace: Namespace): Program {
  return {
    stopSignal: 'SIGTERM',
    start: (text) =>
      namespace.start(
        'systemd-socket-activate',
        ['-l', text.replaceAll('%%', '%'), '/bin/true'],
        /Listening on .* as 3/,
      ),
  };
}

export function redisServer(namespace: Namespace, dir: string, port: number): Program {
  return {
    stopSignal: 'SIGKILL',
    start: (text) => {
      const config = join(dir, 'redis.conf');
      writeFileSync(config, `bind ${text}\nport ${port}\ndir ${dir}\nsave ""\nappendonly no\n`);
      return namespace.start('redis-server', [config], /Ready to accept connections/);
    },
  };
}

/** The directory of PostgreSQL's programs, null where there are none. */
export function postgresDirectory(): string | null {
  try {
    const versions = readdirSync('/usr/lib/postgresql').sort((a, b) => Number(b) - Number(a));
    const [newest] = versions;
    return newest === undefined ? null : `/usr/lib/postgresql/${newest}/bin`;
  } catch {
    return null;
  }
}

/** PostgreSQL, which refuses root, as the user of its package, or nobody. */
export function postgres(namespace: Namespace, bin: string, dir: string, port: number): Program {
  const user = spawnSync('id', ['-u', 'postgres']).status === 0 ? 'postgres' : 'nobody';
  const as = ['--reuid', user, '--clear-groups', 'env', `HOME=${dir}`];
  const data = join(dir, 'data');
  mkdirSync(data);
  // Others may pass to the data, and nobody may look around.
  chmodSync(dir, 0o711);
  execFileSync('chown', [user, data]);
  execFileSync('setpriv', [...as, `${bin}/initdb`, '-D', data, '-A', 'trust', '--no-sync', '--no-instructions'], {
    cwd: dir,
  });
  const settings = [
    `port=${port}`,
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=10',
    'shared_buffers=1MB',
  ];
  return {
    stopSignal: 'SIGINT',
    start: (text) => {
      const options = [`listen_addresses=${text}`, ...settings].flatMap((setting) => ['-c', setting]);
      return namespace.start(
        'setpriv',
        [...as, `${bin}/postgres`, '-D', data, ...options],
        /ready to accept connections/,
      );
    },
  };
}

const GO_PROGRAM = `package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	listener, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("listening on", listener.Addr())
	_, err = listener.Accept()
	fmt.Println(err)
}
`;

/** Go's net.Listen, in a program that is built first. */
export function goListen(namespace: Namespace, dir: string): Program {
  writeFileSync(join(dir, 'main.go'), GO_PROGRAM);
  const env = {
    ...ENV,
    HOME: dir,
    GOCACHE: join(dir, 'cache'),
    GOFLAGS: '-mod=mod',
    GOTOOLCHAIN: 'local',
    GO111MODULE: 'off',
  };
  execFileSync('go', ['build', '-o', join(dir, 'listen'), join(dir, 'main.go')], { env, cwd: dir });
  return { stopSignal: 'SIGKILL', start: (text) => namespace.start(join(dir, 'listen'), [text], /listening on/) };
}
