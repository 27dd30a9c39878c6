import { frozen } from '../checks/frozen.js';
/**
 * The states of a TCP connection and what leads from one to the next, as tables. Nothing here is about a real socket:
 * `openSockets` tells which state those of this machine are in.
 *
 * @see RFC 9293 section 3.3.2, figure 5 with its notes, and section 3.10, which decides where the figure leaves something out
 */

import { quote } from '../checks/quote.js';

/** A state of RFC 9293, by the name that it has there. */
export type TcpState =
  | 'CLOSED'
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT';

/** A state by the name that Linux has for it: TCP_ and this in the kernel. */
export type LinuxTcpState =
  | 'CLOSE'
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'TIME_WAIT';

/** What there is to say about a state. */
export interface TcpStateInfo {
  readonly name: TcpState;
  readonly linux: LinuxTcpState;
  /** The number in the column `st` of /proc/net/tcp, where it is hexadecimal. */
  readonly linuxCode: number;
  /** Whose socket is in it. */
  readonly side: 'none' | 'server' | 'client' | 'either' | 'first-to-close' | 'last-to-close' | 'both-close';
  /** What it means, for people. */
  readonly meaning: string;
  /** What it says when a machine has many sockets that stay in it; null: that it is busy. */
  readonly manyMean: string | null;
}

/** What may happen to a connection: a call of its user, a segment that arrives, a time that runs out. */
export type TcpEvent =
  | 'passive-open'
  | 'active-open'
  | 'send'
  | 'close'
  | 'abort'
  | 'syn'
  | 'syn-ack'
  | 'ack-of-syn'
  | 'fin'
  | 'ack-of-fin'
  | 'fin-ack-of-fin'
  | 'rst-passive'
  | 'rst-active'
  | 'timeout-2msl'
  | 'user-timeout';

/** What there is to say about an event. */
export interface TcpEventInfo {
  readonly name: TcpEvent;
  readonly kind: 'call' | 'segment' | 'timeout';
  /** What it means, for people. */
  readonly meaning: string;
  /** The section of RFC 9293 that says what it does. */
  readonly section: string;
}

/** What a side sends, by the control bits that matter: a FIN acknowledges, too. */
export type TcpSegment = 'SYN' | 'SYN,ACK' | 'ACK' | 'FIN' | 'RST';

/** A move from one state to another, or an event that is in order and leaves the state as it is. */
export interface TcpTransition {
  readonly from: TcpState;
  readonly event: TcpEvent;
  readonly to: TcpState;
  /** What this side sends as it moves; null: nothing, or data. */
  readonly sends: TcpSegment | null;
  /** Where RFC 9293 says it: 'section 3.10.7.2'. */
  readonly rfc: string;
}

/** The eleven states, from the beginning of a connection to its end. */
export const TCP_STATES: readonly TcpStateInfo[] = /* @__PURE__ */ frozen([
  {
    name: 'CLOSED',
    linux: 'CLOSE',
    linuxCode: 0x07,
    side: 'none',
    meaning: 'there is no connection: it has not begun, or is over',
    manyMean: 'sockets that were made, and neither connected nor closed',
  },
  {
    name: 'LISTEN',
    linux: 'LISTEN',
    linuxCode: 0x0a,
    side: 'server',
    meaning: 'a server waits for connections',
    manyMean: null,
  },
  {
    name: 'SYN-SENT',
    linux: 'SYN_SENT',
    linuxCode: 0x02,
    side: 'client',
    meaning: 'a client has asked for a connection and waits for the answer',
    manyMean: 'nobody answers: the host is down, or a firewall drops what is sent',
  },
  {
    name: 'SYN-RECEIVED',
    linux: 'SYN_RECV',
    linuxCode: 0x03,
    side: 'server',
    meaning: 'a server has answered and waits for the client to confirm',
    manyMean: 'clients that ask and do not confirm: a SYN flood, or answers that get lost',
  },
  {
    name: 'ESTABLISHED',
    linux: 'ESTABLISHED',
    linuxCode: 0x01,
    side: 'either',
    meaning: 'the connection is open: both sides may send',
    manyMean: null,
  },
  {
    name: 'FIN-WAIT-1',
    linux: 'FIN_WAIT1',
    linuxCode: 0x04,
    side: 'first-to-close',
    meaning: 'this side has closed and waits for the other to confirm that it knows',
    manyMean: 'peers that are gone, or that do not read what is still on its way',
  },
  {
    name: 'FIN-WAIT-2',
    linux: 'FIN_WAIT2',
    linuxCode: 0x05,
    side: 'first-to-close',
    meaning: 'this side has closed, the other knows, and may still send until it closes, too',
    manyMean: 'peers that do not close their side: look for CLOSE-WAIT over there',
  },
  {
    name: 'CLOSE-WAIT',
    linux: 'CLOSE_WAIT',
    linuxCode: 0x08,
    side: 'last-to-close',
    meaning: 'the other side has closed, and this program has not yet',
    manyMean: 'this program forgets to close its sockets',
  },
  {
    name: 'CLOSING',
    linux: 'CLOSING',
    linuxCode: 0x0b,
    side: 'both-close',
    meaning: 'both sides have closed at the same time, and this one is not yet confirmed',
    manyMean: 'confirmations that get lost',
  },
  {
    name: 'LAST-ACK',
    linux: 'LAST_ACK',
    linuxCode: 0x09,
    side: 'last-to-close',
    meaning: 'this side has closed after the other, and waits for the confirmation',
    manyMean: 'confirmations that get lost, or peers that are gone',
  },
  {
    name: 'TIME-WAIT',
    linux: 'TIME_WAIT',
    linuxCode: 0x06,
    side: 'first-to-close',
    meaning: 'all is closed: this side keeps the port pair for a while, so that late segments find no new connection',
    manyMean: 'many short connections that this side closes first: harmless to a server, a client may run out of ports',
  },
]);

/** All events, in the order of RFC 9293 section 3.10: calls, segments, timeouts. */
export const TCP_EVENTS: readonly TcpEventInfo[] = /* @__PURE__ */ frozen([
  {
    name: 'passive-open',
    kind: 'call',
    meaning: 'the program listens: listen()',
    section: '3.10.1',
  },
  {
    name: 'active-open',
    kind: 'call',
    meaning: 'the program connects: connect()',
    section: '3.10.1',
  },
  {
    name: 'send',
    kind: 'call',
    meaning: 'the program sends data: send()',
    section: '3.10.2',
  },
  {
    name: 'close',
    kind: 'call',
    meaning: 'the program has nothing more to send: shutdown(SHUT_WR) or close()',
    section: '3.10.4',
  },
  {
    name: 'abort',
    kind: 'call',
    meaning: 'the program gives the connection up: close() with SO_LINGER at 0, or a crash',
    section: '3.10.5',
  },
  {
    name: 'syn',
    kind: 'segment',
    meaning: 'a SYN arrives: the other side wants a connection',
    section: '3.10.7.2',
  },
  {
    name: 'syn-ack',
    kind: 'segment',
    meaning: 'a SYN arrives that also acknowledges our SYN',
    section: '3.10.7.3',
  },
  {
    name: 'ack-of-syn',
    kind: 'segment',
    meaning: "our SYN is acknowledged; when both sides open at once, it is by the other's SYN,ACK",
    section: '3.10.7.4',
  },
  {
    name: 'fin',
    kind: 'segment',
    meaning: 'a FIN arrives: the other side has nothing more to send',
    section: '3.10.7.4',
  },
  {
    name: 'ack-of-fin',
    kind: 'segment',
    meaning: 'our FIN is acknowledged',
    section: '3.10.7.4',
  },
  {
    name: 'fin-ack-of-fin',
    kind: 'segment',
    meaning: 'a FIN arrives that also acknowledges our FIN',
    section: '3.10.7.4',
  },
  {
    name: 'rst-passive',
    kind: 'segment',
    meaning: 'a valid RST arrives for a connection that was opened passively',
    section: '3.10.7.4',
  },
  {
    name: 'rst-active',
    kind: 'segment',
    meaning: 'a valid RST arrives for a connection that was opened actively',
    section: '3.10.7.4',
  },
  {
    name: 'timeout-2msl',
    kind: 'timeout',
    meaning: 'twice the longest life of a segment has passed since the last FIN',
    section: '3.10.8',
  },
  {
    name: 'user-timeout',
    kind: 'timeout',
    meaning: 'what was sent has not been acknowledged in the time that the program allows',
    section: '3.10.8',
  },
]);

/**
 * Everything that may happen in a state, by event. What has no row is refused: see `nextTcpState`. Left out is what RFC 9293 leaves to
 * the implementation: that a SYN may reopen a connection in TIME-WAIT (MAY-2, section 3.6.1).
 */
export const TCP_TRANSITIONS: readonly TcpTransition[] = /* @__PURE__ */ frozen([
  move('CLOSED', 'passive-open', 'LISTEN', null, '3.10.1'),
  move('CLOSED', 'active-open', 'SYN-SENT', 'SYN', '3.10.1'),
  // From passive to active: the other end is named now.
  move('LISTEN', 'active-open', 'SYN-SENT', 'SYN', '3.10.1'),

  move('LISTEN', 'send', 'SYN-SENT', 'SYN', '3.10.2'),
  // Queued until the connection is open.
  move('SYN-SENT', 'send', 'SYN-SENT', null, '3.10.2'),
  move('SYN-RECEIVED', 'send', 'SYN-RECEIVED', null, '3.10.2'),
  move('ESTABLISHED', 'send', 'ESTABLISHED', null, '3.10.2'),
  move('CLOSE-WAIT', 'send', 'CLOSE-WAIT', null, '3.10.2'),

  move('LISTEN', 'close', 'CLOSED', null, '3.10.4'),
  move('SYN-SENT', 'close', 'CLOSED', null, '3.10.4'),
  move('SYN-RECEIVED', 'close', 'FIN-WAIT-1', 'FIN', '3.10.4'),
  move('ESTABLISHED', 'close', 'FIN-WAIT-1', 'FIN', '3.10.4'),
  move('CLOSE-WAIT', 'close', 'LAST-ACK', 'FIN', '3.10.4'),

  move('LISTEN', 'abort', 'CLOSED', null, '3.10.5'),
  move('SYN-SENT', 'abort', 'CLOSED', null, '3.10.5'),
  move('SYN-RECEIVED', 'abort', 'CLOSED', 'RST', '3.10.5'),
  move('ESTABLISHED', 'abort', 'CLOSED', 'RST', '3.10.5'),
  move('FIN-WAIT-1', 'abort', 'CLOSED', 'RST', '3.10.5'),
  move('FIN-WAIT-2', 'abort', 'CLOSED', 'RST', '3.10.5'),
  move('CLOSE-WAIT', 'abort', 'CLOSED', 'RST', '3.10.5'),
  // Both FINs are out: there is nothing left to break off.
  move('CLOSING', 'abort', 'CLOSED', null, '3.10.5'),
  move('LAST-ACK', 'abort', 'CLOSED', null, '3.10.5'),
  move('TIME-WAIT', 'abort', 'CLOSED', null, '3.10.5'),

  move('LISTEN', 'syn', 'SYN-RECEIVED', 'SYN,ACK', '3.10.7.2'),
  // Both sides open at once.
  move('SYN-SENT', 'syn', 'SYN-RECEIVED', 'SYN,ACK', '3.10.7.3'),
  move('SYN-SENT', 'syn-ack', 'ESTABLISHED', 'ACK', '3.10.7.3'),
  move('SYN-RECEIVED', 'ack-of-syn', 'ESTABLISHED', null, '3.10.7.4'),

  // The segment acknowledges our SYN, too: it passes through ESTABLISHED.
  move('SYN-RECEIVED', 'fin', 'CLOSE-WAIT', 'ACK', '3.10.7.4'),
  move('ESTABLISHED', 'fin', 'CLOSE-WAIT', 'ACK', '3.10.7.4'),
  move('FIN-WAIT-1', 'fin', 'CLOSING', 'ACK', '3.10.7.4'),
  move('FIN-WAIT-2', 'fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),
  // Sent again, as our acknowledgment got lost. In TIME-WAIT the time begins anew.
  move('CLOSE-WAIT', 'fin', 'CLOSE-WAIT', 'ACK', '3.10.7.4'),
  move('CLOSING', 'fin', 'CLOSING', 'ACK', '3.10.7.4'),
  move('LAST-ACK', 'fin', 'LAST-ACK', 'ACK', '3.10.7.4'),
  move('TIME-WAIT', 'fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),

  move('FIN-WAIT-1', 'ack-of-fin', 'FIN-WAIT-2', null, '3.10.7.4'),
  move('CLOSING', 'ack-of-fin', 'TIME-WAIT', null, '3.10.7.4'),
  move('LAST-ACK', 'ack-of-fin', 'CLOSED', null, '3.10.7.4'),

  // Note 2 of figure 5: the other side had nothing more to send, and says both in one segment.
  move('FIN-WAIT-1', 'fin-ack-of-fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),
  move('CLOSING', 'fin-ack-of-fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),
  // The acknowledgment ends it, so that nobody looks at the FIN.
  move('LAST-ACK', 'fin-ack-of-fin', 'CLOSED', null, '3.10.7.4'),
  // Every FIN acknowledges our FIN here.
  move('FIN-WAIT-2', 'fin-ack-of-fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),
  move('TIME-WAIT', 'fin-ack-of-fin', 'TIME-WAIT', 'ACK', '3.10.7.4'),

  ...resets('CLOSED', 'CLOSED', '3.10.7.1'),
  // It can't be about anything that a listener has sent.
  ...resets('LISTEN', 'LISTEN', '3.10.7.2'),
  ...resets('SYN-SENT', 'CLOSED', '3.10.7.3'),
  // Note 1 of figure 5: a listener listens on; a client is refused.
  move('SYN-RECEIVED', 'rst-passive', 'LISTEN', null, '3.10.7.4'),
  move('SYN-RECEIVED', 'rst-active', 'CLOSED', null, '3.10.7.4'),
  ...resets('ESTABLISHED', 'CLOSED', '3.10.7.4'),
  ...resets('FIN-WAIT-1', 'CLOSED', '3.10.7.4'),
  ...resets('FIN-WAIT-2', 'CLOSED', '3.10.7.4'),
  ...resets('CLOSE-WAIT', 'CLOSED', '3.10.7.4'),
  ...resets('CLOSING', 'CLOSED', '3.10.7.4'),
  ...resets('LAST-ACK', 'CLOSED', '3.10.7.4'),
  ...resets('TIME-WAIT', 'CLOSED', '3.10.7.4'),

  move('TIME-WAIT', 'timeout-2msl', 'CLOSED', null, '3.10.8'),
  // "For any state" that has something to give up.
  ...TCP_STATES.filter(({ name }) => name !== 'CLOSED').map(({ name }) =>
    move(name, 'user-timeout', 'CLOSED', null, '3.10.8'),
  ),
]);

/**
 * The state that an event leads to: the same one where the event is in order and changes nothing, as a RST to a listener. Null where
 * the state has no place for it, and the state stays: a call gets an error (`close` in TIME-WAIT: section 3.10.4), a segment is
 * dropped, or answered with a RST or an ACK (section 3.10.7), and what is not running can't time out.
 *
 * @param state as in RFC 9293 or as in Linux: 'FIN-WAIT-2', 'FIN_WAIT2'
 * @returns the name of RFC 9293
 * @throws {TypeError} for what is no state or no event: a misspelt one is no event without effect
 * @see RFC 9293 section 3.10
 */
export function nextTcpState(state: TcpState | LinuxTcpState, event: TcpEvent): TcpState | null {
  const from = tcpState(state).name;
  const moves = MOVES.get(event);
  if (moves === undefined) throw new TypeError(`${quote(event)} is no event: write ${[...MOVES.keys()].join(', ')}`);
  return moves.get(from)?.to ?? null;
}

/**
 * What there is to say about a state, by any of its names, or by its number in /proc/net/tcp.
 *
 * @throws {TypeError} for what is no state
 */
export function tcpState(state: TcpState | LinuxTcpState | number): TcpStateInfo {
  const found = STATES.get(state);
  if (found !== undefined) return found;
  throw new TypeError(`${quote(state)} is no state: write ${TCP_STATES.map(({ name }) => name).join(', ')}`);
}

const MOVES: ReadonlyMap<string, ReadonlyMap<TcpState, TcpTransition>> = new Map(
  TCP_EVENTS.map(({ name }) => [
    name,
    new Map(TCP_TRANSITIONS.filter(({ event }) => event === name).map((found) => [found.from, found])),
  ]),
);

const STATES: ReadonlyMap<unknown, TcpStateInfo> = new Map(
  TCP_STATES.flatMap((info): [unknown, TcpStateInfo][] => [
    [info.name, info],
    [info.linux, info],
    [info.linuxCode, info],
  ]),
);

function move(from: TcpState, event: TcpEvent, to: TcpState, sends: TcpSegment | null, section: string): TcpTransition {
  return { from, event, to, sends, rfc: `section ${section}` };
}

/** Whoever opened the connection. */
function resets(from: TcpState, to: TcpState, section: string): TcpTransition[] {
  return [move(from, 'rst-passive', to, null, section), move(from, 'rst-active', to, null, section)];
}
