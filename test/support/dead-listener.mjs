// See dead-listener.d.mts. Plain JavaScript, as bench/ uses it, too.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** In a thread of its own, which stands still once it listens: nobody accepts. */
const LISTEN = `
const { parentPort, workerData } = require('node:worker_threads');
const { flag, host, port } = workerData;
const server = require('node:net').createServer((socket) => socket.on('error', () => {}));
server.on('error', (error) => { throw error; });
server.listen({ host, port, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(flag, 0, 0));
});
`;

export class DeadListener {
  #worker;
  #flag;
  #fillers;

  constructor(port, worker, flag, fillers) {
    this.port = port;
    this.#worker = worker;
    this.#flag = flag;
    this.#fillers = fillers;
  }

  static async listen(host, port = 0) {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(LISTEN, { eval: true, workerData: { flag, host, port } });
    const [listening] = await once(worker, 'message');
    // Two are as many as a backlog of 1 holds.
    const fillers = [];
    for (let count = 0; count < 2; count++) {
      const socket = connect({ host, port: listening });
      fillers.push(socket.on('error', () => {}));
      await once(socket, 'connect');
    }
    return new DeadListener(listening, worker, flag, fillers);
  }

  release() {
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }

  async [Symbol.asyncDispose]() {
    for (const socket of this.#fillers) socket.destroy();
    await this.#worker.terminate();
  }
}

export function synSent(host, port) {
  const hex = (value, digits) => value.toString(16).toUpperCase().padStart(digits, '0');
  const octets = host.split('.').map(Number);
  const remote = `${octets
    .reverse()
    .map((octet) => hex(octet, 2))
    .join('')}:${hex(port, 4)}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return rows.filter((row) => {
    const [, , to, state] = row.trim().split(/\s+/);
    return to === remote && state === '02';
  }).length;
}
