import { quote, shown } from '../../checks/quote.js';
import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { readBracketed, readHostOrWord } from './host.js';
import { hostEndpoint, unixEndpoint } from './make.js';
import { likelyPort, readPort } from './port.js';
import type { Refusal } from './refusal.js';
import { isRefusal, refuse } from './refusal.js';
import { refuseColons } from './unbracketed.js';
import { faultOfUnixText, pathOfUnixText, textOfUnixPath } from './unix-path.js';

/**
 * The dialect of this package: a host and a port, both written out. `127.0.0.1:80`, `[::1]:80`, `[fe80::1%eth0]:80`,
 * `localhost:80`, `INADDR_ANY:80`, each with `/tcp` or `/udp` after it where that is to be said, and `unix:/run/x.sock`, `unix:@name`.
 * Whatever two programs read in two ways is refused, with the readings in the hint.
 */
export const INADDR: Dialect = {
  portless: 'elsewhere',
  names: 'first',
  cannot: {
    NO_PORT: 'give it a port, or pass defaultPort',
    RANGE: 'write one endpoint for each port, see expandPorts',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    OPTIONAL: 'set optional to false, and say where it is bound that it may be absent',
  },
  list: null,
  parse,
  format,
};

function parse(text: string, defaultPort: number | null): Endpoint | Refusal {
  if (text.startsWith('unix:')) {
    const path = text.slice(5);
    return faultOfUnixText(path, 5, UNIX_TEXT) ?? unixEndpoint(pathOfUnixText(path));
  }
  const blank = text.search(/[\s\p{Cc}]/u);
  if (blank >= 0) return refuseBlank(text, blank);
  const slash = text.indexOf('/');
  if (slash < 0) return readHostAndPort(text, null, defaultPort);
  const protocol = text.slice(slash + 1);
  if (slash === 0 || (protocol !== 'tcp' && protocol !== 'udp')) return refuseSlash(text, slash);
  return readHostAndPort(text.slice(0, slash), protocol, defaultPort);
}

function readHostAndPort(text: string, protocol: Protocol, defaultPort: number | null): Endpoint | Refusal {
  if (text.startsWith('[')) return readBrackets(text, protocol, defaultPort);
  const colon = text.indexOf(':');
  if (colon < 0) {
    if (defaultPort === null || text === '' || text === '*' || text.includes(',') || LIKE_PORT.test(text))
      return refuseWithoutPort(text, protocol);
    return hostEndpoint(readHostOrWord(text, 0), { port: defaultPort, protocol });
  }
  if (text.indexOf(':', colon + 1) >= 0) {
    const comma = text.indexOf(',');
    return comma < 0 ? refuseColons(text, afterOf(protocol)) : refuseList(comma);
  }
  const host = text.slice(0, colon);
  if (host === '' || host === '*') return refuseWildcard(host, text.slice(colon + 1), protocol);
  const comma = text.indexOf(',');
  if (comma >= 0) return refuseList(comma);
  const read = readHostOrWord(host, 0);
  if (read.kind === 'refused') return read;
  const port = readPort(text.slice(colon + 1), colon + 1);
  return typeof port === 'number' ? hostEndpoint(read, { port, protocol }) : port;
}

function readBrackets(text: string, protocol: Protocol, defaultPort: number | null): Endpoint | Refusal {
  const end = text.indexOf(']');
  if (end < 0)
    return refuse('BRACKETS', 0, () => ({ problem: 'bracket that is not closed', hint: 'write e.g. [::1]:8080' }));
  const host = readBracketed(text.slice(1, end), 1);
  if (host.kind === 'refused') return host;
  const after = end + 1;
  if (after === text.length) {
    if (defaultPort !== null) return hostEndpoint(host, { port: defaultPort, protocol });
    return refuse('NO_PORT', after, () => ({
      problem: 'no port',
      hint: `write ${shown(`${text}:8080${afterOf(protocol)}`)} for port 8080`,
    }));
  }
  if (text[after] !== ':') {
    const comma = text.indexOf(',', after);
    if (comma >= 0) return refuseList(comma);
    return refuse('BRACKETS', after, () => ({
      problem: 'text after the bracket',
      hint: `write ${shown(`${text.slice(0, after)}:${likelyPort(text.slice(after))}${afterOf(protocol)}`)}`,
    }));
  }
  const comma = text.indexOf(',', after);
  if (comma >= 0) return refuseList(comma);
  const port = readPort(text.slice(after + 1), after + 1);
  return typeof port === 'number' ? hostEndpoint(host, { port, protocol }) : port;
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') return `unix:${textOfUnixPath(endpoint.path)}`;
  const after = `:${endpoint.port}${endpoint.protocol === null ? '' : `/${endpoint.protocol}`}`;
  if (endpoint.kind === 'name') return `${endpoint.name}${after}`;
  const ipv6Only = endpoint.kind === 'address' ? endpoint.ipv6Only === true : endpoint.families === 'ipv6';
  if (endpoint.kind === 'address' && endpoint.address.family === 4) return `${endpoint.address}${after}`;
  if (endpoint.kind === 'wildcard' && endpoint.families === 'ipv4') return `0.0.0.0${after}`;
  const host = endpoint.kind === 'wildcard' ? '::' : String(endpoint.address);
  if (host === '::' && ipv6Only) {
    return {
      code: 'FAMILIES',
      problem: 'every IPv6 interface and no IPv4',
      hint: 'write [::]:PORT, which is both families, and say ipv6Only where it is bound',
    };
  }
  return `[${host}]${after}`;
}

// What is refused, and the readings. Slow and readable, as the words are made for errors only.

function refuseBlank(text: string, blank: number): Refusal {
  return refuse('BLANK', blank, () => {
    // Elsewhere blanks are between two things: `10.0.0.1 0:80` is no 10.0.0.10.
    const dense = text
      .split(/([:/])/)
      .map(trimmed)
      .join('');
    return {
      problem: 'blank or control character',
      hint: suggestion([dense]) ?? 'write one endpoint without blanks, e.g. 127.0.0.1:8080',
    };
  });
}

/** Without blanks and controls at either end. */
function trimmed(text: string): string {
  const start = text.search(/[^\s\p{Cc}]/u);
  let end = text.length;
  while (end > start && /[\s\p{Cc}]/u.test(text.charAt(end - 1))) end--;
  return start < 0 ? '' : text.slice(start, end);
}

function refuseList(comma: number): Refusal {
  return refuse('LIST', comma, () => ({
    problem: 'a list',
    hint: 'write one endpoint, and a list as a list of texts',
  }));
}

/** `8080`, `127.0.0.1`, `localhost`: what has neither brackets nor a colon. */
function refuseWithoutPort(text: string, protocol: Protocol): Refusal {
  if (text === '') {
    return refuse('EMPTY', 0, () => ({
      problem: 'empty text',
      hint: 'it is every interface to Node and none to PostgreSQL, write e.g. 127.0.0.1:8080',
    }));
  }
  if (text === '*') return refuseWildcard('*', '', protocol);
  const comma = text.indexOf(',');
  if (comma >= 0) return refuseList(comma);
  const port = readPort(text, 0);
  if (typeof port === 'number') {
    return refuse('NO_HOST', 0, () => ({
      problem: 'a port without a host',
      hint: `it is every interface to systemd and Node, every IPv4 interface to nginx, a port inside the container to compose, ${choices(port, protocol)}`,
    }));
  }
  if (LIKE_PORT.test(text)) return port;
  const host = readHostOrWord(text, 0);
  if (host.kind === 'refused') return host;
  return refuse('NO_PORT', text.length, () => ({
    problem: 'no port',
    hint:
      suggestion([`${text}:8080${afterOf(protocol)}`], ' for port 8080') ?? 'write a colon and a port after it, :8080',
  }));
}

const UNIX_TEXT = { prefix: 'unix:', abstract: true } as const;

/** What nobody means as a host. */
const LIKE_PORT = /^[+-]?(?:\d+-?|\d+(?:-\d+)+|0x[\da-f]+)$/i;

type Protocol = 'tcp' | 'udp' | null;

function afterOf(protocol: Protocol): string {
  return protocol === null ? '' : `/${protocol}`;
}

/** `:8080`, `*:8080`. */
function refuseWildcard(host: '' | '*', portText: string, protocol: Protocol): Refusal {
  const port = portText === '' ? 8080 : readPort(portText, host.length + 1);
  const written = typeof port === 'number' ? choices(port, protocol) : 'write 0.0.0.0, [::] or 127.0.0.1';
  if (host === '') {
    return refuse('NO_HOST', 0, () => ({
      problem: 'blank host',
      hint: `it is every interface to Go, and an error to nginx and systemd, ${written}`,
    }));
  }
  return refuse('WILDCARD', 0, () => ({
    problem: "host '*'",
    hint: `it is every IPv4 interface to nginx and Redis, every interface to PostgreSQL, ${written}`,
  }));
}

function choices(number: number, protocol: Protocol): string {
  const port = `${number}${afterOf(protocol)}`;
  return `write 0.0.0.0:${port} for every IPv4 interface, [::]:${port} for every interface, or 127.0.0.1:${port} for this machine alone`;
}

/** A slash that is not before `tcp` or `udp`: URLs, multiaddrs, paths, prefixes. */
function refuseSlash(text: string, slash: number): Refusal {
  const scheme = /^[a-z][a-z\d+.-]*:\/\//i.exec(text)?.[0];
  if (scheme !== undefined) {
    return refuse('URL', 0, () => {
      const name = scheme.slice(0, -3).toLowerCase();
      const rest = /^(?:[^@/?#]*@)?([^/?#]*)/.exec(text.slice(scheme.length))?.[1] ?? '';
      const path = text.slice(scheme.length).replace(/^\/+/, '/');
      const texts =
        name === 'unix' ? [`unix:${path}`] : name === 'tcp' || name === 'udp' ? [`${rest}/${name}`] : [rest];
      const hint = 'an endpoint has no scheme, user or path';
      const instead = suggestion(texts);
      return { problem: 'a URL', hint: instead === null ? hint : `${hint}, ${instead}` };
    });
  }
  if (/^\/(?:ip4|ip6|ip6zone|dns|dns4|dns6|dnsaddr|unix)\//.test(text)) {
    return refuse('MULTIADDR', 0, () => ({
      problem: 'a multiaddr',
      hint: suggestion([fromMultiaddr(text)]) ?? 'write a host and a port, e.g. 127.0.0.1:8080',
    }));
  }
  if (slash === 0) {
    return refuse('BAD_PATH', 0, () => ({
      problem: 'a path',
      hint: suggestion([`unix:${text}`]) ?? 'write unix: before a path',
    }));
  }
  const before = text.slice(0, slash);
  const after = text.slice(slash + 1);
  return refuse('PROTOCOL', slash, () => {
    const lower = after.toLowerCase();
    const hint = "after a slash stands 'tcp' or 'udp'";
    const instead = suggestion([`${before}/${lower}`, before]);
    return {
      problem: `${quote(`/${after}`)} after the endpoint`,
      hint: instead === null ? hint : `${hint}, ${instead}`,
    };
  });
}

function fromMultiaddr(text: string): string {
  const unix = /^\/unix(\/.*)$/.exec(text);
  if (unix !== null) return `unix:${unix[1]}`;
  const [, zone, kind, host, protocol, port] =
    /^(?:\/ip6zone\/([^/]+))?\/(ip4|ip6|dns[46]?)\/([^/]+)\/(tcp|udp)\/([^/]+)\/?$/.exec(text) ?? [];
  const zoned = zone === undefined ? host : `${host}%${zone}`;
  return `${kind === 'ip6' ? `[${zoned}]` : zoned}:${port}/${protocol}`;
}

/** `write …` with the first of the texts that is an endpoint; null when none is. */
function suggestion(texts: readonly string[], what = ''): string | null {
  const found = texts.find((text) => text.length <= LONGEST_SUGGESTION && !isRefusal(parse(text, null)));
  return found === undefined ? null : `write ${shown(found)}${what}`;
}

/** What `shown` does not cut. */
const LONGEST_SUGGESTION = 60;
