import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AttemptEvent, CacheEvent, Policy, QueryEvent, RecordType, ResolverOptions } from '../../src/dns/index.js';
import { DnsError, RECORD_TYPES, Resolver } from '../../src/dns/index.js';
import { AddressParseError } from '../../src/ip/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { forbidden, NOT_TEXT } from '../support/not-text.js';
import { caresError, codeOf, deferred, errorOf, ManualClock, plainBackend, resolverOf } from '../support/resolving.js';
import { runModule } from '../support/run-node.js';

const ZONE = String.raw`
$ORIGIN test.
$TTL 300
both      60 A     192.0.2.1
          30 A     192.0.2.2
          90 AAAA  2001:db8::1
v4           A     192.0.2.4
v6           AAAA  2001:db8::6
www          CNAME v4
text         TXT   "h\195\169llo" "w"
mail         MX    10 mx
nomail       MX    0 .
_s._tcp      SRV   1 2 443 both
_n._tcp      SRV   0 0 0 .
caa          CAA   128 issue "ca.test"
naptr        NAPTR 1 2 "s" "SIP+D2U" "" _sip._udp
_443._tcp    TLSA  3 1 1 0a0b
@            SOA   ns admin 7 1 2 3 4
@            NS    ns
db.corp      A     192.0.2.50
bad          A     127.0.0.1
             A     192.0.2.9
             AAAA  2001:db8::9
`;

const addresses = ({ records }: { readonly records: readonly { readonly address: string }[] }) =>
  records.map(({ address }) => address);

/** A server with the zone, and a resolver that asks it. */
async function serve(options: ResolverOptions = {}) {
  const server = await DnsServer.listen({ zone: ZONE });
  const resolver = resolverOf(server, options);
  onTestFinished(async () => {
    resolver.close();
    await server.close();
  });
  return { server, resolver };
}

describe('answers', () => {
  test('of both families, with what came from where', async () => {
    const { server, resolver } = await serve();
    expect(await resolver.resolve('Both.TEST.')).toEqual({
      name: 'both.test',
      type: null,
      records: [
        { type: 'A', address: '192.0.2.1', ttl: 60 },
        { type: 'A', address: '192.0.2.2', ttl: 30 },
        { type: 'AAAA', address: '2001:db8::1', ttl: 90 },
      ],
      ttl: 30,
      source: 'network',
      stale: false,
      partial: false,
      families: {
        A: { records: 2, ttl: 30, source: 'network', stale: false, error: null },
        AAAA: { records: 1, ttl: 90, source: 'network', stale: false, error: null },
      },
    });
    expect(server.questions.map(({ type }) => type)).toEqual(['AAAA', 'A']);
  });

  test.each<[RecordType, string, unknown[]]>([
    ['A', 'www', [{ type: 'A', address: '192.0.2.4', ttl: 300 }]],
    ['CNAME', 'www', [{ type: 'CNAME', target: 'v4.test', ttl: null }]],
    ['MX', 'mail', [{ type: 'MX', exchange: 'mx.test', priority: 10, ttl: null }]],
    ['MX', 'nomail', [{ type: 'MX', exchange: null, priority: 0, ttl: null }]],
    ['SRV', '_s._tcp', [{ type: 'SRV', target: 'both.test', port: 443, priority: 1, weight: 2, ttl: null }]],
    ['SRV', '_n._tcp', [{ type: 'SRV', target: null, port: 0, priority: 0, weight: 0, ttl: null }]],
    ['CAA', 'caa', [{ type: 'CAA', critical: 128, tag: 'issue', value: 'ca.test', ttl: null }]],
    [
      'TXT',
      'text',
      [
        {
          type: 'TXT',
          text: 'héllow',
          chunks: [Uint8Array.from(Buffer.from('héllo')), Uint8Array.of(0x77)],
          ttl: null,
        },
      ],
    ],
    [
      'NAPTR',
      'naptr',
      [
        {
          type: 'NAPTR',
          flags: 's',
          service: 'SIP+D2U',
          regexp: '',
          replacement: '_sip._udp.test',
          order: 1,
          preference: 2,
          ttl: null,
        },
      ],
    ],
  ])('%s of %s', async (type, label, records) => {
    const { resolver } = await serve();
    expect((await resolver.resolve(`${label}.test`, type)).records).toStrictEqual(records);
  });

  test('CAA, with tags that are keys of its record: none hides the others', async () => {
    const { server, resolver } = await serve();
    for (const tag of ['issue', 'tag', 'value', 'ttl', 'type', 'critical']) {
      server.records.add({ name: 'tags.test', type: 'CAA', critical: 1, tag, value: 'x' });
    }
    const { records } = await resolver.resolve('tags.test', 'CAA');
    expect(records).toHaveLength(6);
    for (const tag of ['issue', 'tag', 'value', 'ttl']) {
      expect(records).toContainEqual({ type: 'CAA', critical: 1, tag, value: 'x', ttl: null });
    }
    // From Node 24 on its value is hidden.
    expect(records).toContainEqual({ type: 'CAA', critical: 1, tag: 'type', value: expect.any(String), ttl: null });
    // Its flags are hidden.
    expect(records).toContainEqual({ type: 'CAA', critical: 128, tag: 'critical', value: 'x', ttl: null });
  });

  test('of the zone itself', async () => {
    const { resolver } = await serve();
    const { records } = await resolver.resolve('test', 'SOA');
    expect(records).toMatchObject([{ type: 'SOA', nsname: 'ns.test', hostmaster: 'admin.test', serial: 7, minttl: 4 }]);
    expect((await resolver.resolve('test', 'NS')).records).toMatchObject([{ target: 'ns.test' }]);
  });

  test('TLSA, where Node can ask for it', async () => {
    const { resolver } = await serve();
    const outcome = await resolver.resolve('_443._tcp.test', 'TLSA').then(
      ({ records }) => records,
      ({ code }) => code,
    );
    const canAsk = 'resolveTlsa' in (await import('node:dns/promises')).Resolver.prototype;
    const record = { type: 'TLSA', usage: 3, selector: 1, match: 1, data: Uint8Array.of(10, 11), ttl: null };
    expect(outcome).toStrictEqual(canAsk ? [record] : 'NOTIMP');
  });

  test('the root has a name', async () => {
    const { server, resolver } = await serve();
    server.records.add({ name: '.', type: 'NS', target: 'a.root' });
    expect(await resolver.resolve('.', 'NS')).toMatchObject({ name: '', records: [{ target: 'a.root' }] });
  });

  test('of a literal, without a question', async () => {
    const { server, resolver } = await serve();
    expect(await resolver.resolve('2001:DB8::1')).toEqual({
      name: '2001:db8::1',
      type: null,
      records: [{ type: 'AAAA', address: '2001:db8::1', ttl: null }],
      ttl: null,
      source: 'literal',
      stale: false,
      partial: false,
      families: {
        A: { records: 0, ttl: null, source: 'literal', stale: false, error: 'NODATA' },
        AAAA: { records: 1, ttl: null, source: 'literal', stale: false, error: null },
      },
    });
    expect(await resolver.resolve('127.0.0.1', 'A')).toMatchObject({ source: 'literal', families: null });
    expect(await codeOf(resolver.resolve('127.0.0.1', 'AAAA'))).toBe('NODATA');
    expect(await codeOf(resolver.resolve('127.0.0.1', 'PTR'))).toBe('NODATA');
    expect(server.questions).toEqual([]);
  });

  test('NODATA, NXDOMAIN, and what has no type', async () => {
    const { resolver } = await serve();
    expect(await codeOf(resolver.resolve('v4.test', 'MX'))).toBe('NODATA');
    expect(await codeOf(resolver.resolve('text.test'))).toBe('NODATA');
    expect(await codeOf(resolver.resolve('nope.test'))).toBe('NXDOMAIN');
    expect(await codeOf(resolver.resolve('v4.test', forbidden('ANY')))).toBe('BAD_NAME');
    expect(await codeOf(resolver.resolve('v4.test', forbidden('constructor')))).toBe('BAD_NAME');
    expect(RECORD_TYPES).not.toContain('ANY');
  });

  test.each(NOT_TEXT)('%s is no name', async (_, value) => {
    const { resolver } = await serve();
    expect(await codeOf(resolver.resolve(forbidden(value)))).toBe('BAD_NAME');
  });

  test.each(NOT_TEXT.slice(0, 1).concat(NOT_TEXT.slice(2)))('%s is no type', async (title, value) => {
    const { server, resolver } = await serve();
    const asked = resolver.resolve('v4.test', forbidden(value));
    if (title === 'null') expect(addresses(await (asked as Promise<never>))).toEqual(['192.0.2.4']);
    else expect(await codeOf(asked)).toBe('BAD_NAME');
    expect(server.questions.map(({ type }) => type)).toEqual(title === 'null' ? ['AAAA', 'A'] : []);
  });

  test('a name of a megabyte makes no message of a megabyte', async () => {
    const { resolver } = await serve();
    const error = await errorOf(resolver.resolve('x'.repeat(1_000_000)));
    expect(error.message.length).toBeLessThan(500);
    expect(error.question.name).toHaveLength(1_000_000);
  });

  test.each<[name: string, type: string | undefined, message: string]>([
    ['a\x7f\x9b\u202e"\\', undefined, 'BAD_NAME "a\\x7f\\x9b\\u202e\\"\\\\": '],
    ['a.test', '\x1b[31m\nX', 'BAD_NAME "a.test" "\\x1b[31m\\x0aX": '],
    ['a.test', '', 'BAD_NAME "a.test" "": '],
    ['a.test', 'ANY', 'BAD_NAME "a.test" ANY: '],
    ['a.test', 'x'.repeat(1_000_000), `BAD_NAME "a.test" "${'x'.repeat(60)}…": `],
  ])('a message moves no cursor: %j %j', async (name, type, message) => {
    const { resolver } = await serve();
    const error = await errorOf(resolver.resolve(name, type as RecordType));
    expect(error.message).toMatch(/^[ -~…]+$/);
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error.question).toEqual({ name, type: type ?? null });
  });

  test('belong to who asked: nobody can change those of others', async () => {
    const { resolver } = await serve();
    const [one, other] = await Promise.all([
      resolver.resolve('text.test', 'TXT'),
      resolver.resolve('text.test', 'TXT'),
    ]);
    one.records[0]?.chunks[0]?.fill(0);
    expect(other.records[0]?.chunks[0]?.[0]).toBe(0x68);
    expect((await resolver.resolve('text.test', 'TXT')).records[0]?.chunks[0]?.[0]).toBe(0x68);
    const { records } = await resolver.resolve('v4.test', 'A');
    expect(() => Object.assign(records[0] ?? {}, { address: '127.0.0.1' })).toThrow(TypeError);
  });
});

describe('answers that are ready', () => {
  const POLICIES: readonly Policy[] = ['any', { deny: ['10.0.0.0/8'] }, 'global', () => true];

  test.each(POLICIES)('nobody can change those of others, under the policy %j', async (policy) => {
    const { server, resolver } = await serve({ policy, hosts: { text: '9.9.9.9 hosted' } });
    server.records.add(
      { name: 'pair.test', type: 'A', address: '8.8.8.8', ttl: 60 },
      { name: 'pair.test', type: 'A', address: '8.8.4.4', ttl: 60 },
      { name: 'pair.test', type: 'AAAA', address: '2606:4700::1', ttl: 60 },
    );
    for (const name of ['pair.test', 'hosted', '8.8.8.8']) {
      for (const type of [undefined, 'A'] as const) {
        const ask = () => (type === undefined ? resolver.resolve(name) : resolver.resolve(name, type));
        await ask();
        const before = structuredClone(await ask());
        for (let time = 0; time < 3; time++) {
          const answer = await ask();
          expect(answer).toEqual(before);
          // A list of one's own, of records that all share.
          const records: unknown[] = forbidden(answer.records);
          for (const record of records) {
            expect(() => Object.assign(record as object, { address: '127.0.0.1' })).toThrow(TypeError);
          }
          records.reverse().push({ type: 'A', address: '127.0.0.1', ttl: 1 });
          Object.assign(answer, { name: 'evil.test', source: 'network', ttl: 1e9 });
          const { families } = answer;
          if (families === null) continue;
          expect(() => Object.assign(families, { A: null })).toThrow(TypeError);
          expect(() => Object.assign(families.A, { error: 'BLOCKED' })).toThrow(TypeError);
        }
      }
    }
  });

  test('count as hits, and are told to those who listen', async () => {
    const { server, resolver } = await serve();
    for (let time = 0; time < 5; time++) await resolver.resolve('both.test');
    for (let time = 0; time < 5; time++) await resolver.resolve('both.test', 'A');
    expect(resolver.stats()).toMatchObject({ hits: 8 + 5, misses: 2 });
    const heard: string[] = [];
    const listen = (message: unknown) => heard.push((message as CacheEvent).event);
    subscribe('inaddr:dns:cache', listen);
    onTestFinished(() => void unsubscribe('inaddr:dns:cache', listen));
    await resolver.resolve('both.test');
    expect(heard).toEqual(['hit', 'hit']);
    expect(server.count()).toBe(2);
  });

  test('are forgotten with the cache, and none is given when the resolver is closed', async () => {
    const { server, resolver } = await serve();
    for (let time = 0; time < 3; time++) await resolver.resolve('v4.test');
    resolver.clear();
    await resolver.resolve('v4.test');
    expect(server.count()).toBe(4);
    await resolver.resolve('v4.test');
    resolver.close();
    expect(await codeOf(resolver.resolve('v4.test'))).toBe('ABORTED');
  });

  test('a policy that is a function is asked each time', async () => {
    let allowed = true;
    const { resolver } = await serve({ policy: () => allowed });
    for (let time = 0; time < 3; time++) await resolver.resolve('both.test');
    allowed = false;
    expect(await codeOf(resolver.resolve('both.test'))).toBe('BLOCKED');
  });
});

describe('families', () => {
  test.each<[ResolverOptions['family'], string[], string[]]>([
    ['any', ['192.0.2.1', '192.0.2.2', '2001:db8::1'], ['AAAA', 'A']],
    [4, ['192.0.2.1', '192.0.2.2'], ['A']],
    [6, ['2001:db8::1'], ['AAAA']],
    ['v4first', ['192.0.2.1', '192.0.2.2', '2001:db8::1'], ['AAAA', 'A']],
    ['v6first', ['2001:db8::1', '192.0.2.1', '192.0.2.2'], ['AAAA', 'A']],
  ])('%s', async (family, expected, asked) => {
    const { server, resolver } = await serve({ family });
    expect(addresses(await resolver.resolve('both.test'))).toEqual(expected);
    expect(server.questions.map(({ type }) => type)).toEqual(asked);
  });

  test('a family that was not asked for has no answer, and a literal of it none either', async () => {
    const { resolver } = await serve({ family: 4 });
    const answer = await resolver.resolve('both.test');
    expect(answer.families?.AAAA).toEqual({ records: 0, ttl: null, source: null, stale: false, error: null });
    expect(await codeOf(resolver.resolve('::1'))).toBe('NODATA');
    expect(addresses(await resolver.resolve('::1', 'AAAA'))).toEqual(['::1']);
  });

  test.each(['SERVFAIL', 'REFUSED', 'TIMEOUT'] as const)('A survives an AAAA that ends with %s', async (code) => {
    const { server, resolver } = await serve({ attempts: 1, attemptTimeoutMs: 100 });
    server.rule({ type: 'AAAA' }, code === 'TIMEOUT' ? 'drop' : { rcode: code });
    const answer = await resolver.resolve('both.test');
    expect(addresses(answer)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(answer).toMatchObject({
      partial: true,
      families: { A: { error: null }, AAAA: { error: code, records: 0 } },
    });
  });

  test('A survives an AAAA that outlasts the time limit', async () => {
    const { server, resolver } = await serve({ timeoutMs: 100 });
    server.rule({ type: 'AAAA' }, 'drop');
    expect(await resolver.resolve('both.test')).toMatchObject({
      partial: true,
      families: { AAAA: { error: 'TIMEOUT' } },
    });
  });

  test('no address of one family is no failure', async () => {
    const { resolver } = await serve();
    expect(await resolver.resolve('v4.test')).toMatchObject({
      partial: false,
      families: { AAAA: { error: 'NODATA' } },
    });
  });

  test('a failure says more than NODATA', async () => {
    const { server, resolver } = await serve();
    server.rule({ type: 'AAAA' }, { rcode: 'SERVFAIL' });
    expect(await codeOf(resolver.resolve('text.test'))).toBe('SERVFAIL');
  });
});

describe('bounds', () => {
  /** No promise outlives its time limit by more than 100 ms: the median of many, as the machine has other work too. */
  test('the time limit ends a call', async () => {
    const { server, resolver } = await serve({ cache: false });
    server.rule({}, 'drop');
    const over: number[] = [];
    for (let i = 0; i < 9; i++) {
      const start = performance.now();
      const error = await errorOf(resolver.resolve('a.test', 'A', { timeoutMs: 50 }));
      over.push(performance.now() - start - 50);
      expect(error).toMatchObject({ code: 'TIMEOUT', retryable: true });
      expect(error.trace).toMatchObject([{ server: server.address, outcome: 'TIMEOUT' }]);
    }
    expect(over.sort((a, b) => a - b)[4]).toBeLessThan(100);
    expect(Math.min(...over)).toBeGreaterThan(-5);
  });

  test('also while it waits for its turn, or for a store that hangs', async () => {
    const store = { get: () => new Promise(() => {}), set: () => {} };
    const { server, resolver } = await serve({ maxInFlight: 1, cache: { store, storeTimeoutMs: 60_000 } });
    expect(await codeOf(resolver.resolve('a.test', 'A', { timeoutMs: 20 }))).toBe('TIMEOUT');
    expect(server.questions).toEqual([]);

    const { server: other, resolver: busy } = await serve({ maxInFlight: 1 });
    other.rule({ name: 'slow.test' }, 'drop');
    const slow = codeOf(busy.resolve('slow.test', 'A'));
    await other.asked(1);
    expect(await errorOf(busy.resolve('v4.test', 'A', { timeoutMs: 20 }))).toMatchObject({
      code: 'TIMEOUT',
      trace: [],
    });
    // That its turn did not come says nothing about the name.
    busy.close();
    expect(await slow).toBe('ABORTED');
    expect(busy.stats().entries).toBe(0);
  });

  test('a signal ends a call, its reason is the cause', async () => {
    const { server, resolver } = await serve();
    server.rule({}, 'drop');
    const caller = new AbortController();
    const failing = errorOf(resolver.resolve('a.test', 'A', { signal: caller.signal }));
    await server.asked(1);
    caller.abort('enough');
    const error = await failing;
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'enough', retryable: false });
    expect(error.trace).toMatchObject([{ outcome: 'ABORTED' }]);
    expect(resolver.stats()).toMatchObject({ inFlight: 0, queued: 0, entries: 0 });
  });

  test('who has aborted gets nothing, not even half an answer, or one from the cache', async () => {
    const { server, resolver } = await serve();
    await resolver.resolve('v4.test');
    server.rule({ name: 'both.test', type: 'AAAA' }, 'drop');
    const caller = new AbortController();
    const half = codeOf(resolver.resolve('both.test', undefined, { signal: caller.signal }));
    await server.asked(1, { name: 'both.test', type: 'AAAA' });
    // A is there as soon as it is in the cache.
    await expect.poll(() => resolver.stats().entries).toBe(3);
    caller.abort();
    expect(await half).toBe('ABORTED');
    expect(await codeOf(resolver.resolve('v4.test', undefined, { signal: caller.signal }))).toBe('ABORTED');
    expect(await codeOf(resolver.resolve('127.0.0.1', undefined, { signal: caller.signal }))).toBe('ABORTED');
  });

  test('a signal that many calls share has one listener, and none when they have ended', async () => {
    const { resolver } = await serve();
    const { signal } = new AbortController();
    const all = Array.from({ length: 100 }, (_, i) => codeOf(resolver.resolve(`${i}.test`, 'A', { signal })));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(all);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('close ends all calls, and later ones at once', async () => {
    const { server, resolver } = await serve({ maxInFlight: 2 });
    await resolver.resolve('v4.test', 'A');
    server.rule({}, 'drop');
    const calls = ['a', 'b', 'c', 'd'].map((name) => codeOf(resolver.resolve(`${name}.test`)));
    await server.asked(3);
    resolver.close();
    expect(await Promise.all(calls)).toEqual(Array(4).fill('ABORTED'));
    expect(resolver.stats()).toMatchObject({ inFlight: 0, queued: 0 });
    expect(await errorOf(resolver.resolve('v4.test', 'A'))).toMatchObject({
      code: 'ABORTED',
      hint: 'the resolver is closed, make another',
    });
    resolver.close();
  });

  test.each<[string, ResolverOptions, ErrorConstructor]>([
    ['no server', { servers: [] }, TypeError],
    ['port 0', { servers: ['127.0.0.1:0'] }, TypeError],
    ['timeoutMs', { timeoutMs: 0 }, RangeError],
    ['timeoutMs', { timeoutMs: 2 ** 31 }, RangeError],
    ['attemptTimeoutMs', { attemptTimeoutMs: Number.NaN }, RangeError],
    ['attempts', { attempts: 0 }, RangeError],
    ['attempts', { attempts: 101 }, RangeError],
    ['maxInFlight', { maxInFlight: 0.5 }, RangeError],
    ['ndots', { ndots: -1 }, RangeError],
    ['search', { search: ['a..b'] }, TypeError],
    ['search', { search: ['127.0.0.1'] }, TypeError],
    ['family', { family: forbidden('IPv4') }, TypeError],
    ['onDenied', { onDenied: forbidden('ignore') }, TypeError],
    ['policy', { policy: forbidden('public') }, TypeError],
    ['cache.maxTtl', { cache: { maxTtl: 2 ** 31 } }, RangeError],
  ])('%s is refused: %j', (_, options, error) => {
    expect(() => new Resolver({ servers: ['127.0.0.1'], ...options })).toThrow(error);
  });

  test('a time that is none rejects', async () => {
    const { resolver } = await serve();
    await expect(resolver.resolve('v4.test', 'A', { timeoutMs: -1 })).rejects.toThrow(RangeError);
  });

  test('nothing is left that keeps the process alive', async () => {
    await using server = await DnsServer.listen({ zone: ZONE, rules: [[{ name: /silent/ }, 'drop']] });
    const run = (text: string) =>
      runModule(`
        import { Resolver } from 'inaddr/dns';
        const resolver = new Resolver({ servers: ['${server.address}'], hosts: false, timeoutMs: 20_000, attemptTimeoutMs: 20_000 });
        const start = performance.now();
        ${text}
        process.on('exit', () => console.log(Math.round(performance.now() - start)));
      `);
    const exits = await Promise.all([
      run(`await resolver.resolve('silent.test', 'A', { timeoutMs: 100 }).catch(() => {});`),
      run(`await resolver.resolve('silent.test', 'A', { signal: AbortSignal.timeout(100) }).catch(() => {});`),
      run(`setTimeout(() => resolver.close(), 100); await resolver.resolve('silent.test').catch(() => {});`),
      // A question that was given up while another was open.
      run(`await Promise.all([
        resolver.resolve('silent.test', 'A', { timeoutMs: 100 }).catch(() => {}),
        ...Array.from({ length: 30 }, (_, i) => resolver.resolve(i + '.test').catch(() => {})),
      ]);`),
    ]);
    for (const { code, stdout, stderr } of exits) {
      expect([code, stderr]).toEqual([0, '']);
      expect(Number(stdout)).toBeLessThan(4000);
    }
  });
});

describe('servers', () => {
  test.each(['SERVFAIL', 'REFUSED', 'garbage', 'drop', 'dead'] as const)('%s: the next one is asked', async (fault) => {
    await using first = await DnsServer.listen();
    await using second = await DnsServer.listen({ zone: ZONE });
    first.rule({}, fault === 'SERVFAIL' || fault === 'REFUSED' ? { rcode: fault } : fault === 'dead' ? {} : fault);
    if (fault === 'dead') await first.close();
    using resolver = resolverOf([first, second], { attemptTimeoutMs: 200 });
    expect(addresses(await resolver.resolve('v4.test', 'A'))).toEqual(['192.0.2.4']);
    expect(first.count()).toBe(fault === 'dead' ? 0 : 1);
    expect(second.count()).toBe(1);
  });

  test('NXDOMAIN is an answer', async () => {
    await using first = await DnsServer.listen();
    await using second = await DnsServer.listen({ zone: ZONE });
    using resolver = resolverOf([first, second]);
    expect(await codeOf(resolver.resolve('v4.test', 'A'))).toBe('NXDOMAIN');
    expect(second.count()).toBe(0);
  });

  test('the error tells the story of every server', async () => {
    await using first = await DnsServer.listen({ rules: [[{}, 'drop']] });
    await using second = await DnsServer.listen({ rules: [[{}, { rcode: 'SERVFAIL' }]] });
    using resolver = resolverOf([first, second], { attemptTimeoutMs: 100, attempts: 2 });
    const error = await errorOf(resolver.resolve('v4.test', 'A'));
    expect(error.code).toBe('SERVFAIL');
    expect(error.question).toEqual({ name: 'v4.test', type: 'A' });
    expect(error.trace.map(({ server, outcome }) => [server, outcome])).toEqual([
      [first.address, 'TIMEOUT'],
      [second.address, 'SERVFAIL'],
      [first.address, 'TIMEOUT'],
      [second.address, 'SERVFAIL'],
    ]);
    expect(error.cause).toMatchObject({ code: 'ESERVFAIL' });
  });

  test.each(['drop', 'dead'] as const)(
    'one that is silent (%s) is asked last for 30 s, then by one question',
    async (how) => {
      const zone = '*.test. A 192.0.2.1';
      const first = await DnsServer.listen({ zone });
      await using second = await DnsServer.listen({ zone });
      const silent = first.rule({}, 'drop');
      if (how === 'dead') await first.close();
      const asked = () => first.count();
      const clock = new ManualClock();
      using resolver = resolverOf([first, second], { attemptTimeoutMs: 200, clock: clock.read });
      const attempts: string[] = [];
      const listen = (message: unknown) => attempts.push((message as AttemptEvent).server);
      subscribe('inaddr:dns:attempt', listen);
      onTestFinished(() => void unsubscribe('inaddr:dns:attempt', listen));
      const ask = async (...names: string[]) => {
        attempts.length = 0;
        await Promise.all(names.map((name) => resolver.resolve(`${name}.test`, 'A')));
        return attempts.map((server) => (server === first.address ? 'first' : 'second'));
      };
      expect(await ask('a')).toEqual(['first', 'second']);
      expect(await ask('b', 'c')).toEqual(['second', 'second']);
      clock.pass(29.9);
      expect(await ask('d')).toEqual(['second']);
      clock.pass(0.1);
      // One finds out, and nobody else waits for it.
      expect((await ask('e', 'f', 'g')).sort()).toEqual(['first', 'second', 'second', 'second']);
      expect(await ask('h')).toEqual(['second']);
      if (how === 'dead') return;
      expect(asked()).toBe(2);
      silent.remove();
      clock.pass(30);
      expect(await ask('i')).toEqual(['first']);
      expect(await ask('j')).toEqual(['first']);
      await first.close();
    },
  );

  test('one that is silent is asked when the others fail, and is back in its place when it answers', async () => {
    await using first = await DnsServer.listen({ zone: ZONE, rules: [[{ times: 1 }, 'drop']] });
    await using second = await DnsServer.listen({ zone: ZONE });
    using resolver = resolverOf([first, second], { attemptTimeoutMs: 200, cache: false });
    await resolver.resolve('v4.test', 'A');
    const failing = second.rule({}, { rcode: 'SERVFAIL' });
    await resolver.resolve('v4.test', 'A');
    expect([first.count(), second.count()]).toEqual([2, 2]);
    failing.remove();
    await resolver.resolve('v4.test', 'A');
    expect([first.count(), second.count()]).toEqual([3, 2]);
  });

  test('one that outlasts the time of a call is silent; who sets servers anew asks it first again', async () => {
    await using first = await DnsServer.listen({ rules: [[{}, 'drop']] });
    await using second = await DnsServer.listen({ zone: ZONE });
    using resolver = resolverOf([first, second], { attemptTimeoutMs: 60_000 });
    expect(await codeOf(resolver.resolve('v4.test', 'A', { timeoutMs: 100 }))).toBe('TIMEOUT');
    expect(await codeOf(resolver.resolve('v4.test', 'A', { timeoutMs: 600 }))).toBe('TIMEOUT');
    expect([first.count(), second.count()]).toEqual([2, 0]);
    expect(addresses(await resolver.resolve('v4.test', 'A', { timeoutMs: 600 }))).toEqual(['192.0.2.4']);
    expect([first.count(), second.count()]).toEqual([2, 1]);
    resolver.setServers([first.address, second.address]);
    expect(await codeOf(resolver.resolve('v6.test', 'A', { timeoutMs: 100 }))).toBe('TIMEOUT');
    expect([first.count(), second.count()]).toEqual([3, 1]);
  });

  test('others while a question is in flight: it ends with its own, new ones go to the new, failures are forgotten', async () => {
    const { promise: heard, resolve: answerNow } = deferred<void>();
    await using first = await DnsServer.listen({
      zone: 'held.test. A 192.0.2.1',
      rules: [
        [{ name: 'bad.test' }, { rcode: 'SERVFAIL' }],
        [{ name: 'held.test' }, { until: heard }],
      ],
    });
    await using second = await DnsServer.listen({ zone: 'held.test. A 192.0.2.2\nbad.test. A 192.0.2.3' });
    using resolver = resolverOf(first);
    expect(await codeOf(resolver.resolve('bad.test', 'A'))).toBe('SERVFAIL');
    const held = resolver.resolve('held.test', 'A');
    await first.asked(1, { name: 'held.test' });
    resolver.setServers([second.address]);
    expect(resolver.servers).toEqual([second.address]);
    expect(addresses(await resolver.resolve('held.test', 'A'))).toEqual(['192.0.2.2']);
    expect(addresses(await resolver.resolve('bad.test', 'A'))).toEqual(['192.0.2.3']);
    answerNow();
    expect(addresses(await held)).toEqual(['192.0.2.1']);
    expect(() => resolver.setServers(['127.0.0.1:0'])).toThrow(TypeError);
    expect(resolver.servers).toEqual([second.address]);
  });

  test('the cap holds, and everybody has his turn', async () => {
    const { server, resolver } = await serve({ maxInFlight: 4 });
    const gate = deferred<void>();
    server.rule({}, { until: gate.promise, rcode: 'NXDOMAIN' });
    const all = Array.from({ length: 20 }, (_, i) => codeOf(resolver.resolve(`${i}.test`, 'A')));
    await server.asked(4);
    expect(resolver.stats()).toMatchObject({ questions: 4, inFlight: 4, queued: 16 });
    gate.resolve();
    expect(await Promise.all(all)).toEqual(Array(20).fill('NXDOMAIN'));
    expect(resolver.stats()).toMatchObject({ questions: 20, inFlight: 0, queued: 0 });
  });

  test('a backend of plain values', async () => {
    const servers: string[] = [];
    const backend = plainBackend((method) => {
      if (method === 'resolve4') return [{ address: '192.0.2.1', ttl: 2 ** 32 - 1 }];
      throw caresError('ESERVFAIL');
    });
    using resolver = new Resolver({
      servers: ['192.0.2.53'],
      hosts: false,
      createBackend: (server) => {
        servers.push(server);
        return backend;
      },
    });
    expect(await resolver.resolve('a.test')).toMatchObject({ records: [{ ttl: 604_800 }], partial: true });
    expect(servers).toEqual(['192.0.2.53:53']);
  });
});

describe('single flight', () => {
  test('equal questions are one, however they are written', async () => {
    const { server, resolver } = await serve({ cache: false });
    const gate = deferred<void>();
    server.rule({}, { until: gate.promise });
    const all = Array.from({ length: 100 }, (_, i) =>
      resolver.resolve(['v4.test', 'V4.Test', 'v4.test.'][i % 3] ?? ''),
    );
    await server.asked(2);
    gate.resolve();
    await Promise.all(all);
    expect(server.questions.map(({ type }) => type)).toEqual(['AAAA', 'A']);
  });

  test("is detached from any one caller's abort; when all have gone, it is given up", async () => {
    const { server, resolver } = await serve();
    const gate = deferred<void>();
    server.rule({ name: 'v4.test' }, { until: gate.promise });
    server.rule({ name: 'silent.test' }, 'drop');
    const [first, second] = [new AbortController(), new AbortController()];
    const gone = codeOf(resolver.resolve('v4.test', 'A', { signal: first.signal }));
    const stays = resolver.resolve('v4.test', 'A', { signal: second.signal });
    const silent = codeOf(resolver.resolve('silent.test', 'A', { signal: first.signal }));
    await server.asked(2);
    first.abort();
    expect(await gone).toBe('ABORTED');
    expect(await silent).toBe('ABORTED');
    await expect.poll(() => resolver.stats().inFlight).toBe(1);
    gate.resolve();
    expect(addresses(await stays)).toEqual(['192.0.2.4']);
    expect(server.count('v4.test')).toBe(1);
  });

  test('of the shared store too', async () => {
    let gets = 0;
    const store = { get: () => void gets++, set: () => {} };
    const { resolver } = await serve({ cache: { store } });
    await Promise.all(Array.from({ length: 50 }, () => resolver.resolve('v4.test', 'A')));
    expect(gets).toBe(1);
  });
});

describe('the cache', () => {
  test('answers until the TTL is over, counting down', async () => {
    const clock = new ManualClock();
    const { server, resolver } = await serve({ clock: clock.read });
    await resolver.resolve('both.test');
    clock.pass(29);
    expect(await resolver.resolve('both.test')).toMatchObject({
      source: 'cache',
      ttl: 1,
      records: [{ ttl: 31 }, { ttl: 1 }, { ttl: 61 }],
      families: { A: { source: 'cache', ttl: 1 }, AAAA: { source: 'cache', ttl: 61 } },
    });
    expect(server.count()).toBe(2);
    clock.pass(1);
    expect(await resolver.resolve('both.test')).toMatchObject({
      families: { A: { source: 'network' }, AAAA: { source: 'cache' } },
    });
    expect(server.count()).toBe(3);
    expect(resolver.stats()).toMatchObject({ hits: 3, misses: 3, entries: 2 });
    resolver.clear();
    expect(resolver.stats().entries).toBe(0);
  });

  test('off, every call is a question', async () => {
    const { server, resolver } = await serve({ cache: false });
    await resolver.resolve('v4.test', 'A');
    await resolver.resolve('v4.test', 'A');
    expect(server.count()).toBe(2);
    expect(resolver.stats()).toMatchObject({ entries: 0, hits: 0 });
  });

  test('negative answers for 5 s, records without a TTL for 60', async () => {
    const clock = new ManualClock();
    const { server, resolver } = await serve({ clock: clock.read });
    const ask = () => Promise.all([codeOf(resolver.resolve('nope.test', 'A')), resolver.resolve('mail.test', 'MX')]);
    await ask();
    clock.pass(4.9);
    await ask();
    expect([server.count('nope.test'), server.count('mail.test')]).toEqual([1, 1]);
    clock.pass(0.1);
    await ask();
    expect([server.count('nope.test'), server.count('mail.test')]).toEqual([2, 1]);
    clock.pass(55);
    await ask();
    expect([server.count('nope.test'), server.count('mail.test')]).toEqual([3, 2]);
  });

  test('failures for longer and longer', async () => {
    const clock = new ManualClock();
    const { server, resolver } = await serve({ clock: clock.read, attempts: 1 });
    server.rule({}, { rcode: 'SERVFAIL' });
    const asked: number[] = [];
    for (let second = 0; second < 20; second++) {
      const error = await errorOf(resolver.resolve('v4.test', 'A'));
      expect(error.code).toBe('SERVFAIL');
      if (error.trace.length > 0) asked.push(second);
      clock.pass(1);
    }
    expect(asked).toEqual([0, 1, 3, 7, 15]);
    expect(server.count()).toBe(5);
  });

  test('a time limit that no attempt outlives is a failure of the servers, an abort is not', async () => {
    const { server, resolver } = await serve({ timeoutMs: 50 });
    server.rule({}, 'drop');
    const outcomes: string[] = [];
    const listen = (message: unknown) => {
      const attempt = message as AttemptEvent;
      // Of this server alone: what another test has left behind may end now.
      if (attempt.server === server.address) outcomes.push(attempt.outcome);
    };
    subscribe('inaddr:dns:attempt', listen);
    onTestFinished(() => void unsubscribe('inaddr:dns:attempt', listen));
    expect(await codeOf(resolver.resolve('v4.test', 'A', { timeoutMs: 10 }))).toBe('TIMEOUT');
    expect(resolver.stats().entries).toBe(0);
    expect(await codeOf(resolver.resolve('v4.test', 'A'))).toBe('TIMEOUT');
    await expect.poll(() => resolver.stats().entries).toBe(1);
    expect(await errorOf(resolver.resolve('v4.test', 'A'))).toMatchObject({ code: 'TIMEOUT', trace: [] });
    expect(server.count()).toBe(2);
    expect(outcomes).toEqual(['TIMEOUT', 'TIMEOUT']);
  });

  test.each(['__proto__', 'constructor', 'hasOwnProperty'])('%s is a name like others', async (name) => {
    const { server, resolver } = await serve();
    expect(await codeOf(resolver.resolve(name, 'A'))).toBe('NXDOMAIN');
    server.records.add({ name: `${name}.test`, type: 'A', address: '192.0.2.1' });
    expect(addresses(await resolver.resolve(`${name}.test`, 'A'))).toEqual(['192.0.2.1']);
    expect(await resolver.resolve(`${name}.test`, 'A')).toMatchObject({ source: 'cache' });
  });

  test('ipv4only.arpa goes upstream, and never into a shared store', async () => {
    const keys: string[] = [];
    const store = { get: (key: string) => void keys.push(key), set: (key: string) => void keys.push(key) };
    const { server, resolver } = await serve({ cache: { store } });
    server.records.add({ name: 'ipv4only.arpa', type: 'AAAA', address: '64:ff9b::192.0.0.170' });
    expect(addresses(await resolver.resolve('ipv4only.arpa', 'AAAA'))).toEqual(['64:ff9b::192.0.0.170']);
    expect(await resolver.resolve('ipv4only.arpa', 'AAAA')).toMatchObject({ source: 'cache' });
    await resolver.resolve('v4.test', 'A');
    await expect.poll(() => keys).toEqual(['A v4.test', 'A v4.test']);
  });

  test('a shared store answers for another resolver; its answer ages, and the policy is asked about it', async () => {
    const kept = new Map<string, unknown>();
    const store = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: unknown) => void kept.set(key, value),
    };
    const { server, resolver } = await serve({ cache: { store } });
    await resolver.resolve('bad.test', 'A');
    await expect.poll(() => kept.size).toBe(1);
    const other = resolverOf(server, { cache: { store } });
    expect(await other.resolve('bad.test', 'A')).toMatchObject({ source: 'cache', stale: false });
    expect(other.stats().store).toEqual({ hits: 1, failures: 0, lies: 0 });
    const guarded = resolverOf(server, { cache: { store }, policy: { deny: ['127.0.0.0/8'] } });
    expect(await codeOf(guarded.resolve('bad.test', 'A'))).toBe('BLOCKED');
    expect(server.count('bad.test')).toBe(1);
  });
});

describe('stale answers', () => {
  async function stale(options: ResolverOptions = {}) {
    const clock = new ManualClock();
    const served = await serve({ clock: clock.read, cache: { staleTtl: 86_400 }, attempts: 1, ...options });
    await served.resolver.resolve('both.test', 'A');
    clock.pass(31);
    served.server.reset();
    return { ...served, clock };
  }

  test('are given when the servers fail, with TTL 30, and are looked after again in 30 s', async () => {
    const { server, resolver, clock } = await stale();
    using _ = server.rule({}, { rcode: 'SERVFAIL' });
    expect(await resolver.resolve('both.test', 'A')).toMatchObject({
      source: 'cache',
      stale: true,
      ttl: 30,
      records: [
        { address: '192.0.2.1', ttl: 30 },
        { address: '192.0.2.2', ttl: 30 },
      ],
    });
    clock.pass(29.9);
    expect(await resolver.resolve('both.test', 'A')).toMatchObject({ stale: true });
    expect(server.count()).toBe(1);
    clock.pass(0.1);
    await resolver.resolve('both.test', 'A');
    expect(server.count()).toBe(2);
    expect(resolver.stats().stale).toBe(3);
  });

  test('are not given when the servers answer, with NXDOMAIN too', async () => {
    const { server, resolver, clock } = await stale();
    expect(await resolver.resolve('both.test', 'A')).toMatchObject({ source: 'network', stale: false });
    clock.pass(31);
    server.rule({}, { rcode: 'NXDOMAIN' });
    expect(await codeOf(resolver.resolve('both.test', 'A'))).toBe('NXDOMAIN');
    server.rule({}, { rcode: 'SERVFAIL' });
    expect(await codeOf(resolver.resolve('both.test', 'A'))).toBe('NXDOMAIN');
  });

  test('end with staleTtl', async () => {
    const { server, resolver, clock } = await stale();
    server.rule({}, { rcode: 'SERVFAIL' });
    clock.pass(86_400);
    expect(await codeOf(resolver.resolve('both.test', 'A'))).toBe('SERVFAIL');
  });

  test('are given after 1.8 s of silence, or at the time limit when that is less; the servers go on being asked', async () => {
    const { server, resolver } = await stale({ attemptTimeoutMs: 60_000 });
    const gate = deferred<void>();
    server.rule({}, { until: gate.promise });
    const start = performance.now();
    expect(await resolver.resolve('both.test', 'A', { timeoutMs: 50 })).toMatchObject({ stale: true });
    expect(performance.now() - start).toBeLessThan(1700);
    const long = performance.now();
    expect(await resolver.resolve('both.test', 'A')).toMatchObject({ stale: true });
    expect(performance.now() - long).toBeGreaterThan(1700);
    gate.resolve();
    await expect.poll(async () => (await resolver.resolve('both.test', 'A')).stale).toBe(false);
    // One question: the first went on, and the second call joined it.
    expect(server.count()).toBe(1);
  });

  test('who aborts gets none, and leaves nothing behind', async () => {
    const { server, resolver } = await stale();
    server.rule({}, 'drop');
    const caller = new AbortController();
    const failing = codeOf(resolver.resolve('both.test', 'A', { signal: caller.signal }));
    await server.asked(1);
    caller.abort();
    expect(await failing).toBe('ABORTED');
    await expect.poll(() => resolver.stats().inFlight).toBe(0);
  });

  test('the policy is asked again', async () => {
    let allowed = true;
    const { server, resolver } = await stale({ policy: () => allowed });
    server.rule({}, { rcode: 'SERVFAIL' });
    allowed = false;
    expect(await codeOf(resolver.resolve('both.test', 'A'))).toBe('BLOCKED');
  });
});

describe('policy', () => {
  const policy: Policy = { deny: ['127.0.0.0/8'] };

  test('one denied address fails the whole answer', async () => {
    const { resolver } = await serve({ policy });
    const error = await errorOf(resolver.resolve('bad.test'));
    expect(error).toMatchObject({ code: 'BLOCKED', retryable: false, message: expect.stringContaining('127.0.0.1') });
    expect(addresses(await resolver.resolve('bad.test', 'AAAA'))).toEqual(['2001:db8::9']);
    expect(resolver.stats().blocked).toBe(1);
  });

  test('or is dropped, and fails the answer only when nothing is left', async () => {
    const { resolver } = await serve({ policy, onDenied: 'drop' });
    expect(addresses(await resolver.resolve('bad.test'))).toEqual(['192.0.2.9', '2001:db8::9']);
    const { resolver: strict } = await serve({ policy: { allow: ['2001:db8::/32'] }, onDenied: 'drop' });
    expect(await strict.resolve('bad.test')).toMatchObject({
      records: [{ address: '2001:db8::9' }],
      partial: false,
      families: { A: { records: 0, ttl: null, error: 'BLOCKED' }, AAAA: { records: 1, error: null } },
    });
    expect(await codeOf(strict.resolve('bad.test', 'A'))).toBe('BLOCKED');
    expect(await codeOf(strict.resolve('v4.test'))).toBe('BLOCKED');
  });

  test('is asked about literals, special names, the hosts file, and the cache', async () => {
    const { resolver } = await serve({ policy: 'global', hosts: { text: '10.0.0.1 db' } });
    for (const name of [
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
      'fe80::1%lo',
      '0.0.0.0',
      'localhost',
      'db',
      'v4.test',
      'v4.test',
    ]) {
      expect(await codeOf(resolver.resolve(name)), name).toBe('BLOCKED');
    }
    expect(addresses(await resolver.resolve('8.8.8.8'))).toEqual(['8.8.8.8']);
    const { resolver: drop } = await serve({ policy: 'global', onDenied: 'drop' });
    expect(await codeOf(drop.resolve('127.0.0.1'))).toBe('BLOCKED');
  });

  test('has no say about other types', async () => {
    const { resolver } = await serve({ policy: 'global' });
    expect((await resolver.resolve('mail.test', 'MX')).records).toHaveLength(1);
  });
});

describe('hosts and search', () => {
  test('the hosts file answers first', async () => {
    const { server, resolver } = await serve({ hosts: { text: '10.0.0.1 both.test' } });
    expect(await resolver.resolve('Both.test.')).toMatchObject({
      source: 'hosts',
      records: [{ address: '10.0.0.1', ttl: null }],
      ttl: null,
    });
    expect(server.count()).toBe(0);
  });

  test('special names are answered here, with a hint', async () => {
    const { server, resolver } = await serve();
    expect(addresses(await resolver.resolve('a.localhost'))).toEqual(['127.0.0.1', '::1']);
    expect(await errorOf(resolver.resolve('printer.local'))).toMatchObject({
      code: 'NXDOMAIN',
      hint: expect.stringContaining('multicast'),
    });
    expect(server.count()).toBe(0);
    const { server: other, resolver: forwarding } = await serve({ forwardLocal: true });
    expect(await codeOf(forwarding.resolve('printer.local', 'A'))).toBe('NXDOMAIN');
    expect(other.count()).toBe(1);
  });

  test('a single label is completed only when asked', async () => {
    const { server, resolver } = await serve();
    expect(await codeOf(resolver.resolve('db', 'A'))).toBe('NXDOMAIN');
    expect(server.questions.map(({ name }) => name)).toEqual(['db']);
    const { server: other, resolver: searching } = await serve({ search: ['nope.test', 'Corp.test.'] });
    expect(await searching.resolve('db', 'A')).toMatchObject({
      name: 'db.corp.test',
      records: [{ address: '192.0.2.50' }],
    });
    expect(other.questions.map(({ name }) => name)).toEqual(['db.nope.test', 'db.corp.test']);
    expect(await codeOf(searching.resolve('db.', 'A'))).toBe('NXDOMAIN');
    expect(other.questions.at(-1)?.name).toBe('db');
  });

  test('the error is that of the first, its trace that of all', async () => {
    const { server, resolver } = await serve({ search: ['a.test', 'b.test'] });
    const error = await errorOf(resolver.resolve('nope', 'A'));
    expect(error).toMatchObject({ code: 'NXDOMAIN', question: { name: 'nope', type: 'A' } });
    expect(server.questions.map(({ name }) => name)).toEqual(['nope.a.test', 'nope.b.test', 'nope']);
    expect(error.trace).toHaveLength(3);
  });

  test.each<[title: string, name: string, code: string]>([
    ['as it is last, one of the list has no such records', 'host', 'NODATA'],
    ['as it is first, one of the list has no such records', 'host.x', 'NXDOMAIN'],
    ['as it is first, without such records', 'host.y', 'NODATA'],
    ['none is there', 'nobody', 'NXDOMAIN'],
  ])('the error of a search: %s', async (_, name, code) => {
    const { server, resolver } = await serve({ search: ['one.test', 'two.test'] });
    for (const owner of ['host.two.test', 'host.x.two.test', 'host.y'])
      server.records.add({ name: owner, type: 'TXT', chunks: ['x'] });
    const error = await errorOf(resolver.resolve(name, 'A'));
    expect(error).toMatchObject({ code, question: { name, type: 'A' } });
    expect(error.trace).toHaveLength(3);
  });

  test('a failure ends the search', async () => {
    const { server, resolver } = await serve({ search: ['corp.test'], ndots: 0, attempts: 1 });
    server.rule({ name: 'db' }, { rcode: 'SERVFAIL' });
    expect(await codeOf(resolver.resolve('db', 'A'))).toBe('SERVFAIL');
    expect(server.count()).toBe(1);
  });

  test('what is answered here is never completed: localhost.corp.test may be anybody', async () => {
    const { server, resolver } = await serve({ search: ['corp.test'], ndots: 3, hosts: { text: '10.0.0.1 db' } });
    expect(addresses(await resolver.resolve('localhost', 'A'))).toEqual(['127.0.0.1']);
    expect(addresses(await resolver.resolve('db', 'A'))).toEqual(['10.0.0.1']);
    expect(await codeOf(resolver.resolve('a.onion'))).toBe('NXDOMAIN');
    expect(server.count()).toBe(0);
  });
});

describe('reverse', () => {
  async function reverseServer(options: ResolverOptions = {}) {
    const served = await serve(options);
    served.server.records.add(
      { name: '4.2.0.192.in-addr.arpa', type: 'PTR', target: 'v4.test' },
      { name: '4.2.0.192.in-addr.arpa', type: 'PTR', target: 'both.test' },
      { name: '4.2.0.192.in-addr.arpa', type: 'PTR', target: 'nope.test' },
      { name: '4.2.0.192.in-addr.arpa', type: 'PTR', target: '127.1' },
    );
    return served;
  }

  test('asks for PTR, the hosts file or not', async () => {
    const { server, resolver } = await reverseServer({ hosts: { text: '192.0.2.4 liar' } });
    const { records } = await resolver.reverse('192.0.2.4');
    expect(records.map(({ target }) => target)).toEqual(['v4.test', 'both.test', 'nope.test', '127.1']);
    expect(server.questions).toMatchObject([{ name: '4.2.0.192.in-addr.arpa', type: 'PTR' }]);
  });

  test('verifyReverse says which names lead back', async () => {
    const { resolver } = await reverseServer({ policy: 'global', hosts: { text: '192.0.2.4 both.test' } });
    expect(await resolver.verifyReverse('192.0.2.4')).toEqual([
      { name: 'v4.test', confirmed: true, error: null },
      { name: 'both.test', confirmed: false, error: null },
      { name: 'nope.test', confirmed: false, error: 'NXDOMAIN' },
      { name: '127.1', confirmed: false, error: 'BAD_NAME' },
    ]);
  });

  test('of IPv6', async () => {
    const { server, resolver } = await serve();
    const name = `${'6.0.0.0'.padEnd(47, '.0')}.8.b.d.0.1.0.0.2.ip6.arpa`;
    server.records.add({ name, type: 'PTR', target: 'v6.test' });
    expect(await resolver.verifyReverse('2001:DB8:0::6')).toEqual([{ name: 'v6.test', confirmed: true, error: null }]);
  });

  test('looks at ten names at the most, within one time limit', async () => {
    const { server, resolver } = await serve();
    for (let i = 0; i < 15; i++)
      server.records.add({ name: '9.2.0.192.in-addr.arpa', type: 'PTR', target: `n${i}.silent.test` });
    server.rule({ name: '*.silent.test' }, 'drop');
    const start = performance.now();
    const names = await resolver.verifyReverse('192.0.2.9', { timeoutMs: 200 });
    expect(performance.now() - start).toBeLessThan(1000);
    expect(names).toHaveLength(10);
    expect(new Set(names.map(({ error }) => error))).toEqual(new Set(['TIMEOUT']));
  });

  test('an abort rejects', async () => {
    const { server, resolver } = await reverseServer();
    server.rule({ name: 'v4.test' }, 'drop');
    const caller = new AbortController();
    const failing = codeOf(resolver.verifyReverse('192.0.2.4', { signal: caller.signal }));
    await server.asked(1, { name: 'v4.test' });
    caller.abort();
    expect(await failing).toBe('ABORTED');
  });

  test.each(NOT_TEXT)('%s is no address to ask for', async (_, value) => {
    const { resolver } = await serve();
    await expect(resolver.reverse(forbidden(value))).rejects.toThrow(AddressParseError);
    await expect(resolver.verifyReverse(forbidden(value))).rejects.toThrow(AddressParseError);
  });

  test.each(['localhost', '127.1', 'fe80::1%lo', ''])('%j is no address to ask for', async (text) => {
    const { resolver } = await serve();
    await expect(resolver.reverse(text)).rejects.toThrow(AddressParseError);
    await expect(resolver.verifyReverse(text)).rejects.toThrow(AddressParseError);
  });
});

test('every query, attempt and cache event is published', async () => {
  const seen: unknown[] = [];
  const channels = ['inaddr:dns:query', 'inaddr:dns:attempt', 'inaddr:dns:cache'];
  const listen = (message: unknown, channel: string | symbol) => {
    if (channel === 'inaddr:dns:query') {
      const { question, outcome, source, ms } = message as QueryEvent;
      expect(ms).toBeGreaterThanOrEqual(0);
      seen.push(`query ${question.name} ${outcome} ${source}`);
    } else if (channel === 'inaddr:dns:attempt') {
      const { server: address, name, type, outcome } = message as AttemptEvent;
      expect(address).toBe(server.address);
      seen.push(`attempt ${name} ${type} ${outcome}`);
    } else {
      const { event, name, type } = message as CacheEvent;
      seen.push(`cache ${event} ${name} ${type}`);
    }
  };
  for (const channel of channels) subscribe(channel, listen);
  onTestFinished(() => {
    for (const channel of channels) unsubscribe(channel, listen);
  });
  const { server, resolver } = await serve({ attempts: 1, policy: { deny: ['127.0.0.1/32'] } });
  server.rule({ name: 'failing.test' }, { rcode: 'SERVFAIL' });
  const ask = async (name: string, type: 'A' | 'MX' = 'A') => {
    seen.length = 0;
    await resolver.resolve(name, type).catch(() => {});
    return [...seen];
  };
  expect(await ask('v4.test')).toEqual([
    'cache miss v4.test A',
    'attempt v4.test A ANSWER',
    'cache set v4.test A',
    'query v4.test ANSWER network',
  ]);
  expect(await ask('V4.test')).toEqual(['cache hit v4.test A', 'query V4.test ANSWER cache']);
  expect(await ask('nope.test')).toEqual([
    'cache miss nope.test A',
    'attempt nope.test A NXDOMAIN',
    'cache set nope.test A',
    'query nope.test NXDOMAIN null',
  ]);
  expect(await ask('failing.test')).toEqual([
    'cache miss failing.test A',
    'attempt failing.test A SERVFAIL',
    'cache fail failing.test A',
    'query failing.test SERVFAIL null',
  ]);
  expect(await ask('127.1')).toEqual(['query 127.1 BAD_NAME null']);
  expect(await ask('127.0.0.1')).toEqual(['query 127.0.0.1 BLOCKED null']);
  expect(await ask('localhost', 'MX')).toEqual(['query localhost NODATA null']);
});

test('a DnsError says what it is about', async () => {
  const { resolver } = await serve();
  const error = await errorOf(resolver.resolve('127.1'));
  expect(error).toBeInstanceOf(DnsError);
  expect(error.name).toBe('DnsError');
  expect(error.message).toMatch(/^BAD_NAME "127\.1": .*127\.0\.0\.1/);
  expect(error.question).toEqual({ name: '127.1', type: null });
  expect(Object.hasOwn(error, 'cause')).toBe(false);
});

describe('what a resolver says of itself', () => {
  test('which addresses it asks for, and whether it completes names', () => {
    for (const family of ['any', 4, 6, 'v4first', 'v6first'] as const)
      expect(new Resolver({ family }).family).toBe(family);
    expect(new Resolver({}).family).toBe('any');
    expect(new Resolver({}).searches).toBe(false);
    expect(new Resolver({ search: ['test'] }).searches).toBe(true);
  });

  test.each<['A' | 'AAAA', 'AAAA' | 'A']>([
    ['A', 'AAAA'],
    ['AAAA', 'A'],
  ])('a name that has no %s is there, whatever is said to %s (RFC 4074 section 4.2)', async (none, unknown) => {
    const { server, resolver } = await serve();
    server.rule({ name: 'half.test', type: none }, { answer: [] });
    server.rule({ name: 'half.test', type: unknown }, { rcode: 'NXDOMAIN' });
    expect(await codeOf(resolver.resolve('half.test'))).toBe('NODATA');
    server.rule({ name: 'nobody.test' }, { rcode: 'NXDOMAIN' });
    expect(await codeOf(resolver.resolve('nobody.test'))).toBe('NXDOMAIN');
  });

  test('a zone that would fill a log is cut', async () => {
    const address = `fe80::1%${'a'.repeat(100_000)}`;
    const { resolver } = await serve({ policy: 'global' });
    const said = [resolver.resolve(address, 'PTR'), resolver.resolve(address, 'A'), resolver.resolve(address)];
    for (const error of await Promise.all(said.map(errorOf))) expect(error.message.length).toBeLessThan(1000);
  });

  test('what to do is said for the question', async () => {
    const { server, resolver } = await serve();
    const hint = async (answer: Promise<unknown>) => (await errorOf(answer)).hint;
    expect(await hint(resolver.resolve('192.0.2.1', 'PTR'))).toBe("for its names call reverse('192.0.2.1')");
    expect(await hint(resolver.resolve('fe80::1%eth0', 'PTR'))).toBe("for its names call reverse('fe80::1')");
    expect(await hint(resolver.resolve('192.0.2.1', 'MX'))).toBe('ask for A');
    expect(await hint(resolver.resolve('text.test'))).toBe('check the name, and the family of the resolver');
    expect(await hint(resolver.resolve('text.test', 'PTR'))).toBe('ask for another type');
    expect(await hint(resolver.reverse('192.0.2.1'))).toBe('use the address: it has no name');
    server.records.add({ name: '2.2.0.192.in-addr.arpa', type: 'TXT', chunks: ['x'] });
    expect(await hint(resolver.reverse('192.0.2.2'))).toBe('use the address: it has no name');
    server.rule({ name: 'notimp.test' }, { rcode: 'NOTIMP' });
    expect(await errorOf(resolver.resolve('notimp.test', 'A'))).toMatchObject({
      problem: 'the server does not know the question',
      hint: 'ask other servers',
    });
    expect(await hint(resolver.resolve('notimp.test', 'TLSA'))).toBe('ask other servers, with Node 22.15 or later');
  });

  test('what helps against a TIMEOUT is what ended the question', async () => {
    const silent = { name: 'silent.test' };
    const { server, resolver } = await serve({ attemptTimeoutMs: 20 });
    server.rule(silent, 'drop');
    const error = await errorOf(resolver.resolve('silent.test', 'A'));
    expect(error.trace).toHaveLength(2);
    expect(error.hint).toBe('try again later, or by a Resolver with a longer attemptTimeoutMs or more attempts');
    const again = await errorOf(resolver.resolve('silent.test', 'A'));
    expect(again).toMatchObject({ code: 'TIMEOUT', trace: [] });
    expect(again.hint).toBe('the servers were silent just now, try again later');
    const { server: other, resolver: hasty } = await serve({ timeoutMs: 20 });
    other.rule(silent, 'drop');
    expect((await errorOf(hasty.resolve('silent.test', 'A'))).hint).toBe('try again later, or with a longer timeoutMs');
  });

  test('what is wrong, apart from the rest of the message', async () => {
    const { problem, message, hint } = await errorOf((await serve()).resolver.resolve('nobody.test'));
    expect(problem).toBe('there is no such name');
    expect(message).toBe(`NXDOMAIN "nobody.test": ${problem}; ${hint}`);
  });
});

describe('time', () => {
  const backend = () =>
    plainBackend((method) => [
      method === 'resolve4' ? { address: '192.0.2.1', ttl: 60 } : { address: '2001:db8::1', ttl: 90 },
    ]);

  test('TTLs of both families count down, each from its own answer', async () => {
    const clock = new ManualClock();
    const resolver = new Resolver({ servers: ['192.0.2.53'], hosts: false, clock: clock.read, createBackend: backend });
    onTestFinished(() => resolver.close());
    const ttls = async () => (await resolver.resolve('a.test')).records.map(({ ttl }) => ttl);
    await resolver.resolve('a.test', 'AAAA');
    clock.pass(0.5);
    await resolver.resolve('a.test', 'A');
    clock.pass(0.1);
    expect(await ttls()).toEqual([60, 90]);
    // What was answered a moment ago is given again, but not beyond the second of either.
    expect(await ttls()).toEqual([60, 90]);
    clock.pass(0.5);
    expect(await ttls()).toEqual([60, 89]);
    clock.pass(0.5);
    expect(await ttls()).toEqual([59, 89]);
    expect(resolver.stats()).toMatchObject({ questions: 2, hits: 8, misses: 2 });
  });

  test('an answer of the shared store is as old as it is', async () => {
    const records = [{ type: 'A', address: '192.0.2.9', ttl: 60 }];
    const stored = { version: 1, storedAt: Date.now() - 30_000, known: { kind: 'records', records, ttl: 60 } };
    const store = { get: () => stored, set: () => {} };
    const clock = new ManualClock();
    const options = { servers: ['192.0.2.53'], hosts: false, clock: clock.read, createBackend: backend } as const;
    const resolver = new Resolver({ ...options, cache: { store, storeTimeoutMs: 10_000 } });
    onTestFinished(() => resolver.close());
    const { records: found, source } = await resolver.resolve('a.test', 'A');
    expect(found).toMatchObject([{ address: '192.0.2.9' }]);
    expect(source).toBe('cache');
    // By the wall clock, which goes on.
    expect(found[0]?.ttl).toBeLessThanOrEqual(30);
    clock.pass(30);
    stored.storedAt -= 60_000;
    expect((await resolver.resolve('a.test', 'A')).records).toMatchObject([{ address: '192.0.2.1', ttl: 60 }]);
  });
});
