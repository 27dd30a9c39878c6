import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { cliOutputSchemas } from '../../src/schema/index.js';

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

/** Runs `inaddr` to its end. What it prints with `--json` must be what the schema of the command says, and nothing more. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const ran = await finish(startCli(args, options.env), options.input ?? '');
  if (args.includes('--json') && !args.includes('--help')) checkJsonLines(args, ran.stdout);
  return ran;
}

function checkJsonLines(args: readonly string[], stdout: string): void {
  const lines = stdout.split('\n').slice(0, MOST_LINES);
  if (lines.at(-1) === '') lines.pop();
  for (const line of lines) {
    const printed = JSON.parse(line);
    expect(cliOutputSchemas[outputOf(args)].parse(printed), line).toEqual(printed);
  }
}

/** Of a long output, the first lines: the others are of the same making. */
const MOST_LINES = 200;

/** The key of `cliOutputSchemas` for a command line. */
function outputOf(args: readonly string[]): keyof typeof cliOutputSchemas {
  const names = Object.keys(cliOutputSchemas) as (keyof typeof cliOutputSchemas)[];
  const [first = '', second = ''] = args;
  const flags = args.filter((arg) => arg.startsWith('--')).map((flag) => `${first} ${flag}`);
  const found = [...flags, `${first} ${second}`, first].flatMap((name) => names.find((each) => each === name) ?? []);
  if (found[0] === undefined) throw new Error(`no schema for ${args.join(' ')}`);
  return found[0];
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
