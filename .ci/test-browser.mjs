// Runs the tests of inaddr/ip in a real browser: all of test/ip but for what needs Node itself, in test/ip/node. By Vitest's
// browser mode, which works with the Chromium that the system has: `playwright` in package.json is playwright-core, which
// comes without browsers and fetches none. Run as `npm run test:browser`, with names of files after `--` for some of them.
// Where there is no Chromium it says so, and nothing fails; CHROMIUM=PATH names one that is not in PATH.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

process.env.CHROMIUM ||= find(NAMES);
if (process.env.CHROMIUM === '') {
  console.log(`skipped: none of ${NAMES.join(', ')} is in PATH, and CHROMIUM names none`);
} else {
  console.log(`in ${process.env.CHROMIUM}`);
  const config = fileURLToPath(new URL('browser.config.mjs', import.meta.url));
  const vitest = await startVitest('test', process.argv.slice(2), { config, watch: false });
  await vitest.close();
}

/** The path of the first program that is there, or an empty text. */
function find(names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? '';
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
