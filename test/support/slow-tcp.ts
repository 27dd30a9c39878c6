import type { TcpEvent, TcpState } from '../../src/tcp/index.js';

/** What a segment says about the connection that it arrives at, where it is valid there. */
interface Segment {
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  /** Whether it acknowledges our SYN, our FIN. */
  readonly acksSyn: boolean;
  readonly acksFin: boolean;
}

/**
 * What TCP does with an event, written after the text of RFC 9293 section 3.10, step by step, where the tables are written after its
 * figure. Null: an error, or a segment that is dropped or answered with a challenge.
 */
export function slowTcp(state: TcpState, event: TcpEvent): TcpState | null {
  const segment = segmentOf(state, event);
  if (segment !== null) return arrives(state, segment, event === 'rst-passive');
  switch (event) {
    case 'passive-open':
      return state === 'CLOSED' ? 'LISTEN' : null;
    case 'active-open':
      return state === 'CLOSED' || state === 'LISTEN' ? 'SYN-SENT' : null;
    case 'send':
      if (state === 'LISTEN') return 'SYN-SENT';
      return ['SYN-SENT', 'SYN-RECEIVED', 'ESTABLISHED', 'CLOSE-WAIT'].includes(state) ? state : null;
    case 'close':
      if (state === 'LISTEN' || state === 'SYN-SENT') return 'CLOSED';
      if (state === 'SYN-RECEIVED' || state === 'ESTABLISHED') return 'FIN-WAIT-1';
      return state === 'CLOSE-WAIT' ? 'LAST-ACK' : null;
    case 'timeout-2msl':
      return state === 'TIME-WAIT' ? 'CLOSED' : null;
    default:
      // ABORT, and the user timeout.
      return state === 'CLOSED' ? null : 'CLOSED';
  }
}

/** Null where the event is no segment. Every segment of a synchronized connection acknowledges what it has seen. */
function segmentOf(state: TcpState, event: TcpEvent): Segment | null {
  const none = { syn: false, fin: false, rst: false, acksSyn: false, acksFin: false };
  switch (event) {
    case 'syn':
      return { ...none, syn: true };
    case 'syn-ack':
      return { ...none, syn: true, acksSyn: true };
    case 'ack-of-syn':
      return { ...none, acksSyn: true };
    case 'fin':
      return { ...none, fin: true, acksSyn: true, acksFin: finIsAcknowledged(state) };
    case 'ack-of-fin':
      return { ...none, acksSyn: true, acksFin: true };
    case 'fin-ack-of-fin':
      return { ...none, fin: true, acksSyn: true, acksFin: true };
    case 'rst-passive':
    case 'rst-active':
      return { ...none, rst: true, acksSyn: true };
    default:
      return null;
  }
}

function arrives(state: TcpState, segment: Segment, passive: boolean): TcpState | null {
  const { syn, fin, rst, acksSyn, acksFin } = segment;
  // 3.10.7.1: a RST is discarded, anything else answered with one.
  if (state === 'CLOSED') return rst ? 'CLOSED' : null;
  // 3.10.7.2: first RST, second ACK, third SYN.
  if (state === 'LISTEN') {
    if (rst) return 'LISTEN';
    if (acksSyn) return null;
    return syn ? 'SYN-RECEIVED' : null;
  }
  // 3.10.7.3: first ACK, second RST, fourth SYN; without both of the last nothing happens.
  if (state === 'SYN-SENT') {
    if (rst) return 'CLOSED';
    if (!syn) return null;
    return acksSyn ? 'ESTABLISHED' : 'SYN-RECEIVED';
  }
  // 3.10.7.4: second RST, fourth SYN, fifth ACK, eighth FIN.
  if (rst) return state === 'SYN-RECEIVED' && passive ? 'LISTEN' : 'CLOSED';
  if (syn) return null;
  // What acknowledges a FIN that was not sent is no acknowledgment that can arrive.
  if (acksFin && !finIsSent(state)) return null;
  let now = state;
  let taken = false;
  if (now === 'SYN-RECEIVED') {
    now = 'ESTABLISHED';
    taken = true;
  }
  if (acksFin && !finIsAcknowledged(state)) {
    taken = true;
    if (now === 'FIN-WAIT-1') now = 'FIN-WAIT-2';
    else if (now === 'CLOSING') now = 'TIME-WAIT';
    else return 'CLOSED';
  }
  if (!fin) return taken ? now : null;
  if (now === 'ESTABLISHED') return 'CLOSE-WAIT';
  if (now === 'FIN-WAIT-1') return 'CLOSING';
  return now === 'FIN-WAIT-2' ? 'TIME-WAIT' : now;
}

function finIsSent(state: TcpState): boolean {
  return ['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'LAST-ACK', 'TIME-WAIT'].includes(state);
}

function finIsAcknowledged(state: TcpState): boolean {
  return state === 'FIN-WAIT-2' || state === 'TIME-WAIT';
}
