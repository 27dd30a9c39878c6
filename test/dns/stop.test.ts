import { expect, test } from 'vitest';
import { Stop } from '../../src/dns/stop.js';

test('tells each listener once, for the first reason', () => {
  const stop = new Stop();
  const heard: string[] = [];
  const gone = () => heard.push('gone');
  stop.listen(() => heard.push(`one ${stop.reason}`));
  stop.listen(gone);
  stop.listen(() => stop.unlisten(last));
  const last = () => heard.push('last');
  stop.listen(last);
  stop.unlisten(gone);
  expect([stop.aborted, stop.reason]).toEqual([false, undefined]);
  stop.abort('enough');
  stop.abort('later');
  expect([stop.aborted, stop.reason]).toEqual([true, 'enough']);
  stop.listen(() => heard.push('too late'));
  stop.abort('again');
  expect(heard).toEqual(['one enough']);
});
