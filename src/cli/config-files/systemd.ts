import { endpointSource, Findings, type Line, linesOf, type Place, type Reading } from './found.js';

/**
 * Socket units of systemd: what `[Socket]` listens on, and the settings beside it. Written for this syntax, as the library
 * for INI files, `ini`, keeps no lines, merges repeated keys, and takes quotes and `;` for what they are not here.
 */
export function readSystemd(text: string): Reading {
  const findings = new Findings();
  let section: string | null = null;
  let listens: Listen[] = [];
  let settings: Settings = { ipv6Only: null, reusePort: false, backlog: null, freeBind: false, other: null };
  for (const { text: line, place, firstLength } of joinedLines(text)) {
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) {
      section = header[1] ?? '';
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0) {
      findings.complain(place, `${JSON.stringify(line.slice(0, 40))} is no assignment`, 'write Key=value');
      continue;
    }
    if (section === null) {
      findings.complain(place, 'an assignment before any section', 'begin with [Socket]');
      continue;
    }
    if (section !== 'Socket') continue;
    const key = line.slice(0, equals).trimEnd();
    const value = line.slice(equals + 1).trim();
    if (!key.startsWith('Listen')) settings = { ...settings, ...settingOf(key, value, place, findings) };
    else if (!LISTENS.test(key)) findings.complain(place, `there is no ${key}`, 'write ListenStream or ListenDatagram');
    // An empty one takes back all that came before, whatever its kind.
    else if (value === '') listens = [];
    else {
      const at = line.length - line.slice(equals + 1).trimStart().length;
      // A value that begins on the next line is said to stand where its key does.
      listens.push({ key, value, line: place.line, column: place.column + (at < firstLength ? at : 0) });
    }
  }
  const { other } = settings;
  if (other === null) for (const listen of listens) addListen(listen, settings, findings);
  else {
    const message = `sockets of ${other.protocol} are not checked: they have ports beside those of TCP and UDP`;
    findings.note(other, 'NOT_READ', message, 'see who else has the port with ss --all --numeric');
  }
  return findings;
}

interface Listen extends Place {
  readonly key: string;
  readonly value: string;
}

interface Settings {
  /** Null: what net.ipv6.bindv6only says, which is off unless somebody switched it on. */
  readonly ipv6Only: boolean | null;
  readonly reusePort: boolean;
  readonly backlog: number | null;
  readonly freeBind: boolean;
  /** A protocol whose ports are its own. */
  readonly other: (Place & { readonly protocol: string }) | null;
}

function settingOf(key: string, value: string, place: Place, findings: Findings): Partial<Settings> {
  switch (key) {
    case 'BindIPv6Only': {
      const word = value.toLowerCase();
      if (word === 'both') return { ipv6Only: false };
      if (word === 'ipv6-only') return { ipv6Only: true };
      if (word !== 'default' && word !== '')
        findings.complain(place, `BindIPv6Only is ${JSON.stringify(value)}`, 'write default, both or ipv6-only');
      return { ipv6Only: null };
    }
    case 'ReusePort':
      return { reusePort: isOn(value) };
    case 'FreeBind':
      return { freeBind: isOn(value) };
    case 'Backlog':
      return { backlog: /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null };
    case 'SocketProtocol':
      // MPTCP has the ports of TCP.
      return { other: /^(?:udplite|sctp)$/.test(value) ? { protocol: value, ...place } : null };
    case 'BindToDevice':
      if (value !== '') {
        const message = `only what comes in through ${value} is taken: exposure is said as if it were not so`;
        findings.note(place, 'BIND_TO_DEVICE', message, 'read it as an upper bound');
      }
      return {};
    default:
      return {};
  }
}

function isOn(value: string): boolean {
  return /^(?:1|yes|y|true|t|on)$/i.test(value);
}

const LISTENS = /^Listen(?:Stream|Datagram|SequentialPacket|FIFO|Special|Netlink|MessageQueue|USBFunction)$/;
/** Those that are on socket addresses. */
const SOCKETS = /^Listen(?:Stream|Datagram|SequentialPacket)$/;

function addListen({ key, value, ...place }: Listen, settings: Settings, findings: Findings): void {
  if (!SOCKETS.test(key)) return;
  const text = expandSpecifiers(value);
  if (text === null) {
    const hint = 'check the unit of an instance: systemctl cat NAME | inaddr bind check --format systemd --file -';
    findings.complain(place, `${value}: a specifier that the name of the unit decides`, hint);
    return;
  }
  const { ipv6Only, reusePort, backlog, freeBind } = settings;
  findings.bind(place, {
    text: value,
    source: endpointSource(text, 'systemd', {
      settings: {
        ...(key === 'ListenDatagram' && { protocol: 'udp' as const }),
        ...(ipv6Only !== null && { ipv6Only }),
        ...(reusePort && { reusePort }),
        ...(backlog !== null && { backlog }),
      },
    }),
    freeBind,
  });
}

/** Specifiers that are the same for every unit of the system. */
const DIRECTORIES: Readonly<Record<string, string>> = {
  t: '/run',
  T: '/tmp',
  V: '/var/tmp',
  S: '/var/lib',
  C: '/var/cache',
  L: '/var/log',
  E: '/etc',
};

/**
 * Null for a specifier that depends on the unit or the machine. Any other `%` is itself, `[fe80::1]:80%eth0`, and is doubled for
 * the dialect, which expands none.
 *
 * @see systemd.unit(5), systemd.socket(5)
 */
function expandSpecifiers(value: string): string | null {
  if (/%[aAbBdDfgGhHiIjJlmMnNopPqsuUvwWyY]/.test(value.replaceAll('%%', ''))) return null;
  return value.replace(/%([tTVSCLE%]?)/g, (_, letter: string) => DIRECTORIES[letter] ?? '%%');
}

interface JoinedLine {
  readonly text: string;
  readonly place: Place;
  /** How much of the text stands on its first line. */
  readonly firstLength: number;
}

/** The lines that say something: comments left out, those that end in a backslash joined with the next. */
function* joinedLines(text: string): Generator<JoinedLine, void, undefined> {
  let begun: JoinedLine | null = null;
  for (const line of linesOf(text)) {
    const trimmed = line.text.trim();
    // A comment within a joined line is left out, and the line goes on.
    if (/^[#;]/.test(trimmed) || (trimmed === '' && begun === null)) continue;
    const goesOn = trimmed.endsWith('\\');
    const own = goesOn ? trimmed.slice(0, -1).trimEnd() : trimmed;
    const joined: JoinedLine = begun === null ? beginning(own, line) : { ...begun, text: `${begun.text} ${own}` };
    begun = goesOn ? joined : null;
    if (!goesOn) yield joined;
  }
  if (begun !== null) yield begun;
}

function beginning(text: string, { text: line, line: number }: Line): JoinedLine {
  return { text, place: { line: number, column: line.search(/\S|$/) + 1 }, firstLength: text.length };
}
