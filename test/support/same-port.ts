import type { Server } from 'node:net';
import { close, listen } from './listener.js';

/** Makes things that listen on loopback addresses, all on one port; gives the port. The first takes port 0. */
export async function onOnePort<T>(
  makers: readonly ((port: number) => Promise<{ readonly port: number; readonly made: T; end(): Promise<unknown> }>)[],
): Promise<{ readonly port: number; readonly made: T[] }> {
  for (let tries = 1; ; tries++) {
    const done: { readonly port: number; readonly made: T; end(): Promise<unknown> }[] = [];
    try {
      for (const maker of makers) done.push(await maker(done[0]?.port ?? 0));
      return { port: done[0]?.port ?? 0, made: done.map(({ made }) => made) };
    } catch (error) {
      // Somebody else has the port on another address.
      await Promise.all(done.map((one) => one.end()));
      if (tries === 20) throw error;
    }
  }
}

/** For `onOnePort`: a server on an address. */
export function serverOn<S extends Server>(host: string, server: S) {
  return async (port: number) => {
    const end = () => close(server);
    return { port: await listen(server, host, port), made: server, end };
  };
}
