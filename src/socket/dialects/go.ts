import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { familiesOf, textOfUnmapped } from './families.js';
import { readBracketed, readHost } from './host.js';
import { addressEndpoint, hostEndpoint, wildcardEndpoint } from './make.js';
import { likelyPort, readPort } from './port.js';
import type { Refusal } from './refusal.js';
import { isRefusal, refuse } from './refusal.js';
import { refuseColons } from './unbracketed.js';
import { refuseUrl } from './url.js';

/**
 * The address of `net.Listen("tcp", …)`. `:8080`, `0.0.0.0:8080` and `[::]:8080` are one and the same: every interface of both
 * families. What Go takes and nobody means is refused: no port (any free port), leading zeros and signs, names of services,
 * brackets around names.
 *
 * @see https://pkg.go.dev/net#Listen
 */
export const GO: Dialect = {
  portless: 'elsewhere',
  names: 'ipv4-first',
  cannot: {
    UNIX: 'the network says it: net.Listen("unix", PATH)',
    OPTIONAL: 'handle the error of net.Listen',
    NO_PORT: 'give it a port, or pass defaultPort',
    RANGE: 'call net.Listen for each port, see expandPorts',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    PROTOCOL: 'the network says it: net.ListenPacket("udp", …), with protocol null',
  },
  list: null,
  parse,
  format,
};

function parse(text: string): Endpoint | Refusal {
  if (text === '')
    return refuse('EMPTY', 0, () => ({
      problem: 'empty text',
      hint: 'Go takes any free port of every interface, write :8080',
    }));
  if (/^(?:unix:|[/@])/.test(text))
    return refuse('NOT_SUPPORTED', 0, () => ({ problem: 'a unix socket', hint: `${GO.cannot.UNIX}` }));
  const url = refuseUrl(text);
  if (url !== null) return url;
  const end = text.startsWith('[') ? text.indexOf(']') : -1;
  const colon = text.indexOf(':', end + 1);
  if (text.startsWith('[') && (end < 0 || (colon !== end + 1 && end + 1 < text.length))) {
    return refuse('BRACKETS', Math.max(end, 0), () => ({
      problem: 'brackets without a port after them',
      hint: 'write e.g. [::1]:8080',
    }));
  }
  if (colon < 0)
    return refuse('NO_PORT', text.length, () => ({ problem: 'no port', hint: 'write a host, a colon and a port' }));
  if (text.indexOf(':', colon + 1) >= 0) return refuseColons(text);
  const host = text.slice(0, colon);
  if (host === '*') {
    return refuse('WILDCARD', 0, () => ({
      problem: "host '*', a name to Go",
      hint: `write :${likelyPort(text.slice(1))} for every interface`,
    }));
  }
  const read = host === '' ? null : end < 0 ? readHost(host, 0) : readBracketed(host.slice(1, -1), 1);
  if (read?.kind === 'refused') return read;
  const port = readPort(text.slice(colon + 1), colon + 1);
  if (typeof port !== 'number') return port;
  if (read === null) return wildcardEndpoint('both', { port });
  const endpoint = hostEndpoint(read, { port });
  if (isRefusal(endpoint) || endpoint.kind === 'name') return endpoint;
  if (familiesOf(endpoint) !== null) return wildcardEndpoint('both', { port });
  const { address } = endpoint;
  // Go has one form for an IPv4 address and the IPv4-mapped one.
  return address.family === 6 ? addressEndpoint(address.unmap(), { port }) : endpoint;
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') return '';
  if (endpoint.kind === 'name') return `${endpoint.name}:${endpoint.port}`;
  const families = familiesOf(endpoint);
  if (families === 'both') return `:${endpoint.port}`;
  if (families !== null) {
    const network = families === 'ipv4' ? 'tcp4' : 'tcp6';
    const problem = `every ${families === 'ipv4' ? 'IPv4' : 'IPv6'} interface and no other`;
    return { code: 'FAMILIES', problem, hint: `the network says it: net.Listen("${network}", ":${endpoint.port}")` };
  }
  const host = endpoint.kind === 'address' ? textOfUnmapped(endpoint) : '';
  return host.includes(':') ? `[${host}]:${endpoint.port}` : `${host}:${endpoint.port}`;
}
