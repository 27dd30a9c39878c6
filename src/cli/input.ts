import { closeSync, createReadStream, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { CliError, reasonOf } from './exit.js';

/** Standard input or a file. */
export interface Input {
  /** How messages name it: 'standard input' or the path. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

/** As messages name it. */
export const STANDARD_INPUT = 'standard input';

const CHUNK_BYTES = 1 << 17;

/** The input of a path; `-` is standard input. */
export function openInput(path: string): Input {
  if (path !== '-') return { name: path || "''", chunks: fileChunks(path) };
  const name = STANDARD_INPUT;
  const stat = fstatSync(0);
  // Node takes it for empty.
  if (stat.isDirectory()) throw new CliError(name, 'is a directory, name a file');
  return { name, chunks: stat.isFile() ? regularFile(0) : process.stdin };
}

async function* fileChunks(path: string): AsyncGenerator<Buffer, void, undefined> {
  const fd = openSync(path, 'r');
  if (!fstatSync(fd).isFile()) {
    // A pipe may keep us waiting: a stream does that beside everything else, and closes what it was given.
    yield* createReadStream(path, { fd, highWaterMark: CHUNK_BYTES });
    return;
  }
  try {
    yield* regularFile(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether a path, or `-` for standard input, and another are one regular file, whatever links lead there. */
export function isSameFile(path: string, other: string): boolean {
  try {
    // Numbers of files go beyond what is a safe integer.
    const [one, two] = [
      path === '-' ? fstatSync(0, { bigint: true }) : statSync(path, { bigint: true }),
      statSync(other, { bigint: true }),
    ];
    return one.isFile() && one.dev === two.dev && one.ino === two.ino;
  } catch {
    // What can't be looked at is told of when it is opened.
    return false;
  }
}

/** What is left of a regular file, which never keeps us waiting: a stream takes a tenth more time than its bytes need. */
async function* regularFile(fd: number): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const length = readSync(fd, chunk);
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

/** How far a NUL byte makes an input binary: later ones happen in logs that were cut while being written. */
const BINARY_WITHIN = 8192;

const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/**
 * The chunks of an input, a byte order mark left out.
 *
 * @throws {CliError} when it can't be read, and when there is a NUL byte in its first 8192 bytes
 */
export async function* readChunks(input: Input): AsyncGenerator<Buffer, void, undefined> {
  let seen = 0;
  try {
    for await (const chunk of withoutMark(input.chunks)) {
      if (seen < BINARY_WITHIN) {
        const nul = chunk.subarray(0, BINARY_WITHIN - seen).indexOf(0);
        if (nul >= 0) throw new CliError(input.name, `binary or UTF-16, NUL at byte ${seen + nul}; give it UTF-8 text`);
      }
      seen += chunk.length;
      yield chunk;
    }
  } catch (error) {
    throw asCliError(input.name, error);
  }
}

/**
 * The first bytes of an input, at least as many as asked for if it has them, and the input with them still in front: a pipe
 * can be read only once.
 *
 * @throws {CliError} when it can't be read
 */
export async function peekInput(
  { name, chunks }: Input,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly input: Input }> {
  const rest = joined([], chunks);
  let head = Buffer.alloc(0);
  try {
    while (head.length < bytes) {
      const next = await rest.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
  } catch (error) {
    throw asCliError(name, error);
  }
  return { head, input: { name, chunks: joined([head], rest) } };
}

/**
 * All bytes of an input as they are.
 *
 * @throws {CliError} when it can't be read
 */
export async function readBinary({ name, chunks }: Input): Promise<Buffer> {
  const all: Buffer[] = [];
  try {
    for await (const chunk of chunks) all.push(chunk);
  } catch (error) {
    throw asCliError(name, error);
  }
  return Buffer.concat(all);
}

/** What the system says about an input or an output, with its name; any other error as it is. */
export function asCliError(name: string, error: unknown): unknown {
  return error instanceof Error && 'code' in error ? new CliError(name, reasonOf(error)) : error;
}

async function* joined(head: readonly Buffer[], rest: Input['chunks']): AsyncGenerator<Buffer, void, undefined> {
  yield* head;
  yield* rest;
}

/** A pipe may deliver the mark byte by byte. */
async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.indexOf(head) === 0) continue;
    yield head.subarray(BYTE_ORDER_MARK.equals(head.subarray(0, 3)) ? 3 : 0);
    head = null;
  }
  if (head !== null) yield head;
}
