import { describe, expect, it } from 'vitest';
import type { Bind, BindEnvironment, BindFields, BindWarningCode, PathState } from '../../src/socket/index.js';
import { BindError, createBind, planBinds } from '../../src/socket/index.js';
import { environmentOf, ipv4, namesOf } from '../support/bind-environment.js';

const bindOf = (input: BindFields | string): Bind => createBind(input);
const planOf = (inputs: readonly (BindFields | string)[], changes: Partial<BindEnvironment> = {}) =>
  planBinds(inputs.map(bindOf), environmentOf(changes));
const only = (input: BindFields | string, changes: Partial<BindEnvironment> = {}) => {
  const [planned] = planOf([input], changes).binds;
  if (planned === undefined) throw new Error('no bind');
  return planned;
};
const codesOf = (input: BindFields | string, changes: Partial<BindEnvironment> = {}) =>
  only(input, changes).warnings.map(({ code, severity }) => (severity === 'error' ? `${code}!` : code));

const udp = (host: string, port = 5000, more: object = {}): BindFields =>
  ({ host, port, type: 'SOCK_DGRAM', ...more }) as BindFields;

const tcp = (host: string, more: object = {}): BindFields => ({ host, port: 5000, ...more }) as BindFields;

/** Said wherever reach is. */
const CAVEAT = /sockets only, not of firewalls or published container ports/;

describe('what a bind takes', () => {
  it.each([
    ['10.9.9.1', {}, '10.9.9.1', null],
    ['0.0.0.0', {}, '*', null],
    ['::ffff:10.9.9.1', {}, '10.9.9.1', null],
    ['::ffff:0.0.0.0', {}, '*', null],
    ['::', {}, '*', '*'],
    ['::', { ipv6Only: true }, null, '*'],
    ['2001:db8::1', {}, null, '2001:db8::1'],
    ['fe80::1%eth0', {}, null, 'fe80::1%eth0'],
    ['localhost', {}, null, '::1'],
    ['127.1', {}, '127.0.0.1', null],
    ['0', {}, '*', null],
  ])('%s %o', (host, more, v4, v6) => {
    expect(only({ host, port: 5000, ...more }).occupies).toEqual({
      kind: 'inet',
      protocol: 'tcp',
      port: 5000,
      ipv4: v4,
      ipv6: v6,
    });
  });
  it('a zone that the kernel does not look at is left out', () => {
    expect(only(udp('ff05::1%eth0')).occupies).toMatchObject({ ipv6: 'ff05::1' });
    expect(only(udp('ff02::1%eth0')).occupies).toMatchObject({ ipv6: 'ff02::1%eth0' });
  });
  it('a name of which nothing is known takes nobody knows what', () => {
    expect(only('db:5000').occupies).toEqual({ kind: 'unknown', protocol: 'tcp', port: 5000 });
  });
  it('UDP takes the first address of its family', () => {
    const names = namesOf({ both: ['2001:db8::1', '10.9.9.1', '10.9.9.2'] });
    expect(only(udp('both', 5000, { family: 'AF_INET' }), { names }).occupies).toMatchObject({ ipv4: '10.9.9.1' });
    expect(only(udp('both', 5000, { family: 'AF_INET6' }), { names }).occupies).toMatchObject({ ipv6: '2001:db8::1' });
  });
  it('net.ipv6.bindv6only is of UDP', () => {
    expect(only(udp('::'), { udpIPv6Only: true }).occupies).toMatchObject({ ipv4: null, ipv6: '*' });
    expect(only('[::]:5000', { udpIPv6Only: true }).occupies).toMatchObject({ ipv4: '*', ipv6: '*' });
  });
  it('a unix path is one in several spellings, and cut where Node cuts it', () => {
    const long = `/${'x'.repeat(200)}`;
    expect(only({ path: '/run//app/./x' }).occupies).toEqual({ kind: 'unix', path: '/run/app/x' });
    expect(only({ path: long }).occupies).toEqual({ kind: 'unix', path: long.slice(0, 108) });
    expect(only({ path: long }, { nodeVersion: '24.0.0' }).occupies).toEqual({ kind: 'unix', path: long });
    expect(only({ path: long }, { platform: 'darwin' }).occupies).toEqual({ kind: 'unix', path: long });
    expect(only({ path: `/${long}` }).occupies).toEqual({ kind: 'unix', path: long.slice(0, 107) });
    const abstract = `\0//${'x'.repeat(200)}`;
    expect(only({ path: abstract }).occupies).toEqual({ kind: 'unix', path: abstract.slice(0, 108) });
    const inUtf8 = `/${'é'.repeat(60)}`;
    expect(only({ path: inUtf8 }).occupies).toEqual({ kind: 'unix', path: `/${'é'.repeat(53)}\ufffd` });
    const marked = `\ufeff${'x'.repeat(120)}`;
    expect(only({ path: marked }).occupies).toEqual({ kind: 'unix', path: marked.slice(0, 106) });
  });
});

describe('whom a bind lets in', () => {
  it.each([
    ['127.0.0.1', 'loopback', 'none'],
    ['127.255.0.1', 'loopback', 'none'],
    ['126.255.255.255', 'public', 'none'],
    ['128.0.0.0', 'public', 'none'],
    ['::1', 'none', 'loopback'],
    ['::2', 'none', 'public'],
    ['169.254.0.1', 'link', 'none'],
    ['fe80::1%eth0', 'none', 'link'],
    ['10.0.0.1', 'private', 'none'],
    ['172.16.0.1', 'private', 'none'],
    ['172.32.0.1', 'public', 'none'],
    ['192.168.0.1', 'private', 'none'],
    ['100.64.0.1', 'private', 'none'],
    ['100.128.0.1', 'public', 'none'],
    ['fd00::1', 'none', 'private'],
    ['fec0::1', 'none', 'private'],
    ['0.0.0.0', 'all', 'none'],
    ['::', 'all', 'all'],
    ['::ffff:0.0.0.0', 'all', 'none'],
    ['::ffff:127.0.0.1', 'loopback', 'none'],
    ['::ffff:10.0.0.1', 'private', 'none'],
    ['::127.0.0.1', 'none', 'public'],
    ['2002:7f00:1::', 'none', 'public'],
    ['2001:0:7f00:1::', 'none', 'public'],
    ['64:ff9b::127.0.0.1', 'none', 'public'],
    ['240.0.0.1', 'public', 'none'],
    ['192.0.2.1', 'public', 'none'],
    ['8.8.8.8', 'public', 'none'],
    ['2606:4700::1', 'none', 'public'],
    ['224.0.0.1', 'public', 'none'],
    ['255.255.255.255', 'public', 'none'],
  ])('%s: %s, %s', (host, v4, v6) => {
    const { exposure, reach } = only({ host, port: 5000 });
    expect(exposure).toEqual({ ipv4: v4, ipv6: v6 });
    expect(reach).toMatch(CAVEAT);
  });
  it('counts as public what is not known', () => {
    const { exposure, reach } = only('db:5000');
    expect(exposure).toEqual({ ipv4: 'public', ipv6: 'public' });
    expect(reach).toMatch(/not known/);
    expect(only(udp('db', 5000, { family: 'AF_INET6' })).exposure).toEqual({ ipv4: 'public', ipv6: 'public' });
  });
  it('does not count as public what cannot be, IPv6 of a socket of IPv4, but what may be: a name that has no address now', () => {
    const overIPv4 = only(udp('db', 6379, { family: 'AF_INET' }));
    expect(overIPv4.exposure).toEqual({ ipv4: 'public', ipv6: 'none' });
    expect(overIPv4.reach).toMatch(/^the IPv4 addresses of "db" are not known/);
    const names = namesOf({ db: [], four: ['10.9.9.1'], six: ['::1'] });
    for (const platform of ['linux', 'darwin']) {
      const absent = only({ host: 'db', port: 6379, expose: 'loopback' }, { names, platform });
      expect(absent.exposure).toEqual({ ipv4: 'public', ipv6: 'public' });
      expect(absent.reach).toMatch(/^"db" has no address now, and may have one later: it counts as public/);
      expect(absent.predicted.code).toBe('ENOTFOUND');
      expect(absent.warnings.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
        'error EXPOSE_EXCEEDED',
        'warning SERVICE_EXPOSED',
      ]);
    }
    expect(only(udp('four', 5000, { family: 'AF_INET6' }), { names }).exposure).toEqual({
      ipv4: 'public',
      ipv6: 'public',
    });
    // What glibc makes of it nobody knows: it stays public.
    const six = only(udp('six', 5000, { family: 'AF_INET', expose: 'loopback' }), { names });
    expect(six.exposure).toEqual({ ipv4: 'public', ipv6: 'none' });
    expect(six.predicted.reason).toMatch(/^"six" has ::1 and no IPv4 address/);
    expect(six.warnings.map(({ code }) => code)).toEqual(['EXPOSE_EXCEEDED']);
  });
  it('goes by the address, whether IPv6 is turned on or off', () => {
    expect(only('[::]:5000', { ipv6Enabled: false }).exposure).toEqual({ ipv4: 'all', ipv6: 'all' });
  });
  it('names the interfaces of a wildcard, for each family', () => {
    const lo = { name: 'lo', addresses: ['127.0.0.1', '::1'] };
    const eth0 = { name: 'eth0', addresses: ['10.9.9.1', '2001:db8::1', 'fe80::1%eth0'] };
    expect(only('[::]:5000').interfaces).toEqual([lo, eth0]);
    expect(only('0.0.0.0:5000').interfaces).toEqual([
      { name: 'lo', addresses: ['127.0.0.1'] },
      { name: 'eth0', addresses: ['10.9.9.1'] },
    ]);
    expect(only('[::]:5000').reach).toMatch(/on lo \(127\.0\.0\.1, ::1\), eth0 \(/);
    expect(only('[::]:5000', { ipv6Enabled: false }).interfaces).toEqual([
      { name: 'lo', addresses: ['127.0.0.1'] },
      { name: 'eth0', addresses: ['10.9.9.1'] },
    ]);
  });
  it('names the interface of an address, and that of 127/8', () => {
    expect(only('10.9.9.1:5000').interfaces).toEqual([{ name: 'eth0', addresses: ['10.9.9.1'] }]);
    expect(only('127.5.5.5:5000').interfaces).toEqual([{ name: 'lo', addresses: ['127.5.5.5'] }]);
    expect(only('10.9.9.2:5000').interfaces).toEqual([]);
  });
  it('lists addresses that only the routing table has', () => {
    const ipv4Routes = { local: ['127.0.0.0/8', '127.0.0.1/32', '10.9.9.1/32', '172.17.0.1/32'], broadcast: [] };
    expect(only('0.0.0.0:5000', { ipv4Routes }).interfaces.at(-1)).toEqual({ name: null, addresses: ['172.17.0.1'] });
    expect(only('172.17.0.1:5000', { ipv4Routes }).predicted.code).toBe('ok');
  });
  it('says who gets at a unix socket', () => {
    expect(only({ path: '/run/x' })).toMatchObject({
      exposure: { unix: '/run/x' },
      reach: expect.stringMatching(CAVEAT),
    });
    expect(only({ path: '\0x' }).reach).toMatch(/no permissions/);
    expect(only({ path: '\0x' }, { platform: 'darwin' }).reach).toMatch(
      /^nobody knows whom: abstract names are of Linux/,
    );
  });
});

// What the kernel says is held against real sockets by truth-table.test.ts; here is what it can't show.
describe('what the kernel will say', () => {
  it('is unknown where nobody has measured, or the environment does not say', () => {
    expect(only('127.0.0.1:5000', { platform: 'darwin' }).predicted).toEqual({
      code: 'unknown',
      reason: 'binds were measured on Linux, not on "darwin"',
    });
    expect(only({ path: '/run/x' }, { platform: 'win32' }).predicted.code).toBe('unknown');
    expect(only('db:5000').predicted.code).toBe('unknown');
    expect(only({ path: '/run/x' }).predicted.code).toBe('unknown');
  });
  it.each([
    ['20.20.2', 'ok'],
    ['22.1.0', 'ok'],
    ['24.0.0', 'EINVAL'],
    ['26.10.0', 'EINVAL'],
    ['18.20.8', 'unknown'],
    ['23.5.0', 'unknown'],
    ['30.0.0', 'unknown'],
    ['', 'unknown'],
  ])('a path of 109 bytes on Node %s: %s', (nodeVersion, code) => {
    const path = `/${'x'.repeat(108)}`;
    const paths = new Map<string, PathState>([[path.slice(0, 108), 'free']]);
    expect(only({ path }, { nodeVersion, paths }).predicted.code).toBe(code);
  });
  it.each([
    ['free', 'ok'],
    ['socket', 'EADDRINUSE'],
    ['file', 'EADDRINUSE'],
    ['no-directory', 'EACCES'],
    ['not-a-directory', 'ENOTDIR'],
    ['no-permission', 'EACCES'],
  ] as const)('a path where it is %s: %s', (state, code) => {
    expect(only({ path: '/run/x' }, { paths: new Map([['/run/x', state]]) }).predicted.code).toBe(code);
  });
  it('takes the interfaces as they are without a routing table', () => {
    const bind = (host: string) => only({ host, port: 5000 }).predicted.code;
    expect(bind('127.9.9.9')).toBe('ok');
    expect(bind('10.9.9.255')).toBe('ok');
    expect(bind('10.9.9.2')).toBe('EADDRNOTAVAIL');
    const interfaces = { eth0: [ipv4('10.9.9.2', '255.255.255.254')] };
    expect(only('10.9.9.3:5000', { interfaces }).predicted.code).toBe('EADDRNOTAVAIL');
    expect(only('127.0.0.1:5000', { interfaces }).predicted.code).toBe('EADDRNOTAVAIL');
  });
  it('tells nonlocal_bind of the families apart', () => {
    const nonlocalBind = { ipv4: true, ipv6: false };
    expect(only('10.1.1.1:5000', { nonlocalBind }).predicted.code).toBe('ok');
    expect(only('[2001:db8::9]:5000', { nonlocalBind }).predicted.code).toBe('EADDRNOTAVAIL');
    expect(only('[2001:db8::9]:5000', { nonlocalBind: true }).predicted.code).toBe('ok');
  });
  it('does not know what glibc makes of a name that has ::1 alone, for UDP over IPv4', () => {
    const names = namesOf({ six: ['::1'], other: ['2001:db8::1'] });
    expect(only(udp('six', 5000, { family: 'AF_INET' }), { names }).predicted.code).toBe('unknown');
    expect(only(udp('other', 5000, { family: 'AF_INET' }), { names }).predicted.code).toBe('ENOTFOUND');
  });
});

describe('warnings', () => {
  it.each<[string, BindFields | string, string[], Partial<BindEnvironment>?]>([
    ['nothing to say', '127.0.0.1:5000', []],
    ['a wildcard', '0.0.0.0:5000', ['WILDCARD']],
    ['a wildcard that its author wants', { host: '::', port: 5000, expose: 'all' }, []],
    ['a wildcard beyond what is allowed', { host: '::', port: 5000, expose: 'public' }, ['EXPOSE_EXCEEDED!']],
    ['within what is allowed', { host: '10.9.9.1', port: 5000, expose: 'private' }, []],
    ['beyond it', { host: '10.9.9.1', port: 5000, expose: 'link' }, ['EXPOSE_EXCEEDED!']],
    ['beyond it, for all that is known', { host: 'db', port: 5000, expose: 'private' }, ['EXPOSE_EXCEEDED!']],
    ['loopback within loopback', { host: '::ffff:127.0.0.1', port: 5000, expose: 'loopback' }, []],
    ['localhost', 'localhost:5000', ['ONE_ADDRESS_OF_NAME']],
    [
      'localhost with one address',
      'localhost:5000',
      ['ONE_ADDRESS_OF_NAME'],
      { names: namesOf({ localhost: ['127.0.0.1'] }) },
    ],
    ['a name with one address', 'app:5000', [], { names: namesOf({ app: ['127.0.0.1'] }) }],
    [
      'a name with several',
      'app:5000',
      ['ONE_ADDRESS_OF_NAME'],
      { names: namesOf({ app: ['127.0.0.1', '10.9.9.1'] }) },
    ],
    ['lenient text', { host: '010.0.0.1', port: 5000 }, ['LENIENT_HOST!']],
    ['lenient text that is a wildcard', { host: '0', port: 5000 }, ['LENIENT_HOST!', 'WILDCARD']],
    ['multicast, TCP', '224.0.0.1:5000', ['MULTICAST']],
    ['multicast, UDP', udp('224.0.0.1'), []],
    ['broadcast, TCP', '255.255.255.255:5000', ['BROADCAST']],
    ['broadcast of a subnet, TCP', '10.9.9.255:5000', ['BROADCAST']],
    ['broadcast, UDP', udp('255.255.255.255'), []],
    ['a privileged port', '127.0.0.1:1023', ['PRIVILEGED_PORT']],
    ['the first port for all', '127.0.0.1:1024', []],
    ['a privileged port, for root', '127.0.0.1:80', ['PRIVILEGED_PORT'], { canBindPrivileged: true }],
    ['ipv6Only of IPv4', { host: '127.0.0.1', port: 5000, ipv6Only: true }, ['IPV6_ONLY_IGNORED']],
    ['ipv6Only of an address', { host: '::1', port: 5000, ipv6Only: true }, ['IPV6_ONLY_IGNORED']],
    ['ipv6Only of ::', { host: '::', port: 5000, ipv6Only: true, expose: 'all' }, []],
    [
      'reusePort on 20',
      { host: '::1', port: 5000, reusePort: true },
      ['REUSE_PORT_IGNORED'],
      { nodeVersion: '20.20.2' },
    ],
    [
      'reusePort on 22.11',
      { host: '::1', port: 5000, reusePort: true },
      ['REUSE_PORT_IGNORED'],
      { nodeVersion: '22.11.0' },
    ],
    ['reusePort on 22.12', { host: '::1', port: 5000, reusePort: true }, [], { nodeVersion: '22.12.0' }],
    ['Redis for all', '0.0.0.0:6379', ['SERVICE_EXPOSED!', 'WILDCARD']],
    ['Redis on the loopback', '127.0.0.1:6379', []],
    ['PostgreSQL, private', '10.9.9.1:5432', []],
    ['PostgreSQL, public', '8.8.8.8:5432', ['SERVICE_EXPOSED!']],
    ['Ollama for all, as its author wants', { host: '::', port: 11434, expose: 'all' }, ['SERVICE_EXPOSED']],
    ['memcached of UDP', udp('0.0.0.0', 11211), ['SERVICE_EXPOSED!', 'WILDCARD']],
    ['no Redis of UDP', udp('0.0.0.0', 6379), ['WILDCARD']],
    ['MySQL on a name of which nothing is known', 'db:3306', ['SERVICE_EXPOSED']],
    [
      'a unix path in a missing directory',
      { path: '/a/b' },
      ['PATH_DIRECTORY!'],
      { paths: new Map([['/a/b', 'no-directory']]) },
    ],
    ['a unix path that is taken', { path: '/a' }, ['PATH_TAKEN!'], { paths: new Map([['/a', 'socket']]) }],
    ['a unix path that is free', { path: '/a' }, [], { paths: new Map([['/a', 'free']]) }],
    ['a unix path of 108 bytes', { path: `/${'é'.repeat(53)}x` }, []],
    ['a unix path of 109 bytes', { path: `/${'é'.repeat(54)}` }, ['PATH_TOO_LONG!']],
    ['a unix path of 104 bytes on macOS', { path: `/${'x'.repeat(103)}` }, [], { platform: 'darwin' }],
    ['a unix path of 105 bytes on macOS', { path: `/${'x'.repeat(104)}` }, ['PATH_TOO_LONG!'], { platform: 'darwin' }],
    ['a long path on Windows, which has pipes', { path: `/${'x'.repeat(108)}` }, [], { platform: 'win32' }],
    ['@name', { path: '@name' }, ['PATH_AT_SIGN']],
    ['an abstract name on 20', { path: '\0name' }, ['ABSTRACT_PADDED'], { nodeVersion: '20.20.2' }],
    ['an abstract name on 22', { path: '\0name' }, []],
    ['port 0 alone', { host: '::1', port: 0, allowEphemeral: true }, []],
  ])('%s', (_name, input, codes, changes) => {
    expect(codesOf(input, changes)).toEqual(codes);
  });
  it('port 0 in a set', () => {
    const { binds } = planOf([{ host: '::1', port: 0, allowEphemeral: true }, '[::1]:5000']);
    expect(binds.map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([['EPHEMERAL_PORT'], []]);
  });
  it.each<[string, PathState, string]>([
    ['linux', 'socket', 'there is a socket, in use or left behind at "/a/b"'],
    ['darwin', 'socket', 'there is a socket, in use or left behind at "/a/b"'],
    ['win32', 'file', 'there is a file at "/a/b"'],
    ['darwin', 'no-directory', '"/a/b": its directory is not there'],
    ['linux', 'not-a-directory', '"/a/b": what should be its directory is a file'],
  ])('say what is at a path, on %s: %s', (platform, state, message) => {
    const { warnings } = only({ path: '/a/b' }, { platform, paths: new Map([['/a/b', state]]) });
    expect(warnings).toMatchObject([{ message }]);
  });
  it.each<[string, BindFields, string]>([
    ['IPv4', tcp('0.0.0.0'), 'such as 127.0.0.1, or'],
    ['both', tcp('::'), 'such as 127.0.0.1, or'],
    ['IPv6', tcp('::', { ipv6Only: true }), 'such as ::1 without ipv6Only, or'],
    ['a service of IPv6', tcp('2001:db8::1', { port: 6379 }), 'write the host ::1, or'],
    ['loopback, IPv4', tcp('0.0.0.0', { expose: 'loopback' }), 'write the host 127.0.0.1, or'],
    ['loopback, both', tcp('::', { expose: 'loopback' }), 'write the host 127.0.0.1 or ::1, or'],
    ['loopback, IPv6', tcp('fe80::1%eth0', { expose: 'loopback' }), 'write the host ::1, or'],
    ['link, IPv4', tcp('10.9.9.1', { expose: 'link' }), 'write the host 127.0.0.1, or a link-local address, or'],
    [
      'link, both',
      tcp('::', { expose: 'link' }),
      'write the host 127.0.0.1, ::1, or a link-local address with its zone, or',
    ],
    ['link, IPv6', tcp('fd00::1', { expose: 'link' }), 'write the host ::1, or a link-local address with its zone, or'],
    ['a name', tcp('db', { expose: 'loopback' }), 'write the host 127.0.0.1 or ::1, or'],
    ['a name, UDP over IPv4', udp('db', 5000, { family: 'AF_INET', expose: 'loopback' }), 'the host 127.0.0.1, or'],
    ['a name, UDP over IPv6', udp('db', 5000, { family: 'AF_INET6', expose: 'loopback' }), 'the host ::1, or'],
  ])('hint at a loopback address that the socket can have: %s', (_name, fields, hint) => {
    expect(only(fields).warnings[0]?.hint).toContain(hint);
  });
  it.each([udp('::', 5000, { ipv6Only: true }), tcp('::', { ipv6Only: true })])(
    'hint at what is right when it is written: %#',
    (fields) => {
      expect(only({ ...fields, host: '::1', ipv6Only: false } as BindFields)).toMatchObject({
        predicted: { code: 'ok' },
        warnings: [],
      });
    },
  );
  it('say what is bound, what to write, and what they do not speak of', () => {
    expect(only({ host: '010.0.0.1', port: 5000 }).warnings).toEqual([
      {
        code: 'LENIENT_HOST',
        severity: 'error',
        message: 'the host "010.0.0.1" is no address as it is written, and binds 8.0.0.1',
        hint: 'write 8.0.0.1 if that is meant',
      },
    ]);
    expect(only('localhost:5000').warnings[0]?.message).toBe('"localhost" binds ::1, and not 127.0.0.1: IPv6 only');
    const ofReach: readonly BindWarningCode[] = ['WILDCARD', 'SERVICE_EXPOSED', 'EXPOSE_EXCEEDED'];
    const warnings = [...only('0.0.0.0:6379').warnings, ...only({ host: '::', port: 1, expose: 'link' }).warnings];
    const spoken = warnings.filter(({ code }) => ofReach.includes(code));
    expect(new Set(spoken.map(({ code }) => code))).toEqual(new Set(ofReach));
    for (const { message } of spoken) expect(message).toMatch(CAVEAT);
  });
});

describe('arguments', () => {
  it('takes nothing for a bind that is none', () => {
    expect(() => planBinds([{ host: '127.0.0.1', port: 70000 } as never], environmentOf())).toThrow(BindError);
    const refused = 'the binds are no array: write [createBind(…), …]';
    expect(() => planBinds('127.0.0.1:80' as never, environmentOf())).toThrow(new TypeError(refused));
    expect(() => planBinds(null as never, environmentOf())).toThrow(TypeError);
  });
  it.each<[string, unknown, RegExp]>([
    ['none', undefined, /readEnvironment/],
    ['a missing field', { ...environmentOf(), names: undefined }, /environment\.names is undefined: it must be a Map/],
    ['a field of the wrong type', { ...environmentOf(), ipv6Enabled: 'yes' }, /environment\.ipv6Enabled is "yes"/],
    ['a port start that is none', { ...environmentOf(), unprivilegedPortStart: -1 }, /unprivilegedPortStart is -1/],
    [
      'names whose addresses are text',
      { ...environmentOf(), names: new Map([['db', ['10.0.0.1']]]) },
      /environment\.names/,
    ],
    [
      'a path at which is what there is not',
      { ...environmentOf(), paths: new Map([['/x', 'absent']]) },
      /one of free, socket/,
    ],
    ['an unknown field', { ...environmentOf(), ipv6: true }, /has no "ipv6"/],
    [
      'an interface with what is no address',
      { ...environmentOf(), interfaces: { eth0: [ipv4('10.9.9', '255.0.0.0')] } },
      /interfaces\["eth0"\]/,
    ],
    [
      'a netmask that is none',
      { ...environmentOf(), interfaces: { eth0: [ipv4('10.9.9.1', '255.0.255.0')] } },
      /interfaces\["eth0"\]/,
    ],
  ])('an environment: %s', (_name, environment, message) => {
    expect(() => planBinds([], environment as never)).toThrow(TypeError);
    expect(() => planBinds([], environment as never)).toThrow(message);
  });
  it('plans nothing for nothing, and leaves its arguments alone', () => {
    expect(planBinds([], environmentOf())).toEqual({ binds: [], conflicts: [], shadows: [] });
    const environment = environmentOf();
    const before = structuredClone({ ...environment, names: [...environment.names.keys()] });
    planBinds([bindOf('0.0.0.0:80'), bindOf('localhost:80')], environment);
    expect({ ...environment, names: [...environment.names.keys()] }).toEqual(before);
  });
});
