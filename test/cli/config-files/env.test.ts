import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnv } from '../../../src/cli/config-files/env.js';
import { damaged, shortly } from './reading.js';

describe('.env files', () => {
  it('pair HOST and PORT, and those with a name before them', () => {
    const text = `# server
HOST=127.0.0.1
export PORT=8080 # comment
API_HOST="::1"
OTHER=1

  API_PORT = '81'
`;
    expect(shortly(readEnv(text))).toEqual([
      '2:1 - {"host":"127.0.0.1","port":8080}',
      '4:1 API {"host":"::1","port":81}',
    ]);
    expect(readEnv(text).binds.map((bind) => bind.text)).toEqual(['127.0.0.1:8080', '[::1]:81']);
  });

  it('take the last of equal names', () => {
    expect(shortly(readEnv('HOST=a\nPORT=1\nHOST=b\nPORT=2'))).toEqual(['3:1 - {"host":"b","port":2}']);
  });

  it('tell of addresses in one text, which are not read', () => {
    const { remarks, binds } = readEnv('A=1\nLISTEN_ADDR=:8080\nAPI_BIND=0.0.0.0:6379\nBIND=\nLISTENER=1\nREBIND=1\n');
    expect(binds).toEqual([]);
    expect(remarks).toMatchObject([
      { line: 2, code: 'NOT_READ', severity: 'note', message: expect.stringMatching(/^LISTEN_ADDR, API_BIND: /) },
    ]);
    expect(shortly(readEnv('BIND_HOST=::1\nBIND_PORT=80'))).toEqual(['1:1 BIND {"host":"::1","port":80}']);
  });

  it('are no assignments within quotes', () => {
    expect(shortly(readEnv('X="\nHOST=a\n"\nHOST=b\nPORT=2'))).toEqual(['4:1 - {"host":"b","port":2}']);
  });

  it('note a port without a host, and of a blank host', () => {
    expect(shortly(readEnv('PORT=80'))).toEqual(['1:1 - {"host":"::","port":80}', '1:1 note NO_HOST']);
    expect(shortly(readEnv('HOST=\nPORT=80'))).toEqual(['1:1 - {"host":"","port":80}']);
    expect(shortly(readEnv('HOST=a'))).toEqual(['1:1 note NO_PORT']);
    expect(shortly(readEnv('HOST=a\nPORT=0'))).toEqual(['1:1 - {"host":"a","port":0,"allowEphemeral":true}']);
  });

  it('leave out what is connected to', () => {
    expect(shortly(readEnv('DB_HOST=db\nDB_PORT=5432\nAPP_REDIS_PORT=1\nSMTP_HOST=x\nDBX_PORT=1'))).toEqual([
      '5:1 DBX {"host":"::","port":1}',
      '5:1 note NO_HOST',
      '1:1 note CLIENTS',
    ]);
  });

  it.each(['080', '0x50', '80a', '-1', '', ' ', '8e1', '1.5'])('refuse the port %j', (port) => {
    const [line, ...others] = shortly(readEnv(`HOST=a\nPORT="${port}"`));
    expect(line).toBe(`2:1 bad: PORT is ${JSON.stringify(port)}; write a decimal number from 1 to 65535`);
    expect(others).toEqual([]);
  });

  it('take the defaults of variables', () => {
    expect(shortly(readEnv(`HOST=\${IP:-127.0.0.1}\nPORT=80`))).toEqual([
      '1:1 - {"host":"127.0.0.1","port":80}',
      '1:1 note DEFAULT_USED',
    ]);
    expect(shortly(readEnv('HOST=$IP\nPORT=80'))).toEqual([
      '1:1 bad: $IP decides, and has no default here; write the value, or check the file that has it',
    ]);
  });

  it('complain of what is no assignment', () => {
    expect(shortly(readEnv('HOST=a\n  PORT 80\nPORT=81\n'))).toEqual([
      '1:1 - {"host":"a","port":81}',
      '2:3 bad: "PORT 80" is no assignment; write NAME=value',
    ]);
    expect(shortly(readEnv('HOST: a\nPORT: 81'))).toEqual(['1:1 - {"host":"a","port":81}']);
    expect(shortly(readEnv(''))).toEqual([]);
  });

  it('may have any number of blank lines behind one that assigns nothing', () => {
    // dotenv takes over a minute for these.
    const text = `H+81\n${'\n'.repeat(1 << 18)}HOST=::1\nPORT=80\n`;
    expect(shortly(readEnv(text))).toEqual([
      `${(1 << 18) + 2}:1 - {"host":"::1","port":80}`,
      '1:1 bad: "H+81" is no assignment; write NAME=value',
    ]);
  });

  it('may have any number of quoted values that go on in the next line', () => {
    // Each was searched for from the first line on.
    const text = `${'A="\n"\n'.repeat(1 << 16)}HOST=::1\nPORT=80\n`;
    expect(shortly(readEnv(text))).toEqual([`${(1 << 17) + 1}:1 - {"host":"::1","port":80}`]);
  });

  it('take a name and its value from one line', () => {
    expect(shortly(readEnv('HOST\n=::1\nPORT=80')).slice(0, 2)).toEqual([
      '3:1 - {"host":"::","port":80}',
      '1:1 bad: "HOST" is no assignment; write NAME=value',
    ]);
  });

  it('have a place for every name that is read from them', () => {
    const unit = fc.constantFrom(...'=#"\'`\\\n\r $', 'HOST', 'PORT', '_', 'a', 'export ', '1');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const { binds } = readEnv(text);
        const lines = text.split('\n');
        for (const { line } of binds) expect(lines[line - 1]).toMatch(/HOST|PORT/);
        const names = Object.keys(parse(text));
        expect(binds.length).toBeLessThanOrEqual(names.length);
      }),
    );
    const text = 'HOST="a b"\nexport PORT=80 # x\nA_PORT=\'1\n2\'\n';
    fc.assert(fc.property(fc.nat(5000), (seed) => void readEnv(damaged(text, seed))));
  });
});
