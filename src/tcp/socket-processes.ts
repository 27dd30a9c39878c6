import { readdir, readFile, readlink } from 'node:fs/promises';
import type { SocketProcess } from './open-socket.js';

/** Links that are read at once: more would only wait for a thread. */
const BATCH = 64;

/**
 * Who has which sockets open, by their inodes, as far as the links in /proc/PID/fd may be read: those of all processes for root, of
 * one's own for everybody else. A process that ends meanwhile is left out.
 *
 * @param wanted the inodes that are looked for
 * @param maxDescriptors how many links are read at the most
 */
export async function findProcesses(
  proc: string,
  wanted: ReadonlySet<number>,
  maxDescriptors: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, readonly SocketProcess[]>> {
  const found = new Map<number, SocketProcess[]>();
  if (wanted.size === 0) return found;
  const pids = (await list(proc)).filter((name) => /^\d+$/.test(name)).map(Number);
  let left = maxDescriptors;
  for (const pid of pids.sort((a, b) => a - b)) {
    signal?.throwIfAborted();
    if (left <= 0) break;
    const descriptors = (await list(`${proc}/${pid}/fd`)).slice(0, left);
    left -= descriptors.length;
    const inodes = await socketInodes(`${proc}/${pid}/fd`, descriptors, wanted);
    if (inodes.size === 0) continue;
    const process: SocketProcess = { pid, command: await commandOf(proc, pid) };
    for (const inode of inodes) {
      const processes = found.get(inode);
      if (processes === undefined) found.set(inode, [process]);
      else processes.push(process);
    }
  }
  return found;
}

/** Each once, however many descriptors lead to it. */
async function socketInodes(
  directory: string,
  descriptors: readonly string[],
  wanted: ReadonlySet<number>,
): Promise<Set<number>> {
  const inodes = new Set<number>();
  for (let i = 0; i < descriptors.length; i += BATCH) {
    const links = descriptors.slice(i, i + BATCH).map((name) => readlink(`${directory}/${name}`).catch(() => ''));
    for (const link of await Promise.all(links)) {
      const inode = Number(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? Number.NaN);
      if (wanted.has(inode)) inodes.add(inode);
    }
  }
  return inodes;
}

async function commandOf(proc: string, pid: number): Promise<string> {
  const text = await readFile(`${proc}/${pid}/comm`, 'utf8').catch(() => '');
  return text.replace(/\n$/, '');
}

/** What is in a directory: nothing, when it may not be read or is gone. */
function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
