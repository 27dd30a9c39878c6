import type { FoundBind, Reading } from '../../../src/cli/config-files/found.js';

/** A reading as short lines, which say all that matters to most tests: `line:column name text` and its settings. */
export function shortly({ binds, complaints, remarks }: Reading): string[] {
  return [
    ...binds.map(bindText),
    ...complaints.map(({ line, column, message, hint }) => `${line}:${column} bad: ${message}; ${hint}`),
    ...remarks.map(({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`),
  ];
}

function bindText({ line, column, name, source, freeBind, separate }: FoundBind): string {
  const flags = [...(freeBind ? ['freeBind'] : []), ...(separate ? ['separate'] : [])];
  const words =
    source.kind === 'fields'
      ? [JSON.stringify(source.fields)]
      : [
          source.text,
          ...(source.defaultPort === null ? [] : [`default ${source.defaultPort}`]),
          ...Object.entries(source.settings).map(([key, value]) => `${key}=${value}`),
        ];
  return [`${line}:${column}`, name ?? '-', ...words, ...flags].join(' ');
}

/** Beginnings of files that were cut, and files with a character replaced: what editors and disks leave behind. */
export function damaged(text: string, seed: number): string {
  const at = seed % (text.length + 1);
  const odd = ['', '"', "'", '{', '}', '\\', '\0', '\n', ': ', '*', '&a ', '%', '$', '=', '#'][seed % 15] ?? '';
  return seed % 3 === 0 ? text.slice(0, at) : text.slice(0, at) + odd + text.slice(at + 1);
}
