import { Command } from 'commander';
import { printTour } from '../examples/tour.js';
import { painter } from './output.js';

/** `inaddr tour`, what `npm start` runs. */
export function tourCommand(): Command {
  return new Command('tour')
    .description('Show what this package does, offline, on a list of real addresses.')
    .addHelpText('after', '\nExamples:\n  inaddr tour\n  inaddr tour | less')
    .action(() => {
      process.stdout.write(`${printTour(painter(process.stdout)).join('\n')}\n`);
    });
}
