import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { describe, expectTypeOf, it } from 'vitest';
import type { Resolver } from '../../src/dns/index.js';
import type { PrefixSet, RuleSet } from '../../src/ip/index.js';
import type { Bind, BindFields, Endpoint, SocketAddress } from '../../src/socket/index.js';
import type {
  AllowedPeers,
  BindInput,
  BindUdpOptions,
  Connection,
  ConnectionHandler,
  ListenError,
  Listener,
  ListenerOptions,
  ListenerStats,
  RefusedPeer,
  SocketProcess,
} from '../../src/tcp/index.js';
import { bindUdp, listen } from '../../src/tcp/index.js';

describe('listen', () => {
  it('takes binds in every form, one or several', () => {
    expectTypeOf<BindInput>().toEqualTypeOf<Bind | BindFields | Endpoint | string>();
    expectTypeOf(listen).parameter(0).toEqualTypeOf<BindInput | readonly BindInput[]>();
    expectTypeOf(listen).returns.resolves.toEqualTypeOf<Listener>();
    // @ts-expect-error no port
    listen({ host: '127.0.0.1' });
    // @ts-expect-error ports of fields are numbers
    listen({ host: '127.0.0.1', port: '80' });
  });

  it('takes a handler, asynchronous or not, or none', () => {
    expectTypeOf<ConnectionHandler>().toEqualTypeOf<(connection: Connection) => unknown>();
    listen('127.0.0.1:80', async ({ socket }) => void socket.end());
    listen('127.0.0.1:80', () => {});
    listen('127.0.0.1:80', null, { maxUntaken: 1 });
    // @ts-expect-error options come third
    listen('127.0.0.1:80', { maxConnections: 1 });
  });

  it('knows its options', () => {
    expectTypeOf<AllowedPeers>().toEqualTypeOf<PrefixSet | RuleSet>();
    expectTypeOf<ListenerOptions['allow']>().toEqualTypeOf<AllowedPeers | undefined>();
    expectTypeOf<ListenerOptions['onRefused']>().toEqualTypeOf<((refused: RefusedPeer) => void) | undefined>();
    expectTypeOf<Resolver>().toExtend<NonNullable<ListenerOptions['resolver']>>();
    // @ts-expect-error a list is no set
    listen('127.0.0.1:80', null, { allow: ['10.0.0.0/8'] });
    // @ts-expect-error no such option
    listen('127.0.0.1:80', null, { maxConnection: 1 });
  });

  it('gives connections, whose peer has no name on a unix socket', () => {
    expectTypeOf<Connection['socket']>().toEqualTypeOf<Socket>();
    expectTypeOf<Connection['peer']>().toEqualTypeOf<SocketAddress | null>();
    expectTypeOf<Connection['local']>().toEqualTypeOf<SocketAddress>();
    expectTypeOf<RefusedPeer['cause']>().toEqualTypeOf<'denied' | 'full' | 'untaken'>();
  });

  it('gives a listener, to be gone through and disposed of', () => {
    expectTypeOf<Listener>().toExtend<AsyncIterable<Connection>>();
    expectTypeOf<Listener>().toExtend<AsyncDisposable>();
    expectTypeOf<Listener['addresses']>().toEqualTypeOf<SocketAddress[]>();
    expectTypeOf<ReturnType<Listener['stats']>>().toEqualTypeOf<ListenerStats>();
    expectTypeOf<ListenError['holders']>().toEqualTypeOf<readonly SocketProcess[]>();
    const close = {} as Listener['close'];
    // @ts-expect-error no such option
    close({ grace: 1 });
  });
});

describe('bindUdp', () => {
  it('gives a socket of node:dgram', () => {
    expectTypeOf(bindUdp).parameter(0).toEqualTypeOf<BindInput>();
    expectTypeOf(bindUdp).parameter(1).toEqualTypeOf<BindUdpOptions | undefined>();
    expectTypeOf(bindUdp).returns.resolves.toEqualTypeOf<UdpSocket>();
  });
});
