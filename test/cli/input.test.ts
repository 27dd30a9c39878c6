import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CliError } from '../../src/cli/exit.js';
import { openInput, peekInput, readBinary, readChunks } from '../../src/cli/input.js';
import { cutAt } from '../support/chunks.js';
import { tempDir } from '../support/temp-dir.js';

async function* stream(chunks: readonly Buffer[], failure?: Error): AsyncGenerator<Buffer> {
  yield* chunks;
  if (failure !== undefined) throw failure;
}

async function read(chunks: readonly Buffer[], failure?: Error): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of readChunks({ name: 'a.log', chunks: stream(chunks, failure) })) all.push(chunk);
  return Buffer.concat(all);
}

const MARK = '\uFEFF';

describe('readChunks', () => {
  it('leaves out one byte order mark, and nothing else, in any chunks', async () => {
    const text = fc.tuple(fc.constantFrom('', MARK), fc.constantFrom('', '1', MARK, '10.0.0.1\n', 'é', '日本'));
    const positions = fc.array(fc.nat({ max: 20 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(text, positions, async ([mark, rest], at) => {
        const expected = mark === '' && rest === MARK ? '' : rest;
        expect((await read(cutAt(Buffer.from(mark + rest), at))).toString()).toBe(expected);
      }),
    );
  });

  it('keeps a beginning of a mark that is none', async () => {
    for (const bytes of [[0xef], [0xef, 0xbb], [0xef, 0xbb, 0x31], [0xef, 0x31], [0xbb, 0xbf]]) {
      expect([...(await read(bytes.map((byte) => Buffer.of(byte))))]).toEqual(bytes);
    }
  });

  it('passes on what it can before the mark is complete: nothing is held back from who types', async () => {
    const chunks = readChunks({ name: 'x', chunks: stream([Buffer.from('1'), Buffer.from('2')]) });
    expect((await chunks.next()).value?.toString()).toBe('1');
  });

  it('refuses a NUL byte near the beginning', async () => {
    const refused = read([Buffer.from('10.0.0.1\n'), Buffer.from('10\0')]);
    await expect(refused).rejects.toThrow(CliError);
    await expect(refused).rejects.toThrow('a.log: binary or UTF-16, NUL at byte 11; give it UTF-8 text');
    await expect(read([Buffer.alloc(8191, 'x'), Buffer.of(0)])).rejects.toThrow('NUL at byte 8191');
  });

  it('passes on a later one, of a log that was cut', async () => {
    const bytes = Buffer.concat([Buffer.alloc(8192, 'x'), Buffer.of(0)]);
    expect(await read([bytes])).toEqual(bytes);
    expect(await read([bytes.subarray(0, 8192), bytes.subarray(8192)])).toEqual(bytes);
  });

  it('gives the reason of the system, not its code', async () => {
    const failure = (code: string, message: string) => Object.assign(new Error(message), { code });
    const denied = read([], failure('EACCES', "EACCES: permission denied, open 'a.log'"));
    await expect(denied).rejects.toThrow(new CliError('a.log', 'permission denied'));
    const directory = read([], failure('EISDIR', 'EISDIR: illegal operation on a directory, read'));
    await expect(directory).rejects.toThrow(new CliError('a.log', 'is a directory, name a file'));
    const other = read([], failure('ERR_SOMETHING', 'it went wrong'));
    await expect(other).rejects.toThrow(new CliError('a.log', 'it went wrong'));
  });

  it('throws an error of our own as it is', async () => {
    await expect(read([], new TypeError('a bug'))).rejects.toThrow(TypeError);
  });
});

describe('peekInput and readBinary', () => {
  it('show the first bytes and leave them in the input, in any chunks', async () => {
    const positions = fc.array(fc.nat({ max: 12 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 12 }), positions, async (bytes, at) => {
        const all = Buffer.from(bytes);
        const { head, input } = await peekInput({ name: 'x', chunks: stream(cutAt(all, at)) }, 4);
        expect(head.length).toBeGreaterThanOrEqual(Math.min(4, all.length));
        expect(all.subarray(0, head.length)).toEqual(head);
        expect(await readBinary(input)).toEqual(all);
      }),
    );
  });

  it('take no more than they need, so that who types gets an answer', async () => {
    const chunks = stream([Buffer.from('1234'), Buffer.from('5')], new Error('not yet asked for'));
    expect((await peekInput({ name: 'x', chunks }, 4)).head.toString()).toBe('1234');
  });

  it('give the reason of the system', async () => {
    const failure = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    await expect(peekInput({ name: 'a.bin', chunks: stream([], failure) }, 4)).rejects.toThrow(
      new CliError('a.bin', 'i/o error'),
    );
    await expect(readBinary({ name: 'a.bin', chunks: stream([], failure) })).rejects.toThrow('a.bin: i/o error');
    await expect(readBinary({ name: 'a.bin', chunks: stream([], new TypeError('a bug')) })).rejects.toThrow(TypeError);
  });
});

describe('openInput', () => {
  const dir = tempDir();

  it('reads a file', async () => {
    const path = join(dir, 'addresses');
    writeFileSync(path, `${MARK}10.0.0.1\n`);
    const chunks: string[] = [];
    for await (const chunk of readChunks(openInput(path))) chunks.push(chunk.toString());
    expect(chunks).toEqual(['10.0.0.1\n']);
  });

  it.each([
    ['', "'': no such file or directory"],
    [join(dir, 'missing'), 'missing: no such file or directory'],
    [join(dir, 'directory'), 'directory: is a directory, name a file'],
    [join(dir, 'file', 'below'), 'below: not a directory'],
    [join(dir, 'x'.repeat(300)), 'xxx: name too long'],
  ])('says why it can not read %j', async (path, message) => {
    mkdirSync(join(dir, 'directory'), { recursive: true });
    writeFileSync(join(dir, 'file'), '');
    await expect(readChunks(openInput(path)).next()).rejects.toThrow(message);
  });
});
