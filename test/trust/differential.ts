// Reads generated texts as addresses with this package and with others, and groups the texts about which they disagree. A group that
// is not explained in differential/explained.ts is a finding. `npm run trust -- differential`; --seconds in all, --seed.

import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { Address4, Address6 } from 'ip-address';
import ipaddr from 'ipaddr.js';
import { lenientReadings, parseAddress, safeParseAddress } from '../../src/ip/index.js';
import { Random } from '../support/random.js';
import { explanationOf } from './differential/explained.js';
import type { PythonReadings } from './differential/python-reader.js';
import { PythonReader } from './differential/python-reader.js';
import { generate } from './differential/texts.js';

/** `4:` or `6:` and the integer of the address in hexadecimal; null where it is refused. Zones are left out. */
export type Reading = string | null;

const BATCH = 2000;

interface Group {
  count: number;
  readonly examples: string[];
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '6' }, seed: { type: 'string', default: '1' } },
});
const groups = new Map<string, Group>();
const compared = new Map<string, number>();
const random = new Random(Number(values.seed));
const python = PythonReader.start();
if (python === null) console.log('Python and getaddrinfo are left out: there is no python3 here');

let texts = 0;
let addresses = 0;
const end = performance.now() + Number(values.seconds) * 1000;
// Refusals are errors, and most of their time is the stack.
Error.stackTraceLimit = 0;
let next = begin();
while (performance.now() < end) {
  const { batch, asked } = next;
  // Python reads the next ones meanwhile.
  next = begin();
  const fromPython = await asked;
  texts += batch.length;
  for (const [i, text] of batch.entries()) compareAll(text, fromPython?.[i] ?? null);
}
await next.asked;
python?.stop();
report();

function begin(): { readonly batch: readonly string[]; readonly asked: Promise<readonly PythonReadings[] | null> } {
  const batch = Array.from({ length: BATCH }, () => generate(random));
  return { batch, asked: python === null ? Promise.resolve(null) : python.read(batch) };
}

function compareAll(text: string, fromPython: PythonReadings | null): void {
  const parsed = safeParseAddress(text);
  const ours = parsed.success ? readingOf(parsed.data.family, parsed.data.toBigInt()) : null;
  if (parsed.success) addresses++;
  const why = parsed.success ? featureOf(text) : parsed.error.code;
  const { inetAton, url } = lenientReadings(text);

  // It says the family and no more.
  const family = isIP(text);
  compare('net.isIP', text, ours?.slice(0, 1) ?? null, family === 0 ? null : String(family), why);
  compare('ip-address', text, ours, ipAddress(text), why);
  compare('ipaddr.js', text, ours, ipaddrJs(text), why);
  if (urlTakesWhole(text)) {
    const asHost = ours?.startsWith('6') === true ? `[${text}]` : text;
    compare('new URL', text, ours, urlReading(asHost), why);
    // What `lenientReadings` says of a reader is that reader's answer, for every text.
    compare('lenientReadings.url', text, url === null ? null : textReading(url), urlReading(text), 'new URL');
  }
  if (fromPython === null) return;
  compare('ipaddress', text, ours, fromPython.ipaddress, why);
  // To C a text ends at a NUL, and Python has no bytes for half a character; Node refuses such hosts.
  if (text.includes('\0') || /\p{Surrogate}/u.test(text)) return;
  compare('getaddrinfo', text, ours, fromPython.getaddrinfo, why);
  const aton = inetAton === null ? null : textReading(inetAton);
  compare('lenientReadings.inetAton', text, aton, fromPython.inetAton, 'inet_aton');
}

function compare(peer: string, text: string, ours: Reading, theirs: Reading, why: string): void {
  compared.set(peer, (compared.get(peer) ?? 0) + 1);
  if (ours === theirs) return;
  const relation = ours === null ? 'takes' : theirs === null ? 'refuses' : 'reads otherwise';
  const key = `${peer} ${relation} ${why}`;
  const group = groups.get(key) ?? { count: 0, examples: [] };
  groups.set(key, group);
  group.count++;
  if (group.examples.length < 40) group.examples.push(`${JSON.stringify(text)} ${theirs ?? ''}`.trim());
}

function readingOf(family: number, integer: bigint): string {
  return `${family}:${integer.toString(16)}`;
}

function textReading(text: string): string {
  const address = parseAddress(text);
  return readingOf(address.family, address.toBigInt());
}

/** What an accepted text has that others may not take. */
function featureOf(text: string): string {
  if (text.includes('%')) return 'zone';
  if (!text.includes(':')) return 'dotted quad';
  return text.includes('.') ? 'IPv4 at the end' : 'IPv6';
}

function ipAddress(text: string): Reading {
  try {
    if (!text.includes(':')) return readingOf(4, new Address4(text).bigInt());
    return readingOf(6, new Address6(text).bigInt());
  } catch {
    return null;
  }
}

function ipaddrJs(text: string): Reading {
  try {
    const read = ipaddr.parse(text);
    const hex = read
      .toByteArray()
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
    return readingOf(read.kind() === 'ipv4' ? 4 : 6, BigInt(`0x${hex}`));
  } catch {
    return null;
  }
}

/** Whether all of a text is the host of a URL: nothing ends it, and nothing is taken out of it. */
function urlTakesWhole(text: string): boolean {
  return (
    text !== '' &&
    !/[/?#@\\\t\n\r]/.test(text) &&
    !/^[\0- ]|[\0- ]$/.test(text) &&
    !/:\d*$/.test(text.replace(/\[.*\]/, ''))
  );
}

function urlReading(host: string): Reading {
  try {
    const { hostname, port } = new URL(`http://${host}/`);
    if (port !== '') return null;
    if (hostname.startsWith('[')) return textReading(hostname.slice(1, -1));
    return /^\d+\.\d+\.\d+\.\d+$/.test(hostname) ? textReading(hostname) : null;
  } catch {
    return null;
  }
}

function report(): void {
  const known = [...groups].filter(([key]) => explanationOf(key) !== null);
  const unknown = [...groups].filter(([key]) => explanationOf(key) === null);
  for (const [key, { count, examples }] of known.sort(([a], [b]) => (a < b ? -1 : 1))) {
    console.log(`${key}: ${count}, e.g. ${examples[0]}\n    ${explanationOf(key)}`);
  }
  console.log();
  console.table(
    [...compared].map(([peer, count]) => ({ peer, compared: count, disagreements: disagreementsWith(peer) })),
  );
  console.log(
    `seed ${values.seed}: ${texts} texts, ${addresses} of them addresses to us; ${known.length} groups explained, ${unknown.length} not`,
  );
  for (const [key, { count, examples }] of unknown) {
    console.log(`\nnot explained: ${key}: ${count}\n  ${examples.slice(0, 12).join('\n  ')}`);
  }
  process.exitCode = unknown.length === 0 && texts > 0 ? 0 : 1;
}

function disagreementsWith(peer: string): number {
  return [...groups].reduce((sum, [key, { count }]) => sum + (key.startsWith(`${peer} `) ? count : 0), 0);
}
