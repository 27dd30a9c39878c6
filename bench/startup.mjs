// Claim: a command is there almost as fast as Node itself: layers are loaded by the commands that need them.

import { fileURLToPath } from 'node:url';
import { wallTime } from './support/processes.mjs';
import { ratioOf, report, within } from './support/report.mjs';

const ROUNDS = 31;

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const BARE = 'node -e 0';
/** @type {Record<string, readonly string[]>} */
const programs = {
  [BARE]: ['-e', '0'],
  'inaddr classify 10.1.2.3': [cli, 'classify', '10.1.2.3'],
  'inaddr prefix info 10.0.0.0/22': [cli, 'prefix', 'info', '10.0.0.0/22'],
  'inaddr bind check 127.0.0.1:8080': [cli, 'bind', 'check', '127.0.0.1:8080'],
  inaddr: [cli],
};
const names = Object.keys(programs);
/** @type {Map<string, number[]>} */
const times = new Map(names.map((name) => [name, []]));

for (const name of names) wallTime(programs[name] ?? []);
for (let round = 0; round < ROUNDS; round++) {
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(round + turn) % names.length] ?? '';
    times.get(name)?.push(wallTime(programs[name] ?? []));
  }
}

report(
  'Start of the command line',
  names
    .filter((name) => name !== BARE)
    .map((name) => {
      const target = name.includes('classify') ? within(2) : null;
      return {
        work: 'a whole process',
        ours: name,
        peer: BARE,
        unit: 'ms',
        target,
        ...ratioOf(times.get(name) ?? [], times.get(BARE) ?? [], target),
      };
    }),
);
