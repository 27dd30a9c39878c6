import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Run } from './run-cli.js';
import { finish } from './run-cli.js';

/** As root a network namespace, else one with a user namespace around it, where that is allowed. */
const WAYS: readonly (readonly string[])[] = [['-n'], ['-rn']];

const way =
  WAYS.find((flags) => spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0) ?? null;

/** Why there are no network namespaces here; null where there are. */
export const NO_NAMESPACES = way === null ? 'unshare(1) and ip(8) make no network namespaces here' : null;

/** Runs a module of test/support in a network namespace of its own, with a loopback that is up, after some shell commands. */
export function runInNamespace(file: string, setup: string): Promise<Run> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const script = `set -e; ip link set lo up; ${setup}; exec "$0" "$@"`;
  const args = [...(way ?? []), '/bin/sh', '-c', script, process.execPath, path];
  const { NODE_OPTIONS, ...env } = process.env;
  return finish(spawn('unshare', args, { env }));
}
