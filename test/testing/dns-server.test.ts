import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, Server } from 'node:net';
import { promisify } from 'node:util';
import * as dnsPacket from 'dns-packet';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import { DnsServer, type ZoneRecord, ZoneRecordError } from '../../src/testing/index.js';
import {
  askOneUdp,
  askTcp,
  askUdp,
  decode,
  framed,
  nodeResolver,
  openTcp,
  outcome,
  question,
  readAll,
} from '../support/dns-client.js';
import { forbidden } from '../support/not-text.js';

const run = promisify(execFile);

const A: ZoneRecord = { name: 'www.example.com', type: 'A', address: '192.0.2.1', ttl: 60 };

describe('listen', () => {
  it('answers on UDP and TCP on one port of loopback', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    expect(server.address).toBe(`127.0.0.1:${server.port}`);
    expect(server.port).toBeGreaterThan(0);
    const udp = await askOneUdp(server, question('www.example.com', 'A'));
    const [tcp] = await askTcp(server, [question('www.example.com', 'A')]);
    expect(udp).toEqual(tcp);
    expect(udp).toMatchObject({
      id: 1,
      type: 'response',
      rcode: 'NOERROR',
      flag_aa: true,
      flag_rd: true,
      flag_ra: true,
      flag_tc: false,
      questions: [{ name: 'www.example.com', type: 'A', class: 'IN' }],
      answers: [{ name: 'www.example.com', type: 'A', class: 'IN', ttl: 60, data: '192.0.2.1' }],
      authorities: [],
      additionals: [],
    });
  });

  it.each(['127.0.0.2', '::1', parseAddress('127.0.0.1')])('listens on %s', async (host) => {
    await using server = await DnsServer.listen({ records: [A], host });
    expect(server.address).toBe(host === '::1' ? `[::1]:${server.port}` : `${host}:${server.port}`);
    expect(await nodeResolver(server).resolve4('www.example.com')).toEqual(['192.0.2.1']);
    expect(await askTcp(server, [question('www.example.com', 'A')])).toHaveLength(1);
  });

  it.each(['0.0.0.0', '192.0.2.1', '::', '::ffff:127.0.0.1', '10.0.0.1', 'fe80::1'])('refuses %s', async (host) => {
    await expect(DnsServer.listen({ host })).rejects.toThrow(RangeError);
  });

  it.each(['localhost', '127.1', '', '[::1]'])('refuses %j, which is no address', async (host) => {
    await expect(DnsServer.listen({ host })).rejects.toThrow(expect.objectContaining({ name: 'AddressParseError' }));
  });

  it.each([-1, 65536, 1.5, Number.NaN, forbidden<number>('53')])('refuses port %s', async (port) => {
    await expect(DnsServer.listen({ port })).rejects.toThrow(RangeError);
  });

  it('takes a port, also one that a server has just left', async () => {
    const first = await DnsServer.listen({ records: [A] });
    const { port } = first;
    // A connection that the server ends would keep the port busy.
    const socket = await openTcp(first);
    const failed = once(socket, 'error');
    await first.close();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    await using second = await DnsServer.listen({ records: [A], port });
    expect(second.port).toBe(port);
    expect(await nodeResolver(second).resolve4('www.example.com')).toEqual(['192.0.2.1']);
  });

  it('says so when a port is taken, and leaves nothing behind', async () => {
    await using server = await DnsServer.listen();
    await expect(DnsServer.listen({ port: server.port })).rejects.toThrow(
      expect.objectContaining({ code: 'EADDRINUSE' }),
    );

    // For UDP alone: its TCP side is given back. The kernel chooses a port that is free for both.
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    const udp = createSocket('udp4');
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    probe.close();
    await once(probe, 'close');
    await expect(DnsServer.listen({ port })).rejects.toThrow(expect.objectContaining({ code: 'EADDRINUSE' }));
    const tcp = createServer().listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    tcp.close();
    udp.close();
    await Promise.all([once(tcp, 'close'), once(udp, 'close')]);
  });

  it('opens nothing when what it should answer with is wrong', async () => {
    const listens = vi.spyOn(Server.prototype, 'listen');
    onTestFinished(() => listens.mockRestore());
    const record: ZoneRecord = { name: 'a..b', type: 'A', address: '192.0.2.1' };
    await expect(DnsServer.listen({ records: [record] })).rejects.toThrow(ZoneRecordError);
    await expect(DnsServer.listen({ zone: 'www A 192.0.2.1' })).rejects.toThrow('line 1');
    await expect(DnsServer.listen({ rules: [[{ times: 0 }, 'drop']] })).rejects.toThrow(RangeError);
    expect(listens).not.toHaveBeenCalled();
  });

  it.each<[unknown, string, string]>([
    [1, 'TypeError', 'the options are 1: pass an object with records, zone, origin'],
    [null, 'TypeError', 'the options are null'],
    [{ zones: 'a. A 192.0.2.1' }, 'TypeError', 'there is no option "zones": there is records, zone'],
    [{ zone: null }, 'TypeError', 'zone is null: pass the text of a zone file'],
    [{ zone: Buffer.from('a. A 192.0.2.1') }, 'TypeError', 'zone is an object'],
    [{ origin: 5 }, 'TypeError', 'origin is 5: pass a name'],
    [{ origin: 'a..b' }, 'RangeError', "origin: write labels with a dot between, or '.' for the root"],
    [{ records: 5 }, 'TypeError', 'records is 5: pass a list of records'],
    [{ records: 'a. A 192.0.2.1' }, 'TypeError', 'records is "a. A 192.0.2.1"'],
    [{ records: [5] }, 'ZoneRecordError', 'pass an object'],
    [{ rules: 'drop' }, 'TypeError', 'rules is "drop": pass a list of rules, [match, fault] each'],
    [{ rules: ['drop'] }, 'TypeError', 'a rule is "drop": pass [match, fault]'],
    [{ rules: [{ match: {}, fault: 'drop' }] }, 'TypeError', 'a rule is an object'],
    [{ rules: [[{ nmae: 'a.test' }, 'drop']] }, 'TypeError', 'there is no option "nmae"'],
    [{ rules: [[{}]] }, 'TypeError', 'the options are undefined'],
    [{ host: 5 }, 'AddressParseError', 'pass'],
    [{ host: {} }, 'AddressParseError', 'pass'],
  ])('refuses %j: %s: %s', async (options, name, message) => {
    await expect(DnsServer.listen(forbidden(options))).rejects.toThrow(
      expect.objectContaining({ name, message: expect.stringContaining(message) }),
    );
  });

  it('answers from a zone file and records together', async () => {
    await using server = await DnsServer.listen({
      origin: 'example.com',
      zone: '@ 60 SOA ns1 host 1 2 3 4 5\nwww 60 A 192.0.2.7\n',
      records: [A],
    });
    expect(server.records.size).toBe(3);
    expect(await nodeResolver(server).resolve4('www.example.com')).toEqual(['192.0.2.1', '192.0.2.7']);
  });
});

describe('every record type of node:dns, as Node reads it', () => {
  const name = 'x.test';
  const hex = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));
  const digest = 'a9'.repeat(32);
  const cases: readonly (readonly [ZoneRecord, string, unknown])[] = [
    [{ name, type: 'A', address: '192.0.2.1' }, 'resolve4', ['192.0.2.1']],
    [{ name, type: 'AAAA', address: '2001:db8::1' }, 'resolve6', ['2001:db8::1']],
    [{ name, type: 'AAAA', address: '::ffff:192.0.2.1' }, 'resolve6', ['::ffff:192.0.2.1']],
    [
      { name, type: 'CAA', critical: 128, tag: 'issue', value: 'ca.example; policy=é' },
      'resolveCaa',
      [{ critical: 128, issue: expect.stringMatching(/^ca\.example; policy=/) }],
    ],
    [{ name, type: 'CNAME', target: 'y.test' }, 'resolveCname', ['y.test']],
    [
      { name, type: 'MX', priority: 65535, exchange: 'mx.test' },
      'resolveMx',
      [{ priority: 65535, exchange: 'mx.test' }],
    ],
    [{ name, type: 'MX', priority: 0, exchange: null }, 'resolveMx', [{ priority: 0, exchange: '' }]],
    [
      {
        name,
        type: 'NAPTR',
        order: 100,
        preference: 10,
        flags: 'u',
        service: 'E2U+sip',
        regexp: '!^.*$!sip:info@example.com!',
        replacement: '.',
      },
      'resolveNaptr',
      [
        {
          order: 100,
          preference: 10,
          flags: 'u',
          service: 'E2U+sip',
          regexp: '!^.*$!sip:info@example.com!',
          replacement: '',
        },
      ],
    ],
    [{ name, type: 'NS', target: 'ns1.test' }, 'resolveNs', ['ns1.test']],
    [{ name, type: 'PTR', target: 'host.test' }, 'resolvePtr', ['host.test']],
    [
      {
        name,
        type: 'SOA',
        nsname: 'ns1.test',
        hostmaster: 'first\\.last.test',
        serial: 4294967295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minttl: 4,
      },
      'resolveSoa',
      {
        nsname: 'ns1.test',
        hostmaster: 'first\\.last.test',
        serial: 4294967295,
        refresh: 1,
        retry: 2,
        expire: 3,
        minttl: 4,
      },
    ],
    [
      { name, type: 'SRV', priority: 1, weight: 2, port: 65535, target: 'srv.test' },
      'resolveSrv',
      [{ priority: 1, weight: 2, port: 65535, name: 'srv.test' }],
    ],
    [
      { name, type: 'SRV', priority: 0, weight: 0, port: 0, target: null },
      'resolveSrv',
      [{ priority: 0, weight: 0, port: 0, name: '' }],
    ],
    [
      { name, type: 'TXT', chunks: ['v=1', 'häuser', hex('ff00')] },
      'resolveTxt',
      [['v=1', Buffer.from('häuser').toString('latin1'), Buffer.from([0xff, 0]).toString('latin1')]],
    ],
    [{ name, type: 'TXT', chunks: [''] }, 'resolveTxt', [['']]],
    [{ name, type: 'TLSA', usage: 3, selector: 1, match: 1, data: hex(digest) }, 'TLSA', hex(`030101${digest}`)],
  ];

  it.each(cases)('%j by %s', async (record, method, expected) => {
    await using server = await DnsServer.listen({ records: [record] });
    if (record.type === 'TLSA') {
      // Node 20 has no method for it: the octets.
      const reply = await askOneUdp(server, question(name, 'TLSA'));
      expect(reply.answers).toMatchObject([
        { type: 'TLSA', data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from(digest, 'hex') } },
      ]);
      const [{ message } = { message: Buffer.alloc(0) }] = await askUdp(server, [question(name, 'TLSA')]);
      expect(Uint8Array.from(message.subarray(-35))).toEqual(expected);
      return;
    }
    const resolver = nodeResolver(server);
    const answer: unknown = await Reflect.apply(Reflect.get(resolver, method), resolver, [name]);
    // Node 24 adds the type to MX and CAA.
    const bare = JSON.parse(JSON.stringify(answer, (key, value) => (key === 'type' ? undefined : value)));
    expect(bare).toEqual(expected);
  });

  it.each([0, 1, 2 ** 31 - 1, 2 ** 31, 4294967295])('TTL %d', async (ttl) => {
    await using server = await DnsServer.listen({ records: [{ ...A, ttl }] });
    const answer = await nodeResolver(server).resolve4('www.example.com', { ttl: true });
    // c-ares 1.34.9, of Node 26, gives the greatest 32-bit integer for what is greater; those before give the TTL.
    expect([ttl, Math.min(ttl, 2 ** 31 - 1)]).toContain(answer[0]?.ttl);
  });

  it('any other type by its octets', async () => {
    await using server = await DnsServer.listen({
      records: [
        { name, type: 'HTTPS', rdata: hex('000100') },
        { name, type: 'TYPE65280', rdata: hex('beef') },
        // A target compressed to the name of the question.
        { name: '_sip._tcp.x.test', type: 'SRV', rdata: hex('00010002138dc00c') },
      ],
    });
    const https = await askOneUdp(server, question(name, 'UNKNOWN_65'));
    expect(https.answers).toMatchObject([{ type: 'UNKNOWN_65', data: Buffer.from('000100', 'hex') }]);
    const other = await askOneUdp(server, question(name, 'UNKNOWN_65280'));
    expect(other.answers).toMatchObject([{ type: 'UNKNOWN_65280', data: Buffer.from('beef', 'hex') }]);
    const srv = await askOneUdp(server, question('_sip._tcp.x.test', 'SRV'));
    expect(srv.answers).toMatchObject([{ data: { port: 5005, target: '_sip._tcp.x.test' } }]);
    expect(server.questions.map(({ type }) => type)).toEqual(['HTTPS', 'TYPE65280', 'SRV']);
  });

  it('51,000 octets of TXT, over TCP because no UDP reply takes them', async () => {
    const chunks = Array.from({ length: 200 }, (_, i) => String(i % 10).repeat(255));
    await using server = await DnsServer.listen({ records: [{ name, type: 'TXT', chunks }] });
    expect(await nodeResolver(server).resolveTxt(name)).toEqual([chunks]);
    expect(server.questions.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it('a hundred addresses go over UDP to who takes them by EDNS', async () => {
    const records = Array.from({ length: 100 }, (_, i) => ({ ...A, address: `192.0.2.${i}` }));
    await using server = await DnsServer.listen({ records });
    const opt = (udpPayloadSize: number): dnsPacket.Packet => ({
      additionals: [
        {
          name: '.',
          type: 'OPT',
          udpPayloadSize,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    });
    const plain = await askOneUdp(server, question('www.example.com', 'A'));
    expect(plain).toMatchObject({ flag_tc: true, answers: [], additionals: [] });
    const edns = await askOneUdp(server, question('www.example.com', 'A', 2, opt(4096)));
    expect(edns).toMatchObject({ flag_tc: false, additionals: [{ type: 'OPT', udpPayloadSize: 1232 }] });
    expect(edns.answers).toHaveLength(100);
    const small = await askOneUdp(server, question('www.example.com', 'A', 3, opt(600)));
    expect(small).toMatchObject({ flag_tc: true, answers: [], additionals: [{ type: 'OPT' }] });
    expect(server.questions.map(({ ednsSize }) => ednsSize)).toEqual([null, 4096, 600]);
  });

  it('a reply that fits no message is SERVFAIL, and close says so', async () => {
    const chunks = Array.from({ length: 200 }, () => 'x'.repeat(255));
    const records: ZoneRecord[] = [1, 2].map(() => ({ name, type: 'TXT', chunks }));
    const server = await DnsServer.listen({ records });
    expect(await outcome(nodeResolver(server).resolveTxt(name))).toBe('ESERVFAIL');
    await expect(server.close()).rejects.toThrow(/^a reply of \d+ octets: at most 65535 fit a message/);
  });
});

describe('answers', () => {
  const zone = `
$ORIGIN example.com.
$TTL 60
@        SOA   ns1 hostmaster 1 7200 3600 1209600 30
         NS    ns1
www      A     192.0.2.1
alias    CNAME alias2
alias2   CNAME www
dead     CNAME nowhere
out      CNAME www.example.org.
loop     CNAME loop2
loop2    CNAME loop
deep.er  A     192.0.2.2
*.wild   A     192.0.2.3
`;

  it('are NODATA and NXDOMAIN with the SOA above', async () => {
    await using server = await DnsServer.listen({ zone });
    const resolver = nodeResolver(server);
    expect(await outcome(resolver.resolve6('www.example.com'))).toBe('ENODATA');
    expect(await outcome(resolver.resolve4('er.example.com'))).toBe('ENODATA');
    expect(await outcome(resolver.resolve4('nowhere.example.com'))).toBe('ENOTFOUND');
    const reply = await askOneUdp(server, question('nowhere.example.com', 'A'));
    expect(reply.rcode).toBe('NXDOMAIN');
    expect(reply.authorities).toMatchObject([{ name: 'example.com', type: 'SOA', ttl: 30, data: { minimum: 30 } }]);
  });

  it('follow CNAMEs, also to names that are not there, and end when they turn in a circle', async () => {
    await using server = await DnsServer.listen({ zone });
    const resolver = nodeResolver(server);
    expect(await resolver.resolve4('alias.example.com')).toEqual(['192.0.2.1']);
    expect(await resolver.resolveCname('alias.example.com')).toEqual(['alias2.example.com']);
    expect(await outcome(resolver.resolve4('dead.example.com'))).toBe('ENOTFOUND');
    expect(await outcome(resolver.resolve4('out.example.com'))).toBe('ENOTFOUND');
    const chain = await askOneUdp(server, question('ALIAS.example.com', 'A'));
    expect(chain.answers?.map(({ name, type }) => [name, type])).toEqual([
      ['ALIAS.example.com', 'CNAME'],
      ['alias2.example.com', 'CNAME'],
      ['www.example.com', 'A'],
    ]);
    const loop = await askOneUdp(server, question('loop.example.com', 'A'));
    expect(loop).toMatchObject({ rcode: 'NOERROR' });
    expect(loop.answers).toHaveLength(2);
  });

  it('come from wildcards where there is no name', async () => {
    await using server = await DnsServer.listen({ zone });
    const resolver = nodeResolver(server);
    expect(await resolver.resolve4('a.b.wild.example.com')).toEqual(['192.0.2.3']);
    expect(await outcome(resolver.resolve6('a.wild.example.com'))).toBe('ENODATA');
    expect(await outcome(resolver.resolve4('wild.example.com'))).toBe('ENODATA');
  });

  it('change with the records', async () => {
    await using server = await DnsServer.listen();
    const resolver = nodeResolver(server);
    expect(await outcome(resolver.resolve4('www.example.com'))).toBe('ENOTFOUND');
    server.records.add(A, { ...A, address: '192.0.2.2' });
    expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.1', '192.0.2.2']);
    server.records.replace({ ...A, name: 'WWW.example.com.', address: '192.0.2.9' });
    expect(await resolver.resolve4('www.example.com')).toEqual(['192.0.2.9']);
    expect(server.records.remove('www.Example.com', 'AAAA')).toBe(0);
    expect(server.records.remove('www.Example.com')).toBe(1);
    expect(await outcome(resolver.resolve4('www.example.com'))).toBe('ENOTFOUND');
  });

  it('repeat the question octet by octet', async () => {
    await using server = await DnsServer.listen({ zone: '*.example. 60 A 192.0.2.1' });
    const asked = Buffer.concat([
      Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
      Buffer.from([4, 0x61, 0x2e, 0x00, 0xff, 7]),
      Buffer.from('eXamPle'),
      Buffer.from([0, 0, 1, 0, 1]),
    ]);
    const [reply] = await askUdp(server, [asked]);
    expect(reply?.message.subarray(12, asked.length)).toEqual(asked.subarray(12));
    expect(server.questions[0]?.name).toBe('a\\.\\000\\255.eXamPle');
    expect(reply?.message.subarray(-4)).toEqual(Buffer.from([192, 0, 2, 1]));
  });

  it('to ANY are all records of the name', async () => {
    await using server = await DnsServer.listen({ records: [A, { name: A.name, type: 'TXT', chunks: ['x'] }] });
    expect(await nodeResolver(server).resolveAny('www.example.com')).toEqual([
      { type: 'A', address: '192.0.2.1', ttl: 60 },
      { type: 'TXT', entries: ['x'] },
    ]);
  });
});

describe('messages that are no question', () => {
  it.each<[string, Buffer, string]>([
    ['another opcode', dnsPacket.encode({ id: 9, flags: 4 << 11, questions: [{ name: 'a', type: 'A' }] }), 'NOTIMP'],
    ['no question', dnsPacket.encode({ id: 9 }), 'FORMERR'],
    ['two questions', dnsPacket.encode({ id: 9, questions: [1, 2].map(() => ({ name: 'a', type: 'A' })) }), 'FORMERR'],
    ['a class but IN', dnsPacket.encode({ id: 9, questions: [{ name: 'a', type: 'A', class: 'CH' }] }), 'REFUSED'],
    ['a label without its end', Buffer.from('000901000001000000000000 0961'.replace(' ', ''), 'hex'), 'FORMERR'],
    ['a pointer as name', Buffer.from('000901000001000000000000 c00c00010001'.replace(' ', ''), 'hex'), 'FORMERR'],
    ['no type', Buffer.from('000901000001000000000000 016100'.replace(' ', ''), 'hex'), 'FORMERR'],
    ['an OPT without its end', Buffer.concat([question('a', 'A', 9).fill(1, 11, 12), Buffer.from([0, 0])]), 'FORMERR'],
    [
      'a name over 255 octets',
      Buffer.concat([
        Buffer.from('000901000001000000000000', 'hex'),
        ...Array.from({ length: 5 }, () => Buffer.concat([Buffer.from([63]), Buffer.alloc(63, 'a')])),
        Buffer.from([0, 0, 1, 0, 1]),
      ]),
      'FORMERR',
    ],
  ])('%s', async (_, message, rcode) => {
    await using server = await DnsServer.listen();
    expect(await askOneUdp(server, message)).toMatchObject({ id: 9, rcode });
    expect(await askTcp(server, [message])).toMatchObject([{ id: 9, rcode }]);
    expect(server.questions).toEqual([]);
  });

  it('replies, and what has no header, are left unanswered', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const reply = dnsPacket.encode({ type: 'response', id: 8, questions: [{ name: 'a', type: 'A' }] });
    const messages = [reply, Buffer.from([1]), Buffer.alloc(0), question('www.example.com', 'A', 9)];
    const replies = await askUdp(server, messages, 1);
    expect(replies.map(({ message }) => decode(message).id)).toEqual([9]);
    expect((await askTcp(server, messages)).map(({ id }) => id)).toEqual([9]);
  });
});

describe('TCP', () => {
  it('takes many questions on a connection, however they are cut', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const ids = [1, 2, 3];
    const stream = Buffer.concat(ids.map((id) => framed(question('www.example.com', 'A', id))));
    const socket = await openTcp(server);
    const replies: number[] = [];
    let read = Buffer.alloc(0);
    const done = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        read = Buffer.concat([read, chunk]);
        while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
          replies.push(read.readUInt16BE(2));
          read = read.subarray(2 + read.readUInt16BE(0));
        }
        if (replies.length === ids.length) resolve();
      });
    });
    for (const octet of stream) socket.write(Buffer.from([octet]));
    await done;
    expect(replies).toEqual(ids);
    // The server leaves the end of a connection to its client.
    socket.end();
    await once(socket, 'close');
  });
});

describe('what came in', () => {
  it('is told in its order, with transport and port', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.send(question('WWW.example.com', 'A'), server.port, '127.0.0.1');
    await once(socket, 'message');
    socket.close();
    await askTcp(server, [question('.', 'NS')]);
    expect(server.questions).toEqual([
      { name: 'WWW.example.com', type: 'A', transport: 'udp', port, ednsSize: null },
      { name: '.', type: 'NS', transport: 'tcp', port: expect.any(Number), ednsSize: null },
    ]);
  });

  it('is counted by name and type', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const resolver = nodeResolver(server);
    await Promise.all([resolver.resolve4('www.example.com'), resolver.resolve4('WWW.example.com')]);
    await outcome(resolver.resolve6('www.example.com'));
    await outcome(resolver.resolve6('other.example.com'));
    expect(server.count()).toBe(4);
    expect(server.count('www.EXAMPLE.com.')).toBe(3);
    expect(server.count('www.example.com', 'A')).toBe(2);
    expect(server.count('*.example.com', 'AAAA')).toBe(2);
    expect(server.count(/^other\./)).toBe(1);
    expect(server.count('example.com')).toBe(0);
    server.reset();
    expect([server.count(), server.questions]).toEqual([0, []]);
  });

  it('is neither counted nor waited for where what is meant is not to be understood', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    await outcome(nodeResolver(server).resolve4('5.test'));
    for (const match of [{ nmae: 'x' }, { name: 5 }, { times: 1 }, null])
      await expect(server.asked(1, forbidden(match))).rejects.toThrow(TypeError);
    for (const match of [{ transport: 'TCP' }, { type: 'AAAAA' }])
      await expect(server.asked(1, forbidden(match))).rejects.toThrow(RangeError);
    for (const times of [-1, 0.5, Number.NaN, '1', undefined])
      await expect(server.asked(forbidden<number>(times))).rejects.toThrow(RangeError);
    expect(() => server.count(forbidden<string>(5))).toThrow(TypeError);
    expect(() => server.count('5.test', forbidden('AAAAA'))).toThrow(
      /^"AAAAA" is no record type: pass its name, or 'TYPE' and its number$/,
    );
    expect(() => server.records.remove(forbidden(undefined))).toThrow('name is undefined: pass the name of records');
    expect(() => server.records.remove('nobody.test', forbidden('AAAAA'))).toThrow(RangeError);
    expect(server.count('5.test', 'A')).toBe(1);
  });

  it('can be waited for', async () => {
    const server = await DnsServer.listen({ rules: [[{}, 'drop']] });
    await server.asked(0);
    const twice = server.asked(2, { name: 'a.test', type: 'A' });
    const socket = createSocket('udp4');
    for (const type of ['A', 'AAAA', 'A']) socket.send(question('a.test', type), server.port, '127.0.0.1');
    await twice;
    expect(server.count('a.test', 'A')).toBe(2);
    await server.asked(2, { name: 'a.test', type: 'A' });
    socket.close();

    const never = server.asked(9, { type: 'MX' });
    const rejected = expect(never).rejects.toThrow('the DNS server was closed, and 9 more questions were waited for');
    await server.close();
    await rejected;
    await expect(server.asked(5, { name: 'a.test' })).rejects.toThrow('2 more');
  });
});

describe('close', () => {
  it('may be called twice, and by await using', async () => {
    const server = await DnsServer.listen();
    expect(server.close()).toBe(server.close());
    await server.close();
    await server[Symbol.asyncDispose]();
  });

  it('resets connections, whatever is yet to be sent on them', async () => {
    const server = await DnsServer.listen({
      records: [A],
      rules: [
        [{ name: 'slow.test' }, { delayMs: 2 ** 31 - 1 }],
        [{ name: 'drip.test' }, { drip: { bytes: 1, everyMs: 2 ** 31 - 1 } }],
        [{ name: 'never.test' }, { until: new Promise(() => {}) }],
      ],
    });
    const socket = await openTcp(server);
    const failed = once(socket, 'error');
    // The octet that is sent at once.
    const dripped = once(socket, 'data');
    for (const name of ['slow.test', 'drip.test', 'never.test']) socket.write(framed(question(name, 'A')));
    await Promise.all([server.asked(3), dripped]);
    await server.close();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('closes a connection that it is about to end itself', async () => {
    const server = await DnsServer.listen({ rules: [[{ transport: 'tcp' }, 'half-tcp']] });
    const socket = await openTcp(server);
    const read = readAll(socket);
    socket.write(framed(question('a.test', 'A')));
    // Fulfilled in the turn of the loop in which the server begins to end the connection.
    await server.asked(1);
    await server.close();
    await read;
  });

  it('lets the process end, whatever is still open', async () => {
    const entry = new URL('../../dist/testing/index.js', import.meta.url).href;
    const script = `
      import { createSocket } from 'node:dgram';
      import { connect } from 'node:net';
      import { DnsServer } from ${JSON.stringify(entry)};
      const server = await DnsServer.listen({
        rules: [
          [{ transport: 'udp', times: 1 }, 'wrong-port'],
          [{ transport: 'udp' }, { delayMs: 600_000 }],
          [{ times: 1 }, { delayMs: 600_000 }],
          [{}, { drip: { bytes: 1, everyMs: 600_000 } }],
        ],
      });
      const question = Buffer.from('00010100000100000000000004706f72740000010001', 'hex');
      const socket = connect(server.port, '127.0.0.1').unref();
      socket.on('error', () => {});
      const framed = Buffer.concat([Buffer.from([0, question.length]), question]);
      socket.write(Buffer.concat([framed, framed]));
      const udp = createSocket('udp4').unref();
      for (const each of [question, question]) udp.send(each, server.port, '127.0.0.1');
      await server.asked(4);
      await server.close();
      console.log('closed');
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { timeout: 20_000 });
    expect(stdout).toBe('closed\n');
  });

  it('can be required', async () => {
    const entry = new URL('../../dist/testing/index.js', import.meta.url).pathname;
    const script = `const { DnsServer } = require(${JSON.stringify(entry)});
      DnsServer.listen().then((server) => server.close()).then(() => console.log('closed'));`;
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', script], { timeout: 20_000 });
    expect(stdout).toBe('closed\n');
  });
});
