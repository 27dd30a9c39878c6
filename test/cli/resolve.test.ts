import { Resolver as NodeResolver } from 'node:dns/promises';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { classify } from '../../src/ip/index.js';
import { answerSchema } from '../../src/schema/index.js';
import type { AnswerFunction, Fault, RuleMatch } from '../../src/testing/index.js';
import { DnsServer } from '../../src/testing/index.js';
import type { Run, RunOptions } from '../support/run-cli.js';
import { finish, runCli, runShell, startCli } from '../support/run-cli.js';

const ZONE = `
$ORIGIN example.com.
@         300 A     93.184.215.14
@          60 AAAA  2606:2800:21f::1
@             MX    10 mail
@             MX    20 mail2
@             NS    ns
@             SOA   ns hostmaster 7 3600 600 86400 60
@             TXT   "v=spf1 " "-all"
@             CAA   0 issue "ca.example"
www           CNAME @
_sip._udp     SRV   1 2 5060 sip
none._tcp     SRV   0 0 0 .
silent        MX    0 .
naptr         NAPTR 100 10 "S" "SIP+D2U" "" _sip._udp
_443._tcp     TLSA  3 1 1 00ff10
evil          TXT   "\\027[31mred\\155\\010"
evil          CAA   0 issue "\\027]0;\\010\\127"
internal    5 A     10.0.0.7
v4         10 A     198.41.0.4
xn--bcher-kva 9 A   192.0.2.9
4.0.41.198.in-addr.arpa. PTR a.root.example.com.
4.0.41.198.in-addr.arpa. PTR liar.example.com.
4.0.41.198.in-addr.arpa. PTR gone.example.com.
a.root        A     198.41.0.4
liar          A     192.0.2.66
8.8.8.8.in-addr.arpa. PTR liar.example.com.
`;

let server: DnsServer;

beforeAll(async () => {
  server = await DnsServer.listen({ zone: ZONE });
});
afterAll(() => server.close());
beforeEach(() => server.reset());

/** A rule for this test. */
function rule(match: RuleMatch, fault: Fault): void {
  const added = server.rule(match, fault);
  onTestFinished(() => added.remove());
}

/** No packet leaves the machine: every command of this file names the server. */
function run(args: readonly string[], options?: RunOptions): Promise<Run> {
  return runCli(['resolve', ...args, '--server', server.address], options);
}

/** What it prints when nothing is wrong; how long it took and the port are not the same each time. */
async function output(args: readonly string[], options?: RunOptions): Promise<string[]> {
  const { stdout, stderr, code } = await run(args, options);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  return settle(stdout);
}

function settle(text: string): string[] {
  return text
    .replaceAll(server.address, 'SERVER')
    .replace(/ in \d+\.\d ms/g, ' in MS')
    .split('\n')
    .slice(0, -1);
}

interface Json {
  readonly input: string;
  readonly ms: number;
  readonly records: readonly Record<string, unknown>[];
  readonly [key: string]: unknown;
}

function jsonLines(stdout: string): Json[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Json);
}

async function jsonOf(args: readonly string[]): Promise<Json> {
  const { stdout, stderr, code } = await run([...args, '--json']);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const [found, ...others] = jsonLines(stdout);
  expect(others).toEqual([]);
  if (found === undefined) throw new Error('no line');
  return found;
}

describe('addresses of a name', () => {
  it('are printed with what they are, their TTL, the server and the time', async () => {
    expect(await output(['Example.COM.'])).toEqual([
      'example.com from SERVER in MS',
      'A     93.184.215.14     global  global  global  ttl 300',
      'AAAA  2606:2800:21f::1  global  global  global  ttl 60',
    ]);
    expect(await output(['internal.example.com'])).toEqual([
      'internal.example.com from SERVER in MS',
      'A  10.0.0.7  private  global  not global  ttl 5  Private-Use',
    ]);
  });

  it('are JSON with --json: the answer, each address classified, the server, the time', async () => {
    const found = await jsonOf(['example.com']);
    const [first, second] = found.records;
    expect(first).toEqual({ type: 'A', address: '93.184.215.14', ttl: 300, classification: classify('93.184.215.14') });
    expect(second).toMatchObject({ type: 'AAAA', classification: { kind: 'global' } });
    expect(found).toMatchObject({ input: 'example.com', name: 'example.com', server: server.address, ttl: 60 });
    expect(answerSchema.safeParse(found).success).toBe(true);
    expect(found.ms).toBeGreaterThan(0);
    expect(found).not.toHaveProperty('trace');
  });

  it('are asked for by two questions', async () => {
    await output(['example.com']);
    expect(server.questions.map(({ name, type }) => `${name} ${type}`).sort()).toEqual([
      'example.com A',
      'example.com AAAA',
    ]);
  });

  it('are given though one family failed, and it is said', async () => {
    rule({ type: 'AAAA' }, { rcode: 'SERVFAIL' });
    expect(await output(['v4.example.com'])).toEqual([
      'v4.example.com from SERVER in MS, one family failed',
      'A  198.41.0.4  global  global  global  ttl 10',
    ]);
  });
});

describe('records of a type', () => {
  it.each([
    ['A', 'example.com', ['A  93.184.215.14  global  global  global  ttl 300']],
    ['aaaa', 'example.com', ['AAAA  2606:2800:21f::1  global  global  global  ttl 60']],
    ['MX', 'example.com', ['MX  10 mail.example.com', 'MX  20 mail2.example.com']],
    ['MX', 'silent.example.com', ['MX  no mail is taken (RFC 7505)']],
    ['NS', 'example.com', ['NS  ns.example.com']],
    ['SOA', 'example.com', ['SOA  ns.example.com hostmaster.example.com 7 3600 600 86400 60']],
    ['TXT', 'example.com', ['TXT  "v=spf1 -all"']],
    ['CAA', 'example.com', ['CAA  0 issue "ca.example"']],
    ['CNAME', 'www.example.com', ['CNAME  example.com']],
    ['SRV', '_sip._udp.example.com', ['SRV  1 2 5060 sip.example.com']],
    ['SRV', 'none._tcp.example.com', ['SRV  no such service (RFC 2782)']],
    ['NAPTR', 'naptr.example.com', ['NAPTR  100 10 "S" "SIP+D2U" "" _sip._udp.example.com']],
    ['PTR', '8.8.8.8.in-addr.arpa', ['PTR  liar.example.com']],
  ])('%s of %s', async (type, name, lines) => {
    const [, ...rest] = await output([name, type]);
    expect(rest).toEqual(lines);
    const { records, input } = await jsonOf([name, type]);
    expect(input).toBe(name);
    expect(records.map((record) => record.type)).toEqual(lines.map(() => type.toUpperCase()));
  });

  it('TLSA where Node can ask for it', async () => {
    if ('resolveTlsa' in NodeResolver.prototype) {
      expect((await output(['_443._tcp.example.com', 'TLSA'])).slice(1)).toEqual(['TLSA  3 1 1 00ff10']);
      expect((await jsonOf(['_443._tcp.example.com', 'TLSA'])).records[0]).toMatchObject({ data: '00ff10' });
    } else {
      expect(await run(['_443._tcp.example.com', 'TLSA'])).toMatchObject({ code: 6, stdout: '' });
    }
  });

  it('have bytes as hexadecimal text in JSON', async () => {
    const { records } = await jsonOf(['example.com', 'TXT']);
    expect(records).toEqual([{ type: 'TXT', chunks: ['763d7370663120', '2d616c6c'], text: 'v=spf1 -all', ttl: null }]);
  });

  it.each([
    ['evil.example.com', 'TXT'],
    ['evil.example.com', 'CAA'],
  ])('leave the terminal alone, whatever %s has in its %s', async (name, type) => {
    const lines = await output([name, type]);
    expect(lines).toHaveLength(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it('of an unknown type are refused', async () => {
    expect(await run(['example.com', 'AXFR'])).toEqual({
      stdout: '',
      stderr:
        'inaddr: resolve: "AXFR" is no record type; write A, AAAA, CAA, CNAME, MX, NAPTR, NS, PTR, SOA, SRV, TLSA, TXT\n',
      code: 2,
    });
    expect(server.count()).toBe(0);
  });
});

describe('what is answered without a question', () => {
  it.each([
    ['10.1.2.3', ['10.1.2.3 from literal in MS', 'A  10.1.2.3  private  global  not global  Private-Use']],
    [
      '::ffff:7f00:1',
      ['::ffff:127.0.0.1 from literal in MS', expect.stringMatching(/^AAAA {2}::ffff:127.0.0.1 {2}mapped/)],
    ],
    [
      'localhost',
      [
        'localhost from special-use in MS',
        'A     127.0.0.1  loopback  link-local  not global  Loopback',
        'AAAA  ::1        loopback  link-local  not global  Loopback Address',
      ],
    ],
  ])('%s', async (name, lines) => {
    expect(await output([name])).toEqual(lines);
    expect(server.count()).toBe(0);
  });

  it('is refused before the wire', async () => {
    for (const name of ['', '0x7f.1', '127.1', 'a b.test', 'a..test', 'xn--zzzz.test', `${'a'.repeat(64)}.test`]) {
      const { stdout, stderr, code } = await runCli(['resolve', '--server', server.address, '--', name]);
      expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
      expect(stderr).toMatch(/^inaddr: BAD_NAME ".*": [^\n]+; [^\n]+\n$/);
    }
    expect(server.count()).toBe(0);
  });
});

describe('--trace', () => {
  it('shows each question to a server before the answer', async () => {
    const lines = await output(['example.com', 'MX', '--trace']);
    expect(lines[0]).toBe('asked SERVER for example.com MX: ANSWER in MS');
    expect(lines).toHaveLength(4);
  });

  it('finds those of an internationalised name', async () => {
    const lines = await output(['Bücher.example.com', '--trace']);
    expect(lines.slice(0, 2).sort()).toEqual([
      'asked SERVER for xn--bcher-kva.example.com A: ANSWER in MS',
      'asked SERVER for xn--bcher-kva.example.com AAAA: NODATA in MS',
    ]);
    expect(lines.slice(2)).toEqual([
      'xn--bcher-kva.example.com from SERVER in MS',
      'A  192.0.2.9  documentation  global  not global  ttl 9  Documentation (TEST-NET-1)',
    ]);
  });

  it('shows what failed, and the server that knew better', async () => {
    const other = await DnsServer.listen({ rules: [[{}, { rcode: 'REFUSED' }]] });
    onTestFinished(() => other.close());
    const { stdout, stderr, code } = await runCli([
      ...['resolve', 'example.com', 'A', '--trace'],
      ...['--server', other.address, '--server', server.address],
    ]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(settle(stdout.replaceAll(other.address, 'OTHER'))).toEqual([
      'asked OTHER for example.com A: REFUSED in MS',
      'asked SERVER for example.com A: ANSWER in MS',
      'example.com from SERVER in MS',
      'A  93.184.215.14  global  global  global  ttl 300',
    ]);
  });

  it('is in JSON, too, with answers and with failures', async () => {
    const { trace } = await jsonOf(['example.com', 'A', '--trace']);
    const ms = expect.any(Number);
    const asked = { server: server.address, ms };
    expect(trace).toEqual([{ ...asked, name: 'example.com', type: 'A', outcome: 'ANSWER' }]);
    const { stdout } = await run(['nobody.example.com', 'A', '--trace', '--json']);
    expect(jsonLines(stdout)).toEqual([
      {
        input: 'nobody.example.com',
        type: 'A',
        error: 'NXDOMAIN',
        message: expect.stringMatching(/^NXDOMAIN /),
        ms,
        trace: [{ ...asked, name: 'nobody.example.com', type: 'A', outcome: 'NXDOMAIN' }],
      },
    ]);
  });

  it('shows the question that the time limit cut off', async () => {
    rule({ name: 'silent.test' }, 'drop');
    const { stdout, code } = await run(['silent.test', 'A', '--trace', '--timeout', '50']);
    expect(settle(stdout)).toEqual([
      expect.stringMatching(/^asked SERVER for silent.test A: (ABORTED|TIMEOUT) in MS$/),
    ]);
    expect(code).toBe(5);
  });
});

describe('a name without an answer ends with its own code, and one line', () => {
  it.each<[number, string, string[], Fault | null]>([
    [2, 'BAD_NAME', ['127.1'], null],
    [3, 'NXDOMAIN', ['nobody.example.com'], null],
    [3, 'NXDOMAIN', ['printer.local'], null],
    [4, 'NODATA', ['v4.example.com', 'MX'], null],
    [4, 'NODATA', ['10.1.2.3', 'AAAA'], null],
    [5, 'TIMEOUT', ['example.com', '--timeout', '40'], 'drop'],
    [6, 'SERVFAIL', ['example.com'], { rcode: 'SERVFAIL' }],
    [6, 'REFUSED', ['example.com'], { rcode: 'REFUSED' }],
    [6, 'NOTIMP', ['example.com'], { rcode: 'NOTIMP' }],
    [6, 'FORMERR', ['example.com'], { rcode: 'FORMERR' }],
    [6, 'BAD_RESPONSE', ['example.com'], 'garbage'],
    [7, 'BLOCKED', ['internal.example.com', '--policy', 'global'], null],
    [7, 'BLOCKED', ['::ffff:10.0.0.1', '--policy', 'global'], null],
    [7, 'BLOCKED', ['localhost', '--policy', 'global'], null],
  ])('%i for %s of %j', async (exitCode, word, args, fault) => {
    if (fault !== null) rule({}, fault);
    const { stdout, stderr, code } = await run(args);
    expect(stderr).toMatch(new RegExp(`^inaddr: ${word} "[^\\n]+"( [A-Z]+)?: [^\\n]+; [^\\n]+\\n$`));
    expect({ stdout, code }).toEqual({ stdout: '', code: exitCode });
    const json = await run([...args, '--json']);
    expect(jsonLines(json.stdout)).toEqual([
      expect.objectContaining({ input: args[0], error: word, message: stderr.slice('inaddr: '.length, -1) }),
    ]);
    expect({ stderr: json.stderr, code: json.code }).toEqual({ stderr, code: exitCode });
  });

  it('5 with a hint that names the flag', async () => {
    rule({}, 'drop');
    const { stderr } = await run(['example.com', '--timeout', '40']);
    expect(stderr).toMatch(/; try again later, or with a longer --timeout\n$/);
  });

  it('6 for a server that is not there', async () => {
    const gone = await DnsServer.listen();
    await gone.close();
    const { stderr, code } = await runCli(['resolve', 'example.com', '--server', gone.address, '--timeout', '5000']);
    expect(stderr).toMatch(/^inaddr: (UNREACHABLE|TIMEOUT) "example.com": [^\n]+\n$/);
    expect([5, 6]).toContain(code);
  });

  it('lets a name pass that leads where the policy says', async () => {
    expect(await output(['v4.example.com', '--policy', 'global'])).toHaveLength(2);
    expect(await output(['internal.example.com', '--policy', 'any'])).toHaveLength(2);
  });
});

describe('names of an address', () => {
  it('--reverse lists them', async () => {
    expect(await output(['198.41.0.4', '--reverse'])).toEqual([
      '4.0.41.198.in-addr.arpa from SERVER in MS',
      'PTR  a.root.example.com',
      'PTR  liar.example.com',
      'PTR  gone.example.com',
    ]);
    expect((await jsonOf(['198.41.0.4', '--reverse'])).name).toBe('4.0.41.198.in-addr.arpa');
  });

  it('--verify says which lead back', async () => {
    expect(await output(['198.41.0.4', '--verify'])).toEqual([
      'a.root.example.com  leads back',
      'liar.example.com    does not lead back',
      'gone.example.com    does not lead back, NXDOMAIN',
    ]);
    const { input, names } = await jsonOf(['198.41.0.4', '--verify', '--policy', 'any']);
    expect({ input, names }).toEqual({
      input: '198.41.0.4',
      names: [
        { name: 'a.root.example.com', confirmed: true, error: null },
        { name: 'liar.example.com', confirmed: false, error: null },
        { name: 'gone.example.com', confirmed: false, error: 'NXDOMAIN' },
      ],
    });
  });

  it('--verify ends with 1 when none leads back, and traces every question', async () => {
    const { stdout, stderr, code } = await run(['8.8.8.8', '--verify', '--trace']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 1 });
    expect(settle(stdout)).toEqual([
      'asked SERVER for 8.8.8.8.in-addr.arpa PTR: ANSWER in MS',
      'asked SERVER for liar.example.com A: ANSWER in MS',
      'liar.example.com  does not lead back',
    ]);
  });

  it.each([['--reverse'], ['--verify']])(
    '%s ends with 2 for what is no address, with 3 for one without names',
    async (flag) => {
      const bad = await run(['example.com', flag]);
      expect(bad.stderr).toMatch(/^inaddr: "example.com": [^\n]+\n$/);
      expect(bad).toMatchObject({ stdout: '', code: 2 });
      expect(await run(['192.0.2.1', flag])).toMatchObject({ stdout: '', code: 3 });
      expect(await run(['192.0.2.1', 'MX', flag])).toEqual({
        stdout: '',
        stderr: 'inaddr: resolve: give no type with --reverse and --verify\n',
        code: 2,
      });
    },
  );
});

describe('options', () => {
  it.each([
    ['', /no address/],
    ['dns.example', /no address/],
    ['127.0.0.1:0', /port/],
    ['127.0.0.1:99999', /port/],
    ['127.0.0.1:053', /port/],
    ['127.0.0.1:', /./],
    ['127.1', /no address/],
    ['::1:53:x', /./],
    ['[::1', /./],
    ['[127.0.0.1]:x', /./],
    ['fe80::1%eth0', /zone/],
    ['https://192.0.2.1/', /no address/],
  ])('--server %j is refused in one line', async (text, problem) => {
    const { stdout, stderr, code } = await runCli(['resolve', 'localhost', '--server', text]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(/^inaddr: --server: [^\n]+; write [^\n]+\n$/);
    expect(stderr).toMatch(problem);
  });

  it('--server takes IPv6 in brackets', async () => {
    const six = await DnsServer.listen({ host: '::1', zone: 'six.test. A 192.0.2.6' }).catch(() => null);
    // A machine without IPv6 has no server there: the text is still taken, by a name that needs none.
    const args = six === null ? ['localhost', '--server', '[::1]:53'] : ['six.test', 'A', '--server', six.address];
    onTestFinished(() => six?.close());
    const { stdout, stderr, code } = await runCli(['resolve', ...args]);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    if (six !== null) expect(stdout).toContain(`six.test from ${six.address} in `);
  });

  it.each([
    [['--reverse', '--verify'], 'inaddr: --verify: gives the names, too: leave out --reverse\n'],
    [
      ['--verify', '--policy', 'global'],
      'inaddr: --policy: is about the addresses of names: leave it out with --verify\n',
    ],
    [
      ['--reverse', '--policy', 'global'],
      'inaddr: --policy: is about the addresses of names: leave it out with --reverse\n',
    ],
    [['--policy', 'none'], 'inaddr: --policy "none": write any, global\n'],
    [['--timeout', '0'], 'inaddr: --timeout: write ms, a decimal integer from 1 to 999999999\n'],
    [['--timeout', '1e3'], 'inaddr: --timeout: write ms, a decimal integer from 1 to 999999999\n'],
    [['--timeout', '9999999999'], 'inaddr: --timeout: write ms, a decimal integer from 1 to 999999999\n'],
    [['--servers'], /^inaddr: unknown option '--servers'/],
    [['MX', 'more'], /^inaddr: too many arguments/],
  ])('%j is wrong usage', async (args, message) => {
    const { stdout, stderr, code } = await run(['localhost', ...args]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    if (typeof message === 'string') expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('has colours on request', async () => {
    const { stdout } = await run(['internal.example.com', '--trace'], { env: { FORCE_COLOR: '1' } });
    expect(stdout).toContain('\x1b[31mnot global\x1b[39m');
  });

  it('says its exit codes in its help', async () => {
    const { stdout, code } = await runCli(['resolve', '--help']);
    expect(code).toBe(0);
    for (const text of ['Usage: inaddr resolve ', '--trace', 'Exit codes: 0', '7 the policy denies', 'Examples:\n'])
      expect(stdout).toContain(text);
  });
});

describe('names of standard input', () => {
  it('are each answered, a name and maybe a type on a line, and each bad line is reported by number', async () => {
    const input = [
      'example.com A',
      '',
      'nobody.example.com',
      ' example.com\tmx ',
      '127.1',
      'a.test AXFR',
      'a b c',
      '10.0.0.1',
    ];
    const { stdout, stderr, code } = await run([], { input: input.join('\n') });
    expect(settle(stdout).sort()).toEqual([
      '10.0.0.1 from literal in MS',
      'A  10.0.0.1  private  global  not global  Private-Use',
      'A  93.184.215.14  global  global  global  ttl 300',
      'MX  10 mail.example.com',
      'MX  20 mail2.example.com',
      'example.com from SERVER in MS',
      'example.com from SERVER in MS',
    ]);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'inaddr: line 3: NXDOMAIN "nobody.example.com": there is no such name; check the name',
      expect.stringMatching(/^inaddr: line 5: BAD_NAME "127.1": /),
      expect.stringMatching(/^inaddr: line 6: "AXFR" is no record type; write A, AAAA, /),
      'inaddr: line 7: "a b c" is not one question; write a name and maybe a type on each line',
    ]);
    expect(code).toBe(1);
  });

  it('are of the type that is given', async () => {
    const { stdout, code } = await run(['-', 'MX', '--json'], { input: 'example.com\nsilent.example.com\n' });
    expect(code).toBe(0);
    expect(jsonLines(stdout).flatMap(({ records }) => records.map(({ type }) => type))).toEqual(['MX', 'MX', 'MX']);
  });

  it('are addresses with --reverse and --verify', async () => {
    const reverse = await run(['--reverse', '--json'], { input: '198.41.0.4\n8.8.8.8\nexample.com\n8.8.8.8 A\n' });
    expect(
      jsonLines(reverse.stdout)
        .map(({ input }) => input)
        .sort(),
    ).toEqual(['198.41.0.4', '8.8.8.8', 'example.com']);
    expect(reverse.stderr).toContain(
      'inaddr: line 4: "8.8.8.8 A" is not one question; write an address on each line\n',
    );
    expect(reverse.code).toBe(1);
    expect(await run(['--verify'], { input: '198.41.0.4\n' })).toMatchObject({ stderr: '', code: 0 });
    expect(await run(['--verify'], { input: '198.41.0.4\n8.8.8.8\n' })).toMatchObject({ stderr: '', code: 1 });
  });

  it('are none at all: that is no error', async () => {
    expect(await run([], { input: '' })).toEqual({ stdout: '', stderr: '', code: 0 });
    expect(await run([], { input: '\n\n' })).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  it('are 64 at once: two questions each, and not one more until there is an answer', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `n${i}.many.test`);
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const held = { name: '*.many.test' };
    // A machine that is very busy may make the command ask again: a name is still one.
    const namesAsked = () =>
      new Set(server.questions.map(({ name }) => name).filter((name) => name.endsWith('.many.test'))).size;
    rule(held, { until: gate, answer: ({ type }) => (type === 'A' ? [{ type, address: '192.0.2.1' }] : []) });
    rule({ name: 'marker.test' }, { answer: [{ type: 'A', address: '192.0.2.2' }] });

    const running = run(['--json', '--timeout', '60000'], { input: names.join('\n') });
    await server.asked(128, held);
    // Datagrams are read in the order in which they came: when this one is answered, all that were sent before it have been counted.
    const marker = new NodeResolver();
    marker.setServers([server.address]);
    await marker.resolve4('marker.test');
    const asked = namesAsked();
    open();
    const { stdout, stderr, code } = await running;
    expect(asked).toBe(64);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(
      jsonLines(stdout)
        .map(({ input }) => input)
        .sort(),
    ).toEqual(names.toSorted());
    expect(namesAsked()).toBe(500);
  });

  it('are all answered for, with faults among them', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `n${i}.faulty.test`);
    const answer: AnswerFunction = ({ type }) => (type === 'A' ? [{ type, address: '192.0.2.1' }] : []);
    rule({ name: /^n\d*0\.faulty/ }, { rcode: 'SERVFAIL' });
    rule({ name: /^n\d*1\.faulty/ }, { rcode: 'NXDOMAIN' });
    rule({ name: /^n\d*2\.faulty/ }, { what: 'truncate', answer });
    rule({ name: /^n\d*3\.faulty/, type: 'A' }, { cnameChain: 3, answer });
    rule({ name: /^n\d*4\.faulty/ }, { rcode: 'NOERROR' });
    rule({ name: '*.faulty.test' }, { answer });
    const { stdout, stderr, code } = await run(['--json'], { input: names.join('\n') });
    const found = jsonLines(stdout);
    expect(found.map(({ input }) => input).sort()).toEqual(names.toSorted());
    const codes = found.flatMap(({ error }) => (error === undefined ? [] : [error])).sort();
    const each = (error: string) => Array.from({ length: 30 }, () => error);
    expect(codes).toEqual([...each('NODATA'), ...each('NXDOMAIN'), ...each('SERVFAIL')]);
    expect(stderr.split('\n').length - 1).toBe(codes.length);
    expect(code).toBe(1);
  });

  it('are answered while more are awaited', async () => {
    const child = startCli(['resolve', '--server', server.address]);
    const ended = once(child, 'close');
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stdin.write('v4.example.com\n');
    while (!stdout.endsWith('ttl 10\n')) await once(child.stdout, 'data');
    child.stdin.write('internal.example.com\n');
    while (!stdout.endsWith('Private-Use\n')) await once(child.stdout, 'data');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });

  it('keep the answers that there are when the input turns out to be binary', async () => {
    const { stdout, stderr, code } = await run([], { input: Buffer.from('10.0.0.1\n\0\n') });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^inaddr: standard input: binary or UTF-16, NUL at byte 9; [^\n]+\n$/);
    expect(code).toBe(2);
    const child = startCli(['resolve', '--server', server.address]);
    child.stdin.write('v4.example.com\n');
    await server.asked(2, { name: 'v4.example.com' });
    const late = await finish(child, '\0\n');
    expect(late.stdout).toMatch(/^v4\.example\.com from /);
    expect(late.code).toBe(2);
  });

  it('make no noise: no progress where standard error is no terminal, no warning about listeners', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `10.0.${i}.1\n`).join('');
    // Whoever reads is slower than whoever writes.
    const { stdout, stderr } = await runShell(
      `inaddr resolve --server ${server.address} --json | { read first; cat; }`,
      {
        input: names,
      },
    );
    expect(stderr).toBe('');
    expect(jsonLines(stdout)).toHaveLength(199);
  });

  it('end quietly in a closed pipe', async () => {
    const input = Array.from({ length: 20_000 }, (_, i) => `10.${i >> 8}.${i & 255}.1\n`).join('');
    const script = `inaddr resolve --server ${server.address} | head -n 1`;
    const { stdout, stderr, code } = await runShell(script, { input });
    expect(stdout).toMatch(/^10\.\d+\.\d+\.1 from literal in /);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('end with a line on a full device', async () => {
    const script = `inaddr resolve localhost --server ${server.address} > /dev/full`;
    expect(await runShell(script)).toEqual({
      stdout: '',
      stderr: 'inaddr: standard output: no space left on device\n',
      code: 2,
    });
  });
});

describe('the end', () => {
  it('comes by itself, though a server never answers one of the questions', async () => {
    rule({ type: 'AAAA' }, 'drop');
    const { stdout, stderr, code } = await run(['v4.example.com', '--timeout', '1000']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('one family failed');
  });
});
