import fc from 'fast-check';
import type { Endpoint, EndpointDialect, UnixEndpoint, WildcardEndpoint } from '../../src/socket/index.js';
import { address, anyText, ipv4, ipv6, numeric, zoned } from './arbitraries.js';

/** Every dialect. */
export const DIALECT_NAMES: readonly EndpointDialect[] = [
  'inaddr',
  'go',
  'nginx',
  'systemd',
  'redis',
  'postgres',
  'compose',
];

export const hostName: fc.Arbitrary<string> = fc
  .array(fc.stringMatching(/^[a-z0-9_](?:[a-zA-Z0-9_-]{0,10}[a-z0-9_])?$/), { minLength: 0, maxLength: 4 })
  .chain((labels) => fc.constantFrom('com', 'x', 'a1', 'Local').map((last) => [...labels, last].join('.')));

const port = fc.oneof(fc.constantFrom(0, 1, 80, 65535), fc.nat(65535));

const ports = fc.tuple(port, fc.option(fc.nat(200), { freq: 3 })).map(([first, more]) => {
  const last = more === null || first === 0 || more === 0 || first + more > 65535 ? null : first + more;
  return { first, last };
});

const beside = fc
  .record({
    outside: fc.option(ports, { freq: 8 }),
    inside: fc.option(ports, { freq: 3 }),
    protocol: fc.constantFrom(null, null, 'tcp' as const, 'udp' as const),
    optional: fc.constantFrom(false, false, false, true),
  })
  .map(({ outside, inside, protocol, optional }) => ({
    port: outside?.first ?? null,
    lastPort: outside?.last ?? null,
    containerPort: inside?.first ?? null,
    lastContainerPort: inside?.last ?? null,
    protocol,
    optional,
  }));

const path = fc.oneof(
  fc.stringMatching(/^\/[!-~]{1,30}$/),
  fc.stringMatching(/^[!-~]{1,30}$/).map((name) => `\0${name}`),
  fc.stringMatching(/^\.{1,2}\/[!-~]{1,30}$/),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
);

const unix: fc.Arbitrary<UnixEndpoint> = fc
  .tuple(path, fc.constantFrom(false, false, true))
  .map(([text, optional]) => ({ kind: 'unix', path: text, optional }));

const wildcard: fc.Arbitrary<WildcardEndpoint> = fc
  .tuple(fc.constantFrom('ipv4' as const, 'ipv6' as const, 'both' as const), beside)
  .map(([families, rest]) => ({ kind: 'wildcard', families, ...rest }));

/** Endpoints with everything that one may say, whether any dialect has words for it or not. */
export const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(
  unix,
  wildcard,
  fc.tuple(hostName, beside).map(([name, rest]) => ({ kind: 'name' as const, name, ...rest })),
  fc.tuple(address, fc.constantFrom(null, true, false), beside).map(([value, only, rest]) => ({
    kind: 'address' as const,
    address: value,
    ipv6Only: value.family === 6 ? only : null,
    ...rest,
  })),
);

const host = fc.oneof(
  anyText,
  numeric,
  hostName,
  address.map(String),
  address.map((value) => `[${value}]`),
  fc.constantFrom('', '*', '::*', '[::]', '0.0.0.0', 'localhost', 'INADDR_ANY', 'unix', '@a', '/run/x', '-::1'),
);

const portText = fc.oneof(
  port.map(String),
  ports.map(({ first, last }) => `${first}-${last}`),
  fc.constantFrom('', '080', '0x50', '+80', ' 80', '8e1', '８０', 'http', '99999', '-1', '80-', '00'),
);

const goodHost = fc.oneof(
  hostName,
  ipv4.map(String),
  fc.oneof(ipv6, zoned).map(String),
  fc.oneof(ipv6, zoned).map((value) => `[${value}]`),
  fc.constantFrom('', '*', '0.0.0.0', '[::]', '::', '-::1', '[::ffff:0.0.0.0]'),
);

const goodPorts = fc.oneof(
  { weight: 3, arbitrary: port.map(String) },
  ports.map(({ first, last }) => (last === null ? `${first}` : `${first}-${last}`)),
);

/** What some dialect takes, more often than not. */
const goodText: fc.Arbitrary<string> = fc.oneof(
  goodHost,
  goodPorts,
  fc.tuple(goodHost, goodPorts).map(([one, two]) => `${one}:${two}`),
  fc.tuple(goodHost, goodPorts, goodPorts).map(([one, two, three]) => `${one}:${two}:${three}`),
  fc
    .tuple(goodHost, port, fc.constantFrom('/tcp', '/udp', ' udp', ' ipv6only=off', '%%eth0'))
    .map(([one, two, after]) => `${one}:${two}${after}`),
  fc.stringMatching(/^(?:unix:|unix:@|@)?\/?[!-~]{1,20}$/),
);

/** Text of every sort: endpoints of every dialect, almost endpoints, and what nobody means as one. */
export const endpointText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: goodText },
  fc
    .tuple(
      fc.constantFrom('', '', '', 'unix:', 'tcp://', '-', ' ', '@', '/'),
      host,
      fc.constantFrom('', ':', ':', ':', '::', '%%', '/'),
      portText,
      fc.constantFrom('', '', ':80', '/udp', '/tcp', '%%eth0', ' ipv6only=off', ' ssl', ' ', ',::1', ' ::1'),
    )
    .map((parts) => parts.join('')),
  host,
  portText,
  anyText,
);
