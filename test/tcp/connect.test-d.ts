import type * as http from 'node:http';
import type * as https from 'node:https';
import type { Socket } from 'node:net';
import { Agent } from 'undici';
import { describe, expectTypeOf, it } from 'vitest';
import { Resolver } from '../../src/dns/index.js';
import { parseAddress, parsePrefix } from '../../src/ip/index.js';
import { createSocketAddress, parseEndpoint } from '../../src/socket/index.js';
import {
  type Agents,
  type ConnectAttempt,
  type ConnectError,
  type ConnectErrorCode,
  type Connected,
  type Connector,
  connect,
  createAgent,
  createConnector,
} from '../../src/tcp/index.js';

describe('connect', () => {
  it('takes texts, endpoints, socket addresses and parts', () => {
    expectTypeOf(connect('a:80')).resolves.toEqualTypeOf<Connected>();
    void connect(parseEndpoint('a:80'));
    void connect(createSocketAddress({ address: '::1', port: 80 }));
    void connect({ host: 'a', port: 80 });
    void connect({ host: parseAddress('::1'), port: 80 });
    void connect({ path: '/run/x' });
    // @ts-expect-error a port is a number
    void connect({ host: 'a', port: '80' });
    // @ts-expect-error without a port there is nothing to connect to
    void connect({ host: 'a' });
    // @ts-expect-error options are the second argument
    void connect({ host: 'a', port: 80, timeoutMs: 5 });
  });

  it('takes options', () => {
    void connect('a:80', {});
    void connect('a:80', {
      timeoutMs: 1000,
      signal: AbortSignal.timeout(5),
      localAddress: parseAddress('::1'),
      localPort: 1024,
      family: 6,
      resolver: new Resolver(),
      policy: { deny: [parsePrefix('10.0.0.0/8'), '::1/128'] },
      attemptDelayMs: 50,
      minAttemptDelayMs: 10,
      resolutionDelayMs: 0,
      noDelay: true,
      keepAlive: true,
    });
    void connect('a:80', { timeoutMs: undefined, policy: undefined, signal: undefined });
    // @ts-expect-error there is no such family
    void connect('a:80', { family: 5 });
    // @ts-expect-error there is no such option
    void connect('a:80', { timeout: 5 });
  });

  it('gives a socket and its trace', () => {
    expectTypeOf<Connected['socket']>().toEqualTypeOf<Socket>();
    expectTypeOf<Connected['trace']>().toEqualTypeOf<readonly ConnectAttempt[]>();
    expectTypeOf<ConnectAttempt['port']>().toEqualTypeOf<number | null>();
    expectTypeOf<ConnectError['code']>().toEqualTypeOf<ConnectErrorCode>();
    expectTypeOf<'ECONNREFUSED' | 'BLOCKED' | 'TIMEOUT' | 'NXDOMAIN' | 'BAD_TARGET'>().toExtend<ConnectErrorCode>();
    expectTypeOf<'refused'>().not.toExtend<ConnectErrorCode>();
  });
});

describe('agents', () => {
  it('the policy is not optional', () => {
    expectTypeOf(createAgent({ policy: 'any' })).toEqualTypeOf<Agents>();
    // @ts-expect-error there is no default
    createAgent({});
    // @ts-expect-error there is none that is undefined
    createAgent({ policy: undefined });
    // @ts-expect-error there is no default
    createConnector({});
  });

  it('are what http, https and undici take', () => {
    const agents = createAgent({ policy: 'global', agentOptions: { maxSockets: 5, ca: 'pem' } });
    expectTypeOf(agents.http).toExtend<NonNullable<http.RequestOptions['agent']>>();
    expectTypeOf(agents.https).toExtend<NonNullable<https.RequestOptions['agent']>>();
    expectTypeOf(createConnector({ policy: 'global', tls: { ca: 'pem' } })).toEqualTypeOf<Connector>();
    new Agent({ connect: createConnector({ policy: 'global' }) });
  });
});
