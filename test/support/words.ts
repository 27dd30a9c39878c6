import { fileURLToPath } from 'node:url';

/** The file in which what is said stands, `tcp-words/connect.txt`, as `toMatchFileSnapshot` takes it. */
export function wordsFile(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** A paragraph for each case: what was given, and what was said. */
export function paragraphs(cases: readonly (readonly [given: string, said: string])[]): string {
  return `${cases.map(([given, said]) => `${given}\n  ${said}`).join('\n')}\n`;
}

/** What a call gives, or throws. */
export function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
