import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { close, listen } from './listener.js';

/** Why there is no redis-server here, or null when there is one. */
export function whyNoRedis(): string | null {
  const { error, status } = spawnSync('redis-server', ['--version']);
  if (error !== undefined) return `redis-server does not run here: ${error.message}`;
  return status === 0 ? null : `redis-server --version exits with ${status}`;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, '127.0.0.1');
  await close(server);
  return port;
}

/** A redis-server of its own on loopback, which keeps nothing on disk. */
export class RedisServer {
  readonly port: number;
  readonly #dir: string;
  #child: ChildProcess | null = null;

  constructor(port: number, dir: string) {
    this.port = port;
    this.#dir = dir;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Fulfils once it takes connections. */
  async start(): Promise<void> {
    const child = spawn(
      'redis-server',
      ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#dir, '--save', '', '--appendonly', 'no'],
      { stdio: 'ignore' },
    );
    this.#child = child;
    await takesConnections(this.port, () => child.exitCode === null && child.signalCode === null);
  }

  /** Stopped, it takes connections and answers nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    this.#child = null;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

/** Tries until a TCP port of 127.0.0.1 takes a connection. */
export async function takesConnections(port: number, goesOn: () => boolean): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    if (!goesOn()) throw new Error(`the server for port ${port} has ended`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
