// Many clients of an echo server, bare sockets of Node, in a process of their own:
//
//     node load-clients.mjs PORT SCENARIO COUNT BYTES
//
// Tells over IPC how many connections did what.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';

const [port, scenario, count, bytes] = process.argv.slice(2);
const size = Number(bytes);
const CHUNK = 64 * 1024;

/** What a client sends: its own bytes, so that a mix-up of connections is seen. */
function* chunksOf(client) {
  for (let sent = 0, turn = 0; sent < size; sent += CHUNK, turn++) {
    const chunk = Buffer.alloc(Math.min(CHUNK, size - sent), `${client}/${turn} `);
    yield chunk;
  }
}

async function open() {
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const ended = new Promise((resolve) => {
    socket.once('error', (error) => resolve(error.code));
    socket.once('close', () => resolve('closed'));
  });
  await Promise.race([once(socket, 'connect'), ended.then((how) => Promise.reject(new Error(how)))]);
  return { socket, ended };
}

async function send(socket, client) {
  const hash = createHash('sha1');
  for (const chunk of chunksOf(client)) {
    hash.update(chunk);
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  return hash.digest('hex');
}

async function write(socket, client) {
  const sent = await send(socket, client);
  socket.end();
  return sent;
}

async function read(socket) {
  const hash = createHash('sha1');
  let got = 0;
  socket.on('data', (chunk) => {
    got += chunk.length;
    hash.update(chunk);
  });
  await once(socket, 'end');
  return { got, hash: hash.digest('hex') };
}

const SCENARIOS = {
  /** Sends everything, and gets it back, both at once; half closed in between. */
  async echo(client) {
    const { socket } = await open();
    const [sent, { got, hash }] = await Promise.all([write(socket, client), read(socket)]);
    return got === size && sent === hash ? 'echoed' : `${got} bytes of ${size}`;
  },

  /** Sends as fast as it can, and reads a little now and then. */
  async slow(client) {
    const { socket } = await open();
    const hash = createHash('sha1');
    const sending = write(socket, client);
    let got = 0;
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      got += chunk.length;
      hash.update(chunk);
      for (let turn = 0; turn < 20; turn++) await setImmediate();
    }
    return got === size && (await sending) === hash.digest('hex') ? 'echoed' : `${got} bytes of ${size}`;
  },

  /** Sends, and resets the connection when some of it has come back: its end is never told. */
  async reset(client) {
    const { socket, ended } = await open();
    send(socket, client).catch(() => {});
    await once(socket, 'data');
    socket.resetAndDestroy();
    await ended;
    return 'reset';
  },

  /** Closes as soon as it is connected. */
  async flood(client) {
    const { socket, ended } = await open();
    if (client % 2 === 0) socket.destroy();
    else socket.resetAndDestroy();
    await ended;
    return 'closed';
  },
};

const outcomes = {};
await Promise.all(
  Array.from({ length: Number(count) }, async (_, client) => {
    const outcome = await SCENARIOS[scenario](client).catch((error) => `failed: ${error.message}`);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }),
);
process.send(outcomes);
process.disconnect();
