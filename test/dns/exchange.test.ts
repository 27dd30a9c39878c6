import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../src/dns/exchange.js';
import { createBackend, exchange, outcomeOf, outcomeOfError, readServer } from '../../src/dns/exchange.js';
import { Stop } from '../../src/dns/stop.js';
import { DnsServer } from '../../src/testing/index.js';
import { NOT_TEXT } from '../support/not-text.js';
import { caresError, deferred, plainBackend, stopped } from '../support/resolving.js';

describe('readServer', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1:53'],
    ['192.0.2.1:5353', '192.0.2.1:5353'],
    ['192.0.2.1:65535', '192.0.2.1:65535'],
    ['192.0.2.1:1', '192.0.2.1:1'],
    ['2001:DB8::1', '[2001:db8::1]:53'],
    ['[2001:db8::1]', '[2001:db8::1]:53'],
    ['[2001:db8::1]:5353', '[2001:db8::1]:5353'],
    ['::1', '[::1]:53'],
    // an address as a whole, not a port
    ['2001:db8::1:53', '[2001:db8::1:53]:53'],
  ])('%j is %s', (text, server) => {
    expect(readServer(text)).toBe(server);
  });

  test.each([
    ...[
      '',
      'localhost',
      'localhost:53',
      '1.1.1.1:',
      '1.1.1.1:0',
      '1.1.1.1:00',
      '1.1.1.1:053',
      '1.1.1.1:65536',
      '1.1.1.1:99999',
    ],
    ...[
      '1.1.1.1:-1',
      '1.1.1.1:+53',
      '1.1.1.1:53 ',
      ' 1.1.1.1',
      '1.1.1.1:53:53',
      '1.1.1.1:5e1',
      '127.1',
      '0x7f.1:53',
      '1.1.1.1/32',
    ],
    ...[
      '[::1',
      '::1]:53',
      '[::1]53',
      '[::1]:',
      '[::1]:0',
      '[::1]:99999',
      '[]:53',
      '[1.1.1.1]:53',
      '[[::1]]:53',
      '[::1]:53:53',
    ],
    ...['fe80::1%eth0', '[fe80::1%eth0]:53', '1.1.1.1\0:53', '1.1.1.1:53\n'],
  ])('%j is refused', (text) => {
    expect(() => readServer(text)).toThrow(TypeError);
    expect(() => createBackend(text)).toThrow(TypeError);
  });

  test.each(NOT_TEXT)('%s is refused', (_, value) => {
    expect(() => readServer(value as string)).toThrow(TypeError);
  });
});

test.each([
  ['192.0.2.1:053', 'a port with a zero in front'],
  ['[::1]:00', 'a port with a zero in front'],
  ['192.0.2.1:0', 'no port from 1 to 65535'],
  ['[::1]x', 'no port after the bracket'],
  ['[::1', 'no address'],
])('%s: %s', (text, problem) => {
  expect(() => readServer(text)).toThrow(
    `server "${text}": ${problem}; write an address with an optional port, 192.0.2.1:53 or [2001:db8::1]:53`,
  );
});

test.each([0, 1.5, 2 ** 31, Number.NaN, '5' as unknown as number])('%j is no time for a question', (timeoutMs) => {
  expect(() => createBackend('192.0.2.1', timeoutMs)).toThrow(RangeError);
});

test.each([1, 2 ** 31 - 1])('%d ms is a time for a question', (timeoutMs) => {
  expect(createBackend('192.0.2.1', timeoutMs).cancel).toBeTypeOf('function');
});

describe('outcomes', () => {
  test.each<[string, Outcome['kind'], string]>([
    ['ENOTFOUND', 'none', 'NXDOMAIN'],
    ['ENODATA', 'none', 'NODATA'],
    ['ESERVFAIL', 'failure', 'SERVFAIL'],
    ['EREFUSED', 'failure', 'REFUSED'],
    ['EFORMERR', 'failure', 'FORMERR'],
    ['ENOTIMP', 'failure', 'NOTIMP'],
    ['EBADRESP', 'failure', 'BAD_RESPONSE'],
    ['EBADNAME', 'failure', 'BAD_NAME'],
    ['ETIMEOUT', 'failure', 'TIMEOUT'],
    ['ECONNREFUSED', 'failure', 'UNREACHABLE'],
    ['ECANCELLED', 'failure', 'UNREACHABLE'],
    ['ESOMETHINGNEW', 'failure', 'UNREACHABLE'],
    ['constructor', 'failure', 'UNREACHABLE'],
  ])('%s is %s %s', (code, kind, expected) => {
    const cause = caresError(code);
    expect(outcomeOfError(cause)).toEqual(kind === 'none' ? { kind, code: expected } : { kind, code: expected, cause });
  });

  test.each([[undefined], [null], ['text'], [new Error('no code')]])(
    'whatever is thrown is a failure: %s',
    (thrown) => {
      expect(outcomeOfError(thrown)).toEqual({ kind: 'failure', code: 'UNREACHABLE', cause: thrown });
    },
  );

  test('an empty list is NODATA, nonsense is BAD_RESPONSE', () => {
    expect(outcomeOf('A', [])).toEqual({ kind: 'none', code: 'NODATA' });
    expect(outcomeOf('A', ['::1'])).toMatchObject({ kind: 'failure', code: 'BAD_RESPONSE' });
    const trap = {
      get address() {
        throw new Error('trap');
      },
    };
    expect(outcomeOf('A', [trap])).toMatchObject({ kind: 'failure', code: 'BAD_RESPONSE' });
  });
});

describe('exchange', () => {
  const A = { name: 'a.test', type: 'A' } as const;
  const answer = [{ address: '192.0.2.1', ttl: 30 }];
  const never = new Stop();

  test('settles with the answer, after onEnd', async () => {
    const events: string[] = [];
    const outcome = await exchange(
      plainBackend(() => answer),
      A,
      { timeoutMs: 60_000, signal: never, onEnd: () => events.push('end') },
    );
    expect(outcome).toMatchObject({ kind: 'records' });
    expect(events).toEqual(['end']);
  });

  test('settles when its time is over; what the backend does later is ignored', async () => {
    const { promise, resolve } = deferred<unknown>();
    const ended = deferred<void>();
    const backend = plainBackend(() => promise);
    expect(await exchange(backend, A, { timeoutMs: 5, signal: never, onEnd: ended.resolve })).toEqual({
      kind: 'failure',
      code: 'TIMEOUT',
      cause: undefined,
    });
    resolve(answer);
    await ended.promise;
    expect(backend.cancelled).toBe(0);
  });

  test('settles when it is aborted', async () => {
    const caller = new Stop();
    const { promise } = deferred<unknown>();
    const outcome = exchange(
      plainBackend(() => promise),
      A,
      { timeoutMs: 60_000, signal: caller },
    );
    caller.abort('enough');
    expect(await outcome).toEqual({ kind: 'failure', code: 'ABORTED', cause: 'enough' });
  });

  test('aborted before, it asks nobody', async () => {
    let asked = 0;
    const signal = stopped('enough');
    const outcome = await exchange(
      plainBackend(() => asked++),
      A,
      { timeoutMs: 60_000, signal },
    );
    expect(outcome).toMatchObject({ code: 'ABORTED' });
    expect(asked).toBe(0);
  });

  test('a backend that throws at once is one that fails', async () => {
    const backend = {
      ...plainBackend(() => []),
      resolve4: () => {
        throw new Error('broken');
      },
    };
    expect(await exchange(backend, A, { timeoutMs: 60_000, signal: never })).toMatchObject({ code: 'UNREACHABLE' });
  });

  test('a version of Node without resolveTlsa', async () => {
    const backend = { resolve4: async () => [], cancel: () => {} } as unknown as ReturnType<typeof createBackend>;
    const outcome = await exchange(backend, { name: 'a.test', type: 'TLSA' }, { timeoutMs: 60_000, signal: never });
    expect(outcome).toMatchObject({ kind: 'failure', code: 'NOTIMP' });
  });
});

describe("Node's own backend", () => {
  test('a slow answer after fast ones is waited for, also while others come in: c-ares would give it up', async () => {
    await using server = await DnsServer.listen({ zone: '*.fast.test. A 192.0.2.1\nslow.test. A 192.0.2.2' });
    const backend = createBackend(server.address, 5000);
    for (let i = 0; i < 20; i++) await backend.resolve4(`${i}.fast.test`);
    const { promise: heard, resolve: answerNow } = deferred<void>();
    server.rule({ name: 'slow.test' }, { until: heard });
    const slow = backend.resolve4('slow.test');
    const start = performance.now();
    // c-ares looks at its clock when an answer comes in; it would give up within 0.3 s.
    for (let i = 20; performance.now() - start < 600; i++) await backend.resolve4(`${i}.fast.test`);
    answerNow();
    expect(await slow).toEqual(['192.0.2.2']);
    expect(server.count('slow.test')).toBe(1);
  });

  test('cancel ends all that is open, and the backend stays usable', async () => {
    await using server = await DnsServer.listen({ zone: '*.test. A 192.0.2.1', rules: [[{ name: /^drop/ }, 'drop']] });
    const backend = createBackend(server.address);
    // Enough answers for several resolvers inside.
    const dropped: Promise<unknown>[] = [];
    for (let i = 0; i < 5; i++) {
      dropped.push(backend.resolve4(`drop${i}.test`).catch((error: { code: string }) => error.code));
      await backend.resolve4('a.test');
    }
    await server.asked(5, { name: /^drop/ });
    backend.cancel();
    expect(await Promise.all(dropped)).toEqual(Array(5).fill('ECANCELLED'));
    expect(await backend.resolve4('a.test', { ttl: true })).toEqual([{ address: '192.0.2.1', ttl: 300 }]);
  });
});
