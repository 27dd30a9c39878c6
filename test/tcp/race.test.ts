import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import type { RaceQuestion } from '../../src/tcp/happy-eyeballs.js';
import { Race } from '../../src/tcp/happy-eyeballs.js';
import type { Destination } from '../../src/tcp/sort-addresses.js';

const TIMES = { attemptDelayMs: 250, resolutionDelayMs: 50 };

function destinations(...addresses: readonly string[]): Destination[] {
  return addresses.map((text) => {
    const address = parseAddress(text);
    // From itself, so that IPv6 sorts first and the rest keeps its order.
    return { address, source: { address, prefixLength: 0 } };
  });
}

/** All that a race says to do at a time: the addresses to try, then until when to wait. */
function run(race: Race<Destination>, nowMs: number): (string | number | null)[] {
  const said: (string | number | null)[] = [];
  for (;;) {
    const step = race.next(nowMs);
    if (step.kind === 'attempt') said.push(step.destination.address.toString());
    else return [...said, step.kind === 'exhausted' ? 'exhausted' : step.untilMs];
  }
}

const race = (...questions: readonly RaceQuestion[]) => new Race<Destination>(questions, TIMES);

describe('when the first attempt begins', () => {
  it('at once when IPv6 addresses are there, whatever becomes of IPv4', () => {
    const one = race('AAAA', 'A');
    expect(run(one, 0)).toEqual([null]);
    one.arrived('AAAA', destinations('2001:db8::1'), 10);
    expect(run(one, 10)).toEqual(['2001:db8::1', null]);
  });

  it('50 ms after IPv4 addresses when IPv6 has no answer', () => {
    const one = race('AAAA', 'A');
    one.arrived('A', destinations('192.0.2.1'), 10);
    expect(run(one, 10)).toEqual([60]);
    expect(run(one, 59)).toEqual([60]);
    expect(run(one, 60)).toEqual(['192.0.2.1', null]);
  });

  it('as soon as IPv6 answers within them, and with IPv6', () => {
    const one = race('AAAA', 'A');
    one.arrived('A', destinations('192.0.2.1'), 10);
    expect(run(one, 10)).toEqual([60]);
    one.arrived('AAAA', destinations('2001:db8::1'), 30);
    expect(run(one, 30)).toEqual(['2001:db8::1', 280]);
    expect(run(one, 280)).toEqual(['192.0.2.1', null]);
  });

  it('not before what has an answer is sorted', () => {
    const one = race('AAAA', 'A');
    one.arrived('A', destinations('192.0.2.1'), 10);
    one.answered('AAAA');
    expect(one.next(100)).toEqual({ kind: 'wait', untilMs: null });
    one.arrived('AAAA', destinations('2001:db8::1'), 110);
    expect(run(one, 110)).toEqual(['2001:db8::1', 360]);
  });

  it('as soon as it is known that there are no IPv6 addresses', () => {
    const one = race('AAAA', 'A');
    one.arrived('A', destinations('192.0.2.1'), 10);
    one.arrived('AAAA', [], 20);
    expect(run(one, 20)).toEqual(['192.0.2.1', null]);
    const other = race('AAAA', 'A');
    other.arrived('AAAA', [], 10);
    expect(run(other, 10)).toEqual([null]);
    other.arrived('A', destinations('192.0.2.1'), 20);
    expect(run(other, 20)).toEqual(['192.0.2.1', null]);
  });

  it('at once when only IPv4 is asked for, and for one question about both', () => {
    for (const question of ['A', 'both'] as const) {
      const one = race(question);
      one.arrived(question, destinations('192.0.2.1'), 10);
      expect(run(one, 10)).toEqual(['192.0.2.1', null]);
    }
  });

  it('after the sorting of what has been answered', () => {
    const one = race('AAAA', 'A');
    one.answered('A');
    one.answered('AAAA');
    one.arrived('AAAA', destinations('fd00::1'), 10);
    expect(run(one, 10)).toEqual([null]);
    one.arrived('A', destinations('192.0.2.1'), 11);
    expect(run(one, 11)).toEqual(['192.0.2.1', 261]);
    expect(run(one, 261)).toEqual(['fd00::1', null]);
  });

  it('a resolution delay of 0 waits for nothing', () => {
    const one = new Race<Destination>(['AAAA', 'A'], { attemptDelayMs: 250, resolutionDelayMs: 0 });
    one.arrived('A', destinations('192.0.2.1'), 10);
    expect(run(one, 10)).toEqual(['192.0.2.1', null]);
  });
});

describe('which address is next', () => {
  it('families take turns, a first address family count of 1', () => {
    const one = race();
    one.arrived('both', destinations('192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8::2', '2001:db8::3'), 0);
    const said = [0, 250, 500, 750, 1000].flatMap((nowMs) => run(one, nowMs));
    expect(said.filter((each) => typeof each === 'string')).toEqual([
      '2001:db8::1',
      '192.0.2.1',
      '2001:db8::2',
      '192.0.2.2',
      '2001:db8::3',
    ]);
  });

  it('addresses that come late take their place among those that were not tried', () => {
    const one = race('AAAA', 'A');
    one.arrived('A', destinations('192.0.2.1', '192.0.2.2'), 0);
    expect(run(one, 50)).toEqual(['192.0.2.1', 300]);
    one.arrived('AAAA', destinations('2001:db8::1', '2001:db8::2'), 100);
    expect(run(one, 100)).toEqual([300]);
    expect(run(one, 300)).toEqual(['2001:db8::1', 550]);
    expect(run(one, 550)).toEqual(['192.0.2.2', 800]);
    expect(run(one, 800)).toEqual(['2001:db8::2', null]);
  });

  it('late addresses need not wait when nothing is going on any more', () => {
    const one = race('AAAA', 'A');
    one.arrived('AAAA', destinations('2001:db8::1'), 0);
    expect(run(one, 0)).toEqual(['2001:db8::1', null]);
    one.failed(5);
    expect(run(one, 5)).toEqual([null]);
    one.arrived('A', destinations('192.0.2.1'), 20);
    expect(run(one, 20)).toEqual(['192.0.2.1', null]);
  });

  it('late addresses wait for the attempt delay of one that is going on', () => {
    const one = race('AAAA', 'A');
    one.arrived('AAAA', destinations('2001:db8::1'), 0);
    expect(run(one, 0)).toEqual(['2001:db8::1', null]);
    one.arrived('A', destinations('192.0.2.1'), 20);
    expect(run(one, 20)).toEqual([250]);
  });
});

describe('when the next attempt begins', () => {
  const three = () => {
    const one = race();
    one.arrived('both', destinations('2001:db8::1', '2001:db8::2', '2001:db8::3'), 0);
    return one;
  };

  it('one attempt delay after the last, counted from its beginning', () => {
    const one = three();
    expect(run(one, 0)).toEqual(['2001:db8::1', 250]);
    expect(run(one, 249)).toEqual([250]);
    expect(run(one, 260)).toEqual(['2001:db8::2', 510]);
    expect(run(one, 510)).toEqual(['2001:db8::3', null]);
  });

  it('at once when one fails, be it the last or one before', () => {
    const one = three();
    expect(run(one, 0)).toEqual(['2001:db8::1', 250]);
    expect(run(one, 250)).toEqual(['2001:db8::2', 500]);
    one.failed(300);
    expect(run(one, 300)).toEqual(['2001:db8::3', null]);
  });

  it('all fail at once: all are tried at once, then there is nothing left', () => {
    const one = three();
    for (const expected of ['2001:db8::1', '2001:db8::2', '2001:db8::3']) {
      expect(run(one, 7)[0]).toBe(expected);
      one.failed(7);
    }
    expect(run(one, 7)).toEqual(['exhausted']);
  });

  it('is not over while an attempt goes on or a question is open', () => {
    const one = race('AAAA', 'A');
    one.arrived('AAAA', [], 0);
    expect(run(one, 0)).toEqual([null]);
    one.arrived('A', [], 0);
    expect(run(one, 0)).toEqual(['exhausted']);
    const other = race('A');
    other.arrived('A', destinations('192.0.2.1', '192.0.2.2'), 0);
    expect(run(other, 0)).toEqual(['192.0.2.1', 250]);
    expect(run(other, 250)).toEqual(['192.0.2.2', null]);
    other.failed(300);
    expect(run(other, 300)).toEqual([null]);
    other.failed(900);
    expect(run(other, 900)).toEqual(['exhausted']);
  });
});

describe('any course of events', () => {
  const event = fc.record({
    kind: fc.constantFrom('AAAA', 'A', 'fail', 'pass'),
    count: fc.nat({ max: 4 }),
    ms: fc.nat({ max: 400 }),
  });

  it('tries each address once, no two at a time without a delay or a failure between, and ends', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        const one = race('AAAA', 'A');
        const open = new Set<RaceQuestion>(['AAAA', 'A']);
        const given: string[] = [];
        const tried: string[] = [];
        let nowMs = 0;
        let running = 0;
        let lastMs = Number.NEGATIVE_INFINITY;
        let failedSince = false;
        const answer = (question: 'AAAA' | 'A', count: number) => {
          if (!open.delete(question)) return;
          const texts = Array.from({ length: count }, (_, n) =>
            question === 'A' ? `192.0.2.${n + 1}` : `2001:db8::${n + 1}`,
          );
          given.push(...texts);
          one.arrived(question, destinations(...texts), nowMs);
        };
        const advance = () => {
          const said = run(one, nowMs);
          const end = said.pop();
          for (const address of said) {
            expect(nowMs - lastMs >= TIMES.attemptDelayMs || failedSince).toBe(true);
            tried.push(String(address));
            [lastMs, failedSince] = [nowMs, false];
            running++;
          }
          const isOver = open.size === 0 && running === 0 && tried.length === given.length;
          expect(end === 'exhausted').toBe(isOver);
          if (typeof end === 'number') expect(end).toBeGreaterThan(nowMs);
          return end;
        };
        for (const { kind, count, ms } of events) {
          if (kind === 'pass') nowMs += ms;
          else if (kind === 'fail' && running > 0) {
            running--;
            failedSince = true;
            one.failed(nowMs);
          } else if (kind === 'A' || kind === 'AAAA') answer(kind, count);
          advance();
        }
        // Whatever it was, it comes to an end.
        answer('AAAA', 0);
        answer('A', 0);
        for (let end = advance(); end !== 'exhausted'; end = advance()) {
          if (typeof end === 'number') nowMs = end;
          else {
            expect(running).toBeGreaterThan(0);
            running--;
            failedSince = true;
            one.failed(nowMs);
          }
        }
        expect([...tried].sort()).toEqual([...given].sort());
      }),
    );
  });
});
