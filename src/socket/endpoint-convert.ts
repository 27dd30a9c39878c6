import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import type { NameUse } from './dialects/dialect.js';
import type { EndpointDialect } from './dialects/index.js';
import { dialectOf } from './dialects/index.js';
import { EndpointFormatError } from './endpoint-error.js';
import { formatEndpoints, parseEndpoints } from './endpoint-text.js';

/** From which dialect to which. */
export interface ConvertOptions {
  readonly from: EndpointDialect;
  readonly to: EndpointDialect;
  /** The port that stands elsewhere in a dialect without ports (Redis, PostgreSQL), on either side. */
  readonly defaultPort?: number | undefined;
}

/**
 * The text in another dialect that means the same: the same families, addresses, ports and protocol, read again to be sure. What
 * can't be kept is never changed or left out: nginx's `8080`, every IPv4 interface, has no text in Go, whose `:8080` is every
 * interface of both families.
 *
 * @throws {EndpointParseError} when the text is none of `from`
 * @throws {EndpointFormatError} when `to` has no words for it; `code` says for what, `hint` where it is said instead
 */
export function convert(text: string, options: ConvertOptions): string {
  checkOptions(options, ['from', 'to', 'defaultPort']);
  const { from, to, defaultPort } = options;
  const { names: here, portless } = dialectOf(from, 'from');
  const there = dialectOf(to, 'to').names;
  const endpoints = parseEndpoints(text, {
    dialect: from,
    defaultPort: portless === 'elsewhere' ? defaultPort : undefined,
  });
  const written = formatEndpoints(endpoints, { dialect: to, defaultPort });
  const name = endpoints.find(({ kind }) => kind === 'name');
  if (name?.kind === 'name' && here !== there && here !== null && there !== null) {
    const problem = `a name, which is ${USES[here]} to ${quote(from)}, and ${USES[there]} to others`;
    throw new EndpointFormatError(name, to, { code: 'NAME', problem, hint: 'write the addresses that are meant' });
  }
  return written;
}

const USES: Readonly<Record<NameUse, string>> = {
  first: 'the first of its addresses',
  'ipv4-first': 'its first IPv4 address, or the first of IPv6',
  'ipv4-only': 'its first IPv4 address',
  every: 'every one of its addresses',
};
