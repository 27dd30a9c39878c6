/**
 * Address text to integer and back in the most obvious way: strings and bigints, nothing shared with `src/ip`.
 */

export interface SlowAddress {
  readonly family: 4 | 6;
  readonly integer: bigint;
}

/** The last address of each family. */
export const LAST = { 4: 2n ** 32n - 1n, 6: 2n ** 128n - 1n } as const;

/** Reads text that is known to be an address, without a zone. */
export function readSlowly(text: string): SlowAddress {
  if (!text.includes(':')) return { family: 4, integer: readQuad(text) };
  const hexOnly = text.replace(/[0-9]+(?:\.[0-9]+){3}$/, (quad) => {
    const bits = readQuad(quad);
    return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
  });
  const [head = '', tail] = hexOnly.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return { family: 6, integer: BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`) };
}

function readQuad(text: string): bigint {
  return text.split('.').reduce((bits, octet) => bits * 256n + BigInt(octet), 0n);
}

/** The text of RFC 5952. */
export function printSlowly({ family, integer }: SlowAddress): string {
  if (family === 4) return printQuad(integer);
  const groups = groupsOf(integer);
  const carriesIPv4 = /^(0:0:0:0:0:ffff|0:0:0:0:ffff:0|64:ff9b:0:0:0:0)$/.test(groups.slice(0, 6).join(':'));
  return carriesIPv4 ? compress([...groups.slice(0, 6), printQuad(integer & 0xffff_ffffn)]) : compress(groups);
}

/** Eight hexadecimal groups without leading zeros. */
export function groupsOf(integer: bigint): string[] {
  const digits = integer.toString(16).padStart(32, '0');
  return Array.from({ length: 8 }, (_, i) => digits.slice(i * 4, i * 4 + 4).replace(/^0{1,3}/, ''));
}

function printQuad(integer: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (integer >> shift) & 0xffn).join('.');
}

/** Replaces the longest run of two or more zero groups, of equal ones the first. */
function compress(groups: readonly string[]): string {
  const runs = groups.flatMap((_, start) => {
    const others = groups.slice(start).findIndex((group) => group !== '0');
    return [{ start, length: others < 0 ? groups.length - start : others }];
  });
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best));
  if (longest.length < 2) return groups.join(':');
  const before = groups.slice(0, longest.start).join(':');
  return `${before}::${groups.slice(longest.start + longest.length).join(':')}`;
}

export interface SlowPrefix {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly length: number;
}

/** Reads `192.0.2.0/24`. */
export function prefixOf(text: string): SlowPrefix {
  const [address = '', length = ''] = text.split('/');
  const { family, integer } = readSlowly(address);
  const size = 2n ** BigInt((family === 4 ? 32 : 128) - Number(length));
  return { family, first: integer, last: integer + size - 1n, length: Number(length) };
}

/** First and last address of a prefix, the one before and the one after, and one inside. */
export function edgesOf(prefix: string): readonly SlowAddress[] {
  const { family, first, last } = prefixOf(prefix);
  const edges = [first, last, first - 1n, last + 1n, (first + last) / 2n];
  return edges.filter((integer) => integer >= 0n && integer <= LAST[family]).map((integer) => ({ family, integer }));
}
