import { expect, it } from 'vitest';
import { SYSTEM } from '../../src/tcp/connect-io.js';

it('calls back once, unless it is ended', async () => {
  const called: string[] = [];
  const end = SYSTEM.after(1, () => called.push('ended'));
  SYSTEM.after(1, () => called.push('one'));
  end();
  // Timers of one length come in order.
  await new Promise<void>((resolve) => SYSTEM.after(1, resolve));
  // Whatever calls back again has done so by then.
  await new Promise<void>((resolve) => SYSTEM.after(5, resolve));
  expect(called).toEqual(['one']);
});

it('has a clock that goes forward', () => {
  const first = SYSTEM.now();
  expect(SYSTEM.now()).toBeGreaterThanOrEqual(first);
});
