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

/** All that an error says. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return json(error);
  const fields = Object.entries(error).map(([key, value]) => `${key} ${json(value)}`);
  const cause =
    error.cause === undefined ? [] : [`cause ${error.cause instanceof Error ? error.cause : json(error.cause)}`];
  return [`${error.name}: ${error.message}`, ...fields, ...cause].join('\n  ');
}

/** As JSON: bytes as numbers, and what JSON has no words for as text. */
export function json(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) => {
      if (one instanceof Uint8Array) return `bytes ${[...one].join(' ')}`;
      if (one instanceof Map) return [...one];
      return typeof one === 'bigint' || typeof one === 'symbol' ? String(one) : one;
    }) ?? String(value)
  );
}
