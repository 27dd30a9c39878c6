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
 * PostgreSQL's `listen_addresses`, without its quotes: hosts without ports, commas between them. `*` is every interface of both families,
 * `0.0.0.0` every IPv4 interface, `::` every IPv6 interface and no IPv4; an empty text is no TCP at all. The port stands in `port`: pass it as
 * `defaultPort`.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-connection.html
 */
export const POSTGRES: Dialect = {
  portless: 'elsewhere',
  names: 'every',
  cannot: {
    UNIX: 'write its directory in unix_socket_directories',
    OPTIONAL: 'PostgreSQL starts when any of its addresses is there: set optional to false',
    PORT: 'write it in port, and pass it as defaultPort; PostgreSQL has one for all',
    RANGE: 'PostgreSQL has one port',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    PROTOCOL: 'PostgreSQL speaks TCP',
  },
  list: { parse: parseList, join: (texts) => texts.join(','), most: 64, spread: (endpoint) => [endpoint] },
  parse,
  format,
};

function parse(text: string, defaultPort: number | null): Endpoint | Refusal {
  if (text === '') {
    return refuse('EMPTY', 0, () => ({
      problem: 'no host',
      hint: 'PostgreSQL takes no TCP then, which parseEndpoints reads as no endpoints',
    }));
  }
  if (/^(?:unix:|[/@])/.test(text))
    return refuse('NOT_SUPPORTED', 0, () => ({ problem: 'a unix socket', hint: `${POSTGRES.cannot.UNIX}` }));
  if (text === '*') return wildcardEndpoint('both', { port: defaultPort });
  const odd = text.search(/[\s,"']/);
  if (odd < 0) return hostEndpoint(readBareHost(text, 0), { port: defaultPort }, true);
  return refuse(text[odd] === ',' ? 'LIST' : 'BLANK', odd, () => ({
    problem: `unexpected ${quote(text.charAt(odd))}`,
    hint:
      text[odd] === ',' ? 'read a list with parseEndpoints' : 'write hosts with commas between them, without quotes',
  }));
}

function parseList(text: string, defaultPort: number | null): readonly Endpoint[] | Refusal {
  if (/^\s*$/.test(text)) return [];
  const found: Endpoint[] = [];
  let at = 0;
  for (const item of text.split(',')) {
    const start = at + (item.length - item.trimStart().length);
    at += item.length + 1;
    const host = item.trim();
    if (host === '')
      return refuse('EMPTY', start, () => ({
        problem: 'empty item',
        hint: 'write one comma between hosts, and none at the end',
      }));
    if (found.length === 64) {
      return refuse('LIST', start, () => ({
        problem: 'more than 64 hosts',
        hint: 'PostgreSQL opens 64 sockets at the most',
      }));
    }
    const endpoint = parse(host, defaultPort);
    if (isRefusal(endpoint)) return refuseAt(endpoint, start);
    found.push(endpoint);
  }
  return found;
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') return '';
  if (endpoint.kind === 'name') return endpoint.name;
  const families = familiesOf(endpoint);
  if (families !== null) return families === 'both' ? '*' : families === 'ipv4' ? '0.0.0.0' : '::';
  return endpoint.kind === 'address' ? textOfUnmapped(endpoint) : '';
}
