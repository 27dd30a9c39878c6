import type { Random } from '../../support/random.js';
import { mutate } from '../fuzz/mutate.js';

const OCTETS = [0, 1, 7, 8, 9, 10, 99, 100, 127, 169, 172, 192, 198, 203, 224, 240, 249, 250, 254, 255, 256, 300, 999];
const WORDS = [0, 0, 0, 1, 0xff, 0x7f00, 0xfe80, 0x2001, 0x2002, 0xdb8, 0xffff, 0xff9b, 0x64, 0xa00];
const ZONES = ['eth0', 'lo', '1', '0', '', 'a b', '%25', 'eth0%1', 'ü', 'x'.repeat(20), '25lo'];
const AFTER = [' ', '\n', '\0', '/8', '/128', ':80', '.', ' x', '%', '#', '\u00a0', '/255.0.0.0'];
const TOKENS = [
  '::',
  ':',
  '.',
  '%',
  '0x',
  '00',
  'ffff',
  '255',
  '256',
  '/',
  '[',
  ']',
  '::ffff:',
  '１',
  '。',
  'e',
  '1e1',
  '+',
  '-',
];

/** A text that is an address, or was meant as one in some notation, or is some changes away from it. */
export function generate(random: Random): string {
  let text = random.once(2) ? ipv4(random) : ipv6(random);
  if (random.once(8)) text = random.once(2) ? text + random.pick(AFTER) : random.pick(AFTER) + text;
  if (random.once(12)) text = `[${text}]`;
  return random.once(3)
    ? mutate(text, random.once(2) ? ipv4(random) : ipv6(random), TOKENS, random).slice(0, 120)
    : text;
}

function ipv4(random: Random): string {
  const parts = random.once(6) ? 1 + random.below(6) : 4;
  const plain = random.once(2);
  return Array.from({ length: parts }, (_, i) => {
    const value = random.once(2) ? random.pick(OCTETS) : random.below(256);
    if (plain) return String(value);
    // The last of few parts may be a large number.
    return notation(i === parts - 1 && parts < 4 && random.once(2) ? random.bits() : value, random);
  }).join('.');
}

function notation(value: number, random: Random): string {
  switch (random.below(6)) {
    case 0:
      return `0${value.toString(8)}`;
    case 1:
      return `0x${value.toString(16)}`;
    case 2:
      return `0X${value.toString(16).toUpperCase()}`;
    case 3:
      return `${'0'.repeat(random.below(3))}${value}`;
    default:
      return String(value);
  }
}

function ipv6(random: Random): string {
  const quad = random.once(5) ? ipv4(random) : null;
  const words = Array.from({ length: random.once(8) ? random.below(10) : quad === null ? 8 : 6 }, () => {
    const hex = (random.once(2) ? random.pick(WORDS) : random.below(0x1_0000)).toString(16);
    const padded = random.once(6) ? hex.padStart(4 + random.below(2), '0') : hex;
    return random.once(8) ? padded.toUpperCase() : padded;
  });
  let text = [...words, ...(quad === null ? [] : [quad])].join(':');
  if (random.once(2) && words.length > 1) {
    const from = random.below(words.length);
    const end = Math.min(words.length, from + random.below(6));
    const tail = [...words.slice(end), ...(quad === null ? [] : [quad])];
    text = `${words.slice(0, from).join(':')}::${tail.join(':')}`;
  }
  return random.once(8) ? `${text}%${random.pick(ZONES)}` : text;
}
