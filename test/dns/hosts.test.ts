import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerLocally, hostsPath, parseHosts, systemHosts } from '../../src/dns/hosts.js';
import type { RecordType } from '../../src/dns/records.js';
import { ManualClock } from '../support/resolving.js';
import { tempDir } from '../support/temp-dir.js';

const HOSTS = parseHosts(`
127.0.0.1   localhost
10.0.0.1    db DB.corp.test. # the database
10.0.0.2\tdb
fd00::1     db
10.0.0.3    printer.local
10.0.0.4    dead.invalid
::ffff:10.0.0.7 mapped both
10.0.0.7    both
::ffff:5    six
`);

describe('parseHosts', () => {
  test.each<[string, string, [string, string[]][]]>([
    ['an address and a name', '192.0.2.1 a', [['a', ['192.0.2.1']]]],
    [
      'aliases, blanks, tabs, Windows lines',
      '192.0.2.1\ta  b\r\n::1 c\r\n',
      [
        ['a', ['192.0.2.1']],
        ['b', ['192.0.2.1']],
        ['c', ['::1']],
      ],
    ],
    ['a comment', '# 192.0.2.1 a\n192.0.2.2 b#c\n192.0.2.3 #d', [['b', ['192.0.2.2']]]],
    [
      'case, a dot at the end, IDNA',
      '192.0.2.1 A.Test. bücher.test',
      [
        ['a.test', ['192.0.2.1']],
        ['xn--bcher-kva.test', ['192.0.2.1']],
      ],
    ],
    [
      'several addresses, each once, canonical',
      '192.0.2.1 a\nFD00:0::1 a\n192.0.2.1 a\nfd00::1 a',
      [['a', ['192.0.2.1', 'fd00::1']]],
    ],
    ['a byte order mark', '\ufeff192.0.2.1 a', [['a', ['192.0.2.1']]]],
    ['a byte order mark elsewhere', '192.0.2.1 a\n\ufeff192.0.2.2 b', [['a', ['192.0.2.1']]]],
    [
      'blanks of C',
      '\v192.0.2.1\fa\vb\r \tc\r\n',
      [
        ['a', ['192.0.2.1']],
        ['b', ['192.0.2.1']],
        ['c', ['192.0.2.1']],
      ],
    ],
    ['other blanks', '10.0.0.9\u00a0a\n10.0.0.1 b\u202810.0.0.2 c\n10.0.0.3 d\u00a0e', [['c', ['10.0.0.1']]]],
    ['no address, strictly read', '127.1 a\n0x7f.1 b\nfoo c\n192.0.2.1/24 d', []],
    ['no name', '192.0.2.1 127.1 a..b a\\b 192.0.2.2', []],
    ['a zone', 'fe80::1%lo0 a', [['a', ['fe80::1%lo0']]]],
    [
      'names of Object',
      '192.0.2.1 __proto__ constructor',
      [
        ['__proto__', ['192.0.2.1']],
        ['constructor', ['192.0.2.1']],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect([...parseHosts(text)]).toEqual(expected);
  });
});

describe('answerLocally', () => {
  const records = (type: 'A' | 'AAAA', ...addresses: string[]) =>
    addresses.map((address) => ({ type, address, ttl: null }));

  test.each<[string, RecordType, object]>([
    ['localhost', 'A', { source: 'special-use', records: records('A', '127.0.0.1') }],
    ['localhost', 'AAAA', { source: 'special-use', records: records('AAAA', '::1') }],
    ['a.b.localhost', 'A', { source: 'special-use', records: records('A', '127.0.0.1') }],
    ['localhost', 'MX', { source: 'special-use', none: 'NODATA' }],
    ['db', 'A', { source: 'hosts', records: records('A', '10.0.0.1', '10.0.0.2') }],
    ['db', 'AAAA', { source: 'hosts', records: records('AAAA', 'fd00::1') }],
    ['db.corp.test', 'A', { source: 'hosts', records: records('A', '10.0.0.1') }],
    ['db.corp.test', 'AAAA', { source: 'hosts', none: 'NODATA' }],
    // a mapped address is an IPv4 address, too, as `getent ahostsv4` and `ahostsv6` give it
    ['mapped', 'A', { source: 'hosts', records: records('A', '10.0.0.7') }],
    ['mapped', 'AAAA', { source: 'hosts', records: records('AAAA', '::ffff:10.0.0.7') }],
    ['both', 'A', { source: 'hosts', records: records('A', '10.0.0.7') }],
    ['six', 'A', { source: 'hosts', none: 'NODATA' }],
    // the hosts file comes before names that are not of the DNS
    ['printer.local', 'A', { source: 'hosts', records: records('A', '10.0.0.3') }],
    ['dead.invalid', 'A', { source: 'hosts', records: records('A', '10.0.0.4') }],
    ['dead.invalid', 'MX', { source: 'special-use', none: 'NXDOMAIN' }],
    ['invalid', 'A', { source: 'special-use', none: 'NXDOMAIN' }],
    ['a.onion', 'AAAA', { source: 'special-use', none: 'NXDOMAIN' }],
    ['a.alt', 'TXT', { source: 'special-use', none: 'NXDOMAIN' }],
    ['a.local', 'A', { source: 'special-use', none: 'NXDOMAIN', hint: expect.stringContaining('multicast') }],
    ['local', 'SOA', { source: 'special-use', none: 'NXDOMAIN' }],
    ['1.0.254.169.in-addr.arpa', 'PTR', { none: 'NXDOMAIN', hint: expect.stringContaining('multicast') }],
    ['254.169.in-addr.arpa', 'PTR', { none: 'NXDOMAIN' }],
    ['1.8.e.f.ip6.arpa', 'PTR', { none: 'NXDOMAIN' }],
    ['9.e.f.ip6.arpa', 'PTR', { none: 'NXDOMAIN' }],
    ['a.e.f.ip6.arpa', 'PTR', { none: 'NXDOMAIN' }],
    ['0.b.e.f.ip6.arpa', 'PTR', { none: 'NXDOMAIN', hint: expect.stringContaining('multicast') }],
  ])('%s %s is answered here', (name, type, expected) => {
    expect(answerLocally(name, type, HOSTS, false)).toMatchObject(expected);
  });

  test.each<[string, RecordType]>([
    ['example.com', 'A'],
    ['example', 'A'],
    ['a.test', 'A'],
    ['test', 'A'],
    ['home.arpa', 'A'],
    ['service.arpa', 'A'],
    ['resolver.arpa', 'A'],
    ['ipv4only.arpa', 'AAAA'],
    ['1.0.0.10.in-addr.arpa', 'PTR'],
    ['1.0.168.192.in-addr.arpa', 'PTR'],
    ['1.0.0.127.in-addr.arpa', 'PTR'],
    ['1254.169.in-addr.arpa', 'PTR'],
    ['7.e.f.ip6.arpa', 'PTR'],
    ['c.e.f.ip6.arpa', 'PTR'],
    ['db', 'MX'],
    ['notlocal', 'A'],
    ['localhost.example', 'A'],
    ['local.test', 'A'],
    ['constructor', 'A'],
    ['__proto__', 'A'],
    ['', 'NS'],
  ])('%s %s goes upstream', (name, type) => {
    expect(answerLocally(name, type, HOSTS, false)).toBeNull();
  });

  test('.local is forwarded when asked, and the reverse names with it', () => {
    expect(answerLocally('a.local', 'A', HOSTS, true)).toBeNull();
    expect(answerLocally('1.0.254.169.in-addr.arpa', 'PTR', HOSTS, true)).toBeNull();
    expect(answerLocally('printer.local', 'A', HOSTS, true)).toMatchObject({ source: 'hosts' });
    expect(answerLocally('a.onion', 'A', HOSTS, true)).toMatchObject({ none: 'NXDOMAIN' });
  });

  test('without a hosts file', () => {
    expect(answerLocally('db', 'A', null, false)).toBeNull();
    expect(answerLocally('localhost', 'A', null, false)).not.toBeNull();
  });
});

describe('systemHosts', () => {
  test('reads the file again when it has changed, looking every 5 s at the most', () => {
    const path = join(tempDir(), 'hosts');
    const clock = new ManualClock();
    const hosts = systemHosts(path);
    expect(hosts(clock.read()).size).toBe(0);
    writeFileSync(path, '192.0.2.1 a\n');
    clock.pass(4.9);
    expect(hosts(clock.read()).size).toBe(0);
    clock.pass(0.1);
    expect(hosts(clock.read()).get('a')).toEqual(['192.0.2.1']);
    // The same as long as the file is.
    const before = hosts(clock.read());
    clock.pass(5);
    expect(hosts(clock.read())).toBe(before);
    writeFileSync(path, '192.0.2.22 a\n');
    clock.pass(5);
    expect(hosts(clock.read()).get('a')).toEqual(['192.0.2.22']);
    rmSync(path);
    clock.pass(5);
    expect(hosts(clock.read()).size).toBe(0);
  });

  test('where it is', () => {
    expect(hostsPath('linux', {})).toBe('/etc/hosts');
    expect(hostsPath('win32', { SystemRoot: 'D:\\Win' })).toBe('D:\\Win\\System32\\drivers\\etc\\hosts');
  });
});
