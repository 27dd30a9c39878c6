import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import { Command } from 'commander';
import type {
  AddressRecord,
  Answer,
  AttemptEvent,
  DnsErrorCode,
  DnsRecord,
  Policy,
  RecordType,
  VerifiedName,
} from '../dns/index.js';
import { DnsError, RECORD_TYPES, Resolver } from '../dns/index.js';
import { classify } from '../ip/index.js';
import { choiceOf, choices } from './choice.js';
import { describeCells } from './describe.js';
import { CliError, EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, escapeControls, report } from './exit.js';
import { helpAfter } from './help.js';
import type { Item, Sources } from './items.js';
import { Complaints, FILE_OPTION, ItemError, messageOf, readItems, sourcesOf } from './items.js';
import type { Paint } from './output.js';
import { LineWriter, painter, table, widthOf } from './output.js';
import { Progress } from './progress.js';

interface Options {
  readonly server?: readonly string[];
  readonly policy?: string;
  readonly reverse?: true;
  readonly verify?: true;
  readonly json?: true;
  readonly trace?: true;
  readonly timeout?: string;
  readonly file?: readonly string[];
}

/** What a question without an answer ends the command with, when it is the only one. */
const EXIT_CODES: Readonly<Record<DnsErrorCode, number>> = {
  BAD_NAME: EXIT_USAGE,
  NXDOMAIN: 3,
  NODATA: 4,
  TIMEOUT: 5,
  ABORTED: 5,
  SERVFAIL: 6,
  REFUSED: 6,
  FORMERR: 6,
  NOTIMP: 6,
  BAD_RESPONSE: 6,
  UNREACHABLE: 6,
  BLOCKED: 7,
};

/** Names of a stream that are asked for at once: two families each fill the resolver's places on the wire. */
const CONCURRENCY = 64;

/** `inaddr resolve`. */
export function resolveCommand(): Command {
  return new Command('resolve')
    .description('Resolve names by the servers of the system, or by those given, and say what the addresses are.')
    .argument('[name]', "a name or an address; none or '-' reads standard input, a name and maybe a type on each line")
    .argument('[type]', `a record type (${RECORD_TYPES.join(', ')}); default: A and AAAA`)
    .option(...FILE_OPTION)
    .option(
      '--server <address[:port]>',
      'ask this server; again for the next to ask when it fails',
      (one: string, all: readonly string[] = []) => [...all, one],
    )
    .option(
      '--policy <policy>',
      "'any' or 'global': fail for a name that leads to an address that is not globally reachable",
    )
    .option('--reverse', 'the names of an address')
    .option('--verify', 'the names of an address, and whether they lead back to it')
    .option('--timeout <ms>', 'the time for each name, in ms; default 5000')
    .option('--json', 'print JSON lines')
    .option('--trace', 'print every question to a server')
    .addHelpText(
      'after',
      helpAfter(
        [
          `Names of files and of standard input are answered as the answers come, ${CONCURRENCY} at a time.`,
          'Exit codes: 0 all is well, 1 some of many names failed or no name leads back, 2 wrong usage or a bad name, 3 no such name, 4 no such records, 5 timeout, 6 the servers failed or refused, 7 the policy denies an address.',
        ],
        ['inaddr resolve example.com', 'inaddr resolve example.com MX --server 192.0.2.53 --trace'],
      ),
    )
    .action(async (name: string | undefined, type: string | undefined, options: Options) => {
      process.exitCode = await run(name, type, options);
    });
}

async function run(name: string | undefined, typeText: string | undefined, options: Options): Promise<number> {
  const type = typeText === undefined ? null : recordType(typeText);
  if (type === null && typeText !== undefined) throw new CliError('resolve', noType(typeText).message);
  if (type !== null && (options.reverse || options.verify))
    throw new CliError('resolve', 'give no type with --reverse and --verify');
  if (options.reverse && options.verify) throw new CliError('--verify', 'gives the names, too: leave out --reverse');
  if (policyOf(options.policy) === 'global' && (options.reverse || options.verify))
    throw new CliError(
      '--policy',
      `is about the addresses of names: leave it out with --${options.verify ? 'verify' : 'reverse'}`,
    );
  const sources = sourcesOf(name === undefined ? [] : [name], options.file);
  const resolver = makeResolver(options);
  const job: Job = { options, resolver, paint: painter(process.stdout) };
  const out = new LineWriter(process.stdout);
  subscribe('inaddr:dns:attempt', onAttempt);
  try {
    const [asked] = sources.texts;
    if (asked === undefined) return await many(job, sources, type, out);
    const { lines, problem, exitCode } = await one(job, asked, type);
    for (const line of lines) out.line(line);
    await out.flush();
    if (problem !== null) report(problem);
    return exitCode;
  } finally {
    unsubscribe('inaddr:dns:attempt', onAttempt);
    resolver.close();
  }
}

interface Job {
  readonly options: Options;
  readonly resolver: Resolver;
  readonly paint: Paint;
}

/** The questions of the name that is being resolved: what a name asks for is asked in its own async context. */
const attemptsOf = new AsyncLocalStorage<AttemptEvent[]>();

function onAttempt(message: unknown): void {
  attemptsOf.getStore()?.push(message as AttemptEvent);
}

interface Result {
  readonly lines: readonly string[];
  readonly problem: string | null;
  readonly exitCode: number;
}

/** One name, resolved and put into words. */
async function one(job: Job, name: string, type: RecordType | null): Promise<Result> {
  const attempts: AttemptEvent[] = [];
  return attemptsOf.run(attempts, async () => {
    const { options, paint } = job;
    const { lines, ...rest } = await resolveOne(job, name, type, attempts);
    const trace = options.trace && !options.json ? attempts.map((attempt) => paint('dim', traceLine(attempt))) : [];
    return { ...rest, lines: [...trace, ...lines] };
  });
}

async function resolveOne(
  { options, resolver, paint }: Job,
  input: string,
  type: RecordType | null,
  attempts: readonly AttemptEvent[],
): Promise<Result> {
  const start = performance.now();
  const json = (fields: object) => {
    const trace = options.trace ? { trace: attempts.map((attempt) => ({ ...attempt, ms: tenths(attempt.ms) })) } : {};
    return JSON.stringify({ input, ...fields, ms: tenths(performance.now() - start), ...trace });
  };
  try {
    if (options.verify) {
      const names = await resolver.verifyReverse(input);
      const lines = options.json ? [json({ names })] : verifiedLines(names, paint);
      return { lines, problem: null, exitCode: names.some(({ confirmed }) => confirmed) ? EXIT_OK : EXIT_FINDINGS };
    }
    const answer: Answer = await (options.reverse
      ? resolver.reverse(input)
      : type === null
        ? resolver.resolve(input)
        : resolver.resolve(input, type));
    // The one that answered; the other question for addresses may have had none.
    const server = attempts.findLast(({ outcome }) => outcome === 'ANSWER')?.server ?? null;
    const lines = options.json
      ? [json({ ...answer, records: answer.records.map(jsonRecord), server })]
      : answerLines(answer, server ?? answer.source, performance.now() - start, paint);
    return { lines, problem: null, exitCode: EXIT_OK };
  } catch (error) {
    const message = messageOf(error);
    const code = error instanceof DnsError ? error.code : 'BAD_NAME';
    // A question that the end of the time has cut off is told of a moment later.
    if (options.trace) await setImmediate();
    return {
      lines: options.json ? [json({ type, error: code, message })] : [],
      problem: message,
      exitCode: EXIT_CODES[code],
    };
  }
}

/** The names of files, so many at once, answered as they come. */
async function many(job: Job, sources: Sources, type: RecordType | null, out: LineWriter): Promise<number> {
  const progress = new Progress();
  const complaints = new Complaints(() => progress.clear());
  const items = itemsOf(sources, complaints);
  let done = 0;
  // One flush at a time waits for whoever reads; the names of the others wait with it.
  let flushed = Promise.resolve();
  const work = async () => {
    for await (const { text, where } of items) {
      const read = complaints.attempt(where, () => readLine(text, type, job.options));
      if (read !== null) {
        const { lines, problem, exitCode } = await one(job, read.name, read.type);
        for (const line of lines) out.line(line);
        if (problem !== null) complaints.complain(where, problem);
        else if (exitCode !== EXIT_OK) complaints.exitCode = EXIT_FINDINGS;
      }
      progress.show(`${++done} names`);
      flushed = flushed.then(() => out.flush());
      await flushed;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work));
  progress.clear();
  // Input that can't be read on, after the answers that there are.
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return complaints.exitCode;
}

async function* itemsOf(sources: Sources, complaints: Complaints): AsyncGenerator<Item, void, undefined> {
  for await (const items of readItems(sources, complaints)) yield* items;
}

/** A name, and its own type when there is one beside it. */
function readLine(
  text: string,
  type: RecordType | null,
  { reverse, verify }: Options,
): { readonly name: string; readonly type: RecordType | null } {
  const [name = '', typeText, ...rest] = text.split(/[ \t]+/);
  if (typeText === undefined) return { name, type };
  if (rest.length > 0 || reverse || verify) {
    const line = reverse || verify ? 'an address' : 'a name and maybe a type';
    throw new ItemError(`${JSON.stringify(text)} is not one question`, `write ${line} on each line`);
  }
  const own = recordType(typeText);
  if (own === null) throw noType(typeText);
  return { name, type: own };
}

function answerLines(answer: Answer, from: string, ms: number, paint: Paint): string[] {
  const notes = [...(answer.stale ? ['stale'] : []), ...(answer.partial ? ['one family failed'] : [])];
  const head = [`${answer.name || '.'} from ${from} in ${ms.toFixed(1)} ms`, ...notes].join(', ');
  const rows = answer.records.map((record) => {
    const ttl = record.ttl === null ? [] : [`ttl ${record.ttl}`];
    if (!('address' in record)) return [record.type, escapeControls(recordText(record)), ...ttl];
    const [address = '', kind = '', scope = '', reach = '', detail = ''] = describeCells(classify(record.address));
    return [record.type, address, kind, scope, reach, ...ttl, detail];
  });
  const paintReach = (cell: string) => (cell.trim() === 'not global' ? paint('bad', cell) : cell);
  // What is said of an address may be cut, never a record.
  const detail = answer.records.some(({ ttl }) => ttl !== null) ? 6 : 5;
  return [paint('dim', head), ...table(rows, paintReach, { width: widthOf(process.stdout), cut: [detail] })];
}

function verifiedLines(names: readonly VerifiedName[], paint: Paint): string[] {
  const rows = names.map(({ name, confirmed, error }) => {
    const verdict = confirmed ? 'leads back' : `does not lead back${error === null ? '' : `, ${error}`}`;
    return [escapeControls(name), verdict];
  });
  return table(rows, (cell, column) => (column === 1 ? paint(cell === 'leads back' ? 'good' : 'bad', cell) : cell));
}

function traceLine({ name, type, server, outcome, ms }: AttemptEvent): string {
  return `asked ${server} for ${name || '.'} ${type}: ${outcome} in ${ms.toFixed(1)} ms`;
}

/** The fields of a record as a zone file has them. */
function recordText(record: Exclude<DnsRecord, AddressRecord>): string {
  switch (record.type) {
    case 'TXT':
      return JSON.stringify(record.text);
    case 'MX':
      return record.exchange === null ? 'no mail is taken (RFC 7505)' : `${record.priority} ${record.exchange}`;
    case 'SRV':
      return record.target === null
        ? 'no such service (RFC 2782)'
        : `${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case 'CAA':
      return `${record.critical} ${record.tag} ${JSON.stringify(record.value)}`;
    case 'SOA':
      return `${record.nsname} ${record.hostmaster} ${record.serial} ${record.refresh} ${record.retry} ${record.expire} ${record.minttl}`;
    case 'NAPTR':
      return `${record.order} ${record.preference} ${[record.flags, record.service, record.regexp].map((text) => JSON.stringify(text)).join(' ')} ${record.replacement || '.'}`;
    case 'TLSA':
      return `${record.usage} ${record.selector} ${record.match} ${hex(record.data)}`;
    default:
      return record.target || '.';
  }
}

/** A record as JSON has it: bytes as hexadecimal text, an address with what it is. */
function jsonRecord(record: DnsRecord): object {
  if ('address' in record) return { ...record, classification: classify(record.address) };
  if (record.type === 'TXT') return { ...record, chunks: record.chunks.map(hex) };
  return record.type === 'TLSA' ? { ...record, data: hex(record.data) } : record;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function makeResolver({ server, policy, timeout }: Options): Resolver {
  const options = { policy: policyOf(policy), timeoutMs: timeoutOf(timeout) };
  try {
    return new Resolver({ ...options, servers: server });
  } catch (error) {
    // What is wrong with a server is said with the server.
    if (error instanceof TypeError) throw new CliError('--server', error.message.replace(/^server /, ''));
    throw error;
  }
}

const POLICIES = ['any', 'global'] as const;

function policyOf(text: string | undefined): Policy {
  return choiceOf('--policy', text ?? 'any', POLICIES);
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text))
    throw new CliError('--timeout', 'write ms, a decimal integer from 1 to 999999999');
  return text === undefined ? undefined : Number(text);
}

/** The type that a text names, in any case; null when it names none. */
function recordType(text: string): RecordType | null {
  return RECORD_TYPES.find((known) => known === text.toUpperCase()) ?? null;
}

function noType(text: string): ItemError {
  return new ItemError(`${JSON.stringify(text)} is no record type`, choices(text, RECORD_TYPES));
}
