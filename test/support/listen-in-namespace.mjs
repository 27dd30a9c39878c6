// Run in a network namespace of its own, whose kernel has eight ports to choose from, 40000 to 40007: what `listen` of the built
// package does when the port that was chosen for one address of a name is taken on another. Prints JSON.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const load = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href);
const [{ listen }, { Resolver }] = await Promise.all([load('tcp/index.js'), load('dns/index.js')]);

const resolver = new Resolver({ servers: ['127.0.0.1'], hosts: { text: '127.0.0.1 both\n127.0.0.2 both\n' } });
const both = { host: 'both', port: 0, allowEphemeral: true };
const PORTS = Array.from({ length: 8 }, (_, index) => 40_000 + index);

async function take(port) {
  const server = createServer();
  server.listen(port, '127.0.0.2');
  await once(server, 'listening');
  return server;
}

async function tryListen(binds) {
  try {
    const listener = await listen(binds, ({ socket }) => void socket.end('hello'), { resolver });
    const ports = listener.addresses.map(({ address, port }) => `${address}:${port}`);
    const [{ port }] = listener.addresses.slice(-1);
    // From a port of its own: the kernel has none left to choose.
    const peer = connect({ port, host: '127.0.0.2', localPort: 35_000 });
    const [greeting] = await once(peer, 'data');
    peer.destroy();
    await listener.close({ graceMs: 0 });
    return { ports, greeting: String(greeting) };
  } catch (error) {
    return { code: error.code, target: error.target };
  }
}

// All but one of the ports are taken on the second address.
const free = PORTS[3];
const taken = await Promise.all(PORTS.filter((port) => port !== free).map(take));
const found = await tryListen(both);
taken.push(await take(free));
const full = await tryListen(both);
// Nothing was left open: all eight can be had on the first address, and none more.
const rest = [];
for (const port of PORTS) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  rest.push(server);
}
for (const server of [...taken, ...rest]) server.close();

// A machine without IPv6: localhost is 127.0.0.1 there, and ::1 alone is an error.
const { writeFile } = await import('node:fs/promises');
await writeFile('/proc/sys/net/ipv6/conf/all/disable_ipv6', '1');
const ipv4Only = await listen({ host: 'localhost', port: 0, allowEphemeral: true }, null);
const addresses = ipv4Only.addresses.map(({ address }) => address);
await ipv4Only.close();
const ipv6 = await listen({ host: '::1', port: 0, allowEphemeral: true }, null).catch(({ code, explanation }) => ({
  code,
  explanation,
}));

// INADDR_ANY and IN6ADDR_ANY on one port, which only the second without IPv4 allows; and what a peer is called there.
await writeFile('/proc/sys/net/ipv6/conf/all/disable_ipv6', '0');
const peers = [];
const wild = await listen({ host: '::', port: 39_000 }, ({ socket, peer, local }) => {
  peers.push(`${peer.address} to ${local.address}`);
  socket.end();
});
for (const host of ['127.0.0.1', '127.0.0.9', '::1']) {
  const peer = connect({ port: 39_000, host, localPort: 35_001 + peers.length });
  peer.resume();
  await once(peer, 'close');
}
const conflict = await tryListen([
  { host: '0.0.0.0', port: 39_001 },
  { host: '::', port: 39_001 },
]);
await wild.close();

process.stdout.write(`${JSON.stringify({ free, found, full, addresses, ipv6, peers, conflict })}\n`);
