import { defineConfig } from 'vitest/config';

const report = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: 'tsconfig.json' },
    // Processes that are started take their time on a busy machine: what hangs is found all the same.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // CI reads the counts from here.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
