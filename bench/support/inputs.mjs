// Texts to measure with: the same ones in every run, in the shapes that logs, headers and configurations have.
//
// A text is made of bytes, so that it is one flat string in memory, as one that came from a socket or a file is. A
// string put together with `+` is a tree of its parts until somebody reads it, and who reads it first pays.

/** The seed of every claim, so that two claims about the same kind of text measure the same texts. */
export const SEED = 20260823;

/** How many texts a claim measures: too many for a branch predictor to learn by heart, few enough for the cache. */
export const COUNT = 8192;

/**
 * A source of random integers, the same ones for the same seed (mulberry32).
 *
 * @param {number} seed
 * @returns {(limit: number) => number} an integer from 0 to before `limit`, which is 2 ** 32 at the most
 */
export function random(seed = SEED) {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/**
 * The text as one flat string.
 *
 * @param {string} text
 */
export function flat(text) {
  return Buffer.from(text, 'latin1').latin1Slice();
}

/** IPv4 texts: three in four anywhere, the others in the blocks that networks use inside. */
export function ipv4Texts(count = COUNT, seed = SEED) {
  return texts(count, seed, ipv4);
}

/** IPv6 texts: full and compressed, lower and upper case, with and without leading zeros, a few of them mapped. */
export function ipv6Texts(count = COUNT, seed = SEED) {
  return texts(count, seed, ipv6);
}

/** IPv4-mapped IPv6 texts, in dotted and in hexadecimal form. */
export function mappedTexts(count = COUNT, seed = SEED) {
  return texts(count, seed, mapped);
}

/** Texts that look like IPv4 addresses and are none. */
export function invalidIPv4Texts(count = COUNT, seed = SEED) {
  return texts(count, seed, invalidIPv4);
}

/** Texts that look like IPv6 addresses and are none. */
export function invalidIPv6Texts(count = COUNT, seed = SEED) {
  return texts(count, seed, invalidIPv6);
}

/** What a log of a server has for its clients: seven IPv4 texts in ten, IPv6, and a mapped one now and then. */
export function clientTexts(count = COUNT, seed = SEED) {
  return texts(count, seed, client);
}

/** @typedef {(limit: number) => number} Random */

/**
 * @param {number} count
 * @param {number} seed
 * @param {(random: Random) => string} make
 */
function texts(count, seed, make) {
  const next = random(seed);
  return Array.from({ length: count }, () => flat(make(next)));
}

/** @param {Random} next */
export function client(next) {
  const one = next(100);
  if (one < 70) return ipv4(next);
  return one < 98 ? ipv6(next) : mapped(next);
}

/** @param {Random} next */
function ipv4(next) {
  const octet = () => next(256);
  const inside = [
    () => `10.${octet()}.${octet()}.${octet()}`,
    () => `192.168.${octet()}.${octet()}`,
    () => `172.${16 + next(16)}.${octet()}.${octet()}`,
    () => '127.0.0.1',
    () => `100.${64 + next(64)}.${octet()}.${octet()}`,
  ];
  return next(4) > 0 ? `${octet()}.${octet()}.${octet()}.${octet()}` : pick(next, inside)();
}

/** @param {Random} next */
function ipv6(next) {
  const group = () => next(0x10000).toString(16);
  const groups = (/** @type {number} */ count) => Array.from({ length: count }, group).join(':');
  const site = () => `${(0x2000 + next(0x2000)).toString(16)}:${groups(2)}`;
  const one = next(100);
  // A host with a random identifier (RFC 8981), a server numbered by hand, the insides of networks, other people's
  // printers.
  if (one < 45) return `${site()}:${groups(5)}`;
  if (one < 60) return `${site()}:${group()}::${(1 + next(200)).toString(16)}`;
  if (one < 70) return `${site()}::${group()}`;
  if (one < 80) return `fe80::${groups(4)}`;
  if (one < 88) return `fd${(256 + next(256)).toString(16).slice(1)}:${groups(2)}::${groups(2)}`;
  if (one < 92) return `${site()}:${groups(5)}`.toUpperCase();
  if (one < 96) {
    const words = `${site()}:0:0:0:0:${group()}`.split(':');
    return words.map((word) => word.padStart(4, '0')).join(':');
  }
  if (one < 97) return '::1';
  return mapped(next);
}

/** @param {Random} next */
function mapped(next) {
  if (next(4) > 0) return `::ffff:${ipv4(next)}`;
  return `::ffff:${next(0x10000).toString(16)}:${next(0x10000).toString(16)}`;
}

/** @param {Random} next */
function invalidIPv4(next) {
  const text = ipv4(next);
  const octets = text.split('.');
  const at = next(4);
  return pick(next, [
    () => octets.with(at, String(256 + next(744))).join('.'),
    () => octets.with(at, '').join('.'),
    () => octets.with(at, `${octets[at]}x`).join('.'),
    () => octets.with(at, `-${octets[at]}`).join('.'),
    () => `${text}.${next(256)}`,
    () => `${text}:${1 + next(65535)}`,
    () => `host-${octets.join('-')}.example.net`,
    () => `${text} `,
    () => `${text}.`,
    () => octets.join(','),
  ])();
}

/** @param {Random} next */
function invalidIPv6(next) {
  const text = ipv6(next);
  const groups = text.split(':');
  const at = next(groups.length);
  return pick(next, [
    () => groups.with(at, `${groups[at]}12345`).join(':'),
    () => groups.with(at, `${groups[at]}g`).join(':'),
    () => `${text}:${text}`,
    () => `${text}:`,
    () => `:${text}`,
    () => `[${text}]:${1 + next(65535)}`,
    () => `${text} `,
    () => `${text}:::1`,
    () => `1::2::${text}`,
    () => groups.slice(0, 3).join(':'),
  ])();
}

/**
 * @template T
 * @param {Random} next
 * @param {readonly T[]} choices
 */
function pick(next, choices) {
  return /** @type {T} */ (choices[next(choices.length)]);
}
