import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runShell } from '../support/run-cli.js';
import { runTranscript } from '../support/transcript.js';

const ROOT = new URL('../../', import.meta.url);
/** Inside the package, so that `import 'inaddr'` finds the package itself, as built. */
const SCRATCH = new URL('dist/examples/', ROOT);

const PAGES = ['README.md', ...readdirSync(new URL('docs/', ROOT)).map((name) => `docs/${name}`)];

const blocks = PAGES.flatMap((page) => {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = ''], index) => ({
    title: `${page}, block ${index + 1}`,
    file: `${page.replace(/\W/g, '-')}-${index + 1}.js`,
    language,
    code,
  }));
});

/** The comment lines that follow a line of code which prints: what a block shows as its output. */
function shownOutput(code: string): string {
  const shown: string[] = [];
  let printed = false;
  for (const line of code.split('\n')) {
    if (printed && line.startsWith('// ')) shown.push(line.slice(3));
    else if (line.trim() !== '') printed = line.includes('console.log') || line === '}';
    else printed = false;
  }
  return shown.join('\n');
}

/** Whether a block has a server that runs while other commands do. */
function isTranscript({ language, code }: { readonly language: string; readonly code: string }): boolean {
  return language === 'console' && / &$/m.test(code);
}

beforeAll(() => {
  mkdirSync(SCRATCH, { recursive: true });
});
afterAll(() => {
  rmSync(SCRATCH, { recursive: true });
});

describe('the code in README and docs prints what it shows', () => {
  it.each(blocks.filter(({ language }) => language === 'js'))('$title', ({ file, code }) => {
    writeFileSync(new URL(file, SCRATCH), code);
    const output = execFileSync(process.execPath, [new URL(file, SCRATCH).pathname], { encoding: 'utf8' });
    expect(shownOutput(code)).not.toBe('');
    expect(output.trimEnd()).toBe(shownOutput(code));
  });

  it.each(blocks.filter(isTranscript))('$title', async ({ code }) => {
    const steps = await runTranscript(code);
    expect(steps.length).toBeGreaterThan(2);
    for (const { command, shown, written } of steps) expect(written, command).toBe(shown);
  });

  it.each(blocks.filter((block) => block.language === 'console' && !isTranscript(block)))(
    '$title',
    async ({ code }) => {
      const sessions = code.split(/^\$ /m).slice(1);
      expect(sessions.length).toBeGreaterThan(0);
      for (const session of sessions) {
        // As somebody in a clone would type it: pipes, and the files of fixtures/.
        const [command = '', ...output] = session.split('\n');
        const { stdout } = await runShell(command);
        expect(stdout.trimEnd(), command).toBe(output.join('\n').trimEnd());
      }
    },
  );

  it('has no block in a language that nobody runs', () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(['console', 'js', 'sh']);
  });
});
