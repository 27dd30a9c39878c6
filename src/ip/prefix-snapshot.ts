import type { TableArrays } from './prefix-table.js';
import { IPV4_BLOCKS, IPV6_BLOCKS, PrefixTable } from './prefix-table.js';

/**
 * A prefix table as bytes: private to `ip/` but for its error.
 *
 *     0   magic 'inaddrPM'
 *     8   version, uint32        12  checksum, uint32: CRC-32 of all bytes after it
 *     16  byte length, uint32    20  mapped, uint32: 0 unwrap, 1 keep
 *     24  number of values       28  number of arrays
 *     32  for each array its element count, uint32
 *         then the arrays, each beginning at a multiple of four: for IPv4, its wide prefixes, IPv6 and its wide ones the
 *         eight columns of `TableArrays`; then the end of each value, and the bytes of all values
 *
 * The checksum finds accidents. It is no signature: who loads a snapshot trusts who wrote it.
 *
 * All numbers are little-endian, as every machine that runs Node today has them; on another a snapshot is refused.
 */

/** Why bytes are no snapshot. Stable: a program may compare it. */
export type SnapshotErrorCode = 'NOT_SNAPSHOT' | 'NEWER_VERSION' | 'TRUNCATED' | 'CORRUPTED' | 'BYTE_ORDER';

/** Thrown for bytes that are no snapshot that can be loaded. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly code: SnapshotErrorCode;
  /** Where in the bytes. */
  readonly offset: number;
  /** What to do instead. */
  readonly hint: string;

  constructor(code: SnapshotErrorCode, offset: number, problem: string, hint: string) {
    super(`snapshot: ${problem} at offset ${offset}; ${hint}`);
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}

/** What a snapshot holds, loaded. */
export interface Snapshot<V> {
  readonly ipv4: PrefixTable;
  readonly ipv6: PrefixTable;
  readonly values: V[];
  readonly mapped: 'unwrap' | 'keep';
}

const MAGIC = /* @__PURE__ */ Uint8Array.from('inaddrPM', (character) => character.charCodeAt(0));
const VERSION = 1;
const CHECKED_FROM = 16;
const HEADER = 32;

const COLUMNS = ['starts', 'key0', 'key1', 'key2', 'key3', 'lengths', 'ups', 'numbers'] as const;
const ELEMENT_BYTES: Readonly<Record<(typeof COLUMNS)[number], 1 | 2 | 4>> = {
  starts: 4,
  key0: 4,
  key1: 4,
  key2: 4,
  key3: 4,
  lengths: 1,
  ups: 2,
  numbers: 4,
};
/** IPv4, IPv4 wide, IPv6, IPv6 wide. */
const TABLES = 4;

/** The bytes of two tables. `numbers` gives for each number in the tables the place of its value. */
export function writeSnapshot(source: {
  readonly ipv4: PrefixTable;
  readonly ipv6: PrefixTable;
  readonly numbers: Uint32Array;
  readonly values: readonly Uint8Array[];
  readonly mapped: 'unwrap' | 'keep' | undefined;
}): Uint8Array {
  checkByteOrder();
  const tables = [source.ipv4, source.ipv4.short, source.ipv6, source.ipv6.short].map((table) =>
    columnsOf(table, source.numbers),
  );
  let end = 0;
  const ends = Uint32Array.from(source.values, (value) => (end += value.length));
  const blob = new Uint8Array(end);
  source.values.forEach((value, i) => {
    blob.set(value, (ends[i] as number) - value.length);
  });
  const arrays = [...tables.flat(), ends, blob];
  const length = arrays.reduce((sum, array) => sum + aligned(array.byteLength), HEADER + arrays.length * 4);
  const bytes = new Uint8Array(length);
  const header = new Uint32Array(bytes.buffer, 0, HEADER / 4 + arrays.length);
  bytes.set(MAGIC);
  header.set([VERSION, 0, length, source.mapped === 'keep' ? 1 : 0, source.values.length, arrays.length], 2);
  let offset = header.byteLength;
  arrays.forEach((array, i) => {
    header[HEADER / 4 + i] = array.length;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  });
  header[3] = crc32(bytes.subarray(CHECKED_FROM));
  return bytes;
}

/**
 * The tables in the bytes, as views of them.
 *
 * @throws {SnapshotError} when the bytes are no snapshot that can be loaded
 */
export function readSnapshot<V>(given: Uint8Array, decode: (bytes: Uint8Array) => V): Snapshot<V> {
  checkByteOrder();
  if (!(given instanceof Uint8Array))
    throw new SnapshotError('NOT_SNAPSHOT', 0, 'no Uint8Array', 'pass the bytes of toBytes()');
  if (!given.subarray(0, MAGIC.length).every((byte, i) => byte === MAGIC[i])) {
    throw new SnapshotError('NOT_SNAPSHOT', 0, 'no snapshot', 'pass the bytes of toBytes()');
  }
  if (given.length < HEADER) throw truncated(given.length);
  // Views of 32-bit numbers must begin at a multiple of four.
  const bytes = given.byteOffset % 4 === 0 ? given : Uint8Array.from(given);
  const header = new Uint32Array(bytes.buffer, bytes.byteOffset, HEADER / 4);
  const [, , version, checksum, length = 0, mapped, valueCount = 0, arrayCount = 0] = header;
  // No release has written it.
  if (version === 0) throw new SnapshotError('CORRUPTED', 8, 'version 0', 'copy or write the snapshot again');
  if (version !== VERSION) {
    throw new SnapshotError(
      'NEWER_VERSION',
      8,
      `version ${version}`,
      `this release reads version ${VERSION}: write the snapshot again`,
    );
  }
  if (bytes.length < length) throw truncated(bytes.length);
  const expected = TABLES * COLUMNS.length + 2;
  if (bytes.length > length || arrayCount !== expected || crc32(bytes.subarray(CHECKED_FROM)) !== checksum) {
    throw new SnapshotError('CORRUPTED', 12, 'checksum does not fit', 'copy or write the snapshot again');
  }
  let offset = HEADER + arrayCount * 4;
  if (offset > length) throw corrupted('arrays do not fill it');
  const lengths = new Uint32Array(bytes.buffer, bytes.byteOffset + HEADER, arrayCount);
  const sizes = [...Array.from({ length: TABLES }, () => COLUMNS.map((name) => ELEMENT_BYTES[name])).flat(), 4, 1];
  const total = lengths.reduce((sum, elements, i) => sum + aligned(elements * (sizes[i] ?? 0)), offset);
  if (total !== length) throw corrupted('arrays do not fill it');
  const take = (elements: number, size: 1 | 2 | 4) => {
    const at = bytes.byteOffset + offset;
    offset += aligned(elements * size);
    if (size === 4) return new Uint32Array(bytes.buffer, at, elements);
    return size === 2 ? new Uint16Array(bytes.buffer, at, elements) : new Uint8Array(bytes.buffer, at, elements);
  };
  const tables = Array.from({ length: TABLES }, (_, table) =>
    Object.fromEntries(
      COLUMNS.map((name, i) => [name, take(lengths[table * COLUMNS.length + i] ?? 0, ELEMENT_BYTES[name])]),
    ),
  ) as unknown as [TableArrays, TableArrays, TableArrays, TableArrays];
  const ends = take(lengths[arrayCount - 2] ?? 0, 4);
  const blob = take(lengths[arrayCount - 1] ?? 0, 1) as Uint8Array;
  tables.forEach((table, i) => {
    checkTable(i < 2 ? 4 : 6, table, valueCount, i % 2 === 1);
  });
  if (
    ends.length !== valueCount ||
    (ends.at(-1) ?? 0) !== blob.length ||
    ends.some((end, i) => end < (ends[i - 1] ?? 0))
  ) {
    throw corrupted('values do not fill it');
  }
  const values = Array.from({ length: valueCount }, (_, i) =>
    decode(blob.subarray(i === 0 ? 0 : ends[i - 1], ends[i])),
  );
  return {
    ipv4: tableOf(4, tables[0], tables[1]),
    ipv6: tableOf(6, tables[2], tables[3]),
    values,
    mapped: mapped === 1 ? 'keep' : 'unwrap',
  };
}

/**
 * Looks through a table whose checksum fits: whoever can change bytes can make one, and links that lead out of a block would be
 * followed for ever.
 */
function checkTable(family: 4 | 6, table: TableArrays, values: number, wide: boolean): void {
  const { starts, key0, key1, key2, key3, lengths, ups, numbers } = table;
  const places = key0.length;
  const columns = [lengths, ups, numbers].every((column) => column.length === places);
  const words = key1.length === (family === 6 ? places : 0) && key2.length === key3.length;
  if (!columns || !words || (key2.length !== 0 && (family === 4 || key2.length !== places)))
    throw corrupted('columns differ');
  if (starts.length === 0 ? places > 0 || !wide : !directorySizes(family, wide).includes(starts.length)) {
    throw corrupted('no such directory');
  }
  if ((starts[0] ?? 0) !== 0 || (starts.at(-1) ?? 0) !== places) throw corrupted('blocks do not fill the table');
  // Without the last two words of keys a longer prefix would match whatever stands there.
  const longest = family === 4 ? 32 : key2.length > 0 ? 128 : 64;
  for (let block = 0; block + 1 < starts.length; block++) {
    const start = starts[block] as number;
    const end = starts[block + 1] as number;
    if (end < start || end > places) throw corrupted('blocks overlap');
    for (let place = start; place < end; place++) {
      if ((ups[place] as number) > place - start) throw corrupted('a link leads out of its block');
      if ((lengths[place] as number) > longest) throw corrupted('a prefix is too long');
      if ((numbers[place] as number) >= values) throw corrupted('a value is missing');
    }
  }
}

/** With one block, and its end, or with a directory of all. */
function directorySizes(family: 4 | 6, wide: boolean): readonly number[] {
  return wide ? [2] : [2, (family === 4 ? IPV4_BLOCKS : IPV6_BLOCKS) + 1];
}

function corrupted(problem: string): SnapshotError {
  return new SnapshotError('CORRUPTED', CHECKED_FROM, problem, 'write the snapshot again');
}

function tableOf(family: 4 | 6, arrays: TableArrays, wide: TableArrays): PrefixTable {
  const table = new PrefixTable(family);
  let short: PrefixTable | null = null;
  // A table without a directory has one block.
  if (arrays.starts.length > 2) {
    short = new PrefixTable(family);
    short.adopt(wide, wide.key0.length, null);
  }
  table.adopt(arrays, arrays.key0.length + (short?.size ?? 0), short);
  return table;
}

/** The columns of a table without places to spare, its numbers replaced by the places of their values. */
function columnsOf(table: PrefixTable | null, numbers: Uint32Array): (Uint32Array | Uint16Array | Uint8Array)[] {
  if (table === null) return COLUMNS.map(() => new Uint8Array(0));
  const arrays = table.compacted();
  return COLUMNS.map((name) =>
    name === 'numbers' ? arrays.numbers.map((number) => numbers[number] as number) : arrays[name],
  );
}

function aligned(bytes: number): number {
  // Not by bits: lengths that are forged are beyond 32 of them.
  return Math.ceil(bytes / 4) * 4;
}

function truncated(length: number): SnapshotError {
  return new SnapshotError('TRUNCATED', length, 'the end is missing', 'copy or write the snapshot again');
}

function checkByteOrder(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
    throw new SnapshotError('BYTE_ORDER', 0, 'big-endian machine', 'build the table here with PrefixMap.from');
  }
}

/** Tables for four bytes at a step. */
const CRC_TABLES: readonly Uint32Array[] = /* @__PURE__ */ crcTables();

/** CRC-32 as in ISO 3309 and zlib; every single changed byte changes it. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = CRC_TABLES as unknown as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = -1;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    crc ^=
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    crc =
      (t3[crc & 0xff] as number) ^
      (t2[(crc >>> 8) & 0xff] as number) ^
      (t1[(crc >>> 16) & 0xff] as number) ^
      (t0[crc >>> 24] as number);
  }
  for (; i < bytes.length; i++) crc = (t0[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function crcTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    return crc;
  });
  const tables = [first];
  for (let step = 1; step < 4; step++) {
    tables.push((tables[step - 1] as Uint32Array).map((crc) => (crc >>> 8) ^ (first[crc & 0xff] as number)));
  }
  return tables;
}
