import { expect, it } from 'vitest';
import { isAddress, parseAddress, parseAddressBytes } from '../../src/ip/index.js';
import { readSlowly } from '../support/slow-address.js';

// The fast readers against a slow one, on all texts that are one change away from an address: the ends of texts, of octets and of
// groups are where a reader that takes no text apart goes wrong.

const ADDRESSES = [
  '1.2.3.4',
  '10.20.30.40',
  '255.249.199.100',
  '::',
  '::1',
  '1::',
  '1:2:3:4:5:6:7:8',
  '1234:5678:9abc:def0:1234:5678:9abc:def0',
  'ABCD::EF01',
  '12::345:6789',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '::1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
  '1111:2222:3333:4444:5555:6666:255.255.255.255',
  '::ffff:192.0.2.128',
  'fe80::1%eth0',
  'febf::1%25',
  'fec0::%2',
  'FF02::1%e',
  'f::',
  'f',
];

/** Each side of the ranges that a reader tells apart, and what looks like a digit to some. */
const CHARACTERS = [...'019afAFgG:.%/;@`- \0\u007f\u0080\u00b2\u00ff\u0661\uff11\u2024'];

it.each(ADDRESSES)('texts one change away from %s', (address) => {
  const wrong: string[] = [];
  for (const text of textsNear(address)) {
    const expected = slowly(text);
    if (isAddress(text) !== (expected !== null)) wrong.push(text);
    if (quickly(() => parseAddress(text)) !== expected) wrong.push(text);
    // What stands beside the bytes of an address is not read.
    for (const [before, after] of [
      ['1.', '.1'],
      ['f:', '%1'],
      ['f', ':1'],
      ['1', '1'],
    ] as const) {
      const bytes = new TextEncoder().encode(`${before}${text}${after}`);
      const parse = () => parseAddressBytes(bytes, before.length, bytes.length - after.length);
      if (quickly(parse) !== expected) wrong.push(`${text} between ${before} and ${after}`);
    }
    // Bytes that are no UTF-8: the high half of Latin-1.
    if (
      /[\x80-\xff]/.test(text) &&
      quickly(() => parseAddressBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)))) !== null
    ) {
      wrong.push(`${text} in Latin-1`);
    }
  }
  expect(wrong).toEqual([]);
});

function textsNear(address: string): Set<string> {
  const texts = new Set([address]);
  for (let at = 0; at <= address.length; at++) {
    const [head, tail] = [address.slice(0, at), address.slice(at)];
    texts
      .add(head)
      .add(tail)
      .add(`${head}${tail.slice(1)}`)
      .add(`${head}${tail.slice(0, 1)}${tail}`);
    for (const character of CHARACTERS) {
      texts.add(`${head}${character}${tail}`).add(`${head}${character}${tail.slice(1)}`);
    }
  }
  return texts;
}

/** The family, the number and the zone in one text; null for what is no address. */
function quickly(parse: () => ReturnType<typeof parseAddress>): string | null {
  try {
    const found = parse();
    return `${found.family} ${found.toBigInt()} ${found.family === 6 ? found.zone : null}`;
  } catch {
    return null;
  }
}

function slowly(text: string): string | null {
  const [address = '', zone] = text.split(/%(.*)/s, 2);
  if (zone !== undefined && !/^(?!25.)[\w.~-]+$/.test(zone)) return null;
  if (!isQuad(address) && !isGroups(address)) return null;
  const { family, integer } = readSlowly(address);
  if (zone !== undefined && !(family === 6 && isLocal(integer))) return null;
  return `${family} ${integer} ${zone ?? null}`;
}

/** fe80::/10, fec0::/10, and multicast of the scopes 1 to d. */
function isLocal(integer: bigint): boolean {
  const first = integer >> 112n;
  const scope = first & 0xfn;
  return (
    first >> 6n === 0xfe80n >> 6n ||
    first >> 6n === 0xfec0n >> 6n ||
    (first >> 8n === 0xffn && scope > 0n && scope < 0xen)
  );
}

function isQuad(text: string): boolean {
  const octets = text.split('.');
  return octets.length === 4 && octets.every((octet) => /^(?:0|[1-9][0-9]{0,2})$/.test(octet) && Number(octet) < 256);
}

function isGroups(text: string): boolean {
  if (!text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  // A quad stands for the last two groups, at the end of the text.
  const spread = text.endsWith(last) && isQuad(last) ? [...groups.slice(0, -1), '0', '0'] : groups;
  if (!spread.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? spread.length <= 7 : spread.length === 8;
}
