import * as z from 'zod';
import { answerSchema, dnsRecordSchemas } from './dns-records.js';

/**
 * A schema for what each command of `inaddr` prints with `--json`: one for each line, by the words of the command and the flag that
 * changes what is printed: `cliOutputSchemas['prefix merge']`, `cliOutputSchemas['classify --summary']`. What they give is what they
 * take. Later versions may print more fields, which these leave out.
 */
export const cliOutputSchemas = /* @__PURE__ */ schemas();

/** What a line of a command is: `CliOutput['prefix merge']`. */
export type CliOutput = { readonly [K in keyof typeof cliOutputSchemas]: z.infer<(typeof cliOutputSchemas)[K]> };

function schemas() {
  const kind = z.enum([
    'unspecified',
    'loopback',
    'link-local',
    'site-local',
    'private',
    'unique-local',
    'shared',
    'protocol',
    'documentation',
    'benchmarking',
    'discard',
    'reserved',
    'broadcast',
    'multicast',
    'mapped',
    'compatible',
    'translation',
    'teredo',
    '6to4',
    'orchid',
    'segment-routing',
    'unallocated',
    'global',
  ]);
  const flag = z.boolean().nullable();
  const text = z.string();
  const count = z.int().min(0);
  // Beyond what a number holds.
  const bigCount = z.string().regex(/^\d+$/);
  const port = z.int().min(0).max(65_535);
  const block = z.object({
    prefix: text,
    name: text,
    rfc: text,
    allocated: text,
    terminated: text.nullable(),
    source: flag,
    destination: flag,
    forwardable: flag,
    globallyReachable: flag,
    reservedByProtocol: flag,
  });
  const verdict = {
    address: text,
    kind,
    scope: z
      .enum([
        'interface-local',
        'link-local',
        'realm-local',
        'admin-local',
        'site-local',
        'organization-local',
        'global',
        'reserved',
        'unassigned',
      ])
      .nullable(),
    block: block.nullable(),
    globallyReachable: z.boolean(),
  };
  const embedded = z.object({
    mechanism: z.enum(['mapped', 'compatible', 'translated', 'nat64', '6to4', 'teredo', 'isatap']),
    address: text,
    kind,
    globallyReachable: z.boolean(),
    canonical: z.boolean(),
  });
  const ipv4 = z.object({
    ...verdict,
    family: z.literal(4),
    addressClass: z.enum(['A', 'B', 'C', 'D', 'E']),
    embedded: z.null(),
  });
  const ipv6 = z.object({ ...verdict, family: z.literal(6), addressClass: z.null(), embedded: embedded.nullable() });
  const classification = z.discriminatedUnion('family', [ipv4, ipv6]);
  const line = z.int().min(1);
  // Of streams the line, with --extract the column, with --file the file.
  const place = { file: text.optional(), line: line.optional(), column: line.optional() };

  const { A, AAAA, CAA, CNAME, MX, NAPTR, NS, PTR, SOA, SRV, TLSA, TXT } = dnsRecordSchemas;
  const hex = z.string().regex(/^(?:[\da-f]{2})*$/);
  const record = z.discriminatedUnion('type', [
    A.extend({ classification }),
    AAAA.extend({ classification }),
    CAA,
    CNAME,
    MX,
    NAPTR,
    NS,
    PTR,
    SOA,
    SRV,
    TLSA.extend({ data: hex }),
    TXT.extend({ chunks: z.array(hex) }),
  ]);
  const { type: recordType, families } = answerSchema.shape;
  const errorCode = families.unwrap().shape.A.shape.error;
  const asked = {
    input: text,
    ms: z.number().min(0),
    trace: z
      .array(
        z.object({
          server: text,
          outcome: text,
          ms: z.number().min(0),
          name: text,
          type: recordType.unwrap(),
        }),
      )
      .optional(),
  };

  const reach = z.enum(['none', 'loopback', 'link', 'private', 'public', 'all']);
  const bindName = { backlog: count.nullable(), exclusive: z.boolean(), optional: z.boolean(), name: text.nullable() };
  const unixBind = z.object({
    family: z.literal('AF_UNIX'),
    type: z.literal('SOCK_STREAM'),
    path: text,
    ...bindName,
    expose: reach.nullable(),
  });
  const inetBind = z.object({
    family: z.enum(['AF_INET', 'AF_INET6']).nullable(),
    type: z.enum(['SOCK_STREAM', 'SOCK_DGRAM']),
    host: text,
    port,
    ipv6Only: z.boolean(),
    reusePort: z.boolean(),
    reuseAddr: z.boolean(),
    allowEphemeral: z.boolean(),
    ...bindName,
    expose: reach.nullable(),
  });
  const protocol = z.enum(['tcp', 'udp']);
  const where = { input: text, line: count.nullable(), column: count.nullable() };
  const bindLine = z.object({
    type: z.literal('bind'),
    index: count,
    ...where,
    format: z.enum(['inaddr', 'compose', 'nginx', 'systemd', 'env', 'redis', 'postgres']),
    name: text.nullable(),
    text,
    bind: z.union([inetBind, unixBind]),
    occupies: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('inet'), protocol, port, ipv4: text.nullable(), ipv6: text.nullable() }),
      z.object({ kind: z.literal('unix'), path: text }),
      z.object({ kind: z.literal('unknown'), protocol, port }),
    ]),
    exposure: z.union([z.object({ ipv4: reach, ipv6: reach }), z.object({ unix: text })]),
    interfaces: z.array(z.object({ name: text.nullable(), addresses: z.array(text) })),
    predicted: z.object({
      code: z.enum(['ok', 'unknown', 'EACCES', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EINVAL', 'ENOTDIR', 'ENOTFOUND']),
      reason: text,
    }),
  });
  const findingLine = z.object({
    type: z.literal('finding'),
    kind: z.enum(['conflict', 'maybe', 'shadow', 'error', 'warning', 'note']),
    code: text,
    ...where,
    bind: count.nullable(),
    other: count.nullable(),
    message: text,
    hint: text,
  });
  const summaryLine = z.object({
    type: z.literal('summary'),
    inputs: count,
    binds: count,
    findings: count,
    notes: count,
    notChecked: count,
    scope: text,
  });
  const interfaceAddress = z.looseObject({
    address: text,
    netmask: text,
    family: z.enum(['IPv4', 'IPv6']),
    internal: z.boolean(),
    scopeid: count.optional(),
  });

  const tcpState = z.enum([
    'CLOSED',
    'LISTEN',
    'SYN-SENT',
    'SYN-RECEIVED',
    'ESTABLISHED',
    'FIN-WAIT-1',
    'FIN-WAIT-2',
    'CLOSE-WAIT',
    'CLOSING',
    'LAST-ACK',
    'TIME-WAIT',
  ]);
  const endpoint = z.object({ address: text, port });
  const socket = {
    inode: count.nullable(),
    processes: z.array(z.object({ pid: count, command: text })).nullable(),
    exposure: z.object({ ipv4: reach, ipv6: reach, ipv4Assumed: z.boolean(), widest: reach }).nullable(),
  };
  const inetSocket = {
    ...socket,
    family: z.enum(['AF_INET', 'AF_INET6']),
    local: endpoint,
    remote: endpoint.nullable(),
    sendQueue: count,
    receiveQueue: count,
    uid: count.nullable(),
  };
  const timer = z.enum(['retransmit', 'keepalive', 'time-wait', 'zero-window-probe', 'other']);
  const counts = z.record(text, count);

  return Object.freeze({
    classify: z.discriminatedUnion('family', [ipv4.extend(place), ipv6.extend(place)]),
    'classify --summary': z.object({
      addresses: count,
      ipv4: count,
      ipv6: count,
      globallyReachable: count,
      kinds: counts,
      scopes: counts,
      classes: counts,
    }),
    'prefix info': z.object({
      prefix: text,
      family: z.literal([4, 6]),
      kinds: z.array(kind),
      blocks: z.array(block),
      globallyReachable: z.enum(['all', 'some', 'none']),
      length: z.int().min(0).max(128),
      first: text,
      last: text,
      size: bigCount,
      netmask: text,
      hostmask: text,
      firstHost: text,
      lastHost: text,
      hosts: bigCount,
      reverseZones: z.array(text),
      reverseZoneCount: count,
    }),
    'prefix split': z.object({ prefix: text, subnet: text }),
    'prefix merge': z.object({ prefix: text }),
    'prefix subtract': z.object({ prefix: text }),
    'prefix contains': z.object({ prefix: text, item: text, contained: z.boolean() }),
    'prefix range': z.object({ range: text, prefix: text }),
    'prefix reverse': z.object({ prefix: text, zone: text }),
    match: z.object({ address: text, prefix: text.nullable(), value: z.json(), line: line.optional() }),
    'match --build': z.object({ output: text, prefixes: count }),
    resolve: z.union([
      z.object({ ...asked, ...answerSchema.shape, records: z.array(record), server: text.nullable() }),
      z.object({ ...asked, type: recordType, error: errorCode.unwrap(), message: text }),
    ]),
    'resolve --verify': z.union([
      z.object({
        ...asked,
        names: z.array(z.object({ name: text, confirmed: z.boolean(), error: errorCode })),
      }),
      z.object({ ...asked, type: z.null(), error: errorCode.unwrap(), message: text }),
    ]),
    'bind check': z.discriminatedUnion('type', [bindLine, findingLine, summaryLine]),
    'bind environment': z.object({
      platform: text,
      nodeVersion: text,
      interfaces: z.record(text, z.array(interfaceAddress)),
      names: z.record(text, z.array(text)),
      canBindPrivileged: flag,
      unprivilegedPortStart: port,
      nonlocalBind: z.union([z.boolean(), z.object({ ipv4: z.boolean(), ipv6: z.boolean() })]),
      ipv6Enabled: z.boolean(),
      udpIPv6Only: z.boolean().optional(),
      ipv4Routes: z.object({ local: z.array(text), broadcast: z.array(text) }).optional(),
      paths: z.record(text, z.enum(['free', 'socket', 'file', 'no-directory', 'not-a-directory', 'no-permission'])),
    }),
    sockets: z.discriminatedUnion('protocol', [
      z.object({
        protocol: z.literal('tcp'),
        type: z.literal('SOCK_STREAM'),
        state: tcpState,
        ...inetSocket,
        timer: z.object({ kind: timer, ms: count }).nullable(),
        retransmits: count,
      }),
      z.object({
        protocol: z.literal('udp'),
        type: z.literal('SOCK_DGRAM'),
        state: z.enum(['UNCONNECTED', 'CONNECTED']),
        ...inetSocket,
        drops: count,
      }),
      z.object({
        protocol: z.literal('unix'),
        family: z.literal('AF_UNIX'),
        type: z.enum(['SOCK_STREAM', 'SOCK_DGRAM', 'SOCK_SEQPACKET']),
        state: z.enum(['LISTEN', 'UNCONNECTED', 'CONNECTING', 'CONNECTED', 'DISCONNECTING']),
        path: text.nullable(),
        padded: z.literal(true).optional(),
        ...socket,
      }),
    ]),
    'sockets --states': z.object({
      name: tcpState,
      linux: text,
      linuxCode: count,
      side: z.enum(['none', 'server', 'client', 'either', 'first-to-close', 'last-to-close', 'both-close']),
      meaning: text,
      manyMean: text.nullable(),
    }),
    example: z.object({ name: text, description: text }),
  });
}
