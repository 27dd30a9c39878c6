import type { SlowAddress, SlowPrefix } from './slow-address.js';
import {
  comparePrefixesSlowly,
  holds,
  isInside,
  printPrefix,
  shareAnAddress,
  unwrapAddress,
  unwrapPrefix,
} from './slow-prefix.js';

export interface GoldenEntry<V> {
  readonly prefix: SlowPrefix;
  readonly value: V;
}

/** The table that everybody can check by reading: a list, looked through from end to end for each answer. */
export class GoldenTable<V> {
  readonly #entries: GoldenEntry<V>[] = [];
  readonly #mapped: 'unwrap' | 'keep';

  constructor(mapped: 'unwrap' | 'keep') {
    this.#mapped = mapped;
  }

  get size(): number {
    return this.#entries.length;
  }

  entryAt(index: number): GoldenEntry<V> | undefined {
    return this.#entries[index];
  }

  set(prefix: SlowPrefix, value: V): void {
    const stored = this.#stored(prefix);
    const index = this.#indexOf(stored);
    if (index < 0) this.#entries.push({ prefix: stored, value });
    else this.#entries[index] = { prefix: stored, value };
  }

  delete(prefix: SlowPrefix): boolean {
    const index = this.#indexOf(this.#stored(prefix));
    if (index < 0) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  get(prefix: SlowPrefix): GoldenEntry<V> | null {
    return this.#entries[this.#indexOf(this.#stored(prefix))] ?? null;
  }

  /** Of all that contain the address, the longest first. */
  matches(address: SlowAddress): GoldenEntry<V>[] {
    const asked = this.#mapped === 'keep' ? address : unwrapAddress(address);
    const found = this.#entries.filter(({ prefix }) => holds(prefix, asked));
    return found.sort((a, b) => b.prefix.length - a.prefix.length);
  }

  within(prefix: SlowPrefix): GoldenEntry<V>[] {
    const outer = this.#stored(prefix);
    return this.#sorted(this.#entries.filter((entry) => isInside(entry.prefix, outer)));
  }

  overlaps(prefix: SlowPrefix): boolean {
    const asked = this.#stored(prefix);
    return this.#entries.some((entry) => shareAnAddress(entry.prefix, asked));
  }

  entries(): GoldenEntry<V>[] {
    return this.#sorted([...this.#entries]);
  }

  #sorted(entries: GoldenEntry<V>[]): GoldenEntry<V>[] {
    return entries.sort((a, b) => comparePrefixesSlowly(a.prefix, b.prefix));
  }

  #stored(prefix: SlowPrefix): SlowPrefix {
    return this.#mapped === 'keep' ? prefix : unwrapPrefix(prefix);
  }

  #indexOf(stored: SlowPrefix): number {
    return this.#entries.findIndex(({ prefix }) => comparePrefixesSlowly(prefix, stored) === 0);
  }
}

export function printEntry<V>({ prefix, value }: GoldenEntry<V>): readonly [prefix: string, value: V] {
  return [printPrefix(prefix), value];
}
