import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse';
import { quote } from '../ip/address-parse-error.js';
import { AddressRange, type Prefix, PrefixMap, parsePrefix, SnapshotError } from '../ip/index.js';
import { CliError, reasonOf } from './exit.js';
import { openInput, readChunks } from './input.js';
import type { Complaints } from './items.js';
import { messageOf } from './items.js';

/** How a table file is written. */
export type TableFormat = 'csv' | 'tsv' | 'jsonl' | 'snapshot';

/** What a prefix of a table leads to: a text, several columns, or what a JSON line says. */
export type TableValue = unknown;

/** First cells of rows that name columns. */
const HEADER =
  /^(?:prefix|network|net|cidr|subnet|ip|range|first|start|from|begin|ip_?range|ip_?from|ip_?start|start_?ip|first_?ip)\b/i;

const SNAPSHOT_MAGIC = 'inaddrPM';

/** Endings of names that say the format. */
const ENDINGS: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
  bin: 'snapshot',
};

/**
 * The table in a file: rows of prefix or first,last, then a value, as CSV, TSV or JSON lines, or a snapshot. Bad rows are
 * reported with their number and left out.
 *
 * @throws {CliError} when the file can't be read, or is a snapshot that can't be loaded
 */
export async function loadTable(
  path: string,
  format: TableFormat | undefined,
  complaints: Complaints,
): Promise<PrefixMap<TableValue>> {
  const kind = format ?? (await formatOf(path));
  if (kind === 'snapshot') return loadSnapshot(path);
  const entries: (readonly [Prefix, TableValue])[] = [];
  const add = (line: number, read: () => readonly (readonly [Prefix, TableValue])[]) => {
    try {
      entries.push(...read());
    } catch (error) {
      complaints.complain(`${path}:${line}`, messageOf(error));
    }
  };
  if (kind === 'jsonl') await readJsonLines(path, add);
  else await readDelimited(path, kind === 'tsv' ? '\t' : ',', add, complaints);
  return PrefixMap.from(entries);
}

type Add = (line: number, read: () => readonly (readonly [Prefix, TableValue])[]) => void;

/** What is wrong with a row; made for people, as our other errors are. */
class RowError extends Error {
  override readonly name = 'RowError';
  readonly hint: string;

  constructor(problem: string, hint: string) {
    super(`${problem}; ${hint}`);
    this.hint = hint;
  }
}

async function formatOf(path: string): Promise<TableFormat> {
  const named = ENDINGS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (named !== undefined) return named;
  for await (const chunk of readChunks({ name: path, chunks: createReadStream(path, { end: 7 }) })) {
    if (chunk.toString('latin1') === SNAPSHOT_MAGIC) return 'snapshot';
    if (chunk[0] === 0x7b) return 'jsonl';
  }
  return 'csv';
}

async function loadSnapshot(path: string): Promise<PrefixMap<TableValue>> {
  try {
    return PrefixMap.fromBytes(await readFile(path));
  } catch (error) {
    if (error instanceof SnapshotError) throw new CliError(path, error.message);
    if (error instanceof Error && 'code' in error) throw new CliError(path, reasonOf(error));
    throw error;
  }
}

async function readDelimited(path: string, delimiter: string, add: Add, complaints: Complaints): Promise<void> {
  const parser = parse({
    bom: true,
    comment: '#',
    comment_no_infix: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    // Tab-separated files as network people write them have no quotes.
    quote: delimiter === '\t' ? null : '"',
    trim: true,
  });
  parser.on('skip', (error: { readonly message: string; readonly lines?: number } | undefined) => {
    complaints.complain(`${path}:${error?.lines ?? '?'}`, error?.message ?? 'a row that is no CSV');
  });
  const feed = (async () => {
    try {
      for await (const chunk of readChunks(openInput(path))) {
        if (!parser.write(chunk)) await new Promise((resolve) => parser.once('drain', resolve));
      }
      parser.end();
    } catch (error) {
      parser.destroy(error as Error);
    }
  })();
  let first = true;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    const header = first && HEADER.test(record[0] ?? '');
    first = false;
    if (!header) add(info.lines, () => rowEntries(record));
  }
  await feed;
}

function rowEntries(record: readonly string[]): readonly (readonly [Prefix, TableValue])[] {
  const [first = '', last = ''] = record;
  if (first.includes('/')) return [[parsePrefix(first), valueOf(record.slice(1))]];
  if (last === '') throw new RowError(`${quote(first)}: no prefix`, 'write prefix,value or first,last,value');
  const value = valueOf(record.slice(2));
  return AddressRange.from(first, last)
    .toPrefixes()
    .map((prefix) => [prefix, value] as const);
}

/** The columns after the prefix: one is a text, several are a list. */
function valueOf(columns: readonly string[]): TableValue {
  if (columns.length === 0) return '';
  if (columns.length === 1) return columns[0];
  // Equal lists must be one value, or a table of a million rows has a million of them.
  const key = columns.join('\0');
  const known = LISTS.get(key);
  if (known !== undefined) return known;
  LISTS.set(key, columns);
  return columns;
}

const LISTS = new Map<string, readonly string[]>();

async function readJsonLines(path: string, add: Add): Promise<void> {
  let rest = Buffer.alloc(0);
  let line = 0;
  const take = (text: string) => {
    line++;
    if (text.trim() !== '') add(line, () => jsonEntries(text));
  };
  for await (const chunk of readChunks(openInput(path))) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      take(bytes.toString('utf8', start, end));
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
  }
  if (rest.length > 0) take(rest.toString('utf8'));
}

function jsonEntries(text: string): readonly (readonly [Prefix, TableValue])[] {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (error) {
    throw new RowError(`no JSON: ${(error as Error).message}`, 'write {"prefix": "10.0.0.0/8", "value": …}');
  }
  if (typeof row !== 'object' || row === null)
    throw new RowError('no object', 'write {"prefix": "10.0.0.0/8", "value": …}');
  const { prefix, first, last, value = null } = row as Record<string, unknown>;
  if (typeof prefix === 'string') return [[parsePrefix(prefix), value]];
  if (typeof first !== 'string' || typeof last !== 'string') {
    throw new RowError('no prefix', 'write {"prefix": …, "value": …} or {"first": …, "last": …, "value": …}');
  }
  return AddressRange.from(first, last)
    .toPrefixes()
    .map((one) => [one, value] as const);
}
