import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCutter, LONGEST_LINE } from '../../src/cli/lines.js';
import { cutAt } from '../support/chunks.js';

type Event = readonly [line: number, text: string | 'too long'];

const TOO_LONG = 'too long';

function cut(chunks: readonly Buffer[]): Event[] {
  const events: Event[] = [];
  const cutter = new LineCutter(
    (bytes, start, end, line) => events.push([line, bytes.toString('latin1', start, end)]),
    (line) => events.push([line, TOO_LONG]),
  );
  for (const chunk of chunks) cutter.push(chunk);
  cutter.end();
  return events;
}

/** The same, slow and obvious. */
function split(bytes: Buffer): Event[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .flatMap((line, index): Event[] => {
      if (line.length > LONGEST_LINE) return [[index + 1, TOO_LONG]];
      const text = line.replace(/^[ \t\r]+|[ \t\r]+$/g, '');
      return text === '' ? [] : [[index + 1, text]];
    });
}

const PIECES = ['\n', '\r\n', '\r', ' ', '\t', '10.0.0.1', '::1', '\0', '\xff', 'x'.repeat(LONGEST_LINE - 1)];
const text = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 40 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));

describe('LineCutter', () => {
  it.each<[string, string, Event[]]>([
    ['nothing', '', []],
    [
      'a last line without a line feed',
      '1\n2',
      [
        [1, '1'],
        [2, '2'],
      ],
    ],
    [
      'a last line with one',
      '1\n2\n',
      [
        [1, '1'],
        [2, '2'],
      ],
    ],
    [
      'CRLF',
      '1\r\n2\r\n',
      [
        [1, '1'],
        [2, '2'],
      ],
    ],
    ['blank lines, which count', '\n \n\t\r\n4\n', [[4, '4']]],
    ['blanks around, and none of those inside', ' \t1 2\t \n', [[1, '1 2']]],
    ['a carriage return alone, which ends no line', '1\r2', [[1, '1\r2']]],
    ['the longest line', 'x'.repeat(LONGEST_LINE), [[1, 'x'.repeat(LONGEST_LINE)]]],
    [
      'a longer one',
      `${'x'.repeat(LONGEST_LINE + 1)}\n2`,
      [
        [1, TOO_LONG],
        [2, '2'],
      ],
    ],
    [
      'a longer one at the end',
      `1\n${'x'.repeat(LONGEST_LINE + 1)}`,
      [
        [1, '1'],
        [2, TOO_LONG],
      ],
    ],
    [
      'two longer ones',
      `${'x'.repeat(5000)}\n${'y'.repeat(5000)}\n`,
      [
        [1, TOO_LONG],
        [2, TOO_LONG],
      ],
    ],
  ])('cuts %s', (_, input, expected) => {
    const bytes = Buffer.from(input, 'latin1');
    expect(cut([bytes])).toEqual(expected);
    expect(split(bytes)).toEqual(expected);
  });

  it('gives the same wherever one chunk ends and the next begins', () => {
    const bytes = Buffer.from(` 10.0.0.1\r\n\n::1\n\t\n${'x'.repeat(LONGEST_LINE + 1)}\nfe80::1%eth0 \n8.8.8.8`);
    const expected = split(bytes);
    for (let at = 0; at <= bytes.length; at++) expect(cut(cutAt(bytes, [at]))).toEqual(expected);
    expect(cut([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it('agrees with a slow splitter on any text in any chunks', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 20_000 }), { maxLength: 8 }), (bytes, positions) => {
        expect(cut(cutAt(bytes, positions))).toEqual(split(bytes));
      }),
    );
  });

  it('keeps nothing of the chunks: their memory may be used again', () => {
    const events: string[] = [];
    const cutter = new LineCutter(
      (bytes, start, end) => events.push(bytes.toString('latin1', start, end)),
      () => {},
    );
    const chunk = Buffer.from('1\n10.0.');
    cutter.push(chunk);
    chunk.fill(0);
    cutter.push(Buffer.from('0.1\n'));
    expect(events).toEqual(['1', '10.0.0.1']);
  });

  it('reports a line of 10 MB once', () => {
    const chunk = Buffer.alloc(1 << 16, 'x');
    const chunks = Array.from({ length: 160 }, () => chunk);
    expect(cut([...chunks, Buffer.from('\n::1\n')])).toEqual([
      [1, TOO_LONG],
      [2, '::1'],
    ]);
  });
});
