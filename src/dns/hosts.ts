import { readFileSync, statSync } from 'node:fs';
import { isAddress, safeParseAddress } from '../ip/index.js';
import { readName } from './name.js';
import type { AddressRecord, RecordType } from './records.js';

/** Names as `readName` gives them, and their addresses in canonical text. */
export type HostsTable = ReadonlyMap<string, readonly string[]>;

/** What is answered without a question; null: ask a server. */
export type LocalAnswer =
  | { readonly source: 'hosts' | 'special-use'; readonly records: readonly AddressRecord[] }
  | { readonly source: 'hosts' | 'special-use'; readonly none: 'NODATA' | 'NXDOMAIN'; readonly hint: string };

/** Blanks as `isspace` of C has them: others are in no file that resolvers read, and would make two words of one. */
const BLANKS = /[ \t\v\f\r]+/;

/**
 * Reads a hosts file: an address, then names, blanks between them, `#` before a comment; a byte order mark is passed over. A line whose first word is no address, strictly read, is left
 * out, as resolvers do, and so is a name that is none.
 */
export function parseHosts(text: string): HostsTable {
  const table = new Map<string, string[]>();
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const [first = '', ...names] = (line.split('#', 1)[0] ?? '').split(BLANKS).filter((word) => word !== '');
    const parsed = safeParseAddress(first);
    if (!parsed.success) continue;
    const address = parsed.data.toString();
    for (const one of names) {
      const read = readName(one);
      if (read.kind !== 'name') continue;
      const known = table.get(read.name);
      if (known === undefined) table.set(read.name, [address]);
      else if (!known.includes(address)) known.push(address);
    }
  }
  return table;
}

/** The system's hosts file at a time, ms. Read again when it has changed, which is looked for every five seconds at the most. */
export function systemHosts(path: string): (now: number) => HostsTable {
  let table: HostsTable = new Map();
  let stamp = '';
  let next = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (now < next) return table;
    next = now + 5000;
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const found = `${mtimeMs} ${size} ${ino}`;
      if (found !== stamp) table = parseHosts(readFileSync(path, 'utf8'));
      stamp = found;
    } catch {
      // A machine without a hosts file has no hosts: that is no error of who asks for a name.
      table = new Map();
      stamp = '';
    }
    return table;
  };
}

/** Where the system keeps its hosts file. */
export function hostsPath(platform: string, env: Readonly<Record<string, string | undefined>>): string {
  return platform === 'win32' ? `${env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts` : '/etc/hosts';
}

const ASK_MDNS = 'ask by multicast DNS (RFC 6762), or forward it with forwardLocal';

const NOT_IN_DNS: ReadonlyMap<string, string> = new Map([
  ['invalid', 'the name is made to be invalid (RFC 6761 section 6.4)'],
  ['onion', 'ask a Tor client (RFC 7686)'],
  ['alt', 'the name is not of the DNS (RFC 9476)'],
  ['local', ASK_MDNS],
]);

/** Reverse names of link-local addresses, which multicast DNS answers (RFC 6762 section 4). */
const LINK_LOCAL_REVERSE = /(?:^|\.)(?:254\.169\.in-addr|[89ab]\.e\.f\.ip6)\.arpa$/;

/**
 * What a stub answers itself: localhost and all under it before the hosts file, the hosts file, then names that are not of the
 * DNS. Everything else goes to a server: `test`, `example`, home.arpa, reverse names of private addresses.
 *
 * @param type a record type; addresses are answered for A and AAAA
 * @see RFC 6761 section 6, RFC 6762 section 4, RFC 7686, RFC 9476
 */
export function answerLocally(
  name: string,
  type: RecordType,
  hosts: HostsTable | null,
  forwardLocal: boolean,
): LocalAnswer | null {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'localhost') {
    if (type === 'A') return { source: 'special-use', records: recordsOf(type, ['127.0.0.1']) };
    if (type === 'AAAA') return { source: 'special-use', records: recordsOf(type, ['::1']) };
    return { source: 'special-use', none: 'NODATA', hint: 'localhost has addresses only (RFC 6761 section 6.3)' };
  }
  const addresses = hosts?.get(name);
  if (addresses !== undefined && (type === 'A' || type === 'AAAA')) {
    const found = type === 'A' ? ipv4Of(addresses) : addresses.filter((address) => isAddress(address, 6));
    if (found.length > 0) return { source: 'hosts', records: recordsOf(type, found) };
    return {
      source: 'hosts',
      none: 'NODATA',
      hint: `the hosts file has no ${type === 'A' ? 'IPv4' : 'IPv6'} address for it`,
    };
  }
  const hint = last === 'arpa' && LINK_LOCAL_REVERSE.test(name) ? ASK_MDNS : NOT_IN_DNS.get(last);
  if (hint === undefined || (hint === ASK_MDNS && forwardLocal)) return null;
  return { source: 'special-use', none: 'NXDOMAIN', hint };
}

/** A mapped address is its IPv4 address to who asks for one, and an IPv6 address, too: as of the hosts file of glibc. */
function ipv4Of(addresses: readonly string[]): string[] {
  const plain = addresses.map((address) => address.replace(/^::ffff:(?=.*\.)/, ''));
  return [...new Set(plain)].filter((address) => isAddress(address, 4));
}

function recordsOf(type: 'A' | 'AAAA', addresses: readonly string[]): AddressRecord[] {
  return addresses.map((address) => Object.freeze({ type, address, ttl: null }));
}
