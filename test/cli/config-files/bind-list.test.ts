import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBindList } from '../../../src/cli/config-files/bind-list.js';
import { damaged, shortly } from './reading.js';

describe('our own files', () => {
  it('list binds as text or as fields', () => {
    const text = `binds:
  - 127.0.0.1:8080
  - host: 0.0.0.0
    port: 5432
    name: db
  - {path: /run/x.sock}
other: 1
`;
    const reading = readBindList(text);
    expect(shortly(reading)).toEqual([
      '2:5 - 127.0.0.1:8080',
      '3:5 db {"host":"0.0.0.0","port":5432,"name":"db"}',
      '6:5 - {"path":"/run/x.sock"}',
    ]);
    expect(reading.binds.map((bind) => bind.text)).toEqual(['127.0.0.1:8080', '0.0.0.0:5432', '/run/x.sock']);
  });

  it('name binds, or list them alone', () => {
    expect(shortly(readBindList('binds:\n  web: "[::]:80"\n  api: {host: "::1", port: 81, name: x}'))).toEqual([
      '2:8 web [::]:80',
      '3:8 api {"host":"::1","port":81,"name":"x"}',
    ]);
    expect(shortly(readBindList('- a:1\n---\n- b:2'))).toEqual(['1:3 - a:1', '3:3 - b:2']);
  });

  it('may be JSON', () => {
    expect(shortly(readBindList('{\n\t"binds": {\n\t\t"web": {"host": "::", "port": 80}\n\t}\n}'))).toEqual([
      '3:10 web {"host":"::","port":80}',
    ]);
  });

  it('leave values that are no binds to be refused as such', () => {
    expect(shortly(readBindList('binds: [1, null, true, [80], {a: {b: 1}}]'))).toEqual([
      '1:9 - 1',
      '1:12 - null',
      '1:18 - true',
      '1:24 - [80]',
      '1:30 - {"a":{"b":1}}',
    ]);
  });

  const shape = 'write `binds:` with a list of binds, or with a bind under each name';
  it.each([
    ['', `1:1 bad: no binds; ${shape}`],
    ['# only', `1:1 bad: no binds; ${shape}`],
    ['bind: 1', `1:1 bad: no binds; ${shape}`],
    ['text', `1:1 bad: no binds; ${shape}`],
    ['binds:', `1:7 bad: no list of binds; ${shape}`],
    ['binds: text', `1:8 bad: no list of binds; ${shape}`],
  ])('must have binds: %j', (text, expected) => {
    expect(shortly(readBindList(text))).toEqual([expected]);
  });

  it('may be empty of them', () => {
    expect(shortly(readBindList('binds: []'))).toEqual([]);
    expect(shortly(readBindList('binds: {}'))).toEqual([]);
  });

  it('refuse a bind that aliases make enormous', () => {
    const lines = ['- &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `- &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(shortly(readBindList(lines.join('\n'))).at(-1)).toBe(`9:7 bad: no bind: more than 1000 values; ${shape}`);
  });

  it('are read or complained of, whatever the value and the text', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readBindList(JSON.stringify({ binds: value }))));
    const text = 'binds:\n  web: "[::]:80"\n  api: {host: "::1", port: 81}\n  more: [1]\n';
    fc.assert(fc.property(fc.nat(5000), (seed) => void readBindList(damaged(text, seed))));
  });
});
