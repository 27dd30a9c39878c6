import { quote } from './quote.js';

/** What somebody else's code has thrown, in words. Not `String`, which throws itself for what has no text. */
export function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : quote(error);
}
