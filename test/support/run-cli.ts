import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built command, see build.ts. */
export const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface RunOptions {
  /** What it reads from standard input. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `inaddr` to its end. */
export function runCli(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return finish(startCli(args, options.env), options.input ?? '');
}

/** Runs a shell script to its end, in which `inaddr` is the built command. */
export function runShell(script: string, options: RunOptions = {}): Promise<Run> {
  const define = `inaddr() { "$NODE" "$CLI" "$@"; }; ${script}`;
  const env = { ...environment(options.env), NODE: process.execPath, CLI };
  return finish(spawn('/bin/sh', ['-c', define], { env }), options.input ?? '');
}

/** Starts `inaddr`, for those who talk to it while it runs. */
export function startCli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [CLI, ...args], { env: environment(env) });
}

/** Ends the input of a process, and waits for the end of its output. */
export async function finish(child: ChildProcessWithoutNullStreams, input: string | Uint8Array = ''): Promise<Run> {
  // Who stops reading early is none of our business.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { stdout: stdout(), stderr: stderr(), code };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** The environment without what decides about colours: the test runner sets it for itself. */
function environment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS, NODE_OPTIONS, ...rest } = process.env;
  return { ...rest, ...env };
}
