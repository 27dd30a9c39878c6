import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  AddressRange,
  classify,
  classifyPrefix,
  comparePrefixes,
  describeEmbedded,
  describeMulticast,
  embedNat64,
  formatBinary,
  formatExpanded,
  formatHex,
  formatMixed,
  formatReverseName,
  formatUriHost,
  IPv4Address,
  IPv6Address,
  isAddress,
  isPrefix,
  lenientReadings,
  mergePrefixes,
  Prefix,
  PrefixMap,
  PrefixSet,
  parseAddress,
  parseAddressBytes,
  parsePrefix,
  parseRange,
  parseReverseName,
  RuleSet,
} from '../../../src/ip/index.js';

// What errors say, word for word: their code, where, what is wrong and what to write instead. A change of fixtures/error-words is read like
// a change of code.

const TEXTS = [
  ...[
    '::1.2.3.4:80',
    '255.1.1.x',
    'fe80:2:3:4:5:6:7::%',
    'fe80:2:3:4:5:6:7:8%',
    '1.2.3.004',
    '1.2.3.009',
    'fe80::1%e/999',
    'fe80::1%e/x',
    '::/255.0.0.0',
    '10.1/8',
    'x y-z',
    'a-b c',
    'x y 255.0.0.0',
    '1.2.3.4 255.0.0.0 x',
  ],
  ...[
    '1.2.3.4\t5',
    '%::1',
    '%',
    '1.2.3.4%',
    '/',
    '1.2.3.4/008',
    '10.0.0.0/08x',
    '10.1.2x/8',
    '10.1.2.3.4/8',
    'x10/8',
    '10.1/8x',
    '10.1/33',
    '1.2.3.4/24/',
  ],
  ...[
    '1:2:3::/32',
    '1:2::/16',
    '1::1:0:0/64',
    '1::1/64',
    '1.2.3.4/0',
    '::1/128',
    '1.2.3.4/32',
    '10.0.0.0/7',
    '2001:db8::/0032',
    '::/99999',
    '1.2.3.4/ffff::',
  ],
  ...[
    '',
    ' ',
    'x',
    '1',
    '0',
    '1.2',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.1000',
    '1.2.3.04',
  ],
  ...[
    '010.0.0.1',
    '09.0.0.1',
    '0x7f.1',
    '0x',
    '1.2.3.4x',
    '1.2.3.4%e',
    '１.2.3.4',
    'localhost',
    'a_b',
    'a b',
    'é',
    '-1',
    '4294967296',
    '127.1 x',
  ],
  ...[
    ' 1.2.3.4',
    '1.2.3.4 ',
    '1.2.3.4\n',
    '1.2.3. 4',
    ' x',
    '[1.2.3.4]',
    '[::1]',
    '[::1',
    '[x]',
    '[',
    '[::1]:80',
    '1.2.3.4:80',
    '1.2.3.4:',
    ':80',
    'a.b:80',
  ],
  ...[
    '::1/64',
    '1.2.3.4/8',
    'x/8',
    '/8',
    '1.2.3.4/',
    ':',
    ':::',
    '1:',
    ':1',
    '1::2::3',
    '1:::2',
    '1:2',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:',
  ],
  ...[
    '1:2:3:4:5:6:7:8::',
    '1::3:4:5:6:7:8:9',
    '12345::',
    '::12345',
    '::g',
    '::1.2.3',
    '::1.2.3.256',
    '::01.2.3.4',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
  ],
  ...[
    '::1%',
    '::1%eth0',
    '2001:db8::1%1',
    'fe80::1%',
    'fe80::1%a b',
    'fe80::1%25eth0',
    'fe80::1%2525',
    'fe80::1%25%',
    'fe80::1%é',
    'fe80::%a/64',
    'x%eth0',
    'ff0e::1%1',
  ],
  ...[
    '10',
    '10/8',
    '10.0/16',
    '10.0.0/24',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/x',
    '10.0.0.0//8',
    '10.0.0.0/ 8',
    '10.0.0.1/8',
    '::/129',
    '::1/0',
  ],
  ...[
    '10.0.0.0/255.0.0.0',
    '10.0.0.0 255.0.0.0',
    '10.0.0.0/0.255.255.255',
    '10.0.0.0/255.0.255.0',
    '::/ffff::',
    '10.0.0.*',
    '10.0.0.0-10.0.0.255',
    '10.0.0.0/8/8',
  ],
  ...[
    '1.2.3.4-',
    '-1.2.3.4',
    '1.2.3.4-1.2.3.3',
    '1.2.3.4-::1',
    '1.2.3.4-5',
    '1.2.3.4-256',
    '1.2.3.4 - 1.2.3.5',
    '1.2.3.4..1.2.3.5',
    '::1-::',
    '1.2.3.4-1.2.3',
    '1.2.3.4-1.2.3.4-5',
    'a-b',
  ],
  ...[
    'fe80::1%e-fe80::2%e',
    'fe80::1%a-fe80::2%b',
    'fe80::1-fe80::2%b',
    '4.3.2.1.in-addr.arpa',
    '1.in-addr.arpa',
    'x.ip6.arpa',
    '1.ip6.arpa',
    '256.1.1.1.in-addr.arpa',
    '01.1.1.1.in-addr.arpa',
  ],
  ...[
    'arpa',
    '.in-addr.arpa',
    '4.3.2.1.IN-ADDR.ARPA.',
    `${'0.'.repeat(32)}ip6.arpa`,
    `${'0.'.repeat(33)}ip6.arpa`,
    `g.${'0.'.repeat(31)}ip6.arpa`,
    `00.${'0.'.repeat(31)}ip6.arpa`,
    'x'.repeat(300),
  ],
];

/** What is no text, and no number where one belongs. */
const VALUES: readonly unknown[] = [
  { mapped: 'x' },
  { zone: 'x' },
  { hostBits: 'x' },
  { action: 'deny', prefix: '10.0.0.0/8', name: 5 },
  { action: 'x', prefix: '10.0.0.0/8' },
  undefined,
  null,
  true,
  0,
  1.5,
  -1,
  33,
  129,
  Number.NaN,
  2n ** 33n,
  2n ** 129n,
  -1n,
  {},
  [],
  () => 0,
  Symbol('s'),
  ['10.0.0.0/8'],
  new Uint8Array(3),
];

type Call = (value: never) => unknown;

const OF_TEXT: Readonly<Record<string, Call>> = {
  parseAddress,
  parsePrefix,
  'parsePrefix, masked': (text: string) => parsePrefix(text, { hostBits: 'mask' }),
  parseRange,
  parseReverseName,
};

/** Those that read by way of the others. */
const OF_FEW_TEXTS: Readonly<Record<string, Call>> = {
  'an item of a list': (text: string) => PrefixSet.from(['10.0.0.0/8', text, text]),
  'a prefix of rules': (text: string) =>
    RuleSet.from([{ action: 'deny', prefix: text }], { match: 'first', otherwise: 'allow' }),
  'a prefix of a map': (text: string) => PrefixMap.from([[text, 1]]),
  'a NAT64 prefix': (text: string) => embedNat64('192.0.2.1', text as never),
  'an option of classify': (text: string) => classify('64:ff9b::1', { nat64: [text] } as never),
  formatMixed,
  formatExpanded,
  formatHex,
  formatBinary,
  formatReverseName,
  formatUriHost,
  describeEmbedded,
  'an IPv4 netmask': (text: string) => Prefix.fromNetmask('10.0.0.0', text),
  'a wildcard mask': (text: string) => Prefix.fromWildcardMask('10.0.0.0', text),
  'a reading of others': (text: string) => JSON.stringify(lenientReadings(text)),
  'an address behind NAT64': (text: string) => embedNat64(text, '64:ff9b::/96'),
};

const OF_VALUES: Readonly<Record<string, Call>> = {
  ...OF_TEXT,
  ...OF_FEW_TEXTS,
  parseAddressBytes,
  'the start of bytes': (start: number) => parseAddressBytes(new TextEncoder().encode('::'), start),
  'IPv4 bytes': (bytes: Uint8Array) => IPv4Address.fromBytes(bytes),
  'IPv6 bytes': (bytes: Uint8Array) => IPv6Address.fromBytes(bytes),
  'an IPv4 integer': (integer: bigint) => IPv4Address.fromBigInt(integer),
  'an IPv6 integer': (integer: bigint) => IPv6Address.fromBigInt(integer),
  'a family': (family: 4) => isAddress('::', family),
  'a family of prefixes': (family: 4) => isPrefix('::/0', family),
  'an IPv4 length': (length: number) => Prefix.from('10.0.0.0', length, { hostBits: 'mask' }),
  'an IPv6 length': (length: number) => Prefix.from('::', length),
  'a netmask': (netmask: string) => Prefix.fromNetmask('10.0.0.0', netmask),
  'a zone': (zone: string) => (parseAddress('fe80::1') as IPv6Address).withZone(zone),
  'an address to compare with': (other: IPv4Address) => parseAddress('::').compare(other),
  'a prefix to compare with': (other: Prefix) => comparePrefixes(parsePrefix('::/0'), other),
  'NAT64 prefixes of classify': (nat64: never) => classify('::', { nat64 }),
  'a range to compare with': (other: never) => AddressRange.from('::', '::1').equals(other),
  'a bigint of an address': (other: never) => AddressRange.from('::', '::1').contains(other),
  'an operand of classify': classify,
  'an operand of classifyPrefix': classifyPrefix,
  'an operand of describeMulticast': describeMulticast,
  'the first of a range': (first: string) => AddressRange.from(first, '192.0.2.1'),
  'a list of prefixes': mergePrefixes,
  'a list of entries': (entries: never[]) => PrefixMap.from(entries),
  'a list of rules': (rules: never[]) => RuleSet.from(rules, { match: 'first', otherwise: 'allow' }),
  'a rule': (rule: never) => RuleSet.from([rule], { match: 'first', otherwise: 'allow' }),
  'the options of rules': (options: never) => RuleSet.from([], options),
  'the options of a prefix': (options: never) => parsePrefix('10.0.0.0/8', options),
  'the options of a set': (options: never) => PrefixSet.from([], options),
  'the options of a map': (options: never) => new PrefixMap(options),
  'the options of classify': (options: never) => classify('::', options),
  'the options of match': (options: never) => new PrefixMap().match('::', options),
  'a snapshot': (bytes: Uint8Array) => PrefixMap.fromBytes(bytes),
};

/** One of each kind. */
const FEW = [
  '96',
  '/96',
  '2001:db8:0:0:1::/64',
  'fe80::1%e',
  '1.2.3.0/96',
  '2001:db8:0:0:100::/96',
  '2001:db8:1::/32',
  '2001::/32',
  '1::/96',
  'fe80::%e/96',
  '',
  'x',
  '127.1',
  '192.0.2.1',
  '::1',
  '10.0.0.1/8',
  '10.0.0.0/8',
  '64:ff9b::/96',
  '64:ff9b::/95',
  '64:ff9b::1/96',
  '64:ff9b:1::/48',
  '::/0',
  '::ffff:0:0/96',
  '2001:db8::/64',
];

it('of texts', async () => {
  await expect(linesOf(OF_TEXT, TEXTS) + linesOf(OF_FEW_TEXTS, FEW)).toMatchFileSnapshot(fixture('texts'));
});

it('of values', async () => {
  await expect(linesOf(OF_VALUES, VALUES)).toMatchFileSnapshot(fixture('values'));
});

function linesOf(calls: Readonly<Record<string, Call>>, values: readonly unknown[]): string {
  const lines = Object.entries(calls).flatMap(([name, call]) =>
    values.map((value) => `${name}, ${shown(value)}: ${outcome(() => call(value as never))}`),
  );
  return `${lines.join('\n')}\n`;
}

function outcome(call: () => unknown): string {
  try {
    const found = call();
    return typeof found === 'object' && found !== null && /^\[object \w*\]$/.test(String(found))
      ? 'taken'
      : `taken, ${String(found)}`;
  } catch (error) {
    if (!(error instanceof Error)) return 'throws what is no error';
    const { name, message, code, offset, hint } = error as Error & Readonly<Record<string, unknown>>;
    const hidden = typeof hint === 'string' && !message.includes(hint) ? `; ${hint}` : '';
    return `${name} ${code ?? ''} ${offset ?? ''} ${message}${hidden}`;
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 80 ? `${value.slice(0, 80)}… of ${value.length}` : JSON.stringify(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object'
    ? JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))
    : `${typeof value} ${String(value)}`;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/error-words/ip-${name}.txt`, import.meta.url));
}
