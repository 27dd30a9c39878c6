// Runs programs in processes of their own.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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

/**
 * Runs Node on a file as its standard input, writing its standard output to another file; how long it took, start and end
 * included, how much of that a processor was busy with it, and the most memory that it held.
 *
 * @param {readonly string[]} args
 * @param {string} input
 * @param {string} output
 * @throws {Error} when it can't be started or fails, with what it wrote to standard error
 */
export function runOnFiles(args, input, output) {
  const atExit = `process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    console.error('\\npeak', maxRSS, userCPUTime + systemCPUTime);
  });`;
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(atExit)}`];
  const from = openSync(input, 'r');
  const to = openSync(output, 'w');
  const start = performance.now();
  const { error, status, stderr } = spawnSync(process.execPath, [...preload, ...args], {
    encoding: 'utf8',
    stdio: [from, to, 'pipe'],
  });
  const milliseconds = performance.now() - start;
  closeSync(from);
  closeSync(to);
  if (error !== undefined) throw error;
  const [said = '', kilobytes, microseconds] = stderr.split(/\npeak (\d+) (\d+)\n/);
  if (status !== 0 || said !== '')
    throw new Error(said.trim().split('\n').slice(0, 3).join(' ') || `exit code ${status}`);
  return { milliseconds, busySeconds: Number(microseconds) / 1e6, megabytes: (Number(kilobytes) * 1024) / 1e6 };
}

/**
 * The bytes that a peer's table holds, in a fresh process: see support/held.mjs.
 *
 * @param {string} table
 * @param {number} count of prefixes
 */
export function heldBytes(table, count) {
  return Number(runNode(['--expose-gc', fileURLToPath(new URL('held.mjs', import.meta.url)), table, String(count)]));
}
