import { Command } from 'commander';
import { isWider, type Reach } from '../socket/index.js';
import type { OpenSocket, OpenUnixSocket, SocketExposure, TcpState } from '../tcp/index.js';
import { isListening, openSockets, ProcNetError, socketExposure, TCP_STATE_DIAGRAM, TCP_STATES } from '../tcp/index.js';
import { choices } from './choice.js';
import { CliError, EXIT_FINDINGS, EXIT_OK, escapeControls } from './exit.js';
import { helpAfter } from './help.js';
import type { Paint } from './output.js';
import { LineWriter, painter, table, widthOf } from './output.js';
import { REACHES, reachStyle } from './reach.js';

interface Options {
  readonly listening?: true;
  readonly exposed?: true;
  readonly allow?: readonly Allowed[];
  readonly state?: string;
  readonly tcp?: true;
  readonly udp?: true;
  readonly unix?: true;
  readonly process: boolean;
  readonly proc?: string;
  readonly states?: true;
  readonly json?: true;
}

/** How far listeners may be reached: all of them, or those of a port. */
interface Allowed {
  readonly text: string;
  readonly reach: Reach;
  readonly port: number | null;
  readonly protocol: 'tcp' | 'udp' | null;
}

/** `inaddr sockets`. */
export function socketsCommand(): Command {
  return new Command('sockets')
    .description('List what this machine has open, and who can reach what listens. Linux only.')
    .option('--listening', 'what others can reach only: listeners, and unconnected datagram sockets')
    .option('--exposed', 'what is reachable from beyond what --allow says only; exit 1 when there is any')
    .option(
      '--allow <reach[:port[/protocol]]>',
      `with --exposed: ${REACHES.join(', ')}, for all or for a port, 'all:443/tcp'; may be given again; default: loopback`,
      (text: string, all: readonly Allowed[] = []) => [...all, allowedOf(text)],
    )
    .option('--state <state>', "in this state only: 'CLOSE-WAIT'")
    .option('--tcp', 'TCP; default: TCP and UDP')
    .option('--udp', 'UDP')
    .option('--unix', 'unix sockets')
    .option('--no-process', 'do not look for the processes, which is faster')
    .option('--proc <directory>', "where proc is mounted; '/proc/PID' is the network namespace of a process")
    .option('--states', 'the states of TCP, what they mean and what leads from one to the other')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      helpAfter(
        [
          "Exit codes: 0 all is well, 1 something is exposed (--exposed), 2 wrong usage, or what is open can't be read.",
        ],
        [
          'inaddr sockets --listening',
          'inaddr sockets --exposed --allow private --allow all:22/tcp',
          'inaddr sockets --states',
        ],
      ),
    )
    .action(async (options: Options) => {
      if (options.states && Object.keys(options).some((name) => !['states', 'json', 'process'].includes(name)))
        throw new CliError('--states', 'goes alone, or with --json');
      const out = new LineWriter(process.stdout);
      process.exitCode = options.states ? printStates(options, out) : await printSockets(options, out);
      await out.flush();
    });
}

async function printSockets(options: Options, out: LineWriter): Promise<number> {
  if (options.allow !== undefined && !options.exposed) throw new CliError('--allow', 'goes with --exposed');
  const state = options.state === undefined ? null : stateOf(options.state);
  if (state !== null) checkState(state, options);
  const allow = options.allow ?? [];
  const found = (await read(options))
    .map((socket): Found => ({ socket, exposure: socketExposure(socket) }))
    .filter(
      ({ socket, exposure }) =>
        (!options.listening || isListening(socket)) &&
        (!options.exposed || (exposure !== null && isWider(exposure.widest, allowedFor(socket, allow)))) &&
        (state === null || socket.state === state),
    )
    .sort(bySocket);
  if (options.json) for (const { socket, exposure } of found) out.line(JSON.stringify({ ...socket, exposure }));
  else for (const line of lines(found, options, painter(process.stdout))) out.line(line);
  return options.exposed && found.length > 0 ? EXIT_FINDINGS : EXIT_OK;
}

interface Found {
  readonly socket: OpenSocket;
  readonly exposure: SocketExposure | null;
}

/** States in which a socket may be reached by whoever comes. */
const LISTENING: Readonly<Record<OpenSocket['protocol'], readonly OpenSocket['state'][]>> = {
  tcp: ['LISTEN'],
  udp: ['UNCONNECTED'],
  unix: ['LISTEN', 'UNCONNECTED'],
};

/** That nothing was found in a state in which nothing listens would be a false comfort. */
function checkState(state: OpenSocket['state'], options: Options): void {
  const known = new Set(protocolsOf(options).flatMap((protocol) => LISTENING[protocol]));
  if ((!options.exposed && !options.listening) || known.has(state)) return;
  const flag = options.exposed ? '--exposed' : '--listening';
  throw new CliError(`--state ${state}`, `what listens is ${[...known].join(' or ')}: leave out ${flag}, or --state`);
}

function protocolsOf({ tcp, udp, unix }: Options): readonly OpenSocket['protocol'][] {
  const asked = PROTOCOLS.filter((protocol) => ({ tcp, udp, unix })[protocol]);
  return asked.length === 0 ? ['tcp', 'udp'] : asked;
}

async function read(options: Options): Promise<OpenSocket[]> {
  const { unix, exposed, process: processes, proc } = options;
  const protocols = protocolsOf(options);
  if (exposed && unix) throw new CliError('--unix', 'unix sockets have no network: leave out --exposed');
  if (proc === '') throw new CliError('--proc', "write a directory, '/proc'");
  try {
    return await openSockets({ protocols, processes, proc });
  } catch (error) {
    // Its hint may name an option of the function.
    if (error instanceof ProcNetError)
      throw new CliError('sockets', error.message.replace(/\{proc: '([^']*)'\}/, '--proc $1'));
    throw error;
  }
}

/** The widest reach that is allowed for a socket: the best of what is said for its port, else of what is said for all. */
function allowedFor(socket: OpenSocket, allow: readonly Allowed[]): Reach {
  const port = socket.protocol === 'unix' ? null : socket.local.port;
  const ofPort = allow.filter(
    (each) => each.port === port && (each.protocol === null || each.protocol === socket.protocol),
  );
  const ofAll = allow.filter((each) => each.port === null);
  const best = (list: readonly Allowed[], none: Reach) =>
    list.reduce<Reach>((widest, { reach }) => (isWider(reach, widest) ? reach : widest), none);
  return ofPort.length > 0 ? best(ofPort, 'none') : ofAll.length > 0 ? best(ofAll, 'none') : 'loopback';
}

function allowedOf(text: string): Allowed {
  const [, word = '', port, protocol] = /^([a-z]+)(?::([1-9]\d{0,4})(?:\/(tcp|udp))?)?$/.exec(text) ?? [];
  const reach = REACHES.find((each) => each === word);
  if (reach === undefined || Number(port ?? 0) > 65_535) {
    const hint = `${choices(text, REACHES)}, and for one port 'all:443' or 'all:53/udp'`;
    throw new CliError(`--allow ${JSON.stringify(text)}`, hint);
  }
  return {
    text,
    reach,
    port: port === undefined ? null : Number(port),
    protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : null,
  };
}

/** States of UDP and of unix sockets beside those of TCP. */
const OTHER_STATES: readonly OpenSocket['state'][] = ['UNCONNECTED', 'CONNECTED', 'CONNECTING', 'DISCONNECTING'];

/** In any case, with `-` or `_`, as the RFC, Linux or ss have it. */
function stateOf(text: string): OpenSocket['state'] {
  const plain = (name: string) => name.toUpperCase().replace(/[-_]/g, '');
  const found =
    TCP_STATES.find(({ name, linux }) => [name, linux].some((each) => plain(each) === plain(text)))?.name ??
    OTHER_STATES.find((name) => plain(name) === plain(text));
  if (found !== undefined) return found;
  const known = [...TCP_STATES.map(({ name }) => name), ...OTHER_STATES];
  throw new CliError(`--state ${JSON.stringify(text)}`, choices(text, known));
}

const PROTOCOLS: readonly OpenSocket['protocol'][] = ['tcp', 'udp', 'unix'];

/** By protocol, listeners before the rest, by port, by path. */
function bySocket({ socket: a }: Found, { socket: b }: Found): number {
  if (a.protocol !== b.protocol) return PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol);
  const listening = Number(isListening(b)) - Number(isListening(a));
  if (listening !== 0) return listening;
  if (a.protocol === 'unix' || b.protocol === 'unix') return 0;
  return a.local.port - b.local.port;
}

const HEAD = ['proto', 'state', 'recv', 'send', 'local', 'remote', 'process', 'reachable by'];
const STATE = 1;
const PROCESS = 6;
const REACH = 7;

function lines(found: readonly Found[], options: Options, paint: Paint): string[] {
  if (found.length === 0 && options.exposed) {
    const allowed = options.allow?.map(({ text }) => text).join(', ') ?? 'loopback';
    return [
      paint('good', `nothing that listens is reachable from beyond what is allowed: ${allowed}`),
      ...notes(true, false, paint),
    ];
  }
  const rows = [HEAD, ...found.map(({ socket, exposure }) => cellsOf(socket, exposure))].map((row) =>
    options.process ? row : row.filter((_, column) => column !== PROCESS),
  );
  const reachColumn = options.process ? REACH : REACH - 1;
  const paintCell = (cell: string, column: number, row: number) => {
    if (row === 0) return paint('dim', cell);
    const { socket, exposure } = found[row - 1] ?? {};
    if (column === reachColumn && exposure != null) return paint(reachStyle(exposure.widest), cell);
    if (column === STATE && socket?.state === 'CLOSE-WAIT') return paint('warn', cell);
    return cell;
  };
  const cut = options.process ? [PROCESS, REACH] : [reachColumn];
  const painted = table(rows, paintCell, { width: widthOf(process.stdout), cut });
  const assumed = found.some(({ exposure }) => exposure?.ipv4Assumed === true);
  return [
    ...painted,
    ...notes(
      found.some(({ exposure }) => exposure !== null),
      assumed,
      paint,
    ),
  ];
}

/** What has to be said wherever reach is reported. */
function notes(reach: boolean, assumed: boolean, paint: Paint): string[] {
  const said: string[] = [];
  if (assumed)
    said.push(
      '(1) unless the socket is IPv6 only, which /proc/net does not tell: `ss -ltun` has [::] for that, * for both',
    );
  if (reach) said.push('socket level only: firewalls and published container ports are not looked at');
  return said.map((line) => paint('dim', line));
}

function cellsOf(socket: OpenSocket, exposure: SocketExposure | null): string[] {
  const process = processCell(socket);
  if (socket.protocol === 'unix') {
    const path = socket.path === null ? '*' : escapeControls(socket.path.replace(/^\0/, '@'));
    return ['unix', socket.state, '', '', path, '', process, unixReachCell(socket)];
  }
  return [
    socket.protocol,
    socket.state,
    String(socket.receiveQueue),
    String(socket.sendQueue),
    endpoint(socket.local),
    socket.remote === null ? '*' : endpoint(socket.remote),
    process,
    exposure === null ? '' : reachCell(exposure),
  ];
}

function endpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Nobody, or not known: '-'. */
function processCell({ processes }: OpenSocket): string {
  if (processes === null || processes.length === 0) return '-';
  return processes.map(({ pid, command }) => `${escapeControls(command)}(${pid})`).join(',');
}

const WHO: Readonly<Record<Reach, string>> = {
  none: 'nobody',
  loopback: 'this machine alone',
  link: 'neighbours on the link',
  private: 'the private network',
  public: 'anybody who reaches the address',
  all: 'anybody, on every interface',
};

function reachCell({ widest, ipv4, ipv6, ipv4Assumed }: SocketExposure): string {
  const families = [ipv6 === 'none' ? '' : 'IPv6', ipv4 === 'none' ? '' : `IPv4${ipv4Assumed ? ' (1)' : ''}`];
  return `${WHO[widest]}, ${families.filter((family) => family !== '').join(' and ')}`;
}

function unixReachCell(socket: OpenUnixSocket): string {
  if (!isListening(socket) || socket.path === null) return '';
  return socket.path.startsWith('\0') ? 'every process of this network namespace' : 'who may write to the file';
}

function printStates(options: Options, out: LineWriter): number {
  if (options.json) {
    for (const state of TCP_STATES) out.line(JSON.stringify(state));
    return EXIT_OK;
  }
  const paint = painter(process.stdout);
  for (const line of TCP_STATE_DIAGRAM.split('\n')) out.line(line);
  out.line('');
  const width = Math.max(...TCP_STATES.map(({ name }) => name.length));
  const put = (name: TcpState | '', text: string) => out.line(`${paint('strong', name.padEnd(width))}  ${text}`);
  for (const { name, meaning, manyMean } of TCP_STATES) {
    put(name, meaning);
    if (manyMean !== null) put('', paint('dim', `many: ${manyMean}`));
  }
  return EXIT_OK;
}
