import { quote } from '../checks/quote.js';
import type { Entries, Report } from './bind-entries.js';
import { complain, isGiven, readEntries, refuseUnknown, UNREADABLE } from './bind-entries.js';
import type { BindIssue, BindIssueCode } from './bind-issue.js';
import type { Bind } from './bind-types.js';
import {
  PORT_MISSING,
  readBacklog,
  readExpose,
  readFamily,
  readFlag,
  readName,
  readPort,
  readType,
} from './bind-values.js';
import { AF_INET, AF_INET6, AF_UNIX, IN6ADDR_ANY, INADDR_ANY, SOCK_DGRAM, SOCK_STREAM } from './constants.js';
import type { Endpoint } from './endpoint.js';
import { safeParseEndpoint } from './endpoint-text.js';
import type { Host, Reading } from './host.js';
import { HOST_MISSING, readHost, toAddressValue } from './host.js';
import { readPath } from './unix-path.js';

/** A bind, or everything that is wrong. */
export type BindReading =
  | { readonly success: true; readonly data: Bind }
  | { readonly success: false; readonly issues: readonly [BindIssue, ...BindIssue[]] };

/** The bind of endpoint text. Issues have no path: there is one text. */
export function readText(text: string): BindReading {
  const reading = safeParseEndpoint(text);
  const issues: BindIssue[] = [];
  if (reading.success) {
    return bindOfEndpoint(new Map(Object.entries(reading.data)), { issues, at: () => [] });
  }
  const { message, hint } = reading.error;
  const problem = message.slice(0, -`; ${hint}`.length);
  complain({ issues, at: () => [] }, '', { code: 'ENDPOINT', problem, hint });
  return result(null, issues);
}

/**
 * The bind of an object: fields, or an endpoint.
 *
 * @param nulls What a null in place of a family, backlog, name or reach is: a bind has it where nothing is said
 */
export function readBind(input: unknown, { nulls }: { readonly nulls: 'refuse' | 'leave-out' }): BindReading {
  const report: Report = { issues: [], at: (key) => [key] };
  const entries = readEntries(input, report);
  if (entries === null) return result(null, report.issues);
  if (nulls === 'leave-out') {
    for (const key of ['family', 'backlog', 'name', 'expose']) if (entries.get(key) === null) entries.delete(key);
  }
  return entries.has('kind') ? bindOfEndpoint(entries, report) : bindOfFields(entries, FIELDS, report);
}

function result(bind: Bind | null, issues: readonly BindIssue[]): BindReading {
  const [first, ...others] = issues;
  if (first !== undefined) return { success: false, issues: [first, ...others] };
  if (bind === null) throw new Error('a bind that is refused has an issue');
  return { success: true, data: Object.freeze(bind) };
}

// --- endpoints

const PORT_ENDPOINT = ['kind', 'port', 'lastPort', 'containerPort', 'lastContainerPort', 'protocol', 'optional'];
const ENDPOINT_KEYS: Readonly<Record<Endpoint['kind'], readonly string[]>> = {
  address: [...PORT_ENDPOINT, 'address', 'ipv6Only'],
  name: [...PORT_ENDPOINT, 'name'],
  wildcard: [...PORT_ENDPOINT, 'families'],
  unix: ['kind', 'path', 'optional'],
};

/** The host of a bind to every interface, and whether it is of IPv6 alone. */
const WILDCARDS = {
  both: { host: IN6ADDR_ANY, ipv6Only: false },
  ipv4: { host: INADDR_ANY, ipv6Only: false },
  ipv6: { host: IN6ADDR_ANY, ipv6Only: true },
} as const;

const PROTOCOLS = { tcp: SOCK_STREAM, udp: SOCK_DGRAM } as const;

function bindOfEndpoint(entries: Entries, report: Report): BindReading {
  const kind = entries.get('kind');
  if (!isKeyOf(ENDPOINT_KEYS, kind)) {
    const problem = `the kind is ${quote(kind)}`;
    complain(report, 'kind', {
      code: 'ENDPOINT',
      problem,
      hint: `leave it out, or write ${Object.keys(ENDPOINT_KEYS).join(', ')}`,
    });
    return result(null, report.issues);
  }
  refuseUnknown(entries, ENDPOINT_KEYS[kind], report);
  const fields: Entries = new Map(['port', 'optional', 'path', 'ipv6Only'].map((key) => [key, entries.get(key)]));
  // An endpoint says null where its text says nothing.
  for (const key of ['port', 'ipv6Only']) if (fields.get(key) === null) fields.delete(key);
  if (kind !== 'unix') {
    const protocol = entries.get('protocol');
    if (isKeyOf(PROTOCOLS, protocol)) fields.set('type', PROTOCOLS[protocol]);
    else if (protocol !== null && protocol !== undefined) forged('protocol', protocol);
    const lastPort = entries.get('lastPort');
    if (lastPort !== null && lastPort !== undefined) {
      const hint = 'write a bind for each port';
      complain(report, 'lastPort', { code: 'PORT_LIST', problem: 'a range of ports is more than one bind', hint });
    }
  }
  const host = hostOfEndpoint(kind, entries);
  if (host === null)
    forged(kind === 'wildcard' ? 'families' : kind, entries.get(kind === 'wildcard' ? 'families' : kind));
  else for (const [key, value] of Object.entries(host)) fields.set(key, value);
  const at = (key: string) => report.at(key === 'host' ? kind : key === 'type' ? 'protocol' : key);
  return bindOfFields(fields, [...fields.keys()], { issues: report.issues, at });

  function forged(key: string, value: unknown): void {
    const hint = 'pass what parseEndpoint returns';
    complain(report, key, {
      code: 'ENDPOINT',
      problem: `the ${key} of the endpoint ${key === 'families' ? 'are' : 'is'} ${quote(value)}`,
      hint,
    });
    // So that it is not missed as well.
    fields.set('host', UNREADABLE);
  }
}

/** The fields that an endpoint has for a host; null for what `parseEndpoint` does not return. */
function hostOfEndpoint(kind: Endpoint['kind'], entries: Entries): Readonly<Record<string, unknown>> | null {
  switch (kind) {
    case 'address': {
      const address = toAddressValue(entries.get('address'));
      return address === null ? null : { host: address };
    }
    case 'name': {
      const name = entries.get('name');
      return typeof name === 'string' ? { host: name } : null;
    }
    case 'wildcard': {
      const families = entries.get('families');
      return isKeyOf(WILDCARDS, families) ? WILDCARDS[families] : null;
    }
    case 'unix':
      return { family: AF_UNIX };
  }
}

function isKeyOf<Table extends object>(table: Table, key: unknown): key is keyof Table {
  return typeof key === 'string' && Object.hasOwn(table, key);
}

// --- fields

const FIELDS = [
  'host',
  'path',
  'port',
  'family',
  'type',
  'ipv6Only',
  'backlog',
  'reusePort',
  'reuseAddr',
  'exclusive',
  'allowEphemeral',
  'optional',
  'name',
  'expose',
] as const;

type Field = (typeof FIELDS)[number];

function bindOfFields(entries: Entries, known: readonly string[], report: Report): BindReading {
  const issue = (key: Field, code: BindIssueCode, problem: string, hint: string) =>
    complain(report, key, { code, problem, hint });
  const read = <T>(key: Field, reader: (value: unknown) => Reading<T>): T | undefined => {
    const value = entries.get(key);
    if (value === undefined || value === UNREADABLE) return undefined;
    const reading = reader(value);
    if ('value' in reading) return reading.value;
    complain(report, key, reading.fault);
    return undefined;
  };
  const given = (key: Field) => isGiven(entries, key);
  const flag = (key: Field) => read(key, (value) => readFlag(key, value)) ?? false;

  const host = read('host', readHost);
  const path = read('path', readPath);
  const port = read('port', readPort);
  const family = read('family', readFamily);
  const type = given('type') ? read('type', readType) : SOCK_STREAM;
  const ipv6Only = flag('ipv6Only');
  const backlog = read('backlog', readBacklog) ?? null;
  const reusePort = flag('reusePort');
  const reuseAddr = flag('reuseAddr');
  const exclusive = flag('exclusive');
  const allowEphemeral = flag('allowEphemeral');
  const optional = flag('optional');
  const name = read('name', readName) ?? null;
  const expose = read('expose', readExpose) ?? null;

  const isUnix = !given('host') && (given('path') || family === AF_UNIX);
  if (isUnix) refuseForUnix();
  else refuseForInet();
  refuseUnknown(entries, known, report);

  if (report.issues.length > 0) return result(null, report.issues);
  if (isUnix) {
    if (path === undefined) return result(null, report.issues);
    const unix = { family: AF_UNIX, type: SOCK_STREAM, path, backlog, exclusive, optional, name, expose } as const;
    return result(unix, report.issues);
  }
  if (host === undefined || port === undefined || type === undefined || family === AF_UNIX) {
    return result(null, report.issues);
  }
  return result(
    {
      family: host.family ?? family ?? null,
      type,
      host: host.text,
      port,
      ipv6Only,
      backlog,
      reusePort,
      reuseAddr,
      exclusive,
      allowEphemeral,
      optional,
      name,
      expose,
    },
    report.issues,
  );

  function refuseForUnix(): void {
    if (!given('path')) {
      issue('path', 'PATH_MISSING', 'no path', 'write the path of the unix socket, e.g. /run/app.sock');
    }
    if (given('port')) {
      const problem = 'a port beside a path: Node listens on the port, and forgets the path';
      issue('port', 'PORT_AND_PATH', problem, 'leave one of them out, with a port write a host');
    }
    if (family !== undefined && family !== AF_UNIX) {
      issue('family', 'FAMILY_MISMATCH', `a path is not of ${family}`, `leave it out, or write ${AF_UNIX}`);
    }
    if (type === SOCK_DGRAM) {
      const problem = 'Node has no datagrams of unix sockets';
      issue('type', 'UNIX_DATAGRAM', problem, `write ${SOCK_STREAM}, or an address in place of the path`);
    }
    const flags = { ipv6Only, reusePort, reuseAddr, allowEphemeral };
    for (const [key, value] of Object.entries(flags)) {
      if (value)
        complain(report, key, { code: 'NOT_FOR_UNIX', problem: `a unix socket has no ${key}`, hint: 'leave it out' });
    }
  }

  function refuseForInet(): void {
    if (given('host') && given('path')) {
      const problem = 'a host beside a path: Node listens on the host, and forgets the path';
      issue('path', 'HOST_AND_PATH', problem, 'leave one of them out');
    }
    if (!given('host')) complain(report, 'host', HOST_MISSING);
    if (!given('port')) complain(report, 'port', PORT_MISSING);
    if (port === 0 && (!given('allowEphemeral') || entries.get('allowEphemeral') === false)) {
      const hint = 'write a port from 1 to 65535, or fields with allowEphemeral: true';
      issue('port', 'PORT_EPHEMERAL', 'port 0 is any free port, another one each time', hint);
    }
    if (host !== undefined && type !== undefined) refuseFamily(host, type);
    if (type === SOCK_DGRAM && given('backlog')) {
      issue('backlog', 'NOT_FOR_UDP', 'UDP has no connections that could wait', 'leave it out');
    }
    if (type === SOCK_STREAM && reuseAddr) {
      const problem = 'reuseAddr is of UDP: for TCP Node sets it always, and it shares no port';
      issue('reuseAddr', 'NOT_FOR_TCP', problem, 'leave it out, or write reusePort');
    }
  }

  function refuseFamily(to: Host, socketType: typeof SOCK_STREAM | typeof SOCK_DGRAM): void {
    if (to.family !== null) {
      if (family === undefined || family === to.family) return;
      issue(
        'family',
        'FAMILY_MISMATCH',
        `the host is of ${to.family}, not of ${family}`,
        `write ${to.family}, or another host`,
      );
    } else if (family === AF_UNIX) {
      issue('family', 'FAMILY_MISMATCH', `a host is not of ${AF_UNIX}`, 'leave it out, or write a path for the host');
    } else if (family !== undefined && socketType === SOCK_STREAM) {
      const problem = 'Node listens on the first address of a name, of whichever family';
      issue('family', 'FAMILY_OF_NAME', problem, 'leave it out, or write an address for the name');
    } else if (!given('family') && socketType === SOCK_DGRAM) {
      const problem = 'a UDP socket is of one family, and a name says none';
      issue('family', 'FAMILY_MISSING', problem, `write ${AF_INET} or ${AF_INET6}, or an address for the name`);
    }
  }
}
