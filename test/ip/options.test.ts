import { describe, expect, it } from 'vitest';
import {
  classify,
  describeEmbedded,
  isAddress,
  isGloballyReachable,
  isPrefix,
  PrefixMap,
  PrefixSet,
  parsePrefix,
} from '../../src/ip/index.js';

/** What TypeScript refuses: an option that is misspelt or misplaced must not leave a guard open, silently. */
const call = (text: string, scope: Readonly<Record<string, unknown>>) =>
  new Function(...Object.keys(scope), `return ${text}`)(...Object.values(scope)) as unknown;

const SCOPE = {
  classify,
  describeEmbedded,
  isAddress,
  isGloballyReachable,
  isPrefix,
  parsePrefix,
  PrefixMap,
  PrefixSet,
};

describe('an option that there is not is refused', () => {
  it.each([
    ["isGloballyReachable('2606:4700:64::a00:1', {nat46: ['2606:4700:64::/96']})", 'there is no option "nat46"'],
    ["isGloballyReachable('2606:4700:64::a00:1', ['2606:4700:64::/96'])", 'pass an object with nat64'],
    ["isGloballyReachable('2606:4700:64::a00:1', '2606:4700:64::/96')", 'pass an object with nat64'],
    ["['8.8.8.8'].map(isGloballyReachable)", 'the options are 0: pass an object'],
    ["classify('::1', {nat64Prefixes: []})", 'there is no option "nat64Prefixes"'],
    ["classify('::1', null)", 'the options are null'],
    ["describeEmbedded('::1', {nat: []})", 'there is no option "nat"'],
    [
      "PrefixSet.from(['fe80::/10']).has('fe80::1%eth0', {zone: 'Ignore'})",
      "zone is \"Ignore\": write 'distinct' or 'ignore'",
    ],
    ["PrefixSet.from(['fe80::/10']).has('fe80::1%eth0', 'ignore')", 'pass an object with zone'],
    ["PrefixMap.from([]).value('fe80::1%eth0', {zone: true})", "write 'distinct' or 'ignore'"],
    ["PrefixSet.from([], {maped: 'keep'})", 'there is no option "maped"'],
    ["PrefixSet.from([]).complement('4')", 'family is "4": pass 4 or 6'],
    ["parsePrefix('10.0.0.0/8').contains('10.0.0.1', {mapped: 'Keep'})", "write 'unwrap' or 'keep'"],
    ["parsePrefix('10.0.0.0/25').reverseZones({classless: 'RANGE'})", "write 'slash' or 'range'"],
    ["['10.0.0.1'].filter(isAddress)", 'family is 0: pass 4 or 6'],
    ["['10.0.0.0/8'].filter(isPrefix)", 'family is 0: pass 4 or 6'],
  ])('%s', (text, message) => {
    expect(() => call(text, SCOPE)).toThrow(TypeError);
    expect(() => call(text, SCOPE)).toThrow(message);
  });
});
