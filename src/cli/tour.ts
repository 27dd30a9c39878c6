import { Command } from 'commander';
import { printTour } from '../examples/tour.js';
import { helpAfter } from './help.js';
import { painter } from './output.js';

/** `inaddr tour`, what `npm start` runs. */
export function tourCommand(): Command {
  return new Command('tour')
    .description('Show what this package does, offline, on real addresses and a name server of its own.')
    .addHelpText('after', helpAfter([], ['inaddr tour', 'inaddr tour | less']))
    .action(async () => {
      process.stdout.write(`${(await printTour(painter(process.stdout))).join('\n')}\n`);
    });
}
