/** All is well. */
export const EXIT_OK = 0;
/** An address that is none, or a finding that was asked for. */
export const EXIT_FINDINGS = 1;
/** Wrong usage, or input that can't be read. */
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
