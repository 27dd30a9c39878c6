import { Help } from 'commander';

/** What stands under the options in help: paragraphs, as wide as the terminal is, and examples, which are never broken. */
export function helpAfter(paragraphs: readonly string[], examples: readonly string[]): () => string {
  return () => {
    const width = process.stdout.columns ?? WIDTH;
    const wrapped = paragraphs.map((text) => `${new Help().boxWrap(text, width)}\n\n`);
    return `\n${wrapped.join('')}Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`;
  };
}

/** Where there is no terminal; the options above have it, too. */
const WIDTH = 80;
