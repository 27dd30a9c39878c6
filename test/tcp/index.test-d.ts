import { describe, expectTypeOf, it } from 'vitest';
import type { LinuxTcpState, TcpEvent, TcpState, TcpStateInfo, TcpWalk } from '../../src/tcp/index.js';
import { nextTcpState, TCP_STATES, TCP_TRANSITIONS, THREE_WAY_HANDSHAKE, tcpState } from '../../src/tcp/index.js';

describe('states', () => {
  it('are names of the RFC; Linux names go in', () => {
    expectTypeOf(nextTcpState).parameters.toEqualTypeOf<[TcpState | LinuxTcpState, TcpEvent]>();
    expectTypeOf(nextTcpState('FIN_WAIT2', 'fin')).toEqualTypeOf<TcpState | null>();
    expectTypeOf(tcpState(0x0a)).toEqualTypeOf<TcpStateInfo>();
    // @ts-expect-error no such state
    nextTcpState('FIN-WAIT-3', 'fin');
    // @ts-expect-error who opened decides
    nextTcpState('SYN-RECEIVED', 'rst');
  });

  it('are data that cannot be changed', () => {
    expectTypeOf(TCP_STATES).toEqualTypeOf<readonly TcpStateInfo[]>();
    expectTypeOf(THREE_WAY_HANDSHAKE).toEqualTypeOf<TcpWalk>();
    // @ts-expect-error read-only
    TCP_TRANSITIONS.push();
  });
});
