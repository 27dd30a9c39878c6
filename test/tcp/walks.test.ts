import { describe, expect, it } from 'vitest';
import type { TcpEvent, TcpPeer, TcpSegment, TcpState } from '../../src/tcp/index.js';
import {
  ACTIVE_CLOSE,
  nextTcpState,
  REFUSED_OPEN,
  SIMULTANEOUS_CLOSE,
  SIMULTANEOUS_OPEN,
  TCP_EVENTS,
  TCP_TRANSITIONS,
  TCP_WALKS,
  THREE_SEGMENT_CLOSE,
  THREE_WAY_HANDSHAKE,
} from '../../src/tcp/index.js';

const PEERS: readonly TcpPeer[] = ['A', 'B'];

/** Which segments an event may be about. */
const ARRIVING: Readonly<Partial<Record<TcpEvent, readonly TcpSegment[]>>> = {
  syn: ['SYN'],
  'syn-ack': ['SYN,ACK'],
  'ack-of-syn': ['ACK', 'SYN,ACK'],
  fin: ['FIN'],
  'ack-of-fin': ['ACK'],
  'fin-ack-of-fin': ['FIN'],
  'rst-passive': ['RST'],
  'rst-active': ['RST'],
};

function statesOf(peer: TcpPeer, walk: (typeof TCP_WALKS)[number]): TcpState[] {
  const steps = walk.steps.filter((step) => step.peer === peer);
  return steps.flatMap(({ from, to }, i) => (i === 0 ? [from, to] : [to]));
}

describe.each(TCP_WALKS)('$title', (walk) => {
  it('takes each step where the one before ended, by the table', () => {
    for (const peer of PEERS) {
      let state: TcpState | null = null;
      for (const step of walk.steps.filter((each) => each.peer === peer)) {
        if (state !== null) expect(step.from).toBe(state);
        expect(nextTcpState(step.from, step.event)).toBe(step.to);
        state = step.to;
      }
    }
  });

  it('sends what the table sends; only an ACK may wait for the FIN that follows', () => {
    for (const { from, event, sends } of walk.steps) {
      const found = TCP_TRANSITIONS.find((one) => one.from === from && one.event === event);
      const waits = walk === THREE_SEGMENT_CLOSE && from === 'ESTABLISHED' && event === 'fin';
      expect(sends).toBe(waits ? null : found?.sends);
    }
  });

  it('receives what the other end has sent, and nothing else', () => {
    const onTheWay: Record<TcpPeer, TcpSegment[]> = { A: [], B: [] };
    // Who does not take part answers with a RST: nobody listens there.
    if (walk === REFUSED_OPEN) onTheWay.A.push('RST');
    for (const { peer, event, sends } of walk.steps) {
      const kind = TCP_EVENTS.find(({ name }) => name === event)?.kind;
      if (kind === 'segment') expect(ARRIVING[event]).toContain(onTheWay[peer].shift());
      if (sends !== null && walk !== REFUSED_OPEN) onTheWay[peer === 'A' ? 'B' : 'A'].push(sends);
    }
    expect(onTheWay).toEqual({ A: [], B: [] });
  });
});

describe('walks', () => {
  it('are through these states', () => {
    expect(statesOf('A', THREE_WAY_HANDSHAKE)).toEqual(['CLOSED', 'SYN-SENT', 'ESTABLISHED']);
    expect(statesOf('B', THREE_WAY_HANDSHAKE)).toEqual(['CLOSED', 'LISTEN', 'SYN-RECEIVED', 'ESTABLISHED']);
    expect(statesOf('A', SIMULTANEOUS_OPEN)).toEqual(['CLOSED', 'SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED']);
    expect(statesOf('B', SIMULTANEOUS_OPEN)).toEqual(statesOf('A', SIMULTANEOUS_OPEN));
    expect(statesOf('A', ACTIVE_CLOSE)).toEqual(['ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'TIME-WAIT', 'CLOSED']);
    expect(statesOf('B', ACTIVE_CLOSE)).toEqual(['ESTABLISHED', 'CLOSE-WAIT', 'LAST-ACK', 'CLOSED']);
    expect(statesOf('A', THREE_SEGMENT_CLOSE)).toEqual(['ESTABLISHED', 'FIN-WAIT-1', 'TIME-WAIT', 'CLOSED']);
    expect(statesOf('A', SIMULTANEOUS_CLOSE)).toEqual(['ESTABLISHED', 'FIN-WAIT-1', 'CLOSING', 'TIME-WAIT', 'CLOSED']);
    expect(statesOf('B', SIMULTANEOUS_CLOSE)).toEqual(statesOf('A', SIMULTANEOUS_CLOSE));
  });

  it('go through all eleven states together', () => {
    expect(new Set(TCP_WALKS.flatMap(({ steps }) => steps.flatMap(({ from, to }) => [from, to]))).size).toBe(11);
  });
});
