/** How esbuild bundles the programs of this folder: for Node 20, packages left where they are. */
export const BUNDLE = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
};
