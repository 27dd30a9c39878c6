import { describe, expect, it } from 'vitest';
import { CliError, EXIT_USAGE, reportLine } from '../../src/cli/exit.js';

describe('report', () => {
  const reported = reportLine;

  it('is one line', () => {
    expect(reported('a: b')).toBe('inaddr: a: b\n');
    expect(reported('a\nb\r\u2028c')).toBe('inaddr: a\\u{a}b\\u{d}\\u{2028}c\n');
  });

  it('escapes what a terminal would obey or show in another order', () => {
    expect(reported('\x1b[31m \x9b \u202e \ufeff \ud800')).toBe(
      'inaddr: \\u{1b}[31m \\u{9b} \\u{202e} \\u{feff} \\u{d800}\n',
    );
  });

  it('leaves names of files readable', () => {
    expect(reported('Müller/日本.log: …')).toBe('inaddr: Müller/日本.log: …\n');
  });

  it('cuts what is very long', () => {
    expect(reported('x'.repeat(100_000))).toBe(`inaddr: ${'x'.repeat(1000)}…\n`);
  });
});

describe('CliError', () => {
  it('is about something, and ends the command with 2', () => {
    expect(new CliError('what', 'hint')).toMatchObject({ message: 'what: hint', exitCode: EXIT_USAGE });
  });
});
