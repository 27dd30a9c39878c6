import assert from 'node:assert';
import { createCipheriv } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { IPv4Address, IPv6Address, parseAddress } from '../../src/ip/index.js';

// For machines that do other things, too: only what hangs fails.
vi.setConfig({ testTimeout: 60_000 });

type Anonymize = (text: string) => { toString(): string };
type CreateAnonymizer = (key: Uint8Array) => Anonymize;

const ROOT = new URL('../../', import.meta.url);
/** Inside the package, so that `import 'inaddr'` finds the package itself, as built. */
const SCRATCH = new URL('dist/recipes/', ROOT);

/** The key of the sample trace in the authors' distribution. */
const SAMPLE_KEY = Buffer.from('1522178d33a4cf80130a5b1649907d10d8988f837979652762574c2d2a842202', 'hex');

let createAnonymizer: CreateAnonymizer;
let anonymize: Anonymize;

beforeAll(async () => {
  const page = readFileSync(new URL('docs/recipes.md', ROOT), 'utf8');
  // The imports and the function, without what the block then prints.
  const [code] = /^[\s\S]*?^}$/m.exec(blockOfFunction(page)) ?? [];
  assert(code !== undefined);
  mkdirSync(SCRATCH, { recursive: true });
  writeFileSync(new URL('anonymise.js', SCRATCH), `${code}\nexport { createAnonymizer };\n`);
  const module: { readonly createAnonymizer: CreateAnonymizer } = await import(
    /* @vite-ignore */ new URL('anonymise.js', SCRATCH).href
  );
  createAnonymizer = module.createAnonymizer;
  anonymize = createAnonymizer(SAMPLE_KEY);
});
afterAll(() => {
  rmSync(SCRATCH, { recursive: true });
});

function blockOfFunction(page: string): string {
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
  return blocks.find((code) => code.includes('function createAnonymizer')) ?? '';
}

const ipv4 = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((bits) => IPv4Address.fromBigInt(BigInt(bits)));
const ipv6 = fc
  .bigInt({ min: 0n, max: (1n << 128n) - 1n })
  .map((bits) => IPv6Address.fromBigInt(bits))
  // Those are the same address as the IPv4 one.
  .filter((address) => address.unmap().family === 6);
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Two addresses of a family that share exactly so many bits: the second has the next bit turned over, and anything behind it. */
const related = (width: 32 | 128) =>
  fc
    .record({
      first: fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }),
      noise: fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }),
      shared: fc.integer({ min: 0, max: width - 1 }),
    })
    .map(({ first, noise, shared }) => {
      const behind = BigInt(width - shared - 1);
      const turned = first ^ (1n << behind);
      const second = ((turned >> behind) << behind) | (noise & ((1n << behind) - 1n));
      return { texts: [textOf(first, width), textOf(second, width)] as const, shared };
    })
    .filter(({ texts }) => texts.every((text) => width === 32 || !text.startsWith('::ffff:')));

function textOf(bits: bigint, width: 32 | 128): string {
  return (width === 32 ? IPv4Address : IPv6Address).fromBigInt(bits).toString();
}

function sharedBits(a: string, b: string): number {
  const [one, other] = [parseAddress(a), parseAddress(b)];
  const width = one.family === 4 ? 32 : 128;
  const differs = one.toBigInt() ^ other.toBigInt();
  return differs === 0n ? width : width - differs.toString(2).length;
}

/** The paper's definition, a bit at a time: L(R(P(bits before))) is the first bit of the encrypted, padded prefix. */
function anonymizeSlowly(secret: Uint8Array, text: string): string {
  const encrypt = (block: bigint) => {
    const aes = createCipheriv('aes-128-ecb', secret.subarray(0, 16), null).setAutoPadding(false);
    const bytes = aes.update(Buffer.from(block.toString(16).padStart(32, '0'), 'hex'));
    return BigInt(`0x${bytes.toString('hex')}`);
  };
  const pad = encrypt(BigInt(`0x${Buffer.from(secret.subarray(16)).toString('hex')}`));
  const address = parseAddress(text);
  const width = address.family === 4 ? 32 : 128;
  const bits = address.toBigInt().toString(2).padStart(width, '0');
  const padding = pad.toString(2).padStart(128, '0');
  const hidden = [...bits].map((bit, n) => {
    const block = encrypt(BigInt(`0b${bits.slice(0, n)}${padding.slice(n)}`));
    return BigInt(bit) ^ (block >> 127n);
  });
  return textOf(BigInt(`0b${hidden.join('')}`), width);
}

describe('the prefix-preserving mapping of docs/recipes.md', () => {
  // The sample trace of the authors' distribution; the IPv6 rows are what other implementations give with its key.
  it.each([
    ['10.185.25.118', '117.161.29.118'],
    ['24.0.250.221', '100.15.198.226'],
    ['24.13.62.231', '100.2.192.247'],
    ['38.15.67.68', '64.3.66.187'],
    ['64.39.15.238', '0.219.7.41'],
    ['128.11.68.132', '135.242.180.132'],
    ['192.102.249.13', '252.138.62.131'],
    ['216.35.217.178', '235.195.157.81'],
    ['::1', '78ff:f001:9fc0:20df:8380:b1f1:704:ed'],
    ['2001:db8::1', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e'],
    ['2001:db8::2', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c'],
  ])('gives for %s what others give', (text, expected) => {
    expect(`${anonymize(text)}`).toBe(expected);
  });

  it('is the construction of the paper', () => {
    fc.assert(
      fc.property(key, fc.oneof(ipv4, ipv6), (secret, address) => {
        const text = address.toString();
        expect(`${createAnonymizer(secret)(text)}`).toBe(anonymizeSlowly(secret, text));
      }),
      { numRuns: 30 },
    );
  });

  it.each([32, 128] as const)('keeps how many bits two addresses of %i bits share, and so is one-to-one', (width) => {
    fc.assert(
      fc.property(key, related(width), (secret, { texts: [a, b], shared }) => {
        const map = createAnonymizer(secret);
        expect(sharedBits(a, b)).toBe(shared);
        expect(sharedBits(`${map(a)}`, `${map(b)}`)).toBe(shared);
      }),
      { numRuns: 100 },
    );
  });

  it('maps a /24 onto a /24, every address to one of its own', () => {
    const hidden = Array.from({ length: 256 }, (_, last) => `${anonymize(`192.0.2.${last}`)}`);
    expect(new Set(hidden).size).toBe(256);
    expect(new Set(hidden.map((text) => text.replace(/\.\d+$/, ''))).size).toBe(1);
  });

  it('gives the same for the same, whatever was asked in between, and something else for another key', () => {
    const first = `${anonymize('192.0.2.1')}`;
    anonymize('2001:db8::1');
    expect(`${anonymize('192.0.2.1')}`).toBe(first);
    expect(`${createAnonymizer(Buffer.alloc(32, 7))('192.0.2.1')}`).not.toBe(first);
  });

  it('takes a mapped address for the IPv4 address, and leaves out zones', () => {
    expect(`${anonymize('::ffff:192.0.2.1')}`).toBe(`${anonymize('192.0.2.1')}`);
    expect(`${anonymize('fe80::1%eth0')}`).toBe(`${anonymize('fe80::1')}`);
  });

  it('refuses a key of another length, and text that is no address', () => {
    expect(() => createAnonymizer(Buffer.alloc(16))).toThrow(
      new RangeError('the key has 16 bytes: pass randomBytes(32)'),
    );
    expect(() => anonymize('192.0.2.01')).toThrow('leading zero');
  });
});
