import { describe, expect, it } from 'vitest';
import { TCP_EVENTS, TCP_STATE_DIAGRAM, TCP_STATES, TCP_TRANSITIONS } from '../../src/tcp/index.js';

const LINES = TCP_STATE_DIAGRAM.split('\n');
const PICTURE = LINES.slice(0, LINES.indexOf('')).join('\n');

function count(text: string): number {
  return PICTURE.split(new RegExp(String.raw`(?<![\w-])${text}(?![\w-])`)).length - 1;
}

describe('TCP_STATE_DIAGRAM', () => {
  it('fits a terminal, in ASCII, without blanks at the ends of lines', () => {
    for (const line of LINES) expect(line).toMatch(/^(?:|[ -~]{0,75}[!-~])$/);
  });

  it('has every state once, but CLOSED, where it begins and ends', () => {
    for (const { name } of TCP_STATES) expect(count(name), name).toBe(name === 'CLOSED' ? 2 : 1);
  });

  it('has an arrow for each move of the table that is not named below the picture', () => {
    const below = ['abort', 'user-timeout', 'rst-active'];
    const moves = TCP_TRANSITIONS.filter(
      ({ from, event, to }) =>
        from !== to &&
        !below.includes(event) &&
        !(event === 'rst-passive' && to === 'CLOSED') &&
        !(from === 'SYN-RECEIVED' && event === 'fin') &&
        // A second FIN is no other way than the first, its acknowledgment none other than an ACK's.
        !(event === 'fin-ack-of-fin' && from !== 'FIN-WAIT-1'),
    );
    for (const { name } of TCP_EVENTS) {
      expect(count(name), name).toBe(moves.filter(({ event }) => event === name).length);
    }
    for (const event of below) expect(LINES.slice(-3).join(' ')).toContain(event);
  });

  it('has corners and shafts that are joined', () => {
    const at = (row: number, column: number) => LINES[row]?.[column] ?? ' ';
    const picture = PICTURE.split('\n');
    picture.forEach((line, row) => {
      [...line].forEach((character, column) => {
        const up = at(row - 1, column);
        const down = at(row + 1, column);
        if (character === 'v') {
          if (up === '|') expect(down, `${row}:${column}`).toMatch(/[+-]/);
        }
        if (character === '|') expect(`${up}${down}`, `${row}:${column}`).toMatch(/^[|+.^v-][|+'v^-]$/);
        if (character === '.') expect(`${down}`, `${row}:${column}`).toMatch(/[|v]/);
        if (character === "'") expect(`${up}`, `${row}:${column}`).toMatch(/[|]/);
      });
    });
  });
});
