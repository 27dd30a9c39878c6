import { quote, shown } from '../../checks/quote.js';
import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';

/** How a dialect writes paths: what stands before one, and whether it has abstract names. */
export interface UnixText {
  readonly prefix: string;
  readonly abstract: boolean;
}

/** What `sun_path` holds with the zero byte that many programs put after a path, in bytes of UTF-8. */
const LONGEST_UNIX_PATH = 107;

/**
 * The path, or the abstract name, of a unix socket, from text in which `@` begins an abstract name. Null where it is fine.
 * Control characters, blanks at the ends and what UTF-8 can't write are refused, as they are slips; so are paths that don't
 * say where they begin.
 */
export function faultOfUnixText(text: string, offset: number, { prefix, abstract }: UnixText): Refusal | null {
  if (text === '' || text === '@') {
    return refuse('BAD_PATH', offset, () => ({
      problem: text === '' ? 'empty path' : 'empty abstract name',
      hint: `write e.g. ${prefix}/run/app.sock${abstract ? ` or ${prefix}@app` : ''}`,
    }));
  }
  const bad = badCharacter(text);
  if (bad >= 0) {
    return refuse('BAD_PATH', offset + bad, () => ({
      problem: `unexpected ${quote(text.charAt(bad))} in the path`,
      hint: 'write a path without control characters, and without blanks at its ends',
    }));
  }
  if (text.startsWith('//')) {
    return refuse('BAD_PATH', offset, () => ({
      problem: 'two slashes',
      hint: `a URL would have a host there, write ${shown(prefix + text.replace(/^\/+/, '/'))}`,
    }));
  }
  if (/^(?:\/|@|\.{1,2}\/)/.test(text)) return null;
  return refuse('BAD_PATH', offset, () => ({
    problem: 'path that begins nowhere',
    hint: `write it from the root, or ${shown(`${prefix}./${text}`)} for the working directory`,
  }));
}

/** The path of a `UnixEndpoint` from text in which `@` begins an abstract name. */
export function pathOfUnixText(text: string): string {
  return text.startsWith('@') ? `\0${text.slice(1)}` : text;
}

/** The text of a path, with `@` before an abstract name. */
export function textOfUnixPath(path: string): string {
  return path.startsWith('\0') ? `@${path.slice(1)}` : path;
}

/** Refuses a path, or `@` and an abstract name, that is longer than programs take. */
export function faultOfLongPath(text: string, offset: number): Refusal | null {
  if (text.length <= LONGEST_UNIX_PATH / 3 || Buffer.byteLength(text) <= LONGEST_UNIX_PATH) return null;
  return refuse('BAD_PATH', offset, () => ({
    problem: `path of ${Buffer.byteLength(text)} bytes`,
    hint: `write ${LONGEST_UNIX_PATH} bytes at the most`,
  }));
}

function badCharacter(text: string): number {
  const control = text.search(/[\p{Cc}\u2028\u2029]|\p{Surrogate}/u);
  if (control >= 0) return control;
  if (/^\s/.test(text)) return 0;
  return /\s/.test(text.charAt(text.length - 1)) ? text.length - 1 : -1;
}
