import { quote } from '../../checks/quote.js';
import type { Refusal } from './refusal.js';
import { refuse } from './refusal.js';

/** A port, and the last one of a range. */
export interface Ports {
  readonly port: number;
  readonly lastPort: number | null;
}

/** The longest text of which it is said what other readers make of it. */
const LONGEST_READING = 32;

/** The port that a text writes: 0 to 65535, decimal, without leading zeros. `offset` is where the text stands in the whole. */
export function readPort(text: string, offset: number): number | Refusal {
  return decimalPort(text) ?? refusePort(text, offset);
}

/** The port of a text, or both ends of a range `3000-3005`. */
export function readPorts(text: string, offset: number): Ports | Refusal {
  const dash = text.indexOf('-');
  const port = readPort(dash > 0 ? text.slice(0, dash) : text, offset);
  if (typeof port !== 'number') return port;
  if (dash < 0) return { port, lastPort: null };
  const second = text.indexOf('-', dash + 1);
  if (second > dash + 1) {
    const hint = 'a range has two ports, e.g. 3000-3005';
    return refuse('RANGE', offset + second, () => ({ problem: 'second dash', hint }));
  }
  const lastPort = readPort(text.slice(dash + 1), offset + dash + 1);
  if (typeof lastPort !== 'number') return lastPort;
  if (lastPort > port && port > 0) return { port, lastPort };
  return refuse('RANGE', offset, () => {
    if (lastPort === port) return { problem: 'range of one port', hint: `write ${port}` };
    if (port === 0) return { problem: 'range from port 0', hint: 'port 0 is any free port: begin with 1 or more' };
    return { problem: 'range from high to low', hint: `write ${lastPort}-${port}` };
  });
}

/** A port to write in a hint: the one of a text, or another where there is none. */
export function likelyPort(text: string): string {
  const port = decimalPort(text.startsWith(':') ? text.slice(1) : text);
  return port === null || port === 0 ? '8080' : `${port}`;
}

/** Whether a number is a port. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535;
}

function decimalPort(text: string): number | null {
  if (!/^(?:0|[1-9]\d{0,4})$/.test(text)) return null;
  const port = Number(text);
  return port <= 65535 ? port : null;
}

function refusePort(text: string, offset: number): Refusal {
  if (text === '') return refuse('NO_PORT', offset, () => ({ problem: 'empty port', hint: 'write a port, e.g. 8080' }));
  if (/^0\d+$/.test(text)) {
    return refuse('PORT_LEADING_ZERO', offset, () => {
      const meant = portOf(text);
      const hint = 'a leading zero is octal to some readers and nothing to others';
      return { problem: 'leading zero in the port', hint: meant === null ? hint : `${hint}, write ${meant}` };
    });
  }
  if (/^\d+$/.test(text)) {
    return refuse('PORT_RANGE', offset, () => ({ problem: 'port over 65535', hint: 'write 0 to 65535' }));
  }
  const range = /^\d+-\d+$/.test(text);
  return refuse(range ? 'RANGE' : 'BAD_PORT', offset + (range ? text.indexOf('-') : text.search(/\D/)), () => {
    if (range) return { problem: 'range of ports', hint: 'write one endpoint for each port' };
    const meant = portOf(text);
    const hint =
      meant === null ? 'write a decimal number, e.g. 8080' : `some readers take this for port ${meant}, write ${meant}`;
    return { problem: `port ${quote(text)}`, hint: isService(text) ? 'write the number of the service' : hint };
  });
}

function isService(text: string): boolean {
  return /^[a-z][a-z0-9-]*$/i.test(text);
}

/** What a reader that coerces makes of a port, null when it makes none. */
function portOf(text: string): number | null {
  if (text.length > LONGEST_READING) return null;
  const folded = text.normalize('NFKC').trim();
  const value = folded === '' ? Number.NaN : Number(folded);
  return isPort(value) ? value : null;
}
