import type { AddressEndpoint, Endpoint, WildcardEndpoint } from '../endpoint.js';

/**
 * Which families' every interface an endpoint is: of a wildcard, `0.0.0.0`, `::`, which is both unless it says otherwise, and
 * the IPv4-mapped `::ffff:0.0.0.0`. Null for an endpoint that is not every interface.
 */
export function familiesOf(endpoint: Endpoint): WildcardEndpoint['families'] | null {
  if (endpoint.kind === 'wildcard') return endpoint.families;
  if (endpoint.kind !== 'address') return null;
  switch (String(endpoint.address)) {
    case '0.0.0.0':
      return 'ipv4';
    case '::':
      return endpoint.ipv6Only === true ? 'ipv6' : 'both';
    case '::ffff:0.0.0.0':
      return endpoint.ipv6Only === true ? null : 'ipv4';
    default:
      return null;
  }
}

/**
 * The text of an address where a socket of IPv6 takes no IPv4 peers: an IPv4-mapped one is then written as IPv4, unless the
 * endpoint says that it is IPv6 only, which no kernel binds.
 */
export function textOfUnmapped({ address, ipv6Only }: AddressEndpoint): string {
  return String(address.family === 6 && ipv6Only !== true ? address.unmap() : address);
}
