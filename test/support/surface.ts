import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the declarations of the whole package, without comments, to a directory. */
export function writeDeclarations(dir: string): void {
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  execFileSync(tsc, ['-p', join(ROOT, 'src/tsconfig.json'), '--removeComments', '--outDir', dir], { stdio: 'pipe' });
}

/** A declaration of a file: `export interface Address { … }`. */
interface Declaration {
  readonly name: string;
  readonly text: string;
}

interface DeclarationFile {
  readonly declarations: readonly Declaration[];
  /** The names that it has from other files, and those files. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  readonly exports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  readonly wholeExports: readonly string[];
}

/**
 * The public declarations of an entry point in the order of their names, and those that they speak of: what a user can call, with its
 * types. What only the package uses is left out.
 */
export function surfaceOf(dir: string, entry: string): string {
  const files = new Map<string, DeclarationFile>();
  const read = (path: string) => {
    const known = files.get(path) ?? readDeclarations(path);
    files.set(path, known);
    return known;
  };
  const told = new Map<string, string>();
  const tell = (path: string, name: string): void => {
    const key = `${relative(dir, path)} ${name}`;
    if (told.has(key)) return;
    const file = read(path);
    const origin = file.imports.get(name) ?? file.exports.get(name);
    const own = file.declarations.filter((each) => each.name === name);
    if (own.length === 0) {
      if (origin !== undefined) tell(origin.file, origin.name);
      return;
    }
    const text = own.map((each) => each.text).join('\n');
    told.set(key, text);
    for (const [word] of text.matchAll(/[A-Za-z_$][\w$]*/g)) if (word !== name) tell(path, word);
  };
  for (const [name, path] of publicNames(join(dir, entry), read)) tell(path, name);
  const sections = [...told].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, text]) => `// ${key}\n${text}\n`);
  return sections.join('\n');
}

/** The names that a file exports, and the files that it has them from. */
function publicNames(path: string, read: (path: string) => DeclarationFile): [name: string, file: string][] {
  const { declarations, exports, wholeExports } = read(path);
  const own = declarations.filter(({ text }) => text.startsWith('export ')).map(({ name }) => name);
  return [
    ...own.map((name): [string, string] => [name, path]),
    ...[...exports].map(([, { file, name }]): [string, string] => [name, file]),
    ...wholeExports.flatMap((file) => publicNames(file, read)),
  ];
}

function readDeclarations(path: string): DeclarationFile {
  // A statement begins at the margin, and goes on with what is indented or closes it.
  const statements = readFileSync(path, 'utf8').split(/\n(?=[A-Za-z])/);
  const imports = new Map<string, { file: string; name: string }>();
  const exports = new Map<string, { file: string; name: string }>();
  const wholeExports: string[] = [];
  const declarations: Declaration[] = [];
  for (const statement of statements) {
    const text = statement.trim();
    const [, verb, list = '', from] = /^(import|export) (?:type )?\{([^}]*)\}(?: from '([^']*)')?;$/s.exec(text) ?? [];
    if (verb !== undefined) {
      const file = from === undefined ? path : fileOf(path, from);
      if (file === null) continue;
      for (const one of list.split(',').filter((each) => each.trim() !== '')) {
        const [name = '', alias = name] = one
          .trim()
          .replace(/^type /, '')
          .split(' as ');
        (verb === 'import' ? imports : exports).set(alias, { file, name });
      }
      continue;
    }
    const whole = /^export \* from '([^']*)';$/.exec(text)?.[1];
    if (whole !== undefined) wholeExports.push(fileOf(path, whole) ?? path);
    const name =
      /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|function|const|let|enum) ([\w$]+)/.exec(
        text,
      )?.[1];
    if (name !== undefined) declarations.push({ name, text });
  }
  return { declarations, imports, exports, wholeExports };
}

/** Null for a package. */
function fileOf(path: string, from: string): string | null {
  if (!from.startsWith('.')) return null;
  const file = join(dirname(path), from.replace(/\.js$/, '.d.ts'));
  return existsSync(file) ? file : null;
}
