import { quote } from '../../checks/quote.js';
import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { familiesOf, textOfUnmapped } from './families.js';
import { readBareHost } from './host.js';
import { hostEndpoint, wildcardEndpoint } from './make.js';
import type { Refusal } from './refusal.js';
import { isRefusal, refuse, refuseAt } from './refusal.js';

/**
 * The arguments of Redis's `bind`: hosts without ports, blanks between them. `*` is every IPv4 interface, `::*` every IPv6 interface; a
 * hyphen in front says that it is no error when the address is absent. Sockets of IPv6 take no IPv4 peers. `""` is no TCP at all. The port
 * stands in `port`: pass it as `defaultPort`.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/
 */
export const REDIS: Dialect = {
  portless: 'elsewhere',
  names: 'ipv4-only',
  cannot: {
    UNIX: 'write it after unixsocket',
    PORT: 'write it after port, and pass it as defaultPort; Redis has one for all',
    RANGE: 'Redis has one port',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    PROTOCOL: 'Redis speaks TCP',
  },
  list: { parse: parseList, join: (texts) => (texts.length === 0 ? '""' : texts.join(' ')), most: 16, spread },
  parse,
  format,
};

function parse(text: string, defaultPort: number | null): Endpoint | Refusal {
  if (text === '' || text === '""') {
    return refuse('EMPTY', 0, () => ({
      problem: 'no host',
      hint: 'Redis takes no TCP then, which parseEndpoints reads as no endpoints',
    }));
  }
  if (/^(?:unix:|[/@])/.test(text))
    return refuse('NOT_SUPPORTED', 0, () => ({ problem: 'a unix socket', hint: `${REDIS.cannot.UNIX}` }));
  const blank = text.search(/[\s,]/);
  if (blank >= 0) {
    return refuse(text[blank] === ',' ? 'LIST' : 'BLANK', blank, () => ({
      problem: text[blank] === ',' ? 'a comma' : 'a blank',
      hint: 'read a list with parseEndpoints, blanks between its hosts',
    }));
  }
  const optional = text.startsWith('-');
  const host = optional ? text.slice(1) : text;
  const at = text.length - host.length;
  const beside = { port: defaultPort, optional };
  if (host === '')
    return refuse('EMPTY', at, () => ({ problem: "no host after '-'", hint: 'write one, e.g. -::1, or leave it out' }));
  if (host === '*') return wildcardEndpoint('ipv4', beside);
  if (host === '::*') return wildcardEndpoint('ipv6', beside);
  const quoted = host.search(/["']/);
  if (quoted >= 0)
    return refuse('BAD_NAME', at + quoted, () => ({
      problem: quote(host.charAt(quoted)),
      hint: 'write the host without quotes',
    }));
  return hostEndpoint(readBareHost(host, at), beside, true);
}

function parseList(text: string, defaultPort: number | null): readonly Endpoint[] | Refusal {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '""') return [];
  const found: Endpoint[] = [];
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (found.length === 16) {
      return refuse('LIST', index, () => ({ problem: 'more than 16 hosts', hint: 'Redis takes 16 at the most' }));
    }
    if (word === '""') {
      const hint = 'it is no TCP at all when it stands alone, leave it out beside hosts';
      return refuse('EMPTY', index, () => ({ problem: 'an empty text among hosts', hint }));
    }
    const comma = word.indexOf(',');
    if (comma >= 0)
      return refuse('LIST', index + comma, () => ({ problem: 'a comma', hint: 'write blanks alone between hosts' }));
    const endpoint = parse(word, defaultPort);
    if (isRefusal(endpoint)) return refuseAt(endpoint, index);
    found.push(endpoint);
  }
  return found;
}

/** A socket takes one family. */
function spread(endpoint: Endpoint): readonly Endpoint[] {
  if (endpoint.kind === 'unix' || familiesOf(endpoint) !== 'both') return [endpoint];
  return [wildcardEndpoint('ipv4', endpoint), wildcardEndpoint('ipv6', endpoint)];
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') return '';
  const before = endpoint.optional ? '-' : '';
  if (endpoint.kind === 'name') return `${before}${endpoint.name}`;
  const families = familiesOf(endpoint);
  if (families === 'both') {
    return {
      code: 'FAMILIES',
      problem: 'every interface of both families',
      hint: 'it takes two hosts, * and ::*: write a list with formatEndpoints',
    };
  }
  if (endpoint.kind === 'wildcard') return `${before}${families === 'ipv4' ? '*' : '::*'}`;
  return `${before}${textOfUnmapped(endpoint)}`;
}
