import { endpointSource, Findings, fieldsSource, type Place, type Reading } from './found.js';
import type { Entry, MapTree, Tree } from './yaml-tree.js';
import { plainValue, readYaml } from './yaml-tree.js';

const SHAPE = 'write `binds:` with a list of binds, or with a bind under each name';

/**
 * Our own files, YAML or JSON: the binds under the key `binds`, as a list, or as a map of names to binds, or a list
 * alone; each as endpoint text or as the fields of `createBind`.
 */
export function readBindList(text: string): Reading {
  const { roots, complaints } = readYaml(text);
  const findings = new Findings();
  findings.complaints.push(...complaints);
  for (const root of roots) readRoot(root, findings);
  if (roots.length === 0 && complaints.length === 0) findings.complain(START, 'no binds', SHAPE);
  return findings;
}

const START = { line: 1, column: 1 };

/** The binds of a document that was read. */
function readRoot(root: Tree, findings: Findings): void {
  if (root.kind === 'list') {
    readBinds(root, findings);
    return;
  }
  const binds = root.kind === 'map' ? root.entries.get('binds') : undefined;
  if (binds === undefined) findings.complain(root, 'no binds', SHAPE);
  else readBinds(binds.value, findings);
}

function readBinds(binds: Tree, findings: Findings): void {
  if (binds.kind === 'list') for (const item of binds.items) readBind(null, item, findings);
  else if (binds.kind === 'map') for (const [name, { value }] of binds.entries) readBind(name, value, findings);
  else findings.complain(binds, 'no list of binds', SHAPE);
}

function readBind(name: string | null, tree: Tree, findings: Findings): void {
  if (findings.isFull) return;
  if (tree.kind === 'scalar' && typeof tree.value === 'string') {
    findings.bind(tree, { name, text: tree.value, source: endpointSource(tree.value, 'inaddr') });
    return;
  }
  const plain = plainValue(tree);
  if (plain === null) {
    findings.complain(tree, 'no bind: more than 1000 values', SHAPE);
    return;
  }
  const named = name ?? nameIn(tree);
  findings.bind(tree, { name: named, text: summary(tree), source: fieldsSource(plain.value, placesIn(tree)) });
}

function placesIn(tree: Tree): ReadonlyMap<string, Place> {
  return tree.kind === 'map' ? tree.entries : new Map();
}

function nameIn(tree: Tree): string | null {
  const name = textOf(tree, 'name');
  return name === '' ? null : name;
}

/** The address and port of fields, to know them by in a report. */
function summary(tree: Tree): string {
  if (tree.kind === 'scalar') return tree.source;
  const path = textOf(tree, 'path');
  if (path !== null) return path;
  const [host, port] = [textOf(tree, 'host') ?? '', textOf(tree, 'port') ?? ''];
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function textOf(tree: Tree, key: string): string | null {
  const entry: Entry | undefined = (tree as Partial<MapTree>).entries?.get(key);
  return entry?.value.kind === 'scalar' && entry.value.value !== null ? String(entry.value.value) : null;
}
