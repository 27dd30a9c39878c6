import { statSync } from 'node:fs';
import { Command } from 'commander';
import { quote } from '../checks/quote.js';
import type { BindEnvironment, EndpointDialect, Reach } from '../socket/index.js';
import { readEnvironment } from '../socket/index.js';
import type { BindCheck } from './bind-check.js';
import { checkDrafts } from './bind-check.js';
import type { Source, Trouble } from './bind-drafts.js';
import { askedOf, draftBinds } from './bind-drafts.js';
import { environmentJson, readEnvironmentJson } from './bind-environment.js';
import type { Inputs } from './bind-report.js';
import { isFinding, reportLines, reportObjects, whereText } from './bind-report.js';
import { choiceOf } from './choice.js';
import type { FormatName } from './config-files/formats.js';
import { FORMAT_NAMES, FORMATS, formatOfName, POSTGRES_PORT, REDIS_PORT } from './config-files/formats.js';
import { endpointSource } from './config-files/found.js';
import { readConfigText } from './config-files/read-file.js';
import { CliError, EXIT_FINDINGS, EXIT_OK, EXIT_USAGE, report } from './exit.js';
import { helpAfter } from './help.js';
import { openInput } from './input.js';
import { FILE_OPTION } from './items.js';
import { LineWriter, painter, widthOf } from './output.js';
import { REACHES } from './reach.js';

interface Options {
  readonly file?: readonly string[];
  readonly format?: string;
  readonly dialect?: string;
  readonly expose?: string;
  readonly environment?: string;
  readonly live?: true;
  readonly json?: true;
}

const DIALECTS: readonly EndpointDialect[] = ['inaddr', 'go', 'nginx', 'systemd', 'redis', 'postgres', 'compose'];

/** `inaddr bind`. */
export function bindCommand(): Command {
  const bind = new Command('bind')
    .description('Say what binds come to before anything is bound: whom they let in, what fails, what collides.')
    .helpCommand(false)
    .addHelpText(
      'after',
      helpAfter(
        [],
        ['inaddr bind check 0.0.0.0:5432 localhost:8080', 'inaddr bind check --file compose.yaml --file nginx.conf'],
      ),
    );
  bind
    .command('check')
    .description('Check endpoints, and the binds that config files write.')
    .argument('[endpoint...]', "endpoints: '127.0.0.1:8080', '[::]:53/udp', 'unix:/run/app.sock'")
    .option(FILE_OPTION[0], "a config file, '-' for standard input; may be given again", FILE_OPTION[2])
    .option('--format <format>', `how the files are written (${FORMAT_NAMES.join(', ')}); default: by their names`)
    .option('--dialect <dialect>', `how the endpoints are written (${DIALECTS.join(', ')}); default: inaddr`)
    .option('--expose <reach>', `the widest reach of binds that say none: ${ALLOWED.join(', ')}; default: warn of all`)
    .option(
      '--environment <file>',
      'the machine to check for, as `inaddr bind environment` prints it; default: this one',
    )
    .option('--live', 'also against what this machine has open: who holds the ports and paths now; Linux only')
    .option('--json', 'print JSON lines')
    .addHelpText(
      'after',
      helpAfter(
        [
          "Files that are known by name: compose.yaml, *.yaml and *.json with `binds:` or `services:`, nginx.conf and what is in nginx's folders, *.socket, .env, redis.conf, postgresql.conf.",
          "Exit codes: 0 nothing found, 1 findings, 2 wrong usage, or something that can't be read, and was not checked.",
        ],
        [
          'inaddr bind check --file services.yaml --expose loopback',
          'nginx -T | inaddr bind check --format nginx --file -',
        ],
      ),
    )
    .action(async (endpoints: readonly string[], options: Options) => {
      process.exitCode = await check(endpoints, options);
    });
  bind
    .command('environment')
    .description('Print what a check looks at on this machine, as JSON for --environment.')
    .argument('[name...]', 'names to look up, beside localhost')
    .option('--json', 'print a JSON line')
    .addHelpText(
      'after',
      helpAfter([], ['inaddr bind environment > server.json', 'inaddr bind environment db.internal > server.json']),
    )
    .action(async (names: readonly string[], { json }: { readonly json?: true }) => {
      const out = new LineWriter(process.stdout);
      const asked = ['localhost', ...names.filter((name) => name !== '')];
      out.line(environmentJson(await readEnvironment({ names: asked }), json ? 0 : 2));
      await out.flush();
    });
  return bind;
}

/** A bind that nobody may reach is none. */
const ALLOWED = REACHES.filter((reach): reach is Exclude<Reach, 'none'> => reach !== 'none');

async function check(endpoints: readonly string[], options: Options): Promise<number> {
  const files = options.file ?? [];
  if (endpoints.length === 0 && files.length === 0) throw new CliError('bind check', 'give endpoints, or --file FILE');
  if (files.filter((path) => path === '-').length > 1) throw new CliError('--file -', 'give it once');
  if (files.includes('-') && options.environment === '-')
    throw new CliError('--environment', 'is standard input, name the files to check');
  const format = options.format === undefined ? undefined : choiceOf('--format', options.format, FORMAT_NAMES);
  const dialect = choiceOf('--dialect', options.dialect ?? 'inaddr', DIALECTS);
  const expose = options.expose === undefined ? null : choiceOf('--expose', options.expose, ALLOWED);
  if (options.format !== undefined && files.length === 0) throw new CliError('--format', 'goes with --file');
  if (options.dialect !== undefined && endpoints.length === 0)
    throw new CliError('--dialect', 'goes with endpoints as arguments, and --format with files');
  if (options.live && options.environment !== undefined)
    throw new CliError('--live', 'is about this machine: leave out --environment');
  const given = options.environment === undefined ? null : await environmentOf(options.environment);
  const sources = endpoints.map((text, index) => argumentSource(text, index, dialect));
  let unread = 0;
  for (const path of files) {
    try {
      sources.push(await fileSource(path, format));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      // The others are still checked.
      report(error.message);
      unread++;
    }
  }
  const drafts = draftBinds(sources, expose);
  const planned = checkDrafts(drafts, given ?? (await readEnvironment(askedOf(drafts.drafts))));
  const checked = options.live ? await live(planned) : planned;
  await print(checked, { count: sources.length + unread, unread }, options);
  for (const trouble of checked.troubles) report(`${whereText(trouble.where)}: ${reasonIn(trouble, endpoints)}`);
  if (unread > 0 || checked.troubles.length > 0) return EXIT_USAGE;
  return checked.findings.some(isFinding) ? EXIT_FINDINGS : EXIT_OK;
}

/** What is wrong; of a file that is given as if it were an endpoint, that it is one. */
function reasonIn({ where: { input, line }, message }: Trouble, endpoints: readonly string[]): string {
  const text = line === null ? endpoints.find((_, index) => argumentName(index) === input) : undefined;
  if (text === undefined || !isFile(text)) return message;
  return `${quote(text)} is a file; write --file before it`;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function argumentName(index: number): string {
  return `argument ${index + 1}`;
}

/** Loaded by who asks for it. */
async function live(planned: BindCheck): Promise<BindCheck> {
  const { readSockets, withHolders } = await import('./bind-live.js');
  return withHolders(planned, await readSockets());
}

async function print(checked: BindCheck, inputs: Inputs, { json }: Options): Promise<void> {
  const out = new LineWriter(process.stdout);
  if (json) for (const each of reportObjects(checked, inputs)) out.line(JSON.stringify(each));
  else {
    for (const line of reportLines(checked, inputs, painter(process.stdout), widthOf(process.stdout))) out.line(line);
  }
  await out.flush();
}

/** Of programs whose lists have no ports: what they take where nothing else is said. */
const DEFAULT_PORTS: Readonly<Partial<Record<EndpointDialect, number>>> = {
  redis: REDIS_PORT,
  postgres: POSTGRES_PORT,
};

function argumentSource(text: string, index: number, dialect: EndpointDialect): Source {
  const source = endpointSource(text, dialect, { defaultPort: DEFAULT_PORTS[dialect] ?? null });
  const place = { line: 0, column: 0 };
  const bind = { ...place, name: null, text, source, freeBind: false, separate: false };
  return {
    name: argumentName(index),
    format: FORMATS[dialect === 'go' ? 'inaddr' : dialect],
    reading: { binds: [bind], complaints: [], remarks: [] },
  };
}

async function fileSource(path: string, given: FormatName | undefined): Promise<Source> {
  const input = openInput(path);
  const format = given ?? formatOfName(path);
  if (format === null) {
    // What can't be read, or is a directory, has no format either, and is told of that.
    if (path !== '-') await readConfigText(input);
    throw new CliError(input.name, `unknown format, say it with --format: ${FORMAT_NAMES.join(', ')}`);
  }
  const text = await readConfigText(input);
  // Its readers take longer to load than a check of arguments takes.
  const { readConfig } = await import('./config-files/read-config.js');
  return { name: input.name, ...readConfig(text, format, given === undefined && /\.json$/i.test(path)) };
}

async function environmentOf(path: string): Promise<BindEnvironment> {
  const input = openInput(path);
  return readEnvironmentJson(await readConfigText(input), input.name);
}
