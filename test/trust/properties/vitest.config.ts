import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const ours = fileURLToPath(new URL('fast-check.mjs', import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  plugins: [
    {
      name: 'each property for its seconds',
      enforce: 'pre',
      resolveId: (source, importer) => (source === 'fast-check' && importer !== ours ? ours : null),
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    // A test may have several properties, and other tests beside it.
    testTimeout: 3_600_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    maxWorkers: '100%',
  },
});
