// The floor of bench/summary.mjs: reads the file that is its argument in chunks, and prints the sum of its bytes.

import { openSync, readSync } from 'node:fs';

const file = openSync(process.argv[2] ?? '', 'r');
const chunk = new Uint8Array(2 ** 16);

/** @param {number} length */
function sumOf(length) {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += /** @type {number} */ (chunk[i]);
  return sum;
}

let sum = 0;
for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) sum += sumOf(length);
console.log(sum);
