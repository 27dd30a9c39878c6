import { describe, expect, it } from 'vitest';
import { mergePrefixes, parsePrefix } from '../../src/ip/index.js';
import type { Run, RunOptions } from '../support/run-cli.js';
import { finish, runCli, runShell, startCli } from '../support/run-cli.js';

function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return runCli(['prefix', ...args], options);
}

/** The lines that it prints when nothing is wrong. */
async function lines(args: readonly string[], input = ''): Promise<string[]> {
  const { stdout, stderr, code } = await run(args, { input });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return stdout.split('\n').slice(0, -1);
}

async function json(args: readonly string[], input = ''): Promise<unknown[]> {
  const [command = '', ...rest] = args;
  return (await lines([command, '--json', ...rest], input)).map((line) => JSON.parse(line));
}

describe('info', () => {
  it('describes an IPv4 prefix', async () => {
    expect(await lines(['info', '10.0.0.0/22'])).toEqual([
      '10.0.0.0/22',
      '  family     IPv4, class A',
      '  network    10.0.0.0',
      '  broadcast  10.0.3.255',
      '  addresses  1024',
      '  hosts      10.0.0.1 to 10.0.3.254, 1022',
      '  netmask    255.255.252.0',
      '  wildcard   0.0.3.255',
      '  kinds      private',
      '  reachable  not globally reachable',
      '  blocks     10.0.0.0/8 Private-Use, [RFC1918]',
      '  reverse    0.0.10.in-addr.arpa',
      '             1.0.10.in-addr.arpa',
      '             2.0.10.in-addr.arpa',
      '             3.0.10.in-addr.arpa',
      '  bits       00001010.00000000.000000|hh.hhhhhhhh',
    ]);
  });

  it('describes an IPv6 prefix', async () => {
    const printed = await lines(['info', '2001:db8::/47']);
    expect(printed).toContain('  last       2001:db8:1:ffff:ffff:ffff:ffff:ffff');
    expect(printed).toContain('  addresses  2417851639229258349412352, 131072 subnets of /64');
    expect(printed).toContain(
      '  hosts      2001:db8::1 to 2001:db8:1:ffff:ffff:ffff:ffff:ffff, 2417851639229258349412351',
    );
    expect(printed).toContain('  reverse    0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa');
    expect(printed.at(-1)).toBe(
      `  bits       0010000000000001:0000110110111000:000000000000000|.${`:${'.'.repeat(16)}`.repeat(5)}`,
    );
  });

  it.each([
    ['0.0.0.0/0', '  family     IPv4, classes A to E', '  addresses  4294967296'],
    ['0.0.0.0/1', '  family     IPv4, class A', '  addresses  2147483648'],
    ['128.0.0.0/1', '  family     IPv4, classes B to E', '  addresses  2147483648'],
    ['192.0.0.0/2', '  family     IPv4, classes C to E', '  addresses  1073741824'],
    ['224.0.0.0/4', '  family     IPv4, class D', '  addresses  268435456'],
    ['0.0.0.0/0', '  reverse    in-addr.arpa', '  bits       |hhhhhhhh.hhhhhhhh.hhhhhhhh.hhhhhhhh'],
    ['::/0', '  reverse    ip6.arpa', `  bits       |${Array(8).fill('.'.repeat(16)).join(':')}`],
    ['10.0.0.0/31', '  last       10.0.0.1', '  hosts      10.0.0.0 to 10.0.0.1, 2'],
    ['10.0.0.1/32', '  hosts      10.0.0.1 to 10.0.0.1, 1', '  bits       00001010.00000000.00000000.00000001'],
    ['::/127', '  hosts      :: to ::1, 2', '  kinds      unspecified, loopback'],
    ['255.255.255.255/32', '  last       255.255.255.255', '  reachable  not globally reachable'],
    ['11.0.0.0/9', '  reverse    0.11.in-addr.arpa', '             and 112 more'],
    ['192.0.2.128/25', '  broadcast  192.0.2.255', '  reverse    128/25.2.0.192.in-addr.arpa'],
  ])('%s', async (prefix, ...expected) => {
    const printed = await lines(['info', prefix]);
    for (const line of expected) expect(printed).toContain(line);
  });

  it('puts a blank line between several, and reads standard input', async () => {
    const several = await lines(['info', '10.0.0.0/8', '::/0']);
    expect(several.filter((line) => line === '')).toHaveLength(1);
    expect(await lines(['info'], '\uFEFF10.0.0.0/8\r\n\n  ::/0\n')).toEqual(several);
    expect(await lines(['info', '-'], '10.0.0.0/8\n::/0')).toEqual(several);
  });

  it('prints JSON with numbers that no reader rounds', async () => {
    expect(await json(['info', '::/0', '192.0.2.0/24'])).toMatchObject([
      {
        prefix: '::/0',
        family: 6,
        length: 0,
        first: '::',
        size: '340282366920938463463374607431768211456',
        hosts: '340282366920938463463374607431768211455',
        globallyReachable: 'some',
        reverseZones: ['ip6.arpa'],
        reverseZoneCount: 1,
      },
      {
        prefix: '192.0.2.0/24',
        netmask: '255.255.255.0',
        hostmask: '0.0.0.255',
        firstHost: '192.0.2.1',
        lastHost: '192.0.2.254',
        hosts: '254',
        kinds: ['documentation'],
        blocks: [{ name: 'Documentation (TEST-NET-1)' }],
        globallyReachable: 'none',
      },
    ]);
  });

  it('reports what is no prefix, and does the others', async () => {
    const { stdout, stderr, code } = await run([
      'info',
      '10.1.2.3/8',
      '10.0.0.0',
      'x/8',
      '::/129',
      '10.0.0.0/08',
      '::/64',
    ]);
    expect(stdout).toMatch(/^::\/64\n {2}family/);
    const complaints = stderr.split('\n');
    expect(complaints).toEqual([
      expect.stringMatching(/^inaddr: argument 1: "10\.1\.2\.3\/8": .*; write 10\.0\.0\.0\/8/),
      expect.stringMatching(/^inaddr: argument 2: "10\.0\.0\.0": no prefix length/),
      expect.stringMatching(/^inaddr: argument 3: "x\/8": /),
      expect.stringMatching(/^inaddr: argument 4: "::\/129": .*write 0 to 128 for IPv6/),
      expect.stringMatching(/^inaddr: argument 5: "10\.0\.0\.0\/08": .*write 10\.0\.0\.0\/8/),
      '',
    ]);
    expect(code).toBe(1);
  });

  it('clears host bits with --mask', async () => {
    expect((await lines(['info', '--mask', '10.1.2.3/8']))[0]).toBe('10.0.0.0/8');
  });

  it('has colours on request only, and none in JSON', async () => {
    const env = { FORCE_COLOR: '1' };
    expect((await run(['info', '8.0.0.0/8'], { env })).stdout).toContain('\x1b[32mall globally reachable\x1b[39m');
    expect((await run(['info', '--json', '8.0.0.0/8'], { env })).stdout).not.toContain('\x1b');
  });
});

describe('split', () => {
  it('gives the subnets, of each argument', async () => {
    expect(await lines(['split', '10.0.0.0/23', '2001:db8::/31', '--length', '32'])).toHaveLength(512 + 2);
    expect(await lines(['split', '--length', '24', '10.0.0.0/22'])).toEqual([
      '10.0.0.0/24',
      '10.0.1.0/24',
      '10.0.2.0/24',
      '10.0.3.0/24',
    ]);
    expect(await json(['split', '--length', '1'], '::/0\n')).toEqual([
      { prefix: '::/0', subnet: '::/1' },
      { prefix: '::/0', subnet: '8000::/1' },
    ]);
    expect(await lines(['split', '10.0.0.0/8', '--length', '8'])).toEqual(['10.0.0.0/8']);
  });

  it('is undone by merge', async () => {
    const subnets = await lines(['split', '10.0.0.0/16', '--length', '28']);
    expect(subnets).toHaveLength(4096);
    expect(await lines(['merge'], subnets.join('\n'))).toEqual(['10.0.0.0/16']);
  });

  it.each([
    ['::/0', '128', '::/128\n::1/128\n'],
    ['0.0.0.0/0', '32', '0.0.0.0/32\n0.0.0.1/32\n'],
  ])('of %s into /%s ends quietly when nobody reads on', async (prefix, length, stdout) => {
    expect(await runShell(`inaddr prefix split ${prefix} --length ${length} | head -n 2`)).toEqual({
      stdout,
      stderr: '',
      code: 0,
    });
  });

  it('to a full device gets one line', async () => {
    expect(await runShell('inaddr prefix split ::/0 --length 128 > /dev/full')).toEqual({
      stdout: '',
      stderr: 'inaddr: standard output: no space left on device\n',
      code: 2,
    });
  });

  it('reports lengths that a prefix has no subnets of, and splits the others', async () => {
    const { stdout, stderr, code } = await run(['split', '10.0.0.0/22', '10.0.0.0/7', '::/64', '--length', '8']);
    expect(stdout).toBe('10.0.0.0/8\n11.0.0.0/8\n');
    expect(stderr.split('\n')).toEqual([
      'inaddr: argument 1: 10.0.0.0/22: no subnets of /8; give --length 22 to 32',
      'inaddr: argument 3: ::/64: no subnets of /8; give --length 64 to 128',
      '',
    ]);
    expect(code).toBe(1);
  });

  it.each(['', 'x', '-1', '1.5', '08', '1e1', '9999999999'])('refuses --length %j', async (length) => {
    expect(await run(['split', '::/0', `--length=${length}`])).toEqual({
      stdout: '',
      stderr: 'inaddr: --length: write a decimal integer\n',
      code: 2,
    });
  });
});

describe('merge', () => {
  it('takes prefixes, ranges and addresses, and gives the fewest prefixes', async () => {
    const items = [
      '10.0.0.128/25',
      '10.0.0.0-10.0.0.127',
      '::1',
      '::',
      '10.0.1.0/24',
      '10.0.0.7',
      '::ffff:10.0.2.0/120',
    ];
    expect(await lines(['merge', ...items])).toEqual(['10.0.0.0/23', '10.0.2.0/24', '::/127']);
    expect(await lines(['merge'], items.join('\n'))).toEqual(['10.0.0.0/23', '10.0.2.0/24', '::/127']);
    expect(await json(['merge', ...items])).toEqual([
      { prefix: '10.0.0.0/23' },
      { prefix: '10.0.2.0/24' },
      { prefix: '::/127' },
    ]);
  });

  it('of nothing is nothing', async () => {
    expect(await lines(['merge'])).toEqual([]);
  });

  it('reports bad lines by number, and merges the others', async () => {
    const { stdout, stderr, code } = await run(['merge'], {
      input: '10.0.0.0/25\n\nfe80::1%eth0\n10.0.0.9-10.0.0.1\n10.0.0.128/25',
    });
    expect(stdout).toBe('10.0.0.0/24\n');
    expect(stderr).toMatch(/^inaddr: line 3: .*zone.*\ninaddr: line 4: .*write 10\.0\.0\.1-10\.0\.0\.9\n$/);
    expect(code).toBe(1);
  });

  it('takes 300,000 lines', async () => {
    const items = Array.from({ length: 300_000 }, (_, i) => `10.${(i >> 8) & 255}.${i & 255}.${i >> 16}`);
    expect(await lines(['merge'], items.join('\n'))).toEqual(mergePrefixes(items).map(String));
  });
});

describe('subtract', () => {
  it('takes items out of a prefix', async () => {
    const left = ['10.0.0.0/9', '10.192.0.0/10'];
    expect(await lines(['subtract', '10.0.0.0/8', '10.128.0.0/10'])).toEqual(left);
    expect(await lines(['subtract', '10.0.0.0/8'], '10.128.0.0-10.159.255.255\n10.160.0.0/11\n::/0')).toEqual(left);
    expect(await json(['subtract', '10.0.0.0/8', '10.128.0.0/10'])).toEqual(left.map((prefix) => ({ prefix })));
    expect(await lines(['subtract', '10.0.0.0/8', '0.0.0.0/0'])).toEqual([]);
    expect(await lines(['subtract', '::/0', '::/1'])).toEqual(['8000::/1']);
  });

  it('agrees with Prefix.subtract', async () => {
    const left = parsePrefix('::/0').subtract('2001:db8::/32').map(String);
    expect(await lines(['subtract', '::/0', '2001:db8::/32'])).toEqual(left);
  });

  it('needs a prefix to take from', async () => {
    expect(await run(['subtract', '10.0.0.1', '10.0.0.0/8'])).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^inaddr: prefix: "10\.0\.0\.1": no prefix length .*\n$/),
      code: 2,
    });
    expect(await run(['subtract'])).toMatchObject({
      stderr: "inaddr: missing required argument 'prefix': see `inaddr prefix subtract --help`\n",
      code: 2,
    });
  });
});

describe('contains', () => {
  it('takes ranges, whose both ends have to be in it', async () => {
    const items = ['10.0.0.1-10.0.0.3', '10.0.0.1-11.0.0.0', '9.0.0.0-10.0.0.1'];
    const { stdout, stderr, code } = await run(['contains', '10.0.0.0/8', ...items]);
    expect(stdout.split('\n').map((line) => line.replace(/ +/, ' '))).toEqual([
      `${items[0]} yes`,
      `${items[1]} no`,
      `${items[2]} no`,
      '',
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    expect((await run(['contains', '10.0.0.0/8', '10.0.0.3-10.0.0.1'])).stderr).toContain('argument 1: "10.0.0.3');
  });

  it('prints canonical JSON', async () => {
    const { stdout } = await run(['contains', '2001:DB8::/32', '--json', '2001:DB8::1', '2001:DB8:0::/48', '::1-::2']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { prefix: '2001:db8::/32', item: '2001:db8::1', contained: true },
      { prefix: '2001:db8::/32', item: '2001:db8::/48', contained: true },
      { prefix: '2001:db8::/32', item: '::1-::2', contained: false },
    ]);
  });

  it('exits with 0 when all are in the prefix', async () => {
    const items = ['10.1.2.3', '10.0.0.0/9', '::ffff:10.0.0.1', '::ffff:10.0.0.0/104'];
    const expected = items.map((item) => `${item.padEnd(24)}  yes`);
    expect(await lines(['contains', '10.0.0.0/8', ...items])).toEqual(expected);
    expect(await lines(['contains', '10.0.0.0/8'], items.join('\n'))).toEqual(expected);
    expect(await lines(['contains', 'fe80::/10', 'fe80::1%eth0'])).toEqual(['fe80::1%eth0              yes']);
  });

  it('exits with 1 when one is not', async () => {
    const { stdout, stderr, code } = await run(['contains', '::/0', '--json', '10.0.0.1', '::1', '::ffff:1.2.3.4']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { prefix: '::/0', item: '10.0.0.1', contained: false },
      { prefix: '::/0', item: '::1', contained: true },
      { prefix: '::/0', item: '::ffff:1.2.3.4', contained: false },
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    expect((await run(['contains', '10.0.0.0/8', '8.0.0.0/7'])).code).toBe(1);
  });

  it('reports what is neither address nor prefix', async () => {
    const { stdout, stderr, code } = await run([
      'contains',
      '10.0.0.0/8',
      '10.0.0.1',
      '010.0.0.1',
      '10.0.0.0/33',
      '1-2',
    ]);
    expect(stdout).toBe('10.0.0.1                  yes\n');
    expect(stderr).toMatch(/^inaddr: argument 2: .*\ninaddr: argument 3: .*\ninaddr: argument 4: .*\n$/);
    expect(code).toBe(1);
  });

  it('answers for any number of lines', async () => {
    const printed = await lines(['contains', '0.0.0.0/0'], '10.0.0.1\n'.repeat(200_000));
    expect(printed).toHaveLength(200_000);
  });

  it('answers line by line, while more is coming', async () => {
    const child = startCli(['prefix', 'contains', '10.0.0.0/8']);
    child.stdin.write('10.0.0.1\n');
    const [first] = (await new Promise((resolve) => child.stdout.once('data', (...data) => resolve(data)))) as [Buffer];
    expect(first.toString()).toBe('10.0.0.1                  yes\n');
    expect(await finish(child, '10.0.0.2\n')).toEqual({
      stdout: '10.0.0.2                  yes\n',
      stderr: '',
      code: 0,
    });
  });
});

describe('range', () => {
  it('takes a first and a last address, or texts with a hyphen', async () => {
    const expected = ['10.0.0.3/32', '10.0.0.4/30', '10.0.0.8/31'];
    expect(await lines(['range', '10.0.0.3', '10.0.0.9'])).toEqual(expected);
    expect(await lines(['range', '10.0.0.3-10.0.0.9'])).toEqual(expected);
    expect(await lines(['range'], '10.0.0.3 - 10.0.0.9\n::-::1')).toEqual([...expected, '::/127']);
    expect(await json(['range', '10.0.0.8', '10.0.0.9'])).toEqual([
      { range: '10.0.0.8-10.0.0.9', prefix: '10.0.0.8/31' },
    ]);
    expect(await lines(['range', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])).toEqual(['::/0']);
    expect(await lines(['range', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe'])).toHaveLength(254);
  });

  it.each([
    [['10.0.0.9', '10.0.0.3'], /^inaddr: argument 1: .*write 10\.0\.0\.3-10\.0\.0\.9\n$/],
    [['10.0.0.3', '10.0.0.x'], /^inaddr: argument 1: "10\.0\.0\.3-10\.0\.0\.x": .* at offset 16; .*\n$/],
    [['10.0.0.3', '::1'], /^inaddr: argument 1: .*two families.*\n$/],
    [['10.0.0.3'], /^inaddr: argument 1: "10\.0\.0\.3": no range.*\n$/],
    [['10.0.0.3-'], /^inaddr: argument 1: "10\.0\.0\.3-": .*\n$/],
  ])('refuses %j in one line', async (args, stderr) => {
    expect(await run(['range', ...args])).toEqual({ stdout: '', stderr: expect.stringMatching(stderr), code: 1 });
  });
});

describe('reverse', () => {
  it.each([
    ['10.0.0.0/8', ['10.in-addr.arpa']],
    ['10.1.0.0/23', ['0.1.10.in-addr.arpa', '1.1.10.in-addr.arpa']],
    ['192.0.2.0/24', ['2.0.192.in-addr.arpa']],
    ['192.0.2.128/25', ['128/25.2.0.192.in-addr.arpa']],
    ['192.0.2.1/32', ['1.2.0.192.in-addr.arpa']],
    ['192.0.2.1', ['1.2.0.192.in-addr.arpa']],
    ['0.0.0.0/0', ['in-addr.arpa']],
    ['::/0', ['ip6.arpa']],
    ['2001:db8::/32', ['8.b.d.0.1.0.0.2.ip6.arpa']],
    ['2000::/3', ['2.ip6.arpa', '3.ip6.arpa']],
    ['::1', [`1.${'0.'.repeat(31)}ip6.arpa`]],
    ['::ffff:10.0.0.1', [`1.0.0.0.0.0.a.0.f.f.f.f.${'0.'.repeat(20)}ip6.arpa`]],
  ])('%s', async (prefix, zones) => {
    expect(await lines(['reverse', prefix])).toEqual(zones);
    expect(await lines(['reverse'], `${prefix}\n`)).toEqual(zones);
  });

  it('names parts of a /24 as the delegating party likes', async () => {
    expect(await lines(['reverse', '--classless', 'range', '192.0.2.128/25'])).toEqual([
      '128-255.2.0.192.in-addr.arpa',
    ]);
    expect(await run(['reverse', '--classless', 'both', '192.0.2.128/25'])).toEqual({
      stdout: '',
      stderr: 'inaddr: --classless "both": write slash, range\n',
      code: 2,
    });
  });

  it('prints JSON, and reports a zone', async () => {
    expect(await json(['reverse', '10.0.0.1'])).toEqual([{ prefix: '10.0.0.1/32', zone: '1.0.0.10.in-addr.arpa' }]);
    const { stdout, stderr, code } = await run(['reverse', 'fe80::1%eth0', '10.0.0.0/8']);
    expect(stdout).toBe('10.in-addr.arpa\n');
    expect(stderr).toMatch(/^inaddr: argument 1: "fe80::1%eth0.*zone.*\n$/);
    expect(code).toBe(1);
  });
});

describe('all of them', () => {
  const COMMANDS = ['info', 'merge', 'range', 'reverse', 'split --length 24', 'contains ::/0', 'subtract ::/0'];

  it.each(COMMANDS)('%s says what is wrong with standard input', async (command) => {
    const args = command.split(' ');
    expect(await run(args, { input: '::/64\0' })).toEqual({
      stdout: '',
      stderr: 'inaddr: standard input: binary or UTF-16, NUL at byte 5; give it UTF-8 text\n',
      code: 2,
    });
    expect(await runShell(`inaddr prefix ${command} < /`)).toEqual({
      stdout: '',
      stderr: 'inaddr: standard input: is a directory, name a file\n',
      code: 2,
    });
    const long = await run(args, { input: `${'x'.repeat(5000)}\n\x1b[31m\n` });
    expect(long.stderr).toMatch(
      /^inaddr: line 1: longer than 1024 bytes; write one item a line\ninaddr: line 2: "\\x1b\[31m": [ -~]+\n$/,
    );
    expect(long.code).toBe(1);
  });

  it.each(COMMANDS)('%s takes arguments or standard input', async (command) => {
    expect(await run([...command.split(' '), '10.0.0.0/24', '-'])).toEqual({
      stdout: '',
      stderr: "inaddr: '-': give arguments or standard input, not both\n",
      code: 2,
    });
  });

  it.each(COMMANDS)('%s has help with two examples that run', async (command) => {
    const [name = ''] = command.split(' ');
    const { stdout, stderr, code } = await run([name, '--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toContain(`Usage: inaddr prefix ${name} `);
    const examples = /Examples:\n([\s\S]*)$/.exec(stdout)?.[1]?.trim().split('\n') ?? [];
    expect(examples).toHaveLength(2);
    for (const example of examples) {
      const ran = await runShell(example.replace(/< .*$/, '< /dev/null'));
      expect({ stderr: ran.stderr, code: ran.code }, example).toEqual({ stderr: '', code: 0 });
    }
  });

  it.each<[string[], string | RegExp]>([
    [['inof'], "unknown command 'inof': did you mean info?"],
    [['info', '--jsn'], "unknown option '--jsn': did you mean --json?"],
    [['split', '::/0'], 'prefix split: say how long the subnets are with --length BITS'],
    [['contains'], "missing required argument 'prefix': see `inaddr prefix contains --help`"],
  ])('%j exits with 2 and one line', async (args, message) => {
    expect(await run(args)).toEqual({ stdout: '', stderr: `inaddr: ${message}\n`, code: 2 });
  });

  it('are listed by prefix --help', async () => {
    const { stdout, code } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command.split(' ')[0]} `);
  });
});
