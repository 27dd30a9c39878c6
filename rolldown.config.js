import { defineConfig } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';

const entry = (path) => [path.replace(/\.ts$/, ''), `src/${path}`];

export default defineConfig([
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
    plugins: [esmExternalRequirePlugin({ external: [/^node:/, 'buffer'] })],
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
