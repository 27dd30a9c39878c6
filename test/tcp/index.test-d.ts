import { describe, expectTypeOf, it } from 'vitest';
import type { BindPlan, Reach } from '../../src/socket/index.js';
import type {
  HeldPort,
  LinuxTcpState,
  OpenSocket,
  OpenTcpSocket,
  OpenUdpSocket,
  OpenUnixSocket,
  ProcNetError,
  ProcNetErrorCode,
  SocketExposure,
  SocketProcess,
  TcpEvent,
  TcpState,
  TcpStateInfo,
  TcpWalk,
} from '../../src/tcp/index.js';
import {
  heldPorts,
  isListening,
  nextTcpState,
  openSockets,
  parseProcNet,
  socketExposure,
  TCP_STATES,
  TCP_TRANSITIONS,
  THREE_WAY_HANDSHAKE,
  tcpState,
} from '../../src/tcp/index.js';

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

describe('open sockets', () => {
  it('are told apart by their protocol', () => {
    const socket = {} as OpenSocket;
    if (socket.protocol === 'tcp') expectTypeOf(socket.state).toEqualTypeOf<TcpState>();
    if (socket.protocol === 'udp') expectTypeOf(socket.state).toEqualTypeOf<'UNCONNECTED' | 'CONNECTED'>();
    if (socket.protocol === 'unix') expectTypeOf(socket.path).toEqualTypeOf<string | null>();
    // @ts-expect-error unix sockets have no ports
    void socket.local;
    expectTypeOf(socket.processes).toEqualTypeOf<readonly SocketProcess[] | null>();
  });

  it('are of the kind of their table', () => {
    expectTypeOf(parseProcNet('', { kind: 'tcp6' })).toEqualTypeOf<OpenTcpSocket[]>();
    expectTypeOf(parseProcNet('', { kind: 'udp', byteOrder: 'BE' })).toEqualTypeOf<OpenUdpSocket[]>();
    expectTypeOf(parseProcNet('', { kind: 'unix' })).toEqualTypeOf<OpenUnixSocket[]>();
    expectTypeOf(parseProcNet('')).toEqualTypeOf<OpenSocket[]>();
    expectTypeOf(parseProcNet('', { kind: undefined, byteOrder: undefined })).toEqualTypeOf<OpenSocket[]>();
    // @ts-expect-error no such table
    void parseProcNet('', { kind: 'tcp4' });
    // @ts-expect-error no such order
    void parseProcNet('', { byteOrder: 'little' });
  });

  it('are asked for with options that may be undefined', () => {
    expectTypeOf(openSockets()).resolves.toEqualTypeOf<OpenSocket[]>();
    void openSockets({ protocols: undefined, processes: undefined, proc: undefined, signal: undefined });
    // @ts-expect-error tables are not protocols
    void openSockets({ protocols: ['tcp6'] });
    // @ts-expect-error no such option
    void openSockets({ protocol: 'tcp' });
  });

  it('have an exposure, or none', () => {
    expectTypeOf(socketExposure).parameters.toEqualTypeOf<[OpenSocket]>();
    expectTypeOf(socketExposure({} as OpenSocket)).toEqualTypeOf<SocketExposure | null>();
    expectTypeOf<SocketExposure['widest']>().toEqualTypeOf<Reach>();
    expectTypeOf(isListening).returns.toBeBoolean();
  });

  it('hold ports of a plan', () => {
    expectTypeOf(heldPorts).parameters.toEqualTypeOf<[Pick<BindPlan, 'binds'>, readonly OpenSocket[]]>();
    expectTypeOf(heldPorts).returns.toEqualTypeOf<HeldPort[]>();
    expectTypeOf<HeldPort['verdict']>().toEqualTypeOf<'conflict' | 'unknown'>();
  });

  it('are refused with a code, a line and a column', () => {
    expectTypeOf<ProcNetError['code']>().toEqualTypeOf<ProcNetErrorCode>();
    expectTypeOf<ProcNetError['line']>().toEqualTypeOf<number | null>();
    expectTypeOf<ProcNetError['name']>().toEqualTypeOf<'ProcNetError'>();
  });
});
