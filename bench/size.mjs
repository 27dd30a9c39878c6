// Claim: what a program imports is what it gets: minified and gzipped sizes.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { report, under } from './support/report.mjs';

const OURS = '../dist/ip/index.js';

/**
 * The size of a program that imports these names and nothing else, in kB.
 *
 * @param {string} source
 */
async function sizeOf(source) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'node20.19',
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`nothing built of ${source}`);
  return gzipSync(file.contents, { level: 9 }).length / 1000;
}

const names = Object.keys(await import(OURS)).filter((name) => !['describeMulticast', 'MULTICAST_DATE'].includes(name));
const ipaddr = { peer: 'ipaddr.js', peerCost: await sizeOf("import ipaddr from 'ipaddr.js'; console.log(ipaddr)") };
const ipAddress = { peer: 'ip-address', peerCost: await sizeOf("export * from 'ip-address'") };

/**
 * @param {string} ours
 * @param {readonly string[]} imported
 * @param {number} limit
 */
async function rows(ours, imported, limit) {
  const ourCost = await sizeOf(`export { ${imported.join(', ')} } from '${OURS}'`);
  const row = { work: 'size in kB, minified and gzipped', ours, ourCost, unit: 'kB' };
  return [ipaddr, ipAddress].map((peer, index) => ({ ...row, ...peer, target: index === 0 ? under(limit) : null }));
}

report('Size', [
  ...(await rows('parseAddress', ['parseAddress'], 2)),
  ...(await rows('parseAddress, classify', ['parseAddress', 'classify'], 6)),
  ...(await rows('all but multicast names', names, 16)),
]);
