import { Command } from 'commander';
import { quote } from '../ip/address-parse-error.js';
import type { AddressKind, Classification } from '../ip/index.js';
import { AddressParseError, classify, safeParseAddress } from '../ip/index.js';
import { readBytes } from '../ip/read-bytes.js';
import { allVerdicts } from '../ip/verdict.js';
import { choices } from './choice.js';
import { describeCells, describeLines } from './describe.js';
import { CliError, EXIT_FINDINGS } from './exit.js';
import { Extractor } from './extract.js';
import { helpAfter } from './help.js';
import { Complaints, eachChunk, FILE_OPTION, placeIn, sourcesOf } from './items.js';
import { LineCutter, LONGEST_LINE } from './lines.js';
import type { Paint } from './output.js';
import { LineWriter, painter, table, widthOf } from './output.js';
import { printCounts, Summary } from './summary.js';

const KINDS: readonly string[] = [...new Set(allVerdicts().map(({ kind }) => kind))].sort();

interface Options {
  readonly json?: true;
  readonly extract?: true;
  readonly summary?: true;
  readonly global?: true;
  readonly file?: readonly string[];
  readonly only?: readonly AddressKind[];
  readonly not?: readonly AddressKind[];
  readonly failOn?: readonly AddressKind[];
  readonly nat64?: readonly string[];
}

/** Where an address was found, in a stream or by `--extract`. */
interface Place {
  /** The path given with --file. */
  readonly file?: string;
  readonly line?: number;
  /** In `--extract` only: where in the line, in characters from 1. */
  readonly column?: number;
}

/** `inaddr classify`. */
export function classifyCommand(): Command {
  const texts = (value: string, list: readonly string[] = []) => [...list, value];
  const kinds = (value: string, list: readonly AddressKind[] = []) => [
    ...list,
    ...value.split(',').map((text) => kindOf(text.trim())),
  ];
  return new Command('classify')
    .description('Say what addresses are: of the arguments, of files, or of standard input, one a line.')
    .argument('[address...]', "addresses; none or '-' reads standard input")
    .option('--json', 'print JSON lines')
    .option(...FILE_OPTION)
    .option('--extract', 'find every address in free text, with line and column')
    .option('--summary', 'count by kind, scope and class')
    .option('--only <kind>', 'print these kinds only; a list with commas, or again', kinds)
    .option('--not <kind>', 'leave out these kinds, an embedded IPv4 address counts, too', kinds)
    .option('--global', 'print globally reachable addresses only')
    .option(
      '--fail-on <kind>',
      'exit 1 when the input, printed or not, has one of these kinds; an embedded IPv4 address counts, too',
      kinds,
    )
    .option('--nat64 <prefix>', 'a NAT64 prefix of the network, e.g. 64:ff9b:1::/48; may be given again', texts)
    .addHelpText(
      'after',
      helpAfter(
        [
          `Kinds: ${KINDS.join(', ')}.`,
          'Blank lines and blanks around an address are passed over; a line that is no address is reported on standard error.',
          'Exit codes: 0 all is well, 1 a line was no address or --fail-on found one, 2 wrong usage or unreadable input.',
        ],
        ['inaddr classify 10.1.2.3 ::ffff:127.0.0.1', 'inaddr classify --extract --global --json < access.log'],
      ),
    )
    .action(async (addresses: readonly string[], options: Options) => {
      process.exitCode = await run(addresses, options);
    });
}

function kindOf(text: string): AddressKind {
  const kind = allVerdicts().find((verdict) => verdict.kind === text)?.kind;
  if (kind === undefined) throw new CliError(`there is no kind ${quote(text)}`, choices(text, KINDS));
  return kind;
}

async function run(addresses: readonly string[], options: Options): Promise<number> {
  checkNat64(options.nat64 ?? []);
  const sources = sourcesOf(addresses, options.file);
  const job = new Job(options);
  if (sources.texts.length > 0) runArguments(sources.texts, job, options);
  else await runInputs(sources.paths, job, options);
  await job.finish();
  return job.complaints.exitCode;
}

/** Arguments are few: all of them are classified before a table is drawn. */
function runArguments(addresses: readonly string[], job: Job, options: Options): void {
  if (options.extract) {
    addresses.forEach((text, index) => {
      const extractor = new Extractor((address, line, column) => job.take(address, { line: index + line, column }));
      extractor.push(Buffer.from(text));
      extractor.end();
    });
    return;
  }
  for (const [index, text] of addresses.entries()) {
    const parsed = safeParseAddress(text);
    if (parsed.success) job.take(text, {});
    else job.complaints.complain(`argument ${index + 1}`, parsed.error.message);
  }
  job.describeSingle = addresses.length === 1;
}

async function runInputs(paths: readonly string[], job: Job, options: Options): Promise<void> {
  job.streaming = true;
  const reader = (path: string) => {
    const file = path === '-' ? {} : { file: path };
    return options.extract ? extractor(job, file) : lineReader(job, path, file);
  };
  // After each chunk: who types an address, or follows a log, gets an answer.
  for await (const _ of eachChunk(paths, job.complaints, reader)) await job.flush();
}

function extractor(job: Job, file: Place): Extractor {
  return new Extractor((address, line, column) => job.take(address, { ...file, line, column }));
}

function lineReader(job: Job, path: string, file: Place): LineCutter {
  const { summary } = job;
  // Without filters a summary needs no address as text: the bytes go from the file into the counts.
  const countOnly = summary !== null && !job.filters;
  return new LineCutter(
    (bytes, start, end, line) => {
      const family = readBytes(bytes, start, end);
      if (family === 0) {
        const parsed = safeParseAddress(bytes.toString('utf8', start, end));
        if (!parsed.success) job.complaints.complain(placeIn(path, line), parsed.error.message);
      } else if (countOnly) summary.addWords(family);
      else job.take(bytes.toString('latin1', start, end), { ...file, line });
    },
    (line) =>
      job.complaints.complain(
        placeIn(path, line),
        `longer than ${LONGEST_LINE} bytes; write one address a line, or use --extract`,
      ),
  );
}

function checkNat64(nat64: readonly string[]): void {
  try {
    classify('::1', { nat64 });
  } catch (error) {
    if (error instanceof AddressParseError) throw new CliError('--nat64', error.message);
    throw error;
  }
}

/** One run of the command: what is asked for, and what has been found. */
class Job {
  readonly complaints = new Complaints();
  /** Whether addresses come from a stream, so that nothing may be kept for the end. */
  streaming = false;
  /** Whether the address was the only one, and gets a full description. */
  describeSingle = false;
  readonly summary: Summary | null;
  /** Whether each address has to be looked at. */
  readonly filters: boolean;
  readonly #options: Options;
  readonly #out = new LineWriter(process.stdout);
  readonly #paint: Paint = painter(process.stdout);
  readonly #kept: { readonly found: Classification; readonly place: Place }[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.summary = options.summary ? new Summary() : null;
    const { only, not, failOn, nat64, global } = options;
    this.filters = [only, not, failOn, nat64, global].some((option) => option !== undefined);
  }

  flush(): Promise<void> {
    return this.#out.flush();
  }

  /** Takes a text that is an address. */
  take(text: string, place: Place): void {
    const { only, not = [], global, failOn = [], json, nat64 } = this.#options;
    const found = classify(text, { nat64 });
    if (anyLayer(found, failOn)) this.complaints.exitCode = Math.max(this.complaints.exitCode, EXIT_FINDINGS);
    if (only !== undefined && !only.includes(found.kind)) return;
    if (anyLayer(found, not) || (global && !found.globallyReachable)) return;
    if (this.summary !== null) this.summary.add(found);
    else if (json) this.#out.line(jsonLine(found, place));
    else if (this.streaming) this.#out.line(this.#streamLine(found, place));
    else this.#kept.push({ found, place });
  }

  async finish(): Promise<void> {
    if (this.summary !== null) {
      const counts = this.summary.counts();
      if (this.#options.json) this.#out.line(JSON.stringify(counts));
      else for (const line of printCounts(counts, this.#paint)) this.#out.line(line);
    } else {
      for (const line of this.#keptLines()) this.#out.line(line);
    }
    await this.#out.flush();
  }

  #keptLines(): string[] {
    const [first] = this.#kept;
    if (first === undefined) return [];
    if (this.describeSingle) return describeLines(first.found, this.#options.nat64 ?? [], this.#paint);
    const rows = this.#kept.map(({ found, place }) => [...placeCells(place), ...describeCells(found)]);
    const before = placeCells(first.place).length;
    const paint = (cell: string, column: number) =>
      column === before + REACH_COLUMN ? paintReach(cell, this.#paint) : cell;
    return table(rows, paint, { width: widthOf(process.stdout), cut: [before + DETAIL_COLUMN] });
  }

  /** A stream can't be measured before it is printed: columns have the width of most addresses. */
  #streamLine(found: Classification, place: Place): string {
    const widths = [24, 14, 12, 10];
    const cells = describeCells(found).map((cell, i) => {
      const padded = cell.padEnd(widths[i] ?? 0);
      return i === REACH_COLUMN ? paintReach(padded, this.#paint) : padded;
    });
    return [...placeCells(place).map((cell) => cell.padEnd(8)), ...cells].join('  ').trimEnd();
  }
}

/** The place is put behind the address's own fields without copying them. */
function jsonLine(found: Classification, place: Place): string {
  const json = JSON.stringify(found);
  return place.line === undefined ? json : `${json.slice(0, -1)},${JSON.stringify(place).slice(1)}`;
}

function placeCells({ file, line, column }: Place): string[] {
  return column === undefined ? [] : [`${file === undefined ? '' : `${file}:`}${line}:${column}`];
}

/** Which of `describeCells` says whether the address is reachable. */
const REACH_COLUMN = 3;
/** Which of them may be cut. */
const DETAIL_COLUMN = 4;

function paintReach(cell: string, paint: Paint): string {
  return paint(cell.trimEnd() === 'global' ? 'good' : 'bad', cell);
}

/** Whether the address, or the IPv4 address in it, is of one of the kinds: who denies must not be evaded by a wrapping. */
function anyLayer({ kind, embedded }: Classification, kinds: readonly AddressKind[]): boolean {
  return kinds.includes(kind) || (embedded !== null && kinds.includes(embedded.kind));
}
