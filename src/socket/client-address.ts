import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { IPv4Address, IPv6Address, PrefixSet, parseAddress } from '../ip/index.js';
import type { ForwardedHop } from './forwarded.js';
import { readForwarded, readForwardedFor } from './forwarded.js';

/** Headers of a request: those of `node:http`, a plain object, or a `Headers` of fetch. */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | {
      /** The lines of a header joined by `, `; null when there is none. */
      get(name: string): string | null;
    };

/** The headers in which proxies write whom they have served. */
export type ForwardingHeader = 'forwarded' | 'x-forwarded-for';

/** How `clientAddress` reads. */
export interface ClientAddressOptions {
  /**
   * The header that your proxies set. Default: whichever is there; when both are, they must agree, as one of them was written by
   * whoever asks.
   */
  readonly header?: ForwardingHeader | undefined;
}

/** Who a request comes from, as far as trusted proxies tell. */
export interface ClientAddress {
  /** Canonical text, IPv4-mapped addresses unwrapped: the client, or the last hop that is known when `end` says that it is hidden. */
  readonly address: string;
  /** What told so: the connection itself, or a header. */
  readonly source: 'peer' | ForwardingHeader;
  /**
   * Why nothing further is believed. 'untrusted': `address` is no trusted proxy, so it is the client. 'exhausted': every hop is trusted,
   * and this is the first. The rest mean that the client is not known. 'hidden': the next hop is `unknown`, obfuscated or left out.
   * 'malformed': the next hop can't be read. 'ambiguous': both headers are there and lead to different addresses.
   */
  readonly end: 'untrusted' | 'exhausted' | 'hidden' | 'malformed' | 'ambiguous';
  /** The trusted proxies that were passed, the nearest first. */
  readonly proxies: readonly string[];
}

/**
 * The client behind trusted proxies: from the peer through the header's hops from the last to the first, up to the first that is
 * not trusted. What stands before that one, anybody may have written. Zones are ignored where trust is decided.
 *
 * @param peer the other end of the connection, `socket.remoteAddress`
 * @param trusted the proxies whose word is taken
 * @throws {AddressParseError} when `peer` is no address: `socket.remoteAddress` is undefined once the connection is closed
 * @throws {TypeError} for a `trusted` that is no `PrefixSet`, headers that are none, and an option that there is not
 * @see RFC 7239 (Forwarded); X-Forwarded-For has no standard
 */
export function clientAddress(
  headers: RequestHeaders,
  peer: Address | string,
  trusted: PrefixSet,
  options: ClientAddressOptions = {},
): ClientAddress {
  checkArguments(headers, trusted, options);
  const start = unwrap(peer instanceof IPv4Address || peer instanceof IPv6Address ? peer : parseAddress(peer));
  const isTrusted = (address: Address) => trusted.has(address, { zone: 'ignore' });
  const { header } = options;
  const given = (['forwarded', 'x-forwarded-for'] as const).flatMap((name) => {
    const text = header === undefined || header === name ? headerText(headers, name) : null;
    return text === null ? [] : [walk(start, name, READERS[name](text), isTrusted)];
  });
  const [first, second] = given;
  if (first === undefined) return walk(start, 'peer', [], isTrusted);
  if (second === undefined || (first.address === second.address && first.end === second.end)) return first;
  return { ...walk(start, 'peer', [], isTrusted), end: 'ambiguous' };
}

const READERS: Readonly<Record<ForwardingHeader, (text: string) => readonly ForwardedHop[]>> = {
  forwarded: readForwarded,
  'x-forwarded-for': readForwardedFor,
};

/** From the peer backwards, as long as who speaks is trusted. */
function walk(
  peer: Address,
  source: ClientAddress['source'],
  hops: readonly ForwardedHop[],
  isTrusted: (address: Address) => boolean,
): ClientAddress {
  const proxies: string[] = [];
  let current = peer;
  const result = (end: ClientAddress['end']): ClientAddress => ({
    address: current.toString(),
    source: proxies.length === 0 ? 'peer' : source,
    end,
    proxies,
  });
  for (const hop of hops.toReversed()) {
    if (!isTrusted(current)) return result('untrusted');
    if (typeof hop === 'string') return result(hop);
    proxies.push(current.toString());
    current = unwrap(hop);
  }
  return result(isTrusted(current) ? 'exhausted' : 'untrusted');
}

function unwrap(address: Address): Address {
  return address.family === 6 ? address.unmap() : address;
}

/** The lines of a header as one list, as HTTP joins them; null when there is none. */
function headerText(headers: RequestHeaders, wanted: string): string | null {
  const lines: readonly unknown[] = isFetchHeaders(headers)
    ? [headers.get(wanted)].filter((value) => value !== null)
    : Object.entries(headers)
        .filter(([name]) => name.toLowerCase() === wanted)
        .flatMap(([, value]) => value ?? []);
  for (const line of lines) {
    // Not to read it would make a proxy the client.
    if (typeof line !== 'string')
      throw new TypeError(`headers: ${wanted} is ${quote(line)}, pass the headers as node:http or fetch has them`);
  }
  return lines.length === 0 ? null : lines.join(',');
}

function isFetchHeaders(headers: RequestHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function';
}

function checkArguments(headers: unknown, trusted: unknown, options: object): void {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || headers instanceof String)
    throw new TypeError('headers: pass the headers of the request');
  if (typeof options !== 'object' || options === null) throw new TypeError('options: pass an object with header');
  if (!(trusted instanceof PrefixSet)) throw new TypeError("trusted: pass PrefixSet.from(['10.0.0.0/8'])");
  const unknown = Object.keys(options).find((key) => key !== 'header');
  if (unknown !== undefined) throw new TypeError(`there is no option ${JSON.stringify(unknown)}: there is header`);
  const { header } = options as ClientAddressOptions;
  if (header !== undefined && !(typeof header === 'string' && Object.hasOwn(READERS, header))) {
    throw new TypeError("header: pass 'forwarded' or 'x-forwarded-for'");
  }
}
