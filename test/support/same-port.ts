import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { DeadListener } from './dead-listener.mjs';
import { close } from './listener.js';

/** What listens on one port of several loopback addresses. */
export interface SamePort extends AsyncDisposable {
  readonly port: number;
  /** Those that accept nobody, in the order of their hosts. */
  readonly dead: readonly DeadListener[];
}

interface Hosts {
  /** At least one of all. */
  readonly live?: Readonly<Record<string, Server>> | undefined;
  /** With a full backlog: see `DeadListener`. */
  readonly dead?: readonly string[] | undefined;
}

/** Listens on loopback addresses, all on one port that is free on each. */
export async function onSamePort({ live = {}, dead = [] }: Hosts): Promise<SamePort> {
  for (let tries = 1; ; tries++) {
    const ended: (() => Promise<unknown>)[] = [];
    const end = () => Promise.all(ended.map((one) => one()));
    const blocked: DeadListener[] = [];
    let port = 0;
    try {
      for (const [host, server] of Object.entries(live)) {
        server.listen({ host, port });
        await once(server, 'listening');
        port = (server.address() as AddressInfo).port;
        ended.push(() => close(server));
      }
      for (const host of dead) {
        const listener = await DeadListener.listen(host, port);
        port = listener.port;
        blocked.push(listener);
        ended.push(() => listener[Symbol.asyncDispose]());
      }
      return { port, dead: blocked, [Symbol.asyncDispose]: async () => void (await end()) };
    } catch (error) {
      // Somebody else has the port on another address.
      await end();
      if (tries === 20) throw error;
    }
  }
}
