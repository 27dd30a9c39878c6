import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProcesses } from '../../src/tcp/socket-processes.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
let made = 0;

/** A directory as proc is: processes by their number, each with what its descriptors lead to. Null: nobody may look at them. */
function procOf(processes: Readonly<Record<string, readonly string[] | null>>): string {
  const proc = join(dir, String(made++));
  for (const [pid, links] of Object.entries(processes)) {
    mkdirSync(join(proc, pid), { recursive: true });
    writeFileSync(join(proc, pid, 'comm'), `program ${pid}\n`);
    if (links === null) continue;
    mkdirSync(join(proc, pid, 'fd'));
    for (const [fd, link] of links.entries()) symlinkSync(link, join(proc, pid, 'fd', String(fd)));
  }
  return proc;
}

async function found(
  proc: string,
  { wanted = [5, 6], most = 1000 }: { readonly wanted?: readonly number[]; readonly most?: number } = {},
): Promise<Record<number, readonly number[]>> {
  const processes = await findProcesses(proc, new Set(wanted), most);
  return Object.fromEntries([...processes].map(([inode, all]) => [inode, all.map(({ pid }) => pid)]));
}

describe.skipIf(process.platform === 'win32')('processes', () => {
  it('are those whose descriptors lead to a socket, by their numbers', async () => {
    const proc = procOf({
      '10': ['socket:[5]'],
      '9': ['socket:[5]', '/dev/null', 'socket:[6]', 'socket:[5]'],
      '100': ['pipe:[5]', 'xsocket:[5]', 'socket:[5]x', 'socket:[]', 'socket:[5 ]', 'socket:[7]'],
      self: ['socket:[5]'],
      '11x': ['socket:[5]'],
    });
    expect(await found(proc)).toEqual({ 5: [9, 10], 6: [9] });
    expect(await found(proc, { wanted: [7] })).toEqual({ 7: [100] });
    expect(await found(proc, { wanted: [] })).toEqual({});
    expect(await found(proc, { wanted: [8] })).toEqual({});
  });

  it('have a name, without its line end', async () => {
    const proc = procOf({ '7': ['socket:[5]'], '8': ['socket:[6]'] });
    writeFileSync(join(proc, '8', 'comm'), 'two\nlines\n');
    expect([...(await findProcesses(proc, new Set([5, 6]), 10))]).toEqual([
      [5, [{ pid: 7, command: 'program 7' }]],
      [6, [{ pid: 8, command: 'two\nlines' }]],
    ]);
  });

  it('that are gone, or not to be looked at, are left out', async () => {
    const proc = procOf({ '7': null, '8': ['socket:[5]'] });
    expect(await found(proc)).toEqual({ 5: [8] });
    expect(await found(join(dir, 'nowhere'))).toEqual({});
  });

  it('are looked at as far as descriptors may be', async () => {
    const proc = procOf({ '7': ['/dev/null', '/dev/null'], '8': ['/dev/null', 'socket:[5]'], '9': ['socket:[6]'] });
    expect(await found(proc, { most: 5 })).toEqual({ 5: [8], 6: [9] });
    expect(await found(proc, { most: 4 })).toEqual({ 5: [8] });
    expect(await found(proc, { most: 3 })).toEqual({});
    expect(await found(proc, { most: 0 })).toEqual({});
  });

  it('with many descriptors are looked at to the last', async () => {
    const links = Array.from({ length: 130 }, (_, index) => `socket:[${index + 1000}]`);
    const proc = procOf({ '7': links });
    const wanted = links.map((_, index) => index + 1000);
    expect(Object.keys(await found(proc, { wanted }))).toHaveLength(130);
  });

  it('are not looked for when that is aborted', async () => {
    const proc = procOf({ '7': ['socket:[5]'] });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(findProcesses(proc, new Set([5]), 10, signal)).rejects.toBe(signal.reason);
  });
});
