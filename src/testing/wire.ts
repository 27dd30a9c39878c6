import * as dnsPacket from 'dns-packet';
import type { Answer } from './answer.js';
import type { Resource } from './record.js';
import { type RecordTypeName, typeName, typeNumber } from './record-type.js';

const HEADER = 12;
const IN = 1;
const MAX_MESSAGE = 0xffff;
/** What a reply over UDP may have without EDNS (RFC 1035 section 4.2.1). */
const PLAIN_UDP = 512;
/** Above it a datagram may not fit, whatever the client says that it takes. */
const LARGEST_UDP = 4096;

const FORMERR = 1;
const NOTIMP = 4;
const REFUSED = 5;

/** A question as it came. */
export interface Query {
  readonly id: number;
  /** RD and CD, which a reply repeats. */
  readonly flags: number;
  /** Octet by octet, so that the reply repeats it with its case and whatever its labels hold. */
  readonly question: Buffer;
  /** As text: in the case in which it came, without a dot at the end, `.` for the root, odd octets as `\.` and `\000`. */
  readonly name: string;
  readonly type: RecordTypeName;
  /** The UDP size of the client's OPT record, `null` without one. */
  readonly ednsSize: number | null;
}

/** A message that is no question which the server takes: what to answer, `null` for nothing. */
export interface Rejection {
  readonly rejected: Buffer | null;
}

/** The question of a message. */
export function readQuery(message: Buffer): Query | Rejection {
  // What has no header cannot be answered, what is a reply must not be: two servers would talk for ever.
  if (message.length < HEADER || (message.readUInt16BE(2) & 0x8000) !== 0) return { rejected: null };
  const id = message.readUInt16BE(0);
  const bits = message.readUInt16BE(2);
  const flags = bits & (dnsPacket.RECURSION_DESIRED | dnsPacket.CHECKING_DISABLED);
  if (((bits >> 11) & 0xf) !== 0) return { rejected: header(id, flags, NOTIMP, [0, 0, 0, 0]) };

  const name = message.readUInt16BE(4) === 1 ? readName(message, HEADER) : null;
  if (name === null || name.end + 4 > message.length) return { rejected: header(id, flags, FORMERR, [0, 0, 0, 0]) };
  const question = Buffer.from(message.subarray(HEADER, name.end + 4));
  const type = typeName(message.readUInt16BE(name.end));
  if (message.readUInt16BE(name.end + 2) !== IN) {
    return { rejected: Buffer.concat([header(id, flags, REFUSED, [1, 0, 0, 0]), question]) };
  }
  try {
    return { id, flags, question, name: name.text, type, ednsSize: readEdnsSize(message) };
  } catch {
    return { rejected: Buffer.concat([header(id, flags, FORMERR, [1, 0, 0, 0]), question]) };
  }
}

/** How a reply leaves the straight way. */
export interface ReplyShape {
  /** The octets that the transport takes. */
  readonly limit: number;
  /** Only the header with its TC bit, and the question. */
  readonly truncated?: boolean;
  /** Under another ID. */
  readonly wrongId?: boolean;
  /** About another name. */
  readonly wrongQuestion?: boolean;
}

/** The octets that the transport takes for the reply to a question. */
export function replyLimit(query: Query, transport: 'udp' | 'tcp'): number {
  if (transport === 'tcp') return MAX_MESSAGE;
  return Math.min(Math.max(query.ednsSize ?? 0, PLAIN_UDP), LARGEST_UDP);
}

/**
 * The message of a reply. One that is over the limit is truncated: its TC bit set, its records left out.
 *
 * @throws {RangeError} when it does not even fit TCP
 */
export function writeReply(query: Query, answer: Answer, shape: ReplyShape): Buffer {
  const id = shape.wrongId ? query.id ^ 0xffff : query.id;
  const flags = query.flags | dnsPacket.AUTHORITATIVE_ANSWER | dnsPacket.RECURSION_AVAILABLE;
  const question = shape.wrongQuestion ? wrongQuestion(query) : query.question;
  const opt = query.ednsSize === null ? [] : [OPT];
  const sections = [answer.answers, answer.authorities].map((each) => each.map((one) => writeResource(query, one)));
  const [answers = [], authorities = []] = sections;
  const whole = Buffer.concat([
    header(id, flags, answer.rcode, [1, answers.length, authorities.length, opt.length]),
    question,
    ...answers,
    ...authorities,
    ...opt,
  ]);
  if (whole.length > MAX_MESSAGE)
    throw new RangeError(`a reply of ${whole.length} octets: at most 65535 fit a message`);
  if (!shape.truncated && whole.length <= shape.limit) return whole;
  const truncated = header(id, flags | dnsPacket.TRUNCATED_RESPONSE, answer.rcode, [1, 0, 0, opt.length]);
  return Buffer.concat([truncated, question, ...opt]);
}

/** The right ID, and after it what no reader can read: a label of a kind that does not exist, to the end. */
export function writeGarbage(query: Query): Buffer {
  return Buffer.concat([header(query.id, query.flags, 0, [1, 1, 0, 0]), Buffer.alloc(37, 0xbf)]);
}

/** As it stands on a TCP connection: after its length (RFC 1035 section 4.2.2). */
export function frame(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Takes the whole messages out of what came over a TCP connection, and says what is left. */
export function unframe(bytes: Buffer): { messages: Buffer[]; rest: Buffer } {
  const messages: Buffer[] = [];
  let rest = bytes;
  while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
    const end = 2 + rest.readUInt16BE(0);
    messages.push(rest.subarray(2, end));
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

/** A pointer to the question (RFC 1035 section 4.1.4), as real servers write the owner. */
const TO_QUESTION = Buffer.from([0xc0, HEADER]);
/** The root, OPT, 1232 octets, no flags, no options (RFC 6891 section 6.1). */
const OPT = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);

function header(id: number, flags: number, rcode: number, counts: readonly number[]): Buffer {
  const octets = dnsPacket.encode({ type: 'response', id, flags: flags | rcode });
  for (const [i, count] of counts.entries()) octets.writeUInt16BE(count, 4 + 2 * i);
  return octets;
}

function writeName(name: string): Buffer {
  return dnsPacket.encode({ questions: [{ name, type: 'A' }] }).subarray(HEADER, -4);
}

function writeResource(query: Query, { name, type, ttl, rdata }: Resource): Buffer {
  const fields = Buffer.alloc(10);
  fields.writeUInt16BE(typeNumber(type) ?? 0, 0);
  fields.writeUInt16BE(IN, 2);
  fields.writeUInt32BE(ttl, 4);
  fields.writeUInt16BE(rdata.length, 8);
  return Buffer.concat([name === query.name && name !== '.' ? TO_QUESTION : writeName(name), fields, rdata]);
}

function wrongQuestion(query: Query): Buffer {
  return Buffer.concat([writeName('wrong-question.test'), query.question.subarray(-4)]);
}

/** dns-packet would read labels as UTF-8 and join them with dots, also those that hold one. */
function readName(message: Buffer, start: number): { text: string; end: number } | null {
  const labels: string[] = [];
  let at = start;
  for (;;) {
    const length = message[at];
    // Beyond 63 it is a pointer, and there is nothing before a question to point at.
    if (length === undefined || length > 63) return null;
    at += 1;
    if (length === 0) break;
    if (at + length > message.length) return null;
    labels.push(message.toString('latin1', at, at + length).replace(/[.\\]|[^!-~]/g, escapeOctet));
    at += length;
  }
  return at - start > 255 ? null : { text: labels.join('.') || '.', end: at };
}

function escapeOctet(character: string): string {
  if (character === '.' || character === '\\') return `\\${character}`;
  return `\\${String(character.charCodeAt(0)).padStart(3, '0')}`;
}

/** @throws when what follows the question is no list of records */
function readEdnsSize(message: Buffer): number | null {
  // Most clients send nothing but their question.
  if (message.readUIntBE(6, 6) === 0) return null;
  const opt = dnsPacket.decode(message).additionals?.find((each) => each.type === 'OPT');
  return opt === undefined ? null : opt.udpPayloadSize;
}
