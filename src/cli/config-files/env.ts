import { parse } from 'dotenv';
import { Findings, fieldsSource, linesOf, type Place, type Reading } from './found.js';
import { expandVariables } from './variables.js';

/** `.env` files: pairs of HOST and PORT, also with a name before them, as in API_HOST and API_PORT. */
export function readEnv(text: string): Reading {
  const findings = new Findings();
  const { places, assignments } = readAssignments(text, findings);
  // Not by util.parseEnv, which differs between versions of Node, and takes a bad line and the next for one name. Of lines that assign
  // nothing dotenv would read each and all blank ones after it, which takes time in the square of their number.
  const values = new Map(Object.entries(parse(assignments.join('\n'))));
  const clients: string[] = [];
  for (const prefix of prefixesOf(values.keys())) {
    const [hostKey, portKey] = [`${prefix}HOST`, `${prefix}PORT`];
    const placeOf = (key: string): Place => places.get(key) ?? { line: 1, column: 1 };
    const [host, port] = [values.get(hostKey), values.get(portKey)];
    if (prefix.split('_').some((word) => CLIENTS.has(word))) {
      clients.push(...[hostKey, portKey].filter((key) => values.has(key)));
    } else if (port === undefined) {
      const hint = `write ${portKey} beside it where it is an address to listen on`;
      findings.note(placeOf(hostKey), 'NO_PORT', `${hostKey} without ${portKey} is not checked`, hint);
    } else {
      const pair = { name: prefix.slice(0, -1) || null, hostKey, host, portKey, port };
      addPair(pair, placeOf, findings);
    }
  }
  if (clients.length > 0) {
    const place = places.get(clients[0] ?? '') ?? { line: 1, column: 1 };
    const message = `${clients.join(', ')}: taken for what is connected to, and not checked`;
    findings.note(place, 'CLIENTS', message, 'check an address that is listened on as an argument');
  }
  const others = [...values].filter(([name, value]) => LISTENS.test(name) && value !== '').map(([name]) => name);
  if (others.length > 0) {
    const place = places.get(others[0] ?? '') ?? { line: 1, column: 1 };
    const hint = 'check an address that is listened on as an argument, in the --dialect of its program';
    findings.note(
      place,
      'NOT_READ',
      `${others.join(', ')}: programs differ in what they read there, not checked`,
      hint,
    );
  }
  return findings;
}

/** Names for an address in one text: LISTEN, BIND_ADDR, API_LISTEN_ADDRESS. */
const LISTENS = /^(?:.*_)?(?:LISTEN|BIND)(?:_(?:ON|TO|IP|ADDR|ADDRESS|URL))?$/;

interface Pair {
  readonly name: string | null;
  readonly hostKey: string;
  readonly host: string | undefined;
  readonly portKey: string;
  readonly port: string;
}

function addPair(pair: Pair, placeOf: (key: string) => Place, findings: Findings): void {
  const { name, hostKey, portKey } = pair;
  const portText = expand(pair.port, placeOf(portKey), findings);
  const hostText = pair.host === undefined ? null : expand(pair.host, placeOf(hostKey), findings);
  if (portText === null || (hostText === null && pair.host !== undefined)) return;
  if (!/^(?:0|[1-9]\d*)$/.test(portText)) {
    const hint = 'write a decimal number from 1 to 65535';
    findings.complain(placeOf(portKey), `${portKey} is ${JSON.stringify(portText)}`, hint);
    return;
  }
  if (hostText === null) {
    const message = `${portKey} without ${hostKey}: a server that is given no host listens on every interface`;
    findings.note(placeOf(portKey), 'NO_HOST', message, `write ${hostKey}=127.0.0.1 where this machine is enough`);
  }
  const host = hostText ?? '::';
  const port = Number(portText);
  findings.bind(placeOf(hostText === null ? portKey : hostKey), {
    name,
    text: `${host.includes(':') ? `[${host}]` : host}:${portText}`,
    source: fieldsSource(
      { host, port, ...(port === 0 && { allowEphemeral: true }) },
      new Map([
        ['host', placeOf(hostText === null ? portKey : hostKey)],
        ['port', placeOf(portKey)],
      ]),
    ),
  });
}

function expand(text: string, place: Place, findings: Findings): string | null {
  const { text: expanded, defaulted, missing } = expandVariables(text);
  if (missing !== null) {
    findings.complain(
      place,
      `$${missing} decides, and has no default here`,
      'write the value, or check the file that has it',
    );
    return null;
  }
  if (defaulted.length > 0) {
    const message = `${defaulted.map((name) => `$${name}`).join(', ')} decides: checked with the default`;
    findings.note(place, 'DEFAULT_USED', message, 'check the other values, too');
  }
  return expanded;
}

/** Words before HOST and PORT for servers of others, to which a program connects. */
const CLIENTS: ReadonlySet<string> = new Set(
  `AMQP CACHE CASSANDRA CLICKHOUSE CLIENT CONSUL COUCHDB DATABASE DB ELASTIC ELASTICSEARCH EMAIL ETCD FTP GRAPHITE IMAP
  INFLUX INFLUXDB KAFKA LDAP MAIL MARIADB MEMCACHED MINIO MONGO MONGODB MQTT MYSQL NATS OPENSEARCH PG PGSQL POP POSTGRES
  POSTGRESQL PROXY RABBITMQ REDIS REMOTE S3 SENTRY SFTP SMTP SQL SSH STATSD SYSLOG UPSTREAM VALKEY VAULT ZOOKEEPER`.split(
    /\s+/,
  ),
);

/** What stands before HOST and PORT: '' and 'API_', in their order. */
function prefixesOf(keys: Iterable<string>): Set<string> {
  const prefixes = new Set<string>();
  for (const key of keys) {
    const prefix = /^((?:.*_)?)(?:HOST|PORT)$/.exec(key)?.[1];
    if (prefix !== undefined) prefixes.add(prefix);
  }
  return prefixes;
}

const ASSIGNMENT = /^(\s*(?:export\s+)?)([\w.-]+)(?:\s*=\s*|:\s+)([\s\S]*)$/;

/** Where each name is assigned last, and the lines that assign. What is no assignment is complained of: programs pass over it in silence. */
function readAssignments(
  text: string,
  findings: Findings,
): { readonly places: ReadonlyMap<string, Place>; readonly assignments: readonly string[] } {
  const places = new Map<string, Place>();
  const assignments: string[] = [];
  const lines = linesOf(text);
  for (let index = 0; index < lines.length; index++) {
    const { text: line, line: number } = lines[index] as (typeof lines)[number];
    if (/^\s*(?:#|$)/.test(line)) continue;
    const assignment = ASSIGNMENT.exec(line);
    if (assignment === null) {
      const place = { line: number, column: line.search(/\S/) + 1 };
      findings.complain(place, `${JSON.stringify(line.trim().slice(0, 40))} is no assignment`, 'write NAME=value');
      continue;
    }
    const [, before = '', name = '', value = ''] = assignment;
    places.set(name, { line: number, column: before.length + 1 });
    assignments.push(line);
    const quote = value[0] ?? '';
    if (!/^["'`]/.test(quote) || value.includes(quote, 1)) continue;
    // The value goes on over several lines, if the quote is closed at all.
    let closing = index + 1;
    while (closing < lines.length && !lines[closing]?.text.includes(quote)) closing++;
    if (closing === lines.length) continue;
    for (; index < closing; index++) assignments.push((lines[index + 1] as (typeof lines)[number]).text);
  }
  return { places, assignments };
}
