// Claim: the package is there as fast as a small one, and zod is loaded by who asks for a schema.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runNode } from './support/processes.mjs';
import { ratioOf, report, within } from './support/report.mjs';

const ROUNDS = 21;

// File URLs, so that nobody pays for the search of node_modules.
const ours = new URL('../dist/ip/index.js', import.meta.url).href;
const whole = new URL('../dist/index.js', import.meta.url).href;
const peers = [
  { peer: 'ipaddr.js', url: import.meta.resolve('ipaddr.js'), target: within(1.5) },
  { peer: 'ip-address', url: import.meta.resolve('ip-address'), target: null },
  { peer: 'zod', url: import.meta.resolve('zod'), target: null },
];

/**
 * The milliseconds that `import` takes in a fresh process, its start apart.
 *
 * @param {string} url
 */
function loadTime(url) {
  const program = `const start = performance.now(); await import('${url}'); console.log(performance.now() - start)`;
  return Number(runNode(['--input-type=module', '--eval', program]));
}

const urls = [ours, whole, ...peers.map(({ url }) => url)];
/** @type {Map<string, number[]>} */
const times = new Map(urls.map((url) => [url, []]));
for (const url of urls) loadTime(url);
for (let round = 0; round < ROUNDS; round++) {
  for (let turn = 0; turn < urls.length; turn++) {
    const url = urls[(round + turn) % urls.length] ?? '';
    times.get(url)?.push(loadTime(url));
  }
}

/** Whether what `import 'inaddr'` loads at once has zod in it. */
async function importsZod() {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(whole)],
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
  });
  return Object.values(metafile.inputs).some(({ imports }) =>
    imports.some(({ path, kind }) => kind !== 'dynamic-import' && /^zod(\/|$)/.test(path)),
  );
}

const compared = peers.map(({ peer, url, target }) => ({
  work: 'import in a fresh process',
  ours: 'inaddr/ip',
  peer,
  unit: 'ms',
  target,
  ...ratioOf(times.get(ours) ?? [], times.get(url) ?? [], target),
}));
const zod = await importsZod();
report('Load time', [
  ...compared,
  {
    work: 'import in a fresh process',
    ours: 'inaddr',
    peer: 'zod',
    unit: 'ms',
    target: null,
    ...ratioOf(times.get(whole) ?? [], times.get(import.meta.resolve('zod')) ?? [], null),
    note: `'inaddr' ${zod ? 'LOADS' : 'does not load'} zod`,
  },
]);
