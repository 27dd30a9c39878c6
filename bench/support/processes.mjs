// Runs programs in processes of their own.

import { spawnSync } from 'node:child_process';

/**
 * Runs Node with these arguments until it ends; its standard output.
 *
 * @param {readonly string[]} args
 * @throws {Error} when it can't be started or fails, with what it wrote to standard error
 */
export function runNode(args) {
  const { error, status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim().split('\n').slice(0, 3).join(' ') || `exit code ${status}`);
  return stdout;
}

/**
 * The wall time of a run of Node from its start to its end, in milliseconds.
 *
 * @param {readonly string[]} args
 */
export function wallTime(args) {
  const start = performance.now();
  runNode(args);
  return performance.now() - start;
}

/**
 * The most memory that a run of Node held at any time, in megabytes.
 *
 * @param {readonly string[]} args
 */
export function peakMemory(args) {
  const atExit = "process.on('exit', () => console.log('\\npeak', process.resourceUsage().maxRSS));";
  const output = runNode(['--import', `data:text/javascript,${encodeURIComponent(atExit)}`, ...args]);
  const kilobytes = /\npeak (\d+)\n*$/.exec(output)?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
