import { describe, expect, it } from 'vitest';
import { PrefixSet, parseAddress, RuleSet } from '../../src/ip/index.js';
import type { AllowedPeers } from '../../src/tcp/accept-filter.js';
import { compileAllow } from '../../src/tcp/accept-filter.js';

function decide(allow: AllowedPeers | undefined, peer: string): string | null {
  return compileAllow(allow)(parseAddress(peer));
}

const NOT_IN_SET = 'not in the set of those who may connect';

describe('who may connect', () => {
  it('is everybody without a filter', () => {
    expect(decide(undefined, '192.0.2.1')).toBeNull();
    expect(decide(undefined, 'fe80::1%eth0')).toBeNull();
  });

  it('is who is in a set, with any zone, also as a mapped address', () => {
    const set = PrefixSet.from(['10.0.0.0/8', 'fe80::/10']);
    for (const peer of ['10.1.2.3', '::ffff:10.1.2.3', 'fe80::5', 'fe80::5%eth0']) expect(decide(set, peer)).toBeNull();
    for (const peer of ['11.1.2.3', '::ffff:11.1.2.3', 'fec0::5', '::1']) expect(decide(set, peer)).toBe(NOT_IN_SET);
  });

  it('is whom rules allow, with their reason', () => {
    const rules = RuleSet.from([{ action: 'allow', prefix: '10.0.0.0/8' }], { match: 'first', otherwise: 'deny' });
    expect(decide(rules, '10.1.2.3')).toBeNull();
    expect(decide(rules, '::1')).toBe('no rule matches ::1, otherwise deny');
  });

  it.each([null, 7, [], ['10.0.0.0/8'], {}])('is nobody for %j, which is an error', (allow) => {
    expect(() => compileAllow(allow as never)).toThrow(
      new TypeError("allow is no PrefixSet and no RuleSet: write PrefixSet.from(['10.0.0.0/8'])"),
    );
  });
});
