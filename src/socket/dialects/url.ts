import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';

/** Refuses a URL; null for what is none. */
export function refuseUrl(text: string): Refusal | null {
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return null;
  return refuse('URL', 0, () => ({ problem: 'a URL', hint: 'an endpoint has no scheme, user or path' }));
}
