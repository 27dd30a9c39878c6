import { quote } from '../checks/quote.js';
import type { InterfaceAddress } from './bind-environment.js';
import { SocketAddressError } from './socket-address-error.js';

/** The numbers of a machine's interfaces by their names. */
export type Scopes = ReadonlyMap<string, number>;

/**
 * The numbers of interfaces, of what `os.networkInterfaces()` gives. It has them for link-local addresses alone: an
 * interface without one, as the loopback of Linux is, is not in the map.
 */
export function scopesOf(interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>>): Scopes {
  const scopes = new Map<string, number>();
  for (const [name, addresses] of Object.entries(interfaces)) {
    const scope = addresses?.find(({ scopeid }) => typeof scopeid === 'number' && scopeid > 0)?.scopeid;
    if (scope !== undefined) scopes.set(name, scope);
  }
  return scopes;
}

/** @throws {SocketAddressError} `SCOPE_UNKNOWN` */
export function scopeOfZone(zone: string, scopes: Scopes | undefined): number {
  const scope = scopes?.get(zone);
  if (scope !== undefined) return scope;
  throw new SocketAddressError(zone, {
    code: 'SCOPE_UNKNOWN',
    key: 'address',
    problem: `zone ${quote(zone)} is a name, here a number is written`,
    hint: `pass scopes with it, e.g. {scopes: new Map([[${quote(zone)}, 2]])}, or a scopeId in place of the zone`,
  });
}

/** @throws {SocketAddressError} `SCOPE_UNKNOWN` */
export function zoneOfScope(scopeId: number, scopes: Scopes | undefined): string {
  for (const [zone, scope] of scopes ?? []) if (scope === scopeId) return zone;
  throw new SocketAddressError(scopeId, {
    code: 'SCOPE_UNKNOWN',
    key: 'scopeId',
    problem: `scopeId ${scopeId} is a number, here the name of the interface is written`,
    hint: `pass scopes with it, e.g. {scopes: new Map([['eth0', ${scopeId}]])}, or a zone in place of the scopeId`,
  });
}
