import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRedis } from '../../../src/cli/config-files/redis.js';
import { damaged, shortly } from './reading.js';

const NOTE = (line: string) => `${line} note PROTECTED_MODE`;

describe('redis.conf', () => {
  it('binds addresses to a port, the last of each', () => {
    expect(shortly(readRedis('# x\nbind 1.2.3.4\nBIND 127.0.0.1 "-::1"\nport 6380\n'))).toEqual([
      '3:1 redis 127.0.0.1 -::1 default 6380',
    ]);
  });

  it('tells of protected mode where more than the loopback is bound', () => {
    const codes = (text: string) => readRedis(text).remarks.map(({ code }) => code);
    for (const hosts of ['127.0.0.1 -::1', 'localhost', '"127.0.0.1 ::1"', '127.8.8.8']) {
      expect(codes(`bind ${hosts}\n`), hosts).toEqual([]);
    }
    for (const hosts of ['*', '127.0.0.1 10.0.0.1', '-::', '127.example']) {
      expect(codes(`bind ${hosts}\n`), hosts).toEqual(['PROTECTED_MODE']);
    }
  });

  it('binds everything where it says nothing', () => {
    const reading = readRedis('# empty\n');
    expect(shortly(reading)).toEqual(['1:1 redis * -::* default 6379', NOTE('1:1')]);
    expect(reading.binds[0]?.text).toBe('* -::* (no bind) port 6379');
    expect(shortly(readRedis('maxmemory 1mb\nport 1'))).toEqual(['2:1 redis * -::* default 1', NOTE('1:1')]);
  });

  it('has ports for TLS and sockets of its own, and none', () => {
    expect(shortly(readRedis('port 0\ntls-port 6379\nbind ::1\nunixsocket /run/redis.sock\nrequirepass x'))).toEqual([
      '3:1 redis tls ::1 default 6379',
      '4:1 redis {"path":"/run/redis.sock"}',
    ]);
    expect(shortly(readRedis('bind ""\n'))).toEqual([]);
    expect(shortly(readRedis('port 0\n'))).toEqual([]);
    expect(shortly(readRedis('bind ::1\nprotected-mode no\ninclude /etc/x'))).toEqual([
      '1:1 redis ::1 default 6379',
      '3:1 note NOT_FOLLOWED',
    ]);
  });

  it.each([
    ['port 080', '1:1 bad: port is "080"; write a decimal number from 0 to 65535'],
    ['port', '1:1 bad: port is ""; write a decimal number from 0 to 65535'],
    ['tls-port 65536', '1:1 bad: tls-port is "65536"; write a decimal number from 0 to 65535'],
    [' bind "::1', '1:2 bad: a quote is out of place; close it, and put a blank after it'],
    ['bind "::1"x', '1:1 bad: a quote is out of place; close it, and put a blank after it'],
  ])('complains of %j', (text, expected) => {
    expect(shortly(readRedis(text))).toContain(expected);
  });

  it('is read or complained of, whatever the text', () => {
    const unit = fc.constantFrom(...'"\'\\ #\n*-', 'bind ', 'port ', '80', '::1');
    fc.assert(fc.property(fc.string({ unit }), (text) => void readRedis(text)));
    fc.assert(fc.property(fc.nat(5000), (seed) => void readRedis(damaged('bind "::1" *\nport 1\n', seed))));
  });

  it('takes time by its length', { timeout: 30_000 }, () => {
    for (const text of ['"', '"\\', '\\', ' ', "'a' "]) readRedis(`bind ${text.repeat(500_000)}`);
  });
});
