// Opens files until there are no more for this process, tries what needs one, closes them and tries again. Prints JSON lines: where it
// listens, then, after a line on standard input, what each try came to without and with files, and what the listener counted.

import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';

const dist = (path) => import(new URL(`../../dist/${path}/index.js`, import.meta.url).href);
const [{ Resolver }, { connect, listen, openSockets }, { readEnvironment }, { DnsServer }] = await Promise.all(
  ['dns', 'tcp', 'socket', 'testing'].map(dist),
);

const server = await DnsServer.listen({ records: [{ name: 'a.test', type: 'A', address: '127.0.0.1' }] });
const resolver = new Resolver({ servers: [server.address], hosts: false, cache: false, timeoutMs: 3000, attempts: 2 });
const errors = [];
const listener = await listen(
  { host: '127.0.0.1', port: 0, allowEphemeral: true },
  ({ socket }) => void socket.end('hello'),
  { onError: (error) => errors.push(error.code ?? String(error)) },
);
const [{ port }] = listener.addresses;
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const say = (value) => new Promise((resolve) => process.stdout.write(`${JSON.stringify(value)}\n`, resolve));

const tries = {
  resolve: async () => (await resolver.resolve('a.test')).records.length,
  connect: async () => {
    const { socket } = await connect({ host: '127.0.0.1', port });
    let text = '';
    for await (const chunk of socket) text += chunk;
    return text;
  },
  listen: async () => {
    const other = await listen({ host: '127.0.0.1', port: 0, allowEphemeral: true }, ({ socket }) => socket.destroy());
    await other.close();
    return 'listened';
  },
  openSockets: async () => (await openSockets()).length > 0,
  readEnvironment: async () => typeof (await readEnvironment()).platform,
};

const tryAll = async () => {
  const results = {};
  for (const [name, run] of Object.entries(tries)) {
    try {
      results[name] = { value: await run() };
    } catch (error) {
      results[name] = { error: error.name, code: error.code, message: error.message };
    }
  }
  return results;
};

// What is loaded at the first use needs files, too.
await tryAll();
const files = [];
for (;;) {
  try {
    files.push(openSync('/dev/null'));
  } catch (error) {
    if (error.code !== 'EMFILE') throw error;
    break;
  }
}
await say({ port });
await lines.next();
const without = await tryAll();
for (const file of files) closeSync(file);
const after = await tryAll();
await say({ files: files.length, without, after, errors, stats: listener.stats() });
await listener.close();
await server.close();
process.exit(0);
