import { PassThrough, Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LineWriter, painter, table } from '../../src/cli/output.js';

describe('table', () => {
  it('pads every column but the last', () => {
    const rows = [
      ['a', 'bbb', 'c'],
      ['aaa', 'b', ''],
      ['', 'b', 'ccc'],
    ];
    expect(table(rows, (cell) => cell)).toEqual(['a    bbb  c', 'aaa  b', '     b    ccc']);
  });

  it('paints after padding, so that columns stay equal', () => {
    const rows = [
      ['a', 'b'],
      ['aa', 'b'],
    ];
    expect(table(rows, (cell, column, row) => `<${row}${column}${cell}>`)).toEqual(['<00a >  <01b>', '<10aa>  <11b>']);
  });

  describe('cut to a width', () => {
    const rows = [
      ['10.0.0.1', 'a'.repeat(20), 'b'.repeat(30)],
      ['2001:db8::1', '', 'c'],
    ];
    const drawn = (width: number | null, cut: number[]) => table(rows, (cell) => cell, { width, cut });

    it.each([null, 65, 1000])('not when %s is wide enough', (width) => {
      expect(drawn(width, [1, 2])).toEqual([
        `10.0.0.1     ${'a'.repeat(20)}  ${'b'.repeat(30)}`,
        `2001:db8::1  ${' '.repeat(20)}  c`,
      ]);
    });

    it('the widest first, and only what may be cut', () => {
      expect(drawn(64, [1, 2])[0]).toBe(`10.0.0.1     ${'a'.repeat(20)}  ${'b'.repeat(28)}…`);
      expect(drawn(64, [1])[0]).toBe(`10.0.0.1     ${'a'.repeat(18)}…  ${'b'.repeat(30)}`);
      expect(drawn(50, [1, 2])[0]).toBe(`10.0.0.1     ${'a'.repeat(16)}…  ${'b'.repeat(17)}…`);
      for (const width of [40, 50, 60])
        for (const line of drawn(width, [1, 2])) expect(line.length).toBeLessThanOrEqual(width);
      expect(drawn(20, [])).toEqual(drawn(null, []));
    });

    it('no further than that cells can be told apart', () => {
      expect(drawn(1, [1, 2])[0]).toBe(`10.0.0.1     ${'a'.repeat(11)}…  ${'b'.repeat(11)}…`);
    });
  });

  it('takes rows of different lengths, and none', () => {
    expect(table([['a'], ['bb', 'c']], (cell) => cell)).toEqual(['a', 'bb  c']);
    expect(table([], (cell) => cell)).toEqual([]);
  });
});

describe('LineWriter', () => {
  /** Takes a write only when it is asked to. */
  class Slow extends Writable {
    readonly taken: string[] = [];
    #take: (() => void) | null = null;

    constructor() {
      super({ highWaterMark: 1, decodeStrings: false });
    }

    override _write(chunk: string, _encoding: string, done: () => void): void {
      this.#take = () => {
        this.taken.push(chunk);
        done();
      };
    }

    take(): void {
      this.#take?.();
    }
  }

  it('writes nothing before it is flushed, and then everything at once', async () => {
    const stream = new PassThrough();
    const writer = new LineWriter(stream);
    writer.line('a');
    writer.line('b');
    expect(stream.read()).toBeNull();
    await writer.flush();
    expect(String(stream.read())).toBe('a\nb\n');
    await writer.flush();
    expect(stream.read()).toBeNull();
  });

  it('waits for a slow stream', async () => {
    const stream = new Slow();
    const writer = new LineWriter(stream);
    const written: string[] = [];
    const write = async () => {
      for (const text of ['a', 'b']) {
        writer.line(text);
        await writer.flush();
        written.push(text);
      }
    };
    const done = write();
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await turn();
    expect(written).toEqual([]);
    stream.take();
    await turn();
    expect(written).toEqual(['a']);
    stream.take();
    await done;
    expect(written).toEqual(['a', 'b']);
    expect(stream.taken).toEqual(['a\n', 'b\n']);
  });

  it('rejects when the stream breaks while it waits', async () => {
    const stream = new Slow();
    const writer = new LineWriter(stream);
    writer.line('a');
    const flushed = writer.flush();
    stream.destroy(new Error('broken'));
    await expect(flushed).rejects.toThrow('broken');
  });
});

describe('painter', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** The colours of `red` in an environment that has nothing else to say about them. */
  function paint(tty: boolean, env: Readonly<Record<string, string>>): string {
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI', 'TF_BUILD', 'TEAMCITY_VERSION'])
      vi.stubEnv(name, env[name]);
    vi.stubEnv('TERM', 'xterm-256color');
    const stream = Object.assign(new PassThrough(), { isTTY: tty, getColorDepth: WriteStream.prototype.getColorDepth });
    return painter(stream)('bad', 'red');
  }

  it.each<[string, boolean, Record<string, string>, boolean]>([
    ['a terminal', true, {}, true],
    ['a pipe', false, {}, false],
    ['a terminal and NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['a pipe and FORCE_COLOR', false, { FORCE_COLOR: '1' }, true],
    ['a terminal and FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false],
  ])('on %s', (_, tty, env, coloured) => {
    expect(paint(tty, env)).toBe(coloured ? '\x1b[31mred\x1b[39m' : 'red');
  });
});
