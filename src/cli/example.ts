import { Command } from 'commander';
import { DnsError, Resolver } from '../dns/index.js';
import type { ExampleIo } from '../examples/words.js';
import { AddressParseError, PrefixListError, PrefixParseError, PrefixSet } from '../ip/index.js';
import { BindError, createBind, EndpointParseError, parseEndpoint } from '../socket/index.js';
import type { BindInput, ConnectTarget } from '../tcp/index.js';
import { ConnectError, ListenError } from '../tcp/index.js';
import { choiceOf, choices } from './choice.js';
import { CliError, EXIT_FINDINGS, EXIT_USAGE } from './exit.js';
import { helpAfter } from './help.js';

interface ServerOptions {
  readonly idleTimeout: number;
  readonly grace: number;
  readonly maxConnections: number;
  readonly allow?: readonly string[];
}

interface ListOptions {
  readonly json?: true;
}

interface ClientOptions {
  readonly timeout: number;
}

interface HttpClientOptions extends ClientOptions {
  readonly policy: string;
  readonly server?: readonly string[];
}

/** `inaddr example`. */
export function exampleCommand(): Command {
  const command = new Command('example')
    .description(
      'Run a small program made with this package: servers and clients of TCP and HTTP, to be read and copied.',
    )
    .addHelpText(
      'after',
      helpAfter(
        [
          'Each is one short file of src/examples, and has a part of docs/examples.md. Servers run until SIGINT or SIGTERM; port 0 is any free port.',
          "Exit codes: 0 all is well, 1 no connection, a port that can't be had, an HTTP status from 400 on, 2 wrong usage.",
        ],
        [
          'inaddr example echo-server',
          'inaddr example echo-client 127.0.0.1:8888',
          'inaddr example telnet localhost 8888',
        ],
      ),
    );
  for (const example of [echoServer(), echoClient(), telnet(), streams(), httpServer(), httpClient()]) {
    command.addCommand(example.addHelpText('after', helpAfter([], EXAMPLES[example.name()] ?? [])));
  }
  // As an argument, or commander would say that there are too many.
  return command
    .usage('[options] [command]')
    .argument('[name]')
    .option('--json', 'print the list as JSON lines')
    .hook('preSubcommand', () => {
      if (command.opts<ListOptions>().json) throw new CliError('--json', 'is about the list: leave out the name');
    })
    .action((unknown: string | undefined, { json }: ListOptions) => {
      const names = command.commands.map((one) => one.name());
      if (unknown !== undefined)
        throw new CliError(`there is no example ${JSON.stringify(unknown)}`, choices(unknown, names));
      for (const one of command.commands) {
        const [name, description] = [one.name(), one.description()];
        print(json ? JSON.stringify({ name, description }) : `${name.padEnd(12)}  ${description}`);
      }
    });
}

/** Of each, what one writes. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'echo-server': ['inaddr example echo-server', 'inaddr example echo-server INADDR_ANY:8888 --allow 192.168.0.0/16'],
  'echo-client': ['inaddr example echo-client', 'inaddr example echo-client 127.0.0.1:8888 < greeting.txt'],
  telnet: ['inaddr example telnet localhost 8888', 'inaddr example telnet 127.0.0.1:8888'],
  streams: ['inaddr example streams', 'inaddr example streams 127.0.0.1:8888'],
  'http-server': ['inaddr example http-server', 'inaddr example http-server [::1]:8080 --grace 5000'],
  'http-client': [
    'inaddr example http-client http://127.0.0.1:8080/ --policy any',
    'inaddr example http-client http://example.com/',
  ],
};

// --- servers

function echoServer(): Command {
  return serverCommand('echo-server', '127.0.0.1:8888', 'welcome whoever connects, and send back what comes')
    .option('--idle-timeout <ms>', 'close a connection on which nothing moves for so long', timeoutOf, 60_000)
    .option('--max-connections <n>', 'reset those beyond', count, 1000)
    .action((endpoint: string, { idleTimeout, maxConnections, grace, allow }: ServerOptions) =>
      run('echo-server', async (io) => {
        const { echoServer: start } = await import('../examples/echo-server.js');
        const options = { idleTimeoutMs: idleTimeout, graceMs: grace, maxConnections, allow: setOf(allow) };
        await start(bindOf(endpoint), options, io);
      }),
    );
}

function httpServer(): Command {
  return serverCommand('http-server', '127.0.0.1:8080', 'tell whoever asks by HTTP what their address is').action(
    (endpoint: string, { grace, allow }: ServerOptions) =>
      run('http-server', async (io) => {
        const { httpServer: start } = await import('../examples/http-server.js');
        await start(bindOf(endpoint), { graceMs: grace, allow: setOf(allow) }, io);
      }),
  );
}

function streams(): Command {
  return new Command('streams')
    .description('a reader and a writer, as of asyncio: lines by for await, drained writes')
    .argument('[endpoint]', 'serve there until stopped; none: both ends in one process, to the end')
    .action((endpoint: string | undefined) =>
      run('streams', async (io) => {
        const { streamsBoth, streamsServer } = await import('../examples/streams.js');
        await (endpoint === undefined ? streamsBoth(io) : streamsServer(bindOf(endpoint), io));
      }),
    );
}

function serverCommand(name: string, endpoint: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('[endpoint]', 'an address or a name, and a port; INADDR_ANY:PORT is every interface', endpoint)
    .option('--allow <prefix>', 'who may connect, and nobody else; again for more', collect)
    .option('--grace <ms>', 'how long connections may go on when it is stopped', milliseconds, 1000);
}

// --- clients

function echoClient(): Command {
  return clientCommand('echo-client', 'send standard input to a server, and print what comes back')
    .argument('[endpoint]', 'where to', '127.0.0.1:8888')
    .action((endpoint: string, { timeout }: ClientOptions) =>
      run('echo-client', async ({ signal }) => {
        const { echoClient: start } = await import('../examples/echo-client.js');
        await start(endpoint, { timeoutMs: timeout, input: process.stdin, output: process.stdout, signal });
      }),
    );
}

function telnet(): Command {
  return clientCommand('telnet', 'talk to a server line by line, and refuse what it wants to negotiate (RFC 854)')
    .argument('<host>', 'a name, an address, or an endpoint')
    .argument('[port]', 'default: that of the endpoint, or 23')
    .action((host: string, port: string | undefined, { timeout }: ClientOptions) =>
      run('telnet', async ({ signal }) => {
        const { telnet: start } = await import('../examples/telnet.js');
        const target = targetOf(host, port);
        await start(target, { timeoutMs: timeout, input: process.stdin, output: process.stdout, signal });
      }),
    );
}

const POLICIES = ['global', 'any'] as const;

function httpClient(): Command {
  return clientCommand('http-client', 'get a URL, unless it leads to where the policy does not allow')
    .argument('<url>', 'http: or https:')
    .option('--policy <policy>', "'global': addresses that are globally reachable, and no others; or 'any'", 'global')
    .option('--server <address[:port]>', 'ask this name server; again for the next to ask when it fails', collect)
    .action((text: string, { timeout, policy, server }: HttpClientOptions) =>
      run('http-client', async ({ signal }) => {
        const { httpClient: start } = await import('../examples/http-client.js');
        const url = urlOf(text);
        const resolver = resolverOf(server);
        try {
          const options = {
            policy: choiceOf('--policy', policy, POLICIES),
            resolver,
            timeoutMs: timeout,
            output: process.stdout,
            signal,
          } as const;
          const { status, location } = await start(url, options);
          const hint = location === null ? 'the server says no' : `it leads to ${location}`;
          if (status < 200 || status > 299) throw new CliError(`http-client: status ${status}`, hint, EXIT_FINDINGS);
        } finally {
          resolver.close();
        }
      }),
    );
}

function clientCommand(name: string, description: string): Command {
  return new Command(name).description(description).option('--timeout <ms>', 'for connecting', timeoutOf, 10_000);
}

// --- running

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs an example until it has ended or is told to stop. A second signal ends the process as if there were nobody to hear it. */
async function run(name: string, start: (io: ExampleIo) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const stop = () => controller.abort();
  for (const one of SIGNALS) process.once(one, stop);
  try {
    await start({ print, signal });
  } catch (error) {
    // Who was told to stop has stopped.
    if (!signal.aborted) throw failure(name, error);
  } finally {
    for (const one of SIGNALS) process.off(one, stop);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What is wrong with what was asked for ends with 2, what the system or a peer has refused with 1. */
function failure(name: string, error: unknown): unknown {
  if (error instanceof CliError || !(error instanceof Error)) return error;
  const message = error.message.replaceAll('\n', '; ');
  const isUsage = USAGE.some((kind) => error instanceof kind) || ('code' in error && error.code === 'BAD_TARGET');
  if (isUsage) return new CliError(name, message, EXIT_USAGE);
  const isExpected =
    FAILURES.some((kind) => error instanceof kind) || 'code' in error || error.message.startsWith('the server');
  return isExpected ? new CliError(name, message, EXIT_FINDINGS) : error;
}

const USAGE = [AddressParseError, BindError, EndpointParseError, PrefixListError, PrefixParseError] as const;
const FAILURES = [ConnectError, DnsError, ListenError] as const;

// --- arguments

/** Where to listen. Whoever writes port 0 here wants any. */
function bindOf(text: string): BindInput {
  const endpoint = parseEndpoint(text);
  if (endpoint.kind !== 'unix' && endpoint.protocol === 'udp')
    throw new CliError(JSON.stringify(text), `the examples speak TCP: write ${text.replace(/\/udp$/, '')}`);
  if (endpoint.kind === 'unix' || endpoint.port !== 0) return createBind(endpoint);
  if (endpoint.kind === 'address') return createBind({ host: endpoint.address, port: 0, allowEphemeral: true });
  if (endpoint.kind === 'name') return createBind({ host: endpoint.name, port: 0, allowEphemeral: true });
  return createBind(endpoint);
}

function targetOf(host: string, port: string | undefined): ConnectTarget {
  if (port === undefined) return parseEndpoint(host, { defaultPort: 23 });
  return { host, port: count(port) };
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new CliError(JSON.stringify(text), 'write a URL, such as http://127.0.0.1:8080/');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new CliError(JSON.stringify(text), 'write a URL with http: or https:');
  // Which Node takes for the port of the protocol.
  if (url.port === '0') throw new CliError(JSON.stringify(text), 'write a port from 1 to 65535, or none');
  return url;
}

function setOf(prefixes: readonly string[] | undefined): PrefixSet | undefined {
  return prefixes === undefined ? undefined : PrefixSet.from(prefixes);
}

function resolverOf(servers: readonly string[] | undefined): Resolver {
  try {
    return new Resolver({ servers });
  } catch (error) {
    if (error instanceof TypeError) throw new CliError('--server', error.message.replace(/^server /, ''));
    throw error;
  }
}

function milliseconds(text: string): number {
  if (!/^(0|[1-9]\d{0,8})$/.test(text))
    throw new CliError(JSON.stringify(text), 'write ms, a decimal integer up to 999999999');
  return Number(text);
}

/** Not 0: `connect` refuses it, and to a socket it means for ever. */
function timeoutOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new CliError(JSON.stringify(text), 'write ms, a decimal integer from 1 to 999999999');
  return Number(text);
}

function count(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new CliError(JSON.stringify(text), 'write a decimal integer from 1 to 999999999');
  return Number(text);
}

function collect(one: string, all: readonly string[] = []): readonly string[] {
  return [...all, one];
}
