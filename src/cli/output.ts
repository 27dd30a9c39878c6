import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** The styles of the command line, by meaning. */
const STYLES = { good: 'green', bad: 'red', warn: 'yellow', dim: 'dim', strong: 'bold' } as const;

export type Style = keyof typeof STYLES;

/** Puts a text in a style. */
export type Paint = (style: Style, text: string) => string;

/** Paints for a stream: only on a terminal, and not when NO_COLOR says so (https://no-color.org). */
export function painter(stream: Writable): Paint {
  // styleText knows NO_COLOR, NODE_DISABLE_COLORS and FORCE_COLOR; asked once, as it looks at the environment each time.
  const coloured = styleText('red', 'x', { stream }) !== 'x';
  return coloured ? (style, text) => styleText(STYLES[style], text, { validateStream: false }) : (_, text) => text;
}

/** Collects lines and writes them in large pieces, never faster than the stream takes them. */
export class LineWriter {
  readonly #stream: Writable;
  #pending = '';

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  line(text: string): void {
    this.#pending += `${text}\n`;
  }

  async flush(): Promise<void> {
    if (this.#pending === '') return;
    const pending = this.#pending;
    this.#pending = '';
    if (!this.#stream.write(pending)) await once(this.#stream, 'drain');
  }
}

/** The width that tables have to fit: that of the terminal. Null elsewhere: who reads a file or a pipe gets everything. */
export function widthOf(stream: NodeJS.WriteStream): number | null {
  return stream.isTTY ? stream.columns : null;
}

/** Which columns of a table may be cut to fit a width; null fits everything. */
export interface Fit {
  readonly width: number | null;
  readonly cut: readonly number[];
}

/** Columns of equal width, two blanks apart; the last is not padded. The paint comes after the padding. */
export function table(
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number, row: number) => string,
  fit: Fit = { width: null, cut: [] },
): string[] {
  const fitting = cutToWidth(rows, fit);
  const widths = widthsOf(fitting);
  return fitting.map((row, y) =>
    row
      .map((cell, x) => paint(x === row.length - 1 ? cell : cell.padEnd(widths[x] ?? 0), x, y))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

const GAP = 2;
/** Columns are cut no further: what is left must still be told apart. */
const NARROWEST = 12;

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return rows.reduce<number[]>((most, row) => {
    row.forEach((cell, column) => {
      most[column] = Math.max(most[column] ?? 0, cell.length);
    });
    return most;
  }, []);
}

/** Cuts the widest of the columns that may be cut until a row fits, if it can. */
function cutToWidth(rows: readonly (readonly string[])[], { width, cut }: Fit): readonly (readonly string[])[] {
  if (width === null) return rows;
  const widths = widthsOf(rows);
  let excess = widths.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  for (; excess > 0; excess--) {
    const widest = cut.reduce<number | null>((one, other) => {
      return one === null || (widths[other] ?? 0) > (widths[one] ?? 0) ? other : one;
    }, null);
    if (widest === null || (widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return rows.map((row) =>
    row.map((cell, column) => (cut.includes(column) ? cutCell(cell, widths[column] ?? 0) : cell)),
  );
}

function cutCell(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
