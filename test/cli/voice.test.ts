import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CliOutput } from '../../src/schema/index.js';
import { runCli, runShell } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

/** Every command, and those of the groups. */
const COMMANDS = [
  'classify',
  'prefix info',
  'prefix split',
  'prefix merge',
  'prefix subtract',
  'prefix contains',
  'prefix range',
  'prefix reverse',
  'match',
  'resolve',
  'bind check',
  'bind environment',
  'sockets',
  'example',
  'example echo-server',
  'example echo-client',
  'example telnet',
  'example streams',
  'example http-server',
  'example http-client',
  'tour',
];
const GROUPS = ['prefix', 'bind'];

function examplesOf(help: string): string[] {
  const [, text = ''] = /\nExamples:\n((?: {2}.*\n)+)/.exec(help) ?? [];
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
}

describe.each([...COMMANDS, ...GROUPS])('inaddr %s', (command) => {
  const words = command.split(' ');

  it('has help, which `inaddr help` shows, too, with two examples of its own', async () => {
    const { stdout, stderr, code } = await runCli([...words, '--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(new RegExp(`^Usage: inaddr ${command} `));
    const examples = examplesOf(stdout);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) expect(example).toContain(`inaddr ${command}`);
    expect(await runCli(['help', ...words])).toEqual({ stdout, stderr: '', code: 0 });
  });

  it('refuses a misspelt flag in one line that says which is meant', async () => {
    const { stdout, stderr, code } = await runCli([...words, '--hepl']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toBe("inaddr: unknown option '--hepl': did you mean --help?\n");
  });

  it('refuses an unknown flag in one line that says where to look', async () => {
    const { stdout, stderr, code } = await runCli([...words, '--quetzalcoatl']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toBe(`inaddr: unknown option '--quetzalcoatl': see \`inaddr ${command} --help\`\n`);
  });
});

it('help is 80 columns wide where there is no terminal, but for examples', async () => {
  for (const command of [...COMMANDS, ...GROUPS]) {
    const { stdout } = await runCli([...command.split(' '), '--help']);
    const wide = stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  inaddr '));
    expect(wide, command).toEqual([]);
  }
});

it('help and tables are as wide as the terminal', async () => {
  for (const [columns, command] of [
    [60, 'classify --help'],
    [60, 'bind check --help'],
    [68, 'classify 10.0.0.1 100.64.0.1 192.88.99.2 ::ffff:127.0.0.1'],
    [110, 'bind check 127.0.0.1:8080 unix:/run/an-application/listens.sock'],
  ] as const) {
    const run = `stty cols ${columns}; "$NODE" "$CLI" ${command}`;
    const { stdout } = await runShell(`script -qec '${run}' /dev/null`, { env: { NO_COLOR: '1' } });
    // What comes after the table of a check is sentences.
    const [table = ''] = command.includes('--help') ? [stdout] : stdout.split('\r\n\r\n');
    const lines = table.split('\r\n').filter((line) => !line.startsWith('  inaddr '));
    expect(lines.length, stdout).toBeGreaterThan(2);
    const longest = Math.max(...lines.map((line) => line.length));
    expect(longest, stdout).toBeLessThanOrEqual(columns);
    expect(longest, stdout).toBeGreaterThan(columns - 12);
  }
});

it.each(GROUPS)('inaddr %s alone is its help', async (group) => {
  const { stdout, stderr, code } = await runCli([group, '--help']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  expect(await runCli([group])).toEqual({ stdout, stderr, code });
});

it('inaddr alone, and inaddr help, show every command in 80 columns', async () => {
  const { stdout, stderr, code } = await runCli([]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  for (const command of ['classify', 'prefix', 'match', 'resolve', 'bind', 'sockets', 'example', 'tour']) {
    expect(stdout).toContain(`  inaddr ${command} `);
  }
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(await runCli(['help'])).toEqual({ stdout, stderr, code });
});

it.each([
  ['clasify --help', "unknown command 'clasify': did you mean classify?"],
  ['help clasify', "unknown command 'clasify': did you mean classify?"],
  ['prefix mrege', "unknown command 'mrege': did you mean merge?"],
  ['example ehco-server', 'there is no example "ehco-server": did you mean echo-server? There are echo-server, '],
  ['classify --only privat ::1', 'there is no kind "privat": did you mean private? There are 6to4, '],
  ['match --table /dev/null --format cvs ::1', '--format "cvs": did you mean csv? There are csv, tsv, '],
  ['bind check :80 --dialect ngnix', '--dialect "ngnix": did you mean nginx? There are inaddr, '],
  ['bind check :80 --expose lopback', '--expose "lopback": did you mean loopback? There are loopback, '],
  ['bind check :80 --format ymal', '--format "ymal": write '],
  ['sockets --state LISTNE', '--state "LISTNE": did you mean LISTEN? There are CLOSED, '],
  ['sockets --exposed --allow privat', '--allow "privat": did you mean private? There are none, '],
  ['prefix reverse --classless rnage 10.0.0.0/25', '--classless "rnage": did you mean range? There are slash, range'],
  ['resolve --policy globl localhost', '--policy "globl": did you mean global? There are any, global'],
  ['resolve localhost AAAAA', 'resolve: "AAAAA" is no record type; did you mean AAAA? There are A, AAAA, '],
])('%s: says what is meant', async (command, message) => {
  const { stdout, stderr, code } = await runCli(command.split(' '));
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  expect(stderr.startsWith(`inaddr: ${message}`), stderr).toBe(true);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

describe('--json', () => {
  const dir = tempDir();
  beforeAll(() => writeFiles(dir));

  /** A command line for each schema; `runCli` holds every line against it. */
  const LINES: Readonly<Record<keyof CliOutput, readonly string[]>> = {
    classify: ['classify', '--extract', '--file', 'access.log'],
    'classify --summary': ['classify', '--summary', '--file', 'list.txt'],
    'prefix info': ['prefix', 'info', '10.0.0.0/22', '2001:db8::/32'],
    'prefix split': ['prefix', 'split', '--length', '24', '10.0.0.0/22'],
    'prefix merge': ['prefix', 'merge', '--file', 'prefixes.txt'],
    'prefix subtract': ['prefix', 'subtract', '10.0.0.0/8', '--file', 'prefixes.txt'],
    'prefix contains': ['prefix', 'contains', '10.0.0.0/8', '10.0.0.1'],
    'prefix range': ['prefix', 'range', '10.0.0.3', '10.0.0.9'],
    'prefix reverse': ['prefix', 'reverse', '10.0.0.0/8'],
    match: ['match', '--table', 'countries.csv', '--file', 'addresses.txt'],
    'match --build': ['match', '--build', 'countries.csv', '--output', 'countries.bin'],
    resolve: ['resolve', '--file', 'list.txt', '--server', '127.0.0.1:1'],
    'resolve --verify': ['resolve', '--verify', '127.0.0.1', '--server', '127.0.0.1:1'],
    'bind check': ['bind', 'check', '--file', 'compose.yaml', '--file', 'nginx.conf', '0.0.0.0:80', 'unix:/run/x'],
    'bind environment': ['bind', 'environment'],
    sockets: ['sockets', '--tcp', '--udp', '--unix'],
    'sockets --states': ['sockets', '--states'],
    example: ['example'],
  };

  it.each(Object.entries(LINES))('%s: lines as its schema has them', async (_, args) => {
    const inDir = args.map((arg, index) =>
      /^-(?:-file|-table|-build|-output)$/.test(args[index - 1] ?? '') ? join(dir, arg) : arg,
    );
    const { stdout } = await runCli([...inDir, '--json']);
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThan(0);
    if (args[0] !== 'sockets' || args.includes('--states')) expect(stdout).not.toBe('');
  });

  it('of a list of examples goes without a name', async () => {
    const { stdout, stderr, code } = await runCli(['example', '--json', 'streams']);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toBe('inaddr: --json: is about the list: leave out the name\n');
  });
});

describe('--file', () => {
  const dir = tempDir();
  beforeAll(() => writeFiles(dir));

  it.each([
    ['prefix merge', 'prefixes.txt', '10.0.0.0/24\n'],
    ['prefix info --json', 'prefixes.txt', /"prefix":"10.0.0.0\/25".*\n.*"prefix":"10.0.0.128\/25"/],
    ['prefix subtract 10.0.0.0/23', 'prefixes.txt', '10.0.1.0/24\n'],
    ['match --table countries.csv', 'addresses.txt', /^2001:db8::1 +-\n8\.8\.8\.8 +8\.8\.8\.0\/24 +US\n$/],
    ['resolve', 'list.txt', /8\.8\.8\.8 from literal.*\n.*\n10\.1\.2\.3 from literal/],
    ['classify', 'list.txt', /^8\.8\.8\.8 .*\n10\.1\.2\.3 /],
  ])('%s reads a file as it reads standard input', async (command, name, expected) => {
    const said = await runShell(`cd ${dir} && inaddr ${command} --file ${name}`);
    expect(said).toMatchObject({ stderr: '', code: 0 });
    if (typeof expected === 'string') expect(said.stdout).toBe(expected);
    else expect(said.stdout).toMatch(expected);
    if (command !== 'resolve') expect(await runShell(`cd ${dir} && inaddr ${command} < ${name}`)).toEqual(said);
  });

  it.each(['prefix info', 'match --table countries.csv', 'resolve', 'classify'])(
    "%s goes on after a file that can't be read, and names the file of a bad line",
    async (command) => {
      const { stdout, stderr, code } = await runShell(
        `cd ${dir} && printf '10.0.0.1.\\n' > bad.txt; inaddr ${command} --file nowhere --file bad.txt --file prefixes.txt`,
      );
      expect(stderr).toMatch(/^inaddr: nowhere: no such file or directory\ninaddr: bad\.txt:1: /);
      expect(code).toBe(2);
      if (command === 'prefix info') expect(stdout).toContain('10.0.0.128/25');
    },
  );

  it.each(['prefix merge', 'prefix subtract ::/0'])('%s gives nothing when a file is missing', async (command) => {
    const said = await runShell(`cd ${dir} && inaddr ${command} --file nowhere --file prefixes.txt`);
    expect(said).toEqual({ stdout: '', stderr: 'inaddr: nowhere: no such file or directory\n', code: 2 });
  });
});

describe('the examples of the help', () => {
  const dir = tempDir();
  beforeAll(() => writeFiles(dir));

  /** What needs a peer, asks the system's resolver, or runs until it is stopped: the tests of the command run those. */
  const ELSEWHERE = /^inaddr (?:resolve|example|bind environment db)|^nginx /;

  it.each([...COMMANDS.filter((command) => !ELSEWHERE.test(`inaddr ${command}`)), ...GROUPS])(
    'inaddr %s: do what they say',
    async (command) => {
      const { stdout } = await runCli([...command.split(' '), '--help']);
      const examples = examplesOf(stdout).filter((example) => !ELSEWHERE.test(example));
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const ran = await runShell(`cd ${dir} && ${example.replace('| less', '| cat')}`);
        expect(ran.stderr.replace(/^inaddr: \S+: \d+ prefixes\n$/, ''), example).toBe('');
        expect(ran.stdout.length + (example.includes('>') || example.includes('-o ') ? 1 : 0), example).toBeGreaterThan(
          0,
        );
        // Findings are what bind check and sockets --exposed are asked for.
        expect(/bind check|--exposed|contains/.test(example) ? [0, 1] : [0], example).toContain(ran.code);
      }
    },
    60_000,
  );
});

/** The files that the examples name. */
async function writeFiles(dir: string): Promise<void> {
  const files = {
    'access.log': '8.8.8.8 - - "GET / HTTP/1.1" 200\n10.1.2.3 - - "GET / HTTP/1.1" 200\n',
    'list.txt': '8.8.8.8\n10.1.2.3\n',
    'addresses.txt': '2001:db8::1\n8.8.8.8\n',
    'prefixes.txt': '10.0.0.0/25\n10.0.0.128/25\n',
    'blocklist.txt': '192.0.2.0/24\n198.51.100.7\n',
    'taken.txt': '10.0.0.0/8\n',
    'countries.csv': 'prefix,country\n8.8.8.0/24,US\n',
    'services.yaml': 'binds:\n  - 127.0.0.1:8080\n',
    'compose.yaml': 'services:\n  db:\n    image: postgres\n    ports: ["127.0.0.1:5432:5432"]\n',
    'nginx.conf': 'http { server { listen 127.0.0.1:8080; } }\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
}
