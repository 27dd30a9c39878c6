import { quote } from '../checks/quote.js';

/** What the kernel takes of a path or an abstract name, in bytes: `sun_path` (unix(7)). Node 20 and 22 cut off what is over it. */
export const LONGEST_PATH = 108;

/** How long a path or a name is to the kernel. */
export function pathBytes(path: string): number {
  return Buffer.byteLength(path);
}

/** A path for people, with `@` for the NUL of an abstract name: as it is where the kernel takes it and it is printable, else quoted and cut. */
export function pathText(path: string): string {
  const text = path.replace(/^\0/, '@');
  return text.length <= LONGEST_PATH && /^[!-~]+$/.test(text) ? text : quote(text);
}
