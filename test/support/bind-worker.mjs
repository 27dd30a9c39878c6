// Binds sockets for who asks, in whichever network namespace and as whichever user it was started: requests as lines of JSON on
// standard input, an answer to each as a line on standard output. See bind-machine.ts. Argument: the URL of the built inaddr/socket.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { readEnvironment } = await import(process.argv[2]);

const ACTIONS = {
  async environment({ options }) {
    const { names, paths, ...rest } = await readEnvironment(options);
    return { ...rest, names: [...names].map(([name, all]) => [name, all.map(String)]), paths: [...paths] };
  },
  bindSets: ({ sets, clean }) => inTurn(sets, (set) => bindSet(set, clean)),
  /** A socket of which nobody knows any more: the file stays when the process is killed. */
  async leave({ path }) {
    createServer().listen({ path });
    process.kill(process.pid, 'SIGKILL');
  },
  scenario: ({ name, argument }) => SCENARIOS[name](argument),
};

/** What comes of the sockets of a set, one after the other; then they are closed, and what is in the directory is removed. */
async function bindSet(set, clean) {
  const bound = [];
  const outcomes = await inTurn(set, async (request) => {
    const { code, address, socket } = await bindOne(request);
    if (socket !== undefined) bound.push(socket);
    return { code, address };
  });
  await inTurn(bound, closed);
  if (clean !== undefined) for (const name of readdirSync(clean)) rmSync(join(clean, name), { force: true });
  return outcomes;
}

async function bindOne({ listen, dgram }) {
  let socket;
  try {
    socket = listen === undefined ? createSocket(dgram.socket) : createServer();
    const listening = once(socket, 'listening');
    if (listen === undefined) socket.bind(dgram.bind);
    else socket.listen(listen);
    await listening;
  } catch (error) {
    if (error.code === undefined) throw error;
    return { code: error.code, address: null };
  }
  const address = socket.address();
  return { code: 'ok', address: typeof address === 'string' ? address : address.address, socket };
}

// What becomes of a port whose listener is gone, or that a client has. Each answers with the codes of binds.
const SCENARIOS = {
  /** A connection that the listener's side closed first: its port stays in TIME_WAIT. */
  async timeWait(host) {
    const { server, client, peer } = await connected(host);
    const { port } = server.address();
    peer.end();
    await Promise.all([once(client.resume(), 'close'), once(peer.resume(), 'close')]);
    await closed(server);
    const states = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    const inTimeWait = states.filter((line) => line.includes(`:${hex(port)} `) && / 06 /.test(line)).length;
    return { inTimeWait, codes: await codesOf([{ host, port }]) };
  },
  /** The listener is closed, its connection is not. */
  async liveConnection(host) {
    const { server, client, peer } = await connected(host);
    const { port } = server.address();
    const serverClosed = closed(server);
    const codes = await codesOf([{ host, port }]);
    client.end();
    peer.end();
    await serverClosed;
    return { codes };
  },
  /** The port of a connection that was made from here. */
  async clientPort(host) {
    const { server, client, peer } = await connected(host);
    const port = client.localPort;
    const codes = await codesOf([
      { host, port },
      { host: '127.0.0.9', port },
    ]);
    client.end();
    peer.end();
    await closed(server);
    return { codes };
  },
  /** Two UDP sockets on the same port: who of them gets what is sent to an address. */
  async datagrams({ sockets, to }) {
    const bound = await inTurn(sockets, async ({ socket: options, bind }) => {
      const socket = createSocket(options);
      socket.bind(bind);
      await once(socket, 'listening');
      return socket;
    });
    const [{ port }] = bound.map((socket) => socket.address());
    const got = Promise.race(bound.map((socket, index) => once(socket, 'message').then(() => index)));
    const sender = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    sender.send('to whom', port, to);
    const receiver = await got;
    await inTurn([...bound, sender], closed);
    return { receiver };
  },
  /** Listeners on the same port: who of them gets a connection. */
  async connections({ listen, to }) {
    const servers = await inTurn(listen, async (options) => {
      const server = createServer();
      server.listen(options);
      await once(server, 'listening');
      return server;
    });
    const got = Promise.race(
      servers.map(async (server, index) => {
        const [peer] = await once(server, 'connection');
        peer.resume().end();
        return index;
      }),
    );
    const client = connect({ host: to, port: servers[0].address().port });
    const ended = once(client.resume(), 'close');
    const receiver = await got;
    client.end();
    await ended;
    await inTurn(servers, closed);
    return { receiver };
  },
};

async function connected(host) {
  const server = createServer({ allowHalfOpen: false });
  server.listen({ host, port: 0 });
  await once(server, 'listening');
  const client = connect({ host, port: server.address().port });
  const [[peer]] = await Promise.all([once(server, 'connection'), once(client, 'connect')]);
  return { server, client, peer };
}

async function codesOf(listens) {
  return (await bindSet(listens.map((listen) => ({ listen })))).map(({ code }) => code);
}

function closed(socket) {
  return new Promise((resolve) => socket.close(resolve));
}

function hex(port) {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

async function inTurn(items, work) {
  const results = [];
  for (const item of items) results.push(await work(item));
  return results;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { action, ...request } = JSON.parse(line);
  let answer;
  try {
    answer = { result: await ACTIONS[action](request) };
  } catch (error) {
    answer = { problem: `${error.stack}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
