/**
 * The order of rows by columns of unsigned 32-bit words and then by a column of bytes, stable: a radix sort, in linear time,
 * where a comparing sort of a million prefixes takes most of a build. Passes over digits that are all the same are left out.
 *
 * @returns the row numbers in order
 */
export function sortRows(words: readonly Uint32Array[], bytes: Uint8Array, count: number): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, row) => row);
  let spare = new Uint32Array(count);
  const pass = (digits: number, digitOf: (row: number) => number) => {
    const ends = new Uint32Array(digits + 1);
    for (let row = 0; row < count; row++) {
      const digit = digitOf(row) + 1;
      ends[digit] = (ends[digit] as number) + 1;
    }
    if (ends.includes(count)) return;
    for (let digit = 0; digit < digits; digit++)
      ends[digit + 1] = (ends[digit + 1] as number) + (ends[digit] as number);
    for (const row of order) {
      const digit = digitOf(row);
      const place = ends[digit] as number;
      ends[digit] = place + 1;
      spare[place] = row;
    }
    [order, spare] = [spare, order];
  };
  if (isSorted(words, bytes, count)) return order;
  // The least significant digit first.
  pass(256, (row) => bytes[row] as number);
  for (const column of words.toReversed()) {
    pass(0x1_0000, (row) => (column[row] as number) & 0xffff);
    pass(0x1_0000, (row) => (column[row] as number) >>> 16);
  }
  return order;
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
