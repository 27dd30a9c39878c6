import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  hasCapability,
  mergeIPv6,
  ownsNetwork,
  parseFibTrie,
  parseIfInet6,
  parseNetDev,
} from '../../src/socket/proc-net.js';

const FIB_TRIE = `Main:
  +-- 0.0.0.0/1 2 0 2
     +-- 10.4.0.0/14 2 0 1
        |-- 10.5.5.2
           /32 host LOCAL
           /31 link UNICAST
        |-- 10.6.6.0
           /24 host LOCAL
     +-- 127.0.0.0/8 2 0 2
        +-- 127.0.0.0/31 1 0 0
           |-- 127.0.0.0
              /8 host LOCAL
           |-- 127.0.0.1
              /32 host LOCAL
        |-- 127.255.255.255
           /32 link BROADCAST
Local:
        |-- 127.255.255.255
           /32 link BROADCAST
`;

describe('parseFibTrie', () => {
  it('has what is local, and what is broadcast, once', () => {
    expect(parseFibTrie(FIB_TRIE)).toEqual({
      local: ['10.5.5.2/32', '10.6.6.0/24', '127.0.0.0/8', '127.0.0.1/32'],
      broadcast: ['127.255.255.255/32'],
    });
  });
  it.each(['', 'Main:\n', 'nonsense\n   /32 host LOCAL\n', '|-- 10.0.0.1\n/32 host LOCAL'])(
    'knows nothing of %j',
    (text) => {
      expect(parseFibTrie(text)).toBeNull();
    },
  );
});

const IF_INET6 = `00000000000000000000000000000001 01 80 10 80       lo
fe800000000000000000000000000001 03 40 20 82     eth0
20010db8000000000000000000000001 03 40 00 82     eth0
20010db8000000000000000000000002 03 40 00 c2     eth0
20010db8000000000000000000000003 03 40 00 c8     eth0
20010db8000000000000000000000004 0b 40 00 44    down0
`;

describe('parseIfInet6', () => {
  it('leaves out addresses that are looked for on the link, or found there', () => {
    expect(parseIfInet6(IF_INET6)).toEqual([
      { name: 'lo', address: '::1', prefixLength: 128, interfaceIndex: 1 },
      { name: 'eth0', address: 'fe80::1', prefixLength: 64, interfaceIndex: 3 },
      { name: 'eth0', address: '2001:db8::1', prefixLength: 64, interfaceIndex: 3 },
      // Optimistic: it can be bound at once.
      { name: 'down0', address: '2001:db8::4', prefixLength: 64, interfaceIndex: 11 },
    ]);
  });
  it('leaves out lines that it does not understand', () => {
    expect(parseIfInet6('\nfe80 03 40 20 82 eth0\n00000000000000000000000000000001 01 80 10\n')).toEqual([]);
  });
});

it('parseNetDev has the names', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets
    lo:       0       0    0    0    0     0          0         0        0       0
eth0.5:1234567       0    0    0    0     0          0         0        0       0
`;
  expect(parseNetDev(text)).toEqual(['lo', 'eth0.5']);
  expect(parseNetDev('')).toEqual([]);
});

describe('hasCapability', () => {
  it.each([
    ['CapEff:\t0000000000000400\n', true],
    ['Name:\tx\nCapInh:\t0000000000000400\nCapEff:\t000001fffeffffff\n', true],
    ['CapEff:\t0000000000000000\n', false],
    ['CapEff:\t0000000000000bff\n', false],
    ['CapPrm:\t0000000000000400\n', false],
    ['', false],
  ])('%j: %s', (status, has) => {
    expect(hasCapability(status, 10)).toBe(has);
  });
});

describe('ownsNetwork', () => {
  it.each([
    ['         0          0 4294967295\n', 0, true],
    ['         0          0 4294967295\n', 65534, true],
    ['         0       1000          1\n', 65534, false],
    ['         0       1000          1\n         1     100000      65536\n', 65534, false],
    ['         0     100000      65536\n', 0, true],
    ['         0          0          1\n', 0, null],
    ['         0          0          1\n', 65534, false],
    ['      1000       1000          1\n', 65534, null],
    ['', 65534, null],
  ])('%j, files of %s: %s', (uidMap, owner, owns) => {
    expect(ownsNetwork(uidMap, owner)).toBe(owns);
  });
});

describe('mergeIPv6', () => {
  const ipv4 = { address: '10.9.9.1', netmask: '255.255.255.0', family: 'IPv4', internal: false } as const;
  const stale = { address: '2001:db8::9', netmask: 'ffff::', family: 'IPv6', internal: false, scopeid: 0 } as const;
  it('takes IPv6 from the kernel, IPv4 as it was, and all interfaces', () => {
    const merged = mergeIPv6({ eth0: [ipv4, stale] }, parseIfInet6(IF_INET6), ['lo', 'eth0', 'bare0']);
    const mask = 'ffff:ffff:ffff:ffff::';
    expect(merged).toEqual({
      lo: [
        {
          address: '::1',
          netmask: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
          family: 'IPv6',
          internal: true,
          scopeid: 0,
        },
      ],
      eth0: [
        ipv4,
        { address: 'fe80::1', netmask: mask, family: 'IPv6', internal: false, scopeid: 3 },
        { address: '2001:db8::1', netmask: mask, family: 'IPv6', internal: false, scopeid: 0 },
      ],
      bare0: [],
      down0: [{ address: '2001:db8::4', netmask: mask, family: 'IPv6', internal: false, scopeid: 0 }],
    });
  });
  it('leaves IPv6 as it was where the kernel does not tell', () => {
    expect(mergeIPv6({ eth0: [ipv4, stale] }, null, [])).toEqual({ eth0: [ipv4, stale] });
  });
});

it.skipIf(process.platform !== 'linux')('agrees with Node about this machine', () => {
  const known = parseIfInet6(readFileSync('/proc/net/if_inet6', 'utf8')).map(
    ({ name, address }) => `${name} ${address}`,
  );
  const shown = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map(({ address, family }) => ({ text: `${name} ${address}`, address, family })),
  );
  for (const { text, family } of shown) if (family === 'IPv6') expect(known).toContain(text);
  const local = parseFibTrie(readFileSync('/proc/net/fib_trie', 'utf8'))?.local;
  for (const { address, family } of shown) if (family === 'IPv4') expect(local).toContain(`${address}/32`);
});
