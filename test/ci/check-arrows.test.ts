import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkArrows } from '../../.ci/check-arrows.mjs';

let src: string;

beforeEach(() => {
  src = mkdtempSync(join(tmpdir(), 'inaddr-arrows-'));
  // What the planted imports point at.
  for (const folder of ['ip', 'dns', 'socket', 'tcp', 'schema', 'interop', 'testing', 'cli', 'examples']) {
    plant(`${folder}/index.ts`, 'export {};');
  }
  plant('ip/address.ts', 'export {};');
  plant('index.ts', "export * from './ip/index.js';");
});

afterEach(() => rmSync(src, { recursive: true }));

function plant(path: string, ...lines: string[]): void {
  mkdirSync(dirname(join(src, path)), { recursive: true });
  writeFileSync(join(src, path), `${lines.join('\n')}\n`);
}

test('src/ of this project breaks no rule', () => {
  expect(checkArrows(fileURLToPath(new URL('../../src', import.meta.url)))).toEqual([]);
});

test('a folder without a source file is an error: the check must not pass because it looked elsewhere', () => {
  mkdirSync(join(src, 'empty'));
  expect(checkArrows(join(src, 'empty'))).toEqual([expect.stringContaining('no source files')]);
});

test('as a command it prints each import and exits with 1', () => {
  const script = fileURLToPath(new URL('../../.ci/check-arrows.mjs', import.meta.url));
  const command = () => spawnSync(process.execPath, [script, src], { encoding: 'utf8' });
  expect(command()).toMatchObject({ status: 0, stderr: '' });
  plant('ip/x.ts', "import { z } from 'zod';");
  plant('tcp/x.ts', "import { z } from 'zod';");
  const stderr = 'src/ip/x.ts:1: ip may not import zod\nsrc/tcp/x.ts:1: tcp may not import zod\n';
  expect(command()).toMatchObject({ status: 1, stdout: '', stderr });
});

describe('what is allowed', () => {
  test.each([
    ['index.ts', "export { x } from './tcp/index.js';"],
    ['dns/x.ts', "import { x } from '../ip/index.js';"],
    ['dns/x.ts', "import dns from 'node:dns/promises';"],
    ['dns/x.ts', "import net from 'net';"],
    ['tcp/x.ts', "import { x } from '../dns/index.js'; import { y } from '../socket/index.js';"],
    ['schema/x.ts', "import { z } from 'zod/mini'; import type { x } from '../dns/index.js';"],
    ['interop/x.ts', "import { Address4 } from 'ip-address'; import { SocketAddress } from 'node:net';"],
    ['testing/x.ts', "import { x } from '../dns/index.js';"],
    ['cli/x.ts', "import { x } from '../ip/address.js'; import { y } from '../schema/index.js';"],
    [
      'cli/x.ts',
      "import { Command } from 'commander'; import manifest from '../../package.json' with { type: 'json' };",
    ],
    ['cli/x.ts', "import { parse } from 'csv-parse/sync';"],
    ['examples/x.ts', "import { x } from '../interop/index.js'; import { y } from '../index.js';"],
    ['ip/x.ts', "// import { z } from 'zod'", "/* import 'zod' */", "const x = `\nimport { z } from 'zod'\n`;"],
    ['ip/x.ts', `const x = /["'\`]|\\/*/.test('import("zod")');`],
  ])('%s: %s', (path, ...lines) => {
    plant(path, ...lines);
    expect(checkArrows(src)).toEqual([]);
  });
});

describe('what is not', () => {
  test.each([
    ['ip/x.ts', "import { z } from 'zod';", 'ip may not import zod'],
    ['ip/x.ts', "import { isIP } from 'node:net';", 'ip may not import node:net'],
    ['ip/x.ts', "import { isIP } from 'net';", 'ip may not import net'],
    ['ip/x.ts', "import type { x } from '../dns/index.js';", 'ip may not import dns'],
    ['ip/x.ts', "export * from '../dns/index.js';", 'ip may not import dns'],
    ['ip/x.ts', "import '../dns/index.js';", 'ip may not import dns'],
    ['ip/x.ts', "const x = await import('../dns/index.js');", 'ip may not import dns'],
    ['ip/x.ts', "type X = import('zod').ZodType;", 'ip may not import zod'],
    ['ip/x.ts', "const x = require('zod');", 'ip may not import zod'],
    ['ip/x.ts', 'const x = await import(name);', 'import() of a computed name cannot be checked'],
    ['ip/x.ts', "import x from '../../package.json' with { type: 'json' };", 'ip may not import ../../package.json'],
    ['ip/x.ts', "const x = /'/; import { z } from 'zod';", 'ip may not import zod'],
    ['dns/x.ts', "import { x } from '../socket/index.js';", 'dns may not import socket'],
    ['socket/x.ts', "import type { x } from '../dns/index.js';", 'socket may not import dns'],
    ['dns/x.ts', "import { x } from '../ip/address.js';", 'dns may import ip only by ip/index.js'],
    ['index.ts', "export type { x } from './ip/address.js';", 'index.ts may import ip only by ip/index.js'],
    ['index.ts', "export * from './schema/index.js';", 'index.ts may not import schema'],
    ['tcp/x.ts', "import { x } from '../interop/index.js';", 'tcp may not import interop'],
    ['tcp/x.ts', "import { z } from 'zod';", 'tcp may not import zod'],
    ['cli/x.ts', "import { z } from 'zod';", 'cli may not import zod'],
    ['testing/x.ts', "import { parse } from 'csv-parse/sync';", 'testing may not import csv-parse'],
    ['socket/x.ts', "import { Address4 } from 'ip-address';", 'socket may not import ip-address'],
    ['schema/x.ts', "import { x } from '../dns/index.js';", 'schema may import only types of dns'],
    ['schema/x.ts', "import { type x } from '../dns/index.js';", 'schema may import only types of dns'],
    ['interop/x.ts', "import type { Stats } from 'node:fs';", 'interop may not import node:fs'],
    ['schema/x.ts', "import { x } from '../index.js';", 'schema may not import index.ts'],
    ['testing/x.ts', "import { x } from '../socket/index.js';", 'testing may not import socket'],
    ['dns/x.ts', "import { x } from './gone.js';", 'there is no file ./gone.js'],
    ['extra/x.ts', "import { x } from '../ip/index.js';", 'extra has no row'],
  ])('%s: %s', (path, line, message) => {
    plant(path, '// the import stands on the third line', '', line);
    expect(checkArrows(src)).toEqual([expect.stringMatching(new RegExp(`^src/${path}:3: `))]);
    expect(checkArrows(src)).toEqual([expect.stringContaining(message)]);
  });

  test('an import over several lines is found, at the line of its name', () => {
    plant('ip/x.ts', 'import {', '  a,', '  b,', "} from 'zod';");
    expect(checkArrows(src)).toEqual(['src/ip/x.ts:4: ip may not import zod']);
  });

  test('files that import each other in a circle', () => {
    plant('dns/a.ts', "import { b } from './b.js';");
    plant('dns/b.ts', "import { c } from './c.js';");
    plant('dns/c.ts', "import type { a } from './a.js';");
    expect(checkArrows(src)).toEqual(['src/dns/c.ts:1: import cycle: dns/a.ts → dns/b.ts → dns/c.ts → dns/a.ts']);
  });
});
