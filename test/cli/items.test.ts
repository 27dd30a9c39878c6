import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CliError } from '../../src/cli/exit.js';
import { announceTerminal, Complaints, ItemError, integerOf, sourcesOf } from '../../src/cli/items.js';
import { DnsError } from '../../src/dns/index.js';
import { parseAddress, parsePrefix } from '../../src/ip/index.js';

let written: string[] = [];

beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('sourcesOf', () => {
  it.each([
    [[], undefined, { texts: [], paths: ['-'] }],
    [['-'], undefined, { texts: [], paths: ['-'] }],
    [['-', '-'], undefined, { texts: [], paths: ['-'] }],
    [['::1', '10.0.0.1'], undefined, { texts: ['::1', '10.0.0.1'], paths: [] }],
    [[''], undefined, { texts: [''], paths: [] }],
    [['-x'], undefined, { texts: ['-x'], paths: [] }],
    [[], ['a', '-', 'b'], { texts: [], paths: ['a', '-', 'b'] }],
    [[], ['a', 'a'], { texts: [], paths: ['a', 'a'] }],
  ])('%j and --file %j: %j', (given, files, sources) => {
    expect(sourcesOf(given, files)).toEqual(sources);
  });

  it.each([
    [['::1', '-'], undefined, "'-': give arguments or standard input, not both"],
    [['::1'], ['a'], '--file: give arguments or files, not both'],
    [['-'], ['a'], '--file: leave out the argument -'],
    [[], ['-', '-'], '--file -: give it once'],
  ])('%j and --file %j: %s', (given, files, message) => {
    expect(() => sourcesOf(given, files)).toThrow(CliError);
    expect(() => sourcesOf(given, files)).toThrow(message);
  });
});

describe('Complaints', () => {
  it('gives what is read, and has nothing to say', () => {
    const complaints = new Complaints();
    expect(complaints.attempt('line 1', () => String(parsePrefix('::/0')))).toBe('::/0');
    expect({ written, exitCode: complaints.exitCode }).toEqual({ written: [], exitCode: 0 });
  });

  it('reports errors made for people, with their place, and goes on', () => {
    const complaints = new Complaints();
    const failures: readonly (() => unknown)[] = [
      () => parseAddress('x'),
      () => parsePrefix('::'),
      () => {
        throw new ItemError('nothing', 'write something');
      },
    ];
    for (const [i, read] of failures.entries()) expect(complaints.attempt(`line ${i}`, read)).toBeNull();
    expect(written).toEqual([
      expect.stringMatching(/^inaddr: line 0: "x": unexpected "x" at offset 0; .*\n$/),
      expect.stringMatching(/^inaddr: line 1: "::": no prefix length at offset 2; .*\n$/),
      'inaddr: line 2: nothing; write something\n',
    ]);
    expect(complaints.exitCode).toBe(1);
  });

  it('name flags in place of options and functions', () => {
    const complaints = new Complaints();
    const hints = [
      'try again later, or with a longer timeoutMs',
      'try again later, or by a Resolver with a longer attemptTimeoutMs or more attempts',
      "for its names call reverse('10.0.0.7')",
    ];
    for (const hint of hints) {
      complaints.attempt('line 1', () => {
        throw new DnsError('TIMEOUT', { name: 'a.test', type: 'A' }, 'no answer', { hint });
      });
    }
    complaints.attempt('line 2', () => parsePrefix('10.0.0.1/8'));
    expect(written).toEqual([
      'inaddr: line 1: TIMEOUT "a.test" A: no answer; try again later, or with a longer --timeout\n',
      'inaddr: line 1: TIMEOUT "a.test" A: no answer; try again later, or ask another server with --server\n',
      'inaddr: line 1: TIMEOUT "a.test" A: no answer; for its names give --reverse\n',
      expect.stringMatching(/^inaddr: line 2: .*; write 10\.0\.0\.0\/8\n$/),
    ]);
  });

  it('have room made for them', () => {
    const complaints = new Complaints(() => process.stderr.write('room '));
    complaints.complain('line 1', 'nothing');
    expect(written).toEqual(['room ', 'inaddr: line 1: nothing\n']);
  });

  it('passes on any other error, which is a defect', () => {
    const complaints = new Complaints();
    const defect = () => complaints.attempt('line 1', () => Reflect.get(Object(null), 'x').y);
    expect(defect).toThrow(TypeError);
    expect({ written, exitCode: complaints.exitCode }).toEqual({ written: [], exitCode: 0 });
  });
});

describe('integerOf', () => {
  it.each([
    ['0', 0],
    ['24', 24],
    ['999999999', 999_999_999],
  ])('%s', (text, integer) => {
    expect(integerOf(text, '--length')).toBe(integer);
  });

  it.each(['', ' ', '01', '+1', '-0', '1.0', '1e3', '0x10', '１', '1234567890'])('refuses %j', (text) => {
    expect(() => integerOf(text, '--length')).toThrow(new CliError('--length', 'write a decimal integer'));
  });
});

describe('announceTerminal', () => {
  const SAID = 'inaddr: reading the terminal, one item a line: end with Ctrl-D\n';

  it.each([
    [true, ['-'], [SAID]],
    [true, ['a', '-'], [SAID]],
    [true, ['a'], []],
    [true, [], []],
    [undefined, ['-'], []],
  ])('with isTTY %s, of %j, says %j', (isTTY, paths, said) => {
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(Object.assign(new PassThrough(), { isTTY }) as never);
    announceTerminal(paths);
    expect(written).toEqual(said);
  });
});
