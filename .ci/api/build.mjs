// The API reference, made from the docstrings into docs/api. Run as `npm run docs`. Fails on what is exported and has no
// docstring, throws without saying so, or links to what is not there.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import { undocumentedThrows } from './check-throws.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsconfig = join(root, 'src/tsconfig.json');
const NOT_PUBLIC = ['checks', 'cli', 'examples'];
const entries = readdirSync(join(root, 'src'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_PUBLIC.includes(entry.name))
  .map(({ name }) => join(root, 'src', name, 'index.ts'));

const app = await Application.bootstrap({
  name: 'inaddr',
  tsconfig,
  entryPoints: entries,
  out: join(root, 'docs/api'),
  readme: join(root, 'README.md'),
  githubPages: false,
  disableGit: true,
  sourceLinkTemplate: '../../{path}#L{line}',
  excludeInternal: true,
  excludePrivate: true,
  // What is left out of the public face on purpose stands in the types of a few of its members.
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'Method', 'TypeAlias'],
  treatValidationWarningsAsErrors: true,
  logLevel: 'Warn',
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
const silent = undocumentedThrows(tsconfig, entries);
for (const complaint of silent) console.error(complaint);
if (app.logger.hasErrors() || app.logger.hasWarnings() || silent.length > 0) process.exitCode = 1;
else {
  await app.generateOutputs(project);
  console.log('docs/api: the API reference');
}
