// How Vitest runs the tests of inaddr/ip in Chromium: CHROMIUM is the path of its program. Started by test-browser.mjs.

import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

// A new browser with an empty profile, which talks to the tests and to nobody else.
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  // What is found only when a test imports it loads the page anew.
  optimizeDeps: { include: ['fast-check', 'ip-address', 'ipaddr.js'] },
  // A page that is isolated from other origins has SharedArrayBuffer.
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
  test: {
    include: ['test/ip/**/*.test.ts'],
    exclude: ['test/ip/node/**'],
    // For machines that do other things, too: only what hangs fails.
    testTimeout: 120_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      connectTimeout: 120_000,
      api: { host: '127.0.0.1' },
      provider: playwright({
        launchOptions: { executablePath: process.env.CHROMIUM, chromiumSandbox: false, timeout: 120_000, args },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
