import { nearest } from '../checks/nearest.js';
import { CliError } from './exit.js';

/**
 * The value of a flag that takes one of a few words.
 *
 * @throws {CliError} for any other, with the word that is probably meant
 */
export function choiceOf<T extends string>(flag: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found === undefined) throw new CliError(`${flag} ${JSON.stringify(given)}`, choices(given, known));
  return found;
}

/** What to write instead of a word that is none of those that there are. */
export function choices(given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return near === null ? `write ${known.join(', ')}` : `did you mean ${near}? There are ${known.join(', ')}`;
}
