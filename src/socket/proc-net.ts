import { IPv6Address, Prefix, safeParsePrefix } from '../ip/index.js';
import type { InterfaceAddress, LocalRoutes } from './bind-environment.js';

/** Text of /proc, as far as binds depend on it. Lines that are not understood are left out. */

type Interfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

/** An IPv6 address of an interface. */
export interface DeviceAddress {
  readonly name: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly interfaceIndex: number;
}

/**
 * /proc/net/fib_trie: the IPv4 addresses that are of this machine, or broadcast, in the order of the file. Null for text that has
 * none: a kernel or a sandbox that does not tell.
 *
 *     |-- 127.0.0.0
 *        /8 host LOCAL
 */
export function parseFibTrie(text: string): LocalRoutes | null {
  const local = new Set<string>();
  const broadcast = new Set<string>();
  let address: string | null = null;
  for (const line of text.split('\n')) {
    const leaf = /\|-- (\d+\.\d+\.\d+\.\d+)\s*$/.exec(line);
    if (leaf !== null) {
      address = leaf[1] ?? null;
      continue;
    }
    const [, length, kind] = /^\s+\/(\d+) \w+ (LOCAL|BROADCAST)\b/.exec(line) ?? [];
    const prefix = `${address}/${length}`;
    if (kind === undefined || !safeParsePrefix(prefix, { hostBits: 'mask' }).success) continue;
    (kind === 'LOCAL' ? local : broadcast).add(prefix);
  }
  return local.size === 0 ? null : { local: [...local], broadcast: [...broadcast] };
}

/** An address that is still looked for on the link, or was found there, can't be bound: IFA_F_TENTATIVE, IFA_F_DADFAILED. */
const NOT_YET_OURS = 0x40 | 0x08;
/** It can be bound while it is looked for: IFA_F_OPTIMISTIC. */
const OPTIMISTIC = 0x04;

/**
 * /proc/net/if_inet6: the IPv6 addresses of all interfaces, also of those that are down.
 *
 *     00000000000000000000000000000001 01 80 10 80       lo
 */
export function parseIfInet6(text: string): DeviceAddress[] {
  return text.split('\n').flatMap((line) => {
    const [, hex, index, length, flagText, name] =
      /^([0-9a-f]{32}) ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)\s+(\S+)\s*$/.exec(line) ?? [];
    if (hex === undefined || index === undefined || length === undefined || name === undefined) return [];
    const flags = Number.parseInt(flagText ?? '', 16);
    if ((flags & NOT_YET_OURS) !== 0 && (flags & OPTIMISTIC) === 0) return [];
    const prefixLength = Number.parseInt(length, 16);
    if (prefixLength > 128) return [];
    const address = IPv6Address.fromBigInt(BigInt(`0x${hex}`)).toString();
    return [{ name, address, prefixLength, interfaceIndex: Number.parseInt(index, 16) }];
  });
}

/** /proc/net/dev: the names of all interfaces. */
export function parseNetDev(text: string): string[] {
  return [...text.matchAll(/^[ \t]*([^\s|]+):[ \t]*\d/gm)].map(([, name = '']) => name);
}

/** Whether the effective capabilities of /proc/self/status have one, by its number. */
export function hasCapability(status: string, capability: number): boolean {
  const hex = /^CapEff:\s*([0-9a-fA-F]+)$/m.exec(status)?.[1];
  return hex !== undefined && ((BigInt(`0x${hex}`) >> BigInt(capability)) & 1n) === 1n;
}

/**
 * Whether the capabilities of this process count for its network, which they do when the network is of its user namespace: a
 * rootless container that has the network of its host is root in its own namespace, and nobody in the network's. Null: can't be told.
 *
 * @param uidMap /proc/self/uid_map: lines of the first user inside, the first outside, how many
 * @param owner the user, as seen from inside, that has the files of /proc/sys/net: root of the namespace that the network is of
 * @see user_namespaces(7)
 */
export function ownsNetwork(uidMap: string, owner: number): boolean | null {
  const [root, outsideText, countText] = /^ *0 +(\d+) +(\d+)$/m.exec(uidMap) ?? [];
  if (root === undefined) return null;
  const [outside, count] = [Number(outsideText), Number(countText)];
  // The first namespace, or one that differs from it in nothing.
  if (outside === 0 && count === ALL_USERS) return true;
  if (owner !== 0) return false;
  // Root of a network outside is root here, too.
  return outside === 0 ? null : true;
}

const ALL_USERS = 0xffff_ffff;

/**
 * What `os.networkInterfaces()` says, which leaves out interfaces that are down or without a carrier, with the IPv6 addresses that
 * the kernel knows in place of its own (null: not known), and an empty list for each other interface.
 */
export function mergeIPv6(
  interfaces: Interfaces,
  addresses: readonly DeviceAddress[] | null,
  devices: readonly string[],
): Interfaces {
  const merged = new Map<string, InterfaceAddress[]>(devices.map((name) => [name, []]));
  for (const [name, list] of Object.entries(interfaces)) {
    merged.set(
      name,
      (list ?? []).filter(({ family }) => family === 'IPv4' || addresses === null),
    );
  }
  for (const { name, address, prefixLength, interfaceIndex } of addresses ?? []) {
    const list = merged.get(name) ?? [];
    merged.set(name, list);
    const netmask = maskText(prefixLength);
    const internal = name === 'lo' || (interfaces[name] ?? []).some((one) => one.internal);
    const isLinkLocal = /^fe[89ab]/.test(address);
    list.push({ address, netmask, family: 'IPv6', internal, scopeid: isLinkLocal ? interfaceIndex : 0 });
  }
  return Object.fromEntries(merged);
}

function maskText(length: number): string {
  return Prefix.from(IPv6Address.fromBigInt(0n), Math.min(length, 128)).netmask.toString();
}
