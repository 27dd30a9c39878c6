import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, describeMulticast, MULTICAST_DATE, parseAddress } from '../../src/ip/index.js';
import { IPV4_MULTICAST_BLOCKS } from '../../src/ip/multicast-groups.js';
import { address } from '../support/arbitraries.js';
import { readSlowly } from '../support/slow-address.js';

function describeFound(text: string) {
  return describeMulticast(text) ?? expect.fail(`${text} is not multicast`);
}

describe('IPv4', () => {
  it('gives everything that is known of mDNS', () => {
    expect(describeMulticast('224.0.0.251')).toStrictEqual({
      family: 4,
      scope: 'link-local',
      block: { first: '224.0.0.0', last: '224.0.0.255', name: 'Local Network Control Block', rfc: 'RFC 5771' },
      group: { name: 'mDNS', rfc: 'RFC 6762' },
      sourceSpecific: false,
      glopAs: null,
      unicastPrefix: null,
      mac: '01:00:5e:00:00:fb',
    });
    expect(describeMulticast(parseAddress('224.0.0.251'))).toStrictEqual(describeMulticast('224.0.0.251'));
  });

  it.each([
    ['224.0.0.1', 'All Systems on this Subnet', 'RFC 1112'],
    ['224.0.0.2', 'All Routers on this Subnet', null],
    ['224.0.1.1', 'Network Time Protocol (NTP)', 'RFC 5905'],
    ['239.255.255.250', 'SSDP', null],
  ])('%s is the group %s', (text, name, rfc) => {
    expect(describeFound(text).group).toStrictEqual({ name, rfc });
  });

  it.each(['224.0.0.0', '224.0.0.3', '232.1.2.3', '239.1.2.3'])('%s is no group with a name', (text) => {
    expect(describeFound(text).group).toBeNull();
  });

  it.each(IPV4_MULTICAST_BLOCKS)('%s to %s is %s', (first, last, name, rfc) => {
    for (const text of [first, last]) {
      expect(describeFound(text)).toMatchObject({ block: { first, last, name, rfc } });
    }
  });

  it('has a block for each address, without gap and overlap', () => {
    let next = readSlowly('224.0.0.0').integer;
    for (const [first, last] of IPV4_MULTICAST_BLOCKS) {
      expect(readSlowly(first).integer).toBe(next);
      next = readSlowly(last).integer + 1n;
    }
    expect(next).toBe(readSlowly('240.0.0.0').integer);
  });

  it.each([
    // RFC 3180 section 2: the AS is the middle two octets
    ['233.0.0.1', 0],
    ['233.21.28.1', 5404],
    ['233.251.255.255', 64511],
    ['233.252.0.0', null],
    ['233.255.255.255', null],
    ['232.21.28.1', null],
    ['234.21.28.1', null],
  ])('%s belongs to AS %s', (text, glopAs) => {
    expect(describeFound(text)).toMatchObject({ glopAs });
  });

  it.each([
    ['231.255.255.255', false],
    ['232.0.0.0', true],
    ['232.255.255.255', true],
    ['233.0.0.0', false],
  ])('%s is source-specific: %s', (text, sourceSpecific) => {
    expect(describeFound(text)).toMatchObject({ sourceSpecific });
  });

  it.each([
    ['234.192.0.2', '192.0.2.0/24'],
    ['234.255.255.255', '255.255.255.0/24'],
    ['233.192.0.2', null],
    ['235.192.0.2', null],
  ])('%s is made of %s (RFC 6034)', (text, unicastPrefix) => {
    expect(describeFound(text)).toMatchObject({ unicastPrefix });
  });

  it.each([
    ['224.0.0.1', '01:00:5e:00:00:01'],
    ['239.255.255.255', '01:00:5e:7f:ff:ff'],
    // 23 bits: 32 groups share a frame address
    ['224.128.0.1', '01:00:5e:00:00:01'],
  ])('%s is framed to %s', (text, mac) => {
    expect(describeFound(text).mac).toBe(mac);
  });
});

describe('IPv6', () => {
  it('gives everything that is known of all nodes', () => {
    expect(describeMulticast('ff02::1%eth0')).toStrictEqual({
      family: 6,
      scope: 'link-local',
      flags: { transient: false, prefixBased: false, embeddedRendezvousPoint: false },
      group: { name: 'All Nodes Address', rfc: 'RFC 4291' },
      sourceSpecific: false,
      unicastPrefix: null,
      rendezvousPoint: null,
      mac: '33:33:00:00:00:01',
    });
  });

  it.each([
    ['ff01::2', 'All Routers Address'],
    ['ff05::2', 'All Routers Address'],
    ['ff02::1:2', 'All_DHCP_Relay_Agents_and_Servers'],
    ['ff05::1:3', 'All_DHCP_Servers'],
    ['ff02::1:3', 'Link-local Multicast Name Resolution'],
    ['ff02::1:ff00:0', 'Solicited-Node Address'],
    ['ff02::1:ffff:ffff', 'Solicited-Node Address'],
    ['ff02::2:ff12:3456', 'Node Information Queries'],
    ['ff0e::101', 'Network Time Protocol (NTP)'],
    ['ff08::101', 'Network Time Protocol (NTP)'],
    ['ff0e::140', 'EPSON-disc-set'],
    ['ff0e::14f', 'EPSON-disc-set'],
    ['ff0e::150', 'an-adj-disc'],
    ['ff0e::1:1000', 'Service Location, Version 2'],
    ['ff0e::1:13ff', 'Service Location, Version 2'],
    ['ff0e::db8:0:0', 'Documentation Addresses'],
    ['ff0e::db8:ffff:ffff', 'Documentation Addresses'],
    ['ff02::fb', 'mDNSv6'],
    ['ff03::fc', 'ALL_MPL_FORWARDERS'],
  ])('%s is the group %s', (text, name) => {
    expect(describeFound(text).group?.name).toBe(name);
  });

  it.each([
    ...[
      'ff02::1:feff:ffff',
      'ff02::1:0:0',
      'ff05::1',
      'ff03::1',
      'ff02::15',
      'ff0e::1:13ff:1',
      'ff0e::1:1400',
      'ff0e::1:fff',
    ],
    ...['ff0e::db7:ffff:ffff', 'ff0e::db9:0:0', 'ff0e:1::101', 'ff0e::1:0:0:101'],
    // Groups of IANA have no flag set
    ...['ff12::1', 'ff32::1', 'ff7e::101'],
  ])('%s is no group with a name', (text) => {
    expect(describeFound(text).group).toBeNull();
  });

  it.each([
    ['ff0e::1', [false, false, false]],
    ['ff1e::1', [true, false, false]],
    ['ff2e::1', [false, true, false]],
    ['ff3e::1', [true, true, false]],
    ['ff4e::1', [false, false, true]],
    ['ff7e::1', [true, true, true]],
    ['ff8e::1', [false, false, false]],
    ['fffe::1', [true, true, true]],
  ])('%s has the flags T, P, R %j', (text, [transient, prefixBased, embeddedRendezvousPoint]) => {
    expect(describeFound(text)).toMatchObject({ flags: { transient, prefixBased, embeddedRendezvousPoint } });
  });

  it.each([
    // RFC 3306 section 4: ff3x:00LL:prefix:group
    ['ff3e:20:2001:db8::1', '2001:db8::/32', null],
    ['ff3e:30:3fff:0:1::1234', '3fff:0:1::/48', null],
    ['ff3e:40:2001:db8:0:1:0:1', '2001:db8:0:1::/64', null],
    ['ff3e:1:ffff::1', '8000::/1', null],
    // bits after the length do not count
    ['ff3e:20:2001:db8:ffff:ffff::1', '2001:db8::/32', null],
    ['ff3e:41:2001:db8::1', null, null],
    ['ff3e::1', null, null],
    ['ff2e:20:2001:db8::1', null, null],
    ['ff1e:20:2001:db8::1', null, null],
    // RFC 3956 section 3: ff7x:0ILL:prefix:group, the point is prefix::I
    ['ff7e:140:2001:db8:beef:feed::1234', '2001:db8:beef:feed::/64', '2001:db8:beef:feed::1'],
    ['ff7e:f20:2001:db8::1', '2001:db8::/32', '2001:db8::f'],
    ['fffe:130:2001:db8:1::1', '2001:db8:1::/48', '2001:db8:1::1'],
    // identifier 0 is reserved
    ['ff7e:40:2001:db8:beef:feed::1234', '2001:db8:beef:feed::/64', null],
    ['ff5e:140:2001:db8:beef:feed::1234', null, null],
  ])('%s is made of %s, with the rendezvous point %s', (text, unicastPrefix, rendezvousPoint) => {
    expect(describeFound(text)).toMatchObject({ unicastPrefix, rendezvousPoint });
  });

  it.each([
    ['ff3e::8000:1', true],
    ['ff35::1', true],
    ['ff3e:1::8000:1', false],
    ['ff3e:0:1::1', false],
    ['ff3e::1:0:0', false],
    ['ff1e::1', false],
    ['ff7e::1', false],
    ['ffbe::1', false],
  ])('%s is source-specific: %s', (text, sourceSpecific) => {
    expect(describeFound(text)).toMatchObject({ sourceSpecific });
  });

  it.each([
    ['ff02::1:ff12:3456', '33:33:ff:12:34:56'],
    ['ff0e::ffff:ffff', '33:33:ff:ff:ff:ff'],
  ])('%s is framed to %s', (text, mac) => {
    expect(describeFound(text).mac).toBe(mac);
  });
});

describe('every address', () => {
  it.each(['223.255.255.255', '240.0.0.0', '::1', 'feff::1', '::ffff:224.0.0.1', '::224.0.0.1', '64:ff9b::224.0.0.1'])(
    '%s is not multicast',
    (text) => {
      expect(describeMulticast(text)).toBeNull();
    },
  );

  it('is described when, and only when, it is multicast, with the scope of classify', () => {
    fc.assert(
      fc.property(address, (value) => {
        const { kind, scope, family } = classify(value);
        const description = describeMulticast(value);
        expect(description !== null).toBe(kind === 'multicast');
        if (description !== null) expect(description).toMatchObject({ family, scope });
        expect(JSON.parse(JSON.stringify(description))).toStrictEqual(description);
      }),
      { numRuns: 2000 },
    );
  });

  it('is dated', () => {
    expect(MULTICAST_DATE).toMatch(/^\d{4}-\d{2}$/);
  });
});
