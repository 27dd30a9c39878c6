// Claim: a stream of lines is best parsed from the bytes that were read.

import { parseAddress, parseAddressBytes } from '../dist/ip/index.js';
import { compare } from './support/compare.mjs';
import { ipv4Texts, ipv6Texts } from './support/inputs.mjs';
import { faster, report } from './support/report.mjs';

/**
 * @param {string} work
 * @param {readonly string[]} texts
 * @param {import('./support/report.mjs').Target} target
 */
function claim(work, texts, target) {
  // A line a text, as a file has them; line n goes from lines[n] + 1 to before lines[n + 1].
  const bytes = Buffer.from(`\n${texts.join('\n')}\n`, 'latin1');
  const lines = new Int32Array(texts.length + 1);
  for (const [line, text] of texts.entries()) lines[line + 1] = (lines[line] ?? 0) + 1 + text.length;
  const numbers = texts.map((_, line) => line);
  const start = (/** @type {number} */ line) => /** @type {number} */ (lines[line]) + 1;
  const end = (/** @type {number} */ line) => /** @type {number} */ (lines[line + 1]);
  return compare({
    work,
    inputs: numbers,
    ours: { name: 'parseAddressBytes', run: (line) => parseAddressBytes(bytes, start(line), end(line)) },
    peers: [
      { name: 'parseAddress on text at hand', inputs: texts, run: (text) => parseAddress(text), target },
      {
        name: 'parseAddress on text made of the bytes',
        run: (line) => parseAddress(bytes.latin1Slice(start(line), end(line))),
        target: null,
      },
    ],
  });
}

report('Parse from bytes', [
  ...claim('parse IPv4 bytes', ipv4Texts(), faster(2)),
  ...claim('parse IPv6 bytes', ipv6Texts(), faster(1.6)),
]);
