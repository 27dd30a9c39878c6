import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import type { BindIssue, BindIssueCode } from '../../src/socket/index.js';
import { BindError, createBind, INADDR_NONE, validateBind } from '../../src/socket/index.js';

/** What is wrong with a value; empty for a bind. */
function issuesOf(input: unknown): readonly BindIssue[] {
  const result = validateBind(input);
  return result.success ? [] : result.issues;
}

/** Paths and codes, `port PORT_TEXT`. */
function codesOf(input: unknown): string[] {
  return issuesOf(input).map(({ path, code }) => [...path, code].join(' '));
}

function hintsOf(input: unknown): string[] {
  return issuesOf(input).map(({ hint }) => hint);
}

const TCP = { host: '127.0.0.1', port: 8080 };
const UDP = { ...TCP, type: 'SOCK_DGRAM' };

describe('createBind', () => {
  it('makes a frozen bind with every field said', () => {
    const bind = createBind(TCP);
    expect(bind).toEqual({
      family: 'AF_INET',
      type: 'SOCK_STREAM',
      host: '127.0.0.1',
      port: 8080,
      ipv6Only: false,
      backlog: null,
      reusePort: false,
      reuseAddr: false,
      exclusive: false,
      allowEphemeral: false,
      optional: false,
      name: null,
      expose: null,
    });
    expect(Object.isFrozen(bind)).toBe(true);
  });

  it('keeps what is said', () => {
    const said = {
      host: '::1',
      port: 0,
      family: 'AF_INET6',
      type: 'SOCK_DGRAM',
      ipv6Only: true,
      reusePort: true,
      reuseAddr: true,
      exclusive: true,
      allowEphemeral: true,
      optional: true,
      name: 'dns',
      expose: 'loopback',
    } as const;
    expect(createBind(said)).toEqual({ ...said, backlog: null });
    expect(createBind({ ...TCP, backlog: 2 ** 31 - 1 })).toMatchObject({ backlog: 2 ** 31 - 1 });
  });

  it('makes unix binds', () => {
    expect(createBind({ path: '/run/app.sock', backlog: 1 })).toEqual({
      family: 'AF_UNIX',
      type: 'SOCK_STREAM',
      path: '/run/app.sock',
      backlog: 1,
      exclusive: false,
      optional: false,
      name: null,
      expose: null,
    });
    expect(createBind({ path: '\0app', family: 'AF_UNIX', type: 'SOCK_STREAM' }).path).toBe('\0app');
  });

  it('gives back a bind that it made', () => {
    const bind = createBind(TCP);
    expect(createBind(bind)).toBe(bind);
  });

  it('throws with all that is wrong', () => {
    const input = { host: '', port: '8080', prot: 1 };
    const error = (() => {
      try {
        return Reflect.apply(createBind, undefined, [input]);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(BindError);
    expect(error).toMatchObject({
      name: 'BindError',
      code: 'HOST_BLANK',
      path: ['host'],
      input,
      hint: expect.stringContaining("'0.0.0.0'"),
      issues: [{ code: 'HOST_BLANK' }, { code: 'PORT_TEXT' }, { code: 'UNKNOWN_KEY' }],
    });
    expect(error.message.split('\n')).toHaveLength(3);
  });
});

describe('ports', () => {
  it.each<[unknown, BindIssueCode]>([
    ['080', 'PORT_TEXT'],
    ['0x50', 'PORT_TEXT'],
    [' 80', 'PORT_TEXT'],
    ['', 'PORT_TEXT'],
    ['http', 'PORT_TEXT'],
    [true, 'PORT_TYPE'],
    [[80], 'PORT_TYPE'],
    [{}, 'PORT_TYPE'],
    [80n, 'PORT_TYPE'],
    [Symbol('80'), 'PORT_TYPE'],
    [new Number(80), 'PORT_TYPE'],
    [1.5, 'PORT_NOT_WHOLE'],
    [Number.NaN, 'PORT_NOT_WHOLE'],
    [Number.POSITIVE_INFINITY, 'PORT_NOT_WHOLE'],
    [-1, 'PORT_RANGE'],
    [-0, 'PORT_RANGE'],
    [65536, 'PORT_RANGE'],
    [null, 'PORT_MISSING'],
    [undefined, 'PORT_MISSING'],
    [0, 'PORT_EPHEMERAL'],
  ])('%o: %s', (port, code) => {
    expect(issuesOf({ host: '127.0.0.1', port })).toEqual([
      { path: ['port'], code, message: expect.stringContaining('port'), hint: expect.stringContaining('write ') },
    ]);
    expect(codesOf({ host: '127.0.0.1', port, type: 'SOCK_DGRAM' })).toEqual([`port ${code}`]);
  });

  it.each([1, 80, 65535])('takes %d', (port) => {
    expect(createBind({ host: '127.0.0.1', port }).port).toBe(port);
  });

  it('says the number of a clean decimal, and of nothing else', () => {
    expect(hintsOf({ ...TCP, port: '8080' })).toEqual(['write 8080, without quotes']);
    for (const port of ['080', '65536', '0', '8e1', '+80', '١٢']) {
      expect(hintsOf({ ...TCP, port })).toEqual(['write a whole number from 1 to 65535']);
    }
  });

  it('takes 0 with allowEphemeral alone', () => {
    expect(createBind({ host: '127.0.0.1', port: 0, allowEphemeral: true }).port).toBe(0);
    expect(codesOf({ host: '127.0.0.1', port: 0, allowEphemeral: false })).toEqual(['port PORT_EPHEMERAL']);
    expect(codesOf({ host: '127.0.0.1', port: 0, allowEphemeral: 'true' })).toEqual(['allowEphemeral NOT_BOOLEAN']);
  });
});

describe('hosts', () => {
  it.each([
    ['127.0.0.1', 'AF_INET', '127.0.0.1'],
    ['0.0.0.0', 'AF_INET', '0.0.0.0'],
    ['::', 'AF_INET6', '::'],
    ['2001:DB8:0:0::1', 'AF_INET6', '2001:db8::1'],
    ['::FFFF:7f00:1', 'AF_INET6', '::ffff:127.0.0.1'],
    ['fe80::1%eth0', 'AF_INET6', 'fe80::1%eth0'],
    ['255.255.255.255', 'AF_INET', '255.255.255.255'],
    // read by inet_aton only: the planner warns
    ['127.1', 'AF_INET', '127.1'],
    ['0', 'AF_INET', '0'],
    ['010.0.0.1', 'AF_INET', '010.0.0.1'],
    ['0x7f.1', 'AF_INET', '0x7f.1'],
    ['2130706433', 'AF_INET', '2130706433'],
    ['１２７.０.０.１', 'AF_INET', '１２７.０.０.１'],
    ['１２７。1', 'AF_INET', '１２７。1'],
    ['127。1', 'AF_INET', '127。1'],
    // names
    ['localhost', null, 'localhost'],
    ['LocalHost', null, 'LocalHost'],
    ['a-b_c.example.', null, 'a-b_c.example.'],
    ['bücher.example', null, 'bücher.example'],
    // names of addresses
    ['INADDR_ANY', 'AF_INET', '0.0.0.0'],
    ['INADDR_LOOPBACK', 'AF_INET', '127.0.0.1'],
    ['INADDR_BROADCAST', 'AF_INET', '255.255.255.255'],
    ['INADDR_ALLHOSTS_GROUP', 'AF_INET', '224.0.0.1'],
    ['IN6ADDR_ANY', 'AF_INET6', '::'],
    ['IN6ADDR_LOOPBACK', 'AF_INET6', '::1'],
  ])('%s is of %s, %s', (host, family, text) => {
    expect(createBind({ host, port: 80 })).toMatchObject({ host: text, family });
  });

  it('may be values', () => {
    expect(createBind({ host: parseAddress('fe80::1%lo'), port: 80 }).host).toBe('fe80::1%lo');
  });

  it.each<[unknown, BindIssueCode, string]>([
    ['', 'HOST_BLANK', "write '0.0.0.0' (IPv4) or '::'"],
    [' \t', 'HOST_BLANK', "write '0.0.0.0' (IPv4) or '::'"],
    [null, 'HOST_BLANK', "write '0.0.0.0' (IPv4) or '::'"],
    [undefined, 'HOST_MISSING', "write '0.0.0.0' (IPv4) or '::'"],
    ['*', 'HOST_WILDCARD', "write '0.0.0.0' (IPv4) or '::'"],
    ['INADDR_NONE', 'HOST_NONE', 'INADDR_BROADCAST'],
    [INADDR_NONE, 'HOST_NONE', 'INADDR_BROADCAST'],
    ['INADDR_LOOPBAK', 'HOST_NAME', 'write INADDR_LOOPBACK (127.0.0.1)'],
    ['INADDR_X', 'HOST_NAME', 'write the address'],
    [2130706433, 'HOST_TYPE', 'write it as text'],
    [['::1'], 'HOST_TYPE', 'write it as text'],
    [false, 'HOST_TYPE', 'write it as text'],
    [' 127.0.0.1', 'HOST_CHARACTER', 'write "127.0.0.1"'],
    ['127.0.0.1 ::1', 'HOST_CHARACTER', 'write one host alone'],
    ['127.0.0.1\0', 'HOST_CHARACTER', 'write one host alone'],
    ['local\u00a0host', 'HOST_CHARACTER', 'write one host alone'],
    ['[::1]', 'HOST_BRACKETS', 'write host: "::1"'],
    ['[::1]:80', 'HOST_BRACKETS', 'write host: "::1", port: 80'],
    ['[::1', 'HOST_BRACKETS', 'write the host alone'],
    ['127.0.0.1:80', 'HOST_PORT', 'write host: "127.0.0.1", port: 80'],
    ['localhost:http', 'HOST_PORT', 'write host: "localhost"'],
    [':80', 'HOST_PORT', "write '0.0.0.0' (IPv4) or '::'"],
    ['*:80', 'HOST_PORT', "write '0.0.0.0' (IPv4) or '::'"],
    ['10.0.0.1/8', 'HOST_PREFIX', 'write host: "10.0.0.1"'],
    ['::1/128', 'HOST_PREFIX', 'write host: "::1"'],
    ['http://127.0.0.1:80/', 'HOST_URL', 'write host: "127.0.0.1"'],
    ['http://u:p@[::1]:80', 'HOST_URL', 'write host: "::1"'],
    ['tcp://*:80', 'HOST_URL', 'write the host alone'],
    ['/run/app.sock', 'HOST_PATH', 'write a unix socket as path: "/run/app.sock"'],
    ['unix:/run/app.sock', 'HOST_PATH', 'write a unix socket as path: "/run/app.sock"'],
    ['./app.sock', 'HOST_PATH', 'write a unix socket as path: "./app.sock"'],
    ['@app', 'HOST_PATH', 'write an abstract unix socket as path: "\\0app"'],
    ['-::1', 'HOST_ADDRESS', 'write "::1", and optional: true'],
    ['::1%lo', 'HOST_ADDRESS', 'write ::1'],
    ['fe80::1%', 'HOST_ADDRESS', 'write fe80::1'],
    ['fe80::1%25eth0', 'HOST_ADDRESS', 'write fe80::1%eth0 for the first'],
    ['127.0.0.1%lo', 'HOST_ADDRESS', 'write '],
    ['2001:db8::g', 'HOST_ADDRESS', 'write '],
    ['1.2.3.4.5', 'HOST_ADDRESS', 'write '],
    ['256.1.1.1', 'HOST_ADDRESS', 'write '],
    ['08.0.0.1', 'HOST_ADDRESS', 'write '],
    ['127.0.0.1.', 'HOST_ADDRESS', 'write '],
    // the dot stays, and inet_aton refuses it; new URL drops it
    ['127.0.0.1。', 'HOST_ADDRESS', 'write '],
    ['０x.1', 'HOST_ADDRESS', 'write '],
    ['a..b', 'HOST_NAME', 'write an address or a name'],
    ['.', 'HOST_NAME', 'write an address or a name'],
    ['a,b', 'HOST_NAME', 'write an address or a name'],
    ['x'.repeat(64), 'HOST_NAME', 'write an address or a name'],
    [`${'x.'.repeat(127)}x`, 'HOST_NAME', 'write an address or a name'],
    ['\u200b', 'HOST_NAME', 'write an address or a name'],
    ['\ud800', 'HOST_NAME', 'write an address or a name'],
  ])('refuses %j: %s, %s', (host, code, hint) => {
    const issues = issuesOf({ host, port: 80 });
    expect(issues).toEqual([
      { path: ['host'], code, message: expect.any(String), hint: expect.stringContaining(hint) },
    ]);
    for (const { message } of issues) expect(message).toMatch(/^[ -~…]+$/);
  });

  it('says of a host that is left out or blank that it would mean every interface', () => {
    for (const input of [{ port: 80 }, { host: '', port: 80 }, { host: null, port: 80 }]) {
      expect(issuesOf(input)[0]?.message).toContain('would mean every interface');
    }
  });
});

describe('families and types', () => {
  it.each<[object, string[], string[]]>([
    [{ family: 'AF_INET' }, [], []],
    [{ family: 'AF_INET6' }, ['family FAMILY_MISMATCH'], ['write AF_INET, or another host']],
    [{ family: 'AF_INET', host: '::1' }, ['family FAMILY_MISMATCH'], ['write AF_INET6, or another host']],
    [{ family: 'AF_INET', host: '::ffff:127.0.0.1' }, ['family FAMILY_MISMATCH'], ['write AF_INET6, or another host']],
    [{ family: 'AF_INET6', host: '127.1' }, ['family FAMILY_MISMATCH'], ['write AF_INET, or another host']],
    [{ family: 'AF_UNIX' }, ['family FAMILY_MISMATCH'], ['write AF_INET, or another host']],
    [
      { family: 'AF_UNIX', host: 'localhost' },
      ['family FAMILY_MISMATCH'],
      ['leave it out, or write a path for the host'],
    ],
    [
      { family: 'AF_INET', host: 'localhost' },
      ['family FAMILY_OF_NAME'],
      ['leave it out, or write an address for the name'],
    ],
    [{ type: 'SOCK_DGRAM', host: 'localhost', family: 'AF_INET' }, [], []],
    [
      { type: 'SOCK_DGRAM', host: 'localhost' },
      ['family FAMILY_MISSING'],
      ['write AF_INET or AF_INET6, or an address for the name'],
    ],
    [{ family: 4 }, ['family FAMILY'], ["write 'AF_INET'"]],
    [{ family: 'IPv6' }, ['family FAMILY'], ["write 'AF_INET6'"]],
    [{ family: 'AF_INET7' }, ['family FAMILY'], ["write 'AF_INET'"]],
    [{ family: null }, ['family FAMILY'], ["write one of 'AF_INET', 'AF_INET6', 'AF_UNIX'"]],
    [{ type: 'tcp' }, ['type TYPE'], ["write 'SOCK_STREAM'"]],
    [{ type: 'UDP' }, ['type TYPE'], ["write 'SOCK_DGRAM'"]],
    [{ type: 1 }, ['type TYPE'], ["write one of 'SOCK_STREAM', 'SOCK_DGRAM'"]],
    // the kernel refuses the one, Node forgets the other: that is for the planner to say
    [{ host: '::ffff:127.0.0.1', ipv6Only: true }, [], []],
    [{ host: '127.0.0.1', ipv6Only: true }, [], []],
  ])('%j: %j', (fields, codes, hints) => {
    expect(codesOf({ ...TCP, ...fields })).toEqual(codes);
    expect(hintsOf({ ...TCP, ...fields })).toEqual(hints);
  });
});

describe('the other fields', () => {
  it.each<[object, string[]]>([
    [{ ...TCP, ipv6Only: 'false' }, ['ipv6Only NOT_BOOLEAN']],
    [{ ...TCP, reusePort: 1 }, ['reusePort NOT_BOOLEAN']],
    [{ ...TCP, optional: null }, ['optional NOT_BOOLEAN']],
    [{ ...TCP, exclusive: undefined }, []],
    [{ ...TCP, backlog: 0 }, ['backlog BACKLOG']],
    [{ ...TCP, backlog: 1 }, []],
    [{ ...TCP, backlog: 2 ** 31 }, ['backlog BACKLOG']],
    [{ ...TCP, backlog: '511' }, ['backlog BACKLOG']],
    [{ ...UDP, backlog: 511 }, ['backlog NOT_FOR_UDP']],
    [{ ...UDP, reuseAddr: true }, []],
    [{ ...TCP, reuseAddr: true }, ['reuseAddr NOT_FOR_TCP']],
    [{ ...TCP, reuseAddr: false }, []],
    [{ ...TCP, name: 'api' }, []],
    [{ ...TCP, name: '' }, ['name NAME']],
    [{ ...TCP, name: 'a\u001b[31m' }, ['name NAME']],
    [{ ...TCP, name: null }, ['name NAME']],
    [{ ...TCP, expose: 'public' }, []],
    [{ ...TCP, expose: 'none' }, ['expose EXPOSE']],
    [{ ...TCP, expose: null }, ['expose EXPOSE']],
    [{ ...TCP, expose: 'toString' }, ['expose EXPOSE']],
  ])('%j: %j', (input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it('say the word that was meant', () => {
    expect(hintsOf({ ...TCP, expose: 'localhost' })).toEqual(["write 'loopback'"]);
    expect(hintsOf({ ...TCP, expose: 'lopback' })).toEqual(["write 'loopback'"]);
    expect(hintsOf({ ...TCP, expose: 'none' })[0]).toContain("write 'loopback'");
    expect(hintsOf({ ...TCP, exclusive: 'true' })).toEqual(['write true, without quotes']);
  });
});

describe('unix sockets', () => {
  it.each<[object, string[]]>([
    [{ path: '/a', host: '::1', port: 80 }, ['path HOST_AND_PATH']],
    [{ path: '/a', host: '::1' }, ['path HOST_AND_PATH', 'port PORT_MISSING']],
    [{ path: '/a', port: 80 }, ['port PORT_AND_PATH']],
    [{ path: '' }, ['path PATH_EMPTY']],
    [{ path: '\0' }, ['path PATH_EMPTY']],
    [{ path: null }, ['path PATH_TYPE']],
    [{ path: '/a\0b' }, ['path PATH_CHARACTER']],
    [{ path: '\0a\0b' }, ['path PATH_CHARACTER']],
    [{ path: '/\ud800' }, ['path PATH_CHARACTER']],
    [{ path: '8080' }, ['path PATH_NUMBER']],
    [{ path: '0x50' }, ['path PATH_NUMBER']],
    [{ path: '  ' }, ['path PATH_NUMBER']],
    [{ path: './8080' }, []],
    [{ family: 'AF_UNIX' }, ['path PATH_MISSING']],
    [{ path: '/a', family: 'AF_INET' }, ['family FAMILY_MISMATCH']],
    [{ path: '/a', type: 'SOCK_DGRAM' }, ['type UNIX_DATAGRAM']],
    [
      { path: '/a', ipv6Only: true, reusePort: true, reuseAddr: true, allowEphemeral: true },
      ['ipv6Only', 'reusePort', 'reuseAddr', 'allowEphemeral'].map((key) => `${key} NOT_FOR_UNIX`),
    ],
    [{ path: '/a', ipv6Only: false, reusePort: false, expose: 'loopback' }, []],
    // longer than the kernel takes: the planner's matter
    [{ path: `/${'x'.repeat(200)}` }, []],
  ])('%j: %j', (input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it('say of datagrams that Node has none', () => {
    expect(issuesOf({ path: '/a', type: 'SOCK_DGRAM' })[0]?.message).toContain('Node has no datagrams of unix sockets');
  });
});

describe('keys', () => {
  it.each([
    ['prot', 'write port'],
    ['hots', 'write host'],
    ['Host', 'write host'],
    ['ipv6only', 'write ipv6Only'],
    ['resuePort', 'write reusePort'],
    ['address', 'write host'],
    ['hostname', 'write host'],
    ['socketPath', 'write path'],
    ['toString', 'there is host, path, port, '],
    ['constructor', 'there is host, path, port, '],
    ['x'.repeat(1e6), 'there is host, path, port, '],
  ])('%.20s: %s', (key, hint) => {
    expect(issuesOf({ ...TCP, [key]: undefined })).toMatchObject([
      { path: [key], code: 'UNKNOWN_KEY', hint: expect.stringContaining(hint) },
    ]);
  });

  it('are own properties only', () => {
    expect(codesOf(JSON.parse('{"host":"::1","port":80,"__proto__":{"expose":"all"}}'))).toEqual([
      '__proto__ UNKNOWN_KEY',
    ]);
    expect(codesOf(Object.create(TCP))).toEqual(['NOT_BIND']);
    expect(codesOf(Object.assign(Object.create(null), TCP))).toEqual([]);
    expect(codesOf({ ...TCP, [Symbol('port')]: 1 })).toEqual(['Symbol(port) UNKNOWN_KEY']);
  });
});

describe('what is no bind', () => {
  const cyclic: Record<string, unknown> = { ...TCP };
  cyclic.host = cyclic;
  const revoked = Proxy.revocable(TCP, {});
  revoked.revoke();
  const revokedList = Proxy.revocable([], {});
  revokedList.revoke();
  const throwing = (trap: keyof ProxyHandler<object>) =>
    new Proxy(TCP, {
      [trap]: () => {
        throw new TypeError('trap');
      },
    });

  it.each<[string, unknown, string[]]>([
    ['undefined', undefined, ['NOT_BIND']],
    ['null', null, ['NOT_BIND']],
    ['a number', 8080, ['NOT_BIND']],
    ['a function', () => TCP, ['NOT_BIND']],
    ['a list', [TCP], ['NOT_BIND']],
    ['a Map', new Map(Object.entries(TCP)), ['NOT_BIND']],
    ['an address', parseAddress('::1'), ['NOT_BIND']],
    [
      'an instance of a class',
      new (class Bind {
        host = '::1';
        port = 80;
      })(),
      ['NOT_BIND'],
    ],
    ['nothing', {}, ['host HOST_MISSING', 'port PORT_MISSING']],
    ['a cyclic object', cyclic, ['host HOST_TYPE']],
    ['a revoked proxy', revoked.proxy, ['UNREADABLE']],
    ['a revoked proxy of a list', revokedList.proxy, ['UNREADABLE']],
    ['a revoked proxy as a host', { host: revokedList.proxy, port: 80 }, ['host HOST_TYPE']],
    ['a proxy without keys', throwing('ownKeys'), ['UNREADABLE']],
    ['a proxy without a prototype', throwing('getPrototypeOf'), ['UNREADABLE']],
    ['a proxy without values', throwing('get'), ['host UNREADABLE', 'port UNREADABLE']],
    [
      'getters that throw',
      {
        get host() {
          throw new Error('getter');
        },
        port: '80',
      },
      ['host UNREADABLE', 'port PORT_TEXT'],
    ],
  ])('%s', (_, input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it('reads each property once', () => {
    let reads = 0;
    const bind = createBind({
      host: '127.0.0.1',
      get port() {
        reads += 1;
        return reads === 1 ? 80 : 65616;
      },
    });
    expect([bind.port, reads]).toEqual([80, 1]);
  });
});
