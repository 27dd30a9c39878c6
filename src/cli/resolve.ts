import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Command } from 'commander';
import type { Answer, Attempt, DnsErrorCode, DnsRecord, Policy, RecordType, VerifiedName } from '../dns/index.js';
import { DnsError, RECORD_TYPES, Resolver } from '../dns/index.js';
import { classify } from '../ip/index.js';
import { describeCells } from './describe.js';
import { CliError, EXIT_OK, EXIT_USAGE, report } from './exit.js';
import type { Item } from './items.js';
import { Complaints, messageOf, readItems } from './items.js';
import type { Paint } from './output.js';
import { LineWriter, painter, table } from './output.js';
import { Progress } from './progress.js';

interface Options {
  readonly server?: readonly string[];
  readonly policy?: string;
  readonly reverse?: true;
  readonly verify?: true;
  readonly json?: true;
  readonly trace?: true;
  readonly timeout?: string;
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

/** Names of a stream that are asked for at once. */
const CONCURRENCY = 64;

/** `inaddr resolve`. */
export function resolveCommand(): Command {
  return new Command('resolve')
    .description('Resolve names by the servers of the system, or by those given, and say what the addresses are.')
    .argument('[name]', "a name or an address; none or '-' reads standard input, a name and maybe a type on each line")
    .argument('[type]', `a record type (${RECORD_TYPES.join(', ')}); default: A and AAAA`)
    .option(
      '--server <address[:port]>',
      'ask this server; may be given again',
      (one: string, all: readonly string[] = []) => [...all, one],
    )
    .option(
      '--policy <policy>',
      "'any' or 'global': fail for a name that leads to an address that is not globally reachable",
    )
    .option('--reverse', 'the names of an address')
    .option('--verify', 'the names of an address, and whether they lead back to it')
    .option('--timeout <ms>', 'the time for each question, in ms; default 5000')
    .option('--json', 'print JSON lines')
    .option('--trace', 'print every question to a server')
    .addHelpText(
      'after',
      `
Exit codes: 0 all is well, 1 some of many names failed, 2 wrong usage or a bad name, 3 no such name, 4 no such records,
5 timeout, 6 the servers failed or refused, 7 the policy denies an address.

Examples:
  inaddr resolve example.com
  inaddr resolve example.com MX --server 192.0.2.53 --trace`,
    )
    .action(async (name: string | undefined, type: string | undefined, options: Options) => {
      process.exitCode = await run(name, type, options);
    });
}

async function run(name: string | undefined, typeText: string | undefined, options: Options): Promise<number> {
  const type = typeText === undefined ? undefined : recordType(typeText);
  const resolver = makeResolver(options);
  const out = new LineWriter(process.stdout);
  const attempts = new Attempts();
  const job: Job = { options, resolver, attempts, paint: painter(process.stdout) };
  try {
    if (name !== undefined && name !== '-') {
      const { lines, error } = await one(job, name, type);
      for (const line of lines) out.line(line);
      await out.flush();
      if (error !== null) report(error.message);
      return error === null ? EXIT_OK : error.exitCode;
    }
    return await many(job, type, out);
  } finally {
    attempts.end();
    resolver.close();
  }
}

interface Job {
  readonly options: Options;
  readonly resolver: Resolver;
  readonly attempts: Attempts;
  readonly paint: Paint;
}

interface Result {
  readonly lines: readonly string[];
  readonly error: { readonly message: string; readonly exitCode: number } | null;
}

/** One name, resolved and put into words. Never rejects. */
async function one(job: Job, name: string, type: RecordType | undefined): Promise<Result> {
  const { options, resolver, paint } = job;
  const start = performance.now();
  const finish = (lines: readonly string[], error: Result['error']): Result => {
    const trace =
      options.trace && !options.json ? job.attempts.of(name).map((attempt) => traceLine(attempt, paint)) : [];
    return { lines: [...trace, ...lines], error };
  };
  try {
    if (options.verify) return finish(verifiedLines(job, name, await resolver.verifyReverse(name)), null);
    const answer = options.reverse
      ? await resolver.reverse(name)
      : type === undefined
        ? await resolver.resolve(name)
        : await resolver.resolve(name, type);
    return finish(answerLines(job, name, answer, performance.now() - start), null);
  } catch (error) {
    const code = error instanceof DnsError ? error.code : 'BAD_NAME';
    const json = { name, type: type ?? null, error: code, message: messageOf(error) };
    const lines = options.json
      ? [JSON.stringify({ ...json, ...(options.trace && { trace: job.attempts.of(name) }) })]
      : [];
    return finish(lines, { message: messageOf(error), exitCode: EXIT_CODES[code] });
  }
}

/** The names of standard input, so many at once, answered as they come. */
async function many(job: Job, type: RecordType | undefined, out: LineWriter): Promise<number> {
  const complaints = new Complaints();
  const progress = new Progress();
  const running = new Set<Promise<void>>();
  let done = 0;
  const work = async ({ text, where }: Item) => {
    const [name = '', typeText] = text.split(/\s+/);
    const own = typeText === undefined ? type : RECORD_TYPES.find((known) => known === typeText.toUpperCase());
    if (typeText !== undefined && own === undefined) {
      complaints.complain(where, `${JSON.stringify(typeText)} is no record type; write ${RECORD_TYPES.join(', ')}`);
      return;
    }
    const { lines, error } = await one(job, name, own);
    for (const line of lines) out.line(line);
    if (error !== null) complaints.complain(where, error.message);
    progress.show(`${++done} names`);
  };
  for await (const items of readItems([], complaints)) {
    for (const item of items) {
      const task: Promise<void> = work(item).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= CONCURRENCY) await Promise.race(running);
      await out.flush();
    }
  }
  await Promise.all(running);
  progress.clear();
  await out.flush();
  return complaints.exitCode;
}

function answerLines({ options, attempts, paint }: Job, name: string, answer: Answer, ms: number): string[] {
  if (options.json) {
    const records = answer.records.map((record) =>
      'address' in record ? { ...record, classification: classify(record.address) } : plainRecord(record),
    );
    return [
      JSON.stringify({ ...answer, records, ms: Math.round(ms), ...(options.trace && { trace: attempts.of(name) }) }),
    ];
  }
  const server = attempts.of(name).findLast(({ outcome }) => outcome === 'ANSWER')?.server;
  const from = server === undefined ? answer.source : `${server} in ${Math.round(ms)} ms`;
  const notes = [...(answer.stale ? ['stale'] : []), ...(answer.partial ? ['one family failed'] : [])];
  const head = paint('dim', [`${answer.name}, from ${from}`, ...notes].join(', '));
  const rows = answer.records.map((record) => {
    const ttl = record.ttl === null ? '' : `ttl ${record.ttl}`;
    if (!('address' in record)) return [record.type, recordText(record), ttl];
    const [address = '', kind = '', scope = '', reach = '', detail = ''] = describeCells(classify(record.address));
    return [record.type, address, kind, scope, reach, ttl, detail];
  });
  return [head, ...table(rows, (cell) => (cell.trim() === 'not global' ? paint('bad', cell) : cell))];
}

function verifiedLines({ options, paint }: Job, address: string, names: readonly VerifiedName[]): string[] {
  if (options.json) return names.map((found) => JSON.stringify({ address, ...found }));
  return table(
    names.map(({ name, confirmed, error }) => [
      name,
      confirmed ? 'leads back' : `does not lead back${error === null ? '' : `, ${error}`}`,
    ]),
    (cell, column) => (column === 1 ? paint(cell === 'leads back' ? 'good' : 'bad', cell) : cell),
  );
}

/** The fields of a record as a zone file has them. */
function recordText(record: Exclude<DnsRecord, { address: string }>): string {
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
      return `${record.order} ${record.preference} "${record.flags}" "${record.service}" "${record.regexp}" ${record.replacement || '.'}`;
    case 'TLSA':
      return `${record.usage} ${record.selector} ${record.match} ${Buffer.from(record.data).toString('hex')}`;
    default:
      return record.target;
  }
}

/** Bytes as hexadecimal text, for JSON. */
function plainRecord(record: DnsRecord): object {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  if (record.type === 'TXT') return { ...record, chunks: record.chunks.map(hex) };
  return record.type === 'TLSA' ? { ...record, data: hex(record.data) } : record;
}

function traceLine({ server, outcome, ms, type }: Attempted, paint: Paint): string {
  return paint('dim', `${type} ${server} ${outcome} ${ms.toFixed(1)} ms`);
}

type Attempted = Attempt & { readonly name: string; readonly type: RecordType };

/** Every question to a server, by name, as the resolver publishes them. */
class Attempts {
  readonly #byName = new Map<string, Attempted[]>();
  readonly #listen = (message: unknown) => {
    const attempt = message as Attempted;
    const known = this.#byName.get(attempt.name);
    if (known === undefined) this.#byName.set(attempt.name, [attempt]);
    else known.push(attempt);
  };

  constructor() {
    subscribe('inaddr:dns:attempt', this.#listen);
  }

  of(name: string): readonly Attempted[] {
    return this.#byName.get(name.toLowerCase().replace(/\.$/, '')) ?? [];
  }

  end(): void {
    unsubscribe('inaddr:dns:attempt', this.#listen);
  }
}

function makeResolver(options: Options): Resolver {
  try {
    return new Resolver({
      servers: options.server,
      policy: policyOf(options.policy),
      timeoutMs: timeoutOf(options.timeout),
    });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw new CliError('resolve', error.message);
    throw error;
  }
}

function policyOf(text: string | undefined): Policy {
  if (text === undefined || text === 'any' || text === 'global') return text ?? 'any';
  throw new CliError('--policy', "write 'any' or 'global'");
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text))
    throw new CliError('--timeout', 'write ms, a decimal integer from 1');
  return text === undefined ? undefined : Number(text);
}

function recordType(text: string): RecordType {
  const type = RECORD_TYPES.find((known) => known === text.toUpperCase());
  if (type === undefined)
    throw new CliError('resolve', `${JSON.stringify(text)} is no record type, write ${RECORD_TYPES.join(', ')}`);
  return type;
}
