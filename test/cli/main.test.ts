import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runCli, runShell } from '../support/run-cli.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('inaddr', () => {
  it.each([['--version'], ['-V']])('%s prints the version', async (flag) => {
    expect(await runCli([flag])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  });

  it.each<[string[]]>([[[]], [['--help']], [['-h']]])('%j prints help with the commands', async (args) => {
    const { stdout, stderr, code } = await runCli(args);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const text of ['Usage: inaddr ', 'inaddr classify ', 'inaddr tour', 'Exit codes: 0']) {
      expect(stdout).toContain(text);
    }
  });

  it.each([
    ['classify', ['--json', '--file', '--extract', '--summary', '--only', '--not', '--global', '--fail-on', '--nat64']],
    ['tour', []],
  ])('%s --help prints options and examples', async (command, options) => {
    const { stdout, stderr, code } = await runCli([command, '--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`Usage: inaddr ${command} `);
    expect(stdout).toContain(`Examples:\n  inaddr ${command}`);
    for (const option of options) expect(stdout).toContain(`  ${option} `);
  });

  it('runs the examples of its help', async () => {
    const { stdout } = await runCli(['classify', '--help']);
    const examples = /Examples:\n([\s\S]*)$/.exec(stdout)?.[1]?.trim().split('\n') ?? [];
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const { stderr, code } = await runShell(example.replace('< access.log', '< /dev/null'));
      expect({ stderr, code }, example).toEqual({ stderr: '', code: 0 });
    }
  });

  it.each<[string[], string]>([
    [['clasify', '::1'], "unknown command 'clasify': did you mean classify?"],
    [['tuor'], "unknown command 'tuor': did you mean tour?"],
    [['__proto__'], "unknown command '__proto__': see `inaddr --help`"],
    [[''], "unknown command '': see `inaddr --help`"],
    [['a\x1b[31m\n\u202e'], "unknown command 'a\\u{1b}[31m\\u{a}\\u{202e}': see `inaddr --help`"],
    [['--verson'], "unknown option '--verson': did you mean --version?"],
    [['tour', 'x'], "too many arguments for 'tour'. Expected 0 arguments but got 1: see `inaddr tour --help`"],
    [['tour', '--hlep'], "unknown option '--hlep': did you mean --help?"],
  ])('refuses %j in one line', async (args, message) => {
    expect(await runCli(args)).toEqual({ stdout: '', stderr: `inaddr: ${message}\n`, code: 2 });
  });

  it('ends when nobody reads on, though it has nothing but complaints', async () => {
    const { stdout, code } = await runShell('yes x | inaddr classify 2>&1 | head -n 1');
    expect(stdout).toMatch(/^inaddr: line 1: "x": .*\n$/);
    expect(code).toBe(0);
  });

  it('goes on when nobody reads the complaints, or there is no room for them', async () => {
    const input = `${'x\n'.repeat(100_000)}::1\n`;
    const unread = await runShell('{ inaddr classify 2>&1 >&3 | head -n 1 >&2; } 3>&1', { input });
    expect(unread.stdout).toMatch(/^::1 .*\n$/);
    if (process.platform !== 'linux') return;
    expect(await runShell('inaddr classify 2> /dev/full', { input })).toEqual({ ...unread, stderr: '', code: 1 });
  });

  it('refuses a name of any length in one short line', async () => {
    const { stderr, code } = await runCli(['x'.repeat(100_000)]);
    expect(stderr).toMatch(/^inaddr: unknown command 'x{900,1000}…\n$/);
    expect(code).toBe(2);
  });
});
