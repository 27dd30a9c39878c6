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

/** Columns of equal width, two blanks apart; the last is not padded. The paint comes after the padding. */
export function table(
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number, row: number) => string,
): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, i) => Math.max(most[i] ?? 0, cell.length)), []);
  return rows.map((row, y) =>
    row
      .map((cell, x) => paint(x === row.length - 1 ? cell : cell.padEnd(widths[x] ?? 0), x, y))
      .join('  ')
      .trimEnd(),
  );
}
