import type { Node, Pair } from 'yaml';
import { Composer, type CST, isAlias, isMap, isPair, isScalar, isSeq, Lexer, Parser } from 'yaml';
import type { Complaint, Place } from './found.js';
import { Places } from './found.js';

/** A value of a YAML or JSON file, with its place. */
export type Tree = ScalarTree | ListTree | MapTree;

export interface ScalarTree extends Place {
  readonly kind: 'scalar';
  readonly value: string | number | bigint | boolean | null;
  /** As it is written: `080` for 80. */
  readonly source: string;
  /** Whether it stands without quotes, so that the reader decides what it is. */
  readonly plain: boolean;
}

export interface ListTree extends Place {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface MapTree extends Place {
  readonly kind: 'map';
  /** By key, in their order. A Map, so that `__proto__` is a key like others. */
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry extends Place {
  readonly value: Tree;
}

export interface YamlReading {
  /** One for each document of the file that can be read. */
  readonly roots: readonly Tree[];
  readonly complaints: readonly Complaint[];
}

const DEEPEST = 100;
/** What the library takes seconds for. */
const LONGEST_YAML = 1 << 18;
/** Merge keys copy: a few lines could become millions of entries. */
const MOST_MERGED = 100_000;

/**
 * The documents of a YAML 1.2 file (core schema, with the merge keys of YAML 1.1), JSON among them: `yaml` reads it, and
 * gives the places that JSON.parse does not.
 */
export function readYaml(text: string): YamlReading {
  const places = new Places(text);
  const complaints: Complaint[] = [];
  const complain: Complain = ({ line, column }, message, hint) => complaints.push({ line, column, message, hint });
  if (text.length > LONGEST_YAML) {
    complain({ line: 1, column: 1 }, `longer than ${LONGEST_YAML} characters`, 'split it');
    return { roots: [], complaints };
  }
  const { tokens, tooDeep } = tokensOf(text);
  if (tooDeep !== null) {
    complain(places.at(tooDeep), `nested deeper than ${DEEPEST}`, 'flatten it');
    return { roots: [], complaints };
  }
  // The library compares each key with all the others of its map, and looks for an anchor from the beginning for each
  // alias: both are done here in one go.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, logLevel: 'silent', schema: 'core' });
  const roots: Tree[] = [];
  for (const document of composer.compose(tokens)) {
    const [error] = document.errors;
    // The first explains the others, and what was read is not what is meant.
    if (error !== undefined) complain(places.at(error.pos[0]), lowerFirst(error.message), 'mend the YAML');
    else if (document.contents !== null) roots.push(new TreeMaker(places, complain).tree(document.contents));
  }
  return { roots, complaints };
}

/** The syntax of a text; `tooDeep` is where it goes deeper than what comes next, which calls itself, can take. */
function tokensOf(text: string): { readonly tokens: CST.Token[]; readonly tooDeep: number | null } {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) return { tokens, tooDeep: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens, tooDeep: null };
}

type Complain = (place: Place, message: string, hint: string) => void;

/** Makes trees of nodes. An alias is not copied: what is reached twice is one object. */
class TreeMaker {
  readonly #places: Places;
  readonly #complain: Complain;
  /** What an anchor stands for, as of now: a later one of the same name replaces it. Null while it is being made. */
  readonly #anchors = new Map<string, Tree | null>();
  #merged = 0;

  constructor(places: Places, complain: Complain) {
    this.#places = places;
    this.#complain = complain;
  }

  tree(node: unknown): Tree {
    const place = this.#places.at(offsetOf(node));
    if (isAlias(node)) return this.#alias(node.source, place);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const made = this.#make(node, place);
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #make(node: unknown, place: Place): Tree {
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node.items), ...place };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.#item(item)), ...place };
    if (!isScalar(node)) return nothing(place);
    const { value } = node;
    const plain = node.type === 'PLAIN' || node.type === undefined;
    const source = node.source ?? '';
    return isValue(value) ? { kind: 'scalar', value, source, plain, ...place } : { ...nothing(place), source };
  }

  /** `[a: 1]` is a list of a map of one pair. */
  #item(item: unknown): Tree {
    if (!isPair(item)) return this.tree(item);
    return { kind: 'map', entries: this.#entries([item]), ...this.#places.at(offsetOf(item.key)) };
  }

  #entries(pairs: readonly Pair[]): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value ?? '') : null;
      const place = this.#places.at(offsetOf(key));
      const tree = value === null || value === undefined ? nothing(place) : this.tree(value);
      if (name === null) this.#complain(place, 'a key that is no text', 'write a plain key');
      else if (name === '<<') merged.push(tree);
      else if (entries.has(name)) {
        const { line } = entries.get(name) as Entry;
        this.#complain(place, `the key ${JSON.stringify(name)} is there twice, first on line ${line}`, 'keep one');
      } else entries.set(name, { value: tree, ...place });
    }
    for (const tree of merged) this.#merge(tree, entries);
    return entries;
  }

  /** `<<: *defaults` and `<<: [*a, *b]`: what is there stays. */
  #merge(tree: Tree, entries: Map<string, Entry>): void {
    for (const one of tree.kind === 'list' ? tree.items : [tree]) {
      if (one.kind !== 'map') continue;
      if (this.#merged <= MOST_MERGED) this.#merged += one.entries.size;
      if (this.#merged > MOST_MERGED) {
        this.#refuseMerge(tree);
        return;
      }
      for (const [key, entry] of one.entries) if (!entries.has(key)) entries.set(key, entry);
    }
  }

  /** Once is enough. */
  #refuseMerge({ line, column }: Tree): void {
    if (this.#merged === Number.POSITIVE_INFINITY) return;
    this.#merged = Number.POSITIVE_INFINITY;
    this.#complain({ line, column }, `merge keys copy more than ${MOST_MERGED} entries`, 'write out what is meant');
  }

  #alias(name: string, place: Place): Tree {
    const found = this.#anchors.get(name);
    if (found === undefined) this.#complain(place, `no anchor &${name} before this alias`, 'define it first');
    if (found === null) this.#complain(place, `*${name} contains itself`, 'write out what is meant');
    return found ?? nothing(place);
  }
}

function nothing(place: Place): ScalarTree {
  return { kind: 'scalar', value: null, source: '', plain: true, ...place };
}

function isValue(value: unknown): value is ScalarTree['value'] {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function offsetOf(node: unknown): number {
  return (node as Partial<Node> | null | undefined)?.range?.[0] ?? 0;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** How many values `plainValue` makes before it gives up. */
const MOST_VALUES = 1000;

/** A tree as plain objects, as JSON.parse makes them; null when that would be too many: aliases multiply. */
export function plainValue(tree: Tree): { readonly value: unknown } | null {
  let left = MOST_VALUES;
  const make = (one: Tree): unknown => {
    if (left-- <= 0) return null;
    if (one.kind === 'scalar') return one.value;
    if (one.kind === 'list') return one.items.map(make);
    const made = {};
    for (const [key, { value }] of one.entries) {
      // Assigned, `__proto__` would be the prototype.
      Object.defineProperty(made, key, { value: make(value), enumerable: true, configurable: true, writable: true });
    }
    return made;
  };
  const value = make(tree);
  return left < 0 ? null : { value };
}
