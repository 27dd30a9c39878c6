import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Run } from './run-cli.js';
import { finish } from './run-cli.js';

/** Where the built package is, see build.ts. */
export const DIST = new URL('../../dist/', import.meta.url);

/** Runs a module of test/support in a process of its own, to its end. */
export function runNode(file: string, args: readonly string[] = [], input = ''): Promise<Run> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return finish(spawn(process.execPath, [path, ...args], { env: bareEnvironment() }), input);
}

/** Runs the text of a module in a process of its own, to its end; `inaddr/dns` in it is the built module. */
export function runModule(text: string): Promise<Run> {
  const module = text.replaceAll("'inaddr/dns'", `'${new URL('dns/index.js', DIST)}'`);
  return finish(spawn(process.execPath, ['--input-type=module', '--eval', module], { env: bareEnvironment() }));
}

/** Without what the test runner sets for its own processes. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, ...rest } = process.env;
  return rest;
}
