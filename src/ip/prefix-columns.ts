import { sortRows } from './sort.js';
import { w0, w1, w2, w3 } from './words.js';

/** Prefixes of one family in columns that grow, as a bulk build collects them: private to `ip/`. */
export class PrefixColumns {
  readonly family: 4 | 6;
  count = 0;
  /** The words of the first addresses: one column for IPv4, four for IPv6. */
  keys: Uint32Array[];
  lengths = new Uint8Array(64);
  /** A number for each prefix, for whoever needs one. */
  numbers = new Uint32Array(64);

  constructor(family: 4 | 6) {
    this.family = family;
    this.keys = Array.from({ length: family === 4 ? 1 : 4 }, () => new Uint32Array(64));
  }

  /** Adds the prefix in the words. */
  add(length: number, number: number): void {
    const { count } = this;
    if (count === this.lengths.length) this.#grow();
    if (this.family === 4) (this.keys[0] as Uint32Array)[count] = w3;
    else {
      (this.keys[0] as Uint32Array)[count] = w0;
      (this.keys[1] as Uint32Array)[count] = w1;
      (this.keys[2] as Uint32Array)[count] = w2;
      (this.keys[3] as Uint32Array)[count] = w3;
    }
    this.lengths[count] = length;
    this.numbers[count] = number;
    this.count = count + 1;
  }

  /** The rows in the order of their prefixes; of equal ones in the order in which they came. */
  sorted(): Uint32Array {
    return sortRows(this.keys, this.lengths, this.count);
  }

  /** Whether two rows have the same prefix. */
  same(row: number, other: number): boolean {
    return this.lengths[row] === this.lengths[other] && this.keys.every((column) => column[row] === column[other]);
  }

  #grow(): void {
    const room = this.lengths.length * 2;
    const grown = <T extends Uint8Array | Uint32Array>(array: T, made: T): T => {
      made.set(array);
      return made;
    };
    this.keys = this.keys.map((column) => grown(column, new Uint32Array(room)));
    this.lengths = grown(this.lengths, new Uint8Array(room));
    this.numbers = grown(this.numbers, new Uint32Array(room));
  }
}
