import { inspect } from 'node:util';
import { printable, quote } from './quote.js';

/** A value of any kind for a message: on one line, bounded, without anything that moves a cursor or turns text around. */
export function told(value: unknown): string {
  try {
    const text = inspect(value, {
      breakLength: Number.POSITIVE_INFINITY,
      compact: true,
      depth: 1,
      maxStringLength: 60,
      maxArrayLength: 5,
    });
    return printable(text.length > 300 ? `${text.slice(0, 300)}…` : text);
  } catch {
    // Its own way to be inspected may throw.
    return quote(value);
  }
}
