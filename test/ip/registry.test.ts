import { describe, expect, it } from 'vitest';
import fixture from '../../fixtures/registry-answers.json' with { type: 'json' };
import {
  classify,
  IPV4_SPECIAL_PURPOSE,
  IPV6_SPECIAL_PURPOSE,
  isGloballyReachable,
  parseAddress,
  REGISTRY_DATE,
  type SpecialPurposeBlock,
} from '../../src/ip/index.js';
import { edgesOf, prefixOf, printSlowly } from '../support/slow-address.js';

const BLOCKS = [...IPV4_SPECIAL_PURPOSE, ...IPV6_SPECIAL_PURPOSE];
const ANSWERS = new Map(Object.entries(fixture).map(([text, answer]) => [String(parseAddress(text)), answer]));

describe('every row: first, last, one before, one after, inside', () => {
  it.each(BLOCKS.map(({ prefix, name }) => [prefix, name] as const))('%s %s', (prefix) => {
    const edges = edgesOf(prefix).map(printSlowly);
    expect(edges.length).toBeGreaterThanOrEqual(3);
    for (const text of edges) {
      const { kind, scope, globallyReachable, block } = classify(text);
      const answer = { kind, scope, globallyReachable, block: block?.prefix ?? null };
      expect({ text, ...answer }).toStrictEqual({ text, ...ANSWERS.get(text) });
      expect(isGloballyReachable(text)).toBe(globallyReachable);
    }
  });

  it('and the fixture has no other', () => {
    const edges = new Set(BLOCKS.flatMap(({ prefix }) => edgesOf(prefix).map(printSlowly)));
    expect([...ANSWERS.keys()].filter((text) => !edges.has(text))).toStrictEqual([]);
    expect(ANSWERS.size).toBe(edges.size);
  });
});

describe('the tables', () => {
  it('have IANA’s rows in its order, the one for two addresses as two', () => {
    expect(IPV4_SPECIAL_PURPOSE).toHaveLength(26);
    expect(IPV6_SPECIAL_PURPOSE).toHaveLength(25);
    expect(new Set(BLOCKS.map(({ prefix }) => prefix)).size).toBe(51);
    expect(REGISTRY_DATE).toMatch(/^\d{4}-\d{2}$/);
  });

  it.each(BLOCKS)('$prefix is a prefix without host bits', ({ prefix }) => {
    const { first, last, length } = prefixOf(prefix);
    expect(first & (last - first)).toBe(0n);
    expect(prefix).toBe(`${prefix.split('/')[0]}/${length}`);
  });

  it('have flags as published: null for N/A and for a terminated row', () => {
    const flags = ({
      source,
      destination,
      forwardable,
      globallyReachable,
      reservedByProtocol,
    }: SpecialPurposeBlock) => [source, destination, forwardable, globallyReachable, reservedByProtocol];
    const found = (prefix: string) => BLOCKS.find((block) => block.prefix === prefix) ?? expect.fail(prefix);
    expect(flags(found('192.88.99.0/24'))).toStrictEqual([null, null, null, null, null]);
    expect(found('192.88.99.0/24').terminated).toBe('2015-03');
    expect(flags(found('2001:10::/28'))).toStrictEqual([null, null, null, null, null]);
    expect(found('2001:10::/28').terminated).toBe('2014-03');
    expect(flags(found('2001::/32'))).toStrictEqual([true, true, true, null, false]);
    expect(flags(found('2002::/16'))).toStrictEqual([true, true, true, null, false]);
    expect(flags(found('255.255.255.255/32'))).toStrictEqual([false, true, false, false, true]);
    expect(found('192.0.0.170/32')).toStrictEqual({ ...found('192.0.0.171/32'), prefix: '192.0.0.170/32' });
  });

  it('cannot be changed', () => {
    expect(BLOCKS.every((block) => Object.isFrozen(block))).toBe(true);
    expect(Object.isFrozen(IPV4_SPECIAL_PURPOSE)).toBe(true);
    expect(Object.isFrozen(IPV6_SPECIAL_PURPOSE)).toBe(true);
    expect(classify('10.0.0.1').block).toBe(IPV4_SPECIAL_PURPOSE[2]);
  });
});
