// A cluster of two workers that listen on all addresses of localhost, on any port. Prints JSON: where each says that it listens, and
// how many of ten connections each has served.

import cluster from 'node:cluster';
import { once } from 'node:events';
import { connect } from 'node:net';

const { listen } = await import(new URL('../../dist/tcp/index.js', import.meta.url).href);

async function primary() {
  const workers = [cluster.fork(), cluster.fork()];
  const listening = await Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
  const [{ address, port }] = listening[0];
  const served = new Map();
  for (let turn = 0; turn < 10; turn++) {
    const peer = connect(port, address);
    const name = String((await once(peer, 'data'))[0]);
    served.set(name, (served.get(name) ?? 0) + 1);
    peer.destroy();
  }
  for (const worker of workers) worker.send('close');
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  process.stdout.write(`${JSON.stringify({ listening, served: [...served.values()] })}\n`);
}

async function worker() {
  const bind = { host: 'localhost', port: 0, allowEphemeral: true };
  const listener = await listen(bind, ({ socket }) => void socket.end(String(process.pid)));
  process.send(listener.addresses.map(({ address, port }) => ({ address, port })));
  process.once('message', async () => {
    await listener.close();
    process.disconnect();
  });
}

await (cluster.isPrimary ? primary() : worker());
