#!/usr/bin/env node
import { fstatSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { CliError, EXIT_OK, EXIT_USAGE, reasonOf, report } from './exit.js';
import { overview } from './overview.js';

/** Loaded by who asks for them: `inaddr classify` has no use for a resolver, nor anybody but the tour for a server. */
const COMMANDS: ReadonlyMap<string | undefined, () => Promise<Command>> = new Map([
  ['classify', async () => (await import('./classify.js')).classifyCommand()],
  ['prefix', async () => (await import('./prefix.js')).prefixCommand()],
  ['match', async () => (await import('./match.js')).matchCommand()],
  ['resolve', async () => (await import('./resolve.js')).resolveCommand()],
  ['bind', async () => (await import('./bind.js')).bindCommand()],
  ['sockets', async () => (await import('./sockets.js')).socketsCommand()],
  ['example', async () => (await import('./example.js')).exampleCommand()],
  ['tour', async () => (await import('./tour.js')).tourCommand()],
]);

/** Those that do nothing alone: they have commands of their own. */
const GROUPS: readonly (string | undefined)[] = ['prefix', 'bind'];

const program = new Command('inaddr').version(packageJson.version).helpCommand(false).exitOverride();
program.helpInformation = overview;
speak(program, 'inaddr');

const args = argumentsOf(process.argv.slice(2));
const asked = COMMANDS.get(args[0]);
if (asked !== undefined) program.addCommand(inherit(await asked(), program, 'inaddr'));
// Never parsed: a name is suggested for one that is none.
else if (args[0]?.startsWith('-') === false) for (const name of COMMANDS.keys()) program.command(name ?? '');

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `inaddr classify … | head`: whoever reads has seen enough.
  if (error.code === 'EPIPE') process.exit(EXIT_OK);
  report(`standard output: ${reasonOf(error)}`);
  process.exit(EXIT_USAGE);
});
// What a full pipe does not take, Node keeps in memory: a million complaints about bad lines would be a gigabyte.
const { _handle: stderrHandle } = process.stderr as { _handle?: { setBlocking?: (blocking: boolean) => void } };
stderrHandle?.setBlocking?.(true);
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  // `inaddr classify … 2>&1 | head`. Where they are two, nobody reads complaints, and the output is still wanted.
  if (error.code === 'EPIPE' && isOnePipe()) process.exit(EXIT_OK);
});

try {
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  else if (error instanceof CliError) {
    report(error.message);
    process.exitCode = error.exitCode;
  } else throw error;
}

/** Whether standard output and standard error are the same pipe. */
function isOnePipe(): boolean {
  const [out, err] = [fstatSync(1), fstatSync(2)];
  return out.dev === err.dev && out.ino === err.ino;
}

/** `help prefix merge` is `prefix merge --help`; a group alone, and the program, is its help. */
function argumentsOf(given: readonly string[]): readonly string[] {
  const [first, ...rest] = given;
  if (first === undefined) return ['--help'];
  if (first === 'help') return argumentsOf(rest.includes('--help') ? rest : [...rest, '--help']);
  if (rest.length === 0 && GROUPS.includes(first)) return [first, '--help'];
  // With what comes after it, commander would print help for a command that there is not.
  return COMMANDS.has(first) || first.startsWith('-') ? given : [first];
}

/** Errors of a command, and of the commands in it, look and exit like those of the program. */
function inherit(command: Command, parent: Command, path: string): Command {
  command.copyInheritedSettings(parent).configureHelp({ minWidthToWrap: 20 });
  const own = `${path} ${command.name()}`;
  speak(command, own);
  for (const inner of command.commands) inherit(inner, command, own);
  return command;
}

/** What commander has to say, in one line of ours: `what: hint`. */
function speak(command: Command, path: string): void {
  command.showSuggestionAfterError().configureOutput({
    outputError: (text) => {
      const [, what = '', near] = /^(?:error: )?([\s\S]*?)\.?(?:\n\(Did you mean (.*)\?\))?$/.exec(text.trim()) ?? [];
      report(`${what}: ${near === undefined ? `see \`${path} --help\`` : `did you mean ${near}?`}`);
    },
  });
}
