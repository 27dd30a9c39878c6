import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import { PrefixSet } from '../../src/ip/index.js';
import { clientAddress, isWider } from '../../src/socket/index.js';
import type { ConnectorCallback, OpenSocket } from '../../src/tcp/index.js';
import { connect, createConnector, isListening, listen, openSockets, socketExposure } from '../../src/tcp/index.js';
import { close, listen as listenBare } from '../support/listener.js';
import { anyPort, fateOf } from '../support/peers.js';

// Values, and code of others, that are not what their types say: nothing ends the process, hangs, or is taken for harmless.

/** An error that can't be told. */
class Untold extends Error {
  override get message(): string {
    throw new Error('of the getter');
  }

  get code(): string {
    throw new Error('of the getter');
  }
}

describe('listen', () => {
  it('lets nobody in by a filter that throws, and goes on', async () => {
    const set = PrefixSet.from(['10.0.0.0/8']);
    set.has = () => {
      throw new Error('odd');
    };
    const refused: string[] = [];
    const listener = await listen(anyPort(), () => {}, { allow: set, onRefused: ({ reason }) => refused.push(reason) });
    expect(await fateOf(listener)).toBe('ECONNRESET');
    expect(await fateOf(listener)).toBe('ECONNRESET');
    expect(refused).toEqual(['allow has thrown: odd', 'allow has thrown: odd']);
    expect(listener.stats()).toMatchObject({ accepted: 2, denied: 2, open: 0 });
    await listener.close();
  });

  it('warns of an error of a handler that can not be told', async () => {
    const warned = once(process, 'warning');
    const listener = await listen(anyPort(), async () => {
      throw new Untold();
    });
    await fateOf(listener);
    expect(String((await warned)[0].message)).toBe('the handler of a connection has failed: what can not be told');
    await listener.close();
  });
});

describe('a resolver', () => {
  it('that throws what can not be told is a ConnectError, at once', async () => {
    const resolver = {
      resolve: async () => {
        throw new Untold();
      },
    };
    const message = /BAD_RESPONSE name\.test:80: the name is not resolved: what can not be told/;
    await expect(connect('name.test:80', { resolver })).rejects.toThrow(message);
  });

  it('whose family throws ends the call, and leaves no timer', async () => {
    const resolver = {
      resolve: async () => ({ records: [] }) as never,
      get family(): 4 {
        throw new Error('odd');
      },
    };
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    await expect(connect('name.test:80', { resolver, timeoutMs: 12_345 })).rejects.toThrow('odd');
    const limit = timers.mock.results[timers.mock.calls.findIndex(([, ms]) => ms === 12_345)]?.value;
    expect(limit).toBeDefined();
    expect(cleared).toHaveBeenCalledWith(limit);
  });
});

describe('createConnector', () => {
  it('leaves no connection behind where tls.connect throws', async () => {
    const server = createServer();
    onTestFinished(() => close(server));
    const port = String(await listenBare(server, '127.0.0.1'));
    const accepted = once(server, 'connection');
    const connector = createConnector({ policy: 'any', tls: { minVersion: 'bogus' as 'TLSv1.2' } });
    const error = await new Promise((resolve) => {
      const callback: ConnectorCallback = (...outcome) => resolve(outcome[0]);
      connector({ hostname: '127.0.0.1', protocol: 'https:', port }, callback);
    });
    expect(error).toBeInstanceOf(TypeError);
    const [socket] = await accepted;
    socket.on('error', () => {}).resume();
    if (!socket.destroyed) await once(socket, 'close');
  });

  it('refuses what is none of its arguments at once', () => {
    for (const tls of [null, 5]) {
      expect(() => createConnector({ policy: 'any', tls: tls as never })).toThrow(/^tls is no object/);
    }
    const inherited: unknown = Object.create({ policy: 'any', timeoutMs: -5 });
    expect(() => createConnector(inherited as { policy: 'any' })).toThrow(RangeError);
    const connector = createConnector({ policy: 'any' }) as (request: unknown) => void;
    const request = { hostname: '127.0.0.1', protocol: 'http:', port: '1' };
    expect(() => connector(request)).toThrow('a connector is called with a callback');
  });
});

describe('a backend', () => {
  const ask = (createBackend: () => unknown) => {
    const servers = ['127.0.0.1'];
    const options = { servers, hosts: false, attempts: 1, attemptTimeoutMs: 20, maxInFlight: 1 } as const;
    const resolver = new Resolver({ ...options, createBackend: createBackend as never });
    onTestFinished(() => resolver.close());
    return resolver;
  };
  const silent = () => new Promise(() => {});

  it.each([
    ['without cancel', () => ({ resolve4: silent }), 'UNREACHABLE'],
    ['that is promised, and fails', () => Promise.reject(new Error('odd')), 'UNREACHABLE'],
    [
      'whose cancel throws',
      () => ({
        resolve4: silent,
        cancel: () => {
          throw new Error('odd');
        },
      }),
      'TIMEOUT',
    ],
    ['whose cancel rejects', () => ({ resolve4: silent, cancel: () => Promise.reject(new Error('odd')) }), 'TIMEOUT'],
    [
      'that rejects with what can not be told',
      () => ({ resolve4: () => Promise.reject(new Untold()), cancel: () => {} }),
      'UNREACHABLE',
    ],
  ])('%s ends its question, and frees its turn', async (_, createBackend, code) => {
    const resolver = ask(createBackend);
    for (const name of ['a.test', 'b.test']) {
      await expect(resolver.resolve(name, 'A')).rejects.toMatchObject({ name: 'DnsError', code });
    }
    expect(resolver.stats()).toMatchObject({ inFlight: 0, queued: 0 });
  });
});

describe('what guards', () => {
  it('does not take for narrow or closed what it does not understand', () => {
    expect(() => isWider('Public' as 'public', 'loopback')).toThrow(/^"Public" is no reach/);
    expect(() => isWider('all', 'Loopback' as 'loopback')).toThrow(/^"Loopback" is no reach/);
    const socket = { protocol: 'TCP', state: 'LISTEN', local: { address: '0.0.0.0', port: 1 } };
    for (const one of [socket, {}, 5]) {
      expect(() => socketExposure(one as unknown as OpenSocket)).toThrow(/^protocol is /);
      expect(() => isListening(one as unknown as OpenSocket)).toThrow(/^protocol is /);
    }
  });

  it('does not take a proxy for the client where the headers are none', () => {
    const trusted = PrefixSet.from(['10.0.0.0/8']);
    for (const headers of [
      ['X-Forwarded-For', '1.2.3.4'],
      [['x-forwarded-for', '1.2.3.4']],
      new String('x-forwarded-for: 1.2.3.4'),
      { 'x-forwarded-for': { toString: () => '1.2.3.4' } },
      { 'x-forwarded-for': ['1.2.3.4', 5] },
      new Map(),
    ]) {
      expect(() => clientAddress(headers as never, '10.0.0.1', trusted)).toThrow(/^headers: /);
    }
    const headers = { 'x-forwarded-for': '1.2.3.4' };
    expect(() => clientAddress(headers, '10.0.0.1', trusted, { header: ['x-forwarded-for'] as never })).toThrow(
      /^header: /,
    );
    expect(() => clientAddress(headers, '10.0.0.1', trusted, null as never)).toThrow(/^options: /);
    expect(clientAddress(headers, '10.0.0.1', trusted)).toMatchObject({ source: 'x-forwarded-for' });
  });

  it('hears of holes in a list', async () => {
    const holes = new Array(1) as never[];
    expect(() => new Resolver({ servers: holes })).toThrow(/^server undefined: no text/);
    expect(() => new Resolver({ servers: ['127.0.0.1'], search: holes })).toThrow(/^search: undefined is no suffix/);
    await expect(openSockets({ protocols: holes })).rejects.toThrow(/^protocols has undefined/);
    await expect(openSockets({ signal: { aborted: true } as AbortSignal })).rejects.toThrow(/^signal is /);
  });
});
