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

/**
 * The texts among the arguments; none when they name standard input, as `-` does and no argument at all.
 *
 * @throws {CliError} for `-` beside others
 */
export function givenTexts(given: readonly string[]): readonly string[] {
  const texts = given.filter((text) => text !== '-');
  if (texts.length > 0 && texts.length < given.length)
    throw new CliError("'-'", 'give arguments or standard input, not both');
  return texts;
}

/** Tells who sits before a terminal that it is read. */
export function announceTerminal(): void {
  if (process.stdin.isTTY) report('reading the terminal, one item a line: end with Ctrl-D');
}

/** The arguments at once, or the lines of standard input, those of a chunk at a time. */
export async function* readItems(
  given: readonly string[],
  complaints: Complaints,
): AsyncGenerator<readonly Item[], void, undefined> {
  const texts = givenTexts(given);
  if (texts.length > 0) {
    yield texts.map((text, index) => ({ text, where: `argument ${index + 1}` }));
    return;
  }
  announceTerminal();
  let items: Item[] = [];
  const cutter = new LineCutter(
    (bytes, start, end, line) => items.push({ text: bytes.toString('utf8', start, end), where: `line ${line}` }),
    (line) => complaints.complain(`line ${line}`, `longer than ${LONGEST_LINE} bytes; write one item a line`),
  );
  for await (const chunk of readChunks(openInput('-'))) {
    cutter.push(chunk);
    yield items;
    items = [];
  }
  cutter.end();
  yield items;
}

/** The message of one of our errors, made for people; anything else is a defect and goes on. */
export function messageOf(error: unknown): string {
  // The last half of that hint is an option of a function.
  if (error instanceof Error && 'hint' in error) return error.message.replace(", or mask with hostBits: 'mask'", '');
  throw error;
}

/** An integer from a flag. */
export function integerOf(text: string, flag: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(text)) throw new CliError(flag, 'write a decimal integer');
  return Number(text);
}
