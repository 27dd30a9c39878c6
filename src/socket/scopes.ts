import { quote } from '../checks/quote.js';
import { isAddress } from '../ip/index.js';
import type { InterfaceAddress } from './bind-environment.js';
import { SocketAddressError } from './socket-address-error.js';

/** The numbers of a machine's interfaces by their names. */
export type Scopes = ReadonlyMap<string, number>;

/**
 * The numbers of interfaces, of what `os.networkInterfaces()` gives. It has them for link-local addresses alone: an
 * interface without one, as the loopback of Linux is, is not in the map.
 *
 * @throws {TypeError} for what is no lists of addresses by name
 */
export function scopesOf(interfaces: Readonly<Record<string, readonly InterfaceAddress[] | undefined>>): Scopes {
  const given: unknown = interfaces;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`the interfaces are ${quote(given)}: pass what os.networkInterfaces() gives`);
  }
  const scopes = new Map<string, number>();
  for (const [name, addresses] of Object.entries(interfaces)) {
    const list: unknown = addresses ?? [];
    if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'object' && entry !== null)) {
      throw new TypeError(`${quote(name)} has ${quote(list)}: pass lists of addresses, as from os.networkInterfaces()`);
    }
    const scope = addresses?.find(({ scopeid }) => typeof scopeid === 'number' && scopeid > 0)?.scopeid;
    if (scope !== undefined) scopes.set(name, scope);
  }
  return scopes;
}

/**
 * For what JavaScript passes: a wrong number would be written in place of the zone.
 *
 * @throws {TypeError} for what is no Map of zones and numbers from 1 on
 */
export function checkScopes(scopes: unknown): void {
  if (scopes === undefined) return;
  if (!(scopes instanceof Map)) throw new TypeError(`scopes is ${quote(scopes)}: pass a Map, such as scopesOf() gives`);
  for (const [zone, scope] of scopes) {
    if (typeof zone !== 'string') throw new TypeError(`scopes has ${quote(zone)}: its keys must be text`);
    if (!Number.isInteger(scope) || scope < 1 || scope > MAX_SCOPE_ID) {
      throw new TypeError(
        `scopes has ${quote(scope)} for ${quote(zone)}: write a whole number from 1 to ${MAX_SCOPE_ID}`,
      );
    }
  }
}

const MAX_SCOPE_ID = 0xffff_ffff;

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
  // Windows has names with blanks, which no address can have as its zone.
  for (const [zone, scope] of scopes ?? []) if (scope === scopeId && isAddress(`fe80::1%${zone}`)) return zone;
  throw new SocketAddressError(scopeId, {
    code: 'SCOPE_UNKNOWN',
    key: 'scopeId',
    problem: `scopeId ${scopeId} is a number, here the name of the interface is written`,
    hint: `pass scopes with it, e.g. {scopes: new Map([['eth0', ${scopeId}]])}, or a zone in place of the scopeId`,
  });
}
