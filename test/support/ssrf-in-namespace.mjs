// Run in a network namespace of its own, where the addresses of fixtures/ssrf are those of its loopback interface, and one
// listener takes what arrives at any of them: who gets through to an internal address, and who to a public one, with and without a guard.
// Prints JSON.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { isIP } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { Agent, fetch } from 'undici';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const [{ parseZone, DnsServer }, { createLookup, Resolver }, { connect, createAgent, createConnector }] =
  await Promise.all(['testing', 'dns', 'tcp'].map((layer) => load(`${layer}/index.js`)));

const fixture = (name) => readFileSync(new URL(`../../fixtures/ssrf/${name}`, import.meta.url), 'utf8');
const cases = (name) =>
  fixture(name)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const internal = cases('internal.jsonl');
const legitimate = cases('public.jsonl');
const zone = fixture('names.zone');

// --- the namespace

/** As one text for each address, to compare by. */
const plain = (address) => address.replace(/^::ffff:(?=[\d.]+$)/, '');
const canonical = (address) => (isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address);
const literalOf = ({ host = '' }) => {
  const address = host.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 || address.includes('%') ? [] : [canonical(address)];
};
const published = new Set(legitimate.flatMap(literalOf));
const inside = [
  ...internal.flatMap(literalOf),
  ...parseZone(zone).flatMap(({ address }) => (address === undefined ? [] : canonical(address))),
].filter((address) => !published.has(address) && !/^(127\.|0\.0\.0\.0$|::1?$|::ffff:[^:]+(:[^:]+)?$)/.test(address));
const assigned = ['fe80::77', ...published, ...new Set(inside)];
const PUBLIC = [...published][0];

const lines = assigned.map((address) => `addr add ${address}/${isIP(address) === 6 ? '128 nodad' : '32'} dev lo`);
execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') });

// --- who listens: one for all addresses

const arrivals = [];
let waiting = null;
const server = http.createServer(({ url }, response) => {
  const to = new URL(url, 'http://server.invalid').searchParams.get('to');
  // As octets: a server can send whatever it likes.
  if (to === null) response.end('hello');
  else response.writeHead(302, { location: Buffer.from(to).toString('latin1'), connection: 'close' }).end();
});
server.on('connection', ({ localAddress, remoteAddress }) => {
  arrivals.push({ at: plain(localAddress), from: plain(remoteAddress ?? 'gone') });
  waiting?.();
});
server.listen(0, '::');
await once(server, 'listening');
const { port } = server.address();

/** Where `arrived` connects from, and nobody else. Its port would not do: another connection may have the same, from another address. */
const PROBE = '127.255.1.9';

/** Where connections have arrived since the last call. The one that is made here comes last, as the kernel keeps them in order. */
async function arrived() {
  const last = net.connect({ host: '127.0.0.1', port, localAddress: PROBE });
  await once(last, 'connect');
  while (!arrivals.some(({ from }) => from === PROBE)) {
    await new Promise((resolve) => (waiting = resolve));
  }
  const found = arrivals.splice(0).filter(({ from }) => from !== PROBE);
  last.destroy();
  return found.map(({ at }) => at);
}

// --- names: what rebinds is public, then internal, and so on

const dns = await DnsServer.listen({ zone });
const ADDRESSES = { A: { public: PUBLIC }, AAAA: { public: '2606:4700::1', internal: '::ffff:127.0.0.1' } };
dns.rule(
  { name: '*.rebind.example.com' },
  {
    answer({ name, type }, nth) {
      const [, ttl, what] = /^flip(\d+)-([^.]+)/.exec(name) ?? [];
      const isFour = what !== 'aaaa';
      if (type !== (isFour ? 'A' : 'AAAA')) return [];
      const bad = isFour ? what.replaceAll('-', '.') : ADDRESSES.AAAA.internal;
      return [{ type, address: nth % 2 === 1 ? ADDRESSES[type].public : bad, ttl: Number(ttl) }];
    },
  },
);

const servers = [dns.address];
const open = new Resolver({ servers, cache: false });
const guarded = new Resolver({ servers, policy: 'global' });
const resolvers = { cached: new Resolver({ servers }), uncached: new Resolver({ servers, cache: false }) };

// --- ways to get somewhere; each ends when it has failed or has an answer

const timeoutMs = 20_000;
const signal = () => AbortSignal.timeout(timeoutMs);

function get(protocol, target, options) {
  return new Promise((resolve, reject) => {
    const to = typeof target === 'string' || target instanceof URL ? urlToHttpOptions(new URL(target)) : target;
    protocol
      .get({ ...to, ...options, signal: signal() }, (response) => {
        response
          .resume()
          .on('error', reject)
          .on('end', () => resolve(response));
      })
      .on('error', reject);
  });
}

async function dial(options) {
  const socket = net.connect(options);
  try {
    await once(socket, 'connect', { signal: signal() });
  } finally {
    socket.destroy();
  }
}

const urlOf = ({ host, url }) => (url ?? `http://${host}:PORT/`).replace('PORT', String(port));
const hostOf = ({ host, url }) => (url === undefined ? host.replace(/^\[|\]$/g, '') : null);
/** The URL in a `Location`: a line break cannot stand in one. */
const redirectTo = (target) => {
  const to = target.includes('\n') ? new URL(target).href : target;
  return `http://${PUBLIC}:${port}/?to=${encodeURIComponent(to)}`;
};

/**
 * `url` and `host` say which cases a way can be tried with; without `credentials`, as fetch itself refuses a URL with
 * some; `names` only, not literals; `ascii` only, where other names are
 * refused: by `connect` in a text, by Node in a header.
 */
function guardedWays(resolver) {
  const settings = { policy: 'global', resolver, timeoutMs };
  const agents = createAgent({ ...settings, agentOptions: { keepAlive: false } });
  const dispatcher = new Agent({ pipelining: 0, connect: createConnector(settings) });
  const lookup = createLookup({ resolver, policy: 'global' });
  const agent = agents.http;
  return {
    'createAgent, URL': { url: (url) => get(http, url, { agent }) },
    'createAgent, URL of https': {
      url: (url) => get(https, url.replace(/^\s*http:/i, 'https:'), { agent: agents.https }),
    },
    'createAgent, after a redirect': {
      async url(url) {
        const { headers } = await get(http, redirectTo(url), { agent });
        const location = Buffer.from(headers.location, 'latin1').toString();
        await get(http, new URL(location, redirectTo(url)), { agent });
      },
    },
    'createAgent, host': { ascii: true, host: (host) => get(http, { host, port }, { agent }) },
    'createConnector, fetch': {
      credentials: false,
      url: async (url) => (await fetch(url, { dispatcher, signal: signal() })).text(),
    },
    'createConnector, fetch after a redirect': {
      credentials: false,
      url: async (url) => (await fetch(redirectTo(url), { dispatcher, signal: signal() })).text(),
    },
    'connect, host': {
      host: async (host) => (await connect({ host, port }, settings)).socket.destroy(),
    },
    'connect, text': {
      ascii: true,
      host: async (host) =>
        (await connect(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`, settings)).socket.destroy(),
    },
    'resolve, then connect to each': {
      async host(host) {
        const { records } = await guarded.resolve(host);
        for (const { address } of records) await dial({ host: address, port });
      },
    },
    // Node hands no literal to a lookup.
    lookup: { host: (host) => dial({ host, port, lookup }), names: true },
  };
}

const openLookup = createLookup({ resolver: open });
/** What whoever has no guard does: URL and http, a socket, and getaddrinfo for what is all digits. */
const openWays = {
  'http.get': { url: (url) => get(http, url, { lookup: openLookup, agent: false }) },
  'net.connect': { host: (host) => dial({ host, port, lookup: openLookup }) },
  getaddrinfo: {
    host: (host) => (/^[\da-fx.]+$/i.test(host) ? dial({ host, port }) : Promise.reject(new Error('a name'))),
  },
};

async function attempt({ url, host, names = false, ascii = false, credentials = true }, each) {
  const text = url === undefined ? hostOf(each) : urlOf(each);
  if (
    text === null ||
    (names && isIP(text) !== 0) ||
    (ascii && /[^\0-\x7f]/.test(text)) ||
    (!credentials && text.includes('@'))
  )
    return null;
  try {
    await (url ?? host)(text);
    return 'ok';
  } catch (error) {
    return String(error.cause?.code ?? error.code ?? error.name);
  }
}

/** Every case in every way, as often as `times` says: where connections arrived, and how the attempts ended. */
async function run(ways, corpus, times) {
  const tally = {};
  const reached = [];
  for (const [index, each] of corpus.entries()) {
    for (const [way, how] of Object.entries(ways)) {
      for (let nth = 0; nth < times(each); nth++) {
        const outcome = await attempt(how, each);
        if (outcome === null) continue;
        tally[way] ??= { tried: 0, internal: 0, public: 0, outcomes: {} };
        const row = tally[way];
        row.tried++;
        row.outcomes[outcome] = (row.outcomes[outcome] ?? 0) + 1;
        for (const at of await arrived()) {
          const where = published.has(at) ? 'public' : 'internal';
          row[where]++;
          reached.push({ case: index, way, at, where });
        }
      }
    }
  }
  return { tally, reached };
}

const rebinds = ({ host = '' }) => host.includes('.rebind.');
const out = { internal, legitimate };
out.control = await run(openWays, internal, (each) => (rebinds(each) ? 2 : 1));
out.guarded = {};
for (const [name, resolver] of Object.entries(resolvers)) {
  out.guarded[name] = await run(guardedWays(resolver), internal, (each) => (rebinds(each) ? 4 : 1));
}
out.allowed = await run(guardedWays(resolvers.cached), legitimate, () => 1);
// Not before a pipe has it all.
process.stdout.write(JSON.stringify(out), () => process.exit());
