import { expect, test } from 'vitest';
import { Stop } from '../../src/dns/stop.js';
import { Turns } from '../../src/dns/turns.js';
import { stopped } from '../support/resolving.js';

const never = () => new Stop();

test('so many at once, others in the order in which they came', async () => {
  const turns = new Turns(2);
  const order: number[] = [];
  const enter = (id: number) => turns.enter(never()).then(() => order.push(id));
  const all = [0, 1, 2, 3, 4].map(enter);
  await Promise.all(all.slice(0, 2));
  expect(order).toEqual([0, 1]);
  expect(turns).toMatchObject({ running: 2, waiting: 3 });
  turns.leave();
  await all[2];
  expect(order).toEqual([0, 1, 2]);
  turns.leave();
  turns.leave();
  await Promise.all(all);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  turns.leave();
  turns.leave();
  expect(turns).toMatchObject({ running: 0, waiting: 0 });
});

test('nobody who comes later takes the turn of one who waits', async () => {
  const turns = new Turns(1);
  await turns.enter(never());
  const order: string[] = [];
  const first = turns.enter(never()).then(() => order.push('first'));
  turns.leave();
  const second = turns.enter(never()).then(() => order.push('second'));
  await first;
  turns.leave();
  await second;
  expect(order).toEqual(['first', 'second']);
});

test('who leaves the queue has no turn, and is passed over', async () => {
  const turns = new Turns(1);
  await turns.enter(never());
  const [leaver, other] = [new Stop(), new Stop()];
  const left = turns.enter(leaver);
  const stays = turns.enter(other);
  expect(turns.waiting).toBe(2);
  leaver.abort('enough');
  expect(await left).toBe(false);
  expect(turns.waiting).toBe(1);
  turns.leave();
  expect(await stays).toBe(true);
  // Too late to leave.
  other.abort('enough');
  expect(turns).toMatchObject({ running: 1, waiting: 0 });
  turns.leave();
  expect(turns.running).toBe(0);
  expect(await turns.enter(leaver)).toBe(false);
  expect(turns.running).toBe(0);
});

test('each of many has its turn once', async () => {
  const turns = new Turns(7);
  const aborted = stopped();
  let most = 0;
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 20_000 }, async (_, id) => {
      const signal = id % 3 === 0 ? aborted : never();
      if (!(await turns.enter(signal))) return;
      most = Math.max(most, turns.running);
      done.push(id);
      turns.leave();
    }),
  );
  expect(done).toEqual(Array.from({ length: 20_000 }, (_, id) => id).filter((id) => id % 3 !== 0));
  expect(most).toBe(7);
  expect(turns).toMatchObject({ running: 0, waiting: 0 });
});
