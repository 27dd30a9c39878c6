import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from '../../src/cli/exit.js';
import { Complaints } from '../../src/cli/items.js';
import type { TableFormat } from '../../src/cli/match-table.js';
import { loadTable } from '../../src/cli/match-table.js';
import { PrefixMap } from '../../src/ip/index.js';
import { tempDir } from '../support/temp-dir.js';

const dir = tempDir();
let count = 0;
let said: string[] = [];

beforeEach(() => {
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text).replace(`${dir}/`, ''));
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

function file(content: string | Uint8Array, name = `table-${count++}`): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

/** The prefixes and values of a table, as text and in order. */
async function entries(path: string, format?: TableFormat): Promise<unknown[]> {
  const map = await loadTable(path, format, new Complaints());
  return Array.from(map, ({ prefix, value }) => [String(prefix), value]);
}

describe('CSV', () => {
  it.each<[string, string, unknown[]]>([
    [
      'prefixes',
      '10.0.0.0/8,A\n::/0,B\n',
      [
        ['10.0.0.0/8', 'A'],
        ['::/0', 'B'],
      ],
    ],
    [
      'ranges',
      '10.0.0.0,10.0.0.2,A\n',
      [
        ['10.0.0.0/31', 'A'],
        ['10.0.0.2/32', 'A'],
      ],
    ],
    ['ranges in quotes', '"10.0.0.0","10.0.0.1","A, B"\r\n', [['10.0.0.0/31', 'A, B']]],
    ['several columns', '10.0.0.0/8,A,1,x y\n', [['10.0.0.0/8', ['A', '1', 'x y']]]],
    ['empty columns', '10.0.0.0/8,,\n', [['10.0.0.0/8', ['', '']]]],
    [
      'no value',
      '10.0.0.0/8\n11.0.0.0,11.255.255.255\n',
      [
        ['10.0.0.0/8', ''],
        ['11.0.0.0/8', ''],
      ],
    ],
    ['a mapped prefix, as IPv4', '::ffff:10.0.0.0/104,A\n', [['10.0.0.0/8', 'A']]],
    ['blank rows of a spreadsheet', ',,\n10.0.0.0/8,A\n,,\n', [['10.0.0.0/8', 'A']]],
    ['the last of two equal prefixes', '10.0.0.0/8,A\n10.0.0.0/8,B\n', [['10.0.0.0/8', 'B']]],
    ['a mark and comments', '\uFEFF# from "x\n10.0.0.0/8,A\n', [['10.0.0.0/8', 'A']]],
    ['nothing', '', []],
  ])('may have %s', async (_, content, expected) => {
    expect(await entries(file(content))).toEqual(expected);
    expect(said).toEqual([]);
  });

  it.each([
    'prefix,value',
    'Network,Country',
    '"cidr"',
    '# comment\nstart_ip,end_ip,country',
    'first,last,value',
    'ip_range_start,ip_range_end,country_code',
    'IP_FROM,IP_TO,COUNTRY',
    '\uFEFFsubnet,name',
  ])('may begin with names of columns: %j', async (header) => {
    expect(await entries(file(`${header}\n10.0.0.0/8,A\n`))).toEqual([['10.0.0.0/8', 'A']]);
    expect(said).toEqual([]);
  });

  it('has names in its first row only', async () => {
    expect(await entries(file('10.0.0.0/8,A\nprefix,value\n'))).toEqual([['10.0.0.0/8', 'A']]);
    expect(said).toEqual([expect.stringMatching(/^inaddr: table-\d+:2: "prefix": no prefix; /)]);
  });

  it('reports each bad row with the number of its line, and has the others', async () => {
    const rows = [
      'prefix,value',
      '10.0.0.1/8,A',
      '10.0.0.1,US',
      '',
      '10.0.0.9,10.0.0.1,A',
      '10.0.0.1,::1,A',
      '010.0.0.1,10.0.0.9,A',
      '"10.0.0.0"/8,A',
      '10.0.0.0/8;A',
      '16777216,16777471,AU',
      'fe80::1%eth0,fe80::2%eth0,A',
      '1.0.0.0/8,kept',
    ];
    const complaints = new Complaints();
    const map = await loadTable(file(rows.join('\r\n')), undefined, complaints);
    expect(map.size).toBe(1);
    expect(complaints.exitCode).toBe(1);
    const lines = said.map((line) => /^inaddr: table-\d+:(\d+): (.*)\n$/.exec(line)?.slice(1));
    expect(lines).toEqual([
      ['2', expect.stringContaining('write 10.0.0.0/8')],
      ['3', '"10.0.0.1": no prefix; write prefix,value or first,last,value'],
      ['5', expect.stringContaining('write 10.0.0.1-10.0.0.9')],
      ['6', expect.stringContaining('two families')],
      ['7', expect.stringContaining('"010.0.0.1": leading zero')],
      ['8', 'no CSV, a quote is out of place; put the whole cell in quotes and double those in it'],
      ['9', expect.stringContaining('"8;A"')],
      ['10', '"16777216": no prefix; write prefix,value or first,last,value'],
      ['11', expect.stringContaining('zone')],
    ]);
  });
});

describe('TSV', () => {
  it('has no quotes', async () => {
    const content = 'prefix\tvalue\n10.0.0.0/8\t"A\tB, C\n';
    expect(await entries(file(content, 'a.tsv'))).toEqual([['10.0.0.0/8', ['"A', 'B, C']]]);
    expect(await entries(file(content), 'tsv')).toEqual([['10.0.0.0/8', ['"A', 'B, C']]]);
    expect(said).toEqual([]);
  });
});

describe('JSON lines', () => {
  it('have prefixes or ranges, and values of any kind', async () => {
    const values = ['A', 1, null, true, { country: 'A', tags: ['x'] }, ['A', 'B'], undefined];
    const rows = values.map((value, i) => JSON.stringify({ prefix: `1${i}.0.0.0/8`, value }));
    rows.push('', '{"first": "::", "last": "::1", "value": 2, "else": 3}\r');
    const expected = values.map((value, i) => [`1${i}.0.0.0/8`, value ?? null]);
    expect(await entries(file(rows.join('\n')))).toEqual([...expected, ['::/127', 2]]);
    expect(said).toEqual([]);
  });

  it('report each bad line', async () => {
    const rows = ['{"prefix": "10.0.0.0/8"', '[]', 'null', '"10.0.0.0/8"', '{}', '{"prefix": 8}', '{"first": "::1"}'];
    rows.push('{"prefix": "10.0.0.1/8"}', `{"prefix": "${'x'.repeat(70_000)}"}`, '{"prefix": "::/0", "value": 1}');
    expect(await entries(file(rows.join('\n'), 'bad.jsonl'))).toEqual([['::/0', 1]]);
    expect(said).toEqual([
      'inaddr: bad.jsonl:1: "{\\"prefix\\": \\"10.0.0.0/8\\"": no JSON; write {"prefix": "10.0.0.0/8", "value": …} on one line\n',
      'inaddr: bad.jsonl:2: no object; write {"prefix": "10.0.0.0/8", "value": …}\n',
      'inaddr: bad.jsonl:3: no object; write {"prefix": "10.0.0.0/8", "value": …}\n',
      'inaddr: bad.jsonl:4: no object; write {"prefix": "10.0.0.0/8", "value": …}\n',
      ...[5, 6, 7].map(
        (line) =>
          `inaddr: bad.jsonl:${line}: no prefix; write {"prefix": …, "value": …} or {"first": …, "last": …, "value": …}\n`,
      ),
      expect.stringMatching(/^inaddr: bad\.jsonl:8: "10\.0\.0\.1\/8": .*write 10\.0\.0\.0\/8/),
      'inaddr: bad.jsonl:9: longer than 65536 bytes; write one object a line\n',
    ]);
  });

  it('take no harm from names of Object', async () => {
    const rows = ['{"__proto__": {"prefix": "::/0"}, "value": 1}', '{"constructor": 1, "prefix": "::/0", "value": 2}'];
    expect(await entries(file(rows.join('\n')))).toEqual([['::/0', 2]]);
    expect(said).toHaveLength(1);
  });
});

describe('values', () => {
  it('that are equal are one', async () => {
    const map = await loadTable(file('10.0.0.0/8,A,B\n11.0.0.0/8,A,B\n12.0.0.0/8,A,C\n'), undefined, new Complaints());
    const [ten, eleven, twelve] = ['10.0.0.1', '11.0.0.1', '12.0.0.1'].map((address) => map.value(address));
    expect(eleven).toBe(ten);
    expect(twelve).toEqual(['A', 'C']);
    const json = '{"prefix": "10.0.0.0/8", "value": {"a": 1}}\n{"prefix": "11.0.0.0/8", "value": {"a": 1}}\n';
    const objects = await loadTable(file(json), undefined, new Complaints());
    expect(objects.value('11.0.0.1')).toBe(objects.value('10.0.0.1'));
  });

  it('that only look alike are not', async () => {
    const rows = ['["A"]', '"[\\"A\\"]"', '[["A"]]', '{"0": "A"}'];
    const json = rows.map((value, i) => `{"prefix": "1${i}.0.0.0/8", "value": ${value}}`).join('\n');
    expect((await entries(file(json))).map((entry) => (entry as unknown[])[1])).toEqual([
      ['A'],
      '["A"]',
      [['A']],
      { 0: 'A' },
    ]);
  });

  it('of one table are not kept for the next', async () => {
    const [one, two] = [await loadTable(file('::/0,A,B'), 'csv', new Complaints()), file('::/0,A,B')];
    const other = await loadTable(two, 'csv', new Complaints());
    expect(other.value('::1')).toEqual(one.value('::1'));
    expect(other.value('::1')).not.toBe(one.value('::1'));
  });
});

describe('snapshots', () => {
  const map = PrefixMap.from<unknown>([
    ['10.0.0.0/8', 'A'],
    ['2001:db8::/32', ['B', { c: 1 }]],
  ]);
  const bytes = map.toBytes();
  const ENTRIES = [
    ['10.0.0.0/8', 'A'],
    ['2001:db8::/32', ['B', { c: 1 }]],
  ];

  it.each(['table.bin', 'table', 'table.csv', 'table.old'])('are known by their first bytes: %s', async (name) => {
    expect(await entries(file(bytes, `snapshot-${name}`))).toEqual(ENTRIES);
  });

  it('are refused when anything is wrong with them', async () => {
    const changed = Uint8Array.from(bytes);
    changed[100] = (changed[100] ?? 0) ^ 1;
    const newer = Uint8Array.from(bytes);
    newer[8] = 9;
    const custom = map.toBytes(() => Uint8Array.of(0x78));
    const refused = async (content: Uint8Array | string, reason: string) => {
      const path = file(content, 'refused.bin');
      await expect(loadTable(path, undefined, new Complaints())).rejects.toThrow(CliError);
      await expect(loadTable(path, undefined, new Complaints())).rejects.toThrow(`${path}: ${reason}`);
    };
    await refused(changed, 'snapshot: checksum does not fit at offset 12; copy or write the snapshot again');
    await refused(newer, 'snapshot: version 9 at offset 8');
    await refused('prefix,value\n10.0.0.0/8,A\n10.1.0.0/16,B\n', 'is no snapshot, make one with --build');
    await refused(custom, 'is a snapshot whose values are no JSON, make one with --build');
    for (const length of [0, 4, 8, 31, 32, 100, bytes.length - 1]) {
      await refused(bytes.subarray(0, length), 'snapshot: the end is missing at offset');
    }
    await refused(Buffer.concat([bytes, Buffer.of(0)]), 'snapshot: checksum does not fit');
  });
});

describe('files', () => {
  it('have the format that their name says, in any case', async () => {
    expect(await entries(file('10.0.0.0/8\tA\n', 'a.TSV'))).toEqual([['10.0.0.0/8', 'A']]);
    expect(await entries(file('10.0.0.0/8\tA\n', 'a.tab'))).toEqual([['10.0.0.0/8', 'A']]);
    expect(await entries(file('{"prefix": "::/0"}', 'a.ndjson'))).toEqual([['::/0', null]]);
    expect(await entries(file(' \n{"prefix": "::/0"}'))).toEqual([['::/0', null]]);
    expect(await entries(file('10.0.0.0/8,A\n', 'a.constructor'))).toEqual([['10.0.0.0/8', 'A']]);
  });

  it.each([
    ['missing', 'no such file or directory'],
    ['.', 'is a directory, name a file'],
    ['', "'': no such file or directory"],
  ])('that can not be read are named: %j', async (name, reason) => {
    mkdirSync(dir, { recursive: true });
    const path = name === '' ? '' : join(dir, name);
    for (const format of [undefined, 'csv', 'jsonl', 'snapshot'] as const) {
      await expect(loadTable(path, format, new Complaints())).rejects.toThrow(CliError);
      await expect(loadTable(path, format, new Complaints())).rejects.toThrow(reason);
    }
  });

  it('that are binary are refused', async () => {
    const path = file(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0), 'table.csv.gz');
    await expect(loadTable(path, undefined, new Complaints())).rejects.toThrow(
      `${path}: binary or UTF-16, NUL at byte 3; give it UTF-8 text`,
    );
  });
});
