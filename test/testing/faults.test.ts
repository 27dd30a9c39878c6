import { once } from 'node:events';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnswerFunction, DnsServer, type Fault, type ZoneRecord } from '../../src/testing/index.js';
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

const NAME = 'www.example.com';
const A: ZoneRecord = { name: NAME, type: 'A', address: '192.0.2.1', ttl: 60 };

function listen(fault: Fault): Promise<DnsServer> {
  return DnsServer.listen({ records: [A], rules: [[{ name: NAME }, fault]] });
}

describe('faults', () => {
  it('drop: no reply, over UDP and TCP', async () => {
    await using server = await listen('drop');
    const messages = [question(NAME, 'A', 1), question('other.test', 'A', 2)];
    // Datagrams on loopback stay in their order: had the first been answered, its reply would have come first.
    const [udp] = await askUdp(server, messages, 1);
    expect(udp && decode(udp.message).id).toBe(2);
    expect((await askTcp(server, messages)).map(({ id }) => id)).toEqual([2]);
    expect(server.count(NAME)).toBe(2);
  });

  it('drop once: the client comes again', async () => {
    await using server = await DnsServer.listen({ records: [A], rules: [[{ times: 1 }, 'drop']] });
    expect(await nodeResolver(server, { timeout: 100, tries: 3 }).resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(server.count(NAME)).toBe(2);
  });

  it.each<Fault>(['wrong-id', 'wrong-question', 'wrong-port'])('%s: Node takes the next reply', async (fault) => {
    await using server = await DnsServer.listen({ records: [A], rules: [[{ times: 1 }, fault]] });
    expect(await nodeResolver(server, { timeout: 100, tries: 3 }).resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(server.count(NAME)).toBe(2);
  });

  it('wrong-id', async () => {
    await using server = await listen('wrong-id');
    const reply = await askOneUdp(server, question(NAME, 'A', 7));
    expect(reply.id).not.toBe(7);
    expect(reply.answers).toMatchObject([{ name: NAME, data: '192.0.2.1' }]);
    expect((await askTcp(server, [question(NAME, 'A', 7)]))[0]?.id).toBe(reply.id);
  });

  it('wrong-question', async () => {
    await using server = await listen('wrong-question');
    const reply = await askOneUdp(server, question(NAME, 'A', 7));
    expect(reply).toMatchObject({ id: 7, questions: [{ name: 'wrong-question.test', type: 'A' }] });
    expect(reply.answers).toHaveLength(1);
  });

  it('wrong-port: over UDP, another than that of the question; over TCP as usual', async () => {
    await using server = await listen('wrong-port');
    const [reply] = await askUdp(server, [question(NAME, 'A', 7)]);
    expect(reply?.from.port).not.toBe(server.port);
    expect(reply?.from.address).toBe('127.0.0.1');
    expect(reply && decode(reply.message)).toMatchObject({ id: 7, rcode: 'NOERROR' });
    expect(await askTcp(server, [question(NAME, 'A', 7)])).toMatchObject([{ id: 7, rcode: 'NOERROR' }]);
  });

  it('garbage', async () => {
    await using server = await listen('garbage');
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe('EBADRESP');
    const [reply] = await askUdp(server, [question(NAME, 'A', 7)]);
    expect(reply?.message.readUInt16BE(0)).toBe(7);
    expect(() => decode(reply?.message ?? Buffer.alloc(0))).toThrow('Cannot decode name');
  });

  it('truncate: the client goes to TCP', async () => {
    await using server = await listen('truncate');
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(server.questions.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
    expect(await askOneUdp(server, question(NAME, 'A'))).toMatchObject({ flag_tc: true, answers: [] });
  });

  it('half-tcp: half of the message, then the end', async () => {
    await using server = await listen('half-tcp');
    expect(await askOneUdp(server, question(NAME, 'A'))).toMatchObject({ flag_tc: true, answers: [] });
    const socket = await openTcp(server);
    socket.write(framed(question(NAME, 'A')));
    const { octets, error } = await readAll(socket);
    expect(error).toBeNull();
    expect(octets.length).toBe(2 + (octets.readUInt16BE(0) >> 1));
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toMatch(/^E/);
  });

  it('tcp-reset: the connection is reset', async () => {
    await using server = await listen('tcp-reset');
    expect(await askOneUdp(server, question(NAME, 'A'))).toMatchObject({ flag_tc: true, answers: [] });
    const socket = await openTcp(server);
    socket.write(framed(question(NAME, 'A')));
    expect(await readAll(socket)).toEqual({ octets: Buffer.alloc(0), error: 'ECONNRESET' });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toMatch(/^E/);
  });

  it('cname-loop', async () => {
    await using server = await listen('cname-loop');
    const reply = await askOneUdp(server, question(NAME, 'A'));
    expect(reply.answers).toMatchObject([
      { name: NAME, type: 'CNAME', data: 'hop-1.cname-loop.test' },
      { name: 'hop-1.cname-loop.test', type: 'CNAME', data: NAME },
    ]);
    // Newer versions throw ENODATA, older ones give no address.
    expect(['ENODATA', []]).toContainEqual(await outcome(nodeResolver(server).resolve4(NAME)));
  });

  it.each([1, 8, 400])('cnameChain: %d before the answer', async (cnameChain) => {
    await using server = await listen({ cnameChain });
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
    const [reply] = await askTcp(server, [question(NAME, 'A')]);
    const answers = reply?.answers ?? [];
    expect(answers).toHaveLength(cnameChain + 1);
    for (const [i, answer] of answers.entries()) {
      const before = answers[i - 1];
      expect(answer.name).toBe(before === undefined ? NAME : Reflect.get(before, 'data'));
    }
  });

  it.each([
    ['NOERROR', 'ENODATA'],
    ['FORMERR', 'EFORMERR'],
    ['SERVFAIL', 'ESERVFAIL'],
    ['NXDOMAIN', 'ENOTFOUND'],
    ['NOTIMP', 'ENOTIMP'],
    ['REFUSED', 'EREFUSED'],
    [5, 'EREFUSED'],
  ] as const)('rcode %s is %s to Node', async (rcode, code) => {
    await using server = await listen({ rcode });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe(code);
  });

  it.each([6, 9, 15])('rcode %d, which has no name here', async (rcode) => {
    await using server = await listen({ rcode });
    const [reply] = await askUdp(server, [question(NAME, 'A')]);
    expect((reply?.message.readUInt16BE(2) ?? 0) & 0xf).toBe(rcode);
  });

  it('rcode with records', async () => {
    await using server = await listen({ rcode: 'NXDOMAIN', answer: [{ type: 'A', address: '192.0.2.66' }] });
    const reply = await askOneUdp(server, question(NAME, 'A'));
    expect(reply).toMatchObject({ rcode: 'NXDOMAIN', answers: [{ name: NAME, data: '192.0.2.66' }] });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe('ENOTFOUND');
  });

  it('owner: Node takes the record of another name', async () => {
    await using server = await listen({ owner: 'evil.example' });
    expect((await askOneUdp(server, question(NAME, 'A'))).answers).toMatchObject([{ name: 'evil.example' }]);
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
  });

  it.each([0, 2 ** 31 - 1, 2 ** 31, 4294967295])('ttl %d', async (ttl) => {
    await using server = await listen({ ttl, cnameChain: 1 });
    expect((await askOneUdp(server, question(NAME, 'A'))).answers).toMatchObject([{ ttl }, { ttl }]);
  });

  it('answer: other records, of any type and name', async () => {
    await using server = await listen({
      answer: [
        { type: 'AAAA', address: '2001:db8::1' },
        { name: 'other.test', type: 'A', address: '192.0.2.5', ttl: 1 },
      ],
    });
    const { answers } = await askOneUdp(server, question(NAME, 'A'));
    expect(answers).toMatchObject([
      { name: NAME, type: 'AAAA', ttl: 300 },
      { name: 'other.test', type: 'A', ttl: 1 },
    ]);
  });

  it('answer: none is NODATA', async () => {
    await using server = await listen({ answer: [] });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe('ENODATA');
  });

  it('answer: a function that changes its mind, for each name and type by itself', async () => {
    const seen: unknown[] = [];
    const rebind: AnswerFunction = (asked, nth) => {
      seen.push([asked.type, nth]);
      if (asked.type !== 'A') return [];
      return [{ type: 'A', address: nth === 1 ? '192.0.2.1' : '127.0.0.1', ttl: 0 }];
    };
    await using server = await listen({ answer: rebind });
    const resolver = nodeResolver(server);
    expect(await outcome(resolver.resolve6(NAME))).toBe('ENODATA');
    expect(await resolver.resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(await resolver.resolve4(NAME)).toEqual(['127.0.0.1']);
    expect(seen).toEqual([
      ['AAAA', 1],
      ['A', 1],
      ['A', 2],
    ]);
  });

  it('answer: what the function throws is SERVFAIL, and thrown by close', async () => {
    const broken: AnswerFunction = () => {
      throw new Error('no idea');
    };
    const server = await listen({ answer: broken });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe('ESERVFAIL');
    await expect(server.close()).rejects.toThrow(AggregateError);
    await expect(server.close()).rejects.toThrow('no idea');
  });

  it('answer: a function that gives no list is SERVFAIL, and close says so', async () => {
    const server = await listen({ answer: forbidden(async () => []) });
    expect(await outcome(nodeResolver(server).resolve4(NAME))).toBe('ESERVFAIL');
    await expect(server.close()).rejects.toThrow('answer is an object: pass a list of records, or a function');
  });

  it('until: the reply waits', async () => {
    const { promise, resolve } = deferred();
    await using server = await listen({ until: promise });
    const answered = nodeResolver(server).resolve4(NAME);
    await server.asked(1);
    const other = await askOneUdp(server, question('other.test', 'A'));
    expect(other.rcode).toBe('NXDOMAIN');
    resolve();
    expect(await answered).toEqual(['192.0.2.1']);
  });

  it('until: a rejection ends the wait, too', async () => {
    const { promise, reject } = deferred();
    await using server = await listen({ until: promise });
    const answered = nodeResolver(server).resolve4(NAME);
    await server.asked(1);
    reject(new Error('no matter'));
    expect(await answered).toEqual(['192.0.2.1']);
  });

  it('until: it may have been rejected before any question comes', async () => {
    const rejected = Promise.reject(new Error('no matter'));
    await using server = await listen({ until: rejected });
    // Node tells of rejections that nobody hears once the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
  });

  it('until: something else with a then, also one that throws', async () => {
    const fails: PromiseLike<unknown> = {
      // biome-ignore lint/suspicious/noThenProperty: what it is about
      then() {
        throw new Error('no matter');
      },
    };
    await using server = await listen({ until: fails });
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
  });

  it('delayMs: later questions are answered first', async () => {
    await using server = await listen({ delayMs: 20 });
    const replies = await askUdp(server, [question(NAME, 'A', 1), question('other.test', 'A', 2)]);
    expect(replies.map(({ message }) => decode(message).id)).toEqual([2, 1]);
  });

  it('delayMs: a connection whose client has said all is ended after the reply', async () => {
    await using server = await listen({ delayMs: 1 });
    expect(await askTcp(server, [question(NAME, 'A', 1)])).toMatchObject([{ id: 1, rcode: 'NOERROR' }]);
  });

  it('drip: a few octets at a time over TCP, where UDP sends the client', async () => {
    await using server = await listen({ drip: { bytes: 7, everyMs: 1 } });
    expect(await nodeResolver(server).resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(server.questions.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
    expect(await askTcp(server, [question(NAME, 'A')])).toMatchObject([{ answers: [{ data: '192.0.2.1' }] }]);
  });

  it('drip: other replies of the connection wait until it is over', async () => {
    await using server = await DnsServer.listen({
      zone: '*.test. 60 A 192.0.2.1',
      rules: [[{ name: /^drip/ }, { drip: { bytes: 7, everyMs: 1 } }]],
    });
    const names = ['drip-1.test', 'a.test', 'drip-2.test', 'b.test'];
    const replies = await askTcp(
      server,
      names.map((name) => question(name, 'A')),
    );
    expect(replies.map(({ questions }) => questions?.[0]?.name).toSorted()).toEqual(names.toSorted());
  });

  it('drip: a client that goes away in the middle takes no other with it', async () => {
    await using server = await listen({ drip: { bytes: 1, everyMs: 1 } });
    const socket = await openTcp(server);
    socket.on('error', () => {});
    socket.write(framed(question(NAME, 'A')));
    await once(socket, 'data');
    socket.resetAndDestroy();
    expect(await askTcp(server, [question('other.test', 'A')])).toHaveLength(1);
  });

  it('parts go together', async () => {
    await using server = await listen({ what: 'wrong-question', rcode: 'REFUSED', delayMs: 1 });
    const reply = await askOneUdp(server, question(NAME, 'A'));
    expect(reply).toMatchObject({ rcode: 'REFUSED', questions: [{ name: 'wrong-question.test' }] });
  });
});

describe('rules', () => {
  it('the first that fires decides; no parts let a question through', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    server.rule({ name: NAME, transport: 'udp' }, {});
    server.rule({ type: 'A' }, { rcode: 'REFUSED' });
    server.rule({}, { rcode: 'SERVFAIL' });
    const resolver = nodeResolver(server);
    expect(await resolver.resolve4(NAME)).toEqual(['192.0.2.1']);
    expect(await outcome(resolver.resolve4('other.test'))).toBe('EREFUSED');
    expect(await outcome(resolver.resolve6('other.test'))).toBe('ESERVFAIL');
    expect(await askTcp(server, [question(NAME, 'A')])).toMatchObject([{ rcode: 'REFUSED' }]);
  });

  it.each<[string | RegExp, string, boolean]>([
    ['WWW.example.com.', 'www.EXAMPLE.com', true],
    ['www.example.com', 'a.www.example.com', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', 'badexample.com', false],
    [/^www\./, 'WWW.example.com', true],
    [/^www\./g, 'www.example.com', true],
    [/^www\./, 'example.com', false],
  ])('name %s for %s: %s', async (name, asked, fires) => {
    await using server = await DnsServer.listen({ rules: [[{ name }, { rcode: 'REFUSED' }]] });
    for (const _ of [1, 2]) {
      const { rcode } = await askOneUdp(server, question(asked, 'A'));
      expect(rcode).toBe(fires ? 'REFUSED' : 'NXDOMAIN');
    }
  });

  it('times, then the next rule', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const first = server.rule({ times: 2 }, { rcode: 'REFUSED' });
    const second = server.rule({ times: 1 }, { rcode: 'SERVFAIL' });
    expect(await rcodes(server, 4)).toEqual(['REFUSED', 'REFUSED', 'SERVFAIL', 'NOERROR']);
    expect([first.fired, second.fired]).toEqual([2, 1]);
    server.reset();
    expect(first.fired).toBe(0);
    expect(await rcodes(server, 4)).toEqual(['REFUSED', 'REFUSED', 'SERVFAIL', 'NOERROR']);
  });

  it('every nth', async () => {
    await using server = await DnsServer.listen({ records: [A], rules: [[{ every: 3 }, { rcode: 'REFUSED' }]] });
    const [ok, no] = ['NOERROR', 'REFUSED'];
    expect(await rcodes(server, 7)).toEqual([ok, ok, no, ok, ok, no, ok]);
  });

  it('probability: as often as it says, and the same for the same seed', async () => {
    const draw = async (seed: number) => {
      const rules = [[{ probability: 0.25 }, { rcode: 'REFUSED' }]] as const;
      await using server = await DnsServer.listen({ records: [A], seed, rules });
      const first = await rcodes(server, 400);
      server.reset();
      expect(await rcodes(server, 400)).toEqual(first);
      return first;
    };
    const one = await draw(1);
    expect(await draw(1)).toEqual(one);
    expect(await draw(2)).not.toEqual(one);
    const refused = one.filter((rcode) => rcode === 'REFUSED').length;
    expect(refused).toBeGreaterThan(70);
    expect(refused).toBeLessThan(130);
  });

  it('a chance of 0 never fires, one of 1 always does', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    server.rule({ probability: 0 }, { rcode: 'SERVFAIL' });
    server.rule({ probability: 1 }, { rcode: 'REFUSED' });
    expect(new Set(await rcodes(server, 50))).toEqual(new Set(['REFUSED']));
  });

  it('another rule does not change what is drawn for one', async () => {
    const rule = [{ probability: 0.5 }, { rcode: 'REFUSED' }] as const;
    await using alone = await DnsServer.listen({ records: [A], rules: [rule] });
    await using both = await DnsServer.listen({ records: [A], rules: [rule, [{ probability: 0.5 }, {}]] });
    expect(await rcodes(both, 50)).toEqual(await rcodes(alone, 50));
  });

  it('can be removed, twice, or by using', async () => {
    await using server = await DnsServer.listen({ records: [A] });
    const rule = server.rule({}, { rcode: 'REFUSED' });
    expect(await rcodes(server, 1)).toEqual(['REFUSED']);
    rule.remove();
    rule.remove();
    expect(await rcodes(server, 1)).toEqual(['NOERROR']);
    {
      using _ = server.rule({}, { rcode: 'SERVFAIL' });
      expect(await rcodes(server, 1)).toEqual(['SERVFAIL']);
    }
    expect(await rcodes(server, 1)).toEqual(['NOERROR']);
  });

  it('knows a type by its number, too', async () => {
    await using server = await DnsServer.listen({ rules: [[{ type: 'TYPE65' }, { rcode: 'REFUSED' }]] });
    expect(await askOneUdp(server, question('a.test', 'UNKNOWN_65'))).toMatchObject({ rcode: 'REFUSED' });
    expect(server.count('a.test', 'HTTPS')).toBe(1);
  });

  it.each<[string, object, unknown]>([
    ['times 0', { times: 0 }, 'drop'],
    ['times 1.5', { times: 1.5 }, 'drop'],
    ['every 0', { every: 0 }, 'drop'],
    ['probability 2', { probability: 2 }, 'drop'],
    ['probability NaN', { probability: Number.NaN }, 'drop'],
    ['probability as text', { probability: '1' }, 'drop'],
    ['times as text', { times: '1' }, 'drop'],
    ['a transport in capitals', { transport: 'TCP' }, 'drop'],
    ['a transport', { transport: 'tls' }, 'drop'],
    ['a type by its bare number', { type: 65 }, 'drop'],
    ['a word of another language', {}, 'x'.repeat(1e6)],
    ['what is no word', {}, { what: Symbol('drop') }],
    ['rcode null', {}, { rcode: null }],
    ['drip without everyMs', {}, { drip: { bytes: 1 } }],
    ['drip without bytes', {}, { drip: { everyMs: 1 } }],
    ['an empty drip', {}, { drip: {} }],
    ['a type', { type: 'AAAAA' }, 'drop'],
    ['a word', {}, 'explode'],
    ['a word as a part', {}, { what: 'explode' }],
    ['delayMs', {}, { delayMs: -1 }],
    ['delayMs that setTimeout would not take', {}, { delayMs: 2 ** 31 }],
    ['rcode 16', {}, { rcode: 16 }],
    ['rcode by another name', {}, { rcode: 'YXDOMAIN' }],
    ['ttl', {}, { ttl: 2 ** 32 }],
    ['owner', {}, { owner: 'a..b' }],
    ['cnameChain 0', {}, { cnameChain: 0 }],
    ['cnameChain 1001', {}, { cnameChain: 1001 }],
    ['drip.bytes', {}, { drip: { bytes: 0, everyMs: 1 } }],
    ['drip.everyMs', {}, { drip: { bytes: 1, everyMs: -1 } }],
  ])('refuses %s', async (_, match, fault) => {
    await using server = await DnsServer.listen();
    expect(() => server.rule(match, forbidden<Fault>(fault))).toThrow(RangeError);
    expect(() => server.rule(match, forbidden<Fault>(fault))).toThrow(/^.{1,300}$/);
  });

  it.each<[unknown, unknown, string]>([
    [{ nmae: 'other.example.com' }, 'drop', 'there is no option "nmae": there is name, type, transport, times, every'],
    [undefined, 'drop', 'the options are undefined'],
    ['www.example.com', 'drop', 'the options are "www.example.com"'],
    [{ name: 5 }, 'drop', 'name is 5: pass a name or a regular expression'],
    [{ name: null }, 'drop', 'name is null'],
    [{}, { rcod: 'REFUSED' }, 'there is no option "rcod": there is what, delayMs, until, rcode'],
    [{}, undefined, 'the options are undefined'],
    [{}, 5, 'the options are 5'],
    [{}, { until: 5 }, 'until is 5: pass a promise'],
    [{}, { until: null }, 'until is null: pass a promise'],
    [{}, { until: () => {} }, 'until is a function'],
    [{}, { drip: 5 }, 'the options are 5: pass an object with bytes, everyMs'],
    [{}, { drip: { bytes: 1, evryMs: 1 } }, 'there is no option "evryMs"'],
    [{}, { owner: 5 }, 'owner is 5'],
    [{}, { answer: 'A' }, 'answer is "A": pass a list of records, or a function'],
    [{}, { answer: { type: 'A', address: '192.0.2.1' } }, 'answer is an object'],
  ])('refuses %j with %j, a mistake of the test: %s', async (match, fault, message) => {
    await using server = await DnsServer.listen({ records: [A] });
    const mistake = expect.objectContaining({ name: 'TypeError', message: expect.stringContaining(message) });
    expect(() => server.rule(forbidden(match), forbidden<Fault>(fault))).toThrow(mistake);
    // It is as if it had not been tried.
    expect(await rcodes(server, 1)).toEqual(['NOERROR']);
  });

  it('takes an expression of another realm', async () => {
    const name = runInNewContext('/^www/') as RegExp;
    await using server = await DnsServer.listen({ rules: [[{ name }, { rcode: 'REFUSED' }]] });
    expect(await rcodes(server, 1)).toEqual(['REFUSED']);
  });

  it('refuses a record that cannot be sent when the rule is made', async () => {
    await using server = await DnsServer.listen();
    expect(() => server.rule({}, { answer: [{ type: 'A', address: '::1' }] })).toThrow(
      expect.objectContaining({ name: 'ZoneRecordError', field: 'address' }),
    );
    for (const answer of [[null], new Array(1)])
      expect(() => server.rule({}, { answer: forbidden(answer) })).toThrow(
        expect.objectContaining({ name: 'ZoneRecordError', field: 'record' }),
      );
  });

  it('with 5 % of each fault every question is answered or accounted for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(0xffff_ffff), async (seed) => {
        const probability = 0.05;
        await using server = await DnsServer.listen({ records: [A], seed });
        const drops = server.rule({ probability }, 'drop');
        const refused = server.rule({ probability }, { rcode: 'REFUSED' });
        const wrong = server.rule({ probability }, 'wrong-id');
        const messages = Array.from({ length: 200 }, (_, i) => question(NAME, 'A', i));
        const replies = await askTcp(server, messages);
        expect(replies.length + drops.fired).toBe(200);
        expect(replies.filter(({ rcode }) => rcode === 'REFUSED')).toHaveLength(refused.fired);
        expect(replies.filter(({ id = 0 }) => id > 200)).toHaveLength(wrong.fired);
      }),
      { numRuns: 10 },
    );
  });
});

/** What so many questions one after the other are answered with. */
async function rcodes(server: DnsServer, times: number): Promise<string[]> {
  const messages = Array.from({ length: times }, (_, i) => question(NAME, 'A', i));
  return (await askTcp(server, messages)).map(({ rcode }) => rcode);
}

function deferred() {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
