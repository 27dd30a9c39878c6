import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isAddress, lenientReadings } from '../../../src/ip/index.js';
import { anyText, numeric, zoned } from '../../support/arbitraries.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

describe('agreement with net.isIP', () => {
  it('on text without a zone', () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !text.includes('%')),
        (text) => {
          const family = isIP(text);
          expect(isAddress(text)).toBe(family !== 0);
          expect([isAddress(text, 4), isAddress(text, 6)]).toStrictEqual([family === 4, family === 6]);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('on what stands before a zone', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          zoned.map(String),
          anyText.map((text) => `${text}%eth0`),
        ),
        (text) => {
          if (isAddress(text)) expect(isIP(text.slice(0, text.indexOf('%')))).toBe(6);
        },
      ),
      { numRuns: 5000 },
    );
  });

  // The known difference: Node takes a zone after any IPv6 address, and letters, digits and `-.:` in it.
  it.each([
    ['fe80::1%eth0', 6, true, 'both'],
    ['::1%lo', 6, false, 'loopback has no zones (RFC 4007 section 6)'],
    ['2001:db8::1%eth0', 6, false, 'nor has global scope'],
    ['fd00::1%eth0', 6, false, 'unique-local is global scope'],
    ['ff0e::1%eth0', 6, false, 'global multicast'],
    ['ff00::1%eth0', 6, false, 'a reserved scope'],
    ['fe80::1%a:b', 6, false, 'a colon, which an endpoint would be cut at'],
    ['fe80::1%25eth0', 6, false, 'two readings: zone eth0 percent-encoded, or zone 25eth0'],
    ['fe80::1%a_b', 0, true, 'Linux allows interfaces named so'],
    ['fe80::1%a~b', 0, true, 'unreserved characters (RFC 3986 section 2.3)'],
  ])('%s: isIP %i, isAddress %s: %s', (text, family, ours) => {
    expect(isIP(text)).toBe(family);
    expect(isAddress(text)).toBe(ours);
  });
});

describe('the inet_aton reading is that of getaddrinfo', () => {
  // Only text that inet_aton reads is looked up: for any other, getaddrinfo would ask a name server.
  const read = numeric.filter((text) => /^[0-9a-fxX.]+$/.test(text) && lenientReadings(text).inetAton !== null);

  it('on every text that it reads', async () => {
    await fc.assert(
      fc.asyncProperty(read, async (text) => {
        const { inetAton } = lenientReadings(text);
        expect(await lookup(text, { family: 4 })).toStrictEqual({ address: inetAton, family: 4 });
      }),
      { numRuns: 1000 },
    );
  });
});
