import { isThenable } from '../checks/is-thenable.js';
import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { type Answer, NOERROR } from './answer.js';
import { checkInteger, checkText } from './arguments.js';
import { nameProblem } from './name.js';
import { DEFAULT_TTL, type Resource, toResource, type ZoneRecord } from './record.js';
import type { RecordTypeName } from './record-type.js';
import { type Query, replyLimit, writeGarbage, writeReply } from './wire.js';

/** A question that came in. */
export interface DnsQuestion {
  /** In the case in which it came, without a dot at the end; `.` for the root; odd octets escaped as `\.` and `\000`. */
  readonly name: string;
  readonly type: RecordTypeName;
  readonly transport: 'udp' | 'tcp';
  /** The client's port. */
  readonly port: number;
  /** The UDP size that the client says it takes (RFC 6891), `null` when it sent no EDNS. */
  readonly ednsSize: number | null;
}

/** Which questions a rule is for: all that are given must hold. */
export interface RuleMatch {
  /** A name in any case, `*.example.com` for all names below example.com, or an expression for the name in lower case. */
  readonly name?: string | RegExp | undefined;
  readonly type?: RecordTypeName | undefined;
  readonly transport?: 'udp' | 'tcp' | undefined;
  /** How often the rule fires at most, 1 or more; then later rules are looked at. Default: no limit. */
  readonly times?: number | undefined;
  /** Fires on each nth of its questions, 1 or more: 3 for the third, the sixth, … Default 1. */
  readonly every?: number | undefined;
  /** The chance that it fires, 0 to 1, drawn from the seed of the server. Default 1. */
  readonly probability?: number | undefined;
}

/**
 * - `drop`: no reply.
 * - `truncate`: over UDP the TC bit and no records, so that the client comes again over TCP, and is answered there.
 * - `wrong-id`, `wrong-question`: a reply under another ID, or about `wrong-question.test`.
 * - `wrong-port`: over UDP a reply from another port; over TCP as usual.
 * - `garbage`: the right ID, and after it octets that are no message.
 * - `half-tcp`: half of the message, then the connection is closed. `tcp-reset`: no reply, and it is reset. Both truncate
 *   over UDP, so that the client comes over TCP.
 * - `cname-loop`: a CNAME to a name that is a CNAME to the first.
 */
export type FaultWord =
  | 'drop'
  | 'truncate'
  | 'wrong-id'
  | 'wrong-question'
  | 'wrong-port'
  | 'garbage'
  | 'half-tcp'
  | 'tcp-reset'
  | 'cname-loop';

/** A response code by its name (RFC 1035 section 4.1.1) or its number, 0 to 15. */
export type Rcode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED' | number;

/** A record of an answer; without a name it is of the name that was asked for. Its type may be another than that. */
export type AnswerRecord = Nameless<ZoneRecord>;
type Nameless<R> = R extends ZoneRecord ? Omit<R, 'name'> & { readonly name?: string | undefined } : never;

/**
 * The records for a question: none for NODATA. `nth` is 1 when the rule answers this name and type for the first time, 2 for
 * the second. What it throws is answered with SERVFAIL, and thrown by `close()`.
 */
export type AnswerFunction = (question: DnsQuestion, nth: number) => readonly AnswerRecord[];

/** What goes wrong, in parts that go together; with none of them the question is answered as if there were no rules. */
export interface FaultParts {
  readonly what?: FaultWord | undefined;
  /** Milliseconds before the reply, 0 to 2147483647. */
  readonly delayMs?: number | undefined;
  /** The reply waits until this has settled, either way: a test without sleeping. Together with `delayMs`, first this. */
  readonly until?: PromiseLike<unknown> | undefined;
  /** With no records, unless `answer` gives some. */
  readonly rcode?: Rcode | undefined;
  /** Other records than those of the server. A function may change its mind, as in DNS rebinding. */
  readonly answer?: readonly AnswerRecord[] | AnswerFunction | undefined;
  /** How many CNAMEs stand before the answer, 1 to 1000: `hop-1.cname-chain.test` and on. */
  readonly cnameChain?: number | undefined;
  /** The owner of all records of the answer. */
  readonly owner?: string | undefined;
  /** The TTL of all records of the answer, in seconds, 0 to 4294967295. */
  readonly ttl?: number | undefined;
  /** Over TCP so many octets at a time, 1 or more, and milliseconds between; over UDP it truncates. */
  readonly drip?: { readonly bytes: number; readonly everyMs: number } | undefined;
}

/** What goes wrong with an answer: a word, or its parts. */
export type Fault = FaultWord | FaultParts;

/** What to send, and how. The times are for whoever holds the socket. */
export interface Plan {
  readonly delayMs: number;
  readonly until: PromiseLike<unknown> | null;
  readonly delivery: Delivery;
}

export type Delivery =
  | { readonly how: 'nothing' | 'reset' }
  /** `otherPort` for UDP only. */
  | { readonly how: 'send'; readonly message: Buffer; readonly otherPort: boolean }
  | { readonly how: 'half'; readonly message: Buffer }
  | { readonly how: 'drip'; readonly message: Buffer; readonly bytes: number; readonly everyMs: number };

/**
 * The reply to a question, given what the records answer and the fault that a rule found for it.
 *
 * @throws what the function of an answer throws; {RangeError} when the reply fits no message
 */
export function planReply(query: Query, question: DnsQuestion, answer: Answer, fault: FaultParts, nth: number): Plan {
  const said = applyToAnswer(question, answer, fault, nth);
  return {
    delayMs: fault.delayMs ?? 0,
    until: fault.until ?? null,
    delivery: deliver(query, question.transport, said, fault),
  };
}

/**
 * A fault as its parts, checked.
 *
 * @throws {TypeError} for a part that there is not, or is none
 * @throws {RangeError} when a part is out of its range
 * @throws {ZoneRecordError} for a record of a constant answer
 */
export function checkFault(fault: Fault): FaultParts {
  const parts: FaultParts = typeof fault === 'string' ? { what: fault } : fault;
  checkOptions(parts, PARTS);
  // What is not given is looked at as something that is in order.
  const { what = 'drop', until = Promise.resolve(), delayMs = 0, rcode = NOERROR, answer = [] } = parts;
  const { cnameChain = 1, owner = '.', ttl = DEFAULT_TTL, drip = { bytes: 1, everyMs: 0 } } = parts;
  if (!WORDS.has(what)) throw new RangeError(`${quote(what)} is no fault; use ${[...WORDS].join(', ')}`);
  if (!isThenable(until)) throw new TypeError(`until is ${quote(until)}: pass a promise`);
  checkInteger('delayMs', delayMs, 0, LONGEST_TIMER);
  rcodeNumber(rcode);
  // Records of a constant answer are checked when the rule is made, not when its question comes.
  if (typeof answer !== 'function') toResources('.', answer);
  checkInteger('cnameChain', cnameChain, 1, 1000);
  checkInteger('ttl', ttl, 0, 0xffff_ffff);
  checkOptions(drip, ['bytes', 'everyMs']);
  checkInteger('drip.bytes', drip.bytes, 1, 0xffff);
  checkInteger('drip.everyMs', drip.everyMs, 0, LONGEST_TIMER);
  checkText('owner', owner, 'a name');
  const problem = nameProblem(owner);
  if (problem !== null) throw new RangeError(`owner: ${problem}`);
  return parts.until === undefined ? parts : { ...parts, until: heard(until) };
}

/** A promise that may be rejected before anybody asks: that ends a wait, and not the process. */
function heard(until: PromiseLike<unknown>): Promise<unknown> {
  const promise = Promise.resolve(until);
  promise.catch(() => {});
  return promise;
}

const PARTS: readonly (keyof FaultParts)[] = [
  'what',
  'delayMs',
  'until',
  'rcode',
  'answer',
  'cnameChain',
  'owner',
  'ttl',
  'drip',
];

const LONGEST_TIMER = 2 ** 31 - 1;

const WORDS: ReadonlySet<string> = new Set<FaultWord>([
  'drop',
  'truncate',
  'wrong-id',
  'wrong-question',
  'wrong-port',
  'garbage',
  'half-tcp',
  'tcp-reset',
  'cname-loop',
]);

const RCODES: ReadonlyMap<string, number> = new Map([
  ['NOERROR', 0],
  ['FORMERR', 1],
  ['SERVFAIL', 2],
  ['NXDOMAIN', 3],
  ['NOTIMP', 4],
  ['REFUSED', 5],
]);

function rcodeNumber(rcode: Rcode): number {
  const number = typeof rcode === 'number' ? rcode : RCODES.get(rcode);
  if (number === undefined)
    throw new RangeError(`${quote(rcode)} is no rcode; use ${[...RCODES.keys()].join(', ')} or 0 to 15`);
  checkInteger('rcode', number, 0, 15);
  return number;
}

function toResources(name: string, records: readonly AnswerRecord[]): Resource[] {
  if (!Array.isArray(records))
    throw new TypeError(`answer is ${quote(records)}: pass a list of records, or a function`);
  // The name of a question may hold octets that a record's name may not: it is put in after the checks. Not `map`, which
  // skips the holes of a list.
  return Array.from(records, (record: AnswerRecord) => {
    if (typeof record !== 'object' || record === null) return toResource(record);
    const resource = toResource({ ...record, name: record.name ?? '.' });
    return record.name === undefined ? { ...resource, name } : resource;
  });
}

function applyToAnswer(question: DnsQuestion, answer: Answer, fault: FaultParts, nth: number): Answer {
  let { rcode, answers, authorities } = answer;
  if (fault.answer !== undefined || fault.rcode !== undefined) {
    const given = typeof fault.answer === 'function' ? fault.answer(question, nth) : (fault.answer ?? []);
    rcode = fault.rcode === undefined ? NOERROR : rcodeNumber(fault.rcode);
    answers = toResources(question.name, given);
    authorities = [];
  }
  if (fault.what === 'cname-loop') {
    const there = 'hop-1.cname-loop.test';
    rcode = NOERROR;
    answers = [cname(question.name, there), { ...cname(there, there), rdata: TO_QUESTION }];
    authorities = [];
  }
  if (fault.cnameChain !== undefined) {
    const hops = Array.from({ length: fault.cnameChain }, (_, i) => `hop-${i + 1}.cname-chain.test`);
    const owners = [question.name, ...hops];
    const last = owners.at(-1) ?? question.name;
    const moved = answers.map((each) => (each.name === question.name ? { ...each, name: last } : each));
    answers = [...hops.map((hop, i) => cname(owners[i] ?? last, hop)), ...moved];
  }
  const { owner, ttl } = fault;
  if (owner !== undefined) answers = answers.map((each) => ({ ...each, name: owner.replace(/(?<=.)\.$/, '') }));
  if (ttl !== undefined) answers = answers.map((each) => ({ ...each, ttl }));
  return { rcode, answers, authorities };
}

/** A pointer to the name of the question: it need not be a name that a record may have. */
const TO_QUESTION = Uint8Array.of(0xc0, 12);

function cname(name: string, target: string): Resource {
  return { ...toResource({ name: '.', type: 'CNAME', target, ttl: DEFAULT_TTL }), name };
}

function deliver(query: Query, transport: 'udp' | 'tcp', answer: Answer, { what, drip }: FaultParts): Delivery {
  if (what === 'drop') return { how: 'nothing' };
  if (what === 'garbage') return { how: 'send', message: writeGarbage(query), otherPort: false };

  const udp = transport === 'udp';
  const toTcp = what === 'truncate' || what === 'half-tcp' || what === 'tcp-reset' || drip !== undefined;
  const message = writeReply(query, answer, {
    limit: replyLimit(query, transport),
    truncated: udp && toTcp,
    wrongId: what === 'wrong-id',
    wrongQuestion: what === 'wrong-question',
  });
  if (udp) return { how: 'send', message, otherPort: what === 'wrong-port' };
  if (what === 'tcp-reset') return { how: 'reset' };
  if (what === 'half-tcp') return { how: 'half', message };
  return drip === undefined ? { how: 'send', message, otherPort: false } : { how: 'drip', message, ...drip };
}
