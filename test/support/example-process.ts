import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Run } from './run-cli.js';
import { finish, startCli } from './run-cli.js';

/** An example that runs as a process. */
export interface Example {
  readonly child: ChildProcessWithoutNullStreams;
  /** Of the first address that it listens on. */
  readonly port: number;
  /** What it has written so far. */
  readonly output: () => string;
  /** Waits until it has written something. */
  readonly seen: (text: string | RegExp) => Promise<void>;
  /** Sends a signal, and waits for the end. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Run & { readonly signal: NodeJS.Signals | null }>;
}

/** Starts a server of the examples, and waits until it listens. */
export async function startExample(args: readonly string[]): Promise<Example> {
  const child = startCli(['example', ...args]);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const output = () => Buffer.concat(out).toString();
  const errors = () => Buffer.concat(err).toString();
  const exited = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const seen = async (text: string | RegExp) => {
    const has = () => (typeof text === 'string' ? output().includes(text) : text.test(output()));
    while (!has()) {
      const ended = await Promise.race([once(child.stdout, 'data').then(() => false), exited.then(() => true)]);
      if (ended && !has()) throw new Error(`it has ended: ${output()}${errors()}`);
    }
  };
  await seen(/^.*listening on .*:(\d+)/m);
  return {
    child,
    port: Number(/listening on \S*:(\d+)/.exec(output())?.[1]),
    output,
    seen,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code, by] = await exited;
      return { stdout: output(), stderr: errors(), code, signal: by };
    },
  };
}

const PYTHON = `
import socket, sys
peer = socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=30)
peer.sendall(sys.stdin.buffer.read())
peer.shutdown(socket.SHUT_WR)
while True:
    chunk = peer.recv(65536)
    if not chunk: break
    sys.stdout.buffer.write(chunk)
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Python's socket module, or where there is none a bare socket of Node: sends all, ends its side, and gives what comes back. */
export async function talk(port: number, text: string): Promise<string> {
  if (hasPython) {
    const { stdout, stderr, code } = await finish(spawn('python3', ['-c', PYTHON, String(port)]), text);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(text);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
