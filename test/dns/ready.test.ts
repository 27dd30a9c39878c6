import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/dns/answer.js';
import type { Ready } from '../../src/dns/ready.js';
import { ReadyAnswers } from '../../src/dns/ready.js';

const HOSTS = new Map<string, readonly string[]>();

function ready(until: number, count = 1): Ready {
  const records = Array.from({ length: count }, () => ({ type: 'A', address: '192.0.2.1', ttl: 9 }) as const);
  const answer: Answer = {
    name: 'a.test',
    type: 'A',
    records,
    ttl: 9,
    source: 'cache',
    stale: false,
    partial: false,
    families: null,
  };
  return { answer, hits: 1, until, hosts: HOSTS };
}

describe('ReadyAnswers', () => {
  test('are for the same text, type and hosts file, until their time', () => {
    const answers = new ReadyAnswers();
    const one = ready(1000);
    answers.set('a.test', 'A', one);
    expect(answers.get('a.test', 'A', HOSTS, 999.9)).toBe(one);
    expect(answers.get('a.test', 'A', HOSTS, 1000)).toBeNull();
    expect(answers.get('A.test', 'A', HOSTS, 0)).toBeNull();
    expect(answers.get('a.test', 'AAAA', HOSTS, 0)).toBeNull();
    expect(answers.get('a.test', null, HOSTS, 0)).toBeNull();
    expect(answers.get('a.test', 'A', new Map(), 0)).toBeNull();
    const other = ready(2000);
    answers.set('a.test', 'A', other);
    expect(answers.get('a.test', 'A', HOSTS, 1000)).toBe(other);
    answers.clear();
    expect(answers.get('a.test', 'A', HOSTS, 0)).toBeNull();
  });

  test.each(['__proto__', 'constructor', ''])('%j is a text like others', (text) => {
    const answers = new ReadyAnswers();
    expect(answers.get(text, null, HOSTS, 0)).toBeNull();
    const one = ready(1);
    answers.set(text, null, one);
    expect(answers.get(text, null, HOSTS, 0)).toBe(one);
  });

  test('are a thousand for each type at the most; the last is among them', () => {
    const answers = new ReadyAnswers();
    const kept = () =>
      Array.from({ length: 3000 }, (_, i) => answers.get(`${i}`, 'A', HOSTS, 0)).filter((one) => one !== null).length;
    for (let i = 0; i < 1000; i++) answers.set(`${i}`, 'A', ready(1));
    answers.set('0', 'A', ready(1));
    expect(kept()).toBe(1000);
    for (let i = 0; i < 1000; i++) answers.set(`${i}`, 'AAAA', ready(1));
    expect(kept()).toBe(1000);
    expect(answers.get('999', 'AAAA', HOSTS, 0)).not.toBeNull();
    for (let i = 1000; i < 2500; i++) answers.set(`${i}`, 'A', ready(1));
    expect(kept()).toBeLessThanOrEqual(1000);
    expect(answers.get('2499', 'A', HOSTS, 0)).not.toBeNull();
  });

  test('are not long', () => {
    const answers = new ReadyAnswers();
    answers.set('a', 'A', ready(1, 101));
    answers.set('b', 'A', ready(1, 100));
    expect(answers.get('a', 'A', HOSTS, 0)).toBeNull();
    expect(answers.get('b', 'A', HOSTS, 0)).not.toBeNull();
  });
});
