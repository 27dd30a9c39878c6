/**
 * The order of rows by columns of unsigned 32-bit words and then by a column of bytes, stable: a radix sort, in linear time,
 * where a comparing sort of a million prefixes takes most of a build. Passes over digits that are all the same are left out.
 *
 * @returns the row numbers in order
 */
export function sortRows(words: readonly Uint32Array[], bytes: Uint8Array, count: number): Uint32Array {
  let order = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  if (isSorted(words, bytes, count)) return order;
  let spare = new Uint32Array(count);
  const pass = (column: Uint32Array | Uint8Array, shift: number, digits: number) => {
    const ends = countDigits(column, count, shift, digits);
    if (ends.includes(count)) return;
    for (let digit = 0; digit < digits; digit++)
      ends[digit + 1] = (ends[digit + 1] as number) + (ends[digit] as number);
    distribute(column, order, spare, ends, shift);
    [order, spare] = [spare, order];
  };
  // The least significant digit first.
  pass(bytes, 0, 256);
  for (const column of words.toReversed()) {
    pass(column, 0, 0x1_0000);
    pass(column, 16, 0x1_0000);
  }
  return order;
}

/** How many rows have each digit, at the place of the next one. */
function countDigits(column: Uint32Array | Uint8Array, count: number, shift: number, digits: number): Uint32Array {
  const counts = new Uint32Array(digits + 1);
  for (let row = 0; row < count; row++) {
    const digit = (((column[row] as number) >>> shift) & (digits - 1)) + 1;
    counts[digit] = (counts[digit] as number) + 1;
  }
  return counts;
}

/** Puts the rows where their digits belong. */
function distribute(
  column: Uint32Array | Uint8Array,
  order: Uint32Array,
  spare: Uint32Array,
  ends: Uint32Array,
  shift: number,
): void {
  const mask = ends.length - 2;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    const digit = ((column[row] as number) >>> shift) & mask;
    const place = ends[digit] as number;
    ends[digit] = place + 1;
    spare[place] = row;
  }
}

function isSorted(words: readonly Uint32Array[], bytes: Uint8Array, count: number): boolean {
  for (let row = 1; row < count; row++) {
    let order = 0;
    for (const column of words) {
      order = (column[row - 1] as number) - (column[row] as number);
      if (order !== 0) break;
    }
    if (order > 0 || (order === 0 && (bytes[row - 1] as number) > (bytes[row] as number))) return false;
  }
  return true;
}
