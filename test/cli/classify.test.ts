import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { classify } from '../../src/ip/index.js';
import type { Run, RunOptions } from '../support/run-cli.js';
import { finish, runCli, runShell, startCli } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return runCli(['classify', ...args], options);
}

/** What it prints when nothing is wrong. */
async function output(args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr, code } = await run(args, { input });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

function jsonLines(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** The addresses that JSON lines are about. */
async function left(args: readonly string[], input: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['--json', ...args], { input: input.join('\n') });
  return jsonLines(stdout).map((each) => (each as { address: string }).address);
}

const ADDRESSES = ['8.8.8.8', '10.0.0.1', '::1', '::ffff:127.0.0.1', '64:ff9b::8.8.8.8', 'fe80::1%eth0', '224.0.0.251'];

describe('arguments', () => {
  it('describes one in full', async () => {
    expect((await output(['::ffff:127.0.0.1'])).split('\n')).toEqual([
      '::ffff:127.0.0.1',
      '  family     IPv6',
      '  kind       mapped',
      '  scope      link-local',
      '  reachable  not globally reachable',
      '  embeds     127.0.0.1 (mapped), loopback, not globally reachable',
      '  block      ::ffff:0:0/96 IPv4-mapped Address, [RFC4291], since 2006-02',
      '             source no, destination no, forwardable no, globally reachable no, reserved by protocol yes',
      '  expanded   0000:0000:0000:0000:0000:ffff:7f00:0001',
      '  hex        0x00000000000000000000ffff7f000001',
      `  binary     ${'0000000000000000:'.repeat(5)}1111111111111111:0111111100000000:0000000000000001`,
      '  integer    281472812449793',
      '  reverse    1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa',
      '',
    ]);
  });

  it('puts several in a table', async () => {
    expect((await output(['8.8.8.8', '::ffff:7f00:1', 'fe80::1%eth0'])).split('\n')).toEqual([
      '8.8.8.8           global      global      global',
      '::ffff:127.0.0.1  mapped      link-local  not global  mapped 127.0.0.1, loopback',
      'fe80::1%eth0      link-local  link-local  not global  Link-Local Unicast',
      '',
    ]);
  });

  it('prints what classify() answers with --json', async () => {
    expect(jsonLines(await output(['--json', ...ADDRESSES]))).toEqual(ADDRESSES.map((text) => classify(text)));
  });

  it('reports those that are none, by number, and does the others', async () => {
    const { stdout, stderr, code } = await run(['010.0.0.1', '::1', '10.0.0.0/8', ' 1.2.3.4', '', '１.2.3.4']);
    expect(stdout).toBe('::1  loopback  link-local  not global  Loopback Address\n');
    expect(stderr.split('\n')).toEqual([
      'inaddr: argument 1: "010.0.0.1": leading zero at offset 0; ' +
        'some readers take this as 8.0.0.1, write 10.0.0.1 or 8.0.0.1',
      'inaddr: argument 3: "10.0.0.0/8": prefix length at offset 8; an address is no prefix, write 10.0.0.0',
      'inaddr: argument 4: " 1.2.3.4": blank at offset 0; write 1.2.3.4',
      'inaddr: argument 5: "": empty text at offset 0; write an address, e.g. 192.0.2.1',
      expect.stringMatching(/^inaddr: argument 6: "\\uff11.2.3.4": unexpected "\\uff11" at offset 0; .*1\.2\.3\.4/),
      '',
    ]);
    expect(code).toBe(1);
  });

  it('finds addresses in them with --extract', async () => {
    expect(await output(['--extract', 'from 10.0.0.1 to ::1', 'é 8.8.8.8'])).toBe(
      [
        '1:6   10.0.0.1  private   global      not global  Private-Use',
        '1:18  ::1       loopback  link-local  not global  Loopback Address',
        '2:3   8.8.8.8   global    global      global',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['a number too long to be one', '1'.repeat(100_000)],
    ['zeros', '0'.repeat(100_000)],
    ['dots', '.'.repeat(100_000)],
    ['colons', ':'.repeat(100_000)],
    ['octets', '1.'.repeat(50_000)],
    ['groups', '1:'.repeat(50_000)],
    ['a zone', `fe80::1%${'/'.repeat(100_000)}`],
  ])('refuses %s in one short line', async (_, text) => {
    const { stdout, stderr, code } = await run(['--', text]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toMatch(/^inaddr: argument 1: ".{60}…": .{1,200}\n$/);
  });

  it('takes what begins with a dash after --', async () => {
    expect((await run(['--', '-1.2.3.4'])).stderr).toMatch(
      /^inaddr: argument 1: "-1.2.3.4": unexpected "-" at offset 0/,
    );
    expect(await output(['--json', '--', '::1'])).toBe(`${JSON.stringify(classify('::1'))}\n`);
  });
});

describe('standard input', () => {
  const ROW = '::1                       loopback        link-local    not global  Loopback Address\n';

  it.each([[[]], [['-']], [['-', '-']], [['--', '-']], [['--file', '-']]])('is read with %j', async (args) => {
    expect(await output(args, '::1\n')).toBe(ROW);
  });

  it('gives each address the number of its line in JSON', async () => {
    const input = ADDRESSES.map((text) => ` ${text}\t\r\n\n`).join('');
    const expected = ADDRESSES.map((text, i) => ({ ...classify(text), line: 2 * i + 1 }));
    expect(jsonLines(await output(['--json'], input))).toEqual(expected);
  });

  it('is answered line by line, while more is coming', async () => {
    const child = startCli(['classify', '--json']);
    const closed = once(child, 'close');
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
    for (const [i, text] of ['::1', '10.0.0.1'].entries()) {
      child.stdin.write(`${text}\n`);
      expect(JSON.parse((await answers.next()).value)).toEqual({ ...classify(text), line: i + 1 });
    }
    child.stdin.end();
    expect(await answers.next()).toMatchObject({ done: true });
    expect(await closed).toEqual([0, null]);
  });

  it('may be empty, blank, or a mark', async () => {
    for (const input of ['', '\n', ' \r\n\t\n', '\uFEFF']) {
      for (const mode of [[], ['--json'], ['--extract']]) expect(await output(mode, input)).toBe('');
    }
    expect(await output(['--summary'])).toBe('0 addresses, 0 IPv4 and 0 IPv6; 0 globally reachable\n');
  });

  it('may begin with a byte order mark', async () => {
    expect(await output([], '\uFEFF::1\n')).toBe(ROW);
    expect(jsonLines(await output(['--json', '--extract'], '\uFEFF::1\n'))).toMatchObject([{ line: 1, column: 1 }]);
  });

  it('reports bad lines by number with the lenient reading, and goes on', async () => {
    const input = ['::1', '0x7f.1', '', 'localhost', '10.0.0.1:80', '10.0.0.1'].join('\n');
    const { stdout, stderr, code } = await run(['--json'], { input });
    expect(jsonLines(stdout)).toMatchObject([
      { address: '::1', line: 1 },
      { address: '10.0.0.1', line: 6 },
    ]);
    expect(stderr.split('\n')).toEqual([
      'inaddr: line 2: "0x7f.1": unexpected "x" at offset 1; some readers take this as 127.0.0.1, write 127.0.0.1',
      'inaddr: line 4: "localhost": unexpected "l" at offset 0; a name is no address, resolve it first',
      'inaddr: line 5: "10.0.0.1:80": port at offset 8; an address has no port, write 10.0.0.1',
      '',
    ]);
    expect(code).toBe(1);
  });

  it('reports bad lines of a summary, too', async () => {
    const { stdout, stderr, code } = await run(['--summary', '--json'], { input: '::1\nx\n' });
    expect(JSON.parse(stdout)).toMatchObject({ addresses: 1 });
    expect(stderr).toMatch(/^inaddr: line 2: "x"/);
    expect(code).toBe(1);
  });

  it('shows no control character, and none of another script, of a bad line', async () => {
    const input = Buffer.concat([Buffer.from('\x1b[31m\x07\r1\u202e\u00a0é\n'), Buffer.of(0xff, 0xfe, 0x80, 0x0a)]);
    const { stderr, code } = await run([], { input });
    expect(stderr).toMatch(/^(?:inaddr: line \d: "[ -~]+": [ -~]+\n){2}$/);
    expect(stderr).toContain('"\\x1b[31m\\x07\\x0d1\\u202e\\xa0\\xe9"');
    expect(stderr).toContain('"\\ufffd\\ufffd\\ufffd"');
    expect(code).toBe(1);
  });

  it('reports a line of 10 MB once', async () => {
    const input = `${'x'.repeat(10_000_000)}\n::1\n`;
    const { stdout, stderr, code } = await run([], { input });
    expect(stdout).toBe(ROW);
    expect(stderr).toBe('inaddr: line 1: longer than 1024 bytes; write one address a line, or use --extract\n');
    expect(code).toBe(1);
  });

  it('is refused when it is binary', async () => {
    for (const mode of [[], ['--json'], ['--summary'], ['--extract']]) {
      const { stderr, code } = await run(mode, { input: '::1\n\0' });
      expect(stderr).toBe('inaddr: standard input: binary or UTF-16, NUL at byte 4; give it UTF-8 text\n');
      expect(code).toBe(2);
    }
  });

  it('may be closed, a directory, or /dev/null', async () => {
    expect(await runShell('inaddr classify <&-')).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(await runShell('inaddr classify < /dev/null')).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(await runShell('inaddr classify < /')).toEqual({
      stdout: '',
      stderr: 'inaddr: standard input: is a directory, name a file\n',
      code: 2,
    });
  });
});

describe('--file', () => {
  it('is read in order, with lines of its own', async () => {
    const [one, two] = [file('one', '::1\n10.0.0.1'), file('two', '\uFEFF8.8.8.8\r\n')];
    expect(jsonLines(await output(['--json', '--file', one, '--file', two]))).toEqual([
      { ...classify('::1'), file: one, line: 1 },
      { ...classify('10.0.0.1'), file: one, line: 2 },
      { ...classify('8.8.8.8'), file: two, line: 1 },
    ]);
  });

  it('stands before line and column of what is found in it, so that an editor opens it there', async () => {
    const one = file('found', 'from 10.0.0.1\n');
    expect(await output(['--extract', '--file', one])).toMatch(`${one}:1:6  10.0.0.1 `);
  });

  it('may be mixed with standard input, which can be read but once', async () => {
    const one = file('mixed', '::1\n');
    const args = ['--json', '--file', one, '--file', '-', `--file=${one}`];
    expect(jsonLines(await output(args, '::2\n'))).toMatchObject(['::1', '::2', '::1'].map((address) => ({ address })));
    const twice = await run([...args, '--file=-']);
    expect(twice).toEqual({ stdout: '', stderr: 'inaddr: --file -: give it once\n', code: 2 });
  });

  it('is named in a complaint about a line', async () => {
    const { stderr, code } = await run(['--file', file('bad', '::1\nx\n')]);
    expect(stderr).toMatch(/^inaddr: \/.*\/bad:2: "x": unexpected "x"/);
    expect(code).toBe(1);
  });

  it('that can not be read gets a line, and the others are read', async () => {
    const directory = join(dir, 'directory');
    mkdirSync(directory);
    const binary = file('binary', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0));
    const socket = join(dir, 'socket');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const good = file('good', '::1\n');
    const paths = ['/nowhere', directory, good, binary, socket, join(good, 'x'), '', 'a\x1b[31m\nb', good];
    const { stdout, stderr, code } = await run(['--json', ...paths.flatMap((path) => ['--file', path])]);
    expect(jsonLines(stdout)).toMatchObject([{ address: '::1' }, { address: '::1' }]);
    expect(stderr.split('\n')).toEqual([
      'inaddr: /nowhere: no such file or directory',
      `inaddr: ${directory}: is a directory, name a file`,
      `inaddr: ${binary}: binary or UTF-16, NUL at byte 4; give it UTF-8 text`,
      `inaddr: ${socket}: no such device or address`,
      `inaddr: ${join(good, 'x')}: not a directory`,
      "inaddr: '': no such file or directory",
      'inaddr: a\\u{1b}[31m\\u{a}b: no such file or directory',
      '',
    ]);
    expect(code).toBe(2);
  });

  it('outweighs a bad line in the exit code', async () => {
    expect((await run(['--file', '/nowhere', '--file', file('bad2', 'x\n')])).code).toBe(2);
    expect((await run(['--file', file('bad3', 'x\n'), '--file', '/nowhere'])).code).toBe(2);
  });

  it('may be a device, a pipe, and one of many', async () => {
    expect(await output(['--file', '/dev/null'])).toBe('');
    expect((await run(['--file', '/dev/zero'])).stderr).toMatch(
      /^inaddr: \/dev\/zero: binary or UTF-16, NUL at byte 0/,
    );
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { stdout } = await runShell(
      `{ echo ::1; echo 10.0.0.1; } > '${fifo}' & inaddr classify --json --file '${fifo}'`,
    );
    expect(jsonLines(stdout)).toMatchObject([{ line: 1 }, { line: 2 }]);
    const path = file('many', '::1\n');
    const many = Array.from({ length: 2000 }, () => `--file=${path}`);
    expect(JSON.parse(await output(['--summary', '--json', ...many]))).toMatchObject({ addresses: 2000 });
  });

  it('does not go with addresses', async () => {
    const refused = async (args: string[]) => {
      const { stdout, stderr, code } = await run(args);
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
      return stderr;
    };
    expect(await refused(['::1', '--file', 'x'])).toBe('inaddr: --file: give arguments or files, not both\n');
    expect(await refused(['-', '--file', 'x'])).toBe('inaddr: --file: leave out the argument -\n');
    const mixed = await run(['-', '::1']);
    expect(mixed).toEqual({ stdout: '', stderr: "inaddr: '-': give arguments or standard input, not both\n", code: 2 });
  });
});

describe('--extract', () => {
  const LOG = [
    '203.0.113.7 - - [10/Oct/2024:13:55:36 +0000] "GET /?u=http%3A%2F%2F169.254.169.254%2F HTTP/1.1" 200 1.2.3',
    'é [2001:db8::7]:443 std::x 00:11:22:33:44:55',
    '',
    'fe80::1%eth0 10.0.0.1/8',
  ].join('\n');
  const FOUND = [
    ['203.0.113.7', 1, 1],
    ['169.254.169.254', 1, LOG.indexOf('169') + 1],
    ['2001:db8::7', 2, 4],
    ['fe80::1%eth0', 4, 1],
    ['10.0.0.1', 4, 14],
  ] as const;

  it('gives line and column in JSON', async () => {
    const expected = FOUND.map(([text, line, column]) => ({ ...classify(text), line, column }));
    expect(jsonLines(await output(['--extract', '--json'], LOG))).toEqual(expected);
    const log = file('log', LOG);
    expect(jsonLines(await output(['--extract', '--json', '--file', log]))).toEqual(
      expected.map((found) => ({ ...found, file: log })),
    );
  });

  it('gives them in front of each line', async () => {
    const lines = (await output(['--extract'], LOG)).split('\n');
    expect(lines.map((line) => line.split(/ +/).slice(0, 2))).toEqual([
      ...FOUND.map(([text, line, column]) => [`${line}:${column}`, text]),
      [''],
    ]);
  });

  it('goes with filters and counts', async () => {
    expect(jsonLines(await output(['--extract', '--json', '--only', 'private'], LOG))).toMatchObject([{ line: 4 }]);
    expect(JSON.parse(await output(['--extract', '--json', '--summary'], LOG))).toMatchObject({
      addresses: 5,
      kinds: { documentation: 2, 'link-local': 2, private: 1 },
    });
  });

  it('has nothing against text without addresses', async () => {
    expect(await output(['--extract'], 'no address here: 999.1.1.1, x::y\n')).toBe('');
  });
});

describe('--summary', () => {
  it('draws counts', async () => {
    const text = await output(['--summary'], `${ADDRESSES.join('\n')}\n`);
    expect(text.split('\n')[0]).toBe('7 addresses, 3 IPv4 and 4 IPv6; 2 globally reachable');
    expect(text).toMatch(/^ {2}link-local +1 +14\.3 % {2}█{4}$/m);
  });

  it('counts the same from arguments, lines and filters that keep all', async () => {
    const counts = JSON.parse(await output(['--summary', '--json'], ADDRESSES.join('\n')));
    expect(counts).toMatchObject({ addresses: 7, ipv4: 3, ipv6: 4, classes: { A: 2, D: 1, 'none (IPv6)': 4 } });
    expect(JSON.parse(await output(['--summary', '--json', ...ADDRESSES]))).toEqual(counts);
    const filtered = await output(['--summary', '--json', '--not', 'teredo'], ADDRESSES.join('\n'));
    expect(JSON.parse(filtered)).toEqual(counts);
  });

  it('counts what filters leave over', async () => {
    expect(JSON.parse(await output(['--summary', '--json', '--global'], ADDRESSES.join('\n')))).toMatchObject({
      addresses: 2,
      kinds: { global: 1, translation: 1 },
    });
  });
});

describe('filters', () => {
  it.each<[string[], string[]]>([
    [['--only', 'private'], ['10.0.0.1']],
    [
      ['--only', 'private,loopback'],
      ['10.0.0.1', '::1'],
    ],
    [
      ['--only', ' private , loopback '],
      ['10.0.0.1', '::1'],
    ],
    [
      ['--only=private', '--only', 'loopback'],
      ['10.0.0.1', '::1'],
    ],
    [['--only', 'mapped'], ['::ffff:127.0.0.1']],
    [['--global'], ['8.8.8.8', '64:ff9b::8.8.8.8']],
    [['--global', '--only', 'global'], ['8.8.8.8']],
    // What is denied is denied in every wrapping.
    [
      ['--not', 'loopback'],
      ['8.8.8.8', '10.0.0.1', '64:ff9b::8.8.8.8', 'fe80::1%eth0', '224.0.0.251'],
    ],
    [
      ['--not', 'global', '--not', 'link-local'],
      ['10.0.0.1', '::1', '::ffff:127.0.0.1', '224.0.0.251'],
    ],
    [['--only', 'mapped', '--not', 'loopback'], []],
    [['--only', 'private', '--global'], []],
  ])('%j leaves %j', async (args, expected) => {
    expect(await left(args, ADDRESSES)).toEqual(expected);
  });

  it('print nothing for the only address, when it is left out', async () => {
    expect(await output(['--only', 'private', '::1'])).toBe('');
  });

  it('--nat64 looks into the prefixes of the network', async () => {
    const address = '2001:db8:1:2:3:4:a00:1';
    expect(await left(['--not', 'private'], [address])).toEqual([address]);
    expect(await left(['--not', 'private', '--nat64', '2001:db8:1:2:3:4::/96'], [address])).toEqual([]);
    const both = ['--nat64', '2001:db8:ff::/48', '--nat64', '2001:db8:1:2:3:4::/96'];
    expect(jsonLines(await output(['--json', ...both, address]))).toEqual([
      classify(address, { nat64: ['2001:db8:ff::/48', '2001:db8:1:2:3:4::/96'] }),
    ]);
    expect(await output([...both, address])).toContain('prefix 2001:db8:1:2:3:4::/96');
  });
});

describe('--fail-on', () => {
  it.each<[string[], number]>([
    [['--fail-on', 'loopback', '::1'], 1],
    [['--fail-on', 'loopback', '8.8.8.8'], 0],
    [['--fail-on', 'private,loopback', '8.8.8.8', '::1'], 1],
    [['--fail-on', 'private', '--fail-on', 'loopback', '::1'], 1],
    [['--fail-on', 'loopback', '::ffff:127.0.0.1'], 1],
    [['--fail-on', 'loopback', '2002:7f00:1::'], 1],
    [['--fail-on', 'loopback', '--summary', '::1'], 1],
    [['--fail-on', 'loopback', '--extract', 'at [::1]:80'], 1],
    // It fails on what comes in, whatever is printed of it.
    [['--fail-on', 'loopback', '--only', 'private', '::1'], 1],
    [['--fail-on', 'private', '--nat64', '2001:db8:1:2:3:4::/96', '2001:db8:1:2:3:4:a00:1'], 1],
  ])('%j exits with %i', async (args, expected) => {
    const { stderr, code } = await run(args);
    expect({ stderr, code }).toEqual({ stderr: '', code: expected });
  });

  it('still prints', async () => {
    expect((await run(['--fail-on', 'loopback', '--json'], { input: '::1\n::1' })).stdout.split('\n')).toHaveLength(3);
  });
});

describe('wrong usage', () => {
  it.each<[string[], string | RegExp]>([
    [['--only', 'privte', '::1'], /^there is no kind "privte": did you mean private\? There are 6to4, /],
    [['--not', 'PRIVATE', '::1'], /there is no kind "PRIVATE"/],
    [['--fail-on', '', '::1'], /there is no kind ""/],
    [['--only', 'private,', '::1'], /there is no kind ""/],
    [['--only', ' ', '::1'], /there is no kind ""/],
    [['--only', '__proto__', '::1'], /there is no kind "__proto__"/],
    [['--only', '\x1b[31m\n', '::1'], /there is no kind "\\x1b\[31m": write/],
    [['--only'], "option '--only <kind>' argument missing: see `inaddr classify --help`"],
    [['--file'], "option '--file <path>' argument missing: see `inaddr classify --help`"],
    [['--nat64', 'x', '::1'], /^--nat64: "x": no NAT64 prefix length/],
    [['--nat64', '', '::1'], /^--nat64: "": no NAT64 prefix length/],
    [
      ['--nat64', '2001:db8::/33', '::1'],
      '--nat64: "2001:db8::/33": no NAT64 prefix length at offset 10; write /32, /40, /48, /56, /64, /96',
    ],
    [['--nat64', '10.0.0.0/32', '::1'], /^--nat64: "10\.0\.0\.0\/32": /],
    [['--jsn', '::1'], "unknown option '--jsn': did you mean --json?"],
    [['--fail', '::1'], "unknown option '--fail': did you mean --file?"],
    [['--json=yes', '::1'], "unknown option '--json=yes': see `inaddr classify --help`"],
    [['-1.2.3.4'], "unknown option '-1.2.3.4': see `inaddr classify --help`"],
    [
      ['--\x1b[31m\n(Did you mean x?)\n'],
      "unknown option '--\\u{1b}[31m\\u{a}(Did you mean x?)\\u{a}': see `inaddr classify --help`",
    ],
    [['--only', 'x'.repeat(100_000), '::1'], /^there is no kind "x+…\S*": write 6to4, /],
  ])('%j exits with 2 and one line', async (args, message) => {
    const { stdout, stderr, code } = await run(args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    const [line = '', ...rest] = stderr.split('\n');
    expect(rest).toEqual(['']);
    expect(line.slice(0, 8)).toBe('inaddr: ');
    if (typeof message === 'string') expect(line.slice(8)).toBe(message);
    else expect(line.slice(8)).toMatch(message);
  });
});

describe('output', () => {
  // More than a pipe holds.
  const many = file('many-addresses', '10.0.0.1\n'.repeat(100_000));

  it('that nobody reads any more ends the command quietly', async () => {
    for (const mode of ['', '--json', '--extract', '--extract --json']) {
      const { stdout, stderr } = await runShell(`inaddr classify ${mode} --file '${many}' | head -n 1`);
      expect(stdout).toMatch(/10\.0\.0\.1.*\n$/);
      expect(stderr).toBe('');
    }
  });

  it('that is destroyed ends it with 0', async () => {
    const child = startCli(['classify', '--json', '--file', many]);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await finish(child)).toMatchObject({ stderr: '', code: 0 });
  });

  it('that is closed from the start is no error', async () => {
    expect(await runShell('inaddr classify ::1 >&-')).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  it('to a full device gets one line', async () => {
    const full = { stdout: '', stderr: 'inaddr: standard output: no space left on device\n', code: 2 };
    for (const args of ['::1', '--json ::1', '--summary ::1', `--json --file '${many}'`, '--help']) {
      expect(await runShell(`inaddr classify ${args} > /dev/full`), args).toEqual(full);
    }
  });

  it('goes on when nobody reads the complaints', async () => {
    const bad = file('bad-lines', `${'x\n'.repeat(10_000)}::1\n`);
    for (const stderr of ['2> /dev/full', '2>&-', '2>&1 >&4 | head -n 1 > /dev/null']) {
      const { stdout } = await runShell(`{ inaddr classify --file '${bad}' ${stderr}; } 4>&1`);
      expect(stdout, stderr).toMatch(/^::1 +loopback/);
    }
  });

  it('has colours on request only', async () => {
    const [plain, forced, none] = await Promise.all([
      run(['::1', '8.8.8.8']),
      run(['::1', '8.8.8.8'], { env: { FORCE_COLOR: '1' } }),
      run(['::1', '8.8.8.8'], { env: { NO_COLOR: '1' } }),
    ]);
    expect(plain.stdout).not.toContain('\x1b');
    expect(none).toEqual(plain);
    expect(forced.stdout).toBe(
      '::1      loopback  link-local  \x1b[31mnot global\x1b[39m  Loopback Address\n' +
        '8.8.8.8  global    global      \x1b[32mglobal    \x1b[39m\n',
    );
  });

  it('has no colours in JSON', async () => {
    const { stdout } = await run(['--json', '::1'], { env: { FORCE_COLOR: '1' } });
    expect(JSON.parse(stdout)).toEqual(classify('::1'));
  });

  it('has the same columns in a stream, coloured or not', async () => {
    const input = '::1\n8.8.8.8\n';
    const [plain, forced] = await Promise.all([run([], { input }), run([], { input, env: { FORCE_COLOR: '1' } })]);
    expect(forced.stdout).toContain('\x1b[31mnot global\x1b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    expect(forced.stdout.replace(/\x1b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain.stdout);
  });
});
