import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IPv4Address } from '../../src/ip/index.js';
import { measure } from '../support/measure-cli.js';
import type { Run, RunOptions } from '../support/run-cli.js';
import { runCli, runShell, startCli } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();

function file(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return runCli(['match', ...args], options);
}

/** What it prints when nothing is wrong. */
async function output(args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr, code } = await run(args, { input });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout;
}

const TABLE = file(
  'countries.csv',
  `\uFEFFprefix,country,name
# private
10.0.0.0/8,ZZ,"Private, ""ten"""
10.1.0.0,10.1.255.255,ZY,Lab
2001:db8::/32,ZX,Documentation
fe80::/10,ZW,Link
0.0.0.0/0,,"two
lines"
`,
);

const ROWS = `10.2.3.4                  10.0.0.0/8            ZZ, Private, "ten"
10.1.2.3                  10.1.0.0/16           ZY, Lab
::ffff:10.1.2.3           10.1.0.0/16           ZY, Lab
2001:DB8::1               2001:db8::/32         ZX, Documentation
fe80::1%eth0              fe80::/10             ZW, Link
192.0.2.1                 0.0.0.0/0             , two\\u{a}lines
::1                       -
`;
const ADDRESSES = ['10.2.3.4', '10.1.2.3', '::ffff:10.1.2.3', '2001:DB8::1', 'fe80::1%eth0', '192.0.2.1', '::1'];

describe('match', () => {
  it('prints each address with its longest match and value', async () => {
    expect(await output(['--table', TABLE, ...ADDRESSES])).toBe(ROWS);
    expect(await output(['--table', TABLE], `${ADDRESSES.join(' \r\n\n')}`)).toBe(ROWS);
    expect(await output(['--table', TABLE, '-'], ADDRESSES.join('\n'))).toBe(ROWS);
  });

  it('prints JSON lines, with the line of standard input', async () => {
    const expected = [
      { address: '10.2.3.4', prefix: '10.0.0.0/8', value: ['ZZ', 'Private, "ten"'] },
      { address: '10.1.2.3', prefix: '10.1.0.0/16', value: ['ZY', 'Lab'] },
      { address: '::ffff:10.1.2.3', prefix: '10.1.0.0/16', value: ['ZY', 'Lab'] },
      { address: '2001:db8::1', prefix: '2001:db8::/32', value: ['ZX', 'Documentation'] },
      { address: 'fe80::1%eth0', prefix: 'fe80::/10', value: ['ZW', 'Link'] },
      { address: '192.0.2.1', prefix: '0.0.0.0/0', value: ['', 'two\nlines'] },
      { address: '::1', prefix: null, value: null },
    ];
    const parse = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
    expect(parse(await output(['--json', '--table', TABLE, ...ADDRESSES]))).toEqual(expected);
    expect(parse(await output(['--json', '--table', TABLE], ADDRESSES.join('\n')))).toEqual(
      expected.map((each, i) => ({ ...each, line: i + 1 })),
    );
  });

  it('prints values so that a terminal takes no orders from a table', async () => {
    const rows = ['"\\u001b[31mred\\u202e\\nnext"', '["a", "\\u0007"]', '{"a": ["b"]}', '[1, null]', 'null', '5'];
    const table = file(
      'values.jsonl',
      rows.map((value, i) => `{"prefix": "${i}.0.0.0/8", "value": ${value}}`).join('\n'),
    );
    expect(await output(['--table', table, ...rows.map((_, i) => `${i}.1.1.1`)])).toBe(
      [
        '0.1.1.1                   0.0.0.0/8             \\u{1b}[31mred\\u{202e}\\u{a}next',
        '1.1.1.1                   1.0.0.0/8             a, \\u{7}',
        '2.1.1.1                   2.0.0.0/8             {"a":["b"]}',
        '3.1.1.1                   3.0.0.0/8             [1,null]',
        '4.1.1.1                   4.0.0.0/8',
        '5.1.1.1                   5.0.0.0/8             5',
        '',
      ].join('\n'),
    );
  });

  it('reports what is no address, and matches the others', async () => {
    const input = ['10.0.0.1', '010.0.0.1', '10.0.0.0/8', '\x1b[31m', 'x'.repeat(5000), '::1'].join('\n');
    const expected = /^10\.0\.0\.1 .*\n::1 +-\n$/;
    const { stdout, stderr, code } = await run(['--table', TABLE], { input });
    expect(stdout).toMatch(expected);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^inaddr: line 2: "010\.0\.0\.1": leading zero/),
      expect.stringMatching(/^inaddr: line 3: "10\.0\.0\.0\/8": prefix length/),
      expect.stringMatching(/^inaddr: line 4: "\\x1b\[31m": /),
      'inaddr: line 5: longer than 1024 bytes; write one address a line',
      '',
    ]);
    expect(code).toBe(1);
    const given = await run(['--table', TABLE, '10.0.0.1', 'x', '', '::1']);
    expect(given.stdout).toMatch(expected);
    expect(given.stderr).toMatch(/^inaddr: argument 2: "x": .*\ninaddr: argument 3: "": .*\n$/);
    expect(given.code).toBe(1);
  });

  it('reports bytes that are no text', async () => {
    const { stderr, code } = await run(['--table', TABLE], { input: Buffer.of(0xff, 0xfe, 0x31, 0x0a) });
    expect(stderr).toMatch(/^inaddr: line 1: "[ -~]+": [ -~]+\n$/);
    expect(code).toBe(1);
  });

  it('answers line by line, while more is coming', async () => {
    const child = startCli(['match', '--table', TABLE, '--json']);
    for (const [i, address] of ['10.0.0.1', '::1'].entries()) {
      child.stdin.write(`${address}\n`);
      const [data] = (await new Promise((resolve) => child.stdout.once('data', (...each) => resolve(each)))) as [
        Buffer,
      ];
      expect(JSON.parse(data.toString())).toMatchObject({ address, line: i + 1 });
    }
    child.stdin.end();
  });

  it('goes on when rows of the table are bad, thousands of them', async () => {
    const bad = Array.from({ length: 5000 }, (_, i) => `nonsense ${i}`);
    const table = file('bad.csv', [...bad, '10.0.0.0/8,good'].join('\n'));
    const { stdout, stderr, code } = await run(['--table', table, '10.0.0.1']);
    expect(stdout).toMatch(/^10\.0\.0\.1 .* good\n$/);
    const complaints = stderr.trimEnd().split('\n');
    expect(complaints).toHaveLength(5000);
    expect(complaints[4999]).toBe(
      `inaddr: ${table}:5000: "nonsense 4999": no prefix; write prefix,value or first,last,value`,
    );
    expect(code).toBe(1);
    const { stdout: shown } = await runShell(
      `{ inaddr match --table '${table}' 10.0.0.1 2>&1 >&3 | head -n 1 >&2; } 3>&1`,
    );
    expect(shown).toBe(stdout);
  });

  it.each([
    ['latin1.csv', (name: Buffer) => [Buffer.from('9.0.0.0/8,'), name, Buffer.from(',"two\nlines"')]],
    ['latin1.tsv', (name: Buffer) => [Buffer.from('9.0.0.0/8\t'), name]],
    ['latin1.jsonl', (name: Buffer) => [Buffer.from('{"prefix":"9.0.0.0/8","value":"'), name, Buffer.from('"}')]],
  ])('reports rows of %s that are no UTF-8', async (name, row) => {
    // The second is what others have already put in place of what they could not read.
    const rows = [Buffer.from('Perú', 'latin1'), Buffer.from('Per\ufffd')].map((each) => Buffer.concat(row(each)));
    const [bad, good] = rows as [Buffer, Buffer];
    const table = file(name, Buffer.concat([bad, Buffer.from('\n'), good]));
    for (const args of [
      ['--table', table, '9.0.0.1'],
      ['--build', table, '-o', join(dir, 'latin1.bin')],
    ]) {
      const { stdout, stderr, code } = await run(args);
      expect(stderr).toMatch(/^inaddr: [^:]*:1: no UTF-8; save the table as UTF-8 text\n/);
      expect(code).toBe(1);
      if (args[0] === '--table') expect(stdout).toMatch(/^9\.0\.0\.1 +9\.0\.0\.0\/8 +Per\ufffd/);
    }
  });

  it('reads tables from pipes, whatever they are', async () => {
    const snapshot = join(dir, 'piped.bin');
    expect((await run(['--build', TABLE, '-o', snapshot])).code).toBe(0);
    const expected = ROWS.split('\n')[1];
    for (const table of [TABLE, snapshot]) {
      expect((await runShell(`cat '${table}' | inaddr match --table - 10.1.2.3`)).stdout).toBe(`${expected}\n`);
      const fifo = `${table}.fifo`;
      execFileSync('mkfifo', [fifo]);
      const { stdout } = await runShell(`cat '${table}' > '${fifo}' & inaddr match --table '${fifo}' 10.1.2.3`);
      expect(stdout).toBe(`${expected}\n`);
    }
  });

  it.each<[string[], string | RegExp]>([
    [['::1'], 'match: name the table with --table FILE'],
    [[], 'match: name the table with --table FILE'],
    [['--table'], "option '--table <file>' argument missing: see `inaddr match --help`"],
    [['--table', '/nowhere', '::1'], '/nowhere: no such file or directory'],
    [['--table', '', '::1'], "'': no such file or directory"],
    [['--table', '/', '::1'], '/: is a directory, name a file'],
    [['--table', process.execPath, '::1'], /: binary or UTF-16, NUL at byte \d+; give it UTF-8 text$/],
    [['--table', '-'], '--table: is standard input, give the addresses as arguments, or with --file'],
    [['--table', '-', '--file', '-'], '--table: is standard input, give the addresses as arguments, or with --file'],
    [['--build', TABLE, '-o', 'x', '--file', 'x'], '--build: give no addresses and no --table with it'],
    [['--table', TABLE, '-', '::1'], "'-': give arguments or standard input, not both"],
    [['--table', TABLE, '--format', 'xml', '::1'], '--format "xml": write csv, tsv, jsonl, snapshot'],
    [['--table', TABLE, '--format', 'snapshot', '::1'], `${TABLE}: is no snapshot, make one with --build`],
    [['--table', TABLE, '-o', 'x'], '--output: goes with --build'],
    [['--build', TABLE], '--build: say where to write with --output FILE'],
    [['--build', TABLE, '-o', 'x', '::1'], '--build: give no addresses and no --table with it'],
    [['--build', TABLE, '-o', 'x', '--table', TABLE], '--build: give no addresses and no --table with it'],
    [['--build', TABLE, '-o', '-'], '--output: name a file, /dev/stdout for standard output'],
    [['--build', TABLE, '-o', join(dir, '.', 'countries.csv')], '--output: is the table itself, name another file'],
    [['--build', TABLE, '-o', ''], "'': no such file or directory"],
    [['--build', '/nowhere', '-o', 'x'], '/nowhere: no such file or directory'],
    [['--tabel', TABLE], "unknown option '--tabel': did you mean --table?"],
  ])('%j exits with 2 and one line', async (args, message) => {
    const { stdout, stderr, code } = await run(args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    const [line = '', ...rest] = stderr.split('\n');
    expect(rest).toEqual(['']);
    if (typeof message === 'string') expect(line).toBe(`inaddr: ${message}`);
    else expect(line).toMatch(message);
  });

  it('refuses standard input that is binary, or a directory', async () => {
    expect(await run(['--table', TABLE], { input: '::1\n\0' })).toMatchObject({
      stderr: 'inaddr: standard input: binary or UTF-16, NUL at byte 4; give it UTF-8 text\n',
      code: 2,
    });
    expect(await runShell(`inaddr match --table '${TABLE}' < /`)).toMatchObject({
      stderr: 'inaddr: standard input: is a directory, name a file\n',
      code: 2,
    });
  });

  it('ends quietly when nobody reads on, and says when the device is full', async () => {
    const many = file('many', '10.1.2.3\n'.repeat(100_000));
    expect(await runShell(`inaddr match --table '${TABLE}' < '${many}' | head -n 1`)).toEqual({
      stdout: `${ROWS.split('\n')[1]}\n`,
      stderr: '',
      code: 0,
    });
    expect(await runShell(`inaddr match --table '${TABLE}' < '${many}' > /dev/full`)).toEqual({
      stdout: '',
      stderr: 'inaddr: standard output: no space left on device\n',
      code: 2,
    });
  });

  it('has help with two examples that run', async () => {
    const { stdout, stderr, code } = await run(['--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const option of ['--table', '--format', '--build', '-o, --output', '--json']) {
      expect(stdout).toContain(`  ${option} `);
    }
    const examples = /Examples:\n([\s\S]*)$/.exec(stdout)?.[1]?.trim().split('\n') ?? [];
    expect(examples).toHaveLength(2);
    const home = join(dir, 'examples');
    mkdirSync(home);
    copyFileSync(TABLE, join(home, 'countries.csv'));
    writeFileSync(join(home, 'addresses.txt'), '10.1.2.3\n');
    for (const example of examples) {
      const ran = await runShell(`cd '${home}' && ${example}`);
      expect(ran.code, example).toBe(0);
      expect(ran.stdout).not.toBe('');
    }
  });
});

describe('--build', () => {
  it('writes a snapshot that answers as the table does', async () => {
    const snapshot = join(dir, 'built.bin');
    expect(await run(['--build', TABLE, '--output', snapshot])).toEqual({
      stdout: '',
      stderr: `inaddr: ${snapshot}: 5 prefixes\n`,
      code: 0,
    });
    expect(await output(['--table', snapshot, ...ADDRESSES])).toBe(ROWS);
    const copy = await runShell(`inaddr match --build '${snapshot}' -o /dev/stdout 2> /dev/null | cmp - '${snapshot}'`);
    expect(copy).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  it('writes what can be read of a table with bad rows, and exits with 1', async () => {
    const snapshot = join(dir, 'partly.bin');
    const table = file('partly.csv', '10.0.0.0/8,A\n10.0.0.0/99,B\n');
    const { stderr, code } = await run(['--build', table, '-o', snapshot]);
    expect(stderr).toMatch(/^inaddr: .*partly\.csv:2: .*\ninaddr: .*partly\.bin: 1 prefixes\n$/);
    expect(code).toBe(1);
    expect(await output(['--table', snapshot, '10.0.0.1'])).toMatch(/ A\n$/);
  });

  it.each([
    ['/dev/full', 'no space left on device'],
    ['/', 'is a directory, name a file'],
    ['/nowhere/table.bin', 'no such file or directory'],
    [`${TABLE}/x`, 'not a directory'],
  ])('to %s gets one line', async (path, reason) => {
    expect(await run(['--build', TABLE, '-o', path])).toEqual({
      stdout: '',
      stderr: `inaddr: ${path}: ${reason}\n`,
      code: 2,
    });
  });

  it('writes nothing when the table can not be read', async () => {
    const snapshot = join(dir, 'unwritten.bin');
    expect((await run(['--build', process.execPath, '-o', snapshot])).code).toBe(2);
    expect(existsSync(snapshot)).toBe(false);
  });

  it('never writes over the table, whatever leads there', async () => {
    const content = '10.0.0.0/8,A\n';
    const table = file('own.csv', content);
    const [soft, hard] = [join(dir, 'soft.bin'), join(dir, 'hard.bin')];
    symlinkSync(table, soft);
    linkSync(table, hard);
    const refused = { stdout: '', stderr: 'inaddr: --output: is the table itself, name another file\n', code: 2 };
    for (const output of [table, soft, hard]) {
      expect(await run(['--build', table, '-o', output])).toEqual(refused);
      expect(await run(['--build', soft, '-o', output])).toEqual(refused);
      expect(await runShell(`inaddr match --build - -o '${output}' < '${table}'`)).toEqual(refused);
      expect(readFileSync(table, 'utf8')).toBe(content);
    }
    // The same device is no file that would be lost.
    expect(await run(['--build', '/dev/null', '-o', '/dev/null'])).toMatchObject({ code: 0 });
    const beside = await runShell(`inaddr match --build - -o '${join(dir, 'beside.bin')}' < '${table}'`);
    expect(beside.code).toBe(0);
  });

  it('refuses a snapshot that was cut or changed', async () => {
    const snapshot = join(dir, 'whole.bin');
    await run(['--build', TABLE, '-o', snapshot]);
    const bytes = readFileSync(snapshot);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(200) ^ 1, 200);
    for (const [content, reason] of [
      [bytes.subarray(0, -1), `the end is missing at offset ${bytes.length - 1}`],
      [bytes.subarray(0, 100), 'the end is missing at offset 100'],
      [changed, 'checksum does not fit at offset 12'],
    ] as const) {
      const path = file('broken.bin', content);
      expect(await run(['--table', path, '::1'])).toEqual({
        stdout: '',
        stderr: `inaddr: ${path}: snapshot: ${reason}; copy or write the snapshot again\n`,
        code: 2,
      });
    }
  });
});

describe('a million lines against a table of half a million ranges', () => {
  const RANGES = 500_000;
  const LINES = 1_000_000;
  /** What one more answer kept would cost is hundreds of bytes: all of them would be beyond it many times. */
  const MOST = 64e6;
  const text = (integer: number) => IPv4Address.fromBigInt(BigInt(integer)).toString();

  function* lines(): Generator<Buffer> {
    for (let i = 0; i < LINES; i += 1000) {
      // A step that meets ranges all over the space, and gaps.
      const piece = Array.from({ length: 1000 }, (_, k) => text(((i + k) * 2_654_435_761) % 2 ** 32));
      yield Buffer.from(`${piece.join('\n')}\n`);
    }
  }

  it('take constant memory beyond the table', { timeout: 120_000 }, async () => {
    const rows = Array.from({ length: RANGES }, (_, i) => `${text(i * 8192)},${text(i * 8192 + 6143)},C${i % 250}`);
    const table = file('half-a-million.csv', `first,last,country\n${rows.join('\n')}\n`);
    const snapshot = join(dir, 'half-a-million.bin');
    expect((await run(['--build', table, '-o', snapshot])).code).toBe(0);
    for (const path of [table, snapshot]) {
      const loaded = await measure(['match', '--json', '--table', path], []);
      expect(loaded).toMatchObject({ lines: 0, code: 0 });
      const { peak, lines: printed, last, code } = await measure(['match', '--json', '--table', path], lines());
      expect({ printed, code }).toEqual({ printed: LINES, code: 0 });
      expect(JSON.parse(last)).toMatchObject({ line: LINES });
      expect(loaded.peak).toBeGreaterThan(1e6);
      expect(peak - loaded.peak).toBeLessThan(MOST);
    }
  });
});
