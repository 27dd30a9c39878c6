// The network virtual terminal of RFC 854, without options: what stands between the bytes of the network and those of a
// terminal. Pure: bytes and a state in, bytes and a state out, wherever the network has cut them.

/** What was read so far of something that is not complete. */
export type TelnetState =
  | { readonly kind: 'data' | 'carriage-return' | 'command' | 'subnegotiation' | 'subnegotiation-command' }
  /** Which option is it about? */
  | { readonly kind: 'negotiation'; readonly verb: number };

export interface TelnetInput {
  readonly state: TelnetState;
  /** For the terminal: without commands, lines ended with LF. */
  readonly data: Uint8Array;
  /** For the network: no to every offer and wish. */
  readonly answer: Uint8Array;
}

export const TELNET_START: TelnetState = { kind: 'data' };

const NUL = 0;
const LF = 10;
const CR = 13;
/** End of a subnegotiation, its begin, the four verbs of negotiation, and the byte that begins every command. */
const SE = 240;
const SB = 250;
const WILL = 251;
const WONT = 252;
const DO = 253;
const DONT = 254;
const IAC = 255;

/** Takes commands out of what came from the network. */
export function readTelnet(before: TelnetState, bytes: Uint8Array): TelnetInput {
  const data: number[] = [];
  const answer: number[] = [];
  let state = before;
  for (const byte of bytes) state = step(state, byte, data, answer);
  return { state, data: Uint8Array.from(data), answer: Uint8Array.from(answer) };
}

function step(state: TelnetState, byte: number, data: number[], answer: number[]): TelnetState {
  switch (state.kind) {
    case 'carriage-return':
      // CR LF is the end of a line, CR NUL a bare CR; another byte after it should not be there, and is itself.
      data.push(byte === LF ? LF : CR);
      return byte === LF || byte === NUL ? TELNET_START : step(TELNET_START, byte, data, answer);
    case 'command':
      if (byte === IAC) data.push(IAC);
      if (byte === SB) return { kind: 'subnegotiation' };
      return byte >= WILL && byte <= DONT ? { kind: 'negotiation', verb: byte } : TELNET_START;
    case 'negotiation':
      // WONT and DONT ask for no answer: it is as they say already, and answers to answers would go on for ever.
      if (state.verb === WILL) answer.push(IAC, DONT, byte);
      if (state.verb === DO) answer.push(IAC, WONT, byte);
      return TELNET_START;
    case 'subnegotiation':
      return byte === IAC ? { kind: 'subnegotiation-command' } : state;
    case 'subnegotiation-command':
      return byte === SE ? TELNET_START : { kind: 'subnegotiation' };
    case 'data':
      if (byte === IAC) return { kind: 'command' };
      if (byte === CR) return { kind: 'carriage-return' };
      data.push(byte);
      return state;
  }
}

/** What is still to be shown when the network has ended. */
export function endTelnet(state: TelnetState): Uint8Array {
  return Uint8Array.from(state.kind === 'carriage-return' ? [CR] : []);
}

/** Whether the last byte that was typed is a CR, after which a byte must come that says what it means. */
export interface TypedState {
  readonly afterCarriageReturn: boolean;
}

export const TYPED_START: TypedState = { afterCarriageReturn: false };

/** What was typed, for the network: lines ended with CR LF, a bare CR as CR NUL, the byte 255 twice. */
export function writeTelnet(
  before: TypedState,
  bytes: Uint8Array,
): { readonly state: TypedState; readonly data: Uint8Array } {
  const data: number[] = [];
  let { afterCarriageReturn } = before;
  for (const byte of bytes) {
    if (afterCarriageReturn && byte !== LF) data.push(NUL);
    if (byte === LF && !afterCarriageReturn) data.push(CR);
    data.push(byte);
    if (byte === IAC) data.push(IAC);
    afterCarriageReturn = byte === CR;
  }
  return { state: { afterCarriageReturn }, data: Uint8Array.from(data) };
}

/** What is still to be sent when nothing more is typed. */
export function endTyped({ afterCarriageReturn }: TypedState): Uint8Array {
  return Uint8Array.from(afterCarriageReturn ? [NUL] : []);
}
