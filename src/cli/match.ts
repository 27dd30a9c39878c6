import { Command } from 'commander';
import { type PrefixMap, type PrefixMatch, parseAddress } from '../ip/index.js';
import { choiceOf } from './choice.js';
import { CliError, escapeControls, report } from './exit.js';
import { helpAfter } from './help.js';
import { asCliError, isSameFile } from './input.js';
import { Complaints, eachChunk, FILE_OPTION, placeIn, sourcesOf } from './items.js';
import { LineCutter, LONGEST_LINE } from './lines.js';
import type { TableFormat, TableValue } from './match-table.js';
import { loadTable } from './match-table.js';
import type { Paint } from './output.js';
import { LineWriter, painter } from './output.js';
import { Progress } from './progress.js';
import { writeWhole } from './write-whole.js';

interface Options {
  readonly table?: string;
  readonly build?: string;
  readonly output?: string;
  readonly format?: string;
  readonly file?: readonly string[];
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
    .option(...FILE_OPTION)
    .option('--build <file>', 'read a table and write it as a snapshot, which loads at once')
    .option('-o, --output <file>', 'where --build writes')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      helpAfter(
        [
          "A mapped address counts as IPv4; a zone is ignored. Without a match the prefix is '-' (null in JSON).",
          "Exit codes: 0 all is well, 1 a line or a row can't be read, 2 wrong usage or unreadable input.",
        ],
        [
          'inaddr match --table countries.csv 8.8.8.8',
          'inaddr match --build countries.csv -o countries.bin && inaddr match --table countries.bin < addresses.txt',
        ],
      ),
    )
    .action(async (addresses: readonly string[], options: Options) => {
      process.exitCode =
        options.build === undefined ? await match(addresses, options) : await build(options.build, addresses, options);
    });
}

async function build(path: string, addresses: readonly string[], options: Options): Promise<number> {
  const { output } = options;
  if (output === undefined) throw new CliError('--build', 'say where to write with --output FILE');
  if (addresses.length > 0 || options.file !== undefined || options.table !== undefined)
    throw new CliError('--build', 'give no addresses and no --table with it');
  if (output === '-') throw new CliError('--output', 'name a file, /dev/stdout for standard output');
  if (isSameFile(path, output)) throw new CliError('--output', 'is the table itself, name another file');
  const complaints = new Complaints();
  const map = await loadTable(path, formatOption(options), complaints);
  try {
    await writeWhole(output, map.toBytes());
  } catch (error) {
    throw asCliError(output || "''", error);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ output, prefixes: map.size })}\n`);
  else report(`${output}: ${map.size} prefixes`);
  return complaints.exitCode;
}

async function match(addresses: readonly string[], options: Options): Promise<number> {
  if (options.table === undefined) throw new CliError('match', 'name the table with --table FILE');
  if (options.output !== undefined) throw new CliError('--output', 'goes with --build');
  const { texts, paths } = sourcesOf(addresses, options.file);
  if (options.table === '-' && paths.includes('-')) {
    throw new CliError('--table', 'is standard input, give the addresses as arguments, or with --file');
  }
  const progress = new Progress();
  const complaints = new Complaints(() => progress.clear());
  const map = await loadTable(options.table, formatOption(options), complaints);
  const out = new LineWriter(process.stdout);
  const paint = painter(process.stdout);
  const print = (text: string, found: PrefixMatch<TableValue> | null, line: number | null) =>
    out.line(options.json ? jsonLine(text, found, line) : textLine(text, found, paint));
  for (const [index, text] of texts.entries()) {
    complaints.attempt(`argument ${index + 1}`, () => print(text, map.match(text, ANY_ZONE), null));
  }
  await matchFiles(paths, map, print, out, complaints, progress);
  await out.flush();
  return complaints.exitCode;
}

/** A table says nothing about interfaces. */
const ANY_ZONE = { zone: 'ignore' } as const;

async function matchFiles(
  paths: readonly string[],
  map: PrefixMap<TableValue>,
  print: (text: string, found: PrefixMatch<TableValue> | null, line: number) => void,
  out: LineWriter,
  complaints: Complaints,
  progress: Progress,
): Promise<void> {
  let last = 0;
  const cutter = (path: string) =>
    new LineCutter(
      (bytes, start, end, line) => {
        last = line;
        complaints.attempt(placeIn(path, line), () => {
          const found = map.matchBytes(bytes, start, end, ANY_ZONE);
          print(bytes.toString('latin1', start, end), found, line);
        });
      },
      (line) => complaints.complain(placeIn(path, line), `longer than ${LONGEST_LINE} bytes; write one address a line`),
    );
  for await (const _ of eachChunk(paths, complaints, cutter)) {
    await out.flush();
    progress.show(`${last} lines`);
  }
  progress.clear();
}

function jsonLine(text: string, found: PrefixMatch<TableValue> | null, line: number | null): string {
  const { prefix = null, value = null } = found ?? {};
  const address = parseAddress(text);
  return JSON.stringify({ address, prefix, value, ...(line !== null && { line }) });
}

function textLine(address: string, found: PrefixMatch<TableValue> | null, paint: Paint): string {
  if (found === null) return `${address.padEnd(24)}  ${paint('dim', '-')}`;
  return `${address.padEnd(24)}  ${String(found.prefix).padEnd(20)}  ${valueText(found.value)}`.trimEnd();
}

/** On one line, and without what a terminal would obey: tables come from elsewhere. */
function valueText(value: TableValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return escapeControls(value);
  const texts = Array.isArray(value) && value.every((each) => typeof each === 'string');
  return escapeControls(texts ? value.join(', ') : JSON.stringify(value));
}

function formatOption({ format }: Options): TableFormat | undefined {
  return format === undefined ? undefined : choiceOf('--format', format, FORMATS);
}
