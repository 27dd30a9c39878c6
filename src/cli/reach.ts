import type { Reach } from '../socket/index.js';
import type { Style } from './output.js';

/** From nobody to everybody. */
export const REACHES: readonly Reach[] = ['none', 'loopback', 'link', 'private', 'public', 'all'];

/** Who is let in, in the few words of a table. */
export const REACH_WORDS: Readonly<Record<Reach, string>> = {
  none: '-',
  loopback: 'this machine',
  link: 'the link',
  private: 'private networks',
  public: 'the internet',
  all: 'everybody',
};

/** How a reach is painted. */
export function reachStyle(reach: Reach): Style {
  if (reach === 'none') return 'dim';
  if (reach === 'loopback') return 'good';
  return reach === 'link' || reach === 'private' ? 'warn' : 'bad';
}
