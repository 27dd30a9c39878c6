import { isUnspecified, parseAddress } from '../ip/index.js';
import type { Bind } from '../socket/index.js';
import { AF_UNIX, SOCK_DGRAM } from '../socket/index.js';
import type { PortHolder } from './listen-error.js';
import type { OpenSocket } from './open-socket.js';
import { isListening } from './open-socket.js';
import { openSockets } from './sockets.js';

/** Descriptors of processes that are looked at: a machine with more of them is not searched for long on account of an error. */
const MOST_DESCRIPTORS = 200_000;

/**
 * The processes that hold what a bind wants, as far as this process may see them: its own and those of its user, for root all. Empty
 * when nobody is seen.
 *
 * @param bind by address or path
 * @throws {ProcNetError} where the system does not tell
 */
export async function holdersOf(bind: Bind): Promise<PortHolder[]> {
  const protocol = bind.family === AF_UNIX ? 'unix' : bind.type === SOCK_DGRAM ? 'udp' : 'tcp';
  const all = await openSockets({ protocols: [protocol], maxDescriptors: MOST_DESCRIPTORS });
  const there = all.filter((socket) => takesSame(socket, bind));
  // What a listener has accepted is on its port, too, and in nobody's way: unless there is no listener, and it is a client's.
  const listeners = there.filter(isListening);
  const holders = new Map<number, PortHolder>();
  for (const { processes } of listeners.length > 0 ? listeners : there) {
    for (const { pid, command } of processes ?? []) holders.set(pid, { pid, command });
  }
  return [...holders.values()];
}

function takesSame(socket: OpenSocket, bind: Bind): boolean {
  if (bind.family === AF_UNIX) return socket.protocol === 'unix' && socket.path === bind.path;
  if (socket.protocol === 'unix' || socket.local.port !== bind.port) return false;
  const [one, other] = [takenBy(socket.local.address), takenBy(bind.host)];
  return meet(one.ipv4, other.ipv4) || meet(one.ipv6, other.ipv6);
}

/** What a socket on an address takes: '*' for all of a family, null for none. Of `::` it is not known whether it takes IPv4. */
function takenBy(text: string): { readonly ipv4: string | null; readonly ipv6: string | null } {
  const given = parseAddress(text);
  const address = given.family === 6 ? given.withZone(null).unmap() : given;
  const own = isUnspecified(address) ? '*' : address.toString();
  if (address.family === 4) return { ipv4: own, ipv6: null };
  return { ipv4: own === '*' ? '*' : null, ipv6: own };
}

function meet(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && (one === other || one === '*' || other === '*');
}
