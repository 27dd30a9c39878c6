import { quote } from './quote.js';

/** What somebody else's code has thrown, in words. Never throws itself, as `String` does for what has no text. */
export function messageOf(error: unknown): string {
  try {
    const text: unknown = error instanceof Error ? error.message : error;
    return typeof text === 'string' ? text : quote(text);
  } catch {
    // A getter, or a proxy, that throws.
    return 'what can not be told';
  }
}
