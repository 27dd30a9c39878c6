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
    for (const slot of this.sharingSlots(claim, flag)) yield* slot.claims;
  }

  /** The same, those that are alike together. */
  *sharingSlots(claim: InetClaim, flag: number): Generator<Slot> {
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & flag) !== 0) yield* slots.meeting(claim);
    }
  }

  /** Binds that share one of the flags with `claim` and meet it, but not at a group or a broadcast, and are not alike. */
  *unequalSharers(claim: InetClaim, flags: number): Generator<InetClaim> {
    if (claim.isForMany) return;
    const own = keyOf(claim);
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & claim.sharing & flags) === 0) continue;
      for (const slot of slots.meeting(claim)) if (slot.key !== own && !slot.isForMany) yield* slot.claims;
    }
  }

  /** Binds like `claim` that share the flag with it, and no other; none at a group or a broadcast. */
  *equalSharers(claim: InetClaim, flag: number): Generator<InetClaim> {
    if (claim.isForMany) return;
    for (const [sharing, slots] of this.#bySharing) {
      if ((sharing & claim.sharing) === flag) yield* slots.at(keyOf(claim))?.claims ?? [];
    }
  }

  /** The index of the first bind like `claim` that has the sharing flag, or its own. */
  firstLike(claim: InetClaim, flag: number): number {
    let { index } = claim;
    for (const [sharing, slots] of this.#bySharing) {
      const first = (sharing & flag) === 0 ? undefined : slots.at(keyOf(claim))?.claims[0];
      if (first !== undefined) index = Math.min(index, first.index);
    }
    return index;
  }

  /** Binds to names whose addresses are not known. */
  get unknown(): readonly InetClaim[] {
    return this.#unknown;
  }

  get all(): readonly InetClaim[] {
    return this.#all;
  }
}

/** Binds that are alike: they take the same, by sockets of the same family. */
export interface Slot {
  readonly key: string;
  readonly isForMany: boolean;
  readonly claims: InetClaim[];
}

/** No bind takes an address of each family: one takes an address, or all of IPv4, of IPv6, or of both. */
const ALL = '* * 6';

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
    const slot = { key, isForMany: claim.isForMany, claims: [claim] };
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
    const own = ipv4 === null ? [keyOf(claim), '- * 6'] : [`${ipv4} - 4`, `${ipv4} - 6`, '* - 4', '* - 6'];
    for (const key of [...own, ALL]) {
      const slot = this.#byKey.get(key);
      if (slot !== undefined) yield slot;
    }
  }
}

/** Equal of claims that take the same, by sockets of the same family. */
export function keyOf({ ipv4, ipv6, family }: InetClaim): string {
  return `${ipv4 ?? '-'} ${ipv6 ?? '-'} ${family}`;
}
