import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import type { Endpoint } from '../../src/socket/index.js';
import { BindError, EndpointFormatError, EndpointParseError, SocketAddressError } from '../../src/socket/index.js';
import { json, outcomeOf, told, wordsFile } from './words.js';

/** What `fixtures/endpoint-texts` has: hosts, ports, or whole endpoints in every dialect, right and wrong. */
export function endpointTexts(name: 'hosts' | 'ports' | 'endpoints'): readonly string[] {
  const path = new URL(`../../fixtures/endpoint-texts/${name}.jsonl`, import.meta.url);
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as string);
}

/** A line: what was given, and what a call made of it. */
export function line(given: string, call: () => unknown): string {
  const outcome = outcomeOf(call);
  if (outcome instanceof EndpointParseError || outcome instanceof EndpointFormatError) {
    const at = outcome instanceof EndpointParseError ? ` ${outcome.offset}` : '';
    return `${given} ! ${outcome.code}${at} ${outcome.message}`;
  }
  if (outcome instanceof BindError) {
    const issues = outcome.issues.map(({ path, code, message }) => `\n    ${path.join('.')} ${code} ${message}`);
    return `${given} ! ${issues.join('')}`;
  }
  if (outcome instanceof SocketAddressError)
    return `${given} ! ${outcome.code} ${outcome.key ?? '-'} ${outcome.message}`;
  if (outcome instanceof TypeError) return `${given} ! ${outcome.message}`;
  if (outcome instanceof Error) return `${given} ! ${told(outcome)}`;
  if (typeof outcome === 'object' && outcome !== null && 'kind' in outcome)
    return `${given} = ${say(outcome as Endpoint)}`;
  return `${given} = ${json(outcome)}`;
}

/** Holds lines against a file of `fixtures/socket-words`. */
export async function matches(name: string, lines: readonly string[]): Promise<void> {
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(wordsFile(`socket-words/${name}.txt`));
}

/** What an endpoint says that is not said by default. */
export function say(endpoint: Endpoint): string {
  const said = Object.entries(endpoint).filter(([, value]) => value !== null && value !== false);
  const unsaid = Object.entries(endpoint).filter(([key, value]) => key === 'ipv6Only' && value === false);
  return [...said, ...unsaid]
    .map(([key, value]) => `${key} ${typeof value === 'object' ? value : json(value)}`)
    .join(', ');
}

export const BESIDE = {
  port: 80,
  lastPort: null,
  containerPort: null,
  lastContainerPort: null,
  protocol: null,
  optional: false,
} as const;

// Endpoints, and what they are made of.

export const ADDRESS = { kind: 'address', address: parseAddress('127.0.0.1'), ipv6Only: null, ...BESIDE } as const;
export const NAME = { kind: 'name', name: 'localhost', ...BESIDE } as const;
export const V6 = (text: string, ipv6Only: boolean | null): Endpoint => ({
  ...ADDRESS,
  address: parseAddress(text),
  ipv6Only,
});
export const UNIX = (path: string, optional = false): Endpoint => ({ kind: 'unix', path, optional });
/** Endpoints of every kind, with all that can be said beside them. */
export const ENDPOINTS: readonly Endpoint[] = [
  ADDRESS,
  ...['0.0.0.0', '192.0.2.1'].map((text) => ({ ...ADDRESS, address: parseAddress(text) })),
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:0.0.0.0', 'fe80::1%eth0', 'fe80::1'].flatMap((text) =>
    [null, true, false].map((only) => V6(text, only)),
  ),
  ...(['both', 'ipv4', 'ipv6'] as const).map((families) => ({ kind: 'wildcard', families, ...BESIDE }) as const),
  ...[
    'localhost',
    'a.',
    'INADDR_ANY',
    'x.1',
    'a b',
    'a,b',
    '127.0.0.1',
    '*',
    '-a',
    'a/tcp',
    'a'.repeat(64),
    'unix:a',
    '80',
  ].map((name) => ({ ...NAME, name })),
  ...[
    '/run/x',
    '\0a',
    '\0',
    'a',
    './a',
    '/a b',
    '/a ',
    '/a\n',
    '@a',
    '/a%b',
    '/a\\',
    '//a',
    `/${'p'.repeat(107)}`,
    '/a udp',
  ].map((path) => UNIX(path)),
  UNIX('/run/x', true),
  { ...ADDRESS, port: null },
  { ...ADDRESS, port: 0 },
  { ...ADDRESS, port: 81 },
  { ...ADDRESS, optional: true },
  { ...NAME, optional: true },
  { ...ADDRESS, protocol: 'tcp' },
  { ...ADDRESS, protocol: 'udp' },
  { ...NAME, protocol: 'udp', lastPort: 81 },
  { ...ADDRESS, lastPort: 82 },
  { ...ADDRESS, containerPort: 8080 },
  { ...ADDRESS, port: null, containerPort: 8080 },
  { ...ADDRESS, port: 0, containerPort: 8080 },
  { ...ADDRESS, lastPort: 81, containerPort: 8080, lastContainerPort: 8081 },
  { ...ADDRESS, lastPort: 82, containerPort: 8080, lastContainerPort: 8081 },
  { ...ADDRESS, lastPort: 82, containerPort: 8080 },
  { ...ADDRESS, protocol: 'udp', containerPort: 53 },
  { ...NAME, containerPort: 8080 },
  { ...V6('::1', true), containerPort: 8080 } as Endpoint,
  { ...V6('::', true), containerPort: 8080 } as Endpoint,
  { ...V6('fe80::1%eth0', true), containerPort: 8080 } as Endpoint,
  ...(['both', 'ipv4', 'ipv6'] as const).map(
    (families) => ({ kind: 'wildcard', families, ...BESIDE, containerPort: 8080 }) as const,
  ),
  {
    kind: 'wildcard',
    families: 'both',
    ...BESIDE,
    port: null,
    containerPort: 8080,
    lastContainerPort: 8081,
    protocol: 'tcp',
  },
  { kind: 'wildcard', families: 'ipv4', ...BESIDE, optional: true },
  { kind: 'wildcard', families: 'both', ...BESIDE, protocol: 'udp', lastPort: 90 },
];

/** What stands between blanks. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
