import { describe, expect, it } from 'vitest';
import { describeCells, describeLines } from '../../src/cli/describe.js';
import { classify } from '../../src/ip/index.js';

function lines(address: string, nat64: readonly string[] = []): string[] {
  return describeLines(classify(address, { nat64 }), nat64, (_, text) => text);
}

function cells(address: string): string[] {
  return describeCells(classify(address));
}

describe('describeLines', () => {
  it('says everything about an IPv4 address', () => {
    expect(lines('10.1.2.3')).toEqual([
      '10.1.2.3',
      '  family     IPv4, class A',
      '  kind       private',
      '  scope      global',
      '  reachable  not globally reachable',
      '  block      10.0.0.0/8 Private-Use, [RFC1918], since 1996-02',
      '             source yes, destination yes, forwardable yes, globally reachable no, reserved by protocol no',
      '  hex        0x0a010203',
      '  binary     00001010.00000001.00000010.00000011',
      '  integer    167838211',
      '  reverse    3.2.1.10.in-addr.arpa',
    ]);
  });

  it.each<[string, string[], string[]?]>([
    ['::ffff:127.0.0.1', ['embeds 127.0.0.1 (mapped), loopback, not globally reachable']],
    ['::', ['scope none', 'kind unspecified']],
    ['192.88.99.1', ['block 192.88.99.0/24 Deprecated (6to4 Relay Anycast), [RFC7526], 2001-06 to 2015-03']],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', ['server 65.54.227.120, client 192.0.2.45 port 40000, cone NAT']],
    ['2002:808:808:5::', ['embeds 8.8.8.8 (6to4), global, globally reachable', 'subnet 5']],
    ['fe80::5efe:c0a8:9', ['locally unique']],
    ['fe80::200:5efe:808:808', ['claims to be globally unique']],
    ['fe80::211:22ff:fe33:4455%eth0', ['identifier made of the MAC address 00:11:22:33:44:55']],
    ['224.0.0.251', ['multicast mDNS, RFC 6762', 'Ethernet 01:00:5e:00:00:fb']],
    ['233.252.0.1', ['Ethernet 01:00:5e:7c:00:01']],
    ['ff02::fb', ['permanent, assigned by IANA', 'Ethernet 33:33:00:00:00:fb']],
    ['ff3e:30:2001:db8::1', ['transient, made of a unicast prefix', 'owned by the holder of 2001:db8::/48']],
    ['ff3e::8000:1', ['source-specific']],
    ['ff7e:130:2001:db8::1', ['rendezvous point 2001:db8::1']],
    ['8.8.8.8', ['allocation 8.0.0.0/8 Administered by ARIN, legacy 1992-12']],
    ['64:ff9b:1:a00:0:100::', ['prefix 64:ff9b:1::/48'], ['64:ff9b:1::/48']],
  ])('says about %s', (address, expected, nat64 = []) => {
    const text = lines(address, nat64).map((line) => line.trim().replace(/ {2,}/g, ' '));
    for (const line of expected)
      expect(
        text.some((each) => each.endsWith(line)),
        `${line} in\n${text.join('\n')}`,
      ).toBe(true);
  });

  it('warns about octet 8 of a NAT64 address', () => {
    expect(lines('64:ff9b:1:a00:100:100::', ['64:ff9b:1::/48']).join('\n')).toContain(
      'octet 8 is not zero: translators differ about this address',
    );
  });

  it('leaves the zone out of everything but the address', () => {
    const [first, ...rest] = lines('fe80::1%eth0');
    expect(first).toBe('fe80::1%eth0');
    expect(rest.join('\n')).not.toContain('%');
  });

  it('aligns what it says', () => {
    for (const address of ['8.8.8.8', '::ffff:10.0.0.1', 'ff02::fb', '2002:a00:1::']) {
      const starts = lines(address)
        .slice(1)
        .map((line) => /^ {2}\S* +/.exec(line)?.[0].length);
      expect(new Set(starts).size, address).toBe(1);
    }
  });

  it('paints by meaning', () => {
    const text = describeLines(classify('8.8.8.8'), [], (style, cell) => `<${style} ${cell}>`).join('\n');
    expect(text).toContain('<strong 8.8.8.8>');
    expect(text).toContain('<good globally reachable>');
    expect(describeLines(classify('::1'), [], (style, cell) => `<${style} ${cell}>`).join('\n')).toContain(
      '<bad not globally reachable>',
    );
  });
});

describe('describeCells', () => {
  it.each([
    ['8.8.8.8', 'global', 'global', 'global', ''],
    ['10.0.0.1', 'private', 'global', 'not global', 'Private-Use'],
    ['::', 'unspecified', 'none', 'not global', 'Unspecified Address'],
    ['::ffff:7f00:1', 'mapped', 'link-local', 'not global', 'mapped 127.0.0.1, loopback'],
    ['224.0.0.251', 'multicast', 'link-local', 'not global', 'mDNS'],
    ['fe80::1%eth0', 'link-local', 'link-local', 'not global', 'Link-Local Unicast'],
  ])('says about %s', (address, ...rest) => {
    const [text, ...others] = cells(address);
    expect(text).toBe(classify(address).address);
    expect(others).toEqual(rest);
  });
});
