import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { isMulticast, isUnspecified, Prefix, parseAddress, parsePrefix } from '../ip/index.js';
import type { BindEnvironment, InterfaceAddress } from './bind-environment.js';
import type { NodeBehaviour } from './node-behaviour.js';
import { nodeBehaviour } from './node-behaviour.js';
import type { TakenInterface } from './plan-result.js';

/** An environment, made ready for questions about addresses. */
export interface Machine {
  readonly environment: BindEnvironment;
  readonly node: NodeBehaviour;
  /** Whether the platform is the one that was measured. */
  readonly measured: boolean;
  readonly nonlocal: { readonly ipv4: boolean; readonly ipv6: boolean };
  /** Whether the kernel takes an IPv4 address for one to bind to: 0.0.0.0, an own one, multicast, broadcast. */
  bindsIPv4(address: Address): boolean;
  isBroadcast(address: Address): boolean;
  /** Whether an interface, or that of the zone, has an IPv6 address, which is given without its zone. */
  hasIPv6(address: string, zone: string | null): boolean;
  hasInterface(name: string): boolean;
  /** What a bind takes: '*' for all addresses of a family, null for none. */
  taken(ipv4: string | null, ipv6: string | null): readonly TakenInterface[];
}

const LIMITED_BROADCAST = '255.255.255.255';

/**
 * @throws {TypeError} for an interface with an address or a netmask that is none
 */
export function createMachine(environment: BindEnvironment): Machine {
  const { interfaces, ipv6Enabled, nonlocalBind, nodeVersion, platform } = environment;
  const names = Object.keys(interfaces);
  const entries = names.flatMap((name) => (interfaces[name] ?? []).map((entry) => readEntry(name, entry)));
  const routes = environment.ipv4Routes === undefined ? routesOf(entries) : readRoutes(environment.ipv4Routes);
  const local = matcher(routes.local);
  const broadcast = matcher(routes.broadcast);
  const ipv6 = new Set<string>();
  for (const { name, address } of entries) {
    if (address.family === 4 || !ipv6Enabled) continue;
    ipv6.add(withoutZone(address)).add(`${withoutZone(address)}%${name}`);
  }

  const isBroadcast = (address: Address) =>
    address.family === 4 && (broadcast(address) || address.toString() === LIMITED_BROADCAST);
  const everything = new Map<string, readonly TakenInterface[]>();
  const named = takenBy(names, entries, ipv6Enabled);
  const hidden = hiddenAddresses(routes.local, entries);
  const owners = ownersOf(named);

  return {
    environment,
    node: nodeBehaviour(nodeVersion),
    measured: platform === 'linux',
    nonlocal: typeof nonlocalBind === 'boolean' ? { ipv4: nonlocalBind, ipv6: nonlocalBind } : nonlocalBind,
    bindsIPv4: (address) => isUnspecified(address) || isMulticast(address) || isBroadcast(address) || local(address),
    isBroadcast,
    hasIPv6: (address, zone) => ipv6.has(zone === null ? address : `${address}%${zone}`),
    hasInterface: (name) => Object.hasOwn(interfaces, name),
    taken: (v4, v6) => {
      if (v4 !== '*' && v6 !== '*') return ownerOf(v4 ?? v6, owners, entries);
      const key = `${v4 === '*'} ${v6 === '*'}`;
      const known = everything.get(key);
      if (known !== undefined) return known;
      const families = [...(v4 === '*' ? [4] : []), ...(v6 === '*' ? [6] : [])];
      const all = [...named, { name: null, addresses: hidden }]
        .map(({ name, addresses }) => ({
          name,
          addresses: addresses.filter((text) => families.includes(text.includes(':') ? 6 : 4)),
        }))
        .filter(({ addresses }) => addresses.length > 0);
      everything.set(key, all);
      return all;
    },
  };
}

/** The text of an address, without its zone. */
export function withoutZone(address: Address): string {
  return (address.family === 6 ? address.withZone(null) : address).toString();
}

interface Entry {
  readonly name: string;
  readonly address: Address;
  /** The subnet of an IPv4 address. */
  readonly prefix: Prefix | null;
  readonly internal: boolean;
}

function readEntry(name: string, { address, netmask, internal }: InterfaceAddress): Entry {
  try {
    const parsed = parseAddress(address);
    const prefix = parsed.family === 4 ? Prefix.fromNetmask(parsed, netmask, { hostBits: 'mask' }) : null;
    return { name, address: parsed, prefix, internal };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : 'no address';
    throw new TypeError(`interfaces[${quote(name)}]: ${problem}`, { cause });
  }
}

interface Routes {
  readonly local: readonly Prefix[];
  readonly broadcast: readonly Prefix[];
}

function readRoutes({
  local,
  broadcast,
}: {
  readonly local: readonly string[];
  readonly broadcast: readonly string[];
}) {
  return { local: local.map((text) => parsePrefix(text)), broadcast: broadcast.map((text) => parsePrefix(text)) };
}

/** What Linux puts into the routing table for the addresses of interfaces. */
function routesOf(entries: readonly Entry[]): Routes {
  const local: Prefix[] = [];
  const broadcast: Prefix[] = [];
  for (const { address, prefix, internal } of entries) {
    if (prefix === null) continue;
    local.push(internal ? prefix : Prefix.from(address, 32));
    // RFC 3021: a subnet of two addresses has no broadcast
    if (prefix.length < 31) broadcast.push(Prefix.from(prefix.last, 32));
  }
  return { local, broadcast };
}

/** For the few prefixes of a machine, nearly all of them single addresses, a `PrefixSet` is too much. */
function matcher(prefixes: readonly Prefix[]): (address: Address) => boolean {
  const single = new Set(prefixes.filter(({ length }) => length === 32).map(({ first }) => first.toString()));
  const subnets = prefixes.filter(({ length }) => length < 32);
  return (address) => single.has(address.toString()) || subnets.some((subnet) => subnet.contains(address));
}

function takenBy(names: readonly string[], entries: readonly Entry[], ipv6Enabled: boolean): TakenInterface[] {
  const byName = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const { name, address } of entries) {
    if (address.family === 6 && !ipv6Enabled) continue;
    const text = withoutZone(address);
    byName.get(name)?.push(/^fe[89ab]/.test(text) ? `${text}%${name}` : text);
  }
  return [...byName].map(([name, addresses]) => ({ name, addresses }));
}

/** Single addresses that the routing table has, and no interface. */
function hiddenAddresses(local: readonly Prefix[], entries: readonly Entry[]): string[] {
  const known = new Set(entries.map(({ address }) => address.toString()));
  return local
    .filter(({ length }) => length === 32)
    .map(({ first }) => first.toString())
    .filter((text) => !known.has(text));
}

function ownersOf(named: readonly TakenInterface[]): ReadonlyMap<string, readonly TakenInterface[]> {
  const owners = new Map<string, TakenInterface[]>();
  for (const { name, addresses } of named) {
    for (const address of addresses) {
      const one = { name, addresses: [address] };
      const known = owners.get(address);
      if (known === undefined) owners.set(address, [one]);
      else known.push(one);
    }
  }
  return owners;
}

/** The interface of one address; of an address of a loopback's subnet, the loopback. */
function ownerOf(
  text: string | null,
  owners: ReadonlyMap<string, readonly TakenInterface[]>,
  entries: readonly Entry[],
): readonly TakenInterface[] {
  if (text === null) return [];
  const known = owners.get(text);
  if (known !== undefined || text.includes(':')) return known ?? [];
  const loopback = entries.find(({ internal, prefix }) => internal && prefix?.contains(text) === true);
  return loopback === undefined ? [] : [{ name: loopback.name, addresses: [text] }];
}
