import { POSTGRES_PORT } from './formats.js';
import { endpointSource, Findings, fieldsSource, linesOf, type Place, type Reading } from './found.js';

/** postgresql.conf: what `listen_addresses`, `port` and `unix_socket_directories` come to. The last of each counts. */
export function readPostgres(text: string): Reading {
  const findings = new Findings();
  const settings = new Map<string, Setting>();
  for (const { text: line, line: number } of linesOf(text)) {
    const match = SETTING.exec(line);
    if (match === null) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const place = { line: number, column: line.search(/\S/) + 1 };
      findings.complain(place, `${JSON.stringify(line.trim().slice(0, 40))} is no setting`, "write name = 'value'");
      continue;
    }
    const [, before = '', name = '', between = '', quoted, bare = ''] = match;
    const place = { line: number, column: before.length + name.length + between.length + 1 };
    const value = quoted === undefined ? bare : quoted.replace(/''|\\'/g, "'");
    const key = name.toLowerCase();
    if (key.startsWith('include'))
      findings.note(place, 'NOT_FOLLOWED', `${key} ${value} is not followed`, 'check what it names, too');
    else settings.set(key, { ...place, value });
  }
  addBinds(settings, findings);
  return findings;
}

/** A name, maybe an equals sign, and a value in quotes or without, then maybe a comment. */
const SETTING = /^(\s*)([A-Za-z_][\w.$]*)(\s*=\s*|\s+)(?:'((?:[^'\\]|''|\\.)*)'|([^\s'#]+))\s*(?:#.*)?$/;

interface Setting extends Place {
  readonly value: string;
}

function addBinds(settings: ReadonlyMap<string, Setting>, findings: Findings): void {
  const start = { line: 1, column: 1 };
  const port = settings.get('port') ?? { ...start, value: String(POSTGRES_PORT) };
  if (!/^[1-9]\d{0,4}$/.test(port.value) || Number(port.value) > 65535) {
    findings.complain(port, `port is ${JSON.stringify(port.value)}`, 'write a decimal number from 1 to 65535');
    return;
  }
  const listen = settings.get('listen_addresses');
  const addresses = listen?.value ?? 'localhost';
  if (addresses.trim() !== '') {
    findings.bind(listen ?? (settings.has('port') ? port : start), {
      name: 'postgres',
      text: `${addresses}${listen === undefined ? ' (no listen_addresses)' : ''} port ${port.value}`,
      source: endpointSource(addresses, 'postgres', { defaultPort: Number(port.value) }),
    });
  }
  const directories = settings.get('unix_socket_directories');
  for (const directory of (directories?.value ?? '').split(',').map((each) => each.trim())) {
    if (directories === undefined || directory === '') continue;
    const path = `${directory}/.s.PGSQL.${port.value}`;
    // `@` begins an abstract name.
    const fields = { path: path.startsWith('@') ? `\0${path.slice(1)}` : path };
    findings.bind(directories, { name: 'postgres', text: path, source: fieldsSource(fields) });
  }
}
