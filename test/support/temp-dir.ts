import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory for the tests of a file, removed after them. */
export function tempDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'inaddr-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
