/**
 * A set of integers as the sorted points where membership changes: private to `ip/`. The first point begins a run, the
 * second is the one after its end, and so on; a run that reaches the end of the space has no second point. An integer is
 * in the set when an odd number of points is not after it. The points of IPv4 are numbers, of IPv6 bigints.
 */

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

/** With so many points 16 bits of directory and points without their first 16 bits are smaller. */
const LARGE = 16_384;

/**
 * The points of IPv4 in typed arrays, beside a directory by their first bits, which leaves a step or two of search.
 *
 * Below `LARGE` points: 4 bytes each, and a directory of about as many entries of two bytes. From there on a directory by
 * the first 16 bits, and 2 bytes each; 1 byte each where all are at multiples of 256, as sets of prefixes up to /24 are.
 */
export class IPv4Toggles {
  readonly #points: Uint32Array | null = null;
  /** How far an address is shifted to the right to find its block. */
  readonly #shift: number = 16;
  /** The first point of each block, and the end: less what `#bases` has for its 256 blocks, where that is there. */
  readonly #directory: Uint16Array | Uint32Array;
  readonly #bases: Uint32Array | null = null;
  readonly #lows: Uint16Array | null = null;
  readonly #thirds: Uint8Array | null = null;

  constructor(points: ArrayLike<number>) {
    const { length } = points;
    if (length < LARGE) this.#shift = Math.max(18, Math.min(24, Math.clz32(length)));
    const starts = new Uint32Array(2 ** (32 - this.#shift) + 1);
    let aligned = true;
    for (let i = 0; i < length; i++) {
      const point = points[i] as number;
      const block = (point >>> this.#shift) + 1;
      starts[block] = (starts[block] as number) + 1;
      aligned &&= (point & 0xff) === 0;
    }
    for (let block = 1; block < starts.length; block++) {
      starts[block] = (starts[block] as number) + (starts[block - 1] as number);
    }
    if (length < LARGE) {
      this.#points = Uint32Array.from(points);
      this.#directory = Uint16Array.from(starts);
    } else if (aligned) {
      // A block has 256 points at most: those of 256 blocks are counted with 16 bits.
      const bases = starts.filter((_, block) => (block & 0xff) === 0);
      this.#bases = bases;
      this.#directory = Uint16Array.from(starts, (start, block) => start - (bases[block >>> 8] as number));
      const thirds = new Uint8Array(length);
      for (let i = 0; i < length; i++) thirds[i] = (points[i] as number) >>> 8;
      this.#thirds = thirds;
    } else {
      this.#directory = starts;
      const lows = new Uint16Array(length);
      for (let i = 0; i < length; i++) lows[i] = points[i] as number;
      this.#lows = lows;
    }
  }

  get length(): number {
    return (this.#points ?? this.#thirds ?? this.#lows)?.length ?? 0;
  }

  get byteLength(): number {
    return [this.#points, this.#directory, this.#bases, this.#lows, this.#thirds].reduce(
      (sum, array) => sum + (array?.byteLength ?? 0),
      0,
    );
  }

  has(bits: number): boolean {
    return (this.count(bits) & 1) === 1;
  }

  /** How many points are not after the bits. */
  count(bits: number): number {
    const x = bits >>> 0;
    const block = x >>> this.#shift;
    let low = this.#start(block);
    const end = this.#start(block + 1);
    // A loop for each kind of array, so that V8 knows the kind.
    if (this.#points !== null) {
      const points = this.#points;
      for (let count = end - low; count > 0; ) {
        const half = (count + 1) >>> 1;
        if ((points[low + half - 1] as number) <= x) low += half;
        count -= half;
      }
    } else if (this.#thirds !== null) {
      const thirds = this.#thirds;
      const third = (x >>> 8) & 0xff;
      for (let count = end - low; count > 0; ) {
        const half = (count + 1) >>> 1;
        if ((thirds[low + half - 1] as number) <= third) low += half;
        count -= half;
      }
    } else {
      const lows = this.#lows as Uint16Array;
      const rest = x & 0xffff;
      for (let count = end - low; count > 0; ) {
        const half = (count + 1) >>> 1;
        if ((lows[low + half - 1] as number) <= rest) low += half;
        count -= half;
      }
    }
    return low;
  }

  /** The points as numbers. */
  points(): Float64Array {
    if (this.#points !== null) return Float64Array.from(this.#points);
    const points = new Float64Array(this.length);
    for (let block = 0; block < 0x1_0000; block++) {
      for (let i = this.#start(block); i < this.#start(block + 1); i++) {
        points[i] = block * 0x1_0000 + (this.#lows?.[i] ?? (this.#thirds?.[i] as number) * 0x100);
      }
    }
    return points;
  }

  #start(block: number): number {
    const start = this.#directory[block] as number;
    return this.#bases === null ? start : start + (this.#bases[block >>> 8] as number);
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
