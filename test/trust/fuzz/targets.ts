import { readdirSync, readFileSync } from 'node:fs';
import { checkDrafts } from '../../../src/cli/bind-check.js';
import { draftBinds } from '../../../src/cli/bind-drafts.js';
import { environmentJson, readEnvironmentJson } from '../../../src/cli/bind-environment.js';
import type { FormatName } from '../../../src/cli/config-files/formats.js';
import { readConfig } from '../../../src/cli/config-files/read-config.js';
import { expandVariables } from '../../../src/cli/config-files/variables.js';
import { RowReader } from '../../../src/cli/delimited.js';
import { CliError } from '../../../src/cli/exit.js';
import { Extractor } from '../../../src/cli/extract.js';
import { LineCutter } from '../../../src/cli/lines.js';
import { parseHosts } from '../../../src/dns/hosts.js';
import { readName } from '../../../src/dns/name.js';
import type { RecordType } from '../../../src/dns/records.js';
import { BadRecordError, normalise, RECORD_TYPES } from '../../../src/dns/records.js';
import { readTelnet, TELNET_START } from '../../../src/examples/telnet-protocol.js';
import {
  AddressParseError,
  AddressRange,
  classify,
  classifyPrefix,
  describeEmbedded,
  describeMulticast,
  formatBinary,
  formatExpanded,
  formatHex,
  formatMixed,
  formatReverseName,
  formatUriHost,
  isAddress,
  isGloballyReachable,
  lenientReadings,
  PrefixMap,
  PrefixParseError,
  PrefixSet,
  parseAddress,
  parseAddressBytes,
  parsePrefix,
  parseRange,
  parseReverseName,
  RuleSet,
  SnapshotError,
  safeParseAddress,
  safeParsePrefix,
  safeParseRange,
} from '../../../src/ip/index.js';
import { crc32 } from '../../../src/ip/prefix-snapshot.js';
import { bindConfigSchema, dnsRecordSchemas, socketAddressSchema } from '../../../src/schema/index.js';
import type { BindEnvironment, EndpointDialect } from '../../../src/socket/index.js';
import {
  BindError,
  clientAddress,
  convert,
  createBind,
  createSocketAddress,
  EndpointFormatError,
  EndpointParseError,
  formatEndpoints,
  fromSockaddr,
  fromSocketTuple,
  parseEndpoints,
  parseEnvironmentEndpoint,
  planBinds,
  SocketAddressError,
  safeParseEndpoint,
  safeParseEndpoints,
  toListenOptions,
  toSockaddr,
  toSocketTuple,
  validateBind,
} from '../../../src/socket/index.js';
import { parseFibTrie, parseIfInet6, parseNetDev } from '../../../src/socket/proc-net.js';
import { ConnectError, ProcNetError, parseProcNet } from '../../../src/tcp/index.js';
import { readTarget } from '../../../src/tcp/target.js';
import { NOERROR } from '../../../src/testing/answer.js';
import { parseZone, ZoneParseError } from '../../../src/testing/index.js';
import { readQuery, unframe, writeReply } from '../../../src/testing/wire.js';
import type { Target } from './fuzzer.js';
import { Defect } from './fuzzer.js';
import { revive } from './mutate.js';

type ErrorClass = abstract new (...args: never) => Error;

/** In place of an answer that is refused by an error of ours. */
const REFUSED = Symbol('refused');

/** What a function returns, or REFUSED when it throws one of these errors, which must be fit for a log. */
function ours<T>(classes: readonly ErrorClass[], run: () => T): T | typeof REFUSED {
  try {
    return run();
  } catch (error) {
    if (!classes.some((one) => error instanceof one)) throw error;
    checkError(error as Error);
    return REFUSED;
  }
}

/** A message can be shown on a terminal and kept in a log: bounded, and without raw controls. */
function checkError(error: Error): void {
  checkText('message', error.message);
  if ('hint' in error) checkText('hint', error.hint);
}

function checkText(what: string, text: unknown): void {
  if (typeof text !== 'string' || text === '') throw new Defect(`no ${what}`);
  if (text.length > 4000) throw new Defect(`a ${what} of ${text.length} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text))
    throw new Defect(`controls in a ${what}: ${JSON.stringify(text)}`);
}

function same(what: string, a: unknown, b: unknown): void {
  const [one, other] = [tell(a), tell(b)];
  if (one !== other) throw new Defect(`${what}: ${one.slice(0, 200)} is not ${other.slice(0, 200)}`);
}

function tell(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? String(value);
}

/** With dollar signs: `#{HOST}` stands for what Biome takes for a forgotten template. */
function dollars(text: string): string {
  return text.replaceAll('#{', '$'.concat('{'));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** Of fixtures, or of this machine: only to begin with. */
function file(path: string): string {
  return readFileSync(path, 'latin1').slice(0, 8000);
}

const ADDRESSES = [
  ...[
    '0.0.0.0',
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '192.88.99.1',
    '224.0.0.251',
    '240.0.0.1',
    '255.255.255.255',
  ],
  ...[
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    'fe80::1%eth0',
  ],
  ...[
    '2001:db8:0:0:1:0:0:1',
    '1:2:3:4:5:6:7:8',
    'ff02::1:ff00:1',
    'fd00::5efe:10.0.0.1',
    '0177.1',
    '0x7f000001',
    '1.2.3.4.5',
    '[::1]:80',
  ],
];
const PREFIXES = [
  '10.0.0.0/8',
  '192.168.0.0/16',
  '0.0.0.0/0',
  '::/0',
  '2001:db8::/32',
  'fe80::/10',
  '::ffff:0:0/96',
  '10.0.0.1/8',
  '10.0.0.0/255.0.0.0',
];
const ENDPOINTS = [
  ...[
    '127.0.0.1:80',
    '[::1]:80',
    '[fe80::1%eth0]:80/udp',
    'localhost:80',
    'INADDR_ANY:80/tcp',
    'unix:/run/x.sock',
    'unix:@name',
    ':8080',
  ],
  ...[
    '*:80',
    '8080',
    '0.0.0.0:0',
    '[::]:443',
    '/run/x.sock',
    '@abstract',
    'tcp4://127.0.0.1:80',
    'localhost',
    '8000-8010',
    'vsock::80',
  ],
  ...[
    '127.0.0.1:8080:80',
    '0.0.0.0:3000-3005:3000-3005/tcp',
    '127.0.0.1 ::1',
    '* -::*',
    'localhost, 127.0.0.1',
    '127.0.0.1:80 ipv6only=on',
  ],
  ...['[::1]:80%eth0', 'unix:/var/run/nginx.sock', '0:80', dollars('#{HOST:-127.0.0.1}:#{PORT:-80}:80')],
];
const DIALECTS: readonly EndpointDialect[] = ['inaddr', 'go', 'nginx', 'systemd', 'redis', 'postgres', 'compose'];

const address: Target = {
  name: 'address',
  seeds: ADDRESSES,
  run(text) {
    const parsed = ours([AddressParseError], () => parseAddress(text));
    const safe = safeParseAddress(text);
    same('safeParse', safe.success, parsed !== REFUSED);
    same('isAddress', isAddress(text), parsed !== REFUSED);
    if (parsed === REFUSED) {
      if (safe.success) return;
      const { offset } = safe.error;
      if (!(offset >= 0 && offset <= text.length)) throw new Defect(`offset ${offset} of ${text.length}`);
      ours([AddressParseError], () => classify(text));
      return;
    }
    const printed = parsed.toString();
    if (printed.length > 64 + text.length) throw new Defect(`prints ${printed.length} characters`);
    same('print', parseAddress(printed).toString(), printed);
    for (const format of [formatExpanded, formatMixed])
      same(format.name, parseAddress(format(parsed)).toString(), printed);
    if (!printed.includes('%'))
      same('formatReverseName', parseReverseName(formatReverseName(parsed)).toString(), printed);
    same('formatHex', BigInt(formatHex(parsed)), parsed.toBigInt());
    same('formatBinary', BigInt(`0b${formatBinary(parsed).replaceAll(/[^01]/g, '')}`), parsed.toBigInt());
    ours([AddressParseError], () => formatUriHost(parsed));
    same('bytes', parseAddressBytes(Buffer.from(text)).toString(), printed);
    const { globallyReachable } = classify(text);
    same('classify', classify(parsed), classify(printed));
    same('isGloballyReachable', isGloballyReachable(text), globallyReachable);
    describeEmbedded(parsed);
    describeMulticast(parsed);
  },
};

const addressBytes: Target = {
  name: 'address-bytes',
  seeds: ADDRESSES,
  run(text) {
    const bytes = bytesOf(text);
    const parsed = ours([AddressParseError], () => parseAddressBytes(bytes));
    const padded = Buffer.concat([Buffer.from('1.'), bytes, Buffer.from('9')]);
    const inside = ours([AddressParseError], () => parseAddressBytes(padded, 2, 2 + bytes.length));
    same('in the middle', inside.toString(), parsed.toString());
    if (!/^[\0-\x7f]*$/.test(text)) return;
    same('text', ours([AddressParseError], () => parseAddress(text)).toString(), parsed.toString());
  },
};

const prefix: Target = {
  name: 'prefix',
  seeds: [...PREFIXES, ...ADDRESSES],
  run(text) {
    const parsed = ours([PrefixParseError], () => parsePrefix(text));
    same('safeParse', safeParsePrefix(text).success, parsed !== REFUSED);
    const masked = ours([PrefixParseError], () => parsePrefix(text, { hostBits: 'mask' }));
    if (masked !== REFUSED) {
      same('print', parsePrefix(masked.toString()).toString(), masked.toString());
      same('first', masked.contains(masked.first.toString(), { mapped: 'keep' }), true);
      same('last', masked.contains(masked.last.toString(), { mapped: 'keep' }), true);
      same('size', masked.last.toBigInt() - masked.first.toBigInt() + 1n, masked.size);
      classifyPrefix(masked);
      PrefixSet.from([masked]).has(masked.first);
    }
    if (parsed !== REFUSED) same('mask', masked.toString(), parsed.toString());
    if (masked === REFUSED && parsed !== REFUSED) throw new Defect('masking refuses more');
  },
};

const range: Target = {
  name: 'range',
  seeds: [
    '10.0.0.1-10.0.0.9',
    '::1-::ff',
    '0.0.0.0-255.255.255.255',
    '10.0.0.9 - 10.0.0.1',
    '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ],
  run(text) {
    const parsed = ours([AddressParseError, PrefixParseError], () => parseRange(text));
    same('safeParse', safeParseRange(text).success, parsed !== REFUSED);
    if (parsed === REFUSED) return;
    same('print', parseRange(parsed.toString()).toString(), parsed.toString());
    const prefixes = [...parsed.toPrefixes()];
    if (prefixes.length > 254) throw new Defect(`${prefixes.length} prefixes`);
    same('first', prefixes[0]?.first.toBigInt(), parsed.first.toBigInt());
    same('last', prefixes.at(-1)?.last.toBigInt(), parsed.last.toBigInt());
    same('type', parsed instanceof AddressRange, true);
  },
};

const lenient: Target = {
  name: 'lenient',
  seeds: [
    ...ADDRESSES,
    '127.1',
    '%31%32%37.1',
    '１２７．１',
    '0x7f.1 rest',
    '[::1]',
    '017700000001',
    '1。1。1。1',
    '0xffffffff',
  ],
  run(text) {
    const { inetAton, url } = lenientReadings(text);
    const strict = safeParseAddress(text);
    for (const [name, read] of Object.entries({ inetAton, url })) {
      if (read === null) continue;
      same(`${name} is canonical`, parseAddress(read).toString(), read);
      if (strict.success && strict.data.family === 4) same(name, read, strict.data.toString());
    }
  },
};

const reverseName: Target = {
  name: 'reverse-name',
  seeds: [
    ...ADDRESSES.slice(0, 14).map((text) => formatReverseName(text)),
    '1.0.0.127.IN-ADDR.ARPA.',
    '01.0.0.127.in-addr.arpa',
  ],
  run(text) {
    const parsed = ours([AddressParseError], () => parseReverseName(text));
    if (parsed === REFUSED) return;
    same('print', formatReverseName(parsed), text.toLowerCase().replace(/\.$/, ''));
  },
};

const endpoints: readonly Target[] = DIALECTS.map((dialect) => ({
  name: `endpoint-${dialect}`,
  seeds: ENDPOINTS,
  run(text) {
    const options = { dialect, ...((dialect === 'redis' || dialect === 'postgres') && { defaultPort: 80 }) };
    const parsed = ours([EndpointParseError], () => parseEndpoints(text, options));
    same('safeParseEndpoints', safeParseEndpoints(text, options).success, parsed !== REFUSED);
    const one = safeParseEndpoint(text, options);
    if (!one.success) checkError(one.error);
    if (parsed === REFUSED) return;
    const written = ours([EndpointFormatError], () => formatEndpoints(parsed, options));
    if (written !== REFUSED) same('print', formatEndpoints(parseEndpoints(written, options), options), written);
    for (const to of DIALECTS) {
      const defaultPort = 80;
      const made = ours([EndpointFormatError, EndpointParseError], () =>
        convert(text, { from: dialect, to, defaultPort }),
      );
      if (made === REFUSED) continue;
      ours([], () => parseEndpoints(made, { dialect: to, defaultPort }));
    }
  },
}));

const environmentEndpoint: Target = {
  name: 'environment-endpoint',
  json: true,
  seeds: [
    '{"HOST":"127.0.0.1","PORT":"80"}',
    '{"HOST":"INADDR_ANY","PORT":"0"}',
    '{"HOST":"*","PORT":"080"}',
    '{"PORT":"65536"}',
    '{"HOST":"localhost"}',
  ],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const parsed = ours([EndpointParseError, TypeError], () =>
      parseEnvironmentEndpoint(value as Record<string, string>),
    );
    if (parsed !== REFUSED) formatEndpoints([parsed]);
  },
};

const NO_JSON = Symbol('no JSON');

function jsonOf(text: string): unknown {
  try {
    return revive(text);
  } catch {
    return NO_JSON;
  }
}

const bindConfig: Target = {
  name: 'bind-config',
  json: true,
  seeds: [
    '"127.0.0.1:80"',
    '"unix:/run/x.sock"',
    '{"host":"127.0.0.1","port":80,"family":"AF_INET","type":"SOCK_STREAM","backlog":511,"expose":"loopback","name":"api"}',
    '{"host":"::","port":443,"ipv6Only":true,"reusePort":true,"exclusive":false,"optional":true}',
    '{"host":"INADDR_ANY","port":0,"allowEphemeral":true,"type":"SOCK_DGRAM","reuseAddr":true}',
    '{"path":"/run/x.sock","family":"AF_UNIX"}',
    '{"path":"\\u0000name"}',
  ],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const result = validateBind(value);
    const schema = bindConfigSchema.safeParse(value);
    same('schema', schema.success, result.success);
    if (!result.success) {
      if (result.issues.length === 0) throw new Defect('refused without an issue');
      for (const { message, hint } of result.issues) for (const one of [message, hint]) checkText('issue', one);
      same('issues', schema.error?.issues.length, result.issues.length);
      same('throws', ours([BindError], () => createBind(value as string)) === REFUSED, true);
      return;
    }
    same('again', createBind(result.data), result.data);
    toListenOptionsOrNot(result.data);
    planBinds([result.data], MACHINE);
  },
};

function toListenOptionsOrNot(bind: Parameters<typeof toListenOptions>[0]): void {
  // Datagrams do not listen, and a bind for UDP says so.
  ours([TypeError, BindError], () => toListenOptions(bind));
}

const MACHINE: BindEnvironment = readEnvironmentJson(file('fixtures/binds/environment.json'), 'fixture');

const CONFIG_FILES: Readonly<Record<FormatName | 'yaml', readonly string[]>> = {
  inaddr: ['services.json', 'services.yaml', 'broken.yaml', 'ci.yaml'],
  yaml: ['services.yaml', 'compose.yaml', 'broken.yaml'],
  compose: ['compose.yaml', 'compose.quiet.yaml'],
  nginx: ['nginx.conf'],
  systemd: ['web.socket'],
  env: [],
  redis: ['redis.conf'],
  postgres: ['postgresql.conf'],
};

const configFiles: readonly Target[] = Object.entries(CONFIG_FILES).map(([format, names]) => ({
  name: `config-${format}`,
  seeds: [
    ...names.map((name) => readFileSync(`fixtures/binds/${name}`, 'utf8')),
    ...(format === 'env'
      ? ['HOST=127.0.0.1\nPORT=80\n# note\nexport API_HOST="::1"\nAPI_PORT=\'81\' # c\nURL=redis://127.0.0.1:1\n']
      : []),
    ...(format === 'nginx'
      ? [
          'server { listen [::]:80 ipv6only=on; # c\n listen unix:/run/x; }',
          "http { server { listen '80' default_server; } }",
        ]
      : []),
    ...(format === 'systemd'
      ? [
          '[Socket]\nListenStream=80\nListenDatagram=[::1]:53\nBindIPv6Only=both\nFreeBind=yes\n; c\n',
          '[Socket]\nListenStream=\\\n 80\n',
        ]
      : []),
    ...(format === 'redis' ? ['bind 127.0.0.1 -::1\nport 6379\nunixsocket /run/r.sock\n', 'bind "*"\nport 0\n'] : []),
    ...(format === 'postgres'
      ? ["listen_addresses = 'localhost, 10.0.0.1' # c\nport = 5432\n", "listen_addresses = '*'\n"]
      : []),
    ...(format === 'compose'
      ? [
          'services:\n  web:\n    ports: ["80:80", "127.0.0.1:8080-8081:80-81/udp", {target: 80, published: "81", host_ip: ::1}]\n',
        ]
      : []),
    ...(format === 'yaml' || format === 'inaddr'
      ? [
          'binds:\n  - 127.0.0.1:80\n  - {host: "::", port: 443}\n',
          '[{"host":"::1","port":1}]',
          'a: &x {host: ::1, port: 2}\nbinds: [*x, *x]\n',
        ]
      : []),
  ],
  run(text) {
    const json = format === 'inaddr' && text.startsWith('{');
    const { format: found, reading } = readConfig(text, format as FormatName, json);
    const drafts = draftBinds([{ name: 'file', format: found, reading }], null);
    for (const { message } of drafts.troubles) checkLine(message);
    const { findings, troubles } = checkDrafts(drafts, MACHINE);
    for (const { message, hint } of findings) for (const one of [message, hint]) checkLine(one);
    for (const { message } of troubles) checkLine(message);
    for (const { where } of drafts.drafts)
      if (where.line === null || where.line < 1) throw new Defect('a bind without a line');
  },
}));

/** Of a message in a report, controls are escaped where it is printed. */
function checkLine(text: string): void {
  if (text === '' || text.length > 4000) throw new Defect(`a message of ${text.length} characters`);
}

const variables: Target = {
  name: 'variables',
  seeds: ['#{HOST:-127.0.0.1}:#{PORT-80}', '$$HOST $PORT #{A:?no}', '#{A:+#{B}}', '#{A:-#{B:-1}}#{C-'].map(dollars),
  run(text) {
    const { text: expanded, defaulted } = expandVariables(text);
    if (expanded.length > text.length || defaulted.length > text.length) throw new Defect('grew');
  },
};

const name: Target = {
  name: 'dns-name',
  seeds: [
    'example.com',
    'EXAMPLE.com.',
    'bücher.example',
    '_sip._tcp.example.com',
    'xn--bcher-kva.example',
    '１２７.0.0.1',
    'a..b',
    '.',
    '127.0.0.1',
    'xn--a',
    'ß.example',
  ],
  run(text) {
    const read = readName(text);
    if (read.kind === 'bad') return checkText('problem', read.problem);
    if (read.kind === 'address') return same('address', parseAddress(read.address.toString()), read.address);
    const again = readName(read.name === '' ? '.' : read.name);
    same('again', again.kind === 'name' && again.name, read.name);
    if (!/^[\x21-\x7e]*$/.test(read.name) || read.name.length > 253)
      throw new Defect(`name ${JSON.stringify(read.name)}`);
  },
};

const hosts: Target = {
  name: 'hosts',
  seeds: [
    '127.0.0.1 localhost\n::1 localhost ip6-localhost # c\n',
    '10.0.0.1\ta b c\r\n0127.0.0.1 x\n',
    'fe80::1%lo a',
  ],
  run(text) {
    for (const [host, addresses] of parseHosts(text)) {
      same('name', readName(host === '' ? '.' : host).kind, 'name');
      for (const one of addresses) same('address', parseAddress(one).toString(), one);
    }
  },
};

const records: Target = {
  name: 'records',
  json: true,
  seeds: [
    '["A",[{"address":"192.0.2.1","ttl":60}]]',
    '["AAAA",["2001:db8::1",{"address":"fe80::1","ttl":4294967296}]]',
    '["CAA",[{"critical":0,"issue":"ca.example"}]]',
    '["CNAME",["a.example"]]',
    '["MX",[{"exchange":"","priority":0}]]',
    '["NAPTR",[{"flags":"s","service":"SIP+D2U","regexp":"","replacement":"a.example","order":30,"preference":100}]]',
    '["NS",["ns1.example"]]',
    '["PTR",["a.example",null]]',
    '["SOA",{"nsname":"a","hostmaster":"b","serial":1,"refresh":2,"retry":3,"expire":4,"minttl":5}]',
    '["SRV",[{"name":"a","port":80,"priority":1,"weight":2}]]',
    '["TLSA",[{"certUsage":3,"selector":1,"match":1,"data":"@buffer"}]]',
    '["TXT",[["a","b"],"@hole"]]',
  ],
  run(text) {
    const value = jsonOf(text);
    if (!Array.isArray(value)) return;
    const type = (RECORD_TYPES as readonly unknown[]).includes(value[0]) ? (value[0] as RecordType) : 'A';
    const read = ours([BadRecordError], () => normalise(type, value[1]));
    if (read === REFUSED) return;
    for (const record of read) {
      const { success, error } = dnsRecordSchemas[type].safeParse(record);
      if (!success) throw new Defect(`no ${type} record by its schema: ${error.message.slice(0, 300)}`);
    }
    // What a shared store gives back.
    same('again', normalise(type, type === 'SOA' ? read[0] : read), read);
  },
};

const QUERIES = [
  '00010100000100000000000003777777076578616d706c6503636f6d0000010001',
  '00020100000100000000000107657861706c6500001c00010000290fa00000800000000000',
];

const wire: Target = {
  name: 'dns-wire',
  seeds: QUERIES.map((hex) => textOf(Buffer.from(hex, 'hex'))),
  longest: 65_535,
  run(text) {
    const read = readQuery(bytesOf(text));
    if ('rejected' in read) return;
    const reply = writeReply(read, { rcode: NOERROR, answers: [], authorities: [] }, { limit: 512 });
    same('id', reply.readUInt16BE(0), read.id);
    same('question', textOf(reply.subarray(12, 12 + read.question.length)), textOf(read.question));
  },
};

const framed: Target = {
  name: 'dns-frames',
  seeds: ['\0\u0003abc', '\0\0\0\u0001x', '\u00ff\u00ffab'],
  run(text) {
    const bytes = bytesOf(text);
    const { messages, rest } = unframe(bytes);
    same(
      'length',
      messages.reduce((sum, one) => sum + 2 + one.length, rest.length),
      bytes.length,
    );
  },
};

const telnet: Target = {
  name: 'telnet',
  seeds: ['hello\r\n', '\u00ff\u00fb\u0001\u00ff\u00fa\u0018\u00ff\u00f0a\r\0b', '\u00ff\u00ff'],
  run(text) {
    const bytes = bytesOf(text);
    const whole = readTelnet(TELNET_START, bytes);
    const half = bytes.length >> 1;
    const first = readTelnet(TELNET_START, bytes.subarray(0, half));
    const second = readTelnet(first.state, bytes.subarray(half));
    same('data', textOf(first.data) + textOf(second.data), textOf(whole.data));
    same('answer', textOf(first.answer) + textOf(second.answer), textOf(whole.answer));
    same('state', second.state, whole.state);
    if (whole.answer.length > bytes.length) throw new Defect('answers more than it gets');
  },
};

const zone: Target = {
  name: 'zone',
  seeds: [
    ...readdirSync('fixtures/zones').map((path) => file(`fixtures/zones/${path}`)),
    '$ORIGIN example.\n$TTL 1h\n@ SOA ns1 host (1 2 3 4 5)\n  NS ns1 ; c\nns1 A 192.0.2.1\n* 60 IN AAAA ::1\nt TXT "a b" c\\032d\nx TYPE65 \\# 4 00010000\n',
    'a. MX 10 b.\nb. SRV 1 2 3 c.\nc. CAA 0 issue "ca"\nd. TLSA 3 1 1 00ff\ne. NAPTR 1 2 "s" "x" "" .\n',
  ],
  run(text) {
    const read = ours([ZoneParseError], () => parseZone(text, { origin: 'test.' }));
    if (read !== REFUSED) parseZone('', { origin: read[0]?.name });
  },
};

const PROC = 'fixtures/proc/little-endian/net';
const procNet: readonly Target[] = (['tcp', 'tcp6', 'udp', 'udp6', 'unix'] as const).map((kind) => ({
  name: `proc-${kind}`,
  seeds: [file(`${PROC}/${kind}`), file(`${PROC}/${kind}`).split('\n').slice(0, 2).join('\n')],
  run(text) {
    for (const byteOrder of ['LE', 'BE'] as const) ours([ProcNetError], () => parseProcNet(text, { kind, byteOrder }));
    ours([ProcNetError], () => parseProcNet(text));
  },
}));

const FIB_TRIE =
  'Main:\n  +-- 0.0.0.0/0 3 0 5\n     +-- 127.0.0.0/8 2 0 2\n        |-- 127.0.0.0\n           /8 host LOCAL\n        |-- 127.255.255.255\n           /32 link BROADCAST\nLocal:\n  +-- 0.0.0.0/0 2 0 2\n     |-- 10.0.0.1\n        /32 host LOCAL\n';
const machine: readonly Target[] = [
  {
    name: 'proc-fib-trie',
    seeds: [FIB_TRIE],
    run(text) {
      const routes = parseFibTrie(text);
      if (routes === null) return;
      for (const list of Object.values(routes))
        for (const one of list as readonly unknown[])
          same('prefix', parsePrefix(String(one), { hostBits: 'mask' }).family, 4);
    },
  },
  {
    name: 'proc-if-inet6',
    seeds: [
      '00000000000000000000000000000001 01 80 10 80       lo\nfe80000000000000021122fffe334455 02 40 20 80     eth0\n',
    ],
    run(text) {
      for (const { address: one, prefixLength } of parseIfInet6(text)) {
        same('address', parseAddress(one).family, 6);
        parsePrefix(`${one}/${prefixLength}`, { hostBits: 'mask' });
      }
    },
  },
  {
    name: 'proc-dev',
    seeds: ['Inter-|   Receive\n face |bytes\n    lo: 1 2 3\n  eth0:99 1\n'],
    run(text) {
      for (const one of parseNetDev(text))
        if (one === '' || /\s/.test(one)) throw new Defect(`interface ${JSON.stringify(one)}`);
    },
  },
];

const environment: Target = {
  name: 'environment-json',
  json: true,
  seeds: [environmentJson(MACHINE, 0)],
  run(text) {
    const read = ours([CliError], () => readEnvironmentJson(text, 'file'));
    if (read === REFUSED) return;
    same('again', environmentJson(readEnvironmentJson(environmentJson(read, 0), 'file'), 0), environmentJson(read, 0));
    planBinds([createBind('0.0.0.0:80'), createBind('[::1]:443')], read);
  },
};

const MAP = PrefixMap.from(PREFIXES.slice(0, 7).map((text, i) => [text, { as: i }] as const));

const snapshot: Target = {
  name: 'snapshot',
  seeds: [textOf(MAP.toBytes()), textOf(new PrefixMap().toBytes())],
  run(text) {
    const bytes = bytesOf(text);
    // A TypeError is for values that the decoder does not take.
    ours([SnapshotError, TypeError], () => PrefixMap.fromBytes(bytes));
    // With a checksum that fits, the rest is looked through as well.
    if (bytes.length < 32) return;
    const forged = Buffer.from(bytes);
    forged.write('inaddrPM', 'latin1');
    forged.writeUInt32LE(1, 8);
    forged.writeUInt32LE(forged.length, 16);
    forged.writeUInt32LE(crc32(forged.subarray(16)), 12);
    const map = ours([SnapshotError, TypeError], () => PrefixMap.fromBytes(forged));
    if (map === REFUSED) return;
    for (const one of ['10.1.2.3', '192.168.0.1', '::1', '2001:db8::1', '255.255.255.255']) {
      const match = ours([SnapshotError, SyntaxError], () => map.match(one));
      if (match === REFUSED || match === null) continue;
      if (!match.prefix.contains(one, { mapped: 'keep' }) && !match.prefix.contains(one))
        throw new Defect(`${one} matches ${match.prefix}`);
    }
  },
};

const sockaddr: Target = {
  name: 'sockaddr',
  seeds: [
    '020000507f000001',
    '0a0001bb0000000000000000000000000000000000000001',
    '0100',
    '01002f72756e2f7800',
    '01000061',
    '10020050c000020100000000',
  ].map((hex) =>
    textOf(
      Buffer.from(
        hex.padEnd(hex.startsWith('02') || hex.startsWith('10') ? 32 : hex.startsWith('0a') ? 56 : 0, '0'),
        'hex',
      ),
    ),
  ),
  run(text) {
    const bytes = new Uint8Array(bytesOf(text));
    for (const platform of ['linux', 'darwin'] as const) {
      for (const endianness of ['LE', 'BE'] as const) {
        const read = ours([SocketAddressError], () => fromSockaddr(bytes, { platform, endianness }));
        if (read === REFUSED) continue;
        const written = toSockaddr(read, { platform, endianness });
        same('again', fromSockaddr(written, { platform, endianness }), read);
      }
    }
  },
};

const socketAddress: Target = {
  name: 'socket-address',
  json: true,
  seeds: [
    '{"address":"127.0.0.1","port":80,"family":"AF_INET","type":"SOCK_STREAM","protocol":0}',
    '{"address":"fe80::1%eth0","port":80,"flowInfo":5,"scopeId":0}',
    '{"path":"/run/x","family":"AF_UNIX"}',
  ],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const made = ours([SocketAddressError], () => createSocketAddress(value as never));
    const schema = socketAddressSchema.safeParse(value);
    if (schema.success && made === REFUSED) throw new Defect('the schema takes more');
    if (made === REFUSED) return;
    same('again', createSocketAddress(made), made);
    ours([SocketAddressError], () => toSockaddr(made));
  },
};

const socketTuple: Target = {
  name: 'socket-tuple',
  json: true,
  seeds: ['["127.0.0.1",80]', '["::1",80,0,0]', '["fe80::1",80,5,2]', '"/run/x"', '["",80]', '"@bytes"'],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const made = ours([SocketAddressError], () => fromSocketTuple(value as never));
    if (made === REFUSED) return;
    const tuple = ours([SocketAddressError], () => toSocketTuple(made));
    if (tuple !== REFUSED) same('again', fromSocketTuple(tuple), made);
  },
};

const connectTarget: Target = {
  name: 'connect-target',
  json: true,
  seeds: [
    '"127.0.0.1:80"',
    '"example.com:443"',
    '{"host":"example.com","port":80}',
    '{"path":"/run/x"}',
    '{"family":"AF_INET","address":"127.0.0.1","port":1}',
  ],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const read = ours([ConnectError, TypeError], () => readTarget(value as never));
    if (read === REFUSED) return;
    if ('port' in read && !(Number.isInteger(read.port) && read.port >= 0 && read.port <= 65_535))
      throw new Defect(`port ${read.port}`);
  },
};

const TRUSTED = PrefixSet.from(['127.0.0.0/8', '10.0.0.0/8', '::1/128', 'fd00::/8']);
const forwarding: readonly Target[] = (['forwarded', 'x-forwarded-for'] as const).map((header) => ({
  name: header,
  seeds:
    header === 'forwarded'
      ? [
          'for=192.0.2.1',
          'for="[2001:db8::1]:80";proto=https, for=10.0.0.1',
          'for=unknown;by=_x, For="10.0.0.1:_p"',
          'for="a\\"b"',
        ]
      : ['192.0.2.1, 10.0.0.1', '[2001:db8::1]:80,10.0.0.2', 'unknown, 10.0.0.1:80', '::ffff:10.0.0.1'],
  run(text) {
    const { address: client, end, proxies } = clientAddress({ [header]: text }, '127.0.0.1', TRUSTED);
    same('canonical', parseAddress(client).toString(), client);
    for (const proxy of proxies) same('trusted', TRUSTED.has(proxy, { zone: 'ignore' }), true);
    if (end === 'untrusted') same('untrusted', TRUSTED.has(client, { zone: 'ignore' }), false);
  },
}));

/** What a reader of chunks says does not depend on where they are cut. */
function chunks(text: string, read: (chunk: Buffer[]) => unknown): void {
  const bytes = bytesOf(text);
  const whole = read([bytes]);
  const size = bytes.length < 200 ? 1 : Math.ceil(bytes.length / 7);
  const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  same('in chunks', read(cut), whole);
}

const rows: readonly Target[] = ([',', '\t'] as const).map((delimiter) => ({
  name: delimiter === ',' ? 'csv' : 'tsv',
  seeds: [
    'prefix,name\n10.0.0.0/8,"a ""b"", c"\r\n# c\n\n ::/0 , x \n',
    '10.0.0.0/8\tx\ty\n',
    '"open\n1,2\n',
    '1,a"b,3\n',
  ],
  run(text) {
    chunks(text, (parts) => {
      const said: unknown[] = [];
      const reader = new RowReader(
        delimiter,
        (cells, line) => said.push([line, cells]),
        (line, message) => said.push([line, message]),
        1024,
      );
      for (const part of parts) reader.push(part);
      reader.end();
      return said;
    });
  },
}));

const lines: Target = {
  name: 'lines',
  seeds: ['a\nb\r\n\n c ', `${'x'.repeat(100)}\ny`],
  run(text) {
    chunks(text, (parts) => {
      const said: unknown[] = [];
      const cutter = new LineCutter(
        (bytes, start, end, line) => said.push([line, textOf(bytes.subarray(start, end))]),
        (line) => said.push(line),
        64,
      );
      for (const part of parts) cutter.push(part);
      cutter.end();
      return said;
    });
  },
};

const extract: Target = {
  name: 'extract',
  seeds: [
    'from 10.0.0.1:80 to [2001:db8::1]:443.\n',
    '\u001b[31m127.0.0.1\u001b[0m fe80::1%eth0, 10.0.0.0/8 a::b',
    'v1.2.3.4 1.2.3.4.5 12:34:56 \\n10.0.0.1',
  ],
  run(text) {
    chunks(text, (parts) => {
      const said: unknown[] = [];
      const extractor = new Extractor((...found) => {
        same('address', isAddress(String(found[0])), true);
        said.push(found);
      });
      for (const part of parts) extractor.push(part);
      extractor.end();
      return said;
    });
  },
};

const rules: Target = {
  name: 'rules',
  json: true,
  seeds: ['[{"action":"allow","prefix":"10.0.0.0/8","name":"a"},{"action":"deny","prefix":"::/0"}]'],
  run(text) {
    const value = jsonOf(text);
    if (value === NO_JSON) return;
    const made = ours([TypeError, PrefixParseError], () =>
      RuleSet.from(value as never, { match: 'first', otherwise: 'deny' }),
    );
    if (made !== REFUSED) made.decide('10.0.0.1');
  },
};

/** Every reader of text or bytes from outside. */
export const TARGETS: readonly Target[] = [
  ...[address, addressBytes, prefix, range, lenient, reverseName, ...endpoints, environmentEndpoint, bindConfig],
  ...[...configFiles, variables, name, hosts, records, wire, framed, telnet, zone, ...procNet, ...machine, environment],
  ...[snapshot, sockaddr, socketAddress, socketTuple, connectTarget, ...forwarding, ...rows, lines, extract, rules],
];
