import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
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

/**
 * A listener with a full backlog: the kernel drops every SYN to it, so that who connects waits. With `release` it is a listener like
 * others, and those who wait are connected when their next SYN comes, a second after the first.
 */
export class DeadListener implements AsyncDisposable {
  readonly port: number;
  readonly #worker: Worker;
  readonly #flag: Int32Array;
  readonly #fillers: readonly Socket[];

  private constructor(port: number, worker: Worker, flag: Int32Array, fillers: readonly Socket[]) {
    this.port = port;
    this.#worker = worker;
    this.#flag = flag;
    this.#fillers = fillers;
  }

  /** @throws the system's error when the port is taken */
  static async listen(host: string, port = 0): Promise<DeadListener> {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(LISTEN, { eval: true, workerData: { flag, host, port } });
    const [listening] = (await once(worker, 'message')) as [number];
    // Two are as many as a backlog of 1 holds.
    const fillers: Socket[] = [];
    for (let count = 0; count < 2; count++) {
      const socket = connect({ host, port: listening });
      fillers.push(socket.on('error', () => {}));
      await once(socket, 'connect');
    }
    return new DeadListener(listening, worker, flag, fillers);
  }

  release(): void {
    Atomics.store(this.#flag, 0, 1);
    Atomics.notify(this.#flag, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    await this.#worker.terminate();
  }
}

/** How many connections to an IPv4 address and port wait for an answer to their SYN, by the kernel's table. */
export function synSent(host: string, port: number): number {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const address = host
    .split('.')
    .reverse()
    .map((octet) => hex(Number(octet), 2))
    .join('');
  const remote = `${address}:${hex(port, 4)}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  return rows.filter((row) => {
    const [, , to, state] = row.trim().split(/\s+/);
    return to === remote && state === '02';
  }).length;
}
