import { nearest } from '../../checks/nearest.js';
import { quote, shown } from '../../checks/quote.js';
import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { familiesOf } from './families.js';
import { readBracketed, readHost } from './host.js';
import { hostEndpoint, unixEndpoint, wildcardEndpoint } from './make.js';
import type { Ports } from './port.js';
import { likelyPort, readPorts } from './port.js';
import type { Refusal } from './refusal.js';
import { isRefusal, refuse } from './refusal.js';
import { refuseColons } from './unbracketed.js';
import { faultOfLongPath, faultOfUnixText } from './unix-path.js';
import { refuseUrl } from './url.js';

/**
 * The arguments of nginx's `listen`, without the word and the semicolon. `8080` and `*:8080` are every IPv4 interface, `[::]:8080` every
 * IPv6 interface and no IPv4 unless `ipv6only=off` follows; an address without a port has port 80. Of the parameters `ipv6only` and
 * `udp` (or `quic`) are read; the others that nginx knows say nothing of where it listens and are left out; those that it doesn't know are refused.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_core_module.html#listen
 */
export const NGINX: Dialect = {
  portless: 'fixed',
  names: 'every',
  cannot: {
    OPTIONAL: 'nginx does not start when an address is absent: leave it out, or set optional to false',
    NO_PORT: 'give it a port, or pass defaultPort',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    ZONE: 'nginx refuses zones: listen on [::]:PORT, or on another address',
  },
  list: null,
  parse,
  format,
};

/** Where nginx listens when an address has no port. */
const DEFAULT_PORT = 80;

function parse(text: string, defaultPort: number | null): Endpoint | Refusal {
  const [head = '', ...words] = wordsOf(text);
  if (head === '' || text.startsWith(' ')) {
    return refuse(text === '' ? 'EMPTY' : 'BLANK', 0, () => ({
      problem: text === '' ? 'empty text' : 'blank in front',
      hint: 'write the arguments of listen, e.g. 127.0.0.1:8080',
    }));
  }
  const odd = text.search(/["';{}\\$#]|(?! )\s|\p{Cc}/u);
  if (odd >= 0) {
    return refuse('BLANK', odd, () => ({
      problem: `unexpected ${quote(text.charAt(odd))}`,
      hint: 'write the arguments of listen alone, without quotes and variables, one blank between them',
    }));
  }
  let ipv6Only = true;
  let datagrams: { readonly word: string; readonly at: number } | null = null;
  let at = head.length;
  for (const word of words) {
    at += 1;
    if (word === 'ipv6only=on' || word === 'ipv6only=off') ipv6Only = word === 'ipv6only=on';
    else if (word === 'udp' || word === 'quic') datagrams = { word, at };
    else if (word === '' && at === text.length) return refuseEnd(at - 1);
    else if (!FLAGS.includes(word) && !isSetting(word)) return refuseParameter(word, at);
    at += word.length;
  }
  if (datagrams === null) return readAddress(head, ipv6Only, null, defaultPort ?? DEFAULT_PORT);
  const { word, at: offset } = datagrams;
  if (head.startsWith('unix:')) {
    const hint = `a unix socket has connections here, leave out ${word}`;
    return refuse('NOT_SUPPORTED', offset, () => ({ problem: 'datagrams of a unix socket', hint }));
  }
  // Of http, which has quic, the port is 80; stream, which has udp, takes any free one.
  return readAddress(head, ipv6Only, 'udp', defaultPort ?? (word === 'quic' ? DEFAULT_PORT : null));
}

function isSetting(word: string): boolean {
  const equals = word.indexOf('=') + 1;
  if (word.startsWith('backlog=')) return /^(?:-1|[1-9]\d*)$/.test(word.slice(equals));
  return SETTINGS.includes(word.slice(0, equals)) && equals < word.length;
}

function refuseEnd(offset: number): Refusal {
  return refuse('BLANK', offset, () => ({ problem: 'blank at the end', hint: 'leave it out' }));
}

/** What stands between single blanks. */
function wordsOf(text: string): string[] {
  return text.split(' ');
}

const FLAGS = [
  'default_server',
  'default',
  'ssl',
  'http2',
  'proxy_protocol',
  'bind',
  'reuseport',
  'deferred',
  'multipath',
];
const SETTINGS = ['backlog=', 'rcvbuf=', 'sndbuf=', 'so_keepalive=', 'fastopen=', 'setfib=', 'accept_filter='];

function readAddress(
  text: string,
  ipv6Only: boolean,
  protocol: 'udp' | null,
  defaultPort: number | null,
): Endpoint | Refusal {
  if (text === 'unix') {
    return refuse('BAD_PATH', 4, () => ({ problem: 'no path', hint: 'write unix: and a path from the root' }));
  }
  if (text.startsWith('unix:')) {
    const path = text.slice(5);
    if (path.startsWith('@')) {
      return refuse('BAD_PATH', 5, () => ({
        problem: "'@'",
        hint: 'nginx has no abstract names, this is a file: write its path from the root',
      }));
    }
    return (
      faultOfUnixText(path, 5, { prefix: 'unix:', abstract: false }) ?? faultOfLongPath(path, 5) ?? unixEndpoint(path)
    );
  }
  if (text.startsWith('/')) {
    const hint = `write ${shown(`unix:${text.replace(/^\/+/, '/')}`)}`;
    return refuse('BAD_PATH', 0, () => ({ problem: 'a path', hint }));
  }
  const url = refuseUrl(text);
  if (url !== null) return url;
  const percent = text.indexOf('%');
  if (percent >= 0)
    return refuse('ZONE', percent, () => ({
      problem: 'zone',
      hint: 'nginx refuses zones, listen on [::] or on another address',
    }));
  if (/^[\d-]+$/.test(text)) {
    const ports = readNginxPorts(text, 0);
    return isRefusal(ports) ? ports : wildcardEndpoint('ipv4', { ...ports, protocol });
  }
  const end = text.startsWith('[') ? text.indexOf(']') : -1;
  if (text.startsWith('[') && (end < 0 || (end + 1 < text.length && text[end + 1] !== ':'))) {
    return refuse('BRACKETS', Math.max(end, 0), () => ({ problem: 'bracket', hint: 'write e.g. [::1]:8080' }));
  }
  const colon = text.indexOf(':', end + 1);
  const host = colon < 0 ? text : text.slice(0, colon);
  if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) return refuseColons(text);
  if (host === '') {
    return refuse('NO_HOST', 0, () => ({
      problem: 'blank host',
      hint: `nginx takes ${likelyPort(text)} for every IPv4 interface`,
    }));
  }
  const read = host === '*' ? null : end < 0 ? readHost(host, 0) : readBracketed(host.slice(1, -1), 1);
  if (read?.kind === 'refused') return read;
  if (colon < 0 && defaultPort === null)
    return refuse('NO_PORT', text.length, () => ({
      problem: 'no port',
      hint: `nginx takes any free one, write ${shown(`${text}:8080`)}`,
    }));
  const ports =
    defaultPort !== null && colon < 0
      ? { port: defaultPort, lastPort: null }
      : readNginxPorts(text.slice(colon + 1), colon + 1);
  if (isRefusal(ports)) return ports;
  const beside = { ...ports, protocol };
  return read === null ? wildcardEndpoint('ipv4', beside) : hostEndpoint(read, beside, ipv6Only);
}

function readNginxPorts(text: string, offset: number): Ports | Refusal {
  const ports = readPorts(text, offset);
  if (isRefusal(ports)) {
    if (ports.code !== 'PORT_RANGE') return ports;
    return refuse('PORT_RANGE', ports.offset, () => ({ ...ports.words(), hint: 'nginx takes 1 to 65535' }));
  }
  if (ports.port > 0) return ports;
  return refuse('PORT_RANGE', offset, () => ({ problem: 'port 0', hint: 'nginx takes 1 to 65535' }));
}

function refuseParameter(word: string, offset: number): Refusal {
  return refuse('PARAMETER', offset, () => {
    if (word === '') return { problem: 'second blank', hint: 'write one blank between arguments' };
    const settings = [...SETTINGS, 'ipv6only='].map((setting) => `${setting}…`);
    const near = nearest(word, [...FLAGS, 'udp', 'quic', 'ipv6only=on', 'ipv6only=off']);
    const hint = near === null ? `nginx has ${[...FLAGS, 'udp', ...settings].join(', ')}` : `write ${near}`;
    return { problem: `parameter ${quote(word)}`, hint };
  });
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') {
    if (!endpoint.path.startsWith('\0')) return `unix:${endpoint.path}`;
    return { code: 'UNIX', problem: 'an abstract name of a unix socket', hint: 'nginx has none: write a path' };
  }
  const { port, lastPort, protocol } = endpoint;
  const after = `:${port}${lastPort === null ? '' : `-${lastPort}`}${protocol === 'udp' ? ' udp' : ''}`;
  if (endpoint.kind === 'name') return `${endpoint.name}${after}`;
  const families = familiesOf(endpoint);
  if (endpoint.kind === 'wildcard') {
    if (families === 'ipv4') return `*${after}`;
    return `[::]${after}${families === 'both' ? ' ipv6only=off' : ''}`;
  }
  const { address, ipv6Only } = endpoint;
  if (address.family === 4) return `${address}${after}`;
  const text = String(address);
  // Only where it makes a difference: nginx's sockets are IPv6 only unless told otherwise.
  const off = ipv6Only === false || (ipv6Only === null && (families !== null || text.startsWith('::ffff:')));
  return `[${text}]${after}${off ? ' ipv6only=off' : ''}`;
}
