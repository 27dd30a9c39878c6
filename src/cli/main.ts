#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { classifyCommand } from './classify.js';
import { CliError, EXIT_OK, EXIT_USAGE } from './exit.js';
import { tourCommand } from './tour.js';

const program = new Command('inaddr')
  .description('Knows what an address is before you bind it, resolve it or connect to it.')
  .version(packageJson.version)
  .helpCommand(false)
  .showSuggestionAfterError()
  .configureOutput({ outputError: (text, write) => write(`inaddr: ${text.replace(/^error: /, '')}`) })
  .exitOverride()
  .addHelpText(
    'after',
    `
Exit codes: 0 all is well, 1 bad addresses or findings, 2 wrong usage or unreadable input.

Examples:
  inaddr classify 10.1.2.3
  inaddr classify --extract --summary < access.log`,
  );

// Copied first, so that errors of a command look and exit like those of the program.
for (const command of [classifyCommand(), tourCommand()]) program.addCommand(command.copyInheritedSettings(program));

// `inaddr classify … | head`: whoever reads has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_OK);
  throw error;
});

try {
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  else if (error instanceof CliError) {
    process.stderr.write(`inaddr: ${error.message}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}
