import { describe, expectTypeOf, it } from 'vitest';
import {
  type Address,
  AddressRange,
  type BadItem,
  classifyPrefix,
  comparePrefixes,
  type Decision,
  isPrefix,
  mergePrefixes,
  Prefix,
  type PrefixClassification,
  PrefixListError,
  PrefixMap,
  type PrefixMatch,
  PrefixParseError,
  type PrefixParseErrorCode,
  PrefixSet,
  type PrefixSetBuilder,
  type PrefixSetItem,
  parsePrefix,
  parseRange,
  type Rule,
  RuleSet,
  type RuleSetOptions,
  SnapshotError,
  type SnapshotErrorCode,
  safeParsePrefix,
  safeParseRange,
} from '../../src/ip/index.js';

describe('prefixes', () => {
  it('are read from text', () => {
    expectTypeOf(parsePrefix).parameter(0).toEqualTypeOf<string>();
    expectTypeOf(parsePrefix).returns.toEqualTypeOf<Prefix>();
    parsePrefix('10.0.0.0/8', { hostBits: 'mask' });
    // @ts-expect-error a slip of the pen
    parsePrefix('10.0.0.0/8', { hostBits: 'Mask' });
    // @ts-expect-error a number is no text
    parsePrefix(8);
    expectTypeOf(Prefix.from).returns.toEqualTypeOf<Prefix>();
    // @ts-expect-error the length is a number
    Prefix.from('10.0.0.0', '8');
  });

  it('safely give data or an error', () => {
    const result = safeParsePrefix('10.0.0.0/8');
    if (result.success) {
      expectTypeOf(result.data).toEqualTypeOf<Prefix>();
      expectTypeOf(result).not.toHaveProperty('error');
    } else {
      expectTypeOf(result.error).toEqualTypeOf<PrefixParseError>();
      expectTypeOf(result).not.toHaveProperty('data');
    }
  });

  it('narrow what is unknown', () => {
    const value: unknown = '10.0.0.0/8';
    if (isPrefix(value, 4)) expectTypeOf(value).toEqualTypeOf<string>();
  });

  it('answer with values', () => {
    const prefix = parsePrefix('10.0.0.0/8');
    expectTypeOf(prefix.family).toEqualTypeOf<4 | 6>();
    expectTypeOf(prefix.first).toEqualTypeOf<Address>();
    expectTypeOf(prefix.size).toEqualTypeOf<bigint>();
    expectTypeOf(prefix.length).toEqualTypeOf<number>();
    expectTypeOf(prefix.next()).toEqualTypeOf<Prefix | null>();
    expectTypeOf(prefix.at).parameter(0).toEqualTypeOf<number | bigint>();
    expectTypeOf(prefix.hosts()).toEqualTypeOf<Generator<Address, void, undefined>>();
    expectTypeOf(prefix.subnets(9)).toEqualTypeOf<Generator<Prefix, void, undefined>>();
    expectTypeOf(prefix.subtract('10.0.0.0/9')).toEqualTypeOf<Prefix[]>();
    expectTypeOf(prefix.reverseZones({ classless: 'range' })).toEqualTypeOf<string[]>();
    expectTypeOf([prefix].sort(comparePrefixes)).toEqualTypeOf<Prefix[]>();
    // @ts-expect-error text is compared by nothing
    prefix.equals('10.0.0.0/8');
    // @ts-expect-error it cannot be changed
    prefix.length = 9;
  });

  it('have errors with a code of a few', () => {
    expectTypeOf<PrefixParseError['code']>().toEqualTypeOf<PrefixParseErrorCode>();
    expectTypeOf<PrefixParseError['name']>().toEqualTypeOf<'PrefixParseError'>();
    expectTypeOf<PrefixParseError['input']>().toEqualTypeOf<unknown>();
    expectTypeOf<'HOST_BITS' | 'NOT_PREFIX' | 'ORDER'>().toExtend<PrefixParseErrorCode>();
    expectTypeOf<'WRONG'>().not.toExtend<PrefixParseErrorCode>();
    expectTypeOf(PrefixParseError).instance.toExtend<Error>();
  });
});

describe('ranges', () => {
  it('are read, made and taken apart', () => {
    expectTypeOf(parseRange('::-::1')).toEqualTypeOf<AddressRange>();
    expectTypeOf(AddressRange.from('::', parsePrefix('::/8').last).toPrefixes()).toEqualTypeOf<Prefix[]>();
    const result = safeParseRange('::-::1');
    expectTypeOf(result.success ? result.data : result.error).toEqualTypeOf<AddressRange | PrefixParseError>();
  });
});

describe('sets', () => {
  it('take prefixes, ranges, addresses and text', () => {
    expectTypeOf<PrefixSetItem>().toEqualTypeOf<Prefix | AddressRange | Address | string>();
    const set = PrefixSet.from(['10.0.0.0/8', parsePrefix('::/0'), parseRange('::-::1')], { mapped: 'keep' });
    expectTypeOf(set).toEqualTypeOf<PrefixSet>();
    expectTypeOf(set.union(set).prefixes()).toEqualTypeOf<Prefix[]>();
    expectTypeOf(set.size).toEqualTypeOf<bigint>();
    expectTypeOf(mergePrefixes(set)).toEqualTypeOf<Prefix[]>();
    expectTypeOf(PrefixSet.builder()).toEqualTypeOf<PrefixSetBuilder>();
    // @ts-expect-error a number is no item
    PrefixSet.from([10]);
    // @ts-expect-error algebra is between sets
    set.union('10.0.0.0/8');
    // @ts-expect-error what becomes of mapped ones belongs to the set
    set.has('::1', { mapped: 'keep' });
  });

  it('report items that are none', () => {
    expectTypeOf(PrefixListError).instance.toHaveProperty('items').toEqualTypeOf<readonly BadItem[]>();
  });
});

describe('maps', () => {
  it('carry the type of their values', () => {
    const map = PrefixMap.from([['10.0.0.0/8', { name: 'ten' }] as const]);
    expectTypeOf(map).toEqualTypeOf<PrefixMap<{ readonly name: 'ten' }>>();
    const numbers = new PrefixMap<number>();
    expectTypeOf(numbers.match('10.0.0.1')).toEqualTypeOf<PrefixMatch<number> | null>();
    expectTypeOf(numbers.value('10.0.0.1')).toEqualTypeOf<number | undefined>();
    expectTypeOf(numbers.matches('10.0.0.1', { zone: 'ignore' })).toEqualTypeOf<PrefixMatch<number>[]>();
    expectTypeOf(numbers.set('10.0.0.0/8', 1)).toEqualTypeOf<PrefixMap<number>>();
    expectTypeOf([...numbers]).toEqualTypeOf<PrefixMatch<number>[]>();
    expectTypeOf(PrefixMap.from(numbers.within('10.0.0.0/8'))).toEqualTypeOf<PrefixMap<number>>();
    // @ts-expect-error the values are numbers
    numbers.set('10.0.0.0/8', 'one');
    // @ts-expect-error what a snapshot holds is loaded by fromBytes
    new PrefixMap<number>({}, {});
  });

  it('are written and loaded with functions that fit', () => {
    const bytes = new PrefixMap<bigint>().toBytes((value) => {
      expectTypeOf(value).toEqualTypeOf<bigint>();
      return new Uint8Array(8);
    });
    expectTypeOf(bytes).toExtend<Uint8Array>();
    expectTypeOf(PrefixMap.fromBytes(bytes, (value) => value.length)).toEqualTypeOf<PrefixMap<number>>();
    expectTypeOf(PrefixMap.fromBytes<string>(bytes)).toEqualTypeOf<PrefixMap<string>>();
    expectTypeOf<SnapshotError['code']>().toEqualTypeOf<SnapshotErrorCode>();
    expectTypeOf(SnapshotError).instance.toExtend<Error>();
    // @ts-expect-error a text is no bytes
    new PrefixMap<number>().toBytes(String);
  });
});

describe('rules', () => {
  it('have no defaults to guess', () => {
    const rules: readonly Rule[] = [{ action: 'deny', prefix: '10.0.0.0/8', name: 'office' }];
    const options: RuleSetOptions = { match: 'first', otherwise: 'allow', nat64: ['64:ff9b:1::/48'] };
    const decision = RuleSet.from(rules, options).decide('10.0.0.1');
    expectTypeOf(decision).toEqualTypeOf<Decision>();
    expectTypeOf(decision.action).toEqualTypeOf<'allow' | 'deny'>();
    expectTypeOf(decision.rule).toEqualTypeOf<Rule | null>();
    // @ts-expect-error without options
    RuleSet.from(rules);
    // @ts-expect-error without what happens otherwise
    RuleSet.from(rules, { match: 'first' });
    // @ts-expect-error no such action
    RuleSet.from([{ action: 'block', prefix: '10.0.0.0/8' }], options);
  });
});

describe('classifyPrefix', () => {
  it('is plain data', () => {
    expectTypeOf(classifyPrefix('10.0.0.0/8')).toEqualTypeOf<PrefixClassification>();
    expectTypeOf<PrefixClassification['globallyReachable']>().toEqualTypeOf<'all' | 'some' | 'none'>();
  });
});
