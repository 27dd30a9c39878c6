import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import type { Dialect } from './dialects/dialect.js';
import type { EndpointDialect } from './dialects/index.js';
import { dialectOf } from './dialects/index.js';
import { isPort } from './dialects/port.js';
import type { Refusal } from './dialects/refusal.js';
import { findingOf, isRefusal, refuse } from './dialects/refusal.js';
import type { Endpoint } from './endpoint.js';
import type { EndpointFinding, EndpointFormatErrorCode, EndpointLoss } from './endpoint-error.js';
import { EndpointFormatError, EndpointParseError } from './endpoint-error.js';
import { faultOfEndpoint, sameMeaning } from './endpoint-meaning.js';

export type { EndpointDialect } from './dialects/index.js';

/** How endpoint text is read or written. */
export interface EndpointOptions {
  /** Whose text it is; 'inaddr' by default, which takes no text that two programs read in two ways. */
  readonly dialect?: EndpointDialect | undefined;
  /**
   * The port that stands elsewhere, 0 to 65535: of endpoints whose text names none, and not written again where the dialect has
   * no ports (Redis, PostgreSQL). None by default; then 'inaddr' and others that need a port refuse a text without.
   */
  readonly defaultPort?: number | undefined;
}

/** What `safeParseEndpoint` returns: discriminated on `success`. */
export type SafeParseEndpoint =
  | { readonly success: true; readonly data: Endpoint }
  | { readonly success: false; readonly error: EndpointParseError };

/** What `safeParseEndpoints` returns: discriminated on `success`. */
export type SafeParseEndpoints =
  | { readonly success: true; readonly data: readonly Endpoint[] }
  | { readonly success: false; readonly error: EndpointParseError };

/**
 * The endpoint that a text writes in a dialect. 'inaddr', the default, takes `127.0.0.1:80`, `[::1]:80`, `[fe80::1%eth0]:80`,
 * `localhost:80`, `INADDR_ANY:80`, each with `/tcp` or `/udp` after it or without, `unix:/run/x.sock` and `unix:@name`. Nothing is
 * resolved, and nothing is coerced.
 *
 * @throws {EndpointParseError} when the text is none; its `code` says why, `offset` where, `hint` what to write
 * @throws {TypeError} for options that there are not
 * @see RFC 5952 section 6 (brackets), RFC 9844 (zones)
 */
export function parseEndpoint(text: string, options: EndpointOptions = {}): Endpoint {
  const { dialect, defaultPort } = read(options);
  const found = parseOne(text, dialect, defaultPort);
  if (isRefusal(found)) throw new EndpointParseError(text, findingOf(found));
  return found;
}

/**
 * Like `parseEndpoint`, without a throw for any text: `{success: true, data}` or `{success: false, error}`, the error made when read.
 *
 * @throws {TypeError} for options that there are not
 */
export function safeParseEndpoint(text: string, options: EndpointOptions = {}): SafeParseEndpoint {
  const { dialect, defaultPort } = read(options);
  const found = parseOne(text, dialect, defaultPort);
  return isRefusal(found) ? new Failure(text, found) : { success: true, data: found };
}

/**
 * The endpoints of a text: of a list where the dialect has lists (Redis `a b`, PostgreSQL `a,b`), else the one that it writes. A
 * range of ports is one endpoint, see `expandPorts`. PostgreSQL's `''` and Redis's `""` are no endpoint at all.
 *
 * @throws {EndpointParseError} when one of them is none; `offset` is that in the whole text
 */
export function parseEndpoints(text: string, options: EndpointOptions = {}): readonly Endpoint[] {
  const { dialect, defaultPort } = read(options);
  const found = parseAll(text, dialect, defaultPort);
  if (isRefusal(found)) throw new EndpointParseError(text, findingOf(found));
  return found;
}

/**
 * Like `parseEndpoints`, without a throw for any text.
 *
 * @throws {TypeError} for options that there are not
 */
export function safeParseEndpoints(text: string, options: EndpointOptions = {}): SafeParseEndpoints {
  const { dialect, defaultPort } = read(options);
  const found = parseAll(text, dialect, defaultPort);
  return isRefusal(found) ? new Failure(text, found) : { success: true, data: found };
}

/**
 * The text of an endpoint in a dialect, which read again in that dialect means the same.
 *
 * @throws {EndpointFormatError} when the dialect has no words for it; `code` says for what, `hint` what to do
 */
export function formatEndpoint(endpoint: Endpoint, options: EndpointOptions = {}): string {
  const { name, dialect, defaultPort } = read(options);
  const meant = withPort(endpoint, dialect, defaultPort);
  const text = write(meant, dialect, defaultPort);
  if (typeof text !== 'string') throw new EndpointFormatError(endpoint, name, text);
  const again = dialect.parse(text, defaultPort);
  const loss = lossOf([meant], isRefusal(again) ? again : [again]);
  if (loss !== null) throw new EndpointFormatError(endpoint, name, loss);
  return text;
}

/**
 * The text of endpoints in a dialect with lists; of one endpoint in any.
 *
 * @throws {EndpointFormatError} when the dialect has no words for one of them, or no lists
 */
export function formatEndpoints(endpoints: readonly Endpoint[], options: EndpointOptions = {}): string {
  const { name, dialect, defaultPort } = read(options);
  if (!Array.isArray(endpoints)) throw new TypeError(`${quote(endpoints)} is no list: pass an array of endpoints`);
  const { list } = dialect;
  const [only] = endpoints;
  if (list === null) {
    if (only !== undefined && endpoints.length === 1) return formatEndpoint(only, options);
    const hint = 'write a text for each with formatEndpoint';
    throw new EndpointFormatError(endpoints, name, { code: 'LIST', problem: `a list of ${endpoints.length}`, hint });
  }
  if (endpoints.length > list.most) {
    const loss = {
      code: 'LIST',
      problem: `a list of ${endpoints.length}`,
      hint: `write ${list.most} at the most`,
    } as const;
    throw new EndpointFormatError(endpoints, name, loss);
  }
  const meant = endpoints.map((endpoint) => withPort(endpoint, dialect, defaultPort));
  const texts = meant.flatMap((endpoint, index) =>
    (faultOfEndpoint(endpoint) === null ? list.spread(endpoint) : [endpoint]).map((part) => {
      const text = write(part, dialect, defaultPort);
      if (typeof text !== 'string') throw new EndpointFormatError(endpoints[index] ?? endpoint, name, text);
      return text;
    }),
  );
  const text = list.join(texts);
  const loss = lossOf(meant, list.parse(text, defaultPort));
  if (loss !== null) throw new EndpointFormatError(endpoints, name, loss);
  return text;
}

/**
 * The single ports of an endpoint with a range, in order, as they are asked for; the endpoint itself where there is none.
 *
 * @throws {TypeError} when the first is asked for of what is no endpoint
 */
export function* expandPorts(endpoint: Endpoint): IterableIterator<Endpoint> {
  const fault = faultOfEndpoint(endpoint);
  if (fault !== null) throw new TypeError(`${quote(endpoint)} is no endpoint: ${fault}`);
  if (endpoint.kind === 'unix' || endpoint.port === null || endpoint.lastPort === null) {
    yield endpoint;
    return;
  }
  const { port: first, lastPort, containerPort, lastContainerPort } = endpoint;
  for (let port = first; port <= lastPort; port++) {
    const inside = containerPort === null || lastContainerPort === null ? containerPort : containerPort + port - first;
    yield { ...endpoint, port, lastPort: null, containerPort: inside, lastContainerPort: null };
  }
}

interface ReadOptions {
  readonly name: EndpointDialect;
  readonly dialect: Dialect;
  readonly defaultPort: number | null;
}

function read(options: EndpointOptions): ReadOptions {
  checkOptions(options, ['dialect', 'defaultPort']);
  const { dialect: name = 'inaddr', defaultPort } = options;
  if (defaultPort !== undefined && !isPort(defaultPort)) {
    throw new TypeError(`defaultPort is ${quote(defaultPort)}: pass a whole number from 0 to 65535`);
  }
  return { name, dialect: dialectOf(name, 'dialect'), defaultPort: defaultPort ?? null };
}

function parseOne(text: unknown, dialect: Dialect, defaultPort: number | null): Endpoint | Refusal {
  return typeof text === 'string' ? dialect.parse(text, defaultPort) : refuseType(text);
}

function parseAll(text: unknown, dialect: Dialect, defaultPort: number | null): readonly Endpoint[] | Refusal {
  if (typeof text !== 'string') return refuseType(text);
  if (dialect.list !== null) return dialect.list.parse(text, defaultPort);
  const found = dialect.parse(text, defaultPort);
  return isRefusal(found) ? found : [found];
}

function refuseType(value: unknown): Refusal {
  return refuse('NOT_TEXT', 0, () => ({
    problem: `${value === null ? 'null' : typeof value}, not text`,
    hint: 'pass the endpoint as a string',
  }));
}

/** An endpoint with the port that stands elsewhere, where it has none of its own and the dialect can't say any free one. */
function withPort(endpoint: Endpoint, dialect: Dialect, defaultPort: number | null): Endpoint {
  if (
    defaultPort === null ||
    dialect.portless === 'any' ||
    faultOfEndpoint(endpoint) !== null ||
    endpoint.kind === 'unix'
  )
    return endpoint;
  return endpoint.port === null ? { ...endpoint, port: defaultPort } : endpoint;
}

/** The text of an endpoint, or what the dialect has no words for. */
function write(endpoint: Endpoint, dialect: Dialect, defaultPort: number | null): string | EndpointLoss {
  const fault = faultOfEndpoint(endpoint);
  if (fault !== null) {
    return { code: 'NOT_ENDPOINT', problem: `no endpoint: ${fault}`, hint: 'pass what parseEndpoint gives' };
  }
  for (const [code, problem, stands] of LOSSES) {
    const hint = dialect.cannot[code];
    if (hint !== undefined && stands(endpoint, defaultPort)) return { code, problem, hint };
  }
  return dialect.format(endpoint, defaultPort);
}

type Inet = Exclude<Endpoint, { kind: 'unix' }>;

/** What an endpoint may say that not every dialect has words for. */
const LOSSES: readonly (readonly [
  code: EndpointFormatErrorCode,
  problem: string,
  stands: (endpoint: Endpoint, defaultPort: number | null) => boolean,
])[] = [
  ['UNIX', 'a unix socket', ({ kind }) => kind === 'unix'],
  ['OPTIONAL', 'an address that may be absent', ({ optional }) => optional],
  ['NAME', 'a name', ({ kind }) => kind === 'name'],
  ['ZONE', 'a zone', (endpoint) => endpoint.kind === 'address' && String(endpoint.address).includes('%')],
  ['NO_PORT', 'no port', inet(({ port }) => port === null)],
  ['PORT', 'a port', inet(({ port }, defaultPort) => port !== null && port !== defaultPort)],
  ['RANGE', 'a range of ports', inet(({ lastPort }) => lastPort !== null)],
  ['CONTAINER_PORT', 'a port inside a container', inet(({ containerPort }) => containerPort !== null)],
  ['PROTOCOL', 'UDP', inet(({ protocol }) => protocol === 'udp')],
];

function inet(stands: (endpoint: Inet, defaultPort: number | null) => boolean) {
  return (endpoint: Endpoint, defaultPort: number | null) => endpoint.kind !== 'unix' && stands(endpoint, defaultPort);
}

/** What is lost when a text is read again, null when nothing is: no text leaves that means something else. */
function lossOf(endpoints: readonly Endpoint[], again: readonly Endpoint[] | Refusal): EndpointLoss | null {
  if (isRefusal(again)) {
    const { code, problem, hint } = findingOf(again);
    // Who reads is told to read it as a list; who writes means one.
    const isSplit = code === 'LIST' || code === 'BLANK' || code === 'EMPTY';
    return {
      code: CODE_OF_REFUSAL[code] ?? 'MEANING',
      problem,
      hint: isSplit ? 'it would end the text, or split it: bind it otherwise' : hint,
    };
  }
  if (sameMeaning(endpoints, again)) return null;
  return { code: 'MEANING', problem: 'an endpoint whose text would be read as another', hint: 'bind it otherwise' };
}

const CODE_OF_REFUSAL: { readonly [Code in EndpointFinding['code']]?: EndpointFormatErrorCode } = {
  BAD_PATH: 'PATH',
  BAD_NAME: 'NAME',
  LENIENT_ADDRESS: 'NAME',
  ADDRESS_WORD: 'NAME',
  LIST: 'LIST',
  PORT_RANGE: 'PORT',
};

/** An Error takes far longer to make than a text takes to be refused, so it is made when it is asked for. */
class Failure {
  readonly success = false;
  readonly #input: unknown;
  readonly #refusal: Refusal;
  #error: EndpointParseError | undefined;

  constructor(input: unknown, refusal: Refusal) {
    this.#input = input;
    this.#refusal = refusal;
  }

  get error(): EndpointParseError {
    this.#error ??= new EndpointParseError(this.#input, findingOf(this.#refusal));
    return this.#error;
  }
}
