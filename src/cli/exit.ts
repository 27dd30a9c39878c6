/** All is well. */
export const EXIT_OK = 0;
/** An address that is none, or a finding that was asked for. */
export const EXIT_FINDINGS = 1;
/** Wrong usage, input that can't be read, or output that can't be written. */
export const EXIT_USAGE = 2;

/** Ends the command with one line on standard error, `inaddr: what: hint`. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;

  constructor(what: string, hint: string, exitCode: number = EXIT_USAGE) {
    super(`${what}: ${hint}`);
    this.exitCode = exitCode;
  }
}

/** Why the system refused, for people. */
export function reasonOf(error: Error & { readonly code?: unknown }): string {
  if (error.code === 'EISDIR') return 'is a directory, name a file';
  // `ENOENT: no such file or directory, open 'hosts'`
  return /^[A-Z0-9]+: ([^,]+)/.exec(error.message)?.[1] ?? error.message;
}

/** Beyond every message of ours: a longer one quotes an argument of any length. */
const LONGEST_MESSAGE = 1000;

/** Writes a message of one line to standard error. */
export function report(message: string): void {
  process.stderr.write(reportLine(message));
}

/**
 * The line of a message. What could move the cursor, change a colour or look like another line is escaped: file names and
 * arguments may hold it.
 */
export function reportLine(message: string): string {
  const cut = message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
  return `inaddr: ${escapeControls(cut)}\n`;
}

/** A text of one line that leaves a terminal alone, whatever it is made of. */
export function escapeControls(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
