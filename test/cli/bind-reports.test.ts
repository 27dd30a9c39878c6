import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.js';

/** Config files of every format, written for this, and a machine to check them for. */
const DIR = 'fixtures/binds';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FILES = readdirSync(`${ROOT}${DIR}`).filter((name) => name !== 'environment.json' && name !== 'reports');

/** All that a check prints, as a text to compare. */
async function reportOf(...args: string[]): Promise<string> {
  const all = ['bind', 'check', '--environment', `${DIR}/environment.json`, ...args];
  const { stdout, stderr, code } = await runCli(all);
  return `$ inaddr ${all.join(' ')}\n${stdout}${stderr === '' ? '' : `--- standard error\n${stderr}`}--- exit code ${code}\n`;
}

function golden(name: string): string {
  return `${ROOT}${DIR}/reports/${name}.txt`;
}

describe('the report of', () => {
  it('is kept for every file', () => {
    expect(FILES.sort()).toEqual([
      '.env',
      'broken.yaml',
      'ci.yaml',
      'compose.quiet.yaml',
      'compose.yaml',
      'nginx.conf',
      'postgresql.conf',
      'redis.conf',
      'services.json',
      'services.yaml',
      'web.socket',
    ]);
  });

  it.each(FILES)('%s is the one that is kept', async (name) => {
    await expect(await reportOf('--file', `${DIR}/${name}`)).toMatchFileSnapshot(golden(name.replace(/^\./, '')));
  });

  it('all files at once is the one that is kept', async () => {
    const files = FILES.flatMap((name) => ['--file', `${DIR}/${name}`]);
    await expect(await reportOf(...files, '--expose', 'all')).toMatchFileSnapshot(golden('all'));
  });

  it('a file as JSON lines is the one that is kept', async () => {
    await expect(await reportOf('--json', '--file', `${DIR}/services.yaml`)).toMatchFileSnapshot(golden('json'));
  });
});
