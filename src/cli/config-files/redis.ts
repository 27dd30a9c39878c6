import { REDIS_PORT } from './formats.js';
import { endpointSource, Findings, fieldsSource, linesOf, type Place, type Reading } from './found.js';

/** redis.conf, of Redis and Valkey: what `bind`, `port`, `tls-port` and `unixsocket` come to. The last of each counts. */
export function readRedis(text: string): Reading {
  const findings = new Findings();
  const settings = new Map<string, Setting>();
  for (const { text: line, line: number } of linesOf(text)) {
    const column = line.search(/\S/) + 1;
    if (column === 0 || line[column - 1] === '#') continue;
    const place = { line: number, column };
    const words = wordsOf(line.trim());
    if (words === null) findings.complain(place, 'a quote is out of place', 'close it, and put a blank after it');
    else addSetting(settings, place, words, findings);
  }
  addBinds(settings, findings);
  return findings;
}

interface Setting extends Place {
  readonly values: readonly string[];
}

function addSetting(
  settings: Map<string, Setting>,
  place: Place,
  [name = '', ...values]: readonly string[],
  findings: Findings,
): void {
  const key = name.toLowerCase();
  settings.set(key, { ...place, values });
  if (key === 'include') {
    findings.note(place, 'NOT_FOLLOWED', `include ${values.join(' ')} is not followed`, 'check that file, too');
  }
}

function addBinds(settings: ReadonlyMap<string, Setting>, findings: Findings): void {
  const start: Setting = { line: 1, column: 1, values: [] };
  const bind = settings.get('bind');
  const addresses = bind === undefined ? '* -::*' : bind.values.join(' ');
  const ports: [string, Setting][] = [
    ['port', settings.get('port') ?? { ...start, values: [String(REDIS_PORT)] }],
    ['tls-port', settings.get('tls-port') ?? { ...start, values: ['0'] }],
  ];
  for (const [key, place] of ports) {
    const port = portOf(key, place, findings);
    if (port === null || port === 0 || addresses === '') continue;
    findings.bind(bind ?? (place.line > 1 ? place : start), {
      name: key === 'port' ? 'redis' : 'redis tls',
      text: `${addresses}${bind === undefined ? ' (no bind)' : ''} port ${port}`,
      source: endpointSource(addresses, 'redis', { defaultPort: port }),
    });
  }
  const socket = settings.get('unixsocket');
  const path = socket?.values[0] ?? '';
  if (socket !== undefined && path !== '') {
    const source = fieldsSource({ path });
    findings.bind(socket, { name: 'redis', text: path, source });
  }
  protectedMode(settings, bind, findings);
}

function protectedMode(settings: ReadonlyMap<string, Setting>, bind: Setting | undefined, findings: Findings): void {
  const mode = settings.get('protected-mode')?.values[0]?.toLowerCase() ?? 'yes';
  if (mode !== 'yes' || settings.has('requirepass') || findings.binds.length === 0) return;
  if (bind?.values.join(' ').split(/\s+/).every(isLoopbackWord)) return;
  const place = settings.get('protected-mode') ?? bind ?? { line: 1, column: 1 };
  const message =
    'protected-mode refuses all but loopback while the default user has no password; the sockets are open all the same';
  findings.note(place, 'PROTECTED_MODE', message, 'bind 127.0.0.1 -::1 where this machine is enough');
}

function isLoopbackWord(word: string): boolean {
  return word === '' || /^-?(?:127(?:\.\d+){3}|::1|localhost)$/i.test(word);
}

/** Null, with a complaint, when it is none. */
function portOf(key: string, { values, ...place }: Setting, findings: Findings): number | null {
  const [text = ''] = values;
  if (/^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65535) return Number(text);
  findings.complain(place, `${key} is ${JSON.stringify(text)}`, 'write a decimal number from 0 to 65535');
  return null;
}

const WORD = /"((?:[^"\\]|\\.)*)"(?=\s|$)|'((?:[^'\\]|\\')*)'(?=\s|$)|([^\s"'][^\s]*)/y;

/** The words of a line, as Redis splits them; null where a quote has no end or no blank after it. */
function wordsOf(line: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(line);
    if (match === null) return null;
    const [whole, double, single, bare] = match;
    words.push(bare ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'));
    at += whole.length;
    while (/\s/.test(line[at] ?? '')) at++;
  }
  return words;
}
