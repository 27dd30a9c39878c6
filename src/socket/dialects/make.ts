import type { Address } from '../../ip/index.js';
import type { AddressEndpoint, NameEndpoint, UnixEndpoint, WildcardEndpoint } from '../endpoint.js';
import type { Host } from './host.js';
import type { Refusal } from './refusal.js';

/** What an endpoint says beside its host. */
export interface Beside {
  readonly port: number | null;
  readonly lastPort?: number | null;
  readonly containerPort?: number | null;
  readonly lastContainerPort?: number | null;
  readonly protocol?: 'tcp' | 'udp' | null;
  readonly optional?: boolean;
}

// Endpoints have the same fields in the same order, wherever they come from.

export function addressEndpoint(address: Address, beside: Beside, ipv6Only: boolean | null = null): AddressEndpoint {
  return { kind: 'address', address, ipv6Only: address.family === 6 ? ipv6Only : null, ...besideOf(beside) };
}

export function nameEndpoint(name: string, beside: Beside): NameEndpoint {
  return { kind: 'name', name, ...besideOf(beside) };
}

export function wildcardEndpoint(families: WildcardEndpoint['families'], beside: Beside): WildcardEndpoint {
  return { kind: 'wildcard', families, ...besideOf(beside) };
}

export function unixEndpoint(path: string): UnixEndpoint {
  return { kind: 'unix', path, optional: false };
}

/** The endpoint of a host that was read, or why there is none. */
export function hostEndpoint(
  host: Host,
  beside: Beside,
  ipv6Only: boolean | null = null,
): AddressEndpoint | NameEndpoint | Refusal {
  if (host.kind === 'refused') return host;
  return host.kind === 'name' ? nameEndpoint(host.name, beside) : addressEndpoint(host.address, beside, ipv6Only);
}

function besideOf(beside: Beside) {
  const {
    port,
    lastPort = null,
    containerPort = null,
    lastContainerPort = null,
    protocol = null,
    optional = false,
  } = beside;
  return { port, lastPort, containerPort, lastContainerPort, protocol, optional };
}
