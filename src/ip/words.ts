/**
 * The address last read, as four 32-bit words: private to `ip/`.
 *
 *     IPv6  0011:2233 : 4455:6677 : 8899:aabb : ccdd:eeff
 *              w0          w1          w2          w3
 *     IPv4                                      192.0.2.1
 *
 * Words are signed (`| 0`): V8 keeps a signed 32-bit integer without allocating, an unsigned one above
 * 2^31 it may not. `>>> 0` happens at the API's edge only. Module variables instead of a result object
 * are what lets a predicate answer from text without allocating; whoever reads them does so before
 * anything else can be read, in the same synchronous run.
 */
export let w0 = 0;
export let w1 = 0;
export let w2 = 0;
export let w3 = 0;

export function setWords(a: number, b: number, c: number, d: number): void {
  w0 = a;
  w1 = b;
  w2 = c;
  w3 = d;
}

/**
 * Whether an IPv6 address that begins with the word `first` may carry a zone: fe80::/10, fec0::/10 and
 * multicast of scope 1 to D; not global, unique-local, loopback, or scopes 0, E and F.
 *
 * @see RFC 4007 section 11.1 (zones are for non-global scopes), RFC 7346 section 2 (reserved scopes)
 */
export function takesZone(first: number): boolean {
  const high = first >>> 16;
  if (high >>> 8 === 0xff) {
    const scope = high & 0xf;
    return scope >= 0x1 && scope <= 0xd;
  }
  const ten = high & 0xffc0;
  return ten === 0xfe80 || ten === 0xfec0;
}

/** Whether the words are in ::ffff:0:0/96. */
export function isMapped(a: number, b: number, c: number): boolean {
  return c === 0xffff && a === 0 && b === 0;
}

/** The mask of word 0 to 3 for a prefix length of 0 to 128. */
export function maskWord(length: number, word: number): number {
  const bits = Math.min(Math.max(length - word * 32, 0), 32);
  return bits === 0 ? 0 : -1 << (32 - bits);
}
