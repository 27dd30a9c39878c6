import { describe, expect, test } from 'vitest';
import { Flights } from '../../src/dns/flights.js';
import { Stop } from '../../src/dns/stop.js';
import { deferred, stopped } from '../support/resolving.js';

/** Work that is under way until it is told to end. */
function work() {
  const started: { signal: Stop; resolve: (value: string) => void; reject: (error: unknown) => void }[] = [];
  const start = (signal: Stop) => {
    const { promise, resolve, reject } = deferred<string>();
    started.push({ signal, resolve, reject });
    return { result: promise, progress: started.length };
  };
  return { started, start };
}

const never = new Stop();

describe('Flights', () => {
  test('equal keys share one piece of work, others do not', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    const all = ['a', 'a', 'b', 'a'].map((key) => flights.join(key, never, start));
    expect(started).toHaveLength(2);
    started[0]?.resolve('one');
    started[1]?.resolve('two');
    expect((await Promise.all(all)).map((joined) => !joined.left && joined.result)).toEqual([
      'one',
      'one',
      'two',
      'one',
    ]);
    void flights.join('a', never, start);
    expect(started).toHaveLength(3);
  });

  test('one who goes hurts nobody else', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    const goes = new Stop();
    const [gone, stays] = [flights.join('a', goes, start), flights.join('a', never, start)];
    goes.abort('enough');
    expect(await gone).toEqual({ left: true, progress: 1 });
    expect(started[0]?.signal.aborted).toBe(false);
    started[0]?.resolve('one');
    expect(await stays).toEqual({ left: false, result: 'one' });
  });

  test('when all have gone the work is aborted, for the reason of the last, and the next caller starts anew', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    const [first, last] = [new Stop(), new Stop()];
    const all = [flights.join('a', first, start), flights.join('a', last, start)];
    first.abort('first');
    last.abort('last');
    await Promise.all(all);
    expect(started[0]?.signal.reason).toBe('last');
    const next = flights.join('a', never, start);
    expect(started).toHaveLength(2);
    // The old work ends late, and does not take the new entry away.
    started[0]?.resolve('old');
    await Promise.resolve();
    void flights.join('a', never, start);
    expect(started).toHaveLength(2);
    started[1]?.resolve('new');
    expect(await next).toEqual({ left: false, result: 'new' });
  });

  test('who comes with an aborted signal is gone at once', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    expect(await flights.join('a', stopped(), start)).toEqual({ left: true, progress: 1 });
    expect(started[0]?.signal.aborted).toBe(true);
  });

  test('work that fails fails for all, and is not kept', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    const all = [flights.join('a', never, start), flights.join('a', never, start)];
    started[0]?.reject(new Error('broken'));
    for (const one of all) await expect(one).rejects.toThrow('broken');
    void flights.join('a', never, start);
    expect(started).toHaveLength(2);
  });

  test('detached, the old work goes on for those who wait', async () => {
    const flights = new Flights<string, number>();
    const { started, start } = work();
    const old = flights.join('a', never, start);
    flights.detach();
    const fresh = flights.join('a', never, start);
    started[1]?.resolve('new');
    started[0]?.resolve('old');
    expect(await Promise.all([old, fresh])).toEqual([
      { left: false, result: 'old' },
      { left: false, result: 'new' },
    ]);
  });
});
