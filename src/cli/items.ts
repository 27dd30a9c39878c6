import { CliError, EXIT_FINDINGS, EXIT_OK, report } from './exit.js';
import { openInput, readChunks } from './input.js';
import { LineCutter, LONGEST_LINE } from './lines.js';

/** A text that a command works on, and how messages name its place. */
export interface Item {
  readonly text: string;
  readonly where: string;
}

/** What is wrong with items, reported as it is met: the rest is still worked on. */
export class Complaints {
  exitCode = EXIT_OK;

  complain(where: string, message: string): void {
    report(`${where}: ${message}`);
    this.exitCode = Math.max(this.exitCode, EXIT_FINDINGS);
  }
}

/** The arguments, or when there are none or the only one is `-` the lines of standard input. */
export async function readItems(given: readonly string[], complaints: Complaints): Promise<Item[]> {
  if (given.length > 0 && !(given.length === 1 && given[0] === '-')) {
    return given.map((text, index) => ({ text, where: `argument ${index + 1}` }));
  }
  if (process.stdin.isTTY) report('reading the terminal, one item a line: end with Ctrl-D');
  const items: Item[] = [];
  const cutter = new LineCutter(
    (bytes, start, end, line) => items.push({ text: bytes.toString('utf8', start, end), where: `line ${line}` }),
    (line) => complaints.complain(`line ${line}`, `longer than ${LONGEST_LINE} bytes; write one item a line`),
  );
  for await (const chunk of readChunks(openInput('-'))) cutter.push(chunk);
  cutter.end();
  return items;
}

/** The result of `read` for each item that it can read; the others are reported. */
export function readEach<T>(items: readonly Item[], read: (text: string) => T, complaints: Complaints): T[] {
  return items.flatMap(({ text, where }) => {
    try {
      return [read(text)];
    } catch (error) {
      complaints.complain(where, messageOf(error));
      return [];
    }
  });
}

/** The message of one of our errors, made for people; anything else is a defect and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && 'hint' in error) return error.message;
  throw error;
}

/** An integer from a flag. */
export function integerOf(text: string, flag: string): number {
  if (!/^(?:0|[1-9]\d{0,8})$/.test(text)) throw new CliError(flag, 'write a decimal integer');
  return Number(text);
}
