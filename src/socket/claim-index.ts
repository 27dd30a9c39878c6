import type { InetClaim } from './claim.js';

/**
 * The binds of one protocol and port, by what they take, so that those which a bind meets are found without a look at the
 * others.
 */
export class ClaimIndex {
  /** An index for each combination of sharing flags: who shares with all of one need not go through it. */
  readonly #bySharing = new Map<number, Slots>();
  readonly #unknown: InetClaim[] = [];
  readonly #all: InetClaim[] = [];

  add(claim: InetClaim): void {
    this.#all.push(claim);
    if (claim.kind === 'unknown') {
      this.#unknown.push(claim);
      return;
    }
    let slots = this.#bySharing.get(claim.sharing);
    if (slots === undefined) {
      slots = new Slots();
      this.#bySharing.set(claim.sharing, slots);
    }
    slots.add(claim);
  }

  /** Binds that meet `claim` and share nothing with it, each once. */
  *rivals(claim: InetClaim): Generator<InetClaim> {
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & claim.sharing) === 0) for (const slot of slots.meeting(claim)) yield* slot.claims;
    }
  }

  /** Binds that have the sharing flag and meet `claim`, each once. */
  *sharers(claim: InetClaim, flag: number): Generator<InetClaim> {
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & flag) !== 0) for (const slot of slots.meeting(claim)) yield* slot.claims;
    }
  }

  /** Binds that share with `claim` and meet it, and take more or less than it. */
  *unequalSharers(claim: InetClaim): Generator<InetClaim> {
    const own = keyOf(claim);
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & claim.sharing) === 0) continue;
      for (const slot of slots.meeting(claim)) if (slot.key !== own) yield* slot.claims;
    }
  }

  /** Binds that have the sharing flag and take the same as `claim`. */
  *equalSharers(claim: InetClaim, flag: number): Generator<InetClaim> {
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & claim.sharing & flag) !== 0) yield* slots.at(keyOf(claim))?.claims ?? [];
    }
  }

  /** Binds to names whose addresses are not known. */
  get unknown(): readonly InetClaim[] {
    return this.#unknown;
  }

  get all(): readonly InetClaim[] {
    return this.#all;
  }
}

/** What a bind takes, and all that take just that. */
interface Slot {
  readonly key: string;
  readonly claims: InetClaim[];
}

/** No bind takes an address of each family: one takes an address, or all of IPv4, of IPv6, or of both. */
const [ALL_IPV4, ALL_IPV6, ALL] = ['* -', '- *', '* *'] as const;

class Slots {
  readonly #byKey = new Map<string, Slot>();
  readonly #ipv4: Slot[] = [];
  readonly #ipv6: Slot[] = [];

  add(claim: InetClaim): void {
    const key = keyOf(claim);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.claims.push(claim);
      return;
    }
    const slot = { key, claims: [claim] };
    this.#byKey.set(key, slot);
    if (claim.ipv4 !== null) this.#ipv4.push(slot);
    if (claim.ipv6 !== null) this.#ipv6.push(slot);
  }

  at(key: string): Slot | undefined {
    return this.#byKey.get(key);
  }

  /** Slots that have an address in common with `claim`: `*` meets its whole family, an address itself and `*`. */
  *meeting(claim: InetClaim): Generator<Slot> {
    const { ipv4, ipv6 } = claim;
    if (ipv4 === '*') yield* this.#ipv4;
    if (ipv6 === '*') for (const slot of this.#ipv6) if (ipv4 !== '*' || slot.key !== ALL) yield slot;
    if (ipv4 === '*' || ipv6 === '*') return;
    for (const key of [keyOf(claim), ipv4 === null ? ALL_IPV6 : ALL_IPV4, ALL]) {
      const slot = this.#byKey.get(key);
      if (slot !== undefined) yield slot;
    }
  }
}

function keyOf({ ipv4, ipv6 }: InetClaim): string {
  return `${ipv4 ?? '-'} ${ipv6 ?? '-'}`;
}
