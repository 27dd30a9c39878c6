/**
 * A set of integers as the sorted points where membership changes: private to `ip/`. The first point begins a run, the
 * second is the one after its end, and so on; a run that reaches the end of the space has no second point. An integer is
 * in the set when an odd number of points is not after it.
 */

/** The points of IPv4 as numbers, of IPv6 as bigints. */
export type Points = readonly number[] | Float64Array | readonly bigint[];

/** The points of a combination of two sets, of which `keep` says what is in it. */
export function combine<T extends number | bigint>(
  a: ArrayLike<T>,
  b: ArrayLike<T>,
  keep: (inA: boolean, inB: boolean) => boolean,
): T[] {
  const points: T[] = [];
  let i = 0;
  let j = 0;
  let inside = false;
  while (i < a.length || j < b.length) {
    const nextA = a[i];
    const nextB = b[j];
    const at = nextB === undefined || (nextA !== undefined && nextA <= nextB) ? nextA : nextB;
    // One of them is there, as one index is below its length.
    if (at === undefined) break;
    if (nextA === at) i++;
    if (nextB === at) j++;
    if (keep((i & 1) === 1, (j & 1) === 1) !== inside) {
      inside = !inside;
      points.push(at);
    }
  }
  return points;
}

/** With so many points a directory is worth its memory, 256 kB. */
const LARGE = 16_384;

/** The points of IPv4 in typed arrays: four bytes each, or two beside a directory by the first 16 bits. */
export class IPv4Toggles {
  readonly #points: Uint32Array | null;
  readonly #directory: Uint32Array | null = null;
  readonly #lows: Uint16Array | null = null;

  constructor(points: ArrayLike<number>) {
    if (points.length < LARGE) {
      this.#points = Uint32Array.from(points);
      return;
    }
    this.#points = null;
    this.#lows = Uint16Array.from(points, (point) => point & 0xffff);
    const directory = new Uint32Array(0x1_0001);
    for (let i = 0; i < points.length; i++) {
      const block = ((points[i] as number) >>> 16) + 1;
      directory[block] = (directory[block] as number) + 1;
    }
    for (let block = 0; block < 0x1_0000; block++) {
      directory[block + 1] = (directory[block + 1] as number) + (directory[block] as number);
    }
    this.#directory = directory;
  }

  get length(): number {
    return (this.#points ?? this.#lows)?.length ?? 0;
  }

  get byteLength(): number {
    return (this.#points?.byteLength ?? 0) + (this.#lows?.byteLength ?? 0) + (this.#directory?.byteLength ?? 0);
  }

  has(bits: number): boolean {
    return (this.count(bits) & 1) === 1;
  }

  /** How many points are not after the bits. */
  count(bits: number): number {
    const x = bits >>> 0;
    if (this.#points !== null) return countUpTo(this.#points, 0, this.#points.length, x);
    const directory = this.#directory as Uint32Array;
    const from = directory[x >>> 16] as number;
    const to = directory[(x >>> 16) + 1] as number;
    return countUpTo(this.#lows as Uint16Array, from, to, x & 0xffff);
  }

  /** The points as numbers. */
  points(): Float64Array {
    if (this.#points !== null) return Float64Array.from(this.#points);
    const lows = this.#lows as Uint16Array;
    const directory = this.#directory as Uint32Array;
    const points = new Float64Array(lows.length);
    for (let block = 0; block < 0x1_0000; block++) {
      for (let i = directory[block] as number; i < (directory[block + 1] as number); i++) {
        points[i] = block * 0x1_0000 + (lows[i] as number);
      }
    }
    return points;
  }
}

/** The points of IPv6 in typed arrays: eight bytes each, sixteen when one is not at a multiple of 2^64. */
export class IPv6Toggles {
  readonly #w0: Uint32Array;
  readonly #w1: Uint32Array;
  readonly #w2: Uint32Array | null;
  readonly #w3: Uint32Array | null;

  constructor(points: readonly bigint[]) {
    const column = (shift: bigint) => Uint32Array.from(points, (point) => Number(BigInt.asUintN(32, point >> shift)));
    const long = points.some((point) => BigInt.asUintN(64, point) !== 0n);
    this.#w0 = column(96n);
    this.#w1 = column(64n);
    this.#w2 = long ? column(32n) : null;
    this.#w3 = long ? column(0n) : null;
  }

  get length(): number {
    return this.#w0.length;
  }

  get byteLength(): number {
    return [this.#w0, this.#w1, this.#w2, this.#w3].reduce((sum, column) => sum + (column?.byteLength ?? 0), 0);
  }

  has(a: number, b: number, c: number, d: number): boolean {
    return (this.count(a, b, c, d) & 1) === 1;
  }

  /** How many points are not after the words. */
  count(a: number, b: number, c: number, d: number): number {
    let low = 0;
    let high = this.#w0.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isAfter(middle, a >>> 0, b >>> 0, c >>> 0, d >>> 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The points as bigints. */
  points(): bigint[] {
    return Array.from(this.#w0, (_, i) => this.point(i));
  }

  point(i: number): bigint {
    const high = (BigInt(this.#w0[i] as number) << 32n) | BigInt(this.#w1[i] as number);
    const low = (BigInt(this.#w2?.[i] ?? 0) << 32n) | BigInt(this.#w3?.[i] ?? 0);
    return (high << 64n) | low;
  }

  #isAfter(i: number, a: number, b: number, c: number, d: number): boolean {
    const w0 = this.#w0[i] as number;
    if (w0 !== a) return w0 > a;
    const w1 = this.#w1[i] as number;
    if (w1 !== b) return w1 > b;
    const w2 = this.#w2?.[i] ?? 0;
    if (w2 !== c) return w2 > c;
    return (this.#w3?.[i] ?? 0) > d;
  }
}

/** How many of the sorted values from `from` to before `to` are not above `x`, and all before `from`. */
function countUpTo(values: Uint32Array | Uint16Array, from: number, to: number, x: number): number {
  let low = from;
  let count = to - from;
  while (count > 0) {
    const half = (count + 1) >>> 1;
    if ((values[low + half - 1] as number) <= x) low += half;
    count -= half;
  }
  return low;
}
