import { quote } from '../../checks/quote.js';
import { safeParseAddress } from '../../ip/index.js';
import type { Endpoint } from '../endpoint.js';
import type { EndpointLoss } from '../endpoint-error.js';
import type { Dialect } from './dialect.js';
import { familiesOf } from './families.js';
import { readBracketed } from './host.js';
import { addressEndpoint, unixEndpoint, wildcardEndpoint } from './make.js';
import { isPort, likelyPort } from './port.js';
import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';
import { refuseColons } from './unbracketed.js';
import { faultOfLongPath, faultOfUnixText, pathOfUnixText, textOfUnixPath } from './unix-path.js';
import { refuseUrl } from './url.js';

/**
 * The value of `ListenStream=` or `ListenDatagram=` in a unit. `8080` is every interface of both families, as is `[::]:8080`, as long as
 * the unit doesn't say `BindIPv6Only=`. A zone stands after the port, `[fe80::1]:80%%eth0`, and its `%` is doubled, as one
 * alone begins a specifier, which is refused: nobody but systemd knows what it becomes. Ports are read as systemd reads
 * them: `0x50` is 80, `010` is 8, `080` is refused. There are no names, and sockets of AF_VSOCK are refused.
 *
 * @see systemd.socket(5)
 */
export const SYSTEMD: Dialect = {
  portless: 'elsewhere',
  names: null,
  cannot: {
    NAME: 'systemd resolves nothing: write an address',
    OPTIONAL: 'write FreeBind=yes beside it, and set optional to false',
    NO_PORT: 'give it a port, or pass defaultPort',
    RANGE: 'write a line for each port, see expandPorts',
    CONTAINER_PORT: 'set containerPort and lastContainerPort to null to keep what is bound on the host',
    PROTOCOL: 'the directive says it: write it after ListenDatagram=, with protocol null',
  },
  list: null,
  parse,
  format,
};

function parse(text: string): Endpoint | Refusal {
  if (text === '') {
    return refuse('EMPTY', 0, () => ({
      problem: 'empty text',
      hint: 'systemd takes it to forget what was listed before, write e.g. 127.0.0.1:8080',
    }));
  }
  const specifier = /(?<!%)(?:%%)*%(?!%)/.exec(text);
  if (specifier !== null) {
    return refuse('NOT_SUPPORTED', specifier.index + specifier[0].length - 1, () => ({
      problem: 'a specifier',
      hint: "write what systemd puts in its place, and '%%' for a percent sign",
    }));
  }
  if (/^vsock(?:-(?:stream|dgram|seqpacket))?:/.test(text)) {
    return refuse('NOT_SUPPORTED', 0, () => ({
      problem: 'a socket between a virtual machine and its host (AF_VSOCK)',
      hint: 'it has a context and no IP address, leave it out here',
    }));
  }
  if (text.startsWith('unix:')) {
    return refuse('BAD_PATH', 0, () => ({
      problem: "'unix:' before a path",
      hint: 'write the path alone, or @ and an abstract name',
    }));
  }
  return refuseUrl(text) ?? (/^[/@]/.test(text) ? readPath(text) : readInet(text));
}

function readPath(text: string): Endpoint | Refusal {
  const path = text.replaceAll('%%', '%');
  if (path.endsWith('\\')) {
    return refuse('BAD_PATH', text.length - 1, () => ({
      problem: 'backslash at the end',
      hint: 'it joins the next line, write another path',
    }));
  }
  if (path === '/')
    return refuse('BAD_PATH', 0, () => ({ problem: 'the root directory', hint: 'write the path of a socket' }));
  return (
    faultOfUnixText(path, 0, { prefix: '', abstract: true }) ??
    faultOfLongPath(path, 0) ??
    unixEndpoint(pathOfUnixText(path))
  );
}

function readInet(text: string): Endpoint | Refusal {
  const blank = text.search(/[\s\p{Cc}]/u);
  if (blank >= 0)
    return refuse('BLANK', blank, () => ({
      problem: 'blank or control character',
      hint: 'write a line for each endpoint',
    }));
  const percent = text.indexOf('%%');
  if (percent >= 0 && /[\]:]/.test(text.slice(percent))) {
    return refuse('ZONE', percent, () => ({
      problem: 'zone before the port',
      hint: 'systemd takes it after the port, [fe80::1]:80%%eth0',
    }));
  }
  const body = percent < 0 ? text : text.slice(0, percent);
  const colon = body.lastIndexOf(':');
  const host = body.slice(0, Math.max(colon, 0));
  if (colon < 0 && percent < 0) {
    const port = basePort(body);
    if (port !== null) return wildcardEndpoint('both', { port });
    if (/^[+\d]/.test(body) && !body.includes('.')) return refusePort(body, 0);
  }
  if (colon < 0) {
    return refuse('NO_PORT', body.length, () => ({
      problem: 'no port',
      hint: 'write an address and a port, e.g. 127.0.0.1:8080, a port alone for every interface, or a path',
    }));
  }
  const brackets = host.startsWith('[') && host.endsWith(']');
  if (!brackets && host.startsWith('[')) {
    return refuse(body.endsWith(']') ? 'NO_PORT' : 'BRACKETS', body.endsWith(']') ? body.length : 0, () => ({
      problem: body.endsWith(']') ? 'no port' : 'bracket',
      hint: 'write e.g. [::1]:8080',
    }));
  }
  if (!brackets && host.includes(':')) return refuseColons(body);
  if (host === '' || host === '*') {
    return refuse(host === '' ? 'NO_HOST' : 'WILDCARD', 0, () => ({
      problem: host === '' ? 'blank host' : "host '*'",
      hint: `systemd takes ${likelyPort(body.slice(colon + 1))} for every interface`,
    }));
  }
  const read = brackets ? readBracketed(host.slice(1, -1), 1) : readIPv4(host);
  if (read.kind === 'refused') return read;
  if (read.kind !== 'address')
    return refuse('BAD_NAME', 0, () => ({ problem: 'a name', hint: 'systemd resolves nothing: write an address' }));
  const port = basePort(body.slice(colon + 1));
  if (port === null) return refusePort(body.slice(colon + 1), colon + 1);
  if (percent < 0) return addressEndpoint(read.address, { port });
  const zone = text.slice(percent + 2);
  if (read.address.family === 4)
    return refuse('ZONE', percent, () => ({ problem: 'zone', hint: `IPv4 has none, write ${body}` }));
  const zoned = safeParseAddress(`${read.address}%${zone}`);
  if (zoned.success) return addressEndpoint(zoned.data, { port });
  return refuse('ZONE', percent, () => ({ problem: 'zone', hint: `for the zone, ${zoned.error.hint}` }));
}

function readIPv4(text: string): ReturnType<typeof readBracketed> {
  const read = safeParseAddress(text);
  if (read.success) return { kind: 'address', address: read.data };
  const name = /[a-z]/i.test(text);
  return refuse(name ? 'BAD_NAME' : 'BAD_ADDRESS', read.error.offset, () => ({
    problem: name ? 'no address' : 'no IPv4 address',
    hint: `systemd resolves nothing, ${name ? 'write an address' : read.error.hint}`,
  }));
}

/** A port as `strtoul` with base 0 reads it, and `0b`, `0o`: 1 to 65535; null for what systemd refuses. */
function basePort(text: string): number | null {
  const [, hex, binary, octal, plainOctal, decimal] =
    /^\+?(?:0x([\da-f]+)|0b([01]+)|0o([0-7]+)|0([0-7]+)|([1-9]\d*))$/i.exec(text) ?? [];
  const digits = hex ?? binary ?? octal ?? plainOctal ?? decimal;
  if (digits === undefined) return null;
  const base = hex !== undefined ? 16 : binary !== undefined ? 2 : decimal !== undefined ? 10 : 8;
  const port = Number.parseInt(digits, base);
  return isPort(port) && port > 0 ? port : null;
}

function refusePort(text: string, offset: number): Refusal {
  if (text === '') return refuse('NO_PORT', offset, () => ({ problem: 'empty port', hint: 'write a port, e.g. 8080' }));
  if (/^0\d+$/.test(text) && !/^0+$/.test(text)) {
    return refuse('PORT_LEADING_ZERO', offset, () => ({
      problem: 'leading zero in the port',
      hint: 'systemd reads octal then, write it without',
    }));
  }
  if (/^\d+-\d+$/.test(text)) {
    return refuse('RANGE', offset, () => ({ problem: 'range of ports', hint: 'write a line for each port' }));
  }
  const isNumber = /^\+?(?:\d+|0x[\da-f]+)$/i.test(text);
  return refuse(isNumber ? 'PORT_RANGE' : 'BAD_PORT', offset, () => ({
    problem: `port ${quote(text)}`,
    hint: isNumber ? 'systemd takes 1 to 65535' : 'write a decimal number, e.g. 8080',
  }));
}

function format(endpoint: Endpoint): string | EndpointLoss {
  if (endpoint.kind === 'unix') return textOfUnixPath(endpoint.path).replaceAll('%', '%%');
  if (endpoint.kind === 'name') return endpoint.name;
  const { port } = endpoint;
  const families = familiesOf(endpoint);
  if (families === 'ipv6') {
    return {
      code: 'FAMILIES',
      problem: 'every IPv6 interface and no IPv4',
      hint: `write ${port} with BindIPv6Only=ipv6-only beside it`,
    };
  }
  if (endpoint.kind === 'wildcard') return families === 'ipv4' ? `0.0.0.0:${port}` : `${port}`;
  const [address = '', zone] = String(endpoint.address).split('%');
  const host = endpoint.address.family === 6 ? `[${address}]` : address;
  return `${host}:${port}${zone === undefined ? '' : `%%${zone}`}`;
}
