import { once } from 'node:events';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { limitHandshake } from '../../src/tcp/handshake-limit.js';

function stream(): TLSSocket {
  const one = new TLSSocket(new Socket());
  onTestFinished(() => void one.destroy());
  return one;
}

function counts(one: TLSSocket): readonly number[] {
  return ['secureConnect', 'close'].map((event) => one.listenerCount(event));
}

it('ends what has had its time, and says so', async () => {
  const one = stream();
  limitHandshake(one, 'secure.test:443', 60_000, performance.now() - 60_000);
  const [error] = await once(one, 'error');
  expect(error).toMatchObject({
    name: 'ConnectError',
    code: 'TIMEOUT',
    target: 'secure.test:443',
    message: 'TIMEOUT secure.test:443: connected, but no TLS handshake in 60000 ms; check that the port speaks TLS',
    hint: 'check that the port speaks TLS',
  });
});

it('waits for what is left of the time', () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => timers.mockRestore());
  const one = stream();
  limitHandshake(one, 'secure.test:443', 60_000, performance.now() - 20_000);
  const [[, ms = 0] = []] = timers.mock.calls;
  expect(ms).toBeGreaterThan(30_000);
  expect(ms).toBeLessThanOrEqual(40_000);
  one.emit('secureConnect');
});

it.each(['secureConnect', 'close'])('leaves nothing after %s', (event) => {
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  onTestFinished(() => cleared.mockRestore());
  const one = stream();
  const before = counts(one);
  limitHandshake(one, 'secure.test:443', 60_000, performance.now());
  expect(counts(one)).toEqual(before.map((count) => count + 1));
  one.emit(event);
  expect(counts(one)).toEqual(before);
  expect(cleared).toHaveBeenCalledTimes(1);
});
