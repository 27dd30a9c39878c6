import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  AddressParseError,
  classifyPrefix,
  embedNat64,
  IPv6Address,
  PrefixMap,
  PrefixParseError,
  parseAddress,
  parsePrefix,
  type Rule,
  type RuleAction,
  RuleSet,
  type RuleSetOptions,
} from '../../src/ip/index.js';
import { ipv4Integer, slowAddress } from '../support/arbitraries.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { LAST, prefixOf, printSlowly, readSlowly, type SlowAddress } from '../support/slow-address.js';
import { classifySlowly } from '../support/slow-classify.js';
import { holds, prefix, printPrefix, slowPrefix, unwrapPrefix, WIDTH } from '../support/slow-prefix.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

const NAT64 = [
  '2001:db8::/32',
  '2001:db8:100::/40',
  '2001:db8:122::/48',
  '2001:db8:122:300::/56',
  '2001:db8:122:344::/64',
  '2001:db8:122:344::/96',
];

interface Embedded {
  readonly mechanism: string;
  readonly text: string;
  /** A prefix that has the outer address. */
  readonly outer: string;
  readonly nat64: readonly string[];
  /** What packets reach: the address inside, the outer one, or nothing that can be said. */
  readonly reaches: 'inner' | 'outer' | 'nothing';
}

/** An IPv4 address in an IPv6 address, by every mechanism there is. */
function embeddings(inner: string): readonly Embedded[] {
  const { integer } = readSlowly(inner);
  const ipv6 = (value: bigint) => printSlowly({ family: 6, integer: value });
  const of = (
    mechanism: string,
    text: string,
    outer: string,
    reaches: Embedded['reaches'] = 'outer',
    nat64: readonly string[] = [],
  ) => ({
    mechanism,
    text,
    outer,
    reaches,
    nat64,
  });
  const declared = NAT64.flatMap((text) => {
    const { length } = prefixOf(text);
    const canonical = embedNat64(inner, text);
    const other = IPv6Address.fromBigInt(canonical.toBigInt() | (1n << 56n));
    return [
      of(`NAT64 /${length}`, String(canonical), text, 'inner', [text]),
      ...(length === 96 ? [] : [of(`NAT64 /${length}, octet 8 set`, String(other), text, 'nothing', [text])]),
    ];
  });
  return [
    of('mapped', `::ffff:${inner}`, `::ffff:${inner}/128`, 'inner'),
    of(
      'mapped, in hexadecimal',
      `0:0:0:0:0:ffff:${(integer >> 16n).toString(16)}:${(integer & 0xffffn).toString(16)}`,
      '::ffff:0:0/96',
      'inner',
    ),
    of('compatible', `::${inner}`, '::/96'),
    of('translated', `::ffff:0:${inner}`, '::ffff:0:0:0/96'),
    of('NAT64 well-known', `64:ff9b::${inner}`, '64:ff9b::/96', 'inner'),
    ...declared,
    of('6to4', ipv6((0x2002n << 112n) | (integer << 80n) | 1n), '2002::/16'),
    of('Teredo', ipv6((0x2001_0000n << 96n) | (integer ^ LAST[4])), '2001::/32'),
    of('ISATAP', ipv6((0x2606_4700n << 96n) | (0x5efen << 32n) | integer), '2606:4700::/32'),
    of('ISATAP, unique', ipv6((0x2606_4700n << 96n) | (0x0200_5efen << 32n) | integer), '2606:4700::/32'),
    of('ISATAP, with a zone', `${ipv6((0xfe80n << 112n) | (0x5efen << 32n) | integer)}%eth0`, 'fe80::/10'),
  ];
}

function allow(prefixText: string): Rule {
  return { action: 'allow', prefix: prefixText };
}

function deny(prefixText: string): Rule {
  return { action: 'deny', prefix: prefixText };
}

const EVERYTHING = [allow('0.0.0.0/0'), allow('::/0')];
const MATCHES = ['first', 'longest'] as const;

describe.each(embeddings('10.1.2.3'))('$mechanism: $text', ({ text, outer, nat64, reaches }) => {
  it.each(MATCHES)('is denied by a rule about the address inside, %s', (match) => {
    for (const otherwise of ['allow', 'deny'] as const) {
      for (const rules of [
        [deny('10.0.0.0/8')],
        [deny('10.0.0.0/8'), ...EVERYTHING],
        [deny('::ffff:10.0.0.0/104'), ...EVERYTHING],
      ]) {
        const set = RuleSet.from(rules, { match, otherwise, nat64 });
        expect(set.decide(text)).toMatchObject({ action: 'deny', index: 0, matched: '10.1.2.3' });
        expect(set.allows(parseAddress(text))).toBe(false);
      }
    }
    const others = RuleSet.from([deny('11.0.0.0/8'), ...EVERYTHING], { match, otherwise: 'allow', nat64 });
    expect(others.allows(text)).toBe(true);
    // Where nothing is reached no rule allows, and what is otherwise counts.
    expect(others.decide(text).rule === null).toBe(reaches === 'nothing');
  });

  it.each(MATCHES)('is denied by a rule about the outer address, %s', (match) => {
    for (const rules of [
      [deny(outer), allow('10.0.0.0/8')],
      [deny(outer), ...EVERYTHING],
    ]) {
      const decision = RuleSet.from(rules, { match, otherwise: 'allow', nat64 }).decide(text);
      // A mapped address is its IPv4 address, and a rule about all of them is one about all IPv4: others may be longer.
      if (outer === '::ffff:0:0/96' && match === 'longest') expect(rules[decision.index ?? 0]?.prefix).not.toBe('::/0');
      else expect(decision).toMatchObject({ action: 'deny', index: 0 });
    }
  });

  it.each(MATCHES)('is denied by the longest rule wherever it stands among allowing ones, %s', (match) => {
    const rules = [deny('10.1.2.3/32'), allow('10.1.2.0/24'), allow('2000::/3'), allow('::/1'), allow('fe80::/10')];
    expect(RuleSet.from(rules, { match, otherwise: 'allow', nat64 }).allows(text)).toBe(false);
    expect(RuleSet.from(rules.toReversed(), { match: 'longest', otherwise: 'allow', nat64 }).allows(text)).toBe(false);
  });

  it.each(MATCHES)('is allowed by a rule about what it reaches only, %s', (match) => {
    const options: RuleSetOptions = { match, otherwise: 'deny', nat64 };
    const inner = RuleSet.from([allow('10.0.0.0/8')], options);
    expect(inner.allows(text)).toBe(reaches === 'inner');
    expect(inner.decide(text)).toMatchObject(
      reaches === 'inner'
        ? { action: 'allow', index: 0, matched: '10.1.2.3' }
        : { action: 'deny', rule: null, index: null, matched: null, reason: `no rule matches ${text}, otherwise deny` },
    );
    expect(RuleSet.from([allow('::/0')], options).allows(text)).toBe(reaches === 'outer');
    if (!text.startsWith('::ffff:10') && !text.startsWith('0:0')) {
      expect(RuleSet.from([allow(outer)], options).allows(text)).toBe(reaches === 'outer');
    }
    expect(RuleSet.from(EVERYTHING, options).allows(text)).toBe(reaches !== 'nothing');
  });
});

describe('zones', () => {
  it.each(['fe80::5%lo', 'fe80::5%eth0.100', 'ff02::1%1', 'fec0::1%a'])('%s does not slip past a rule', (text) => {
    for (const match of MATCHES) {
      const set = RuleSet.from([deny('fe80::/9'), deny('ff00::/8'), ...EVERYTHING], { match, otherwise: 'allow' });
      expect(set.allows(text)).toBe(false);
      expect(set.decide(parseAddress(text)).matched).toBe(text.replace(/%.*/, ''));
      expect(RuleSet.from([allow('f000::/4')], { match, otherwise: 'deny' }).allows(text)).toBe(true);
    }
  });
});

describe('rule 7', () => {
  it('a mapped address is its IPv4 address: ::/0 does not match it', () => {
    const set = RuleSet.from([deny('::/0'), allow('10.0.0.0/8')], { match: 'first', otherwise: 'deny' });
    expect(set.decide('::ffff:10.0.0.1')).toMatchObject({ action: 'allow', index: 1, matched: '10.0.0.1' });
    expect(set.allows('2001:db8::1')).toBe(false);
  });

  it('a mapped prefix and its IPv4 prefix are one prefix', () => {
    const rules = [allow('::ffff:10.0.0.0/104'), deny('10.0.0.0/8')];
    expect(RuleSet.from(rules, { match: 'first', otherwise: 'deny' }).allows('10.0.0.1')).toBe(true);
    expect(RuleSet.from(rules, { match: 'longest', otherwise: 'allow' }).decide('10.0.0.1')).toMatchObject({
      action: 'deny',
      index: 1,
    });
  });
});

describe('against rules gone through one by one', () => {
  interface Layer {
    readonly address: SlowAddress;
    readonly reached: boolean;
  }

  function teredoServer({ integer }: SlowAddress): SlowAddress {
    return { ...readSlowly('0.0.0.0'), integer: (integer >> 64n) & 0xffff_ffffn };
  }

  function layersOf(address: SlowAddress, nat64: readonly string[]): readonly Layer[] {
    const { embedded } = classifySlowly(address, nat64);
    if (embedded === null) return [{ address, reached: true }];
    const inner = readSlowly(embedded.address);
    if (embedded.mechanism === 'mapped') return [{ address: inner, reached: true }];
    if (embedded.mechanism !== 'nat64')
      return [
        { address, reached: true },
        { address: inner, reached: false },
        ...(embedded.mechanism === 'teredo' ? [{ address: teredoServer(address), reached: false }] : []),
      ];
    return [
      { address, reached: false },
      { address: inner, reached: embedded.canonical },
    ];
  }

  function decideSlowly(
    rules: readonly Rule[],
    { match, otherwise }: RuleSetOptions,
    layers: readonly Layer[],
  ): readonly [RuleAction, number | null] {
    const read = rules.map((rule, index) => ({ ...rule, index, slow: unwrapPrefix(prefixOf(String(rule.prefix))) }));
    if (match === 'first') {
      const found = read.find(({ action, slow }) =>
        layers.some(({ address, reached }) => (reached || action === 'deny') && holds(slow, address)),
      );
      return [found?.action ?? otherwise, found?.index ?? null];
    }
    const bests = layers.map(({ address, reached }) => {
      const found = read.filter(({ slow }) => holds(slow, address));
      const longest = Math.max(...found.map(({ slow }) => slow.length));
      const nearest = found.filter(({ slow }) => slow.length === longest);
      return { reached, rule: nearest.find(({ action }) => action === 'deny') ?? nearest[0] };
    });
    const found = bests.find(({ rule }) => rule?.action === 'deny') ?? bests.find(({ reached }) => reached);
    return [found?.rule?.action ?? otherwise, found?.rule?.index ?? null];
  }

  const action = fc.constantFrom<RuleAction>('allow', 'deny');

  it('any address, any rules', () => {
    // Rules near the address and what is inside it, as others hardly ever match.
    const ask = fc
      .tuple(
        fc.oneof(
          slowAddress,
          ipv4Integer.chain((integer) =>
            fc.constantFrom(
              ...embeddings(printSlowly({ family: 4, integer }))
                .filter(({ text }) => !text.includes('%'))
                .map(({ text }) => readSlowly(text)),
            ),
          ),
        ),
        fc.constantFrom<readonly string[]>([], NAT64),
      )
      .chain(([address, nat64]) => {
        const layers = layersOf(address, nat64);
        const near = fc
          .constantFrom(...layers)
          .chain(({ address: { family, integer } }) =>
            fc.nat(WIDTH[family]).map((length) => slowPrefix(family, integer, length)),
          );
        const rule = fc.record({ action, prefix: fc.oneof({ weight: 4, arbitrary: near }, prefix).map(printPrefix) });
        return fc.record({
          address: fc.constant(address),
          nat64: fc.constant(nat64),
          rules: fc.array(rule, { maxLength: 8 }),
        });
      });
    let matched = 0;
    fc.assert(
      fc.property(ask, fc.constantFrom(...MATCHES), action, ({ address, nat64, rules }, match, otherwise) => {
        const options = { match, otherwise, nat64 };
        const decision = RuleSet.from(rules, options).decide(printSlowly(address));
        const [expected, index] = decideSlowly(rules, options, layersOf(address, nat64));
        expect([decision.action, decision.index]).toStrictEqual([expected, index]);
        expect(decision.rule).toEqual(index === null ? null : rules[index]);
        if (index !== null) matched++;
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(500);
  });
});

describe('decisions', () => {
  const rules: readonly Rule[] = [
    { action: 'allow', prefix: '10.1.0.0/16', name: 'office' },
    { action: 'deny', prefix: parsePrefix('10.0.0.0/8') },
    { action: 'allow', prefix: '2001:db8::/32' },
  ];

  it.each([
    ['first', '10.1.0.1', 'allow', 0, '10.1.0.1', 'rule 0 (office): allow 10.1.0.0/16, matches 10.1.0.1'],
    ['first', '10.2.0.1', 'deny', 1, '10.2.0.1', 'rule 1: deny 10.0.0.0/8, matches 10.2.0.1'],
    ['first', '::ffff:10.2.0.1', 'deny', 1, '10.2.0.1', 'rule 1: deny 10.0.0.0/8, matches 10.2.0.1 of ::ffff:10.2.0.1'],
    ['longest', '2002:a02:1::', 'deny', 1, '10.2.0.1', 'rule 1: deny 10.0.0.0/8, matches 10.2.0.1 of 2002:a02:1::'],
    [
      'longest',
      '2001:DB8::1',
      'allow',
      2,
      '2001:db8::1',
      'rule 2: allow 2001:db8::/32, matches 2001:db8::1 of 2001:DB8::1',
    ],
    ['first', '192.0.2.1', 'deny', null, null, 'no rule matches 192.0.2.1, otherwise deny'],
    ['longest', 'fe80::1%lo', 'deny', null, null, 'no rule matches fe80::1%lo, otherwise deny'],
  ] as const)('%s: %s', (match, address, action, index, matched, reason) => {
    const set = RuleSet.from(rules, { match, otherwise: 'deny' });
    const rule = index === null ? null : rules[index];
    expect(set.decide(address)).toStrictEqual({ action, rule, index, matched, reason });
    expect(set.decide(parseAddress(address)).action).toBe(action);
    expect(set.allows(address)).toBe(action === 'allow');
  });

  it('the first in the list, or the longest', () => {
    const list = [allow('10.0.0.0/8'), deny('10.1.0.0/16'), allow('10.1.1.0/24')];
    const indexes = (match: 'first' | 'longest') => {
      const set = RuleSet.from(list, { match, otherwise: 'deny' });
      return ['10.0.0.1', '10.1.0.1', '10.1.1.1', '11.0.0.1'].map((address) => set.decide(address).index);
    };
    expect(indexes('first')).toStrictEqual([0, 0, 0, null]);
    expect(indexes('longest')).toStrictEqual([0, 1, 2, null]);
  });

  it('of rules about the same prefix deny counts with longest, the first with first', () => {
    for (const list of [
      [allow('10.0.0.0/8'), deny('10.0.0.0/8'), deny('10.0.0.0/8')],
      [deny('10.0.0.0/8'), allow('10.0.0.0/8'), allow('10.0.0.0/8')],
    ]) {
      const firstDenied = list.findIndex(({ action }) => action === 'deny');
      expect(RuleSet.from(list, { match: 'longest', otherwise: 'allow' }).decide('10.0.0.1').index).toBe(firstDenied);
      expect(RuleSet.from(list, { match: 'first', otherwise: 'allow' }).decide('10.0.0.1').index).toBe(0);
    }
  });

  it('of a layer that is not reached, a longer allow hides a shorter deny with longest, and not with first', () => {
    // 6to4 of 10.1.0.1: packets go to the IPv6 address.
    const list = [deny('10.0.0.0/8'), allow('10.1.0.0/16'), allow('2002::/16')];
    const decide = (match: 'first' | 'longest', rules: Rule[]) =>
      RuleSet.from(rules, { match, otherwise: 'deny' }).decide('2002:a01:1::').reason;
    expect(decide('longest', list)).toMatch(/^rule 2: allow 2002::/);
    expect(decide('first', list)).toMatch(/^rule 0: deny 10.0.0.0/);
    expect(decide('first', [...list].reverse())).toMatch(/^rule 0: allow 2002::/);
    expect(decide('first', [allow('10.1.0.0/16'), deny('10.0.0.0/8'), allow('2002::/16')])).toMatch(/^rule 1: deny/);
  });

  it('of two rules that say the same of the same prefix, the first', () => {
    for (const rule of [allow('10.0.0.0/8'), deny('10.0.0.0/8')]) {
      for (const match of ['first', 'longest'] as const) {
        expect(RuleSet.from([rule, rule], { match, otherwise: 'deny' }).decide('10.0.0.1').index).toBe(0);
      }
    }
  });

  it('without a rule are what is otherwise', () => {
    for (const otherwise of ['allow', 'deny'] as const) {
      const set = RuleSet.from([], { match: 'first', otherwise });
      expect([set.allows('10.0.0.1'), set.allows('::1')]).toStrictEqual([otherwise === 'allow', otherwise === 'allow']);
    }
  });

  it('do not change with what they were made of', () => {
    const rule = { action: 'deny' as RuleAction, prefix: '10.0.0.0/8' };
    const list = [rule];
    const options = { match: 'first' as const, otherwise: 'allow' as RuleAction };
    const set = RuleSet.from(list, options);
    rule.action = 'allow';
    list.length = 0;
    options.otherwise = 'deny';
    expect([set.allows('10.0.0.1'), set.allows('11.0.0.1')]).toStrictEqual([false, true]);
    expect(Reflect.set(set.decide('10.0.0.1').rule ?? {}, 'action', 'allow')).toBe(false);
    expect(set.allows('10.0.0.1')).toBe(false);
  });
});

describe('mistakes', () => {
  const options: RuleSetOptions = { match: 'first', otherwise: 'deny' };

  it.each(['Allow', 'block', '', undefined, null, true, 1])('no rule does %o', (action) => {
    const list = [deny('10.0.0.0/8'), { action: forbidden<'deny'>(action), prefix: '11.0.0.0/8' }];
    expect(() => RuleSet.from(list, options)).toThrow(TypeError);
    expect(() => RuleSet.from(list, options)).toThrow(/^action of rule 1 is .*: write 'allow' or 'deny'$/);
  });

  it.each(['last', '', undefined, null, 1])('match is never %o, nor is otherwise', (word) => {
    const make = (changed: object) => () => RuleSet.from([], { ...options, ...changed });
    expect(make({ match: word })).toThrow(TypeError);
    expect(make({ match: word })).toThrow(/^match is .*: write 'first' or 'longest'$/);
    expect(make({ otherwise: word })).toThrow(/^otherwise is .*: write 'allow' or 'deny'$/);
  });

  it('options are asked for', () => {
    expect(() => RuleSet.from([], forbidden({}))).toThrow("match is undefined: write 'first' or 'longest'");
    for (const given of [undefined, null, [], 'first']) {
      expect(() => RuleSet.from([], forbidden(given))).toThrow('pass an object with match, otherwise, nat64');
    }
    expect(() => RuleSet.from([], forbidden({ ...options, nat46: ['64:ff9b:1::/48'] }))).toThrow(
      'there is no option "nat46"',
    );
    expect(() => new (forbidden<new () => unknown>(RuleSet))()).toThrow('RuleSet.from');
  });

  it('of thousands of hosts in one network are read at once', () => {
    // One block of the table holds them all; rule by rule this is a matter of minutes, and the test ends by its time limit.
    const hosts = Array.from({ length: 30_000 }, (_, i) => ({
      action: 'deny' as const,
      prefix: `fd00::${i.toString(16)}/128`,
    }));
    const rules = RuleSet.from(hosts, { match: 'longest', otherwise: 'allow' });
    expect([rules.allows('fd00::1'), rules.allows('fd00::752f'), rules.allows('fd00::7530')]).toStrictEqual([
      false,
      false,
      true,
    ]);
  });

  it('a Teredo server is a layer, too', () => {
    const rules = RuleSet.from(
      [
        { action: 'deny', prefix: '10.0.0.0/8' },
        { action: 'allow', prefix: '::/0' },
      ],
      {
        match: 'first',
        otherwise: 'allow',
      },
    );
    expect(rules.decide('2001:0:a00:1::f7f7:f7f7').reason).toContain('deny 10.0.0.0/8, matches 10.0.0.1');
    // Of client and server that one rule matches, the client is named.
    expect(rules.decide('2001:0:a00:1::f5ff:fffd').reason).toContain('deny 10.0.0.0/8, matches 10.0.0.2');
    expect(rules.allows('2001:0:808:808::f7f7:f7f7')).toBe(true);
  });

  it.each([null, undefined, 42, 'deny 10.0.0.0/8', {}])('%o is no list of rules', (rules) => {
    expect(() => RuleSet.from(forbidden<Rule[]>(rules), options)).toThrow(TypeError);
    expect(() => RuleSet.from(forbidden<Rule[]>(rules), options)).toThrow('is no list: write RuleSet.from(');
  });

  it.each([null, undefined, 42, 'deny 10.0.0.0/8'])('%o is no rule', (rule) => {
    expect(() => RuleSet.from(forbidden<Rule[]>([rule]), options)).toThrow(
      "action of rule 0 is undefined: write 'allow' or 'deny'",
    );
  });

  it('rules are about prefixes', () => {
    for (const text of ['10.0.0.1', '10.0.0.1/8', '10.0.0.0-10.0.0.9', 'x'])
      expect(() => RuleSet.from([deny(text)], options)).toThrow(PrefixParseError);
    for (const [, value] of NOT_TEXT)
      expect(() => RuleSet.from([deny(forbidden<string>(value))], options)).toThrow(PrefixParseError);
    expect(() => RuleSet.from([deny('::/0'), forbidden<Rule>({ action: 'deny' })], options)).toThrow(
      expect.objectContaining({
        code: 'NOT_TEXT',
        message: expect.stringContaining('prefix of rule 1 is undefined, not text'),
      }),
    );
  });

  it('bits after a prefix are told without an option that there is not', () => {
    const hint = 'write 10.0.0.0/8';
    const asks = [
      () => RuleSet.from([deny('10.0.0.1/8')], options),
      () => PrefixMap.from([['10.0.0.1/8', 1]]),
      () => classifyPrefix('10.0.0.1/8'),
      () => parsePrefix('10.0.0.0/8').contains('10.0.0.1/8'),
    ];
    for (const ask of asks) expect(ask).toThrow(expect.objectContaining({ code: 'HOST_BITS', hint }));
    expect(() => parsePrefix('10.0.0.1/8')).toThrow(
      expect.objectContaining({ hint: `${hint}, or mask with hostBits: 'mask'` }),
    );
  });

  it('addresses are asked about', () => {
    const set = RuleSet.from([], options);
    for (const value of ['10.0.0.0/8', '10.0.0', ...NOT_TEXT.map(([, other]) => other)]) {
      expect(() => set.decide(forbidden<string>(value))).toThrow(AddressParseError);
      expect(() => set.allows(forbidden<string>(value))).toThrow(AddressParseError);
    }
  });

  it('NAT64 prefixes are declared by a list of them', () => {
    for (const nat64 of [['2001:db8::/33'], ['2002::/32'], '64:ff9b:1::/48', [null]]) {
      expect(() => RuleSet.from([], { ...options, nat64: forbidden<string[]>(nat64) })).toThrow(
        expect.objectContaining({ code: 'NAT64_PREFIX' }),
      );
    }
  });
});
