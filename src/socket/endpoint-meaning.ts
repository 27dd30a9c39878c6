import { familiesOf } from './dialects/families.js';
import { isPort } from './dialects/port.js';
import type { Endpoint } from './endpoint.js';
import { toAddressValue } from './host.js';

/** Whether two lists of endpoints mean the same: the same families of the same hosts, the same ports, whatever the words. */
export function sameMeaning(first: readonly Endpoint[], second: readonly Endpoint[]): boolean {
  const one = new Set(first.flatMap(meaningOf));
  const other = new Set(second.flatMap(meaningOf));
  return one.size === other.size && [...one].every((atom) => other.has(atom));
}

/** What of a value is not as an endpoint has it, null when it is one: for what JavaScript passes. */
export function faultOfEndpoint(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return 'it is no object';
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const kind = fields.kind;
  if (typeof fields.optional !== 'boolean') return 'optional is no boolean';
  if (kind === 'unix') return typeof fields.path === 'string' && fields.path !== '' ? null : 'path is no text';
  for (const [first, last] of PORTS) {
    const from = fields[first];
    const to = fields[last];
    if (from !== null && !isPort(from)) return `${first} is no port from 0 to 65535, and not null`;
    if (to !== null && !(isPort(to) && isPort(from) && from > 0 && to > from))
      return `${last} is no port after ${first}, and not null`;
  }
  if (fields.protocol !== null && fields.protocol !== 'tcp' && fields.protocol !== 'udp')
    return "protocol is not 'tcp', 'udp' or null";
  if (kind === 'name') return typeof fields.name === 'string' && fields.name !== '' ? null : 'name is no text';
  if (kind === 'wildcard') {
    return ['ipv4', 'ipv6', 'both'].some((families) => families === fields.families)
      ? null
      : "families is not 'ipv4', 'ipv6' or 'both'";
  }
  if (kind !== 'address') return "kind is not 'address', 'name', 'wildcard' or 'unix'";
  if (toAddressValue(fields.address) === null) return 'address is no address value';
  return fields.ipv6Only === null || typeof fields.ipv6Only === 'boolean'
    ? null
    : 'ipv6Only is no boolean, and not null';
}

const PORTS = [
  ['port', 'lastPort'],
  ['containerPort', 'lastContainerPort'],
] as const;

/** What an endpoint takes, in parts that can be compared: a dual-stack wildcard is two. */
function meaningOf(endpoint: Endpoint): string[] {
  if (endpoint.kind === 'unix') return [JSON.stringify(['unix', endpoint.path, endpoint.optional])];
  const { port, lastPort, containerPort, lastContainerPort, protocol, optional } = endpoint;
  // A text that names no protocol means TCP.
  const beside = [port, lastPort, containerPort, lastContainerPort, protocol ?? 'tcp', optional];
  return hostsOf(endpoint).map((host) => JSON.stringify([...host, ...beside]));
}

function hostsOf(endpoint: Exclude<Endpoint, { kind: 'unix' }>): (readonly string[])[] {
  const families = familiesOf(endpoint);
  if (families !== null) return families === 'both' ? [['ipv4'], ['ipv6']] : [[families]];
  if (endpoint.kind === 'name') return [['name', endpoint.name]];
  if (endpoint.kind !== 'address') return [];
  const { address, ipv6Only } = endpoint;
  // An IPv4-mapped address takes the same peers as the IPv4 address, unless IPv6 only, when it can't be bound.
  if (address.family === 6 && ipv6Only !== true) return [['address', String(address.unmap())]];
  return [['address', String(address)]];
}
