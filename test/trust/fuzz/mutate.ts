import type { Random } from '../../support/random.js';

/** Characters that decide something in one of the formats, and those that almost do. */
const CHARACTERS = [
  ...'0123456789abcdefxXlL.:/%[]()-+_@#;,=\'"\\$*?!&|<>{}~^` \t\n\r\0',
  ...'\u000b\u001b\u007f\u0080\u00a0\u00ad\u00df\u0130\u017f\u200b\u200d\u2028\u202e\u3002\uff0e\uff10\uff1a\ufeff\ufffd\ud800\udc00',
  '\u{1d7d8}',
];

const NUMBERS = [
  ...[
    '-1',
    '-0',
    '0',
    '00',
    '1',
    '07',
    '08',
    '31',
    '32',
    '33',
    '64',
    '99',
    '127',
    '128',
    '129',
    '255',
    '256',
    '0x7f',
    '0377',
  ],
  ...[
    '65535',
    '65536',
    '65537',
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '9007199254740993',
    '1e9',
    '1.5',
  ],
  ...['NaN', 'Infinity', '99999999999999999999'],
];

/** Names that mean something to every object. */
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'null',
  'undefined',
  'true',
  'false',
];

/** The tokens of texts: words, numbers and signs, each once. */
export function tokensOf(texts: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of texts)
    for (const [token] of text.slice(0, 20_000).matchAll(/[\w.:-]+|[^\w\s]|\s+/g)) found.add(token);
  return [...found].filter((token) => token.length <= 64).slice(0, 4000);
}

/** Another text, some changes away; `other` is one to take parts from. */
export function mutate(text: string, other: string, tokens: readonly string[], random: Random): string {
  let made = text;
  const changes = 1 << random.below(4);
  for (let i = 0; i < changes; i++) made = change(made, other, tokens, random);
  return made;
}

function change(text: string, other: string, tokens: readonly string[], random: Random): string {
  const at = random.below(text.length + 1);
  const cut = Math.min(text.length, at + 1 + random.below(random.once(4) ? 64 : 4));
  const put = (part: string, end = at) => text.slice(0, at) + part + text.slice(end);
  switch (random.below(13)) {
    case 0:
      return put('', cut);
    case 1:
      return put(random.pick(CHARACTERS));
    case 2:
      return put(random.pick(CHARACTERS), Math.min(text.length, at + 1));
    case 3:
      return put(String.fromCharCode(random.below(random.once(2) ? 256 : 65_536)), Math.min(text.length, at + 1));
    case 4:
      return tokens.length > 0 ? put(random.pick(tokens)) : text;
    case 5:
      return tokens.length > 0 ? put(random.pick(tokens), cut) : text;
    case 6:
      return put(random.pick(random.once(3) ? NAMES : NUMBERS));
    case 7:
      return numberChanged(text, random);
    case 8:
      return put(text.slice(at, cut).repeat(1 + random.below(random.once(8) ? 40 : 4)), at);
    case 9: {
      const from = random.below(other.length + 1);
      return put(other.slice(from, from + 1 + random.below(48)));
    }
    case 10:
      return text.slice(0, at) + other.slice(random.below(other.length + 1));
    case 11: {
      // A line goes elsewhere, or stands twice.
      const lines = text.split('\n');
      const line = random.pick(lines);
      if (random.once(2)) lines.splice(lines.indexOf(line), 1);
      lines.splice(random.below(lines.length + 1), 0, line);
      return lines.join('\n');
    }
    default: {
      const letter = text.charCodeAt(at);
      return Number.isNaN(letter) ? text : put(String.fromCharCode(letter ^ (1 << random.below(8))), at + 1);
    }
  }
}

function numberChanged(text: string, random: Random): string {
  const numbers = [...text.matchAll(/\d+/g)];
  if (numbers.length === 0) return text;
  const { 0: digits, index } = random.pick(numbers);
  const near = String(Number(digits) + random.pick([-1, 1, 256, -256]));
  return text.slice(0, index) + (random.once(2) ? near : random.pick(NUMBERS)) + text.slice(index + digits.length);
}

/** Texts that JSON has no words for, and what `revive` makes of them. */
const ODD: Readonly<Record<string, () => unknown>> = {
  '@undefined': () => undefined,
  '@NaN': () => Number.NaN,
  '@-0': () => -0,
  '@Infinity': () => Number.POSITIVE_INFINITY,
  '@bigint': () => 10n,
  '@symbol': () => Symbol('80'),
  '@function': () => () => '127.0.0.1',
  '@bytes': () => Uint8Array.of(127, 0, 0, 1),
  '@buffer': () => new Uint8Array([1, 2, 3]).buffer,
  '@date': () => new Date(0),
  '@map': () => new Map([['host', '127.0.0.1']]),
  '@hole': () => new Array(3),
  '@null-prototype': () => Object.assign(Object.create(null), { host: '::1' }),
  '@boxed': () => Object('127.0.0.1'),
};

/** The value of a JSON text, with what JSON has no words for. */
export function revive(text: string): unknown {
  return JSON.parse(text, (_, value) =>
    typeof value === 'string' && Object.hasOwn(ODD, value) ? ODD[value]?.() : value,
  );
}

/** Another JSON text: a value somewhere in it is another, there no more, twice there, or under another name. */
export function mutateJson(text: string, other: string, tokens: readonly string[], random: Random): string {
  if (random.once(10)) return mutate(text, other, tokens, random);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return mutate(text, other, tokens, random);
  }
  const changes = 1 << random.below(3);
  for (let i = 0; i < changes; i++) value = changeValue(value, other, tokens, random);
  return JSON.stringify(value) ?? 'null';
}

function changeValue(value: unknown, other: string, tokens: readonly string[], random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.once(12)) return leaf(value, other, tokens, random);
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.once(8)) return [...value, leaf(value[0], other, tokens, random)];
    const at = random.below(value.length);
    if (random.once(8)) return value.toSpliced(at, 1);
    return value.with(at, changeValue(value[at], other, tokens, random));
  }
  const entries = Object.entries(value);
  const key = keys.length === 0 || random.once(8) ? random.pick([...NAMES, ...tokens]) : random.pick(keys);
  const at = keys.indexOf(key);
  const now: [string, unknown] = [key, changeValue(entries[at]?.[1] ?? null, other, tokens, random)];
  if (at < 0) return fromEntries([...entries, now]);
  if (random.once(8)) return fromEntries(entries.toSpliced(at, 1));
  if (random.once(16)) return fromEntries(entries.with(at, [random.pick([...NAMES, ...tokens]), now[1]]));
  return fromEntries(entries.with(at, now));
}

/** With `__proto__` as a key like any other, as JSON.parse has it. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

function leaf(value: unknown, other: string, tokens: readonly string[], random: Random): unknown {
  switch (random.below(8)) {
    case 0:
      return null;
    case 1:
      return random.pick(Object.keys(ODD));
    case 2:
      return Number(random.pick(NUMBERS));
    case 3:
      return random.once(2);
    case 4:
      return random.pick(tokens.length > 0 ? tokens : NUMBERS);
    case 5:
      return random.once(2) ? {} : [];
    default:
      if (typeof value === 'number') return value + random.pick([-1, 1, 0.5, 65_536]);
      return change(typeof value === 'string' ? value : other.slice(0, 64), other, tokens, random);
  }
}
