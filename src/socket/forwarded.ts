import type { Address } from '../ip/index.js';
import { safeParseAddress } from '../ip/index.js';

/** One hop of a forwarding header: an address, or why there is none. */
export type ForwardedHop = Address | 'hidden' | 'malformed';

/**
 * The hops of an X-Forwarded-For header, the farthest first: addresses in a list, each with a port or without (`192.0.2.1:4711`,
 * `[2001:db8::1]:4711`). `unknown` is hidden; all else is malformed, an empty entry, too.
 */
export function readForwardedFor(text: string): ForwardedHop[] {
  return text.split(',').map((entry) => {
    const node = entry.trim();
    return node.toLowerCase() === 'unknown' ? 'hidden' : readNode(node);
  });
}

/**
 * The hops of a Forwarded header, the farthest first. An element without `for`, with `for=unknown` and with an obfuscated one
 * (`_hidden`) is hidden. What breaks the grammar makes the whole header malformed: where its elements end is not known then.
 *
 * @see RFC 7239 section 4
 */
export function readForwarded(text: string): ForwardedHop[] {
  const hops: ForwardedHop[] = [];
  let names = new Set<string>();
  let hop: ForwardedHop = 'hidden';
  let at = 0;
  for (;;) {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (match === null) return ['malformed'];
    at = PAIR.lastIndex;
    const { name, token, quoted, end } = match.groups ?? {};
    if (name !== undefined) {
      const key = name.toLowerCase();
      // A parameter stands once in an element: of two `for`, one is a lie.
      if (names.has(key)) return ['malformed'];
      names.add(key);
      if (key === 'for') hop = readForwardedNode(token ?? (quoted ?? '').replace(/\\(.)/g, '$1'));
    }
    if (end === ';') continue;
    hops.push(names.size === 0 ? 'malformed' : hop);
    if (end === '') return hops;
    names = new Set();
    hop = 'hidden';
  }
}

/** A pair of an element or none, and what ends it. Blanks stand around `,` and, as many proxies write them, around `;`. */
const PAIR =
  /[ \t]*(?:(?<name>[\w!#$%&'*+.^`|~-]+)=(?:(?<token>[\w!#$%&'*+.^`|~-]+)|"(?<quoted>(?:[^"\\]|\\.)*)")[ \t]*)?(?<end>[;,]|$)/y;

/** RFC 7239 section 6: an IPv6 address stands in brackets, a port may be obfuscated. */
function readForwardedNode(node: string): ForwardedHop {
  const [, host = node, port] = /^(.*?)(?::(\d{1,5}|_[\w.-]+))?$/.exec(node) ?? [];
  if (/^_[\w.-]+$/.test(host) || host.toLowerCase() === 'unknown') return 'hidden';
  if (!host.startsWith('[') && host.includes(':')) return 'malformed';
  return readNode(port === undefined || port.startsWith('_') ? host : `${host}:${port}`);
}

/** An address with a port or without, the port checked and left out. */
function readNode(node: string): ForwardedHop {
  const bracketed = /^\[([^[\]]*)\](?::(\d{1,5}))?$/.exec(node);
  // An IPv4 address and its port; IPv6 addresses without brackets have more colons.
  const plain = /^([^:[\]]*)(?::(\d{1,5}))?$/.exec(node);
  const [, text = node, port] = bracketed ?? plain ?? [];
  if (port !== undefined && Number(port) > 65_535) return 'malformed';
  const parsed = safeParseAddress(text);
  // Somebody else's zone means nothing here.
  if (!parsed.success || text.includes('%')) return 'malformed';
  return (parsed.data.family === 6) === (bracketed !== null || plain === null) ? parsed.data : 'malformed';
}
