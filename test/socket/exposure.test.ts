import { expect, it } from 'vitest';
import type { Reach } from '../../src/socket/index.js';
import { isWider } from '../../src/socket/index.js';

const ORDER: readonly Reach[] = ['none', 'loopback', 'link', 'private', 'public', 'all'];

it('is wider what comes later from nobody to everybody', () => {
  for (const [place, reach] of ORDER.entries()) {
    for (const [other, than] of ORDER.entries()) expect(isWider(reach, than), `${reach} ${than}`).toBe(place > other);
  }
});

it('does not take for narrow what it does not understand', () => {
  const words = 'is no reach: write none, loopback, link, private, public, all';
  expect(() => isWider('Public' as 'public', 'loopback')).toThrow(new TypeError(`"Public" ${words}`));
  expect(() => isWider('all', 'Loopback' as 'loopback')).toThrow(new TypeError(`"Loopback" ${words}`));
  expect(() => isWider(undefined as never, 'all')).toThrow(new TypeError(`undefined ${words}`));
});
