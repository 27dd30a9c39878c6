import { existsSync, readFileSync } from 'node:fs';

/** IANA's registries as published, which stand beside the repository on the machines that check the tables. */
const FOLDER = new URL('../../../shared/iana/', import.meta.url);

export const hasIana: boolean = existsSync(FOLDER);

/** The rows of a registry, each cell by the name of its column; footnotes (`[2]`) and line breaks removed. */
export function readIana(file: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...rows] = readCsv(readFileSync(new URL(file, FOLDER), 'utf8'));
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i] ?? '', clean(cell)])));
}

function clean(cell: string): string {
  return cell
    .replace(/\s+/g, ' ')
    .replace(/ ?\[\d+\]/g, '')
    .trim();
}

/** RFC 4180: quoted cells may hold commas, line breaks and doubled quotes. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.some((cell) => cell !== '')) rows.push(row);
    row = [];
  }
  return rows;
}
