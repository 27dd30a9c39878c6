import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import type { Address } from '../ip/index.js';
import { parseAddress } from '../ip/index.js';
import type { SourceAddress } from './sort-addresses.js';

/**
 * From which addresses this machine would send to each of the destinations; null where there is no way. The kernel is asked by
 * connecting a UDP socket, which sends no packet. The prefix length of the source of a single destination is not looked up, and 0.
 */
export async function sourceAddresses(
  destinations: readonly Address[],
  port: number,
): Promise<(SourceAddress | null)[]> {
  const sources = await Promise.all(destinations.map((destination) => sourceOf(destination, port)));
  // They are for telling addresses of one family apart, and the table of interfaces is slow to get.
  const lengths = destinations.length > 1 ? prefixLengths() : new Map<string, number>();
  return sources.map((text) => {
    if (text === null) return null;
    const address = parseAddress(text);
    return { address, prefixLength: lengths.get(text) ?? 0 };
  });
}

function sourceOf(destination: Address, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    // Addresses need no lookup: Node's own would go through a queue of the thread pool for them.
    const lookup = (host: string, _: unknown, done: (error: null, address: string, family: number) => void) =>
      done(null, host, destination.family);
    const socket = createSocket({ type: `udp${destination.family}`, lookup });
    const end = (source: string | null) => {
      socket.removeAllListeners();
      socket.close();
      resolve(source);
    };
    socket.once('error', () => end(null));
    socket.connect(port, destination.toString(), (error?: Error) => {
      end(error instanceof Error ? null : textOf(socket.address().address));
    });
  });
}

/** Without the zone, which `address()` has and the table of interfaces has not. */
function textOf(address: string): string {
  return address.replace(/%.*/s, '');
}

/** The prefix length of each address of this machine. */
function prefixLengths(): ReadonlyMap<string, number> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Map(all.map(({ address, cidr }) => [address, Number(cidr?.split('/')[1] ?? 0)]));
}
