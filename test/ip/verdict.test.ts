import { expect, it } from 'vitest';
import { allVerdicts, verdictOfIPv4, verdictOfIPv6, verdictRules } from '../../src/ip/verdict.js';
import { setWords, w0, w1, w2, w3 } from '../../src/ip/words.js';

it('the first question leaves the words as they are, which hold what it is about', () => {
  setWords(1, 2, 3, 4);
  allVerdicts();
  expect([w0, w1, w2, w3]).toEqual([1, 2, 3, 4]);
});

it('each verdict has its place in the list of all', () => {
  const all = allVerdicts();
  expect(all.map(({ index }) => index)).toEqual([...all.keys()]);
  for (const { verdict } of [...verdictRules(4), ...verdictRules(6)]) expect(all[verdict.index]).toBe(verdict);
  expect(all[verdictOfIPv4(0x7f00_0001).index]?.kind).toBe('loopback');
  expect(all[verdictOfIPv6(0xff02_0000 | 0, 0, 0, 1).index]).toMatchObject({ kind: 'multicast', scope: 'link-local' });
});
