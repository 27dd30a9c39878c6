import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endTelnet,
  endTyped,
  readTelnet,
  TELNET_START,
  TYPED_START,
  writeTelnet,
} from '../../src/examples/telnet-protocol.js';

const [SE, NOP, AYT, SB, WILL, WONT, DO, DONT, IAC] = [240, 241, 246, 250, 251, 252, 253, 254, 255] as const;

/** Bytes of numbers and texts. */
function bytes(...parts: readonly (number | string)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...Buffer.from(part)])));
}

/** What comes in pieces, read to its end. */
function read(pieces: readonly Uint8Array[]): { readonly data: number[]; readonly answer: number[] } {
  let state = TELNET_START;
  const data: number[] = [];
  const answer: number[] = [];
  for (const piece of pieces) {
    const result = readTelnet(state, piece);
    state = result.state;
    data.push(...result.data);
    answer.push(...result.answer);
  }
  return { data: [...data, ...endTelnet(state)], answer };
}

function typed(pieces: readonly Uint8Array[]): number[] {
  let state = TYPED_START;
  const data: number[] = [];
  for (const piece of pieces) {
    const result = writeTelnet(state, piece);
    state = result.state;
    data.push(...result.data);
  }
  return [...data, ...endTyped(state)];
}

/** A text cut in two at every byte, and into single bytes. */
function cuts(text: Uint8Array): Uint8Array[][] {
  const inTwo = Array.from({ length: text.length + 1 }, (_, at) => [text.subarray(0, at), text.subarray(at)]);
  return [...inTwo, Array.from(text, (byte) => Uint8Array.of(byte))];
}

const READ: readonly [what: string, from: Uint8Array, data: Uint8Array, answer: Uint8Array][] = [
  ['text', bytes('hello'), bytes('hello'), bytes()],
  ['lines', bytes('one\r\ntwo\r\n'), bytes('one\ntwo\n'), bytes()],
  ['a bare CR', bytes('50%\r', 0, '60%\r', 0), bytes('50%\r60%\r'), bytes()],
  ['a CR with neither after it', bytes('a\rb\r\r\n'), bytes('a\rb\r\n'), bytes()],
  ['a CR at the end', bytes('a\r'), bytes('a\r'), bytes()],
  ['a bare LF, and a NUL alone', bytes('a\nb', 0, 'c'), bytes('a\nb', 0, 'c'), bytes()],
  ['the byte 255', bytes('a', IAC, IAC, 'b', IAC, IAC, IAC, IAC), bytes('a', 255, 'b', 255, 255), bytes()],
  ['offers', bytes(IAC, WILL, 1, 'login: ', IAC, WILL, 3), bytes('login: '), bytes(IAC, DONT, 1, IAC, DONT, 3)],
  ['wishes', bytes(IAC, DO, 24, 'x', IAC, DO, 31), bytes('x'), bytes(IAC, WONT, 24, IAC, WONT, 31)],
  ['refusals, which get no answer', bytes(IAC, WONT, 1, 'x', IAC, DONT, 3), bytes('x'), bytes()],
  [
    'an option with the number of a verb',
    bytes(IAC, WILL, 255, IAC, DO, 251, 'x'),
    bytes('x'),
    bytes(IAC, DONT, 255, IAC, WONT, 251),
  ],
  ['commands of two bytes', bytes(IAC, NOP, 'a', IAC, AYT, 'b', IAC, SE, 'c'), bytes('abc'), bytes()],
  ['a subnegotiation', bytes('a', IAC, SB, 24, 1, IAC, SE, 'b'), bytes('ab'), bytes()],
  ['one with the byte 255 in it', bytes(IAC, SB, 24, IAC, IAC, SE, 'x', IAC, SE, 'b'), bytes('b'), bytes()],
  ['one with verbs in it', bytes(IAC, SB, IAC, WILL, 1, DO, 3, IAC, SE, 'b'), bytes('b'), bytes()],
  ['one that does not end', bytes('a', IAC, SB, 24, 'never shown'), bytes('a'), bytes()],
  ['a command that does not end', bytes('a', IAC), bytes('a'), bytes()],
  ['a CR before a command', bytes('a\r', IAC, NOP, '\n'), bytes('a\r\n'), bytes()],
  ['nothing', bytes(), bytes(), bytes()],
];

describe('what comes from the network', () => {
  it.each(READ)('%s', (_, from, data, answer) => {
    for (const pieces of cuts(from)) expect(read(pieces)).toEqual({ data: [...data], answer: [...answer] });
  });

  it('is the same wherever the network has cut it', () => {
    const special = fc.constantFrom(0, 10, 13, SE, NOP, SB, WILL, WONT, DO, DONT, IAC);
    const some = fc.array(fc.oneof(special, fc.integer({ min: 0, max: 255 })), { maxLength: 40 });
    fc.assert(
      fc.property(some, (numbers) => {
        const whole = read([Uint8Array.from(numbers)]);
        for (const pieces of cuts(Uint8Array.from(numbers))) expect(read(pieces)).toEqual(whole);
      }),
    );
  });
});

const TYPED: readonly [what: string, from: Uint8Array, data: Uint8Array][] = [
  ['a line', bytes('hello\n'), bytes('hello\r\n')],
  ['a line that has its CR', bytes('hello\r\nx\n'), bytes('hello\r\nx\r\n')],
  ['a bare CR', bytes('a\rb'), bytes('a\r', 0, 'b')],
  ['CRs', bytes('\r\r\n\n'), bytes('\r', 0, '\r\n\r\n')],
  ['a CR at the end', bytes('a\r'), bytes('a\r', 0)],
  ['the byte 255', bytes('a', 255, 255), bytes('a', 255, 255, 255, 255)],
  ['255 after a CR', bytes('\r', 255), bytes('\r', 0, 255, 255)],
  ['nothing', bytes(), bytes()],
];

describe('what goes to the network', () => {
  it.each(TYPED)('%s', (_, from, data) => {
    for (const pieces of cuts(from)) expect(typed(pieces)).toEqual([...data]);
  });

  it('comes back as it was, with the ends of its lines made equal, and asks for nothing', () => {
    const some = fc.array(fc.oneof(fc.constantFrom(0, 10, 13, 255), fc.integer({ min: 0, max: 255 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(some, (numbers) => {
        const text = Buffer.from(numbers).toString('latin1');
        const { data, answer } = read([Uint8Array.from(typed([Uint8Array.from(numbers)]))]);
        expect(Buffer.from(data).toString('latin1')).toBe(text.replaceAll('\r\n', '\n'));
        expect(answer).toEqual([]);
      }),
    );
  });
});
