import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TcpEvent, TcpState } from '../../src/tcp/index.js';
import { nextTcpState, TCP_EVENTS, TCP_STATES, TCP_TRANSITIONS, tcpState } from '../../src/tcp/index.js';
import { slowTcp } from '../support/slow-tcp.js';

const NAMES = TCP_STATES.map(({ name }) => name);
const EVENTS = TCP_EVENTS.map(({ name }) => name);

const anyState = fc.constantFrom(...NAMES);
const anyEvent = fc.constantFrom(...EVENTS);

/** RFC 9293 figure 5, arrow by arrow, in the words of the figure. */
const FIGURE = `
CLOSED        passive OPEN      LISTEN
CLOSED        active OPEN       SYN-SENT
LISTEN        CLOSE             CLOSED
LISTEN        SEND              SYN-SENT
LISTEN        rcv SYN           SYN-RECEIVED
SYN-RECEIVED  rcv RST (note 1)  LISTEN
SYN-SENT      CLOSE             CLOSED
SYN-SENT      rcv SYN           SYN-RECEIVED
SYN-SENT      rcv SYN,ACK       ESTABLISHED
SYN-RECEIVED  rcv ACK of SYN    ESTABLISHED
SYN-RECEIVED  CLOSE             FIN-WAIT-1
ESTABLISHED   CLOSE             FIN-WAIT-1
ESTABLISHED   rcv FIN           CLOSE-WAIT
FIN-WAIT-1    rcv ACK of FIN    FIN-WAIT-2
FIN-WAIT-1    rcv FIN           CLOSING
FIN-WAIT-1    (note 2)          TIME-WAIT
FIN-WAIT-2    rcv FIN           TIME-WAIT
CLOSING       rcv ACK of FIN    TIME-WAIT
CLOSE-WAIT    CLOSE             LAST-ACK
LAST-ACK      rcv ACK of FIN    CLOSED
TIME-WAIT     Timeout=2MSL      CLOSED`;

const WORDS: Readonly<Record<string, TcpEvent>> = {
  'passive OPEN': 'passive-open',
  'active OPEN': 'active-open',
  CLOSE: 'close',
  SEND: 'send',
  'rcv SYN': 'syn',
  'rcv SYN,ACK': 'syn-ack',
  'rcv ACK of SYN': 'ack-of-syn',
  'rcv FIN': 'fin',
  'rcv ACK of FIN': 'ack-of-fin',
  '(note 2)': 'fin-ack-of-fin',
  'rcv RST (note 1)': 'rst-passive',
  'Timeout=2MSL': 'timeout-2msl',
};

const ARROWS = FIGURE.trim()
  .split('\n')
  .map((line) => line.split(/ {2,}/) as [TcpState, string, TcpState]);

describe('TCP_STATES', () => {
  it('are the eleven of RFC 9293', () => {
    expect(NAMES).toHaveLength(11);
    expect(new Set(NAMES)).toEqual(new Set(ARROWS.flatMap(([from, , to]) => [from, to])));
  });

  it('have the names and numbers of include/net/tcp_states.h', () => {
    const header =
      'ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING';
    expect(TCP_STATES.toSorted((a, b) => a.linuxCode - b.linuxCode).map(({ linux }) => linux)).toEqual(
      header.split(' '),
    );
    expect(TCP_STATES.map(({ linuxCode }) => linuxCode).sort((a, b) => a - b)).toEqual(
      [...Array(11).keys()].map((i) => i + 1),
    );
  });

  it('say in words what they mean', () => {
    expect(new Set(TCP_STATES.map(({ meaning }) => meaning)).size).toBe(11);
    expect(tcpState('CLOSE-WAIT')).toMatchObject({
      side: 'last-to-close',
      manyMean: expect.stringContaining('forgets'),
    });
    expect(tcpState('ESTABLISHED').manyMean).toBeNull();
  });
});

describe('tcpState', () => {
  it.each(TCP_STATES)('finds $name by every name', (info) => {
    for (const name of [info.name, info.linux, info.linuxCode] as const) expect(tcpState(name)).toBe(info);
  });

  it.each([
    ['CLOSED '],
    ['closed'],
    [''],
    ['TCP_CLOSE'],
    [0],
    [12],
    [Number.NaN],
    [null],
    [undefined],
    [{}],
    [Symbol('x')],
  ])('throws for %j', (bad) => {
    expect(() => tcpState(bad as TcpState)).toThrow(TypeError);
    expect(() => tcpState(bad as TcpState)).toThrow(/ is no state: write CLOSED, LISTEN, SYN-SENT/);
  });
});

describe('nextTcpState', () => {
  it.each(ARROWS)('%s: %s leads to %s (figure 5)', (from, words, to) => {
    const event = WORDS[words];
    expect(event).toBeDefined();
    if (event !== undefined) expect(nextTcpState(from, event)).toBe(to);
  });

  it('does for every state and event what the text of section 3.10 does', () => {
    for (const state of NAMES)
      for (const event of EVENTS) expect(nextTcpState(state, event), `${state} ${event}`).toBe(slowTcp(state, event));
  });

  it('knows who opened: a listener that is reset listens on, a client is refused', () => {
    expect(nextTcpState('SYN-RECEIVED', 'rst-passive')).toBe('LISTEN');
    expect(nextTcpState('SYN-RECEIVED', 'rst-active')).toBe('CLOSED');
  });

  it('goes to TIME-WAIT from FIN-WAIT-1 on a FIN that acknowledges our FIN, else to CLOSING', () => {
    expect(nextTcpState('FIN-WAIT-1', 'fin-ack-of-fin')).toBe('TIME-WAIT');
    expect(nextTcpState('FIN-WAIT-1', 'fin')).toBe('CLOSING');
  });

  it('tells what changes nothing from what has no place', () => {
    expect(nextTcpState('LISTEN', 'rst-passive')).toBe('LISTEN');
    expect(nextTcpState('TIME-WAIT', 'close')).toBeNull();
    expect(nextTcpState('CLOSED', 'fin')).toBeNull();
  });

  it("takes Linux's names, and gives the RFC's", () => {
    expect(nextTcpState('FIN_WAIT2', 'fin')).toBe('TIME-WAIT');
    for (const { name, linux } of TCP_STATES)
      for (const event of EVENTS) expect(nextTcpState(linux, event)).toBe(nextTcpState(name, event));
  });

  it.each([['rst'], ['FIN'], [''], ['toString'], ['__proto__'], [null], [undefined], [1]])(
    'throws for the event %j',
    (bad) => {
      expect(() => nextTcpState('LISTEN', bad as TcpEvent)).toThrow(TypeError);
      expect(() => nextTcpState('LISTEN', bad as TcpEvent)).toThrow(/ is no event: write passive-open, /);
    },
  );

  it('throws for a state that is none, whatever the event', () => {
    expect(() => nextTcpState('FIN-WAIT-3' as TcpState, 'fin')).toThrow('"FIN-WAIT-3" is no state');
    expect(() => nextTcpState('__proto__' as TcpState, 'fin')).toThrow(TypeError);
  });

  it('never leaves the eleven states, whatever happens', () => {
    fc.assert(
      fc.property(anyState, fc.array(anyEvent, { maxLength: 50 }), (start, events) => {
        let state: TcpState = start;
        for (const event of events) state = nextTcpState(state, event) ?? state;
        return NAMES.includes(state);
      }),
    );
  });
});

describe('TCP_TRANSITIONS', () => {
  it('are what nextTcpState answers, one for each state and event', () => {
    const keys = TCP_TRANSITIONS.map(({ from, event }) => `${from} ${event}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { from, event, to } of TCP_TRANSITIONS) expect(nextTcpState(from, event)).toBe(to);
    const answered = NAMES.flatMap((state) => EVENTS.filter((event) => nextTcpState(state, event) !== null));
    expect(answered).toHaveLength(TCP_TRANSITIONS.length);
  });

  it('cite the section of RFC 9293: the one of the event, or for a segment the one of the state', () => {
    const ofState: Readonly<Record<string, string>> = {
      CLOSED: '3.10.7.1',
      LISTEN: '3.10.7.2',
      'SYN-SENT': '3.10.7.3',
    };
    const eventOf = new Map(TCP_EVENTS.map((info) => [info.name, info]));
    for (const { from, event, rfc } of TCP_TRANSITIONS) {
      const info = eventOf.get(event);
      const section = info?.kind === 'segment' ? (ofState[from] ?? '3.10.7.4') : info?.section;
      expect(rfc, `${from} ${event}`).toBe(`section ${section}`);
    }
  });

  it('reach every state from CLOSED, and CLOSED from every state', () => {
    const reach = (start: TcpState) => {
      const seen = new Set<TcpState>([start]);
      for (const state of seen) for (const { from, to } of TCP_TRANSITIONS) if (from === state) seen.add(to);
      return seen;
    };
    expect(reach('CLOSED')).toEqual(new Set(NAMES));
    for (const name of NAMES) expect(reach(name), name).toContain('CLOSED');
  });

  it('have no event without effect, and none that leads everywhere', () => {
    for (const event of EVENTS) {
      const found = TCP_TRANSITIONS.filter((one) => one.event === event);
      expect(found.length, event).toBeGreaterThan(0);
      expect(new Set(found.map(({ to }) => to)).size, event).toBeLessThan(NAMES.length);
    }
  });

  it('answer a FIN with an ACK, and send a FIN where the program closes', () => {
    for (const { from, event, to, sends } of TCP_TRANSITIONS) {
      if (event === 'fin') expect(sends, from).toBe('ACK');
      if (event === 'close') expect(sends, from).toBe(to === 'CLOSED' ? null : 'FIN');
      if (event.startsWith('rst-')) expect(sends, from).toBeNull();
    }
  });
});
