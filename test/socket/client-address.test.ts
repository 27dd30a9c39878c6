import { once } from 'node:events';
import { createServer, get } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressParseError, type IPv4Address, PrefixSet } from '../../src/ip/index.js';
import type { RequestHeaders } from '../../src/socket/client-address.js';
import { clientAddress } from '../../src/socket/client-address.js';
import { ipv4, ipv6 } from '../support/arbitraries.js';
import { close, listen } from '../support/listener.js';
import { forbidden } from '../support/not-text.js';

const TRUSTED = PrefixSet.from(['10.0.0.0/8', '2001:db8:1::/48', 'fe80::/10']);

describe('X-Forwarded-For', () => {
  it.each([
    // The peer is no proxy of ours: what it writes is not looked at.
    ['203.0.113.9', '198.51.100.1', { address: '203.0.113.9', source: 'peer', end: 'untrusted', proxies: [] }],
    ['10.0.0.1', null, { address: '10.0.0.1', source: 'peer', end: 'exhausted', proxies: [] }],
    ['10.0.0.1', '198.51.100.1', { address: '198.51.100.1', end: 'untrusted', proxies: ['10.0.0.1'] }],
    // Never past the first hop that is not trusted.
    ['10.0.0.1', '10.9.9.9, 198.51.100.1, 10.0.0.2', { address: '198.51.100.1', proxies: ['10.0.0.1', '10.0.0.2'] }],
    ['10.0.0.1', '10.9.9.9,10.0.0.2', { address: '10.9.9.9', end: 'exhausted', proxies: ['10.0.0.1', '10.0.0.2'] }],
    // As the kernel reports the peers of a dual-stack socket, and of a link.
    ['::ffff:10.0.0.1', '::ffff:198.51.100.1', { address: '198.51.100.1', end: 'untrusted', proxies: ['10.0.0.1'] }],
    ['fe80::5%eth0', '2001:db8::7', { address: '2001:db8::7', proxies: ['fe80::5%eth0'] }],
    // Ports, with brackets.
    ['10.0.0.1', '198.51.100.1:4711', { address: '198.51.100.1', end: 'untrusted' }],
    ['10.0.0.1', '[2001:db8::7]:65535', { address: '2001:db8::7', end: 'untrusted' }],
    ['10.0.0.1', '[2001:DB8::7]', { address: '2001:db8::7', end: 'untrusted' }],
    // Left of what can't be read, nothing is believed.
    ['10.0.0.1', '198.51.100.1, unknown, 10.0.0.2', { address: '10.0.0.2', end: 'hidden', proxies: ['10.0.0.1'] }],
    ['10.0.0.1', '198.51.100.1,,10.0.0.2', { address: '10.0.0.2', end: 'malformed', proxies: ['10.0.0.1'] }],
    ['10.0.0.1', '', { address: '10.0.0.1', source: 'peer', end: 'malformed', proxies: [] }],
  ])('from %s: %s', (peer, header, expected) => {
    const headers = header === null ? {} : { 'x-forwarded-for': header };
    expect(clientAddress(headers, peer, TRUSTED)).toMatchObject(expected);
  });

  it.each([
    '198.51.100.1:65536',
    '198.51.100.1:',
    '[198.51.100.1]',
    '[2001:db8::7]:65536',
    '[2001:db8::7',
    '2001:db8::7]:80',
    '[fe80::7%25eth0]',
    'fe80::7%eth0',
    '010.0.0.1',
    '127.1',
    'localhost',
    '_hidden',
    '"198.51.100.1"',
    '198.51.100.1 198.51.100.2',
    '__proto__',
  ])('%s is no hop', (entry) => {
    const result = clientAddress({ 'x-forwarded-for': `198.51.100.200, ${entry}` }, '10.0.0.1', TRUSTED);
    expect(result).toEqual({ address: '10.0.0.1', source: 'peer', end: 'malformed', proxies: [] });
  });
});

describe('Forwarded', () => {
  it.each([
    // RFC 7239 section 4.
    ['for="_gazonk"', { address: '10.0.0.1', end: 'hidden' }],
    ['For="[2001:db8:cafe::17]:4711"', { address: '2001:db8:cafe::17', end: 'untrusted' }],
    ['for=192.0.2.60;proto=http;by=203.0.113.43', { address: '192.0.2.60', end: 'untrusted' }],
    ['for=192.0.2.43, for=198.51.100.17', { address: '198.51.100.17', end: 'untrusted' }],
    ['for=192.0.2.43, for="[2001:db8:1::17]"', { address: '192.0.2.43', proxies: ['10.0.0.1', '2001:db8:1::17'] }],
    // RFC 7239 section 6.
    ['for="192.0.2.43:47011"', { address: '192.0.2.43' }],
    ['for="192.0.2.43:_port"', { address: '192.0.2.43' }],
    ['for=unknown', { address: '10.0.0.1', end: 'hidden' }],
    ['proto=https;by=10.0.0.1', { address: '10.0.0.1', end: 'hidden' }],
    ['for="_SEVKISEK"', { end: 'hidden' }],
    // Blanks around semicolons, which proxies write, and escapes.
    ['for=192.0.2.43 ; proto=http', { address: '192.0.2.43' }],
    ['for="192.0.2.4\\3"', { address: '192.0.2.43' }],
    // RFC 7239 section 4: pairs may be left out.
    ['for=192.0.2.43;;', { address: '192.0.2.43' }],
    // A comma and a semicolon in quotes end nothing.
    ['for=192.0.2.1;host="a,for=1.1.1.1;b"', { address: '192.0.2.1' }],
  ])('%s', (header, expected) => {
    expect(clientAddress({ forwarded: header }, '10.0.0.1', TRUSTED)).toMatchObject(expected);
  });

  it.each([
    'for=2001:db8::1',
    'for="2001:db8::1"',
    'for="[192.0.2.1]"',
    'for="[2001:db8::1]:65536"',
    'for=192.0.2.1;for=192.0.2.2',
    'for="192.0.2.1',
    'for=',
    'for',
    '192.0.2.1',
    'for=192.0.2.1 for=192.0.2.2',
    // A quote of a liar's that swallows what a proxy adds.
    'for=", for=192.0.2.1',
    'for=", for="[2001:db8::1]"',
  ])('%s: malformed', (header) => {
    const result = clientAddress({ forwarded: header }, '10.0.0.1', TRUSTED);
    expect(result).toEqual({ address: '10.0.0.1', source: 'peer', end: 'malformed', proxies: [] });
  });
});

describe('two headers', () => {
  const headers = { forwarded: 'for=192.0.2.1', 'x-forwarded-for': '192.0.2.2' };

  it('that disagree tell nothing: one of them is of whoever asks', () => {
    const expected = { address: '10.0.0.1', source: 'peer', end: 'ambiguous', proxies: [] };
    expect(clientAddress(headers, '10.0.0.1', TRUSTED)).toEqual(expected);
    const agreed = { ...headers, 'x-forwarded-for': '192.0.2.1' };
    expect(clientAddress(agreed, '10.0.0.1', TRUSTED)).toMatchObject({ address: '192.0.2.1', end: 'untrusted' });
  });

  it('are no matter when it is said which one the proxies set', () => {
    const { address } = clientAddress(headers, '10.0.0.1', TRUSTED, { header: 'x-forwarded-for' });
    expect(address).toBe('192.0.2.2');
    expect(clientAddress(headers, '10.0.0.1', TRUSTED, { header: 'forwarded' }).address).toBe('192.0.2.1');
  });
});

describe('arguments', () => {
  it('takes the headers of fetch, and names in any case, several lines as one list', () => {
    const fetched = new Headers([['X-Forwarded-For', '192.0.2.1']]);
    expect(clientAddress(fetched, '10.0.0.1', TRUSTED).address).toBe('192.0.2.1');
    const lines = { 'X-Forwarded-For': ['192.0.2.1', '10.0.0.2'] };
    expect(clientAddress(lines, '10.0.0.1', TRUSTED).proxies).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(clientAddress({ 'x-forwarded-for': undefined }, '10.0.0.1', TRUSTED).source).toBe('peer');
    expect(clientAddress({ get: 'a header of that name' }, '10.0.0.1', TRUSTED).source).toBe('peer');
  });

  it('refuses what is none', () => {
    const call =
      (...args: readonly unknown[]) =>
      () =>
        clientAddress(...forbidden<Parameters<typeof clientAddress>>(args));
    expect(call({}, undefined, TRUSTED)).toThrow(AddressParseError);
    expect(call({}, '10.0.0.1:80', TRUSTED)).toThrow(AddressParseError);
    expect(call({}, '10.0.0.1', ['10.0.0.0/8'])).toThrow(TypeError);
    expect(call(null, '10.0.0.1', TRUSTED)).toThrow(TypeError);
    expect(call({}, '10.0.0.1', TRUSTED, { Header: 'forwarded' })).toThrow(/no option "Header"/);
    expect(call({}, '10.0.0.1', TRUSTED, { header: 'via' })).toThrow(TypeError);
  });
});

describe('for any chain', () => {
  const trusted = fc.ipV4().map((text) => text.replace(/^\d+/, '10'));
  const stranger = fc.oneof(
    ipv4.filter((address: IPv4Address) => !TRUSTED.has(address)).map(String),
    ipv6
      .filter((address) => !TRUSTED.has(address.withZone(null)) && address.unmap().family === 6)
      .map((address) => String(address.withZone(null))),
  );
  const writers = {
    'x-forwarded-for': (hop: string) => hop,
    forwarded: (hop: string) => (hop.includes(':') ? `for="[${hop}]"` : `for=${hop}`),
  };

  it.each(Object.entries(writers))('%s: what a client writes before does not decide who it is', (header, write) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('for="', 'for=1.1.1.1;x="\\', '1.1.1.1', ',', '"', 'for=1.1.1.1')),
        stranger,
        fc.array(trusted, { minLength: 1, maxLength: 4 }),
        (lie, client, proxies) => {
          const [peer = '', ...others] = proxies;
          const told = [client, ...others.toReversed()].map(write).join(', ');
          const headers: RequestHeaders = { [header]: `${lie}, ${told}` };
          const result = clientAddress(headers, peer, TRUSTED);
          if (header === 'x-forwarded-for' || result.end !== 'malformed') {
            expect(result).toEqual({ address: client, source: header, end: 'untrusted', proxies });
          } else {
            // A lie that breaks the grammar hides who wrote it, and names nobody else.
            expect(result).toEqual({ address: peer, source: 'peer', end: 'malformed', proxies: [] });
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('reads 1 MB of anything at once', () => {
    for (const piece of [' ', ',', '"', '\\', 'for="', 'a=b;', ':', ':1', '[', ':_a', 'for=_a,', '\t;']) {
      const text = piece.repeat(1e6 / piece.length);
      for (const header of ['forwarded', 'x-forwarded-for']) {
        expect(clientAddress({ [header]: text }, '10.0.0.1', TRUSTED).address).toBe('10.0.0.1');
      }
    }
  });
});

describe('a real request', () => {
  it('carries its headers as node:http has them', async () => {
    const loopback = PrefixSet.from(['127.0.0.0/8']);
    const server = createServer((request, response) => {
      response.end(clientAddress(request.headers, request.socket.remoteAddress ?? '', loopback).address);
    });
    const port = await listen(server, '127.0.0.1');
    const headers = { 'X-Forwarded-For': ['198.51.100.1', '127.0.0.5'] };
    const [response] = await once(get({ port, host: '127.0.0.1', headers }), 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    expect(body).toBe('198.51.100.1');
    await close(server);
  });
});

it('does not take a proxy for the client where the headers are none', () => {
  const trusted = PrefixSet.from(['10.0.0.0/8']);
  for (const headers of [
    ['X-Forwarded-For', '1.2.3.4'],
    [['x-forwarded-for', '1.2.3.4']],
    new String('x-forwarded-for: 1.2.3.4'),
    { 'x-forwarded-for': { toString: () => '1.2.3.4' } },
    { 'x-forwarded-for': ['1.2.3.4', 5] },
    new Map(),
  ]) {
    expect(() => clientAddress(headers as never, '10.0.0.1', trusted)).toThrow(/^headers: /);
  }
  const headers = { 'x-forwarded-for': '1.2.3.4' };
  expect(() => clientAddress(headers, '10.0.0.1', trusted, { header: ['x-forwarded-for'] as never })).toThrow(
    /^header: /,
  );
  expect(() => clientAddress(headers, '10.0.0.1', trusted, null as never)).toThrow(/^options: /);
  expect(clientAddress(headers, '10.0.0.1', trusted)).toMatchObject({ source: 'x-forwarded-for' });
});
