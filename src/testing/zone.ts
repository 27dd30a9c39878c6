import { checkOptions } from '../checks/options.js';
import { shown } from '../checks/quote.js';
import { checkInteger, checkText } from './arguments.js';
import { nameProblem } from './name.js';
import { DEFAULT_TTL, toResource, type ZoneRecord, ZoneRecordError } from './record.js';
import { type RecordTypeName, typeName, typeNumber } from './record-type.js';

/**
 * Zone files, RFC 1035 section 5. Read here and not by a package: those of the registry pass over lines that they do not
 * understand (`  NS ns1`, a TTL after the class), take the owner `10` of a reverse zone for a TTL, and cut TTLs off at 2^31.
 */

export interface ZoneOptions {
  /** What names without a dot at the end are under, until `$ORIGIN` says another. Default: there are none. */
  readonly origin?: string | undefined;
  /** Seconds, for records without a TTL before any `$TTL` and any record with one. Default 300. */
  readonly ttl?: number | undefined;
}

/** Thrown for text that is no zone file, or asks for what is not read here. */
export class ZoneParseError extends Error {
  override readonly name = 'ZoneParseError';
  /** The line, from 1, on which the entry begins. */
  readonly line: number;
  /** What to write instead. */
  readonly hint: string;

  constructor(line: number, problem: string, hint: string, cause?: unknown) {
    super(`line ${line}: ${problem}; ${hint}`, cause === undefined ? undefined : { cause });
    this.line = line;
    this.hint = hint;
  }
}

/**
 * The records of a zone file: the types of `node:dns`, and every other in the form of RFC 3597 (`TYPE65 \# 4 00010000`).
 * `$ORIGIN` and `$TTL` are followed; TTLs may have units (`1h30m`) and may be up to 4294967295; the class is IN. Strict: what
 * is not understood is an error and not passed over.
 *
 * @throws {ZoneParseError}
 * @throws {TypeError} for what is no text, and for an option that there is not or is none
 * @throws {RangeError} for a TTL out of its range, and for an origin that is no name
 * @see RFC 1035 section 5, RFC 2308 section 4, RFC 3597 section 5
 */
export function parseZone(text: string, options: ZoneOptions = {}): ZoneRecord[] {
  checkText('zone', text, 'the text of a zone file');
  checkOptions(options, ['origin', 'ttl']);
  const { origin, ttl = DEFAULT_TTL } = options;
  checkInteger('ttl', ttl, 0, 0xffff_ffff);
  if (origin !== undefined) checkText('origin', origin, 'a name');
  const problem = origin === undefined ? null : nameProblem(origin);
  if (problem !== null) throw new RangeError(`origin: ${problem}`);
  const records: ZoneRecord[] = [];
  const state: State = { origin: origin?.replace(/(?<=.)\.$/, '') ?? null, owner: null, ttl, hasDefault: false };
  for (const entry of entriesOf(text)) {
    const record = readEntry(entry, state);
    if (record === null) continue;
    try {
      toResource(record);
    } catch (error) {
      if (!(error instanceof ZoneRecordError)) throw error;
      throw new ZoneParseError(entry.line, `bad ${error.field} of a ${record.type} record`, error.hint, error);
    }
    records.push(record);
  }
  return records;
}

// --- entries

interface Token {
  /** Without its quotes, with its escapes. */
  readonly text: string;
  readonly quoted: boolean;
}

interface Entry {
  readonly line: number;
  /** It begins with a blank: the owner is that of the entry before. */
  readonly inherits: boolean;
  readonly tokens: readonly Token[];
}

const LEXEME = /[ \t\r\f]+|;[^\n]*|[\n()]|"(?<quoted>(?:\\[^\n]|[^"\\\n])*)"|(?<word>(?:\\[^\n]|[^\s;()"\\])+)/gy;

function entriesOf(text: string): Entry[] {
  // Some editors leave a byte order mark.
  const source = `${text.replace(/^\ufeff/, '')}\n`;
  const entries: Entry[] = [];
  let tokens: Token[] = [];
  let line = 1;
  let first = 1;
  let depth = 0;
  let end = 0;
  let inherits = /^[ \t]/.test(source);
  for (const lexeme of source.matchAll(LEXEME)) {
    end = lexeme.index + lexeme[0].length;
    const { quoted, word } = lexeme.groups ?? {};
    if (quoted !== undefined || word !== undefined) {
      if (tokens.length === 0) first = line;
      tokens.push({ text: quoted ?? word ?? '', quoted: quoted !== undefined });
    } else if (lexeme[0] === '(' || lexeme[0] === ')') {
      depth += lexeme[0] === '(' ? 1 : -1;
      if (depth < 0 || depth > 1)
        throw new ZoneParseError(line, `misplaced ${lexeme[0]}`, 'they go in pairs, not nested');
    } else if (lexeme[0] === '\n') {
      line += 1;
      if (depth > 0) continue;
      if (tokens.length > 0) entries.push({ line: first, inherits, tokens });
      tokens = [];
      inherits = /[ \t]/.test(source.charAt(end));
    }
  }
  if (end < source.length) throw new ZoneParseError(line, 'a quote or an escape without its end', 'end it on its line');
  if (depth > 0) throw new ZoneParseError(first, '( without )', 'close it');
  return entries;
}

// --- one entry

/** What one entry leaves to those after it. */
interface State {
  origin: string | null;
  owner: string | null;
  /** Of the last `$TTL`; without one, that of the last record that had its own. */
  ttl: number;
  hasDefault: boolean;
}

/** The record of an entry, `null` when it is a directive. */
function readEntry({ line, inherits, tokens }: Entry, state: State): ZoneRecord | null {
  const rest = new Fields(line, tokens, state);
  if (!inherits && tokens[0]?.quoted === false && tokens[0].text.startsWith('$')) {
    readDirective(rest, state);
    return null;
  }
  if (!inherits) state.owner = rest.name('owner');
  if (state.owner === null) throw new ZoneParseError(line, 'no owner', 'begin the first entry with a name');

  const { ttl, type } = readHead(rest);
  if (ttl !== null && !state.hasDefault) state.ttl = ttl;
  const head = { name: state.owner, ttl: ttl ?? state.ttl };
  const record = rest.peek() === '\\#' ? { ...head, type, rdata: rest.generic() } : readRecord(rest, head, type);
  rest.end();
  return record;
}

function readDirective(rest: Fields, state: State): void {
  const directive = rest.word('directive').toUpperCase();
  if (directive === '$ORIGIN') state.origin = rest.name('origin');
  else if (directive === '$TTL') {
    state.ttl = rest.time('TTL');
    state.hasDefault = true;
  } else rest.fail(`${shown(directive)} is not read`, 'write its records out');
  rest.end();
}

/** `[TTL] [class] type`, or the first two the other way round. */
function readHead(rest: Fields): { ttl: number | null; type: RecordTypeName } {
  let ttl: number | null = null;
  let hasClass = false;
  for (;;) {
    const next = rest.peek();
    if (ttl === null && TIME.test(next)) ttl = rest.time('TTL');
    else if (!hasClass && /^(?:IN|CH|HS|CS|CLASS\d+)$/i.test(next)) {
      if (!/^(?:IN|CLASS1)$/i.test(next)) rest.fail(`class ${shown(next)}`, 'the class is IN');
      rest.word('class');
      hasClass = true;
    } else break;
  }
  const text = rest.word('type');
  const number = typeNumber(text);
  if (number === null) rest.fail(`type ${shown(text)}`, 'write an unknown type as TYPE and its number');
  return { ttl, type: typeName(number) };
}

function readRecord(rest: Fields, head: { name: string; ttl: number }, type: RecordTypeName): ZoneRecord {
  switch (type) {
    case 'A':
    case 'AAAA':
      return { ...head, type, address: rest.word('address') };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...head, type, target: rest.name('target') };
    case 'CAA':
      return { ...head, type, critical: rest.integer('flags'), tag: rest.string('tag'), value: rest.string('value') };
    case 'MX':
      return { ...head, type, priority: rest.integer('preference'), exchange: rest.name('exchange') };
    case 'NAPTR':
      return {
        ...head,
        type,
        order: rest.integer('order'),
        preference: rest.integer('preference'),
        flags: rest.string('flags'),
        service: rest.string('services'),
        regexp: rest.string('regexp'),
        replacement: rest.name('replacement'),
      };
    case 'SOA':
      return {
        ...head,
        type,
        nsname: rest.name('primary server'),
        hostmaster: rest.name('mailbox'),
        serial: rest.integer('serial'),
        refresh: rest.time('refresh'),
        retry: rest.time('retry'),
        expire: rest.time('expire'),
        minttl: rest.time('minimum'),
      };
    case 'SRV':
      return {
        ...head,
        type,
        priority: rest.integer('priority'),
        weight: rest.integer('weight'),
        port: rest.integer('port'),
        target: rest.name('target'),
      };
    case 'TLSA':
      return {
        ...head,
        type,
        usage: rest.integer('usage'),
        selector: rest.integer('selector'),
        match: rest.integer('matching type'),
        data: rest.hex('data'),
      };
    case 'TXT':
      return { ...head, type, chunks: rest.chunks() };
    default:
      return rest.fail(`${type} in words`, String.raw`write its rdata as \# LENGTH HEX (RFC 3597)`);
  }
}

// --- fields

const TIME = /^\d+$|^(?:\d+[smhdw])+$/i;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** One by a number, `\065`, whether or not it is an octet; or by a character, `\;`. */
const ESCAPE = /\\(?:\d{1,3}|.)/gsu;
const ESCAPE_OR_CHARACTER = /\\(?:\d{1,3}|.)|[^\\]/gsu;

/** The fields of an entry, from left to right. */
class Fields {
  readonly #line: number;
  readonly #tokens: readonly Token[];
  readonly #state: State;
  #at = 0;

  constructor(line: number, tokens: readonly Token[], state: State) {
    this.#line = line;
    this.#tokens = tokens;
    this.#state = state;
  }

  fail(problem: string, hint: string): never {
    throw new ZoneParseError(this.#line, problem, hint);
  }

  /** The next field when it is no quoted one, else or at the end ''. */
  peek(): string {
    const token = this.#tokens[this.#at];
    return token === undefined || token.quoted ? '' : token.text;
  }

  end(): void {
    const extra = this.#tokens[this.#at]?.text;
    if (extra !== undefined) this.fail(`${shown(extra)} after the last field`, 'leave it out');
  }

  word(what: string): string {
    const token = this.#next(what);
    return token.quoted ? this.fail(`${what} in quotes`, 'write it without') : token.text;
  }

  /** Under the origin, unless it ends in a dot. Escapes are left: only the mailbox of an SOA may have them. */
  name(what: string): string {
    const text = this.word(what);
    if (text === '.') return text;
    for (const one of text.match(ESCAPE) ?? []) this.#octet(one, what);
    if (text !== '@' && /(?<!\\)(?:\\\\)*\.$/.test(text)) return text.slice(0, -1);
    const { origin } = this.#state;
    if (origin === null)
      return this.fail(`${what} ${shown(text)} without an origin`, 'end it with a dot, or give an origin');
    if (text === '@') return origin;
    return origin === '.' ? text : `${text}.${origin}`;
  }

  integer(what: string): number {
    const text = this.word(what);
    return /^\d+$/.test(text) ? Number(text) : this.fail(`${what} ${shown(text)}`, 'write a decimal number');
  }

  time(what: string): number {
    const text = this.word(what);
    if (!TIME.test(text)) this.fail(`${what} ${shown(text)}`, 'write seconds, or units as in 1h30m');
    const parts = text.toLowerCase().matchAll(/(\d+)([smhdw]?)/g);
    const seconds = [...parts].reduce((sum, [, digits, unit]) => sum + Number(digits) * (SECONDS[unit ?? ''] ?? 1), 0);
    return seconds <= 0xffff_ffff ? seconds : this.fail(`${what} ${shown(text)}`, 'at most 4294967295 seconds fit');
  }

  string(what: string): string {
    const octets = this.#octets(what);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
    } catch {
      return this.fail(`${what} is no UTF-8`, String.raw`write the rdata as \# LENGTH HEX (RFC 3597)`);
    }
  }

  chunks(): Uint8Array[] {
    const chunks = [this.#octets('text')];
    while (this.#at < this.#tokens.length) chunks.push(this.#octets('text'));
    return chunks;
  }

  /** All that is left, in hexadecimal, blanks between the digits or none. */
  hex(what: string): Uint8Array {
    let digits = this.word(what);
    while (this.#at < this.#tokens.length) digits += this.word(what);
    if (!/^(?:[\da-f]{2})+$/i.test(digits)) this.fail(`${what} ${shown(digits)}`, 'write pairs of hexadecimal digits');
    return Uint8Array.from(Buffer.from(digits, 'hex'));
  }

  /** `\# LENGTH HEX`. */
  generic(): Uint8Array {
    this.word('marker');
    const length = this.integer('length');
    const octets = length === 0 ? new Uint8Array() : this.hex('data');
    if (octets.length !== length) this.fail(`${octets.length} octets`, `write the ${length} that the entry announces`);
    return octets;
  }

  /** The octets of a string, its escapes read. */
  #octets(what: string): Uint8Array {
    const parts = this.#next(what).text.match(ESCAPE_OR_CHARACTER) ?? [];
    return Uint8Array.from(Buffer.concat(parts.map((part) => this.#octet(part, what))));
  }

  /** Those of a character or an escape: `\065` is one by its number, a backslash before no digit stands for what follows. */
  #octet(part: string, what: string): Buffer {
    if (!/^\\\d/.test(part)) return Buffer.from(part.length > 1 ? part.replace(/^\\/, '') : part);
    const number = Number(part.slice(1));
    if (part.length < 4 || number > 255)
      this.fail(`escape ${part} in ${what}`, String.raw`write an octet by its number as \000 to \255`);
    return Buffer.of(number);
  }

  #next(what: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) return this.fail(`no ${what}`, 'add it');
    this.#at += 1;
    return token;
  }
}
