// Writes a MaxMind DB file in memory: mmdb-lib only reads them, and npm has no package that writes one.
//
// https://maxmind.github.io/MaxMind-DB/ (version 2.0): a binary tree over the bits of addresses, whose records lead to
// another node or to data; a prefix with longer ones inside is pushed down to all the leaves around them.

const MAGIC = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex');
const SEPARATOR = 16;

/**
 * An IPv4 database of prefixes, no two the same, with a text for each: the parts of `support/prefixes.mjs`, already read.
 *
 * @param {readonly import('./prefixes.mjs').Parts[]} prefixes
 * @param {readonly string[]} values
 */
export function writeMmdb(prefixes, values) {
  // Records by node, two for each: 0 leads nowhere, a positive one to a node, a negative one to a value, -1 to the first.
  let records = new Int32Array(2 ** 16);
  let nodes = 1;
  /** @param {number} both records of the new node */
  const add = (both) => {
    if (nodes * 2 === records.length) {
      const larger = new Int32Array(records.length * 2);
      larger.set(records);
      records = larger;
    }
    records[nodes * 2] = both;
    records[nodes * 2 + 1] = both;
    return nodes++;
  };
  /** @type {Map<string, number>} */
  const numbers = new Map();
  /** @type {number[]} rows by length */
  const order = Array.from({ length: 33 }, () => /** @type {number[]} */ ([]));
  for (const [row, [, , length]] of prefixes.entries()) order[length].push(row);
  // The shorter first, so that a prefix never has to be pushed into a tree that is there.
  for (const row of order.flat()) {
    const [first, , length] = prefixes[row];
    const number = numbers.get(values[row]) ?? numbers.size + 1;
    numbers.set(values[row], number);
    let node = 0;
    for (let bit = 0; bit < length - 1; bit++) {
      const at = node * 2 + ((first >>> (31 - bit)) & 1);
      let child = records[at];
      if (child <= 0) {
        child = add(child);
        records[at] = child;
      }
      node = child;
    }
    records[node * 2 + ((first >>> (32 - length)) & 1)] = -number;
  }

  const texts = [...numbers.keys()].map(text);
  /** @type {number[]} */
  const offsets = [];
  let end = 0;
  for (const { length } of texts) {
    offsets.push(end);
    end += length;
  }
  const size = recordSize(nodes + SEPARATOR + end);
  const tree = Buffer.allocUnsafe((nodes * 2 * size) / 8);
  for (let at = 0; at < nodes * 2; at++) {
    const record = records[at];
    const pointer = record > 0 ? record : record === 0 ? nodes : nodes + SEPARATOR + offsets[-record - 1];
    if (size === 24) {
      tree[at * 3] = pointer >>> 16;
      tree[at * 3 + 1] = pointer >>> 8;
      tree[at * 3 + 2] = pointer;
    } else tree.writeUInt32BE(pointer, at * 4);
  }
  const metadata = map({
    binary_format_major_version: unsigned(5, 2),
    binary_format_minor_version: unsigned(5, 0),
    build_epoch: unsigned(9, 0),
    database_type: text('inaddr-bench'),
    description: map({ en: text('prefixes of a benchmark') }),
    ip_version: unsigned(5, 4),
    languages: Buffer.concat([control(11, 1), text('en')]),
    node_count: unsigned(6, nodes),
    record_size: unsigned(5, size),
  });
  return Buffer.concat([tree, Buffer.alloc(SEPARATOR), ...texts, MAGIC, metadata]);
}

/**
 * The smallest that holds a pointer, as MaxMind's writer takes it, but for the odd 28 bits.
 *
 * @param {number} pointer the greatest one
 */
function recordSize(pointer) {
  return pointer < 2 ** 24 ? 24 : 32;
}

/** @param {string} value */
function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([control(2, bytes.length), bytes]);
}

/** @param {number} type @param {number} value */
function unsigned(type, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  const short = type === 5 ? bytes.subarray(2) : bytes;
  return Buffer.concat([control(type, short.length), short]);
}

/** @param {Record<string, Buffer>} entries */
function map(entries) {
  return Buffer.concat([
    control(7, Object.keys(entries).length),
    ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]),
  ]);
}

/** @param {number} type @param {number} size below 29 */
function control(type, size) {
  return type < 8 ? Buffer.of((type << 5) | size) : Buffer.of(size, type - 7);
}
