import { CliError, EXIT_FINDINGS, EXIT_OK, report } from './exit.js';
import { openInput, readChunks } from './input.js';
import { LineCutter, LONGEST_LINE } from './lines.js';

/** A text that a command works on, and how messages name its place. */
export interface Item {
  readonly text: string;
  readonly where: string;
}

/** What is wrong with an item, found by a command itself; made for people, as the errors of the library are. */
export class ItemError extends Error {
  override readonly name = 'ItemError';
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(`${problem}; ${hint}`);
    this.hint = hint;
  }
}

/** What is wrong with items, reported as it is met: the rest is still worked on. */
export class Complaints {
  exitCode = EXIT_OK;
  readonly #before: () => void;

  /** @param before called before each, to make room for its line */
  constructor(before: () => void = () => {}) {
    this.#before = before;
  }

  complain(where: string, message: string): void {
    this.#before();
    report(`${where}: ${message}`);
    this.exitCode = Math.max(this.exitCode, EXIT_FINDINGS);
  }

  /** Reports what ends one of several inputs. */
  fail(error: CliError): void {
    this.#before();
    report(error.message);
    this.exitCode = Math.max(this.exitCode, error.exitCode);
  }

  /** The result of `read`; null when it throws one of our errors, which is reported. */
  attempt<T>(where: string, read: () => T): T | null {
    try {
      return read();
    } catch (error) {
      this.complain(where, messageOf(error));
      return null;
    }
  }
}

/** What a command works on: arguments, or files if there are none; `-` is standard input. */
export interface Sources {
  readonly texts: readonly string[];
  readonly paths: readonly string[];
}

/**
 * The sources that arguments and `--file` name; standard input when they name none, or `-`.
 *
 * @throws {CliError} for more than one of arguments, `-` and `--file`, and for standard input twice
 */
export function sourcesOf(given: readonly string[], files: readonly string[] | undefined): Sources {
  const texts = given.filter((text) => text !== '-');
  if (texts.length > 0 && texts.length < given.length)
    throw new CliError("'-'", 'give arguments or standard input, not both');
  if (given.length > 0 && files !== undefined)
    throw new CliError('--file', texts.length > 0 ? 'give arguments or files, not both' : 'leave out the argument -');
  if (files !== undefined && files.filter((path) => path === '-').length > 1)
    throw new CliError('--file -', 'give it once');
  return { texts, paths: texts.length > 0 ? [] : (files ?? ['-']) };
}

/** What `--file` does, which may be given again. */
export const FILE_OPTION = [
  '--file <path>',
  "read a file, '-' is standard input; may be given again",
  (path: string, all: readonly string[] = []): readonly string[] => [...all, path],
] as const;

/** A place in a file as compilers and editors write it; in standard input, the line alone. */
export function placeIn(path: string, line: number): string {
  return path === '-' ? `line ${line}` : `${path}:${line}`;
}

/** Tells who sits before a terminal that it is read. */
export function announceTerminal(paths: readonly string[]): void {
  if (paths.includes('-') && process.stdin.isTTY) report('reading the terminal, one item a line: end with Ctrl-D');
}

/**
 * The chunks of each file in turn, to whoever wants them: `read` is asked for a reader with `push` for each and `end`. A file that can't be read is
 * reported, and the others are still read.
 */
export async function* eachChunk(
  paths: readonly string[],
  complaints: Complaints,
  read: (path: string) => { push(chunk: Buffer): void; end(): void },
): AsyncGenerator<void, void, undefined> {
  announceTerminal(paths);
  for (const path of paths) {
    const reader = read(path);
    try {
      for await (const chunk of readChunks(openInput(path))) {
        reader.push(chunk);
        yield;
      }
      reader.end();
      yield;
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      complaints.fail(error);
    }
  }
}

/** The arguments at once, or the lines of the files, those of a chunk at a time. */
export async function* readItems(
  { texts, paths }: Sources,
  complaints: Complaints,
): AsyncGenerator<readonly Item[], void, undefined> {
  if (texts.length > 0) yield texts.map((text, index) => ({ text, where: `argument ${index + 1}` }));
  let items: Item[] = [];
  const cutter = (path: string) =>
    new LineCutter(
      (bytes, start, end, line) => items.push({ text: bytes.toString('utf8', start, end), where: placeIn(path, line) }),
      (line) => complaints.complain(placeIn(path, line), `longer than ${LONGEST_LINE} bytes; write one item a line`),
    );
  for await (const _ of eachChunk(paths, complaints, cutter)) {
    yield items;
    items = [];
  }
}

/** Ends of hints about functions and their options, and what the command line has in their place. */
const IN_FLAGS: readonly (readonly [RegExp, string])[] = [
  [/, or mask with hostBits: 'mask'$/, ''],
  [/with a longer timeoutMs$/, 'with a longer --timeout'],
  // More time would not be used: all attempts were made.
  [/by a Resolver with a longer attemptTimeoutMs or more attempts$/, 'ask another server with --server'],
  [/call reverse\('[^']*'\)$/, 'give --reverse'],
];

/** The message of one of our errors, made for people; anything else is a defect and goes on. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error) || !('hint' in error)) throw error;
  return IN_FLAGS.reduce((message, [end, words]) => message.replace(end, words), error.message);
}

/** An integer from a flag. */
export function integerOf(text: string, flag: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(text)) throw new CliError(flag, 'write a decimal integer');
  return Number(text);
}
