import { describe, expect, it } from 'vitest';
import { checkDrafts } from '../../src/cli/bind-check.js';
import { draftBinds } from '../../src/cli/bind-drafts.js';
import { reportLines } from '../../src/cli/bind-report.js';
import { readConfig } from '../../src/cli/config-files/read-config.js';
import { ENVIRONMENT } from '../support/fixture-environment.js';

function tableOf(text: string, width: number | null): string[] {
  const sources = [{ name: 'a/long/way/down/services.yaml', ...readConfig(text, 'inaddr', false) }];
  const lines = reportLines(
    checkDrafts(draftBinds(sources, 'all'), ENVIRONMENT),
    { count: 1, unread: 0 },
    (_, cell) => cell,
    width,
  );
  return lines.slice(0, lines.indexOf(''));
}

const TEXT =
  'binds:\n  a-service-with-a-long-name: 127.0.0.1:8080\n  b: unix:/run/app/a/path/as/long/as/the/name/api.sock\n';

describe('the table', () => {
  it('is as wide as it has to be where nobody says how wide', () => {
    expect(tableOf(TEXT, null)[1]).toMatch(
      /^a-service-with-a-long-name {2}a\/long\/way\/down\/services\.yaml:2:31 {2}127\.0\.0\.1:8080 +tcp 127\.0\.0\.1:8080 +this machine {2}- {5}ok$/,
    );
  });

  it('is cut to the width of a terminal, name, place and endpoint first', () => {
    const lines = tableOf(TEXT, 150);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(150);
    expect(lines[2]).toContain('…');
    expect(lines[2]).toContain('unix /run/app/a/path/as/long/as/the/name/api.sock');
  });

  it('stays readable where the terminal is too narrow', () => {
    const [head = '', one = ''] = tableOf(TEXT, 10);
    expect(head.startsWith('name ')).toBe(true);
    expect(one.startsWith('a-service-w…')).toBe(true);
  });

  it('is not there without binds', () => {
    expect(tableOf('binds: []', 80)).toEqual(['0 binds in 1 input: nothing found']);
  });
});
