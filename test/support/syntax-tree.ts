import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'rolldown/parseAst';

/** A node of the tree, as ESTree has it. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every node of every file of src/, with the file that it stands in. */
export function* sourceNodes(): Generator<{ readonly file: string; readonly node: Node }, void, undefined> {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  for (const file of files.sort()) {
    const tree: unknown = parseAst(readFileSync(join(SRC, file), 'utf8'), { lang: 'ts' });
    for (const node of nodesOf(tree)) yield { file, node };
  }
}

function* nodesOf(value: unknown): Generator<Node, void, undefined> {
  if (Array.isArray(value)) for (const each of value) yield* nodesOf(each);
  else if (isNode(value)) {
    yield value;
    for (const part of Object.values(value)) yield* nodesOf(part);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
