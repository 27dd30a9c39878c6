import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IPv6Address } from '../../src/ip/index.js';
import type { Reach } from '../../src/socket/index.js';
import type { OpenSocket, OpenTcpSocket, OpenUdpSocket, OpenUnixSocket } from '../../src/tcp/index.js';
import { isListening, parseProcNet, socketExposure } from '../../src/tcp/index.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';

function listener(address: string): OpenTcpSocket {
  return {
    protocol: 'tcp',
    type: 'SOCK_STREAM',
    family: address.includes(':') ? 'AF_INET6' : 'AF_INET',
    local: { address, port: 80 },
    remote: null,
    state: 'LISTEN',
    sendQueue: 0,
    receiveQueue: 0,
    timer: null,
    retransmits: 0,
    uid: 0,
    inode: 1,
    processes: null,
  };
}

describe('socketExposure', () => {
  it.each<[string, Reach, Reach, boolean]>([
    ['127.0.0.1', 'loopback', 'none', false],
    ['127.255.255.255', 'loopback', 'none', false],
    ['::1', 'none', 'loopback', false],
    ['::ffff:127.0.0.1', 'loopback', 'none', false],
    ['169.254.1.1', 'link', 'none', false],
    ['fe80::1', 'none', 'link', false],
    ['10.0.0.1', 'private', 'none', false],
    ['172.16.0.1', 'private', 'none', false],
    ['192.168.255.255', 'private', 'none', false],
    ['100.64.0.1', 'private', 'none', false],
    ['fd00::1', 'none', 'private', false],
    ['fec0::1', 'none', 'private', false],
    ['::ffff:10.0.0.1', 'private', 'none', false],
    ['8.8.8.8', 'public', 'none', false],
    ['240.0.0.1', 'public', 'none', false],
    ['192.0.2.1', 'public', 'none', false],
    ['2001:db8::1', 'none', 'public', false],
    ['2002:a00:1::1', 'none', 'public', false],
    ['2001::1', 'none', 'public', false],
    ['0.0.0.0', 'all', 'none', false],
    ['::ffff:0.0.0.0', 'all', 'none', false],
    // Not known is not harmless.
    ['::', 'all', 'all', true],
  ])('of a listener on %s is IPv4 %s, IPv6 %s', (address, reach4, reach6, ipv4Assumed) => {
    expect(socketExposure(listener(address))).toEqual({
      ipv4: reach4,
      ipv6: reach6,
      ipv4Assumed,
      widest: reach6 === 'none' ? reach4 : reach6,
    });
  });

  it('is there for every listener, and never nobody', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), (address) => {
        const exposure = socketExposure(listener(address.toString()));
        expect(exposure?.widest).toMatch(/^(?:loopback|link|private|public|all)$/);
      }),
    );
  });

  it('of a mapped address is that of its IPv4 address', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        const mapped = address.toMapped();
        expect(mapped).toBeInstanceOf(IPv6Address);
        expect(socketExposure(listener(mapped.toString()))).toEqual(socketExposure(listener(address.toString())));
      }),
    );
  });

  it('is null for what takes nothing from strangers', () => {
    expect(socketExposure({ ...listener('0.0.0.0'), state: 'ESTABLISHED' })).toBeNull();
    expect(socketExposure({ ...listener('0.0.0.0'), state: 'CLOSED' })).toBeNull();
    const udp: OpenUdpSocket = {
      ...listener('0.0.0.0'),
      protocol: 'udp',
      type: 'SOCK_DGRAM',
      state: 'CONNECTED',
      drops: 0,
    };
    expect(socketExposure(udp)).toBeNull();
    expect(socketExposure({ ...udp, state: 'UNCONNECTED' })?.widest).toBe('all');
  });

  it('is null for unix sockets, which have no network', () => {
    const [unix]: OpenUnixSocket[] = parseProcNet('c9b790e0: 00000002 00000000 00010000 0001 01 5 /a', {
      kind: 'unix',
    });
    expect(unix).toBeDefined();
    if (unix !== undefined) expect(socketExposure(unix)).toBeNull();
  });
});

it('does not take for closed what it does not understand', () => {
  const socket = { protocol: 'TCP', state: 'LISTEN', local: { address: '0.0.0.0', port: 1 } };
  for (const one of [socket, {}, 5]) {
    expect(() => socketExposure(one as unknown as OpenSocket)).toThrow(/^protocol is /);
    expect(() => isListening(one as unknown as OpenSocket)).toThrow(/^protocol is /);
  }
});
