import { check } from 'recheck';
import { describe, expect, it } from 'vitest';
import { isNode, sourceNodes } from '../support/syntax-tree.js';

/** Every regular expression of src/, once, and where it stands. */
function regularExpressions(): { readonly pattern: string; readonly flags: string; readonly files: string[] }[] {
  const found = new Map<string, { pattern: string; flags: string; files: string[] }>();
  for (const { file, node } of sourceNodes()) {
    const regex = node.regex as { pattern: string; flags: string } | undefined;
    if (node.type !== 'Literal' || regex == null) continue;
    const known = found.get(`${regex.pattern}/${regex.flags}`) ?? { ...regex, files: [] };
    known.files.push(file);
    found.set(`${regex.pattern}/${regex.flags}`, known);
  }
  return [...found.values()];
}

/** ms, for one: what is not decided by then is not known to be safe. */
const TIMEOUT_MS = 30_000;

describe('regular expressions', () => {
  const all = regularExpressions();

  it('are all found', () => {
    expect(all.length).toBeGreaterThan(200);
  });

  // recheck decides by the automaton of an expression, and proves what it finds with a text. Its JavaScript does on every machine.
  it('take time that is linear in the length of the text', { timeout: 300_000 }, async () => {
    process.env.RECHECK_BACKEND = 'pure';
    const slow: string[] = [];
    for (const { pattern, flags, files } of all) {
      const found = await check(pattern, flags, { timeout: TIMEOUT_MS });
      const why = found.status === 'vulnerable' ? found.complexity.summary : found.status;
      if (found.status !== 'safe') slow.push(`${files.join(', ')}: /${pattern}/${flags} ${why}`);
    }
    expect(slow).toEqual([]);
  });

  it('would be found if they took more', async () => {
    process.env.RECHECK_BACKEND = 'pure';
    for (const [pattern, kind] of [
      ['^(a+)+$', 'exponential'],
      ['\\0+$', 'polynomial'],
    ] as const) {
      const found = await check(pattern, '', { timeout: TIMEOUT_MS });
      expect(found).toMatchObject({ status: 'vulnerable', complexity: { type: kind } });
    }
  });

  it('are never made of texts at run time', () => {
    const made = [...sourceNodes()].filter(
      ({ node }) =>
        (node.type === 'NewExpression' || node.type === 'CallExpression') &&
        isNode(node.callee) &&
        node.callee.name === 'RegExp',
    );
    expect(made.map(({ file }) => file)).toEqual([]);
  });
});
