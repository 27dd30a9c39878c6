import { checkOptions } from '../checks/options.js';
import { quote } from '../checks/quote.js';
import { readAddressWord } from './address-words.js';
import { readBareHost, readHostOrWord } from './dialects/host.js';
import { hostEndpoint } from './dialects/make.js';
import { isPort, readPort } from './dialects/port.js';
import type { Refusal } from './dialects/refusal.js';
import { findingOf, isRefusal, refuse } from './dialects/refusal.js';
import type { AddressEndpoint, NameEndpoint } from './endpoint.js';
import { EndpointParseError } from './endpoint-error.js';

/** Which variables are read. */
export interface EnvironmentEndpointOptions {
  /** The variable that names the host; 'HOST' by default. */
  readonly hostVariable?: string | undefined;
  /** The variable that names the port; 'PORT' by default. */
  readonly portVariable?: string | undefined;
  /** The host where the variable is not set at all, e.g. '127.0.0.1'. None by default: then the variable must be set. A blank one is an error, whatever stands here. */
  readonly defaultHost?: string | undefined;
  /** The port where the variable is not set at all. None by default: then the variable must be set. */
  readonly defaultPort?: number | undefined;
}

/**
 * The endpoint of a pair of environment variables, HOST and PORT or those that the options name. HOST is an address without
 * brackets, one of the words of the socket API (`INADDR_ANY`), or a name; PORT is a decimal number. Nothing is coerced, and what most programs take for
 * every interface, a HOST that is blank or `*` or not set, is an error.
 *
 * @param environment Usually `process.env`
 * @throws {EndpointParseError} for either variable; `input` is its value, the message names it
 * @throws {TypeError} for options that there are not, a `defaultHost` that is no host, and for an environment that is no object
 */
export function parseEnvironmentEndpoint(
  environment: Readonly<Record<string, string | undefined>>,
  options: EnvironmentEndpointOptions = {},
): AddressEndpoint | NameEndpoint {
  checkOptions(options, ['hostVariable', 'portVariable', 'defaultHost', 'defaultPort']);
  const { hostVariable = 'HOST', portVariable = 'PORT', defaultHost, defaultPort } = options;
  if (typeof environment !== 'object' || environment === null) {
    throw new TypeError(`the environment is ${quote(environment)}: pass process.env or an object like it`);
  }
  for (const text of [hostVariable, portVariable, defaultHost]) {
    if (text !== undefined && typeof text !== 'string')
      throw new TypeError(`${quote(text)} is no text: pass names and hosts as text`);
  }
  if (defaultPort !== undefined && !isPort(defaultPort)) {
    throw new TypeError(`defaultPort is ${quote(defaultPort)}: pass a whole number from 0 to 65535`);
  }
  if (defaultHost !== undefined) {
    const read = readHostVariable(defaultHost);
    if (read.kind === 'refused') {
      const { problem, hint } = findingOf(read);
      throw new TypeError(`defaultHost is ${quote(defaultHost)}, ${problem}: ${hint}`);
    }
  }
  const hostText = variable(environment, hostVariable, defaultHost);
  const host = typeof hostText === 'string' ? readHostVariable(hostText) : refuseValue(hostText, EVERY);
  if (host.kind === 'refused') throw errorOf(hostVariable, hostText, host);
  const portText = variable(environment, portVariable, defaultPort === undefined ? undefined : `${defaultPort}`);
  const port = typeof portText === 'string' ? readPort(portText, 0) : refuseValue(portText, 'write e.g. 8080');
  if (typeof port !== 'number') throw errorOf(portVariable, portText, port);
  const endpoint = hostEndpoint(host, { port });
  if (isRefusal(endpoint)) throw errorOf(hostVariable, hostText, endpoint);
  return endpoint;
}

const EVERY =
  'most programs take this for every interface, write 0.0.0.0 (IPv4) or :: (both) if that is meant, else e.g. 127.0.0.1';

function readHostVariable(text: string): ReturnType<typeof readHostOrWord> {
  if (text.trim() === '') return refuse('NO_HOST', 0, () => ({ problem: 'blank host', hint: EVERY }));
  if (text === '*') return refuse('WILDCARD', 0, () => ({ problem: "host '*'", hint: EVERY }));
  const blank = text.search(/[\s\p{Cc}]/u);
  if (blank >= 0) {
    const trimmed = text.trim();
    const hint = readBareHost(trimmed, 0).kind === 'refused' ? 'write one host' : `write ${trimmed}`;
    return refuse('BLANK', blank, () => ({ problem: 'blank or control character', hint }));
  }
  return readAddressWord(text) === null ? readBareHost(text, 0) : readHostOrWord(text, 0);
}

/** The own value of a variable, or what stands for one that is not set: an environment has no `constructor`. */
function variable(environment: Readonly<Record<string, unknown>>, name: string, unset: unknown): unknown {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return value === undefined ? unset : value;
}

function refuseValue(value: unknown, hint: string): Refusal {
  if (value === undefined) return refuse('NOT_SET', 0, () => ({ problem: 'not set', hint }));
  return refuse('NOT_TEXT', 0, () => ({
    problem: `${value === null ? 'null' : typeof value}, not text`,
    hint: 'pass the variable as text',
  }));
}

function errorOf(name: string, value: unknown, refusal: Refusal): EndpointParseError {
  const finding = findingOf(refusal);
  return new EndpointParseError(value, { ...finding, problem: `${name}: ${finding.problem}` });
}
