import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/ip/index.js';
import { sourceAddresses } from '../../src/tcp/source-address.js';

async function sourcesOf(...destinations: readonly string[]) {
  const found = await sourceAddresses(destinations.map(parseAddress), 80);
  return found.map((source) => (source === null ? null : `${source.address}/${source.prefixLength}`));
}

describe('the source address for a destination', () => {
  it('of the loopback', async () => {
    expect(await sourcesOf('127.0.0.1', '::1')).toEqual(['127.0.0.1/8', '::1/128']);
  });

  it('another of 127/8 has that prefix, or none that is known', async () => {
    const [source] = await sourcesOf('127.0.0.9', '127.0.0.1');
    expect(source).toMatch(/^127\.0\.0\.(1\/8|9\/0)$/);
  });

  it('there is none where there is no way: a link-local address without its zone, a broadcast', async () => {
    expect(await sourcesOf('fe80::1', '255.255.255.255', '127.0.0.1')).toEqual([null, null, '127.0.0.1/8']);
  });

  it('of a single destination without its prefix length, which nothing is compared with', async () => {
    expect(await sourcesOf('127.0.0.1')).toEqual(['127.0.0.1/0']);
  });

  it('none for none', async () => {
    expect(await sourcesOf()).toEqual([]);
  });

  it('leaves no socket', async () => {
    const count = async () => {
      // What was closed is gone after a turn of the loop.
      await setImmediate();
      await setImmediate();
      return process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap').length;
    };
    const before = await count();
    await sourcesOf(...Array.from({ length: 50 }, (_, index) => `127.0.0.${index + 1}`), 'fe80::1');
    expect(await count()).toBe(before);
  });
});
