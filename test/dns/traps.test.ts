import { Resolver as NodeResolver } from 'node:dns/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { DnsErrorCode, RecordType, Resolver, ResolverOptions } from '../../src/dns/index.js';
import { RECORD_TYPES } from '../../src/dns/index.js';
import type { DnsServerOptions, ZoneRecord } from '../../src/testing/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { forbidden } from '../support/not-text.js';
import { codeOf, deferred, ManualClock, resolverOf } from '../support/resolving.js';
import { runModule } from '../support/run-node.js';

/** What Node's own dns module does, trap by trap, and what becomes of it here. */

async function serve(server: DnsServerOptions | string = {}, options: ResolverOptions = {}) {
  const listening = await DnsServer.listen(typeof server === 'string' ? { zone: server } : server);
  const resolver = resolverOf(listening, options);
  onTestFinished(async () => {
    resolver.close();
    await listening.close();
  });
  return { server: listening, resolver };
}

/** Node's own, for what it hides: what is pinned here is what a new version of Node may change. */
function bare(server: DnsServer): NodeResolver {
  const resolver = new NodeResolver({ timeout: 1000, tries: 1 });
  resolver.setServers([server.address]);
  return resolver;
}

const addresses = ({ records }: { readonly records: readonly { readonly address: string }[] }) =>
  records.map(({ address }) => address);

/** The code that a lookup calls back with, or the address. */
const look = (resolver: Resolver, name: string) =>
  new Promise<string>((resolve) => {
    resolver.lookup(name, {}, (error, address) => resolve(error?.code ?? String(address)));
  });

const WORLD = '*. A 192.0.2.66\n. A 192.0.2.67\n*.test. A 192.0.2.68';

describe('names', () => {
  test.each(['a\0b.test', 'localhost\0.allowed.test', 'a.test\0'])(
    'row 1: NUL never cuts a name short: %j',
    async (name) => {
      const { server, resolver } = await serve(WORLD);
      expect(await codeOf(resolver.resolve(name))).toBe('BAD_NAME');
      expect(await look(resolver, name)).toBe('ENOTFOUND');
      expect(server.questions).toEqual([]);
    },
  );

  test.each(['xn--zzzz.test', 'a\u200d.test', ''])(
    'row 2: failed IDNA is no question for the root: %j',
    async (name) => {
      const { server, resolver } = await serve(WORLD);
      expect(await codeOf(resolver.resolve(name, 'A'))).toBe('BAD_NAME');
      expect(server.questions).toEqual([]);
    },
  );

  test('row 3: literals are answered without a question, and lenient ones refused', async () => {
    const { server, resolver } = await serve(WORLD);
    expect(await resolver.resolve('127.0.0.1')).toMatchObject({
      source: 'literal',
      records: [{ type: 'A', address: '127.0.0.1' }],
    });
    expect(await resolver.resolve('::1', 'AAAA')).toMatchObject({ source: 'literal', records: [{ address: '::1' }] });
    for (const name of ['0x7f.1', '2130706433', '127.1', '0177.0.0.1']) {
      expect(await codeOf(resolver.resolve(name)), name).toBe('BAD_NAME');
      expect(await look(resolver, name), name).toBe('ENOTFOUND');
    }
    expect(server.questions).toEqual([]);
  });

  test('row 4: localhost, .local and the hosts file are not sent upstream, and reverse does not read the hosts file', async () => {
    const { server, resolver } = await serve('4.2.0.192.in-addr.arpa. PTR real.test.', {
      hosts: { text: '192.0.2.4 liar.test' },
    });
    expect(addresses(await resolver.resolve('localhost'))).toEqual(['127.0.0.1', '::1']);
    expect(await codeOf(resolver.resolve('printer.local'))).toBe('NXDOMAIN');
    expect(addresses(await resolver.resolve('liar.test'))).toEqual(['192.0.2.4']);
    expect(server.questions).toEqual([]);
    expect((await resolver.reverse('192.0.2.4')).records.map(({ target }) => target)).toEqual(['real.test']);
    // The hosts file has no say in the way back either.
    server.records.replace({ name: '4.2.0.192.in-addr.arpa', type: 'PTR', target: 'liar.test' });
    resolver.clear();
    expect(await resolver.verifyReverse('192.0.2.4')).toEqual([
      { name: 'liar.test', confirmed: false, error: 'NXDOMAIN' },
    ]);
  });

  test('row 5: the search list is used when asked, by resolve and lookup alike; else NXDOMAIN costs one question a family', async () => {
    const zone = 'db.corp.test. A 192.0.2.1';
    const { server, resolver } = await serve(zone);
    expect(await codeOf(resolver.resolve('db', 'A'))).toBe('NXDOMAIN');
    expect(await codeOf(resolver.resolve('nope.test', 'A'))).toBe('NXDOMAIN');
    expect(server.count()).toBe(2);
    const { resolver: searching } = await serve(zone, { search: ['corp.test'] });
    expect(await searching.resolve('db', 'A')).toMatchObject({ name: 'db.corp.test' });
    expect(await look(searching, 'db')).toBe('192.0.2.1');
  });

  test('row 6: a name of 254 octets is refused at once, as are escapes; `*`, `/` and `_` are asked for as they are', async () => {
    const { server, resolver } = await serve(WORLD);
    const label = 'a'.repeat(63);
    const longest = `${label}.${label}.${label}.${'a'.repeat(56)}.test`;
    expect(longest).toHaveLength(253);
    expect(await codeOf(resolver.resolve(`a${longest}`))).toBe('BAD_NAME');
    expect(await codeOf(resolver.resolve('a\\.b.test'))).toBe('BAD_NAME');
    expect(await codeOf(resolver.resolve('a\\097.test'))).toBe('BAD_NAME');
    expect(server.questions).toEqual([]);
    const names = [longest, '*.test', 'a/b.test', '_a._b.test'];
    for (const name of names) await resolver.resolve(name, 'A');
    expect(server.questions.map(({ name }) => name)).toEqual(names);
  });
});

describe('answers', () => {
  test('row 7: a CNAME without the wanted type and no data are one outcome', async () => {
    const { resolver } = await serve('alias.test. CNAME text.test.\ntext.test. TXT "a"');
    for (const type of ['A', 'AAAA', 'MX', 'SRV'] as const) {
      expect(await codeOf(resolver.resolve('alias.test', type)), type).toBe('NODATA');
      expect(await codeOf(resolver.resolve('text.test', type)), type).toBe('NODATA');
    }
  });

  test.each<[number, DnsErrorCode]>([
    [1, 'FORMERR'],
    [2, 'SERVFAIL'],
    [3, 'NXDOMAIN'],
    [4, 'NOTIMP'],
    [5, 'REFUSED'],
    // Node hides which it was.
    [6, 'NODATA'],
    [9, 'NODATA'],
    [15, 'SERVFAIL'],
  ])('row 8: rcode %d is %s', async (rcode, code) => {
    const { resolver } = await serve({ rules: [[{}, { rcode }]] });
    expect(await codeOf(resolver.resolve('a.test', 'A'))).toBe(code);
  });

  test('row 8: NXDOMAIN is so even with answers, garbage is BAD_RESPONSE', async () => {
    const { resolver } = await serve({
      rules: [
        [{ name: 'a.test' }, { rcode: 3, answer: [{ type: 'A', address: '192.0.2.1' }] }],
        [{ name: 'b.test' }, 'garbage'],
      ],
    });
    expect(await codeOf(resolver.resolve('a.test', 'A'))).toBe('NXDOMAIN');
    expect(await codeOf(resolver.resolve('b.test', 'A'))).toBe('BAD_RESPONSE');
  });

  test('row 9: the owner name is not checked, and Node does not tell it (pinned)', async () => {
    const { resolver } = await serve({
      zone: 'unrelated.test. A 192.0.2.66',
      rules: [[{}, { owner: 'evil.example' }]],
    });
    expect(addresses(await resolver.resolve('unrelated.test', 'A'))).toEqual(['192.0.2.66']);
  });

  test.each(['wrong-id', 'wrong-question', 'wrong-port'] as const)(
    'row 9: an answer with the %s is none',
    async (fault) => {
      const { server, resolver } = await serve(
        { zone: WORLD, rules: [[{}, fault]] },
        { attempts: 1, attemptTimeoutMs: 300 },
      );
      const code = await codeOf(resolver.resolve('a.test', 'A'));
      expect(['TIMEOUT', 'BAD_RESPONSE']).toContain(code);
      expect(server.count()).toBeGreaterThan(0);
    },
  );

  test('row 10: TXT is bytes and their text, empty ones too, and 51,000 bytes over TCP', async () => {
    const long = Array.from({ length: 200 }, (_, i) => Buffer.alloc(255, i));
    const records: ZoneRecord[] = [
      { name: 'a.test', type: 'TXT', chunks: ['héllo'] },
      { name: 'empty.test', type: 'TXT', chunks: [''] },
      { name: 'long.test', type: 'TXT', chunks: long },
    ];
    const { server, resolver } = await serve({ records });
    expect((await resolver.resolve('a.test', 'TXT')).records).toEqual([
      { type: 'TXT', chunks: [Uint8Array.from(Buffer.from('héllo'))], text: 'héllo', ttl: null },
    ]);
    expect((await resolver.resolve('empty.test', 'TXT')).records).toEqual([
      { type: 'TXT', chunks: [new Uint8Array()], text: '', ttl: null },
    ]);
    const [txt] = (await resolver.resolve('long.test', 'TXT')).records;
    expect(Buffer.concat(txt?.chunks ?? [])).toEqual(Buffer.concat(long));
    expect(server.questions.at(-1)?.transport).toBe('tcp');
  });

  test('row 11: there is no ANY here, as resolveAny drops and forgets (pinned)', async () => {
    const { server, resolver } = await serve('both.test. 60 MX 1 mx.test.\nboth.test. 60 A 192.0.2.1');
    expect(RECORD_TYPES).not.toContain('ANY');
    expect(await codeOf(resolver.resolve('both.test', forbidden<RecordType>('ANY')))).toBe('BAD_NAME');
    expect(server.questions).toEqual([]);
    const any = await bare(server).resolveAny('both.test');
    expect(any.map((record) => [record.type, 'ttl' in record])).toEqual(
      expect.arrayContaining([
        ['A', true],
        ['MX', false],
      ]),
    );
    // RFC 8482
    server.rule({ type: 'ANY' }, { answer: [{ type: 'HINFO', rdata: Buffer.from('\x07RFC8482\x00', 'latin1') }] });
    expect(await bare(server).resolveAny('both.test')).toEqual([]);
  });

  test('row 12: TLSA behind a CNAME is no sparse array', async () => {
    const { server, resolver } = await serve('alias.test. CNAME _443.test.\n_443.test. TLSA 3 1 1 0a0b');
    const outcome = await resolver.resolve('alias.test', 'TLSA').then(
      ({ records }) => records,
      ({ code }) => code,
    );
    if (!('resolveTlsa' in bare(server))) {
      // Node 20 cannot ask.
      expect(outcome).toBe('NOTIMP');
      return;
    }
    expect(Object.keys(outcome)).toEqual(['0']);
    expect(outcome).toEqual([
      { type: 'TLSA', usage: 3, selector: 1, match: 1, data: Uint8Array.of(10, 11), ttl: null },
    ]);
  });

  test('row 13: SRV with a compressed target is an answer, or BAD_RESPONSE where c-ares refuses it (pinned)', async () => {
    // 1 2 443, and a pointer to the name of the question
    const rdata = Uint8Array.of(0, 1, 0, 2, 1, 187, 0xc0, 12);
    const { server, resolver } = await serve({ records: [{ name: 'a.test', type: 'SRV', rdata }] });
    const outcome = await resolver.resolve('a.test', 'SRV').then(
      ({ records }) => records,
      ({ code }) => code,
    );
    const reads = await bare(server)
      .resolveSrv('a.test')
      .then(
        () => true,
        ({ code }) => code,
      );
    expect([true, 'EBADRESP']).toContain(reads);
    const record = { type: 'SRV', target: 'a.test', port: 443, priority: 1, weight: 2, ttl: null };
    expect(outcome).toEqual(reads === true ? [record] : 'BAD_RESPONSE');
  });

  test('row 14: records have a type everywhere, null MX and SRV are named, TTLs are there and capped', async () => {
    const { resolver } = await serve(`a.test.    4294967295 A    192.0.2.1
b.test.    2147483648 AAAA 2001:db8::1
a.test.    MX  0 .
a.test.    SRV 0 0 0 .
a.test.    CAA 0 issue "ca.test"`);
    expect((await resolver.resolve('a.test', 'A')).records).toEqual([
      { type: 'A', address: '192.0.2.1', ttl: 604_800 },
    ]);
    expect((await resolver.resolve('b.test', 'AAAA')).ttl).toBe(604_800);
    expect((await resolver.resolve('a.test', 'MX')).records).toEqual([
      { type: 'MX', exchange: null, priority: 0, ttl: null },
    ]);
    expect((await resolver.resolve('a.test', 'SRV')).records).toEqual([
      { type: 'SRV', target: null, port: 0, priority: 0, weight: 0, ttl: null },
    ]);
    expect((await resolver.resolve('a.test', 'CAA')).records).toEqual([
      { type: 'CAA', critical: 0, tag: 'issue', value: 'ca.test', ttl: null },
    ]);
  });
});

describe('time and transport', () => {
  test('row 15: the time limit is a bound, for one attempt and for all', async () => {
    const { server, resolver } = await serve(
      { rules: [[{}, 'drop']] },
      { cache: false, attempts: 3, attemptTimeoutMs: 50 },
    );
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const start = performance.now();
      expect(await codeOf(resolver.resolve('a.test', 'A'))).toBe('TIMEOUT');
      times.push(performance.now() - start);
    }
    // Three attempts of 50 ms; Node's floor would make it 800 ms.
    expect(Math.min(...times)).toBeLessThan(250);
    expect(Math.min(...times)).toBeGreaterThan(140);
    expect(server.count()).toBe(15);
  });

  test('row 15: a slow answer is waited for, however fast those before it were', async () => {
    const { server, resolver } = await serve(WORLD, { attempts: 1, attemptTimeoutMs: 10_000, timeoutMs: 20_000 });
    for (let i = 0; i < 20; i++) await resolver.resolve(`${i}.test`, 'A');
    server.rule({ name: 'slow.test' }, { delayMs: 1500 });
    const slow = resolver.resolve('slow.test', 'A');
    for (let i = 20; i < 40; i++) await resolver.resolve(`${i}.test`, 'A');
    expect(addresses(await slow)).toEqual(['192.0.2.68']);
    expect(server.count('slow.test')).toBe(1);
  });

  test.each(['SERVFAIL', 'REFUSED', 'NOTIMP', 'FORMERR'] as const)(
    'row 16: %s: the second server is asked',
    async (rcode) => {
      await using first = await DnsServer.listen({ rules: [[{}, { rcode }]] });
      await using second = await DnsServer.listen({ zone: WORLD });
      using resolver = resolverOf([first, second]);
      expect(addresses(await resolver.resolve('a.test', 'A'))).toEqual(['192.0.2.68']);
      expect([first.count(), second.count()]).toEqual([1, 1]);
    },
  );

  test('row 17: no EDNS is sent; over 512 bytes the answer comes by TCP (pinned)', async () => {
    const records = Array.from(
      { length: 40 },
      (_, i) => ({ name: 'a.test', type: 'A', address: `192.0.2.${i}` }) as const,
    );
    const { server, resolver } = await serve({ records });
    expect((await resolver.resolve('a.test', 'A')).records).toHaveLength(40);
    expect(server.questions.map(({ transport, ednsSize }) => [transport, ednsSize])).toEqual([
      ['udp', null],
      ['tcp', null],
    ]);
  });

  test('row 18: a signal ends one call and no other, and lets the process exit', async () => {
    const { server, resolver } = await serve({ zone: WORLD, rules: [[{ name: /silent/ }, 'drop']] });
    const caller = new AbortController();
    const gone = codeOf(resolver.resolve('silent.test', 'A', { signal: caller.signal }));
    await server.asked(1);
    const gate = deferred<void>();
    server.rule({ name: 'slow.test' }, { until: gate.promise });
    const stays = resolver.resolve('slow.test', 'A');
    await server.asked(2);
    caller.abort();
    expect(await gone).toBe('ABORTED');
    gate.resolve();
    expect(addresses(await stays)).toEqual(['192.0.2.68']);
    const { code, stdout } = await runModule(`
      import { Resolver } from 'inaddr/dns';
      const resolver = new Resolver({ servers: ['${server.address}'], hosts: false, timeoutMs: 30_000, attemptTimeoutMs: 30_000 });
      const signal = AbortSignal.timeout(50);
      await resolver.resolve('silent.test', 'A', { signal }).catch(({ code }) => console.log(code));
      const start = performance.now();
      process.on('exit', () => console.log(performance.now() - start < 1000));
    `);
    expect([code, stdout]).toEqual([0, 'ABORTED\ntrue\n']);
  });

  test('row 19: a hundred equal calls are one question, then none, and the wire is capped', async () => {
    const { server, resolver } = await serve(WORLD, { maxInFlight: 8 });
    await Promise.all(Array.from({ length: 100 }, () => resolver.resolve('a.test', 'A')));
    await resolver.resolve('a.test', 'A');
    expect(server.count()).toBe(1);
    const gate = deferred<void>();
    server.rule({}, { until: gate.promise });
    const all = Array.from({ length: 100 }, (_, i) => resolver.resolve(`${i}.test`, 'A'));
    await server.asked(9);
    expect(resolver.stats()).toMatchObject({ inFlight: 8, queued: 92 });
    gate.resolve();
    await Promise.all(all);
  });

  test('row 20: sixteen lookups are sixteen at once', async () => {
    const { server, resolver } = await serve(WORLD, { family: 4 });
    const gate = deferred<void>();
    server.rule({}, { until: gate.promise });
    const all = Array.from({ length: 16 }, (_, i) => look(resolver, `${i}.test`));
    // None is answered before all are asked.
    await server.asked(16);
    gate.resolve();
    expect(await Promise.all(all)).toEqual(Array(16).fill('192.0.2.68'));
  });

  test('row 21: servers are checked before Node sees them, and changed while questions are in flight', async () => {
    const { server, resolver } = await serve(WORLD);
    for (const text of ['1.1.1.1:0', '1.1.1.1:99999', 'fe80::1%eth0', '[fe80::1%eth0]:53', 'localhost']) {
      expect(() => resolver.setServers([text]), text).toThrow(TypeError);
      expect(() => resolverOf({ address: text }), text).toThrow(TypeError);
    }
    expect(() => resolver.setServers([])).toThrow(TypeError);
    expect(resolver.servers).toEqual([server.address]);
    const gate = deferred<void>();
    server.rule({ name: 'held.test' }, { until: gate.promise });
    const held = resolver.resolve('held.test', 'A');
    await server.asked(1);
    await using other = await DnsServer.listen({ zone: '*.test. A 192.0.2.2' });
    resolver.setServers([other.address]);
    expect(addresses(await resolver.resolve('a.test', 'A'))).toEqual(['192.0.2.2']);
    gate.resolve();
    expect(addresses(await held)).toEqual(['192.0.2.68']);
  });
});

describe('bugs of the usual caches', () => {
  test.each(['__proto__', 'constructor', 'toString'])('the host %s throws nothing', async (name) => {
    const { resolver } = await serve(`${name}. A 192.0.2.1`);
    expect(addresses(await resolver.resolve(name, 'A'))).toEqual(['192.0.2.1']);
    expect(await resolver.resolve(name, 'A')).toMatchObject({ source: 'cache' });
    expect(await look(resolver, name)).toBe('192.0.2.1');
  });

  test.each([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('a TTL of %d starts no timer', async (ttl) => {
    const { resolver } = await serve(`a.test. ${ttl} A 192.0.2.1`);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => timers.mockRestore());
    await resolver.resolve('a.test', 'A');
    // None but those of the question, which are seconds.
    expect(timers.mock.calls.filter(([, ms = 0]) => ms > 60_000 || ms < 0)).toEqual([]);
    expect(await resolver.resolve('a.test', 'A')).toMatchObject({ source: 'cache', ttl: 604_800 });
  });

  test('expiry is checked on read', async () => {
    const clock = new ManualClock();
    const { server, resolver } = await serve('a.test. 10 A 192.0.2.1', { clock: clock.read });
    await resolver.resolve('a.test', 'A');
    server.records.replace({ name: 'a.test', type: 'A', address: '192.0.2.2' });
    clock.pass(10);
    expect(addresses(await resolver.resolve('a.test', 'A'))).toEqual(['192.0.2.2']);
  });

  test("one family's SERVFAIL does not fail the other's good answer", async () => {
    const { resolver } = await serve({ zone: WORLD, rules: [[{ type: 'AAAA' }, { rcode: 'SERVFAIL' }]] });
    expect(await resolver.resolve('a.test')).toMatchObject({ partial: true, records: [{ address: '192.0.2.68' }] });
    expect(await look(resolver, 'b.test')).toBe('192.0.2.68');
  });

  test('case and the dot at the end are folded', async () => {
    const { server, resolver } = await serve(WORLD);
    for (const name of ['a.test', 'A.TEST', 'a.test.', 'A.Test.']) await resolver.resolve(name, 'A');
    expect(server.count()).toBe(1);
  });

  test('the least TTL counts, by number, that of a CNAME too', async () => {
    const { resolver } = await serve(`a.test.     100 A 192.0.2.1
a.test.     30  A 192.0.2.2
a.test.     9   A 192.0.2.3
alias.test. 20  CNAME b.test.
b.test.     300 A 192.0.2.4`);
    expect((await resolver.resolve('a.test', 'A')).ttl).toBe(9);
    expect((await resolver.resolve('alias.test', 'A')).ttl).toBe(20);
  });

  test('TTL 0 is not cached, whatever the minimum', async () => {
    const { server, resolver } = await serve('a.test. 0 A 192.0.2.1', { cache: { minTtl: 300 } });
    await resolver.resolve('a.test', 'A');
    await resolver.resolve('a.test', 'A');
    expect(server.count()).toBe(2);
  });

  test('a full cache still has its policy and its single flight', async () => {
    const { server, resolver } = await serve('*.good.test. A 192.0.2.1\n*.bad.test. A 127.0.0.1', {
      cache: { maxEntries: 1 },
      policy: { deny: ['127.0.0.0/8'] },
    });
    for (let i = 0; i < 5; i++) await resolver.resolve(`${i}.good.test`, 'A');
    expect(await codeOf(resolver.resolve('a.bad.test', 'A'))).toBe('BLOCKED');
    expect(await look(resolver, 'b.bad.test')).toBe('EACCES');
    await Promise.all(Array.from({ length: 20 }, () => resolver.resolve('same.good.test', 'A')));
    expect(server.count('same.good.test')).toBe(1);
    expect(resolver.stats().entries).toBe(1);
  });

  test('lookup calls back later, also for a literal, what is cached and what is refused; and it checks literals', async () => {
    const { resolver } = await serve(WORLD, { policy: { deny: ['127.0.0.0/8'] } });
    await resolver.resolve('a.test');
    for (const [name, expected] of [
      ['a.test', '192.0.2.68'],
      ['192.0.2.1', '192.0.2.1'],
      ['127.0.0.1', 'EACCES'],
      ['127.1', 'ENOTFOUND'],
      ['', 'ENOTFOUND'],
    ] as const) {
      let called = false;
      const result = new Promise((resolve) => {
        resolver.lookup(name, {}, (error, address) => {
          called = true;
          resolve(error?.code ?? address);
        });
      });
      expect(called, name).toBe(false);
      expect(await result, name).toBe(expected);
    }
  });
});
