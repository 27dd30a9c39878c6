import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Limit, TimeIsOver } from '../../src/dns/limit.js';
import { deferred } from '../support/resolving.js';

const MINUTE = 60_000;
const limitOf = (ms: number, caller?: AbortSignal) => new Limit(ms, caller, new Set());

describe('Limit', () => {
  test("ends by its time, by its caller's signal, by an abort: for the first of them", async () => {
    const timed = limitOf(1);
    await new Promise((resolve) => timed.signal.listen(() => resolve(null)));
    timed.abort('later');
    expect(timed.signal.reason).toEqual(new TimeIsOver(1));
    expect(timed.timedOut).toBe(true);

    const caller = new AbortController();
    const called = limitOf(MINUTE, caller.signal);
    expect(called.signal.aborted).toBe(false);
    caller.abort('enough');
    expect([called.signal.reason, called.timedOut]).toEqual(['enough', false]);
    called.end();

    const aborted = limitOf(MINUTE, AbortSignal.abort('before'));
    expect(aborted.signal.reason).toBe('before');
    aborted.end();
  });

  test('has no timer and no listener before somebody asks for its signal, nor when it has ended', () => {
    const going = new Set<Limit>();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const caller = new AbortController();
    const limits = Array.from({ length: 1000 }, () => new Limit(MINUTE, caller.signal, going));
    expect([timers(), going.size, getEventListeners(caller.signal, 'abort').length]).toEqual([before, 0, 0]);
    expect(limits.some(({ aborted, timedOut }) => aborted || timedOut)).toBe(false);
    for (const { signal } of limits) expect(signal.aborted).toBe(false);
    // More than ten listeners would be a warning of Node's.
    expect([timers(), going.size, getEventListeners(caller.signal, 'abort').length]).toEqual([before + 1000, 1000, 1]);
    for (const limit of limits) limit.end();
    expect([timers(), going.size, getEventListeners(caller.signal, 'abort').length]).toEqual([before, 0, 0]);
  });

  test('knows that its caller has aborted, without a signal of its own', () => {
    const caller = new AbortController();
    const limit = limitOf(MINUTE, caller.signal);
    caller.abort('enough');
    expect([limit.aborted, limit.timedOut, limit.signal.reason]).toEqual([true, false, 'enough']);
    limit.end();
  });

  test('one signal ends all its calls', () => {
    const caller = new AbortController();
    const limits = Array.from({ length: 100 }, () => limitOf(MINUTE, caller.signal));
    for (const { signal } of limits) expect(signal.aborted).toBe(false);
    const [gone, ...others] = limits;
    gone?.end();
    caller.abort('enough');
    expect(gone?.signal.aborted).toBe(false);
    expect(others.every((limit) => limit.signal.reason === 'enough')).toBe(true);
    for (const limit of others) limit.end();
  });

  test('within: the result, or that it is late, or that the call is aborted', async () => {
    const { promise: never } = deferred<string>();
    const limit = limitOf(MINUTE);
    expect(await limit.within(Promise.resolve('result'), MINUTE)).toBe('result');
    expect(await limit.within(never, 1)).toBe('late');
    await expect(limit.within(Promise.reject(new Error('broken')), MINUTE)).rejects.toThrow('broken');
    const waiting = limit.within(never, MINUTE);
    limit.abort('enough');
    expect(await waiting).toBe('aborted');
    expect(await limit.within(never, MINUTE)).toBe('aborted');
    limit.end();
    // The call's own time is a time like the other: what is stale is better than nothing.
    const short = limitOf(1);
    expect(await short.within(never, MINUTE)).toBe('late');
    short.end();
  });
});
