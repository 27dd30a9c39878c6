// An esbuild plugin that counts, for a fuzzer, which branches of src/ run: a counter in each body, each arm of a condition, each
// case, and each right side of `&&`, `||` and `??`. Other files stay as they are.

import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { transform } from 'esbuild';
import { parseAst } from 'rolldown/parseAst';

/** The plugin for files under `src`, with the counters in the array of the module `hits`, and how many the last build has. */
export function instrument({ src, hits }) {
  let next = 0;
  const plugin = {
    name: 'instrument',
    setup(build) {
      build.onStart(() => {
        next = 0;
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(src + sep)) return undefined;
        const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', target: 'node20' });
        const counted = count(code, () => next++);
        return { contents: `import { hits as __hits } from ${JSON.stringify(hits)};\n${counted}`, loader: 'js' };
      });
    },
  };
  return { plugin, counters: () => next };
}

/** The code with `__hits[n]++` wherever it can go one way or the other. */
export function count(code, number) {
  const inserts = [];
  const put = (at, text) => inserts.push({ at, text, order: inserts.length });
  const statement = () => `__hits[${number()}]++;`;
  const inBlock = (node) => {
    if (node == null) return;
    if (node.type === 'BlockStatement') put(node.start + 1, statement());
    else {
      put(node.start, `{${statement()}`);
      put(node.end, '}');
    }
  };
  const inExpression = (node) => {
    put(node.start, `(__hits[${number()}]++,`);
    put(node.end, ')');
  };
  visit(parseAst(code), (node) => {
    switch (node.type) {
      case 'ArrowFunctionExpression':
        if (node.body.type === 'BlockStatement') inBlock(node.body);
        else inExpression(node.body);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'CatchClause':
        inBlock(node.body);
        break;
      case 'IfStatement':
        inBlock(node.consequent);
        // `else if` counts in its own arms.
        if (node.alternate?.type !== 'IfStatement') inBlock(node.alternate);
        break;
      case 'ConditionalExpression':
        inExpression(node.consequent);
        inExpression(node.alternate);
        break;
      case 'LogicalExpression':
        inExpression(node.right);
        break;
      case 'SwitchCase':
        if (node.consequent.length > 0) put(node.consequent[0].start, statement());
        break;
    }
  });
  return insert(code, inserts);
}

function visit(node, each) {
  if (Array.isArray(node)) for (const one of node) visit(one, each);
  else if (typeof node === 'object' && node !== null) {
    if (typeof node.type === 'string') each(node);
    for (const part of Object.values(node)) visit(part, each);
  }
}

/** Of what is put at one place, the beginnings of outer nodes stand first, and their ends last. */
function insert(code, inserts) {
  const closes = ({ text }) => text === ')' || text === '}';
  const sorted = inserts.sort(
    (a, b) => a.at - b.at || closes(b) - closes(a) || (closes(a) ? b.order - a.order : a.order - b.order),
  );
  let made = '';
  let from = 0;
  for (const { at, text } of sorted) {
    made += code.slice(from, at) + text;
    from = at;
  }
  return made + code.slice(from);
}
