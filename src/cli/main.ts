#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { CliError, EXIT_OK, EXIT_USAGE, reasonOf, report } from './exit.js';

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

const program = new Command('inaddr')
  .description('Knows what an address is before you bind it, resolve it or connect to it.')
  .version(packageJson.version)
  .helpCommand(false)
  .showSuggestionAfterError()
  // One line, whatever the argument that it quotes: commander puts its suggestion on a second one.
  .configureOutput({
    outputError: (text) =>
      report(
        text
          .trim()
          .replace(/^error: /, '')
          .replace(/\n(?=\(Did you mean [^\n]*$)/, ' '),
      ),
  })
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 all is well, 1 bad addresses or findings, 2 wrong usage or unreadable input; \`inaddr resolve\` has more.

Examples:
  inaddr classify 10.1.2.3
  inaddr classify --extract --summary < access.log
  inaddr resolve example.com --policy global`,
  );

const asked = COMMANDS.get(process.argv[2]);
for (const load of asked === undefined ? COMMANDS.values() : [asked])
  program.addCommand(inherit(await load(), program));

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `inaddr classify … | head`: whoever reads has seen enough.
  if (error.code === 'EPIPE') process.exit(EXIT_OK);
  report(`standard output: ${reasonOf(error)}`);
  process.exit(EXIT_USAGE);
});
// What a full pipe does not take, Node keeps in memory: a million complaints about bad lines would be a gigabyte.
const { _handle: stderrHandle } = process.stderr as { _handle?: { setBlocking?: (blocking: boolean) => void } };
stderrHandle?.setBlocking?.(true);
// Nobody reads complaints: the output is still wanted.
process.stderr.on('error', () => {});

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  else if (error instanceof CliError) {
    report(error.message);
    process.exitCode = error.exitCode;
  } else throw error;
}

/** Errors of a command, and of the commands in it, look and exit like those of the program. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inherit(inner, command);
  return command;
}
