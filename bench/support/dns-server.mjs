// The server of inaddr/testing in a process of its own, so that it takes no time from the loop that is measured: every name
// under bench.test has an address of each family. Run by `startDnsServer`.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ZONE = `
$TTL 3600
*.bench.test. A 192.0.2.1
*.bench.test. AAAA 2001:db8::1
`;

/**
 * @typedef {object} DnsServerProcess
 * @property {string} address
 * @property {() => Promise<{ A: number, AAAA: number }>} counts the questions since the last call, by type
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<DnsServerProcess>} */
export async function startDnsServer() {
  const child = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: [] });
  const ask = async (/** @type {string} */ message) => {
    child.send(message);
    return (await once(child, 'message'))[0];
  };
  const address = await ask('address');
  return {
    address,
    counts: () => ask('counts'),
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

if (process.argv[2] === 'serve') {
  const { DnsServer } = await import('../../dist/testing/index.js');
  const server = await DnsServer.listen({ zone: ZONE });
  process.on('message', (message) => {
    if (message === 'address') process.send?.(server.address);
    else {
      process.send?.({ A: server.count(undefined, 'A'), AAAA: server.count(undefined, 'AAAA') });
      server.reset();
    }
  });
  process.on('disconnect', () => server.close());
}
