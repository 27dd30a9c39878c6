import { quote } from '../checks/quote.js';
import type { Reading } from './host.js';

/**
 * The path of a unix socket, or its abstract name, which begins with NUL. How long it may be is the kernel's matter; what Node
 * would take for something else, or change, is refused.
 */
export function readPath(given: unknown): Reading<string> {
  const problem = `the path is ${quote(given)}`;
  if (typeof given !== 'string') return { fault: { code: 'PATH_TYPE', problem, hint: 'write it as text' } };
  if (given === '' || given === '\0') {
    return { fault: { code: 'PATH_EMPTY', problem, hint: 'write a path, e.g. /run/app.sock' } };
  }
  if (given.includes('\0', 1) || /\p{Surrogate}/u.test(given)) {
    const hint = 'write NUL at the beginning of an abstract name only, and whole characters';
    return { fault: { code: 'PATH_CHARACTER', problem, hint } };
  }
  // As Node tells a path from a port.
  if (Number(given) >= 0) {
    const hint =
      given.trim() === '' ? 'write a path, e.g. /run/app.sock' : `write ${quote(`./${given}`)}, or a host and a port`;
    return { fault: { code: 'PATH_NUMBER', problem: `${problem}, which Node takes for a port`, hint } };
  }
  return { value: given };
}
