import { quote } from '../checks/quote.js';
import type { Address } from '../ip/index.js';
import { parseAddress, safeParseAddress } from '../ip/index.js';
import type { InetBind } from './bind.js';
import { AF_INET, SOCK_DGRAM } from './constants.js';
import { lenientAddress } from './host.js';

/** What the host of a bind comes to: a socket is bound to one address. */
export type BindHost =
  /** `of`: an address as it was written, one that only `inet_aton` reads, or the first of a name. */
  | {
      readonly kind: 'address';
      readonly address: Address;
      readonly of: 'literal' | 'lenient' | 'name';
      readonly all: readonly Address[];
    }
  /** A name that has no address, of the family that is asked for. */
  | { readonly kind: 'absent' }
  /** `isAsked`: whether the addresses that it has are known, and leave it open which one this socket gets. */
  | { readonly kind: 'unknown'; readonly isAsked: boolean };

/**
 * The address that Node binds for a host.
 *
 * @param names the addresses of names, in the order of the system's resolver
 */
export function hostOfBind(bind: InetBind, names: ReadonlyMap<string, readonly Address[]>): BindHost {
  const { host } = bind;
  const literal = safeParseAddress(host);
  if (literal.success) return { kind: 'address', address: literal.data, of: 'literal', all: [literal.data] };
  const lenient = lenientAddress(host);
  if (lenient !== null) {
    const address = parseAddress(lenient);
    return { kind: 'address', address, of: 'lenient', all: [address] };
  }
  const all = names.get(host) ?? names.get(host.toLowerCase());
  if (all === undefined) return { kind: 'unknown', isAsked: false };
  const usable = bind.type === SOCK_DGRAM ? all.filter(({ family }) => family === wantedFamily(bind)) : all;
  const [first] = usable;
  if (first !== undefined) return { kind: 'address', address: first, of: 'name', all };
  // glibc takes the ::1 of a hosts file for 127.0.0.1 when it is asked for IPv4.
  if (all.some((address) => address.toString() === '::1')) return { kind: 'unknown', isAsked: true };
  return { kind: 'absent' };
}

function wantedFamily({ family }: InetBind): 4 | 6 {
  return family === AF_INET ? 4 : 6;
}

/** The addresses of a name that a bind could take, in words. */
export function addressesOf(bind: InetBind): string {
  const family = bind.type === SOCK_DGRAM ? `IPv${wantedFamily(bind)} ` : '';
  return `the ${family}addresses of ${quote(bind.host)}`;
}
