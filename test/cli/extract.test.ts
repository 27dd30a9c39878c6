import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressesIn, Extractor } from '../../src/cli/extract.js';
import { isAddress } from '../../src/ip/index.js';
import { cutAt } from '../support/chunks.js';

interface Found {
  readonly address: string;
  readonly line: number;
  readonly column: number;
}

function extract(chunks: readonly Buffer[]): Found[] {
  const found: Found[] = [];
  const extractor = new Extractor((address, line, column) => found.push({ address, line, column }));
  for (const chunk of chunks) extractor.push(chunk);
  extractor.end();
  return found;
}

function addresses(text: string): string[] {
  return extract([Buffer.from(text)]).map(({ address }) => address);
}

const LOGS: readonly (readonly [what: string, text: string, ...addresses: string[]])[] = [
  // Web servers
  [
    'nginx',
    '203.0.113.7 - - [10/Oct/2024:13:55:36 +0000] "GET /a?b=1.5 HTTP/1.1" 200 2326 "-" "curl/8.5.0"',
    '203.0.113.7',
  ],
  ['apache over IPv6', '2001:db8::7 - bob [10/Oct/2024:13:55:36 -0700] "GET / HTTP/1.0" 200 1', '2001:db8::7'],
  ['nginx error', 'upstream: "http://10.0.0.5:8080/x", client: 198.51.100.2, server: _', '10.0.0.5', '198.51.100.2'],
  ['X-Forwarded-For', 'xff="203.0.113.9, 10.1.1.1,2001:db8::5"', '203.0.113.9', '10.1.1.1', '2001:db8::5'],
  ['Forwarded', 'for=192.0.2.60;proto=http;by="[2001:db8:cafe::17]:4711"', '192.0.2.60', '2001:db8:cafe::17'],
  ['an escaped URL', 'GET /fetch?url=http%3A%2F%2F169.254.169.254%2Flatest%2F', '169.254.169.254'],
  ['an escaped list', 'ip=10.0.0.1%2C10.0.0.2%2c10.0.0.3', '10.0.0.1', '10.0.0.2', '10.0.0.3'],
  ['an escaped blank, and no octet 201', 'q=%201.2.3.4', '1.2.3.4'],
  ['escaped brackets, and no group 5b', 'http://%5B::1%5D/', '::1'],
  ['a version in a user agent with octets over 255', 'Chrome/120.0.6099.109 Safari/537.36'],
  // System logs
  ['sshd', 'Jan 12 06:25:41 host sshd[99]: Failed password for root from 192.0.2.4 port 51234 ssh2', '192.0.2.4'],
  ['syslog RFC 5424', '<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - from 10.2.3.4', '10.2.3.4'],
  ['iptables', 'SRC=10.0.0.1 DST=10.0.0.2 MAC=00:11:22:33:44:55:66:77:88:99:aa:bb:08:00', '10.0.0.1', '10.0.0.2'],
  ['telnet', 'Trying 192.0.2.1...connected', '192.0.2.1'],
  ['dots before', 'connecting...192.0.2.1', '192.0.2.1'],
  ['ipconfig', '   IPv4 Address. . . . . . : 192.168.1.5(Preferred)', '192.168.1.5'],
  ['ifconfig', 'inet addr:10.0.0.1  Bcast:10.0.0.255 Mask:255.255.255.0', '10.0.0.1', '10.0.0.255', '255.255.255.0'],
  ['ip addr', 'inet6 fe80::5054:ff:fe12:3456/64 scope link', 'fe80::5054:ff:fe12:3456'],
  ['ping', '64 bytes from fe80::1%eth0: icmp_seq=1 ttl=64', 'fe80::1%eth0'],
  ['ping, more', 'PING 1.1.1.1 (1.1.1.1) 56(84) bytes of data.', '1.1.1.1', '1.1.1.1'],
  // Sockets
  ['ss', 'LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:*', '127.0.0.53', '0.0.0.0'],
  ['ss over IPv6', 'ESTAB 0 0 [2001:db8::1]:22 [::ffff:10.0.0.9]:51111', '2001:db8::1', '::ffff:10.0.0.9'],
  ['netstat', 'tcp6 0 0 :::22 :::* LISTEN', '::'],
  ['netstat, mapped', 'tcp6 0 0 ::ffff:10.0.0.1:80 x', '::ffff:10.0.0.1'],
  ['a port that is no group', 'at 2001:db8::1:44300, ::1:65535', '2001:db8::1', '::1'],
  ['eight groups and a port', '2001:db8:0:0:0:0:0:1:443', '2001:db8:0:0:0:0:0:1'],
  ['/etc/hosts', '127.0.0.1\tlocalhost\n::1 ip6-localhost', '127.0.0.1', '::1'],
  ['resolv.conf', 'nameserver fe80::1%eth0\nnameserver 1.1.1.1', 'fe80::1%eth0', '1.1.1.1'],
  // Programs
  ['a Java address', 'Connection refused: db.example/10.0.0.7:5432', '10.0.0.7'],
  ['a Java stack trace', '\tat java.base/sun.nio.ch.Net.pollConnect(Net.java:672)\n\tat a.b.C.d(C.java:12)'],
  ['a URL', 'see http://10.0.0.1:8080/a/b?c=d#e and https://[2001:db8::1]/', '10.0.0.1', '2001:db8::1'],
  ['a user in a URL', 'ssh://git@10.0.0.1/x, scp root@10.0.0.2:backup/', '10.0.0.1', '10.0.0.2'],
  ['names behind a port colon', '10.0.0.1:eth0 10.0.0.2:default 10.0.0.3:x', '10.0.0.1', '10.0.0.2', '10.0.0.3'],
  [
    'words that end in hexadecimal digits',
    'node:10.0.0.1 source:fe80::1 named:10.0.0.3:80',
    '10.0.0.1',
    'fe80::1',
    '10.0.0.3',
  ],
  ['words of hexadecimal digits', 'face:10.0.0.1 dead:10.0.0.2', '10.0.0.1', '10.0.0.2'],
  ['grep -n', 'file.c:12:10.0.0.1\n/etc/hosts:3:127.0.0.1\n12:34:56:10.0.0.2', '10.0.0.1', '127.0.0.1', '10.0.0.2'],
  ['JSON', '{"ip":"10.0.0.1","v6":"::1","url":"http:\\/\\/10.0.0.2\\/"}', '10.0.0.1', '::1', '10.0.0.2'],
  ['escapes in JSON', '"127.0.0.1\\tlocalhost\\n10.0.0.1\\thost\\r\\n10.0.0.2"', '127.0.0.1', '10.0.0.1', '10.0.0.2'],
  ['CSV', '1,10.0.0.1,"10.0.0.2";10.0.0.3|10.0.0.4', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
  ['XML', '<ip>10.0.0.1</ip><ip a="::1"/>', '10.0.0.1', '::1'],
  ['Markdown', '**10.0.0.1**, `::1`, ~~10.0.0.2~~, (fe80::1).', '10.0.0.1', '::1', '10.0.0.2', 'fe80::1'],
  ['a range and an arrow', '10.0.0.1-10.0.0.9 10.0.0.1->10.0.0.2', '10.0.0.1', '10.0.0.9', '10.0.0.1', '10.0.0.2'],
  // Parts of addresses
  ['prefix lengths', '10.0.0.0/8, fc00::/7, ::/0 and 0.0.0.0/0', '10.0.0.0', 'fc00::', '::', '0.0.0.0'],
  ['sentences', 'Is it 10.0.0.1? No: 10.0.0.2. Or ::1.', '10.0.0.1', '10.0.0.2', '::1'],
  ['zones', 'fe80::1%eth0, fe80::2%wlan0.100. [fe80::3%12]:80', 'fe80::1%eth0', 'fe80::2%wlan0.100', 'fe80::3%12'],
  [
    'zones in front of an address',
    'fe80::1%eth0:10.0.0.1 addr:fe80::2%eth1',
    'fe80::1%eth0',
    '10.0.0.1',
    'fe80::2%eth1',
  ],
  ['a percent sign behind', 'fe80::1% and 10.0.0.1% of 2001:db8::1%eth0', 'fe80::1', '10.0.0.1', '2001:db8::1'],
  ['an encoded zone, which readers read differently', 'http://[fe80::1%25eth0]/', 'fe80::1'],
  ['upper case', '2001:DB8::ABCD ::FFFF:10.0.0.1', '2001:DB8::ABCD', '::FFFF:10.0.0.1'],
  ['UTF-8 next to it', 'é10.0.0.1é “::1” →10.0.0.2', '10.0.0.1', '::1', '10.0.0.2'],
  [
    'terminal colours',
    '\x1b[31m10.0.0.1\x1b[0m:\x1b[1;38;5;4mfe80::1%eth0\x1b[m \x1b[K::1',
    '10.0.0.1',
    'fe80::1%eth0',
    '::1',
  ],
  // None
  ['versions', 'v1.2.3.4, 1.2.3.4.5, 1.2.3, libfoo.so.1.2.3.4, 1.2.3.4.rc1, 01.2.3.4, 1.2.3.256'],
  ['C++ and Rust', 'std::x std::abc std::begin(a) Foo::Bar crate::de::f x::1'],
  ['times and dates', '12:34:56 12:34:56.789 2024-01-02T03:04:05.678Z 00:00'],
  ['MAC addresses', '00:11:22:33:44:55 00-11-22-33-44-55 0011.2233.4455'],
  ['EUI-64 and Fibre Channel names', '00:11:22:ff:fe:33:44:55 50:06:01:60:3b:a0:1c:2d'],
  ['fingerprints', 'MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48'],
  ['reverse names', '4.3.2.1.in-addr.arpa. 1.0.0.127.in-addr.arpa 8.b.d.0.1.0.0.2.ip6.arpa'],
  ['names', '10.0.0.1.nip.io 1.2.3.4.example ip-10-0-0-1.ec2.internal x10.0.0.1 10.0.0.1x _10.0.0.1_'],
  ['hexadecimal', 'deadbeef 0xdeadbeef da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['money and numbers', '1.000.000,00 3.14159 1.5e10 99.9%'],
  ['malformed', '1::2::3 12345::1 :::::: ....... 1:2:3:4:5:6:7 999.1.1.1'],
];

describe('Extractor', () => {
  it.each(LOGS)('reads %s', (_, text, ...expected) => {
    expect(addresses(text)).toEqual(expected);
  });

  it.each(LOGS)('gives the same in any two chunks: %s', (_, text) => {
    const bytes = Buffer.from(text);
    const whole = extract([bytes]);
    for (let at = 0; at <= bytes.length; at++) expect(extract(cutAt(bytes, [at]))).toEqual(whole);
    expect(extract([...bytes].map((byte) => Buffer.of(byte)))).toEqual(whole);
  });

  it('counts lines and columns from 1, columns in characters of UTF-8', () => {
    const text = 'é 10.0.0.1 😀::1\r\n\n  (addr:10.0.0.2:80)\n日本 fe80::1%eth0';
    expect(extract([Buffer.from(text)])).toEqual([
      { address: '10.0.0.1', line: 1, column: 3 },
      { address: '::1', line: 1, column: 13 },
      { address: '10.0.0.2', line: 3, column: 9 },
      { address: 'fe80::1%eth0', line: 4, column: 4 },
    ]);
  });

  it('finds each address between separators', () => {
    const address = fc.oneof(
      fc.ipV4(),
      // Eight groups of two digits are a hardware address.
      fc.ipV6().filter((text) => isAddress(text) && !/^(?:[\da-f]{2}:){7}[\da-f]{2}$/i.test(text)),
    );
    const separator = fc.constantFrom(
      ' ',
      '\n',
      ', ',
      '"',
      ']',
      '[',
      '(',
      ')',
      '=',
      '@',
      '|',
      '/',
      '\t',
      ' - ',
      '\r\n',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(address, separator)), (pairs) => {
        expect(addresses(pairs.flat().join(''))).toEqual(pairs.map(([text]) => text));
      }),
    );
  });

  it('finds only what stands there, the same in any chunks', () => {
    const pieces = ['10.0.0.1', '::1', 'fe80::', '.', ':', '%', 'eth0', '-', '1', 'f', 'x', ' ', '\n', 'é', '\\n', '~'];
    const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((list) => list.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 200 }), { maxLength: 5 }), (input, positions) => {
        const bytes = Buffer.from(input);
        const found = extract([bytes]);
        const lines = input.split('\n').map((line) => [...line]);
        for (const { address, line, column } of found) {
          expect(isAddress(address)).toBe(true);
          expect(lines[line - 1]?.slice(column - 1, column - 1 + address.length).join('')).toBe(address);
        }
        expect(extract(cutAt(bytes, positions))).toEqual(found);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const { address } of extract([Buffer.from(bytes)])) expect(isAddress(address)).toBe(true);
      }),
    );
  });

  it('passes over a run that is too long, and reads on', () => {
    expect(addresses(`${'.'.repeat(300)}10.0.0.1 ${'f'.repeat(1_000_000)} ::1`)).toEqual(['::1']);
    expect(addresses(`fe80::1%${'e'.repeat(300)} ::1`)).toEqual(['::1']);
  });

  it('does not take for ever on lines of punctuation', () => {
    // Each was exponential, or would be with a careless regular expression.
    for (const run of ['.', ':', '.:', '1.', '1:', ':.', '::1', '%', '~-']) {
      const token = run.repeat(120);
      for (const text of [`1${token}a`, `${token}x`, `x${token}`, `fe80::1%${token}x`]) {
        expect(addresses(`${text} 10.0.0.1`).at(-1)).toBe('10.0.0.1');
      }
    }
  });

  it('finds every address in a line of 10 MB', () => {
    const chunk = Buffer.from('10.0.0.1, '.repeat(6400));
    let count = 0;
    let last = 0;
    const extractor = new Extractor((_, line, column) => {
      count++;
      last = line * column;
    });
    for (let i = 0; i < 160; i++) extractor.push(chunk);
    extractor.end();
    expect(count).toBe(6400 * 160);
    expect(last).toBe(6400 * 160 * 10 - 9);
  });
});

describe('addressesIn', () => {
  it('says where in the run each address stands', () => {
    expect(addressesIn(':10.0.0.1:10.0.0.2:', true, false)).toEqual([
      { text: '10.0.0.1', offset: 1 },
      { text: '10.0.0.2', offset: 10 },
    ]);
  });

  it('finds nothing in a run of punctuation between words', () => {
    for (const run of ['.', ':', '::', ':::', '...', '.:.', '', 'a', 'a.', ':a']) {
      expect(addressesIn(run, true, true), run).toEqual([]);
    }
  });
});
