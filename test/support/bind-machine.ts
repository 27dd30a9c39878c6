import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseAddress } from '../../src/ip/index.js';
import type { Bind, BindEnvironment, BindPlan, ReadEnvironmentOptions } from '../../src/socket/index.js';
import { toBindOptions, toListenOptions } from '../../src/socket/index.js';
import { DIST } from './run-node.js';

/** What is bound: options of `listen`, or of `createSocket` and `bind`. */
export type BindRequest =
  | { readonly listen: Readonly<Record<string, unknown>> }
  | {
      readonly dgram: {
        readonly socket: Readonly<Record<string, unknown>>;
        readonly bind: Readonly<Record<string, unknown>>;
      };
    };

export interface Outcome {
  /** 'ok', or the code of the error. */
  readonly code: string;
  /** Of a socket that was bound. */
  readonly address: string | null;
}

export interface MachineOptions {
  /** Settings of the namespace, by the path below /proc/sys/net. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** More of the shell script that makes the namespace. */
  readonly script?: string;
  /** Without any privilege. */
  readonly asNobody?: boolean;
  /** What starts the process inside, such as `unshare -U -r`. */
  readonly within?: readonly string[];
}

const WORKER = fileURLToPath(new URL('bind-worker.mjs', import.meta.url));
// Debian keeps `ip` where only root looks.
const ENV = { ...process.env, NODE_OPTIONS: '', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };

/** A namespace of its own: root makes it so, others with a namespace of users around it. */
const UNSHARE = process.geteuid?.() === 0 ? ['-n', '-m'] : ['-r', '-n', '-m'];

/**
 * A pair of interfaces with addresses that nothing leaves by, the loopback, a hosts file, and no resolver. `eth0` has 10.9.9.1/24,
 * 2001:db8::1/64 and fe80::1; `down0` was never up, and `bare0` has no address.
 */
const SETUP = `
ip link set lo up
ip link add eth0 type veth peer name bare0
ip link set eth0 addrgenmode none
ip link set bare0 addrgenmode none
ip link set eth0 up
ip link set bare0 up
ip addr add 10.9.9.1/24 dev eth0
ip -6 addr add 2001:db8::1/64 dev eth0 nodad
ip -6 addr add fe80::1/64 dev eth0 nodad
ip link add down0 type bridge
ip addr add 10.8.8.1/24 dev down0
mount -t tmpfs none /mnt
printf '127.0.0.1 localhost v4\\n::1 localhost v6\\n10.9.9.1 both\\n2001:db8::1 both\\n' > /mnt/hosts
printf 'hosts: files\\n' > /mnt/nsswitch.conf
mount --bind /mnt/hosts /etc/hosts
mount --bind /mnt/nsswitch.conf /etc/nsswitch.conf
`;

/** Why no network namespace can be made here; null when one can. */
export function whyNoNamespace(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are of Linux';
  const { error, status, stderr } = run(SETUP, 'true', []);
  if (error !== undefined) return `unshare does not run here: ${error.message}`;
  return status === 0 ? null : `a network namespace can't be made here: ${stderr.trim().split('\n').at(-1)}`;
}

/** Why nothing can be done without privileges in a namespace; null when it can. */
export function whyNoNobody(): string | null {
  const namespace = whyNoNamespace();
  if (namespace !== null) return namespace;
  const { status, stderr } = run(SETUP, 'test -r "$0"', [...AS_NOBODY, 'sh', '-c', 'test -r "$0"', WORKER]);
  return status === 0
    ? null
    : `the tests can't be run as nobody: ${stderr.trim() || 'the files are not for everybody'}`;
}

/** Why nobody can't become root of a namespace of users; null when it can. */
export function whyNoUsers(): string | null {
  const nobody = whyNoNobody();
  if (nobody !== null) return nobody;
  const { status, stderr } = run(SETUP, 'true', [...AS_NOBODY, 'unshare', '-U', '-r', 'true']);
  return status === 0 ? null : `a namespace of users can't be made here: ${stderr.trim()}`;
}

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

function run(setup: string, last: string, command: readonly string[]) {
  const script = `set -e\n${setup}\n${command.length > 0 ? 'exec "$@"' : last}`;
  return spawnSync('unshare', [...UNSHARE, 'sh', '-c', script, 'sh', ...command], {
    env: ENV,
    encoding: 'utf8',
  });
}

/** A process that binds what it is asked to, in a network namespace of its own, or on this machine. */
export class BindMachine {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #complaints = '';

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints += chunk;
    });
  }

  /** In a namespace, that is gone with the process. */
  static inNamespace({ sysctls = {}, script = '', asNobody = false, within = [] }: MachineOptions = {}): BindMachine {
    const settings = Object.entries(sysctls).map(([path, value]) => `echo ${value} > /proc/sys/net/${path}`);
    const setup = `set -e\n${[SETUP, script, ...settings].join('\n')}\nexec "$@"`;
    const worker = [process.execPath, WORKER, `${new URL('socket/index.js', DIST)}`];
    const command = [...(asNobody ? AS_NOBODY : []), ...within, ...worker];
    return new BindMachine(
      spawn('unshare', [...UNSHARE, 'sh', '-c', setup, 'sh', ...command], {
        env: ENV,
      }),
    );
  }

  /** Without a namespace: what is asked of it must keep to the loopback. */
  static here(): BindMachine {
    return new BindMachine(spawn(process.execPath, [WORKER, `${new URL('socket/index.js', DIST)}`], { env: ENV }));
  }

  async environment(options: ReadEnvironmentOptions = {}): Promise<BindEnvironment> {
    const { names, paths, ...rest } = (await this.#ask('environment', { options })) as WrittenEnvironment;
    return {
      ...rest,
      names: new Map(names.map(([name, all]) => [name, all.map((text) => parseAddress(text))])),
      paths: new Map(paths),
    };
  }

  /** What comes of the binds of each set, one after the other; a set is closed before the next one. */
  async bindSets(sets: readonly (readonly BindRequest[])[], clean?: string): Promise<Outcome[][]> {
    return (await this.#ask('bindSets', { sets, clean })) as Outcome[][];
  }

  async bind(set: readonly BindRequest[]): Promise<Outcome[]> {
    const [outcomes = []] = await this.bindSets([set]);
    return outcomes;
  }

  async scenario(name: string, argument: unknown): Promise<unknown> {
    return this.#ask('scenario', { name, argument });
  }

  /** Leaves the file of a unix socket behind, and ends. */
  async leave(path: string): Promise<void> {
    this.#child.stdin.write(`${JSON.stringify({ action: 'leave', path })}\n`);
    await once(this.#child, 'exit');
  }

  async close(): Promise<void> {
    const exited = this.#child.exitCode === null ? once(this.#child, 'exit') : null;
    this.#child.stdin.end();
    await exited;
  }

  async #ask(action: string, request: object): Promise<unknown> {
    this.#child.stdin.write(`${JSON.stringify({ action, ...request })}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`the process that binds has ended: ${this.#complaints}`);
    const { result, problem } = JSON.parse(value) as { result?: unknown; problem?: string };
    if (problem !== undefined) throw new Error(problem);
    return result;
  }
}

type WrittenEnvironment = Omit<BindEnvironment, 'names' | 'paths'> & {
  readonly names: readonly (readonly [string, readonly string[]])[];
  readonly paths: readonly (readonly [string, never])[];
};

/** A bind as a program makes it. */
export function requestOf(bind: Bind): BindRequest {
  return bind.type === 'SOCK_DGRAM' ? { dgram: { ...toBindOptions(bind) } } : { listen: { ...toListenOptions(bind) } };
}

/**
 * What a plan says of binds that are made one after the other, given what came of those before: a bind fails by itself, or because
 * one before it that works is in its way.
 */
export function expectedCodes({ binds, conflicts }: BindPlan, outcomes: readonly Outcome[]): string[] {
  return binds.map(({ predicted }, index) => {
    if (predicted.code !== 'ok') return predicted.code;
    const inTheWay = conflicts.filter(({ first, second }) => second === index && outcomes[first]?.code === 'ok');
    if (inTheWay.some(({ verdict }) => verdict === 'conflict')) return 'EADDRINUSE';
    return inTheWay.length > 0 ? 'unknown' : 'ok';
  });
}
