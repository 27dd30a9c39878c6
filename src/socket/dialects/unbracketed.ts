import { shown } from '../../checks/quote.js';
import { safeParseAddress } from '../../ip/index.js';
import { readPort } from './port.js';
import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';

/** Refuses what has more colons than one and no brackets: IPv6 addresses, with both readings where there are two. `after` follows the port. */
export function refuseColons(text: string, after = ''): Refusal {
  const comma = text.indexOf(',');
  if (comma >= 0)
    return refuse('LIST', comma, () => ({
      problem: 'a list',
      hint: 'write one endpoint, and a list as a list of texts',
    }));
  const colon = text.lastIndexOf(':');
  const head = text.slice(0, colon);
  const tail = text.slice(colon + 1);
  const whole = isIPv6(text);
  const split = isIPv6(head) && typeof readPort(tail, 0) === 'number';
  if (whole && split) {
    return refuse('AMBIGUOUS', colon, () => ({
      problem: 'IPv6 without brackets',
      hint: `it is the address ${shown(text)} without a port, or port ${tail} of ${shown(head)}: write ${shown(`[${text}]:8080${after}`)} or ${shown(`[${head}]:${tail}${after}`)}`,
    }));
  }
  if (whole) {
    return refuse('BRACKETS', 0, () => ({
      problem: 'IPv6 without brackets, and no port',
      hint: `write ${shown(`[${text}]:8080${after}`)}`,
    }));
  }
  if (split) {
    return refuse('BRACKETS', 0, () => ({
      problem: 'IPv6 without brackets',
      hint: `write ${shown(`[${head}]:${tail}${after}`)}`,
    }));
  }
  const end = text.startsWith('[') ? text.indexOf(']') : -1;
  const second = text.indexOf(':', text.indexOf(':', end + 1) + 1);
  return refuse('BRACKETS', second, () => ({
    problem: 'second colon',
    hint: 'an IPv6 address stands in brackets, e.g. [::1]:8080, and there is one port',
  }));
}

function isIPv6(text: string): boolean {
  const read = safeParseAddress(text);
  return read.success && read.data.family === 6;
}
