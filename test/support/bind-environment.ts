import { parseAddress } from '../../src/ip/index.js';
import type { BindEnvironment, InterfaceAddress } from '../../src/socket/index.js';

/** A machine on paper: a loopback, `eth0` with an address of each family and a link-local one, and localhost with both families. */
export function environmentOf(changes: Partial<BindEnvironment> = {}): BindEnvironment {
  return {
    platform: 'linux',
    nodeVersion: '22.23.3',
    interfaces: {
      lo: [ipv4('127.0.0.1', '255.0.0.0', true), ipv6('::1', true)],
      eth0: [ipv4('10.9.9.1', '255.255.255.0'), ipv6('2001:db8::1'), ipv6('fe80::1')],
    },
    names: namesOf({ localhost: ['::1', '127.0.0.1'] }),
    canBindPrivileged: false,
    unprivilegedPortStart: 1024,
    nonlocalBind: false,
    ipv6Enabled: true,
    ...changes,
  };
}

export function namesOf(names: Readonly<Record<string, readonly string[]>>): BindEnvironment['names'] {
  return new Map(Object.entries(names).map(([name, all]) => [name, all.map((text) => parseAddress(text))]));
}

export function ipv4(address: string, netmask: string, internal = false): InterfaceAddress {
  return { address, netmask, family: 'IPv4', internal };
}

export function ipv6(address: string, internal = false): InterfaceAddress {
  return { address, netmask: 'ffff:ffff:ffff:ffff::', family: 'IPv6', internal, scopeid: 0 };
}
