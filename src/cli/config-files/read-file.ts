import { CliError } from '../exit.js';
import type { Input } from '../input.js';
import { readChunks } from '../input.js';
import { Places } from './found.js';

/** Configs are small, and readers keep all of one. */
export const LARGEST_FILE = 1 << 20;

/**
 * The text of a config, a byte order mark left out.
 *
 * @throws {CliError} when it can't be read, is larger than a megabyte, or is no UTF-8 text
 */
export async function readConfigText(input: Input): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readChunks(input)) {
    length += chunk.length;
    if (length > LARGEST_FILE) throw new CliError(input.name, `larger than ${LARGEST_FILE} bytes, no config is`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  // A NUL, or what stands for bytes that are no UTF-8.
  const odd = text.search(/[\0\ufffd]/);
  if (odd < 0) return text;
  const { line, column } = new Places(text).at(odd);
  const what = text[odd] === '\0' ? 'a NUL byte' : 'no UTF-8';
  throw new CliError(`${input.name}:${line}:${column}`, `${what}, give it UTF-8 text`);
}
