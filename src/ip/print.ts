/**
 * Words to canonical text: private to `ip/`, where values and functions that print meet.
 */

/** '0' to '255', and '0.' to '255.': the fewer pieces a text is put together from, the faster. */
const OCTETS: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, octet) => String(octet));
const DOTTED: readonly string[] = /* @__PURE__ */ OCTETS.map((text) => `${text}.`);

export function printIPv4(bits: number): string {
  return `${DOTTED[bits >>> 24]}${DOTTED[(bits >>> 16) & 0xff]}${DOTTED[(bits >>> 8) & 0xff]}${OCTETS[bits & 0xff]}`;
}

/**
 * The text RFC 5952 section 4 asks for: lower case, no leading zeros, the longest run of two or more zero
 * groups as `::`, the first of equal runs. Mixed notation (section 5) for the three prefixes that are known
 * to carry an IPv4 address in their last 32 bits, ::ffff:0:0/96, ::ffff:0:0:0/96 and 64:ff9b::/96; never for
 * ::/96, where `::2` would become `::0.0.0.2`.
 */
export function printIPv6(a: number, b: number, c: number, d: number): string {
  return carriesIPv4(a, b, c) ? printMixed(a, b, c, d) : printGroups(a, b, c, d, 8);
}

/** Mixed notation whatever the prefix; `::` is chosen among the first six groups. */
export function printMixed(a: number, b: number, c: number, d: number): string {
  const head = printGroups(a, b, c, d, 6);
  return (head.endsWith('::') ? head : `${head}:`) + printIPv4(d);
}

function carriesIPv4(a: number, b: number, c: number): boolean {
  if (b !== 0) return false;
  if (a === 0) return c === 0xffff || c === -0x10000;
  return a === 0x64ff9b && c === 0;
}

/** The first `count` (6 or 8) groups, compressed. */
function printGroups(a: number, b: number, c: number, d: number, count: number): string {
  // A bit for each zero group, group 0 in bit 0: the run is found by a look into a table.
  let zeros =
    (a >>> 16 === 0 ? 1 : 0) |
    ((a & 0xffff) === 0 ? 2 : 0) |
    (b >>> 16 === 0 ? 4 : 0) |
    ((b & 0xffff) === 0 ? 8 : 0) |
    (c >>> 16 === 0 ? 16 : 0) |
    ((c & 0xffff) === 0 ? 32 : 0);
  if (count === 8) zeros |= (d >>> 16 === 0 ? 64 : 0) | ((d & 0xffff) === 0 ? 128 : 0);
  const run = RUNS[zeros] as number;
  const start = run === 0 ? -1 : run >> 4;
  const end = run === 0 ? 0 : start + (run & 0xf);
  let text = '';
  for (let i = 0; i < count; i++) {
    if (i === start) {
      text += '::';
      i = end - 1;
      continue;
    }
    const word = i < 4 ? (i < 2 ? a : b) : i < 6 ? c : d;
    const group = (i & 1) === 0 ? word >>> 16 : word & 0xffff;
    const bytes = i === 0 || i === end ? HEX : COLON_HEX;
    text += group < 256 ? bytes[group] : `${bytes[group >> 8]}${HEX_PADDED[group & 0xff]}`;
  }
  return text;
}

/** The hexadecimal text of each byte: half the time of `toString(16)` on a group. */
const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) => byte.toString(16));
const HEX_PADDED: readonly string[] = /* @__PURE__ */ HEX.map((text) => text.padStart(2, '0'));
const COLON_HEX: readonly string[] = /* @__PURE__ */ HEX.map((text) => `:${text}`);

/**
 * For each set of zero groups the run that `::` replaces, its start in the high and its length in the low four bits: the
 * longest, of equal ones the first; 0 when there is none, as one group alone is never replaced.
 */
const RUNS: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 256 }, (_, zeros) => {
  let best = 0;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (((zeros >> (start + length)) & 1) === 1) length++;
    if (length > Math.max(best & 0xf, 1)) best = (start << 4) | length;
  }
  return best;
});
