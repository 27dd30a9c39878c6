// Writes dist/*.js, without rolldown's table of sixty chunks: what `npm start` prints should be the first thing to see.

import { chmod, writeFile } from 'node:fs/promises';
import { build } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';

const entry = (path) => [path.replace(/\.ts$/, ''), `src/${path}`];

/** Writes `inaddr/bind-config.schema.json`, with which editors check and complete config files. */
function bindConfigJsonSchema() {
  return {
    name: 'bind-config-json-schema',
    async writeBundle() {
      // The schema that users import, and the draft that most editors know.
      const { bindConfigSchema } = await import(new URL('../dist/schema/index.js', import.meta.url).href);
      const { toJSONSchema } = await import('zod');
      const schema = toJSONSchema(bindConfigSchema, { io: 'input', target: 'draft-07' });
      const file = new URL('../dist/bind-config.schema.json', import.meta.url);
      await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
    },
  };
}

await build([
  {
    // Every folder imports another by its index only, so each becomes one file, and a class is the same from everywhere.
    input: Object.fromEntries(
      [
        'index.ts',
        'ip/index.ts',
        'dns/index.ts',
        'socket/index.ts',
        'tcp/index.ts',
        'schema/index.ts',
        'interop/index.ts',
        'testing/index.ts',
      ].map(entry),
    ),
    platform: 'neutral',
    // dns-packet, which is bundled into testing/, is CommonJS and requires 'buffer': that becomes an import.
    plugins: [esmExternalRequirePlugin({ external: [/^node:/, 'buffer'] }), bindConfigJsonSchema()],
    external: ['zod', 'ip-address', 'lru-cache'],
    output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name].js', comments: { jsdoc: false } },
  },
  {
    // What only the command line uses is bundled into it, so that who wants the library installs almost nothing.
    input: Object.fromEntries(['cli/main.ts'].map(entry)),
    platform: 'node',
    external: ['lru-cache'],
    output: { dir: 'dist', format: 'esm', chunkFileNames: 'cli/[name].js', comments: { jsdoc: false } },
  },
]);

// npx would do it, but two that start at once are in each other's way: the second finds a file that it may not run.
await chmod(new URL('../dist/cli/main.js', import.meta.url), 0o755);
