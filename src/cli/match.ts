import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { PrefixMap, PrefixMatch } from '../ip/index.js';
import { safeParseAddress } from '../ip/index.js';
import { readBytes } from '../ip/read-bytes.js';
import { CliError, reasonOf, report } from './exit.js';
import { openInput, readChunks } from './input.js';
import { Complaints } from './items.js';
import { LineCutter, LONGEST_LINE } from './lines.js';
import type { TableFormat, TableValue } from './match-table.js';
import { loadTable } from './match-table.js';
import type { Paint } from './output.js';
import { LineWriter, painter } from './output.js';

interface Options {
  readonly table?: string;
  readonly build?: string;
  readonly output?: string;
  readonly format?: string;
  readonly json?: true;
}

const FORMATS: readonly TableFormat[] = ['csv', 'tsv', 'jsonl', 'snapshot'];

/** `inaddr match`. */
export function matchCommand(): Command {
  return new Command('match')
    .description('Find the longest prefix of a table for each address, and its value.')
    .argument('[address...]', "addresses; none or '-' reads standard input, one a line")
    .option('--table <file>', 'the table: CSV, TSV or JSON lines of prefix or first,last and a value, or a snapshot')
    .option(
      '--format <format>',
      `how the table is written (${FORMATS.join(', ')}); default: by its name and first bytes`,
    )
    .option('--build <file>', 'read a table and write it as a snapshot, which loads at once')
    .option('-o, --output <file>', 'where --build writes')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      `
A mapped address counts as IPv4; a zone is ignored. Without a match the prefix is '-' (null in JSON).
Exit codes: 0 all is well, 1 a line or a row can't be read, 2 wrong usage or unreadable input.

Examples:
  inaddr match --table countries.csv 8.8.8.8
  inaddr match --build countries.csv -o countries.bin && inaddr match --table countries.bin < addresses.txt`,
    )
    .action(async (addresses: readonly string[], options: Options) => {
      process.exitCode =
        options.build === undefined ? await match(addresses, options) : await build(options.build, addresses, options);
    });
}

async function build(path: string, addresses: readonly string[], options: Options): Promise<number> {
  if (options.output === undefined) throw new CliError('--build', 'say where to write with --output FILE');
  if (addresses.length > 0 || options.table !== undefined)
    throw new CliError('--build', 'give no addresses and no --table with it');
  const complaints = new Complaints();
  const map = await loadTable(path, formatOption(options), complaints);
  try {
    await writeFile(options.output, map.toBytes());
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new CliError(options.output, reasonOf(error));
    throw error;
  }
  report(`${options.output}: ${map.size} prefixes`);
  return complaints.exitCode;
}

async function match(addresses: readonly string[], options: Options): Promise<number> {
  if (options.table === undefined) throw new CliError('match', 'name the table with --table FILE');
  if (options.output !== undefined) throw new CliError('--output', 'goes with --build');
  const complaints = new Complaints();
  const map = await loadTable(options.table, formatOption(options), complaints);
  const out = new LineWriter(process.stdout);
  const paint = painter(process.stdout);
  const print = (text: string, found: PrefixMatch<TableValue> | null, line: number | null) =>
    out.line(options.json ? jsonLine(text, found, line) : textLine(text, found, paint));
  const given = addresses.filter((address) => address !== '-');
  if (given.length > 0 && given.length < addresses.length)
    throw new CliError('match', "give addresses or '-', not both");
  if (given.length > 0) {
    for (const [index, text] of given.entries()) {
      const parsed = safeParseAddress(text);
      if (parsed.success) print(text, map.match(parsed.data, { zone: 'ignore' }), null);
      else complaints.complain(`argument ${index + 1}`, parsed.error.message);
    }
  } else await matchInput(map, print, out, complaints);
  await out.flush();
  return complaints.exitCode;
}

async function matchInput(
  map: PrefixMap<TableValue>,
  print: (text: string, found: PrefixMatch<TableValue> | null, line: number) => void,
  out: LineWriter,
  complaints: Complaints,
): Promise<void> {
  let last = 0;
  const cutter = new LineCutter(
    (bytes, start, end, line) => {
      last = line;
      const text = bytes.toString('utf8', start, end);
      if (readBytes(bytes, start, end) === 0) {
        const parsed = safeParseAddress(text);
        if (!parsed.success) complaints.complain(`line ${line}`, parsed.error.message);
      } else print(text, map.matchBytes(bytes, start, end, { zone: 'ignore' }), line);
    },
    (line) => complaints.complain(`line ${line}`, `longer than ${LONGEST_LINE} bytes; write one address a line`),
  );
  const progress = new Progress();
  for await (const chunk of readChunks(openInput('-'))) {
    cutter.push(chunk);
    await out.flush();
    progress.show(`${last} lines`);
  }
  cutter.end();
  progress.clear();
}

/** A line on standard error that says how far a long run is: on a terminal, and after a second. */
class Progress {
  readonly #shown = process.stderr.isTTY === true && process.stdout.isTTY !== true;
  #next = performance.now() + 1000;
  #dirty = false;

  show(text: string): void {
    if (!this.#shown || performance.now() < this.#next) return;
    this.#next = performance.now() + 200;
    this.#dirty = true;
    process.stderr.write(`\r\u001b[Kinaddr: ${text}`);
  }

  clear(): void {
    if (this.#dirty) process.stderr.write('\r\u001b[K');
  }
}

function jsonLine(address: string, found: PrefixMatch<TableValue> | null, line: number | null): string {
  const { prefix = null, value = null } = found ?? {};
  return JSON.stringify({ address, prefix, value, ...(line !== null && { line }) });
}

function textLine(address: string, found: PrefixMatch<TableValue> | null, paint: Paint): string {
  if (found === null) return `${address.padEnd(24)}  ${paint('dim', '-')}`;
  return `${address.padEnd(24)}  ${String(found.prefix).padEnd(20)}  ${valueText(found.value)}`.trimEnd();
}

function valueText(value: TableValue): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
}

function formatOption({ format }: Options): TableFormat | undefined {
  const known = FORMATS.find((one) => one === format);
  if (format !== undefined && known === undefined) throw new CliError('--format', `write ${FORMATS.join(', ')}`);
  return known;
}
