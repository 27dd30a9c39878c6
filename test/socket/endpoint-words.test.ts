import { describe, it } from 'vitest';
import type { Endpoint, EndpointDialect } from '../../src/socket/index.js';
import {
  convert,
  createBind,
  expandPorts,
  formatEndpoint,
  formatEndpoints,
  parseEndpoint,
  parseEndpoints,
  parseEnvironmentEndpoint,
} from '../../src/socket/index.js';
import {
  ADDRESS,
  BESIDE,
  ENDPOINTS,
  endpointTexts,
  line,
  matches,
  NAME,
  say,
  UNIX,
  V6,
  words,
} from '../support/socket-words.js';
import { json } from '../support/words.js';

// What each reader makes of a text or a value, and what it says of what it refuses, word for word. A change of fixtures/socket-words is
// read like a change of code.

const DIALECTS: readonly EndpointDialect[] = ['inaddr', 'go', 'nginx', 'systemd', 'redis', 'postgres', 'compose'];
const HOSTS = endpointTexts('hosts');
const PORTS = endpointTexts('ports');
const TEXTS = [
  ...HOSTS.flatMap((host) => [host, `${host}:80`]),
  ...PORTS.flatMap((port) => [port, `127.0.0.1:${port}`, `:${port}`]),
  ...endpointTexts('endpoints'),
];

describe('endpoint text', () => {
  it.each(DIALECTS)('%s, one', async (dialect) => {
    await matches(
      `read-${dialect}`,
      [...new Set(TEXTS)].map((text) => line(json(text), () => parseEndpoint(text, { dialect }))),
    );
  });

  it('with a port that stands elsewhere', async () => {
    const texts = [
      ...words('127.0.0.1 ::1 [::1] 0.0.0.0 localhost a:81 [::1]:81 * *: 80 unix:/run/x a/udp 8080-8081 - 7 [::1 a,b'),
      '',
    ];
    const lines = DIALECTS.flatMap((dialect) =>
      texts.map((text) => line(`${dialect} ${json(text)}`, () => parseEndpoint(text, { dialect, defaultPort: 6379 }))),
    );
    await matches('read-default-port', lines);
  });

  it('lists', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `h${i}`);
    const texts = [
      ...[
        '',
        ' ',
        '\t',
        '""',
        ' "" ',
        "''",
        'a',
        ' a ',
        'a b',
        'a  b',
        '\ta\nb',
        'a b "',
        'a ""',
        '"" a',
        '127.0.0.1 -::1 * ::*',
        '127.0.0.1 x:80',
      ],
      ...[
        ',',
        ' , ',
        'a,',
        ',a',
        'a,,b',
        'a, ,b',
        'a,b',
        ' a , b ',
        'a b,c',
        '*,::1',
        '127.0.0.1,localhost:80',
        'a,"b"',
      ],
      ...[
        names(16).join(' '),
        names(17).join(' '),
        names(64).join(','),
        names(65).join(','),
        names(65).join(', '),
        `${names(64).join(',')},`,
      ],
    ];
    const lines = DIALECTS.flatMap((dialect) =>
      texts.map((text) =>
        line(`${dialect} ${json(text).slice(0, 40)}`, () =>
          parseEndpoints(text, { dialect, defaultPort: 1 }).map(say).join(' | '),
        ),
      ),
    );
    await matches('read-lists', lines);
  });
});

describe('the text of endpoints', () => {
  it.each(DIALECTS)('%s', async (dialect) => {
    const lines = ENDPOINTS.flatMap((endpoint) => [
      line(say(endpoint), () => formatEndpoint(endpoint, { dialect })),
      line(`  default 80`, () => formatEndpoint(endpoint, { dialect, defaultPort: 80 })),
    ]);
    await matches(`write-${dialect}`, lines);
  });

  it('lists', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...NAME, name: `h${i}`, port: 80 }));
    const lists: readonly (readonly Endpoint[])[] = [
      [],
      [ADDRESS],
      [ADDRESS, NAME],
      [{ kind: 'wildcard', families: 'both', ...BESIDE }],
      [{ kind: 'wildcard', families: 'both', ...BESIDE, optional: true }],
      [V6('::', false), V6('::', true), V6('::ffff:0.0.0.0', null)],
      [ADDRESS, ADDRESS],
      [ADDRESS, UNIX('/x')],
      [ADDRESS, 7 as never],
      [{ ...NAME, name: 'a b' }],
      [{ ...NAME, name: 'a,b' }, NAME],
      many(16),
      many(17),
      many(64),
      many(65),
    ];
    const lines = DIALECTS.flatMap((dialect) =>
      lists.map((list) => line(`${dialect} ${list.length}`, () => formatEndpoints(list, { dialect, defaultPort: 80 }))),
    );
    await matches('write-lists', lines);
  });

  it('from one dialect to another', async () => {
    const texts = [
      ...words(`
        8080 :8080 127.0.0.1:8080 [::]:8080 [::1]:8080 *:8080 localhost:8080 localhost 127.0.0.1 ::1 * 8080:80
        unix:/run/x /run/x @a
      `),
      '',
    ];
    const lines = DIALECTS.flatMap((from) =>
      DIALECTS.flatMap((to) =>
        texts.map((text) => line(`${from} ${to} ${json(text)}`, () => convert(text, { from, to, defaultPort: 8080 }))),
      ),
    );
    await matches(
      'convert',
      lines.filter((one) => !/ ! (?!FAMILIES|NAME |MEANING)[A-Z_]+/.test(one)),
    );
  });

  it('of what is no endpoint', async () => {
    const forged: readonly unknown[] = [
      ...[
        undefined,
        null,
        7,
        'x',
        [],
        {},
        { kind: 'x' },
        { kind: 'x', ...BESIDE },
        { ...ADDRESS, optional: 0 },
        { kind: 'unix', optional: false },
      ],
      ...[
        { kind: 'unix', path: '', optional: false },
        { kind: 'unix', path: 7, optional: false },
        { kind: 'unix', path: 'x' },
      ],
      ...[-1, 65536, 1.5, '80', undefined, Number.NaN].map((port) => ({ ...ADDRESS, port })),
      ...[80, 79, 0, 65536, '81', undefined, 80.5].map((lastPort) => ({ ...ADDRESS, lastPort })),
      ...[-1, '80', undefined].map((containerPort) => ({ ...ADDRESS, containerPort })),
      ...[8080, 8079, undefined].map((lastContainerPort) => ({ ...ADDRESS, containerPort: 8080, lastContainerPort })),
      { ...ADDRESS, lastContainerPort: 80 },
      { ...ADDRESS, port: null, lastPort: 80 },
      { ...ADDRESS, port: 0, lastPort: 80 },
      ...['TCP', undefined, 'sctp', 6].map((protocol) => ({ ...ADDRESS, protocol })),
      ...['', 7, undefined].map((name) => ({ ...NAME, name })),
      ...['x', undefined, null].map((families) => ({ kind: 'wildcard', families, ...BESIDE })),
      ...['127.0.0.1', undefined, null, {}].map((address) => ({ ...ADDRESS, address })),
      ...[0, 'x', undefined].map((ipv6Only) => ({ ...ADDRESS, ipv6Only })),
    ];
    const lines = forged.flatMap((value) => [
      line(json(value), () => formatEndpoint(value as never)),
      line('  ports', () => [...expandPorts(value as never)].length),
      line('  bind', () => createBind(value as never)),
    ]);
    await matches('forged-endpoints', lines);
  });

  it('ports one by one', async () => {
    const lines = ENDPOINTS.map((endpoint) =>
      line(say(endpoint), () => [...expandPorts(endpoint)].map(say).join(' | ')),
    );
    await matches('expand-ports', lines);
  });

  it('options', async () => {
    const all: readonly unknown[] = [
      undefined,
      {},
      null,
      7,
      [],
      { x: 1 },
      { dialect: 'x' },
      { dialect: null },
      { dialect: 7 },
      { dialect: undefined, defaultPort: undefined },
      { defaultPort: -1 },
      { defaultPort: 65536 },
      { defaultPort: '80' },
      { defaultPort: null },
      { defaultPort: 1.5 },
    ];
    const lines = all.flatMap((options) => [
      line(json(options), () => parseEndpoint('127.0.0.1:80', options as never)),
      line('  not text', () => parseEndpoint(7 as never, options as never)),
      line('  list', () => parseEndpoints(null as never, options as never)),
      line('  text', () => formatEndpoints(7 as never, options as never)),
      line('  convert', () => convert('127.0.0.1:80', options as never)),
    ]);
    await matches('endpoint-options', lines);
  });
});

it('the variables of an environment', async () => {
  const hosts = [
    ...HOSTS,
    ' ',
    ' a ',
    ' 127.0.0.1',
    'a b',
    'a\n',
    ...words(`
      localhost:80 127.0.0.1:80 *:80 :80 [::1]:80 80 /run/x
    `),
  ];
  const lines = [
    ...hosts.map((HOST) => line(`HOST ${json(HOST)}`, () => parseEnvironmentEndpoint({ HOST, PORT: '80' }))),
    ...PORTS.map((PORT) => line(`PORT ${json(PORT)}`, () => parseEnvironmentEndpoint({ HOST: '::1', PORT }))),
    ...[
      {},
      { HOST: 'a' },
      { PORT: '80' },
      { HOST: undefined, PORT: undefined },
      { HOST: 7, PORT: '80' },
      { HOST: 'a', PORT: 80 },
      { HOST: null, PORT: '80' },
      null,
      7,
      undefined,
      [],
    ].flatMap((environment) => [
      line(json(environment), () => parseEnvironmentEndpoint(environment as never)),
      line('  defaults', () =>
        parseEnvironmentEndpoint(environment as never, { defaultHost: '127.0.0.1', defaultPort: 0 }),
      ),
      line('  other names', () =>
        parseEnvironmentEndpoint(environment as never, { hostVariable: 'H', portVariable: 'P' }),
      ),
    ]),
    ...[
      null,
      7,
      { x: 1 },
      { hostVariable: 7 },
      { portVariable: null },
      { defaultHost: 7 },
      { defaultHost: '' },
      { defaultHost: '*' },
      { defaultPort: '80' },
      { defaultPort: 65536 },
    ].map((options) =>
      line(`options ${json(options)}`, () => parseEnvironmentEndpoint({ PORT: '80' }, options as never)),
    ),
  ];
  await matches('environment-endpoints', lines);
});
