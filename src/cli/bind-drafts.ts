import { basename } from 'node:path';
import { safeParseAddress } from '../ip/index.js';
import type { Endpoint, Reach } from '../socket/index.js';
import { expandPorts, SOCK_DGRAM, safeParseEndpoints } from '../socket/index.js';
import type { Format } from './config-files/formats.js';
import type { EndpointSource, FieldsSource, FoundBind, Place, Reading, Remark } from './config-files/found.js';
import { escapeControls } from './exit.js';
import { STANDARD_INPUT } from './input.js';

/** A file that was read, or an argument. */
export interface Source {
  /** As messages name it. */
  readonly name: string;
  readonly format: Format;
  readonly reading: Reading;
}

/** Where something is said: a place in a file, or an argument, which has no lines. */
export interface Where {
  readonly input: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** What keeps something from being checked. */
export interface Trouble {
  readonly where: Where;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** A bind as it is said, one for each of a list or a range, before names are resolved and anything is held against the rules. */
export interface Draft {
  readonly where: Where;
  readonly format: Format;
  readonly found: FoundBind;
  /** What `validateBind` takes. */
  readonly fields: unknown;
}

/** Something that a file says beside its binds. */
export interface PlacedRemark extends Remark {
  readonly where: Where;
}

export interface Drafts {
  /** The names of the sources, in their order. */
  readonly inputs: readonly string[];
  readonly drafts: readonly Draft[];
  readonly remarks: readonly PlacedRemark[];
  readonly troubles: readonly Trouble[];
}

/** Each bind takes some hundred microseconds. */
const MOST_BINDS = 4096;

/** The binds that sources write, and what they say about themselves. */
export function draftBinds(sources: readonly Source[], expose: Exclude<Reach, 'none'> | null): Drafts {
  const drafts: Draft[] = [];
  const remarks: PlacedRemark[] = [];
  const troubles: Trouble[] = [];
  const inputs = sources.map(({ name }) => name);
  for (const { name: input, format, reading } of sources) {
    for (const { line, column, message, hint } of reading.complaints) {
      troubles.push({ where: { input, line, column }, message: `${message}; ${hint}` });
    }
    for (const remark of reading.remarks) remarks.push({ ...remark, where: whereOf(input, remark) });
    for (const found of reading.binds) {
      const where = whereOf(input, found);
      const name = nameText(found.name ?? (format.name === 'systemd' ? unitName(where) : ''));
      const add = (fields: unknown) => drafts.push({ where, format, found: { ...found, name }, fields });
      const beside = { ...(name !== null && { name }), ...(expose !== null && { expose }) };
      if (found.source.kind === 'fields') add(withDefaults(found.source, beside));
      else draftEndpoints(found.source, beside, add, (message) => troubles.push({ where, message }));
      if (drafts.length <= MOST_BINDS) continue;
      troubles.push({ where, message: `more than ${MOST_BINDS} binds; check them in parts` });
      return { inputs, drafts: drafts.slice(0, MOST_BINDS), remarks, troubles };
    }
  }
  return { inputs, drafts, remarks, troubles };
}

/** A unit is known by its file. */
function unitName({ input, line }: Where): string {
  return line === null || input === STANDARD_INPUT ? '' : basename(input);
}

/** Whether its author can write fields of a bind: arguments are text, and so are the files of others. */
export function hasFields({ format, where }: Pick<Draft, 'format' | 'where'>): boolean {
  return format.name === 'inaddr' && where.line !== null;
}

/** As a bind may be called: null for nothing. */
function nameText(name: string): string | null {
  return escapeControls(name).trim() || null;
}

/** Names that have to be looked up, and paths to be looked at, before a plan is made. */
export function askedOf(drafts: readonly Draft[]): { readonly names: string[]; readonly paths: string[] } {
  const [names, paths] = [new Set<string>(), new Set<string>()];
  for (const { fields } of drafts) {
    const { host, path } = (fields ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof host === 'string' && host !== '' && !safeParseAddress(host).success) names.add(host);
    if (typeof path === 'string' && path !== '') paths.add(path);
  }
  return { names: [...names], paths: [...paths] };
}

function whereOf(input: string, { line, column }: Place): Where {
  // An argument has no lines.
  return line === 0 ? { input, line: null, column: null } : { input, line, column };
}

/** What the file says of a bind goes over what is said for all. */
function withDefaults({ fields }: FieldsSource, beside: object): unknown {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return fields;
  return { ...beside, ...fields };
}

function draftEndpoints(
  { text, dialect, defaultPort, settings }: EndpointSource,
  beside: object,
  add: (fields: unknown) => void,
  complain: (message: string) => void,
): void {
  const read = safeParseEndpoints(text, { dialect, ...(defaultPort !== null && { defaultPort }) });
  if (!read.success) {
    // Port 0 takes a word beside it that the text of an endpoint does not have.
    complain(read.error.message.replace(/write 0 to 65535$/, 'write 1 to 65535'));
    return;
  }
  for (const endpoint of read.data) {
    for (const each of portsOf(endpoint)) add({ ...fieldsOf(each, settings), ...beside });
  }
}

/** A range for one port of a container is a choice: whatever is taken, the first is as good as the others. */
function* portsOf(endpoint: Endpoint): Generator<Endpoint, void, undefined> {
  let left = MOST_BINDS + 1;
  const isChoice = endpoint.kind !== 'unix' && endpoint.containerPort !== null && endpoint.lastContainerPort === null;
  for (const each of expandPorts(endpoint)) {
    yield each;
    if (isChoice || --left === 0) return;
  }
}

function fieldsOf(endpoint: Endpoint, settings: EndpointSource['settings']): object {
  const { reusePort, backlog } = settings;
  const optional = endpoint.optional && { optional: true };
  if (endpoint.kind === 'unix') return { path: endpoint.path, ...optional, ...(backlog !== undefined && { backlog }) };
  const datagram = (settings.protocol ?? endpoint.protocol) === 'udp';
  const host = hostOf(endpoint);
  return {
    host,
    port: endpoint.port ?? 0,
    // Published without a port of the host: any free one.
    ...(endpoint.port === null && { allowEphemeral: true }),
    ...(datagram && { type: SOCK_DGRAM }),
    ...(isIPv6Only(endpoint, host, settings) && { ipv6Only: true }),
    ...(reusePort && { reusePort }),
    ...(backlog !== undefined && !datagram && { backlog }),
    ...optional,
  };
}

function hostOf(endpoint: Exclude<Endpoint, { kind: 'unix' }>): string {
  if (endpoint.kind === 'name') return endpoint.name;
  if (endpoint.kind === 'address') return String(endpoint.address);
  return endpoint.families === 'ipv4' ? '0.0.0.0' : '::';
}

/** Asked for only where it decides something: of `::1` and of 127.0.0.1 it says nothing. */
function isIPv6Only(endpoint: Endpoint, host: string, settings: EndpointSource['settings']): boolean {
  if (host !== '::' && !host.startsWith('::ffff:')) return false;
  // A port alone, `ListenStream=80`, is `::`, and the unit may say that it is of IPv6 only.
  if (endpoint.kind === 'wildcard') return endpoint.families === 'ipv6' || settings.ipv6Only === true;
  return settings.ipv6Only ?? (endpoint.kind === 'address' && endpoint.ipv6Only === true);
}
