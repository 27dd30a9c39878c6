import { describe, expect, test } from 'vitest';
import type { DnsErrorCode } from '../../src/dns/error.js';
import type { Outcome } from '../../src/dns/exchange.js';
import { TimeIsOver } from '../../src/dns/limit.js';
import type { Rest } from '../../src/dns/rest.js';
import { askingOrder, restAfter, restWhileAsked } from '../../src/dns/rest.js';

const failure = (code: DnsErrorCode, cause?: unknown): Outcome => ({ kind: 'failure', code, cause });
const NXDOMAIN: Outcome = { kind: 'none', code: 'NXDOMAIN' };
const ANSWER: Outcome = { kind: 'records', records: [] };
const NOW = 1_000_000;

describe('restAfter', () => {
  test.each<[string, Outcome, ms: number, before: Rest, after: Rest]>([
    ['silence', failure('TIMEOUT'), 2000, null, NOW + 30_000],
    ['silence, again', failure('TIMEOUT'), 2000, NOW - 1, NOW + 30_000],
    ['nobody there', failure('UNREACHABLE'), 0, null, NOW + 30_000],
    ['an answer', ANSWER, 5, NOW + 1, null],
    ['no such name', NXDOMAIN, 5, NOW + 1, null],
    ['a failure of the server: it is there', failure('SERVFAIL'), 5, NOW + 1, null],
    ['a refusal', failure('REFUSED'), 5, NOW + 1, null],
    ['garbage', failure('BAD_RESPONSE'), 5, NOW + 1, null],
    ['an abort, which says nothing', failure('ABORTED', 'enough'), 5000, null, null],
    ['an abort, which forgets nothing', failure('ABORTED', 'enough'), 5000, NOW + 1, NOW + 1],
    [
      "the end of a caller's time, after half a second",
      failure('ABORTED', new TimeIsOver(500)),
      500,
      null,
      NOW + 30_000,
    ],
    ["the end of a caller's time, before", failure('ABORTED', new TimeIsOver(500)), 499, null, null],
  ])('%s', (_, outcome, ms, before, after) => {
    expect(restAfter(before, outcome, ms, NOW)).toBe(after);
  });
});

test('a server whose rest is over rests on for others while one question finds out', () => {
  expect(restWhileAsked(null, NOW)).toBeNull();
  expect(restWhileAsked(NOW - 1, NOW)).toBe(NOW + 30_000);
});

describe('askingOrder', () => {
  const order = (...rests: Rest[]) =>
    askingOrder(
      rests.map((rest, place) => ({ rest, place })),
      NOW,
    ).map(({ place }) => place);

  test.each<[string, Rest[], number[]]>([
    ['nobody rests', [null, null, null], [0, 1, 2]],
    ['who rests comes last', [NOW + 1, null, null], [1, 2, 0]],
    ['those who rest keep their order', [NOW + 2, null, NOW + 1, null], [1, 3, 0, 2]],
    ['all rest', [NOW + 2, NOW + 1], [0, 1]],
    ['one server is asked, whatever it is', [NOW + 1], [0]],
    ['a rest ends', [NOW, null], [0, 1]],
    ['a rest that has not ended', [NOW + 0.001, null], [1, 0]],
  ])('%s', (_, rests, expected) => {
    expect(order(...rests)).toEqual(expected);
  });
});
