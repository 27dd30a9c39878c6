// Evaluates what a section of docs/migration.md shows, in a process of its own: peers are loaded from bench/, as Node loads
// them for everybody. Reads `{imports, setups, rows}` as JSON from standard input, and writes the text of each result, a list
// of `[theirs, ours]` like `rows`; what is null there, a peer that is not installed, is null here.

import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const peers = createRequire(new URL('../../bench/package.json', import.meta.url));
const AsyncFunction = (async () => {}).constructor;

const { imports, setups, rows } = JSON.parse(await text(process.stdin));

const scope = { ...(await import('inaddr')) };
for (const { bindings, specifier } of imports) {
  const exports = await load(specifier);
  for (const { local, exported } of bindings) scope[local] = exports[exported];
}
for (const { name, code } of setups) scope[name] = await evaluate(code);

const results = [];
for (const [theirs, ours] of rows) results.push([theirs === null ? null : await shown(theirs), await shown(ours)]);

for (const { name } of setups.toReversed()) {
  scope[name].closeAllConnections?.();
  await scope[name].close?.();
}
process.stdout.write(JSON.stringify(results));

function load(specifier) {
  if (/^(?:node:|inaddr(?:\/|$))/.test(specifier)) return import(specifier);
  return import(pathToFileURL(peers.resolve(specifier)).href);
}

/** The value of an expression, which may await. */
function evaluate(code) {
  return new AsyncFunction(...Object.keys(scope), `return (${code});`)(...Object.values(scope));
}

/** A value as `console.log` shows it in a list, or what was thrown: the error's name, and its code when it has one. */
async function shown(code) {
  try {
    return inspect(await evaluate(code), { breakLength: Number.POSITIVE_INFINITY });
  } catch (error) {
    return ['throws', error.name, error.code].filter((word) => word !== undefined).join(' ');
  }
}
