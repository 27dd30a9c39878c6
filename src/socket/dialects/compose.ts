import { quote, shown } from '../../checks/quote.js';
import { safeParseAddress } from '../../ip/index.js';
import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { familiesOf, textOfUnmapped } from './families.js';
import { isHostName, readBracketed } from './host.js';
import type { Beside } from './make.js';
import { addressEndpoint, wildcardEndpoint } from './make.js';
import type { Ports } from './port.js';
import { readPorts } from './port.js';
import type { Refusal } from './refusal.js';
import { isRefusal, refuse } from './refusal.js';

/**
 * The short form of `ports:` in a compose file, `[[ADDRESS:]PORT:]CONTAINER-PORT[/PROTOCOL]`: what is published on the host, `port`, and
 * where it leads, `containerPort`. Without an address it is every interface of both families; without a port (null) the engine
 * takes any free one. A range of host ports before one container port means one of them.
 *
 * @see https://docs.docker.com/reference/compose-file/services/#ports
 */
export const COMPOSE: Dialect = {
  portless: 'any',
  names: null,
  cannot: {
    UNIX: 'compose publishes ports alone',
    NAME: 'compose resolves nothing: write an address',
    OPTIONAL: 'set optional to false',
    ZONE: 'compose takes no zones: leave it out, or publish on another address',
  },
  list: null,
  parse,
  format,
};

function parse(text: string): Endpoint | Refusal {
  if (text === '') return refuse('EMPTY', 0, () => ({ problem: 'empty text', hint: 'write e.g. 127.0.0.1:8080:80' }));
  const blank = text.search(/[\s\p{Cc}]/u);
  if (blank >= 0)
    return refuse('BLANK', blank, () => ({
      problem: 'blank or control character',
      hint: 'write e.g. 127.0.0.1:8080:80',
    }));
  const slash = text.indexOf('/');
  const protocol = slash < 0 ? null : text.slice(slash + 1);
  if (protocol !== null && protocol !== 'tcp' && protocol !== 'udp') {
    return refuse(protocol === 'sctp' ? 'NOT_SUPPORTED' : 'PROTOCOL', slash, () => ({
      problem: `protocol ${quote(protocol)}`,
      hint: 'write /tcp or /udp',
    }));
  }
  const body = slash < 0 ? text : text.slice(0, slash);
  const end = body.startsWith('[') ? body.indexOf(']') : -1;
  if (body.startsWith('[') && body[end + 1] !== ':') {
    return refuse('BRACKETS', Math.max(end, 0), () => ({
      problem: 'brackets without ports after them',
      hint: 'write e.g. [::1]:8080:80',
    }));
  }
  const after = text.slice(body.length);
  if (end < 0 && isIPv6(body)) return refuseColons(body, after);
  const parts = body.slice(end + 1).split(':', 5);
  // What stands after the brackets begins with a colon.
  if (end >= 0) parts[0] = body.slice(0, end + 1);
  const [first = ''] = parts;
  const isAddress = end >= 0 || (parts.length === 2 && (safeParseAddress(first).success || isHostName(first)));
  const alone = isAddress ? readAddress(first, end >= 0) : null;
  if (isRefusal(alone)) return alone;
  if (parts.length > 3) return refuseColons(body, after);
  if (isAddress && parts.length < 3) return refuseOnePort(body, after);
  const container = parts.at(-1) ?? '';
  const at = body.length - container.length;
  const inside = readPorts(container, at);
  const host = parts.at(-2);
  const hostAt = at - 1 - (host?.length ?? 0);
  const address = parts.length === 3 ? readAddress(parts[0] ?? '', end >= 0) : null;
  if (isRefusal(address)) return address;
  if (parts.length === 2 && host === '') {
    return refuse('NO_PORT', 0, () => ({
      problem: 'blank port of the host',
      hint: instead([`${container}${after}`, `8080${after}`], 'for any free one, or one before the colon'),
    }));
  }
  // `127.0.0.1::80` is any free port of the address.
  const outside = host === undefined || host === '' ? null : readPorts(host, hostAt);
  if (isRefusal(outside)) return outside;
  if (isRefusal(inside)) return inside;
  return combine(address, outside, inside, protocol, at);
}

function combine(
  address: Endpoint | null,
  outside: Ports | null,
  inside: Ports,
  protocol: 'tcp' | 'udp' | null,
  at: number,
): Endpoint | Refusal {
  if (inside.port === 0)
    return refuse('PORT_RANGE', at, () => ({ problem: 'port 0 in the container', hint: 'write 1 to 65535' }));
  if (outside !== null && inside.lastPort !== null && count(outside) !== count(inside)) {
    return refuse('RANGE', at, () => ({
      problem: `${count(outside)} ${count(outside) === 1 ? 'port' : 'ports'} of the host for ${count(inside)} in the container`,
      hint: 'write ranges of the same length',
    }));
  }
  const beside: Beside = {
    port: outside?.port ?? null,
    lastPort: outside?.lastPort ?? null,
    containerPort: inside.port,
    lastContainerPort: inside.lastPort,
    protocol,
  };
  if (address === null || address.kind !== 'address') return wildcardEndpoint('both', beside);
  // The engine's sockets of IPv6 take no IPv4 peers.
  return addressEndpoint(address.address, beside, true);
}

function count({ port, lastPort }: Ports): number {
  return (lastPort ?? port) - port + 1;
}

function readAddress(text: string, brackets: boolean): Endpoint | Refusal {
  if (brackets) {
    const read = readBracketed(text.slice(1, -1), 1);
    if (read.kind === 'refused') return read;
    const percent = text.indexOf('%');
    if (percent >= 0) return refuse('ZONE', percent, () => ({ problem: 'zone', hint: 'compose takes no zones' }));
    if (read.kind === 'address') return addressEndpoint(read.address, { port: null });
  }
  const read = safeParseAddress(text);
  if (read.success) return addressEndpoint(read.data, { port: null });
  if (text === '')
    return refuse('NO_HOST', 0, () => ({
      problem: 'blank address',
      hint: 'write 0.0.0.0, [::] or 127.0.0.1, or leave out the colon',
    }));
  const { offset, hint } = read.error;
  return refuse(text === '*' ? 'WILDCARD' : 'BAD_ADDRESS', offset, () => ({
    problem: `no address: ${quote(text)}`,
    hint: `compose resolves nothing, ${/[a-z*$]/i.test(text) ? 'write an address, e.g. 127.0.0.1' : hint}`,
  }));
}

function refuseOnePort(body: string, after: string): Refusal {
  return refuse('NO_PORT', body.length, () => ({
    problem: 'one port after an address',
    hint: instead([`${body}:80${after}`], 'for port 80 of the container'),
  }));
}

/** Of an IPv6 address without brackets the last one or two parts may be ports, or none. */
function refuseColons(body: string, after: string): Refusal {
  const last = body.lastIndexOf(':');
  const colon = body.lastIndexOf(':', last - 1);
  return refuse('BRACKETS', 0, () => ({
    problem: isIPv6(body) ? 'IPv6 without brackets' : 'more than two colons',
    hint: `an IPv6 address stands in brackets, ${instead([
      `[${body.slice(0, Math.max(colon, 0))}]${body.slice(colon)}${after}`,
      `[${body.slice(0, last)}]${body.slice(last)}:80${after}`,
      `[${body}]:8080:80${after}`,
    ])}`,
  }));
}

/** To write the first of some texts that is right. */
function instead(texts: readonly string[], what = ''): string {
  const found = texts.find((text) => text.length <= LONGEST_SUGGESTION && !isRefusal(parse(text)));
  if (found === undefined) return 'write ADDRESS:PORT:CONTAINER-PORT';
  return what === '' ? `write ${shown(found)}` : `write ${shown(found)} ${what}`;
}

/** What `shown` does not cut. */
const LONGEST_SUGGESTION = 60;

function isIPv6(text: string): boolean {
  const read = safeParseAddress(text);
  return read.success && read.data.family === 6;
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix' || endpoint.kind === 'name') return '';
  const { port, lastPort, containerPort, lastContainerPort, protocol } = endpoint;
  if (containerPort === null) {
    const hint = 'compose publishes a port of a container: set containerPort';
    return { code: 'CONTAINER_PORT', problem: 'no port inside a container', hint };
  }
  const after = `${range(containerPort, lastContainerPort)}${protocol === null ? '' : `/${protocol}`}`;
  const host = hostOf(endpoint);
  if (host === null) return port === null ? after : `${range(port, lastPort)}:${after}`;
  return `${host}:${port === null ? '' : range(port, lastPort)}:${after}`;
}

/** The address that is published on, null for every interface. */
function hostOf(endpoint: Exclude<Endpoint, { kind: 'unix' | 'name' }>): string | null {
  const families = familiesOf(endpoint);
  if (families !== null) return families === 'both' ? null : families === 'ipv4' ? '0.0.0.0' : '[::]';
  const text = endpoint.kind === 'address' ? textOfUnmapped(endpoint) : '';
  return text.includes(':') ? `[${text}]` : text;
}

function range(first: number, last: number | null): string {
  return last === null ? `${first}` : `${first}-${last}`;
}
