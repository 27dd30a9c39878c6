import { createReadStream } from 'node:fs';
import { CliError } from './exit.js';

/** Standard input or a file. */
export interface Input {
  /** How messages name it: 'standard input' or the path. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

const CHUNK_BYTES = 1 << 16;

/** The input of a path; `-` is standard input. */
export function openInput(path: string): Input {
  if (path === '-') return { name: 'standard input', chunks: process.stdin };
  return { name: path, chunks: createReadStream(path, { highWaterMark: CHUNK_BYTES }) };
}

const ERRNO_HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a directory, name a file',
  EACCES: 'permission denied',
};

/** How far a NUL byte makes an input binary: later ones happen in logs that were cut while being written. */
const BINARY_WITHIN = 8192;

/**
 * The chunks of an input, a byte order mark left out.
 *
 * @throws {CliError} when it can't be read, and when there is a NUL byte in its first 8192 bytes
 */
export async function* readChunks(input: Input): AsyncGenerator<Buffer, void, undefined> {
  let seen = 0;
  try {
    for await (const chunk of input.chunks) {
      const start = seen === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
      if (seen < BINARY_WITHIN) {
        const nul = chunk.subarray(0, BINARY_WITHIN - seen).indexOf(0);
        if (nul >= 0) throw new CliError(input.name, `binary input, NUL at byte ${seen + nul}; give it text`);
      }
      seen += chunk.length;
      yield chunk.subarray(start);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new CliError(input.name, ERRNO_HINTS[error.code] ?? error.message);
    }
    throw error;
  }
}
