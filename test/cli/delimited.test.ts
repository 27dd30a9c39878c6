import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_ROW, RowReader } from '../../src/cli/delimited.js';
import { cutAt } from '../support/chunks.js';

type Rows = readonly (readonly [line: number, ...cells: string[]])[];

/** The rows of chunks with their lines, and the lines of those that are none. */
function read(
  chunks: readonly Buffer[],
  delimiter: ',' | '\t' = ',',
  longest = LONGEST_ROW,
): { rows: Rows; bad: number[] } {
  const rows: [number, ...string[]][] = [];
  const bad: number[] = [];
  for (const [line, said] of say(chunks, delimiter, longest)) {
    if (typeof said === 'string') bad.push(line);
    else rows.push([line, ...said]);
  }
  return { rows, bad };
}

/** The rows of chunks, and what is said of those that are none, with their lines. */
function say(
  chunks: readonly Buffer[],
  delimiter: ',' | '\t',
  longest: number,
): (readonly [line: number, cells: readonly string[] | string])[] {
  const said: (readonly [number, readonly string[] | string])[] = [];
  const push = (cells: readonly string[] | string, line: number) => said.push([line, cells]);
  const reader = new RowReader(delimiter, push, (line, message) => push(message, line), longest);
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return said;
}

function readText(text: string, delimiter?: ',' | '\t'): { rows: Rows; bad: number[] } {
  return read([Buffer.from(text)], delimiter);
}

describe('CSV', () => {
  it.each<[string, string, Rows]>([
    ['nothing', '', []],
    ['blank lines', '\n \n\t\r\n', []],
    [
      'rows, the last without an end',
      'a,b\nc',
      [
        [1, 'a', 'b'],
        [2, 'c'],
      ],
    ],
    [
      'line ends of two systems',
      'a,b\r\nc,d\ne,f\r\n',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
        [3, 'e', 'f'],
      ],
    ],
    ['blanks around cells', ' a , b c\t,\n', [[1, 'a', 'b c', '']]],
    ['quotes', '"a","b, c","say ""x"""\n', [[1, 'a', 'b, c', 'say "x"']]],
    ['blanks around quotes, and in them', 'a, " b " ,c\n', [[1, 'a', ' b ', 'c']]],
    [
      'a cell of two lines',
      'a,"b\nc"\nd\n',
      [
        [1, 'a', 'b\nc'],
        [3, 'd'],
      ],
    ],
    [
      'a cell of two lines of the other system',
      'a,"b\r\nc"\r\nd\r\n',
      [
        [1, 'a', 'b\r\nc'],
        [3, 'd'],
      ],
    ],
    [
      'comments and blank lines, counted',
      '# x "\n\n  # y,"\n\na\n#z\nb',
      [
        [5, 'a'],
        [7, 'b'],
      ],
    ],
    [
      'a # inside a row',
      'a,#b\na#b\n',
      [
        [1, 'a', '#b'],
        [2, 'a#b'],
      ],
    ],
    [
      'rows of different lengths',
      'a\nb,c,d\n,\n',
      [
        [1, 'a'],
        [2, 'b', 'c', 'd'],
        [3, '', ''],
      ],
    ],
  ])('has %s', (_, text, rows) => {
    expect(readText(text)).toEqual({ rows, bad: [] });
  });

  it.each<[string, string, Rows, number[]]>([
    ['a quote in a cell', 'a,5" x\nb\n', [[2, 'b']], [1]],
    ['text after a quote', '"a"b,c\nd\n', [[2, 'd']], [1]],
    ['text and a blank after a quote', '"a" b,c\nd\n', [[2, 'd']], [1]],
    [
      'a quote that is not closed',
      'a\nb,"c\nd\ne\n',
      [
        [1, 'a'],
        [3, 'd'],
        [4, 'e'],
      ],
      [2],
    ],
    ['one at the end', 'a\nb,"c', [[1, 'a']], [2]],
    [
      'one that the next seems to close',
      'a,"b\nc,"d"\ne\n',
      [
        [2, 'c', 'd'],
        [3, 'e'],
      ],
      [1],
    ],
    [
      'one behind comments',
      'a\n# "\n\nb,"c\nd\n',
      [
        [1, 'a'],
        [5, 'd'],
      ],
      [4],
    ],
    ['each of many', '"a"x\n"b"x\n"c"x', [], [1, 2, 3]],
  ])('passes over %s alone', (_, text, rows, bad) => {
    expect(readText(text)).toEqual({ rows, bad });
  });

  it('is read alike in any chunks', () => {
    const pieces = [
      'a',
      'é',
      ',',
      '"',
      '""',
      '\n',
      '\r\n',
      ' ',
      '#',
      'x,"y"\n',
      '# c\n',
      '"m\nn",o\n',
      'long row of letters',
    ];
    const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.array(fc.nat({ max: 200 }), { maxLength: 6 }), (text, at) => {
        const bytes = Buffer.from(text);
        const whole = say([bytes], ',', 16);
        expect(say(cutAt(bytes, at), ',', 16)).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });

  it('never loses a row that has no quotes about it', () => {
    const rows = fc.array(fc.constantFrom('a,b', '"c",d', 'e,"f', 'g"h', '"i"j', '# k', ''), { maxLength: 12 });
    fc.assert(
      fc.property(rows, (lines) => {
        const { rows: found, bad } = readText(lines.join('\n'));
        const seen = new Set([...found.map(([line]) => line), ...bad]);
        // A row of several lines ends with a quote that another line begins with.
        const inside = (line: number) =>
          found.some((row) => line > row[0] && row.some((cell) => /\n/.test(String(cell))));
        lines.forEach((line, i) => {
          if (line === 'a,b') expect(seen.has(i + 1) || inside(i + 1)).toBe(true);
        });
      }),
    );
  });

  it('refuses what is too long, in one chunk or in many, and goes on', () => {
    const text = `a\n${'x'.repeat(LONGEST_ROW + 1)}\nb\n"${'y\n'.repeat(LONGEST_ROW / 2)}"\nc`;
    const bytes = Buffer.from(text);
    const many = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, i) =>
      bytes.subarray(i * 1000, i * 1000 + 1000),
    );
    for (const chunks of [[bytes], many]) {
      const { rows, bad } = read(chunks);
      // Of the long cell the lines are rows, the last of them is a quote alone.
      expect(bad).toEqual([2, 4, LONGEST_ROW / 2 + 4]);
      expect(rows.filter(([, cell]) => cell !== 'y')).toEqual([
        [1, 'a'],
        [3, 'b'],
        [LONGEST_ROW / 2 + 5, 'c'],
      ]);
      expect(rows).toHaveLength(LONGEST_ROW / 2 + 2);
    }
  });

  it('has comments of any length', () => {
    const bytes = Buffer.from(`#${'x'.repeat(300_000)}\na\n`);
    expect(read([bytes.subarray(0, 100_000), bytes.subarray(100_000)])).toEqual({ rows: [[2, 'a']], bad: [] });
  });

  it('throws what the caller throws', () => {
    const reader = new RowReader(
      ',',
      () => {
        throw new TypeError('a bug');
      },
      () => {},
    );
    expect(() => reader.push(Buffer.from('a\n'))).toThrow(new TypeError('a bug'));
  });
});

describe('TSV', () => {
  it.each<[string, string, Rows]>([
    [
      'quotes as they are',
      'a\t"b\nc"\td\n',
      [
        [1, 'a', '"b'],
        [2, 'c"', 'd'],
      ],
    ],
    [
      'empty cells',
      'a\t\tb\t\n\tc\n',
      [
        [1, 'a', '', 'b', ''],
        [2, '', 'c'],
      ],
    ],
    ['commas', 'a, b\tc\n', [[1, 'a, b', 'c']]],
  ])('has %s', (_, text, rows) => {
    expect(readText(text, '\t')).toEqual({ rows, bad: [] });
  });
});
