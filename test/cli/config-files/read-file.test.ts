import { describe, expect, it } from 'vitest';
import { LARGEST_FILE, readConfigText } from '../../../src/cli/config-files/read-file.js';
import { CliError } from '../../../src/cli/exit.js';

/** The text of bytes that come in pieces. */
function read(...pieces: (string | Uint8Array)[]): Promise<string> {
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (const piece of pieces) yield Buffer.from(piece as string);
  }
  return readConfigText({ name: 'x.conf', chunks: chunks() });
}

describe('readConfigText', () => {
  it('is the text, without a byte order mark', async () => {
    expect(await read('\ufeffa: é', 'b')).toBe('a: éb');
    expect(await read()).toBe('');
    expect(await read('x'.repeat(LARGEST_FILE))).toHaveLength(LARGEST_FILE);
  });

  it('puts characters together that chunks cut', async () => {
    expect(await read(Uint8Array.of(0x61, 0xc3), Uint8Array.of(0xa9))).toBe('aé');
  });

  it.each<[string, (string | Uint8Array)[], string]>([
    ['a NUL byte', ['a\0'], 'x.conf: binary or UTF-16, NUL at byte 1; give it UTF-8 text'],
    ['a late NUL byte', ['a\n'.repeat(5000), 'b\0'], 'x.conf:5001:2: a NUL byte, give it UTF-8 text'],
    ['Latin-1', [Uint8Array.of(0x0a, 0x61, 0xe9, 0x62)], 'x.conf:2:2: no UTF-8, give it UTF-8 text'],
    ['too much', ['x'.repeat(LARGEST_FILE), 'x'], 'x.conf: larger than 1048576 bytes, no config is'],
  ])('refuses %s', async (_, pieces, message) => {
    await expect(read(...pieces)).rejects.toThrow(CliError);
    await expect(read(...pieces)).rejects.toThrow(message);
  });
});
