// Two echo servers in one process: one that `listen` of the package has opened, one of bare `net`, with the same handler. Tells
// their ports to who has forked it.

import { createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { listen } from '../../dist/tcp/index.js';

/** @param {import('node:net').Socket} socket */
const echo = (socket) => void pipeline(socket, socket, () => {});

const ours = await listen(
  { host: '127.0.0.1', port: 0, allowEphemeral: true },
  /** @param {{ socket: import('node:net').Socket }} connection */
  ({ socket }) => echo(socket),
);
const bare = createServer(echo);
await new Promise((resolve) => bare.listen(0, '127.0.0.1', () => resolve(null)));
const [address] = ours.addresses;
process.send?.({ ours: address.port, bare: /** @type {import('node:net').AddressInfo} */ (bare.address()).port });
