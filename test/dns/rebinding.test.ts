import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { ResolverOptions } from '../../src/dns/index.js';
import { createLookup, Resolver } from '../../src/dns/index.js';
import type { AnswerRecord } from '../../src/testing/index.js';
import { DnsServer } from '../../src/testing/index.js';
import { selfSigned } from '../support/certificate.js';
import { close, listen } from '../support/listener.js';
import { tempDir } from '../support/temp-dir.js';

// A name that changes between check and use gains nothing: what was checked is what is connected to.

const ALLOWED = '127.0.0.2';
const DENIED = '127.0.0.1';
const POLICY = { deny: [`${DENIED}/32`, '::1/128'] };
const NAME = 'rebind.test';
const certificate = selfSigned(tempDir(), [NAME]);

/** On both addresses, on one port. */
class Listeners {
  readonly connections = { [ALLOWED]: 0, [DENIED]: 0 };
  port = 0;
  readonly #servers: net.Server[];

  constructor(make: () => net.Server) {
    this.#servers = [ALLOWED, DENIED].map((address) =>
      make().on('connection', () => {
        this.connections[address as typeof ALLOWED]++;
      }),
    );
  }

  async listen(): Promise<void> {
    const [allowed, denied] = this.#servers as [net.Server, net.Server];
    for (let tries = 1; ; tries++) {
      this.port = await listen(allowed, ALLOWED);
      try {
        await listen(denied, DENIED, this.port);
        return;
      } catch (error) {
        // Somebody else has the port of the other address.
        if (tries === 20) throw error;
        await close(allowed);
      }
    }
  }

  close(): Promise<unknown> {
    return Promise.all(this.#servers.map(close));
  }
}

interface Client {
  readonly listeners: () => net.Server;
  /** Makes one new connection, and fulfils with the address that it leads to. */
  readonly connect: (port: number, lookup: net.LookupFunction) => Promise<string | undefined>;
}

const reply: http.RequestListener = (request, response) => response.end(request.socket.localAddress ?? '');

const CLIENTS: Readonly<Record<string, Client>> = {
  net: {
    listeners: () => net.createServer((socket) => socket.end(socket.localAddress ?? '')),
    connect: async (port, lookup) => {
      const socket = net.connect({ host: NAME, port, lookup }).setEncoding('utf8');
      const [text] = (await once(socket, 'data')) as [string];
      return text;
    },
  },
  http: {
    listeners: () => http.createServer(reply),
    connect: (port, lookup) => textOf(http.get(`http://${NAME}:${port}/`, { lookup, agent: false })),
  },
  https: {
    listeners: () => https.createServer(certificate ?? {}, reply),
    connect: (port, lookup) =>
      textOf(https.get(`https://${NAME}:${port}/`, { lookup, agent: false, ca: certificate?.cert })),
  },
  undici: {
    listeners: () => http.createServer(reply),
    connect: async (port, lookup) => {
      const agent = new Agent({ connect: { lookup } });
      try {
        const { body } = await request(`http://${NAME}:${port}/`, { dispatcher: agent });
        return await body.text();
      } finally {
        await agent.close();
      }
    },
  },
};

async function textOf(sent: http.ClientRequest): Promise<string> {
  const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk;
  return text;
}

const a = (address: string, ttl: number): AnswerRecord => ({ type: 'A', address, ttl });
const aaaa = (address: string, ttl: number): AnswerRecord => ({ type: 'AAAA', address, ttl });

describe.each(Object.keys(CLIENTS))('%s', (kind) => {
  const client = CLIENTS[kind] as Client;
  let listeners: Listeners;
  let server: DnsServer;

  beforeAll(async () => {
    listeners = new Listeners(client.listeners);
    if (kind !== 'https' || certificate !== null) await listeners.listen();
  });
  afterAll(() => listeners.close());
  beforeEach(async (context) => {
    if (kind === 'https' && certificate === null) context.skip();
    server = await DnsServer.listen();
    listeners.connections[ALLOWED] = 0;
    listeners.connections[DENIED] = 0;
  });
  afterEach(() => server?.close());

  /** A first answer, and another for all later questions. */
  const answers = (first: readonly AnswerRecord[], then: readonly AnswerRecord[]) => {
    for (const type of ['A', 'AAAA'] as const) {
      const of = (records: readonly AnswerRecord[]) => records.filter((record) => record.type === type);
      server.rule({ name: NAME, type }, { answer: (_, nth) => of(nth === 1 ? first : then) });
    }
  };
  const resolverOf = (options: ResolverOptions = {}) => {
    const resolver = new Resolver({ servers: [server.address], hosts: false, policy: POLICY, ...options });
    onTestFinished(() => resolver.close());
    return resolver;
  };
  const connect = (lookup: net.LookupFunction) => client.connect(listeners.port, lookup);
  const expectBlocked = (lookup: net.LookupFunction) =>
    expect(connect(lookup)).rejects.toMatchObject({ code: 'EACCES', cause: { code: 'BLOCKED' } });

  test('the listener that is denied would see a connection: without a policy it does', async () => {
    answers([a(ALLOWED, 0)], [a(DENIED, 0)]);
    const { lookup } = resolverOf({ policy: 'any' });
    expect([await connect(lookup), await connect(lookup)]).toEqual([ALLOWED, DENIED]);
    expect(listeners.connections).toEqual({ [ALLOWED]: 1, [DENIED]: 1 });
  });

  test('TTL 0: the second answer is denied', async () => {
    answers([a(ALLOWED, 0)], [a(DENIED, 0)]);
    const { lookup } = resolverOf();
    expect(await connect(lookup)).toBe(ALLOWED);
    for (let times = 0; times < 3; times++) await expectBlocked(lookup);
    expect(listeners.connections).toEqual({ [ALLOWED]: 1, [DENIED]: 0 });
  });

  test('with a TTL: the answer that was checked is used until its time is over, then the next is denied', async () => {
    answers([a(ALLOWED, 60)], [a(DENIED, 60)]);
    let now = 0;
    const { lookup } = resolverOf({ clock: () => now });
    for (const second of [0, 30, 59]) {
      now = second * 1000;
      expect(await connect(lookup)).toBe(ALLOWED);
    }
    for (const second of [60, 61, 119]) {
      now = second * 1000;
      await expectBlocked(lookup);
    }
    expect(server.count(NAME, 'A')).toBe(2);
    expect(listeners.connections).toEqual({ [ALLOWED]: 3, [DENIED]: 0 });
  });

  test('check first, connect later: the connection goes to what was checked, or nowhere', async () => {
    answers([a(ALLOWED, 0)], [a(DENIED, 0)]);
    const resolver = resolverOf();
    const { records } = await resolver.resolve(NAME);
    expect(records).toMatchObject([{ address: ALLOWED }]);
    await expectBlocked(resolver.lookup);
    expect(listeners.connections).toEqual({ [ALLOWED]: 0, [DENIED]: 0 });
  });

  test.each([
    ['beside one that is allowed', [a(ALLOWED, 0), a(DENIED, 0)]],
    ['in the other family', [a(ALLOWED, 0), aaaa('::1', 0)]],
    ['mapped into IPv6', [a(ALLOWED, 0), aaaa(`::ffff:${DENIED}`, 0)]],
  ])('a denied address %s', async (_, then) => {
    answers([a(ALLOWED, 0)], then);
    // That there was no IPv6 address at first must not hide that there is one now.
    const { lookup } = resolverOf({ cache: { negativeTtl: 0 } });
    expect(await connect(lookup)).toBe(ALLOWED);
    await expectBlocked(lookup);
    expect(listeners.connections).toEqual({ [ALLOWED]: 1, [DENIED]: 0 });
  });

  test("onDenied 'drop': the connection goes to the others", async () => {
    answers([a(DENIED, 0), a(ALLOWED, 0)], [a(DENIED, 0)]);
    const { lookup } = resolverOf({ onDenied: 'drop' });
    expect(await connect(lookup)).toBe(ALLOWED);
    await expectBlocked(lookup);
    expect(listeners.connections).toEqual({ [ALLOWED]: 1, [DENIED]: 0 });
  });

  test('a policy of the lookup alone', async () => {
    answers([a(ALLOWED, 0)], [a(DENIED, 0)]);
    const lookup = createLookup({ resolver: resolverOf({ policy: 'any' }), policy: POLICY });
    expect(await connect(lookup)).toBe(ALLOWED);
    await expectBlocked(lookup);
    expect(listeners.connections).toEqual({ [ALLOWED]: 1, [DENIED]: 0 });
  });
});

describe("policy 'global', on answers: nothing is connected to", () => {
  const GLOBAL = ['1.1.1.1', '2606:4700:4700::1111', '64:ff9b::1.1.1.1'];
  const OTHERS = [
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '192.0.2.1',
    '192.168.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fe80::1',
  ];
  const recordOf = (address: string) => (address.includes(':') ? aaaa(address, 0) : a(address, 0));
  const lookedUp = async (records: readonly AnswerRecord[]) => {
    await using server = await DnsServer.listen();
    for (const type of ['A', 'AAAA'] as const) {
      server.rule({ name: NAME, type }, { answer: records.filter((record) => record.type === type) });
    }
    using resolver = new Resolver({ servers: [server.address], hosts: false, policy: 'global' });
    return await new Promise((resolve) => {
      resolver.lookup(NAME, { all: true }, (error, addresses) => resolve(error ?? addresses));
    });
  };

  test.each(GLOBAL)('%s passes', async (address) => {
    expect(await lookedUp([recordOf(address)])).toMatchObject([{ address }]);
  });
  test.each(OTHERS)('%s does not, alone or beside one that would', async (address) => {
    for (const records of [[recordOf(address)], [a('1.1.1.1', 0), recordOf(address)]]) {
      expect(await lookedUp(records)).toMatchObject({ code: 'EACCES', cause: { code: 'BLOCKED' } });
    }
  });
});
