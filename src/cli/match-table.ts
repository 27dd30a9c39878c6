import { quote } from '../ip/address-parse-error.js';
import { AddressRange, type Prefix, PrefixMap, parsePrefix, SnapshotError } from '../ip/index.js';
import { isGarbled, LONGEST_ROW, NO_UTF8, RowReader } from './delimited.js';
import { CliError } from './exit.js';
import type { Input } from './input.js';
import { openInput, peekInput, readBinary, readChunks } from './input.js';
import type { Complaints } from './items.js';
import { ItemError } from './items.js';
import { LineCutter } from './lines.js';

/** How a table file is written. */
export type TableFormat = 'csv' | 'tsv' | 'jsonl' | 'snapshot';

/** What a prefix of a table leads to: a text, several columns, or what a JSON line says. */
export type TableValue = unknown;

/** First cells of rows that name columns: `prefix`, `start_ip`, `IP_FROM`. */
const HEADER =
  /^(?:prefix|network|net|cidr|subnet|block|range|address|ip(?:range|from|start)?|first|start(?:ip)?|from|begin)(?![a-z])/i;

const SNAPSHOT_MAGIC = 'inaddrPM';

/** Endings of names that say the format. */
const ENDINGS: ReadonlyMap<string, TableFormat> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'jsonl'],
  ['bin', 'snapshot'],
]);

/**
 * The table in a file, or in standard input when that is named `-`: rows of prefix or first,last, then a value, as CSV, TSV or
 * JSON lines, or a snapshot. Bad rows are reported with the number of their line and left out.
 *
 * @throws {CliError} when it can't be read, or is a snapshot that can't be loaded
 */
export async function loadTable(
  path: string,
  format: TableFormat | undefined,
  complaints: Complaints,
): Promise<PrefixMap<TableValue>> {
  const { head, input } = await peekInput(openInput(path), SNAPSHOT_MAGIC.length);
  const kind = format ?? formatOf(path, head);
  if (kind === 'snapshot') return loadSnapshot(input);
  const rows: Row[] = [];
  const values = new Values();
  const add = (line: number, read: () => Row) => {
    const row = complaints.attempt(`${input.name}:${line}`, read);
    if (row !== null) rows.push({ covers: row.covers, value: values.same(row.value) });
  };
  const bad = (line: number, message: string) => complaints.complain(`${input.name}:${line}`, message);
  const reader = kind === 'jsonl' ? jsonReader(add, bad) : delimitedReader(kind === 'tsv' ? '\t' : ',', add, bad);
  for await (const chunk of readChunks(input)) reader.push(chunk);
  reader.end();
  return PrefixMap.from(entriesOf(rows));
}

interface Row {
  readonly covers: Prefix | AddressRange;
  readonly value: TableValue;
}

/** Made one at a time: a range may be hundreds of prefixes. */
function* entriesOf(rows: readonly Row[]): Generator<readonly [Prefix, TableValue], void, undefined> {
  for (const { covers, value } of rows) {
    if (covers instanceof AddressRange) for (const prefix of covers.toPrefixes()) yield [prefix, value];
    else yield [covers, value];
  }
}

interface Reader {
  push(chunk: Buffer): void;
  end(): void;
}

type Add = (line: number, read: () => Row) => void;
type Bad = (line: number, message: string) => void;

/** Makes lists and objects that are equal one: a table stores each value once. */
class Values {
  readonly #known = new Map<string, TableValue>();

  same(value: TableValue): TableValue {
    if (typeof value !== 'object') return value;
    const key = JSON.stringify(value);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, value);
    return value;
  }
}

function formatOf(path: string, head: Buffer): TableFormat {
  const text = head.toString('latin1');
  if (text.startsWith(SNAPSHOT_MAGIC)) return 'snapshot';
  const byName = ENDINGS.get(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
  return byName ?? (/^(?:\xef\xbb\xbf)?\s*\{/.test(text) ? 'jsonl' : 'csv');
}

async function loadSnapshot(input: Input): Promise<PrefixMap<TableValue>> {
  const decode = (bytes: Uint8Array): TableValue => {
    try {
      return JSON.parse(Buffer.from(bytes).toString());
    } catch {
      // A program may have written values in a form of its own.
      throw new CliError(input.name, 'is a snapshot whose values are no JSON, make one with --build');
    }
  };
  try {
    return PrefixMap.fromBytes(await readBinary(input), decode);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    const unknown = error.code === 'NOT_SNAPSHOT';
    throw new CliError(input.name, unknown ? 'is no snapshot, make one with --build' : error.message);
  }
}

function delimitedReader(delimiter: ',' | '\t', add: Add, bad: Bad): Reader {
  let first = true;
  return new RowReader(
    delimiter,
    (cells, line) => {
      const header = first && HEADER.test(cells[0] ?? '');
      first = false;
      // `,,,` is how spreadsheets write a blank line.
      if (!header && cells.some((cell) => cell !== '')) add(line, () => rowOf(cells));
    },
    bad,
  );
}

function rowOf(cells: readonly string[]): Row {
  const [first = '', last = ''] = cells;
  if (first.includes('/')) return { covers: parsePrefix(first), value: valueIn(cells.slice(1)) };
  // `10.0.0.1,US`: said here, as otherwise it is "US" that is no address.
  if (![first, last].every((cell) => /[.:]/.test(cell))) {
    throw new ItemError(`${quote(first)}: no prefix`, 'write prefix,value or first,last,value');
  }
  return { covers: AddressRange.from(first, last), value: valueIn(cells.slice(2)) };
}

/** The columns after the prefix: one is a text, several are a list. */
function valueIn(columns: readonly string[]): TableValue {
  return columns.length > 1 ? columns : (columns[0] ?? '');
}

function jsonReader(add: Add, bad: Bad): Reader {
  return new LineCutter(
    (bytes, start, end, line) => {
      const text = bytes.toString('utf8', start, end);
      if (isGarbled([text], bytes, start, end)) bad(line, NO_UTF8);
      else add(line, () => jsonRow(text));
    },
    (line) => bad(line, `longer than ${LONGEST_ROW} bytes; write one object a line`),
    LONGEST_ROW,
  );
}

function jsonRow(text: string): Row {
  const row = jsonOf(text);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new ItemError('no object', 'write {"prefix": "10.0.0.0/8", "value": …}');
  }
  const { prefix, first, last, value = null } = row as Record<string, unknown>;
  if (typeof prefix === 'string') return { covers: parsePrefix(prefix), value };
  if (typeof first !== 'string' || typeof last !== 'string') {
    throw new ItemError('no prefix', 'write {"prefix": …, "value": …} or {"first": …, "last": …, "value": …}');
  }
  return { covers: AddressRange.from(first, last), value };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What V8 says about it differs from version to version.
    throw new ItemError(`${quote(text)}: no JSON`, 'write {"prefix": "10.0.0.0/8", "value": …} on one line');
  }
}
