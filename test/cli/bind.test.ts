import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT_FILE } from '../support/fixture-environment.js';
import type { Run, RunOptions } from '../support/run-cli.js';
import { runCli, runShell } from '../support/run-cli.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
let count = 0;

function file(name: string, content: string | Uint8Array): string {
  const folder = join(dir, String(count++));
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A check for the machine of the fixtures. */
async function check(args: readonly string[], options?: RunOptions): Promise<Run> {
  const run = await runCli(['bind', 'check', '--environment', ENVIRONMENT_FILE, ...args], options);
  return { ...run, stderr: run.stderr.replaceAll(new RegExp(`${dir}/\\d+/`, 'g'), '') };
}

const GOOD = '127.0.0.1:8080';
const CLEAN = file('clean.yaml', 'binds: ["127.0.0.1:8081"]\n');

describe('endpoints', () => {
  it('are checked in the order given', async () => {
    const { stdout, stderr, code } = await check([GOOD, '127.0.0.1:8080', 'unix:/run/app/api.sock']);
    expect(stdout).toBe(
      `name  where       endpoint                occupies                IPv4          IPv6  predicted
-     argument 1  127.0.0.1:8080          tcp 127.0.0.1:8080      this machine  -     ok
-     argument 2  127.0.0.1:8080          tcp 127.0.0.1:8080      this machine  -     ok
-     argument 3  unix:/run/app/api.sock  unix /run/app/api.sock  -             -     ok

argument 2: conflict: 127.0.0.1:8080 and 127.0.0.1:8080 (argument 1): both take 127.0.0.1 at TCP port 8080; write another port for 127.0.0.1:8080, such as 8081

3 binds in 3 inputs: 1 conflict
sockets only: firewalls and published container ports are not looked at
`,
    );
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
  });

  it('may be of another dialect', async () => {
    const { stdout, code } = await check(['--dialect', 'go', ':8080', '--expose', 'all']);
    expect(stdout).toMatch(/^- +argument 1 +:8080 +tcp 0\.0\.0\.0:8080 \[::\]:8080 +anybody +anybody +ok$/m);
    expect(code).toBe(0);
    const bad = await check([':8080', 'a b']);
    expect(bad.stderr).toMatch(/^inaddr: argument 1: ":8080": .*\ninaddr: argument 2: "a b": .*\n$/);
    expect(bad.code).toBe(2);
  });

  it.each([
    ['redis', '0.0.0.0', 'tcp 0.0.0.0:6379', 1],
    ['redis', '127.0.0.1', 'tcp 127.0.0.1:6379', 0],
    ['postgres', '0.0.0.0', 'tcp 0.0.0.0:5432', 1],
    ['nginx', '0.0.0.0', 'tcp 0.0.0.0:80', 0],
    // Any free port is what Docker takes, and it alone.
    ['compose', '80', 'tcp 0.0.0.0:* [::]:*', 0],
  ])('without a port have that of %s', async (dialect, text, occupies, expected) => {
    const { stdout, stderr, code } = await check(['--dialect', dialect, text, '--expose', 'all']);
    expect(stdout).toContain(`  ${occupies}  `);
    expect({ stderr, code }).toEqual({ stderr: '', code: expected });
  });

  it.each([
    ['compose', '70000:80', '"70000:80": port over 65535 at offset 0; write 1 to 65535'],
    ['inaddr', '127.0.0.1:70000', '"127.0.0.1:70000": port over 65535 at offset 10; write 1 to 65535'],
    ['compose', '0:80', 'port: port 0 is any free port, another one each time; write a port from 1 to 65535'],
  ])('of %s, %s, get a hint that can be followed', async (dialect, text, message) => {
    expect((await check(['--dialect', dialect, text])).stderr).toBe(`inaddr: argument 1: ${message}\n`);
  });

  it('that are files get the flag for them', async () => {
    const path = file('nginx.conf', 'events {}');
    const { stderr, code } = await check([path, dir, 'nowhere.conf']);
    expect(stderr.split('\n')).toEqual([
      'inaddr: argument 1: "nginx.conf" is a file; write --file before it',
      expect.stringMatching(/^inaddr: argument 2: ".*": (?!.*--file)/),
      'inaddr: argument 3: "nowhere.conf": no port at offset 12; write nowhere.conf:8080 for port 8080',
      '',
    ]);
    expect(code).toBe(2);
  });

  it('of systemd have no name, files of it their own', async () => {
    const unit = '[Socket]\nListenStream=127.0.0.1:8081\n';
    const { stdout } = await check(['--dialect', 'systemd', '127.0.0.1:8080', '--file', file('a.socket', unit)]);
    expect(stdout).toMatch(/^- +argument 1 /m);
    expect(stdout).toMatch(/^a\.socket +/m);
    const piped = await check(['--file', '-', '--format', 'systemd', '--json'], { input: unit });
    expect(JSON.parse(piped.stdout.split('\n')[0] ?? '')).toMatchObject({ input: 'standard input', name: null });
  });

  it('exit with 0 when nothing is found, 1 with findings, 2 when something was not checked', async () => {
    expect((await check([GOOD])).code).toBe(0);
    expect((await check(['0.0.0.0:8080'])).code).toBe(1);
    expect((await check(['203.0.113.9:8080'])).code).toBe(1);
    expect((await check([GOOD, '0.0.0.0:8080', 'x'])).code).toBe(2);
  });

  it('are held to a reach', async () => {
    const wide = ['[::]:8080', '10.0.0.7:8081', '127.0.0.1:8082'];
    const codes = async (reach: string) => (await check([...wide, '--expose', reach, '--json'])).stdout;
    const exceeded = (stdout: string) => stdout.split('\n').filter((line) => line.includes('EXPOSE_EXCEEDED')).length;
    expect(exceeded(await codes('loopback'))).toBe(2);
    expect(exceeded(await codes('private'))).toBe(1);
    expect(exceeded(await codes('all'))).toBe(0);
  });
});

describe('files', () => {
  it('are all checked, though some are bad, and together', async () => {
    const paths = [
      file('broken.yaml', 'binds: [\n'),
      file('web.socket', '[Socket]\nListenStream=127.0.0.1:8081\n'),
      join(dir, 'none.yaml'),
      CLEAN,
    ];
    const { stdout, stderr, code } = await check([...paths.flatMap((path) => ['--file', path]), GOOD]);
    expect(stderr.replaceAll(`${dir}/`, '')).toMatch(
      /^inaddr: none\.yaml: no such file or directory\ninaddr: broken\.yaml:2:1: .*; mend the YAML\n$/,
    );
    expect(stdout).toContain('3 binds in 5 inputs: 1 conflict, 2 not checked');
    expect(code).toBe(2);
  });

  it('say what is wrong with a path before a format is asked for', async () => {
    const { stderr, code } = await check(['--file', dir, '--file', join(dir, 'nowhere'), '--file', file('words', 'x')]);
    expect(stderr.replaceAll(dir, 'DIR')).toMatch(
      /^inaddr: DIR: is a directory, name a file\ninaddr: DIR\/nowhere: no such file or directory\ninaddr: words: unknown format, .*\n$/,
    );
    expect(code).toBe(2);
  });

  it('may be standard input, with a format', async () => {
    const run = (args: string[], input: string) => check(['--file', '-', ...args], { input });
    const { stdout, code } = await run(['--format', 'nginx'], 'server {\n  listen 127.0.0.1:8080;\n}');
    expect(stdout).toContain('standard input:2:10');
    expect(code).toBe(0);
    expect(await run([], '')).toMatchObject({
      stderr:
        'inaddr: standard input: unknown format, say it with --format: inaddr, compose, nginx, systemd, env, redis, postgres\n',
      code: 2,
    });
    expect((await run(['--file', '-', '--format', 'env'], '')).stderr).toBe('inaddr: --file -: give it once\n');
  });

  it('may come through a pipe', async () => {
    const script = `printf 'server { listen 127.0.0.1:8080; }' | inaddr bind check --environment ${ENVIRONMENT_FILE} --format nginx --file /dev/stdin`;
    expect(await runShell(script)).toMatchObject({ code: 0 });
  });

  it.each<[string, string, string | Uint8Array, number]>([
    ['a byte order mark', 'a.yaml', '\ufeffbinds: ["127.0.0.1:8080"]', 0],
    ['carriage returns', 'web.socket', '[Socket]\r\nListenStream=127.0.0.1:8080\r\n', 0],
    ['nothing of a unit', 'web.socket', '', 0],
    ['no variables', '.env', '', 0],
  ])('may have %s', async (_, name, content, expected) => {
    expect(await check(['--file', file(name, content)])).toMatchObject({ stderr: '', code: expected });
  });

  it.each<[string, string, string | Uint8Array, string]>([
    [
      'nothing',
      'a.yaml',
      '',
      'a.yaml:1:1: no binds; write `binds:` with a list of binds, or with a bind under each name',
    ],
    [
      'no JSON',
      'a.json',
      '{"binds": [],}',
      'a.json:1:\\d+: no JSON; mend it, or name the file .yaml where YAML is meant',
    ],
    ['NUL', 'a.yaml', 'a\0b', 'a.yaml: binary or UTF-16, NUL at byte 1; give it UTF-8 text'],
    ['Latin-1', 'a.env', Uint8Array.of(0x61, 0x3d, 0xe9), 'a.env:1:3: no UTF-8, give it UTF-8 text'],
    ['too much', 'a.env', 'x'.repeat(1_100_000), 'a.env: larger than 1048576 bytes, no config is'],
    ['an unknown name', 'a.conf', '', 'a.conf: unknown format, say it with --format: inaddr, compose, nginx, .*'],
    ['a bad port', 'a.env', 'F_HOST=127.0.0.1\n\n\nF_PORT=99999', 'a.env:4:1: F: port: .*'],
    ['a bad host', 'a.env', 'F_PORT=80\nF_HOST=a b', 'a.env:2:1: F: host: .*'],
    ['a bad port alone', 'a.env', '\nF_PORT=99999', 'a.env:2:1: F: port: .*'],
    [
      'port 0 of our own',
      'a.yaml',
      'binds:\n- 127.0.0.1:0\n',
      'a.yaml:2:3: port: port 0 .*; write a port from 1 to 65535, or fields with allowEphemeral: true',
    ],
    ['a bad bind', 'a.yaml', 'binds:\n- 127.0.0.1:0\n', 'a.yaml:2:3: .*'],
  ])('are refused with %s', async (_, name, content, message) => {
    const { stderr, code } = await check(['--file', file(name, content)]);
    expect(stderr).toMatch(new RegExp(`^inaddr: ${message}\n$`));
    expect(code).toBe(2);
  });

  it('are refused when they are none', async () => {
    expect(await check(['--file', dir, '--format', 'env'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is a directory, name a file\n$/),
    });
    expect(await check(['--file', ''])).toMatchObject({ code: 2, stderr: expect.stringMatching(/^inaddr: '': /) });
  });

  it('take no harm from a bomb of aliases', async () => {
    const lines = ['a0: &a0 ["80:80", "80:80"]'];
    for (let i = 1; i < 40; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const services = Array.from({ length: 20 }, (_, i) => `  s${i}: {ports: *a39}`);
    const { stderr, code } = await check([
      '--file',
      file('compose.yaml', [...lines, 'services:', ...services].join('\n')),
    ]);
    expect(stderr).toMatch(/^inaddr: compose\.yaml:39:11: a port of s0 is a list; /);
    expect(code).toBe(2);
  });

  it('give a terminal no orders', async () => {
    const unit = file('\u001b[31mred\u202e.socket', '[Socket]\nListenStream=127.0.0.1:8080\nListenStream=\u001b[2J\n');
    const { stdout, stderr } = await check(['--file', unit]);
    expect(stdout).toContain('\\u{1b}[31mred\\u{202e}.socket:2:14');
    // Nothing but printable characters, of which the ellipsis is one.
    expect(`${stdout}${stderr}`).toMatch(/^[\n\x20-\x7e…]+$/);
  });
});

describe('JSON lines', () => {
  it('have an object for each bind and finding, and one that sums up', async () => {
    const { stdout, stderr, code } = await check([
      '--json',
      '--file',
      file('a.yaml', 'binds: {db: "0.0.0.0:5432", x: 1}'),
    ]);
    const [bind, error, warning, summary, ...rest] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(bind).toMatchObject({
      type: 'bind',
      index: 0,
      line: 1,
      column: 13,
      format: 'inaddr',
      name: 'db',
      text: '0.0.0.0:5432',
      bind: { host: '0.0.0.0', port: 5432 },
      occupies: { kind: 'inet', protocol: 'tcp', port: 5432, ipv4: '*', ipv6: null },
      exposure: { ipv4: 'all', ipv6: 'none' },
      predicted: { code: 'ok' },
    });
    expect(error).toEqual({
      type: 'finding',
      kind: 'error',
      code: 'SERVICE_EXPOSED',
      input: bind.input,
      line: 1,
      column: 13,
      bind: 0,
      other: null,
      message: expect.stringContaining('PostgreSQL'),
      hint: expect.any(String),
    });
    expect(warning).toMatchObject({ type: 'finding', kind: 'warning', code: 'WILDCARD' });
    expect(summary).toEqual({
      type: 'summary',
      inputs: 1,
      binds: 1,
      findings: 2,
      notes: 0,
      notChecked: 1,
      scope: 'sockets only: firewalls and published container ports are not looked at',
    });
    expect(rest).toEqual([]);
    expect(stderr).toMatch(/^inaddr: a\.yaml:1:32: x: 1 is no bind; .*\n$/);
    expect(code).toBe(2);
  });
});

describe('colours', () => {
  it('are for terminals', async () => {
    const args = ['0.0.0.0:8080', '127.0.0.1:8081'];
    expect((await check(args)).stdout).not.toContain('\x1b[');
    const { stdout } = await check(args, { env: { FORCE_COLOR: '1' } });
    for (const painted of ['\x1b[31manybody', '\x1b[32mthis machine', '\x1b[33mwarning\x1b[39m: ']) {
      expect(stdout).toContain(painted);
    }
  });
});

describe('the environment', () => {
  it('that is printed is taken, and says what reading it says', async () => {
    const printed = await runCli(['bind', 'environment']);
    expect(printed).toMatchObject({ stderr: '', code: 0 });
    const path = file('machine.json', printed.stdout);
    const args = ['bind', 'check', '--json', '127.0.0.1:8080', '[::1]:8080', '0.0.0.0:8081', 'localhost:8082'];
    const taken = await runCli([...args, '--environment', path]);
    expect(taken.stderr).toBe('');
    expect(taken).toEqual(await runCli(args));
  });

  const fields = JSON.parse(readFileSync(ENVIRONMENT_FILE, 'utf8'));
  it.each<[string, string]>([
    ['', 'is no JSON, write what `inaddr bind environment` prints'],
    ['[]', 'is no JSON object, write what `inaddr bind environment` prints'],
    ['{}', 'names is no object, write what `inaddr bind environment` prints'],
    [JSON.stringify({ ...fields, names: { a: ['x'] } }), 'names.a is no list of addresses, write .*'],
    [JSON.stringify({ ...fields, names: { a: '::1' } }), 'names.a is no list of addresses, write .*'],
    [JSON.stringify({ ...fields, interfaces: { lo: [{}] } }), 'interfaces.lo is no list of .*'],
    [JSON.stringify({ ...fields, interfaces: null }), 'interfaces is no object, write .*'],
    [JSON.stringify({ ...fields, paths: 5 }), 'environment.paths is 5: it must be .*'],
    [JSON.stringify({ ...fields, ipv6Enabled: 'yes' }), 'environment.ipv6Enabled is "yes": it must be true or false'],
    [JSON.stringify({ ...fields, ipv6: true }), 'the environment has no "ipv6": it has .*'],
  ])('is refused when it is %.40j', async (text, message) => {
    const path = file('machine.json', text);
    const { stderr, code } = await runCli(['bind', 'check', GOOD, '--environment', path]);
    expect(stderr.replace(path, 'machine.json')).toMatch(new RegExp(`^inaddr: machine\\.json: ${message}\n$`));
    expect(code).toBe(2);
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 'bind check: give endpoints, or --file FILE'],
    [
      ['--file', 'x', '--format', 'toml'],
      '--format "toml": write inaddr, compose, nginx, systemd, env, redis, postgres',
    ],
    [[GOOD, '--dialect', 'rust'], '--dialect "rust": write inaddr, go, nginx, systemd, redis, postgres, compose'],
    [[GOOD, '--format', 'nginx'], '--format: goes with --file'],
    [['--file', 'x', '--dialect', 'nginx'], '--dialect: goes with endpoints as arguments, and --format with files'],
    [
      ['--environment', '-', '--file', '-', '--format', 'env'],
      '--environment: is standard input, name the files to check',
    ],
    [[GOOD, '--expose', 'none'], '--expose "none": write loopback, link, private, public, all'],
    [[GOOD, '--environment', 'none.json'], 'none.json: no such file or directory'],
    [[GOOD, '--fil', 'x'], "unknown option '--fil': did you mean --file?"],
  ])('%j', async (args, message) => {
    expect(await runCli(['bind', 'check', ...args])).toEqual({ stdout: '', stderr: `inaddr: ${message}\n`, code: 2 });
  });

  it('of bind alone shows what there is', async () => {
    const { stderr, stdout, code } = await runCli(['bind']);
    expect(stdout).toContain('check');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it.each(['bind', 'bind check', 'bind environment'])('has help with two examples: %s', async (command) => {
    const { stdout, code } = await runCli([...command.split(' '), '--help']);
    expect(stdout.split('Examples:\n')[1]?.trimEnd().split('\n')).toHaveLength(2);
    expect(code).toBe(0);
  });
});
