import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainValue, readYaml, type Tree } from '../../../src/cli/config-files/yaml-tree.js';
import { damaged } from './reading.js';

/** The values of the documents of a text. */
function values(text: string): unknown[] {
  return readYaml(text).roots.map((root) => plainValue(root)?.value);
}

function complaints(text: string): string[] {
  return readYaml(text).complaints.map(({ line, column, message, hint }) => `${line}:${column} ${message}; ${hint}`);
}

describe('readYaml', () => {
  it('reads every document, by the core schema of YAML 1.2', () => {
    expect(values('a: 22:22\nb: 0x50\nc: 080\nd: yes\ne: ~\nf: 1.5\n---\n- x\n')).toEqual([
      { a: '22:22', b: 80, c: 80, d: 'yes', e: null, f: 1.5 },
      ['x'],
    ]);
    expect(values('# nothing\n')).toEqual([]);
    expect(values('x: !reset []')).toEqual([{ x: [] }]);
  });

  it('knows the place of each value and key', () => {
    const [root] = readYaml('a:\r\n  - b: "é"\r\n    c: [1,  2]\r\n').roots;
    const places: string[] = [];
    const walk = (tree: Tree): void => {
      places.push(`${tree.line}:${tree.column} ${tree.kind}`);
      if (tree.kind === 'list') tree.items.forEach(walk);
      if (tree.kind !== 'map') return;
      for (const [key, entry] of tree.entries) {
        places.push(`${entry.line}:${entry.column} ${key}`);
        walk(entry.value);
      }
    };
    if (root !== undefined) walk(root);
    expect(places).toEqual(
      '1:1 map|1:1 a|2:3 list|2:5 map|2:5 b|2:8 scalar|3:5 c|3:8 list|3:9 scalar|3:13 scalar'.split('|'),
    );
  });

  it('takes aliases for what their anchors were last, and merges', () => {
    expect(values('a: &x 1\nb: *x\nc: &x 2\nd: *x')).toEqual([{ a: 1, b: 1, c: 2, d: 2 }]);
    expect(values('a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4}], x: 5}')).toEqual([
      { a: { x: 1, y: 2 }, b: { x: 1, y: 3 }, c: { x: 5, y: 2, z: 4 } },
    ]);
  });

  it.each([
    ['a: [', '1:5 flow sequence in block collection must be sufficiently indented and end with a ]; mend the YAML'],
    ['a: 1\nb:\n  - c\n d: e', '4:1 '],
    ['a: 1\nb: 2\na: 3', '3:1 the key "a" is there twice, first on line 1; keep one'],
    ['b: *x', '1:4 no anchor &x before this alias; define it first'],
    ['a: &a [*a]', '1:8 *a contains itself; write out what is meant'],
    ['? [a]\n: b', '1:3 a key that is no text; write a plain key'],
    ['\ta: 1', '1:'],
    [`${'['.repeat(150)}${']'.repeat(150)}`, '1:101 nested deeper than 100; flatten it'],
    ['['.repeat(200_000), '1:101 nested deeper than 100; flatten it'],
    ['- '.repeat(100_000), '1:200 nested deeper than 100; flatten it'],
    ['? '.repeat(100_000), '1:200 nested deeper than 100; flatten it'],
    ['a'.repeat(262_145), '1:1 longer than 262144 characters; split it'],
  ])('complains of %.40j', { timeout: 30_000 }, (text, expected) => {
    expect(complaints(text)[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('does not multiply aliases', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 30; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { roots, complaints } = readYaml(lines.join('\n'));
    expect(complaints).toEqual([]);
    expect(roots).toHaveLength(1);
    expect(plainValue(roots[0] as Tree)).toBe(null);
  });

  it('does not multiply merge keys', { timeout: 30_000 }, () => {
    const keys = Array.from({ length: 2000 }, (_, i) => `k${i}: 1`).join(', ');
    const maps = Array.from({ length: 500 }, (_, i) => `b${i}: {<<: *a}`).join('\n');
    expect(complaints(`a: &a {${keys}}\n${maps}`)).toEqual([
      expect.stringMatching(/^\d+:\d+ merge keys copy more than 100000 entries; write out what is meant$/),
    ]);
  });

  it('takes no harm from names of Object', () => {
    const [root] = readYaml('__proto__: {polluted: 1}\nconstructor: 2\ntoString: 3').roots;
    const plain = plainValue(root as Tree)?.value as object;
    expect(Object.keys(plain)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(Reflect.get({}, 'polluted')).toBe(undefined);
  });

  it('reads many keys, anchors and aliases in a time that their number asks for', { timeout: 30_000 }, () => {
    const count = 5000;
    const keys = Array.from({ length: count }, (_, i) => `k${i}: &a${i} ${i}`).join('\n');
    const aliases = Array.from({ length: count }, (_, i) => `*a${i}`).join(', ');
    const { roots, complaints } = readYaml(`${keys}\nlast: [${aliases}]`);
    expect(complaints).toEqual([]);
    expect((roots[0] as Tree & { kind: 'map' }).entries.size).toBe(count + 1);
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const reading = readYaml(text);
        // A merge key is a key to JSON.
        fc.pre(!text.includes('"<<"'));
        expect(reading.complaints).toEqual([]);
        expect(reading.roots.map((root) => plainValue(root)?.value)).toEqual([JSON.parse(text)]);
      }),
    );
  });

  it('reads any text, or complains', () => {
    const unit = fc.constantFrom(
      ...'a:-[]{}&*!|>%@`"\'#,? \n\t\r\\0',
      '<<: ',
      '- ',
      ': ',
      '*a',
      '&a ',
      '---\n',
      '...\n',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => void readYaml(text)),
      { numRuns: 500 },
    );
    const text = 'a: &a\n  - "x": [1, {y: *b}]\n    <<: *a\n---\n? z\n: |\n  text\n';
    fc.assert(
      fc.property(fc.nat(5000), (seed) => void readYaml(damaged(text, seed))),
      { numRuns: 500 },
    );
  });
});
