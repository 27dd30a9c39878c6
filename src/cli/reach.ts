import type { Reach } from '../socket/index.js';
import type { Style } from './output.js';

/** From nobody to everybody. */
export const REACHES: readonly Reach[] = ['none', 'loopback', 'link', 'private', 'public', 'all'];

/** Who is let in by one family, in the few words of a table. */
export const REACH_WORDS: Readonly<Record<Reach, string>> = {
  none: '-',
  loopback: 'this machine',
  link: 'the link',
  private: 'private network',
  public: 'anybody',
  all: 'anybody',
};

/** How a reach is painted. */
export function reachStyle(reach: Reach): Style {
  if (reach === 'none' || reach === 'loopback') return 'good';
  return reach === 'link' || reach === 'private' ? 'warn' : 'bad';
}
