import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/** What forbids a file beside another, or in its place, but not to write into it: rights of the directory, a mount of one file. */
const ONLY_INTO: readonly string[] = ['EACCES', 'EPERM', 'EBUSY', 'EXDEV', 'EROFS'];

/**
 * Writes a file whole or not at all: beside it first, then in its place, so that neither a full disk nor a signal leaves half of one or
 * loses what was there. What is no file, a pipe or a device, and a file where the directory takes no other, is written as it is.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  // What can't be looked at is said when it is opened.
  const known = await stat(path).catch(() => null);
  if (known !== null && !known.isFile()) return await writeFile(path, bytes);
  const place = known === null ? path : await realpath(path);
  // No number of a process: in containers they come again, and what a signal left would be in the way.
  const beside = `${place}.${randomUUID()}.tmp`;
  try {
    const file = await open(beside, 'wx');
    try {
      // The umask is for files that are new.
      if (known !== null) await file.chmod(known.mode);
      await file.writeFile(bytes);
      // Some file systems say only now that they are full.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, place);
  } catch (error) {
    await rm(beside, { force: true });
    if (!ONLY_INTO.includes(codeOf(error))) throw error;
    await writeFile(place, bytes);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
