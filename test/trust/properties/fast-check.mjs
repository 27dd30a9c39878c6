// What stands for 'fast-check' in `npm run trust -- properties`: a property is run again and again, each time from another
// seed, until its seconds are over. Many short runs, as fast-check's first examples are the odd ones.

import { appendFileSync } from 'node:fs';
import fc from 'fast-check';

const { PROPERTY_SECONDS, PROPERTY_SEED, PROPERTY_COUNTS } = process.env;

export * from 'fast-check';

export function assert(property, params = {}) {
  const end = performance.now() + Number(PROPERTY_SECONDS) * 1000;
  let rounds = 0;
  const more = () => performance.now() < end && params.seed === undefined;
  // A failure prints its seed and path, with which the test alone repeats it.
  const once = () => fc.assert(property, { seed: Number(PROPERTY_SEED) * 1_000_003 + rounds++, ...params });
  const count = () => appendFileSync(PROPERTY_COUNTS, `${rounds * (params.numRuns ?? 100)}\n`);
  if (property.isAsync()) {
    return (async () => {
      do await once();
      while (more());
      count();
    })();
  }
  do once();
  while (more());
  count();
}

export default { ...fc, assert };
