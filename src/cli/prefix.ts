import { Command } from 'commander';
import { addressClass } from '../ip/classify.js';
import {
  type Address,
  AddressRange,
  classifyPrefix,
  Prefix,
  PrefixSet,
  type PrefixSetBuilder,
  parseAddress,
  parsePrefix,
  parseRange,
  safeParsePrefix,
} from '../ip/index.js';
import { choiceOf } from './choice.js';
import { CliError, EXIT_FINDINGS, EXIT_USAGE } from './exit.js';
import { helpAfter } from './help.js';
import { Complaints, FILE_OPTION, ItemError, integerOf, readItems, sourcesOf } from './items.js';
import type { Paint } from './output.js';
import { LineWriter, painter } from './output.js';

interface Options {
  readonly json?: true;
  readonly mask?: true;
  readonly file?: readonly string[];
}

/** How many reverse zones a description lists; more are only counted. */
const MOST_ZONES = 16;

/** `inaddr prefix`. */
export function prefixCommand(): Command {
  const prefix = new Command('prefix')
    .description(
      'Work with prefixes: all read arguments, or standard input one item a line, and print text or JSON lines.',
    )
    .helpCommand(false)
    .addHelpText(
      'after',
      helpAfter(
        ["Exit codes: 0 all is well, 1 an item can't be read, or contains said no, 2 wrong usage."],
        ['inaddr prefix info 10.0.0.0/22', 'inaddr prefix merge < prefixes.txt'],
      ),
    );
  const sub = (name: string, description: string, examples: readonly string[]) =>
    prefix
      .command(name)
      .description(description)
      .option(...FILE_OPTION)
      .option('--json', 'print JSON lines')
      .addHelpText(
        'after',
        helpAfter(
          [],
          examples.map((example) => `inaddr prefix ${example}`),
        ),
      );

  sub('info', 'Describe prefixes: addresses, masks, hosts, class, registry rows, reverse zones, bits.', [
    'info 10.0.0.0/22',
    'info --mask 10.1.2.3/8',
  ])
    .argument('[prefix...]', 'prefixes')
    .option('--mask', 'clear bits after the prefix instead of refusing them')
    .action((given: string[], options: Options) => run(options, async (out) => info(given, options, out)));
  sub('split', 'Split prefixes into subnets of a length.', [
    'split 10.0.0.0/22 --length 24',
    'split 2001:db8::/32 --length 34',
  ])
    .argument('[prefix...]', 'prefixes')
    .option('--length <bits>', 'the length of the subnets, which must be given')
    .action((given: string[], options: Options & { length?: string }) =>
      run(options, async (out) => split(given, options, out)),
    );
  sub('merge', 'Merge prefixes, ranges and addresses into the fewest prefixes.', [
    'merge 10.0.0.0/25 10.0.0.128/25',
    'merge < blocklist.txt',
  ])
    .argument('[item...]', 'prefixes, ranges (first-last) and addresses')
    .action((given: string[], options: Options) => run(options, async (out) => merge(given, out)));
  sub('subtract', 'Take prefixes, ranges and addresses out of a prefix.', [
    'subtract 10.0.0.0/8 10.1.0.0/16',
    'subtract 0.0.0.0/0 < taken.txt',
  ])
    .argument('<prefix>', 'the prefix to take from')
    .argument('[item...]', 'what to take out')
    .action((from: string, given: string[], options: Options) =>
      run(options, async (out) => subtract(from, given, out)),
    );
  sub('contains', 'Say of addresses, prefixes and ranges whether they are in a prefix; exit 1 when one is not.', [
    'contains 10.0.0.0/8 10.1.2.3 ::ffff:10.0.0.1',
    'contains 2001:db8::/32 < addresses.txt',
  ])
    .argument('<prefix>', 'the prefix')
    .argument('[item...]', 'prefixes, ranges (first-last) and addresses')
    .action((outer: string, given: string[], options: Options) =>
      run(options, async (out) => contains(outer, given, out)),
    );
  sub('range', 'Write ranges as the fewest prefixes.', ['range 10.0.0.3 10.0.0.9', 'range 10.0.0.3-10.0.0.9'])
    .argument('[address...]', 'a first and a last address, or first-last texts')
    .action((given: string[], options: Options) => run(options, async (out) => range(given, options, out)));
  sub('reverse', 'Print the reverse DNS zones of prefixes, or the name of an address.', [
    'reverse 10.1.0.0/22',
    'reverse 192.0.2.128/25 --classless range',
  ])
    .argument('[prefix...]', 'prefixes and addresses')
    .option('--classless <form>', "form of zones longer than /24: 'slash' (0/25) or 'range' (0-127)", 'slash')
    .action((given: string[], options: Options & { classless: string }) =>
      run(options, async (out) => reverse(given, options, out)),
    );
  return prefix;
}

/** Subnets are endless: lines go out in pieces of so many. */
const FLUSH_LINES = 1000;

/** Where a command puts what it finds: text for people, or a JSON line. */
class Output {
  readonly complaints = new Complaints();
  readonly paint: Paint = painter(process.stdout);
  readonly #lines = new LineWriter(process.stdout);
  readonly #options: Options;
  #unwritten = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A result, as text or as JSON; the text is made only when it is printed. */
  async put(text: () => string, json: unknown): Promise<void> {
    this.#lines.line(this.#options.json ? JSON.stringify(json) : text());
    if (++this.#unwritten < FLUSH_LINES) return;
    await this.flush();
  }

  async flush(): Promise<void> {
    this.#unwritten = 0;
    await this.#lines.flush();
  }

  /**
   * What `read` makes of each argument, or line of the files; what it refuses is reported. The answers to what there is
   * are written before more input is waited for.
   */
  async *each<T>(given: readonly string[], read: (text: string) => T): AsyncGenerator<T, void, undefined> {
    for await (const items of readItems(sourcesOf(given, this.#options.file), this.complaints)) {
      for (const { text, where } of items) {
        const found = this.complaints.attempt(where, () => ({ value: read(text) }));
        if (found !== null) yield found.value;
      }
      await this.flush();
    }
  }
}

async function run(options: Options, work: (out: Output) => Promise<void>): Promise<void> {
  const out = new Output(options);
  await work(out);
  await out.flush();
  process.exitCode = out.complaints.exitCode;
}

async function info(given: readonly string[], options: Options, out: Output): Promise<void> {
  const hostBits = options.mask ? 'mask' : 'reject';
  let before: string[] = [];
  for await (const prefix of out.each(given, (text) => parsePrefix(text, { hostBits }))) {
    await out.put(() => [...before, ...infoLines(prefix, out.paint)].join('\n'), infoJson(prefix));
    before = [''];
  }
}

function infoJson(prefix: Prefix): object {
  const [firstHost, lastHost] = prefix.hostRange();
  const { zones, count } = zonesOf(prefix);
  return {
    ...classifyPrefix(prefix),
    length: prefix.length,
    first: prefix.first,
    last: prefix.last,
    size: String(prefix.size),
    netmask: prefix.netmask,
    hostmask: prefix.hostmask,
    firstHost,
    lastHost,
    hosts: String(lastHost.toBigInt() - firstHost.toBigInt() + 1n),
    reverseZones: zones,
    reverseZoneCount: count,
  };
}

function infoLines(prefix: Prefix, paint: Paint): string[] {
  const found = classifyPrefix(prefix);
  const [firstHost, lastHost] = prefix.hostRange();
  const ipv4 = prefix.family === 4;
  const reach = { all: 'all globally reachable', some: 'some globally reachable', none: 'not globally reachable' };
  const style = { all: 'good', some: 'warn', none: 'bad' } as const;
  const { zones, count } = zonesOf(prefix);
  const rows: [string, string][] = [
    ['family', ipv4 ? `IPv4, ${classesOf(prefix)}` : 'IPv6'],
    ['network', String(prefix.first)],
    [ipv4 && prefix.length < 31 ? 'broadcast' : 'last', String(prefix.last)],
    [
      'addresses',
      `${prefix.size}${prefix.length < 64 && !ipv4 ? `, ${2n ** BigInt(64 - prefix.length)} subnets of /64` : ''}`,
    ],
    ['hosts', `${firstHost} to ${lastHost}, ${lastHost.toBigInt() - firstHost.toBigInt() + 1n}`],
    ...(ipv4
      ? ([
          ['netmask', String(prefix.netmask)],
          ['wildcard', String(prefix.hostmask)],
        ] as [string, string][])
      : []),
    ['kinds', found.kinds.join(', ')],
    ['reachable', paint(style[found.globallyReachable], reach[found.globallyReachable])],
    ...found.blocks.map((block, i): [string, string] => [
      i === 0 ? 'blocks' : '',
      `${block.prefix} ${block.name}, ${block.rfc}`,
    ]),
    ...zones.map((zone, i): [string, string] => [i === 0 ? 'reverse' : '', zone]),
    ...(count > zones.length ? ([['', `and ${count - zones.length} more`]] as [string, string][]) : []),
    ['bits', bitsLine(prefix)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    paint('strong', String(prefix)),
    ...rows.map(([name, text]) => `  ${paint('dim', name.padEnd(width))}  ${text}`),
  ];
}

/** The class of a prefix of IPv4; a short one spans several. */
function classesOf({ first, last }: Prefix): string {
  const [from, to] = [first, last].map((address) => addressClass((address.toBytes()[0] ?? 0) << 24));
  return from === to ? `class ${from}` : `classes ${from} to ${to}`;
}

/** The bits with `|` where the prefix ends; groups as the family writes them. */
function bitsLine(prefix: Prefix): string {
  const size = prefix.family === 4 ? 8 : 16;
  const bits = [...prefix.first.toBytes()].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const host = prefix.family === 4 ? 'h' : '.';
  return [...bits]
    .map((bit, i) => {
      const mark = i === prefix.length ? '|' : '';
      const gap = i > 0 && i % size === 0 ? (prefix.family === 4 ? '.' : ':') : '';
      return gap + mark + (i < prefix.length ? bit : host);
    })
    .join('');
}

/** The first of the reverse zones, and how many there are: a /9 of IPv4 has half of all its /16 to name. */
function zonesOf(prefix: Prefix): { zones: string[]; count: number } {
  const zones = prefix.reverseZones();
  return { zones: zones.slice(0, MOST_ZONES), count: zones.length };
}

async function split(given: readonly string[], options: { length?: string }, out: Output): Promise<void> {
  if (options.length === undefined)
    throw new CliError('prefix split', 'say how long the subnets are with --length BITS');
  const length = integerOf(options.length, '--length');
  const longEnough = (text: string) => {
    const prefix = parsePrefix(text);
    const longest = prefix.family === 4 ? 32 : 128;
    if (length >= prefix.length && length <= longest) return prefix;
    throw new ItemError(`${prefix}: no subnets of /${length}`, `give --length ${prefix.length} to ${longest}`);
  };
  for await (const prefix of out.each(given, longEnough)) {
    for (const subnet of prefix.subnets(length)) await out.put(() => String(subnet), { prefix, subnet });
  }
}

async function merge(given: readonly string[], out: Output): Promise<void> {
  const set = await setOf(given, out);
  for (const prefix of set?.prefixes() ?? []) await out.put(() => String(prefix), { prefix });
}

async function subtract(from: string, given: readonly string[], out: Output): Promise<void> {
  const whole = PrefixSet.from([usagePrefix(from)]);
  const taken = await setOf(given, out);
  if (taken === null) return;
  const left = whole.subtract(taken);
  for (const prefix of left.prefixes()) await out.put(() => String(prefix), { prefix });
}

/** All items together; null when a file can't be read: nobody would see what is missing. */
async function setOf(given: readonly string[], out: Output): Promise<PrefixSet | null> {
  const builder: PrefixSetBuilder = PrefixSet.builder();
  for await (const item of out.each(given, itemOf)) builder.add(item);
  return out.complaints.exitCode === EXIT_USAGE ? null : builder.build();
}

async function contains(outer: string, given: readonly string[], out: Output): Promise<void> {
  const prefix = usagePrefix(outer);
  const ask = (text: string) => {
    const item = isRange(text) ? parseRange(text) : text.includes('/') ? parsePrefix(text) : parseAddress(text);
    const parts: readonly (Address | Prefix)[] = item instanceof AddressRange ? [item.first, item.last] : [item];
    return { text, item, contained: parts.every((part) => prefix.contains(part, { zone: 'ignore' })) };
  };
  for await (const { text, item, contained } of out.each(given, ask)) {
    const word = contained ? out.paint('good', 'yes') : out.paint('bad', 'no');
    await out.put(() => `${text.padEnd(24)}  ${word}`, { prefix, item, contained });
    if (!contained) out.complaints.exitCode = Math.max(out.complaints.exitCode, EXIT_FINDINGS);
  }
}

async function range(given: readonly string[], options: Options, out: Output): Promise<void> {
  const { texts } = sourcesOf(given, options.file);
  // Two texts that are no ranges themselves are the ends of one.
  const ends = texts.length === 2 && !texts.some((text) => text.includes('-'));
  for await (const found of out.each(ends ? [texts.join('-')] : given, parseRange)) {
    for (const prefix of found.toPrefixes()) await out.put(() => String(prefix), { range: found, prefix });
  }
}

/** How RFC 2317 and others write zones longer than /24. */
const CLASSLESS = ['slash', 'range'] as const;

async function reverse(given: readonly string[], options: { classless: string }, out: Output): Promise<void> {
  const classless = choiceOf('--classless', options.classless, CLASSLESS);
  for await (const prefix of out.each(given, prefixOrAddress)) {
    for (const zone of prefix.reverseZones({ classless })) await out.put(() => zone, { prefix, zone });
  }
}

/** A prefix, a range or an address of a list. */
function itemOf(text: string): Prefix | AddressRange {
  return isRange(text) ? parseRange(text) : prefixOrAddress(text);
}

/** A zone may have a dash. */
function isRange(text: string): boolean {
  return text.includes('-') && !text.includes('%');
}

function prefixOrAddress(text: string): Prefix {
  if (text.includes('/')) return parsePrefix(text);
  const address = parseAddress(text);
  return Prefix.from(address, address.family === 4 ? 32 : 128);
}

/** The prefix that a command is about: without it there is nothing to do. */
function usagePrefix(text: string): Prefix {
  const parsed = safeParsePrefix(text);
  if (!parsed.success) throw new CliError('prefix', parsed.error.message);
  return parsed.data;
}
