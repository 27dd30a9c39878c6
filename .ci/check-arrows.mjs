// Arrows point one way: which folder of src/ may import which, and which packages. Reads imports only, those of types
// included. Run as `node .ci/check-arrows.mjs [SRC]`.

import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

// What each folder of src/, and each file directly in it, may import besides itself. `ip/` is a folder of src/, `*/` is
// every one of them, `../` is what lies outside src/; `node:*` is every built-in module; the rest are packages. What
// stands in `types` may be imported with `import type` only.
const ARROWS = {
  ip: { may: [] },
  // What every layer says of arguments that are none.
  checks: { may: ['node:util'] },
  dns: { may: ['ip/', 'checks/', 'node:*', 'lru-cache'] },
  socket: { may: ['ip/', 'checks/', 'node:*'] },
  tcp: { may: ['ip/', 'dns/', 'socket/', 'checks/', 'node:*'] },
  schema: { may: ['ip/', 'socket/', 'zod'], types: ['dns/'] },
  interop: { may: ['ip/', 'socket/', 'ip-address', 'node:net'] },
  testing: { may: ['ip/', 'dns/', 'checks/', 'node:*', 'dns-packet'] },
  examples: { may: ['*/', '../', 'node:*'], internals: true },
  cli: { may: ['*/', '../', 'node:*', 'commander', 'csv-parse', 'dotenv', 'yaml'], internals: true },
  'index.ts': { may: ['ip/', 'dns/', 'socket/', 'tcp/'] },
};

// Folders that others, but for those with `internals`, import by their index.ts alone: the bundler keeps that one file
// out of the other entry points, so that each class exists once.
const FACES = ['ip', 'dns', 'socket', 'tcp'];

/** @returns {string[]} one line for each import that breaks a rule, in the order of the files */
export function checkArrows(src) {
  const paths = sourceFiles(src);
  if (paths.length === 0) return [`${src}: no source files`];
  const files = paths.map((path) => ({ path, imports: importsOf(src, path) }));
  return [
    ...files.flatMap((file) => file.imports.flatMap((each) => complain(file.path, each) ?? [])),
    ...cycles(new Map(files.map((file) => [file.path, file.imports]))),
  ];
}

function sourceFiles(src) {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => slashes(relative(src, join(entry.parentPath, entry.name))))
    .sort();
}

/** Why the file at `path` may not have this import, or `null` when it may. */
function complain(path, { line, specifier, typeOnly, target }) {
  const at = `src/${path}:${line}:`;
  const from = areaOf(path);
  const row = ARROWS[from];
  if (row === undefined) return `${at} ${from} has no row in the table of .ci/check-arrows.mjs`;
  if (specifier === null) return `${at} import() of a computed name cannot be checked: write the name as a string`;

  if (target?.missing) return `${at} there is no file ${specifier}`;
  if (target !== null && !target.outside && areaOf(target.path) === from) return null;

  const name = target === null ? packageOf(specifier) : target.outside ? '../' : `${areaOf(target.path)}/`;
  const shown = target === null || target.outside ? specifier : areaOf(target.path);
  if (!allows(row.may, name)) {
    if (!allows(row.types ?? [], name)) return `${at} ${from} may not import ${shown}`;
    if (!typeOnly) return `${at} ${from} may import only types of ${shown}: write \`import type\``;
  }

  const face = FACES.find((folder) => name === `${folder}/` && target.path !== `${folder}/index.ts`);
  if (face !== undefined && row.internals !== true) {
    return `${at} ${from} may import ${face} only by ${face}/index.js, which stays one file in the package`;
  }
  return null;
}

function allows(names, name) {
  if (names.includes(name)) return true;
  if (name.startsWith('node:')) return names.includes('node:*');
  return name.endsWith('/') && name !== '../' && names.includes('*/');
}

/** The folder of src/ that `path` lies in, or the name of a file directly in src/. */
function areaOf(path) {
  return path.split('/', 1)[0];
}

function packageOf(specifier) {
  const bare = specifier.replace(/^node:/, '');
  const segments = bare.split('/');
  if (specifier.startsWith('node:') || builtinModules.includes(bare)) return `node:${segments[0]}`;
  return segments.slice(0, bare.startsWith('@') ? 2 : 1).join('/');
}

// --- reading imports

// What may hide an import, or look like one: comments, strings, templates, regular expressions.
const OPAQUE = new RegExp(
  [
    String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`,
    String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"`,
    String.raw`${'`'}(?:\\[\s\S]|[^${'`'}\\])*${'`'}`,
    String.raw`(?<=(?:^|[(,=:[!&|?{};+\-*%~<>^]|\breturn)\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*`,
  ].join('|'),
  'gm',
);

// On masked text, where a string has kept its quotes and lost what stands between them.
const IMPORT = new RegExp(
  [
    String.raw`\b(?:import|export)\b(?<clause>[^'"();=]*?)\bfrom\s*['"](?<from>[^'"]*)['"]`,
    String.raw`\bimport\s*['"](?<effect>[^'"]*)['"]`,
    String.raw`\b(?:import|require)\s*\(\s*['"](?<call>[^'"]*)['"]`,
    String.raw`(?<![.\w])import\s*\((?<computed>)`,
  ].join('|'),
  'dg',
);

/** @returns {{line: number, specifier: string | null, typeOnly: boolean, target: object | null}[]} */
function importsOf(src, path) {
  const text = readFileSync(join(src, path), 'utf8');
  const masked = text.replace(OPAQUE, mask);
  return [...masked.matchAll(IMPORT)].map((match) => {
    const { from, effect, call, computed } = match.indices.groups;
    const [start, end] = from ?? effect ?? call ?? computed;
    const specifier = computed === undefined ? text.slice(start, end) : null;
    return {
      line: text.slice(0, start).split('\n').length,
      specifier,
      // `import type from 'x'` imports a value that is called type.
      typeOnly: /^\s*type\s+(?!from\b|,)/.test(`${match.groups.clause ?? ''}from`),
      target: specifier?.startsWith('.') ? targetOf(src, path, specifier) : null,
    };
  });
}

/** Blanks `token` but for its line ends, and for the quotes of a string. */
function mask(token) {
  const blank = token.replace(/[^\n]/g, ' ');
  return /^['"]/.test(token) ? token[0] + blank.slice(1, -1) + token[0] : blank;
}

function targetOf(src, path, specifier) {
  const full = resolve(src, dirname(path), specifier);
  const inside = slashes(relative(src, full));
  if (inside.startsWith('../')) return { outside: true };
  const source = [inside.replace(/\.([cm]?)js$/, '.$1ts'), inside].find((each) => existsSync(join(src, each)));
  return source === undefined ? { missing: true } : { path: source };
}

function slashes(path) {
  return path.split(sep).join('/');
}

// --- cycles

/** One line for each import that closes a cycle of files. */
function cycles(graph) {
  const found = [];
  const done = new Set();
  const trail = [];
  const visit = (path) => {
    trail.push(path);
    for (const { line, target } of graph.get(path) ?? []) {
      const next = target?.path;
      if (next === undefined || done.has(next)) continue;
      const start = trail.indexOf(next);
      if (start === -1) visit(next);
      else found.push(`src/${path}:${line}: import cycle: ${[...trail.slice(start), next].join(' → ')}`);
    }
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) if (!done.has(path)) visit(path);
  return found;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [src = fileURLToPath(new URL('../src', import.meta.url))] = process.argv.slice(2);
  const complaints = checkArrows(src);
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exitCode = 1;
  else console.log(`arrows: ${sourceFiles(src).length} files of ${basename(src)}/ point one way`);
}
