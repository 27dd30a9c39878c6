import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, describeEmbedded, parseAddress } from '../../src/ip/index.js';
import { address } from '../support/arbitraries.js';

describe('describeEmbedded', () => {
  it.each([
    ['::ffff:192.0.2.1', { mechanism: 'mapped', address: '192.0.2.1', mac: null }],
    ['::ffff:0.0.0.0', { mechanism: 'mapped', address: '0.0.0.0', mac: null }],
    ['::192.0.2.1', { mechanism: 'compatible', address: '192.0.2.1', mac: null }],
    ['::2', { mechanism: 'compatible', address: '0.0.0.2', mac: null }],
    ['::ffff:0:192.0.2.1', { mechanism: 'translated', address: '192.0.2.1', mac: null }],
    [
      '64:ff9b::192.0.2.1',
      { mechanism: 'nat64', address: '192.0.2.1', mac: null, prefix: '64:ff9b::/96', canonical: true },
    ],
    ['2002:c000:201::', { mechanism: '6to4', address: '192.0.2.1', mac: null, subnet: 0 }],
    ['2002:c000:201:abcd::1', { mechanism: '6to4', address: '192.0.2.1', mac: null, subnet: 0xabcd }],
    [
      '2002:c000:201:1:200:5eff:fe00:5301',
      { mechanism: '6to4', address: '192.0.2.1', mac: '00:00:5e:00:53:01', subnet: 1 },
    ],
    [
      '2001:0:4136:e378:8000:63bf:3fff:fdd2',
      {
        mechanism: 'teredo',
        address: '192.0.2.45',
        mac: null,
        server: '65.54.227.120',
        client: '192.0.2.45',
        port: 40000,
        flags: 0x8000,
        cone: true,
      },
    ],
    [
      '2001:0:c000:201:ffff:ffff:ffff:ffff',
      {
        mechanism: 'teredo',
        address: '0.0.0.0',
        mac: null,
        server: '192.0.2.1',
        client: '0.0.0.0',
        port: 0,
        flags: 0xffff,
        cone: true,
      },
    ],
    [
      '2001::7fff:0:0:0',
      {
        mechanism: 'teredo',
        address: '255.255.255.255',
        mac: null,
        server: '0.0.0.0',
        client: '255.255.255.255',
        port: 65535,
        flags: 0x7fff,
        cone: false,
      },
    ],
    ['fe80::5efe:192.0.2.1%eth0', { mechanism: 'isatap', address: '192.0.2.1', mac: null, unique: false }],
    ['2400:cb00::200:5efe:192.0.2.1', { mechanism: 'isatap', address: '192.0.2.1', mac: null, unique: true }],
    ['fd00::5efe:10.0.0.1', { mechanism: 'isatap', address: '10.0.0.1', mac: null, unique: false }],
    ['fe80::200:5eff:fe00:5301', { mechanism: 'eui-64', address: null, mac: '00:00:5e:00:53:01' }],
    ['2400:cb00::5eff:fe00:5301', { mechanism: 'eui-64', address: null, mac: '02:00:5e:00:53:01' }],
    ['2400:cb00::fdff:ffff:feff:ffff', { mechanism: 'eui-64', address: null, mac: 'ff:ff:ff:ff:ff:ff' }],
  ])('%s', (text, description) => {
    expect(describeEmbedded(text)).toStrictEqual(description);
    expect(describeEmbedded(parseAddress(text))).toStrictEqual(description);
  });

  it.each([
    ...['192.0.2.1', '::', '::1', '2400:cb00::1', '64:ff9b:1::192.0.2.1', 'ff02::1:ff00:1', '3ffe::1'],
    // beside each prefix
    ...['::fffe:192.0.2.1', '::1:0:192.0.2.1', '64:ff9b::1:192.0.2.1', '2001:1::1', '2003:c000:201::'],
    // beside each identifier
    ...['fe80::5eff:192.0.2.1', 'fe80::100:5efe:192.0.2.1', 'fe80::300:5efe:192.0.2.1', 'fe80::5efd:192.0.2.1'],
    ...['fe80::200:5efd:ff00:5301', 'fe80::200:5e00:fe00:5301', 'fe80::200:5eff:fd00:5301'],
    // identifiers of multicast addresses, and under binary 000, are none
    ...['ff02::5efe:192.0.2.1', 'ff02::200:5eff:fe00:5301', '100::200:5eff:fe00:5301', '64:ff9b:1::5efe:192.0.2.1'],
  ])('%s: nothing', (text) => {
    expect(describeEmbedded(text)).toBeNull();
  });

  it('agrees with classify on the mechanism and the address', () => {
    fc.assert(
      fc.property(address, (value) => {
        const described = describeEmbedded(value);
        const { embedded } = classify(value);
        if (embedded === null) expect([null, 'eui-64']).toContain(described?.mechanism ?? null);
        else expect(described).toMatchObject({ mechanism: embedded.mechanism, address: embedded.address });
        expect(JSON.parse(JSON.stringify(described))).toStrictEqual(described);
      }),
      { numRuns: 2000 },
    );
  });
});
